"""Table 5 of the rules of OWL 2 RL: properties."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode, Variable

from apgraph.reasoning.rl.datatypes import values_differ
from apgraph.reasoning.rl.equality import SAME
from apgraph.reasoning.rl.rule import TYPE, Atom, Condition, Rule, Term
from apgraph.reasoning.structure import OWL, RDFS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apgraph.reasoning.rl.schema import Schema

__all__ = ["property_rules"]

Rows = tuple[tuple[Term, ...], ...]
_X, _Y, _Z, _P, _Q, _C, _L = (Variable(name) for name in ("x", "y", "z", "p", "q", "c", "list"))
_SUB = NamedNode(RDFS + "subPropertyOf")


def property_rules(schema: Schema) -> Iterator[Rule]:
    """Yield the rules ``prp-*``; ``prp-ap``, which types annotation properties, says nothing about data."""
    for rule in (
        *_sub(schema),
        *_inverse(schema),
        *_chains(schema),
        *_ranges(schema),
        *_functional(schema),
        *_keys(schema),
        *_clashes(schema),
    ):
        if rule.rows:
            yield rule


def _typed(schema: Schema, kind: str) -> tuple[Rows, tuple[Atom, ...]]:
    """Return the properties with a characteristic, as rows, and the axiom that says so."""
    return tuple((each,) for each in schema.members(kind)), ((_P, TYPE, NamedNode(OWL + kind)),)


def _linked(schema: Schema, name: str, space: str = OWL) -> tuple[Rows, tuple[Atom, ...]]:
    """Return the pairs that a predicate of axioms links, as rows, and the axiom."""
    return tuple(schema.pairs(name)), ((_P, NamedNode(space + name), _Q),)


def _sub(schema: Schema) -> Iterator[Rule]:
    _, axioms = _linked(schema, "equivalentProperty")
    equal = schema.equivalences("equivalentProperty")
    both = {*equal, *((row[1], row[0]) for row in equal)}
    rows = tuple(pair for pair in schema.pairs("subPropertyOf") if pair[0] != pair[1] and pair not in both)
    yield Rule("prp-spo1", ((_X, _P, _Y),), (_X, _Q, _Y), (_P, _Q), rows, ((_P, _SUB, _Q),))
    yield Rule("prp-eqp1", ((_X, _P, _Y),), (_X, _Q, _Y), (_P, _Q), equal, axioms)
    yield Rule("prp-eqp2", ((_X, _Q, _Y),), (_X, _P, _Y), (_P, _Q), equal, axioms)


def _inverse(schema: Schema) -> Iterator[Rule]:
    rows, axioms = _typed(schema, "SymmetricProperty")
    yield Rule("prp-symp", ((_X, _P, _Y),), (_Y, _P, _X), (_P,), rows, axioms)
    rows, axioms = _linked(schema, "inverseOf")
    yield Rule("prp-inv1", ((_X, _P, _Y),), (_Y, _Q, _X), (_P, _Q), rows, axioms)
    yield Rule("prp-inv2", ((_X, _Q, _Y),), (_Y, _P, _X), (_P, _Q), rows, axioms)


def _chains(schema: Schema) -> Iterator[Rule]:
    rows, axioms = _typed(schema, "TransitiveProperty")
    yield Rule("prp-trp", ((_X, _P, _Y), (_Y, _P, _Z)), (_X, _P, _Z), (_P,), rows, axioms)
    by_length: defaultdict[int, list[tuple[Term, ...]]] = defaultdict(list)
    for made, node, chain in schema.listed("propertyChainAxiom"):
        if chain:
            by_length[len(chain)].append((made, node, *chain))
    for length, found in sorted(by_length.items()):
        parts = tuple(Variable(f"p{at}") for at in range(length))
        nodes = tuple(Variable(f"u{at}") for at in range(length + 1))
        body = tuple((nodes[at], parts[at], nodes[at + 1]) for at in range(length))
        axiom = (_P, NamedNode(OWL + "propertyChainAxiom"), _L)
        yield Rule("prp-spo2", body, (nodes[0], _P, nodes[-1]), (_P, _L, *parts), tuple(found), (axiom,))


def _ranges(schema: Schema) -> Iterator[Rule]:
    rows, axioms = _linked(schema, "domain", RDFS)
    yield Rule("prp-dom", ((_X, _P, _Y),), (_X, TYPE, _Q), (_P, _Q), rows, axioms)
    rows, axioms = _linked(schema, "range", RDFS)
    yield Rule("prp-rng", ((_X, _P, _Y),), (_Y, TYPE, _Q), (_P, _Q), rows, axioms)


def _functional(schema: Schema) -> Iterator[Rule]:
    rows, axioms = _typed(schema, "FunctionalProperty")
    two = ((_X, _P, _Y), (_X, _P, _Z))
    resources = Condition(f"!isLiteral({_Z})", (_Z,))
    yield Rule("prp-fp", two, (_Y, SAME, _Z), (_P,), rows, axioms, ((_Y, _Z),), (resources,))
    # Two values that differ can't be made the same: prp-fp says they are, dt-diff and eq-diff1 that they can't be.
    yield Rule("dt-diff", two, None, (_P,), rows, axioms, ((_Y, _Z),), (values_differ(_Y, _Z),))
    rows, axioms = _typed(schema, "InverseFunctionalProperty")
    yield Rule(
        "prp-ifp", ((_Y, _P, _X), (_Z, _P, _X)), (_Y, SAME, _Z), (_P,), rows, axioms, unequal=((_Y, _Z),)
    )


def _keys(schema: Schema) -> Iterator[Rule]:
    by_length: defaultdict[int, list[tuple[Term, ...]]] = defaultdict(list)
    for of, node, keys in schema.listed("hasKey"):
        if keys:
            by_length[len(keys)].append((of, node, *keys))
    for length, found in sorted(by_length.items()):
        names = tuple(Variable(f"p{at}") for at in range(length))
        values = tuple(Variable(f"z{at}") for at in range(length))
        body: list[Atom] = []
        for value, key in zip(values, names, strict=True):
            body += [(_X, key, value), (_Y, key, value)]
        body += [(_X, TYPE, _C), (_Y, TYPE, _C)]
        axiom = (_C, NamedNode(OWL + "hasKey"), _L)
        yield Rule(
            "prp-key",
            tuple(body),
            (_X, SAME, _Y),
            (_C, _L, *names),
            tuple(found),
            (axiom,),
            unequal=((_X, _Y),),
        )


def _clashes(schema: Schema) -> Iterator[Rule]:
    rows, axioms = _typed(schema, "IrreflexiveProperty")
    yield Rule("prp-irp", ((_X, _P, _X),), None, (_P,), rows, axioms)
    rows, axioms = _typed(schema, "AsymmetricProperty")
    yield Rule("prp-asyp", ((_X, _P, _Y), (_Y, _P, _X)), None, (_P,), rows, axioms)
    rows, axioms = _linked(schema, "propertyDisjointWith")
    yield Rule("prp-pdw", ((_X, _P, _Y), (_X, _Q, _Y)), None, (_P, _Q), rows, axioms)
    of = Variable("of")
    yield Rule(
        "prp-adp",
        ((_X, _P, _Y), (_X, _Q, _Y)),
        None,
        (_P, _Q, of, _L),
        tuple(schema.apart("AllDisjointProperties")),
        ((of, TYPE, NamedNode(OWL + "AllDisjointProperties")), (of, NamedNode(OWL + "members"), _L)),
    )
    for name, target in (("prp-npa1", "targetIndividual"), ("prp-npa2", "targetValue")):
        rows = tuple(
            (of_, source, property_, value)
            for of_, source in schema.pairs("sourceIndividual")
            for property_ in schema.objects(of_, "assertionProperty")
            for value in schema.objects(of_, target)
        )
        axioms = (
            (of, NamedNode(OWL + "sourceIndividual"), _X),
            (of, NamedNode(OWL + "assertionProperty"), _P),
            (of, NamedNode(OWL + target), _Y),
        )
        yield Rule(name, ((_X, _P, _Y),), None, (of, _X, _P, _Y), rows, axioms)
