"""The statements about a case, held once and in little room, and which of them have been said again."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, TypeAlias

from pyoxigraph import BlankNode, NamedNode, Triple

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from pyoxigraph import Literal, Quad

    from apgraph.store import Term

__all__ = ["Facts"]

_Values: TypeAlias = "Term | tuple[Term] | dict[Term, bool]"
"""One value, the same in a tuple once it has been said, or several values, each with whether it has been said."""


class Facts:
    """Statements by subject and property.

    A case of 100,000 rows has a million of them, most with the only value of their property: such a value stands
    for itself, and equal terms are one object.

    Args:
        inverse: Properties whose values tell what has them.

    >>> from pyoxigraph import Literal, NamedNode, Quad
    >>> facts = Facts()
    >>> facts.add(Quad(NamedNode("urn:a"), NamedNode("urn:p"), Literal("x")))
    >>> facts.of("urn:a", "urn:p")[0].value, facts.mark(Triple(NamedNode("urn:a"), NamedNode("urn:p"), Literal("y")))
    ('x', False)
    >>> facts.mark(Triple(NamedNode("urn:a"), NamedNode("urn:p"), Literal("x"))), list(facts.unsaid())
    (True, [])
    """

    def __init__(self, inverse: Collection[str] = ()) -> None:
        self._inverse: dict[str, defaultdict[Term, list[str]]] = {each: defaultdict(list) for each in inverse}
        self._of: dict[str, dict[str, _Values]] = {}
        self._terms: dict[Term, tuple[Term]] = {}
        self._predicates: dict[str, str] = {}
        # What has no name to look it up by.
        self._others: dict[Triple, bool] = {}

    def add(self, quad: Quad) -> None:
        """Take in a statement, whatever its graph."""
        subject, value = quad.subject, quad.object
        if not isinstance(subject, NamedNode) or isinstance(value, Triple):
            self._others[Triple(subject, quad.predicate, value)] = False
            return
        (term,) = self._terms.setdefault(value, (value,))
        predicate = quad.predicate.value
        predicate = self._predicates.setdefault(predicate, predicate)
        values = self._of.setdefault(subject.value, {})
        known = values.get(predicate)
        if known is None:
            values[predicate] = term
        elif isinstance(known, dict):
            if term in known:
                return
            known[term] = False
        elif known != term:
            values[predicate] = {_one(known): False, term: False}
        else:
            return
        if predicate in self._inverse:
            self._inverse[predicate][term].append(subject.value)

    def __contains__(self, node: str) -> bool:
        return node in self._of

    def of(self, node: str, predicate: str) -> Sequence[Term]:
        """Return the values of a property of something."""
        known = self._of.get(node, {}).get(predicate)
        if known is None:
            return ()
        return tuple(known) if isinstance(known, dict) else (_one(known),)

    def values(self, predicate: str) -> Iterator[Term]:
        """Yield all values of a property."""
        for node in self._of:
            yield from self.of(node, predicate)

    def subjects(self, predicate: str, value: Term) -> Sequence[str]:
        """Return what has a value of one of the properties given for that."""
        return self._inverse[predicate].get(value, ())

    def mark(self, triple: Triple) -> bool:
        """Note that a statement has been said; tell whether it is one of these."""
        subject, value = triple.subject, triple.object
        if not isinstance(subject, NamedNode) or isinstance(value, Triple):
            known = triple in self._others
            if known:
                self._others[triple] = True
            return known
        values = self._of.get(subject.value)
        predicate = triple.predicate.value
        found = None if values is None else values.get(predicate)
        if values is None or found is None:
            return False
        if isinstance(found, dict):
            if value in found:
                found[value] = True
            return value in found
        if _one(found) != value:
            return False
        values[self._predicates[predicate]] = self._terms[value]
        return True

    def unsaid(self) -> Iterator[Triple]:
        """Yield the statements that have not been said."""
        for node, values in self._of.items():
            for predicate, known in values.items():
                for term in _open(known):
                    yield Triple(NamedNode(node), NamedNode(predicate), term)
        yield from (triple for triple, said in self._others.items() if not said)


def _one(values: Term | tuple[Term]) -> Term:
    return values[0] if isinstance(values, tuple) else values


def _open(values: _Values) -> Iterator[NamedNode | BlankNode | Literal]:
    if isinstance(values, dict):
        yield from (term for term, said in values.items() if not said)
    elif not isinstance(values, tuple):
        yield values
