"""The notes of a sheet: those that are there are kept, and what was found is added to them.

Comments are in section 18.7 of ECMA-376, part 1; their boxes are drawn in VML (part 4, section 19.4).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import escape, quoteattr, unescape

from apgraph.cases.cells import cell_reference
from apgraph.cases.package import local
from apgraph.cases.patches import children, edited, name_of, tag_at, with_last
from apgraph.cases.template import encode

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from apgraph.cases.patches import Edit

__all__ = ["AUTHOR", "NO_NOTES", "authors", "drawing", "shapes", "with_notes"]

AUTHOR: Final = "apgraph"
"""Who is named as the author of the notes that are added."""

_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
NO_NOTES: Final = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    f'<comments xmlns="{_MAIN}"><authors></authors><commentList></commentList></comments>'
).encode()
"""The part for notes of a sheet that has none."""

_VML: Final = (
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:x="urn:schemas-microsoft-com:office:excel"'
)
_REFERENCE: Final = re.compile(rb"\sref\s*=\s*[\"']\s*([^\"']*?)\s*[\"']")


def authors(content: bytes) -> tuple[str, ...]:
    """Return who wrote the notes of a part.

    >>> authors(with_notes(NO_NOTES, {"A1": "Look."})[0])
    ('apgraph',)
    """
    _, found = children(content, "authors")
    texts = (re.sub(rb"<[^>]*>", b"", content[start:end]) for start, end in found)
    return tuple(unescape(text.decode("utf-8", errors="replace")).strip() for text in texts)


def with_notes(content: bytes, notes: Mapping[str, str]) -> tuple[bytes, tuple[str, ...]]:
    """Return a part for notes with some more in it, and the cells that had none.

    What a cell's note says stays in front; nothing else in the part is changed.

    Args:
        content: The part.
        notes: What to say, by cell.
    """
    known = authors(content)
    number = known.index(AUTHOR) if AUTHOR in known else len(known)
    edits: list[Edit] = []
    if number == len(known):
        edits.append(with_last(content, "authors", f'<author xmlns="{_MAIN}">{AUTHOR}</author>'.encode()))
    left = dict(notes)
    for start, end in children(content, "commentList")[1]:
        whole = content[start:end]
        match = _REFERENCE.search(whole[: tag_at(whole, 0)[1]])
        said = left.pop(match[1].decode().replace("$", ""), None) if match is not None else None
        if said is not None:
            edits += ((at + start, to + start, text) for at, to, text in _appended(whole, said))
    new = "".join(
        f'<comment xmlns="{_MAIN}" ref={quoteattr(cell)} authorId="{number}"><text>{_run(said)}</text></comment>'
        for cell, said in _in_order(left)
    )
    edits.append(with_last(content, "commentList", new.encode()))
    return edited(content, edits), tuple(cell for cell, _ in _in_order(left))


def _run(said: str) -> str:
    return f'<r xmlns="{_MAIN}"><t xml:space="preserve">{escape(encode(said))}</t></r>'


def _appended(comment: bytes, said: str) -> Iterator[Edit]:
    """Yield what puts a text behind that of a comment."""
    (_, end, _), parts = children(comment, "text")
    run = _run(f"\n\n{said}").encode()
    if end < 0:
        yield with_last(comment, "text", run)
        return
    names = [local(name_of(comment, tag_at(comment, start)).decode()) for start, _ in parts]
    if "t" in names:
        # A text is one piece without a format, or several runs; as the first of several it becomes a run.
        start, to = parts[names.index("t")]
        yield (start, start, f'<r xmlns="{_MAIN}">'.encode())
        yield (to, to, b"</r>")
    # How to read a text aloud comes after the text.
    spoken = next((at for at, name in enumerate(names) if name in {"rPh", "phoneticPr"}), None)
    place = end if spoken is None else parts[spoken][0]
    yield (place, place, run)


def _in_order(notes: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return notes by row and column."""
    return sorted(notes.items(), key=lambda item: tuple(reversed(cell_reference(item[0]) or (1, 1))))


def drawing(added: bytes = b"") -> bytes:
    """Return the part that draws the boxes of a sheet that has none."""
    layout = '<o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="1"/></o:shapelayout>'
    return f"<xml {_VML}>{layout}".encode() + added + b"</xml>"


def shapes(notes: Mapping[str, str], cells: Iterable[str], number: int, *, there: bytes = b"") -> bytes:
    """Return the boxes of some cells' notes.

    Args:
        notes: What they say, by cell.
        cells: The cells.
        number: Number of the sheet, which tells its boxes from others.
        there: The part that they go to: what they have in common may stand there from an earlier check.
    """
    kind = f"apgraph_note_{number}"
    common = (
        f'<v:shapetype {_VML} id="{kind}" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
        '<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
    )
    made = [] if f'id="{kind}"'.encode() in there else [common]
    cells = tuple(cells)
    for cell in cells:
        column, row = cell_reference(cell) or (1, 1)
        height = 60 + 15 * (len(notes[cell]) // 40)
        made.append(
            f'<v:shape {_VML} id="apgraph_{number}_{cell}" type="#{kind}" style="position:absolute;width:240pt;'
            f'height:{height}pt;visibility:hidden" fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/>'
            '<v:textbox/><x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/>'
            f"<x:Anchor>{column}, 10, {max(row - 2, 0)}, 5, {column + 3}, 10, {row + 3}, 5</x:Anchor>"
            f"<x:AutoFill>False</x:AutoFill><x:Row>{row - 1}</x:Row><x:Column>{column - 1}</x:Column>"
            "</x:ClientData></v:shape>"
        )
    return "".join(made).encode() if cells else b""
