"""Constraints in SPARQL whose meaning is that of one focus node at a time: LIMIT, OFFSET, ORDER BY."""

from __future__ import annotations

from collections import Counter

import pytest
from pyoxigraph import RdfFormat

from apgraph.shacl import Report, Shapes, show_sparql, validate
from apgraph.store import OxigraphStore, RdflibStore, ServiceStore

PREFIXES = """
PREFIX : <urn:x:> PREFIX sh: <http://www.w3.org/ns/shacl#> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
"""
DATA = ":a a :A ; :p 3, 1, 2, 5 . :b a :A ; :p 4 . :c a :A ; :p 7, 6 . :d a :A ."
BLANK = " [] a :A ; :p 9, 8, 10 ."

QUERIES = {
    "limit": ("SELECT $this ?value WHERE { $this <urn:x:p> ?value } ORDER BY ?value LIMIT 1", "a1 b4 c6 _8"),
    "offset": (
        "SELECT $this ?value WHERE { $this <urn:x:p> ?value } ORDER BY ?value OFFSET 1",
        "a2 a3 a5 c7 _9 _10",
    ),
    "window": (
        "SELECT $this ?value WHERE { $this <urn:x:p> ?value } ORDER BY DESC(?value) LIMIT 1 OFFSET 1",
        "a3 c6 _9",
    ),
    "none": ("SELECT $this ?value WHERE { $this <urn:x:p> ?value } LIMIT 0", ""),
    "inner": (
        "SELECT $this ?value WHERE { { SELECT $this ?value WHERE { $this <urn:x:p> ?value } ORDER BY ?value LIMIT 2 } FILTER(?value > 1) }",
        "a2 b4 c6 c7 _8 _9",
    ),
    "order": (
        "SELECT $this ?value WHERE { $this <urn:x:p> ?value FILTER(?value > 4) } ORDER BY ?value",
        "a5 c6 c7 _9 _8 _10",
    ),
}


def shapes_of(text: str) -> Shapes:
    store = OxigraphStore()
    store.load((PREFIXES + text).encode(), format=RdfFormat.TURTLE, name="shapes.ttl")
    return Shapes(tuple(quad.triple for quad in store.quads()), ("shapes.ttl",), {})


def loaded(
    store: OxigraphStore | RdflibStore | ServiceStore, data: str
) -> OxigraphStore | RdflibStore | ServiceStore:
    store.load((PREFIXES + data).encode(), format=RdfFormat.TURTLE, graph="urn:test:data", name="data.ttl")
    return store


def found(report: Report) -> Counter[str]:
    assert report.unchecked == ()

    def short(text: str) -> str:
        return text.removeprefix("<urn:x:").removesuffix(">") if text.startswith("<") else "_"

    return Counter(f"{short(str(f.focus_node))}{'' if f.value is None else f.value.value}" for f in report)


@pytest.mark.parametrize("engine", ["sets", "pyshacl"])
@pytest.mark.parametrize("name", QUERIES)
def test_rows_are_counted_for_each_focus_node(name: str, engine: str) -> None:
    query, expected = QUERIES[name]
    shapes = shapes_of(f':s sh:targetClass :A ; sh:sparql [ sh:select "{query}" ] .')
    report = validate(
        loaded(OxigraphStore(), DATA + BLANK), data_graphs=["urn:test:data"], shapes=shapes, engine=engine
    )
    assert found(report) == Counter(expected.split())


@pytest.mark.parametrize("name", QUERIES)
def test_it_is_so_on_every_store(fuseki: str, name: str) -> None:
    query, expected = QUERIES[name]
    shapes = shapes_of(f':s sh:targetClass :A ; sh:sparql [ sh:select "{query}" ] .')
    for store in (loaded(RdflibStore(), DATA), loaded(ServiceStore(fuseki), DATA)):
        report = validate(store, data_graphs=["urn:test:data"], shapes=shapes, engine="sets")
        assert found(report) == Counter(each for each in expected.split() if not each.startswith("_"))


def test_a_service_can_not_be_asked_about_a_blank_node(fuseki: str) -> None:
    shapes = shapes_of(f':s sh:targetClass :A ; sh:sparql [ sh:select "{QUERIES["limit"][0]}" ] .')
    report = validate(
        loaded(ServiceStore(fuseki), DATA + BLANK), data_graphs=["urn:test:data"], shapes=shapes
    )
    assert "blank node" in str(report.unchecked[0])
    assert not report.conforms


@pytest.mark.parametrize("engine", ["sets", "pyshacl"])
def test_messages_paths_and_inner_shapes_take_part(engine: str) -> None:
    shapes = shapes_of(
        """:s sh:targetClass :A ; sh:not [ sh:property [ sh:path :p ; sh:sparql [ sh:message "No {?value}." ; sh:select
        "SELECT $this ?value WHERE { $this $PATH ?value } ORDER BY ?value LIMIT 1 OFFSET 1" ] ] ] .
        :t sh:targetClass :A ; sh:property [ sh:path :p ; sh:sparql [ sh:message "Has {?value}." ;
        sh:select "SELECT $this ?value WHERE { $this $PATH ?value } ORDER BY ?value LIMIT 1 OFFSET 2" ] ] ."""
    )
    store = loaded(OxigraphStore(), DATA + BLANK)
    report = validate(store, data_graphs=["urn:test:data"], shapes=shapes, engine=engine)
    assert sorted(f.message for f in report if f.component_name == "SPARQL") == ["Has 10.", "Has 3."]
    assert sorted(str(f.focus_node) for f in report if f.component_name == "Not") == [
        "<urn:x:b>",
        "<urn:x:d>",
    ]


@pytest.mark.parametrize("engine", ["sets", "pyshacl"])
def test_a_question_of_a_component_may_have_a_limit(engine: str) -> None:
    # The value is one of the two least.
    shapes = shapes_of(
        """:c a sh:ConstraintComponent ; sh:parameter [ sh:path <urn:x#small> ] ; sh:validator [ a sh:SPARQLAskValidator ;
        sh:ask "ASK { { SELECT $this $value $small ?least WHERE { $this <urn:x:p> ?least } ORDER BY ?least LIMIT 2 } FILTER(?least = $value) }" ] .
        :s sh:targetClass :A ; sh:property [ sh:path :p ; <urn:x#small> true ] ."""
    )
    store = loaded(OxigraphStore(), DATA + BLANK)
    report = validate(store, data_graphs=["urn:test:data"], shapes=shapes, engine=engine)
    expected = ["a3", "a5", "_10"] if engine == "sets" else ["a", "a", "_"]  # pySHACL leaves the value out
    assert found(report) == Counter(expected)


def test_the_query_is_shown_and_not_run() -> None:
    shapes = shapes_of(f':s sh:targetClass :A ; sh:sparql [ sh:select "{QUERIES["limit"][0]}" ] .')
    (shown,) = show_sparql(loaded(OxigraphStore(), DATA), shapes, graphs=["urn:test:data"])
    assert "LIMIT 1" in shown
    assert "# for each ?this on its own" in shown


def test_a_path_of_no_steps_from_a_node_that_is_nowhere_is_not_checked() -> None:
    select = "SELECT $this WHERE { FILTER NOT EXISTS { $this <urn:x:p>* ?value } }"
    for node, reasons in (("nowhere", 1), ("a", 0)):
        store = OxigraphStore()
        store.load(b"<urn:x:a> <urn:x:q> 1 .", format=RdfFormat.TURTLE, graph="urn:d", name="data.ttl")
        shapes = OxigraphStore()
        text = f'PREFIX sh: <http://www.w3.org/ns/shacl#> <urn:x:s> sh:targetNode <urn:x:{node}> ; sh:sparql [ sh:select "{select}" ] .'
        shapes.load(text.encode(), format=RdfFormat.TURTLE, name="shapes.ttl")
        read = Shapes(tuple(quad.triple for quad in shapes.quads()), ("shapes.ttl",), {})
        report = validate(store, data_graphs=["urn:d"], shapes=read)
        assert len(report.unchecked) == reasons
        assert report.conforms is (reasons == 0)


def test_repetitions_in_repetitions_over_respelt_literals_end_soon() -> None:
    store = OxigraphStore()
    store.load(b'<urn:x:a> <urn:x:p> <urn:x:b>, "01"^^<http://www.w3.org/2001/XMLSchema#integer> .', format=RdfFormat.TURTLE, graph="urn:d", name="d")  # fmt: skip
    path = "<urn:x:p>"
    for _ in range(8):
        path = f"[ sh:oneOrMorePath [ sh:alternativePath ( <urn:x:p> ( {path} <urn:x:q> ) ) ] ]"
    shapes = OxigraphStore()
    text = (
        "PREFIX sh: <http://www.w3.org/ns/shacl#> <urn:x:s> sh:targetObjectsOf <urn:x:p> ; "
        f"sh:property [ sh:path {path} ; sh:maxLength 0 ; sh:property [ sh:path <urn:x:p> ; sh:maxCount 0 ] ] ."
    )
    shapes.load(text.encode(), format=RdfFormat.TURTLE, name="shapes.ttl")
    read = Shapes(tuple(quad.triple for quad in shapes.quads()), ("shapes.ttl",), {})
    report = validate(store, data_graphs=["urn:d"], shapes=read, coverage=True)
    assert {each.component.rpartition("#")[2] for each in report.unchecked} == {
        "MaxLengthConstraintComponent",
        "MaxCountConstraintComponent",
    }
    assert all("too long" in each.reason for each in report.unchecked)
    assert not report.conforms
