"""Rules run in Python over a few triples, each conclusion with the step that led to it.

For axioms and explanations, where there are tens or thousands of triples and every step counts. Data goes through
:mod:`apgraph.reasoning.rl.closure`.
"""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode, QueryBoolean, Store, Variable

from apgraph.reasoning.rl.rule import TYPE, Fact, Instance, Step, put

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from apgraph.reasoning.rl.rule import Atom, Condition, Rule, Term

__all__ = ["Evaluation", "evaluate"]

Binding = dict[Variable, "Term"]


class Evaluation:
    """What follows from some triples.

    Attributes:
        steps: How each triple that was inferred follows; by triples that were there before it.
        clashes: The steps that end in a contradiction.
    """

    def __init__(self, given: Iterable[Fact], rules: Iterable[Rule]) -> None:
        self.steps: dict[Fact, Step] = {}
        self.clashes: list[Step] = []
        self._all: set[Fact] = set()
        self._by_key: defaultdict[tuple[Term | None, ...], list[Fact]] = defaultdict(list)
        # A transitive property is closed by going on from all that was reached by one step that no transitivity made:
        # what is reached in n steps is made once so, and for each place to cut it in two if any two are put together.
        self._paces: defaultdict[tuple[Term, Term], list[Fact]] = defaultdict(list)
        waiting: list[tuple[Fact, Step | None, bool]] = [(fact, None, True) for fact in given]
        uses: defaultdict[tuple[Term | None, ...], list[tuple[Instance, int]]] = defaultdict(list)
        transitive: dict[Term, Instance] = {}
        for rule in rules:
            for instance in rule.instances():
                if not instance.body:
                    step = Step(instance.name, (), instance.axioms)
                    if instance.head is None:
                        self.clashes.append(step)
                    elif (fact := _fact(instance.head)) is not None:
                        waiting.append((fact, step, True))
                if instance.transitive is not None:
                    transitive.setdefault(instance.transitive, instance)
                    continue
                for at, atom in enumerate(instance.body):
                    uses[_key(atom)].append((instance, at))
        at = 0
        while at < len(waiting):
            fact, how, is_pace = waiting[at]
            at += 1
            if fact in self._all:
                continue
            self._all.add(fact)
            if how is not None:
                self.steps[fact] = how
            for key in _keys(fact):
                self._by_key[key].append(fact)
            for key in ((fact[1], fact[2]), (fact[1], None), (None, None)):
                for instance, position in uses.get(key, ()):
                    waiting.extend((made, by, True) for made, by in self._fire(instance, position, fact))
            if fact[1] in transitive:
                waiting.extend(
                    (made, by, False) for made, by in self._go_on(transitive[fact[1]], fact, is_pace)
                )

    def __contains__(self, fact: Fact) -> bool:
        return fact in self._all

    def _fire(self, instance: Instance, position: int, fact: Fact) -> Iterator[tuple[Fact, Step]]:
        start: Binding = {}
        if not _unify(instance.body[position], fact, start):
            return
        rest = [atom for at, atom in enumerate(instance.body) if at != position]
        early = [each for each in instance.conditions if start.keys() >= set(each.variables)]
        if not all(_holds(condition, start) for condition in early):
            return
        for binding in list(self._join(rest, start)):
            if any(binding[one] == binding[other] for one, other in instance.unequal):
                continue
            if not all(_holds(each, binding) for each in instance.conditions if each not in early):
                continue
            premises = tuple(each for atom in instance.body if (each := _fact(put(atom, binding))))
            step = Step(instance.name, tuple(dict.fromkeys(premises)), instance.axioms)
            if instance.head is None:
                self.clashes.append(step)
            elif (made := _fact(put(instance.head, binding))) and made not in self._all:
                yield made, step

    def _go_on(self, instance: Instance, fact: Fact, is_pace: bool) -> Iterator[tuple[Fact, Step]]:
        """Yield what a transitive property reaches by a triple and one pace, or by what reaches it and it as the pace."""
        start, p, end = fact
        pairs = [(fact, pace) for pace in self._paces.get((end, p), ())]
        if is_pace:
            self._paces[start, p].append(fact)
            pairs += [(way, fact) for way in self._by_key.get((None, p, start), ())]
        names = [instance.body[0][0], instance.body[0][2], instance.body[1][2]]
        for way, pace in pairs:
            values = dict(zip(names, (way[0], way[2], pace[2]), strict=True))
            if any(values[one] == values[other] for one, other in instance.unequal):
                continue
            made = _fact((way[0], p, pace[2]))
            if made is not None and made not in self._all:
                yield made, Step(instance.name, tuple(dict.fromkeys((way, pace))), instance.axioms)

    def _join(self, atoms: list[Atom], binding: Binding) -> Iterator[Binding]:
        if not atoms:
            yield binding
            return
        first = put(atoms[0], binding)
        key = tuple(None if isinstance(part, Variable) else part for part in first)
        for fact in self._by_key.get(key, ()):
            extended = dict(binding)
            if _unify(first, fact, extended):
                yield from self._join(atoms[1:], extended)


def evaluate(given: Iterable[Fact], rules: Iterable[Rule]) -> Evaluation:
    """Return what follows from triples by rules.

    >>> from apgraph.reasoning.rl.rule import Rule
    >>> a, p, q = (NamedNode(f"urn:{name}") for name in "apq")
    >>> rule = Rule("prp-spo1", ((Variable("x"), p, Variable("y")),), (Variable("x"), q, Variable("y")))
    >>> found = evaluate([(a, p, a)], [rule])
    >>> found.steps[a, q, a].rule
    'prp-spo1'
    """
    return Evaluation(given, rules)


def _key(atom: Atom) -> tuple[Term | None, ...]:
    predicate = None if isinstance(atom[1], Variable) else atom[1]
    kind = atom[2] if predicate == TYPE and not isinstance(atom[2], Variable) else None
    return (predicate, kind)


def _keys(fact: Fact) -> Iterator[tuple[Term | None, ...]]:
    s, p, o = fact
    for subject in (s, None):
        for predicate in (p, None):
            for object_ in (o, None):
                yield (subject, predicate, object_)


def _unify(atom: Atom, fact: Fact, binding: Binding) -> bool:
    for part, term in zip(atom, fact, strict=True):
        if isinstance(part, Variable):
            if binding.setdefault(part, term) != term:
                return False
        elif part != term:
            return False
    return True


def _fact(atom: Atom) -> Fact | None:
    """Return an atom without variables as a triple; None where RDF does not allow it."""
    s, p, o = atom
    if isinstance(s, Variable | Literal) or not isinstance(p, NamedNode) or isinstance(o, Variable):
        return None
    return (s, p, o)


_ENGINE = Store()


def _holds(condition: Condition, binding: Mapping[Variable, Term]) -> bool:
    return _asked(condition, tuple((name, binding[name]) for name in condition.variables))


@lru_cache(maxsize=65536)
def _asked(condition: Condition, values: tuple[tuple[Variable, Term], ...]) -> bool:
    """Ask the engine of the stores, so that both ways to run a rule mean the same by a condition."""
    answer = _ENGINE.query(f"ASK {{ FILTER({condition.filled(dict(values)).expression}) }}")
    return isinstance(answer, QueryBoolean) and bool(answer)
