"""``apgraph compare``: cases side by side, or one case over time."""

from typing import Annotated

import typer

from apgraph.cli.options import Redact, open_graph
from apgraph.cli.output import TABULAR, choose, write, write_prose
from apgraph.cli.progress import working

__all__ = ["app"]

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command("compare")
def compare(
    data: Annotated[
        list[str],
        typer.Argument(
            metavar="DATA...", help="Files, folders or globs; or a store folder, or a SPARQL service."
        ),
    ],
    case: Annotated[
        list[str] | None,
        typer.Option("--case", metavar="CASE", help="Only this case or arrangement; may be given again."),
    ] = None,
    on: Annotated[
        list[str] | None,
        typer.Option("--on", metavar="DATE", help="Show each as of this date; may be given again."),
    ] = None,
    over_time: Annotated[
        bool, typer.Option("--over-time", help="Show each as of the end of every year with observations.")
    ] = False,
    layout: Annotated[
        str,
        typer.Option(
            "-f",
            "--format",
            metavar="FORMAT",
            help="table, csv, json or md.",
            autocompletion=lambda: list(TABULAR),
        ),
    ] = "table",
    redact: Redact = False,
) -> int:
    """Set cases side by side, or one case at several dates: features, conditions, and what they say of findings.

    Cases that support a finding of the source, or speak against it, are listed. No statistic is made of them.
    """
    layout = choose("format", layout, TABULAR)
    graph = open_graph(data, redact=redact)
    with working("comparing"):
        found = graph.compare(*(case or ()), on=tuple(on or ()), over_time=over_time)
    if layout == "json":
        write(found.to_json())
    elif layout == "md":
        write(found.to_markdown())
    elif layout == "csv":
        write(found.to_csv())
    else:
        write_prose(found.to_text())
    return 0
