"""The deductive and the graded tier agree, and explanations are sound and minimal by re-reasoning."""

from __future__ import annotations

import random
from functools import cache
from typing import TYPE_CHECKING

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Triple

from apgraph.lexicon import Lexicon
from apgraph.profiles import Status, Verdict, profiles, read_models
from apgraph.profiles.exhibited import derived_features
from apgraph.questions.answers import stocked_store
from apgraph.resources import FRAMEWORK, ontology_module
from apgraph.store import OxigraphStore
from apgraph.vocabulary import PREFIXES, apg, apgx
from deduction import deduce

if TYPE_CHECKING:
    from collections.abc import Iterable

    from apgraph.profiles import ModelVerdict

RDF_TYPE = NamedNode(PREFIXES["rdf"] + "type")
XSD = PREFIXES["xsd"]
STATUSES = (apgx.statusPresent, apgx.statusAbsent, apgx.statusPartly, apgx.statusNotAssessed)
KINDS = {10: "date", 7: "gYearMonth", 4: "gYear"}


@cache
def framework() -> tuple[Quad, ...]:
    return tuple(stocked_store().quads(FRAMEWORK))


def store_with(quads: Iterable[Quad]) -> OxigraphStore:
    store = OxigraphStore()
    store.add(framework())
    store.add(quads)
    return store


def quad(triple: Triple) -> Quad:
    return Quad(triple.subject, triple.predicate, triple.object, NamedNode("urn:case"))


def arrangement_type(iri: str) -> Quad:
    return Quad(NamedNode(iri), RDF_TYPE, NamedNode(apg.DeploymentArrangement), NamedNode("urn:case"))


def generated(number: int, seed: int) -> list[Quad]:
    """Arrangements of every kind: near a model or at random, with repeated, imprecise, conflicting and unusable dates."""
    rng = random.Random(seed)
    store = stocked_store()
    models = read_models(store, Lexicon(store))
    features = sorted(models.features)
    quads: list[Quad] = []
    serial = 0
    for at in range(number):
        arrangement = f"urn:a:{at}"
        quads.append(arrangement_type(arrangement))
        chosen = rng.sample(features, rng.randint(0, 6))
        near = rng.random()
        if near < 0.8:
            model = rng.choice(models.models)
            own = [link.feature.iri for link in model.links if link.role.value == "summary"]
            chosen += own if rng.random() < 0.7 else rng.sample(own, len(own) - 1)
        for feature in dict.fromkeys(chosen):
            for _ in range(rng.choice((1, 1, 1, 2, 3))):
                serial += 1
                node = NamedNode(f"urn:o:{serial}")
                text = f"20{rng.randint(20, 22)}-0{rng.randint(1, 3)}-1{rng.randint(0, 2)}"
                text = text[: rng.choice((10, 10, 10, 7, 4))]
                kind = KINDS[len(text)]
                if rng.random() < 0.05:
                    text += rng.choice(("Z", "+01:00"))
                elif rng.random() < 0.02:
                    text, kind = "last spring", "date"
                status = rng.choices(STATUSES, (14, 1, 1, 1))[0]
                said: list[tuple[str, NamedNode | Literal]] = [
                    (apg.isObservationOf, NamedNode(arrangement)),
                    (apg.observesFeature, NamedNode(feature)),
                    (apg.hasStatus, NamedNode(status)),
                    (apg.observedOn, Literal(text, datatype=NamedNode(XSD + kind))),
                ]
                if rng.random() < 0.02:
                    said.pop(rng.choice((2, 3)))
                quads += [Quad(node, NamedNode(p), o, NamedNode("urn:case")) for p, o in said]
    return quads


def full(store: OxigraphStore, on: str | None) -> dict[str, frozenset[str]]:
    found = {
        each.term.iri: frozenset(v.term.iri for v in each.verdicts if v.verdict is Verdict.FULL)
        for case in profiles(store, Lexicon(store), on=on)
        for each in case
    }
    return {iri: models for iri, models in found.items() if models}


@cache
def five_thousand() -> OxigraphStore:
    return store_with(generated(5000, seed=20))


@pytest.mark.parametrize("on", [None, "2021", "2021-02", "2021-02-11"])
def test_the_tiers_agree_on_5000_generated_arrangements(on: str | None) -> None:
    store = five_thousand()
    graded = full(store, on)
    assert deduce(store, on=on) == graded
    # The test would be idle without arrangements on both sides, and without all four models.
    assert 200 < len(graded) < 4000
    assert len(set().union(*graded.values())) == 4


def test_what_is_exhibited_is_what_is_last_seen_present() -> None:
    store = five_thousand()
    wanted = {
        (each.term.iri, feature, state.status)
        for case in profiles(store, Lexicon(store))
        for each in case
        for feature, state in each.states.items()
        if state.status in {Status.PRESENT, Status.ABSENT}
    }
    words = {apg.exhibitsFeature: Status.PRESENT, apg.lacksFeature: Status.ABSENT}
    got = {(t.subject.value, t.object.value, words[t.predicate.value]) for t in derived_features(store)}  # type: ignore[union-attr]
    assert got == wanted


def test_owlrl_finds_the_members_that_the_rules_find() -> None:
    import owlrl
    import rdflib

    store = store_with(generated(40, seed=4))
    graph = rdflib.Graph()
    for module in ("core", "framework", "case", "inference"):
        graph.parse(ontology_module(module))
    # Only what the classes need: the closure of the whole framework takes minutes.
    needed = rdflib.Graph()
    owl, rdfs = rdflib.OWL, rdflib.RDFS
    for defined in graph.subjects(owl.equivalentClass, None):
        for part in graph.cbd(defined):
            if part[1] not in {rdfs.label, rdfs.isDefinedBy} and not isinstance(part[2], rdflib.Literal):
                needed.add(part)
    for name in (apg.exhibitsFeature, apg.matchesModel):
        needed.add((rdflib.URIRef(name), rdflib.RDF.type, owl.ObjectProperty))
    for triple in derived_features(store):
        needed.add(tuple(rdflib.URIRef(term.value) for term in triple))  # type: ignore[arg-type]
    for at in range(40):
        needed.add((rdflib.URIRef(f"urn:a:{at}"), rdflib.RDF.type, rdflib.URIRef(apg.DeploymentArrangement)))
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(needed)
    found: dict[str, set[str]] = {}
    for subject, model in needed.subject_objects(rdflib.URIRef(apg.matchesModel)):
        found.setdefault(str(subject), set()).add(str(model))
    assert found == {iri: set(models) for iri, models in deduce(store).items()}
    assert found


# -- explanations ----------------------------------------------------------------------------------------------


def verdict_from(triples: Iterable[Triple], arrangement: str, model: str) -> ModelVerdict:
    store = store_with([arrangement_type(arrangement), *map(quad, triples)])
    ((found,),) = profiles(store, Lexicon(store))
    return found.verdict(model)


def test_justifications_are_sound_and_minimal() -> None:
    store = store_with(generated(60, seed=8))
    seen: dict[Verdict, int] = dict.fromkeys(Verdict, 0)
    for case in profiles(store, Lexicon(store)):
        for each in case:
            for found in each.verdicts:
                if seen[found.verdict] >= 3:
                    continue
                seen[found.verdict] += 1
                triples = found.justification
                iri, model = each.term.iri, found.term.iri
                assert set(triples) <= {q.triple for q in store.quads("urn:case")}
                assert verdict_from(triples, iri, model).verdict is found.verdict
                for dropped in triples:
                    rest = [triple for triple in triples if triple != dropped]
                    assert verdict_from(rest, iri, model).verdict is not found.verdict
                if found.verdict is Verdict.FULL:
                    again = store_with([arrangement_type(iri), *map(quad, triples)])
                    assert model in deduce(again)[iri]
                    for dropped in triples:
                        less = [quad(triple) for triple in triples if triple != dropped]
                        assert model not in deduce(store_with([arrangement_type(iri), *less])).get(iri, ())
    assert min(seen.values()) >= 1, seen


def test_every_reason_stands_on_its_triples_and_falls_with_each() -> None:
    store = store_with(generated(12, seed=3))
    checked = 0
    for case in profiles(store, Lexicon(store)):
        for each in case:
            for found in each.verdicts:
                for side in ("supporting", "against"):
                    for reason in getattr(found, side)[:2]:
                        checked += 1
                        iri, model = each.term.iri, found.term.iri
                        alone = verdict_from(reason.triples, iri, model)
                        assert [r.feature for r in getattr(alone, side)] == [reason.feature]
                        rest = [t for t in reason.triples if t != reason.triples[checked % 4]]
                        assert not getattr(verdict_from(rest, iri, model), side)
                    if checked > 40:
                        return
