"""Records of cases that bear on findings of the source: for them or against them, listed and never counted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from apgraph.lexicon import CASE_BASE
from apgraph.questions import Catalogue, Iri, ask
from apgraph.vocabulary import APGX

if TYPE_CHECKING:
    from collections.abc import Mapping

    from apgraph.lexicon import Lexicon
    from apgraph.questions import Row
    from apgraph.store import Store

__all__ = ["Bearing", "bearings"]

_NO_HEDGE: Final = f"{APGX}hedgeNone"
_QUESTIONS: Final = (
    ("cases-for-findings", "for"),
    ("cases-against-findings", "against"),
)


@dataclass(frozen=True, slots=True, eq=False)
class Bearing:
    """A record of a case that bears on a finding of the source.

    Attributes:
        claim: The finding.
        speaks: ``for`` it or ``against`` it.
        factor: What has the influence.
        direction: Which influence the case records.
        found: Which influence the finding reports; both are toward the outcome, or away from it, where it speaks for.
        hedge: How far the source qualifies the finding, such as ``may``; ``""`` if it does not.
        outcome: What is influenced.
        organisation: Whose case it is.
        observation: The record.
    """

    claim: str
    speaks: str
    factor: Iri
    direction: Iri
    found: Iri
    hedge: str
    outcome: Iri
    organisation: Iri
    observation: Iri

    @property
    def hedged_claim(self) -> str:
        """The finding, with how far the source qualifies it."""
        return f"{self.claim} (hedged: {self.hedge})" if self.hedge else self.claim

    @property
    def directed(self) -> str:
        """The direction that the case records, with the finding's where that is another."""
        own, found = (str(each).removeprefix("direction: ") for each in (self.direction, self.found))
        return own if own == found else f"{own} (finding: {found})"

    @property
    def said(self) -> str:
        """What the case records: factor, direction, outcome."""
        return f"{self.factor}, {self.directed}, {self.outcome}"


def bearings(store: Store, lexicon: Lexicon, organisations: Mapping[str, Iri]) -> tuple[Bearing, ...]:
    """Return what the records of some organisations say of findings.

    Args:
        store: Where framework and cases are.
        lexicon: Names of the terms.
        organisations: The organisations by IRI, under the names that they shall have.
    """
    catalogue = Catalogue()
    found = []
    for name, speaks in _QUESTIONS:
        for row in ask(store, lexicon, catalogue.get(name)):
            organisation = organisations.get(_term(row, "organisation").iri)
            if organisation is not None:
                found.append(
                    Bearing(
                        _term(row, "claim").curie.rpartition(":")[2],
                        speaks,
                        _term(row, "factor"),
                        _term(row, "observed"),
                        _term(row, "found"),
                        _hedge(row),
                        _term(row, "outcome"),
                        organisation,
                        _record(_term(row, "observation")),
                    )
                )
    return tuple(sorted(found, key=lambda each: (each.claim, each.speaks, each.observation.iri)))


def _record(term: Iri) -> Iri:
    """Return a record under the name of its row, where it has no other."""
    if term.label or not term.iri.startswith(CASE_BASE):
        return term
    return replace(term, label=unquote(term.iri.split(":", 4)[-1]))


def _hedge(row: Row) -> str:
    hedge = _term(row, "hedge") if row["hedge"] is not None else None
    return "" if hedge is None or hedge.iri == _NO_HEDGE else str(hedge).removeprefix("hedge: ")


def _term(row: Row, column: str) -> Iri:
    value = row[column]
    return value if isinstance(value, Iri) else Iri("", str(value), "")
