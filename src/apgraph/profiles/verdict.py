"""The verdict on one arrangement and one model: what was observed for it, against it, and what is not known."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from apgraph.profiles.models import Role
from apgraph.profiles.moments import is_later
from apgraph.profiles.records import Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pyoxigraph import Triple

    from apgraph.profiles.models import Link, Model
    from apgraph.profiles.records import Observation
    from apgraph.questions import Iri

__all__ = [
    "NOT_RECORDED",
    "Judge",
    "ModelVerdict",
    "Reason",
    "State",
    "Verdict",
    "closest",
    "judge",
    "state_of",
]


class Verdict(Enum):
    """How an arrangement compares with a model; a rule of this project, not of the source."""

    FULL = "full"
    """Every summary feature is present."""
    MIXED = "mixed"
    """Something speaks for the model, and something against it."""
    PARTIAL = "partial"
    """Something speaks for the model, nothing against it."""
    CONTRADICTED = "contradicted"
    """Something speaks against the model, nothing for it."""
    NO_EVIDENCE = "no evidence"
    """Nothing speaks for or against the model."""


@dataclass(frozen=True, slots=True, eq=False)
class State:
    """What is known of one feature in one arrangement at a date.

    Attributes:
        status: The status last observed.
        observations: The observations of the latest date that say so.
        earlier: The observations before.
    """

    status: Status
    observations: tuple[Observation, ...] = ()
    earlier: tuple[Observation, ...] = ()

    @property
    def decisive(self) -> Observation | None:
        """One of the latest observations that assessed the feature, or None."""
        return next((each for each in self.observations if each.status.is_decided), None)


NOT_RECORDED: Final = State(Status.NOT_RECORDED)


@dataclass(frozen=True, slots=True, eq=False)
class Reason:
    """One feature of a model beside what is known of it in an arrangement.

    Attributes:
        link: What the model says of the feature, and on which claims.
        state: What was observed.
    """

    link: Link
    state: State

    @property
    def feature(self) -> Iri:
        """The feature."""
        return self.link.feature

    @property
    def status(self) -> Status:
        """What was last observed."""
        return self.state.status

    @property
    def is_distinguishing(self) -> bool:
        """Whether no other model has the feature."""
        return not self.link.shared_with

    @property
    def triples(self) -> tuple[Triple, ...]:
        """The triples of the case that this rests on: drop one, and the reason is gone."""
        observation = self.state.decisive
        return observation.triples if observation else ()


@dataclass(frozen=True, slots=True, eq=False)
class ModelVerdict:
    """The verdict on an arrangement and a model, with all its reasons.

    Attributes:
        model: The model.
        verdict: The verdict.
        supporting: Features of the model that are present, or partly so.
        against: Summary features that are absent, and excluded features that are present.
        open: Features that nobody recorded, that were not assessed, or that records disagree about; excluded ones
            and those that the model plays down likewise.
        noted: What was assessed and counts neither way: detail features that are absent, excluded ones that are not
            (fully) present, features that the model plays down.
        features: How many features the model has.
        disputable: How many features could speak against it: summary and excluded ones.
        is_closest: Whether no other model comes closer, see :func:`closest`.
    """

    model: Model
    verdict: Verdict
    supporting: tuple[Reason, ...]
    against: tuple[Reason, ...]
    open: tuple[Reason, ...]
    noted: tuple[Reason, ...]
    features: int
    disputable: int
    is_closest: bool = False

    @property
    def term(self) -> Iri:
        """The model's name."""
        return self.model.term

    @property
    def flagged(self) -> tuple[Reason, ...]:
        """Features that the model excludes and that are present all the same; a full verdict has them beside it."""
        return tuple(reason for reason in self.against if reason.link.role is Role.EXCLUDED)

    @property
    def hedged(self) -> tuple[Reason, ...]:
        """What counts for the model or against it, and what the source says with a hedge only."""
        return tuple(reason for reason in (*self.supporting, *self.against) if reason.link.reserves)

    @property
    def read_in(self) -> tuple[Reason, ...]:
        """What counts for the model or against it, and rests on a reading of the curator's, too."""
        counted = (*self.supporting, *self.against)
        return tuple(reason for reason in counted if any(claim.is_reading for claim in reason.link.claims))

    @property
    def share_for(self) -> Fraction:
        """Features observed present or partly, of all features of the model: a count, and no probability."""
        return Fraction(len(self.supporting), max(self.features, 1))

    @property
    def share_against(self) -> Fraction:
        """Features that speak against, of all that could: a count, and no probability."""
        return Fraction(len(self.against), max(self.disputable, 1))

    @property
    def short_of_full(self) -> tuple[Reason, ...]:
        """The summary features that are not (wholly) present."""
        reasons = (*self.supporting, *self.against, *self.open)
        return tuple(
            reason
            for reason in reasons
            if reason.link.role is Role.SUMMARY and reason.status is not Status.PRESENT
        )

    @property
    def justification(self) -> tuple[Triple, ...]:
        """A least set of the case's triples from which the same verdict follows, with the models as they are.

        Empty where there is no evidence: then it is what was not recorded that decides.
        """
        if self.verdict is Verdict.FULL:
            used = [reason for reason in self.supporting if reason.link.role is Role.SUMMARY]
        else:
            used = [*self.supporting[:1], *self.against[:1]]
        return tuple(triple for reason in used for triple in reason.triples)


def state_of(observations: Sequence[Observation], on: str | None) -> State:
    """Return what is known of a feature from its observations, at a date.

    Only the latest count. Where one date does not tell which of two is later, such as 2024 and 2024-05, both do.
    "Not assessed" gives way to what was assessed on the same date.

    Args:
        observations: In the order of their dates.
        on: The date; all observations where it is None.
    """
    if len(observations) == 1 and on is None:
        only = observations[0]
        return State(only.status, (only,))
    known = [each for each in observations if on is None or not is_later(each.moment, on)]
    if not known:
        return NOT_RECORDED
    if len(known) == 1:
        return State(known[0].status, tuple(known))
    last = max(each.moment for each in known)
    latest = tuple(each for each in known if not is_later(last, each.moment))
    earlier = tuple(each for each in known if is_later(last, each.moment))
    statuses = {each.status for each in latest}
    statuses.discard(Status.NOT_ASSESSED)
    if not statuses:
        status = Status.NOT_ASSESSED
    elif len(statuses) == 1:
        (status,) = statuses
    elif Status.ABSENT in statuses:
        status = Status.CONFLICTING
    else:
        status = Status.PARTLY
    return State(status, latest, earlier)


class Judge:
    """Judges arrangements against one model; what does not depend on the arrangement is made once.

    Args:
        model: The model.
    """

    def __init__(self, model: Model) -> None:
        self._model = model
        self._links: Final = tuple(
            (link.feature.iri, link.role, link, Reason(link, NOT_RECORDED)) for link in model.links
        )
        roles = [link.role for link in model.links]
        self._features: Final = sum(role.is_characteristic for role in roles)
        self._disputable: Final = sum(role in {Role.SUMMARY, Role.EXCLUDED} for role in roles)
        self._has_summary: Final = Role.SUMMARY in roles

    def judge(self, states: Mapping[str, State]) -> ModelVerdict:
        """Return the verdict on an arrangement.

        Args:
            states: What is known of each feature; a feature that is not among them was not recorded.
        """
        summary, excluded, played_down = Role.SUMMARY, Role.EXCLUDED, Role.PLAYED_DOWN
        present, absent, partly = Status.PRESENT, Status.ABSENT, Status.PARTLY
        supporting: list[Reason] = []
        against: list[Reason] = []
        unknown: list[Reason] = []
        noted: list[Reason] = []
        full = self._has_summary
        for feature, role, link, blank in self._links:
            state = states.get(feature)
            reason = blank if state is None else Reason(link, state)
            status = reason.state.status
            if role is summary and status is not present:
                full = False
            if status is not present and status is not partly and status is not absent:
                unknown.append(reason)
            elif role is played_down:
                noted.append(reason)
            elif role is excluded:
                (against if status is present else noted).append(reason)
            elif status is not absent:
                supporting.append(reason)
            else:
                (against if role is summary else noted).append(reason)
        if full:
            verdict = Verdict.FULL
        elif supporting:
            verdict = Verdict.MIXED if against else Verdict.PARTIAL
        else:
            verdict = Verdict.CONTRADICTED if against else Verdict.NO_EVIDENCE
        return ModelVerdict(
            self._model,
            verdict,
            tuple(supporting),
            tuple(against),
            tuple(unknown),
            tuple(noted),
            self._features,
            self._disputable,
        )


def judge(model: Model, states: Mapping[str, State]) -> ModelVerdict:
    """Return the verdict on one arrangement and one model, see :class:`Judge`."""
    return Judge(model).judge(states)


def closest(verdicts: Iterable[ModelVerdict]) -> tuple[ModelVerdict, ...]:
    """Return the models that no other beats: none has more for it and no more against it, or as much and less.

    Shares are compared, of what could be for and against each. A model with nothing for it is close to nothing.
    Ties stay ties.
    """
    candidates = [
        (each, (len(each.supporting), each.features), (len(each.against), max(each.disputable, 1)))
        for each in verdicts
        if each.supporting
    ]
    if len(candidates) < 2:
        return tuple(each for each, _, _ in candidates)
    return tuple(
        each
        for each, own_for, own_against in candidates
        if not any(
            (_compare(more, own_for), -_compare(less, own_against)) in _BEATS for _, more, less in candidates
        )
    )


_BEATS: Final = {(1, 1), (1, 0), (0, 1)}


def _compare(one: tuple[int, int], other: tuple[int, int]) -> int:
    left, right = one[0] * other[1], other[0] * one[1]
    return (left > right) - (left < right)
