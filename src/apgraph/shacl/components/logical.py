"""Shapes put together: https://www.w3.org/TR/shacl/#core-components-logical.

Where inner shapes can be tested by an expression, so is the whole. Otherwise the nodes that violate each inner shape
are a set, and the sets are joined, united, subtracted or counted.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from apgraph.shacl.focus import select, union
from apgraph.shacl.model import Component, Violations

if TYPE_CHECKING:
    from apgraph.shacl.compilation import Compiler
    from apgraph.shacl.focus import Focus, Node
    from apgraph.shacl.model import Shape

__all__ = ["And", "Not", "Or", "Xone"]


@dataclass(frozen=True, slots=True)
class Not(Component):
    """https://www.w3.org/TR/shacl/#NotConstraintComponent."""

    shape: Shape
    name: ClassVar[str] = "Not"

    def says(self) -> str:
        """In words."""
        return "the value conforms to a shape that it must not conform to"

    def test(self, node: Node, compiler: Compiler) -> str | None:
        """Conforms."""
        test = compiler.test(self.shape, node)
        return None if test is None else f"!({test})"

    def violations(self, shape: Shape, focus: Focus, compiler: Compiler) -> Violations:
        """Value nodes but those that violate the shape."""
        values = focus.follow(shape.path, compiler.ground)
        if (test := self.test(values.node, compiler)) is not None:
            return Violations(values.with_filter(test).pattern, value=values.node.name)
        return Violations(compiler.conforming(values, self.shape), value=values.node.name)


@dataclass(frozen=True, slots=True)
class _Several(Component):
    shapes: tuple[Shape, ...]

    def _tests(self, node: Node, compiler: Compiler) -> list[str] | None:
        found = []
        for shape in self.shapes:
            test = compiler.test(shape, node)
            if test is None:
                return None
            found.append(f"({test})")
        return found

    def _combine(self, tests: list[str]) -> str:
        raise NotImplementedError

    def _pattern(self, values: Focus, compiler: Compiler) -> str | None:
        raise NotImplementedError

    def test(self, node: Node, compiler: Compiler) -> str | None:
        """As the component combines the inner shapes."""
        tests = self._tests(node, compiler)
        return None if tests is None else self._combine(tests)

    def violations(self, shape: Shape, focus: Focus, compiler: Compiler) -> Violations | None:
        """As the component combines the inner shapes."""
        values = focus.follow(shape.path, compiler.ground)
        if (test := self.test(values.node, compiler)) is not None:
            return Violations(values.with_filter(test).pattern, value=values.node.name)
        keys = focus.keys if shape.path is None else focus.columns
        pattern = self._pattern(replace(values, keys=keys), compiler)
        return None if pattern is None else Violations(pattern, value=values.node.name)


class And(_Several):
    """https://www.w3.org/TR/shacl/#AndConstraintComponent."""

    name = "And"

    @property
    def inner(self) -> tuple[Shape, ...]:
        """All of them."""
        return self.shapes

    def says(self) -> str:
        """In words."""
        return "the value does not conform to all of the shapes"

    def _combine(self, tests: list[str]) -> str:
        return " || ".join(tests) or "false"

    def _pattern(self, values: Focus, compiler: Compiler) -> str | None:
        found = [pattern for shape in self.shapes for pattern in compiler.violators(shape, values)]
        return select(values.columns, union(found)) if found else None


class Or(_Several):
    """https://www.w3.org/TR/shacl/#OrConstraintComponent."""

    name = "Or"

    @property
    def inner(self) -> tuple[Shape, ...]:
        """All of them."""
        return self.shapes

    def says(self) -> str:
        """In words."""
        return "the value conforms to none of the shapes"

    def _combine(self, tests: list[str]) -> str:
        return " && ".join(tests) or "true"

    def _pattern(self, values: Focus, compiler: Compiler) -> str | None:
        found = []
        for shape in self.shapes:
            patterns = compiler.violators(shape, values)
            if not patterns:
                return None
            found.append(select(values.columns, union(patterns)))
        return "\n".join(found)


class Xone(_Several):
    """https://www.w3.org/TR/shacl/#XoneConstraintComponent."""

    name = "Xone"

    def says(self) -> str:
        """In words."""
        return "the value does not conform to exactly one of the shapes"

    def _combine(self, tests: list[str]) -> str:
        return f"{' + '.join(f'IF({test}, 1, 0)' for test in tests) or '0'} != {len(tests) - 1}"

    def _pattern(self, values: Focus, compiler: Compiler) -> str:
        violated = compiler.ground.fresh("violated")
        options = [values.pattern]
        for number, shape in enumerate(self.shapes):
            patterns = compiler.violators(shape, values)
            if patterns:
                options.append(f"{select(values.columns, union(patterns))}\nBIND({number} AS {violated})")
        columns = " ".join(values.columns)
        tail = f"GROUP BY {columns} HAVING (COUNT(DISTINCT {violated}) != {len(self.shapes) - 1})"
        return select(values.columns, union(options), distinct=False, tail=tail)
