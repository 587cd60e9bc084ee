"""Variables that have their values before a query starts: https://www.w3.org/TR/shacl/#pre-binding.

The specification binds ``$this`` to one focus node at a time. Here the pattern of all focus nodes is put at the start
of every group that mentions the variable, so that one run of the query answers for all. Inside of EXISTS the variable
has its value anyway.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from pyoxigraph import NamedNode
from pyoxigraph import Store as Engine

from apgraph.shacl.joins import groups_as_sets
from apgraph.shacl.negation import without_exists
from apgraph.sparql import tokens

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from apgraph.sparql import Token

__all__ = ["Query", "read_query"]

_FORBIDDEN: Final = ("MINUS", "VALUES", "SERVICE", "FROM")
_ORDERS: Final = ("<", ">", "<=", ">=")
_BY_NODE: Final = ("LIMIT", "OFFSET")


@dataclass(slots=True)
class _Group:
    start: int
    in_exists: bool
    mentions: set[str] = field(default_factory=set)
    select: _Select | None = None


@dataclass(slots=True)
class _Select:
    """A SELECT with what it gives; its pattern is the first group after it."""

    names: set[str] = field(default_factory=set)
    mentions: set[str] = field(default_factory=set)
    every: bool = False
    is_open: bool = True


@dataclass(frozen=True, slots=True)
class Query:
    """A SELECT or ASK query of a shapes graph, cut at the places where patterns go in.

    Attributes:
        text: The query, its IRIs written out, line breaks inside of strings written as escapes.
        names: The variables that it gives.
        by_node: Whether it has to run for each focus node on its own: LIMIT counts the rows of one.
    """

    text: str
    names: tuple[str, ...]
    by_node: bool
    is_ask: bool
    _places: tuple[tuple[int, frozenset[str]], ...]

    def mentions(self, name: str) -> bool:
        """Tell whether the query speaks of a variable."""
        return any(token.kind == "variable" and token.text[1:] == name for token in tokens(self.text))

    @property
    def compares(self) -> bool:
        """Whether it asks for the order of values."""
        return any(token.kind == "mark" and token.text in _ORDERS for token in tokens(self.text))

    def bound(self, clauses: Mapping[frozenset[str], str]) -> str:
        """Return the query, each clause at the start of the groups that mention one of its variables.

        The outermost group gets all of them.
        """
        text = self.text
        for number, (place, mentions) in reversed(list(enumerate(self._places))):
            chosen = [clause for names, clause in clauses.items() if number == 0 or names & mentions]
            text = text[:place] + "".join(f" {clause}\n" for clause in chosen) + text[place:]
        return text

    def in_sets(self, prebound: Collection[str]) -> Query:
        """Return the query with MINUS in the place of NOT EXISTS, and groups as sub-queries, where that means the same.

        Args:
            prebound: The variables that :meth:`bound` binds together.
        """
        return self if self.by_node else _places(groups_as_sets(without_exists(self.text, prebound)))

    @property
    def body(self) -> str:
        """The query's pattern; only for ASK, which has nothing else."""
        return self.text[self.text.index("{") :]


def read_query(text: str, prefixes: Mapping[str, str], prebound: Collection[str]) -> tuple[Query | None, str]:
    """Read a query of a shapes graph; the second item says what is wrong with it, where something is.

    Args:
        text: The query.
        prefixes: The prefixes that the shapes graph declares for it.
        prebound: The variables that it may take for bound, ``this`` among them.

    >>> query, fault = read_query("SELECT $this { $this ?p 1 }", {}, ["this"])
    >>> print(query.bound({frozenset({"this"}): "VALUES ?this { <urn:a> }"}))
    SELECT $this { VALUES ?this { <urn:a> }
     $this ?p 1 }
    >>> read_query("SELECT $this { $this ?p 1 MINUS { $this ?p 2 } }", {}, ["this"])[1]
    'its SPARQL uses MINUS, which SHACL does not allow in a constraint'
    """
    found = tokens(text)
    fault = _fault(found, prebound, prefixes)
    if fault:
        return None, fault
    head = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in prefixes.items())
    complaint = _complaint(head + text)
    if complaint:
        return None, f"its SPARQL does not parse: {complaint}"
    body = _written_out(text, found, prefixes)
    query = _places(body)
    return query, "" if query.is_ask else _projection_fault(body, query, prebound)


def _complaint(text: str) -> str:
    try:
        Engine().query(text)
    except SyntaxError as error:
        return " ".join(str(error).split())
    except (RuntimeError, ValueError, OSError):
        pass  # it parses
    return ""


def _fault(found: Sequence[Token], prebound: Collection[str], prefixes: Mapping[str, str]) -> str:
    for before, token in zip((None, *found), found, strict=False):
        if token.is_word(*_FORBIDDEN):
            return f"its SPARQL uses {token.text.upper()}, which SHACL does not allow in a constraint"
        if (
            before is not None
            and before.is_word("AS")
            and token.kind == "variable"
            and token.text[1:] in prebound
        ):
            return f"its SPARQL gives ${token.text[1:]} another value, which SHACL does not allow"
    declared = {
        after.text[:-1]
        for token, after in pairwise(found)
        if token.is_word("PREFIX") and after.kind == "name"
    }
    for token in found:
        if token.kind == "name":
            prefix = token.text.partition(":")[0]
            if prefix not in prefixes and prefix not in declared:
                return f"its SPARQL uses the prefix {prefix!r}, which sh:prefixes does not declare"
    return ""


def _written_out(text: str, found: Sequence[Token], prefixes: Mapping[str, str]) -> str:
    """Return a query without its prologue, so that it can stand inside another."""
    known = dict(prefixes)
    start = 0
    for at, token in enumerate(found):
        if token.is_word("SELECT", "ASK"):
            start = token.start
            break
        if token.is_word("PREFIX"):
            known[found[at + 1].text[:-1]] = found[at + 2].text[1:-1]
    pieces, position = [], start
    for token in found:
        if token.start < start:
            continue
        pieces.append(text[position : token.start])
        pieces.append(_token_text(token, known))
        position = token.end
    pieces.append(text[position:])
    return "".join(pieces)


def _token_text(token: Token, prefixes: Mapping[str, str]) -> str:
    if token.kind == "string":
        return token.text.replace("\r", "\\r").replace("\n", "\\n")
    if token.kind == "name":
        prefix, _, local = token.text.partition(":")
        return str(NamedNode(prefixes[prefix] + re.sub(r"\\(.)", r"\1", local)))
    return token.text


def _places(text: str) -> Query:
    found = tokens(text)
    stack: list[_Group] = []
    groups: list[_Group] = []
    selects: list[_Select] = []
    pending: _Select | None = None
    outer = _Select()
    exists = False
    for token in found:
        if token.is_word("SELECT"):
            pending = _Select()
            if stack:
                stack[-1].select = pending
            else:
                outer = pending
            selects.append(pending)
        elif token.is_word("ASK"):
            outer = pending = _Select()
        elif token.text == "*" and token.kind == "mark" and pending is not None:
            pending.every = True
        elif token.is_word("EXISTS"):
            exists = True
        elif token.kind == "variable":
            name = token.text[1:]
            if pending is not None:
                pending.mentions.add(name)
            elif stack:
                stack[-1].mentions.add(name)
        elif token.text == "{" and token.kind == "mark":
            group = _Group(token.end, exists or any(above.in_exists for above in stack))
            if pending is not None:
                group.mentions |= pending.mentions
                pending = None
            exists = False
            stack.append(group)
            groups.append(group)
        elif token.text == "}" and token.kind == "mark" and stack:
            stack.pop()
    names = _given(found)
    by_node = any(token.is_word(*_BY_NODE) for token in found)
    is_ask = bool(found) and found[0].is_word("ASK")
    places = tuple(
        (group.start, frozenset(group.mentions))
        for group in groups
        if group.select is None and (not group.in_exists)
    )
    if outer.every:
        names = tuple(dict.fromkeys(token.text[1:] for token in found if token.kind == "variable"))
    return Query(text, names, by_node, is_ask, places)


def _given(found: Sequence[Token]) -> tuple[str, ...]:
    """Return the variables that the outermost SELECT gives."""
    names: dict[str, None] = {}
    depth = 0
    previous: Token | None = None
    for token in found[1:]:
        if (token.kind == "mark" and token.text == "{") or token.is_word("WHERE"):
            break
        if token.text == "(" and token.kind == "mark":
            depth += 1
        elif token.text == ")" and token.kind == "mark":
            depth -= 1
        elif token.kind == "variable" and (depth == 0 or (previous is not None and previous.is_word("AS"))):
            names[token.text[1:]] = None
        previous = token
    return tuple(names)


def _projection_fault(text: str, query: Query, prebound: Collection[str]) -> str:
    if "this" not in query.names:
        return "its SPARQL does not give $this"
    required = [name for name in prebound if name not in ("shapesGraph", "currentShape")]
    found = tokens(text)
    for at, token in enumerate(found):
        if at and token.is_word("SELECT"):
            given = _given(found[at:])
            missing = [name for name in required if name not in given]
            if missing:
                return f"its SPARQL has a sub-query that does not give ${missing[0]}, as SHACL asks for"
    return ""
