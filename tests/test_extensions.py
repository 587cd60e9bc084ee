"""A model, a feature, a practice and a value of one's own, from the workbook to the comparison: no line of code."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from apgraph import Graph
from apgraph.cases.sheets import sheet_named
from apgraph.cases.template import HEADER_ROW
from apgraph.cli.entry import run
from apgraph.questions import Catalogue
from apgraph.resources import resource_folder

if TYPE_CHECKING:
    from collections.abc import Callable

    from apgraph import Answer

EXTENSION = str(resource_folder("ontology") / "extensions" / "template.ttl")
OBSERVED = {"status": "present", "observed_on": "2023-02-10", "confidence": "high", "evidence_ids": "ev-1"}
ROWS: dict[str, list[dict[str, Any]]] = {
    "Organisation": [
        {
            "case_id": "coop",
            "organisation_name": "A college",
            "is_pseudonym": "yes",
            "case_period_start": "2021",
            "compiled_by": "AP lead",
            "compiled_on": "2024",
            "sharing_status": "internal",
        }
    ],
    "Arrangements": [
        {"arrangement_id": "arr-1", "label": "Shared APs", "covers": "site", "declared_model": "co-op model"}
    ],
    "Feature observations": [
        {
            "observation_id": "obs-1",
            "arrangement_id": "arr-1",
            "feature": "shared between colleges",
            **OBSERVED,
        },
        {"observation_id": "obs-2", "arrangement_id": "arr-1", "feature": "works in teams", **OBSERVED},
    ],
    "Communities": [
        {
            "community_id": "com-1",
            "name": "The APs",
            "kind": "team",
            "orientation": "inward",
            "external_to_organisation": "no",
        }
    ],
    "Practices": [
        {
            "enactment_id": "pra-1",
            "practice_type": "lesson study",
            "arrangement_or_community_id": "arr-1",
            "enacted_by": "com-1",
            "setting": "internal",
            "medium": "in person",
            "starts_on": "2022",
            "evidence_ids": "ev-1",
        }
    ],
    "Values": [{"value_set_id": "set-1", "value_label": "candour", "agreed_by": "com-1", "row_id": "val-1"}],
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
def apgraph(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Run a command line and return what it prints; it must end with the exit code given, 0 by default."""
    monkeypatch.setenv("COLUMNS", "200")

    def done(*arguments: str, code: int = 0) -> str:
        capsys.readouterr()
        assert run(arguments) == code, (arguments, capsys.readouterr())
        return capsys.readouterr().out

    return done


@pytest.fixture
def workbook(tmp_path: Path, apgraph: Callable[..., str]) -> str:
    """The template with the extension's terms, filled in with them."""
    file = tmp_path / "coop.xlsx"
    apgraph("template", str(file), "-d", EXTENSION)
    book = openpyxl.load_workbook(file)
    for name, rows in ROWS.items():
        for number, cells in enumerate(rows, start=HEADER_ROW + 2):
            for column, said in cells.items():
                place = [c.name for c in sheet_named(name).columns].index(column) + 1
                book[name].cell(number, place).value = said
    book.save(file)
    return str(file)


def test_the_template_offers_and_explains_them(workbook: str) -> None:
    book = openpyxl.load_workbook(workbook)
    offered = {cell.value for row in book["Lists"].iter_rows() for cell in row}
    assert {"co-op model", "shared between colleges", "lesson study"} <= offered
    told = {cell.value for row in book["Features"].iter_rows() for cell in row}
    assert "A made-up feature under which APs work for more than one college." in told


def test_validation_knows_them_with_the_extension_alone(workbook: str, apgraph: Callable[..., str]) -> None:
    assert "Nothing found" in apgraph("validate", workbook, EXTENSION)
    rows = list(csv.DictReader(io.StringIO(apgraph("validate", workbook, "-f", "csv", code=1))))
    at_fault = {(row["value"], row["place"].rpartition(" ")[2][0]) for row in rows}
    assert {"shared between colleges", "lesson study", "co-op model"} <= {value for value, _ in at_fault}
    assert all("coop.xlsx, sheet" in row["place"] for row in rows)


def test_verdict_questions_and_comparison(workbook: str, apgraph: Callable[..., str]) -> None:
    data = ("-d", workbook, "-d", EXTENSION)
    profile = json.loads(apgraph("profile", workbook, EXTENSION, "-f", "json"))
    verdicts = {m["model"]["label"]: m["verdict"] for a in profile[0]["arrangements"] for m in a["models"]}
    assert verdicts["co-op model"] == "full"
    models = apgraph("ask", "deployment-models", "-d", EXTENSION, "-f", "csv")
    assert "co-op model" in models
    closest = list(csv.DictReader(io.StringIO(apgraph("ask", "closest-model", *data, "-f", "csv"))))
    assert {row["verdict"] for row in closest if row["model"] == "co-op model"} == {"full"}
    assert "lesson study" in apgraph("ask", "practices-enacted", *data)
    listed = csv.DictReader(io.StringIO(apgraph("ask", "extensions", *data, "-f", "csv")))
    added = {row["term"]: row["kind"] for row in listed if not row["term"].startswith("#")}
    assert added == {
        "candour": "value",
        "co-op model": "deployment model",
        "lesson study": "practice type",
        "shared between colleges": "deployment feature",
    }
    assert "shared between colleges" in apgraph(
        "compare", workbook, EXTENSION, str(resource_folder("examples") / "riverside.ttl")
    )
    assert "A made-up value" in apgraph("describe", "candour", "-d", EXTENSION)
    assert "co-op model" in apgraph("search", "co-op", "-d", EXTENSION)


def test_nothing_is_lost_on_the_way_to_rdf_and_back(
    workbook: str, tmp_path: Path, apgraph: Callable[..., str]
) -> None:
    there, back = str(tmp_path / "coop.ttl"), str(tmp_path / "back.xlsx")
    apgraph("convert", workbook, there, "-d", EXTENSION)
    assert "<https://example.org/my-extension/sharedBetweenColleges>" in Path(there).read_text(
        encoding="utf-8"
    )
    apgraph("convert", there, back, "-d", EXTENSION)
    book = openpyxl.load_workbook(back)
    assert "Further statements" not in book.sheetnames
    assert "Nothing found" in apgraph("validate", back, EXTENSION)


def test_the_list_of_extensions_leaves_out_what_is_of_a_case(apgraph: Callable[..., str]) -> None:
    examples = str(resource_folder("examples") / "riverside.ttl")
    assert json.loads(apgraph("ask", "extensions", "-d", examples, "-f", "json"))["rows"] == []


FIFTH = """
@prefix apg: <https://w3id.org/apgraph/ns#> .
@prefix apgx: <https://w3id.org/apgraph/ref/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix my: <https://example.org/fifth/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
my:model a apg:DeploymentModel ; rdfs:label "fifth model"@en ; skos:altLabel "fifth"@en ; skos:definition "A made-up model."@en ;
  dcterms:source "Another study, 2025." ;
  apg:hasSummaryFeature my:weekly, apgx:worksInTeams ;
  apg:hasCharacteristicFeature my:paid, apgx:worksInTeams, apgx:usesPeerToPeerCoaching ;
  apg:isMarkedByAbsenceOf apgx:linkedToPerformanceManagement ;
  apg:deEmphasises apgx:capabilityStillFeatures .
my:weekly a apg:DeploymentFeature ; rdfs:label "weekly"@en ; skos:definition "Made up."@en ;
  dcterms:source "Another study, 2025." ; apg:involvesPractice my:walking .
my:paid a apg:DeploymentFeature ; rdfs:label "paid"@en ; skos:definition "Made up."@en ; dcterms:source "Made up." .
my:walking a apg:PracticeType ; rdfs:label "walking"@en ; skos:definition "Made up."@en ; dcterms:source "Made up." ;
  skos:broader apgx:coaching .
"""
CATALOGUE = Catalogue()
OF_A_MODEL = [
    question.id
    for question in CATALOGUE
    if any("apg:DeploymentModel" in each.classes for each in question.parameters.values())
]
# The source reports nothing about a model that it does not know.
SILENT = {"model-findings", "model-perceptions"}
SOURCE = "Another study, 2025."
OWN = "Made up."
"""What the extension gives as the source of one feature."""


@pytest.fixture(scope="module")
def fifth(tmp_path_factory: pytest.TempPathFactory) -> Graph:
    file = tmp_path_factory.mktemp("fifth") / "fifth.ttl"
    file.write_text(FIFTH, encoding="utf-8")
    graph = Graph()
    graph.load(file, resource_folder("examples") / "riverside.ttl")
    return graph


@pytest.fixture(scope="module")
def without() -> Graph:
    graph = Graph()
    graph.load(resource_folder("examples") / "riverside.ttl")
    return graph


def told(answer: Answer) -> set[tuple[str, ...]]:
    return {tuple("" if cell is None else str(cell) for cell in row.cells) for row in answer}


@pytest.mark.parametrize("question", OF_A_MODEL)
def test_every_question_that_takes_a_model_takes_a_fifth(question: str, fifth: Graph, without: Graph) -> None:
    answer = fifth.ask(question, model="fifth")
    assert bool(len(answer)) == (question not in SILENT), answer.note
    assert told(fifth.ask(question, model="fifth", engine="rdflib")) == told(answer)
    for row in answer:
        assert {step.triple for proof in answer.why(row).proofs for step in proof.steps}
    # Nothing becomes a claim of the source, and what the source says of its own models stays as it was.
    grounds = {str(row["claim"]) for row in answer if "claim" in row}
    assert grounds <= {SOURCE, OWN, "None"}
    for model in ("deficit", "developmental", "universal", "pan-organisational"):
        assert fifth.ask(question, model=model).rows == without.ask(question, model=model).rows


def test_what_they_say_of_it(fifth: Graph) -> None:
    def rows(question: str, **given: Any) -> set[tuple[str, ...]]:
        return told(fifth.ask(question, **given))

    assert rows("model-features", model="fifth") == {
        ("weekly", "polarity: present", "summary tier", "", SOURCE, "stated by an extension"),
        ("works in teams", "polarity: present", "summary tier", "", SOURCE, "stated by an extension"),
        ("paid", "polarity: present", "detail tier", "", OWN, "stated by an extension"),
        (
            "uses peer-to-peer coaching",
            "polarity: present",
            "detail tier",
            "",
            SOURCE,
            "stated by an extension",
        ),
        (
            "linked to performance management",
            "polarity: absent",
            "detail tier",
            "",
            SOURCE,
            "stated by an extension",
        ),
        (
            "capability still features",
            "polarity: de-emphasised",
            "detail tier",
            "",
            SOURCE,
            "stated by an extension",
        ),
    }
    missing = {(row[2], row[4]) for row in rows("missing-features", model="fifth")}
    assert missing == {("weekly", "nothing recorded"), ("paid", "nothing recorded")}
    compared = {row[1]: row[2:] for row in rows("compare-models", model="fifth", other="developmental")}
    assert compared["weekly"] == ("polarity: present", "", SOURCE, "", "", "")
    assert compared["paid"] == ("polarity: present", "", OWN, "", "", "")
    assert compared["uses peer-to-peer coaching"] == (
        "polarity: present",
        "",
        SOURCE,
        "polarity: present",
        "hedge: none",
        "claim C122",
    )
    assert compared["linked to performance management"] == (
        "polarity: absent",
        "",
        SOURCE,
        "polarity: absent",
        "hedge: likely",
        "claim C127",
    )
    turned = {(*row[5:8], *row[2:5]) for row in rows("compare-models", model="developmental", other="fifth")}
    assert turned == {row[2:] for row in rows("compare-models", model="fifth", other="developmental")}
    basis = {(row[0], row[4]) for row in rows("practices-supporting", model="fifth")}
    assert basis == {
        ("walking", "stated by an extension"),
        ("peer-to-peer coaching", "the feature by an extension, its practice by the source"),
        ("team working", "the feature by an extension, its practice by the curator's reading"),
    }
    assert ("linked to performance management", "deficit model", "fifth model") in {
        (row[0], row[1], row[5]) for row in rows("features-models-differ-on")
    }
    assert {row[0] for row in rows("models-using-practice", practice="coaching")} >= {
        "fifth model",
        "universal model",
    }
    assert ("fifth model", "added by an extension", SOURCE, "", "") in rows("model-origins")
    assert rows("term-meaning", term="walking") == {("Made up.", "practice type", "")}
    assert rows("term-grounds", term="walking") == {("Made up.", "")}
    assert ("fifth model", "A made-up model.", SOURCE) in rows("deployment-models")


@pytest.mark.parametrize("engine", ["oxigraph", "rdflib"])
def test_what_speaks_against_an_extension_s_model_names_its_source(tmp_path: Path, engine: str) -> None:
    fifth, case = tmp_path / "fifth.ttl", tmp_path / "case.ttl"
    fifth.write_text(
        f"{FIFTH} my:model apg:hasSummaryFeature my:quiet . my:quiet a apg:DeploymentFeature ; "
        'rdfs:label "quiet"@en ; dcterms:source "Made up." ; apg:involvesPractice my:walking .',
        encoding="utf-8",
    )
    case.write_text(
        f'{FIFTH.partition("my:model")[0]} @prefix : <urn:apgraph:case:c:> . :record a apg:CaseRecord ; apg:caseIdentifier "c" ; '
        "apg:concernsOrganisation :college . :college a apg:Organisation . "
        ":arr a apg:DeploymentArrangement ; apg:isRunBy :college ; apg:declaresModel my:model . "
        + " ".join(
            f":o{number} apg:isObservationOf :arr ; apg:observesFeature {feature} ; apg:hasStatus apgx:{status} ; "
            'apg:observedOn "2024" .'
            for number, (feature, status) in enumerate(
                [
                    ("my:quiet", "statusAbsent"),
                    ("apgx:worksInTeams", "statusAbsent"),
                    ("apgx:linkedToPerformanceManagement", "statusPresent"),
                ]
            )
        ),
        encoding="utf-8",
    )
    graph = Graph()
    graph.load(fifth, case)
    rows = graph.ask("observations-against-declared-model", engine=engine)
    assert {(str(row["feature"]), row["claim"]) for row in rows} == {
        ("quiet", OWN),
        ("works in teams", SOURCE),
        ("linked to performance management", SOURCE),
    }
    practices = graph.ask("practices-supporting", model="fifth", engine=engine)
    assert {str(row["claim"]) for row in practices if str(row["feature"]) == "quiet"} == {OWN}


@pytest.mark.parametrize("engine", ["oxigraph", "rdflib"])
def test_models_that_differ_cite_the_source_of_the_feature(tmp_path: Path, engine: str) -> None:
    file = tmp_path / "two.ttl"
    file.write_text(
        f"{FIFTH} my:model apg:hasSummaryFeature my:quiet . my:quiet a apg:DeploymentFeature ; "
        'rdfs:label "quiet"@en ; dcterms:source "Made up." . my:other a apg:DeploymentModel ; '
        'rdfs:label "other model"@en ; dcterms:source "The other source." ; apg:isMarkedByAbsenceOf my:quiet .',
        encoding="utf-8",
    )
    graph = Graph()
    graph.load(file)
    rows = graph.ask("features-models-differ-on", engine=engine)
    assert [
        (str(row["model"]), row["claim"], str(row["other"]), row["other_claim"])
        for row in rows
        if str(row["feature"]) == "quiet"
    ] == [("fifth model", OWN, "other model", OWN)]


@pytest.mark.parametrize("engine", ["oxigraph", "rdflib"])
def test_a_model_without_a_class_is_never_matched(fifth: Graph, engine: str) -> None:
    rows = fifth.ask("arrangement-definitions", model="fifth", engine=engine)
    assert len(rows) > 0
    assert {(row["arrangement_class"], str(row["matched"]).partition(":")[0]) for row in rows} == {
        (None, "never")
    }
    rows = fifth.ask("arrangement-definitions", model="deficit", engine=engine)
    assert {str(row["matched"]) for row in rows} == {"once all of these features are observed to be present"}


def test_a_model_that_is_all_there_misses_nothing(fifth: Graph, tmp_path: Path) -> None:
    file = tmp_path / "small.ttl"
    text = FIFTH.partition("  apg:hasSummaryFeature")[0].replace("fifth", "sixth")
    file.write_text(f"{text}  apg:hasSummaryFeature apgx:worksInTeams .", encoding="utf-8")
    graph = Graph()
    graph.load(file, resource_folder("examples") / "riverside.ttl")
    answer = graph.ask("missing-features", model="sixth")
    assert len(answer) == 0
    assert answer.note is not None
    assert answer.note.startswith("Nothing is missing: ")
