"""Rows as a data frame and as HTML, for notebooks."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from apgraph.errors import MissingExtraError
from apgraph.questions.rows import Iri, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import pandas as pd

    from apgraph.questions.rows import Row, Value

__all__ = ["frame_of", "html_table"]


def frame_of(columns: Iterable[str], rows: Sequence[Row]) -> pd.DataFrame:
    """Return rows as a data frame; a column of terms gets a second one with their IRIs.

    Args:
        columns: Names of the columns.
        rows: The rows.

    Raises:
        MissingExtraError: pandas is not installed.
    """
    try:
        import pandas as pd
    except ImportError as error:
        raise MissingExtraError("pandas", "a data frame") from error
    data: dict[str, list[object]] = {}
    for column in columns:
        values = [row[column] for row in rows]
        data[column] = [str(value) if isinstance(value, Iri) else value for value in values]
        if any(isinstance(value, Iri) for value in values):
            data[f"{column}_iri"] = [value.iri if isinstance(value, Iri) else None for value in values]
    return pd.DataFrame(data, columns=list(data))


def html_table(columns: Mapping[str, str], rows: Sequence[Row]) -> str:
    """Return rows as an HTML table; the meaning of a column is its title.

    Args:
        columns: Column to meaning, which may be empty.
        rows: The rows.

    >>> from apgraph.questions.rows import Row
    >>> html_table({"n": "how many"}, [Row(("n",), (3,))])
    '<table><thead><tr><th title="how many">n</th></tr></thead><tbody><tr><td>3</td></tr></tbody></table>'
    """

    def cell(value: Value) -> str:
        if isinstance(value, Iri):
            return f'<span title="{escape(value.iri)}">{escape(str(value))}</span>'
        shown = "" if value is None else plain(value)
        return escape(str(shown))

    head = "".join(
        f'<th title="{escape(meaning)}">{escape(name.replace("_", " "))}</th>'
        for name, meaning in columns.items()
    )
    body = "".join("<tr>" + "".join(f"<td>{cell(v)}</td>" for v in row.cells) + "</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
