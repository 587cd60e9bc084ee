"""HermiT puts arrangements into the defined classes of the models just where the deductive tier does."""

from __future__ import annotations

import random
from functools import cache

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, parse

from apgraph.profiles.exhibited import derived_features
from apgraph.reasoning import reason_dl
from apgraph.resources import ontology_module
from apgraph.store import OxigraphStore
from apgraph.vocabulary import PREFIXES, apg, apgx
from deduction import deduce, definitions

OWL = PREFIXES["owl"]
RDF = PREFIXES["rdf"]
TYPE = NamedNode(RDF + "type")
FIRST, REST, NIL = (NamedNode(RDF + name) for name in ("first", "rest", "nil"))
STATUSES = (apgx.statusPresent, apgx.statusPartly, apgx.statusAbsent, apgx.statusNotAssessed)
ARRANGEMENTS = 40


@cache
def ontology() -> tuple[Quad, ...]:
    names = ("core", "framework", "case", "inference")
    found: list[Quad] = []
    for name in names:
        found += parse(ontology_module(name).read_bytes(), format=RdfFormat.TURTLE, rename_blank_nodes=True)
    return tuple(found)


def observed(arrangements: int, seed: int) -> list[Quad]:
    """Arrangements in which every, or all but one, of the features of a model is observed, and some others."""
    rng = random.Random(seed)
    store = OxigraphStore()
    store.add(ontology())
    rows = store.select(f"SELECT ?m ?f WHERE {{ ?m <{apg.hasSummaryFeature}> ?f }} ORDER BY ?m ?f").rows
    models = sorted({str(model) for model, _ in rows})
    everything = sorted({str(feature) for _, feature in rows})
    made = []
    for at in range(arrangements):
        node = NamedNode(f"urn:a:{at}")
        made.append(Quad(node, TYPE, NamedNode(apg.DeploymentArrangement)))
        own = [str(f) for m, f in rows if str(m) == models[at % len(models)]]
        chosen = own if rng.random() < 0.6 else own[1:]
        for feature in sorted({*chosen, *rng.sample(everything, 2)}):
            status = rng.choices(STATUSES, (20, 1, 1, 1))[0]
            observation = NamedNode(f"urn:o:{len(made)}")
            said: dict[str, NamedNode | Literal] = {
                apg.isObservationOf: node,
                apg.observesFeature: NamedNode(feature.strip("<>")),
                apg.hasStatus: NamedNode(status),
                apg.observedOn: Literal("2024-05-17", datatype=NamedNode(PREFIXES["xsd"] + "date")),
            }
            made += [Quad(observation, NamedNode(p), o) for p, o in said.items()]
    return made


def not_in(arrangement: str, defined: str) -> list[Quad]:
    """A class of whatever is this arrangement and is outside a defined class: empty just where it is a member."""
    alone, outside, one, two, three = (BlankNode() for _ in range(5))
    question = NamedNode(f"urn:q:{arrangement.rpartition(':')[2]}:{defined.rpartition('#')[2]}")
    kind = NamedNode(OWL + "Class")
    return [
        Quad(question, TYPE, kind),
        Quad(question, NamedNode(OWL + "intersectionOf"), one),
        Quad(one, FIRST, alone),
        Quad(one, REST, two),
        Quad(two, FIRST, outside),
        Quad(two, REST, NIL),
        Quad(alone, TYPE, kind),
        Quad(alone, NamedNode(OWL + "oneOf"), three),
        Quad(three, FIRST, NamedNode(arrangement)),
        Quad(three, REST, NIL),
        Quad(outside, TYPE, kind),
        Quad(outside, NamedNode(OWL + "complementOf"), NamedNode(defined)),
    ]


def test_hermit_finds_the_members_that_the_rules_find() -> None:
    store = OxigraphStore()
    store.add(ontology())
    classes = {each.iri: each.model for each in definitions(store) if each.model}
    store.add(observed(ARRANGEMENTS, seed=31))
    deduced = {(iri, model) for iri, models in deduce(store).items() for model in models}

    asked = {
        (f"urn:a:{at}", defined): not_in(f"urn:a:{at}", defined)
        for at in range(ARRANGEMENTS)
        for defined in classes
    }
    exhibited = [Quad(t.subject, t.predicate, t.object) for t in derived_features(store)]
    kinds = [
        Quad(NamedNode(f"urn:a:{at}"), TYPE, kind)
        for at in range(ARRANGEMENTS)
        for kind in (NamedNode(apg.DeploymentArrangement), NamedNode(OWL + "NamedIndividual"))
    ]
    result = reason_dl([*ontology(), *kinds, *exhibited, *(q for quads in asked.values() for q in quads)])

    assert result.consistent
    empty = {name for name in result.unsatisfiable if name.startswith("urn:q:")}
    found = {
        (arrangement, classes[defined])
        for (arrangement, defined), quads in asked.items()
        if getattr(quads[0].subject, "value", "") in empty
    }
    assert found == deduced
    # The test would be idle without members and non-members of each of the four.
    assert {model for _, model in found} == set(classes.values())
    assert len(classes) == 4
    assert 10 < len(found) < 2 * ARRANGEMENTS
