"""Constraints in SPARQL: https://www.w3.org/TR/shacl/#sparql-constraints."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final

from pyoxigraph import Literal

from apgraph.errors import InputError
from apgraph.shacl.focus import select
from apgraph.shacl.ground import NotCheckedError
from apgraph.shacl.model import Component, Violations
from apgraph.shacl.prebinding import Query, read_query
from apgraph.shacl.report import SH
from apgraph.sparql import tokens

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from apgraph.shacl.compilation import Compiler
    from apgraph.shacl.focus import Focus
    from apgraph.shacl.model import Shape
    from apgraph.shacl.report import Term
    from apgraph.shacl.shapes import Shapes, Subject

    Row = tuple[Term, ...]

__all__ = [
    "SparqlConstraint",
    "node_by_node",
    "quoted_names",
    "read_sparql",
    "renamed",
    "select_as",
    "select_violations",
]

_TRUE: Final = Literal(True)
_QUOTED: Final = re.compile(r"\{[?$](\w+)\}")
_AT_ONCE: Final = 50
"""Nodes that one request asks about, where each is asked about on its own."""

PREBOUND: Final = ("this", "shapesGraph", "currentShape", "PATH")


@dataclass(frozen=True, slots=True)
class SparqlConstraint(Component):
    """https://www.w3.org/TR/shacl/#sparql-constraints-shape.

    Attributes:
        node: The constraint in the shapes graph.
        query: What finds violations; None where :attr:`fault` says why it can't be used.
        own_messages: What it says of them.
        fault: Why it can't be used.
    """

    node: Subject
    query: Query | None
    own_messages: tuple[Literal, ...]
    fault: str = ""
    name: ClassVar[str] = "SPARQL"

    @property
    def source(self) -> Subject:
        """The constraint."""
        return self.node

    @property
    def messages(self) -> tuple[Literal, ...]:
        """The constraint's own."""
        return self.own_messages

    def says(self) -> str:
        """In words."""
        return "the node is found by the shape's SPARQL query"

    def violations(self, shape: Shape, focus: Focus, compiler: Compiler) -> Violations | None:
        """What the query finds."""
        if self.query is None or self.fault:
            raise NotCheckedError(self.fault)
        quoted = quoted_names((*self.own_messages, *shape.messages))
        return select_violations(self.query, {}, quoted, shape, focus, compiler)


def read_sparql(shapes: Shapes, node: Term) -> SparqlConstraint | None:
    """Read a value of sh:sparql; None if it is switched off.

    Raises:
        InputError: It is no constraint.
    """
    if isinstance(node, Literal):
        raise InputError(f"sh:sparql needs an IRI or a blank node, not {node.value!r}")
    if _TRUE in shapes.objects(node, SH + "deactivated"):
        return None
    messages = tuple(m for m in shapes.objects(node, SH + "message") if isinstance(m, Literal))
    texts = [text for text in shapes.objects(node, SH + "select") if isinstance(text, Literal)]
    if len(texts) != 1:
        return SparqlConstraint(node, None, messages, f"sh:sparql needs one sh:select; it has {len(texts)}")
    query, fault = read_query(texts[0].value, shapes.prefixes(node), PREBOUND[:3])
    if query is not None and query.is_ask:
        fault = "its SPARQL is an ASK query, and sh:select needs a SELECT query"
    return SparqlConstraint(node, query, messages, fault)


def quoted_names(messages: Iterable[Literal]) -> set[str]:
    """Return the variables that messages quote.

    >>> quoted_names([Literal("{?value} is not {$this}")]) == {"value", "this"}
    True
    """
    return {name for message in messages for name in _QUOTED.findall(message.value)}


def renamed(pairs: Mapping[str, str]) -> list[str]:
    """Return what a SELECT needs to give variables under other names.

    >>> renamed({"?a": "?b", "?c": "?c"})
    ['(?a AS ?b)', '?c']
    """
    return [old if old == new else f"({old} AS {new})" for old, new in pairs.items()]


def select_as(pairs: Mapping[str, str], pattern: str, *, distinct: bool = True) -> str:
    """Return a sub-query that gives variables of a pattern under other names.

    SPARQL lets no SELECT give a name to a value that a variable of its pattern has already: then it takes two.

    >>> print(select_as({"?a": "?b"}, "?a ?b ?c ."))
    {
      SELECT DISTINCT (?own_1 AS ?b) WHERE {
        {
          SELECT DISTINCT (?a AS ?own_1) WHERE {
            ?a ?b ?c .
          }
        }
      }
    }
    """
    taken = {token.text[1:] for token in tokens(pattern) if token.kind == "variable"}
    if all(old == new or new[1:] not in taken for old, new in pairs.items()):
        return select(renamed(pairs), pattern, distinct=distinct)
    between = {old: f"?own_{number}" for number, old in enumerate(pairs, 1)}
    inner = select(renamed(between), pattern, distinct=distinct)
    return select(renamed({between[old]: new for old, new in pairs.items()}), inner, distinct=distinct)


def select_violations(
    query: Query,
    clauses: Mapping[frozenset[str], str],
    quoted: set[str],
    shape: Shape,
    focus: Focus,
    compiler: Compiler,
) -> Violations | None:
    """Return what a SELECT query finds among some focus nodes.

    See https://www.w3.org/TR/shacl/#sparql-constraints-validation and
    https://www.w3.org/TR/shacl/#sparql-constraints-variables for what its variables mean.

    Raises:
        NotCheckedError: It can't run on the engine at hand.
    """
    if query.compares:
        compiler.ground.orders()
    compiler.follows_nothing(query, shape, focus)
    if compiler.ground.store.engine == "oxigraph":
        query = query.in_sets(["this"])
    own = select_as({focus.node.name: "?this"}, focus.pattern)
    places = {**clauses, **compiler.places(query, shape)}
    shown = {name: f"?given_{name}" for name in query.names if name in quoted and name != "this"}
    used = [name for name in ("value", "path", "message", "failure") if name in query.names]
    names = {"?this": focus.node.name} | {
        f"?{name}": f"?given_{name}" for name in dict.fromkeys((*used, *shown))
    }
    if query.by_node and not compiler.explains:

        def query_of(node: Row) -> str:
            bound = query.bound({frozenset({"this"}): compiler.ground.constant("this", node[0]), **places})
            return select_as(names, f"{{\n{compiler.with_path(bound, shape)}\n}}", distinct=False)

        gave = node_by_node(["?this"], own, query_of, list(names.values()), compiler)
        if gave is None:
            return None
        pattern = gave
    else:
        text = compiler.with_path(query.bound({frozenset({"this"}): own, **places}), shape)
        note = "# for each ?this on its own\n" if query.by_node else ""
        pattern = note + select_as(names, f"{{\n{text}\n}}", distinct=False)
    if focus.keys:
        pattern = f"{select(focus.columns, focus.pattern)}\n{pattern}"
    value = "?given_value" if "value" in used else focus.node.name if shape.path is None else None
    if "value" in used and shape.path is None:  # a solution need not bind it
        value = compiler.ground.fresh("found_value")
        pattern += f"\nBIND(COALESCE(?given_value, {focus.node}) AS {value})"
    if "this" in quoted:
        shown["this"] = focus.node.name
    return Violations(
        pattern,
        value=value,
        path="?given_path" if "path" in used else None,
        message="?given_message" if "message" in used else None,
        shown=shown,
        every=True,
        failure="?given_failure" if "failure" in used else None,
    )


def node_by_node(
    given: Sequence[str],
    nodes: str,
    query_of: Callable[[Row], str],
    columns: Sequence[str],
    compiler: Compiler,
) -> str | None:
    """Return a pattern of what a query gives that has to run for each node on its own, since it counts rows.

    It is run here, and the pattern holds what it gave; None if that is nothing.

    Args:
        given: The variables that are given to the query.
        nodes: A sub-query of their values.
        query_of: From values to a sub-query.
        columns: The variables that it gives.
        compiler: What it is for.

    Raises:
        NotCheckedError: It can't run on the engine at hand.
    """
    ground = compiler.ground
    each = [
        tuple(term for term in row if term is not None)
        for row in ground.select(f"SELECT DISTINCT {' '.join(given)} WHERE {nodes}")
    ]
    wanted = " ".join(columns)
    rows: list[tuple[Term | None, ...]] = []
    for start in range(0, len(each), _AT_ONCE):
        queries = " UNION ".join(query_of(node) for node in each[start : start + _AT_ONCE])
        rows += ground.select(f"SELECT {wanted} WHERE {{ {queries} }}", with_shapes=ground.wants_shapes).rows
    return ground.table(columns, rows) if rows else None
