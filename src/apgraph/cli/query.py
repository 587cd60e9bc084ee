"""``apgraph query``: a SPARQL query of the reader's own, in any of the four forms."""

import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, TypeVar

import typer

from apgraph.cli.options import (
    TIMEOUT,
    Data,
    Engine,
    Inferred,
    Language,
    Redact,
    Timeout,
    engine_named,
    format_option,
    infer,
    is_store,
    open_graph,
    seconds,
)
from apgraph.cli.output import TABULAR, choose, note, write, write_rows
from apgraph.cli.progress import working
from apgraph.errors import InputError, TimeLimitError
from apgraph.files import require_regular

if TYPE_CHECKING:
    from collections.abc import Callable

    from pyoxigraph import Triple

    from apgraph.graph import Graph
    from apgraph.questions.result import Result

__all__ = ["FORMATS", "app", "read_query"]

FORMATS: Final = (*TABULAR, "ttl", "nt")
"""What a query's result can be written as; the last two take triples only."""

_LONGEST: Final = 250_000
_STACK: Final = 4096
"""Bytes of stack for each character of a query: the engine's parser calls itself once for each level of nesting."""
_USUAL: Final = 8 * 2**20

_DATA: Final = (".ttl", ".nt", ".nq", ".trig", ".rdf", ".owl", ".jsonld", ".xlsx", ".csv")
"""Ends of the names of files that hold data, which are easily given where a query is expected."""

T = TypeVar("T")

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command("query")
def query(
    text: Annotated[
        str,
        typer.Argument(
            metavar="SPARQL|FILE.rq|-", help="The query, a file with it, or - for standard input."
        ),
    ],
    data: Data = None,
    layout: Annotated[
        str,
        format_option(FORMATS, "table, csv, json or md; ttl or nt for a CONSTRUCT or DESCRIBE."),
    ] = "table",
    inferred: Inferred = False,
    language: Language = None,
    engine: Engine = None,
    timeout: Timeout = f"{TIMEOUT:g}",
    redact: Redact = False,
) -> int:
    """Run a SPARQL query of your own on the framework and on the data you give.

    All four forms work: SELECT, ASK, CONSTRUCT and DESCRIBE. The usual prefixes (apg:, apgx:, apgs:,
    rdfs:, skos: and so on) need no declaration. A term of the framework that does not exist is reported,
    with the nearest ones.
    """
    layout = choose("format", layout, FORMATS)
    limit = seconds(timeout)
    engine = engine_named(engine)
    sparql = read_query(text)
    graph = open_graph(data, redact=redact, language=language)
    if inferred:
        infer(graph, limit)
    with working("the query is running"):
        result = _with_room(
            sparql, limit, lambda: graph.query(sparql, timeout=limit, inferred=inferred, engine=engine)
        )
    _write_result(result, layout, graph, sparql, engine or graph.store.engine)
    return 0


def read_query(text: str) -> str:
    """Return the query that the argument holds or names.

    Raises:
        InputError: The file is missing, is not text, or is far too long for a query.
    """
    if text == "-":
        return _decoded(sys.stdin.buffer.read(_LONGEST + 1), "standard input")
    if not text.strip():
        raise InputError("the query is empty; give SPARQL, a file, or - for standard input")
    if not text.endswith((".rq", ".sparql")) and ("{" in text or "\n" in text or not _names_file(text)):
        _refuse_name(text)
        return text
    if text.lower().endswith(_DATA):
        raise _is_data(text)
    require_regular(text)
    with Path(text).open("rb") as file:
        return _decoded(file.read(_LONGEST + 1), text)


def _names_file(text: str) -> bool:
    try:
        return Path(text).is_file()
    except OSError:
        # Too long for the name of a file, as a query may well be.
        return False


def _refuse_name(text: str) -> None:
    """Say what a single word is that is given where a query is expected.

    Raises:
        InputError: It is one word, which no query is.
    """
    if "{" in text or len(text.split()) > 1:
        return
    from apgraph.questions import Catalogue

    if text in Catalogue():
        raise InputError(f"{text} is a question of the catalogue, no query; ask it: apgraph ask {text}")
    if is_store(Path(text)) or Path(text).is_dir() or text.startswith(("http://", "https://")):
        raise _is_data(text)
    raise InputError(
        f"{text}: neither a query nor a file that is here; give SPARQL in quotes, or a file with it"
    )


def _is_data(name: str) -> InputError:
    return InputError(f"{name} is no query; data goes with --data, beside a query in SPARQL")


def _decoded(content: bytes, name: str) -> str:
    if len(content) > _LONGEST:
        raise InputError(
            f"{name}: more than {_LONGEST:,} characters; that is no query, give data with --data"
        )
    try:
        sparql = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError(f"{name}: not text in UTF-8; give a file with a SPARQL query") from None
    if not sparql.strip():
        raise InputError(f"{name}: empty; write a SPARQL query into it")
    return sparql


def _with_room(sparql: str, limit: float, work: "Callable[[], T]") -> "T":
    """Run a query on a stack that its nesting cannot overflow, which would kill the process."""
    if len(sparql) * _STACK <= _USUAL:
        return work()
    from concurrent.futures import ThreadPoolExecutor

    usual = threading.stack_size(len(sparql) * _STACK)
    try:
        # Not as a context: when time is up, nobody waits for the thread. The engine keeps the limit
        # itself, but not while it reads the query.
        return ThreadPoolExecutor(max_workers=1).submit(work).result(timeout=limit + 1)
    except TimeLimitError:
        raise
    except TimeoutError:
        raise TimeLimitError(f"the query could not be read within {limit:g} s; take it apart") from None
    finally:
        threading.stack_size(usual)


def _write_result(
    result: "Result | bool | tuple[Triple, ...]", layout: str, graph: "Graph", sparql: str, engine: str
) -> None:
    """Write what a query gave: rows, triples, or yes or no."""
    if isinstance(result, bool):
        if layout in {"ttl", "nt"}:
            raise InputError(f"an ASK gives yes or no, not {layout}; use CONSTRUCT for triples")
        write(("true" if result else "false") if layout in {"json", "csv"} else ("yes" if result else "no"))
    elif isinstance(result, tuple):
        _write_triples(result, layout, graph, sparql, engine)
    elif layout in {"ttl", "nt"}:
        raise InputError(
            f"a SELECT gives rows, not {layout}; use CONSTRUCT for triples, or -f table, csv, json or md"
        )
    elif layout == "csv":
        write(result.to_csv())
    elif layout == "json":
        write(result.to_json())
    elif layout == "md":
        write(result.to_markdown())
    elif len(result):
        write_rows(result.columns, [row.cells for row in result.rows], layout)
    else:
        note("no rows")


def _write_triples(
    triples: "tuple[Triple, ...]", layout: str, graph: "Graph", sparql: str, engine: str
) -> None:
    """Write triples in a stable order, as RDF or as rows with labels."""
    if layout == "ttl":
        from apgraph.turtle import write as turtle
        from apgraph.vocabulary import PREFIXES

        write(turtle(triples, PREFIXES))
        return
    ordered = sorted(triples, key=str)
    if layout == "nt":
        write("".join(f"{triple} .\n" for triple in ordered))
        return
    from pyoxigraph import NamedNode
    from pyoxigraph import Triple as Quoted

    from apgraph.questions.rows import python_value

    parts = [(triple.subject, triple.predicate, triple.object) for triple in ordered]
    labels = graph.lexicon.labels(
        term.value for part in parts for term in part if isinstance(term, NamedNode)
    )
    rows = [
        # A triple within a triple (RDF 1.2) has no label: it is shown as it is written.
        tuple(str(term) if isinstance(term, Quoted) else python_value(term, labels) for term in part)
        for part in parts
    ]
    columns = ("subject", "predicate", "object")
    if layout == "table":
        write_rows(columns, rows, layout)
        return
    from apgraph import table
    from apgraph.questions.citation import Basis, cite_query, revision_of
    from apgraph.questions.display import with_citation
    from apgraph.questions.inquiry import today

    made = {"csv": table.to_csv, "json": table.to_json, "md": table.to_markdown}[layout](columns, rows)
    basis = Basis(graph.store, revision_of(graph.store))
    cited = cite_query(basis, sparql, {}, engine=engine, date=today())
    write(with_citation(made, cited, layout))
