"""The colour of marked cells: a conditional format over whatever colour they have, which is there again without it.

A cell's own style can't be put back once a spreadsheet program has saved the file with another in its place. A
conditional format of ours is known by its formula, which Excel and LibreOffice keep (ECMA-376, part 1, section 18.3.1.18;
what it shows is in the styles, section 18.8.14).
"""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING, Final

from apgraph.cases.package import local
from apgraph.cases.patches import children, edited, name_of, tag_at, with_attribute

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from apgraph.cases.patches import Edit

__all__ = ["BEHIND", "COLOURS", "coloured", "uncoloured", "with_colours"]

COLOURS: Final = ("FFF8CBAD", "FFFFE699", "FFDDEBF7")
"""Colour of a cell by how grave what was found in it is: violation, warning, info."""

_ALWAYS: Final = 'ISTEXT("apgraph")'
"""The formula of our formats: it always holds, and nobody else would write it."""
BEHIND: Final = frozenset(
    [
        "conditionalFormatting",
        "dataValidations",
        "hyperlinks",
        "printOptions",
        "pageMargins",
        "pageSetup",
        "headerFooter",
        "rowBreaks",
        "colBreaks",
        "customProperties",
        "cellWatches",
        "ignoredErrors",
        "smartTags",
        "drawing",
        "legacyDrawing",
        "legacyDrawingHF",
        "picture",
        "oleObjects",
        "controls",
        "webPublishItems",
        "tableParts",
        "extLst",
    ]
)
"""The elements of a sheet before which conditional formats stand."""

_MOST: Final = 500
"""How many cells one format is for: a longer list would be too long for a spreadsheet program."""
_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_FORMAT: Final = re.compile(
    rb"<((?:\w+:)?)conditionalFormatting\b[^>]*(?<!/)>(.*?)</\1conditionalFormatting\s*>", re.DOTALL
)
_RULE: Final = re.compile(rb"<((?:\w+:)?)cfRule\b[^>]*(?<!/)>(.*?)</\1cfRule\s*>", re.DOTALL)
_TAG: Final = re.compile(rb"<[^>]*>")
_SHOWN: Final = re.compile(rb"<(?:\w+:)?bgColor\s[^>]*?rgb\s*=\s*[\"'](\w+)[\"']")


def coloured(cells: Mapping[str, int], numbers: Mapping[int, int], prefix: str) -> bytes:
    """Return the conditional formats that give some cells of a sheet a colour.

    Args:
        cells: The rank of each cell's colour.
        numbers: For each rank the number of what shows its colour; see :func:`with_colours`.
        prefix: The prefix of the elements of the sheet, with its colon.
    """
    made = []
    for rank in sorted(set(cells.values())):
        names = [cell for cell, of in cells.items() if of == rank]
        made += [
            f'<{prefix}conditionalFormatting sqref="{" ".join(names[first : first + _MOST])}">'
            f'<{prefix}cfRule type="expression" dxfId="{numbers[rank]}" priority="1"><{prefix}formula>{_ALWAYS}'
            f"</{prefix}formula></{prefix}cfRule></{prefix}conditionalFormatting>"
            for first in range(0, len(names), _MOST)
        ]
    return "".join(made).encode()


def uncoloured(content: bytes) -> bytes:
    """Return the part of a sheet without the colours that were given to its cells.

    >>> rule = b'<cfRule type="expression" priority="1"><formula>%s</formula></cfRule>'
    >>> ours, theirs = rule % _ALWAYS.encode(), rule % b"A1=1"
    >>> uncoloured(b'<s><conditionalFormatting sqref="A1">' + ours + b"</conditionalFormatting></s>")
    b'<s></s>'
    >>> kept = uncoloured(b'<s><conditionalFormatting sqref="A1">' + ours + theirs + b"</conditionalFormatting></s>")
    >>> kept.count(b"cfRule type"), theirs in kept
    (1, True)
    """
    return edited(content, _uncolouring(content))


def _uncolouring(content: bytes) -> Iterator[Edit]:
    for each in _FORMAT.finditer(content):
        rules = list(_RULE.finditer(content, each.start(2), each.end(2)))
        ours = [rule for rule in rules if unescape(_TAG.sub(b"", rule[2]).decode()).strip() == _ALWAYS]
        kept = edited(content[each.start(2) : each.end(2)], _shifted(ours, each.start(2)))
        # A spreadsheet program may have put ours together with one that somebody made for the same cells.
        if ours and not kept.strip():
            yield (each.start(), each.end(), b"")
        elif ours:
            yield (each.start(2), each.end(2), kept)


def _shifted(rules: Sequence[re.Match[bytes]], by: int) -> list[Edit]:
    return [(rule.start() - by, rule.end() - by, b"") for rule in rules]


def with_colours(content: bytes, ranks: Collection[int]) -> tuple[bytes, dict[int, int]]:
    """Return the part for styles with what shows the colours of some ranks, and its number for each of them.

    What was put there for an earlier check is used again, so that the part does not grow from check to check.
    """
    (_, end, tag), places = children(content, "dxfs")
    known: dict[str, int] = {}
    for number, (start, to) in enumerate(places):
        shown = _SHOWN.search(content, start, to)
        if shown is not None and b"<font" not in content[start:to] and b":font" not in content[start:to]:
            known.setdefault(shown[1].decode().upper(), number)
    new = [rank for rank in sorted(ranks) if COLOURS[rank] not in known]
    known |= {COLOURS[rank]: len(places) + at for at, rank in enumerate(new)}
    numbers = {rank: known[COLOURS[rank]] for rank in ranks}
    if not new:
        return content, numbers
    made = "".join(
        f'<dxf xmlns="{_MAIN}"><fill><patternFill patternType="solid"><fgColor rgb="{COLOURS[rank]}"/>'
        f'<bgColor rgb="{COLOURS[rank]}"/></patternFill></fill></dxf>'
        for rank in new
    ).encode()
    if tag[0] < 0:
        whole = f'<dxfs xmlns="{_MAIN}" count="{len(new)}">'.encode() + made + b"</dxfs>"
        at = _behind_cell_styles(content)
        return edited(content, [(at, at, whole)]), numbers
    counted = with_attribute(content[slice(*tag)], b"count", str(len(places) + len(new)))
    if end >= 0:
        return edited(content, [(*tag, counted), (end, end, made)]), numbers
    opened = counted.rstrip(b"/> \r\n\t") + b">"
    return edited(content, [(*tag, opened + made + b"</" + name_of(content, tag) + b">")]), numbers


def _behind_cell_styles(content: bytes) -> int:
    """Return where differential formats stand in a part for styles that has none."""
    (_, end, root), parts = children(content, "styleSheet")
    after = {"tableStyles", "colors", "extLst"}
    behind = (
        start for start, _ in parts if local(name_of(content, tag_at(content, start)).decode()) in after
    )
    return next(behind, end if end >= 0 else root[1])
