"""Each finding names its cell: every bad case as a workbook and as tables, and where its findings point."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode

from apgraph import Graph
from apgraph.cases.convert import convert_case
from apgraph.cases.lines import LinePlaces
from apgraph.shacl import Finding, Severity

BAD = sorted((Path(__file__).parent / "cases").glob("rule-*.ttl"))
GRAPH = Graph()

# The columns that a finding of some bad cases has to name; sheet Further statements where no column can hold the fault.
COLUMNS = {
    "rule-01-no-organisation": "Organisation/organisation_name",
    "rule-02-organisation-of-another-case": "Further statements/value",
    "rule-03-untyped-observation": "Further statements/subject",
    "rule-05-present-and-absent": "Feature observations/feature",
    "rule-07-no-evidence": "Feature observations/evidence_ids",
    "rule-08-evidence-in-the-future": "Evidence/date",
    "rule-10-after-the-arrangement": "Feature observations/observed_on",
    "rule-10-before-the-start": "Feature observations/observed_on",
    "rule-12-no-appointment": "APs/ap_id",
    "rule-14-inward-only": "Communities/orientation",
    "rule-15-other-kind": "Practices/practice_type",
    "rule-16-nobody-nowhere": "Practices/arrangement_or_community_id",
    "rule-17-two-poles": "Position/leans_toward",
    "rule-18-no-instrument": "Position/score",
    "rule-19-same-ends": "Knowledge flows/from",
    "rule-20-excluded-feature-present": "Arrangements/declared_model",
    "rule-21-one-feature-missing": "Arrangements/arrangement_id",
    "rule-23-never-used": "Evidence/evidence_id",
    "rule-23-open-link": "Evidence/locator",
    "rule-24-small-group": "Arrangements/practitioner_count",
    "rule-25-no-label": "Further statements/subject",
    "rule-26-pseudonym": "Organisation/is_pseudonym",
}


@pytest.mark.parametrize("bad", BAD, ids=lambda file: file.stem)
def test_each_finding_names_sheet_and_cell(bad: Path, tmp_path: Path) -> None:
    rule = int(bad.stem.split("-")[1])
    known = set(GRAPH.store.graphs())
    GRAPH.load(bad, strict=False)
    named: list[set[str | None]] = []
    numbers: list[int] = []
    try:
        for target in (tmp_path / "case.xlsx", tmp_path / "tables"):
            convert_case(GRAPH.store, GRAPH.choices(), known, str(bad), str(target))
    finally:
        for case in GRAPH.cases():
            GRAPH.remove(case)
    for target in (tmp_path / "case.xlsx", tmp_path / "tables"):
        GRAPH.load(target, strict=False)
        try:
            explained = GRAPH.explain(GRAPH.validate())
        finally:
            for case in GRAPH.cases():
                GRAPH.remove(case)
        origins = [each.origin for each in explained]
        assert all(origins), [each.message for each in explained if each.origin is None]
        for origin in filter(None, origins):
            assert Path(origin.file).exists()
            assert origin.column is not None
            if target.suffix:
                assert origin.sheet is not None
                assert origin.cell is not None
            else:
                assert Path(origin.file).suffix == ".csv"
                assert origin.line is not None
        own = [each.origin for each in explained if each.rule == rule and each.origin is not None]
        numbers.append(len(own))
        named.append(
            {
                f"{o.sheet or Path(o.file).stem.replace('-', ' ').capitalize().replace('Aps', 'APs')}/{o.column}"
                for o in own
            }
        )
    assert numbers[0] >= 1
    assert numbers[0] == numbers[1]
    assert named[0] == named[1]
    if bad.stem in COLUMNS:
        assert named[0] == {COLUMNS[bad.stem]}


SHAPE = """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix : <urn:x#> .
:s a sh:NodeShape ; sh:targetClass :A ; sh:property [ sh:path :p ; sh:nodeKind sh:IRI ] ."""


def _lines(folder: Path, name: str, text: str) -> dict[str, int | None]:
    """Return the line of each value at fault."""
    (folder / name).write_text(text, encoding="utf-8")
    (folder / "shape.ttl").write_text(SHAPE, encoding="utf-8")
    graph = Graph()
    graph.load(folder / name, strict=False)
    found = graph.explain(graph.validate(shapes=folder / "shape.ttl"))
    return {str(each.value): each.origin.line if each.origin else None for each in found}


def test_lines_of_triples_are_those_of_their_values(tmp_path: Path) -> None:
    values = ["v10", "v1", "v 1", "p"]
    lines = ["<urn:x#a> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <urn:x#A> ."]
    lines += [f'<urn:x#a> <urn:x#p> "{value}" .' for value in values]
    assert _lines(tmp_path, "a.nt", "\n".join(lines)) == {v: at for at, v in enumerate(values, start=2)}


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("@prefix : <urn:x#> .\n\n  :a a :A ;\n    :p 'v10' ;\n :p 'v1' .", {"v10": 4, "v1": 5}),
        ("@prefix : <urn:x#> . :a a :A ; :p 'v10' ,\n 'v1' .", {"v10": 1, "v1": 2}),
        ("PREFIX : <urn:x#>\n:b :p 'v1' . :a a :A ;\n:p 'v10' .\n:c a :A ; :p 'v1'.", {"v10": 3, "v1": 4}),
        ("@base <urn:x> .\n<#b> <#q> 'no. 1.' .\n<#a> a <#A> ; # 'v1'\n<#p> 'v1' .", {"v1": 4}),
        (
            '@prefix : <urn:x#> .\n:b :q """one.\n:a a :B.\n""" .\n:a a :A ;\n:p 1 , 10 .',
            {"1": 6, "10": 6},
        ),
        ("@prefix : <urn:x#> .\n:b :q [ a :B ;\n :p 1.5 ] .\n:a a :A ; :p 15 .", {"15": 4}),
    ],
)
def test_lines_of_turtle_however_it_is_laid_out(tmp_path: Path, text: str, lines: dict[str, int]) -> None:
    assert _lines(tmp_path, "a.ttl", text) == lines


@pytest.mark.parametrize("end", ["ttl", "nt", "jsonld"])
def test_time_for_places_grows_with_the_findings_of_one_thing_and_not_faster(
    tmp_path: Path, end: str
) -> None:
    above = '{"@id": "urn:x#a",\n"urn:x#p": [\n' if end == "jsonld" else ""
    value = '{"@value": "v%d"},' if end == "jsonld" else '<urn:x#a> <urn:x#p> "v%d" .'

    def seconds(number: int) -> float:
        file = tmp_path / f"{number}.{end}"
        file.write_text(above + "\n".join(value % n for n in range(number)), encoding="utf-8")
        found = [
            Finding(
                focus_node=NamedNode("urn:x#a"),
                severity=Severity.WARNING,
                component="",
                source_shape=NamedNode("urn:s"),
                path=NamedNode("urn:x#p"),
                value=Literal(f"v{n}"),
            )
            for n in range(number)
        ]
        began = time.perf_counter()
        placed = LinePlaces(file).locate(found)
        taken = time.perf_counter() - began
        first = above.count("\n") + 1
        assert [origin and origin.line for origin in placed] == list(range(first, number + first))
        return taken

    seconds(10)
    assert min(seconds(8_000) for _ in range(2)) < 40 * min(seconds(800) for _ in range(3))


def test_the_columns_are_of_cases_that_there_are() -> None:
    assert {file.stem for file in BAD} >= COLUMNS.keys()
