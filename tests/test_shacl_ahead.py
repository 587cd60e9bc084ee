"""Queries that are asked ahead: each answer reaches the one who asked, in order, errors included."""

from __future__ import annotations

import threading
from functools import partial
from typing import TYPE_CHECKING

import pytest
from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    Literal,
    NamedNode,
    Quad,
    RdfFormat,
    parse,
)

from apgraph.resources import FRAMEWORK, MODULES, ontology_module
from apgraph.shacl import validate
from apgraph.shacl.ahead import ahead
from apgraph.shacl.ground import Ground
from apgraph.store import OxigraphStore, format_of

if TYPE_CHECKING:
    from pathlib import Path

XSD = "http://www.w3.org/2001/XMLSchema#"
P = NamedNode("urn:p")


@pytest.mark.parametrize("threads", [1, 2, 4])
def test_results_come_in_order_and_errors_where_they_belong(threads: int) -> None:
    def work(number: int) -> int:
        if number % 7 == 3:
            raise LookupError(number)
        return number

    with ahead([partial(work, n) for n in range(50)], threads) as results:
        for number, result in enumerate(results):
            if number % 7 == 3:
                with pytest.raises(LookupError, match=str(number)):
                    result()
            else:
                assert result() == number


def test_two_pieces_are_under_way_at_once() -> None:
    both = threading.Barrier(2, timeout=20)  # broken unless two come to it
    with ahead([both.wait, both.wait], 2) as results:
        assert sorted(result() for result in results) == [0, 1]


def test_nothing_is_begun_after_the_end() -> None:
    begun: list[int] = []
    may_go_on = threading.Event()

    def work(number: int) -> int:
        begun.append(number)
        may_go_on.wait(20)
        return number

    with pytest.raises(KeyboardInterrupt), ahead([partial(work, n) for n in range(9)], 2):
        raise KeyboardInterrupt
    may_go_on.set()
    for thread in threading.enumerate():
        if thread.name == "apgraph-check":
            thread.join(20)
    assert len(begun) <= 2


def test_an_answer_is_written_as_values_only_where_it_can_be() -> None:
    ground = Ground(OxigraphStore(), [""])
    a, b = NamedNode("urn:a"), Literal('say "no"', language="en")
    assert ground.rows_as_values(["?this", "?value"], [(a, b), (a, b)]) == (
        'VALUES (?this ?value) {\n  (<urn:a> "say \\"no\\""@en)\n}'
    )
    assert ground.rows_as_values(["?this"], [(a,), (BlankNode(),)]) is None
    assert ground.rows_as_values(["?this"], [(None,)]) is None
    assert ground.rows_as_values(["?this"], ((NamedNode(f"urn:{n}"),) for n in range(20_000))) is None


def test_details_are_of_the_node_at_fault_and_of_no_other(tmp_path: Path) -> None:
    shapes = tmp_path / "shapes.ttl"
    shapes.write_text(
        "PREFIX sh: <http://www.w3.org/ns/shacl#> <urn:s> a sh:NodeShape ; sh:targetSubjectsOf <urn:p> ;\n"
        "sh:property [ sh:path <urn:p> ; sh:node [ sh:property [ sh:path <urn:q> ; sh:minCount 1 ] ;\n"
        "sh:property [ sh:path <urn:r> ; sh:maxCount 0 ] ] ] .\n"
        "<urn:t> a sh:NodeShape ; sh:targetObjectsOf <urn:r> ; sh:not [ sh:nodeKind sh:IRI ] .",
        encoding="utf-8",
    )
    store = OxigraphStore()
    store.load(
        b"<urn:a> <urn:p> <urn:b>, _:c, <urn:d> . <urn:b> <urn:r> <urn:x> . <urn:d> <urn:q> 1 . _:c <urn:r> 2 .",
        format=RdfFormat.TURTLE,
    )
    report = validate(store, data_graphs=[""], shapes=[shapes])
    by_value = {
        "_:c" if isinstance(finding.value, BlankNode) else str(finding.value): {
            (
                type(detail.focus_node) is BlankNode or detail.focus_node == finding.value,
                detail.component_name,
            )
            for detail in finding.details
        }
        for finding in report
        if finding.component_name == "Node"
    }
    both = {(True, "MinCount"), (True, "MaxCount")}
    assert by_value == {"<urn:b>": both, "_:c": both}


def test_a_long_report_is_the_same_graph_and_the_same_text_each_time(tmp_path: Path) -> None:
    shapes = tmp_path / "shapes.ttl"
    shapes.write_text(
        "PREFIX sh: <http://www.w3.org/ns/shacl#> <urn:s> a sh:NodeShape ; sh:targetSubjectsOf <urn:p> ;\n"
        "sh:property [ sh:path ( <urn:q> [ sh:inversePath <urn:p> ] ) ; sh:minCount 1 ] .",
        encoding="utf-8",
    )
    store = OxigraphStore()
    store.add(Quad(NamedNode(f"urn:{number}"), P, Literal(number)) for number in range(1200))
    texts = []
    for _ in range(2):
        report = validate(store, data_graphs=[""], shapes=[shapes])
        assert len(report) == 1200
        texts.append(report.to_turtle())
    assert texts[0] == texts[1]
    found, written = (
        Dataset(Quad(t.subject, t.predicate, t.object) for t in triples)
        for triples in (report.to_triples(), parse(texts[0].encode(), RdfFormat.TURTLE))
    )
    for dataset in (found, written):
        dataset.canonicalize(CanonicalizationAlgorithm.UNSTABLE)
    assert found == written


def test_all_graphs_together_show_no_spelling_that_is_kept_beside() -> None:
    store = OxigraphStore()
    for graph, text in (("urn:g", "01"), ("urn:h", "2")):
        literal = Literal(text, datatype=NamedNode(XSD + "integer"))
        store.add([Quad(NamedNode("urn:a"), P, literal, NamedNode(graph))])
    query = "SELECT ?o { ?s <urn:p> ?o }"
    everything = [row[0] for row in store.select(query, default_graphs=["urn:g", "urn:h"])]
    assert sorted(term.value for term in everything if term) == ["1", "2"]
    plain = OxigraphStore()
    plain.add(Quad(NamedNode("urn:a"), P, Literal(name), NamedNode(name)) for name in ("urn:g", "urn:h"))
    plain.add([Quad(NamedNode("urn:a"), P, Literal("nowhere"))])
    for graphs, number in ((["urn:g", "urn:h"], 2), (["urn:g", "urn:h", ""], 3), (["urn:g", ""], 2)):
        assert len(plain.select(query, default_graphs=graphs)) == number
    plain.remove_graph("urn:h")
    assert len(plain.select(query, default_graphs=["urn:g", "", "urn:h"])) == 2


def test_the_framework_has_no_literal_that_the_engine_would_change() -> None:
    quickly, carefully = OxigraphStore(), OxigraphStore()
    for module in ("apgraph", *MODULES):
        file = ontology_module(module)
        quickly.load_as_stored([(file, format_of(file))], graph=FRAMEWORK)
        carefully.load(file, format=format_of(file), graph=FRAMEWORK, name=file.name)
    assert len(quickly) == len(carefully)

    def written(store: OxigraphStore) -> set[tuple[str, ...]]:
        return {
            tuple(
                "_" if isinstance(term, BlankNode) else str(term)
                for term in (q.subject, q.predicate, q.object)
            )
            for q in store.quads(FRAMEWORK)
        }

    assert written(quickly) == written(carefully)
