"""SPARQL services: a real one (Apache Jena Fuseki), and servers that behave badly."""

from __future__ import annotations

import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import parse_qs

import pytest
from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    QueryResultsFormat,
    QueryTriples,
    RdfFormat,
)
from pyoxigraph import Store as Engine

from apgraph import Graph
from apgraph.errors import ApgraphError, InputError, ParseError, ServiceError, TimeLimitError
from apgraph.sparql import values_clause
from apgraph.store import Result, ServiceStore, Solutions, Term
from apgraph.store.service import _chunks

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

JSON = "application/sparql-results+json"
GOOD = b'{"head": {"vars": ["x"]}, "results": {"bindings": [{"x": {"type": "literal", "value": "1"}}]}}'


@pytest.mark.parametrize("path", ["", "/query", "/sparql"])
def test_updates_find_their_way(fuseki: str, path: str) -> None:
    store = ServiceStore(fuseki + path)
    store.load(b"<urn:a> <urn:p> 1 .", format=RdfFormat.TURTLE, graph="urn:g", name="a.ttl")
    assert store.ask("ASK { <urn:a> <urn:p> 1 }")
    store.close()
    other = ServiceStore(fuseki + "/query", update_url=fuseki + "/update")
    other.remove_graph("urn:g")
    assert len(other) == 0


def test_terms_travel_unharmed(fuseki: str) -> None:
    store = ServiceStore(fuseki)
    terms: list[Term] = [
        Literal("\" } ; DROP ALL # \\ \n\r\t 'x' \u20ac \U0001f600"),
        Literal("x", language="en-gb"),
        Literal("01", datatype=NamedNode("http://www.w3.org/2001/XMLSchema#byte")),
        Literal("a\u0000b".replace("\0", "")),
        NamedNode("urn:%7B?x=1&y=2#z"),
    ]
    for at, term in enumerate(terms):
        store.add([Quad(NamedNode(f"urn:s{at}"), NamedNode("urn:p"), term, NamedNode("urn:g"))])
    assert {quad.object for quad in store.quads("urn:g")} == set(terms)
    for at, term in enumerate(terms):
        rows = store.select("SELECT ?s { ?s ?p ?wanted }", bindings={"wanted": term})
        assert rows.rows == ((NamedNode(f"urn:s{at}"),),), values_clause({"wanted": term})
        assert store.select("SELECT ?o { ?s <urn:p> ?o }", bindings={"s": NamedNode(f"urn:s{at}")}).rows == (
            (term,),
        )
    assert store.graphs() == ("urn:g",)


def test_large_data_goes_in_pieces_and_blank_nodes_stay_whole(fuseki: str) -> None:
    text = "".join(
        f"<urn:s{n}> <urn:p> '{'x' * 80}', _:b{n % 50} . _:b{n % 50} <urn:q> {n % 50} .\n"
        for n in range(9000)
    )
    store = ServiceStore(fuseki)
    quads = _quads(text)
    assert len(list(_chunks(quads))) > 1
    store.load(text.encode(), format=RdfFormat.TURTLE, graph="urn:g", name="a.ttl")
    rows = store.select(
        "SELECT (COUNT(DISTINCT ?b) AS ?n) (COUNT(?s) AS ?m) { ?s <urn:p> ?b . ?b <urn:q> ?v }"
    ).rows
    assert [int(term.value) for term in rows[0] if term is not None] == [50, 9000]
    assert len(store) == 18_050


def _quads(text: str) -> list[Quad]:
    import pyoxigraph

    return list(pyoxigraph.parse(text, RdfFormat.TURTLE))


def test_a_broken_file_sends_nothing(fuseki: str) -> None:
    store = ServiceStore(fuseki)
    with pytest.raises(ParseError, match=r"a\.ttl, line 2"):
        store.load(b"<urn:a> <urn:p> 1 .\noops", format=RdfFormat.TURTLE, graph="urn:g", name="a.ttl")
    assert len(store) == 0


class Answers(BaseHTTPRequestHandler):
    """Answers each path in its own bad way."""

    hits: ClassVar[list[str]] = []

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.hits.append(self.path)
        status, kind, body, headers = 200, JSON, GOOD, {}
        match self.path:
            case "/html":
                kind, body = "text/html", b"<html>Welcome</html>"
            case "/nojson":
                body = b"{oops"
            case "/list":
                body = b"[1]"
            case "/deep":
                body = b"[" * 100_000
            case "/shape":
                body = b'{"head": {"vars": ["x"]}, "results": {"bindings": [{"x": {"type": "odd", "value": "1"}}]}}'
            case "/badiri":
                body = b'{"head": {"vars": ["x"]}, "results": {"bindings": [{"x": {"type": "uri", "value": "no iri"}}]}}'
            case "/boolean":
                body = b'{"head": {}, "boolean": "yes"}'
            case "/500":
                status, kind, body = 500, "text/plain", b"\n  out of memory\nat line 1\nat line 2"
            case "/404":
                status, kind, body = 404, "text/html", b"<h1>not here</h1>"
            case "/401":
                status = 401
            case "/redirect":
                status, headers = 302, {"Location": f"http://{self.headers['Host']}/good"}
            case "/big":
                body = b" " * 3_000_000
            case "/slow":
                time.sleep(3)
            case "/drip":
                self.send_response(200)
                self.send_header("Content-Type", JSON)
                self.end_headers()
                for _ in range(30):
                    self.wfile.write(b" ")
                    self.wfile.flush()
                    time.sleep(0.1)
                return
            case "/cut":
                headers = {"Content-Length": "999999"}
            case "/triples":
                kind, body = "application/n-triples", b"<urn:a> oops"
        self.send_response(status)
        self.send_header("Content-Type", kind)
        for name, value in ({"Content-Length": str(len(body))} | headers).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""


class Patient(ThreadingHTTPServer):
    """Says nothing about clients that hang up, which is what is tested."""

    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    server = Patient(("127.0.0.1", 0), Answers)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def ask(url: str, query: str = "SELECT ?x FROM <urn:g> { ?x ?p ?o }", timeout: float | None = None) -> Result:
    return ServiceStore(url, limit=1_000_000).query(query, timeout=timeout)


def test_a_good_answer(server: str) -> None:
    assert ask(f"{server}/good") == Solutions(("x",), ((Literal("1"),),))


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("/html", "does not answer as a SPARQL service does"),
        ("/nojson", "JSON that does not parse"),
        ("/list", "JSON of another kind"),
        ("/deep", "JSON that does not parse"),
        ("/shape", "not as specified"),
        ("/badiri", "not as specified"),
        ("/500", "answers 500 Internal Server Error: out of memory"),
        ("/404", "answers 404 Not Found"),
        ("/401", "answers 401"),
        ("/redirect", "sends us to http://127.0.0.1:.*/good"),
        ("/big", "more than 1000000 bytes"),
        ("/cut", "broke off"),
    ],
)
def test_bad_answers_are_told_in_one_line(server: str, path: str, says: str) -> None:
    Answers.hits.clear()
    with pytest.raises(ServiceError, match=says) as caught:
        ask(server + path)
    assert "\n" not in str(caught.value)
    assert caught.value.exit_code == 3
    assert Answers.hits == [path], "nothing else was asked"


def test_other_forms_are_checked_too(server: str) -> None:
    with pytest.raises(ServiceError, match="ASK"):
        ask(f"{server}/boolean", "ASK FROM <urn:g> { ?s ?p ?o }")
    with pytest.raises(ServiceError, match="RDF that does not parse"):
        ask(f"{server}/triples", "CONSTRUCT FROM <urn:g> WHERE { ?s ?p ?o }")
    with pytest.raises(ServiceError, match="no RDF"):
        ask(f"{server}/good", "DESCRIBE <urn:a> FROM <urn:g>")


@pytest.mark.parametrize("path", ["/slow", "/drip"])
def test_slow_answers_are_cut(server: str, path: str) -> None:
    started = time.monotonic()
    with pytest.raises(TimeLimitError):
        ask(server + path, timeout=0.5)
    # The server would take far longer.
    assert time.monotonic() - started < 10


def test_out_of_reach() -> None:
    with pytest.raises(ServiceError, match="out of reach"):
        ask("http://127.0.0.1:1/sparql")
    with pytest.raises(ServiceError, match="out of reach"):
        ask("http://nowhere.invalid/sparql")
    with pytest.raises(ServiceError, match="takes no updates"):
        ServiceStore("http://127.0.0.1:1/sparql").update("CLEAR ALL")


@pytest.mark.parametrize(
    "url",
    ["file:///etc/passwd", "ftp://x/y", "data.ttl", "", "http://", "http://[::1", "http://x:y/", "http://a b/", "http://me:secret@x/", "http://x/\r\nHost: y"],
)  # fmt: skip
def test_addresses(url: str) -> None:
    with pytest.raises(InputError) as caught:
        ServiceStore(url)
    assert "secret" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_mistake_in_the_query_is_the_users(fuseki: str) -> None:
    store = ServiceStore(fuseki)
    with pytest.raises(ParseError, match="query, line 2"):
        store.select("SELECT *\n{ ?s ?p }")
    with pytest.raises(ApgraphError):
        store.select("SELECT * { ?s <urn:p> ?o", bindings={"s": NamedNode("urn:a")})


class Failing(BaseHTTPRequestHandler):
    """A service with a dataset in memory that refuses some of the updates."""

    dataset: ClassVar[Engine]
    updates: ClassVar[int]
    failing: ClassVar[range]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        fields = parse_qs(body)
        if self.headers["Content-Type"].startswith("application/sparql-update"):
            type(self).updates += "GRAPH" in body
            if self.updates in self.failing:
                self.answer(500, "text/plain", b"out of memory")
            else:
                self.dataset.update(body)
                self.answer(200, "text/plain", b"")
        else:
            default: list[NamedNode | BlankNode | DefaultGraph] = [
                NamedNode(name) for name in fields.get("default-graph-uri", [])
            ]
            found = self.dataset.query(fields["query"][0], default_graph=default or None)
            if isinstance(found, QueryTriples):
                self.answer(200, "application/n-triples", found.serialize(format=RdfFormat.N_TRIPLES) or b"")
            else:
                self.answer(200, JSON, found.serialize(format=QueryResultsFormat.JSON) or b"")

    def answer(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.mark.parametrize("failures", [1, 2], ids=["once", "when it is taken back, too"])
def test_half_a_file_is_taken_back(failures: int, tmp_path: Path) -> None:
    Failing.dataset, Failing.updates, Failing.failing = Engine(), 0, range(2, 2 + failures)
    file = tmp_path / "large.ttl"
    file.write_text("".join(f"<urn:s{n}> <urn:p> '{'x' * 80}' .\n" for n in range(12_000)), encoding="utf-8")
    server = Patient(("127.0.0.1", 0), Failing)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        graph = Graph.connect(f"http://127.0.0.1:{server.server_port}/")
        with pytest.raises(ServiceError, match=r"out of memory.* \(after [1-9]\d* of 12000 quads\)"):
            graph.load(file)
        assert (len(Failing.dataset) == 0) == (failures == 1)
        assert graph.load(file) == 12_000
        assert len(Failing.dataset) == 12_000
    finally:
        server.shutdown()
        server.server_close()
