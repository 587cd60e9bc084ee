"""Profiles: each arrangement of a case beside each deployment model, and the conditions that were observed."""

from __future__ import annotations

import gc
from collections import defaultdict
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from apgraph import arguments
from apgraph.errors import InputError, UnknownNameError
from apgraph.lexicon import curie, key, nearest
from apgraph.profiles.conditions import Condition, Leaning, read_leanings
from apgraph.profiles.models import Models, Role, read_models
from apgraph.profiles.moments import is_later, moment, moment_of
from apgraph.profiles.reading import Scope, read_records
from apgraph.profiles.records import Unused
from apgraph.profiles.verdict import Judge, ModelVerdict, State, Verdict, closest, state_of
from apgraph.questions import Iri
from apgraph.questions.citation import Basis, cite, revision_of
from apgraph.questions.inquiry import today
from apgraph.vocabulary import PREFIXES, apg

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from apgraph.lexicon import Lexicon
    from apgraph.profiles.records import Arrangement, Observation
    from apgraph.questions.citation import Citation
    from apgraph.store import Store

__all__ = ["RULE", "ArrangementProfile", "NextStep", "Profile", "cite_all", "profile", "profiles"]

RULE: Final = (
    "The verdicts follow rules of this project, not of the source: the source does not say which features make an "
    "arrangement one model or another, and weighs none. Counts are counts, not probabilities. What was not "
    "recorded is not known, and never taken as absent."
)
"""What every profile says of itself, for both tiers."""

_ALL: Final = Scope()


@dataclass(frozen=True, slots=True, eq=False)
class NextStep:
    """A feature that nobody has assessed and that would tell something.

    Attributes:
        feature: The feature.
        tells: What it is to which models.
        decides: Whether it would tell the closest models apart.
    """

    feature: Iri
    tells: tuple[tuple[Iri, Role], ...]
    decides: bool


@dataclass(frozen=True, slots=True, eq=False)
class ArrangementProfile:
    """One arrangement beside every model.

    Attributes:
        arrangement: The arrangement.
        on: The date up to which observations count; None for all.
        states: What is known of each feature that was recorded, by IRI.
        verdicts: One for each model.
        others: Features that were recorded and that no model has.
        unused: Observations that no verdict takes into account, and why.
    """

    arrangement: Arrangement
    on: str | None
    states: Mapping[str, State]
    verdicts: tuple[ModelVerdict, ...]
    others: tuple[tuple[Iri, State], ...]
    unused: tuple[Unused, ...]

    @property
    def term(self) -> Iri:
        """The arrangement's name."""
        return self.arrangement.term

    @property
    def closest(self) -> tuple[ModelVerdict, ...]:
        """The models that come closest; several where they tie, none where nothing speaks for any."""
        return tuple(each for each in self.verdicts if each.is_closest)

    @property
    def declared(self) -> tuple[ModelVerdict, ...]:
        """The verdicts on the models that the organisation says it follows."""
        return tuple(each for each in self.verdicts if each.term.iri in self.arrangement.declared)

    @property
    def unknown_models(self) -> tuple[Iri, ...]:
        """Models that the organisation says it follows and that no file given has features of."""
        known = {each.term.iri for each in self.verdicts}
        return tuple(Iri(iri, curie(iri), "") for iri in self.arrangement.declared if iri not in known)

    @property
    def out_of_time(self) -> tuple[Observation, ...]:
        """Latest observations dated before the arrangement began or after it ended; they count all the same."""
        starts, ends = moment_of(self.arrangement.starts), moment_of(self.arrangement.ends)
        return tuple(
            each
            for state in self.states.values()
            for each in state.observations
            if (starts and is_later(starts, each.moment)) or (ends and is_later(each.moment, ends))
        )

    @property
    def period(self) -> tuple[str, str] | None:
        """The dates of the first and the last observation that count."""
        moments = [
            each.moment for state in self.states.values() for each in (*state.observations, *state.earlier)
        ]
        return (min(moments), max(moments)) if moments else None

    @property
    def standing(self) -> str:
        """``"ended"`` or ``"not begun"`` at the date asked for (or by now, as recorded), else an empty text."""
        ends, starts = moment_of(self.arrangement.ends), moment_of(self.arrangement.starts)
        if starts and self.on and is_later(starts, self.on):
            return "not begun"
        if ends and (self.on is None or is_later(self.on, ends)):
            return "ended"
        return ""

    def verdict(self, model: str) -> ModelVerdict:
        """Return the verdict on a model, given by label, short name or IRI.

        Raises:
            UnknownNameError: There is no such model.
        """
        model = arguments.text(model, "the model", "universal")
        names = {each.term: each for each in self.verdicts}
        for term, found in names.items():
            if model in {term.iri, term.curie} or key(model) in {
                key(term.label),
                key(term.label.removesuffix(" model")),
                key(term.curie.partition(":")[2]),
            }:
                return found
        known = [str(term) for term in names]
        raise UnknownNameError("deployment model", model, nearest=nearest(model, known))

    @property
    def next_steps(self) -> tuple[NextStep, ...]:
        """What to observe next, first what would tell the closest models apart, then what they lack to be full.

        Where nothing speaks for any model yet, all summary features that are open.
        """
        chosen = self.closest or tuple(
            each for each in self.verdicts if each.verdict is not Verdict.CONTRADICTED
        )
        tells: defaultdict[str, list[tuple[Iri, Role]]] = defaultdict(list)
        terms: dict[str, Iri] = {}
        for each in (*chosen, *(other for other in self.declared if other not in chosen)):
            for reason in each.open:
                if reason.link.role is not Role.DETAIL:
                    terms[reason.feature.iri] = reason.feature
                    tells[reason.feature.iri].append((each.term, reason.link.role))
        tied = len(self.closest) > 1
        names = {each.term.iri for each in self.closest}
        steps = []
        for iri, models in tells.items():
            bearing = [role for model, role in models if model.iri in names]
            decides = tied and len(bearing) > 0 and (len(bearing) < len(names) or len(set(bearing)) > 1)
            steps.append(NextStep(terms[iri], tuple(models), decides))
        return tuple(
            sorted(
                steps,
                key=lambda step: (
                    not step.decides,
                    all(role is not Role.SUMMARY for _, role in step.tells),
                    -len(step.tells),
                    str(step.feature),
                ),
            )
        )


@dataclass(frozen=True, slots=True, eq=False)
class Profile:
    """What a case shows: its arrangements beside the models, its conditions, and positions of its people.

    Attributes:
        case: Identifier of the case; empty for arrangements outside any case.
        label: Its label.
        on: The date up to which observations count; None for all.
        arrangements: In the order in which they began.
        conditions: All conditions of the framework, with what was last observed.
        positions: Who was last seen leaning toward surviving or thriving.
        basis: What it rests on, so that it can be cited.
        date: When it was made.
        caveat: What its readers are warned of at its head, such as that the data breaks rules.
    """

    case: str
    label: str
    on: str | None
    arrangements: tuple[ArrangementProfile, ...]
    conditions: tuple[Condition, ...]
    positions: tuple[Leaning, ...]
    basis: Basis = field(repr=False)
    date: datetime.date
    caveat: str = ""

    def __iter__(self) -> Iterator[ArrangementProfile]:
        return iter(self.arrangements)

    def __len__(self) -> int:
        return len(self.arrangements)

    def __str__(self) -> str:
        return self.to_text()

    @property
    def rule(self) -> str:
        """What kind of rule the verdicts follow."""
        return RULE

    def citation(self) -> Citation:
        """Return how to cite the profile.

        The hash of the data is computed when it is first asked for; if the data has changed since the profile was
        made, it says so instead.
        """
        return cite(
            self.basis,
            "profile",
            {"case": self.case or None, "on": self.on},
            engine=self.basis.store.engine,
            date=self.date,
            kind="command",
        )

    def to_text(self, *, models: tuple[str, ...] = ()) -> str:
        """Return the profile in words: the answer, then why, then what is missing.

        Args:
            models: Models to give reasons for; the closest and the declared ones where none is given.

        Raises:
            UnknownNameError: There is no such model.
        """
        from apgraph.profiles.report import to_text

        return to_text(self, arguments.texts(models, "the models", "universal"))

    def to_markdown(self, *, models: tuple[str, ...] = ()) -> str:
        """Return the profile as Markdown, with its citation; the arguments are those of :meth:`to_text`."""
        from apgraph.profiles.report import to_markdown

        return to_markdown(self, arguments.texts(models, "the models", "universal"))

    def to_html(self, *, models: tuple[str, ...] = ()) -> str:
        """Return the profile as one page that needs nothing else; the arguments are those of :meth:`to_text`."""
        from apgraph.profiles.html import to_html

        return to_html([self], arguments.texts(models, "the models", "universal"))

    def to_records(self) -> dict[str, object]:
        """Return all of the profile as JSON can hold it."""
        from apgraph.profiles.export import to_records

        return to_records(self)

    def to_json(self) -> str:
        """Return all of the profile as JSON."""
        import json

        return json.dumps(self.to_records(), indent=2, ensure_ascii=False) + "\n"

    def _repr_markdown_(self) -> str:
        """Show the profile in a notebook."""
        return self.to_markdown()


def cite_all(several: Sequence[Profile]) -> Citation:
    """Return how to cite profiles that were made together; the cases are named by the hash of the data.

    Args:
        several: At least one.
    """
    cited = several[0].citation()
    if len(several) == 1:
        return cited
    return replace(cited, parameters={name: v for name, v in cited.parameters.items() if name != "case"})


def profiles(
    store: Store,
    lexicon: Lexicon,
    *,
    scope: Scope = _ALL,
    on: str | None = None,
    origins: Callable[[str], str | None] | None = None,
) -> tuple[Profile, ...]:
    """Return the profiles of many cases, from a fixed number of queries.

    Args:
        store: Where framework and cases are.
        lexicon: Names of the terms.
        scope: Which arrangements; all by default.
        on: Count observations up to this day, month or year; all by default.
        origins: Gives file, sheet and cell of an observation, where they are known.

    Returns:
        One profile for each case, in the order of their identifiers.

    Raises:
        InputError: The date is none, or the store has no models.
    """
    on = None if on is None else moment(on)
    basis, date = Basis(store, revision_of(store)), today()
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
            of_case[arrangement.record].append(_judged(arrangement, models, judges, of_models, on))
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
) -> Profile:
    """Return the profile of one case, or of one arrangement.

    Args:
        store: Where framework and cases are.
        lexicon: Names of the terms.
        name: Identifier or label of a case, label of an organisation, or label, row or IRI of an arrangement;
            the only case where it is not given.
        on: Count observations up to this day, month or year; all by default.
        origins: Gives file, sheet and cell of an observation, where they are known.

    Raises:
        UnknownNameError: There is no such case or arrangement.
        InputError: The name fits several, or none was given and there is not exactly one case.
    """
    found = profiles(store, lexicon, scope=_scope(store, name), on=on, origins=origins)
    if not found:
        raise InputError(
            f"case {name!r} has no deployment arrangement; describe one as apg:DeploymentArrangement"
        )
    return found[0]


def _judged(
    arrangement: Arrangement, models: Models, judges: Sequence[Judge], of_models: set[str], on: str | None
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


def _scope(store: Store, name: str | None) -> Scope:
    """Return what a name stands for."""
    label = PREFIXES["rdfs"] + "label"
    cases: dict[str, set[str]] = defaultdict(set)
    arrangements: dict[str, set[str]] = defaultdict(set)
    records: set[str] = set()
    for record, case, own, organisation in store.select(
        f"SELECT ?r ?id ?l ?o WHERE {{ ?r a <{apg.CaseRecord}> OPTIONAL {{ ?r <{apg.caseIdentifier}> ?id }} "
        f"OPTIONAL {{ ?r <{label}> ?l }} OPTIONAL {{ ?r <{apg.concernsOrganisation}>/<{label}> ?o }} }}"
    ):
        if record is not None:
            records.add(record.value)
            for known in (record, case, own, organisation):
                if known is not None:
                    cases[known.value].add(record.value)
    if name is None:
        if len(records) > 1:
            listed = ", ".join(sorted({known for known in cases if "urn:" not in known})[:6])
            raise InputError(f"there are {len(records)} cases; name one of them ({listed})")
        return Scope()
    for arrangement, own, row in store.select(
        f"SELECT ?a ?l ?row WHERE {{ ?a a <{apg.DeploymentArrangement}> OPTIONAL {{ ?a <{label}> ?l }} "
        f"OPTIONAL {{ ?a <{apg.rowIdentifier}> ?row }} }}"
    ):
        if arrangement is not None:
            for known in (arrangement, own, row):
                if known is not None:
                    arrangements[known.value].add(arrangement.value)
    for table, kind in ((cases, "cases"), (arrangements, "arrangements")):
        found = table.get(name) or {
            iri for known, iris in table.items() if key(known) == key(name) for iri in iris
        }
        if len(found) > 1:
            raise InputError(
                f"{name!r} names {len(found)} {kind}; give one of: {', '.join(sorted(found)[:6])}"
            )
        if found:
            return Scope(records=tuple(found)) if table is cases else Scope(arrangements=tuple(found))
    raise UnknownNameError("case or arrangement", name, nearest=nearest(name, [*cases, *arrangements]))
