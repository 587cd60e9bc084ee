"""The groups of a query: what stands between braces, part by part, as far as rewriting has to know it.

See https://www.w3.org/TR/sparql11-query/#GraphPattern. Nothing is changed here; places are numbers of tokens.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from apgraph.sparql import Token

__all__ = ["Group", "Part", "outermost_groups"]

_IN_TRIPLES: Final = frozenset(".;,/^()[]+") | {"^^"}
_OPAQUE: Final = ("GRAPH", "SERVICE", "MINUS", "VALUES", "BIND", "LATERAL")

Kind = Literal["triples", "filter", "optional", "union", "select", "opaque"]


@dataclass(slots=True)
class Part:
    """One part of a group.

    Attributes:
        kind: What it is. A group in braces of its own is a union of one; what is opaque is not looked into.
        start: Its first token.
        end: The token after its last.
        groups: The groups in it: of a union, an OPTIONAL, or of EXISTS in a filter.
        asks: Whether it is ``FILTER EXISTS`` or ``FILTER NOT EXISTS``, in whatever brackets, and nothing else.
        is_plain: Whether it is triples of variables, terms and paths of one step or more, and nothing else.
        size: How many triples it has, those inside of brackets and steps of a path counted.
    """

    kind: Kind
    start: int
    end: int
    groups: list[Group] = field(default_factory=list)
    asks: Literal["", "EXISTS", "NOT EXISTS"] = ""
    is_plain: bool = False
    size: int = 0


@dataclass(slots=True)
class Group:
    """Braces, and what is between them.

    Attributes:
        opened: The token of the opening brace.
        closed: That of the closing one.
        parts: Its parts in order.
    """

    opened: int
    closed: int = -1
    parts: list[Part] = field(default_factory=list)


def outermost_groups(found: Sequence[Token]) -> list[Group]:
    """Return the groups of a query that are in no other; none if the braces do not match.

    >>> from apgraph.sparql import tokens
    >>> (group,) = outermost_groups(tokens("SELECT * { ?a ?b ?c OPTIONAL { ?c ?d 1 } { ?e ?f 2 } FILTER(?a = ?b) }"))
    >>> [part.kind for part in group.parts]
    ['triples', 'optional', 'union', 'filter']
    """
    try:
        return list(_groups_between(found, 0, len(found)))
    except _UnbalancedError:
        return []


class _UnbalancedError(Exception):
    """Braces or brackets do not match."""


def _is_mark(token: Token, text: str) -> bool:
    return token.kind == "mark" and token.text == text


def _groups_between(found: Sequence[Token], start: int, end: int) -> Iterator[Group]:
    at = start
    while at < end:
        if _is_mark(found[at], "{"):
            group = _group(found, at)
            yield group
            at = group.closed
        at += 1


def _matching(found: Sequence[Token], at: int) -> int:
    """Return the token that closes what one opens."""
    opened, closed = found[at].text, {"{": "}", "(": ")"}[found[at].text]
    depth = 0
    for place in range(at, len(found)):
        if _is_mark(found[place], opened):
            depth += 1
        elif _is_mark(found[place], closed):
            depth -= 1
            if not depth:
                return place
    raise _UnbalancedError


def _group(found: Sequence[Token], opened: int) -> Group:
    group = Group(opened, _matching(found, opened))
    at = opened + 1
    if found[at].is_word("SELECT"):
        inside = list(_groups_between(found, at, group.closed))
        group.parts.append(Part("select", at, group.closed, inside))
        return group
    while at < group.closed:
        part = _part(found, at, group.closed)
        group.parts.append(part)
        at = part.end
    return group


def _part(found: Sequence[Token], at: int, end: int) -> Part:
    token = found[at]
    if token.is_word("FILTER"):
        return _filter(found, at, end)
    if token.is_word("OPTIONAL") and _is_mark(found[at + 1], "{"):
        group = _group(found, at + 1)
        return Part("optional", at, group.closed + 1, [group])
    if token.is_word(*_OPAQUE):
        return Part("opaque", at, _end_of_opaque(found, at, end))
    if _is_mark(token, "{"):
        groups = [_group(found, at)]
        after = groups[-1].closed + 1
        while found[after].is_word("UNION") and _is_mark(found[after + 1], "{"):
            groups.append(_group(found, after + 1))
            after = groups[-1].closed + 1
        kind: Kind = (
            "select"
            if [each.kind for each in groups[0].parts] == ["select"] and len(groups) == 1
            else "union"
        )
        return Part(kind, at, after, groups)
    return _triples(found, at, end)


def _end_of_opaque(found: Sequence[Token], at: int, end: int) -> int:
    """Return the end of a part: that of its last pair of braces, or of brackets for BIND."""
    opening = "(" if found[at].is_word("BIND") else "{"
    for place in range(at + 1, end):
        if _is_mark(found[place], opening):
            return _matching(found, place) + 1
    raise _UnbalancedError


def _filter(found: Sequence[Token], at: int, end: int) -> Part:
    start = at + 1
    if found[start].is_word("EXISTS") or (found[start].is_word("NOT") and found[start + 1].is_word("EXISTS")):
        brace = start + (1 if found[start].is_word("EXISTS") else 2)
        if not _is_mark(found[brace], "{"):
            raise _UnbalancedError
        last = _matching(found, brace)
    else:
        bracket = next((place for place in range(start, end) if _is_mark(found[place], "(")), None)
        if bracket is None:
            raise _UnbalancedError
        last = _matching(found, bracket)
    groups = list(_groups_between(found, start, last + 1))
    return Part("filter", at, last + 1, groups, asks=_asks(found, start, last))


def _asks(found: Sequence[Token], start: int, last: int) -> Literal["", "EXISTS", "NOT EXISTS"]:
    """Tell whether tokens are ``EXISTS { … }``, ``NOT EXISTS { … }`` or ``! EXISTS { … }``, in whatever brackets."""
    while _is_mark(found[start], "(") and _is_mark(found[last], ")") and _matching(found, start) == last:
        start, last = start + 1, last - 1
    is_negated = found[start].is_word("NOT") or _is_mark(found[start], "!")
    word = start + is_negated
    if (
        not found[word].is_word("EXISTS")
        or not _is_mark(found[word + 1], "{")
        or _matching(found, word + 1) != last
    ):
        return ""
    return "NOT EXISTS" if is_negated else "EXISTS"


def _triples(found: Sequence[Token], at: int, end: int) -> Part:
    start = at
    plain, size, fresh = True, 0, True
    while at < end:
        token = found[at]
        if token.is_word("FILTER", "OPTIONAL", *_OPAQUE) or _is_mark(token, "{"):
            break
        if token.kind in ("word", "unknown", "blank") and token.text not in ("a", "true", "false"):
            plain = False
        if token.kind == "mark":
            plain = plain and token.text in _IN_TRIPLES
            size += token.text in (";", ",", "/", "[", "(")
            fresh = fresh or token.text == "."
        elif fresh:
            size += 1
            fresh = False
        at += 1
    return Part("triples", start, at, is_plain=plain, size=size)
