"""The options that several commands share, and what they mean."""

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from apgraph.cli.output import PROSE, TABULAR, choose, note
from apgraph.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from apgraph.graph import Graph

__all__ = [
    "TIMEOUT",
    "Data",
    "Engine",
    "Format",
    "Inferred",
    "Language",
    "Prose",
    "Redact",
    "Sources",
    "Timeout",
    "check_output",
    "count",
    "data_option",
    "engine_named",
    "fail_on_option",
    "format_option",
    "infer",
    "is_store",
    "open_graph",
    "output_option",
    "say_notes",
    "seconds",
    "waivers_option",
]

ENGINES: Final = ("oxigraph", "rdflib")

TIMEOUT: Final = 30.0
"""Seconds that a query may take unless told otherwise."""

_TAG: Final = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
"""A language tag, so far as RDF asks for one."""


def data_option(about: str) -> Any:
    """Return the option that takes data beside what a command is about, any number of times."""
    return typer.Option("-d", "--data", metavar="DATA", help=about)


def format_option(names: "Sequence[str]", about: str) -> Any:
    """Return the option that takes one of some formats, the first being the default."""
    return typer.Option("-f", "--format", metavar="FORMAT", help=about, autocompletion=lambda: list(names))


def output_option(about: str) -> Any:
    """Return the option that names the file where a whole document goes."""
    return typer.Option("-o", "--output", metavar="FILE", help=about)


def fail_on_option(levels: "Sequence[str]", *, metavar: str, about: str) -> Any:
    """Return the option that says from which level on a command ends with exit code 1."""
    return typer.Option("--fail-on", metavar=metavar, help=about, autocompletion=lambda: list(levels))


def waivers_option(about: str) -> Any:
    """Return the option that takes files of waivers, any number of times."""
    return typer.Option("--waivers", metavar="FILE.yaml", help=about)


Sources = Annotated[
    list[str],
    typer.Argument(
        metavar="DATA...", help="Files, folders or globs; or a store folder, or a SPARQL service."
    ),
]

Data = Annotated[
    list[str] | None,
    data_option("Data to ask: a file, folder, glob, store folder or SPARQL service; may be given again."),
]

Format = Annotated[str, format_option(TABULAR, "table, csv, json or md.")]

Prose = Annotated[str, format_option(PROSE, "text, json or md.")]

Inferred = Annotated[bool, typer.Option("--inferred", help="See what follows by the rules of OWL 2 RL, too.")]

Language = Annotated[
    str | None,
    typer.Option(
        "--language",
        metavar="TAG",
        help="Name terms in this language, such as cy, if a file of labels is among the data; else APGRAPH_LANGUAGE says it.",
        show_default=False,
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


def check_output(output: str | None, layout: str, whole: "Sequence[str]") -> None:
    """Refuse a file for a format that goes to standard output only.

    Args:
        output: The file that was given, if one was.
        layout: The format.
        whole: The formats that go to a file.

    Raises:
        InputError: The format is none of those.

    >>> check_output("page.html", "csv", ("html", "sarif"))
    Traceback (most recent call last):
    apgraph.errors.InputError: -o goes with -f html or sarif; for csv, write '> page.html'
    """
    if output is not None and layout not in whole:
        *some, last = whole
        listed = f"{', '.join(some)} or {last}" if some else last
        raise InputError(f"-o goes with -f {listed}; for {layout}, write '> {output}'")


def open_graph(
    data: "Sequence[str] | None" = None,
    *,
    redact: bool = False,
    language: str | None = None,
    strict: bool = True,
) -> "Graph":
    """Return a graph with the framework and the data given; deprecated terms in the data are told.

    Args:
        data: Files, folders and globs; or one store folder; or the URL of one SPARQL service.
        redact: Whether to return a copy without what is personal.
        language: Tag of the language in which terms are named; by default the variable ``APGRAPH_LANGUAGE`` of
            the environment says it.
        strict: Whether to refuse what only the framework may say.

    Raises:
        InputError: A source cannot be read, a store or service stands beside other sources, or the tag is none.
        ParseError: A file does not parse.
        ServiceError: The service is out of reach.
    """
    from apgraph.lexicon import LANGUAGE

    wanted = language if language is not None else os.environ.get("APGRAPH_LANGUAGE") or LANGUAGE
    if not _TAG.fullmatch(wanted):
        given = "APGRAPH_LANGUAGE" if language is None else "--language"
        raise InputError(f"{given} {wanted!r} is no tag of a language; give one such as cy or en-GB")
    graph = _open(data, wanted, strict=strict)
    if language is not None and graph.store.engine != "service" and not graph.lexicon.speaks():
        note(
            f"no label in {wanted!r} is loaded, so terms keep their English names; give a file of labels as data"
        )
    return graph.redacted() if redact else graph


def _open(data: "Sequence[str] | None", language: str, *, strict: bool) -> "Graph":
    from apgraph.cli.progress import working
    from apgraph.graph import Graph

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
            graph = Graph.open(source, language=language)
            for name in graph.taken_back:
                note(
                    f"{source}: <{name}> was being loaded when its program ended, and is removed; load it again"
                )
            return _warned(graph)
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


def infer(graph: "Graph", limit: float) -> None:
    """Infer what follows from framework and data, and say so where they contradict one another.

    A service shows what is kept there.

    Raises:
        TimeLimitError: It takes too long.
    """
    from apgraph.cli.progress import working
    from apgraph.store.deadline import within

    if graph.store.engine == "service":
        return
    with working("inferring"):
        found = within(limit, lambda _: graph.reason(timeout=limit))
    if not found.consistent:
        note("framework and data contradict one another, so much may follow; 'apgraph reason' says where")


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
