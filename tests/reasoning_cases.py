"""Small ontologies made at random over every kind of axiom that OWL 2 RL has a rule for, as Turtle."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st
from pyoxigraph import RdfFormat, parse

if TYPE_CHECKING:
    from pyoxigraph import BlankNode, Literal, NamedNode, Triple

__all__ = ["HEAD", "ontologies", "triples"]

HEAD = """
@prefix : <http://example.org/> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
"""

classes = st.sampled_from([":A", ":B", ":C", ":D"])
properties = st.sampled_from([":p", ":q", ":r"])
things = st.sampled_from([":a", ":b", ":c", "_:d"])
named = st.sampled_from([":a", ":b", ":c"])


def _said(pattern: str, **parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.fixed_dictionaries(parts).map(lambda values: pattern.format(**values))


restrictions = st.one_of(
    _said("[ a owl:Restriction ; owl:onProperty {p} ; owl:hasValue {i} ]", p=properties, i=named),
    _said("[ a owl:Restriction ; owl:onProperty {p} ; owl:someValuesFrom {c} ]", p=properties, c=classes),
    _said("[ a owl:Restriction ; owl:onProperty {p} ; owl:someValuesFrom owl:Thing ]", p=properties),
    _said("[ a owl:Restriction ; owl:onProperty {p} ; owl:allValuesFrom {c} ]", p=properties, c=classes),
    _said("[ a owl:Restriction ; owl:onProperty {p} ; owl:maxCardinality 1 ]", p=properties),
    _said(
        "[ a owl:Restriction ; owl:onProperty {p} ; owl:maxQualifiedCardinality 1 ; owl:onClass {c} ]",
        p=properties,
        c=classes,
    ),
    _said(
        "[ a owl:Restriction ; owl:onProperty {p} ; owl:maxQualifiedCardinality 1 ; owl:onClass owl:Thing ]",
        p=properties,
    ),
)
expressions = st.one_of(
    classes,
    restrictions,
    _said("[ a owl:Class ; owl:intersectionOf ( {c} {e} ) ]", c=classes, e=restrictions),
    _said("[ a owl:Class ; owl:unionOf ( {c} {d} ) ]", c=classes, d=classes),
    _said("[ a owl:Class ; owl:oneOf ( {i} {j} ) ]", i=named, j=named),
)
axioms = st.one_of(
    _said("{c} rdfs:subClassOf {e} .", c=classes, e=expressions),
    _said("{e} rdfs:subClassOf {c} .", c=classes, e=restrictions),
    _said("{c} owl:equivalentClass {e} .", c=classes, e=expressions),
    _said("{c} owl:intersectionOf ( {d} {e} ) .", c=classes, d=classes, e=restrictions),
    _said("{p} rdfs:subPropertyOf {q} .", p=properties, q=properties),
    _said("{p} owl:equivalentProperty {q} .", p=properties, q=properties),
    _said("{p} owl:inverseOf {q} .", p=properties, q=properties),
    _said("{p} rdfs:domain {c} .", p=properties, c=classes),
    _said("{p} rdfs:range {c} .", p=properties, c=classes),
    _said("{p} a owl:TransitiveProperty .", p=properties),
    _said("{p} a owl:SymmetricProperty .", p=properties),
    _said("{p} a owl:FunctionalProperty .", p=properties),
    _said("{p} a owl:InverseFunctionalProperty .", p=properties),
    _said("{p} owl:propertyChainAxiom ( {q} {r} ) .", p=properties, q=properties, r=properties),
    _said("{p} owl:propertyChainAxiom ( {q} {r} {p} ) .", p=properties, q=properties, r=properties),
    _said("{c} owl:hasKey ( {p} ) .", c=classes, p=properties),
    _said("{c} owl:hasKey ( {p} :v ) .", c=classes, p=properties),
)
denials = st.one_of(
    _said("{c} owl:disjointWith {d} .", c=classes, d=classes),
    _said("{c} owl:complementOf {d} .", c=classes, d=classes),
    _said("[] a owl:AllDisjointClasses ; owl:members ( {c} {d} :E ) .", c=classes, d=classes),
    _said("{p} a owl:IrreflexiveProperty .", p=properties),
    _said("{p} a owl:AsymmetricProperty .", p=properties),
    _said("{p} owl:propertyDisjointWith {q} .", p=properties, q=properties),
    _said("[] a owl:AllDisjointProperties ; owl:members ( {p} {q} :s ) .", p=properties, q=properties),
    _said("{i} owl:differentFrom {j} .", i=named, j=named),
    _said("[] a owl:AllDifferent ; owl:distinctMembers ( {i} {j} :e ) .", i=named, j=named),
    _said("[] a owl:AllDifferent ; owl:members ( {i} {j} :e ) .", i=named, j=named),
    _said(
        "[] a owl:NegativePropertyAssertion ; owl:sourceIndividual {i} ; owl:assertionProperty {p} ; "
        "owl:targetIndividual {j} .",
        i=named,
        p=properties,
        j=named,
    ),
    _said("{c} rdfs:subClassOf owl:Nothing .", c=classes),
    _said(
        "{c} rdfs:subClassOf [ a owl:Restriction ; owl:onProperty {p} ; owl:maxCardinality 0 ] .",
        c=classes,
        p=properties,
    ),
    _said(
        "{c} rdfs:subClassOf "
        "[ a owl:Restriction ; owl:onProperty {p} ; owl:maxQualifiedCardinality 0 ; owl:onClass {d} ] .",
        c=classes,
        p=properties,
        d=classes,
    ),
)
facts = st.one_of(
    _said("{i} {p} {j} .", i=things, p=properties, j=things),
    _said("{i} {p} {j} .", i=things, p=properties, j=things),
    _said("{i} a {c} .", i=things, c=classes),
    _said("{i} a {c} .", i=things, c=classes),
    _said('{i} :v "x" .', i=things),
    _said("{i} owl:sameAs {j} .", i=named, j=named),
)

DECLARED = (
    ":A a owl:Class . :B a owl:Class . :C a owl:Class . :D a owl:Class . :p a owl:ObjectProperty . "
    ":q a owl:ObjectProperty . :r a owl:ObjectProperty . :v a owl:DatatypeProperty .\n"
)


def ontologies(*, contradictions: bool = False) -> st.SearchStrategy[str]:
    """Return ontologies with data as Turtle; with axioms that data can contradict, if so asked."""
    said = st.one_of(axioms, denials) if contradictions else axioms
    return st.tuples(st.lists(said, min_size=1, max_size=5), st.lists(facts, min_size=1, max_size=6)).map(
        lambda parts: HEAD + DECLARED + "\n".join((*parts[0], *parts[1]))
    )


def triples(
    text: str,
) -> list[tuple[NamedNode | BlankNode | Triple, NamedNode, NamedNode | BlankNode | Literal | Triple]]:
    """Return the triples of a text in Turtle."""
    return [(q.subject, q.predicate, q.object) for q in parse(text.encode(), format=RdfFormat.TURTLE)]
