"""``apgraph ask``: the questions by name; each is a sub-command with its own parameters and help."""

import inspect
import textwrap
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer
from typer.core import TyperCommand
from typer.main import get_command

from apgraph.cli.group import LazyGroup, taking_text, with_value
from apgraph.cli.options import (
    TIMEOUT,
    Data,
    Engine,
    Format,
    Inferred,
    Language,
    Redact,
    Timeout,
    count,
    engine_named,
    infer,
    open_graph,
    seconds,
)
from apgraph.cli.output import TABULAR, choose, note, write, write_prose, write_rows
from apgraph.cli.progress import working
from apgraph.errors import InputError

if TYPE_CHECKING:
    from apgraph.questions import Answer, Catalogue, Parameter, Question
    from apgraph.questions.why import Why

__all__ = ["app"]

ASKERS: Final = {
    "researcher": "Researchers ask",
    "lead": "AP leads ask (about their own case data)",
    "importer": "Those who import the ontology ask",
}
_SHOWN: Final = 30
"""So many allowed values of a parameter are listed in its help."""

_PARAMETER: Final = "parameter_"
"""Before a parameter's name, which may be a word of Python's own (``class``) or an option's that all have."""


def _catalogue() -> "Catalogue":
    from apgraph.questions import Catalogue

    return Catalogue()


class _Questions(LazyGroup):
    kind = "question"

    @cached_property
    def catalogue(self) -> "Catalogue":
        """The questions."""
        return _catalogue()

    def list_commands(self, _ctx: Any) -> list[str]:
        """Return the names, without reading the questions."""
        return list(self.catalogue.ids())

    def lines(self) -> Mapping[str, str]:
        """Return each question's name and text."""
        return {question.id: question.text for question in self.catalogue}

    def get_command(self, _ctx: Any, name: str) -> Any:
        """Return the command of the question of that name or number.

        Raises:
            UnknownNameError: There is none; it tells the nearest.
        """
        question = self.catalogue.get(name)
        if question.id not in self.commands:
            self.commands[question.id] = taking_text(_command(question))
        return self.commands[question.id]

    def format_commands(self, _ctx: Any, formatter: Any) -> None:
        """Write the questions by who asks them."""
        for heading, questions in _by_asker(self.catalogue).items():
            with formatter.section(heading):
                formatter.write_dl(questions)


def _by_asker(catalogue: "Catalogue") -> dict[str, list[tuple[str, str]]]:
    """Return names and texts of the questions under the one who asks them first, then what commands answer."""
    found: dict[str, list[tuple[str, str]]] = {heading: [] for heading in ASKERS.values()}
    for question in catalogue:
        found[ASKERS[question.asked_by[0]]].append((question.id, question.text))
    found["Answered by a command of its own"] = [
        (pointer.command, pointer.text) for pointer in catalogue.pointers
    ]
    return {heading: questions for heading, questions in found.items() if questions}


app = typer.Typer(
    cls=_Questions,
    rich_markup_mode=None,
    add_completion=False,
    invoke_without_command=True,
    subcommand_metavar="[QUESTION] [ARGS]...",
)


@app.callback()
def ask(
    context: typer.Context,
    layout: Format = "table",
    coverage: Annotated[
        bool,
        typer.Option(
            "--coverage", help="Show which terms no question touches and which claims no answer rests on."
        ),
    ] = False,
) -> int:
    """Ask one of the questions by name; without a name, list them.

    'apgraph ask QUESTION --help' shows a question's parameters, their allowed values and the columns
    of its answer.
    """
    if context.invoked_subcommand is not None:
        return 0
    layout = choose("format", layout, TABULAR)
    if coverage:
        return _coverage(layout)
    catalogue = _catalogue()
    if layout == "table":
        blocks = []
        for heading, questions in _by_asker(catalogue).items():
            blocks += [heading, _listed(questions), ""]
        write(
            "\n".join([*blocks, "Ask one: apgraph ask QUESTION. Its parameters: apgraph ask QUESTION --help"])
        )
        return 0
    write_rows(
        ("question", "number", "text", "asked_by", "needs", "parameters"),
        [
            *((q.id, q.number, q.text, q.asked_by, q.needs, tuple(q.parameters)) for q in catalogue),
            *((p.id, p.number, p.text, p.asked_by, p.command, ()) for p in catalogue.pointers),
        ],
        layout,
    )
    return 0


def _listed(entries: list[tuple[str, str]]) -> str:
    """Lay out names with their texts beside them."""
    from apgraph.table import terminal_width

    left = min(36, max(len(name) for name, _ in entries))
    room = max(20, terminal_width() - left - 4)
    lines = []
    for name, text in entries:
        first, *more = textwrap.wrap(text, room, break_on_hyphens=False)
        if len(name) > left:
            lines.append(f"  {name}")
            lines.append(f"  {'':<{left}}  {first}")
        else:
            lines.append(f"  {name:<{left}}  {first}")
        lines += [f"  {'':<{left}}  {line}" for line in more]
    return "\n".join(lines)


def _command(question: "Question") -> Any:
    """Make the sub-command of a question."""
    one = typer.Typer(rich_markup_mode=None, add_completion=False)
    one.command(question.id, cls=_QuestionCommand, help=_help(question))(_Run(question))
    command: Any = get_command(one)
    command.question = question
    return command


def _help(question: "Question") -> str:
    about = [f"Question {question.number}." if question.number else ""]
    if question.header.case_data:
        about.append(f"Needs case data: {question.header.case_data.rstrip('.')}.")
    rows = "\n".join(f"  {name}: {meaning}" for name, meaning in question.columns.items())
    return (
        f"{question.text}\n\n{' '.join(part for part in about if part)}\n\n\b\nColumns of the answer:\n{rows}"
    )


class _QuestionCommand(TyperCommand):
    """The command of one question; its help tells the allowed values, which the graph is asked for."""

    question: "Question"

    def get_help_option(self, ctx: Any) -> Any:
        """Return the option for help."""
        return with_value(super().get_help_option(ctx))

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write the options, then the values that the parameters may take."""
        super().format_options(ctx, formatter)
        for parameter in self.question.parameters.values():
            if parameter.classes:
                allowed = _allowed(parameter, of_case=self.question.needs == "case")
                more = len(allowed) - _SHOWN
                shown = "; ".join(allowed[:_SHOWN]) + (f"; and {more} more" if more > 0 else "")
                with formatter.section(f"Values of {parameter.option}"):
                    yours = ["those of your data"] if self.question.needs == "case" else []
                    formatter.write_text("; ".join([*([shown] if shown else []), *yours]))


def _allowed(parameter: "Parameter", *, of_case: bool) -> tuple[str, ...]:
    """Return the labels of the terms that a parameter may be set to; of a question on cases, those of lists only."""
    from apgraph.questions import allowed_values

    graph = open_graph()
    # Whom the source names besides, such as the authors of a study, has no case.
    return allowed_values(parameter, graph.lexicon, listed_in=graph.store if of_case else None)


class _Run:
    """What the command of a question runs; its signature is made from the question's parameters."""

    def __init__(self, question: "Question") -> None:
        self.question = question
        own = [
            _option(parameter, of_case=question.needs == "case") for parameter in question.parameters.values()
        ]
        self.__signature__ = inspect.Signature([*own, *_COMMON])
        self.__annotations__: dict[str, Any] = {}

    def __call__(self, **values: Any) -> int:
        """Ask the question and print the answer."""
        question = self.question
        layout = choose("format", values["layout"], TABULAR)
        limit = seconds(values["timeout"])
        engine = engine_named(values["engine"])
        number = None if values["row"] is None else count("--row", values["row"])
        why = values["why"] or number is not None
        if why and layout == "csv":
            raise InputError("--why does not fit into csv; use -f table, md or json")
        if question.needs == "case" and not values["data"]:
            raise InputError(
                f"{question.id} asks about case data ({question.header.case_data}); give it with --data, "
                f"such as --data case.ttl"
            )
        given = {name: values[_PARAMETER + name] for name in question.parameters}
        parameters = {name: value for name, value in given.items() if value is not None}
        graph = open_graph(values["data"], redact=values["redact"], language=values["language"])
        inferred = values["inferred"]
        if inferred:
            infer(graph, limit)
        with working("the question is being answered"):
            answer = graph.ask(question.id, engine=engine, timeout=limit, inferred=inferred, **parameters)
            if number is not None and not 1 <= number <= len(answer):
                raise InputError(f"--row {number}: the answer has {len(answer)} rows")
            rows = range(len(answer)) if number is None else range(number - 1, number)
            proofs = [(row + 1, answer.why(row)) for row in rows] if why else []
        if values["show_sparql"]:
            write(answer.sparql)
            return 0
        _print(answer, layout, proofs, parameters)
        if layout == "table":
            _tell_defaults(answer, parameters)
        return 0


def _option(parameter: "Parameter", *, of_case: bool) -> inspect.Parameter:
    kinds = {"iri": "TERM", "claim": "CLAIM", "string": "TEXT", "integer": "N", "date": "DATE"}
    about = parameter.about[:1].upper() + parameter.about[1:].rstrip(".") + "."
    if parameter.default is not None:
        about += f"  [default: {parameter.default}]"
    elif parameter.required:
        about += "  [required]"

    def complete() -> list[str]:
        # A label's spaces would need quotes in the shell; hyphens mean the same to the lexicon.
        return (
            [label.replace(" ", "-") for label in _allowed(parameter, of_case=of_case)]
            if parameter.classes
            else []
        )

    option = typer.Option(
        parameter.option,
        metavar=kinds[parameter.type],
        help=about,
        show_default=False,
        autocompletion=complete,
    )
    return inspect.Parameter(
        _PARAMETER + parameter.name,
        inspect.Parameter.KEYWORD_ONLY,
        default=None,
        annotation=Annotated[str | None, option],
    )


def _common(
    *,
    data: Data = None,
    layout: Format = "table",
    why: Annotated[
        bool, typer.Option("--why", help="Show for each row the triples and the claims that it rests on.")
    ] = False,
    row: Annotated[
        str | None, typer.Option("--row", metavar="N", help="With --why: for this row only, counted from 1.")
    ] = None,
    show_sparql: Annotated[
        bool, typer.Option("--show-sparql", help="Show the query that is run instead of the answer.")
    ] = False,
    inferred: Inferred = False,
    engine: Engine = None,
    timeout: Timeout = f"{TIMEOUT:g}",
    language: Language = None,
    redact: Redact = False,
) -> None:
    """Hold the options that every question has."""


_COMMON: Final = tuple(inspect.signature(_common).parameters.values())


def _print(
    answer: "Answer", layout: str, proofs: "list[tuple[int, Why]]", given: Mapping[str, object]
) -> None:
    """Print an answer with the proofs asked for, each with the number of its row."""
    if layout == "csv":
        write(answer.to_csv())
    elif layout == "json":
        write(_with_proofs(answer.to_json(), proofs))
    elif layout == "md":
        write(answer.to_markdown())
        for number, why in proofs:
            write(f"\n**Row {number}**\n\n{why.to_markdown()}")
    else:
        if len(answer):
            columns = _telling(answer, given)
            write_rows(columns, [tuple(row[name] for name in columns) for row in answer], layout)
        for number, why in proofs:
            write_prose(f"\nRow {number}\n{why}")
    if answer.note and layout in {"table", "csv"}:
        note(answer.note)


def _telling(answer: "Answer", given: Mapping[str, object]) -> tuple[str, ...]:
    """Return the columns that tell a reader more than the values that the question was asked with."""

    def repeats(name: str) -> bool:
        return name in given and all(row[name] == answer.parameters[name] for row in answer)

    return tuple(name for name in answer.columns if not repeats(name)) or tuple(answer.columns)


def _tell_defaults(answer: "Answer", given: Mapping[str, object]) -> None:
    """Say which term the question was asked about where the reader left that open."""
    from apgraph.questions import Iri

    for name, value in answer.parameters.items():
        if name not in given and isinstance(value, Iri):
            parameter = answer.question.parameters[name]
            note(f"{name.replace('_', ' ')}: {value}; ask about another with {parameter.option}")


def _with_proofs(text: str, proofs: "list[tuple[int, Why]]") -> str:
    """Add the proofs to an answer in JSON."""
    if not proofs:
        return text
    import json

    record = json.loads(text)
    record["why"] = [{"number": number, **json.loads(why.to_json())} for number, why in proofs]
    return json.dumps(record, ensure_ascii=False, indent=2)


def _coverage(layout: str) -> int:
    """Print which terms and claims the questions reach; 1 where some are not explained."""
    from apgraph.questions.coverage import coverage

    with working("every question is being asked"):
        result = coverage()
    if layout == "table":
        write_prose(str(result))
    else:
        write_rows(("kind", "name", "questions"), result.rows(), layout)
    return int(not result.complete)
