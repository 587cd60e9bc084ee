"""Claims: found by any of their names, behind triples, and checked against a copy of the source."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest
from pyoxigraph import Literal, NamedNode, Triple

from apgraph.errors import InputError, UnknownNameError
from apgraph.evidence import Claim, check_source, claim, claim_iri, claims, claims_for_triples
from apgraph.resources import MODULES, ontology_module
from apgraph.store import OxigraphStore, Store, load_files
from apgraph.vocabulary import APG, APGS, APGX, PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from apgraph.store import Solutions, Term

LABEL = NamedNode(PREFIXES["rdfs"] + "label")
TYPE = NamedNode(PREFIXES["rdf"] + "type")


def apgx(name: str) -> NamedNode:
    return NamedNode(APGX + name)


def apg(name: str) -> NamedNode:
    return NamedNode(APG + name)


def ids(found: Iterable[Claim]) -> list[str]:
    return [c.id for c in found]


class CountingStore(OxigraphStore):
    """A real store that counts what it is asked."""

    asked = 0

    def select(
        self,
        query: str,
        *,
        bindings: Mapping[str, Term] | None = None,
        default_graphs: Sequence[str] | None = None,
        named_graphs: Sequence[str] | None = None,
        timeout: float | None = None,
    ) -> Solutions:
        self.asked += 1
        return super().select(
            query,
            bindings=bindings,
            default_graphs=default_graphs,
            named_graphs=named_graphs,
            timeout=timeout,
        )


@pytest.fixture(scope="module")
def store() -> Store:
    filled = OxigraphStore()
    load_files(filled, [ontology_module(module) for module in MODULES])
    return filled


@pytest.mark.parametrize(
    "name", ["C034", "c034", "c34", " C34 ", "apgs:C034", "APGS:c34", APGS + "C034", f"<{APGS}C034>", "C0034"]
)
def test_a_claim_is_found_by_any_of_its_names(name: str, store: Store) -> None:
    found = claim(store, name)
    assert (found.id, found.iri) == ("C034", APGS + "C034")
    assert found.kind == "influence finding"
    assert found.hedge == "may"
    assert found.attribution == "stated"
    assert found.study == "co-evaluation study"
    assert found.report == "report on re-thinking the AP role"
    assert [(span.start, span.end) for span in found.spans] == [(1600, 1716)]
    assert APGX + "capacityToSupportChange" in found.about
    assert not found.is_reading


def test_a_claim_says_what_a_reader_needs(store: Store) -> None:
    shown = str(claim(store, "C126"))
    assert shown.startswith("C126 (provenance statement): ")
    assert "slide: developmental in detail" in shown
    assert "attribution: inferred by the curator" in shown
    assert "note: " in shown
    assert "hedge: tend to" in str(claim(store, "C129"))


def test_a_claim_of_two_kinds_names_both(store: Store) -> None:
    assert claim(store, "C153").kind == "influence finding and model feature statement"


def test_a_reading_is_marked_as_one(store: Store) -> None:
    found = claim(store, "r1")
    assert found.id == "R01"
    assert found.is_reading
    assert found.reads == ("C108",)
    assert found.attribution == "inferred"
    assert "by the curator, not said by the source" in str(found)


@pytest.mark.parametrize(
    "name",
    [
        *(
            "C034",
            "c034",
            "c34",
            "34",
            "034",
            " C034 ",
            "C-034",
            "C 34",
            "#34",
            "claim 34",
            "Claim C034",
            "claim no. 34",
        ),
        *(
            "apgs:C034",
            "APGS:c34",
            "https://w3id.org/apgraph/src/C034",
            "<https://w3id.org/apgraph/src/C034>",
        ),
    ],
)
def test_a_claim_is_found_however_its_number_is_written(name: str, store: Store) -> None:
    assert claim_iri(store, name) == "https://w3id.org/apgraph/src/C034"


@pytest.mark.parametrize("name", ["R01", "r1", "R1", "reading 1", "reading R01", "apgs:R01"])
def test_a_reading_is_found_however_its_number_is_written(name: str, store: Store) -> None:
    assert claim_iri(store, name) == "https://w3id.org/apgraph/src/R01"


@pytest.mark.parametrize(
    "name", ["C157", "C999", "claim", "", "C", "34.5", "C034-span1", "C000", "apgx:C034", "x" * 500]
)
def test_an_unknown_claim_is_one_line(name: str, store: Store) -> None:
    with pytest.raises(UnknownNameError) as caught:
        claim(store, name)
    assert "\n" not in str(caught.value)
    assert "C001 to C156" in str(caught.value)


def test_the_nearest_claims_are_named(store: Store) -> None:
    with pytest.raises(UnknownNameError) as caught:
        claim(store, "C157")
    assert "C156" in caught.value.nearest or "C155" in caught.value.nearest


def test_a_store_without_the_framework_says_so() -> None:
    with pytest.raises(UnknownNameError, match="load the framework first"):
        claim(OxigraphStore(), "C034")


def test_all_claims_are_fetched_by_a_fixed_number_of_queries() -> None:
    store = CountingStore()
    load_files(store, [ontology_module(module) for module in MODULES])
    store.asked = 0
    claims(store, [f"{APGS}C001"])
    few = store.asked
    store.asked = 0
    found = claims(store, [f"{APGS}C{n:03}" for n in range(1, 157)])
    assert len(found) == 156
    assert store.asked == few
    for entry in found.values():
        assert entry.paraphrase
        assert entry.section
        assert entry.report
        assert entry.spans
        assert entry.hedge
        assert entry.about


def test_what_is_no_claim_is_left_out(store: Store) -> None:
    assert list(claims(store, [APGX + "coaching", APGS + "C002", "urn:x"])) == [APGS + "C002"]


def test_both_engines_give_the_same_claims(store: Store) -> None:
    from apgraph.store import RdflibStore

    other = RdflibStore()
    load_files(other, [ontology_module(module) for module in MODULES])
    wanted = [APGS + name for name in ("C034", "C125", "C153", "R03")]
    assert claims(other, wanted) == claims(store, wanted)
    triple = Triple(apgx("treeLikeForm"), apg("represents"), apgx("hierarchicalRigidity"))
    assert claims_for_triples(other, [triple]) == claims_for_triples(store, [triple])


def test_an_assertion_rests_on_what_its_annotation_cites(store: Store) -> None:
    stated = Triple(apgx("panOrganisationalModel"), apg("hasSummaryFeature"), apgx("coachingIsUniversal"))
    practice = Triple(apgx("coachingIsUniversal"), apg("involvesPractice"), apgx("coaching"))
    read = Triple(apgx("worksInTeams"), apg("involvesPractice"), apgx("teamWorking"))
    twice = Triple(
        apgx("activeInExternalConstellations"),
        apg("involvesPractice"),
        apgx("externalConstellationParticipation"),
    )
    found = claims_for_triples(store, [stated, practice, read, twice])
    assert [ids(found[t]) for t in (stated, practice, read, twice)] == [
        ["C112"],
        ["C112"],
        ["R01"],
        ["C110", "C149"],
    ]


def test_an_assertion_of_a_literal_rests_on_what_its_annotation_cites(store: Store) -> None:
    year = Triple(NamedNode(APGS + "tyler2017"), apg("citedYear"), Literal("2017"))
    assert ids(claims_for_triples(store, [year])[year]) == ["C094"]


def test_a_triple_of_a_statement_rests_on_the_statement(store: Store) -> None:
    direction = Triple(NamedNode(APGS + "C050"), apg("hasDirection"), apgx("directionEnhances"))
    source = Triple(apgx("coaching"), NamedNode(PREFIXES["dcterms"] + "source"), NamedNode(APGS + "C112"))
    gap = Triple(NamedNode(APGS + "G06"), apg("affectsStatement"), NamedNode(APGS + "C038"))
    place = Triple(NamedNode(APGS + "C050-span1"), apg("isPartOfSection"), NamedNode(APGS + "section-s4a"))
    found = claims_for_triples(store, [direction, source, gap, place])
    assert [ids(found[t]) for t in (direction, source, gap, place)] == [
        ["C050"],
        ["C112"],
        ["C038"],
        ["C050"],
    ]


def test_a_name_or_type_rests_on_the_terms_source(store: Store) -> None:
    label = Triple(apgx("treeLikeForm"), LABEL, Literal("tree-like form", language="en"))
    kind = Triple(apgx("treeLikeForm"), TYPE, apg("ArchitectureForm"))
    found = claims_for_triples(store, [label, kind])
    assert ids(found[label]) == ids(found[kind]) == ["C038", "C039"]


def test_what_no_claim_grounds_rests_on_none(store: Store) -> None:
    case = Triple(NamedNode("urn:apgraph:case:x:obs"), apg("observesFeature"), apgx("worksInTeams"))
    grouped = Triple(
        apgx("exchangeDimension"), NamedNode(PREFIXES["skos"] + "member"), apgx("supportsEvidenceFlows")
    )
    unsaid = Triple(apgx("deficitModel"), apg("affectsPositioning"), apgx("partnerPositioning"))
    found = claims_for_triples(store, [case, grouped, unsaid])
    assert list(found.values()) == [(), (), ()]
    assert claims_for_triples(store, []) == {}


def test_claims_behind_triples_take_a_fixed_number_of_queries() -> None:
    store = CountingStore()
    load_files(store, [ontology_module(module) for module in MODULES])
    triples = [
        Triple(q.subject, q.predicate, q.object)
        for q in store.quads()
        if isinstance(q.subject, NamedNode) and q.predicate.value.startswith(APG)
    ][:200]
    store.asked = 0
    claims_for_triples(store, triples[:1])
    few = store.asked
    store.asked = 0
    claims_for_triples(store, triples)
    assert store.asked <= few + 1


# --- a reader's copy


@pytest.fixture(scope="module")
def source(shared: Path) -> Path:
    return shared / "source" / "ap-model.txt"


def test_a_copy_of_the_source_shows_the_passage(store: Store, source: Path) -> None:
    passage = check_source(store, "C039", source)
    text = source.read_text(encoding="utf-8")
    (excerpt,) = passage.excerpts
    assert excerpt.text == text[1869:1918]
    assert text.splitlines()[excerpt.line - 1].find(excerpt.text) >= 0
    assert "line 28, characters 1869-1918" in str(passage)
    assert check_source(store, claim(store, "C039"), source) == passage


def test_every_claim_has_its_passage(store: Store, source: Path) -> None:
    for found in claims(store, [f"{APGS}C{n:03}" for n in range(1, 157)]).values():
        assert all(e.text.strip() for e in check_source(store, found, source).excerpts)


def test_a_reading_has_no_passage(store: Store, source: Path) -> None:
    with pytest.raises(InputError, match="has no passage; see C108"):
        check_source(store, "R01", source)


@pytest.mark.parametrize("change", ["crlf", "mark"])
def test_other_line_ends_make_no_difference(change: str, store: Store, source: Path, tmp_path: Path) -> None:
    content = source.read_bytes()
    copy = tmp_path / "copy.txt"
    copy.write_bytes(content.replace(b"\n", b"\r\n") if change == "crlf" else b"\xef\xbb\xbf" + content)
    found, expected = check_source(store, "C039", copy), check_source(store, "C039", source)
    assert found.excerpts == expected.excerpts


@pytest.mark.parametrize("content", [b"", b"another text", bytes(range(256)) * 40])
def test_another_file_is_told_by_both_hashes(content: bytes, store: Store, tmp_path: Path) -> None:
    file = tmp_path / "other.txt"
    file.write_bytes(content)
    with pytest.raises(InputError) as caught:
        check_source(store, "C039", file)
    assert hashlib.sha256(content).hexdigest() in str(caught.value)
    assert "expected is " in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_huge_file_is_not_read(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "huge.bin"
    with file.open("wb") as stream:
        stream.truncate(100 * 2**20)
    with pytest.raises(InputError, match="too many for the source"):
        check_source(store, "C039", file)


@pytest.mark.parametrize("name", ["missing.txt", ".", "no\0name"])
def test_what_is_no_file_is_one_line(name: str, store: Store, tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        check_source(store, "C039", f"{tmp_path}/{name}")
    assert "\n" not in str(caught.value)
