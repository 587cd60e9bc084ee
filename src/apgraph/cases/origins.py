"""Where a value was read: file, sheet and cell, or file and line."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Origin", "SheetPlace", "column_letters"]

_ALPHABET: Final = 26


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a value was read.

    Attributes:
        file: The file, as the user named it.
        sheet: Name of the sheet, in a workbook.
        cell: The cell, in a workbook.
        line: The line, counted from 1, in a text file.
        column: Heading of the column, in a CSV file or a workbook.
        approximate: Whether the line is only near the value.

    >>> str(Origin("college.xlsx", "Evidence", "C7"))
    'college.xlsx, sheet Evidence, cell C7'
    >>> str(Origin("evidence.csv", line=3, column="date"))
    'evidence.csv, line 3, column date'
    """

    file: str
    sheet: str | None = None
    cell: str | None = None
    line: int | None = None
    column: str | None = None
    approximate: bool = False

    def __str__(self) -> str:
        parts = [self.file]
        if self.sheet is not None:
            parts.append(f"sheet {self.sheet}")
        if self.cell is not None:
            parts.append(f"cell {self.cell}")
        if self.line is not None:
            parts.append(f"{'near line' if self.approximate else 'line'} {self.line}")
            if self.column is not None:
                parts.append(f"column {self.column}")
        return ", ".join(parts)

    def to_record(self) -> dict[str, object]:
        """Return it as JSON can hold it."""
        return {
            "file": self.file,
            "sheet": self.sheet,
            "cell": self.cell,
            "line": self.line,
            "column": self.column,
            "approximate": self.approximate,
        }


@dataclass(frozen=True, slots=True)
class SheetPlace:
    """Where a sheet is, and in which order its columns stand there.

    Attributes:
        file: The workbook, or the CSV file.
        title: Name of the sheet as the workbook has it; None for a CSV file.
        columns: Number of each column by its heading, counted from 1.
        header: Row or line of the headings.
    """

    file: str
    title: str | None
    columns: Mapping[str, int] = field(default_factory=dict)
    header: int = 1

    def __str__(self) -> str:
        return self.file if self.title is None else f"{self.file}, sheet {self.title}"

    def at(self, number: int, column: str, *, position: int | None = None) -> Origin:
        """Return the place of a column's cell in a row or line; its first cell where the sheet has no such column.

        Args:
            number: The row or line.
            column: The column's heading.
            position: The number of the column, counted from 1, for a cell under no heading.

        >>> place = SheetPlace("college.xlsx", "Evidence", {"evidence_id": 1, "date": 3})
        >>> place.at(7, "date").cell, place.at(7, "locator").cell, place.at(7, "locator").column
        ('C7', 'A7', 'evidence_id')
        """
        if position is None and column not in self.columns and self.columns:
            column = min(self.columns, key=self.columns.__getitem__)
        if self.title is None:
            return Origin(self.file, line=number, column=column or str(position or ""))
        place = self.columns.get(column, position)
        letters = column_letters(1 if place is None else place)
        return Origin(self.file, self.title, f"{letters}{number}", column=column)


def column_letters(number: int) -> str:
    """Return a column's letters.

    >>> column_letters(1), column_letters(28), column_letters(16384)
    ('A', 'AB', 'XFD')
    """
    letters = ""
    while number:
        number, rest = divmod(number - 1, _ALPHABET)
        letters = chr(ord("A") + rest) + letters
    return letters
