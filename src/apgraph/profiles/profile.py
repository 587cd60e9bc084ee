"""A profile: each arrangement of a case beside each deployment model, and the conditions that were observed."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from apgraph import arguments
from apgraph.errors import UnknownNameError
from apgraph.lexicon import curie, key, nearest
from apgraph.profiles.models import Role
from apgraph.profiles.moments import is_later, moment_of
from apgraph.profiles.verdict import ModelVerdict, State, Verdict
from apgraph.questions import Iri
from apgraph.questions.citation import Basis, cite

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator, Mapping, Sequence

    from apgraph.profiles.conditions import Condition, Leaning
    from apgraph.profiles.records import Arrangement, Observation, Unused
    from apgraph.questions.citation import Citation

__all__ = ["RULE", "ArrangementProfile", "NextStep", "Profile", "cite_all"]

RULE: Final = (
    "The verdicts follow rules of this project, not of the source: the source does not say which features make an "
    "arrangement one model or another, and weighs none. Counts are counts, not probabilities. What was not "
    "recorded is not known, and never taken as absent."
)
"""What every profile says of itself, for both tiers."""


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
        today: The day on which the profile was made: an end that is recorded may still lie ahead.
        states: What is known of each feature that was recorded, by IRI.
        verdicts: One for each model.
        others: Features that were recorded and that no model has.
        unused: Observations that no verdict takes into account, and why.
    """

    arrangement: Arrangement
    on: str | None
    today: str
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
        """``"ended"`` or ``"not begun"`` at the date asked for, or else today; otherwise an empty text."""
        ends, starts = moment_of(self.arrangement.ends), moment_of(self.arrangement.starts)
        day = self.on or self.today
        if starts and is_later(starts, day):
            return "not begun"
        if ends and is_later(day, ends):
            return "ended"
        return ""

    @property
    def is_end_planned(self) -> bool:
        """Whether the end that is recorded is not behind us."""
        ends = moment_of(self.arrangement.ends)
        return ends is not None and not is_later(self.today, ends)

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
        known = sorted(str(term) for term in names)
        raise UnknownNameError(
            "deployment model",
            model,
            nearest=nearest(model, known),
            hint=f"(there are: {'; '.join(known)})",
        )

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
                if reason.link.role in {Role.SUMMARY, Role.EXCLUDED}:
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
