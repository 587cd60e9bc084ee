"""What a new version of the ontology does to its users: answers, verdicts, findings, and the version it should have."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING, Final

from pyoxigraph import NamedNode, Quad

from apgraph.errors import ApgraphError
from apgraph.graph import Graph
from apgraph.questions import Catalogue, Iri, ask
from apgraph.questions.rows import plain
from apgraph.release.difference import Difference, read_edition
from apgraph.resources import FRAMEWORK, MODULES, ontology_module, resource_folder
from apgraph.store import OxigraphStore

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from apgraph.questions import Question, Value
    from apgraph.release.difference import Edition

__all__ = ["AnswerChange", "Effects", "FindingChange", "Level", "VerdictChange", "effects_of"]


class Level(Enum):
    """How much a new version asks of its users, in the words of https://semver.org.

    >>> Level.MAJOR.is_at_least(Level.MINOR), Level.NONE.next("1.2.3"), Level.MINOR.next("1.2.3")
    (True, '1.2.3', '1.3.0')
    """

    NONE = "none"
    PATCH = "patch"
    MINOR = "minor"
    MAJOR = "major"

    def is_at_least(self, other: Level) -> bool:
        """Tell whether it asks as much as the other, or more."""
        order = list(Level)
        return order.index(self) >= order.index(other)

    def next(self, version: str | None) -> str | None:
        """Return the version that follows a version; None where that is not three numbers with dots."""
        parts = (version or "").split(".")
        if len(parts) != 3 or not all(part.isdecimal() and part.isascii() for part in parts):
            return None
        major, minor, patch = map(int, parts)
        if self is Level.MAJOR:
            return f"{major + 1}.0.0"
        if self is Level.MINOR:
            return f"{major}.{minor + 1}.0"
        return f"{major}.{minor}.{patch + (self is Level.PATCH)}"


@dataclass(frozen=True, slots=True)
class AnswerChange:
    """A question that is answered otherwise.

    Args:
        question: Its name.
        text: The question.
        parameters: What it was asked with.
        lost: Rows that are gone.
        gained: Rows that are new.
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


@dataclass(frozen=True, slots=True)
class VerdictChange:
    """A verdict on an arrangement and a model that is another one; None where there was, or is, none."""

    arrangement: str
    model: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class FindingChange:
    """A finding of the validation that is new, or gone."""

    severity: str
    text: str
    gained: bool


@dataclass(frozen=True, slots=True)
class Effects:
    """What a new version does to its users.

    Args:
        answers: Questions that are answered otherwise.
        verdicts: Verdicts of cases that changed.
        findings: Findings of the validation that are new or gone.
        level: The version that it should be.
        reasons: Why, each with its level, the gravest first.
        asked: How many answers were compared.
        data: Which data was.
    """

    answers: tuple[AnswerChange, ...]
    verdicts: tuple[VerdictChange, ...]
    findings: tuple[FindingChange, ...]
    level: Level
    reasons: tuple[tuple[Level, str], ...]
    asked: int
    data: tuple[str, ...]


def effects_of(difference: Difference, data: Sequence[Path] = ()) -> Effects:
    """Ask every question, judge every case and check all data under both editions.

    The questions are those of this package. The shapes are those beside each edition, where there are such, else
    those of this package. A module of ours that an edition does not have is taken from this package, so an
    extension alone can be compared.

    Args:
        difference: The two editions and what differs.
        data: Case data and extensions of the user's own, beside the worked examples of this package.

    Raises:
        InputError: The data cannot be read.
    """
    examples = sorted((resource_folder("queries").parent / "examples").glob("*.ttl"))
    sources = [*examples, *data]
    old, new = (_Side(edition, sources) for edition in (difference.old, difference.new))
    asked = 0
    answers: list[AnswerChange] = []
    if difference:
        masks = [_Mask(edition, _only_wording(difference)) for edition in (difference.old, difference.new)]
        for question in Catalogue():
            for example in question.header.examples:
                asked += 1
                change = _compare_answers(question, example, (old, new), masks)
                if change is not None:
                    answers.append(change)
    verdicts = _compare_verdicts(old.verdicts(), new.verdicts()) if difference else ()
    findings = _compare_findings(old.findings(), new.findings())
    reasons = tuple(_reasons(difference, answers, verdicts, findings))
    level = reasons[0][0] if reasons else Level.NONE
    return Effects(tuple(answers), verdicts, findings, level, reasons, asked, tuple(map(str, sources)))


def _only_wording(difference: Difference) -> bool:
    return not (difference.added or difference.removed or difference.lost or difference.gained)


class _Side:
    """One edition at work: alone, and with the data."""

    def __init__(self, edition: Edition, data: Sequence[Path]) -> None:
        self._edition = edition
        modules = [
            part
            for name in MODULES
            if not (part := read_edition(ontology_module(name))).headers & edition.headers
        ]
        quads = [quad for part in (*modules, edition) for quad in part.quads]
        self._quads = [Quad(q.subject, q.predicate, q.object, NamedNode(FRAMEWORK)) for q in quads]
        self.alone = self._graph(())
        self.stocked = self._graph(data)

    def _graph(self, data: Sequence[Path]) -> Graph:
        store = OxigraphStore()
        store.add(self._quads)
        graph = Graph(store=store, framework=False)
        graph.load(*data)
        return graph

    def ask(self, question: Question, example: Mapping[str, object]) -> list[tuple[Value, ...]] | str:
        """Return the rows of an answer, or why there is none."""
        graph = self.stocked if question.needs == "case" else self.alone
        try:
            return [row.cells for row in ask(graph.store, graph.lexicon, question, example)]
        except ApgraphError as error:
            return str(error)

    def verdicts(self) -> dict[tuple[Iri, Iri], str]:
        """Return the verdict of each arrangement and model."""
        if not self.stocked.cases():
            return {}
        return {
            (arrangement.term, verdict.term): str(verdict.verdict.value)
            + (", closest" if verdict.is_closest else "")
            for profile in self.stocked.profiles()
            for arrangement in profile.arrangements
            for verdict in arrangement.verdicts
        }

    def findings(self) -> dict[tuple[object, ...], FindingChange]:
        """Return the findings of the shapes beside the edition, by what they are about."""
        if not self.stocked.cases():
            return {}
        beside = self._edition.files[0].parent.parent / "shapes"
        report = self.stocked.validate(shapes=[beside] if beside.is_dir() else None)
        return {
            (each.rule, f.source_shape, f.component, f.focus_node, f.path_text, f.value): FindingChange(
                f.severity.value, f"{each.where}: {each.message}", gained=True
            )
            for each in self.stocked.explain(report)
            for f in (each.finding,)
        }


class _Mask:
    """What a text in a row is the wording of, so that a reworded row is still the same row."""

    def __init__(self, edition: Edition, everything: bool) -> None:
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

    def __call__(self, cell: Value) -> object:
        if isinstance(cell, Iri):
            if cell.iri in self._headed:
                return frozenset() if self._everything else frozenset(self._headed[cell.iri])
            return cell.iri
        if isinstance(cell, str) and (self._everything or cell in self._said):
            return frozenset() if self._everything else frozenset(self._said[cell])
        return cell


def _compare_answers(
    question: Question,
    example: Mapping[str, object],
    sides: tuple[_Side, _Side],
    masks: Sequence[_Mask],
) -> AnswerChange | None:
    before, after = (side.ask(question, example) for side in sides)
    if isinstance(before, str):
        return None
    if isinstance(after, str):
        return AnswerChange(question.id, question.text, example, _shown(before), (), problem=after)
    exact = [[tuple(map(_exact, row)) for row in rows] for rows in (before, after)]
    if Counter(exact[0]) == Counter(exact[1]):
        return None
    meant = [
        [tuple(map(mask, row)) for row in rows] for mask, rows in zip(masks, (before, after), strict=True)
    ]
    wording = Counter(meant[0]) == Counter(meant[1])
    ours, theirs = exact if wording else meant
    lost, gained = _beyond(before, ours, theirs), _beyond(after, theirs, ours)
    return AnswerChange(question.id, question.text, example, _shown(lost), _shown(gained), wording=wording)


def _beyond(
    rows: Sequence[tuple[Value, ...]],
    keys: Sequence[tuple[object, ...]],
    others: Sequence[tuple[object, ...]],
) -> Iterator[tuple[Value, ...]]:
    """Yield the rows that the others do not have, or have less often."""
    left = Counter(keys) - Counter(others)
    for row, key in zip(rows, keys, strict=True):
        if left[key]:
            left[key] -= 1
            yield row


def _exact(cell: Value) -> object:
    return (cell.iri, cell.label) if isinstance(cell, Iri) else (type(cell).__name__, plain(cell))


def _shown(rows: Iterable[tuple[Value, ...]]) -> tuple[str, ...]:
    return tuple(" | ".join("" if cell is None else str(cell) for cell in row) for row in rows)


def _compare_verdicts(
    before: Mapping[tuple[Iri, Iri], str], after: Mapping[tuple[Iri, Iri], str]
) -> tuple[VerdictChange, ...]:
    one, other = ({(a.iri, m.iri): said for (a, m), said in each.items()} for each in (before, after))
    names = {(a.iri, m.iri): (str(a), str(m)) for a, m in (*before, *after)}
    return tuple(
        VerdictChange(*names[key], one.get(key), other.get(key))
        for key in sorted(names)
        if one.get(key) != other.get(key)
    )


def _compare_findings(
    before: Mapping[tuple[object, ...], FindingChange], after: Mapping[tuple[object, ...], FindingChange]
) -> tuple[FindingChange, ...]:
    gained = (finding for key, finding in after.items() if key not in before)
    gone = (replace(finding, gained=False) for key, finding in before.items() if key not in after)
    return tuple(sorted((*gained, *gone), key=lambda f: (not f.gained, f.severity, f.text)))


_MANY: Final = 3


def _reasons(
    difference: Difference,
    answers: Sequence[AnswerChange],
    verdicts: Sequence[VerdictChange],
    findings: Sequence[FindingChange],
) -> list[tuple[Level, str]]:
    old, new = difference.old, difference.new
    lost = [answer for answer in answers if not answer.wording and (answer.lost or answer.problem)]
    more = [answer for answer in answers if not answer.wording and answer not in lost]
    told: list[tuple[Level, str, Sequence[str]]] = [
        (Level.MAJOR, "removed", [str(change) for change in difference.removed]),
        (Level.MAJOR, "still named, though removed", [str(c) for c in difference.removed if c.named_by]),
        (
            Level.MAJOR,
            "no longer follows",
            [
                f"{old.name_of(s.subject) if s.subject else ''} {old.words(s)}".strip()
                for s in difference.lost
            ],
        ),
        (Level.MAJOR, "moved to another module", [str(change) for change in difference.moved]),
        (Level.MAJOR, "answers lost", [answer.question for answer in lost]),
        (
            Level.MAJOR,
            "other verdict",
            [f"{v.arrangement}, {v.model}: {v.before} before, {v.after} now" for v in verdicts if v.before],
        ),
        (
            Level.MAJOR,
            "data that passed is refused",
            [f.text for f in findings if f.gained and f.severity == "violation"],
        ),
        (Level.MINOR, "added", [str(change) for change in difference.added]),
        (Level.MINOR, "deprecated", [str(change) for change in difference.deprecated]),
        (
            Level.MINOR,
            "is new",
            [
                f"{new.name_of(s.subject) if s.subject else ''} {new.words(s)}".strip()
                for s in difference.gained
                if s.subject not in {change.iri for change in difference.added}
            ],
        ),
        (Level.MINOR, "more answers", [answer.question for answer in more]),
        (
            Level.MINOR,
            "new verdict",
            [f"{v.arrangement}, {v.model}: {v.after}" for v in verdicts if not v.before],
        ),
        (
            Level.MINOR,
            "other findings",
            [f.text for f in findings if not (f.gained and f.severity == "violation")],
        ),
        (
            Level.PATCH,
            "wording",
            [str(change) for change in (*difference.changed, *difference.axioms) if change.wording],
        ),
    ]
    return [(level, f"{what}: {_some(items)}") for level, what, items in told if items]


def _some(items: Sequence[str]) -> str:
    """Return the first few, and how many more there are."""
    items = tuple(dict.fromkeys(items))
    shown = "; ".join(items[:_MANY])
    return f"{shown}; and {len(items) - _MANY} more" if len(items) > _MANY else shown
