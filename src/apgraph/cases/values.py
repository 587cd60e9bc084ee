"""What a cell says, in one spelling: shares, numbers, yes and no; dates have :mod:`apgraph.cases.dates`."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import Final

from pyoxigraph import Literal, NamedNode

from apgraph.vocabulary import PREFIXES

__all__ = ["literal_text", "number_text", "share_text", "tidy", "typed"]

_XSD: Final = PREFIXES["xsd"]
_DATE: Final = NamedNode(_XSD + "date")
_MONTH: Final = NamedNode(_XSD + "gYearMonth")
_YEAR: Final = NamedNode(_XSD + "gYear")
_DECIMAL: Final = NamedNode(_XSD + "decimal")
_INTEGER: Final = NamedNode(_XSD + "integer")
_BOOLEAN: Final = NamedNode(_XSD + "boolean")

_SPACES: Final = re.compile(r"[\s\u00a0\u2007\u202f\ufeff\u200b]+")
_EDGES: Final = " \t\r\n\u00a0\u2007\u202f\ufeff\u200b"
_PLAIN_NUMBER: Final = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d+)?(?:[eE][+-]?\d{1,3})?")


def tidy(text: str, *, inside: bool = False) -> str:
    r"""Return a text without stray spaces at its ends, and with single ones inside if asked.

    >>> tidy("  obs-1\u00a0"), tidy(" peer  working ", inside=True)
    ('obs-1', 'peer working')
    """
    stripped = text.replace("\0", "").strip(_EDGES)
    return _SPACES.sub(" ", stripped) if inside else stripped


def number_text(text: str) -> str | None:
    """Return a number without thousands' commas and idle noughts, or None where the text is none.

    >>> [number_text(t) for t in ("1,200", "0.50", "-3", "1E2", "three")]
    ['1200', '0.5', '-3', '100', None]
    """
    if not text or not _PLAIN_NUMBER.fullmatch(text):
        return None
    try:
        number = Decimal(text.replace(",", ""))
    except InvalidOperation:
        return None
    if abs(number.adjusted()) > 300:
        return None
    plain = f"{number.normalize():f}"
    return "0" if plain in {"-0", "0"} else plain


def share_text(text: str) -> str | None:
    """Return a share of one, or None where the text is no share between none and all.

    >>> [share_text(t) for t in ("40%", "0.4", "12.5 %", "1", "40")]
    ['0.4', '0.4', '0.125', '1', None]
    """
    percent = text.endswith("%")
    plain = number_text(text.rstrip("% ") if percent else text)
    if plain is None:
        return None
    share = Decimal(plain) / (100 if percent else 1)
    return number_text(str(share)) if 0 <= share <= 1 else None


def typed(text: str, kind: str) -> Literal:
    """Return a text in its one spelling as a literal of the datatype that its form calls for.

    Args:
        text: The text, as the other functions of this module give it.
        kind: ``"date"``, ``"number"``, ``"count"`` or ``"yes"``.

    >>> str(typed("2021-05", "date"))
    '"2021-05"^^<http://www.w3.org/2001/XMLSchema#gYearMonth>'
    """
    if kind == "date":
        return Literal(text, datatype={4: _YEAR, 7: _MONTH}.get(len(text), _DATE))
    if kind == "yes":
        return Literal("true" if text == "yes" else "false", datatype=_BOOLEAN)
    return Literal(text, datatype=_INTEGER if kind == "count" else _DECIMAL)


def literal_text(literal: Literal) -> str:
    """Return what a cell shows of a literal.

    >>> literal_text(Literal(True)), literal_text(Literal("0.40", datatype=_DECIMAL))
    ('yes', '0.4')
    """
    value, datatype = literal.value, literal.datatype
    if datatype == _BOOLEAN:
        return {"true": "yes", "1": "yes", "false": "no", "0": "no"}.get(value, value)
    if datatype in {_DECIMAL, _INTEGER}:
        return number_text(value) or value
    return value
