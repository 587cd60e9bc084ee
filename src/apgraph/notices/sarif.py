"""The report of a check as SARIF 2.1.0, which editors and code hosts show beside the files.

See https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html; sections are named at what follows from them.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from pathlib import PurePath
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

if TYPE_CHECKING:
    from apgraph.notices.notice import Notice, Rule
    from apgraph.notices.report import NoticeReport

__all__ = ["to_sarif"]

SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS: Final = {"violation": "error", "warning": "warning", "info": "note"}


def to_sarif(report: NoticeReport) -> str:
    """Return a report as SARIF.

    >>> from apgraph.notices.report import NoticeReport
    >>> json.loads(to_sarif(NoticeReport("Check", ())))["version"]
    '2.1.0'
    """
    rules = {rule.id: rule for rule in report.rules}
    for notice in report.notices:
        rules.setdefault(notice.rule, _rule_of(notice))
    order = {name: at for at, name in enumerate(rules)}
    driver: dict[str, object] = {"name": report.tool}
    version = report.tool_version
    if version:
        driver |= {"version": version, "semanticVersion": version}
    if report.link:
        driver["informationUri"] = report.link
    driver["rules"] = [_descriptor(rule) for rule in rules.values()]
    invocation: dict[str, object] = {"executionSuccessful": not report.unchecked}
    if report.unchecked:
        invocation["toolExecutionNotifications"] = [
            {"level": "error", "message": {"text": reason}} for reason in report.unchecked
        ]
    seen: Counter[str] = Counter()
    run: dict[str, object] = {
        "tool": {"driver": driver},
        "invocations": [invocation],
        "columnKind": "unicodeCodePoints",
        "results": [_result(notice, order, seen) for notice in report.notices],
        "properties": {
            key: value
            for key, value in {
                "title": report.title,
                # A day of the place where the check was made, which is no point of time in UTC (section 3.20.8).
                "date": report.date,
                "checked": list(report.checked),
                "dataHash": report.data_hash,
                "engine": report.engine,
                "summary": report.summary,
                "redacted": report.redacted,
                "sections": [section.to_record() for section in report.sections],
            }.items()
            if value
        },
    }
    return (
        json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2, ensure_ascii=False)
        + "\n"
    )


def _rule_of(notice: Notice) -> Rule:
    from apgraph.notices.notice import Rule

    return Rule(notice.rule, notice.title, notice.asks, notice.severity)


def _descriptor(rule: Rule) -> dict[str, object]:
    made: dict[str, object] = {
        "id": rule.id,
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.help or rule.title},
        "help": {"text": rule.help or rule.title},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
    }
    if rule.link:
        made["helpUri"] = rule.link
    return made


def _result(notice: Notice, order: dict[str, int], seen: Counter[str]) -> dict[str, object]:
    mark = _fingerprint(notice)
    seen[mark] += 1
    made: dict[str, object] = {
        "ruleId": notice.rule,
        "ruleIndex": order[notice.rule],
        "kind": "fail",
        "level": _LEVELS[notice.severity],
        "message": {"text": f"{notice.thing}: {notice.message}" if notice.thing else notice.message},
        "locations": _locations(notice),
        # Two results may say the same of the same thing; their order tells them apart (section 3.27.17).
        "partialFingerprints": {"noticeHash/v1": f"{mark}:{seen[mark]}"},
        # Either all results of a run have suppressions or none has (section 3.27.23).
        "suppressions": [] if notice.waived is None else [_suppression(notice)],
    }
    extra = {
        "thing": notice.thing,
        "subject": notice.subject,
        "field": notice.field,
        "value": notice.value,
        "nearest": list(notice.nearest),
        "approximate": notice.approximate,
    }
    made["properties"] = {key: value for key, value in extra.items() if value}
    return made


def _suppression(notice: Notice) -> dict[str, object]:
    waiver = notice.waived
    if waiver is None:
        return {}
    return {
        "kind": "external",
        "status": "accepted",
        "justification": waiver.reason,
        "properties": {"acceptedBy": waiver.accepted_by, "expires": waiver.expires.isoformat()},
    }


def _locations(notice: Notice) -> list[dict[str, object]]:
    place: dict[str, object] = {}
    if notice.file:
        physical: dict[str, object] = {"artifactLocation": {"uri": file_uri(notice.file)}}
        if notice.line is not None:
            region = {"startLine": notice.line}
            if notice.column is not None:
                region["startColumn"] = notice.column
            physical["region"] = region
        place["physicalLocation"] = physical
    logical = _logical(notice)
    if logical:
        place["logicalLocations"] = logical
    return [place] if place else []


def _logical(notice: Notice) -> list[dict[str, object]]:
    """Name the cell, the sheet and the thing; the kinds are our own where SARIF has none (section 3.33.7)."""
    found: list[dict[str, object]] = []
    if notice.sheet and notice.cell:
        found.append(
            {"name": notice.cell, "fullyQualifiedName": f"{notice.sheet}!{notice.cell}", "kind": "cell"}
        )
    elif notice.sheet:
        found.append({"name": notice.sheet, "fullyQualifiedName": notice.sheet, "kind": "sheet"})
    if notice.thing or notice.subject:
        found.append(
            {
                "name": notice.thing or notice.subject,
                "fullyQualifiedName": notice.subject or notice.thing,
                "kind": "resource",
            }
        )
    return found


def file_uri(file: str) -> str:
    """Return the URI of a file: relative as it was named, with slashes on every system (section 3.4.3).

    >>> file_uri("my data/case.xlsx")
    'my%20data/case.xlsx'
    """
    if "://" in file:
        return file
    path = PurePath(file)
    if path.is_absolute():
        return path.as_uri()
    made = quote(path.as_posix())
    # A colon in the first step would be read as a scheme (RFC 3986, section 4.2).
    first = made.partition("/")[0]
    return f"./{made}" if ":" in first else made


def _fingerprint(notice: Notice) -> str:
    """Hash what stays the same when rows move: not line, cell or file."""
    parts = (notice.rule, notice.subject or notice.thing, notice.field or "", notice.value or "")
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:32]
