"""ROBOT as a judge from outside: its report, its profile check and its reasoners on every file of the ontology."""

from __future__ import annotations

import csv
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse, serialize

from apgraph.resources import FRAMEWORK, ontology_module
from apgraph.vocabulary import PREFIXES, VERSION

ROOT = Path(__file__).resolve().parents[1]
ONTOLOGY = ROOT / "ontology"
FILES = sorted(path.relative_to(ONTOLOGY).as_posix() for path in ONTOLOGY.rglob("*.ttl"))
A, LABEL = NamedNode(PREFIXES["rdf"] + "type"), NamedNode(PREFIXES["rdfs"] + "label")
ONTOLOGY_CLASS = NamedNode(PREFIXES["owl"] + "Ontology")
IMPORTS, DEFINED_BY = (
    NamedNode(PREFIXES["owl"] + "imports"),
    NamedNode(PREFIXES["rdfs"] + "isDefinedBy"),
)
DEFINITION = NamedNode(PREFIXES["skos"] + "definition")
# ROBOT looks for definitions here and nowhere else.
OBO_DEFINITION = NamedNode("http://purl.obolibrary.org/obo/IAO_0000115")


@dataclass(frozen=True, slots=True)
class Row:
    """A line of ROBOT's report."""

    level: str
    rule: str
    subject: str


@pytest.fixture(scope="module")
def class_path() -> str:
    path = os.environ.get("APGRAPH_ROBOT", "")
    if not path:
        pytest.skip(
            "APGRAPH_ROBOT is not set; .ci/fetch-robot FOLDER fetches ROBOT and prints its class path"
        )
    return path


def robot(class_path: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = ["java", "-Xmx1g", "-cp", class_path, "org.obolibrary.robot.CommandLineInterface"]
    catalog = ["--catalog", str(ONTOLOGY / "catalog-v001.xml")]
    return subprocess.run(
        [*command, *catalog, *map(str, arguments)], capture_output=True, text=True, check=False, timeout=600
    )


def with_imports(source: Path) -> list[Quad]:
    """The triples of a file and of the modules that it imports, since ROBOT's report looks at one file alone."""
    waiting, seen, quads = [source], {source}, list[Quad]()
    while waiting:
        file = waiting.pop()
        here = list(parse(path=str(file), format=RdfFormat.TURTLE, rename_blank_nodes=True))
        for quad in here:
            if quad.predicate == IMPORTS and isinstance(quad.object, NamedNode):
                name = quad.object.value.removeprefix(FRAMEWORK).removesuffix(f"/{VERSION}").strip("/")
                module = ontology_module(name or "apgraph")
                if module not in seen:
                    seen.add(module)
                    waiting.append(module)
        # One header, that of the file; two would be taken for one with everything twice.
        headers = {quad.subject for quad in here if quad.predicate == A and quad.object == ONTOLOGY_CLASS}
        left_out = set() if file == source else headers
        quads += [quad for quad in here if quad.predicate != IMPORTS and quad.subject not in left_out]
    return quads


def with_obo_definitions(source: Path, target: Path) -> Path:
    """Write a copy with what it imports, in which each definition is also where ROBOT looks for it."""
    quads = with_imports(source)
    defined = [Quad(q.subject, OBO_DEFINITION, q.object) for q in quads if q.predicate == DEFINITION]
    stub = [
        Quad(OBO_DEFINITION, A, NamedNode(PREFIXES["owl"] + "AnnotationProperty")),
        Quad(OBO_DEFINITION, LABEL, Literal("where ROBOT looks for a definition")),
    ]
    target.write_bytes(serialize([*quads, *defined, *stub], format=RdfFormat.TURTLE) or b"")
    return target


def report(class_path: str, source: Path, folder: Path) -> list[Row]:
    """What ROBOT's default profile of checks finds in a file."""
    copy = with_obo_definitions(source, folder / "copy.ttl")
    rows = folder / "report.tsv"
    done = robot(class_path, "report", "--input", copy, "--output", rows, "--fail-on", "none")
    assert done.returncode == 0, done.stdout + done.stderr
    with rows.open(encoding="utf-8", newline="") as stream:
        found = [
            Row(row["Level"], row["Rule Name"], row["Subject"])
            for row in csv.DictReader(stream, delimiter="\t")
        ]
    return [row for row in found if row.subject not in {OBO_DEFINITION.value, "IAO:0000115"}]


def iri(subject: str) -> str:
    """The whole name, where ROBOT shortens it."""
    prefix, _, local = subject.partition(":")
    # ROBOT's own short name for the DCMI terms.
    known = {**PREFIXES, "dc": PREFIXES["dcterms"]}
    return known[prefix] + local if prefix in known else subject


def stubs() -> set[str]:
    """The terms of other vocabularies that our files declare, by what they name as their definition's place."""
    return {
        str(quad.subject.value)
        for name in FILES
        for quad in parse(path=str(ONTOLOGY / name), format=RdfFormat.TURTLE)
        if quad.predicate == DEFINED_BY
        and isinstance(quad.subject, NamedNode)
        and isinstance(quad.object, NamedNode)
        and not quad.object.value.startswith(FRAMEWORK)
    }


def waivers() -> list[tuple[str, set[str]]]:
    """Rule and subjects of everything that is let pass."""
    entries = yaml.safe_load((ROOT / "quality" / "robot-waivers.yaml").read_text(encoding="utf-8"))
    assert all(entry["reason"].strip() for entry in entries)
    return [
        (
            entry["rule"],
            stubs() if entry["subjects"] == "stubs" else {iri(name) for name in entry["subjects"]},
        )
        for entry in entries
    ]


def merged(class_path: str, folder: Path) -> Path:
    """The ontology with everything that it imports, in one file, merged by ROBOT."""
    target = folder / "merged.ttl"
    done = robot(
        class_path, "merge", "--input", ontology_module("apgraph"), "--collapse-import-closure", "true",
        "convert", "--format", "ttl", "--output", target,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return target


@pytest.mark.parametrize("name", [*FILES, "merged"])
def test_the_report_names_nothing_that_is_not_explained(name: str, class_path: str, tmp_path: Path) -> None:
    source = merged(class_path, tmp_path) if name == "merged" else ONTOLOGY / name
    known = waivers()
    unexplained = [
        row
        for row in report(class_path, source, tmp_path)
        if not any(row.rule == rule and iri(row.subject) in subjects for rule, subjects in known)
    ]
    assert unexplained == []


def test_each_explanation_is_still_needed(class_path: str, tmp_path: Path) -> None:
    # The alignments are not merged, and looked at one by one.
    sources = [merged(class_path, tmp_path)]
    sources += [ONTOLOGY / name for name in FILES if name.startswith("alignments/")]
    found = {
        (row.rule, iri(row.subject)) for source in sources for row in report(class_path, source, tmp_path)
    }
    needless = [(rule, name) for rule, names in waivers() for name in names if (rule, name) not in found]
    # A stub may have a definition of its own.
    assert [(rule, name) for rule, name in needless if name not in stubs()] == []
    assert any((rule, name) in found for rule, names in waivers() for name in names & stubs())


@pytest.mark.parametrize("name", FILES)
def test_every_file_is_owl_2_dl_and_classifies(name: str, class_path: str, tmp_path: Path) -> None:
    # In one run of Java, which stops at the first of the three that fails; see also the last test.
    said = tmp_path / "dl.txt"
    done = robot(
        class_path,
        "validate-profile", "--profile", "DL", "--input", ONTOLOGY / name, "--output", said,
        "reason", "--reasoner", "ELK",
        "reason", "--reasoner", "HermiT", "--output", tmp_path / "reasoned.owl",
    )  # fmt: skip
    assert done.returncode == 0, f"{said.read_text(encoding='utf-8')}{done.stdout}{done.stderr}"
    assert "in profile" in said.read_text(encoding="utf-8")
    assert (tmp_path / "reasoned.owl").stat().st_size > 0


BAD = """
@prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix e: <https://example.org/e#> .
<https://example.org/e> a owl:Ontology .
e:Good a owl:Class ; rdfs:label "good" . e:Bad a owl:Class ; owl:disjointWith e:Good .
e:Both a owl:Class ; rdfs:subClassOf e:Good, e:Bad .
e:part a owl:ObjectProperty, owl:TransitiveProperty ; rdfs:label "part" ; a owl:IrreflexiveProperty .
"""


def test_the_judge_can_say_no(class_path: str, tmp_path: Path) -> None:
    bad = tmp_path / "bad.ttl"
    bad.write_text(BAD, encoding="utf-8")
    rules = {row.rule for row in report(class_path, bad, tmp_path)}
    assert {"missing_label", "missing_definition", "missing_ontology_title"} <= rules
    done = robot(
        class_path, "validate-profile", "--profile", "DL", "--input", bad, "--output", tmp_path / "dl.txt"
    )
    assert done.returncode != 0
    bad.write_text(BAD.replace("a owl:IrreflexiveProperty", 'rdfs:comment "only a part"'), encoding="utf-8")
    for reasoner in ("ELK", "HermiT"):
        done = robot(
            class_path, "reason", "--reasoner", reasoner, "--input", bad, "--output", tmp_path / "out.owl"
        )
        assert done.returncode != 0, reasoner
