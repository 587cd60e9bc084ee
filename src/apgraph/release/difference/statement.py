"""What an ontology says, statement by statement, whatever its blank nodes are called."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pyoxigraph import BlankNode, NamedNode

from apgraph.release.vocabulary import NAMESPACES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pyoxigraph import Triple

__all__ = ["AXIOM", "NOTE", "Statement", "read_statements"]

_OWL: Final = NAMESPACES["owl"]
_RDF: Final = NAMESPACES["rdf"]
_ANNOTATED: Final = f"{_OWL}annotatedSource"
NOTE: Final = f"{_OWL}Axiom"
"""In place of a predicate: an annotation of a statement."""
AXIOM: Final = "axiom"
"""In place of a predicate: an axiom about no one term."""


@dataclass(frozen=True, slots=True, order=True)
class Statement:
    """One statement of an ontology, a blank node being told by what is said of it.

    Args:
        subject: IRI of what it is about.
        predicate: IRI of the property.
        value: The object: an IRI in angle brackets, a literal, or a blank node in brackets.
    """

    subject: str
    predicate: str
    value: str

    @property
    def target(self) -> str | None:
        """The object's IRI, if it is one."""
        return self.value[1:-1] if re.fullmatch(r"<[^<>]*>", self.value) else None


def read_statements(triples: Iterable[Triple]) -> frozenset[Statement]:
    """Return what triples say of terms that have an IRI, and their axioms that stand alone.

    >>> from pyoxigraph import RdfFormat, parse
    >>> text = "[] a <urn:x:Axiom> ; <urn:x:of> ( <urn:x:b> <urn:x:a> ) ."
    >>> [each.value for each in read_statements(q.triple for q in parse(text, format=RdfFormat.TURTLE))]
    ['[<http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <urn:x:Axiom>; <urn:x:of> (<urn:x:a> <urn:x:b>)]']
    """
    return frozenset(_Reading(triples).statements())


class _Reading:
    """Triples as statements, each blank node told by what is said of it."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self._out: defaultdict[NamedNode | BlankNode, list[tuple[str, object]]] = defaultdict(list)
        self._pointed: set[BlankNode] = set()
        for triple in triples:
            if isinstance(triple.subject, NamedNode | BlankNode):
                self._out[triple.subject].append((triple.predicate.value, triple.object))
            if isinstance(triple.object, BlankNode):
                self._pointed.add(triple.object)
        self._told: dict[BlankNode, str] = {}

    def statements(self) -> Iterator[Statement]:
        for subject, pairs in self._out.items():
            if isinstance(subject, NamedNode):
                for predicate, value in pairs:
                    yield Statement(subject.value, predicate, self._value(value, (), predicate))
            elif subject not in self._pointed:
                # An axiom that stands alone belongs to the term that it annotates, else to the ontology as a whole.
                about = [v.value for p, v in pairs if p == _ANNOTATED and isinstance(v, NamedNode)]
                yield Statement(*((about[0], NOTE) if about else ("", AXIOM)), self._value(subject, ()))

    def _value(self, term: object, above: Sequence[BlankNode], predicate: str = "") -> str:
        if not isinstance(term, BlankNode):
            return str(term)
        if term in above:
            return "[]"
        if term not in self._told:
            members = self._members(term, above)
            if members is None:
                self._told[term] = self._node(term, above)
            else:
                # Every list of OWL is a set, but for a chain of properties.
                ordered = members if predicate == f"{_OWL}propertyChainAxiom" else sorted(members)
                self._told[term] = f"({' '.join(ordered)})"
        return self._told[term]

    def _node(self, term: BlankNode, above: Sequence[BlankNode]) -> str:
        pairs = sorted((p, self._value(o, (*above, term), p)) for p, o in self._out.get(term, ()))
        return "[" + "; ".join(f"<{p}> {value}" for p, value in pairs) + "]"

    def _members(self, term: BlankNode, above: Sequence[BlankNode]) -> list[str] | None:
        """Return the members of an RDF list; None where the node is none."""
        members: list[str] = []
        node: object = term
        seen: list[BlankNode] = [*above]
        while isinstance(node, BlankNode):
            pairs = dict(self._out.get(node, ()))
            if f"{_RDF}first" not in pairs or node in seen:
                return None
            seen.append(node)
            members.append(self._value(pairs[f"{_RDF}first"], seen))
            node = pairs.get(f"{_RDF}rest")
        return members
