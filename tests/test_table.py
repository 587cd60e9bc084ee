"""Rows as text: nothing is cut, nothing is run by a spreadsheet or a terminal."""

from __future__ import annotations

import csv
import datetime
import io
import json
from dataclasses import dataclass
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apgraph.table import plain, print_table, to_csv, to_json, to_markdown, to_text, wrap


@dataclass(frozen=True)
class Thing:
    iri: str
    curie: str
    label: str


COACHING = Thing("https://w3id.org/apgraph/ref/coaching", "apgx:coaching", "coaching")
TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), max_size=40)


@given(st.lists(st.tuples(TEXTS, TEXTS), max_size=6), st.integers(24, 120))
def test_no_character_is_lost_and_no_line_is_too_long(rows: list[tuple[str, str]], width: int) -> None:
    text = to_text(["one", "two"], rows, width=width)
    shown = "".join(text.split())
    for row in rows:
        for cell in row:
            # Columns are interleaved line by line, so that only a cell's own characters can be counted.
            for character in set("".join(plain(cell).split())):
                assert shown.count(character) >= cell.count(character)
    if all(text.isascii() for row in rows for text in row):
        assert all(len(line) <= width for line in text.split("\n"))


@given(TEXTS, st.integers(1, 30))
def test_wrapped_lines_fit_and_keep_every_character(text: str, width: int) -> None:
    lines = wrap(text, width)
    assert "".join("".join(lines).split()) == "".join(text.split())
    if text.isascii():
        assert all(len(line) <= width for line in lines)


def test_columns_that_do_not_fit_become_blocks() -> None:
    columns = [f"column_{i}" for i in range(8)]
    text = to_text(columns, [[f"value {i}" for i in range(8)]], width=60)
    assert text.splitlines()[0] == "column 0: value 0"
    assert text.splitlines()[7] == "column 7: value 7"


def test_wide_characters_are_measured_as_the_terminal_shows_them() -> None:
    first, second = to_text(["a", "b"], [["学院", "x"], ["abcd", "y"]], width=40).splitlines()[2:]
    assert first.index("x") == second.index("y") - 2


@pytest.mark.parametrize("armed", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "=cmd|' /C calc'!A0"])
def test_a_spreadsheet_runs_nothing(armed: str) -> None:
    (_, (cell,)) = csv.reader(io.StringIO(to_csv(["x"], [[armed]]), newline=""))
    assert cell == f"'{armed}"


def test_numbers_stay_numbers_in_csv() -> None:
    assert (
        to_csv(["a", "b", "c", "d"], [[-1, Decimal("-1.50"), -0.5, True]]) == "a,b,c,d\n-1,-1.50,-0.5,true\n"
    )


def test_terms_have_label_and_iri_in_csv_and_json() -> None:
    assert to_csv(["p", "n"], [[COACHING, 1], [None, 2]]).splitlines() == [
        "p,p_iri,n",
        "coaching,https://w3id.org/apgraph/ref/coaching,1",
        ",,2",
    ]
    assert json.loads(to_json(["p"], [[COACHING]])) == [
        {"p": {"iri": COACHING.iri, "curie": "apgx:coaching", "label": "coaching"}}
    ]


def test_json_holds_what_json_can_hold() -> None:
    row = [float("nan"), Decimal(2), Decimal("2.5"), datetime.date(2021, 5, 14), None, False]
    assert json.loads(to_json(list("abcdef"), [row])) == [
        {"a": "nan", "b": 2, "c": 2.5, "d": "2021-05-14", "e": None, "f": False}
    ]


def test_no_cell_breaks_out_of_a_markdown_table() -> None:
    line = to_markdown(["x"], [["a|b\n<script>"]]).splitlines()[2]
    assert line == r"| a\|b<br>&lt;script> |"


def test_data_sends_no_codes_to_a_terminal() -> None:
    assert "\x1b" not in to_text(["x"], [["\x1b]0;title\x07red\x1b[31m"]], width=80)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_gets_a_table_whose_text_is_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setenv("TERM", "xterm")
    out = Terminal()
    print_table(["model", "note"], [["deficit model", "[bold]not markup[/bold] " + "word " * 20]], out)
    assert out.getvalue().count("word") == 20
    assert "[bold]" in out.getvalue()


def test_no_word_is_broken_where_all_fit() -> None:
    rows = [["a name of five words", "another of six words or so", "pan-organisational model"]]
    lines = to_text(["one", "two", "three"], rows, width=46).splitlines()
    assert max(map(len, lines)) <= 46
    assert lines[2].endswith("pan-organisational")


def test_an_empty_table_has_its_head() -> None:
    assert to_text(["a", "b"], [], width=20).splitlines() == ["a  b", "-  -"]
    assert to_text([], [], width=20) == ""
    assert to_json(["a"], []) == "[]"
