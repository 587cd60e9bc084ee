"""The minimal proofs of a row, derived again from the query that gave it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from apgraph.errors import NotFinishedError
from apgraph.questions.algebra import Evaluation
from apgraph.questions.citation import revision_of
from apgraph.questions.expressions import same_value
from apgraph.questions.facts import Facts
from apgraph.questions.proofs import Limits, Proofs, either
from apgraph.sparql import bind, with_prefixes
from apgraph.vocabulary import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from apgraph.store import Store, Term

__all__ = ["row_proofs"]


class _Kept:
    """Facts and evaluations of a store, kept while it does not change."""

    def __init__(self, store: Store, revision: object) -> None:
        self.revision = revision
        self.facts: Facts = Facts(store)
        self.evaluations: dict[str, Evaluation] = {}


_kept: WeakKeyDictionary[Store, _Kept] = WeakKeyDictionary()


def _evaluation(store: Store, query: str, limits: Limits) -> Evaluation:
    """Return an evaluation of the query, with what earlier rows have already fetched."""
    revision = revision_of(store)
    kept = _kept.get(store)
    if kept is None or kept.revision != revision:
        kept = _Kept(store, revision)
        _kept[store] = kept
    found = kept.evaluations.get(query)
    if found is None or found.limits.most != limits.most:
        if len(kept.evaluations) >= 8:
            kept.evaluations.clear()
        kept.evaluations[query] = found = Evaluation(query, kept.facts, limits)
    found.limits.steps = limits.steps
    return found


def row_proofs(
    store: Store,
    query: str,
    parameters: Mapping[str, Term],
    variables: Sequence[str],
    row: Sequence[Term | None],
    limits: Limits | None = None,
) -> tuple[Proofs, bool]:
    """Return the minimal proofs of a row, and whether these are all.

    Args:
        store: The graph.
        query: The query that gave the row.
        parameters: Values it was run with.
        variables: The query's columns.
        row: The row.
        limits: How much is followed.

    Raises:
        NotFinishedError: The row cannot be derived again, or only with too much work.
    """
    limits = limits or Limits()
    evaluation = _evaluation(store, bind(with_prefixes(query, PREFIXES), parameters), limits)
    wanted = dict(zip(variables, row, strict=True))
    try:
        solutions = evaluation.solutions({name: term for name, term in wanted.items() if term is not None})
    except RecursionError as error:
        raise NotFinishedError("the ways through the graph are too long to explain this row") from error
    found = [s for s in solutions if all(s.values.get(name) == term for name, term in wanted.items())]
    if not found:
        found = [s for s in solutions if all(same_value(s.values.get(n), t) for n, t in wanted.items())]
    if not found:
        # What a function put together (GROUP_CONCAT, SAMPLE) may come in another order; the rest has to agree.
        computed = evaluation.computed()
        rest = {name: term for name, term in wanted.items() if name not in computed}
        found = [s for s in solutions if all(same_value(s.values.get(n), t) for n, t in rest.items())]
    if not found:
        raise NotFinishedError("the row cannot be derived again; ask again if the data has changed since")
    proofs = either((s.proofs for s in found), evaluation.limits)
    return proofs, not evaluation.limits.cut
