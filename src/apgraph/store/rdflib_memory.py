"""A dataset in rdflib's own memory store, asked by rdflib's own SPARQL engine: a second opinion."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING, Any, Final

import rdflib
from pyoxigraph import BlankNode, Literal, Quad, Triple
from pyoxigraph import Store as Engine
from pyparsing import ParseBaseException
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.sparql import SPARQLError

from apgraph.errors import InputError
from apgraph.sparql import bind, form, has_dataset
from apgraph.store.dataset import INFERRED, Asking, Closed, Solutions, graph_name, graph_text, is_reserved
from apgraph.store.deadline import within
from apgraph.store.parsing import parse
from apgraph.store.syntax import stay_local, syntax_error
from apgraph.store.tags import reveal_tag
from apgraph.store.terms import (
    from_rdflib,
    graph_from_rdflib,
    graph_to_rdflib,
    node_from_rdflib,
    to_rdflib_term,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from pyoxigraph import RdfFormat
    from rdflib.plugins.sparql.sparql import Query

    from apgraph.store.dataset import Result, Term
    from apgraph.store.deadline import Deadline

__all__ = ["RdflibStore"]

_PARSING: Final = Lock()


class RdflibStore(Asking):
    """A dataset in rdflib's memory store.

    >>> from pyoxigraph import NamedNode
    >>> store = RdflibStore()
    >>> _ = store.add([Quad(NamedNode("urn:a"), NamedNode("urn:p"), Literal("x"))])
    >>> store.ask("ASK { <urn:a> ?p 'x' }")
    True
    """

    engine = "rdflib"

    def __init__(self) -> None:
        self._dataset = rdflib.Dataset(default_union=True)
        self._changed()

    @property
    def dataset(self) -> rdflib.Dataset:
        """The dataset itself; whoever changes it must not keep answers from before."""
        return self._dataset

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

        >>> RdflibStore().query("SELECT ?s { ?s ?p ?o }").rows
        ()
        """
        blank = {name: term for name, term in (bindings or {}).items() if isinstance(term, BlankNode)}
        named = {name: term for name, term in (bindings or {}).items() if name not in blank}
        text = bind(query, named)
        _check(query)
        asked = form(query)
        own = default_graphs is None and named_graphs is None and has_dataset(query)
        initial = {name: to_rdflib_term(term) for name, term in blank.items()}

        def work(deadline: Deadline) -> Result:
            try:
                # Its grammar finds out while it parses how to call its own parts, and is one for all threads.
                with _PARSING:
                    prepared = prepareQuery(text)
                chosen = _dataset_of(prepared)
                dataset = self._view(*(chosen if own else (default_graphs, named_graphs)))
                result = dataset.query(prepared, initBindings=initial)
                if asked == "ask":
                    return bool(result.askAnswer)
                if asked == "select":
                    names = [str(variable) for variable in result.vars or ()]
                    rows = []
                    for row in result.bindings:
                        deadline.check()
                        rows.append(tuple(_plain(row.get(rdflib.Variable(name))) for name in names))
                    return Solutions(tuple(names), tuple(rows))
                triples = []
                for s, p, o in result.graph or ():
                    deadline.check()
                    triples.append(_triple(s, p, o))
                return tuple(triples)
            except (
                ParseBaseException,
                SPARQLError,
                ValueError,
                TypeError,
                NotImplementedError,
                AttributeError,
            ) as error:
                if isinstance(error, InputError):
                    raise
                raise InputError(f"rdflib can't run the query: {error}") from None

        return within(timeout, work)

    # -- reading --------------------------------------------------------------

    def graphs(self) -> tuple[str, ...]:
        """Return the named graphs but the reserved ones, in alphabetical order."""
        names = (graph_text(graph_from_rdflib(graph.identifier)) for graph in self._dataset.graphs())
        return tuple(sorted(name for name in names if name and not is_reserved(name)))

    def quads(self, graph: str | None = None) -> Iterator[Quad]:
        """Yield quads as they came in (language tags in small letters), see :class:`apgraph.store.Store`."""
        for name in ["", *self.graphs()] if graph is None else [graph]:
            term = graph_name(name)
            for s, p, o in self._graph(name):
                triple = _triple(s, p, o)
                yield Quad(triple.subject, triple.predicate, triple.object, term)

    def __len__(self) -> int:
        return sum(len(self._graph(name)) for name in ["", *self.graphs()])

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
        """Load a file or its content, wholly or not at all, see :class:`apgraph.store.Store`."""
        shown = name or ("data" if isinstance(source, bytes) else str(source))
        return self.add(parse(source, syntax=format, graph=graph_name(graph or ""), base=base, name=shown))

    def add(self, quads: Iterable[Quad]) -> int:
        """Add quads, wholly or not at all, and return how many were given."""
        number = 0
        converted = []
        for quad in quads:
            number += 1
            literal, tag = quad.object, None
            if isinstance(literal, Literal) and literal.language is not None:
                language, tag = reveal_tag(literal.language)
                literal = Literal(literal.value, language=language)
            converted.append(
                (
                    to_rdflib_term(quad.subject),
                    to_rdflib_term(quad.predicate),
                    to_rdflib_term(literal, tag),
                    self._dataset.get_context(graph_to_rdflib(quad.graph_name)),
                )
            )
        self._dataset.addN(converted)
        self._changed()
        return number

    def update(self, text: str) -> None:
        """Run a SPARQL update.

        Raises:
            ParseError: The update has a syntax error.
            InputError: It can't be run.
        """
        stay_local(text)
        try:
            Engine().update(text)
        except SyntaxError as error:
            raise syntax_error(text, error, name="update") from None
        except (RuntimeError, ValueError, OSError) as error:
            raise InputError(f"the update can't be run: {error}") from None
        try:
            # The default graph of an update is the unnamed one alone.
            rdflib.Dataset(store=self._dataset.store).update(text)
        except ValueError as error:
            raise InputError(
                f"rdflib can't run this update ({error}); of data for the unnamed graph, say INSERT {{ … }} WHERE {{ }}"
            ) from None
        finally:
            self._changed()

    def remove_graph(self, graph: str) -> None:
        """Remove a graph; nothing happens if there is none."""
        self._dataset.remove_graph(self._graph(graph))
        self._changed()

    def close(self) -> None:
        """Release the store; a second time does nothing."""
        closed: Any = Closed("make another one")
        self._dataset = closed
        self._changed()

    def _graph(self, name: str) -> rdflib.Graph:
        return self._dataset.get_context(graph_to_rdflib(graph_name(name)))

    def _changed(self) -> None:
        self._views: dict[tuple[tuple[str, ...], tuple[str, ...]], rdflib.Dataset] = {}

    def _view(self, default: Sequence[str] | None, named: Sequence[str] | None) -> rdflib.Dataset:
        """Return a dataset that shows certain graphs only."""
        names = self.graphs()
        if default is None and named is None and not len(self._graph(INFERRED)):
            return self._dataset
        merged = tuple(sorted({"", *names} if default is None else set(default)))
        reached = tuple(sorted(names if named is None else set(named)))
        if (merged, reached) not in self._views:
            view = rdflib.Dataset()
            for name in merged:
                for triple in self._graph(name):
                    view.default_graph.add(triple)
            for name in reached:
                graph = view.graph(graph_to_rdflib(graph_name(name)))
                for triple in self._graph(name):
                    graph.add(triple)
            self._views[merged, reached] = view
        return self._views[merged, reached]


def _check(query: str) -> None:
    # rdflib says little about where an error is, and knows prefixes that the query does not declare.
    stay_local(query)
    try:
        Engine().query(query)
    except SyntaxError as error:
        raise syntax_error(query, error) from None
    except (RuntimeError, ValueError, OSError) as error:
        raise InputError(f"the query can't be run: {error}") from None


def _dataset_of(prepared: Query) -> tuple[list[str], list[str]]:
    """Return the default and the named graphs that a query chooses, and take its choice from it.

    rdflib would fetch each of them from the network, or from a file.
    """
    clauses = prepared.algebra.datasetClause or ()
    prepared.algebra["datasetClause"] = None
    return (
        [str(each.default) for each in clauses if each.default],
        [str(each.named) for each in clauses if each.named],
    )


def _plain(node: rdflib.term.Node | None) -> Term | None:
    if node is None:
        return None
    term = from_rdflib(node)
    if isinstance(term, Literal) and term.language is not None:
        return Literal(term.value, language=reveal_tag(term.language)[0])
    return term


def _triple(s: rdflib.term.Node, p: rdflib.term.Node, o: rdflib.term.Node) -> Triple:
    predicate, object_ = node_from_rdflib(p), _plain(o)
    if isinstance(predicate, BlankNode) or object_ is None:
        raise InputError(f"{p!r} can't be a predicate")
    return Triple(node_from_rdflib(s), predicate, object_)
