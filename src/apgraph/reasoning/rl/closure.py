"""The closure of a store under the rules of OWL 2 RL: set by set, round by round, to the fixpoint.

In the first round each rule sees everything. After that a rule has to use at least one triple of the round before
(semi-naive evaluation), and a rule that has no use for the classes and properties of those is not run at all.
"""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal, NamedNode, Variable

from apgraph.reasoning.rl.program import compile_rules, has_blank
from apgraph.reasoning.rl.rule import TYPE, facts, quad
from apgraph.reasoning.rl.schema import (
    EXPRESSION,
    PARTS,
    SCHEMA_PREDICATES,
    SCHEMA_TYPES,
    Schema,
    schema_query,
)
from apgraph.reasoning.rl.trivial import triviality
from apgraph.reasoning.rl.updates import clash_query, insertion
from apgraph.reasoning.structure import OWL
from apgraph.store import INFERRED, OxigraphStore, Solutions

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from apgraph.reasoning.rl.rule import Atom, Fact, Rule, Term
    from apgraph.store import Store

__all__ = ["HIDDEN", "Closure", "close", "show_sparql"]

HIDDEN: Final = INFERRED + ":expressions"
"""The graph of what belongs to which class expression: steps on the way, no results."""

_WORK: Final = INFERRED + ":asserted"
_NEW: Final = INFERRED + ":new:"
_FEW: Final = 6
"""Graphs that are asked as they are; more are copied into one first, as each costs every look-up a bit."""

_PIECE: Final = 4000
_VOCABULARY: Final = frozenset({*SCHEMA_PREDICATES, *SCHEMA_TYPES})
_NOWHERE: Final = "urn:apgraph:nothing"


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
    """

    schema: Schema
    rules: tuple[Rule, ...]
    counts: dict[str, int]
    inferred: int
    rounds: int
    seconds: float
    left_out: tuple[str, ...]
    asserted: frozenset[Fact]


@dataclass(slots=True)
class _Fresh:
    """The triples that a rule added in a round, and what they are about."""

    graph: str
    predicates: frozenset[Term] = field(default_factory=frozenset)
    classes: frozenset[Term] = field(default_factory=frozenset)

    def fits(self, atom: Atom) -> bool:
        """Tell whether an atom may match one of the triples."""
        _, p, o = atom
        if isinstance(p, Variable):
            return True
        if p not in self.predicates:
            return False
        return p != TYPE or isinstance(o, Variable) or o in self.classes


def close(store: Store, *, previous: Closure | None = None, added: Sequence[str] = ()) -> Closure:
    """Infer what follows from the triples of a store, into :data:`apgraph.store.INFERRED`.

    Args:
        store: The store; its asserted graphs stay as they are.
        previous: The last closure, whose inferences are still there, if all that has happened to the store since is
            that graphs were added. Only what these affect is computed then.
        added: The graphs added since.

    Raises:
        ServiceError: The store is a service that takes no updates, or fails.
    """
    started = time.perf_counter()
    if isinstance(store, OxigraphStore) and store.folder is not None:
        closure = _beside(store, previous, added)
    else:
        closure = _Run(store, previous, added).run()
    return Closure(
        closure.schema,
        closure.rules,
        closure.counts,
        closure.inferred,
        closure.rounds,
        time.perf_counter() - started,
        closure.left_out,
        closure.asserted,
    )


def _beside(store: OxigraphStore, previous: Closure | None, added: Sequence[str]) -> Closure:
    """Close a store on disk in memory and write down the result: its indexes on disk are slow to join."""
    scratch = OxigraphStore()
    scratch.add(store.quads())
    if previous is not None:
        for graph in (INFERRED, HIDDEN):
            scratch.add(store.quads(graph))
    closure = _Run(scratch, previous, added).run()
    for graph in (INFERRED, HIDDEN):
        store.remove_graph(graph)
        store.add(scratch.quads(graph))
    return closure


def show_sparql(store: Store) -> tuple[str, ...]:
    """Return the updates of the first round over a store, and the queries for contradictions, in their order."""
    sources = (*store.graphs(), HIDDEN, INFERRED)
    triples = store.construct(schema_query(), default_graphs=["", *store.graphs()])
    rules = compile_rules(Schema(facts(triples)))
    return tuple(
        clash_query(rule, sources=sources)
        if rule.head is None
        else insertion(rule, rule.rows, sources=sources, targets=(INFERRED,))
        for rule in rules
    )


class _Run:
    """One run of the rules over a store."""

    def __init__(self, store: Store, previous: Closure | None, added: Sequence[str]) -> None:
        self._store = store
        self._previous = previous
        self._added = tuple(added)
        self._update = store.write_reserved if isinstance(store, OxigraphStore) else store.update
        self._counts: Counter[str] = Counter()
        self._left_out: dict[str, None] = {}
        self._number = 0
        self._rounds = 0
        self._sources: tuple[str, ...] = ()

    def run(self) -> Closure:
        for graph in self._reserved():
            self._store.remove_graph(graph)
        if self._previous is None:
            for graph in (INFERRED, HIDDEN):
                self._store.remove_graph(graph)
        self._sources = (*self._asserted(), HIDDEN, INFERRED)
        try:
            return self._closed()
        finally:
            for graph in self._reserved():
                self._store.remove_graph(graph)

    def _reserved(self) -> list[str]:
        return [_WORK, *(f"{_NEW}{number}" for number in range(self._number))]

    def _asserted(self) -> tuple[str, ...]:
        """Return the graphs that hold what was asserted: those of the store, or the copy of all of them."""
        names = self._store.graphs()
        unnamed = next(iter(self._store.quads("")), None) is not None
        if not unnamed and len(names) <= _FEW:
            return names
        moves = [f"ADD <{name}> TO <{_WORK}>" for name in names]
        if unnamed:
            moves.append(f"ADD DEFAULT TO <{_WORK}>")
        self._update(" ;\n".join(moves))
        return (_WORK,)

    def _closed(self) -> Closure:
        schema = self._schema(self._sources[:-2])
        asserted = schema.asserted
        previous = self._previous
        if previous is not None and asserted == previous.asserted:
            rules, schema = previous.rules, previous.schema
            self._forget_asserted()
            anew = self._rounds_of(rules, [self._about(graph) for graph in self._added])
        else:
            anew = True
        if anew:
            self._counts.clear()
            for graph in (INFERRED, HIDDEN):
                self._store.remove_graph(graph)
            schema, rules = self._from_scratch(
                self._schema(self._sources) if previous is not None else schema
            )
        self._hide(schema, rules)
        return Closure(
            schema,
            rules,
            dict(self._counts),
            self._size(INFERRED),
            self._rounds,
            0.0,
            tuple(self._left_out),
            asserted,
        )

    def _from_scratch(self, schema: Schema) -> tuple[Schema, tuple[Rule, ...]]:
        """Run the rules for the axioms, and again for axioms that come out, until none does."""
        rules = compile_rules(schema)
        self._axioms(schema)
        while self._rounds_of(rules, None):
            # What equality says of an expression it also says of the data, and a changed one had another name.
            self._remove_noise()
            found = self._schema(self._sources)
            if found.asserted <= schema.facts:
                break
            schema = found
            rules = compile_rules(schema)
            self._axioms(schema)
        return schema, rules

    def _schema(self, sources: Iterable[str]) -> Schema:
        # A query without FROM would see every graph, and one FROM nowhere sees none.
        dataset = " ".join(f"FROM <{name}>" for name in (*sources, _NOWHERE))
        triples = self._store.construct(schema_query(dataset))
        return Schema(facts(triples))

    def _axioms(self, schema: Schema) -> None:
        """Write down the axioms that follow from axioms."""
        there = set(facts(self._store.quads(INFERRED))) if self._counts else set()
        made = []
        for fact, step in schema.steps.items():
            if triviality(fact) is None and fact not in there:
                made.append(quad(fact, INFERRED))
                self._counts[step.rule] += 1
        if made:
            self._store.add(made)
        quads = [
            quad(fact, HIDDEN)
            for fact in schema.asserted
            if fact[1] == TYPE and _is_expression(fact[2]) and not _is_expression(fact[0])
        ]
        if quads:
            self._store.add(quads)

    def _rounds_of(self, rules: Sequence[Rule], fresh: Sequence[_Fresh] | None) -> bool:
        """Run the rules to the fixpoint; tell whether an axiom came out that was not known before."""
        axioms = False
        while fresh is None or fresh:
            self._rounds += 1
            made: list[_Fresh] = []
            for rule in rules:
                if rule.head is not None:
                    made += self._apply(rule, fresh)
            for old in fresh or ():
                if old.graph.startswith(_NEW):
                    self._store.remove_graph(old.graph)
            fresh = made
            axioms = axioms or any((each.predicates | each.classes) & _VOCABULARY for each in made)
        return axioms

    def _apply(self, rule: Rule, fresh: Sequence[_Fresh] | None) -> list[_Fresh]:
        rows = []
        for row in rule.rows:
            if has_blank(rule, row):
                self._left_out[f"{rule.name}: an axiom names a blank node of the data"] = None
            else:
                rows.append(row)
        graph = f"{_NEW}{self._number}"
        updates = []
        if fresh is None:
            updates += self._insertions(rule, rows, graph, None)
        else:
            for new in fresh:
                for at in range(len(rule.body)):
                    fitting = _fitting(rule, rows, at, new)
                    updates += self._insertions(rule, fitting, graph, (at, new.graph))
        for update in updates:
            self._update(update)
        if not updates:
            return []
        found = self._about(graph, rule.name)
        if not found.predicates:
            return []
        self._number += 1
        return [found]

    def _insertions(
        self, rule: Rule, rows: Sequence[tuple[Term, ...]], graph: str, delta: tuple[int, str] | None
    ) -> list[str]:
        return [
            insertion(
                rule, rows[at : at + _PIECE], sources=self._sources, targets=(INFERRED, graph), delta=delta
            )
            for at in range(0, len(rows), _PIECE)
        ]

    def _about(self, graph: str, rule: str | None = None) -> _Fresh:
        """Return which properties and classes the triples of a graph are about; count them for a rule."""
        predicates: set[Term] = set()
        classes: set[Term] = set()
        for name, number in self._grouped("SELECT ?p (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p", graph):
            predicates.add(name)
            if rule is not None and name != TYPE and not _is_expression(name):
                self._counts[rule] += number
        if TYPE in predicates:
            query = f"SELECT ?c (COUNT(*) AS ?n) {{ ?s {TYPE} ?c }} GROUP BY ?c"
            for name, number in self._grouped(query, graph):
                classes.add(name)
                if rule is not None and not _is_expression(name):
                    self._counts[rule] += number
        return _Fresh(graph, frozenset(predicates), frozenset(classes))

    def _grouped(self, query: str, graph: str) -> list[tuple[Term, int]]:
        found = []
        for name, number in self._store.select(query, default_graphs=[graph]):
            if name is not None and isinstance(number, Literal) and int(number.value):
                found.append((name, int(number.value)))
        return found

    def _size(self, graph: str) -> int:
        rows: Solutions = self._store.select("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", default_graphs=[graph])
        number = rows.rows[0][0]
        return int(number.value) if isinstance(number, Literal) else 0

    def _forget_asserted(self) -> None:
        """Take out of the inferences what is asserted now."""
        for graph in self._added:
            self._update(
                f"DELETE {{ GRAPH <{INFERRED}> {{ ?s ?p ?o }} }} WHERE "
                f"{{ GRAPH <{graph}> {{ ?s ?p ?o }} GRAPH <{INFERRED}> {{ ?s ?p ?o }} }}"
            )

    def _hide(self, schema: Schema, rules: Iterable[Rule]) -> None:
        """Take memberships of expressions, and what is said of blank nodes that stand for them, out of the result."""
        names = sorted({*map(str, schema.names.values()), f"<{OWL}Thing>"})
        for pattern in ("?s a ?name", "?s ?name ?o", "?name ?p ?o"):
            self._move(pattern, names)
        equal = any(self._counts[rule.name] for rule in rules if rule.name.startswith("eq-rep"))
        if equal:
            self._remove_noise()

    def _move(self, pattern: str, names: Sequence[str]) -> None:
        there = f"GRAPH <{INFERRED}> {{ {pattern} }}"
        parts = (
            f"DELETE {{ {there} }}",
            f"INSERT {{ GRAPH <{HIDDEN}> {{ {pattern} }} }}",
            f"WHERE {{ VALUES ?name {{ {' '.join(names)} }} {there} }}",
        )
        self._update("\n".join(parts))

    def _remove_noise(self) -> None:
        said = " ".join(map(str, PARTS))
        everywhere = " ".join(f"USING <{source}>" for source in self._sources)
        for end in ("?s", "?o"):
            self._update(
                f"DELETE {{ GRAPH <{INFERRED}> {{ ?s ?p ?o }} }} {everywhere} USING NAMED <{INFERRED}> WHERE "
                f"{{ GRAPH <{INFERRED}> {{ ?s ?p ?o }} FILTER(isBlank({end})) VALUES ?says {{ {said} }} {end} ?says ?any }}"
            )


def _fitting(rule: Rule, rows: Sequence[tuple[Term, ...]], at: int, new: _Fresh) -> list[tuple[Term, ...]]:
    atom = rule.body[at]
    columns = {column: number for number, column in enumerate(rule.columns)}

    def fits(row: tuple[Term, ...]) -> bool:
        s, p, o = (
            row[columns[part]] if isinstance(part, Variable) and part in columns else part for part in atom
        )
        return new.fits((s, p, o))

    return [row for row in rows if fits(row)]


def _is_expression(term: Term) -> bool:
    return isinstance(term, NamedNode) and (term.value.startswith(EXPRESSION) or term.value == OWL + "Thing")
