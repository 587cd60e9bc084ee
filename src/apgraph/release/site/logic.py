"""Axioms as sentences, in the words of the Manchester syntax (https://www.w3.org/TR/owl2-manchester-syntax/)."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from pyoxigraph import BlankNode, Literal, NamedNode

from apgraph.vocabulary import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pyoxigraph import Triple

__all__ = ["Logic"]

_OWL: Final = PREFIXES["owl"]
_RDF: Final = PREFIXES["rdf"]
_RDFS: Final = PREFIXES["rdfs"]
_NIL: Final = _RDF + "nil"
Node = NamedNode | BlankNode | Literal


class Logic:
    """The axioms of an ontology, by the term that they are about.

    Args:
        triples: The ontology.
        labels: Names of terms.
    """

    def __init__(self, triples: Iterable[Triple], labels: Mapping[str, str]) -> None:
        self._labels = labels
        self._said: dict[str, dict[str, list[Node]]] = defaultdict(lambda: defaultdict(list))
        for triple in triples:
            if isinstance(triple.subject, NamedNode | BlankNode) and isinstance(
                triple.object, NamedNode | BlankNode | Literal
            ):
                self._said[triple.subject.value][triple.predicate.value].append(triple.object)
        self._apart: dict[str, list[str]] = {}
        for said in list(self._said.values()):
            for head in said.get(_OWL + "members", ()):
                members = [each.value for each in self._list(head)]
                for member in members:
                    self._apart.setdefault(member, []).extend(other for other in members if other != member)

    def sentences(self, term: str) -> tuple[str, ...]:
        """Return the axioms about a term, one sentence each."""
        return tuple(self._sentences(term, self._said.get(term, {})))

    def _sentences(self, term: str, said: Mapping[str, list[Node]]) -> Iterator[str]:
        name = self._name(NamedNode(term))
        for node in self._sorted(said.get(_OWL + "equivalentClass", ())):
            yield f"{name} EquivalentTo: {self._expression(node)}"
        for node in self._sorted(said.get(_RDFS + "subClassOf", ())):
            yield f"{name} SubClassOf: {self._expression(node)}"
        for node in self._sorted(said.get(_RDFS + "subPropertyOf", ())):
            yield f"{name} SubPropertyOf: {self._name(node)}"
        for head in said.get(_OWL + "propertyChainAxiom", ()):
            yield f"{name} SubPropertyChain: {' o '.join(self._name(each) for each in self._list(head))}"
        for word, iri in (("Domain", "domain"), ("Range", "range")):
            for node in self._sorted(said.get(_RDFS + iri, ())):
                yield f"{name} {word}: {self._expression(node)}"
        kinds = {node.value for node in said.get(_RDF + "type", ())}
        if _OWL + "TransitiveProperty" in kinds:
            yield f"{name} Characteristics: Transitive"
        apart = {*self._apart.get(term, ()), *(node.value for node in said.get(_OWL + "disjointWith", ()))}
        if apart:
            yield f"{name} DisjointWith: {', '.join(sorted(self._name(NamedNode(iri)) for iri in apart))}"

    def _sorted(self, nodes: Iterable[Node]) -> list[Node]:
        return sorted(nodes, key=self._expression)

    def _expression(self, node: Node) -> str:
        if not isinstance(node, BlankNode):
            return self._name(node)
        said = self._said[node.value]
        for word, joint in (("intersectionOf", " and "), ("unionOf", " or ")):
            if said.get(_OWL + word):
                return joint.join(self._expression(each) for each in self._list(said[_OWL + word][0]))
        if said.get(_OWL + "onProperty"):
            on = self._name(said[_OWL + "onProperty"][0])
            for iri, word in (("hasValue", "value"), ("someValuesFrom", "some"), ("allValuesFrom", "only")):
                if said.get(_OWL + iri):
                    return f"({on} {word} {self._expression(said[_OWL + iri][0])})"
        raise ValueError(f"a class expression that has no words yet: {sorted(said)}")

    def _list(self, head: Node) -> list[Node]:
        found: list[Node] = []
        while isinstance(head, BlankNode) and head.value != _NIL:
            said = self._said[head.value]
            found += said[_RDF + "first"]
            (head,) = said[_RDF + "rest"]
        return found

    def _name(self, node: Node) -> str:
        label = self._labels.get(node.value, node.value)
        return f"'{label}'" if " " in label else label
