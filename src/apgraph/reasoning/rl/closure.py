"""The closure of a store under the rules of OWL 2 RL: axioms first, then the data, again if axioms come out of it.

What the rules make is put in its place only when all of it is there: who stops it finds what was inferred before, or
nothing. So does who looks meanwhile, but for a store in memory, where it is made in place;
:class:`apgraph.entailment.Entailments` lets nobody look there before it is done.
"""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal

from apgraph.errors import ApgraphError
from apgraph.reasoning.rl.census import NOWHERE
from apgraph.reasoning.rl.execution import Execution, usable
from apgraph.reasoning.rl.meanings import GIVEN
from apgraph.reasoning.rl.program import compile_rules, is_aside, sayable
from apgraph.reasoning.rl.rule import TYPE, facts, quad
from apgraph.reasoning.rl.schema import PARTS, Schema, schema_query
from apgraph.reasoning.rl.strata import spared, strata
from apgraph.reasoning.rl.trivial import triviality
from apgraph.reasoning.rl.updates import clash_query, insertion
from apgraph.reasoning.rl.values import EQUAL_VALUES, compared, literal_query, value_rules
from apgraph.reasoning.structure import OWL
from apgraph.store import INFERRED, OxigraphStore, Solutions

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from apgraph.reasoning.rl.rule import Fact, Rule
    from apgraph.store import Store
    from apgraph.store.deadline import Deadline

__all__ = ["HIDDEN", "Closure", "close", "show_sparql"]

HIDDEN: Final = INFERRED + ":expressions"
"""The graph of what belongs to which class expression: steps on the way, no results."""

_WORK: Final = INFERRED + ":asserted"
_MAKING: Final = INFERRED + ":making"
_MAKING_HIDDEN: Final = INFERRED + ":making:expressions"
_FEW: Final = 6
"""Graphs that are asked as they are; more are copied into one first, as each costs every look-up a bit."""

_GIVEN: Final = INFERRED + ":new:given"


@dataclass(frozen=True, slots=True)
class Closure:
    """What a run of the rules made.

    Attributes:
        schema: The axioms, closed.
        rules: The rules, specialised to them.
        counts: How many triples each rule added, by its name.
        inferred: How many triples there are now in the graph of inferences.
        rounds: How many rounds it took.
        seconds: How long it took.
        left_out: Axioms that were left out, in words.
        asserted: The axioms as they were asserted.
        given: What follows from the data in other ways than by the rules.
    """

    schema: Schema
    rules: tuple[Rule, ...]
    counts: dict[str, int]
    inferred: int
    rounds: int
    seconds: float
    left_out: tuple[str, ...]
    asserted: frozenset[Fact]
    given: frozenset[Fact] = frozenset()


def close(
    store: Store,
    *,
    previous: Closure | None = None,
    added: Sequence[str] = (),
    given: Collection[Fact] = (),
    deadline: Deadline | None = None,
) -> Closure:
    """Infer what follows from the triples of a store, into :data:`apgraph.store.INFERRED`.

    Args:
        store: The store; its asserted graphs stay as they are.
        previous: The last closure, whose inferences are still there, if all that has happened to the store since is
            that graphs were added. Only what these affect is computed then.
        added: The graphs added since.
        given: Triples that follow from the data in some way that the rules don't know. They are premises, are inferred
            under the name ``observed``, and after a previous closure hold all that they held then.
        deadline: Asked between two steps whether anybody still waits. If nobody does, a store in memory is left without
            inferences, any other with those that it had.

    Raises:
        ServiceError: The store is a service that takes no updates, or fails.
        TimeLimitError: Nobody waits any more.
    """
    started = time.perf_counter()
    if not isinstance(store, OxigraphStore):
        closure = _Run(store, previous, added, given, deadline, making=(_MAKING, _MAKING_HIDDEN)).run()
    elif store.folder is not None:
        closure = _beside(store, previous, added, given, deadline)
    else:
        closure = _Run(store, previous, added, given, deadline).run()
    return replace(closure, seconds=time.perf_counter() - started)


def _beside(
    store: OxigraphStore,
    previous: Closure | None,
    added: Sequence[str],
    given: Collection[Fact],
    deadline: Deadline | None,
) -> Closure:
    """Close a store on disk in memory and write down the result: its indexes on disk are slow to join."""
    scratch = OxigraphStore()
    scratch.add(store.quads())
    if previous is not None:
        for graph in (INFERRED, HIDDEN):
            scratch.add(store.quads(graph))
    closure = _Run(scratch, previous, added, given, deadline).run()
    if deadline is not None:
        deadline.check()
    for graph in (INFERRED, HIDDEN):
        store.remove_graph(graph)
    # Last what others read: it is there as a whole, or not at all.
    for graph in (HIDDEN, INFERRED):
        store.add_reserved(scratch.quads(graph))
    return closure


def show_sparql(store: Store) -> tuple[str, ...]:
    """Return the updates of the first turn of each rule, in their order, and the queries for contradictions."""
    sources = (*store.graphs(), HIDDEN, INFERRED)
    triples = store.construct(schema_query(), default_graphs=["", *store.graphs()])
    rules = compile_rules(Schema(facts(triples)))
    ordered, apart = strata(spared(usable(rules)))
    turns = [*(rule for stratum in ordered for rule in (*stratum.once, *stratum.again)), *apart]
    return (
        *(insertion(rule, rule.rows, sources=sources, targets=(INFERRED,)) for rule in turns),
        *(clash_query(rule, sources=sources) for rule in rules if rule.head is None),
    )


class _Run:
    """One run of the rules over a store."""

    def __init__(
        self,
        store: Store,
        previous: Closure | None,
        added: Sequence[str],
        given: Collection[Fact],
        deadline: Deadline | None,
        *,
        making: tuple[str, str] | None = None,
    ) -> None:
        self._store = store
        self._previous = previous
        self._added = tuple(added)
        self._given = frozenset(given)
        self._in_place = making is None
        self._inferred, self._hidden = making or (INFERRED, HIDDEN)
        self._left_out: dict[str, None] = {}
        self._names: set[str] = set()
        self._rules = Execution(
            store, asserted=(), inferred=self._inferred, aside=self._hidden, deadline=deadline
        )

    def run(self) -> Closure:
        self._clear(self._scratch())
        try:
            if self._previous is None:
                self._clear((self._inferred, self._hidden))
            elif not self._in_place:
                self._copy((INFERRED, HIDDEN), (self._inferred, self._hidden))
            self._rules.asserted = self._graphs()
            closure = self._closed()
            self._clear(self._scratch())
            if not self._in_place:
                self._copy((self._hidden, self._inferred), (HIDDEN, INFERRED))
                self._clear((self._inferred, self._hidden))
        except BaseException:
            with suppress(ApgraphError):  # a service that is out of reach can't be cleared either
                self._clear((*self._scratch(), self._inferred, self._hidden))
            raise
        return closure

    def _scratch(self) -> list[str]:
        return [_WORK, _GIVEN, *self._rules.work_graphs()]

    def _clear(self, graphs: Iterable[str]) -> None:
        for graph in graphs:
            self._store.remove_graph(graph)

    def _copy(self, sources: tuple[str, ...], targets: tuple[str, ...]) -> None:
        """Put graphs in the place of others, all at once."""
        moves = [
            f"DROP SILENT GRAPH <{target}> ;\nADD SILENT <{source}> TO <{target}>"
            for source, target in zip(sources, targets, strict=True)
        ]
        self._rules.update(" ;\n".join(moves))

    def _graphs(self) -> tuple[str, ...]:
        """Return the graphs that hold what was asserted: those of the store, or the copy of all of them."""
        names = self._store.graphs()
        unnamed = next(iter(self._store.quads("")), None) is not None
        if not unnamed and len(names) <= _FEW:
            return names
        moves = [f"ADD <{name}> TO <{_WORK}>" for name in names]
        if unnamed:
            moves.append(f"ADD DEFAULT TO <{_WORK}>")
        self._rules.update(" ;\n".join(moves))
        return (_WORK,)

    def _closed(self) -> Closure:
        schema = self._schema(self._rules.asserted)
        asserted = schema.asserted
        previous = self._previous
        if previous is not None and asserted == previous.asserted and self._is_as_it_was(previous):
            rules, schema = previous.rules, previous.schema
            self._left_out |= dict.fromkeys(previous.left_out)
            self._forget_asserted()
            fresh = self._give(self._given - previous.given)
            self._rules.add(quad(fact, _GIVEN) for fact in fresh)
            anew = self._rules.news(rules, [*self._added, *([_GIVEN] if fresh else [])])
        else:
            anew = True
        if anew:
            self._rules.counts.clear()
            self._rules.is_sorted = True
            self._clear((self._inferred, self._hidden))
            schema, rules = self._from_scratch(
                self._schema(self._rules.sources) if previous is not None else schema
            )
        if not self._rules.is_sorted:
            self._hide(schema, rules)
        return Closure(
            schema,
            rules,
            dict(self._rules.counts),
            self._size(),
            self._rules.rounds,
            0.0,
            tuple(self._left_out),
            asserted,
            self._given,
        )

    def _is_as_it_was(self, previous: Closure) -> bool:
        """Tell whether no value is written in a new way."""
        known = tuple(rule for rule in previous.rules if rule.name == EQUAL_VALUES)
        return self._values(rule for rule in previous.rules if rule.name != EQUAL_VALUES) == known

    def _from_scratch(self, schema: Schema) -> tuple[Schema, tuple[Rule, ...]]:
        """Run the rules for the axioms, and again for axioms that come out, until none does."""
        rules = self._compiled(schema)
        self._give(self._given)
        while self._rules.whole(rules):
            # What equality says of an expression it also says of the data, and a changed one had another name.
            self._remove_noise()
            found = self._schema(self._rules.sources)
            if found.asserted <= schema.facts:
                break
            schema = found
            rules = self._compiled(schema)
        return schema, rules

    def _give(self, found: Collection[Fact]) -> tuple[Fact, ...]:
        """Write down what follows in other ways; return what of it is new."""
        there = {fact for name in self._rules.asserted for fact in self._there(name, found)}
        there.update(self._there(self._inferred, found))
        fresh = tuple(fact for fact in found if fact not in there)
        if fresh:
            self._rules.add(quad(fact, self._inferred) for fact in fresh)
            self._rules.counts[GIVEN] += len(fresh)
        return fresh

    def _there(self, graph: str, found: Collection[Fact]) -> Iterator[Fact]:
        """Yield what a graph has with the predicates of some triples."""
        for predicate in sorted({str(p) for _, p, _ in found}):
            query = f"CONSTRUCT {{ ?s {predicate} ?o }} WHERE {{ ?s {predicate} ?o }}"
            yield from facts(self._store.construct(query, default_graphs=[graph]))

    def _compiled(self, schema: Schema) -> tuple[Rule, ...]:
        """Return the rules for the axioms, and write down the axioms that follow from axioms."""
        # Equality may give an expression another name; what was made of the first one stays what it is.
        self._names.update(map(str, schema.names.values()))
        rules = compile_rules(schema)
        rules = (*rules, *self._values(rules))
        for rule in rules:
            if len(sayable(rule)) < len(rule.rows):
                self._left_out[
                    f"{rule.name}: an axiom names a blank node that the rules see no expression in: a data range with "
                    "facets, or one of the data"
                ] = None
        self._axioms(schema)
        return rules

    def _values(self, rules: Iterable[Rule]) -> tuple[Rule, ...]:
        """Return the rule for values that are written in more ways than one, where rules compare any."""
        properties, literals = compared(rules)
        if not properties:
            return ()
        rows = self._store.select(literal_query(_dataset(self._rules.sources)))
        return value_rules(properties, {*literals, *(o for (o,) in rows if isinstance(o, Literal))})

    def _schema(self, sources: Iterable[str]) -> Schema:
        return Schema(facts(self._store.construct(schema_query(_dataset(sources)))))

    def _axioms(self, schema: Schema) -> None:
        counts = self._rules.counts
        there = set(facts(self._store.quads(self._inferred))) if counts else set()
        made = []
        for fact, step in schema.steps.items():
            if triviality(fact) is None and fact not in there:
                made.append(quad(fact, self._inferred))
                counts[step.rule] += 1
        made += [
            quad(fact, self._hidden)
            for fact in schema.asserted
            if fact[1] == TYPE and is_aside(fact[2]) and not is_aside(fact[0])
        ]
        if made:
            self._rules.add(made)

    def _size(self) -> int:
        if self._rules.is_sorted:
            return self._rules.counts.total()
        query = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
        rows: Solutions = self._store.select(query, default_graphs=[self._inferred])
        number = rows.rows[0][0]
        return int(number.value) if isinstance(number, Literal) else 0

    def _forget_asserted(self) -> None:
        """Take out of the inferences what is asserted now."""
        there = f"GRAPH <{self._inferred}> {{ ?s ?p ?o }}"
        for graph in self._added:
            self._rules.update(f"DELETE {{ {there} }} WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o }} {there} }}")

    def _hide(self, schema: Schema, rules: Iterable[Rule]) -> None:
        """Take memberships of expressions, and what is said of blank nodes that stand for them, out of the result."""
        names = sorted({*self._names, *map(str, schema.names.values()), f"<{OWL}Thing>"})
        for pattern in ("?s a ?name", "?s ?name ?o", "?name ?p ?o"):
            self._move(pattern, names)
        if any(self._rules.counts[rule.name] for rule in rules if rule.name.startswith("eq-rep")):
            self._remove_noise()

    def _move(self, pattern: str, names: Sequence[str]) -> None:
        there = f"GRAPH <{self._inferred}> {{ {pattern} }}"
        parts = (
            f"DELETE {{ {there} }}",
            f"INSERT {{ GRAPH <{self._hidden}> {{ {pattern} }} }}",
            f"WHERE {{ VALUES ?name {{ {' '.join(names)} }} {there} }}",
        )
        self._rules.update("\n".join(parts))

    def _remove_noise(self) -> None:
        said = " ".join((*map(str, PARTS), f"<{OWL}inverseOf>"))
        everywhere = " ".join(f"USING <{source}>" for source in self._rules.sources)
        there = f"GRAPH <{self._inferred}> {{ ?s ?p ?o }}"
        for end in ("?s", "?o"):
            self._rules.update(
                f"DELETE {{ {there} }} {everywhere} USING NAMED <{self._inferred}> WHERE "
                f"{{ {there} FILTER(isBlank({end})) VALUES ?says {{ {said} }} {end} ?says ?any }}"
            )


def _dataset(sources: Iterable[str]) -> str:
    # A query without FROM would see every graph, and one FROM nowhere sees none.
    return " ".join(f"FROM <{name}>" for name in (*sources, NOWHERE))
