"""The rows of a query of the reader's own."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from apgraph.questions.citation import cite
from apgraph.questions.display import frame_of, html_table
from apgraph.questions.rows import Rows, python_value
from apgraph.table import to_csv, to_json, to_markdown

if TYPE_CHECKING:
    import datetime

    import pandas as pd

    from apgraph.questions.citation import Citation, Origin
    from apgraph.questions.rows import Row, Value

__all__ = ["Result"]


@dataclass(frozen=True, slots=True)
class Result(Rows):
    """Rows that a SELECT query gave; iterates over them.

    Args:
        columns: The query's variables, in its order.
        rows: The rows: Python values, and terms with IRI, short name and label.
        engine: The engine that was run.
        sparql: The query that was run.
        date: When it was run.
        origin: Where the rows came from, so that they can be cited.
    """

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    engine: str
    sparql: str
    date: datetime.date
    origin: Origin = field(repr=False, compare=False)

    def citation(self) -> Citation:
        """Return how to cite the rows; the query is named by its SHA-256, its text is in ``sparql``.

        The hash of the data is computed when it is first asked for; if the data has changed since the
        query was run, it says so instead.
        """
        import hashlib

        name = f"SPARQL sha256:{hashlib.sha256(self.sparql.encode()).hexdigest()}"
        values = {name: python_value(term, {}) for name, term in self.origin.parameters.items()}
        return cite(self.origin, name, values, engine=self.engine, date=self.date)

    def to_records(self) -> list[dict[str, Value]]:
        """Return the rows as dictionaries of Python values."""
        return [dict(row) for row in self.rows]

    def to_pandas(self) -> pd.DataFrame:
        """Return the rows as a data frame; a column of terms gets a second one with their IRIs.

        The citation is in ``frame.attrs["citation"]``.

        Raises:
            MissingExtraError: pandas is not installed.
        """
        frame = frame_of(self.columns, self.rows)
        frame.attrs["citation"] = str(self.citation())
        return frame

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
