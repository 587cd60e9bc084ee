"""Shapes by name, those without one by the way that leads to them from one with a name: the same in every run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pyoxigraph import BlankNode, Literal, NamedNode

from apgraph.errors import InputError
from apgraph.shacl.paths import read_path
from apgraph.shacl.report import SH
from apgraph.shacl.shapes import FIRST, REST

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from apgraph.shacl.report import Term
    from apgraph.shacl.shapes import Shapes, Subject

__all__ = ["Addresses"]

_DIRECT: Final = ("property", "node", "not", "qualifiedValueShape")
_LISTED: Final = ("and", "or", "xone")
_TARGETS: Final = ("targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf")


class Addresses:
    """Where shapes stand, found out one by one and kept.

    An address is made of the steps that lead to a shape: ``urn:x#s/property(<urn:x#p>)/or(2)`` is the second shape in
    the list of sh:or of the shape on a property, in the shape ``urn:x#s``. Where several would have the same, they are
    numbered in the order of what they say, since a graph has none.

    Args:
        shapes: The shapes.
    """

    def __init__(self, shapes: Shapes) -> None:
        self._shapes = shapes
        self._known: dict[Subject, str] = {}

    def of(self, shape: Subject) -> str:
        """Return the address of a shape; that of one with a name is its IRI."""
        if isinstance(shape, NamedNode):
            return shape.value
        if shape not in self._known:
            self._known[shape] = ""  # a shape that leads to itself is refused elsewhere
            self._known[shape] = min(self._ways(shape), default="") or self._alone(shape)
        return self._known[shape]

    def _ways(self, shape: BlankNode) -> Iterator[str]:
        for name in _DIRECT:
            for parent in self._shapes.subjects(SH + name, shape):
                path = self._path(shape)
                beside = [s for s in self._shapes.objects(parent, SH + name) if self._path(s) == path]
                yield f"{self.of(parent)}/{name}{self._detail(path, shape, beside)}"
        for cell in self._shapes.subjects(FIRST, shape):
            head, number, seen = cell, 1, {cell}
            while (before := self._shapes.subjects(REST, head)) and before[0] not in seen:
                head, number = before[0], number + 1
                seen.add(head)
            for name in _LISTED:
                for parent in self._shapes.subjects(SH + name, head):
                    lists = self._shapes.objects(parent, SH + name)
                    yield f"{self.of(parent)}/{name}{self._detail('', head, lists)}({number})"

    def _alone(self, shape: BlankNode) -> str:
        """Return the address of a shape that nothing leads to: by its targets."""
        said = self._targets(shape)
        return (
            f"shape{self._detail(said, shape, [s for s in self._shapes.nodes() if self._targets(s) == said])}"
        )

    def _targets(self, shape: Term) -> str:
        return " ".join(
            f"{name} {' '.join(sorted(map(str, values)))}"
            for name in _TARGETS
            if (values := [v for v in self._shapes.objects(shape, SH + name) if not isinstance(v, BlankNode)])
        )

    def _path(self, shape: Term) -> str:
        paths = self._shapes.objects(shape, SH + "path")
        try:
            return read_path(self._shapes, paths[0]).shown if len(paths) == 1 else ""
        except InputError:
            return ""

    def _detail(self, said: str, node: Subject, alike: Iterable[Term]) -> str:
        """Return what tells a node from those beside it, in brackets."""
        unnamed = list({other for other in alike if isinstance(other, BlankNode)})
        number = ""
        if len(unnamed) > 1 and isinstance(node, BlankNode):
            unnamed.sort(key=lambda other: self._content(other, ()))
            number = f"#{unnamed.index(node) + 1}"
        return f"({said}){number}" if said else number

    def _content(self, node: Term, above: tuple[Term, ...]) -> str:
        """Return everything that a blank node says, whatever it is called."""
        if isinstance(node, Literal | NamedNode) or node in above:
            return "" if isinstance(node, BlankNode) else str(node)
        if self._shapes.objects(node, FIRST):
            try:  # a list may be long
                members = self._shapes.members(node)
            except InputError:
                return "()"
            return f"({' '.join(self._content(member, (*above, node)) for member in members)})"
        facts = self._shapes.about(node)
        return (
            "["
            + " ".join(
                sorted(
                    f"{predicate} {self._content(value, (*above, node))}"
                    for predicate, values in facts.items()
                    for value in values
                )
            )
            + "]"
        )
