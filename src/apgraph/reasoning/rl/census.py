"""What there is in graphs, and how much of it: of which properties, and of which classes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal

from apgraph.reasoning.rl.rule import TYPE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from apgraph.reasoning.rl.rule import Term
    from apgraph.reasoning.rl.strata import Key
    from apgraph.store import Store

__all__ = ["NOWHERE", "PIECE", "Census"]

PIECE: Final = 4000
"""How many values a query or an update holds at most."""
NOWHERE: Final = "urn:apgraph:nothing"
"""A graph that there is none of: a query without FROM would see all, and one that is FROM nowhere sees none."""


class Census:
    """Counts the triples of a store.

    Args:
        store: The store.

    >>> from apgraph.store import OxigraphStore
    >>> store = OxigraphStore()
    >>> store.update("INSERT DATA { GRAPH <urn:g> { <urn:a> <urn:p> <urn:b>, <urn:c> } }")
    >>> [(str(key[0]), number) for key, number in Census(store).contents("urn:g")]
    [('<urn:p>', 2)]
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def existing(self, names: Sequence[Term], pattern: str, sources: Iterable[str]) -> Iterator[Term]:
        """Yield those of some names for which a pattern of ``?name`` matches in some graphs."""
        dataset = " ".join(f"FROM <{source}>" for source in (*sources, NOWHERE))
        for at in range(0, len(names), PIECE):
            values = " ".join(map(str, names[at : at + PIECE]))
            query = f"SELECT ?name {dataset} WHERE {{ VALUES ?name {{ {values} }} FILTER EXISTS {{ {pattern} }} }}"
            for (name,) in self._store.select(query):
                if name is not None:
                    yield name

    def count(self, graph: str, keys: Iterable[Key | None]) -> Iterator[tuple[Key, int]]:
        """Yield how many triples of a graph there are about each of some classes and properties."""
        by_class: dict[bool, list[Key]] = {False: [], True: []}
        for key in keys:
            if key is not None:
                by_class[key[1] is not None].append(key)
        for of_class, found in by_class.items():
            for at in range(0, len(found), PIECE):
                part = found[at : at + PIECE]
                names = [(key[1] or key[0]) for key in part]
                pattern = f"?s {TYPE} ?k" if of_class else "?s ?k ?o"
                if len(part) == 1:
                    text = pattern.replace("?k", str(names[0]))
                    query = f"SELECT ({names[0]} AS ?k) (COUNT(*) AS ?n) {{ {text} }}"
                else:
                    query = f"SELECT ?k (COUNT(*) AS ?n) {{ VALUES ?k {{ {' '.join(map(str, names))} }} {pattern} }} GROUP BY ?k"
                for name, number in self._grouped(query, graph):
                    yield ((TYPE, name) if of_class else (name, None)), number

    def contents(self, graph: str) -> Iterator[tuple[Key, int]]:
        """Yield what the triples of a graph are about, and how many each."""
        for name, number in self._grouped("SELECT ?p (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p", graph):
            if name != TYPE:
                yield (name, None), number
                continue
            query = f"SELECT ?c (COUNT(*) AS ?n) {{ ?s {TYPE} ?c }} GROUP BY ?c"
            for kind, count in self._grouped(query, graph):
                yield (TYPE, kind), count

    def _grouped(self, query: str, graph: str) -> list[tuple[Term, int]]:
        found = []
        for name, number in self._store.select(query, default_graphs=[graph]):
            if name is not None and isinstance(number, Literal) and int(number.value):
                found.append((name, int(number.value)))
        return found
