"""Rules of `OWL 2 EL <https://www.w3.org/TR/owl2-profiles/#OWL_2_EL>`_: which constructs there are at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pyoxigraph import BlankNode

from apgraph.reasoning.rules_dl import (
    DATATYPES,
    Rule,
    data_types,
    superproperties,
)
from apgraph.reasoning.structure import OWL, RDF, RDFS, XSD

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apgraph.reasoning.structure import Expression, Structure

__all__ = ["el_findings"]

_PROFILES: Final = "https://www.w3.org/TR/owl2-profiles/"
EXPRESSION: Final = Rule(
    "el-expression",
    "An expression may be a class, 'and', 'some', 'value', 'self' or a list of one only",
    _PROFILES + "#Class_Expressions",
)
AXIOM: Final = Rule(
    "el-axiom",
    "Disjoint unions, disjoint properties and properties that are inverse, symmetric or functional have no place in EL",
    _PROFILES + "#Axioms",
)
INVERSE: Final = Rule(
    "el-inverse", "The inverse of a property has no place in EL", _PROFILES + "#Property_Expressions"
)
ANONYMOUS: Final = Rule("el-anonymous", "Anonymous individuals have no place in EL", _PROFILES + "#Entities")
DATATYPE: Final = Rule("el-datatype", "The datatype has no place in EL", _PROFILES + "#Entities")
RANGE: Final = Rule(
    "el-chain-range",
    "What a chain makes may have only ranges that the chain's last property has, too",
    _PROFILES + "#Global_Restrictions",
)

_EXPRESSIONS: Final = frozenset({"class", "datatype", "and", "some", "value", "self"})
_NO_AXIOMS: Final = frozenset(
    {
        "DisjointUnion",
        "InverseObjectProperties",
        "DisjointObjectProperties",
        "DisjointDataProperties",
        "FunctionalObjectProperty",
        "InverseFunctionalObjectProperty",
        "SymmetricObjectProperty",
        "AsymmetricObjectProperty",
        "IrreflexiveObjectProperty",
    }
)
_XSD_NAMES: Final = (
    "decimal integer nonNegativeInteger string normalizedString token Name NCName NMTOKEN hexBinary base64Binary "
    "anyURI dateTime dateTimeStamp"
)
_DATATYPES: Final = frozenset(
    {
        *(XSD + local for local in _XSD_NAMES.split()),
        OWL + "real",
        OWL + "rational",
        RDF + "PlainLiteral",
        RDF + "XMLLiteral",
        RDF + "langString",
        RDFS + "Literal",
    }
)


def el_findings(structure: Structure) -> Iterator[tuple[Rule, str]]:
    """Yield each rule of OWL 2 EL that is broken, with the axiom that breaks it."""
    for axiom in structure.axioms:
        if axiom.kind in _NO_AXIOMS:
            yield AXIOM, str(axiom)
        expressions = list(axiom.walk())
        if not all(map(_allowed, expressions)):
            yield EXPRESSION, str(axiom)
        inside = [part.property for part in expressions if part.property is not None]
        if any(prop.inverse for prop in (*axiom.properties, *inside)):
            yield INVERSE, str(axiom)
        if any(isinstance(term, BlankNode) for term in axiom.individuals()):
            yield ANONYMOUS, str(axiom)
    for datatype, axiom in data_types(structure):
        if datatype in DATATYPES - _DATATYPES:
            yield DATATYPE, str(axiom)
    yield from _ranges(structure)


def _allowed(expression: Expression) -> bool:
    if expression.kind == "one of":
        return len(expression.members) == 1
    return expression.kind in _EXPRESSIONS


def _ranges(structure: Structure) -> Iterator[tuple[Rule, str]]:
    declared: dict[str, set[Expression]] = {}
    for axiom in structure.axioms:
        if axiom.kind == "ObjectPropertyRange":
            declared.setdefault(axiom.properties[0].iri, set()).add(axiom.expressions[0])
    above = superproperties(structure)

    def imposed(iri: str) -> set[Expression]:
        return {found for higher in above.get(iri, {iri}) for found in declared.get(higher, ())}

    for axiom in structure.axioms:
        if axiom.kind == "SubObjectPropertyOfChain" and len(axiom.properties) > 2:
            last, whole = axiom.properties[-2].iri, axiom.properties[-1].iri
            if not imposed(whole) <= imposed(last):
                yield RANGE, str(axiom)
