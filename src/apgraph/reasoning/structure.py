"""Declarations, axioms and expressions of OWL 2, as the rules of its profiles see them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = [
    "BUILT_IN_ANNOTATIONS",
    "BUILT_IN_PROPERTIES",
    "OWL",
    "RDF",
    "RDFS",
    "XSD",
    "Axiom",
    "Expression",
    "Property",
    "Structure",
    "name",
    "shown",
]

Term = NamedNode | BlankNode | Literal | Triple
Subject = NamedNode | BlankNode

RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS: Final = "http://www.w3.org/2000/01/rdf-schema#"
OWL: Final = "http://www.w3.org/2002/07/owl#"
XSD: Final = "http://www.w3.org/2001/XMLSchema#"

BUILT_IN_ANNOTATIONS: Final = frozenset(
    {
        *(RDFS + n for n in ("label", "comment", "seeAlso", "isDefinedBy")),
        *(OWL + n for n in ("versionInfo", "deprecated", "priorVersion", "backwardCompatibleWith")),
        *(OWL + n for n in ("incompatibleWith", "imports", "versionIRI")),
    }
)
BUILT_IN_PROPERTIES: Final = {
    OWL + "topObjectProperty": "object",
    OWL + "bottomObjectProperty": "object",
    OWL + "topDataProperty": "data",
    OWL + "bottomDataProperty": "data",
}


def name(iri: str) -> str:
    """Return the part of an IRI that a reader looks at.

    >>> name("http://example.org/ns#Team")
    'Team'
    """
    cut = max(iri.rfind(mark) for mark in "#/:")
    return iri[cut + 1 :] or iri


@dataclass(frozen=True, slots=True)
class Property:
    """An object or data property, or the inverse of one."""

    iri: str
    inverse: bool = False

    def __str__(self) -> str:
        return self.words(name)

    def words(self, call: Callable[[str], str]) -> str:
        """Return the property in words, with what calls an IRI."""
        return f"inverse {call(self.iri)}" if self.inverse else call(self.iri)


@dataclass(frozen=True, slots=True)
class Expression:
    """A class expression or a data range.

    Args:
        kind: ``class``, ``datatype``, ``and``, ``or``, ``not``, ``one of``, ``facets``, a restriction (``some``,
            ``all``, ``value``, ``self``, ``min``, ``max``, ``exactly``), or ``broken``.
        iri: The class or datatype, for the kinds of that name.
        property: What a restriction is on.
        parts: Operands, or the filler of a restriction.
        members: Individuals or literals that are listed, or the value of ``value``.
        number: The number of a cardinality.
    """

    kind: str
    iri: str = ""
    property: Property | None = None
    parts: tuple[Expression, ...] = ()
    members: tuple[Term, ...] = ()
    number: int | None = None

    def __str__(self) -> str:
        return self.words(name)

    def words(self, call: Callable[[str], str]) -> str:
        """Return the expression in words, with what calls an IRI."""
        if self.kind in {"class", "datatype"}:
            return call(self.iri)
        if self.kind in {"and", "or"}:
            return "(" + f" {self.kind} ".join(part.words(call) for part in self.parts) + ")"
        if self.kind == "not":
            return f"not {self.parts[0].words(call)}"
        if self.kind == "one of":
            return "{" + ", ".join(shown(member, call) for member in self.members) + "}"
        if self.property is not None:
            details = [str(self.number)] if self.number is not None else []
            details += [part.words(call) for part in self.parts]
            details += [shown(member, call) for member in self.members]
            return " ".join([self.property.words(call), self.kind, *details])
        return self.kind

    def walk(self) -> Iterator[Expression]:
        """Yield the expression and every expression inside it."""
        yield self
        for part in self.parts:
            yield from part.walk()


def shown(term: Term, call: Callable[[str], str] = name) -> str:
    """Return a term as a reader sees it, with what calls an IRI."""
    if isinstance(term, NamedNode):
        return call(term.value)
    return "an anonymous individual" if isinstance(term, BlankNode) else str(term)


@dataclass(frozen=True, slots=True)
class Axiom:
    """One axiom.

    Args:
        kind: Name of the axiom in the `structural specification <https://www.w3.org/TR/owl2-syntax/#Axioms>`_.
        expressions: Its class expressions or data ranges, in order.
        properties: Its properties, in order; for a chain the last one is what the chain makes.
        terms: Its individuals and literals, in order.
    """

    kind: str
    expressions: tuple[Expression, ...] = ()
    properties: tuple[Property, ...] = ()
    terms: tuple[Term, ...] = ()

    def __str__(self) -> str:
        return self.words(name)

    def words(self, call: Callable[[str], str]) -> str:
        """Return the axiom in words, with what calls an IRI."""
        inside = [
            *(prop.words(call) for prop in self.properties),
            *(each.words(call) for each in self.expressions),
            *(shown(term, call) for term in self.terms),
        ]
        return f"{self.kind}({', '.join(inside)})"

    def walk(self) -> Iterator[Expression]:
        """Yield every expression of the axiom, those inside others included."""
        for expression in self.expressions:
            yield from expression.walk()

    def names(self) -> Iterator[str]:
        """Yield the IRIs that the axiom names, in its order: what it is about comes first."""
        yield from (prop.iri for prop in self.properties)
        for part in self.walk():
            yield part.iri
            if part.property is not None:
                yield part.property.iri
        yield from (each.value for each in self.individuals() if isinstance(each, NamedNode))

    def individuals(self) -> Iterator[NamedNode | BlankNode]:
        """Yield the individuals of the axiom and of its expressions."""
        members = [member for expression in self.walk() for member in expression.members]
        for term in (*self.terms, *members):
            if isinstance(term, NamedNode | BlankNode):
                yield term


@dataclass(slots=True)
class Structure:
    """What is declared, and the axioms.

    Args:
        classes: Declared classes, by IRI.
        datatypes: Declared datatypes.
        properties: Declared properties by kind: ``object``, ``data``, ``annotation``.
        individuals: Declared individuals.
        axioms: The axioms, sorted by their words.
        undeclared: Predicates that are declared as no property, with a triple each.
    """

    classes: set[str] = field(default_factory=set)
    datatypes: set[str] = field(default_factory=set)
    properties: dict[str, set[str]] = field(
        default_factory=lambda: {"object": set(), "data": set(), "annotation": set()}
    )
    individuals: set[str] = field(default_factory=set)
    axioms: tuple[Axiom, ...] = ()
    undeclared: dict[str, str] = field(default_factory=dict)

    def kind_of(self, iri: str) -> str | None:
        """Return ``object``, ``data`` or ``annotation``, the first that a property is declared as."""
        for kind, iris in self.properties.items():
            if iri in iris:
                return kind
        return BUILT_IN_PROPERTIES.get(iri, "annotation" if iri in BUILT_IN_ANNOTATIONS else None)
