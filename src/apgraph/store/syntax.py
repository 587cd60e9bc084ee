"""One line on what is wrong with a query."""

from __future__ import annotations

import re
from typing import Final

from pyoxigraph import Store as Engine

from apgraph.errors import InputError, ParseError
from apgraph.sparql import tokens, undeclared_prefixes

__all__ = ["explain", "stay_local", "syntax_error"]

_PLACE: Final = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)


def stay_local(text: str) -> None:
    """Refuse a query or update that would reach for the network: SERVICE and LOAD.

    Raises:
        InputError: It would.

    >>> stay_local("ASK { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }")
    Traceback (most recent call last):
    apgraph.errors.InputError: SERVICE would ask the network, which nothing here does; leave it out, ...
    """
    for token in tokens(text):
        if token.is_word("SERVICE", "LOAD"):
            raise InputError(
                f"{token.text.upper()} would ask the network, which nothing here does; leave it out, "
                "or open that service with Graph.connect(url)"
            )


def syntax_error(query: str, error: Exception, *, name: str = "query") -> ParseError:
    """Turn Oxigraph's complaint about a query into one line with the place and the text there.

    >>> try:
    ...     Engine().query("ASK { ?s e:p ?o }")
    ... except SyntaxError as error:
    ...     print(syntax_error("ASK { ?s e:p ?o }", error))
    query, line 1, column 10: the prefix 'e' is not declared, at 'e:p'; declare it with PREFIX
    """
    for token in undeclared_prefixes(query):
        return ParseError(
            name,
            f"the prefix {token.text.partition(':')[0]!r} is not declared",
            line=query.count("\n", 0, token.start) + 1,
            column=token.start - query.rfind("\n", 0, token.start),
            text=token.text,
            hint="declare it with PREFIX",
        )
    match = _PLACE.search(str(error))
    if match is None:
        return ParseError(name, " ".join(str(error).split())[:200])
    line, column = int(match[1]), int(match[2])
    lines = query.split("\n")
    rest = (lines[line - 1] if line <= len(lines) else "")[column - 1 :].strip()
    problem = "SPARQL syntax error"
    if not rest:
        found = tokens(query)
        rest = found[-1].text if found else ""
        problem += " near the end" if found else ": the query is empty"
    return ParseError(
        name, problem, line=line, column=column, text=rest, hint="correct the query there or before"
    )


def explain(query: str, error: SyntaxError) -> ParseError:
    """Say what is wrong with a query, whose text with values in it was refused."""
    # The text that was run has the values of the bindings in it: complain about the one the user wrote.
    try:
        Engine().query(query)
    except SyntaxError as original:
        return syntax_error(query, original)
    except (RuntimeError, ValueError, OSError):
        pass
    return syntax_error(query, error)
