"""The W3C's own tests of SHACL, each compared as a full report."""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from pyoxigraph import BlankNode, NamedNode, RdfFormat

from apgraph.errors import InputError
from apgraph.shacl import Shapes, validate
from apgraph.shacl.report import SH, Finding, Term
from apgraph.store import OxigraphStore

MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
SHT = "http://www.w3.org/ns/shacl-test#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"


@dataclass(frozen=True)
class Read:
    """A file of the suite, parsed once, so that its blank nodes are the same for data, shapes and report."""

    shapes: Shapes
    engine: OxigraphStore

    @classmethod
    def of(cls, file: Path) -> Read:
        store = OxigraphStore()
        store.load(file, format=RdfFormat.TURTLE, base=file.as_uri())
        triples = tuple(quad.triple for quad in store.quads())
        return cls(Shapes(triples, (str(file),), {}), store)

    def one(self, subject: Term, predicate: str) -> Term:
        (value,) = self.shapes.objects(subject, predicate)
        return value


def suite(folder: Path) -> list[Path]:
    """Return the files with tests; one of them is proposed only, and in no manifest."""
    return sorted(
        file
        for file in folder.rglob("*.ttl")
        if file.name != "manifest.ttl"
        and Read.of(file).shapes.objects(NamedNode(file.as_uri()), MF + "entries")
    )


def _path(read: Read, node: Term) -> str:
    """Return a path's structure as text; blank nodes have no other name."""
    if not isinstance(node, BlankNode):
        return str(node)
    if read.shapes.objects(node, RDF + "first"):
        return "(" + " ".join(_path(read, member) for member in read.shapes.members(node)) + ")"
    for name in ("inversePath", "alternativePath", "zeroOrMorePath", "oneOrMorePath", "zeroOrOnePath"):
        for value in read.shapes.objects(node, SH + name):
            return f"[{name} {_path(read, value)}]"
    raise ValueError(node)


def _expected(read: Read, report: Term) -> Counter[tuple[str, ...]]:
    found: Counter[tuple[str, ...]] = Counter()
    for result in read.shapes.objects(report, SH + "result"):

        def get(name: str, result: Term = result) -> str:
            values = read.shapes.objects(result, SH + name)
            return str(values[0]) if values else ""

        paths = read.shapes.objects(result, SH + "resultPath")
        messages = read.shapes.objects(result, SH + "resultMessage")
        found[
            (
                get("focusNode"),
                _path(read, paths[0]) if paths else "",
                get("value"),
                get("resultSeverity"),
                get("sourceShape"),
                get("sourceConstraintComponent"),
                " ".join(sorted(map(str, messages))),
            )
        ] += 1
    return found


def _found(read: Read, finding: Finding, messages: bool) -> tuple[str, ...]:
    return (
        str(finding.focus_node),
        _path(read, finding.path) if finding.path is not None else "",
        str(finding.value) if finding.value is not None else "",
        f"<{finding.severity_iri}>",
        str(finding.source_shape),
        f"<{finding.component}>",
        " ".join(sorted(map(str, finding.messages))) if messages else "",
    )


def entries(file: Path) -> tuple[Term, ...]:
    read = Read.of(file)
    return read.shapes.members(read.one(NamedNode(file.as_uri()), MF + "entries"))


def run(file: Path, number: int, engine: str) -> str:
    """Run one of the tests in a file; return what is wrong, or nothing."""
    read = Read.of(file)
    entry = read.shapes.members(read.one(NamedNode(file.as_uri()), MF + "entries"))[number]
    action, expected = read.one(entry, MF + "action"), read.one(entry, MF + "result")

    def graph(name: str) -> Read:
        node = read.one(action, SHT + name)
        other = Path(unquote(urlsplit(node.value).path))
        return read if other == file else Read.of(other)

    data, shapes = graph("dataGraph"), graph("shapesGraph")
    try:
        report = validate(data.engine, data_graphs=[""], shapes=shapes.shapes, engine=engine)
    except InputError as error:
        return "" if expected == NamedNode(SHT + "Failure") else f"refused: {error}"
    if expected == NamedNode(SHT + "Failure"):
        return "" if report.unchecked else "it has to fail, and did not"
    if report.unchecked:
        return f"not checked: {report.unchecked[0]}"
    wanted = _expected(read, expected)
    # A message counts where the test gives one.
    with_messages = any(key[-1] for key in wanted)
    got = Counter(
        _found(shapes if finding.path_triples else read, finding, with_messages) for finding in report
    )
    if got != wanted:
        return f"missing {dict(wanted - got)}; too many {dict(got - wanted)}"
    conforms = read.one(expected, SH + "conforms")
    return "" if str(report.conforms).lower() == conforms.value else "conforms is wrong"


@pytest.mark.parametrize("part", ["core", "sparql"])
def test_every_test_of_the_suite_passes(shared: Path, part: str) -> None:
    tests = [
        (file, number)
        for file in suite(shared / "shacl-suite")
        if file.parent.parent.name == part
        for number, _ in enumerate(entries(file))
    ]
    assert len(tests) == {"core": 98, "sparql": 23}[part]
    wrong = {
        f"{file.stem} {number}": problem for file, number in tests if (problem := run(file, number, "sets"))
    }
    assert wrong == {}


def table(folder: Path) -> str:
    """Return the results of all tests as Markdown."""
    rows = ["| Part | Tests | `sets` | Not passed |", "|---|---|---|---|"]
    files = suite(folder)
    for part in sorted({(file.parent.parent.name, file.parent.name) for file in files}):
        tests = [
            (file, number)
            for file in files
            if (file.parent.parent.name, file.parent.name) == part
            for number, _ in enumerate(entries(file))
        ]
        wrong = [file.stem for file, number in tests if run(file, number, "sets")]
        rows.append(f"| {'/'.join(part)} | {len(tests)} | {len(tests) - len(wrong)} | {', '.join(wrong)} |")
    return "\n".join(rows) + "\n"


def test_the_table_in_the_documentation_is_as_the_suite_says(shared: Path, root: Path) -> None:
    assert table(shared / "shacl-suite") in (root / "docs/reference/shacl.md").read_text(encoding="utf-8")


if __name__ == "__main__":
    sys.stdout.write(table(Path(sys.argv[1]).resolve()))
