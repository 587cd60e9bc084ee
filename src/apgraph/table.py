"""Rows as text: a table to read, CSV for a spreadsheet, Markdown for a report, JSON for a program.

A value is a Python value, or anything with ``iri``, ``curie`` and ``label`` (a term of the graph).
Nothing here needs Rich but :func:`print_table` on a terminal, so that a piped answer starts fast.
"""

from __future__ import annotations

import datetime
import json
import math
import os
import shutil
import unicodedata
from decimal import Decimal
from typing import TYPE_CHECKING, Protocol, TextIO, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = [
    "Term",
    "plain",
    "print_table",
    "to_csv",
    "to_json",
    "to_markdown",
    "to_text",
    "wrap",
]

_LEAST = 10
"""A column narrower than this is no use to a reader: the rows are then shown one below the other."""

_GAP = "  "

_ARMED = tuple("=+-@\t\r\n＝＋－＠")
"""What a spreadsheet may take for the beginning of a formula, or leave out before one."""


@runtime_checkable
class Term(Protocol):
    """A term of the graph as it stands in a row."""

    @property
    def iri(self) -> str:
        """The IRI."""

    @property
    def curie(self) -> str:
        """The short name, such as ``apgx:coaching``."""

    @property
    def label(self) -> str:
        """The name in words; empty where there is none."""


def plain(value: object) -> str:
    r"""Return one value as text: a term's label, a date as ISO 8601, nothing for None.

    Control characters, which data from elsewhere may carry into a terminal, become spaces.

    >>> plain(None), plain(True), plain(datetime.date(2021, 5, 14)), plain("red\x1b[31m")
    ('', 'yes', '2021-05-14', 'red [31m')
    """
    if value is None:
        return ""
    if value is True or value is False:
        return "yes" if value else "no"
    if isinstance(value, Term):
        text = value.label or value.curie or value.iri
    elif isinstance(value, datetime.date | datetime.time):
        text = value.isoformat()
    elif isinstance(value, tuple | list):
        text = ", ".join(plain(each) for each in value)
    elif isinstance(value, Decimal):
        text = f"{value:f}"
    else:
        text = str(value)
    if text.isprintable():
        return text
    return "".join(c if c == "\n" or c.isprintable() else " " for c in text)


def _width(text: str) -> int:
    """Return how many cells of a terminal the text takes."""
    if text.isascii():
        return len(text)
    wide = sum(unicodedata.east_asian_width(c) in "WF" for c in text)
    return len(text) + wide - sum(unicodedata.combining(c) > 0 for c in text)


def wrap(text: str, width: int) -> list[str]:
    """Break a text into lines of at most ``width`` cells, at spaces where there are any.

    >>> wrap("peer-to-peer coaching", 12)
    ['peer-to-peer', 'coaching']
    >>> wrap("https://w3id.org", 8)
    ['https://', 'w3id.org']
    """
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for word in paragraph.split():
            joined = f"{line} {word}" if line else word
            if _width(joined) <= width:
                line = joined
                continue
            if line:
                lines.append(line)
            while _width(word) > width:
                cut = len(word)
                while cut > 1 and _width(word[:cut]) > width:
                    cut = min(cut - 1, width)
                lines.append(word[:cut])
                word = word[cut:]
            line = word
        lines.append(line)
    return lines


def _fit(widths: Sequence[int], room: int, words: Sequence[int]) -> list[int] | None:
    """Share the room out among the columns, or return None where it does not suffice.

    Args:
        widths: What each column would take.
        room: What there is.
        words: The longest word of each column, which is kept whole where that is possible.
    """
    room -= len(_GAP) * (len(widths) - 1)
    if sum(widths) <= room:
        return list(widths)
    # The narrow columns keep their width, the wide ones share what is left.
    fitted = list(widths)
    open_columns = set(range(len(widths)))
    while open_columns:
        share = room // len(open_columns)
        narrow = {i for i in open_columns if widths[i] <= share}
        if not narrow:
            long = {i for i in open_columns if words[i] > share}
            if long and sum(words[i] for i in open_columns) <= room:
                for i in long:
                    fitted[i] = words[i]
                room -= sum(words[i] for i in long)
                open_columns -= long
                continue
            if share < _LEAST:
                return None
            for rank, i in enumerate(sorted(open_columns)):
                fitted[i] = share + (rank < room % len(open_columns))
            return fitted
        room -= sum(widths[i] for i in narrow)
        open_columns -= narrow
    return fitted


def _heading(column: str) -> str:
    return column.replace("_", " ")


def terminal_width() -> int:
    """Return the width to write for: COLUMNS, else the terminal's, else 100."""
    if os.environ.get("COLUMNS", "").isdigit():
        return max(20, int(os.environ["COLUMNS"]))
    return max(20, shutil.get_terminal_size((100, 24)).columns)


def to_text(columns: Sequence[str], rows: Iterable[Sequence[object]], *, width: int | None = None) -> str:
    """Return the rows as a table of plain text; what does not fit is wrapped, never cut.

    Args:
        columns: Names of the columns; an underscore is shown as a space.
        rows: The values, in the order of the columns.
        width: Cells in a line; the terminal's where it is not given.

    >>> print(to_text(["model", "claims"], [["deficit model", 12], ["universal model", None]], width=40))
    model            claims
    ---------------  ------
    deficit model        12
    universal model
    """
    room = terminal_width() if width is None else width
    rows = [tuple(row) for row in rows]
    headings = [_heading(column) for column in columns]
    cells = [[plain(value) for value in row] for row in rows]
    if not headings:
        return ""
    widths = [
        max([_width(heading), *(_width(line) for row in cells for line in row[i].split("\n"))])
        for i, heading in enumerate(headings)
    ]
    words = [
        max(
            (_width(word) for text in (heading, *(row[i] for row in cells)) for word in text.split()),
            default=0,
        )
        for i, heading in enumerate(headings)
    ]
    fitted = _fit(widths, room, words)
    if fitted is None:
        return _blocks(headings, cells, room)
    right = [
        any(row[i] is not None for row in rows) and all(row[i] is None or _is_number(row[i]) for row in rows)
        for i in range(len(headings))
    ]
    lines = _line(
        [wrap(heading, size) for heading, size in zip(headings, fitted, strict=True)], fitted, right
    )
    lines.append(_GAP.join("-" * size for size in fitted))
    wrapped = [[wrap(cell, size) for cell, size in zip(row, fitted, strict=True)] for row in cells]
    tall = [any(len(cell) > 1 for cell in row) for row in wrapped]
    for number, row in enumerate(wrapped):
        # A row of several lines needs a blank line on either side to be told apart.
        if number and (tall[number] or tall[number - 1]):
            lines.append("")
        lines += _line(row, fitted, right)
    return "\n".join(lines)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def _line(cells: Sequence[Sequence[str]], sizes: Sequence[int], right: Sequence[bool]) -> list[str]:
    """Lay out one row, which takes as many lines as its tallest cell."""
    lines = []
    for i in range(max(len(cell) for cell in cells)):
        parts = []
        for cell, size, to_right in zip(cells, sizes, right, strict=True):
            text = cell[i] if i < len(cell) else ""
            pad = " " * (size - _width(text))
            parts.append(pad + text if to_right else text + pad)
        lines.append(_GAP.join(parts).rstrip())
    return lines


def _blocks(headings: Sequence[str], cells: Sequence[Sequence[str]], room: int) -> str:
    """Lay out each row as a block of `heading: value`, for tables with more columns than room."""
    indent = max(_width(heading) for heading in headings) + 2
    blocks = []
    for row in cells:
        lines = []
        for heading, cell in zip(headings, row, strict=True):
            first, *more = wrap(cell, max(_LEAST, room - indent))
            lines.append(f"{heading + ':':<{indent}}{first}".rstrip())
            lines += [" " * indent + line for line in more]
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks)


def to_csv(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return the rows as CSV (RFC 4180, with line feeds), safe to open in a spreadsheet.

    A column with terms gets a second one, ``<name>_iri``, with their IRIs. Text that a spreadsheet
    would run as a formula (it begins with ``=``, ``+``, ``-``, ``@``, the same in full width, a tab or a line end) gets an
    apostrophe in front; numbers stay as they are.

    >>> print(to_csv(["note", "count"], [["=HYPERLINK(A1)", -2], ["plain", 3]]), end="")
    note,count
    '=HYPERLINK(A1),-2
    plain,3
    """
    rows = [tuple(row) for row in rows]
    terms = [any(isinstance(row[i], Term) for row in rows) for i in range(len(columns))]
    header: list[str] = []
    for column, is_term in zip(columns, terms, strict=True):
        header += [column, f"{column}_iri"] if is_term else [column]
    records = [[_unarmed(name) for name in header]]
    for row in rows:
        record: list[str] = []
        for value, is_term in zip(row, terms, strict=True):
            record.append(_cell(value))
            if is_term:
                record.append(_unarmed(value.iri) if isinstance(value, Term) else "")
        records.append(record)
    # The csv module of Python 3.11 leaves a lone carriage return unquoted. An empty line would be no row to a reader.
    return "".join((",".join(map(_quoted, record)) or '""') + "\n" for record in records)


def _quoted(text: str) -> str:
    if any(mark in text for mark in ',"\n\r') or text != text.strip():
        return '"' + text.replace('"', '""') + '"'
    return text


def _cell(value: object) -> str:
    if value is True or value is False:
        return "true" if value else "false"
    if _is_number(value):
        return plain(value)
    if isinstance(value, str):
        return _unarmed(value)
    return _unarmed(plain(value))


def _unarmed(text: str) -> str:
    """Put an apostrophe before a text that a spreadsheet would take for a formula."""
    return f"'{text}" if text.startswith(_ARMED) else text


def _json_value(value: object) -> object:
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        # JSON has no NaN and no infinity.
        return value if math.isfinite(value) else str(value)
    if isinstance(value, Term):
        return {"iri": value.iri, "curie": value.curie, "label": value.label}
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, tuple | list):
        return [_json_value(each) for each in value]
    return plain(value)


def to_json(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return the rows as a JSON list of objects; a term is an object with iri, curie and label.

    >>> print(to_json(["model", "claims"], [["deficit model", 12]]))
    [
      {"model": "deficit model", "claims": 12}
    ]
    """
    records = (dict(zip(columns, (_json_value(value) for value in row), strict=True)) for row in rows)
    body = ",\n  ".join(json.dumps(record, ensure_ascii=False, allow_nan=False) for record in records)
    return f"[\n  {body}\n]" if body else "[]"


def to_markdown(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    r"""Return the rows as a Markdown table.

    >>> print(to_markdown(["model", "note"], [["deficit model", "a | b"]]))
    | model | note |
    |---|---|
    | deficit model | a \| b |
    """
    lines = [
        "| " + " | ".join(_escaped(_heading(column)) for column in columns) + " |",
        "|" + "---|" * len(columns),
    ]
    lines += ["| " + " | ".join(_escaped(plain(value)) for value in row) + " |" for row in rows]
    return "\n".join(lines)


def _escaped(text: str) -> str:
    """Escape what would break out of a Markdown cell or turn into HTML there."""
    for old, new in (("\\", "\\\\"), ("|", "\\|"), ("<", "&lt;"), ("\n", "<br>")):
        text = text.replace(old, new)
    return text


def print_table(columns: Sequence[str], rows: Iterable[Sequence[object]], file: TextIO) -> None:
    """Write the rows to a stream: with Rich's rules and colours on a terminal, as plain text elsewhere."""
    rows = [tuple(row) for row in rows]
    narrow = _fit([_LEAST] * len(columns), terminal_width(), [0] * len(columns)) is None if columns else True
    if narrow or not file.isatty() or os.environ.get("TERM") == "dumb":
        file.write(to_text(columns, rows) + "\n")
        return
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, show_lines=False, pad_edge=False, header_style="bold")
    for i, column in enumerate(columns):
        numbers = bool(rows) and all(row[i] is None or _is_number(row[i]) for row in rows)
        table.add_column(_heading(column), justify="right" if numbers else "left", overflow="fold")
    for row in rows:
        table.add_row(*(Text(plain(value)) for value in row))
    Console(file=file).print(table)
