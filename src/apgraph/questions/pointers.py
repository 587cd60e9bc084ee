"""Questions that a command answers and no query can: which command it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from apgraph.errors import ParseError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["FILE", "Pointer", "read_pointers"]

FILE: Final = "commands.yaml"
"""The file of a folder of questions that lists them."""

_KEYS: Final = ("id", "number", "question", "command")


@dataclass(frozen=True, slots=True)
class Pointer:
    """A question that points to a command.

    Args:
        id: Name, such as ``changes-between-versions``.
        number: Number in the list of competency questions, such as ``Q56``.
        text: The question in plain English.
        asked_by: Who asks it: researcher, lead or importer.
        command: The command that answers it, with its arguments in capitals.
    """

    id: str
    number: str
    text: str
    asked_by: tuple[str, ...]
    command: str

    def __str__(self) -> str:
        return f"{self.number}, {self.id} ({self.text}), is answered by a command of its own: {self.command}"


def read_pointers(folder: Path) -> tuple[Pointer, ...]:
    """Return the pointers of a folder of questions, in the order of the file; none where it has no such file.

    Raises:
        ParseError: The file is not as it has to be.

    >>> from apgraph.resources import resource_folder
    >>> read_pointers(resource_folder("queries"))[0].command
    'apgraph diff OLD NEW'
    """
    import yaml

    path = folder / FILE
    if not path.is_file():
        return ()
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8")) or []
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ParseError(path, f"this is no YAML: {' '.join(str(error).split())}") from error
    return tuple(_pointers(content, path))


def _pointers(content: object, path: Path) -> Iterator[Pointer]:
    for entry in content if isinstance(content, list) else [content]:
        found = dict(entry) if isinstance(entry, dict) else {}
        texts = {key: found[key] for key in _KEYS if isinstance(found.get(key), str)}
        asked_by = found.get("asked_by")
        if len(texts) < len(_KEYS) or not isinstance(asked_by, list) or not asked_by:
            raise ParseError(
                path, f"{entry!r} points to no command", hint=f"give {', '.join(_KEYS)} and asked_by"
            )
        yield Pointer(
            texts["id"], texts["number"], texts["question"], tuple(map(str, asked_by)), texts["command"]
        )
