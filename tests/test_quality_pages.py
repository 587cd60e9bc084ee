"""The header's shape, its values beside the package's, and the pages made of the rules."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING

import pytest
from pyoxigraph import NamedNode, RdfFormat, parse

from apgraph import __version__
from apgraph.release.quality.__main__ import main
from apgraph.release.terms import read_ontology
from apgraph.release.tree import Tree
from apgraph.resources import MODULES, ontology_module, resource_folder
from apgraph.shacl import Report, validate
from apgraph.store import OxigraphStore

if TYPE_CHECKING:
    from pathlib import Path

SHAPE = resource_folder("quality") / "header.ttl"
DATA = "urn:test:data"
HEADERS = (*MODULES, "apgraph")


def judged(text: str, engine: str = "sets") -> Report:
    store = OxigraphStore()
    store.load(text.encode(), format=RdfFormat.TURTLE, graph=DATA, base=None, name="header.ttl")
    return validate(store, data_graphs=[DATA], shapes=[SHAPE], engine=engine)


@pytest.mark.parametrize("module", HEADERS)
def test_our_headers_keep_the_shape(module: str) -> None:
    assert list(judged(ontology_module(module).read_text(encoding="utf-8"))) == []


def test_the_shape_asks_for_each_of_its_properties() -> None:
    text = ontology_module("apgraph").read_text(encoding="utf-8")
    asked = {
        quad.object.value
        for quad in parse(path=str(SHAPE), format=RdfFormat.TURTLE)
        if quad.predicate.value == "http://www.w3.org/ns/shacl#path" and isinstance(quad.object, NamedNode)
    }
    assert len(asked) == 13
    for prefix, namespace in re.findall(r"@prefix (\w+): <([^>]+)>", text):
        for iri in sorted(name for name in asked if name.startswith(namespace)):
            line = rf"    {prefix}:{re.escape(iri.removeprefix(namespace))} [^\n]*([;.])\n"
            less = re.sub(line, lambda found: "    .\n" if found[1] == "." else "", text)
            assert less != text, iri
            (finding,) = judged(less, engine="both")
            assert finding.path == NamedNode(iri)
            asked.discard(iri)
    assert asked == set()


def test_header_values_are_those_of_the_package(root: Path) -> None:
    package = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    citation = (root / "CITATION.cff").read_text(encoding="utf-8")
    for header in read_ontology(Tree(root)).modules.values():
        assert header.texts("owl:versionInfo") == (__version__,) == (package["version"],)
        assert header.iris("dcterms:license") == ("https://creativecommons.org/licenses/by/4.0/",)
        assert header.texts("dcterms:creator") == tuple(author["name"] for author in package["authors"])
        assert f"version {__version__}" in header.texts("dcterms:bibliographicCitation")[0]
    assert "CC-BY-4.0" in package["license"]
    assert f"version: {__version__}" in citation


def test_a_stale_scoreboard_is_told_and_written_anew(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "scoreboard.md"
    page.write_text("old\n", encoding="utf-8")
    assert main([str(page), "--check"]) == 1
    assert "would change" in capsys.readouterr().out
    assert main([str(page)]) == 0
    text = page.read_text(encoding="utf-8")
    assert text == (root / "docs" / "reference" / "scoreboard.md").read_text(encoding="utf-8")
    assert "156 of 156" in text
    assert "| All rules | 0 open" in text


def test_the_page_of_rules_names_them_all(root: Path) -> None:
    text = (root / "docs" / "reference" / "quality.md").read_text(encoding="utf-8")
    for file in (root / "quality").glob("*.rq"):
        assert f"### {file.stem}\n" in text
