"""Random shapes on random data, over every component, path and target: both engines must find the same."""

from __future__ import annotations

import os
import re
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from pyoxigraph import RdfFormat

from apgraph.errors import NotFinishedError
from apgraph.shacl import Report, Shapes, comparison, validate
from apgraph.store import OxigraphStore

PREFIXES = """
PREFIX : <urn:x:> PREFIX sh: <http://www.w3.org/ns/shacl#> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
"""
# Constraint components of one's own, with each kind of validator.
COMPONENTS = """
PREFIX own: <http://x.test/>
<urn:x:> sh:declare [ sh:prefix "x" ; sh:namespace "urn:x:"^^xsd:anyURI ] .
:LonelyComponent a sh:ConstraintComponent ; sh:parameter [ sh:path own:lonely ] ;
  sh:validator [ a sh:SPARQLAskValidator ; sh:prefixes <urn:x:> ; sh:message "Not alone with {$lonely}." ;
    sh:ask "ASK { FILTER NOT EXISTS { ?other $lonely $value FILTER(?other != $this) } }" ] .
:LongComponent a sh:ConstraintComponent ; sh:parameter [ sh:path own:long ], [ sh:path own:mark ; sh:optional true ] ;
  sh:validator [ a sh:SPARQLAskValidator ; sh:message "Too short: {?value}." ;
    sh:ask "ASK { FILTER(isBlank($value) || STRLEN(STR($value)) > $long || (bound($mark) && CONTAINS(STR($value), $mark))) }" ] .
:LoopComponent a sh:ConstraintComponent ; sh:parameter [ sh:path own:loop ] ;
  sh:nodeValidator [ a sh:SPARQLSelectValidator ; sh:select "SELECT $this WHERE { $this $loop $this }" ] ;
  sh:propertyValidator [ a sh:SPARQLSelectValidator ; sh:message "{?value} leads back." ;
    sh:select "SELECT DISTINCT $this ?value WHERE { $this $PATH ?value . ?value $loop $this }" ] .
"""

NODES = [":a", ":b", ":c", ":d", "_:e", "_:f"]
NAMED = [":a", ":b", ":c", ":d", ":nowhere"]
PROPERTIES = [":p", ":q", ":r"]
CLASSES = [":A", ":B", ":C"]
LITERALS = [
    "1",
    "2",
    "10",
    '"01"^^xsd:integer',
    '"1"^^xsd:byte',
    '"300"^^xsd:byte',
    '"-5"^^xsd:positiveInteger',
    '"7"^^xsd:positiveInteger',
    "1.5",
    '"1.50"^^xsd:decimal',
    '"abc"^^xsd:integer',
    "true",
    '"1"^^xsd:boolean',
    '"2021-02-28"^^xsd:date',
    '"2021-02-30"^^xsd:date',
    '"2021-02-28T10:00:00"^^xsd:dateTime',
    '"x"',
    '"xy"',
    '"abc"',
    '"X"@en',
    '"y"@en',
    '"z"@de',
    '"x"@en-gb',
    '""',
    '"x"^^:own',
]
DATATYPES = [
    "xsd:integer",
    "xsd:byte",
    "xsd:positiveInteger",
    "xsd:decimal",
    "xsd:string",
    "xsd:boolean",
    "xsd:date",
    "rdf:langString",
    ":own",
]

# Properties whose values SPARQL can compare, each with a second one of the same sort, and limits for them.
SORTS = {
    "n": ["1", "2", "10", "1.5", '"01"^^xsd:integer', '"7"^^xsd:positiveInteger', "2.0e0", '"-5"^^xsd:long'],
    "d": ['"2021-02-28"^^xsd:date', '"2021-03-01"^^xsd:date', '"1999-12-31"^^xsd:date'],
    "m": ['"2021-02-28T10:00:00"^^xsd:dateTime', '"2021-02-28T09:59:59.5"^^xsd:dateTime'],
    "t": ["true", "false"],
    "w": ['"a"', '"b"', '"ab"', '"B"', '""'],
}
# Solutions that are alike are one to pySHACL; see docs/reference/shacl.md.
QUERIES = [
    "SELECT DISTINCT $this ?value WHERE { $this x:p ?value }",
    "SELECT DISTINCT $this WHERE { $this x:q ?o FILTER NOT EXISTS { ?o x:p $this } }",
    "SELECT DISTINCT $this ?value WHERE { { $this x:p ?value } UNION { ?value x:q $this } }",
    "SELECT DISTINCT $this ?value ?path WHERE { $this ?path ?value FILTER(?path IN (x:q, x:r)) }",
    "SELECT DISTINCT $this ?value WHERE { $this x:p ?o OPTIONAL { $this x:r ?value } FILTER(isLiteral(?o)) }",
    "SELECT DISTINCT $this ?value WHERE { { SELECT $this (COUNT(?o) AS ?value) WHERE { $this x:q ?o } GROUP BY $this } FILTER(?value > 1) }",
    "SELECT DISTINCT $this ?value WHERE { $this x:q ?o BIND(CONCAT('via ', STR(isIRI(?o))) AS ?value) }",
    "SELECT DISTINCT $this WHERE { FILTER(isBlank($this)) }",
    "SELECT DISTINCT $this WHERE { $this x:p|^x:q ?o . { ?o x:r ?o2 } FILTER EXISTS { $this a ?class } }",
]
PATH_QUERIES = [
    "SELECT DISTINCT $this ?value WHERE { $this $PATH ?value FILTER(isIRI(?value)) }",
    "SELECT DISTINCT $this WHERE { FILTER NOT EXISTS { $this $PATH ?value FILTER(?value != $this) } }",
    "SELECT DISTINCT $this ?value WHERE { $this $PATH ?value FILTER EXISTS { ?value $PATH ?again } }",
]

NOTHING = "its SPARQL can follow a path of no steps from a node that is not in the data"
LONG = "its path makes a query that is too long, over literals that the store keeps in another form"

literals = st.sampled_from(LITERALS)
terms = st.one_of(st.sampled_from(NODES), literals)
constants = st.one_of(st.sampled_from(NAMED), literals)
properties = st.sampled_from(PROPERTIES)


def _joined(items: st.SearchStrategy[list[str]]) -> st.SearchStrategy[str]:
    return items.map(lambda each: "( " + " ".join(each) + " )")


paths = st.recursive(
    properties,
    lambda inner: st.one_of(
        # pySHACL does not turn sequences round; see docs/reference/shacl.md.
        inner.filter(lambda path: not re.search(r"(?<!alternativePath )\( ", path)).map(
            lambda path: f"[ sh:inversePath {path} ]"
        ),
        inner.map(lambda path: f"[ sh:zeroOrMorePath {path} ]"),
        inner.map(lambda path: f"[ sh:oneOrMorePath {path} ]"),
        inner.map(lambda path: f"[ sh:zeroOrOnePath {path} ]"),
        _joined(st.lists(inner, min_size=2, max_size=3)),
        _joined(st.lists(inner, min_size=2, max_size=3)).map(lambda each: f"[ sh:alternativePath {each} ]"),
    ),
    max_leaves=4,
)

_pieces = st.one_of(
    st.sampled_from(CLASSES).map(lambda c: f"sh:class {c}"),
    st.sampled_from(DATATYPES).map(lambda d: f"sh:datatype {d}"),
    st.sampled_from(
        ["IRI", "BlankNode", "Literal", "BlankNodeOrIRI", "BlankNodeOrLiteral", "IRIOrLiteral"]
    ).map(lambda kind: f"sh:nodeKind sh:{kind}"),
    st.integers(1, 3).map(lambda n: f"sh:minLength {n}"),
    st.integers(0, 3).map(lambda n: f"sh:maxLength {n}"),
    st.sampled_from(["^[0-9]$", "x", "^X$", "b$", "^[^x]", "(.)1", "(.)\\\\1"]).map(
        lambda r: f'sh:pattern "{r}"'
    ),
    st.sampled_from(["^X$", "^a.c"]).map(lambda r: f'sh:pattern "{r}" ; sh:flags "i"'),
    _joined(st.lists(st.sampled_from(['"en"', '"de"', '"en-GB"']), max_size=2)).map(
        lambda each: f"sh:languageIn {each}"
    ),
    properties.map(lambda p: f"sh:equals {p}"),
    properties.map(lambda p: f"sh:disjoint {p}"),
    constants.map(lambda term: f"sh:hasValue {term}"),
    _joined(st.lists(constants, min_size=1, max_size=3, unique=True)).map(lambda each: f"sh:in {each}"),
    properties.map(lambda p: f"own:lonely {p}"),
    st.sampled_from(["own:long 1", 'own:long 2 ; own:mark "b"', "own:long 4"]),
    properties.map(lambda p: f"own:loop {p}"),
    st.lists(properties, max_size=2).map(
        lambda each: f"sh:closed true ; sh:ignoredProperties ( rdf:type {' '.join(each)} )"
    ),
    st.tuples(
        st.sampled_from(QUERIES),
        st.sampled_from(["", ' ; sh:message "{?value} of {$this}."', " ; sh:deactivated true"]),
    )
    .filter(lambda both: "?value" in both[0] or "?value" not in both[1])
    .map(lambda both: f'sh:sparql [ sh:prefixes <urn:x:> ; sh:select "{both[0]}"{both[1]} ]'),
)
_of_properties = st.one_of(
    st.integers(0, 2).map(lambda n: f"sh:minCount {n}"),
    st.integers(0, 3).map(lambda n: f"sh:maxCount {n}"),
    st.just("sh:uniqueLang true"),
    st.sampled_from(PATH_QUERIES).map(lambda q: f'sh:sparql [ sh:select "{q}" ]'),
)
_notes = st.lists(
    st.sampled_from(
        [
            "sh:severity sh:Warning",
            "sh:severity sh:Info",
            'sh:message "No."@en, "Nein."@de',
            'sh:message "Plain"',
            "sh:deactivated true",
            "sh:deactivated false",
            "sh:severity :own",
        ]
    ),
    max_size=1,
)
_range_names = ["minExclusive", "minInclusive", "maxExclusive", "maxInclusive"]


def _compared_of(sort: str) -> st.SearchStrategy[str]:
    """Property shapes that compare values: only such as can be compared; docs/reference/shacl.md has the others."""
    one, other = f":{sort}", f":{sort}2"
    limits = st.tuples(st.sampled_from(_range_names), st.sampled_from(SORTS[sort])).map(
        lambda pair: f"sh:{pair[0]} {pair[1]}"
    )
    pairs = st.sampled_from(["lessThan", "lessThanOrEquals", "equals", "disjoint"]).map(
        lambda name: f"sh:{name} {other}"
    )
    steps = [
        one,
        f"[ sh:alternativePath ( {one} {other} ) ]",
        f"( :p {one} )",
        f"( [ sh:inversePath :q ] {one} )",
    ]
    return st.tuples(
        st.sampled_from(steps), st.lists(st.one_of(limits, pairs), min_size=1, max_size=2), _notes
    ).map(lambda three: _shape([f"sh:path {three[0]}", *three[1], *three[2]]))


_compared = st.one_of(*map(_compared_of, SORTS))


def _shape(parts: list[str]) -> str:
    # One value of each parameter that takes only one.
    seen: dict[str, str] = {}
    for part in parts:
        seen.setdefault(part.split(" ")[0], part)
    return "[ " + " ; ".join(seen.values()) + " ]"


def _grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    node = inner.filter(lambda shape: "sh:path" not in shape.split("[")[1])
    lists = _joined(st.lists(inner, min_size=1, max_size=3))
    combined = st.one_of(
        inner.map(lambda s: f"sh:not {s}"),
        lists.map(lambda each: f"sh:and {each}"),
        lists.map(lambda each: f"sh:or {each}"),
        lists.map(lambda each: f"sh:xone {each}"),
        node.map(lambda s: f"sh:node {s}"),
        _property(st.one_of(_pieces, _of_properties)).map(lambda s: f"sh:property {s}"),
        _compared.map(lambda s: f"sh:property {s}"),
    )
    qualified = st.tuples(inner, st.integers(0, 2), st.integers(0, 2), st.booleans()).map(
        lambda q: (
            f"sh:qualifiedValueShape {q[0]} ; sh:qualifiedMinCount {q[1]} ; sh:qualifiedMaxCount {q[2]}"
            + (" ; sh:qualifiedValueShapesDisjoint true" if q[3] else "")
        )
    )
    return st.one_of(
        st.tuples(st.lists(st.one_of(_pieces, combined), min_size=1, max_size=2), _notes).map(
            lambda both: _shape([*both[0], *both[1]])
        ),
        _property(st.one_of(_pieces, _of_properties, combined, qualified)),
    )


def _property(pieces: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.tuples(paths, st.lists(pieces, min_size=1, max_size=2), _notes).map(
        lambda three: _shape([f"sh:path {three[0]}", *three[1], *three[2]])
    )


inner_shapes = st.recursive(
    st.one_of(
        st.tuples(st.lists(_pieces, min_size=1, max_size=2), _notes).map(
            lambda both: _shape([*both[0], *both[1]])
        ),
        _property(st.one_of(_pieces, _of_properties)),
        _compared,
    ),
    _grown,
    max_leaves=4,
)

_targets = st.one_of(
    st.sampled_from(CLASSES).map(lambda c: f"sh:targetClass {c}"),
    constants.map(lambda term: f"sh:targetNode {term}"),
    properties.map(lambda p: f"sh:targetSubjectsOf {p}"),
    properties.map(lambda p: f"sh:targetObjectsOf {p}"),
)


_tops = _grown(inner_shapes)
_target_lists = st.lists(_targets, min_size=1, max_size=2)


@st.composite
def shapes(draw: st.DrawFn) -> str:
    """One or two shapes with targets."""
    found = []
    for number in range(draw(st.integers(1, 2))):
        body = draw(_tops)
        targets = " ; ".join(draw(_target_lists))
        kind = "sh:PropertyShape" if body.startswith("[ sh:path") else "sh:NodeShape"
        found.append(f":s{number} a {kind} ; {body[2:-2]} ; {targets} .")
    return PREFIXES + COMPONENTS + "\n".join(found)


@st.composite
def data(draw: st.DrawFn) -> str:
    """A few triples."""
    triples = draw(st.lists(st.tuples(st.sampled_from(NODES), properties, terms), max_size=12))
    types = draw(st.lists(st.tuples(st.sampled_from(NODES), st.sampled_from(CLASSES)), max_size=5))
    lines = [f"{s} {p} {o} ." for s, p, o in triples] + [f"{s} a {c} ." for s, c in types]
    for sort in draw(st.lists(st.sampled_from(sorted(SORTS)), max_size=2)):
        few = st.lists(
            st.tuples(st.sampled_from(NODES), st.sampled_from(["", "2"]), st.sampled_from(SORTS[sort])),
            max_size=4,
        )
        lines += [f"{node} :{sort}{number} {value} ." for node, number, value in draw(few)]
    lines.append(
        draw(
            st.sampled_from(
                ["", ":B rdfs:subClassOf :A .", ":B rdfs:subClassOf :A . :A rdfs:subClassOf :B ."]
            )
        )
    )
    return PREFIXES + "\n".join(lines)


DATA = "urn:test:data"


def read(text: str) -> Shapes:
    store = OxigraphStore()
    store.load(text.encode(), format=RdfFormat.TURTLE, name="shapes.ttl")
    triples = tuple(quad.triple for quad in store.quads())
    return Shapes(triples, ("shapes.ttl",), {})


def disagreements(shapes_text: str, data_text: str) -> list[str]:
    if "sh:sparql" in shapes_text or "own:" in shapes_text.removeprefix(PREFIXES + COMPONENTS):
        # In rdflib a variable that has the empty text is as good as free; see docs/reference/shacl.md.
        # And SPARQL sees literals as the store has them.
        shapes_text, data_text = (
            re.sub(r'"(-?)0*(\d+)(\.\d)?0*"\^\^xsd:(?!b(?=oo))\w+', r"\1\2\3", text)
            .replace('"1"^^xsd:boolean', "true")
            .replace('""', '"void"')
            for text in (shapes_text, data_text)
        )
    store = OxigraphStore()
    store.load(data_text.encode(), format=RdfFormat.TURTLE, graph=DATA, name="data.ttl")
    shapes = read(shapes_text)
    ours = validate(store, data_graphs=[DATA], shapes=shapes, engine="sets")
    try:
        theirs = validate(store, data_graphs=[DATA], shapes=shapes, engine="pyshacl")
    except NotFinishedError as error:
        assume("pySHACL cannot run" not in str(error))
        raise
    assert {each.reason for each in ours.unchecked} <= {NOTHING, LONG}
    found = comparison.disagreements(_of_specification(ours), _of_specification(theirs), shapes)
    own = _of_own(ours) ^ _of_own(theirs)
    skipped = {(each.component, each.shape) for each in ours.unchecked}
    return [*map(str, found), *sorted(str(row) for row in own if (row[0], row[3]) not in skipped)]


def _of_specification(report: Report) -> Report:
    return replace(report, findings=tuple(f for f in report if not f.component.startswith("urn:x:")))


def _of_own(report: Report) -> set[tuple[object, ...]]:
    # pySHACL leaves out values, runs a SELECT once for each value and mixes messages; see docs/reference/shacl.md.
    return {
        (f.component, f.focus_node, f.path_text, f.source_shape, f.severity_iri)
        for f in report
        if f.component.startswith("urn:x:")
    }


# It shows the strategies, which are large, for some of its messages.
@pytest.mark.filterwarnings("ignore:Generating overly large repr")
@settings(
    max_examples=int(os.environ.get("APGRAPH_EXAMPLES", "1000")),
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
@given(shapes(), data())
def test_the_engines_agree(shapes_text: str, data_text: str) -> None:
    assert disagreements(shapes_text, data_text) == []
