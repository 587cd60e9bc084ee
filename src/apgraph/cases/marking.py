"""The same workbook with some cells marked and commented: nothing else in it is touched.

The parts of the file are patched where a cell is marked, byte for byte, and all others are carried over as they
are (ECMA-376, part 1: sheets in section 18.3, comments in 18.7, styles in 18.8).
"""

from __future__ import annotations

import re
import zipfile
from collections import defaultdict
from typing import TYPE_CHECKING, Final
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from apgraph.cases.cells import cell_reference
from apgraph.cases.origins import column_letters
from apgraph.cases.package import Package, local, open_package
from apgraph.cases.template import encode, replaced

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from apgraph.notices import Notice

__all__ = ["mark_findings", "mark_workbook"]

_COLOURS: Final = ("FFF8CBAD", "FFFFE699", "FFDDEBF7")
"""Fill of a cell by how grave what was found in it is: violation, warning, info."""

_RELATIONS: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006/relationships"
_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_AFTER: Final = frozenset(
    {"legacyDrawingHF", "picture", "oleObjects", "controls", "webPublishItems", "tableParts", "extLst"}
)
_REFUSED: Final = (
    ("_xmlsignatures/", "a digital signature, which a change would break; take the signature off"),
    ("xl/vbaproject", "macros; save the workbook without them"),
    ("xl/threadedcomments/", "threaded comments; turn them into notes, or delete them"),
)
_START_TAG: Final = re.compile(rb"<[^\s/>]+(?:\s+[^\s=]+\s*=\s*(?:\"[^\"]*\"|'[^']*'))*\s*/?>")
_LONGEST: Final = 1500

Edit = tuple[int, int, bytes]
"""From where to where, and what comes there instead."""


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
        text = f"{each.severity.capitalize()}{rule}: {each.message}"
        if text not in texts:
            texts.append(text)
        marks[each.sheet][each.cell] = (min(worst, each.rank), texts)
    mark_workbook(file, target, marks)
    return sum(map(len, marks.values()))


def mark_workbook(
    file: Path, target: Path, marks: Mapping[str, Mapping[str, tuple[int, Sequence[str]]]]
) -> None:
    """Write a workbook once more, with cells marked and commented.

    Args:
        file: The workbook.
        target: Where the marked one goes.
        marks: For each sheet by name: cells, each with the rank of its colour and what the comment says.

    Raises:
        InputError: A part can't be carried over, or the file can't be written.
    """
    with open_package(file) as package:
        changed = _Marker(package, marks).parts() if any(marks.values()) else {}
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
            for kind, part in self._package.relations(sheet.part).values():
                if kind in {"comments", "vmlDrawing"}:
                    raise self._package.refuse(
                        f"its part {part} can't be carried over: sheet {sheet.name} has comments already; delete them first"
                    )
            self._mark_sheet(sheet.part, cells)
            self._comment(sheet.part, cells, number)
        self._mark_styles()
        self._declare(number)
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
                    tag = _tag(content, state["open"])
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
        drawing = f'<{prefix}legacyDrawing xmlns:r="{_RELATIONS}" r:id="apgraphNotes"/>'.encode()
        edits.append((state["legacy"], state["legacy"], drawing))
        self._changed[part] = _edited(content, edits)

    # -- styles ---------------------------------------------------------------

    def _number_of_styles(self) -> int:
        return len(_children(self._package.read(self._styles), "cellXfs")[1])

    def _mark_styles(self) -> None:
        content = self._package.read(self._styles)
        (_, fills_end, fills_tag), fills = _children(content, "fills")
        (_, styles_end, styles_tag), styles = _children(content, "cellXfs")
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
            f'<{prefix}fill><{prefix}patternFill patternType="solid"><{prefix}fgColor rgb="{_COLOURS[rank]}"/>'
            f'<{prefix}bgColor indexed="64"/></{prefix}patternFill></{prefix}fill>'
            for rank in ranks
        )
        edits.append((fills_end, fills_end, added.encode()))
        edits.append(_counted(content, fills_tag, len(fills) + len(ranks)))
        clones = []
        for base, rank in self._wanted:
            start, end = styles[base]
            whole = content[start:end]
            tag = _tag(whole, 0)
            head = _set(
                _set(whole[: tag[1]], b"fillId", str(len(fills) + ranks.index(rank))), b"applyFill", "1"
            )
            clones.append(head + whole[tag[1] :])
        edits.append((styles_end, styles_end, b"".join(clones)))
        edits.append(_counted(content, styles_tag, len(styles) + len(clones)))
        self._changed[self._styles] = _edited(content, edits)

    # -- comments -------------------------------------------------------------

    def _comment(self, part: str, cells: Mapping[str, tuple[int, Sequence[str]]], number: int) -> None:
        places = sorted(((cell_reference(name) or (1, 1)), name) for name in cells)
        texts, shapes = [], []
        for at, ((column, row), name) in enumerate(places, start=1):
            said = "\n".join(cells[name][1])
            said = said if len(said) <= _LONGEST else said[: _LONGEST - 1] + "…"
            texts.append(
                f'<comment ref={quoteattr(name)} authorId="0"><text><t xml:space="preserve">{escape(encode(said))}</t></text></comment>'
            )
            height = 60 + 15 * (len(said) // 40)
            shapes.append(
                f'<v:shape id="apgraph_{number}_{at}" type="#apgraph_note" style="position:absolute;width:240pt;height:{height}pt;'
                'visibility:hidden" fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/><v:textbox/>'
                f'<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>{column}, 10, {max(row - 2, 0)}, 5, '
                f"{column + 3}, 10, {row + 3}, 5</x:Anchor><x:AutoFill>False</x:AutoFill><x:Row>{row - 1}</x:Row>"
                f"<x:Column>{column - 1}</x:Column></x:ClientData></v:shape>"
            )
        notes, drawing = f"xl/apgraphNotes{number}.xml", f"xl/drawings/apgraphNotes{number}.vml"
        self._changed[notes] = (
            '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
            f'<comments xmlns="{_MAIN}"><authors><author>apgraph</author></authors><commentList>{"".join(texts)}</commentList></comments>'
        ).encode()
        self._changed[drawing] = (
            '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
            'xmlns:x="urn:schemas-microsoft-com:office:excel"><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="1"/></o:shapelayout>'
            '<v:shapetype id="apgraph_note" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
            '<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
            f"{''.join(shapes)}</xml>"
        ).encode()
        folder, _, name = part.rpartition("/")
        rels = f"{folder}/_rels/{name}.rels"
        added = (
            f'<Relationship xmlns="{_PACKAGE}" Id="apgraphNotes" Type="{_RELATIONS}/vmlDrawing" Target="/{drawing}"/>'
            f'<Relationship xmlns="{_PACKAGE}" Id="apgraphComments" Type="{_RELATIONS}/comments" Target="/{notes}"/>'
        )
        self._changed[rels] = self._with_last(
            rels, added, f'<Relationships xmlns="{_PACKAGE}"></Relationships>'
        )

    def _with_last(self, part: str, added: str, empty: str) -> bytes:
        """Return a part with something added as the last inside its root."""
        content = self._package.read(part) if part in self._package.parts else empty.encode()
        end = content.rfind(b"</")
        if end < 0:
            tag = _tag(content, content.rfind(b"<"))
            name = content[tag[0] + 1 : tag[1]].split()[0].rstrip(b"/>")
            return content[: tag[1]].rstrip(b"/> \r\n\t") + b">" + added.encode() + b"</" + name + b">"
        return content[:end] + added.encode() + content[end:]

    def _declare(self, number: int) -> None:
        types = "http://schemas.openxmlformats.org/package/2006/content-types"
        content = self._package.read("[Content_Types].xml")
        added = "".join(
            f'<Override xmlns="{types}" PartName="/xl/apgraphNotes{n}.xml" '
            'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"/>'
            for n in range(1, number + 1)
        )
        if not re.search(rb"Extension\s*=\s*[\"']vml[\"']", content, re.IGNORECASE):
            added = (
                f'<Default xmlns="{types}" Extension="vml" ContentType="application/vnd.openxmlformats-officedocument.vmlDrawing"/>'
                + added
            )
        self._changed["[Content_Types].xml"] = self._with_last("[Content_Types].xml", added, "")


def _tag(content: bytes, at: int) -> tuple[int, int]:
    """Return where the start tag at a place begins and ends."""
    match = _START_TAG.match(content, at)
    return (at, match.end()) if match is not None else (at, content.index(b">", at) + 1)


def _set(tag: bytes, name: bytes, value: str) -> bytes:
    """Return a start tag with an attribute set."""
    new = b" " + name + b'="' + value.encode() + b'"'
    found = re.search(rb"\s" + name + rb"\s*=\s*(?:\"[^\"]*\"|'[^']*')", tag)
    if found is not None:
        return tag[: found.start()] + new + tag[found.end() :]
    end = len(tag) - (2 if tag.endswith(b"/>") else 1)
    return tag[:end].rstrip() + new + tag[end:]


def _with_style(content: bytes, at: int, style: int) -> Edit:
    start, end = _tag(content, at)
    return (start, end, _set(content[start:end], b"s", str(style)))


def _counted(content: bytes, tag: tuple[int, int], number: int) -> Edit:
    return (tag[0], tag[1], _set(content[tag[0] : tag[1]], b"count", str(number)))


def _edited(content: bytes, edits: Iterable[Edit]) -> bytes:
    pieces, done = [], 0
    # Sorting is stable, so what is put in at one place keeps its order.
    for start, end, text in sorted(edits, key=lambda edit: edit[:2]):
        pieces += [content[done:start], text]
        done = end
    return b"".join([*pieces, content[done:]])


def _children(content: bytes, wanted: str) -> tuple[tuple[int, int, tuple[int, int]], list[tuple[int, int]]]:
    """Return where an element starts and ends, its start tag, and where each of its children is."""
    place = (-1, -1, (-1, -1))
    children: list[tuple[int, int]] = []
    depth, inside, opened = 0, -1, 0

    def start(name: str, _: Mapping[str, str]) -> None:
        nonlocal depth, inside, opened, place
        at = parser.CurrentByteIndex
        if inside < 0 and local(name) == wanted and place[1] < 0:
            inside = depth
            place = (at, -1, _tag(content, at))
        elif inside >= 0 and depth == inside + 1:
            opened = at
        depth += 1

    def end(_: str) -> None:
        nonlocal depth, inside, place
        at = parser.CurrentByteIndex
        depth -= 1
        if inside >= 0 and depth == inside + 1:
            closed = _tag(content, opened)[1]
            # Of an empty element expat tells the place behind it, where the end tag of its parent may stand.
            is_empty = content[closed - 2 : closed] == b"/>"
            children.append((opened, closed if is_empty else content.index(b">", at) + 1))
        elif depth == inside:
            is_empty = content[place[2][1] - 2 : place[2][1]] == b"/>"
            place = (place[0], -1 if is_empty else at, place[2])
            inside = -1

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.Parse(content, True)
    return place, children
