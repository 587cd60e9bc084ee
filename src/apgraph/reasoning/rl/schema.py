"""The axioms of an ontology as triples, its lists and class expressions by name.

A rule that is specialised to a class expression has to name it, and SPARQL can't name a blank node. So an expression
gets an IRI made of what it says; two expressions that say the same are one.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from typing import TYPE_CHECKING, Final

from pyoxigraph import BlankNode, NamedNode

from apgraph.reasoning.rl.rule import TYPE, Fact, Term
from apgraph.reasoning.structure import OWL, RDF, RDFS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from apgraph.reasoning.rl.rule import Step

__all__ = ["EXPRESSION", "PARTS", "SCHEMA_PREDICATES", "SCHEMA_TYPES", "Schema", "is_hidden", "schema_query"]

EXPRESSION: Final = "urn:apgraph:expression:"
"""What the names of class expressions and lists start with."""

_LINKS: Final = (
    *(RDFS + name for name in ("subClassOf", "subPropertyOf", "domain", "range")),
    *(
        OWL + name
        for name in (
            "equivalentClass",
            "disjointWith",
            "equivalentProperty",
            "propertyDisjointWith",
            "inverseOf",
            "hasKey",
            "propertyChainAxiom",
        )
    ),
)
_PARTS: Final = (
    *(RDF + name for name in ("first", "rest")),
    *(
        OWL + name
        for name in (
            "complementOf",
            "unionOf",
            "intersectionOf",
            "oneOf",
            "onProperty",
            "hasValue",
            "someValuesFrom",
            "allValuesFrom",
            "maxCardinality",
            "maxQualifiedCardinality",
            "onClass",
            # No rule speaks of these, but expressions that differ in one of them are two.
            "minCardinality",
            "cardinality",
            "minQualifiedCardinality",
            "qualifiedCardinality",
            "hasSelf",
            "onDataRange",
            "onProperties",
            "onDatatype",
            "withRestrictions",
            "datatypeComplementOf",
            "disjointUnionOf",
            "members",
            "distinctMembers",
            "sourceIndividual",
            "assertionProperty",
            "targetIndividual",
            "targetValue",
        )
    ),
)
PARTS: Final = tuple(NamedNode(iri) for iri in _PARTS)
"""The predicates that say what an expression, a list or another part of an axiom is."""
SCHEMA_PREDICATES: Final = tuple(NamedNode(iri) for iri in (*_LINKS, *_PARTS))
SCHEMA_TYPES: Final = tuple(
    NamedNode(OWL + name)
    for name in (
        "FunctionalProperty",
        "InverseFunctionalProperty",
        "IrreflexiveProperty",
        "AsymmetricProperty",
        "SymmetricProperty",
        "TransitiveProperty",
        "ObjectProperty",
        "DatatypeProperty",
        "Class",
        "Restriction",
        "AllDifferent",
        "AllDisjointClasses",
        "AllDisjointProperties",
        "NegativePropertyAssertion",
    )
)
_SAYS: Final = frozenset({*(NamedNode(iri) for iri in _PARTS), NamedNode(OWL + "inverseOf")})
_FIRST, _REST, _NIL = (NamedNode(RDF + name) for name in ("first", "rest", "nil"))
_KINDS: Final = frozenset(SCHEMA_TYPES)
_VOCABULARY: Final = frozenset(SCHEMA_PREDICATES)


def schema_query(sources: str = "") -> str:
    """Return the query for the axioms of a store; ``sources`` are its FROM clauses."""
    predicates = " ".join(map(str, SCHEMA_PREDICATES))
    kinds = " ".join(map(str, SCHEMA_TYPES))
    type_ = f"BIND({TYPE} AS ?p)"
    return (
        f"CONSTRUCT {{ ?s ?p ?o }} {sources} WHERE {{ {{ VALUES ?p {{ {predicates} }} ?s ?p ?o }} UNION "
        f"{{ VALUES ?o {{ {kinds} }} ?s {TYPE} ?o {type_} }} UNION "
        # Members of what is an expression, not of every blank node: there are few to ask for. (A subject that is no IRI
        # is a blank node, and Virtuoso can't compile isBlank in such a place.)
        f"{{ VALUES ?says {{ {predicates} }} ?o ?says ?what . ?s {TYPE} ?o {type_} FILTER(!isIRI(?o)) }} UNION "
        f"{{ VALUES ?kind {{ {kinds} }} ?o {TYPE} ?kind . ?s {TYPE} ?o {type_} FILTER(!isIRI(?o)) }} }}"
    )


def is_hidden(fact: Fact) -> bool:
    """Tell whether a triple speaks of an expression, or of membership in owl:Thing: true, but no news to anybody.

    >>> is_hidden((NamedNode("urn:a"), TYPE, NamedNode(OWL + "Thing")))
    True
    """
    if fact[1] == TYPE and fact[2] == NamedNode(OWL + "Thing"):
        return True
    return any(isinstance(part, NamedNode) and part.value.startswith(EXPRESSION) for part in fact)


class Schema:
    """The axioms among some triples.

    Args:
        triples: The triples; those that are no axioms are left out.

    Attributes:
        facts: The axioms, with expressions named; the cells of lists left out.
        lists: The items of each list, by its name.
        names: The name of each blank node that stands for an expression or a list.
        steps: How each axiom that was inferred follows; empty before :func:`close`.
    """

    def __init__(self, triples: Iterable[Fact]) -> None:
        given = [fact for fact in triples if _is_axiom(fact)]
        self._about: defaultdict[Term, list[Fact]] = defaultdict(list)
        for fact in given:
            self._about[fact[0]].append(fact)
        structural = {
            fact[0]
            for fact in given
            if isinstance(fact[0], BlankNode)
            and (fact[1] in _SAYS or (fact[1] == TYPE and fact[2] in _KINDS))
        }
        self.lists: dict[Term, tuple[Term, ...]] = {_NIL: ()}
        self.names: dict[BlankNode, NamedNode] = {}
        self._texts: dict[Term, str] = {}
        for node in structural:
            self.names[node] = NamedNode(EXPRESSION + _digest(self._text(node)))
        # Of a list only its head is asked for; what every cell leads to is the square of its length.
        cells = {fact[0] for fact in given if fact[1] == _FIRST}
        named = {fact[2] for fact in given if fact[1] not in (TYPE, _REST)}
        within = {fact[2] for fact in given if fact[1] == _REST}
        for head in cells & named | cells - within:
            items = self._items(head)
            if items:
                self.lists[self.named(head)] = tuple(self.named(item) for item in items)
        self.asserted: frozenset[Fact] = frozenset(
            self.named_fact(fact) for fact in given if fact[1] not in (_FIRST, _REST)
        )
        self.steps: dict[Fact, Step] = {}
        self._index()

    def _index(self) -> None:
        self.facts = self.asserted | self.steps.keys()
        self._objects: defaultdict[tuple[Term, Term], list[Term]] = defaultdict(list)
        self._pairs: defaultdict[Term, list[tuple[Term, Term]]] = defaultdict(list)
        self._members: defaultdict[Term, list[Term]] = defaultdict(list)
        for s, p, o in sorted(self.facts, key=str):
            if p == TYPE:
                self._members[o].append(s)
            else:
                self._objects[s, p].append(o)
                self._pairs[p].append((s, o))

    def subset(self, facts: Iterable[Fact]) -> Schema:
        """Return a schema of other axioms, with expressions and lists as they are named in this one."""
        other = Schema(())
        other._about, other.lists, other.names = self._about, self.lists, self.names
        other.asserted = frozenset(fact for fact in facts if _is_axiom(fact))
        other._index()
        return other

    def close(self, steps: dict[Fact, Step]) -> None:
        """Take in the axioms that follow."""
        self.steps = steps
        self._index()

    def named(self, term: Term) -> Term:
        """Return the name of an expression; any other term as it is."""
        return self.names.get(term, term) if isinstance(term, BlankNode) else term

    def named_fact(self, fact: Fact) -> Fact:
        """Return a triple with its expressions named."""
        return (self.named(fact[0]), fact[1], self.named(fact[2]))

    def pairs(self, *names: str) -> Iterator[tuple[Term, Term]]:
        """Yield subject and object of each axiom with a predicate of OWL or RDFS."""
        for name in names:
            for space in (OWL, RDFS):
                yield from self._pairs.get(NamedNode(space + name), ())

    def equivalences(self, name: str) -> tuple[tuple[Term, Term], ...]:
        """Return each pair that a predicate of OWL makes equivalent once, the way round in which it was asserted."""
        found: dict[frozenset[Term], tuple[Term, Term]] = {}
        predicate = NamedNode(OWL + name)
        for one, other in self.pairs(name):
            if one != other and (
                (one, predicate, other) in self.asserted or frozenset((one, other)) not in found
            ):
                found[frozenset((one, other))] = (one, other)
        return tuple(found.values())

    def members(self, kind: str) -> Iterator[Term]:
        """Yield what has a type of OWL."""
        yield from self._members.get(NamedNode(OWL + kind), ())

    def objects(self, subject: Term, name: str) -> Iterator[Term]:
        """Yield the objects of a subject by a predicate of OWL."""
        yield from self._objects.get((subject, NamedNode(OWL + name)), ())

    def listed(self, *names: str) -> Iterator[tuple[Term, Term, tuple[Term, ...]]]:
        """Yield subject, list and items of each axiom whose object is a list."""
        for subject, node in self.pairs(*names):
            if (items := self.lists.get(node)) is not None:
                yield subject, node, items

    def apart(self, kind: str) -> Iterator[tuple[Term, Term, Term, Term]]:
        """Yield each pair of members of the axioms that hold several things apart, with the axiom and its list.

        What is listed twice is a pair, too: it is held apart from itself.
        """
        every = set(self.members(kind))
        for axiom, node, items in self.listed("members"):
            if axiom in every:
                for at, one in enumerate(items):
                    yield from ((one, other, axiom, node) for other in items[at + 1 :])

    def describe(self, node: Term) -> tuple[Fact, ...]:
        """Return what the triples say of an expression, by any of the blank nodes that stand for it."""
        for blank, name in self.names.items():
            if name == node:
                return tuple(self._about[blank])
        return ()

    def _items(self, node: Term) -> list[Term] | None:
        items: list[Term] = []
        seen = set()
        while node != _NIL:
            firsts = [fact[2] for fact in self._about[node] if fact[1] == _FIRST]
            rests = [fact[2] for fact in self._about[node] if fact[1] == _REST]
            if node in seen or len(firsts) != 1 or len(rests) != 1:
                return None  # no list: it has an end missing, two ends, or bites its tail
            seen.add(node)
            items.append(firsts[0])
            node = rests[0]
        return items

    def _text(self, node: Term) -> str:
        """Return what stands for what is said of a blank node, the same for any of which the same is said."""
        # Not by recursion: a list is long, and each of its cells lies within the one before.
        waiting = [node]
        within: set[Term] = set()
        while waiting:
            top = waiting[-1]
            inner = [] if top in self._texts or top in within else self._inner(top)
            if inner:
                within.add(top)
                waiting += [each for each in inner if each not in within]
                continue
            waiting.pop()
            within.discard(top)
            if top not in self._texts:
                self._texts[top] = self._said(top)
        return self._texts[node]

    def _inner(self, node: Term) -> list[Term]:
        """Return the blank nodes that have to be named before a node can be."""
        return [
            o
            for _, p, o in self._about.get(node, ())
            if p in _SAYS and isinstance(o, BlankNode) and o in self._about and o not in self._texts
        ]

    def _said(self, node: Term) -> str:
        said = sorted(
            f"{p} {self._texts.get(o, 'itself') if isinstance(o, BlankNode) and o in self._about else o}"
            for _, p, o in self._about.get(node, ())
            if p in _SAYS or (p == TYPE and o in _KINDS)
        )
        if any(p in _SAYS for _, p, _ in self._about.get(node, ())):
            return f"[{_digest(' ; '.join(said))}]"
        return str(node)  # of which nothing is said but what kind of thing it is, that is one of its own


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def _is_axiom(fact: Fact) -> bool:
    if fact[1] != TYPE:
        return fact[1] in _VOCABULARY
    kind = fact[2]
    return kind in _KINDS or isinstance(kind, BlankNode) or (isinstance(kind, NamedNode) and is_hidden(fact))
