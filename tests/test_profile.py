"""The profile check: each rule has a bad example that fires it alone, and a good one that does not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import pytest
from pyoxigraph import Quad, RdfFormat, parse

from apgraph.reasoning import check_profile
from apgraph.resources import MODULES, ontology_module

if TYPE_CHECKING:
    from apgraph.reasoning.profile import ProfileFinding

HEAD = """
@prefix : <http://example.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
:A a owl:Class . :B a owl:Class . :C a owl:Class .
:p a owl:ObjectProperty . :q a owl:ObjectProperty . :r a owl:ObjectProperty .
:d a owl:DatatypeProperty . :n a owl:AnnotationProperty .
:i a owl:NamedIndividual . :j a owl:NamedIndividual .
"""


def read(body: str) -> list[Quad]:
    return list(parse((HEAD + body).encode(), format=RdfFormat.TURTLE))


def rules(findings: tuple[ProfileFinding, ...]) -> set[str]:
    return {finding.rule.id for finding in findings}


Profile = Literal["DL", "RL", "EL"]
RESTRICTION = "a owl:Restriction ; owl:onProperty :p ;"
# profile, the rule that the bad example fires, bad, good
EXAMPLES: list[tuple[Profile, str, str, str]] = [
    ("DL", "dl-property-kinds", ":p a owl:DatatypeProperty .", ":p a owl:NamedIndividual ."),
    ("DL", "dl-property-kinds", ":n a owl:ObjectProperty .", ":n a owl:Class ."),
    ("DL", "dl-class-and-datatype", ":A a rdfs:Datatype .", ":Z a rdfs:Datatype ."),
    ("DL", "dl-undeclared", ":A rdfs:subClassOf :Z .", ":A rdfs:subClassOf owl:Thing ."),
    ("DL", "dl-undeclared", ":i :z :j .", ":i :p :j ; :n :j ; rdfs:seeAlso :j ."),
    ("DL", "dl-undeclared", ":z rdfs:domain :A .", ":p rdfs:domain :A ."),
    ("DL", "dl-undeclared", ":i a :Z .", ":i a :A ."),
    ("DL", "dl-reserved", "rdfs:member a owl:ObjectProperty .", "rdfs:label a owl:AnnotationProperty ."),
    ("DL", "dl-reserved", ":i rdf:value :j .", ":i rdfs:isDefinedBy :j ."),
    ("DL", "dl-reserved", ":A rdfs:subClassOf rdfs:Resource .", ":A rdfs:subClassOf owl:Thing ."),
    ("DL", "dl-datatype", ':i :d "2021-01-01"^^xsd:date .', ':i :d "2021-01-01T00:00:00"^^xsd:dateTime .'),
    ("DL", "dl-datatype", ':i :d "2021"^^xsd:gYear .', ':i :n "2021"^^xsd:gYear .'),
    ("DL", "dl-datatype", ":d rdfs:range xsd:gYear .", ":d rdfs:range xsd:integer ."),
    (
        "DL",
        "dl-simple",
        ":p a owl:TransitiveProperty, owl:FunctionalProperty .",
        ":p a owl:FunctionalProperty .",
    ),
    (
        "DL",
        "dl-simple",
        ":q a owl:TransitiveProperty ; rdfs:subPropertyOf :p . :A rdfs:subClassOf "
        f"[ {RESTRICTION} owl:maxCardinality 1 ] .",
        f":p a owl:TransitiveProperty . :A rdfs:subClassOf [ {RESTRICTION} owl:someValuesFrom :B ] .",
    ),
    (
        "DL",
        "dl-simple",
        ":p owl:propertyChainAxiom ( :q :r ) ; owl:propertyDisjointWith :q .",
        ":p owl:propertyChainAxiom ( :q :r ) . :q owl:propertyDisjointWith :r .",
    ),
    (
        "DL",
        "dl-regular",
        ":p owl:propertyChainAxiom ( :q :r ) . :q owl:propertyChainAxiom ( :p :r ) .",
        ":p owl:propertyChainAxiom ( :p :p ) , ( :p :q ) , ( :r :p ) .",
    ),
    (
        "DL",
        "dl-regular",
        ":p owl:propertyChainAxiom ( :q :p :r ) .",
        ":p owl:propertyChainAxiom ( :q :r ) . :q rdfs:subPropertyOf :r .",
    ),
    ("DL", "dl-regular", ":p owl:propertyChainAxiom ( :q :r ) ; rdfs:subPropertyOf :q .", ""),
    ("DL", "dl-anonymous", "_:x :p _:y . _:y :q _:x .", "_:x :p _:y , _:z ."),
    ("DL", "dl-anonymous", ":i owl:sameAs _:x .", ":i owl:sameAs :j ."),
    (
        "DL",
        "dl-anonymous",
        f":A rdfs:subClassOf [ {RESTRICTION} owl:hasValue [ a :B ] ] .",
        ":i :p [ a :B ] .",
    ),
    (
        "DL",
        "dl-anonymous",
        "[] a owl:NegativePropertyAssertion ; owl:sourceIndividual _:x ; owl:assertionProperty :p ; "
        "owl:targetIndividual :i .",
        "[] a owl:NegativePropertyAssertion ; owl:sourceIndividual :j ; owl:assertionProperty :p ; "
        "owl:targetIndividual :i .",
    ),
    ("DL", "dl-literal-or-individual", ':i :p "x" .', ':i :d "x" .'),
    ("DL", "dl-literal-or-individual", ":i :d :j .", ":i :p :j ."),
    ("DL", "dl-typing", ":A rdfs:subClassOf [ owl:onProperty :d ; owl:someValuesFrom :B ] .", ""),
    (
        "DL",
        "dl-typing",
        ":A rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :d ; owl:someValuesFrom :B ] .",
        ":A rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :d ; owl:someValuesFrom xsd:string ] .",
    ),
    (
        "DL",
        "dl-typing",
        ":A rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :d ; owl:hasValue :i ] .",
        ':A rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :d ; owl:hasValue "i" ] .',
    ),
    (
        "DL",
        "dl-typing",
        f":A rdfs:subClassOf [ {RESTRICTION} owl:someValuesFrom xsd:string ] .",
        f":A rdfs:subClassOf [ {RESTRICTION} owl:someValuesFrom :B ] .",
    ),
    (
        "DL",
        "dl-typing",
        f':A rdfs:subClassOf [ {RESTRICTION} owl:hasValue "i" ] .',
        f":A rdfs:subClassOf [ {RESTRICTION} owl:hasValue :i ] .",
    ),
    (
        "DL",
        "dl-typing",
        ":A rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :n ; owl:someValuesFrom :B ] .",
        "",
    ),
    (
        "DL",
        "dl-typing",
        f":A rdfs:subClassOf [ {RESTRICTION} owl:maxQualifiedCardinality 1 ; owl:onDataRange xsd:string ] .",
        f":A rdfs:subClassOf [ {RESTRICTION} owl:maxQualifiedCardinality 1 ; owl:onClass :B ] .",
    ),
    (
        "DL",
        "dl-typing",
        ":A rdfs:subClassOf [ a owl:Class ; owl:unionOf ( :B xsd:string ) ] .",
        ":A rdfs:subClassOf [ a owl:Class ; owl:unionOf ( :B :C ) ] .",
    ),
    (
        "DL",
        "dl-typing",
        ':A rdfs:subClassOf [ a owl:Class ; owl:oneOf ( :i "j" ) ] .',
        ":A rdfs:subClassOf [ a owl:Class ; owl:oneOf ( :i :j ) ] .",
    ),
    ("DL", "dl-typing", ":A rdfs:subClassOf xsd:string .", ":A rdfs:subClassOf :B ."),
    ("DL", "dl-typing", ":p rdfs:subPropertyOf :d .", ":p rdfs:subPropertyOf :q ."),
    ("DL", "dl-typing", ":n rdfs:subPropertyOf :p .", ":n rdfs:subPropertyOf rdfs:label ."),
    ("DL", "dl-typing", ":d owl:equivalentProperty :p .", ""),
    ("DL", "dl-typing", ":p rdfs:range xsd:string .", ":p rdfs:range :A ."),
    ("DL", "dl-typing", ":d rdfs:range :A .", ":d rdfs:range xsd:string ."),
    ("DL", "dl-typing", ":d rdfs:domain xsd:string .", ":d rdfs:domain :A ."),
    ("DL", "dl-typing", ":d a owl:TransitiveProperty .", ":p a owl:TransitiveProperty ."),
    ("DL", "dl-typing", ":n a owl:FunctionalProperty .", ":d a owl:FunctionalProperty ."),
    ("DL", "dl-typing", ":d owl:inverseOf :p .", ":q owl:inverseOf :p ."),
    ("DL", "dl-typing", ":p owl:propertyChainAxiom ( :q :d ) .", ":p owl:propertyChainAxiom ( :q :r ) ."),
    (
        "DL",
        "dl-broken",
        f':A rdfs:subClassOf [ {RESTRICTION} owl:minCardinality "1" ] .',
        f':A rdfs:subClassOf [ {RESTRICTION} owl:minCardinality "1"^^xsd:nonNegativeInteger ] .',
    ),
    ("DL", "dl-broken", ":A rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :p ] .", ""),
    ("DL", "dl-broken", "_:x owl:complementOf _:x . :A rdfs:subClassOf _:x .", ""),
    (
        "RL",
        "rl-subclass",
        f"[ {RESTRICTION} owl:allValuesFrom :B ] rdfs:subClassOf :A .",
        f"[ {RESTRICTION} owl:someValuesFrom :B ] rdfs:subClassOf :A .",
    ),
    (
        "RL",
        "rl-subclass",
        f":A owl:disjointWith [ {RESTRICTION} owl:minCardinality 1 ] .",
        ":A owl:disjointWith :B . [] a owl:AllDisjointClasses ; owl:members ( :A :B :C ) .",
    ),
    (
        "RL",
        "rl-superclass",
        f":A rdfs:subClassOf [ {RESTRICTION} owl:someValuesFrom :B ] .",
        f":A rdfs:subClassOf [ {RESTRICTION} owl:allValuesFrom :B ] .",
    ),
    (
        "RL",
        "rl-superclass",
        f":A rdfs:subClassOf [ {RESTRICTION} owl:maxCardinality 2 ] .",
        f":A rdfs:subClassOf [ {RESTRICTION} owl:maxCardinality 1 ] .",
    ),
    (
        "RL",
        "rl-superclass",
        ":p rdfs:range [ a owl:Class ; owl:unionOf ( :A :B ) ] .",
        ":p rdfs:range [ a owl:Class ; owl:intersectionOf ( :A :B ) ] .",
    ),
    (
        "RL",
        "rl-equivalent",
        f":A owl:equivalentClass [ {RESTRICTION} owl:someValuesFrom :B ] .",
        f":A owl:equivalentClass [ a owl:Class ; owl:intersectionOf ( :B [ {RESTRICTION} owl:hasValue :i ] ) ] .",
    ),
    (
        "RL",
        "rl-axiom",
        ":p a owl:ReflexiveProperty .",
        ":p a owl:SymmetricProperty, owl:AsymmetricProperty .",
    ),
    ("RL", "rl-axiom", ":A owl:disjointUnionOf ( :B :C ) .", ""),
    ("RL", "rl-datatype", ":d rdfs:range owl:rational .", ":d rdfs:range xsd:boolean ."),
    (
        "EL",
        "el-expression",
        f":A rdfs:subClassOf [ {RESTRICTION} owl:allValuesFrom :B ] .",
        f":A rdfs:subClassOf [ {RESTRICTION} owl:someValuesFrom :B ] .",
    ),
    (
        "EL",
        "el-expression",
        ":A owl:equivalentClass [ a owl:Class ; owl:oneOf ( :i :j ) ] .",
        ":A owl:equivalentClass [ a owl:Class ; owl:oneOf ( :i ) ] .",
    ),
    ("EL", "el-axiom", ":p a owl:FunctionalProperty .", ":d a owl:FunctionalProperty ."),
    ("EL", "el-axiom", ":p owl:inverseOf :q .", ":p rdfs:subPropertyOf :q ."),
    (
        "EL",
        "el-axiom",
        ":p a owl:SymmetricProperty .",
        ":p a owl:TransitiveProperty, owl:ReflexiveProperty .",
    ),
    ("EL", "el-inverse", "[ owl:inverseOf :p ] rdfs:subPropertyOf :q .", ":p rdfs:subPropertyOf :q ."),
    (
        "EL",
        "el-inverse",
        ":A rdfs:subClassOf [ a owl:Restriction ; owl:onProperty [ owl:inverseOf :p ] ; owl:someValuesFrom :B ] .",
        f":A rdfs:subClassOf [ {RESTRICTION} owl:someValuesFrom :B ] .",
    ),
    ("EL", "el-anonymous", ":i :p [ a :B ] .", ":i :p :j ."),
    ("EL", "el-datatype", ":i :d true .", ":i :d 1 ."),
    ("EL", "el-datatype", ":d rdfs:range xsd:double .", ":d rdfs:range xsd:nonNegativeInteger ."),
    (
        "EL",
        "el-chain-range",
        ":p owl:propertyChainAxiom ( :q :r ) ; rdfs:range :A .",
        ":p owl:propertyChainAxiom ( :q :r ) ; rdfs:range :A . :r rdfs:range :A .",
    ),
    (
        "EL",
        "el-chain-range",
        ":p owl:propertyChainAxiom ( :q :r ) ; rdfs:range :A . :r rdfs:range :B .",
        ":p owl:propertyChainAxiom ( :q :r ) ; rdfs:range :A . :r rdfs:subPropertyOf :z . :z a owl:ObjectProperty ; "
        "rdfs:range :A .",
    ),
]


@pytest.mark.parametrize(("profile", "rule", "bad", "good"), EXAMPLES)
def test_rule_fires_on_the_bad_example_alone(profile: Profile, rule: str, bad: str, good: str) -> None:
    found = check_profile(read(bad), profile)
    assert rules(found) == {rule}, found
    assert all(f.rule.link.startswith("https://www.w3.org/TR/owl2-") and f.axiom for f in found)
    assert check_profile(read(good), profile) == ()


def test_every_rule_has_an_example() -> None:
    from apgraph.reasoning import rules_dl, rules_el, rules_rl

    known = {
        value.id
        for module in (rules_dl, rules_rl, rules_el)
        for value in vars(module).values()
        if isinstance(value, rules_dl.Rule)
    }
    assert known == {rule for _, rule, _, _ in EXAMPLES}


@pytest.mark.parametrize("profile", ["DL", "RL", "EL"])
def test_every_module_with_its_imports_is_in_every_profile(profile: Profile) -> None:
    quads: list[Quad] = []
    for module in MODULES:
        quads += parse(ontology_module(module).read_bytes(), format=RdfFormat.TURTLE)
        assert check_profile(quads, profile) == (), module
