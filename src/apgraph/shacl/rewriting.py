"""Which literals a remote service has rewritten: it may keep values, as ``"1"`` for ``"01"``, and not what was written.

A service is asked for some literals that an engine might rewrite. Where it gives back others, values of the datatypes
that come back may have been written in another way, or been of another datatype, and constraints that depend on that
can't tell. One that rewrites only what it loads is found out by its numbers: it answers to another spelling of them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal, NamedNode

from apgraph.errors import NotFinishedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from apgraph.shacl.report import Term
    from apgraph.store import Solutions

__all__ = ["NOTHING", "Rewritten", "doubtful_properties", "is_rewritable"]

_XSD: Final = "http://www.w3.org/2001/XMLSchema#"
_PROBES: Final = tuple(
    Literal(text, datatype=NamedNode(_XSD + name))
    for name, text in (
        *(
            (name, "01")
            for name in ("integer", "positiveInteger", "nonNegativeInteger", "byte", "short", "int", "long")
        ),
        *((name, "1") for name in ("positiveInteger", "nonNegativeInteger", "byte", "short", "int", "long")),
        *(
            (name, "1")
            for name in ("unsignedByte", "unsignedShort", "unsignedInt", "unsignedLong", "boolean", "float")
        ),
        *((name, "-1") for name in ("negativeInteger", "nonPositiveInteger")),
        ("decimal", "1.50"),
        ("double", "1.50"),
        ("dateTime", "2020-01-01T00:00:00.0Z"),
        ("dateTimeStamp", "2020-01-01T00:00:00Z"),
        ("date", "2020-01-01+00:00"),
        ("time", "00:00:00.0Z"),
    )
)


_NUMBERS: Final = frozenset(
    _XSD + name
    for name in (
        *("integer", "decimal", "double", "float", "byte", "short", "int", "long"),
        *("unsignedByte", "unsignedShort", "unsignedInt", "unsignedLong"),
        *("positiveInteger", "nonNegativeInteger", "negativeInteger", "nonPositiveInteger"),
    )
)
_PROBED: Final = frozenset(probe.datatype.value for probe in _PROBES)


def is_rewritable(term: Term) -> bool:
    """Tell whether an engine might give another literal for a term.

    >>> is_rewritable(Literal(1)), is_rewritable(Literal("1")), is_rewritable(NamedNode("urn:a"))
    (True, False, False)
    """
    return isinstance(term, Literal) and term.datatype.value in _PROBED


@dataclass(frozen=True, slots=True)
class Rewritten:
    """Datatypes whose literals may have been something else.

    Attributes:
        respelt: Those that may have been written in another way.
        retyped: Those that may have been of another datatype.
    """

    respelt: frozenset[str] = frozenset()
    retyped: frozenset[str] = frozenset()

    def __and__(self, kinds: frozenset[str]) -> Rewritten:
        return Rewritten(self.respelt & kinds, self.retyped & kinds)

    def __or__(self, other: Rewritten) -> Rewritten:
        return Rewritten(self.respelt | other.respelt, self.retyped | other.retyped)


NOTHING: Final = Rewritten()


def doubtful_properties(select: Callable[[str], Solutions]) -> Mapping[str, Rewritten]:
    """Return the properties with values that the service may have rewritten, each with their datatypes.

    Args:
        select: What asks the service.
    """
    rewritten = _rewritten(select)
    rewritten |= Rewritten(_respelt_numbers(select, _NUMBERS - rewritten.respelt))
    if not rewritten.respelt:
        return {}
    kinds = ", ".join(f"<{kind}>" for kind in sorted(rewritten.respelt))
    rows = select(
        f"SELECT DISTINCT ?p (DATATYPE(?o) AS ?kind) WHERE {{ ?s ?p ?o FILTER(DATATYPE(?o) IN ({kinds})) }}"
    )
    return _together(
        (row[0].value, rewritten & frozenset({row[1].value}))
        for row in rows
        if isinstance(row[0], NamedNode) and isinstance(row[1], NamedNode)
    )


def _together(pairs: Iterable[tuple[str, Rewritten]]) -> Mapping[str, Rewritten]:
    """Put what is known of one property together."""
    found: dict[str, Rewritten] = {}
    for name, rewritten in pairs:
        found[name] = found.get(name, NOTHING) | rewritten
    return found


def _rewritten(select: Callable[[str], Solutions]) -> Rewritten:
    lines = " ".join(f'("{number}" {literal})' for number, literal in enumerate(_PROBES))
    try:
        rows = select(f"SELECT ?n ?o WHERE {{ VALUES (?n ?o) {{ {lines} }} }}").rows
    except NotFinishedError:  # nothing is known, so anything may be
        return Rewritten(_PROBED, _PROBED)
    answers = {row[0].value: row[1] for row in rows if row[0] is not None and isinstance(row[1], Literal)}
    changed = [
        (probe, answer)
        for number, probe in enumerate(_PROBES)
        if isinstance(answer := answers.get(str(number), probe), Literal) and answer != probe
    ]
    return Rewritten(
        frozenset(answer.datatype.value for _, answer in changed),
        frozenset(answer.datatype.value for probe, answer in changed if answer.datatype != probe.datatype),
    )


def _respelt_numbers(select: Callable[[str], Solutions], kinds: frozenset[str]) -> frozenset[str]:
    """Return the datatypes of which a number that is there is found by a spelling that nobody writes, too."""
    listed = ", ".join(f"<{kind}>" for kind in sorted(kinds))
    try:
        rows = select(
            "SELECT ?kind (SAMPLE(?o) AS ?one) WHERE { ?s ?p ?o BIND(DATATYPE(?o) AS ?kind) "
            f"FILTER(?kind IN ({listed})) }} GROUP BY ?kind"
        )
        other = [_with_zeros(row[1]) for row in rows if isinstance(row[1], Literal)]
        asked = " UNION ".join(
            f"{{ ?s ?p {literal} BIND({literal.datatype} AS ?kind) }}"
            for literal in other
            if literal is not None
        )
        found = select(f"SELECT DISTINCT ?kind WHERE {{ {asked} }}") if asked else ()
    except NotFinishedError:
        return kinds
    return frozenset(row[0].value for row in found if isinstance(row[0], NamedNode))


def _with_zeros(literal: Literal) -> Literal | None:
    number = re.fullmatch("([+-]?)([0-9][0-9.eE+-]*)", literal.value)
    return None if number is None else Literal(f"{number[1]}00000{number[2]}", datatype=literal.datatype)
