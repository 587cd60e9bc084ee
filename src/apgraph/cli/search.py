"""``apgraph search``: terms by words in their labels and definitions."""

from typing import Annotated

import typer

from apgraph.cli.options import Data, Format, Language, Redact, count, open_graph
from apgraph.cli.output import TABULAR, choose, note, write_rows

__all__ = ["app"]

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command("search")
def search(
    words: Annotated[
        list[str], typer.Argument(metavar="WORDS...", help="What to look for; typing errors are forgiven.")
    ],
    data: Data = None,
    layout: Format = "table",
    limit: Annotated[str, typer.Option("--limit", metavar="N", help="Show so many at most.")] = "20",
    language: Language = None,
    redact: Redact = False,
) -> int:
    """Find terms by words in their labels and definitions, best match first."""
    layout = choose("format", layout, TABULAR)
    most = count("--limit", limit)
    graph = open_graph(data, redact=redact, language=language)
    hits = graph.search(" ".join(words))
    rows = [(hit.label, hit.curie, hit.definition) for hit in hits[:most]]
    if not rows and layout == "table":
        note("nothing like that; try other words, or 'apgraph ask terms' for all of them")
        return 0
    write_rows(("label", "term", "definition"), rows, layout)
    if len(hits) > most:
        note(f"{len(hits) - most} more; ask for them with --limit {len(hits)}")
    return 0
