"""Why something follows in OWL 2 DL: axioms that are enough, and none too many."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, Triple, parse

from apgraph import Graph
from apgraph.cli.entry import run
from apgraph.errors import InputError, TimeLimitError
from apgraph.reasoning import reason_dl
from apgraph.reasoning.justification import Justification, justify
from apgraph.reasoning.opposite import opposite

if TYPE_CHECKING:
    from pathlib import Path

HEAD = """
@prefix : <http://example.org/> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""
ONTOLOGY = """
<http://example.org/o> a owl:Ontology . :p a owl:ObjectProperty . :q a owl:ObjectProperty ; rdfs:subPropertyOf :p .
:A a owl:Class . :C a owl:Class . :D a owl:Class ; rdfs:subClassOf :B , :C ; rdfs:label "D" .
:B a owl:Class ; rdfs:subClassOf [ a owl:Class ; owl:unionOf ( :A :C ) ] ; owl:disjointWith :C .
:a a owl:NamedIndividual, :A ; :q :b . :b a owl:NamedIndividual, :B ; rdfs:comment "of no account" . :p rdfs:domain :A .
"""


def read(text: str) -> list[Quad]:
    return list(parse((HEAD + text).encode(), format=RdfFormat.TURTLE))


def goal(text: str) -> Triple:
    (quad,) = read(f"{text} .")
    return quad.triple


@pytest.mark.parametrize(
    ("text", "words"),
    [
        # No rule of OWL 2 RL sees that one of two is left.
        (":b a :A", ["b is a B", "every B is (A or C)", "nothing is both B and C"]),
        (":B rdfs:subClassOf :A", ["every B is (A or C)", "nothing is both B and C"]),
        (":D rdfs:subClassOf owl:Nothing", ["every D is a B", "every D is a C", "nothing is both B and C"]),
        (":a :p :b", ["a q b", "q implies p"]),
        (":q rdfs:domain :A", ["q implies p", "whatever has p is an A"]),
    ],
)
def test_a_justification_is_sound_and_minimal(text: str, words: list[str]) -> None:
    told: list[str] = []
    quads = read(ONTOLOGY)
    found = justify(quads, goal(text), progress=told.append)
    lines = [line.partition(". ")[2].removesuffix(" (asserted)") for line in str(found).split("\n")]
    assert sorted(lines[:-1]) == sorted(words)
    assert "HermiT: that follows" in lines[-1]
    assert len(told) == found.runs
    # Enough, and none too many, by HermiT itself and apart from the search.
    base = [quad for quad in quads if quad.object in _DECLARES]
    links = {quad.subject for quad in base if quad.object == NamedNode(_OWL + "ObjectProperty")}
    against = [Quad(t.subject, t.predicate, t.object) for t in opposite(goal(text), links)]

    def contradicts(axioms: tuple[tuple[Triple, ...], ...]) -> bool:
        more = [Quad(t.subject, t.predicate, t.object) for axiom in axioms for t in axiom]
        return not reason_dl([*base, *more, *against]).consistent

    assert contradicts(found.axioms)
    for at in range(len(found.axioms)):
        assert not contradicts((*found.axioms[:at], *found.axioms[at + 1 :]))


_OWL = "http://www.w3.org/2002/07/owl#"
_DECLARES = {NamedNode(_OWL + name) for name in ("Class", "ObjectProperty", "NamedIndividual", "Ontology")}


def test_a_contradiction_of_the_whole() -> None:
    found = justify(read(f"{ONTOLOGY} :x a :D ."), goal("owl:Thing rdfs:subClassOf owl:Nothing"))
    assert found.contradictory
    assert len(found.axioms) == 4
    assert "this contradicts itself" in found.to_markdown()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (":a a :C", "a is a C: that does not follow in OWL 2 DL"),
        (":A rdfs:subClassOf :B", "every A is a B: that does not follow"),
        (":p a owl:TransitiveProperty", "leave out --dl"),
    ],
)
def test_what_does_not_follow(text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        justify(read(ONTOLOGY), goal(text))


def test_what_always_holds_and_what_is_asserted() -> None:
    assert justify(read(ONTOLOGY), goal(":a a owl:Thing")).axioms == ()
    asserted = justify(read(ONTOLOGY), goal(":a a :A"))
    assert (len(asserted.axioms), asserted.runs) == (1, 0)
    assert "a is an A (asserted)" in str(asserted)


def test_it_has_a_time_limit() -> None:
    with pytest.raises(TimeLimitError):
        justify(read(ONTOLOGY), goal(":b a :A"), timeout=0.05)


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        (":A owl:equivalentClass :B", "unionOf"),
        (":A owl:disjointWith :B", "type"),
        (":p rdfs:range :B", "complementOf"),
        (":q rdfs:subPropertyOf :p", "NegativePropertyAssertion"),
        (":a owl:sameAs :b", "differentFrom"),
        (":a owl:differentFrom :b", "sameAs"),
        (':a :v "x"', "targetValue"),
    ],
)
def test_each_kind_of_conclusion_has_its_opposite(text: str, asks: str) -> None:
    links = {NamedNode("http://example.org/p"), NamedNode("http://example.org/q")}
    assert asks in " ".join(map(str, opposite(goal(text), links)))


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "o.ttl"
    file.write_text(HEAD + ONTOLOGY, encoding="utf-8")
    asked = ("reason", "--dl", str(file), "--explain")
    d = "http://example.org/D rdfs:subClassOf owl:Nothing"
    assert run((*asked, d, "-f", "json")) == 0
    record = json.loads(capsys.readouterr().out)
    assert len(record["words"]) == 4
    assert len(record["asserted"]) == 3
    assert run((*asked, d, "-f", "ttl")) == 0
    assert "owl:disjointWith" in capsys.readouterr().out
    assert run((*asked, "http://example.org/a a http://example.org/C")) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_of_the_framework() -> None:
    found = Graph().justify("apgx:evidenceFlows a 'outbound flow'")
    assert len(found.axioms) == 3
    assert not found.contradictory


EXPRESSIONS = {
    "[ a owl:Restriction ; owl:onProperty :p ; owl:minCardinality 2 ]": "(p min 2)",
    "[ a owl:Restriction ; owl:onProperty :p ; owl:cardinality 2 ]": "(p exactly 2)",
    "[ a owl:Restriction ; owl:onProperty :p ; owl:maxCardinality 2 ]": "(p max 2)",
    "[ a owl:Restriction ; owl:onProperty :p ; owl:minQualifiedCardinality 2 ; owl:onClass :B ]": "(p min 2 B)",
    "[ a owl:Restriction ; owl:onProperty :p ; owl:qualifiedCardinality 2 ; owl:onClass :B ]": "(p exactly 2 B)",
    "[ a owl:Restriction ; owl:onProperty :v ; owl:qualifiedCardinality 1 ; owl:onDataRange xsd:integer ]": (
        "(v exactly 1 integer)"
    ),
    "[ a owl:Restriction ; owl:onProperty :p ; owl:hasSelf true ]": "(p Self)",
    "[ a owl:Restriction ; owl:onProperty [ owl:inverseOf :p ] ; owl:someValuesFrom :B ]": "((inverse p) some B)",
    "[ a owl:Restriction ; owl:onProperty :v ; owl:someValuesFrom [ a rdfs:Datatype ; owl:onDatatype xsd:integer ; "
    "owl:withRestrictions ( [ xsd:minInclusive 5 ] [ xsd:maxExclusive 9 ] ) ] ]": "(v some integer[>= 5, < 9])",
    "[ a owl:Restriction ; owl:onProperty :v ; owl:allValuesFrom [ a rdfs:Datatype ; owl:onDatatype xsd:string ; "
    'owl:withRestrictions ( [ xsd:pattern "[a-z]+" ] ) ] ]': '(v only string[pattern "[a-z]+"])',
    "[ a owl:Restriction ; owl:onProperty :v ; owl:allValuesFrom [ a rdfs:Datatype ; owl:datatypeComplementOf "
    "xsd:integer ] ]": "(v only (not integer))",
    "[ a owl:Restriction ; owl:onProperties ( :v :w ) ; owl:someValuesFrom xsd:integer ]": "(v, w some integer)",
}


@pytest.mark.parametrize("written", EXPRESSIONS)
def test_expressions_outside_rl_are_words_and_no_hashes(written: str) -> None:
    """In the manner of the Manchester syntax; no reasoner is needed to say them."""
    head = (
        "@prefix : <urn:x:> . @prefix owl: <http://www.w3.org/2002/07/owl#> . "
        "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> . "
    )
    triples = [
        quad.triple
        for quad in parse(f"{head}:A owl:equivalentClass {written} .".encode(), format=RdfFormat.TURTLE)
    ]
    root = next(triple for triple in triples if triple.subject == NamedNode("urn:x:A"))
    rest = tuple(triple for triple in triples if triple != root)
    (goal,) = (q.triple for q in parse(f"{head}:A rdfs:subClassOf :A .".encode(), format=RdfFormat.TURTLE))
    said = Justification(goal, ((root, *rest),), contradictory=False, runs=1, seconds=0.0)
    first = str(said).split("\n")[0]
    assert first == f"1. A means the same as {EXPRESSIONS[written]} (asserted)"
