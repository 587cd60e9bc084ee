"""Two reports on the same data: where their engines disagree.

Compared is what the specification fixes: focus node, path, value, severity, shape, component, SPARQL constraint, and
the messages that the shapes graph gives. Words that an engine adds of its own, and its explanations, are its own.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyoxigraph import Literal

from apgraph.shacl.report import SH

if TYPE_CHECKING:
    from apgraph.shacl.report import Finding, Report
    from apgraph.shacl.shapes import Shapes

__all__ = ["Disagreement", "disagreements"]


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A finding that one engine has more often than the other.

    Attributes:
        finding: The finding.
        engine: The engine that has it.
        other: The engine that does not, or less often.
        times: How many times more.
    """

    finding: Finding
    engine: str
    other: str
    times: int = 1

    def __str__(self) -> str:
        f = self.finding
        value = "" if f.value is None else f", value {f.value}"
        path = "" if f.path_text is None else f", path {f.path_text}"
        often = "" if self.times == 1 else f" ({self.times} times)"
        return (
            f"only {self.engine}, not {self.other}{often}: {f.component_name} of {f.shape_text} "
            f"at {f.focus_node}{path}{value}"
        )

    def to_record(self) -> dict[str, object]:
        """Return it as JSON can hold it."""
        return {
            "engine": self.engine,
            "other": self.other,
            "times": self.times,
            "finding": self.finding.to_record(),
        }


def disagreements(one: Report, other: Report, shapes: Shapes) -> tuple[Disagreement, ...]:
    """Return what either report has and the other has not; constraints that either did not check are left out."""
    skipped = {(u.shape, u.component) for report in (one, other) for u in report.unchecked}
    found: list[Disagreement] = []
    for left, right in ((one, other), (other, one)):
        ours, theirs = _counted(left, shapes), _counted(right, shapes)
        missing = Counter({key: len(findings) for key, findings in ours.items()})
        missing.subtract({key: len(findings) for key, findings in theirs.items()})
        found.extend(
            Disagreement(ours[key][0], left.engine, right.engine, times)
            for key, times in missing.items()
            if times > 0 and (ours[key][0].source_shape, ours[key][0].component) not in skipped
        )
    return tuple(sorted(found, key=lambda d: d.finding.sort_key))


def _counted(report: Report, shapes: Shapes) -> dict[tuple[object, ...], list[Finding]]:
    found: dict[tuple[object, ...], list[Finding]] = defaultdict(list)
    for finding in report:
        found[_key(finding, shapes)].append(finding)
    return found


def _key(finding: Finding, shapes: Shapes) -> tuple[object, ...]:
    given = bool(shapes.objects(finding.source_shape, SH + "message")) or (
        finding.source_constraint is not None
        and bool(shapes.objects(finding.source_constraint, SH + "message"))
    )
    return (
        finding.focus_node,
        finding.path_text,
        _same(finding.value) if isinstance(finding.value, Literal) else finding.value,
        finding.severity_iri or finding.severity.iri,
        finding.source_shape,
        finding.component,
        finding.source_constraint,
        frozenset(m.value for m in finding.messages) if given else None,
    )


def _same(literal: Literal) -> Literal:
    # Language tags mean the same in any letter case.
    return Literal(literal.value, language=literal.language.lower()) if literal.language else literal
