"""A dataset behind a SPARQL 1.1 service.

`SPARQL 1.1 Protocol <https://www.w3.org/TR/sparql11-protocol/>`_ by the standard library: queries
and updates are POSTed, answers come as JSON or N-Triples. Redirects are never followed; the error
names where the service wants to send us.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit, urlunsplit

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Triple
from pyoxigraph import Store as Engine

from apgraph.errors import InputError, ServiceError
from apgraph.sparql import bind, form, has_dataset, tokens
from apgraph.store.dataset import Asking, Closed, Solutions, graph_name, is_reserved
from apgraph.store.deadline import within
from apgraph.store.parsing import parse
from apgraph.store.protocol import Connection, read_boolean, read_solutions, read_triples
from apgraph.store.syntax import syntax_error
from apgraph.store.tags import reveal_tag

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from pyoxigraph import RdfFormat

    from apgraph.store.dataset import Result, Term
    from apgraph.store.deadline import Deadline

__all__ = ["ServiceStore"]

_CHUNK: Final = 1_000_000
"""Characters of data in one update; a blank node's triples stay together, however many."""

_FRESH: Final = 5.0
"""Seconds for which the list of graphs is believed; others may write to the service, too."""

_JENA_UNNAMED: Final = "urn:x-arq:DefaultGraph"


class ServiceStore(Asking):
    """A dataset behind a SPARQL 1.1 service.

    Args:
        url: Where it takes queries.
        update_url: Where it takes updates; None: the same address, or the one beside it whose last part is
            ``update``, whichever takes one.
        timeout: Seconds that any single request may take unless a query says otherwise.
        limit: Bytes that any single answer may have.

    Raises:
        InputError: The address is none of http or https.

    >>> ServiceStore("http://127.0.0.1:3030/ds/query").url
    'http://127.0.0.1:3030/ds/query'
    """

    engine = "service"

    def __init__(
        self, url: str, *, update_url: str | None = None, timeout: float = 30.0, limit: int = 512 * 2**20
    ) -> None:
        self.url = url
        self._connection = Connection(url, limit=limit)
        self._updates = Connection(update_url, limit=limit) if update_url else None
        self._timeout = timeout
        self._limit = limit
        self._asked = float("-inf")
        self._graphs: list[str] = []
        self._union: bool | None = None

    # -- asking ---------------------------------------------------------------

    def query(
        self,
        query: str,
        *,
        bindings: Mapping[str, Term] | None = None,
        default_graphs: Sequence[str] | None = None,
        named_graphs: Sequence[str] | None = None,
        timeout: float | None = None,
    ) -> Result:
        """Ask a query of any form, see :class:`apgraph.store.Store`.

        Raises:
            InputError: A binding is a blank node, which has no name on another machine.
        """
        for name, term in (bindings or {}).items():
            if isinstance(term, BlankNode):
                raise InputError(
                    f"?{name} is a blank node, which can't be named to a remote service; give an IRI"
                )
        text = bind(query, bindings or {})
        asked = form(query)
        if default_graphs is None and named_graphs is None and has_dataset(query):
            fields = []
        else:
            fields = self._dataset(default_graphs, named_graphs)
        return self._run(text, asked, fields, original=query, timeout=timeout)

    def _run(
        self,
        text: str,
        asked: str,
        fields: list[tuple[str, str]],
        *,
        original: str | None = None,
        timeout: float | None = None,
    ) -> Result:
        limit = self._timeout if timeout is None else timeout

        def work(deadline: Deadline) -> Result:
            tabular = asked in ("select", "ask")
            accepted = (
                "application/sparql-results+json, application/json;q=0.5"
                if tabular
                else "application/n-triples, text/turtle;q=0.5"
            )
            answer = self._connection.query(
                [("query", text), *fields], accept=accepted, timeout=limit, deadline=deadline
            )
            if asked == "ask":
                return read_boolean(answer)
            if asked == "select":
                return read_solutions(answer)
            return read_triples(answer)

        try:
            return within(limit, work)
        except ServiceError:
            _complain(original or text)
            raise

    # -- which graphs a query sees --------------------------------------------

    def _dataset(self, default: Sequence[str] | None, named: Sequence[str] | None) -> list[tuple[str, str]]:
        """Return the graphs of a query as fields of the protocol."""
        every = self._every_graph()
        names = [name for name in every if not is_reserved(name)]
        if default is None and named is None and (not every or (names == every and self._is_union())):
            return []
        chosen = list(dict.fromkeys(["", *names] if default is None else default))
        fields = []
        for name in chosen:
            if name:
                fields.append(("default-graph-uri", name))
            elif (unnamed := self._unnamed()) is not None:
                fields.append(("default-graph-uri", unnamed))
        reached = names if named is None else [name for name in named if name]
        if not fields and chosen != [""]:
            # A dataset of no default graph can't be said but by naming a graph that isn't there.
            fields.append(("default-graph-uri", "urn:apgraph:nothing"))
        return [*fields, *(("named-graph-uri", name) for name in reached)]

    def _every_graph(self) -> list[str]:
        if time.monotonic() - self._asked > _FRESH:
            rows = self._run("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }", "select", [])
            if not isinstance(rows, Solutions):
                raise TypeError(rows)
            self._graphs = sorted(row[0].value for row in rows if isinstance(row[0], NamedNode))
            self._asked = time.monotonic()
            self._union = None
        return self._graphs

    def _is_union(self) -> bool:
        """Tell whether the service itself shows all graphs as one."""
        union = self._union
        if union is None:
            union = self._union = all(
                self._run(
                    f"ASK {{ {{ SELECT * {{ GRAPH {NamedNode(name)} {{ ?s ?p ?o }} }} LIMIT 1 }} ?s ?p ?o }}",
                    "ask",
                    [],
                )
                for name in self._graphs
            )
        return union

    def _unnamed(self) -> str | None:
        """Return the name by which the unnamed graph can be asked for beside others; None: it is empty."""
        if self._is_union() or not self._run("ASK { ?s ?p ?o }", "ask", []):
            return None
        if self._run("ASK { ?s ?p ?o }", "ask", [("default-graph-uri", _JENA_UNNAMED)]):
            return _JENA_UNNAMED
        raise ServiceError(
            f"{self.url} keeps triples outside its named graphs and can't show both at once; "
            "move them into a named graph, or say FROM in the query"
        )

    # -- reading --------------------------------------------------------------

    def graphs(self) -> tuple[str, ...]:
        """Return the named graphs but the reserved ones, in alphabetical order."""
        return tuple(name for name in self._every_graph() if not is_reserved(name))

    def quads(self, graph: str | None = None) -> Iterator[Quad]:
        """Yield quads as the service has them, see :class:`apgraph.store.Store`."""
        for name in ["", *self.graphs()] if graph is None else [graph]:
            if not name and self.graphs() and self._is_union():
                continue
            term = graph_name(name)
            pattern = "{ ?s ?p ?o }" if not name else f"{{ GRAPH {term} {{ ?s ?p ?o }} }}"
            triples = self._run(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {pattern}", "construct", [])
            if isinstance(triples, Solutions | bool):
                raise TypeError(triples)
            for triple in triples:
                yield Quad(triple.subject, triple.predicate, triple.object, term)

    def __len__(self) -> int:
        number = 0
        for name in ["", *self.graphs()]:
            if not name and self.graphs() and self._is_union():
                continue
            pattern = "{ ?s ?p ?o }" if not name else f"{{ GRAPH {NamedNode(name)} {{ ?s ?p ?o }} }}"
            rows = self._run(f"SELECT (COUNT(*) AS ?n) {pattern}", "select", [])
            if not isinstance(rows, Solutions) or not isinstance(rows.rows[0][0], Literal):
                raise ServiceError(f"{self.url} does not count")
            number += int(rows.rows[0][0].value)
        return number

    # -- writing --------------------------------------------------------------

    def load(
        self,
        source: Path | bytes,
        *,
        format: RdfFormat,  # noqa: A002 (the name that callers know)
        graph: str | None = None,
        base: str | None = None,
        name: str = "",
    ) -> int:
        """Load a file or its content, see :class:`apgraph.store.Store`.

        It is parsed to its end before anything is sent. Where the service fails half-way, the error says
        how much it has.
        """
        shown = name or ("data" if isinstance(source, bytes) else str(source))
        return self.add(parse(source, syntax=format, graph=graph_name(graph or ""), base=base, name=shown))

    def add(self, quads: Iterable[Quad]) -> int:
        """Add quads and return how many were given.

        Raises:
            ServiceError: The service fails; the message says how many quads it has taken.
        """
        every = list(quads)
        done = 0
        for chunk in _chunks(every):
            try:
                self.update(_insertion(chunk))
            except ServiceError as error:
                raise ServiceError(f"{error} (after {done} of {len(every)} quads)") from None
            done += len(chunk)
        return len(every)

    def update(self, text: str) -> None:
        """Run a SPARQL update.

        Raises:
            ParseError: The update has a syntax error.
            ServiceError: The service is out of reach or refuses.
        """
        connection = self._update_connection()

        def work(deadline: Deadline) -> None:
            connection.update(text, timeout=self._timeout, deadline=deadline)

        try:
            within(self._timeout, work)
        except ServiceError:
            _complain_update(text)
            raise
        finally:
            self._changed()

    def _update_connection(self) -> Connection:
        if self._updates is None:
            refusal: ServiceError | None = None
            for candidate in _update_candidates(self.url):
                connection = Connection(candidate, limit=self._limit)

                def work(deadline: Deadline, connection: Connection = connection) -> None:
                    connection.update("INSERT DATA { }", timeout=self._timeout, deadline=deadline)

                try:
                    within(self._timeout, work)
                except ServiceError as error:
                    refusal = refusal or error
                    continue
                self._updates = connection
                break
            else:
                raise ServiceError(
                    f"{self.url} takes no updates: {refusal}; give update_url if it has another address"
                )
        return self._updates

    def remove_graph(self, graph: str) -> None:
        """Remove a graph; nothing happens if there is none."""
        term = graph_name(graph)
        if isinstance(term, BlankNode):
            raise InputError("a graph named by a blank node can't be named to a remote service")
        self.update("DROP SILENT DEFAULT" if isinstance(term, DefaultGraph) else f"DROP SILENT GRAPH {term}")

    def close(self) -> None:
        """Refuse what is asked from now on; no connection was kept."""
        closed: Any = Closed(f"connect to {self.url} again")
        self._connection = self._updates = closed
        self._changed()

    def _changed(self) -> None:
        self._asked = float("-inf")
        self._graphs = []
        self._union = None


def _complain(query: str) -> None:
    """Raise ParseError if a query that a service refused has a syntax error."""
    if any(token.is_word("SERVICE") for token in tokens(query)):
        return
    try:
        Engine().query(query)
    except SyntaxError as error:
        raise syntax_error(query, error) from None
    except (RuntimeError, ValueError, OSError):
        return


def _complain_update(text: str) -> None:
    """Raise ParseError if an update that a service refused has a syntax error."""
    if any(token.is_word("SERVICE", "LOAD") for token in tokens(text)):
        return
    try:
        Engine().update(text)
    except SyntaxError as error:
        raise syntax_error(text, error, name="update") from None
    except (RuntimeError, ValueError, OSError):
        return


def _update_candidates(url: str) -> list[str]:
    parts = urlsplit(url)
    folder, _, last = parts.path.rstrip("/").rpartition("/")
    paths = [parts.path]
    if last in ("query", "sparql"):
        paths.append(f"{folder}/update")
    paths.append(parts.path.rstrip("/") + "/update")
    return [urlunsplit(parts._replace(path=path)) for path in dict.fromkeys(paths)]


def _statement(quad: Quad) -> str:
    literal = quad.object
    shown = str(literal)
    if isinstance(literal, Literal) and literal.language is not None:
        language, tag = reveal_tag(literal.language)
        shown = f"{Literal(literal.value)}@{tag or language}"
    return f"{quad.subject} {quad.predicate} {shown} ."


def _insertion(quads: Sequence[Quad]) -> str:
    # Each graph once, and a blank node in no INSERT DATA: Virtuoso does not take it otherwise.
    graphs: dict[object, list[str]] = {}
    for quad in quads:
        graphs.setdefault(quad.graph_name, []).append(_statement(quad))
    blocks = []
    for graph, statements in graphs.items():
        block = "\n".join(statements)
        blocks.append(block if isinstance(graph, DefaultGraph) else f"GRAPH {graph} {{\n{block}\n}}")
    text = "\n".join(blocks)
    if any(_blank(quad) for quad in quads):
        return f"INSERT {{\n{text}\n}} WHERE {{ }}"
    return f"INSERT DATA {{\n{text}\n}}"


def _blank(quad: Quad) -> list[BlankNode]:
    found = []
    for term in (quad.subject, quad.object, quad.graph_name):
        if isinstance(term, BlankNode):
            found.append(term)
        elif isinstance(term, Triple):
            found += _blank(Quad(*term))
    return found


def _chunks(quads: Iterable[Quad]) -> Iterator[list[Quad]]:
    """Cut quads into updates; quads that share a blank node go together, as its name lives in one update only."""
    parents: dict[BlankNode, BlankNode] = {}

    def root(node: BlankNode) -> BlankNode:
        while (parent := parents.setdefault(node, node)) != node:
            parents[node] = parents[parent]
            node = parent
        return node

    groups: list[list[Quad]] = []
    waiting: list[tuple[BlankNode, Quad]] = []
    for quad in quads:
        blanks = _blank(quad)
        if not blanks:
            groups.append([quad])
            continue
        if isinstance(quad.graph_name, BlankNode):
            raise InputError(
                "a graph named by a blank node can't be sent to a remote service; name it by an IRI"
            )
        for node in blanks[1:]:
            parents[root(node)] = root(blanks[0])
        waiting.append((blanks[0], quad))
    together: dict[BlankNode, list[Quad]] = {}
    for node, quad in waiting:
        together.setdefault(root(node), []).append(quad)
    groups += together.values()
    chunk: list[Quad] = []
    size = 0
    for group in groups:
        length = sum(len(str(quad)) for quad in group)
        if chunk and size + length > _CHUNK:
            yield chunk
            chunk, size = [], 0
        chunk += group
        size += length
    if chunk:
        yield chunk
