"""What OWL 2 RL infers and nobody needs to be told: the triples that are left out, and why.

A closure is equal to that of another program for OWL 2 RL but for these.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pyoxigraph import BlankNode, Literal, NamedNode

from apgraph.reasoning.rl.rule import TYPE, Fact
from apgraph.reasoning.rl.schema import EXPRESSION
from apgraph.reasoning.structure import OWL, RDFS

if TYPE_CHECKING:
    from collections.abc import Collection

    from apgraph.reasoning.rl.rule import Term

__all__ = ["KINDS", "triviality"]

KINDS: Final = {
    "reflexive": "Each thing is the same as itself, each class and property equivalent to itself and below itself.",
    "top": "Everything is an owl:Thing, each class, domain and range lies below owl:Thing and above owl:Nothing.",
    "literal": "A literal can't be the subject of a triple in RDF; its datatype, and what equals it, can be read off it.",
    "expression": "A blank node that stands for a class expression or a list means nothing outside its axiom.",
    "vocabulary": "What holds of the words of RDF, RDFS, OWL and XML Schema holds in every ontology.",
}
"""Each kind of triple that is left out, with the reason."""

_SAME: Final = frozenset(
    NamedNode(iri)
    for iri in (
        OWL + "sameAs",
        OWL + "equivalentClass",
        OWL + "equivalentProperty",
        RDFS + "subClassOf",
        RDFS + "subPropertyOf",
    )
)
_BELOW: Final = frozenset({NamedNode(RDFS + "subClassOf")})
_ABOVE: Final = frozenset(NamedNode(RDFS + name) for name in ("subClassOf", "domain", "range"))
_TOP: Final = frozenset({NamedNode(OWL + "Thing"), NamedNode(RDFS + "Resource")})
_BOTTOM: Final = NamedNode(OWL + "Nothing")
_WORDS: Final = (
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "http://www.w3.org/2000/01/rdf-schema#",
    "http://www.w3.org/2002/07/owl#",
    "http://www.w3.org/2001/XMLSchema#",
)


def triviality(fact: Fact, expressions: Collection[Term] = ()) -> str | None:
    """Return the kind of a triple that is left out; None for one that is news.

    Args:
        fact: A triple that was inferred.
        expressions: The blank nodes that stand for class expressions and lists.

    >>> a = NamedNode("urn:a")
    >>> triviality((a, NamedNode(OWL + "sameAs"), a))
    'reflexive'
    >>> triviality((a, TYPE, a)) is None
    True
    """
    s, p, o = fact
    if isinstance(s, Literal):
        return "literal"
    if any(_is_expression(term, expressions) for term in fact):
        return "expression"
    if s == o and p in _SAME:
        return "reflexive"
    if (p == TYPE or p in _ABOVE) and o in _TOP:
        return "top"
    if p in _BELOW and s == _BOTTOM:
        return "top"
    if isinstance(s, NamedNode) and s.value.startswith(_WORDS):
        return "vocabulary"
    return None


def _is_expression(term: Term, expressions: Collection[Term]) -> bool:
    if isinstance(term, BlankNode):
        return term in expressions
    return isinstance(term, NamedNode) and term.value.startswith(EXPRESSION)
