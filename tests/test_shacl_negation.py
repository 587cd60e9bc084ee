"""The forms of negation mean the same, and the one that is written for Oxigraph does not grow with the square."""

from __future__ import annotations

import os
import time
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import RdfFormat

from apgraph.shacl import Shapes, validate
from apgraph.shacl.joins import groups_as_sets
from apgraph.shacl.negation import without, without_exists
from apgraph.store import OxigraphStore, RdflibStore

NODES = ["<urn:a>", "<urn:b>", "<urn:c>", "1", '"x"@en']
PROPERTIES = ["<urn:p>", "<urn:q>"]
VARIABLES = ["?this", "?x", "?y", "?z"]

triples = st.lists(
    st.tuples(st.sampled_from(NODES[:3]), st.sampled_from(PROPERTIES), st.sampled_from(NODES)), max_size=9
)
patterns = st.tuples(
    st.sampled_from(VARIABLES),
    st.sampled_from([*PROPERTIES, "<urn:p>/<urn:q>", "^<urn:q>", "<urn:p>+", "?y"]),
    st.sampled_from([*VARIABLES, "<urn:b>", "1", "[]"]),
).map(" ".join)
filters = st.sampled_from(
    ["", "", "FILTER(ISIRI(?x))", "FILTER(?this != ?x)", "FILTER(ISLITERAL(?y) && ?y = 1)"]
)
NEGATIONS = [
    "FILTER NOT EXISTS {{ {} }}",
    "FILTER (NOT EXISTS {{ {} }})",
    "FILTER(! EXISTS {{ {} }})",
    "FILTER EXISTS {{ {} }}",
]
PARTS = ["{0} . {1}", "{0} OPTIONAL {{ {1} }}", "{{ {0} }} UNION {{ {1} }}", "{0} {{ {1} }}"]
plain = st.tuples(st.lists(patterns, min_size=1, max_size=3), filters).map(
    lambda both: f"{' . '.join(both[0])} {both[1]}"
)
simple = st.tuples(st.sampled_from(NEGATIONS), plain).map(lambda both: both[0].format(both[1]))
inside = st.recursive(
    plain,
    lambda inner: st.one_of(
        st.tuples(st.sampled_from(PARTS), inner, inner).map(lambda all_: all_[0].format(*all_[1:])),
        st.tuples(patterns, st.sampled_from(NEGATIONS), inner).map(
            lambda all_: f"{all_[0]} {all_[1].format(all_[2])}"
        ),
    ),
    max_leaves=3,
)
negated = st.one_of(
    simple, st.tuples(st.sampled_from(NEGATIONS), inside).map(lambda both: both[0].format(both[1]))
)
groups = st.recursive(
    st.lists(st.one_of(patterns, negated), min_size=1, max_size=3).map(" . ".join),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda two: f"{two[0]} . OPTIONAL {{ {two[1]} }}"),
        st.tuples(inner, inner).map(lambda two: f"{{ {two[0]} }} UNION {{ {two[1]} }}"),
        st.tuples(patterns, inner, negated).map(lambda all_: f"{all_[0]} . {{ {all_[1]} }} {all_[2]}"),
    ),
    max_leaves=4,
)


def stores(data: list[tuple[str, str, str]]) -> tuple[OxigraphStore, RdflibStore]:
    text = "".join(f"{' '.join(triple)} .\n" for triple in data) or "<urn:d> <urn:e> <urn:f> ."
    found = OxigraphStore(), RdflibStore()
    for store in found:
        store.load(text.encode(), format=RdfFormat.TURTLE, graph="urn:test:data", name="data.ttl")
    return found


def rows(store: OxigraphStore | RdflibStore, query: str) -> Counter[tuple[str, ...]]:
    return Counter(
        tuple(str(term) for term in row) for row in store.select(query, default_graphs=["urn:test:data"])
    )


@settings(max_examples=max(600, int(os.environ.get("APGRAPH_EXAMPLES", "0"))))
@given(triples, groups)
def test_a_query_means_the_same_with_minus(data: list[tuple[str, str, str]], group: str) -> None:
    # As a constraint does it: the nodes are bound at the start of the outermost group.
    query = f"SELECT ?this ?x ?z {{ VALUES ?this {{ <urn:a> <urn:b> 1 }} {group} }}"
    oxigraph, _ = stores(data)
    assert rows(oxigraph, without_exists(query, [])) == rows(oxigraph, query)
    assert rows(oxigraph, groups_as_sets(without_exists(query, []))) == rows(oxigraph, query)


@settings(max_examples=150)
@given(triples, patterns, st.lists(patterns, min_size=1, max_size=3))
def test_the_forms_agree_on_both_engines(
    data: list[tuple[str, str, str]], pattern: str, excluded: list[str]
) -> None:
    inner = f"{{ SELECT DISTINCT ?this WHERE {{ {' . '.join(excluded)} . ?this ?any ?thing }} }}"
    start = f"VALUES ?this {{ <urn:a> <urn:b> <urn:c> }} {pattern.replace('?y', '?w')} ."
    found = [
        rows(store, f"SELECT ?this ?x ?z {{ {without(start, inner, engine)} }}")
        for store in stores(data)
        for engine in ("oxigraph", "rdflib")
    ]
    inner_names = {name for name in VARIABLES if any(name in each for each in excluded)} - {"?this"}
    if not any(name in start for name in inner_names):  # the compiler has names of its own inside
        assert all(each == found[0] for each in found)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT $this { ?a <urn:p> ?b FILTER NOT EXISTS { ?c <urn:p> ?d . ?d <urn:q> ?e } }",  # nothing is shared
        "SELECT $this { $this <urn:p> ?b FILTER NOT EXISTS { $this <urn:p>* ?d . ?d <urn:q> ?e } }",  # no steps
        "SELECT $this { $this <urn:p> ?b FILTER NOT EXISTS { $this <urn:p> ?d . ?d <urn:q> ?e FILTER(?e = ?b) } }",
        "SELECT $this { $this <urn:p> ?b OPTIONAL { ?b <urn:q> ?c FILTER NOT EXISTS { ?c <urn:p> ?d . ?d <urn:q> $this } } }",
        "SELECT $this { $this <urn:p> ?b FILTER NOT EXISTS { GRAPH ?g { $this <urn:p> ?d . ?d <urn:q> ?e } } }",
        "SELECT $this { $this <urn:p> ?b FILTER(?b > 1 || NOT EXISTS { $this <urn:p> ?d . ?d <urn:q> ?e }) }",
        "SELECT $this { $this <urn:p> ?b FILTER NOT EXISTS { $this <urn:p> ?b } }",  # fast as it is
        # the optional part has a say in what is shared, or looks at what it does not have itself
        "SELECT $this { $this <urn:p> ?b FILTER NOT EXISTS { $this <urn:p> ?d OPTIONAL { ?d <urn:q> ?b } } }",
        "SELECT $this { $this <urn:p> ?b FILTER NOT EXISTS { $this <urn:p> ?d OPTIONAL { ?d <urn:q> ?e FILTER(?e = ?b) } } }",
        "SELECT $this { $this <urn:p> ?b FILTER NOT EXISTS { $this <urn:p> ?d OPTIONAL { ?d <urn:q>* ?e } } }",
        # one branch looks at it, or does not share anything
        "SELECT $this { $this <urn:p> ?b FILTER NOT EXISTS { { $this <urn:p> ?d FILTER(?d = ?b) } UNION { $this <urn:q> 1 } } }",
        "SELECT $this { $this <urn:p> ?b FILTER NOT EXISTS { { $this <urn:p> ?d } UNION { ?e <urn:q> ?f } } }",
        # a group in braces of its own does
        "SELECT $this { $this <urn:p> ?b FILTER NOT EXISTS { $this <urn:p> ?d { ?d <urn:q> ?e FILTER(?e != $this) } } }",
        # a negation inside does
        "SELECT $this { $this <urn:p> ?b FILTER NOT EXISTS { $this <urn:p> ?d . ?d <urn:q> ?e FILTER NOT EXISTS { ?e <urn:q> ?b } } }",
        # a join would give a value to what has none
        "SELECT $this { $this <urn:p> ?b OPTIONAL { ?b <urn:q> ?c } FILTER EXISTS { $this <urn:p> ?d . ?d <urn:q> ?c } }",
        "SELECT $this { $this <urn:p> ?b FILTER EXISTS { { $this <urn:p> ?d . ?d <urn:q> 1 } UNION { $this <urn:q> ?b } } }",
        # what is not looked into
        "SELECT $this { $this <urn:p> ?b FILTER NOT EXISTS { $this <urn:p> ?d . ?d <urn:q> ?c BIND(?b AS ?e) } }",
        "SELECT $this { $this <urn:p> ?b FILTER NOT EXISTS { $this <urn:p> ?d { SELECT ?d { ?d <urn:q> ?e } } } }",
        "SELECT $this { $this <urn:p> ?b FILTER NOT EXISTS { $this <urn:p> ?d . ?d <urn:q> ?e }",  # no end
    ],
)
def test_what_could_mean_something_else_stays(query: str) -> None:
    assert without_exists(query, ["this"]) == query


SETS = {
    "optional": "{} {{ $this <urn:p> ?b . ?b a <urn:B> OPTIONAL {{ ?b <urn:o> ?o }} FILTER(!BOUND(?o) || ?o > 2) }}",
    "union": "{} {{ {{ $this <urn:p> ?b . ?b <urn:o> 1 }} UNION {{ $this <urn:p> ?b . ?b <urn:r> 3 }} }}",
    "union of ends": "{} {{ $this <urn:p> ?b . {{ ?b <urn:o> 1 }} UNION {{ ?b <urn:r> 3 }} }}",
    "in braces": "{} {{ $this <urn:p> ?b . {{ ?b <urn:o> 1 ; a <urn:B> }} }}",
    "nested": "{} {{ $this <urn:p> ?b . ?b <urn:r> ?x FILTER NOT EXISTS {{ ?b <urn:o> ?x ; a <urn:B> }} }}",
    "nested look-up": "{} {{ $this <urn:p> ?b . ?b <urn:r> ?x FILTER NOT EXISTS {{ ?b <urn:o> ?o }} }}",
}


@pytest.mark.parametrize(
    "form", ["FILTER NOT EXISTS", "FILTER(NOT EXISTS", "FILTER ((! EXISTS", "FILTER (EXISTS"]
)
@pytest.mark.parametrize("name", SETS)
def test_what_is_certain_is_written_as_a_set_and_grows_with_the_data(name: str, form: str) -> None:
    query = f"SELECT $this {{ $this a <urn:A> {SETS[name].format(form)}{')' * form.count('(')} }}"
    written = without_exists(query, ["this"])
    is_negated = form != "FILTER (EXISTS"
    assert written.count("MINUS") == (name == "nested") + is_negated
    assert written.count("SELECT DISTINCT ?this") == (not is_negated)
    assert written.count("EXISTS") == (name == "nested look-up")

    def filled(number: int) -> OxigraphStore:
        lines = [
            f"<urn:a{n}> a <urn:A> ; <urn:p> <urn:b{n * 7 % number}> . <urn:b{n}> a <urn:B> ; <urn:r> {n % 5} ."
            + (f" <urn:b{n}> <urn:o> {n % 5} ." if n % 3 else "")
            for n in range(number)
        ]
        store = OxigraphStore()
        store.load("\n".join(lines).encode(), format=RdfFormat.TURTLE, graph="urn:test:data", name="data.ttl")
        return store

    def seconds(store: OxigraphStore) -> float:
        taken = []
        for _ in range(3):
            start = time.thread_time()
            rows(store, written)
            taken.append(time.thread_time() - start)
        return min(taken)

    small, large = filled(500), filled(4000)
    assert rows(small, written) == rows(small, query)
    assert 0 < len(rows(small, query)) < 500
    assert seconds(large) < 30 * seconds(small), "by the square it would be 64 times"


@pytest.mark.parametrize(
    "query",
    [
        "SELECT $this { { $this <urn:p> ?b } }",  # nothing to join it with
        "SELECT $this { $this <urn:p> ?b { FILTER(1 = 1) } }",
        "SELECT $this { $this <urn:p> ?b { ?b <urn:q> 1 } UNION { ?b <urn:q> 2 } }",
        "SELECT $this { $this <urn:p> ?b OPTIONAL { ?b <urn:q> ?c { ?c <urn:q> 1 } } }",
        "SELECT $this { $this <urn:p> ?b FILTER EXISTS { ?b <urn:q> ?c { ?c <urn:q> 1 } } }",
        "SELECT $this { $this <urn:p> ?b { SELECT ?b { ?b <urn:q> 1 } } }",  # is one already
    ],
)
def test_groups_that_are_no_set_to_be_joined_stay(query: str) -> None:
    assert groups_as_sets(query) == query


def test_groups_in_a_sub_query_are_joined_as_sets() -> None:
    query = "SELECT $this { { SELECT $this { $this <urn:p> ?b { ?c <urn:p> ?b } } } { ?d <urn:q> $this } }"
    assert groups_as_sets(query) == (
        "SELECT $this { { SELECT $this { $this <urn:p> ?b { SELECT * WHERE { ?c <urn:p> ?b } } } }"
        " { SELECT * WHERE { ?d <urn:q> $this } } }"
    )


def test_a_triple_after_the_filter_is_kept_apart() -> None:
    query = "SELECT $this { $this <urn:p> ?b FILTER NOT EXISTS { $this <urn:q> ?d . ?d <urn:q> ?e } ?b <urn:p> ?c }"
    assert without_exists(query, ["this"]) == (
        "SELECT $this { $this <urn:p> ?b FILTER(true) ?b <urn:p> ?c  MINUS { $this <urn:q> ?d . ?d <urn:q> ?e }}"
    )


def constraint(query: str) -> Shapes:
    store = OxigraphStore()
    text = f"""PREFIX sh: <http://www.w3.org/ns/shacl#>
        <urn:s> sh:targetClass <urn:A> ; sh:sparql [ sh:select "{query}" ] ."""
    store.load(text.encode(), format=RdfFormat.TURTLE, name="shapes.ttl")
    return Shapes(tuple(quad.triple for quad in store.quads()), ("shapes.ttl",), {})


def test_time_grows_with_the_data_and_not_with_its_square() -> None:
    shapes = constraint(
        "SELECT $this WHERE { $this <urn:in> ?c FILTER NOT EXISTS { $this <urn:p> ?b . ?b <urn:q> ?d . ?d <urn:in> ?c } }"
    )

    def seconds(number: int) -> float:
        lines = [
            f"<urn:a{n}> a <urn:A> ; <urn:in> <urn:c> ; <urn:p> <urn:b{n}> ."
            + (f" <urn:b{n}> <urn:q> <urn:d{n}> . <urn:d{n}> <urn:in> <urn:c> ." if n % 10 else "")
            for n in range(number)
        ]
        store = OxigraphStore()
        store.load("\n".join(lines).encode(), format=RdfFormat.TURTLE, graph="urn:test:data", name="data.ttl")
        start = time.process_time()
        report = validate(store, data_graphs=["urn:test:data"], shapes=shapes)
        taken = time.process_time() - start
        assert len(report) == number // 10
        return taken

    small, large = min(seconds(1000) for _ in range(3)), seconds(8000)
    assert large < 30 * small, "eight times the data; by the square it would be 64 times"
