"""Axioms with a part missing, twice or of the wrong kind: each is named, none stops what reads it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, parse

from apgraph import Graph
from apgraph.errors import InputError
from apgraph.reasoning import check_profile, reason_dl
from apgraph.reasoning.profile import outside_dl, outside_rl
from apgraph.release.quality import Checker
from apgraph.release.quality.report import check_extensions

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HEAD = """
@prefix : <http://example.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
DECLARED = """
:A a owl:Class . :B a owl:Class . :C a owl:Class .
:p a owl:ObjectProperty . :q a owl:ObjectProperty . :r a owl:ObjectProperty .
:d a owl:DatatypeProperty . :n a owl:AnnotationProperty .
:i a owl:NamedIndividual . :j a owl:NamedIndividual .
"""
RESTRICTION = "a owl:Restriction ; owl:onProperty :p ;"
# Every kind of axiom and of expression, each of them right.
AXIOMS = (
    ":A rdfs:subClassOf :B .",
    ":A owl:equivalentClass [ a owl:Class ; owl:intersectionOf ( :B [ a owl:Class ; owl:complementOf :C ] ) ] .",
    ":A owl:equivalentClass [ a owl:Class ; owl:unionOf ( :B :C ) ] .",
    ":A owl:equivalentClass [ a owl:Class ; owl:oneOf ( :i :j ) ] .",
    ":A owl:unionOf ( :B :C ) .",
    ":A owl:disjointWith :B .",
    ":A owl:disjointUnionOf ( :B :C ) .",
    "[] a owl:AllDisjointClasses ; owl:members ( :A :B :C ) .",
    "[] a owl:AllDisjointProperties ; owl:members ( :p :q :r ) .",
    "[] a owl:AllDifferent ; owl:members ( :i :j ) .",
    "[] a owl:AllDifferent ; owl:distinctMembers ( :i :j ) .",
    "[] a owl:NegativePropertyAssertion ; owl:sourceIndividual :i ; owl:assertionProperty :p ; owl:targetIndividual :j .",
    '[] a owl:NegativePropertyAssertion ; owl:sourceIndividual :i ; owl:assertionProperty :d ; owl:targetValue "x" .',
    f":A rdfs:subClassOf [ {RESTRICTION} owl:someValuesFrom :B ] .",
    f":A rdfs:subClassOf [ {RESTRICTION} owl:allValuesFrom :B ] .",
    f":A rdfs:subClassOf [ {RESTRICTION} owl:hasValue :i ] .",
    f":A rdfs:subClassOf [ {RESTRICTION} owl:hasSelf true ] .",
    f":A rdfs:subClassOf [ {RESTRICTION} owl:maxCardinality 1 ] .",
    f":A rdfs:subClassOf [ {RESTRICTION} owl:minQualifiedCardinality 1 ; owl:onClass :B ] .",
    ":A rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :d ; owl:qualifiedCardinality 1 ; owl:onDataRange xsd:string ] .",
    ":A rdfs:subClassOf [ a owl:Restriction ; owl:onProperty [ owl:inverseOf :p ] ; owl:someValuesFrom :B ] .",
    ":d rdfs:range [ a rdfs:Datatype ; owl:onDatatype xsd:integer ; owl:withRestrictions ( [ xsd:minInclusive 1 ] ) ] .",
    ":D a rdfs:Datatype ; owl:equivalentClass [ a rdfs:Datatype ; owl:datatypeComplementOf xsd:string ] .",
    ':D a rdfs:Datatype ; owl:equivalentClass [ a rdfs:Datatype ; owl:oneOf ( "x" "y" ) ] .',
    ":p rdfs:domain :A ; rdfs:range :B ; rdfs:subPropertyOf :q ; owl:inverseOf :r .",
    ":p owl:equivalentProperty :q . :r owl:propertyDisjointWith :q .",
    ":p owl:propertyChainAxiom ( :q :r ) .",
    ":A owl:hasKey ( :p :d ) .",
    ":p a owl:FunctionalProperty, owl:InverseFunctionalProperty, owl:IrreflexiveProperty .",
    ":p a owl:TransitiveProperty, owl:SymmetricProperty, owl:ReflexiveProperty .",
    ':i a :A ; :p :j ; :d "x" ; owl:sameAs :k . :i owl:differentFrom :j . :k a owl:NamedIndividual .',
    "[] a owl:Axiom ; owl:annotatedSource :A ; owl:annotatedProperty rdfs:subClassOf ; owl:annotatedTarget :B ; :n 1 .",
)


def read(body: str) -> list[Quad]:
    return list(parse((HEAD + body).encode(), format=RdfFormat.TURTLE))


def spoiled(quads: list[Quad]) -> Iterator[list[Quad]]:
    """Yield an axiom with each triple left out, and with each of its objects put in place of or beside another."""
    odd = (Literal("x"), BlankNode(), NamedNode("http://example.org/z"), NamedNode("http://example.org/d"))
    for at, quad in enumerate(quads):
        rest = [*quads[:at], *quads[at + 1 :]]
        yield rest
        for term in (*odd, quad.subject):
            if term == quad.object:
                continue
            other = Quad(quad.subject, quad.predicate, term)
            yield [*rest, other]
            yield [*quads, other]


@pytest.mark.parametrize("axiom", AXIOMS)
def test_no_faulty_axiom_stops_what_reads_it(axiom: str) -> None:
    declared = read(DECLARED)
    assert not [
        each for each in check_profile([*declared, *read(axiom)], "DL") if each.rule.id == "dl-broken"
    ]
    for quads in spoiled(read(axiom)):
        for profile in ("DL", "RL", "EL"):
            check_profile([*declared, *quads], profile)
        outside_dl([*declared, *quads])
        outside_rl([*declared, *quads])


CELL = "a rdf:List ; rdf:first :B ; rdf:rest"
# What is wrong, and what is said of it.
FAULTS = {
    "[] a owl:NegativePropertyAssertion .": "without owl:sourceIndividual",
    "[] a owl:NegativePropertyAssertion ; owl:sourceIndividual :i, :j ; owl:assertionProperty :p ; owl:targetIndividual :j .": (
        "more than one owl:sourceIndividual"
    ),
    "[] a owl:NegativePropertyAssertion ; owl:sourceIndividual :i ; owl:assertionProperty :d ; owl:targetValue :j .": (
        "owl:targetValue is j, which is no literal"
    ),
    "[] a owl:AllDifferent .": "without owl:members or owl:distinctMembers",
    "[] a owl:AllDisjointClasses ; owl:members ( :A :B ), ( :A :C ) .": "more than one owl:members",
    '[] a owl:AllDifferent ; owl:members ( :i "j" ) .': 'the literal "j" stands for an individual',
    ":A owl:intersectionOf :notalist .": "notalist stands for a list",
    ':p owl:propertyChainAxiom "lit" .': '"lit" stands for a list',
    ":p owl:propertyChainAxiom () .": "an empty list",
    ":A owl:hasKey () .": "an empty list",
    ':A rdfs:subClassOf "lit" .': '"lit" stands for a class or a datatype',
    ':p rdfs:subPropertyOf "lit" .': '"lit" stands for a property',
    "[] a owl:Restriction ; owl:onProperty :p .": "a restriction that asks for nothing",
    "[] a owl:Restriction ; owl:someValuesFrom :B .": "a restriction without owl:onProperty",
    f"[] {RESTRICTION} owl:maxCardinality 'x' .": 'owl:maxCardinality is "x", no whole number',
    f":A rdfs:subClassOf [ {RESTRICTION} owl:someValuesFrom :B, :C ] .": "more than one of owl:someValuesFrom",
    f":A rdfs:subClassOf [ {RESTRICTION} owl:maxQualifiedCardinality 1 ] .": "with no owl:onClass",
    f":A rdfs:subClassOf [ {RESTRICTION} owl:hasSelf false ] .": "not true",
    ":A rdfs:subClassOf [ a owl:Class ; owl:unionOf ( :B :C ) ; owl:complementOf :B ] .": (
        "more than one owl:unionOf or owl:complementOf of one expression"
    ),
    "_:x owl:complementOf _:x ; a owl:Class . :A owl:equivalentClass _:x .": "an expression that contains itself",
    "_:x owl:complementOf _:y . _:y owl:complementOf _:x .": "an expression that contains itself",
    f"_:l {CELL} _:l . :A owl:unionOf _:l .": "a list that runs in a circle",
    f"_:l {CELL} rdf:nil ; rdf:first :C . :A owl:unionOf _:l .": "not one rdf:first and one rdf:rest",
    f"_:l {CELL} _:m . :A owl:unionOf _:l .": "not one rdf:first and one rdf:rest",
}


@pytest.mark.parametrize("axiom", FAULTS)
def test_a_fault_is_named_and_counted(axiom: str) -> None:
    quads = [*read(DECLARED), *read(axiom)]
    found = [str(each) for each in check_profile(quads, "DL") if each.rule.id == "dl-broken"]
    assert len(found) == 1
    assert FAULTS[axiom] in found[0]
    for said in (outside_dl(quads), outside_rl(quads)):
        assert said.startswith("1 axiom that OWL 2 has no room for: ")
        assert FAULTS[axiom] in said
    assert outside_rl(quads, faulty=False) == ""


def test_the_rules_name_faulty_axioms_beside_data(tmp_path: Path) -> None:
    """What they look at is asked of the store, where an axiom may be no more than its type."""
    file = tmp_path / "faulty.ttl"
    file.write_text(f"{HEAD}{DECLARED}[] a owl:AllDifferent . [] a owl:Restriction .", encoding="utf-8")
    graph = Graph()
    graph.load(file)
    (said,) = graph.reason().left_out
    assert said == (
        "2 axioms that OWL 2 has no room for: DifferentIndividuals(): without owl:members or owl:distinctMembers; "
        "Expression(broken): a restriction without owl:onProperty; apgraph check says why"
    )


@pytest.mark.parametrize(
    "axiom",
    [
        f":A rdfs:subClassOf [ a owl:Restriction ; owl:onProperty {on} ; {says} ] ."
        for on in ('"x"', ":p")
        for says in ("owl:hasValue :i", "owl:someValuesFrom :B", "owl:maxCardinality 1")
    ],
)
def test_a_check_comes_to_its_end(axiom: str) -> None:
    found = Checker().check([*read(DECLARED), *read(axiom)], "extension")
    assert ('"x"' in axiom) == any("stands for a property" in each.message for each in found.breaches)


def test_a_fault_has_its_file(tmp_path: Path) -> None:
    """Something without a name, in one of two files."""
    good, bad = tmp_path / "good.ttl", tmp_path / "bad.ttl"
    good.write_text(HEAD + DECLARED, encoding="utf-8")
    bad.write_text(HEAD + "[] a owl:NegativePropertyAssertion .\n", encoding="utf-8")
    (notice,) = [each for each in check_extensions([good, bad]).notices if each.rule == "owl-dl"]
    assert notice.file == str(bad)
    assert notice.message.endswith("Complete it, or leave it out.")


CIRCLES = (
    "_:x owl:complementOf _:x ; a owl:Class . :A owl:equivalentClass _:x .",
    ":A rdfs:subClassOf _:x . _:x a owl:Class ; owl:unionOf ( :B [ a owl:Class ; owl:intersectionOf ( :C _:x ) ] ) .",
)


@pytest.mark.parametrize("circle", CIRCLES)
def test_hermit_is_not_given_an_expression_without_an_end(circle: str, tmp_path: Path) -> None:
    file = tmp_path / "circle.ttl"
    file.write_text(f"{HEAD}{DECLARED}{circle}", encoding="utf-8")
    graph = Graph()
    graph.load(file)
    wanted = "<http://example.org/A> rdfs:subClassOf <http://example.org/B>"
    for ask in (lambda: graph.reason(dl=True), lambda: graph.justify(wanted)):
        with pytest.raises(
            InputError,
            match=rf"^{re.escape(str(file))}, near line \d+: an expression, in .* of A, contains itself",
        ):
            ask()


def test_a_check_names_an_expression_without_an_end() -> None:
    found = Checker().check([*read(DECLARED), *read(CIRCLES[0])], "extension")
    said = {each.rule.id: each.message for each in found.breaches}
    assert "an expression that contains itself" in said["owl-dl"]
    assert "means the same as (not itself)" in said["empty-class"]


NOT = "[ a owl:Class ; owl:complementOf :A ]"
# What holds something apart from itself, whether that leaves it consistent, and the classes without members.
APART = (
    (":i owl:differentFrom :i .", False, ()),
    ("[] a owl:AllDifferent ; owl:members ( :i :j :i ) .", False, ()),
    ("[] a owl:AllDifferent ; owl:distinctMembers ( :i :i ) .", False, ()),
    ("[] a owl:AllDifferent ; owl:members ( :i :j ) .", True, ()),
    (":A owl:disjointWith :A .", True, ("A",)),
    ("[] a owl:AllDisjointClasses ; owl:members ( :A :B :A ) .", True, ("A",)),
    (
        f"[] a owl:AllDisjointClasses ; owl:members ( {NOT} :B {NOT} ) . :C rdfs:subClassOf {NOT} .",
        True,
        ("C",),
    ),
    (":C owl:disjointUnionOf ( :B :B ) .", True, ("B", "C")),
    (":p owl:propertyDisjointWith :p . :i :p :j .", False, ()),
    ("[] a owl:AllDisjointProperties ; owl:members ( :d :d ) . :i :d 1 .", False, ()),
)


@pytest.mark.parametrize(("axioms", "consistent", "empty"), APART)
def test_what_is_held_apart_from_itself_is_so_for_hermit(
    axioms: str, consistent: bool, empty: tuple[str, ...]
) -> None:
    found = reason_dl([*read(DECLARED), *read(axioms)])
    assert (found.consistent, found.left_out) == (consistent, ())
    assert found.unsatisfiable == tuple(f"http://example.org/{each}" for each in empty)


NAMES = {
    ":A rdfs:subClassOf <http://other.org/A> .": "class other:A in SubClassOf(ex:A, other:A)",
    ":z rdfs:range :A .": "property ex:z in ObjectPropertyRange(ex:z, ex:A)",
    ":d rdfs:range xsd:intger .": "datatype xsd:intger (nearest: xsd:integer) in DataPropertyRange(ex:d, xsd:intger)",
    ":i :z :j .": "ex:i ex:z ex:j",
    ":n a owl:ObjectProperty .": "ex:n is object and annotation property",
}


@pytest.mark.parametrize("axiom", NAMES)
def test_names_of_two_namespaces_are_told_apart(axiom: str) -> None:
    spaces = {
        "http://example.org/": "ex:",
        "http://other.org/": "other:",
        "http://www.w3.org/2001/XMLSchema#": "xsd:",
    }

    def call(iri: str) -> str:
        return next(
            prefix + iri.removeprefix(space) for space, prefix in spaces.items() if iri.startswith(space)
        )

    found = check_profile([*read(DECLARED), *read(axiom)], "DL")
    assert any(f": {NAMES[axiom]} (" in each.words(call) for each in found)
    assert all(each.source is not None and list(each.source.names()) for each in found)


def test_the_remedy_is_that_of_the_rule(tmp_path: Path) -> None:
    file = tmp_path / "datatype.ttl"
    file.write_text(f"{HEAD}{DECLARED}:d rdfs:range xsd:intger .", encoding="utf-8")
    (notice,) = [each for each in check_extensions([file]).notices if each.rule == "owl-dl"]
    assert notice.message.endswith("Correct the name of the datatype, or use one of the map.")
    assert "literal" not in notice.message
    assert notice.line is not None
