"""Work that goes on beside the caller, until somebody needs what it does."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Background"]


class Background:
    """Work in a thread of its own, which the end of the process waits for.

    It gains time where the work leaves other threads run, as Oxigraph's reading of files does.

    Args:
        work: What to do.

    >>> done = []
    >>> Background(lambda: done.append(1)).wait()
    >>> done
    [1]
    """

    def __init__(self, work: Callable[[], None]) -> None:
        self._work = work
        self._error: BaseException | None = None
        _running.add(self)
        self._thread = threading.Thread(target=self._run, name="apgraph-reading")
        self._thread.start()

    def join(self) -> None:
        """Wait for the end of the work."""
        self._thread.join()

    def wait(self) -> None:
        """Wait for the end of the work, and raise what it raised, each time."""
        self.join()
        if self._error is not None:
            raise self._error

    def _run(self) -> None:
        try:
            self._work()
        except BaseException as error:  # noqa: BLE001 (it is raised in whichever thread waits)
            self._error = error.with_traceback(None)
        finally:
            _running.discard(self)


_running: Final[set[Background]] = set()


def _settle() -> None:
    # A fork copies what is half done, and not the thread that does it.
    for each in tuple(_running):
        each.join()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_settle)
