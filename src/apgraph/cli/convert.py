"""``apgraph convert``: a case from one form to another."""

from typing import Annotated

import typer

from apgraph.cli.options import Language, Redact, data_option, open_graph, say_notes
from apgraph.cli.output import note
from apgraph.cli.progress import working

__all__ = ["app"]

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command("convert")
def convert(
    source: Annotated[str, typer.Argument(metavar="IN", help="A workbook, a folder of CSV files, or RDF.")],
    target: Annotated[
        str,
        typer.Argument(
            metavar="OUT",
            help="The form is told by the name: .xlsx, .ttl, .nt, .nq, .trig, .rdf, .jsonld, or a folder for CSV.",
        ),
    ],
    data: Annotated[
        list[str] | None,
        data_option("Extensions whose terms the case uses; may be given again."),
    ] = None,
    register: Annotated[
        str | None,
        typer.Option(
            "--register",
            metavar="FILE",
            help="A register of providers (CSV): name, type and region that the case leaves open come from it, by UKPRN.",
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace what is there under that name.")] = False,
    language: Language = None,
    redact: Redact = False,
) -> int:
    """Convert a case between workbook, CSV files, RDF and JSON-LD; nothing of it is lost.

    A sheet Further statements takes what no other sheet has a column for.
    """
    from apgraph.cases.convert import convert_case

    graph = open_graph(data, language=language)
    known = set(graph.store.graphs())
    with working(f"reading {source}"):
        graph.load(source, strict=False)
    say_notes(graph, known=known)
    filled: set[tuple[str, str]] = set()
    if register is not None:
        with working(f"reading {register}"):
            taken = graph.fill_from(register, named=not redact)
        filled = {(each.organisation, each.property) for each in taken}
        for each in taken:
            note(str(each))
        if not taken:
            note(f"{register}: the case leaves nothing open that it tells")
        if redact:
            note(f"{register}: no name is taken over from it, as --redact asks")
    problems_of_cells = [problem for places in graph.places().values() for problem in places.problems()]
    graph = graph.redacted() if redact else graph
    with working(f"writing {target}"):
        problems = convert_case(graph.store, graph.choices(), known, source, target, replace=force)
    wrong = [
        p for p in problems_of_cells if (p.focus_node.value, p.path.value if p.path else "") not in filled
    ]
    unread = sum(p.value is not None for p in wrong)
    empty = len(wrong) - unread
    said = [
        *(
            [f"{_cells(unread)} can't be read as what is asked for and {_are(unread)} kept as text"]
            if unread
            else []
        ),
        *([f"{_cells(empty)} that must be filled in {_are(empty)} empty"] if empty else []),
    ]
    if said:
        names = "names it" if len(wrong) == 1 else "names them"
        note(f"{'; '.join(said)}: 'apgraph validate {source}' {names}")
    note(f"written: {target}" + (f" ({problems})" if problems else ""))
    return 0


def _cells(number: int) -> str:
    return "1 cell" if number == 1 else f"{number} cells"


def _are(number: int) -> str:
    return "is" if number == 1 else "are"
