"""``apgraph template``: the workbook that an AP lead fills in."""

from pathlib import Path
from typing import Annotated

import typer

from apgraph.cli.options import Language, data_option, open_graph
from apgraph.cli.output import note
from apgraph.cli.progress import working

__all__ = ["app"]

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command("template")
def template(
    file: Annotated[str, typer.Argument(metavar="FILE.xlsx", help="The workbook to write.")],
    data: Annotated[
        list[str] | None,
        data_option("Extensions whose terms the lists offer, too; may be given again."),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a file of that name.")] = False,
    language: Language = None,
) -> int:
    """Write an empty case workbook, with lists to choose from, help, and an example row on each sheet."""
    from apgraph.cases.template import write_workbook

    graph = open_graph(data, language=language)
    with working("writing the workbook"):
        write_workbook(Path(file), graph.store, graph.choices(), replace=force)
    note(f"written: {file}")
    return 0
