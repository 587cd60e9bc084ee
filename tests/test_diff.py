"""Two versions of an ontology: what differs, what it does, which version number fits, and data brought along."""

from __future__ import annotations

import json
import re
import shutil
from typing import TYPE_CHECKING

import pytest
from pyoxigraph import NamedNode, RdfFormat, parse

from apgraph import Graph
from apgraph.cli.entry import run
from apgraph.effects import Level, effects_of, report_text
from apgraph.release.difference import compare_editions, read_edition
from apgraph.release.difference.sentences import Sentences
from apgraph.release.difference.statement import Statement
from apgraph.release.migration import migration_update
from apgraph.resources import FRAMEWORK, MODULES, resource_folder
from apgraph.shacl import Severity
from apgraph.store import OxigraphStore
from apgraph.vocabulary import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from apgraph.effects import Effects
    from apgraph.release.difference import Difference

ONTOLOGY = resource_folder("ontology")
EXAMPLES = resource_folder("queries").parent / "examples"


@pytest.fixture
def edited(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that makes a new version of the ontology: module to how its text is changed."""

    def make(**edits: Callable[[str], str]) -> Path:
        folder = tmp_path / "new"
        folder.mkdir()
        for name in (*MODULES, "apgraph"):
            text = (ONTOLOGY / f"{name}.ttl").read_text(encoding="utf-8")
            changed = edits[name](text) if name in edits else text
            assert (changed != text) == (name in edits), f"the edit of {name} does nothing"
            (folder / f"{name}.ttl").write_text(changed, encoding="utf-8")
        return folder

    return make


def adding(text: str) -> Callable[[str], str]:
    return lambda old: f"{old}\n{text}\n"


def without(subject: str) -> Callable[[str], str]:
    """Drop the block of a subject, and every mention of it in lists of objects."""

    def edit(text: str) -> str:
        blocks = [block for block in text.split("\n\n") if not block.startswith(f"{subject}\n")]
        return re.sub(rf"{subject}, |, {subject}\b(?=[ ,;.\n])", "", "\n\n".join(blocks))

    return edit


def replacing(old: str, new: str) -> Callable[[str], str]:
    return lambda text: text.replace(old, new)


def both(new: Path) -> tuple[Difference, Effects]:
    difference = compare_editions(read_edition(ONTOLOGY), read_edition(new))
    return difference, effects_of(difference)


NEW_PRACTICE = """apgx:mentoringCircle a owl:NamedIndividual, apg:PracticeType ;
    rdfs:label "mentoring circle"@en ; skos:definition "A made-up practice."@en ;
    rdfs:isDefinedBy <https://w3id.org/apgraph/framework> ."""


def test_the_order_of_a_file_and_names_of_blank_nodes_are_no_difference(tmp_path: Path) -> None:
    quads = [
        quad
        for name in (*MODULES, "apgraph")
        for quad in parse(
            (ONTOLOGY / f"{name}.ttl").read_bytes(), format=RdfFormat.TURTLE, rename_blank_nodes=True
        )
    ]
    file = tmp_path / "all.nt"
    file.write_text("".join(f"{quad.triple} .\n" for quad in reversed(quads)), encoding="utf-8")
    difference = compare_editions(read_edition(ONTOLOGY), read_edition(file))
    assert not difference
    effects = effects_of(difference)
    assert (effects.level, effects.reasons) == (Level.NONE, ())


def test_a_reworded_label_is_a_patch(edited: Callable[..., Path]) -> None:
    new = edited(framework=replacing('rdfs:label "coaching"@en', 'rdfs:label "coaching of colleagues"@en'))
    difference, effects = both(new)
    (change,) = difference.changed
    assert change.wording
    assert change.lost == ("is called “coaching”@en",)
    assert change.gained == ("is called “coaching of colleagues”@en",)
    assert effects.level is Level.PATCH
    assert effects.level.next("1.0.0") == "1.0.1"
    # The label shows in rows, which are the same rows all the same.
    assert effects.answers
    assert all(answer.wording for answer in effects.answers)
    assert not effects.verdicts
    assert not effects.findings


def test_a_new_term_is_minor(edited: Callable[..., Path]) -> None:
    difference, effects = both(edited(framework=adding(NEW_PRACTICE)))
    assert [change.curie for change in difference.added] == ["apgx:mentoringCircle"]
    assert not (difference.removed or difference.changed or difference.lost)
    assert effects.level is Level.MINOR
    terms = next(answer for answer in effects.answers if answer.question == "terms")
    assert not terms.lost
    assert any("mentoring circle" in row for row in terms.gained)


def test_a_term_that_is_gone_is_major(edited: Callable[..., Path]) -> None:
    difference, effects = both(edited(framework=without("apgx:coaching"), evidence=without("apgx:coaching")))
    assert [change.curie for change in difference.removed] == ["apgx:coaching"]
    assert effects.level is Level.MAJOR
    assert effects.level.next("1.0.0") == "2.0.0"
    assert (Level.MAJOR, "removed: apgx:coaching (coaching)") in effects.reasons
    assert any(answer.lost for answer in effects.answers if not answer.wording)


def test_what_still_names_a_term_that_is_gone_is_told(
    edited: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    """And that both versions call themselves by one number."""

    def edit(text: str) -> str:
        return "\n\n".join(block for block in text.split("\n\n") if not block.startswith("apg:Appointment\n"))

    new = edited(core=edit)
    (change,) = compare_editions(read_edition(ONTOLOGY), read_edition(new)).removed
    assert change.curie == "apg:Appointment"
    assert any("is appointment at" in name for name in change.named_by)
    assert run(["diff", str(ONTOLOGY), str(new)]) == 0
    text = " ".join(capsys.readouterr().out.split())
    assert "major: still named, though removed: apg:Appointment (appointment)" in text
    assert "still named by " in text
    assert "Warning: both call themselves 1.0.0" in text
    whole = compare_editions(read_edition(ONTOLOGY), read_edition(ONTOLOGY))
    assert "Warning" not in report_text(whole, effects_of(whole))


def test_another_licence_is_a_patch(edited: Callable[..., Path]) -> None:
    """As headers are; also where terms are new beside it."""
    other = replacing("<https://creativecommons.org/licenses/by/4.0/>", "<https://example.org/licence>")
    headers = dict.fromkeys((*MODULES, "apgraph"), other)
    new = edited(**headers)
    _, effects = both(new)
    assert any(answer.question == "licence-and-sources" for answer in effects.answers)
    assert effects.level is Level.PATCH
    (new / "framework.ttl").write_text(
        adding(NEW_PRACTICE)((new / "framework.ttl").read_text(encoding="utf-8")), encoding="utf-8"
    )
    assert both(new)[1].level is Level.MINOR


def test_a_summary_feature_that_a_model_loses_is_an_entailment_lost(edited: Callable[..., Path]) -> None:
    difference, effects = both(
        edited(
            framework=replacing(
                "apg:hasSummaryFeature\n        apgx:deployedByManagers,", "apg:hasSummaryFeature"
            )
        )
    )
    assert [change.label for change in difference.changed] == ["deficit model"]
    assert [s.target for s in difference.lost] == ["https://w3id.org/apgraph/ref/deployedByManagers"]
    assert effects.level is Level.MAJOR
    assert (
        effects.reasons[0][1] == "no longer follows: deficit model has summary feature deployed by managers"
    )


def test_a_feature_that_is_added_is_major_where_a_verdict_changes(edited: Callable[..., Path]) -> None:
    difference, effects = both(
        edited(framework=replacing("apgx:deployedByManagers,", "apgx:deployedByManagers, apgx:worksInTeams,"))
    )
    assert not difference.lost
    assert [(v.arrangement, v.model, v.before, v.after) for v in effects.verdicts] == [
        ("Hillside arrangement since 2022", "deficit model", "full, closest", "partial, closest"),
        ("Riverside arrangement since 2022", "deficit model", "no evidence", "partial"),
    ]
    assert effects.level is Level.MAJOR
    assert "other verdict" in effects.reasons[0][1] or "other verdict" in effects.reasons[1][1]


def test_data_that_passed_and_is_refused_is_major(edited: Callable[..., Path]) -> None:
    # The observed feature is none any more.
    def edit(text: str) -> str:
        (block,) = [b for b in text.split("\n\n") if b.startswith("apgx:usesPeerToPeerCoaching\n")]
        return text.replace(block, block.replace("apg:DeploymentFeature", "apg:Value"))

    _, effects = both(edited(framework=edit))
    new = [finding for finding in effects.findings if finding.gained and finding.severity == "violation"]
    assert new
    assert any(what.startswith("data that passed is refused") for _, what in effects.reasons)


def test_a_superclass_between_takes_nothing_away(tmp_path: Path) -> None:
    prefixes = "".join(
        f"@prefix {p}: <{n}> .\n"
        for p, n in (
            ("owl", "http://www.w3.org/2002/07/owl#"),
            ("rdfs", "http://www.w3.org/2000/01/rdf-schema#"),
            ("x", "https://example.org/x#"),
        )
    )
    old, new = tmp_path / "old.ttl", tmp_path / "new.ttl"
    old.write_text(
        f"{prefixes}x:A a owl:Class ; rdfs:subClassOf x:C . x:C a owl:Class . x:D a owl:Class .\n"
        "[] a owl:AllDisjointClasses ; owl:members (x:C x:D) ."
    )
    new.write_text(
        f"{prefixes}x:A a owl:Class ; rdfs:subClassOf x:B . x:B a owl:Class ; rdfs:subClassOf x:C .\n"
        "x:C a owl:Class . x:D a owl:Class . x:E a owl:Class .\n"
        "[] a owl:AllDisjointClasses ; owl:members (x:D x:E x:C) ."
    )
    forth = compare_editions(read_edition(old), read_edition(new))
    assert not forth.lost
    assert [change.curie for change in forth.added] == ["https://example.org/x#B", "https://example.org/x#E"]
    back = compare_editions(read_edition(new), read_edition(old))
    assert [s.predicate.rpartition("#")[2] for s in back.lost] == ["axiom", "subClassOf"]


def test_a_term_that_moves(edited: Callable[..., Path]) -> None:
    def move(text: str) -> str:
        (block,) = [b for b in text.split("\n\n") if b.startswith("apg:Team\n")]
        return text.replace(block, block.replace("apgraph/core>", "apgraph/case>"))

    difference, effects = both(edited(core=move))
    (change,) = difference.moved
    assert change.moved == ("https://w3id.org/apgraph/core", "https://w3id.org/apgraph/case")
    assert change.wording
    # Who imports the core alone has lost the term.
    assert effects.reasons[0] == (Level.MAJOR, "moved to another module: apg:Team (team)")


# --- what follows -----------------------------------------------------------------------------------------


def reasons(effects: Effects, level: Level) -> dict[str, str]:
    return dict(text.partition(": ")[::2] for grave, text in effects.reasons if grave is level)


@pytest.mark.parametrize(
    ("axiom", "said"),
    [
        (
            "[] a owl:AllDisjointClasses ; owl:members ( apg:Team apg:Constellation ) .",
            "nothing is in two of constellation and team",
        ),
        (
            "apg:hasHomeOrganisation a owl:FunctionalProperty .",
            "has home organisation leads to one thing at most",
        ),
    ],
)
def test_what_data_may_contradict_is_major(edited: Callable[..., Path], axiom: str, said: str) -> None:
    _, effects = both(edited(core=adding(axiom)))
    assert effects.level is Level.MAJOR
    assert reasons(effects, Level.MAJOR) == {"may rule out what was allowed": said}


def test_what_holds_new_terms_apart_is_minor(edited: Callable[..., Path]) -> None:
    new = """apg:Huddle a owl:Class ; rdfs:label "huddle"@en ; rdfs:subClassOf apg:Collective ; owl:disjointWith apg:Team ;
        rdfs:isDefinedBy <https://w3id.org/apgraph/core> ."""
    _, effects = both(edited(core=adding(new)))
    assert effects.level is Level.MINOR, effects.reasons


SMALL = """@prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix x: <https://example.org/x#> . <https://example.org/x> a owl:Ontology .
x:A a owl:Class ; rdfs:label "ay" . x:B a owl:Class ; rdfs:label "bee" . x:C a owl:Class . x:D a owl:Class .
"""


def small(tmp_path: Path, old: str, new: str, data: str = "") -> Effects:
    for name, text in (("old", old), ("new", new), ("data", data)):
        (tmp_path / f"{name}.ttl").write_text(
            (SMALL if name != "data" else SMALL.split("<https://example.org/x>")[0]) + text
        )
    editions = (read_edition(tmp_path / f"{name}.ttl") for name in ("old", "new"))
    return effects_of(compare_editions(*editions), [tmp_path / "data.ttl"])


def test_a_class_that_can_have_no_member_is_major_with_and_without_data_of_it(tmp_path: Path) -> None:
    empty = "x:A rdfs:subClassOf owl:Nothing ."
    without_data = small(tmp_path, "", empty)
    assert without_data.level is Level.MAJOR
    assert without_data.reasoned.unusable == ("ay",)
    assert not without_data.reasoned.contradictions
    with_data = small(tmp_path, "", empty, "x:a a x:A ; rdfs:label 'our scheme' .")
    (change,) = with_data.reasoned.contradictions
    assert change.gained
    assert change.text == "'our scheme' is an ay: nothing can be in owl:Nothing"
    assert "every ay is an owl:Nothing" in change.steps[0]
    assert reasons(with_data, Level.MAJOR)["contradicts itself"] == change.text
    # From a contradiction everything follows: that is no news.
    assert not with_data.reasoned.inferences
    back = small(tmp_path, empty, "", "x:a a x:A ; rdfs:label 'our scheme' .")
    assert reasons(back, Level.MINOR)["no longer contradicts itself"] == change.text


def test_an_inference_that_goes_is_major_and_one_that_comes_minor(tmp_path: Path) -> None:
    told = "x:A rdfs:subClassOf x:B ."
    data = "x:a a x:A . [] a x:A . [] a x:A ."
    effects = small(tmp_path, told, "", data)
    assert effects.level is Level.MAJOR
    assert [(each.text, each.gained, each.number) for each in effects.reasoned.inferences] == [
        ("https://example.org/x#a is a bee", False, 1),
        ("something without a name is a bee", False, 2),
    ]
    assert "a is a bee" in reasons(effects, Level.MAJOR)["no longer inferred"]
    back = small(tmp_path, "", told, data)
    assert back.level is Level.MINOR
    assert "a is a bee" in reasons(back, Level.MINOR)["inferred now"]
    assert all(each.gained for each in back.reasoned.inferences)


def test_what_still_follows_by_the_rules_is_not_lost(tmp_path: Path) -> None:
    told = ("x:A rdfs:subClassOf x:B .", "x:A owl:equivalentClass x:B .")
    assert small(tmp_path, *told).level is Level.MINOR
    back = small(tmp_path, *reversed(told))
    assert back.level is Level.MAJOR
    assert reasons(back, Level.MAJOR)["no longer inferred"] == "bee means the same as ay; every bee is an ay"


def test_what_held_before_is_no_prohibition(tmp_path: Path) -> None:
    """The other way round, for fewer, or for one below."""
    old = "x:A owl:disjointWith x:B . [] a owl:AllDisjointClasses ; owl:members ( x:B x:C x:D ) ."
    new = "x:B owl:disjointWith x:A . [] a owl:AllDisjointClasses ; owl:members ( x:C x:D ) ."
    assert small(tmp_path, old, f"{old} {new}").level is Level.MINOR


def test_reasoning_has_a_time_limit(edited: Callable[..., Path], capsys: pytest.CaptureFixture[str]) -> None:
    new = edited(framework=adding(NEW_PRACTICE))
    assert run(["diff", str(ONTOLOGY), str(new), "--timeout", "0.001"]) == 3
    assert "--timeout" in capsys.readouterr().err


# --- what is asked of data --------------------------------------------------------------------------------


def rules_of(tmp_path: Path, name: str, edit: Callable[[str], str]) -> Path:
    shapes = tmp_path / name / "shapes"
    shutil.copytree(resource_folder("shapes"), shapes)
    text = (shapes / "case.ttl").read_text(encoding="utf-8")
    (shapes / "case.ttl").write_text(edit(text), encoding="utf-8")
    shutil.copytree(ONTOLOGY, tmp_path / name / "ontology")
    return tmp_path / name


def test_a_graver_severity_is_major(tmp_path: Path) -> None:
    new = rules_of(tmp_path, "new", replacing("sh:severity sh:Warning", "sh:severity sh:Violation"))
    difference, effects = both(new)
    assert not difference
    assert effects.level is Level.MAJOR
    (change,) = effects.findings
    assert (change.severity, change.before, change.gained) == ("violation", "warning", True)
    assert ("apgsh:rule-15-other", "graver") in {(rule.name, rule.change) for rule in effects.rules}
    text = report_text(difference, effects)
    assert "There is no difference" not in text
    assert "now violation, was warning: " in text
    eased = effects_of(compare_editions(read_edition(new), read_edition(ONTOLOGY)))
    assert eased.level is Level.MINOR


@pytest.mark.parametrize(
    ("old", "new", "change", "refuses", "level"),
    [
        ("sh:maxCount 1 ;", "sh:maxCount 2 ;", "changed", True, Level.MAJOR),
        ("    sh:maxCount 1 ;\n", "", "eased", False, Level.MINOR),
        (
            "exactly one date of compilation. Give",
            "one date of compilation. Give",
            "worded anew",
            False,
            Level.PATCH,
        ),
    ],
)
def test_a_rule_that_changes_is_told_though_no_data_shows_it(
    tmp_path: Path, old: str, new: str, change: str, refuses: bool, level: Level
) -> None:
    def edit(text: str) -> str:
        before, mark, after = text.partition("\napgsh:rule-01-compile-date\n")
        block, end, rest = after.partition("\n\n")
        assert old in block
        return before + mark + block.replace(old, new, 1) + end + rest

    _, effects = both(rules_of(tmp_path, "new", edit))
    assert [(each.name, each.change, each.refuses) for each in effects.rules] == [
        ("apgsh:rule-01-compile-date", change, refuses)
    ]
    assert effects.level is level


# --- answers whose texts several terms share -------------------------------------------------------------

EXTENSION = ONTOLOGY / "extensions" / "template.ttl"


def test_a_text_that_several_terms_share_outlives_one_of_them(tmp_path: Path) -> None:
    """Each of the made-up terms has the same source; without the practice, and with another label, rows are the same."""
    text = EXTENSION.read_text(encoding="utf-8")
    new = tmp_path / "mine.ttl"
    changed = re.sub(r"\nmy:candour\n.*?\n(?=\n)", "", text, flags=re.DOTALL)
    new.write_text(changed.replace('"co-op model"@en', '"shared model"@en'), encoding="utf-8")
    assert changed != text
    effects = effects_of(compare_editions(read_edition(EXTENSION), read_edition(new)))
    lost = [answer.question for answer in effects.answers if not answer.wording]
    assert lost == ["extensions"]
    (answer,) = [each for each in effects.answers if each.question == "deployment-models"]
    assert answer.wording
    assert answer.gained[0].startswith("shared model | ")
    shown = report_text(compare_editions(read_edition(EXTENSION), read_edition(new)), effects)
    assert "before: co-op model | " in shown
    assert "now: shared model | " in shown


def test_rows_that_read_alike_and_are_about_other_terms_are_told_apart(tmp_path: Path) -> None:
    text = EXTENSION.read_text(encoding="utf-8")
    new = tmp_path / "mine.ttl"
    new.write_text(text.replace("https://example.org/my-extension", "https://example.org/renamed"), "utf-8")
    effects = effects_of(compare_editions(read_edition(EXTENSION), read_edition(new)))
    (answer,) = [each for each in effects.answers if each.question == "deployment-models"]
    assert answer.lost[0].startswith("co-op model (https://example.org/my-extension/coOpModel) | ")
    assert answer.gained[0].startswith("co-op model (https://example.org/renamed/coOpModel) | ")
    assert not any(set(each.lost) & set(each.gained) for each in effects.answers)


# --- data that is brought along ---------------------------------------------------------------------------


RENAMED = "apgx:usesPeerToPeerCoaching", "apgx:usesCoachingOfPeers"


def rename(text: str) -> str:
    old, new = RENAMED
    out = re.sub(rf"{old}\b", new, text)
    return f"{out}\n{old} a owl:DeprecatedX ; owl:deprecated true ; dcterms:isReplacedBy {new} .\n".replace(
        " a owl:DeprecatedX ;", ""
    )


def on(ontology: Path, case: Path) -> Graph:
    store = OxigraphStore()
    for file in read_edition(ontology).files:
        store.load(file, format=RdfFormat.TURTLE, graph=FRAMEWORK, base=None, name=str(file))
    graph = Graph(store=store, framework=False)
    graph.load(case)
    return graph


def seen(graph: Graph, old: str, new: str) -> tuple[object, ...]:
    """What users see of a case, the new name written for the old one."""
    questions = ("feature-observations", "closest-model", "practices-enacted", "feature-changes")
    answers = [[str(row.cells).replace(old, new) for row in graph.ask(name)] for name in questions]
    verdicts = [
        (str(arrangement.term), str(verdict.term), verdict.verdict)
        for profile in graph.profiles()
        for arrangement in profile
        for verdict in arrangement.verdicts
    ]
    return answers, verdicts, graph.validate().at_least(Severity.VIOLATION) == ()


def test_an_old_case_migrates(edited: Callable[..., Path]) -> None:
    new = edited(
        framework=rename,
        **{
            name: replacing(*RENAMED)
            for name in ("evidence", "inference")
            if RENAMED[0] in (ONTOLOGY / f"{name}.ttl").read_text(encoding="utf-8")
        },
    )
    difference = compare_editions(read_edition(ONTOLOGY), read_edition(new))
    old_iri, new_iri = ("https://w3id.org/apgraph/ref/" + name.partition(":")[2] for name in RENAMED)
    assert difference.replacements == {old_iri: (new_iri,)}
    case = EXAMPLES / "riverside.ttl"
    assert RENAMED[0] in case.read_text(encoding="utf-8")
    before = seen(on(ONTOLOGY, case), *(n.partition(":")[2] for n in RENAMED))
    graph = on(new, case)
    assert seen(graph, "", "") != before, "the rename breaks nothing, so the test shows nothing"
    size = len(graph)
    graph.store.update(migration_update(difference))
    graph.lexicon.clear()
    after = seen(graph, *(n.partition(":")[2] for n in RENAMED))
    assert after == before
    assert after[-1] is True
    assert len(graph) == size
    said = sorted(map(str, graph.store.quads()))
    graph.store.update(migration_update(difference))
    assert sorted(map(str, graph.store.quads())) == said
    # The framework still says that the old name is deprecated.
    assert next(iter(q for q in graph.store.quads(FRAMEWORK) if q.subject == NamedNode(old_iri)), None)


def test_what_has_no_certain_replacement_is_left_to_a_person(edited: Callable[..., Path]) -> None:
    new = edited(
        framework=adding(
            "apgx:coaching owl:deprecated true .\n"
            "apgx:mentoring owl:deprecated true ; dcterms:isReplacedBy apgx:dialogue, apgx:coaching ."
        )
    )
    update = migration_update(compare_editions(read_edition(ONTOLOGY), read_edition(new)))
    assert "# apgx:coaching: nothing replaces it; look at each statement that uses it." in update
    assert "# apgx:mentoring: choose apgx:coaching or apgx:dialogue, for each statement by itself." in update
    assert "INSERT" not in update


def test_replacements_are_followed_to_their_end_and_circles_left_alone(edited: Callable[..., Path]) -> None:
    new = edited(
        framework=adding(
            "apgx:coaching owl:deprecated true ; dcterms:isReplacedBy apgx:mentoring .\n"
            "apgx:mentoring owl:deprecated true ; dcterms:isReplacedBy apgx:dialogue .\n"
            "apgx:teamWorking owl:deprecated true ; dcterms:isReplacedBy apgx:worksInTeams .\n"
            "apgx:worksInTeams owl:deprecated true ; dcterms:isReplacedBy apgx:teamWorking ."
        )
    )
    found = compare_editions(read_edition(ONTOLOGY), read_edition(new)).replacements
    ref = "https://w3id.org/apgraph/ref/"
    assert found == {
        f"{ref}coaching": (f"{ref}dialogue",),
        f"{ref}mentoring": (f"{ref}dialogue",),
        f"{ref}teamWorking": (),
        f"{ref}worksInTeams": (),
    }


def test_a_reworded_row_beside_a_new_one_is_not_told_as_new(edited: Callable[..., Path]) -> None:
    def edit(text: str) -> str:
        return replacing("apgx:deployedByManagers,", "apgx:deployedByManagers, apgx:worksInTeams,")(
            replacing('rdfs:label "coaching"@en', 'rdfs:label "coaching of colleagues"@en')(text)
        )

    _, effects = both(edited(framework=edit))
    (answer,) = [
        each for each in effects.answers if each.question == "practices-by-feature" and not each.wording
    ]
    assert not answer.lost
    assert answer.gained
    assert not any("coaching of colleagues" in row for row in answer.gained)


# --- the command ------------------------------------------------------------------------------------------


def test_the_command(edited: Callable[..., Path], capsys: pytest.CaptureFixture[str]) -> None:
    new = edited(framework=adding(NEW_PRACTICE))
    assert run(["diff", str(ONTOLOGY), str(new)]) == 0
    text = capsys.readouterr().out
    assert "Kind of version: minor; the next one is 1.1.0." in text
    assert "Added (1)" in text
    assert run(["diff", str(ONTOLOGY), str(new), "-f", "json", "--fail-on", "minor"]) == 1
    record = json.loads(capsys.readouterr().out)
    assert record["version"]["proposed"] == "1.1.0"
    assert [term["curie"] for term in record["terms"]["added"]] == ["apgx:mentoringCircle"]
    assert run(["diff", str(ONTOLOGY), str(new), "-f", "md", "--fail-on", "major"]) == 0
    assert "## Added (1)" in capsys.readouterr().out
    assert run(["diff", str(ONTOLOGY), str(ONTOLOGY), "--fail-on", "patch"]) == 0
    assert "There is no difference." in capsys.readouterr().out


def test_an_extension_alone_is_compared_on_top_of_the_framework(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old = ONTOLOGY / "extensions" / "template.ttl"
    new = tmp_path / "mine.ttl"
    new.write_text(re.sub(r"my:candour\n.*?\n\n", "", old.read_text(encoding="utf-8"), flags=re.DOTALL))
    assert run(["diff", str(old), str(new)]) == 0
    out = capsys.readouterr().out
    assert "1 removed" in out
    assert "Kind of version: major; the next one is 2.0.0." in out


def test_a_migration_is_offered_where_there_is_one(
    edited: Callable[..., Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    head = "@prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix dcterms: <http://purl.org/dc/terms/> .\n"
    old, new = tmp_path / "old.ttl", tmp_path / "gone.ttl"
    old.write_text(f"{head}<urn:x:o> a owl:Ontology . <urn:x:A> a owl:Class . <urn:x:B> a owl:Class .")
    new.write_text(f"{head}<urn:x:o> a owl:Ontology . <urn:x:B> a owl:Class .")
    assert run(["diff", str(old), str(new)]) == 0
    assert "-f sparql" not in capsys.readouterr().err
    assert run(["diff", str(old), str(new), "-f", "sparql"]) == 0
    assert "nothing that can be replaced" in capsys.readouterr().out
    new.write_text(f"{new.read_text()} <urn:x:A> dcterms:isReplacedBy <urn:x:B> ; owl:deprecated true .")
    assert run(["diff", str(old), str(new)]) == 0
    assert "-f sparql" in capsys.readouterr().err


def test_a_file_that_gathers_modules_stands_for_them(edited: Callable[..., Path]) -> None:
    folder = edited(framework=adding(NEW_PRACTICE))
    shutil.copy(ONTOLOGY / "catalog-v001.xml", folder)
    old, new = read_edition(ONTOLOGY / "apgraph.ttl"), read_edition(folder / "apgraph.ttl")
    assert sorted(file.stem for file in old.files) == sorted([*MODULES, "apgraph"])
    difference = compare_editions(old, new)
    assert [change.curie for change in difference.added] == ["apgx:mentoringCircle"]
    assert not compare_editions(old, read_edition(ONTOLOGY))
    # A module is compared alone, and an extension without what it builds on.
    assert len(read_edition(folder / "framework.ttl").files) == 1
    assert len(read_edition(ONTOLOGY / "extensions" / "template.ttl").files) == 1


def test_a_module_that_is_not_there_is_told(
    edited: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    folder = edited()
    assert run(["diff", str(folder / "apgraph.ttl"), str(ONTOLOGY)]) == 2
    error = capsys.readouterr().err
    assert "give the folder of its modules" in error
    assert error.count("\n") == 1


AXIOMS = """
[] a owl:AllDifferent ; owl:distinctMembers ( x:a x:b x:c ) .
[] a owl:AllDisjointClasses ; owl:members ( x:A x:B ) .
[] a owl:AllDisjointProperties ; owl:members ( x:p x:q ) .
[] a owl:NegativePropertyAssertion ; owl:sourceIndividual x:a ; owl:assertionProperty x:p ; owl:targetIndividual x:b .
x:A rdfs:subClassOf [ a owl:Restriction ; owl:onProperty x:p ; owl:someValuesFrom [ owl:unionOf ( x:B x:C ) ] ] ;
    owl:equivalentClass [ owl:complementOf x:B ] .
x:B rdfs:subClassOf [ a owl:Restriction ; owl:onProperty x:p ; owl:maxCardinality 1 ] ; owl:hasKey ( x:p x:q ) .
x:p a owl:TransitiveProperty ; owl:propertyChainAxiom ( x:q x:p ) ; rdfs:comment "a {note}"@en .
[] a owl:Axiom ; owl:annotatedSource x:p ; owl:annotatedProperty rdfs:range ; owl:annotatedTarget x:B ; rdfs:comment "(so) [it] is; \\"here\\""@en .
"""


def test_axioms_are_told_in_words(tmp_path: Path) -> None:
    head = "".join(f"@prefix {name}: <{PREFIXES[name]}> .\n" for name in ("owl", "rdfs"))
    head += "@prefix x: <urn:x:> .\n<urn:x:o> a owl:Ontology . x:A a owl:Class . x:B a owl:Class . x:p a owl:ObjectProperty .\n"
    old, new = tmp_path / "old.ttl", tmp_path / "new.ttl"
    old.write_text(head)
    new.write_text(head + AXIOMS)
    difference = compare_editions(read_edition(old), read_edition(new))
    said = {
        change.iri: {text.replace("urn:x:", "") for text in change.gained}
        for change in (*difference.changed, *difference.axioms)
    }
    assert said == {
        "": {
            "a, b and c are different things",
            "nothing is in two of A and B",
            "no two of p and q link the same things",
            "it does not hold that a p b",
        },
        "urn:x:A": {"is a kind of (p some (B or C))", "is the same class as (not B)"},
        "urn:x:B": {"is a kind of (p max 1)", "is told apart by p and q"},
        "urn:x:p": {
            "is transitive",
            "follows from q and p, one after the other",
            "rdfs:comment “a {note}”@en",
            'has a note on the statement that it leads to B: rdfs:comment “(so) [it] is; "here"”@en',
        },
    }


@pytest.mark.parametrize(
    ("old", "message"),
    [
        ("nothing.ttl", "there is no such file or folder"),
        ("empty", "there is no Turtle file in it"),
        ("broken.ttl", "broken.ttl, line 1"),
        ("no-ontology.ttl", "it holds no ontology and no term"),
    ],
)
def test_bad_input_is_one_line(
    tmp_path: Path, old: str, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "broken.ttl").write_text("@prefix x: <oops")
    (tmp_path / "no-ontology.ttl").write_text("<urn:a> <urn:b> <urn:c> .")
    assert run(["diff", str(tmp_path / old), str(ONTOLOGY)]) == 2
    error = capsys.readouterr().err
    assert message in error
    assert error.count("\n") == 1


def test_a_release_is_compared_with_a_checkout(tmp_path: Path) -> None:
    folder = tmp_path / "release"
    (folder / "ontology").mkdir(parents=True)
    for name in (*MODULES, "apgraph"):
        shutil.copy(ONTOLOGY / f"{name}.ttl", folder / "ontology")
    shutil.copy(ONTOLOGY / "core.ttl", folder / "ontology" / "apgraph-base.ttl")
    assert len(read_edition(folder).files) == len(MODULES) + 1
    assert not compare_editions(read_edition(folder), read_edition(ONTOLOGY.parent))


def test_a_class_has_the_article_that_its_name_asks_for() -> None:
    sentences = Sentences(lambda iri: iri.removeprefix("urn:"))
    kind = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
    said = [
        sentences.of(Statement("urn:x:a", kind, f"<urn:{name}>"))
        for name in ("apg:Role", "owl:Ontology", "my:Role")
    ]
    assert said == ["is an apg:Role", "is an owl:Ontology", "is a my:Role"]


def test_an_axiom_that_holds_both_ways_may_be_turned_round(tmp_path: Path) -> None:
    effects = small(
        tmp_path,
        "x:A owl:disjointWith x:B . x:p owl:inverseOf x:q .",
        "x:B owl:disjointWith x:A . x:q owl:inverseOf x:p .",
    )
    assert effects.level is not Level.MAJOR
