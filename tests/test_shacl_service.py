"""Validation where the data lies, behind a SPARQL service: as in memory."""

from __future__ import annotations

import threading
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

import pytest
from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Store,
)

from apgraph.shacl import Report, Shapes, validate
from apgraph.shacl.rewriting import respelt_there
from apgraph.store import OxigraphStore, RdflibStore, ServiceStore, Solutions

if TYPE_CHECKING:
    from collections.abc import Iterator

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


@pytest.mark.parametrize("name", [name for name in SHAPES if name != "ranges"])
def test_rdflib_answers_as_oxigraph_does(name: str) -> None:
    # It is given negation in another form. (Ranges: it compares texts with numbers.)
    other, memory = RdflibStore(), OxigraphStore()
    for store in (other, memory):
        store.load(DATA.encode(), format=RdfFormat.TURTLE, graph="urn:test:data", name="data.ttl")
    shapes = shapes_of(SHAPES[name])
    there = validate(other, data_graphs=["urn:test:data"], shapes=shapes, engine="sets")
    here = validate(memory, data_graphs=["urn:test:data"], shapes=shapes, engine="sets")
    assert keys(there) == keys(here)


def test_what_a_service_can_not_do_is_not_checked(fuseki: str) -> None:
    service = ServiceStore(fuseki)
    service.load(DATA.encode(), format=RdfFormat.TURTLE, graph="urn:test:data", name="data.ttl")
    shapes = shapes_of(':s sh:targetClass :A ; sh:pattern "(?<=[a" ; sh:class :A .')
    report = validate(service, data_graphs=["urn:test:data"], shapes=shapes, engine="sets")
    (unchecked,) = report.unchecked
    assert "regular expression" in str(unchecked)
    assert not report.conforms


def test_a_service_judges_the_texts_of_datatypes_and_tells_of_xml(fuseki: str) -> None:
    service, memory = ServiceStore(fuseki), OxigraphStore()
    text = (
        PREFIXES
        + """PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
    :a :p "YR=="^^xsd:base64Binary, "YQ=="^^xsd:base64Binary ; :q "P1YT"^^xsd:duration ; :r "<a>"^^rdf:XMLLiteral, "<a/>" ."""
    )
    for store in (service, memory):
        store.load(text.encode(), format=RdfFormat.TURTLE, graph="urn:test:data", name="data.ttl")
    shapes = shapes_of(
        """:s sh:targetNode :a ; sh:property [ sh:path :p ; sh:datatype xsd:base64Binary ] ,
        [ sh:path :q ; sh:datatype xsd:duration ] ,
        [ sh:path :r ; sh:datatype <http://www.w3.org/1999/02/22-rdf-syntax-ns#XMLLiteral> ] ."""
    )
    there = validate(service, data_graphs=["urn:test:data"], shapes=shapes)
    here = validate(memory, data_graphs=["urn:test:data"], shapes=shapes)
    assert sorted(f.value.value for f in here if f.value) == ["<a/>", "<a>", "P1YT", "YR=="]
    assert sorted(f.value.value for f in there if f.value) == ["<a/>", "P1YT", "YR=="]
    (unchecked,) = there.unchecked
    assert "can't tell whether a text is XML" in str(unchecked)


# -- a service that keeps values, and not literals ------------------------------------------


class Values(BaseHTTPRequestHandler):
    """A SPARQL service by Oxigraph, without what this package keeps beside."""

    store = Store()

    def do_POST(self) -> None:
        """Answer a query."""
        fields = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        graphs: list[NamedNode | BlankNode | DefaultGraph] = [
            NamedNode(name) for name in fields.get("default-graph-uri", [])
        ]
        result = self.store.query(
            fields["query"][0], default_graph=graphs or None, use_default_graph_as_union=not graphs
        )
        assert isinstance(result, QuerySolutions | QueryBoolean)
        body = result.serialize(format=QueryResultsFormat.JSON)
        assert body is not None
        self.send_response(200)
        self.send_header("Content-Type", "application/sparql-results+json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def values_only() -> Iterator[ServiceStore]:
    Values.store = Store()
    Values.store.load(
        (
            PREFIXES
            + """:a :n "01"^^xsd:integer, "-5"^^xsd:positiveInteger, "x" ; :s "abc", "d" ; :d "2021-02-30"^^xsd:date ;
            :t "2021-02-28T00:00:00Z"^^xsd:dateTimeStamp ; :i :b . :b :f 1.5 ."""
        ).encode(),
        format=RdfFormat.TURTLE,
        to_graph=NamedNode("urn:test:data"),
    )
    server = ThreadingHTTPServer(("127.0.0.1", 0), Values)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield ServiceStore(f"http://127.0.0.1:{server.server_address[1]}/query")
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    ("asked", "doubtful", "findings"),
    [
        # what depends on how a number was written, or of which type it was; what is no number is judged all the same
        ("sh:path :n ; sh:datatype xsd:positiveInteger", True, ['"x"']),
        ("sh:path :n ; sh:datatype xsd:integer", True, ['"x"']),
        ('sh:path :n ; sh:pattern "^[0-9]"', True, ['"x"']),
        ("sh:path :n ; sh:minLength 2", True, ['"x"']),
        ("sh:path :n ; sh:in ( 1 )", True, ['"x"']),
        ("sh:path :n ; sh:hasValue 1", True, []),
        ("sh:path :n ; sh:not [ sh:datatype xsd:integer ]", True, []),
        ("sh:path ( :i :f ) ; sh:maxLength 2", True, []),
        ("sh:path :t ; sh:datatype xsd:dateTime", True, []),
        # what is certain in any case
        ("sh:path :n ; sh:datatype xsd:string", False, ["integer", "integer"]),
        ('sh:path :n ; sh:in ( "x" )', False, ["integer", "integer"]),
        ('sh:path :n ; sh:hasValue "x"', False, []),
        ("sh:path :n ; sh:minInclusive 0", False, ["-5", '"x"']),
        ("sh:path :n ; sh:maxCount 2", False, ["None"]),
        ("sh:path :d ; sh:datatype xsd:date", False, ["2021-02-30"]),
        ('sh:path :s ; sh:pattern "^a" ; sh:minLength 1 ; sh:datatype xsd:string', False, ['"d"']),
        ("sh:path :i ; sh:nodeKind sh:IRI ; sh:hasValue :b", False, []),
    ],
)
def test_a_service_that_keeps_values_can_not_tell_how_they_were_written(
    values_only: ServiceStore, asked: str, doubtful: bool, findings: list[str]
) -> None:
    shapes = shapes_of(f":s sh:targetNode :a ; sh:property [ {asked} ] .")
    report = validate(values_only, data_graphs=["urn:test:data"], shapes=shapes, engine="sets")
    assert bool(report.unchecked) == doubtful
    if doubtful:
        assert "it can't tell" in str(report.unchecked[0])
        assert not report.conforms
    assert len(report) == len(findings)
    said = [str(finding.value) for finding in report]
    assert all(any(wanted in text for text in said) for wanted in findings)


def test_a_service_that_respells_at_loading_is_found_out(tdb2: str) -> None:
    service = ServiceStore(tdb2)
    service.load(DATA.encode(), format=RdfFormat.TURTLE, graph="urn:test:data", name="data.ttl")
    shapes = shapes_of(
        ':s sh:targetSubjectsOf :p ; sh:property [ sh:path :p ; sh:datatype xsd:positiveInteger ; sh:pattern "0" ] .'
    )
    report = validate(service, data_graphs=["urn:test:data"], shapes=shapes, engine="sets")
    assert ["Pattern" in unchecked.component for unchecked in report.unchecked] == [True], (
        "it keeps datatypes"
    )
    assert not report.conforms


def test_what_a_service_respells_besides_is_found_out(tdb2: str) -> None:
    service = ServiceStore(tdb2)
    text = """:a :at "2020-01-01T00:00:00.0Z"^^xsd:dateTime ; :on "2020-01-01"^^xsd:date ; :yes "1"^^xsd:boolean ;
        :in "2020"^^xsd:gYear ; :for "P1D"^^xsd:duration ; :name "x" ; :whole 1 ; :part 1.50 ."""
    service.load((PREFIXES + text).encode(), format=RdfFormat.TURTLE, graph="urn:test:data", name="d.ttl")
    names = ("at", "on", "yes", "in", "for", "name", "whole", "part")
    shapes = shapes_of(
        "".join(f':{name}Shape sh:targetNode :a ; sh:path :{name} ; sh:pattern "." . ' for name in names)
    )
    report = validate(service, data_graphs=["urn:test:data"], shapes=shapes, engine="sets")
    doubtful = {str(each.shape).removeprefix("<urn:x:").removesuffix("Shape>") for each in report.unchecked}
    # Decimals that it respells it finds by neither spelling, but whoever respells integers respells these.
    assert doubtful == {"at", "yes", "whole", "part"}


WRITTEN = [
    ("date", "2020-01-01+00:00"),
    ("time", "00:00:00.0Z"),
    ("gYear", "2020+00:00"),
    ("dateTime", "2020-01-01T00:00:00.10"),
    ("duration", "P0Y1D"),
    ("dayTimeDuration", "PT60M"),
    ("yearMonthDuration", "P12M"),
    ("boolean", "1"),
    ("decimal", "1.50"),
]


@pytest.mark.parametrize(("name", "text"), WRITTEN)
def test_a_literal_that_another_spelling_finds_is_in_doubt(name: str, text: str) -> None:
    kind = "http://www.w3.org/2001/XMLSchema#" + name
    values, literals = Store(), RdflibStore()
    data = (PREFIXES + f':a :p "{text}"^^xsd:{name} .').encode()
    values.load(data, format=RdfFormat.TURTLE)
    literals.load(data, format=RdfFormat.TURTLE, name="data.ttl")

    def by_value(query: str) -> Solutions:
        found = values.query(query)
        assert isinstance(found, QuerySolutions)
        rows = tuple(tuple(row[name] for name in found.variables) for row in found)
        return Solutions(tuple(each.value for each in found.variables), rows)

    assert kind in respelt_there(by_value, frozenset({kind}))
    assert respelt_there(literals.select, frozenset({kind})) == frozenset()


def test_what_an_ordinary_service_was_given_is_not_doubted(fuseki: str) -> None:
    service = ServiceStore(fuseki)
    service.load(DATA.encode(), format=RdfFormat.TURTLE, graph="urn:test:data", name="data.ttl")
    shapes = shapes_of(
        ':s sh:targetSubjectsOf :p ; sh:property [ sh:path :p ; sh:datatype xsd:positiveInteger ; sh:pattern "0" ] .'
    )
    report = validate(service, data_graphs=["urn:test:data"], shapes=shapes, engine="sets")
    assert report.unchecked == ()
    assert any(finding.value is not None and finding.value.value == "01" for finding in report)
