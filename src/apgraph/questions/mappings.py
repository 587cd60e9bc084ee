"""The mappings to other vocabularies that come with this package, as a store that questions can ask."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode, Quad, RdfFormat

from apgraph.resources import FRAMEWORK, resource_folder
from apgraph.store import OxigraphStore
from apgraph.vocabulary import PREFIXES, VERSION

if TYPE_CHECKING:
    from apgraph.store import Store

__all__ = ["mapping_store"]


@cache
def mapping_store() -> Store:
    """Return the mappings; they lie in the graph of the framework, with its version, since they are released with it.

    They are no part of a user's graph: a mapping says that a vocabulary was looked at, and is not knowledge of cases.

    Raises:
        InputError: The installation is incomplete.
    """
    store = OxigraphStore()
    file = resource_folder("ontology") / "alignments" / "apgraph.sssom.nt"
    store.load(file, format=RdfFormat.N_TRIPLES, graph=FRAMEWORK, name=str(file))
    version = NamedNode(f"{FRAMEWORK}/{VERSION}")
    store.add(
        [Quad(NamedNode(FRAMEWORK), NamedNode(f"{PREFIXES['owl']}versionIRI"), version, NamedNode(FRAMEWORK))]
    )
    # What our terms are called, for explanations.
    store.update(
        f"INSERT {{ GRAPH <{FRAMEWORK}> {{ ?term <{PREFIXES['rdfs']}label> ?name }} }} WHERE {{ GRAPH <{FRAMEWORK}> "
        f"{{ ?mapping <{PREFIXES['owl']}annotatedSource> ?term ; <https://w3id.org/sssom/subject_label> ?name }} }}"
    )
    return store
