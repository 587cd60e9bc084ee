"""Files: which of them can be read to their end, and how one takes the place of another whole."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING, Final

from apgraph.errors import ApgraphError, InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from os import PathLike

__all__ = ["renew", "renew_by_command", "replace_folder", "replaced", "require_regular"]

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
    if kind := _kind(file):
        raise InputError(f"{file} is {kind}, not a file; save what it gives as a file, and give that")


def _kind(file: str | PathLike[str]) -> str | None:
    try:
        mode = Path(file).stat().st_mode
    except (OSError, ValueError):
        return None
    return next((kind for is_kind, kind in _KINDS if is_kind(mode)), None)


class replaced:  # noqa: N801 (reads as a statement)
    """A file beside the one that is to be written, which takes its place when all went well.

    Args:
        file: The file to be written; a link stands for what it leads to.

    Raises:
        InputError: The folder can't be written to, or what is there is no file.
    """

    def __init__(self, file: Path) -> None:
        self._file = file

    def __enter__(self) -> Path:
        import tempfile

        if kind := _kind(self._file):
            raise InputError(f"{self._file} is {kind}, and would be replaced by a file; give another name")
        self._place = Path(os.path.realpath(self._file))
        try:
            handle, name = tempfile.mkstemp(
                prefix=f".{self._place.stem[:40]}-", suffix=self._place.suffix, dir=self._place.parent
            )
        except OSError as error:
            raise InputError(f"{self._file} can't be written: {error.strerror or error}") from None
        os.close(handle)
        self._beside = Path(name)
        return self._beside

    def __exit__(self, kind: object, *_: object) -> None:
        try:
            if kind is None:
                # The rights of mkstemp's file are its owner's alone, which suits data about people.
                self._beside.replace(self._place)
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


def replace_folder(new: Path, folder: Path) -> None:
    """Give a finished folder its name; what had the name is kept until then, and has it again where that fails.

    Args:
        new: The finished folder, beside the other.
        folder: The name that it gets; what is there is removed in the end.

    Raises:
        OSError: The name can't be given.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as name:
    ...     (Path(name) / "new").mkdir()
    ...     replace_folder(Path(name) / "new", Path(name) / "mine")
    ...     [each.name for each in Path(name).iterdir()]
    ['mine']
    """
    import shutil
    import tempfile

    if not folder.exists():
        new.replace(folder)
        return
    aside = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}."))
    old = aside / "old"
    try:
        folder.replace(old)
        new.replace(folder)
    except BaseException:
        if old.exists():
            old.replace(folder)
        aside.rmdir()
        raise
    shutil.rmtree(aside, ignore_errors=True)


def renew_by_command(
    module: str, about: str, make: Callable[[], str], arguments: Sequence[str] | None = None
) -> int:
    """Run the command of a module that writes one generated file: ``python -m MODULE FILE [--check]``.

    Args:
        module: Its name.
        about: What it does, for the help.
        make: What makes the content.
        arguments: Those of the command line; by default those of the process.

    Returns:
        The exit code: 0 done, 1 the file is stale, 2 wrong use or input.
    """
    import argparse
    import sys

    parser = argparse.ArgumentParser(prog=f"python -m {module}", description=about)
    parser.add_argument("file", type=Path, help="the file to write")
    parser.add_argument(
        "--check", action="store_true", help="write nothing; fail where the file would change"
    )
    options = parser.parse_args(arguments)
    try:
        differs = renew(options.file, make().encode(), check=options.check)
    except (ApgraphError, OSError, ValueError) as error:
        sys.stderr.write(f"{module}: {error}\n")
        return 2
    if differs:
        sys.stdout.write(f"{'would change' if options.check else 'written'}: {options.file}\n")
    return int(differs and options.check)
