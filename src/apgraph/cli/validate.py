"""``apgraph validate``: case data against the rules, in words."""

from typing import TYPE_CHECKING, Annotated, Final

import typer

from apgraph.cli.options import open_graph
from apgraph.cli.output import TABULAR, choose, write, write_prose, write_rows
from apgraph.cli.progress import working

if TYPE_CHECKING:
    from apgraph.graph import Graph
    from apgraph.shacl import Report

__all__ = ["FORMATS", "app"]

FORMATS: Final = (*TABULAR, "ttl")
SEVERITIES: Final = ("violation", "warning", "info")
_COLUMNS: Final = ("severity", "rule", "place", "case", "thing", "sheet", "field", "value", "message", "iri")

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command("validate")
def validate(
    data: Annotated[
        list[str],
        typer.Argument(
            metavar="DATA...", help="Files, folders or globs; or a store folder, or a SPARQL service."
        ),
    ],
    shapes: Annotated[
        list[str] | None,
        typer.Option(
            "--shapes", metavar="FILE", help="Rules of your own (SHACL) instead of ours; may be given again."
        ),
    ] = None,
    engine: Annotated[
        str,
        typer.Option(
            "--engine", metavar="ENGINE", help="What checks: pyshacl.", autocompletion=lambda: ["pyshacl"]
        ),
    ] = "pyshacl",
    fail_on: Annotated[
        str,
        typer.Option(
            "--fail-on",
            metavar="SEVERITY",
            help="End with exit code 1 from this severity: violation, warning or info.",
            autocompletion=lambda: list(SEVERITIES),
        ),
    ] = "violation",
    layout: Annotated[
        str,
        typer.Option(
            "-f",
            "--format",
            metavar="FORMAT",
            help="table, csv, json, md, or ttl for a SHACL report.",
            autocompletion=lambda: list(FORMATS),
        ),
    ] = "table",
) -> int:
    """Check case data against the rules, and say in words what is wrong and where.

    Exit code 0: nothing at or above --fail-on. Exit code 1: something.
    """
    from apgraph.shacl import Severity, engines

    layout = choose("format", layout, FORMATS)
    least = Severity(choose("severity", fail_on, SEVERITIES))
    engine = choose("engine", engine, engines())
    graph = open_graph(data)
    with working("checking"):
        report = graph.validate(shapes=shapes, engine=engine)
    _print(graph, report, layout)
    return int(bool(report.at_least(least)))


def _print(graph: "Graph", report: "Report", layout: str) -> None:
    from apgraph.cases import report_lines

    if layout == "ttl":
        write(report.to_turtle())
        return
    if layout == "table":
        write_prose("\n".join(report_lines(report, graph.store, graph.lexicon, places=graph.places())))
        return
    found = [explained.to_record() for explained in graph.explain(report)]
    if layout == "json":
        import json

        write(json.dumps({**report.to_records(), "findings": found}, indent=2, ensure_ascii=False))
        return
    write_rows(_COLUMNS, [tuple(record[column] for column in _COLUMNS) for record in found], layout)
