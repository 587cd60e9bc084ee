"""Forged files: data that speaks in the framework's name is refused, and checking says where and what."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from apgraph import Graph, InputError
from apgraph.cases.authorship import assumed_authority
from apgraph.cli.entry import run
from apgraph.resources import resource_folder
from apgraph.store import OxigraphStore, format_of

if TYPE_CHECKING:
    from collections.abc import Sequence

CASES = Path(__file__).parent / "cases"
MINIMAL = (CASES / "good-minimal.ttl").read_text(encoding="utf-8")
PREFIXES = """
@prefix apg: <https://w3id.org/apgraph/ns#> .
@prefix apgs: <https://w3id.org/apgraph/src/> .
@prefix apgx: <https://w3id.org/apgraph/ref/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix my: <https://example.org/my/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
"""
A_CLAIM = """ a apg:ModelFeatureStatement ; apg:hasPolarity apgx:polarityPresent ; apg:hasTier apgx:tierSummary ;
    apg:hasHedge apgx:hedgeNone ; apg:statesFeature apgx:worksInTeams ; apg:statesPractice apgx:teamWorking ; """

# What is forged, and what the one line says of it.
FORGED = {
    "a claim": (f"apgs:c999{A_CLAIM} apg:statesModel apgx:deficitModel .", "apgs:c999 what only"),
    "a claim by another number": ("apgs:C098 apg:statesFeature apgx:worksInTeams .", "apgs:C098 what only"),
    "another label": ('apgx:coaching rdfs:label "telling"@en .', "apgx:coaching what only"),
    "another label without a language": ('apgx:coaching skos:prefLabel "telling" .', "apgx:coaching what only"),
    "a feature": ("apgx:deficitModel apg:hasSummaryFeature apgx:worksInTeams .", "apgx:deficitModel what only"),
    "a feature in other words": (f"my:c1{A_CLAIM} apg:statesModel apgx:deficitModel .", "which features apgx:d"),
    "a class": ("apg:Teacher rdfs:subClassOf my:Other .", "apg:Teacher what only"),
    "the ontology": ('<https://w3id.org/apgraph> owl:versionInfo "2" .', "https://w3id.org/apgraph what only"),
    "a ground of a triple": (
        "[] a owl:Axiom ; owl:annotatedSource apgx:coaching ; owl:annotatedProperty skos:broader ; "
        "owl:annotatedTarget apgx:dialogue ; dcterms:source apgs:C034 .",
        "apgx:coaching what only",
    ),
    "a ground of a translation": (
        "[] a owl:Axiom ; owl:annotatedSource apgx:coaching ; owl:annotatedProperty skos:prefLabel ; "
        'owl:annotatedTarget "hyfforddi"@cy ; dcterms:source apgs:C034 .',
        "gives apgs:C034 as the ground",
    ),
    "a ground of one's own term": ("my:coop dcterms:source apgs:C034 .", "gives apgs:C034 as the ground"),
    "a ground of one's own triple": (
        "[] a owl:Axiom ; owl:annotatedSource my:coop ; owl:annotatedProperty skos:inScheme ; "
        "owl:annotatedTarget apgx:deploymentModels ; dcterms:source apgs:C085 .",
        "gives apgs:C085 as the ground",
    ),
    "a reading": ("my:r1 a apg:CuratorReading ; apg:readsStatement apgs:C090 .", "gives apgs:C090 as the ground"),
    "a value on the diagram": ("my:set apg:isShownOn apgs:deck .", "gives apgs:deck as the ground"),
    "a claim that is named as one": (
        'my:c1 a apg:InfluenceFinding ; rdfs:label "Claim C034"@en ; apg:hasFactor apgx:coaching .',
        "names https://example.org/my/c1 'Claim C034'",
    ),
}  # fmt: skip

# What an extension may say.
ALLOWED = {
    "a label in another language": 'apgx:coaching rdfs:label "hyfforddi"@cy ; skos:definition "Rhywbeth."@cy-gb .',
    "who reviewed such a label": 'apgx:coaching skos:prefLabel "hyfforddi"@cy . [] a owl:Axiom ; '
    "owl:annotatedSource apgx:coaching ; owl:annotatedProperty skos:prefLabel ; "
    'owl:annotatedTarget "hyfforddi"@cy ; rdfs:comment "read by a speaker"@en .',
    "a model": 'my:coop a apg:DeploymentModel ; rdfs:label "coop" ; apg:hasSummaryFeature apgx:worksInTeams .',
    "a claim of another source": f'my:c1{A_CLAIM} apg:statesModel my:coop ; dcterms:source "Another study." .',
    "a finding on a term of the framework": 'my:f1 a apg:InfluenceFinding ; rdfs:label "F1" ; apg:hasFactor apgx:coaching .',
    "a look at a claim": "my:coop rdfs:seeAlso apgs:C090 .",
    "a term of another project": "<https://w3id.org/apgraphs/x> rdfs:label 'x' .",
    "a narrower practice": "my:pairs a apg:PracticeType ; skos:broader apgx:coaching .",
}


def write(folder: Path, said: str, *, case: bool = False) -> Path:
    file = folder / "it.ttl"
    file.write_text((MINIMAL if case else "") + PREFIXES + said, encoding="utf-8")
    return file


def answers(graph: Graph) -> list[object]:
    asked: tuple[tuple[str, dict[str, Any]], ...] = (
        ("model-features", {"model": "deficit"}),
        ("practices-supporting", {"model": "deficit"}),
        ("deployment-models", {}),
        ("practice-types", {}),
        ("values-named", {}),
    )
    return [[row.cells for row in graph.ask(question, **given)] for question, given in asked]


@pytest.mark.parametrize("case", [False, True], ids=["file", "case"])
@pytest.mark.parametrize(("said", "told"), FORGED.values(), ids=FORGED)
def test_it_is_refused_in_one_line(said: str, told: str, case: bool, tmp_path: Path) -> None:
    graph = Graph()
    before, graphs = answers(graph), graph.store.graphs()
    with pytest.raises(InputError) as caught:
        graph.load(write(tmp_path, said, case=case))
    line = str(caught.value)
    # A claim among case data is told before its name is looked at.
    assert told in line or (case and "claim of a source within case data" in line)
    assert line.startswith(str(tmp_path / "it.ttl"))
    assert "; " in line
    assert (answers(graph), graph.store.graphs()) == (before, graphs)


@pytest.mark.parametrize("said", ALLOWED.values(), ids=ALLOWED)
def test_extensions_say_what_they_like_of_their_own(said: str, tmp_path: Path) -> None:
    graph = Graph()
    before = answers(graph)
    assert graph.load(write(tmp_path, said)) > 0
    assert [rows for rows in answers(graph) if rows not in before][1:] == []


def test_a_case_makes_no_claims(tmp_path: Path) -> None:
    said = "\n".join(f"my:c{at}{A_CLAIM} apg:statesModel my:coop ." for at in range(3))
    assert Graph().load(write(tmp_path, said)) == 21
    with pytest.raises(
        InputError, match=r"my/c0 a claim of a source within case data .* \(2 more such statements\)"
    ):
        Graph().load(write(tmp_path, said, case=True))


@pytest.mark.parametrize(
    "module", ["core", "framework", "evidence", "alignments/prov", "extensions/template"]
)
def test_what_the_package_says_itself_is_no_forgery(module: str) -> None:
    file = resource_folder("ontology") / f"{module}.ttl"
    assert Graph().load(file) > 0
    store = OxigraphStore()
    store.load(file, format=format_of(file), graph="urn:g")
    assert assumed_authority(store, "urn:g") == ()


def test_a_named_graph_of_a_file_is_looked_through_too(tmp_path: Path) -> None:
    file = tmp_path / "it.trig"
    file.write_text(f'{PREFIXES} <urn:g> {{ apgx:coaching rdfs:label "telling"@en }}', encoding="utf-8")
    graph = Graph()
    graphs = graph.store.graphs()
    with pytest.raises(InputError, match="apgx:coaching"):
        graph.load(file)
    assert graph.store.graphs() == graphs


COMMANDS: dict[str, Sequence[str]] = {
    "ask": ("ask", "model-features", "-d", "FILE"),
    "query": ("query", "ASK {}", "-d", "FILE"),
    "describe": ("describe", "coaching", "-d", "FILE"),
    "profile": ("profile", "FILE"),
    "compare": ("compare", "FILE", str(CASES.parents[1] / "examples")),
    "reason": ("reason", "FILE"),
}


@pytest.mark.parametrize("arguments", COMMANDS.values(), ids=COMMANDS)
def test_every_command_that_answers_refuses_it(
    arguments: Sequence[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = str(write(tmp_path, FORGED["a feature"][0], case=True))
    assert run([file if each == "FILE" else each for each in arguments]) == 2
    told = capsys.readouterr().err.strip().splitlines()
    assert len(told) == 1
    assert (
        "apgx:deficitModel what only the framework may say (apg:hasSummaryFeature apgx:worksInTeams)"
        in told[0]
    )


@pytest.mark.parametrize(("said", "_"), FORGED.values(), ids=FORGED)
def test_validation_names_each_with_its_place(
    said: str, _: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = write(tmp_path, said, case=True)
    assert run(["validate", str(file)]) == 1
    told = " ".join(capsys.readouterr().out.split())
    assert "rule 25: an extension adds to the namespace of apgraph" in told
    assert run(["convert", str(file), str(tmp_path / "it.xlsx")]) == 0
    capsys.readouterr()
    assert run(["validate", str(tmp_path / "it.xlsx")]) == 1
    told = " ".join(capsys.readouterr().out.split())
    assert "rule 25: an extension adds to the namespace of apgraph" in told
    # A blank node has no place.
    where = "" if "[]" in said else ", sheet Further statements, cell"
    with pytest.raises(InputError, match=rf"it\.xlsx{where}"):
        Graph().load(tmp_path / "it.xlsx")


def test_validation_says_so_once_for_each_statement(tmp_path: Path) -> None:
    graph = Graph()
    graph.load(
        write(tmp_path, f"{FORGED['a feature'][0]}\n{FORGED['another label'][0]}", case=True), strict=False
    )
    told = graph.explain(graph.validate())
    assert sorted((each.rule, each.origin.line if each.origin else None) for each in told) == [
        (25, 31),
        (25, 32),
    ]
    graph.remove("good-minimal")
    assert graph.cases() == ()


@pytest.mark.parametrize("as_case", [True, False], ids=["as a case", "as a graph"])
def test_what_was_removed_is_not_held_against_a_clean_file(as_case: bool, tmp_path: Path) -> None:
    graph = Graph()
    graph.load(write(tmp_path, FORGED["another label"][0], case=True), strict=False)
    assert [each.rule for each in graph.explain(graph.validate())] == [25]
    if as_case:
        graph.remove("good-minimal")
    else:
        graph.store.remove_graph("urn:apgraph:case:good-minimal")
    graph.load(CASES / "good-minimal.ttl")
    assert graph.validate().conforms
