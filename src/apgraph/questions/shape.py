"""What a query's algebra is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rdflib.paths import AlternativePath, InvPath, MulPath, NegatedPath, Path, SequencePath
from rdflib.plugins.sparql.parserutils import CompValue, Expr
from rdflib.term import Variable

from apgraph.lexicon import curie

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from apgraph.store import Term

__all__ = ["has_exists", "is_monotone", "parts", "shown", "variables"]


def shown(place: Any, values: Mapping[str, Term]) -> Any:
    """Return a place of a pattern with its value, a path as text, or a variable as ``?name``."""
    if isinstance(place, Path):
        return _path_text(place)
    if not isinstance(place, str):
        return place
    if place.startswith("_:"):
        return "?something"
    return values.get(place, f"?{place}")


def _path_text(path: Any) -> str:
    if isinstance(path, InvPath):
        return f"^{_path_text(path.arg)}"
    if isinstance(path, MulPath):
        return f"{_path_text(path.path)}{path.mod}"
    for kind, mark in ((SequencePath, "/"), (AlternativePath, "|"), (NegatedPath, "|")):
        if isinstance(path, kind):
            inner = mark.join(_path_text(arg) for arg in path.args)
            return f"!({inner})" if kind is NegatedPath else f"({inner})"
    return curie(str(path))


def parts(node: Any) -> Iterator[CompValue]:
    """Yield the nodes of an algebra, but not those inside conditions."""
    if isinstance(node, CompValue) and not isinstance(node, Expr):
        yield node
        for key in ("p", "p1", "p2"):
            if key in node:
                yield from parts(node[key])


def variables(node: Any) -> Iterator[str]:
    """Yield the variables that a part of a query mentions, conditions and sub-queries included."""
    if isinstance(node, Variable):
        yield str(node)
    elif isinstance(node, CompValue):
        for key, part in node.items():
            if key != "_vars":
                yield from variables(part)
    elif isinstance(node, list | tuple | set):
        for part in node:
            yield from variables(part)
    elif isinstance(node, dict):
        for name in node:
            yield from variables(name)


def has_exists(node: Any) -> bool:
    """Tell whether an expression asks for the existence of a pattern."""
    if isinstance(node, CompValue):
        return node.name in ("Builtin_EXISTS", "Builtin_NOTEXISTS") or any(
            has_exists(node[key]) for key in node
        )
    return isinstance(node, list) and any(map(has_exists, node))


def is_monotone(algebra: CompValue) -> bool:
    """Tell whether more facts can only add to the rows of a query.

    Not so with OPTIONAL, MINUS, NOT EXISTS, counting and a limit on the number of rows.

    >>> from rdflib.plugins.sparql import prepareQuery
    >>> is_monotone(prepareQuery("SELECT * { ?s <urn:p>+ ?o FILTER EXISTS { ?o ?p ?s } }").algebra)
    True
    >>> is_monotone(prepareQuery("SELECT * { ?s <urn:p> ?o FILTER(1 = 1 && NOT EXISTS { ?o ?p ?s }) }").algebra)
    False
    """
    for part in parts(algebra):
        if part.name in ("LeftJoin", "Minus", "AggregateJoin", "Group", "Slice"):
            return False
        if part.name in ("Filter", "Extend") and not _only_asserts(
            part.expr, in_filter=part.name == "Filter"
        ):
            return False
    return True


def _only_asserts(expression: Any, *, in_filter: bool) -> bool:
    """Tell whether an expression asks for patterns in a way that only their presence helps."""
    if not has_exists(expression):
        return True
    if not isinstance(expression, CompValue) or not in_filter:
        return False
    if expression.name == "Builtin_EXISTS":
        graph = expression.graph
        if graph.name == "GroupGraphPatternSub":
            # Not translated by rdflib, as it is inside a larger condition: what it holds is not looked into.
            return False
        return is_monotone(graph)
    if expression.name in ("ConditionalAndExpression", "ConditionalOrExpression"):
        return all(
            _only_asserts(part, in_filter=True) for part in (expression.expr, *(expression.other or ()))
        )
    return False
