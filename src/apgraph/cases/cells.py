"""The cells of a sheet, read in one pass: what each shows, in what row, and which are merged."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from apgraph.cases.origins import column_letters
from apgraph.cases.package import local

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from apgraph.cases.package import Package, SheetPart
    from apgraph.errors import InputError

__all__ = ["Book", "Cell", "SheetReader", "cell_reference", "decode"]

_MOST_CELLS: Final = 1_600_000
_MOST_TEXT: Final = 64 << 20
_LONGEST: Final = 100_000
_LAST_ROW: Final = 1_048_576
_LAST_COLUMN: Final = 16_384
_REFERENCE: Final = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")
_ESCAPED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")
_CALLS_OUT: Final = re.compile(
    r"\b(?:WEBSERVICE|HYPERLINK|IMPORT(?:DATA|XML|HTML|FEED|RANGE)|RTD|DDE|CALL|REGISTER(?:\.ID)?|EXEC|FILTERXML|"
    r"IMAGE|CUBE\w+)\s*\(|\|\s*'|\[[^\]]*\][^!\[\]]*!|://|\\\\",
    re.IGNORECASE,
)
_QUOTED: Final = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]hms][^\]]*\]', re.IGNORECASE)
_BUILT_IN: Final = {
    9: "%",
    10: "%",
    17: "month",
    **dict.fromkeys((14, 15, 16, 22, *range(27, 37), *range(50, 59)), "date"),
    **dict.fromkeys((18, 19, 20, 21, 45, 46, 47), "time"),
}
_SECONDS: Final = 86_400


class Cell(NamedTuple):
    """A cell that is not empty.

    Attributes:
        column: Its column, counted from 1.
        text: What it says.
        is_error: Whether it holds an error such as ``#REF!``.
    """

    column: int
    text: str
    is_error: bool = False


def cell_reference(text: str) -> tuple[int, int] | None:
    """Return column and row of a reference, or None.

    >>> cell_reference("C7"), cell_reference("AB12"), cell_reference("7C")
    ((3, 7), (28, 12), None)
    """
    match = _REFERENCE.fullmatch(text)
    if match is None:
        return None
    column = 0
    for letter in match[1].upper():
        column = column * 26 + ord(letter) - 64
    row = int(match[2])
    return (column, row) if 0 < row <= _LAST_ROW and column <= _LAST_COLUMN else None


def decode(text: str) -> str:
    r"""Return a text with the characters that XML cannot hold, which are written as ``_x0001_``.

    >>> decode("a_x000A_b _x005F_x000A_")
    'a\nb _x000A_'
    """
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


class Book:
    """What the sheets of a workbook share: texts, formats, and from when days are counted.

    Args:
        package: The workbook.
    """

    def __init__(self, package: Package) -> None:
        self.package = package
        self.cells_read = 0
        self.text_read = 0
        relations = package.relations(package.workbook_part())
        by_kind = {kind: part for kind, part in relations.values() if part in package.parts}
        self.strings = _strings(package, by_kind["sharedStrings"]) if "sharedStrings" in by_kind else []
        self.text_read = sum(map(len, self.strings))
        self.formats = _formats(package, by_kind["styles"]) if "styles" in by_kind else []
        self.epoch = datetime(1904, 1, 1) if _counts_from_1904(package) else datetime(1899, 12, 30)  # noqa: DTZ001 (a calendar, no point in time)

    def number(self, text: str, style: int) -> str:
        """Return what a number shows under its format."""
        try:
            value = float(text)
        except ValueError:
            return text
        kind = self.formats[style] if 0 <= style < len(self.formats) else ""
        if kind == "%":
            return f"{value * 100:.12g}%"
        if not kind:
            # As many digits as a spreadsheet shows; the rest is what binary fractions leave over.
            return f"{value:.15g}" if "e" not in f"{value:.15g}" else f"{value:.15f}".rstrip("0").rstrip(".")
        try:
            moment = self.epoch + timedelta(seconds=round(value * _SECONDS))
        except OverflowError:
            return text
        if kind == "time" and 0 <= value < 1:
            return f"{moment:%H:%M}" if not moment.second else f"{moment:%H:%M:%S}"
        if kind in {"month", "year"}:
            return moment.strftime("%Y-%m" if kind == "month" else "%Y").zfill(7 if kind == "month" else 4)
        day = moment.date().isoformat()
        clock = moment.time()
        return day if not (clock.hour or clock.minute or clock.second) else f"{day}T{clock.isoformat()}"


def _strings(package: Package, part: str) -> list[str]:
    found: list[str] = []
    pieces: list[str] = []
    total = 0
    state = {"text": False, "phonetic": False}

    def start(name: str, _: Mapping[str, str]) -> None:
        name = local(name)
        if name == "t":
            state["text"] = not state["phonetic"]
        elif name == "si":
            pieces.clear()
        elif name == "rPh":
            state["phonetic"] = True

    def end(name: str) -> None:
        nonlocal total
        name = local(name)
        if name == "t":
            state["text"] = False
        elif name == "rPh":
            state["phonetic"] = False
        elif name == "si":
            whole = decode("".join(pieces))
            total += len(whole) + 60
            if total > _MOST_TEXT:
                raise package.refuse(
                    "it holds more text than a case can need; delete what does not belong to it"
                )
            found.append(whole)

    def text(data: str) -> None:
        if state["text"]:
            pieces.append(data)
            if len(pieces) > _LONGEST:
                raise package.refuse("it holds a text that is too long for a cell; shorten it")

    package.run(part, start=start, end=end, text=text)
    return found


def _formats(package: Package, part: str) -> list[str]:
    """Return for each cell style what its number format makes of a number: date, month, year, time, % or nothing."""
    custom: dict[int, str] = {}
    styles: list[int] = []
    inside = False

    def start(name: str, values: Mapping[str, str]) -> None:
        nonlocal inside
        name = local(name)
        if name == "numFmt" and values.get("numFmtId", "").isdigit():
            custom[int(values["numFmtId"])] = _format(values.get("formatCode", ""))
        elif name == "cellXfs":
            inside = True
        elif name == "xf" and inside:
            number = values.get("numFmtId", "0")
            styles.append(int(number) if number.isdigit() else 0)

    def end(name: str) -> None:
        nonlocal inside
        if local(name) == "cellXfs":
            inside = False

    package.run(part, start=start, end=end)
    return [custom.get(number, _BUILT_IN.get(number, "")) for number in styles]


def _format(code: str) -> str:
    plain = _QUOTED.sub("", code.split(";")[0]).lower()
    if "%" in plain:
        return "%"
    if plain == "general" or not set(plain) & set("ymdhs"):
        return ""
    if "d" in plain:
        return "date"
    if "y" in plain:
        return "month" if "m" in plain else "year"
    return "time" if set(plain) & set("hs") else "date"


def _counts_from_1904(package: Package) -> bool:
    found = False

    def start(name: str, values: Mapping[str, str]) -> None:
        nonlocal found
        if local(name) == "workbookPr" and values.get("date1904", "").lower() in {"1", "true", "on"}:
            found = True

    package.run(package.workbook_part(), start=start)
    return found


class SheetReader:
    """Reads one sheet.

    Args:
        book: The workbook that it is in.
        sheet: The sheet.

    Attributes:
        merges: The merged areas (first column, first row, last column, last row); known when all rows are read.
    """

    def __init__(self, book: Book, sheet: SheetPart) -> None:
        self._book = book
        self._sheet = sheet
        self.merges: list[tuple[int, int, int, int]] = []
        self._rows: list[tuple[int, list[Cell]]] = []
        self._row: list[Cell] = []
        self._row_number = 0
        self._column = 0
        self._place = (0, 0)
        self._kind = ""
        self._style = 0
        self._value: list[str] | None = None
        self._formula: list[str] | None = None
        self._pieces: list[str] | None = None
        self._taking: list[str] | None = None
        self._phonetic = False

    def rows(self) -> Iterator[tuple[int, list[Cell]]]:
        """Yield the rows that are not empty: number and cells.

        Raises:
            InputError: The sheet is broken, too large, or has a formula that calls out or was never worked out.
        """
        for _ in self._book.package.parse(
            self._sheet.part, start=self._start, end=self._end, text=self._text
        ):
            if self._rows:
                found, self._rows = self._rows, []
                yield from found

    def too_much(self) -> InputError:
        """Return the error for a sheet that says more than a case can need."""
        return self._book.package.refuse(
            f"sheet {self._sheet.name}: it has more than {_MOST_CELLS:,} filled cells; split it into several cases"
        )

    def _refuse(self, problem: str) -> InputError:
        column, row = self._place
        return self._book.package.refuse(
            f"sheet {self._sheet.name}, cell {column_letters(column)}{row}: {problem}"
        )

    def _start(self, name: str, values: Mapping[str, str]) -> None:
        name = local(name)
        if name == "c":
            reference = values.get("r")
            place = cell_reference(reference) if reference else (self._column + 1, self._row_number)
            if place is None:
                raise self._book.package.refuse(
                    f"sheet {self._sheet.name}: there can be no cell {(reference or '')[:20]!r}; save the file again"
                )
            self._place = place
            self._column = place[0]
            self._kind = values.get("t", "n")
            style = values.get("s", "0")
            self._style = int(style) if style.isdigit() else 0
            self._value = self._formula = self._pieces = None
        elif name == "v":
            self._taking = self._value = []
        elif name == "f":
            self._taking = self._formula = []
        elif name == "is":
            self._pieces = []
        elif name == "t" and self._pieces is not None and not self._phonetic:
            self._taking = self._pieces
        elif name == "rPh":
            self._phonetic = True
        elif name == "row":
            number = values.get("r", "")
            self._row_number = int(number) if number.isdigit() else self._row_number + 1
            self._column = 0
            self._row = []
        elif name == "mergeCell":
            self._merge(values.get("ref", ""))

    def _text(self, data: str) -> None:
        taking = self._taking
        if taking is not None:
            taking.append(data)
            if len(taking) > 1 and sum(map(len, taking)) > _LONGEST:
                raise self._refuse("the text is too long for a cell; shorten it")

    def _end(self, name: str) -> None:
        name = local(name)
        if name in {"v", "f", "t"}:
            self._taking = None
        elif name == "c":
            self._finish()
        elif name == "rPh":
            self._phonetic = False
        elif name == "row" and self._row:
            self._rows.append((self._row_number, self._row))

    def _finish(self) -> None:
        if self._formula is not None:
            self._look_at_formula("".join(self._formula))
        if self._pieces is not None:
            text = decode("".join(self._pieces))
            self._pieces = None
        elif self._value is None:
            return
        else:
            raw = "".join(self._value)
            text = self._said(raw)
        if not text:
            return
        book = self._book
        book.cells_read += 1
        if self._kind != "s":
            book.text_read += len(text)
        if book.cells_read > _MOST_CELLS or book.text_read > _MOST_TEXT:
            raise book.package.refuse(
                f"it has more than {_MOST_CELLS:,} filled cells, or more text than a case can need; "
                "split it into several cases"
            )
        self._row.append(Cell(self._column, text, self._kind == "e"))

    def _said(self, raw: str) -> str:
        kind = self._kind
        if kind == "s":
            try:
                return self._book.strings[int(raw)]
            except (ValueError, IndexError):
                raise self._refuse(
                    "it refers to a text that the file does not hold; save the file again"
                ) from None
        if kind == "n":
            return self._book.number(raw, self._style) if raw else ""
        if kind == "b":
            return "TRUE" if raw == "1" else "FALSE"
        return decode(raw) if kind == "str" else raw

    def _look_at_formula(self, formula: str) -> None:
        if _CALLS_OUT.search(formula):
            raise self._refuse(
                f"the formula {formula[:60]!r} calls for something outside this workbook; type the value instead"
            )
        # A result that is an empty text is a text; a number without a digit was never worked out.
        if self._value is None or (self._kind == "n" and not "".join(self._value)):
            raise self._refuse(
                "the result of its formula is not in the file; open and save it in a spreadsheet program, "
                "or type the value"
            )

    def _merge(self, reference: str) -> None:
        first, _, last = reference.partition(":")
        start, end = cell_reference(first), cell_reference(last or first)
        if start is not None and end is not None:
            self.merges.append((*start, *end))
