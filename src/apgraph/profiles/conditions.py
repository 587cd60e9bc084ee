"""The four conditions, and the leaning between surviving and thriving, as far as observations go."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pyoxigraph import NamedNode, Triple

from apgraph.evidence import claims_for_triples
from apgraph.lexicon import curie
from apgraph.profiles.moments import is_later, moment_of
from apgraph.profiles.reading import all_values, first_value, table, word
from apgraph.questions import Iri
from apgraph.vocabulary import PREFIXES, apg

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from apgraph.evidence import Claim
    from apgraph.lexicon import Lexicon
    from apgraph.store import Store

__all__ = ["Condition", "Leaning", "Leanings", "read_leanings"]

_LABEL: Final = PREFIXES["rdfs"] + "label"
_TYPE: Final = PREFIXES["rdf"] + "type"


@dataclass(frozen=True, slots=True, eq=False)
class Leaning:
    """An observation that something leans toward surviving or thriving, or toward neither.

    Attributes:
        iri: The observation.
        row: Its row in the workbook.
        of: Who or what was observed.
        toward: The poles it points to; none, one, or (where records disagree) both.
        answer: What is said instead of a pole, such as ``mixed`` or ``undetermined``.
        date: When, as recorded.
        confidence: ``low``, ``medium`` or ``high``.
        tension: A tension reported with it.
        evidence: Rows (or IRIs) of the evidence behind it.
    """

    iri: str
    row: str
    of: tuple[Iri, ...]
    toward: tuple[Iri, ...]
    answer: str
    date: str
    confidence: str
    tension: str
    evidence: tuple[str, ...]

    @property
    def name(self) -> str:
        """What to call the observation: its row, else its IRI."""
        return self.row or self.iri

    @property
    def direction(self) -> str:
        """The direction in words."""
        poles = " and ".join(f"toward {pole}" for pole in self.toward)
        return "; ".join(filter(None, (poles, self.answer))) or "no direction given"


@dataclass(frozen=True, slots=True, eq=False)
class Condition:
    """One of the conditions under which APs work, and what was last observed of it.

    Attributes:
        term: The condition.
        claims: The claims of the source that name it.
        leanings: The latest observation of everyone and everything observed; empty where nothing is recorded.
    """

    term: Iri
    claims: tuple[Claim, ...]
    leanings: tuple[Leaning, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Leanings:
    """Conditions and positions of all cases, by case record (``""``: of none)."""

    terms: tuple[tuple[Iri, tuple[Claim, ...]], ...]
    conditions: Mapping[str, Mapping[str, tuple[Leaning, ...]]]
    positions: Mapping[str, tuple[Leaning, ...]]

    def of_case(self, record: str) -> tuple[Condition, ...]:
        """Return all conditions as observed in one case."""
        found = self.conditions.get(record, {})
        return tuple(Condition(term, claims, found.get(term.iri, ())) for term, claims in self.terms)


def read_leanings(store: Store, lexicon: Lexicon, records: Iterable[str] | None, on: str | None) -> Leanings:
    """Read what was observed of conditions and positions.

    Args:
        store: Where it is.
        lexicon: Names of conditions and poles.
        records: The case records; all where it is None.
        on: The date up to which observations count; None for all.
    """
    scope = ""
    if records is not None:
        nodes = " ".join(str(NamedNode(iri)) for iri in records)
        scope = f"VALUES ?scope {{ {nodes} }} ?o <{apg.isPartOfCase}> ?scope . "

    def of(more: str) -> str:
        # What is joined stands inside of each branch: joined to both together, it would be read whole.
        return (
            f"{{ {scope}?o <{apg.observesCondition}> ?any . {more} }} "
            f"UNION {{ {scope}?o a <{apg.PositionObservation}> . {more} }}"
        )

    facts = table(
        store,
        of("?o ?p ?v ."),
        "o",
        apg.observesCondition,
        apg.isPartOfCase,
        apg.isObservationOf,
        apg.leansToward,
        apg.hasLeaningStatus,
        apg.observedOn,
        apg.hasConfidence,
        apg.rowIdentifier,
        apg.tensionReported,
        apg.isSupportedByEvidence,
    )
    subjects = table(
        store,
        f"{{ SELECT DISTINCT ?thing WHERE {{ {of(f'?o <{apg.isObservationOf}> ?thing')} }} }}",
        "thing",
        _LABEL,
    )
    rows = table(
        store,
        f"{{ SELECT DISTINCT ?thing WHERE {{ {of(f'?o <{apg.isSupportedByEvidence}> ?thing')} }} }}",
        "thing",
        apg.rowIdentifier,
    )
    poles = lexicon.labels({iri for found in facts.values() for iri in all_values(found, apg.leansToward)})
    conditions: defaultdict[str, defaultdict[str, list[Leaning]]] = defaultdict(lambda: defaultdict(list))
    positions: defaultdict[str, list[Leaning]] = defaultdict(list)
    for iri, found in facts.items():
        leaning = Leaning(
            iri,
            first_value(found, apg.rowIdentifier),
            tuple(
                Iri(thing, curie(thing), first_value(subjects.get(thing, {}), _LABEL))
                for thing in all_values(found, apg.isObservationOf)
            ),
            tuple(Iri(pole, curie(pole), poles.get(pole, "")) for pole in all_values(found, apg.leansToward)),
            word(first_value(found, apg.hasLeaningStatus), "leaning"),
            first_value(found, apg.observedOn),
            word(first_value(found, apg.hasConfidence), "confidence"),
            first_value(found, apg.tensionReported),
            tuple(
                first_value(rows.get(item, {}), apg.rowIdentifier) or item
                for item in all_values(found, apg.isSupportedByEvidence)
            ),
        )
        record = first_value(found, apg.isPartOfCase)
        observed = all_values(found, apg.observesCondition)
        for condition in observed:
            conditions[record][condition].append(leaning)
        if not observed:
            positions[record].append(leaning)
    return Leanings(
        _conditions(store, lexicon),
        {
            record: {condition: _latest(several, on) for condition, several in found.items()}
            for record, found in conditions.items()
        },
        {record: _latest(several, on) for record, several in positions.items()},
    )


def _conditions(store: Store, lexicon: Lexicon) -> tuple[tuple[Iri, tuple[Claim, ...]], ...]:
    kind = NamedNode(apg.InfluencingCondition)
    rows = store.select(f"SELECT DISTINCT ?c WHERE {{ ?c a {kind} }}")
    nodes = [node for (node,) in rows if isinstance(node, NamedNode)]
    triples = {node.value: Triple(node, NamedNode(_TYPE), kind) for node in nodes}
    claims = claims_for_triples(store, triples.values())
    labels = lexicon.labels(sorted(triples))
    found = [
        (Iri(iri, lexicon.curie(iri), labels.get(iri, "")), claims.get(triple, ()))
        for iri, triple in triples.items()
    ]
    return tuple(sorted(found, key=lambda each: (min((c.id for c in each[1]), default="~"), str(each[0]))))


def _latest(leanings: list[Leaning], on: str | None) -> tuple[Leaning, ...]:
    """Keep the latest of each subject; those without a date that can be read are left out."""
    by_subject: defaultdict[tuple[str, ...], list[tuple[str, Leaning]]] = defaultdict(list)
    for leaning in leanings:
        moment = moment_of(leaning.date)
        if moment is not None and (on is None or not is_later(moment, on)):
            by_subject[tuple(each.iri for each in leaning.of)].append((moment, leaning))
    kept = []
    for dated in by_subject.values():
        last = max(moment for moment, _ in dated)
        kept += [leaning for moment, leaning in dated if not is_later(last, moment)]
    return tuple(sorted(kept, key=lambda each: ([str(thing) for thing in each.of], each.date, each.iri)))
