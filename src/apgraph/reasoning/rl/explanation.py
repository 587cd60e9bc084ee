"""Why a triple was inferred, or why the data contradicts itself: the fewest asserted triples, and the rules' steps."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple, Variable

from apgraph.errors import InputError, NotFinishedError
from apgraph.reasoning.rl.closure import HIDDEN
from apgraph.reasoning.rl.derivation import Derivation, derive
from apgraph.reasoning.rl.equality import SAME
from apgraph.reasoning.rl.meanings import GIVEN, MEANINGS, UNTRACED
from apgraph.reasoning.rl.rule import TYPE, Fact, Instance, Step, put
from apgraph.reasoning.rl.updates import premise_query
from apgraph.reasoning.rl.wording import Wording
from apgraph.reasoning.structure import RDF, RDFS
from apgraph.store import INFERRED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from apgraph.reasoning.rl.closure import Closure
    from apgraph.reasoning.rl.rule import Atom, Term
    from apgraph.reasoning.rl.schema import Schema
    from apgraph.store import Store
    from apgraph.store.deadline import Deadline

__all__ = ["Explainer", "Explanation", "Line"]

_FEW: Final = 12
"""Ways to derive a triple by one axiom that are looked into at first."""

_MOST: Final = 20_000
_PROV: Final = "http://www.w3.org/ns/prov#"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an explanation.

    Attributes:
        fact: What holds.
        rule: The rule by which it follows; None: it was asserted.
        rests_on: The lines from which it follows, by number from 1.
    """

    fact: Fact
    rule: str | None
    rests_on: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why something holds.

    Attributes:
        conclusion: What was to be explained; None: that the data contradicts itself.
        lines: The steps, each after those that it rests on; the last is the conclusion.
        clash: The rule that is broken, where the data contradicts itself.
        schema: What names the class expressions in the lines.
    """

    conclusion: Fact | None
    lines: tuple[Line, ...]
    clash: str | None
    schema: Schema

    @property
    def asserted(self) -> tuple[Fact, ...]:
        """The asserted triples that it rests on; without any of them it would not hold."""
        return tuple(line.fact for line in self.lines if line.rule is None)

    def grounded(self, grounds: Callable[[Fact], Sequence[Fact]]) -> Explanation:
        """Return it with what lies behind those lines that follow from the data in another way than by the rules.

        Args:
            grounds: Gives, for a triple, those that it follows from; none where it was asserted.
        """
        lines: list[Line] = []
        at: dict[Fact, int] = {}
        places: list[int] = []

        def put_down(line: Line) -> int:
            if line.fact not in at:
                lines.append(line)
                at[line.fact] = len(lines)
            return at[line.fact]

        for line in self.lines:
            behind = grounds(line.fact) if line.rule is None else ()
            rests = tuple(put_down(Line(fact, None, ())) for fact in behind)
            if behind:
                places.append(put_down(Line(line.fact, GIVEN, rests)))
            else:
                before = tuple(places[number - 1] for number in line.rests_on)
                places.append(put_down(Line(line.fact, line.rule, before)))
        return replace(self, lines=tuple(lines))

    def to_text(self, *, label: Callable[[str], str] | None = None) -> str:
        """Return numbered lines of text.

        Args:
            label: What an IRI is called; the last part of it by default.
        """
        return "\n".join(self._lines(label, "{number}. {text} ({reason})"))

    def to_markdown(self, *, label: Callable[[str], str] | None = None) -> str:
        """Return a numbered list in Markdown."""
        return "\n".join(self._lines(label, "{number}. {text} *({reason})*")) + "\n"

    def __str__(self) -> str:
        return self.to_text()

    def _lines(self, label: Callable[[str], str] | None, pattern: str) -> list[str]:
        words = Wording(self.schema, label)
        numbers: dict[int, int] = {}
        made = []
        for at, line in enumerate(self.lines, start=1):
            if line.rule is None and words.is_said(line.fact) and len(self.lines) > 1:
                continue
            numbers[at] = len(numbers) + 1
            reason = _reason(line, [numbers[each] for each in line.rests_on if each in numbers])
            made.append(pattern.format(number=numbers[at], text=words.fact(line.fact), reason=reason))
        if self.clash is not None:
            ends = [numbers[at] for at in numbers if not self._is_used(at)]
            reason = f"{self.clash}: {MEANINGS[self.clash][1]}; from {_numbers(ends)}"
            made.append(
                pattern.format(number=len(numbers) + 1, text="this contradicts itself", reason=reason)
            )
        return made

    def _is_used(self, number: int) -> bool:
        return any(number in line.rests_on for line in self.lines)

    def to_rdf(self) -> tuple[Triple, ...]:
        """Return the steps as RDF statements, each derived (PROV-O) from those that it rests on."""
        nodes = [BlankNode(f"line{number}") for number in range(1, len(self.lines) + 1)]
        triples = []
        for node, line in zip(nodes, self.lines, strict=True):
            triples.append(Triple(node, TYPE, NamedNode(RDF + "Statement")))
            for name, term in zip(("subject", "predicate", "object"), line.fact, strict=True):
                triples.append(Triple(node, NamedNode(RDF + name), term))
            if line.rule is not None:
                triples.append(
                    Triple(node, NamedNode(RDFS + "comment"), Literal(_reason(line, ()), language="en"))
                )
            triples += [
                Triple(node, NamedNode(_PROV + "wasDerivedFrom"), nodes[at - 1]) for at in line.rests_on
            ]
        if self.clash is not None:
            end = BlankNode("clash")
            text = f"A contradiction by {self.clash}: {MEANINGS[self.clash][1]}."
            triples.append(Triple(end, NamedNode(RDFS + "comment"), Literal(text, language="en")))
            triples += [
                Triple(end, NamedNode(_PROV + "wasDerivedFrom"), node)
                for number, node in enumerate(nodes, start=1)
                if not self._is_used(number)
            ]
        return (*triples, *self._expressions())

    def _expressions(self) -> list[Triple]:
        """Return what the class expressions in the lines are, by the names that the lines use."""
        made: dict[Triple, None] = {}
        waiting = [term for line in self.lines for term in line.fact]
        seen: set[Term] = set()
        while waiting:
            term = waiting.pop()
            if term in seen or not isinstance(term, NamedNode):
                continue
            seen.add(term)
            for s, p, o in self.schema.describe(term):
                fact = self.schema.named_fact((s, p, o))
                if isinstance(fact[0], NamedNode) and isinstance(p, NamedNode):
                    made[Triple(fact[0], p, fact[2])] = None
                    waiting.append(fact[2])
        return list(made)


def _reason(line: Line, rests_on: Sequence[int]) -> str:
    if line.rule is None:
        return "asserted"
    text = f"{line.rule}: {MEANINGS[line.rule][1]}"
    return f"{text}; from {_numbers(rests_on)}" if rests_on else text


def _numbers(numbers: Sequence[int]) -> str:
    texts = [str(number) for number in numbers]
    return texts[0] if len(texts) == 1 else f"{', '.join(texts[:-1])} and {texts[-1]}"


class Explainer:
    """Explains what a closure inferred.

    Args:
        store: The store, as it was when it was closed.
        closure: What the closure made.
        deadline: Asked at each step whether anybody still waits; TimeLimitError if nobody does.
    """

    def __init__(self, store: Store, closure: Closure, *, deadline: Deadline | None = None) -> None:
        self._store = store
        self._deadline = deadline
        self._schema = closure.schema
        # Not those of the schema: data brings axioms that nobody asserted.
        self._axioms = closure.asserted
        self._given = closure.given
        self._equal: Mapping[Fact, Step] | None = None
        # What leads to a triple leads to all that follows from it, and is asked for once.
        self._known: dict[tuple[Fact, int], tuple[Step, ...]] = {}
        self._stated: dict[Fact, bool] = {}
        self._graphs = ["", *store.graphs()]
        self._by_head: defaultdict[tuple[Term | None, Term | None], list[Instance]] = defaultdict(list)
        for rule in closure.rules:
            for instance in rule.instances():
                if instance.head is not None:
                    self._by_head[_head_key(instance.head)].append(instance)

    def explain(self, fact: Fact) -> Explanation:
        """Return why a triple holds.

        Raises:
            InputError: It was not inferred, nor asserted.
            NotFinishedError: There are too many ways to derive it, or none was found though it was inferred.
        """
        goal = self._schema.named_fact(fact)
        leaves = self._leaves([goal])
        if leaves is None:
            said = Wording(self._schema).fact(goal)
            if self._is_inferred(goal):
                raise NotFinishedError(f"{said}: {MEANINGS[UNTRACED][1]}")
            raise InputError(f"{said}: that was neither asserted nor inferred")
        least = self._least(leaves, lambda found: goal in found)
        found = derive(least, names=self._schema)
        return Explanation(goal, _lines(found, found.path(goal)), None, self._schema)

    def contradictions(self, clashes: Iterable[Step]) -> tuple[Explanation, ...]:
        """Return why the data contradicts itself, each set of asserted triples that does so once.

        From what contradicts itself much follows that does, too, and rests on the same triples. What can't be traced
        back to what was asserted is told as it was found, once for the same things.
        """
        made: dict[frozenset[Fact], Explanation] = {}
        untraced: dict[frozenset[Term], Explanation] = {}
        for clash in sorted(clashes, key=self._far):
            leaves = self._leaves_of(clash)
            about = frozenset(fact[0] for fact in clash.premises)
            if leaves is None:
                untraced.setdefault(about, self._untraced(clash))
            elif not any(asserted <= leaves for asserted in made):
                explained = self._explained(clash, leaves)
                made.setdefault(frozenset(explained.asserted), explained)
        return (*made.values(), *untraced.values())

    def contradiction(self, clash: Step) -> Explanation:
        """Return why the data contradicts itself, in one place, as :meth:`contradictions` does."""
        leaves = self._leaves_of(clash)
        return self._untraced(clash) if leaves is None else self._explained(clash, leaves)

    def _leaves_of(self, clash: Step) -> set[Fact] | None:
        try:
            return self._leaves([*clash.axioms, *clash.premises])
        except (
            NotFinishedError
        ):  # there are too many ways: that it contradicts itself is to be told all the same
            return None

    def _far(self, clash: Step) -> tuple[int, str]:
        """Return how much of a contradiction was inferred: what was not is found first."""
        return sum(fact not in self._axioms and not self._is_asserted(fact) for fact in clash.premises), str(
            clash
        )

    def _explained(self, clash: Step, leaves: Iterable[Fact]) -> Explanation:
        least = self._least(leaves, lambda found: bool(found.clashes))
        found = derive(least, names=self._schema)
        paths = [(step, found.path(*step.axioms, *step.premises)) for step in found.clashes]
        ends, path = min(paths, key=lambda way: (way[0].rule != clash.rule, len(way[1]), str(way[0])))
        return Explanation(None, _lines(found, path), ends.rule, self._schema)

    def _untraced(self, clash: Step) -> Explanation:
        facts = dict.fromkeys((*clash.axioms, *clash.premises))
        lines = (
            Line(fact, None if fact in self._axioms or self._is_asserted(fact) else UNTRACED, ())
            for fact in facts
        )
        return Explanation(None, tuple(lines), clash.rule, self._schema)

    def _check(self) -> None:
        if self._deadline is not None:
            self._deadline.check()

    def _least(self, leaves: Iterable[Fact], holds: Callable[[Derivation], bool]) -> list[Fact]:
        """Return some of the triples that are enough, none of which can be spared."""
        kept = sorted(leaves, key=str)
        for fact in list(kept):
            self._check()
            rest = [other for other in kept if other != fact]
            if holds(derive(rest, names=self._schema)):
                kept = rest
        return kept

    def _leaves(self, goals: Sequence[Fact]) -> set[Fact] | None:
        """Return asserted triples from which the goals follow, by a proof of few steps; None: there is none."""
        for limit in (_FEW, _MOST):
            steps, asserted = self._ways(goals, limit)
            cost = _costs(steps, asserted)
            if all(goal in cost for goal in goals):
                leaves: set[Fact] = set()
                waiting = list(goals)
                seen: set[Fact] = set()
                while waiting:
                    fact = waiting.pop()
                    if fact in seen:
                        continue
                    seen.add(fact)
                    if fact in asserted:
                        leaves.add(fact)
                    else:
                        best = min(steps[fact], key=lambda step: _price(step, cost))
                        waiting += [*best.axioms, *best.premises]
                return leaves
        return None

    def _ways(self, goals: Sequence[Fact], limit: int) -> tuple[dict[Fact, list[Step]], set[Fact]]:
        """Return every step that can lead to the goals, and what of it was asserted."""
        steps: dict[Fact, list[Step]] = {}
        asserted: set[Fact] = set()
        waiting = list(goals)
        seen: set[Fact] = set()
        while waiting:
            fact = waiting.pop()
            if fact in seen:
                continue
            seen.add(fact)
            self._check()
            if len(seen) > _MOST:
                raise NotFinishedError(
                    "there are too many ways to derive it; explain a premise of it instead"
                )
            if fact in self._axioms or fact in self._given or self._is_asserted(fact):
                asserted.add(fact)
                continue
            ways = list(self._steps_to(fact, limit))
            known = [self._schema.steps.get(fact)]
            if self._schema.asserted != self._axioms:
                known.append(self._by_equality().get(fact))
            ways += [step for step in known if step is not None]
            steps[fact] = ways
            for step in ways:
                waiting += [*step.axioms, *step.premises]
        return steps, asserted

    def _by_equality(self) -> Mapping[Fact, Step]:
        """Return how axioms that nobody asserted follow from those that were, and from what is the same.

        The store can't be asked for them: it has blank nodes where the rules have expressions.
        """
        if self._equal is None:
            rows = self._store.select(
                f"SELECT ?x ?y {{ ?x {SAME} ?y }}", default_graphs=[*self._graphs, INFERRED, HIDDEN]
            )
            same = [(x, SAME, y) for x, y in rows if x is not None and y is not None]
            self._equal = derive({*self._axioms, *same}, names=self._schema).steps
        return self._equal

    def _is_asserted(self, fact: Fact) -> bool:
        if fact not in self._stated:
            given = dict(zip("spo", fact, strict=True))
            self._stated[fact] = self._store.ask(
                "ASK { ?s ?p ?o }", bindings=given, default_graphs=self._graphs
            )
        return self._stated[fact]

    def _is_inferred(self, fact: Fact) -> bool:
        given = dict(zip("spo", fact, strict=True))
        return self._store.ask("ASK { ?s ?p ?o }", bindings=given, default_graphs=[INFERRED])

    def _steps_to(self, fact: Fact, limit: int) -> tuple[Step, ...]:
        if (fact, limit) not in self._known:
            self._known[fact, limit] = tuple(self._asked_steps_to(fact, limit))
        return self._known[fact, limit]

    def _asked_steps_to(self, fact: Fact, limit: int) -> Iterable[Step]:
        _, p, o = fact
        for key in ((p, o), (p, None), (None, None)):
            for instance in self._by_head.get(key, ()):
                head = instance.head
                if head is None:
                    continue
                values: dict[Variable, Term] = {}
                if not all(
                    values.setdefault(part, term) == term if isinstance(part, Variable) else part == term
                    for part, term in zip(head, fact, strict=True)
                ):
                    continue
                if not instance.body:
                    yield Step(instance.name, (), instance.axioms)
                    continue
                for found in self._matches(instance, values, limit):
                    premises = []
                    for atom in instance.body:
                        one, two, three = put(atom, {**values, **found})
                        if not (
                            isinstance(one, Variable)
                            or isinstance(two, Variable)
                            or isinstance(three, Variable)
                        ):
                            premises.append((one, two, three))
                    if fact not in premises:
                        yield Step(instance.name, tuple(dict.fromkeys(premises)), instance.axioms)

    def _matches(
        self, instance: Instance, values: dict[Variable, Term], limit: int
    ) -> Iterable[dict[Variable, Term]]:
        blank = {name.value: term for name, term in values.items() if isinstance(term, BlankNode)}
        plain = {name: term for name, term in values.items() if not isinstance(term, BlankNode)}
        query = premise_query(instance, plain, limit=limit)
        rows = self._store.select(
            query, bindings=blank or None, default_graphs=[*self._graphs, INFERRED, HIDDEN]
        )
        for row in rows:
            yield {
                Variable(name): term
                for name, term in zip(rows.variables, row, strict=True)
                if term is not None
            }


def _head_key(head: Atom) -> tuple[Term | None, Term | None]:
    predicate = None if isinstance(head[1], Variable) else head[1]
    kind = head[2] if predicate == TYPE and not isinstance(head[2], Variable) else None
    return (predicate, kind)


def _price(step: Step, cost: dict[Fact, int]) -> int:
    return 1 + sum(cost.get(each, 1 << 40) for each in (*step.axioms, *step.premises))


def _costs(steps: dict[Fact, list[Step]], asserted: set[Fact]) -> dict[Fact, int]:
    """Return the size of the smallest proof of each triple that has one."""
    cost = dict.fromkeys(asserted, 1)
    changed = True
    while changed:
        changed = False
        for fact, ways in steps.items():
            for step in ways:
                if all(each in cost for each in (*step.axioms, *step.premises)):
                    price = _price(step, cost)
                    if price < cost.get(fact, 1 << 60):
                        cost[fact] = price
                        changed = True
    return cost


def _lines(found: Derivation, path: Sequence[Fact]) -> tuple[Line, ...]:
    numbers = {fact: number for number, fact in enumerate(path, start=1)}
    lines = []
    for fact in path:
        step = found.steps.get(fact) if fact not in found.given else None
        rests = (
            () if step is None else tuple(dict.fromkeys(numbers[f] for f in (*step.axioms, *step.premises)))
        )
        lines.append(Line(fact, None if step is None else step.rule, rests))
    return tuple(lines)
