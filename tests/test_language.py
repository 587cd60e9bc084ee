"""A file of labels in a made-up language: terms are named in it, and nothing else changes."""

from __future__ import annotations

import ast
import json
import re
from typing import TYPE_CHECKING

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, serialize

import apgraph
from apgraph import Graph
from apgraph.cases.sheets import sheet_named
from apgraph.cli.entry import run
from apgraph.errors import UnknownNameError
from apgraph.questions import Catalogue, Iri, ask
from apgraph.resources import FRAMEWORK, resource_folder
from apgraph.shacl import Severity
from apgraph.vocabulary import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from apgraph.questions import Question

QAA = "qaa"
"""A tag that ISO 639 leaves to local use: no language has it."""
EXAMPLES = resource_folder("queries").parent / "examples"
SKOS = PREFIXES["skos"]
LABEL = PREFIXES["rdfs"] + "label"


def made_up(text: str) -> str:
    """Return a text that no English word is part of, and that is another one for every other text.

    >>> made_up("deficit model")
    'ůicifedt ťedoml'
    """
    return " ".join(f"{'žťřů'[len(word) % 4]}{word[::-1][1:]}{word[-1]}" for word in text.lower().split())


@pytest.fixture(scope="module")
def labels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with a label and a definition in the made-up language for every term that has them in ours."""
    triples = []
    for quad in Graph().store.quads(FRAMEWORK):
        named = {LABEL: f"{SKOS}prefLabel", f"{SKOS}definition": f"{SKOS}definition"}.get(
            quad.predicate.value
        )
        if named and isinstance(quad.object, Literal) and isinstance(quad.subject, NamedNode):
            value = Literal(made_up(quad.object.value), language=QAA)
            triples.append(Triple(quad.subject, NamedNode(named), value))
    file = tmp_path_factory.mktemp("labels") / "qaa.nt"
    file.write_bytes(serialize(triples, format=RdfFormat.N_TRIPLES) or b"")
    return file


@pytest.fixture(scope="module")
def foreign(labels: Path) -> Graph:
    graph = Graph(language=QAA)
    graph.load(labels, EXAMPLES)
    return graph


@pytest.fixture(scope="module")
def ours() -> Graph:
    graph = Graph()
    graph.load(EXAMPLES)
    return graph


def test_every_question_has_the_same_answer(ours: Graph, foreign: Graph) -> None:
    def iris(graph: Graph, question: Question, example: Mapping[str, object]) -> list[list[str]]:
        rows = ask(graph.store, graph.lexicon, question, example)
        # Texts of the ontology are in the reader's language, all else is the same.
        return sorted(
            [cell.iri if isinstance(cell, Iri) else type(cell).__name__ for cell in row.cells] for row in rows
        )

    asked = 0
    for question in Catalogue():
        for example in question.header.examples:
            if question.id == "labels-in-language":
                continue  # asks for just those labels
            assert iris(foreign, question, example) == iris(ours, question, example), question.id
            asked += 1
    assert asked > 150


def test_labels_beside_change_nothing_for_readers_of_english(ours: Graph, labels: Path) -> None:
    beside = Graph()
    beside.load(labels, EXAMPLES)
    for question in (each for each in Catalogue() if each.id != "labels-in-language"):
        for example in question.header.examples:
            one, other = (
                [
                    [str(cell) for cell in row.cells]
                    for row in ask(graph.store, graph.lexicon, question, example)
                ]
                for graph in (ours, beside)
            )
            assert one == other, question.id


def test_terms_are_named_and_found_in_it(foreign: Graph) -> None:
    answer = foreign.ask("practices-supporting", model=made_up("pan-organisational model"))
    assert made_up("coaching") in {str(row["practice"]) for row in answer}
    assert answer.rows == foreign.ask("practices-supporting", model="apgx:panOrganisationalModel").rows
    # English names are still understood.
    assert answer.rows == foreign.ask("practices-supporting", model="pan-organisational").rows
    assert str(foreign.ask("term-meaning", term="apgx:coaching")[0]["meaning"]).startswith(
        ("ž", "ť", "ř", "ů")
    )
    described = foreign.describe(made_up("coaching"))
    assert described.label == made_up("coaching")
    assert described.definition == made_up(Graph().describe("coaching").definition)
    with pytest.raises(UnknownNameError, match=made_up("deficit model")):
        foreign.ask("practices-supporting", model=made_up("deficit model") + "x")


def test_search_in_it(foreign: Graph) -> None:
    assert foreign.search(made_up("coaching"))[0].curie == "apgx:coaching"
    assert foreign.search(made_up("coaching"))[0].label == made_up("coaching")


def test_profiles_in_it(ours: Graph, foreign: Graph) -> None:
    pairs = zip(ours.profiles(), foreign.profiles(), strict=True)
    judged = 0
    for one, other in pairs:
        for mine, theirs in zip(one, other, strict=True):
            for verdict, same in zip(mine.verdicts, theirs.verdicts, strict=True):
                assert (verdict.term.iri, verdict.verdict) == (same.term.iri, same.verdict)
                assert str(same.term) == made_up(str(verdict.term))
                judged += 1
    assert judged >= 12
    assert made_up("deficit model") in foreign.profile("Hillside College").to_text()


def test_validation_in_it(ours: Graph, foreign: Graph) -> None:
    assert foreign.validate().at_least(Severity.VIOLATION) == ()
    assert len(foreign.validate()) == len(ours.validate())


def test_a_workbook_offers_and_takes_them(foreign: Graph, labels: Path, tmp_path: Path) -> None:
    shown = foreign.choices().of(sheet_named("Feature observations").column("feature")).shown
    assert made_up("works in teams") in shown
    assert "works in teams" not in shown
    # What was filled in under English labels means the same.
    file = tmp_path / "case.xlsx"
    assert run(["convert", str(EXAMPLES / "hillside.ttl"), str(file)]) == 0
    graph = Graph(language=QAA)
    graph.load(labels, file)
    (arrangement,) = graph.profile("Hillside College")
    verdicts = {verdict.term.curie: verdict.verdict.value for verdict in arrangement.verdicts}
    assert verdicts["apgx:deficitModel"] == "full"
    assert graph.validate().at_least(Severity.VIOLATION) == ()


def test_the_command_line(
    labels: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("APGRAPH_LANGUAGE", QAA)
    assert run(["ask", "deployment-models", "-d", str(labels), "-f", "json"]) == 0
    rows = json.loads(capsys.readouterr().out)["rows"]
    assert len(rows) == 4
    assert made_up("deficit model") in json.dumps(rows, ensure_ascii=False)


def test_the_option_names_the_language_and_outdoes_the_variable(
    labels: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("APGRAPH_LANGUAGE", "en")
    monkeypatch.setenv("COLUMNS", "200")
    case, data, language = str(EXAMPLES / "hillside.ttl"), str(labels), ("--language", QAA)
    deficit, coaching = made_up("deficit model"), made_up("coaching")
    shown = {
        deficit: (
            ("ask", "deployment-models", "-d", data),
            ("query", "SELECT ?m { ?m a apg:DeploymentModel }", "-d", data),
            ("profile", case, data),
            ("compare", str(EXAMPLES), data),
        ),
        coaching: (
            ("describe", "apgx:coaching", "-d", data),
            ("search", "coaching", "-d", data),
            ("reason", data, "--explain", "apgx:coaching skos:inScheme apgx:practiceTypes"),
        ),
        made_up("deployment arrangement"): (("validate", case, data),),
    }
    for word, commands in shown.items():
        for command in commands:
            run([*command, *language])
            assert word in " ".join(capsys.readouterr().out.split()), command
    book = tmp_path / "case.xlsx"
    assert run(["template", str(book), "-d", data, *language]) == 0
    assert capsys.readouterr().err == f"written: {book}\n"


def test_a_language_that_nothing_is_named_in_is_said(
    labels: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["ask", "deployment-models", "-d", str(labels), "--language", "cy"]) == 0
    said = capsys.readouterr()
    assert "deficit model" in said.out
    assert "no label in 'cy' is loaded" in said.err
    assert run(["ask", "deployment-models", "--language", "no tag"]) == 2
    assert "'no tag' is no tag of a language" in capsys.readouterr().err


def test_a_redacted_graph_keeps_its_language(foreign: Graph) -> None:
    assert foreign.redacted().lexicon.language == QAA


def test_a_file_of_labels_passes_the_quality_rules(labels: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", str(labels), "--fail-on", "info"]) == 0
    said = capsys.readouterr()
    assert said.out == ""
    assert re.match(r"0 terms, names for 1,\d+ terms of the framework in qaa, ", said.err)


# --- the code ---------------------------------------------------------------------------------------------


def _compared(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield the texts that code compares, looks up or matches."""
    for node in ast.walk(tree):
        operands: list[ast.expr] = []
        if isinstance(node, ast.Compare):
            operands = [node.left, *node.comparators]
        elif isinstance(node, ast.MatchValue):
            operands = [node.value]
        for operand in operands:
            members = operand.elts if isinstance(operand, ast.Tuple | ast.List | ast.Set) else [operand]
            for member in members:
                if isinstance(member, ast.Constant) and isinstance(member.value, str):
                    yield node.lineno if isinstance(node, ast.expr) else 0, member.value


def test_code_compares_no_label() -> None:
    """No label of the framework of two words or more, and none of its individuals, is compared in code."""
    graph = Graph()
    named = {
        name.value.lower()
        for (name,) in graph.store.select(f"SELECT DISTINCT ?l {{ ?s <{LABEL}> ?l }}").rows
        if isinstance(name, Literal) and re.search(r"\s", name.value)
    }
    assert len(named) > 300
    root = resource_folder("queries").parent / "src" / "apgraph"
    assert root.is_dir(), apgraph.__file__
    found = [
        f"{file.relative_to(root)}:{line}: {text}"
        for file in sorted(root.rglob("*.py"))
        for line, text in _compared(ast.parse(file.read_text(encoding="utf-8")))
        if text.lower() in named
    ]
    assert found == []
