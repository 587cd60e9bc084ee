"""The waivers that lie beside case data."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from apgraph.cases.sources import find_sources

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from apgraph.notices import Waiver

__all__ = ["find_waivers"]

_ENDING: Final = ".waivers.yaml"


def find_waivers(sources: Iterable[str | Path]) -> tuple[Waiver, ...]:
    """Return the waivers kept beside files and folders: ``college.waivers.yaml`` beside ``college.xlsx``.

    They accept only what was found in that file.

    Raises:
        InputError: Such a file can't be read, or has a mistake.
    """
    files, workbooks = find_sources(sources)
    found: list[Waiver] = []
    for file in (*files, *workbooks):
        beside = file.with_name(f"{file.stem if file.is_file() else file.name}{_ENDING}")
        if beside.is_file():
            from apgraph.notices import read_waivers

            found += (replace(waiver, data=str(file)) for waiver in read_waivers(beside))
    return tuple(found)
