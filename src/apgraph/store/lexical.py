"""Whether a text is one that a datatype has: https://www.w3.org/TR/xmlschema11-2/, as regular expressions.

They use nothing that any engine's expressions lack, and see leap years, so that all engines agree. The SHACL
specification asks for the datatypes of SPARQL 1.1; the other common ones of XML Schema are here, too.
"""

from __future__ import annotations

from typing import Final

from pyoxigraph import Literal

from apgraph.store.integers import INTEGERS, bounds

__all__ = ["ill_formed", "is_checked"]

_XSD: Final = "http://www.w3.org/2001/XMLSchema#"

_YEAR: Final = "-?([1-9][0-9]{3,}|0[0-9]{3})"
_MONTH_DAY: Final = (
    "((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-8]))"
)
_LEAP: Final = (
    "-?([1-9][0-9]*)?([0-9][0-9](0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)-02-29"
)
_DATE: Final = f"({_YEAR}-{_MONTH_DAY}|{_LEAP})"
_TIME: Final = r"(([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]+)?|24:00:00(\.0+)?)"
_ZONE: Final = "(Z|[+-]((0[0-9]|1[0-3]):[0-5][0-9]|14:00))"
_FLOAT: Final = r"([+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?|[+-]?INF|NaN)"

_FORMS: Final = {
    "boolean": "true|false|0|1",
    "decimal": r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)",
    "integer": "[+-]?[0-9]+",
    "double": _FLOAT,
    "float": _FLOAT,
    "dateTime": f"{_DATE}T{_TIME}{_ZONE}?",
    "dateTimeStamp": f"{_DATE}T{_TIME}{_ZONE}",
    "date": f"{_DATE}{_ZONE}?",
    "time": f"{_TIME}{_ZONE}?",
    "gYear": f"{_YEAR}{_ZONE}?",
    "gYearMonth": f"{_YEAR}-(0[1-9]|1[0-2]){_ZONE}?",
    "gMonth": f"--(0[1-9]|1[0-2]){_ZONE}?",
    "gDay": f"---(0[1-9]|[12][0-9]|3[01]){_ZONE}?",
    "gMonthDay": f"--({_MONTH_DAY}|02-29){_ZONE}?",
    "nonNegativeInteger": r"\+?[0-9]+|-0+",
    "positiveInteger": r"\+?0*[1-9][0-9]*",
    "nonPositiveInteger": r"-[0-9]+|\+?0+",
    "negativeInteger": "-0*[1-9][0-9]*",
    "hexBinary": "([0-9a-fA-F]{2})*",
}
# Of the types with two bounds the text alone does not tell: its number has to be within them, too.
_BOUNDED: Final = frozenset(INTEGERS) - frozenset(_FORMS)


def is_checked(datatype: str) -> bool:
    """Tell whether literals of a datatype are looked at for their text.

    >>> is_checked(_XSD + "date"), is_checked(_XSD + "string")
    (True, False)
    """
    name = datatype.removeprefix(_XSD)
    return datatype.startswith(_XSD) and (name in _FORMS or name in _BOUNDED)


def ill_formed(text: str, datatype: str) -> str | None:
    """Return an expression that is true where a text is none of a datatype's; None where any text is.

    >>> print(ill_formed("STR(?v)", "http://www.w3.org/2001/XMLSchema#integer"))
    !REGEX(STR(?v), "^([+-]?[0-9]+)$")
    """
    if not is_checked(datatype):
        return None
    name = datatype.removeprefix(_XSD)
    form = _FORMS.get(name, _FORMS["integer"])
    test = f"!REGEX({text}, {Literal(f'^({form})$')})"
    if name in _BOUNDED:
        # A number that no decimal of the engine can hold is out of every range.
        inside = f"COALESCE({' && '.join(bounds(f'<{_XSD}decimal>({text})', name))}, false)"
        return f"{test} || !{inside}"
    return test
