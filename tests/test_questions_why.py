"""Why a row is in an answer: every row of the catalogue, and worked examples of each kind of reason."""

from __future__ import annotations

import itertools
import json
from functools import cache
from typing import TYPE_CHECKING

import pytest
from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions, RdfFormat, Store

from apgraph.errors import InputError, NotFinishedError
from apgraph.lexicon import Lexicon
from apgraph.questions import Answer, Catalogue, ask
from apgraph.questions.answers import example_files, stocked_store
from apgraph.questions.derivation import row_proofs
from apgraph.questions.shape import is_monotone
from apgraph.questions.why import Why, explain
from apgraph.store import OxigraphStore

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from apgraph.questions.proofs import Fact

CATALOGUE = Catalogue()
MOST = 20
GRAPH = NamedNode("urn:g")


@cache
def loaded() -> tuple[OxigraphStore, Lexicon]:
    store = stocked_store(example_files())
    return store, Lexicon(store)


def engine_of(facts: Iterable[Fact]) -> Store:
    engine = Store()
    engine.extend(f if isinstance(f, Quad) else Quad(f.subject, f.predicate, f.object, GRAPH) for f in facts)
    return engine


@cache
def monotone(name: str) -> bool:
    from rdflib.plugins.sparql import prepareQuery

    return is_monotone(prepareQuery(CATALOGUE.get(name).sparql).algebra)


class Alone:
    """Asks a query of some facts alone, each set of facts once."""

    def __init__(self, query: str) -> None:
        self._query = query
        self._known: dict[frozenset[Fact], frozenset[tuple[object, ...]]] = {}

    def rows(self, facts: frozenset[Fact]) -> frozenset[tuple[object, ...]]:
        if facts not in self._known:
            # The engine itself: what our store adds is needed once a question, not once a set of facts.
            found = engine_of(facts).query(self._query, use_default_graph_as_union=True)
            assert isinstance(found, QuerySolutions)
            self._known[facts] = frozenset(tuple(solution) for solution in found)
        return self._known[facts]


@pytest.mark.parametrize("name", CATALOGUE.ids())
def test_every_row_is_explained_soundly_and_minimally(name: str) -> None:
    """The query on a proof's triples alone gives the row; for monotone questions dropping any loses it."""
    store, lexicon = loaded()
    question = CATALOGUE.get(name)
    for example in question.header.examples:
        answer = ask(store, lexicon, question, example, timeout=None)
        strict = monotone(name)
        origin = answer.origin
        alone = Alone(answer.sparql)
        for row in origin.solutions.rows:
            proofs, complete = row_proofs(
                origin.store, question.query, origin.parameters, origin.solutions.variables, row
            )
            assert proofs
            assert complete
            if not strict:
                continue
            for facts in sorted(proofs, key=len)[:MOST]:
                assert row in alone.rows(facts), (row, facts)
                for fact in facts:
                    assert row not in alone.rows(facts - {fact}), (row, fact)


def test_most_questions_are_monotone() -> None:
    """The test above would say little without."""
    assert sum(map(monotone, CATALOGUE.ids())) > len(CATALOGUE) / 2


CASE = """
@prefix apg: <https://w3id.org/apgraph/ns#> .
@prefix e: <urn:e:> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
e:anna rdfs:label "Anna" ; e:knows e:bert ; e:leads e:team .
e:bert rdfs:label "Bert" ; e:knows e:carl ; e:member e:team .
e:carl rdfs:label "Carl" ; e:age 41 .
e:knows rdfs:label "knows" .
e:leads rdfs:label "leads" .
e:member rdfs:label "is a member of" .
"""


@pytest.fixture(scope="module")
def people() -> tuple[OxigraphStore, Lexicon]:
    store = OxigraphStore()
    store.load(CASE.encode(), format=RdfFormat.TURTLE, graph="urn:g", base=None, name="people")
    return store, Lexicon(store)


def why(people: tuple[OxigraphStore, Lexicon], query: str, number: int = 0, **given: str) -> Why:
    store, lexicon = people
    query = f"PREFIX e: <urn:e:> {query}"
    parameters: Mapping[str, NamedNode] = {name: NamedNode(f"urn:e:{value}") for name, value in given.items()}
    solutions = store.select(query, bindings=parameters)
    return explain(store, lexicon, query, parameters, solutions.variables, solutions.rows[number])


def words(reasons: Why) -> list[list[str]]:
    return [[str(step) for step in proof.steps] for proof in reasons.proofs]


def test_what_an_annotation_says_is_told_of_the_statement() -> None:
    store, lexicon = loaded()
    why = ask(store, lexicon, CATALOGUE.get("agency")).why(0)
    statement = "impulses of the AP model – reflects – increased agency"
    (proof,) = why.proofs
    assert [str(step) for step in proof.told] == [
        statement,
        f"the statement ‘{statement}’ – source – claim C017",
    ]
    # The triples are all there, for whoever checks them.
    assert len(proof.triples) == 5
    for text in (str(why), why.to_markdown()):
        assert "_:" not in text
        assert "annotated" not in text


def test_two_ways_to_one_row_are_two_proofs(people: tuple[OxigraphStore, Lexicon]) -> None:
    reasons = why(people, "SELECT ?x WHERE { ?x e:leads|e:knows|e:knows/e:knows ?y . FILTER(?x = e:anna) }")
    assert words(reasons) == [["Anna – knows – Bert"], ["Anna – leads – urn:e:team"]]
    assert reasons.found == 2
    assert reasons.complete
    assert "2 proofs, each enough by itself" in str(reasons)


def test_a_path_is_proved_by_its_shortest_ways(people: tuple[OxigraphStore, Lexicon]) -> None:
    reasons = why(people, "SELECT ?y WHERE { ?start e:knows+ ?y . ?y e:age ?age }", start="anna")
    assert words(reasons) == [
        ["Anna – knows – Bert", "Bert – knows – Carl", "Carl – e:age – “41”".replace("e:", "urn:e:")]
    ]


def test_an_optional_part_that_is_not_there(people: tuple[OxigraphStore, Lexicon]) -> None:
    reasons = why(people, "SELECT ?x ?age WHERE { ?x e:leads ?t OPTIONAL { ?x e:age ?age } }")
    assert [str(item) for item in reasons.looked_for] == [
        "An optional part found nothing: Anna – urn:e:age – any age"
    ]


@pytest.mark.parametrize(
    "form", ["MINUS {{ {} }}", "FILTER NOT EXISTS {{ {} }}", "FILTER(1 = 1 && !EXISTS {{ {} }})"]
)
def test_a_row_that_stands_on_absence_says_so(people: tuple[OxigraphStore, Lexicon], form: str) -> None:
    reasons = why(people, "SELECT ?x WHERE { ?x e:knows e:carl " + form.format("?x e:leads ?t") + " }")
    assert words(reasons) == [["Bert – knows – Carl"]]
    (absent,) = reasons.looked_for
    assert str(absent) == "The row stands because nothing was found: Bert – leads – any t"


def test_counting_lists_what_was_counted(people: tuple[OxigraphStore, Lexicon]) -> None:
    reasons = why(people, "SELECT (COUNT(?x) AS ?n) WHERE { ?x e:knows ?y }")
    (counted,) = reasons.counted
    assert counted.how == "COUNT"
    assert [{name: str(value) for name, value in row.items()} for row in counted.rows] == [
        {"x": "Anna", "y": "Bert"},
        {"x": "Bert", "y": "Carl"},
    ]
    assert words(reasons) == [["Anna – knows – Bert", "Bert – knows – Carl"]]


def test_counting_nothing_says_what_was_looked_for(people: tuple[OxigraphStore, Lexicon]) -> None:
    reasons = why(people, "SELECT (COUNT(?x) AS ?n) WHERE { ?x e:owns ?y }")
    assert str(reasons.looked_for[0]) == "Nothing was found to count: any x – urn:e:owns – any y"


@pytest.mark.parametrize(
    ("select", "how"),
    [
        ("(GROUP_CONCAT(?name; separator=', ') AS ?names)", "GROUPCONCAT"),
        ("(AVG(?age) AS ?mean)", "AVG"),
        ("(SAMPLE(?name) AS ?one) (MAX(?age) AS ?most)", "SAMPLE, MAX"),
    ],
)
def test_other_ways_to_put_rows_together(
    people: tuple[OxigraphStore, Lexicon], select: str, how: str
) -> None:
    label = "<http://www.w3.org/2000/01/rdf-schema#label>"
    reasons = why(people, f"SELECT {select} WHERE {{ ?x {label} ?name OPTIONAL {{ ?x e:age ?age }} }}")
    assert reasons.counted[0].how == how


def test_grouping_without_counting_gives_alternatives(people: tuple[OxigraphStore, Lexicon]) -> None:
    reasons = why(people, "SELECT ?t WHERE { ?x e:leads|e:member ?t } GROUP BY ?t")
    assert words(reasons) == [["Anna – leads – urn:e:team"], ["Bert – is a member of – urn:e:team"]]
    assert not reasons.counted


def test_a_named_graph_is_part_of_the_proof(people: tuple[OxigraphStore, Lexicon]) -> None:
    reasons = why(people, "SELECT ?g ?x WHERE { GRAPH ?g { ?x e:leads ?t } }")
    assert reasons.proofs[0].steps[0].graph == "urn:g"


def test_many_proofs_are_counted_and_the_first_shown() -> None:
    store = OxigraphStore()
    node = NamedNode("urn:e:x")
    link = NamedNode("urn:e:knows")
    store.add(Quad(node, link, Literal(str(n)), GRAPH) for n in range(25))
    query = "SELECT DISTINCT ?x WHERE { ?x <urn:e:knows> ?y }"
    reasons = explain(store, Lexicon(store), query, {}, ("x",), (node,))
    assert (len(reasons.proofs), reasons.found, reasons.complete) == (20, 25, True)
    assert "25 proofs, each enough by itself; the first 20 are shown" in str(reasons)


def test_too_many_proofs_are_cut_and_that_is_said() -> None:
    store = OxigraphStore()
    link = NamedNode("urn:e:knows")
    stages = [[NamedNode(f"urn:e:{stage}-{n}") for n in range(6)] for stage in range(6)]
    store.add(
        Quad(one, link, two, GRAPH)
        for left, right in itertools.pairwise(stages)
        for one in left
        for two in right
    )
    query = "SELECT DISTINCT ?x ?y WHERE { ?x <urn:e:knows>+ ?y }"
    row = (stages[0][0], stages[5][0])
    reasons = explain(store, Lexicon(store), query, {}, ("x", "y"), row)
    assert not reasons.complete
    assert len(reasons.proofs) == 20
    assert "More than" in str(reasons)
    assert all(len(proof.triples) == 5 for proof in reasons.proofs)


def test_what_cannot_be_explained_says_so(people: tuple[OxigraphStore, Lexicon]) -> None:
    store, lexicon = people
    with pytest.raises(NotFinishedError, match="cannot be derived again"):
        explain(
            store,
            lexicon,
            "SELECT ?x WHERE { ?x <urn:e:knows> ?y }",
            {},
            ("x",),
            (NamedNode("urn:e:nobody"),),
        )
    service = "SELECT ?x WHERE { SERVICE <urn:s> { ?x ?p ?y } }"
    with pytest.raises(NotFinishedError, match="cannot be explained"):
        explain(store, lexicon, service, {}, ("x",), (NamedNode("urn:e:anna"),))


def test_facts_that_came_later_are_seen(people: tuple[OxigraphStore, Lexicon]) -> None:
    store = OxigraphStore()
    link = NamedNode("urn:e:knows")
    anna, bert = NamedNode("urn:e:anna"), NamedNode("urn:e:bert")
    query = "SELECT DISTINCT ?x WHERE { ?x <urn:e:knows> ?y }"
    store.add([Quad(anna, link, bert, GRAPH)])
    assert explain(store, Lexicon(store), query, {}, ("x",), (anna,)).found == 1
    store.add([Quad(anna, link, anna, GRAPH)])
    assert explain(store, Lexicon(store), query, {}, ("x",), (anna,)).found == 2


def practices() -> Answer:
    store, lexicon = loaded()
    return ask(store, lexicon, CATALOGUE.get("practices-supporting"), {"model": "pan-organisational"})


def test_the_claims_behind_a_row_are_told_with_their_place() -> None:
    answer = practices()
    coaching = next(row for row in answer if str(row["practice"]) == "coaching")
    reasons = answer.why(coaching)
    assert "C112" in {claim.id for claim in reasons.claims}
    text, markdown = str(reasons), reasons.to_markdown()
    claim = next(claim for claim in reasons.claims if claim.id == "C112")
    for shown in (text, markdown):
        assert claim.paraphrase in shown
        assert claim.report in shown
        assert claim.section in shown
    record = json.loads(reasons.to_json())
    assert record["found"] == reasons.found
    assert {c["id"] for c in record["claims"]} == {claim.id for claim in reasons.claims}


def test_a_curators_reading_is_marked() -> None:
    answer = practices()
    team = next(row for row in answer if str(row["practice"]) == "team working")
    assert "curator's reading" in str(answer.why(team))
    assert "curator's reading" in answer.why(team).to_markdown()


def test_a_row_that_does_not_exist_is_refused() -> None:
    answer = practices()
    with pytest.raises(InputError, match="there is no row 99"):
        answer.why(99)
    with pytest.raises(InputError, match="not one of this answer"):
        answer.why(type(answer.rows[0])(("x",), (1,)))
    assert answer.why(-1).row == dict(answer.rows[-1])


@pytest.mark.parametrize("engine", ["oxigraph", "rdflib"])
@pytest.mark.parametrize(
    ("question", "says"),
    [
        (
            "arrangement-definitions",
            "deficit arrangement – rdfs:subClassOf – ('matches model' value 'deficit model')",
        ),
        (
            "defined-classes",
            "hierarchically rigid architecture – owl:equivalentClass – ('organisational architecture' and "
            "('has form' value 'tree-like form'))",
        ),
        (
            "property-chains",
            "has supporting practice – owl:propertyChainAxiom – 'has characteristic feature' o 'involves practice'",
        ),
    ],
)
def test_an_expression_of_owl_is_shown_in_words(question: str, says: str, engine: str) -> None:
    store, lexicon = loaded()
    why = ask(store, lexicon, CATALOGUE.get(question), engine=engine).why(0)
    assert says in str(why)
    assert says in why.to_markdown().replace("\\", "")
    for text in (str(why), why.to_markdown()):
        assert "_:" not in text.replace("\\", "")
        assert "rdf:first" not in text
    # What the words tell is still among the triples of the proof.
    assert any(triple.predicate.value.endswith("first") for triple in why.proofs[0].triples)


def test_a_part_of_an_expression_alone_is_shown_by_what_it_says() -> None:
    store, lexicon = loaded()
    query = (
        "PREFIX owl: <http://www.w3.org/2002/07/owl#> PREFIX apgx: <https://w3id.org/apgraph/ref/> "
        "SELECT ?part WHERE { ?part owl:hasValue apgx:treeLikeForm }"
    )
    (row,) = store.select(query).rows
    (proof,) = explain(store, lexicon, query, {}, ("part",), row).proofs
    assert [str(step) for step in proof.told] == [
        "('has form' value 'tree-like form') – owl:hasValue – tree-like form"
    ]
