"""Each rule of OWL 2 RL by the smallest ontology in which it fires, as the specification states it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from apgraph.reasoning.rl import close, find_clashes
from apgraph.reasoning.rl.derivation import derive
from apgraph.reasoning.rl.explanation import Explainer
from apgraph.reasoning.rl.meanings import GIVEN, LEFT_OUT, MEANINGS, UNTRACED
from apgraph.reasoning.rl.reference import page
from apgraph.store import INFERRED, OxigraphStore

if TYPE_CHECKING:
    from pathlib import Path

HEAD = """
@prefix : <http://example.org/> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
"""

RESTRICTION = "[ a owl:Restriction ; owl:onProperty :p ; "

INFERS = {
    "eq-sym": (":a owl:sameAs :b .", ":b owl:sameAs :a"),
    "eq-trans": (":a owl:sameAs :b . :b owl:sameAs :c .", ":a owl:sameAs :c"),
    "eq-rep-s": (":a owl:sameAs :b . :a :p :c .", ":b :p :c"),
    "eq-rep-p": (":p owl:sameAs :q . :a :p :c .", ":a :q :c"),
    "eq-rep-o": (":a owl:sameAs :b . :c :p :a .", ":c :p :b"),
    "prp-dom": (":p rdfs:domain :C . :a :p :b .", ":a a :C"),
    "prp-rng": (":p rdfs:range :C . :a :p :b .", ":b a :C"),
    "prp-fp": (":p a owl:FunctionalProperty . :a :p :b, :c .", ":b owl:sameAs :c"),
    "prp-ifp": (":p a owl:InverseFunctionalProperty . :a :p :c . :b :p :c .", ":a owl:sameAs :b"),
    "prp-symp": (":p a owl:SymmetricProperty . :a :p :b .", ":b :p :a"),
    "prp-trp": (":p a owl:TransitiveProperty . :a :p :b . :b :p :c .", ":a :p :c"),
    "prp-spo1": (":p rdfs:subPropertyOf :q . :a :p :b .", ":a :q :b"),
    "prp-spo2": (":p owl:propertyChainAxiom ( :q :r :q ) . :a :q :b . :b :r :c . :c :q :d .", ":a :p :d"),
    "prp-eqp1": (":p owl:equivalentProperty :q . :a :p :b .", ":a :q :b"),
    "prp-eqp2": (":q owl:equivalentProperty :p . :a :p :b .", ":a :q :b"),
    "prp-inv1": (":p owl:inverseOf :q . :a :p :b .", ":b :q :a"),
    "prp-inv2": (":p owl:inverseOf :q . :a :q :b .", ":b :p :a"),
    "prp-key": (
        ':C owl:hasKey ( :p :v ) . :a a :C ; :p :k ; :v "x" . :b a :C ; :p :k ; :v "x" .',
        ":a owl:sameAs :b",
    ),
    "cls-int1": (":C owl:intersectionOf ( :A :B ) . :a a :A, :B .", ":a a :C"),
    "cls-int2": (":C owl:intersectionOf ( :A :B ) . :a a :C .", ":a a :B"),
    "cls-uni": (":C owl:unionOf ( :A :B ) . :a a :B .", ":a a :C"),
    "cls-svf1": (
        f"{RESTRICTION} owl:someValuesFrom :A ] rdfs:subClassOf :C . :a :p :b . :b a :A .",
        ":a a :C",
    ),
    "cls-svf2": (f"{RESTRICTION} owl:someValuesFrom owl:Thing ] rdfs:subClassOf :C . :a :p :b .", ":a a :C"),
    "cls-avf": (f":C rdfs:subClassOf {RESTRICTION} owl:allValuesFrom :A ] . :a a :C ; :p :b .", ":b a :A"),
    "cls-hv1": (f":C rdfs:subClassOf {RESTRICTION} owl:hasValue :b ] . :a a :C .", ":a :p :b"),
    "cls-hv2": (f"{RESTRICTION} owl:hasValue :b ] rdfs:subClassOf :C . :a :p :b .", ":a a :C"),
    "cls-maxc2": (
        f":C rdfs:subClassOf {RESTRICTION} owl:maxCardinality 1 ] . :a a :C ; :p :b, :c .",
        ":b owl:sameAs :c",
    ),
    "cls-maxqc3": (
        f":C rdfs:subClassOf {RESTRICTION} owl:maxQualifiedCardinality 1 ; owl:onClass :D ] . "
        ":a a :C ; :p :b, :c . :b a :D . :c a :D .",
        ":b owl:sameAs :c",
    ),
    "cls-maxqc4": (
        f":C rdfs:subClassOf {RESTRICTION} owl:maxQualifiedCardinality 1 ; owl:onClass owl:Thing ] . "
        ":a a :C ; :p :b, :c .",
        ":b owl:sameAs :c",
    ),
    "cls-oo": (":C owl:oneOf ( :a :b ) .", ":b a :C"),
    "cax-sco": (":A rdfs:subClassOf :B . :a a :A .", ":a a :B"),
    "cax-eqc1": (":A owl:equivalentClass :B . :a a :A .", ":a a :B"),
    "cax-eqc2": (":B owl:equivalentClass :A . :a a :A .", ":a a :B"),
    "scm-sco": (":A rdfs:subClassOf :B . :B rdfs:subClassOf :C .", ":A rdfs:subClassOf :C"),
    "scm-eqc1": (":A owl:equivalentClass :B .", ":B rdfs:subClassOf :A"),
    "scm-eqc2": (":A rdfs:subClassOf :B . :B rdfs:subClassOf :A .", ":A owl:equivalentClass :B"),
    "scm-spo": (":p rdfs:subPropertyOf :q . :q rdfs:subPropertyOf :r .", ":p rdfs:subPropertyOf :r"),
    "scm-eqp1": (":p owl:equivalentProperty :q .", ":q rdfs:subPropertyOf :p"),
    "scm-eqp2": (":p rdfs:subPropertyOf :q . :q rdfs:subPropertyOf :p .", ":p owl:equivalentProperty :q"),
    "scm-dom1": (":p rdfs:domain :A . :A rdfs:subClassOf :B .", ":p rdfs:domain :B"),
    "scm-dom2": (":p rdfs:domain :A . :q rdfs:subPropertyOf :p .", ":q rdfs:domain :A"),
    "scm-rng1": (":p rdfs:range :A . :A rdfs:subClassOf :B .", ":p rdfs:range :B"),
    "scm-rng2": (":p rdfs:range :A . :q rdfs:subPropertyOf :p .", ":q rdfs:range :A"),
    "scm-hv": (
        ":A owl:hasValue :i ; owl:onProperty :p . :B owl:hasValue :i ; owl:onProperty :q . :p rdfs:subPropertyOf :q .",
        ":A rdfs:subClassOf :B",
    ),
    "scm-svf1": (
        ":A owl:someValuesFrom :C ; owl:onProperty :p . :B owl:someValuesFrom :D ; owl:onProperty :p . "
        ":C rdfs:subClassOf :D .",
        ":A rdfs:subClassOf :B",
    ),
    "scm-svf2": (
        ":A owl:someValuesFrom :C ; owl:onProperty :p . :B owl:someValuesFrom :C ; owl:onProperty :q . "
        ":p rdfs:subPropertyOf :q .",
        ":A rdfs:subClassOf :B",
    ),
    "scm-avf1": (
        ":A owl:allValuesFrom :C ; owl:onProperty :p . :B owl:allValuesFrom :D ; owl:onProperty :p . "
        ":C rdfs:subClassOf :D .",
        ":A rdfs:subClassOf :B",
    ),
    "scm-avf2": (
        ":A owl:allValuesFrom :C ; owl:onProperty :p . :B owl:allValuesFrom :C ; owl:onProperty :q . "
        ":p rdfs:subPropertyOf :q .",
        ":B rdfs:subClassOf :A",
    ),
    "scm-int": (":C owl:intersectionOf ( :A :B ) .", ":C rdfs:subClassOf :B"),
    "scm-uni": (":C owl:unionOf ( :A :B ) .", ":B rdfs:subClassOf :C"),
}

CLASHES = {
    "eq-diff1": ":a owl:sameAs :b ; owl:differentFrom :b .",
    "eq-diff2": "[] a owl:AllDifferent ; owl:members ( :a :b :c ) . :a owl:sameAs :c .",
    "eq-diff3": "[] a owl:AllDifferent ; owl:distinctMembers ( :a :b :c ) . :a owl:sameAs :c .",
    "prp-irp": ":p a owl:IrreflexiveProperty . :a :p :a .",
    "prp-asyp": ":p a owl:AsymmetricProperty . :a :p :b . :b :p :a .",
    "prp-pdw": ":p owl:propertyDisjointWith :q . :a :p :b ; :q :b .",
    "prp-adp": "[] a owl:AllDisjointProperties ; owl:members ( :p :q :r ) . :a :p :b ; :r :b .",
    "prp-npa1": "[] owl:sourceIndividual :a ; owl:assertionProperty :p ; owl:targetIndividual :b . :a :p :b .",
    "prp-npa2": '[] owl:sourceIndividual :a ; owl:assertionProperty :v ; owl:targetValue "x" . :a :v "x" .',
    "cls-nothing2": ":a a owl:Nothing .",
    "cls-com": ":A owl:complementOf :B . :a a :A, :B .",
    "cls-maxc1": f":C rdfs:subClassOf {RESTRICTION} owl:maxCardinality 0 ] . :a a :C ; :p :b .",
    "cls-maxqc1": (
        f":C rdfs:subClassOf {RESTRICTION} owl:maxQualifiedCardinality 0 ; owl:onClass :D ] . "
        ":a a :C ; :p :b . :b a :D ."
    ),
    "cls-maxqc2": (
        f":C rdfs:subClassOf {RESTRICTION} owl:maxQualifiedCardinality 0 ; owl:onClass owl:Thing ] . :a a :C ; :p :b ."
    ),
    "cax-dw": ":A owl:disjointWith :B . :a a :A, :B .",
    "cax-adc": "[] a owl:AllDisjointClasses ; owl:members ( :A :B :C ) . :a a :A, :C .",
    "dt-diff": ":v a owl:FunctionalProperty . :a :v 1, 2 .",
    "dt-not-type": ':v rdfs:range xsd:integer . :a :v "one" .',
}

UNSEEN = {"scm-cls", "scm-op", "scm-dp", "dt-type2", "dt-eq"}
"""Rules whose conclusions are trivial by themselves, or that are conditions of others, or steps to them."""


def loaded(body: str) -> OxigraphStore:
    store = OxigraphStore()
    store.load((HEAD + body).encode(), format=RdfFormat.TURTLE, graph="urn:g")
    return store


@pytest.mark.parametrize("rule", INFERS)
def test_a_rule_infers(rule: str) -> None:
    body, wanted = INFERS[rule]
    store = loaded(body)
    closure = close(store)
    (quad,) = parse(f"{HEAD}{wanted} .".encode(), format=RdfFormat.TURTLE)
    assert quad.triple in {q.triple for q in store.quads(INFERRED)}
    subject, value = quad.subject, quad.object
    assert isinstance(subject, NamedNode)
    assert isinstance(value, NamedNode | Literal)
    explained = Explainer(store, closure).explain((subject, quad.predicate, value))
    assert rule in {line.rule for line in explained.lines}
    assert find_clashes(store, closure).steps == ()


@pytest.mark.parametrize("rule", CLASHES)
def test_a_rule_finds_a_contradiction(rule: str) -> None:
    store = loaded(CLASHES[rule])
    closure = close(store)
    found = find_clashes(store, closure).steps
    assert {clash.rule for clash in found} == {rule}
    explained = Explainer(store, closure).contradiction(found[0])
    assert explained.clash == rule
    assert derive(explained.asserted, names=closure.schema).clashes
    for fact in explained.asserted:
        rest = [other for other in explained.asserted if other != fact]
        assert not derive(rest, names=closure.schema).clashes


def test_every_rule_of_the_specification_has_its_case() -> None:
    assert INFERS.keys() | CLASHES.keys() | UNSEEN | {GIVEN, UNTRACED} == MEANINGS.keys()
    assert not MEANINGS.keys() & LEFT_OUT.keys()
    assert len(MEANINGS.keys() | LEFT_OUT.keys() - {"dt-diff"}) >= 78 - 3


@pytest.mark.parametrize(
    ("body", "clashes"),
    [
        (':v a owl:FunctionalProperty . :a :v "x", "x"@en .', True),
        (":v a owl:FunctionalProperty . :a :v 1, 1.0 .", False),
        (":v rdfs:range xsd:nonNegativeInteger . :a :v -1 .", True),
        (":v rdfs:range xsd:nonNegativeInteger . :a :v 7 .", False),
        (":v rdfs:range xsd:decimal . :a :v 7 .", False),
        (':v rdfs:range rdfs:Literal . :a :v "x" .', False),
        (
            f':C rdfs:subClassOf {RESTRICTION.replace(":p", ":v")} owl:allValuesFrom xsd:integer ] . :a a :C ; :v "x" .',
            True,
        ),
    ],
)
def test_values_and_datatypes(body: str, clashes: bool) -> None:
    store = loaded(body)
    assert bool(find_clashes(store, close(store)).steps) is clashes


def test_some_value_of_a_datatype() -> None:
    store = loaded(
        "[ a owl:Restriction ; owl:onProperty :v ; owl:someValuesFrom xsd:integer ] rdfs:subClassOf :C . "
        ':a :v 1 . :b :v "x" .'
    )
    close(store)
    rows = store.select("SELECT ?x { ?x a <http://example.org/C> }", default_graphs=[INFERRED]).rows
    assert rows == ((NamedNode("http://example.org/a"),),)


def test_no_literal_subjects_and_no_blank_node_noise() -> None:
    store = loaded(
        ":v a owl:SymmetricProperty ; rdfs:range :C . :a :v 1 . :A owl:sameAs :B . "
        f":A rdfs:subClassOf {RESTRICTION} owl:hasValue :b ], [ owl:intersectionOf ( :B :C ) ] . :a a :B . _:x a :B ."
    )
    close(store)
    found = list(store.quads(INFERRED))
    assert all(isinstance(quad.object, NamedNode) for quad in found)
    blank = {quad.triple for quad in found if not isinstance(quad.subject, NamedNode)}
    # What is said of a blank node of the data is news.
    assert {triple.predicate.value.rsplit("/", 1)[-1] for triple in blank} == {"p", "22-rdf-syntax-ns#type"}


def test_the_page_of_the_rules_is_up_to_date(root: Path) -> None:
    assert (root / "docs/reference/reasoning.md").read_text(encoding="utf-8") == page()
