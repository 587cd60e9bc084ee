"""Deprecated terms that data uses, and what to use instead.

A term is deprecated by ``owl:deprecated true`` (`OWL 2, 5.5 <https://www.w3.org/TR/owl2-syntax/#Annotation_Properties>`_);
``dcterms:isReplacedBy`` names what replaces it. It makes no difference whether the framework or an extension says so.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal, NamedNode

from apgraph.lexicon import curie
from apgraph.vocabulary import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from apgraph.lexicon import Lexicon
    from apgraph.store import Store

__all__ = ["Deprecated", "deprecated_terms", "deprecated_uses"]

_TERMS: Final = (
    f"SELECT ?term ?by WHERE {{ ?term <{PREFIXES['owl']}deprecated> true "
    f"OPTIONAL {{ ?term <{PREFIXES['dcterms']}isReplacedBy> ?by }} }}"
)


@dataclass(frozen=True, slots=True)
class Deprecated:
    """A deprecated term.

    Args:
        iri: The term.
        label: Its name in words; its short name where it has none.
        replacements: IRIs of what to use instead.
        uses: How many statements use it, where that was counted.

    >>> print(Deprecated("https://w3id.org/apgraph/ref/x", "an x", ("https://w3id.org/apgraph/ref/y",), 2))
    apgx:x (an x) is deprecated, and used 2 times; use apgx:y
    """

    iri: str
    label: str
    replacements: tuple[str, ...]
    uses: int = 0

    def __str__(self) -> str:
        name = curie(self.iri)
        named = name if self.label == name else f"{name} ({self.label})"
        used = f", and used {self.uses} {'time' if self.uses == 1 else 'times'}" if self.uses else ""
        instead = (
            f"use {' or '.join(map(curie, self.replacements))}"
            if self.replacements
            else "nothing replaces it"
        )
        return f"{named} is deprecated{used}; {instead}"


def deprecated_terms(
    store: Store, lexicon: Lexicon, among: Iterable[str] | None = None
) -> tuple[Deprecated, ...]:
    """Return the deprecated terms of a store, in the order of their IRIs.

    Args:
        store: The graph.
        lexicon: The names of its terms.
        among: IRIs; only those of them that are deprecated.
    """
    found: defaultdict[str, set[str]] = defaultdict(set)
    for term, replacement in store.select(_TERMS).rows:
        if isinstance(term, NamedNode):
            found[term.value].update((replacement.value,) if isinstance(replacement, NamedNode) else ())
    wanted = sorted(found if among is None else found.keys() & set(among))
    labels = lexicon.labels(wanted)
    return tuple(Deprecated(iri, labels.get(iri) or curie(iri), tuple(sorted(found[iri]))) for iri in wanted)


def deprecated_uses(store: Store, lexicon: Lexicon, graphs: Iterable[str]) -> tuple[Deprecated, ...]:
    """Return the deprecated terms that some graphs use, with the number of statements that do.

    A statement about the term itself is no use of it: a graph may be where the term is deprecated.

    Args:
        store: The dataset.
        lexicon: The names of its terms.
        graphs: Names of the graphs that are looked at, ``""`` being the default graph.
    """
    terms = deprecated_terms(store, lexicon)
    if not terms:
        return ()
    read = list(graphs)
    counted: Mapping[str, int] = {}
    if read:
        values = " ".join(str(NamedNode(term.iri)) for term in terms)
        counted = {
            term.value: int(number.value)
            for term, number in store.select(
                f"SELECT ?term (COUNT(*) AS ?n) WHERE {{ VALUES ?term {{ {values} }} "
                "{ ?s ?p ?term FILTER (?s != ?term) } UNION { ?s2 ?term ?o2 } } GROUP BY ?term",
                default_graphs=read,
            ).rows
            if isinstance(term, NamedNode) and isinstance(number, Literal)
        }
    return tuple(
        Deprecated(term.iri, term.label, term.replacements, counted[term.iri])
        for term in terms
        if counted.get(term.iri)
    )
