"""Dates as people type them: read where they can be, and explained where they can't."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta
from typing import Final

__all__ = ["date_text", "why_no_date"]

_ISO_DAY: Final = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]00:00(?::00(?:\.0+)?)?)?")
_ISO_MONTH: Final = re.compile(r"(\d{4})-(\d{1,2})")
_YEAR_ALONE: Final = re.compile(r"\d{4}")
_BRITISH_DAY: Final = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})(?: 00:00(?::00)?)?")
_BRITISH_MONTH: Final = re.compile(r"(\d{1,2})/(\d{4})")
_IN_WORDS: Final = re.compile(r"(?:(\d{1,2})(?:st|nd|rd|th)?[ -])?([A-Za-z]{3,9})\.?,?[ -](\d{4})")
_MONTHS: Final = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)

_WITH_TIME: Final = re.compile(r"(.*\d)(?:T|,? )\d{1,2}[:.]\d{2}.*")
_SERIAL: Final = re.compile(r"([1-9]\d{4})(?:\.\d+)?")
_DIGITS: Final = re.compile(r"(\d{4})(\d{2})(\d{2})")
_YEAR_FIRST: Final = re.compile(r"(\d{4})([-/. ])(\d{1,2})\2(\d{1,2})")
_YEAR_LAST: Final = re.compile(r"(\d{1,2})([-/. ])(\d{1,2})\2(\d{4}|\d{2})")
_SPAN: Final = re.compile(r"(\d{4}) ?[-/\u2013] ?(?:\d{2})?(\d{2})")
_MONTH_NUMBER: Final = re.compile(r"(?P<month>\d{1,2})[-/. ](?P<year>\d{4})|(?P<y>\d{4})[-/. ](?P<m>\d{1,2})")
_SHORT_WORDS: Final = re.compile(r"(.*[A-Za-z].*[ '\u2019-])(\d{2})")
_SOME_YEAR: Final = re.compile(r"\b(?:19|20)\d\d\b")
_DAY_NOUGHT: Final = date(1899, 12, 30)
"""The day from which spreadsheets count, unless they are told to count from 1904."""


def date_text(text: str) -> str | None:
    """Return a date as XML Schema writes it, or None where the text is none.

    Days come in the British order, as spreadsheets in Britain write them.

    >>> [date_text(t) for t in ("2021-05-14", "14/05/2021", "May 2021", "3 September 2021", "2021", "soon")]
    ['2021-05-14', '2021-05-14', '2021-05', '2021-09-03', '2021', None]
    """
    if _YEAR_ALONE.fullmatch(text):
        return text if text != "0000" else None
    if match := _ISO_DAY.fullmatch(text):
        return _day(match[1], match[2], match[3])
    if match := _BRITISH_DAY.fullmatch(text):
        return _day(match[3], match[2], match[1])
    if match := _ISO_MONTH.fullmatch(text):
        return _day(match[1], match[2], None)
    if match := _BRITISH_MONTH.fullmatch(text):
        return _day(match[2], match[1], None)
    if match := _IN_WORDS.fullmatch(text):
        month = _month(match[2])
        return _day(match[3], str(month), match[1]) if month else None
    return None


def _day(year: str, month: str, day: str | None) -> str | None:
    try:
        found = date(int(year), int(month), int(day or 1))
    except ValueError:
        return None
    return found.isoformat() if day else found.isoformat()[:7]


def _month(name: str) -> int:
    """Return the number of a month by the beginning of its name; 0 for none."""
    return next((at for at, month in enumerate(_MONTHS, 1) if month.startswith(name.lower())), 0)


def why_no_date(text: str) -> str:
    """Return why a text is no date, what was read in it, and what to write.

    Args:
        text: A text that :func:`date_text` does not read.

    >>> print(why_no_date("05/14/2021"))
    '05/14/2021' has no month 14: the day comes first here, then the month. Write 2021-05-14, if 14 May 2021 is meant.
    >>> print(why_no_date("31/02/2021"))
    '31/02/2021' is a day that does not exist: February 2021 has 28 days. Write the right day, or 2021-02 for the month.
    >>> print(why_no_date("44330"))
    '44330' is a number. A spreadsheet counts days like that, and would mean 2021-05-14. Write that, if it is right.
    """
    return f"{text!r} {_reason(text)}"


def _reason(text: str) -> str:
    if (match := _WITH_TIME.fullmatch(text)) and (found := date_text(match[1])):
        return f"has a time of day, and only the date is asked for. Write {found}."
    if match := _SERIAL.fullmatch(text):
        found = (_DAY_NOUGHT + timedelta(days=int(match[1]))).isoformat()
        return f"is a number. A spreadsheet counts days like that, and would mean {found}. Write that, if it is right."
    if (match := _DIGITS.fullmatch(text)) and (found := _day(match[1], match[2], match[3])):
        return f"has no hyphens between year, month and day. Write {found}."
    if match := _YEAR_FIRST.fullmatch(text):
        return _numbers(match[1], match[3], match[4], order="the year comes first, then the month")
    if match := _YEAR_LAST.fullmatch(text):
        return _numbers(match[4], match[3], match[1], order="the day comes first here, then the month")
    if (match := _SPAN.fullmatch(text)) and (int(match[1]) + 1) % 100 == int(match[2]):
        return (
            "covers two years. Write the year or the month in which it was, such as "
            f"{match[1]} or {match[1]}-11."
        )
    if match := _MONTH_NUMBER.fullmatch(text):
        year, month = match["year"] or match["y"], match["month"] or match["m"]
        found = _day(year, month, None)
        if found:
            return f"has other marks between its numbers than a date. Write {found}."
        return f"has no month {int(month)}. Write a year and a month, such as {year}-05, or {year} alone."
    return _words(text)


def _numbers(year: str, month: str, day: str, *, order: str) -> str:
    """Return why three numbers are no date."""
    short = len(year) == 2
    year = f"20{year}" if short else year
    found = _day(year, month, day)
    if found:
        what = "a year of two digits" if short else "other marks between its numbers than a date"
        return f"has {what}. Write {found}, if {_said(found)} is meant."
    if int(month) > 12 and (found := _day(year, day, month)):
        return f"has no month {int(month)}: {order}. Write {found}, if {_said(found)} is meant."
    if not 0 < int(month) <= 12:
        return f"has no month {int(month)}: {order}. Write a date such as {year}-05-14."
    return _no_such_day(int(year), int(month))


def _no_such_day(year: int, month: int) -> str:
    if not year:
        return "has no year. Write a date such as 2021-05-14."
    days = monthrange(year, month)[1]
    return (
        f"is a day that does not exist: {_MONTHS[month - 1].title()} {year} has {days} days. "
        f"Write the right day, or {year:04}-{month:02} for the month."
    )


def _words(text: str) -> str:
    """Return why words are no date."""
    if (match := _IN_WORDS.fullmatch(text)) and (month := _month(match[2])):
        return _no_such_day(int(match[3]), month)
    if (match := _SHORT_WORDS.fullmatch(text)) and (
        found := date_text(f"{match[1].rstrip(chr(39) + chr(0x2019) + '- ')} 20{match[2]}")
    ):
        return f"has a year of two digits. Write {found}, if {_said(found)} is meant."
    years = _SOME_YEAR.findall(text)
    if len(set(years)) == 1:
        return f"has a year, and no day or month that can be read. Write {years[0]}, or a month such as {years[0]}-11."
    return "is not a date such as 2021-05-14, 2021-05 or 2021. Write it like one of these."


def _said(found: str) -> str:
    year, month, *day = found.split("-")
    name = f"{_MONTHS[int(month) - 1].title()} {year}"
    return f"{int(day[0])} {name}" if day else name
