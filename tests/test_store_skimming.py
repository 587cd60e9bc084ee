"""N-Triples that need no spellings are left to Oxigraph's loader, and only those."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, serialize

from apgraph.errors import ParseError
from apgraph.store import OxigraphStore
from apgraph.store.skimming import statements_if_all_as_stored
from apgraph.store.spelling import AS_STORED, CHANGEABLE, stored_form

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

XSD = "http://www.w3.org/2001/XMLSchema#"
FORMS = ["0", "1", "-1", "01", "+1", "1.5", "1.50", ".5", "true", "1", "2021-05-14", "2021-05-14Z", "2021"]
FORMS += ["12:00:00", "2021-05-14T10:00:00Z", "P1D", "", "x", '5"', "\\", "\n", f'"1"^^<{XSD}integer>', "²"]
LITERALS = st.builds(
    lambda value, datatype: Literal(value, datatype=NamedNode(datatype)),
    st.sampled_from(FORMS) | st.text(max_size=4),
    st.sampled_from([*sorted(CHANGEABLE), XSD + "string", XSD + "anyURI", "urn:own"]),
)


def lines(literals: Sequence[Literal]) -> bytes:
    node = NamedNode("urn:a")
    triples = [Triple(node, node, literal) for literal in literals]
    return serialize(triples, format=RdfFormat.N_TRIPLES) or b""


@given(st.lists(LITERALS, max_size=4))
def test_it_never_takes_a_literal_that_would_change_for_one_that_stays(literals: list[Literal]) -> None:
    number = statements_if_all_as_stored(lines(literals))
    assert number in {None, len(literals)}
    if any(stored_form(literal) != literal for literal in literals):
        assert number is None


@given(st.lists(LITERALS, min_size=1, max_size=4))
def test_what_went_in_comes_out(literals: list[Literal]) -> None:
    store = OxigraphStore()
    assert store.load(lines(literals), format=RdfFormat.N_TRIPLES, graph="urn:g", name="a.nt") == len(
        literals
    )
    node = NamedNode("urn:a")
    assert set(store.quads("urn:g")) == {Quad(node, node, each, NamedNode("urn:g")) for each in literals}


def test_every_form_that_is_said_to_stay_does() -> None:
    forms = {"0", "-12", "0.5", "12", "true", "false", "2021-05-14", "2021-05-14T10:00:00Z", "2021"}
    for datatype, pattern in AS_STORED.items():
        own = [form for form in forms if pattern.fullmatch(form)]
        assert own
        for form in own:
            literal = Literal(form, datatype=NamedNode(datatype))
            assert statements_if_all_as_stored(lines([literal])) == 1
            assert stored_form(literal) == literal


@pytest.mark.parametrize(
    "line",
    [
        f'<urn:a> <urn:b> "01" ^^ <{XSD}integer> .',
        f'<urn:a> <urn:b> "01"^^<{XSD}int\\u0065ger> .',
        f'<urn:a> <urn:b> "5\\"^^<{XSD}integer> .',
        f'<urn:a> <urn:b> "1"^^<{XSD}byte> .',
    ],
)
def test_what_hides_a_literal_is_not_taken(line: str) -> None:
    assert statements_if_all_as_stored(line.encode() + b"\n") is None


def test_comments_and_empty_lines_are_no_statements(tmp_path: Path) -> None:
    file = tmp_path / "a.nt"
    file.write_bytes(b"# <urn:a>\n\n  <urn:a> <urn:b> <urn:c> . # <urn:d>\n_:x <urn:b> <urn:c> .\r\n")
    assert statements_if_all_as_stored(file) == 2
    assert OxigraphStore().load(file, format=RdfFormat.N_TRIPLES, name="a.nt") == 2


def test_a_broken_line_is_told_with_its_place(tmp_path: Path) -> None:
    file = tmp_path / "a.nt"
    file.write_bytes(b"<urn:a> <urn:b> <urn:c> .\n<urn:a> <urn:b> .\n")
    store = OxigraphStore()
    with pytest.raises(ParseError, match=r"^a.nt, line 2"):
        store.load(file, format=RdfFormat.N_TRIPLES, name="a.nt")
    assert len(store) == 0


def test_another_form_of_a_value_that_is_there_is_kept() -> None:
    store = OxigraphStore()
    for form in ("01", "1"):
        data = f'<urn:a> <urn:b> "{form}"^^<{XSD}integer> .\n'.encode()
        store.load(data, format=RdfFormat.N_TRIPLES, graph="urn:g", name="a.nt")
    assert {quad.object.value for quad in store.quads("urn:g") if isinstance(quad.object, Literal)} == {
        "01",
        "1",
    }
