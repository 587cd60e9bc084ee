"""Whether a text is one that a datatype has: https://www.w3.org/TR/xmlschema11-2/, as regular expressions.

They use nothing that any engine's expressions lack, and see leap years, so that all engines agree. The SHACL
specification asks for the datatypes of SPARQL 1.1; the other common ones of XML Schema are here, too. No regular
expression tells whether a text is XML: :func:`is_xml` does.
"""

from __future__ import annotations

from typing import Final

from pyoxigraph import Literal

from apgraph.store.integers import INTEGERS, bounds

__all__ = ["XML_LITERAL", "ill_formed", "is_checked", "is_xml"]

XML_LITERAL: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#XMLLiteral"

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
_SECONDS: Final = r"[0-9]+(\.[0-9]+)?S"
_HOURS: Final = f"T([0-9]+H([0-9]+M)?({_SECONDS})?|[0-9]+M({_SECONDS})?|{_SECONDS})"
_MONTHS: Final = "[0-9]+Y([0-9]+M)?|[0-9]+M"
_DAYS: Final = f"[0-9]+D({_HOURS})?|{_HOURS}"
_BASE64: Final = "[A-Za-z0-9+/] ?"
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
    # The last letter before "=" has no bits but those that count.
    "base64Binary": (
        f"(({_BASE64}){{4}})*(({_BASE64}){{3}}[A-Za-z0-9+/]|({_BASE64}){{2}}[AEIMQUYcgkosw048] ?=|{_BASE64}[AQgw] ?= ?=)"
        "|"
    ),
    "duration": f"-?P(({_MONTHS})({_DAYS})?|{_DAYS})",
    "dayTimeDuration": f"-?P({_DAYS})",
    "yearMonthDuration": f"-?P({_MONTHS})",
    "language": "[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*",
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


def is_xml(text: str) -> bool:
    """Tell whether a text is what an rdf:XMLLiteral may hold, see https://www.w3.org/TR/rdf11-concepts/#section-XMLLiteral.

    That is the content of an element. It can declare no entities, and nothing outside of it is looked at.

    >>> is_xml("a <b/>"), is_xml("<b>"), is_xml("&b;"), is_xml("</b><b>")
    (True, False, False, False)
    """
    from xml.parsers.expat import ExpatError, ParserCreate

    depth = 0

    def opened(*_: object) -> None:
        nonlocal depth
        depth += 1

    def closed(_: str) -> None:
        nonlocal depth
        depth -= 1

    parser = ParserCreate("utf-8", " ")
    parser.StartElementHandler = opened
    parser.EndElementHandler = closed
    try:
        parser.Parse("<content>", False)
        parser.Parse(text.encode(), False)
        whole = depth == 1
        parser.Parse("</content>", True)
    except ExpatError:
        return False
    return whole
