"""Validation where the data lies, in Virtuoso 7: what it says is what memory says, and what it can't say is said."""

from __future__ import annotations

import urllib.request
from collections import Counter
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, RdfFormat

from apgraph import Graph
from apgraph.resources import ontology_module, resource_folder
from apgraph.shacl import Report, Shapes, load_shapes, validate
from apgraph.store import OxigraphStore, ServiceStore, load_files

PREFIXES = """
PREFIX : <urn:x:> PREFIX sh: <http://www.w3.org/ns/shacl#> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
"""
BOOLEAN = "<http://www.w3.org/2001/XMLSchema#boolean>"
DATA = "urn:test:data"
FRAMEWORK = "urn:test:framework"
PIECES = [
    "sh:class :A",
    "sh:class :B",
    "sh:nodeKind sh:IRI",
    "sh:nodeKind sh:BlankNodeOrLiteral",
    "sh:datatype xsd:string",
    "sh:datatype xsd:integer",
    "sh:minLength 2",
    "sh:maxLength 2",
    'sh:pattern "^x"',
    'sh:languageIn ( "en" )',
    "sh:in ( :a :b 1 )",
    "sh:hasValue :a",
    "sh:hasValue 1",
    'sh:hasValue "x"@en',
    "sh:equals :q",
    "sh:disjoint :q",
    "sh:closed true ; sh:ignoredProperties ( rdf:type :p )",
    "sh:minInclusive 1",
    'sh:sparql [ sh:select "SELECT $this ?value WHERE { $this <urn:x:q> ?value FILTER NOT EXISTS { ?value a <urn:x:A> } }" ]',
]
COUNTS = [
    "sh:minCount 1",
    "sh:minCount 2",
    "sh:maxCount 0",
    "sh:maxCount 1",
    "sh:uniqueLang true",
    "sh:lessThan :q",
]
PATHS = [":p", ":q", "( :p :q )", "[ sh:inversePath :p ]", "[ sh:alternativePath ( :p :q ) ]", "[ sh:zeroOrMorePath :p ]", "[ sh:oneOrMorePath :p ]"]  # fmt: skip
NODES = [":a", ":b", ":c", "_:d"]
TERMS = [*NODES, "1", '"x"', '"xyz"', '"x"@en', '"y"@de']


def put(url: str, graph: str, store: OxigraphStore) -> None:
    """Send a graph as a file: what Virtuoso takes in one update has narrow bounds."""
    body = "\n".join(f"{q.subject} {q.predicate} {q.object} ." for q in store.quads(graph)).encode()
    address = f"{url}-graph-crud?graph-uri={quote(graph)}"
    request = urllib.request.Request(address, body, {"Content-Type": "text/turtle"}, method="PUT")
    with urllib.request.urlopen(request, timeout=120):
        pass


def memory_of(text: str) -> OxigraphStore:
    store = OxigraphStore()
    store.load((PREFIXES + text).encode(), format=RdfFormat.TURTLE, graph=DATA, name="data.ttl")
    return store


def shapes_of(text: str) -> Shapes:
    store = OxigraphStore()
    store.load((PREFIXES + text).encode(), format=RdfFormat.TURTLE, name="shapes.ttl")
    return Shapes(tuple(quad.triple for quad in store.quads()), ("shapes.ttl",), {})


def compare(there: Report, here: Report) -> None:
    """See that both have the same findings of whatever was checked there."""
    skipped = {(each.shape, each.component) for each in there.unchecked}

    def rows(report: Report) -> Counter[tuple[str, ...]]:
        return Counter(
            (
                "_:" if isinstance(f.focus_node, BlankNode) else str(f.focus_node),
                str(f.source_shape),
                f.component,
                f.path_text or "",
                # Virtuoso keeps true as 1, and gives it back so.
                "_:"
                if isinstance(f.value, BlankNode)
                else str(f.value).replace('"1"^^' + BOOLEAN, '"true"^^' + BOOLEAN),
            )
            for f in report
            if (f.source_shape, f.component) not in skipped
        )

    assert rows(there) == rows(here)
    assert not there.unchecked or not there.conforms


def test_the_rules_find_the_same_in_every_bad_case(virtuoso: str) -> None:
    memory = OxigraphStore()
    load_files(memory, [Path(__file__).parent / "cases"], graph=DATA)
    load_files(memory, [ontology_module(name) for name in ("core", "framework", "case")], graph=FRAMEWORK)
    for graph in (DATA, FRAMEWORK):
        put(virtuoso, graph, memory)
    shapes = load_shapes([resource_folder("shapes") / "case.ttl"])
    there, here = (
        validate(store, data_graphs=[DATA], ontology_graphs=[FRAMEWORK], shapes=shapes)
        for store in (ServiceStore(virtuoso), memory)
    )
    compare(there, here)
    assert len(there) > 50
    # Some compare dates or counts, which Virtuoso does with whatever it is given; one counts within a question.
    assert {each.reason for each in there.unchecked} == {
        "the service orders values that have no order, so it can't tell",
        "the service goes wrong about sets of nodes inside of another question, so it can't tell",
    }


def test_a_graph_is_connected_and_judged_in_place(virtuoso: str) -> None:
    memory = memory_of(":a a :A .")
    put(virtuoso, DATA, memory)
    graph = Graph.connect(virtuoso)
    assert graph.query("ASK { ?s a <urn:x:A> }") is True
    assert graph.query("ASK { ?s a <urn:x:none> }") is False


@pytest.mark.parametrize(
    ("shape", "reason"),
    [
        ("sh:property [ sh:path :p ; sh:minInclusive 1 ]", "orders values that have no order"),
        ("sh:property [ sh:path :p ; sh:lessThan :q ]", "orders values that have no order"),
        ("sh:not [ sh:property [ sh:path :p ; sh:maxExclusive 1 ] ]", "can't tell"),
        ('sh:sparql [ sh:select "SELECT $this { $this <urn:x:p> ?o FILTER(?o > 1) }" ]', "orders values"),
        (
            "sh:property [ sh:path :p ; sh:datatype xsd:positiveInteger ]",
            "another form than they were written",
        ),
    ],
)
def test_what_virtuoso_can_not_tell_is_not_checked(virtuoso: str, shape: str, reason: str) -> None:
    put(virtuoso, DATA, memory_of(':a :p "x"@en, 5 ; :q 7 .'))
    shapes = shapes_of(f":s sh:targetNode :a ; {shape} .")
    report = validate(ServiceStore(virtuoso), data_graphs=[DATA], shapes=shapes)
    assert [reason in each.reason for each in report.unchecked] == [True]
    assert not report.conforms


def test_blank_nodes_arrive_by_update(virtuoso: str) -> None:
    store = ServiceStore(virtuoso)
    store.remove_graph("urn:test:update")
    text = b"<urn:a> <urn:p> _:b . _:b <urn:q> 1 . <urn:c> <urn:p> _:b ."
    store.load(text, format=RdfFormat.TURTLE, graph="urn:test:update", name="a.ttl")
    query = "SELECT ?v { <urn:a> <urn:p> ?b . <urn:c> <urn:p> ?b . ?b <urn:q> ?v }"
    assert store.select(query, default_graphs=["urn:test:update"]).rows == ((Literal(1),),)


pieces = st.sampled_from(PIECES)
property_shapes = st.tuples(st.sampled_from(PATHS), st.sampled_from([*PIECES, *COUNTS])).map(
    lambda pair: f"[ sh:path {pair[0]} ; {pair[1]} ]"
)
inner = st.one_of(pieces.map(lambda piece: f"[ {piece} ]"), property_shapes)
shape = st.one_of(
    pieces,
    property_shapes.map(lambda one: f"sh:property {one}"),
    inner.map(lambda one: f"sh:not {one}"),
    st.tuples(st.sampled_from(["and", "or", "xone"]), st.lists(inner, min_size=1, max_size=2)).map(
        lambda both: f"sh:{both[0]} ( {' '.join(both[1])} )"
    ),
    st.tuples(st.sampled_from(PATHS), inner, st.integers(0, 1)).map(
        lambda three: (
            f"sh:property [ sh:path {three[0]} ; sh:qualifiedValueShape {three[1]} ; "
            f"sh:qualifiedMinCount {three[2]} ; sh:qualifiedMaxCount 1 ]"
        )
    ),
)
targets = st.sampled_from(
    ["sh:targetClass :A", "sh:targetNode :a, :b", "sh:targetSubjectsOf :p", "sh:targetObjectsOf :p"]
)
triples = st.lists(
    st.tuples(st.sampled_from(NODES), st.sampled_from([":p", ":q"]), st.sampled_from(TERMS)),
    min_size=1,
    max_size=8,
)
types = st.lists(st.tuples(st.sampled_from(NODES), st.sampled_from([":A", ":B"])), max_size=3)


several = st.lists(st.tuples(shape, targets), min_size=6, max_size=10)


@settings(max_examples=15, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
@given(several, triples, types)
def test_on_random_data_it_says_what_memory_says(
    virtuoso: str,
    several: list[tuple[str, str]],
    triples: list[tuple[str, str, str]],
    types: list[tuple[str, str]],
) -> None:
    lines = [" ".join((*triple, ".")) for triple in triples] + [f"{node} a {kind} ." for node, kind in types]
    memory = memory_of("\n".join([*lines, ":B rdfs:subClassOf :A ."]))
    put(virtuoso, DATA, memory)
    shapes = shapes_of(
        "\n".join(f":s{at} {target} ; {shape} ." for at, (shape, target) in enumerate(several))
    )
    there, here = (
        validate(store, data_graphs=[DATA], shapes=shapes) for store in (ServiceStore(virtuoso), memory)
    )
    compare(there, here)
