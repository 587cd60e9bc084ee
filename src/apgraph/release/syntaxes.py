"""A graph in each syntax that we publish: the same triples, and the same bytes whenever they are the same."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from pyoxigraph import BlankNode, RdfFormat, Triple, serialize

from apgraph.release.vocabulary import NAMESPACES
from apgraph.turtle import write
from apgraph.turtle.canonical import ranks

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pyoxigraph import Literal, NamedNode

__all__ = ["SYNTAXES", "in_syntaxes"]

SYNTAXES: Final[Mapping[str, tuple[str, RdfFormat]]] = {
    "ttl": ("text/turtle", RdfFormat.TURTLE),
    "rdf": ("application/rdf+xml", RdfFormat.RDF_XML),
    "jsonld": ("application/ld+json", RdfFormat.JSON_LD),
    "nt": ("application/n-triples", RdfFormat.N_TRIPLES),
}
"""File ending to media type and format."""

_ROOT: Final = re.compile(rb"<rdf:RDF((?: xmlns:[\w-]+=\"[^\"]*\")+)>")


def in_syntaxes(triples: Iterable[Triple], prefixes: Mapping[str, str] = NAMESPACES) -> Mapping[str, bytes]:
    r"""Return the graph in each syntax, by file ending.

    Blank nodes are named by their place in the graph, and lines are sorted, so that neither the names that they
    came with nor the order of the triples shows.

    >>> from pyoxigraph import NamedNode
    >>> p = NamedNode("http://example.org/p")
    >>> one = in_syntaxes([Triple(BlankNode("x"), p, p)], {})
    >>> one == in_syntaxes([Triple(BlankNode("y"), p, p)], {}), one["nt"].decode()
    (True, '_:b0 <http://example.org/p> <http://example.org/p> .\n')
    """
    named = _named(set(triples))
    used = {
        prefix: namespace
        for prefix, namespace in prefixes.items()
        if any(namespace in str(part) for triple in named for part in triple)
    }
    return {
        "ttl": write(named, prefixes).encode(),
        "rdf": _ROOT.sub(_sorted, serialize(named, format=RdfFormat.RDF_XML, prefixes=used) or b"", count=1),
        "jsonld": (serialize(named, format=RdfFormat.JSON_LD) or b"") + b"\n",
        "nt": serialize(named, format=RdfFormat.N_TRIPLES) or b"",
    }


def _named(triples: set[Triple]) -> list[Triple]:
    """Return the triples in order, their blank nodes named by rank."""
    nodes = {part for t in triples for part in (t.subject, t.object) if isinstance(part, BlankNode)}
    rank = ranks(triples, nodes)

    def name(part: NamedNode | BlankNode | Literal | Triple) -> NamedNode | BlankNode | Literal | Triple:
        return BlankNode(f"b{rank[part]}") if isinstance(part, BlankNode) else part

    return sorted((Triple(name(t.subject), t.predicate, name(t.object)) for t in triples), key=str)  # type: ignore[arg-type]


def _sorted(root: re.Match[bytes]) -> bytes:
    """The writer of RDF/XML declares its prefixes in an order of chance."""
    return b"<rdf:RDF " + b" ".join(sorted(root[1].split())) + b">"
