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
    "an operator beside another": (
        TARGET + "sh:property [ sh:path [ sh:inversePath :p ; sh:zeroOrMorePath :q ] ; sh:minCount 1 ] .",
        "sh:inversePath and sh:zeroOrMorePath at one node",
    ),
    "a path of no steps": (TARGET + "sh:property [ sh:path () ; sh:minCount 1 ] .", "fewer than two paths"),
    "a text for a switch": (TARGET + 'sh:closed "true" .', "sh:closed needs true or false"),
    "a number for a switch": (TARGET + "sh:deactivated 1 .", "sh:deactivated needs true or false"),
    "a switch both ways": (TARGET + "sh:closed true, false .", "sh:closed is given 2 times"),
    "two kinds": (TARGET + "sh:nodeKind sh:IRI, sh:Literal .", "sh:nodeKind is given 2 times"),
    "a number for an expression": (TARGET + "sh:pattern 5 .", "sh:pattern needs a text in quotes"),
    "an IRI for a message": (TARGET + "sh:message :m .", "sh:message needs a text in quotes"),
    "a count in quotes": (TARGET + 'sh:property [ sh:path :p ; sh:minCount "1" ] .', "whole number, not '1'"),
    "an unnamed class to target": (
        ":s sh:targetClass [] ; sh:targetNode <urn:x#s> .",
        "targetClass needs an IRI",
    ),
    "an unnamed node to target": (":s sh:targetNode [] .", "needs an IRI or a literal, not a blank node"),
    "a prefix of two namespaces": (
        """:o sh:declare [ sh:prefix "x" ; sh:namespace "urn:x#"^^xsd:anyURI ],
        [ sh:prefix "x" ; sh:namespace "urn:y#"^^xsd:anyURI ] . """
        + TARGET
        + 'sh:sparql [ sh:prefixes :o ; sh:select "SELECT $this { $this x:p 1 }" ] .',
        "two namespaces of the prefix 'x'",
    ),
    "a path where a node shape belongs": (
        TARGET + "sh:node [ sh:path :p ; sh:minCount 1 ] .",
        "sh:node leads to a shape that has sh:path",
    ),
    "a shape within itself": (TARGET + "sh:not :s .", "refers to itself"),
}
BROKEN = {
    "no expression": (TARGET + 'sh:pattern "[a" .', "is no regular expression"),
    "an unknown flag": (TARGET + 'sh:pattern "a" ; sh:flags "w" .', "'w'"),
    "no query": (TARGET + 'sh:sparql [ sh:select "SELECT $this WHERE {" ] .', "does not parse"),
    "another form of query": (TARGET + 'sh:sparql [ sh:select "ASK { $this ?p 1 }" ] .', "is an ASK query"),
    "a shape that is not there": (TARGET + "sh:node :tt .", "the shape <urn:x#tt>, of which nothing is said"),
    "a shape that is not there in a list": (TARGET + "sh:or ( :t :tt ) .", "did you mean <urn:x#t>?"),
    "so many values without a number": (
        TARGET + "sh:property [ sh:path :p ; sh:qualifiedValueShape :t ] .",
        "sh:qualifiedValueShape asks for nothing without sh:qualifiedMinCount or sh:qualifiedMaxCount",
    ),
    "a count without a shape": (
        TARGET + "sh:property [ sh:path :p ; sh:qualifiedMaxCount 0 ] .",
        "sh:qualifiedMaxCount asks for nothing without sh:qualifiedValueShape",
    ),
    "flags without an expression": (
        TARGET + 'sh:flags "i" .',
        "sh:flags asks for nothing without sh:pattern",
    ),
    "properties to ignore in an open shape": (
        TARGET + "sh:ignoredProperties ( :p ) .",
        "sh:ignoredProperties asks for nothing without sh:closed",
    ),
    "a query that says it failed": (
        TARGET + 'sh:sparql [ sh:select "SELECT $this ?failure { $this ?p ?o BIND(true AS ?failure) }" ] .',
        "its SPARQL says by ?failure that it could not judge",
    ),
    "a query in a shape that may fail": (
        TARGET
        + 'sh:not [ sh:sparql [ sh:select "SELECT $this ?failure { $this ?p ?o BIND(1 AS ?failure) }" ] ] .',
        "may say by ?failure that it can't judge",
    ),
    **{
        f"a parameter named {name}": (
            f":c a sh:ConstraintComponent ; sh:parameter [ sh:path <urn:y#{name}> ] ; "
            f'sh:validator [ sh:ask "ASK {{ }}" ] . {TARGET} <urn:y#{name}> 1 .',
            f"a parameter of <urn:x#c> is named {name}, which SHACL keeps for itself",
        )
        for name in ("this", "shapesGraph", "currentShape", "path", "PATH", "value")
    },
    "a SELECT query for every kind of shape": (
        ":c a sh:ConstraintComponent ; sh:parameter [ sh:path :own ] ; "
        f'sh:validator [ sh:select "SELECT $this {{ $this ?p $own }}" ] . {TARGET} :own 1 .',
        "the sh:validator of <urn:x#c> is a SELECT query, and has to be ASK",
    ),
    "an undeclared prefix": (
        TARGET + 'sh:sparql [ sh:select "SELECT $this WHERE { $this ex:p 1 }" ] .',
        "the prefix 'ex'",
    ),
}
ALIKE = ("another form of query", "a shape that is not there", "a shape that is not there in a list")
"""What pySHACL can go on from; it stops at the others."""


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
    other = (
        validate(data(), data_graphs=["urn:test:data"], shapes=[file], engine="pyshacl")
        if name in ALIKE
        else report
    )
    assert [str(each) for each in other.unchecked] == [str(each) for each in report.unchecked]
    (unchecked,) = report.unchecked
    assert re.search(rf"shapes\.{syntax}: .*<urn:x#s>.*{re.escape(reason)}", str(unchecked)), str(unchecked)
    assert [str(finding.source_shape) for finding in report] == ["<urn:x#t>"]
    assert not report.conforms


@pytest.mark.parametrize(
    ("count", "found"), [("minCount", 1), ("maxCount", 0), ("minLength", 1), ("maxLength", 0)]
)
def test_a_number_that_nothing_reaches_is_a_limit(tmp_path: Path, count: str, found: int) -> None:
    text = TARGET + f"sh:property [ sh:path :p ; sh:{count} 999999999999999999999999999999 ] ."
    for engine in ("sets", "pyshacl"):
        file = written(tmp_path, text, "ttl")
        report = validate(data(), data_graphs=["urn:test:data"], shapes=[file], engine=engine)
        assert (len(report), report.unchecked) == (found, ())


def test_a_long_list_is_read(tmp_path: Path) -> None:
    many = " ".join(map(str, range(2, 3000)))
    text = TARGET + f"sh:property [ sh:path :p ; sh:in ( {many} ) ], [ sh:path :p ; sh:in ( 1 {many} ) ] ."
    report = validate(data(), data_graphs=["urn:test:data"], shapes=[written(tmp_path, text, "ttl")])
    assert [finding.component_name for finding in report] == ["In"]
