"""What follows from a few triples, with the steps: the rules run in Python until no new axiom comes out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyoxigraph import Literal

from apgraph.reasoning.rl.evaluation import evaluate
from apgraph.reasoning.rl.program import compile_rules
from apgraph.reasoning.rl.schema import Schema
from apgraph.reasoning.rl.values import compared, value_rules

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from apgraph.reasoning.rl.rule import Fact, Step

__all__ = ["Derivation", "derive"]


@dataclass(frozen=True, slots=True)
class Derivation:
    """What follows from some triples.

    Attributes:
        given: The triples, with class expressions named.
        steps: How each triple that was inferred follows, by others that are there without it.
        clashes: The contradictions, each with what contradicts itself.
    """

    given: frozenset[Fact]
    steps: Mapping[Fact, Step]
    clashes: tuple[Step, ...]

    def __contains__(self, fact: Fact) -> bool:
        return fact in self.given or fact in self.steps

    def path(self, *goals: Fact) -> tuple[Fact, ...]:
        """Return what triples follow from, and themselves, each after all that it follows from."""
        order: dict[Fact, None] = {}

        def visit(fact: Fact) -> None:
            if fact in order:
                return
            step = self.steps.get(fact) if fact not in self.given else None
            if step is not None:
                for premise in (*step.axioms, *step.premises):
                    visit(premise)
            order[fact] = None

        for goal in goals:
            visit(goal)
        return tuple(order)


def derive(triples: Collection[Fact], *, names: Schema | None = None) -> Derivation:
    """Return what follows from triples by OWL 2 RL, every step included.

    Args:
        triples: The triples.
        names: Where class expressions in the triples are named already; None: they are blank nodes.

    >>> from pyoxigraph import NamedNode
    >>> from apgraph.reasoning.rl.rule import TYPE
    >>> a, c, d = (NamedNode(f"urn:{name}") for name in "acd")
    >>> below = NamedNode("http://www.w3.org/2000/01/rdf-schema#subClassOf")
    >>> derive([(a, TYPE, c), (c, below, d)]).steps[a, TYPE, d].rule
    'cax-sco'
    """
    schema = Schema(triples) if names is None else names.subset(triples)
    given = frozenset(schema.named_fact(fact) for fact in triples)
    steps: dict[Fact, Step] = {}
    while True:
        rules = compile_rules(schema)
        properties, literals = compared(rules)
        if properties:
            there = (o for _, _, o in (*given, *steps) if isinstance(o, Literal))
            rules = (*rules, *value_rules(properties, {*literals, *there}))
        found = evaluate({*given, *steps, *schema.facts}, rules)
        # A step that is known stays: what it rests on was there before it.
        for fact, step in (*schema.steps.items(), *found.steps.items()):
            if fact not in given:
                steps.setdefault(fact, step)
        after = schema.subset((*schema.asserted, *found.steps))
        if after.asserted <= schema.facts:
            return Derivation(given, steps, tuple(found.clashes))
        schema = after
