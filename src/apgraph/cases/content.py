"""What a workbook says, whatever it was read from: rows of cells, where they stood, and what is wrong with them."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from apgraph.cases.sheets import FURTHER, SHEETS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from apgraph.cases.columns import Column, Sheet
    from apgraph.cases.origins import Origin, SheetPlace

__all__ = ["Content", "Problem", "Row", "natural"]

_DIGITS: Final = re.compile(r"(\d+)")


def natural(text: str) -> tuple[tuple[int, int | str], ...]:
    """Return what to sort by so that numbers inside a text count as numbers.

    >>> sorted(["obs-10", "obs-9"], key=natural)
    ['obs-9', 'obs-10']
    """
    parts = _DIGITS.split(text)
    return tuple((0, int(p)) if p.isascii() and p.isdigit() else (1, p) for p in parts if p)


@dataclass(slots=True)
class Row:
    """A row of a sheet.

    Attributes:
        number: The row, or the line, counted from 1.
        cells: What each column says that is not empty, in its one spelling.
    """

    number: int
    cells: dict[str, str]


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with one cell that reading found.

    Attributes:
        sheet: The sheet.
        column: The column.
        row: The row that it stands in.
        text: What the cell says; ``""`` where it is empty.
        message: What is wrong and what to do.
        nearest: What may have been meant, best first.
    """

    sheet: Sheet
    column: Column
    row: Row
    text: str
    message: str
    nearest: tuple[str, ...] = ()


@dataclass(slots=True)
class Content:
    """What a workbook, or a folder of tables, says.

    Attributes:
        file: What it was read from.
        rows: The rows of each sheet, by its name.
        places: Where each sheet was, by its name.
        problems: What is wrong with single cells.
        examples: How many example rows were passed over.
        taken: Other names of terms that were typed: column, name typed and term that was read, each with the first
            place and the number of cells.
    """

    file: str = "the data"
    rows: defaultdict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    places: dict[str, SheetPlace] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    examples: int = 0
    taken: dict[tuple[str, str, str], tuple[Origin, int]] = field(default_factory=dict)

    @property
    def case_id(self) -> str:
        """The identifier of the case."""
        found = self.rows["Organisation"]
        return found[0].cells.get("case_id", "") if found else ""

    def origin(self, sheet: Sheet, row: Row, column: str) -> Origin | None:
        """Return where a cell stood, as far as it was read from anywhere."""
        place = self.places.get(sheet.name)
        return place.at(row.number, column) if place is not None else None

    def __len__(self) -> int:
        """Return the number of rows."""
        return sum(map(len, self.rows.values()))

    def plain(self) -> Mapping[str, list[dict[str, str]]]:
        """Return what the sheets say, without places, rows in a fixed order: equal where nothing was lost."""
        return {
            sheet.name: sorted(
                (row.cells for row in self.rows[sheet.name]), key=lambda cells: sorted(cells.items())
            )
            for sheet in (*SHEETS, FURTHER)
            if self.rows[sheet.name]
        }
