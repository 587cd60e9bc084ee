"""Two cases are two: what they may have in common, and what is refused."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from apgraph import ConflictError, Graph
from apgraph.cli.entry import run

CASES = Path(__file__).parent / "cases"
EXAMPLES = Path(__file__).parents[1] / "examples"

CASE = """@prefix apg: <https://w3id.org/apgraph/ns#> .
@prefix apgx: <https://w3id.org/apgraph/ref/> .
@prefix ex: <https://example.org/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
ex:record-{id} a apg:CaseRecord ; apg:caseIdentifier "{id}" ; apg:concernsOrganisation ex:college-{id} .
ex:college-{id} a apg:FurtherEducationProvider ; rdfs:label "College {id}"@en ; apg:isPartOfCase ex:record-{id} .
ex:arr-{id} a apg:DeploymentArrangement ; apg:isRunBy ex:college-{id} ; apg:isPartOfCase ex:record-{id} .
"""
OBSERVED = """ex:obs-{id} a apg:FeatureObservation ; apg:isObservationOf ex:arr-{id} ; apg:isPartOfCase ex:record-{id} ;
  apg:observesFeature apgx:worksInTeams ; apg:hasStatus apgx:statusPresent ; apg:observedOn "2022-02-10"^^xsd:date .
"""
PARTNER = 'ex:partner a apg:{kind} ; rdfs:label "{name}"@{language} ; apg:isPartOfCase ex:record-{id} .\n'


def write(folder: Path, name: str, text: str) -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def two(folder: Path, one: str, other: str) -> tuple[Path, Path]:
    return (
        write(folder, "one.ttl", CASE.format(id="one") + one),
        write(folder, "other.ttl", CASE.format(id="other") + other),
    )


def refused(*files: Path) -> str:
    graph = Graph()
    with pytest.raises(ConflictError) as caught:
        graph.load(*files)
    assert graph.cases() == ("one",)
    assert not graph.query('ASK { ?record apg:caseIdentifier "other" }')
    return str(caught.value)


def test_a_copy_under_another_identifier(tmp_path: Path) -> None:
    one, _ = two(tmp_path, OBSERVED.format(id="one"), "")
    copy = one.read_text(encoding="utf-8").replace('"one"', '"other"')
    told = refused(one, write(tmp_path, "copy.ttl", copy))
    assert told.startswith(f"{tmp_path / 'copy.ttl'}: <https://example.org/")
    assert (
        f"is of case 'one' ({one}) already, and here of case 'other'; give what is of one case an IRI" in told
    )
    assert "urn:apgraph:case:other:" in told


def test_records_of_their_own_and_the_same_arrangement(tmp_path: Path) -> None:
    one, other = two(tmp_path, "", "")
    text = other.read_text(encoding="utf-8").replace("ex:arr-other", "ex:arr-one")
    told = refused(one, write(tmp_path, "other.ttl", text))
    assert "<https://example.org/arr-one> is of case 'one'" in told
    # It makes no difference whether they say so.
    text = re.sub(r"(ex:arr-one [^.]*) ; apg:isPartOfCase ex:record-other", r"\1", text)
    assert "arr-one a apg:DeploymentArrangement ; apg:isRunBy ex:college-other ." in text
    assert refused(one, write(tmp_path, "other.ttl", text)) == told


def test_in_the_order_of_loading(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one, other = two(
        tmp_path, "", "ex:arr-one a apg:DeploymentArrangement ; apg:isPartOfCase ex:record-other ."
    )
    assert run(["profile", str(other), str(one)]) == 2
    told = capsys.readouterr().err.strip()
    assert told.startswith(f"apgraph: {one}: <https://example.org/arr-one> is of case 'other' ({other})")
    assert "\n" not in told


def test_one_file_with_two_cases(tmp_path: Path) -> None:
    both = CASE.format(id="one") + CASE.format(id="other")
    assert Graph().load(write(tmp_path, "both.ttl", both)) == 18
    graph = Graph()
    both += "ex:arr-one apg:isPartOfCase ex:record-other ."
    with pytest.raises(ConflictError, match="arr-one> is of case 'one' already, and here of case 'other'"):
        graph.load(write(tmp_path, "both.ttl", both))
    assert graph.cases() == ()


@pytest.mark.parametrize("kind", ["Organisation", "Person", "EvidenceItem", "Constellation"])
def test_a_partner_that_both_know(kind: str, tmp_path: Path) -> None:
    said = {"kind": kind, "name": "A partner", "language": "en"}
    one, other = two(tmp_path, PARTNER.format(id="one", **said), PARTNER.format(id="other", **said))
    graph = Graph()
    graph.load(one, other)
    assert graph.cases() == ("one", "other")
    graph.remove("one")
    assert graph.query(
        'ASK { ex:partner rdfs:label "A partner"@en }'.replace("ex:", "<https://example.org/").replace(
            "partner r", "partner> r"
        )
    )


def test_one_thing_under_two_names(tmp_path: Path) -> None:
    said = {"kind": "Organisation", "language": "en"}
    one, other = two(
        tmp_path, PARTNER.format(id="one", name="A", **said), PARTNER.format(id="other", name="B", **said)
    )
    told = refused(one, other)
    assert f"<https://example.org/partner> has the label 'B' here, and 'A' in case 'one' ({one})" in told


def test_one_thing_named_in_two_languages(tmp_path: Path) -> None:
    one, other = (
        PARTNER.format(id=case, kind="Organisation", name=name, language=tag)
        for case, name, tag in (("one", "A college", "en"), ("other", "Coleg", "cy"))
    )
    assert Graph().load(*two(tmp_path, one, other)) == 24


@pytest.mark.parametrize("first", [0, 1, 2])
def test_several_files_of_one_case(first: int, tmp_path: Path) -> None:
    more = OBSERVED.format(id="one")
    prefixes = CASE.partition("ex:record")[0]
    files = [
        write(tmp_path, "record.ttl", CASE.format(id="one")),
        write(tmp_path, "observed.ttl", prefixes + more),
        write(tmp_path, "again.ttl", prefixes + more + "ex:arr-one a apg:DeploymentArrangement ."),
    ]
    files = files[first:] + files[:first]
    graph = Graph()
    graph.load(*files, EXAMPLES)
    assert graph.cases() == ("hillside", "one", "riverside")
    assert (
        str(
            graph.profile("one")
            .arrangements[0]
            .states["https://w3id.org/apgraph/ref/worksInTeams"]
            .status.value
        )
        == "present"
    )


def test_a_part_of_one_case_that_takes_a_thing_of_another(tmp_path: Path) -> None:
    one, other = two(tmp_path, OBSERVED.format(id="one"), "")
    prefixes = CASE.partition("ex:record")[0]
    part = write(
        tmp_path,
        "part.ttl",
        prefixes + "ex:obs-one a apg:FeatureObservation ; apg:isPartOfCase ex:record-other .",
    )
    graph = Graph()
    graph.load(one, other)
    with pytest.raises(
        ConflictError, match=r"part.ttl: <https://example.org/obs-one> is of case 'one' \(.*one.ttl\)"
    ):
        graph.load(part)
    # After the other case is gone, nothing is in the way.
    graph.remove("one")
    assert graph.load(part) == 2


def test_terms_of_an_extension_are_nobodys(tmp_path: Path) -> None:
    extension = 'ex:weekly a apg:DeploymentFeature ; rdfs:label "weekly"@en .\n'
    one, other = two(tmp_path, extension, extension)
    assert Graph().load(one, other) == 22


def test_the_cases_of_the_tests_are_apart() -> None:
    graph = Graph()
    graph.load(CASES, EXAMPLES, strict=False)
    assert len(graph.cases()) > 100
