"""Writing the workbook: empty with its lists, help and examples, or with a case in it."""

from __future__ import annotations

import re
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from apgraph.cases.columns import Column, Kind, Sheet
from apgraph.cases.origins import column_letters
from apgraph.cases.prompts import Prompt, prompts
from apgraph.cases.reading import EXAMPLE, OWN_SHEETS
from apgraph.cases.sheets import FURTHER, SHEETS, sheet_named
from apgraph.errors import InputError
from apgraph.files import replaced

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from openpyxl import Workbook

    from apgraph.cases.choices import Choices
    from apgraph.cases.content import Content
    from apgraph.store import Store

__all__ = ["HEADER_ROW", "encode", "is_armed", "write_workbook"]

HEADER_ROW: Final = 4
"""The row of the headings on each sheet."""

_DARK, _MIDDLE, _PALE, _GREY = "1F4E5F", "5F8A99", "E4EEF1", "6B7280"
_LONGEST: Final = 32_767
_PAGE: Final = 260
"""Characters that fit side by side on a page, across, and can still be read."""
_ROWS_WITH_LISTS: Final = 2_000
_ARMED: Final = tuple("=+-@\t\r\n＝＋－＠")
_UNSAFE: Final = re.compile("[\x00-\x08\x0b\x0c\x0d\x0e-\x1f\ud800-\udfff\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_WIDTHS: Final = {
    Kind.ID: 18,
    Kind.DATE: 14,
    Kind.LIST: 24,
    Kind.CLASS: 24,
    Kind.REFERENCE: 20,
    Kind.NAMED: 24,
    Kind.YES_NO: 14,
    Kind.SHARE: 14,
    Kind.COUNT: 14,
    Kind.NUMBER: 12,
    Kind.NAME: 30,
    Kind.TEXT: 34,
}
_PLAIN_NUMBER: Final = re.compile(r"-?\d{1,15}(?:\.\d{1,14})?")
_STRICT: Final = {Kind.LIST, Kind.CLASS, Kind.YES_NO}


def encode(text: str) -> str:
    r"""Return a text as XLSX can hold it: characters that XML has no place for as ``_x0001_``.

    >>> encode("a\x01b_x0041_")
    'a_x0001_b_x005F_x0041_'
    """
    return _UNSAFE.sub(lambda match: f"_x{ord(match[0]):04X}_", text)


def is_armed(text: str) -> bool:
    """Tell whether a spreadsheet could take a text for a formula.

    >>> is_armed("=1+1"), is_armed("-5"), is_armed("plain")
    (True, False, False)
    """
    return text.startswith(_ARMED) and not _PLAIN_NUMBER.fullmatch(text)


def write_workbook(
    file: Path, store: Store, choices: Choices, content: Content | None = None, *, replace: bool = False
) -> None:
    """Write a workbook.

    Args:
        file: Where to.
        store: Holds the definitions of the features.
        choices: What the lists offer.
        content: The case to write; without one the sheets hold an example row each.
        replace: Whether a file of that name may be replaced.

    Raises:
        InputError: The file is there already, is not named ``.xlsx``, can't be written, or a text is too long.
    """
    if file.suffix.lower() != ".xlsx":
        raise InputError(f"{file}: a workbook's name ends with .xlsx; give it such a name")
    if file.exists() and not replace:
        raise InputError(f"{file} is there already; give another name, or --force to replace it")
    book = _Builder(
        choices, prompts(store, choices, sheet_named("Feature observations").column("feature")), content
    ).build()
    with replaced(file) as beside:
        book.save(beside)


class _Builder:
    def __init__(self, choices: Choices, asked: tuple[Prompt, ...], content: Content | None) -> None:
        from openpyxl import Workbook
        from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

        self._choices = choices
        self._asked = asked
        self._content = content
        self._book: Workbook = Workbook(write_only=True)
        self._lists: dict[tuple[str, ...], str] = {}
        fill = {
            name: PatternFill("solid", fgColor=colour)
            for name, colour in (("dark", _DARK), ("middle", _MIDDLE), ("pale", _PALE))
        }
        line = Border(bottom=Side("thin", color="B8C4C9"))
        wrap = Alignment(wrap_text=True, vertical="top")
        self._styles: Mapping[str, Mapping[str, Any]] = {
            "title": {"font": Font(name="Calibri", size=18, bold=True, color=_DARK)},
            "lead": {"font": Font(name="Calibri", size=11, color=_GREY)},
            "heading": {"font": Font(name="Calibri", size=13, bold=True, color=_DARK)},
            "body": {"font": Font(name="Calibri", size=11), "alignment": wrap},
            "strong": {"font": Font(name="Calibri", size=11, bold=True), "alignment": wrap, "border": line},
            "lined": {"font": Font(name="Calibri", size=11), "alignment": wrap, "border": line},
            "help": {"font": Font(name="Calibri", size=9, italic=True, color=_GREY), "alignment": wrap},
            "required": {
                "font": Font(name="Calibri", size=11, bold=True, color="FFFFFF"),
                "fill": fill["dark"],
            },
            "optional": {"font": Font(name="Calibri", size=11, color="FFFFFF"), "fill": fill["middle"]},
            "example": {
                "font": Font(name="Calibri", size=11, italic=True, color=_GREY),
                "fill": fill["pale"],
                "alignment": wrap,
            },
        }

    def build(self) -> Workbook:
        book = self._book
        book.properties.creator = "apgraph"
        book.properties.title = "Case workbook on the deployment of advanced practitioners"
        self._instructions()
        for sheet in SHEETS:
            self._sheet(sheet)
        if self._content is not None and self._content.rows[FURTHER.name]:
            self._sheet(FURTHER)
        self._features()
        self._list_sheet()
        return book

    def _cell(self, sheet: Any, text: str, style: str = "") -> Any:
        from openpyxl.cell import WriteOnlyCell

        safe = encode(text)
        if len(safe) > _LONGEST:
            raise InputError(
                f"a text of {len(safe):,} characters ({text[:40]!r} …) is too long for a cell; a folder of CSV files takes it"
            )
        cell = WriteOnlyCell(sheet, safe)
        cell.data_type = "s"
        for name, value in self._styles.get(style, {}).items():
            setattr(cell, name, value)
        if is_armed(text):
            cell.quotePrefix = True
        return cell

    def _instructions(self) -> None:
        import yaml

        sheet = self._new_sheet(OWN_SHEETS[0], _DARK)
        sheet.column_dimensions["A"].width = 3
        sheet.column_dimensions["B"].width = 108
        sheet.append([])
        sheet.append(
            [None, self._cell(sheet, "How we deploy our advanced practitioners: a case workbook", "title")]
        )
        sheet.append([])
        text = Path(__file__).with_name("instructions.yaml").read_text(encoding="utf-8")
        row = 3
        for part in yaml.safe_load(text):
            sheet.append([None, self._cell(sheet, part["heading"], "heading")])
            row += 1
            for paragraph in part["text"]:
                row += 1
                # Rows do not grow by themselves in every program, so the height is set by the length.
                sheet.row_dimensions[row].height = 15.5 * (1 + len(paragraph) // 112) + 4
                sheet.append([None, self._cell(sheet, paragraph, "body")])
            sheet.append([])
            row += 1

    def _new_sheet(self, name: str, colour: str = "") -> Any:
        sheet = self._book.create_sheet(name)
        if colour:
            sheet.sheet_properties.tabColor = colour
        sheet.sheet_view.showGridLines = name not in OWN_SHEETS
        sheet.page_setup.orientation = "landscape"
        sheet.page_setup.paperSize = 9
        sheet.page_setup.fitToHeight = 0
        sheet.sheet_properties.pageSetUpPr = _fit_to_width()
        sheet.page_margins.left = sheet.page_margins.right = 0.4
        return sheet

    def _sheet(self, sheet: Sheet) -> None:
        page = self._new_sheet(sheet.name, _DARK if sheet.first else "B8C4C9")
        rows = self._content.rows[sheet.name] if self._content is not None else []
        last = HEADER_ROW + len(rows) + _ROWS_WITH_LISTS
        for number, column in enumerate(sheet.columns, start=1):
            dimension = page.column_dimensions[column_letters(number)]
            dimension.width = max(_WIDTHS[column.kind], len(column.name) + 4)
            # As text, what is typed stays what was typed: a month does not become a day, nor a name a number.
            dimension.number_format = {Kind.SHARE: "0%", Kind.COUNT: "0", Kind.NUMBER: "General"}.get(
                column.kind, "@"
            )
            validation = self._validation(sheet, column)
            if validation is not None:
                letters = column_letters(number)
                validation.add(f"{letters}{HEADER_ROW + 1}:{letters}{last}")
                page.data_validations.append(validation)
        # On paper each page repeats headings and the first column, and is wide enough to be read.
        width = sum(
            page.column_dimensions[column_letters(at)].width for at in range(1, len(sheet.columns) + 1)
        )
        page.page_setup.fitToWidth = ceil(width / _PAGE)
        page.print_title_rows = f"{HEADER_ROW}:{HEADER_ROW}"
        page.print_title_cols = "A:A"
        page.freeze_panes = f"B{HEADER_ROW + 1}"
        page.row_dimensions[1].height = 28
        page.row_dimensions[2].height = 18
        page.row_dimensions[3].height = 62
        page.row_dimensions[HEADER_ROW].height = 20
        page.append([self._cell(page, sheet.name, "title")])
        page.append([self._cell(page, sheet.help, "lead")])
        page.append([self._cell(page, column.help, "help") for column in sheet.columns])
        page.append(
            [
                self._cell(
                    page, f"{c.name} *" if c.required else c.name, "required" if c.required else "optional"
                )
                for c in sheet.columns
            ]
        )
        if self._content is None:
            page.append([self._cell(page, text, "example") if text else None for text in _example(sheet)])
        for row in rows:
            page.append(
                [
                    self._value(page, c, row.cells[c.name]) if c.name in row.cells else None
                    for c in sheet.columns
                ]
            )

    def _value(self, page: Any, column: Column, said: str) -> Any:
        if column.kind in {Kind.SHARE, Kind.COUNT, Kind.NUMBER} and _PLAIN_NUMBER.fullmatch(said):
            from openpyxl.cell import WriteOnlyCell

            cell = WriteOnlyCell(page, float(said) if "." in said else int(said))
            if column.kind is Kind.SHARE:
                # Two digits would hide what a share such as a third says.
                cell.number_format = "0%" if re.fullmatch(r"0(\.\d{1,2})?|1", said) else "General"
            return cell
        return self._cell(page, said)

    def _validation(self, sheet: Sheet, column: Column) -> Any:
        from openpyxl.worksheet.datavalidation import DataValidation

        if sheet is FURTHER:
            return None
        shown = self._choices.of(column).shown if column.kind in _STRICT else ()
        closed = bool(shown) and not column.many and not column.other
        validation = DataValidation(
            type="list" if shown else None,
            formula1=self._list(column, shown) if shown else None,
            allow_blank=True,
            showDropDown=False,
            showErrorMessage=closed,
            showInputMessage=True,
        )
        validation.promptTitle = column.name[:32]
        validation.prompt = column.help[:255]
        if closed:
            validation.errorTitle = column.name[:32]
            validation.error = "Choose one of the list."
        return validation

    def _list(self, column: Column, shown: tuple[str, ...]) -> str:
        if shown not in self._lists:
            base = f"list_{column.name}"
            taken = set(self._lists.values())
            name, again = base, 1
            while name in taken:
                again += 1
                name = f"{base}_{again}"
            self._lists[shown] = name
        return self._lists[shown]

    def _features(self) -> None:
        page = self._new_sheet(OWN_SHEETS[1], _MIDDLE)
        for letter, width in (("A", 38), ("B", 52), ("C", 70)):
            page.column_dimensions[letter].width = width
        page.freeze_panes = f"A{HEADER_ROW + 1}"
        page.append([self._cell(page, "Features", "title")])
        page.append(
            [
                self._cell(
                    page,
                    "What to ask, and how to tell whether a feature is present, partly there or absent. Choose it by this name on sheet Feature observations.",
                    "lead",
                )
            ]
        )
        page.append([])
        page.append([self._cell(page, text, "required") for text in ("Feature", "Ask", "How to tell")])
        for number, prompt in enumerate(self._asked, start=HEADER_ROW + 1):
            lines = max(1 + len(prompt.ask) // 50, 1 + len(prompt.help) // 68)
            page.row_dimensions[number].height = 15.5 * lines + 4
            page.append(
                [
                    self._cell(page, prompt.feature, "strong"),
                    self._cell(page, prompt.ask, "lined"),
                    self._cell(page, prompt.help, "lined"),
                ]
            )

    def _list_sheet(self) -> None:
        from openpyxl.workbook.defined_name import DefinedName

        page = self._new_sheet(OWN_SHEETS[2])
        page.sheet_state = "hidden"
        columns = list(self._lists.items())
        page.append([self._cell(page, name) for _, name in columns])
        for at in range(max((len(shown) for shown, _ in columns), default=0)):
            page.append([self._cell(page, shown[at]) if at < len(shown) else None for shown, _ in columns])
        for number, (shown, name) in enumerate(columns, start=1):
            letters = column_letters(number)
            place = f"{OWN_SHEETS[2]}!${letters}$2:${letters}${len(shown) + 1}"
            self._book.defined_names[name] = DefinedName(name, attr_text=place)


def _fit_to_width() -> Any:
    from openpyxl.worksheet.properties import PageSetupProperties

    return PageSetupProperties(fitToPage=True)


def _example(sheet: Sheet) -> Iterator[str]:
    """Yield the cells of a sheet's example row."""
    for column in sheet.columns:
        yield f"{EXAMPLE} {column.example}" if column is sheet.key else column.example
