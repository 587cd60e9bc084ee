"""The quality rules: each fires on its bad file alone and on no good one; our ontology breaks none that is not waived."""

from __future__ import annotations

import datetime
import itertools
import json
import re
import time
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pyoxigraph import Quad, QuerySolutions, RdfFormat, Store, parse

from apgraph import Graph
from apgraph.cases.authorship import OWN_NAMESPACE
from apgraph.cli.entry import run
from apgraph.errors import InputError, ParseError, UsageError
from apgraph.notices import read_waivers
from apgraph.release.quality import LEVELS, Checker, read_rules
from apgraph.release.quality.report import check_extensions, check_ontology, framework
from apgraph.release.quality.rules import Rule, read_rule
from apgraph.resources import MODULES, ontology_module, resource_folder
from apgraph.vocabulary import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Callable

FILES = Path(__file__).parent / "quality"
RULES = read_rules()
# A day on which the waivers of these tests hold, whenever the tests run.
DAY = datetime.date(2026, 11, 24)


def quads(file: Path) -> list[Quad]:
    return list(parse(path=str(file), format=RdfFormat.TURTLE, rename_blank_nodes=True))


@cache
def checker(left_out: str = "") -> Checker:
    return Checker(framework(), [rule for rule in RULES if rule.id != left_out])


def broken(rule: Rule, name: str) -> set[str]:
    """The rules that a file breaks, as an extension where the rule is for those."""
    found = checker().check(quads(FILES / rule.id / f"{name}.ttl"), rule.scopes[-1])
    return {breach.rule.id for breach in found.breaches}


def test_every_rule_has_its_files_and_no_file_is_left_over() -> None:
    assert {folder.name for folder in FILES.iterdir()} == {rule.id for rule in RULES}
    assert len(RULES) > 95


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_fires_on_its_bad_file_alone(rule: Rule) -> None:
    # That no other rule fires says, too, that without this one the file would pass.
    assert broken(rule, "bad") == {rule.id}
    assert broken(rule, "good") == set()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_says_what_it_is_for(rule: Rule) -> None:
    assert rule.level in LEVELS
    for text in (rule.problem, rule.principle, rule.solution):
        assert text.endswith(".")
    if rule.query:
        solutions = Store().query(rule.query)
        assert isinstance(solutions, QuerySolutions)
        names = {variable.value for variable in solutions.variables}
        assert set(re.findall(r"\{(\w+)\}", rule.says)) <= names | {"nearest", "by"}


def test_all_32_checks_of_robot_have_a_rule() -> None:
    text = " ".join(rule.source for rule in RULES)
    named = [
        "deprecated_boolean_datatype",
        "deprecated_class_reference",
        "deprecated_property_reference",
        "duplicate_definition",
        "duplicate_label",
        "illegal_use_of_built_in_vocabulary",
        "label_formatting",
        "label_whitespace",
        "missing_label",
        "missing_ontology_description",
        "missing_ontology_license",
        "missing_ontology_title",
        "misused_obsolete_label",
        "misused_replaced_by",
        "multiple_definitions",
        "multiple_equivalent_class_definitions",
        "multiple_labels",
        "annotation_whitespace",
        "duplicate_exact_synonym",
        "duplicate_label_synonym",
        "duplicate_scoped_synonym",
        "equivalent_pair",
        "equivalent_class_axiom_no_genus",
        "invalid_xref",
        "invalid_entity_uri",
        "missing_definition",
        "missing_obsolete_label",
        "missing_subset_declaration",
        "missing_synonymtype_declaration",
        "multiple_equivalent_classes",
        "lowercase_definition",
        "missing_superclass",
    ]
    assert len(named) == 32
    assert [name for name in named if name not in text] == []


def test_our_ontology_breaks_nothing_that_is_not_waived() -> None:
    # Its own waivers are judged as of its last change: time alone breaks nothing.
    report = check_ontology(today=datetime.date(2099, 1, 1))
    assert [str(notice) for notice in report.open] == []
    # A waiver that accepts nothing would be reported as well, so each of these is still needed.
    assert report.waived_count == len(read_waivers(resource_folder("quality") / "waivers.yaml"))


def test_further_waivers_of_our_ontology_end_with_their_day(tmp_path: Path) -> None:
    waivers = tmp_path / "more.yaml"
    (own, *_) = read_waivers(resource_folder("quality") / "waivers.yaml")
    waivers.write_text(
        f"- {{rule: {own.rule}, thing: '{own.thing}', reason: r, accepted_by: curator, expires: 2027-01-31}}\n",
        encoding="utf-8",
    )
    late = check_ontology(waivers=[waivers], today=datetime.date(2027, 2, 1)).open
    assert [(notice.rule, notice.file) for notice in late] == [("waiver-expired", str(waivers))]


def test_a_fault_in_our_ontology_is_found_with_its_line(tmp_path: Path) -> None:
    core = ontology_module("core").read_text(encoding="utf-8")
    faulty = [q for name in MODULES if name != "core" for q in quads(ontology_module(name))]
    bad = tmp_path / "core.ttl"
    bad.write_text(core.replace('rdfs:label "team"@en ;', ""), encoding="utf-8")
    found = Checker().check([*faulty, *quads(bad), *quads(ontology_module("apgraph"))], "ontology")
    assert "missing-label" in {breach.rule.id for breach in found.breaches}


def test_the_template_for_extensions_is_clean() -> None:
    report = check_extensions([resource_folder("ontology") / "extensions" / "template.ttl"], today=DAY)
    assert report.open == ()


def test_a_finding_names_file_line_and_way_out() -> None:
    file = FILES / "undeclared-term" / "bad.ttl"
    (notice,) = check_extensions([file], today=DAY).notices
    assert notice.file == str(file)
    assert notice.line is not None
    assert "my:candour" in notice.message
    assert "apgx:coching" in notice.message
    near = file.read_text(encoding="utf-8").splitlines()[notice.line - 1 : notice.line + 6]
    assert any("candour" in line or "coching" in line for line in near)


def found_in(text: str, tmp_path: Path, head: str = "missing-import") -> list[tuple[str, str]]:
    """Rules that an extension breaks that says this below a header that breaks none, and for what."""
    good = (FILES / head / "good.ttl").read_text(encoding="utf-8")
    prefixes = "".join(
        f"@prefix {name}: <{space}> .\n"
        for name, space in {**PREFIXES, "my": "https://example.org/my-extension/"}.items()
    )
    file = tmp_path / "mine.ttl"
    file.write_text(f"{prefixes}{good}{text}", encoding="utf-8")
    return [(notice.rule, notice.message) for notice in check_extensions([file], today=DAY).notices]


def test_names_that_are_like_a_misspelt_one_are_told() -> None:
    for rule, wanted in {
        "undeclared-term": "apgx:coaching",
        "undeclared-own-term": "my:candour",
        "unknown-import": "<https://w3id.org/apgraph/framework/1.0.0>",
    }.items():
        (notice,) = check_extensions([FILES / rule / "bad.ttl"], today=DAY).notices
        assert notice.nearest[:1] == (wanted,), rule
        assert f"(nearest: {wanted}" in notice.message


def test_what_belongs_elsewhere_is_not_taken_for_an_own_term(tmp_path: Path) -> None:
    """Documents and versions in the namespace, people elsewhere, and the header itself, need no declaration."""
    text = """
        <https://example.org/my-extension> dcterms:source my:report.pdf, <https://example.org/my-extension/a/b> ;
            owl:priorVersion my:0.9.0 ; dcterms:publisher <https://example.org/people/someone> .
    """
    assert found_in(text, tmp_path) == []
    text = """my:candour a owl:NamedIndividual, apg:Value ; rdfs:label "candour"@en ; dcterms:source "Made up." ;
        apg:assertedBy my:me ; skos:definition "A made-up value of the example."@en . my:lost rdfs:comment "It has no type."@en ."""
    assert [(rule, said.split()[0]) for rule, said in found_in(ME + text, tmp_path)] == [
        ("undeclared-own-term", "my:lost")
    ]
    # Where nothing is declared, the header says which names are the extension's own.
    found = found_in("my:lost rdfs:seeAlso my:found .", tmp_path)
    assert [said.split()[0] for _, said in found] == ["my:found,", "my:lost"]


def test_properties_that_everybody_knows_need_no_declaration(tmp_path: Path) -> None:
    """Our own advice on deprecation is among them; a misspelt one is told with what is near."""
    made_up = 'dcterms:source "Made up." ; skos:definition'
    text = f"""
        my:candour a owl:NamedIndividual, apg:Value ; rdfs:label "obsolete candour"@en ; {made_up} "A value that is no longer named."@en ;
            apg:assertedBy my:me ; owl:deprecated true ; dcterms:isReplacedBy my:openness .
        my:openness a owl:NamedIndividual, apg:Value ; rdfs:label "openness"@en ; {made_up} "A value by which things are said openly."@en ;
            apg:assertedBy my:me ; skos:closeMatch <https://example.org/other/openness> ; skos:notation "7" ; skos:hiddenLabel "opennes" ;
            dcterms:subject <https://example.org/subjects/7> ; skos:related my:candour .
        my:me a owl:NamedIndividual, apg:Person ; rdfs:label "the lead"@en ; {made_up} "A person who makes up the terms of the example."@en .
    """
    assert found_in(text, tmp_path) == []
    ((rule, said),) = found_in(text.replace("skos:closeMatch", "skos:closMatch"), tmp_path)
    assert rule == "untyped-property"
    assert "(nearest: skos:closeMatch" in said


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("my:Big a owl:Class ; rdfs:subClassOf apg:KnowledgeFlows .", "apg:KnowledgeFlow"),
        ("my:one apg:fulfilsRoles apgx:coaching .", "apg:"),
        ("my:one rdfs:seeAlso apgx:coching .", "apgx:coaching"),
    ],
)
def test_nobody_is_told_to_declare_a_name_in_our_namespace(said: str, wanted: str, tmp_path: Path) -> None:
    found = [message for rule, message in found_in(said, tmp_path) if rule == "undeclared-term"]
    assert len(found) == 1
    assert "declare it" not in found[0]
    assert wanted in found[0]
    rules = {rule for rule, _ in found_in(said, tmp_path)}
    assert not rules & {"untyped-class", "untyped-property", "owl-dl"}


@pytest.mark.parametrize(
    ("imports", "missing"),
    [
        ("<https://w3id.org/apgraph/core>", ["<https://w3id.org/apgraph/framework>"]),
        ("<https://w3id.org/apgraph/alignments/prov/1.0.0>", ["<https://w3id.org/apgraph/framework>"]),
        ("<https://w3id.org/apgraph/core>, <https://example.org/not-at-hand>", []),
        ("<https://w3id.org/apgraph/core>, <https://w3id.org/apgraph/framework/1.0.0>", []),
        ("<https://w3id.org/apgraph/case/1.0.0>", []),
        ("<https://w3id.org/apgraph/1.0.0>", []),
        ("<https://w3id.org/apgraph/apgraph-base/1.0.0>", []),
    ],
)
def test_an_import_that_is_missing_is_named(imports: str, missing: list[str], tmp_path: Path) -> None:
    good = (FILES / "unreached-import" / "good.ttl").read_text(encoding="utf-8")
    file = tmp_path / "mine.ttl"
    file.write_text(good.replace("<https://w3id.org/apgraph/framework/1.0.0>", imports, 1), encoding="utf-8")
    told = [n for n in check_extensions([file], today=DAY).notices if n.rule == "unreached-import"]
    assert [notice.value for notice in told] == missing
    assert all("apg:KnowledgeFlow" in notice.message for notice in told)


def test_an_extension_that_spoils_a_class_of_ours_is_told(tmp_path: Path) -> None:
    text = "[] a owl:AllDisjointClasses ; owl:members ( apg:Team apg:Collective ) ."
    found = found_in(text, tmp_path)
    assert ("empty-class", True) in [(rule, "apg:Team can have no member" in said) for rule, said in found]


def test_of_two_classes_that_exclude_each_other_either_may_have_members(tmp_path: Path) -> None:
    """Both lead to one thing by a functional property, and that thing is in disjoint classes."""
    made_up = 'dcterms:source "Made up." ; skos:definition "A made-up term of the example."@en'
    text = f"""
        my:hub a owl:NamedIndividual, apg:Team ; rdfs:label "hub"@en ; {made_up} .
        my:leads a owl:ObjectProperty ; rdfs:label "leads to"@en ; {made_up} ;
            rdfs:domain apg:Team ; rdfs:range owl:Thing .
        my:One a owl:Class ; rdfs:label "one"@en ; {made_up} ; rdfs:subClassOf apg:Team,
            [ a owl:Restriction ; owl:onProperty my:leads ; owl:hasValue my:hub ] .
        my:Two a owl:Class ; rdfs:label "two"@en ; {made_up} ; rdfs:subClassOf apg:Team,
            [ a owl:Restriction ; owl:onProperty my:leadsNot ; owl:hasValue my:hub ] .
        my:leadsNot a owl:ObjectProperty ; rdfs:label "leads not to"@en ; {made_up} ;
            rdfs:domain apg:Team ; rdfs:range apg:Team ; owl:propertyDisjointWith my:leads .
        my:leads a owl:InverseFunctionalProperty . my:leadsNot a owl:InverseFunctionalProperty .
    """
    rules = [rule for rule, _ in found_in(text, tmp_path)]
    assert "empty-class" not in rules
    assert "contradiction" not in rules


def test_classes_below_one_without_members_have_none_either(tmp_path: Path) -> None:
    """And a thing in all of them, which clashes with each class of the framework, is told once."""
    text = """my:One a owl:Class ; rdfs:subClassOf owl:Nothing . my:Two a owl:Class ; rdfs:subClassOf my:One .
        my:thing a my:Two ."""
    found = [(rule, said.split(" can ")[0]) for rule, said in found_in(text, tmp_path)]
    assert [name for rule, name in found if rule == "empty-class"] == ["my:One", "my:Two"]
    assert [rule for rule, _ in found].count("contradiction") == 1


def test_of_many_contradictions_a_few_are_told_and_the_others_counted(tmp_path: Path) -> None:
    text = "".join(f"my:thing{number} a apg:Team, apg:PracticeType . " for number in range(9))
    found = [said for rule, said in found_in(text, tmp_path) if rule == "contradiction"]
    assert len(found) == 3
    assert "6 more things contradict what is stated" in found[-1]


def test_contradictions_of_one_thing_are_told_apart(tmp_path: Path) -> None:
    text = """my:hub a apg:Team, apg:PracticeType, apg:DeploymentModel ."""
    found = [said for rule, said in found_in(text, tmp_path) if rule == "contradiction"]
    assert len(found) == 3
    for one, other in itertools.combinations(("Team", "PracticeType", "DeploymentModel"), 2):
        assert any(f"is an apg:{one};" in f"{said};" and f"is an apg:{other};" in said for said in found)


def term(name: str, kinds: str, more: str = "") -> str:
    """A term of an extension that breaks no rule, and what else is said of it."""
    return (
        f'my:{name} a {kinds} ; rdfs:label "{name} of the example"@en ; dcterms:source "Made up." ; '
        f'apg:assertedBy my:me ; skos:definition "A made-up term of the example called {name}."@en {more} .\n'
    )


ME = 'my:me a owl:NamedIndividual, apg:Person ; rdfs:label "me"@en ; dcterms:source "Made up." ; '
ME += 'skos:definition "Whoever made this up."@en .\n'
ON = "[ a owl:Restriction ; owl:onProperty"
RELATION = ("owl:ObjectProperty", "; rdfs:domain apg:Team ; rdfs:range apg:Team")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        # Facets narrow a datatype; misspelt ones do not.
        (
            "my:grade a rdfs:Datatype ; owl:equivalentClass [ a rdfs:Datatype ; owl:onDatatype xsd:integer ; "
            "owl:withRestrictions ( [ xsd:minInclusive 1 ] [ xsd:maxInclusive 5 ] ) ] .",
            set(),
        ),
        (
            "my:word a rdfs:Datatype ; owl:equivalentClass [ a rdfs:Datatype ; owl:onDatatype xsd:string ; "
            'owl:withRestrictions ( [ xsd:patern "a" ] ) ] .',
            {"built-in-vocabulary"},
        ),
        # One superclass above the other is no second one.
        (
            term("One", "owl:Class", "; rdfs:subClassOf apg:Team")
            + term("Two", "owl:Class", "; rdfs:subClassOf my:One, apg:Team"),
            set(),
        ),
        # The same classes on both sides are the same, however many they are.
        (
            term("One", "owl:Class", "; rdfs:subClassOf apg:Team")
            + term("leads", "owl:ObjectProperty", "; rdfs:domain apg:Team, my:One ; rdfs:range apg:Team, my:One")
            + term("runs", "owl:ObjectProperty", "; rdfs:domain apg:Team, my:One ; rdfs:range my:One, apg:Team")
            + "my:leads a owl:SymmetricProperty ; owl:equivalentProperty my:runs . "
            "my:runs a owl:TransitiveProperty .",
            {"several-domains"},
        ),
        (
            term("One", "owl:Class", "; rdfs:subClassOf apg:Team")
            + term("leads", "owl:ObjectProperty", "; rdfs:domain apg:Team, my:One ; rdfs:range apg:Team")
            + term("ledBy", "owl:ObjectProperty", "; rdfs:domain apg:Team ; rdfs:range my:One, apg:Team")
            + "my:leads owl:inverseOf my:ledBy .",
            {"several-domains"},
        ),
        (
            term("leads", "owl:ObjectProperty", "; rdfs:domain apg:Team ; rdfs:range apg:Team")
            + term("runs", "owl:ObjectProperty", "; rdfs:domain apg:Team, apg:Collective ; rdfs:range apg:Team")
            + "my:leads owl:equivalentProperty my:runs .",
            {"several-domains", "wrong-equivalent-properties"},
        ),
        # A class counts its own members.
        (
            term("leads", *RELATION)
            + term(
                "One",
                "owl:Class",
                "; rdfs:subClassOf apg:Team ; owl:equivalentClass [ a owl:Class ; owl:intersectionOf ( apg:Team "
                f"{ON} my:leads ; owl:minQualifiedCardinality 1 ; owl:onClass my:One ] ) ]",
            ),
            {"recursive-definition"},
        ),
        (
            term("leads", *RELATION)
            + term(
                "One",
                "owl:Class",
                f"; rdfs:subClassOf apg:Team, {ON} my:leads ; owl:someValuesFrom "
                f"{ON} my:leads ; owl:allValuesFrom apg:Team ] ]",
            ),
            {"all-values-from"},
        ),
        (
            term("leads", *RELATION)
            + term(
                "One",
                "owl:Class",
                f"; rdfs:subClassOf apg:Team, {ON} my:leads ; owl:someValuesFrom "
                f"{ON} my:leads ; owl:someValuesFrom [ a owl:Class ; owl:complementOf apg:Team ] ] ]",
            ),
            {"some-not"},
        ),
        # Names and texts in other languages and scripts.
        (
            'my:Équipe a owl:Class ; rdfs:subClassOf apg:Team ; dcterms:source "Made up." ; '
            'rdfs:label "médaille en or massif"@fr ; skos:definition "Une équipe inventée (pour voir)."@fr . '
            'my:élan a owl:NamedIndividual, apg:Value ; dcterms:source "Made up." ; apg:assertedBy my:me ; '
            'rdfs:label "团队"@zh ; skos:definition "由教师组成的团队。"@zh . '
            'my:gère a owl:ObjectProperty ; rdfs:domain my:Équipe ; rdfs:range my:Équipe ; dcterms:source "Made up." ; '
            'rdfs:label "gère"@fr ; skos:definition "Une équipe en dirige une autre."@fr .',
            set(),
        ),
        (
            'my:équipe a owl:Class ; rdfs:subClassOf apg:Team ; dcterms:source "Made up." ; '
            'rdfs:label "équipe"@fr ; skos:definition "équipe inventée"@fr .',
            {"class-name", "lowercase-definition", "definition-sentence"},
        ),
        # One label in one language, whatever the other languages have.
        ('my:Coach a owl:NamedIndividual, apg:PracticeType ; rdfs:label "Coaching"@fr .', set()),
        ('my:Coach a owl:NamedIndividual, apg:PracticeType ; rdfs:label "Coaching"@en-GB .', {"duplicate-label"}),
        ('my:Coach a owl:NamedIndividual, apg:PracticeType ; rdfs:label "Coaching" .', {"duplicate-label"}),
        ('apgx:coaching skos:prefLabel "Coachen"@de . apgx:mentoring skos:prefLabel "Coachen"@de .', {"duplicate-label"}),
        ('apgx:coachng skos:prefLabel "Coachen"@de .', {"undeclared-term"}),
    ],
)  # fmt: skip
def test_what_a_rule_finds_is_what_it_says(text: str, wanted: set[str], tmp_path: Path) -> None:
    beside = {
        "extension-asserter",
        "missing-label",
        "missing-definition",
        "extension-source",
        "label-language",
    }
    assert {rule for rule, _ in found_in(ME + text, tmp_path)} - beside == wanted


DEPRECATED = (
    term("Old", "owl:Class", "; rdfs:subClassOf apg:Team ; owl:deprecated true ; dcterms:isReplacedBy my:New")
    + term("New", "owl:Class", "; rdfs:subClassOf apg:Team")
    + term("leads", RELATION[0], f'{RELATION[1]} ; owl:deprecated true ; skos:scopeNote "No longer asked for."@en')
).replace("Old of", "obsolete old of").replace("leads of", "obsolete leads of")  # fmt: skip


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            term("runs", "owl:ObjectProperty", "; rdfs:domain my:Old ; rdfs:range apg:Team"),
            ["my:runs rests on my:Old, which is deprecated; use my:New."],
        ),
        (
            term("runs", "owl:ObjectProperty", "; rdfs:range my:Old ; rdfs:domain apg:Team"),
            ["my:runs rests on my:Old, which is deprecated; use my:New."],
        ),
        (
            term("Res", "owl:Class", f"; rdfs:subClassOf apg:Team, {ON} my:leads ; owl:someValuesFrom my:Old ]"),
            [
                "my:Res rests on my:Old, which is deprecated; use my:New.",
                "my:Res rests on my:leads, which is deprecated; nothing replaces it.",
            ],
        ),
        (
            term("crew", "owl:NamedIndividual, apg:Team", "; my:leads my:crew"),
            ["my:crew rests on my:leads, which is deprecated; nothing replaces it."],
        ),
        (
            term("runs", RELATION[0], f"{RELATION[1]} ; owl:propertyChainAxiom ( apg:isPartOf my:leads )"),
            ["my:runs rests on my:leads, which is deprecated; nothing replaces it."],
        ),
    ],
)  # fmt: skip
def test_whatever_rests_on_a_deprecated_term_is_told_what_to_use(
    text: str, wanted: list[str], tmp_path: Path
) -> None:
    told = [
        said for rule, said in found_in(ME + DEPRECATED + text, tmp_path) if rule.startswith("deprecated-")
    ]
    assert [said.rpartition(" Take ")[0] for said in told] == wanted


def test_the_command_tells_deprecated_terms_as_others_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found_in(
        ME
        + DEPRECATED
        + term("gone", "owl:NamedIndividual, apg:PracticeType", "; owl:deprecated true ; dcterms:isReplacedBy my:here")
        + term("here", "owl:NamedIndividual, apg:PracticeType", "; skos:related my:gone"),
        tmp_path,
    )  # fmt: skip
    run(["check", str(tmp_path / "mine.ttl")])
    told = [line for line in capsys.readouterr().err.splitlines() if "is deprecated" in line]
    here = "https://example.org/my-extension/"
    assert told == [f"{here}gone (gone of the example) is deprecated, and used 1 time; use {here}here"]
    run(["check", str(FILES / "missing-label" / "good.ttl")])
    assert "deprecated" not in capsys.readouterr().err


def test_the_levels_have_one_name_each_in_all_formats(capsys: pytest.CaptureFixture[str]) -> None:
    """In SARIF, those of SARIF."""
    error, warn = str(FILES / "undeclared-term" / "bad.ttl"), str(FILES / "class-name" / "bad.ttl")
    told = {}
    for layout in ("table", "csv", "md", "json", "html", "sarif"):
        run(["check", error, warn, "-f", layout])
        captured = capsys.readouterr()
        told[layout] = captured.out + captured.err
    assert json.loads(told["json"])["counts"] == {"error": 1, "warn": 1, "info": 0, "waived": 0}
    assert {notice["severity"] for notice in json.loads(told["json"])["notices"]} == {"error", "warn"}
    assert "<h2>Error</h2>" in told["html"]
    assert '<span class="badge warning">warn, 1</span>' in told["html"]
    shown = {
        layout: re.sub(r"(?s)<style>.*?</style>|class=\"[^\"]*\"", "", text) for layout, text in told.items()
    }
    for layout in set(told) - {"sarif"}:
        assert not re.search(r"violation|warning", shown[layout], re.IGNORECASE), layout
    report = check_extensions([error], today=DAY)
    assert report.at_least("error") == report.open
    with pytest.raises(UsageError, match="give one of error, warn, info"):
        report.at_least("violation")


@pytest.mark.parametrize(
    ("said", "welcome"),
    [
        ('skos:prefLabel "Coachen"@de', True),
        ('skos:definition "Ein Gespräch."@de ; skos:hiddenLabel "coachn"@de', True),
        ('skos:prefLabel "coaching talk"@en-GB', False),
        ('skos:prefLabel "Coachen"@de ; skos:related apgx:mentoring', False),
    ],
)
def test_what_check_welcomes_validate_does_not_refuse(said: str, welcome: bool, tmp_path: Path) -> None:
    """A label in another language may stand in an extension that says other things of its own."""
    text = (resource_folder("ontology") / "extensions" / "template.ttl").read_text(encoding="utf-8")
    file = tmp_path / "mine.ttl"
    file.write_text(f"{text}\napgx:coaching {said} .\n", encoding="utf-8")
    assert (check_extensions([file], today=DAY).open == ()) == welcome
    graph = Graph()
    graph.load(resource_folder("examples") / "hillside.ttl", file, strict=False)
    told = [finding for finding in graph.validate() if finding.source_shape == OWN_NAMESPACE]
    assert (told == []) == welcome


def test_a_name_that_is_not_there_is_told_with_the_term_that_names_it(tmp_path: Path) -> None:
    """A waiver needs that term."""
    text = term(
        "one", "owl:NamedIndividual, apg:PracticeType, my:Kin", "; skos:related my:lost, apgx:coachng"
    )
    told = [said for rule, said in found_in(ME + text, tmp_path) if rule != "owl-dl"]
    assert [said.split(", named by my:one, is ")[0] for said in told] == ["my:lost", "apgx:coachng", "my:Kin"]


MADE_UP = 'rdfs:label "{0} {1}"@en ; dcterms:source "Made up." ; apg:assertedBy my:me ; skos:definition'
# A tree of classes, each with three individuals below the framework, and a relation between every ten of them.
CLEAN = (
    f"my:Class{{0}} a owl:Class ; rdfs:subClassOf {{2}} ; {MADE_UP.format('kind', '{0}')} "
    '"A made-up kind with the number {0}."@en ; skos:altLabel "sort {0}"@en . '
    f"my:thing{{0}} a owl:NamedIndividual, apg:PracticeType ; {MADE_UP.format('thing', '{0}')} "
    '"A made-up thing with the number {0}."@en ; skos:related my:thing{1} . '
    f"my:leads{{0}} a owl:ObjectProperty ; {MADE_UP.format('leads', '{0}')} "
    '"A made-up relation with the number {0}."@en ; rdfs:domain my:Class{0} ; rdfs:range my:Class{1} . '
)
# Nothing is said of the terms, they share their names and definitions, and their classes are misspelt.
FAULTY = (
    'my:Class{0} a owl:Class ; rdfs:subClassOf my:Clas{0}, apg:Temm ; rdfs:label "teacher" ; skos:definition "Same." . '
    "my:Odd{0} a owl:Class ; owl:equivalentClass [ a owl:Class ; owl:intersectionOf ( my:Class{0} my:Lost{0} ) ] . "
    'my:thing{0} a owl:NamedIndividual ; skos:altLabel "other" ; rdfs:label "thing" ; rdfs:seeAlso my:thin{0} . '
)


@pytest.mark.parametrize(("pattern", "findings"), [(CLEAN, 0), (FAULTY, 24)])
def test_the_time_grows_with_the_extension_not_with_its_square(
    pattern: str, findings: int, tmp_path: Path
) -> None:
    """And so do the findings: what many terms share is told once for each of them."""
    rules = Checker(framework(), [rule for rule in RULES if rule.query])
    head = "".join(f"@prefix {name}: <{space}> .\n" for name, space in PREFIXES.items())
    head += "@prefix my: <https://example.org/my-extension/> .\n"
    head += (FILES / "missing-import" / "good.ttl").read_text(encoding="utf-8")
    head += (
        f'my:me a owl:NamedIndividual, apg:Person ; {MADE_UP.format("the", "lead")} "Somebody made up."@en .'
    )

    def seconds(number: int) -> float:
        terms = (
            pattern.format(at, at // 2, "apg:Team" if not at else f"my:Class{at // 4}")
            for at in range(number)
        )
        file = tmp_path / f"{number}.ttl"
        file.write_text(head + "\n".join(terms).replace("skos:related my:thing0 ;", ""), encoding="utf-8")
        begun = time.thread_time()
        content = quads(file)
        read = time.thread_time()
        found = rules.check(content, "extension").breaches
        took = time.thread_time() - read
        assert len(found) <= number * findings, found[:5]
        # A steady time for each term, were it much, would not be seen by the growth.
        assert findings or took < 0.1 + 90 * (read - begun)
        return took

    seconds(10)
    few = seconds(100)
    assert seconds(400) < 9 * few


def test_a_finding_within_an_expression_has_a_line_and_is_told_once(tmp_path: Path) -> None:
    """Names as the file writes them, and the line of the term that the expression belongs to."""
    good = (FILES / "untyped-class" / "good.ttl").read_text(encoding="utf-8")
    file = tmp_path / "mine.ttl"
    restriction = "a owl:Restriction ; owl:onProperty"
    file.write_text(
        f"{good}\n"
        f"my:Odd\n    rdfs:subClassOf [ {restriction} apg:startsOn ; owl:someValuesFrom apg:Person ] ,\n"
        f"        [ {restriction} my:lost ; owl:someValuesFrom apg:Person ] .\n"
        f"my:Even\n    rdfs:seeAlso my:gone ;\n"
        f"    rdfs:subClassOf [ {restriction} my:lost ; owl:hasValue my:gone ] .\n",
        encoding="utf-8",
    )
    notices = check_extensions([file], today=DAY).notices
    (typing,) = [notice for notice in notices if notice.rule == "owl-dl"]
    assert "SubClassOf(my:Odd, apg:startsOn some apg:Person)" in typing.message
    lines = file.read_text(encoding="utf-8").splitlines()
    assert typing.line is not None
    assert lines[typing.line - 1] == "my:Odd"
    values = [notice.value for notice in notices if notice.rule == "undeclared-own-term"]
    assert sorted(v for v in values if v in {"my:gone", "my:lost"}) == ["my:gone", "my:lost"]
    assert all(notice.line is not None for notice in notices)


def test_axioms_that_only_dl_looks_at_are_counted(tmp_path: Path) -> None:
    """A class whose members need what they can't have is empty, and the rules of OWL 2 RL do not see it."""
    text = """my:Odd a owl:Class ; rdfs:label "odd"@en ; skos:definition "A class of the example without members."@en ;
        dcterms:source "Made up." ; rdfs:subClassOf apg:Team ,
        [ a owl:Restriction ; owl:onProperty apg:participatesIn ; owl:someValuesFrom owl:Nothing ] ."""
    assert "empty-class" not in {rule for rule, _ in found_in(text, tmp_path)}
    summary = check_extensions([tmp_path / "mine.ttl"], today=DAY).summary
    assert "1 axiom that lies outside OWL 2 RL" in summary
    assert "'apgraph reason --dl' looks at all" in summary
    assert "reason" not in check_extensions([FILES / "missing-label" / "good.ttl"], today=DAY).summary


def test_a_contradiction_names_the_statements_and_their_line() -> None:
    (notice,) = check_extensions([FILES / "contradiction" / "bad.ttl"], today=DAY).notices
    assert "my:candour is an apg:Team; my:candour is an apg:PracticeType" in notice.message
    assert notice.line is not None


@pytest.mark.parametrize(
    ("version", "rules"),
    [("1.0.0", []), ("1.1.0-rc.1+linux", []), ("1.0", 1), ("01.0.0", 1), ("v1.0.0", 1), ("spring", 1)],
)
def test_versions_have_three_numbers(version: str, rules: int | list[str], tmp_path: Path) -> None:
    good = (FILES / "semantic-version" / "good.ttl").read_text(encoding="utf-8")
    file = tmp_path / "mine.ttl"
    file.write_text(good.replace("1.1.0-rc.1", version), encoding="utf-8")
    found = [notice.rule for notice in check_extensions([file], today=DAY).notices]
    assert found == (["semantic-version"] if rules else [])


def test_files_are_checked_together(tmp_path: Path) -> None:
    """What one file declares, another may use."""
    good = (FILES / "untyped-class" / "good.ttl").read_text(encoding="utf-8")
    head, _, crowd = good.partition("my:Crowd\n")
    one, two = tmp_path / "one.ttl", tmp_path / "two.ttl"
    one.write_text(head, encoding="utf-8")
    prefixes = "".join(f"{line}\n" for line in head.splitlines() if line.startswith("@prefix"))
    two.write_text(f"{prefixes}my:Crowd\n{crowd}", encoding="utf-8")
    assert check_extensions([one], today=DAY).open
    assert check_extensions([one, two], today=DAY).open == ()


def test_of_several_files_the_one_at_fault_is_named() -> None:
    """The two files declare the same term; one of them misspells another."""
    clean, bad = FILES / "undeclared-term" / "good.ttl", FILES / "undeclared-term" / "bad.ttl"
    for files in ([clean, bad], [bad, clean]):
        (notice,) = check_extensions(files, today=DAY).notices
        assert notice.file == str(bad)
        assert notice.value == "apgx:coching"


WAIVER = """
- rule: missing-label
  thing: my:candour
  reason: it has no name yet
  accepted_by: curator
  expires: 2027-01-31
"""


def test_a_waiver_accepts_for_a_time(tmp_path: Path) -> None:
    file, waivers = FILES / "missing-label" / "bad.ttl", tmp_path / "waivers.yaml"
    waivers.write_text(WAIVER, encoding="utf-8")
    assert check_extensions([file], waivers=[waivers], today=DAY).open == ()
    late = check_extensions([file], waivers=[waivers], today=datetime.date(2027, 2, 1))
    assert [notice.rule for notice in late.open] == ["missing-label", "waiver-expired"]


def test_the_command(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, sarif_faults: Callable[[str], list[str]]
) -> None:
    error, warn = str(FILES / "missing-label" / "bad.ttl"), str(FILES / "missing-definition" / "bad.ttl")
    assert run(["check", error]) == 1
    # Lines break where the terminal ends, which a longer path moves.
    assert "has no label" in " ".join(capsys.readouterr().out.split())
    assert run(["check", warn]) == 0
    assert run(["check", warn, "--fail-on", "warn"]) == 1
    capsys.readouterr()
    assert run(["check", error, "-f", "json"]) == 1
    record = json.loads(capsys.readouterr().out)
    assert [notice["rule"] for notice in record["notices"]] == ["missing-label"]
    assert run(["check", error, "-f", "sarif"]) == 1
    log = capsys.readouterr().out
    assert sarif_faults(log) == []
    results = json.loads(log)["runs"][0]["results"]
    place = results[0]["locations"][0]["physicalLocation"]
    assert place["region"]["startLine"] > 1
    assert run(["check", error, "-f", "html"]) == 1
    assert "has no label" in capsys.readouterr().out
    assert run(["check", error, "-f", "csv"]) == 1
    assert capsys.readouterr().out.splitlines()[0].startswith("level,rule,file,line")
    waivers = tmp_path / "waivers.yaml"
    waivers.write_text(WAIVER.replace("2027-01-31", "9999-12-31"), encoding="utf-8")
    assert run(["check", error, "--waivers", str(waivers), "--fail-on", "info"]) == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["missing.ttl"], "missing.ttl"),
        ([str(ontology_module("core"))], "is a file of the framework"),
        (["examples/riverside.ttl"], "apgraph validate"),
        ([str(FILES / "missing-label" / "bad.ttl"), "--fail-on", "never"], "choose one of error, warn, info"),
        ([str(FILES / "missing-label" / "bad.ttl"), "-f", "pdf"], "choose one of"),
        ([str(FILES / "missing-label" / "bad.ttl"), "--waivers", "no.yaml"], "no.yaml"),
    ],
)
def test_wrong_use_is_one_line(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(FILES.parents[1])
    assert run(["check", *arguments]) == 2
    err = capsys.readouterr().err
    assert said in err
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("SELECT ?this WHERE {}", "there is no header"),
        ("#+ id: [", "no YAML"),
        ("#+ id: other", "no level"),
        ("#+ id: rule\n#+ level: loud", "no says"),
    ],
)
def test_a_rule_that_is_written_wrongly_is_refused(text: str, said: str, tmp_path: Path) -> None:
    file = tmp_path / "rule.rq"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ParseError, match=said):
        read_rule(file)


def test_cases_are_not_extensions(root: Path) -> None:
    with pytest.raises(InputError, match="holds a case"):
        check_extensions([root / "examples" / "riverside.ttl"])


BARE = "a owl:NamedIndividual, apg:Value"
FOREIGN = {
    "skos:prefLabel rdfs:domain apg:Person .": {"hijacked-term"},
    "foaf:Person rdfs:subClassOf apg:Person .": {"hijacked-term", "owl-dl"},
    'foaf:Person a owl:Class ; skos:definition "Mine."@en .': {"hijacked-term"},
    "foaf:knows a owl:ObjectProperty, owl:TransitiveProperty .": {"hijacked-term"},
    "org:Role a owl:Class ; rdfs:subClassOf my:Circle .": {"hijacked-term"},
    "owl:Thing rdfs:subClassOf my:Circle .": {"hijacked-term"},
    "rdf:type rdfs:range my:Circle .": {"hijacked-term"},
    "<http://other.example.com/ns#Thing> rdfs:subClassOf my:Circle .": {"hijacked-term"},
    # Needed, or the right way round, or of a namespace that may be the extension's own.
    "foaf:Person a owl:Class .": set(),
    'foaf:Person a owl:Class ; rdfs:label "person (FOAF)"@en .': set(),
    "my:Circle rdfs:subClassOf foaf:Group . foaf:Group a owl:Class .": set(),
    "<https://example.org/second#Team> a owl:Class ; rdfs:subClassOf my:Circle .": set(),
    "<https://elsewhere.example.net/second#Team> a owl:Class ; rdfs:subClassOf my:Circle .": set(),
    # The framework's terms, where none of them is the subject.
    "my:c a apg:Value ; owl:sameAs apgx:coaching .": {"foreign-axiom"},
    "[] a owl:Restriction ; owl:onProperty apg:hasRoleCharacter ; owl:someValuesFrom owl:Thing ; rdfs:subClassOf my:Circle .": (
        {"foreign-axiom"}
    ),
    "[] a owl:Class ; owl:intersectionOf ( apg:Person apg:Impulse ) ; rdfs:subClassOf my:Circle .": {
        "foreign-axiom"
    },
    "[] owl:inverseOf apg:hasRoleCharacter ; rdfs:domain my:Circle .": {"foreign-axiom"},
    "[] a owl:NegativePropertyAssertion ; owl:sourceIndividual apgx:coaching ; owl:assertionProperty skos:broader ; "
    "owl:targetIndividual my:c . my:c a apg:Value .": {"foreign-axiom"},
    '[] a owl:Axiom ; owl:annotatedSource apg:Person ; owl:annotatedProperty rdfs:label ; owl:annotatedTarget "person"@en ; '
    'rdfs:comment "mine" .': {"foreign-axiom"},
    "[] a owl:AllDisjointClasses ; owl:members ( apg:Team apg:Constellation my:Circle ) .": {"foreign-axiom"},
    "my:Circle owl:disjointUnionOf ( apg:Team apg:Constellation ) .": {"foreign-axiom"},
    # Said of a term of the extension, or no more than the framework itself says.
    "[] a owl:Class ; owl:intersectionOf ( my:Circle apg:Person ) ; rdfs:subClassOf apg:Role .": set(),
    "[] a owl:AllDisjointClasses ; owl:members ( apg:Person apg:Impulse my:Circle ) .": set(),
    "[] a owl:AllDifferent ; owl:distinctMembers ( apgx:coaching apgx:mentoring ) .": set(),
    "my:Circle owl:equivalentClass [ a owl:Class ; owl:unionOf ( apg:Team apg:Constellation ) ] .": set(),
    "my:has a owl:ObjectProperty ; owl:inverseOf apg:hasRoleCharacter .": set(),
}


@pytest.mark.parametrize("said", FOREIGN)
def test_what_changes_terms_of_others_is_told(said: str) -> None:
    prefixes = "".join(f"@prefix {prefix}: <{space}> ." for prefix, space in PREFIXES.items())
    text = (
        f"{prefixes} @prefix org: <http://www.w3.org/ns/org#> . @prefix my: <https://example.org/my#> ."
        "<https://example.org/my> a owl:Ontology . my:Circle a owl:Class ."
    )
    found = checker().check(parse((text + said).encode(), format=RdfFormat.TURTLE), "extension")
    judged = {"hijacked-term", "foreign-axiom", "foreign-subject"} | ({"owl-dl"} & FOREIGN[said])
    assert {breach.rule.id for breach in found.breaches} & judged == FOREIGN[said]


def test_a_vocabulary_may_say_what_its_own_terms_mean() -> None:
    text = (
        b"@prefix foaf: <http://xmlns.com/foaf/0.1/> . @prefix owl: <http://www.w3.org/2002/07/owl#> ."
        b"@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . foaf: a owl:Ontology ."
        b"foaf:Person a owl:Class ; rdfs:subClassOf foaf:Agent . foaf:Agent a owl:Class ."
    )
    found = checker().check(parse(text, format=RdfFormat.TURTLE), "extension")
    assert "hijacked-term" not in {breach.rule.id for breach in found.breaches}


def test_our_alignments_hijack_nothing() -> None:
    for file in sorted((resource_folder("ontology") / "alignments").glob("*.ttl")):
        found = checker().check(quads(file), "extension")
        assert "hijacked-term" not in {breach.rule.id for breach in found.breaches}, file


def test_a_list_of_many_is_looked_through_in_time() -> None:
    names = [f"<https://example.org/my#i{number}>" for number in range(3000)]
    cells = "".join(
        f"_:c{at} <{PREFIXES['rdf']}first> {name} ; <{PREFIXES['rdf']}rest> _:c{at + 1} ."
        for at, name in enumerate(names)
    )
    ends = f"_:c{len(names)} <{PREFIXES['rdf']}first> <{PREFIXES['apgx']}coaching> ; <{PREFIXES['rdf']}rest> <{PREFIXES['rdf']}nil> ."
    head = f"[] a <{PREFIXES['owl']}AllDifferent> ; <{PREFIXES['owl']}distinctMembers> _:c0 ."
    rule = [rule for rule in RULES if rule.id == "foreign-axiom"]
    begun = time.perf_counter()
    found = Checker(framework(), rule).check(
        parse((head + cells + ends).encode(), format=RdfFormat.TURTLE), "extension"
    )
    assert found.breaches == ()
    assert time.perf_counter() - begun < 10


def test_a_check_ends_at_its_time_limit(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Within a rule, too: this one compares everything with everything."""
    file = tmp_path / "many.ttl"
    file.write_text("".join(f"<urn:x:{n}> <urn:x:p> {n} .\n" for n in range(3000)), encoding="utf-8")
    slow = replace(
        next(rule for rule in RULES if rule.id == "foreign-axiom"),
        query="SELECT ?this { ?this ?p ?v . ?other ?q ?w . ?third ?r ?x FILTER(STR(?v) = CONCAT(STR(?w), STR(?x), 'x')) }",
    )
    monkeypatch.setattr("apgraph.release.quality.checking.read_rules", lambda: (slow,))
    begun = time.perf_counter()
    assert run(["check", str(file), "--timeout", "1"]) == 3
    assert time.perf_counter() - begun < 20
    assert "the check did not come to an end within 1 s; raise --timeout" in capsys.readouterr().err
    assert run(["check", str(file), "--timeout", "soon"]) == 2


def test_one_thing_is_told_as_one(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    waivers = tmp_path / "waivers.yaml"
    waivers.write_text("# none yet\n", encoding="utf-8")
    run(["check", str(FILES / "foreign-axiom" / "bad.ttl"), "--waivers", str(waivers)])
    said = capsys.readouterr().err
    assert "\n1 term, " in said
    assert f"{waivers}: there is no waiver in it" in said
    rule = next(rule for rule in RULES if rule.id == "missing-scheme")
    found = checker().check(quads(FILES / rule.id / "bad.ttl"), "extension")
    assert [" a apg:" in breach.message for breach in found.breaches] == [False]


def test_an_import_of_itself_is_told_by_address_and_by_version() -> None:
    for imported in ("https://example.org/e", "https://example.org/e/1.0.0"):
        text = (
            f"<https://example.org/e> a <{PREFIXES['owl']}Ontology> ; <{PREFIXES['owl']}imports> <{imported}> ; "
            f"<{PREFIXES['owl']}versionIRI> <https://example.org/e/1.0.0> ."
        )
        found = checker().check(parse(text.encode(), format=RdfFormat.TURTLE), "extension")
        assert [each.value for each in found.breaches if each.rule.id == "self-import"] == [imported]


@pytest.mark.parametrize("imported", ["", "https://w3id.org/apgraph/alignments/foaf/1.0.0"])
def test_classes_of_a_vocabulary_are_known_by_the_alignment_that_is_imported(
    tmp_path: Path, root: Path, imported: str
) -> None:
    text = (root / "ontology" / "extensions" / "template.ttl").read_text(encoding="utf-8")
    assert text.count("owl:imports ") == 1
    if imported:
        text = text.replace("owl:imports ", f"owl:imports <{imported}>, ")
    file = tmp_path / "extension.ttl"
    file.write_text(
        f'{text}\nmy:Circle a owl:Class ; rdfs:label "circle"@en ; '
        "rdfs:subClassOf <http://xmlns.com/foaf/0.1/Group>, apg:Collective ; "
        'skos:definition "A made-up group of colleagues who learn together."@en ; '
        'dcterms:source "Made up for this example." .\n',
        encoding="utf-8",
    )
    found = {notice.rule for notice in check_extensions([file]).open if "foaf" in notice.message}
    assert ("untyped-class" in found) is (imported == "")
    assert not imported or not found
