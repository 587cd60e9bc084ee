"""Which texts a datatype has, as sh:datatype judges it, and how reports write literals that are none of the usual."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, serialize

from apgraph.shacl import validate
from apgraph.shacl.lexical import XML_LITERAL
from apgraph.store import OxigraphStore

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
