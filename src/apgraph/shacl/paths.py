"""Property paths: read from a shapes graph, and written as SPARQL has them.

See https://www.w3.org/TR/shacl/#property-paths. What a path means for literals that the store keeps in another form,
and for focus nodes that are no part of the data, is in :mod:`apgraph.shacl.focus`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from apgraph.errors import InputError
from apgraph.shacl.report import SH
from apgraph.shacl.shapes import FIRST, NIL, REST

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apgraph.shacl.report import Term
    from apgraph.shacl.shapes import Shapes

__all__ = [
    "Alternative",
    "Inverse",
    "OneOrMore",
    "Path",
    "Predicate",
    "Sequence",
    "ZeroOrMore",
    "ZeroOrOne",
    "path_triples",
    "read_path",
    "simplified",
]


class Path:
    """A property path; one of the kinds below."""

    __slots__ = ()

    @property
    def text(self) -> str:
        """The path in SPARQL, such that it can stand inside any other."""
        raise NotImplementedError

    @property
    def predicates(self) -> frozenset[str]:
        """The IRIs of the properties in it."""
        raise NotImplementedError

    @property
    def is_nullable(self) -> bool:
        """Whether every node is a value of itself."""
        return False

    @property
    def shown(self) -> str:
        """The path for a reader: as in SPARQL, without a pair of brackets around the whole."""
        text = self.text
        return text if isinstance(self, Predicate) else text[1:-1]


@dataclass(frozen=True, slots=True)
class Predicate(Path):
    """https://www.w3.org/TR/shacl/#property-path-predicate.

    >>> Predicate("urn:p").text
    '<urn:p>'
    """

    iri: str

    @property
    def text(self) -> str:
        """As in SPARQL."""
        return f"<{self.iri}>"

    @property
    def predicates(self) -> frozenset[str]:
        """The property."""
        return frozenset({self.iri})


@dataclass(frozen=True, slots=True)
class Inverse(Path):
    """https://www.w3.org/TR/shacl/#property-path-inverse.

    >>> Inverse(Predicate("urn:p")).text
    '(^<urn:p>)'
    """

    inner: Path

    @property
    def text(self) -> str:
        """As in SPARQL."""
        return f"(^{self.inner.text})"

    @property
    def predicates(self) -> frozenset[str]:
        """Those of the path that is inverted."""
        return self.inner.predicates

    @property
    def is_nullable(self) -> bool:
        """Whether the path that is inverted is."""
        return self.inner.is_nullable


@dataclass(frozen=True, slots=True)
class Sequence(Path):
    """https://www.w3.org/TR/shacl/#property-path-sequence.

    >>> Sequence((Predicate("urn:p"), Predicate("urn:q"))).text
    '(<urn:p>/<urn:q>)'
    """

    steps: tuple[Path, ...]

    @property
    def text(self) -> str:
        """As in SPARQL."""
        return f"({'/'.join(step.text for step in self.steps)})"

    @property
    def predicates(self) -> frozenset[str]:
        """Those of all steps."""
        return frozenset().union(*(step.predicates for step in self.steps))

    @property
    def is_nullable(self) -> bool:
        """Whether all steps are."""
        return all(step.is_nullable for step in self.steps)


@dataclass(frozen=True, slots=True)
class Alternative(Path):
    """https://www.w3.org/TR/shacl/#property-path-alternative.

    >>> Alternative((Predicate("urn:p"), Predicate("urn:q"))).text
    '(<urn:p>|<urn:q>)'
    """

    options: tuple[Path, ...]

    @property
    def text(self) -> str:
        """As in SPARQL."""
        return f"({'|'.join(option.text for option in self.options)})"

    @property
    def predicates(self) -> frozenset[str]:
        """Those of all options."""
        return frozenset().union(*(option.predicates for option in self.options))

    @property
    def is_nullable(self) -> bool:
        """Whether any option is."""
        return any(option.is_nullable for option in self.options)


@dataclass(frozen=True, slots=True)
class _Repeated(Path):
    inner: Path

    @property
    def predicates(self) -> frozenset[str]:
        """Those of the path that is repeated."""
        return self.inner.predicates


class ZeroOrMore(_Repeated):
    """https://www.w3.org/TR/shacl/#property-path-zero-or-more.

    >>> ZeroOrMore(Predicate("urn:p")).text
    '(<urn:p>*)'
    """

    __slots__ = ()

    @property
    def text(self) -> str:
        """As in SPARQL."""
        return f"({self.inner.text}*)"

    @property
    def is_nullable(self) -> bool:
        """Always."""
        return True


class OneOrMore(_Repeated):
    """https://www.w3.org/TR/shacl/#property-path-one-or-more.

    >>> OneOrMore(Predicate("urn:p")).text
    '(<urn:p>+)'
    """

    __slots__ = ()

    @property
    def text(self) -> str:
        """As in SPARQL."""
        return f"({self.inner.text}+)"

    @property
    def is_nullable(self) -> bool:
        """Whether the path that is repeated is."""
        return self.inner.is_nullable


class ZeroOrOne(_Repeated):
    """https://www.w3.org/TR/shacl/#property-path-zero-or-one.

    >>> ZeroOrOne(Predicate("urn:p")).text
    '(<urn:p>?)'
    """

    __slots__ = ()

    @property
    def text(self) -> str:
        """As in SPARQL."""
        return f"({self.inner.text}?)"

    @property
    def is_nullable(self) -> bool:
        """Always."""
        return True


def simplified(path: Path) -> Path:
    """Return a path that leads to the same nodes, without repetitions of repetitions.

    Each of these would double what is asked for literals that are kept as they were written.

    >>> simplified(OneOrMore(ZeroOrOne(OneOrMore(Predicate("urn:p"))))).text
    '(<urn:p>*)'
    """
    match path:
        case Inverse(inner):
            return Inverse(simplified(inner))
        case Sequence(steps):
            return Sequence(tuple(map(simplified, steps)))
        case Alternative(options):
            return Alternative(tuple(map(simplified, options)))
        case ZeroOrMore(inner) | OneOrMore(inner) | ZeroOrOne(inner):
            within = simplified(inner)
            match path, within:
                case (ZeroOrOne(), ZeroOrOne()) | (OneOrMore(), OneOrMore()):
                    return within
                case (_, ZeroOrMore(core) | OneOrMore(core) | ZeroOrOne(core)):
                    return ZeroOrMore(core)
            return type(path)(within)
        case _:
            return path


_KINDS: Final = {
    SH + "inversePath": Inverse,
    SH + "zeroOrMorePath": ZeroOrMore,
    SH + "oneOrMorePath": OneOrMore,
    SH + "zeroOrOnePath": ZeroOrOne,
}


def read_path(shapes: Shapes, node: Term, _above: frozenset[Term] = frozenset()) -> Path:
    """Read the path that a node of a shapes graph stands for.

    A node that has a list and an operator is taken for the list, as the test suite has it.

    Raises:
        InputError: It is no well-formed path.
    """
    if isinstance(node, NamedNode) and node != NIL:
        return Predicate(node.value)
    if isinstance(node, NamedNode):
        raise InputError("sh:path has a list of fewer than two paths")
    if isinstance(node, Literal):
        raise InputError(f"sh:path needs a property, not the text {node.value!r}")
    if node in _above:
        raise InputError("sh:path leads back to itself")
    above = _above | {node}
    if shapes.objects(node, FIRST) or shapes.objects(node, REST):
        steps = _members(shapes, node, above)
        return Sequence(steps)
    operators = [iri for iri in (SH + "alternativePath", *_KINDS) if shapes.objects(node, iri)]
    if len(operators) > 1:
        names = " and ".join(f"sh:{iri.removeprefix(SH)}" for iri in operators)
        raise InputError(f"sh:path has {names} at one node; give each a blank node of its own")
    for iri in operators:
        inner = shapes.objects(node, iri)
        if len(inner) > 1:
            raise InputError(f"sh:{iri.removeprefix(SH)} is given {len(inner)} times in a path; give it once")
        if inner and iri in _KINDS:
            return _KINDS[iri](read_path(shapes, inner[0], above))
        if inner:
            return Alternative(_members(shapes, inner[0], above))
    raise InputError("sh:path leads to a blank node that is no property path")


def _members(shapes: Shapes, head: Term, above: frozenset[Term]) -> tuple[Path, ...]:
    try:
        members = shapes.members(head)
    except InputError:
        raise InputError("sh:path has a list that is not well-formed") from None
    if len(members) < 2:
        raise InputError("sh:path has a list of fewer than two paths")
    return tuple(read_path(shapes, member, above) for member in members)


def path_triples(shapes: Shapes, node: Term, _seen: frozenset[Term] = frozenset()) -> Iterator[Triple]:
    """Yield what a shapes graph says about a path, so that a report can repeat it."""
    if not isinstance(node, BlankNode) or node in _seen:
        return
    listed = bool(shapes.objects(node, FIRST))
    names = (FIRST, REST) if listed else (SH + "alternativePath", *_KINDS)
    for name in names:
        for value in shapes.objects(node, name):
            yield Triple(node, NamedNode(name), value)
            yield from path_triples(shapes, value, _seen | {node})
