"""Tables 6 and 7 of the rules of OWL 2 RL: classes, and axioms between them."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal, NamedNode, Variable

from apgraph.reasoning.rl.datatypes import holds, is_datatype, values_differ
from apgraph.reasoning.rl.equality import SAME
from apgraph.reasoning.rl.rule import TYPE, Atom, Condition, Rule, Term
from apgraph.reasoning.structure import OWL, RDFS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apgraph.reasoning.rl.schema import Schema

__all__ = ["class_axiom_rules", "class_rules"]

THING: Final = NamedNode(OWL + "Thing")
_NOTHING: Final = NamedNode(OWL + "Nothing")
_X, _Y, _Z, _P, _C, _D, _L, _V = (Variable(name) for name in ("x", "y", "z", "p", "c", "d", "list", "v"))
_ON: Final = (_C, NamedNode(OWL + "onProperty"), _P)


def class_rules(schema: Schema) -> Iterator[Rule]:
    """Yield the rules ``cls-*``; ``cls-thing`` and ``cls-nothing1`` say nothing about data."""
    for rule in (
        Rule("cls-nothing2", ((_X, TYPE, _NOTHING),), None),
        *_lists(schema),
        *_restrictions(schema),
        *_cardinalities(schema),
    ):
        if rule.rows:
            yield rule


def class_axiom_rules(schema: Schema) -> Iterator[Rule]:
    """Yield the rules ``cax-*``."""
    equal = schema.equivalences("equivalentClass")
    both = {*equal, *((row[1], row[0]) for row in equal)}
    below = tuple(pair for pair in schema.pairs("subClassOf") if pair[0] != pair[1] and pair not in both)
    sub, same = NamedNode(RDFS + "subClassOf"), NamedNode(OWL + "equivalentClass")
    rules = [
        Rule("cax-sco", ((_X, TYPE, _C),), (_X, TYPE, _D), (_C, _D), below, ((_C, sub, _D),)),
        Rule("cax-eqc1", ((_X, TYPE, _C),), (_X, TYPE, _D), (_C, _D), equal, ((_C, same, _D),)),
        Rule("cax-eqc2", ((_X, TYPE, _D),), (_X, TYPE, _C), (_C, _D), equal, ((_C, same, _D),)),
    ]
    apart = tuple(schema.pairs("disjointWith"))
    axiom = (_C, NamedNode(OWL + "disjointWith"), _D)
    rules.append(Rule("cax-dw", ((_X, TYPE, _C), (_X, TYPE, _D)), None, (_C, _D), apart, (axiom,)))
    of = Variable("of")
    rules.append(
        Rule(
            "cax-adc",
            ((_X, TYPE, _C), (_X, TYPE, _D)),
            None,
            (_C, _D, of, _L),
            tuple(schema.apart("AllDisjointClasses")),
            ((of, TYPE, NamedNode(OWL + "AllDisjointClasses")), (of, NamedNode(OWL + "members"), _L)),
        )
    )
    yield from (rule for rule in rules if rule.rows)


def _lists(schema: Schema) -> Iterator[Rule]:
    by_length: defaultdict[int, list[tuple[Term, ...]]] = defaultdict(list)
    parts: list[tuple[Term, ...]] = []
    for whole, node, items in schema.listed("intersectionOf"):
        if items:
            by_length[len(items)].append((whole, node, *items))
            parts += [(whole, node, item) for item in items]
    axiom: Atom = (_C, NamedNode(OWL + "intersectionOf"), _L)
    for length, found in sorted(by_length.items()):
        members = tuple(Variable(f"c{at}") for at in range(length))
        body = tuple((_X, TYPE, member) for member in members)
        yield Rule("cls-int1", body, (_X, TYPE, _C), (_C, _L, *members), tuple(found), (axiom,))
    yield Rule("cls-int2", ((_X, TYPE, _C),), (_X, TYPE, _D), (_C, _L, _D), tuple(parts), (axiom,))
    unions = tuple((w, node, item) for w, node, items in schema.listed("unionOf") for item in items)
    axiom = (_C, NamedNode(OWL + "unionOf"), _L)
    yield Rule("cls-uni", ((_X, TYPE, _D),), (_X, TYPE, _C), (_C, _L, _D), unions, (axiom,))
    named = tuple(
        (w, node, item)
        for w, node, items in schema.listed("oneOf")
        for item in items
        if not isinstance(item, Literal)
    )
    axiom = (_C, NamedNode(OWL + "oneOf"), _L)
    yield Rule("cls-oo", (), (_X, TYPE, _C), (_C, _L, _X), named, (axiom,))
    apart = tuple(schema.pairs("complementOf"))
    axiom = (_C, NamedNode(OWL + "complementOf"), _D)
    yield Rule("cls-com", ((_X, TYPE, _C), (_X, TYPE, _D)), None, (_C, _D), apart, (axiom,))


def _restrictions(schema: Schema) -> Iterator[Rule]:
    some, anything, every, values = _rows(schema)
    link = (_X, _P, _Y)
    for name, rows, body in (
        ("cls-svf1", some, (link, (_Y, TYPE, _D))),
        ("cls-svf2", anything, (link,)),
    ):
        axioms = ((_C, NamedNode(OWL + "someValuesFrom"), _D), _ON)
        yield Rule(name, body, (_X, TYPE, _C), (_C, _D, _P), rows, axioms)
        if name == "cls-svf1":
            for datatype in sorted({row[1] for row in rows if is_datatype(row[1])}, key=str):
                mine = tuple(row for row in rows if row[1] == datatype)
                yield Rule(
                    name,
                    (link,),
                    (_X, TYPE, _C),
                    (_C, _D, _P),
                    mine,
                    axioms,
                    conditions=(holds(_Y, datatype),),
                )
    axioms = ((_C, NamedNode(OWL + "allValuesFrom"), _D), _ON)
    yield Rule("cls-avf", ((_X, TYPE, _C), link), (_Y, TYPE, _D), (_C, _D, _P), every, axioms)
    axioms = ((_C, NamedNode(OWL + "hasValue"), _V), _ON)
    yield Rule("cls-hv1", ((_X, TYPE, _C),), (_X, _P, _V), (_C, _V, _P), values, axioms)
    yield Rule("cls-hv2", ((_X, _P, _V),), (_X, TYPE, _C), (_C, _V, _P), values, axioms)


def _properties(schema: Schema, restriction: Term) -> Iterator[Term]:
    """Yield what a restriction is on; a literal is no property, and none can be asked for in a query."""
    yield from (each for each in schema.objects(restriction, "onProperty") if not isinstance(each, Literal))


def _rows(schema: Schema) -> tuple[tuple[tuple[Term, ...], ...], ...]:
    def rows(name: str) -> Iterator[tuple[Term, ...]]:
        for of, value in schema.pairs(name):
            for on in _properties(schema, of):
                yield (of, value, on)

    some = tuple(rows("someValuesFrom"))
    return (
        tuple(row for row in some if row[1] != THING),
        tuple(row for row in some if row[1] == THING),
        tuple(rows("allValuesFrom")),
        tuple(rows("hasValue")),
    )


def _cardinalities(schema: Schema) -> Iterator[Rule]:
    number, of = Variable("n"), (_X, TYPE, _C)
    one, two = (_X, _P, _Y), (_X, _P, _Z)
    resources = Condition(f"!isLiteral({_Z})", (_Z,))
    axiom = (_C, NamedNode(OWL + "maxCardinality"), number)
    plain = [(c, n, p) for c, n in schema.pairs("maxCardinality") for p in _properties(schema, c)]
    columns = (_C, number, _P)
    nought = tuple(row for row in plain if _says(row[1], "0"))
    single = tuple(row for row in plain if _says(row[1], "1"))
    yield Rule("cls-maxc1", (of, one), None, columns, nought, (axiom, _ON))
    both = (of, one, two)
    yield Rule("cls-maxc2", both, (_Y, SAME, _Z), columns, single, (axiom, _ON), ((_Y, _Z),), (resources,))
    yield Rule("dt-diff", both, None, columns, single, (axiom, _ON), ((_Y, _Z),), (values_differ(_Y, _Z),))
    qualified = [
        (c, n, p, q)
        for c, n in schema.pairs("maxQualifiedCardinality")
        for p in _properties(schema, c)
        for q in schema.objects(c, "onClass")
    ]
    axioms = (
        (_C, NamedNode(OWL + "maxQualifiedCardinality"), number),
        _ON,
        (_C, NamedNode(OWL + "onClass"), _D),
    )
    wide = (_C, number, _P, _D)
    kind, other = (_Y, TYPE, _D), (_Z, TYPE, _D)
    for name, count, any_, body in (
        ("cls-maxqc1", "0", False, (of, one, kind)),
        ("cls-maxqc2", "0", True, (of, one)),
        ("cls-maxqc3", "1", False, (of, one, kind, two, other)),
        ("cls-maxqc4", "1", True, both),
    ):
        rows = tuple(row for row in qualified if _says(row[1], count) and (row[3] == THING) == any_)
        if count == "0":
            yield Rule(name, body, None, wide, rows, axioms)
        else:
            yield Rule(name, body, (_Y, SAME, _Z), wide, rows, axioms, ((_Y, _Z),), (resources,))


def _says(number: Term, value: str) -> bool:
    return (
        isinstance(number, Literal)
        and number.value.lstrip("+").lstrip("0") == value.lstrip("0")
        and number.value != ""
    )
