"""The rules for case data: good cases fire none, each bad case exactly its own."""

from __future__ import annotations

import re
import time
from functools import cache
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from apgraph.resources import FRAMEWORK, ontology_module, resource_folder
from apgraph.shacl import Report, Severity, Shapes, load_shapes, validate
from apgraph.shacl.report import SH
from apgraph.store import OxigraphStore, load_files
from apgraph.vocabulary import APG, APGSH, APGX, PREFIXES

ROOT = Path(__file__).parents[1]
CASES = Path(__file__).parent / "cases"
GOOD = [*sorted(CASES.glob("good-*.ttl")), *sorted((ROOT / "examples").glob("*.ttl"))]
BAD = sorted(CASES.glob("rule-*.ttl"))
# Numbers 6 and 22 are not used.
RULES = set(range(1, 28)) - {6, 22}


@cache
def shapes() -> Shapes:
    return load_shapes([resource_folder("shapes") / f"{name}.ttl" for name in ("case", "extension")])


@cache
def store() -> OxigraphStore:
    # The evidence module says nothing of classes; without it each of these runs is faster.
    loaded = OxigraphStore()
    modules = [ontology_module(name) for name in ("core", "framework", "case")]
    load_files(loaded, modules, graph=FRAMEWORK)
    return loaded


@cache
def report(file: Path) -> Report:
    graph = file.resolve().as_uri()
    load_files(store(), [file], graph=graph)
    return validate(store(), data_graphs=[graph], shapes=shapes(), ontology_graphs=[FRAMEWORK])


def rules(found: Report) -> set[int]:
    """The numbers of the rules that fired."""
    numbers = set()
    for finding in found:
        (number,) = shapes().objects(finding.source_shape, f"{APGSH}ruleNumber")
        assert isinstance(number, Literal)
        numbers.add(int(number.value))
    return numbers


# What the examples show of a report: a practice that is in no list, and groups of fewer than five.
SHOWN = {"riverside": {15, 24}, "hillside": {24}}


@pytest.mark.parametrize("file", GOOD, ids=lambda file: file.stem)
def test_good_case_fires_nothing(file: Path) -> None:
    found = report(file)
    assert rules(found) == SHOWN.get(file.stem, set()), [(f.focus_node, f.value, f.message) for f in found]
    assert found.at_least(Severity.VIOLATION) == ()
    assert found.unchecked == ()


@pytest.mark.parametrize("file", BAD, ids=lambda file: file.stem)
def test_bad_case_fires_its_rule_once_and_no_other(file: Path) -> None:
    found = report(file)
    named = re.match(r"rule-(\d\d)-", file.stem)
    assert named
    assert rules(found) == {int(named[1])}
    assert len(found) == 1, "one fault, one finding"
    for finding in found:
        assert isinstance(finding.focus_node, NamedNode)
        if named[1] == "25":
            # Extensions and what is said of our own terms stand outside of the case.
            assert file.stem.removeprefix("rule-25-") in finding.focus_node.value.replace("/rule-25-", "/")
        else:
            assert finding.focus_node.value.startswith(f"urn:apgraph:case:{file.stem}:")
        assert finding.message.endswith(".")


def test_there_is_a_bad_case_for_every_rule() -> None:
    numbers = {int(file.stem[5:7]) for file in BAD}
    assert numbers == RULES


def test_another_engine_finds_the_same() -> None:
    """All cases at once: one and the same focus node, path, value, severity and message by both engines."""
    files = sorted(CASES.glob("*.ttl"))
    loaded = OxigraphStore()
    load_files(loaded, [ontology_module(name) for name in ("core", "framework", "case")], graph=FRAMEWORK)
    load_files(loaded, files, graph=lambda file: f"urn:test:{file.stem}")
    graphs = [f"urn:test:{file.stem}" for file in files]
    found = validate(loaded, data_graphs=graphs, shapes=shapes(), ontology_graphs=[FRAMEWORK], engine="both")
    assert len(found) == len(BAD)
    assert found.disagreements == ()
    assert found.unchecked == ()


def test_severities_are_those_of_the_design() -> None:
    severities: dict[int, set[str]] = {}
    for file in BAD:
        severities.setdefault(int(file.stem[5:7]), set()).update(f.severity.value for f in report(file))
    warnings = {key: {"warning"} for key in (10, 12, 14, 15, 20, 23)}
    assert severities == (
        {key: {"violation"} for key in RULES} | warnings | {21: {"info"}, 24: {"warning", "info"}}
    )


def test_the_framework_alone_conforms() -> None:
    graph = "urn:x:nothing"
    found = validate(store(), data_graphs=[graph], shapes=shapes(), ontology_graphs=[FRAMEWORK])
    assert [(f.focus_node, f.message) for f in found] == []


def test_every_shape_is_told_to_readers() -> None:
    for shape in shapes().nodes():
        if not isinstance(shape, NamedNode):
            continue
        assert re.fullmatch(rf"{APGSH}(rule-\d\d-|calendar-)[a-z-]+", shape.value), shape
        assert shapes().objects(shape, f"{APGSH}ruleNumber"), f"{shape} has no rule number"
        if shapes().objects(shape, SH + "path"):
            for predicate in ("name", "message", "severity"):
                assert shapes().objects(shape, SH + predicate), f"{shape} has no sh:{predicate}"


def test_the_rules_are_those_of_the_shapes() -> None:
    numbers = {
        int(number.value)
        for shape in shapes().nodes()
        for number in shapes().objects(shape, f"{APGSH}ruleNumber")
    }
    assert numbers == RULES


def alone(name: str) -> Shapes:
    """One shape of the rules, with its constraints and their prefixes."""
    only = NamedNode(f"{APGSH}{name}")
    kept = {only, *shapes().objects(only, SH + "sparql"), *shapes().subjects_of(SH + "declare")}
    kept |= {node for each in kept for node in shapes().objects(each, SH + "declare")}
    return Shapes(tuple(t for t in shapes().triples if t.subject in kept), ("rule.ttl",), {})


def seconds(rule: Shapes, lines: list[str], focus: str) -> float:
    """The time that a rule takes for some data, in which it finds one thing."""
    prefixes = f"PREFIX apg: <{APG}> PREFIX apgx: <{APGX}> PREFIX : <urn:c:> PREFIX xsd: <{PREFIXES['xsd']}>"
    loaded = OxigraphStore()
    loaded.load(
        "\n".join([prefixes, *lines]).encode(), format=RdfFormat.TURTLE, graph="urn:d", name="data.ttl"
    )
    taken = []
    for _ in range(2):
        start = time.process_time()
        found = validate(loaded, data_graphs=["urn:d"], shapes=rule)
        taken.append(time.process_time() - start)
        assert [str(finding.focus_node) for finding in found] == [focus]
    return min(taken)


def observation(at: int, feature: int, arrangement: int, status: str, day: int) -> str:
    return (
        f":o{at} a apg:FeatureObservation ; apg:observesFeature :f{feature} ; "
        f"apg:isObservationOf :a{arrangement} ; apg:hasStatus apgx:status{status} ; "
        f'apg:observedOn "{2000 + day // 28}-01-{day % 28 + 1:02}"^^xsd:date .'
    )


@pytest.mark.parametrize("spread", ["one day", "one arrangement", "one of both"])
def test_observations_are_paired_in_proportion_however_they_are_spread(spread: str) -> None:
    def lines(number: int) -> list[str]:
        found = [
            observation(
                at,
                at // 700 if spread == "one arrangement" else at,
                at if spread == "one day" else 0,
                "Absent" if at % 50 == 0 else "Present",
                at % 700 if spread == "one arrangement" else 0,
            )
            for at in range(number)
        ]
        # One that contradicts the second.
        return [*found, found[1].replace(":o1 ", ":again ").replace("Present", "Absent")]

    rule = alone("rule-05-no-contradiction")
    assert seconds(rule, lines(4000), "<urn:c:o1>") < 30 * seconds(rule, lines(500), "<urn:c:o1>"), (
        "eight times the data; by the square it would be 64 times"
    )


@pytest.mark.parametrize(
    ("role", "status"), [("hasSummaryFeature", "Absent"), ("isMarkedByAbsenceOf", "Present")]
)
def test_the_latest_of_many_days_is_found_in_proportion(role: str, status: str) -> None:
    def lines(number: int) -> list[str]:
        other = "Present" if status == "Absent" else "Absent"
        return [
            f":m apg:{role} :f0 , :f1 . :a0 apg:declaresModel :m .",
            *(observation(at, 0, 0, status, at) for at in range(number)),
            # What was against the model once, and is no longer.
            observation(number, 1, 0, status, 0),
            observation(number + 1, 1, 0, other, 1),
        ]

    rule = alone("rule-20-declared")
    assert seconds(rule, lines(4000), "<urn:c:a0>") < 30 * seconds(rule, lines(500), "<urn:c:a0>"), (
        "eight times the data; by the square it would be 64 times"
    )


@pytest.mark.parametrize("file", sorted((ROOT / "examples").glob("*.ttl")), ids=lambda file: file.stem)
def test_an_example_uses_only_terms_that_exist(file: Path) -> None:
    known = {quad.subject for quad in store().quads(FRAMEWORK)}
    used = {
        term
        for quad in parse(path=file, format=RdfFormat.TURTLE)
        for term in (quad.predicate, quad.object)
        if isinstance(term, NamedNode) and term.value.startswith((APG, APGX))
    }
    assert {term.value for term in used - known} == set()


@pytest.mark.parametrize("file", sorted((ROOT / "examples").glob("*.ttl")), ids=lambda file: file.stem)
def test_every_item_of_an_example_is_part_of_its_case_and_says_it_is_invented(file: Path) -> None:
    quads = list(parse(path=file, format=RdfFormat.TURTLE))
    record = NamedNode(f"urn:apgraph:case:{file.stem}:record")
    part = {
        quad.subject
        for quad in quads
        if quad.predicate.value == f"{APG}isPartOfCase" and quad.object == record
    }
    assert {quad.subject for quad in quads} == part
    comments = [q.object for q in quads if q.subject == record and q.predicate.value.endswith("#comment")]
    assert any(isinstance(c, Literal) and "fictional" in c.value for c in comments)
