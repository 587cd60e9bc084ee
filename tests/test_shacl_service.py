"""Validation where the data lies, behind a SPARQL service: as in memory."""

from __future__ import annotations

from collections import Counter

import pytest
from pyoxigraph import BlankNode, RdfFormat

from apgraph.shacl import Report, Shapes, validate
from apgraph.store import OxigraphStore, ServiceStore

PREFIXES = """
PREFIX : <urn:x:> PREFIX sh: <http://www.w3.org/ns/shacl#> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
"""
DATA = (
    PREFIXES
    + """
:B rdfs:subClassOf :A .
:a a :A ; :p 1, 2, "x"@en, "y"@en ; :q :b, [ :p 3 ] ; :r :c .
:b a :B ; :p "01"^^xsd:integer, "-5"^^xsd:positiveInteger, "2021-02-30"^^xsd:date ; :q :a .
:c a :B ; :r :a, :b ; :q "abc", "xyz" .
[] a :A ; :p 7 ; :q :nowhere .
"""
)
SHAPES = {
    "value types": ":s sh:targetClass :A ; sh:property [ sh:path :p ; sh:datatype xsd:positiveInteger ; sh:nodeKind sh:Literal ] ; sh:property [ sh:path :q ; sh:class :A ] .",
    "counts": ":s sh:targetClass :A ; sh:property [ sh:path :p ; sh:minCount 2 ; sh:maxCount 2 ] ; sh:property [ sh:path ( :q :p ) ; sh:minCount 1 ] .",
    "ranges": ":s sh:targetNode :a, :c ; sh:property [ sh:path :p ; sh:minInclusive 1 ; sh:maxExclusive 3 ] .",
    "strings": ':s sh:targetObjectsOf :q ; sh:minLength 4 ; sh:maxLength 7 ; sh:pattern "^a" ; sh:languageIn ( "en" ) .',
    "languages": ":s sh:targetClass :A ; sh:property [ sh:path :p ; sh:uniqueLang true ] .",
    "pairs": ":s sh:targetClass :A ; sh:property [ sh:path :q ; sh:equals :r ; sh:disjoint :p ] ; sh:property [ sh:path :p ; sh:lessThan :q ] .",
    "logic": ":s sh:targetClass :A ; sh:not [ sh:property [ sh:path :r ; sh:minCount 1 ] ] ; sh:xone ( [ sh:property [ sh:path ( :q :q ) ; sh:minCount 1 ] ] [ sh:property [ sh:path :r ; sh:minCount 2 ] ] ) ; sh:or ( [ sh:property [ sh:path ( :r :r ) ; sh:minCount 1 ] ] [ sh:class :B ] ) .",
    "qualified": ":s sh:targetClass :A ; sh:property [ sh:path :q ; sh:qualifiedValueShape [ sh:class :B ] ; sh:qualifiedMinCount 1 ; sh:qualifiedMaxCount 1 ] .",
    "inner": ":s sh:targetClass :A ; sh:node [ sh:property [ sh:path :q ; sh:node [ sh:property [ sh:path :p ; sh:maxCount 1 ] ] ] ] .",
    "paths": ":s sh:targetNode :a, :nowhere ; sh:property [ sh:path [ sh:zeroOrMorePath :q ] ; sh:nodeKind sh:BlankNode ] ; sh:property [ sh:path [ sh:alternativePath ( [ sh:inversePath :r ] :p ) ] ; sh:maxCount 2 ] ; sh:property [ sh:path [ sh:oneOrMorePath :r ] ; sh:hasValue :b ] .",
    "closed": ":s sh:targetClass :A ; sh:closed true ; sh:ignoredProperties ( <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> :p ) .",
    "lists": ":s sh:targetClass :A ; sh:property [ sh:path :q ; sh:in ( :a :b ) ; sh:hasValue :a ] .",
    "sparql": ':s sh:targetClass :A ; sh:sparql [ sh:message "Has {?value}." ; sh:select "SELECT $this ?value WHERE { $this <urn:x:q> ?value FILTER NOT EXISTS { ?value a <urn:x:B> } }" ] .',
}


def shapes_of(text: str) -> Shapes:
    store = OxigraphStore()
    store.load((PREFIXES + text).encode(), format=RdfFormat.TURTLE, name="shapes.ttl")
    return Shapes(tuple(quad.triple for quad in store.quads()), ("shapes.ttl",), {})


def keys(report: Report) -> Counter[tuple[str, ...]]:
    def shown(term: object) -> str:
        return "_:" if isinstance(term, BlankNode) else str(term)

    assert report.unchecked == ()
    return Counter(
        (
            shown(f.focus_node),
            f.path_text or "",
            shown(f.value),
            f.component_name,
            "" if isinstance(f.value, BlankNode) else f.message,
        )
        for f in report
    )


@pytest.mark.parametrize("name", SHAPES)
def test_a_service_answers_as_memory_does(fuseki: str, name: str) -> None:
    service, memory = ServiceStore(fuseki), OxigraphStore()
    for store in (service, memory):
        store.load(DATA.encode(), format=RdfFormat.TURTLE, graph="urn:test:data", name="data.ttl")
    shapes = shapes_of(SHAPES[name])
    there = validate(service, data_graphs=["urn:test:data"], shapes=shapes, engine="sets")
    here = validate(memory, data_graphs=["urn:test:data"], shapes=shapes, engine="sets")
    assert keys(there) == keys(here)
    assert len(here) > 0


def test_what_a_service_can_not_do_is_not_checked(fuseki: str) -> None:
    service = ServiceStore(fuseki)
    service.load(DATA.encode(), format=RdfFormat.TURTLE, graph="urn:test:data", name="data.ttl")
    shapes = shapes_of(':s sh:targetClass :A ; sh:pattern "(?<=[a" ; sh:class :A .')
    report = validate(service, data_graphs=["urn:test:data"], shapes=shapes, engine="sets")
    (unchecked,) = report.unchecked
    assert "regular expression" in str(unchecked)
    assert not report.conforms
