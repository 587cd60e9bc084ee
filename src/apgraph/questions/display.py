"""Rows as a data frame and as HTML, for notebooks; and the citation that goes with a table."""

from __future__ import annotations

import json
import re
from html import escape
from typing import TYPE_CHECKING, Final

from apgraph.errors import MissingExtraError
from apgraph.questions.rows import Iri, Rows, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import pandas as pd

    from apgraph.questions.citation import Citation
    from apgraph.questions.rows import Row, Value

__all__ = ["Citable", "comment_line", "frame_of", "html_table", "with_citation"]

# What a spreadsheet that splits a comment line into cells may take for the beginning of a formula.
_FORMULA: Final = re.compile(r"([,;])(?=\s*[=+\-@＝＋－＠])")


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


def comment_line(text: str) -> str:
    r"""Return a text as a comment line of CSV, of which a spreadsheet runs no part.

    >>> comment_line("case a,=1+1")
    "# case a,'=1+1\n"
    """
    return "# " + _FORMULA.sub(r"\1'", " ".join(text.split())) + "\n"


def with_citation(text: str, citation: Citation, layout: str) -> str:
    """Return a table as text with its citation below.

    Args:
        text: The table; in JSON, a list of rows, which becomes an object with ``rows`` and ``citation``.
        citation: The citation.
        layout: ``csv``, ``json`` or ``md``.
    """
    if layout == "json":
        record = {"rows": json.loads(text), "citation": citation.to_record()}
        return json.dumps(record, ensure_ascii=False, indent=2)
    if layout == "csv":
        return text + comment_line(str(citation))
    line = " ".join(str(citation).split())
    escaped = "".join(f"\\{mark}" if mark in "\\`*_<>|" else mark for mark in line)
    return f"{text.rstrip()}\n\n{escaped}\n"


class Citable(Rows):
    """Rows that can be cited, and go into other forms of a table."""

    __slots__ = ()

    columns: Iterable[str]

    def citation(self) -> Citation:
        """Return how to cite the rows."""
        raise NotImplementedError

    def to_records(self) -> list[dict[str, Value]]:
        """Return the rows as dictionaries of Python values; terms are :class:`Iri`."""
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
