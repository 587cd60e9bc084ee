"""The waivers that lie beside case data."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from apgraph.cases.sources import find_sources

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from apgraph.notices import Waiver

__all__ = ["CHECKED", "find_waivers"]

_ENDING: Final = ".waivers.yaml"
CHECKED: Final = "-checked"
"""What the name of a marked workbook has more than that of the workbook that was marked."""


def find_waivers(sources: Iterable[str | Path]) -> tuple[Waiver, ...]:
    """Return the waivers kept beside files and folders: ``college.waivers.yaml`` beside ``college.xlsx``.

    They accept only what was found in that file; those of a workbook also what was found in its marked copy,
    ``college-checked.xlsx``, since people work on in that.

    Raises:
        InputError: Such a file can't be read, or has a mistake.
    """
    files, workbooks = find_sources(sources)
    found: list[Waiver] = []
    for file in (*files, *workbooks):
        for beside in _beside(file):
            if beside.is_file():
                from apgraph.notices import read_waivers

                found += (replace(waiver, data=str(file)) for waiver in read_waivers(beside))
    return tuple(found)


def _beside(file: Path) -> Iterator[Path]:
    """Yield where the waivers of a file or folder may lie."""
    if file.name in {"", ".."}:
        # The folder that one is in, or one above it: it has a name, which is not in its path.
        yield file / ".." / f"{file.resolve().name}{_ENDING}"
        return
    name = file.stem if file.is_file() else file.name
    yield file.with_name(f"{name}{_ENDING}")
    if file.suffix.lower() == ".xlsx" and name.endswith(CHECKED) and name != CHECKED:
        yield file.with_name(f"{name.removesuffix(CHECKED)}{_ENDING}")
