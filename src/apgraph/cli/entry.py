"""One run of the command line: from arguments to an exit code, with one line for whatever goes wrong."""

from __future__ import annotations

import gc
import os
import sys
from typing import TYPE_CHECKING, Final, NoReturn

from apgraph.errors import ApgraphError, NotFinishedError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import typer

__all__ = ["DEBUG", "main", "run"]

DEBUG: Final = "APGRAPH_DEBUG"
"""Name of the environment variable that asks for tracebacks."""

_INTERRUPTED: Final = 130
_LONGEST: Final = 600
_OBJECTS: Final = 50_000


def main() -> NoReturn:
    """Run the command line on the arguments of this process, and end the process with the exit code."""
    # What a run makes is needed to its end: looking through it for cycles every 700 objects finds next to nothing.
    gc.set_threshold(_OBJECTS, 20, 20)
    try:
        code = run(sys.argv[1:])
    except KeyboardInterrupt:
        # While the parts that answer were still being imported.
        _complain("interrupted")
        code = _INTERRUPTED
    _flush()
    # Everything is written by now. Taking a large graph apart piece by piece would only keep the reader waiting,
    # and a query that was cut short still runs in a thread that nothing can stop but the process's end.
    os._exit(code)


def run(arguments: Sequence[str]) -> int:
    """Run the command line on these arguments.

    Returns:
        0 done and nothing to report, 1 findings, 2 wrong use or unreadable input, 3 not finished.
    """
    import typer

    from apgraph.cli.app import COMPLETE, NAME, command

    # A locale without the characters of an answer must not end it.
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")
    try:
        result = command().main(
            args=list(arguments),
            prog_name=NAME,
            complete_var=COMPLETE,
            standalone_mode=False,
        )
    except ApgraphError as error:
        if DEBUG in os.environ:
            raise
        _complain(str(error))
        return error.exit_code
    except typer.TyperException as error:
        _complain(_wrong_use(error))
        return 2
    except (KeyboardInterrupt, typer.Abort):
        _complain("interrupted")
        return _INTERRUPTED
    except OSError as error:
        if DEBUG in os.environ:
            raise
        what = error.strerror or str(error)
        _complain(f"{error.filename}: {what.lower()}" if error.filename else what)
        return 2
    except RecursionError:
        if DEBUG in os.environ:
            raise
        _complain("the input is nested too deep to be read; take it apart")
        return 2
    except UnicodeError as error:
        if DEBUG in os.environ:
            raise
        _complain(f"the input is not text in UTF-8 ({error}); save it as UTF-8")
        return 2
    except Exception as error:
        if DEBUG in os.environ:
            raise
        _complain(
            f"something went wrong inside apgraph ({type(error).__name__}: {error}); "
            f"run it again with {DEBUG}=1 and report what it prints"
        )
        return NotFinishedError.exit_code
    if result == _INTERRUPTED:
        _complain("interrupted")
    return result if isinstance(result, int) else 0


def _wrong_use(error: typer.TyperException) -> str:
    """Turn what the argument parser found into one line with a way out."""
    message = error.format_message().strip()
    name = getattr(error, "option_name", None)
    near = getattr(error, "possibilities", None)
    if name is not None and message.startswith("No such option"):
        message = f"there is no option {name!r}"
        if near:
            message += "; did you mean " + " or ".join(repr(each) for each in near[:3]) + "?"
    elif message.startswith("Got unexpected extra argument"):
        message = f"{message}; put a value of several words in quotes"
    message = message[:1].lower() + message[1:].rstrip(".")
    context = getattr(error, "ctx", None)
    path = context.command_path if context is not None else "apgraph"
    if name is not None and path == "apgraph ask":
        message += "; a question's options come after its name"
    return f"{message}{'' if message.endswith('?') else ';'} try '{path} --help'"


def _complain(message: str) -> None:
    """Write the one line."""
    line = " ".join("".join(c if c.isprintable() else " " for c in message).split())
    if len(line) > _LONGEST:
        line = line[: _LONGEST - 3] + "..."
    try:
        sys.stderr.write(f"apgraph: {line}\n")
    except BrokenPipeError:
        # Nobody reads the errors; the exit code says the same.
        _to_nowhere(sys.stderr.fileno())


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BrokenPipeError:
            _to_nowhere(stream.fileno())


def _to_nowhere(descriptor: int) -> None:
    """Point a stream whose reader has gone to nowhere, so that the interpreter's own flush is quiet."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), descriptor)
