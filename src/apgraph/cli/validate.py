"""``apgraph validate``: case data against the rules, in words."""

from typing import TYPE_CHECKING, Annotated, Final

import typer

from apgraph.cli.options import open_graph
from apgraph.cli.output import TABULAR, choose, note, write, write_rows
from apgraph.cli.progress import working

if TYPE_CHECKING:
    from apgraph.graph import Graph
    from apgraph.shacl import Report

__all__ = ["FORMATS", "app"]

FORMATS: Final = (*TABULAR, "ttl")
SEVERITIES: Final = ("violation", "warning", "info")
ENGINES: Final = ("pyshacl",)

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
            "--engine", metavar="ENGINE", help="What checks: pyshacl.", autocompletion=lambda: list(ENGINES)
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
    from apgraph.shacl import Severity

    layout = choose("format", layout, FORMATS)
    least = Severity(choose("severity", fail_on, SEVERITIES))
    engine = choose("engine", engine, ENGINES)
    graph = open_graph(data)
    with working("checking"):
        report = graph.validate(shapes=shapes, engine=engine)
    if layout == "json":
        write(report.to_json())
    elif layout == "ttl":
        write(report.to_turtle())
    elif report.findings or layout == "csv":
        write_rows(("severity", "where", "what", "value"), _rows(graph, report), layout)
    note(_summary(report))
    return int(bool(report.at_least(least)))


def _rows(graph: "Graph", report: "Report") -> list[tuple[object, ...]]:
    """Return the findings as rows, nodes by their labels where they have one."""
    from pyoxigraph import NamedNode

    nodes = {
        term.value
        for finding in report
        for term in (finding.focus_node, finding.value)
        if isinstance(term, NamedNode)
    }
    labels = graph.lexicon.labels(nodes)

    def named(term: object) -> str:
        if term is None:
            return ""
        value = getattr(term, "value", str(term))
        if not isinstance(term, NamedNode):
            return str(value)
        short = graph.lexicon.curie(value)
        return f"{labels[value]} ({short})" if value in labels else short

    return [(f.severity.value, named(f.focus_node), f.message, named(f.value)) for f in report]


def _summary(report: "Report") -> str:
    """Return what was found, and on what."""
    found = [
        f"{number} {severity.value}{'s' if number != 1 and severity.value != 'info' else ''}"
        for severity, number in report.counts.items()
        if number
    ]
    graphs = len(report.data_graphs)
    return (
        f"{', '.join(found) or 'nothing to report'}: {report.triples_count:,} triples in {graphs} "
        f"{'graph' if graphs == 1 else 'graphs'}, {report.shapes_count} shapes, engine {report.engine}"
    )
