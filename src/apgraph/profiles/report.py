"""Profiles in words: the answer first, then why, then what is missing."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Final

from apgraph.profiles.moments import is_later, when
from apgraph.profiles.profile import RULE
from apgraph.profiles.records import Status
from apgraph.profiles.verdict import Verdict
from apgraph.profiles.words import explained, reasoned
from apgraph.table import terminal_width
from apgraph.table import to_markdown as markdown_table
from apgraph.table import to_text as text_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from apgraph.profiles.profile import ArrangementProfile, Profile
    from apgraph.profiles.records import Observation
    from apgraph.profiles.verdict import ModelVerdict, Reason
    from apgraph.questions import Iri

__all__ = [
    "COLUMNS",
    "COUNTS",
    "LACKING",
    "WORDS",
    "answer",
    "basis",
    "cautions",
    "declaration",
    "headed",
    "next_lines",
    "other_reasons",
    "reserves",
    "rows",
    "to_markdown",
    "to_text",
]

COLUMNS: Final = (
    *("model", "verdict", "closest", "declared", "for", "against", "neither", "unknown", "all", "hedge"),
)
COUNTS: Final = (
    "The numbers count features and do not say how likely a model is. For, against, neither and unknown add up to all "
    "features that the model has, plays down or excludes."
)
"""What the numbers in a row of :data:`COLUMNS` are."""

LACKING: Final = "What the arrangement lacks for the verdict full:"
"""What stands before summary features that are not, or not wholly, present."""

WORDS: Final = "What the words mean"
"""The heading over the words that a profile uses."""

_MEANS: Final = {
    Verdict.FULL: "every summary feature was observed",
    Verdict.MIXED: "some observations speak for it, some against it",
    Verdict.PARTIAL: "what was observed speaks for it, but not every summary feature was found",
    Verdict.CONTRADICTED: "what was observed speaks against it",
    Verdict.NO_EVIDENCE: "nothing was observed that speaks for or against it",
}
_SHOWN: Final = 8


def rows(found: ArrangementProfile) -> list[tuple[object, ...]]:
    """Return one row for each model, in the order of :data:`COLUMNS`."""
    return [
        (
            each.term,
            each.verdict.value,
            "yes" if each.is_closest else "",
            "yes" if each in found.declared else "",
            len(each.supporting),
            len(each.against),
            len(each.noted),
            len(each.open),
            len(each.model.links),
            ", ".join(dict.fromkeys(word for reason in each.hedged for word in reason.link.reserves)),
        )
        for each in found.verdicts
    ]


def to_text(profile: Profile, models: Sequence[str] = ()) -> str:
    """Return a profile as text; the table in it is laid out, the prose is left for the caller to wrap."""
    return "\n".join(_lines(profile, models, markdown=False))


def to_markdown(profile: Profile, models: Sequence[str] = ()) -> str:
    """Return a profile as Markdown."""
    return "\n".join(_lines(profile, models, markdown=True)) + "\n"


def _lines(profile: Profile, models: Sequence[str], *, markdown: bool) -> Iterator[str]:
    if profile.caveat:
        yield headed(profile.caveat, markdown=markdown)
        yield ""
    for found in profile.arrangements:
        yield from _arrangement(found, models, markdown=markdown)
        yield ""
    name = f" in {profile.label or profile.case}" if profile.label or profile.case else ""
    yield _heading(f"Conditions{name}", markdown)
    yield from _conditions(profile, markdown)
    yield ""
    if words := explained(profile.arrangements, models):
        yield _heading(WORDS, markdown)
        yield from (_point(f"{word}: {meaning}", markdown) for word, meaning in words)
        yield ""
    yield RULE
    if markdown:
        yield ""
        yield _safe(str(profile.citation()), markdown)


def headed(caveat: str, *, markdown: bool) -> str:
    """Return a caveat as it stands at the head of a text."""
    return f"**Note: {_safe(caveat, markdown)}**" if markdown else f"Note: {_safe(caveat, markdown)}"


def _heading(text: str, markdown: bool) -> str:
    return f"## {_safe(text, markdown)}\n" if markdown else text


def _point(text: str, markdown: bool, depth: int = 1) -> str:
    indent = "  " * (depth - 1 if markdown else depth)
    return f"{indent}{'- ' if markdown else ''}{_safe(text, markdown)}"


def _safe(text: str, markdown: bool) -> str:
    flat = " ".join(text.split())
    if not markdown:
        return flat
    return "".join(f"\\{c}" if c in "\\`*_<>[]|" else c for c in flat)


def _arrangement(found: ArrangementProfile, models: Sequence[str], *, markdown: bool) -> Iterator[str]:
    by = f", {_listed(found.arrangement.organisations)}" if found.arrangement.organisations else ""
    yield _heading(f"{found.term}{by}", markdown)
    yield _point(answer(found), markdown)
    yield from (_point(line, markdown) for line in declaration(found))
    yield _point(basis(found), markdown)
    yield from (_point(line, markdown) for line in cautions(found))
    yield ""
    # Which models are closest and which are declared has been said above, what is hedged is said below, and a line
    # has 80 places.
    columns = [at for at, column in enumerate(COLUMNS) if column not in {"closest", "declared", "hedge"}]
    heads, listed = [COLUMNS[at] for at in columns], [[row[at] for at in columns] for row in rows(found)]
    table = (
        markdown_table(heads, listed) if markdown else text_table(heads, listed, width=terminal_width() - 2)
    )
    yield from (line if markdown or not line else f"  {line}" for line in table.split("\n"))
    yield _point(COUNTS, markdown)
    yield from (_point(line, markdown) for line in reserves(found.verdicts))
    chosen = reasoned(found, models)
    for verdict in chosen:
        yield ""
        yield from _reasons(verdict, markdown)
    if hint := other_reasons(found, chosen):
        yield ""
        yield _point(hint, markdown)
    yield ""
    yield _point("What to observe next:", markdown)
    yield from (_point(line, markdown, 2) for line in next_lines(found))
    if found.others:
        yield _point("Observed, and a feature of no model:", markdown)
        for term, state in found.others:
            yield _point(f"{term}: {_seen(state.status, state.observations)}", markdown, 2)
    if found.unused:
        yield _point("Left out of account:", markdown)
        yield from (_point(f"{each}", markdown, 2) for each in found.unused)


def answer(found: ArrangementProfile) -> str:
    """Return which models come closest, in a sentence."""
    near = found.closest
    if not near:
        return "Closest model: none can be named, since nothing that was observed speaks for any model."
    if len(near) > 1:
        parts = [f"the {each.term} ({each.verdict.value})" for each in near]
        return f"Closest models: {', '.join(parts[:-1])} and {parts[-1]}, a tie that the observations do not break."
    full = [each for each in found.verdicts if each.verdict is Verdict.FULL and not each.is_closest]
    beside = (
        f" Every summary feature of the {_listed([e.term for e in full])} was observed, too." if full else ""
    )
    return f"Closest model: the {near[0].term} ({near[0].verdict.value}: {_MEANS[near[0].verdict]}).{beside}"


def reserves(verdicts: Iterable[ModelVerdict]) -> list[str]:
    """Return what counts in verdicts and is hedged by the source, or rests on a reading of the curator's, in sentences."""
    hedged, read = dict[str, None](), dict[str, None]()
    for each in verdicts:
        for several, reasons in ((hedged, each.hedged), (read, each.read_in)):
            for reason in reasons:
                side = "against" if reason in each.against else "for"
                grounds = ", ".join(reason.link.grounds)
                several[f"'{reason.feature}' {side} the {each.term}, {grounds}"] = None
    return [
        f"Counted here, and {what}: {'; '.join(several)}."
        for what, several in (
            ("hedged by the source", hedged),
            ("read into the source by the curator", read),
        )
        if several
    ]


def declaration(found: ArrangementProfile) -> Iterator[str]:
    """Yield what is to be said of the models that the organisation says it follows."""
    for each in found.declared:
        against = (
            f"{_count(len(each.against), 'observed feature')} against it{_hedged(each.against)}"
            if each.against
            else ("nothing against it" if each.supporting or each.noted else "")
        )
        close = (
            "it is the closest"
            if each.is_closest and len(found.closest) == 1
            else (
                "it is one of the closest"
                if each.is_closest
                else "another comes closer"
                if found.closest
                else ""
            )
        )
        yield (
            f"Declared model: the {each.term} ({each.verdict.value}: {_MEANS[each.verdict]}); "
            f"{'; '.join(filter(None, (against, close))) or 'it can be compared with nothing yet'}."
        )
    for term in found.unknown_models:
        namespace = term.iri[: max(term.iri.rfind("#"), term.iri.rfind("/")) + 1] or term.iri
        yield (
            f"Declared model: {term}, of which the files given know no features: the extension that describes terms "
            f"in {namespace} is likely missing; give that file, too."
        )
    for named in found.arrangement.named:
        yield f"Declared model: {named}, which is none of the models described here."
    for name in found.arrangement.unlisted:
        yield (
            f"Declared model: {name!r}, which names no model, so that nothing is compared with it; correct the name "
            "in column declared_model, or write 'other: …' with words of your own."
        )
    if not any((found.arrangement.declared, found.arrangement.named, found.arrangement.unlisted)):
        yield f"Declared model: {found.arrangement.answer or 'not recorded'}."


def _hedged(reasons: Sequence[Reason]) -> str:
    """Return how many of some reasons the source hedges, as it stands after their number."""
    several = [reason for reason in reasons if reason.link.reserves]
    words = ", ".join(dict.fromkeys(word for reason in several for word in reason.link.reserves))
    some = f"{len(several)} of them " if len(several) < len(reasons) else ""
    return f" ({some}hedged by the source: {words})" if several else ""


def cautions(found: ArrangementProfile) -> Iterator[str]:
    """Yield what makes a reader doubt the records: those that disagree, and those of another time."""
    names = {reason.feature.iri: reason.feature for each in found.verdicts for reason in each.open}
    names.update({term.iri: term for term, _ in found.others})
    for iri, state in found.states.items():
        if state.status is Status.CONFLICTING and iri in names:
            unclear = len({each.moment for each in state.observations}) > 1
            yield (
                f"Records disagree{', and their dates do not tell which is later' if unclear else ''}, so that it "
                f"counts neither way: {names[iri]}, {_seen(state.status, state.observations)}."
                f"{' Give each of them a full date.' if unclear else ''}"
            )
    late = found.out_of_time
    if late:
        dates = f"{found.arrangement.starts or 'not said'} to {found.arrangement.ends or 'now'}"
        listed = "; ".join(f"{each.name} ({each.date.value})" for each in late)
        yield (
            f"Dated outside of the arrangement's own time ({dates}), and counted all the same: {listed}. "
            "Check which of the dates is right."
        )


def basis(found: ArrangementProfile) -> str:
    """Return on how much the verdicts rest."""
    assessed = sum(state.status.is_decided for state in found.states.values())
    text = f"{_count(assessed, 'feature')} assessed" if found.states else "Nothing observed"
    if found.period:
        first, last = found.period
        # A month is neither before nor after its own days.
        spans = is_later(last, first)
        text += (
            f", observed from {first} to {last}" if spans else f", observed {when(min(first, last, key=len))}"
        )
    if found.on:
        text += f"; as of {found.on}"
    if found.standing == "not begun":
        text += f"; the arrangement begins {when(found.arrangement.starts)} only"
    elif found.is_end_planned:
        text += f"; the arrangement is planned to end {when(found.arrangement.ends)}"
    elif found.standing:
        text += f"; the arrangement ended {when(found.arrangement.ends)}"
    return f"{text}."


def _reasons(verdict: ModelVerdict, markdown: bool) -> Iterator[str]:
    yield _point(f"Why {verdict.verdict.value} for the {verdict.term}", markdown)
    for title, reasons in (("For it", verdict.supporting), ("Against it", verdict.against)):
        if reasons:
            yield _point(f"{title}:", markdown, 2)
            yield from (_point(_reason(reason), markdown, 3) for reason in reasons)
    if verdict.verdict is Verdict.FULL and verdict.flagged:
        yield _point(
            f"Full all the same, and with what the model excludes: {_listed([r.feature for r in verdict.flagged])}.",
            markdown,
            2,
        )
    if verdict.noted:
        yield _point("Noted, and counted neither way:", markdown, 2)
        yield from (_point(_reason(reason), markdown, 3) for reason in verdict.noted)
    if verdict.open:
        yield _point("Not known:", markdown, 2)
        groups: dict[Status, list[Reason]] = {}
        for reason in verdict.open:
            groups.setdefault(reason.status, []).append(reason)
        for status, several in sorted(groups.items(), key=lambda item: item[0].value):
            names = "; ".join(f"{reason.feature} ({reason.link.role.value})" for reason in several)
            yield _point(f"{status.value}: {names}", markdown, 3)
    lacking = verdict.short_of_full
    if lacking and verdict.supporting:
        parts = "; ".join(f"{reason.feature} ({reason.status.value})" for reason in lacking)
        yield _point(f"{LACKING} {parts}.", markdown, 2)


def _reason(reason: Reason) -> str:
    text = f"{reason.feature} ({reason.link.role.value}): {_seen(reason.status, reason.state.observations)}"
    if reason.link.grounds:
        text += f"; rests on {', '.join(reason.link.grounds)}"
    if reason.link.shared_with:
        text += f"; not distinguishing, the {_listed(reason.link.shared_with)} has it, too"
    return text


def _seen(status: Status, observations: Sequence[Observation]) -> str:
    if not observations:
        return status.value
    parts = []
    for each in observations:
        said = [each.origin or each.name, f"{each.status.value} {when(each.date.value)}"]
        if each.confidence:
            said.append(f"{each.confidence} confidence")
        evidence = [f"{item}{f' ({item.locator})' if item.locator else ''}" for item in each.evidence]
        said.append(f"evidence: {'; '.join(evidence)}" if evidence else "no evidence given")
        parts.append(", ".join(said))
    return f"{status.value} ({' / '.join(parts)})"


def other_reasons(found: ArrangementProfile, shown: Sequence[ModelVerdict]) -> str:
    """Return how to see the reasons for models that are not shown; empty where all are."""
    names = [str(each.term).removesuffix(" model") for each in found.verdicts if each not in shown]
    if not names:
        return ""
    return f"For the reasons of another model ({', '.join(names)}) give --model, such as --model {shlex.quote(names[0])}."


def next_lines(found: ArrangementProfile) -> Iterator[str]:
    """Yield what to observe next, one line for each feature."""
    steps = found.next_steps
    if not steps:
        asked = dict.fromkeys(str(each.term) for each in (*found.closest, *found.declared))
        of = f"the {' and the '.join(asked)}" if asked else "all models that nothing speaks against"
        yield f"nothing more for {of}: every summary and excluded feature has been assessed"
        return
    for step in steps[:_SHOWN]:
        tells = "; ".join(f"{role.value} feature of the {model}" for model, role in step.tells)
        decides = "; it would tell the closest models apart" if step.decides else ""
        yield f"{step.feature} ({tells}{decides})"
    if len(steps) > _SHOWN:
        yield f"and {len(steps) - _SHOWN} more"


def _conditions(profile: Profile, markdown: bool) -> Iterator[str]:
    for condition in profile.conditions:
        if not condition.leanings:
            yield _point(f"{condition.term}: nothing recorded", markdown)
        for each in condition.leanings:
            tension = f"; reported tension: {each.tension}" if each.tension else ""
            yield _point(
                f"{condition.term}: {each.direction}, {_listed(each.of)} ({each.name}, {each.date}, "
                f"{each.confidence or 'no'} confidence){tension}",
                markdown,
            )
    for each in profile.positions:
        yield _point(
            f"between surviving and thriving: {each.direction}, {_listed(each.of)} ({each.name}, {each.date}, "
            f"{each.confidence or 'no'} confidence)",
            markdown,
        )
    if not profile.positions:
        yield _point("between surviving and thriving: nothing recorded", markdown)


def _listed(terms: Sequence[Iri]) -> str:
    return " and ".join(map(str, terms)) or "not said of whom"


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
