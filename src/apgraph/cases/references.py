"""References from row to row: each identifier names one thing, and what is referred to is there."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Final

from apgraph.cases.choices import split
from apgraph.cases.columns import Column, Kind, Sheet
from apgraph.cases.content import Content, Problem, Row
from apgraph.cases.sheets import SHEETS, sheet_named
from apgraph.errors import InputError
from apgraph.lexicon import nearest
from apgraph.vocabulary import PREFIXES, apg

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

__all__ = ["ELSEWHERE", "JOIN", "check_identifiers", "require_sheets"]

ELSEWHERE: Final = ("http://", "https://", "urn:")
"""What the name of a thing that no row describes begins with."""
JOIN: Final = "; "
"""What stands between names."""

_NUMBER: Final = re.compile(r"\d+")
_SEPARATED: Final = re.compile(r"\s+(?:and|&|\+|plus)\s+|\s*[&+/|]\s*|\s+", re.IGNORECASE)
"""What stands between names by mistake."""
_CALLED: Final = frozenset({PREFIXES["rdfs"] + "label", apg.evidenceTitle})
"""The properties of columns in which a row says what its thing is called."""


def require_sheets(content: Content, there: Collection[str]) -> None:
    """Refuse what names rows of a sheet that is not there: each of them would be told of, and none is the cause.

    Args:
        content: What was read.
        there: The sheets that are there, though they may be empty.

    Raises:
        InputError: A sheet is not there.
    """
    for sheet in SHEETS:
        place = content.places.get(sheet.name)
        if place is None:
            continue
        for column in sheet.columns:
            if not column.sheets or set(column.sheets) & set(there):
                continue
            naming = [
                row
                for row in content.rows[sheet.name]
                if any(not name.startswith(ELSEWHERE) for name in split(row.cells.get(column.name, "")))
            ]
            if naming:
                where = str(place.at(naming[0].number, column.name)).removeprefix(f"{content.file}, ")
                lacks = " or ".join(
                    f"sheet {name}" if place.title is not None else f"file {sheet_named(name).slug}.csv"
                    for name in column.sheets
                )
                raise InputError(
                    f"{content.file}: there is no {lacks}, and {where} names a row of it; put it back, as "
                    "'apgraph template' writes it"
                )


def check_identifiers(content: Content) -> None:
    """Add to what is wrong with single cells: names that are taken, and names of rows that are not there."""
    known: dict[str, tuple[Sheet, Row]] = {}
    by_sheet: dict[str, set[str]] = {}
    for sheet in SHEETS:
        own = by_sheet.setdefault(sheet.name, set())
        for row in content.rows[sheet.name]:
            for role in sheet.roles:
                name = _name_of(sheet, row, role.name)
                if not name or (name in own and role.name == "item" and len(sheet.roles) > 1):
                    continue
                if name in known:
                    content.problems.append(_taken(sheet, row, sheet.column(role.id), known[name]))
                else:
                    known[name] = (sheet, row)
                own.add(name)
    for sheet in SHEETS:
        for column in sheet.columns:
            if column.kind is Kind.REFERENCE:
                _Names(content, column, by_sheet).check(sheet)


def _name_of(sheet: Sheet, row: Row, role_name: str) -> str:
    """Return the identifier of a thing that a row describes; ``""`` where it has none."""
    role = sheet.role(role_name)
    name = row.cells.get(role.id, "") if role.id else ""
    return name or (role.suffix if sheet is SHEETS[0] and role.name == "organisation" else "")


def _taken(sheet: Sheet, row: Row, column: Column, other: tuple[Sheet, Row]) -> Problem:
    name = row.cells.get(column.name, "")
    message = (
        f"{name!r} names something else already (sheet {other[0].name}, row {other[1].number}). "
        "Give each row of the workbook a name of its own."
    )
    if other[0] is sheet and other[1].cells == row.cells:
        message = (
            f"This row is a copy of row {other[1].number}, with the same name {name!r}. Delete it, or give it a name of its "
            "own and correct what is otherwise in it."
        )
    return Problem(sheet, column, row, name, message)


class _Names:
    """The names that a column may give.

    Args:
        content: What was read.
        column: The column.
        by_sheet: The identifiers on each sheet.
    """

    def __init__(self, content: Content, column: Column, by_sheet: Mapping[str, set[str]]) -> None:
        self._content = content
        self._column = column
        self._there = set[str]().union(*(by_sheet[name] for name in column.sheets))
        self._organisation = (
            _name_of(SHEETS[0], content.rows[SHEETS[0].name][0], "organisation")
            if SHEETS[0].name in column.sheets and content.rows[SHEETS[0].name]
            else ""
        )
        self._folded = {known.casefold(): known for known in sorted(self._there, reverse=True)}
        self._called: defaultdict[str, dict[str, tuple[str, str]]] = defaultdict(dict)
        for name in column.sheets:
            sheet = sheet_named(name)
            for each in sheet.columns:
                if each.property not in _CALLED or each.role not in {"item", "organisation"}:
                    continue
                for row in content.rows[name]:
                    called = row.cells.get(each.name)
                    if called and (identifier := _name_of(sheet, row, each.role)):
                        self._called[called.casefold()][identifier] = (each.name, name)

    def check(self, sheet: Sheet) -> None:
        """Add what is wrong with the names that the column gives on a sheet."""
        column = self._column
        for row in self._content.rows[sheet.name]:
            said = row.cells.get(column.name)
            if said is None or said in self._there:
                continue
            names = said.split(JOIN)
            for name in names:
                if name not in self._there and not name.startswith(ELSEWHERE):
                    message, near = self._meant(name)
                    self._content.problems.append(Problem(sheet, column, row, name, message, near))
            if len(names) > 1 and not column.many:
                self._content.problems.append(Problem(sheet, column, row, said, self._one))

    def _meant(self, name: str) -> tuple[str, tuple[str, ...]]:
        """Return what is wrong with a name that no row has, and what may have been meant."""
        called = self._called.get(name.casefold(), {})
        if called:
            written = " or ".join(map(repr, called))
            ((heading, sheet), *_) = called.values()
            return f"{name!r} is the {heading} of {written} on sheet {sheet}. Write {written}.", tuple(called)
        problem = f"There is no {name!r} on sheet {' or '.join(self._column.sheets)}."
        if name.casefold() in self._folded:
            right = self._folded[name.casefold()]
            return f"{problem} There is {right!r}, in other capitals. Write it like that.", (right,)
        parts = [self._folded.get(part.strip().casefold()) for part in _SEPARATED.split(name)]
        known = tuple(part for part in parts if part is not None)
        if len(known) == len(parts) > 1:
            ask = f"Between several names stand semicolons. Write {JOIN.join(known)!r}."
            return f"{problem} {ask if self._column.many else self._one}", known
        # A row with another number is another row, and no slip of the pen.
        likely = nearest(name, self._there, 4)
        near = tuple(each for each in likely if not _is_other_number(each, name))[:2]
        # It has one row, and is often called by what it is.
        home = (
            f" For the organisation itself write {self._organisation!r}."
            if self._organisation and self._organisation not in near
            else ""
        )
        if near:
            return f"{problem} Did you mean {' or '.join(map(repr, near))}?{home}", near
        if home:
            sheets = " or ".join(each for each in self._column.sheets if each != SHEETS[0].name)
            return f"{problem}{home} For another add its row on sheet {sheets}, or correct the name.", ()
        several = (
            " Several names have semicolons between them." if len(parts) > 1 and self._column.many else ""
        )
        return f"{problem} Add the row, or correct the name.{several}", ()

    @property
    def _one(self) -> str:
        return f"{self._column.name} takes one identifier. Use a row for each."


def _is_other_number(one: str, other: str) -> bool:
    """Tell whether two names differ in a number alone; with or without leading zeros it is one number."""
    if _NUMBER.sub("#", one.casefold()) != _NUMBER.sub("#", other.casefold()):
        return False
    return [each.lstrip("0") for each in _NUMBER.findall(one)] != [
        each.lstrip("0") for each in _NUMBER.findall(other)
    ]
