"""rdflib over a store: live, as written, and at Oxigraph's speed."""

from __future__ import annotations

import time

import pytest
import rdflib
from pyoxigraph import RdfFormat
from rdflib import RDF, XSD, BNode, Dataset, Literal, URIRef
from rdflib.compare import isomorphic
from rdflib.query import ResultRow

from apgraph.errors import InputError
from apgraph.store import OxigraphStore, RdflibStore, ServiceStore, to_rdflib

S, P, G = URIRef("urn:s"), URIRef("urn:p"), URIRef("urn:g")

TEXT = """
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<urn:s> a <urn:T> ; <urn:p> "plain", "typed"^^xsd:string, "x"@en-GB, 01, 1, "5"^^xsd:byte, "oops"^^xsd:date, 1.50 ;
  <urn:q> [ <urn:p> "in"@EN ], ( 1 02 ) .
"""


def rows(graph: rdflib.Graph, query: str, **bindings: rdflib.term.Identifier) -> list[list[str]]:
    result = graph.query(query, initBindings=bindings)
    return [[str(term) for term in row] for row in result if isinstance(row, ResultRow)]


def written(graph: rdflib.Graph) -> set[str]:
    return {term.n3() for term in graph.objects(S, P)}


def loaded() -> tuple[OxigraphStore, Dataset]:
    store = OxigraphStore()
    store.load(TEXT.encode(), format=RdfFormat.TURTLE, graph="urn:g", name="a.ttl")
    return store, to_rdflib(store)


def test_literals_are_as_written_and_plain_strings_plain() -> None:
    _, view = loaded()
    integer = "http://www.w3.org/2001/XMLSchema#integer"
    assert written(view) == {
        '"plain"',
        '"typed"',
        '"x"@en-GB',
        f'"01"^^<{integer}>',
        f'"1"^^<{integer}>',
        '"5"^^<http://www.w3.org/2001/XMLSchema#byte>',
        '"oops"^^<http://www.w3.org/2001/XMLSchema#date>',
        '"1.50"^^<http://www.w3.org/2001/XMLSchema#decimal>',
    }
    (inner,) = (node for node in view.objects(S, URIRef("urn:q")) if (node, P, None) in view)
    assert [str(term.language) for term in view.objects(inner, P) if isinstance(term, Literal)] == ["EN"]
    (start,) = view.subjects(RDF.first, Literal("1", datatype=XSD.integer))
    assert [str(item) for item in view.items(start)] == ["1", "02"]


def test_it_is_the_graph_that_rdflib_would_read() -> None:
    text = TEXT.replace("^^xsd:string", "").replace("01", "1").replace("02", "2").replace("1.50", "1.5")
    store = OxigraphStore()
    store.load(text.encode(), format=RdfFormat.TURTLE, graph="urn:g", name="a.ttl")
    copy = rdflib.Graph()
    for triple in to_rdflib(store).graph(G):
        copy.add(triple)
    assert isomorphic(copy, rdflib.Graph().parse(data=text, format="turtle"))


def test_patterns_mean_the_term_as_written() -> None:
    _, view = loaded()
    integer, byte = XSD.integer, XSD.byte
    assert (S, P, Literal("01", datatype=integer, normalize=False)) in view
    assert (S, P, Literal("1", datatype=integer)) in view
    assert (S, P, Literal("001", datatype=integer, normalize=False)) not in view
    assert (S, P, Literal("5", datatype=byte)) in view
    assert (S, P, Literal("5", datatype=integer)) not in view
    assert (S, P, Literal("plain")) in view
    assert (S, P, Literal("x", lang="en-GB")) in view
    assert (Literal("no subject"), P, None) not in view
    assert set(view.subjects(P, Literal("plain"))) == {S}
    assert set(view.objects(S, RDF.type)) == {URIRef("urn:T")}


def test_writing_goes_to_the_store() -> None:
    store, view = loaded()
    number = len(store)
    graph = view.graph(URIRef("urn:new"))
    graph.add((S, P, Literal("007", datatype=XSD.integer, normalize=False)))
    graph.add((S, P, Literal("y", lang="NO")))
    graph.addN([(S, P, BNode("b"), graph)])
    assert len(store) == number + 3
    assert [line for line in store.lines("urn:new") if "NO" in line] == [
        '<urn:s> <urn:p> "y"@NO <urn:new> .\n'
    ]
    assert Literal("007", datatype=XSD.integer, normalize=False) in set(graph.objects())
    assert "urn:new" in store.graphs()
    graph.remove((S, P, None))
    assert list(store.quads("urn:new")) == []
    view.remove((S, P, Literal("01", datatype=XSD.integer, normalize=False)))
    assert {t for t in written(view) if "integer" in t} == {'"1"^^<http://www.w3.org/2001/XMLSchema#integer>'}
    view.remove((S, P, Literal("1", datatype=XSD.integer)))
    assert not {t for t in written(view) if "integer" in t}
    view.remove_graph(G)
    assert len(store) == 0
    assert store._spellings.is_empty()


def test_reading_sees_what_the_store_gets_later() -> None:
    store, view = loaded()
    store.load(b"<urn:later> <urn:p> 1 .", format=RdfFormat.TURTLE, name="b.ttl")
    assert (URIRef("urn:later"), P, None) in view
    assert len(view.default_graph) == 1


def test_sparql_is_oxigraphs() -> None:
    _, view = loaded()
    assert rows(view, "SELECT ?s ?o { ?s a ?o }", o=URIRef("urn:T")) == [["urn:s", "urn:T"]]
    assert rows(view, "SELECT ?n { { SELECT (COUNT(*) AS ?n) { ?s a ?o } } }", o=URIRef("urn:none")) == [
        ["0"]
    ]
    assert bool(view.query("ASK { ?s rdf:type ?o }")), "rdflib's own prefixes are known"
    assert len(view.query("CONSTRUCT { ?s ?p 'x' } WHERE { ?s a ?p }").graph or ()) == 1
    assert rows(view.graph(G), "SELECT (COUNT(*) AS ?n) { <urn:s> <urn:p> ?o }") == [["7"]]
    view.update("INSERT DATA { <urn:s> rdf:value 'x' }")
    assert (S, RDF.value, Literal("x")) in view


def test_reserved_graphs_are_hidden() -> None:
    store, view = loaded()
    assert {str(graph.identifier) for graph in view.graphs()} == {"urn:g", "urn:x-rdflib:default"}
    assert len(view) == len(store)
    assert all("apgraph" not in str(term) for quad in view.quads((None, None, None, None)) for term in quad)


def test_counting_is_cheap() -> None:
    store = OxigraphStore()
    store.load(
        b"".join(b"<urn:s%d> <urn:p> <urn:o> .\n" % n for n in range(50_000)),
        format=RdfFormat.N_TRIPLES,
        name="a.nt",
    )
    view = to_rdflib(store)
    len(view)
    started = time.thread_time()
    for _ in range(1000):
        assert len(view) == 50_000
    # Counting 50,000 triples anew each time takes over a minute.
    assert time.thread_time() - started < 10


def test_other_stores() -> None:
    memory = RdflibStore()
    memory.load(TEXT.encode(), format=RdfFormat.TURTLE, graph="urn:g", name="a.ttl")
    assert '"x"@en-GB' in written(to_rdflib(memory))
    assert '"01"^^<http://www.w3.org/2001/XMLSchema#integer>' in written(to_rdflib(memory))
    with pytest.raises(InputError, match="service"):
        to_rdflib(ServiceStore("http://127.0.0.1:9/ds"))
