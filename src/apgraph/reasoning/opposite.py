"""The opposite of what may follow in OWL 2 DL, as triples: a consistent ontology contradicts it exactly where that follows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from apgraph.errors import InputError
from apgraph.reasoning.rl.rule import TYPE, facts
from apgraph.reasoning.structure import OWL, RDF, RDFS

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from apgraph.reasoning.rl.rule import Term

__all__ = ["opposite"]

_ONE, _TWO = (NamedNode(f"urn:apgraph:opposite:{name}") for name in ("one", "two"))
_PLAIN: Final = (RDF, RDFS, OWL)


def opposite(conclusion: Triple, object_properties: Collection[object]) -> tuple[Triple, ...]:
    """Return what contradicts a conclusion.

    Args:
        conclusion: Membership of a class, a link, that two individuals are the same or different, or an axiom that
            relates two classes, two object properties, or an object property and its domain or range.
        object_properties: The object properties that there are.

    Raises:
        InputError: The conclusion is of another kind.

    >>> a, c = NamedNode("urn:a"), NamedNode("urn:C")
    >>> [triple.predicate.value.rpartition("#")[2] for triple in opposite(Triple(a, TYPE, c), ())]
    ['type', 'complementOf', 'type']
    """
    found = list(facts([conclusion]))
    if not found:
        raise InputError(f"{conclusion}: a triple within a triple has no justification")
    s, p, o = found[0]
    made = _Made()
    match p.value.partition("#")[2] if isinstance(p, NamedNode) and p.value.startswith(_PLAIN) else "":
        case "type" if not _is_kind(o):
            made.add(s, TYPE, made.complement(o))
        case "subClassOf":
            made.member(_ONE, s, made.complement(o))
        case "equivalentClass":
            ways = [
                made.of("intersectionOf", made.listed([one, made.complement(other)]))
                for one, other in ((s, o), (o, s))
            ]
            made.member(_ONE, made.of("unionOf", made.listed(ways)))
        case "disjointWith":
            made.member(_ONE, s, o)
        case "domain" | "range" as end if s in object_properties:
            made.link(_ONE, s, _TWO)
            made.member(_ONE if end == "domain" else _TWO, made.complement(o))
        case "subPropertyOf" if s in object_properties and o in object_properties:
            made.link(_ONE, s, _TWO)
            made.denial(_ONE, o, _TWO)
        case "sameAs":
            made.add(s, NamedNode(OWL + "differentFrom"), o)
        case "differentFrom":
            made.add(s, NamedNode(OWL + "sameAs"), o)
        case "":
            made.denial(s, p, o)
        case _:
            raise InputError(
                f"{p}: OWL 2 DL can be asked for memberships, links and axioms between two classes or object properties; "
                "leave out --dl to ask the rules"
            )
    return tuple(made.triples)


def _is_kind(term: Term) -> bool:
    """Tell whether a class is a word of OWL that says what sort of term something is, or of axiom."""
    return (
        isinstance(term, NamedNode)
        and term.value.startswith(_PLAIN)
        and term.value[len(OWL) :] not in ("Thing", "Nothing")
    )


class _Made:
    """Triples that are being made."""

    def __init__(self) -> None:
        self.triples: list[Triple] = []

    def add(self, subject: Term, predicate: Term, value: Term) -> None:
        if isinstance(subject, Literal) or not isinstance(predicate, NamedNode):
            raise InputError(
                f"{subject}: a literal can't be the subject of a triple, nor anything but an IRI its predicate"
            )
        self.triples.append(Triple(subject, predicate, value))

    def of(self, name: str, value: Term) -> BlankNode:
        """Return a class expression."""
        node = BlankNode()
        self.add(node, TYPE, NamedNode(OWL + "Class"))
        self.add(node, NamedNode(OWL + name), value)
        return node

    def complement(self, of: Term) -> BlankNode:
        return self.of("complementOf", of)

    def listed(self, items: Sequence[Term]) -> Term:
        rest: Term = NamedNode(RDF + "nil")
        for item in reversed(items):
            node = BlankNode()
            self.add(node, NamedNode(RDF + "first"), item)
            self.add(node, NamedNode(RDF + "rest"), rest)
            rest = node
        return rest

    def member(self, who: NamedNode, *classes: Term) -> None:
        self.add(who, TYPE, NamedNode(OWL + "NamedIndividual"))
        for each in classes:
            self.add(who, TYPE, each)

    def link(self, one: NamedNode, by: Term, other: NamedNode) -> None:
        self.member(one)
        self.member(other)
        self.add(one, by, other)

    def denial(self, subject: Term, predicate: Term, value: Term) -> None:
        node = BlankNode()
        self.add(node, TYPE, NamedNode(OWL + "NegativePropertyAssertion"))
        self.add(node, NamedNode(OWL + "sourceIndividual"), subject)
        self.add(node, NamedNode(OWL + "assertionProperty"), predicate)
        self.add(
            node,
            NamedNode(OWL + ("targetValue" if isinstance(value, Literal) else "targetIndividual")),
            value,
        )
