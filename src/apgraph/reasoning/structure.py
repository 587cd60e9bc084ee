"""Declarations, axioms and expressions of OWL 2, as the rules of its profiles see them."""

from __future__ import annotations

import re
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
    "Said",
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

_IRI: Final = re.compile(r"<([^<>]*)>")

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
        fault: What keeps it from being an axiom of OWL 2, in words, with IRIs in angle brackets; empty where nothing
            does.
    """

    kind: str
    expressions: tuple[Expression, ...] = ()
    properties: tuple[Property, ...] = ()
    terms: tuple[Term, ...] = ()
    fault: str = ""

    def __str__(self) -> str:
        return self.words(name)

    def words(self, call: Callable[[str], str]) -> str:
        """Return the axiom in words, with what calls an IRI."""
        inside = [
            *(prop.words(call) for prop in self.properties),
            *(each.words(call) for each in self.expressions),
            *(shown(term, call) for term in self.terms),
        ]
        written = f"{self.kind}({', '.join(each for each in inside if each)})"
        fault = _IRI.sub(lambda found: call(found[1]), self.fault)
        return f"{written}: {fault}" if fault else written

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


@dataclass(frozen=True, slots=True)
class Said:
    """Something about terms and an axiom, in words.

    Args:
        parts: Words, and between them terms and axioms.

    >>> print(Said(("class ", NamedNode("http://example.org/A"), " is missing")))
    class A is missing
    """

    parts: tuple[str | Term | Axiom, ...]

    def __str__(self) -> str:
        return self.words(name)

    def words(self, call: Callable[[str], str]) -> str:
        """Return it in words, with what calls an IRI."""
        return "".join(
            each
            if isinstance(each, str)
            else each.words(call)
            if isinstance(each, Axiom)
            else shown(each, call)
            for each in self.parts
        )

    def names(self) -> Iterator[str]:
        """Yield the IRIs that it names, in its order."""
        for each in self.parts:
            if isinstance(each, NamedNode):
                yield each.value
            elif isinstance(each, Axiom):
                yield from each.names()


@dataclass(slots=True)
class Structure:
    """What is declared, and the axioms.

    Args:
        classes: Declared classes, by IRI.
        datatypes: Declared datatypes.
        properties: Declared properties by kind: ``object``, ``data``, ``annotation``.
        individuals: Declared individuals.
        axioms: The axioms, sorted by their words.
        faulty: Axioms with a part missing, twice, or of a kind that can't stand there, likewise sorted; whoever
            reads the others finds all the parts that their kind has.
        undeclared: Predicates that are declared as no property, with a triple each.
    """

    classes: set[str] = field(default_factory=set)
    datatypes: set[str] = field(default_factory=set)
    properties: dict[str, set[str]] = field(
        default_factory=lambda: {"object": set(), "data": set(), "annotation": set()}
    )
    individuals: set[str] = field(default_factory=set)
    axioms: tuple[Axiom, ...] = ()
    faulty: tuple[Axiom, ...] = ()
    undeclared: dict[str, Triple] = field(default_factory=dict)

    def kind_of(self, iri: str) -> str | None:
        """Return ``object``, ``data`` or ``annotation``, the first that a property is declared as."""
        for kind, iris in self.properties.items():
            if iri in iris:
                return kind
        return BUILT_IN_PROPERTIES.get(iri, "annotation" if iri in BUILT_IN_ANNOTATIONS else None)
