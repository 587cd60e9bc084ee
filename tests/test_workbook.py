"""The workbook as people use it: the template, what is read from files by other programs, findings by cell, marking."""

from __future__ import annotations

import datetime
import shutil
import subprocess
import sys
import time
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import PatternFill
from openpyxl.utils import get_column_letter
from pyoxigraph import RdfFormat, serialize

from apgraph import Graph
from apgraph.cases.cells import Book, SheetReader
from apgraph.cases.colouring import COLOURS
from apgraph.cases.content import Content, Row
from apgraph.cases.marking import mark_findings
from apgraph.cases.notes import authors, with_notes
from apgraph.cases.package import open_package
from apgraph.cases.prompts import prompts
from apgraph.cases.report import notice_of
from apgraph.cases.sheets import SHEETS, sheet_named
from apgraph.cases.tables import write_tables
from apgraph.cases.template import HEADER_ROW, write_workbook
from apgraph.cases.triples import translate
from apgraph.cases.unmarking import without_boxes
from apgraph.cases.workbook import read_workbook
from apgraph.cli.entry import run
from apgraph.errors import ConflictError, InputError
from apgraph.lexicon import curie, expand
from apgraph.questions.answers import example_files
from apgraph.shacl import Severity

if TYPE_CHECKING:
    from pathlib import Path

    from openpyxl import Workbook

    from apgraph.notices import Notice

GRAPH = Graph()
CHOICES = GRAPH.choices()
ORGANISATION = {
    "case_id": "coleg", "organisation_name": "Coleg Sir Gâr", "is_pseudonym": "no", "case_period_start": "2021",
    "compiled_by": "AP lead", "compiled_on": "2024", "sharing_status": "internal",
}  # fmt: skip
OBSERVATION = {
    "observation_id": "obs-1", "arrangement_id": "arr-1", "feature": "peer-to-peer working", "status": "present",
    "observed_on": "2022-03-04", "confidence": "high", "evidence_ids": "ev-1",
}  # fmt: skip
FIRST: dict[str, list[dict[str, Any]]] = {
    "Organisation": [ORGANISATION],
    "Arrangements": [{"arrangement_id": "arr-1", "label": "APs", "covers": "site"}],
    "Feature observations": [OBSERVATION],
    "Evidence": [
        {
            "evidence_id": "ev-1",
            "kind": "document",
            "title": "t",
            "source": "s",
            "date": "2022",
            "access": "open",
        }
    ],
}


@pytest.fixture
def filled(tmp_path: Path) -> tuple[Path, Workbook]:
    """The template as another program opens it, with the first four sheets filled in."""
    file = tmp_path / "college.xlsx"
    write_workbook(file, GRAPH.store, CHOICES)
    book = openpyxl.load_workbook(file)
    for name, rows in FIRST.items():
        for number, cells in enumerate(rows, start=HEADER_ROW + 2):
            for column, said in cells.items():
                put(book, name, number, column, said)
    book.save(file)
    return file, book


def put(book: Workbook, sheet: str, row: int, column: str, said: Any) -> str:
    """Write into a cell, and return its name."""
    number = [c.name for c in sheet_named(sheet).columns].index(column) + 1
    cell = book[sheet].cell(row, number)
    cell.value = said
    return str(cell.coordinate)


def test_template_has_everything(filled: tuple[Path, Workbook]) -> None:
    _, book = filled
    assert [s for s in book.sheetnames if s not in {"Instructions", "Features", "Lists"}] == [
        s.name for s in SHEETS
    ]
    for sheet in SHEETS:
        page = book[sheet.name]
        heads = [cell.value for cell in page[HEADER_ROW]]
        assert heads == [f"{c.name} *" if c.required else c.name for c in sheet.columns]
        assert str(page.cell(HEADER_ROW + 1, 1).value).startswith("example:")
        assert page.freeze_panes == f"B{HEADER_ROW + 1}"
    asked = prompts(GRAPH.store, CHOICES, sheet_named("Feature observations").column("feature"))
    assert len(asked) == 39
    assert all(p.ask.endswith("?") and p.help.endswith(".") for p in asked)
    names = {
        v.formula1 for p in book.worksheets for v in p.data_validations.dataValidation if v.type == "list"
    }
    assert names <= set(book.defined_names)


# What a claim says of a feature, and without which an observer would look for more, or for less, than the source has.
NEEDED = {
    "activeInExternalConstellations": ("outside",),
    "benefitsFromSectorLearning": ("professional learning", "sector"),
    "contributesToSectorLearning": ("professional learning", "sector"),
    "focusedOnTeachersRequiringImprovement": ("what APs have to give", "centred"),
    "followsIndividualStrengths": ("good at", "outside"),
    "maintainsConsistentQualityFocus": ("even", "cross-cutting"),
    "supportsAllOtherTeachingStaff": ("all the remaining",),
    "supportsAllStaff": ("whole staff", "bring them on"),
    "supportsEvidenceFlows": ("research", "practice", "steadily"),
    "targetedByLowGrade": ("what APs have to give",),
    "usesDevelopmentalObservation": ("without judging",),
}


def asked_of() -> dict[str, tuple[str, str]]:
    """What the workbook asks of each feature, and how it says to tell."""
    column = sheet_named("Feature observations").column("feature")
    return {each.feature: (each.ask, each.help) for each in prompts(GRAPH.store, CHOICES, column)}


@pytest.mark.parametrize("feature", sorted(NEEDED))
def test_a_question_asks_for_what_the_claim_says(feature: str) -> None:
    described = GRAPH.describe(f"apgx:{feature}")
    ask, _ = asked_of()[described.label]
    for words in NEEDED[feature]:
        assert words in described.definition, described.definition
        assert words in ask, ask


def test_a_question_adds_nothing_to_the_claim() -> None:
    asked = {label: " ".join(said) for label, said in asked_of().items()}
    # Whose capacity and whose strategy is meant, the source does not say; nor that a week or a report decides.
    for feature in ("capacity-building approach", "works strategically"):
        assert "the source does not say" in asked[feature]
        assert "organisation" not in asked[feature]
    assert "week" not in asked["deployed by managers"]
    assert "reports" not in asked["linked to performance management"]
    assert "great weight" in asked["capacity building via professional learning"]


def test_every_property_and_class_is_in_the_ontology() -> None:
    known = GRAPH.lexicon
    for sheet in SHEETS:
        for column in sheet.columns:
            for iri in (column.property, *column.classes, *column.shown):
                ours = curie(iri).startswith(("apg:", "apgx:"))
                assert not ours or known.label(iri), (sheet.name, column.name, curie(iri))
    assert expand("apg:isAppointmentUnder")


def test_template_with_four_sheets_is_clean(filled: tuple[Path, Workbook]) -> None:
    graph = Graph()
    graph.load(filled[0])
    # One observation is not enough to decide on a model, and nothing else is to be said.
    assert [(e.rule, e.finding.severity) for e in graph.explain(graph.validate())] == [(21, Severity.INFO)]


def test_example_rows_are_counted_aloud(
    filled: tuple[Path, Workbook], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = f"{filled[0]}: {len(SHEETS)} example rows are passed over"
    for command in (
        ["validate", str(filled[0])],
        ["profile", str(filled[0])],
        ["convert", str(filled[0]), str(tmp_path / "out.ttl")],
    ):
        run(command)
        assert capsys.readouterr().err.count(said) == 1, command
    run(["validate", str(tmp_path / "out.ttl")])
    assert "passed over" not in capsys.readouterr().err


def test_examples_are_themselves_right(tmp_path: Path) -> None:
    """Taking 'example:' off the example rows gives a case without a fault."""
    file = tmp_path / "examples.xlsx"
    write_workbook(file, GRAPH.store, CHOICES)
    book = openpyxl.load_workbook(file)
    for sheet in SHEETS:
        cell = book[sheet.name].cell(HEADER_ROW + 1, 1)
        cell.value = str(cell.value).removeprefix("example: ")
    book.save(file)
    graph = Graph()
    graph.load(file)
    # One row a sheet is little to decide on, and three APs are few.
    assert [(str(e.origin), e.rule) for e in graph.explain(graph.validate())] == [
        (f"{file}, sheet Arrangements, cell A5", 21),
        (f"{file}, sheet Arrangements, cell G5", 24),
    ]


@pytest.mark.parametrize(
    ("raw", "style", "said"),
    [
        (datetime.datetime(2021, 5, 14), "dd/mm/yyyy", "2021-05-14"),  # noqa: DTZ001
        (datetime.datetime(2021, 5, 1), "mmm-yy", "2021-05"),  # noqa: DTZ001
        (2021, "General", "2021"),
        ("14/05/2021", "@", "2021-05-14"),
        ("\u00a02021-05 ", "@", "2021-05"),
        ("3 September 2021", "@", "2021-09-03"),
    ],
)  # fmt: skip
def test_dates(filled: tuple[Path, Workbook], raw: Any, style: str, said: str) -> None:
    file, book = filled
    name = put(book, "Feature observations", HEADER_ROW + 2, "observed_on", raw)
    book["Feature observations"][name].number_format = style
    book.save(file)
    assert read_workbook(file, CHOICES).rows["Feature observations"][0].cells["observed_on"] == said


def test_shares_merged_cells_and_near_names(filled: tuple[Path, Workbook]) -> None:
    file, book = filled
    for number, share in enumerate((0.4, "40%", "0.40"), start=HEADER_ROW + 2):
        put(book, "APs", number, "ap_id", f"Łucja-{number}")
        name = put(book, "APs", number, "fraction_of_time", share)
        book["APs"][name].number_format = "0%"
    put(book, "APs", HEADER_ROW + 2, "arrangement_id", "arr-1")
    book["APs"].merge_cells(f"C{HEADER_ROW + 2}:C{HEADER_ROW + 4}")
    put(book, "Feature observations", HEADER_ROW + 2, "feature", " Peer to peer WORKING ")
    book.save(file)
    content = read_workbook(file, CHOICES)
    assert [row.cells["fraction_of_time"] for row in content.rows["APs"]] == ["0.4"] * 3
    assert [row.cells["arrangement_id"] for row in content.rows["APs"]] == ["arr-1"] * 3
    assert content.rows["Feature observations"][0].cells["feature"] == "peer-to-peer working"
    assert content.problems == []


FAULTS = [
    ("Feature observations", "feature", "peer to peer wrking"),
    ("Feature observations", "feature", None),
    ("Feature observations", "status", "presnt"),
    ("Feature observations", "observed_on", "soon"),
    ("Feature observations", "observed_on", None),
    ("Feature observations", "confidence", None),
    ("Feature observations", "arrangement_id", "arr-9"),
    ("Feature observations", "evidence_ids", "ev-9"),
    ("Feature observations", "evidence_ids", None),
    ("Feature observations", "observation_id", None),
    ("Arrangements", "covers", "sit"),
    ("Arrangements", "label", None),
    ("Arrangements", "practitioner_count", "some"),
    ("Arrangements", "ends_on", "31/02/2021"),
    ("Organisation", "compiled_on", None),
    ("Organisation", "is_pseudonym", "perhaps"),
    ("Evidence", "date", "in May"),
    ("Evidence", "kind", "rumour"),
]


@pytest.mark.parametrize(("sheet", "column", "said"), FAULTS)
def test_a_finding_names_the_cell(
    filled: tuple[Path, Workbook], tmp_path: Path, sheet: str, column: str, said: str | None
) -> None:
    file, book = filled
    name = put(book, sheet, HEADER_ROW + 2, column, said)
    book.save(file)
    graph = Graph()
    graph.load(file)
    found = graph.explain(graph.validate())
    assert found
    assert all(each.origin is not None and each.origin.cell for each in found)
    assert f"{file}, sheet {sheet}, cell {name}" in {str(each.origin) for each in found}
    marked = tmp_path / "marked.xlsx"
    assert mark_findings(file, marked, map(notice_of, found)) >= 1
    assert openpyxl.load_workbook(marked)[sheet][name].comment is not None


def test_csv_findings_name_file_line_and_column(filled: tuple[Path, Workbook], tmp_path: Path) -> None:
    folder = tmp_path / "csv"
    write_tables(folder, read_workbook(filled[0], CHOICES), CHOICES)
    file = folder / "feature-observations.csv"
    file.write_bytes(file.read_text("utf-8").replace("present", "presnt – näh").encode("cp1252"))
    graph = Graph()
    graph.load(folder)
    found = [str(e.origin) for e in graph.explain(graph.validate()) if e.rule != 21]
    assert found == [f"{file}, line 2, column status"]
    evidence = folder / "evidence.csv"
    evidence.write_text(evidence.read_text("utf-8").replace("access", "acess"), encoding="utf-8")
    with pytest.raises(InputError, match="did you mean 'access'"):
        Graph().load(folder)


@pytest.mark.parametrize(
    ("name", "approximate"), [("a.nt", False), ("a.ttl", True), ("a.jsonld", True), ("a.rdf", True)]
)
def test_rdf_findings_name_a_line(root: Path, tmp_path: Path, name: str, approximate: bool) -> None:
    file = tmp_path / name
    assert run(["convert", str(root / "tests/cases/rule-08-observation-not-a-date.ttl"), str(file)]) == 0
    graph = Graph()
    graph.load(file)
    (found,) = graph.explain(graph.validate())
    assert found.origin is not None
    assert found.origin.line is not None
    assert found.origin.approximate is approximate
    lines = file.read_text("utf-8").splitlines()
    near = (
        lines[found.origin.line - 1]
        if not approximate
        else "\n".join(lines[found.origin.line - 2 : found.origin.line + 3])
    )
    assert "observedOn" in near


def test_marking_changes_nothing_else(filled: tuple[Path, Workbook], tmp_path: Path) -> None:
    file, book = filled
    put(book, "Feature observations", HEADER_ROW + 2, "feature", None)
    book.save(file)
    graph = Graph()
    graph.load(file)
    marked = tmp_path / "marked.xlsx"
    mark_findings(file, marked, graph.report(graph.validate()).open)
    assert _everything(marked) == _everything(file)
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(marked) as new:
        changed = {n for n in old.namelist() if old.read(n) != new.read(n)}
        added = set(new.namelist()) - set(old.namelist())
    assert {n for n in changed if "worksheets/sheet" not in n} == {"[Content_Types].xml", "xl/styles.xml"}
    assert len([n for n in changed if n.endswith(".xml") and "worksheets/sheet" in n]) == 2
    assert (
        len(added) == 6
    )  # notes and drawing of each of two sheets: the feature is missing, and rule 21 says so


@pytest.mark.parametrize("by", ["itself", "LibreOffice"])
def test_marks_made_earlier_come_off(filled: tuple[Path, Workbook], tmp_path: Path, by: str) -> None:
    file, book = filled
    right = put(book, "Feature observations", HEADER_ROW + 2, "observed_on", "31/02/2022")
    wrong = put(book, "Feature observations", HEADER_ROW + 3, "observed_on", "30/02/2022")
    page = book["Feature observations"]
    page[right].comment = Comment("Ask Jo & me", "Head")
    page[wrong].fill = PatternFill("solid", fgColor="FF99CC00")
    book.save(file)
    marked = tmp_path / "marked.xlsx"
    mark_findings(file, marked, _found(file))
    # Somebody mends one of the two in the marked workbook, and writes on in the other's note.
    again = openpyxl.load_workbook(marked)
    page = again["Feature observations"]
    page[right].value = "2022-02-28"
    said = page[wrong].comment
    assert said is not None
    page[wrong].comment = Comment(f"{said.text}\nI shall ask Jo.", "Head")
    again.save(marked)
    if by == "LibreOffice":
        marked = _saved_by_libreoffice(marked, tmp_path / "office")
    once, twice = tmp_path / "once.xlsx", tmp_path / "twice.xlsx"
    mark_findings(marked, once, _found(marked))
    mark_findings(once, twice, _found(once))
    for each in (once, twice):
        assert _everything(each) == _everything(marked)
        page = openpyxl.load_workbook(each)["Feature observations"]
        notes = {
            cell.coordinate: cell.comment.text for row in page for cell in row if cell.comment is not None
        }
        assert notes[right].strip() == "Ask Jo & me"
        assert notes[wrong].count("apgraph found:") == notes[wrong].count("30/02/2022") == 1
        assert notes[wrong].count("I shall ask Jo.") == 1
        assert _colours(page).get(right) is None
        assert _colours(page)[wrong] == COLOURS[0]
    # With nothing left to mark, the last mark comes off, too, with the colour that was put over another.
    none = tmp_path / "none.xlsx"
    mark_findings(twice, none, ())
    page = openpyxl.load_workbook(none)["Feature observations"]
    assert _colours(page) == {}
    # What somebody had coloured has that colour again, whatever program saved the file between.
    assert page[wrong].fill.fgColor.rgb == "FF99CC00"
    notes = {
        cell.coordinate: cell.comment.text.strip() for row in page for cell in row if cell.comment is not None
    }
    assert notes == {right: "Ask Jo & me", wrong: "I shall ask Jo."}


def _colours(page: Any) -> dict[str, str]:
    """Return the colours of conditional formats, by cell."""
    return {
        cell: rule.dxf.fill.bgColor.rgb
        for each in page.conditional_formatting
        for rule in each.rules
        for cell in str(each.sqref).split()
    }


def _found(file: Path) -> tuple[Notice, ...]:
    graph = Graph()
    graph.load(file)
    return graph.report(graph.validate()).open


def _saved_by_libreoffice(file: Path, folder: Path) -> Path:
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed (apt-get install libreoffice-calc)")
    home = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    form = "xlsx:Calc MS Excel 2007 XML"
    command = [office, home, "--headless", "--convert-to", form, "--outdir", str(folder), str(file)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=180, check=True)
    assert "repair" not in (done.stdout + done.stderr).lower()
    return folder / file.name


def test_marking_again_and_again_grows_nothing_and_gives_the_same_bytes(
    filled: tuple[Path, Workbook], tmp_path: Path
) -> None:
    file, book = filled
    wrong = put(book, "Feature observations", HEADER_ROW + 2, "observed_on", "31/02/2022")
    page = book["Feature observations"]
    equal: Any = CellIsRule("equal", ["1"], fill=PatternFill(bgColor="FF00FF00"))  # type: ignore[no-untyped-call]
    page.conditional_formatting.add(wrong, equal)
    book.save(file)
    found = _found(file)
    made = [tmp_path / f"{number}.xlsx" for number in range(4)]
    for before, after in zip((file, *made), made, strict=False):
        mark_findings(before, after, [replace(each, file=str(before)) for each in found])
        assert _colours(openpyxl.load_workbook(after)[page.title])[wrong] in {COLOURS[0], "FF00FF00"}
    assert made[0].read_bytes() == made[1].read_bytes() == made[2].read_bytes() == made[3].read_bytes()
    later = tmp_path / "later.xlsx"
    time.sleep(2.1)  # What a ZIP archive says of the time is in steps of two seconds.
    mark_findings(file, later, found)
    assert later.read_bytes() == made[0].read_bytes()
    mark_findings(made[3], later, ())
    (kept,) = openpyxl.load_workbook(later)[page.title].conditional_formatting
    assert [rule.type for rule in kept.rules] == ["cellIs"]


def test_a_line_below_our_note_that_looks_like_ours_is_kept(
    filled: tuple[Path, Workbook], tmp_path: Path
) -> None:
    file, book = filled
    wrong = put(book, "Feature observations", HEADER_ROW + 2, "observed_on", None)
    book.save(file)
    marked, again = tmp_path / "marked.xlsx", tmp_path / "again.xlsx"
    mark_findings(file, marked, _found(file))
    worked = openpyxl.load_workbook(marked)
    note = worked["Feature observations"][wrong].comment
    assert note is not None
    note.text = f"{note.text}\nWarning: Anna, please ask Bob"
    worked.save(marked)
    mark_findings(marked, again, ())
    left = openpyxl.load_workbook(again)["Feature observations"][wrong].comment
    assert left is not None
    assert left.text.strip() == "Warning: Anna, please ask Bob"


def test_a_picture_in_a_header_is_not_taken_for_the_boxes_of_notes(
    filled: tuple[Path, Workbook], tmp_path: Path
) -> None:
    file, book = filled
    wrong = put(book, "Feature observations", HEADER_ROW + 2, "observed_on", "31/02/2022")
    book.save(file)
    marked, pictured, none = (tmp_path / f"{name}.xlsx" for name in ("marked", "pictured", "none"))
    mark_findings(file, marked, _found(file))
    with zipfile.ZipFile(marked) as old, zipfile.ZipFile(pictured, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name.endswith(".rels") and b"apgraphNotes" in content:
                kind = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/vmlDrawing"
                picture = b'<Relationship Id="rIdHF" Type="%s" Target="../drawings/header.vml"/>' % kind
                content = content.replace(b"</Relationships>", picture + b"</Relationships>")
            new.writestr(name, content)
        new.writestr("xl/drawings/header.vml", b"<xml/>")
    mark_findings(pictured, none, ())
    with zipfile.ZipFile(none) as read:
        boxes = [read.read(name) for name in read.namelist() if "apgraphNotes" in name and ".vml" in name]
        assert read.read("xl/drawings/header.vml") == b"<xml/>"
    assert boxes
    assert not any(b"<v:shape " in each for each in boxes)
    assert openpyxl.load_workbook(none)["Feature observations"][wrong].comment is None


@pytest.mark.parametrize(("part", "content"), [("Notes1.xml", b"<comments><auth"), ("Notes1.vml", b"")])
def test_a_broken_part_for_notes_is_named(
    filled: tuple[Path, Workbook], tmp_path: Path, part: str, content: bytes
) -> None:
    file, book = filled
    put(book, "Feature observations", HEADER_ROW + 2, "observed_on", "31/02/2022")
    book.save(file)
    marked, broken = tmp_path / "marked.xlsx", tmp_path / "broken.xlsx"
    mark_findings(file, marked, _found(file))
    with zipfile.ZipFile(marked) as old, zipfile.ZipFile(broken, "w") as new:
        for name in old.namelist():
            new.writestr(name, content if name.endswith(part) else old.read(name))
    found = [replace(each, file=str(broken), cell="Z90") for each in _found(file) if each.cell]
    with pytest.raises(InputError, match=f"part xl/.*{part} is ") as told:
        mark_findings(broken, tmp_path / "none.xlsx", found)
    assert "\n" not in str(told.value)


def test_notes_that_are_there_are_kept(filled: tuple[Path, Workbook], tmp_path: Path) -> None:
    file, book = filled
    wrong = put(book, "Feature observations", HEADER_ROW + 2, "observed_on", "31/02/2022")
    page = book["Feature observations"]
    page[wrong].comment = Comment("Ask <Jo> & me\nin June", "Head & deputy")
    page["B30"].comment = Comment("for later", "AP lead")
    book["Practices"]["A1"].comment = Comment("not touched", "AP lead")
    book.save(file)
    graph, marked = Graph(), tmp_path / "marked.xlsx"
    graph.load(file)
    mark_findings(file, marked, graph.report(graph.validate()).open)
    assert _everything(marked) == _everything(file)
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(marked) as new:
        changed = {n for n in old.namelist() if old.read(n) != new.read(n) and "worksheets/" not in n}
        notes = next(n for n in changed if "comment" in n and n.endswith(".xml"))
        for kept in (b"for later", b"<Jo>"):
            assert (kept in old.read(notes)) is (kept in new.read(notes))
        # The part for the notes of the sheet in which nothing was found stays as it is.
        assert len([n for n in old.namelist() if "/comment" in n.lower() and n not in changed]) >= 1
    read = openpyxl.load_workbook(marked)
    found = {cell.coordinate: cell.comment for row in read["Feature observations"] for cell in row}
    said = found[wrong]
    assert said is not None
    assert said.text.startswith(
        "Ask <Jo> & me\nin June\n\napgraph found:\nViolation (rule 8): '31/02/2022' is a day that"
    )
    assert said.author == "Head & deputy"
    assert found["B30"] is not None
    assert (found["B30"].text, found["B30"].author) == ("for later", "AP lead")
    practices = read["Practices"]["A1"].comment
    assert practices is not None
    assert practices.text == "not touched"


@pytest.mark.parametrize(
    ("text", "result"),
    [
        (b"<text/>", b"<text><r>!</r></text>"),
        (b"<text></text>", b"<text><r>!</r></text>"),
        (b"<text><t>a</t></text>", b"<text><r><t>a</t></r><r>!</r></text>"),
        (b"<text><r><t>a</t></r></text>", b"<text><r><t>a</t></r><r>!</r></text>"),
        (
            b"<text><t>a</t><rPh><t>b</t></rPh></text>",
            b"<text><r><t>a</t></r><r>!</r><rPh><t>b</t></rPh></text>",
        ),
        (b"<x:text><x:t>a</x:t></x:text>", b"<x:text><r><x:t>a</x:t></r><r>!</r></x:text>"),
    ],
)
def test_a_note_is_added_to_whatever_form_one_has(text: bytes, result: bytes) -> None:
    around = b'<comments><authors/><commentList><comment ref="C7" authorId="0">%s</comment></commentList></comments>'
    made, new = with_notes(around % text, {"C7": "!"})
    plain = made.replace(b' xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"', b"")
    plain = plain.replace(b'<t xml:space="preserve">\n\n!</t>', b"!")
    assert plain == (around % result).replace(b"<authors/>", b"<authors><author>apgraph</author></authors>")
    assert new == ()
    assert authors(made) == ("apgraph",)


def _everything(file: Path) -> list[Any]:
    with open_package(file) as package:
        book = Book(package)
        return [(p.name, list(SheetReader(book, p).rows())) for p in package.sheets()]


def test_unknown_sheet_and_twice_loaded(filled: tuple[Path, Workbook]) -> None:
    file, book = filled
    graph = Graph()
    assert graph.load(file) > 0
    assert graph.load(file) == 0
    assert graph.cases() == ("coleg",)
    put(book, "Organisation", HEADER_ROW + 2, "region", "elsewhere")
    book.save(file)
    with pytest.raises(ConflictError):
        graph.load(file)
    book.create_sheet("Evidnce")["A1"] = "x"
    book.save(file)
    with pytest.raises(InputError, match="did you mean 'Evidence'"):
        Graph().load(file)


def test_a_sheet_or_column_that_is_gone_is_named_once(filled: tuple[Path, Workbook], tmp_path: Path) -> None:
    file, book = filled
    for row in range(4):
        for column, said in OBSERVATION.items():
            number = f"obs-{row}" if column == "observation_id" else said
            put(book, "Feature observations", HEADER_ROW + 2 + row, column, number)
    page = book["Feature observations"]
    where = [cell.value for cell in page[HEADER_ROW]].index("confidence *") + 1
    kept = [page.cell(row, where).value for row in range(1, HEADER_ROW + 7)]
    page.delete_cols(where)
    book.save(file)
    with pytest.raises(
        InputError, match=r"sheet Feature observations: there is no column 'confidence', which"
    ):
        Graph().load(file)
    page.insert_cols(where)
    for row, value in enumerate(kept, start=1):
        page.cell(row, where).value = value
    del book["Evidence"]
    book.save(file)
    with pytest.raises(
        InputError, match="there is no sheet Evidence, and sheet Feature observations, cell H6 names"
    ):
        Graph().load(file)
    # An empty sheet is there: what is missing on it are the rows.
    book.create_sheet("Evidence")
    book.save(file)
    assert "There is no 'ev-1' on sheet Evidence. Add the row, or correct the name." in {
        each.message for each in _found(file)
    }
    folder = tmp_path / "tables"
    write_tables(folder, read_workbook(file, CHOICES), CHOICES)
    (folder / "evidence.csv").unlink()
    with pytest.raises(
        InputError,
        match=r"there is no file evidence\.csv, and .*feature-observations\.csv, line 2, column evidence_ids names",
    ):
        Graph().load(folder)


def test_a_value_under_no_heading_is_named_by_its_own_cell(filled: tuple[Path, Workbook]) -> None:
    file, book = filled
    book["Evidence"].cell(HEADER_ROW + 2, 40).value = "stray"
    book.save(file)
    cell = f"{get_column_letter(40)}{HEADER_ROW + 2}"
    with pytest.raises(InputError, match=f"sheet Evidence, cell {cell}: a value under no heading"):
        Graph().load(file)


def test_nothing_written_is_a_formula(filled: tuple[Path, Workbook], tmp_path: Path) -> None:
    file, book = filled
    name = put(book, "Evidence", HEADER_ROW + 2, "title", "x")
    cell = book["Evidence"][name]
    cell.value, cell.data_type = '=HYPERLINK("http://x")', "s"
    book.save(file)
    out, folder = tmp_path / "out.xlsx", tmp_path / "csv"
    assert run(["convert", str(file), str(out)]) == 0
    assert run(["convert", str(out), str(folder)]) == 0
    cells = [
        c for p in openpyxl.load_workbook(out) for row in p.iter_rows() for c in row if c.value is not None
    ]
    assert {c.data_type for c in cells} <= {"s", "n", "inlineStr"}
    assert "'=HYPERLINK" in (folder / "evidence.csv").read_text("utf-8")
    assert read_workbook(out, CHOICES).plain() == read_workbook(file, CHOICES).plain()


def test_an_extension_shows_up_in_the_lists(tmp_path: Path) -> None:
    extension = tmp_path / "own.ttl"
    extension.write_text(
        "@prefix apg: <https://w3id.org/apgraph/ns#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
        '<urn:own:f> a apg:DeploymentFeature ; rdfs:label "works by bicycle"@en .\n',
        encoding="utf-8",
    )
    file = tmp_path / "own.xlsx"
    assert run(["template", str(file), "--data", str(extension)]) == 0
    said = {c.value for row in openpyxl.load_workbook(file)["Lists"].iter_rows() for c in row}
    assert "works by bicycle" in said
    assert run(["template", str(file)]) == 2


def test_opens_in_libreoffice(tmp_path: Path) -> None:
    file = tmp_path / "template.xlsx"
    write_workbook(file, GRAPH.store, CHOICES)
    after = openpyxl.load_workbook(_saved_by_libreoffice(file, tmp_path / "out"))
    before = openpyxl.load_workbook(file)
    assert after.sheetnames == before.sheetnames
    for name in before.sheetnames:
        assert [[c.value for c in row] for row in before[name].iter_rows(max_row=6)] == [
            [c.value for c in row][: before[name].max_column] for row in after[name].iter_rows(max_row=6)
        ]
    assert {
        v.formula1 for v in after["Feature observations"].data_validations.dataValidation if v.type == "list"
    }


def test_marking_a_cell_whose_style_is_the_last(tmp_path: Path) -> None:
    """A date cell outside of the case period, as openpyxl saves it: its style is the last, and an empty element."""
    file, marked = tmp_path / "college.xlsx", tmp_path / "marked.xlsx"
    assert run(["convert", str(example_files()[0]), str(file)]) == 0
    book = openpyxl.load_workbook(file)
    sheet = book["Feature observations"]
    heads = {cell.value: cell.column for row in sheet.iter_rows(max_row=6) for cell in row if cell.value}
    column = next(number for name, number in heads.items() if str(name).startswith("observed_on"))
    cell = sheet.cell(sheet.max_row, column)
    cell.value = datetime.date(2019, 1, 1)
    cell.number_format = "dd/mm/yy;@"
    book.save(file)
    assert run(["validate", str(file), "-f", "xlsx", "-o", str(marked), "--fail-on", "violation"]) == 0
    again = openpyxl.load_workbook(marked)["Feature observations"].cell(sheet.max_row, column)
    assert again.comment is not None
    assert again.value == datetime.datetime(2019, 1, 1)  # noqa: DTZ001 (as a spreadsheet has it)
    assert again.coordinate in _colours(again.parent)


def test_a_marked_workbook_is_not_redacted_by_halves(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "college.xlsx"
    assert run(["convert", str(example_files()[0]), str(file)]) == 0
    assert run(["validate", str(file), "-f", "xlsx", "--redact"]) == 2
    assert "leave out --redact" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["college.xlsx"]


def test_a_marked_copy_in_which_somebody_may_have_worked_is_not_written_over(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, copy = tmp_path / "college.xlsx", tmp_path / "college-checked.xlsx"
    assert run(["convert", str(example_files()[0]), str(file)]) == 0
    copy.write_bytes(b"corrected")
    assert run(["validate", str(file), "-f", "xlsx"]) == 2
    assert "is there already" in capsys.readouterr().err
    assert copy.read_bytes() == b"corrected"


def test_writing_takes_little_more_room_than_loading(tmp_path: Path) -> None:
    """The statements of a case are held once, not once as read, once by subject and once as they would be written."""
    content = Content("x")
    content.rows["Organisation"].append(Row(1, {"case_id": "large", "organisation_name": "Large"}))
    content.rows["Arrangements"].append(Row(1, {"arrangement_id": "arr-1", "label": "APs"}))
    content.rows["Feature observations"] += (
        Row(at, {**OBSERVATION, "observation_id": f"obs-{at}", "note": f"note {at}"})
        for at in range(1, 8_001)
    )
    file = tmp_path / "large.nt"
    file.write_bytes(serialize(translate(content, CHOICES).stream(), format=RdfFormat.N_TRIPLES) or b"")
    peak = (
        "import pathlib, resource\nstatus = pathlib.Path('/proc/self/status')\n"
        "own = [int(l.split()[1]) for l in status.open() if l.startswith('VmHWM')] if status.exists() else []\n"
        "print((own or [resource.getrusage(resource.RUSAGE_SELF).ru_maxrss])[0])"
    )
    peaks = []
    for code in (
        "import sys\nfrom apgraph import Graph\ngraph = Graph()\ngraph.load(sys.argv[1])\n",
        "import sys\nfrom apgraph.cli.entry import run\nassert run(['convert', *sys.argv[1:]]) == 0\n",
    ):
        done = subprocess.run(
            [sys.executable, "-c", code + peak, str(file), str(tmp_path / "large.xlsx")],
            capture_output=True,
            text=True,
            check=True,
        )
        peaks.append(int(done.stdout.split()[-1]))
    assert peaks[1] < 1.8 * peaks[0], peaks


def test_boxes_that_never_end_take_no_time() -> None:
    endless = b"<xml>" + b'<v:shape id="a">' * 50_000
    started = time.process_time()
    assert without_boxes(endless, {"A1"}) == endless
    assert time.process_time() - started < 2
