"""Where data contradicts its ontology."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal, NamedNode, Variable

from apgraph.reasoning.rl.closure import HIDDEN
from apgraph.reasoning.rl.program import sayable
from apgraph.reasoning.rl.rule import Fact, Rule, Step, put
from apgraph.reasoning.rl.updates import clash_query
from apgraph.store import INFERRED

if TYPE_CHECKING:
    from apgraph.reasoning.rl.closure import Closure
    from apgraph.reasoning.rl.rule import Atom, Term
    from apgraph.store import Store
    from apgraph.store.deadline import Deadline

__all__ = ["MOST", "Clashes", "find_clashes"]

MOST: Final = 200
"""Things, or groups of things, whose contradictions are looked into, and how many of each."""
_ROWS: Final = 10_000
"""Rows that are asked of each rule: of one thing that is in owl:Nothing there are as many as pairs of disjoint classes."""

_FEW: Final = 6


@dataclass(frozen=True, slots=True)
class Clashes:
    """The contradictions of a store.

    Attributes:
        steps: The last step to each, by rule, each once.
        more: The rules that find more of them than were looked for.
    """

    steps: tuple[Step, ...]
    more: tuple[str, ...]


def find_clashes(store: Store, closure: Closure, *, deadline: Deadline | None = None) -> Clashes:
    """Return the contradictions of a store that was closed.

    Args:
        store: The store.
        closure: What the closure made.
        deadline: Asked before each rule whether anybody still waits.

    Raises:
        TimeLimitError: Nobody waits any more.
    """
    found: dict[frozenset[Term], dict[tuple[str, frozenset[Fact]], Step]] = {}
    more: list[str] = []
    graphs = store.graphs()
    # A row is told once anyway, so that a few graphs need not be searched for triples that they share.
    plain = len(graphs) <= _FEW and next(iter(store.quads("")), None) is None
    for rule in closure.rules:
        rows = sayable(rule) if rule.head is None else ()
        if not rows:
            continue
        if deadline is not None:
            deadline.check()
        rule = replace(rule, rows=rows)
        if plain:
            places = store.select(clash_query(rule, sources=(*graphs, INFERRED, HIDDEN), limit=_ROWS))
        else:
            places = store.select(
                clash_query(rule, limit=_ROWS), default_graphs=["", *graphs, INFERRED, HIDDEN]
            )
        is_cut = len(places.rows) == _ROWS
        for row in places.rows:
            values = {
                Variable(name): term
                for name, term in zip(places.variables, row, strict=True)
                if term is not None
            }
            step = _step(rule, values)
            about, key = frozenset(fact[0] for fact in step.premises), (step.rule, frozenset(step.premises))
            group = found.get(about, {})
            if (not group and len(found) == MOST) or (key not in group and len(group) == MOST):
                is_cut = True
                continue
            found.setdefault(about, group).setdefault(key, step)
        more += [rule.name] if is_cut else []
    steps = [step for group in found.values() for step in group.values()]
    return Clashes(tuple(sorted(steps, key=str)), tuple(more))


def _step(rule: Rule, values: dict[Variable, Term]) -> Step:
    premises = [_ground(put(atom, values)) for atom in rule.body]
    return Step(
        rule.name, tuple(dict.fromkeys(premises)), tuple(_ground(put(atom, values)) for atom in rule.axioms)
    )


def _ground(atom: Atom) -> Fact:
    s, p, o = atom
    if isinstance(s, Variable | Literal) or not isinstance(p, NamedNode) or isinstance(o, Variable):
        raise TypeError(atom)  # every variable of a rule is bound by its body or its table
    return (s, p, o)
