"""Reading what cases record of arrangements, in a fixed number of queries however many there are."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal, NamedNode

from apgraph.lexicon import curie
from apgraph.profiles.moments import moment_of
from apgraph.profiles.records import STATUSES, Arrangement, EvidenceItem, Observation, Unused
from apgraph.questions import Iri
from apgraph.vocabulary import PREFIXES, apg

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from apgraph.store import Store, Term

__all__ = ["Records", "Scope", "all_values", "first_value", "read_records", "table", "word"]

_LABEL: Final = PREFIXES["rdfs"] + "label"
Table = dict[str, dict[str, list["Term"]]]


@dataclass(frozen=True, slots=True)
class Scope:
    """Which arrangements are read: those of some case records, some by IRI, or all."""

    records: tuple[str, ...] | None = None
    arrangements: tuple[str, ...] | None = None

    def pattern(self, variable: str) -> str:
        """Return the pattern that narrows a variable for arrangements."""
        if self.arrangements is not None:
            return f"VALUES ?{variable} {{ {_nodes(self.arrangements)} }} "
        if self.records is not None:
            return f"VALUES ?scope {{ {_nodes(self.records)} }} ?{variable} <{apg.isPartOfCase}> ?scope . "
        return ""


@dataclass(frozen=True, slots=True, eq=False)
class Records:
    """What was read: the arrangements, and the case records that they are part of."""

    arrangements: tuple[Arrangement, ...]
    cases: Mapping[str, tuple[str, str]]
    """Identifier and label of each case record, by IRI."""


def read_records(
    store: Store, scope: Scope, *, origins: Callable[[str], str | None] | None = None
) -> Records:
    """Read arrangements with their observations and evidence.

    Args:
        store: Where they are.
        scope: Which ones.
        origins: Gives file, sheet and cell of an item, where they are known.
    """
    chosen = f"{scope.pattern('a')}?a a <{apg.DeploymentArrangement}>"
    facts = table(
        store,
        chosen,
        "a",
        _LABEL,
        apg.rowIdentifier,
        apg.isPartOfCase,
        apg.isRunBy,
        apg.declaresModel,
        apg.hasModelAnswer,
        apg.declaredModelName,
        apg.startsOn,
        apg.endsOn,
    )
    for (subject,) in store.select(f"SELECT DISTINCT ?a WHERE {{ {chosen} }}"):
        if isinstance(subject, NamedNode):
            facts.setdefault(subject.value, {})
    organisations = _names(store, f"{chosen} ; <{apg.isRunBy}> ?thing")
    records = _records(store, f"{chosen} ; <{apg.isPartOfCase}> ?thing")
    observations, unused = _observations(store, scope, origins)
    arrangements = [
        Arrangement(
            term=Iri(iri, curie(iri), first_value(found, _LABEL)),
            row=first_value(found, apg.rowIdentifier),
            record=first_value(found, apg.isPartOfCase),
            organisations=tuple(
                organisations.get(org, Iri(org, curie(org), "")) for org in all_values(found, apg.isRunBy)
            ),
            declared=all_values(found, apg.declaresModel),
            answer=word(first_value(found, apg.hasModelAnswer), "answer"),
            named=_literals(found, apg.declaredModelName),
            unlisted=_literals(found, apg.declaresModel),
            starts=first_value(found, apg.startsOn),
            ends=first_value(found, apg.endsOn),
            observations=observations.get(iri, {}),
            unused=tuple(sorted(unused.get(iri, ()), key=str)),
        )
        for iri, found in facts.items()
    ]
    arrangements.sort(key=lambda each: (each.record, each.starts, each.term.iri))
    return Records(tuple(arrangements), records)


_Found = dict[str, dict[str, tuple[Observation, ...]]]


def _observations(
    store: Store, scope: Scope, origins: Callable[[str], str | None] | None
) -> tuple[_Found, dict[str, list[Unused]]]:
    of = f"{scope.pattern('a')}?o <{apg.isObservationOf}> ?a . ?o <{apg.observesFeature}> ?f"
    backing = _backing(store, of, narrowed=scope != Scope())
    words = _Words("confidence")
    made: defaultdict[str, dict[str, list[Observation]]] = defaultdict(dict)
    unused: defaultdict[str, list[Unused]] = defaultdict(list)
    for node, arrangement, feature, status, date, sure, own, role, remark in store.select(
        f"SELECT ?o ?a ?f ?s ?d ?c ?r ?w ?n WHERE {{ {of} "
        f"OPTIONAL {{ ?o <{apg.hasStatus}> ?s }} OPTIONAL {{ ?o <{apg.observedOn}> ?d }} "
        f"OPTIONAL {{ ?o <{apg.hasConfidence}> ?c }} OPTIONAL {{ ?o <{apg.rowIdentifier}> ?r }} "
        f"OPTIONAL {{ ?o <{apg.observerRole}> ?w }} OPTIONAL {{ ?o <{apg.rowNote}> ?n }} }}"
    ):
        if not isinstance(node, NamedNode) or not isinstance(arrangement, NamedNode):
            continue
        iri = node.value
        row = _text(own)
        known = STATUSES.get(status.value) if isinstance(status, NamedNode) else None
        when = moment_of(date.value) if isinstance(date, Literal) else None
        if known is None or when is None or not isinstance(date, Literal):
            what = "its date is missing or not a date" if known else "its status is missing or not known"
            unused[arrangement.value].append(Unused(row or iri, what))
            continue
        if not isinstance(feature, NamedNode):
            unused[arrangement.value].append(Unused(row or iri, "its feature is not a term"))
            continue
        observation = Observation(
            iri,
            arrangement.value,
            feature.value,
            known,
            date,
            when,
            row,
            words[_text(sure)],
            _text(role),
            _text(remark),
            backing.get(iri, ()),
            (origins(iri) or "") if origins else "",
        )
        made[arrangement.value].setdefault(feature.value, []).append(observation)
    found: _Found = {}
    for arrangement_iri, features in made.items():
        for several in features.values():
            if len(several) > 1:
                several.sort(key=_order)
        found[arrangement_iri] = {iri: _once(several) for iri, several in features.items()}
    return found, unused


def _order(each: Observation) -> tuple[str, ...]:
    return (each.moment, each.iri, each.status.value, each.row, each.confidence, each.observer, each.note)


def _once(several: list[Observation]) -> tuple[Observation, ...]:
    """Leave out what is only a second detail of the same observation."""
    if len(several) == 1:
        return (several[0],)
    kept = {(each.moment, each.iri, each.status): each for each in reversed(several)}
    return tuple(reversed(kept.values()))


class _Words(dict[str, str]):
    """Values of a list as words, each made once."""

    def __init__(self, prefix: str) -> None:
        super().__init__()
        self._prefix = prefix

    def __missing__(self, iri: str) -> str:
        self[iri] = word(iri, self._prefix)
        return self[iri]


def _backing(store: Store, of: str, *, narrowed: bool) -> dict[str, tuple[EvidenceItem, ...]]:
    """The evidence of each observation."""
    # Of all observations, fewer joins find the same.
    of = of if narrowed else f"?o <{apg.observesFeature}> ?f"
    pairs: defaultdict[str, set[str]] = defaultdict(set)
    for node, item in store.select(f"SELECT ?o ?e WHERE {{ {of} . ?o <{apg.isSupportedByEvidence}> ?e }}"):
        if isinstance(node, NamedNode) and isinstance(item, NamedNode):
            pairs[node.value].add(item.value)
    if not pairs:
        return {}
    used = (
        f"{{ SELECT DISTINCT ?e WHERE {{ {of} . ?o <{apg.isSupportedByEvidence}> ?e }} }} "
        if narrowed
        else ""
    )
    facts = table(
        store,
        f"{used}?e a <{apg.EvidenceItem}>",
        "e",
        apg.rowIdentifier,
        apg.evidenceTitle,
        apg.hasEvidenceItemKind,
        apg.evidenceDate,
        apg.evidenceSource,
        apg.evidenceLocator,
        apg.hasAccessLevel,
    )
    items = {
        iri: EvidenceItem(
            iri,
            first_value(found, apg.rowIdentifier),
            first_value(found, apg.evidenceTitle),
            word(first_value(found, apg.hasEvidenceItemKind), "item"),
            first_value(found, apg.evidenceDate),
            first_value(found, apg.evidenceSource),
            first_value(found, apg.evidenceLocator),
            word(first_value(found, apg.hasAccessLevel), "access"),
        )
        for iri, found in facts.items()
    }
    bare = ("",) * 7
    return {
        observation: tuple(items.get(iri) or EvidenceItem(iri, *bare) for iri in sorted(evidence))
        for observation, evidence in pairs.items()
    }


def _records(store: Store, pattern: str) -> dict[str, tuple[str, str]]:
    facts = table(
        store, f"{{ SELECT DISTINCT ?thing WHERE {{ {pattern} }} }}", "thing", apg.caseIdentifier, _LABEL
    )
    return {
        iri: (first_value(found, apg.caseIdentifier), first_value(found, _LABEL))
        for iri, found in facts.items()
    }


def _names(store: Store, pattern: str) -> dict[str, Iri]:
    facts = table(store, f"{{ SELECT DISTINCT ?thing WHERE {{ {pattern} }} }}", "thing", _LABEL)
    return {iri: Iri(iri, curie(iri), first_value(found, _LABEL)) for iri, found in facts.items()}


def table(store: Store, pattern: str, variable: str, *properties: str) -> Table:
    """Values of some properties, by subject and property."""
    found: Table = {}
    values = ", ".join(f"<{iri}>" for iri in properties)
    for subject, predicate, value in store.select(
        f"SELECT DISTINCT ?{variable} ?p ?v WHERE {{ {pattern} "
        f"{'' if pattern.endswith(('}', '.')) else '.'} ?{variable} ?p ?v FILTER(?p IN ({values})) }}"
    ):
        if isinstance(subject, NamedNode) and isinstance(predicate, NamedNode) and value is not None:
            found.setdefault(subject.value, {}).setdefault(predicate.value, []).append(value)
    return found


def all_values(found: Mapping[str, Sequence[Term]], iri: str) -> tuple[str, ...]:
    """Return the terms that a property leads to, in alphabetical order."""
    return tuple(sorted({term.value for term in found.get(iri, ()) if isinstance(term, NamedNode)}))


def _literals(found: Mapping[str, Sequence[Term]], iri: str) -> tuple[str, ...]:
    return tuple(sorted({term.value for term in found.get(iri, ()) if isinstance(term, Literal)}))


def first_value(found: Mapping[str, Sequence[Term]], iri: str) -> str:
    """Return the first value in alphabetical order, English or without a language before others."""
    terms = found.get(iri)
    if not terms:
        return ""
    if len(terms) == 1:
        return terms[0].value
    return min(terms, key=_preference).value


def _preference(term: Term) -> tuple[bool, str]:
    language = (term.language or "") if isinstance(term, Literal) else ""
    return (language not in {"", "en"}, term.value)


def _text(term: Term | None) -> str:
    return "" if term is None else term.value


def _nodes(iris: Iterable[str]) -> str:
    return " ".join(str(NamedNode(iri)) for iri in iris)


def word(iri: str, prefix: str) -> str:
    """Return a value of a list as a word, such as ``low`` for confidenceLow.

    >>> word("https://w3id.org/apgraph/ref/itemSelfReport", "item")
    'self report'
    """
    name = iri.removeprefix(PREFIXES["apgx"]).removeprefix(prefix)
    return "".join(f" {c.lower()}" if c.isupper() else c for c in name).strip()
