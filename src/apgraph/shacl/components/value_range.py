"""Between which values: https://www.w3.org/TR/shacl/#core-components-range."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final

from apgraph.shacl.model import Component

if TYPE_CHECKING:
    from pyoxigraph import Literal

    from apgraph.shacl.compilation import Compiler
    from apgraph.shacl.focus import Node

__all__ = ["MaxExclusive", "MaxInclusive", "MinExclusive", "MinInclusive", "in_order"]


_BOOLEAN: Final = "<http://www.w3.org/2001/XMLSchema#boolean>"
_INTEGER: Final = "<http://www.w3.org/2001/XMLSchema#integer>"


def in_order(one: str, operator: str, other: str) -> str:
    """Return an expression that is true where two values are in an order, and false where they have none.

    Oxigraph does not order booleans, as https://www.w3.org/TR/sparql11-query/#OperatorMapping does: false first.
    """
    are = f"DATATYPE({one}) = {_BOOLEAN} && DATATYPE({other}) = {_BOOLEAN}"
    numbers = f"{_INTEGER}({one}) {operator} {_INTEGER}({other})"
    return f"COALESCE({one} {operator} {other}, IF({are}, {numbers}, false), false)"


@dataclass(frozen=True, slots=True)
class _Range(Component):
    limit: Literal
    operator: ClassVar[str]
    words: ClassVar[str]

    def says(self) -> str:
        """In words."""
        return f"the value is not {self.words} {self.limit.value}"

    def test(self, node: Node, compiler: Compiler) -> str:
        """Beyond the limit, or not to be compared with it."""
        compiler.ground.orders()
        # The limit is a value here, so it may be in any form.
        return f"!{in_order(node.comparable, self.operator, str(self.limit))}"


class MinExclusive(_Range):
    """https://www.w3.org/TR/shacl/#MinExclusiveConstraintComponent."""

    name = "MinExclusive"
    operator = ">"
    words = "greater than"


class MinInclusive(_Range):
    """https://www.w3.org/TR/shacl/#MinInclusiveConstraintComponent."""

    name = "MinInclusive"
    operator = ">="
    words = "at least"


class MaxExclusive(_Range):
    """https://www.w3.org/TR/shacl/#MaxExclusiveConstraintComponent."""

    name = "MaxExclusive"
    operator = "<"
    words = "less than"


class MaxInclusive(_Range):
    """https://www.w3.org/TR/shacl/#MaxInclusiveConstraintComponent."""

    name = "MaxInclusive"
    operator = "<="
    words = "at most"
