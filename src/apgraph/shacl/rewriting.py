"""Which literals a remote service has rewritten: it may keep values, as ``"1"`` for ``"01"``, and not what was written.

A service is asked for some literals that an engine might rewrite. Where it gives back others, values of the datatypes
that come back may have been written in another way, or been of another datatype, and constraints that depend on that
can't tell. One that rewrites only what it loads is found out by what it has: it answers to another spelling of that.
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

__all__ = ["NOTHING", "Rewritten", "doubtful_properties", "is_rewritable", "respelt_there", "spellings"]

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
_MOMENTS: Final = frozenset(
    ("date", "dateTime", "dateTimeStamp", "time", "gYear", "gYearMonth", "gMonth", "gMonthDay", "gDay")
)
_BOOLEANS: Final = {"true": "1", "1": "true", "false": "0", "0": "false"}
_DURATIONS: Final = {
    "duration": (("P0Y", "", {"Y"}), ("P", "0M", {"M", "D", "T"})),
    "yearMonthDuration": (("P0Y", "", {"Y"}), ("P", "0M", {"M"})),
    "dayTimeDuration": (("P0D", "", {"D"}), ("P", "T0S", {"T"})),
}
"""What takes the place of P, and what is added, for a text that has none of some letters."""

_NUMBERS: Final = frozenset(probe.datatype.value for probe in _PROBES) - {
    _XSD + name for name in ("boolean", *_MOMENTS)
}
_PROBED: Final = frozenset(probe.datatype.value for probe in _PROBES) | {
    _XSD + name for name in (*_MOMENTS, *_DURATIONS)
}
"""All that an engine may rewrite. Not each is probed by itself: Virtuoso refuses a query that names some of them."""


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
    rewritten |= Rewritten(respelt_there(select, _PROBED - rewritten.respelt))
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


def respelt_there(select: Callable[[str], Solutions], kinds: frozenset[str]) -> frozenset[str]:
    """Return the datatypes of which a literal that is there is found by a spelling that is not there, too.

    Args:
        select: What asks the service.
        kinds: The datatypes that are asked about.
    """
    listed = ", ".join(f"<{kind}>" for kind in sorted(kinds))
    try:
        rows = select(
            "SELECT ?kind (SAMPLE(?o) AS ?one) WHERE { ?s ?p ?o BIND(DATATYPE(?o) AS ?kind) "
            f'FILTER(?kind IN ({listed})) BIND(STRENDS(STR(?o), "Z") AS ?utc) }} GROUP BY ?kind ?utc'
        )
        samples = [row[1] for row in rows if isinstance(row[1], Literal)]
        others = [other for sample in samples for other in spellings(sample)]
        asked = " UNION ".join(f"{{ ?s ?p {other} BIND({n} AS ?n) }}" for n, other in enumerate(others))
        met = select(f"SELECT DISTINCT ?n WHERE {{ {asked} }}") if asked else ()
        found = [others[int(row[0].value)] for row in met if isinstance(row[0], Literal)]
        there = " || ".join(
            f"(DATATYPE(?o) = {other.datatype} && STR(?o) = {Literal(other.value)})" for other in found
        )
        written = (
            select(f"SELECT DISTINCT (STR(?o) AS ?text) WHERE {{ ?s ?p ?o FILTER({there}) }}")
            if there
            else ()
        )
        texts = {row[0].value for row in written if row[0] is not None}
    except NotFinishedError:
        return kinds
    respelt = {other.datatype.value for other in found if other.value not in texts}
    # Jena's TDB2 gives 1.50 back as 1.5, and finds it by neither: who respells one sort of number respells others.
    return frozenset(respelt | (_NUMBERS & kinds if respelt & _NUMBERS else set()))


def spellings(literal: Literal) -> tuple[Literal, ...]:
    """Return the value of a literal in other spellings, such as hardly anybody writes; none where it has no other.

    >>> def of(name, text):
    ...     return [other.value for other in spellings(Literal(text, datatype=NamedNode(_XSD + name)))]
    >>> of("integer", "-1"), of("boolean", "true"), of("date", "2020-01-01"), of("decimal", "1.5")
    (['-000001'], ['1'], [], ['000001.5', '1.500000'])
    >>> of("dateTime", "2020-01-01T00:00:00Z")
    ['2020-01-01T00:00:00.00000Z', '2020-01-01T00:00:00-00:00']
    >>> of("duration", "-P1D"), of("dayTimeDuration", "PT1H"), of("yearMonthDuration", "P1Y")
    (['-P0Y1D'], ['P0DT1H'], ['P1Y0M'])
    """
    name, text = literal.datatype.value.removeprefix(_XSD), literal.value
    found: list[str] = []
    if name == "boolean":
        found += [_BOOLEANS[text]] if text in _BOOLEANS else []
    elif name.endswith("uration"):
        found += [
            text.replace("P", more[0]) + more[1] for more in _DURATIONS[name] if not more[2] & set(text)
        ][:1]
    elif name in _MOMENTS:
        if time := re.fullmatch(r"(.*:[0-9]{2})(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})?", text):
            found.append(f"{time[1]}{time[2] or '.'}{'00000'}{time[3] or ''}")
        if zone := re.fullmatch(r"(.*)(?:Z|\+00:00)", text):
            found.append(f"{zone[1]}-00:00")
    elif number := re.fullmatch("([+-]?)([0-9][0-9.eE+-]*)", text):
        found.append(f"{number[1]}00000{number[2]}")
        if name == "decimal":
            found.append(text + ("" if "." in text else ".") + "00000")
    return tuple(Literal(other, datatype=literal.datatype) for other in found)
