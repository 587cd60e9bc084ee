"""How many values: https://www.w3.org/TR/shacl/#core-components-count."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from apgraph.shacl.focus import select
from apgraph.shacl.model import Component, Violations

if TYPE_CHECKING:
    from collections.abc import Callable

    from apgraph.shacl.compilation import Compiler
    from apgraph.shacl.focus import Focus, Node
    from apgraph.shacl.model import Shape

__all__ = ["MaxCount", "MinCount", "at_most", "fewer_than"]


@dataclass(frozen=True, slots=True)
class MinCount(Component):
    """https://www.w3.org/TR/shacl/#MinCountConstraintComponent."""

    least: int
    name: ClassVar[str] = "MinCount"

    def says(self) -> str:
        """In words."""
        return f"there are fewer than {self.least} values"

    def path_test(self, node: Node, link: Callable[[str], str], compiler: Compiler) -> str | None:
        """No value at all, where one is asked for."""
        if self.least <= 0:
            return "false"
        return f"NOT EXISTS {{ {link(compiler.ground.fresh('any'))} }}" if self.least == 1 else None

    def violations(self, shape: Shape, focus: Focus, compiler: Compiler) -> Violations | None:
        """Focus nodes with fewer values."""
        if self.least <= 0:
            return None
        link = compiler.link(shape.path, focus.node)
        if link is not None and (test := self.path_test(focus.node, link, compiler)):
            return Violations(focus.with_filter(test).pattern)
        values = focus.follow(shape.path, compiler.ground)
        if self.least == 1:
            return Violations(compiler.without(focus, select([focus.node.name], values.pattern)))
        return fewer_than(focus, values, self.least, compiler)


@dataclass(frozen=True, slots=True)
class MaxCount(Component):
    """https://www.w3.org/TR/shacl/#MaxCountConstraintComponent."""

    most: int
    name: ClassVar[str] = "MaxCount"

    def says(self) -> str:
        """In words."""
        return f"there are more than {self.most} values"

    def path_test(self, node: Node, link: Callable[[str], str], compiler: Compiler) -> str | None:
        """Any value where none is allowed, or two different ones where one is."""
        one, other = compiler.ground.fresh("one"), compiler.ground.fresh("other")
        match self.most:
            case 0:
                return f"EXISTS {{ {link(one)} }}"
            case 1:
                return f"EXISTS {{ {link(one)} FILTER EXISTS {{ {link(other)} FILTER(!SAMETERM({one}, {other})) }} }}"
            case _:
                return None

    def violations(self, shape: Shape, focus: Focus, compiler: Compiler) -> Violations:
        """Focus nodes with more values."""
        values = focus.follow(shape.path, compiler.ground)
        if self.most == 0:
            return Violations(values.pattern)
        return at_most(focus, values, self.most)


def fewer_than(focus: Focus, values: Focus, least: int, compiler: Compiler) -> Violations:
    """Return the focus nodes that have fewer values than that, none included."""
    number = compiler.ground.fresh("number")
    counted = select(
        [focus.node.name, f"(COUNT(DISTINCT {values.node}) AS {number})"],
        values.pattern,
        distinct=False,
        tail=f"GROUP BY {focus.node}",
    )
    return Violations(f"{focus.pattern}\nOPTIONAL {counted}\nFILTER(COALESCE({number}, 0) < {least})")


def at_most(focus: Focus, values: Focus, most: int) -> Violations:
    """Return the focus nodes that have more values than that."""
    columns = " ".join(focus.columns)
    tail = f"GROUP BY {columns} HAVING (COUNT(DISTINCT {values.node}) > {most})"
    return Violations(select(focus.columns, values.pattern, distinct=False, tail=tail))
