"""The rules of OWL 2 RL for one ontology: the axioms closed first, then every rule that they bring to life."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from pyoxigraph import BlankNode, NamedNode, Variable

from apgraph.reasoning.rl.classes import class_axiom_rules, class_rules
from apgraph.reasoning.rl.datatypes import datatype_rules
from apgraph.reasoning.rl.equality import equality_rules
from apgraph.reasoning.rl.evaluation import evaluate
from apgraph.reasoning.rl.hierarchy import hierarchy_rules
from apgraph.reasoning.rl.properties import property_rules
from apgraph.reasoning.rl.rule import TYPE, Rule
from apgraph.reasoning.rl.schema import EXPRESSION
from apgraph.reasoning.structure import OWL

if TYPE_CHECKING:
    from collections.abc import Iterable

    from apgraph.reasoning.rl.rule import Atom, Term
    from apgraph.reasoning.rl.schema import Schema

__all__ = ["TABLES", "compile_rules", "is_aside", "sayable"]

TABLES: Final = {
    "properties": property_rules,
    "classes": class_rules,
    "class axioms": class_axiom_rules,
    "datatypes": datatype_rules,
    "equality": equality_rules,
}
"""The tables of the specification that speak of data, in the order in which they are run."""

_THING: Final = NamedNode(OWL + "Thing")


def compile_rules(schema: Schema) -> tuple[Rule, ...]:
    """Close the axioms under ``scm-*`` and return the rules for data, specialised to them.

    Args:
        schema: The axioms; what follows from them is put into it.
    """
    schema.close(evaluate(schema.asserted, hierarchy_rules(schema)).steps)
    return _needed([rule for table in TABLES.values() for rule in table(schema)])


def _needed(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """Leave out what leads to membership of an expression, or of owl:Thing, that nothing asks for."""
    left = [rule for rule in rules if rule.rows]
    while True:
        wanted: set[Term] = set()
        for rule in left:
            asked = {part for atom in rule.body for part in atom[1:]}
            wanted.update(part for part in asked if not isinstance(part, Variable))
            # A list of things that are apart makes many rows, so what a rule asks for is found once for all of them.
            for at in (at for at, column in enumerate(rule.columns) if column in asked):
                wanted.update(row[at] for row in rule.rows)
        wanted.discard(TYPE)
        kept = []
        for rule in left:
            if rule.head is None:
                kept.append(rule)
                continue
            rows = tuple(row for row in rule.rows if _is_news(rule, row, wanted))
            if rows:
                kept.append(rule if len(rows) == len(rule.rows) else replace(rule, rows=rows))
        if sum(len(rule.rows) for rule in kept) == sum(len(rule.rows) for rule in left):
            return tuple(kept)
        left = kept


def _is_news(rule: Rule, row: tuple[Term, ...], wanted: set[Term]) -> bool:
    if rule.head is None:
        return True
    values = dict(zip(rule.columns, row, strict=True))

    def value(part: object) -> object:
        return values.get(part, part) if isinstance(part, Variable) else part

    predicate, target = value(rule.head[1]), value(rule.head[2])
    if is_aside(predicate):
        return predicate in wanted
    return not (predicate == TYPE and is_aside(target)) or target in wanted


def is_aside(term: object) -> bool:
    """Tell whether a term is an expression, or owl:Thing: what is said of it is a step on the way, and no result."""
    return isinstance(term, NamedNode) and (term == _THING or term.value.startswith(EXPRESSION))


def sayable(rule: Rule) -> tuple[tuple[Term, ...], ...]:
    """Return the rows of a rule but those that name a blank node of the data, which SPARQL can't."""
    used = {part for atom in (*rule.body, *_head(rule)) for part in atom}
    at = [number for number, column in enumerate(rule.columns) if column in used]
    return tuple(row for row in rule.rows if not any(isinstance(row[number], BlankNode) for number in at))


def _head(rule: Rule) -> tuple[Atom, ...]:
    return () if rule.head is None else (rule.head,)
