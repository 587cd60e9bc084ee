"""Reports of the command line: pages, SARIF, waivers, cells, and what is removed from them."""

from __future__ import annotations

import datetime
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import openpyxl
import pytest

from apgraph.cases.origins import column_letters
from apgraph.cli.entry import run
from apgraph.graph import Graph

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    code: int
    out: str
    err: str


@pytest.fixture
def apgraph(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Done]:
    monkeypatch.setenv("COLUMNS", "100")

    def done(*arguments: str) -> Done:
        capsys.readouterr()
        code = run(arguments)
        return Done(code, *capsys.readouterr())

    return done


@pytest.fixture
def wrong(root: Path, tmp_path: Path) -> Path:
    """A case with one misspelt status."""
    text = (root / "examples" / "riverside.ttl").read_text(encoding="utf-8")
    file = tmp_path / "wrong.ttl"
    file.write_text(text.replace("apgx:statusAbsent", "apgx:statusAbsnt", 1), encoding="utf-8")
    return file


WAIVER = "- {rule: 4, field: status, reason: known, accepted_by: AP lead, expires: 2099-12-31}\n"


def test_a_page_goes_to_a_file_or_to_standard_output(
    apgraph: Callable[..., Done], wrong: Path, tmp_path: Path
) -> None:
    page = tmp_path / "report.html"
    done = apgraph("validate", str(wrong), "-f", "html", "-o", str(page), "--strict")
    assert (done.code, done.out) == (1, "")
    assert f"written: {page}" in done.err
    text = page.read_text(encoding="utf-8")
    assert text.startswith("<!DOCTYPE html>")
    for expected in ("wrong.ttl", "obs-", "apgx:statusAbsnt", "What was looked at", "sha256:", "1 case with"):
        assert expected in text.replace("<wbr>", "")
    assert [path.name for path in tmp_path.iterdir() if "report" in path.name] == ["report.html"]
    assert apgraph("validate", str(wrong), "-f", "html").out.startswith("<!DOCTYPE html>")


def test_strict_says_of_our_own_rules_in_one_line_what_had_nothing_to_look_at(
    apgraph: Callable[..., Done], root: Path
) -> None:
    done = apgraph("validate", str(root / "examples" / "riverside.ttl"), "--strict")
    (line,) = (each for each in done.err.splitlines() if "nothing to look at" in each)
    assert re.search(r"[0-9]+ parts of rules 18, 26 had nothing to look at", line)
    assert "no node" not in done.err
    assert done.code == 1


def test_sarif_names_file_line_and_thing(
    apgraph: Callable[..., Done], wrong: Path, sarif_faults: Callable[[str], list[str]]
) -> None:
    done = apgraph("validate", str(wrong), "-f", "sarif", "--strict")
    assert sarif_faults(done.out) == []
    (result,) = (each for each in json.loads(done.out)["runs"][0]["results"] if each["level"] == "error")
    assert (done.code, result["ruleId"]) == (1, "rule-4")
    physical = result["locations"][0]["physicalLocation"]
    lines = wrong.read_text(encoding="utf-8").splitlines()
    assert "apgx:statusAbsnt" in lines[physical["region"]["startLine"] - 1]


def test_a_waiver_beside_the_data_is_found_told_and_kept_to_that_file(
    apgraph: Callable[..., Done], wrong: Path, root: Path, tmp_path: Path
) -> None:
    beside = wrong.with_name("wrong.waivers.yaml")
    beside.write_text(WAIVER, encoding="utf-8")
    done = apgraph("validate", str(wrong))
    assert (done.code, done.err) == (0, f"waivers: {beside}\n")
    assert done.out.startswith("Found 1 warning, 2 info, 1 waived (")
    assert "Accepted by AP lead until 2099-12-31: known" in done.out
    told = json.loads(apgraph("validate", str(wrong), "-f", "json").out)
    assert told["counts"] == {"violation": 0, "warning": 1, "info": 2, "waived": 1}
    (waived,) = (each["waived"] for each in told["findings"] if each["waived"])
    assert waived["accepted_by"] == "AP lead"
    # The same fault in a file beside it is none of that waiver's business.
    other = tmp_path / "other.ttl"
    text = wrong.read_text(encoding="utf-8")
    other.write_text(text.replace("riverside", "lakeside").replace("Riverside", "Lakeside"), encoding="utf-8")
    done = apgraph("validate", str(wrong), str(other))
    assert done.code == 1
    assert done.out.startswith("Found 1 violation, 2 warnings, 4 info, 1 waived (")


def test_a_waiver_that_has_expired_or_matches_nothing_is_told(
    apgraph: Callable[..., Done], wrong: Path, root: Path, tmp_path: Path
) -> None:
    file = tmp_path / "w.yaml"
    file.write_text(WAIVER.replace("2099-12-31", "2020-12-31"), encoding="utf-8")
    done = apgraph("validate", str(wrong), "--waivers", str(file))
    assert (done.code, "expired on 2020-12-31" in " ".join(done.out.split())) == (1, True)
    file.write_text(WAIVER, encoding="utf-8")
    good = str(root / "examples" / "riverside.ttl")
    assert apgraph("validate", good, "--waivers", str(file)).code == 0
    done = apgraph("validate", good, "--waivers", str(file), "--fail-on", "warning", "-f", "csv")
    assert (done.code, "waiver-unmatched" in done.out) == (1, True)


def test_waivers_lie_beside_the_folder_that_one_is_in(
    apgraph: Callable[..., Done], root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "tables"
    assert apgraph("convert", str(root / "examples" / "riverside.ttl"), str(folder)).code == 0
    (folder / "below").mkdir()
    (tmp_path / "tables.waivers.yaml").write_text(
        "- {rule: 15, field: practice_type, reason: ours, accepted_by: AP lead, expires: 2099-12-31}\n",
        encoding="utf-8",
    )
    for here, given, beside in (
        (tmp_path, "tables", ""),
        (folder, ".", "../"),
        (folder / "below", "..", "../../"),
    ):
        monkeypatch.chdir(here)
        done = apgraph("validate", given)
        assert done.err == f"waivers: {beside}tables.waivers.yaml\n"
        assert done.out.startswith("Found 2 info, 1 waived (")


def test_waivers_of_a_workbook_hold_for_its_marked_copy(
    apgraph: Callable[..., Done], root: Path, tmp_path: Path
) -> None:
    book = tmp_path / "riverside.xlsx"
    assert apgraph("convert", str(root / "examples" / "riverside.ttl"), str(book)).code == 0
    beside = tmp_path / "riverside.waivers.yaml"
    beside.write_text(
        "- {rule: 15, field: practice_type, reason: ours, accepted_by: AP lead, expires: 2099-12-31}\n"
        "- {rule: register, field: name, reason: ours, accepted_by: AP lead, expires: 2099-12-31}\n",
        encoding="utf-8",
    )
    assert apgraph("validate", str(book), "-f", "xlsx").code == 0
    for file in (book, tmp_path / "riverside-checked.xlsx"):
        done = apgraph("validate", str(file))
        assert done.err == f"waivers: {beside}\n"
        assert done.out.startswith("Found 2 info, 1 waived (")
    # Shapes of one's own ask none of these rules, and with a register its waiver is of use or not.
    own = tmp_path / "own.ttl"
    own.write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix apg: <https://w3id.org/apgraph/ns#> .\n"
        "<urn:own> a sh:NodeShape ; sh:targetClass apg:Evidence ; sh:nodeKind sh:IRI .\n",
        encoding="utf-8",
    )
    done = apgraph("validate", str(book), "--shapes", str(own))
    assert (done.code, done.out.startswith("Nothing found")) == (0, True)
    listed = tmp_path / "register.csv"
    listed.write_text(
        "Provider URN,Provider UKPRN,Provider name,Provider type,Ofsted region\n1,10000001,Coleg,General,North\n",
        encoding="utf-8",
    )
    done = apgraph("validate", str(book), "--register", str(listed))
    assert "this waiver accepts" in " ".join(done.out.split())


def test_a_mistake_in_a_file_of_waivers_is_one_line(apgraph: Callable[..., Done], wrong: Path) -> None:
    wrong.with_name("wrong.waivers.yaml").write_text("- {rule: 4}\n", encoding="utf-8")
    done = apgraph("validate", str(wrong))
    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)
    assert "wrong.waivers.yaml, line 1: waiver 1 has no reason" in done.err


def test_output_needs_a_format_that_is_a_file(apgraph: Callable[..., Done], wrong: Path) -> None:
    done = apgraph("validate", str(wrong), "-o", "x.csv", "-f", "csv")
    assert (done.code, "-f html, sarif or xlsx" in done.err) == (2, True)


def test_reports_from_python(wrong: Path) -> None:
    graph = Graph()
    graph.load(wrong)
    day = datetime.date(2026, 11, 24)
    told = graph.report(graph.validate(), checked=[str(wrong)], today=day)
    assert told.counts["violation"] == 1
    assert "2026-11-24" in told.to_html()
    assert re.search(r"sha256:[0-9a-f]{64}", told.to_json())
    assert told.to_sarif() == graph.report(graph.validate(), checked=[str(wrong)], today=day).to_sarif()


# -- profiles


def test_the_profile_as_a_page_names_the_cell_of_each_reason(
    apgraph: Callable[..., Done], root: Path, tmp_path: Path
) -> None:
    book, page = tmp_path / "riverside.xlsx", tmp_path / "profile.html"
    assert apgraph("convert", str(root / "examples" / "riverside.ttl"), str(book)).code == 0
    done = apgraph("profile", str(book), "-f", "html", "-o", str(page))
    assert (done.code, done.out, done.err) == (0, "", f"written: {page}\n")
    text = page.read_text(encoding="utf-8").replace("<wbr>", "")
    sheet = openpyxl.load_workbook(book)["Feature observations"]
    found = re.findall(r"(obs-\d+), [^<]*sheet Feature observations, cell ([A-Z]+)(\d+)", text)
    assert found
    headings = {str(cell.value).removesuffix(" *"): column_letters(at) for at, cell in enumerate(sheet[4], 1)}
    for row, letters, number in found:
        assert sheet[f"{headings['observation_id']}{number}"].value == row
        assert letters == headings["status"]
    assert "not of the source" in text
    assert not re.search(r"<script|<img|<link|src=|url\(", text)
    records = json.loads(apgraph("profile", str(book), "-f", "json").out)
    assert "cell" in json.dumps(records)


def test_hostile_names_stay_text_in_the_page(
    apgraph: Callable[..., Done], root: Path, tmp_path: Path
) -> None:
    text = (root / "examples" / "riverside.ttl").read_text(encoding="utf-8")
    file = tmp_path / "hostile.ttl"
    file.write_text(text.replace("Riverside College", "<img src=x onerror=alert(1)>"), encoding="utf-8")
    done = apgraph("profile", str(file), "-f", "html")
    assert (done.code, "<img" in done.out, "&lt;img" in done.out) == (0, False, True)


# -- personal data


@pytest.fixture
def personal(tmp_path: Path) -> Path:
    """A case that says more of people than it should."""
    file = tmp_path / "personal.ttl"
    file.write_text(
        """
        PREFIX : <urn:apgraph:case:lake:> PREFIX apg: <https://w3id.org/apgraph/ns#>
        PREFIX apgx: <https://w3id.org/apgraph/ref/> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
        PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
        :record a apg:CaseRecord ; apg:caseIdentifier "lake" ; apg:isPartOfCase :record ;
            apg:concernsOrganisation :org ; apg:startsOn "2021"^^xsd:gYear ; apg:compiledBy "Wilhelmina Quist" ;
            apg:compiledOn "2022-01-01"^^xsd:date ; apg:sharingStatus "ask wq@lake.example or 07700 900123" .
        :org a apg:Organisation ; apg:isPartOfCase :record ; rdfs:label "Lakeside College" .
        :arr-1 a apg:DeploymentArrangement ; apg:isPartOfCase :record ; apg:rowIdentifier "arr-1" ;
            rdfs:label "The team of Wilhelmina Quist" ; apg:isRunBy :org .
        :wilhelmina-quist a apg:AdvancedPractitioner ; apg:isPartOfCase :record ;
            apg:rowIdentifier "wilhelmina-quist" ; rdfs:label "Wilhelmina Quist" ; apg:isDeployedUnder :arr-1 .
        :app-1 a apg:Appointment ; apg:isPartOfCase :record ; apg:rowIdentifier "app-1" ;
            rdfs:label "Quist's post" ; apg:isAppointmentOf :wilhelmina-quist ; apg:isAppointmentAt :org ;
            apg:isAppointmentUnder :arr-1 .
        :obs-1 a apg:FeatureObservation ; apg:isPartOfCase :record ; apg:rowIdentifier "obs-1" ;
            apg:isObservationOf :arr-1 ; apg:observesFeature apgx:worksInTeams ; apg:hasStatus apgx:statusPresent ;
            apg:observedOn "2021-05-14"^^xsd:date ; apg:hasConfidence apgx:confidenceLow ;
            apg:isSupportedByEvidence :Bartholomew%20told%20me ;
            apg:rowNote "Bartholomew saw it, QQ 12 34 56 C" ; apg:isSupportedByEvidence :ev-1 .
        :ev-1 a apg:EvidenceItem ; apg:isPartOfCase :record ; apg:rowIdentifier "ev-1" ;
            apg:evidenceTitle "Interview with Bartholomew" ; apg:evidenceSource "https://files.lake.example/b.docx" ;
            apg:evidenceLocator "https://files.lake.example/b.docx#p2" .
        :pos-1 a apg:PositionObservation ; apg:isPartOfCase :record ; apg:rowIdentifier "pos-1" ;
            apg:isObservationOf :wilhelmina-quist ; apg:leansToward apgx:thriving ;
            apg:observedOn "Bartholomew's birthday" ; apg:hasConfidence apgx:confidenceLow .
        """,
        encoding="utf-8",
    )
    return file


SECRETS = ("wilhelmina", "quist's", "birthday", "-quist", "bartholomew", "lake.example", "900123", "12 34 56")


def _leaks(text: str) -> list[str]:
    return [secret for secret in SECRETS if secret in text.lower().replace("<wbr>", "")]


@pytest.mark.parametrize(
    "arguments",
    [
        *(("validate", "-f", form) for form in ("table", "csv", "json", "md", "html", "sarif", "ttl")),
        *(("profile", "-f", form) for form in ("table", "csv", "json", "md", "html")),
        *(("compare", "--on", "2021", "--on", "2022", "-f", form) for form in ("table", "csv", "json", "md")),
    ],
    ids=" ".join,
)
def test_nothing_of_people_is_left_in_reports(
    apgraph: Callable[..., Done], personal: Path, arguments: tuple[str, ...]
) -> None:
    command, *options = arguments
    personal.with_name("personal.waivers.yaml").write_text(
        "- {rule: 8, value: Bartholomew's birthday, reason: ask wq@lake.example, accepted_by: AP lead, "
        "expires: 2020-01-01}\n- {rule: 11, thing: app-1, reason: Wilhelmina Quist knows, accepted_by: AP lead, "
        "expires: 2099-01-01}\n",
        encoding="utf-8",
    )
    open_ = apgraph(command, str(personal), *options)
    done = apgraph(command, str(personal), *options, "--redact")
    assert done.code == open_.code
    assert done.out
    assert _leaks(done.out) == []
    assert _leaks(open_.out) or arguments[-1] == "csv"


def test_nothing_of_people_is_left_in_exports(
    apgraph: Callable[..., Done], personal: Path, tmp_path: Path
) -> None:
    for name in ("out.ttl", "out.jsonld", "tables"):
        target = tmp_path / name
        assert apgraph("convert", str(personal), str(target), "--redact").code == 0
        files = [target] if target.is_file() else sorted(target.iterdir())
        assert [leak for file in files for leak in _leaks(file.read_text(encoding="utf-8"))] == []
    written = (tmp_path / "out.ttl").read_text(encoding="utf-8")
    assert "[removed]" in written
    assert "Lakeside College" in written
    everything = "SELECT * WHERE { ?s apg:isPartOfCase ?c ; ?p ?o }"
    done = apgraph("query", everything, "--data", str(personal), "--redact", "-f", "csv")
    assert (_leaks(done.out), "obs-1" in done.out) == ([], True)
    done = apgraph("ask", "weak-observations", "--data", str(personal), "--redact")
    assert (done.code, _leaks(done.out)) == (0, [])
    for command in (("describe", "urn:apgraph:case:lake:arr-1"), ("search", "team")):
        shown = apgraph(*command, "--data", str(personal))
        done = apgraph(*command, "--data", str(personal), "--redact")
        assert (done.code, _leaks(done.out), bool(_leaks(shown.out))) == (0, [], True), command


def test_pseudonyms_are_stable_and_connect(
    apgraph: Callable[..., Done], personal: Path, tmp_path: Path
) -> None:
    made = []
    for name in ("a.ttl", "b.ttl"):
        assert apgraph("convert", str(personal), str(tmp_path / name), "--redact").code == 0
        made.append((tmp_path / name).read_text(encoding="utf-8"))
    assert made[0] == made[1]
    graph = Graph()
    graph.load(tmp_path / "a.ttl")
    assert graph.query(
        "ASK { ?post apg:isAppointmentOf ?ap . ?ap a apg:AdvancedPractitioner ; rdfs:label ?name }"
    )


def test_redaction_does_not_touch_a_store_on_disk(
    apgraph: Callable[..., Done], personal: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "store"
    folder.mkdir(mode=0o755)
    with Graph.open(folder) as graph:
        graph.load(personal)
    assert folder.stat().st_mode & 0o777 == 0o700
    assert _leaks(apgraph("profile", str(folder), "--redact").out) == []
    with Graph.open(folder) as graph:
        assert graph.query('ASK { ?ap rdfs:label "Wilhelmina Quist" }')
