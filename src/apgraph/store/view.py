"""A live view of a store for rdflib: what is read and written there is read and written here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import rdflib
from oxrdflib.store import OxigraphStore as PlainView
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad
from rdflib.query import Result
from rdflib.store import Store as RdflibBase
from rdflib.term import Variable

from apgraph.errors import InputError
from apgraph.sparql import with_prefixes
from apgraph.store.dataset import Solutions, graph_text
from apgraph.store.oxigraph import OxigraphStore
from apgraph.store.tags import reveal_tag
from apgraph.store.terms import (
    from_rdflib,
    graph_from_rdflib,
    graph_to_rdflib,
    node_from_rdflib,
    to_rdflib_term,
)

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator, Mapping

    from rdflib.graph import _ContextType, _QuadType, _TriplePatternType, _TripleType

    from apgraph.store.dataset import Store, Term

__all__ = ["LiveView", "to_rdflib"]


def to_rdflib(store: Store) -> rdflib.Dataset:
    """Return a store as an rdflib dataset, without copying it.

    Reading, writing and SPARQL go to the store itself. Literals are as they were written, and plain
    strings are plain. The reserved graphs can be asked for by name, and are part of nothing else.

    Args:
        store: A store in Oxigraph, or in rdflib's memory (whose own dataset is returned).

    Raises:
        InputError: The store is a remote service.

    >>> store = OxigraphStore()
    >>> dataset = to_rdflib(store)
    >>> _ = dataset.add((rdflib.URIRef("urn:a"), rdflib.URIRef("urn:p"), rdflib.Literal("x")))
    >>> len(store), list(dataset.objects())
    (1, [rdflib.term.Literal('x')])
    """
    if isinstance(store, OxigraphStore):
        return rdflib.Dataset(store=LiveView(store), default_union=True)
    if store.engine == "rdflib":
        from apgraph.store.rdflib_memory import RdflibStore

        if isinstance(store, RdflibStore):
            return store.dataset
    raise InputError("a remote service can't be seen through rdflib; load its data into a store first")


class LiveView(PlainView):
    """An rdflib store over an :class:`apgraph.store.OxigraphStore`."""

    def __init__(self, store: OxigraphStore) -> None:
        self._ours = store
        super().__init__()

    # -- writing --------------------------------------------------------------

    def add(self, triple: _TripleType, context: _ContextType, quoted: bool = False) -> None:
        """Add a triple."""
        if quoted:
            raise InputError("quoted graphs can't be kept")
        self._ours.add([_quad(triple, context)])
        RdflibBase.add(self, triple, context, quoted)

    def addN(self, quads: Iterable[_QuadType]) -> None:  # noqa: N802 (rdflib's name)
        """Add quads, wholly or not at all."""
        self._ours.add([_quad((s, p, o), context) for s, p, o, context in quads])

    def remove(self, triple: _TriplePatternType, context: _ContextType | None = None) -> None:
        """Remove the triples that match; None matches anything."""
        self._ours.remove([(quad, tag) for quad, tag in self._match(triple, context)])
        RdflibBase.remove(self, triple, context)

    def add_graph(self, graph: rdflib.Graph) -> None:
        """Make an empty graph."""
        self._ours.add_graph(graph_text(graph_from_rdflib(graph.identifier)))

    def remove_graph(self, graph: rdflib.Graph) -> None:
        """Remove a graph."""
        self._ours.remove_graph(graph_text(graph_from_rdflib(graph.identifier)))

    # -- reading --------------------------------------------------------------

    def triples(
        self, triple_pattern: _TriplePatternType, context: _ContextType | None = None
    ) -> Iterator[tuple[_TripleType, Iterator[_ContextType | None]]]:
        """Yield the triples that match, each with the graph it is in."""
        for quad, tag in self._match(triple_pattern, context):
            triple = (
                to_rdflib_term(quad.subject),
                to_rdflib_term(quad.predicate),
                to_rdflib_term(quad.object, tag),
            )
            graph = rdflib.Graph(identifier=graph_to_rdflib(quad.graph_name), store=self)
            yield triple, iter((graph,))

    def _match(
        self, pattern: _TriplePatternType, context: _ContextType | None
    ) -> Iterator[tuple[Quad, str | None]]:
        s, p, o = pattern
        try:
            subject = None if s is None else node_from_rdflib(s)
            predicate = None if p is None else node_from_rdflib(p)
            wanted = None if o is None else from_rdflib(o)
        except InputError:  # a literal as a subject, say: nothing can match
            return
        if isinstance(predicate, BlankNode):
            return
        if isinstance(wanted, Literal) and wanted.language is not None:
            wanted = Literal(wanted.value, language=reveal_tag(wanted.language)[0])
        graph = None if context is None else graph_text(graph_from_rdflib(context.identifier))
        yield from self._ours.match(subject, predicate, wanted, graph)

    def __len__(self, context: _ContextType | None = None) -> int:
        if context is None:
            return len(self._ours)
        return self._ours.size(graph_text(graph_from_rdflib(context.identifier)))

    def contexts(self, triple: _TripleType | None = None) -> Generator[rdflib.Graph, None, None]:
        """Yield the graphs, or those that hold a triple."""
        names: Iterable[NamedNode | BlankNode | DefaultGraph]
        if triple is None:
            names = [graph_from_rdflib(rdflib.URIRef(name)) for name in self._ours.graphs()]
        else:
            names = dict.fromkeys(quad.graph_name for quad, _ in self._match(triple, None))
        for name in names:
            yield rdflib.Graph(identifier=graph_to_rdflib(name), store=self)

    def query(
        self,
        query: Any,
        initNs: Mapping[str, Any],  # noqa: N803 (rdflib's name)
        initBindings: Mapping[str, rdflib.term.Identifier],  # noqa: N803
        queryGraph: str,  # noqa: N803
        **kwargs: object,
    ) -> Result:
        """Ask a query; Oxigraph answers it."""
        if not isinstance(query, str) or kwargs:
            # rdflib's own engine takes over, over this store.
            raise NotImplementedError
        text = with_prefixes(query, {**dict(self._prefixes()), **{k: str(v) for k, v in initNs.items()}})
        bindings: dict[str, Term] = {
            str(name).lstrip("?$"): from_rdflib(term) for name, term in initBindings.items()
        }
        default = None if queryGraph == "__UNION__" else [_query_graph(queryGraph)]
        answer = self._ours.query(text, bindings=bindings, default_graphs=default)
        if isinstance(answer, bool):
            result = Result("ASK")
            result.askAnswer = answer
        elif isinstance(answer, Solutions):
            result = Result("SELECT")
            result.vars = [Variable(name) for name in answer.variables]
            result.bindings = [
                {
                    variable: to_rdflib_term(term)
                    for variable, term in zip(result.vars, row, strict=True)
                    if term is not None
                }
                for row in answer.rows
            ]
        else:
            result = Result("CONSTRUCT")
            result.graph = rdflib.Graph()
            for triple in answer:
                result.graph.add(
                    (
                        to_rdflib_term(triple.subject),
                        to_rdflib_term(triple.predicate),
                        to_rdflib_term(triple.object),
                    )
                )
        return result

    def update(
        self,
        update: Any,
        initNs: Mapping[str, Any],  # noqa: N803
        initBindings: Mapping[str, rdflib.term.Identifier],  # noqa: N803
        queryGraph: str,  # noqa: N803, ARG002
        **kwargs: object,
    ) -> None:
        """Run an update in Oxigraph."""
        if not isinstance(update, str) or initBindings or kwargs:
            raise NotImplementedError
        self._ours.update(
            with_prefixes(update, {**dict(self._prefixes()), **{k: str(v) for k, v in initNs.items()}})
        )

    def _prefixes(self) -> Iterator[tuple[str, str]]:
        for prefix, namespace in self.namespaces():
            yield prefix, str(namespace)

    def close(self, commit_pending_transaction: bool = False) -> None:
        """Do nothing: the store stays open, as it isn't the view's."""


def _query_graph(name: Any) -> str:
    return graph_text(
        graph_from_rdflib(name if isinstance(name, rdflib.term.Node) else rdflib.URIRef(str(name)))
    )


def _quad(triple: _TripleType, context: _ContextType | None) -> Quad:
    s, p, o = triple
    predicate = node_from_rdflib(p)
    if isinstance(predicate, BlankNode):
        raise InputError(f"{p!r} can't be a predicate")
    graph = DefaultGraph() if context is None else graph_from_rdflib(context.identifier)
    return Quad(node_from_rdflib(s), predicate, from_rdflib(o), graph)
