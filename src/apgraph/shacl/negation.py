"""Negation in the form that the engine at hand runs fast.

Oxigraph evaluates ``FILTER NOT EXISTS`` of two or more joined patterns anew for every row, and MINUS once; rdflib does
the contrary. A single pattern in NOT EXISTS is a look-up on both. See docs/decisions/0075-negation.md for when the
forms mean the same.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from apgraph.sparql import tokens

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from apgraph.sparql import Token

__all__ = ["is_by_sets", "without", "without_exists"]

_BY_ROWS: Final = frozenset({"rdflib"})
"""The engines that look into NOT EXISTS with the values of the row at hand, and evaluate MINUS pair by pair."""

_IN_TRIPLES: Final = frozenset(".;,/^()[]+") | {"^^"}
_SCOPED: Final = ("OPTIONAL", "EXISTS", "GRAPH", "MINUS", "SERVICE")


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
    """Write ``FILTER NOT EXISTS`` of joined triple patterns as MINUS, wherever that is certain to mean the same.

    That is so if the patterns are triples and filters on their own variables, without paths of length zero, and if
    they share a variable with the group around them that is bound in every row of it.

    Args:
        query: A SELECT or ASK query without a prologue.
        prebound: Variables that are bound at the start of the outermost group, and of each that mentions one.

    >>> without_exists("SELECT $this { $this a <urn:A> FILTER NOT EXISTS { $this <urn:p> ?b . ?b a <urn:B> } }", ["this"])
    'SELECT $this { $this a <urn:A> FILTER(true)  MINUS { $this <urn:p> ?b . ?b a <urn:B> }}'
    """
    found = tokens(query)
    edits: list[tuple[int, int, str]] = []
    for group in _groups(found):
        if group.in_scope or group.closed < 0:
            continue
        certain = _triple_variables(found, group.opened + 1, group.closed)
        if group.is_outermost or _mentioned(found, group) & set(prebound):
            certain |= set(prebound)
        for inner in group.inner:
            start = inner.opened - 3
            if start < group.opened or inner.closed < 0 or not _is_negated(found, start):
                continue
            if _is_plain(found, inner) and _triple_variables(found, inner.opened + 1, inner.closed) & certain:
                pattern = query[found[inner.opened].start : found[inner.closed].end]
                edits.append((found[start].start, found[inner.closed].end, "FILTER(true)"))
                edits.append((found[group.closed].start, found[group.closed].start, f" MINUS {pattern}"))
    # From the end, so that places stay right; the filters of one group are put at its end in their own order.
    for start, end, text in sorted(edits, key=lambda edit: edit[0], reverse=True):
        query = query[:start] + text + query[end:]
    return query


@dataclass(slots=True)
class _Group:
    """Braces, by the numbers of their tokens.

    Attributes:
        opened: The first token.
        closed: The last.
        in_scope: Whether they are a part of OPTIONAL, EXISTS and the like, where rows of outside can be seen.
        is_outermost: Whether no braces are around.
        inner: The braces directly inside.
    """

    opened: int
    in_scope: bool
    is_outermost: bool
    closed: int = -1
    inner: list[_Group] = field(default_factory=list)


def _groups(found: Sequence[Token]) -> list[_Group]:
    groups: list[_Group] = []
    stack: list[_Group] = []
    for at, token in enumerate(found):
        if token.kind != "mark":
            continue
        if token.text == "{":
            before = found[max(0, at - 2) : at]
            scoped = any(word.is_word(*_SCOPED) for word in before)
            group = _Group(at, scoped or any(above.in_scope for above in stack), not stack)
            if stack:
                stack[-1].inner.append(group)
            groups.append(group)
            stack.append(group)
        elif token.text == "}" and stack:
            stack.pop().closed = at
    return groups


def _is_negated(found: Sequence[Token], at: int) -> bool:
    return found[at].is_word("FILTER") and found[at + 1].is_word("NOT") and found[at + 2].is_word("EXISTS")


def _direct(found: Sequence[Token], start: int, end: int) -> Iterator[tuple[Token, bool]]:
    """Yield the tokens between two places that are in no inner braces, and whether each is part of a triple."""
    depth = brackets = 0
    filtered = False
    for token in found[start:end]:
        if token.kind == "mark" and token.text in "{}":
            depth += 1 if token.text == "{" else -1
            filtered, brackets = False, 0
        elif not depth:
            if token.is_word("FILTER", "BIND", "VALUES", "GRAPH"):
                filtered, brackets = True, 0
            yield token, not filtered
            if filtered and token.text == "(" and token.kind == "mark":
                brackets += 1
            elif filtered and token.text == ")" and token.kind == "mark":
                brackets -= 1
                filtered = brackets > 0


def _triple_variables(found: Sequence[Token], start: int, end: int) -> set[str]:
    if start < end and found[start].is_word("SELECT"):
        return set()  # a sub-query gives what its head says
    return {
        token.text[1:]
        for token, in_triple in _direct(found, start, end)
        if in_triple and token.kind == "variable"
    }


def _mentioned(found: Sequence[Token], group: _Group) -> set[str]:
    return {
        token.text[1:]
        for token, _ in _direct(found, group.opened + 1, group.closed)
        if token.kind == "variable"
    }


def _is_plain(found: Sequence[Token], group: _Group) -> bool:
    """Tell whether a group is two or more triples, joined, and filters that look at nothing else."""
    if group.inner:
        return False
    asked: set[str] = set()
    joined = False
    after_stop = False
    previous: Token | None = None
    for token, in_triple in _direct(found, group.opened + 1, group.closed):
        if not in_triple:
            if token.kind == "word" and token.text.upper() in ("BIND", "VALUES", "GRAPH", "EXISTS", "NOT"):
                return False
            if previous is not None and previous.is_word("FILTER") and token.text != "(":
                return False
            if token.kind == "variable":
                asked.add(token.text[1:])
            previous = token
            continue
        if token.kind in ("word", "unknown", "blank") and token.text not in ("a", "true", "false"):
            return False
        if token.kind == "mark":
            if token.text not in _IN_TRIPLES:
                return False
            joined = joined or token.text in (";", ",", "/", "[", "(")
            after_stop = after_stop or token.text == "."
        elif after_stop:
            joined = True
        previous = token
    return joined and asked <= _triple_variables(found, group.opened + 1, group.closed)
