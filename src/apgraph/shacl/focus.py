"""Nodes as SPARQL sees them: a variable and the pattern that binds it, and how paths lead from one to the next.

Every compiled constraint is built from a :class:`Focus`: the pattern of the nodes that it looks at. It works in sets
from there: following a path gives another focus, of all value nodes of all nodes at once.

A literal that the store keeps in another form than the file's (``"01"^^xsd:integer`` as 1) lies in a graph beside, as
written, with a datatype that starts with ``urn:apgraph:as:`` (see :mod:`apgraph.store.spelling`). Where a path's
property has such literals, these are its values, in place of those that stand in the data.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from apgraph.shacl.paths import (
    Alternative,
    Inverse,
    OneOrMore,
    Path,
    Predicate,
    Sequence,
    ZeroOrMore,
    ZeroOrOne,
    simplified,
)
from apgraph.shacl.rewriting import NOTHING, Rewritten
from apgraph.store.lexical import ill_formed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from apgraph.shacl.ground import Ground

__all__ = ["AS", "Focus", "Node", "follow", "indent", "select", "union", "written_triple"]

AS: Final = "urn:apgraph:as:"
"""What the datatype of a literal starts with that is kept as it was written."""
_LONGEST: Final = 50_000
"""Characters of a pattern that a path still goes on from; real shapes stay far below."""


@dataclass(frozen=True, slots=True)
class Node:
    """A variable, and what expressions may ask of its value.

    Attributes:
        name: The variable, with its question mark.
        written: Whether its value may be a literal kept as it was written.
        kinds: The datatypes that such literals have.
        rewritten: The datatypes that its value may have where a service has rewritten it.

    >>> Node("?v").datatype
    'DATATYPE(?v)'
    """

    name: str
    written: bool = False
    kinds: frozenset[str] = frozenset()
    rewritten: Rewritten = NOTHING

    def __str__(self) -> str:
        return self.name

    @property
    def datatype(self) -> str:
        """The datatype; an error if the value is no literal."""
        if not self.written:
            return f"DATATYPE({self.name})"
        return f'IRI(REPLACE(STR(DATATYPE({self.name})), "^{AS}", ""))'

    @property
    def comparable(self) -> str:
        """The value, for ``<`` and ``=``."""
        if not self.written:
            return self.name
        kept = f"STR(DATATYPE({self.name}))"
        value = f"STRDT(STR({self.name}), IRI(SUBSTR({kept}, {len(AS) + 1})))"
        wrong = [
            f'({kept} = "{AS}{kind}" && ({form}))'
            for kind in sorted(self.kinds)
            if (form := ill_formed(f"STR({self.name})", kind)) is not None
        ]
        if wrong:  # the store would take the value of an ill-typed literal all the same
            value = f"IF({' || '.join(wrong)}, 1/0, {value})"
        return f'IF(ISLITERAL({self.name}) && STRSTARTS({kept}, "{AS}"), {value}, {self.name})'


@dataclass(frozen=True, slots=True)
class Focus:
    """A variable, and the pattern that binds it to every node that a constraint looks at.

    Attributes:
        node: The variable.
        pattern: Text of the pattern.
        keys: Variables of the nodes that led here; a value reached from two of them counts twice.
        known: Whether every node is certain to be in the data, so that a path of no steps finds it.
    """

    node: Node
    pattern: str
    keys: tuple[str, ...] = ()
    known: bool = True

    @property
    def columns(self) -> tuple[str, ...]:
        """The variables that tell one node from another."""
        return (*self.keys, self.node.name)

    def follow(
        self, path: Path | None, ground: Ground, *, inner: bool = False, to: str | None = None
    ) -> Focus:
        """Return the value nodes of a path; without a path, the nodes themselves.

        Args:
            path: The path.
            ground: What the data and its engine are like.
            inner: Whether the new nodes become focus nodes in their own right.
            to: The variable for the value nodes; a new one by default. One that is bound already means that
                the path has to lead there.

        See https://www.w3.org/TR/shacl/#value-nodes.
        """
        if path is None:
            return self
        path = simplified(path)
        written = self._may_be_written(path, ground)
        node = Node(to or ground.fresh("value"), written, ground.kinds, self._may_be_rewritten(path, ground))
        # A literal kept as it was written lies beside the data.
        known = self.known and not self.node.written
        pattern = follow(self.pattern, path, self.node, node, known, ground)
        keys = self.columns if inner else self.keys
        return Focus(node, pattern, keys, known=self.known or not path.is_nullable)

    def _may_be_written(self, path: Path, ground: Ground) -> bool:
        return bool(path.predicates & ground.respelt) or (self.node.written and path.is_nullable)

    def _may_be_rewritten(self, path: Path, ground: Ground) -> Rewritten:
        found = self.node.rewritten if path.is_nullable else NOTHING
        for iri in path.predicates & ground.doubtful.keys():
            found |= ground.doubtful[iri]
        return found

    def with_filter(self, expression: str) -> Focus:
        """Return those nodes for which an expression is true."""
        return replace(self, pattern=f"{self.pattern}\nFILTER({expression})")


def follow(before: str, path: Path, start: Node, end: Node, known: bool, ground: Ground) -> str:
    """Return a pattern that goes on from one variable to another by a path.

    Args:
        before: The pattern that binds the start.
        path: The path.
        start: Where it starts.
        end: Where it ends; a variable that is bound already has to be met.
        known: Whether the start is certain to be in the data.
        ground: What the data and its engine are like.

    Raises:
        NotCheckedError: Repetitions in repetitions, over literals kept as written, have made the pattern very long.
    """
    if len(before) > _LONGEST:
        ground.gives_up(
            "its path makes a query that is too long, over literals that the store keeps in another form"
        )
    respelt = bool(path.predicates & ground.respelt)
    if not respelt and (known or not _starts_with_nothing(path)):
        return f"{before}\n{start} {_bare(path)} {end} ."
    match path:
        case Predicate(iri):
            return union(
                f"{before}\n{option}" for option in written_triple(start.name, f"<{iri}>", end.name, ground)
            )
        case Inverse(Predicate(iri)):
            return union(
                f"{before}\n{option}" for option in written_triple(end.name, f"<{iri}>", start.name, ground)
            )
        case Inverse(inner):
            return follow(before, _inverted(inner), start, end, known, ground)
        case Sequence(steps):
            pattern, here = before, start
            for step in steps[:-1]:
                there = Node(ground.fresh("step"), written=bool(step.predicates & ground.respelt))
                pattern = follow(pattern, step, here, there, known, ground)
                here, known = there, (known or not step.is_nullable) and not there.written
            return follow(pattern, steps[-1], here, end, known, ground)
        case Alternative(options):
            return union(follow(before, option, start, end, known, ground) for option in options)
        case ZeroOrOne(inner):
            return union([_itself(before, start, end), follow(before, inner, start, end, known, ground)])
        case ZeroOrMore(inner):
            return union([_itself(before, start, end), _some(before, inner, start, end, known, ground)])
        case OneOrMore(inner):
            some = _some(before, inner, start, end, known, ground)
            return union([_itself(before, start, end), some]) if inner.is_nullable else some
        case _:
            raise TypeError(path)


def _some(before: str, inner: Path, start: Node, end: Node, known: bool, ground: Ground) -> str:
    """Return a pattern of one or more times a path, at least one of them a real step."""
    if not inner.predicates & ground.respelt:
        return f"{before}\n{start} {OneOrMore(inner).text} {end} ."
    # Only the last step can lead to a literal that is kept as written: what a literal leads to, it leads to as stored.
    middle = Node(ground.fresh("step"))
    again = f"{before}\n{start} {OneOrMore(inner).text} {middle} ."
    last = follow(again, inner, middle, end, True, ground)
    if inner.is_nullable:  # a last step that stays would keep the literal as it is stored
        last += f"\nFILTER(!ISLITERAL({middle}) || !SAMETERM({middle}, {end}))"
    options = [follow(before, inner, start, end, known, ground), last]
    if start.written:  # from there only a first step of the same kind leads on
        first = Node(ground.fresh("step"))
        options.append(
            _some(follow(before, inner, start, first, known, ground), inner, first, end, known, ground)
        )
    return union(options)


def _itself(before: str, start: Node, end: Node) -> str:
    return f"{before}\nBIND({start} AS {end})"


def _bare(path: Path) -> str:
    text = path.text
    return text if isinstance(path, Predicate) else text[1:-1]


def _starts_with_nothing(path: Path) -> bool:
    """Tell whether the path can begin with a step that stays where it is."""
    match path:
        case Sequence(steps):
            return _starts_with_nothing(steps[0])
        case Alternative(options):
            return any(_starts_with_nothing(option) for option in options)
        case Inverse(inner):
            return _starts_with_nothing(_inverted(inner)) if not isinstance(inner, Predicate) else False
        case OneOrMore(inner):
            return _starts_with_nothing(inner)
        case ZeroOrMore() | ZeroOrOne():
            return True
        case _:
            return False


def _inverted(path: Path) -> Path:
    match path:
        case Inverse(inner):
            return inner
        case Sequence(steps):
            return Sequence(tuple(_inverted(step) for step in reversed(steps)))
        case Alternative(options):
            return Alternative(tuple(_inverted(option) for option in options))
        case ZeroOrMore(inner):
            return ZeroOrMore(_inverted(inner))
        case OneOrMore(inner):
            return OneOrMore(_inverted(inner))
        case ZeroOrOne(inner):
            return ZeroOrOne(_inverted(inner))
        case _:
            return Inverse(path)


def written_triple(subject: str, predicate: str, value: str, ground: Ground) -> tuple[str, str]:
    """Return the two patterns that together match a triple whose literal is as it was written.

    Args:
        subject: A variable.
        predicate: Text of an IRI, or a variable.
        value: A variable, or the text of a term.
        ground: What the data and its engine are like.
    """
    kept, beside = ground.fresh("kept"), ground.fresh("beside")
    form = _value_of(kept)
    of_value = f"GRAPH {beside} {{ {subject} {predicate} {kept} }} FILTER({_is_kept(kept)} && SAMETERM({form}, {value})"
    return (
        f"{subject} {predicate} {value} .\n"
        f"FILTER(NOT EXISTS {{ {of_value}) }} || EXISTS {{ {of_value} && {_is_plain(kept)}) }})",
        f"GRAPH {beside} {{ {subject} {predicate} {value} }}\nFILTER({_is_kept(value)} && !{_is_plain(value)})",
    )


def _value_of(kept: str) -> str:
    return f"STRDT(STR({kept}), IRI(SUBSTR(STR(DATATYPE({kept})), {len(AS) + 1})))"


def _is_plain(kept: str) -> str:
    """Whether a literal was written as the store has it, and is kept because of another that it would have changed."""
    value = _value_of(kept)
    return f'(STR({value}) = STR({kept}) && CONCAT("{AS}", STR(DATATYPE({value}))) = STR(DATATYPE({kept})))'


def _is_kept(value: str) -> str:
    # Language tags are kept, too, and mean the same in any letter case.
    return f'STRSTARTS(STR(DATATYPE({value})), "{AS}") && !STRSTARTS(STR(DATATYPE({value})), "{AS}@")'


def union(patterns: Iterable[str]) -> str:
    """Return the union of patterns, each of which stands on its own.

    >>> print(union(["?a ?b ?c .", "?d ?e ?f ."]))
    {
      ?a ?b ?c .
    } UNION {
      ?d ?e ?f .
    }
    """
    every = list(dict.fromkeys(patterns))
    if len(every) == 1:
        return every[0]
    return "{\n" + "\n} UNION {\n".join(indent(pattern) for pattern in every) + "\n}"


def select(columns: Iterable[str], pattern: str, *, distinct: bool = True, tail: str = "") -> str:
    """Return a sub-query, in braces.

    >>> print(select(["?a"], "?a ?b ?c ."))
    {
      SELECT DISTINCT ?a WHERE {
        ?a ?b ?c .
      }
    }
    """
    word = "SELECT DISTINCT" if distinct else "SELECT"
    inner = f"{word} {' '.join(columns)} WHERE {{\n{indent(pattern)}\n}}{' ' + tail if tail else ''}"
    return f"{{\n{indent(inner)}\n}}"


def indent(text: str) -> str:
    """Return lines two spaces to the right."""
    return "\n".join("  " + line for line in text.split("\n"))
