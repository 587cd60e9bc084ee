"""From shapes to queries: one for each constraint, over all focus nodes that it has.

A shape that is reached through others (``sh:property``, ``sh:node``, ``sh:not``, …) is compiled over the nodes that
lead to it. Two ways to compile what it asks, for use within the query of an outer constraint:

* :meth:`Compiler.test`: an expression about one node, where what is asked can be seen from there;
* :meth:`Compiler.violators`: patterns that find all nodes that violate it, for everything else.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, NamedNode

from apgraph.shacl.components.shape_based import PropertyShape
from apgraph.shacl.focus import Focus, Node, follow, indent, select, union
from apgraph.shacl.ground import NotCheckedError
from apgraph.shacl.negation import without
from apgraph.shacl.paths import Inverse, Predicate
from apgraph.shacl.targets import focus_of
from apgraph.sparql import tokens

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from apgraph.shacl.ground import Ground
    from apgraph.shacl.model import Component, Shape, Violations
    from apgraph.shacl.paths import Path
    from apgraph.shacl.prebinding import Query

__all__ = ["Check", "Compiler"]


@dataclass(frozen=True, slots=True)
class Check:
    """One constraint, over the focus nodes of one way to it.

    Attributes:
        shape: The shape that states it.
        component: The constraint.
        focus: The nodes that it looks at.
        violations: What finds its violations; None where there can be none.
        fault: Why it could not be compiled.
        with_shapes: Whether the query looks into the shapes graph, too.
        doubt: Why it can't tell of some values, which its violations leave out.
    """

    shape: Shape
    component: Component
    focus: Focus
    violations: Violations | None = None
    fault: str | None = None
    with_shapes: bool = False
    doubt: str = ""

    @property
    def columns(self) -> tuple[str, ...]:
        """The variables of the query's rows: those of the focus, then those of the violation."""
        found = self.violations
        if found is None:
            return self.focus.columns
        more = (found.value, found.path, found.message, found.failure, *found.apart, *found.shown.values())
        return tuple(dict.fromkeys((*self.focus.columns, *(column for column in more if column))))

    @property
    def query(self) -> str | None:
        """The query that finds its violations."""
        if self.violations is None:
            return None
        word = "SELECT" if self.violations.every else "SELECT DISTINCT"
        return f"{word} {' '.join(self.columns)} WHERE {{\n{indent(self.violations.pattern)}\n}}"


class Compiler:
    """What compiles shapes for one store.

    Args:
        ground: The store, and what is known of it.
        explains: Whether the queries are to be shown only, and none may run.
    """

    def __init__(self, ground: Ground, *, explains: bool = False) -> None:
        self.ground = ground
        self.explains = explains

    # -- from targets to checks -------------------------------------------------

    def checks(self, shape: Shape) -> Iterator[Check]:
        """Yield the checks of a shape with targets, and of the property shapes that it leads to."""
        self.ground.start_afresh()
        focus = focus_of(shape.targets, self.ground)
        if focus is not None:
            yield from self.checks_of(shape, focus)

    def checks_of(self, shape: Shape, focus: Focus) -> Iterator[Check]:
        """Yield the checks of a shape over some focus nodes.

        https://www.w3.org/TR/shacl/#validation-node-shape and https://www.w3.org/TR/shacl/#PropertyConstraintComponent
        """
        if shape.deactivated:
            return
        for component in shape.components:
            if isinstance(component, PropertyShape):
                try:
                    inner = focus.follow(shape.path, self.ground, inner=shape.path is not None)
                except NotCheckedError as error:
                    for lost in component.shape.components:
                        yield Check(component.shape, lost, focus, fault=str(error))
                else:
                    yield from self.checks_of(component.shape, inner)
                continue
            self.ground.wants_shapes, self.ground.doubt = False, ""
            try:
                violations = component.violations(shape, focus, self)
            except NotCheckedError as error:
                yield Check(shape, component, focus, fault=str(error))
                continue
            doubt = self.ground.doubt
            if doubt:
                violations = self._beyond_doubt(violations, component, shape, focus)
            yield Check(shape, component, focus, violations, None, self.ground.wants_shapes, doubt)

    def _beyond_doubt(
        self, violations: Violations | None, component: Component, shape: Shape, focus: Focus
    ) -> Violations | None:
        """Return the violations by values that are as they were written; none where that can't be seen."""
        if violations is None or violations.value is None or not component.judges_each:
            return None
        rewritten = focus.follow(shape.path, self.ground).node.rewritten.respelt
        kinds = ", ".join(f"<{kind}>" for kind in sorted(rewritten))
        value = violations.value
        test = f"FILTER(!ISLITERAL({value}) || DATATYPE({value}) NOT IN ({kinds}))"
        return replace(violations, pattern=f"{violations.pattern}\n{test}")

    # -- inside of other constraints ---------------------------------------------

    def test(self, shape: Shape, node: Node) -> str | None:
        """Return an expression that is true where a node violates a shape; None if it takes a pattern."""
        if shape.deactivated:
            return "false"
        if shape.path is None:
            tests = [component.test(node, self) for component in shape.components]
        else:
            link = self.link(shape.path, node)
            if link is None:
                return None
            tests = [component.path_test(node, link, self) for component in shape.components]
        found = [test for test in tests if test is not None]
        if len(found) < len(tests):
            return None
        if len(found) == 1:
            return found[0]
        return " || ".join(f"({test})" for test in found) or "false"

    def violators(self, shape: Shape, focus: Focus) -> list[str]:
        """Return patterns, each of which binds the columns of a focus to nodes that violate a shape.

        All of these together are all that do; none at all means that every node conforms.

        Raises:
            NotCheckedError: A query among them may say that it could not judge, which no pattern can.
        """
        if shape.deactivated:
            return []
        self.ground.nests("sets of nodes")
        found = []
        for component in shape.components:
            violations = component.violations(shape, focus, self)
            if violations is not None and violations.failure is not None:
                raise NotCheckedError(
                    "a query in a shape inside of it may say by ?failure that it can't judge"
                )
            if violations is not None:
                found.append(violations.pattern)
        return found

    def conforming(self, values: Focus, shape: Shape) -> str:
        """Return a pattern of those value nodes that conform to a shape."""
        violators = self.violators(shape, replace(values, keys=()))
        if not violators:
            return values.pattern
        return self.without(values, select([values.node.name], union(violators)))

    # -- pieces of patterns ---------------------------------------------------------

    def without(self, focus: Focus, excluded: str) -> str:
        """Return a pattern of nodes but those that a sub-query finds."""
        return without(focus.pattern, excluded, self.ground.store.engine)

    def onwards(self, focus: Focus, start: Node, path: Path, end: Node) -> str:
        """Return a pattern that goes on from one of the variables of a focus."""
        return follow(focus.pattern, path, start, end, True, self.ground)

    def link(self, path: Path | None, node: Node) -> Callable[[str], str] | None:
        """Return what writes the one triple by which a value follows from a node; None if it takes more."""
        match path:
            case Predicate(iri) if not self.ground.is_special(iri):
                return lambda value: f"{node} <{iri}> {value}"
            case Inverse(Predicate(iri)) if not self.ground.is_special(iri):
                return lambda value: f"{value} <{iri}> {node}"
            case _:
                return None

    # -- queries of the shapes graph ---------------------------------------------------

    def places(self, query: Query, shape: Shape) -> dict[frozenset[str], str]:
        """Return clauses for ``$shapesGraph`` and ``$currentShape``, where a query mentions them."""
        found = {}
        if query.mentions("shapesGraph"):
            graph = NamedNode(self.ground.shapes_graph())
            found[frozenset({"shapesGraph"})] = self.ground.constant("shapesGraph", graph)
        if query.mentions("currentShape"):
            # The label of a blank node is another in each run, and what is only shown has no use for it.
            unnamed = self.explains and isinstance(shape.node, BlankNode)
            node = BlankNode("currentShape") if unnamed else shape.node
            found[frozenset({"currentShape"})] = self.ground.constant("currentShape", node)
        return found

    def follows_nothing(self, query: Query, shape: Shape, focus: Focus) -> None:
        """Look whether a query can follow a path of no steps from a node that is not in the data.

        The specification has the node itself at its end; of a variable, SPARQL has not.

        Raises:
            NotCheckedError: It can, and there is such a node.
        """
        if focus.known:
            return
        found = tokens(self.with_path(query.text, shape))
        if any(
            token.kind == "mark"
            and token.text in "*?"
            and (before.kind == "iri" or before.text in (")", "a"))
            for before, token in pairwise(found)
        ):
            node, any_one, other = focus.node, self.ground.fresh("any"), self.ground.fresh("any")
            nowhere = (
                f"NOT EXISTS {{ {node} {any_one} {other} }} && NOT EXISTS {{ {other} {any_one} {node} }}"
            )
            if self.ground.select(f"SELECT {node} {{ {focus.with_filter(nowhere).pattern} }} LIMIT 1").rows:
                raise NotCheckedError(
                    "its SPARQL can follow a path of no steps from a node that is not in the data"
                )

    @staticmethod
    def with_path(text: str, shape: Shape) -> str:
        """Return a query with the shape's path for ``$PATH``."""
        places = [token for token in tokens(text) if token.kind == "variable" and token.text[1:] == "PATH"]
        if places and shape.path is None:
            raise NotCheckedError("its SPARQL speaks of $PATH, and the shape has no path")
        for token in reversed(places):
            path = "" if shape.path is None else shape.path.text
            text = text[: token.start] + path + text[token.end :]
        return text
