"""Taking a case out of graphs that it shares with others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal, NamedNode

from apgraph.cases.records import case_graph
from apgraph.resources import FRAMEWORK
from apgraph.store import INFERRED
from apgraph.vocabulary import APG

if TYPE_CHECKING:
    from apgraph.store import Store

__all__ = ["remove_records"]

_MARKS: Final = INFERRED + ":removing"
"""A graph that names what goes, for a while: a query on a service can't name a blank node otherwise."""

_ITEM: Final = "urn:apgraph:removing:item"
_NODE: Final = "urn:apgraph:removing:node"


def remove_records(store: Store, case_id: str, record: str) -> None:
    """Remove what is said of a case's items, wherever it is, and of the blank nodes that nothing else hangs on.

    Items are what says that it is part of the case, the record itself, and whatever has an IRI below the case's.

    Args:
        store: The store.
        case_id: The case's identifier.
        record: The IRI of its record.

    Raises:
        ServiceError: The store is a service that takes no updates, or fails.
    """
    items = (
        f"{{ ?item <{APG}isPartOfCase> <{record}> }} UNION {{ VALUES ?item {{ <{record}> }} ?item ?p ?o }} "
        f"UNION {{ ?item ?p ?o FILTER(STRSTARTS(STR(?item), {Literal(f'{case_graph(case_id)}:')})) }}"
    )
    # What was inferred is forgotten as a whole, but for that on a service, where it may be another's.
    inferred = [INFERRED] if store.engine == "service" else []
    graphs = [
        name for name in (*store.graphs(), *inferred) if name != FRAMEWORK and not name.startswith("_:")
    ]
    rows = store.select(
        f"SELECT DISTINCT ?graph {{ GRAPH ?graph {{ {items} }} }}", default_graphs=[""], named_graphs=graphs
    ).rows
    found = sorted(graph.value for (graph,) in rows if isinstance(graph, NamedNode))
    for graph in found:
        store.remove_graph(_MARKS)
        try:
            _remove(store, graph, items)
        finally:
            store.remove_graph(_MARKS)


def _remove(store: Store, graph: str, items: str) -> None:
    def within(pattern: str) -> str:
        return f"GRAPH <{graph}> {{ {pattern} }}"

    def marked(node: str, kind: str) -> str:
        return f"GRAPH <{_MARKS}> {{ {node} a {kind} }}"

    def size() -> int:
        return len(
            store.select(f"SELECT ?node ?kind {{ {marked('?node', '?kind')} }}", named_graphs=[_MARKS])
        )

    any_mark = "?mark"
    store.update(f"INSERT {{ {marked('?item', f'<{_ITEM}>')} }} WHERE {{ {within(items)} }}")
    # The blank nodes that hang from the items, step by step …
    before = -1
    while before != (before := size()):
        store.update(
            f"INSERT {{ {marked('?node', f'<{_NODE}>')} }} WHERE {{ {marked('?from', any_mark)} "
            f"{within('?from ?p ?node')} FILTER(ISBLANK(?node)) }}"
        )
    # … but for those that something else hangs on, and what hangs from these in turn.
    before = -1
    while before != (before := size()):
        store.update(
            f"DELETE {{ {marked('?node', f'<{_NODE}>')} }} WHERE {{ {marked('?node', f'<{_NODE}>')} "
            f"{within('?other ?p ?node')} FILTER NOT EXISTS {{ {marked('?other', any_mark)} }} }}"
        )
    store.update(
        f"DELETE {{ {within('?node ?p ?o')} }} WHERE {{ {marked('?node', any_mark)} {within('?node ?p ?o')} }}"
    )
