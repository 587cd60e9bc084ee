"""The report of a check as one page: counts, then what is wrong, most severe first, then what was accepted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from apgraph.notices.notice import SEVERITIES, Notice, Rule
from apgraph.notices.page import breakable, facts, page, table, text
from apgraph.notices.report import grouped

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apgraph.notices.report import NoticeReport, Section

__all__ = ["to_html"]

_MANY: Final = {"violation": "violations", "warning": "warnings", "info": "info"}
_ONE: Final = {"violation": "violation", "warning": "warning", "info": "info"}
_MEANS: Final = {
    "violation": "To be corrected: a rule is broken.",
    "warning": "To be looked at: something is probably wrong.",
    "info": "To be known: nothing is wrong.",
}


def to_html(report: NoticeReport) -> str:
    """Return a report as one page that needs nothing else.

    >>> from apgraph.notices.report import NoticeReport
    >>> "Nothing was found." in to_html(NoticeReport("Check of case data", ()))
    True
    """
    return page(report.title, _header(report), _main(report), _footer(report))


def _header(report: NoticeReport) -> Iterator[str]:
    yield f"<h1>{text(report.title)}</h1>"
    yield f'<p class="lead">{text(_verdict(report))}</p>'
    counts = report.counts
    items = [
        f'<li class="{severity}"><strong>{counts[report.level(severity)]:,}</strong> '
        f"{text(_called(report, severity, counts[report.level(severity)]))}</li>"
        for severity in SEVERITIES
    ]
    if report.waived_count:
        items.append(f'<li class="waived"><strong>{report.waived_count:,}</strong> waived</li>')
    yield f'<ul class="counts">{"".join(items)}</ul>'
    yield facts(
        [
            ("Checked", ", ".join(report.checked)),
            ("Looked at", report.summary),
            ("Date", report.date),
            (
                "By",
                f"{report.tool} {report.tool_version}".strip()
                + (f", with its engine {report.engine}" if report.engine else ""),
            ),
            ("Data", report.data_hash),
            ("Removed", report.redacted),
        ]
    )


def _verdict(report: NoticeReport) -> str:
    if report.unchecked:
        return (
            f"Not everything could be checked: {len(report.unchecked)} part(s) of the rules say nothing here."
        )
    if not report.open:
        return "Nothing was found." if not report.waived else "Nothing was found but what has been accepted."
    worst = min(notice.rank for notice in report.open)
    return _MEANS[SEVERITIES[worst]]


def _main(report: NoticeReport) -> Iterator[str]:
    current = ""
    for rule, severity, found in report.groups:
        if severity != current:
            current = severity
            yield f"<h2>{text(_called(report, severity, 2).capitalize())}</h2>"
            yield f'<p class="soft">{text(_MEANS[severity])}</p>'
        yield from _group(rule, severity, found, report.level(severity))
    if report.waived:
        yield "<h2>Waived</h2>"
        yield (
            '<p class="soft">These were found too. They were accepted for the reason given, and count again from the '
            "day after the date.</p>"
        )
        for rule, _, found in grouped(report.waived, report.rules):
            yield from _group(rule, "waived", found, "waived")
    if report.unchecked:
        yield "<h2>Not checked</h2>"
        yield f"<ul>{''.join(f'<li>{breakable(reason)}</li>' for reason in report.unchecked)}</ul>"
    for section in report.sections:
        yield from _section(section)


def _called(report: NoticeReport, severity: str, number: int) -> str:
    """Return what so many notices of a severity are called."""
    name = report.level(severity)
    if name != severity:
        return name
    return _ONE[severity] if number == 1 else _MANY[severity]


def _group(rule: Rule, severity: str, found: tuple[Notice, ...], level: str) -> Iterator[str]:
    number = rule.id.removeprefix("rule-")
    name = f"Rule {number}: {rule.title}" if rule.id.startswith("rule-") else rule.title
    badge = f'<span class="badge {severity}">{text(level)}, {len(found):,}</span>'
    yield f"<h3>{text(name)} {badge}</h3>"
    if rule.help and rule.help != rule.title:
        yield f'<p class="soft">{text(rule.help)}</p>'
    waived = severity == "waived"
    columns: tuple[str, ...] = ("Where", "What", "Field", "Value", "What is wrong and what to do")
    if waived:
        columns += ("Accepted",)
    # Columns that are empty throughout only take room.
    rows = [_row(notice, waived=waived) for notice in found]
    kept = [at for at in range(len(columns)) if any(row[at] for row in rows)]
    yield table([columns[at] for at in kept], [[row[at] for at in kept] for row in rows])


def _row(notice: Notice, *, waived: bool) -> list[str]:
    value = notice.value if notice.value is None or len(notice.value) <= 200 else notice.value[:199] + "…"
    cells = [
        breakable(notice.place or notice.thing),
        breakable(notice.thing) if notice.place else "",
        text(", ".join(filter(None, (notice.unplaced_field, notice.entered)))),
        breakable(value or ""),
        breakable(notice.message),
    ]
    if waived and notice.waived is not None:
        waiver = notice.waived
        cells.append(
            f"{text(waiver.reason)} (accepted by {text(waiver.accepted_by)}, until {waiver.expires.isoformat()})"
        )
    return cells


def _section(section: Section) -> Iterator[str]:
    yield f"<h2>{text(section.title)}</h2>"
    if section.text:
        yield f"<p>{text(section.text)}</p>"
    if section.rows:
        yield table(section.columns, [[breakable(cell) for cell in row] for row in section.rows])


def _footer(report: NoticeReport) -> Iterator[str]:
    made = f"Made by {report.tool} {report.tool_version}".strip()
    yield f"<p>{text(made)}. That nothing is found does not mean that the data is true.</p>"
