"""The terms of the ontology, as its modules state them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from apgraph.errors import InputError, ParseError
from apgraph.release.vocabulary import NAMESPACES, named
from apgraph.resources import MODULES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pyoxigraph import Quad

    from apgraph.release.tree import Tree

__all__ = ["KINDS", "Ontology", "Term", "read_ontology"]

_OWL: Final = NAMESPACES["owl"]
KINDS: Final[Mapping[str, str]] = {
    _OWL + "Class": "class",
    _OWL + "ObjectProperty": "object property",
    _OWL + "DatatypeProperty": "data property",
    _OWL + "AnnotationProperty": "annotation property",
    _OWL + "NamedIndividual": "individual",
}
"""What a term can be, by its OWL type."""

Node = NamedNode | BlankNode | Literal | Triple


@dataclass(frozen=True)
class Term:
    """A term of ours.

    Args:
        iri: The term.
        kind: One of ``KINDS``.
        module: Name of the module that declares it.
        values: Objects by predicate IRI, sorted.
    """

    iri: str
    kind: str
    module: str
    values: Mapping[str, tuple[Node, ...]]

    @cached_property
    def curie(self) -> str:
        """Short name."""
        return curie(self.iri)

    def texts(self, name: str) -> tuple[str, ...]:
        """Return the literal values of a property, given by its short name."""
        return tuple(n.value for n in self.values.get(named(name).value, ()) if isinstance(n, Literal))

    def iris(self, name: str) -> tuple[str, ...]:
        """Return the IRIs that a property, given by its short name, leads to."""
        return tuple(n.value for n in self.values.get(named(name).value, ()) if isinstance(n, NamedNode))

    @property
    def label(self) -> str:
        """Label, or the short name where there is none."""
        return next(iter(self.texts("rdfs:label")), self.curie)

    @property
    def definition(self) -> str:
        """Definition, or nothing."""
        return next(iter(self.texts("skos:definition")), "")


@dataclass(frozen=True)
class Ontology:
    """The modules read together.

    Args:
        terms: Terms in our namespaces by IRI, sorted.
        modules: Module to its header.
        quads: Module to its triples.
    """

    terms: Mapping[str, Term]
    modules: Mapping[str, Term]
    quads: Mapping[str, tuple[Quad, ...]]


def curie(iri: str) -> str:
    """Return the short name of an IRI where one of our prefixes fits, and the IRI in angle brackets else.

    >>> curie("https://w3id.org/apgraph/ns#Team"), curie("http://example.org/x")
    ('apg:Team', '<http://example.org/x>')
    """
    best = max(
        ((prefix, namespace) for prefix, namespace in NAMESPACES.items() if iri.startswith(namespace)),
        key=lambda item: len(item[1]),
        default=None,
    )
    return f"<{iri}>" if best is None else f"{best[0]}:{iri[len(best[1]) :]}"


def read_ontology(tree: Tree) -> Ontology:
    """Read the modules.

    Raises:
        ParseError: A module is no Turtle.
        InputError: A module has no ontology header.
    """
    quads: dict[str, tuple[Quad, ...]] = {}
    terms: dict[str, Term] = {}
    headers: dict[str, Term] = {}
    ours = tuple(NAMESPACES[prefix] for prefix in ("apg", "apgx", "apgs"))
    rdf_type = NAMESPACES["rdf"] + "type"
    for module in (*MODULES, "apgraph"):
        path = f"ontology/{module}.ttl"
        try:
            quads[module] = tuple(parse(tree.read(path), format=RdfFormat.TURTLE))
        except SyntaxError as error:
            raise ParseError(path, error.msg, line=error.lineno, column=error.offset) from error
        found: dict[str, dict[str, list[Node]]] = {}
        for quad in quads[module]:
            if isinstance(quad.subject, NamedNode):
                found.setdefault(quad.subject.value, {}).setdefault(quad.predicate.value, []).append(
                    quad.object
                )
        for iri, values in found.items():
            statements = {key: tuple(sorted(nodes, key=str)) for key, nodes in values.items()}
            types = [n.value for n in statements.get(rdf_type, ()) if isinstance(n, NamedNode)]
            if _OWL + "Ontology" in types:
                headers[module] = Term(iri, "ontology", module, statements)
            kind = next((name for owl, name in KINDS.items() if owl in types), None)
            if kind is not None and iri.startswith(ours):
                terms[iri] = Term(iri, kind, module, statements)
        if module not in headers:
            raise InputError(f"{path}: there is no owl:Ontology; add the header")
    return Ontology(dict(sorted(terms.items())), headers, quads)
