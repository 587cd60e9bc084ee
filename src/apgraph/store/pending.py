"""Loads into a store on disk that were begun, so that one which the end of its process cut short can be taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal

from apgraph.store.dataset import INFERRED
from apgraph.store.oxigraph import OxigraphStore

if TYPE_CHECKING:
    from collections.abc import Iterable

    from apgraph.store.dataset import Store

__all__ = ["begin", "end", "recover"]

_PENDING: Final = INFERRED + ":loading"
"""The graph that names, while a load is under way, the graphs that were there before."""

_LOAD: Final = "urn:apgraph:loading"


def begin(store: Store, known: Iterable[str]) -> None:
    """Note in a store on disk that a load is under way; elsewhere nothing outlives its process.

    Args:
        store: The store.
        known: The graphs that are there.
    """
    if isinstance(store, OxigraphStore) and store.folder is not None:
        names = " , ".join(str(Literal(name)) for name in ("", *known))
        store.write_reserved(f"INSERT DATA {{ GRAPH <{_PENDING}> {{ <{_LOAD}> <{_LOAD}> {names} }} }}")


def end(store: Store) -> None:
    """Note that it is over."""
    if isinstance(store, OxigraphStore) and store.folder is not None:
        store.remove_graph(_PENDING)


def recover(store: OxigraphStore) -> tuple[str, ...]:
    """Remove the graphs that a load has left which never ended, and return their names."""
    known = {quad.object.value for quad in store.quads(_PENDING) if isinstance(quad.object, Literal)}
    left = tuple(name for name in store.graphs() if name not in known) if known else ()
    for name in left:
        store.remove_graph(name)
    store.remove_graph(_PENDING)
    return left
