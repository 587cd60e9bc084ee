"""``apgraph release``: everything that is published, in one folder."""

from pathlib import Path
from typing import Annotated

import typer

from apgraph.cli.output import note
from apgraph.cli.progress import working

__all__ = ["app"]

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command("release")
def release(
    folder: Annotated[
        str, typer.Argument(metavar="FOLDER", help="The folder to write; it must not be there yet.")
    ],
    site: Annotated[
        str | None,
        typer.Option(
            "--site",
            metavar="URL",
            help="Where releases will be published; without it, no redirects and relative addresses.",
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a release that is there.")] = False,
) -> int:
    """Write a release: the ontology in four syntaxes, shapes, questions, mappings, redirects, checksums.

    The same version gives the same bytes.
    """
    from apgraph.figures import framework_figure
    from apgraph.graph import Graph
    from apgraph.release.bundle import write_bundle

    with working("writing the release"):
        graph = Graph()
        graph.reason()
        picture = framework_figure(graph.store).encode()
        bundle = write_bundle(
            Path(folder),
            site=site,
            inferred=graph.inferred(),
            store=graph.store,
            lexicon=graph.lexicon,
            pictures={
                "framework.svg": (
                    picture,
                    "The framework at a glance: impulses, practices, conditions and models.",
                )
            },
            replace=force,
        )
    note(
        f"written: {folder}, version {bundle.version}, {len(bundle.files)} files, {bundle.triples:,} triples"
    )
    if site is None:
        note(
            "without --site there are no redirects (w3id/), and dataset.ttl counts addresses from its own place"
        )
    return 0
