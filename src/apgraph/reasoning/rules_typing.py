"""What of OWL 2 may stand where: individuals and literals, classes and datatypes, and the kinds of properties."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal

from apgraph.reasoning.structure import OWL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apgraph.reasoning.structure import Axiom, Expression, Property, Structure

__all__ = ["ill_typed"]

_OBJECT_ONLY: Final = frozenset(
    {
        "InverseObjectProperties",
        "SubObjectPropertyOfChain",
        *(f"{kind}ObjectProperty" for kind in ("Functional", "InverseFunctional", "Transitive", "Symmetric")),
        *(f"{kind}ObjectProperty" for kind in ("Asymmetric", "Reflexive", "Irreflexive")),
    }
)
_BUILT_IN: Final = (OWL + "Thing", OWL + "Nothing")
_DATA_ONLY: Final = frozenset({"FunctionalDataProperty"})
_CHARACTERISTIC: Final = (
    "Transitive",
    "Symmetric",
    "Asymmetric",
    "Reflexive",
    "Irreflexive",
    "InverseFunctional",
)
_OF_CLASSES: Final = frozenset(
    {"SubClassOf", "EquivalentClasses", "DisjointClasses", "DisjointUnion", "ClassAssertion", "HasKey"}
)


def ill_typed(structure: Structure) -> Iterator[Axiom]:
    """Yield the axioms in which something stands where OWL 2 has no room for it.

    What is declared as nothing is not judged: that it has to be declared is another rule.
    """
    for axiom in structure.axioms:
        properties = _properties_are_wrong(structure, axiom)
        if (
            properties
            or _expressions_are_wrong(structure, axiom)
            or any(_is_wrong(structure, part) for part in axiom.walk())
        ):
            yield axiom


def _kinds(structure: Structure, properties: tuple[Property, ...]) -> set[str]:
    kinds = {structure.kind_of(each.iri) for each in properties if each.iri}
    return {kind for kind in kinds if kind is not None}


def _properties_are_wrong(structure: Structure, axiom: Axiom) -> bool:
    kinds = _kinds(structure, axiom.properties)
    if any(prop.inverse for prop in axiom.properties) and kinds - {"object"}:
        return True
    if axiom.kind == "HasKey":
        return "annotation" in kinds
    if axiom.kind in _OBJECT_ONLY or axiom.kind.startswith(_CHARACTERISTIC):
        return bool(kinds - {"object"})
    if axiom.kind in _DATA_ONLY:
        return bool(kinds - {"data"})
    if axiom.kind.startswith(("Functional", "Negative", "Equivalent", "Disjoint")) and "annotation" in kinds:
        return True
    return len(kinds) > 1


def _expressions_are_wrong(structure: Structure, axiom: Axiom) -> bool:
    sorts = {_sort(structure, each) for each in axiom.expressions} - {None}
    if axiom.kind in {"DataPropertyRange", "DatatypeDefinition"}:
        return "class" in sorts
    if axiom.kind in _OF_CLASSES or axiom.kind.endswith(("PropertyDomain", "ObjectPropertyRange")):
        return "data" in sorts
    return False


def _sort(structure: Structure, expression: Expression) -> str | None:
    """Return whether an expression is of things (class) or of literals (data); None where that can't be told."""
    if expression.kind in {"datatype", "facets"}:
        return "data"
    if expression.kind == "class":
        known = expression.iri in structure.classes or expression.iri in _BUILT_IN
        return "class" if known else None
    if expression.kind == "one of":
        return "data" if any(isinstance(each, Literal) for each in expression.members) else "class"
    if expression.kind in {"and", "or", "not"}:
        sorts = {_sort(structure, part) for part in expression.parts} - {None}
        return "class" if sorts == {"class"} else "data" if sorts == {"data"} else None
    return "class"


def _is_wrong(structure: Structure, part: Expression) -> bool:
    """Tell whether an expression itself, whatever it stands in, joins what does not go together."""
    sorts = {_sort(structure, each) for each in part.parts} - {None}
    literals = {isinstance(each, Literal) for each in part.members}
    if part.property is None:
        return len(sorts) > 1 or len(literals) > 1 or (part.kind == "facets" and "class" in sorts)
    kind = structure.kind_of(part.property.iri)
    if kind is None:
        return False
    if kind == "annotation" or (kind == "data" and (part.kind == "self" or part.property.inverse)):
        return True
    data = kind == "data"
    return ("class" if data else "data") in sorts or (not data) in literals
