"""What a comparison sets side by side: arrangements, each as of one date, under titles that tell them apart."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from apgraph.errors import InputError
from apgraph.profiles.judging import profile, profiles
from apgraph.profiles.moments import moment_of

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Sequence

    from apgraph.lexicon import Lexicon
    from apgraph.profiles.profile import ArrangementProfile, Profile
    from apgraph.store import Store

__all__ = ["Column", "at_its_end", "columns_of"]


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """One arrangement as of one date, with the case that it is part of.

    Attributes:
        title: The arrangement and the date, after the organisation where several stand side by side.
        on: The date; None for all observations.
        case: The case.
        arrangement: The arrangement.
    """

    title: str
    on: str | None
    case: Profile
    arrangement: ArrangementProfile

    @property
    def organisation(self) -> str:
        """Who runs the arrangement; the case where nobody is named."""
        named = " and ".join(map(str, self.arrangement.arrangement.organisations))
        return named or self.case.label or self.case.case


def columns_of(
    store: Store,
    lexicon: Lexicon,
    cases: Sequence[str],
    *,
    on: Sequence[str],
    over_time: bool,
    day: datetime.date,
) -> tuple[tuple[Column, ...], tuple[Column, ...]]:
    """Return what stands side by side, and what is left out since it has ended and something else has followed.

    The arguments are those of :func:`apgraph.profiles.comparison.compare`.

    Raises:
        UnknownNameError: There is no such case.
        InputError: A date is none, or there are not at least two columns.
    """

    def found(date: str | None) -> tuple[Profile, ...]:
        if cases:
            return tuple(profile(store, lexicon, name, on=date, day=day) for name in cases)
        return profiles(store, lexicon, on=date, day=day)

    if over_time and on:
        raise InputError("give dates or ask for all years, not both")
    dates: Sequence[str | None] = on or (None,)
    if over_time:
        dates = sorted(
            {
                each.moment[:4]
                for case in found(None)
                for arrangement in case
                for state in arrangement.states.values()
                for each in (*state.observations, *state.earlier)
            }
        )
    made = [
        Column(f"{arrangement.term}{f' ({date})' if date else ''}", date, case, arrangement)
        for date in dates
        for case in found(date)
        for arrangement in case
        # An arrangement has no column for a year in which it did not run.
        if not (len(dates) > 1 and (arrangement.standing == "not begun" or not arrangement.states))
        and not (len(dates) > 1 and date and arrangement.standing == "ended" and over_time)
    ]
    # Who names a case and an arrangement of it, or a date twice, means one column.
    # The one with the fewest arrangements beside it counts: who names an arrangement wants it, ended or not.
    made.sort(key=lambda each: -len(each.case))
    columns = list({(each.arrangement.term.iri, each.on): each for each in made}.values())
    left_out: list[Column] = []
    if len(columns) < 2 or (on and not any(column.arrangement.states for column in columns)):
        raise InputError(_nothing(columns, on, found(None)))
    if len({column.case.case for column in columns}) > 1 and dates == (None,):
        # Of several cases, what holds now is compared; what has ended stays where nothing has followed it.
        running = {id(column.case) for column in columns if not column.arrangement.standing}
        left_out = [each for each in columns if each.arrangement.standing and id(each.case) in running]
        columns = [each for each in columns if each not in left_out]
    for several in (columns, left_out):
        several.sort(key=lambda each: (each.case.case, each.arrangement.arrangement.starts, each.on or ""))
    return _titled(columns), tuple(left_out)


def _titled(columns: Sequence[Column]) -> tuple[Column, ...]:
    """Put before a title who runs the arrangement, and after it whatever else is needed to tell one from another."""
    if len({column.organisation for column in columns}) > 1:
        columns = [replace(column, title=f"{column.organisation}: {column.title}") for column in columns]
    further: tuple[Callable[[Column], str], ...] = (
        lambda column: f"case {column.case.case}" if column.case.case else "",
        lambda column: column.arrangement.arrangement.row,
        lambda column: column.arrangement.term.curie,
    )
    for more in further:
        alike = defaultdict(set)
        for column in columns:
            alike[column.title].add(more(column))
        columns = [
            replace(column, title=f"{column.title}, {more(column)}")
            if len(alike[column.title]) > 1 and more(column)
            else column
            for column in columns
        ]
    return tuple(columns)


def _nothing(columns: Sequence[Column], on: Sequence[str], found: Sequence[Profile]) -> str:
    """Return why there is nothing to compare, and what would give something."""
    periods = [each.period for case in found for each in case if each.period]
    if on and periods:
        first, last = min(start for start, _ in periods), max(end for _, end in periods)
        only = f"only {columns[0].title!r}" if columns and columns[0].arrangement.states else "nothing"
        return (
            f"as of {' and '.join(on)}, {only} has been observed; observations run from {first} to {last}: "
            "give two dates in that time with --on, or --over-time"
        )
    return "there are not two things to compare; give two cases, two dates with --on, or --over-time"


def at_its_end(store: Store, lexicon: Lexicon, column: Column) -> Column:
    """Return a column as of the end of its arrangement: what was observed later is not of its time."""
    if column.on is not None or column.arrangement.standing != "ended":
        return column
    end = moment_of(column.arrangement.arrangement.ends)
    return replace(
        column, case=profile(store, lexicon, column.arrangement.term.iri, on=end, day=column.case.date)
    )
