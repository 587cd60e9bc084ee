"""``apgraph evidence``: a claim of the source, and its passage in the reader's own copy of the source."""

from typing import TYPE_CHECKING, Annotated

import typer

from apgraph.cli.options import Prose, open_graph
from apgraph.cli.output import PROSE, choose, write, write_prose

if TYPE_CHECKING:
    from apgraph.evidence import Claim, Passage

__all__ = ["app"]

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command("evidence")
def evidence(
    claim: Annotated[
        str, typer.Argument(metavar="CLAIM", help="Its number, such as C034 or 34, or R01 for a reading.")
    ],
    source: Annotated[
        str | None,
        typer.Option(
            "--source", metavar="FILE", help="Your copy of the source: checked, then the passage is shown."
        ),
    ] = None,
    layout: Prose = "text",
) -> int:
    """Show a claim of the source: what it says in other words, where it stands, what rests on it.

    The source itself is not part of apgraph. With --source your own copy of it is compared by its hash,
    and the passage is shown if it is the same text.
    """
    layout = choose("format", layout, PROSE)
    graph = open_graph()
    found = graph.evidence(claim)
    passage = None if source is None else graph.check_source(found.id, source)
    labels = graph.lexicon.labels(found.about)
    about = [f"{labels[iri]} ({graph.lexicon.curie(iri)})" for iri in found.about if iri in labels]
    if layout == "json":
        write(_json(found, passage))
    elif layout == "md":
        write(_markdown(found, passage, about))
    else:
        write_prose("\n".join([str(found), f"  about: {'; '.join(about)}"] if about else [str(found)]))
        if passage is not None:
            write_prose(f"\n{passage}")
    return 0


def _json(claim: "Claim", passage: "Passage | None") -> str:
    import dataclasses
    import json

    record = dataclasses.asdict(claim)
    if passage is not None:
        record["passage"] = [dataclasses.asdict(excerpt) for excerpt in passage.excerpts]
    return json.dumps(record, indent=2, ensure_ascii=False)


def _markdown(claim: "Claim", passage: "Passage | None", about: list[str]) -> str:
    lines = [f"**{claim.id}** ({claim.kind}): {claim.paraphrase}", ""]
    facts = {
        "slide": claim.section,
        "report": claim.report,
        "study": claim.study,
        "hedge": claim.hedge,
        "attribution": claim.attribution,
        "a reading of": ", ".join(claim.reads),
        "about": "; ".join(about),
    }
    lines += [f"- {name}: {value}" for name, value in facts.items() if value]
    lines += [f"- note: {note}" for note in claim.notes]
    if passage is not None:
        lines += ["", *(f"> {' '.join(excerpt.text.split())}" for excerpt in passage.excerpts)]
    return "\n".join(lines)
