"""What someone with a spreadsheet is told: what was read in a cell, and what to write instead."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from apgraph import Graph
from apgraph.cases.dates import date_text, why_no_date
from apgraph.cases.sheets import sheet_named
from apgraph.cases.template import HEADER_ROW
from apgraph.cli.entry import run
from apgraph.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

    from apgraph.cases import Explained


@pytest.fixture
def riverside(root: Path, tmp_path: Path) -> Path:
    """The worked example as a workbook."""
    file = tmp_path / "college.xlsx"
    assert run(["convert", str(root / "examples" / "riverside.ttl"), str(file)]) == 0
    return file


def write(file: Path, sheet: str, column: str, said: Any, row: int = 0) -> str:
    """Write into a cell of a column, and return the cell's name."""
    book = openpyxl.load_workbook(file)
    number = [c.name for c in sheet_named(sheet).columns].index(column) + 1
    cell = book[sheet].cell(HEADER_ROW + 1 + row, number)
    cell.value = said
    book.save(file)
    return str(cell.coordinate)


def found_in(file: Path, cell: str, sheet: str = "Feature observations") -> list[Explained]:
    """Return what is wrong with a cell."""
    graph = Graph()
    graph.load(file)
    return [
        each
        for each in graph.explain(graph.validate())
        if each.origin is not None and (each.origin.sheet, each.origin.cell) == (sheet, cell)
    ]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("2021-05-14T10:30:00", "has a time of day, and only the date is asked for. Write 2021-05-14."),
        ("14/05/2021 10:30", "has a time of day, and only the date is asked for. Write 2021-05-14."),
        ("44330", "would mean 2021-05-14."),
        ("05/14/2021", "has no month 14: the day comes first here, then the month. Write 2021-05-14,"),
        ("2021-13-05", "has no month 13: the year comes first, then the month. Write 2021-05-13,"),
        ("31/02/2021", "does not exist: February 2021 has 28 days. Write the right day, or 2021-02"),
        ("31 February 2024", "does not exist: February 2024 has 29 days."),
        ("14/5/21", "has a year of two digits. Write 2021-05-14,"),
        ("May-21", "has a year of two digits. Write 2021-05, if May 2021 is meant."),
        ("14-05-2021", "has other marks between its numbers than a date. Write 2021-05-14,"),
        ("2021/5", "has other marks between its numbers than a date. Write 2021-05."),
        ("2021/22", "covers two years."),
        ("1999-00", "covers two years."),
        ("2021-13", "has no month 13."),
        ("20210514", "has no hyphens between year, month and day. Write 2021-05-14."),
        ("Autumn term 2021", "Write 2021, or a month such as 2021-11."),
        ("0000-01-01", "has no year."),
        ("00/00/2021", "has no month 0"),
        ("spring", "is not a date such as 2021-05-14, 2021-05 or 2021."),
    ],
)
def test_why_a_text_is_no_date(typed: str, said: str) -> None:
    assert date_text(typed) is None
    assert said in why_no_date(typed)
    assert why_no_date(typed).startswith(repr(typed))


@pytest.mark.parametrize(
    ("sheet", "column", "typed", "said"),
    [
        (
            "Arrangements",
            "practitioner_count",
            "about 2",
            "'about 2' is not a whole number. Write one such as 3,",
        ),
        ("APs", "fraction_of_time", "a day", "'a day' is not a share. Write one such as 40% or 0.4."),
        ("Arrangements", "label", None, "label is empty. Fill it in: what you call this arrangement."),
        ("Evidence", "evidence_id", None, "evidence_id is empty. Fill it in: a short name for the row."),
    ],
)
def test_what_to_write_is_said(
    riverside: Path, sheet: str, column: str, typed: str | None, said: str
) -> None:
    cell = write(riverside, sheet, column, typed)
    assert any(found.message.startswith(said) for found in found_in(riverside, cell, sheet))


def test_fields_and_values_are_those_of_the_cells(
    riverside: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(riverside, "Organisation", "is_pseudonym", "yes")
    write(riverside, "Organisation", "ukprn", "10000001")
    capsys.readouterr()
    run(["validate", str(riverside), "-f", "csv"])
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    fields = {row["rule"]: (row["field"], row["value"]) for row in rows}
    assert fields["26"] == ("is_pseudonym", "yes")
    assert fields["15"][0] == "practice_type"
    assert fields["24"][0] == "practitioner_count"
    run(["validate", str(riverside), "-f", "json"])
    told = json.loads(capsys.readouterr().out)
    assert {str(each["rule"]): each["field"] for each in told["findings"]} == {
        rule: field for rule, (field, _) in fields.items()
    }


@pytest.mark.parametrize("typed", ["44330", "05/14/2021", "14/05/2021 10:30"])
def test_a_date_is_explained_under_the_rule_it_breaks(riverside: Path, typed: str) -> None:
    cell = write(riverside, "Feature observations", "observed_on", typed)
    (found,) = found_in(riverside, cell)
    assert (found.rule, found.message) == (8, why_no_date(typed))
    assert found.title == "a date can't be read, or lies ahead"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("ev-01 and ev-02", "Between several names stand semicolons. Write 'ev-01; ev-02'."),
        ("EV-01 & ev-02", "Between several names stand semicolons. Write 'ev-01; ev-02'."),
        ("EV-01", "There is 'ev-01', in other capitals. Write it like that."),
        ("ev-0l", "Did you mean 'ev-01' or"),
        ("ev-1", "Did you mean 'ev-01'?"),
        ("ev-99", "Add the row, or correct the name."),
        ("our notes", "Add the row, or correct the name. Several names have semicolons between them."),
    ],
)
def test_names_of_evidence_that_are_almost_right(riverside: Path, typed: str, said: str) -> None:
    cell = write(riverside, "Feature observations", "evidence_ids", typed)
    messages = [found.message for found in found_in(riverside, cell) if found.value is not None]
    assert [said in message for message in messages] == [True]
    assert messages[0].startswith(f"There is no '{typed}' on sheet Evidence.")


@pytest.mark.parametrize(
    ("column", "typed", "said"),
    [
        (
            "arrangement_id",
            "Riverside arrangement since 2022",
            "'Riverside arrangement since 2022' is the label of 'arr-1' on sheet Arrangements. Write 'arr-1'.",
        ),
        ("evidence_ids", "TITLE", "'TITLE' is the title of 'ev-01' on sheet Evidence. Write 'ev-01'."),
        (
            "arrangement_id",
            "the city site",
            "There is no 'the city site' on sheet Arrangements. Add the row, or correct the name.",
        ),
    ],
)
def test_what_a_row_is_called_is_told_from_its_name(
    riverside: Path, column: str, typed: str, said: str
) -> None:
    rows = openpyxl.load_workbook(riverside)
    if typed == "TITLE":
        title = next(row[2] for row in rows["Evidence"].iter_rows(values_only=True) if row[0] == "ev-01")
        typed, said = str(title), said.replace("TITLE", str(title))
    else:
        known = {row[1]: row[0] for row in rows["Arrangements"].iter_rows(values_only=True)}
        said = said.replace("arr-1", str(known.get(typed)))
    cell = write(riverside, "Feature observations", column, typed)
    assert said in [found.message for found in found_in(riverside, cell)]


@pytest.mark.parametrize(
    ("heading", "ask"),
    [
        (
            "confidance",
            "did you mean 'confidence'? Correct the heading, or begin it with '_' to keep it for yourself",
        ),
        (
            "Who told me",
            "remove it, write what it says into 'note', or begin its heading with '_' to keep it for yourself",
        ),
    ],
)
def test_a_column_of_ones_own_is_named_by_its_cell_and_can_be_kept(
    riverside: Path, heading: str, ask: str
) -> None:
    book = openpyxl.load_workbook(riverside)
    page = book["Feature observations"]
    column = page.max_column + 1
    page.cell(HEADER_ROW, column).value = heading
    page.cell(HEADER_ROW + 1, column).value = "Jo"
    book.save(riverside)
    cell = page.cell(HEADER_ROW, column).coordinate
    with pytest.raises(InputError) as told:
        Graph().load(riverside)
    where = f"{riverside}, sheet Feature observations, cell {cell}"
    assert str(told.value) == f"{where}: there is no column {heading!r}; {ask}"
    page.cell(HEADER_ROW, column).value = f"_{heading}"
    book.save(riverside)
    assert Graph().load(riverside) > 0


def test_a_row_that_was_copied_is_told_to_be_a_copy(riverside: Path) -> None:
    book = openpyxl.load_workbook(riverside)
    page = book["Evidence"]
    rows = list(page.iter_rows(min_row=1, values_only=True))
    first = next(number for number, row in enumerate(rows, start=1) if row[0] == "ev-01")
    for column, value in enumerate(rows[first - 1], start=1):
        page.cell(len(rows) + 1, column).value = value
    book.save(riverside)
    messages = [found.message for found in found_in(riverside, f"A{len(rows) + 1}", "Evidence")]
    said = (
        f"This row is a copy of row {first}, with the same name 'ev-01'. Delete it, or give it a name of its own and "
        "correct what is otherwise in it."
    )
    assert said in messages


def test_a_term_taken_under_another_name_is_told(riverside: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cell = write(riverside, "Feature observations", "feature", "capability")
    run(["validate", str(riverside)])
    said = f"{riverside}, sheet Feature observations, cell {cell}: 'capability' is another name of 'linked to capability'"
    assert capsys.readouterr().err.count(said) == 1


def test_a_term_that_nothing_describes_may_be_of_an_extension(riverside: Path) -> None:
    cell = write(riverside, "Feature observations", "feature", "urn:ours:walks")
    (found,) = found_in(riverside, cell)
    assert found.message == (
        "'urn:ours:walks' is described nowhere. If an extension of yours adds it, give the extension's file, too."
    )
    status = write(riverside, "Feature observations", "status", "Presnt")
    assert [each.message for each in found_in(riverside, status)] == [
        "'Presnt' is not in the list of column status. Did you mean 'present'?"
    ]


@pytest.mark.parametrize(
    ("sheet", "column", "typed", "rules"),
    [
        ("Practices", "practice_type", "reading evenings", [15]),
        ("Arrangements", "declared_model", "univeral", [None]),
    ],
)
def test_one_finding_tells_of_a_value_of_ones_own_how_to_write_it(
    riverside: Path, sheet: str, column: str, typed: str, rules: list[int | None]
) -> None:
    cell = write(riverside, sheet, column, typed)
    (found,) = found_in(riverside, cell, sheet)
    assert [found.rule] == rules
    assert f"{typed!r} is not in the list of column {column}." in found.message
    assert "Or write 'other: …' with words of your own." in found.message


def test_the_end_of_a_flow_at_home_is_the_organisation(riverside: Path) -> None:
    own = openpyxl.load_workbook(riverside)["Organisation"]
    heads = {str(cell.value).rstrip(" *"): at for at, cell in enumerate(own[HEADER_ROW], start=1)}
    name = own.cell(own.max_row, heads["organisation_id"]).value or "organisation"
    cell = write(riverside, "Knowledge flows", "to", "the institution")
    (found,) = found_in(riverside, cell, "Knowledge flows")
    assert found.message == (
        "There is no 'the institution' on sheet Organisation or Communities or APs. "
        f"For the organisation itself write '{name}'. "
        "For another add its row on sheet Communities or APs, or correct the name."
    )


@pytest.mark.parametrize("number", ["1234", "10000001", None])
def test_what_can_not_be_read_as_yes_or_no_comes_under_one_heading(
    riverside: Path, number: str | None
) -> None:
    cell = write(riverside, "Organisation", "is_pseudonym", "maybe")
    write(riverside, "Organisation", "ukprn", number)
    (found,) = found_in(riverside, cell, "Organisation")
    assert (found.rule, found.title) == (None, "a cell is empty or can't be read")


@pytest.mark.parametrize("typed", ["a", "is", "list", "o'clock"])
def test_only_the_value_is_redacted_and_not_the_words_that_are_like_it(
    riverside: Path, capsys: pytest.CaptureFixture[str], typed: str
) -> None:
    write(riverside, "Feature observations", "status", typed)
    capsys.readouterr()
    run(["validate", str(riverside), "--redact", "-f", "json"])
    findings = json.loads(capsys.readouterr().out)["findings"]
    (message,) = (each["message"] for each in findings if each["field"] == "status")
    mark = '"[removed]"' if "'" in typed else "'[removed]'"
    said = f"{mark} is not in the list of column status."
    assert message.startswith(said.replace("list", "[removed]") if typed == "list" else said)
    assert message.endswith("Choose one of: present, partly, absent, not assessed.")


def test_a_rule_says_what_it_asks_and_not_what_is(root: Path) -> None:
    graph = Graph()
    graph.load(root / "tests" / "cases" / "rule-20-excluded-feature-present.ttl")
    (found,) = (each for each in graph.explain(graph.validate()) if each.rule == 20)
    assert found.asks.startswith("What is observed has to agree with the model that an arrangement declares")


def test_a_foreign_feature_in_rdf_may_be_of_an_extension(root: Path, tmp_path: Path) -> None:
    own = (root / "examples" / "riverside.ttl").read_text(encoding="utf-8")
    (tmp_path / "own.ttl").write_text(own.replace("apgx:worksInTeams", "<urn:ours:walks>"), encoding="utf-8")
    graph = Graph()
    graph.load(tmp_path / "own.ttl")
    found = [each for each in graph.explain(graph.validate()) if each.rule == 3]
    assert found
    assert all("give the extension's file, too." in each.message for each in found)


def test_cells_left_empty_for_want_of_an_extension_are_told(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = (root / "examples" / "hillside.ttl").read_text(encoding="utf-8")
    (tmp_path / "own.ttl").write_text(
        own.replace("apgx:deployedByManagers", "<urn:ours:walks>"), encoding="utf-8"
    )
    (tmp_path / "ours.ttl").write_text(
        "@prefix apg: <https://w3id.org/apgraph/ns#> .\n@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
        '<urn:ours:walks> a apg:DeploymentFeature ; rdfs:label "walks"@en .\n',
        encoding="utf-8",
    )
    assert run(["convert", str(tmp_path / "own.ttl"), str(tmp_path / "a.xlsx")]) == 0
    assert "empty, since nothing describes <urn:ours:walks>: give the extension" in capsys.readouterr().err
    with_it = ["-d", str(tmp_path / "ours.ttl")]
    assert run(["convert", str(tmp_path / "own.ttl"), str(tmp_path / "b.xlsx"), *with_it]) == 0
    assert "empty," not in capsys.readouterr().err


def test_a_workbook_that_changed_since_it_was_loaded_is_removed_first(riverside: Path) -> None:
    graph = Graph()
    graph.load(riverside)
    write(riverside, "Evidence", "title", "another title")
    with pytest.raises(InputError, match=r"remove it first, with graph\.remove\('riverside'\), or give"):
        graph.load(riverside)
    graph.remove("riverside")
    assert graph.load(riverside)


def test_two_workbooks_under_one_identifier(
    riverside: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "other.xlsx"
    other.write_bytes(riverside.read_bytes())
    write(other, "Evidence", "title", "another title")
    assert run(["validate", str(riverside), str(other)]) == 2
    said = capsys.readouterr().err
    assert (
        f"{other}, sheet Organisation, cell A5: case 'riverside' is loaded already, with other content ({riverside}); "
        "leave one of the two files out, or give this one another case_id"
    ) in said
    assert "apg:" not in said


def test_an_unknown_ending_is_answered_with_those_that_can_be_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "z.docx").write_text("x", encoding="utf-8")
    assert run(["validate", str(tmp_path / "z.docx")]) == 2
    assert "use one of .xlsx" in capsys.readouterr().err


def test_lists_go_from_little_to_much() -> None:
    choices = Graph().choices()
    of = sheet_named("Feature observations").column
    assert choices.of(of("status")).shown == ("present", "partly", "absent", "not assessed")
    assert choices.of(of("confidence")).shown == ("low", "medium", "high")


def test_a_cell_that_can_not_be_read_is_waived_by_its_place(
    riverside: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cell = write(riverside, "Evidence", "kind", "diary")
    assert run(["validate", str(riverside)]) == 1
    assert "VIOLATION rule cell: a cell is empty or can't be read (1 time)" in capsys.readouterr().out
    riverside.with_suffix(".waivers.yaml").write_text(
        f"- {{rule: cell, cell: Evidence!{cell}, reason: asked for, accepted_by: AP lead, expires: 2099-07-31}}\n",
        encoding="utf-8",
    )
    assert run(["validate", str(riverside)]) == 0
    assert "WAIVED rule cell: a cell is empty or can't be read (1 time)" in capsys.readouterr().out
