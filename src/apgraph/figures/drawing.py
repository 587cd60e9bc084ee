"""A small SVG drawing board: boxes, arrows, and text that stays inside them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import escape, quoteattr

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["INK", "MUTED", "Board", "Style", "Word", "wrap"]

INK: Final = "#1f2933"
MUTED: Final = "#59636f"
_FONT: Final = "Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif"

# Widths in em of the widest font of the list, so that text fits in whichever a reader has.
_NARROW: Final = {**dict.fromkeys("ijl.,:;'|!", 0.34), **dict.fromkeys("frtI()-/[]", 0.44), " ": 0.33}
_WIDE: Final = {**dict.fromkeys("mwMW", 1.0), **dict.fromkeys("→–", 0.85)}


@dataclass(frozen=True, slots=True)
class Style:
    """How text looks."""

    size: float = 14
    colour: str = INK
    bold: bool = False
    italic: bool = False

    def width(self, text: str) -> float:
        """Return how wide a text is at most.

        >>> Style(10).width("ii") < Style(10).width("mm")
        True
        """
        factor = self.size * (1.1 if self.bold else 1.0)
        return sum(_WIDE.get(c, _NARROW.get(c, 0.72 if c.isupper() else 0.62)) for c in text) * factor

    def attributes(self) -> str:
        """Return the style as attributes of SVG."""
        weight = ' font-weight="700"' if self.bold else ""
        slant = ' font-style="italic"' if self.italic else ""
        return f'font-size="{self.size:g}" fill="{self.colour}"{weight}{slant}'


@dataclass(frozen=True, slots=True)
class Word:
    """A piece of text that is not broken."""

    text: str
    style: Style


def wrap(words: Iterable[Word], width: float) -> list[list[Word]]:
    """Arrange words in lines of at most a width; a word that is wider gets a line of its own.

    >>> style = Style(10)
    >>> lines = wrap([Word(w, style) for w in ("one", "two", "three")], 45)
    >>> [" ".join(word.text for word in line) for line in lines]
    ['one two', 'three']
    """
    lines: list[list[Word]] = []
    used = 0.0
    for word in words:
        own = word.style.width(word.text)
        space = word.style.width(" ")
        if lines and used + space + own <= width:
            lines[-1].append(word)
            used += space + own
        else:
            lines.append([word])
            used = own
    return lines


class Board:
    """Collects shapes; `svg` gives the whole drawing.

    Args:
        width: Width of the drawing.
    """

    def __init__(self, width: int) -> None:
        self._width = width
        self._shapes: list[str] = []

    def rectangle(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        *,
        fill: str,
        stroke: str = "none",
        radius: float = 10,
        dashed: bool = False,
    ) -> None:
        """Draw a box."""
        dash = ' stroke-dasharray="6 4"' if dashed else ""
        self._shapes.append(
            f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="{radius:g}" fill="{fill}" '
            f'stroke="{stroke}" stroke-width="1.5"{dash}/>'
        )

    def header(
        self, x: float, y: float, width: float, height: float, *, fill: str, radius: float = 10
    ) -> None:
        """Draw the coloured head of a card, round at the top only."""
        self._shapes.append(
            f'<path d="M{x:g} {y + height:g} v{radius - height:g} a{radius:g} {radius:g} 0 0 1 {radius:g} {-radius:g} '
            f'h{width - 2 * radius:g} a{radius:g} {radius:g} 0 0 1 {radius:g} {radius:g} v{height - radius:g} z" '
            f'fill="{fill}" stroke="{fill}" stroke-width="1.5"/>'
        )

    def circle(self, x: float, y: float, radius: float, *, fill: str) -> None:
        """Draw a disc."""
        self._shapes.append(f'<circle cx="{x:g}" cy="{y:g}" r="{radius:g}" fill="{fill}"/>')

    def arrow(self, x1: float, x2: float, y: float, *, colour: str) -> None:
        """Draw a level arrow that points to the right."""
        head = 12
        self._shapes.append(
            f'<path d="M{x1:g} {y:g} H{x2 - head + 2:g}" stroke="{colour}" stroke-width="2.5" fill="none"/>'
            f'<path d="M{x2:g} {y:g} l{-head} -6 v12 z" fill="{colour}"/>'
        )

    def bar(self, x: float, y: float, width: float, height: float, *, left: str, right: str) -> None:
        """Draw a bar that shades from one colour to another."""
        self._shapes.append(
            f'<linearGradient id="shade"><stop offset="0" stop-color="{left}"/>'
            f'<stop offset="1" stop-color="{right}"/></linearGradient>'
            f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="{height / 2:g}" fill="url(#shade)"/>'
        )

    def text(self, x: float, y: float, text: str, style: Style, *, anchor: str = "start") -> None:
        """Write one line; ``y`` is its baseline."""
        where = "" if anchor == "start" else f' text-anchor="{anchor}"'
        self._shapes.append(f'<text x="{x:g}" y="{y:g}" {style.attributes()}{where}>{escape(text)}</text>')

    def line(self, x: float, y: float, words: Iterable[Word]) -> None:
        """Write words of different styles on one line; ``y`` is its baseline."""
        pieces = " ".join(f"<tspan {word.style.attributes()}>{escape(word.text)}</tspan>" for word in words)
        self._shapes.append(f'<text x="{x:g}" y="{y:g}">{pieces}</text>')

    def svg(self, height: float, *, title: str, description: str, background: str, border: str) -> str:
        """Return the drawing as a self-contained SVG with its own background, title and description."""
        width = self._width
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height:g}" '
            f'viewBox="0 0 {width} {height:g}" role="img" aria-labelledby="title description" '
            f"font-family={quoteattr(_FONT)}>\n"
            f'<title id="title">{escape(title)}</title>\n<desc id="description">{escape(description)}</desc>\n'
            f'<rect x="1" y="1" width="{width - 2}" height="{height - 2:g}" rx="16" fill="{background}" '
            f'stroke="{border}" stroke-width="2"/>\n' + "\n".join(self._shapes) + "\n</svg>\n"
        )
