"""Questions over what follows by OWL 2 RL: which rows are owed to it, and why."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pyoxigraph import Quad, Triple

from apgraph import Graph
from apgraph.cli.entry import run
from apgraph.questions import Answer, Catalogue, ask
from apgraph.store import INFERRED, OxigraphStore, WithInferences

if TYPE_CHECKING:
    from apgraph.questions.why import Step

ROOT = Path(__file__).resolve().parents[1]
HILLSIDE = ROOT / "examples" / "hillside.ttl"
RIVERSIDE = ROOT / "examples" / "riverside.ttl"


@pytest.fixture(scope="module")
def graph() -> Graph:
    graph = Graph()
    graph.load(HILLSIDE, RIVERSIDE)
    return graph


@pytest.fixture(scope="module")
def contents(graph: Graph) -> Answer:
    return graph.ask("case-contents", inferred=True)


def _cells(answer: Answer) -> set[tuple[str, ...]]:
    return {tuple(str(cell) for cell in row.cells) for row in answer}


def test_rows_that_are_owed_to_inference_are_known(graph: Graph, contents: Answer) -> None:
    assert contents.inferred is not None
    kinds = {
        (str(contents[number]["organisation"]), str(contents[number]["kind"])) for number in contents.inferred
    }
    # Nobody typed it so: a chain of the arrangement's flows makes it one.
    assert ("Riverside College", "two-way exchange arrangement") in kinds
    plain = graph.ask("case-contents")
    assert plain.inferred is None
    owed = {tuple(str(cell) for cell in contents[number].cells) for number in contents.inferred}
    assert _cells(contents) - _cells(plain) == owed
    assert str(len(owed)) in (contents.note or "")


def test_a_question_that_owes_nothing_says_so(graph: Graph) -> None:
    answer = graph.ask("deployment-models", inferred=True)
    assert answer.inferred == ()
    assert answer.note == "Every row would be there without what was inferred by OWL 2 RL, too."
    assert answer.rows == graph.ask("deployment-models").rows


def test_every_question_takes_it_and_loses_no_row() -> None:
    graph = Graph()
    graph.load(HILLSIDE, RIVERSIDE)
    graph.reason()
    for question in Catalogue():
        example = question.header.examples[0]
        plain = ask(graph.store, graph.lexicon, question, example)
        answer = ask(WithInferences(graph.store), graph.lexicon, question, example)
        assert answer.inferred is not None
        assert _cells(plain) <= _cells(answer), question.id


def test_both_engines_see_the_same(graph: Graph, contents: Answer) -> None:
    other = graph.ask("case-contents", inferred=True, engine="rdflib")
    assert other.engine == "rdflib"
    assert _cells(other) == _cells(contents)
    asked = "ASK { apgx:evidenceFlows a apg:OutboundFlow }"
    assert graph.query(asked, inferred=True, engine="rdflib") is True
    assert graph.query(asked, engine="rdflib") is False


def _inferred_steps(answer: Answer) -> list[Step]:
    assert answer.inferred
    steps: list[Step] = []
    for number in answer.inferred:
        why = answer.why(number)
        assert why.inferred
        assert "without what was inferred" in str(why)
        steps += [step for proof in why for step in proof.steps if step.inferred]
    return steps


@pytest.mark.parametrize("question", ["class-hierarchy", "kinds-of-statements", "class-properties"])
def test_an_inferred_step_follows_from_asserted_triples(graph: Graph, question: str) -> None:
    for step in _inferred_steps(graph.ask(question, inferred=True)):
        assert step.derivation is not None
        asserted = [Triple(*fact) for fact in step.derivation.asserted]  # type: ignore[arg-type]  # as in a graph
        store = WithInferences(graph.store)
        assert all(store.holds_asserted(triple) for triple in asserted)
        assert not store.holds_asserted(step.triple)
        alone = Graph(framework=False)
        alone.store.add(Quad(t.subject, t.predicate, t.object) for t in asserted)
        alone.reason()
        assert step.triple in alone.inferred(), str(step)


def test_a_step_tells_the_claims_behind_what_it_follows_from(graph: Graph) -> None:
    answer = graph.ask("term-meaning", term="apgx:thriving", inferred=True)
    (step,) = _inferred_steps(answer)
    assert str(step) == "thriving – is a – concept"
    assert step.words[-1].startswith("3. thriving is a concept (cax-sco: ")
    assert [claim.id for claim in step.claims] == ["C040", "C050", "C066"]
    text = answer.why(0).to_markdown() + answer.why(1).to_markdown()
    assert text.count("(inferred)") == 1
    record = answer.why(0).to_record() if answer.inferred == (0,) else answer.why(1).to_record()
    assert json.dumps(record).count('"inferred": true') == 1


def test_what_was_asserted_stays_apart(graph: Graph) -> None:
    contents = graph.ask("case-contents", inferred=True)
    plain = graph.ask("case-contents")
    assert all(not step.inferred for proof in plain.why(0) for step in proof.steps)
    assert contents.citation().inferences == "OWL 2 RL"
    assert "inferences by OWL 2 RL" in str(contents.citation())
    assert plain.citation().inferences is None
    assert "inferences" not in str(plain.citation())
    # The data is the same, whatever follows from it.
    assert contents.citation().data == plain.citation().data
    assert json.loads(contents.to_json())["inferred"] == list(contents.inferred or ())


def test_inferences_are_brought_up_to_date() -> None:
    graph = Graph()
    asked = "ASK { ?any a apg:TwoWayExchangeArrangement }"
    assert graph.query(asked, inferred=True) is False
    graph.load(RIVERSIDE)
    assert graph.query(asked, inferred=True) is True
    riverside = graph.cases()[0]
    graph.remove(riverside)
    assert graph.query(asked, inferred=True) is False


def test_a_service_shows_what_is_kept_there(fuseki_server: str) -> None:
    with Graph.connect(fuseki_server, update_url=fuseki_server) as graph:
        graph.load_framework()
        kept = graph.ask("class-hierarchy", inferred=True)
        assert kept.inferred == ()  # nothing is written to it unasked
        graph.reason()
        there = graph.ask("class-hierarchy", inferred=True)
        assert there.inferred
        assert _cells(there) == _cells(Graph().ask("class-hierarchy", inferred=True))
        assert there.why(there.inferred[0]).inferred


def test_a_query_that_names_its_graphs_sees_those() -> None:
    store = OxigraphStore()
    store.write_reserved(f"INSERT DATA {{ GRAPH <{INFERRED}> {{ <urn:a> <urn:p> <urn:b> }} }}")
    seen = WithInferences(store)
    assert seen.ask("ASK { ?s ?p ?o }")
    assert not seen.ask("ASK FROM <urn:g> { ?s ?p ?o }")
    assert not seen.ask("ASK { ?s ?p ?o }", default_graphs=["urn:g"])
    assert not seen.ask("ASK { GRAPH ?g { ?s ?p ?o } }")


def test_the_command(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert run(("ask", "term-meaning", "--term", "apgx:thriving", "--inferred", "--why")) == 0
    said = capsys.readouterr()
    assert said.out.count("(inferred)") == 1
    assert "cax-sco" in said.out
    assert "1 of 2 would not be there: row 1" in said.err
    bad = tmp_path / "bad.ttl"
    bad.write_text(
        "@prefix apg: <https://w3id.org/apgraph/ns#> .\n<urn:o> a apg:Organisation, apg:Role .\n",
        encoding="utf-8",
    )
    assert run(("ask", "deployment-models", "-d", str(bad), "--inferred")) == 0
    assert "contradict one another" in capsys.readouterr().err
