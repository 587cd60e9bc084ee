"""Closed shapes and given values: https://www.w3.org/TR/shacl/#core-components-others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final

from pyoxigraph import BlankNode

from apgraph.shacl.focus import select, union, written_triple
from apgraph.shacl.model import Component, Violations

if TYPE_CHECKING:
    from collections.abc import Callable

    from apgraph.shacl.compilation import Compiler
    from apgraph.shacl.focus import Focus, Node
    from apgraph.shacl.model import Shape
    from apgraph.shacl.report import Term

__all__ = ["Closed", "HasValue", "In"]

_FEW: Final = 40
"""Members of a list that are compared one by one."""


@dataclass(frozen=True, slots=True)
class Closed(Component):
    """https://www.w3.org/TR/shacl/#ClosedConstraintComponent."""

    allowed: tuple[str, ...]
    name: ClassVar[str] = "Closed"

    def says(self) -> str:
        """In words."""
        return "the shape is closed, and allows no such property"

    def test(self, node: Node, compiler: Compiler) -> str:
        """Any other property."""
        predicate, value = compiler.ground.fresh("predicate"), compiler.ground.fresh("value")
        return f"EXISTS {{ {node} {predicate} {value} FILTER({self._is_other(predicate)}) }}"

    def _is_other(self, predicate: str) -> str:
        if not self.allowed:  # Oxigraph takes nothing to be outside of an empty list
            return "true"
        return f"{predicate} NOT IN ({', '.join(f'<{iri}>' for iri in self.allowed)})"

    def violations(self, shape: Shape, focus: Focus, compiler: Compiler) -> Violations:
        """Triples of value nodes with other properties."""
        values = focus.follow(shape.path, compiler.ground)
        predicate, value = compiler.ground.fresh("predicate"), compiler.ground.fresh("value")
        triple = f"{values.pattern}\n{values.node} {predicate} {value} .\nFILTER({self._is_other(predicate)})"
        if compiler.ground.respelt.difference(self.allowed):
            options = written_triple(values.node.name, predicate, value, compiler.ground)
            triple = union(
                f"{values.pattern}\n{option}\nFILTER({self._is_other(predicate)})" for option in options
            )
        # Two value nodes may have the same other property and value.
        return Violations(triple, value=value, path=predicate, apart=(values.node.name,))


@dataclass(frozen=True, slots=True)
class HasValue(Component):
    """https://www.w3.org/TR/shacl/#HasValueConstraintComponent."""

    value: Term
    name: ClassVar[str] = "HasValue"

    def says(self) -> str:
        """In words."""
        return (
            f"{'a blank node' if isinstance(self.value, BlankNode) else self.value} is not among the values"
        )

    def test(self, node: Node, compiler: Compiler) -> str:
        """Another term."""
        compiler.ground.judges_text(node, self.value)
        if isinstance(self.value, BlankNode):  # it is one of the shapes graph, and so none of the data's
            return "true"
        return f"!{compiler.ground.same(node, self.value)}"

    def path_test(self, node: Node, link: Callable[[str], str], compiler: Compiler) -> str:
        """No such value."""
        if isinstance(self.value, BlankNode):
            return "true"
        triple = link(compiler.ground.text(self.value))
        if triple.startswith('"'):  # Virtuoso finds some for a literal that is a subject
            return "true"
        return f"NOT EXISTS {{ {triple} }}"

    def violations(self, shape: Shape, focus: Focus, compiler: Compiler) -> Violations:
        """Focus nodes without it."""
        if shape.path is None or isinstance(self.value, BlankNode):
            return Violations(focus.with_filter(self.test(focus.node, compiler)).pattern)
        link = compiler.link(shape.path, focus.node)
        if link is not None:
            return Violations(focus.with_filter(self.path_test(focus.node, link, compiler)).pattern)
        values = focus.follow(shape.path, compiler.ground)
        compiler.ground.judges_text(values.node, self.value)
        found = values.with_filter(compiler.ground.same(values.node, self.value))
        return Violations(compiler.without(focus, select([focus.node.name], found.pattern)))


@dataclass(frozen=True, slots=True)
class In(Component):
    """https://www.w3.org/TR/shacl/#InConstraintComponent."""

    members: tuple[Term, ...]
    name: ClassVar[str] = "In"
    judges_each: ClassVar[bool] = True

    def says(self) -> str:
        """In words."""
        return "the value is none of the list"

    @property
    def _terms(self) -> list[Term]:
        # A blank node of the shapes graph is none of the data's.
        return [term for term in self.members if not isinstance(term, BlankNode)]

    def test(self, node: Node, compiler: Compiler) -> str | None:
        """None of the members, by term and not by value."""
        if self.members:
            compiler.ground.judges_text(node, *self.members)
        tests = [compiler.ground.same(node, term) for term in self._terms]
        return f"!({' || '.join(tests) or 'false'})"

    def violations(self, shape: Shape, focus: Focus, compiler: Compiler) -> Violations | None:
        """Value nodes that are none of the members."""
        if len(self._terms) <= _FEW:
            return Component.violations(self, shape, focus, compiler)
        values = focus.follow(shape.path, compiler.ground)
        compiler.ground.judges_text(values.node, *self.members)
        texts = map(compiler.ground.text, self._terms)
        listed = f"{{ VALUES {values.node} {{ {' '.join(texts)} }} }}"
        return Violations(compiler.without(values, listed), value=values.node.name)
