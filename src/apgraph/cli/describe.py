"""``apgraph describe``: one term, its definition, its relations in words, and the evidence."""

from typing import Annotated

import typer

from apgraph.cli.options import Data, Language, Prose, Redact, open_graph
from apgraph.cli.output import PROSE, choose, write

__all__ = ["app"]

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command("describe")
def describe(
    term: Annotated[
        str,
        typer.Argument(metavar="TERM", help="A label, a short name such as apgx:coaching, or an IRI."),
    ],
    data: Data = None,
    layout: Prose = "text",
    language: Language = None,
    redact: Redact = False,
) -> int:
    """Show a term: what it is, what it is related to, which claims of the source speak of it, what is open."""
    layout = choose("format", layout, PROSE)
    description = open_graph(data, redact=redact, language=language).describe(term)
    if layout == "json":
        write(description.to_json())
    elif layout == "md":
        write(description.to_markdown())
    else:
        write(description.to_text())
    return 0
