"""An RDF dataset: in memory, in a folder, or behind a SPARQL service."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apgraph.store.dataset import INFERRED, SPELLING, Result, Solutions, Store, Term, is_reserved
from apgraph.store.inferences import WithInferences
from apgraph.store.loading import FORMATS, content_graph, expand, format_of, load_files
from apgraph.store.oxigraph import OxigraphStore

if TYPE_CHECKING:
    from apgraph.store.rdflib_memory import RdflibStore
    from apgraph.store.service import ServiceStore
    from apgraph.store.view import to_rdflib

__all__ = [
    "FORMATS",
    "INFERRED",
    "SPELLING",
    "OxigraphStore",
    "RdflibStore",
    "Result",
    "ServiceStore",
    "Solutions",
    "Store",
    "Term",
    "WithInferences",
    "content_graph",
    "expand",
    "format_of",
    "is_reserved",
    "load_files",
    "to_rdflib",
]


def __getattr__(name: str) -> object:
    # rdflib takes a fifth of a second to import, HTTP a tenth of that: only who uses them pays.
    if name == "RdflibStore":
        from apgraph.store.rdflib_memory import RdflibStore

        return RdflibStore
    if name == "ServiceStore":
        from apgraph.store.service import ServiceStore

        return ServiceStore
    if name == "to_rdflib":
        from apgraph.store.view import to_rdflib

        return to_rdflib
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
