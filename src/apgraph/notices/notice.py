"""One notice of a check: what is wrong, with what, and where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from apgraph.notices.waivers import Waiver

__all__ = ["SEVERITIES", "Notice", "Rule"]

SEVERITIES: Final = ("violation", "warning", "info")
"""Most severe first."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What was asked of the data.

    Attributes:
        id: A short, stable name.
        title: What is wrong where it is not kept.
        help: What it is for and what to do, in a few sentences.
        severity: How grave it usually is not to keep it.
        link: Where to read more.
    """

    id: str
    title: str
    help: str = ""
    severity: str = "violation"
    link: str | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """What a check has to say about one thing.

    Attributes:
        rule: Id of the rule that was not kept.
        title: What is wrong, in a few words.
        severity: One of :data:`SEVERITIES`.
        message: What is wrong and what to do.
        thing: What it is about, in words.
        asks: What the rule asks, where it has parts that ask different things.
        names: Other names of the thing, by which a waiver may call it.
        subject: IRI of the thing.
        file: The file in which it stands.
        sheet: The sheet, in a workbook.
        cell: The cell, in a workbook.
        line: The line, counted from 1, in a text file.
        column: The place in the line, counted from 1.
        heading: Heading of the column, in a table.
        approximate: Whether the line is only near.
        field: What of the thing it is about.
        value: The value at fault.
        nearest: Known values like it, best first.
        waived: The waiver by which it is accepted.

    >>> notice = Notice("rule-8", "a date can't be read", "violation", "Give a date.", file="a.xlsx", sheet="APs", cell="C7")
    >>> notice.place
    'a.xlsx, sheet APs, cell C7'
    """

    rule: str
    title: str
    severity: str
    message: str
    thing: str = ""
    asks: str = ""
    names: tuple[str, ...] = ()
    subject: str | None = None
    file: str | None = None
    sheet: str | None = None
    cell: str | None = None
    line: int | None = None
    column: int | None = None
    heading: str | None = None
    approximate: bool = False
    field: str | None = None
    value: str | None = None
    nearest: tuple[str, ...] = ()
    waived: Waiver | None = None

    @property
    def rank(self) -> int:
        """0 for the most severe."""
        return SEVERITIES.index(self.severity)

    @property
    def _stands_in_sheet(self) -> bool:
        return bool(self.sheet and (self.cell or (self.file and self.line is None)))

    @property
    def entered(self) -> str:
        """The sheet on which the matter would be entered, where it was not read from a sheet."""
        return f"sheet {self.sheet}" if self.sheet and not self._stands_in_sheet else ""

    @property
    def unplaced_field(self) -> str:
        """The field, where the place does not name a column by its heading."""
        return "" if self.heading else self.field or ""

    @property
    def place(self) -> str:
        """File, sheet and cell, or file, line and column, in words; empty where nothing is known."""
        parts = [self.file] if self.file else []
        if self._stands_in_sheet:
            parts.append(f"sheet {self.sheet}")
        if self.cell:
            parts.append(f"cell {self.cell} ({self.heading})" if self.heading else f"cell {self.cell}")
        if self.line is not None:
            parts.append(f"{'near line' if self.approximate else 'line'} {self.line}")
        if self.column is not None:
            parts.append(f"column {self.column}")
        elif self.heading and not self.cell:
            parts.append(f"column {self.heading}")
        return ", ".join(parts)

    def to_record(self) -> dict[str, object]:
        """Return it as JSON can hold it."""
        return {
            "rule": self.rule,
            "title": self.title,
            "severity": self.severity,
            "message": self.message,
            "thing": self.thing,
            "subject": self.subject,
            "file": self.file,
            "sheet": self.sheet,
            "cell": self.cell,
            "line": self.line,
            "column": self.column,
            "heading": self.heading,
            "approximate": self.approximate,
            "field": self.field,
            "value": self.value,
            "nearest": list(self.nearest),
            "waived": None if self.waived is None else self.waived.to_record(),
        }
