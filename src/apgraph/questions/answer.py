"""The answer to a question: rows, what they mean, and how to cite and to explain them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from apgraph.errors import InputError
from apgraph.questions.citation import cite
from apgraph.questions.display import Citable, comment_line, html_table
from apgraph.questions.rows import Row, plain
from apgraph.table import to_csv, to_json, to_markdown

if TYPE_CHECKING:
    import datetime
    from collections.abc import Mapping

    from apgraph.questions.catalogue import Question
    from apgraph.questions.citation import Citation, Origin
    from apgraph.questions.rows import Value
    from apgraph.questions.why import Why

__all__ = ["Answer"]


@dataclass(frozen=True, slots=True)
class Answer(Citable):
    """Rows that answer a question; iterates over them.

    Args:
        question: The question.
        parameters: Values that it was asked with, defaults included.
        columns: Column to what it holds.
        rows: The rows.
        engine: The engine that was run.
        sparql: The query that was run.
        note: What to know about the answer as a whole, such as that the source is silent.
        date: When it was asked.
        origin: Where it came from, so that its rows can be explained and cited.
        inferred: Numbers, counted from 0, of the rows that would not be there without what was inferred; None where
            inferences were not asked for.
    """

    question: Question
    parameters: Mapping[str, Value]
    columns: Mapping[str, str]
    rows: tuple[Row, ...]
    engine: str
    sparql: str
    note: str | None
    date: datetime.date
    origin: Origin = field(repr=False, compare=False)
    inferred: tuple[int, ...] | None = None

    def citation(self) -> Citation:
        """Return how to cite the answer.

        The hash of the data is computed when it is first asked for; if the data has changed since the
        question was asked, it says so instead.
        """
        return cite(self.origin, self.question.id, self.parameters, engine=self.engine, date=self.date)

    def to_csv(self, *, citation: bool = True) -> str:
        """Return the rows as CSV, safe to open in a spreadsheet.

        A column of terms gets a second one with their IRIs. Text that a spreadsheet would run as a formula
        gets an apostrophe in front.

        Args:
            citation: Whether to end with comment lines (``# …``) that say how to cite the table, and what
                to know about it.
        """
        text = to_csv(tuple(self.columns), (row.cells for row in self.rows))
        if citation:
            text += "".join(comment_line(line) for line in self._foot())
        return text

    def to_json(self) -> str:
        """Return question, parameters, columns, rows, note and citation as JSON."""
        record = {
            "question": self.question.id,
            "text": self.question.text,
            "parameters": {name: plain(value) for name, value in self.parameters.items()},
            "columns": dict(self.columns),
            "rows": json.loads(to_json(tuple(self.columns), (row.cells for row in self.rows))),
            "note": self.note,
            "inferred": None if self.inferred is None else list(self.inferred),
            "citation": self.citation().to_record(),
        }
        return json.dumps(record, ensure_ascii=False, indent=2)

    def to_markdown(self) -> str:
        """Return the rows as a Markdown table under the question, with note and citation."""
        parts = [f"**{self.question.text}**"]
        if self.rows:
            parts.append(to_markdown(tuple(self.columns), (row.cells for row in self.rows)))
        parts += [_escape(line) for line in self._foot()]
        return "\n\n".join(parts) + "\n"

    def _foot(self) -> list[str]:
        lines = [" ".join(self.note.split())] if self.note else []
        return [*lines, str(self.citation())]

    def _repr_html_(self) -> str:
        from html import escape

        foot = "".join(f"<p><small>{escape(line)}</small></p>" for line in self._foot())
        table = html_table(self.columns, self.rows) if self.rows else ""
        return f"<div><p><strong>{escape(self.question.text)}</strong></p>{table}{foot}</div>"

    def why(self, row: int | Row = 0, *, most: int = 20) -> Why:
        """Return what the row rests on: its minimal proofs and the claims behind them.

        Args:
            row: Its number, counted from 0 (from the end if negative), or the row itself.
            most: How many proofs to return at most.

        Raises:
            InputError: There is no such row, or the question's form cannot be explained.
        """
        from apgraph.questions.why import explain

        if isinstance(row, Row):
            if row not in self.rows:
                raise InputError("the row is not one of this answer; take one of answer.rows")
            row = self.rows.index(row)
        if not isinstance(row, int):
            raise InputError(f"{row!r} is no row; give its number, counted from 0, or one of answer.rows")
        if not -len(self.rows) <= row < len(self.rows):
            rows = f"rows 0 to {len(self.rows) - 1}" if self.rows else "no rows"
            raise InputError(f"there is no row {row}: the answer has {rows}")
        origin = self.origin
        return explain(
            origin.store,
            origin.lexicon,
            self.question.query,
            origin.parameters,
            origin.solutions.variables,
            origin.solutions.rows[row],
            most=most,
            derive=origin.derive,
        )


def _escape(text: str) -> str:
    for mark in "\\`*_<>|":
        text = text.replace(mark, f"\\{mark}")
    return text
