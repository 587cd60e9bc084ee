"""``apgraph compare``: cases side by side, or one case over time."""

from dataclasses import replace
from typing import Annotated, Final

import typer

from apgraph.cli.caveat import caveat
from apgraph.cli.options import (
    Language,
    Redact,
    Sources,
    check_output,
    format_option,
    open_graph,
    output_option,
)
from apgraph.cli.output import TABULAR, choose, note, write, write_prose, write_whole
from apgraph.cli.progress import working

__all__ = ["FORMATS", "app"]

FORMATS: Final = (*TABULAR, "html")

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command("compare")
def compare(
    data: Sources,
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
        str, format_option(FORMATS, "table, csv, json, md, or html for a page to print.")
    ] = "table",
    output: Annotated[str | None, output_option("Where html goes; standard output by default.")] = None,
    language: Language = None,
    redact: Redact = False,
) -> int:
    """Set cases side by side, or one case at several dates: features, conditions, and what they say of findings.

    Cases that support a finding of the source, or speak against it, are listed. No statistic is made of them.
    """
    layout = choose("format", layout, FORMATS)
    check_output(output, layout, ("html",))
    given = open_graph(data, language=language)
    graph = given.redacted() if redact else given
    with working("comparing"):
        found = graph.compare(*(case or ()), on=tuple(on or ()), over_time=over_time)
    for date in on or ():
        if all(column.on != date for column in found.columns):
            note(f"nothing was observed up to {date}, so it has no column")
    warned = caveat(given, data, {each.case.case for each in found.columns})
    found = replace(found, caveat=warned)
    if layout == "json":
        write(found.to_json())
    elif layout == "html":
        write_whole(found.to_html(), output)
    elif layout == "md":
        write(found.to_markdown())
    elif layout == "csv":
        write(found.to_csv())
        if found.passed_over:
            note(found.passed_over)
    else:
        write_prose(found.to_text())
    if warned:
        note(warned)
    return 0
