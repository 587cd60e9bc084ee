"""Table 8 of the rules of OWL 2 RL: which literals a datatype holds.

Literals have no triples of their own here (RDF allows them no subject), so the rules are conditions on the objects
of other triples: ``dt-type2`` says that a literal is of a datatype, ``dt-not-type`` that it can't be.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal, NamedNode, Variable

from apgraph.reasoning.rl.rule import TYPE, Condition, Rule, Term
from apgraph.reasoning.structure import OWL, RDF, RDFS, XSD
from apgraph.store.integers import INTEGERS, bounds
from apgraph.store.lexical import ill_formed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apgraph.reasoning.rl.schema import Schema

__all__ = ["datatype_rules", "holds", "is_datatype", "values_differ"]

_LITERAL: Final = RDFS + "Literal"
_OWN: Final = (
    *("decimal", "double", "float", "string", "boolean", "dateTime", "dateTimeStamp", "date", "gYear"),
    *("gYearMonth", "gMonthDay", "gMonth", "gDay", "time", "anyURI", "hexBinary", "base64Binary"),
    *("normalizedString", "token", "language", "Name", "NCName", "NMTOKEN"),
)
_PARTS: Final = {
    "string": ("normalizedString", "token", "language", "Name", "NCName", "NMTOKEN"),
    "normalizedString": ("token", "language", "Name", "NCName", "NMTOKEN"),
    "token": ("language", "Name", "NCName", "NMTOKEN"),
    "NMTOKEN": ("Name", "NCName"),
    "Name": ("NCName",),
    "dateTime": ("dateTimeStamp",),
    "decimal": tuple(INTEGERS),
}
"""Types whose values are all values of another."""
_SPELT: Final = ("anyURI", "base64Binary", "hexBinary")
"""Types whose values SPARQL does not compare: they differ where their spellings do."""

_NAMED: Final = r"\p{L}\p{M}\p{N}_.·\-"
_TEXTS: Final = {
    "normalizedString": r"^[^\t\r\n]*$",
    "token": r"^([^ \t\r\n]+( [^ \t\r\n]+)*)?$",
    "language": "^[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*$",
    "NMTOKEN": f"^[{_NAMED}:]+$",
    "Name": rf"^[\p{{L}}_:][{_NAMED}:]*$",
    "NCName": rf"^[\p{{L}}_][{_NAMED}]*$",
}
"""Which strings are of a narrower type."""

_X, _P, _Y, _C, _D = (Variable(name) for name in ("x", "p", "y", "c", "d"))


def is_datatype(term: Term) -> bool:
    """Tell whether a term is a datatype whose values are known here.

    >>> is_datatype(NamedNode(XSD + "integer")), is_datatype(NamedNode("urn:c"))
    (True, False)
    """
    return isinstance(term, NamedNode) and (
        term.value in (_LITERAL, RDF + "langString", RDF + "PlainLiteral", RDF + "XMLLiteral")
        or (term.value.startswith(XSD) and term.value[len(XSD) :] in {*INTEGERS, *_OWN})
    )


def holds(literal: Variable, datatype: Term) -> Condition:
    """Return the condition that a term is a literal whose value a datatype has (``dt-type2``).

    >>> holds(Variable("y"), NamedNode(XSD + "string")).expression[:15]
    'isLiteral(?y) &'
    """
    return Condition(f"isLiteral({literal}) && ({_within(literal, datatype)})", (literal,))


def values_differ(one: Variable, other: Variable) -> Condition:
    """Return the condition that two terms are literals of different values (``dt-diff``).

    Numbers of ``xsd:double``, of ``xsd:float`` and of all other types are never the same, as the value spaces of
    `OWL 2 <https://www.w3.org/TR/owl2-syntax/#Real_Numbers.2C_Decimal_Numbers.2C_and_Integers>`_ have it, though
    SPARQL compares them. Of datatypes that are not known, nothing is said but what SPARQL says.

    >>> "isLiteral(?y) && isLiteral(?z)" in values_differ(Variable("y"), Variable("z")).expression
    True
    """
    known = f"{_named(*INTEGERS, *_OWN)} , <{RDF}langString>"
    apart = f"{_space(one)} != {_space(other)}"
    spelt = f"DATATYPE({one}) IN ({_named(*_SPELT)}) && {_spelling(one)} != {_spelling(other)}"
    return Condition(
        f"isLiteral({one}) && isLiteral({other}) && ({one} != {other} || (DATATYPE({one}) IN ({known}) "
        f"&& DATATYPE({other}) IN ({known}) && ({apart} || ({spelt}))))",
        (one, other),
    )


def _named(*names: str) -> str:
    return " , ".join(f"<{XSD}{name}>" for name in names)


def _space(literal: Variable) -> str:
    """Return the expression that names the value space of a literal: a datatype of which its own is a part."""
    found = f"STR(DATATYPE({literal}))"
    for whole in ("string", "dateTime", "decimal"):
        found = f'IF(DATATYPE({literal}) IN ({_named(whole, *_PARTS[whole])}), "{XSD}{whole}", {found})'
    return found


def _spelling(literal: Variable) -> str:
    """Return the expression for the spelling of a value that has just one, but for case and white space."""
    spelt = f'REPLACE(STR({literal}), "[ \\\\t\\\\r\\\\n]", "")'
    return f"IF(DATATYPE({literal}) = <{XSD}hexBinary>, UCASE({spelt}), {spelt})"


def _within(literal: Variable, datatype: Term) -> str:
    iri = datatype.value if isinstance(datatype, NamedNode) else ""
    if iri == _LITERAL:
        return "true"
    if iri == RDF + "langString":
        return f'LANG({literal}) != ""'
    if iri == RDF + "PlainLiteral":
        return f'LANG({literal}) != "" || {_is_text(literal)}'
    if iri == RDF + "XMLLiteral":
        return f"DATATYPE({literal}) = <{iri}>"
    name = iri[len(XSD) :]
    if name in INTEGERS:
        # A value is an integer however it is written; some stores make every such type xsd:integer.
        whole = " , ".join(f"<{XSD}{each}>" for each in (*INTEGERS, "decimal"))
        conditions = [
            f"DATATYPE({literal}) IN ({whole})",
            f"<{XSD}decimal>({literal}) = FLOOR(<{XSD}decimal>({literal}))",
            *bounds(str(literal), name),
        ]
        return " && ".join(conditions)
    if name == "dateTimeStamp":
        return f'DATATYPE({literal}) IN ({_named("dateTime", name)}) && TZ({literal}) != ""'
    types = f"DATATYPE({literal}) IN ({_named(name, *_PARTS.get(name, ()))})"
    if name in _TEXTS:
        # A string is of a narrower type if it is written so, whatever its own type.
        return f"{types} || {_is_text(literal)} && REGEX(STR({literal}), {Literal(_TEXTS[name])})"
    return types


def _is_text(literal: Variable) -> str:
    return f"DATATYPE({literal}) IN ({_named('string', *_PARTS['string'])})"


def _lacks(literal: Variable, datatype: Term) -> Condition:
    # What OWL 2 RL has not, and RDF writes in another way, may have any value.
    known = f"DATATYPE({literal}) NOT IN (<{OWL}real> , <{OWL}rational> , <{RDF}PlainLiteral>)"
    return Condition(f"isLiteral({literal}) && {known} && !({_within(literal, datatype)})", (literal,))


def _has_no_value(literal: Variable) -> Condition:
    """Return the condition that a literal's text is none that its datatype has."""
    wrong = [
        f"DATATYPE({literal}) = <{XSD}{name}> && ({test})"
        for name in (*INTEGERS, *_OWN)
        if (test := ill_formed(f"STR({literal})", XSD + name)) is not None
    ]
    # Most literals are text, which is any, or numbers that the engine knows. Engines look at both sides of &&, not of IF.
    seen = f"isLiteral({literal}) && !isNumeric({literal})"
    seen += f" && DATATYPE({literal}) NOT IN (<{XSD}string> , <{RDF}langString>)"
    return Condition(f"IF({seen}, {' || '.join(wrong)}, false)", (literal,))


def datatype_rules(schema: Schema) -> Iterator[Rule]:
    """Yield ``dt-not-type``: a literal without a value, or one that a range, or a restriction, puts where it isn't.

    ``dt-type1`` says nothing about data; ``dt-eq`` depends on it, see :mod:`apgraph.reasoning.rl.values`.
    """
    link = (_X, _P, _Y)
    yield Rule("dt-not-type", (link,), None, conditions=(_has_no_value(_Y),))
    for datatype in sorted({target for _, target in schema.pairs("range") if is_datatype(target)}, key=str):
        rows = tuple(pair for pair in schema.pairs("range") if pair[1] == datatype)
        axiom = (_P, NamedNode(RDFS + "range"), _D)
        yield Rule("dt-not-type", (link,), None, (_P, _D), rows, (axiom,), conditions=(_lacks(_Y, datatype),))
    for datatype in sorted(
        {target for _, target in schema.pairs("allValuesFrom") if is_datatype(target)}, key=str
    ):
        found = tuple(
            (of, datatype, on)
            for of, target in schema.pairs("allValuesFrom")
            if target == datatype
            for on in schema.objects(of, "onProperty")
        )
        axioms = ((_C, NamedNode(OWL + "allValuesFrom"), _D), (_C, NamedNode(OWL + "onProperty"), _P))
        yield Rule(
            "dt-not-type",
            ((_X, TYPE, _C), link),
            None,
            (_C, _D, _P),
            found,
            axioms,
            conditions=(_lacks(_Y, datatype),),
        )
