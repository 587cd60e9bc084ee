"""Which texts a datatype has, as sh:datatype judges it, and how reports write literals that are none of the usual."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import rdflib
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse, serialize

from apgraph.shacl import validate
from apgraph.shacl.report import SH
from apgraph.store import OxigraphStore
from apgraph.store.lexical import XML_LITERAL

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from apgraph.shacl import Report

XSD = "http://www.w3.org/2001/XMLSchema#"
FORMS = {
    "base64Binary": (
        ["", "YQ==", "YWI=", "YWJj", "Y Q = =", "YWJjYQ=="],
        ["YQ", "***", "YR==", "YWK=x", "Y===", "=", "YQ==YQ==", " YQ==", "ÿÿÿÿ", "YWJj\n"],
    ),
    "hexBinary": (["", "0aFF"], ["0", "zz", " 0a"]),
    "duration": (
        ["P1Y", "P1D", "-P1M", "PT1.5S", "P1Y2M3DT4H5M6S", "P1YT1S"],
        ["P", "PT", "1Y", "P1YT", "P1.5Y", "P1D1M", "P-1Y"],
    ),
    "dayTimeDuration": (["P1D", "PT1H", "-P1DT1S"], ["P1Y", "P1DT", "P"]),
    "yearMonthDuration": (["P1Y", "P2M", "P1Y2M"], ["P1D", "PT1S", "P"]),
    "language": (["en", "en-GB", "x-a1"], ["", "e n", "abcdefghi", "en-", "1a"]),
    "anyURI": (["http://x.test/", "a b", ""], []),
    XML_LITERAL: (
        ["", "a", "<a/>", "<a/>b<c/>", "&amp;", "<a xmlns='urn:x'><b/></a>", "<!-- a -->"],
        [
            *("<a>", "<a></b>", "&x;", "<!DOCTYPE a><a/>", "<a:b/>", "<?xml version='1.0'?><a/>", "\x01"),
            *(
                "</a><a>",
                "</content><content>",
                '<a b="1" b="2"/>',
                '<!DOCTYPE a SYSTEM "/etc/hostname"><a/>',
            ),
        ],
    ),
}


def judged(tmp_path: Path, datatype: str, texts: Sequence[str]) -> Report:
    """Return the report on one node for each text, named by its number."""
    shapes = tmp_path / "shapes.ttl"
    shapes.write_text(
        f"""PREFIX sh: <http://www.w3.org/ns/shacl#>
        <urn:s> a sh:NodeShape ; sh:targetSubjectsOf <urn:p> ; sh:property [ sh:path <urn:p> ; sh:datatype <{datatype}> ] .""",
        encoding="utf-8",
    )
    store = OxigraphStore()
    data = [
        Triple(NamedNode(f"urn:n{at}"), NamedNode("urn:p"), Literal(text, datatype=NamedNode(datatype)))
        for at, text in enumerate(texts)
    ]
    store.load(
        serialize(data, format=RdfFormat.N_TRIPLES) or b"",
        format=RdfFormat.N_TRIPLES,
        graph="urn:d",
        name="d",
    )
    return validate(store, data_graphs=["urn:d"], shapes=[shapes])


@pytest.mark.parametrize("datatype", FORMS)
def test_a_text_that_a_datatype_does_not_have_is_no_value_of_it(tmp_path: Path, datatype: str) -> None:
    good, bad = FORMS[datatype]
    iri = datatype if ":" in datatype else XSD + datatype
    report = judged(tmp_path, iri, [*good, *bad])
    assert report.unchecked == ()
    assert {f.value.value for f in report if isinstance(f.value, Literal)} == set(bad)


ODD = {
    "integer": ["1", "01", "+1", "-0", "0", "-7", "abc", "", " 1"],
    "decimal": ["1.0", ".5", "5.", "00.5", "+0.5", "-0.0", "0.0000001", "0.00000000", "7", "1.50"],
    "double": ["1e0", "1.E5", ".5e-3", "1.0E+05", "INF", "NaN", "1"],
    "boolean": ["true", "false", "1", "0", "TRUE"],
    "date": ["2021-02-28+00:00", "2021-02-30"],
    "byte": ["1", "300"],
    "string": ["1", "true", "", 'a"\n\\"""', "'", "\t\r\n", "\x7f\u2028"],
}


def test_a_report_in_turtle_is_read_back_as_the_data_was_written(tmp_path: Path) -> None:
    values = [
        Literal(text, datatype=NamedNode(XSD + name)) for name, texts in ODD.items() for text in texts
    ] + [
        Literal("1", language="en"),
        Literal("1", datatype=NamedNode("urn:own")),
        Literal("<a/>", datatype=NamedNode(XML_LITERAL)),
    ]
    shapes = tmp_path / "shapes.ttl"
    shapes.write_text(
        "PREFIX sh: <http://www.w3.org/ns/shacl#> <urn:s> sh:targetObjectsOf <urn:p> ; sh:nodeKind sh:IRI .",
        encoding="utf-8",
    )
    store = OxigraphStore()
    triples = [Triple(NamedNode("urn:a"), NamedNode("urn:p"), value) for value in values]
    text = serialize(triples, format=RdfFormat.N_TRIPLES) or b""
    store.load(text, format=RdfFormat.N_TRIPLES, graph="urn:d", name="d")
    turtle = validate(store, data_graphs=["urn:d"], shapes=[shapes]).to_turtle()
    read = [
        quad.object
        for quad in parse(turtle.encode(), RdfFormat.TURTLE)
        if quad.predicate.value == SH + "value"
    ]
    assert set(read) == set(values)
    assert len(read) == len(values)
    before = rdflib.NORMALIZE_LITERALS
    rdflib.NORMALIZE_LITERALS = False
    try:
        graph = rdflib.Graph().parse(data=turtle, format="turtle")
    finally:
        rdflib.NORMALIZE_LITERALS = before
    assert {(str(v), _kind(v)) for v in graph.objects(None, rdflib.SH.value)} == {
        (v.value, v.datatype.value) for v in values
    }


def _kind(term: rdflib.term.Node) -> str:
    """Return a literal's datatype, the one that it has without being told included."""
    if not isinstance(term, rdflib.Literal):
        return ""
    return str(rdflib.RDF.langString if term.language else term.datatype or rdflib.XSD.string)
