"""Dates as case data gives them: a day, a month or a year, compared as far as both go."""

from __future__ import annotations

import re
from typing import Final

from apgraph.errors import InputError

__all__ = ["MOMENT", "is_later", "moment", "moment_of", "when"]

MOMENT: Final = "^([0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?)(Z|[+-][0-9][0-9]:[0-9][0-9])?$"
"""A regular expression for such dates, in the syntax that SPARQL and Python share; group 1 leaves out the time zone."""

_MOMENT: Final = re.compile(MOMENT)


def moment_of(text: str) -> str | None:
    """Return a date without its time zone, or None where the text is not a date.

    >>> moment_of("2024-05-17"), moment_of("2024-05Z"), moment_of("last spring")
    ('2024-05-17', '2024-05', None)
    """
    match = _MOMENT.match(text)
    return match[1] if match else None


def moment(text: str) -> str:
    """Return the date that a reader gave.

    Raises:
        InputError: It is no date.

    >>> moment(" 2024-05 ")
    '2024-05'
    """
    found = moment_of(text.strip())
    if found is None:
        # What reads cells knows many forms; a program's argument has one, so that it means one thing.
        from apgraph.cases.dates import date_text, why_no_date

        meant = date_text(text.strip())
        raise InputError(
            f"{text!r} has another form than a date here; write {meant}"
            if meant
            else why_no_date(text.strip())
        )
    return found


def when(date: str) -> str:
    """Return a date as a sentence has it.

    >>> when("2024-05-17"), when("2024-05"), when("2024Z")
    ('on 2024-05-17', 'in 2024-05', 'in 2024Z')
    """
    known = moment_of(date)
    return f"{'on' if known is None or len(known) == 10 else 'in'} {date}"


def is_later(one: str, other: str) -> bool:
    """Tell whether one date is certainly after the other: a year is neither before nor after its own months.

    >>> is_later("2024-05-17", "2023"), is_later("2024", "2024-05-17"), is_later("2024-05-17", "2024")
    (True, False, False)
    """
    size = min(len(one), len(other))
    return one[:size] > other[:size]
