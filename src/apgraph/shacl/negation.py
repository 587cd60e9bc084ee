"""Negation, and EXISTS, in the form that the engine at hand runs fast.

Oxigraph evaluates ``FILTER NOT EXISTS`` of two or more joined patterns anew for every row, and MINUS once; rdflib does
the contrary. A single pattern in NOT EXISTS is a look-up on both. See docs/decisions/0075-negation.md for when the
forms mean the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from apgraph.shacl.groups import outermost_groups
from apgraph.sparql import tokens

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from apgraph.shacl.groups import Group, Part

__all__ = ["is_by_sets", "without", "without_exists"]

_BY_ROWS: Final = frozenset({"rdflib"})
"""The engines that look into NOT EXISTS with the values of the row at hand, and evaluate MINUS pair by pair."""


def is_by_sets(engine: str) -> bool:
    """Tell whether an engine evaluates MINUS once, and not for every row.

    >>> is_by_sets("oxigraph"), is_by_sets("rdflib")
    (True, False)
    """
    return engine not in _BY_ROWS


def without(pattern: str, excluded: str, engine: str) -> str:
    """Return a pattern but for the rows that a sub-query finds.

    Both forms mean the same if every variable that the sub-query gives is bound by the pattern.

    Args:
        pattern: The pattern.
        excluded: The sub-query, in braces.
        engine: The engine that is to run it, see :attr:`apgraph.store.Store.engine`.

    >>> print(without("?a a <urn:A> .", "{ SELECT ?a { ?a <urn:p> ?b } }", "oxigraph"))
    ?a a <urn:A> .
    MINUS { SELECT ?a { ?a <urn:p> ?b } }
    >>> print(without("?a a <urn:A> .", "{ SELECT ?a { ?a <urn:p> ?b } }", "rdflib"))
    ?a a <urn:A> .
    FILTER NOT EXISTS { SELECT ?a { ?a <urn:p> ?b } }
    """
    return f"{pattern}\n{'MINUS' if is_by_sets(engine) else 'FILTER NOT EXISTS'} {excluded}"


def without_exists(query: str, prebound: Collection[str]) -> str:
    """Write filters by EXISTS as sets, wherever that is certain to mean the same and is not a mere look-up.

    ``NOT EXISTS`` becomes MINUS, ``EXISTS`` a join with the different values of what is shared.

    See docs/decisions/0075-negation.md for when it is certain.

    Args:
        query: A SELECT or ASK query without a prologue.
        prebound: Variables that are bound at the start of the outermost group, and of each that mentions one.

    >>> without_exists("SELECT $this { $this a <urn:A> FILTER NOT EXISTS { $this <urn:p> ?b . ?b a <urn:B> } }", ["this"])
    'SELECT $this { $this a <urn:A> FILTER(true)  MINUS { $this <urn:p> ?b . ?b a <urn:B> }}'
    """
    writer = _Writer(query, frozenset(prebound))
    groups = outermost_groups(writer.found)
    return writer.with_groups(0, len(writer.found), groups, is_outermost=True)


class _Writer:
    """What writes a query anew, group by group."""

    def __init__(self, query: str, prebound: frozenset[str]) -> None:
        self.query = query
        self.found = tokens(query)
        self.prebound = prebound

    def with_groups(
        self,
        start: int,
        end: int,
        groups: Sequence[Group],
        *,
        is_outermost: bool = False,
    ) -> str:
        """Return the text from one token to another, its groups written anew.

        Args:
            start: The first token.
            end: The token after the last.
            groups: The groups in between.
            is_outermost: Whether these are in no other group.
        """
        pieces, place = [], self.found[start].start if start else 0
        for group in groups:
            pieces.append(self.query[place : self.found[group.opened].start])
            pieces.append(self._group(group, is_outermost=is_outermost))
            place = self.found[group.closed].end
        last = self.found[end - 1].end if end < len(self.found) else len(self.query)
        return "".join(pieces) + self.query[place:last]

    def _group(self, group: Group, *, is_outermost: bool) -> str:
        certain = self._certain(group)
        if is_outermost or self._mentioned(group) & self.prebound:
            certain |= self.prebound
        pieces, added, place = [], [], self.found[group.opened].start
        for part in group.parts:
            pieces.append(self.query[place : self.found[part.start].start])
            place = self.found[part.end - 1].end
            if part.asks and (shared := self._shared_set(part, certain)):
                pieces.append("FILTER(true)")
                text = self._group(part.groups[0], is_outermost=False)
                if part.asks == "NOT EXISTS":
                    added.append(f" MINUS {text}")
                else:
                    added.append(
                        f" {{ SELECT DISTINCT {' '.join(f'?{name}' for name in shared)} WHERE {text} }}"
                    )
            elif part.kind in ("union", "select"):
                pieces.append(self.with_groups(part.start, part.end, part.groups))
            else:
                pieces.append(self.query[self.found[part.start].start : place])
        pieces.append(self.query[place : self.found[group.closed].start])
        return "".join([*pieces, *added, "}"])

    def _shared_set(self, part: Part, certain: frozenset[str]) -> list[str]:
        """Return the variables by which a filter by EXISTS can be answered as a set; none where it can't be.

        Args:
            part: The filter.
            certain: The variables that are bound in every row of the group around.
        """
        (group,) = part.groups
        outside = {
            token.text[1:]
            for at, token in enumerate(self.found)
            if token.kind == "variable" and not group.opened < at < group.closed
        } | self.prebound
        shared = self._variables(group.opened, group.closed) & outside
        by = self._certain(group) & certain
        if _size(group) < 2 or not by or not self._stands_alone(group, shared):
            return []
        # MINUS lets be what has no value; a join would give it one.
        return sorted(by) if part.asks == "NOT EXISTS" or by == shared else []

    def _stands_alone(self, group: Group, shared: frozenset[str]) -> bool:
        """Tell whether a group has the same solutions by itself as with values for the variables that it shares.

        Of those with values, such solutions are meant that agree with them.
        """
        whole = self._certain(group)
        before: frozenset[str] = frozenset()
        for part in group.parts:
            match part.kind:
                case "triples":
                    # A path of no steps starts at any term that is given, and at nodes of the graph else.
                    if not part.is_plain:
                        return False
                case "filter":
                    if not self._variables(part.start, part.end) & shared <= whole:
                        return False
                case "optional":
                    # What it shares is bound before it, so that it has no say in that.
                    if not self._variables(part.start, part.end) & shared <= before:
                        return False
                    if not self._stands_alone(part.groups[0], shared):
                        return False
                case "union":
                    if not all(self._stands_alone(each, shared) for each in part.groups):
                        return False
                case _:
                    return False
            before |= self._bound_by(part)
        return True

    def _certain(self, group: Group) -> frozenset[str]:
        """Return the variables that are bound in every solution of a group."""
        return frozenset().union(*(self._bound_by(part) for part in group.parts))

    def _bound_by(self, part: Part) -> frozenset[str]:
        if part.kind == "triples":
            return self._variables(part.start, part.end)
        if part.kind == "union":
            return frozenset.intersection(*(self._certain(each) for each in part.groups))
        return frozenset()

    def _variables(self, start: int, end: int) -> frozenset[str]:
        return frozenset(token.text[1:] for token in self.found[start:end] if token.kind == "variable")

    def _mentioned(self, group: Group) -> frozenset[str]:
        """Return the variables that a group mentions outside of braces of its own."""
        inner = [each for part in group.parts for each in part.groups]
        hidden = {at for each in inner for at in range(each.opened, each.closed)}
        return frozenset(
            token.text[1:]
            for at, token in enumerate(self.found[group.opened : group.closed], group.opened)
            if token.kind == "variable" and at not in hidden
        )


def _size(group: Group) -> int:
    """Return how many triples a group has, those of its negations aside; one is a look-up."""
    return sum(
        part.size + sum(_size(each) for each in part.groups if part.kind != "filter") for part in group.parts
    )
