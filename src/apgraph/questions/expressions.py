"""Expressions of a query over the values of one solution, by rdflib's evaluator."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pyoxigraph import BlankNode, Literal
from rdflib import Graph
from rdflib import Literal as RdfLiteral
from rdflib.plugins.sparql.aggregates import Aggregator
from rdflib.plugins.sparql.operators import EBV
from rdflib.plugins.sparql.parserutils import CompValue, Expr
from rdflib.plugins.sparql.sparql import FrozenBindings, QueryContext, SPARQLError
from rdflib.term import BNode, URIRef, Variable

from apgraph.store.terms import from_rdflib, to_rdflib_term

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from rdflib.plugins.sparql.sparql import Prologue

    from apgraph.store import Term

__all__ = ["Expressions", "same_value"]


class Expressions:
    """Evaluates expressions.

    Args:
        prologue: Prefixes and base of the query.
    """

    def __init__(self, prologue: Prologue) -> None:
        self._context = QueryContext(Graph(), initBindings={})
        self._context.prologue = prologue
        self._nodes: dict[Term, Any] = {}
        self._terms: dict[Any, Term] = {}

    def term(self, node: Any) -> Term:
        """Return a term of the query as the store has it."""
        # A literal equals another of the same value in rdflib only if both look the same, so it can be a key.
        found = self._terms.get(node)
        if found is None:
            self._terms[node] = found = from_rdflib(node)
        return found

    def value(self, expression: Any, solution: Mapping[str, Term]) -> Term | None:
        """Return the value of an expression, or None where it has none."""
        found = self._evaluate(expression, solution)
        if found is None or not isinstance(found, URIRef | BNode | RdfLiteral):
            return None
        return self.term(found)

    def truth(self, expression: Any, solution: Mapping[str, Term]) -> bool | None:
        """Return whether a condition holds, or None where that is an error."""
        found = self._evaluate(expression, solution)
        if found is None:
            return None
        try:
            return bool(EBV(found))
        except SPARQLError:
            return None

    def aggregate(
        self, functions: Sequence[CompValue], members: Iterable[tuple[Mapping[str, Term], int]]
    ) -> dict[str, Term]:
        """Return what the functions of a group give, by name of their variable.

        Args:
            functions: The functions, as rdflib's algebra has them.
            members: The solutions of the group, and how often each occurs.
        """
        aggregator = Aggregator(aggregations=list(functions))
        for solution, times in members:
            row = self._bindings(solution)
            for _ in range(times):
                aggregator.update(row)
        found = aggregator.get_bindings()
        return {
            str(name): self.term(node)
            for name, node in found.items()
            if isinstance(node, URIRef | BNode | RdfLiteral)
        }

    def _bindings(self, solution: Mapping[str, Term]) -> FrozenBindings:
        return FrozenBindings(
            self._context, ((Variable(name), self._node(term)) for name, term in solution.items())
        )

    def _node(self, term: Term) -> Any:
        found = self._nodes.get(term)
        if found is None:
            self._nodes[term] = found = to_rdflib_term(term)
        return found

    def _evaluate(self, expression: Any, solution: Mapping[str, Term]) -> Any:
        if isinstance(expression, Variable):
            term = solution.get(str(expression))
            return None if term is None else self._node(term)
        if not isinstance(expression, Expr):
            return expression
        try:
            found = expression.eval(self._bindings(solution))
        except (SPARQLError, TypeError, ValueError, ArithmeticError, AttributeError):
            # rdflib lets some errors of an expression out as errors of Python; SPARQL knows but one error.
            return None
        return None if isinstance(found, SPARQLError) else found


def same_value(one: Term | None, other: Term | None) -> bool:
    """Tell whether two engines' values are the same but for how they are written.

    >>> from pyoxigraph import NamedNode
    >>> decimal = NamedNode("http://www.w3.org/2001/XMLSchema#decimal")
    >>> same_value(Literal("3.0", datatype=decimal), Literal("3", datatype=decimal))
    True
    """
    if one == other:
        return True
    if not isinstance(one, Literal) or not isinstance(other, Literal):
        return isinstance(one, BlankNode) and isinstance(other, BlankNode)
    left, right = to_rdflib_term(one), to_rdflib_term(other)
    if not isinstance(left, RdfLiteral) or not isinstance(right, RdfLiteral):
        return False
    first, second = left.value, right.value
    if isinstance(first, str) or first is None or isinstance(second, str) or second is None:
        return False
    try:
        # Engines keep different numbers of digits of a quotient.
        return bool(first == second or abs(float(first) - float(second)) <= 1e-9 * abs(float(first)))
    except (TypeError, ValueError, OverflowError):
        return False
