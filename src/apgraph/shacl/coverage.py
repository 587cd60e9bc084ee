"""What a validation looked at, and what it did not: a report without results may mean that nothing was checked."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal, NamedNode

from apgraph.shacl.addresses import Addresses
from apgraph.shacl.components.cardinality import MaxCount, MinCount
from apgraph.shacl.components.logical import And, Not, Or, Xone
from apgraph.shacl.components.other import HasValue
from apgraph.shacl.components.property_pair import Equals
from apgraph.shacl.components.shape_based import (
    NodeShape,
    PropertyShape,
    QualifiedMaxCount,
    QualifiedMinCount,
)
from apgraph.shacl.components.sparql_based import SparqlConstraint
from apgraph.shacl.components.sparql_components import CustomComponent
from apgraph.shacl.focus import select, union
from apgraph.shacl.ground import NotCheckedError
from apgraph.shacl.report import shape_record, term_record
from apgraph.shacl.targets import focus_of
from apgraph.shacl.unknown import UnknownTarget, unknown_properties, unknown_targets

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from apgraph.shacl.focus import Focus
    from apgraph.shacl.ground import Ground
    from apgraph.shacl.model import Component, Shape
    from apgraph.shacl.report import Term
    from apgraph.shacl.shapes import Shapes, Subject

__all__ = ["Coverage", "ShapeCoverage", "UnknownTarget", "cover"]

_OF_NODES: Final = (
    CustomComponent,
    Equals,
    HasValue,
    MaxCount,
    MinCount,
    QualifiedMaxCount,
    QualifiedMinCount,
    SparqlConstraint,
)
"""Constraints that say something of a node without any value; all others say nothing of it."""

_SHOWN: Final = 20
"""Nodes that are named of those that no shape looked at."""


@dataclass(frozen=True, slots=True)
class ShapeCoverage:
    """What one shape met, by all the ways that lead to it.

    Attributes:
        shape: The shape.
        where: File and shape in words.
        nodes: How many focus nodes it looked at.
        values: How many value nodes its path led to; None for a node shape.
        constraints: How many constraints it states.
        idle: Names of the constraints that met nothing, since they judge values and there are none.
        unknown: Properties of its path, where it led to nothing, that neither data nor ontology know.
        nearest: Of each of these the known ones that are written like it, best first.
        address: By which way a shape without a name is found; see :mod:`apgraph.shacl.addresses`.
    """

    shape: Subject
    where: str
    nodes: int
    values: int | None
    constraints: int
    idle: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    nearest: tuple[tuple[str, ...], ...] = ()
    address: str = ""

    @property
    def is_vacuous(self) -> bool:
        """Whether it looked at nothing, so that nothing follows from its silence."""
        return self.nodes == 0

    def to_record(self) -> dict[str, object]:
        """Return it as JSON can hold it."""
        return {
            "shape": shape_record(self.shape, self.address),
            "where": self.where,
            "nodes": self.nodes,
            "values": self.values,
            "constraints": self.constraints,
            "idle": list(self.idle),
            "unknown": list(self.unknown),
            "nearest": [list(names) for names in self.nearest],
        }


@dataclass(frozen=True, slots=True)
class Coverage:
    """What the shapes looked at.

    Attributes:
        shapes: Each shape that is in use, with what it met.
        unknown_targets: Targets that name a class, a node or a property that nothing knows.
        nodes: How many nodes the data describes.
        unseen_count: How many of them no shape looked at.
        unseen: Some of those, in alphabetical order; blank nodes have no name to be listed by.
    """

    shapes: tuple[ShapeCoverage, ...] = ()
    unknown_targets: tuple[UnknownTarget, ...] = ()
    nodes: int = 0
    unseen_count: int = 0
    unseen: tuple[Term, ...] = ()

    @property
    def vacuous(self) -> tuple[ShapeCoverage, ...]:
        """The shapes that looked at nothing."""
        return tuple(shape for shape in self.shapes if shape.is_vacuous)

    @property
    def is_lacking(self) -> bool:
        """Whether a shape looked at nothing, or names what nothing knows.

        Constraints that met nothing for other reasons are usual: data need not have every property.
        """
        return bool(self.unknown_targets or self.vacuous or any(shape.unknown for shape in self.idle))

    @property
    def idle(self) -> tuple[ShapeCoverage, ...]:
        """The shapes that looked at nodes, and have constraints that met no value of them."""
        return tuple(shape for shape in self.shapes if shape.idle and not shape.is_vacuous)

    def to_record(self) -> dict[str, object]:
        """Return it as JSON can hold it."""
        return {
            "shapes": [shape.to_record() for shape in self.shapes],
            "unknown_targets": [target.to_record() for target in self.unknown_targets],
            "nodes": self.nodes,
            "unseen_count": self.unseen_count,
            "unseen": [term_record(node) for node in self.unseen],
        }


def cover(model: Sequence[Shape], ground: Ground, data_graphs: Sequence[str], shapes: Shapes) -> Coverage:
    """Return what some shapes look at.

    Args:
        model: The shapes.
        ground: What they were compiled for.
        data_graphs: The graphs whose nodes are asked about; those of an ontology are no data.
        shapes: The shapes graph, for the names of its shapes.
    """
    found: dict[Shape, list[Focus]] = {}
    ground.start_afresh()
    for shape in model:
        focus = focus_of(shape.targets, ground)
        if focus is not None and not shape.deactivated:
            for inner, place in _places(shape, focus, ground):
                found.setdefault(inner, []).append(place)

    addresses = Addresses(shapes)

    def where(shape: Shape) -> str:
        return f"{shapes.origin.get(shape.node, 'shapes')}: {shapes.name(shape.node)}"

    def covered(shape: Shape, places: Sequence[Focus]) -> ShapeCoverage:
        nodes = _number(ground, [_as_this(place) for place in places])
        values = None
        if shape.path is not None:
            with suppress(NotCheckedError):  # the report says so
                values = _number(ground, [_as_this(place.follow(shape.path, ground)) for place in places])
        own = [component for component in shape.components if not isinstance(component, PropertyShape)]
        idle = own if nodes == 0 else [] if values != 0 else [c for c in own if not isinstance(c, _OF_NODES)]
        names = dict.fromkeys(
            component.iri.rpartition("#")[2].removesuffix("ConstraintComponent") for component in idle
        )
        unknown = unknown_properties(shape.path.predicates, ground) if shape.path is not None and idle else {}
        address = "" if isinstance(shape.node, NamedNode) else addresses.of(shape.node)
        return ShapeCoverage(
            shape.node,
            where(shape),
            nodes,
            values,
            len(own),
            tuple(names),
            tuple(unknown),
            tuple(unknown.values()),
            address,
        )

    return Coverage(
        tuple(covered(shape, places) for shape, places in found.items()),
        tuple(unknown_targets(model, ground, where, addresses.of)),
        _count_in(ground, data_graphs, "?this ?property ?object ."),
        *_unseen(ground, data_graphs, [_as_this(place) for places in found.values() for place in places]),
    )


def _places(shape: Shape, focus: Focus, ground: Ground) -> Iterator[tuple[Shape, Focus]]:
    yield shape, focus
    try:
        values = focus.follow(shape.path, ground, inner=shape.path is not None)
    except NotCheckedError:  # the report says so
        return
    for component in shape.components:
        for one in _inner(component):
            if not one.deactivated:
                yield from _places(one, values, ground)


def _inner(component: Component) -> tuple[Shape, ...]:
    match component:
        case PropertyShape() | NodeShape() | Not() | QualifiedMinCount() | QualifiedMaxCount():
            return (component.shape,)
        case And() | Or() | Xone():
            return component.shapes
        case _:
            return ()


def _as_this(focus: Focus) -> str:
    if focus.node.name == "?covered":
        return focus.pattern
    return select([f"({focus.node} AS ?covered)"], focus.pattern)


def _number(ground: Ground, patterns: Sequence[str]) -> int:
    try:
        rows = ground.select(f"SELECT (COUNT(DISTINCT ?covered) AS ?n) WHERE {{ {union(patterns)} }}").rows
    except NotCheckedError:
        return 0
    return int(rows[0][0].value) if rows and isinstance(rows[0][0], Literal) else 0


def _count_in(ground: Ground, graphs: Sequence[str], pattern: str) -> int:
    rows = ground.store.select(
        f"SELECT (COUNT(DISTINCT ?this) AS ?n) WHERE {{ {pattern} }}", default_graphs=graphs
    ).rows
    return int(rows[0][0].value) if rows and isinstance(rows[0][0], Literal) else 0


def _unseen(ground: Ground, graphs: Sequence[str], patterns: Sequence[str]) -> tuple[int, tuple[Term, ...]]:
    # The nodes of the data are asked of the data graphs alone, those looked at of all graphs.
    described = {
        row[0]
        for row in ground.store.select(
            "SELECT DISTINCT ?this WHERE { ?this ?property ?object }", default_graphs=graphs
        )
    }
    if patterns:
        seen = ground.select(f"SELECT DISTINCT ?covered WHERE {{ {union(patterns)} }}")
        described -= {row[0] for row in seen}
    named = sorted((node for node in described if isinstance(node, NamedNode)), key=lambda n: n.value)
    return len(described), tuple(named[:_SHOWN])
