"""Files that can be read to their end, and more than once."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import TYPE_CHECKING, Final

from apgraph.errors import InputError

if TYPE_CHECKING:
    from os import PathLike

__all__ = ["require_regular"]

_KINDS: Final = (
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


def require_regular(file: str | PathLike[str]) -> None:
    """Refuse what is there but is no file with an end: a device never ends, and a pipe waits for whoever writes.

    A folder, and what is not there, is left to whoever opens it, who knows what was asked for.

    Args:
        file: Name of the file; a link stands for what it leads to.

    Raises:
        InputError: It is a pipe, a socket or a device.

    >>> require_regular(__file__)
    """
    try:
        mode = Path(file).stat().st_mode
    except (OSError, ValueError):
        return
    for is_kind, kind in _KINDS:
        if is_kind(mode):
            raise InputError(f"{file} is {kind}, not a file; save what it gives as a file, and give that")
