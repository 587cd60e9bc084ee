"""The rows of a query of the reader's own."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from apgraph.questions.citation import cite_query
from apgraph.questions.display import Citable, html_table, with_citation
from apgraph.questions.rows import python_value
from apgraph.table import to_csv, to_json, to_markdown

if TYPE_CHECKING:
    import datetime

    from apgraph.questions.citation import Citation, Origin
    from apgraph.questions.rows import Row

__all__ = ["Result"]


@dataclass(frozen=True, slots=True)
class Result(Citable):
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
        values = {name: python_value(term, {}) for name, term in self.origin.parameters.items()}
        return cite_query(self.origin, self.sparql, values, engine=self.engine, date=self.date)

    def to_csv(self, *, citation: bool = True) -> str:
        """Return the rows as CSV, safe to open in a spreadsheet.

        Args:
            citation: Whether to end with a comment line (``# …``) that says how to cite the table.
        """
        text = to_csv(self.columns, (row.cells for row in self.rows))
        return with_citation(text, self.citation(), "csv") if citation else text

    def to_json(self) -> str:
        """Return rows and citation as JSON."""
        return with_citation(to_json(self.columns, (row.cells for row in self.rows)), self.citation(), "json")

    def to_markdown(self) -> str:
        """Return the rows as a Markdown table, with the citation below."""
        return with_citation(
            to_markdown(self.columns, (row.cells for row in self.rows)), self.citation(), "md"
        )

    def _repr_html_(self) -> str:
        from html import escape

        table = html_table(dict.fromkeys(self.columns, ""), self.rows)
        return f"<div>{table}<p><small>{escape(str(self.citation()))}</small></p></div>"
