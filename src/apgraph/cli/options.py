"""The options that several commands share, and what they mean."""

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


def open_graph(data: "Sequence[str] | None" = None) -> "Graph":
    """Return a graph with the framework and the data given.

    Args:
        data: Files, folders and globs; or one store folder; or the URL of one SPARQL service.

    Raises:
        InputError: A source cannot be read, or a store or service stands beside other sources.
        ParseError: A file does not parse.
        ServiceError: The service is out of reach.
    """
    from apgraph.cli.progress import working
    from apgraph.graph import Graph

    sources = list(data or ())
    for source in sources:
        if not source.strip():
            raise InputError("a name of data is empty; give a file, a folder, a store or a service")
        remote = source.startswith(("http://", "https://"))
        if not remote and not _is_store(Path(source)):
            continue
        if len(sources) > 1:
            raise InputError(f"{source}: a store or a service is asked alone; leave out the other --data")
        with working(f"opening {source}"):
            return Graph.connect(source) if remote else Graph.open(source)
    graph = Graph()
    if sources:
        with working("reading the data"):
            graph.load(*sources)
        say_notes(graph)
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


def _is_store(folder: Path) -> bool:
    """Tell a folder that holds an Oxigraph store (RocksDB names its manifest in CURRENT) from other folders."""
    return (folder / "CURRENT").is_file()
