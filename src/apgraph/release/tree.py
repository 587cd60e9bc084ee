"""The files of a checkout, overlaid with what has been generated so far."""

from __future__ import annotations

from pathlib import Path

from apgraph.errors import InputError
from apgraph.files import renew

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
        return tuple(
            path
            for path, content in sorted(self._made.items())
            if renew(self.root / path, content, check=True)
        )

    def write(self) -> tuple[str, ...]:
        """Write the files that differ, each beside its place and then renamed; return their paths."""
        changed = self.changes()
        for path in changed:
            (self.root / path).parent.mkdir(parents=True, exist_ok=True)
            renew(self.root / path, self._made[path])
        return changed
