"""Workbook, tables and RDF say the same: nothing is lost on the way from one to another."""

from __future__ import annotations

import string
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import Triple

from apgraph import Graph
from apgraph.cases.columns import Column, Kind
from apgraph.cases.content import Content, Row
from apgraph.cases.reading import Reader
from apgraph.cases.rows import content_of
from apgraph.cases.sheets import FURTHER, SHEETS
from apgraph.cases.tables import read_tables, write_tables
from apgraph.cases.template import write_workbook
from apgraph.cases.triples import translate
from apgraph.cases.workbook import read_workbook

if TYPE_CHECKING:
    from apgraph.cases.choices import Choices

GRAPH = Graph()
CHOICES = GRAPH.choices()
IDS = [f"id-{n}" for n in range(6)] + ["Łódź 7", "Caerdydd ŵ", "a/b~c%", "=1+1", "'x"]
TEXT = st.text(st.characters(codec="utf-8"), min_size=1, max_size=30) | st.sampled_from(
    [
        "=HYPERLINK(1)",
        "-5",
        "+44",
        "@x",
        "'=a",
        "_x0041_",
        "Siân Ŵyn",
        "Zażółć gęślą",
        "a\r\nb",
        "  two  ",
        "TRUE",
        "#REF!",
        "1e5",
        "007",
        "\x01",
    ]
)
DATES = ["2021", "2021-05", "2021-05-14", "14/05/2021", "May 2021", "soon"]


def _cell(column: Column, choices: Choices) -> st.SearchStrategy[str]:
    shown = choices.of(column).shown
    if column.kind in {Kind.LIST, Kind.CLASS, Kind.YES_NO}:
        some = st.sampled_from(
            [*shown, "no such choice", *([] if not column.other else ["other: reading evening"])]
        )
        return st.lists(some, min_size=1, max_size=3, unique=True).map("; ".join) if column.many else some
    if column.kind in {Kind.ID, Kind.REFERENCE}:
        known = st.sampled_from(IDS)
        if column.kind is Kind.REFERENCE and column.many:
            return st.lists(known, min_size=1, max_size=3).map("; ".join)
        return known
    if column.kind is Kind.DATE:
        return st.sampled_from(DATES)
    if column.kind in {Kind.SHARE, Kind.COUNT, Kind.NUMBER}:
        return st.sampled_from(["0.4", "40%", "3", "0", "1,200", "-2", "many"])
    if column.name == "language":
        return st.sampled_from(["en", "cy", "no language"])
    if column.kind is Kind.NAMED:
        return st.lists(
            st.text(string.ascii_letters + " łŵ[]'", min_size=1, max_size=12), min_size=1, max_size=2
        ).map("; ".join)
    return TEXT


@st.composite
def contents(draw: st.DrawFn) -> Content:
    """A workbook's content: right and wrong values, empty cells, unusual identifiers."""
    reader = Reader("generated", CHOICES)
    for sheet in SHEETS:
        organisation = sheet is SHEETS[0]
        used: set[str] = set()
        parts: dict[str, set[str]] = {}
        shared: dict[str, dict[str, str]] = {}
        for number in range(1, 2 if organisation else draw(st.integers(1, 4))):
            cells = {}
            for column in sheet.columns:
                if column.name == "case_id":
                    cells[column.name] = draw(st.sampled_from(["riverside", "c-1", "A.b_c"]))
                elif column.kind is Kind.ID and column.role != "item":
                    continue
                elif column.required or draw(st.booleans()):
                    cells[column.name] = draw(_cell(column, CHOICES))
            key = cells.get(sheet.key.name, "")
            if len(sheet.roles) > 1 and not organisation:
                # What is said of an item is the same on each of its rows; anything else is a problem that is reported.
                first = shared.setdefault(
                    key,
                    {c.name: cells[c.name] for c in sheet.columns if c.role == "item" and c.name in cells},
                )
                cells = {n: t for n, t in cells.items() if sheet.column(n).role != "item"} | first
                part = "tool" if "tool" in cells else "value_label"
                # A row without a part says nothing beside one of the same item with a part; it is not written again.
                value, said = cells.get(part, ""), parts.setdefault(key, set())
                if value in used or (said and ("" in said or not value)):
                    continue
                used.add(value)
                said.add(value)
            reader.add_cells(sheet, number, cells)
    return reader.finish()


def _roundtrip(content: Content) -> Content:
    return content_of(translate(content, CHOICES).quads(), CHOICES)


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(contents())
def test_workbook_to_rdf_and_back(content: Content) -> None:
    with tempfile.TemporaryDirectory() as folder:
        first, second = Path(folder, "a.xlsx"), Path(folder, "b.xlsx")
        write_workbook(first, GRAPH.store, CHOICES, content)
        before = read_workbook(first, CHOICES)
        assert before.plain() == content.plain()
        made = translate(before, CHOICES)
        back = content_of(made.quads(), CHOICES)
        write_workbook(second, GRAPH.store, CHOICES, back)
        after = read_workbook(second, CHOICES)
        assert {s: r for s, r in after.plain().items() if s != FURTHER.name} == before.plain()
        assert set(translate(after, CHOICES).triples) == set(made.triples)


@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@given(contents())
def test_tables_say_what_the_workbook_says(content: Content) -> None:
    with tempfile.TemporaryDirectory() as folder:
        write_tables(Path(folder), content, CHOICES)
        assert read_tables(Path(folder), CHOICES).plain() == content.plain()


@pytest.mark.parametrize("name", ["riverside", "hillside"])
def test_examples_go_through_a_workbook(root: Path, tmp_path: Path, name: str) -> None:
    graph = Graph()
    graph.load(root / "examples" / f"{name}.ttl")
    quads = [
        q for g in graph.store.graphs() if g.startswith("urn:apgraph:case:") for q in graph.store.quads(g)
    ]
    content = content_of(quads, CHOICES, name=name)
    write_workbook(tmp_path / "a.xlsx", GRAPH.store, CHOICES, content)
    back = translate(read_workbook(tmp_path / "a.xlsx", CHOICES), CHOICES)
    assert set(back.triples) == {Triple(q.subject, q.predicate, q.object) for q in quads}


def test_same_workbook_same_statements(root: Path) -> None:
    content = Content("x")
    content.rows["Organisation"].append(Row(1, {"case_id": "x", "organisation_name": "Coleg"}))
    made: list[Any] = [list(translate(content, CHOICES).triples) for _ in range(2)]
    assert made[0] == made[1]
