"""What arrangements exhibit is a premise of reasoning: it is inferred, explained, kept up to date, and never asserted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pyoxigraph import BlankNode, NamedNode, Quad, Triple

from apgraph import Graph
from apgraph.profiles.exhibited import behind, derived_features
from apgraph.reasoning.rl import Explainer, close
from apgraph.reasoning.rl.rule import facts
from apgraph.resources import FRAMEWORK
from apgraph.store import INFERRED, OxigraphStore
from apgraph.vocabulary import apg, apgx
from test_profiles_tiers import five_thousand, full, generated, store_with

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

MATCHES = NamedNode(apg.matchesModel)
DEFICIT = NamedNode(apgx.deficitModel)
HILLSIDE = NamedNode("urn:apgraph:case:hillside:arr-1")
LATER = """@prefix apg: <https://w3id.org/apgraph/ns#> . @prefix apgx: <https://w3id.org/apgraph/ref/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<urn:late:obs> a apg:FeatureObservation ; apg:isObservationOf <urn:apgraph:case:hillside:arr-1> ;
  apg:observesFeature apgx:deployedByManagers ; apg:hasStatus apgx:%s ; apg:observedOn "2026-01-01"^^xsd:date .
"""


def triples(quads: Iterable[Quad]) -> set[Triple]:
    return {Triple(quad.subject, quad.predicate, quad.object) for quad in quads}


def test_a_case_is_put_into_the_class_of_its_model(root: Path) -> None:
    graph = Graph()
    graph.load(root / "examples" / "hillside.ttl")
    found = graph.reason()
    assert found.counts["observed"] == len(derived_features(graph.store)) == 13
    assert Triple(HILLSIDE, MATCHES, DEFICIT) in graph.inferred()
    assert not graph.query("ASK { ?a apg:exhibitsFeature|apg:matchesModel ?b }")
    assert graph.query("ASK { ?a apg:matchesModel apgx:deficitModel }", inferred=True)
    answer = graph.ask("derived-facts", inferred=True)
    assert len(answer.rows) == 14
    assert not graph.ask("derived-facts").rows


def test_its_explanation_goes_back_to_observations_and_spares_nothing(root: Path) -> None:
    graph = Graph()
    graph.load(root / "examples" / "hillside.ttl")
    triple = Triple(HILLSIDE, MATCHES, DEFICIT)
    explained = graph.explain_inference(triple)
    held = triples(graph.store.quads())
    for at, line in enumerate(explained.lines, start=1):
        assert all(number < at for number in line.rests_on)
        assert (line.rule is None) == (not line.rests_on)
    plain = [each for each in explained.asserted if not any("urn:apgraph:expression" in str(t) for t in each)]
    assert {Triple(*each) for each in plain} <= held  # type: ignore[arg-type]
    observed = [line for line in explained.lines if line.rule == "observed"]
    assert len(observed) == 3
    assert "observed: its latest observations say so" in explained.to_text()
    origins = graph.origins(explained)
    assert any(origin is not None and "hillside.ttl" in str(origin) for origin in origins)

    def holds(without: Triple | None) -> bool:
        store = OxigraphStore()
        store.add(graph.store.quads(FRAMEWORK))
        store.add(Quad(s, p, o) for s, p, o in plain if Triple(s, p, o) != without)  # type: ignore[arg-type]
        close(store, given=frozenset(facts(derived_features(store))))
        return triple in triples(store.quads(INFERRED))

    assert holds(None)
    framework = triples(graph.store.quads(FRAMEWORK))
    own = [Triple(*each) for each in plain if Triple(*each) not in framework]  # type: ignore[arg-type]
    assert len(own) >= 3 * 4
    assert not any(holds(each) for each in own)


def test_why_a_row_is_there_leads_to_the_observation(root: Path) -> None:
    graph = Graph()
    graph.load(root / "examples" / "hillside.ttl")
    answer = graph.ask("derived-facts", inferred=True)
    assert "hasStatus" in str(answer.why(0)) or "has status" in str(answer.why(0))


@pytest.mark.parametrize("where", ["memory", "disk"])
def test_what_comes_in_later_adds_and_takes_back(root: Path, tmp_path: Path, where: str) -> None:
    graph = Graph() if where == "memory" else Graph.open(tmp_path / "store")
    graph.load(root / "examples" / "riverside.ttl")
    graph.reason()
    graph.load(root / "examples" / "hillside.ttl")
    graph.reason()
    anew = Graph()
    anew.load(root / "examples" / "riverside.ttl", root / "examples" / "hillside.ttl")
    anew.reason()
    assert set(graph.inferred()) == set(anew.inferred())
    assert Triple(HILLSIDE, MATCHES, DEFICIT) in graph.inferred()
    for status, matches in (("statusPresent", True), ("statusAbsent", False)):
        file = tmp_path / f"{status}.ttl"
        file.write_text(LATER % status, encoding="utf-8")
        graph.load(file)
        anew.load(file)
        graph.reason()
        assert (Triple(HILLSIDE, MATCHES, DEFICIT) in graph.inferred()) is matches
        fresh = Graph(store=anew.store)
        fresh.reason()
        assert set(graph.inferred()) == set(fresh.inferred())


def test_what_was_asserted_is_not_inferred_again(root: Path) -> None:
    graph = Graph()
    graph.load(root / "examples" / "hillside.ttl")
    one = derived_features(graph.store)[0]
    graph.store.add([Quad(one.subject, one.predicate, one.object, NamedNode("urn:own"))])
    assert graph.reason().counts["observed"] == 12
    assert one not in graph.inferred()


def test_the_rules_find_full_matches_just_where_the_graded_tier_does() -> None:
    store = store_with(generated(400, seed=4))
    close(store, given=frozenset(facts(derived_features(store))))
    found: dict[str, set[str]] = {}
    for each in store.quads(INFERRED):
        if (
            each.predicate == MATCHES
            and isinstance(each.subject, NamedNode)
            and isinstance(each.object, NamedNode)
        ):
            found.setdefault(each.subject.value, set()).add(each.object.value)
    assert {iri: frozenset(models) for iri, models in found.items()} == full(store, None)
    assert len(found) > 20


def test_behind_each_derived_feature_stands_an_observation_that_gives_it() -> None:
    whole = five_thousand()
    derived = sorted(derived_features(whole), key=str)[::97]
    assert len(derived) > 100
    for triple in derived:
        store = OxigraphStore()
        grounds = behind(whole, triple)
        store.add(Quad(each.subject, each.predicate, each.object) for each in grounds)
        assert derived_features(store) == (triple,)


def test_blank_nodes_have_grounds_like_any_other(tmp_path: Path) -> None:
    file = tmp_path / "blank.ttl"
    file.write_text(
        """@prefix apg: <https://w3id.org/apgraph/ns#> . @prefix apgx: <https://w3id.org/apgraph/ref/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
[] a apg:FeatureObservation ; apg:isObservationOf [ a apg:DeploymentArrangement ] ;
  apg:observesFeature apgx:deployedByManagers ; apg:hasStatus apgx:statusPresent ; apg:observedOn "2025-01-01"^^xsd:date .
""",
        encoding="utf-8",
    )
    graph = Graph()
    graph.load(file)
    (triple,) = derived_features(graph.store)
    assert isinstance(triple.subject, BlankNode)
    explained = graph.explain_inference(triple)
    held = triples(graph.store.quads())
    assert len(explained.asserted) == 5
    assert {Triple(*each) for each in explained.asserted} <= held  # type: ignore[arg-type]
    assert [line.rule for line in explained.lines if line.rule] == ["observed"]


def test_it_is_a_premise_like_any_other() -> None:
    store = store_with(generated(30, seed=9))
    given = frozenset(facts(derived_features(store)))
    closure = close(store, given=given)
    fact = min(given, key=str)
    assert Explainer(store, closure).explain(fact).asserted == (fact,)
