"""The picture of the framework: what it shows is what the ontology says, and its text stays in its boxes."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from apgraph.errors import InputError
from apgraph.figures import framework_figure
from apgraph.figures.__main__ import main
from apgraph.figures.drawing import Style
from apgraph.graph import Graph
from apgraph.store import OxigraphStore
from apgraph.vocabulary import PREFIXES, apg

ROOT = Path(__file__).resolve().parents[1]
SVG = "{http://www.w3.org/2000/svg}"
FRAMEWORK = "https://w3id.org/apgraph"


@pytest.fixture(scope="module")
def store() -> OxigraphStore:
    found = Graph().store
    assert isinstance(found, OxigraphStore)
    return found


@pytest.fixture(scope="module")
def figure(store: OxigraphStore) -> str:
    return framework_figure(store)


def texts(figure: str) -> str:
    root = ET.fromstring(figure)
    return " ".join(" ".join("".join(text.itertext()).split()) for text in root.iter(f"{SVG}text"))


def test_the_picture_in_the_documentation_is_up_to_date(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(ROOT / "docs/framework.svg"), "--check"]) == 0, capsys.readouterr().out


def test_it_shows_what_the_ontology_says(store: OxigraphStore, figure: str) -> None:
    shown = " ".join(re.sub(r"\b[CR]\d{2,3}\b|•|\(may\)", " ", texts(figure)).split()).lower()
    query = (
        f"PREFIX apg: <{PREFIXES['apg']}> PREFIX rdfs: <{PREFIXES['rdfs']}> PREFIX skos: <{PREFIXES['skos']}> "
        "SELECT ?label { { ?model apg:hasSummaryFeature/rdfs:label ?label } UNION "
        "{ ?model a apg:InfluencingCondition ; skos:altLabel ?label } UNION { ?model a apg:ImpulseOutcomeType ; "
        "rdfs:label ?label } UNION { ?model a apg:ContinuumPole ; rdfs:label ?label } }"
    )
    labels = {str(getattr(row[0], "value", "")) for row in store.select(query).rows}
    assert len(labels) == 15 + 4 + 4 + 2
    for label in labels:
        assert label.lower() in shown, label
    for claim in [f"C{number:03}" for number in range(98, 113)]:
        assert claim in texts(figure)


def test_hedges_and_gaps_of_the_source_are_kept(figure: str) -> None:
    shown = texts(figure)
    assert "(may) C034" in shown
    assert "(may) C036" in shown
    assert "(in some cases)" in shown
    assert shown.count("names on the diagram only, not in the text") == 3
    # Three cards, and the sample in the legend.
    assert figure.count("stroke-dasharray") == 4


def test_it_is_self_contained_and_can_be_read_aloud(figure: str) -> None:
    root = ET.fromstring(figure)
    assert root.attrib["role"] == "img"
    named = {element.attrib.get("id"): element for element in root.iter()}
    for identity in root.attrib["aria-labelledby"].split():
        assert (named[identity].text or "").strip()
    description = named["description"].text or ""
    for words in ("Deficit: ", "names not in the text of the source", "surviving to thriving", "(may)"):
        assert words in description
    assert re.findall(r"https?://[^\"'<]+", figure) == ["http://www.w3.org/2000/svg"]
    assert "<script" not in figure
    assert "@import" not in figure


def test_text_stays_inside_its_box(figure: str) -> None:
    root = ET.fromstring(figure)
    width = float(root.attrib["width"])
    height = float(root.attrib["height"])
    boxes = []
    for box in root.iter(f"{SVG}rect"):
        x, y, across, down = (float(box.attrib[name]) for name in ("x", "y", "width", "height"))
        boxes.append((x, y, x + across, y + down))
    for text in root.iter(f"{SVG}text"):
        x, y = float(text.attrib["x"]), float(text.attrib["y"])
        pieces = list(text) or [text]
        own = sum(
            Style(float(p.attrib["font-size"]), bold="font-weight" in p.attrib).width(f"{p.text} ")
            for p in pieces
        )
        shift = {"end": own, "middle": own / 2}.get(text.attrib.get("text-anchor", ""), 0)
        around = min(
            (b for b in boxes if b[0] <= x <= b[2] and b[1] <= y <= b[3]),
            key=lambda b: (b[2] - b[0]) * (b[3] - b[1]),
        )
        assert around[0] <= x - shift, "".join(text.itertext())
        assert x - shift + own <= around[2] + 6, "".join(text.itertext())
        assert 0 < y < height
        assert x <= width


def test_a_further_model_is_drawn_without_any_change_of_code() -> None:
    graph = Graph()
    model, label = NamedNode("http://example.org/federated"), NamedNode(PREFIXES["rdfs"] + "label")
    name = Literal("federated model", language="en")
    graph.store.add(
        [
            Quad(
                model,
                NamedNode(PREFIXES["rdf"] + "type"),
                NamedNode(apg.DeploymentModel),
                NamedNode(FRAMEWORK),
            ),
            Quad(model, label, name, NamedNode(FRAMEWORK)),
        ]
    )
    assert "Federated" in texts(framework_figure(graph.store))


def test_without_the_framework_there_is_nothing_to_draw() -> None:
    with pytest.raises(InputError, match="framework"):
        framework_figure(OxigraphStore())


def test_the_command_writes_once_and_tells_what_is_stale(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "framework.svg"
    assert main([str(file), "--check"]) == 1
    assert main([str(file)]) == 0
    stamp = file.stat().st_mtime_ns
    assert main([str(file)]) == 0
    assert file.stat().st_mtime_ns == stamp
    assert main([str(file), "--check"]) == 0
    assert main([str(tmp_path / "none" / "framework.svg")]) == 2
    assert capsys.readouterr().err.count("\n") == 1
