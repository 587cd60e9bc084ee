"""Shapes of values: https://www.w3.org/TR/shacl/#core-components-shape."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from apgraph.shacl.components.cardinality import at_most, fewer_than
from apgraph.shacl.focus import select, union
from apgraph.shacl.model import Component, Violations

if TYPE_CHECKING:
    from collections.abc import Callable

    from apgraph.shacl.compilation import Compiler
    from apgraph.shacl.focus import Focus, Node
    from apgraph.shacl.model import Shape

__all__ = ["NodeShape", "PropertyShape", "QualifiedMaxCount", "QualifiedMinCount"]


@dataclass(frozen=True, slots=True)
class NodeShape(Component):
    """https://www.w3.org/TR/shacl/#NodeConstraintComponent."""

    shape: Shape
    name: ClassVar[str] = "Node"

    @property
    def inner(self) -> tuple[Shape, ...]:
        """The shape."""
        return (self.shape,)

    def says(self) -> str:
        """In words."""
        return f"the value does not conform to {self.shape.shown}"

    def test(self, node: Node, compiler: Compiler) -> str | None:
        """Violates the shape."""
        return compiler.test(self.shape, node)

    def violations(self, shape: Shape, focus: Focus, compiler: Compiler) -> Violations | None:
        """Value nodes that violate the shape."""
        values = focus.follow(shape.path, compiler.ground)
        if (test := self.test(values.node, compiler)) is not None:
            return Violations(values.with_filter(test).pattern, value=values.node.name)
        keys = focus.keys if shape.path is None else focus.columns
        found = compiler.violators(self.shape, replace(values, keys=keys))
        return Violations(union(found), value=values.node.name) if found else None


@dataclass(frozen=True, slots=True)
class PropertyShape(Component):
    """https://www.w3.org/TR/shacl/#PropertyConstraintComponent.

    Its results are those of the property shape itself, so :mod:`apgraph.shacl.compilation` goes on from here.
    """

    shape: Shape
    name: ClassVar[str] = "Property"

    def says(self) -> str:
        """In words."""
        return f"the value does not conform to {self.shape.shown}"

    def test(self, node: Node, compiler: Compiler) -> str | None:
        """Violates the property shape."""
        return compiler.test(self.shape, node)

    def violations(self, shape: Shape, focus: Focus, compiler: Compiler) -> Violations | None:
        """Value nodes that violate the property shape."""
        values = focus.follow(shape.path, compiler.ground, inner=shape.path is not None)
        found = compiler.violators(self.shape, values)
        return Violations(union(found)) if found else None


@dataclass(frozen=True, slots=True)
class _Qualified(Component):
    """https://www.w3.org/TR/shacl/#QualifiedValueShapeConstraintComponent."""

    shape: Shape
    number: int
    siblings: tuple[Shape, ...] = ()

    def path_test(self, node: Node, link: Callable[[str], str], compiler: Compiler) -> str | None:
        """None: it takes counting."""
        return None

    def _qualified(self, shape: Shape, focus: Focus, compiler: Compiler) -> Focus | None:
        """Return the values that conform to the shape, and to no sibling shape; None if none can."""
        values = focus.follow(shape.path, compiler.ground)
        test = compiler.test(self.shape, values.node)
        if test is None:
            values = replace(values, pattern=compiler.conforming(values, self.shape))
        else:
            values = values.with_filter(f"!({test})")
        before = values
        for sibling in self.siblings:
            test = compiler.test(sibling, values.node)
            if test is not None:
                values = values.with_filter(test)
                continue
            violators = compiler.violators(sibling, replace(before, keys=()))
            if not violators:
                return None
            values = replace(
                values, pattern=f"{values.pattern}\n{select([values.node.name], union(violators))}"
            )
        return values


class QualifiedMinCount(_Qualified):
    """The minimum of https://www.w3.org/TR/shacl/#QualifiedValueShapeConstraintComponent."""

    name = "QualifiedMinCount"

    def says(self) -> str:
        """In words."""
        return f"fewer than {self.number} values conform to {self.shape.shown}"

    def violations(self, shape: Shape, focus: Focus, compiler: Compiler) -> Violations | None:
        """Focus nodes with fewer such values."""
        if self.number <= 0:
            return None
        values = self._qualified(shape, focus, compiler)
        return (
            Violations(focus.pattern) if values is None else fewer_than(focus, values, self.number, compiler)
        )


class QualifiedMaxCount(_Qualified):
    """The maximum of https://www.w3.org/TR/shacl/#QualifiedValueShapeConstraintComponent."""

    name = "QualifiedMaxCount"

    def says(self) -> str:
        """In words."""
        return f"more than {self.number} values conform to {self.shape.shown}"

    def violations(self, shape: Shape, focus: Focus, compiler: Compiler) -> Violations | None:
        """Focus nodes with more such values."""
        values = self._qualified(shape, focus, compiler)
        return None if values is None else at_most(focus, values, self.number)
