"""Arrangements side by side, or one of them over time: features, conditions, and findings that cases bear on."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from apgraph.profiles.bearing import bearings
from apgraph.profiles.column import at_its_end, columns_of
from apgraph.profiles.models import read_models
from apgraph.profiles.profile import RULE
from apgraph.profiles.records import Status
from apgraph.profiles.report import headed, reserves
from apgraph.profiles.verdict import NOT_RECORDED
from apgraph.profiles.words import verdicts_explained
from apgraph.questions.citation import Basis, cite, revision_of
from apgraph.questions.display import with_citation
from apgraph.questions.inquiry import today
from apgraph.table import to_csv
from apgraph.table import to_markdown as markdown_table
from apgraph.table import to_text as text_table

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator, Mapping, Sequence

    from apgraph.lexicon import Lexicon
    from apgraph.profiles.bearing import Bearing
    from apgraph.profiles.column import Column
    from apgraph.questions import Iri
    from apgraph.questions.citation import Citation
    from apgraph.store import Store

__all__ = ["FINDINGS", "NO_FINDINGS", "NO_STATISTIC", "Comparison", "Line", "compare"]

FINDINGS: Final = "Findings of the source that these cases bear on"
NO_STATISTIC: Final = "Cases are listed, not counted: a few records are no statistic."
"""What every list of such records says of itself."""
NO_FINDINGS: Final = "No record of these cases agrees with a finding of the source, or speaks against one."
"""What stands where there is no such record."""


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """One feature, condition or model in all columns.

    Attributes:
        term: What is compared.
        values: One for each column, in words.
        kind: ``different`` (in at least two columns), ``shared`` (the same in all), or ``gap`` (not known in some,
            and the same where it is known).
    """

    term: Iri
    values: tuple[str, ...]
    kind: str


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """Several arrangements, or one at several dates, side by side.

    Attributes:
        columns: What stands side by side.
        left_out: Arrangements of the cases that are not shown, since they have ended and another runs.
        models: The verdicts.
        features: Features that were recorded in at least one column.
        conditions: What was last observed of each condition.
        findings: Records of these cases that bear on a finding of the source; listed, never counted into a statistic.
        parameters: What was asked for.
        basis: What it rests on, so that it can be cited.
        date: When it was made.
        caveat: What its readers are warned of at its head, such as that the data breaks rules.
    """

    columns: tuple[Column, ...]
    left_out: tuple[Column, ...]
    models: tuple[Line, ...]
    features: tuple[Line, ...]
    conditions: tuple[Line, ...]
    findings: tuple[Bearing, ...]
    parameters: Mapping[str, str]
    basis: Basis = field(repr=False)
    date: datetime.date
    caveat: str = ""

    def __str__(self) -> str:
        return self.to_text()

    @property
    def shared(self) -> tuple[Line, ...]:
        """Features with the same status in all columns."""
        return tuple(line for line in self.features if line.kind == "shared")

    @property
    def different(self) -> tuple[Line, ...]:
        """Features with different statuses in at least two columns, whether or not a further one does not know."""
        return tuple(line for line in self.features if line.kind == "different")

    @property
    def gaps(self) -> tuple[Line, ...]:
        """Features that are not known in some column, and the same where they are known."""
        return tuple(line for line in self.features if line.kind == "gap")

    def rows(self) -> list[tuple[object, ...]]:
        """Return all lines as rows: what is compared, term, kind, a value for each column, and four for findings.

        A record that bears on a finding is a row of its own: it belongs to a case, and to none of the columns. The
        row of a model names the claims that count in its verdicts and that the source hedges, with their hedges.
        """
        named = (("feature", self.features), ("condition", self.conditions))
        none: tuple[object, ...] = (None, None, None, None)
        lines: list[tuple[object, ...]] = [
            ("model", line.term, line.kind, *line.values, *self._hedged_claims(line.term), None, None)
            for line in self.models
        ]
        lines += [
            (what, line.term, line.kind, *line.values, *none) for what, several in named for line in several
        ]
        empty = (None,) * len(self.columns)
        lines += [
            (
                "finding",
                each.said,
                each.speaks,
                *empty,
                each.claim,
                each.hedge,
                each.organisation,
                each.observation,
            )
            for each in self.findings
        ]
        return lines

    @property
    def headings(self) -> tuple[str, ...]:
        """The names of the columns of :meth:`rows`."""
        titles = (column.title for column in self.columns)
        return ("what", "term", "kind", *titles, "claim", "hedge", "organisation", "record")

    @property
    def summary(self) -> str:
        """How much is the same and how much is not, in a sentence."""
        named = {column.organisation for column in self.columns}
        of = f" of {named.pop()}" if len(named) == 1 else ""
        differ, same, gaps = (len(lines) for lines in (self.different, self.shared, self.gaps))
        return (
            f"{len(self.columns)} columns{of}: {differ} {'feature differs' if differ == 1 else 'features differ'}, "
            f"{same} {_are(same)} the same in all, {gaps} {_are(gaps)} not known in some and the same where known."
        )

    @property
    def reserves(self) -> list[str]:
        """What counts in the verdicts and is hedged by the source, or read into it by the curator; then what they mean."""
        verdicts = [each for column in self.columns for each in column.arrangement.verdicts]
        words = "; ".join(f"{word}: {said}" for word, said in verdicts_explained(v.verdict for v in verdicts))
        return [*reserves(verdicts), f"What the verdicts mean: {words}."]

    @property
    def passed_over(self) -> str:
        """Which arrangements are not shown, why, and how to see them; empty where all are."""
        if not self.left_out:
            return ""
        named = "; ".join(f"{each.organisation}: {each.arrangement.term}" for each in self.left_out)
        standing = " or ".join(sorted({each.arrangement.standing for each in self.left_out}))
        first = self.left_out[0].arrangement.term.curie
        return (
            f"Not shown, since {_count(len(self.left_out), 'it has', 'they have')} {standing} and another arrangement "
            f"of the case runs: {named}. To choose, give --case for each that you want, such as --case {first}."
        )

    def _hedges(self, model: Iri) -> dict[str, str]:
        """Return the claims that count in the verdicts on a model and that the source hedges, with their hedges."""
        return {
            claim.id: claim.reserve
            for column in self.columns
            for verdict in column.arrangement.verdicts
            if verdict.term == model
            for reason in verdict.hedged
            for claim in reason.link.claims
            if claim.reserve
        }

    def _hedged_claims(self, model: Iri) -> tuple[str | None, str | None]:
        found = self._hedges(model)
        return ("; ".join(found), "; ".join(dict.fromkeys(found.values()))) if found else (None, None)

    def to_html(self) -> str:
        """Return the comparison as one page that needs nothing else."""
        from apgraph.profiles.comparison_page import to_html

        return to_html(self)

    def citation(self) -> Citation:
        """Return how to cite the comparison; if the data has changed since it was made, it says so."""
        return cite(
            self.basis,
            "compare",
            self.parameters,
            engine=self.basis.store.engine,
            date=self.date,
            kind="command",
        )

    def to_csv(self, *, citation: bool = True) -> str:
        """Return all lines as CSV, safe to open in a spreadsheet.

        Args:
            citation: Whether to end with a comment line (``# …``) that says how to cite the table.
        """
        text = to_csv(self.headings, self.rows())
        return with_citation(text, self.citation(), "csv") if citation else text

    def to_text(self) -> str:
        """Return the comparison as text."""
        return "\n".join(self._lines(markdown=False))

    def to_markdown(self) -> str:
        """Return the comparison as Markdown, with its citation."""
        return with_citation("\n".join(self._lines(markdown=True)), self.citation(), "md")

    def to_json(self) -> str:
        """Return the comparison as JSON."""

        def lines(several: Sequence[Line]) -> list[dict[str, object]]:
            return [
                {
                    "iri": line.term.iri,
                    "label": str(line.term),
                    "kind": line.kind,
                    "values": list(line.values),
                }
                for line in several
            ]

        record = {
            "rule": RULE,
            "caveat": self.caveat,
            "columns": [
                {"title": c.title, "on": c.on, "case": c.case.case, "arrangement": c.arrangement.term.iri}
                for c in self.columns
            ],
            "left_out": [
                {"case": c.case.case, "arrangement": c.arrangement.term.iri, "label": str(c.arrangement.term)}
                for c in self.left_out
            ],
            "models": [
                {**record, "hedges": self._hedges(line.term)}
                for record, line in zip(lines(self.models), self.models, strict=True)
            ],
            "features": lines(self.features),
            "conditions": lines(self.conditions),
            "findings": [
                {
                    "claim": each.claim,
                    "hedge": each.hedge,
                    "speaks": each.speaks,
                    "factor": str(each.factor),
                    "direction": str(each.direction),
                    "found": str(each.found),
                    "outcome": str(each.outcome),
                    "organisation": str(each.organisation),
                    "observation": each.observation.iri,
                }
                for each in self.findings
            ],
            "citation": self.citation().to_record(),
        }
        return json.dumps(record, indent=2, ensure_ascii=False) + "\n"

    @property
    def sections(self) -> tuple[tuple[str, str, tuple[Line, ...]], ...]:
        """The tables in which the lines are shown: heading, what stands in the first column, lines."""
        return (
            ("Models", "model", self.models),
            ("Features that differ", "feature", self.different),
            ("Features that are the same", "feature", self.shared),
            ("Gaps: features that are not known in some, and the same where known", "feature", self.gaps),
            ("Conditions", "condition", self.conditions),
        )

    def _lines(self, *, markdown: bool) -> Iterator[str]:
        table = markdown_table if markdown else text_table
        titles = tuple(column.title for column in self.columns)
        if self.caveat:
            yield from (headed(self.caveat, markdown=markdown), "")
        yield self.summary
        if self.passed_over:
            yield self.passed_over
        for heading, first, lines in self.sections:
            if lines:
                yield ""
                yield f"## {heading}\n" if markdown else heading
                yield table((first, *titles), [(line.term, *line.values) for line in lines])
                if lines is self.models:
                    yield from (f"\n{line}" if markdown else line for line in self.reserves)
        yield ""
        yield f"## {FINDINGS}\n" if markdown else FINDINGS
        if self.findings:
            yield table(
                ("claim", "case", "speaks", "factor", "direction", "outcome", "record"),
                [
                    (b.hedged_claim, b.organisation, b.speaks, b.factor, b.directed, b.outcome, b.observation)
                    for b in self.findings
                ],
            )
            yield NO_STATISTIC
        else:
            yield NO_FINDINGS
        yield ""
        yield RULE


def compare(
    store: Store,
    lexicon: Lexicon,
    cases: Sequence[str] = (),
    *,
    on: Sequence[str] = (),
    over_time: bool = False,
    day: datetime.date | None = None,
) -> Comparison:
    """Set arrangements side by side.

    Args:
        store: Where framework and cases are.
        lexicon: Names of the terms.
        cases: Cases or arrangements, as :func:`apgraph.profiles.profile` takes them; all by default.
        on: Dates; each arrangement is shown as of each of them.
        over_time: Show each arrangement as of the end of every year with observations.
        day: The day of the run, by which arrangements have ended or not; today by default.

    Raises:
        UnknownNameError: There is no such case.
        InputError: A date is none, or there are not at least two columns.
    """
    basis, date = Basis(store, revision_of(store)), day or today()
    asked = {"cases": ", ".join(cases), "on": ", ".join(on), "over_time": "yes" if over_time else ""}
    columns, left_out = columns_of(store, lexicon, cases, on=on, over_time=over_time, day=date)
    return Comparison(
        columns,
        left_out,
        _models(columns),
        _features(store, lexicon, columns),
        _conditions([at_its_end(store, lexicon, column) for column in columns]),
        bearings(store, lexicon, _organisations(columns)),
        {name: value for name, value in asked.items() if value},
        basis,
        date,
    )


def _are(number: int) -> str:
    return _count(number, "is", "are")


def _count(number: int, one: str, several: str) -> str:
    return one if number == 1 else several


def _kind(known: Sequence[str], columns: int) -> str:
    """Return what kind of line has these values that are known, of so many columns."""
    if len(set(known)) > 1:
        return "different"
    return "shared" if len(known) == columns else "gap"


def _organisations(columns: Sequence[Column]) -> dict[str, Iri]:
    """Return who runs the arrangements, with the case behind the name where two have the same."""
    runs = {
        each.iri: (each, column.case.case)
        for column in columns
        for each in column.arrangement.arrangement.organisations
    }
    often = Counter(str(each) for each, _ in runs.values())
    return {
        iri: replace(each, label=f"{each} (case {case})") if often[str(each)] > 1 and case else each
        for iri, (each, case) in runs.items()
    }


def _models(columns: Sequence[Column]) -> tuple[Line, ...]:
    lines = []
    for at, first in enumerate(columns[0].arrangement.verdicts):
        several = [column.arrangement.verdicts[at] for column in columns]
        values = tuple(f"{each.verdict.value}{' (closest)' if each.is_closest else ''}" for each in several)
        lines.append(Line(first.term, values, "shared" if len(set(values)) == 1 else "different"))
    return tuple(lines)


def _features(store: Store, lexicon: Lexicon, columns: Sequence[Column]) -> tuple[Line, ...]:
    lines = []
    for iri, term in read_models(store, lexicon).features.items():
        states = [column.arrangement.states.get(iri, NOT_RECORDED) for column in columns]
        if all(state.status is Status.NOT_RECORDED for state in states):
            continue
        values = tuple(state.status.value for state in states)
        known = [state.status.value for state in states if state.status.is_decided]
        lines.append(Line(term, values, _kind(known, len(columns))))
    return tuple(sorted(lines, key=lambda line: str(line.term)))


def _conditions(columns: Sequence[Column]) -> tuple[Line, ...]:
    lines = []
    for at, first in enumerate(columns[0].case.conditions):
        values = tuple(
            "; ".join(dict.fromkeys(each.direction for each in column.case.conditions[at].leanings))
            or Status.NOT_RECORDED.value
            for column in columns
        )
        known = [value for value in values if value not in {Status.NOT_RECORDED.value, "not known"}]
        lines.append(Line(first.term, values, _kind(known, len(columns))))
    return tuple(lines)
