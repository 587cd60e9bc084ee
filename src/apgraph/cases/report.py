"""The report of a validation for people: what is wrong, cell by cell, what was accepted, and what was looked at."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal, NamedNode

from apgraph.cases.cells import cell_reference
from apgraph.cases.places import CELL
from apgraph.cases.providers import REGISTER
from apgraph.cases.redaction import REMOVED, Redaction
from apgraph.cases.rules import rules
from apgraph.lexicon import curie
from apgraph.notices import Notice, NoticeReport, Rule, Section, Waiver, apply
from apgraph.notices.report import grouped
from apgraph.resources import resource_folder
from apgraph.shacl import load_shapes
from apgraph.shacl.report import term_text
from apgraph.vocabulary import APG

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Iterable, Sequence

    from apgraph.cases.findings import Explained
    from apgraph.cases.rules import Rule as CaseRule
    from apgraph.shacl import Report, Shapes
    from apgraph.shacl.coverage import Coverage
    from apgraph.store import Store

__all__ = ["CaseReport", "case_report", "notice_of", "report_lines"]

_LINK: Final = "https://w3id.org/apgraph"
_CELL_RULE: Final = Rule(
    "cell",
    "a cell is empty or can't be read",
    "A required column is filled in, and what stands in a cell is of the kind that its column asks for: a date, a number, a "
    "value of its list.",
)
_REGISTER_RULE: Final = Rule(
    "register",
    "an organisation is not as the register has it",
    "An organisation has the name, the type and the region that a register of providers has under its number.",
    "warning",
)
_STATED: Final = frozenset({"subject", "property", "value", "how"})
"""Headings of sheet Further statements, which say nothing of what is stated."""
_COLUMNS: Final = (
    *("severity", "rule", "place", "case", "thing", "sheet", "field", "value", "message", "iri", "waived"),
)
_OF_SHAPES: Final = ("component", "path", "value_term")
"""What the findings of shapes without numbers have, too: their readers know SHACL."""


@dataclass(frozen=True, slots=True)
class CaseReport(NoticeReport):
    """The report of a validation for people.

    Attributes:
        report: The report by the standard.
        explained: Its findings in words, in the order of the notices; those of waivers come after them.
    """

    report: Report = field(kw_only=True)
    explained: tuple[Explained, ...] = field(kw_only=True)

    def to_lines(self) -> list[str]:
        """Return it as lines of text; see :func:`report_lines`."""
        return report_lines(self)

    def to_records(self) -> dict[str, object]:
        """Return the standard report as JSON can hold it, its findings in words, with what was accepted and checked."""
        made = NoticeReport.to_record(self)
        waived = [notice.waived for notice in self.notices]
        return {
            **{
                key: made[key]
                for key in ("title", "tool", "date", "checked", "data_hash", "summary", "redacted")
            },
            **self.report.to_records(),
            "findings": [
                {
                    **each.to_record(),
                    "field": _field(each),
                    "waived": None if waiver is None else waiver.to_record(),
                }
                for each, waiver in zip(self.explained, waived, strict=False)
            ],
            "counts": {**self.counts, "waived": self.waived_count},
            "waivers": [notice.to_record() for notice in self.notices[len(self.explained) :]],
        }

    def to_record(self) -> dict[str, object]:
        """Return the same as :meth:`to_records`, and as ``apgraph validate -f json`` prints."""
        return self.to_records()

    @property
    def columns(self) -> tuple[str, ...]:
        """Headings of :meth:`rows`; there are more where the shapes number no rules, and so are not of this project."""
        return _COLUMNS if self._is_by_rules else (*_COLUMNS, *_OF_SHAPES)

    @property
    def _is_by_rules(self) -> bool:
        return any(rule.id.startswith("rule-") for rule in self.rules)

    def rows(self) -> list[tuple[object, ...]]:
        """Return the notices as rows of a table."""
        made: list[tuple[object, ...]] = []
        for at, notice in enumerate(self.notices):
            each = self.explained[at] if at < len(self.explained) else None
            waiver = notice.waived
            finding = None if each is None else each.finding
            more: tuple[object, ...] = (
                (None,) * len(_OF_SHAPES)
                if finding is None
                else (finding.component_name, finding.path_text, term_text(finding.value))
            )
            made.append(
                (
                    notice.severity,
                    notice.rule if each is None or each.rule is None else each.rule,
                    notice.place or None,
                    None if each is None else each.case,
                    notice.thing if each is None else each.thing,
                    notice.sheet,
                    notice.field if each is None else _field(each),
                    notice.value,
                    notice.message,
                    notice.subject,
                    None
                    if waiver is None
                    else f"until {waiver.expires.isoformat()} by {waiver.accepted_by}: {waiver.reason}",
                    *(() if self._is_by_rules else more),
                )
            )
        return made


def notice_of(explained: Explained) -> Notice:
    """Return a finding in words as a notice."""
    finding, origin = explained.finding, explained.origin
    return Notice(
        rule=_rule_id(explained),
        title=explained.title,
        asks=explained.asks,
        severity=finding.severity.value,
        message=explained.message,
        thing=f"{explained.thing}, case {explained.case}" if explained.case else explained.thing,
        names=(explained.thing, *explained.names),
        subject=finding.focus_node.value if isinstance(finding.focus_node, NamedNode) else None,
        file=None if origin is None else origin.file,
        sheet=_sheet(explained),
        cell=None if origin is None else origin.cell,
        line=None if origin is None else origin.line,
        heading=None if origin is None else origin.column,
        approximate=origin is not None and origin.approximate,
        field=explained.field,
        value=explained.value,
        nearest=explained.nearest,
    )


def _in_reading_order(explained: Explained) -> tuple[bool, str, int, str, int, int]:
    """Return what sorts findings as their places follow one another: by source, sheet and row."""
    origin = explained.origin
    if origin is None:
        return (True, "", 0, "", 0, 0)
    column, row = (cell_reference(origin.cell) if origin.cell else None) or (0, 0)
    file = Path(origin.file)
    if origin.sheet is None and file.suffix.lower() != ".csv":
        return (False, origin.file, 0, "", origin.line or row, column)
    sheet = origin.sheet or file.stem
    source = origin.file if origin.sheet else str(file.parent)
    return (False, source, _sheets().get(sheet, 0), sheet, origin.line or row, column)


@cache
def _sheets() -> dict[str, int]:
    """Return the number of each sheet, by its name in a workbook and among tables."""
    # Read where there are sheets: the list of them takes a while to load.
    from apgraph.cases.sheets import SHEETS

    return {name: number for number, sheet in enumerate(SHEETS) for name in (sheet.name, sheet.slug)}


def _field(explained: Explained) -> str | None:
    """Return the field as its column is headed, where there is one; else in the words of the ontology."""
    origin = explained.origin
    if explained.field is None or origin is None or origin.column is None:
        return explained.field
    from apgraph.cases.sheets import FURTHER, SHEETS

    number = _sheets().get(origin.sheet or Path(origin.file).stem)
    sheet = FURTHER if number is None else SHEETS[number]
    # Where no column is about it, the place is the cell that names the row.
    return explained.field if origin.column in {sheet.key.name, *_STATED} else origin.column


def _rule_id(explained: Explained) -> str:
    if explained.rule is not None:
        return f"rule-{explained.rule}"
    shape = explained.finding.source_shape
    if shape in {CELL, REGISTER}:
        return (_CELL_RULE if shape == CELL else _REGISTER_RULE).id
    return explained.finding.shape_address or curie(shape.value)


def _sheet(explained: Explained) -> str | None:
    if explained.origin is not None and explained.origin.sheet is not None:
        return explained.origin.sheet
    # A rule about dates knows no sheet, since many sheets have dates.
    return explained.sheet if explained.sheet != "any" else None


def case_report(
    report: Report,
    explained: Iterable[Explained],
    store: Store,
    shapes: Shapes,
    *,
    checked: Sequence[str] = (),
    waivers: Sequence[Waiver] = (),
    today: datetime.date,
    redact: bool = False,
) -> CaseReport:
    """Return a validation's report in words.

    Args:
        report: What was found.
        explained: The same in words.
        store: Where the data lies that was judged.
        shapes: The shapes that judged.
        checked: What was checked, as the user named it.
        waivers: What was accepted.
        today: The day of the report; waivers are judged by it.
        redact: Whether people become pseudonyms and free text is removed.
    """
    known = _rules(shapes)
    explained = tuple(sorted(explained, key=_in_reading_order))
    ids = [rule.id for rule in (*known, _CELL_RULE, _REGISTER_RULE)]
    notices = apply(
        map(notice_of, explained), waivers, today, rules=ids, unasked=_unasked(report, waivers, ids)
    )
    if redact:
        redaction = Redaction(store)
        report = redaction.report(report)
        explained = tuple(map(redaction.explained, explained))
        # Waivers were judged by what the data says, and are shown without it.
        shown = [notice_of(each) for each in explained]
        notices = tuple(
            redaction.notice(
                notice if at >= len(shown) else replace(shown[at], waived=notice.waived), waivers
            )
            for at, notice in enumerate(notices)
        )
    fired = {notice.rule for notice in notices}
    return CaseReport(
        report=report,
        explained=explained,
        redacted=REMOVED if redact else "",
        title="Check of case data",
        notices=notices,
        checked=tuple(checked),
        rules=(*known, *(rule for rule in (_CELL_RULE, _REGISTER_RULE) if rule.id in fired)),
        link=_LINK,
        engine=report.engine,
        date=today.isoformat(),
        data_hash=_hash(checked),
        summary=_summary(store, report, known),
        unchecked=tuple(str(each) for each in report.unchecked),
        sections=()
        if report.coverage is None
        else tuple(_coverage(report.coverage, shapes, redaction.text if redact else str)),
    )


def _unasked(report: Report, waivers: Sequence[Waiver], ids: Sequence[str]) -> list[str]:
    """Return the rules of ours that this validation did not ask: with shapes of one's own, or without a register."""
    found = [] if REGISTER.value in report.asked else [_REGISTER_RULE.id]
    numbers = {rule.removeprefix("rule-") for rule in ids}
    if any(waiver.rule.casefold().removeprefix("rule").strip(" -") not in numbers for waiver in waivers):
        ours = load_shapes(resource_folder("shapes"))
        found += [rule.id for rule in _rules(ours) if rule.id not in ids]
    return found


def report_lines(report: NoticeReport, *, limit: int = 20) -> list[str]:
    """Return a report as lines of text: grouped by rule, counted, most severe first, the waived ones last.

    Args:
        report: The report.
        limit: How many notices of one rule are shown; the others are counted.
    """
    counted = [_number(number, severity) for severity, number in report.counts.items() if number]
    if report.waived_count:
        counted.append(f"{report.waived_count:,} waived")
    found = f"Found {', '.join(counted)}" if counted else "" if report.unchecked else "Nothing found"
    if report.unchecked:
        number = len(report.unchecked)
        parts = f"{number:,} parts of the rules say" if number > 1 else "1 part of the rules says"
        found += f"{', and not' if found else 'Not'} everything could be checked: {parts} nothing here"
    lines = [f"{found} ({report.summary})."]
    if report.redacted:
        lines += ["", report.redacted]
    for rule, severity, notices in report.groups:
        lines += _group(rule, severity.upper(), notices, limit)
    for rule, _, notices in grouped(report.waived, report.rules):
        lines += _group(rule, "WAIVED", notices, limit)
    return lines


def _group(rule: Rule, word: str, notices: Sequence[Notice], limit: int) -> list[str]:
    cited = rule.id.startswith("rule-") or rule.id in {_CELL_RULE.id, _REGISTER_RULE.id}
    numbered = f"rule {rule.id.removeprefix('rule-')}: " if cited else ""
    lines = ["", f"{word} {numbered}{rule.title} ({_number(len(notices), 'time')})"]
    if rule.help and rule.help != rule.title:
        lines.append(f"  {rule.help}")
    for notice in notices[:limit]:
        parts = [notice.place, notice.thing, notice.entered, notice.unplaced_field]
        lines += [f"  {', '.join(filter(None, parts))}", f"    {notice.message}"]
        if notice.waived is not None:
            waiver = notice.waived
            lines.append(
                f"    Accepted by {waiver.accepted_by} until {waiver.expires.isoformat()}: {waiver.reason}"
            )
    if len(notices) > limit:
        lines.append(f"  and {len(notices) - limit} more; the formats html, json and csv list all of them")
    return lines


def _number(number: int, noun: str) -> str:
    plural = noun if number == 1 or noun == "info" else f"{noun}s"
    return f"{number:,} {plural}"


def _rules(shapes: Shapes) -> tuple[Rule, ...]:
    """Return the rules by number; one that several shapes state is one rule, as grave as the gravest of them."""
    parts: defaultdict[int, list[CaseRule]] = defaultdict(list)
    for rule in rules(shapes):
        parts[rule.number].append(rule)
    return tuple(
        Rule(
            f"rule-{number}",
            "; ".join(part.fault for part in each),
            " ".join(part.description for part in each),
            min((part.severity for part in each), key=lambda severity: severity.rank).value,
        )
        for number, each in parts.items()
    )


def _summary(store: Store, report: Report, known: Sequence[Rule]) -> str:
    """Say what was checked: cases and records in them, or triples where there is no case."""
    rows = store.select(
        f"SELECT (COUNT(DISTINCT ?case) AS ?c) (COUNT(DISTINCT ?item) AS ?i) WHERE {{ ?item <{APG}isPartOfCase> ?case }}",
        default_graphs=report.data_graphs or None,
    ).rows
    cases, items = (int(cell.value) if isinstance(cell, Literal) else 0 for cell in rows[0])
    what = (
        f"{_number(cases, 'case')} with {_number(items, 'record')}"
        if cases
        else _number(report.triples_count, "triple")
    )
    numbers = len({rule.id for rule in known})
    return (
        f"{what}, checked by {_number(numbers, 'rule') if numbers else _number(report.shapes_count, 'shape')}"
    )


def _hash(checked: Sequence[str]) -> str:
    """Return the SHA-256 of the only file checked, or of the digests of several; nothing for stores and services."""
    digests = []
    for name in checked:
        path = Path(name)
        files = sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]
        for file in files:
            if not file.is_file():
                return ""
            with file.open("rb") as stream:
                digests.append(hashlib.file_digest(stream, "sha256").hexdigest())
    if not digests:
        return ""
    whole = digests[0] if len(digests) == 1 else hashlib.sha256("\n".join(digests).encode()).hexdigest()
    return f"sha256:{whole}"


def _coverage(coverage: Coverage, shapes: Shapes, name: Callable[[str], str]) -> Iterable[Section]:
    met = {shape.shape: shape for shape in coverage.shapes}
    rows = []
    for rule in rules(shapes):
        node = met.get(NamedNode(rule.shape))
        rows.append((str(rule.number), rule.title, f"{node.nodes:,}" if node is not None else "0"))
    yield Section(
        "What was looked at",
        "How many things each rule looked at. A rule that looked at nothing says nothing about the data.",
        ("rule", "what holds", "things"),
        tuple(rows),
    )
    if coverage.unknown_targets or (coverage.vacuous and not rows):
        yield Section(
            "Shapes that looked at nothing",
            columns=("what",),
            rows=tuple(
                (str(each),)
                for each in (*coverage.unknown_targets, *(shape.where for shape in coverage.vacuous))
            ),
        )
    if coverage.unseen_count:
        yield Section(
            "What no rule looked at",
            f"{coverage.unseen_count:,} of {coverage.nodes:,} things that the data describes; some of them:",
            ("thing",),
            tuple((name(node.value),) for node in coverage.unseen),
        )
