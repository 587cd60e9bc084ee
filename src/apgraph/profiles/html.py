"""Profiles as one page to print: the answer first, then the models side by side, then why, then what is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from apgraph.notices.page import breakable, facts, page, table, text
from apgraph.profiles.moments import when
from apgraph.profiles.profile import RULE, cite_all
from apgraph.profiles.report import (
    COLUMNS,
    COUNTS,
    LACKING,
    WORDS,
    answer,
    basis,
    cautions,
    declaration,
    next_lines,
    other_reasons,
    reserves,
    rows,
)
from apgraph.profiles.verdict import Verdict
from apgraph.profiles.words import explained, reasoned
from apgraph.vocabulary import VERSION

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from apgraph.profiles.conditions import Leaning
    from apgraph.profiles.profile import ArrangementProfile, Profile
    from apgraph.profiles.records import Observation
    from apgraph.profiles.verdict import ModelVerdict, Reason

__all__ = ["MADE", "badge", "to_html"]

_BADGES: Final = {
    Verdict.FULL: "good",
    Verdict.MIXED: "warning",
    Verdict.PARTIAL: "info",
    Verdict.CONTRADICTED: "violation",
    Verdict.NO_EVIDENCE: "waived",
}
_HEADINGS: Final = (
    "Model",
    "Verdict",
    "Closest or declared",
    "For",
    "Against",
    "Neither",
    "Unknown",
    "All",
)
MADE: Final = (
    "Made by apgraph. <code>apgraph evidence C034</code> shows the claim that a number such as C034 stands for. A number "
    "such as R19 stands for a reading of the curator's, which the source does not say; the same command shows it."
)
"""What stands at the foot of a page, as markup."""
_REASONS: Final = ("Feature", "Observed", "Where", "Evidence", "Rests on")


def to_html(profiles: Sequence[Profile], models: Sequence[str] = ()) -> str:
    """Return profiles as one page that needs nothing else.

    Args:
        profiles: The profiles, one for each case.
        models: Models to give reasons for; the closest and the declared ones where none is given.

    Raises:
        UnknownNameError: There is no such model.
    """
    names = [profile.label or profile.case for profile in profiles]
    title = "Which model are we?" + (f" {names[0]}" if len(names) == 1 else "")
    return page(title, _header(title, profiles), _main(profiles, models), _footer(profiles))


def _header(title: str, profiles: Sequence[Profile]) -> Iterator[str]:
    yield f"<h1>{text(title)}</h1>"
    if profiles and profiles[0].caveat:
        yield f"<p><strong>Note: {text(profiles[0].caveat)}</strong></p>"
    yield (
        '<p class="lead">What was observed, beside the deployment models that the source describes: '
        "what resembles them, why, and what is missing.</p>"
    )
    yield facts(
        [
            ("Cases", ", ".join(filter(None, (profile.case for profile in profiles)))),
            ("As of", profiles[0].on or "" if profiles else ""),
            ("Framework", f"version {VERSION}"),
        ]
    )
    yield f"<p>{text(RULE)}</p>"


def _main(profiles: Sequence[Profile], models: Sequence[str]) -> Iterator[str]:
    for profile in profiles:
        for found in profile.arrangements:
            yield from _arrangement(found, models)
        yield from _conditions(profile)
    if words := explained([each for profile in profiles for each in profile.arrangements], models):
        yield f"<h2>{WORDS}</h2>"
        yield table(("Word", "Meaning"), [[text(word), text(meaning)] for word, meaning in words])


def _footer(profiles: Sequence[Profile]) -> Iterator[str]:
    if profiles:
        yield f"<p>To cite this: {breakable(str(cite_all(profiles)))}</p>"
    yield f"<p>{MADE}</p>"


def _arrangement(found: ArrangementProfile, models: Sequence[str]) -> Iterator[str]:
    by = " and ".join(map(str, found.arrangement.organisations))
    yield f"<h2>{text(str(found.term))}{f', {text(by)}' if by else ''}</h2>"
    yield f'<p class="lead">{text(answer(found))}</p>'
    yield from (f"<p>{text(line)}</p>" for line in declaration(found))
    yield f'<p class="soft">{text(basis(found))}</p>'
    yield from (f"<p>{text(line)}</p>" for line in cautions(found))
    listed = []
    for each, row in zip(found.verdicts, rows(found), strict=True):
        role = [word for word, applies in (("closest", row[2]), ("declared", row[3])) if applies]
        listed.append(
            [
                text(str(each.term)),
                badge(each) + (f' <span class="soft">hedged: {text(row[-1])}</span>' if row[-1] else ""),
                text(", ".join(role)),
                *map(text, row[4 : len(COLUMNS) - 1]),
            ]
        )
    yield table(_HEADINGS, listed, caption=f"All models. {COUNTS}")
    yield from (f'<p class="soft">{text(line)}</p>' for line in reserves(found.verdicts))
    chosen = reasoned(found, models)
    for verdict in chosen:
        yield from _verdict(verdict)
    if hint := other_reasons(found, chosen):
        yield f'<p class="soft">{text(hint)}</p>'
    yield "<h3>What to observe next</h3>"
    yield _items(next_lines(found))
    if found.others:
        yield "<h3>Observed, and a feature of no model</h3>"
        yield table(_REASONS[:4], [_cells(str(term), "", state.observations) for term, state in found.others])
    if found.unused:
        yield "<h3>Left out of account</h3>"
        yield _items(map(str, found.unused))


def badge(verdict: ModelVerdict) -> str:
    """Return a verdict as markup, in its colour."""
    return f'<span class="badge {_BADGES[verdict.verdict]}">{text(verdict.verdict.value)}</span>'


def _verdict(verdict: ModelVerdict) -> Iterator[str]:
    yield f"<h3>Why {badge(verdict)} for the {text(str(verdict.term))}</h3>"
    for title, reasons in (
        ("For it", verdict.supporting),
        ("Against it", verdict.against),
        ("Noted, and counted neither way", verdict.noted),
    ):
        if reasons:
            yield f"<h4>{title}</h4>"
            yield table(_REASONS, [_reason(reason) for reason in reasons])
    if verdict.open:
        yield "<h4>Not known</h4>"
        yield '<p class="soft">What was not recorded is not absent.</p>'
        yield _items(
            f"{reason.feature} ({reason.link.role.value}): {reason.status.value}" for reason in verdict.open
        )
    lacking = verdict.short_of_full
    if lacking and verdict.supporting:
        names = "; ".join(f"{reason.feature} ({reason.status.value})" for reason in lacking)
        yield f"<p>{LACKING} {text(names)}.</p>"


def _reason(reason: Reason) -> list[str]:
    role = reason.link.role.value
    if reason.link.shared_with:
        role += f"; the {' and the '.join(map(str, reason.link.shared_with))} has it, too"
    grounds = breakable(", ".join(reason.link.grounds))
    return [*_cells(str(reason.feature), role, reason.state.observations), grounds]


def _cells(feature: str, role: str, observations: Sequence[Observation]) -> list[str]:
    """Return feature, observations, places and evidence as markup; several observations one below the other."""
    name = text(feature) + (f'<br><span class="soft">{text(role)}</span>' if role else "")
    seen = [
        f"{each.status.value} {when(each.date.value)}"
        + (f", {each.confidence} confidence" if each.confidence else "")
        for each in observations
    ]
    where = [", ".join(dict.fromkeys(filter(None, (each.name, each.origin)))) for each in observations]
    evidence = [
        "; ".join(f"{item}{f' ({item.locator})' if item.locator else ''}" for item in each.evidence)
        or "no evidence given"
        for each in observations
    ]
    return [name, *("<br>".join(breakable(line) for line in lines) for lines in (seen, where, evidence))]


def _conditions(profile: Profile) -> Iterator[str]:
    name = f" in {profile.label or profile.case}" if profile.label or profile.case else ""
    yield f"<h2>Conditions{text(name)}</h2>"
    listed = []
    for condition in profile.conditions:
        listed += [_leaning(str(condition.term), each) for each in condition.leanings]
        if not condition.leanings:
            listed.append([text(str(condition.term)), "nothing recorded", "", "", ""])
    listed += [_leaning("between surviving and thriving", each) for each in profile.positions]
    if not profile.positions:
        listed.append(["between surviving and thriving", "nothing recorded", "", "", ""])
    yield table(("Condition", "Direction", "Of whom", "Observation", "Reported tension"), listed)


def _leaning(condition: str, each: Leaning) -> list[str]:
    said = f"{each.name}, {each.date}, {each.confidence or 'no'} confidence"
    of = " and ".join(map(str, each.of)) or "not said of whom"
    return [text(condition), text(each.direction), text(of), breakable(said), text(each.tension)]


def _items(lines: Iterator[str] | map[str]) -> str:
    return f"<ul>{''.join(f'<li>{text(line)}</li>' for line in lines)}</ul>"
