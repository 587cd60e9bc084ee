"""Graph: where it lies, what is loaded into it, and what it gives back."""

from __future__ import annotations

import hashlib
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from pyoxigraph import Quad

import apgraph
from apgraph.cases import same_content
from apgraph.errors import ConflictError, InputError, ParseError, TimeLimitError, UnknownNameError, UsageError
from apgraph.questions.result import Result
from apgraph.store import OxigraphStore
from apgraph.store.rdflib_memory import RdflibStore

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

ROOT = Path(__file__).resolve().parents[1]
RIVERSIDE = ROOT / "examples" / "riverside.ttl"
HILLSIDE = ROOT / "examples" / "hillside.ttl"

CASE = """@prefix apg: <https://w3id.org/apgraph/ns#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<urn:apgraph:case:{id}:record> a apg:CaseRecord ; apg:caseIdentifier "{id}" ; apg:compiledBy "{who}" .
<urn:apgraph:case:{id}:ap> apg:isPartOfCase <urn:apgraph:case:{id}:record> ; apg:hasSkill [ a apg:Skill ] .
"""


@pytest.fixture(scope="module")
def framework() -> apgraph.Graph:
    return apgraph.Graph()


@pytest.fixture
def graph() -> apgraph.Graph:
    return apgraph.Graph(framework=False)


def case(folder: Path, name: str, *, case_id: str = "a", who: str = "quality lead") -> Path:
    file = folder / name
    file.write_text(CASE.format(id=case_id, who=who), encoding="utf-8")
    return file


def test_a_select_gives_python_values_iris_and_labels(framework: apgraph.Graph) -> None:
    result = framework.query(
        'SELECT ?m (1 + 1 AS ?two) ("x" AS ?text) (true AS ?yes) ?none WHERE { VALUES ?m { apgx:deficitModel } }'
    )
    assert isinstance(result, Result)
    row = result[0]
    assert (row["two"], row["text"], row["yes"], row["none"]) == (2, "x", True, None)
    model = row["m"]
    assert isinstance(model, apgraph.questions.Iri)
    assert (model.curie, model.label) == ("apgx:deficitModel", "deficit model")
    assert "deficit model" in result.to_csv()
    assert result.to_pandas()["two"].tolist() == [2]


def test_all_four_forms(framework: apgraph.Graph) -> None:
    assert framework.query("ASK { apgx:deficitModel a apg:DeploymentModel }") is True
    triples = framework.query("CONSTRUCT WHERE { apgx:deficitModel a ?type }")
    described = framework.query("DESCRIBE apgx:deficitModel")
    assert isinstance(triples, tuple)
    assert isinstance(described, tuple)
    assert triples
    assert set(triples) <= set(described)


def test_a_parameter_is_bound_not_pasted(framework: apgraph.Graph) -> None:
    from pyoxigraph import Literal

    hostile = Literal('x" } DROP ALL #')
    result = framework.query("SELECT ?x WHERE { VALUES ?y { 1 } }", parameters={"x": hostile})
    assert isinstance(result, Result)
    assert [row["x"] for row in result] == ['x" } DROP ALL #']


def test_a_misspelt_term_is_told_with_the_nearest(framework: apgraph.Graph) -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'apg:DeploymentModel'"):
        framework.query("SELECT ?x { ?x a apg:DeploymentModle }")


def test_the_rows_of_a_query_can_be_cited(tmp_path: Path) -> None:
    graph = apgraph.Graph()
    graph.load(RIVERSIDE)
    found = graph.query("SELECT ?x { ?x a apg:DeploymentArrangement }")
    assert isinstance(found, Result)
    citation = found.citation()
    assert hashlib.sha256(found.sparql.encode()).hexdigest() in citation.question
    assert citation.data == graph.ask("deployment-models").citation().data != "none"
    assert found.to_pandas().attrs["citation"] == str(citation)
    later = graph.query("SELECT ?x { ?x a apg:DeploymentArrangement }")
    assert isinstance(later, Result)
    graph.load(HILLSIDE)
    assert later.citation().data == "changed since the question was asked"


def test_what_is_no_row_is_told(framework: apgraph.Graph) -> None:
    answer = framework.ask("deployment-models")
    for wrong in ("x", 1.5, None):
        with pytest.raises(InputError, match="is no row; give its number"):
            answer.why(wrong)  # type: ignore[arg-type]
    with pytest.raises(InputError, match=r"there is no row 99: the answer has rows 0 to"):
        answer.why(99)


def test_an_unknown_name_is_one_sentence(framework: apgraph.Graph) -> None:
    with pytest.raises(UnknownNameError, match=r"^there is no deployment model '' \(there are: deficit"):
        framework.ask("practices-supporting", model="")


def test_a_long_query_is_cut(framework: apgraph.Graph) -> None:
    # Oxigraph goes on with what nobody waits for any more: it has to end some day, or it takes a processor from all
    # tests that follow. Processes of their own try queries without end (test_cli_process.py).
    long = "SELECT (COUNT(*) AS ?n) { ?a a ?c . ?d a ?f }"
    with pytest.raises(TimeLimitError):
        framework.query(long, timeout=0.05)


def test_the_engine_asked_for_is_the_engine_run(framework: apgraph.Graph) -> None:
    assert framework.ask("deployment-models", engine="rdflib").engine == "rdflib"
    with pytest.raises(UnknownNameError, match="engine"):
        framework.ask("deployment-models", engine="rdflob")


def test_a_case_goes_to_its_own_graph(graph: apgraph.Graph, tmp_path: Path) -> None:
    assert graph.load(case(tmp_path, "a.ttl")) == 6
    assert graph.store.graphs() == ("urn:apgraph:case:a",)
    assert graph.cases() == ("a",)


def test_loading_the_same_case_again_changes_nothing(graph: apgraph.Graph, tmp_path: Path) -> None:
    file = case(tmp_path, "a.ttl")
    graph.load(file)
    before = len(graph)
    assert graph.load(file) == 0
    copy = tmp_path / "copy.nt"
    copy.write_text(
        "".join(f"{q.subject} {q.predicate} {q.object} .\n" for q in graph.store.quads()), encoding="utf-8"
    )
    assert graph.load(copy) == 0
    assert len(graph) == before


def test_the_same_id_with_other_content_is_a_conflict(graph: apgraph.Graph, tmp_path: Path) -> None:
    graph.load(case(tmp_path, "a.ttl"))
    before = len(graph)
    named = r"b\.ttl: case 'a' is loaded already, with other content \(\S*a\.ttl\); leave one of the two files out, or"
    with pytest.raises(ConflictError, match=named):
        graph.load(case(tmp_path, "b.ttl", who="someone else"))
    assert len(graph) == before
    both = tmp_path / "both.ttl"
    both.write_text(CASE.format(id="a", who="x") + CASE.format(id="b", who="x"), encoding="utf-8")
    with pytest.raises(
        ConflictError, match=r"from another file \(\S*a\.ttl\); leave one of the two files out"
    ):
        graph.load(both)
    assert len(graph) == before
    assert graph.cases() == ("a",)


@pytest.mark.parametrize("shared", [False, True])
def test_removing_a_case_forgets_spellings_origins_and_inferences(
    graph: apgraph.Graph, tmp_path: Path, shared: bool
) -> None:
    odd = (
        "<urn:apgraph:case:a:odd> <https://w3id.org/apgraph/ns#isPartOfCase> <urn:apgraph:case:a:record> ; "
        '<https://w3id.org/apgraph/ns#practitionerCount> "007"^^<http://www.w3.org/2001/XMLSchema#integer> .'
    )
    file = tmp_path / "a.ttl"
    text = CASE.format(id="a", who="x") + odd
    file.write_text(text + (CASE.format(id="b", who="x") if shared else ""), encoding="utf-8")
    graph.load(file)
    graph.store.update(
        "INSERT DATA { GRAPH <urn:apgraph:inferred> { <urn:apgraph:case:a:odd> a <urn:x:Thing> } }"
    )
    graph.remove("a")
    assert graph.cases() == (("b",) if shared else ())
    # Of the engine itself, so that the graphs which the store keeps for itself are seen, too.
    assert isinstance(graph.store, OxigraphStore)
    left = [str(quad) for quad in graph.store._engine]
    assert not [quad for quad in left if "case:a" in quad or "007" in quad]
    if not shared:
        assert graph.places() == {}


def test_removing_a_case_leaves_what_other_cases_hang_on(graph: apgraph.Graph, tmp_path: Path) -> None:
    shared = """
<urn:apgraph:case:a:x> <urn:p> [ <urn:p> "of a alone" ; <urn:p> [ <urn:p> "deep in a" ] ] ; <urn:p> <urn:met> , _:both .
<urn:apgraph:case:b:x> <urn:p> <urn:met> , _:both .
_:both <urn:p> "of both" ; <urn:p> [ <urn:p> "deep in both" ] .
<urn:met> <urn:p> [ <urn:p> "of the place" ] .
<urn:apgraph:case:a:y> <urn:p> _:round . _:round <urn:p> _:trip . _:trip <urn:p> _:round , "in a ring" .
"""
    file = tmp_path / "both.ttl"
    file.write_text(CASE.format(id="a", who="x") + CASE.format(id="b", who="x") + shared, encoding="utf-8")
    graph.load(file)
    graph.remove("a")
    left = [str(quad) for quad in graph.store.quads()]
    assert not [quad for quad in left if "case:a" in quad]
    found = {
        text
        for text in ("of a", "deep in a", "in a ring", "of both", "deep in both", "of the place")
        if any(text in quad for quad in left)
    }
    assert found == {"of both", "deep in both", "of the place"}
    assert len(graph) == 6 + 2 + 3 + 2


def test_removing_a_case_forgets_it_wholly(graph: apgraph.Graph, tmp_path: Path) -> None:
    graph.load(case(tmp_path, "a.ttl"))
    both = tmp_path / "both.ttl"
    both.write_text(CASE.format(id="b", who="x") + CASE.format(id="c", who="x"), encoding="utf-8")
    graph.load(both)
    graph.remove("b")
    assert graph.cases() == ("a", "c")
    assert not any("case:b" in str(quad) for quad in graph.store.quads())
    assert len(graph) == 12
    graph.remove("a")
    graph.remove("c")
    assert len(graph) == 0
    with pytest.raises(UnknownNameError, match="there is no case 'a'"):
        graph.remove("a")


@pytest.mark.parametrize("engine", [OxigraphStore, RdflibStore])
def test_a_removed_case_is_loaded_again_from_a_file_that_it_shares(
    engine: type[OxigraphStore | RdflibStore], tmp_path: Path
) -> None:
    graph = apgraph.Graph(framework=False, store=engine())
    file = tmp_path / "both.ttl"
    odd = '<urn:apgraph:case:b:x> apg:isPartOfCase <urn:apgraph:case:b:record> ; apg:practitionerCount "007"^^xsd:integer .\n'
    file.write_text(CASE.format(id="a", who="x") + CASE.format(id="b", who="x") + odd, encoding="utf-8")
    graph.load(file)
    before = [quad.triple for quad in graph.store.quads()]
    graph.remove("b")
    assert graph.load(file) == 8
    assert graph.cases() == ("a", "b")
    assert same_content(graph.store.quads(), [Quad(*triple) for triple in before])
    assert len(graph.store.graphs()) == 1
    assert graph.load(file) == 0


def test_a_removed_case_that_came_back_from_elsewhere_is_not_loaded_twice(
    graph: apgraph.Graph, tmp_path: Path
) -> None:
    file = tmp_path / "both.ttl"
    file.write_text(CASE.format(id="a", who="x") + CASE.format(id="b", who="x"), encoding="utf-8")
    graph.load(file)
    graph.remove("b")
    graph.load(case(tmp_path, "b.ttl", case_id="b"))
    before = {str(quad) for quad in graph.store.quads()}
    with pytest.raises(ConflictError, match=r"both\.ttl: case 'b' is loaded already, from another file"):
        graph.load(file)
    assert {str(quad) for quad in graph.store.quads()} == before


def test_a_removed_case_is_loaded_again_from_its_named_graph(graph: apgraph.Graph, tmp_path: Path) -> None:
    prefixes, _, said = CASE.format(id="a", who="x").partition("<urn")
    file = tmp_path / "a.trig"
    file.write_text(
        f"{prefixes} <urn:apgraph:case:a> {{ <urn{said} }} <urn:s> <urn:p> <urn:o> .", encoding="utf-8"
    )
    graph.load(file)
    graph.remove("a")
    assert graph.load(file) == 6
    assert graph.cases() == ("a",)
    assert graph.load(file) == 0


class Watched(OxigraphStore):
    """A store that counts the queries which look into whatever graphs there are."""

    wide = 0

    def query(self, query: str, *, named_graphs: Sequence[str] | None = None, **how: Any) -> Any:
        self.wide += named_graphs is None and "GRAPH" in query
        return super().query(query, named_graphs=named_graphs, **how)


def test_no_file_costs_a_look_at_all_cases(tmp_path: Path) -> None:
    for number in range(6):
        case(tmp_path, f"{number}.ttl", case_id=f"c{number}")
    wide = []
    for few in (3, 6):
        store = Watched()
        graph = apgraph.Graph(framework=False, store=store)
        graph.load(*(tmp_path / f"{number}.ttl" for number in range(few)))
        wide.append(store.wide)
        with pytest.raises(ConflictError, match="case 'c2' is loaded already"):
            graph.load(case(tmp_path, "other.ttl", case_id="c2", who="someone else"))
        graph.store.update("DROP GRAPH <urn:apgraph:case:c2>")
        assert graph.load(tmp_path / "other.ttl") == 6
    assert wide[0] == wide[1]


def test_a_folder_that_could_not_be_opened_is_not_locked(tmp_path: Path) -> None:
    class Unfinished(apgraph.Graph):
        def load_framework(self) -> None:
            raise InputError("the framework can't be read")

    folder = tmp_path / "kept"
    held = []  # an error that is kept keeps what it has seen, such as an open store
    openings: list[tuple[Callable[[], object], type[Exception]]] = [
        (lambda: apgraph.Graph.open(folder, language=5), UsageError),  # type: ignore[arg-type]
        (lambda: Unfinished.open(folder), InputError),
    ]
    for opening, error in openings:
        with pytest.raises(error) as caught:
            opening()
        held.append(caught)
        with apgraph.Graph.open(folder) as graph:
            assert graph.store.graphs()
            graph.store.remove_graph("https://w3id.org/apgraph")


def test_data_may_not_write_into_our_graphs(graph: apgraph.Graph, tmp_path: Path) -> None:
    file = tmp_path / "hostile.nq"
    for name in ("https://w3id.org/apgraph", "urn:apgraph:inferred", "urn:apgraph:spelling"):
        file.write_text(f"<urn:a> <urn:p> <urn:b> <{name}> .\n", encoding="utf-8")
        with pytest.raises(InputError, match=r"hostile\.nq: .*rename|another name|remove that first"):
            graph.load(file)
    assert len(graph) == 0


def test_named_graphs_of_a_file_are_kept(graph: apgraph.Graph, tmp_path: Path) -> None:
    file = tmp_path / "data.trig"
    file.write_text("<urn:g> { <urn:a> <urn:p> 01 } <urn:b> <urn:p> <urn:c> .", encoding="utf-8")
    graph.load(file)
    graph.load(file)
    assert "urn:g" in graph.store.graphs()
    assert sorted(str(q.object) for q in graph.store.quads()) == [
        '"01"^^<http://www.w3.org/2001/XMLSchema#integer>',
        "<urn:c>",
    ]


def test_what_stands_beside_a_known_named_graph_is_loaded(graph: apgraph.Graph, tmp_path: Path) -> None:
    known = "<urn:g> { <urn:a> <urn:p> [ <urn:q> 1 ] }"
    beside = {"first": "", "second": CASE.format(id="a", who="x"), "third": "<urn:h> { <urn:c> <urn:p> [] }"}
    files = [tmp_path / f"{name}.trig" for name in beside]
    for file, more in zip(files, beside.values(), strict=True):
        file.write_text(known + more, encoding="utf-8")
    assert [graph.load(file) for file in files] == [2, 6, 1]
    assert graph.cases() == ("a",)
    assert [graph.load(file) for file in files] == [0, 0, 0]
    # A blank node of a graph that was there has not come in again.
    assert len(graph) == 9


def test_a_bad_file_leaves_nothing(graph: apgraph.Graph, tmp_path: Path) -> None:
    bad = tmp_path / "bad.ttl"
    bad.write_text("<urn:a> <urn:p> <urn:b> .\n<urn:a> <urn:p> oops .\n", encoding="utf-8")
    with pytest.raises(ParseError, match=r"bad\.ttl, line 2"):
        graph.load(bad)
    assert len(graph) == 0


def test_on_disk_it_comes_back(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    with apgraph.Graph.open(folder) as graph:
        graph.load(RIVERSIDE)
        size = len(graph)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    with apgraph.Graph.open(folder) as graph:
        assert len(graph) == size
        assert graph.cases() == ("riverside",)
        assert len(graph.ask("deployment-models")) == 4


def test_an_older_framework_on_disk_is_replaced(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    with apgraph.Graph.open(folder) as graph:
        size = len(graph)
        graph.store.update("DELETE WHERE { GRAPH <https://w3id.org/apgraph> { ?s a ?o } }")
        assert len(graph) < size
    with apgraph.Graph.open(folder) as graph:
        assert len(graph) == size


def test_without_the_framework_a_question_says_so(graph: apgraph.Graph) -> None:
    with pytest.raises(InputError, match="load_framework"):
        graph.ask("deployment-models")


def test_validating_nothing_is_refused(framework: apgraph.Graph) -> None:
    with pytest.raises(InputError, match="no data"):
        framework.validate()


def test_one_file_of_shapes_needs_no_list(framework: apgraph.Graph, tmp_path: Path) -> None:
    shapes, data = tmp_path / "shapes.ttl", tmp_path / "data.ttl"
    shapes.write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> .\n"
        "[] a sh:NodeShape ; sh:targetNode <urn:a> ; sh:property [ sh:path <urn:p> ; sh:maxCount 1 ] .\n",
        encoding="utf-8",
    )
    data.write_text("<urn:a> <urn:p> 1 , 2 .\n", encoding="utf-8")
    framework.load(data)
    for given in (shapes, str(shapes), [shapes]):
        assert len(framework.validate(shapes=given)) == 1
        assert len(framework.validation_queries(shapes=given)) == 1


def test_the_rdflib_view_is_live(graph: apgraph.Graph) -> None:
    import rdflib

    view = graph.to_rdflib()
    view.add((rdflib.URIRef("urn:a"), rdflib.URIRef("urn:p"), rdflib.Literal("x")))
    assert len(graph) == 1
    assert list(view.objects()) == [rdflib.Literal("x")]


def test_the_ontology_as_python_classes(framework: apgraph.Graph) -> None:
    ontology = framework.to_owlready()
    model = ontology.search_one(iri="https://w3id.org/apgraph/ns#DeploymentModel")
    assert {one.name for one in model.instances()} >= {"deficitModel", "universalModel"}


def test_importing_apgraph_imports_nothing_heavy() -> None:
    heavy = "rdflib pyshacl pandas rich networkx owlready2 yaml pyoxigraph"
    code = f"import apgraph, sys; print(*[m for m in {heavy.split()!r} if m in sys.modules])"
    env = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=env)
    assert done.stdout.split() == []


def test_every_exported_name_is_there() -> None:
    assert {name for name in apgraph.__all__ if getattr(apgraph, name, None) is None} == set()
    assert set(apgraph.__all__) <= set(dir(apgraph))
    with pytest.raises(AttributeError, match="nothing_like_that"):
        _ = apgraph.nothing_like_that


def test_nothing_is_asked_of_the_network(graph: apgraph.Graph) -> None:
    for engine in ("oxigraph", "rdflib"):
        with pytest.raises(InputError, match="SERVICE"):
            graph.query("ASK { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", engine=engine)
    with pytest.raises(InputError, match="LOAD"):
        graph.store.update("LOAD <http://127.0.0.1:9/>")
