"""Marks made earlier are taken off a workbook, so that it never says what was wrong once beside what is wrong now.

They are known by the words at the head of their notes: a spreadsheet program may keep neither author nor part names.
"""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import escape

from apgraph.cases.cells import cell_reference
from apgraph.cases.patches import children, edited, tag_at, with_attribute

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from apgraph.cases.package import Package, SheetPart
    from apgraph.cases.patches import Edit

__all__ = ["COLOURS", "HEAD", "earlier_marks", "without_boxes", "without_marks"]

HEAD: Final = "apgraph found:"
"""The first line of what is put into a note."""
COLOURS: Final = ("FFF8CBAD", "FFFFE699", "FFDDEBF7")
"""Fill of a cell by how grave what was found in it is: violation, warning, info."""

_OURS: Final = re.compile(
    rf"(?:\r?\n)*{HEAD}(?:\r?\n(?:Violation|Warning|Info)(?: \([^()\r\n]*\))?: [^\r\n]*)*"
)
_TEXT: Final = re.compile(rb"<((?:\w+:)?t)(\s[^>]*)?>([^<]*)</\1\s*>")
_BOX: Final = re.compile(rb"<v:shape\s.*?</v:shape\s*>", re.DOTALL)
_PLACE: Final = re.compile(rb"<x:(Row|Column)>\s*(\d+)\s*</x:\1>")
_CELL: Final = re.compile(rb"<(?:\w+:)?c\s[^>]*>")
_REFERENCE: Final = re.compile(rb"\s(?:r|ref)\s*=\s*[\"']\s*([^\"']*?)\s*[\"']")
_STYLE: Final = re.compile(rb"\ss\s*=\s*[\"'](\d+)[\"']")
_FILLED: Final = re.compile(rb"\s(?:fillId|applyFill)\s*=\s*[\"'][^\"']*[\"']")
_FILL: Final = re.compile(rb"\sfillId\s*=\s*[\"'](\d+)[\"']")
_COLOUR: Final = re.compile(rb"<(?:\w+:)?fgColor\s[^>]*?rgb\s*=\s*[\"'](\w+)[\"']")


def earlier_marks(package: Package) -> dict[str, bytes]:
    """Return the parts of a workbook that hold marks made earlier, as they are without them.

    Args:
        package: The workbook.
    """
    changed: dict[str, bytes] = {}
    filled: dict[SheetPart, frozenset[str]] = {}
    for sheet in package.sheets():
        relations = {
            kind: part for kind, part in package.relations(sheet.part).values() if part in package.parts
        }
        if (notes := relations.get("comments")) is None:
            continue
        left, marked, gone = without_marks(package.read(notes))
        if not marked:
            continue
        changed[notes] = left
        filled[sheet] = marked
        if gone and (boxes := relations.get("vmlDrawing")) is not None:
            changed[boxes] = without_boxes(package.read(boxes), gone)
    if filled:
        book = package.relations(package.workbook_part()).values()
        styles = next((part for kind, part in book if kind == "styles" and part in package.parts), None)
        if styles is not None:
            changed[styles], plain = _plain_styles(package.read(styles))
            for sheet, cells in filled.items():
                content = package.read(sheet.part)
                changed[sheet.part] = edited(content, _restyled(content, cells, plain))
    return changed


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


def _plain_styles(content: bytes) -> tuple[bytes, dict[int, int]]:
    """Return the part for styles, and for each that has a colour of ours the number of one that is like it without."""
    fills = [content[start:end] for start, end in children(content, "fills")[1]]
    ours = {
        number
        for number, fill in enumerate(fills)
        if (colour := _COLOUR.search(fill)) is not None and colour[1].decode().upper() in COLOURS
    }
    (_, end, tag), places = children(content, "cellXfs")
    styles = [content[start:to] for start, to in places]
    fill_of = [int(found[1]) if (found := _FILL.search(style)) else 0 for style in styles]
    others: dict[bytes, int] = {}
    # Of several that differ in their fill alone, one without a fill is the likeliest to have been there.
    for number in sorted(range(len(styles)), key=lambda each: (fill_of[each] != 0, each)):
        if fill_of[number] not in ours:
            others.setdefault(_FILLED.sub(b"", styles[number]), number)
    plain: dict[int, int] = {}
    added: list[bytes] = []
    for number, style in enumerate(styles):
        if fill_of[number] in ours:
            like = _FILLED.sub(b"", style)
            if like not in others:
                others[like] = len(styles) + len(added)
                start = tag_at(style, 0)[1]
                added.append(with_attribute(style[:start], b"fillId", "0") + style[start:])
            plain[number] = others[like]
    if not added:
        return content, plain
    counted = with_attribute(content[tag[0] : tag[1]], b"count", str(len(styles) + len(added)))
    return edited(content, [(*tag, counted), (end, end, b"".join(added))]), plain


def _restyled(content: bytes, cells: Collection[str], plain: dict[int, int]) -> Iterator[Edit]:
    """Yield what gives some cells of a sheet their style from before."""
    for tag in _CELL.finditer(content):
        cell, style = _REFERENCE.search(tag[0]), _STYLE.search(tag[0])
        if cell is not None and style is not None and cell[1].decode().replace("$", "") in cells:
            number = int(style[1])
            if number in plain:
                yield (tag.start(), tag.end(), with_attribute(tag[0], b"s", str(plain[number])))
