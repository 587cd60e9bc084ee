"""An ontology that imports ours: offline, quickly, with nothing undeclared; and each module alone."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING
from urllib.parse import urlparse
from xml.etree import ElementTree

import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from apgraph.reasoning import check_profile
from apgraph.resources import MODULES, read_catalogue, resource_folder
from apgraph.vocabulary import PREFIXES

if TYPE_CHECKING:
    from pathlib import Path

ONTOLOGY = resource_folder("ontology")
A = PREFIXES["rdf"] + "type"
OWL = PREFIXES["owl"]
BUILT_IN = tuple(PREFIXES[prefix] for prefix in ("owl", "rdf", "rdfs", "xsd"))

MINE = """@prefix apg: <https://w3id.org/apgraph/ns#> .
@prefix mine: <https://example.org/mine#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
<https://example.org/mine> a owl:Ontology ; owl:imports <https://w3id.org/apgraph/core> .
mine:Guild a owl:Class ; rdfs:subClassOf apg:Collective .
mine:guild a owl:NamedIndividual, mine:Guild .
"""


def catalogue() -> dict[str, Path]:
    """Return where the catalog says that each ontology is."""
    tree = ElementTree.parse(ONTOLOGY / "catalog-v001.xml")
    entries = [entry for entry in tree.getroot() if entry.tag.endswith("}uri")]
    return {entry.attrib["name"]: ONTOLOGY / entry.attrib["uri"] for entry in entries}


def closure(quads: list[Quad]) -> tuple[list[Quad], set[Path]]:
    """Return the triples with those of all imports, as the catalog finds them: there is no other way to them."""
    where = catalogue()
    read: set[Path] = set()
    every = list(quads)
    waiting = list(quads)
    while waiting:
        quad = waiting.pop()
        if quad.predicate.value != f"{OWL}imports":
            continue
        assert isinstance(quad.object, NamedNode)
        file = where[quad.object.value]
        if file not in read:
            read.add(file)
            more = list(parse(file.read_bytes(), format=RdfFormat.TURTLE, rename_blank_nodes=True))
            every += more
            waiting += more
    return every, read


def undeclared(quads: list[Quad]) -> set[str]:
    """Return the predicates, and the classes of individuals, that no triple declares."""
    declared = {q.subject.value for q in quads if q.predicate.value == A and isinstance(q.subject, NamedNode)}
    used = {q.predicate.value for q in quads}
    used |= {q.object.value for q in quads if q.predicate.value == A and isinstance(q.object, NamedNode)}
    return {iri for iri in used - declared if not iri.startswith(BUILT_IN)}


def test_a_new_ontology_imports_the_core_alone() -> None:
    began = time.thread_time()
    quads, read = closure(list(parse(MINE.encode(), format=RdfFormat.TURTLE)))
    missing = undeclared(quads)
    taken = time.thread_time() - began
    assert {file.name for file in read} == {"core.ttl"}
    assert missing == set()
    assert taken < 1
    assert check_profile(quads, "DL") == ()


@pytest.mark.parametrize("name", [*MODULES, "apgraph"])
def test_each_module_stands_with_its_imports(name: str) -> None:
    own = list(
        parse((ONTOLOGY / f"{name}.ttl").read_bytes(), format=RdfFormat.TURTLE, rename_blank_nodes=True)
    )
    quads, read = closure(own)
    assert (ONTOLOGY / f"{name}.ttl") not in read, "a module imports itself"
    assert undeclared(quads) == set()
    assert check_profile(quads, "DL") == ()


def test_the_catalog_names_files_that_are_there() -> None:
    where = catalogue()
    assert len(where) >= 2 * (len(MODULES) + 1)
    for iri, file in where.items():
        assert file.is_file(), iri
        assert urlparse(iri).scheme == "https"
        assert re.search(rf"<{re.escape(iri)}>", file.read_text(encoding="utf-8"))


def test_a_catalogue_as_protege_writes_it_is_read(tmp_path: Path) -> None:
    (tmp_path / "catalog-v001.xml").write_text(
        """<?xml version="1.0" encoding="UTF-8" standalone="no"?>
        <catalog prefer="public" xmlns="urn:oasis:names:tc:entity:xmlns:xml:catalog">
          <uri id="one" name="https://example.org/a?b&amp;c" uri="parts/a.ttl"/>
          <group id="Folder Repository, directory=, recursive=true" prefer="public" xml:base="">
            <uri uri='b.ttl' name="https://example.org/single"/>
            <uri id="two" uri="b.ttl"
                 name="https://example.org/b" />
          </group>
          <uri id="three" name="https://example.org/web" uri="https://example.org/web.ttl"/>
        </catalog>""",
        encoding="utf-8",
    )
    assert read_catalogue(tmp_path) == {
        "https://example.org/a?b&c": tmp_path / "parts" / "a.ttl",
        "https://example.org/single": tmp_path / "b.ttl",
        "https://example.org/b": tmp_path / "b.ttl",
    }
    assert read_catalogue(tmp_path / "parts") == {}
