"""Case records and findings in words."""

from __future__ import annotations

import datetime
import re
from functools import cache
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from apgraph.cases import (
    case_graph,
    check_same,
    explain,
    find_cases,
    rules_markdown,
    same_content,
    stored_cases,
)
from apgraph.cases.report import case_report, report_lines
from apgraph.cases.rules import rules
from apgraph.errors import ConflictError, InputError
from apgraph.graph import Graph
from apgraph.lexicon import Lexicon
from apgraph.resources import FRAMEWORK, ontology_module, resource_folder
from apgraph.shacl import Report, Shapes, load_shapes, validate
from apgraph.store import OxigraphStore, load_files
from apgraph.vocabulary import APGSH

ROOT = Path(__file__).parents[1]
CASES = Path(__file__).parent / "cases"
PREFIXES = "PREFIX apg: <https://w3id.org/apgraph/ns#> PREFIX : <urn:apgraph:case:x:> "


def read(text: str) -> list[Quad]:
    return list(parse((PREFIXES + text).encode(), RdfFormat.TURTLE))


# -- records ------------------------------------------------------------------------


def test_a_case_is_found_by_its_record() -> None:
    (case,) = find_cases(parse(path=ROOT / "examples" / "riverside.ttl"))
    assert (case.id, case.graph) == ("riverside", "urn:apgraph:case:riverside")
    assert case.record == "urn:apgraph:case:riverside:record"
    assert find_cases(read(":a a apg:Person .")) == ()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (":r a apg:CaseRecord .", "no identifier"),
        (':r a apg:CaseRecord ; apg:caseIdentifier "a", "b" .', "identifiers a, b"),
        ('[] a apg:CaseRecord ; apg:caseIdentifier "a" .', "blank node"),
        (
            ':r a apg:CaseRecord ; apg:caseIdentifier "a" . :s a apg:CaseRecord ; apg:caseIdentifier "a" .',
            "both",
        ),
        (':r a apg:CaseRecord ; apg:caseIdentifier "our college" .', "cannot identify"),
    ],
)
def test_a_record_that_identifies_no_case(text: str, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        find_cases(read(text), name="case.ttl")


def test_the_same_case_again_is_no_conflict_and_another_one_is() -> None:
    text = ':r a apg:CaseRecord ; apg:caseIdentifier "x" ; apg:rowNote [ apg:rowNote "n" ] .'
    (case,) = find_cases(read(text))
    check_same(case, read(text), read(text))
    assert not same_content(read(text), read(text.replace('"n"', '"m"')))
    with pytest.raises(ConflictError, match=r"again\.ttl: case 'x' is loaded already, with other content"):
        check_same(case, read(text), read(text + " :a a apg:Person ."), name="again.ttl")


def test_the_cases_in_a_store_are_found_with_their_graphs() -> None:
    store = OxigraphStore()
    files = sorted((ROOT / "examples").glob("*.ttl"))
    load_files(store, files, graph=lambda file: case_graph(file.stem))
    assert [(case.id, case.graph) for case in stored_cases(store)] == [
        ("hillside", "urn:apgraph:case:hillside"),
        ("riverside", "urn:apgraph:case:riverside"),
    ]


@pytest.mark.parametrize("case_id", ["", "a:b", "a b", "a/b", "-a", "<a>", "Ä"])
def test_an_identifier_that_no_iri_can_hold(case_id: str) -> None:
    with pytest.raises(InputError):
        case_graph(case_id)


# -- findings in words ----------------------------------------------------------------


@cache
def shapes() -> Shapes:
    return load_shapes([resource_folder("shapes")])


def judged(*names: str) -> tuple[Report, OxigraphStore, Lexicon]:
    store = OxigraphStore()
    load_files(store, [ontology_module(name) for name in ("core", "framework", "case")], graph=FRAMEWORK)
    load_files(store, [CASES / f"{name}.ttl" for name in names], graph="urn:test:data")
    report = validate(store, data_graphs=["urn:test:data"], shapes=shapes(), ontology_graphs=[FRAMEWORK])
    return report, store, Lexicon(store)


def test_a_misspelt_feature_is_answered_with_the_nearest() -> None:
    (found,) = explain(*judged("rule-03-unknown-feature"))
    assert (found.rule, found.sheet, found.field) == (3, "Feature observations", "feature")
    assert found.value == "apgx:coachingIsUniversl"
    assert found.nearest[0] == "'coaching is universal' (apgx:coachingIsUniversal)"
    assert found.message.endswith("?")
    assert (
        found.where
        == "feature observation obs-1, case rule-03-unknown-feature, sheet Feature observations, feature"
    )
    assert found.to_record()["rule"] == 3


def test_an_item_that_is_not_described_is_not_answered_with_those_of_other_cases() -> None:
    (found,) = explain(*judged("rule-04-arrangement-not-described", "rule-04-unknown-status"))[:1]
    assert all("rule-04-unknown-status" not in name for name in found.nearest)


def test_iris_in_a_message_become_names() -> None:
    (found,) = explain(*judged("rule-05-present-and-absent"))
    assert "'works in teams'" in found.message
    assert "obs-2" in found.message
    assert "http" not in found.message
    assert "urn:" not in found.message


def lines_of(*names: str, limit: int = 20) -> list[str]:
    report, store, lexicon = judged(*names)
    told = case_report(
        report, explain(report, store, lexicon), store, shapes(), today=datetime.date(2026, 11, 24)
    )
    return report_lines(told, limit=limit)


def test_the_lines_are_grouped_counted_and_cut() -> None:
    names = ["rule-13-no-orientation", "rule-13-unknown-orientation", "rule-01-no-compiler"]
    lines = lines_of(*names, limit=1)
    assert lines[0].startswith("Found 3 violations (")
    heads = [line for line in lines if line.startswith("VIOLATION")]
    assert heads == [
        "VIOLATION rule 1: a case record is incomplete (1 time)",
        "VIOLATION rule 13: a collective does not say which way it faces (2 times)",
    ]
    assert "  and 1 more; the formats html, json and csv list all of them" in lines


def test_nothing_found_says_on_what() -> None:
    (line,) = lines_of("good-complete")
    number = len({rule.number for rule in rules(shapes())})
    assert re.fullmatch(rf"Nothing found \(1 case with \d+ records, checked by {number} rules\)\.", line)


def test_shapes_of_ones_own_need_no_rule_numbers(tmp_path: Path) -> None:
    file = tmp_path / "own.ttl"
    file.write_text(
        "PREFIX sh: <http://www.w3.org/ns/shacl#> PREFIX apg: <https://w3id.org/apgraph/ns#> "
        "<urn:s> sh:targetClass apg:CaseRecord ; sh:property [ sh:path apg:region ; sh:minCount 1 ] ."
    )
    _, store, lexicon = judged("good-minimal")
    report = validate(store, data_graphs=["urn:test:data"], shapes=[file], ontology_graphs=[FRAMEWORK])
    (found,) = explain(report, store, lexicon)
    assert (found.rule, found.field) == (None, "region")
    assert found.message


# -- rules ---------------------------------------------------------------------------


def test_every_rule_says_what_it_is_for() -> None:
    listed = rules(shapes())
    assert sorted({rule.number for rule in listed}) == [n for n in range(1, 28) if n not in {6, 22}]
    for rule in listed:
        assert rule.description.endswith(".")
        assert rule.fault not in {rule.title, rule.shape}
        assert rule.checks
        assert all(check.message and check.asks for check in rule.checks), rule.number


def test_the_page_of_rules_names_each() -> None:
    page = rules_markdown(shapes())
    assert all(
        f'## <a id="{rule.anchor}"></a>Rule {rule.number}: {rule.title}' in page for rule in rules(shapes())
    )
    assert len({rule.anchor for rule in rules(shapes())}) == len(rules(shapes()))
    assert "{?" not in page


def test_a_status_that_cannot_be_read_assesses_nothing(tmp_path: Path) -> None:
    """In hillside every summary feature of the deficit model is assessed: enough to decide, until one can't be read."""
    text = (resource_folder("examples") / "hillside.ttl").read_text(encoding="utf-8")
    fired = []
    for number, said in enumerate(
        (text, text.replace("apg:hasStatus apgx:statusPresent", 'apg:hasStatus "seen"'))
    ):
        file = tmp_path / f"{number}.ttl"
        file.write_text(said, encoding="utf-8")
        graph = Graph()
        graph.load(file)
        shown = {finding.source_shape for finding in graph.validate().findings}
        fired.append(NamedNode(APGSH + "rule-21-assessed") in shown)
    assert fired == [False, True]


def test_what_is_not_yet_assessed_is_listed() -> None:
    report, store, lexicon = judged("rule-21-one-feature-missing")
    (found,) = explain(report, store, lexicon, shapes=shapes())
    assert (
        "where the fewest are missing: developmental model (access initiated by teachers)." in found.message
    )


def test_what_is_not_yet_assessed_is_of_the_declared_model_first() -> None:
    text = (CASES / "rule-21-one-feature-missing.ttl").read_text(encoding="utf-8")
    declared = text.replace(
        ":arr-1\n    a apg:D", ":arr-1\n    apg:declaresModel apgx:deficitModel ;\n    a apg:D"
    )
    assert declared != text
    graph = Graph()
    graph.store.load(declared.encode(), format=RdfFormat.TURTLE, graph="urn:apgraph:case:x", name="x")
    (message,) = [each.message for each in graph.explain(graph.validate()) if "Not enough" in each.message]
    assert "are missing: deficit model (deployed by managers, " in message
    assert "developmental" not in message
