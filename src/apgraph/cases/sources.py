"""What some sources name: files of RDF, workbooks, and folders of tables."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from apgraph.errors import InputError
from apgraph.store import expand

if TYPE_CHECKING:
    from collections.abc import Iterable

    from apgraph.cases.choices import Choices
    from apgraph.cases.content import Content

__all__ = ["METADATA", "find_sources", "read_source"]

_WORKBOOK: Final = ".xlsx"
METADATA: Final = "csv-metadata.json"
"""The file that describes the tables of a case, under the name that CSVW looks for."""

_OTHERS: Final = {
    ".xls": "a workbook of the old kind",
    ".xlsm": "a workbook with macros",
    ".xlsb": "a binary workbook",
    ".ods": "an OpenDocument file",
    ".numbers": "a file of Apple Numbers",
}


def find_sources(sources: Iterable[str | Path]) -> tuple[list[Path], list[Path]]:
    """Return the files of RDF that some sources name, and the workbooks and folders of tables.

    Args:
        sources: Files, folders and globs; a folder with the CSV files of a case is one source.

    Raises:
        InputError: A source names nothing that can be read.
    """
    files: dict[Path, None] = {}
    workbooks: dict[Path, None] = {}
    for source in sources:
        path = Path(source)
        if path.suffix.lower() in _OTHERS and path.is_file():
            raise InputError(f"{path}: {_OTHERS[path.suffix.lower()]}; save it as an Excel workbook (.xlsx)")
        if path.suffix.lower() == ".csv" and path.is_file():
            raise InputError(
                f"{path}: one sheet of a case; give the folder that holds all of them, such as {path.parent}"
            )
        for file in expand([source], also=frozenset({_WORKBOOK, ".csv"})):
            if file.suffix.lower() == ".csv":
                # What reads tables and workbooks is loaded where there are any.
                from apgraph.cases.tables import is_tables

                if is_tables(file.parent):
                    workbooks[file.parent] = None
            elif file.suffix.lower() == _WORKBOOK:
                workbooks[file] = None
            elif file.name != METADATA:
                files[file] = None
    return list(files), list(workbooks)


def read_source(source: Path, choices: Choices) -> Content:
    """Read a workbook or a folder of tables.

    Raises:
        InputError: It can't be read.
    """
    if source.is_dir():
        from apgraph.cases.tables import read_tables

        return read_tables(source, choices)
    from apgraph.cases.workbook import read_workbook

    return read_workbook(source, choices)
