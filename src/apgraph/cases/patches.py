"""Patches of a part of a workbook: what is not touched stays as it is, byte for byte."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from xml.parsers import expat

from apgraph.cases.package import local

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["Edit", "children", "edited", "name_of", "tag_at", "with_attribute", "with_last"]

_START_TAG: Final = re.compile(rb"<[^\s/>]+(?:\s+[^\s=]+\s*=\s*(?:\"[^\"]*\"|'[^']*'))*\s*/?>")

Edit = tuple[int, int, bytes]
"""From where to where, and what comes there instead."""


def tag_at(content: bytes, at: int) -> tuple[int, int]:
    """Return where the start tag at a place begins and ends."""
    match = _START_TAG.match(content, at)
    return (at, match.end()) if match is not None else (at, content.index(b">", at) + 1)


def with_attribute(tag: bytes, name: bytes, value: str) -> bytes:
    """Return a start tag with an attribute set."""
    new = b" " + name + b'="' + value.encode() + b'"'
    found = re.search(rb"\s" + name + rb"\s*=\s*(?:\"[^\"]*\"|'[^']*')", tag)
    if found is not None:
        return tag[: found.start()] + new + tag[found.end() :]
    end = len(tag) - (2 if tag.endswith(b"/>") else 1)
    return tag[:end].rstrip() + new + tag[end:]


def edited(content: bytes, edits: Iterable[Edit]) -> bytes:
    """Return a part after some edits, none of which touches what another changes."""
    pieces, done = [], 0
    # Sorting is stable, so what is put in at one place keeps its order.
    for start, end, text in sorted(edits, key=lambda edit: edit[:2]):
        pieces += [content[done:start], text]
        done = end
    return b"".join([*pieces, content[done:]])


def children(content: bytes, wanted: str) -> tuple[tuple[int, int, tuple[int, int]], list[tuple[int, int]]]:
    """Return where an element starts and ends, its start tag, and where each of its children is."""
    place = (-1, -1, (-1, -1))
    found: list[tuple[int, int]] = []
    depth, inside, opened = 0, -1, 0

    def start(name: str, _: Mapping[str, str]) -> None:
        nonlocal depth, inside, opened, place
        at = parser.CurrentByteIndex
        if inside < 0 and local(name) == wanted and place[0] < 0:
            inside = depth
            place = (at, -1, tag_at(content, at))
        elif inside >= 0 and depth == inside + 1:
            opened = at
        depth += 1

    def end(_: str) -> None:
        nonlocal depth, inside, place
        at = parser.CurrentByteIndex
        depth -= 1
        if inside >= 0 and depth == inside + 1:
            closed = tag_at(content, opened)[1]
            # Of an empty element expat tells the place behind it, where the end tag of its parent may stand.
            is_empty = content[closed - 2 : closed] == b"/>"
            found.append((opened, closed if is_empty else content.index(b">", at) + 1))
        elif depth == inside:
            is_empty = content[place[2][1] - 2 : place[2][1]] == b"/>"
            place = (place[0], -1 if is_empty else at, place[2])
            inside = -1

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.Parse(content, True)
    return place, found


def name_of(content: bytes, tag: tuple[int, int]) -> bytes:
    """Return the name in a start tag, with its prefix.

    >>> name_of(b'<x:t a="b"/>', (0, 12))
    b'x:t'
    """
    return content[tag[0] + 1 : tag[1]].split()[0].rstrip(b">").rstrip(b"/")


def with_last(content: bytes, wanted: str, added: bytes) -> Edit:
    """Return the edit that puts something last inside the first element of a name.

    >>> edited(b"<a><b/></a>", [with_last(b"<a><b/></a>", "b", b"x")])
    b'<a><b>x</b></a>'
    """
    (_, end, tag), _ = children(content, wanted)
    if end >= 0:
        return (end, end, added)
    opened = content[tag[0] : tag[1]].rstrip(b"/> \r\n\t") + b">"
    return (*tag, opened + added + b"</" + name_of(content, tag) + b">")
