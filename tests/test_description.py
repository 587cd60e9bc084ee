"""A term in words: the same on every engine, and nothing said twice."""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING

import pytest

from apgraph.description import describe
from apgraph.errors import UnknownNameError
from apgraph.graph import Graph
from apgraph.lexicon import Lexicon
from apgraph.questions.inquiry import on_engine
from apgraph.store import OxigraphStore
from apgraph.vocabulary import APG, APGS, APGX

if TYPE_CHECKING:
    from pathlib import Path

TERMS = (
    f"{APGX}panOrganisationalModel",
    f"{APGX}coaching",
    f"{APGX}treeLikeForm",
    f"{APG}DeploymentModel",
    f"{APG}hasSummaryFeature",
    f"{APGS}C112",
    f"{APGS}R01",
)


@pytest.fixture(scope="module")
def graph() -> Graph:
    return Graph()


def test_both_engines_describe_alike(graph: Graph) -> None:
    other = on_engine(graph.store, "rdflib")
    names = Lexicon(other)
    for iri in TERMS:
        assert describe(other, names, iri) == describe(graph.store, graph.lexicon, iri)


@pytest.mark.parametrize("iri", TERMS)
def test_what_the_three_formats_say_is_the_same(iri: str, graph: Graph) -> None:
    description = describe(graph.store, graph.lexicon, iri)
    assert json.loads(description.to_json()) == json.loads(json.dumps(dataclasses.asdict(description)))
    text, page = description.to_text(width=90), description.to_markdown()
    assert max(map(len, text.splitlines())) <= 90
    for evidence in description.evidence:
        assert evidence.claim in text
        assert evidence.claim in page
    for relation in description.relations:
        assert f"{relation.label}{', said of' if relation.inverse else ''}:" in " ".join(text.split())


def test_a_feature_is_named_by_its_narrowest_property_alone(graph: Graph) -> None:
    description = describe(graph.store, graph.lexicon, f"{APGX}universalModel")
    named = [
        value.iri
        for relation in description.relations
        if relation.curie in {"apg:hasSummaryFeature", "apg:hasCharacteristicFeature"}
        for value in relation.values
    ]
    assert len(named) == len(set(named)) > 5


def test_relations_carry_the_claims_that_say_so(graph: Graph) -> None:
    description = describe(graph.store, graph.lexicon, f"{APGX}panOrganisationalModel")
    claims = {
        (relation.label, value.label): value.claims
        for relation in description.relations
        for value in relation.values
    }
    assert claims["has summary feature", "works in teams"] == ("C108",)


def test_what_the_source_leaves_open_is_told(graph: Graph) -> None:
    assert [gap.id for gap in describe(graph.store, graph.lexicon, f"{APGX}coachingIsUniversal").gaps] == [
        "G14"
    ]


def test_data_of_any_kind_is_described() -> None:
    store = OxigraphStore()
    store.update(
        'INSERT DATA { <urn:x:a> <urn:x:is> _:b , "plain" , "un"@fr , 3 . _:b <urn:x:of> <urn:x:a> '
        "GRAPH <urn:x:g> { <urn:x:c> <urn:x:knowsWell> <urn:x:a> } }"
    )
    description = describe(store, Lexicon(store), "urn:x:a")
    assert [(r.label, r.inverse, [v.label for v in r.values]) for r in description.relations] == [
        ("is", False, ["3", "plain", "un"]),
        ("knows well", True, ["urn:x:c"]),
    ]


def test_what_has_no_label_is_described_where_anything_is_said_of_it(root: Path) -> None:
    graph = Graph()
    graph.load(root / "examples/riverside.ttl")
    description = graph.describe("case:riverside:obs-01")
    assert description.label == "case:riverside:obs-01"
    assert description.kinds == ("feature observation",)
    assert "observes feature" in {relation.label for relation in description.relations}
    assert graph.describe("<urn:apgraph:case:riverside:obs-01>") == description
    for unknown in ("case:riverside:obs-99", "urn:x:nothing", "<no IRI>"):
        with pytest.raises(UnknownNameError, match="there is no term"):
            graph.describe(unknown)


def test_where_a_term_of_an_extension_comes_from(tmp_path: Path) -> None:
    file = tmp_path / "extension.ttl"
    file.write_text(
        """@prefix apg: <https://w3id.org/apgraph/ns#> .
@prefix dcterms: <http://purl.org/dc/terms/> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
<urn:x:lab> a apg:DeploymentModel ; rdfs:label "teaching lab model"@en ;
  dcterms:source "Riverside handbook, p. 3" , <https://example.org/handbook> .
""",
        encoding="utf-8",
    )
    graph = Graph()
    graph.load(file)
    description = graph.describe("teaching-lab-model")
    (source,) = (relation for relation in description.relations if relation.curie == "dcterms:source")
    assert [value.label for value in source.values] == [
        "https://example.org/handbook",
        "Riverside handbook, p. 3",
    ]
    # What is shown as evidence is not told twice.
    model = graph.describe("deficit model")
    assert model.evidence
    assert "dcterms:source" not in {relation.curie for relation in model.relations}
