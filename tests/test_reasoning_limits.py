"""Reasoning stops when it is told to and leaves nothing half-made; and how long, deep and odd its input may be."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat

from apgraph import Graph
from apgraph.cli.entry import run
from apgraph.entailment import Entailments
from apgraph.errors import InputError, TimeLimitError
from apgraph.lexicon import Lexicon
from apgraph.reasoning.pattern import read_triple
from apgraph.reasoning.rl import HIDDEN, Explainer, close, find_clashes
from apgraph.store import INFERRED, OxigraphStore, ServiceStore
from apgraph.store.deadline import Deadline

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from apgraph.store import Store

HEAD = """
@prefix : <http://example.org/> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""
CHAIN = (
    ":p a owl:TransitiveProperty ; rdfs:subPropertyOf :q . :q rdfs:subPropertyOf :r . :r rdfs:subPropertyOf :s . "
    + " ".join(f":n{at} :p :n{at + 1} ." for at in range(30))
)
PAIRS = 30 * 31 // 2
SUB_PROPERTIES = 3
"""How many follow from the axioms alone."""


def filled(store: OxigraphStore | ServiceStore, text: str) -> None:
    store.load((HEAD + text).encode(), format=RdfFormat.TURTLE, graph="urn:g")


class LastStep(Deadline):
    """A deadline that is over after so many looks at it."""

    def __init__(self, looks: int) -> None:
        super().__init__()
        self.looks = looks

    def check(self) -> None:
        self.looks -= 1
        if self.looks < 0:
            self.end()
        super().check()


def left(store: Store) -> list[str]:
    """Return which graphs of reasoning hold anything."""
    names = (
        INFERRED,
        HIDDEN,
        *(f"{INFERRED}:{name}" for name in ("making", "making:expressions", "asserted", "new:0")),
    )
    return [name for name in names if next(iter(store.quads(name)), None) is not None]


@pytest.mark.parametrize("looks", [0, 1, 2, 3])
def test_a_store_in_memory_is_left_without_inferences(looks: int) -> None:
    store = OxigraphStore()
    filled(store, CHAIN)
    before = set(store.quads())
    with pytest.raises(TimeLimitError):
        close(store, deadline=LastStep(looks))
    assert left(store) == []
    assert set(store.quads()) == before
    assert close(store).inferred == 4 * PAIRS - 30 + SUB_PROPERTIES


@pytest.mark.parametrize("looks", [0, 2])
def test_a_store_on_disk_keeps_what_was_inferred_before(looks: int, tmp_path: Path) -> None:
    store = OxigraphStore(tmp_path / "store")
    filled(store, CHAIN)
    close(store)
    before = set(store.quads(INFERRED))
    store.add(
        [Quad(NamedNode("urn:x"), NamedNode("http://example.org/p"), NamedNode("http://example.org/n0"))]
    )
    with pytest.raises(TimeLimitError):
        close(store, deadline=LastStep(looks))
    assert set(store.quads(INFERRED)) == before
    close(store)
    assert len(set(store.quads(INFERRED))) == len(before) + 4 * 31 - 1
    store.close()


@pytest.mark.parametrize("looks", [0, 1, 3])
def test_a_service_keeps_what_was_inferred_before(looks: int, fuseki: str) -> None:
    store = ServiceStore(fuseki)
    filled(store, CHAIN)
    close(store)
    before = {quad.triple for quad in store.quads(INFERRED)}
    with pytest.raises(TimeLimitError):
        close(store, deadline=LastStep(looks))
    assert {quad.triple for quad in store.quads(INFERRED)} == before
    assert left(store) == [INFERRED]


def test_explaining_stops_too() -> None:
    store = OxigraphStore()
    filled(store, CHAIN)
    closure = close(store)
    end, other = (NamedNode(f"http://example.org/n{at}") for at in (0, 4))
    fact = (end, NamedNode("http://example.org/p"), other)
    with pytest.raises(TimeLimitError):
        Explainer(store, closure, deadline=LastStep(5)).explain(fact)
    assert len(Explainer(store, closure).explain(fact).asserted) == 5


def test_a_query_over_inferences_keeps_to_its_limit() -> None:
    graph = Graph()
    for ask in (
        lambda limit: graph.query("ASK { ?s ?p ?o }", inferred=True, timeout=limit),
        lambda limit: graph.ask("deployment-models", inferred=True, timeout=limit),
    ):
        with pytest.raises(TimeLimitError):
            ask(1e-9)
    assert graph.query("ASK { ?s ?p ?o }", inferred=True, timeout=None) is True


def test_a_graph_reasons_again_after_it_was_stopped() -> None:
    graph = Graph()
    with pytest.raises(TimeLimitError, match="give it more time"):
        graph.reason(timeout=1e-9)
    assert graph.inferred() == ()
    with pytest.raises(TimeLimitError):
        graph.explain_inference("apgx:evidenceFlows a apg:OutboundFlow", timeout=1e-9)
    assert graph.explain_inference("apgx:evidenceFlows a apg:OutboundFlow").asserted


class Meanwhile(Deadline):
    """A deadline that lets something happen once the rules have made something."""

    def __init__(self, store: Store, happens: Callable[[], object]) -> None:
        super().__init__()
        self._store, self._happens = store, happens
        self.has_happened = False

    def check(self) -> None:
        if not self.has_happened and INFERRED in left(self._store):
            self.has_happened = True
            self._happens()
        super().check()


def test_what_comes_in_while_rules_run_is_reasoned_over_next() -> None:
    store = OxigraphStore()
    filled(store, CHAIN)
    entailments = Entailments(store, Lexicon(store))
    late = (HEAD + ":n30 :p :n31 .").encode()
    deadline = Meanwhile(store, lambda: store.load(late, format=RdfFormat.TURTLE, graph="urn:late"))
    entailments.reason(deadline)
    assert deadline.has_happened
    current = [entailments.is_current]
    entailments.reason(Deadline())
    assert [*current, entailments.is_current] == [False, True]
    fresh = OxigraphStore()
    filled(fresh, CHAIN)
    fresh.load(late, format=RdfFormat.TURTLE, graph="urn:late")
    close(fresh)
    assert {q.triple for q in store.quads(INFERRED)} == {q.triple for q in fresh.quads(INFERRED)}


def test_a_thread_that_loads_waits_for_one_that_reasons() -> None:
    store = OxigraphStore()
    filled(store, CHAIN)
    entailments = Entailments(store, Lexicon(store))
    seen: list[bool] = []

    def load() -> int:
        seen.append(entailments.is_current)
        return 0

    thread = threading.Thread(target=lambda: entailments.loading(load))
    deadline = Meanwhile(store, thread.start)
    entailments.reason(deadline)
    thread.join()
    assert seen == [True]


def test_who_waits_for_another_thread_keeps_to_the_limit() -> None:
    store = OxigraphStore()
    entailments = Entailments(store, Lexicon(store))

    def load() -> int:
        def ask() -> None:
            with pytest.raises(TimeLimitError):
                entailments.reason(Deadline(0.05))
            refused.append(True)

        thread = threading.Thread(target=ask)
        thread.start()
        thread.join()
        return 0

    refused: list[bool] = []
    entailments.loading(load)
    assert refused == [True]


@pytest.mark.parametrize("more", [(), ("--explain", "apgx:evidenceFlows a apg:OutboundFlow"), ("--dl",)])
def test_the_command_stops_with_exit_code_3(
    more: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(("reason", *more, "--timeout", "0.001")) == 3
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.count("\n") == 1
    assert "0.001 s" in told.err


MANY = 1500
LONG = (
    ":C a owl:Class ; owl:equivalentClass [ a owl:Class ; owl:oneOf ( "
    + " ".join(f":i{at}" for at in range(MANY))
    + " ) ] . [] a owl:AllDifferent ; owl:distinctMembers ( "
    + " ".join(f":j{at}" for at in range(MANY))
    + " ) . "
)


def test_a_list_may_be_long() -> None:
    store = OxigraphStore()
    filled(store, LONG)
    closure = close(store)
    assert closure.inferred == MANY
    assert find_clashes(store, closure).steps == ()
    filled(store, f":j{MANY - 1} owl:sameAs :j7 .")
    closure = close(store)
    found = find_clashes(store, closure).steps
    assert {step.rule for step in found} == {"eq-diff3"}
    assert len(Explainer(store, closure).contradiction(found[0]).asserted) == 3


def test_expressions_may_be_nested_deep() -> None:
    expression = ":A"
    for _ in range(1200):
        expression = f"[ a owl:Class ; owl:complementOf {expression} ]"
    store = OxigraphStore()
    filled(store, f":C rdfs:subClassOf {expression} . :x a :C .")
    assert len(close(store).schema.names) == 1200


def test_expressions_that_say_the_same_are_one_in_whatever_order() -> None:
    store = OxigraphStore()
    filled(
        store,
        ":C rdfs:subClassOf [ owl:unionOf ( :A [ owl:onProperty :p ; owl:hasValue :v ] ) ; a owl:Class ] . "
        ":D rdfs:subClassOf [ a owl:Class ; owl:unionOf ( :A [ owl:hasValue :v ; owl:onProperty :p ] ) ] . "
        ":E rdfs:subClassOf [ a owl:Class ; owl:unionOf ( [ owl:hasValue :v ; owl:onProperty :p ] :A ) ] .",
    )
    below = [fact for fact in close(store).schema.asserted if fact[1].value.endswith("subClassOf")]
    assert len({fact[2] for fact in below}) == 2


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("https://example.org/a#b a owl:Thing", "https://example.org/a#b"),
        ("urn:isbn:123 a owl:Thing", "urn:isbn:123"),
        ("<urn:isbn:123> a owl:Thing .", "urn:isbn:123"),
        ("owl:it a owl:Thing", "http://www.w3.org/2002/07/owl#it"),
    ],
)
def test_terms_of_a_triple(text: str, subject: str) -> None:
    graph = Graph(framework=False)
    prefixes = {"owl": "http://www.w3.org/2002/07/owl#"}
    found = read_triple(text, prefixes=prefixes, resolve=graph.lexicon.resolve)
    assert found.subject == NamedNode(subject)


def test_a_prefix_that_is_not_known_is_told() -> None:
    with pytest.raises(
        InputError, match="there is no prefix ex: as in 'ex:a'; give the whole IRI, or one of"
    ):
        Graph().explain_inference("ex:a a apg:Team")
