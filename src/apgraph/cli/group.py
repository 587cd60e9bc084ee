"""A group of commands that makes a command when it is asked for, and no sooner."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final

from typer.core import TyperGroup

from apgraph.errors import InputError, UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["LazyGroup", "taking_text", "with_value"]


_PLACES: Final = ("DATA", "EXTENSION", "FILE", "FOLDER", "IN", "NEW", "OLD", "OUT")
"""What arguments and options are called that take the name of a file or a folder."""


def _as_given(_context: Any, value: Any) -> Any:
    return value


def _named(parameter: Any) -> Any:
    """Return what takes the value of a parameter as it is, and refuses an empty name of a file or a folder.

    It comes from a variable of the shell that is not set, and would stand for the folder that one is in.
    """
    name = str(parameter.metavar or "")
    in_full = parameter.process_value
    if name.removesuffix("...").partition(".")[0] not in _PLACES:
        return in_full

    def named(context: Any, value: Any) -> Any:
        for each in value if isinstance(value, list | tuple) else (value,):
            if isinstance(each, str) and not each.strip():
                raise InputError(
                    "a name of data is empty; give a file, a folder, a store or a service"
                    if name.startswith("DATA")
                    else f"the name given for {name.removesuffix('...')} is empty; give that of a file or folder"
                )
        return in_full(context, value)

    return named


def _argument(parameter: Any) -> Any:
    in_full = parameter.process_value

    def as_given(context: Any, value: Any) -> Any:
        if parameter.value_is_missing(value):
            return in_full(context, value)  # says that it is missing, where it must be there
        return list(value) if isinstance(value, tuple) else value

    return as_given


def _show_as_named(parameter: Any) -> None:
    """Show an argument in help by the name that it was given, as ``DATA...``; Typer adds braces and a Python type."""
    name = parameter.metavar or parameter.name.upper()
    record = parameter.get_help_record

    def named(context: Any) -> tuple[str, str] | None:
        written = record(context)
        return None if written is None else (name, written[1])

    parameter.get_help_record = named
    parameter.get_usage_pieces = lambda _context: [name if parameter.required else f"[{name}]"]


def taking_text(command: Any) -> Any:
    """Let the options and arguments of a command hand over their text as it is; each command checks its own.

    Typer reads even a text through pydantic, which takes 0.1 s to import.
    """
    for parameter in command.params:
        if parameter.param_type_name == "argument":
            parameter.process_value = _argument(parameter)
            _show_as_named(parameter)
        elif not getattr(parameter, "is_flag", True):
            parameter.process_value = _as_given
        parameter.process_value = _named(parameter)
    help_option = command.get_help_option
    command.get_help_option = lambda context: with_value(help_option(context))
    return command


def with_value(option: Any) -> Any:
    """Give the option for help a value for when it is not given; without one it needs pydantic, too."""
    if option is not None:
        option.default = False
    return option


class LazyGroup(TyperGroup):
    """A group whose commands are named by :meth:`lines` and made by :meth:`make`.

    Contexts, formatters and commands belong to the copy of Click inside Typer, which has no
    public names for them: hence ``Any``.
    """

    kind = "command"
    """What one of the names is called in a message."""

    def lines(self) -> Mapping[str, str]:
        """Return each command's name with the line that help shows for it."""
        raise NotImplementedError

    def make(self, name: str) -> Any:
        """Make the command of that name; the name is one of :meth:`lines`."""
        raise NotImplementedError

    def unknown(self, name: str) -> UnknownNameError:
        """Return the error for a name that is not there."""
        near = get_close_matches(name, list(self.lines()), n=3, cutoff=0.5)
        return UnknownNameError(self.kind, name, nearest=near, hint="try 'apgraph --help'")

    def list_commands(self, _ctx: Any) -> list[str]:
        """Return the names."""
        return list(self.lines())

    def get_command(self, _ctx: Any, name: str) -> Any:
        """Return the command of that name, made now; None where there is none."""
        if name not in self.commands:
            if name not in self.lines():
                return None
            self.commands[name] = taking_text(self.make(name))
        return self.commands[name]

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Find the command that the arguments begin with.

        Raises:
            UnknownNameError: There is none of that name.
        """
        name = args[0]
        if not ctx.resilient_parsing and not name.startswith("-") and self.get_command(ctx, name) is None:
            raise self.unknown(name)
        return super().resolve_command(ctx, args)

    def get_help_option(self, ctx: Any) -> Any:
        """Return the option for help."""
        return with_value(super().get_help_option(ctx))

    def format_commands(self, _ctx: Any, formatter: Any) -> None:
        """Write the names and their lines, without making the commands."""
        with formatter.section("Commands"):
            formatter.write_dl(list(self.lines().items()))
