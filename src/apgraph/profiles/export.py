"""Profiles as plain records, with everything in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apgraph.profiles.profile import RULE
from apgraph.profiles.records import Status
from apgraph.vocabulary import VERSION

if TYPE_CHECKING:
    from apgraph.profiles.conditions import Leaning
    from apgraph.profiles.profile import ArrangementProfile, Profile
    from apgraph.profiles.records import EvidenceItem, Observation
    from apgraph.profiles.verdict import ModelVerdict, Reason, State
    from apgraph.questions import Iri

__all__ = ["to_records"]

Record = dict[str, object]


def to_records(profile: Profile) -> Record:
    """Return a profile as JSON can hold it."""
    return {
        "case": profile.case,
        "label": profile.label,
        "on": profile.on,
        "rule": RULE,
        "caveat": profile.caveat,
        "ontology_version": VERSION,
        "arrangements": [_arrangement(each) for each in profile.arrangements],
        "conditions": [
            {
                "condition": _term(each.term),
                "claims": [claim.id for claim in each.claims],
                "hedges": {claim.id: claim.reserve for claim in each.claims if claim.reserve},
                "recorded": bool(each.leanings),
                "observations": [_leaning(leaning) for leaning in each.leanings],
            }
            for each in profile.conditions
        ],
        "positions": [_leaning(leaning) for leaning in profile.positions],
        "citation": profile.citation().to_record(),
    }


def _term(term: Iri) -> Record:
    return {"iri": term.iri, "curie": term.curie, "label": term.label}


def _arrangement(found: ArrangementProfile) -> Record:
    arrangement = found.arrangement
    return {
        "arrangement": _term(found.term),
        "row": arrangement.row,
        "organisations": [_term(each) for each in arrangement.organisations],
        "starts": arrangement.starts,
        "ends": arrangement.ends,
        "standing": found.standing,
        "end_planned": found.is_end_planned,
        "observed": list(found.period) if found.period else None,
        "declared": [_term(each.term) for each in found.declared],
        "declared_unknown": [_term(each) for each in found.unknown_models],
        "declared_answer": arrangement.answer,
        "declared_named": list(arrangement.named),
        "declared_unlisted": list(arrangement.unlisted),
        "out_of_time": [_observation(each) for each in found.out_of_time],
        "conflicting": [
            {"feature": iri, **_state(state)}
            for iri, state in found.states.items()
            if state.status is Status.CONFLICTING
        ],
        "closest": [_term(each.term) for each in found.closest],
        "models": [_verdict(each) for each in found.verdicts],
        "next_steps": [
            {
                "feature": _term(step.feature),
                "decides": step.decides,
                "tells": [{"model": _term(model), "role": role.value} for model, role in step.tells],
            }
            for step in found.next_steps
        ],
        "features_of_no_model": [{"feature": _term(term), **_state(state)} for term, state in found.others],
        "unused": [{"observation": each.observation, "reason": each.reason} for each in found.unused],
    }


def _verdict(verdict: ModelVerdict) -> Record:
    return {
        "model": _term(verdict.term),
        "verdict": verdict.verdict.value,
        "closest": verdict.is_closest,
        "share_for": str(verdict.share_for),
        "share_against": str(verdict.share_against),
        "for": [_reason(each) for each in verdict.supporting],
        "against": [_reason(each) for each in verdict.against],
        "not_assessed": [_reason(each) for each in verdict.open],
        "noted": [_reason(each) for each in verdict.noted],
        "short_of_full": [_term(each.feature) for each in verdict.short_of_full],
    }


def _reason(reason: Reason) -> Record:
    return {
        "feature": _term(reason.feature),
        "role": reason.link.role.value,
        "distinguishing": reason.is_distinguishing,
        "shared_with": [_term(each) for each in reason.link.shared_with],
        "claims": [claim.id for claim in reason.link.claims],
        "hedges": {claim.id: claim.reserve for claim in reason.link.claims if claim.reserve},
        "readings": [claim.id for claim in reason.link.claims if claim.is_reading],
        "sources": list(reason.link.sources),
        **_state(reason.state),
    }


def _state(state: State) -> Record:
    return {
        "status": state.status.value,
        "observations": [_observation(each) for each in state.observations],
        "earlier": [_observation(each) for each in state.earlier],
    }


def _observation(observation: Observation) -> Record:
    return {
        "iri": observation.iri,
        "row": observation.row,
        "status": observation.status.value,
        "date": observation.date.value,
        "confidence": observation.confidence,
        "observer": observation.observer,
        "note": observation.note,
        "origin": observation.origin,
        "evidence": [_item(each) for each in observation.evidence],
    }


def _item(item: EvidenceItem) -> Record:
    return {
        "iri": item.iri,
        "row": item.row,
        "title": item.title,
        "kind": item.kind,
        "date": item.date,
        "source": item.source,
        "locator": item.locator,
        "access": item.access,
    }


def _leaning(leaning: Leaning) -> Record:
    return {
        "iri": leaning.iri,
        "row": leaning.row,
        "of": [_term(each) for each in leaning.of],
        "toward": [_term(each) for each in leaning.toward],
        "answer": leaning.answer,
        "direction": leaning.direction,
        "date": leaning.date,
        "confidence": leaning.confidence,
        "tension": leaning.tension,
        "evidence": list(leaning.evidence),
    }
