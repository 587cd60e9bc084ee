"""The writer of expected rows, and the coverage matrix."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from apgraph.errors import ParseError
from apgraph.questions import Catalogue
from apgraph.questions.answers import example_files, main, stocked_store
from apgraph.questions.coverage import coverage, exceptions

if TYPE_CHECKING:
    from pathlib import Path

LABELS = """
#+ id: labels
#+ question: Which models have which labels?
#+ asked_by: [importer]
#+ parameters: {model: {about: the model, type: iri, class: apg:DeploymentModel}}
#+ columns: {model: the model, name: its label}
#+ needs: framework
#+ rests_on: any
#+ keywords: [label]
#+ examples: [{}, {model: deficit}]
PREFIX apg: <https://w3id.org/apgraph/ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?model (STR(?label) AS ?name) WHERE { ?model a apg:DeploymentModel ; rdfs:label ?label } ORDER BY ?name
"""


@pytest.fixture
def queries(tmp_path: Path) -> Path:
    (tmp_path / "labels.rq").write_text(LABELS.lstrip(), encoding="utf-8")
    return tmp_path


def run(queries: Path, action: str, *names: str) -> int:
    return main([action, "--queries", str(queries), *names])


def test_expected_rows_are_written_once_and_then_agree(
    queries: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(queries, "--check") == 1
    assert run(queries, "--write") == 0
    written = queries / "answers" / "labels.json"
    text = written.read_text(encoding="utf-8")
    everything, one = json.loads(text)
    assert everything["columns"] == ["model", "name"]
    assert ["apgx:deficitModel", "deficit model"] in everything["rows"]
    assert one == {
        "parameters": {"model": "deficit"},
        "data": [],
        "columns": ["model", "name"],
        "rows": [["apgx:deficitModel", "deficit model"]],
    }
    assert run(queries, "--check") == 0
    capsys.readouterr()
    assert run(queries, "--write") == 0
    assert "wrote" not in capsys.readouterr().err
    written.write_text(text.replace("deficit model", "other model"), encoding="utf-8")
    assert run(queries, "--check", "labels") == 1
    assert "differs from what the question answers now" in capsys.readouterr().err


def test_answers_without_a_question_are_removed(queries: Path) -> None:
    run(queries, "--write")
    gone = queries / "answers" / "gone.json"
    gone.write_text("[]", encoding="utf-8")
    assert run(queries, "--check") == 1
    assert gone.exists()
    assert run(queries, "--write") == 0
    assert not gone.exists()


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "apg:DeploymentModel ; rdfs:label ?label } ORDER BY ?name",
            "?any ; rdfs:label ?label }",
            "leave no ties",
        ),
        # Oxigraph and rdflib write the result of a division differently: that is no answer to keep.
        ("(STR(?label) AS ?name)", "(STR(1 / 3.0) AS ?name)", "Oxigraph gives"),
        ("{ ?model a", "{ ?model a a a", "syntax error"),
        ("apg:DeploymentModel ; rdfs", "apg:DeploymentModle ; rdfs", "did you mean 'apg:DeploymentModel'"),
    ],
)
def test_what_engines_do_not_agree_on_is_refused(
    queries: Path, capsys: pytest.CaptureFixture[str], old: str, new: str, message: str
) -> None:
    text = LABELS.lstrip()
    assert old in text
    (queries / "labels.rq").write_text(text.replace(old, new), encoding="utf-8")
    assert run(queries, "--write") == 1
    said = capsys.readouterr().err
    assert said.startswith("refused: ")
    assert re.search(message, said)
    assert not (queries / "answers" / "labels.json").exists()


def test_a_folder_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path / "missing", "--check") == 2
    assert "give a folder of questions" in capsys.readouterr().err


def test_examples_go_into_graphs_of_their_own() -> None:
    store = stocked_store(example_files())
    assert {f"urn:apgraph:case:{path.stem}" for path in example_files()} <= set(store.graphs())


def test_every_term_is_touched_and_every_claim_is_rested_on() -> None:
    found = coverage()
    assert found.complete, str(found)
    assert len(found.claims) >= 156
    assert f"of {len(found.terms)}" in str(found)
    assert sum(1 for _ in found.rows()) == len(found.terms) + len(found.claims)


def test_a_small_catalogue_leaves_most_unreached(queries: Path) -> None:
    found = coverage(Catalogue(queries), examples=())
    assert not found.complete
    assert found.terms["apgx:deficitModel"] == ("labels",)
    assert "apg:VirtualTool" in found.unexplained_terms
    assert "C112" in found.unexplained_claims
    assert "NOT REACHED" in {reached for _, _, reached in found.rows()}


def test_a_question_that_lists_everything_does_not_count(queries: Path) -> None:
    text = LABELS.lstrip().replace("#+ keywords", "#+ coverage: false\n#+ keywords")
    (queries / "labels.rq").write_text(text, encoding="utf-8")
    found = coverage(Catalogue(queries), examples=())
    assert not any(found.terms.values())


def test_exceptions_are_read_and_checked(tmp_path: Path) -> None:
    file = tmp_path / "coverage.yaml"
    assert exceptions(file) == {}
    file.write_text("apg:Thing: nobody asks\nC001: says nothing\n", encoding="utf-8")
    assert exceptions(file) == {"apg:Thing": "nobody asks", "C001": "says nothing"}
    file.write_text("- a\n", encoding="utf-8")
    with pytest.raises(ParseError, match="name: reason"):
        exceptions(file)
    file.write_text("a: [", encoding="utf-8")
    with pytest.raises(ParseError, match="no YAML"):
        exceptions(file)
