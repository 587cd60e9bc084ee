"""A case as a folder of CSV files, one for each sheet, with the metadata that describes them (CSVW)."""

from __future__ import annotations

import codecs
import csv
import io
import json
from typing import TYPE_CHECKING, Final

from apgraph.cases.columns import Column, Kind, Sheet
from apgraph.cases.reading import Reader, find_sheet
from apgraph.cases.sheets import FURTHER, SHEETS
from apgraph.cases.sources import METADATA
from apgraph.cases.template import is_armed
from apgraph.errors import InputError
from apgraph.files import replaced, require_regular
from apgraph.lexicon import key

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from apgraph.cases.choices import Choices
    from apgraph.cases.content import Content

__all__ = ["is_tables", "read_tables", "write_tables"]

_LARGEST: Final = 256 << 20
_SHEETS: Final = {key(sheet.slug) for sheet in (*SHEETS, FURTHER)}
_GUARD: Final = "'"


def is_tables(folder: Path) -> bool:
    """Tell whether a folder holds the tables of a case."""
    return folder.is_dir() and any(
        file.suffix.lower() == ".csv" and key(file.stem) in _SHEETS for file in folder.iterdir()
    )


def read_tables(folder: Path, choices: Choices) -> Content:
    """Read a folder of CSV files.

    Commas, semicolons and tabs are known between values; UTF-8, UTF-16 and Windows-1252 as encodings.

    Raises:
        InputError: A file can't be read as a table, is none of the sheets, has an unknown column, or there is no case.
    """
    reader = Reader(str(folder), choices)
    try:
        files = sorted(file for file in folder.iterdir() if file.suffix.lower() == ".csv")
    except OSError as error:
        raise InputError(f"{folder} can't be read: {error.strerror or error}") from None
    for file in files:
        rows = list(_rows(file))
        sheet = find_sheet(file.stem, file=str(file), is_empty=not rows)
        if sheet is not None:
            reader.add_sheet(sheet, rows, file=str(file), title=None)
    return reader.finish()


def _rows(file: Path) -> Iterator[tuple[int, dict[int, str]]]:
    text = _text(file)
    head = text[: text.find("\n") + 1 or len(text)]
    separator = max(",;\t", key=head.count)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    number = 1
    try:
        for values in lines:
            cells = {at: _disarmed(value) for at, value in enumerate(values, start=1) if value}
            if cells:
                yield number, cells
            number = lines.line_num + 1
    except csv.Error as error:
        raise InputError(f"{file}, line {lines.line_num}: {error}; is a quotation mark missing?") from None


def _text(file: Path) -> str:
    require_regular(file)
    try:
        if file.stat().st_size > _LARGEST:
            raise InputError(f"{file}: larger than {_LARGEST >> 20} MB, which no case needs; split it")
        content = file.read_bytes()
    except OSError as error:
        raise InputError(f"{file} can't be read: {error.strerror or error}") from None
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ["utf-16"]
    elif b"\0" in content[:4096]:
        raise InputError(f"{file}: binary data, not a table; save it as CSV")
    else:
        encodings = ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError as error:
            wrong = error.start
    line = content.count(b"\n", 0, wrong) + 1
    raise InputError(f"{file}, line {line}: neither UTF-8 nor Windows-1252 text; save it as UTF-8")


def _disarmed(value: str) -> str:
    """Return what was meant by a value that was guarded against being run as a formula."""
    return value[1:] if value.startswith(_GUARD) and (is_armed(value[1:]) or value[1:2] == _GUARD) else value


def _guarded(value: str) -> str:
    return _GUARD + value if is_armed(value) or value.startswith(_GUARD) else value


def write_tables(folder: Path, content: Content, choices: Choices, *, replace: bool = False) -> None:
    """Write a case as a folder of CSV files in UTF-8, with their metadata.

    A text that a spreadsheet would run as a formula gets an apostrophe in front, which reading takes off again.

    Raises:
        InputError: There are tables in the folder already, or it can't be written to.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if is_tables(folder) and not replace:
            raise InputError(
                f"{folder} holds tables already; give another folder, or --force to replace them"
            )
    except OSError as error:
        raise InputError(f"{folder} can't be written to: {error.strerror or error}") from None
    written = [sheet for sheet in (*SHEETS, FURTHER) if sheet is not FURTHER or content.rows[FURTHER.name]]
    for sheet in written:
        with (
            replaced(folder / f"{sheet.slug}.csv") as beside,
            beside.open("w", encoding="utf-8", newline="") as stream,
        ):
            # With the line ends of RFC 4180 a carriage return inside a value is quoted, too.
            table = csv.writer(stream, lineterminator="\r\n")
            table.writerow([column.name for column in sheet.columns])
            for row in content.rows[sheet.name]:
                table.writerow([_guarded(row.cells.get(column.name, "")) for column in sheet.columns])
    with replaced(folder / METADATA) as beside:
        described = json.dumps(_metadata(written, choices), indent=2, ensure_ascii=False)
        beside.write_text(described + "\n", encoding="utf-8")


def _metadata(sheets: list[Sheet], choices: Choices) -> dict[str, object]:
    """Return what CSVW says of the tables, see https://www.w3.org/TR/tabular-metadata/."""
    return {
        "@context": "http://www.w3.org/ns/csvw",
        "dc:title": "A case of the deployment of advanced practitioners",
        "dc:description": "An apostrophe before a value that begins like a formula is a guard and no part of it.",
        "dialect": {"encoding": "utf-8", "header": True, "delimiter": ","},
        "tables": [
            {
                "url": f"{sheet.slug}.csv",
                "dc:title": sheet.name,
                "dc:description": sheet.help,
                "tableSchema": {"columns": [_described(column, choices) for column in sheet.columns]},
            }
            for sheet in sheets
        ],
    }


def _described(column: Column, choices: Choices) -> dict[str, object]:
    kinds = {Kind.SHARE: "decimal", Kind.NUMBER: "decimal", Kind.COUNT: "nonNegativeInteger"}
    found: dict[str, object] = {"name": column.name, "titles": column.name, "dc:description": column.help}
    shown = choices.of(column).shown
    if column.kind in kinds:
        found["datatype"] = kinds[column.kind]
    elif shown and not column.many and not column.other:
        found["datatype"] = {"base": "string", "format": "|".join(map(_literally, shown))}
    else:
        found["datatype"] = "string"
    if column.required:
        found["required"] = column.name != "evidence_ids"
    if column.many:
        found["separator"] = "; "
    if column.property:
        found["propertyUrl"] = column.property
    return found


def _literally(text: str) -> str:
    return "".join(c if c.isalnum() or c in " -:" else f"\\{c}" for c in text)
