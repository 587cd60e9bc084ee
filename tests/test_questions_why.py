"""Why a row is in an answer: every row of the catalogue, and worked examples of each kind of reason."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING

import pytest
from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions, RdfFormat, Store

from apgraph.errors import InputError, NotFinishedError
from apgraph.lexicon import Lexicon
from apgraph.questions import Answer, Catalogue, ask
from apgraph.questions.answers import example_files, stocked_store
from apgraph.questions.derivation import row_proofs
from apgraph.questions.shape import is_monotone
from apgraph.questions.why import Why, explain
from apgraph.store import OxigraphStore

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pyoxigraph import Triple

    from apgraph.questions.proofs import Fact

CATALOGUE = Catalogue()
MOST = 20
GRAPH = NamedNode("urn:g")


@cache
def loaded() -> tuple[OxigraphStore, Lexicon]:
    store = stocked_store(example_files())
    return store, Lexicon(store)


def engine_of(facts: Iterable[Fact]) -> Store:
    engine = Store()
    engine.extend(f if isinstance(f, Quad) else Quad(f.subject, f.predicate, f.object, GRAPH) for f in facts)
    return engine


def monotone(answer: Answer) -> bool:
    from rdflib.plugins.sparql import prepareQuery

    return is_monotone(prepareQuery(answer.question.sparql).algebra)


@pytest.mark.parametrize("name", CATALOGUE.ids())
def test_every_row_is_explained_soundly_and_minimally(name: str) -> None:
    """The query on a proof's triples alone gives the row; for monotone questions dropping any loses it."""
    store, lexicon = loaded()
    question = CATALOGUE.get(name)
    for example in question.header.examples:
        answer = ask(store, lexicon, question, example, timeout=None)
        strict = monotone(answer)
        origin = answer.origin
        known: dict[frozenset[Fact], frozenset[tuple[object, ...]]] = {}

        def rows(facts: frozenset[Fact]) -> frozenset[tuple[object, ...]]:
            if facts not in known:
                # The engine itself: what the store adds is needed once a question, not once a set of facts.
                found = engine_of(facts).query(answer.sparql, use_default_graph_as_union=True)
                assert isinstance(found, QuerySolutions)
                known[facts] = frozenset(tuple(solution) for solution in found)
            return known[facts]

        for row in origin.solutions.rows:
            proofs, complete = row_proofs(
                store, question.query, origin.parameters, origin.solutions.variables, row
            )
            assert proofs
            assert complete
            if not strict:
                continue
            for facts in sorted(proofs, key=len)[:MOST]:
                assert row in rows(facts), (row, facts)
                for fact in facts:
                    assert row not in rows(facts - {fact}), (row, fact)
