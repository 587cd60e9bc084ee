"""Terms of pyoxigraph as terms of rdflib, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import rdflib
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode
from rdflib.graph import DATASET_DEFAULT_GRAPH_ID

from apgraph.errors import InputError
from apgraph.store.tags import protect_tag

if TYPE_CHECKING:
    from pyoxigraph import Triple

    from apgraph.store.dataset import GraphName, Term


__all__ = ["from_rdflib", "graph_from_rdflib", "graph_to_rdflib", "node_from_rdflib", "to_rdflib_term"]

_STRING: Final = "http://www.w3.org/2001/XMLSchema#string"


def to_rdflib_term(
    term: Term | Triple, tag: str | None = None
) -> rdflib.URIRef | rdflib.BNode | rdflib.Literal:
    """Return a term as rdflib has it; a plain string has no datatype there.

    Args:
        term: The term.
        tag: Its language tag as it was written, if not in small letters.

    Raises:
        InputError: It is a triple, which rdflib has no term for.

    >>> to_rdflib_term(Literal("01", datatype=NamedNode("http://www.w3.org/2001/XMLSchema#integer")))
    rdflib.term.Literal('01', datatype=rdflib.term.URIRef('http://www.w3.org/2001/XMLSchema#integer'))
    >>> to_rdflib_term(Literal("x"))
    rdflib.term.Literal('x')
    """
    match term:
        case NamedNode():
            return rdflib.URIRef(term.value)
        case BlankNode():
            return rdflib.BNode(term.value)
        case Literal():
            if term.language is not None:
                return rdflib.Literal(term.value, lang=tag or term.language)
            if term.datatype.value == _STRING:
                return rdflib.Literal(term.value)
            return rdflib.Literal(term.value, datatype=rdflib.URIRef(term.datatype.value), normalize=False)
        case _:
            raise InputError(f"rdflib has no terms that are triples, such as {term}")


def node_from_rdflib(node: rdflib.term.Node) -> NamedNode | BlankNode:
    """Return an IRI or a blank node of rdflib as pyoxigraph has it.

    Raises:
        InputError: It is neither, or not valid.
    """
    try:
        if isinstance(node, rdflib.URIRef):
            return NamedNode(str(node))
        if isinstance(node, rdflib.BNode):
            return BlankNode(str(node))
    except ValueError as error:
        raise InputError(f"{node!r} is no valid term: {error}") from None
    raise InputError(f"{node!r} can't stand where an IRI or a blank node is needed")


def from_rdflib(node: rdflib.term.Node) -> Term:
    """Return a term of rdflib as pyoxigraph has it, its language tag protected.

    Raises:
        InputError: It is no RDF term.

    >>> from_rdflib(rdflib.Literal("x"))
    <Literal value=x datatype=<NamedNode value=http://www.w3.org/2001/XMLSchema#string>>
    """
    if not isinstance(node, rdflib.Literal):
        return node_from_rdflib(node)
    try:
        if node.language:
            return Literal(str(node), language=protect_tag(node.language))
        if node.datatype is None:
            return Literal(str(node))
        return Literal(str(node), datatype=NamedNode(str(node.datatype)))
    except ValueError as error:
        raise InputError(f"{node!r} is no valid term: {error}") from None


def graph_from_rdflib(name: rdflib.term.Node | None) -> GraphName:
    """Return the name of an rdflib graph as pyoxigraph has it."""
    if name is None or name == DATASET_DEFAULT_GRAPH_ID:
        return DefaultGraph()
    return node_from_rdflib(name)


def graph_to_rdflib(name: GraphName) -> rdflib.URIRef | rdflib.BNode:
    """Return the name of a graph as rdflib has it."""
    match name:
        case DefaultGraph():
            return DATASET_DEFAULT_GRAPH_ID
        case BlankNode():
            return rdflib.BNode(name.value)
        case _:
            return rdflib.URIRef(name.value)
