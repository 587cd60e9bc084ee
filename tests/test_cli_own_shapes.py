"""``apgraph validate`` with shapes of one's own on data that is no case: what it says, by every engine."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING, NamedTuple

import pytest

from apgraph.cli.entry import run

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PREFIXES = (
    "PREFIX : <urn:x#> PREFIX sh: <http://www.w3.org/ns/shacl#> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>\n"
    "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>\n"
)
DATA = """:a a :A ; :p 1, 01, +1, "1"^^xsd:byte, "1", "x"@en, "x"@en-GB, "y" ; :q "1"^^xsd:boolean, true .
:b a :A ; :p 1 ."""


class Done(NamedTuple):
    """How a command ended, and what it wrote."""

    code: int
    out: str
    err: str


@pytest.fixture
def check(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Done]:
    """Run ``apgraph validate`` with some shapes."""
    monkeypatch.chdir(tmp_path)

    def check(shapes: str, *arguments: str, data: str = DATA) -> Done:
        (tmp_path / "shapes.ttl").write_text(PREFIXES + shapes, encoding="utf-8")
        (tmp_path / "data.ttl").write_text(PREFIXES + data, encoding="utf-8")
        code = run(["validate", "data.ttl", "--shapes", "shapes.ttl", *arguments])
        captured = capsys.readouterr()
        return Done(code, captured.out, captured.err)

    return check


@pytest.mark.parametrize("engine", ["sets", "pyshacl", "both"])
def test_triples_are_counted_as_they_were_written(check: Callable[..., Done], engine: str) -> None:
    done = check(":s sh:targetClass :A ; sh:nodeKind sh:IRI .", "--engine", engine)
    assert done == (0, "Nothing found (13 triples, checked by 1 shape).\n", "")
    assert (
        json.loads(check(":s sh:targetClass :A ; sh:closed false .", "-f", "json").out)["data"]["triples"]
        == 13
    )


def test_a_value_that_only_its_datatype_tells_apart_is_shown_with_it(check: Callable[..., Done]) -> None:
    done = check(
        """:s sh:targetNode :a ; sh:property [ sh:path :p ; sh:datatype xsd:integer ] ,
        [ sh:path :p ; sh:in ( 1 01 +1 "x"@en "z" ) ; sh:message "it is in the list" ; sh:severity sh:Warning ] ,
        [ sh:path :p ; sh:in ( 1 01 +1 "x"@en "z" "1"^^xsd:byte ) ; sh:severity sh:Info ] .""",
        *("-f", "csv"),
    )
    said: dict[str, set[str]] = {}
    for row in csv.DictReader(done.out.splitlines()):
        said.setdefault(row["severity"], set()).add(row["message"].rpartition(": ")[0])
    # A rule with words of its own is left to them.
    assert said["warning"] == {"'1'", "'x'", "'y'"}
    assert said["info"] == {"'1' (xsd:string)", "'x' (in en-gb)", "'y'"}
    assert said["violation"] == {
        *("'1' (xsd:byte)", "'1' (xsd:string)", "'x' (in en)", "'x' (in en-gb)", "'y' (xsd:string)")
    }


def test_what_a_shape_without_a_name_says_of_itself_is_told(check: Callable[..., Done]) -> None:
    done = check(
        """:s sh:targetNode :a ; sh:property [ sh:path :q ; sh:maxCount 1 ; sh:name "the answer" ;
        rdfs:label "there is one answer" ; rdfs:comment "More than one cannot be used." ] ."""
    )
    assert done.out.splitlines()[2:5] == [
        "VIOLATION there is one answer (1 time)",
        "  More than one cannot be used.",
        "  data.ttl, near line 3, item a, the answer",
    ]


MISSPELT = {
    "sh:targetNode :anna": "s>: nothing is said of the node <urn:x#anna>, and nothing leads to it; did you mean <urn:x#ana>?",
    "sh:targetSubjectsOf :knwos": "s>: no node has the property <urn:x#knwos>, and nothing says what it is; "
    "did you mean <urn:x#knows>?",
    "sh:targetObjectsOf <urn:y#knows>": "s>: no node has the property <urn:y#knows>, and nothing says what it is; "
    "did you mean <urn:x#knows>?",
    "sh:targetClass :Peson": "s>: no node is of class <urn:x#Peson>, and nothing says what it is; did you mean <urn:x#Person>?",
    "sh:targetNode :xyzzy": "s>: nothing is said of the node <urn:x#xyzzy>, and nothing leads to it",
    "sh:targetNode :ana ; sh:property [ sh:path :agge ; sh:class :Person ]": "nothing knows the property <urn:x#agge>, "
    "did you mean <urn:x#age>?",
    "sh:targetNode :ana ; sh:property [ sh:path :xyzzy ; sh:class :Person ]": "nothing knows the property <urn:x#xyzzy>, "
    "check its spelling",
}
PEOPLE = ":ana a :Person ; :knows :bert ; :age 3 . :bert a :Person ; :knows :carl . :late a rdfs:Class ."


@pytest.mark.parametrize("engine", ["sets", "pyshacl"])
@pytest.mark.parametrize("target", MISSPELT)
def test_a_target_that_nothing_knows_is_told_with_the_nearest(
    check: Callable[..., Done], target: str, engine: str
) -> None:
    shapes = f":s a sh:NodeShape ; {target} ; sh:nodeKind sh:IRI ."
    assert check(shapes, data=PEOPLE).code == 0
    done = check(shapes, "--strict", "--engine", engine, data=PEOPLE)
    assert done.code == 1
    assert any(line.endswith(MISSPELT[target]) for line in done.err.splitlines())


@pytest.mark.parametrize(
    "target", ["sh:targetNode :carl, :ana, 3", "sh:targetClass :Person", "sh:targetObjectsOf :knows"]
)
def test_a_target_that_the_data_knows_is_not_told(check: Callable[..., Done], target: str) -> None:
    done = check(f":s {target} ; sh:minLength 0 .", "--strict", data=PEOPLE)
    assert "nothing is said" not in done.err
    assert "nothing says" not in done.err
    assert done.code == 0


def test_an_absent_target_node_is_judged(check: Callable[..., Done]) -> None:
    done = check(
        ":s sh:targetNode :gone ; sh:property [ sh:path :age ; sh:minCount 1 ] .",
        "--engine",
        "both",
        data=PEOPLE,
    )
    assert done.code == 1
    assert done.err == ""


def test_a_mark_of_byte_order_does_not_hide_the_place(check: Callable[..., Done], tmp_path: Path) -> None:
    check(":s sh:targetClass :A ; sh:nodeKind sh:Literal .")
    (tmp_path / "marked.ttl").write_text("@prefix : <urn:x#> .\n:a a :A .\n", encoding="utf-8-sig")
    done = check(":s sh:targetClass :A ; sh:nodeKind sh:Literal .", "marked.ttl", "-f", "csv", data="")
    rows = list(csv.DictReader(done.out.splitlines()))
    assert [row["place"] for row in rows] == ["marked.ttl, near line 2"]


def test_a_closed_shape_is_answered_by_the_property_and_not_by_the_value(check: Callable[..., Done]) -> None:
    shapes = """:s sh:targetClass :A ; sh:closed true ; sh:ignoredProperties ( <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> ) ;
        sh:property [ sh:path :colour ; sh:nodeKind sh:Literal ] ."""
    data = ":a a :A ; :color <https://w3id.org/apgraph#Csae> ; :colour <https://w3id.org/apgraph#Csae> ."
    found = json.loads(check(shapes, "-f", "json", data=data).out)["findings"]
    assert {each["component"]: each["nearest"] for each in found} == {
        "Closed": ["'urn:x#colour'"],
        "NodeKind": [],
    }
    assert (
        "allows no such property. Did you mean 'urn:x#colour'?" in found[0]["message"] + found[1]["message"]
    )


def test_a_datatype_that_there_is_not_is_told_with_the_nearest(check: Callable[..., Done]) -> None:
    done = check(
        ":s sh:targetClass :A ; sh:property [ sh:path :p ; sh:datatype xsd:intger ] .", data=":c a :A ."
    )
    assert done.code == 3
    assert "XML Schema has no datatype xsd:intger, so no value has it; did you mean xsd:integer?" in done.err


@pytest.mark.parametrize(
    ("language", "said"), [("de", "Nein."), ("de-AT", "Na."), ("en", "No."), ("fr", "No.")]
)
def test_messages_are_in_the_language_asked_for(check: Callable[..., Done], language: str, said: str) -> None:
    shapes = ':s sh:targetClass :A ; sh:nodeKind sh:Literal ; sh:message "No."@en, "Nein."@de, "Na."@de-AT .'
    found = json.loads(check(shapes, "--language", language, "-f", "json").out)["findings"]
    assert {each["message"] for each in found} == {said}
