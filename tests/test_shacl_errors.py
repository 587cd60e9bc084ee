"""Shapes with an error are answered by file, shape and reason, in whatever syntax they are written."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from pyoxigraph import RdfFormat, parse, serialize

from apgraph.errors import InputError
from apgraph.shacl import validate
from apgraph.store import OxigraphStore

if TYPE_CHECKING:
    from pathlib import Path

PREFIXES = """PREFIX : <urn:x#> PREFIX sh: <http://www.w3.org/ns/shacl#> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
"""
SYNTAXES = {"ttl": RdfFormat.TURTLE, "jsonld": RdfFormat.JSON_LD, "rdf": RdfFormat.RDF_XML}
TARGET = ":s a sh:NodeShape ; sh:targetSubjectsOf :p ; "

ILL_FORMED = {
    "a list that ends in nothing": (TARGET + "sh:in [ rdf:first 1 ] .", "sh:in needs a list"),
    "a list with two rests": (
        TARGET + "sh:or [ rdf:first :t ; rdf:rest (), ( :t ) ] .",
        "sh:or needs a list",
    ),
    "no list": (TARGET + "sh:languageIn :t .", "sh:languageIn needs a list"),
    "a path with a broken list": (
        TARGET + "sh:property [ sh:path [ rdf:first :p ] ; sh:minCount 1 ] .",
        "path",
    ),
    "two paths": (TARGET + "sh:property [ sh:path :p, :q ; sh:minCount 1 ] .", "2 paths"),
    "no path": (TARGET + "sh:property [ sh:minCount 1 ] .", "no sh:path"),
    "a text for a count": (
        TARGET + 'sh:property [ sh:path :p ; sh:minCount "one" ] .',
        "whole number, not 'one'",
    ),
    "a text for a class": (TARGET + 'sh:class "A" .', "sh:class needs an IRI"),
    "an unnamed datatype": (TARGET + "sh:datatype [] .", "sh:datatype needs an IRI"),
    "an IRI for a limit": (TARGET + "sh:maxInclusive :five .", "sh:maxInclusive needs a literal"),
    "an IRI for an expression": (TARGET + "sh:pattern :five .", "sh:pattern needs a literal"),
    "a misspelt kind": (TARGET + "sh:nodeKind sh:Iri .", "sh:nodeKind does not know"),
    "a shape within itself": (TARGET + "sh:not :s .", "refers to itself"),
}
BROKEN = {
    "no expression": (TARGET + 'sh:pattern "[a" .', "is no regular expression"),
    "an unknown flag": (TARGET + 'sh:pattern "a" ; sh:flags "w" .', "'w'"),
    "no query": (TARGET + 'sh:sparql [ sh:select "SELECT $this WHERE {" ] .', "does not parse"),
    "an undeclared prefix": (
        TARGET + 'sh:sparql [ sh:select "SELECT $this WHERE { $this ex:p 1 }" ] .',
        "the prefix 'ex'",
    ),
}


def written(tmp_path: Path, text: str, syntax: str) -> Path:
    file = tmp_path / f"shapes.{syntax}"
    serialize(
        (quad.triple for quad in parse((PREFIXES + text).encode(), RdfFormat.TURTLE)), file, SYNTAXES[syntax]
    )
    return file


def data() -> OxigraphStore:
    store = OxigraphStore()
    store.load((PREFIXES + ":a :p 1 .").encode(), format=RdfFormat.TURTLE, graph="urn:test:data", name="data")
    return store


@pytest.mark.parametrize("syntax", SYNTAXES)
@pytest.mark.parametrize("name", ILL_FORMED)
def test_what_is_ill_formed_stops_with_one_line(tmp_path: Path, name: str, syntax: str) -> None:
    text, reason = ILL_FORMED[name]
    file = written(tmp_path, text, syntax)
    with pytest.raises(InputError) as raised:
        validate(data(), data_graphs=["urn:test:data"], shapes=[file])
    message = str(raised.value)
    assert re.search(rf"shapes\.{syntax}: .*<urn:x#s>.*{re.escape(reason)}", message), message
    assert "\n" not in message


@pytest.mark.parametrize("syntax", SYNTAXES)
@pytest.mark.parametrize("name", BROKEN)
def test_what_is_broken_in_itself_is_not_checked_and_the_rest_is(
    tmp_path: Path, name: str, syntax: str
) -> None:
    text, reason = BROKEN[name]
    file = written(tmp_path, text + " :t sh:targetSubjectsOf :p ; sh:nodeKind sh:Literal .", syntax)
    report = validate(data(), data_graphs=["urn:test:data"], shapes=[file])
    (unchecked,) = report.unchecked
    assert re.search(rf"shapes\.{syntax}: .*<urn:x#s>.*{re.escape(reason)}", str(unchecked)), str(unchecked)
    assert [str(finding.source_shape) for finding in report] == ["<urn:x#t>"]
    assert not report.conforms
