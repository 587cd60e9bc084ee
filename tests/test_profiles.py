"""Verdicts, reasons, closest models, dates, conditions, comparison, extensions."""

from __future__ import annotations

import datetime
import json
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat

from apgraph import Graph
from apgraph.errors import InputError, UnknownNameError
from apgraph.profiles import RULE, Observation, Role, State, Status, Verdict, profile, profiles, read_models
from apgraph.profiles.comparison import compare
from apgraph.profiles.report import COLUMNS, rows
from apgraph.profiles.verdict import closest, judge, state_of
from apgraph.release.inference import inference_turtle_quads
from apgraph.resources import FRAMEWORK, resource_folder
from deduction import deduce

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from apgraph.profiles import Model

X = "https://w3id.org/apgraph/ref/"
MY = "https://example.org/my-extension/"
XSD = "http://www.w3.org/2001/XMLSchema#"
PREFIXES = (
    "@prefix apg: <https://w3id.org/apgraph/ns#> . @prefix apgx: <https://w3id.org/apgraph/ref/> . "
    "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix : <urn:apgraph:case:c:> . "
    "@prefix my: <https://example.org/my-extension/> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> ."
)


@pytest.fixture(scope="module")
def graph(root: Path) -> Graph:
    graph = Graph()
    graph.load(root / "examples" / "riverside.ttl", root / "examples" / "hillside.ttl")
    return graph


@pytest.fixture(scope="module")
def models() -> Mapping[str, Model]:
    graph = Graph()
    return {m.term.curie.removeprefix("apgx:"): m for m in read_models(graph.store, graph.lexicon).models}


def seen(status: Status, date: str = "2024-05-01", name: str = "urn:o") -> Observation:
    return Observation(name, "urn:a", "urn:f", status, Literal(date, datatype=NamedNode(XSD + "date")), date)


def states(**statuses: Status) -> dict[str, State]:
    return {X + feature: State(status, (seen(status),)) for feature, status in statuses.items()}


def case(*observations: tuple[str, str, str], more: str = "") -> Graph:
    """A graph with one case, one arrangement and these observations: feature, status, date."""
    graph = Graph()
    lines = [
        f':o{at} apg:isPartOfCase :record ; apg:rowIdentifier "o{at}" ; apg:isObservationOf :arr ; '
        f'apg:observesFeature {feature} ; apg:hasStatus apgx:status{status} ; apg:observedOn "{date}"^^xsd:date .'
        for at, (feature, status, date) in enumerate(observations)
    ]
    text = (
        f'{PREFIXES} :record a apg:CaseRecord ; apg:caseIdentifier "c" . '
        f":arr a apg:DeploymentArrangement ; apg:isPartOfCase :record ; apg:isRunBy :college . "
        f':college a apg:Organisation ; rdfs:label "c college"@en . {" ".join(lines)} {more}'
    )
    graph.store.load(text.encode(), format=RdfFormat.TURTLE, graph="urn:apgraph:case:c", name="c")
    return graph


def ending(root: Path, end: str, kind: str) -> Graph:
    """Riverside with an end of its second arrangement, beside Hillside."""
    text = (root / "examples" / "riverside.ttl").read_text(encoding="utf-8")
    ended = text.replace(
        ":arr-2\n    a apg:DeploymentArrangement ;",
        f':arr-2\n    a apg:DeploymentArrangement ;\n    apg:endsOn "{end}"^^xsd:{kind} ;',
    )
    assert ended != text
    graph = Graph()
    graph.load(root / "examples" / "hillside.ttl")
    graph.store.load(ended.encode(), format=RdfFormat.TURTLE, graph="urn:apgraph:case:riverside", name="r")
    return graph


# -- the verdicts, one by one -----------------------------------------------------------------------------------

P, A, H, N = Status.PRESENT, Status.ABSENT, Status.PARTLY, Status.NOT_ASSESSED


@pytest.mark.parametrize(
    ("model", "observed", "verdict"),
    [
        ("deficitModel", {}, Verdict.NO_EVIDENCE),
        ("deficitModel", {"deployedByManagers": N}, Verdict.NO_EVIDENCE),
        ("deficitModel", {"deployedByManagers": P}, Verdict.PARTIAL),
        ("deficitModel", {"deployedByManagers": H}, Verdict.PARTIAL),
        ("deficitModel", {"targetedByLowGrade": P}, Verdict.PARTIAL),
        ("deficitModel", {"targetedByLowGrade": A}, Verdict.NO_EVIDENCE),
        ("deficitModel", {"deployedByManagers": A}, Verdict.CONTRADICTED),
        ("deficitModel", {"deployedByManagers": A, "linkedToCapability": P}, Verdict.MIXED),
        (
            "deficitModel",
            {"deployedByManagers": P, "linkedToCapability": P, "focusedOnTeachersRequiringImprovement": P},
            Verdict.FULL,
        ),
        (
            "deficitModel",
            {"deployedByManagers": P, "linkedToCapability": H, "focusedOnTeachersRequiringImprovement": P},
            Verdict.PARTIAL,
        ),
        ("deficitModel", {"deployedByManagers": P, "linkedToCapability": P}, Verdict.PARTIAL),
        ("developmentalModel", {"linkedToPerformanceManagement": P}, Verdict.CONTRADICTED),
        ("developmentalModel", {"linkedToPerformanceManagement": H}, Verdict.NO_EVIDENCE),
        ("developmentalModel", {"linkedToPerformanceManagement": A}, Verdict.NO_EVIDENCE),
        # Played down is neither for nor against.
        ("universalModel", {"linkedToCapability": P}, Verdict.NO_EVIDENCE),
        ("universalModel", {"linkedToCapability": A}, Verdict.NO_EVIDENCE),
    ],
)
def test_verdicts(
    models: Mapping[str, Model], model: str, observed: dict[str, Status], verdict: Verdict
) -> None:
    found = judge(models[model], states(**observed))
    assert found.verdict is verdict
    # Every feature of the model has exactly one place.
    placed = (*found.supporting, *found.against, *found.open, *found.noted)
    assert sorted(id(r.link) for r in placed) == sorted(id(link) for link in models[model].links)


def test_full_with_an_excluded_feature_stays_full_and_is_flagged(models: Mapping[str, Model]) -> None:
    summary = {
        link.feature.iri.removeprefix(X): P for link in models["developmentalModel"].features(Role.SUMMARY)
    }
    found = judge(models["developmentalModel"], states(**summary, linkedToPerformanceManagement=P))
    assert found.verdict is Verdict.FULL
    assert [r.feature.curie for r in found.flagged] == ["apgx:linkedToPerformanceManagement"]


def test_sizes_of_the_models_and_the_one_shared_feature(models: Mapping[str, Model]) -> None:
    assert {name: len(model.features(Role.SUMMARY)) for name, model in models.items()} == {
        "deficitModel": 3,
        "developmentalModel": 3,
        "universalModel": 4,
        "panOrganisationalModel": 5,
    }
    assert [
        (str(link.model), str(link.feature))
        for model in models.values()
        for link in model.links
        if link.shared_with
    ] == [
        ("developmental model", "uses peer-to-peer coaching"),
        ("universal model", "uses peer-to-peer coaching"),
    ]
    assert all(link.claims for model in models.values() for link in model.links)


# -- closest ----------------------------------------------------------------------------------------------------


def test_ties_are_shown_and_a_model_with_nothing_for_it_is_no_candidate(models: Mapping[str, Model]) -> None:
    one = judge(models["deficitModel"], states(deployedByManagers=P))
    two = judge(models["developmentalModel"], states(deployedByManagers=P))
    assert closest([one, two]) == (one,)
    assert closest([two]) == ()
    # More for it, and more against it: neither beats the other.
    observed = states(worksInTeams=P, worksInConstellations=P, coachingIsUniversal=A, accessibleToAll=P)
    pan, universal = (judge(models[m], observed) for m in ("panOrganisationalModel", "universalModel"))
    assert (pan.share_for, pan.share_against) == (Fraction(2, 17), Fraction(1, 5))
    assert (universal.share_for, universal.share_against) == (Fraction(1, 9), Fraction(0))
    assert closest([pan, universal]) == (pan, universal)


# -- dates ------------------------------------------------------------------------------------------------------


def test_only_the_latest_counts_at_the_date_asked_for() -> None:
    several = [seen(A, "2022-03-01", "a"), seen(P, "2023-03-01", "b"), seen(N, "2024-03-01", "c")]
    assert state_of(several, None).status is N
    assert state_of(several, "2023").status is P
    assert state_of(several, "2022-12-31").status is A
    assert state_of(several, "2021").status is Status.NOT_RECORDED
    assert [o.iri for o in state_of(several, None).earlier] == ["a", "b"]


@pytest.mark.parametrize(
    ("statuses", "result"),
    [
        ((P, P), P),
        ((P, N), P),
        ((A, N), A),
        ((P, H), H),
        ((P, A), Status.CONFLICTING),
        ((A, H), Status.CONFLICTING),
        ((N, N), N),
    ],
)
def test_what_is_recorded_on_one_date(statuses: tuple[Status, Status], result: Status) -> None:
    assert state_of([seen(s) for s in statuses], None).status is result


def test_a_year_is_not_before_its_own_months() -> None:
    assert state_of([seen(A, "2024"), seen(P, "2024-05-01")], None).status is Status.CONFLICTING
    assert state_of([seen(A, "2023"), seen(P, "2024-05-01")], None).status is P


def test_what_cannot_be_used_is_told() -> None:
    graph = case(
        ("apgx:worksInTeams", "Present", "soon"),
        ("apgx:worksInTeams", "Unheard", "2024-01-01"),
        ("my:unknownFeature", "Present", "2024-01-01"),
    )
    (found,) = graph.profile("c")
    assert [each.verdict for each in found.verdicts] == [Verdict.NO_EVIDENCE] * 4
    assert [str(each) for each in found.unused] == [
        "o0: its date is missing or not a date",
        "o1: its status is missing or not known",
        f"o2: its feature {MY}unknownFeature is not described anywhere",
    ]
    assert "Left out of account" in graph.profile("c").to_text()


def test_what_is_to_be_doubted_is_said_without_asking() -> None:
    more = (
        ':arr apg:startsOn "2023-09-01"^^xsd:date ; apg:endsOn "2024-07-31"^^xsd:date ; '
        "apg:declaresModel my:coOpModel ."
    )
    graph = case(
        ("apgx:worksInTeams", "Present", "2024-01-01"),
        ("apgx:worksInTeams", "Absent", "2024-01-01"),
        ("apgx:deployedByManagers", "Present", "2022-01-01"),
        ("apgx:linkedToCapability", "Present", "2024-07-31"),
        more=more,
    )
    found = graph.profile("c")
    for text in (found.to_text(), found.to_markdown(), found.to_html()):
        assert "Records disagree, so that it counts neither way: works in teams" in text
        assert "o0, present on 2024-01-01" in text
        assert "o1, absent on 2024-01-01" in text
        assert "(2023-09-01 to 2024-07-31), and counted all the same: o2 (2022-01-01)." in text
        assert "coOpModel, of which the files given know no features" in text
        assert MY in text
        assert "not recorded." not in text.split("observe next")[0]
    (record,) = json.loads(found.to_json())["arrangements"]
    assert [each["row"] for each in record["out_of_time"]] == ["o2"]
    assert [each["feature"] for each in record["conflicting"]] == [X + "worksInTeams"]
    assert [each["iri"] for each in record["declared_unknown"]] == [MY + "coOpModel"]


def test_dates_that_do_not_tell_which_is_later_are_said_to_be_so() -> None:
    graph = case(
        ("apgx:worksInTeams", "Absent", "2023-03"),
        ("apgx:worksInTeams", "Present", "2023-03-01"),
    )
    text = graph.profile("c").to_text()
    assert (
        "Records disagree, and their dates do not tell which is later, so that it counts neither way: works in teams, "
        "conflicting (o0, absent in 2023-03, no evidence given / o1, present on 2023-03-01, no evidence given). "
        "Give each of them a full date."
    ) in text
    assert ", observed in 2023-03." in text
    assert "observed from" not in text
    assert "absent in 2023-03" in graph.profile("c").to_html()


def test_reasons_for_other_models_are_named(graph: Graph) -> None:
    found = graph.profile("case:riverside:arr-2")
    said = "For the reasons of another model (deficit, developmental, universal) give --model, such as --model deficit."
    assert said in found.to_text()
    assert said in found.to_markdown()
    assert said in found.to_html()
    every = ("deficit", "developmental", "universal", "pan-organisational")
    assert "--model" not in found.to_text(models=every)
    assert "nothing more for the pan-organisational model: every summary" in found.to_text()
    assert (
        "What the arrangement lacks for the verdict full: coaching is universal (partly)." in found.to_text()
    )


def test_a_model_that_is_none_of_ours_is_named_in_their_words() -> None:
    more = (
        ':arr apg:hasModelAnswer apgx:answerOther ; apg:declaredModelName "apprenticeship model" ; '
        'apg:hasCoverage apgx:coverageWholeOrganisation ; rdfs:label "ours"@en ; '
        'apg:startsOn "2023-09-01"^^xsd:date .'
    )
    graph = case(more=more)
    found = graph.profile("c")
    said = "Declared model: apprenticeship model, which is none of the models described here."
    assert said in found.to_text()
    assert said in found.to_html()
    (record,) = json.loads(found.to_json())["arrangements"]
    assert (record["declared_answer"], record["declared_named"]) == ("other", ["apprenticeship model"])
    (row,) = graph.ask("arrangements")
    assert str(row["declared"]) == "other: apprenticeship model"


def test_a_declared_model_that_is_misspelt_is_shown_and_called_no_model() -> None:
    found = case(more=':arr apg:declaresModel "univeral" .').profile("c")
    for shown in (found.to_text(), found.to_markdown()):
        assert "Declared model: 'univeral', which names no model" in shown
        assert "Declared model: not recorded" not in shown
    (record,) = json.loads(found.to_json())["arrangements"]
    assert (record["declared"], record["declared_unlisted"]) == ([], ["univeral"])


def test_with_nothing_observed_nothing_is_said_to_be_against_a_model() -> None:
    text = case(more=":arr apg:declaresModel apgx:deficitModel .").profile("c").to_text()
    assert "Nothing observed." in text
    assert "nothing against it" not in text


@pytest.mark.parametrize(
    ("on", "said"),
    [
        ("yesterday", "not a date"),
        ("2024-13", "no month 13"),
        ("2024-5-1", "write 2024-05-01"),
        ("14/05/2021", "write 2021-05-14"),
        ("", "not a date"),
    ],
)
def test_a_date_that_is_none(graph: Graph, on: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        graph.profile("riverside", on=on)


def test_the_counts_make_up_all_features_of_a_model(graph: Graph) -> None:
    for found in (each for case in graph.profiles() for each in case):
        for row in rows(found):
            counts = dict(zip(COLUMNS, row, strict=True))
            assert sum(int(str(counts[name])) for name in COLUMNS[4:8]) == counts["all"]


def test_what_nobody_looked_at_is_unknown_whatever_it_is_to_the_model() -> None:
    def counts(graph: Graph) -> tuple[int, int]:
        (found,) = graph.profile("c")
        universal = found.verdict("universal")
        assert all(role is not Role.PLAYED_DOWN for step in found.next_steps for _, role in step.tells)
        return len(universal.noted), len(universal.open)

    assert counts(case()) == (0, 10)
    assert counts(case(("apgx:linkedToCapability", "NotAssessed", "2024-01-01"))) == (0, 10)
    assert counts(case(("apgx:linkedToCapability", "Partly", "2024-01-01"))) == (1, 9)
    text = case().profile("c").to_text(models=("universal",))
    assert "counted neither way" not in text
    assert "linked to capability (played down)" in text


def test_evidence_that_is_missing_is_named_in_words() -> None:
    graph = case(
        ("apgx:worksInTeams", "Present", "2024-05-01"), more=":o0 apg:isSupportedByEvidence :ev%201 ."
    )
    text = graph.profile("c").to_text()
    assert "evidence: 'ev 1', which the case does not describe" in text
    assert "case:c:ev" not in text


@pytest.mark.parametrize(
    ("end", "kind", "day", "standing", "said"),
    [
        ("2027-07-31", "date", "2026-11-30", "", "; the arrangement is planned to end on 2027-07-31."),
        ("2027-07-31", "date", "2027-07-31", "", "; the arrangement is planned to end on 2027-07-31."),
        ("2027-07-31", "date", "2027-08-01", "ended", "; the arrangement ended on 2027-07-31."),
        ("2027", "gYear", "2027-12-31", "", "; the arrangement is planned to end in 2027."),
        ("2027", "gYear", "2028-01-01", "ended", "; the arrangement ended in 2027."),
    ],
)
def test_an_end_may_be_planned(root: Path, end: str, kind: str, day: str, standing: str, said: str) -> None:
    graph = ending(root, end, kind)
    run = datetime.date.fromisoformat(day)
    found = profile(graph.store, graph.lexicon, "riverside", day=run)
    assert found.arrangements[1].standing == standing
    assert said in found.to_text()
    assert json.loads(found.to_json())["arrangements"][1]["end_planned"] is not bool(standing)
    # As of a day after a planned end it has ended, but nobody can say yet that it did.
    later = profile(graph.store, graph.lexicon, "riverside", on="2030", day=run)
    assert later.arrangements[1].standing == "ended"
    assert said in later.to_text()


def test_what_is_planned_to_end_is_compared_and_asked_about_as_what_runs(root: Path) -> None:
    for end, runs in (("2999-07-31", True), ("2025-07-31", False)):
        graph = ending(root, end, "date")
        assert bool(graph.ask("missing-features", organisation="Riverside College").rows) is runs
        both = graph.ask("compare-organisations", organisation="Riverside College", other="Hillside College")
        assert bool(both.rows) is runs
    graph = ending(root, "2027-07-31", "date")
    found = compare(graph.store, graph.lexicon, day=datetime.date(2026, 11, 30))
    assert [str(column.arrangement.term) for column in found.columns] == [
        "Hillside arrangement since 2022",
        "Riverside arrangement since 2022",
    ]


# -- worked cases -----------------------------------------------------------------------------------------------


def test_riverside(graph: Graph) -> None:
    found = graph.profile("Riverside College")
    first, second = found
    assert [(str(v.term), v.verdict) for v in first.closest] == [("developmental model", Verdict.FULL)]
    assert [(str(v.term), v.verdict) for v in second.closest] == [
        ("pan-organisational model", Verdict.PARTIAL)
    ]
    assert second.declared == second.closest
    assert [(str(r.feature), r.status) for r in second.closest[0].short_of_full] == [
        ("coaching is universal", H)
    ]
    assert (first.standing, second.standing) == ("ended", "")
    teams = next(r for r in second.closest[0].supporting if str(r.feature) == "works in teams")
    (observation,) = teams.state.observations
    assert (observation.row, observation.confidence, observation.date.value) == (
        "obs-11",
        "high",
        "2024-05-17",
    )
    assert [item.row for item in observation.evidence] == ["ev-03", "ev-07"]
    assert [claim.id for claim in teams.link.claims] == ["C108"]
    assert [o.row for o in teams.state.earlier] == ["obs-06"]


def test_riverside_in_2023_was_mixed(graph: Graph) -> None:
    (found,) = graph.profile("Riverside arrangement since 2022", on="2023-12-31")
    pan = found.verdict("pan-organisational")
    assert pan.verdict is Verdict.MIXED
    assert {str(r.feature) for r in pan.against} == {"works in constellations", "coaching is universal"}


def test_hillside_is_full_deficit_and_declares_none(graph: Graph) -> None:
    (found,) = graph.profile("hillside")
    assert [(str(v.term), v.verdict) for v in found.closest] == [("deficit model", Verdict.FULL)]
    assert (found.declared, found.arrangement.answer) == ((), "none")
    assert found.verdict("developmental model").verdict is Verdict.CONTRADICTED


def test_conditions_go_as_far_as_observations(graph: Graph) -> None:
    riverside = {
        str(c.term): [x.direction for x in c.leanings] for c in graph.profile("riverside").conditions
    }
    assert riverside == {
        "communities of practice condition": ["toward thriving"],
        "dualities condition": ["mixed"],
        "organisational culture condition": ["toward surviving"],
        "virtual architectures condition": ["not known"],
    }
    early = graph.profile("riverside", on="2023-02-14")
    assert all(not condition.leanings for condition in early.conditions)
    assert [(str(x.of[0]), x.direction) for x in early.positions] == [("AP-1", "toward surviving")]
    hillside = graph.profile("hillside").to_text()
    assert "dualities condition: nothing recorded" in hillside


def test_every_text_says_whose_rule_it_is(graph: Graph) -> None:
    found = graph.profile("riverside")
    assert "not of the source" in RULE
    assert RULE in found.to_text()
    assert RULE in found.to_markdown()
    assert json.loads(found.to_json())["rule"] == RULE
    assert RULE in graph.compare().to_text()
    assert "%" not in found.to_text()


def test_next_steps_lead_to_a_decision() -> None:
    graph = case(
        ("apgx:deployedByManagers", "Present", "2024-01-01"),
        ("apgx:linkedToCapability", "Present", "2024-01-01"),
    )
    (found,) = graph.profile()
    assert [str(step.feature) for step in found.next_steps] == ["focused on teachers requiring improvement"]
    (nothing,) = case().profile()
    assert nothing.closest == ()
    assert len(nothing.next_steps) == 3 + 3 + 4 + 5 + 2


def test_names(graph: Graph) -> None:
    assert graph.profile("urn:apgraph:case:riverside:arr-2").arrangements[0].term.label.endswith("since 2022")
    with pytest.raises(UnknownNameError, match="riverside"):
        graph.profile("rivrside")
    offered = r"2 cases; name one of them: hillside \(Hillside College\), riverside \(Riverside College\)$"
    with pytest.raises(InputError, match=offered):
        graph.profile()
    offered = (
        r"2 arrangements; give one of: case:hillside:arr-1 \(Hillside College\), case:riverside:arr-1 \(Riv"
    )
    with pytest.raises(InputError, match=offered):
        graph.profile("arr-1")
    (found,) = graph.profile("case:riverside:arr-1")
    assert found.term.iri == "urn:apgraph:case:riverside:arr-1"
    with pytest.raises(UnknownNameError, match="deficit"):
        graph.profile("hillside").to_text(models=("deficite",))


def test_the_only_case_is_meant_where_an_arrangement_lies_outside_of_it(root: Path) -> None:
    loose = f"{PREFIXES} <urn:x:loose> a apg:DeploymentArrangement ."
    graph = Graph()
    graph.load(root / "examples" / "riverside.ttl")
    graph.store.load(loose.encode(), format=RdfFormat.TURTLE, graph="urn:x", name="loose")
    assert graph.profile().case == "riverside"
    assert [each.case for each in graph.profiles()] == ["", "riverside"]
    alone = Graph()
    with pytest.raises(InputError, match="the data has no deployment arrangement; describe one on sheet"):
        alone.profile()
    alone.store.load(loose.encode(), format=RdfFormat.TURTLE, graph="urn:x", name="loose")
    record = f'{PREFIXES} :record a apg:CaseRecord ; apg:caseIdentifier "c" .'
    alone.store.load(record.encode(), format=RdfFormat.TURTLE, graph="urn:c", name="record")
    assert [each.term.iri for each in alone.profile()] == ["urn:x:loose"]


def test_the_questions_say_what_the_profiles_say(graph: Graph) -> None:
    asked = {
        (str(row["arrangement"]), str(row["model"])): (
            row["verdict"],
            row["for"],
            row["against"],
            row["neither"],
            row["unknown"],
            row["all"],
            row["closest"] == "yes",
        )
        for row in graph.ask("closest-model")
    }
    judged = {
        (str(each.term), str(v.term)): (
            v.verdict.value,
            len(v.supporting),
            len(v.against),
            len(v.noted),
            len(v.open),
            len(v.model.links),
            v.is_closest,
        )
        for case in graph.profiles()
        for each in case
        for v in each.verdicts
    }
    assert asked == judged
    against = {
        (str(row["arrangement"]), str(row["feature"]))
        for row in graph.ask("observations-against-declared-model", date="2023-12-31")
    }
    assert against == {
        (str(each.term), str(r.feature))
        for case in graph.profiles(on="2023-12-31")
        for each in case
        for v in each.declared
        for r in v.against
    }
    assert against


def test_the_number_of_queries_does_not_grow(graph: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    counts = []
    for each in (case(("apgx:worksInTeams", "Present", "2024-01-01")), graph):
        asked: list[str] = []
        query = each.store.query

        def counting(text: str, *, query=query, asked=asked, **named):  # type: ignore[no-untyped-def]
            asked.append(text)
            return query(text, **named)

        monkeypatch.setattr(each.store, "query", counting)
        each.lexicon.clear()
        each.profiles()
        counts.append(len(asked))
    assert counts[1] <= counts[0] + 3


# -- comparison -------------------------------------------------------------------------------------------------


def test_two_colleges_side_by_side(graph: Graph) -> None:
    found = graph.compare("hillside", "riverside")
    assert [column.title for column in found.columns] == [
        "Hillside College: Hillside arrangement since 2022",
        "Riverside College: Riverside arrangement since 2022",
    ]
    kinds = {str(line.term): line.kind for line in found.features}
    assert kinds["accessible to all"] == "different"
    assert kinds["organised from the centre"] == "shared"
    assert kinds["linked to capability"] == "gap"
    assert {(b.claim, b.speaks) for b in found.findings} == {
        ("C050", "for"),
        ("C051", "against"),
        ("C117", "for"),
        ("C118", "against"),
    }


def test_a_finding_is_compared_with_its_qualification(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    text = (root / "examples" / "riverside.ttl").read_text(encoding="utf-8")
    one = tmp_path / "one.ttl"
    one.write_text(
        text
        + """
        <urn:apgraph:case:riverside:i3> a apg:InfluenceObservation ; apg:observesFactor apgx:surroundingArchitectures ;
            apg:observesDirection apgx:directionFailsToProduce ; apg:observesOutcome apgx:capacityToSupportChange ;
            apg:isPartOfCase <urn:apgraph:case:riverside:record> .""",
        encoding="utf-8",
    )
    graph = Graph()
    graph.load(one, root / "examples" / "hillside.ttl")
    found = graph.compare()
    (bearing,) = (each for each in found.findings if each.claim == "C034")
    assert (bearing.speaks, bearing.hedge, bearing.directed) == (
        "for",
        "may",
        "fails to produce (finding: limits)",
    )
    for text in (str(found), found.to_markdown(), found.to_html()):
        assert "C034 (hedged: may)" in text
        assert "C050 (" not in text
    assert "C034,may," in found.to_csv()
    assert '"hedge": "may"' in found.to_json()


def test_one_college_over_time(graph: Graph) -> None:
    found = compare(graph.store, graph.lexicon, ["riverside"], over_time=True)
    assert [column.on for column in found.columns] == ["2022", "2023", "2024"]
    assert found.columns[0].title == "Riverside arrangement 2021-22 (2022)"
    assert found.summary.startswith("3 columns of Riverside College: ")
    pan = next(line for line in found.models if str(line.term) == "pan-organisational model")
    assert pan.values == ("no evidence", "mixed (closest)", "partial (closest)")
    # What was observed in 2024 is not of the time of the arrangement that ended in 2022.
    then, now = graph.compare("riverside").conditions[0].values
    assert (then, now) == ("not recorded", "toward thriving")


def test_two_cases_of_one_college_have_titles_of_their_own(root: Path, tmp_path: Path) -> None:
    text = (root / "examples" / "riverside.ttl").read_text(encoding="utf-8")
    again = tmp_path / "again.ttl"
    again.write_text(
        text.replace("case:riverside:", "case:again:").replace('"riverside"', '"again"'),
        encoding="utf-8",
    )
    graph = Graph()
    graph.load(root / "examples" / "riverside.ttl", again)
    found = graph.compare()
    assert [column.title for column in found.columns] == [
        "Riverside arrangement since 2022, case again",
        "Riverside arrangement since 2022, case riverside",
    ]
    assert {str(each.organisation) for each in found.findings} == {
        "Riverside College (case again)",
        "Riverside College (case riverside)",
    }
    # Naming one thing twice makes no second column of it.
    with pytest.raises(InputError, match="two"):
        graph.compare("urn:apgraph:case:again:arr-2", "urn:apgraph:case:again:arr-2")


def test_two_arrangements_of_one_name_are_told_apart_by_their_rows() -> None:
    more = (
        ':arr apg:rowIdentifier "a1" . :other a apg:DeploymentArrangement ; apg:isPartOfCase :record ; '
        'apg:isRunBy :college ; apg:rowIdentifier "a2" . :arr rdfs:label "ours"@en . :other rdfs:label "ours"@en .'
    )
    graph = case(("apgx:worksInTeams", "Present", "2024-01-01"), more=more)
    found = graph.compare()
    assert [column.title for column in found.columns] == ["ours, a1", "ours, a2"]
    assert found.summary.endswith(
        "0 features differ, 0 are the same in all, 1 is not known in some and the same where known."
    )


def test_a_comparison_says_what_it_does_not_show(graph: Graph) -> None:
    found = graph.compare()
    said = (
        "Not shown, since it has ended and another arrangement of the case runs: Riverside College: Riverside "
        "arrangement 2021-22. To choose, give --case for each that you want, such as --case case:riverside:arr-1."
    )
    assert found.to_text().splitlines()[1] == said
    assert said in found.to_html()
    assert [each["label"] for each in json.loads(found.to_json())["left_out"]] == [
        "Riverside arrangement 2021-22"
    ]
    # What is named is shown, beside the case that it is part of, too.
    for names in (
        ("hillside", "riverside", "case:riverside:arr-1"),
        ("case:riverside:arr-1", "hillside", "riverside"),
    ):
        whole = graph.compare(*names)
        assert [column.arrangement.term.curie for column in whole.columns] == [
            "case:hillside:arr-1",
            "case:riverside:arr-1",
            "case:riverside:arr-2",
        ]
        assert whole.passed_over == ""


def test_a_difference_is_one_although_a_further_column_does_not_know(graph: Graph) -> None:
    found = graph.compare("hillside", "case:riverside:arr-1", "case:riverside:arr-2")
    lines = {str(line.term): line for line in found.features}
    access = lines["access initiated by teachers"]
    assert (access.values, access.kind) == (("absent", "present", "not recorded"), "different")
    influence = lines["APs have influence"]
    assert (influence.values, influence.kind) == (("not recorded", "not recorded", "not assessed"), "gap")
    conditions = {str(line.term): line for line in found.conditions}
    culture = conditions["organisational culture condition"]
    assert (culture.values, culture.kind) == (("toward surviving", "not recorded", "toward surviving"), "gap")
    assert conditions["virtual architectures condition"].kind == "gap"


def test_a_comparison_without_findings_says_so() -> None:
    more = ":other a apg:DeploymentArrangement ; apg:isPartOfCase :record ; apg:isRunBy :college ."
    found = case(("apgx:worksInTeams", "Present", "2024-01-01"), more=more).compare()
    for text in (found.to_text(), found.to_markdown(), found.to_html()):
        assert "No record of these cases agrees with a finding of the source, or speaks against one." in text


def test_nothing_to_compare_with(graph: Graph) -> None:
    with pytest.raises(InputError, match="two"):
        graph.compare("hillside")
    for on in (["2023"], ["2019", "2023"]):
        with pytest.raises(InputError, match="observations run from 2024-03-11 to 2024-03-24"):
            graph.compare("hillside", on=on)


def test_a_claim_given_as_a_reason_says_how_the_source_hedges_it(root: Path) -> None:
    more = (
        ":arr apg:declaresModel apgx:developmentalModel . :i a apg:InfluenceObservation ; "
        "apg:isPartOfCase :record ; apg:observesFactor apgx:surroundingArchitectures ; "
        "apg:observesOutcome apgx:capacityToSupportChange ; apg:observesDirection apgx:directionLimits . "
        ":record apg:concernsOrganisation :college ."
    )
    graph = case(("apgx:linkedToPerformanceManagement", "Present", "2024-01-01"), more=more)
    found = graph.profile("c")
    assert "rests on C127 (hedged: likely)" in found.to_text()
    assert "C127 (hedged: likely)" in found.to_html().replace("<wbr>", "")
    (arrangement,) = json.loads(found.to_json())["arrangements"]
    (against,) = next(each for each in arrangement["models"] if each["against"])["against"]
    assert (against["claims"], against["hedges"]) == (["C127"], {"C127": "likely"})
    graph.load(root / "examples" / "hillside.ttl")
    both = graph.compare()
    assert {(b.claim, b.hedge) for b in both.findings} == {("C034", "may"), ("C117", ""), ("C118", "")}
    assert "C034 (hedged: may)" in both.to_html()
    assert "C034 (hedged: may)" in both.to_markdown()
    assert ",C034,may," in both.to_csv()
    assert [each["hedge"] for each in json.loads(both.to_json())["findings"]] == ["may", "", ""]


def test_where_a_verdict_stands_alone_it_says_what_the_source_hedges(root: Path) -> None:
    graph = case(
        ("apgx:linkedToPerformanceManagement", "Present", "2024-01-01"),
        # Said once plainly, and once more as likely: plain.
        ("apgx:accessInitiatedByTeachers", "Absent", "2024-01-01"),
        ("apgx:apsDriveInitiatives", "Partly", "2024-01-01"),
        more=":arr apg:declaresModel apgx:developmentalModel .",
    )
    sentence = (
        "Counted here, and hedged by the source: 'linked to performance management' against the developmental model, "
        "C127 (hedged: likely); 'APs drive initiatives' for the pan-organisational model, C153 (hedged: often)."
    )
    found = graph.profile("c")
    (arrangement,) = found
    assert {str(row[0]): row[-1] for row in rows(arrangement)} == {
        "deficit model": "",
        "developmental model": "likely",
        "universal model": "",
        "pan-organisational model": "often",
    }
    declared = (
        "2 observed features against it (1 of them hedged by the source: likely); another comes closer."
    )
    for text in (found.to_text(), found.to_markdown(), found.to_html().replace("&#x27;", "'")):
        assert sentence in text
        assert declared in text.replace("\\", "")
    assert 'contradicted</span> <span class="soft">hedged: likely</span>' in found.to_html()
    graph.load(root / "examples" / "hillside.ttl")
    both = graph.compare()
    for text in (both.to_text(), both.to_markdown(), both.to_html().replace("&#x27;", "'")):
        assert "Counted here, and hedged by the source: 'linked to performance management' against" in text
    by_model = {each["label"]: each["hedges"] for each in json.loads(both.to_json())["models"]}
    assert by_model["developmental model"] == {"C127": "likely", "C128": "likely"}
    assert by_model["pan-organisational model"] == {"C153": "often"}
    assert by_model["deficit model"] == {}
    assert ",C127; C128,likely,," in both.to_csv()
    for engine in ("oxigraph", "rdflib"):
        asked = {
            str(row["model"]): str(row["hedge"] or "")
            for row in graph.ask("closest-model", organisation="c college", engine=engine)
        }
        assert asked == {
            "deficit model": "",
            "developmental model": "hedge: likely",
            "universal model": "",
            "pan-organisational model": "hedge: often",
        }
        against = graph.ask("observations-against-declared-model", engine=engine)
        assert {(str(row["feature"]), str(row["hedge"]), str(row["claim"])) for row in against} == {
            ("linked to performance management", "hedge: likely", "claim C127"),
            ("access initiated by teachers", "hedge: none", "claim C101"),
            ("access initiated by teachers", "hedge: likely", "claim C125"),
        }


def test_a_reading_that_decides_is_marked_as_the_curators() -> None:
    found = case(("apgx:linkedToPerformanceManagement", "Present", "2024-01-01")).profile("c")
    assert [str(each.term) for each in found.arrangements[0].closest] == ["deficit model"]
    sentence = (
        "Counted here, and read into the source by the curator: 'linked to performance management' for the deficit model, "
        "C115, R19 (curator's reading)."
    )
    page = found.to_html().replace("&#x27;", "'").replace("<wbr>", "")
    for text in (found.to_text(), found.to_markdown(), page):
        assert sentence in text
        assert text.count("R19 (curator's reading)") == 3, "in the sentence, at the reason, and explained"
        assert "the source itself does not say it; apgraph evidence R19 shows it" in text
    assert "A number such as R19 stands for a reading of the curator's" in page
    (arrangement,) = json.loads(found.to_json())["arrangements"]
    (reason,) = next(each for each in arrangement["models"] if each["closest"])["for"]
    assert (reason["claims"], reason["readings"]) == (["C115", "R19"], ["R19"])


def test_each_word_of_a_profile_is_explained_once(graph: Graph) -> None:
    several = [graph.profile(name) for name in ("riverside", "hillside")]
    several.append(case(("apgx:linkedToPerformanceManagement", "Present", "2024-01-01")).profile("c"))
    several.append(
        case(
            ("apgx:linkedToCapability", "Present", "2024-01-01"),
            ("apgx:accessibleToAll", "Partly", "2024-01-01"),
            ("apgx:linkedToPerformanceManagement", "NotAssessed", "2024-01-01"),
            more=":arr apg:declaresModel apgx:universalModel , apgx:developmentalModel .",
        ).profile("c")
    )
    words = [each.value for kind in (Verdict, Role, Status) for each in kind]
    # What is present, and what is absent, needs no word more.
    words = [each for each in words if each not in {"present", "absent"}]
    used = set()
    for found in several:
        before, _, after = found.to_text().partition("What the words mean")
        for word in words:
            shown = f"({word})" in before or f" {word} " in before or f" {word}: " in before
            lines = [line for line in after.splitlines() if line.startswith(f"  {word}: ")]
            assert len(lines) <= 1
            assert lines or not shown, (word, before)
            used |= {word} if lines else set()
        assert found.to_markdown().count("## What the words mean") == 1
        assert found.to_html().count("<h2>What the words mean</h2>") == 1
    assert used == set(words) - {"conflicting"}


def test_a_comparison_says_what_its_verdicts_mean(graph: Graph) -> None:
    both = graph.compare()
    for text in (both.to_text(), both.to_markdown(), both.to_html()):
        assert text.count("What the verdicts mean: ") == 1
        assert "full: every summary feature of the model was seen to be present" in text


@pytest.mark.parametrize("engine", ["sets", "pyshacl"])
def test_the_rule_on_the_declared_model_is_as_sure_as_the_source(engine: str) -> None:
    own = (
        "my:own a apg:DeploymentModel ; apg:isMarkedByAbsenceOf apgx:linkedToPerformanceManagement . "
        "my:plain a apg:DeploymentModel ; apg:isMarkedByAbsenceOf apgx:linkedToPerformanceManagement . "
        "my:said apg:statesModel my:plain ; apg:statesFeature apgx:linkedToPerformanceManagement ; "
        'apg:hasPolarity apgx:polarityAbsent ; apg:claimId "M1" ; apg:hasHedge apgx:hedgeNone . '
        # A hedge has one name in a message, whatever other languages are loaded.
        'apgx:hedgeLikely rdfs:label "Vorbehalt: wahrscheinlich"@de .'
    )
    graph = case(
        ("apgx:linkedToPerformanceManagement", "Present", "2024-01-01"),
        more=f":arr apg:declaresModel apgx:developmentalModel , my:own , my:plain . {own}",
    )
    said = [each.message for each in graph.validate(engine=engine) if "excludes" in each.message]
    assert sorted(each.partition("which that model ")[2] for each in said) == [
        "excludes (the source hedges this: likely, C127). Check the observation, or the declared model.",
        "excludes. Check the observation, or the declared model.",
        "excludes. Check the observation, or the declared model.",
    ]


# -- extensions: no line of code --------------------------------------------------------------------------------


def extended(*observations: tuple[str, str, str]) -> Graph:
    graph = case(*observations)
    graph.load(resource_folder("ontology") / "extensions" / "template.ttl")
    return graph


def test_a_fifth_model_is_judged_questioned_and_deduced() -> None:
    graph = extended(
        ("my:sharedBetweenColleges", "Present", "2024-01-01"), ("apgx:worksInTeams", "Present", "2024-01-01")
    )
    (found,) = graph.profile("c")
    fifth = found.verdict("co-op")
    assert (fifth.verdict, fifth.is_closest) == (Verdict.FULL, True)
    own, teams = sorted(fifth.supporting, key=lambda r: str(r.feature))
    assert own.link.grounds == ("Made up for this template.",)
    assert (own.is_distinguishing, teams.is_distinguishing) == (True, False)
    assert "Made up for this template." in graph.profile("c").to_text()
    # The questions know the model, its feature and the practice, too.
    asked = {
        str(row["model"]): row["verdict"] for row in graph.ask("closest-model", organisation="c college")
    }
    assert asked["co-op model"] == "full"
    assert "lesson study" in {str(row["term"]) for row in graph.ask("extensions")}
    # The generator gives the model a defined class in its own namespace.
    quads = [*graph.store.quads(FRAMEWORK), *(q for g in graph.store.graphs() for q in graph.store.quads(g))]
    graph.store.add(
        q
        for q in inference_turtle_quads(quads, header=False)
        if str(getattr(q.subject, "value", "")).startswith((MY, "e", "l", "r"))
    )
    assert deduce(graph.store)["urn:apgraph:case:c:arr"] == {MY + "coOpModel"}


def test_a_feature_of_no_model_is_shown_and_decides_nothing() -> None:
    more = ':f a apg:DeploymentFeature ; rdfs:label "meets weekly"@en .'
    graph = case((":f", "Present", "2024-01-01"), more=more)
    (found,) = graph.profile("c")
    assert [(str(term), state.status) for term, state in found.others] == [("meets weekly", P)]
    assert {v.verdict for v in found.verdicts} == {Verdict.NO_EVIDENCE}
    assert "meets weekly" in graph.profile("c").to_text()


def test_without_a_framework(graph: Graph) -> None:
    empty = Graph(framework=False)
    with pytest.raises(InputError, match="load_framework"):
        profiles(empty.store, empty.lexicon)
