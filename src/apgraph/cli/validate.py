"""``apgraph validate``: case data against the rules, in words."""

import re
from pathlib import Path
from threading import TIMEOUT_MAX
from typing import TYPE_CHECKING, Annotated, Final

import typer

from apgraph.cli.options import (
    Language,
    Redact,
    Sources,
    check_output,
    fail_on_option,
    format_option,
    is_store,
    open_graph,
    output_option,
    waivers_option,
)
from apgraph.cli.output import TABULAR, choose, note, write, write_prose, write_rows, write_whole
from apgraph.cli.progress import working
from apgraph.errors import InputError
from apgraph.store.deadline import within

if TYPE_CHECKING:
    from apgraph.cases.report import CaseReport
    from apgraph.notices import Waiver
    from apgraph.shacl import Report

__all__ = ["FORMATS", "app"]

FORMATS: Final = (*TABULAR, "html", "sarif", "ttl", "xlsx")
SEVERITIES: Final = ("violation", "warning", "info")
ENGINES: Final = ("sets", "pyshacl", "both")
"""As :func:`apgraph.shacl.engines` has them, which takes the engine's import: that goes on while the framework is read."""
_NUMBERED: Final = re.compile(r"#rule-([0-9]+)")
_NAMED: Final = 5
"""How many of the nodes that no shape looked at are named."""

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command("validate")
def validate(
    data: Sources,
    shapes: Annotated[
        list[str] | None,
        typer.Option(
            "--shapes", metavar="FILE", help="Rules of your own (SHACL) instead of ours; may be given again."
        ),
    ] = None,
    engine: Annotated[
        str,
        typer.Option(
            "--engine",
            metavar="ENGINE",
            help="What checks: sets, pyshacl, or both, which tells where they disagree.",
            autocompletion=lambda: list(ENGINES),
        ),
    ] = "sets",
    fail_on: Annotated[
        str,
        fail_on_option(
            SEVERITIES,
            metavar="SEVERITY",
            about="End with exit code 1 from this severity: violation, warning or info.",
        ),
    ] = "violation",
    strict: Annotated[
        bool,
        typer.Option(
            "--strict",
            help="End with exit code 1, too, if a shape looked at nothing or names what nothing knows; say what no shape met.",
        ),
    ] = False,
    register: Annotated[
        list[str] | None,
        typer.Option(
            "--register",
            metavar="FILE",
            help="A register of providers (CSV) to hold organisations against; or a workforce return (XML) to count.",
        ),
    ] = None,
    show_sparql: Annotated[
        bool, typer.Option("--show-sparql", help="Print the queries that check, and check nothing.")
    ] = False,
    layout: Annotated[
        str,
        format_option(
            FORMATS,
            "table, csv, json, md, html for a page to print, sarif for editors and code hosts, ttl for a SHACL report, or xlsx for the workbook with its cells marked.",
        ),
    ] = "table",
    output: Annotated[
        str | None,
        output_option(
            "Where html, sarif or xlsx goes; standard output by default, for xlsx NAME-checked.xlsx beside the given one."
        ),
    ] = None,
    waivers: Annotated[
        list[str] | None,
        waivers_option(
            "What is accepted, until when and why; may be given again; NAME.waivers.yaml beside each file by default."
        ),
    ] = None,
    language: Language = None,
    redact: Redact = False,
) -> int:
    """Check case data against the rules, and say in words what is wrong and where.

    What a waiver accepts is listed as waived and does not count.

    Exit code 0: nothing at or above --fail-on. Exit code 1: something. Exit code 3: something could not be checked,
    such as a constraint with a broken query, or one whose name SHACL does not have.
    """
    layout = choose("format", layout, FORMATS)
    fail_on = choose("severity", fail_on, SEVERITIES)
    engine = choose("engine", engine, ENGINES)
    check_output(output, layout, ("html", "sarif", "xlsx"))
    if redact and layout == "xlsx":
        raise InputError(
            "-f xlsx marks your own workbook, where nothing is removed; leave out --redact, or make a redacted copy "
            "with 'apgraph convert --redact'"
        )
    marked = _marked(data, output) if layout == "xlsx" else None
    accepted = _waivers(data, waivers)
    graph = open_graph(data, language=language, strict=False)
    if show_sparql:
        write("\n\n".join(graph.validation_queries(shapes=shapes)))
        return 0
    from apgraph.shacl import Severity

    if shapes is None and not graph.cases():
        raise InputError(
            f"{' '.join(data)}: there is no case in it (no apg:CaseRecord); check that it is the right file"
        )
    listed = _registers(register or [])
    with working("checking"):
        # Oxigraph does not stop a query for Ctrl-C: the work is in a thread, and this one can leave it.
        report = within(
            TIMEOUT_MAX,
            lambda _: graph.validate(shapes=shapes, engine=engine, coverage=strict, register=listed),
        )
        # The standard's own report names no cells: without waivers there are no words to find for it.
        plain = layout == "ttl" and not accepted and not redact
        told = None if plain else graph.report(report, checked=data, waivers=accepted, redact=redact)
    if told is None:
        write(report.to_turtle())
    elif marked is not None:
        from apgraph.cases.marking import mark_findings

        with working("marking the workbook"):
            number = mark_findings(Path(data[0]), marked, told.open)
        note(f"written: {marked}, {number} cells marked, {len(told.open)} findings")
    else:
        _print(told, layout, output)
    grave = report.at_least(Severity(fail_on)) if told is None else told.at_least(fail_on)
    failed = _told(report, ours=shapes is None) or bool(grave)
    for unchecked in report.unchecked:
        note(f"not checked: {unchecked}")
        failed = failed or (strict and unchecked.is_slip)
    return 1 if failed else 3 if report.unchecked else 0


def _registers(files: list[str]) -> str | None:
    """Return the register of providers among some files; say the counts of the workforce returns.

    Raises:
        InputError: A file can't be read, or there are two registers.
    """
    if not files:
        return None
    from apgraph.cases.registers import read_register
    from apgraph.cases.workforce import read_workforce

    listed = None
    for file in files:
        if file.lower().endswith(".xml"):
            for line in read_workforce(Path(file)).lines():
                note(line)
            continue
        if listed is not None:
            raise InputError(f"{listed} and {file} are two registers; give one")
        listed = file
        for said in read_register(Path(file)).notes:
            note(f"{file}: {said}")
    return listed


def _waivers(data: list[str], files: list[str] | None) -> "tuple[Waiver, ...]":
    """Return the waivers of the files given, else of those that lie beside the data."""
    if files:
        from apgraph.notices import read_waivers

        given = {file: read_waivers(Path(file)) for file in files}
        for file in (file for file, waivers in given.items() if not waivers):
            note(f"{file}: there is no waiver in it")
        return tuple(waiver for waivers in given.values() for waiver in waivers)
    if any(source.startswith(("http://", "https://")) or is_store(Path(source)) for source in data):
        return ()
    from apgraph.cases.waivers import find_waivers

    found = find_waivers([source for source in data if source.strip()])
    for file in dict.fromkeys(waiver.file for waiver in found):
        note(f"waivers: {file}")
    return found


def _told(report: "Report", *, ours: bool) -> int:
    """Tell what is beside the findings; return 1 where that is a failure.

    Args:
        report: The report.
        ours: Whether the rules are those of this package: an empty sheet is nothing to mend in them.
    """
    for disagreement in report.disagreements:
        note(str(disagreement))
    coverage = report.coverage
    if coverage is None:
        return int(bool(report.disagreements))
    for target in sorted(coverage.unknown_targets, key=str):
        note(str(target))
    if ours and (silent := {shape.where for shape in (*coverage.vacuous, *coverage.idle)}):
        numbers = sorted({int(number) for where in silent for number in _NUMBERED.findall(where)})
        which = f" of rules {', '.join(map(str, numbers))}" if numbers else ""
        parts = "1 part" if len(silent) == 1 else f"{len(silent)} parts"
        note(
            f"{parts}{which} had nothing to look at: the sheets or columns that they are about are empty, or not there "
            "by the names that the template gives them (-f json lists all)"
        )
    # Named after their shapes, since the order of shapes is another in each run.
    for shape in () if ours else sorted(coverage.vacuous, key=lambda shape: shape.where):
        so = f", so {', '.join(shape.idle)} judged nothing" if shape.idle else ""
        note(f"{shape.where}: it looked at no node of the data{so}")
    for shape in () if ours else sorted(coverage.idle, key=lambda shape: shape.where):
        known = "".join(
            f"; nothing knows the property <{iri}>, {f'did you mean <{near[0]}>?' if near else 'check its spelling'}"
            for iri, near in zip(shape.unknown, shape.nearest, strict=True)
        )
        note(f"{shape.where}: no node has a value for it, so {', '.join(shape.idle)} judged nothing{known}")
    if coverage.unseen_count:
        number = coverage.unseen_count
        named = [str(node) for node in coverage.unseen[:_NAMED]]
        more = ", …" if named and number > len(named) else ""
        note(
            f"no shape looked at {number} of the {coverage.nodes} nodes"
            + (f": {', '.join(named)}{more}" if named else "")
        )
    # A node that no shape looks at is no failure: data may hold more than the rules are about.
    return int(bool(report.disagreements) or coverage.is_lacking)


def _marked(data: list[str], output: str | None) -> Path:
    """Return where the marked workbook goes.

    Raises:
        InputError: There is not exactly one workbook, or it would be written over.
    """
    if len(data) != 1 or not data[0].lower().endswith(".xlsx"):
        raise InputError("-f xlsx marks one workbook; give one .xlsx file")
    from apgraph.cases.waivers import CHECKED

    given = Path(data[0])
    target = Path(output) if output is not None else given.with_name(f"{given.stem}{CHECKED}.xlsx")
    if target.suffix.lower() != ".xlsx":
        raise InputError(f"{target}: the marked workbook is an .xlsx file; give a name that ends in .xlsx")
    if target.resolve() == given.resolve():
        raise InputError(f"{target} is the workbook itself; give another name with --output")
    if output is None and target.exists():
        # People correct the copy that shows them what is wrong.
        raise InputError(
            f"{target} is there already, and may hold corrections; give another name with -o, or remove it"
        )
    return target


def _print(told: "CaseReport", layout: str, output: str | None) -> None:
    if layout == "ttl":
        write(told.report.to_turtle())
    elif layout == "table":
        write_prose("\n".join(told.to_lines()))
    elif layout in {"html", "sarif"}:
        write_whole(told.to_html() if layout == "html" else told.to_sarif(), output)
    elif layout == "json":
        write(told.to_json())
    else:
        write_rows(told.columns, told.rows(), layout)
