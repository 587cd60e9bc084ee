"""The closure of OWL 2 RL against other programs, after additions, on disk, behind a service; and its explanations."""

from __future__ import annotations

import json
import threading
import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, parse

from apgraph import Graph
from apgraph.cli.entry import run
from apgraph.errors import InputError, NotFinishedError
from apgraph.reasoning import check_profile, reason_dl
from apgraph.reasoning.rl import HIDDEN, Explainer, close, find_clashes
from apgraph.reasoning.rl.clash import MOST
from apgraph.reasoning.rl.derivation import derive
from apgraph.reasoning.rl.execution import Execution
from apgraph.reasoning.rl.rule import TYPE, Step, facts
from apgraph.reasoning.rl.schema import EXPRESSION, Schema
from apgraph.reasoning.rl.trivial import triviality
from apgraph.reasoning.structure import OWL
from apgraph.store import INFERRED, OxigraphStore, ServiceStore

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable
    from pathlib import Path

    from pyoxigraph import Quad

    from apgraph.reasoning.rl.rule import Fact, Term
    from apgraph.store import Store


NS = "http://example.org/"
HEAD = """
@prefix : <http://example.org/> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
"""

classes = st.sampled_from([":A", ":B", ":C", ":D"])
properties = st.sampled_from([":p", ":q", ":r"])
things = st.sampled_from([":a", ":b", ":c", "_:d"])
named = st.sampled_from([":a", ":b", ":c"])


def _said(pattern: str, **parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.fixed_dictionaries(parts).map(lambda values: pattern.format(**values))


restrictions = st.one_of(
    _said("[ a owl:Restriction ; owl:onProperty {p} ; owl:hasValue {i} ]", p=properties, i=named),
    _said("[ a owl:Restriction ; owl:onProperty {p} ; owl:someValuesFrom {c} ]", p=properties, c=classes),
    _said("[ a owl:Restriction ; owl:onProperty {p} ; owl:someValuesFrom owl:Thing ]", p=properties),
    _said("[ a owl:Restriction ; owl:onProperty {p} ; owl:allValuesFrom {c} ]", p=properties, c=classes),
    _said("[ a owl:Restriction ; owl:onProperty {p} ; owl:maxCardinality 1 ]", p=properties),
    _said(
        "[ a owl:Restriction ; owl:onProperty {p} ; owl:maxQualifiedCardinality 1 ; owl:onClass {c} ]",
        p=properties,
        c=classes,
    ),
    _said(
        "[ a owl:Restriction ; owl:onProperty {p} ; owl:maxQualifiedCardinality 1 ; owl:onClass owl:Thing ]",
        p=properties,
    ),
)
expressions = st.one_of(
    classes,
    restrictions,
    _said("[ a owl:Class ; owl:intersectionOf ( {c} {e} ) ]", c=classes, e=restrictions),
    _said("[ a owl:Class ; owl:unionOf ( {c} {d} ) ]", c=classes, d=classes),
    _said("[ a owl:Class ; owl:oneOf ( {i} {j} ) ]", i=named, j=named),
)
axioms = st.one_of(
    _said("{c} rdfs:subClassOf {e} .", c=classes, e=expressions),
    _said("{e} rdfs:subClassOf {c} .", c=classes, e=restrictions),
    _said("{c} owl:equivalentClass {e} .", c=classes, e=expressions),
    _said("{c} owl:intersectionOf ( {d} {e} ) .", c=classes, d=classes, e=restrictions),
    _said("{p} rdfs:subPropertyOf {q} .", p=properties, q=properties),
    _said("{p} owl:equivalentProperty {q} .", p=properties, q=properties),
    _said("{p} owl:inverseOf {q} .", p=properties, q=properties),
    _said("{p} rdfs:domain {c} .", p=properties, c=classes),
    _said("{p} rdfs:range {c} .", p=properties, c=classes),
    _said("{p} a owl:TransitiveProperty .", p=properties),
    _said("{p} a owl:SymmetricProperty .", p=properties),
    _said("{p} a owl:FunctionalProperty .", p=properties),
    _said("{p} a owl:InverseFunctionalProperty .", p=properties),
    _said("{p} owl:propertyChainAxiom ( {q} {r} ) .", p=properties, q=properties, r=properties),
    _said("{p} owl:propertyChainAxiom ( {q} {r} {p} ) .", p=properties, q=properties, r=properties),
    _said("{c} owl:hasKey ( {p} ) .", c=classes, p=properties),
    _said("{c} owl:hasKey ( {p} :v ) .", c=classes, p=properties),
)
# For the rules a class is also an individual that may be the same as another; for OWL 2 DL these are two things.
same_terms = st.one_of(
    _said("{c} owl:sameAs {d} .", c=classes, d=classes),
    _said("{p} owl:sameAs {q} .", p=properties, q=properties),
)
# What no rule speaks of: of two such expressions nothing follows but where they say the same.
counted = st.one_of(
    _said(
        "[ a owl:Restriction ; owl:onProperty {p} ; owl:{kind} {n} ]",
        p=properties,
        kind=st.sampled_from(["minCardinality", "cardinality"]),
        n=st.sampled_from("12"),
    ),
    _said(
        "[ a owl:Restriction ; owl:onProperty {p} ; owl:{kind} {n} ; owl:onClass {c} ]",
        p=properties,
        kind=st.sampled_from(["minQualifiedCardinality", "qualifiedCardinality"]),
        n=st.sampled_from("12"),
        c=classes,
    ),
    _said("[ a owl:Restriction ; owl:onProperty {p} ; owl:hasSelf true ]", p=properties),
    _said(
        "[ a owl:Restriction ; owl:onProperty :v ; owl:{kind} 1 ; owl:onDataRange {datatype} ]",
        kind=st.sampled_from(["minQualifiedCardinality", "qualifiedCardinality"]),
        datatype=st.sampled_from(["xsd:string", "xsd:integer"]),
    ),
)
beyond = _said(
    "{c} {how} {e} . {d} {how2} {e2} .",
    c=classes,
    d=classes,
    e=counted,
    e2=counted,
    how=st.sampled_from(["rdfs:subClassOf", "owl:equivalentClass"]),
    how2=st.sampled_from(["rdfs:subClassOf", "owl:equivalentClass"]),
)
denials = st.one_of(
    _said("{c} owl:disjointWith {d} .", c=classes, d=classes),
    _said("{c} owl:complementOf {d} .", c=classes, d=classes),
    _said("[] a owl:AllDisjointClasses ; owl:members ( {c} {d} :E ) .", c=classes, d=classes),
    _said("{p} a owl:IrreflexiveProperty .", p=properties),
    _said("{p} a owl:AsymmetricProperty .", p=properties),
    _said("{p} owl:propertyDisjointWith {q} .", p=properties, q=properties),
    _said("[] a owl:AllDisjointProperties ; owl:members ( {p} {q} :s ) .", p=properties, q=properties),
    _said("{i} owl:differentFrom {j} .", i=named, j=named),
    _said("[] a owl:AllDifferent ; owl:distinctMembers ( {i} {j} :e ) .", i=named, j=named),
    _said("[] a owl:AllDifferent ; owl:members ( {i} {j} :e ) .", i=named, j=named),
    _said(
        "[] a owl:NegativePropertyAssertion ; owl:sourceIndividual {i} ; owl:assertionProperty {p} ; "
        "owl:targetIndividual {j} .",
        i=named,
        p=properties,
        j=named,
    ),
    _said("{c} rdfs:subClassOf owl:Nothing .", c=classes),
    _said(
        "{c} rdfs:subClassOf [ a owl:Restriction ; owl:onProperty {p} ; owl:maxCardinality 0 ] .",
        c=classes,
        p=properties,
    ),
    _said(
        "{c} rdfs:subClassOf "
        "[ a owl:Restriction ; owl:onProperty {p} ; owl:maxQualifiedCardinality 0 ; owl:onClass {d} ] .",
        c=classes,
        p=properties,
        d=classes,
    ),
)
data = st.one_of(
    _said("{i} {p} {j} .", i=things, p=properties, j=things),
    _said("{i} {p} {j} .", i=things, p=properties, j=things),
    _said("{i} a {c} .", i=things, c=classes),
    _said("{i} a {c} .", i=things, c=classes),
    _said('{i} :v "x" .', i=things),
    _said("{i} owl:sameAs {j} .", i=named, j=named),
)

DECLARED = (
    ":A a owl:Class . :B a owl:Class . :C a owl:Class . :D a owl:Class . :p a owl:ObjectProperty . "
    ":q a owl:ObjectProperty . :r a owl:ObjectProperty . :v a owl:DatatypeProperty .\n"
)


def ontologies(
    *, contradictions: bool = False, same: bool = False, outside: bool = False
) -> st.SearchStrategy[str]:
    """Return ontologies with data as Turtle.

    Args:
        contradictions: Whether with axioms that data can contradict.
        same: Whether with terms that are the same.
        outside: Whether with expressions that lie outside OWL 2 RL.
    """
    said = st.one_of(
        axioms,
        *([denials] if contradictions else []),
        *([same_terms] if same else []),
        *([beyond, beyond] if outside else []),
    )
    return st.tuples(st.lists(said, min_size=1, max_size=5), st.lists(data, min_size=1, max_size=6)).map(
        lambda parts: HEAD + DECLARED + "\n".join((*parts[0], *parts[1]))
    )


def loaded(*texts: str) -> OxigraphStore:
    store = OxigraphStore()
    for number, text in enumerate(texts):
        store.load(text.encode(), format=RdfFormat.TURTLE, graph=f"urn:g{number}")
    return store


def said(store: Store, graph: str | None = None) -> set[Fact]:
    return set(facts(store.quads(graph)))


@settings(max_examples=60)
@given(ontologies(same=True))
def test_equal_to_owlrl(
    by_owlrl: Callable[[Collection[Fact], Collection[Term]], tuple[set[Fact], bool]], text: str
) -> None:
    store = loaded(text)
    closure = close(store)
    asserted, mine = said(store), said(store, INFERRED)
    expressions = set(closure.schema.names)
    assert by_owlrl(asserted, expressions)[0] == mine
    steps = derive(asserted).steps
    assert {fact for fact in steps if triviality(fact, expressions) is None} == mine
    assert not any(triviality(fact, expressions) for fact in mine)
    assert sum(closure.counts.values()) >= len(mine) == closure.inferred


@settings(max_examples=500)
@given(ontologies(contradictions=True, same=True))
def test_explanations_are_sound_and_minimal(text: str) -> None:
    store = loaded(text)
    closure = close(store)
    asserted = {closure.schema.named_fact(fact) for fact in said(store)}
    explainer = Explainer(store, closure)
    for fact in sorted(said(store, INFERRED), key=str)[:6]:
        explained = explainer.explain(fact)
        assert explained.conclusion == explained.lines[-1].fact == fact
        check_steps(explained.asserted, asserted)
        assert fact in derive(explained.asserted, names=closure.schema)
        for one in explained.asserted:
            rest = [other for other in explained.asserted if other != one]
            assert fact not in derive(rest, names=closure.schema)
    clashes = find_clashes(store, closure).steps
    assert bool(clashes) == bool(derive(said(store)).clashes)
    for clash in clashes[:2]:
        explained = explainer.contradiction(clash)
        check_steps(explained.asserted, asserted)
        assert derive(explained.asserted, names=closure.schema).clashes
        for one in explained.asserted:
            rest = [other for other in explained.asserted if other != one]
            assert not derive(rest, names=closure.schema).clashes


def check_steps(used: Collection[Fact], asserted: Collection[Fact]) -> None:
    assert set(used) <= set(asserted)


@settings(max_examples=60)
@given(ontologies(same=True), ontologies(same=True))
def test_after_an_addition_as_from_scratch(first: str, second: str) -> None:
    grown = loaded(first)
    closure = close(grown)
    grown.load(second.encode(), format=RdfFormat.TURTLE, graph="urn:g1")
    close(grown, previous=closure, added=["urn:g1"])
    fresh = OxigraphStore()
    fresh.add(grown.quads())
    close(fresh)
    assert said(grown, INFERRED) == said(fresh, INFERRED)


@pytest.mark.parametrize(
    "text",
    [
        ":A a owl:Class ; owl:sameAs :B . :B owl:sameAs :C . :C rdfs:subClassOf :D . :x a :A .",
        ":p a owl:ObjectProperty ; owl:sameAs :q . :x :p :y .",
        ":p a owl:DatatypeProperty . :q owl:sameAs :p, :r . :r rdfs:domain :C . :x :p 3 .",
        ":f a owl:FunctionalProperty . :x :f :A, :B . :A a owl:Class . :E rdfs:subClassOf :B .",
    ],
)
def test_classes_and_properties_that_are_the_same_lie_below_each_other(
    by_owlrl: Callable[[Collection[Fact], Collection[Term]], tuple[set[Fact], bool]], text: str
) -> None:
    store = loaded(HEAD + text)
    closure = close(store)
    mine = said(store, INFERRED)
    assert mine == by_owlrl(said(store), set(closure.schema.names))[0]
    below = sorted(
        (fact for fact in mine if fact[1].value.endswith(("subClassOf", "subPropertyOf"))), key=str
    )
    assert below
    for fact in below:
        explained = Explainer(store, closure).explain(fact)
        check_steps(explained.asserted, said(store))
        assert fact in derive(explained.asserted, names=closure.schema)


DATA = """
:p rdfs:subPropertyOf :q . :q a owl:TransitiveProperty ; rdfs:domain :C .
:K owl:equivalentClass [ owl:intersectionOf ( :C [ a owl:Restriction ; owl:onProperty :p ; owl:hasValue :b ] ) ] .
:a :p :b . :b :q :c . _:x :p :a .
"""


def test_an_addition_computes_only_what_it_affects() -> None:
    store = loaded(HEAD + DATA)
    closure = close(store)
    store.load(f"{HEAD} :z :p :a .".encode(), format=RdfFormat.TURTLE, graph="urn:new")
    after = close(store, previous=closure, added=["urn:new"])
    # z q a, z q b, z q c, z a C: by nothing but the new triple.
    assert sum(after.counts.values()) == 4
    assert after.inferred == closure.inferred + 4


def test_what_is_asserted_later_is_no_inference_any_more() -> None:
    store = loaded(HEAD + DATA)
    closure = close(store)
    assert closure.inferred == len(said(store, INFERRED))
    store.load(f"{HEAD} :a :q :c .".encode(), format=RdfFormat.TURTLE, graph="urn:new")
    assert close(store, previous=closure, added=["urn:new"]).inferred == closure.inferred - 1
    assert not said(store, INFERRED) & said(store)


def test_disk_and_many_graphs_and_the_unnamed_one(tmp_path: Path) -> None:
    memory = loaded(HEAD + DATA.replace("_:x", ":x"))
    close(memory)
    parts = [part for part in DATA.replace("_:x", ":x").split("\n") if part]
    scattered = OxigraphStore(tmp_path / "store")
    for number in range(9):
        text = HEAD + (parts[number] if number < len(parts) else f":n{number} :p :n .")
        graph = None if number == 0 else f"urn:g{number}"
        scattered.load(text.encode(), format=RdfFormat.TURTLE, graph=graph)
    before = said(scattered)
    close(scattered)
    assert said(memory, INFERRED) <= said(scattered, INFERRED)
    assert said(scattered) == before
    scattered.close()


def test_a_service_that_takes_updates(fuseki: str) -> None:
    text = (
        HEAD + DATA.replace("_:x", ":x") + ":a owl:sameAs :e . :c a :Never . :Never owl:disjointWith :Never ."
    )
    service, memory = ServiceStore(fuseki), loaded(text)
    service.load(text.encode(), format=RdfFormat.TURTLE, graph="urn:g0")
    there, here = close(service), close(memory)
    assert said(service, INFERRED) == said(memory, INFERRED)
    assert there.counts == here.counts
    assert [clash.rule for clash in find_clashes(service, there).steps] == ["cax-dw"]
    kinds = Explainer(service, there).explain(
        (
            NamedNode("http://example.org/e"),
            NamedNode("http://example.org/q"),
            NamedNode("http://example.org/c"),
        )
    )
    assert "eq-rep-s" in {line.rule for line in kinds.lines}


def within_dl(text: str) -> bool:
    """Tell whether HermiT takes an ontology: properties that are counted are not made of others, chains run in no circle."""
    found = check_profile(parse(text.encode(), format=RdfFormat.TURTLE), "DL")
    return not any(finding.rule.id in ("dl-simple", "dl-regular") for finding in found)


# No shrinking: each try takes Java some seconds.
@settings(max_examples=4, phases=[Phase.generate])
@given(st.lists(ontologies(outside=True).filter(within_dl), min_size=15, max_size=15))
def test_what_follows_by_rules_follows_for_hermit(
    all_follow: Callable[[Iterable[Quad], Iterable[Fact]], bool], texts: list[str]
) -> None:
    # Fifteen ontologies, each with names of its own, in one run of HermiT.
    bodies = [
        text.replace("_:d", ":d").replace("http://example.org/", f"http://example.org/{number}/")
        for number, text in enumerate(texts)
    ]
    store = loaded(*bodies, f"{HEAD} <http://example.org/o> a owl:Ontology .")
    close(store)
    inferred = said(store, INFERRED)
    assert all_follow(store.quads(), inferred)
    wrong = (NamedNode("http://example.org/0/a"), TYPE, NamedNode("http://example.org/1/A"))
    assert not all_follow(store.quads(), [*inferred, wrong])


@settings(max_examples=6)
@given(ontologies(contradictions=True, outside=True).filter(within_dl))
def test_contradictions_are_contradictions_for_hermit(text: str) -> None:
    plain = text.replace("_:d", ":d")
    store = loaded(f"{plain}\n<http://example.org/o> a owl:Ontology .")
    if find_clashes(store, close(store)).steps:
        try:
            assert not reason_dl(store.quads()).consistent
        except NotFinishedError as error:
            # Beyond OWL 2 DL, such as a transitive property with a limit: HermiT refuses, and says so.
            assert "HermiT failed" in str(error)


def test_reasoning_after_loading_and_removing(root: Path) -> None:
    graph = Graph()
    graph.reason()
    graph.load(root / "examples/hillside.ttl")
    after = graph.reason()
    fresh = Graph()
    fresh.load(root / "examples/hillside.ttl")
    whole = fresh.reason()
    assert set(graph.inferred()) == set(fresh.inferred())
    assert sum(after.counts.values()) < sum(whole.counts.values()) / 2
    graph.remove(graph.cases()[0])
    graph.reason()
    alone = Graph()
    alone.reason()
    assert set(graph.inferred()) == set(alone.inferred())


def test_removing_a_case_forgets_what_was_inferred(root: Path, tmp_path: Path) -> None:
    both = tmp_path / "both.ttl"
    texts = [(root / f"examples/{name}.ttl").read_text("utf-8") for name in ("riverside", "hillside")]
    both.write_text("\n".join(texts), encoding="utf-8")
    graph = Graph()
    graph.load(both)
    graph.reason()
    graph.remove("hillside")
    assert graph.inferred() == ()
    assert not list(graph.store.quads(HIDDEN))
    alone = Graph()
    alone.load(root / "examples/riverside.ttl")
    asked = "ASK { ?any a apg:TwoWayExchangeArrangement }"
    assert graph.query(asked, inferred=True) is alone.query(asked, inferred=True)
    assert set(graph.inferred()) == set(alone.inferred())
    # What comes back into a graph that was there all the time is reasoned over, too.
    graph.load(both)
    whole = Graph()
    whole.load(both)
    graph.reason()
    whole.reason()
    assert set(graph.inferred()) == set(whole.inferred()) > set(alone.inferred())


def test_inferences_are_never_mixed_with_what_was_asserted() -> None:
    graph = Graph()
    before, size = set(graph.store.quads()), len(graph)
    graph.reason()
    assert set(graph.store.quads()) == before
    assert len(graph) == size
    asked = "ASK { apgx:evidenceFlows a apg:OutboundFlow }"
    assert graph.query(asked) is False
    assert graph.query(asked, inferred=True) is True


def test_a_contradiction_has_its_place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "bad.nt"
    apg, kind = "https://w3id.org/apgraph/ns#", "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
    file.write_text(
        f"<urn:o> <{kind}> <{apg}Organisation> .\n<urn:o> <{kind}> <{apg}Role> .\n", encoding="utf-8"
    )
    assert run(("reason", str(file), "-f", "json")) == 1
    (clash,) = json.loads(capsys.readouterr().out)["clashes"]
    assert clash["rule"] == "cax-adc"
    assert clash["places"] == [f"{file}, line 1", f"{file}, line 2"]
    assert run(("reason", str(file))) == 1
    # Lines are folded; a long name is not.
    text = " ".join(capsys.readouterr().out.split())
    assert "this contradicts itself (cax-adc" in text
    assert text.endswith(f"read from {file}, line 1 read from {file}, line 2")


def test_a_contradiction_has_its_place_in_markdown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, thing in (("one_bad*file.ttl", "one"), ("two.ttl", "two")):
        (tmp_path / name).write_text(f"{MY}my:{thing} a apg:Organisation, apg:Role .\n")
    assert run(("reason", str(tmp_path / "one_bad*file.ttl"), str(tmp_path / "two.ttl"), "-f", "md")) == 1
    first, second = capsys.readouterr().out.split("this contradicts itself")[1:]
    assert "* read from " in first
    assert r"one\_bad\*file.ttl, near line 3" in first
    assert "two.ttl, near line 3\n" in second


@pytest.mark.parametrize(
    ("said", "nearest"),
    [
        ("apgx:coachng a apg:PracticeType", "apgx:coaching"),
        ("apgx:coaching a apg:PracticeTyp", "apg:PracticeType"),
        ("apgx:coaching apg:isDefinedIn apgx:mentoring", "apg:"),
        ("https://w3id.org/apgraph/ref/coachng a apg:PracticeType", "apgx:coaching"),
    ],
)
@pytest.mark.parametrize("more", [(), ("--dl",)])
def test_a_misspelt_term_is_told_with_the_nearest(
    said: str, nearest: str, more: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(("reason", "--explain", said, *more)) == 2
    error = capsys.readouterr().err
    assert "there is no term" in error
    assert f"did you mean '{nearest}" in error


def test_of_several_contradictions_each_has_its_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "bad.ttl"
    file.write_text(f"{MY}my:one a apg:Organisation, apg:Role .\nmy:two a apg:Organisation, apg:Role .\n")
    assert run(("reason", str(file))) == 1
    first, second = " ".join(capsys.readouterr().out.split()).split("this contradicts itself")[1:]
    assert f"read from {file}, near line 3" in first
    assert f"read from {file}, near line 4" in second


MY = "@prefix apg: <https://w3id.org/apgraph/ns#> .\n@prefix my: <https://example.org/my#> .\n"


def test_prefixes_of_the_files_given_are_known(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "mine.ttl"
    file.write_text(f"{MY}my:Dee a apg:Team .\n", encoding="utf-8")
    for more in ((), ("--dl",)):
        assert run(("reason", str(file), "--explain", "my:Dee a apg:Collective", *more)) == 0
        assert "collective" in capsys.readouterr().out
    assert run(("reason", str(file), "--explain", "our:Dee a apg:Collective")) == 2
    assert "there is no prefix our:" in capsys.readouterr().err


def test_bad_literals_are_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "bad.ttl"
    date = "^^<http://www.w3.org/2001/XMLSchema#date>"
    file.write_text(
        f'{MY}my:a apg:startsOn "today"{date} .\nmy:b apg:startsOn "today"{date}, "now"{date} .\n'
    )
    assert run(("reason", "--dl", str(file))) == 2
    said = " ".join(capsys.readouterr().err.split())
    assert f"{file}, near line 3: 'today'" in said
    assert "2 more such, which 'apgraph reason' without --dl names" in said


def test_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(("reason",)) == 0
    assert capsys.readouterr().out.rstrip().endswith("consistent")
    triple = "apgx:evidenceFlows a 'outbound flow'"
    for layout, mark in (
        ("table", "cax-eqc2"),
        ("md", "*(asserted)*"),
        ("ttl", "prov:wasDerivedFrom"),
        ("json", '"words"'),
    ):
        assert run(("reason", "--explain", triple, "-f", layout)) == 0
        assert mark in capsys.readouterr().out
    assert run(("reason", "--show-sparql")) == 0
    assert "# prp-spo2\nINSERT" in capsys.readouterr().out
    assert run(("reason", "-f", "ttl")) == 0
    assert "apg:OutboundFlow" in capsys.readouterr().out
    assert run(("query", "--inferred", "ASK { apgx:evidenceFlows a apg:OutboundFlow }")) == 0
    assert capsys.readouterr().out == "yes\n"


@pytest.mark.parametrize(
    "text",
    ["apgx:coaching a", "apgx:coaching a apg:Team", 'apgx:coaching a "x', "<not an iri> a apg:Team", ""],
)
def test_what_can_not_be_explained(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(("reason", "--explain", text)) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_dl_by_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    graph = Graph(framework=False)
    file = tmp_path / "o.ttl"
    file.write_text(
        HEAD + "<http://example.org/o> a owl:Ontology . :A a owl:Class . :B a owl:Class ; rdfs:subClassOf "
        "[ a owl:Class ; owl:unionOf ( :A :C ) ] ; owl:disjointWith :C . :C a owl:Class . "
        ":D a owl:Class ; rdfs:subClassOf :B, :C . :b a owl:NamedIndividual, :B .",
        encoding="utf-8",
    )
    graph.load(file)
    found = graph.reason(dl=True)
    assert found.consistent
    assert found.engine == "HermiT"
    assert found.unsatisfiable == ("http://example.org/D",)
    # No rule of OWL 2 RL sees that one of two is left.
    names = {
        tuple(str(part).rsplit("/", 1)[-1].strip(">") for part in (t.subject, t.object))
        for t in found.triples
    }
    assert {("B", "A"), ("b", "B")} & names
    assert run(("reason", "--dl", "--show-sparql")) == 2
    assert "leave out --dl" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("datatype", "inside", "outside"),
    [("long", 9, None), ("unsignedLong", 9, -1), ("int", 2**31 - 1, 2**31), ("byte", -128, -129)],
)
def test_a_number_is_of_a_type_within_its_bounds(datatype: str, inside: int, outside: int | None) -> None:
    restriction = f"[ a owl:Restriction ; owl:onProperty :v ; owl:someValuesFrom xsd:{datatype} ]"
    store = loaded(f"{HEAD} {restriction} rdfs:subClassOf :C . :a :v {inside} . :b :v {outside or 0.5} .")
    close(store)
    member = NamedNode("http://example.org/C")
    assert [fact[0] for fact in said(store, INFERRED) if fact[2] == member] == [
        NamedNode("http://example.org/a")
    ]


def test_a_literal_can_be_explained() -> None:
    store = loaded(f'{HEAD} :v rdfs:subPropertyOf :w . :a :v "x" .')
    closure = close(store)
    fact = (NamedNode("http://example.org/a"), NamedNode("http://example.org/w"), Literal("x"))
    assert Explainer(store, closure).explain(fact).lines[-1].rule == "prp-spo1"
    with pytest.raises(InputError, match="neither asserted nor inferred"):
        Explainer(store, closure).explain((fact[0], fact[1], Literal("y")))


transitive = st.lists(
    st.one_of(
        _said("{i} {p} {j} .", i=things, p=st.sampled_from([":p", ":q"]), j=things),
        _said("{i} owl:sameAs {j} .", i=named, j=named),
    ),
    max_size=7,
)


@settings(max_examples=150)
@given(
    st.sets(
        st.sampled_from(
            [
                ":p a owl:SymmetricProperty .",
                ":q a owl:TransitiveProperty .",
                ":q rdfs:subPropertyOf :p .",
                ":p rdfs:subPropertyOf :q .",
                ":q owl:inverseOf :p .",
                ":q owl:propertyChainAxiom ( :q :q ) .",
                ":p owl:propertyChainAxiom ( :p :q ) .",
                ":q a owl:FunctionalProperty .",
            ]
        )
    ),
    st.lists(transitive, min_size=1, max_size=4),
)
def test_what_is_transitive_is_closed_whatever_comes_when(
    by_owlrl: Callable[[Collection[Fact], Collection[Term]], tuple[set[Fact], bool]],
    axioms: set[str],
    parts: list[list[str]],
) -> None:
    texts = [HEAD + DECLARED + ":p a owl:TransitiveProperty . " + " ".join(sorted(axioms))]
    texts += [HEAD + " ".join(part) for part in parts]
    store = loaded(texts[0])
    closure = close(store)
    for number, text in enumerate(texts[1:], start=1):
        store.load(text.encode(), format=RdfFormat.TURTLE, graph=f"urn:g{number}")
        closure = close(store, previous=closure, added=[f"urn:g{number}"])
        assert not [name for name in work_graphs(store) if next(iter(store.quads(name)), None)]
    whole = OxigraphStore()
    whole.add(store.quads())
    close(whole)
    assert said(store, INFERRED) == said(whole, INFERRED)
    assert said(store, INFERRED) == by_owlrl(said(store), set(closure.schema.names))[0]


def work_graphs(store: OxigraphStore) -> list[str]:
    return Execution(store, asserted=(), inferred=INFERRED, aside=HIDDEN).work_graphs()


CHAINS = {
    "transitive property": (":p a owl:TransitiveProperty .", "{i} :p {j} ."),
    "symmetric, too": (":p a owl:TransitiveProperty, owl:SymmetricProperty .", "{i} :p {j} ."),
    "chain of a property with itself": (":p owl:propertyChainAxiom ( :p :p ) .", "{i} :p {j} ."),
    "the same": (":n0 :v :n0 .", "{i} owl:sameAs {j} ."),
    "sub-classes": (":x a :n0 .", "{i} rdfs:subClassOf {j} ."),
    "sub-properties": (":x :n0 :y .", "{i} rdfs:subPropertyOf {j} ."),
    "equivalent classes": (":x a :n0 .", "{i} owl:equivalentClass {j} ."),
}


@pytest.mark.parametrize("kind", CHAINS)
def test_a_chain_takes_time_in_proportion_to_what_follows(kind: str) -> None:
    axiom, link = CHAINS[kind]

    def seconds(length: int) -> float:
        links = (link.format(i=f":n{at}", j=f":n{at + 1}") for at in range(length))
        store = loaded(f"{HEAD} {axiom} {' '.join(links)}")
        started = time.thread_time()
        closure = close(store)
        taken = time.thread_time() - started
        assert closure.inferred > length * length // 4
        return taken

    seconds(10)
    # Of a chain three times as long nine times as much follows; it was 27 times the work.
    short = min(seconds(40) for _ in range(3))
    assert seconds(120) < 18 * max(short, 0.01)


def test_expressions_that_differ_outside_the_rules_are_two() -> None:
    for one, other in (
        ("owl:minCardinality 2", "owl:minCardinality 3"),
        ("owl:cardinality 1", "owl:minCardinality 1"),
        ("owl:hasSelf true", "owl:minCardinality 5"),
        (
            "owl:minQualifiedCardinality 1 ; owl:onDataRange :d",
            "owl:minQualifiedCardinality 1 ; owl:onDataRange :e",
        ),
    ):
        for same, text in ((False, other), (True, one)):
            store = loaded(
                f"{HEAD} :A owl:equivalentClass [ owl:onProperty :p ; {one} ] . "
                f":B owl:equivalentClass [ owl:onProperty :p ; {text} ] . :x a :A ."
            )
            close(store)
            assert (NS + "x", NS + "B") in {
                (s.value, o.value) for s, p, o in said(store, INFERRED) if p == TYPE
            } or not same
            assert same or not said(store, INFERRED)


def test_an_anonymous_property_of_which_nothing_is_said_is_one_of_its_own() -> None:
    store = loaded(
        f"{HEAD} [ a owl:ObjectProperty ] rdfs:domain :A . [ a owl:ObjectProperty ] rdfs:domain :B ."
    )
    close(store)
    assert not said(store, INFERRED)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        (":a owl:differentFrom :a .", "eq-diff1"),
        ("[] a owl:AllDifferent ; owl:members ( :a :b :a ) .", "eq-diff2"),
        ("[] a owl:AllDifferent ; owl:distinctMembers ( :a :a ) .", "eq-diff3"),
        ("[] a owl:AllDisjointClasses ; owl:members ( :A :A ) . :x a :A .", "cax-adc"),
        ("[] a owl:AllDisjointProperties ; owl:members ( :p :p ) . :x :p :y .", "prp-adp"),
    ],
)
def test_nothing_is_apart_from_itself(text: str, rule: str) -> None:
    store = loaded(HEAD + text)
    closure = close(store)
    (clash,) = find_clashes(store, closure).steps
    assert clash.rule == rule
    assert Explainer(store, closure).contradiction(clash).clash == rule
    assert {step.rule for step in derive(said(store)).clashes} == {rule}


def test_what_is_held_apart_from_a_blank_node_is_left_out_and_told(tmp_path: Path) -> None:
    file = tmp_path / "a.ttl"
    file.write_text(HEAD + "[] a owl:AllDifferent ; owl:members ( _:a _:b ) . _:a owl:sameAs _:b .")
    graph = Graph(framework=False)
    graph.load(file)
    assert ["blank node" in text for text in graph.reason().left_out] == [True]
    assert ["blank node" in text for text in graph.reason().left_out] == [True]


def test_all_that_contradicts_itself_is_told_once(tmp_path: Path) -> None:
    file = tmp_path / "a.ttl"
    file.write_text(
        f"{HEAD} @prefix apg: <https://w3id.org/apgraph/ns#> . :q owl:sameAs :p . "
        "[ owl:inverseOf :q ] rdfs:domain owl:Nothing . :b :p :a . :o a apg:Organisation, apg:Role . :n a owl:Nothing ."
    )
    graph = Graph()
    graph.load(file)
    found = graph.reason()
    assert not found.more_clashes
    about = [{s.value for s, _, _ in clash.asserted if s.value.startswith(NS)} for clash in found.clashes]
    assert sorted(map(sorted, about)) == [[NS + "b", NS + "q"], [NS + "n"], [NS + "o"]]


def test_what_can_not_be_traced_hides_nothing_and_is_said_to_be_so() -> None:
    store = loaded(f"{HEAD} :A owl:disjointWith :B . :a a :A, :B .")
    closure = close(store)
    (clash,) = find_clashes(store, closure).steps
    one, kind = NamedNode(NS + "x"), NamedNode(NS + "A")
    # As if something else than the rules had written into the graph of inferences.
    store.write_reserved(f"INSERT DATA {{ GRAPH <{INFERRED}> {{ {one} a {kind} }} }}")
    made_up = Step("cls-nothing2", ((one, TYPE, kind),), ())
    explainer = Explainer(store, closure)
    untraced, traced = sorted(
        explainer.contradictions([made_up, made_up, clash]), key=lambda e: len(e.asserted)
    )
    assert len(traced.asserted) == 3
    assert "untraced: it follows, but by which steps" in untraced.to_text()
    assert explainer.contradiction(made_up) == untraced
    with pytest.raises(NotFinishedError, match="it follows, but by which steps"):
        explainer.explain((one, TYPE, kind))
    with pytest.raises(InputError, match="neither asserted nor inferred"):
        explainer.explain((one, TYPE, NamedNode(NS + "B")))


def test_many_contradictions_are_cut_and_said_to_be(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "many.ttl"
    file.write_text(
        f"{HEAD} :A owl:disjointWith :B . {' '.join(f':x{at} a :A, :B .' for at in range(MOST + 1))}"
    )
    assert run(["reason", str(file), "--format", "json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert len(found["clashes"]) == MOST
    assert found["more_clashes"] is True
    assert run(["reason", str(file)]) == 1
    assert (
        f"inconsistent in {MOST} places that were looked into, and there are more" in capsys.readouterr().out
    )


def test_a_long_list_is_read_in_proportion_to_its_length() -> None:
    def seconds(length: int) -> float:
        text = (
            f"{HEAD} [] a owl:AllDifferent ; owl:members ( {' '.join(f':a{at}' for at in range(length))} ) ."
        )
        read = list(facts(parse(text.encode(), format=RdfFormat.TURTLE)))
        started = time.thread_time()
        schema = Schema(read)
        taken = time.thread_time() - started
        assert max(map(len, schema.lists.values())) == length
        return taken

    seconds(10)
    assert seconds(4000) < 10 * max(min(seconds(1000) for _ in range(3)), 0.01)


def test_who_asks_while_others_reason_sees_all_that_follows(tmp_path: Path) -> None:
    graph = Graph(framework=False)
    people = " ".join(f":x{at} a :A ." for at in range(2000))
    (tmp_path / "a.ttl").write_text(f"{HEAD} :A rdfs:subClassOf :B . :B rdfs:subClassOf :C . {people}")
    graph.load(tmp_path / "a.ttl")
    graph.reason()
    whole = len(graph.inferred())
    answers: list[object] = []
    sizes: list[int] = []
    stop = threading.Event()

    def ask() -> None:
        while not stop.is_set():
            answers.append(graph.query(f"ASK {{ <{NS}x0> a <{NS}C> }}", inferred=True))

    def count() -> None:
        while not stop.is_set():
            sizes.append(len(graph.inferred()))

    threads = [threading.Thread(target=each) for each in (ask, count)]
    for thread in threads:
        thread.start()
    try:
        for at in range(6):
            # An axiom, so that all is made anew.
            (tmp_path / f"b{at}.ttl").write_text(f"{HEAD} :A{at} rdfs:subClassOf :B .")
            graph.load(tmp_path / f"b{at}.ttl")
            graph.reason()
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert len(answers) > 3
    assert set(answers) == {True}
    assert min(sizes) >= whole


@pytest.mark.parametrize(
    "text",
    [
        ":p a owl:ObjectProperty . :r a owl:ObjectProperty ; owl:sameAs :p . "
        "[ owl:inverseOf :p ] rdfs:subPropertyOf :p . :a :p :b .",
        ":q owl:propertyChainAxiom ( [ owl:inverseOf :p ] [ owl:inverseOf :r ] ) ; a owl:TransitiveProperty ; "
        "owl:inverseOf :p . :r rdfs:subPropertyOf :p . :p owl:sameAs :r . :b :q :a ; owl:sameAs :a . "
        ":d :r _:x . _:x :q _:x .",
    ],
)
def test_what_equality_says_of_an_expression_is_no_inference(text: str) -> None:
    store = loaded(HEAD + text)
    closure = close(store)
    explainer = Explainer(store, closure)
    for fact in said(store, INFERRED):
        assert fact[1] != NamedNode(OWL + "inverseOf") or not isinstance(fact[0], BlankNode)
        assert not any(isinstance(term, NamedNode) and term.value.startswith(EXPRESSION) for term in fact)
        assert explainer.explain(fact).lines[-1].fact == fact
    assert (NamedNode(NS + "b"), NamedNode(NS + "p"), NamedNode(NS + "a")) in said(store, INFERRED)
