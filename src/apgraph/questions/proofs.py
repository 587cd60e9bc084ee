"""Minimal proofs: sets of triples, none of which holds another, with what was looked for or counted.

A proof of a row is a set of triples that give it. Proofs of alternatives are put together
(:func:`either`), those of patterns that have to hold at once are multiplied (:func:`both`), and what is
not minimal is dropped each time. That is the why-provenance of databases (minimal witnesses).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from pyoxigraph import Quad, Triple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from apgraph.store import Term

__all__ = [
    "GIVEN",
    "Absence",
    "Counted",
    "Fact",
    "Limits",
    "Note",
    "Proofs",
    "absent",
    "both",
    "either",
    "minimal",
]

Fact: TypeAlias = Triple | Quad
"""A triple of the default graph, or a quad where the query names the graph."""


@dataclass(frozen=True, slots=True)
class Absence:
    """A pattern that was looked for and not found."""

    kind: str
    """``optional``, ``minus``, ``not exists`` or ``none counted``."""
    patterns: tuple[tuple[str | Term, str | Term, str | Term], ...]
    """Subject, predicate and object of each triple pattern; a text is a variable (``?x``) or a path."""
    filtered: bool
    """Whether conditions restrict the pattern further."""


@dataclass(frozen=True, slots=True)
class Counted:
    """Solutions that were counted, or put together in some other way, with the facts of each."""

    how: str
    """The functions, such as ``COUNT``."""
    members: tuple[tuple[tuple[tuple[str, Term], ...], frozenset[Fact]], ...]
    """For each solution its values and the facts of its first proof."""


Note: TypeAlias = Absence | Counted
Proofs: TypeAlias = "Mapping[frozenset[Fact], frozenset[Note]]"
"""Minimal sets of facts, each with what else the row rests on."""

GIVEN: Final[Proofs] = {frozenset(): frozenset()}
"""The proofs of what holds without any fact."""


@dataclass(slots=True)
class Limits:
    """How many proofs are followed at once, and how much work is done at all."""

    most: int = 600
    steps: int = 2_000_000
    cut: bool = False
    """Whether proofs were left out."""


def absent(note: Note) -> Proofs:
    """Return the proofs of what rests on no fact but on something absent."""
    return {frozenset(): frozenset((note,))}


def minimal(proofs: Proofs, limits: Limits) -> Proofs:
    """Return the proofs that hold no other, the smallest first and no more than the limit.

    >>> fact = lambda n: Triple(NamedNode(f"urn:{n}"), NamedNode("urn:p"), NamedNode("urn:o"))
    >>> from pyoxigraph import NamedNode
    >>> one, two = fact("1"), fact("2")
    >>> len(minimal({frozenset((one,)): frozenset(), frozenset((one, two)): frozenset()}, Limits()))
    1
    """
    if len(proofs) < 2:
        return proofs
    kept: dict[frozenset[Fact], frozenset[Note]] = {}
    by_size: dict[int, list[frozenset[Fact]]] = {}
    for facts in sorted(proofs, key=len):
        size = len(facts)
        if any(smaller < facts for known, sets in by_size.items() if known < size for smaller in sets):
            continue
        if len(kept) == limits.most:
            limits.cut = True
            break
        kept[facts] = proofs[facts]
        by_size.setdefault(size, []).append(facts)
    return kept


def either(all_proofs: Iterable[Proofs], limits: Limits) -> Proofs:
    """Return the proofs of what holds if one of several things holds."""
    united: dict[frozenset[Fact], frozenset[Note]] = {}
    for proofs in all_proofs:
        for facts, notes in proofs.items():
            known = united.get(facts)
            # The same facts by a way that needs nothing absent are the better proof.
            united[facts] = notes if known is None or not notes else known
    return minimal(united, limits)


def both(one: Proofs, other: Proofs, limits: Limits) -> Proofs:
    """Return the proofs of what holds if both things hold."""
    if one is GIVEN:
        return other
    if other is GIVEN:
        return one
    united: dict[frozenset[Fact], frozenset[Note]] = {}
    for facts, notes in one.items():
        for more, others in other.items():
            whole = facts | more
            found = notes | others
            known = united.get(whole)
            united[whole] = found if known is None or len(found) < len(known) else known
    return minimal(united, limits)
