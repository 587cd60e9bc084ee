"""What cases record of arrangements: observations of features, and the evidence behind them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from pyoxigraph import NamedNode, Triple

from apgraph.lexicon import CASE_BASE, curie
from apgraph.vocabulary import apg, apgx

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pyoxigraph import Literal

    from apgraph.questions import Iri

__all__ = ["STATUSES", "Arrangement", "EvidenceItem", "Observation", "Status", "Unused"]


class Status(Enum):
    """What is known of a feature in an arrangement."""

    PRESENT = "present"
    PARTLY = "partly"
    ABSENT = "absent"
    NOT_ASSESSED = "not assessed"
    CONFLICTING = "conflicting"
    """Recorded as present and as absent on the same latest date."""
    NOT_RECORDED = "not recorded"
    """Nobody wrote anything down, which is not the same as absent."""

    @property
    def is_decided(self) -> bool:
        """Whether the feature was assessed, with one result."""
        return self is Status.PRESENT or self is Status.PARTLY or self is Status.ABSENT


STATUSES: Final[Mapping[str, Status]] = {
    apgx.statusPresent: Status.PRESENT,
    apgx.statusPartly: Status.PARTLY,
    apgx.statusAbsent: Status.ABSENT,
    apgx.statusNotAssessed: Status.NOT_ASSESSED,
}
_IRI_OF: Final = {status: iri for iri, status in STATUSES.items()}


@dataclass(frozen=True, slots=True, eq=False)
class EvidenceItem:
    """A piece of evidence, as the case describes it; what it does not say is empty."""

    iri: str
    row: str
    title: str
    kind: str
    date: str
    source: str
    locator: str
    access: str

    @property
    def is_described(self) -> bool:
        """Whether the case says anything of it; otherwise an observation only names it."""
        return bool(self.title or self.row or self.kind or self.date or self.source)

    def __str__(self) -> str:
        if self.title or self.row:
            return self.title or self.row
        name = unquote(self.iri.split(":", 4)[-1]) if self.iri.startswith(CASE_BASE) else curie(self.iri)
        return name if self.is_described else f"'{name}', which the case does not describe"


@dataclass(frozen=True, slots=True, eq=False)
class Observation:
    """An observation of one feature of one arrangement.

    Attributes:
        iri: Its IRI.
        arrangement: IRI of the arrangement.
        feature: IRI of the feature.
        status: What was observed.
        date: When, as recorded.
        moment: The same without a time zone.
        row: Its row in the workbook.
        confidence: ``low``, ``medium`` or ``high``.
        observer: The role of whoever observed.
        note: A remark.
        evidence: What it rests on.
        origin: File, sheet and cell where they are known.
    """

    iri: str
    arrangement: str
    feature: str
    status: Status
    date: Literal
    moment: str
    row: str = ""
    confidence: str = ""
    observer: str = ""
    note: str = ""
    evidence: tuple[EvidenceItem, ...] = ()
    origin: str = ""

    @property
    def name(self) -> str:
        """What to call it: its row, else its IRI."""
        return self.row or self.iri

    @property
    def triples(self) -> tuple[Triple, ...]:
        """The triples that make it an observation of this feature, with this status, at this date."""
        subject = NamedNode(self.iri)
        return (
            Triple(subject, NamedNode(apg.isObservationOf), NamedNode(self.arrangement)),
            Triple(subject, NamedNode(apg.observesFeature), NamedNode(self.feature)),
            Triple(subject, NamedNode(apg.hasStatus), NamedNode(_IRI_OF[self.status])),
            Triple(subject, NamedNode(apg.observedOn), self.date),
        )


@dataclass(frozen=True, slots=True)
class Unused:
    """An observation that no verdict takes into account, and why."""

    observation: str
    reason: str

    def __str__(self) -> str:
        return f"{self.observation}: {self.reason}"


@dataclass(frozen=True, slots=True, eq=False)
class Arrangement:
    """An arrangement by which an organisation deploys its APs, with what was observed of it.

    Attributes:
        term: Its name.
        row: Its row in the workbook.
        record: IRI of the case record that it is part of; empty where there is none.
        organisations: Who runs it.
        declared: The models that it says it follows.
        answer: What it says instead, such as ``none`` or ``other``.
        named: What it calls a model that is none of those described, in its own words.
        unlisted: What is recorded as the model that it follows and names none: a misspelt name, say.
        starts: When it began, as recorded.
        ends: When it ended, as recorded.
        observations: By feature, in the order of their dates.
        unused: Observations that say too little to be used.
    """

    term: Iri
    row: str
    record: str
    organisations: tuple[Iri, ...]
    declared: tuple[str, ...]
    answer: str
    named: tuple[str, ...]
    unlisted: tuple[str, ...]
    starts: str
    ends: str
    observations: Mapping[str, tuple[Observation, ...]]
    unused: tuple[Unused, ...]
