"""What is generated: complete, repeatable, and written only where it differs."""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from pyoxigraph import Literal, NamedNode, QuerySolutions, RdfFormat, Store, parse

from apgraph.errors import InputError
from apgraph.questions.catalogue import Catalogue
from apgraph.release import Tree, generate
from apgraph.release.__main__ import main
from apgraph.release.terms import read_ontology
from apgraph.resources import MODULES
from apgraph.vocabulary import APG, APGX, PREFIXES, VERSION, apg, apgx

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout in which nothing is stale."""
    root = tmp_path_factory.mktemp("written")
    for folder in ("ontology", "queries", "shapes", "examples", "docs/reference", "src/apgraph/vocabulary"):
        shutil.copytree(ROOT / folder, root / folder, ignore=shutil.ignore_patterns("__pycache__"))
    for file in ("pyproject.toml", "CITATION.cff"):
        shutil.copy(ROOT / file, root / file)
    assert main(["--write", "--root", str(root)]) == 0
    return root


@pytest.fixture
def checkout(written: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(written, tmp_path / "checkout"))


def test_nothing_in_the_repository_is_stale(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--check", "--root", str(ROOT)]) == 0, capsys.readouterr().out


def test_writing_is_repeatable_and_touches_only_what_differs(
    checkout: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stale = checkout / "ontology" / "core.ttl"
    right = stale.read_text(encoding="utf-8")
    stale.write_text(right.replace(" ;\n", "\n ;\n"), encoding="utf-8")
    stale.chmod(0o640)
    before = {path: path.stat().st_mtime_ns for path in checkout.rglob("*") if path.is_file()}
    capsys.readouterr()
    assert main(["--check", "--root", str(checkout)]) == 1
    assert capsys.readouterr().out == "would change: ontology/core.ttl\n"
    assert main(["--write", "--root", str(checkout)]) == 0
    after = {path: path.stat().st_mtime_ns for path in checkout.rglob("*") if path.is_file()}
    assert {path for path in after if after[path] != before.get(path)} == {stale}
    assert stale.read_text(encoding="utf-8") == right
    assert stale.stat().st_mode & 0o777 == 0o640
    assert main(["--check", "--root", str(checkout)]) == 0


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        (
            "ontology/case.ttl",
            'owl:versionInfo "1.0.0"',
            'owl:versionInfo "1.0.1"',
            "owl:versionInfo is 1.0.1",
        ),
        ("ontology/case.ttl", "/case/1.0.0>", "/case/1.1.0>", "owl:versionIRI has to be"),
        ("ontology/core.ttl", "a owl:Class ;", "a owl:Class", "ontology/core.ttl, line"),
        ("ontology/core.ttl", "    a owl:Ontology ;\n", "", "there is no owl:Ontology"),
        ("queries/practices-supporting.rq", "#+ number", "#+ numbre", "practices-supporting.rq, line"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(
    checkout: Path, capsys: pytest.CaptureFixture[str], file: str, old: str, new: str, said: str
) -> None:
    path = checkout / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    assert main(["--check", "--root", str(checkout)]) == 2
    message = capsys.readouterr().err
    assert said in message
    assert message.count("\n") == 1


def test_a_folder_that_is_no_checkout_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no checkout"):
        Tree(tmp_path)


def test_the_citation_has_the_version_of_the_package(checkout: Path) -> None:
    citation = checkout / "CITATION.cff"
    text = citation.read_text(encoding="utf-8")
    citation.write_text(re.sub(r"(?m)^version: .*", "version: 0.1.0", text), encoding="utf-8")
    tree = Tree(checkout)
    generate(tree)
    assert tree.changes() == ("CITATION.cff",)
    assert f"version: {VERSION}" in tree.read("CITATION.cff").decode()


def test_every_term_is_a_constant() -> None:
    terms = read_ontology(Tree(ROOT)).terms
    for namespace, module in ((APG, apg), (APGX, apgx)):
        constants = {
            value for name, value in vars(module).items() if not name.startswith("_") and name != "Final"
        }
        assert constants == {iri for iri in terms if iri.startswith(namespace)}


def test_the_vocabulary_costs_next_to_nothing_to_import() -> None:
    code = (
        "import apgraph, time\n"
        "start = time.perf_counter()\n"
        "import apgraph.vocabulary\n"
        "print(time.perf_counter() - start)"
    )
    times = [
        float(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout)
        for _ in range(5)
    ]
    assert min(times) < 0.02


def test_the_catalog_finds_every_import_offline() -> None:
    catalog = ET.parse(ROOT / "ontology" / "catalog-v001.xml").getroot()
    entries = {entry.attrib["name"]: entry.attrib["uri"] for entry in catalog}
    imports = NamedNode(PREFIXES["owl"] + "imports")
    for module in (*MODULES, "apgraph"):
        for quad in parse((ROOT / f"ontology/{module}.ttl").read_bytes(), format=RdfFormat.TURTLE):
            if quad.predicate == imports:
                assert isinstance(quad.object, NamedNode)
                assert quad.object.value in entries
    assert all((ROOT / "ontology" / file).is_file() for file in entries.values())
    assert len(entries) == 2 * (len(MODULES) + 1 + len(list((ROOT / "ontology/alignments").glob("*.ttl"))))


def test_the_reference_names_every_term_and_its_links_lead_somewhere() -> None:
    page = (ROOT / "docs/reference/ontology.md").read_text(encoding="utf-8")
    segment = APG + "SourceSegment"
    for term in read_ontology(Tree(ROOT)).terms.values():
        if segment in term.iris("rdf:type"):
            continue
        assert f'<a id="{re.sub(r"[^A-Za-z0-9]+", "-", term.curie)}"></a>' in page, term.curie
    anchors = set(re.findall(r'<a id="([^"]+)">', page))
    assert set(re.findall(r"\]\(#([^)]+)\)", page)) <= anchors
    for link in re.findall(r"\]\((\.\./[^)#]+)\)", page):
        assert (ROOT / "docs/reference" / link).exists(), link


def test_the_question_pages_hold_every_question() -> None:
    page = (ROOT / "docs/reference/questions.md").read_text(encoding="utf-8")
    store = Store()
    store.load(path=ROOT / "queries/catalogue.ttl", format=RdfFormat.TURTLE)
    rows = store.query(
        "PREFIX sh: <http://www.w3.org/ns/shacl#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
        "SELECT ?question ?text ?select (GROUP_CONCAT(?name; separator=' ') AS ?names) WHERE { "
        "?question a sh:SPARQLExecutable ; rdfs:comment ?text ; sh:select ?select ; sh:prefixes ?prefixes . "
        "OPTIONAL { ?question sh:parameter/sh:name ?name } } GROUP BY ?question ?text ?select"
    )
    assert isinstance(rows, QuerySolutions)
    found = {}
    for row in rows:
        text, select, names = row["text"], row["select"], row["names"]
        assert isinstance(text, Literal)
        assert isinstance(select, Literal)
        # Nothing to join gives no value.
        named = set(names.value.split()) if isinstance(names, Literal) else set()
        found[str(row["question"])[1:-1]] = (text.value, select.value, named)
    questions = list(Catalogue(ROOT / "queries"))
    assert found == {q.iri: (q.text, q.query, set(q.parameters)) for q in questions}
    for question in questions:
        assert f"### {question.id}\n" in page
        assert question.text in page


def test_the_generated_module_is_what_its_file_says() -> None:
    tree = Tree(ROOT)
    generate(tree)
    spec = importlib.util.spec_from_loader("generated", loader=None)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    exec(tree.read("src/apgraph/vocabulary/__init__.py"), vars(module))
    assert module.PREFIXES == PREFIXES
