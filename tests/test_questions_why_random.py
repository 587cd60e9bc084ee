"""Minimal proofs against brute force: every subset of a small random graph is asked by Oxigraph itself."""

from __future__ import annotations

import itertools
import os
import re
from collections import Counter
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pyoxigraph import NamedNode, Quad, Triple

from apgraph.questions.algebra import Evaluation
from apgraph.questions.derivation import row_proofs
from apgraph.questions.facts import Facts
from apgraph.questions.proofs import Limits
from apgraph.store import OxigraphStore

if TYPE_CHECKING:
    from collections.abc import Iterable

    from apgraph.store import Term

LONG = os.environ.get("HYPOTHESIS_PROFILE") == "long"
EXAMPLES = 3000 if LONG else 60
GRAPH = NamedNode("urn:g")
NODES = [NamedNode(f"urn:x:{name}") for name in "abc"]
PREDICATES = [NamedNode(f"urn:x:{name}") for name in "pq"]

triples = st.builds(Triple, st.sampled_from(NODES), st.sampled_from(PREDICATES), st.sampled_from(NODES))
graphs = st.lists(triples, min_size=1, max_size=6, unique=True)
names = st.sampled_from(["?x", "?y", "?z"])
constants = st.sampled_from(["x:a", "x:b", "x:c"])
ends = st.one_of(names, names, constants)
simple_paths = st.sampled_from(["x:p", "x:q"])
paths = st.recursive(
    simple_paths,
    lambda inner: st.one_of(
        st.builds("({}/{})".format, inner, inner),
        st.builds("({}|{})".format, inner, inner),
        st.builds("(^{})".format, inner),
        st.builds("({}{})".format, inner, st.sampled_from("*+?")),
        st.sampled_from(["!x:p", "!(x:p|x:q)"]),
    ),
    max_leaves=3,
)
patterns = st.one_of(
    st.builds("{} {} {} .".format, ends, simple_paths, ends),
    st.builds("{} {} {} .".format, ends, paths, ends),
    st.builds("{} ?v {} .".format, ends, ends),
    st.builds("{} {} [ {} {} ] .".format, ends, simple_paths, simple_paths, ends),
)
blocks = st.lists(patterns, min_size=1, max_size=2).map(" ".join)


def monotone_groups(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.builds("{} {{ {} }} UNION {{ {} }}".format, st.one_of(st.just(""), blocks), inner, inner),
        st.builds("{} FILTER EXISTS {{ {} }}".format, blocks, inner),
        st.builds("{} FILTER(?x != ?y || EXISTS {{ {} }})".format, blocks, inner),
        st.builds("{{ {} }} {{ {} }}".format, inner, inner),
        st.builds("{} {{ SELECT DISTINCT ?x ?z {{ {} }} }}".format, blocks, inner),
        st.builds("{} FILTER({} != x:a)".format, inner, names),
        st.builds("{} BIND(STR(?x) AS ?s)".format, blocks),
        st.builds("VALUES ?x {{ x:a x:b }} {}".format, inner),
    )


def other_groups(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        monotone_groups(inner),
        st.builds("{} OPTIONAL {{ {} }}".format, blocks, inner),
        st.builds("{} OPTIONAL {{ {} FILTER(?x != ?z) }}".format, blocks, blocks),
        st.builds("{} MINUS {{ {} }}".format, blocks, inner),
        st.builds("{} FILTER NOT EXISTS {{ {} }}".format, blocks, inner),
        st.builds("{} OPTIONAL {{ {} }} FILTER(!BOUND(?z))".format, blocks, blocks),
    )


monotone = st.recursive(blocks, monotone_groups, max_leaves=3)
# What MINUS inside EXISTS means is left open by SPARQL's text, and engines differ.
others = st.recursive(blocks, other_groups, max_leaves=3).filter(lambda t: not re.search(r"EXISTS.*MINUS", t))
HEAD = "PREFIX x: <urn:x:> "


def store_of(facts: Iterable[Triple]) -> OxigraphStore:
    store = OxigraphStore()
    store.add(Quad(t.subject, t.predicate, t.object, GRAPH) for t in facts)
    return store


def rows_of(facts: Iterable[Triple], query: str) -> list[tuple[Term | None, ...]]:
    return list(store_of(facts).select(query).rows)


def minimal_sets(facts: list[Triple], query: str, row: tuple[Term | None, ...]) -> set[frozenset[Triple]]:
    """Return the smallest subsets that give the row, by asking about every subset."""
    found: list[frozenset[Triple]] = []
    for size in range(len(facts) + 1):
        for chosen in itertools.combinations(facts, size):
            subset = frozenset(chosen)
            if not any(known <= subset for known in found) and row in rows_of(chosen, query):
                found.append(subset)
    return set(found)


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(graphs, monotone)
@example([Triple(NODES[0], PREDICATES[0], NODES[0])], "?x x:p+ ?y .")
@example(
    [Triple(NODES[0], PREDICATES[0], NODES[1]), Triple(NODES[1], PREDICATES[0], NODES[0])],
    "?x (x:p/x:p)* ?y .",
)
def test_proofs_are_exactly_the_minimal_subsets(facts: list[Triple], pattern: str) -> None:
    query = f"{HEAD}SELECT DISTINCT ?x ?y WHERE {{ {pattern} }}"
    solutions = store_of(facts).select(query)
    for row in solutions.rows:
        proofs, complete = row_proofs(store_of(facts), query, {}, solutions.variables, row)
        assert complete
        assert set(proofs) == minimal_sets(facts, query, row), (query, row)


@settings(max_examples=2 * EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(graphs, others)
def test_solutions_are_those_of_the_engine(facts: list[Triple], pattern: str) -> None:
    query = f"{HEAD}SELECT ?x ?y ?z WHERE {{ {pattern} }}"
    expected = Counter(rows_of(facts, query))
    found: Counter[tuple[Term | None, ...]] = Counter()
    for solution in Evaluation(query, Facts(store_of(facts)), Limits()).solutions({}):
        found[tuple(solution.values.get(name) for name in "xyz")] += solution.times
    if re.search(r"[|^/!]|[a-z)][*+?]", pattern):
        # Oxigraph gives a pair of ends of a path once, SPARQL as often as there are ways.
        assert found.keys() == expected.keys(), query
    else:
        assert found == expected, query


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(graphs, other_groups(blocks))
def test_each_proof_gives_the_row_alone_where_something_is_absent(facts: list[Triple], pattern: str) -> None:
    query = f"{HEAD}SELECT DISTINCT ?x ?y ?z WHERE {{ {pattern} }}"
    solutions = store_of(facts).select(query)
    for row in solutions.rows:
        proofs, _ = row_proofs(store_of(facts), query, {}, solutions.variables, row)
        assert proofs
        for proof in proofs:
            assert proof <= set(facts)
            assert row in rows_of([fact for fact in facts if fact in proof], query), (query, row)
