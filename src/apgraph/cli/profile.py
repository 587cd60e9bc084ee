"""``apgraph profile``: which deployment models and conditions the cases show, and why."""

from typing import TYPE_CHECKING, Annotated, Final

import typer

from apgraph.cli.options import Redact, open_graph
from apgraph.cli.output import TABULAR, choose, write, write_prose, write_whole
from apgraph.cli.progress import working

if TYPE_CHECKING:
    from apgraph.profiles import Profile

__all__ = ["FORMATS", "app"]

FORMATS: Final = (*TABULAR, "html")

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command("profile")
def profile(
    data: Annotated[
        list[str],
        typer.Argument(
            metavar="DATA...", help="Files, folders or globs; or a store folder, or a SPARQL service."
        ),
    ],
    case: Annotated[
        str | None, typer.Option("--case", metavar="CASE", help="One case, by identifier or organisation.")
    ] = None,
    arrangement: Annotated[
        str | None,
        typer.Option("--arrangement", metavar="NAME", help="One arrangement, by label, row or IRI."),
    ] = None,
    on: Annotated[
        str | None,
        typer.Option("--on", metavar="DATE", help="Count observations up to this day, month or year."),
    ] = None,
    model: Annotated[
        list[str] | None,
        typer.Option(
            "--model",
            metavar="MODEL",
            help="Reasons for this model instead of the closest; may be given again.",
        ),
    ] = None,
    layout: Annotated[
        str,
        typer.Option(
            "-f",
            "--format",
            metavar="FORMAT",
            help="table, csv, json, md, or html for a page to print.",
            autocompletion=lambda: list(FORMATS),
        ),
    ] = "table",
    output: Annotated[
        str | None,
        typer.Option(
            "-o",
            "--output",
            metavar="FILE",
            help="Where html goes; standard output by default.",
        ),
    ] = None,
    redact: Redact = False,
) -> int:
    """Say which deployment models each arrangement resembles, why, and what is missing.

    The verdicts follow rules of this project, not of the source. What was not recorded is never taken as absent.
    """
    from apgraph.errors import InputError

    layout = choose("format", layout, FORMATS)
    if output is not None and layout != "html":
        raise InputError(f"-o goes with -f html; for {layout}, write '> {output}'")
    if case is not None and arrangement is not None:
        raise InputError("give --case or --arrangement, not both")
    name = case if case is not None else arrangement
    graph = open_graph(data, redact=redact)
    with working("comparing with the models"):
        found = graph.profiles(on=on) if name is None else (graph.profile(name, on=on),)
    if not found:
        raise InputError("the data has no deployment arrangement; describe one as apg:DeploymentArrangement")
    _print(found, tuple(model or ()), layout, output)
    return 0


def _print(found: "tuple[Profile, ...]", models: tuple[str, ...], layout: str, output: str | None) -> None:
    if layout == "json":
        import json

        write(json.dumps([each.to_records() for each in found], indent=2, ensure_ascii=False))
    elif layout == "html":
        from apgraph.profiles.html import to_html

        write_whole(to_html(found, models), output)
    elif layout == "md":
        write("\n".join(each.to_markdown(models=models) for each in found))
    elif layout == "csv":
        from apgraph.profiles.profile import cite_all
        from apgraph.profiles.report import COLUMNS, rows
        from apgraph.questions.display import with_citation
        from apgraph.table import to_csv

        listed = [
            (each.case, arrangement.term, *row)
            for each in found
            for arrangement in each
            for row in rows(arrangement)
        ]
        table = to_csv(("case", "arrangement", *COLUMNS), listed)
        write(with_citation(table, cite_all(found), layout))
    else:
        write_prose("\n\n".join(each.to_text(models=models) for each in found))
