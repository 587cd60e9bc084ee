"""The roll of the cases in a store: which there are, and in which graphs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apgraph.cases.records import stored_cases

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from apgraph.cases.records import CaseRecord
    from apgraph.store import Store

__all__ = ["Roll"]


class Roll:
    """The cases in a store, kept while many files are loaded: to look through all of them for each takes ever longer.

    Args:
        store: The store.

    >>> from apgraph.store import OxigraphStore
    >>> roll = Roll(OxigraphStore())
    >>> roll.call()
    >>> roll.elsewhere("riverside", "urn:g")
    ()
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._graphs: dict[str, set[str]] = {}
        self._revision: object = None

    def call(self) -> None:
        """Read which cases there are, unless that is known."""
        revision = self._present()
        if revision is None or revision != self._revision:
            self._graphs = {}
            self._note(stored_cases(self._store))

    def enter(self, graphs: Sequence[str]) -> None:
        """Note the cases of graphs that came in, where nothing else has changed since the roll was called."""
        self._note(stored_cases(self._store, graphs))

    def elsewhere(self, case: str, graph: str) -> tuple[str, ...]:
        """Return the other graphs than one that a case is in."""
        return tuple(sorted(self._graphs.get(case, set()) - {graph}))

    def _note(self, records: Iterable[CaseRecord]) -> None:
        for record in records:
            self._graphs.setdefault(record.id, set()).add(record.graph)
        self._revision = self._present()

    def _present(self) -> object:
        return getattr(self._store, "asserted_revision", None)
