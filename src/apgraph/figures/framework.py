"""The framework in one picture, drawn from the ontology's data."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import cycle
from typing import TYPE_CHECKING, Final

from apgraph.figures.content import read_content
from apgraph.figures.drawing import INK, MUTED, Board, Style, Word, wrap

if TYPE_CHECKING:
    from collections.abc import Sequence

    from apgraph.figures.content import Card, Content, Item
    from apgraph.store import Store

__all__ = ["framework_figure"]

_WIDTH: Final = 1200
_MARGIN: Final = 36
_GAP: Final = 18
_PAPER: Final = "#fbf9f4"
_LINE: Final = "#d9d3c5"
_WHITE: Final = "#ffffff"
_PARTS: Final = ("#9a5b0b", "#0f6b66", "#8f2d56", "#3a4f86")
_CONDITION: Final = "#465364"
_MODELS: Final = ("#8a4432", "#35648c", "#4d6b2d", "#65458a")
_SURVIVING: Final = "#b4532a"
_THRIVING: Final = "#2f7d4f"
_ROLE: Final = "#24405e"

_TITLE: Final = Style(28, INK, bold=True)
_SECTION: Final = Style(18, INK, bold=True)
_NOTE: Final = Style(13, MUTED)
_CARD: Final = Style(16, _WHITE, bold=True)
_HEADING: Final = Style(12.5, MUTED, italic=True)
_BODY: Final = Style(14, INK)
_CLAIM: Final = Style(11, MUTED)
_HEDGE: Final = Style(13, "#9a3412", italic=True)

_LEADING: Final = 19
_PAD: Final = 14
_HEAD: Final = 34
_INDENT: Final = 13


def framework_figure(store: Store) -> str:
    """Return the framework as SVG: the AP model, the conditions and the deployment models.

    Everything in it is read from the store: names, relations, claims and hedges. Sets whose names the source
    shows without giving them in its text have a dashed frame.

    Args:
        store: A store that holds the framework.

    Raises:
        InputError: The framework is not in the store.
    """
    content = read_content(store)
    board = Board(_WIDTH)
    y = _title(board, content)
    y = _section(board, y, content.model_title, "how the role moves between outside and inside")
    y = _steps(board, y, content)
    y = _cards(board, y, content.parts, _PARTS) + 34
    y = _section(board, y, content.conditions_title, "what the research found under each condition")
    y = _cards(board, y, content.conditions, (_CONDITION,)) + _GAP
    y = _continuum(board, y, content) + 44
    y = _section(board, y, "Models of deployment", "with the features of the summary table")
    y = _cards(board, y, content.models, _MODELS) + 30
    y = _legend(board, y)
    return board.svg(
        y,
        title="The Advanced Practitioner framework",
        description=_description(content),
        background=_PAPER,
        border=_LINE,
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _title(board: Board, content: Content) -> float:
    board.text(_MARGIN, 56, "The Advanced Practitioner (AP) framework", _TITLE)
    board.text(
        _WIDTH - _MARGIN, 54, f"drawn by apgraph from its ontology, {content.version}", _NOTE, anchor="end"
    )
    return 76


def _section(board: Board, y: float, title: str, note: str) -> float:
    baseline = y + 26
    words = [Word(_capital(title), _SECTION), Word(f"– {note}", _NOTE)]
    board.line(_MARGIN, baseline, words)
    return baseline + 16


def _steps(board: Board, y: float, content: Content) -> float:
    """Draw communities, the AP and the organisation, joined by what the claims say."""
    height, radius, centre = 76.0, 60.0, _WIDTH / 2
    middle = y + radius
    width = 330.0
    right = _WIDTH - _MARGIN - width
    joins = content.steps
    ends = ((float(_MARGIN), joins[0].subject, content.outside), (right, joins[1].target, content.inside))
    for x, name, face in ends:
        board.rectangle(x, middle - height / 2, width, height, fill=_WHITE, stroke=_ROLE, radius=height / 2)
        board.text(x + width / 2, middle - 4, _capital(name), Style(16, INK, bold=True), anchor="middle")
        faces = f"{face.text} {' '.join(face.claims)}"
        board.text(x + width / 2, middle + 18, faces, _NOTE, anchor="middle")
    for start, end, step in (
        (_MARGIN + width, centre - radius, joins[0]),
        (centre + radius, right, joins[1]),
    ):
        board.arrow(start + 8, end - 8, middle, colour=_ROLE)
        board.text(
            (start + end) / 2, middle - 12, step.relation, Style(14, INK, italic=True), anchor="middle"
        )
        board.text((start + end) / 2, middle + 20, " ".join(step.claims), _CLAIM, anchor="middle")
    board.circle(centre, middle, radius, fill=_ROLE)
    words = [Word(word, Style(15, _WHITE, bold=True)) for word in _capital(joins[0].target).split()]
    for index, word in enumerate(words):
        offset = (index - (len(words) - 1) / 2) * 20 + 5
        board.text(centre, middle + offset, word.text, word.style, anchor="middle")
    return y + 2 * radius + _GAP


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of a card: its words, and whether it begins or continues an item; without words a small gap."""

    words: tuple[Word, ...] = ()
    begins: bool = False
    item: bool = False

    @property
    def height(self) -> float:
        return _LEADING if self.words else _LEADING * 0.45


def _words(item: Item, *, hedged: bool) -> list[Word]:
    words = [Word(word, _BODY) for word in item.text.split()]
    if item.hedge and hedged:
        words.append(Word(f"({item.hedge})", _HEDGE))
    return words + [Word(claim, _CLAIM) for claim in item.claims]


def _layout(card: Card, width: float) -> list[_Line]:
    inner = width - 2 * _PAD
    lines: list[_Line] = []
    if card.unnamed:
        note = [
            Word(word, _HEADING)
            for word in ["names", "on", "the", "diagram", "only,", "not", "in", "the", "text"]
        ]
        lines += [_Line(tuple(line)) for line in wrap(note, inner)]
    for group in card.groups:
        if lines:
            lines.append(_Line())
        # A hedge that all items share is said once.
        hedges = {item.hedge for item in group.items}
        shared = len(hedges) == 1 and len(group.items) > 1 and bool(group.heading)
        heading = [Word(word, _HEADING) for word in group.heading.split()]
        heading += [Word(f"({hedge})", _HEDGE) for hedge in hedges if shared and hedge]
        lines += [_Line(tuple(line)) for line in wrap(heading, inner)]
        for item in group.items:
            broken = _kept_together(wrap(_words(item, hedged=not shared), inner - _INDENT))
            lines += [_Line(tuple(line), begins=not index, item=True) for index, line in enumerate(broken)]
    return lines


def _kept_together(lines: list[list[Word]]) -> list[list[Word]]:
    """Move words down to claims and hedges that would stand on a line by themselves."""
    aside = (_CLAIM, _HEDGE)
    while len(lines) > 1 and len(lines[-2]) > 1 and all(word.style in aside for word in lines[-1]):
        lines[-1].insert(0, lines[-2].pop())
    return lines


def _cards(board: Board, y: float, cards: Sequence[Card], colours: Sequence[str]) -> float:
    """Draw cards side by side, all as high as the highest; return the y below them."""
    width = (_WIDTH - 2 * _MARGIN - _GAP * (len(cards) - 1)) / len(cards)
    layouts = [_layout(card, width) for card in cards]
    height = _HEAD + 2 * _PAD + max((sum(line.height for line in lines) for lines in layouts), default=0) - 4
    for index, (card, lines, colour) in enumerate(zip(cards, layouts, cycle(colours), strict=False)):
        x = _MARGIN + index * (width + _GAP)
        board.rectangle(x, y, width, height, fill=_WHITE, stroke=colour, dashed=card.unnamed)
        board.header(x, y, width, _HEAD, fill=colour)
        board.text(x + _PAD, y + 23, _capital(card.title), _CARD)
        baseline = y + _HEAD + _PAD + 12
        for line in lines:
            if line.begins:
                board.text(x + _PAD, baseline, "•", _BODY)
            if line.words:
                board.line(x + _PAD + (_INDENT if line.item else 0), baseline, line.words)
            baseline += line.height
    return y + height


def _continuum(board: Board, y: float, content: Content) -> float:
    low, high = content.poles
    style = Style(15, _WHITE, bold=True)
    board.bar(_MARGIN, y, _WIDTH - 2 * _MARGIN, 34, left=_SURVIVING, right=_THRIVING)
    board.text(_MARGIN + 20, y + 22, _capital(low), style)
    board.text(_WIDTH - _MARGIN - 20, y + 22, _capital(high), style, anchor="end")
    note = f"{content.continuum}: two poles, no scale"
    board.text(_WIDTH / 2, y + 22, note, Style(14, _WHITE), anchor="middle")
    return y + 34


def _legend(board: Board, y: float) -> float:
    board.rectangle(_MARGIN, y - 11, 26, 14, fill="none", stroke=MUTED, radius=4, dashed=True)
    board.text(_MARGIN + 36, y, "the source shows the set and names no member in its text", _NOTE)
    board.text(_WIDTH / 2 + 10, y, "C034: claim of the source", _NOTE)
    board.text(_WIDTH / 2 + 190, y, "R02: reading by the curator", _NOTE)
    board.text(
        _WIDTH - _MARGIN, y, "(may): hedge of the source", Style(13, "#9a3412", italic=True), anchor="end"
    )
    return y + 28


def _description(content: Content) -> str:
    """Return in words what the picture shows, for those who do not see it."""
    steps = [f"{step.subject} {step.relation} {step.target}" for step in content.steps]
    steps += [
        f"{content.steps[0].subject}: {content.outside.text}",
        f"{content.steps[1].target}: {content.inside.text}",
    ]
    parts = [*content.parts, *content.conditions, *content.models]
    cards = []
    for card in parts:
        said = [
            f"{group.heading} {', '.join(f'{i.text} ({i.hedge})' if i.hedge else i.text for i in group.items)}".strip()
            for group in card.groups
        ]
        unnamed = ["names not in the text of the source"] if card.unnamed else []
        cards.append(f"{_capital(card.title)}: {'; '.join([*unnamed, *said])}")
    continuum = (
        f"{_capital(content.continuum)} from {content.poles[0]} to {content.poles[1]}, without a scale"
    )
    return ". ".join([*map(_capital, steps), *cards, continuum]) + "."
