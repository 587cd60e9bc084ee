"""Nodes that only the ontology speaks of: nobody who checks data wants to hear of them."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Final

from pyoxigraph import BlankNode, Literal, NamedNode

from apgraph.shacl.report import SH
from apgraph.sparql import term_text
from apgraph.store import OxigraphStore
from apgraph.store.spelling import stored_form

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from apgraph.shacl.report import Term
    from apgraph.shacl.shapes import Shapes
    from apgraph.store import Store

__all__ = ["foreign_nodes"]

_AS_SUBJECT: Final = "?node ?property ?value"
_AS_OBJECT: Final = "?value ?property ?node"


def foreign_nodes(
    store: Store,
    nodes: Iterable[Term],
    shapes: Shapes,
    *,
    data_graphs: Sequence[str],
    ontology_graphs: Sequence[str],
) -> set[Term]:
    """Return those of some focus nodes that belong to the ontology and not to the data.

    A node with a name belongs to those graphs that describe it; one that nothing describes, a literal or a blank node
    to those that have it as a value. What a shape targets by sh:targetNode is meant, unless the ontology describes it.

    Args:
        store: Where the graphs are. A service names its blank nodes anew in each answer, so there they all are kept.
        nodes: The focus nodes.
        shapes: The shapes, for what they target by name.
        data_graphs: The graphs that are judged.
        ontology_graphs: The graphs that say what the classes are.
    """
    if not ontology_graphs:
        return set()
    given = set(nodes)
    named = {node for node in given if isinstance(node, NamedNode)}
    described = _found(store, named, _AS_SUBJECT, ontology_graphs)
    foreign = described - _found(store, described, _AS_SUBJECT, data_graphs)
    by_name = SH + "targetNode"
    targeted = {value for shape in shapes.subjects_of(by_name) for value in shapes.objects(shape, by_name)}
    asked: set[Term] = {node for node in given - described - targeted if not isinstance(node, BlankNode)}
    values = _found(store, asked, _AS_OBJECT, ontology_graphs)
    for pattern in (_AS_SUBJECT, _AS_OBJECT):
        left = values if pattern is _AS_OBJECT else {v for v in values if isinstance(v, NamedNode)}
        values -= _found(store, left, pattern, data_graphs)
    unnamed = _unnamed(store, {node for node in given if isinstance(node, BlankNode)}, ontology_graphs)
    return foreign | values | (unnamed - _unnamed(store, unnamed, data_graphs))


def _found(store: Store, nodes: Collection[Term], pattern: str, graphs: Sequence[str]) -> set[Term]:
    """Return those of some nodes that stand in the place of ``?node`` in a graph."""
    if not nodes or not graphs:
        return set()
    by_text: dict[str, set[Term]] = {}
    for node in nodes:
        kept = stored_form(node) if isinstance(node, Literal) and isinstance(store, OxigraphStore) else node
        by_text.setdefault(term_text(kept), set()).add(node)
    values = f"VALUES ?node {{ {' '.join(sorted(by_text))} }}"
    named = [graph for graph in graphs if graph]
    # Graph by graph, since a store may have to make a copy to see many as one.
    body = f"{values} GRAPH ?graph {{ {pattern} }}"
    if len(named) < len(graphs):
        body = f"{{ {body} }} UNION {{ {values} {pattern} }}"
    query = f"SELECT DISTINCT ?node WHERE {{ {body} }}"
    rows = store.select(query, default_graphs=[""], named_graphs=named).rows
    return {node for row in rows if row[0] is not None for node in by_text.get(term_text(row[0]), ())}


def _unnamed(store: Store, nodes: Collection[Term], graphs: Sequence[str]) -> set[Term]:
    """Return those of some blank nodes that are in a graph."""
    if not nodes or store.engine == "service":
        return set()
    if isinstance(store, OxigraphStore):

        def is_in(node: Term, graph: str) -> bool:
            quads = store.match(None, None, node, graph)
            if isinstance(node, BlankNode):
                quads = chain(store.match(node, None, None, graph), quads)
            return next(iter(quads), None) is not None

        return {node for node in nodes if any(is_in(node, graph) for graph in graphs)}
    met: set[object] = set()
    for graph in graphs:
        for quad in store.quads(graph):
            met.update((quad.subject, quad.object))
    return {node for node in nodes if node in met}
