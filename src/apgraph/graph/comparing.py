"""Cases beside the deployment models, and beside one another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apgraph import arguments
from apgraph.graph.held import Held

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from apgraph.profiles import Profile
    from apgraph.profiles.comparison import Comparison

__all__ = ["Comparing"]


class Comparing(Held):
    """The part of :class:`apgraph.graph.Graph` that compares."""

    def profile(self, case: str | None = None, *, on: str | None = None) -> Profile:
        """Return which deployment models and conditions a case shows, with the observations for and against.

        Args:
            case: Identifier of the case, label of it or of its organisation; or label, row, short name or IRI of one
                arrangement. The only case where it is not given.
            on: Count observations up to this day, month or year; all by default.

        Raises:
            UnknownNameError: There is no such case or arrangement.
            InputError: The name fits several, or the date is none.
        """
        from apgraph.profiles import profile

        name = None if case is None else arguments.text(case, "the case", "riverside")
        day = None if on is None else arguments.text(on, "the date", "2023-07-31")
        self._require_framework()
        return profile(self._store, self._lexicon, name, on=day, origins=self._cells())

    def profiles(self, *, on: str | None = None) -> tuple[Profile, ...]:
        """Return the profiles of all cases, in one pass.

        Args:
            on: Count observations up to this day, month or year; all by default.

        Raises:
            InputError: The date is none.
        """
        from apgraph.profiles import profiles

        day = None if on is None else arguments.text(on, "the date", "2023-07-31")
        self._require_framework()
        return profiles(self._store, self._lexicon, on=day, origins=self._cells())

    def _cells(self) -> Callable[[str], str | None] | None:
        """Return what names the cell of an observation's status, where a workbook or tables were read."""
        from apgraph.cases.places import CellPlaces
        from apgraph.vocabulary import apg

        books = [places for places in self.places().values() if isinstance(places, CellPlaces)]
        if not books:
            return None

        def cell(iri: str) -> str | None:
            found = (book.cell_of(iri, apg.hasStatus) for book in books)
            return next((str(origin) for origin in found if origin is not None), None)

        return cell

    def compare(self, *cases: str, on: Sequence[str] = (), over_time: bool = False) -> Comparison:
        """Set arrangements side by side: features, conditions, and findings that they support or speak against.

        Args:
            cases: Which cases, as in :meth:`profile`; all by default.
            on: Dates; each arrangement is shown as of each of them.
            over_time: Show each arrangement at the end of every year with observations.

        Raises:
            UnknownNameError: There is no such case.
            InputError: A date is none, or there is nothing to compare.
        """
        from apgraph.profiles.comparison import compare

        names = arguments.texts(cases, "the cases", "riverside")
        days = arguments.texts(on, "the dates", "2023-07-31")
        self._require_framework()
        return compare(self._store, self._lexicon, names, on=days, over_time=over_time)
