"""What a new version of the ontology does to its users: answers, verdicts, findings, and the version it should have."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING, Final

from pyoxigraph import NamedNode, Quad

from apgraph.effects.answers import Wording, compare_answers
from apgraph.effects.inferences import (
    compare_contradictions,
    compare_inferences,
    follow,
    is_prohibition,
    unusable,
)
from apgraph.effects.rules import compare_rules, read_rules
from apgraph.errors import ApgraphError
from apgraph.graph import Graph
from apgraph.questions import Catalogue, ask
from apgraph.release.difference import read_edition
from apgraph.release.difference.entailment import Entailment
from apgraph.release.difference.statement import AXIOM
from apgraph.resources import FRAMEWORK, MODULES, ontology_module, resource_folder
from apgraph.shacl import Severity
from apgraph.store import OxigraphStore
from apgraph.store.deadline import Deadline

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from pyoxigraph import Triple

    from apgraph.effects.answers import AnswerChange
    from apgraph.effects.inferences import ContradictionChange, Followed, InferenceChange
    from apgraph.effects.rules import RuleChange
    from apgraph.questions import Iri, Question, Value
    from apgraph.release.difference import Difference, Edition, Statement

__all__ = ["Effects", "FindingChange", "Level", "Reasoned", "VerdictChange", "effects_of"]


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
class VerdictChange:
    """A verdict on an arrangement and a model that is another one; None where there was, or is, none."""

    arrangement: str
    model: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class FindingChange:
    """A finding of the validation that is new, or gone, or of another severity.

    Args:
        severity: How grave it is; one that is gone: was.
        text: The finding.
        gained: Whether the new version finds it.
        before: How grave it was, if both find it.
    """

    severity: str
    text: str
    gained: bool
    before: str | None = None

    @property
    def refuses(self) -> bool:
        """Whether data that passed is refused for it."""
        return self.gained and self.severity == Severity.VIOLATION.value


@dataclass(frozen=True, slots=True)
class Reasoned:
    """What changes for who reasons by the rules of OWL 2 RL.

    Args:
        contradictions: Contradictions of ontology and data that are new or gone.
        unusable: Names of classes that can have no member any more, and of properties that can link nothing.
        inferences: What is inferred under one version alone; nothing of terms that are new or gone.
        prohibitions: New statements that data may contradict though it kept all of the old ones.
        kept: Statements that are gone and follow from others all the same.
        left_out: What the rules could not take into account.
    """

    contradictions: tuple[ContradictionChange, ...] = ()
    unusable: tuple[str, ...] = ()
    inferences: tuple[InferenceChange, ...] = ()
    prohibitions: tuple[Statement, ...] = ()
    kept: frozenset[Statement] = frozenset()
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Effects:
    """What a new version does to its users.

    Args:
        answers: Questions that are answered otherwise.
        verdicts: Verdicts of cases that changed.
        findings: Findings of the validation that are new or gone.
        rules: Rules of the validation that changed.
        reasoned: What changes for who reasons.
        level: The version that it should be.
        reasons: Why, each with its level, the gravest first.
        asked: How many answers were compared.
        data: Which data was.
    """

    answers: tuple[AnswerChange, ...]
    verdicts: tuple[VerdictChange, ...]
    findings: tuple[FindingChange, ...]
    rules: tuple[RuleChange, ...]
    reasoned: Reasoned
    level: Level
    reasons: tuple[tuple[Level, str], ...]
    asked: int
    data: tuple[str, ...]


def effects_of(difference: Difference, data: Sequence[Path] = (), *, timeout: float = 300.0) -> Effects:
    """Ask every question, judge every case, check all data and reason under both editions.

    The questions are those of this package. The shapes are those beside each edition, where there are such, else
    those of this package. A module of ours that an edition does not have is taken from this package, so an
    extension alone can be compared.

    Args:
        difference: The two editions and what differs.
        data: Case data and extensions of the user's own, beside the worked examples of this package.
        timeout: Seconds that reasoning may take.

    Raises:
        InputError: The data cannot be read.
        TimeLimitError: Reasoning took longer.
    """
    examples = sorted((resource_folder("queries").parent / "examples").glob("*.ttl"))
    sources = [*examples, *data]
    old, new = (_Side(edition, sources) for edition in (difference.old, difference.new))
    asked = 0
    answers: list[AnswerChange] = []
    everything = _only_wording(difference)
    if difference:
        wordings = (
            Wording(difference.old, everything=everything),
            Wording(difference.new, everything=everything),
        )
        for question in Catalogue():
            for example in question.header.examples:
                asked += 1
                before, after = (side.ask(question, example) for side in (old, new))
                change = compare_answers(question, example, before, after, wordings)
                if change is not None:
                    answers.append(change)
    verdicts = _compare_verdicts(old.verdicts(), new.verdicts()) if difference else ()
    findings = _compare_findings(old.findings(), new.findings())
    rules = compare_rules(old.rules(), new.rules())
    reasoned = _reason(difference, old, new, timeout) if difference and not everything else Reasoned()
    reasons = tuple(_reasons(difference, answers, verdicts, findings, rules, reasoned))
    level = reasons[0][0] if reasons else Level.NONE
    return Effects(
        tuple(answers), verdicts, findings, rules, reasoned, level, reasons, asked, tuple(map(str, sources))
    )


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

    @property
    def _shapes(self) -> Path:
        beside = self._edition.files[0].parent.parent / "shapes"
        return beside if beside.is_dir() else resource_folder("shapes")

    def rules(self) -> tuple[Triple, ...]:
        """Return what the shapes beside the edition say, or else those of this package."""
        return read_rules(self._shapes)

    def followed(self, timeout: float) -> Followed:
        """Return what follows from edition and data; what was asked before saw no inferences."""
        return follow(self.stocked, self._quads, timeout=timeout)

    def unusable(self, terms: frozenset[str], timeout: float) -> frozenset[str]:
        """Return those of some classes and properties that can't be used without a contradiction."""
        return unusable(self._quads, terms, timeout=timeout)

    @property
    def terms(self) -> frozenset[str]:
        """IRIs of what the edition, and what it builds on, says something of."""
        return frozenset(q.subject.value for q in self._quads if isinstance(q.subject, NamedNode))

    def findings(self) -> dict[tuple[object, ...], FindingChange]:
        """Return the findings of the shapes beside the edition, by what they are about."""
        if not self.stocked.cases():
            return {}
        report = self.stocked.validate(shapes=[self._shapes])
        return {
            (each.rule, f.source_shape, f.component, f.focus_node, f.path_text, f.value): FindingChange(
                f.severity.value, f"{each.where}: {each.message}", gained=True
            )
            for each in self.stocked.explain(report)
            for f in (each.finding,)
        }


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
    changes = []
    for key, finding in after.items():
        if key not in before:
            changes.append(finding)
        elif finding.severity != before[key].severity:
            changes.append(replace(finding, before=before[key].severity))
    changes += [replace(finding, gained=False) for key, finding in before.items() if key not in after]
    return tuple(sorted(changes, key=lambda f: (not f.gained, f.severity, f.text)))


def _reason(difference: Difference, old: _Side, new: _Side, timeout: float) -> Reasoned:
    """Compare what follows from both editions and the data."""
    deadline = Deadline(timeout)

    def left() -> float:
        deadline.check()
        return deadline.left() or timeout

    before, after = old.followed(left()), new.followed(left())
    there = old.terms
    barred = new.unusable(there, left())
    if barred:
        barred -= old.unusable(barred, left())
    added = {change.iri for change in difference.added}
    said = Entailment(difference.old)
    return Reasoned(
        compare_contradictions(before, after),
        tuple(sorted(map(difference.new.name_of, barred))),
        compare_inferences(
            before,
            after,
            apart=frozenset(added | {change.iri for change in difference.removed}),
            wordless={NamedNode(iri) for iri in difference.old.wording | difference.new.wording},
        ),
        tuple(
            s
            for s in difference.gained
            if is_prohibition(s, added) and not (s in said or s in before or _turned(s) in said)
        ),
        frozenset(s for s in difference.lost if s in after),
        tuple(dict.fromkeys((*before.left_out, *after.left_out))),
    )


def _turned(statement: Statement) -> Statement:
    """Return a statement the other way round, as most of those that hold two things apart may be."""
    if statement.predicate == AXIOM or statement.target is None:
        return statement
    return replace(statement, subject=statement.target, value=f"<{statement.subject}>")


_MANY: Final = 3


def _reasons(
    difference: Difference,
    answers: Sequence[AnswerChange],
    verdicts: Sequence[VerdictChange],
    findings: Sequence[FindingChange],
    rules: Sequence[RuleChange],
    reasoned: Reasoned,
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
            [_sentence(old, s) for s in difference.lost if s not in reasoned.kept],
        ),
        (Level.MAJOR, "contradicts itself", [c.text for c in reasoned.contradictions if c.gained]),
        (Level.MAJOR, "can't be used without a contradiction", reasoned.unusable),
        (Level.MAJOR, "no longer inferred", [i.text for i in reasoned.inferences if not i.gained]),
        (
            Level.MAJOR,
            "may rule out what was allowed",
            [_sentence(new, s) for s in reasoned.prohibitions],
        ),
        (Level.MAJOR, "moved to another module", [str(change) for change in difference.moved]),
        (Level.MAJOR, "answers lost", [answer.question for answer in lost]),
        (
            Level.MAJOR,
            "other verdict",
            [f"{v.arrangement}, {v.model}: {v.before} before, {v.after} now" for v in verdicts if v.before],
        ),
        (Level.MAJOR, "data that passed is refused", [f.text for f in findings if f.refuses]),
        (
            Level.MAJOR,
            "data that passed may be refused, as a rule asks more",
            [f"{rule.name} ({rule.change})" for rule in rules if rule.refuses],
        ),
        (Level.MINOR, "added", [str(change) for change in difference.added]),
        (Level.MINOR, "deprecated", [str(change) for change in difference.deprecated]),
        (
            Level.MINOR,
            "is new",
            [
                _sentence(new, s)
                for s in difference.gained
                if s.subject not in {change.iri for change in difference.added}
                and s not in reasoned.prohibitions
            ],
        ),
        (Level.MINOR, "inferred now", [i.text for i in reasoned.inferences if i.gained]),
        (
            Level.MINOR,
            "no longer contradicts itself",
            [c.text for c in reasoned.contradictions if not c.gained],
        ),
        (Level.MINOR, "more answers", [answer.question for answer in more]),
        (
            Level.MINOR,
            "new verdict",
            [f"{v.arrangement}, {v.model}: {v.after}" for v in verdicts if not v.before],
        ),
        (Level.MINOR, "other findings", [f.text for f in findings if not f.refuses]),
        (
            Level.MINOR,
            "other rules for data",
            [f"{rule.name} ({rule.change})" for rule in rules if not (rule.refuses or rule.wording)],
        ),
        (
            Level.PATCH,
            "wording",
            [
                *(str(change) for change in (*difference.changed, *difference.axioms) if change.wording),
                *(rule.name for rule in rules if rule.wording),
            ],
        ),
    ]
    return [(level, f"{what}: {_some(items)}") for level, what, items in told if items]


def _sentence(edition: Edition, statement: Statement) -> str:
    name = edition.name_of(statement.subject) if statement.subject else ""
    return f"{name} {edition.words(statement)}".strip()


def _some(items: Sequence[str]) -> str:
    """Return the first few, and how many more there are."""
    items = tuple(dict.fromkeys(items))
    shown = "; ".join(items[:_MANY])
    return f"{shown}; and {len(items) - _MANY} more" if len(items) > _MANY else shown
