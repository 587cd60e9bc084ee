"""The rows of a query of the reader's own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, overload

from apgraph.questions.display import frame_of, html_table
from apgraph.table import to_csv, to_json, to_markdown

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from apgraph.questions.rows import Row, Value

__all__ = ["Result"]


@dataclass(frozen=True, slots=True)
class Result:
    """Rows that a SELECT query gave; iterates over them.

    Args:
        columns: The query's variables, in its order.
        rows: The rows: Python values, and terms with IRI, short name and label.
        engine: The engine that was run.
        sparql: The query that was run.
    """

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    engine: str
    sparql: str

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __bool__(self) -> bool:
        """Every result is true, with or without rows: len() tells how many there are."""
        return True

    @overload
    def __getitem__(self, index: int) -> Row: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Row, ...]: ...
    def __getitem__(self, index: int | slice) -> Row | tuple[Row, ...]:
        return self.rows[index]

    def to_records(self) -> list[dict[str, Value]]:
        """Return the rows as dictionaries of Python values."""
        return [dict(row) for row in self.rows]

    def to_pandas(self) -> pd.DataFrame:
        """Return the rows as a data frame; a column of terms gets a second one with their IRIs.

        Raises:
            MissingExtraError: pandas is not installed.
        """
        return frame_of(self.columns, self.rows)

    def to_csv(self) -> str:
        """Return the rows as CSV, safe to open in a spreadsheet."""
        return to_csv(self.columns, (row.cells for row in self.rows))

    def to_json(self) -> str:
        """Return the rows as a JSON list of objects."""
        return to_json(self.columns, (row.cells for row in self.rows))

    def to_markdown(self) -> str:
        """Return the rows as a Markdown table."""
        return to_markdown(self.columns, (row.cells for row in self.rows))

    def _repr_html_(self) -> str:
        return html_table(dict.fromkeys(self.columns, ""), self.rows)
