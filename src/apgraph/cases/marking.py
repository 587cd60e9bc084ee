"""The same workbook with some cells marked and commented: nothing else in it is touched.

Marks made earlier come off first. The parts of the file are patched where a cell is marked, byte for byte, and all
others are carried over as they are (ECMA-376, part 1: sheets in section 18.3, comments in 18.7, styles in 18.8). The same
workbook marked once more in the same way is the same file.
"""

from __future__ import annotations

import re
import zipfile
from collections import defaultdict
from typing import TYPE_CHECKING, Final

from apgraph.cases.colouring import BEHIND, coloured, with_colours
from apgraph.cases.notes import NO_NOTES, drawing, shapes, with_notes
from apgraph.cases.package import Package, local, open_package
from apgraph.cases.patches import children, edited, name_of, tag_at
from apgraph.cases.unmarking import HEAD, LINE, drawing_of, earlier_marks, notes_of
from apgraph.files import replaced

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from apgraph.cases.package import SheetPart
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
_LONGEST: Final = 1500
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
"""When parts that are added were made: the first day that a ZIP archive knows, so that it is the same each time."""
_FIRST_WORDS: Final = re.compile(LINE)


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
        rule = " ".join(each.rule.removeprefix("rule-").split())
        text = f"{each.severity.capitalize()} (rule {rule}): {' '.join(each.message.splitlines())}"
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
                content = changed.pop(info.filename, None)
                if content is not None:
                    new.writestr(_entry(info.filename, info.date_time), content)
                else:
                    new.writestr(info, old.read(info), compress_type=info.compress_type)
            for name, content in changed.items():
                new.writestr(_entry(name, _EPOCH), content)


def _entry(name: str, made: tuple[int, int, int, int, int, int]) -> zipfile.ZipInfo:
    """Return the entry of a part in the archive."""
    entry = zipfile.ZipInfo(name, made)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o600 << 16
    return entry


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

    def parts(self) -> dict[str, bytes]:
        ranks = {rank for cells in self._marks.values() for rank, _ in cells.values()}
        styles = self._package.read_xml(self._styles)
        with_ours, numbers = with_colours(styles, ranks)
        if with_ours != styles:
            self._changed[self._styles] = with_ours
        number = 0
        for sheet in self._package.sheets():
            cells = self._marks.get(sheet.name)
            if not cells:
                continue
            number += 1
            self._mark_sheet(sheet.part, cells, numbers)
            self._comment(sheet, cells, number)
        self._declare()
        return self._changed

    def _mark_sheet(
        self, part: str, cells: Mapping[str, tuple[int, Sequence[str]]], numbers: Mapping[int, int]
    ) -> None:
        """Colour the cells of a sheet, and have it name the part that draws the boxes of its notes."""
        content = self._package.read_xml(part)
        (_, end, root), parts = children(content, "worksheet")
        name = name_of(content, root).decode()
        prefix = name[: len(name) - len(local(name))]
        names = [(local(name_of(content, tag_at(content, at)).decode()), at) for at, _ in parts]
        place = next((at for each, at in names if each in BEHIND), end)
        edits = [(place, place, coloured({cell: rank for cell, (rank, _) in cells.items()}, numbers, prefix))]
        if drawing_of(self._package, content, self._package.relations(part)) is None:
            place = next((at for each, at in names if each in _AFTER), end)
            named = f'<{prefix}legacyDrawing xmlns:r="{_RELATIONS}" r:id="apgraphNotes"/>'.encode()
            edits.append((place, place, named))
        self._changed[part] = edited(content, edits)

    def _comment(self, sheet: SheetPart, cells: Mapping[str, tuple[int, Sequence[str]]], number: int) -> None:
        """Add what was found to the notes of a sheet, and draw boxes for those that are new."""
        texts = {name: _shortened("\n".join((HEAD, *said))) for name, (_, said) in cells.items()}
        relations = self._package.relations(sheet.part)
        known = notes_of(self._package, relations)
        notes = known or f"xl/apgraphNotes{number}.xml"
        kept = NO_NOTES if known is None else self._package.read_xml(known)
        if not all(children(kept, name)[0][0] >= 0 for name in ("authors", "commentList")):
            raise self._package.refuse(
                f"its part {notes} is damaged: it lists no notes; get the file once more"
            )
        self._changed[notes], new = with_notes(kept, texts)
        added = ""
        if known is None:
            self._new_notes.append(notes)
            added += f'<Relationship xmlns="{_PACKAGE}" Id="apgraphComments" Type="{_RELATIONS}/comments" Target="/{notes}"/>'
        drawn = drawing_of(self._package, self._package.read(sheet.part), relations)
        there = b"" if drawn is None else self._package.read(drawn)
        boxes = shapes(texts, new, number, there=there)
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

    def _with_last(self, part: str, added: str, empty: str) -> bytes:
        """Return a part with something added as the last inside its root."""
        content = self._package.read(part) if part in self._package.parts else empty.encode()
        if b"<" not in content:
            raise self._package.refuse(f"its part {part} is empty or damaged; get the file once more")
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
    """Return a text that fits into a note; what is cut off is not the beginning of a line, by which it is known."""
    if len(text) <= _LONGEST:
        return text
    cut = text[: _LONGEST - 1]
    before, _, last = cut.rpartition("\n")
    return f"{cut if _FIRST_WORDS.match(last) else before}…"
