"""OWL 2 DL by HermiT, and the ontology as Python classes."""

from __future__ import annotations

import subprocess
import sys

import pytest
from pyoxigraph import Quad, RdfFormat, parse

from apgraph.errors import MissingExtraError, TimeLimitError
from apgraph.reasoning import reason_dl, to_owlready
from apgraph.resources import MODULES, ontology_module

HEAD = """
@prefix : <http://example.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<http://example.org> a owl:Ontology ; owl:imports <http://example.org/never-fetched> .
:A a owl:Class ; owl:disjointWith :B . :B a owl:Class . :d a owl:DatatypeProperty .
"""


def read(body: str) -> list[Quad]:
    return list(parse((HEAD + body).encode(), format=RdfFormat.TURTLE))


def modules() -> list[Quad]:
    return [q for m in MODULES for q in parse(ontology_module(m).read_bytes(), format=RdfFormat.TURTLE)]


def test_the_ontology_is_consistent_and_every_class_can_have_members() -> None:
    result = reason_dl(modules())
    assert result.consistent
    assert result.unsatisfiable == ()


def test_dates_do_not_stop_the_reasoner() -> None:
    quads = read(':i a owl:NamedIndividual, :A ; :d "2021-05-14"^^xsd:date , "2021"^^xsd:gYear , "x" .')
    assert reason_dl(quads).consistent
    assert any(q.object.datatype.value.endswith("date") for q in quads if hasattr(q.object, "datatype"))


def test_a_contradiction_is_found() -> None:
    result = reason_dl(read(":i a owl:NamedIndividual, :A, :B ."))
    assert not result.consistent


def test_a_class_that_can_have_no_member_is_named() -> None:
    result = reason_dl(read(":C a owl:Class ; rdfs:subClassOf :A, :B . :D a owl:Class ."))
    assert result.consistent
    assert result.unsatisfiable == ("http://example.org/C",)


def test_axioms_that_the_reasoner_passes_over_are_listed() -> None:
    """It says nothing of them itself, and gives a made-up name to what it can't read."""
    restriction = "a owl:Restriction ; owl:onProperty :d ;"
    result = reason_dl(
        read(
            f":A rdfs:subClassOf [ {restriction} owl:someValuesFrom :B ] , [ a owl:Restriction ; owl:onProperty :d ] ."
            ":p a owl:ObjectProperty ; rdfs:range xsd:string ; rdfs:subPropertyOf :d ."
        )
    )
    (text,) = result.left_out
    assert text == (
        "4 axioms that OWL 2 has no room for: ObjectPropertyRange(p, string); SubClassOf(A, broken): a restriction that "
        "asks for nothing; SubClassOf(A, d some B) and 1 more; apgraph check says why"
    )
    assert not any("owlapi" in str(triple) for triple in result.triples)
    assert (
        reason_dl(read(f":A rdfs:subClassOf [ {restriction} owl:someValuesFrom xsd:string ] .")).left_out
        == ()
    )


def test_time_limit_stops_the_reasoner() -> None:
    with pytest.raises(TimeLimitError):
        reason_dl(read(""), timeout=0.01)


def test_python_classes_live_in_a_world_of_their_own() -> None:
    quads = read(
        ':C a owl:Class ; rdfs:subClassOf :A . :i a owl:NamedIndividual, :C ; :d "2021-05-14"^^xsd:date .'
    )
    one, other = (to_owlready(quads, iri="http://example.org/") for _ in range(2))
    assert one.world is not other.world
    assert issubclass(one.C, one.A)
    assert [individual.name for individual in one.C.instances()] == ["i"]
    assert one.A is not other.A


def test_the_whole_ontology_as_python_classes() -> None:
    ontology = to_owlready(modules(), iri="https://w3id.org/apgraph/ns#")
    assert ontology.CommunityOfPractice in ontology.Collective.subclasses()
    assert {"deficitModel", "universalModel"} <= {
        model.name for model in ontology.DeploymentModel.instances()
    }


@pytest.mark.parametrize("call", ["to_owlready([])", "reason_dl([])"])
def test_without_the_extra_the_error_says_what_to_install(call: str) -> None:
    code = (
        "import sys; sys.modules['owlready2'] = None\n"
        "from apgraph.errors import MissingExtraError\n"
        "from apgraph.reasoning import reason_dl, to_owlready\n"
        f"try:\n    {call}\nexcept MissingExtraError as error:\n    print(error)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "apgraph[dl]" in done.stdout
    assert issubclass(MissingExtraError, ImportError)
