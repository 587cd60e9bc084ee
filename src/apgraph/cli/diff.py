"""``apgraph diff``: what differs between two versions of an ontology, and what that does to its users."""

from pathlib import Path
from typing import Annotated, Final

import typer

from apgraph.cli.options import TIMEOUT, Timeout, data_option, fail_on_option, format_option, seconds
from apgraph.cli.output import PROSE, choose, note, write, write_prose
from apgraph.cli.progress import working

__all__ = ["app"]

FORMATS: Final = (*PROSE, "sparql")
LEVELS: Final = ("patch", "minor", "major", "never")

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command("diff")
def diff(
    old: Annotated[
        str,
        typer.Argument(
            metavar="OLD", help="The old version: a file, or the folder of a release or a checkout."
        ),
    ],
    new: Annotated[str, typer.Argument(metavar="NEW", help="The new version, likewise.")],
    data: Annotated[
        list[str] | None,
        data_option("Case data to judge under both, beside our examples; may be given again."),
    ] = None,
    fail_on: Annotated[
        str,
        fail_on_option(
            LEVELS,
            metavar="LEVEL",
            about="End with exit code 1 from this kind of version: patch, minor, major or never.",
        ),
    ] = "never",
    layout: Annotated[
        str,
        format_option(FORMATS, "text, json, md, or sparql for an update that migrates data."),
    ] = "text",
    timeout: Timeout = f"{10 * TIMEOUT:g}",
) -> int:
    """Compare two versions of an ontology: terms, answers, verdicts, findings, inferences, and the version that fits.

    Exit code 0: done, whatever differs. Exit code 1: the change is of the kind of --fail-on, or graver.
    Exit code 3: reasoning was not finished in time.
    """
    from apgraph.effects import Level, effects_of, report_json, report_markdown, report_text
    from apgraph.release.difference import compare_editions, read_edition
    from apgraph.release.migration import migration_update

    layout = choose("format", layout, FORMATS)
    least = choose("kind of version", fail_on, LEVELS)
    limit = seconds(timeout)
    difference = compare_editions(read_edition(Path(old)), read_edition(Path(new)))
    if layout == "sparql" and least == "never":
        write(migration_update(difference))
        return 0
    with working("asking every question of both"):
        effects = effects_of(difference, tuple(map(Path, data or ())), timeout=limit)
    if layout == "sparql":
        write(migration_update(difference))
    elif layout == "json":
        write(report_json(difference, effects))
    elif layout == "md":
        write(report_markdown(difference, effects))
    else:
        write_prose(report_text(difference, effects))
    if difference.certain and layout != "sparql":
        note("'-f sparql' prints an update that brings data to the new version")
    return int(
        least != "never" and effects.level.is_at_least(Level(least)) and effects.level is not Level.NONE
    )
