"""Where pySHACL differs from the specification, by the answer of a third engine, Apache Jena's.

``python tests/test_shacl_third_engine.py`` asks all three again and writes the table of docs/reference/shacl.md.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, parse

from apgraph.shacl import Shapes, validate
from apgraph.shacl.report import SH
from apgraph.store import OxigraphStore

PREFIXES = """
PREFIX : <http://x.test/> PREFIX sh: <http://www.w3.org/ns/shacl#> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
"""
_ASK = """:LongConstraintComponent a sh:ConstraintComponent ; sh:parameter [ sh:path :long ] ;
sh:validator [ sh:ask "ASK { FILTER(STRLEN(STR($value)) > $long) }" ] . """
_SELECT = """:NoneConstraintComponent a sh:ConstraintComponent ; sh:parameter [ sh:path :none ] ;
sh:propertyValidator [ sh:select "SELECT $this WHERE { $this $none ?any }" ] . """


class Case(NamedTuple):
    """What differs, the section that settles it, and shapes and data that show it."""

    says: str
    section: str
    anchor: str
    shapes: str
    data: str
    jena_agrees: bool = True


CASES = [
    Case(
        "`sh:minLength 0` at a blank node is a violation",
        "4.4.1",
        "MinLengthConstraintComponent",
        ":s sh:targetNode :a ; sh:property [ sh:path :p ; sh:minLength 0 ] .",
        ":a :p [] .",
    ),
    Case(
        "a text that `xsd:base64Binary`, `xsd:duration` or `xsd:language` does not have is no value of it",
        "4.1.2",
        "DatatypeConstraintComponent",
        ":s sh:targetNode :a ; sh:property [ sh:path :p ; sh:datatype xsd:base64Binary ] , "
        "[ sh:path :q ; sh:datatype xsd:duration ] , [ sh:path :r ; sh:datatype xsd:language ] .",
        ':a :p "YR=="^^xsd:base64Binary ; :q "P1YT"^^xsd:duration ; :r "e n"^^xsd:language .',
    ),
    Case(
        "a date is not at most a number: what cannot be compared is a violation",
        "4.3",
        "core-components-range",
        ":s sh:targetNode :a ; sh:property [ sh:path :p ; sh:maxInclusive 5 ] .",
        ':a :p "2021-02-28"^^xsd:date, true, "1"^^:own .',
    ),
    Case(
        "`sh:lessThan` between IRIs is a violation",
        "4.5.3",
        "LessThanConstraintComponent",
        ":s sh:targetNode :a ; sh:property [ sh:path :p ; sh:lessThan :q ] .",
        ":a :p :b ; :q :c .",
    ),
    Case(
        "`sh:inversePath` of a sequence leads back along all of it",
        "2.3.1.4",
        "property-path-inverse",
        ":s sh:targetNode :c ; sh:property [ sh:path [ sh:inversePath ( :p :q ) ] ; sh:nodeKind sh:Literal ] .",
        ":a :p :b . :b :q :c .",
    ),
    Case(
        "a result of an ASK validator in a property shape has the value",
        "6.2.3",
        "SPARQLAskValidator",
        _ASK + ":s sh:targetNode :a ; sh:property [ sh:path :p ; :long 2 ] .",
        ':a :p "x", "long" .',
    ),
    Case(
        "a SELECT validator runs once for a focus node, not once for each value",
        "6.2.2",
        "SPARQLSelectValidator",
        _SELECT + ":s sh:targetNode :a, :b ; sh:property [ sh:path :p ; :none :q ] .",
        ":a :p 1, 2 ; :q 1 . :b :q 2 .",
        jena_agrees=False,
    ),
    Case(
        "a variable that is pre-bound to the empty text is bound",
        "5.3.1",
        "pre-binding",
        ":LonelyConstraintComponent a sh:ConstraintComponent ; sh:parameter [ sh:path :lonely ] ; sh:validator "
        '[ sh:ask "ASK { FILTER NOT EXISTS { ?other $lonely $value FILTER(?other != $this) } }" ] . :s sh:targetNode "" ; :lonely :r .',
        ':a :r "xy" .',
    ),
    Case(
        "each solution of a SPARQL constraint is a result, also where two are alike",
        "5.3.2",
        "sparql-constraints-variables",
        ':s sh:targetNode :a ; sh:sparql [ sh:select "SELECT $this WHERE { $this <http://x.test/p> ?o }" ] .',
        ":a :p 1, 2 .",
    ),
]

Rows = Counter[tuple[str, str, str]]


def _short(term: object) -> str:
    if isinstance(term, BlankNode):
        return "_:"
    if isinstance(term, Literal) and term.datatype.value.endswith("#integer"):
        return f'"{int(term.value)}"^^{term.datatype}'
    return "" if term is None else str(term)


def by_engine(case: Case, engine: str) -> Rows:
    """Return the results of one of apgraph's engines."""
    store, shapes = OxigraphStore(), OxigraphStore()
    store.load((PREFIXES + case.data).encode(), format=RdfFormat.TURTLE, graph="urn:test:data", name="data")
    shapes.load((PREFIXES + case.shapes).encode(), format=RdfFormat.TURTLE, name="shapes")
    read = Shapes(tuple(quad.triple for quad in shapes.quads()), ("shapes",), {})
    report = validate(store, data_graphs=["urn:test:data"], shapes=read, engine=engine)
    assert report.unchecked == ()
    return Counter((_short(f.focus_node), _short(f.value), f.component.rpartition("/")[2]) for f in report)


@cache
def by_jena(case: Case, jar: str) -> Rows:
    """Return the results of Jena's ``shacl validate``; the runnable jar of its server has it, too."""
    with tempfile.TemporaryDirectory() as folder:
        shapes, data = Path(folder, "shapes.ttl"), Path(folder, "data.ttl")
        shapes.write_text(PREFIXES + case.shapes, encoding="utf-8")
        data.write_text(PREFIXES + case.data, encoding="utf-8")
        command = ["java", "-cp", jar, "shacl.shacl_validate", "--shapes", str(shapes), "--data", str(data)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=True)
    report = re.sub(r"(?m)^\d\d:\d\d:\d\d .*", "", done.stdout)  # what it logs about ill-formed literals
    triples = [quad.triple for quad in parse(report.encode(), RdfFormat.TURTLE)]

    def value(subject: object, name: str) -> object:
        found = [t.object for t in triples if t.subject == subject and t.predicate == NamedNode(SH + name)]
        return found[0] if found else None

    return Counter(
        (
            _short(value(t.object, "focusNode")),
            _short(value(t.object, "value")),
            re.sub(r"^<?.*/|>$", "", _short(value(t.object, "sourceConstraintComponent"))),
        )
        for t in triples
        if t.predicate == NamedNode(SH + "result")
    )


def jena_jar() -> str:
    jar = os.environ.get("APGRAPH_FUSEKI_JAR", "")
    if not jar:
        pytest.skip("APGRAPH_FUSEKI_JAR is not set; .ci/fetch-fuseki FOLDER fetches it and prints its place")
    return jar


def table(jar: str) -> str:
    """Return what each engine finds, as Markdown."""
    rows = ["| By the specification | Section | `sets` | `pyshacl` | Jena |", "|---|---|---|---|---|"]
    for case in CASES:
        ours = by_engine(case, "sets")
        shown = [
            f"{found.total()} results"
            + ("" if found == ours or found.total() != ours.total() else ", others")
            for found in (ours, by_engine(case, "pyshacl"), by_jena(case, jar))
        ]
        link = f"[{case.section}](https://www.w3.org/TR/shacl/#{case.anchor})"
        rows.append(f"| {case.says} | {link} | {' | '.join(shown)} |")
    return "\n".join(rows).replace(" 1 results", " 1 result") + "\n"


def test_the_list_in_the_documentation_is_as_three_engines_answer(root: Path) -> None:
    assert table(jena_jar()) in (root / "docs/reference/shacl.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.says)
def test_pyshacl_differs_and_jena_does_not(case: Case) -> None:
    ours = by_engine(case, "sets")
    assert by_engine(case, "pyshacl") != ours, "pySHACL has been mended; take the case out of the list"
    assert (by_jena(case, jena_jar()) == ours) is case.jena_agrees


if __name__ == "__main__":
    sys.stdout.write(table(os.environ["APGRAPH_FUSEKI_JAR"]))
