"""A study of many colleges, each case in a graph of its own: work grows with the data, not with its square."""

from __future__ import annotations

import gc
from functools import partial
from pathlib import Path
from time import process_time
from typing import TYPE_CHECKING

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from apgraph import Graph
from apgraph.store import OxigraphStore

if TYPE_CHECKING:
    from collections.abc import Callable

CASE = Path(__file__).parent / "cases" / "rule-21-one-feature-missing.ttl"
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"


def colleges(folder: Path, number: int) -> Path:
    """Write a case so many times, under so many names, and return the folder."""
    text = CASE.read_text(encoding="utf-8")
    name = text.partition("urn:apgraph:case:")[2].partition(":")[0]
    folder.mkdir()
    for at in range(number):
        (folder / f"college-{at}.ttl").write_text(
            text.replace(f"urn:apgraph:case:{name}:", f"urn:apgraph:case:{name}-{at}:").replace(
                f'"{name}"', f'"{name}-{at}"'
            ),
            encoding="utf-8",
        )
    return folder


def spent(work: Callable[[], object]) -> float:
    gc.collect()
    start = process_time()
    work()
    return process_time() - start


@pytest.fixture(scope="module")
def costs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[float]]:
    """Return what each step costs for 40 and for 160 colleges."""
    folder = tmp_path_factory.mktemp("many")
    found: dict[str, list[float]] = {"load": [], "validate": [], "explain": [], "profile": []}
    for number in (40, 160):
        data = colleges(folder / str(number), number)
        graph = Graph()
        found["load"].append(spent(partial(graph.load, data)))
        assert len(graph.cases()) == number
        found["validate"].append(spent(graph.validate))
        report = graph.validate()
        found["explain"].append(spent(partial(graph.explain, report)))
        explained = graph.explain(report)
        assert sum(each.rule == 21 for each in explained) == number
        files = {Path(each.origin.file).name for each in explained if each.origin is not None}
        assert files == {f"college-{at}.ttl" for at in range(number)}
        found["profile"].append(spent(graph.profiles))
    return found


@pytest.mark.parametrize("step", ["load", "validate", "explain", "profile"])
def test_four_times_the_colleges_take_about_four_times_as_long(
    step: str, costs: dict[str, list[float]]
) -> None:
    few, many = costs[step]
    # With the square it would be sixteen times and more; a little is added for what takes no time worth measuring.
    assert many < 8 * few + 0.1, f"{few:.2f} s for 40, {many:.2f} s for 160"


def test_many_graphs_are_asked_as_one() -> None:
    def quad(number: int, graph: int) -> Quad:
        return Quad(
            NamedNode(f"urn:s{number}"), NamedNode("urn:p"), Literal(number), NamedNode(f"urn:g{graph}")
        )

    store = OxigraphStore()
    store.add(quad(number, number) for number in range(20))
    assert store.select(COUNT).rows == ((Literal(20),),)
    # A triple of two graphs counts once, a change is seen, and graphs can be told apart all the while.
    store.add([quad(3, 4)])
    assert store.select(COUNT).rows == ((Literal(20),),)
    assert len(store.select("SELECT ?g { <urn:s3> <urn:p> ?o GRAPH ?g { <urn:s3> <urn:p> ?o } }")) == 2
    assert store.select(COUNT, default_graphs=[f"urn:g{at}" for at in range(8)]).rows == ((Literal(8),),)
    store.add([quad(20, 3)])
    assert store.select(COUNT).rows == ((Literal(21),),)
    store.remove_graph("urn:g19")
    assert store.select(COUNT).rows == ((Literal(20),),)
    store.add_graph("urn:empty")
    assert store.select("SELECT ?g { GRAPH ?g { } }", named_graphs=["urn:empty"]).rows == (
        (NamedNode("urn:empty"),),
    )
