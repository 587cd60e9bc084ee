"""Questions: catalogue, parameters, rows, answers, exports, citations and unknown terms."""

from __future__ import annotations

import csv
import datetime
import io
import json
import re
from dataclasses import FrozenInstanceError
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat

from apgraph import Graph
from apgraph.errors import ApgraphError, InputError, ParseError, TimeLimitError, UnknownNameError
from apgraph.lexicon import Lexicon
from apgraph.questions import Answer, Catalogue, Iri, Row, allowed_values, ask, check_terms
from apgraph.questions.citation import FRAMEWORK, data_hash
from apgraph.questions.inquiry import on_engine
from apgraph.questions.rows import python_value
from apgraph.store import OxigraphStore
from apgraph.vocabulary import APG

if TYPE_CHECKING:
    from pathlib import Path

XSD = "http://www.w3.org/2001/XMLSchema#"

FRAME = """
@prefix apg: <https://w3id.org/apgraph/ns#> .
@prefix apgx: <https://w3id.org/apgraph/ref/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<https://w3id.org/apgraph> owl:versionIRI <https://w3id.org/apgraph/9.9.9> .
apg:Model a owl:Class ; rdfs:label "test model"@en .
apg:SpecialModel rdfs:subClassOf apg:Model ; rdfs:label "special model"@en .
apg:Practice rdfs:label "test practice"@en .
apg:supports rdfs:label "supports"@en .
apg:since rdfs:label "since"@en .
apg:rank rdfs:label "rank"@en .
apgx:openModel a apg:Model ; rdfs:label "open model"@en ; skos:altLabel "the open one"@en ;
  apg:supports apgx:listening, apgx:writing ; apg:rank 3 ; apg:since "2021-05-14"^^xsd:date .
apgx:closedModel a apg:SpecialModel ; rdfs:label "closed model"@en ; apg:rank 7 .
apgx:listening a apg:Practice ; rdfs:label "listening"@en .
apgx:writing a apg:Practice ; rdfs:label "writing"@en .
"""

EXTENSION = """
@prefix apg: <https://w3id.org/apgraph/ns#> .
@prefix mine: <https://example.org/mine#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
mine:rhizomaticModel a apg:SpecialModel ; rdfs:label "rhizomatic model"@en ; apg:supports mine:wandering .
mine:wandering a apg:Practice ; rdfs:label "wandering"@en .
"""

PRACTICES = """
#+ id: practices
#+ number: Q02
#+ question: Which practices does a model support?
#+ asked_by: [researcher, lead]
#+ parameters:
#+   model: {about: the model, type: iri, class: apg:Model}
#+   practice: {about: the practice, type: iri, class: apg:Practice}
#+ columns:
#+   model: the model
#+   practice: what it supports
#+ needs: framework
#+ rests_on: [C001]
#+ keywords: [practice]
#+ silent: The text names no practice for this model.
PREFIX apg: <https://w3id.org/apgraph/ns#>
SELECT ?model ?practice WHERE { ?model apg:supports ?practice } ORDER BY ?model ?practice
"""

RANKS = """
#+ id: ranks
#+ number: Q11
#+ question: Which models have a rank of at least the given one?
#+ asked_by: [importer]
#+ parameters:
#+   least: {about: the lowest rank, type: integer, default: 5}
#+   since_day: {about: the first day, type: date}
#+   word: {about: a word in the label, type: string}
#+ columns: {model: the model, rank: its rank}
#+ needs: framework
#+ rests_on: any
#+ keywords: [rank]
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?model ?rank WHERE {
  ?model apg:rank ?rank ; rdfs:label ?label . FILTER(?rank >= ?least)
  OPTIONAL { ?model apg:since ?since }
  FILTER(!BOUND(?since_day) || ?since >= ?since_day)
  FILTER(!BOUND(?word) || CONTAINS(LCASE(?label), LCASE(?word)))
} ORDER BY ?rank
"""

CASES = """
#+ id: our-cases
#+ question: Which records do we have?
#+ asked_by: [lead]
#+ parameters: {practice: {about: the practice, type: iri, class: apg:Practice, required: true}}
#+ columns: {record: the record}
#+ needs: case
#+ case_data: practice enactments
#+ rests_on: any
#+ keywords: [case]
PREFIX apg: <https://w3id.org/apgraph/ns#>
SELECT ?record WHERE { ?record apg:supports ?practice . FILTER(STRSTARTS(STR(?record), "urn:")) } ORDER BY ?record
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    target = tmp_path / "queries"
    target.mkdir()
    for text in (PRACTICES, RANKS, CASES):
        name = re.search(r"#\+ id: (\S+)", text)
        assert name
        (target / f"{name[1]}.rq").write_text(text.lstrip(), encoding="utf-8")
    return target


@pytest.fixture
def catalogue(folder: Path) -> Catalogue:
    return Catalogue(folder)


def loaded(*more: str) -> tuple[OxigraphStore, Lexicon]:
    store = OxigraphStore()
    for number, text in enumerate((FRAME, *more)):
        graph = f"urn:apgraph:data:{number}" if number else FRAMEWORK
        store.load(text.encode(), format=RdfFormat.TURTLE, graph=graph, base=None, name="test")
    return store, Lexicon(store)


@pytest.fixture
def frame() -> tuple[OxigraphStore, Lexicon]:
    return loaded()


def practices(catalogue: Catalogue, frame: tuple[OxigraphStore, Lexicon], **parameters: Any) -> Answer:
    return ask(*frame, catalogue.get("practices"), parameters)


# -- catalogue ------------------------------------------------------------------


def test_questions_come_in_the_order_of_their_numbers(catalogue: Catalogue) -> None:
    assert [q.id for q in catalogue] == ["practices", "ranks", "our-cases"]
    assert len(catalogue) == 3
    assert "ranks" in catalogue


@pytest.mark.parametrize("name", ["practices", "PRACTICES", "practices.rq", "Q02", "q2", " Q02 "])
def test_a_question_is_found_by_name_or_number(catalogue: Catalogue, name: str) -> None:
    assert catalogue.get(name).id == "practices"


@pytest.mark.parametrize(
    ("name", "nearest"),
    [("practises", "practices"), ("our-case", "our-cases"), ("which-records", "our-cases")],
)
def test_an_unknown_question_is_answered_with_the_nearest(
    catalogue: Catalogue, name: str, nearest: str
) -> None:
    with pytest.raises(UnknownNameError) as caught:
        catalogue.get(name)
    assert caught.value.nearest[0] == nearest


@pytest.mark.parametrize("name", ["Q99", "", "../practices", "q", "\x00", "a" * 10_000])
def test_a_name_that_is_like_none(catalogue: Catalogue, name: str) -> None:
    with pytest.raises(UnknownNameError) as caught:
        catalogue.get(name)
    assert len(str(caught.value)) < 400


def test_a_readers_folder_is_added(tmp_path: Path, folder: Path) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "my-own.rq").write_text(
        PRACTICES.lstrip().replace("id: practices", "id: my-own"), encoding="utf-8"
    )
    assert Catalogue(folder, mine).get("my-own").file.parent == mine
    (mine / "ranks.rq").write_text(RANKS.lstrip(), encoding="utf-8")
    with pytest.raises(InputError, match="there is a question 'ranks' already"):
        Catalogue(folder, mine)


def test_files_that_are_no_questions(folder: Path) -> None:
    (folder / "noise.rq").write_bytes(b"\xff\xfe\x00\x01")
    (folder / "other.rq").write_text(PRACTICES.lstrip(), encoding="utf-8")
    (folder / "folder.rq").mkdir()
    catalogue = Catalogue(folder)
    with pytest.raises(ParseError, match="not a text in UTF-8"):
        catalogue.get("noise")
    with pytest.raises(ParseError, match=r"name the file practices\.rq"):
        catalogue.get("other")
    with pytest.raises(InputError, match="readable text file"):
        catalogue.get("folder")
    with pytest.raises(InputError, match="give a folder of questions"):
        Catalogue(folder / "missing")


# -- parameters -------------------------------------------------------------------


@pytest.mark.parametrize(
    "value",
    [
        "open model", "Open Model", "OPEN-MODEL", "openModel", "the open one", "apgx:openModel", "APGX:openmodel",
        "https://w3id.org/apgraph/ref/openModel", "<https://w3id.org/apgraph/ref/openModel>",
        NamedNode("https://w3id.org/apgraph/ref/openModel"),
        Iri("https://w3id.org/apgraph/ref/openModel", "apgx:openModel", "open model"),
    ],
)  # fmt: skip
def test_a_value_may_be_a_label_a_curie_or_an_iri(
    catalogue: Catalogue, frame: tuple[OxigraphStore, Lexicon], value: object
) -> None:
    answer = practices(catalogue, frame, model=value)
    assert [str(row["practice"]) for row in answer] == ["listening", "writing"]
    assert str(answer.parameters["model"]) == "open model"


def test_members_of_subclasses_and_of_extensions_are_allowed(catalogue: Catalogue) -> None:
    frame = loaded(EXTENSION)
    (row,) = practices(catalogue, frame, model="rhizomatic model")
    assert str(row["practice"]) == "wandering"
    assert isinstance(row["practice"], Iri)
    assert row["practice"].iri == "https://example.org/mine#wandering"
    (row,) = practices(catalogue, frame, model="https://example.org/mine#RhizomaticModel")
    assert str(row["model"]) == "rhizomatic model"


@pytest.mark.parametrize(
    "value", ["opne model", "apgx:opneModel", "listening", "", "a'; DROP ALL", "<x y>", "}"]
)
def test_a_value_that_is_not_there(
    catalogue: Catalogue, frame: tuple[OxigraphStore, Lexicon], value: str
) -> None:
    with pytest.raises(UnknownNameError) as caught:
        practices(catalogue, frame, model=value)
    message = str(caught.value)
    assert message.startswith("there is no test model")
    assert "closed model; open model" in message
    if "opne" in value:
        assert caught.value.nearest[0] == "open model"


def test_an_unknown_parameter(catalogue: Catalogue, frame: tuple[OxigraphStore, Lexicon]) -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'model'"):
        practices(catalogue, frame, modell="open model")


def test_a_hyphen_in_a_parameter_is_an_underscore(
    catalogue: Catalogue, frame: tuple[OxigraphStore, Lexicon]
) -> None:
    answer = ask(*frame, catalogue.get("ranks"), {"since-day": "2021-01-01", "least": "1"})
    assert [str(row["model"]) for row in answer] == ["open model"]
    assert catalogue.get("ranks").parameters["since_day"].option == "--since-day"


def test_a_default_is_used_and_none_counts_as_not_given(
    catalogue: Catalogue, frame: tuple[OxigraphStore, Lexicon]
) -> None:
    for given_value in ({}, {"least": None}):
        assert [row["rank"] for row in ask(*frame, catalogue.get("ranks"), given_value)] == [7]
    assert [row["rank"] for row in ask(*frame, catalogue.get("ranks"), {"least": 1})] == [3, 7]


@pytest.mark.parametrize(
    ("name", "value", "hint"),
    [
        ("least", "many", "give a whole number"), ("least", 3.5, "give a whole number"),
        ("least", True, "give a whole number"), ("least", "9" * 40, "give a whole number"),
        ("since_day", "14.05.2021", "give a date such as 2021-05-14"), ("since_day", "2021-02-30", "give a date"),
    ],
)  # fmt: skip
def test_a_value_of_the_wrong_type(
    catalogue: Catalogue, frame: tuple[OxigraphStore, Lexicon], name: str, value: object, hint: str
) -> None:
    with pytest.raises(InputError, match=hint):
        ask(*frame, catalogue.get("ranks"), {name: value})


@pytest.mark.parametrize(
    "day",
    ["2021-05-14", datetime.date(2021, 5, 14), datetime.datetime(2021, 5, 14, 9, 30, tzinfo=datetime.UTC)],
)
def test_dates(catalogue: Catalogue, frame: tuple[OxigraphStore, Lexicon], day: object) -> None:
    answer = ask(*frame, catalogue.get("ranks"), {"since_day": day, "least": 0})
    assert len(answer) == 1
    assert answer.parameters["since_day"] == datetime.date(2021, 5, 14)


@pytest.mark.parametrize("word", ['" }', "OPEN", "\\", "'''", "\n", "}) . ?s ?p ?o . FILTER(?x"])
def test_texts_are_bound_and_never_pasted(
    catalogue: Catalogue, frame: tuple[OxigraphStore, Lexicon], word: str
) -> None:
    answer = ask(*frame, catalogue.get("ranks"), {"word": word, "least": 0})
    assert [str(row["model"]) for row in answer] == (["open model"] if word == "OPEN" else [])


@given(st.text(max_size=40))
def test_no_value_ends_in_anything_but_rows_or_an_error_of_ours(text: str) -> None:
    frame = loaded()
    question = Catalogue().get("deployment-models")
    assert question.id == "deployment-models"
    try:
        frame[1].resolve(text, "https://w3id.org/apgraph/ns#Model")
    except ApgraphError as error:
        assert "\n" not in str(error)


def test_a_required_value_is_asked_for_with_those_allowed(
    catalogue: Catalogue, frame: tuple[OxigraphStore, Lexicon]
) -> None:
    with pytest.raises(
        InputError, match="needs a value for 'practice': the practice; one of: listening; writing"
    ):
        ask(*frame, catalogue.get("our-cases"))
    assert allowed_values(catalogue.get("practices").parameters["model"], frame[1]) == (
        "closed model",
        "open model",
    )


def test_a_parameter_that_the_query_does_not_use(folder: Path, frame: tuple[OxigraphStore, Lexicon]) -> None:
    text = PRACTICES.lstrip().replace("?practice", "?thing").replace("practice: what", "thing: what")
    (folder / "practices.rq").write_text(text, encoding="utf-8")
    with pytest.raises(ParseError, match="does not use the parameter 'practice'"):
        ask(*frame, Catalogue(folder).get("practices"), {"practice": "writing"})


# -- rows -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lexical", "datatype", "value"),
    [
        ("4", "integer", 4), ("-4", "long", -4), ("4", "nonNegativeInteger", 4), ("four", "integer", "four"),
        ("1.50", "decimal", Decimal("1.50")), ("x", "decimal", "x"), ("1e3", "double", 1000.0), ("x", "double", "x"),
        ("true", "boolean", True), ("0", "boolean", False), ("ja", "boolean", "ja"),
        ("2021-05-14", "date", datetime.date(2021, 5, 14)), ("2021-05", "date", "2021-05"),
        ("2021-W01-1", "date", "2021-W01-1"), ("2021-05-14Z", "date", "2021-05-14Z"),
        ("2021-05-14T10:00:00", "dateTime", datetime.datetime(2021, 5, 14, 10)),  # noqa: DTZ001
        ("2021", "gYear", "2021"), ("x", "string", "x"),
    ],
)  # fmt: skip
def test_python_values(lexical: str, datatype: str, value: object) -> None:
    found = python_value(Literal(lexical, datatype=NamedNode(XSD + datatype)), {})
    assert found == value
    assert type(found) is type(value)


def test_other_terms() -> None:
    assert python_value(None, {}) is None
    assert python_value(Literal("mot", language="fr"), {}) == "mot"
    assert str(python_value(NamedNode("urn:x:y"), {})) == "urn:x:y"
    assert str(python_value(NamedNode("urn:x:y"), {"urn:x:y": "why"})) == "why"
    assert str(python_value(BlankNode("b"), {})) == "_:b"


def test_rows_are_mappings_that_stay_as_they_are(
    catalogue: Catalogue, frame: tuple[OxigraphStore, Lexicon]
) -> None:
    answer = practices(catalogue, frame)
    row = answer[0]
    assert list(row) == ["model", "practice"]
    assert row == Row(("model", "practice"), row.cells)
    assert row == dict(row)
    assert len({row, answer[0], answer[1]}) == 2
    with pytest.raises(KeyError):
        row["nothing"]
    with pytest.raises(TypeError):
        row["model"] = 1  # type: ignore[index]  # that it fails is what is tested
    with pytest.raises(FrozenInstanceError):
        answer.note = "changed"  # type: ignore[misc]  # that it fails is what is tested


# -- answers --------------------------------------------------------------------------------


@pytest.mark.parametrize("engine", ["oxigraph", "rdflib"])
def test_both_engines_give_the_same_rows(
    catalogue: Catalogue, frame: tuple[OxigraphStore, Lexicon], engine: str
) -> None:
    answer = ask(*frame, catalogue.get("practices"), {"model": "open model"}, engine=engine)
    assert answer.engine == engine
    assert answer.rows == practices(catalogue, frame, model="open model").rows


def test_an_engine_that_is_not_there(catalogue: Catalogue, frame: tuple[OxigraphStore, Lexicon]) -> None:
    with pytest.raises(UnknownNameError, match="there is no engine 'jena'"):
        ask(*frame, catalogue.get("practices"), engine="jena")
    with pytest.raises(InputError, match=r"Graph\.connect"):
        ask(*frame, catalogue.get("practices"), engine="service")
    assert on_engine(frame[0], None) is frame[0]


def test_silence_is_explained(catalogue: Catalogue, frame: tuple[OxigraphStore, Lexicon]) -> None:
    assert (
        practices(catalogue, frame, model="closed model").note == "The text names no practice for this model."
    )
    assert practices(catalogue, frame, model="open model").note is None
    empty = ask(*frame, catalogue.get("our-cases"), {"practice": "writing"})
    assert empty.note == "No case data is loaded. This question reads practice enactments."
    with_data = ask(*loaded(EXTENSION), catalogue.get("our-cases"), {"practice": "writing"})
    assert (
        with_data.note
        == "Nothing in the loaded records answers this. The question reads practice enactments."
    )
    assert len(empty) == 0
    assert empty


def test_what_is_run_can_be_printed_and_run(
    catalogue: Catalogue, frame: tuple[OxigraphStore, Lexicon]
) -> None:
    answer = practices(catalogue, frame, model="open model")
    assert "#+" not in answer.sparql
    assert frame[0].select(answer.sparql).rows == answer.origin.solutions.rows


def test_records_and_slices(catalogue: Catalogue, frame: tuple[OxigraphStore, Lexicon]) -> None:
    answer = practices(catalogue, frame, model="open model")
    assert [str(record["practice"]) for record in answer.to_records()] == ["listening", "writing"]
    assert answer[:1] == answer.rows[:1]
    assert list(answer) == list(answer.rows)


def test_a_data_frame(catalogue: Catalogue, frame: tuple[OxigraphStore, Lexicon]) -> None:
    table = practices(catalogue, frame, model="open model").to_pandas()
    assert list(table.columns) == ["model", "model_iri", "practice", "practice_iri"]
    assert list(table["practice"]) == ["listening", "writing"]
    assert "practices" in table.attrs["citation"]


def test_csv_has_labels_iris_and_a_citation(
    catalogue: Catalogue, frame: tuple[OxigraphStore, Lexicon]
) -> None:
    answer = practices(catalogue, frame, model="open model")
    lines = answer.to_csv().splitlines()
    rows = list(csv.DictReader(line for line in lines if not line.startswith("#")))
    assert rows[0]["practice"] == "listening"
    assert rows[0]["practice_iri"] == "https://w3id.org/apgraph/ref/listening"
    assert lines[-1] == f"# {answer.citation()}"
    assert not answer.to_csv(citation=False).rstrip().splitlines()[-1].startswith("#")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_is_run_as_a_formula(catalogue: Catalogue, start: str) -> None:
    label = Literal(f"{start}HYPERLINK(1)")
    store, lexicon = loaded()
    node = NamedNode("https://example.org/mine#evil")
    store.add(
        [
            Quad(
                NamedNode("https://w3id.org/apgraph/ref/openModel"),
                NamedNode("https://w3id.org/apgraph/ns#supports"),
                node,
            ),
            Quad(node, NamedNode("http://www.w3.org/2000/01/rdf-schema#label"), label),
        ]
    )
    text = practices(catalogue, (store, lexicon), model="open model").to_csv()
    cells = [cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row]
    assert any("HYPERLINK" in cell for cell in cells)
    assert not any(cell.startswith(start) for cell in cells)


def test_json_holds_all(catalogue: Catalogue, frame: tuple[OxigraphStore, Lexicon]) -> None:
    record = json.loads(practices(catalogue, frame, model="closed model").to_json())
    assert record["question"] == "practices"
    assert record["parameters"] == {"model": "apgx:closedModel"}
    assert record["rows"] == []
    assert record["note"].startswith("The text names")
    assert record["citation"]["ontology"] == "https://w3id.org/apgraph/9.9.9"
    full = json.loads(practices(catalogue, frame).to_json())
    assert full["rows"][0]["practice"] == {
        "iri": "https://w3id.org/apgraph/ref/listening", "curie": "apgx:listening", "label": "listening",
    }  # fmt: skip


def test_markdown_and_html_escape(catalogue: Catalogue) -> None:
    store, lexicon = loaded()
    node = NamedNode("https://example.org/mine#evil")
    label = Literal("<script>alert(1)</script> | x")
    store.add(
        [
            Quad(
                NamedNode("https://w3id.org/apgraph/ref/openModel"),
                NamedNode("https://w3id.org/apgraph/ns#supports"),
                node,
            ),
            Quad(node, NamedNode("http://www.w3.org/2000/01/rdf-schema#label"), label),
        ]
    )
    answer = practices(catalogue, (store, lexicon), model="open model")
    assert "<script>" not in answer.to_markdown()
    assert "<script>" not in answer._repr_html_()
    assert "Which practices does a model support?" in answer._repr_html_()


def test_the_time_limit(folder: Path) -> None:
    store = OxigraphStore()
    store.load(FRAME.encode(), format=RdfFormat.TURTLE, graph=FRAMEWORK, base=None, name="test")
    node = NamedNode("https://w3id.org/apgraph/ns#supports")
    store.add(
        Quad(NamedNode(f"urn:n:{a}"), node, NamedNode(f"urn:n:{b}")) for a in range(20) for b in range(10)
    )
    text = PRACTICES.lstrip().replace(
        "{ ?model apg:supports ?practice }",
        "{ ?model apg:supports ?practice . ?a ?b ?c . ?d ?e ?f . FILTER(STR(?c) > STR(?f) && STR(?f) > STR(?c)) }",
    )
    (folder / "practices.rq").write_text(text, encoding="utf-8")
    with pytest.raises(TimeLimitError):
        ask(store, Lexicon(store), Catalogue(folder).get("practices"), timeout=0.1)


def test_a_syntax_error_is_told_with_the_line_of_the_file(
    folder: Path, frame: tuple[OxigraphStore, Lexicon]
) -> None:
    text = PRACTICES.lstrip().replace("?practice }", "?practice ?more ?less }")
    (folder / "practices.rq").write_text(text, encoding="utf-8")
    with pytest.raises(ParseError) as caught:
        ask(*frame, Catalogue(folder).get("practices"))
    assert caught.value.file.endswith("practices.rq")
    assert caught.value.line == len(text.rstrip().splitlines())


def test_columns_and_query_have_to_agree(folder: Path, frame: tuple[OxigraphStore, Lexicon]) -> None:
    (folder / "practices.rq").write_text(
        PRACTICES.lstrip().replace("SELECT ?model", "SELECT"), encoding="utf-8"
    )
    with pytest.raises(ParseError, match="make the two agree"):
        ask(*frame, Catalogue(folder).get("practices"))


# -- citation --------------------------------------------------------------------------------------


def test_the_citation(catalogue: Catalogue, frame: tuple[OxigraphStore, Lexicon]) -> None:
    citation = practices(catalogue, frame, model="open model").citation()
    assert citation.question == "practices"
    assert citation.parameters == {"model": "apgx:openModel"}
    assert citation.ontology == "https://w3id.org/apgraph/9.9.9"
    assert citation.data == "none"
    assert citation.engine.startswith("oxigraph (pyoxigraph ")
    assert citation.date == datetime.datetime.now(datetime.UTC).date()
    assert "\n" not in str(citation)


def test_the_data_hash_is_of_the_data_and_not_of_its_spelling() -> None:
    one = loaded(EXTENSION, '<urn:a> <urn:p> [ <urn:q> "x" ], [ <urn:q> "y" ] .')[0]
    same = loaded(EXTENSION, '<urn:a> <urn:p> _:c, _:d . _:d <urn:q> "x" . _:c <urn:q> "y" .')[0]
    other = loaded(EXTENSION, '<urn:a> <urn:p> [ <urn:q> "x" ], [ <urn:q> "z" ] .')[0]
    assert data_hash(one) == data_hash(same)
    assert data_hash(one) != data_hash(other)
    assert re.fullmatch("sha256:[0-9a-f]{64}", data_hash(one))
    assert data_hash(loaded()[0]) == "none"


def test_a_citation_does_not_pass_off_other_data(catalogue: Catalogue) -> None:
    store, lexicon = loaded(EXTENSION)
    answer = ask(store, lexicon, catalogue.get("practices"))
    store.add([Quad(NamedNode("urn:a"), NamedNode("urn:p"), Literal("x"), NamedNode("urn:g"))])
    assert answer.citation().data == "changed since the question was asked"


# -- unknown terms --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "wrong", "nearest"),
    [
        ("SELECT * { ?x apg:suports ?y }", "apg:suports", "apg:supports"),
        ("SELECT * { ?x a apg:Modle }", "apg:Modle", "apg:Model"),
        ("ASK { apgx:listenning ?p ?o }", "apgx:listenning", "apgx:listening"),
        ("PREFIX a: <https://w3id.org/apgraph/ns#> SELECT * { ?x a:ranc ?y }", "apg:ranc", "apg:rank"),
        (
            "CONSTRUCT { ?x ?p ?o } WHERE { ?x <https://w3id.org/apgraph/ns#Suports> ?o }",
            "apg:Suports",
            "apg:supports",
        ),
        ("SELECT * { ?x apg:supports+/apg:rnk ?y }", "apg:rnk", "apg:rank"),
    ],
)
def test_a_term_that_is_not_there_is_answered_with_the_nearest(
    frame: tuple[OxigraphStore, Lexicon], query: str, wrong: str, nearest: str
) -> None:
    with pytest.raises(UnknownNameError) as caught:
        check_terms(*frame, query)
    assert caught.value.name == wrong
    assert caught.value.nearest[0] == nearest


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?x apg:supports ?y }",
        "SELECT * { ?x ?p 'apg:suports' } # apg:suports",
        "PREFIX apg: <https://w3id.org/apgraph/ns#> SELECT * { ?x a apg:Model }",
        "PREFIX o: <urn:other:> SELECT * { ?x o:anything ?y ; <https://example.org/thing> ?z }",
        "PREFIX apg: <urn:mine:> SELECT * { ?x apg:suports ?y }",
        "SELECT * { ?x ?p ?o FILTER(STRSTARTS(STR(?p), STR(apg:))) }",
    ],
)
def test_terms_that_are_there_or_are_not_ours(frame: tuple[OxigraphStore, Lexicon], query: str) -> None:
    check_terms(*frame, query)


def test_terms_of_an_extension_and_of_data_count() -> None:
    data = "<urn:a> <https://w3id.org/apgraph/ns#usedInData> <https://w3id.org/apgraph/ref/usedHere> ."
    frame = loaded(EXTENSION, data)
    check_terms(
        *frame,
        "PREFIX mine: <https://example.org/mine#> SELECT * { mine:wandering apg:usedInData apgx:usedHere }",
    )
    check_terms(*frame, "PREFIX mine: <https://example.org/mine#> SELECT * { ?x a mine:NotThere }")


def test_a_question_with_a_misspelt_term_is_refused(
    folder: Path, frame: tuple[OxigraphStore, Lexicon]
) -> None:
    (folder / "practices.rq").write_text(
        PRACTICES.lstrip().replace("apg:supports", "apg:suports"), encoding="utf-8"
    )
    with pytest.raises(UnknownNameError, match="did you mean 'apg:supports'"):
        ask(*frame, Catalogue(folder).get("practices"))


@pytest.mark.parametrize("left_open", ["isEnactedBy", "tookPlaceIn", "hasSetting", "hasMedium", "startsOn"])
def test_a_practice_with_an_open_field_is_listed(root: Path, left_open: str) -> None:
    graph = Graph()
    graph.load(root / "examples" / "riverside.ttl")
    kinds = {row["kind"] for row in graph.ask("practices-enacted")}
    graph.store.update(
        f"PREFIX apg: <{APG}> DELETE {{ GRAPH ?g {{ ?e apg:{left_open} ?o }} }} "
        f"WHERE {{ GRAPH ?g {{ ?e a apg:PracticeEnactment ; apg:{left_open} ?o }} }}"
    )
    assert kinds
    assert {row["kind"] for row in graph.ask("practices-enacted")} == kinds


@pytest.mark.parametrize(
    ("question", "left_open"),
    [
        (question, name)
        for question, names in {
            "architecture-observations": "hasForm hasFormAnswer observedOn hasConfidence",
            "arrangements": "hasCoverage",
            "cases": "startsOn compiledBy compiledOn sharingStatus",
            "communities": "isExternalTo isInternalTo hasOrientation",
            "conditions-for-us": "leansToward hasLeaningStatus isObservationOf observedOn hasConfidence",
            "evidence-list": (
                "rowIdentifier evidenceTitle hasEvidenceItemKind evidenceDate hasAccessLevel evidenceSource"
            ),
            "feature-observations": "hasStatus observedOn hasConfidence",
            "impulses-and-outcomes": "isImpulseOf impulseDescription",
            "knowledge-flows": "flowsFrom flowsTo carriesEvidenceKind",
            "other-practices": "tookPlaceIn",
            "perceptions-recorded": "isObservationOf isHeldBy hasValence observedOn",
            "positions": "isObservationOf observedOn leansToward hasLeaningStatus hasConfidence",
            "record-notes": "rowIdentifier",
            "tensions-reported": "reportsTension observesCondition isObservationOf",
            "values-lived": "hasStatus observedOn",
            "values-we-agreed": "agreedBy",
            "weak-observations": "rowIdentifier isObservationOf",
        }.items()
        for name in names.split()
    ],
)
def test_a_record_that_leaves_a_cell_open_is_listed(root: Path, question: str, left_open: str) -> None:
    graph = Graph()
    graph.load(root / "examples" / "riverside.ttl")
    # A record with two values in a cell has two rows, and one when it is left open.
    column = {"communities": "community", "knowledge-flows": "flow"}.get(question)

    def listed() -> set[str]:
        return {str(row[column]) if column else str(at) for at, row in enumerate(graph.ask(question))}

    before = listed()
    graph.store.update(
        f"PREFIX apg: <{APG}> DELETE {{ GRAPH ?g {{ ?item apg:{left_open} ?value }} }} "
        f"WHERE {{ GRAPH ?g {{ ?item apg:isPartOfCase ?case ; apg:{left_open} ?value }} }}"
    )
    assert before
    assert listed() >= before


def test_evidence_that_the_case_does_not_describe_is_no_evidence(root: Path, tmp_path: Path) -> None:
    file = tmp_path / "more.ttl"
    file.write_text(
        "PREFIX : <urn:apgraph:case:hillside:> PREFIX apg: <https://w3id.org/apgraph/ns#>\n"
        ":pos-90 a apg:PositionObservation ; apg:isPartOfCase :record ; apg:isSupportedByEvidence :ev-99 .\n"
        ":pos-91 a apg:PositionObservation ; apg:isPartOfCase :record .\n"
        ":pos-92 a apg:PositionObservation ; apg:isPartOfCase :record ; apg:isSupportedByEvidence "
        "<urn:apgraph:case:riverside:ev-01> .\n"
    )
    graph = Graph()
    graph.load(*(root / "examples" / f"{name}.ttl" for name in ("hillside", "riverside")), file)
    found = {
        str(row["observation"]): row["weakness"]
        for row in graph.ask("weak-observations", organisation="Hillside College")
        if "pos-9" in str(row["observation"])
    }
    assert {name.rpartition(":")[2]: weakness for name, weakness in found.items()} == {
        "pos-90": "its evidence is not described in the case",
        "pos-91": "no evidence",
        "pos-92": "its evidence is not described in the case",
    }


def test_practices_that_the_source_does_not_name_are_listed_however_they_are_recorded(tmp_path: Path) -> None:
    file = tmp_path / "case.ttl"
    file.write_text(
        "PREFIX : <urn:apgraph:case:c:> PREFIX apg: <https://w3id.org/apgraph/ns#>\n"
        "PREFIX apgx: <https://w3id.org/apgraph/ref/> PREFIX my: <https://mine.example/>\n"
        ":record a apg:CaseRecord ; apg:isPartOfCase :record ; apg:concernsOrganisation :college ; apg:caseIdentifier 'c' .\n"
        'my:study a apg:PracticeType ; <http://www.w3.org/2000/01/rdf-schema#label> "lesson study" .\n'
        + "".join(
            f":p{at} a apg:PracticeEnactment ; apg:isPartOfCase :record ; {said} .\n"
            for at, said in enumerate(
                (
                    'apg:otherPracticeName "walks"',
                    'apg:enactsPracticeType "reading evenings"',
                    "apg:enactsPracticeType my:unknown",
                    "apg:enactsPracticeType my:study",
                    "apg:enactsPracticeType apgx:coaching",
                )
            )
        )
    )
    graph = Graph()
    graph.load(file)
    assert {str(row["practice"]): row["recorded"] for row in graph.ask("other-practices")} == {
        "walks": "in words of its own",
        "reading evenings": "as a kind that nothing here describes",
        "https://mine.example/unknown": "as a kind that nothing here describes",
        "lesson study": "as a kind that an extension adds",
    }


def test_performance_is_judged_by_the_latest_status_and_by_its_own_factor(tmp_path: Path) -> None:
    def status(number: int, status: str, day: str) -> str:
        return (
            f":f{number} a apg:FeatureObservation ; apg:isObservationOf :arr ; apg:hasStatus apgx:{status} ; "
            f'apg:observesFeature apgx:linkedToPerformanceManagement ; apg:observedOn "{day}"^^xsd:date .\n'
        )

    def influence(number: int, factor: str) -> str:
        return (
            f":i{number} a apg:InfluenceObservation ; apg:isObservationOf :arr ; apg:observesFactor apgx:{factor} ; "
            "apg:observesOutcome apgx:positiveBenefits ; apg:observesDirection apgx:directionEnhances .\n"
        )

    file = tmp_path / "case.ttl"
    file.write_text(
        "PREFIX : <urn:x:> PREFIX apg: <https://w3id.org/apgraph/ns#> PREFIX apgx: <https://w3id.org/apgraph/ref/>\n"
        "PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>\n"
        + status(1, "statusAbsent", "2022-01-01")
        + status(2, "statusPresent", "2024-01-01")
        + ":p1 a apg:PerceptionObservation ; apg:isObservationOf :arr ; apg:hasValence apgx:valencePositive .\n"
        + influence(1, "focusOnStaffBelowStandard")
        + influence(2, "linkedToPerformanceManagement")
    )
    graph = Graph()
    graph.load(file)
    rows = graph.ask("performance-link-and-benefit").to_records()
    file.write_text(file.read_text() + status(3, "statusAbsent", "2024-01-01"))
    disagreeing = Graph()
    disagreeing.load(file)
    assert not disagreeing.ask("performance-link-and-benefit").to_records()
    # A perception is no benefit, and what is recorded without the tie bears on nothing.
    assert [(str(row["observation"]), row["kind"], row["speaks"]) for row in rows] == [
        ("urn:x:i2", "effect on positive benefits", "against"),
        ("urn:x:p1", "perception", None),
    ]
