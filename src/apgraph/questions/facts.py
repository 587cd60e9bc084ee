"""The facts of a store by pattern, fetched in sets and kept, for explaining rows."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from pyoxigraph import NamedNode, Quad, Triple

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from apgraph.questions.proofs import Fact
    from apgraph.store import Store, Term

__all__ = ["Facts"]

_WHOLE: Final = 50_000
"""A property with no more triples than that is read at once."""


class _Property:
    """All triples of one property, by subject and by object."""

    __slots__ = ("by_object", "by_subject", "pairs")

    def __init__(self, pairs: Collection[tuple[Term, Term]]) -> None:
        self.pairs = dict.fromkeys(pairs)
        self.by_subject: defaultdict[Term, list[Term]] = defaultdict(list)
        self.by_object: defaultdict[Term, list[Term]] = defaultdict(list)
        for subject, value in self.pairs:
            self.by_subject[subject].append(value)
            self.by_object[value].append(subject)


class Facts:
    """The facts of a store, by pattern.

    Args:
        store: The store; it must not change while this is in use.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._properties: dict[tuple[str, str | None], _Property | None] = {}
        self._found: dict[tuple[Term | None, Term | None, Term | None, str | None], tuple[Fact, ...]] = {}
        self._graphs: tuple[str, ...] | None = None

    def graphs(self) -> tuple[str, ...]:
        """Return the store's named graphs."""
        if self._graphs is None:
            self._graphs = self._store.graphs()
        return self._graphs

    def match(
        self, subject: Term | None, predicate: Term | None, value: Term | None, graph: str | None = None
    ) -> Iterator[tuple[Term, Term, Term, Fact]]:
        """Yield subject, predicate, object and fact for each match; None matches anything.

        Args:
            subject: The subject.
            predicate: The predicate.
            value: The object.
            graph: The graph to look in; None for the default graph.
        """
        if isinstance(predicate, NamedNode):
            known = self._property(predicate.value, graph)
            if known is not None:
                for one, two in _pairs(known, subject, value):
                    yield one, predicate, two, _fact(one, predicate, two, graph)
                return
        for fact in self._pattern(subject, predicate, value, graph):
            yield fact.subject, fact.predicate, fact.object, fact  # type: ignore[misc]  # no quoted triples here

    def mentions(self, term: Term, graph: str | None = None) -> Iterator[Fact]:
        """Yield the facts that have the term as subject or object."""
        for *_, fact in self.match(term, None, None, graph):
            yield fact
        for *_, fact in self.match(None, None, term, graph):
            yield fact

    def nodes(self, graph: str | None = None) -> list[Term]:
        """Return every subject and object."""
        found: dict[Term, None] = {}
        for subject, _, value, _ in self.match(None, None, None, graph):
            found[subject] = None
            found[value] = None
        return list(found)

    def _property(self, predicate: str, graph: str | None) -> _Property | None:
        at = (predicate, graph)
        if at not in self._properties:
            pattern = _in_graph(f"?s {NamedNode(predicate)} ?o", graph)
            rows = self._store.select(f"SELECT DISTINCT ?s ?o WHERE {{ {pattern} }} LIMIT {_WHOLE + 1}").rows
            pairs = [(s, o) for s, o in rows if s is not None and o is not None]
            self._properties[at] = _Property(pairs) if len(pairs) <= _WHOLE else None
        return self._properties[at]

    def _pattern(
        self, subject: Term | None, predicate: Term | None, value: Term | None, graph: str | None
    ) -> tuple[Fact, ...]:
        at = (subject, predicate, value, graph)
        if at not in self._found:
            given = {"s": subject, "p": predicate, "o": value}
            rows = self._store.select(
                f"SELECT DISTINCT ?s ?p ?o WHERE {{ {_in_graph('?s ?p ?o', graph)} }}",
                bindings={name: term for name, term in given.items() if term is not None},
            ).rows
            self._found[at] = tuple(
                _fact(s, p, o, graph) for s, p, o in rows if s is not None and p is not None and o is not None
            )
        return self._found[at]


def _in_graph(pattern: str, graph: str | None) -> str:
    return pattern if graph is None else f"GRAPH {NamedNode(graph)} {{ {pattern} }}"


def _pairs(known: _Property, subject: Term | None, value: Term | None) -> Iterator[tuple[Term, Term]]:
    if subject is not None and value is not None:
        if (subject, value) in known.pairs:
            yield subject, value
    elif subject is not None:
        for found in known.by_subject.get(subject, ()):
            yield subject, found
    elif value is not None:
        for found in known.by_object.get(value, ()):
            yield found, value
    else:
        yield from known.pairs


def _fact(subject: Term, predicate: Term, value: Term, graph: str | None) -> Fact:
    triple = Triple(subject, predicate, value)  # type: ignore[arg-type]  # came from a triple
    if graph is None:
        return triple
    return Quad(triple.subject, triple.predicate, triple.object, NamedNode(graph))
