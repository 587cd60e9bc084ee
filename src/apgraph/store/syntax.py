"""One line on what is wrong with a query."""

from __future__ import annotations

import re
from typing import Final

from pyoxigraph import Store as Engine

from apgraph.errors import ParseError
from apgraph.sparql import tokens

__all__ = ["explain", "syntax_error"]

_PLACE: Final = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)


def syntax_error(query: str, error: Exception, *, name: str = "query") -> ParseError:
    """Turn Oxigraph's complaint about a query into one line with the place and the text there."""
    match = _PLACE.search(str(error))
    line = column = text = None
    problem = " ".join(str(error).split())
    hint = None
    if match is not None:
        line, column = int(match[1]), int(match[2])
        lines = query.splitlines() or [""]
        text = (lines[line - 1] if line <= len(lines) else "")[column - 1 :].strip() or "the end of the query"
        expected = " ".join(match[3].split())
        problem = "SPARQL syntax error"
        if "Prefix not found" in expected:
            problem = "a prefix is used that is not declared"
            hint = "declare it with PREFIX"
            prefixed = [token for token in tokens(query) if token.kind == "name"]
            unknown = [t for t in prefixed if not _declares(query, t.text.partition(":")[0])]
            if unknown:
                problem = f"the prefix {unknown[0].text.partition(':')[0]!r} is not declared"
        elif len(expected) < 80:
            problem += f" ({expected})"
    elif len(problem) > 200:
        problem = problem[:200] + "…"
    return ParseError(name, problem, line=line, column=column, text=text, hint=hint)


def _declares(query: str, prefix: str) -> bool:
    found = tokens(query)
    return any(
        token.is_word("PREFIX") and at + 1 < len(found) and found[at + 1].text == f"{prefix}:"
        for at, token in enumerate(found)
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
