"""From the rows of a sheet, wherever they come from, to what they say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from apgraph.cases.choices import FROM_EXTENSION, Choices, is_extensible, split
from apgraph.cases.columns import Column, Kind, Sheet
from apgraph.cases.content import Content, Problem, Row
from apgraph.cases.dates import date_text, why_no_date
from apgraph.cases.origins import SheetPlace, column_letters
from apgraph.cases.records import case_graph
from apgraph.cases.references import ELSEWHERE, JOIN, check_identifiers, require_sheets
from apgraph.cases.sheets import FURTHER, SHEETS
from apgraph.cases.values import number_text, share_text, tidy
from apgraph.errors import InputError
from apgraph.lexicon import key, nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

__all__ = ["EXAMPLE", "OWN_SHEETS", "Reader", "find_sheet"]

EXAMPLE: Final = "example:"
"""What the identifier of an example row begins with, which readers pass over."""

OWN_SHEETS: Final = ("Instructions", "Features", "Lists")
"""Sheets of the template that hold no data."""

_HEAD_ROWS: Final = 12
_BY_KEY: Final = {key(sheet.name): sheet for sheet in (*SHEETS, FURTHER)}
_FREE: Final = {Kind.TEXT, Kind.NAME}


def find_sheet(title: str, *, file: str, is_empty: bool) -> Sheet | None:
    """Return the sheet of a name; None for one that holds no data of the case.

    Raises:
        InputError: There is no such sheet, and this one is not empty.
    """
    found = _BY_KEY.get(key(title))
    if found is not None:
        return found
    if is_empty or title.startswith("_") or key(title) in map(key, OWN_SHEETS):
        return None
    near = nearest(title, [sheet.name for sheet in SHEETS], 1)
    meant = f"did you mean {near[0]!r}? " if near else ""
    raise InputError(
        f"{file}: {title!r} is not one of the sheets; {meant}"
        "Rename it, or begin its name with '_' to keep it for yourself"
    )


class Reader:
    """Takes in the rows of the sheets one after the other, and makes the content of them.

    Args:
        file: What is read, as errors name it.
        choices: What the lists offer.
    """

    def __init__(self, file: str, choices: Choices) -> None:
        self.content = Content(file)
        self._choices = choices
        self._known: dict[tuple[str, str, str], tuple[str, str, tuple[str, ...]]] = {}
        self._renamed: list[tuple[str, str]] = []
        self._there: set[str] = set()
        self._other_names: dict[tuple[str, str, str], list[tuple[str, str]]] = {}

    def add_sheet(
        self,
        sheet: Sheet,
        rows: Iterable[tuple[int, Mapping[int, str]]],
        *,
        file: str,
        title: str | None,
        errors: Mapping[tuple[int, int], str] | None = None,
    ) -> None:
        """Take in a sheet.

        Args:
            sheet: Which one it is.
            rows: Number of each row and its cells that are not empty, by number of the column.
            file: The file that it is in.
            title: What the workbook calls it; None for a CSV file.
            errors: Cells whose formula failed, by row and column.

        Raises:
            InputError: A column is not known, stands there twice, or there is no row of headings.
        """
        self._there.add(sheet.name)
        found = iter(rows)
        head = self._head(sheet, found, file, title)
        if head is None:
            return
        number, headings = head
        place = SheetPlace(
            file, title, {column.name: at for at, column in headings.items() if column is not None}, number
        )
        if sheet.name in self.content.places:
            raise InputError(f"{file}: sheet {sheet.name!r} is there twice; put its rows together")
        self.content.places[sheet.name] = place
        for row_number, cells in found:
            self._add_row(sheet, headings, row_number, cells, place, errors or {})

    def _head(
        self, sheet: Sheet, rows: Iterable[tuple[int, Mapping[int, str]]], file: str, title: str | None
    ) -> tuple[int, dict[int, Column | None]] | None:
        """Return the row of the headings, and the column under each: None under one that is somebody's own."""
        known = {key(column.name): column for column in sheet.columns}
        seen = 0
        where = f"{file}, sheet {title}" if title is not None else file
        for number, cells in rows:
            names = {at: text.replace("*", "").strip() for at, text in cells.items()}
            hits = [name for name in names.values() if key(name) in known]
            if not hits or (len(hits) < 2 and len(names) > 1 and key(hits[0]) != key(sheet.key.name)):
                seen += 1
                if seen >= _HEAD_ROWS:
                    break
                continue
            found: dict[int, Column | None] = {}
            for at, name in names.items():
                if not name:
                    continue
                if name.startswith("_"):
                    found[at] = None
                    continue
                column = known.get(key(name))
                if column is None:
                    cell = f"cell {column_letters(at)}{number}" if title is not None else f"line {number}"
                    near = nearest(name, [c.name for c in sheet.columns], 1)
                    remove = "remove it, write what it says into 'note'" if "note" in known else "remove it"
                    meant = (
                        f"did you mean {near[0]!r}? Correct the heading, or begin it"
                        if near
                        else f"{remove}, or begin its heading"
                    )
                    raise InputError(
                        f"{where}, {cell}: there is no column {name[:60]!r}; {meant} with '_' to keep it for yourself"
                    )
                if column in found.values():
                    raise InputError(
                        f"{where}: the column {column.name!r} is there twice; put the two together"
                    )
                found[at] = column
            return number, found
        if seen:
            raise InputError(
                f"{where}: no row of headings was found; it needs {', '.join(c.name for c in sheet.columns[:3])} …, "
                "as 'apgraph template' writes them"
            )
        return None

    def _add_row(
        self,
        sheet: Sheet,
        headings: Mapping[int, Column | None],
        number: int,
        cells: Mapping[int, str],
        place: SheetPlace,
        errors: Mapping[tuple[int, int], str],
    ) -> None:
        said: dict[str, str] = {}
        row = Row(number, said)
        problems: list[Problem] = []
        taken: list[tuple[Column, str, str]] = []
        for at, raw in cells.items():
            column = headings.get(at)
            if column is None:
                if raw.strip() and at not in headings:
                    where = place.at(number, "", position=at)
                    raise InputError(
                        f"{where}: a value under no heading; give the column one, or empty the cell"
                    )
                continue
            text, message, near = self._canonical(sheet, column, raw)
            if (number, at) in errors:
                message = f"The formula in this cell failed ({raw}). Correct it, or type the value."
            if text:
                said[column.name] = text
            if (sheet.name, column.name, raw) in self._other_names:
                taken += ((column, *pair) for pair in self._other_names[sheet.name, column.name, raw])
            if message:
                problems.append(Problem(sheet, column, row, text, message, near))
        if not said:
            return
        if said.get(sheet.key.name, "").lower().startswith(EXAMPLE):
            self.content.examples += 1
            return
        self.content.problems += problems
        for column, typed, name in taken:
            first, count = self.content.taken.get(
                (column.name, typed, name), (place.at(number, column.name), 0)
            )
            self.content.taken[column.name, typed, name] = (first, count + 1)
        self.content.rows[sheet.name].append(row)

    def _canonical(self, sheet: Sheet, column: Column, raw: str) -> tuple[str, str, tuple[str, ...]]:
        """Return what a cell says in its one spelling, what is wrong with it, and what may have been meant."""
        if sheet is FURTHER:
            return raw, "", ()
        if column.kind in _FREE:
            return tidy(raw), "", ()
        cached = (sheet.name, column.name, raw)
        if cached not in self._known:
            self._renamed = []
            self._known[cached] = self._worked_out(column, raw)
            if self._renamed:
                self._other_names[cached] = self._renamed
        return self._known[cached]

    def _worked_out(self, column: Column, raw: str) -> tuple[str, str, tuple[str, ...]]:
        text = tidy(raw, inside=True)
        if not text:
            return "", "", ()
        if column.kind is Kind.ID:
            parted = f"{text!r} cannot name a row: commas and semicolons stand between names. Use hyphens."
            return text, parted if len(split(text)) > 1 or text[-1] in ";," else "", ()
        if column.kind in {Kind.REFERENCE, Kind.NAMED}:
            parts = list(dict.fromkeys(split(tidy(raw))))
            return JOIN.join(sorted(tidy(p, inside=True) for p in parts)), "", ()
        if column.kind is Kind.DATE:
            found = date_text(text)
            return (found, "", ()) if found else (text, why_no_date(text), ())
        if column.kind is Kind.SHARE:
            found = share_text(text)
            return (
                (found, "", ())
                if found
                else (text, f"{text!r} is not a share. Write one such as 40% or 0.4.", ())
            )
        if column.kind in {Kind.COUNT, Kind.NUMBER}:
            found = number_text(text)
            if found and (column.kind is Kind.NUMBER or found.isdigit()):
                return found, "", ()
            wanted, such = ("a number", "2.5") if column.kind is Kind.NUMBER else ("a whole number", "3")
            return text, f"{text!r} is not {wanted}. Write one such as {such}, and nothing else.", ()
        return self._chosen(column, text)

    def _chosen(self, column: Column, text: str) -> tuple[str, str, tuple[str, ...]]:
        options = self._choices.of(column)
        whole = options.find(text)
        if whole is not None:
            return whole, "", ()
        parts = split(text) if column.many else [text]
        found, wrong = [], []
        for part in parts:
            name = options.find(part)
            if name is None and (name := self._choices.alternative(column, part)) is not None:
                self._renamed.append((part, name))
            found.append(name or part)
            if name is None:
                wrong.append(part)
        said = JOIN.join(sorted(dict.fromkeys(found)))
        if not wrong:
            return said, "", ()
        more = f" {FROM_EXTENSION}" if is_extensible(column.classes) else ""
        if more and wrong[0].startswith(ELSEWHERE):
            return said, f"{wrong[0]!r} is described nowhere.{more}", ()
        near = options.nearest(wrong[0])
        ask = f" Did you mean {' or '.join(map(repr, near))}?" if near else _offered(options.shown)
        own = " Or write 'other: …' with words of your own." if column.other else ""
        return said, f"{wrong[0]!r} is not in the list of column {column.name}.{ask}{own}{more}", near

    def add_cells(self, sheet: Sheet, number: int, cells: Mapping[str, str]) -> None:
        """Take in a row that comes from elsewhere than a file: its number and its cells by heading."""
        said = {name: self._canonical(sheet, sheet.column(name), raw)[0] for name, raw in cells.items()}
        kept = {name: text for name, text in said.items() if text}
        if kept:
            self.content.rows[sheet.name].append(Row(number, kept))

    def finish(self) -> Content:
        """Check what concerns several rows, and return the content.

        Raises:
            InputError: There is no case, or more than one; or a sheet or a column that is needed is not there.
        """
        content = self.content
        cases = content.rows["Organisation"]
        if not cases:
            example = " (its example row does not count)" if content.examples else ""
            raise InputError(
                f"{content.file}: sheet Organisation has no row{example}; describe the organisation there"
            )
        if len(cases) > 1:
            raise InputError(
                f"{content.file}: sheet Organisation has {len(cases)} rows; give each organisation a workbook of its own"
            )
        self._check_columns()
        require_sheets(content, self._there)
        origin = content.origin(SHEETS[0], cases[0], "case_id")
        if not content.case_id:
            raise InputError(f"{origin}: case_id is empty; give the case a short name")
        try:
            case_graph(content.case_id)
        except InputError as error:
            raise InputError(f"{origin}: {error}") from None
        for sheet in SHEETS:
            self._fill_down(sheet)
            self._check_required(sheet)
        check_identifiers(content)
        content.problems.sort(key=lambda p: (SHEETS.index(p.sheet), p.row.number, p.column.name))
        return content

    def _check_columns(self) -> None:
        """Refuse a sheet without a column that its rows need: each of them would be told of, and none is the cause."""
        for sheet in SHEETS:
            place = self.content.places.get(sheet.name)
            if place is None:
                continue
            rows = self.content.rows[sheet.name]
            missing = [
                repr(column.name)
                for column in sheet.columns
                if column.required and column.name not in place.columns
                if any(not _may_be_empty(sheet, column, row.cells) for row in rows)
            ]
            if missing:
                what = f"no column {missing[0]}" if len(missing) == 1 else f"no columns {', '.join(missing)}"
                raise InputError(
                    f"{place}: there is {what}, which each row needs; put it back, as 'apgraph template' writes it"
                )

    def _fill_down(self, sheet: Sheet) -> None:
        """Let each row of an item say what one of them says, where an item may have several."""
        if len(sheet.roles) < 2 or sheet is SHEETS[0]:
            return
        shared = [column for column in sheet.columns[1:] if column.role == "item"]
        first: dict[str, Row] = {}
        for row in self.content.rows[sheet.name]:
            item = row.cells.get(sheet.key.name, "")
            if not item:
                continue
            known = first.setdefault(item, row)
            if known is row:
                continue
            for column in shared:
                said, before = row.cells.get(column.name), known.cells.get(column.name)
                if said is None and before is not None:
                    row.cells[column.name] = before
                elif said is not None and said != before:
                    self.content.problems.append(
                        Problem(
                            sheet,
                            column,
                            row,
                            said,
                            f"{item!r} has {before or 'nothing'!r} here in row {known.number} and {said!r} in this one. "
                            "Say the same in both, or leave this one empty.",
                        )
                    )

    def _check_required(self, sheet: Sheet) -> None:
        required = [column for column in sheet.columns if column.required]
        for row in self.content.rows[sheet.name]:
            cells = row.cells
            for column in required:
                if column.name not in cells and not _may_be_empty(sheet, column, cells):
                    message = (
                        f"{column.name} is empty. Fill it in: {column.help[:1].lower()}{column.help[1:]}"
                    )
                    self.content.problems.append(Problem(sheet, column, row, "", message))


def _may_be_empty(sheet: Sheet, column: Column, cells: Mapping[str, str]) -> bool:
    """Tell whether a required cell is not required in this row."""
    return column.name == "evidence_ids" and cells.get("status") == "not assessed" and sheet.first


def _offered(shown: Sequence[str]) -> str:
    if not shown:
        return " The list is empty."
    listed = ", ".join(shown[:8])
    return f" Choose one of: {listed}{' …' if len(shown) > 8 else ''}."
