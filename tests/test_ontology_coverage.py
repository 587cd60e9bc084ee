"""Coverage both ways: every claim has its place in the ontology, every term has its ground."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Store, Triple

from apgraph.resources import MODULES, ontology_module
from apgraph.vocabulary import APG, APGS, APGX, PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pyoxigraph import BlankNode

CLAIMS = [f"{APGS}C{number:03}" for number in range(1, 157)]
GAPS = [f"{APGS}G{number:02}" for number in range(1, 30)]
TYPE = NamedNode(PREFIXES["rdf"] + "type")
SOURCE = PREFIXES["dcterms"] + "source"
CONFORMS = PREFIXES["dcterms"] + "conformsTo"
OURS = (APG, APGX, APGS)
# Features by model and mark: S summary, D detail, A absent, E de-emphasised. Two features are stated in the
# summary and again in detail (C125, C149).
EXPECTED = {
    ("deficitModel", "S"): 3,
    ("deficitModel", "D"): 4,
    ("developmentalModel", "S"): 3,
    ("developmentalModel", "D"): 5,
    ("developmentalModel", "A"): 2,
    ("universalModel", "S"): 4,
    ("universalModel", "D"): 5,
    ("universalModel", "E"): 1,
    ("panOrganisationalModel", "S"): 5,
    ("panOrganisationalModel", "D"): 13,
}
SHORTCUTS = {
    "hasSummaryFeature": "S",
    "hasCharacteristicFeature": "D",
    "isMarkedByAbsenceOf": "A",
    "deEmphasises": "E",
}
# Properties of a statement that say where, by whom and how surely it is said, but not what.
ABOUT_SAYING = {
    APG + name
    for name in (
        "claimId",
        "paraphrase",
        "isStatedIn",
        "isReportedIn",
        "isAttributedToStudy",
        "hasHedge",
        "hasAttributionStatus",
        "isAbout",
        "ambiguityNote",
    )
}
VALUES = {
    APG + name
    for name in (
        "hasPolarity",
        "hasTier",
        "hasDirection",
        "hasValence",
        "readsStatement",
        "attributesStatement",
    )
}
KINDS = {
    "provenance": "ProvenanceStatement",
    "structural relation": "StructuralStatement",
    "citation": "CitationStatement",
    "definition": "DefinitionStatement",
    "causal finding": "InfluenceFinding",
    "perception": "PerceptionFinding",
    "example": "ExampleStatement",
    "descriptive finding": "DescriptiveFinding",
    "tension": "TensionFinding",
    "feature of model": "ModelFeatureStatement",
}
# Claims that say what a feature is for: the table of features has no cell for them.
GOALS_OF_FEATURES = {"C131", "C133"}

Assertion = tuple[str, str, str]


class Ontology:
    """The modules merged, with what the tests ask of them."""

    def __init__(self) -> None:
        self.store = Store()
        for module in MODULES:
            self.store.bulk_load(path=str(ontology_module(module)), format=RdfFormat.TURTLE)

    def objects(self, subject: str, predicate: str) -> list[str]:
        return [
            q.object.value
            for q in self.store.quads_for_pattern(NamedNode(subject), NamedNode(predicate), None)
            if isinstance(q.object, NamedNode | Literal)
        ]

    def pairs(self, predicate: str) -> Iterator[tuple[NamedNode | BlankNode, NamedNode | Literal]]:
        for quad in self.store.quads_for_pattern(None, NamedNode(predicate), None):
            assert not isinstance(quad.subject, Triple)
            if isinstance(quad.object, NamedNode | Literal):
                yield quad.subject, quad.object

    def instances(self, name: str) -> set[str]:
        return {
            q.subject.value
            for q in self.store.quads_for_pattern(None, TYPE, NamedNode(APG + name))
            if isinstance(q.subject, NamedNode)
        }

    def terms(self) -> set[str]:
        """Everything that is ours and has a label: classes, properties and individuals, but no stubs."""
        return {
            s.value
            for s, _ in self.pairs(PREFIXES["rdfs"] + "label")
            if isinstance(s, NamedNode) and s.value.startswith(OURS)
        }

    def axioms(self) -> dict[Assertion, set[str]]:
        """What annotated assertions cite."""
        owl = PREFIXES["owl"]
        parts: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for name in ("annotatedSource", "annotatedProperty", "annotatedTarget"):
            for axiom, value in self.pairs(owl + name):
                parts[axiom.value][name].append(value.value)
        for predicate in (SOURCE, CONFORMS):
            for axiom, value in self.pairs(predicate):
                if axiom.value in parts:
                    parts[axiom.value]["cites"].append(value.value)
        cited: dict[Assertion, set[str]] = defaultdict(set)
        for part in parts.values():
            triple = (part["annotatedSource"][0], part["annotatedProperty"][0], part["annotatedTarget"][0])
            cited[triple].update(part["cites"])
        return cited


@pytest.fixture(scope="module")
def ontology() -> Ontology:
    return Ontology()


@pytest.fixture(scope="module")
def statements(ontology: Ontology) -> set[str]:
    return {s.value for s, _ in ontology.pairs(APG + "claimId")}


@pytest.fixture(scope="module")
def axioms(ontology: Ontology) -> dict[Assertion, set[str]]:
    return ontology.axioms()


def words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", text.lower())


def sixes(text: str) -> set[tuple[str, ...]]:
    listed = words(text)
    return {tuple(listed[i : i + 6]) for i in range(len(listed) - 5)}


def test_every_claim_is_a_statement_and_nothing_else_is(statements: set[str]) -> None:
    assert {s for s in statements if s.startswith(APGS + "C")} == set(CLAIMS)
    assert all(s.startswith((APGS + "C", APGS + "R")) for s in statements)


def test_every_claim_is_about_something(ontology: Ontology) -> None:
    assert [c for c in CLAIMS if not ontology.objects(c, APG + "isAbout")] == []


def test_every_claim_grounds_something(ontology: Ontology) -> None:
    grounding = {o.value for _, o in ontology.pairs(SOURCE)}
    assert [c for c in CLAIMS if c not in grounding] == []


def test_every_claim_says_something_beyond_paraphrase_and_place(
    ontology: Ontology, axioms: dict[Assertion, set[str]]
) -> None:
    cited = set().union(*axioms.values())
    silent = [
        claim
        for claim in CLAIMS
        if claim not in cited
        and not any(
            q.predicate.value.startswith(APG) and q.predicate.value not in ABOUT_SAYING
            for q in ontology.store.quads_for_pattern(NamedNode(claim), None, None)
        )
    ]
    assert silent == []


def test_every_claim_has_one_hedge_one_status_and_one_document(ontology: Ontology) -> None:
    for name in ("hasHedge", "hasAttributionStatus", "isReportedIn", "paraphrase", "claimId"):
        assert [c for c in CLAIMS if len(ontology.objects(c, APG + name)) != 1] == [], name


def test_only_hedged_claims_are_hedged(ontology: Ontology) -> None:
    hedged = {
        claim.removeprefix(APGS): ontology.objects(claim, APG + "hasHedge")[0].removeprefix(APGX + "hedge")
        for claim in CLAIMS
    }
    assert {c: h for c, h in hedged.items() if h != "None"} == {
        "C019": "InSomeCases",
        "C020": "InSomeCases",
        "C021": "InSomeCases",
        "C034": "May",
        "C036": "May",
        "C067": "May",
        "C125": "Likely",
        "C127": "Likely",
        "C128": "Likely",
        "C129": "TendTo",
        "C138": "Largely",
        "C139": "Largely",
        "C140": "Some",
        "C153": "Often",
    }


def test_every_term_is_grounded_in_a_claim_or_a_requirement(ontology: Ontology, statements: set[str]) -> None:
    requirements = ontology.instances("Requirement")
    for term in sorted(ontology.terms() - requirements):
        claims = ontology.objects(term, SOURCE)
        required = ontology.objects(term, CONFORMS)
        assert claims or required, f"{term} has no ground"
        assert set(claims) <= statements, f"{term} cites what is no claim"
        assert set(required) <= requirements, f"{term} cites what is no requirement"


def test_what_the_axioms_cite_exists(
    ontology: Ontology, axioms: dict[Assertion, set[str]], statements: set[str]
) -> None:
    requirements = ontology.instances("Requirement")
    for triple, cited in axioms.items():
        assert cited, f"{triple} cites nothing"
        assert cited <= statements | requirements, f"{triple} cites what does not exist"


def test_every_annotated_assertion_is_asserted_and_every_assertion_annotated(
    ontology: Ontology, axioms: dict[Assertion, set[str]], statements: set[str]
) -> None:
    asserted = {
        (q.subject.value, q.predicate.value, q.object.value)
        for q in ontology.store
        if isinstance(q.subject, NamedNode) and isinstance(q.object, NamedNode | Literal)
    }
    assert set(axioms) - asserted == set()
    reference = {
        (s, p, o)
        for s, p, o in asserted
        if s.startswith(APGX) and p.startswith(APG) and o.startswith((APGX, APGS)) and s not in statements
    }
    assert reference - set(axioms) == set()


def test_claims_are_about_what_they_ground(
    ontology: Ontology, axioms: dict[Assertion, set[str]], statements: set[str]
) -> None:
    def ours(iri: str) -> bool:
        return iri.startswith(OURS) and iri not in statements

    expected: dict[str, set[str]] = defaultdict(set)
    for term, ground in ontology.pairs(SOURCE):
        if isinstance(term, NamedNode) and ours(term.value):
            expected[ground.value].add(term.value)
    for (subject, _, value), cited in axioms.items():
        for claim in cited & statements:
            expected[claim].update(filter(ours, (subject, value)))
    for claim in statements:
        for quad in ontology.store.quads_for_pattern(NamedNode(claim), None, None):
            predicate = quad.predicate.value
            said = predicate.startswith(APG) and predicate not in ABOUT_SAYING | VALUES
            if said and isinstance(quad.object, NamedNode) and ours(quad.object.value):
                expected[claim].add(quad.object.value)
    for claim in sorted(statements):
        assert set(ontology.objects(claim, APG + "isAbout")) == expected[claim], claim


def test_shortcuts_statements_and_axioms_agree(ontology: Ontology, axioms: dict[Assertion, set[str]]) -> None:
    shortcuts: dict[tuple[str, str, str], set[str]] = {}
    for name, mark in SHORTCUTS.items():
        for model, feature in ontology.pairs(APG + name):
            key = (model.value, feature.value, mark)
            shortcuts[key] = axioms[model.value, APG + name, feature.value]
    stated: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for statement in ontology.instances("ModelFeatureStatement"):
        (in_model,) = ontology.objects(statement, APG + "statesModel")
        (of_feature,) = ontology.objects(statement, APG + "statesFeature")
        (polarity,) = ontology.objects(statement, APG + "hasPolarity")
        (tier,) = ontology.objects(statement, APG + "hasTier")
        listed = "S" if tier == APGX + "tierSummary" else "D"
        kind = {"Absent": "A", "DeEmphasised": "E"}.get(polarity.removeprefix(APGX + "polarity"), listed)
        stated[in_model, of_feature, kind].add(statement)
    # Where the curator reads the feature into what is stated, that reading is named beside it.
    for reading in ontology.instances("CuratorReading"):
        about = set(ontology.objects(reading, APG + "isAbout"))
        read = set(ontology.objects(reading, APG + "readsStatement"))
        for (in_model, of_feature, _), statements in stated.items():
            if {in_model, of_feature} <= about and not ontology.objects(reading, APG + "statesPractice"):
                assert statements <= read
                statements.add(reading)
    assert shortcuts == dict(stated)


def test_the_features_of_each_model_are_those_of_the_table(ontology: Ontology) -> None:
    pairs = {
        (model.value.removeprefix(APGX), mark, feature.value)
        for name, mark in SHORTCUTS.items()
        for model, feature in ontology.pairs(APG + name)
    }
    assert Counter((model, mark) for model, mark, _ in pairs) == EXPECTED
    assert len(ontology.instances("DeploymentFeature")) == 39


def test_practices_of_features_agree_with_what_statements_say(
    ontology: Ontology, axioms: dict[Assertion, set[str]]
) -> None:
    asserted = {
        (f, p, claim)
        for (f, name, p), cited in axioms.items()
        if name == APG + "involvesPractice"
        for claim in cited
    }
    stated = {
        (feature, practice.value, statement.value)
        for statement, practice in ontology.pairs(APG + "statesPractice")
        for feature in ontology.objects(statement.value, APG + "statesFeature")
    }
    assert asserted == stated


def test_findings_are_no_features(ontology: Ontology) -> None:
    for claim in ("C117", "C118", "C129", "C137", "C138", "C139", "C140"):
        assert ontology.objects(APGS + claim, APG + "statesFeature") == [], claim
        assert ontology.objects(APGS + claim, APG + "concernsModel"), claim


def test_influence_findings_are_complete_and_unlike_causes(ontology: Ontology) -> None:
    for finding in ontology.instances("InfluenceFinding"):
        for name in ("hasFactor", "hasOutcome", "hasDirection"):
            assert ontology.objects(finding, APG + name), f"{finding} lacks {name}"
    for finding in ontology.instances("PerceptionFinding"):
        for name in ("isPerceptionOf", "isHeldBy"):
            assert ontology.objects(finding, APG + name), f"{finding} lacks {name}"


def test_readings_are_marked_and_read_claims(ontology: Ontology) -> None:
    readings = ontology.instances("CuratorReading")
    assert len(readings) >= 12
    for reading in readings:
        assert ontology.objects(reading, APG + "hasAttributionStatus") == [APGX + "attributionInferred"]
        assert set(ontology.objects(reading, APG + "readsStatement")) <= set(CLAIMS)
        assert ontology.objects(reading, APG + "readsStatement")


def test_what_the_curator_infers_is_marked_and_read(ontology: Ontology) -> None:
    inferred = {
        claim
        for claim in CLAIMS
        if ontology.objects(claim, APG + "hasAttributionStatus") == [APGX + "attributionInferred"]
    }
    assert {APGS + "C088", APGS + "C089", APGS + "C126"} <= inferred
    read = {o.value for _, o in ontology.pairs(APG + "readsStatement")}
    assert inferred <= read
    for duality in ("insiderOutsider", "inwardOutward"):
        assert ontology.objects(APGX + duality, APG + "hasAttributionStatus") == [
            APGX + "attributionInferred"
        ]


@pytest.mark.parametrize("gap", GAPS)
def test_each_gap_is_held_and_affects_something(gap: str, ontology: Ontology) -> None:
    assert ontology.objects(gap, APG + "handling")
    affected = ontology.objects(gap, APG + "affectsStatement")
    terms = ontology.objects(gap, APG + "concernsTerm")
    assert affected
    assert set(affected) <= set(CLAIMS)
    assert terms
    assert set(terms) <= ontology.terms()
    for claim in affected:
        assert ontology.objects(claim, APG + "ambiguityNote"), claim


def test_there_are_no_other_gaps(ontology: Ontology) -> None:
    assert ontology.instances("SourceGap") == set(GAPS)


def test_sets_without_names_say_so(ontology: Ontology) -> None:
    for name in ("coEvaluationValueSet", "modelPractices", "modelImpulses"):
        status = ontology.objects(APGX + name, APG + "hasMembershipStatus")
        assert status == [APGX + "membershipNamesNotInSource"], name
        assert ontology.objects(APGX + name, PREFIXES["skos"] + "member") == []
        assert ontology.objects(APGX + name, APG + "hasMemberValue") == []


def test_one_report_has_two_years(ontology: Ontology) -> None:
    variants = ontology.objects(APGS + "touchconsulting2021", APG + "hasCitationVariant")
    assert sorted(y for v in variants for y in ontology.objects(v, APG + "citedYear")) == ["2021", "2022"]


def test_reference_individuals_are_in_one_scheme(ontology: Ontology) -> None:
    for name in (
        "DeploymentModel",
        "DeploymentFeature",
        "PracticeType",
        "InfluencingCondition",
        "Tension",
        "Hedge",
    ):
        for term in ontology.instances(name):
            assert len(ontology.objects(term, PREFIXES["skos"] + "inScheme")) == 1, term


# --- against the design material and the source, which are not part of the project


def test_the_table_of_features_is_the_designs(ontology: Ontology, shared: Path) -> None:
    table = (
        (shared / "domain.md")
        .read_text(encoding="utf-8")
        .partition("### Model features")[2]
        .partition("**S** =")[0]
    )
    models = ("deficitModel", "developmentalModel", "universalModel", "panOrganisationalModel")
    designed = {}
    for line in table.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 6 and re.match(r"[a-z]+[A-Z]", cells[0]):
            for model, cell in zip(models, cells[1:5], strict=True):
                if claims := re.findall(r"C\d{3}", cell):
                    mark = re.sub(r"\W", "", cell.split()[0])
                    designed[cells[0].split()[0], model] = (
                        {"absent": "A", "deEmphasised": "E"}.get(mark, mark),
                        claims,
                    )
    built: dict[tuple[str, str], tuple[str, list[str]]] = {}
    for (model, name, feature), cited in ontology.axioms().items():
        if (mark := SHORTCUTS.get(name.removeprefix(APG), "")) and model.startswith(APGX):
            key = (feature.removeprefix(APGX), model.removeprefix(APGX))
            earlier = built.get(key, ("Z", []))
            # The table lists a feature once, under the summary where it is in both.
            built[key] = (
                "S" if "S" in (mark, earlier[0]) else mark,
                sorted([*earlier[1], *(c.removeprefix(APGS) for c in cited if c.startswith(APGS + "C"))]),
            )
    assert built == designed


@pytest.fixture(scope="module")
def source(shared: Path) -> bytes:
    return (shared / "source" / "ap-model.txt").read_bytes()


def test_the_deck_is_the_source_by_its_hash(ontology: Ontology, source: bytes) -> None:
    assert ontology.objects(APGS + "deck", APG + "contentHash") == [hashlib.sha256(source).hexdigest()]


def test_every_span_is_what_its_hash_says(ontology: Ontology, source: bytes) -> None:
    text = source.decode("utf-8")
    segments = ontology.instances("SourceSegment")
    assert len(segments) > len(CLAIMS)
    for segment in sorted(segments):
        (start,) = map(int, ontology.objects(segment, APG + "textStart"))
        (end,) = map(int, ontology.objects(segment, APG + "textEnd"))
        assert 0 <= start < end <= len(text), segment
        digest = hashlib.sha256(text[start:end].encode()).hexdigest()
        assert ontology.objects(segment, APG + "excerptHash") == [digest], segment


def test_spans_lie_within_their_sections_and_cover_the_claims(ontology: Ontology, shared: Path) -> None:
    listed = json.loads((shared / "source" / "claims.json").read_text(encoding="utf-8"))
    assert [APGS + c["id"] for c in listed] == CLAIMS
    # The listed span runs on into the next heading (C045); the listed spans leave the outcome out (C117).
    mended = {"C045", "C117"}
    # A name and a heading that are printed on another slide than the rest of the claim.
    strayed = {("C003", 1166), ("C142", 5725)}
    for entry in listed:
        spans = set()
        for segment in ontology.objects(APGS + entry["id"], APG + "isStatedIn"):
            (start,) = map(int, ontology.objects(segment, APG + "textStart"))
            (end,) = map(int, ontology.objects(segment, APG + "textEnd"))
            spans.add((start, end))
            (section,) = ontology.objects(segment, APG + "isPartOfSection")
            assert entry["section"] in ontology.objects(section, PREFIXES["skos"] + "altLabel")
            inside = int(ontology.objects(section, APG + "textStart")[0]) <= start
            inside = inside and end <= int(ontology.objects(section, APG + "textEnd")[0])
            assert inside or (entry["id"], start) in strayed, segment
        if entry["id"] not in mended:
            assert spans == {tuple(span) for span in entry["spans"]}, entry["id"]
        kinds = {k.removeprefix(APG) for k in ontology.objects(APGS + entry["id"], TYPE.value)}
        if entry["id"] not in GOALS_OF_FEATURES:
            assert KINDS[entry["kind"]] in kinds, entry["id"]


def test_the_whole_source_is_covered_by_claims(ontology: Ontology, source: bytes) -> None:
    text = source.decode("utf-8")
    covered = [False] * len(text)
    for claim in CLAIMS:
        for segment in ontology.objects(claim, APG + "isStatedIn"):
            (start,) = map(int, ontology.objects(segment, APG + "textStart"))
            (end,) = map(int, ontology.objects(segment, APG + "textEnd"))
            covered[start:end] = [True] * (end - start)
    left = "".join(c if not covered[i] else " " for i, c in enumerate(text))
    left = re.sub(r"<[^>]*>", " ", left)
    # Running headings and the word before an example; repeated headings are claimed where they first occur.
    repeated = set(
        words("DEVELOPING ADVANCED PRACTITIONERS ADVANCED PRACTITIONER MODEL EDUCATION & TRAINING FOUNDATION")
    )
    repeated |= set(
        words(
            "CONDITIONS THAT INFLUENCE APS: THRIVING OR SURVIVING MODELS OF AP DEPLOYMENT PAN-ORGANISATIONAL"
        )
    )
    assert [w for w in words(left) if w not in repeated | set(words("and alongside the at with"))] == []


def test_nothing_is_copied_from_the_source(ontology: Ontology, source: bytes) -> None:
    taken = sixes(source.decode("utf-8"))
    notes = [APG + name for name in ("paraphrase", "ambiguityNote", "handling", "analyticalNote")] + [
        PREFIXES["skos"] + name for name in ("definition", "scopeNote", "note", "altLabel")
    ]
    notes.append(PREFIXES["rdfs"] + "label")
    copied = [
        (subject.value, value.value)
        for predicate in notes
        for subject, value in ontology.pairs(predicate)
        if sixes(value.value) & taken
    ]
    assert copied == []


def test_paraphrases_are_the_projects_own(ontology: Ontology, shared: Path) -> None:
    listed = json.loads((shared / "source" / "claims.json").read_text(encoding="utf-8"))
    theirs = {" ".join(words(entry["paraphrase"])) for entry in listed}
    ours = [(s.value, " ".join(words(o.value))) for s, o in ontology.pairs(APG + "paraphrase")]
    assert [pair for pair in ours if pair[1] in theirs] == []
    assert len({text for _, text in ours}) == len(ours)


def test_a_paraphrase_stands_by_itself(ontology: Ontology) -> None:
    # Claims are quoted one at a time; what such a word points to is then not there.
    pointing = re.compile(r"\b(?:these|those(?! who)|this)\b|\bsuch (?!support)|\beither[.]", re.IGNORECASE)
    found = [text.value for _, text in ontology.pairs(APG + "paraphrase") if pointing.search(text.value)]
    assert found == []
