"""Case data is judged as it was asserted: what a reasoner adds first would hide faults.

Domains, ranges, superclasses and superproperties say what follows from a statement, not whether it should have been
made. A wrong value gets the type that a rule asks for, and the rule falls silent.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad

from apgraph.resources import FRAMEWORK, ontology_module, resource_folder
from apgraph.shacl import Shapes, load_shapes, validate
from apgraph.store import OxigraphStore, load_files
from apgraph.vocabulary import PREFIXES

CASES = Path(__file__).parent / "cases"
CASE = NamedNode("urn:test:case")
NAMES = "".join(f"PREFIX {prefix}: <{PREFIXES[prefix]}> " for prefix in ("owl", "rdf", "rdfs"))
# What each step of an RDFS reasoner adds to what a case says, and inverses, which OWL RL adds as well.
STEPS = {
    "domain": "?s a ?c } WHERE { GRAPH ?case { ?s ?p ?o } ?p rdfs:domain ?c . FILTER (ISIRI(?c))",
    "range": "?o a ?c } WHERE { GRAPH ?case { ?s ?p ?o } ?p rdfs:range ?c . FILTER (ISIRI(?c) && ISIRI(?o))",
    "superclass": "?s a ?c } WHERE { GRAPH ?case { ?s a ?b } ?b rdfs:subClassOf ?c . FILTER (ISIRI(?c))",
    "superproperty": "?s ?q ?o } WHERE { GRAPH ?case { ?s ?p ?o } ?p rdfs:subPropertyOf ?q . FILTER (ISIRI(?q))",
    "inverse": "?o ?q ?s } WHERE { GRAPH ?case { ?s ?p ?o } ?p owl:inverseOf|^owl:inverseOf ?q . FILTER (ISIRI(?o))",
}
# Faults that a reasoner hides, and the step that is enough to hide them.
HIDDEN = {
    "rule-01-organisation-not-described": "range",
    "rule-02-organisation-not-described": "range",
    "rule-03-unknown-feature": "range",
    "rule-03-untyped-observation": "domain",
    "rule-04-unknown-confidence": "range",
    "rule-04-unknown-status": "range",
    "rule-07-evidence-not-described": "range",
    "rule-11-organisation-not-described": "range",
    "rule-11-person-not-described": "range",
    "rule-11-role-not-described": "range",
    "rule-13-unknown-orientation": "range",
    "rule-17-unknown-pole": "range",
}


@cache
def shapes() -> Shapes:
    return load_shapes([resource_folder("shapes") / "case.ttl"])


@cache
def framework() -> tuple[Quad, ...]:
    loaded = OxigraphStore()
    load_files(loaded, [ontology_module(name) for name in ("core", "framework", "case")], graph=FRAMEWORK)
    # A reasoner over the whole of it would take a minute for each case.
    schema = {PREFIXES["rdf"] + "type"} | {
        PREFIXES["rdfs"] + name for name in ("domain", "label", "range", "subClassOf", "subPropertyOf")
    }
    wanted = schema | {PREFIXES["owl"] + "inverseOf"}
    return tuple(quad for quad in loaded.quads(FRAMEWORK) if quad.predicate.value in wanted)


def faults(file: Path, *steps: str) -> set[tuple[str, str]]:
    """Focus node and shape of each finding that a case has, after some steps of inference."""
    store = OxigraphStore()
    store.add(framework())
    ours = {quad.subject for quad in framework()}
    load_files(store, [file], graph=CASE.value)
    before = 0
    while steps and len(store) != before:
        before = len(store)
        for step in steps:
            query = STEPS[step].replace("?case", str(CASE))
            said = store.construct(f"{NAMES} CONSTRUCT {{ {query} }}")
            # Nothing new about the framework: that a case says so would be another fault.
            store.add(Quad(t.subject, t.predicate, t.object, CASE) for t in said if t.subject not in ours)
    report = validate(store, data_graphs=[CASE.value], shapes=shapes(), ontology_graphs=[FRAMEWORK])
    return {(str(finding.focus_node), str(finding.source_shape)) for finding in report}


@pytest.mark.parametrize("name", HIDDEN)
def test_a_fault_is_found_as_asserted_and_hidden_by_inference(name: str) -> None:
    file = CASES / f"{name}.ttl"
    assert faults(file)
    assert not faults(file, HIDDEN[name])
    assert not faults(file, *STEPS)


@pytest.mark.parametrize("name", ["rule-04-two-statuses", "rule-05-present-and-absent", "good-complete"])
def test_inference_changes_nothing_where_no_type_is_at_fault(name: str) -> None:
    """The steps hide faults because of what they say, not because they break the judging."""
    file = CASES / f"{name}.ttl"
    assert faults(file) == faults(file, *STEPS)


def test_the_graph_judges_what_was_asserted() -> None:
    """`Graph.validate` finds the fault although the framework beside the case gives what would hide it."""
    from apgraph import Graph

    graph = Graph()
    graph.load(CASES / "rule-03-unknown-feature.ttl")
    for engine in ("sets", "pyshacl"):
        assert len(graph.validate(engine=engine)) == len(graph.validate())
        assert any("rule-03" in str(finding.source_shape) for finding in graph.validate(engine=engine)), (
            engine
        )
