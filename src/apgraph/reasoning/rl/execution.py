"""Rules run in a store: each in full in its turn, or with what is new since the round before (semi-naive evaluation)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from pyoxigraph import Variable

from apgraph.reasoning.rl.census import PIECE, Census
from apgraph.reasoning.rl.equality import SAME
from apgraph.reasoning.rl.program import is_aside, sayable
from apgraph.reasoning.rl.rule import TYPE
from apgraph.reasoning.rl.schema import SCHEMA_PREDICATES, SCHEMA_TYPES
from apgraph.reasoning.rl.strata import body_keys, head_key, live, spared, strata
from apgraph.reasoning.rl.updates import insertion
from apgraph.reasoning.rl.values import EQUAL_VALUES
from apgraph.store import INFERRED, OxigraphStore

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pyoxigraph import Quad

    from apgraph.reasoning.rl.rule import Atom, Rule, Term
    from apgraph.reasoning.rl.strata import Key, Stratum
    from apgraph.store import Store
    from apgraph.store.deadline import Deadline

__all__ = ["Execution", "Fresh", "usable"]

_NEW: Final = INFERRED + ":new:"
_PACES: Final = INFERRED + ":new:paces"
_REACHED: Final = (INFERRED + ":new:reached", INFERRED + ":new:beyond")
_VOCABULARY: Final = frozenset({*SCHEMA_PREDICATES, *SCHEMA_TYPES})

Row = tuple["Term", ...]


@dataclass(slots=True)
class Fresh:
    """Triples that are new, what they are about, and the rules that make nothing of them that is not there.

    Such is a transitive property that was closed with them, and what equality says of a thing once it was said of all
    that is the same.
    """

    graph: str
    predicates: frozenset[Term] = field(default_factory=frozenset)
    classes: frozenset[Term] = field(default_factory=frozenset)
    closed: frozenset[Term | str] = frozenset()

    def fits(self, atom: Atom) -> bool:
        """Tell whether an atom may match one of the triples."""
        _, p, o = atom
        if isinstance(p, Variable):
            return True
        if p not in self.predicates:
            return False
        return p != TYPE or isinstance(o, Variable) or o in self.classes


class Execution:
    """Runs rules in a store.

    Args:
        store: The store.
        asserted: The graphs that premises are in.
        inferred: The graph that takes what follows.
        aside: The graph that takes which expressions things belong to.
        deadline: Asked before each update whether anybody still waits.

    Attributes:
        counts: How many triples each rule added to the graph of what follows, by its name.
        rounds: How often rules were run: a stratum, or all of them with what is new.
        is_sorted: Whether all that was inferred lies in its graph, and was counted.
    """

    def __init__(
        self,
        store: Store,
        *,
        asserted: Sequence[str],
        inferred: str,
        aside: str,
        deadline: Deadline | None = None,
    ) -> None:
        self._store = store
        self._census = Census(store)
        self.asserted = tuple(asserted)
        self._inferred = inferred
        self._aside = aside
        self._deadline = deadline
        self.counts: Counter[str] = Counter()
        self.rounds = 0
        self.is_sorted = True
        self._number = 0
        self._axioms = False
        self._asserted: set[Key] = set()
        self._present: set[Key] = set()
        self._sizes: Counter[tuple[str, Key]] = Counter()
        self._changed: dict[Key, int] = {}
        self._time = 0

    @property
    def sources(self) -> tuple[str, ...]:
        """The graphs that premises and what follows from them are in."""
        return (*self.asserted, self._aside, self._inferred)

    def update(self, text: str) -> None:
        """Run an update of one's own.

        Raises:
            TimeLimitError: Nobody waits for it any more.
        """
        if self._deadline is not None:
            self._deadline.check()
        if isinstance(self._store, OxigraphStore):
            self._store.write_reserved(text)
        else:
            self._store.update(text)

    def add(self, quads: Iterable[Quad]) -> None:
        """Add to the graphs of one's own."""
        if isinstance(self._store, OxigraphStore):
            self._store.add_reserved(quads)
        else:
            self._store.add(quads)

    def work_graphs(self) -> list[str]:
        """Return the graphs that hold what is new for a while."""
        return [*(f"{_NEW}{number}" for number in range(self._number + 1)), _PACES, *_REACHED]

    # -- everything, in order -----------------------------------------------------

    def whole(self, rules: Iterable[Rule]) -> bool:
        """Run rules over everything; tell whether an axiom came out."""
        self._axioms = False
        needed = usable(rules)
        self._look(needed)
        ordered, apart = strata(spared(live(needed, self._present), given=self._present))
        for stratum in ordered:
            self._run(stratum)
        fresh: list[Fresh] = []
        closed: frozenset[Term | str] = frozenset()
        for rule in apart:
            made = self._apply(self._alive(rule), None)
            # What one of them said of all that is the same, those after it say so, too.
            closed = closed | {rule.name} if _replaces(rule) else frozenset()
            fresh += [replace(each, closed=closed) for each in made]
        self.is_sorted = self.is_sorted and not fresh
        self._fixpoint(needed, fresh)
        return self._axioms

    def news(self, rules: Iterable[Rule], graphs: Iterable[str]) -> bool:
        """Run rules with what is new in graphs; tell whether an axiom came out."""
        self._axioms = self.is_sorted = False
        self._fixpoint(usable(rules), [self._about(graph) for graph in graphs])
        return self._axioms

    def _run(self, stratum: Stratum) -> None:
        self.rounds += 1
        for rule in stratum.once:
            self._in_full(rule)
        plain = [rule for rule in stratum.again if rule.transitive is None]
        started = []
        for rule in plain:
            started.append(self._time + 1)
            self._in_full(rule)
        self._fixpoint(plain, self._missed(plain, started))
        closing = [rule for rule in stratum.again if rule.transitive is not None]
        if closing:
            started = [self._time + 1] * len(plain)
            for rule in closing:
                self._in_full(rule)
            self._fixpoint(stratum.again, self._missed(plain, started))

    def _missed(self, rules: Sequence[Rule], started: Sequence[int]) -> list[Fresh]:
        """Run rules with what came after their turn: that lies in the graphs of what follows."""
        missed = []
        for rule, time in zip(rules, started, strict=True):
            keys = {
                key
                for row in rule.rows
                for key in body_keys(rule, row)
                if key is not None and self._changed.get(key, 0) >= time
            }
            missed.append((rule, [self._part(graph, keys) for graph in (self._inferred, self._aside)]))
        return [each for rule, parts in missed for each in self._apply(rule, parts)]

    def _part(self, graph: str, keys: Iterable[Key]) -> Fresh:
        there = [key for key in keys if self._sizes[graph, key]]
        return Fresh(
            graph,
            frozenset(p for p, _ in there),
            frozenset(kind for _, kind in there if kind is not None),
        )

    def _in_full(self, rule: Rule) -> None:
        """Run a rule over everything, and note what there is more of."""
        self._time += 1
        for (graph, asserted), rows in self._sorted(self._alive(rule)).items():
            keys = [key for row in rows for key in body_keys(rule, row) if key is not None]
            made = [
                made for made in (self._aside, self._inferred) if any(self._sizes[made, key] for key in keys)
            ]
            for update in self._insertions(
                rule, rows, (graph,), None, sources=(*self.asserted, *made), repeats=not asserted
            ):
                self.update(update)
            for key, number in self._census.count(graph, {head_key(rule, row) for row in rows}):
                added = number - self._sizes[graph, key]
                if added:
                    self._sizes[graph, key] = number
                    self._note(key)
                    if graph == self._inferred:
                        self.counts[rule.name] += added

    def _note(self, key: Key) -> None:
        self._present.add(key)
        self._changed[key] = self._time
        self._axioms = self._axioms or key[0] in _VOCABULARY or key[1] in _VOCABULARY

    def _alive(self, rule: Rule) -> Rule:
        """Return a rule with those rows for whose premises there is something in the store."""
        rows = tuple(
            row
            for row in rule.rows
            if all(key is None or key in self._present for key in body_keys(rule, row))
        )
        return rule if len(rows) == len(rule.rows) else replace(rule, rows=rows)

    def _look(self, rules: Iterable[Rule]) -> None:
        """Find out which of the classes and properties that rules speak of have anything, and how much was inferred."""
        asked = {
            key
            for rule in rules
            for row in rule.rows
            for key in (*body_keys(rule, row), head_key(rule, row))
            if key is not None
        }
        properties = [p for p, kind in asked if kind is None]
        classes = [kind for _, kind in asked if kind is not None]
        self._asserted = {
            *((p, None) for p in self._census.existing(properties, "?s ?name ?o", self.asserted)),
            *((TYPE, kind) for kind in self._census.existing(classes, f"?s {TYPE} ?name", self.asserted)),
        }
        self._changed.clear()
        self._sizes.clear()
        for graph in (self._inferred, self._aside):
            for key, number in self._census.contents(graph):
                self._sizes[graph, key] = number
        self._present = self._given()

    def _given(self) -> set[Key]:
        """Return what there are triples of before any rule is run."""
        return {*self._asserted, *(key for _, key in self._sizes)}

    # -- what is new ----------------------------------------------------------------

    def _fixpoint(self, rules: Sequence[Rule], fresh: Sequence[Fresh]) -> None:
        plain = [rule for rule in rules if rule.transitive is None]
        closing = [(rule, rule.transitive) for rule in rules if rule.transitive is not None]
        used: list[Fresh] = []
        while fresh:
            self.rounds += 1
            made = [each for rule in plain for each in self._apply(rule, fresh)]
            used += fresh
            is_closed = not closing
            # A property is closed when nothing else leads on: what is symmetric, too, has its way back by then.
            if not made:
                made = [each for rule, property_ in closing for each in self._go_on(rule, property_, used)]
                is_closed = True
            if is_closed:
                for old in used:
                    if old.graph.startswith(_NEW):
                        self._store.remove_graph(old.graph)
                used = []
            fresh = made

    def _go_on(self, rule: Rule, property_: Term, fresh: Sequence[Fresh]) -> list[Fresh]:
        """Close a transitive property that was closed before what is new, and return what that added.

        A pace is a new step, and what was there to go on by after it. All that is reached goes over one pace after
        another, and each is tried on what ends where it starts, so the work is that of what is reached.
        """
        new = [each.graph for each in fresh if property_ not in each.closed and property_ in each.predicates]
        if not new:
            return []
        graph = f"{_NEW}{self._number}"
        ((target, _),) = self._sorted(rule)
        reached, beyond = _REACHED

        def extend(delta: dict[int, str], *targets: str) -> None:
            (update,) = self._insertions(
                rule, rule.rows, (target, graph, *targets), delta, sources=self.sources
            )
            self.update(update)

        self._time += 1
        for name in new:
            step = f"?x {property_} ?y"
            self.update(f"INSERT {{ GRAPH <{_PACES}> {{ {step} }} }} WHERE {{ GRAPH <{name}> {{ {step} }} }}")
        extend({0: _PACES}, _PACES)
        extend({1: _PACES}, reached)
        while self._store.ask(f"ASK {{ GRAPH <{reached}> {{ ?x ?p ?y }} }}"):
            extend({0: reached, 1: _PACES}, beyond)
            self._store.remove_graph(reached)
            reached, beyond = beyond, reached
        self._store.remove_graph(_PACES)
        return self._made(graph, rule, closed=frozenset({property_}))

    def _apply(self, rule: Rule, fresh: Sequence[Fresh] | None) -> list[Fresh]:
        """Run a rule, over everything or with what is new, and return what it added."""
        graph = f"{_NEW}{self._number}"
        updates: list[str] = []
        if rule.head is None:
            return []
        used: list[frozenset[Term | str]] = []
        for new in fresh or (None,):
            for at in range(1 if new is None else len(rule.body)):
                if new is not None and at and rule.name in new.closed:
                    continue
                rows = rule.rows if new is None else _fitting(rule, at, new)
                delta = None if new is None else {at: new.graph}
                for (target, _), some in self._sorted(replace(rule, rows=tuple(rows))).items():
                    updates += self._insertions(rule, some, (target, graph), delta, sources=self.sources)
                    used.append(new.closed if new is not None and at else frozenset())
        self._time += 1
        for update in updates:
            self.update(update)
        if not updates:
            return []
        closed = frozenset.intersection(*used) | {rule.name} if _replaces(rule) else frozenset()
        return self._made(graph, rule, closed=closed)

    def _made(self, graph: str, rule: Rule, *, closed: frozenset[Term | str]) -> list[Fresh]:
        """Return what a rule added, if it did; the graph is then taken."""
        found = self._about(graph, rule.name)
        if not found.predicates:
            return []
        self._number += 1
        return [replace(found, closed=closed)]

    def _about(self, graph: str, rule: str | None = None) -> Fresh:
        """Return which properties and classes the triples of a graph are about; note them if a rule made them."""
        predicates: set[Term] = set()
        classes: set[Term] = set()
        for key, number in self._census.contents(graph):
            predicates.add(key[0])
            if key[1] is not None:
                classes.add(key[1])
            if rule is not None:
                target = self._target(rule, key)
                self._sizes[target, key] += number
                self._note(key)
                if target == self._inferred:
                    self.counts[rule] += number
        return Fresh(graph, frozenset(predicates), frozenset(classes))

    def _sorted(self, rule: Rule) -> dict[tuple[str, bool], list[Row]]:
        """Return the rows of a rule by the graph that takes what follows, and whether the like of it was asserted."""
        found: dict[tuple[str, bool], list[Row]] = {}
        for row in rule.rows:
            key = head_key(rule, row)
            graph = self._target(rule.name, key)
            found.setdefault((graph, key is None or key in self._asserted), []).append(row)
        return found

    def _target(self, rule: str, key: Key | None) -> str:
        """Return the graph that takes what a rule says: aside what is a step on the way, and no result."""
        is_step = rule == EQUAL_VALUES or (key is not None and any(map(is_aside, key)))
        return self._aside if is_step else self._inferred

    def _insertions(
        self,
        rule: Rule,
        rows: Sequence[Row],
        targets: Sequence[str],
        delta: dict[int, str] | None,
        *,
        sources: Sequence[str],
        repeats: bool = False,
    ) -> list[str]:
        return [
            insertion(
                rule, rows[at : at + PIECE], sources=sources, targets=targets, delta=delta, repeats=repeats
            )
            for at in range(0, len(rows), PIECE)
        ]


def usable(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """Return the rules that infer something, without the rows that SPARQL can't say."""
    kept = []
    for rule in rules:
        rows = () if rule.head is None else sayable(rule)
        if rows:
            kept.append(rule if len(rows) == len(rule.rows) else replace(rule, rows=rows))
    # What is transitive last, as it is closed when all else that leads to it has been found.
    return tuple(sorted((part for rule in kept for part in rule.apart()), key=_is_closing))


def _is_closing(rule: Rule) -> bool:
    return rule.transitive is not None


def _replaces(rule: Rule) -> bool:
    """Tell whether a rule says of a thing what is said of what is the same as it."""
    if rule.head is None or len(rule.body) != 2 or rule.body[0][1] != SAME:
        return False
    (x, _, y), said = rule.body
    return rule.head == tuple(y if part == x else part for part in said)


def _fitting(rule: Rule, at: int, new: Fresh) -> list[Row]:
    atom = rule.body[at]
    columns = {column: number for number, column in enumerate(rule.columns)}

    def fits(row: Row) -> bool:
        s, p, o = (
            row[columns[part]] if isinstance(part, Variable) and part in columns else part for part in atom
        )
        return new.fits((s, p, o))

    return [row for row in rule.rows if fits(row)]
