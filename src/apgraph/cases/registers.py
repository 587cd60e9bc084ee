"""Registers of providers as reference data: who has which UKPRN, of which type, in which region.

Two layouts of CSV are known by their headings: the extract of Get Information About Schools (GIAS), and Ofsted's
management information on further education and skills. A register is looked things up in; nothing of it goes into
the graph by itself.
"""

from __future__ import annotations

import codecs
import csv
import re
from dataclasses import dataclass
from itertools import chain, islice
from typing import TYPE_CHECKING, Final, TextIO

from apgraph import arguments
from apgraph.errors import InputError
from apgraph.files import require_regular
from apgraph.lexicon import key

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

__all__ = ["LAYOUTS", "Layout", "Provider", "Register", "is_ukprn", "layout_of", "read_register"]

_LARGEST: Final = 1 << 30
_LONGEST_LINE: Final = 1 << 20
_MOST_COLUMNS: Final = 5_000
_HEAD_LINES: Final = 40
_CHUNK: Final = 1 << 20
_UKPRN: Final = re.compile(r"[1-9][0-9]{7}")
_NO_VALUE: Final = frozenset({"", "not applicable", "not recorded", "unknown", "null", "n/a"})


def is_ukprn(text: str) -> bool:
    """Tell whether a text is a UK provider reference number: eight digits, 10000000 to 99999999.

    >>> is_ukprn("99999991"), is_ukprn("09999999"), is_ukprn("9999999")
    (True, False, False)
    """
    return text.isascii() and _UKPRN.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider as a register has it.

    Attributes:
        ukprn: Its number.
        name: Its name.
        type: What type of provider it is; ``""`` where the register does not say.
        region: Its region; ``""`` where the register does not say.
        status: Its status, such as ``Closed``; ``""`` where the register does not say.
        line: The line that it stands in, counted from 1.
    """

    ukprn: str
    name: str
    type: str
    region: str
    status: str
    line: int

    @property
    def is_open(self) -> bool:
        """Whether the register counts it as open, or does not tell."""
        return not self.status.lower().startswith(("closed", "proposed to open"))


@dataclass(frozen=True, slots=True)
class Layout:
    """The layout of a register: the headings that say what is needed, first choice first.

    Attributes:
        name: What it is called.
        ukprn: Heading of the number.
        label: Heading of the name.
        mark: A further heading, by which the layout is known.
        types: Headings of the type of provider.
        regions: Headings of the region.
        status: Heading of the status; ``""`` where there is none.
        code: Heading of the code of the type; ``""`` where all rows are wanted.
        codes: The codes that are wanted.
    """

    name: str
    ukprn: str
    label: str
    mark: str
    types: tuple[str, ...]
    regions: tuple[str, ...]
    status: str = ""
    code: str = ""
    codes: frozenset[str] = frozenset()

    @property
    def needed(self) -> tuple[str, ...]:
        """The headings without which nothing can be read."""
        return (self.ukprn, self.label)

    @property
    def wanted(self) -> tuple[tuple[str, ...], ...]:
        """The headings that releases may lack; of each group one is enough."""
        single = tuple((name,) for name in (self.status, self.code) if name)
        return (self.types, self.regions, *single)


LAYOUTS: Final = (
    Layout(
        "Get Information About Schools",
        ukprn="UKPRN",
        label="EstablishmentName",
        mark="URN",
        types=("FurtherEducationType (name)", "TypeOfEstablishment (name)"),
        regions=("GOR (name)",),
        status="EstablishmentStatus (name)",
        code="TypeOfEstablishment (code)",
        # Further education, sixth form centre, special post-16 institution.
        codes=frozenset({"18", "31", "32"}),
    ),
    Layout(
        "Ofsted management information",
        ukprn="Provider UKPRN",
        label="Provider name",
        mark="Provider URN",
        types=("Provider type", "Provider group"),
        regions=("Ofsted region", "Region"),
    ),
)
"""The layouts that are known."""


@dataclass(frozen=True, slots=True)
class Register:
    """What a register says.

    Attributes:
        file: The file, as the user named it.
        layout: Its layout.
        providers: The providers by number.
        ambiguous: Numbers that several providers share, of which none or several are open, with their lines.
        notes: What the file lacks, and what in it could not be read, a sentence each.
    """

    file: str
    layout: Layout
    providers: Mapping[str, Provider]
    ambiguous: Mapping[str, tuple[int, ...]]
    notes: tuple[str, ...]

    def mistyped(self, ukprn: str) -> tuple[str, ...]:
        """Return the numbers from which one that is not there is a slip away: a wrong digit, or two that changed places.

        Numbers of colleges are much alike, so what is further off is as likely another college's.
        """
        swapped = {f"{ukprn[:n]}{ukprn[n + 1]}{ukprn[n]}{ukprn[n + 2 :]}" for n in range(len(ukprn) - 1)}
        wrong = {f"{ukprn[:n]}{digit}{ukprn[n + 1 :]}" for n in range(len(ukprn)) for digit in "0123456789"}
        return tuple(sorted((swapped | wrong) & set(self.providers)))


def layout_of(file: Path) -> Layout | None:
    r"""Return the layout of a CSV file, told by its headings; None where it is no register.

    >>> from tempfile import TemporaryDirectory
    >>> from pathlib import Path
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder, "a.csv")
    ...     _ = file.write_text("URN,EstablishmentName,UKPRN\n", encoding="utf-8")
    ...     found = layout_of(file)
    >>> found.name
    'Get Information About Schools'
    """
    try:
        with file.open("rb") as stream:
            head = stream.read(_LONGEST_LINE)
    except OSError:
        return None
    encoding = "utf-16" if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "cp1252"
    text = head.decode(encoding, errors="replace").removeprefix("ï»¿")
    for line in text.splitlines()[:_HEAD_LINES]:
        found = _recognised(_cells(line))
        if found is not None:
            return found
    return None


def read_register(file: str | Path, *, further_education_only: bool = True) -> Register:
    """Read a register, line by line; memory does not grow with what is passed over.

    Args:
        file: A CSV file in one of :data:`LAYOUTS`: UTF-8, UTF-16 or Windows-1252.
        further_education_only: Whether of a register of all schools only the rows of further education colleges,
            sixth form centres and special post-16 institutions are taken.

    Raises:
        InputError: It can't be read, has no known layout, is cut short, or holds no provider.
        UsageError: It is no name of a file.
    """
    file = arguments.place(file, "the register")
    if file.suffix.lower() in {".ods", ".xlsx", ".xls"}:
        raise InputError(f"{file}: a register is read as CSV; open it in a spreadsheet and save it as CSV")
    if file.suffix.lower() == ".xml":
        raise InputError(
            f"{file}: a register of providers is CSV; a workforce return is counted by 'apgraph validate DATA --register'"
        )
    rows = _rows(file)
    number, headings, layout = _head(file, rows)
    reading = _Reading(file, layout, headings, further_education_only=further_education_only)
    last = number
    for number, row in rows:
        last = number
        reading.add(number, row)
    return reading.finish(last)


class _Reading:
    """Takes in the rows of a register."""

    def __init__(
        self, file: Path, layout: Layout, headings: Sequence[str], *, further_education_only: bool
    ) -> None:
        self._file, self._layout, self._width = file, layout, len(headings)
        at = {heading: place for place, heading in reversed(list(enumerate(headings)))}
        self._ukprn, self._label = at[key(layout.ukprn)], at[key(layout.label)]
        self._types = [at[key(name)] for name in layout.types if key(name) in at]
        self._regions = [at[key(name)] for name in layout.regions if key(name) in at]
        self._status = at.get(key(layout.status), -1) if layout.status else -1
        self._code = at.get(key(layout.code), -1) if layout.code and further_education_only else -1
        self._missing = [
            " or ".join(map(repr, names))
            for names in layout.wanted
            if not any(key(name) in at for name in names)
        ]
        if layout.code and further_education_only and self._code < 0:
            raise InputError(
                f"{file}: there is no column {layout.code!r}, by which colleges are told from schools; get the full extract"
            )
        self._found: dict[str, list[Provider]] = {}
        self._passed: dict[str, list[int]] = {}
        self._short: int | None = None

    def add(self, number: int, row: Sequence[str]) -> None:
        """Take in a row."""
        if len(row) < self._width:
            self._short = number
            if max(self._ukprn, self._label, self._code) >= len(row):
                # A footnote below the table has a cell or two.
                if len(row) > 2:
                    self._pass("line has fewer cells than the headings", number)
                return
        if self._code >= 0 and row[self._code].strip() not in self._layout.codes:
            return
        ukprn, name = row[self._ukprn].strip(), row[self._label].strip()
        if not ukprn:
            self._pass("provider has no UKPRN", number)
        elif not is_ukprn(ukprn):
            self._pass("UKPRN is not a number of eight digits", number)
        elif not name:
            self._pass("provider has no name", number)
        else:
            status = row[self._status].strip() if 0 <= self._status < len(row) else ""
            provider = Provider(
                ukprn,
                name,
                _first(row, self._types),
                _first(row, self._regions),
                status,
                number,
            )
            self._found.setdefault(ukprn, []).append(provider)

    def _pass(self, why: str, number: int) -> None:
        self._passed.setdefault(why, []).append(number)

    def finish(self, last: int) -> Register:
        """Return what was read.

        Raises:
            InputError: The last line is cut short, or there is no provider.
        """
        if self._layout.code and self._short == last:
            raise InputError(
                f"{self._file}, line {last}: the last line has fewer cells than there are headings, so the file is cut "
                "short; get it again"
            )
        if not self._found:
            kinds = f" with type code {', '.join(sorted(self._layout.codes))}" if self._code >= 0 else ""
            raise InputError(
                f"{self._file}: it has the headings of {self._layout.name} and no provider{kinds} with a UKPRN; "
                "get the full file"
            )
        providers: dict[str, Provider] = {}
        ambiguous: dict[str, tuple[int, ...]] = {}
        for ukprn, found in self._found.items():
            same = {(p.name, p.type, p.region) for p in found}
            current = [p for p in found if p.is_open] if len(same) > 1 else found[-1:]
            if len(current) == 1 or len({(p.name, p.type, p.region) for p in current}) == 1:
                providers[ukprn] = current[0]
            else:
                ambiguous[ukprn] = tuple(p.line for p in found)
        notes = [f"there is no column {names}" for names in self._missing]
        for why, lines in self._passed.items():
            count = f"{len(lines):,} times, first in" if len(lines) > 1 else "once, in"
            notes.append(f"passed over: {why} ({count} line {lines[0]})")
        for kind, is_open in (("open", True), ("closed", False)):
            shared = [
                ukprn for ukprn in ambiguous if any(each.is_open for each in self._found[ukprn]) is is_open
            ]
            if shared:
                places = " and ".join(map(str, ambiguous[shared[0]][:4]))
                notes.append(
                    f"passed over: {len(shared):,} UKPRN shared by several {kind} providers, first {shared[0]} in lines "
                    f"{places}"
                )
        return Register(str(self._file), self._layout, providers, ambiguous, tuple(notes))


def _first(row: Sequence[str], places: Sequence[int]) -> str:
    """Return the first cell among some that says anything."""
    for place in places:
        text = " ".join(row[place].split()) if place < len(row) else ""
        if text.lower() not in _NO_VALUE:
            return text
    return ""


def _recognised(cells: Sequence[str]) -> Layout | None:
    there = {key(cell) for cell in cells}
    return next(
        (layout for layout in LAYOUTS if all(key(name) in there for name in (*layout.needed, layout.mark))),
        None,
    )


def _head(file: Path, rows: Iterator[tuple[int, list[str]]]) -> tuple[int, list[str], Layout]:
    first: list[str] = []
    for number, row in rows:
        layout = _recognised(row)
        if layout is not None:
            return number, [key(cell) for cell in row], layout
        first = first or [cell.strip() for cell in row if cell.strip()]
        if number >= _HEAD_LINES:
            break
    asked = " or ".join(f"{', '.join((x.mark, *x.needed))} ({x.name})" for x in LAYOUTS)
    found = ", ".join(cell[:40] for cell in first[:6]) + (" …" if len(first) > 6 else "")
    raise InputError(
        f"{file}: no register of providers; it needs the headings {asked}, and it begins with {found or 'nothing'}"
    )


def _rows(file: Path) -> Iterator[tuple[int, list[str]]]:
    encoding = _encoding(file)
    try:
        with file.open(encoding=encoding, newline="") as stream:
            lines = _lines(file, stream)
            # A title above the headings has no separators, or other ones.
            head = list(islice(lines, _HEAD_LINES))
            known = (line for line in head if _recognised(_cells(line)) is not None)
            separator = _separator(next(known, head[0] if head else ""))
            reader = csv.reader(chain(head, lines), delimiter=separator, strict=True)
            number = 1
            try:
                for row in reader:
                    if len(row) > _MOST_COLUMNS:
                        raise InputError(
                            f"{file}, line {number}: {len(row):,} columns, which no register has; get the file again"
                        )
                    if any(row):
                        yield number, row
                    number = reader.line_num + 1
            except csv.Error as error:
                raise InputError(
                    f"{file}, line {number}: {error}; is a quotation mark missing, or the file cut short?"
                ) from None
    except UnicodeDecodeError:
        raise InputError(f"{file}: no text of the encoding that it begins with; save it as UTF-8") from None
    except OSError as error:
        raise InputError(f"{file} can't be read: {error.strerror or error}") from None


def _lines(file: Path, stream: TextIO) -> Iterator[str]:
    """Yield the lines of a text, none of them without end."""
    number = 1
    while line := stream.readline(_LONGEST_LINE):
        if len(line) >= _LONGEST_LINE and not line.endswith("\n"):
            raise InputError(f"{file}, line {number}: longer than a register's lines are; get the file again")
        yield line
        number += 1


def _separator(line: str) -> str:
    return max(",;\t", key=line.count)


def _cells(line: str) -> list[str]:
    """Return the cells of a line of headings."""
    return [cell.strip().strip('"') for cell in line.split(_separator(line))]


def _encoding(file: Path) -> str:
    """Tell the encoding of a file, in one pass over its bytes.

    Raises:
        InputError: It is no text, or too large.
    """
    utf8 = codecs.getincrementaldecoder("utf-8")()
    windows = codecs.getincrementaldecoder("cp1252")()
    may_be = {"utf-8-sig": utf8, "cp1252": windows}
    line = 1
    require_regular(file)
    try:
        if file.stat().st_size > _LARGEST:
            raise InputError(f"{file}: larger than {_LARGEST >> 30} GB, which no register is; get it again")
        with file.open("rb") as stream:
            while chunk := stream.read(_CHUNK):
                if line == 1 and chunk.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
                    return "utf-16"
                if b"\0" in chunk:
                    at = line + chunk.count(b"\n", 0, chunk.index(b"\0"))
                    raise InputError(f"{file}, line {at}: binary data, not a table; get the file again")
                for name, decoder in list(may_be.items()):
                    try:
                        decoder.decode(chunk)
                    except UnicodeDecodeError as error:
                        del may_be[name]
                        wrong = line + chunk.count(b"\n", 0, error.start)
                if not may_be:
                    raise InputError(
                        f"{file}, line {wrong}: neither UTF-8 nor Windows-1252 text; save it as UTF-8"
                    )
                line += chunk.count(b"\n")
        utf8_whole = "utf-8-sig" in may_be and _ends_whole(utf8)
    except OSError as error:
        raise InputError(f"{file} can't be read: {error.strerror or error}") from None
    return "utf-8-sig" if utf8_whole or "cp1252" not in may_be else "cp1252"


def _ends_whole(decoder: codecs.IncrementalDecoder) -> bool:
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True
