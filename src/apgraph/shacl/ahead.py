"""Work done ahead of those who want it, in several threads: the queries of one validation do not wait for each other."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Sequence

__all__ = ["ahead"]

T = TypeVar("T")


class _Job(Generic[T]):
    """One piece of work, and what came of it."""

    def __init__(self, work: Callable[[], T]) -> None:
        self._work = work
        self._ended = threading.Event()
        self._results: list[T] = []
        self._error: Exception | None = None

    def do(self) -> None:
        """Do it."""
        try:
            self._results.append(self._work())
        except Exception as error:  # noqa: BLE001 (it is raised where the result is wanted)
            self._error = error.with_traceback(None)
        finally:
            self._ended.set()

    def result(self) -> T:
        """Wait for the result, and give it away."""
        self._ended.wait()
        if self._error is not None:
            raise self._error
        return self._results.pop()


@contextmanager
def ahead(works: Sequence[Callable[[], T]], threads: int) -> Generator[Iterator[Callable[[], T]]]:
    """Do pieces of work in several threads; give for each, in order, what returns its result, once, or raises.

    When the context ends, no further piece is begun. One that is under way goes on in a daemon thread, since a query
    can't be stopped.

    >>> with ahead([lambda: 1 + 1, lambda: 2 + 2], 2) as results:
    ...     [result() for result in results]
    [2, 4]
    """
    if threads < 2:
        yield iter(works)
        return
    jobs = [_Job(work) for work in works]
    left = iter(jobs)
    over = threading.Event()

    def run() -> None:
        # Threads may share an iterator over a list: each job goes to one of them.
        for job in left:
            if over.is_set():
                return
            job.do()

    for _ in range(min(threads, len(jobs))):
        threading.Thread(target=run, name="apgraph-check", daemon=True).start()
    try:
        yield (job.result for job in jobs)
    finally:
        over.set()
