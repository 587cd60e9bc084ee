"""What follows from the framework: the same for other reasoners, and each of it explained by no more than is needed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from pyoxigraph import BlankNode, NamedNode, RdfFormat, serialize

from apgraph import Graph
from apgraph.profiles.exhibited import derived_features
from apgraph.reasoning.rl import Closure, Explainer, close, find_clashes
from apgraph.reasoning.rl.derivation import derive
from apgraph.reasoning.rl.rule import TYPE, facts
from apgraph.reasoning.rl.trivial import triviality
from apgraph.reasoning.structure import RDFS
from apgraph.store import INFERRED
from apgraph.store.terms import from_rdflib
from apgraph.vocabulary import APG
from test_profiles_tiers import generated

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable
    from pathlib import Path

    from pyoxigraph import Quad

    from apgraph.reasoning.rl.rule import Fact, Term
    from apgraph.store import Store


@dataclass(frozen=True, slots=True)
class Closed:
    """The framework with what follows from it."""

    store: Store
    closure: Closure
    asserted: frozenset[Fact]
    inferred: frozenset[Fact]


@pytest.fixture(scope="module")
def framework() -> Closed:
    store = Graph().store
    closure = close(store)
    found = Closed(store, closure, frozenset(facts(store.quads())), frozenset(facts(store.quads(INFERRED))))
    assert len(found.inferred) == closure.inferred > 500
    return found


def test_equal_to_owlrl(
    framework: Closed, by_owlrl: Callable[[Collection[Fact], Collection[Term]], tuple[set[Fact], bool]]
) -> None:
    found, clash = by_owlrl(framework.asserted, framework.closure.schema.names)
    assert found == framework.inferred
    assert not clash


@pytest.mark.parametrize("seed", [1, 2])
def test_equal_to_owlrl_with_cases(
    by_owlrl: Callable[[Collection[Fact], Collection[Term]], tuple[set[Fact], bool]], root: Path, seed: int
) -> None:
    graph = Graph()
    if seed == 1:
        graph.load(root / "examples")
    else:
        graph.store.add(generated(12, seed))
    observed = frozenset(facts(derived_features(graph.store)))
    closure = close(graph.store, given=observed)
    asserted = frozenset(facts(graph.store.quads()))
    assert len(observed - asserted) > 20
    found, clash = by_owlrl(asserted | observed, closure.schema.names)
    assert found | (observed - asserted) == frozenset(facts(graph.store.quads(INFERRED)))
    # Of the generated ones some have a date that is none.
    assert clash == bool(find_clashes(graph.store, closure).steps) == (seed == 2)


def test_equal_to_reasonable_where_that_is_complete(framework: Closed, tmp_path: Path) -> None:
    import reasonable

    file = tmp_path / "framework.ttl"
    serialize((quad.triple for quad in framework.store.quads()), file, format=RdfFormat.N_TRIPLES)
    reasoner = reasonable.PyReasoner()
    reasoner.load_file(str(file))
    names = framework.closure.schema.names
    found = {
        fact
        for fact in ((from_rdflib(s), from_rdflib(p), from_rdflib(o)) for s, p, o in reasoner.reason())
        if fact not in framework.asserted
        and not any(isinstance(term, BlankNode) for term in fact)
        and triviality(fact, names) is None
    }
    assert found <= framework.inferred
    # It has no property chains, and takes no domain or range further up.
    missing = {fact[1] for fact in framework.inferred - found}
    chained = {NamedNode(APG + "hasSupportingPractice")}
    assert missing == {*chained, NamedNode(RDFS + "domain"), NamedNode(RDFS + "range")}
    by_rule = framework.closure.counts
    absent = sum(
        by_rule.get(rule, 0) for rule in ("prp-spo2", "scm-dom1", "scm-dom2", "scm-rng1", "scm-rng2")
    )
    assert len(framework.inferred - found) == absent


def test_all_of_it_follows_for_hermit(
    framework: Closed, all_follow: Callable[[Iterable[Quad], Iterable[Fact]], bool]
) -> None:
    data = {quad.subject for quad in framework.store.quads() if quad.object == NamedNode(_DATA)}
    # Of data properties HermiT can't be asked for the domain in this way.
    claims = [fact for fact in framework.inferred if fact[0] not in data]
    assert len(framework.inferred) - len(claims) <= 5
    assert all_follow(framework.store.quads(), claims)
    wrong = (NamedNode("https://w3id.org/apgraph/ref/coaching"), TYPE, NamedNode(APG + "Team"))
    assert not all_follow(framework.store.quads(), [*claims, wrong])


_DATA = "http://www.w3.org/2002/07/owl#DatatypeProperty"


def test_every_explanation_is_sound_and_minimal(framework: Closed) -> None:
    names = framework.closure.schema
    asserted = {names.named_fact(fact) for fact in framework.asserted}
    explainer = Explainer(framework.store, framework.closure)
    for fact in framework.inferred:
        explained = explainer.explain(fact)
        assert explained.conclusion == explained.lines[-1].fact == names.named_fact(fact)
        assert set(explained.asserted) <= asserted
        assert fact in derive(explained.asserted, names=names)
        for one in explained.asserted:
            assert fact not in derive([other for other in explained.asserted if other != one], names=names)


OUTSIDE = """
@prefix : <http://example.org/> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
:p a owl:ObjectProperty . :v a owl:DatatypeProperty . :A a owl:Class . :B a owl:Class . :C a owl:Class .
"""


@pytest.mark.parametrize(
    ("axiom", "kind"),
    [
        (":p a owl:ReflexiveProperty .", "ReflexiveObjectProperty"),
        (":A owl:disjointUnionOf ( :B :C ) .", "DisjointUnion"),
        (":A owl:equivalentClass [ a owl:Class ; owl:unionOf ( :B :C ) ] .", "EquivalentClasses"),
        (
            ":A rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :p ; owl:minCardinality 1 ] .",
            "SubClassOf",
        ),
        (
            ":x a [ a owl:Restriction ; owl:onProperty :p ; owl:someValuesFrom :B ] .",
            "ClassAssertion",
        ),
        (
            ":v rdfs:range [ a rdfs:Datatype ; owl:onDatatype xsd:integer ; "
            "owl:withRestrictions ( [ xsd:minInclusive 3 ] ) ] .",
            "DataPropertyRange",
        ),
        (":A rdfs:subClassOf owl:Thing, :B . :x a owl:Thing, :A .", None),
        (":A rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :p ; owl:allValuesFrom :B ] .", None),
        (":p a owl:TransitiveProperty . :x :p :y ; :v 3 . :y owl:sameAs :x .", None),
    ],
)
def test_what_the_rules_do_not_look_at_is_counted(axiom: str, kind: str | None, tmp_path: Path) -> None:
    file = tmp_path / "own.ttl"
    file.write_text(OUTSIDE + axiom, encoding="utf-8")
    graph = Graph()
    graph.load(file)
    found = graph.reason()
    assert found.consistent
    told = [text for text in found.left_out if "outside OWL 2 RL" in text]
    assert [f"1 axiom that lies outside OWL 2 RL, or part of it (1 {kind})" in text for text in told] == (
        [True] if kind else []
    )
    assert found.to_text().count("outside OWL 2 RL") == len(told)
