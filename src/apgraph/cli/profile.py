"""``apgraph profile``: which deployment models and conditions the cases show, and why."""

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Final

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

if TYPE_CHECKING:
    from apgraph.profiles import Profile

__all__ = ["FORMATS", "app"]

FORMATS: Final = (*TABULAR, "html")

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command("profile")
def profile(
    data: Sources,
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
        format_option(FORMATS, "table, csv, json, md, or html for a page to print."),
    ] = "table",
    output: Annotated[str | None, output_option("Where html goes; standard output by default.")] = None,
    language: Language = None,
    redact: Redact = False,
) -> int:
    """Say which deployment models each arrangement resembles, why, and what is missing.

    The verdicts follow rules of this project, not of the source. What was not recorded is never taken as absent.
    """
    from apgraph.errors import InputError

    layout = choose("format", layout, FORMATS)
    check_output(output, layout, ("html",))
    if case is not None and arrangement is not None:
        raise InputError("give --case or --arrangement, not both")
    name = case if case is not None else arrangement
    given = open_graph(data, language=language)
    graph = given.redacted() if redact else given
    with working("comparing with the models"):
        found = graph.profiles(on=on) if name is None else (graph.profile(name, on=on),)
    if not found:
        raise InputError(
            "the data has no deployment arrangement; describe one on sheet Arrangements, or as apg:DeploymentArrangement"
        )
    warned = caveat(given, data, {each.case for each in found})
    # In text it stands once, at the head of all; in JSON each case is a record of its own.
    found = tuple(
        replace(each, caveat=warned) if at == 0 or layout == "json" else each for at, each in enumerate(found)
    )
    _print(found, tuple(model or ()), layout, output)
    if warned:
        note(warned)
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
