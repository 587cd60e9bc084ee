"""A query's algebra, evaluated so that every solution carries its minimal proofs.

The query is parsed and translated by rdflib; the facts come from the store in sets. The caller passes a
hint down: values that the solution sought has. A node may leave out solutions that contradict the hint
and must return all others, so a hint never changes which solutions there are, only which are looked at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from rdflib.paths import Path
from rdflib.plugins.sparql.algebra import translateQuery
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.term import BNode, URIRef, Variable

from apgraph.errors import NotFinishedError
from apgraph.questions.conditions import Conditions, Scope, Solution, agree
from apgraph.questions.expressions import Expressions
from apgraph.questions.paths import Paths, nullable
from apgraph.questions.proofs import GIVEN, Absence, Counted, Proofs, absent, both, either
from apgraph.questions.shape import parts, shown, variables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from rdflib.plugins.sparql.parserutils import CompValue

    from apgraph.questions.facts import Facts
    from apgraph.questions.proofs import Limits
    from apgraph.store import Term

    Values = Mapping[str, Term]
    Pattern = tuple[Any, Any, Any]

__all__ = ["Evaluation"]

_NONE: Final[dict[str, Any]] = {}


class Evaluation:
    """Evaluates one query.

    Args:
        query: A SELECT query, its parameters bound.
        facts: Where the facts are.
        limits: How much is followed.
    """

    def __init__(self, query: str, facts: Facts, limits: Limits) -> None:
        parsed = translateQuery(parseQuery(query))
        self.algebra: CompValue = parsed.algebra
        self.limits = limits
        self._facts = facts
        self._paths = Paths(facts, limits)
        self._expressions = Expressions(parsed.prologue)
        self._conditions = Conditions(self._evaluate, self._absence, self._expressions, limits)
        self._memory: dict[tuple[object, ...], list[Solution]] = {}
        self._variables: dict[int, frozenset[str]] = {}
        self._known_patterns: dict[int, list[Pattern]] = {}
        self._ways: dict[str, Callable[[CompValue, Scope], list[Solution]]] = {
            "SelectQuery": self._through,
            "Distinct": self._once,
            "Reduced": self._once,
            "OrderBy": self._through,
            "Slice": self._through,
            "Project": self._project,
            "ToMultiSet": self._project,
            "values": self._given_rows,
            "BGP": self._basic,
            "Join": self._join,
            "LeftJoin": self._left_join,
            "Union": self._union,
            "Minus": self._minus,
            "Filter": self._filter,
            "Extend": self._extend,
            "Graph": self._graph,
            "AggregateJoin": self._aggregate,
        }

    def solutions(self, hint: Values) -> list[Solution]:
        """Return the query's solutions, at least all those that agree with the hint."""
        return self._evaluate(self.algebra, Scope(hint, _NONE, None))

    def computed(self) -> frozenset[str]:
        """Return the variables that the query computes, rather than takes from facts."""
        return frozenset(
            str(part.var) for part in parts(self.algebra) if part.name == "Extend" and part.expr is not None
        )

    def _evaluate(self, node: CompValue, scope: Scope) -> list[Solution]:
        way = self._ways.get(node.name)
        if way is None:
            raise NotFinishedError(f"a query with {node.name} cannot be explained")
        names = self._names(node)
        hint = {name: term for name, term in scope.hint.items() if name in names}
        outer = {name: term for name, term in scope.outer.items() if name in names}
        at = (id(node), frozenset(hint.items()), frozenset(outer.items()), scope.graph)
        if at not in self._memory:
            self._memory[at] = way(node, Scope(hint, outer, scope.graph))
        return self._memory[at]

    def _names(self, node: Any) -> frozenset[str]:
        """Return the variables that a part of the query mentions."""
        known = self._variables.get(id(node))
        if known is None:
            known = frozenset(variables(node))
            self._variables[id(node)] = known
        return known

    def _gather(self, found: Iterable[tuple[dict[str, Term], Proofs, int]]) -> list[Solution]:
        """Put solutions with the same values together; each way to one is an alternative proof."""
        several: dict[frozenset[tuple[str, Term]], list[tuple[dict[str, Term], Proofs, int]]] = {}
        for item in found:
            self.limits.steps -= 1
            if self.limits.steps < 0:
                raise NotFinishedError("there is too much to look at to explain this row")
            several.setdefault(frozenset(item[0].items()), []).append(item)
        return [
            Solution(*items[0])
            if len(items) == 1
            else Solution(
                items[0][0], either((p for _, p, _ in items), self.limits), sum(n for *_, n in items)
            )
            for items in several.values()
        ]

    # -- nodes ------------------------------------------------------------------

    def _through(self, node: CompValue, scope: Scope) -> list[Solution]:
        return self._evaluate(node.p, scope)

    def _once(self, node: CompValue, scope: Scope) -> list[Solution]:
        return [Solution(values, proofs, 1) for values, proofs, _ in self._evaluate(node.p, scope)]

    def _project(self, node: CompValue, scope: Scope) -> list[Solution]:
        if node.name == "ToMultiSet":
            return self._evaluate(node.p, scope)
        names = {str(name) for name in node.PV}
        # What a sub-query does not pass on has nothing to do with a variable of that name outside.
        inner = Scope(_only(scope.hint, names), _only(scope.outer, names), scope.graph)
        return self._gather(
            (_only(values, names), proofs, times) for values, proofs, times in self._evaluate(node.p, inner)
        )

    def _given_rows(self, node: CompValue, scope: Scope) -> list[Solution]:
        rows = (
            {str(name): self._expressions.term(term) for name, term in row.items() if term != "UNDEF"}
            for row in node.res
        )
        return self._gather((row, GIVEN, 1) for row in rows if agree(row, scope.hint))

    def _basic(self, node: CompValue, scope: Scope) -> list[Solution]:
        known = {**scope.hint, **scope.outer}
        found = self._match(self._patterns(node), {}, GIVEN, 1, known, scope)
        return self._gather(
            ({name: term for name, term in values.items() if not name.startswith("_:")}, proofs, times)
            for values, proofs, times in found
        )

    def _patterns(self, node: CompValue) -> list[Pattern]:
        if id(node) not in self._known_patterns:
            self._known_patterns[id(node)] = [
                (self._place(s), p if isinstance(p, Path) else self._place(p), self._place(o))
                for s, p, o in node.triples
            ]
        return self._known_patterns[id(node)]

    def _place(self, node: Any) -> Any:
        """Return a term, or the name of a variable as text; a blank node in a query is a variable."""
        if isinstance(node, Variable):
            return str(node)
        return f"_:{node}" if isinstance(node, BNode) else self._expressions.term(node)

    def _match(
        self,
        patterns: list[Pattern],
        values: dict[str, Term],
        proofs: Proofs,
        times: int,
        known: Values,
        scope: Scope,
    ) -> Iterator[tuple[dict[str, Term], Proofs, int]]:
        if not patterns:
            yield values, proofs, times
            return

        def bound(place: Any) -> Any:
            return (values.get(place) or known.get(place)) if isinstance(place, str) else place

        def effort(pattern: Pattern) -> float:
            s, p, o = pattern
            free = (bound(s) is None) + (bound(o) is None)
            if not isinstance(p, Path):
                return 2.0 * free + (bound(p) is None)
            # A path of length zero is proved by whatever else mentions the node, so it comes last.
            return 2.0 * free + (9.5 if nullable(p) else 0.5)

        self.limits.steps -= 1
        if self.limits.steps < 0:
            raise NotFinishedError("there is too much to look at to explain this row")
        pattern = min(patterns, key=effort)
        rest = [other for other in patterns if other is not pattern]
        s, p, o = pattern
        steps: Iterable[tuple[Any, Proofs, int]]
        if isinstance(p, Path):
            ends = self._paths.ends(p, bound(s), bound(o), scope.graph)
            steps = (((one, None, two), found, count) for (one, two), (found, count) in ends.items())
        else:
            steps = (
                ((one, via, two), {frozenset((fact,)): frozenset()}, 1)
                for one, via, two, fact in self._facts.match(bound(s), bound(p), bound(o), scope.graph)
            )
        for terms, found, count in steps:
            more = dict(values)
            for place, term in zip(pattern, terms, strict=True):
                if isinstance(place, str) and term is not None and more.setdefault(place, term) != term:
                    break
            else:
                yield from self._match(
                    rest, more, both(proofs, found, self.limits), times * count, known, scope
                )

    def _join(self, node: CompValue, scope: Scope) -> list[Solution]:
        return self._gather(
            (
                {**left.values, **right.values},
                both(left.proofs, right.proofs, self.limits),
                left.times * right.times,
            )
            for left in self._evaluate(node.p1, scope)
            for right in self._evaluate(node.p2, scope._replace(hint={**scope.hint, **left.values}))
            if agree(left.values, right.values)
        )

    def _left_join(self, node: CompValue, scope: Scope) -> list[Solution]:
        found: list[tuple[dict[str, Term], Proofs, int]] = []
        for left in self._evaluate(node.p1, scope):
            matched = False
            # Not the outer hint: a match that contradicts it is a match all the same.
            for right in self._evaluate(node.p2, scope._replace(hint=left.values)):
                if not agree(left.values, right.values):
                    continue
                values = {**left.values, **right.values}
                holds = self._conditions.holds(node.expr, values, scope, wanted=True)
                if holds:
                    matched = True
                    proofs = both(both(left.proofs, right.proofs, self.limits), holds, self.limits)
                    found.append((values, proofs, left.times * right.times))
            if not matched:
                note = self._absence(
                    "optional", node.p2, left.values, filtered=node.expr.name != "TrueFilter"
                )
                found.append((left.values, both(left.proofs, absent(note), self.limits), left.times))
        return self._gather(found)

    def _union(self, node: CompValue, scope: Scope) -> list[Solution]:
        return self._gather([*self._evaluate(node.p1, scope), *self._evaluate(node.p2, scope)])

    def _minus(self, node: CompValue, scope: Scope) -> list[Solution]:
        found: list[tuple[dict[str, Term], Proofs, int]] = []
        for left in self._evaluate(node.p1, scope):
            rights = self._evaluate(node.p2, scope._replace(hint=left.values))
            if any(left.values.keys() & r.values.keys() and agree(left.values, r.values) for r in rights):
                continue
            note = self._absence("minus", node.p2, left.values)
            found.append((left.values, both(left.proofs, absent(note), self.limits), left.times))
        return self._gather(found)

    def _filter(self, node: CompValue, scope: Scope) -> list[Solution]:
        found: list[tuple[dict[str, Term], Proofs, int]] = []
        for values, proofs, times in self._evaluate(node.p, scope):
            holds = self._conditions.holds(node.expr, values, scope, wanted=True)
            if holds:
                found.append((values, both(proofs, holds, self.limits), times))
        return self._gather(found)

    def _extend(self, node: CompValue, scope: Scope) -> list[Solution]:
        name = str(node.var)
        hint = {other: term for other, term in scope.hint.items() if other != name}
        if isinstance(node.expr, Variable) and name in scope.hint:
            hint.setdefault(str(node.expr), scope.hint[name])
        found: list[tuple[dict[str, Term], Proofs, int]] = []
        for values, proofs, times in self._evaluate(node.p, scope._replace(hint=hint)):
            ground, more = self._conditions.ground(node.expr, values, scope)
            value = self._expressions.value(ground, {**scope.outer, **values})
            extended = values if value is None else {**values, name: value}
            found.append((extended, both(proofs, more, self.limits), times))
        return self._gather(found)

    def _graph(self, node: CompValue, scope: Scope) -> list[Solution]:
        name = self._place(node.term)
        if not isinstance(name, str):
            return self._evaluate(node.p, scope._replace(graph=name.value))
        known = scope.outer.get(name) or scope.hint.get(name)
        graphs = [known.value] if known is not None else list(self._facts.graphs())
        return self._gather(
            ({**values, name: self._expressions.term(URIRef(graph))}, proofs, times)
            for graph in graphs
            for values, proofs, times in self._evaluate(node.p, scope._replace(graph=graph))
            if name not in values or values[name].value == graph
        )

    def _aggregate(self, node: CompValue, scope: Scope) -> list[Solution]:
        keys = list(node.p.expr or ())
        functions = [f for f in node.A if not (f.name == "Aggregate_Sample" and f.vars in keys)]
        # A key leaves the group under the name of a function that gives it back.
        returned = {
            str(f.res): str(f.vars) for f in node.A if f not in functions and isinstance(f.vars, Variable)
        }
        plain = {str(key) for key in keys if isinstance(key, Variable)}
        hint = {returned.get(name, name): term for name, term in scope.hint.items()}
        members = self._evaluate(node.p.p, scope._replace(hint=_only(hint, plain)))
        groups: dict[tuple[Term | None, ...], list[Solution]] = {} if keys else {(): []}
        for member in members:
            at = tuple(self._expressions.value(key, {**scope.outer, **member.values}) for key in keys)
            groups.setdefault(at, []).append(member)
        found: list[tuple[dict[str, Term], Proofs, int]] = []
        for group in groups.values():
            values = self._expressions.aggregate(node.A, ((m.values, m.times) for m in group))
            proofs = (
                self._counted(node, functions, group)
                if functions
                else either((m.proofs for m in group), self.limits)
            )
            found.append((values, proofs, 1))
        return self._gather(found)

    def _counted(self, node: CompValue, functions: list[CompValue], group: list[Solution]) -> Proofs:
        if not group:
            return absent(self._absence("none counted", node.p.p, {}))
        how = ", ".join(dict.fromkeys(f.name.removeprefix("Aggregate_").upper() for f in functions))
        firsts = [min(m.proofs, key=lambda facts: (len(facts), sorted(map(str, facts)))) for m in group]
        members = tuple(
            (tuple(sorted(m.values.items())), facts) for m, facts in zip(group, firsts, strict=True)
        )
        notes = frozenset(note for m, facts in zip(group, firsts, strict=True) for note in m.proofs[facts])
        return {frozenset().union(*firsts): notes | {Counted(how, members)}}

    def _absence(self, kind: str, node: CompValue, values: Values, *, filtered: bool = False) -> Absence:
        """Describe a pattern that was not found, with the values that were put into it."""
        patterns: list[Any] = []
        for part in parts(node):
            if part.name == "BGP":
                patterns += [tuple(shown(place, values) for place in each) for each in self._patterns(part)]
            elif part.name == "Filter":
                filtered = True
        return Absence(kind, tuple(patterns), filtered)


def _only(values: Values, names: Iterable[str]) -> dict[str, Term]:
    return {name: values[name] for name in names if name in values}
