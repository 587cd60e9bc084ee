"""Conditions of a query, with the proofs that they hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from rdflib.plugins.sparql.algebra import translateGroupGraphPattern
from rdflib.plugins.sparql.parserutils import CompValue, Expr
from rdflib.term import Literal as RdfLiteral

from apgraph.questions.proofs import GIVEN, Proofs, absent, both, either
from apgraph.questions.shape import has_exists

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from apgraph.questions.expressions import Expressions
    from apgraph.questions.proofs import Absence, Limits
    from apgraph.store import Term

    Values = Mapping[str, Term]

__all__ = ["Conditions", "Scope", "Solution", "agree"]

_TRUE: Final = RdfLiteral(True)
_FALSE: Final = RdfLiteral(False)


class Solution(NamedTuple):
    """Values of variables, the proofs of them, and how often the solution occurs."""

    values: dict[str, Term]
    proofs: Proofs
    times: int


class Scope(NamedTuple):
    """What a node is evaluated under."""

    hint: Values
    outer: Values
    """Values that a surrounding EXISTS puts into the pattern."""
    graph: str | None


class Conditions:
    """Evaluates FILTER conditions.

    Args:
        evaluate: Gives the solutions of a pattern.
        absence: Describes a pattern that was not found.
        expressions: Evaluates what holds no pattern.
        limits: How much is followed.
    """

    def __init__(
        self,
        evaluate: Callable[[CompValue, Scope], list[Solution]],
        absence: Callable[[str, CompValue, Values], Absence],
        expressions: Expressions,
        limits: Limits,
    ) -> None:
        self._evaluate = evaluate
        self._absence = absence
        self._expressions = expressions
        self._limits = limits
        self._inner: dict[int, CompValue] = {}

    def holds(self, condition: Any, values: Values, scope: Scope, *, wanted: bool) -> Proofs:
        """Return the proofs that a condition is true (or false), none if it is not."""
        name = condition.name if isinstance(condition, CompValue) else ""
        if name == "TrueFilter":
            return GIVEN if wanted else {}
        if name == "UnaryNot":
            return self.holds(condition.expr, values, scope, wanted=not wanted)
        if name in ("ConditionalAndExpression", "ConditionalOrExpression") and condition.other:
            found = [
                self.holds(part, values, scope, wanted=wanted) for part in (condition.expr, *condition.other)
            ]
            if (name == "ConditionalAndExpression") == wanted:
                proofs = GIVEN
                for each in found:
                    proofs = both(proofs, each, self._limits) if each else {}
                    if not proofs:
                        break
                return proofs
            return either(found, self._limits)
        if name in ("Builtin_EXISTS", "Builtin_NOTEXISTS"):
            matches = self._matches(condition, values, scope)
            if (name == "Builtin_EXISTS") == wanted:
                return either((m.proofs for m in matches), self._limits)
            return {} if matches else self._not_there(condition, values)
        ground, proofs = self.ground(condition, values, scope)
        return proofs if self._expressions.truth(ground, {**scope.outer, **values}) is wanted else {}

    def _matches(self, condition: CompValue, values: Values, scope: Scope) -> list[Solution]:
        """Return the solutions of an EXISTS pattern that agree with the values put into it."""
        outer = {**scope.outer, **values}
        found = self._evaluate(self._pattern_of(condition), Scope(outer, outer, scope.graph))
        return [solution for solution in found if agree(solution.values, outer)]

    def _not_there(self, condition: CompValue, values: Values) -> Proofs:
        return absent(self._absence("not exists", self._pattern_of(condition), values))

    def _pattern_of(self, condition: CompValue) -> CompValue:
        if id(condition) not in self._inner:
            pattern = condition.graph
            # rdflib translates EXISTS only where it stands alone in a FILTER.
            if pattern.name == "GroupGraphPatternSub":
                pattern = translateGroupGraphPattern(pattern)
            self._inner[id(condition)] = pattern
        return self._inner[id(condition)]

    def ground(self, expression: Any, values: Values, scope: Scope) -> tuple[Any, Proofs]:
        """Replace every EXISTS inside an expression by its truth, and return what that rests on."""
        if not has_exists(expression):
            return expression, GIVEN
        if isinstance(expression, list):
            grounded = [self.ground(part, values, scope) for part in expression]
            proofs = GIVEN
            for _, more in grounded:
                proofs = both(proofs, more, self._limits)
            return [part for part, _ in grounded], proofs
        if expression.name in ("Builtin_EXISTS", "Builtin_NOTEXISTS"):
            matches = self._matches(expression, values, scope)
            truth = _TRUE if bool(matches) == (expression.name == "Builtin_EXISTS") else _FALSE
            found = (
                either((m.proofs for m in matches), self._limits)
                if matches
                else self._not_there(expression, values)
            )
            return truth, found
        # rdflib's own clone() loses what makes an expression evaluable, and copy() can't make one.
        replaced, proofs = Expr(expression.name, expression._evalfn.__func__), GIVEN  # noqa: SLF001
        for key, part in expression.items():
            replaced[key], more = self.ground(part, values, scope)
            proofs = both(proofs, more, self._limits)
        return replaced, proofs


def agree(one: Values, other: Values) -> bool:
    """Tell whether no variable has two values."""
    if len(one) > len(other):
        one, other = other, one
    return all(other.get(name, term) == term for name, term in one.items())
