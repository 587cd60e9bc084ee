"""The options that several commands share, and what they mean."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from apgraph.cli.output import TABULAR, choose, note
from apgraph.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from apgraph.graph import Graph

__all__ = [
    "TIMEOUT",
    "Data",
    "Engine",
    "Format",
    "Timeout",
    "count",
    "engine_named",
    "is_store",
    "open_graph",
    "say_notes",
    "seconds",
]

ENGINES: Final = ("oxigraph", "rdflib")

TIMEOUT: Final = 30.0
"""Seconds that a query may take unless told otherwise."""

Data = Annotated[
    list[str] | None,
    typer.Option(
        "-d",
        "--data",
        metavar="DATA",
        help="Data to ask: a file, folder, glob, store folder or SPARQL service; may be given again.",
    ),
]

Format = Annotated[
    str,
    typer.Option(
        "-f",
        "--format",
        metavar="FORMAT",
        help="table, csv, json or md.",
        autocompletion=lambda: list(TABULAR),
    ),
]

Redact = Annotated[
    bool,
    typer.Option(
        "--redact",
        help="Put pseudonyms for people, and remove notes, e-mail addresses, numbers and links: for what leaves the organisation.",
    ),
]

Timeout = Annotated[
    str, typer.Option("--timeout", metavar="SECONDS", help="Stop after so many seconds, with exit code 3.")
]

Engine = Annotated[
    str | None,
    typer.Option(
        "--engine",
        metavar="ENGINE",
        help="oxigraph (default) or rdflib.",
        show_default=False,
        autocompletion=lambda: list(ENGINES),
    ),
]


def engine_named(name: str | None) -> str | None:
    """Return the engine asked for in the spelling allowed, or None for the store's own.

    Raises:
        UnknownNameError: There is none of that name.
    """
    return None if name is None else choose("engine", name, ENGINES)


def seconds(text: str) -> float:
    """Return the time limit that was given.

    Raises:
        InputError: It is not a number of seconds above nought.

    >>> seconds("1.5")
    1.5
    """
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value <= 1e6:
        raise InputError(f"--timeout {text!r} is not a number of seconds above 0; give one, such as 30")
    return value


def count(option: str, text: str) -> int:
    """Return the number that was given for an option.

    Raises:
        InputError: It is not a whole number above nought.

    >>> count("--row", "3")
    3
    """
    if not (text.isascii() and text.isdigit() and len(text) < 10 and int(text)):
        raise InputError(f"{option} {text!r} is not a whole number above 0; give one, such as 1")
    return int(text)


def open_graph(data: "Sequence[str] | None" = None, *, redact: bool = False, strict: bool = True) -> "Graph":
    """Return a graph with the framework and the data given; deprecated terms in the data are told.

    The variable ``APGRAPH_LANGUAGE`` of the environment says in which language terms are named.

    Args:
        data: Files, folders and globs; or one store folder; or the URL of one SPARQL service.
        redact: Whether to return a copy without what is personal.
        strict: Whether to refuse what only the framework may say.

    Raises:
        InputError: A source cannot be read, or a store or service stands beside other sources.
        ParseError: A file does not parse.
        ServiceError: The service is out of reach.
    """
    graph = _open(data, strict=strict)
    return graph.redacted() if redact else graph


def _open(data: "Sequence[str] | None", *, strict: bool) -> "Graph":
    from apgraph.cli.progress import working
    from apgraph.graph import Graph
    from apgraph.lexicon import LANGUAGE

    language = os.environ.get("APGRAPH_LANGUAGE") or LANGUAGE
    sources = list(data or ())
    for source in sources:
        if not source.strip():
            raise InputError("a name of data is empty; give a file, a folder, a store or a service")
        remote = source.startswith(("http://", "https://"))
        if not remote and not is_store(Path(source)):
            continue
        if len(sources) > 1:
            raise InputError(f"{source}: a store or a service is asked alone; leave out the other --data")
        with working(f"opening {source}"):
            # A service is sent what was asked, and no query besides.
            if remote:
                return Graph.connect(source, language=language)
            return _warned(Graph.open(source, language=language))
    graph = Graph(language=language)
    if sources:
        with working("reading the data"):
            graph.load(*sources, strict=strict)
        say_notes(graph)
    return _warned(graph) if sources else graph


def _warned(graph: "Graph") -> "Graph":
    """Tell which terms of the data are deprecated, and what to use instead."""
    for term in graph.deprecated():
        note(str(term))
    return graph


def say_notes(graph: "Graph", *, known: "Collection[str]" = ()) -> None:
    """Say what is to be said of reading the data, such as that example rows were passed over.

    Args:
        graph: The graph that read it.
        known: Graphs of which it has been said.
    """
    for home, places in graph.places().items():
        for said in places.notes() if home not in known else ():
            note(said)


def is_store(folder: Path) -> bool:
    """Tell a folder that holds an Oxigraph store (RocksDB names its manifest in CURRENT) from other folders."""
    return (folder / "CURRENT").is_file()
