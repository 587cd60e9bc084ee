"""The files of a checkout, overlaid with what has been generated so far."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from apgraph.errors import InputError

__all__ = ["Tree"]


class Tree:
    """Reads files of a checkout; what a product makes is seen by the products after it.

    Args:
        root: The checkout.

    Raises:
        InputError: The folder is no checkout of this project.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._made: dict[str, bytes] = {}
        if not (root / "pyproject.toml").is_file() or not (root / "ontology").is_dir():
            raise InputError(f"{root}: this is no checkout of apgraph; run the command in one or give --root")

    def read(self, path: str) -> bytes:
        """Return the content of a file, its path counted from the root.

        Raises:
            InputError: The file cannot be read.
        """
        if path in self._made:
            return self._made[path]
        try:
            return (self.root / path).read_bytes()
        except OSError as error:
            raise InputError(f"{path}: {error.strerror or error}; restore the file") from error

    def paths(self, pattern: str) -> tuple[str, ...]:
        """Return the paths that match a pattern, made or on disk, sorted."""
        on_disk = {path.relative_to(self.root).as_posix() for path in self.root.glob(pattern)}
        return tuple(sorted(on_disk | {path for path in self._made if Path(path).match(pattern)}))

    def make(self, path: str, content: str) -> None:
        """Take the content that a file is to have."""
        self._made[path] = content.encode()

    def changes(self) -> tuple[str, ...]:
        """Return the files whose content is not what was made, sorted."""
        return tuple(sorted(path for path, content in self._made.items() if self._on_disk(path) != content))

    def write(self) -> tuple[str, ...]:
        """Write the files that differ, each beside its place and then renamed; return their paths."""
        changed = self.changes()
        for path in changed:
            target = self.root / path
            target.parent.mkdir(parents=True, exist_ok=True)
            mode = target.stat().st_mode & 0o777 if target.exists() else 0o644
            handle, beside = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(self._made[path])
                Path(beside).chmod(mode)
                Path(beside).replace(target)
            except OSError:
                Path(beside).unlink(missing_ok=True)
                raise
        return changed

    def _on_disk(self, path: str) -> bytes | None:
        try:
            return (self.root / path).read_bytes()
        except FileNotFoundError:
            return None
