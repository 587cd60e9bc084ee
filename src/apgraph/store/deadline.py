"""Work with a time limit."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, TypeVar

from apgraph.errors import TimeLimitError

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Deadline", "within"]

T = TypeVar("T")


class Deadline:
    """Tells work that nobody waits for it any more.

    Args:
        seconds: When that is, from now; None: when another thread says so.

    >>> Deadline(60).check()
    >>> Deadline(0).check()
    Traceback (most recent call last):
        ...
    apgraph.errors.TimeLimitError: it is not finished within 0 s; give it more time (--timeout)
    """

    def __init__(self, seconds: float | None = None) -> None:
        self._over = threading.Event()
        self._seconds = seconds
        self._end = None if seconds is None else time.monotonic() + seconds

    def end(self) -> None:
        """Say so."""
        self._over.set()

    def check(self) -> None:
        """End the work that calls this, if nobody waits for it.

        Raises:
            TimeLimitError: Nobody does.
        """
        if self._over.is_set():
            raise TimeLimitError("the time limit is over")
        if self._end is not None and time.monotonic() >= self._end:
            raise TimeLimitError(
                f"it is not finished within {self._seconds:g} s; give it more time (--timeout)"
            )

    def left(self) -> float | None:
        """Return the seconds that are left; None: nobody has said how many."""
        return None if self._end is None else max(0.0, self._end - time.monotonic())


def within(
    seconds: float | None,
    work: Callable[[Deadline], T],
    *,
    late: str = "the query did not end within {} s; raise --timeout or narrow the query",
) -> T:
    """Run some work and give up on it after a while.

    Oxigraph has no way to stop a query, but lets other threads run meanwhile. So the work goes on in
    a daemon thread until it next looks at its deadline or the process ends.

    Args:
        seconds: The limit; None for none.
        work: What to do. It calls ``check`` of its argument whenever it can stop.
        late: What to say if it did not, with {} for the seconds.

    Raises:
        TimeLimitError: The limit is over.

    >>> within(5, lambda deadline: 1 + 1)
    2
    """
    deadline = Deadline()
    if seconds is None:
        return work(deadline)
    results: list[T] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            results.append(work(deadline))
        except BaseException as error:  # noqa: BLE001 (it is raised again in the thread that waits)
            # The frames of its traceback hold answers of Oxigraph's, which must end in the thread they are from.
            error.__context__ = None
            errors.append(error.with_traceback(None))

    thread = threading.Thread(target=run, name="apgraph-query", daemon=True)
    thread.start()
    try:
        thread.join(seconds)
    finally:
        deadline.end()
    if results:
        return results[0]
    if errors:
        raise errors[0]
    raise TimeLimitError(late.format(f"{seconds:g}"))
