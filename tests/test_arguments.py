"""The Python interface answers what cannot be meant with one line, never with an error of its own insides."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from apgraph import Graph, UsageError
from apgraph.cases.registers import read_register
from apgraph.notices import read_waivers
from apgraph.store.rdflib_memory import RdflibStore

if TYPE_CHECKING:
    from collections.abc import Callable

EXAMPLE = Path(__file__).parents[1] / "examples" / "riverside.ttl"

CALLS: dict[str, Callable[[Any], object]] = {
    "ask None": lambda graph: graph.ask(None),
    "ask a number": lambda graph: graph.ask(3),
    "engine": lambda graph: graph.ask("cases", engine=3),
    "time limit": lambda graph: graph.ask("cases", timeout="long"),
    "time limit below nought": lambda graph: graph.query("ASK {}", timeout=-1),
    "query a number": lambda graph: graph.query(3),
    "query bytes": lambda graph: graph.query(b"ASK {}"),
    "query with a list": lambda graph: graph.query("ASK {}", parameters=["x"]),
    "query with no term": lambda graph: graph.query("ASK { ?x ?y ?z }", parameters={"x": 3}),
    "profile on a number": lambda graph: graph.profile(on=2023),
    "profile of a number": lambda graph: graph.profile(3),
    "profiles on a number": lambda graph: graph.profiles(on=2023),
    "compare numbers": lambda graph: graph.compare(3, 4),
    "compare on a number": lambda graph: graph.compare(on=2023),
    "compare on a text": lambda graph: graph.compare(on="2023"),
    "compare on numbers": lambda graph: graph.compare(on=[2022, 2023]),
    "verdict on a number": lambda graph: graph.profile().arrangements[0].verdict(3),
    "reasons for a text": lambda graph: graph.profile().to_text(models="universal"),
    "load a number": lambda graph: graph.load(3),
    "load None": lambda graph: graph.load(None),
    "load a list": lambda graph: graph.load([EXAMPLE]),
    "load bytes": lambda graph: graph.load(b"x.ttl"),
    "load nothing": lambda graph: graph.load(""),
    "remove a number": lambda graph: graph.remove(3),
    "describe a number": lambda graph: graph.describe(3),
    "search a number": lambda graph: graph.search(3),
    "evidence for a number": lambda graph: graph.evidence(34),
    "source that is a number": lambda graph: graph.check_source("C034", 3),
    "shapes that are numbers": lambda graph: graph.validation_queries(shapes=[3]),
    "engine of validation": lambda graph: graph.validate(engine=3),
    "register": lambda graph: graph.validate(register=3),
    "fill from": lambda graph: graph.fill_from(None),
    "explain no report": lambda graph: graph.explain(3),
    "report of no report": lambda graph: graph.report("x" * 1000),
    "checked": lambda graph: graph.report(graph.validate(), checked=3),
    "checked numbers": lambda graph: graph.report(graph.validate(), checked=[3]),
    "waivers": lambda graph: graph.report(graph.validate(), waivers="x.yaml"),
    "waivers that are names": lambda graph: graph.report(graph.validate(), waivers=["x.yaml"]),
    "today": lambda graph: graph.report(graph.validate(), today="2024-01-01"),
    "severity": lambda graph: graph.report(graph.validate()).at_least("error"),
    "file of waivers": lambda _: read_waivers(3),  # type: ignore[arg-type]
    "register to read": lambda _: read_register(None),  # type: ignore[arg-type]
    "explain no triple": lambda graph: graph.explain_inference(3),
    "origins of nothing": lambda graph: graph.origins(3),
    "no name": lambda graph: graph.questions().get(None),
    "no term": lambda graph: graph.lexicon.resolve(3),
    "language": lambda graph: type(graph)(language=3),
    "store": lambda graph: type(graph)(store=3),
    "open a number": lambda graph: graph.open(3),
    "open None": lambda graph: graph.open(None),
    "connect to a number": lambda graph: graph.connect(3),
    "connect for long": lambda graph: graph.connect("http://127.0.0.1:1/", timeout="long"),
}

AFTERWARDS: dict[str, Callable[[Graph], object]] = {
    "len": len,
    "ask": lambda graph: graph.ask("deployment-models"),
    "query": lambda graph: graph.query("ASK {}"),
    "describe": lambda graph: graph.describe("coaching"),
    "search": lambda graph: graph.search("coaching"),
    "evidence": lambda graph: graph.evidence("C034"),
    "load": lambda graph: graph.load(EXAMPLE),
    "load_framework": lambda graph: graph.load_framework(),
    "cases": lambda graph: graph.cases(),
    "remove": lambda graph: graph.remove("riverside"),
    "redacted": lambda graph: graph.redacted(),
    "validate": lambda graph: graph.validate(),
    "deprecated": lambda graph: graph.deprecated(),
    "reason": lambda graph: graph.reason(),
    "inferred": lambda graph: graph.inferred(),
    "profile": lambda graph: graph.profile(),
    "profiles": lambda graph: graph.profiles(),
    "compare": lambda graph: graph.compare(),
    "choices": lambda graph: graph.choices(),
    "places": lambda graph: graph.places(),
    "to_rdflib": lambda graph: graph.to_rdflib(),
}


@pytest.fixture(scope="module")
def graph() -> Graph:
    made = Graph()
    made.load(EXAMPLE)
    return made


@pytest.fixture(scope="module")
def closed() -> Graph:
    made = Graph()
    made.search("coaching")
    made.close()
    made.close()
    return made


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_one_line_for_what_cannot_be_meant(graph: Graph, call: Callable[[Any], object]) -> None:
    with pytest.raises(UsageError) as caught:
        call(graph)
    told = str(caught.value)
    assert "; give " in told
    assert len(told) < 200


def test_one_name_is_no_list_of_letters(graph: Graph, tmp_path: Path) -> None:
    (tmp_path / "w.yaml").write_text("", encoding="utf-8")
    for one in ("riverside.ttl", Path("riverside.ttl")):
        told = graph.report(graph.validate(), checked=one, waivers=read_waivers(str(tmp_path / "w.yaml")))
        assert told.checked == ("riverside.ttl",)
    assert json.loads(told.to_json()) == json.loads(json.dumps(told.to_records())) == told.to_record()


@pytest.mark.parametrize("call", AFTERWARDS.values(), ids=AFTERWARDS)
def test_a_closed_graph_says_so(closed: Graph, call: Callable[[Graph], object]) -> None:
    with pytest.raises(UsageError, match=r"^the graph is closed; make another one$"):
        call(closed)


def test_an_answer_of_a_closed_graph_keeps_its_rows(tmp_path: Path) -> None:
    with Graph.open(tmp_path / "store") as opened:
        answer = opened.ask("deployment-models")
    assert len(answer) == 4
    with pytest.raises(UsageError, match=r"open .*store again"):
        answer.why(0)
    with Graph.open(tmp_path / "store") as opened:
        assert len(opened) > 1000


def test_other_stores_say_so_too() -> None:
    with Graph(store=RdflibStore(), framework=False) as held:
        held.load(EXAMPLE)
    with pytest.raises(UsageError, match="the graph is closed"):
        held.query("ASK {}")
    with Graph.connect("http://127.0.0.1:1/query") as held:
        pass
    with pytest.raises(UsageError, match=r"connect to http://127.0.0.1:1/query again"):
        held.query("ASK {}")


def test_a_usage_error_is_a_type_error_too(graph: Any) -> None:
    with pytest.raises(TypeError):
        graph.search(3)
