"""Terms that a query names and the graph does not have: a misspelling gives no rows, so it is told instead."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pyoxigraph import NamedNode

from apgraph.errors import UnknownNameError
from apgraph.lexicon import curie
from apgraph.sparql import names_used
from apgraph.vocabulary import APG, APGQ, APGS, APGX, PREFIXES

if TYPE_CHECKING:
    from apgraph.lexicon import Lexicon
    from apgraph.store import Store

__all__ = ["OURS", "check_terms"]

OURS: Final = (APG, APGX, APGS, APGQ)
"""Namespaces whose terms have to exist."""


def check_terms(store: Store, lexicon: Lexicon, query: str) -> None:
    """Refuse a query that names a term of our namespaces which is nowhere in the graph.

    A term that loaded data uses, even if only as a property, counts as existing; what lies in a namespace
    of the reader's own is never refused.

    Args:
        store: The graph that will be asked.
        lexicon: Names of its terms.
        query: Any SPARQL query.

    Raises:
        UnknownNameError: There is no such term; it tells the nearest.

    >>> from apgraph.lexicon import Lexicon
    >>> from apgraph.store import OxigraphStore
    >>> store = OxigraphStore()
    >>> store.update('PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> PREFIX apg: <https://w3id.org/apgraph/ns#> '
    ...              'INSERT DATA { apg:Tension rdfs:label "tension"@en }')
    >>> check_terms(store, Lexicon(store), "SELECT * { ?x a apg:Tensoin }")
    Traceback (most recent call last):
    apgraph.errors.UnknownNameError: there is no term 'apg:Tensoin'; did you mean 'apg:Tension'?
    """
    named = sorted(
        iri
        for iri in names_used(query, PREFIXES)
        if iri.startswith(OURS) and iri not in OURS and _is_iri(iri)
    )
    if not named:
        return
    values = " ".join(str(NamedNode(iri)) for iri in named)
    there = store.select(
        f"SELECT DISTINCT ?x WHERE {{ VALUES ?x {{ {values} }} "
        "FILTER(EXISTS { ?x ?p1 ?o1 } || EXISTS { ?s2 ?x ?o2 } || EXISTS { ?s3 ?p3 ?x }) }"
    )
    known = {term.value for (term,) in there.rows if isinstance(term, NamedNode)}
    for iri in named:
        if iri not in known:
            short = curie(iri)
            raise UnknownNameError("term", short, nearest=lexicon.suggest(short))


def _is_iri(text: str) -> bool:
    try:
        NamedNode(text)
    except ValueError:
        return False
    return True
