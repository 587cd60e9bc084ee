"""Profiles made of what a store holds: each arrangement is judged by each model, all of them from a fixed number of queries."""

from __future__ import annotations

import gc
from collections import defaultdict
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from apgraph.errors import InputError
from apgraph.lexicon import curie
from apgraph.profiles.conditions import read_leanings
from apgraph.profiles.models import Models, read_models
from apgraph.profiles.moments import moment
from apgraph.profiles.naming import scope_of
from apgraph.profiles.profile import ArrangementProfile, Profile
from apgraph.profiles.reading import Scope, read_records
from apgraph.profiles.records import Unused
from apgraph.profiles.verdict import Judge, closest, state_of
from apgraph.questions.citation import Basis, revision_of
from apgraph.questions.inquiry import today

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Iterator, Sequence

    from apgraph.lexicon import Lexicon
    from apgraph.profiles.records import Arrangement
    from apgraph.store import Store

__all__ = ["profile", "profiles"]

_ALL: Final = Scope()


def profiles(
    store: Store,
    lexicon: Lexicon,
    *,
    scope: Scope = _ALL,
    on: str | None = None,
    origins: Callable[[str], str | None] | None = None,
    day: datetime.date | None = None,
) -> tuple[Profile, ...]:
    """Return the profiles of many cases, from a fixed number of queries.

    Args:
        store: Where framework and cases are.
        lexicon: Names of the terms.
        scope: Which arrangements; all by default.
        on: Count observations up to this day, month or year; all by default.
        origins: Gives file, sheet and cell of an observation, where they are known.
        day: The day of the run, by which arrangements have ended or not; today by default.

    Returns:
        One profile for each case, in the order of their identifiers.

    Raises:
        InputError: The date is none, or the store has no models.
    """
    on = None if on is None else moment(on)
    basis, date = Basis(store, revision_of(store)), day or today()
    models = read_models(store, lexicon)
    if not models.models:
        raise InputError(
            "there are no deployment models in this graph; put them there with Graph.load_framework()"
        )
    with _collector_paused():
        records = read_records(store, scope, origins=origins)
        judges = [Judge(model) for model in models.models]
        of_models = {link.feature.iri for model in models.models for link in model.links}
        of_case: defaultdict[str, list[ArrangementProfile]] = defaultdict(list)
        for arrangement in records.arrangements:
            of_case[arrangement.record].append(_judged(arrangement, models, judges, of_models, on, date))
        narrowed = scope.records is not None or scope.arrangements is not None
        leanings = read_leanings(store, lexicon, sorted(filter(None, of_case)) if narrowed else None, on)
        made = []
        for record, arrangements in of_case.items():
            case, label = records.cases.get(record, ("", ""))
            made.append(
                Profile(
                    case,
                    label,
                    on,
                    tuple(arrangements),
                    leanings.of_case(record),
                    leanings.positions.get(record, ()),
                    basis,
                    date,
                )
            )
    return tuple(sorted(made, key=lambda each: (each.case, each.label)))


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Pause the cyclic garbage collector: hundreds of thousands of records, none in a cycle, would be walked again and again."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def profile(
    store: Store,
    lexicon: Lexicon,
    name: str | None = None,
    *,
    on: str | None = None,
    origins: Callable[[str], str | None] | None = None,
    day: datetime.date | None = None,
) -> Profile:
    """Return the profile of one case, or of one arrangement.

    Args:
        store: Where framework and cases are.
        lexicon: Names of the terms.
        name: Identifier or label of a case, label of an organisation, or label, row, short name or IRI of an
            arrangement; the only case where it is not given.
        on: Count observations up to this day, month or year; all by default.
        origins: Gives file, sheet and cell of an observation, where they are known.
        day: The day of the run; today by default.

    Raises:
        UnknownNameError: There is no such case or arrangement.
        InputError: The name fits several, or none was given and there is not exactly one case.
    """
    scope = scope_of(store, name)
    found = profiles(store, lexicon, scope=scope, on=on, origins=origins, day=day)
    if not found and name is None:
        # The case has no arrangement, but some may lie outside of it.
        found = profiles(store, lexicon, on=on, origins=origins, day=day)
    if not found:
        raise InputError(
            f"{'the data' if name is None else f'case {name!r}'} has no deployment arrangement; describe one on sheet "
            "Arrangements, or as apg:DeploymentArrangement"
        )
    return found[0]


def _judged(
    arrangement: Arrangement,
    models: Models,
    judges: Sequence[Judge],
    of_models: set[str],
    on: str | None,
    day: datetime.date,
) -> ArrangementProfile:
    states = {iri: state_of(several, on) for iri, several in arrangement.observations.items()}
    judged = [each.judge(states) for each in judges]
    near = closest(judged)
    others = tuple(
        (models.features[iri], states[iri])
        for iri in sorted(states.keys() - of_models)
        if iri in models.features and states[iri].observations
    )
    return ArrangementProfile(
        arrangement,
        on,
        day.isoformat(),
        {iri: state for iri, state in states.items() if state.observations},
        tuple(replace(each, is_closest=True) if each in near else each for each in judged),
        others,
        (*arrangement.unused, *_of_unknown_features(arrangement, models)),
    )


def _of_unknown_features(arrangement: Arrangement, models: Models) -> tuple[Unused, ...]:
    return tuple(
        Unused(each.name, f"its feature {curie(iri)} is not described anywhere")
        for iri, several in sorted(arrangement.observations.items())
        if iri not in models.features
        for each in several
    )
