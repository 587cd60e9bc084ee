"""Where data contradicts its ontology."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal, NamedNode, Variable

from apgraph.reasoning.rl.closure import HIDDEN
from apgraph.reasoning.rl.rule import Fact, Rule, Step, put
from apgraph.reasoning.rl.updates import clash_query
from apgraph.store import INFERRED

if TYPE_CHECKING:
    from apgraph.reasoning.rl.closure import Closure
    from apgraph.reasoning.rl.rule import Atom, Term
    from apgraph.store import Store
    from apgraph.store.deadline import Deadline

__all__ = ["MOST", "find_clashes"]

MOST: Final = 200
"""Contradictions that are looked for by each rule; the first one makes everything follow."""

_FEW: Final = 6


def find_clashes(store: Store, closure: Closure, *, deadline: Deadline | None = None) -> tuple[Step, ...]:
    """Return the contradictions of a store that was closed, by rule, each once.

    Args:
        store: The store.
        closure: What the closure made.
        deadline: Asked before each rule whether anybody still waits.

    Raises:
        TimeLimitError: Nobody waits any more.
    """
    found: dict[tuple[str, frozenset[Fact]], Step] = {}
    graphs = store.graphs()
    # A row is told once anyway, so that a few graphs need not be searched for triples that they share.
    plain = len(graphs) <= _FEW and next(iter(store.quads("")), None) is None
    for rule in closure.rules:
        if rule.head is not None:
            continue
        if deadline is not None:
            deadline.check()
        if plain:
            rows = store.select(clash_query(rule, sources=(*graphs, INFERRED, HIDDEN), limit=MOST))
        else:
            rows = store.select(clash_query(rule, limit=MOST), default_graphs=["", *graphs, INFERRED, HIDDEN])
        for row in rows:
            values = {
                Variable(name): term
                for name, term in zip(rows.variables, row, strict=True)
                if term is not None
            }
            step = _step(rule, values)
            found.setdefault((step.rule, frozenset(step.premises)), step)
    return tuple(sorted(found.values(), key=str))


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
