"""Each finding names its cell: every bad case as a workbook and as tables, and where its findings point."""

from __future__ import annotations

from pathlib import Path

import pytest

from apgraph import Graph
from apgraph.cases.convert import convert_case

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


def test_the_columns_are_of_cases_that_there_are() -> None:
    assert {file.stem for file in BAD} >= COLUMNS.keys()
