"""A deprecated term names its replacement wherever its user meets it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from apgraph import Graph
from apgraph.cli.entry import run
from apgraph.resources import resource_folder

if TYPE_CHECKING:
    from pathlib import Path

RIVERSIDE = resource_folder("queries").parent / "examples" / "riverside.ttl"
# An extension that renamed one of its practices; the case still has the old name.
EXTENSION = """@prefix apg: <https://w3id.org/apgraph/ns#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix my: <https://example.org/my#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<https://example.org/my> a owl:Ontology .
my:old a apg:PracticeType ; rdfs:label "old practice"@en ; owl:deprecated true ; dcterms:isReplacedBy my:new .
my:new a apg:PracticeType ; rdfs:label "new practice"@en ; skos:definition "The same."@en .
my:unused a apg:PracticeType ; rdfs:label "unused practice"@en ; owl:deprecated true .
"""
USE = """@prefix apg: <https://w3id.org/apgraph/ns#> .
@prefix my: <https://example.org/my#> .
<urn:example:enactment> apg:enactsPractice my:old .
<urn:example:other> my:old "as a property, too" .
"""


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    extension, use = tmp_path / "extension.ttl", tmp_path / "use.ttl"
    extension.write_text(EXTENSION, encoding="utf-8")
    use.write_text(USE, encoding="utf-8")
    return extension, use


MESSAGE = "https://example.org/my#old (old practice) is deprecated, and used 2 times; use https://example.org/my#new"


def test_the_uses_are_counted_without_what_is_said_of_the_term(files: tuple[Path, Path]) -> None:
    graph = Graph()
    graph.load(*files)
    assert [str(term) for term in graph.deprecated()] == [MESSAGE]
    extension_alone = Graph()
    extension_alone.load(files[0])
    assert extension_alone.deprecated() == ()


def test_the_framework_can_deprecate(tmp_path: Path) -> None:
    graph = Graph()
    graph.load(RIVERSIDE)
    assert graph.deprecated() == ()
    term = "https://w3id.org/apgraph/ref/usesPeerToPeerCoaching"
    graph.store.update(
        "PREFIX owl: <http://www.w3.org/2002/07/owl#> PREFIX dcterms: <http://purl.org/dc/terms/> "
        f"INSERT DATA {{ GRAPH <https://w3id.org/apgraph> {{ <{term}> owl:deprecated true ; "
        "dcterms:isReplacedBy <https://w3id.org/apgraph/ref/worksInTeams> } }"
    )
    (found,) = graph.deprecated()
    assert (found.iri, found.replacements) == (term, ("https://w3id.org/apgraph/ref/worksInTeams",))
    assert found.uses >= 1


@pytest.mark.parametrize("command", ["validate", "profile", "ask", "query"])
def test_every_command_that_reads_data_tells(
    command: str, files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    data = [str(RIVERSIDE), *map(str, files)]
    options = [part for each in data for part in ("-d", each)]
    arguments = {
        "validate": data,
        "profile": data,
        "ask": ["practices-enacted", *options],
        "query": ["ASK { ?s ?p ?o }", *options],
    }
    run([command, *arguments[command]])
    assert MESSAGE in capsys.readouterr().err


def test_asking_with_it_and_describing_it_name_the_replacement(files: tuple[Path, Path]) -> None:
    graph = Graph()
    graph.load(*files)
    answer = graph.ask("term-meaning", term="old practice")
    assert "https://example.org/my#old (old practice) is deprecated; use https://example.org/my#new." in (
        answer.note or ""
    )
    assert "deprecated: use https://example.org/my#new" in graph.describe("old practice").to_text(width=100)
    assert "deprecated: nothing replaces it" in graph.describe("unused practice").to_text(width=100)
    assert "deprecated" not in graph.describe("new practice").to_text(width=100)
    assert graph.ask("term-meaning", term="coaching").note is None
