"""Rules of OWL 2 DL: what may be declared, what a property may be used for, and where literals end."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from pyoxigraph import BlankNode, Literal, NamedNode

from apgraph.reasoning.rules_typing import ill_typed
from apgraph.reasoning.structure import (
    BUILT_IN_ANNOTATIONS,
    BUILT_IN_PROPERTIES,
    OWL,
    RDF,
    RDFS,
    XSD,
    Axiom,
    Property,
    Said,
    Structure,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["DATATYPES", "Rule", "data_types", "dl_findings", "superproperties"]

_SYNTAX: Final = "https://www.w3.org/TR/owl2-syntax/"


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of a profile.

    Args:
        id: Short name.
        text: The rule in words.
        link: Section of the specification.
        remedy: What to do about it, where that is another thing than to take the axiom apart or to leave it out.
    """

    id: str
    text: str
    link: str
    remedy: str = ""


PUNNED_PROPERTY: Final = Rule(
    "dl-property-kinds",
    "An IRI may be only one of object, data and annotation property",
    _SYNTAX + "#Typing_Constraints_of_OWL_2_DL",
)
PUNNED_CLASS: Final = Rule(
    "dl-class-and-datatype",
    "An IRI may not be both class and datatype",
    _SYNTAX + "#Typing_Constraints_of_OWL_2_DL",
)
UNDECLARED: Final = Rule(
    "dl-undeclared",
    "Classes, datatypes and properties have to be declared",
    _SYNTAX + "#Typing_Constraints_of_OWL_2_DL",
    "Correct the name, or declare it.",
)
RESERVED: Final = Rule(
    "dl-reserved",
    "Names of RDF, RDFS, OWL and XML Schema may be used only for what they are there for",
    _SYNTAX + "#IRIs",
)
DATATYPE: Final = Rule(
    "dl-datatype",
    "A datatype has to be of the OWL 2 datatype map, or declared",
    _SYNTAX + "#Datatype_Maps",
    "Correct the name of the datatype, or use one of the map.",
)
NOT_SIMPLE: Final = Rule(
    "dl-simple",
    "A property made by a chain or transitive may not be counted, made functional, disjoint or the like",
    _SYNTAX + "#Global_Restrictions_on_Axioms_in_OWL_2_DL",
)
IRREGULAR: Final = Rule(
    "dl-regular", "Chains may not run in a circle", _SYNTAX + "#Global_Restrictions_on_Axioms_in_OWL_2_DL"
)
ANONYMOUS: Final = Rule(
    "dl-anonymous",
    "Anonymous individuals may not be compared, listed, denied or connected in a circle",
    _SYNTAX + "#Global_Restrictions_on_Axioms_in_OWL_2_DL",
)
MIXED: Final = Rule(
    "dl-literal-or-individual",
    "An object property leads to an individual and a data property to a literal",
    _SYNTAX + "#Assertions",
)
MISTYPED: Final = Rule(
    "dl-typing",
    "An object property is for individuals and classes, a data property for literals and datatypes, "
    "and an annotation property for neither",
    _SYNTAX + "#Class_Expressions",
)
BROKEN: Final = Rule(
    "dl-broken",
    "An axiom and its expressions have to be complete, each part once and of its kind",
    "https://www.w3.org/TR/owl2-mapping-to-rdf/#Parsing_of_Axioms",
    "Complete it, or leave it out.",
)

_XSD_NAMES: Final = (
    "decimal integer nonNegativeInteger nonPositiveInteger positiveInteger negativeInteger long int short byte "
    "unsignedLong unsignedInt unsignedShort unsignedByte double float string normalizedString token language Name "
    "NCName NMTOKEN boolean hexBinary base64Binary anyURI dateTime dateTimeStamp"
)
DATATYPES: Final = frozenset(
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
"""The `datatype map of OWL 2 <https://www.w3.org/TR/owl2-syntax/#Datatype_Maps>`_."""

_BUILT_IN_CLASSES: Final = frozenset({OWL + "Thing", OWL + "Nothing"})
_BUILT_IN: Final[Mapping[str, frozenset[str]]] = {
    "class": _BUILT_IN_CLASSES,
    "datatype": DATATYPES,
    "annotation property": BUILT_IN_ANNOTATIONS,
    **{
        f"{kind} property": frozenset(iri for iri, own in BUILT_IN_PROPERTIES.items() if own == kind)
        for kind in ("object", "data")
    },
}
_RESERVED_SPACES: Final = (RDF, RDFS, OWL, XSD)
_COUNTING: Final = frozenset({"min", "max", "exactly", "self"})
_SIMPLE_AXIOMS: Final = frozenset(
    {
        "FunctionalObjectProperty",
        "InverseFunctionalObjectProperty",
        "IrreflexiveObjectProperty",
        "AsymmetricObjectProperty",
        "DisjointObjectProperties",
    }
)


def dl_findings(structure: Structure) -> Iterator[tuple[Rule, Axiom | Said]]:
    """Yield each rule of OWL 2 DL that is broken, with the axiom or the name that breaks it."""
    for axiom in structure.faulty:
        yield BROKEN, axiom
    yield from _names(structure)
    yield from _types(structure)
    for axiom in ill_typed(structure):
        yield MISTYPED, axiom
    yield from _simple(structure)
    yield from _regular(structure)
    yield from _anonymous(structure)


def data_types(structure: Structure) -> Iterator[tuple[str, Axiom]]:
    """Yield the datatypes that axioms use, annotations apart."""
    for axiom in structure.axioms:
        for term in axiom.terms:
            if isinstance(term, Literal):
                yield term.datatype.value, axiom
        for part in axiom.walk():
            if part.kind == "datatype":
                yield part.iri, axiom
            for member in part.members:
                if isinstance(member, Literal):
                    yield member.datatype.value, axiom


def _names(structure: Structure) -> Iterator[tuple[Rule, Axiom | Said]]:
    kinds = list(structure.properties)
    for index, kind in enumerate(kinds):
        for other in kinds[index + 1 :]:
            for iri in structure.properties[kind] & structure.properties[other]:
                yield PUNNED_PROPERTY, Said((NamedNode(iri), f" is {kind} and {other} property"))
    for iri in structure.classes & structure.datatypes:
        yield PUNNED_CLASS, Said((NamedNode(iri),))
    declared = {
        "class": structure.classes,
        "datatype": structure.datatypes,
        "individual": structure.individuals,
    }
    declared |= {f"{kind} property": iris for kind, iris in structure.properties.items()}
    for kind, iris in declared.items():
        for iri in iris - _BUILT_IN.get(kind, frozenset()):
            if iri.startswith(_RESERVED_SPACES):
                yield RESERVED, Said((NamedNode(iri), f" declared as {kind}"))
    for predicate, triple in structure.undeclared.items():
        said = Said((triple.subject, " ", triple.predicate, " ", triple.object))
        yield (RESERVED if predicate.startswith(_RESERVED_SPACES) else UNDECLARED), said


def _types(structure: Structure) -> Iterator[tuple[Rule, Axiom | Said]]:
    known = structure.classes | _BUILT_IN_CLASSES
    for axiom in structure.axioms:
        for part in axiom.walk():
            if part.kind == "class" and part.iri not in known:
                rule = RESERVED if part.iri.startswith(_RESERVED_SPACES) else UNDECLARED
                yield rule, Said(("class ", NamedNode(part.iri), " in ", axiom))
            if part.property is not None:
                yield from _property(structure, part.property, axiom)
        for prop in axiom.properties:
            yield from _property(structure, prop, axiom)
        if axiom.kind.endswith("PropertyAssertion"):
            literal = isinstance(axiom.terms[-1], Literal)
            if literal != axiom.kind.endswith("DataPropertyAssertion"):
                yield MIXED, axiom
    known_types = DATATYPES | structure.datatypes
    for datatype, axiom in data_types(structure):
        if datatype in known_types:
            continue
        local = datatype.removeprefix(XSD)
        near = get_close_matches(local, _XSD_NAMES.split(), n=1) if datatype.startswith(XSD) else []
        nearest = (" (nearest: ", NamedNode(XSD + near[0]), ")") if near else ()
        yield DATATYPE, Said(("datatype ", NamedNode(datatype), *nearest, " in ", axiom))


def _property(structure: Structure, prop: Property, axiom: Axiom) -> Iterator[tuple[Rule, Axiom | Said]]:
    if structure.kind_of(prop.iri) is None:
        rule = RESERVED if prop.iri.startswith(_RESERVED_SPACES) else UNDECLARED
        yield rule, Said(("property ", NamedNode(prop.iri), " in ", axiom))


def superproperties(structure: Structure) -> Mapping[str, set[str]]:
    """Return, for each object property, every property that it is below, itself included."""
    above: dict[str, set[str]] = {}
    for axiom in structure.axioms:
        iris = [prop.iri for prop in axiom.properties]
        if axiom.kind == "SubObjectPropertyOf":
            above.setdefault(iris[0], set()).add(iris[1])
        elif axiom.kind in {"EquivalentObjectProperties", "InverseObjectProperties"}:
            above.setdefault(iris[0], set()).add(iris[1])
            above.setdefault(iris[1], set()).add(iris[0])
    return {iri: _reached(above, iri) for iri in structure.properties["object"] | set(above)}


def _reached(edges: Mapping[str, set[str]], start: str) -> set[str]:
    found, stack = {start}, [start]
    while stack:
        for following in edges.get(stack.pop(), set()) - found:
            found.add(following)
            stack.append(following)
    return found


def _simple(structure: Structure) -> Iterator[tuple[Rule, Axiom | Said]]:
    above = superproperties(structure)
    made = {
        axiom.properties[-1].iri
        for axiom in structure.axioms
        if axiom.kind in {"SubObjectPropertyOfChain", "TransitiveObjectProperty"}
    }
    composite = {higher for iri in made for higher in above.get(iri, {iri})}
    for axiom in structure.axioms:
        if axiom.kind in _SIMPLE_AXIOMS and any(prop.iri in composite for prop in axiom.properties):
            yield NOT_SIMPLE, axiom
        for part in axiom.walk():
            if part.kind in _COUNTING and part.property is not None and part.property.iri in composite:
                yield NOT_SIMPLE, axiom


def _regular(structure: Structure) -> Iterator[tuple[Rule, Axiom | Said]]:
    below: dict[str, set[str]] = {}
    reasons: dict[tuple[str, str], Axiom] = {}
    for axiom in structure.axioms:
        if axiom.kind != "SubObjectPropertyOfChain":
            continue
        chain, whole = [prop.iri for prop in axiom.properties[:-1]], axiom.properties[-1].iri
        if chain == [whole, whole]:
            continue
        if chain and chain[0] == whole:
            chain = chain[1:]
        elif chain and chain[-1] == whole:
            chain = chain[:-1]
        for part in chain:
            below.setdefault(part, set()).add(whole)
            reasons[part, whole] = axiom
    above = superproperties(structure)
    # A property that a chain is made of has to stand strictly below what the chain makes, also through subproperties.
    edges = {iri: set(higher) for iri, higher in below.items()}
    for iri, higher in above.items():
        edges.setdefault(iri, set()).update(higher - {iri})
    for (part, whole), axiom in reasons.items():
        if part in _reached(edges, whole):
            yield IRREGULAR, axiom


def _anonymous(structure: Structure) -> Iterator[tuple[Rule, Axiom | Said]]:
    edges: list[tuple[BlankNode, BlankNode, Axiom]] = []
    for axiom in structure.axioms:
        blank = [term for term in axiom.terms if isinstance(term, BlankNode)]
        if axiom.kind in {"SameIndividual", "DifferentIndividuals"} or axiom.kind.startswith("Negative"):
            if blank:
                yield ANONYMOUS, axiom
        elif axiom.kind == "ObjectPropertyAssertion" and len(blank) == 2:
            edges.append((blank[0], blank[1], axiom))
        if any(isinstance(member, BlankNode) for part in axiom.walk() for member in part.members):
            yield ANONYMOUS, axiom
    # Connections among anonymous individuals have to form trees, whichever way they point.
    leader: dict[BlankNode, BlankNode] = {}

    def find(node: BlankNode) -> BlankNode:
        while leader.setdefault(node, node) != node:
            node = leader[node]
        return node

    for one, other, axiom in edges:
        if find(one) == find(other):
            yield ANONYMOUS, axiom
        leader[find(one)] = find(other)
