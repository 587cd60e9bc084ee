"""Questions that a new version answers otherwise: which rows are gone, which are new, and which are worded anew."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pyoxigraph import NamedNode

from apgraph.lexicon import curie
from apgraph.questions import Iri
from apgraph.questions.rows import plain

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from apgraph.questions import Question, Value
    from apgraph.release.difference import Edition

__all__ = ["AnswerChange", "Wording", "compare_answers"]

Row = tuple["Value", ...]
_ANYTHING: Final = frozenset({("", "")})


@dataclass(frozen=True, slots=True)
class AnswerChange:
    """A question that is answered otherwise.

    Args:
        question: Its name.
        text: The question.
        parameters: What it was asked with.
        lost: Rows that are gone; where only wording changed, rows as they were.
        gained: Rows that are new; where only wording changed, rows as they are now.
        wording: Whether only labels and texts in the rows changed.
        problem: Why it cannot be asked any more.
    """

    question: str
    text: str
    parameters: Mapping[str, object]
    lost: tuple[str, ...]
    gained: tuple[str, ...]
    wording: bool = False
    problem: str | None = None


class Wording:
    """What a text in a row is the wording of, so that a reworded row is still the same row.

    Args:
        edition: The edition whose texts it knows.
        everything: Whether nothing but wording differs between the editions, so that any text may have changed.
    """

    def __init__(self, edition: Edition, *, everything: bool) -> None:
        self._everything = everything
        self._said: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
        for quad in edition.quads:
            if quad.predicate.value in edition.wording and isinstance(quad.subject, NamedNode):
                value = getattr(quad.object, "value", None)
                if isinstance(value, str):
                    self._said[value].add((quad.subject.value, quad.predicate.value))
        # What a header alone names, such as a licence, is a text about the file like its title.
        elsewhere: set[object] = set()
        self._headed: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
        for quad in edition.quads:
            if isinstance(quad.subject, NamedNode) and quad.subject.value in edition.headers:
                if isinstance(quad.object, NamedNode):
                    self._headed[quad.object.value].add((quad.subject.value, quad.predicate.value))
            else:
                elsewhere |= {getattr(term, "value", None) for term in (quad.subject, quad.object)}
        for iri in elsewhere & set(self._headed):
            del self._headed[str(iri)]

    def parts(self, cell: Value) -> frozenset[tuple[str, str]]:
        """Return the terms and properties that a cell gives the wording of; none where it is no wording."""
        found: Collection[tuple[str, str]] = ()
        if isinstance(cell, Iri):
            found = self._headed.get(cell.iri, ())
        elif isinstance(cell, str):
            found = [("", "")] if self._everything else self._said.get(cell, ())
        return _ANYTHING if found and self._everything else frozenset(found)

    def frame(self, row: Row) -> tuple[object, ...]:
        """Return a row without what may be reworded: the same for any two rows that may be the same."""
        return tuple(None if isinstance(cell, str) or self.parts(cell) else _meant(cell) for cell in row)


def compare_answers(
    question: Question,
    example: Mapping[str, object],
    before: Sequence[Row] | str,
    after: Sequence[Row] | str,
    wordings: tuple[Wording, Wording],
) -> AnswerChange | None:
    """Tell how an answer changed; None where it did not, or there was none.

    Args:
        question: The question.
        example: What it was asked with.
        before: The rows of the old version, or why there were none.
        after: Those of the new version.
        wordings: What texts are the wording of, in the old version and in the new one.
    """
    if isinstance(before, str):
        return None
    if isinstance(after, str):
        return AnswerChange(question.id, question.text, example, _shown(before), (), problem=after)
    old, new = _beyond(before, after), _beyond(after, before)
    if not old and not new:
        return None
    same = _matched(old, new, wordings)
    lost = [row for at, row in enumerate(old) if at not in same]
    kept = set(same.values())
    gained = [row for at, row in enumerate(new) if at not in kept]
    if not lost and not gained:
        return AnswerChange(question.id, question.text, example, _shown(old), _shown(new), wording=True)
    # Two rows may read alike and be about other terms, as where a namespace has another name.
    alike = {*_shown(lost)} & {*_shown(gained)}
    return AnswerChange(question.id, question.text, example, _shown(lost, alike), _shown(gained, alike))


def _beyond(rows: Sequence[Row], others: Sequence[Row]) -> list[Row]:
    """Return the rows that the others do not have word for word, or have less often."""
    left = Counter(tuple(map(_exact, row)) for row in rows)
    left -= Counter(tuple(map(_exact, row)) for row in others)
    found = []
    for row in rows:
        key = tuple(map(_exact, row))
        if left[key]:
            left[key] -= 1
            found.append(row)
    return found


def _matched(old: Sequence[Row], new: Sequence[Row], wordings: tuple[Wording, Wording]) -> dict[int, int]:
    """Return which old row is which new one, worded anew: as many pairs as there can be.

    A text may be the wording of several terms, of which one is gone or reworded: two texts are the same where they word
    the same of one term at least.
    """
    frames: defaultdict[tuple[object, ...], tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for side, rows in enumerate((old, new)):
        for at, row in enumerate(rows):
            frames[wordings[side].frame(row)][side].append(at)
    same: dict[int, int] = {}
    for ours, theirs in frames.values():
        ways = {at: [to for to in theirs if _is_same(old[at], new[to], wordings)] for at in ours}
        for at in ours:
            _pair(at, ways, same)
    return same


def _pair(start: int, ways: Mapping[int, Sequence[int]], same: dict[int, int]) -> None:
    """Find a new row for an old one, if need be by giving other old rows another new one."""
    taken = {same[at]: at for at in ways if at in same}
    came: dict[int, int] = {}
    waiting = [start]
    while waiting:
        at = waiting.pop()
        for to in ways[at]:
            if to in came:
                continue
            came[to] = at
            if to in taken:
                waiting.append(taken[to])
                continue
            free: int | None = to
            while free is not None:
                owner = came[free]
                free_next = same.get(owner)
                same[owner] = free
                free = free_next
            return


def _is_same(old: Row, new: Row, wordings: tuple[Wording, Wording]) -> bool:
    return all(
        _meant(one) == _meant(other) or bool(wordings[0].parts(one) & wordings[1].parts(other))
        for one, other in zip(old, new, strict=True)
    )


def _meant(cell: Value) -> object:
    return cell.iri if isinstance(cell, Iri) else (type(cell).__name__, plain(cell))


def _exact(cell: Value) -> object:
    return (cell.iri, cell.label) if isinstance(cell, Iri) else _meant(cell)


def _shown(rows: Iterable[Row], alike: Collection[str] = ()) -> tuple[str, ...]:
    """Return rows as text, with the short names of terms where the text alone would be the same as another's."""
    texts = [(row, " | ".join("" if cell is None else str(cell) for cell in row)) for row in rows]
    return tuple(" | ".join(map(_named, row)) if text in alike else text for row, text in texts)


def _named(cell: Value) -> str:
    if isinstance(cell, Iri) and cell.label:
        return f"{cell.label} ({curie(cell.iri)})"
    return "" if cell is None else str(cell)
