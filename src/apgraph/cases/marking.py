"""The same workbook with some cells marked and commented: nothing else in it is touched.

Marks made earlier come off first. The parts of the file are patched where a cell is marked, byte for byte, and all
others are carried over as they are (ECMA-376, part 1: sheets in section 18.3, comments in 18.7, styles in 18.8).
"""

from __future__ import annotations

import re
import zipfile
from collections import defaultdict
from typing import TYPE_CHECKING, Final
from xml.parsers import expat

from apgraph.cases.cells import cell_reference
from apgraph.cases.notes import NO_NOTES, drawing, shapes, with_notes
from apgraph.cases.origins import column_letters
from apgraph.cases.package import Package, local, open_package
from apgraph.cases.patches import children, edited, tag_at, with_attribute
from apgraph.cases.unmarking import COLOURS, HEAD, earlier_marks
from apgraph.files import replaced

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from apgraph.cases.package import SheetPart
    from apgraph.cases.patches import Edit
    from apgraph.notices import Notice

__all__ = ["mark_findings", "mark_workbook"]

_RELATIONS: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006/relationships"
_AFTER: Final = frozenset(
    {"legacyDrawingHF", "picture", "oleObjects", "controls", "webPublishItems", "tableParts", "extLst"}
)
_REFUSED: Final = (
    ("_xmlsignatures/", "a digital signature, which a change would break; take the signature off"),
    ("xl/vbaproject", "macros; save the workbook without them"),
    ("xl/threadedcomments/", "threaded comments; turn them into notes, or delete them"),
)
_LEGACY: Final = re.compile(rb"<(?:\w+:)?legacyDrawing\s[^>]*?:id\s*=\s*[\"']([^\"']+)[\"']")
_LONGEST: Final = 1500


def mark_findings(file: Path, target: Path, found: Iterable[Notice]) -> int:
    """Mark the cells of a workbook in which something was found.

    Args:
        file: The workbook.
        target: Where the marked one goes.
        found: The findings; those of other files are left out.

    Returns:
        How many cells are marked.

    Raises:
        InputError: A part of the workbook can't be carried over; it is named.
    """
    marks: defaultdict[str, dict[str, tuple[int, list[str]]]] = defaultdict(dict)
    for each in found:
        if each.file != str(file) or each.sheet is None or each.cell is None:
            continue
        worst, texts = marks[each.sheet].get(each.cell, (each.rank, []))
        rule = f" (rule {each.rule.removeprefix('rule-')})" if each.rule.startswith("rule-") else ""
        text = f"{each.severity.capitalize()}{rule}: {' '.join(each.message.splitlines())}"
        if text not in texts:
            texts.append(text)
        marks[each.sheet][each.cell] = (min(worst, each.rank), texts)
    mark_workbook(file, target, marks)
    return sum(map(len, marks.values()))


def mark_workbook(
    file: Path, target: Path, marks: Mapping[str, Mapping[str, tuple[int, Sequence[str]]]]
) -> None:
    """Write a workbook once more, with cells marked and commented, and without marks made earlier.

    Args:
        file: The workbook.
        target: Where the marked one goes.
        marks: For each sheet by name: cells, each with the rank of its colour and what the comment says.

    Raises:
        InputError: A part can't be carried over, or the file can't be written.
    """
    with open_package(file) as package:
        changed = earlier_marks(package)
        package.put(changed)
        if any(marks.values()):
            changed |= _Marker(package, marks).parts()
        with (
            zipfile.ZipFile(file) as old,
            replaced(target) as beside,
            zipfile.ZipFile(beside, "w", zipfile.ZIP_DEFLATED) as new,
        ):
            for info in old.infolist():
                if info.filename in changed:
                    new.writestr(info.filename, changed.pop(info.filename))
                else:
                    new.writestr(info, old.read(info), compress_type=info.compress_type)
            for name, content in changed.items():
                new.writestr(name, content)


class _Marker:
    def __init__(
        self, package: Package, marks: Mapping[str, Mapping[str, tuple[int, Sequence[str]]]]
    ) -> None:
        self._package = package
        self._marks = marks
        self._changed: dict[str, bytes] = {}
        self._new_notes: list[str] = []
        for part in sorted(package.parts):
            for beginning, reason in _REFUSED:
                if part.lower().startswith(beginning):
                    raise package.refuse(f"its part {part} can't be carried over: {reason}")
        book = package.workbook_part()
        self._styles = next(
            (p for k, p in package.relations(book).values() if k == "styles" and p in package.parts), ""
        )
        if not self._styles:
            raise package.refuse(
                "it has no part for styles, so no cell can be marked; save it once in a spreadsheet program"
            )
        self._wanted: dict[tuple[int, int], int] = {}
        self._count = self._number_of_styles()

    def parts(self) -> dict[str, bytes]:
        number = 0
        for sheet in self._package.sheets():
            cells = self._marks.get(sheet.name)
            if not cells:
                continue
            number += 1
            self._mark_sheet(sheet.part, cells)
            self._comment(sheet, cells, number)
        self._mark_styles()
        self._declare()
        return self._changed

    # -- cells ----------------------------------------------------------------

    def _style(self, base: int, rank: int) -> int:
        """Return the number of the style that is like another one, but coloured."""
        key = (base if base < self._count else 0, rank)
        if key not in self._wanted:
            self._wanted[key] = self._count + len(self._wanted)
        return self._wanted[key]

    def _mark_sheet(self, part: str, cells: Mapping[str, tuple[int, Sequence[str]]]) -> None:
        content = self._package.read(part)
        wanted: defaultdict[int, dict[int, int]] = defaultdict(dict)
        for name, (rank, _) in cells.items():
            place = cell_reference(name)
            if place is not None:
                wanted[place[1]][place[0]] = rank
        edits: list[Edit] = []
        state = {"row": 0, "column": 0, "depth": 0, "legacy": 0, "open": 0}
        prefix = ""

        def add_cells(at: int, before: int | None) -> None:
            for column in sorted(wanted.get(state["row"], {})):
                if before is None or column < before:
                    rank = wanted[state["row"]].pop(column)
                    style = self._style(0, rank)
                    edits.append(
                        (
                            at,
                            at,
                            f'<{prefix}c r="{column_letters(column)}{state["row"]}" s="{style}"/>'.encode(),
                        )
                    )

        def start(name: str, values: Mapping[str, str]) -> None:
            nonlocal prefix
            at = parser.CurrentByteIndex
            state["depth"] += 1
            word = local(name)
            if state["depth"] == 1:
                prefix = name[: len(name) - len(word)]
            elif state["depth"] == 2 and word in _AFTER and not state["legacy"]:
                state["legacy"] = at
            elif word == "row":
                given = values.get("r", "")
                state["row"] = int(given) if given.isdigit() else state["row"] + 1
                state["column"] = 0
                state["open"] = at
            elif word == "c" and state["row"] in wanted:
                reference = values.get("r")
                place = cell_reference(reference) if reference else None
                column = place[0] if place is not None else state["column"] + 1
                state["column"] = column
                add_cells(at, column)
                rank = wanted[state["row"]].pop(column, None)
                if rank is not None:
                    old = values.get("s", "0")
                    edits.append(
                        _with_style(content, at, self._style(int(old) if old.isdigit() else 0, rank))
                    )

        def end(name: str) -> None:
            at = parser.CurrentByteIndex
            word = local(name)
            if word == "row" and wanted.get(state["row"]):
                if content[at : at + 2] == b"</":
                    add_cells(at, None)
                else:
                    tag = tag_at(content, state["open"])
                    begin = len(edits)
                    add_cells(tag[1], None)
                    inside = b"".join(text for _, _, text in edits[begin:])
                    del edits[begin:]
                    closed = (
                        content[tag[0] : tag[1]].rstrip(b"/> \r\n\t") + b">" + inside + f"</{name}>".encode()
                    )
                    edits.append((tag[0], tag[1], closed))
            if state["depth"] == 1 and not state["legacy"]:
                state["legacy"] = at
            state["depth"] -= 1

        parser = expat.ParserCreate()
        parser.StartElementHandler = start
        parser.EndElementHandler = end
        parser.Parse(content, True)
        if self._drawing_of(part, self._package.relations(part)) is None:
            named = f'<{prefix}legacyDrawing xmlns:r="{_RELATIONS}" r:id="apgraphNotes"/>'.encode()
            edits.append((state["legacy"], state["legacy"], named))
        self._changed[part] = edited(content, edits)

    # -- styles ---------------------------------------------------------------

    def _number_of_styles(self) -> int:
        return len(children(self._package.read(self._styles), "cellXfs")[1])

    def _mark_styles(self) -> None:
        content = self._package.read(self._styles)
        (_, fills_end, fills_tag), fills = children(content, "fills")
        (_, styles_end, styles_tag), styles = children(content, "cellXfs")
        if fills_end < 0 or not styles:
            raise self._package.refuse(
                f"its part {self._styles} lists no fills or no styles, so no cell can be marked"
            )
        edits: list[Edit] = []
        element = content[fills_tag[0] + 1 : fills_tag[1]].split()[0].rstrip(b">").rstrip(b"/")
        prefix = element.rpartition(b":")[0].decode()
        prefix = f"{prefix}:" if prefix else ""
        ranks = sorted({rank for _, rank in self._wanted})
        added = "".join(
            f'<{prefix}fill><{prefix}patternFill patternType="solid"><{prefix}fgColor rgb="{COLOURS[rank]}"/>'
            f'<{prefix}bgColor indexed="64"/></{prefix}patternFill></{prefix}fill>'
            for rank in ranks
        )
        edits.append((fills_end, fills_end, added.encode()))
        edits.append(_counted(content, fills_tag, len(fills) + len(ranks)))
        clones = []
        for base, rank in self._wanted:
            start, end = styles[base]
            whole = content[start:end]
            tag = tag_at(whole, 0)
            head = with_attribute(
                with_attribute(whole[: tag[1]], b"fillId", str(len(fills) + ranks.index(rank))),
                b"applyFill",
                "1",
            )
            clones.append(head + whole[tag[1] :])
        edits.append((styles_end, styles_end, b"".join(clones)))
        edits.append(_counted(content, styles_tag, len(styles) + len(clones)))
        self._changed[self._styles] = edited(content, edits)

    # -- notes ----------------------------------------------------------------

    def _comment(self, sheet: SheetPart, cells: Mapping[str, tuple[int, Sequence[str]]], number: int) -> None:
        """Add what was found to the notes of a sheet, and draw boxes for those that are new."""
        texts = {name: _shortened("\n".join((HEAD, *said))) for name, (_, said) in cells.items()}
        relations = self._package.relations(sheet.part)
        parts = [
            part for kind, part in relations.values() if kind == "comments" and part in self._package.parts
        ]
        kept = self._package.read(parts[0]) if parts else NO_NOTES
        notes = parts[0] if parts else f"xl/apgraphNotes{number}.xml"
        self._changed[notes], new = with_notes(kept, texts)
        added = ""
        if not parts:
            self._new_notes.append(notes)
            added += f'<Relationship xmlns="{_PACKAGE}" Id="apgraphComments" Type="{_RELATIONS}/comments" Target="/{notes}"/>'
        drawn = self._drawing_of(sheet.part, relations)
        boxes = shapes(texts, new, number)
        if drawn is None:
            drawn = f"xl/drawings/apgraphNotes{number}.vml"
            self._changed[drawn] = drawing(boxes)
            added += f'<Relationship xmlns="{_PACKAGE}" Id="apgraphNotes" Type="{_RELATIONS}/vmlDrawing" Target="/{drawn}"/>'
        elif boxes:
            self._changed[drawn] = self._with_last(drawn, boxes.decode(), "")
        if added:
            folder, _, name = sheet.part.rpartition("/")
            rels = f"{folder}/_rels/{name}.rels"
            self._changed[rels] = self._with_last(
                rels, added, f'<Relationships xmlns="{_PACKAGE}"></Relationships>'
            )

    def _drawing_of(self, part: str, relations: Mapping[str, tuple[str, str]]) -> str | None:
        """Return the part that draws the boxes of a sheet's notes; None where there is none."""
        match = _LEGACY.search(self._package.read(part))
        kind, target = relations.get(match[1].decode(), ("", "")) if match is not None else ("", "")
        return target if kind == "vmlDrawing" and target in self._package.parts else None

    def _with_last(self, part: str, added: str, empty: str) -> bytes:
        """Return a part with something added as the last inside its root."""
        content = self._package.read(part) if part in self._package.parts else empty.encode()
        end = content.rfind(b"</")
        if end < 0:
            tag = tag_at(content, content.rfind(b"<"))
            name = content[tag[0] + 1 : tag[1]].split()[0].rstrip(b"/>")
            return content[: tag[1]].rstrip(b"/> \r\n\t") + b">" + added.encode() + b"</" + name + b">"
        return content[:end] + added.encode() + content[end:]

    def _declare(self) -> None:
        types = "http://schemas.openxmlformats.org/package/2006/content-types"
        content = self._package.read("[Content_Types].xml")
        added = "".join(
            f'<Override xmlns="{types}" PartName="/{part}" '
            'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"/>'
            for part in self._new_notes
        )
        if not re.search(rb"Extension\s*=\s*[\"']vml[\"']", content, re.IGNORECASE):
            added = (
                f'<Default xmlns="{types}" Extension="vml" ContentType="application/vnd.openxmlformats-officedocument.vmlDrawing"/>'
                + added
            )
        if added:
            self._changed["[Content_Types].xml"] = self._with_last("[Content_Types].xml", added, "")


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _with_style(content: bytes, at: int, style: int) -> Edit:
    start, end = tag_at(content, at)
    return (start, end, with_attribute(content[start:end], b"s", str(style)))


def _counted(content: bytes, tag: tuple[int, int], number: int) -> Edit:
    return (tag[0], tag[1], with_attribute(content[tag[0] : tag[1]], b"count", str(number)))
