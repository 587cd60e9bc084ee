"""What an edition says, if not in so many words."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Final

from apgraph.release.difference.statement import AXIOM
from apgraph.release.vocabulary import NAMESPACES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from apgraph.release.difference.edition import Edition
    from apgraph.release.difference.statement import Statement

__all__ = ["Entailment"]

_RDFS: Final = NAMESPACES["rdfs"]
_TYPE: Final = f"{NAMESPACES['rdf']}type"


class Entailment:
    """What follows from an edition by sub-classes, sub-properties and larger sets.

    Args:
        edition: The edition.
    """

    def __init__(self, edition: Edition) -> None:
        self._above: dict[str, defaultdict[str, set[str]]] = {
            p: defaultdict(set) for p in (f"{_RDFS}subClassOf", f"{_RDFS}subPropertyOf")
        }
        self._said: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
        self._types: defaultdict[str, set[str]] = defaultdict(set)
        self._axioms: list[tuple[str, set[str]]] = []
        for s in edition.statements:
            self._said[s.subject, s.value].add(s.predicate)
            if s.predicate in self._above:
                self._above[s.predicate][s.subject].add(s.value)
            elif s.predicate == _TYPE:
                self._types[s.subject].add(s.value)
            elif s.predicate == AXIOM:
                self._axioms.append(_set_of(s))

    def __contains__(self, statement: Statement) -> bool:
        if statement.predicate == AXIOM:
            frame, members = _set_of(statement)
            return any(frame == other and members <= larger for other, larger in self._axioms)
        if statement.predicate in self._above:
            return statement.value in self._up(statement.predicate, {f"<{statement.subject}>"})
        if statement.predicate == _TYPE:
            return statement.value in self._up(f"{_RDFS}subClassOf", self._types[statement.subject])
        narrower = {f"<{p}>" for p in self._said[statement.subject, statement.value]}
        return f"<{statement.predicate}>" in self._up(f"{_RDFS}subPropertyOf", narrower)

    def _up(self, by: str, start: Iterable[str]) -> set[str]:
        reached, waiting = set(start), list(start)
        while waiting:
            for above in self._above[by].get(waiting.pop()[1:-1], ()):
                if above not in reached:
                    reached.add(above)
                    waiting.append(above)
        return reached


def _set_of(statement: Statement) -> tuple[str, set[str]]:
    """Return an axiom without its set of members, and the set: what holds for a set holds for a smaller one."""
    found = re.search(r"\(([^()]*)\)", statement.value)
    return (
        (statement.value.replace(found[0], "()"), set(found[1].split()))
        if found
        else (statement.value, set())
    )
