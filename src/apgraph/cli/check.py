"""``apgraph check``: an extension of the ontology against the quality rules, in words."""

from pathlib import Path
from typing import Annotated, Final

import typer

from apgraph.cli.options import TIMEOUT, Timeout, fail_on_option, format_option, seconds, waivers_option
from apgraph.cli.output import TABULAR, choose, note, write, write_prose, write_rows
from apgraph.cli.progress import working
from apgraph.store.deadline import within

__all__ = ["FORMATS", "app"]

FORMATS: Final = (*TABULAR, "html", "sarif")
LEVELS: Final = ("error", "warn", "info")
_COLUMNS: Final = ("level", "rule", "file", "line", "term", "message", "waived", "iri")

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command("check")
def check(
    extensions: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="EXTENSION...",
            help="Files of RDF, folders or globs, checked together; without one, the ontology of this package.",
            show_default=False,
        ),
    ] = None,
    waivers: Annotated[
        list[str] | None,
        waivers_option("What was accepted, by whom, why and until when; may be given again."),
    ] = None,
    fail_on: Annotated[
        str,
        fail_on_option(
            LEVELS, metavar="LEVEL", about="End with exit code 1 from this level: error, warn or info."
        ),
    ] = "error",
    layout: Annotated[
        str,
        format_option(FORMATS, "table, csv, json, md, html for a page, or sarif for editors and code hosts."),
    ] = "table",
    timeout: Timeout = f"{10 * TIMEOUT:g}",
) -> int:
    """Check an extension against the quality rules, and say in words what is wrong and what to do.

    Exit code 0: nothing at or above --fail-on that is not waived. Exit code 1: something. Exit code 3: not finished
    in time.
    Contradictions and classes without members are looked for by the rules of OWL 2 RL; what only OWL 2 DL sees,
    such as a class that needs a value it can't have, 'apgraph reason --dl' finds.
    """
    from apgraph.notices import read_waivers
    from apgraph.release.quality.report import check_extensions, check_ontology, deprecated_in

    layout = choose("format", layout, FORMATS)
    least = choose("level", fail_on, LEVELS)
    limit = seconds(timeout)
    accepted = [Path(each) for each in waivers or ()]
    for file in accepted:
        if not read_waivers(file):
            note(f"{file}: there is no waiver in it")
    with working("checking"):
        # A rule that takes too long is left behind, in a thread that ends with the process.
        report, deprecated = within(
            limit,
            lambda _: (
                (check_extensions(extensions, waivers=accepted), deprecated_in(extensions))
                if extensions
                else (check_ontology(waivers=accepted), ())
            ),
            late="the check did not come to an end within {} s; raise --timeout, or check fewer files at a time",
        )
    for term in deprecated:
        note(str(term))
    if layout == "html":
        write(report.to_html())
    elif layout == "sarif":
        write(report.to_sarif())
    elif layout == "json":
        write(report.to_json())
    elif layout == "table":
        for notice in report.open:
            where = f"{notice.place}: " if notice.place else ""
            write_prose(f"{report.level(notice.severity)}  {where}{notice.message} [{notice.rule}]")
        counts = ", ".join(f"{number} {level}" for level, number in report.counts.items())
        note(f"{report.summary}: {counts}, {report.waived_count} waived")
    else:
        rows = [
            (
                report.level(n.severity), n.rule, n.file or "", n.line or "", n.thing, n.message,
                n.waived.reason if n.waived else "", n.subject or "",
            )
            for n in report.notices
        ]  # fmt: skip
        write_rows(_COLUMNS, rows, layout)
    return int(bool(report.at_least(least)))
