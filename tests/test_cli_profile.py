"""``apgraph profile`` and ``apgraph compare``."""

from __future__ import annotations

import csv
import json
import re
from typing import TYPE_CHECKING, NamedTuple

import pytest

from apgraph.cli.entry import run
from apgraph.profiles import RULE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


class Done(NamedTuple):
    code: int
    out: str
    err: str


@pytest.fixture
def apgraph(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, root: Path
) -> Callable[..., Done]:
    monkeypatch.setenv("COLUMNS", "110")
    monkeypatch.delenv("APGRAPH_DEBUG", raising=False)
    monkeypatch.chdir(root / "examples")

    def done(*arguments: str) -> Done:
        capsys.readouterr()
        code = run(arguments)
        return Done(code, *capsys.readouterr())

    return done


def test_the_answer_comes_first_then_why_then_what_is_missing(apgraph: Callable[..., Done]) -> None:
    done = apgraph("profile", "hillside.ttl")
    assert (done.code, done.err) == (0, "")
    lines = done.out.splitlines()
    assert lines[0] == "Hillside arrangement since 2022, Hillside College"
    assert lines[1].startswith("  Closest model: the deficit model (full")
    places = [
        done.out.index(words) for words in ("Closest", "Why full", "Not known", "observe next", "Conditions")
    ]
    assert places == sorted(places)
    assert " ".join(RULE.split()) in " ".join(done.out.split())
    assert max(map(len, lines)) <= 110


def test_formats(apgraph: Callable[..., Done]) -> None:
    (case,) = json.loads(apgraph("profile", "riverside.ttl", "-f", "json").out)
    pan = case["arrangements"][1]["models"][3]
    assert (pan["model"]["curie"], pan["verdict"], pan["closest"]) == (
        "apgx:panOrganisationalModel",
        "partial",
        True,
    )
    out = apgraph("profile", "riverside.ttl", "-f", "csv").out
    rows = list(csv.DictReader(line for line in out.splitlines() if not line.startswith("#")))
    assert len(rows) == 8
    assert {row["verdict"] for row in rows} == {"full", "partial", "no evidence"}
    assert apgraph("profile", "riverside.ttl", "-f", "md").out.startswith("## Riverside arrangement 2021-22")


def test_names_that_are_not_there_are_answered_with_those_that_are(apgraph: Callable[..., Done]) -> None:
    done = apgraph("profile", "riverside.ttl", "--model", "hub")
    assert (done.code, done.out) == (2, "")
    assert done.err == (
        "apgraph: there is no deployment model 'hub' (there are: deficit model; developmental model; "
        "pan-organisational model; universal model)\n"
    )
    done = apgraph("profile", "riverside.ttl", "--case", "nothere")
    assert (done.code, done.out) == (2, "")
    assert done.err == (
        "apgraph: there is no case or arrangement 'nothere' (there are cases: riverside (Riverside College); "
        "arrangements: case:riverside:arr-1 (Riverside College), case:riverside:arr-2 (Riverside College))\n"
    )


def test_options(apgraph: Callable[..., Done]) -> None:
    done = apgraph(
        "profile", "riverside.ttl", "--arrangement", "arr-2", "--on", "2023", "--model", "pan-organisational"
    )
    assert "Why mixed for the pan-organisational model" in done.out
    assert "2021-22" not in done.out


BAD = {
    "no such case": (("profile", "riverside.ttl", "--case", "rivrside"), "riverside"),
    "no such model": (("profile", "riverside.ttl", "--model", "defcit"), "deficit"),
    "no date": (("profile", "riverside.ttl", "--on", "soon"), "not a date"),
    "both": (("profile", "riverside.ttl", "--case", "a", "--arrangement", "b"), "not both"),
    "no such format": (("profile", "riverside.ttl", "-f", "xml"), "table, csv, json, md"),
    "nothing to compare": (("compare", "hillside.ttl"), "two"),
    "dates and years": (("compare", "riverside.ttl", "--on", "2023", "--over-time"), "not both"),
    "no data": (("profile",), "--help"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_gets_one_line(name: str, apgraph: Callable[..., Done]) -> None:
    arguments, told = BAD[name]
    done = apgraph(*arguments)
    assert (done.code, done.out) == (2, "")
    assert done.err.count("\n") == 1
    assert told in done.err


def test_data_without_arrangements(apgraph: Callable[..., Done], tmp_path: Path) -> None:
    (tmp_path / "other.ttl").write_text("<urn:a:b> <urn:a:c> 1 .\n", encoding="utf-8")
    done = apgraph("profile", str(tmp_path / "other.ttl"))
    assert (done.code, done.err.count("\n")) == (2, 1)


def test_a_profile_of_wrong_data_says_so_last(
    apgraph: Callable[..., Done], tmp_path: Path, root: Path
) -> None:
    text = (root / "examples" / "riverside.ttl").read_text(encoding="utf-8")
    wrong = tmp_path / "my college.ttl"
    wrong.write_text(text.replace("apgx:statusAbsent", "apgx:statusAbsnt", 1), encoding="utf-8")
    done = apgraph("profile", str(wrong))
    assert (done.code, done.err.count("\n")) == (0, 1)
    assert "the data has 1 violation, on which these verdicts may rest" in done.err
    assert f"apgraph validate '{wrong}'" in done.err
    for command in (("profile",), ("compare", str(wrong.with_name("hillside.ttl")))):
        if command[0] == "compare":
            good = (root / "examples" / "hillside.ttl").read_text(encoding="utf-8")
            wrong.with_name("hillside.ttl").write_text(good, encoding="utf-8")
        for layout, head in (
            ("table", "Note: "),
            ("md", "**Note: "),
            ("html", "<strong>Note: "),
            ("json", ""),
        ):
            done = apgraph(*command, str(wrong), "-f", layout)
            assert "the data has 1 violation" in done.err
            first = " ".join(done.out.split())
            assert f"{head}the data has 1 violation" in first
            assert layout not in {"table", "md"} or first.startswith(head)
            assert first.count("the data has 1 violation") == 1
    waived = tmp_path / "my college.waivers.yaml"
    waived.write_text(
        "- {rule: 4, field: status, reason: known, accepted_by: AP lead, expires: 2099-01-01}",
        encoding="utf-8",
    )
    assert apgraph("profile", str(wrong)).err == ""


def test_compare_as_a_page_and_for_a_spreadsheet(apgraph: Callable[..., Done], tmp_path: Path) -> None:
    both = ("compare", "riverside.ttl", "hillside.ttl")
    page = tmp_path / "page.html"
    done = apgraph(*both, "-f", "html", "-o", str(page))
    assert (done.code, done.out, done.err) == (0, "", f"written: {page}\n")
    text = page.read_text(encoding="utf-8")
    assert "<h1>Side by side: Hillside College, Riverside College</h1>" in text
    for heading in ("Models", "Features that differ", "Conditions", "Findings of the source"):
        assert f"<h2>{heading}" in text
    assert apgraph(*both, "-f", "html").out == text
    assert "goes with -f html" in apgraph(*both, "-o", str(page)).err
    lines = apgraph(*both, "-f", "csv").out.splitlines()
    listed = list(csv.DictReader(line for line in lines if not line.startswith("#")))
    found = [row for row in listed if row["what"] == "finding"]
    assert [(row["claim"], row["kind"], row["record"]) for row in found][:2] == [
        ("C050", "for", "influence-1"),
        ("C051", "against", "influence-2"),
    ]
    assert {row["Riverside College: Riverside arrangement since 2022"] for row in found} == {""}


def test_headings_get_smaller_from_rank_to_rank_on_screen_and_on_paper(apgraph: Callable[..., Done]) -> None:
    page = apgraph("profile", "riverside.ttl", "-f", "html").out
    for unit in ("rem", "pt"):
        sizes = [
            float(found[1])
            for rank in "1234"
            if (found := re.search(rf"\bh{rank} {{ font-size: ([0-9.]+){unit};", page))
        ]
        assert len(sizes) == 4
        assert sizes == sorted(sizes, reverse=True)
        assert len(set(sizes)) == 4


def test_a_date_before_all_observations_has_no_column(apgraph: Callable[..., Done]) -> None:
    done = apgraph("compare", "riverside.ttl", "--on", "2019", "--on", "2023")
    assert (done.code, done.err) == (0, "nothing was observed up to 2019, so it has no column\n")


def test_compare(apgraph: Callable[..., Done]) -> None:
    done = apgraph("compare", "riverside.ttl", "hillside.ttl")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("2 columns")
    assert "Findings of the source" in done.out
    assert (
        len(json.loads(apgraph("compare", "riverside.ttl", "--over-time", "-f", "json").out)["columns"]) == 3
    )
    assert apgraph("compare", "riverside.ttl", "hillside.ttl", "-f", "csv").out.startswith(
        "what,term,term_iri"
    )
    assert "## Conditions" in apgraph("compare", "riverside.ttl", "hillside.ttl", "-f", "md").out


def test_what_is_wrong_with_one_case_is_not_said_of_another(
    apgraph: Callable[..., Done], tmp_path: Path, root: Path
) -> None:
    for name in ("riverside", "hillside"):
        text = (root / "examples" / f"{name}.ttl").read_text(encoding="utf-8")
        text = text.replace("apgx:statusAbsent", "apgx:statusAbsnt", 1) if name == "riverside" else text
        (tmp_path / f"{name}.ttl").write_text(text, encoding="utf-8")
    told = {name: apgraph("profile", str(tmp_path), "--case", name).err for name in ("riverside", "hillside")}
    assert "the data has 1 violation" in told["riverside"]
    assert told["hillside"] == ""
