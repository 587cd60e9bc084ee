"""Values of two properties: https://www.w3.org/TR/shacl/#core-components-property-pairs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from apgraph.shacl.components.value_range import in_order
from apgraph.shacl.focus import select, union
from apgraph.shacl.model import Component, Violations
from apgraph.shacl.paths import Predicate

if TYPE_CHECKING:
    from apgraph.shacl.compilation import Compiler
    from apgraph.shacl.focus import Focus
    from apgraph.shacl.model import Shape

__all__ = ["Disjoint", "Equals", "LessThan", "LessThanOrEquals"]


@dataclass(frozen=True, slots=True)
class Equals(Component):
    """https://www.w3.org/TR/shacl/#EqualsConstraintComponent."""

    property: str
    name: ClassVar[str] = "Equals"

    def says(self) -> str:
        """In words."""
        return f"the values are not the same as those of <{self.property}>"

    def violations(self, shape: Shape, focus: Focus, compiler: Compiler) -> Violations:
        """Values of either that are none of the other."""
        if shape.path is None:
            return self._of_nodes(focus, compiler)
        here = focus.follow(shape.path, compiler.ground)
        there = focus.follow(Predicate(self.property), compiler.ground, to=here.node.name)
        pair = (focus.node.name, here.node.name)
        return Violations(
            union(
                [
                    compiler.without(here, select(pair, there.pattern)),
                    compiler.without(there, select(pair, here.pattern)),
                ]
            ),
            value=here.node.name,
        )

    def _of_nodes(self, focus: Focus, compiler: Compiler) -> Violations:
        there = focus.follow(Predicate(self.property), compiler.ground)
        other = f"{there.pattern}\nFILTER(!SAMETERM({there.node}, {focus.node}))"
        same = f"{there.pattern}\nFILTER(SAMETERM({there.node}, {focus.node}))"
        missing = compiler.without(focus, select([focus.node.name], same))
        return Violations(
            union([other, f"{missing}\nBIND({focus.node} AS {there.node})"]), value=there.node.name
        )


@dataclass(frozen=True, slots=True)
class Disjoint(Component):
    """https://www.w3.org/TR/shacl/#DisjointConstraintComponent."""

    property: str
    name: ClassVar[str] = "Disjoint"

    def says(self) -> str:
        """In words."""
        return f"the value is one of <{self.property}>, too"

    def violations(self, shape: Shape, focus: Focus, compiler: Compiler) -> Violations:
        """Values of both."""
        here = focus.follow(shape.path, compiler.ground)
        both = compiler.onwards(here, focus.node, Predicate(self.property), here.node)
        return Violations(both, value=here.node.name)


@dataclass(frozen=True, slots=True)
class _Less(Component):
    property: str
    operator: ClassVar[str]
    words: ClassVar[str]

    def says(self) -> str:
        """In words."""
        return f"the value is not {self.words} every value of <{self.property}>"

    def violations(self, shape: Shape, focus: Focus, compiler: Compiler) -> Violations:
        """Pairs of values that are the other way round, or can't be compared."""
        compiler.ground.orders()
        here = focus.follow(shape.path, compiler.ground)
        there = focus.follow(Predicate(self.property), compiler.ground)
        both = compiler.onwards(here, focus.node, Predicate(self.property), there.node)
        test = f"!{in_order(here.node.comparable, self.operator, there.node.comparable)}"
        return Violations(f"{both}\nFILTER({test})", value=here.node.name, apart=(there.node.name,))


class LessThan(_Less):
    """https://www.w3.org/TR/shacl/#LessThanConstraintComponent."""

    name = "LessThan"
    operator = "<"
    words = "less than"


class LessThanOrEquals(_Less):
    """https://www.w3.org/TR/shacl/#LessThanOrEqualsConstraintComponent."""

    name = "LessThanOrEquals"
    operator = "<="
    words = "at most"
