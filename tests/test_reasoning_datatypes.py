"""Which values a datatype has: the rules and HermiT agree, or what HermiT does not look at is told."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from apgraph import Graph
from apgraph.cli.entry import run
from apgraph.reasoning import reason_dl
from apgraph.reasoning.rl import Explainer, close, find_clashes
from apgraph.reasoning.rl.program import compile_rules
from apgraph.reasoning.rl.rule import facts
from apgraph.reasoning.rl.schema import Schema
from apgraph.reasoning.rl.values import compared
from apgraph.store import INFERRED, OxigraphStore

if TYPE_CHECKING:
    from pathlib import Path

HEAD = """
@prefix : <http://example.org/> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<http://example.org/o> a owl:Ontology .
"""
WHOLE = "integer nonNegativeInteger positiveInteger long int short byte unsignedLong unsignedInt unsignedShort unsignedByte"
TEXT = "string normalizedString token language Name NCName NMTOKEN"
# Of each datatype of OWL 2's map that the rules know, and of some that OWL 2 has not: what the values of others are.
VALUES = {
    "3": {*WHOLE.split(), "decimal"},
    "-3": {"integer", "nonPositiveInteger", "negativeInteger", "decimal", "long", "int", "short", "byte"},
    "3.5": {"decimal"},
    '"3.0"^^xsd:decimal': {*WHOLE.split(), "decimal"},
    '"3"^^xsd:byte': {*WHOLE.split(), "decimal"},
    "300": {*WHOLE.split(), "decimal"} - {"byte", "unsignedByte"},
    "3.0e0": {"double"},
    '"NaN"^^xsd:double': {"double"},
    '"3.0"^^xsd:float': {"float"},
    '"x"': {*TEXT.split(), "PlainLiteral"},
    '"x y"': {"string", "normalizedString", "token", "PlainLiteral"},
    '" x"': {"string", "normalizedString", "PlainLiteral"},
    '"x\\ny"': {"string", "PlainLiteral"},
    '"x"^^xsd:NCName': {*TEXT.split(), "PlainLiteral"},
    '"x"@en': {"langString", "PlainLiteral"},
    "true": {"boolean"},
    '"0A"^^xsd:hexBinary': {"hexBinary"},
    '"urn:x"^^xsd:anyURI': {"anyURI"},
    '"2021-05-14T10:00:00"^^xsd:dateTime': {"dateTime"},
    '"2021-05-14T10:00:00Z"^^xsd:dateTime': {"dateTime", "dateTimeStamp"},
    '"2021-05-14T10:00:00Z"^^xsd:dateTimeStamp': {"dateTime", "dateTimeStamp"},
    '"<a/>"^^rdf:XMLLiteral': {"XMLLiteral"},
    '"2021-05-14"^^xsd:date': {"date"},
    '"2021"^^xsd:gYear': {"gYear"},
}
TYPES = sorted(set().union(*VALUES.values()))
# HermiT is told of dates as of texts in a language, and overlooks white space; it is said that these are not checked.
BLIND = {
    '"2021-05-14"^^xsd:date': {"PlainLiteral", "langString"},
    '"2021"^^xsd:gYear': {"PlainLiteral", "langString"},
    '" x"': {"NMTOKEN", "Name", "language"},
    '"x\\ny"': {"NCName", "NMTOKEN", "Name", "language", "normalizedString", "token"},
}


def prefixed(datatype: str) -> str:
    return ("rdf:" if datatype in {"PlainLiteral", "langString", "XMLLiteral"} else "xsd:") + datatype


def read(text: str) -> list[Quad]:
    return list(parse((HEAD + text).encode(), format=RdfFormat.TURTLE))


def clashing(text: str) -> set[tuple[str, str]]:
    """Return what contradicts itself by the rules: rule and subject."""
    store = OxigraphStore()
    store.load((HEAD + text).encode(), format=RdfFormat.TURTLE, graph="urn:g")
    found = find_clashes(store, close(store)).steps
    return {(step.rule, str(step.premises[0][0]).rsplit("/", 1)[1].strip(">")) for step in found}


RANGES = "\n".join(
    f":v{at} a owl:DatatypeProperty ; rdfs:range {prefixed(k)} ." for at, k in enumerate(TYPES)
)
WRONG = {
    f"c{row}-{at}"
    for (row, (_, within)), (at, kind) in product(enumerate(VALUES.items()), enumerate(TYPES))
    if kind not in within
}


def test_the_rules_know_every_value() -> None:
    for row, value in enumerate(VALUES):
        said = " ".join(f":c{row}-{at} :v{at} {value} ." for at in range(len(TYPES)))
        wrong = {name for name in WRONG if name.startswith(f"c{row}-")}
        assert clashing(RANGES + said) == {("dt-not-type", name) for name in wrong}, value


def test_hermit_knows_every_value() -> None:
    # A class for each value and range: can it have a member?
    classes = "\n".join(
        f":c{row}-{at} a owl:Class ; rdfs:subClassOf "
        f"[ a owl:Restriction ; owl:onProperty :v{at} ; owl:hasValue {value} ] ."
        for (row, value), at in product(enumerate(VALUES), range(len(TYPES)))
    )
    found = reason_dl(read(RANGES + classes))
    blind = {
        f"c{row}-{at}"
        for (row, value), (at, kind) in product(enumerate(VALUES), enumerate(TYPES))
        if kind in BLIND.get(value, ())
    }
    assert {iri.rsplit("/", 1)[1] for iri in found.unsatisfiable} == WRONG - blind
    dates, spaces = found.left_out
    assert "rdf:langString" in dates
    assert "white space" in spaces


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (':a :v "0A"^^xsd:hexBinary, "QUJD"^^xsd:base64Binary .', "xsd:base64Binary"),
        (':a :v "x"^^:own .', "<http://example.org/own>"),
        (":own a rdfs:Datatype . :v rdfs:range :own . :a :v 3 .", "<http://example.org/own>"),
        (':v rdfs:range xsd:base64Binary . :a :v "QUJD"^^xsd:base64Binary .', None),
        (':v rdfs:range xsd:double, xsd:date . :a :w "2021-05-14"^^xsd:date .', None),
    ],
)
def test_what_hermit_does_not_look_at_is_told(more: str, told: str | None) -> None:
    found = reason_dl(read(":v a owl:DatatypeProperty . :w a owl:DatatypeProperty . " + more))
    assert found.consistent
    assert [told in text for text in found.left_out if told] == ([True] if told else [])
    assert bool(found.left_out) == bool(told)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("3", "3.0", True),
        ("3", '"3"^^xsd:int', True),
        ("true", '"1"^^xsd:boolean', True),
        ('"x"', '"x"^^xsd:token', True),
        ("3", "3.0e0", False),
        ("3", '"4"^^xsd:int', False),
        ("3", '"3"', False),
        ("3.0e0", '"3.0"^^xsd:float', False),
        ("true", "1", False),
        ('"x"', '"x"@en', False),
        ('"urn:a"^^xsd:anyURI', '"urn:b"^^xsd:anyURI', False),
        ('"2021-05-14"^^xsd:date', '"2021"^^xsd:gYear', False),
    ],
)
@pytest.mark.parametrize(
    "axiom",
    [
        ":v a owl:FunctionalProperty . ",
        ":A rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :v ; owl:maxCardinality 1 ] . ",
    ],
)
def test_values_of_one_space_are_compared_and_others_differ(
    one: str, other: str, same: bool, axiom: str
) -> None:
    text = f":v a owl:DatatypeProperty . :A a owl:Class . {axiom} :a a :A ; :v {one}, {other} ."
    assert clashing(text) == (set() if same else {("dt-diff", "a")})


@pytest.mark.parametrize("literal", ['"abc"^^xsd:integer', '"2021-02-30"^^xsd:date', '"ja"^^xsd:boolean'])
def test_a_literal_without_a_value_is_named_with_its_place(
    literal: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert clashing(f":a :v {literal} . :b :v 12 .") == {("dt-not-type", "a")}
    file = tmp_path / "data.ttl"
    file.write_text(f"{HEAD}:v a owl:DatatypeProperty .\n:b :v 12 .\n:a :v {literal} .\n", encoding="utf-8")
    line = file.read_text(encoding="utf-8").count("\n")
    graph = Graph(framework=False)
    graph.load(file)
    (clash,) = graph.reason().clashes
    assert [str(origin) for origin in graph.origins(clash)] == [f"{file}, near line {line}"]
    assert run(("reason", "--dl", str(file))) == 2
    told = capsys.readouterr()
    assert told.err.startswith(f"apgraph: {file}, near line {line}: '{literal.split(chr(34))[1]}', by v of a")
    assert told.err.count("\n") == 1


def test_a_service_knows_the_same_values(fuseki: str) -> None:
    from apgraph.store import ServiceStore

    service = ServiceStore(fuseki)
    text = (
        RANGES
        + ':v a owl:FunctionalProperty . :a :v 3, 3.0e0 . :b :w "abc"^^xsd:integer . :c :v 3, 3.0 . '
        + "".join(
            f":c{row}-{at} :v{at} {value} ."
            for row, value in enumerate(VALUES)
            for at in range(len(TYPES))
            if f"c{row}-{at}" not in WRONG
        )
    )
    service.load((HEAD + text).encode(), format=RdfFormat.TURTLE, graph="urn:g")
    found = find_clashes(service, close(service)).steps
    place = "http://example.org/"
    assert [(step.rule, step.premises[0][0]) for step in found] == [
        ("dt-diff", NamedNode(place + "a")),
        ("dt-not-type", NamedNode(place + "b")),
    ]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        (":C owl:hasKey ( :p ) . :a a :C ; :p 3 . :b a :C ; :p 3.0 ; owl:differentFrom :a .", "prp-key"),
        (
            ":C owl:hasKey ( :p :q ) . :a a :C ; :p 3 ; :q 'x' . "
            ":b a :C ; :p 3.0 ; :q 'x'^^xsd:token ; owl:differentFrom :a .",
            "prp-key",
        ),
        (
            ":A owl:equivalentClass [ owl:onProperty :p ; owl:hasValue 3 ] ; owl:disjointWith :B . :x :p 3.0 ; a :B .",
            "cls-hv2",
        ),
        (
            ":D rdfs:subClassOf [ owl:onProperty :p ; owl:hasValue 3.0 ] . :C owl:hasKey ( :p ) . "
            ":a a :C ; :p 3 . :b a :C, :D ; owl:differentFrom :a .",
            "prp-key",
        ),
        (":p a owl:InverseFunctionalProperty . :a :p 3 . :b :p 3.0 ; owl:differentFrom :a .", "prp-ifp"),
        (":p owl:propertyDisjointWith :q . :a :p 3 ; :q 3.0 .", "prp-pdw"),
        (
            "[] a owl:NegativePropertyAssertion ; owl:sourceIndividual :a ; owl:assertionProperty :p ; "
            "owl:targetValue 3 . :a :q 3.0 . :q rdfs:subPropertyOf :p .",
            "prp-npa2",
        ),
    ],
)
def test_a_value_is_one_however_it_is_written(text: str, rule: str) -> None:
    store = OxigraphStore()
    store.load((HEAD + text).encode(), format=RdfFormat.TURTLE, graph="urn:g")
    closure = close(store)
    (clash, *_) = find_clashes(store, closure).steps
    explained = Explainer(store, closure).contradiction(clash)
    rules = {line.rule for line in explained.lines} | {explained.clash}
    assert {rule, "dt-eq"} <= rules
    # It is a step on the way, and no result: nobody is told twice what somebody's number is.
    inferred = {(q.subject, q.predicate, q.object) for q in store.quads(INFERRED)}
    numbers = [fact for fact in inferred if isinstance(fact[2], Literal) and fact[1].value.endswith("p")]
    assert len(numbers) <= 1
    assert closure.inferred == len(inferred)


def test_of_different_value_spaces_are_different_values() -> None:
    store = OxigraphStore()
    text = ":C owl:hasKey ( :p ) . :a a :C ; :p 3 . :b a :C ; :p 3e0 ; owl:differentFrom :a . :c a :C ; :p 'x', 4.5 ."
    store.load((HEAD + text).encode(), format=RdfFormat.TURTLE, graph="urn:g")
    assert not find_clashes(store, close(store)).steps


def test_a_value_that_is_written_in_a_new_way_later() -> None:
    store = OxigraphStore()
    store.load(
        (HEAD + ":C owl:hasKey ( :p ) . :a a :C ; :p 3 .").encode(), format=RdfFormat.TURTLE, graph="urn:g"
    )
    before = close(store)
    store.load((HEAD + ":b a :C ; :p 3.0 .").encode(), format=RdfFormat.TURTLE, graph="urn:h")
    after = close(store, previous=before, added=["urn:h"])
    assert "prp-key" in after.counts
    again = close(store, previous=after, added=[])
    assert again.inferred == after.inferred


def test_where_no_rule_compares_values_none_are_asked_for() -> None:
    plain = ":A rdfs:subClassOf :B . :p a owl:TransitiveProperty ; rdfs:range :B . :a owl:sameAs :b ; :p :c ; :q 3, 3.0 ."
    for text, number in ((plain, 0), (f"{plain} :A owl:hasKey ( :q ) .", 1)):
        schema = Schema(facts(parse((HEAD + text).encode(), format=RdfFormat.TURTLE)))
        assert len(compared(compile_rules(schema))[0]) == number
