"""The commands of ``apgraph``; each is a module of this package, imported when it is run."""

import sys
from collections.abc import Mapping
from importlib import import_module
from typing import Annotated, Any, Final

import typer
from typer.main import get_command

from apgraph.cli.group import LazyGroup, taking_text
from apgraph.cli.output import choose, note

__all__ = ["COMMANDS", "COMPLETE", "NAME", "SHELLS", "command"]

NAME: Final = "apgraph"
"""What the command is called."""
COMPLETE: Final = "_APGRAPH_COMPLETE"
"""The variable by which a shell asks for completions."""
SHELLS: Final = ("bash", "zsh", "fish", "powershell", "pwsh")
"""The shells that can complete."""

COMMANDS: Final[Mapping[str, tuple[str, str]]] = {
    "ask": ("ask", "Ask one of the questions by name, or list them."),
    "query": ("query", "Run a SPARQL query of your own."),
    "describe": ("describe", "Show a term: its definition, its relations in words, the evidence."),
    "search": ("search", "Find terms by words in their labels and definitions."),
    "evidence": ("evidence", "Show a claim of the source, and its passage in your own copy."),
    "validate": ("validate", "Check case data against the rules."),
    "check": ("check", "Check an extension, or the ontology itself, against the quality rules."),
    "profile": ("profile", "Say which deployment models a case resembles, and why."),
    "reason": ("reason", "Infer what follows, and say where the data contradicts the ontology."),
    "compare": ("compare", "Set cases, or one case at several dates, side by side."),
    "template": ("template", "Write the workbook that an AP lead fills in."),
    "convert": ("convert", "Convert a case between workbook, CSV files, RDF and JSON-LD."),
    "release": ("release", "Write everything that is published into a folder."),
    "diff": ("diff", "Compare two versions of the ontology, and what changes for users."),
}
"""Each command's module and the line that help shows for it."""


class _Root(LazyGroup):
    def lines(self) -> Mapping[str, str]:
        return {name: line for name, (_, line) in COMMANDS.items()}

    def make(self, name: str) -> Any:
        return get_command(import_module(f"apgraph.cli.{COMMANDS[name][0]}").app)


_app = typer.Typer(
    cls=_Root,
    rich_markup_mode=None,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


@_app.callback()
def _root(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Show the version and stop.")] = False,
    install_completion: Annotated[
        str,
        typer.Option(
            "--install-completion",
            metavar="SHELL",
            show_default=False,
            help=f"Let a shell complete commands, questions, options and values: {', '.join(SHELLS)}.",
        ),
    ] = "",
    show_completion: Annotated[
        str,
        typer.Option(
            "--show-completion", metavar="SHELL", show_default=False, help="Show the script that does so."
        ),
    ] = "",
) -> None:
    """Question the Advanced Practitioner framework, and check case data against it.

    Data goes to standard output, everything else to standard error. Exit codes: 0 done, 1 findings,
    2 wrong use or unreadable input, 3 not finished, 130 interrupted.
    """
    if version:
        import apgraph

        sys.stdout.write(f"apgraph {apgraph.__version__}\n")
        raise typer.Exit
    if install_completion or show_completion:
        _complete(install_completion, show_completion)
        raise typer.Exit
    if context.invoked_subcommand is None:
        sys.stdout.write(context.get_help() + "\n")


def _complete(install: str, show: str) -> None:
    """Install what completes in a shell, or show it.

    Raises:
        InputError: It is none of :data:`SHELLS`.
    """
    from typer import _completion_shared as completion

    shell = choose("shell", install or show, SHELLS)
    if install:
        name, file = completion.install(shell=shell, prog_name=NAME)
        note(f"{name} completes from its next start on, by {file}")
    else:
        script = completion.get_completion_script(prog_name=NAME, complete_var=COMPLETE, shell=shell)
        sys.stdout.write(f"{script}\n")


def command() -> Any:
    """Return the command line as one command."""
    root = get_command(_app)
    # Typer's own two ask which shell has called, which is no help where none has: in a script, or in a container.
    root.params = [parameter for parameter in root.params if parameter.callback is None]
    return taking_text(root)
