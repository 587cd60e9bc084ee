"""A sign of life for work that takes longer than two seconds, for those who watch."""

from __future__ import annotations

import sys
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

__all__ = ["working"]

_QUIET: Final = 2.0
_CLEAR: Final = "\r\x1b[2K"


@contextmanager
def working(what: str) -> Generator[Callable[[str], None]]:
    """Show on a terminal what is being done and for how long, once it has taken two seconds.

    Nothing is written where standard error is not a terminal. What is yielded takes another text to show.
    """
    shown = [what]

    def say(text: str) -> None:
        shown[0] = text

    if not sys.stderr.isatty():
        yield say
        return
    done = threading.Event()
    started = time.monotonic()

    def show() -> None:
        if done.wait(_QUIET):
            return
        while True:
            sys.stderr.write(f"{_CLEAR}{shown[0]} ({time.monotonic() - started:.0f} s)")
            sys.stderr.flush()
            if done.wait(1.0):
                sys.stderr.write(_CLEAR)
                sys.stderr.flush()
                return

    shower = threading.Thread(target=show, daemon=True)
    shower.start()
    try:
        yield say
    finally:
        done.set()
        shower.join(1.0)
