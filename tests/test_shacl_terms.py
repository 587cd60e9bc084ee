"""Names that SHACL does not have, shapes that ask for nothing, and what is broken: told alike by every engine."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pyshacl
import pytest
from pyoxigraph import RdfFormat, parse

from apgraph.cli.entry import run
from apgraph.resources import resource_folder
from apgraph.shacl import load_shapes, show_sparql, validate
from apgraph.shacl.report import SH
from apgraph.shacl.terms import KNOWN_NAMES, KNOWN_PROPERTIES, LATER, NOT_HERE, untold_terms
from apgraph.store import OxigraphStore

if TYPE_CHECKING:
    from collections.abc import Callable

    from apgraph.shacl import Report

PREFIXES = """PREFIX : <urn:x#> PREFIX sh: <http://www.w3.org/ns/shacl#> PREFIX dash: <http://datashapes.org/dash#>
"""
TARGET = ":s a sh:NodeShape ; sh:targetClass :A ; "
ENGINES = ("sets", "pyshacl", "both")
DATA = ':a a :A ; :p "x" .'
VOCABULARIES = Path(pyshacl.__file__).parent / "assets"

SLIPS = {
    "a constraint": (TARGET + "sh:property [ sh:path :p ; sh:minimumCount 2 ] .", "minimumCount", "minCount"),
    "a target": (":s a sh:NodeShape ; sh:targetClas :A ; sh:nodeKind sh:IRI .", "targetClas", "targetClass"),
    "letter case": (TARGET + "sh:MinCount 2 .", "MinCount", "minCount"),
    "a property of shapes": (TARGET + "sh:serverity sh:Warning .", "serverity", "severity"),
    "a severity": (TARGET + "sh:severity sh:Violaton .", "Violaton", "Violation"),
    "a class": (":s a sh:NodeShap ; sh:targetClass :A .", "NodeShap", "NodeShape"),
    "an inner shape": (TARGET + 'sh:not [ sh:patern "x" ] .', "patern", "pattern"),
    "a query": (TARGET + 'sh:sparql [ sh:selct "SELECT" ; sh:deactivated true ] .', "selct", "select"),
    "nothing like it": (TARGET + "sh:xyzzy 1 .", "xyzzy", None),
}
NOT_IMPLEMENTED = {
    "a rule": (TARGET + "sh:rule [ a sh:TripleRule ; sh:subject sh:this ] .", "sh:rule", "Advanced Features"),
    "a target of another kind": (TARGET + "sh:target [ a sh:SPARQLTarget ] .", "sh:target", "Advanced"),
    "an expression": (TARGET + "sh:expression [ sh:exists :p ] .", "sh:expression", "Advanced Features"),
    "a script": (TARGET + "sh:js [ a sh:JSConstraint ] .", "sh:js", "JavaScript"),
    "a constraint of 1.2": (TARGET + "sh:singleLine true .", "sh:singleLine", "SHACL 1.2"),
    "a severity of 1.2": (TARGET + "sh:severity sh:Debug .", "sh:Debug", "SHACL 1.2"),
    "a constraint of DASH": (TARGET + "dash:singleLine true .", "dash#singleLine", "DASH"),
    "inference": (
        "<> sh:entailment <http://www.w3.org/ns/entailment/RDFS> . " + TARGET + "sh:nodeKind sh:IRI .",
        "entailment/RDFS",
        "none is drawn",
    ),
}
KNOWN = {
    "what says something only": TARGET
    + "sh:intent 'x'@en ; sh:codeIdentifier 'x' ; sh:name 'n' ; sh:order 1 .",
    "a parameter of one's own": """:c a sh:ConstraintComponent ; sh:parameter [ sh:path sh:own ] ;
        sh:validator [ sh:ask "ASK { $this ?p $own }" ] . """
    + TARGET
    + "sh:own 'x' .",
    "a component of DASH that is there": """dash:C a sh:ConstraintComponent ; sh:parameter [ sh:path dash:stem ] ;
        sh:validator [ sh:ask "ASK { FILTER(isIRI($value)) }" ] . """
    + TARGET
    + "dash:stem 'x' .",
    "terms of the vocabulary as values": TARGET
    + "sh:targetSubjectsOf sh:property ; sh:closed false ; sh:ignoredProperties () .",
    "the namespace itself": "<> <http://www.w3.org/2000/01/rdf-schema#isDefinedBy> sh: . "
    + TARGET
    + "sh:class :A .",
}


def judged(tmp_path: Path, shapes: str, engine: str = "sets", data: str = DATA) -> Report:
    file = tmp_path / "shapes.ttl"
    file.write_text(PREFIXES + shapes, encoding="utf-8")
    store = OxigraphStore()
    store.load((PREFIXES + data).encode(), format=RdfFormat.TURTLE, graph="urn:d", name="data.ttl")
    return validate(store, data_graphs=["urn:d"], shapes=[file], engine=engine)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", SLIPS)
def test_a_name_that_shacl_does_not_have_is_told_with_the_nearest(
    tmp_path: Path, name: str, engine: str
) -> None:
    text, term, nearest = SLIPS[name]
    report = judged(tmp_path, text, engine)
    told = next(each for each in report.unchecked if each.component == SH + term)
    assert told.is_slip
    assert str(told).startswith(f"{tmp_path / 'shapes.ttl'}: ")
    assert "shape <urn:x#s>" in told.where
    assert f"SHACL has no sh:{term}," in told.reason
    assert told.reason.endswith("so it is ignored" if nearest is None else f"did you mean sh:{nearest}?")
    assert not report.conforms


@pytest.mark.parametrize("name", NOT_IMPLEMENTED)
def test_what_other_parts_of_shacl_have_is_told_as_not_implemented(tmp_path: Path, name: str) -> None:
    text, term, part = NOT_IMPLEMENTED[name]
    (told,) = judged(tmp_path, text).unchecked
    assert not told.is_slip
    assert term in told.reason
    assert part in told.reason


@pytest.mark.parametrize("name", KNOWN)
def test_what_is_known_is_not_told(tmp_path: Path, name: str) -> None:
    assert judged(tmp_path, KNOWN[name]).unchecked == ()


def test_no_name_of_the_vocabulary_is_a_slip() -> None:
    names = {
        term.value.removeprefix(SH).partition("-")[0]
        for quad in parse(path=VOCABULARIES / "shacl.ttl", format=RdfFormat.TURTLE)
        for term in (quad.subject, quad.predicate, quad.object)
        if str(term).startswith(f"<{SH}")
    }
    assert names - KNOWN_NAMES - KNOWN_PROPERTIES - LATER - NOT_HERE.keys() == {""}
    assert not (KNOWN_NAMES | KNOWN_PROPERTIES) & (LATER | NOT_HERE.keys())


@pytest.mark.parametrize("file", ["shacl.ttl", "shacl-shacl.ttl", "dash.ttl"])
def test_nothing_is_told_of_published_vocabularies(file: str) -> None:
    assert untold_terms(load_shapes([VOCABULARIES / file])) == ()


def test_nothing_is_told_of_the_rules_of_this_project() -> None:
    assert untold_terms(load_shapes([resource_folder("shapes")])) == ()


# -- exit codes and words


class Done(NamedTuple):
    code: int
    out: str
    err: str


@pytest.fixture
def check(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Callable[..., Done]:
    """Validate data by shapes, both given as text, by the command line."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "400")

    def done(shapes: str, *options: str, data: str = DATA) -> Done:
        Path("shapes.ttl").write_text(PREFIXES + shapes, encoding="utf-8")
        Path("data.ttl").write_text(PREFIXES + data, encoding="utf-8")
        capsys.readouterr()
        return Done(run(("validate", "data.ttl", "--shapes", "shapes.ttl", *options)), *capsys.readouterr())

    return done


CASES = {
    "a slip": (SLIPS["a constraint"][0], (3, 1), "has no sh:minimumCount"),
    "not implemented": (TARGET + "sh:singleLine true .", (3, 3), "is of SHACL 1.2"),
    "no shape": (":a :b :c .", (3, 1), "there is no shape in it, so nothing is checked"),
    "no target": (":s a sh:NodeShape ; sh:nodeKind sh:IRI .", (3, 1), "no shape in it has a target"),
    "an expression": (
        TARGET + 'sh:property [ sh:path :p ; sh:pattern "[a" ] .',
        (3, 3),
        "regular expression",
    ),
    "within another": (TARGET + 'sh:not [ sh:not [ sh:pattern "[a" ] ] .', (3, 3), "regular expression"),
    "in a list": (TARGET + 'sh:or ( [ sh:class :B ] [ sh:pattern "[a" ] ) .', (3, 3), "regular expression"),
    "by a node shape": (TARGET + 'sh:node :t . :t sh:pattern "[a" .', (3, 3), "regular expression"),
    "counted": (
        TARGET
        + 'sh:property [ sh:path :p ; sh:qualifiedMinCount 3 ; sh:qualifiedValueShape [ sh:pattern "[a" ] ] .',
        (3, 3),
        "regular expression",
    ),
    "a service": (
        TARGET + 'sh:sparql [ sh:select "SELECT $this { SERVICE <http://127.0.0.1:9/> { $this ?p ?o } }" ] .',
        (3, 3),
        "its SPARQL uses SERVICE",
    ),
    "a prefix": (
        TARGET + 'sh:sparql [ sh:select "SELECT $this { $this ex:p 1 }" ] .',
        (3, 3),
        "the prefix 'ex'",
    ),
    "a component": (
        """:c a sh:ConstraintComponent ; sh:parameter [ sh:path :own ] ;
        sh:validator [ sh:ask "ASK { SERVICE <http://127.0.0.1:9/> { $this ?p $own } }" ] . """
        + TARGET
        + ":own 1 .",
        (3, 3),
        "its SPARQL uses SERVICE",
    ),
    "ill-formed": (TARGET + "sh:class 1 .", (2, 2), "sh:class needs an IRI"),
    "ill-formed, seen late": (TARGET + "sh:minInclusive :x .", (2, 2), "sh:minInclusive needs a literal"),
}


@pytest.mark.parametrize("name", CASES)
def test_every_engine_ends_alike_and_says_the_same(check: Callable[..., Done], name: str) -> None:
    shapes, codes, reason = CASES[name]
    for strict, code in zip(((), ("--strict",)), codes, strict=True):
        ended = {check(shapes, "--engine", engine, *strict) for engine in ENGINES}
        assert len(ended) == 1, ended
        (done,) = ended
        assert done.code == code
        assert reason in done.err
        assert "Nothing found" not in done.out
        if code != 2:
            assert done.out.startswith(
                "Not everything could be checked: 1 part of the rules says nothing here ("
            )


def test_what_is_not_checked_stands_beside_what_is_found(check: Callable[..., Done]) -> None:
    shapes = TARGET + 'sh:property [ sh:path :p ; sh:pattern "[a" ; sh:maxLength 0 ] .'
    for engine in ENGINES:
        done = check(shapes, "--engine", engine)
        assert done.code == 1
        assert done.out.startswith("Found 1 violation, and not everything could be checked: 1 part ")


def test_what_only_pyshacl_cannot_run_is_not_compared(check: Callable[..., Done]) -> None:
    shapes = (
        TARGET
        + """sh:property [ sh:path [ sh:inversePath [ sh:inversePath :p ] ] ; sh:sparql
        [ sh:select "SELECT $this ?value { $this $PATH ?value }" ] ] ."""
    )
    ended = {engine: check(shapes, "--engine", engine) for engine in ENGINES}
    assert {engine: done.code for engine, done in ended.items()} == {"sets": 1, "pyshacl": 3, "both": 1}
    assert "nothing is compared: shapes.ttl: shape <urn:x#s>: pySHACL cannot run it" in ended["both"].err


def test_a_number_that_pyshacl_cannot_compare_stops_no_other_engine(check: Callable[..., Done]) -> None:
    shapes = TARGET + "sh:property [ sh:path :p ; sh:maxExclusive 1.0 ] ."
    data = ':a a :A ; :p "NaN"^^<http://www.w3.org/2001/XMLSchema#double> .'
    ended = {engine: check(shapes, "--engine", engine, data=data) for engine in ENGINES}
    assert {engine: done.code for engine, done in ended.items()} == {"sets": 1, "pyshacl": 3, "both": 1}
    assert "nothing is compared: " in ended["both"].err
    assert "pySHACL cannot run it: a value can't be compared (InvalidOperation)" in ended["both"].err


def test_an_expression_that_only_one_engine_takes_is_told_by_both(check: Callable[..., Done]) -> None:
    shapes = TARGET + r'sh:property [ sh:path :p ; sh:pattern "^\\p{L}$" ] .'
    ended = {engine: check(shapes, "--engine", engine) for engine in ENGINES}
    assert {engine: done.code for engine, done in ended.items()} == {"sets": 0, "pyshacl": 3, "both": 3}
    assert "by pyshacl: " in ended["both"].err


def test_what_met_nothing_is_named_with_what_it_asks(check: Callable[..., Done]) -> None:
    shapes = """:s sh:targetClass :A ; sh:property [ sh:path :q ; sh:pattern "a" ; sh:maxLength 3 ], [ sh:path :p ; sh:minCount 1 ] .
        :v sh:targetSubjectsOf :pp ; sh:nodeKind sh:IRI ; sh:property [ sh:path :p ; sh:class :B ] ."""
    (done,) = {check(shapes, "--strict", "--engine", engine) for engine in ENGINES}
    assert done.code == 1
    assert done.err.splitlines() == [
        "shapes.ttl: shape <urn:x#v>: no node has the property <urn:x#pp>, and nothing says what it is; did you mean <urn:x#p>?",
        "shapes.ttl: an unnamed shape on <urn:x#p> in shape <urn:x#v>: it looked at no node of the data, so Class judged nothing",
        "shapes.ttl: shape <urn:x#v>: it looked at no node of the data, so NodeKind judged nothing",
        "shapes.ttl: an unnamed shape on <urn:x#q> in shape <urn:x#s>: no node has a value for it, so MaxLength, Pattern "
        "judged nothing; nothing knows the property <urn:x#q>, check its spelling",
    ]


def test_a_value_is_said_unless_it_is_quoted(check: Callable[..., Done]) -> None:
    shapes = """:s sh:targetClass :A ; sh:property [ sh:path :p ; sh:nodeKind sh:IRI ],
        [ sh:path :q ; sh:in () ; sh:message "This is a value, not 'x'." ], [ sh:path :r ; sh:sparql
        [ sh:message "There is {?value} here." ; sh:select "SELECT $this ?value { $this $PATH ?value }" ] ] ."""
    done = check(shapes, "-f", "json", data=':a a :A ; :p "value", "is", "sh" ; :q "a", "x" ; :r "here" .')
    assert {finding["message"] for finding in json.loads(done.out)["findings"]} == {
        *(f"{value!r}: the value is not of kind sh:IRI" for value in ("value", "is", "sh")),
        "'a': This is a value, not 'x'.",
        "This is a value, not 'x'.",
        "There is here here.",
    }


def test_tables_say_what_a_value_is_and_what_it_did_not_keep(check: Callable[..., Done]) -> None:
    shapes = TARGET + "sh:property [ sh:path ( :q :p ) ; sh:in () ; sh:severity :Grave ] ."
    data = ':a a :A ; :q [ :p 1, "1"^^<http://www.w3.org/2001/XMLSchema#byte>, "1", "1"@en, <1>, [] ] .'
    told = json.loads(check(shapes, "-f", "json", data=data).out)["findings"]
    integer = "<http://www.w3.org/2001/XMLSchema#"
    terms = {f'"1"^^{integer}integer>', f'"1"^^{integer}byte>', '"1"', '"1"@en', "[]"}
    assert {each["value_term"] for each in told} - {"[]"} >= terms - {"[]"}
    assert len({each["value_term"] for each in told}) == 6
    assert {each["path"] for each in told} == {"<urn:x#q>/<urn:x#p>"}
    assert {each["severity_iri"] for each in told} == {"urn:x#Grave"}
    rows = list(csv.DictReader(io.StringIO(check(shapes, "-f", "csv", data=data).out)))
    assert {row["value_term"] for row in rows} == {each["value_term"] for each in told}
    assert {(row["component"], row["path"]) for row in rows} == {("In", "<urn:x#q>/<urn:x#p>")}
    assert (
        "VIOLATION what is asked of <urn:x#q>/<urn:x#p> (severity Grave) (6 times)"
        in check(shapes, data=data).out
    )


# -- unnamed shapes by name


def test_queries_are_shown_with_names_that_are_the_same_in_every_run(tmp_path: Path) -> None:
    file = tmp_path / "shapes.ttl"
    file.write_text(
        PREFIXES
        + TARGET
        + """sh:property [ sh:path :p ; sh:minCount 1 ; sh:maxCount 2 ], [ sh:path ( :p [ sh:inversePath :q ] ) ;
        sh:node :t ; sh:sparql [ sh:select "SELECT $this { $this ?p $currentShape }" ] ] .
        :t sh:property [ sh:path :q ; sh:class :B ] .""",
        encoding="utf-8",
    )
    shown = [show_sparql(OxigraphStore(), load_shapes([file]), graphs=[""]) for _ in range(4)]
    assert len(set(shown)) == 1
    titles = [query.partition("\n")[0] for query in shown[0]]
    path = "<urn:x#p>/(^<urn:x#q>)"
    assert titles == [
        "# MaxCountConstraintComponent of an unnamed shape on <urn:x#p> in shape <urn:x#s>",
        "# MinCountConstraintComponent of an unnamed shape on <urn:x#p> in shape <urn:x#s>",
        f"# NodeConstraintComponent of an unnamed shape on {path} in shape <urn:x#s>",
        f"# SPARQLConstraintComponent of an unnamed shape on {path} in shape <urn:x#s>",
    ]
    assert "_:" not in "".join(shown[0])
