"""What a reader's name for a case or an arrangement stands for."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from apgraph.errors import InputError, UnknownNameError
from apgraph.lexicon import curie, expand, key, nearest
from apgraph.profiles.reading import Scope
from apgraph.vocabulary import PREFIXES, apg

if TYPE_CHECKING:
    from collections.abc import Iterable

    from apgraph.store import Store, Term

__all__ = ["scope_of"]

_LABEL: Final = PREFIXES["rdfs"] + "label"
_SHOWN: Final = 6


@dataclass(frozen=True, slots=True)
class _Names:
    """What cases, or arrangements, are known by."""

    iris: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    said: dict[str, str] = field(default_factory=dict)
    """How each is offered where a name fits several: one name that fits it alone, and whose it is."""

    def add(self, iri: str, names: Iterable[Term | None], short: str, organisation: Term | None) -> None:
        for name in (iri, *(name.value for name in names if name is not None)):
            self.iris[name].add(iri)
        # One of several organisations will do.
        of = f" ({organisation.value})" if organisation is not None else ""
        self.said[iri] = max(self.said.get(iri, ""), f"{short}{of}")

    def find(self, name: str) -> set[str]:
        exact = self.iris.get(name) or self.iris.get(expand(name) or "")
        return exact or {iri for known, iris in self.iris.items() if key(known) == key(name) for iri in iris}

    def offer(self, iris: Iterable[str]) -> str:
        several = sorted(self.said[iri] for iri in iris)
        more = f" and {len(several) - _SHOWN} more" if len(several) > _SHOWN else ""
        return f"{', '.join(several[:_SHOWN])}{more}"


def scope_of(store: Store, name: str | None) -> Scope:
    """Return the case records or the arrangements that a name stands for; those of the only case where none is given.

    Args:
        store: Where they are.
        name: Identifier or label of a case, label of an organisation; or label, row, short name or IRI of an
            arrangement.

    Raises:
        UnknownNameError: There is no such case or arrangement.
        InputError: The name fits several, or none was given and there are several cases.
    """
    cases = _Names()
    for record, case, own, organisation in store.select(
        f"SELECT ?r ?id ?l ?o WHERE {{ ?r a <{apg.CaseRecord}> OPTIONAL {{ ?r <{apg.caseIdentifier}> ?id }} "
        f"OPTIONAL {{ ?r <{_LABEL}> ?l }} OPTIONAL {{ ?r <{apg.concernsOrganisation}>/<{_LABEL}> ?o }} }}"
    ):
        if record is not None:
            short = curie(record.value) if case is None else case.value
            cases.add(record.value, (case, own, organisation), short, organisation)
    if name is None:
        if len(cases.said) > 1:
            raise InputError(
                f"there are {len(cases.said)} cases; name one of them: {cases.offer(cases.said)}"
            )
        # An arrangement that lies outside of the only case is not meant.
        return Scope(records=tuple(cases.said)) if cases.said else Scope()
    arrangements = _Names()
    for arrangement, own, row, organisation in store.select(
        f"SELECT ?a ?l ?row ?o WHERE {{ ?a a <{apg.DeploymentArrangement}> OPTIONAL {{ ?a <{_LABEL}> ?l }} "
        f"OPTIONAL {{ ?a <{apg.rowIdentifier}> ?row }} OPTIONAL {{ ?a <{apg.isRunBy}>/<{_LABEL}> ?o }} }}"
    ):
        if arrangement is not None:
            iri = arrangement.value
            arrangements.add(iri, (own, row), curie(iri), organisation)
    for names, kind in ((cases, "cases"), (arrangements, "arrangements")):
        found = names.find(name)
        if len(found) > 1:
            raise InputError(f"{name!r} names {len(found)} {kind}; give one of: {names.offer(found)}")
        if found:
            return Scope(records=tuple(found)) if names is cases else Scope(arrangements=tuple(found))
    offered = "; ".join(
        f"{kind}: {names.offer(names.said)}"
        for names, kind in ((cases, "cases"), (arrangements, "arrangements"))
        if names.said
    )
    raise UnknownNameError(
        "case or arrangement",
        name,
        nearest=nearest(name, [*cases.iris, *arrangements.iris]),
        hint=f"(there are {offered})" if offered else "(no case is loaded)",
    )
