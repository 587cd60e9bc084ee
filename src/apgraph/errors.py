"""What can go wrong, arranged by what the reader can do about it.

Every message is one line that says what is wrong, where, and what to do.
``exit_code`` is what the command line ends with: 2 for input that has to be
corrected, 3 for work that could not be finished.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from os import PathLike

__all__ = [
    "ApgraphError",
    "ConflictError",
    "InputError",
    "MissingExtraError",
    "NotFinishedError",
    "ParseError",
    "ServiceError",
    "TimeLimitError",
    "UnknownNameError",
    "UsageError",
]


class ApgraphError(Exception):
    r"""Any error that apgraph raises on purpose.

    >>> str(ApgraphError("two\nlines"))
    'two lines'
    """

    exit_code: int = 2

    def __str__(self) -> str:
        # One line, whatever a parser or the operating system put into the message.
        return " ".join(super().__str__().split())


class InputError(ApgraphError, ValueError):
    """A file or an argument that has to be corrected by whoever gave it."""


class UsageError(InputError, TypeError):
    """A call that cannot be meant: an argument of another kind, or a graph that was closed."""


class ParseError(InputError):
    """A file that does not parse.

    Args:
        file: Name of the file, as the user gave it.
        problem: What the parser found.
        line: Line, counted from 1, where the parser tells.
        column: Column, counted from 1, where the parser tells.
        text: The offending text, where the parser tells.
        hint: What to do.

    >>> str(ParseError("case.ttl", "a dot is missing", line=3, column=7, text="apg:x", hint="add it"))
    "case.ttl, line 3, column 7: a dot is missing, at 'apg:x'; add it"
    """

    def __init__(
        self,
        file: str | PathLike[str],
        problem: str,
        *,
        line: int | None = None,
        column: int | None = None,
        text: str | None = None,
        hint: str | None = None,
    ) -> None:
        self.file = str(file)
        self.problem = problem
        self.line = line
        self.column = column
        self.text = text
        self.hint = hint
        place = self.file
        if line is not None:
            place += f", line {line}"
        if column is not None:
            place += f", column {column}"
        message = f"{place}: {problem}"
        if text:
            message += f", at {text[:60]!r}"
        if hint:
            message += f"; {hint}"
        super().__init__(message)


class UnknownNameError(InputError, LookupError):
    """A name (term, question, parameter value, engine) that does not exist.

    Args:
        kind: What sort of name was looked for, such as ``"question"``.
        name: The name as given.
        nearest: Existing names like it, best first.
        hint: What else to do, such as which command lists the names.

    >>> str(UnknownNameError("question", "practises", nearest=["practices-supporting"]))
    "there is no question 'practises'; did you mean 'practices-supporting'?"
    """

    def __init__(self, kind: str, name: str, *, nearest: Sequence[str] = (), hint: str | None = None) -> None:
        self.kind = kind
        self.name = name
        self.nearest = tuple(nearest)
        self.hint = hint
        shown = name if len(name) <= 80 else name[:77] + "..."
        message = f"there is no {kind} {shown!r}"
        if self.nearest:
            message += "; did you mean " + " or ".join(repr(n) for n in self.nearest) + "?"
        if hint:
            # What stands in brackets belongs to the sentence before.
            message += (" " if self.nearest or hint.startswith("(") else "; ") + hint
        super().__init__(message)


class ConflictError(InputError):
    """Two things that cannot both be kept, such as one case id with two contents."""


class MissingExtraError(InputError, ImportError):
    """An optional part that is not installed.

    >>> str(MissingExtraError("dl", "OWL reasoning"))
    "OWL reasoning needs an optional part; install it with: pip install 'apgraph[dl]'"
    """

    def __init__(self, extra: str, purpose: str) -> None:
        self.extra = extra
        super().__init__(f"{purpose} needs an optional part; install it with: pip install 'apgraph[{extra}]'")


class NotFinishedError(ApgraphError):
    """Work that could not be brought to an end; nothing is claimed about its result."""

    exit_code = 3


class TimeLimitError(NotFinishedError, TimeoutError):
    """A query that ran into the time limit."""


class ServiceError(NotFinishedError, ConnectionError):
    """A SPARQL service that is out of reach or refuses the work."""
