"""Marks made earlier are taken off a workbook, so that it never says what was wrong once beside what is wrong now.

Their notes are known by the words at their heads, and each line by its severity and rule: a spreadsheet program may keep
neither author nor part names.
"""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import escape

from apgraph.cases.cells import cell_reference
from apgraph.cases.colouring import uncoloured
from apgraph.cases.patches import children, edited, tag_at

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from apgraph.cases.package import Package
    from apgraph.cases.patches import Edit

__all__ = ["HEAD", "LINE", "drawing_of", "earlier_marks", "notes_of", "without_boxes", "without_marks"]

HEAD: Final = "apgraph found:"
"""The first line of what is put into a note."""
LINE: Final = r"(?:Violation|Warning|Info) \(rule [^\r\n]+?\): [^\r\n]*"
"""Each of the lines below it. What somebody writes there does not look like that, and stays."""

_OURS: Final = re.compile(rf"(?:\r?\n)*{HEAD}(?:\r?\n{LINE})*")
_TEXT: Final = re.compile(rb"<((?:\w+:)?t)(\s[^>]*)?>([^<]*)</\1\s*>")
# No box holds another: without that, boxes that never end would each be looked for to the end of the part.
_BOX: Final = re.compile(rb"<v:shape\s(?:(?!<v:shape\s).)*?</v:shape\s*>", re.DOTALL)
_PLACE: Final = re.compile(rb"<x:(Row|Column)>\s*(\d+)\s*</x:\1>")
_REFERENCE: Final = re.compile(rb"\s(?:r|ref)\s*=\s*[\"']\s*([^\"']*?)\s*[\"']")
_LEGACY: Final = re.compile(rb"<(?:\w+:)?legacyDrawing\s[^>]*?:id\s*=\s*[\"']([^\"']+)[\"']")


def earlier_marks(package: Package) -> dict[str, bytes]:
    """Return the parts of a workbook that hold marks made earlier, as they are without them.

    Args:
        package: The workbook.

    Raises:
        InputError: A part is damaged; it is named.
    """
    changed: dict[str, bytes] = {}
    for sheet in package.sheets():
        content = package.read(sheet.part)
        plain = uncoloured(content)
        if plain != content:
            changed[sheet.part] = plain
        relations = package.relations(sheet.part)
        if (notes := notes_of(package, relations)) is None:
            continue
        left, marked, gone = without_marks(package.read_xml(notes))
        if not marked:
            continue
        changed[notes] = left
        if gone and (boxes := drawing_of(package, content, relations)) is not None:
            changed[boxes] = without_boxes(package.read(boxes), gone)
    return changed


def notes_of(package: Package, relations: Mapping[str, tuple[str, str]]) -> str | None:
    """Return the part with the notes of a sheet, told by its relations; None where it has none."""
    found = (part for kind, part in relations.values() if kind == "comments" and part in package.parts)
    return next(found, None)


def drawing_of(package: Package, content: bytes, relations: Mapping[str, tuple[str, str]]) -> str | None:
    """Return the part that draws the boxes of a sheet's notes; None where there is none.

    The sheet names it: the picture of a header is drawn by a part of the same kind.
    """
    match = _LEGACY.search(content)
    kind, target = relations.get(match[1].decode(), ("", "")) if match is not None else ("", "")
    return target if kind == "vmlDrawing" and target in package.parts else None


def without_marks(content: bytes) -> tuple[bytes, frozenset[str], frozenset[str]]:
    """Return a part for notes without what was put into it, the cells that had some, and those without a note now.

    What somebody wrote before or behind it stays.
    """
    edits: list[Edit] = []
    marked: set[str] = set()
    gone: set[str] = set()
    for start, end in children(content, "commentList")[1]:
        whole = content[start:end]
        pieces = list(_TEXT.finditer(whole))
        texts = [unescape(piece[3].decode("utf-8", errors="replace")) for piece in pieces]
        match = _OURS.search("".join(texts))
        cell = _REFERENCE.search(whole[: tag_at(whole, 0)[1]])
        if match is None or cell is None:
            continue
        name = cell[1].decode().replace("$", "")
        marked.add(name)
        kept = list(_without(texts, *match.span()))
        if not "".join(kept).strip():
            gone.add(name)
            edits.append((start, end, b""))
            continue
        for piece, before, after in zip(pieces, texts, kept, strict=True):
            if before != after:
                edits.append((start + piece.start(3), start + piece.end(3), escape(after).encode()))
    return edited(content, edits), frozenset(marked), frozenset(gone)


def _without(texts: list[str], start: int, end: int) -> Iterator[str]:
    """Yield pieces of a text without a part of the whole."""
    at = 0
    for text in texts:
        yield text[: max(start - at, 0)] + text[max(end - at, 0) :]
        at += len(text)


def without_boxes(content: bytes, cells: Collection[str]) -> bytes:
    """Return the part that draws the boxes of notes, without those of some cells."""
    places = {cell_reference(cell) for cell in cells}
    edits: list[Edit] = []
    for box in _BOX.finditer(content):
        place = {match[1]: int(match[2]) + 1 for match in _PLACE.finditer(box[0])}
        if (place.get(b"Column"), place.get(b"Row")) in places:
            edits.append((box.start(), box.end(), b""))
    return edited(content, edits)
