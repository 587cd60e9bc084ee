"""SPARQL text: tokens, names, bindings; what is written means what it says."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    Quad,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Store,
)

from apgraph.errors import InputError
from apgraph.sparql import (
    bind,
    form,
    has_dataset,
    names_used,
    term_text,
    tokens,
    values_clause,
    variables_used,
    with_prefixes,
)

patient = settings(deadline=None)  # other work on the machine must not fail a test

XSD = "http://www.w3.org/2001/XMLSchema#"

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)
literals = st.one_of(
    st.builds(Literal, texts),
    st.builds(lambda value: Literal(value, language="en"), texts),
    st.builds(lambda value: Literal(value, datatype=NamedNode("urn:t")), texts),
)


@patient
@given(literals)
def test_a_term_written_is_the_same_term_read(literal: Literal) -> None:
    store = Store()
    store.update(f"INSERT DATA {{ <urn:s> <urn:p> {term_text(literal)} }}")
    assert next(iter(store)).object == literal
    result = store.query(f"SELECT * {{ {values_clause({'x': literal})} }}")
    assert isinstance(result, QuerySolutions)
    assert [row["x"] for row in result] == [literal]


@patient
@given(texts)
def test_no_literal_can_leave_its_quotes(text: str) -> None:
    literal = Literal('" } INSERT DATA { <urn:x> <urn:y> "' + text)
    store = Store()
    store.add(Quad(NamedNode("urn:s"), NamedNode("urn:p"), literal))
    query = bind("SELECT ?s { ?s ?p ?wanted }", {"wanted": literal})
    assert [token.kind for token in tokens(query)].count("string") == 1
    assert rows(store, query) == [["<urn:s>"]]


@patient
@given(st.text(max_size=40))
def test_tokens_take_any_text_and_lose_only_space_and_comments(text: str) -> None:
    found = tokens(text)
    assert all(text[token.start : token.end] == token.text or token.text in ("<", "<=") for token in found)
    rest = list(text)
    for token in found:
        rest[token.start : token.end] = " " * len(token.text)
    lines = "".join(rest).replace("\r", "\n").split("\n")
    assert all(
        not line.strip("\ufeff").strip() or line.lstrip("\ufeff").strip().lstrip("\ufeff").startswith("#")
        for line in lines
    )


@pytest.mark.parametrize(
    ("query", "kinds"),
    [
        ("?a<?b&&?c>?d", ["variable", "iri", "variable"]),
        (
            "FILTER(?a<?b&&?c>?d)",
            ["word", "mark", "variable", "mark", "variable", "mark", "variable", "mark", "variable", "mark"],
        ),
        ("FILTER(?a<5)", ["word", "mark", "variable", "mark", "number", "mark"]),
        (
            "FILTER(?a<=5&&?b>=1)",
            ["word", "mark", "variable", "mark", "number", "mark", "variable", "mark", "number", "mark"],
        ),
        (
            "VALUES (?a ?b) {(<urn:a> <urn:b>)}",
            ["word", "mark", "variable", "variable", "mark", "mark", "mark", "iri", "iri", "mark", "mark"],
        ),
        ("?s <urn:p> ?o", ["variable", "iri", "variable"]),
        ("e:a\\#b #c\n e:d.", ["name", "name", "mark"]),
        ("'''it's'' ''' \"\"\"a\"b\"\"\" 'x\\'y'", ["string", "string", "string"]),
        ("'a'@en-GB \"1\"^^e:t", ["string", "language", "string", "mark", "name"]),
        ("_:b.1. :x :y%41 a:b:c", ["blank", "mark", "name", "name", "name"]),
    ],
)
def test_kinds(query: str, kinds: list[str]) -> None:
    assert [token.kind for token in tokens(query)] == kinds


def test_names_used() -> None:
    query = """
      PREFIX e: <urn:e#>  # PREFIX not: <urn:not#>
      BASE <http://x/y/>
      SELECT * { ?s a e:A, e:b\\-c, "e:no", <z>, <\\u0061bc> ; o:p 'x'^^e:T FILTER(?x<e:c) }
    """
    assert names_used(query, {"o": "urn:o#", "e": "urn:not#"}) == {
        "urn:e#A",
        "urn:e#b-c",
        "urn:e#T",
        "urn:e#c",
        "urn:o#p",
        "http://x/y/z",
        "http://x/y/abc",
    }
    assert names_used("ASK { u:x ?p ?o }") == frozenset()


def test_prefixes_are_added_where_used_and_missing() -> None:
    given_ = {"e": "urn:e#", "f": "urn:f#", "g": "urn:g#"}
    text = with_prefixes("PREFIX f: <urn:mine#>\nASK { e:a f:b 'g:c' }", given_)
    assert text == "PREFIX e: <urn:e#> PREFIX f: <urn:mine#>\nASK { e:a f:b 'g:c' }"
    Store().query(text)


def test_forms() -> None:
    assert [
        form(q) for q in ("SELECT * {}", "base <urn:x> ask {}", "CONSTRUCT WHERE {}", "describe <urn:a>")
    ] == [
        "select",
        "ask",
        "construct",
        "describe",
    ]
    for bad in ("", "# SELECT", "INSERT DATA {}", "x"):
        with pytest.raises(InputError):
            form(bad)
    assert has_dataset("SELECT * FROM NAMED <urn:g> {}")
    assert variables_used("SELECT ?a { ?a ?b '?c' }") == {"a", "b"}


def rows(store: Store, query: str) -> list[list[str]]:
    result = store.query(query)
    assert isinstance(result, QuerySolutions)
    return [[str(term) for term in row] for row in result]


DATA = """
<urn:a> <urn:p> 1 . <urn:b> <urn:p> 2 ; <urn:q> 3, <urn:a> . <urn:c> <urn:q> <urn:b> .
"""

# Each query with ?s bound to <urn:b>, and the same query with <urn:b> written out by hand.
PAIRS = [
    ("SELECT ?o { ?s <urn:p> ?o }", "SELECT ?o { <urn:b> <urn:p> ?o }"),
    ("SELECT ?o { { SELECT ?o { ?s <urn:p> ?o } } }", "SELECT ?o { <urn:b> <urn:p> ?o }"),
    ("SELECT ?n { { SELECT (COUNT(*) AS ?n) { ?s <urn:q> ?o } } }", "SELECT (2 AS ?n) {}"),
    ("SELECT ?s (COUNT(?o) AS ?n) { ?s <urn:q> ?o } GROUP BY ?s", "SELECT (<urn:b> AS ?s) (2 AS ?n) {}"),
    ("SELECT ?x { ?x <urn:p> ?o FILTER EXISTS { ?s <urn:q> ?x } }", "SELECT (<urn:a> AS ?x) {}"),
    ("SELECT ?x { ?x <urn:p> ?o FILTER NOT EXISTS { ?s <urn:q> ?x } }", "SELECT (<urn:b> AS ?x) {}"),
    ("SELECT ?x { ?x <urn:p> ?o MINUS { ?s <urn:q> ?x } }", "SELECT (<urn:b> AS ?x) {}"),
    (
        "SELECT ?x { { ?x <urn:p> 1 FILTER(?s = <urn:b>) } UNION { ?x <urn:p> 2 FILTER(?x = ?s) } } ORDER BY ?x",
        "SELECT ?x { VALUES ?x { <urn:a> <urn:b> } } ORDER BY ?x",
    ),
    ("SELECT ?z { ?x <urn:p> 1 OPTIONAL { ?s <urn:p> ?z FILTER(?s != ?x) } }", "SELECT (2 AS ?z) {}"),
    ("SELECT ?x { ?x <urn:q>/<urn:q>? ?s . ?s <urn:p> 2 }", "SELECT (<urn:c> AS ?x) {}"),
    (
        "SELECT ?x { ?s (^<urn:q>)* ?x } ORDER BY ?x",
        "SELECT ?x { VALUES ?x { <urn:b> <urn:c> } } ORDER BY ?x",
    ),
    ("SELECT ?t { BIND(?s AS ?t) }", "SELECT (<urn:b> AS ?t) {}"),
    ("SELECT (STR(?s) AS ?t) { ?x <urn:p> 1 }", "SELECT ('urn:b' AS ?t) {}"),
    ("SELECT ?o { VALUES ?s { <urn:a> <urn:b> } ?s <urn:p> ?o }", "SELECT (2 AS ?o) {}"),
    ("SELECT ?x { ?x <urn:p> ?o } ORDER BY (?x = ?s)", "SELECT ?x { ?x <urn:p> ?o } ORDER BY (?x = <urn:b>)"),
    ("SELECT ?x { { # a comment { with braces\n ?x <urn:q> ?s } }", "SELECT (<urn:c> AS ?x) {}"),
    ("SELECT ?o { ?s <urn:p> ?o } VALUES ?o { 2 3 }", "SELECT (2 AS ?o) {}"),
]


@pytest.mark.parametrize(("query", "by_hand"), PAIRS)
def test_bound_means_written_out(query: str, by_hand: str) -> None:
    import rdflib
    from rdflib.query import ResultRow

    store = Store()
    store.load(DATA.encode(), RdfFormat.TURTLE)
    bound = bind(query, {"s": NamedNode("urn:b"), "not_in_it": Literal(1)})
    assert bound.count("\n") == query.count("\n")

    assert rows(store, bound) == rows(store, by_hand)
    graph = rdflib.Graph().parse(data=DATA, format="turtle")

    def second(text: str) -> list[list[str]]:
        return [[str(v) for v in row] for row in graph.query(text) if isinstance(row, ResultRow)]

    assert second(bound) == second(by_hand)


def test_the_other_forms_are_bound() -> None:
    store = Store()
    store.load(DATA.encode(), RdfFormat.TURTLE)
    b = {"s": NamedNode("urn:b")}

    def triples(query: str) -> set[str]:
        result = store.query(bind(query, b))
        assert isinstance(result, QueryTriples)
        return {str(triple) for triple in result}

    whole = {str(quad.triple) for quad in store if quad.subject == NamedNode("urn:b")}
    assert triples("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }") == whole
    assert triples("CONSTRUCT WHERE { ?s ?p ?o }") == whole
    assert triples("DESCRIBE ?s") == whole
    assert triples("DESCRIBE ?s LIMIT 5") == whole
    assert triples("DESCRIBE ?s WHERE { ?s <urn:p> ?o }") == whole
    assert bool(store.query(bind("ASK { ?s <urn:p> 2 }", b)))
    assert not bool(store.query(bind("ASK { ?s <urn:p> 1 }", b)))


def test_what_cannot_be_bound() -> None:
    for name in ("a b", "", "x}", "?x", "a-b"):
        with pytest.raises(InputError, match="variable"):
            bind("ASK {}", {name: NamedNode("urn:a")})
    with pytest.raises(InputError, match="AS"):
        bind("SELECT (1 AS ?s) {}", {"s": Literal(1)})
    with pytest.raises(InputError, match="blank node"):
        bind("ASK { ?s ?p ?o }", {"s": BlankNode("b")})
    with pytest.raises(InputError, match="blank node"):
        term_text(BlankNode("b"))
