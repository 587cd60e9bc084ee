"""The report on two versions: what differs, what it does, and which version number fits."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from typing import TYPE_CHECKING

from apgraph.lexicon import curie

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from apgraph.effects.answers import AnswerChange
    from apgraph.effects.comparison import Effects, FindingChange
    from apgraph.release.difference import Change, Difference, Edition

__all__ = ["report_json", "report_markdown", "report_text"]

_ROWS = 5
"""So many rows of an answer are shown; JSON has all."""
_ENTRIES = 10
"""So many contradictions and inferences that are new, and as many that are gone."""
_LONG = ("Contradictions that come or go", "Inferences that come or go")


def report_text(difference: Difference, effects: Effects) -> str:
    """Return the report as lines of text."""
    lines = list(_summary(difference, effects))
    for heading, entries in _sections(difference, effects):
        lines += ["", f"{heading} ({len(entries)})"]
        for entry, details in _few(heading, entries):
            lines += [f"  {entry}", *(f"    {detail}" for detail in details)]
    return "\n".join(lines)


def report_markdown(difference: Difference, effects: Effects) -> str:
    """Return the report as Markdown, for release notes."""
    first, *more = _summary(difference, effects)
    lines = [
        f"# {_escaped(first)}",
        "",
        *(f"{'  ' * line.startswith(' ')}- {_escaped(line)}" for line in more),
    ]
    for heading, entries in _sections(difference, effects):
        lines += ["", f"## {heading} ({len(entries)})", ""]
        for entry, details in _few(heading, entries):
            lines += [f"- {_escaped(entry)}", *(f"  - {_escaped(detail)}" for detail in details)]
    return "\n".join(lines) + "\n"


def report_json(difference: Difference, effects: Effects) -> str:
    """Return the whole report as JSON."""

    def changes(found: Sequence[Change]) -> list[dict[str, object]]:
        return [{**asdict(change), "curie": change.curie} for change in found]

    record = {
        "old": _edition(difference.old),
        "new": _edition(difference.new),
        "version": {
            "level": effects.level.value,
            "proposed": effects.level.next(difference.old.version),
            "reasons": [{"level": level.value, "reason": reason} for level, reason in effects.reasons],
        },
        "terms": {
            name: changes(getattr(difference, name))
            for name in ("added", "removed", "deprecated", "moved", "changed", "axioms")
        },
        "replacements": difference.replacements,
        "effects": {
            "answers_compared": effects.asked,
            "data": effects.data,
            "answers": [
                {
                    **{name: getattr(answer, name) for name in answer.__slots__},
                    "parameters": {name: str(value) for name, value in answer.parameters.items()},
                }
                for answer in effects.answers
            ],
            "verdicts": [asdict(verdict) for verdict in effects.verdicts],
            "findings": [asdict(finding) for finding in effects.findings],
            "rules": [asdict(rule) for rule in effects.rules],
            "contradictions": [asdict(each) for each in effects.reasoned.contradictions],
            "unusable": effects.reasoned.unusable,
            "inferences": [asdict(each) for each in effects.reasoned.inferences],
            "left_out": effects.reasoned.left_out,
        },
    }
    return json.dumps(record, indent=2, ensure_ascii=False)


def _edition(edition: Edition) -> dict[str, object]:
    return {"name": edition.name, "version": edition.version, "terms": len(edition.terms)}


def _summary(difference: Difference, effects: Effects) -> Iterator[str]:
    old, new = difference.old, difference.new
    named = [f"{each.name}{f' ({each.version})' if each.version else ''}" for each in (old, new)]
    yield f"From {named[0]} to {named[1]}"
    if not (difference or effects.findings or effects.rules):
        yield "There is no difference."
        return
    if difference and old.version is not None and old.version == new.version:
        yield f"Warning: both call themselves {old.version}, and say different things; give the new one another version."
    counts = (
        (len(difference.added), "added"),
        (len(difference.removed), "removed"),
        (len(difference.changed), "changed"),
        (len(difference.deprecated), "of them newly deprecated"),
        (len(difference.moved), "of them moved"),
    )
    yield f"Terms: {', '.join(f'{number} {what}' for number, what in counts)}."
    proposed = effects.level.next(old.version)
    yield f"Kind of version: {effects.level.value}{f'; the next one is {proposed}' if proposed else ''}. Because:"
    for level, reason in effects.reasons:
        yield f"  {level.value}: {reason}"
    yield (
        f"Compared: {effects.asked} answers; verdicts, findings and inferences of {len(effects.data)} files of data."
    )
    for text in effects.reasoned.left_out:
        yield f"Not seen in the comparison of inferences: {text}"


def _sections(difference: Difference, effects: Effects) -> Iterator[tuple[str, list[tuple[str, list[str]]]]]:
    apart = {change.iri for change in (*difference.deprecated, *difference.moved)}
    sections: tuple[tuple[str, list[tuple[str, list[str]]]], ...] = (
        ("Removed", [(str(change), _use(change)) for change in difference.removed]),
        ("Added", [(str(change), []) for change in difference.added]),
        ("Deprecated", [(str(change), [*_use(change), *_said(change)]) for change in difference.deprecated]),
        (
            "Moved",
            [
                (f"{change}: from {curie(change.moved[0])} to {curie(change.moved[1])}", _said(change))
                for change in difference.moved
                if not change.deprecated
            ],
        ),
        (
            "Changed",
            [(str(change), _said(change)) for change in difference.changed if change.iri not in apart],
        ),
        (
            "Headers, axioms and terms of other vocabularies",
            [(change.curie or change.label, _said(change)) for change in difference.axioms],
        ),
        ("Answers that change", [(_asked(answer), _rows(answer)) for answer in effects.answers]),
        (
            "Verdicts that change",
            [
                (f"{v.arrangement}, {v.model}", [f"{v.before or 'none'} before, {v.after or 'none'} now"])
                for v in effects.verdicts
            ],
        ),
        (
            "Findings that change",
            [(_found(finding), []) for finding in effects.findings],
        ),
        (
            "Rules for data that change",
            [
                (f"{rule.name}: {rule.change}", ["data that kept it may be refused"] if rule.refuses else [])
                for rule in effects.rules
            ],
        ),
        (
            "Contradictions that come or go",
            [
                (f"{'new' if each.gained else 'gone'}: {each.text}", list(each.steps) if each.gained else [])
                for each in effects.reasoned.contradictions
            ],
        ),
        (
            "Can't be used without a contradiction",
            [(name, []) for name in effects.reasoned.unusable],
        ),
        (
            "Inferences that come or go",
            [
                (f"{'new' if i.gained else 'gone'}: {i.text}{f' ({i.number} times)' * (i.number > 1)}", [])
                for i in effects.reasoned.inferences
            ],
        ),
    )
    yield from ((heading, entries) for heading, entries in sections if entries)


def _few(heading: str, entries: list[tuple[str, list[str]]]) -> list[tuple[str, list[str]]]:
    """Return the entries of a section; of what follows from data, which can be a great deal, a few of each kind."""
    if heading not in _LONG:
        return entries
    shown: list[tuple[str, list[str]]] = []
    for word in ("new", "gone"):
        alike = [entry for entry in entries if entry[0].startswith(f"{word}:")]
        shown += alike[:_ENTRIES]
        if len(alike) > _ENTRIES:
            shown.append((f"{word}: {len(alike) - _ENTRIES} more", []))
    return shown


def _use(change: Change) -> list[str]:
    named = change.named_by
    more = f" and {len(named) - _ROWS} more" if len(named) > _ROWS else ""
    still = [f"still named by {', '.join(named[:_ROWS])}{more}: mend or remove that, too"] if named else []
    if not change.replacements:
        return ["nothing is named that replaces it", *still]
    return [f"use {' or '.join(map(curie, change.replacements))} instead", *still]


def _said(change: Change) -> list[str]:
    return [*(f"no longer: {text}" for text in change.lost), *(f"now: {text}" for text in change.gained)]


def _found(finding: FindingChange) -> str:
    if finding.before is not None:
        return f"now {finding.severity}, was {finding.before}: {finding.text}"
    return f"{'new' if finding.gained else 'gone'}, {finding.severity}: {finding.text}"


def _asked(answer: AnswerChange) -> str:
    given = ", ".join(f"{name} {value}" for name, value in answer.parameters.items())
    kind = " (wording only)" if answer.wording else ""
    return f"{answer.question}{f', {given}' if given else ''}{kind}: {answer.text}"


def _rows(answer: AnswerChange) -> list[str]:
    lines = [f"cannot be asked any more: {answer.problem}"] if answer.problem else []
    words = ("before", "now") if answer.wording else ("lost", "new")
    for word, rows in zip(words, (answer.lost, answer.gained), strict=True):
        lines += [f"{word}: {row}" for row in rows[:_ROWS]]
        if len(rows) > _ROWS:
            lines.append(f"{word}: {len(rows) - _ROWS} more rows")
    return lines


def _escaped(text: str) -> str:
    return re.sub(r"([\\`*_<>\[\]|])", r"\\\1", " ".join(text.split()))
