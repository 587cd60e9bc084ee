"""The lexicon: labels, short names, what users type, and search."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import RdfFormat

from apgraph.errors import InputError, UnknownNameError
from apgraph.lexicon import Lexicon, curie, expand, key, nearest
from apgraph.questions.answers import stocked_store
from apgraph.store import OxigraphStore
from apgraph.vocabulary import PREFIXES

TEXT = """
@prefix apgx: <https://w3id.org/apgraph/ref/> .
@prefix e: <urn:e:> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
e:Tree rdfs:label "tree"@en ; skos:definition "A tall plant with a trunk."@en .
e:Oak rdfs:subClassOf e:Tree ; rdfs:label "oak"@en ; skos:definition "A tree that bears acorns."@en .
e:oak1 a e:Oak ; rdfs:label "king oak"@en, "chêne royal"@fr ; skos:altLabel "old king"@en .
e:elm a e:Tree ; skos:prefLabel "elm"@en ; rdfs:label "Ulme"@de .
e:twin-1 a e:Tree ; rdfs:label "twin" .
e:twin-2 a e:Tree ; rdfs:label "twin" .
e:bare a e:Tree .
[] a e:Tree ; rdfs:label "nameless" .
e:number a e:Tree ; rdfs:label 7 .
e:iri a e:Tree ; rdfs:label e:Oak .
apgx:forest a e:Wood ; rdfs:label "forest"@en ; skos:definition "Many trees, oaks among them."@en .
"""


@pytest.fixture
def lexicon() -> Lexicon:
    store = OxigraphStore()
    store.load(TEXT.encode(), format=RdfFormat.TURTLE, graph="urn:g", base=None, name="test")
    return Lexicon(store)


def test_labels_prefer_english_then_rdfs(lexicon: Lexicon) -> None:
    assert lexicon.label("urn:e:oak1") == "king oak"
    assert lexicon.label("urn:e:elm") == "elm"
    assert lexicon.label("urn:e:bare") is None
    assert lexicon.label("urn:e:absent") is None
    assert lexicon.labels(["urn:e:oak1", "urn:e:bare", "not an iri>", ""]) == {"urn:e:oak1": "king oak"}


def test_labels_of_many_terms() -> None:
    store = OxigraphStore()
    lines = [f'<urn:e:{n}> <{PREFIXES["rdfs"]}label> "thing {n}" .' for n in range(2000)]
    store.load("\n".join(lines).encode(), format=RdfFormat.N_TRIPLES, graph="urn:g", base=None, name="test")
    labels = Lexicon(store).labels([f"urn:e:{n}" for n in range(2000)])
    assert labels["urn:e:1999"] == "thing 1999"
    assert len(labels) == 2000


@pytest.mark.parametrize(
    ("iri", "short"),
    [
        ("https://w3id.org/apgraph/ns#Model", "apg:Model"),
        ("https://w3id.org/apgraph/src/C001-span1", "apgs:C001-span1"),
        ("https://w3id.org/apgraph/ns#", "https://w3id.org/apgraph/ns#"),
        ("https://w3id.org/apgraph/ref/a/b", "https://w3id.org/apgraph/ref/a/b"),
        ("urn:x", "urn:x"),
    ],
)
def test_short_names(iri: str, short: str) -> None:
    assert curie(iri) == short
    assert expand(short) == iri


@pytest.mark.parametrize(
    ("text", "iri"),
    [
        ("king oak", "urn:e:oak1"), ("KING OAK", "urn:e:oak1"), ("kingOak", "urn:e:oak1"), ("king_oak", "urn:e:oak1"),
        ("old-king", "urn:e:oak1"), ("urn:e:oak1", "urn:e:oak1"), ("<urn:e:oak1>", "urn:e:oak1"),
        ("URN:E:OAK1", "urn:e:oak1"), ("oak1", "urn:e:oak1"), ("chene royal", None), ("chêne royal", "urn:e:oak1"),
        ("elm", "urn:e:elm"), ("ulme", "urn:e:elm"), ("bare", "urn:e:bare"), (" elm ", "urn:e:elm"),
    ],
)  # fmt: skip
def test_what_users_type(lexicon: Lexicon, text: str, iri: str | None) -> None:
    if iri is None:
        with pytest.raises(UnknownNameError):
            lexicon.resolve(text, "urn:e:Tree")
    else:
        assert lexicon.resolve(text, "urn:e:Tree") == iri


def test_a_label_wins_over_a_last_part_of_another(lexicon: Lexicon) -> None:
    assert lexicon.resolve("oak") == "urn:e:Oak"
    assert lexicon.resolve("tree") == "urn:e:Tree"


def test_a_class_limits_what_is_meant(lexicon: Lexicon) -> None:
    assert lexicon.resolve("forest") == "https://w3id.org/apgraph/ref/forest"
    with pytest.raises(UnknownNameError, match="there is no tree 'forest'"):
        lexicon.resolve("forest", "urn:e:Tree")
    assert lexicon.resolve("forest", ("urn:e:Tree", "urn:e:Wood")) == "https://w3id.org/apgraph/ref/forest"
    with pytest.raises(UnknownNameError, match="the graph holds none"):
        lexicon.resolve("forest", "urn:e:Nothing")


def test_a_name_of_two_terms_is_refused(lexicon: Lexicon) -> None:
    with pytest.raises(InputError, match="names 2 terms: urn:e:twin-1, urn:e:twin-2"):
        lexicon.resolve("twin", "urn:e:Tree")
    assert lexicon.resolve("urn:e:twin-2", "urn:e:Tree") == "urn:e:twin-2"


def test_short_names_are_answered_with_short_names(lexicon: Lexicon) -> None:
    assert lexicon.suggest("apgx:forst") == ("apgx:forest",)
    assert lexicon.suggest("king oka") == ("king oak",)
    assert lexicon.suggest("banana") == ()
    # That both are of one namespace, or of one case, makes them no more alike.
    assert lexicon.suggest("urn:e:elmm") == ("urn:e:elm",)
    assert lexicon.suggest("urn:e:xylophone") == ()


def test_what_was_read_is_kept_until_cleared() -> None:
    store = OxigraphStore()
    lexicon = Lexicon(store)
    assert lexicon.label("urn:e:new") is None
    store.load(
        f'<urn:e:new> <{PREFIXES["rdfs"]}label> "new" .'.encode(),
        format=RdfFormat.TURTLE,
        graph="urn:g",
        base=None,
        name="x",
    )
    assert lexicon.label("urn:e:new") is None
    lexicon.clear()
    assert lexicon.label("urn:e:new") == "new"


def test_search_ranks_names_before_definitions(lexicon: Lexicon) -> None:
    assert [hit.label for hit in lexicon.search("oak")] == ["oak", "king oak", "forest"]
    assert lexicon.search("tree")[0].label == "tree"
    assert lexicon.search("old king")[0].label == "king oak"
    assert lexicon.search("forest")[0].definition == "Many trees, oaks among them."
    assert str(lexicon.search("forest")[0]) == "forest (apgx:forest)"


@pytest.mark.parametrize(
    ("typed", "label"),
    [("forst", "forest"), ("kign oak", "king oak"), ("acrons", "oak"), ("FOREST", "forest")],
)
def test_search_tolerates_typos(lexicon: Lexicon, typed: str, label: str) -> None:
    assert lexicon.search(typed)[0].label == label


@pytest.mark.parametrize("words", ["", "  ", "?!", "zzzzzz"])
def test_search_may_find_nothing(lexicon: Lexicon, words: str) -> None:
    assert lexicon.search(words) == ()


@given(st.text(max_size=30))
def test_names_never_crash(text: str) -> None:
    assert isinstance(nearest(text, ["practice", "model", ""]), tuple)
    assert key(key(text)) == key(text)
    expand(text)
    curie(text)


def test_nearest_is_none_for_what_is_like_nothing() -> None:
    assert nearest("xylophone", ["practice", "model"]) == ()
    assert nearest("", ["practice"]) == ()
    assert nearest("practises", ["practice", "practices", "model"], 1) == ("practices",)


def test_search_in_the_framework_is_fast() -> None:
    lexicon = Lexicon(stocked_store())
    assert lexicon.search("coaching")[0].label == "coaching"
    started = time.thread_time()
    for words in ("coachign", "professional learning", "tree like form", "comunity of practise", "impulse"):
        assert lexicon.search(words)
    # 10 ms a search, with room for a slow machine.
    assert time.thread_time() - started < 0.5
