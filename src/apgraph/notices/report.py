"""The report of a check: its notices, and what there is to say of the check itself."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from apgraph.errors import UsageError
from apgraph.notices.notice import SEVERITIES, Notice, Rule

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["NoticeReport", "Section"]


@dataclass(frozen=True, slots=True)
class Section:
    """A further part of a report: a heading, some words, and a table."""

    title: str
    text: str = ""
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()

    def to_record(self) -> dict[str, object]:
        """Return it as JSON can hold it."""
        return {
            "title": self.title,
            "text": self.text,
            "columns": list(self.columns),
            "rows": [list(row) for row in self.rows],
        }


@dataclass(frozen=True, slots=True)
class NoticeReport:
    """What a check found, and how.

    Attributes:
        title: What kind of check it was.
        notices: What was found, waived notices among them.
        checked: What was checked: files, folders, a store or a service.
        rules: The rules, those that were kept among them.
        tool: What checked.
        version: Its version; that of the installed package of the tool's name where it is empty.
        link: Where it is described.
        engine: The engine that ran.
        date: When it was made, in ISO 8601; empty for none, so that reports can be compared.
        data_hash: A hash of what was checked, such as ``sha256:…``.
        summary: What was looked at, in words.
        unchecked: What could not be checked, and why.
        redacted: What was removed from the report, in words; empty where nothing was.
        sections: Further parts, such as coverage.
        levels: What the severities are called in this check, where that is something else: pairs of severity and name.

    >>> report = NoticeReport("Check", (Notice("r1", "all is well", "info", "It is."),))
    >>> report.counts, report.waived_count
    ({'violation': 0, 'warning': 0, 'info': 1}, 0)
    """

    title: str
    notices: tuple[Notice, ...]
    checked: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = ()
    tool: str = "apgraph"
    version: str = ""
    link: str | None = None
    engine: str = ""
    date: str = ""
    data_hash: str = ""
    summary: str = ""
    unchecked: tuple[str, ...] = ()
    redacted: str = ""
    sections: tuple[Section, ...] = ()
    levels: tuple[tuple[str, str], ...] = ()

    def level(self, severity: str) -> str:
        """Return what a severity is called in this check.

        >>> NoticeReport("Check", (), levels=(("violation", "error"),)).level("violation")
        'error'
        """
        return dict(self.levels).get(severity, severity)

    @property
    def tool_version(self) -> str:
        """The version of what checked; looked up late, since that takes longer than a short check."""
        from importlib.metadata import PackageNotFoundError, version

        try:
            return self.version or version(self.tool)
        except PackageNotFoundError:
            return ""

    @property
    def open(self) -> tuple[Notice, ...]:
        """The notices that no waiver accepts."""
        return tuple(notice for notice in self.notices if notice.waived is None)

    @property
    def waived(self) -> tuple[Notice, ...]:
        """The notices that a waiver accepts."""
        return tuple(notice for notice in self.notices if notice.waived is not None)

    @property
    def counts(self) -> dict[str, int]:
        """How many open notices there are of each severity, by what that is called in this check."""
        counted = Counter(notice.severity for notice in self.open)
        return {self.level(severity): counted[severity] for severity in SEVERITIES}

    @property
    def waived_count(self) -> int:
        """How many notices are accepted."""
        return len(self.waived)

    def at_least(self, severity: str) -> tuple[Notice, ...]:
        """Return the open notices that are as grave as that, or graver.

        Args:
            severity: One of :data:`SEVERITIES`, by what it is called in this check.

        Raises:
            UsageError: There is no such severity.
        """
        names = [self.level(each) for each in SEVERITIES]
        if severity not in names:
            raise UsageError(f"{severity!r:.60} is no severity; give one of {', '.join(names)}")
        rank = names.index(severity)
        return tuple(notice for notice in self.open if notice.rank <= rank)

    @property
    def groups(self) -> tuple[tuple[Rule, str, tuple[Notice, ...]], ...]:
        """The open notices by severity and rule, most severe first; rules in the order of :attr:`rules`."""
        return grouped(self.open, self.rules)

    def to_record(self) -> dict[str, object]:
        """Return it as JSON can hold it."""
        return {
            "title": self.title,
            "tool": {"name": self.tool, "version": self.tool_version},
            "engine": self.engine,
            "date": self.date,
            "checked": list(self.checked),
            "data_hash": self.data_hash,
            "summary": self.summary,
            "counts": {**self.counts, "waived": self.waived_count},
            "notices": [
                {**notice.to_record(), "severity": self.level(notice.severity)} for notice in self.notices
            ],
            "unchecked": list(self.unchecked),
            "redacted": self.redacted,
            "sections": [section.to_record() for section in self.sections],
        }

    def to_json(self) -> str:
        """Return the report as JSON."""
        return json.dumps(self.to_record(), indent=2, ensure_ascii=False) + "\n"

    def to_html(self) -> str:
        """Return the report as one page that needs nothing else."""
        from apgraph.notices.html import to_html

        return to_html(self)

    def to_sarif(self) -> str:
        """Return the report as SARIF 2.1.0."""
        from apgraph.notices.sarif import to_sarif

        return to_sarif(self)


def grouped(
    notices: Sequence[Notice], rules: Sequence[Rule]
) -> tuple[tuple[Rule, str, tuple[Notice, ...]], ...]:
    """Group notices by severity and rule, most severe first; rules that are not listed come last, by id."""
    known = {rule.id: (at, rule) for at, rule in enumerate(rules)}
    groups: dict[tuple[int, int, str, str], list[Notice]] = {}
    for notice in notices:
        at = known[notice.rule][0] if notice.rule in known else len(known)
        groups.setdefault((notice.rank, at, notice.rule, notice.title), []).append(notice)
    return tuple(
        (
            # A rule of several parts is named by the part that was not kept.
            _of_part(known[key[2]][1], found[0]) if key[2] in known else Rule(key[2], key[3], found[0].asks),
            SEVERITIES[key[0]],
            tuple(found),
        )
        for key, found in sorted(groups.items(), key=lambda item: item[0])
    )


def _of_part(rule: Rule, notice: Notice) -> Rule:
    return replace(rule, title=notice.title, help=notice.asks or rule.help)
