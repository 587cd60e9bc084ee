"""Reading a case from an XLSX workbook."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apgraph.cases.cells import Book, SheetReader
from apgraph.cases.package import open_package
from apgraph.cases.reading import Reader, find_sheet

if TYPE_CHECKING:
    from pathlib import Path

    from apgraph.cases.cells import Cell
    from apgraph.cases.choices import Choices
    from apgraph.cases.content import Content

__all__ = ["read_workbook"]

_MOST_FILLED = 2_000_000


def read_workbook(file: Path, choices: Choices) -> Content:
    """Read a workbook.

    What a merged area says is said in each of its cells. A formula counts as its result.

    Args:
        file: The workbook.
        choices: What the lists offer.

    Returns:
        What it says; problems with single cells are in it.

    Raises:
        InputError: It can't be read as a workbook, has a sheet or column that is not known, or no case.
    """
    reader = Reader(str(file), choices)
    with open_package(file) as package:
        book = Book(package)
        for part in package.sheets():
            source = SheetReader(book, part)
            rows = dict(source.rows())
            sheet = find_sheet(part.name, file=str(file), is_empty=not rows)
            if sheet is None:
                continue
            _spread(source, rows)
            errors = {
                (number, cell.column): cell.text
                for number, cells in rows.items()
                for cell in cells
                if cell.is_error
            }
            reader.add_sheet(
                sheet,
                ((number, {cell.column: cell.text for cell in rows.pop(number)}) for number in sorted(rows)),
                file=str(file),
                title=part.name,
                errors=errors,
            )
    return reader.finish()


def _spread(source: SheetReader, rows: dict[int, list[Cell]]) -> None:
    """Say in each cell of a merged area what the area says."""
    filled = 0
    for first_column, first_row, last_column, last_row in source.merges:
        said = next((cell for cell in rows.get(first_row, ()) if cell.column == first_column), None)
        if said is None:
            continue
        # A title over a whole sheet is merged across; only what is merged down repeats a value.
        for number in range(first_row + 1, last_row + 1):
            if number not in rows:
                continue
            filled += last_column - first_column + 1
            if filled > _MOST_FILLED:
                raise source.too_much()
            taken = {cell.column for cell in rows[number]}
            if first_column not in taken:
                rows[number].append(said._replace(column=first_column))
                rows[number].sort()
