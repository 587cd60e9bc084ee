"""Reading a shapes graph into objects: https://www.w3.org/TR/shacl/#core-components.

What is ill-formed in a shapes graph is told by file, shape and reason. What only makes one SPARQL constraint
impossible is left to the constraint: the others are checked all the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pyoxigraph import BlankNode, Literal, NamedNode

from apgraph.errors import InputError
from apgraph.shacl.components import (
    cardinality,
    logical,
    other,
    property_pair,
    shape_based,
    string_based,
    value_range,
    value_type,
)
from apgraph.shacl.components.sparql_based import read_sparql
from apgraph.shacl.components.sparql_components import CustomComponents
from apgraph.shacl.model import Component, Shape, Target
from apgraph.shacl.paths import Predicate, read_path
from apgraph.shacl.report import SH

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from apgraph.shacl.report import Term
    from apgraph.shacl.shapes import Shapes, Subject

__all__ = ["read_shapes"]

_TRUE: Final = Literal(True)
_TARGETS: Final = {
    "targetNode": "node",
    "targetClass": "class",
    "targetSubjectsOf": "subjects",
    "targetObjectsOf": "objects",
}
_ONE_IRI: Final[Mapping[str, Callable[[str], Component]]] = {
    "class": value_type.Class,
    "datatype": value_type.Datatype,
    "nodeKind": value_type.NodeKind,
    "equals": property_pair.Equals,
    "disjoint": property_pair.Disjoint,
    "lessThan": property_pair.LessThan,
    "lessThanOrEquals": property_pair.LessThanOrEquals,
}
_ONE_NUMBER: Final[Mapping[str, Callable[[int], Component]]] = {
    "minCount": cardinality.MinCount,
    "maxCount": cardinality.MaxCount,
    "minLength": string_based.MinLength,
    "maxLength": string_based.MaxLength,
}
_ONE_LITERAL: Final[Mapping[str, Callable[[Literal], Component]]] = {
    "minExclusive": value_range.MinExclusive,
    "minInclusive": value_range.MinInclusive,
    "maxExclusive": value_range.MaxExclusive,
    "maxInclusive": value_range.MaxInclusive,
}
_LISTS: Final = {"and": logical.And, "or": logical.Or, "xone": logical.Xone}
_NO_NODE_SHAPE: Final = (
    "minCount",
    "maxCount",
    "uniqueLang",
    "lessThan",
    "lessThanOrEquals",
    "qualifiedValueShape",
)


def _bounded(number: Literal) -> int:
    # What no data reaches makes no difference; engines lose larger numbers.
    return min(int(number.value), 1 << 62)


def read_shapes(shapes: Shapes) -> tuple[Shape, ...]:
    """Read every shape of a shapes graph.

    Raises:
        InputError: A shape is ill-formed; file, shape and reason are named.
    """
    reader = _Reader(shapes)
    return tuple(reader.shape(node) for node in shapes.nodes())


class _IllFormedError(InputError):
    """A fault in a shapes graph, with its file and shape."""


class _Reader:
    def __init__(self, shapes: Shapes) -> None:
        self._shapes = shapes
        self._known: dict[Subject, Shape] = {}
        self._custom = CustomComponents(shapes)

    def shape(self, node: Term) -> Shape:
        """Return the shape that a node stands for; a shape that leads back to itself has been refused before."""
        if isinstance(node, Literal):
            raise InputError(f"{node.value!r} is no shape")
        if node not in self._known:
            shape = self._known[node] = Shape(node)
            try:
                self._fill(shape)
            except _IllFormedError:
                raise  # of an inner shape, and placed already
            except InputError as error:
                raise _IllFormedError(str(self._shapes.error(node, str(error)))) from None
        return self._known[node]

    def _fill(self, shape: Shape) -> None:
        shapes, node = self._shapes, shape.node
        paths = shapes.objects(node, SH + "path")
        if paths and not isinstance(paths[0], Literal):
            shape.path, shape.path_node = read_path(shapes, paths[0]), paths[0]
        severities = shapes.objects(node, SH + "severity")
        if len(severities) > 1 or any(not isinstance(severity, NamedNode) for severity in severities):
            raise InputError("sh:severity needs one IRI")
        for severity in severities:
            shape.severity = severity.value
        shape.messages = tuple(m for m in shapes.objects(node, SH + "message") if isinstance(m, Literal))
        shape.deactivated = _TRUE in shapes.objects(node, SH + "deactivated")
        shape.targets = tuple(self._targets(node))
        shape.components.extend(self._components(shape))

    # https://www.w3.org/TR/shacl/#targets

    def _targets(self, node: Subject) -> Iterator[Target]:
        for name, kind in _TARGETS.items():
            for term in self._shapes.objects(node, SH + name):
                yield Target(kind, term)  # type: ignore[arg-type]  # one of the four kinds
        if isinstance(node, NamedNode) and self._shapes.is_class(node):
            yield Target("class", node)  # https://www.w3.org/TR/shacl/#implicit-targetClass

    # https://www.w3.org/TR/shacl/#core-components

    def _components(self, shape: Shape) -> Iterator[Component]:
        node = shape.node
        if shape.path is None:
            for name in _NO_NODE_SHAPE:
                if self._shapes.objects(node, SH + name):
                    raise InputError(f"sh:{name} can't stand in a node shape; it needs sh:path")
        for name, by_iri in _ONE_IRI.items():
            for value in self._named(node, name):
                yield by_iri(value.value)
        for name, by_number in _ONE_NUMBER.items():
            for number in self._literals(node, name):
                yield by_number(_bounded(number))
        for name, by_literal in _ONE_LITERAL.items():
            for limit in self._literals(node, name):
                yield by_literal(limit)
        yield from self._texts(node)
        for inner in self._shapes.objects(node, SH + "not"):
            yield logical.Not(self.shape(inner))
        for name, by_shapes in _LISTS.items():
            for head in self._shapes.objects(node, SH + name):
                yield by_shapes(tuple(self.shape(member) for member in self._shapes.members(head)))
        for inner in self._shapes.objects(node, SH + "node"):
            yield shape_based.NodeShape(self.shape(inner))
        for inner in self._shapes.objects(node, SH + "property"):
            yield shape_based.PropertyShape(self.shape(inner))
        yield from self._qualified(node)
        yield from self._closed(node)
        for term in self._shapes.objects(node, SH + "hasValue"):
            yield other.HasValue(term)
        for head in self._shapes.objects(node, SH + "in"):
            yield other.In(self._shapes.members(head))
        for query in self._shapes.objects(node, SH + "sparql"):
            constraint = read_sparql(self._shapes, query)
            if constraint is not None:
                yield constraint
        yield from self._custom.of(node, is_property=shape.path is not None)

    def _texts(self, node: Subject) -> Iterator[Component]:
        flags = "".join(value.value for value in self._literals(node, "flags"))
        for value in self._literals(node, "pattern"):
            yield string_based.Pattern(value.value, flags)
        for head in self._shapes.objects(node, SH + "languageIn"):
            ranges = self._shapes.members(head)
            for one in ranges:
                if not isinstance(one, Literal):
                    raise InputError(f"sh:languageIn lists {one}, which is no language tag")
            yield string_based.LanguageIn(tuple(one.value for one in ranges))
        if _TRUE in self._shapes.objects(node, SH + "uniqueLang"):
            yield string_based.UniqueLang()

    def _qualified(self, node: Subject) -> Iterator[Component]:
        for value in self._shapes.objects(node, SH + "qualifiedValueShape"):
            inner = self.shape(value)
            siblings: tuple[Shape, ...] = ()
            if _TRUE in self._shapes.objects(node, SH + "qualifiedValueShapesDisjoint"):
                siblings = tuple(self.shape(sibling) for sibling in self._siblings(node) if sibling != value)
            for number in self._literals(node, "qualifiedMinCount"):
                yield shape_based.QualifiedMinCount(inner, _bounded(number), siblings)
            for number in self._literals(node, "qualifiedMaxCount"):
                yield shape_based.QualifiedMaxCount(inner, _bounded(number), siblings)

    def _siblings(self, node: Subject) -> Iterator[Term]:
        # https://www.w3.org/TR/shacl/#def-sibling-shapes
        found: dict[Term, None] = {}
        for parent in self._shapes.subjects(SH + "property", node):
            for beside in self._shapes.objects(parent, SH + "property"):
                for sibling in self._shapes.objects(beside, SH + "qualifiedValueShape"):
                    found[sibling] = None
        yield from found

    def _closed(self, node: Subject) -> Iterator[Component]:
        if _TRUE not in self._shapes.objects(node, SH + "closed"):
            return
        allowed: dict[str, None] = {}
        for head in self._shapes.objects(node, SH + "ignoredProperties"):
            for member in self._shapes.members(head):
                if not isinstance(member, NamedNode):
                    raise InputError(f"sh:ignoredProperties lists {member}, which is no property")
                allowed[member.value] = None
        for inner in self._shapes.objects(node, SH + "property"):
            path = self.shape(inner).path
            if isinstance(path, Predicate):
                allowed[path.iri] = None
        yield other.Closed(tuple(sorted(allowed)))

    def _named(self, node: Subject, name: str) -> Iterator[NamedNode]:
        for value in self._shapes.objects(node, SH + name):
            if isinstance(value, BlankNode):
                raise InputError(f"sh:{name} needs an IRI, not a blank node")
            if isinstance(value, Literal):
                raise InputError(f"sh:{name} needs an IRI, not {value.value!r}")
            yield value

    def _literals(self, node: Subject, name: str) -> Iterator[Literal]:
        for value in self._shapes.objects(node, SH + name):
            if not isinstance(value, Literal):
                raise InputError(f"sh:{name} needs a literal, not {value}")
            yield value
