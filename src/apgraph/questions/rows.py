"""Rows of an answer: Python values for literals, terms with label and short name for IRIs."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Final, TypeAlias, overload

from pyoxigraph import BlankNode, NamedNode

from apgraph.lexicon import curie
from apgraph.vocabulary import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from apgraph.lexicon import Lexicon
    from apgraph.store import Solutions, Term

__all__ = ["Iri", "Row", "Rows", "Value", "plain", "python_value", "rows_of"]

_XSD: Final = PREFIXES["xsd"]
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Iri:
    """A term in a row.

    >>> str(Iri("https://w3id.org/apgraph/ref/coaching", "apgx:coaching", "coaching"))
    'coaching'
    """

    iri: str
    curie: str
    label: str
    """The name in words; empty where the term has none."""

    def __str__(self) -> str:
        return self.label or self.curie


Value: TypeAlias = Iri | str | int | float | Decimal | bool | datetime.date | datetime.datetime | None


class Row(Mapping[str, Value]):
    """One row of an answer: column to value, in the order of the columns.

    >>> row = Row(("model", "claims"), (None, 3))
    >>> row["claims"], dict(row)
    (3, {'model': None, 'claims': 3})
    """

    __slots__ = ("_columns", "_values")

    def __init__(self, columns: tuple[str, ...], values: tuple[Value, ...]) -> None:
        self._columns = columns
        self._values = values

    def __getitem__(self, column: str) -> Value:
        try:
            return self._values[self._columns.index(column)]
        except ValueError:
            raise KeyError(column) from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Row):
            return self._columns == other._columns and self._values == other._values
        return super().__eq__(other)

    def __hash__(self) -> int:
        return hash((self._columns, self._values))

    def __repr__(self) -> str:
        return "Row(" + ", ".join(f"{c}={v}" for c, v in self.items()) + ")"

    @property
    def cells(self) -> tuple[Value, ...]:
        """The values alone."""
        return self._values


class Rows(Sequence[Row]):
    """What holds rows, as a sequence of them; true with or without rows, since len() tells how many."""

    __slots__ = ()

    rows: tuple[Row, ...]

    def __len__(self) -> int:
        return len(self.rows)

    def __bool__(self) -> bool:
        return True

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    @overload
    def __getitem__(self, index: int) -> Row: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Row, ...]: ...
    def __getitem__(self, index: int | slice) -> Row | tuple[Row, ...]:
        return self.rows[index]


def _boolean(text: str) -> bool:
    if text not in {"true", "false", "1", "0"}:
        raise ValueError(text)
    return text in {"true", "1"}


def _decimal(text: str) -> Decimal:
    return Decimal(text)


def _date(text: str) -> datetime.date:
    # Only the plain form: fromisoformat also reads week dates, and a date with a time zone has no Python type.
    if not _DAY.fullmatch(text):
        raise ValueError(text)
    return datetime.date.fromisoformat(text)


def _datetime(text: str) -> datetime.datetime:
    if "T" not in text:
        raise ValueError(text)
    return datetime.datetime.fromisoformat(text)


_INTEGERS: Final = (
    "integer", "int", "long", "short", "byte", "nonNegativeInteger", "positiveInteger", "nonPositiveInteger",
    "negativeInteger", "unsignedLong", "unsignedInt", "unsignedShort", "unsignedByte",
)  # fmt: skip
_PYTHON: Final[dict[str, Callable[[str], Value]]] = {
    **{_XSD + name: int for name in _INTEGERS},
    _XSD + "decimal": _decimal,
    _XSD + "double": float,
    _XSD + "float": float,
    _XSD + "boolean": _boolean,
    _XSD + "date": _date,
    _XSD + "dateTime": _datetime,
    _XSD + "dateTimeStamp": _datetime,
}


def python_value(term: Term | None, labels: Mapping[str, str]) -> Value:
    """Return the Python value of a term; an ill-typed literal gives its text, as does an unknown datatype.

    >>> from pyoxigraph import Literal
    >>> python_value(Literal("4", datatype=NamedNode(_XSD + "integer")), {})
    4
    >>> python_value(Literal("four", datatype=NamedNode(_XSD + "integer")), {})
    'four'
    """
    if term is None:
        return None
    if isinstance(term, NamedNode):
        return Iri(term.value, curie(term.value), labels.get(term.value, ""))
    if isinstance(term, BlankNode):
        return Iri(f"_:{term.value}", f"_:{term.value}", "")
    convert = _PYTHON.get(term.datatype.value)
    if convert is None:
        return term.value
    try:
        return convert(term.value)
    except (ValueError, InvalidOperation):
        return term.value


def rows_of(solutions: Solutions, lexicon: Lexicon, columns: Sequence[str] | None = None) -> tuple[Row, ...]:
    """Return the solutions as rows, with the labels of all their terms read by one query.

    Args:
        solutions: What the store gave.
        lexicon: Where labels come from.
        columns: Variables to keep, in this order; all by default.
    """
    names = tuple(solutions.variables if columns is None else columns)
    at = [solutions.variables.index(name) for name in names]
    picked = [tuple(row[i] for i in at) for row in solutions.rows]
    labels = lexicon.labels(term.value for row in picked for term in row if isinstance(term, NamedNode))
    return tuple(Row(names, tuple(python_value(term, labels) for term in row)) for row in picked)


def plain(value: Value) -> str | int | float | bool | None:
    """Return a value as JSON can hold it: a term as its short name, a date and a decimal as text.

    >>> plain(Iri("https://w3id.org/apgraph/ref/coaching", "apgx:coaching", "coaching")), plain(Decimal("1.50"))
    ('apgx:coaching', '1.50')
    """
    if isinstance(value, Iri):
        return value.curie
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, float):
        # JSON has neither infinity nor NaN.
        return value if json.dumps(value) not in {"NaN", "Infinity", "-Infinity"} else str(value)
    return value
