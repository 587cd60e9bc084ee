"""What goes to standard output, in the format asked for."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Final

from apgraph.errors import UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = [
    "PROSE",
    "TABULAR",
    "choose",
    "note",
    "write",
    "write_prose",
    "write_rows",
    "write_whole",
]

TABULAR: Final = ("table", "csv", "json", "md")
"""The formats that every command with rows knows."""

PROSE: Final = ("text", "json", "md")
"""The formats of commands that show one thing in words."""


def choose(kind: str, value: str, allowed: Sequence[str]) -> str:
    """Return the value in the spelling allowed.

    Raises:
        UnknownNameError: It is not among the allowed ones, which the message lists.

    >>> choose("format", "CSV", TABULAR)
    'csv'
    """
    if value.lower() in allowed:
        return value.lower()
    raise UnknownNameError(kind, value, hint=f"choose one of {', '.join(allowed)}")


def write(text: str) -> None:
    """Write text to standard output, with a line feed at its end.

    A reader that has gone away (``| head``) is no error: what is left is dropped quietly.
    """
    try:
        sys.stdout.write(text if text.endswith("\n") or not text else f"{text}\n")
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def write_prose(text: str) -> None:
    """Write lines of prose, each broken to fit the terminal and indented as it was."""
    from textwrap import wrap

    from apgraph.table import plain, terminal_width

    room = max(40, terminal_width())
    lines: list[str] = []
    for line in text.split("\n"):
        indent = " " * (len(line) - len(line.lstrip()))
        broken = wrap(
            plain(line.strip()),
            room,
            initial_indent=indent,
            subsequent_indent=f"{indent}  ",
            break_on_hyphens=False,
            break_long_words=False,
        )
        lines += broken or [""]
    write("\n".join(lines))


def note(text: str) -> None:
    """Write one line for the reader to standard error."""
    sys.stdout.flush()
    sys.stderr.write(f"{text}\n")


def write_whole(text: str, file: str | None) -> None:
    """Write a whole document to a file, beside it first, or to standard output where no file is given.

    Raises:
        InputError: The file can't be written.
    """
    if file is None:
        write(text)
        return
    from pathlib import Path

    from apgraph.files import replaced

    with replaced(Path(file)) as beside:
        beside.write_text(text, encoding="utf-8", newline="\n")
    note(f"written: {file}")


def write_rows(columns: Sequence[str], rows: Iterable[Sequence[object]], layout: str) -> None:
    """Write rows in one of the formats of :data:`TABULAR`."""
    from apgraph import table

    if layout == "csv":
        write(table.to_csv(columns, rows))
    elif layout == "json":
        write(table.to_json(columns, rows))
    elif layout == "md":
        write(table.to_markdown(columns, rows))
    elif sys.stdout.isatty():
        table.print_table(columns, rows, sys.stdout)
    else:
        write(table.to_text(columns, rows))
