"""Shapes without a name: reports and disagreements name them by how they hang on one that has a name."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

import pytest

from apgraph.cli.entry import run
from apgraph.shacl import load_shapes
from apgraph.shacl.addresses import Addresses
from apgraph.shacl.report import SH

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PREFIXES = "PREFIX : <urn:x#> PREFIX sh: <http://www.w3.org/ns/shacl#> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>\n"
SHAPES = """:s sh:targetClass :A ; sh:property [ sh:path :p ; sh:datatype xsd:base64Binary ] ,
    [ sh:path :q ; sh:maxInclusive 4 ; sh:not [ sh:minInclusive 5 ] ] , [ sh:path :q ; sh:maxInclusive 3 ] ,
    [ sh:path ( :p [ sh:inversePath :q ] ) ; sh:minCount 1 ] ;
    sh:or ( [ sh:nodeKind sh:Literal ] [ sh:property [ sh:path :r ; sh:minCount 1 ] ] ) .
[] sh:targetClass :A ; sh:nodeKind sh:BlankNode .
[] sh:targetNode :a ; sh:property :own .
:own sh:path :q ; sh:maxCount 0 .
"""
DATA = ':a a :A ; :p "YR=="^^xsd:base64Binary ; :q 5 .'
ADDRESSES = {
    "urn:x#s",
    "urn:x#own",
    "urn:x#s/property(<urn:x#p>)",
    "urn:x#s/property(<urn:x#q>)#1",
    "urn:x#s/property(<urn:x#q>)#2",
    "urn:x#s/property(<urn:x#q>)#2/not",
    "urn:x#s/property(<urn:x#p>/(^<urn:x#q>))",
    "urn:x#s/or(1)",
    "urn:x#s/or(2)",
    "urn:x#s/or(2)/property(<urn:x#r>)",
    "shape(targetClass <urn:x#A>)",
    "shape(targetNode <urn:x#a>)",
}


class Done(NamedTuple):
    """How a command ended, and what it wrote."""

    code: int
    out: str
    err: str


@pytest.fixture
def check(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Done]:
    """Run ``apgraph validate`` on the data above with these shapes."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "shapes.ttl").write_text(PREFIXES + SHAPES, encoding="utf-8")
    (tmp_path / "data.ttl").write_text(PREFIXES + DATA, encoding="utf-8")

    def check(*arguments: str) -> Done:
        code = run(["validate", "data.ttl", "--shapes", "shapes.ttl", *arguments])
        captured = capsys.readouterr()
        return Done(code, captured.out, captured.err)

    return check


def test_each_shape_has_one_address_in_every_run(tmp_path: Path) -> None:
    file = tmp_path / "shapes.ttl"
    file.write_text(PREFIXES + SHAPES, encoding="utf-8")
    turned = tmp_path / "turned.ttl"  # the same graph, written in another order
    turned.write_text(
        PREFIXES
        + SHAPES.replace("[ sh:path :q ; sh:maxInclusive 3 ] ,", "").replace(
            "sh:property [ sh:path :p", "sh:property [ sh:path :q ; sh:maxInclusive 3 ], [ sh:path :p"
        ),
        encoding="utf-8",
    )
    said = []
    for path in (file, turned, file):
        shapes = load_shapes([path])
        addresses = Addresses(shapes)
        found = {addresses.of(node) for node in shapes.nodes()}
        assert found == ADDRESSES
        assert len(shapes.nodes()) == len(ADDRESSES)
        third = next(n for n in shapes.nodes() if addresses.of(n) == "urn:x#s/property(<urn:x#q>)#2")
        said.append(str(shapes.objects(third, SH + "maxInclusive")[0]))
    assert said == ['"4"^^<http://www.w3.org/2001/XMLSchema#integer>'] * 3


def test_disagreements_and_json_name_shapes_by_their_address(check: Callable[..., Done]) -> None:
    first, second = (check("--engine", "both", "--strict", "-f", "json") for _ in range(2))
    assert first == second
    assert first.err.startswith(
        "only sets, not pyshacl: Datatype of urn:x#s/property(<urn:x#p>) at <urn:x#a>"
    )
    record = json.loads(first.out)
    assert {finding["shape"] for finding in record["findings"]} < ADDRESSES
    (disagreement,) = record["disagreements"]
    assert disagreement["finding"]["source_shape"]["value"] == "urn:x#s/property(<urn:x#p>)"
    assert {each["shape"]["value"] for each in record["coverage"]["shapes"]} == ADDRESSES


@pytest.mark.parametrize("layout", ["table", "json", "csv", "sarif"])
def test_what_is_found_of_what_has_no_name_is_the_same_in_every_run(
    check: Callable[..., Done], tmp_path: Path, layout: str
) -> None:
    counts = ", ".join(
        f"[ sh:path :q ; sh:qualifiedValueShape [ sh:class :C{n} ] ; sh:qualifiedMinCount 2 ]"
        for n in range(6)
    )
    (tmp_path / "shapes.ttl").write_text(
        f"{PREFIXES} :s sh:targetSubjectsOf :p ; sh:property {counts} .", encoding="utf-8"
    )
    (tmp_path / "data.ttl").write_text(PREFIXES + "[] :p 1 . :a :p 2 .", encoding="utf-8")
    runs = {check("-f", layout).out for _ in range(4)}
    assert len(runs) == 1
    (out,) = runs
    assert "_:" not in out
    assert "fewer than 2 values conform to the shape that is asked for" in out
    if layout == "json":
        assert {finding["iri"] for finding in json.loads(out)["findings"]} == {None, "urn:x#a"}


def test_both_engines_name_what_they_find_alike(check: Callable[..., Done]) -> None:
    found = [
        json.loads(check("--engine", engine, "-f", "json").out)["findings"] for engine in ("sets", "pyshacl")
    ]
    shapes = [{(each["shape"], each["component"]) for each in findings} for findings in found]
    assert shapes[0] - shapes[1] == {("urn:x#s/property(<urn:x#p>)", "Datatype")}
    assert shapes[1] <= shapes[0]


def test_sarif_lists_the_shapes_that_found_something(
    check: Callable[..., Done], sarif_faults: Callable[[str], list[str]]
) -> None:
    done = check("-f", "sarif")
    assert sarif_faults(done.out) == []
    (ran,) = json.loads(done.out)["runs"]
    rules = [rule["id"] for rule in ran["tool"]["driver"]["rules"]]
    assert set(rules) == {result["ruleId"] for result in ran["results"]}
    assert set(rules) < ADDRESSES
    assert len(rules) == len(set(rules))
