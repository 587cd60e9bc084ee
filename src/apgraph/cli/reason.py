"""``apgraph reason``: what follows from framework and data, why, and where they contradict one another."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, TypeVar

import typer

from apgraph.cli.options import TIMEOUT, Language, Timeout, format_option, open_graph, seconds
from apgraph.cli.output import choose, note, write, write_prose
from apgraph.cli.progress import working
from apgraph.errors import InputError
from apgraph.store.deadline import within

if TYPE_CHECKING:
    from collections.abc import Callable

    from pyoxigraph import Triple

    from apgraph.graph import Graph
    from apgraph.reasoning import Reasoning
    from apgraph.reasoning.justification import Justification
    from apgraph.reasoning.rl import Explanation

__all__ = ["FORMATS", "app"]

T = TypeVar("T")

FORMATS: Final = ("table", "json", "ttl", "md")

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command("reason")
def reason(
    data: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="DATA...",
            help="Files, folders or globs; or a store folder, or a SPARQL service. The framework alone by default.",
        ),
    ] = None,
    dl: Annotated[
        bool, typer.Option("--dl", help="Ask HermiT, for all of OWL 2 DL, instead of the rules of OWL 2 RL.")
    ] = False,
    explain: Annotated[
        str | None,
        typer.Option(
            "--explain",
            metavar="TRIPLE",
            help="Say why this holds, by the rules or, with --dl, in OWL 2 DL: subject, predicate and object by "
            "prefixed name, IRI or 'label'.",
        ),
    ] = None,
    show_sparql: Annotated[
        bool, typer.Option("--show-sparql", help="Print the updates of the rules, and infer nothing.")
    ] = False,
    layout: Annotated[
        str,
        format_option(
            FORMATS,
            "table, json or md; ttl for what was inferred as triples. All four go with --explain, too.",
        ),
    ] = "table",
    language: Language = None,
    timeout: Timeout = f"{10 * TIMEOUT:g}",
) -> int:
    """Infer what follows from framework and data, and say where they contradict one another.

    Exit code 0: no contradiction. Exit code 1: there is one, or, with --dl, a class that can have no
    member, which the rules do not look for. Exit code 3: not finished in time.
    """
    layout = choose("format", layout, FORMATS)
    limit = seconds(timeout)
    if dl and show_sparql:
        raise InputError("--show-sparql is about the rules of OWL 2 RL; leave out --dl")
    graph = open_graph(data, language=language)
    if show_sparql:
        write("\n\n".join(graph.inference_queries()))
        return 0
    if explain is not None:
        wanted = _triple(graph, explain)
        if dl:
            with working("HermiT is asked what follows") as say:
                justified = graph.justify(wanted, timeout=limit, progress=say)
            _print_justification(graph, justified, layout)
            return 0
        with working("inferring"):
            explained = _within(graph, limit, lambda: graph.explain_inference(wanted, timeout=limit))
        _print_explanation(graph, explained, layout)
        return 0
    with working("HermiT is running" if dl else "inferring"):
        # HermiT is stopped by itself.
        found = (
            graph.reason(dl=True, timeout=limit)
            if dl
            else _within(graph, limit, lambda: graph.reason(timeout=limit))
        )
    _print(graph, found, layout)
    return 0 if found.consistent and not found.unsatisfiable else 1


def _triple(graph: "Graph", said: str) -> "Triple":
    """Read the triple to explain; prefixes that the files given declare are known, beside the usual ones."""
    from apgraph.lexicon import SHORT
    from apgraph.reasoning.pattern import read_triple
    from apgraph.turtle.prefixes import declared_prefixes

    files = {Path(each.file) for each in graph.places().values()}
    return read_triple(said, prefixes={**declared_prefixes(files), **SHORT}, resolve=graph.lexicon.resolve)


def _within(graph: "Graph", limit: float, work: "Callable[[], T]") -> "T":
    """Run the rules; in a store of this process leave them behind, in a thread that ends with it, if it takes too long.

    A service answers within its own time limit, after which what is half made there is cleared away.
    """
    from apgraph.store import OxigraphStore

    if not isinstance(graph.store, OxigraphStore):
        return work()
    return within(
        limit, lambda _: work(), late="the rules did not come to an end within {} s; raise --timeout"
    )


def _label(graph: "Graph") -> "Callable[[str], str]":
    """Return how an IRI reads: by its label, in quotes where it has several words; else as a prefixed name."""
    lexicon = graph.lexicon

    def label(iri: str) -> str:
        name = lexicon.label(iri)
        if name is None:
            return lexicon.curie(iri)
        return f"'{name}'" if " " in name else name

    return label


def _print_explanation(graph: "Graph", explained: "Explanation", layout: str) -> None:
    label = _label(graph)
    if layout == "ttl":
        _write_triples(explained.to_rdf())
    elif layout == "md":
        write(explained.to_markdown(label=label))
    elif layout == "json":
        import json

        lines = explained.to_text(label=label).split("\n")
        triples = [[str(term) for term in fact] for fact in explained.asserted]
        write(json.dumps({"words": lines, "asserted": triples}, indent=2, ensure_ascii=False))
    else:
        write_prose(explained.to_text(label=label))


def _print_justification(graph: "Graph", justified: "Justification", layout: str) -> None:
    label = _label(graph)
    if layout == "ttl":
        _write_triples(justified.to_rdf())
    elif layout == "md":
        write(justified.to_markdown(label=label))
    elif layout == "json":
        import json

        write(json.dumps(justified.to_records(label=label), indent=2, ensure_ascii=False))
    else:
        write_prose(justified.to_text(label=label))


def _print(graph: "Graph", found: "Reasoning", layout: str) -> None:
    if layout == "ttl":
        _write_triples(found.triples or graph.inferred())
        for clash in found.clashes:
            note(f"contradiction by {clash.clash}: {clash.to_text().splitlines()[-1]}")
        for text in found.left_out:
            note(f"left out: {text}")
        return
    label = _label(graph)
    if layout == "json":
        import json

        record = found.to_records(label=label)
        for shown, clash in zip(record["clashes"], found.clashes, strict=True):
            shown["places"] = _places(graph, clash)
        write(json.dumps(record, indent=2, ensure_ascii=False))
    elif layout == "md":
        write(found.to_markdown(label=label, places=lambda clash: _places(graph, clash)))
    else:
        write_prose(found.to_text(label=label, places=lambda clash: _places(graph, clash)))


def _places(graph: "Graph", clash: "Explanation") -> list[str]:
    return list(dict.fromkeys(str(origin) for origin in graph.origins(clash) if origin is not None))


def _write_triples(triples: "tuple[Triple, ...]") -> None:
    from apgraph.turtle import write as turtle
    from apgraph.vocabulary import PREFIXES

    write(turtle(triples, PREFIXES))
