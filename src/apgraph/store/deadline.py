"""Work with a time limit."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, TypeVar

from apgraph.errors import TimeLimitError

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Deadline", "within"]

T = TypeVar("T")


class Deadline:
    """Tells work that runs in another thread that nobody waits for it any more."""

    def __init__(self) -> None:
        self._over = threading.Event()

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


def within(seconds: float | None, work: Callable[[Deadline], T]) -> T:
    """Run some work and give up on it after a while.

    Oxigraph has no way to stop a query, but lets other threads run meanwhile. So the work goes on in
    a daemon thread until it next looks at its deadline or the process ends.

    Args:
        seconds: The limit; None for none.
        work: What to do. It calls ``check`` of its argument whenever it can stop.

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
    raise TimeLimitError(f"the query did not end within {seconds:g} s; raise --timeout or narrow the query")
