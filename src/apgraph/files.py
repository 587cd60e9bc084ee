"""Files: which of them can be read to their end, and how one takes the place of another whole."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING, Final

from apgraph.errors import InputError

if TYPE_CHECKING:
    from os import PathLike

__all__ = ["renew", "replaced", "require_regular"]

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


class replaced:  # noqa: N801 (reads as a statement)
    """A file beside the one that is to be written, which takes its place when all went well.

    Args:
        file: The file to be written.

    Raises:
        InputError: The folder can't be written to.
    """

    def __init__(self, file: Path) -> None:
        self._file = file

    def __enter__(self) -> Path:
        import tempfile

        try:
            handle, name = tempfile.mkstemp(
                prefix=f".{self._file.stem[:40]}-", suffix=self._file.suffix, dir=self._file.parent
            )
        except OSError as error:
            raise InputError(f"{self._file} can't be written: {error.strerror or error}") from None
        os.close(handle)
        self._beside = Path(name)
        return self._beside

    def __exit__(self, kind: object, *_: object) -> None:
        try:
            if kind is None:
                # A new file gets the rights that the user's other new files get; mkstemp's are the owner's alone,
                # which suits data about people.
                self._beside.replace(self._file)
        except OSError as error:
            raise InputError(
                f"{self._file} can't be written: {error.strerror or error}; is it open elsewhere?"
            ) from None
        finally:
            self._beside.unlink(missing_ok=True)


def renew(file: Path, content: bytes, *, check: bool = False) -> bool:
    """Give a file its content, with the rights that it had, and tell whether that is another than it had.

    Args:
        file: The file; it need not be there, but its folder.
        content: What it is to hold.
        check: Whether to write nothing, and only tell.

    Raises:
        InputError: The file can't be read or written.
    """
    try:
        rights = file.stat().st_mode & 0o777
        if file.read_bytes() == content:
            return False
    except FileNotFoundError:
        rights = 0o644
    except OSError as error:
        raise InputError(f"{file} can't be read: {error.strerror or error}") from None
    if not check:
        with replaced(file) as beside:
            beside.write_bytes(content)
            beside.chmod(rights)
    return True
