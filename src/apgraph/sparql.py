"""SPARQL text: reading what a query names, and putting terms into it safely.

A parameter of a query is a variable that gets a value before the query runs. The engines differ in
what their own way of doing so means (Oxigraph's refuses a variable that is not projected; rdflib's
does not reach into sub-queries), so :func:`bind` writes it in SPARQL itself, and all engines agree.
See docs/decisions/0030-bindings-are-written-as-values.md.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final, Literal
from urllib.parse import urljoin

from pyoxigraph import BlankNode, NamedNode
from pyoxigraph import Literal as RdfLiteral

from apgraph.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    Term = NamedNode | BlankNode | RdfLiteral

__all__ = [
    "Token",
    "bind",
    "form",
    "has_dataset",
    "names_used",
    "term_text",
    "tokens",
    "undeclared_prefixes",
    "values_clause",
    "variables_used",
    "with_prefixes",
]

_UPDATES: Final = frozenset(
    ("ADD", "CLEAR", "COPY", "CREATE", "DELETE", "DROP", "INSERT", "LOAD", "MOVE", "WITH")
)
"""The words that a request of SPARQL 1.1 Update begins with."""
Kind = Literal["iri", "string", "language", "variable", "name", "blank", "number", "word", "mark", "unknown"]
Form = Literal["select", "ask", "construct", "describe"]

_WIDE: Final = (
    r"\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02FF\u0370-\u037D\u037F-\u1FFF\u200C-\u200D\u2070-\u218F"
    r"\u2C00-\u2FEF\u3001-\uD7FF\uF900-\uFDCF\uFDF0-\uFFFD\U00010000-\U000EFFFF"
)
_WIDE_FOLLOW: Final = r"\u00B7\u0300-\u036F\u203F-\u2040"
_ESCAPED: Final = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%]"


@cache
def _grammar(*, ascii_only: bool) -> re.Pattern[str]:
    """Return what takes the next token.

    Most queries are ASCII, and a pattern that need not know of the other letters is ready in a tenth of the time.
    """
    base = "A-Za-z" + ("" if ascii_only else _WIDE)
    more = "" if ascii_only else _WIDE_FOLLOW
    follow = base + r"_\-0-9" + more
    prefix = rf"(?:[{base}](?:[{follow}.]*[{follow}])?)?"
    local = rf"(?:(?:[{base}_0-9:]|{_ESCAPED})(?:(?:[{follow}.:]|{_ESCAPED})*(?:[{follow}:]|{_ESCAPED}))?)?"
    return re.compile(
        rf"""
    (?P<skip>[\s\ufeff]+|\#[^\n\r]*)
  | (?P<iri><(?:[^<>"{{}}|^`\\\x00-\x20]|\\u[0-9A-Fa-f]{{4}}|\\U[0-9A-Fa-f]{{8}})*>)
  | (?P<string>\"\"\"(?:(?:"|"")?(?:[^"\\]|\\.))*\"\"\"|'''(?:(?:'|'')?(?:[^'\\]|\\.))*'''
              |"(?:[^"\\\n\r]|\\.)*"|'(?:[^'\\\n\r]|\\.)*')
  | (?P<language>@[A-Za-z]+(?:-[A-Za-z0-9]+)*(?:--[A-Za-z]+)?)
  | (?P<variable>[?$][{base}_0-9][{base}_0-9{more}]*)
  | (?P<blank>_:[{base}_0-9](?:[{follow}.]*[{follow}])?)
  | (?P<name>{prefix}:{local})
  | (?P<number>(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
  | (?P<word>[A-Za-z_][A-Za-z_0-9]*)
  | (?P<mark>\^\^|&&|\|\||!=|<=|>=|[{{}}()\[\];,.|/^*?+!=<>-])
  | (?P<unknown>.)
    """,
        re.VERBOSE | re.DOTALL,
    )


# What can only be the right-hand side of a comparison, where an IRI would be possible too.
_COMPARED: Final = re.compile(r"<(?:=|\(|[-+]?[0-9.]|\?|\$|[^>]*&&)")
_CODEPOINT: Final = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a query: its kind, its text and where it starts, counted from 0."""

    kind: Kind
    text: str
    start: int

    @property
    def end(self) -> int:
        """Where the text after this token starts."""
        return self.start + len(self.text)

    def is_word(self, *words: str) -> bool:
        """Tell whether this is one of these keywords, which are written in capitals here."""
        return self.kind == "word" and self.text.upper() in words


@lru_cache(maxsize=128)
def tokens(query: str) -> tuple[Token, ...]:
    """Cut a query or an update into tokens; white space and comments are left out.

    Never fails: what SPARQL does not know is a token of kind ``"unknown"``.

    >>> [token.text for token in tokens('SELECT ?x { ?x a <urn:A> # a comment')]
    ['SELECT', '?x', '{', '?x', 'a', '<urn:A>']
    """
    found: list[Token] = []
    grammar = _grammar(ascii_only=query.isascii())
    brackets = 0
    position = 0
    while position < len(query):
        match = grammar.match(query, position)
        if match is None:  # the last alternative takes any character
            raise AssertionError(query[position : position + 20])
        kind, text = match.lastgroup, match.group()
        # `?a<?b && ?c>?d`: by the grammar's longest match `<?b...>` could be an IRI, by its sense it is not.
        if (
            kind == "iri"
            and brackets
            and found
            and (found[-1].kind in ("variable", "number", "string", "language") or found[-1].text == ")")
            and _COMPARED.match(text)
        ):
            kind, text = "mark", "<=" if text.startswith("<=") else "<"
        if kind != "skip":
            if text == "(":
                brackets += 1
            elif text == ")":
                brackets = max(0, brackets - 1)
            found.append(Token(kind, text, position))  # type: ignore[arg-type]  # a group's name is a Kind
        position += len(text)
    return tuple(found)


def form(query: str) -> Form:
    """Return the form of a query.

    Raises:
        InputError: The text has none of the four keywords; an update is told apart.

    >>> form("PREFIX select: <urn:ask> ASK { ?s ?p ?o }")
    'ask'
    >>> form("DROP ALL")
    Traceback (most recent call last):
    apgraph.errors.InputError: DROP is an update: a query only reads, updates are not run and nothing was changed; ...
    """
    for token in tokens(query):
        if token.kind == "word":
            match token.text.upper():
                case "SELECT":
                    return "select"
                case "ASK":
                    return "ask"
                case "CONSTRUCT":
                    return "construct"
                case "DESCRIBE":
                    return "describe"
                case "PREFIX" | "BASE" | "VERSION":
                    pass
                case word if word in _UPDATES:
                    raise InputError(
                        f"{word} is an update: a query only reads, updates are not run and nothing was changed; "
                        "ask with SELECT, ASK, CONSTRUCT or DESCRIBE"
                    )
                case word:
                    raise InputError(
                        f"a query starts with SELECT, ASK, CONSTRUCT or DESCRIBE, not with {word}"
                    )
    raise InputError("the query is empty; it starts with SELECT, ASK, CONSTRUCT or DESCRIBE")


def has_dataset(query: str) -> bool:
    """Tell whether a query chooses its graphs itself, by FROM or FROM NAMED.

    >>> has_dataset("SELECT * FROM <urn:g> { ?s ?p ?o }"), has_dataset("SELECT * { ?from ?p 'FROM' }")
    (True, False)
    """
    return any(token.is_word("FROM") for token in tokens(query))


def variables_used(query: str) -> frozenset[str]:
    """Return the names of the variables that a query mentions.

    >>> sorted(variables_used("SELECT ?a { $b ?p '?c' }"))
    ['a', 'b', 'p']
    """
    return frozenset(token.text[1:] for token in tokens(query) if token.kind == "variable")


def _decode(text: str) -> str:
    return _CODEPOINT.sub(lambda m: chr(int(m[1] or m[2], 16)), text)


def _declarations(found: Sequence[Token]) -> tuple[dict[str, str], str | None, set[int]]:
    """Return the prefixes that are declared, the base, and the places of their tokens."""
    declared: dict[str, str] = {}
    base: str | None = None
    places: set[int] = set()
    for at, token in enumerate(found):
        if token.is_word("BASE") and at + 1 < len(found) and found[at + 1].kind == "iri":
            base = _decode(found[at + 1].text[1:-1])
            places.add(at + 1)
        elif (
            token.is_word("PREFIX")
            and at + 2 < len(found)
            and found[at + 1].kind == "name"
            and found[at + 2].kind == "iri"
        ):
            iri = _decode(found[at + 2].text[1:-1])
            declared[found[at + 1].text[:-1]] = urljoin(base, iri) if base else iri
            places.update((at + 1, at + 2))
    return declared, base, places


def names_used(query: str, prefixes: Mapping[str, str] | None = None) -> frozenset[str]:
    """Return every IRI that a query names, prefixed names written out.

    Args:
        query: The query. Its own prefixes win over those given.
        prefixes: Prefix to namespace, for those that the query does not declare.

    >>> sorted(names_used("PREFIX e: <urn:e#> SELECT * { ?s a e:A ; x:p 'e:no' } # e:no", {"x": "urn:x:"}))
    ['urn:e#A', 'urn:x:p']
    """
    found = tokens(query)
    declared, base, places = _declarations(found)
    known = {**(prefixes or {}), **declared}
    names: set[str] = set()
    for at, token in enumerate(found):
        if at in places:
            continue
        if token.kind == "iri":
            iri = _decode(token.text[1:-1])
            names.add(urljoin(base, iri) if base else iri)
        elif token.kind == "name":
            prefix, _, local = token.text.partition(":")
            if prefix in known:
                names.add(known[prefix] + re.sub(r"\\(.)", r"\1", _decode(local)))
    return frozenset(names)


def undeclared_prefixes(query: str) -> tuple[Token, ...]:
    """Return the prefixed names whose prefix a query does not declare.

    >>> [token.text for token in undeclared_prefixes("PREFIX e: <urn:e#> ASK { e:a f:b 'g:c' }")]
    ['f:b']
    """
    found = tokens(query)
    declared, _, places = _declarations(found)
    return tuple(
        token
        for at, token in enumerate(found)
        if token.kind == "name" and at not in places and token.text.partition(":")[0] not in declared
    )


def with_prefixes(query: str, prefixes: Mapping[str, str]) -> str:
    """Declare, in front of a query, the prefixes that it uses without declaring them.

    No line is added, so that the lines of an error message stay right.

    >>> with_prefixes("ASK { ?s a e:A }", {"e": "urn:e#", "f": "urn:f#"})
    'PREFIX e: <urn:e#> ASK { ?s a e:A }'
    """
    undeclared = {token.text.partition(":")[0] for token in undeclared_prefixes(query)}
    missing = sorted(undeclared & prefixes.keys())
    return (
        "".join(f"PREFIX {prefix}: {term_text(NamedNode(prefixes[prefix]))} " for prefix in missing) + query
    )


def term_text(term: Term) -> str:
    r"""Write a term as SPARQL has it.

    Raises:
        InputError: The term is a blank node, which SPARQL would take for a variable.

    >>> term_text(RdfLiteral('say "no"', language="en")), term_text(NamedNode("urn:a"))
    ('"say \\"no\\""@en', '<urn:a>')
    """
    if isinstance(term, BlankNode):
        raise InputError(f"the blank node {term} can't be named in a query; give an IRI or a literal")
    return str(term)


def values_clause(bindings: Mapping[str, Term]) -> str:
    """Write bindings as a VALUES clause of one row.

    Raises:
        InputError: A name is no variable, or a term is a blank node.

    >>> values_clause({"model": NamedNode("urn:m"), "n": RdfLiteral(1)})
    'VALUES (?model ?n) { (<urn:m> "1"^^<http://www.w3.org/2001/XMLSchema#integer>) }'
    """
    for name in bindings:
        _check_variable(name)
    names = " ".join(f"?{name}" for name in bindings)
    return f"VALUES ({names}) {{ ({' '.join(term_text(term) for term in bindings.values())}) }}"


def _check_variable(name: str) -> None:
    match = _grammar(ascii_only=name.isascii()).fullmatch(f"?{name}")
    if match is None or match.lastgroup != "variable":
        raise InputError(
            f"{name!r} can't be the name of a SPARQL variable; use letters, digits and underscores"
        )


@dataclass(slots=True)
class _Group:
    """A pair of braces that holds a pattern."""

    opened: int
    closed: int = -1
    mentions: set[str] = field(default_factory=set)
    is_select: bool = False
    inner: list[_Group] = field(default_factory=list)


@dataclass(slots=True)
class _Shape:
    """Where the patterns of a query are."""

    outer: _Group | None
    groups: list[_Group]
    short_construct: bool
    end_of_head: int


def _shape(found: Sequence[Token]) -> _Shape:
    """Find the groups of a query and the variables that each mentions itself."""
    groups: list[_Group] = []
    stack: list[_Group | None] = []  # None: braces that hold no pattern (a template, rows of VALUES)
    outer: _Group | None = None
    outside: set[str] = set()
    short = template = data = False
    end_of_head = found[-1].end if found else 0
    for at, token in enumerate(found):
        top = next((group for group in reversed(stack) if group is not None), None)
        if token.kind == "variable":
            (outside if top is None else top.mentions).add(token.text[1:])
        elif token.is_word("VALUES"):
            data = True
        elif token.is_word("CONSTRUCT"):
            following = found[at + 1] if at + 1 < len(found) else token
            template = following.text == "{"
            short = not template
        elif token.is_word("SELECT") and top is not None and found[at - 1].start == top.opened:
            top.is_select = True
        elif token.text == "{" and token.kind == "mark":
            if data or template:
                stack.append(None)
                data = template = False
                continue
            group = _Group(token.start)
            groups.append(group)
            if outer is None:
                outer = group
            if top is not None:
                top.inner.append(group)
            stack.append(group)
        elif token.text == "}" and token.kind == "mark" and stack:
            closing = stack.pop()
            if closing is not None:
                closing.closed = token.end
        elif outer is None and token.is_word("GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET"):
            end_of_head = min(end_of_head, token.start)
    if outer is not None:
        outer.mentions |= outside
    for group in groups:
        # The head of a sub-query (SELECT, GROUP BY, …) speaks about the pattern inside.
        if group.is_select and group.inner:
            group.inner[0].mentions |= group.mentions
    return _Shape(outer, groups, short, end_of_head)


def _assigned(found: Iterable[Token], names: Collection[str]) -> str | None:
    """Return the first of the variables that the query gives a value by ``AS``."""
    previous: Token | None = None
    for token in found:
        if (
            previous is not None
            and previous.is_word("AS")
            and token.kind == "variable"
            and token.text[1:] in names
        ):
            return token.text[1:]
        previous = token
    return None


def bind(query: str, bindings: Mapping[str, Term], *, clauses: Mapping[str, str] | None = None) -> str:
    """Give variables of a query their values, within the text.

    A VALUES clause goes to the start of the query's pattern and of every inner group that mentions
    the variable: branches of a UNION, sub-queries, OPTIONAL, MINUS, EXISTS. So a FILTER in a branch
    sees the value, a property path starts from it, and a sub-query is restricted by it even if it
    does not pass the variable on. A name that the query does not mention is ignored.

    Args:
        query: A query of any form.
        bindings: Name of the variable (without the question mark) to its value.
        clauses: Patterns that bind a variable in some other way, used instead of VALUES.

    Returns:
        The query; no line is added.

    Raises:
        InputError: A name is no variable, a term is a blank node, or the query itself assigns a
            variable by ``AS``.

    >>> bind("SELECT ?o { ?s ?p ?o }", {"s": NamedNode("urn:a")})
    'SELECT ?o { VALUES (?s) { (<urn:a>) } ?s ?p ?o }'
    """
    for name in bindings:
        _check_variable(name)
    found = tokens(query)
    mentioned = {token.text[1:] for token in found if token.kind == "variable"}
    wanted = {name: term for name, term in bindings.items() if name in mentioned}
    patterns = {name: pattern for name, pattern in (clauses or {}).items() if name in mentioned}
    if not wanted and not patterns:
        return query
    if (assigned := _assigned(found, {*wanted, *patterns})) is not None:
        raise InputError(
            f"the query gives ?{assigned} a value itself (AS ?{assigned}), so it can't be a parameter"
        )

    def clause(names: Collection[str]) -> str:
        chosen = {name: term for name, term in wanted.items() if name in names}
        parts = [values_clause(chosen)] if chosen else []
        parts.extend(pattern for name, pattern in patterns.items() if name in names)
        return " ".join(parts)

    shape = _shape(found)
    if shape.outer is None:  # DESCRIBE ?x without a pattern
        head, tail = query[: shape.end_of_head], query[shape.end_of_head :]
        return f"{head.rstrip()} WHERE {{ {clause(mentioned)} }} {tail}".rstrip()
    edits: list[tuple[int, str]] = []
    for group in shape.groups:
        if group is shape.outer and not group.is_select:
            edits.append((group.opened + 1, f" {clause(mentioned)}"))
        elif not group.is_select and (text := clause(group.mentions)):
            edits.append((group.opened + 1, f" {text}"))
    if shape.short_construct and shape.outer.closed >= 0:
        # CONSTRUCT WHERE { … } takes triples only: write its template out.
        template = query[shape.outer.opened : shape.outer.closed]
        where = next(token for token in found if token.is_word("WHERE", "FROM"))
        edits.append((where.start, f"{template} "))
    for position, text in sorted(edits, reverse=True):
        query = query[:position] + text + query[position:]
    return query
