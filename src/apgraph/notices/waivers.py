"""Waivers: notices that were accepted for a time, each with a reason and the role that accepted it."""

from __future__ import annotations

import datetime
import re
from collections import defaultdict
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import PurePath
from typing import TYPE_CHECKING, Final

from apgraph import arguments
from apgraph.errors import InputError, ParseError
from apgraph.files import require_regular
from apgraph.notices.notice import Notice

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    import yaml

__all__ = ["EXPIRED", "UNMATCHED", "Waiver", "apply", "read_waivers"]

EXPIRED: Final = "waiver-expired"
"""Rule of the notice that a waiver has run out."""

UNMATCHED: Final = "waiver-unmatched"
"""Rule of the notice that nothing is left that a waiver would accept."""

_LARGEST: Final = 1 << 20
_KEYS: Final = ("rule", "thing", "cell", "field", "value", "reason", "accepted_by", "expires")
_PERSON: Final = re.compile(r"@|^(?:mr|mrs|ms|miss|mx|dr|prof|professor|sir)\b\.?\s", re.IGNORECASE)
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_BRACKETED: Final = re.compile(r"<[^<>]+>|\u2039[^\u2039\u203a]+\u203a")
_CELL: Final = re.compile(r"(?P<sheet>.+)!\$?(?P<column>[A-Za-z]{1,3})\$?(?P<row>[1-9][0-9]*)")


@dataclass(frozen=True, slots=True)
class Waiver:
    """Some notices, accepted until a day.

    Attributes:
        rule: Id of the rule, or its number.
        reason: Why it is accepted.
        accepted_by: The role that accepted it.
        expires: The last day on which it holds.
        thing: Name, row or IRI of the thing; None for any.
        cell: Sheet and cell, as in ``Evidence!C7``; None for any.
        field: The field; None for any.
        value: The value at fault; None for any.
        file: The file of waivers.
        line: Its line there.
        data: The file or folder to which it is confined; None for whatever was checked.
    """

    rule: str
    reason: str
    accepted_by: str
    expires: datetime.date
    thing: str | None = None
    cell: str | None = None
    field: str | None = None
    value: str | None = None
    file: str = ""
    line: int | None = None
    data: str | None = None

    @property
    def what(self) -> str:
        """What it accepts, in words.

        >>> Waiver("10", "known", "AP lead", datetime.date(2027, 7, 31), thing="obs-7").what
        'rule 10, thing obs-7'
        """
        parts = [f"rule {self.rule.removeprefix('rule-')}"]
        for name in ("thing", "cell", "field", "value"):
            given = getattr(self, name)
            if given is not None:
                parts.append(f"{name} {given}")
        return ", ".join(parts)

    def accepts(self, notice: Notice) -> bool:
        """Tell whether a notice is one that it was made for, whatever the day."""
        if _number(self.rule) != _number(notice.rule):
            return False
        if self.data is not None and not _lies_in(notice.file, self.data):
            return False
        given = (notice.thing, notice.subject or "", *notice.names)
        names = {_folded(each) for name in given if name for each in (name, _bare(name))}
        here = _folded(f"{notice.sheet}!{notice.cell}") if notice.sheet and notice.cell else None
        return (
            (self.thing is None or not names.isdisjoint({_folded(self.thing), _folded(_bare(self.thing))}))
            and (self.cell is None or _folded(_plain(self.cell)) == here)
            and (
                self.field is None or _folded(self.field) in {_folded(notice.field), _folded(notice.heading)}
            )
            and (self.value is None or _folded(self.value) == _folded(notice.value))
        )

    def to_record(self) -> dict[str, object]:
        """Return it as JSON can hold it."""
        return {
            "rule": self.rule,
            "thing": self.thing,
            "cell": self.cell,
            "field": self.field,
            "value": self.value,
            "reason": self.reason,
            "accepted_by": self.accepted_by,
            "expires": self.expires.isoformat(),
            "file": self.file,
            "line": self.line,
        }


def read_waivers(file: str | Path) -> tuple[Waiver, ...]:
    """Read a file of waivers: a YAML list whose entries have the keys of :class:`Waiver`.

    Each entry needs ``rule``, ``reason``, ``accepted_by`` and ``expires``, and at least one of ``thing``, ``cell``,
    ``field`` and ``value``.

    Raises:
        ParseError: It is no YAML, or an entry is not as it should be; the first mistake is named, others counted.
        InputError: It can't be read.
        UsageError: It is no name of a file.
    """
    import yaml

    file = arguments.place(file, "the file of waivers")
    require_regular(file)
    try:
        if file.stat().st_size > _LARGEST:
            raise InputError(f"{file}: larger than a file of waivers can be; give one under 1 MB")
        text = file.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise InputError(
            f"{file} can't be read: {error.strerror or error}; check its name and permissions"
        ) from None
    except UnicodeDecodeError:
        raise InputError(f"{file}: not UTF-8 text; save it as UTF-8") from None
    try:
        # The nodes as written: nothing is made of them, and a day or a yes stays the text that it is.
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        raise ParseError(
            file,
            f"not proper YAML: {error.problem or 'it does not parse'}",
            line=None if mark is None else mark.line + 1,
            column=None if mark is None else mark.column + 1,
            hint="put the value between quotes if it has a colon or another mark",
        ) from None
    except (yaml.YAMLError, RecursionError) as error:
        raise ParseError(file, f"not proper YAML: {error}", hint="correct it") from None
    if node is None:
        return ()
    if not isinstance(node, yaml.SequenceNode):
        raise ParseError(
            file,
            "not a list of waivers",
            line=1,
            hint="begin each waiver with '- rule:' on a line of its own",
        )
    made: list[Waiver] = []
    problems: list[tuple[int, int, str, str]] = []
    for number, place in enumerate(node.value, start=1):
        line = place.start_mark.line + 1
        found = list(_mistakes(place))
        problems += [(number, line, problem, hint) for problem, hint in found]
        if not found:
            made.append(_waiver(_texts(place), str(file), line))
    if problems:
        number, line, problem, hint = problems[0]
        more = f" ({len(problems) - 1} more of such mistakes in the file)" if len(problems) > 1 else ""
        raise ParseError(file, f"waiver {number} {problem}", line=line, hint=hint + more)
    return tuple(made)


def _texts(entry: yaml.MappingNode) -> dict[str, str]:
    """Return the keys of an entry that have a text as value, those that say nothing left out."""
    return {
        str(key.value): " ".join(value.value.split())
        for key, value in entry.value
        if isinstance(value.value, str) and value.value.strip() and not value.tag.endswith(":null")
    }


def _mistakes(entry: yaml.Node) -> Iterator[tuple[str, str]]:
    from yaml import MappingNode

    if not isinstance(entry, MappingNode):
        yield "is no list of keys", "give it rule, thing, reason, accepted_by and expires"
        return
    keys = [str(key.value) for key, _ in entry.value]
    for key in sorted(set(keys)):
        if key not in _KEYS:
            yield f"has an unknown key {key[:40]!r}", f"the keys are {', '.join(_KEYS)}"
        elif keys.count(key) > 1:
            yield f"has {key} twice", "keep one"
    for key, value in entry.value:
        if not isinstance(value.value, str):
            yield f"has more than one value for {key.value}", "write one waiver for each"
    given = _texts(entry)
    for key in ("rule", "reason", "accepted_by", "expires"):
        if key not in given and key not in keys:
            yield f"has no {key}", "add it"
        elif key not in given:
            yield f"has nothing as {key}", "fill it in"
    if not {"thing", "cell", "field", "value"} & set(given):
        yield "would accept everything under its rule", "add thing, cell, field or value"
    if "cell" in given and not _CELL.fullmatch(given["cell"]):
        yield f"has a cell {given['cell']!r}", "write sheet and cell, as in Evidence!C7"
    if _PERSON.search(given.get("accepted_by", "")):
        yield f"names a person in accepted_by ({given['accepted_by']!r})", "name the role, such as AP lead"
    if "expires" in given and _day(given["expires"]) is None:
        yield f"has expires {given['expires']!r}, which is no day", "write one such as 2027-07-31"


def _waiver(given: dict[str, str], file: str, line: int) -> Waiver:
    day = _day(given["expires"])
    if day is None:
        raise InputError(f"{file}: no day")
    return Waiver(
        rule=given["rule"],
        reason=given["reason"],
        accepted_by=given["accepted_by"],
        expires=day,
        thing=given.get("thing"),
        cell=given.get("cell"),
        field=given.get("field"),
        value=given.get("value"),
        file=file,
        line=line,
    )


def _day(text: str) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None


def apply(
    notices: Iterable[Notice],
    waivers: Iterable[Waiver],
    today: datetime.date,
    *,
    rules: Iterable[str] = (),
    unasked: Iterable[str] = (),
) -> tuple[Notice, ...]:
    """Return the notices, with waivers set where one accepts them, and a notice for each waiver that is no use now.

    Args:
        notices: What was found.
        waivers: What was accepted.
        today: The day for which it is told whether a waiver still holds.
        rules: Ids of the rules that there are; a waiver of another one is told so.
        unasked: Ids of rules that there are and that were not asked this time: of their waivers nothing is said.

    >>> found = Notice("rule-10", "in the period", "warning", "Outside.", thing="obs-7")
    >>> waiver = Waiver("10", "agreed", "AP lead", datetime.date(2027, 7, 31), thing="obs-7")
    >>> [bool(each.waived) for each in apply([found], [waiver], datetime.date(2027, 7, 31))]
    [True]
    >>> [each.rule for each in apply([found], [waiver], datetime.date(2027, 8, 1))]
    ['rule-10', 'waiver-expired']
    """
    waivers = tuple(waivers)
    # One read for several data, each time confined to another, is one waiver: it is used if any of them needs it.
    entries = [replace(waiver, data=None) for waiver in waivers]
    used: set[Waiver] = set()
    said: list[Notice] = []
    of_rule: defaultdict[str, list[int]] = defaultdict(list)
    for at, waiver in enumerate(waivers):
        of_rule[_number(waiver.rule)].append(at)
    for notice in notices:
        accepting = [at for at in of_rule.get(_number(notice.rule), ()) if waivers[at].accepts(notice)]
        used.update(entries[at] for at in accepting)
        valid = next((waivers[at] for at in accepting if waivers[at].expires >= today), None)
        said.append(replace(notice, waived=valid) if valid is not None else notice)
    known = {_number(rule): rule.removeprefix("rule-") for rule in rules}
    silent = {_number(rule) for rule in unasked}
    for waiver in dict.fromkeys(entries):
        if waiver not in used:
            if _number(waiver.rule) in silent:
                continue
            message = f"Nothing that was found is what this waiver accepts ({waiver.what}). Delete it, or bring it up to date."
            if known and _number(waiver.rule) not in known:
                near = get_close_matches(_number(waiver.rule), known, n=1)
                ask = f" Did you mean {known[near[0]]}?" if near else ""
                message = f"There is no rule {waiver.rule}, so this waiver accepts nothing.{ask}"
            said.append(_about(waiver, UNMATCHED, "a waiver accepts nothing", message))
        elif waiver.expires < today:
            said.append(
                _about(
                    waiver,
                    EXPIRED,
                    "a waiver has expired",
                    f"This waiver ({waiver.what}) expired on {waiver.expires.isoformat()}, so what it accepted counts "
                    "again. Correct the data, or have it accepted once more, with a new date.",
                )
            )
    return tuple(said)


def _about(waiver: Waiver, rule: str, title: str, message: str) -> Notice:
    return Notice(
        rule=rule,
        title=title,
        severity="warning",
        message=message,
        thing=f"waiver of {waiver.what}",
        file=waiver.file or None,
        line=waiver.line,
    )


def _lies_in(file: str | None, data: str) -> bool:
    path = None if file is None else PurePath(file)
    return path is not None and (path == PurePath(data) or PurePath(data) in path.parents)


def _number(rule: str) -> str:
    """Return what a rule is known by: its number, or its name."""
    return " ".join(rule.split()).casefold().removeprefix("rule-").removeprefix("rule ")


def _plain(cell: str) -> str:
    """Return a reference to a cell without the marks that a spreadsheet program puts around and into it."""
    sheet, _, place = cell.rpartition("!")
    if len(sheet) > 1 and sheet.startswith("'") and sheet.endswith("'"):
        sheet = sheet[1:-1].replace("''", "'")
    return f"{sheet}!{place.replace('$', '')}"


def _bare(name: str) -> str:
    """Return an IRI without the brackets in which findings show it.

    >>> _bare("<http://example.org/a>"), _bare("my:a")
    ('http://example.org/a', 'my:a')
    """
    return name.strip()[1:-1] if _BRACKETED.fullmatch(name.strip()) else name


def _folded(text: str | None) -> str | None:
    return None if text is None else " ".join(text.split()).casefold()
