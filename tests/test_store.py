"""One suite for every store: in memory, on disk, in rdflib and behind a service."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, RdfFormat

from apgraph.errors import InputError, ParseError, TimeLimitError
from apgraph.graph import Graph
from apgraph.store import INFERRED, OxigraphStore, RdflibStore, ServiceStore, Solutions, Store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

A, B, C, P, Q = (NamedNode(f"urn:{letter}") for letter in "abcpq")
XSD = "http://www.w3.org/2001/XMLSchema#"


@pytest.fixture(params=["memory", "disk", "rdflib", "service"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    made: Store
    match request.param:
        case "memory":
            made = OxigraphStore()
        case "disk":
            made = OxigraphStore(tmp_path / "store")
        case "rdflib":
            made = RdflibStore()
        case _:
            made = ServiceStore(request.getfixturevalue("fuseki"))
    yield made
    made.close()


def fill(store: Store) -> None:
    store.load(
        b"<urn:a> <urn:p> 1 . <urn:b> <urn:p> 2 .", format=RdfFormat.TURTLE, graph="urn:g1", name="1.ttl"
    )
    store.load(
        b"<urn:b> <urn:p> 2 ; <urn:q> <urn:a> . _:x <urn:q> _:y .",
        format=RdfFormat.TURTLE,
        graph="urn:g2",
        name="2.ttl",
    )
    store.add([Quad(C, P, Literal(9), NamedNode(INFERRED))])


def column(result: Solutions) -> list[str]:
    return sorted(str(row[0]) for row in result)


def test_all_graphs_but_the_inferences_are_one(store: Store) -> None:
    fill(store)
    assert column(store.select("SELECT ?s { ?s <urn:p> ?o }")) == ["<urn:a>", "<urn:b>"]
    number = store.select("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }").rows
    assert number == ((Literal(4),),), "a triple of two graphs counts once"
    assert store.graphs() == ("urn:g1", "urn:g2")
    assert len(store) == 5


def test_a_triple_outside_all_graphs_is_seen_too(store: Store) -> None:
    fill(store)
    store.add([Quad(C, P, Literal(5))])
    assert column(store.select("SELECT ?s { ?s <urn:p> ?o }")) == ["<urn:a>", "<urn:b>", "<urn:c>"]
    assert column(store.select("SELECT ?s { ?s <urn:p> ?o }", default_graphs=[""])) == ["<urn:c>"]
    assert column(store.select("SELECT ?s { ?s <urn:p> ?o }", default_graphs=["", "urn:g1"])) == [
        "<urn:a>",
        "<urn:b>",
        "<urn:c>",
    ]


def test_chosen_graphs(store: Store) -> None:
    fill(store)
    ask = "SELECT ?s { ?s <urn:p> ?o }"
    assert column(store.select(ask, default_graphs=["urn:g2"])) == ["<urn:b>"]
    assert column(store.select(ask, default_graphs=["urn:g1", "urn:g2"])) == ["<urn:a>", "<urn:b>"]
    assert column(store.select(ask, default_graphs=["urn:g2", INFERRED])) == ["<urn:b>", "<urn:c>"]
    assert column(store.select(ask, default_graphs=["urn:nowhere"])) == []
    assert column(store.select(ask, default_graphs=[])) == []
    inside = "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }"
    assert column(store.select(inside)) == ["<urn:g1>", "<urn:g2>"]
    assert column(store.select(inside, named_graphs=["urn:g2"])) == ["<urn:g2>"]
    assert column(store.select(inside, default_graphs=["urn:g1"], named_graphs=[INFERRED])) == [
        f"<{INFERRED}>"
    ]
    assert column(store.select("SELECT ?s FROM <urn:g2> { ?s <urn:p> ?o }")) == ["<urn:b>"]


def test_forms(store: Store) -> None:
    fill(store)
    assert store.ask("ASK { <urn:b> <urn:q> <urn:a> }") is True
    assert store.ask("ASK { <urn:b> <urn:q> <urn:b> }") is False
    assert [str(t) for t in store.construct("CONSTRUCT { ?s <urn:r> 'x' } WHERE { ?s <urn:p> 2 }")] == [
        '<urn:b> <urn:r> "x"'
    ]
    described = {str(triple) for triple in store.construct("DESCRIBE <urn:b>")}
    assert f'<urn:b> <urn:p> "2"^^<{XSD}integer>' in described
    result = store.select("SELECT ?a ?missing { VALUES ?a { 'x'@en <urn:a> } }")
    assert result.variables == ("a", "missing")
    assert set(result.rows) == {(Literal("x", language="en"), None), (A, None)}
    assert [str(row[0]) for row in store.select("SELECT ?o { ?s <urn:p> ?o } ORDER BY DESC(?o)")] == [
        f'"2"^^<{XSD}integer>',
        f'"1"^^<{XSD}integer>',
    ]
    for wrong in (store.ask, store.construct):
        with pytest.raises(InputError, match="needed"):
            wrong("SELECT * { ?s ?p ?o }")
    with pytest.raises(InputError, match="needed"):
        store.select("ASK { ?s ?p ?o }")


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("SELECT ?o { ?s <urn:p> ?o }", [f'"2"^^<{XSD}integer>']),
        ("SELECT ?n { { SELECT (COUNT(*) AS ?n) { ?s ?p ?o } } }", [f'"2"^^<{XSD}integer>']),
        ("SELECT ?x { ?x <urn:p> ?o MINUS { ?s <urn:q> ?x } }", ["<urn:b>"]),
        ("SELECT ?x { ?x <urn:p> ?o FILTER NOT EXISTS { ?s <urn:q> ?x } }", ["<urn:b>"]),
        (
            "SELECT ?x { { ?x <urn:p> 1 FILTER(?s = <urn:b>) } UNION { ?x <urn:p> 2 FILTER(?x = ?s) } }",
            ["<urn:a>", "<urn:b>"],
        ),
        ("SELECT DISTINCT ?x { ?s (<urn:q>|^<urn:q>)* ?x }", ["<urn:a>", "<urn:b>"]),
        ("SELECT ?t { BIND(?s AS ?t) }", ["<urn:b>"]),
    ],
)
def test_bindings_mean_the_same_everywhere(store: Store, query: str, rows: list[str]) -> None:
    fill(store)
    assert column(store.select(query, bindings={"s": B, "unused": C})) == rows


def test_blank_nodes_as_bindings(store: Store) -> None:
    fill(store)
    node = next(quad.subject for quad in store.quads("urn:g2") if isinstance(quad.subject, BlankNode))
    if store.engine == "service":
        with pytest.raises(InputError, match="blank node"):
            store.select("SELECT ?o { ?s <urn:q> ?o }", bindings={"s": node})
        return
    assert len(store.select("SELECT ?o { ?s <urn:q> ?o }", bindings={"s": node})) == 1
    assert store.ask("ASK { { SELECT ?o { ?s <urn:q> ?o } } FILTER(isBlank(?o)) }", bindings={"s": node})


def test_blank_nodes_of_two_files_stay_apart(store: Store) -> None:
    for name in ("1.ttl", "2.ttl"):
        store.load(b"_:x <urn:p> [] . _:x <urn:q> 1 .", format=RdfFormat.TURTLE, graph="urn:g", name=name)
    assert store.select("SELECT (COUNT(*) AS ?n) { ?x <urn:p> ?y ; <urn:q> 1 }").rows == ((Literal(2),),)


def test_quads_and_removal(store: Store) -> None:
    fill(store)
    assert {(q.subject, q.graph_name) for q in store.quads("urn:g1")} == {
        (A, NamedNode("urn:g1")),
        (B, NamedNode("urn:g1")),
    }
    assert len(list(store.quads())) == 5
    store.remove_graph("urn:g1")
    store.remove_graph("urn:never")
    assert store.graphs() == ("urn:g2",)
    assert len(store) == 3
    store.add([Quad(A, P, Literal("unnamed"))])
    store.remove_graph("")
    assert len(store) == 3
    assert [q.graph_name for q in store.quads("")] == []


def test_update(store: Store) -> None:
    fill(store)
    store.update("INSERT { GRAPH <urn:g1> { ?s <urn:new> 'x' } } WHERE { GRAPH <urn:g1> { ?s <urn:p> 1 } }")
    assert store.ask("ASK { <urn:a> <urn:new> 'x' }")
    store.update("DELETE DATA { GRAPH <urn:g1> { <urn:a> <urn:new> 'x' } }")
    assert not store.ask("ASK { <urn:a> <urn:new> 'x' }")
    with pytest.raises(ParseError, match="update, line 2"):
        store.update("INSERT DATA\n { nonsense }")


def test_datasets_keep_their_graphs(store: Store) -> None:
    text = b"<urn:a> <urn:p> 1 . <urn:h> { <urn:b> <urn:p> 2 }"
    assert store.load(text, format=RdfFormat.TRIG, graph="urn:g", name="a.trig") == 2
    assert store.graphs() == ("urn:g", "urn:h")
    assert [str(q.subject) for q in store.quads("urn:h")] == ["<urn:b>"]


def test_a_broken_file_leaves_nothing(store: Store) -> None:
    fill(store)
    before = sorted(map(str, store.select("SELECT * { GRAPH ?g { ?s ?p ?o FILTER(!isBlank(?s)) } }").rows))
    text = b"".join(b"<urn:a> <urn:p> '%d' .\n" % n for n in range(5000)) + b"<urn:a> <urn:p> oops .\n"
    with pytest.raises(ParseError) as caught:
        store.load(text, format=RdfFormat.TURTLE, graph="urn:broken", name="broken.ttl")
    assert (caught.value.line, caught.value.file) == (5001, "broken.ttl")
    assert (
        sorted(map(str, store.select("SELECT * { GRAPH ?g { ?s ?p ?o FILTER(!isBlank(?s)) } }").rows))
        == before
    )
    assert store.graphs() == ("urn:g1", "urn:g2")


@pytest.mark.parametrize(
    ("query", "line", "column", "text"),
    [
        ("SELECT * {\n ?s ?p ?o ?x }", 2, None, "}"),
        ("SELECT * {\n ?s un:p ?o }", 2, 5, "un:p"),
        ("SELECT ?x WHERE", 1, 16, "WHERE"),
        ("SELEKT", 1, None, "SELEKT"),
        ("", 1, 1, None),
    ],
)
def test_syntax_errors_say_where(
    store: Store, query: str, line: int, column: int | None, text: str | None
) -> None:
    with pytest.raises(InputError) as caught:
        store.query(query, bindings={"s": A})
    error = caught.value
    assert "\n" not in str(error)
    if isinstance(error, ParseError):
        assert error.line == line
        assert column is None or error.column == column
        assert text is None or text in str(error.text)
    if "un:" in query:
        assert "'un' is not declared" in str(error)


LONG = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
"""It ends some day, since an engine goes on with what nobody waits for any more."""


def test_time_limit(store: Store) -> None:
    store.load(
        b"".join(b"<urn:s%d> <urn:p> %d .\n" % (n, n) for n in range(60)),
        format=RdfFormat.TURTLE,
        name="a.ttl",
    )
    started = time.monotonic()
    with pytest.raises(TimeLimitError, match=r"raise --timeout or narrow the query"):
        store.select(LONG, timeout=0.5 if store.engine == "rdflib" else 0.05)
    assert time.monotonic() - started < 20
    assert store.ask("ASK { ?s ?p ?o }", timeout=20)


def test_a_store_on_disk_is_there_again(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "store"
    first = OxigraphStore(folder)
    assert folder.stat().st_mode & 0o777 == 0o700
    first.load(
        b"<urn:a> <urn:p> '007'^^<http://www.w3.org/2001/XMLSchema#int> .", format=RdfFormat.TURTLE, name="a"
    )
    before = list(first.quads())
    first.close()
    second = OxigraphStore(folder)
    assert list(second.quads()) == before
    with pytest.raises(InputError, match="store"):
        OxigraphStore(folder)  # in use
    second.close()


def test_folders_that_are_no_stores(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(InputError, match="is a file"):
        OxigraphStore(tmp_path / "file")
    with pytest.raises(InputError, match="other files"):
        OxigraphStore(tmp_path)
    with pytest.raises(InputError):
        OxigraphStore(tmp_path / "file" / "below")
    if os.geteuid():
        (tmp_path / "locked").mkdir(mode=0o500)
        with pytest.raises(InputError, match="locked"):
            OxigraphStore(tmp_path / "locked" / "store")


def test_graph_names_are_checked() -> None:
    with pytest.raises(InputError, match="can't name a graph"):
        OxigraphStore().select("SELECT * { ?s ?p ?o }", default_graphs=["no iri"])


def test_overlaps_are_noticed_after_every_change() -> None:
    store = OxigraphStore()
    count = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    store.add([Quad(A, P, B, NamedNode("urn:g1")), Quad(B, P, C, NamedNode("urn:g2"))])
    assert store.select(count).rows == ((Literal(2),),)
    store.add([Quad(A, P, B, NamedNode("urn:g2"))])
    assert store.select(count).rows == ((Literal(2),),)
    store.update("INSERT DATA { <urn:a> <urn:p> <urn:b> , <urn:c> }")
    assert store.select(count).rows == ((Literal(3),),)
    assert store.select("SELECT ?g { GRAPH ?g { <urn:a> <urn:p> <urn:b> } }").rows != ()
    assert {str(q.graph_name) for q in store.quads() if q.graph_name != DefaultGraph()} == {
        "<urn:g1>",
        "<urn:g2>",
    }


FIRST_AT_ONCE = """
import sys, threading
from apgraph.store.rdflib_memory import RdflibStore
sys.setswitchinterval(1e-6)
ready, rows = threading.Barrier(8), []
def ask():
    store = RdflibStore()
    ready.wait()
    rows.append(store.select("PREFIX a: <urn:a:> SELECT ?s { ?s a:p ?o OPTIONAL { ?o a:q ?x FILTER(?x > 1) } } LIMIT 3").rows)
threads = [threading.Thread(target=ask) for _ in range(8)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(len(rows))
"""


def test_rdflib_is_asked_from_several_threads_at_once() -> None:
    """In a process of its own: only what it parses first can be disturbed."""
    done = subprocess.run(
        [sys.executable, "-c", FIRST_AT_ONCE], capture_output=True, text=True, check=True, encoding="utf-8"
    )
    assert (done.stdout, done.stderr) == ("8\n", "")


def test_a_store_that_another_program_has_open_is_told_in_one_line(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    store = OxigraphStore(folder)
    done = subprocess.run(
        [sys.executable, "-m", "apgraph", "ask", "deployment-models", "--data", str(folder)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    store.close()
    assert (done.returncode, done.stdout) == (2, "")
    assert (
        done.stderr == f"apgraph: {folder} is open in another program; close it there first, or use a copy\n"
    )


@pytest.mark.parametrize("kind", [OxigraphStore, RdflibStore])
def test_a_query_that_names_a_dataset_fetches_nothing(kind: type[OxigraphStore | RdflibStore]) -> None:
    """The graphs after FROM are those of the store, whatever is to be found at their addresses."""
    asked: list[str] = []

    class Listening(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

    with ThreadingHTTPServer(("127.0.0.1", 0), Listening) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            name = f"http://127.0.0.1:{server.server_port}/data"
            store = kind()
            for graph in (name, "urn:other", None):
                store.add(
                    [
                        Quad(
                            NamedNode(graph or "urn:unnamed"),
                            P,
                            Literal("x"),
                            NamedNode(graph) if graph else DefaultGraph(),
                        )
                    ]
                )

            def found(query: str) -> set[str]:
                return {
                    str(term) for row in store.select(query) for term in row if isinstance(term, NamedNode)
                }

            assert found(f"SELECT ?s FROM <{name}> {{ ?s ?p ?o }}") == {f"<{name}>"}
            assert found(f"SELECT ?s FROM <{name}> FROM <urn:other> {{ ?s ?p ?o }}") == {
                f"<{name}>",
                "<urn:other>",
            }
            assert found(f"SELECT ?g FROM NAMED <{name}> {{ GRAPH ?g {{ ?s ?p ?o }} }}") == {f"<{name}>"}
            assert found(f"SELECT ?s FROM NAMED <{name}> {{ ?s ?p ?o }}") == set()
            assert found("SELECT ?s FROM <urn:nothing> { ?s ?p ?o }") == set()
        finally:
            server.shutdown()
            thread.join()
    assert asked == []


def test_what_rdflib_does_not_do_is_told_in_one_line() -> None:
    store = RdflibStore()
    with pytest.raises(
        InputError, match=r"rdflib can't run this update \(.+\); of data for the unnamed graph, say"
    ):
        store.update("INSERT DATA { <urn:a> <urn:p> 1 }")
    store.update("INSERT { <urn:a> <urn:p> 1 } WHERE { }")
    assert len(store) == 1
    with pytest.raises(InputError, match="the rules run on Oxigraph or on a service, not on rdflib"):
        Graph(store=store, framework=False).reason()
