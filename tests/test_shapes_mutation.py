"""No constraint of the rules can go without a bad case noticing: a mutation score of 100 %."""

from __future__ import annotations

import contextlib
import re
from functools import cache
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from apgraph.errors import InputError
from apgraph.resources import FRAMEWORK, ontology_module, resource_folder
from apgraph.shacl import Shapes, load_shapes, validate
from apgraph.shacl.report import SH
from apgraph.store import OxigraphStore, load_files
from apgraph.vocabulary import APG, APGSH, PREFIXES

RDF = PREFIXES["rdf"]
CASES = Path(__file__).parent / "cases"
# What describes a shape; every other property of SHACL's that a shape has can change what it finds.
DESCRIBES = {
    "severity",
    "message",
    "name",
    "description",
    "order",
    "path",
    "prefixes",
    "prefix",
    "namespace",
    "select",
    "declare",
    # Without its only step a path is no path, which the engine refuses.
    "inversePath",
}


@cache
def shapes() -> Shapes:
    return load_shapes([resource_folder("shapes") / f"{name}.ttl" for name in ("case", "extension")])


@cache
def store() -> OxigraphStore:
    framework, loaded = OxigraphStore(), OxigraphStore()
    load_files(framework, [ontology_module(name) for name in ("core", "framework", "case")], graph=FRAMEWORK)
    # All that the rules ask of the framework; with the rest each of these many runs takes twice as long.
    wanted = {
        *(PREFIXES["rdf"] + "type", PREFIXES["rdfs"] + "subClassOf", PREFIXES["rdfs"] + "label"),
        *(APG + "hasSummaryFeature", APG + "isMarkedByAbsenceOf"),
    }
    loaded.add(quad for quad in framework.quads(FRAMEWORK) if quad.predicate.value in wanted)
    load_files(loaded, [CASES], graph=lambda file: f"urn:test:{file.stem}")
    return loaded


@cache
def of_rule(number: int) -> Shapes:
    """The shapes of one rule, and all that they lead to."""
    queue: list[object] = [
        shape
        for shape in shapes().nodes()
        if isinstance(shape, NamedNode)
        and Literal(number) in {Literal(int(n.value)) for n in shapes().objects(shape, f"{APGSH}ruleNumber")}
    ]
    reached: set[object] = set()
    while queue:
        node = queue.pop()
        if node not in reached:
            reached.add(node)
            queue.extend(t.object for t in shapes().triples if t.subject == node)
    triples = tuple(t for t in shapes().triples if t.subject in reached)
    return Shapes(triples, shapes().files, shapes().origin)


def caught(number: int, rules: Shapes) -> set[str]:
    """The bad cases of a rule in which some shapes find anything."""
    names = [file.stem for file in CASES.glob(f"rule-{number:02}-*.ttl")]
    graphs = [f"urn:test:{name}" for name in names]
    report = validate(store(), data_graphs=graphs, shapes=rules, ontology_graphs=[FRAMEWORK])
    found = set()
    for finding in report:
        assert isinstance(finding.focus_node, NamedNode)
        found.add(_case(finding.focus_node.value, names))
    return found


def _case(node: str, names: list[str]) -> str:
    """The case that a focus node is of; terms of an extension, and what is said of ours, have its name too."""
    (name,) = (name for name in names if re.search(rf"[:/#]{name}($|[:/])", node))
    return name


def mutants() -> list[tuple[int, Triple]]:
    found = []
    numbers = sorted({int(file.stem[5:7]) for file in CASES.glob("rule-*.ttl")})
    for number in numbers:
        for triple in of_rule(number).triples:
            name = triple.predicate.value.removeprefix(SH)
            if triple.predicate.value.startswith(SH) and name not in DESCRIBES:
                found.append((number, triple))
    return found


def label(mutant: tuple[int, Triple]) -> str:
    # Names of blank nodes are others in each process, and tests have to be named alike in all of them.
    number, triple = mutant
    subject, value = (
        "blank" if isinstance(term, BlankNode) else re.split(r"[#/]", str(term))[-1].strip('">')
        for term in (triple.subject, triple.object)
    )
    return f"{number}-{subject[:40]}-{triple.predicate.value.removeprefix(SH)}-{value[:30]}"


@pytest.mark.parametrize("number", sorted({number for number, _ in mutants()}))
def test_every_bad_case_is_caught_by_the_shapes_of_its_rule(number: int) -> None:
    assert caught(number, of_rule(number)) == {file.stem for file in CASES.glob(f"rule-{number:02}-*.ttl")}


@pytest.mark.parametrize("mutant", mutants(), ids=label)
def test_without_it_a_bad_case_passes(mutant: tuple[int, Triple]) -> None:
    number, gone = mutant
    rules = of_rule(number)
    weaker = Shapes(tuple(t for t in rules.triples if t != gone), rules.files, rules.origin)
    if gone.subject in negated(rules):
        # What asks less where it is denied makes the rule ask more: a good case notices.
        assert outcome(weaker, number) != normal(number), f"nothing notices that {gone} is gone"
        return
    missed = {file.stem for file in CASES.glob(f"rule-{number:02}-*.ttl")} - caught(number, weaker)
    assert missed, f"nothing notices that {gone} is gone"


def negated(rules: Shapes) -> set[object]:
    """The shapes that another one denies."""
    return {triple.object for triple in rules.triples if triple.predicate.value == f"{SH}not"}


# -- inside the SPARQL of a constraint, and inside lists -------------------------------


def outcome(rules: Shapes, number: int) -> list[tuple[str, str]]:
    """What shapes find in the bad cases of a rule and in all good ones."""
    # Dates that are none are bad cases of rule 8, and rules 9 and 10 have to keep silent about them.
    kinds = ("good-", f"rule-{number:02}-", "rule-08-" if number in {9, 10} else "good-")
    names = [file.stem for file in CASES.glob("*.ttl") if file.stem.startswith(kinds)]
    graphs = [f"urn:test:{name}" for name in sorted(names)]
    report = validate(store(), data_graphs=graphs, shapes=rules, ontology_graphs=[FRAMEWORK])
    return sorted((str(finding.focus_node), str(finding.source_shape)) for finding in report)


@cache
def normal(number: int) -> list[tuple[str, str]]:
    return outcome(of_rule(number), number)


def replaced(rules: Shapes, old: Triple, new: Triple) -> Shapes:
    return Shapes(tuple(new if t == old else t for t in rules.triples), rules.files, rules.origin)


def query_mutants() -> list[tuple[int, Triple, str]]:
    """Each line of each query that can be left out, left out."""
    found = []
    for number in (2, 5, 7, 8, 9, 10, 19, 20, 21, 24):
        for triple in of_rule(number).triples:
            if triple.predicate.value == f"{SH}select" and isinstance(triple.object, Literal):
                lines = triple.object.value.splitlines()
                for place, line in enumerate(lines):
                    if line.strip().startswith("FILTER") or line.strip().startswith(
                        ("$this", "?value", "apg:")
                    ):
                        end = re.sub(r".*?([.;]?)$", r"\1", line)
                        shorter = [*lines[:place], end, *lines[place + 1 :]]
                        found.append((number, triple, "\n".join(shorter)))
    return found


@pytest.mark.parametrize("mutant", query_mutants(), ids=lambda m: f"{m[0]}")
def test_every_line_of_a_query_matters(mutant: tuple[int, Triple, str]) -> None:
    number, old, query = mutant
    rules = replaced(of_rule(number), old, Triple(old.subject, old.predicate, Literal(query)))
    # Without some lines the query does not parse, which is notice enough.
    with contextlib.suppress(InputError):
        assert outcome(rules, number) != normal(number), f"nothing notices the query\n{query}"


def list_mutants() -> list[tuple[int, Triple, Triple]]:
    """Each list of each rule, its first member left out."""
    found = []
    for number in (7, 8, 14, 15, 16, 17, 18, 23, 24, 25):
        rules = of_rule(number)
        for triple in rules.triples:
            if triple.predicate.value in {f"{SH}or", f"{SH}xone", f"{SH}in"}:
                assert isinstance(triple.object, BlankNode)
                (rest,) = rules.objects(triple.object, RDF + "rest")
                found.append((number, triple, Triple(triple.subject, triple.predicate, rest)))
    return found


@pytest.mark.parametrize("mutant", list_mutants(), ids=lambda m: label((m[0], m[1])))
def test_every_member_of_a_list_matters(mutant: tuple[int, Triple, Triple]) -> None:
    number, old, new = mutant
    assert outcome(replaced(of_rule(number), old, new), number) != normal(number)
