"""Notices: waivers, the page, and SARIF."""

from __future__ import annotations

import datetime
import itertools
import json
import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import pytest

from apgraph.errors import InputError
from apgraph.notices import Notice, NoticeReport, Rule, Section, Waiver, apply, read_waivers

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

DAY = datetime.date(2027, 7, 31)
HOSTILE = '<script src="https://evil.example/x.js">alert("x")</script>\x1b[31m'


def _notice(**changes: Any) -> Notice:
    given: dict[str, Any] = {
        "rule": "rule-8",
        "title": "a date is a date",
        "severity": "violation",
        "message": "Give a date such as 2021-05-14.",
        "thing": "observation 'Coaching' (obs-7)",
        "names": ("obs-7", "Coaching"),
        "subject": "urn:apgraph:case:x:obs-7",
        "file": "my data/case.xlsx",
        "sheet": "Feature observations",
        "cell": "E7",
        "field": "observed_on",
        "value": "in May",
    }
    return Notice(**{**given, **changes})


def _report(*notices: Notice, **changes: Any) -> NoticeReport:
    rules = (
        Rule("rule-8", "a date is a date", "Each date is a day, a month or a year.", "violation"),
        Rule("rule-10", "observations lie in the period", "", "warning"),
    )
    given: dict[str, Any] = {
        "checked": ("my data/case.xlsx",),
        "rules": rules,
        "version": "1.0.0",
        "link": "https://w3id.org/apgraph",
        "engine": "sets",
        "date": "2026-11-24",
        "data_hash": "sha256:abc",
        "sections": (Section("Coverage", "What was looked at.", ("rule", "things"), (("8", "12"),)),),
    }
    return NoticeReport("Check of case data", notices, **{**given, **changes})


def _waiver(**changes: Any) -> Waiver:
    given: dict[str, Any] = {
        "rule": "8",
        "reason": "the diary has months only",
        "accepted_by": "AP lead",
        "expires": DAY,
    }
    return Waiver(**{**given, **changes})


@pytest.mark.parametrize(
    ("changes", "accepted"),
    [
        ({"thing": "obs-7"}, True),
        ({"thing": "OBS-7"}, True),
        ({"thing": "urn:apgraph:case:x:obs-7"}, True),
        ({"thing": "obs-8"}, False),
        ({"cell": "Feature observations!E7"}, True),
        ({"cell": "Feature observations!$E$7"}, True),
        ({"cell": "'Feature observations'!$E$7"}, True),
        ({"cell": "Feature observations!E8"}, False),
        ({"field": "observed_on", "value": "in May"}, True),
        ({"field": "observed_on", "value": "in June"}, False),
        ({"field": "status"}, False),
        ({"rule": "rule-8", "thing": "obs-7"}, True),
        ({"rule": "Rule 8", "thing": "obs-7"}, True),
        ({"rule": "9", "thing": "obs-7"}, False),
        ({"thing": "obs-7", "value": "in June"}, False),
    ],
)
def test_what_a_waiver_accepts(changes: dict[str, Any], accepted: bool) -> None:
    assert _waiver(**changes).accepts(_notice()) is accepted


def test_a_waiver_holds_to_its_last_day_and_not_longer() -> None:
    waiver = _waiver(thing="obs-7", file="w.yaml", line=3)
    (held,) = apply([_notice()], [waiver], DAY)
    assert held.waived == waiver
    found, said = apply([_notice()], [waiver], DAY + datetime.timedelta(days=1))
    assert found.waived is None
    assert (said.rule, said.severity, said.file, said.line) == ("waiver-expired", "warning", "w.yaml", 3)


def test_a_waiver_that_is_no_use_is_told() -> None:
    (said,) = apply([], [_waiver(thing="obs-7")], DAY)
    assert said.rule == "waiver-unmatched"
    assert "rule 8, thing obs-7" in said.message


def test_a_waiver_of_a_rule_that_is_not_there_is_told() -> None:
    rules = ["rule-8", "cell", "naming-case"]
    waivers = [
        _waiver(rule="celll", thing="obs-7"),
        _waiver(rule="99", thing="obs-7"),
        _waiver(thing="obs-9"),
    ]
    said = [each.message for each in apply([], waivers, DAY, rules=rules)]
    assert said[0] == "There is no rule celll, so this waiver accepts nothing. Did you mean cell?"
    assert said[1] == "There is no rule 99, so this waiver accepts nothing."
    assert said[2].startswith("Nothing that was found")


def test_a_waiver_read_for_several_data_is_used_if_one_of_them_needs_it() -> None:
    waivers = [
        _waiver(thing="obs-7", file="w.yaml", line=1, data=f"my data/case.{end}") for end in ("ttl", "xlsx")
    ]
    (found,) = apply([_notice()], waivers, DAY)
    assert found.waived == waivers[1]
    # And it is told once, not for each of the data, that it is no use.
    assert [each.rule for each in apply([], waivers, DAY)] == ["waiver-unmatched"]


def test_nothing_is_said_of_waivers_of_rules_that_were_not_asked() -> None:
    waivers = [_waiver(thing="obs-7"), _waiver(rule="register", field="name")]
    assert apply([], waivers, DAY, rules=["urn:own"], unasked=["rule-8", "register"]) == ()


def test_a_later_waiver_takes_over_from_one_that_expired() -> None:
    old, new = _waiver(thing="obs-7", expires=datetime.date(2025, 1, 1)), _waiver(thing="obs-7")
    found, said = apply([_notice()], [old, new], DAY)
    assert found.waived == new
    assert said.rule == "waiver-expired"


def test_waivers_are_read_with_their_lines(tmp_path: Path) -> None:
    file = tmp_path / "case.waivers.yaml"
    file.write_text(
        "# kept with the case\n- rule: 8\n  thing: obs-7\n  reason: >\n    the diary\n    has months only\n"
        "  accepted_by: AP lead\n  expires: 2027-07-31\n- {rule: rule-10, cell: Evidence!C7, reason: r, "
        "accepted_by: head of quality, expires: '2027-01-01'}\n",
        encoding="utf-8",
    )
    first, second = read_waivers(file)
    assert (first.rule, first.thing, first.expires, first.line) == ("8", "obs-7", DAY, 2)
    assert first.reason == "the diary has months only"
    assert (second.cell, second.line) == ("Evidence!C7", 9)


def test_an_empty_file_waives_nothing(tmp_path: Path) -> None:
    file = tmp_path / "w.yaml"
    file.write_text("# none yet\n", encoding="utf-8")
    assert read_waivers(file) == ()


@pytest.mark.parametrize("thing", ["<urn:x:a>", "\u2039urn:x:a\u203a", "urn:x:a"])
@pytest.mark.parametrize("shown", ["<urn:x:a>", "my:a", "urn:x:a"])
def test_an_iri_may_be_named_as_findings_print_it(thing: str, shown: str) -> None:
    waiver = Waiver("8", "r", "AP lead", DAY, thing=thing)
    assert waiver.accepts(Notice("rule-8", "t", "warning", "m", thing=shown, subject="urn:x:a"))
    assert not waiver.accepts(Notice("rule-8", "t", "warning", "m", thing="<urn:x:b>", subject="urn:x:b"))


GOOD = "rule: 8, thing: x, reason: r, accepted_by: AP lead, expires: 2027-07-31"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("rule: 8", "line 1: not a list of waivers"),
        ("- 8", "line 1: waiver 1 is no list of keys"),
        (f"- {{{GOOD}}}\n- {{{GOOD.replace('reason: r, ', '')}}}", "line 2: waiver 2 has no reason"),
        (f"- {{{GOOD.replace('thing: x, ', '')}}}", "would accept everything under its rule"),
        (f"- {{{GOOD.replace('2027-07-31', 'soon')}}}", "has expires 'soon', which is no day"),
        (f"- {{{GOOD.replace('2027-07-31', '2027-02-30')}}}", "2027-02-30"),
        (f"- {{{GOOD.replace('AP lead', 'Mrs Jones')}}}", "names a person"),
        (f"- {{{GOOD.replace('AP lead', 'jo@college.example')}}}", "names a person"),
        (f"- {{{GOOD}, cell: C7}}", "has a cell 'C7'"),
        (f"- {{{GOOD}, ruel: 9}}", "unknown key 'ruel'"),
        (f"- {{{GOOD}, thing: y}}", "has thing twice"),
        (f"- {{{GOOD.replace('thing: x', 'thing: [x, y]')}}}", "more than one value for thing"),
        ("- {rule: 8", "not proper YAML"),
        ("- !!python/object/apply:os.system ['true']", "waiver 1 is no list of keys"),
        (f"- {{{GOOD.replace('reason: r', 'reason: ')}}}", "has nothing as reason"),
        ("- rule: 8\n- 9", "more of such mistakes"),
        ("- " + "[" * 3000, "not proper YAML"),
    ],
)
def test_each_mistake_is_one_line(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "w.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_waivers(file)
    assert said in str(caught.value)
    assert str(caught.value).startswith(str(file))
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_there_or_not_text(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"can't be read"):
        read_waivers(tmp_path / "none.yaml")
    (tmp_path / "w.yaml").write_bytes(b"\xff\xfe\xfd")
    with pytest.raises(InputError, match="UTF-8"):
        read_waivers(tmp_path / "w.yaml")


def test_open_and_waived_are_counted_apart() -> None:
    waived = _notice(waived=_waiver(thing="obs-7"))
    report = _report(waived, _notice(), _notice(rule="rule-10", severity="warning"))
    assert report.counts == {"violation": 1, "warning": 1, "info": 0}
    assert report.waived_count == 1
    assert len(report.at_least("violation")) == 1
    assert [severity for _, severity, _ in report.groups] == ["violation", "warning"]
    assert json.loads(report.to_json())["counts"] == {"violation": 1, "warning": 1, "info": 0, "waived": 1}


# -- the page -------------------------------------------------------------------------------------------------------


class _Reader(HTMLParser):
    """Collects what an outside request could come from, and whether elements are closed in order."""

    void = frozenset({"meta", "wbr", "br"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag not in self.void:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def _read(html: str) -> _Reader:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    assert reader.open == []
    return reader


def test_the_page_asks_for_nothing_and_runs_nothing() -> None:
    notice = _notice(
        message=HOSTILE,
        thing=HOSTILE,
        value=HOSTILE,
        field=HOSTILE,
        file=HOSTILE,
        title=HOSTILE,
        rule=HOSTILE,
    )
    report = _report(
        notice,
        _notice(waived=_waiver(thing="obs-7", reason=HOSTILE)),
        checked=(HOSTILE,),
        unchecked=(HOSTILE,),
        sections=(Section(HOSTILE, HOSTILE, (HOSTILE,), ((HOSTILE,),)),),
    )
    html = report.to_html()
    reader = _read(html)
    tags = {tag for tag, _ in reader.seen}
    assert not tags & {"script", "img", "link", "iframe", "object", "base", "form"}
    assert not [values for _, values in reader.seen if {"src", "href", "style"} & set(values)]
    assert "url(" not in html
    assert "@import" not in html
    assert "\x1b" not in html
    assert "default-src 'none'" in html


def test_the_page_has_what_a_reader_needs() -> None:
    report = _report(
        _notice(rule="rule-10", title="observations lie in the period", severity="warning"),
        _notice(),
        _notice(waived=_waiver(thing="obs-7")),
        redacted="Names are pseudonyms.",
    )
    html = report.to_html()
    reader = _read(html)
    attributes = dict(reader.seen)
    assert attributes["html"]["lang"] == "en-GB"
    words = " ".join(" ".join(reader.words).split())
    whole = "".join(reader.words)
    for expected in (
        "Check of case data",
        "case.xlsx",
        "1.0.0",
        "sha256:abc",
        "sets",
        "2026-11-24",
        "Coverage",
    ):
        assert expected in whole
    assert words.index("Violations") < words.index("Warnings") < words.index("Waived")
    assert "the diary has months only (accepted by AP lead, until 2027-07-31)" in words
    assert "Names are pseudonyms." in words
    levels = [int(tag[1]) for tag, _ in reader.seen if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(later <= earlier + 1 for earlier, later in itertools.pairwise(levels))
    assert all("scope" in values for tag, values in reader.seen if tag == "th")
    assert "size: A4" in html


def test_the_page_names_severities_and_the_engine_as_all_else_does() -> None:
    page = _report(_notice(severity="info")).to_html()
    assert "<strong>1</strong> info<" in page
    assert "remark" not in page
    assert "apgraph 1.0.0, with its engine sets" in page


def test_colours_have_contrast() -> None:
    html = _report().to_html()
    pairs = re.findall(r"color: (#[0-9a-f]{6}); background: (#[0-9a-f]{6})", html)
    assert len(pairs) == 5
    for ink, ground in [*pairs, ("#454c55", "#ffffff"), ("#454c55", "#f3f5f8"), ("#1b1f24", "#f3f5f8")]:
        light, dark = sorted((_luminance(ink), _luminance(ground)), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 7, (ink, ground)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


# -- SARIF ----------------------------------------------------------------------------------------------------------


def _check_sarif(log: dict[str, Any]) -> list[dict[str, Any]]:
    """Check what SARIF 2.1.0 requires of the objects used here; return the results of the only run."""
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    driver = run["tool"]["driver"]
    assert driver["name"]
    ids = [rule["id"] for rule in driver["rules"]]
    assert len(set(ids)) == len(ids)
    for rule in driver["rules"]:
        assert rule["shortDescription"]["text"]
        assert rule["help"]["text"]
        assert rule["defaultConfiguration"]["level"] in {"none", "note", "warning", "error"}
    for invocation in run["invocations"]:
        assert isinstance(invocation["executionSuccessful"], bool)
        assert re.fullmatch(
            r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", invocation.get("endTimeUtc", "2026-01-01T00:00:00Z")
        )
        for told in invocation.get("toolExecutionNotifications", []):
            assert told["message"]["text"]
    assert run["columnKind"] in {"utf16CodeUnits", "unicodeCodePoints"}
    marks = []
    for result in run["results"]:
        assert result["message"]["text"]
        assert ids[result["ruleIndex"]] == result["ruleId"]
        assert result["kind"] == "fail"
        assert result["level"] in {"note", "warning", "error"}
        marks.append(json.dumps(result["partialFingerprints"]))
        assert all(isinstance(mark, str) for mark in result["partialFingerprints"].values())
        for location in result["locations"]:
            physical = location.get("physicalLocation")
            if physical:
                uri = physical["artifactLocation"]["uri"]
                assert re.fullmatch(r"[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+", uri)
                assert physical.get("region", {"startLine": 1})["startLine"] >= 1
                assert physical.get("region", {}).get("startColumn", 1) >= 1
            for logical in location.get("logicalLocations", []):
                assert logical["name"]
                assert logical["kind"]
        for suppression in result["suppressions"]:
            assert suppression["kind"] in {"inSource", "external"}
            assert suppression["status"] in {"accepted", "underReview", "rejected"}
    assert len(set(marks)) == len(marks)
    return list(run["results"])


def test_sarif_has_what_the_specification_requires(sarif_faults: Callable[[str], list[str]]) -> None:
    waived = _notice(waived=_waiver(thing="obs-7"))
    lines = _notice(file="a/b c.ttl", sheet=None, cell=None, line=3, column=5)
    other = _notice(rule="own", title="a rule that is not listed", severity="info", file=None, sheet=None)
    report = _report(_notice(), waived, lines, other, unchecked=("shape x: no regular expression",))
    log = json.loads(report.to_sarif())
    assert sarif_faults(report.to_sarif()) == []
    assert sarif_faults(_report().to_sarif()) == []
    # A day where the check was made is no point of time in UTC.
    (run,) = log["runs"]
    assert "endTimeUtc" not in run["invocations"][0]
    assert run["properties"]["date"] == "2026-11-24"
    assert len(sarif_faults(json.dumps({**log, "version": "2.0.0"}))) == 1
    first, second, third, fourth = _check_sarif(log)
    (place,) = first["locations"]
    assert place["physicalLocation"] == {"artifactLocation": {"uri": "my%20data/case.xlsx"}}
    assert place["logicalLocations"][0] == {
        "name": "E7",
        "fullyQualifiedName": "Feature observations!E7",
        "kind": "cell",
    }
    assert first["suppressions"] == []
    assert second["suppressions"][0]["justification"] == "the diary has months only"
    assert third["locations"][0]["physicalLocation"]["region"] == {"startLine": 3, "startColumn": 5}
    assert (fourth["level"], fourth["ruleId"]) == ("note", "own")
    assert log["runs"][0]["invocations"][0]["executionSuccessful"] is False


def test_fingerprints_do_not_depend_on_the_place() -> None:
    before = json.loads(_report(_notice()).to_sarif())["runs"][0]["results"][0]
    after = json.loads(_report(_notice(cell="E99", file="elsewhere.xlsx")).to_sarif())["runs"][0]["results"][
        0
    ]
    other = json.loads(_report(_notice(value="in June")).to_sarif())["runs"][0]["results"][0]
    assert before["partialFingerprints"] == after["partialFingerprints"] != other["partialFingerprints"]


def test_reports_are_the_same_each_time() -> None:
    made = [_report(_notice(), _notice(rule="rule-10", severity="warning")) for _ in range(2)]
    for form in ("to_html", "to_sarif", "to_json"):
        assert getattr(made[0], form)() == getattr(made[1], form)()
