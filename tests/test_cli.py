"""The command line: formats, exit codes, and one line for whatever is wrong."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import TYPE_CHECKING, NamedTuple

import pytest
from pyoxigraph import RdfFormat, parse

from apgraph.cli.app import COMMANDS
from apgraph.cli.entry import run
from apgraph.errors import UnknownNameError
from apgraph.graph import Graph
from apgraph.questions import Catalogue

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


class Done(NamedTuple):
    code: int
    out: str
    err: str


@pytest.fixture
def apgraph(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Done]:
    """Run a command line in this process."""
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.delenv("APGRAPH_DEBUG", raising=False)

    def done(*arguments: str) -> Done:
        capsys.readouterr()
        code = run(arguments)
        return Done(code, *capsys.readouterr())

    return done


MAIN = ("ask", "practices-supporting", "--model", "pan-organisational")
SUPPORTING = {
    "coaching",
    "professional learning",
    "professional development",
    "practitioner research",
    "team working",
    "external constellation participation",
}


# -- bad input: one line, exit code 2, and what to do


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of files that nothing can be done with, as the working folder."""
    (tmp_path / "broken.ttl").write_text("@prefix a: <urn:a:> .\na:b a:c\n  a:d a:e .\n", encoding="utf-8")
    (tmp_path / "binary.ttl").write_bytes(bytes(range(256)) * 8)
    (tmp_path / "binary.rq").write_bytes(bytes(range(256)) * 8)
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    (tmp_path / "empty.rq").write_text("\n", encoding="utf-8")
    (tmp_path / "nothing").mkdir()
    (tmp_path / "folder.rq").mkdir()
    (tmp_path / "good.ttl").write_text("<urn:a:b> <urn:a:c> 1 .\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


BAD = {
    "no such command": (("aks",), "did you mean 'ask'"),
    "no such question": (("ask", "practises-suporting"), "practices-supporting"),
    "no such option": ((*MAIN[:2], "--modle", "deficit"), "--model"),
    "option without value": ((*MAIN[:2], "--model"), "--help"),
    "option before the question": (("ask", "--data", "x", "cases"), "after its name"),
    "data without a name": (("validate", " "), "empty"),
    "extension without a name": (("check", ""), "EXTENSION is empty"),
    "waivers of a check without a name": (("check", "--waivers", ""), "FILE.yaml is empty"),
    "waivers without a name": (("validate", "good.ttl", "--waivers", ""), "FILE.yaml is empty"),
    "release without a name": (("release", ""), "FOLDER is empty"),
    "old version without a name": (("diff", "", "good.ttl"), "OLD is empty"),
    "new version without a name": (("diff", "good.ttl", " "), "NEW is empty"),
    "data of versions without a name": (("diff", "good.ttl", "good.ttl", "-d", ""), "empty"),
    "template without a name": (("template", ""), "FILE.xlsx is empty"),
    "case without a name": (("convert", "", "x.ttl"), "IN is empty"),
    "target without a name": (("convert", "good.ttl", ""), "OUT is empty"),
    "page without a name": (("validate", "good.ttl", "-f", "html", "-o", ""), "FILE is empty"),
    "no such value": ((*MAIN[:3], "panorganizational"), "pan-organisational"),
    "no such format": ((*MAIN, "-f", "xml"), "table, csv, json, md"),
    "no such engine": ((*MAIN, "--engine", "jena"), "oxigraph"),
    "no such term": (("describe", "coachnig"), "coaching"),
    "no such claim": (("evidence", "C999"), "C999"),
    "no such claim in a question": (("ask", "claim-by-number", "--number", "C160"), "'C156'"),
    "question for a command": (("ask", "Q56"), "apgraph diff OLD NEW"),
    "no such row": ((*MAIN, "--row", "999"), "999"),
    "row that is none": ((*MAIN, "--row", "first"), "whole number"),
    "limit that is none": (("search", "coaching", "--limit", "-1"), "whole number"),
    "time that is none": ((*MAIN, "--timeout", "soon"), "soon"),
    "time of nought": ((*MAIN, "--timeout", "0"), "above 0"),
    "extra words": ((*MAIN, "working", "well"), "quotes"),
    "why in csv": ((*MAIN, "--why", "-f", "csv"), "json"),
    "case question without data": (("ask", "missing-features"), "--data"),
    "malformed query": (("query", "SELECT ?x WHERE { ?x"), "query"),
    "empty query": (("query", ""), "empty"),
    "query file missing": (("query", "missing.rq"), "missing.rq"),
    "query file empty": (("query", "empty.rq"), "empty.rq"),
    "query file binary": (("query", "binary.rq"), "binary.rq"),
    "query file a folder": (("query", "folder.rq"), "folder.rq"),
    "term that is not there": (("query", "SELECT * { ?x a apg:DeploymentModle }"), "apg:DeploymentModel"),
    "update": (("query", "DELETE WHERE { ?s ?p ?o }"), "DELETE is an update"),
    "update that empties": (("query", "DROP ALL"), "updates are not run and nothing was changed"),
    "update behind a prefix": (("query", "PREFIX a: <urn:a> CLEAR DEFAULT"), "CLEAR is an update"),
    "no word of SPARQL": (("query", "SELEC * {}"), "not with SELEC"),
    "query of comments": (("query", "# nothing\n"), "empty"),
    "data for a query": (("query", "good.ttl"), "--data"),
    "folder for a query": (("query", "nothing"), "--data"),
    "service for a query": (("query", "http://127.0.0.1:9/x"), "--data"),
    "name of no file for a query": (("query", "quer.y"), "nor a file"),
    "question for a query": (("query", "practices-supporting"), "apgraph ask practices-supporting"),
    "turtle for rows": (("query", "SELECT * { ?s ?p ?o } LIMIT 1", "-f", "ttl"), "CONSTRUCT"),
    "data malformed": (("query", "ASK {}", "-d", "broken.ttl"), "broken.ttl, line 3"),
    "data binary": (("query", "ASK {}", "-d", "binary.ttl"), "binary.ttl"),
    "data missing": (("query", "ASK {}", "-d", "missing.ttl"), "missing.ttl"),
    "data of no known kind": (("query", "ASK {}", "-d", "picture.png"), "picture.png"),
    "folder without data": (("query", "ASK {}", "-d", "nothing"), "nothing"),
    "glob without files": (("query", "ASK {}", "-d", "*.nt"), "*.nt"),
    "service beside a file": (("query", "ASK {}", "-d", "http://[::1]:9/x", "-d", "good.ttl"), "alone"),
    "validate nothing": (("validate",), "--help"),
    "validate malformed": (("validate", "broken.ttl"), "broken.ttl, line 3"),
    "shapes missing": (("validate", "good.ttl", "--shapes", "none.ttl"), "none.ttl"),
    "shapes malformed": (("validate", "good.ttl", "--shapes", "broken.ttl"), "broken.ttl"),
    "severity unknown": (("validate", "good.ttl", "--fail-on", "error"), "violation, warning, info"),
    "validator unknown": (("validate", "good.ttl", "--engine", "shiny"), "pyshacl"),
    "source missing": (("evidence", "C034", "--source", "none.txt"), "none.txt"),
}


@pytest.mark.parametrize("name", BAD)
@pytest.mark.usefixtures("here")
def test_bad_input_gets_one_line_and_exit_code_2(name: str, apgraph: Callable[..., Done]) -> None:
    arguments, told = BAD[name]
    done = apgraph(*arguments)
    assert done.code == 2, done
    assert done.out == ""
    assert done.err.startswith("apgraph: ")
    assert done.err.count("\n") == 1, done.err
    assert told in done.err


def test_debug_mode_shows_the_traceback(
    apgraph: Callable[..., Done], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("APGRAPH_DEBUG", "1")
    with pytest.raises(UnknownNameError):
        run(["describe", "coachnig"])


# -- the questions


def test_the_main_question(apgraph: Callable[..., Done]) -> None:
    done = apgraph(*MAIN, "-f", "csv")
    assert done.code == 0
    rows = list(csv.DictReader(line for line in io.StringIO(done.out) if not line.startswith("#")))
    assert {row["practice"] for row in rows} >= SUPPORTING
    assert all(row["feature"] and row["claim"] for row in rows)
    assert {row["model"] for row in rows} == {"pan-organisational model"}


def test_the_table_says_which_model_unless_the_reader_did(apgraph: Callable[..., Done]) -> None:
    assert apgraph(*MAIN[:2]).out.count("pan-organisational") == len(
        json.loads(apgraph(*MAIN, "-f", "json").out)["rows"]
    )
    assert "pan-organisational" not in apgraph(*MAIN).out


def test_what_was_asked_about_by_default_is_said(apgraph: Callable[..., Done]) -> None:
    assert apgraph(*MAIN[:2]).err == "model: pan-organisational model; ask about another with --model\n"
    assert apgraph(*MAIN).err == ""
    assert apgraph(*MAIN[:2], "-f", "csv").err == ""


@pytest.mark.parametrize(
    "value", ["Pan-Organisational Model", "apgx:panOrganisationalModel", "PAN ORGANISATIONAL"]
)
def test_parameters_take_labels_curies_and_any_case(value: str, apgraph: Callable[..., Done]) -> None:
    assert apgraph(*MAIN[:3], value).out == apgraph(*MAIN).out


def test_every_format_holds_the_same_rows(
    apgraph: Callable[..., Done], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    texts = {layout: apgraph(*MAIN, "-f", layout).out for layout in ("table", "csv", "json", "md")}
    answer = json.loads(texts["json"])
    assert answer["citation"]["question"] == "practices-supporting"
    lines = [line for line in texts["csv"].splitlines() if not line.startswith("#")]
    table_rows = [line for line in texts["md"].splitlines() if line.startswith("| ")]
    assert len(answer["rows"]) == len(lines) - 1 == len(table_rows) - 1
    for row in answer["rows"]:
        for text in texts.values():
            assert row["practice"]["label"] in " ".join(text.split())


def test_without_a_name_the_questions_are_listed_by_who_asks(apgraph: Callable[..., Done]) -> None:
    done = apgraph("ask")
    assert done.code == 0
    assert [*re.findall(r"^(Researchers|AP leads|Those)", done.out, re.MULTILINE)] == [
        "Researchers",
        "AP leads",
        "Those",
    ]
    for question in Catalogue():
        assert f"  {question.id} " in done.out or f"  {question.id}\n" in done.out
    listed = json.loads(apgraph("ask", "-f", "json").out)
    pointers = Catalogue().pointers
    assert [row["question"] for row in listed] == [each.id for each in (*Catalogue(), *pointers)]
    assert all(f"  {pointer.command} " in done.out for pointer in pointers)


def test_every_question_has_help_with_its_text_parameters_and_columns(apgraph: Callable[..., Done]) -> None:
    for question in Catalogue():
        done = apgraph("ask", question.id, "--help")
        words = " ".join(done.out.split())
        assert done.code == 0
        assert question.text in words
        for parameter in question.parameters.values():
            assert parameter.option in done.out
        for column in question.columns:
            assert f"{column}:" in done.out


def test_no_parameter_hides_an_option_that_every_question_has() -> None:
    taken = {"data", "format", "why", "row", "show_sparql", "engine", "timeout", "help"}
    assert not [(q.id, name) for q in Catalogue() for name in q.parameters if name in taken]


def test_help_lists_the_allowed_values(apgraph: Callable[..., Done]) -> None:
    words = " ".join(apgraph("ask", "practices-supporting", "--help").out.split())
    assert "deficit model; developmental model; pan-organisational model; universal model" in words
    # Of organisations, only those of the data have a case to ask about.
    words = " ".join(apgraph("ask", "compare-organisations", "--help").out.split())
    assert "Values of --organisation: those of your data Values of --other: those of your data" in words


def test_a_question_goes_by_its_number_too(apgraph: Callable[..., Done]) -> None:
    assert apgraph("ask", "Q02", *MAIN[2:]).out == apgraph(*MAIN).out


def test_why_shows_the_triples_and_claims_of_each_row(apgraph: Callable[..., Done]) -> None:
    rows = json.loads(apgraph(*MAIN, "-f", "json").out)["rows"]
    done = apgraph(*MAIN, "--why")
    assert done.out.count("\nRow ") == len(rows)
    one = apgraph(*MAIN, "--row", "1")
    assert one.out.count("\nRow ") == 1
    assert re.search(r"\bC\d{3}\b", one.out.partition("\nRow 1\n")[2])
    why = json.loads(apgraph(*MAIN, "--why", "--row", "2", "-f", "json").out)["why"]
    assert [entry["number"] for entry in why] == [2]
    assert "**Row 1**" in apgraph(*MAIN, "--row", "1", "-f", "md").out


def test_the_query_that_is_shown_gives_the_same_rows(apgraph: Callable[..., Done], tmp_path: Path) -> None:
    (tmp_path / "shown.rq").write_text(apgraph(*MAIN, "--show-sparql").out, encoding="utf-8")
    done = apgraph("query", str(tmp_path / "shown.rq"), "-f", "json")
    assert json.loads(done.out)["rows"] == json.loads(apgraph(*MAIN, "-f", "json").out)["rows"]


def test_a_silent_source_is_said_and_is_no_error(apgraph: Callable[..., Done]) -> None:
    done = apgraph("ask", "values-named")
    assert done.code == 0
    assert done.out == ""
    assert "diagram" in done.err


def test_both_engines_give_the_same(apgraph: Callable[..., Done]) -> None:
    assert apgraph(*MAIN, "--engine", "rdflib").out == apgraph(*MAIN, "--engine", "oxigraph").out


def test_coverage_has_nothing_unexplained(apgraph: Callable[..., Done]) -> None:
    assert apgraph("ask", "--coverage").code == 0


# -- queries


def test_the_four_forms_of_query(apgraph: Callable[..., Done]) -> None:
    rows = json.loads(
        apgraph("query", "SELECT ?m { ?m a apg:DeploymentModel } ORDER BY ?m", "-f", "json").out
    )["rows"]
    assert [row["m"]["label"] for row in rows][:2] == ["deficit model", "developmental model"]
    assert apgraph("query", "ASK { ?m a apg:DeploymentModel }").out == "yes\n"
    assert apgraph("query", "ASK { ?m a apg:DeploymentModel }", "-f", "json").out == "true\n"
    construct = "CONSTRUCT { ?m a apg:DeploymentModel } WHERE { ?m a apg:DeploymentModel }"
    for layout in ("ttl", "nt"):
        assert "deficitModel" in apgraph("query", construct, "-f", layout).out
    assert "deficit model" in apgraph("query", construct).out
    assert "apgx:coaching" in apgraph("query", "DESCRIBE apgx:coaching", "-f", "ttl").out


def test_a_query_of_one_line_may_be_longer_than_the_name_of_a_file(apgraph: Callable[..., Done]) -> None:
    done = apgraph("query", "DESCRIBE " + " ".join(["apgx:coaching"] * 60))
    assert done.code == 0
    assert "coaching" in done.out


def test_a_query_sees_the_data_given(apgraph: Callable[..., Done], here: Path) -> None:
    query = "SELECT ?value { <urn:a:b> <urn:a:c> ?value }"
    assert json.loads(apgraph("query", query, "-d", "good.ttl", "-f", "json").out)["rows"] == [{"value": 1}]
    (here / "own.rq").write_text(query, encoding="utf-8")
    out = apgraph("query", "own.rq", "-d", str(here / "good.ttl"), "-f", "csv").out
    assert out.startswith("value\n1\n# apgraph question SPARQL sha256:")


def test_a_store_folder_is_asked_like_a_file(apgraph: Callable[..., Done], here: Path) -> None:
    with Graph.open(here / "store") as graph:
        graph.load(here / "good.ttl")
    query = "SELECT ?value { <urn:a:b> <urn:a:c> ?value }"
    assert apgraph("query", query, "-d", "store", "-f", "csv").out.startswith("value\n1\n# ")
    beside = apgraph("query", query, "-d", "store", "-d", "good.ttl")
    assert (beside.code, beside.err.count("alone")) == (2, 1)


def test_a_service_out_of_reach_is_no_empty_answer(apgraph: Callable[..., Done]) -> None:
    done = apgraph("query", "ASK {}", "-d", "http://127.0.0.1:9/sparql")
    assert (done.code, done.out, done.err.count("\n")) == (3, "", 1)


# -- case data


def test_a_case_in_order_has_no_violations(apgraph: Callable[..., Done], root: Path) -> None:
    done = apgraph("validate", str(root / "examples" / "riverside.ttl"))
    assert (done.code, done.err) == (0, "")
    # A practice in words of its own, and two groups of fewer than five.
    assert done.out.startswith("Found 1 warning, 2 info (")
    done = apgraph("validate", str(root / "tests" / "cases" / "good-minimal.ttl"))
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("Nothing found")


def test_findings_have_exit_code_1_in_every_format(
    apgraph: Callable[..., Done], root: Path, tmp_path: Path
) -> None:
    text = (root / "examples" / "riverside.ttl").read_text(encoding="utf-8")
    wrong = tmp_path / "wrong.ttl"
    wrong.write_text(text.replace("apgx:statusAbsent", "apgx:statusAbsnt", 1), encoding="utf-8")
    shown = {
        layout: apgraph("validate", str(wrong), "-f", layout)
        for layout in ("table", "csv", "json", "md", "ttl")
    }
    assert {done.code for done in shown.values()} == {1}
    report = json.loads(shown["json"].out)
    assert (report["conforms"], len(report["findings"])) == (False, 4)
    assert [each["rule"] for each in report["findings"] if each["severity"] == "violation"] == [4]
    assert len(list(csv.DictReader(io.StringIO(shown["csv"].out)))) == 4
    quads = parse(shown["ttl"].out.encode(), format=RdfFormat.TURTLE)
    assert sum(quad.predicate.value.endswith("#result") for quad in quads) == 4
    for layout in ("table", "csv", "json", "md"):
        assert "apgx:statusAbsent" in shown[layout].out


def test_own_shapes_and_fail_on(apgraph: Callable[..., Done], here: Path) -> None:
    (here / "shapes.ttl").write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> . <urn:a:shape> a sh:NodeShape ; sh:targetNode <urn:a:b> ;"
        " sh:property [ sh:path <urn:a:name> ; sh:minCount 1 ; sh:severity sh:Warning ; sh:message 'no name' ] .",
        encoding="utf-8",
    )
    for least, code in (("violation", 0), ("warning", 1), ("INFO", 1)):
        done = apgraph("validate", "good.ttl", "--shapes", "shapes.ttl", "--fail-on", least)
        assert (done.code, "no name" in done.out) == (code, True)


# -- terms


def test_describe_tells_definition_relations_evidence_and_gaps(apgraph: Callable[..., Done]) -> None:
    done = apgraph("describe", "pan-organisational")
    words = " ".join(done.out.split())
    assert words.startswith("pan-organisational model (apgx:panOrganisationalModel)")
    assert re.search(r"has summary feature: .*works in teams \[C108\]", words)
    assert "Evidence" in done.out
    assert json.loads(apgraph("describe", "coaching", "-f", "json").out)["curie"] == "apgx:coaching"
    assert apgraph("describe", "coaching", "-f", "md").out.startswith("# coaching\n")


def test_describe_shows_what_points_to_a_term(apgraph: Callable[..., Done]) -> None:
    record = json.loads(apgraph("describe", "apgx:coaching", "-f", "json").out)
    inward = {relation["label"]: relation for relation in record["relations"] if relation["inverse"]}
    assert "involves practice" in inward
    assert any(value["claims"] for value in inward["involves practice"]["values"])


def test_describe_takes_classes_properties_and_claims(apgraph: Callable[..., Done]) -> None:
    assert "class" in apgraph("describe", "apg:DeploymentModel").out
    assert "object property" in apgraph("describe", "apg:hasSummaryFeature").out
    assert "Notes" in apgraph("describe", "claim C034").out


def test_search_forgives_typing_errors(apgraph: Callable[..., Done]) -> None:
    for words in (("coaching",), ("coachin",), ("coahcing",)):
        rows = json.loads(apgraph("search", *words, "-f", "json").out)
        assert any(row["term"] == "apgx:coaching" for row in rows), words
    assert apgraph("search", "zzzzqqqq").out == ""


def test_evidence_shows_claim_and_section(apgraph: Callable[..., Done]) -> None:
    done = apgraph("evidence", "C034")
    assert done.code == 0
    assert "C034" in done.out
    assert json.loads(apgraph("evidence", "c034", "-f", "json").out)["id"] == "C034"


# -- the command line itself


def test_help_names_every_command(apgraph: Callable[..., Done]) -> None:
    done = apgraph("--help")
    assert done.code == 0
    for name in COMMANDS:
        assert re.search(rf"^  {name} ", done.out, re.MULTILINE)
        assert apgraph(name, "--help").code == 0
    assert apgraph().out == done.out


def test_the_version_is_the_packages(apgraph: Callable[..., Done]) -> None:
    import apgraph as package

    assert apgraph("--version").out == f"apgraph {package.__version__}\n"


def test_the_reference_page_has_every_command_and_option(apgraph: Callable[..., Done], root: Path) -> None:
    page = (root / "docs" / "reference" / "commands.md").read_text(encoding="utf-8")
    shown = {
        "apgraph": apgraph("--help").out,
        "ask QUESTION": apgraph("ask", "deployment-models", "--help").out,
    }
    shown |= {name: apgraph(name, "--help").out for name in COMMANDS}
    sections = {
        part.partition("\n")[0].strip("` "): part for part in re.split(r"^## ", page, flags=re.MULTILINE)
    }
    for name, text in shown.items():
        options = set(
            re.findall(r"(?<![\w-])--?[a-z][a-z-]*", text.partition("Options:")[2].partition("Commands:")[0])
        )
        section = sections[name if name == "apgraph" else f"apgraph {name}"]
        documented = set(re.findall(r"(?<![\w-])--?[a-z][a-z-]*", section))
        assert options - {"-h", "--help"} <= documented | set(), (name, options - documented)
