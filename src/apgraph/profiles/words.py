"""What the words of a profile mean, for a reader who has only the page before them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from apgraph.profiles.models import Role
from apgraph.profiles.records import Status
from apgraph.profiles.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from apgraph.evidence import Claim
    from apgraph.profiles.profile import ArrangementProfile
    from apgraph.profiles.verdict import ModelVerdict

__all__ = ["explained", "reasoned", "sources_explained", "verdicts_explained"]

_VERDICTS: Final[Mapping[Verdict, str]] = {
    Verdict.FULL: "every summary feature of the model was seen to be present",
    Verdict.MIXED: "something that was seen speaks for the model, and something against it",
    Verdict.PARTIAL: "something that was seen speaks for the model, nothing against it",
    Verdict.CONTRADICTED: "something that was seen speaks against the model, nothing for it",
    Verdict.NO_EVIDENCE: "nothing that was seen speaks for the model or against it",
}
_COLUMNS: Final = (
    ("for", "features of the model that were seen to be present, or partly so"),
    (
        "against",
        "summary features that were seen to be absent, and excluded ones that were seen to be present",
    ),
    ("neither", "features that were looked for and that count neither way"),
    ("unknown", "features that nobody looked for, or on which records disagree"),
    (
        "closest",
        "something speaks for the model, and no other model is as good in both shares, that of its features for it and "
        "that against it, and better in one",
    ),
)
_ROLES: Final[Mapping[Role, str]] = {
    Role.SUMMARY: "a main feature of the model, such as the source's short table has; where it is absent, that speaks "
    "against the model",
    Role.DETAIL: "a further feature of the model, such as the source's longer account has; where it is absent, that does "
    "not speak against the model",
    Role.EXCLUDED: "a feature that the model is described as being without; where it is present, that speaks against the "
    "model",
    Role.PLAYED_DOWN: "a feature that the model is described as giving little weight; it speaks neither way",
}
_STATUSES: Final[Mapping[Status, str]] = {
    Status.PARTLY: "seen in part, or in some places only; of a feature that the model has, this speaks for the model",
    Status.NOT_ASSESSED: "somebody wrote down that it was not looked at",
    Status.CONFLICTING: "the latest records say that it is present and that it is absent, so it counts neither way",
    Status.NOT_RECORDED: "nobody wrote anything down, which is not the same as absent",
}


def reasoned(found: ArrangementProfile, models: Sequence[str]) -> list[ModelVerdict]:
    """Return the verdicts whose reasons are shown: those that are asked for, else the closest and the declared ones.

    Raises:
        UnknownNameError: There is no such model.
    """
    chosen = [found.verdict(name) for name in models]
    return chosen or list({each.term.iri: each for each in (*found.closest, *found.declared)}.values())


def explained(arrangements: Iterable[ArrangementProfile], models: Sequence[str]) -> list[tuple[str, str]]:
    """Return each word that the profiles of arrangements use, with what it means.

    Args:
        arrangements: The arrangements.
        models: Models whose reasons are shown, as for :func:`reasoned`.

    Raises:
        UnknownNameError: There is no such model.
    """
    several = list(arrangements)
    if not several:
        return []
    shown = [verdict for each in several for verdict in reasoned(each, models)]
    grounded = [reason for each in shown for reason in (*each.supporting, *each.against, *each.noted)]
    # Of what is not known, no grounds are shown.
    reasons = [*grounded, *(reason for each in shown for reason in each.open)]
    roles = {reason.link.role for reason in reasons}
    roles |= {role for each in several for step in each.next_steps for _, role in step.tells}
    statuses = {reason.status for reason in reasons}
    statuses |= {state.status for each in several for state in each.states.values()}
    # Verdicts and columns are explained by these words, so these are explained in any case.
    roles |= {Role.SUMMARY, Role.EXCLUDED}
    verdicts = {verdict.verdict for each in several for verdict in each.verdicts}
    # What a verdict lacks is said of "full".
    verdicts |= {Verdict.FULL for each in shown if each.short_of_full}
    return [
        *verdicts_explained(verdicts),
        *_COLUMNS,
        *((role.value, said) for role, said in _ROLES.items() if role in roles),
        *((status.value, said) for status, said in _STATUSES.items() if status in statuses),
        *sources_explained(
            [
                claim
                for each in several
                for v in each.verdicts
                for r in (*v.hedged, *v.read_in)
                for claim in r.link.claims
            ]
            + [claim for reason in grounded for claim in reason.link.claims]
        ),
    ]


def verdicts_explained(verdicts: Iterable[Verdict]) -> list[tuple[str, str]]:
    """Return some verdicts with what they mean."""
    used = set(verdicts)
    return [(verdict.value, said) for verdict, said in _VERDICTS.items() if verdict in used]


def sources_explained(claims: Iterable[Claim]) -> list[tuple[str, str]]:
    """Return what stands for claims, hedges and readings among some that are named, with what it means."""
    named = {claim.id: claim for claim in claims}
    plain = sorted(name for name, claim in named.items() if not claim.is_reading)
    readings = sorted(name for name, claim in named.items() if claim.is_reading)
    found = []
    if plain:
        found.append(
            (
                plain[0],
                f"the number of a claim, which is one statement of the source; apgraph evidence {plain[0]} shows it",
            )
        )
    if any(claim.reserve for claim in named.values()):
        found.append(
            ("hedged", "the source itself does not say it for certain, but with the word that is given")
        )
    if readings:
        found.append(
            (
                f"{readings[0]} (curator's reading)",
                "what apgraph's curator takes the source to mean; the source itself does not say it; "
                f"apgraph evidence {readings[0]} shows it",
            )
        )
    return found
