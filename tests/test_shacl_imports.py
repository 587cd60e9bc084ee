"""Imports of shapes graphs: found on this machine or told, never fetched."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, RdfFormat

from apgraph.cli.entry import run
from apgraph.errors import InputError, ParseError
from apgraph.resources import ontology_file, resource_folder
from apgraph.shacl import Report, load_shapes, validate
from apgraph.store import OxigraphStore

HEAD = """PREFIX : <urn:x:> PREFIX sh: <http://www.w3.org/ns/shacl#> PREFIX owl: <http://www.w3.org/2002/07/owl#>
"""
RULE = ":{0} sh:targetNode :a ; sh:property [ sh:path :{0} ; sh:minCount 1 ] ."


def judged(files: list[Path], engine: str = "sets") -> Report:
    store = OxigraphStore()
    store.load((HEAD + ":a :other 1 .").encode(), format=RdfFormat.TURTLE, graph="urn:test:data", name="data")
    return validate(store, data_graphs=["urn:test:data"], shapes=files, engine=engine, locate=ontology_file)


def paths(report: Report) -> list[str]:
    return sorted(finding.path_text or "" for finding in report)


@pytest.mark.parametrize("engine", ["sets", "pyshacl"])
def test_a_file_beside_is_found_and_cycles_end(tmp_path: Path, engine: str) -> None:
    one, two, three = tmp_path / "one.ttl", tmp_path / "two.jsonld", tmp_path / "in" / "three.rdf"
    three.parent.mkdir()
    one.write_text(HEAD + "<> owl:imports <two.jsonld> . " + RULE.format("p"))
    two.write_text(
        json.dumps(
            {
                "@context": {"sh": "http://www.w3.org/ns/shacl#", "owl": "http://www.w3.org/2002/07/owl#"},
                "@graph": [
                    {"@id": "", "owl:imports": {"@id": "in/three.rdf"}},
                    {
                        "@id": "urn:x:q",
                        "sh:targetNode": {"@id": "urn:x:a"},
                        "sh:property": {"sh:path": {"@id": "urn:x:q"}, "sh:minCount": 1},
                    },
                ],
            }
        )
    )
    three.write_text(
        """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:sh="http://www.w3.org/ns/shacl#"
        xmlns:owl="http://www.w3.org/2002/07/owl#"><owl:Ontology rdf:about=""><owl:imports rdf:resource="../one.ttl"/>
        </owl:Ontology><sh:NodeShape rdf:about="urn:x:r"><sh:targetNode rdf:resource="urn:x:a"/><sh:property
        rdf:parseType="Resource"><sh:path rdf:resource="urn:x:r"/><sh:minCount
        rdf:datatype="http://www.w3.org/2001/XMLSchema#integer">1</sh:minCount></sh:property></sh:NodeShape></rdf:RDF>"""
    )
    report = judged([one], engine)
    assert paths(report) == ["<urn:x:p>", "<urn:x:q>", "<urn:x:r>"]
    assert report.unchecked == ()
    assert [Path(file).name for file in report.shapes_files] == ["one.ttl", "two.jsonld", "three.rdf"]


def test_a_graph_among_the_files_is_found(tmp_path: Path) -> None:
    one, two = tmp_path / "one.ttl", tmp_path / "two.ttl"
    one.write_text(HEAD + "<urn:x:one> owl:imports <urn:x:two> . " + RULE.format("p"))
    two.write_text(HEAD + "<urn:x:two> a owl:Ontology ; owl:imports <urn:x:one> . " + RULE.format("q"))
    assert judged([one]).unchecked
    assert judged([one, two]).unchecked == ()
    assert paths(judged([one, two])) == ["<urn:x:p>", "<urn:x:q>"]


def test_the_ontology_is_found_by_its_name(tmp_path: Path) -> None:
    file = tmp_path / "own.ttl"
    file.write_text(HEAD + "<> owl:imports <https://w3id.org/apgraph/core> . " + RULE.format("p"))
    shapes = load_shapes([file], locate=ontology_file)
    assert shapes.not_found == ()
    assert Path(shapes.files[1]) == resource_folder("ontology") / "core.ttl"
    assert paths(judged([file])) == ["<urn:x:p>"]


def test_the_vocabulary_of_shacl_need_not_be_there(tmp_path: Path) -> None:
    file = tmp_path / "own.ttl"
    file.write_text(HEAD + "<> owl:imports sh:, <http://www.w3.org/ns/shacl> . " + RULE.format("other"))
    assert judged([file]).conforms


@pytest.mark.parametrize("engine", ["sets", "pyshacl", "both"])
def test_what_is_not_found_is_told_and_nothing_conforms(tmp_path: Path, engine: str) -> None:
    file = tmp_path / "own.ttl"
    file.write_text(
        HEAD + "<> owl:imports <http://127.0.0.1:9/shapes>, <nowhere.ttl> . " + RULE.format("other")
    )
    report = judged([file], engine)
    assert not report.findings
    assert not report.conforms
    assert len(report.unchecked) == 2
    for unchecked in report.unchecked:
        assert "own.ttl: it imports <" in str(unchecked)
        assert "give its file among the shapes" in str(unchecked)


def test_the_command_ends_with_3(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, data = tmp_path / "own.ttl", tmp_path / "data.ttl"
    file.write_text(HEAD + "<> owl:imports <http://127.0.0.1:9/shapes> . " + RULE.format("other"))
    data.write_text(HEAD + ":a :other 1 .")
    assert run(["validate", str(data), "--shapes", str(file)]) == 3
    assert "not checked: " in capsys.readouterr().err


def test_a_broken_import_is_told(tmp_path: Path) -> None:
    one, two = tmp_path / "one.ttl", tmp_path / "two.ttl"
    one.write_text(HEAD + "<> owl:imports <two.ttl> .")
    two.write_text("oops")
    with pytest.raises(ParseError, match=r"two\.ttl"):
        load_shapes([one])
    one.write_text(HEAD + '<> owl:imports "two.ttl" .')
    with pytest.raises(InputError, match=r"one\.ttl: owl:imports needs an IRI, not 'two\.ttl'"):
        load_shapes([one])


def test_the_shape_of_an_imported_file_is_told_by_that_file(tmp_path: Path) -> None:
    one, two = tmp_path / "one.ttl", tmp_path / "two.ttl"
    one.write_text(HEAD + "<> owl:imports <two> .")
    two.write_text(HEAD + ":s sh:targetNode :a ; sh:property [ sh:path :p, :q ] .")
    with pytest.raises(InputError, match=r"two\.ttl: .*2 paths"):
        judged([one])
    assert NamedNode("urn:x:s") in load_shapes([one]).nodes()
