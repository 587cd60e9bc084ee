"""Constraints that are broken in themselves, for an engine that would stop at the first: they are left out and told.

A constraint is broken if its query or its regular expression is, or if that of a shape inside of it is, since nothing
can be said then of the whole. :mod:`apgraph.shacl.sets_engine` finds the same by compiling.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal, NamedNode

from apgraph.shacl.components.logical import And, Not, Or, Xone
from apgraph.shacl.components.shape_based import (
    NodeShape,
    PropertyShape,
    QualifiedMaxCount,
    QualifiedMinCount,
)
from apgraph.shacl.components.sparql_based import SparqlConstraint
from apgraph.shacl.components.sparql_components import CustomComponent
from apgraph.shacl.components.string_based import Pattern
from apgraph.shacl.ground import NotCheckedError, compiled
from apgraph.shacl.report import SH, Unchecked

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pyoxigraph import Triple

    from apgraph.shacl.model import Component, Shape
    from apgraph.shacl.report import Term
    from apgraph.shacl.shapes import Shapes

__all__ = ["Sound", "sound"]

_LISTS: Final = {And: "and", Or: "or", Xone: "xone"}


@dataclass(frozen=True, slots=True)
class Sound:
    """What is left of a shapes graph without its broken constraints.

    Attributes:
        triples: The triples that are left.
        unchecked: The broken constraints that some target leads to.
    """

    triples: tuple[Triple, ...]
    unchecked: tuple[Unchecked, ...]


def sound(shapes: Shapes, model: Sequence[Shape]) -> Sound:
    """Return a shapes graph without the statements of its broken constraints, and what those are.

    Args:
        shapes: The shapes graph.
        model: Its shapes.
    """
    faults: dict[tuple[Term, int], str] = {}
    dropped: set[tuple[Term, str, Term]] = set()
    for shape in model:
        queries = [one.node for one in shape.components if isinstance(one, SparqlConstraint)]
        # pySHACL reads those that are switched off, too.
        dropped.update(
            (shape.node, SH + "sparql", node)
            for node in shapes.objects(shape.node, SH + "sparql")
            if node not in queries
        )
        for at, component in enumerate(shape.components):
            fault = "" if isinstance(component, PropertyShape) else _fault(component, shapes)
            if fault:
                faults[shape.node, at] = fault
                dropped.update(_statements(shape, component, shapes))

    def met(shape: Shape) -> Iterator[Unchecked]:
        if shape.deactivated:
            return
        for at, component in enumerate(shape.components):
            if isinstance(component, PropertyShape):
                yield from met(component.shape)
            elif (shape.node, at) in faults:
                reason = faults[shape.node, at]
                yield Unchecked(shape.node, component.iri, reason, shapes.where(shape.node))

    return Sound(
        tuple(
            triple
            for triple in shapes.triples
            if (triple.subject, triple.predicate.value, triple.object) not in dropped
        ),
        tuple(dict.fromkeys(told for shape in model if shape.targets for told in met(shape))),
    )


def _fault(component: Component, shapes: Shapes) -> str:
    match component:
        case Pattern():
            try:
                compiled(component.pattern, component.flags)
            except NotCheckedError as error:
                return str(error)
        case SparqlConstraint():
            return component.fault or _query_faults(component, shapes)
        case CustomComponent():
            return component.fault
        case _:
            for inner in _inside(component):
                for one in () if inner.deactivated else inner.components:
                    if fault := _fault(one, shapes):
                        return fault
    return ""


def _inside(component: Component) -> tuple[Shape, ...]:
    match component:
        case Not() | NodeShape() | PropertyShape():
            return (component.shape,)
        case And() | Or() | Xone():
            return component.shapes
        case QualifiedMinCount() | QualifiedMaxCount():
            return (component.shape, *component.siblings)
        case _:
            return ()


def _statements(shape: Shape, component: Component, shapes: Shapes) -> Iterator[tuple[Term, str, Term]]:
    """Yield what states a constraint."""

    def all_of(*names: str) -> Iterator[tuple[Term, str, Term]]:
        for name in names:
            for value in shapes.objects(shape.node, name):
                yield shape.node, name, value

    match component:
        case Pattern():
            yield shape.node, SH + "pattern", Literal(component.pattern)
        case SparqlConstraint():
            yield shape.node, SH + "sparql", component.node
        case CustomComponent():
            for parameter in shapes.objects(NamedNode(component.component), SH + "parameter"):
                yield from all_of(*(path.value for path in shapes.objects(parameter, SH + "path")))
        case Not():
            yield shape.node, SH + "not", component.shape.node
        case NodeShape():
            yield shape.node, SH + "node", component.shape.node
        case And() | Or() | Xone():
            name, members = SH + _LISTS[type(component)], tuple(one.node for one in component.shapes)
            for head in shapes.objects(shape.node, name):
                if shapes.members(head) == members:
                    yield shape.node, name, head
        case _:
            yield from all_of(SH + "qualifiedValueShape", SH + "qualifiedMinCount", SH + "qualifiedMaxCount")


def _query_faults(constraint: SparqlConstraint, shapes: Shapes) -> str:
    texts = shapes.objects(constraint.node, SH + "select")
    text = next(text for text in texts if isinstance(text, Literal))
    return _parse_fault(text.value, tuple(sorted(shapes.prefixes(constraint.node).items())))


@lru_cache(maxsize=512)
def _parse_fault(query: str, declared: Iterable[tuple[str, str]]) -> str:
    # rdflib is slow to import, and only SPARQL constraints need its parser.
    from pyparsing.exceptions import ParseBaseException
    from rdflib.plugins.sparql.parser import parseQuery

    header = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in declared)
    try:
        parseQuery(header + query)
    except ParseBaseException as error:
        return f"its SPARQL does not parse: {error}"
    return ""
