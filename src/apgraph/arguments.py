"""Arguments of the Python interface: each is of the kind that it has to be, or one line says so."""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterable, Mapping
from os import PathLike, fspath
from pathlib import Path

from apgraph.errors import UsageError

__all__ = ["day", "names", "place", "places", "result", "results", "seconds", "text", "texts"]


def _wrong(value: object, what: str, wanted: str) -> UsageError:
    shown = repr(value)
    if len(shown) > 60:
        shown = f"{shown[:57]}..."
    return UsageError(f"{what} is {shown} ({type(value).__name__}); give {wanted}")


def text(value: object, what: str, example: str) -> str:
    """Return a text.

    Args:
        value: What was given.
        what: What it is meant to be.
        example: A text that would do.

    Raises:
        UsageError: It is no text.

    >>> text(2023, "the date", "2023")
    Traceback (most recent call last):
    apgraph.errors.UsageError: the date is 2023 (int); give a text, such as '2023'
    """
    if not isinstance(value, str):
        raise _wrong(value, what, f"a text, such as {example!r}")
    return value


def texts(values: object, what: str, example: str) -> tuple[str, ...]:
    """Return several texts; one alone is no list of its letters.

    Raises:
        UsageError: They are not several texts.

    >>> texts(["2022", "2023"], "the dates", "2023")
    ('2022', '2023')
    """
    if isinstance(values, str | bytes | Mapping) or not isinstance(values, Iterable):
        raise _wrong(values, what, f"a list of texts, such as [{example!r}]")
    return tuple(text(value, f"one of {what}", example) for value in values)


def place(value: object, what: str) -> Path:
    """Return the name of a file or folder.

    Raises:
        UsageError: It is no text and no path, or empty.

    >>> place("", "the folder")
    Traceback (most recent call last):
    apgraph.errors.UsageError: the folder has an empty name; give the name of a file or folder
    """
    if isinstance(value, PathLike):
        value = fspath(value)
    elif value == "":
        raise UsageError(f"{what} has an empty name; give the name of a file or folder")
    if not isinstance(value, str):
        raise _wrong(value, what, "the name of a file or folder, as text or as a path")
    return Path(value)


def places(values: object, what: str) -> tuple[Path, ...]:
    """Return the names of several files or folders, or of one.

    Raises:
        UsageError: They are no such names.

    >>> places("shapes.ttl", "the shapes") == places(["shapes.ttl"], "the shapes")
    True
    """
    if isinstance(values, str | PathLike):
        return (place(values, what),)
    if isinstance(values, bytes | Mapping) or not isinstance(values, Iterable):
        raise _wrong(values, what, "a list of names of files or folders")
    return tuple(place(value, f"one of {what}") for value in values)


def names(values: object, what: str) -> tuple[str, ...]:
    """Return what several files, folders, stores or services are called, or one of them.

    Raises:
        UsageError: They are no names.

    >>> names(Path("a.ttl"), "the data"), names(["http://x/y"], "the data")
    (('a.ttl',), ('http://x/y',))
    """
    several = (values,) if isinstance(values, str | PathLike) else values
    if isinstance(several, bytes | Mapping) or not isinstance(several, Iterable):
        raise _wrong(values, what, "a list of names of files or folders")
    plain = (fspath(value) if isinstance(value, PathLike) else value for value in several)
    return tuple(text(value, f"one of {what}", "college.ttl") for value in plain)


def day(value: object, what: str) -> datetime.date:
    """Return a day.

    Raises:
        UsageError: It is none.

    >>> day("2024-01-01", "the day")
    Traceback (most recent call last):
    apgraph.errors.UsageError: the day is '2024-01-01' (str); give a day, such as datetime.date(2024, 7, 31)
    """
    if isinstance(value, datetime.datetime):
        return value.date()
    if not isinstance(value, datetime.date):
        raise _wrong(value, what, "a day, such as datetime.date(2024, 7, 31)")
    return value


def seconds(value: object, what: str = "the time limit") -> float:
    """Return a number of seconds.

    Raises:
        UsageError: It is no number, or below nought.

    >>> seconds(-1)
    Traceback (most recent call last):
    apgraph.errors.UsageError: the time limit is -1 (int); give a number of seconds, such as 30
    """
    if isinstance(value, bool) or not isinstance(value, int | float) or math.isnan(value) or value < 0:
        raise _wrong(value, what, "a number of seconds, such as 30")
    return value


def result(value: object, kind: str, source: str) -> None:
    """Check that something is a result of ours, by the name of its class: the class is not loaded for it.

    Args:
        value: What was given.
        kind: The class, in small letters.
        source: What returns such results.

    Raises:
        UsageError: It is none.
    """
    if type(value).__name__.lower() != kind:
        raise UsageError(f"{value!r:.60} is no {kind}; give what {source} returns")


def results(values: object, kind: str, source: str) -> None:
    """Check that something is a list of results of ours; see :func:`result`.

    Raises:
        UsageError: It is none.
    """
    if isinstance(values, str | bytes | Mapping) or not isinstance(values, Iterable):
        raise UsageError(f"{values!r:.60} is no list of {kind}s; give what {source} returns")
    for value in values:
        result(value, kind, source)
