"""The Turtle writer: what it writes is the graph, and depends on nothing else."""

from __future__ import annotations

import gc
import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    Literal,
    NamedNode,
    Quad,
    RdfFormat,
    Triple,
    parse,
)

from apgraph.errors import ParseError
from apgraph.turtle import DEPTH, format_turtle, write

EX = "http://example.org/"
PREFIXES = {
    "ex": EX,
    "deep": EX + "deep/",
    "owl": "http://www.w3.org/2002/07/owl#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
XSD = PREFIXES["xsd"]
RDF = PREFIXES["rdf"]


def read(text: str) -> list[Quad]:
    return list(parse(text.encode(), format=RdfFormat.TURTLE))


def canonical(quads: list[Quad] | list[Triple]) -> set[Quad]:
    dataset = Dataset([Quad(q.subject, q.predicate, q.object) for q in quads])
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return set(dataset)


def formatted(body: str) -> str:
    declared = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items())
    return format_turtle((declared + body).encode(), name="test.ttl")


IRIS = st.sampled_from(
    [
        NamedNode(iri)
        for iri in (
            EX + "a",
            EX + "b",
            EX + "deep/c",
            EX + "a.b",
            EX + "a.",
            EX,
            EX + "50%25",
            EX + "é",
            "urn:x:y",
            RDF + "type",
            RDF + "first",
            RDF + "rest",
            RDF + "nil",
            PREFIXES["owl"] + "annotatedSource",
        )
    ]
)
BLANKS = st.integers(0, 5).map(lambda n: BlankNode(f"n{n}"))
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8) | st.text("\"\\\n\r\t'ab", max_size=8)
NUMBERS = st.sampled_from(
    ["1", "01", "+1", "-0", "1.0", ".5", "1.", "1e0", "1E5", ".5e-3", "NaN", "true", "1 ", ""]
)
LITERALS = (
    TEXTS.map(Literal)
    | st.tuples(TEXTS, st.sampled_from(["en", "en-gb", "cy"])).map(lambda p: Literal(p[0], language=p[1]))
    | st.tuples(NUMBERS, st.sampled_from(["integer", "decimal", "double", "boolean", "date", "float"])).map(
        lambda p: Literal(p[0], datatype=NamedNode(XSD + p[1]))
    )
)
TRIPLES = st.builds(Triple, IRIS | BLANKS, IRIS, IRIS | BLANKS | LITERALS)


@given(st.lists(TRIPLES, max_size=25), st.randoms(use_true_random=False))
def test_text_is_the_graph_and_nothing_else(triples: list[Triple], shuffler: random.Random) -> None:
    text = write(triples, PREFIXES)
    again = read(text)
    assert canonical(again) == canonical(triples)
    assert write(again, PREFIXES) == text

    names = [f"renamed{n}" for n in range(6)]
    shuffler.shuffle(names)

    def renamed(triple: Triple) -> Triple:
        subject, obj = (
            BlankNode(names[int(term.value[1:])]) if isinstance(term, BlankNode) else term
            for term in (triple.subject, triple.object)
        )
        assert not isinstance(subject, Literal)
        return Triple(subject, triple.predicate, obj)

    other = [renamed(triple) for triple in triples]
    shuffler.shuffle(other)
    assert write(other, PREFIXES) == text


@pytest.mark.parametrize(
    "value", ['a\n"', 'a\n\\"', 'a\n"""', '\n""""', "\\\n", "\r\n", 'x"""\ny', "\x00", "\u2028"]
)
def test_awkward_strings_come_back(value: str) -> None:
    triple = Triple(NamedNode(EX + "s"), NamedNode(EX + "p"), Literal(value))
    assert [q.triple for q in read(write([triple]))] == [triple]


def test_order_is_the_documented_one() -> None:
    text = formatted(
        """
        ex:z a owl:Class ; rdfs:label "z" .  ex:i a ex:z .  ex:p a owl:ObjectProperty .
        [] a owl:AllDisjointClasses ; owl:members ( ex:z ex:y ) .
        [] a owl:Axiom ; owl:annotatedSource ex:i ; owl:annotatedProperty ex:p ; owl:annotatedTarget ex:j ; ex:q 1 .
        ex:y ex:q ex:i ; rdfs:label "y" ; a owl:Class .  ex:n a owl:AnnotationProperty .
        <http://example.org> a owl:Ontology .  ex:j a ex:z .
        """
    )
    assert text == (
        "@prefix ex: <http://example.org/> .\n"
        "@prefix owl: <http://www.w3.org/2002/07/owl#> .\n"
        "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n\n"
        "<http://example.org>\n    a owl:Ontology .\n\n"
        "ex:n\n    a owl:AnnotationProperty .\n\n"
        'ex:y\n    a owl:Class ;\n    rdfs:label "y" ;\n    ex:q ex:i .\n\n'
        'ex:z\n    a owl:Class ;\n    rdfs:label "z" .\n\n'
        "ex:p\n    a owl:ObjectProperty .\n\n"
        "ex:i\n    a ex:z .\n\n"
        "[]\n    a owl:Axiom ;\n    owl:annotatedSource ex:i ;\n    owl:annotatedProperty ex:p ;\n"
        "    owl:annotatedTarget ex:j ;\n    ex:q 1 .\n\n"
        "ex:j\n    a ex:z .\n\n"
        "[]\n    a owl:AllDisjointClasses ;\n    owl:members ( ex:z ex:y ) .\n"
    )


def test_a_query_inside_a_shape_stays_readable() -> None:
    text = formatted(
        'ex:s ex:sparql [ ex:message "m" ; ex:select """\nSELECT $this\nWHERE { $this ex:p "x" }\n""" ] .'
    )
    assert '"""\nSELECT $this\nWHERE { $this ex:p "x" }\n"""' in text


def test_only_what_cannot_be_nested_is_labelled() -> None:
    assert "_:" not in formatted("ex:a ex:p [ ex:q ( 1 [ ex:r ex:b ] ( ) ) ] .")
    assert "_:b0" in formatted("ex:a ex:p _:x . ex:b ex:p _:x . _:x ex:q 1 .")
    cycle = formatted("_:x ex:p _:y . _:y ex:p _:x ; ex:q [ ex:r 1 ] .")
    assert "_:b1" in cycle
    assert "[ ex:r 1 ]" in cycle


def test_deep_and_long_structures_do_not_exhaust_the_stack() -> None:
    p, q = NamedNode(EX + "p"), NamedNode(RDF + "rest")
    for predicate in (p, q):
        chain = [Triple(BlankNode(f"c{n}"), predicate, BlankNode(f"c{n + 1}")) for n in range(6 * DEPTH)]
        again = read(write(chain))
        following = {quad.subject: quad.object for quad in again}
        heads = set(following) - set(following.values())
        assert len(again) == len(following) == len(chain)
        assert len(heads) == 1
        assert write(again) == write(chain)
    items = " ".join(str(n) for n in range(5000))
    text = formatted(f"ex:a ex:p ( {items} ) .")
    assert "_:" not in text
    assert formatted(text.partition("\n\n")[2]) == text


def regular(kind: str, size: int) -> list[Triple]:
    """Return a graph whose nodes colour refinement cannot tell apart."""
    p = NamedNode(EX + "p")
    nodes = [BlankNode(f"x{n}") for n in range(size)]
    if kind == "clique":
        return [Triple(one, p, other) for one in nodes for other in nodes if one != other]
    if kind == "ring":
        return [Triple(nodes[n], p, nodes[(n + 1) % size]) for n in range(size)]
    if kind == "two rings":
        half = size // 2
        return [Triple(nodes[n], p, nodes[(n + 1) % half + n // half * half]) for n in range(size)]
    # A ring whose nodes also know the opposite one: connected, regular, and with fewer symmetries.
    ring = [(nodes[n], nodes[(n + 1) % size]) for n in range(size)]
    return [
        Triple(a, p, b)
        for pair in (*ring, *zip(nodes[: size // 2], nodes[size // 2 :], strict=True))
        for a, b in (pair, pair[::-1])
    ]


@pytest.mark.parametrize(("kind", "size"), [("clique", 10), ("ring", 40), ("two rings", 12), ("ladder", 12)])
def test_nodes_that_look_alike_do_not_make_the_text_depend_on_their_names(kind: str, size: int) -> None:
    triples = regular(kind, size)
    started = time.thread_time()
    text = write(triples)
    assert time.thread_time() - started < 20
    names = [f"y{n}" for n in range(size)]
    for seed in range(5):
        random.Random(seed).shuffle(names)
        new = {f"x{n}": BlankNode(name) for n, name in enumerate(names)}
        other = []
        for triple in triples:
            assert isinstance(triple.subject, BlankNode)
            assert isinstance(triple.object, BlankNode)
            other.append(Triple(new[triple.subject.value], triple.predicate, new[triple.object.value]))
        assert write(other) == text
    assert write(read(text)) == text
    assert len(read(text)) == len(triples)


def test_a_list_within_a_list_within_a_list() -> None:
    deep = "( " * (3 * DEPTH) + "ex:x" + " )" * (3 * DEPTH)
    text = formatted(f"ex:a ex:p {deep} .")
    assert format_turtle(text.encode(), name="again.ttl") == text


def test_graph_names_are_left_out_and_duplicates_with_them() -> None:
    s, p = NamedNode(EX + "s"), NamedNode(EX + "p")
    quads = [Quad(s, p, s, NamedNode(EX + "g")), Quad(s, p, s)]
    assert write(quads) == write([Triple(s, p, s)])


def test_empty_graph_is_empty_text() -> None:
    assert write([]) == ""


def test_rdf_1_2_terms_come_back() -> None:
    text = formatted('ex:a ex:p <<( ex:a ex:p _:x )>> , "x"@ar--rtl . _:x ex:p 1 .')
    assert format_turtle(text.encode(), name="again.ttl") == text
    assert "@ar--rtl" in text


def test_what_is_no_turtle_is_an_error_with_its_place() -> None:
    with pytest.raises(ParseError) as caught:
        format_turtle(b"<http://e.org/a> <http://e.org/b>\n  1 ex:c .", name="bad.ttl")
    assert str(caught.value).startswith("bad.ttl, line 2")
    with pytest.raises(ParseError):
        format_turtle(bytes(range(256)), name="noise.ttl")


def time_of_writing(subjects: int) -> float:
    p, label = NamedNode(EX + "p"), NamedNode(PREFIXES["rdfs"] + "label")
    triples: list[Triple] = []
    for n in range(subjects):
        subject, node = NamedNode(f"{EX}s{n}"), BlankNode(f"x{n}")
        triples += [
            Triple(subject, p, node),
            Triple(node, p, NamedNode(f"{EX}s{n + 1}")),
            Triple(node, label, Literal(f"label {n}", language="en")),
            Triple(subject, label, Literal(str(n))),
            Triple(subject, p, NamedNode(f"{EX}s{n - 1}")),
        ]
    # Without the collector of cycles, whose passes over everything alive would count as the writer's time.
    gc.collect()
    gc.disable()
    try:
        started = time.thread_time()
        write(triples, PREFIXES)
        return time.thread_time() - started
    finally:
        gc.enable()


def test_time_grows_with_size_only() -> None:
    # As a ratio within one run, since machines differ: eight times the size would take 64 times as long
    # if every node were compared with every other.
    small = min(time_of_writing(1_000) for _ in range(3))
    assert min(time_of_writing(8_000) for _ in range(2)) < 24 * small
