"""No cell that we write is run as a formula by a spreadsheet, whatever the data says."""

from __future__ import annotations

import csv
import io
import re
from contextlib import redirect_stderr, redirect_stdout
from typing import TYPE_CHECKING

import openpyxl
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal

from apgraph.cli.entry import run
from apgraph.table import to_csv

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

NUMBER = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?%?")
# What spreadsheets, and the programs that read their files, take for the beginning of a formula or strip before one.
ARMED = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
TEXTS = st.one_of(
    st.builds(
        "{}{}".format,
        st.sampled_from(ARMED),
        st.sampled_from(["1+1", "cmd|' /C calc'!A0", "SUM(A1)", "a,b", 'x"y', "b;c"]),
    ),
    st.builds("{}{}".format, st.sampled_from(ARMED), st.text(max_size=12)),
    st.text(max_size=12),
)
CASE = """
@prefix : <urn:apgraph:case:armed:> .
@prefix apg: <https://w3id.org/apgraph/ns#> .
@prefix apgx: <https://w3id.org/apgraph/ref/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
:org a apg:FurtherEducationProvider ; apg:isPartOfCase :record ; rdfs:label TEXT ; apg:region TEXT ; apg:providerType TEXT .
:record a apg:CaseRecord ; apg:caseIdentifier "armed" ; apg:compiledBy TEXT ; apg:compiledOn TEXT ;
  apg:concernsOrganisation :org ; apg:isPartOfCase :record ; apg:sharingStatus TEXT ; apg:startsOn "2021"^^xsd:gYear .
:arr-1 a apg:DeploymentArrangement ; apg:isPartOfCase :record ; apg:isRunBy :org ; rdfs:label TEXT ; apg:rowNote TEXT ;
  apg:rowIdentifier "arr-1" ; apg:hasCoverage apgx:coverageSite ; <urn:own:p> TEXT .
:arr-2 a apg:DeploymentArrangement ; apg:isPartOfCase :record ; apg:isRunBy :org ; rdfs:label TEXT ;
  apg:rowIdentifier "arr-2" ; apg:hasCoverage apgx:coverageSite .
:obs-1 a apg:FeatureObservation ; apg:isPartOfCase :record ; apg:isObservationOf :arr-1 ; apg:rowIdentifier "obs-1" ;
  apg:observesFeature apgx:worksInTeams ; apg:hasStatus apgx:statusPresent ; apg:observedOn "2022"^^xsd:gYear ;
  apg:hasConfidence apgx:confidenceHigh ; apg:isSupportedByEvidence :ev-1 ; apg:observerRole TEXT .
:ev-1 a apg:EvidenceItem ; apg:isPartOfCase :record ; apg:rowIdentifier "ev-1" ; rdfs:label TEXT ; dcterms:title TEXT .
"""


def armed_cells(text: str) -> list[str]:
    """The cells of a CSV text that a spreadsheet could run, numbers left out."""
    return [
        cell
        for row in csv.reader(io.StringIO(text, newline=""))
        for cell in row
        if cell.startswith(ARMED) and not NUMBER.fullmatch(cell)
    ]


@given(st.lists(st.lists(TEXTS, min_size=2, max_size=2), max_size=4), st.lists(TEXTS, min_size=2, max_size=2))
def test_rows_as_csv(rows: list[list[str]], columns: list[str]) -> None:
    assert armed_cells(to_csv(columns, rows)) == []


@given(TEXTS)
def test_a_name_stays_readable(text: str) -> None:
    (_, (cell,)) = csv.reader(io.StringIO(to_csv(["a"], [[text]]), newline=""))
    assert cell.removeprefix("'").strip() in {text.strip(), text.removeprefix("'").strip()}


def written(folder: Path, text: str) -> str:
    file = folder / "armed.ttl"
    file.write_text(CASE.replace("TEXT", str(Literal(text))), encoding="utf-8", newline="")
    return str(file)


COMMANDS: dict[str, Callable[[str], tuple[str, ...]]] = {
    "ask": lambda file: ("ask", "case-details", "-d", file, "-f", "csv"),
    "query": lambda file: (
        "query",
        "SELECT ?o WHERE { ?s ?p ?o FILTER(ISLITERAL(?o)) }",
        "-d",
        file,
        "-f",
        "csv",
    ),
    "search": lambda file: ("search", "work", "-d", file, "-f", "csv"),
    "validate": lambda file: ("validate", file, "-f", "csv"),
    "profile": lambda file: ("profile", file, "-f", "csv"),
    "compare": lambda file: ("compare", file, "-f", "csv"),
}


@pytest.mark.parametrize("name", COMMANDS)
@settings(max_examples=5, phases=(Phase.explicit, Phase.generate))
@given(text=TEXTS.filter(lambda text: text.startswith(ARMED)))
def test_commands(name: str, tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    file = written(tmp_path_factory.getbasetemp(), text)
    out, err = io.StringIO(newline=""), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = run(COMMANDS[name](file))
    assert code in {0, 1}, err.getvalue()
    assert armed_cells(out.getvalue()) == []


@settings(max_examples=6)
@given(text=TEXTS.filter(lambda text: text.startswith(ARMED)))
def test_tables_and_workbooks(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    folder = tmp_path_factory.getbasetemp()
    file = written(folder, text)
    assert run(("convert", file, str(folder / "tables"), "--force")) == 0
    for table in (folder / "tables").glob("*.csv"):
        assert armed_cells(table.read_bytes().decode("utf-8")) == [], table.name
    assert run(("convert", file, str(folder / "armed.xlsx"), "--force")) == 0
    assert run(("validate", file, "-f", "json")) in {0, 1}
    for page in openpyxl.load_workbook(folder / "armed.xlsx"):
        for row in page.iter_rows():
            for cell in row:
                assert cell.data_type != "f", (page.title, cell.coordinate, cell.value)
                if (
                    isinstance(cell.value, str)
                    and cell.value.startswith(ARMED)
                    and not NUMBER.fullmatch(cell.value)
                ):
                    assert cell.quotePrefix, (page.title, cell.coordinate, cell.value)
