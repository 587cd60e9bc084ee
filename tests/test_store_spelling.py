"""What goes in comes out as it was, and only what Oxigraph would change is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, RdfFormat
from pyoxigraph import Store as Engine

from apgraph.errors import InputError
from apgraph.store import OxigraphStore
from apgraph.store.spelling import CHANGEABLE, kept_graph, mark, stored_form, unmark
from apgraph.store.tags import protect_tag, reveal_tag

if TYPE_CHECKING:
    from pathlib import Path

patient = settings(deadline=None)  # other work on the machine must not fail a test

XSD = "http://www.w3.org/2001/XMLSchema#"
S, P = NamedNode("urn:s"), NamedNode("urn:p")

NAMES = [
    "anyURI",
    "base64Binary",
    "boolean",
    "byte",
    "date",
    "dateTime",
    "dateTimeStamp",
    "dayTimeDuration",
    "decimal",
    "double",
    "duration",
    "float",
    "gDay",
    "gMonth",
    "gMonthDay",
    "gYear",
    "gYearMonth",
    "hexBinary",
    "int",
    "integer",
    "language",
    "long",
    "Name",
    "NCName",
    "negativeInteger",
    "NMTOKEN",
    "nonNegativeInteger",
    "nonPositiveInteger",
    "normalizedString",
    "positiveInteger",
    "short",
    "string",
    "time",
    "token",
    "unsignedByte",
    "unsignedInt",
    "unsignedLong",
    "unsignedShort",
    "yearMonthDuration",
    "QName",
    "ENTITY",
    "ID",
    "IDREF",
    "NOTATION",
]

FORMS = [
    "0", "00", "01", "-0", "+1", "-5", "1", "1.0", "1.50", ".5", "5.", "1e0", "1E3", "INF", "-INF", "NaN", "true",
    "TRUE", "false", " 1 ", "", "x", "2020-01-01", "2020-01-01Z", "2020-01-01+00:00", "2020-1-1", "2020-02-30",
    "2020-01-01T00:00:00", "2020-01-01T00:00:00Z", "2020-01-01T24:00:00", "2020-01-01T00:00:00.10",
    "2020-01-01T00:00:60", "24:00:00", "12:00:00.0", "P1Y12M", "P13M", "PT60S", "P1D", "PT0S", "2020", "02020", "-0001",
    "0000", "--02-30", "---05", "--05", "2020-01", "99999999999999999999999", "0.000000000000000000001", "0A", "0a",
]  # fmt: skip


def lexical(quad: Quad) -> str:
    assert isinstance(quad.object, Literal)
    return quad.object.value


def direct(literal: Literal) -> Literal:
    engine = Engine()
    engine.add(Quad(S, P, literal))
    found = next(iter(engine)).object
    assert isinstance(found, Literal)
    return found


@pytest.mark.parametrize("name", NAMES)
def test_the_stored_form_is_what_oxigraph_makes_of_it(name: str) -> None:
    for form in FORMS:
        literal = Literal(form, datatype=NamedNode(XSD + name))
        assert stored_form(literal) == direct(literal), form
        if XSD + name not in CHANGEABLE:
            assert direct(literal) == literal


@patient
@given(
    st.sampled_from(sorted(CHANGEABLE)),
    st.one_of(
        st.from_regex(r"\A[-+]?[0-9]{0,22}(\.[0-9]{0,22})?([eE][-+]?[0-9]{1,3})?\Z"),
        st.from_regex(
            r"\A-?[0-9]{4,5}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,4})?)?(Z|\+[0-9]{2}:[0-9]{2})?\Z"
        ),
        st.text(max_size=5),
    ),
)
def test_the_short_cuts_agree_with_oxigraph(datatype: str, form: str) -> None:
    literal = Literal(form, datatype=NamedNode(datatype))
    assert stored_form(literal) == direct(literal)


literals = st.builds(
    lambda name, form: Literal(form, datatype=NamedNode(XSD + name)),
    st.sampled_from(NAMES),
    st.sampled_from(FORMS),
)


@patient
@given(
    st.lists(st.tuples(st.sampled_from("ab"), literals, st.sampled_from(["", "urn:g"])), max_size=12),
    st.integers(0, 12),
)
def test_quads_come_out_as_they_went_in(items: list[tuple[str, Literal, str]], cut: int) -> None:
    quads = [
        Quad(NamedNode(f"urn:{name}"), P, literal, NamedNode(graph) if graph else DefaultGraph())
        for name, literal, graph in items
    ]
    store = OxigraphStore()
    store.add(quads[:cut])
    store.add(quads[cut:])
    assert set(store.quads()) == set(quads)
    assert len(list(store.quads())) == len(set(quads))


@patient
@given(literals)
def test_marks_can_be_read_back(literal: Literal) -> None:
    assert unmark(mark(literal)) == (literal, None)
    assert stored_form(mark(literal)) == mark(literal)


@patient
@given(st.from_regex(r"\A[a-zA-Z]{2,3}(-[a-zA-Z]{4})?(-[a-zA-Z]{2})?(-x-[a-zA-Z0-9]{1,8})?\Z"))
def test_a_tag_survives_the_parser(tag: str) -> None:
    protected = protect_tag(tag)
    parsed = Literal("x", language=protected).language
    assert parsed is not None
    plain, written = reveal_tag(parsed)
    assert plain == tag.lower()
    assert (written or plain) == tag


def test_only_what_is_changed_is_kept() -> None:
    store = OxigraphStore()
    text = b'<urn:s> <urn:p> "x", "y"@en, 1, 1.5, true, "2020-01-01"^^<%sdate>, "t"^^<%stoken>, <urn:o> .' % (
        (XSD.encode(),) * 2
    )
    store.load(text, format=RdfFormat.TURTLE, graph="urn:g", name="a.ttl")
    assert not store._engine.contains_named_graph(kept_graph(NamedNode("urn:g")))
    store.load(b"<urn:s> <urn:p> 01 .", format=RdfFormat.TURTLE, graph="urn:h", name="b.ttl")
    assert len(list(store._engine.quads_for_pattern(None, None, None, kept_graph(NamedNode("urn:h"))))) == 1


TWO = (f'"01"^^<{XSD}integer>', f'"1"^^<{XSD}integer>', f'"1"^^<{XSD}byte>')


@pytest.mark.parametrize("order", [TWO, TWO[::-1], TWO[:2], TWO[1::-1], TWO[::2]])
@pytest.mark.parametrize("together", [True, False])
def test_two_spellings_of_one_value_both_survive(order: tuple[str, ...], together: bool) -> None:
    store = OxigraphStore()
    texts = [", ".join(order)] if together else order
    for text in texts:
        store.load(f"<urn:s> <urn:p> {text} .".encode(), format=RdfFormat.TURTLE, graph="urn:g", name="a.ttl")
    assert sorted(str(quad.object) for quad in store.quads("urn:g")) == sorted(order)
    assert len(store) == 1


def test_language_tags_keep_their_capitals(tmp_path: Path) -> None:
    lines = [
        '<urn:s> <urn:p> "a \\" @NO # <"@en-GB .\n',
        '<urn:s> <urn:p> "b"@EN .\n',
        '<urn:s> <urn:p> "c"@de .\n',
    ]
    for suffix, syntax in (
        ("ttl", RdfFormat.TURTLE),
        ("nt", RdfFormat.N_TRIPLES),
        ("nq", RdfFormat.N_QUADS),
        ("trig", RdfFormat.TRIG),
    ):
        file = tmp_path / f"a.{suffix}"
        file.write_text("# it's \"@X\n" + "".join(lines))
        store = OxigraphStore(tmp_path / f"store-{suffix}")
        assert store.load(file, format=syntax, name="a") == 3
        store.close()
        store = OxigraphStore(tmp_path / f"store-{suffix}")
        assert sorted(store.lines()) == sorted(lines)
        assert store.ask("ASK { ?s ?p 'b'@en }")
    xml = b"""<?xml version="1.0"?><!-- xml:lang="EN" --><!DOCTYPE r [<!ENTITY e "urn:">]>
      <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="urn:"><rdf:Description rdf:about="&e;s">
      <e:p xml:lang = 'en-GB'>x xml:lang="EN"</e:p><e:q rdf:parseType="Literal"><b xml:lang="EN">x</b></e:q>
      </rdf:Description></rdf:RDF>"""
    store = OxigraphStore()
    store.load(xml, format=RdfFormat.RDF_XML, name="a.rdf")
    text = "".join(store.lines())
    assert '<urn:p> "x xml:lang=\\"EN\\""@en-GB' in text
    assert '<b xml:lang=\\"EN\\"' in text
    assert "apgcase" not in text + str(store._engine)


def test_tags_in_two_cases_both_come_back() -> None:
    store = OxigraphStore()
    store.load(b'<urn:s> <urn:p> "x"@en, "x"@EN .', format=RdfFormat.TURTLE, name="a.ttl")
    assert sorted(store.lines()) == ['<urn:s> <urn:p> "x"@EN .\n', '<urn:s> <urn:p> "x"@en .\n']


def test_spellings_go_with_their_graph_and_with_their_quads() -> None:
    store = OxigraphStore()
    for graph in ("urn:g", "urn:h", None):
        store.load(b"<urn:s> <urn:p> 01, 02 .", format=RdfFormat.TURTLE, graph=graph, name="a.ttl")
    store.remove_graph("urn:g")
    store.remove_graph("")
    assert store.graphs() == ("urn:h",)
    assert {str(name) for name in store._engine.named_graphs()} == {"<urn:h>", "<urn:apgraph:spelling:urn:h>"}
    store.update("DELETE DATA { GRAPH <urn:h> { <urn:s> <urn:p> 1 } }")
    store.update("INSERT DATA { GRAPH <urn:h> { <urn:s> <urn:p> 1 } }")
    assert sorted(lexical(quad) for quad in store.quads("urn:h")) == ["02", "1"]
    store.update("DROP ALL")
    assert list(store.quads()) == []
    assert store._spellings.is_empty()


def test_spellings_can_not_be_smuggled_in() -> None:
    store = OxigraphStore()
    with pytest.raises(InputError, match="reserved"):
        store.load(b"<urn:apgraph:spelling> { <urn:s> <urn:p> 1 }", format=RdfFormat.TRIG, name="a.trig")


def test_blank_nodes_have_spellings_too() -> None:
    store = OxigraphStore()
    store.load(b"_:a <urn:p> 01 . _:b <urn:p> 1 .", format=RdfFormat.TURTLE, name="a.ttl")
    assert sorted(lexical(quad) for quad in store.quads()) == ["01", "1"]
    graph = BlankNode("g")
    store.add([Quad(S, P, Literal("01", datatype=NamedNode(XSD + "integer")), graph)])
    assert [lexical(quad) for quad in store.quads("_:g")] == ["01"]


@pytest.mark.parametrize("blank", [False, True])
@pytest.mark.parametrize("capitals", [False, True])
def test_large_files_are_no_different(tmp_path: Path, blank: bool, capitals: bool) -> None:
    file = tmp_path / "large.nt"
    tag = "EN" if capitals else "en"
    with file.open("w") as out:
        for number in range(2_000):
            subject = f"_:b{number}" if blank and number % 20 == 7 else f"<urn:s{number}>"
            form = (
                f'"0{number}"^^<{XSD}integer>'
                if number % 20 == 7
                else f'"{number}"@{tag}'
                if number % 10 == 0
                else f'"some text that fills the file {number}"'
            )
            out.write(f"{subject} <urn:p> {form} .\n")
        out.write(f'<urn:pad> <urn:p> "{"x" * (9 << 20)}" .\n')
    assert file.stat().st_size > 1 << 23
    store = OxigraphStore()
    assert store.load(file, format=RdfFormat.N_TRIPLES, graph="urn:g", name="large.nt") == 2_001
    assert len(store) == 2_001
    numbers = [
        q
        for q in store.quads("urn:g")
        if isinstance(q.object, Literal) and q.object.datatype.value == XSD + "integer"
    ]
    assert len(numbers) == 100
    assert all(lexical(q).startswith("0") for q in numbers)
    assert sum(line.endswith(f"@{tag} <urn:g> .\n") for line in store.lines("urn:g")) == 200
