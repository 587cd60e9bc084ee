"""The organisations that the loaded cases are about, and how readers name them in a question."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from apgraph.errors import InputError, UnknownNameError
from apgraph.lexicon import curie, key, nearest
from apgraph.vocabulary import apg

if TYPE_CHECKING:
    from apgraph.lexicon import Lexicon
    from apgraph.store import Store

__all__ = ["named_by_case", "organisation_names"]

_LISTED = 12


def organisation_names(store: Store, lexicon: Lexicon) -> tuple[str, ...]:
    """Return the names of the organisations that the cases are about, in order."""
    found = _identifiers(store)
    labels = lexicon.labels(found)
    return tuple(sorted({labels.get(iri) or curie(iri) for iri in found}))


def named_by_case(text: str, store: Store, lexicon: Lexicon) -> NamedNode:
    """Return the organisation of the case with that identifier.

    Raises:
        UnknownNameError: There is none; it tells the nearest of those that the cases are about.
        InputError: Cases about several organisations have that identifier, but for letter case and marks.
    """
    found = _identifiers(store)
    meant = sorted(iri for iri, names in found.items() if key(text) in {key(name) for name in names})
    if len(meant) == 1:
        return NamedNode(meant[0])
    if meant:
        raise InputError(
            f"{text!r} names {len(meant)} cases; give the organisation: {', '.join(map(curie, meant))}"
        )
    names = organisation_names(store, lexicon)
    if len(names) > _LISTED:
        hint = None
    else:
        hint = f"(there are: {'; '.join(names)})" if names else "(no case is loaded)"
    raise UnknownNameError("organisation", text, nearest=nearest(text, names), hint=hint)


def _identifiers(store: Store) -> dict[str, set[str]]:
    """Return the identifiers of the cases about each organisation."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for organisation, identifier in store.select(
        f"SELECT ?o ?i {{ ?r <{apg.concernsOrganisation}> ?o OPTIONAL {{ ?r <{apg.caseIdentifier}> ?i }} }}"
    ):
        if isinstance(organisation, NamedNode):
            found[organisation.value] |= {identifier.value} if isinstance(identifier, Literal) else set()
    return dict(found)
