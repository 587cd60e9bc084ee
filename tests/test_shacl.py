"""Validation of any graph by any shapes: engines, reports, literals, broken shapes."""

from __future__ import annotations

import json
import re
import sys
import threading
import warnings
from pathlib import Path
from typing import Any

import pytest
import rdflib
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse
from rdflib.compare import isomorphic

from apgraph import Graph
from apgraph.cli.entry import run
from apgraph.cli.validate import ENGINES
from apgraph.errors import InputError, ParseError, UnknownNameError
from apgraph.shacl import Finding, Report, Severity, Shapes, engines, load_shapes, validate
from apgraph.shacl.report import SH
from apgraph.store import OxigraphStore

PREFIXES = """
PREFIX : <urn:x:> PREFIX sh: <http://www.w3.org/ns/shacl#> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
"""
DATA = "urn:test:data"
EXAMPLE = Path(__file__).parents[1] / "examples" / "riverside.ttl"


@pytest.fixture(autouse=True, params=["sets", "pyshacl"])
def engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Every test runs on both engines."""
    monkeypatch.setattr(sys.modules[__name__], "ENGINE", request.param)
    return str(request.param)


ENGINE = "sets"


def checked(tmp_path: Path, shapes: str, data: str, ontology: str = "") -> Report:
    file = tmp_path / "shapes.ttl"
    file.write_text(PREFIXES + shapes)
    store = OxigraphStore()
    store.load((PREFIXES + data).encode(), format=RdfFormat.TURTLE, graph=DATA, name="data")
    store.load(
        (PREFIXES + ontology).encode(), format=RdfFormat.TURTLE, graph="urn:test:ontology", name="ontology"
    )
    before = len(store)
    report = validate(
        store, data_graphs=[DATA], shapes=[file], ontology_graphs=["urn:test:ontology"], engine=ENGINE
    )
    assert len(store) == before, "validation changes nothing"
    return report


def values(report: Report) -> list[str]:
    return [str(finding.value) for finding in report]


# -- engines ----------------------------------------------------------------------


def test_engines_are_listed_and_others_refused() -> None:
    assert engines()[:2] == ("sets", "pyshacl")
    assert engines() == ENGINES
    with pytest.raises(UnknownNameError, match="no validation engine 'pyshacle'; did you mean 'pyshacl'"):
        validate(OxigraphStore(), data_graphs=[DATA], shapes=[], engine="pyshacle")


def test_a_subclass_is_found_through_the_ontology_and_the_ontology_is_not_judged(tmp_path: Path) -> None:
    report = checked(
        tmp_path,
        ":s a sh:NodeShape ; sh:targetClass :Animal ; sh:property [ sh:path :name ; sh:minCount 1 ] .",
        ":tom a :Cat .",
        ":Cat rdfs:subClassOf :Animal . :felix a :Cat .",
    )
    assert [finding.focus_node for finding in report] == [NamedNode("urn:x:tom")]


def test_literals_and_blank_nodes_of_the_ontology_are_not_judged(tmp_path: Path) -> None:
    report = checked(
        tmp_path,
        """:l sh:targetObjectsOf rdfs:label ; sh:maxLength 5 . :n sh:targetObjectsOf :size ; sh:maxInclusive 0 .
        :s sh:targetClass :Kind ; sh:property [ sh:path rdfs:label ; sh:minCount 1 ] .
        :o sh:targetObjectsOf :near ; sh:nodeKind sh:Literal . :t sh:targetNode "named" ; sh:maxLength 4 .""",
        ':mine a :Kind ; rdfs:label "of the data" ; :size "07"^^xsd:byte . [] a :Kind ; :near [] .',
        """:other a :Kind ; rdfs:label "of the ontology", "named" ; :size "08"^^xsd:byte ; :near :unsaid .
        [] a :Kind ; :near [] .""",
    )
    assert [(f.source_shape.value[-1], type(f.focus_node).__name__) for f in report if not f.path] == [
        ("l", "Literal"),
        ("n", "Literal"),
        ("o", "BlankNode"),
        ("t", "Literal"),
    ]
    assert [type(f.focus_node) for f in report if f.path] == [BlankNode]


def test_threads_do_not_disturb_one_another(tmp_path: Path) -> None:
    reports: list[Report] = []

    def work(number: int) -> None:
        folder = tmp_path / str(number)
        folder.mkdir()
        reports.append(
            checked(
                folder, ":s sh:targetNode :a ; sh:property [ sh:path :p ; sh:maxCount 1 ] .", ":a :p 1, 2 ."
            )
        )

    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [len(report) for report in reports] == [1, 1, 1, 1]


# -- literals, as the file wrote them ------------------------------------------------


def test_a_literal_is_judged_and_quoted_as_written(tmp_path: Path) -> None:
    report = checked(
        tmp_path,
        """:s sh:targetSubjectsOf :p ; sh:property [ sh:path :p ; sh:or (
          [ sh:datatype xsd:positiveInteger ] [ sh:pattern "^[0-9]$" ] ) ] .""",
        ':a :p "01"^^xsd:integer, "-5"^^xsd:positiveInteger, "007"^^xsd:positiveInteger, "7"^^xsd:integer .',
    )
    assert sorted(f"{f.value.value}" for f in report if f.value is not None) == ["-5", "01"]
    assert {f.value.datatype.value for f in report if isinstance(f.value, Literal)} == {
        "http://www.w3.org/2001/XMLSchema#integer",
        "http://www.w3.org/2001/XMLSchema#positiveInteger",
    }


def test_a_plain_string_and_a_typed_one_are_one_term(tmp_path: Path) -> None:
    report = checked(
        tmp_path,
        ':s sh:targetNode :a ; sh:property [ sh:path :p ; sh:datatype xsd:string ; sh:in ( "x" ) ] .',
        ':a :p "x"^^xsd:string .',
    )
    assert report.conforms


def test_the_switch_of_rdflib_is_as_it_was(tmp_path: Path) -> None:
    assert rdflib.NORMALIZE_LITERALS is True
    checked(tmp_path, ":s sh:targetNode :a ; sh:nodeKind sh:Literal .", ":a :p 1 .")
    assert rdflib.NORMALIZE_LITERALS is True


def test_an_ill_typed_literal_is_found_in_silence(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    report = checked(
        tmp_path,
        ":s sh:targetNode :a ; sh:property [ sh:path :p ; sh:datatype xsd:date ] .",
        ':a :p "2021-13-45"^^xsd:date, "true-ish"^^xsd:boolean .',
    )
    assert len(report) == 2
    assert capfd.readouterr() == ("", "")


# -- reports ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("datatype", "least", "most"),
    [
        ("long", -(2**63), 2**63 - 1),
        ("int", -(2**31), 2**31 - 1),
        ("short", -(2**15), 2**15 - 1),
        ("byte", -128, 127),
        ("unsignedLong", 0, 2**64 - 1),
        ("unsignedInt", 0, 2**32 - 1),
        ("unsignedShort", 0, 2**16 - 1),
        ("unsignedByte", 0, 255),
    ],
)
def test_whole_numbers_are_well_formed_up_to_their_bounds(
    tmp_path: Path, datatype: str, least: int, most: int
) -> None:
    numbers = (least - 1, least, 9, most, most + 1)
    data = ":a :p " + ", ".join(f'"{number}"^^xsd:{datatype}' for number in numbers) + " ."
    shape = (
        f"[] a sh:NodeShape ; sh:targetNode :a ; sh:property [ sh:path :p ; sh:datatype xsd:{datatype} ] ."
    )
    outside = {
        f'"{number}"^^<http://www.w3.org/2001/XMLSchema#{datatype}>' for number in (least - 1, most + 1)
    }
    found = set(values(checked(tmp_path, shape, data)))
    # rdflib, on which pySHACL relies, knows no bounds of the longest types.
    assert found == outside if ENGINE == "sets" else found <= outside


@pytest.mark.parametrize("kind", ["rdfs:Class", "<http://www.w3.org/2002/07/owl#Class>"])
def test_a_class_with_properties_is_a_shape(tmp_path: Path, kind: str) -> None:
    shapes = f":Person a {kind} ; sh:property :named . :named sh:path :name ; sh:minCount 1 ."
    (finding,) = checked(tmp_path, shapes, ":a a :Person .")
    assert finding.focus_node == NamedNode("urn:x:a")


def test_findings_come_most_severe_first_and_are_counted(tmp_path: Path) -> None:
    report = checked(
        tmp_path,
        """:i sh:targetNode :a ; sh:severity sh:Info ; sh:property [ sh:path :p ; sh:minCount 1 ; sh:severity sh:Info ] .
        :w sh:targetNode :a ; sh:property [ sh:path :q ; sh:minCount 1 ; sh:severity sh:Warning ] .
        :v sh:targetNode :a ; sh:property [ sh:path :r ; sh:minCount 1 ] .""",
        ":a a :Thing .",
    )
    assert [finding.severity for finding in report] == [Severity.VIOLATION, Severity.WARNING, Severity.INFO]
    assert report.counts == {Severity.VIOLATION: 1, Severity.WARNING: 1, Severity.INFO: 1}
    assert len(report.at_least(Severity.WARNING)) == 2
    assert not report.conforms


def test_a_severity_of_ones_own_is_kept(tmp_path: Path) -> None:
    report = checked(
        tmp_path, ":s sh:targetNode :a ; sh:severity :Grave ; sh:nodeKind sh:Literal .", ":a :p 1 ."
    )
    assert [finding.severity for finding in report] == [Severity.VIOLATION]
    assert "<urn:x:Grave>" in report.to_turtle()


def test_the_report_is_the_standard_one(tmp_path: Path) -> None:
    report = checked(
        tmp_path,
        ':s sh:targetNode :a ; sh:property :p1 . :p1 sh:path :p ; sh:maxCount 1 ; sh:message "One only."@en .',
        ":a :p 1, 2 .",
    )
    expected = rdflib.Graph().parse(
        data=PREFIXES
        + """[] a sh:ValidationReport ; sh:conforms false ; sh:result [ a sh:ValidationResult ; sh:focusNode :a ;
          sh:resultPath :p ; sh:resultSeverity sh:Violation ; sh:sourceShape :p1 ; sh:resultMessage "One only."@en ;
          sh:sourceConstraintComponent sh:MaxCountConstraintComponent ] .""",
        format="turtle",
    )
    assert isomorphic(rdflib.Graph().parse(data=report.to_turtle(), format="turtle"), expected)


def test_paths_and_details_survive_in_the_report(tmp_path: Path) -> None:
    report = checked(
        tmp_path,
        """:s sh:targetNode :a ; sh:property [ sh:path ( :p [ sh:inversePath :q ] ) ; sh:node :n ] .
        :n sh:property [ sh:path :name ; sh:minCount 1 ] .""",
        ":a :p :b . :c :q :b .",
    )
    (finding,) = report
    assert finding.path_text == "<urn:x:p>/(^<urn:x:q>)"
    assert [detail.path_text for detail in finding.details] == ["<urn:x:name>"]
    triples = list(parse(report.to_turtle().encode(), RdfFormat.TURTLE))
    assert any(quad.predicate.value == SH + "inversePath" for quad in triples)
    assert any(quad.predicate.value == SH + "detail" for quad in triples)


def test_json_holds_every_finding(tmp_path: Path) -> None:
    report = checked(
        tmp_path, ":s sh:targetNode :a ; sh:property [ sh:path :p ; sh:maxCount 0 ] .", ":a :p 1 ."
    )
    record = json.loads(report.to_json())
    assert record["conforms"] is False
    assert record["counts"] == {"violation": 1, "warning": 0, "info": 0}
    assert record["findings"][0]["focus_node"] == {"type": "uri", "value": "urn:x:a"}
    assert record["findings"][0]["component"] == SH + "MaxCountConstraintComponent"


def test_an_english_message_comes_first() -> None:
    node = NamedNode("urn:x:a")
    messages = (Literal("Nein.", language="de"), Literal("No.", language="en-GB"))
    assert Finding(node, Severity.INFO, SH + "x", node, messages=messages).message == "No."


# -- blank nodes, SPARQL constraints ---------------------------------------------------


def test_blank_nodes_are_judged_too(tmp_path: Path) -> None:
    report = checked(
        tmp_path,
        """:s sh:targetClass :Thing ; sh:sparql [ sh:message "Has {?value}." ; sh:prefixes <urn:x:> ;
          sh:select "SELECT $this ?value WHERE { $this :p ?value }" ] .
        <urn:x:> sh:declare [ sh:prefix "" ; sh:namespace "urn:x:"^^xsd:anyURI ] .""",
        "[] a :Thing ; :p 1 . [] a :Thing ; :q 1 .",
    )
    assert [(type(f.focus_node), f.message) for f in report] == [(BlankNode, "Has 1.")]


def test_prefixes_are_found_through_imports(tmp_path: Path) -> None:
    report = checked(
        tmp_path,
        """:s sh:targetNode :a ; sh:sparql [ sh:prefixes :own ; sh:select "SELECT $this WHERE { $this ex:p 1 }" ] .
        :own <http://www.w3.org/2002/07/owl#imports> :other .
        :other sh:declare [ sh:prefix "ex" ; sh:namespace "urn:x:"^^xsd:anyURI ] .""",
        ":a :p 1 .",
    )
    assert len(report) == 1


# -- broken shapes ----------------------------------------------------------------------

TARGET = ":s sh:targetNode :a ; "


def _select(query: str) -> str:
    return TARGET + f'sh:sparql [ sh:select "{query}" ] .'


@pytest.mark.parametrize(
    ("shapes", "reason"),
    [
        (TARGET + "sh:property [ sh:path :p, :q ] .", "2 paths"),
        (TARGET + "sh:property [ sh:minCount 1 ] .", "no sh:path"),
        (TARGET + 'sh:property [ sh:path "p" ] .', "needs a property"),
        (TARGET + "sh:in :nowhere .", "sh:in needs a list"),
        (TARGET + "sh:or ( [ sh:in [ ] ] ) .", "sh:in needs a list"),
        (TARGET + 'sh:property [ sh:path :p ; sh:minCount "some" ] .', "whole number, not 'some'"),
        (TARGET + "sh:property [ sh:path :p ; sh:maxCount 1, 2 ] .", "given 2 times"),
        (TARGET + "sh:nodeKind sh:Iri .", "does not know"),
        (TARGET + "sh:class 1 .", "sh:class needs an IRI"),
        (TARGET + "sh:and ( 1 ) .", "no shape"),
        (TARGET + "sh:node :s .", "refers to itself"),
        (TARGET + "sh:property [ sh:path :p ; sh:node :t ] . :t sh:not :s .", "refers to itself"),
        (TARGET + "sh:property [ sh:path [ sh:somePath :p ] ; sh:minCount 1 ] .", "sh:path"),
        (TARGET + "sh:minInclusive :x .", "needs a literal"),
    ],
)
def test_a_broken_shape_is_told_by_file_shape_and_reason(tmp_path: Path, shapes: str, reason: str) -> None:
    with pytest.raises(InputError, match=r"shapes\.ttl: .*<urn:x:s>.*" + reason) as raised:
        checked(tmp_path, shapes, ":a :p 1 .")
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("shapes", "reason"),
    [
        (TARGET + 'sh:pattern "[" .', "no(t a)? regular expression"),
        (TARGET + "sh:sparql [ ] .", "needs one sh:select"),
        (_select("SELECT $this WHERE {"), "does not parse"),
        (_select("SELECT $this WHERE { $this ex:p 1 }"), "the prefix 'ex'"),
        (_select("SELECT $this WHERE { $this ?p 1 MINUS { $this ?p 2 } }"), "MINUS"),
        (_select("SELECT $this WHERE { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }"), "SERVICE"),
        (_select("SELECT $this FROM <http://127.0.0.1:9/> WHERE { $this ?p 1 }"), "FROM"),
        (_select("SELECT ?x WHERE { ?x ?p 1 }"), "does not (speak of|give) "),
    ],
)
def test_a_broken_constraint_is_told_and_the_others_run(tmp_path: Path, shapes: str, reason: str) -> None:
    more = " :t sh:targetNode :a ; sh:nodeKind sh:Literal ."
    report = checked(tmp_path, shapes + more, ":a :p 1 .")
    (unchecked,) = report.unchecked
    assert re.search(r"shapes\.ttl: .*<urn:x:s>.*" + reason, str(unchecked))
    assert [finding.source_shape for finding in report] == [NamedNode("urn:x:t")]
    assert not report.conforms


def test_a_shapes_file_that_does_not_parse(tmp_path: Path) -> None:
    with pytest.raises(ParseError, match=r"shapes\.ttl, line 4"):
        checked(tmp_path, ":s sh:targetNode", ":a :p 1 .")


def test_shapes_of_several_files_and_syntaxes_are_one(tmp_path: Path) -> None:
    (tmp_path / "a.ttl").write_text(
        PREFIXES + ":s sh:targetNode :a ; sh:property _:b . _:b sh:path :p ; sh:minCount 1 ."
    )
    (tmp_path / "b.jsonld").write_text(
        json.dumps(
            {
                "@id": "urn:x:t",
                SH + "targetNode": [{"@id": "urn:x:a"}],
                SH + "nodeKind": [{"@id": SH + "Literal"}],
            }
        )
    )
    shapes = load_shapes([tmp_path])
    assert {Path(file).name for file in shapes.files} == {"a.ttl", "b.jsonld"}
    assert len(shapes.nodes()) == 3
    report = validate(OxigraphStore(), data_graphs=[DATA], shapes=shapes)
    assert sorted(finding.component_name for finding in report) == ["MinCount", "NodeKind"]


@pytest.mark.parametrize("shapes", [[], (), rdflib.Graph()], ids=["list", "tuple", "graph"])
def test_no_shapes_are_an_error_and_no_success(shapes: Any) -> None:
    with pytest.raises(InputError, match="no shapes file is given"):
        validate(OxigraphStore(), data_graphs=[DATA], shapes=shapes)
    graph = Graph()
    graph.load(EXAMPLE)
    with pytest.raises(InputError, match="no shapes file is given"):
        graph.validate(shapes=shapes)


def test_shapes_that_ask_nothing_check_nothing() -> None:
    report = validate(OxigraphStore(), data_graphs=[DATA], shapes=Shapes((), (), {}))
    assert not report.conforms
    assert [each.is_slip for each in report.unchecked] == [True]


def test_a_report_on_nothing_is_a_report() -> None:
    report = Report((), engine=ENGINE)
    assert report.conforms
    assert report.to_triples()[0] == Triple(
        BlankNode("report"),
        NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type"),
        NamedNode(SH + "ValidationReport"),
    )


# -- where pySHACL is wrong by the specification --------------------------------------


@pytest.mark.parametrize(
    ("shapes", "data", "number"),
    [
        (":s sh:targetSubjectsOf :p ; sh:minLength 0 .", "[] :p 1 .", 1),
        (":s sh:targetObjectsOf :p ; sh:maxInclusive 1.5 .", ':a :p "2021-02-28"^^xsd:date .', 1),
        (
            ":s sh:targetNode :n ; sh:property [ sh:path [ sh:inversePath ( :q :p ) ] ; sh:maxCount 0 ] .",
            ":x :q :m . :m :p :n .",
            1,
        ),
    ],
)
def test_cases_that_docs_list_as_different(
    tmp_path: Path, engine: str, shapes: str, data: str, number: int
) -> None:
    report = checked(tmp_path, shapes, data)
    assert len(report) == (number if engine == "sets" else 0)


def test_two_value_nodes_with_the_same_other_property_are_two_results(tmp_path: Path) -> None:
    report = checked(
        tmp_path,
        ":s a sh:PropertyShape ; sh:targetNode :a ; sh:path :p ; sh:closed true .",
        ":a :p :b, :c . :b :q 1 . :c :q 1 .",
    )
    assert len(report) == 2


def test_both_engines_are_compared(tmp_path: Path) -> None:
    file = tmp_path / "s.ttl"
    file.write_text(PREFIXES + ":s sh:targetSubjectsOf :p ; sh:minLength 0 .")
    store = OxigraphStore()
    store.load((PREFIXES + "[] :p 1 .").encode(), format=RdfFormat.TURTLE, graph=DATA, name="data")
    report = validate(store, data_graphs=[DATA], shapes=[file], engine="both")
    (disagreement,) = report.disagreements
    assert (disagreement.engine, disagreement.other) == ("sets", "pyshacl")
    assert "only sets, not pyshacl: MinLength" in str(disagreement)


# -- coverage ---------------------------------------------------------------------------


def test_coverage_tells_what_was_not_looked_at(tmp_path: Path) -> None:
    file = tmp_path / "s.ttl"
    file.write_text(
        PREFIXES
        + """:good sh:targetClass :Animal ; sh:property [ sh:path :name ; sh:minCount 1 ] .
        :misspelt sh:targetClass :Anymal ; sh:nodeKind sh:IRI ."""
    )
    store = OxigraphStore()
    data = ":a a :Animal ; :name 1, 2 . :b a :Animal . :c :name 3 ."
    store.load((PREFIXES + data).encode(), format=RdfFormat.TURTLE, graph=DATA, name="data")
    coverage = validate(store, data_graphs=[DATA], shapes=[file], coverage=True).coverage
    assert coverage is not None
    met = {str(shape.shape): (shape.nodes, shape.values) for shape in coverage.shapes}
    assert met["<urn:x:good>"] == (2, None)
    assert met["<urn:x:misspelt>"] == (0, None)
    assert (2, 2) in met.values()
    assert [shape.shape for shape in coverage.vacuous] == [NamedNode("urn:x:misspelt")]
    (unknown,) = coverage.unknown_targets
    assert unknown.nearest == ("urn:x:Animal",)
    assert (coverage.nodes, coverage.unseen_count, coverage.unseen) == (3, 1, (NamedNode("urn:x:c"),))


# -- regular expressions -----------------------------------------------------------------


LETTERS = '"a", "b", "s", "A", "_", "a_b", "&", "-", "1", "é", "aa", "a\\nb", "a\\n", " ", "\u00a0", "."'


@pytest.mark.parametrize(
    ("pattern", "flags", "matched"),
    [
        pytest.param("^[a-z-[s]]$", "", {"a", "b"}, id="what is left out of brackets"),
        pytest.param("^[a-b-[b]]$", "i", {"a", "A"}, id="the same in any case"),
        pytest.param("^[a&&b]$", "", {"a", "b", "&"}, id="an ampersand is one"),
        pytest.param(r"^(.)\\1$", "", {"aa"}, id="a group again"),
        pytest.param(r"^\\i\\c+$", "", {"a_b", "aa"}, id="names in XML"),
        pytest.param(r"^[\\i-[_]]$", "", {"a", "b", "s", "A", "é"}, id="names in XML, but one letter"),
        pytest.param(r"^\\p{IsLatin-1Supplement}$", "", {"é", "\u00a0"}, id="a block"),
        pytest.param(r"^\\p{Lu}$", "i", {"A"}, id="a category, whatever the case"),
        pytest.param(r"^\\w$", "", {"a", "b", "s", "A", "1", "é"}, id="an underscore is no letter of a word"),
        pytest.param(r"^(\\w)\\1$", "", {"aa"}, id="the same for Python"),
        pytest.param(r"^\\s$", "", {" "}, id="a hard space is none"),
        pytest.param(r"^[\\w-.]$", "", {"a", "b", "s", "A", "1", "é", "-", "."}, id="a hyphen after a kind"),
        pytest.param("^a$", "", {"a"}, id="an end is the end"),
        pytest.param("^b$|^(a)\\\\1$", "m", {"b", "aa", "a\nb"}, id="an end of each line"),
        pytest.param("^a .$", "xs", {"aa", "a\n"}, id="spaces and line breaks"),
        pytest.param(".", "q", {"."}, id="nothing but letters"),
    ],
)
@pytest.mark.parametrize("engine", ["sets"], indirect=True)  # pySHACL takes them for Python's
def test_expressions_are_those_of_xpath(tmp_path: Path, pattern: str, flags: str, matched: set[str]) -> None:
    report = checked(
        tmp_path,
        f':s sh:targetObjectsOf :p ; sh:not [ sh:pattern "{pattern}" ; sh:flags "{flags}" ] .',
        f":a :p {LETTERS} .".replace("\\\\", "\\"),
    )
    assert report.unchecked == ()
    assert {finding.focus_node.value for finding in report} == matched


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("^(?=s)", "it has no look-ahead"),
        ("^(?!s)", "say what must not match with sh:not"),
        ("(?i)a", "(?i"),
        (r"\\bs", r"no \b"),
        ("[a", "a [ has no ] after it"),
        ("[[a]", r"a [ in brackets is written \["),
        ("a++", "repeats a repetition"),
        ("a{2,1}", "at least 2 and at most 1"),
        (r"\\p{Greek}", r"no \p{Greek}"),
        (r"\\p{IsGoblin}", "the block IsGoblin is not known here"),
        (r"(a)\\2", r"\2 goes back to a group that is not there"),
    ],
)
def test_what_is_no_expression_of_xpath_is_not_checked(tmp_path: Path, pattern: str, said: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        report = checked(tmp_path, f':s sh:targetObjectsOf :p ; sh:pattern "{pattern}" .', ':a :p "s" .')
    assert report.findings == ()
    (unchecked,) = report.unchecked
    assert said in unchecked.reason


def test_what_python_may_read_otherwise_one_day_is_read_in_silence(tmp_path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        checked(tmp_path, ':s sh:targetObjectsOf :p ; sh:pattern "^[a-z-[s]]$" .', ':a :p "s" .')


def test_a_constraint_that_met_no_value_is_told(tmp_path: Path) -> None:
    file = tmp_path / "s.ttl"
    file.write_text(
        PREFIXES
        + """:s sh:targetClass :Animal ; sh:property :misspelt, :counted, :met ; sh:not [ sh:node :inner ] .
        :misspelt sh:path :nmae ; sh:datatype xsd:string ; sh:maxCount 1 . :counted sh:path :nmae ; sh:minCount 0 .
        :met sh:path :name ; sh:datatype xsd:integer . :inner sh:property :deep . :deep sh:path :nmae ; sh:nodeKind sh:IRI ."""
    )
    store = OxigraphStore()
    data = ":a a :Animal ; :name 1 ."
    store.load((PREFIXES + data).encode(), format=RdfFormat.TURTLE, graph=DATA, name="data")
    coverage = validate(store, data_graphs=[DATA], shapes=[file], coverage=True).coverage
    assert coverage is not None
    assert coverage.vacuous == ()
    idle = {str(shape.shape): shape.idle for shape in coverage.idle}
    assert idle == {"<urn:x:misspelt>": ("Datatype",), "<urn:x:deep>": ("NodeKind",)}
    assert {shape.unknown for shape in coverage.idle} == {("urn:x:nmae",)}
    assert coverage.is_lacking


@pytest.mark.parametrize(
    ("shapes", "code", "said"),
    [
        (":s sh:targetClass :Anymal ; sh:nodeKind sh:IRI .", 1, "it looked at no node of the data"),
        (":s sh:targetClass :Anymal ; sh:nodeKind sh:IRI .", 1, "did you mean <urn:x:Animal>?"),
        (
            ":s sh:targetClass :Animal ; sh:property [ sh:path :nmae ; sh:datatype xsd:string ] .",
            1,
            "so Datatype judged nothing; nothing knows the property <urn:x:nmae>",
        ),
        (
            ":s sh:targetClass :Animal ; sh:property [ sh:path :age ; sh:datatype xsd:string ] .",
            0,
            "so Datatype judged nothing",
        ),
        (":s sh:targetClass :Animal .", 0, "no shape looked at 2 of the 3 nodes: <urn:x:age>, <urn:x:b>"),
    ],
)
def test_strict_says_it_all(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], shapes: str, code: int, said: str
) -> None:
    rules, file = tmp_path / "rules.ttl", tmp_path / "data.ttl"
    rules.write_text(PREFIXES + shapes)
    file.write_text(PREFIXES + ":a a :Animal ; :name 1 . :age rdfs:label 2 . :b :name 2 .")
    assert run(["validate", str(file), "--shapes", str(rules), "--strict"]) == code
    assert said in capsys.readouterr().err


# -- shapes as people write them ------------------------------------------------------------


@pytest.mark.parametrize(
    ("shapes", "data", "number"),
    [
        pytest.param(
            "PREFIX owl: <http://www.w3.org/2002/07/owl#> :A a owl:Class, sh:NodeShape ; sh:nodeKind sh:BlankNode .",
            ":a a :A . :b a :B . :B rdfs:subClassOf :A .",
            {"sets": 2, "pyshacl": 2},
            id="a class of OWL is its own target",
        ),
        pytest.param(
            ":A a rdfs:Class, sh:NodeShape ; sh:nodeKind sh:BlankNode .",
            ":a a :A .",
            {},
            id="a class of RDFS, too",
        ),
        pytest.param(
            ":s sh:targetClass :A ; sh:nodeKind sh:BlankNode .",
            ":a a :B . :A rdfs:subClassOf :B . :B rdfs:subClassOf :A .",
            {},
            id="classes in a circle",
        ),
        pytest.param(
            """:s sh:targetNode :a ; sh:property [ sh:path [ sh:oneOrMorePath :p ] ; sh:maxCount 1 ],
            [ sh:path [ sh:zeroOrMorePath [ sh:inversePath :p ] ] ; sh:maxCount 1 ] .""",
            ":a :p :b . :b :p :c . :c :p :a .",
            {"sets": 2, "pyshacl": 2},
            id="data in a circle",
        ),
        pytest.param(
            """:s sh:targetNode :a ; sh:property :shared . :t sh:targetNode :b ; sh:property :shared .
            :u sh:targetNode :c ; sh:not [ sh:property :shared ] . :shared sh:path :p ; sh:maxCount 0 .""",
            ":a :p 1 . :b :p 1 . :c :q 1 .",
            {"sets": 3, "pyshacl": 3},
            id="one property shape of many shapes",
        ),
        pytest.param(
            """:s sh:targetNode :a ; sh:in :list . :t sh:targetNode :b ; sh:in :list .
            :list <http://www.w3.org/1999/02/22-rdf-syntax-ns#first> :b ;
            <http://www.w3.org/1999/02/22-rdf-syntax-ns#rest> () .""",
            ":a :p :b .",
            {},
            id="a list with a name",
        ),
        pytest.param(
            """:s sh:targetNode :a ; sh:deactivated true ; sh:nodeKind sh:Literal .
            :t sh:targetNode :a ; sh:property [ sh:path :p ; sh:deactivated true ; sh:maxCount 0 ] ; sh:nodeKind sh:Literal .""",
            ":a :p 1 .",
            {},
            id="what is switched off",
        ),
        pytest.param(
            """:s sh:targetObjectsOf :p ; sh:in ( "01"^^xsd:integer "1"^^xsd:byte ) .
            :t sh:targetNode :a ; sh:property [ sh:path :p ; sh:hasValue "1"^^xsd:byte ] .""",
            ':a :p "01"^^xsd:integer, "1"^^xsd:byte, 1 .',
            {},
            id="literals of a list as they are written",
        ),
    ],
)
def test_shapes_as_people_write_them(
    tmp_path: Path, engine: str, shapes: str, data: str, number: dict[str, int]
) -> None:
    report = checked(tmp_path, shapes, data)
    assert len(report) == number.get(engine, 1)
    assert report.unchecked == ()


def test_messages_keep_their_languages(tmp_path: Path) -> None:
    report = checked(
        tmp_path,
        ':s sh:targetNode :a ; sh:nodeKind sh:Literal ; sh:message "No."@en, "Nein."@de .',
        ":a :p 1 .",
    )
    assert {(m.value, m.language) for m in report.findings[0].messages} == {("No.", "en"), ("Nein.", "de")}
