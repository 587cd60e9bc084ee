"""A store seen together with what was inferred from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import Quad, Triple

from apgraph.sparql import has_dataset
from apgraph.store.dataset import INFERRED, Asking

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from pyoxigraph import RdfFormat

    from apgraph.store.dataset import Result, Store, Term

__all__ = ["WithInferences"]


class WithInferences(Asking):
    """A store whose queries see the graph of inferences, too, unless they choose their graphs themselves.

    Nothing is copied. What was asserted stays what it is: quads, graphs and size are those of the store.

    Args:
        store: The store, which holds what was inferred from it.

    >>> from apgraph.store import OxigraphStore
    >>> store = OxigraphStore()
    >>> store.write_reserved(f"INSERT DATA {{ GRAPH <{INFERRED}> {{ <urn:a> <urn:p> <urn:b> }} }}")
    >>> asked = "ASK { <urn:a> <urn:p> <urn:b> }"
    >>> store.ask(asked), WithInferences(store).ask(asked)
    (False, True)
    """

    def __init__(self, store: Store) -> None:
        self.asserted = store
        """The store without its inferences."""

    @property
    def engine(self) -> str:
        """The engine of the store."""
        return self.asserted.engine

    @property
    def revision(self) -> object:
        """What differs once the store has changed, where it counts its changes."""
        return getattr(self.asserted, "revision", None)

    def query(
        self,
        query: str,
        *,
        bindings: Mapping[str, Term] | None = None,
        default_graphs: Sequence[str] | None = None,
        named_graphs: Sequence[str] | None = None,
        timeout: float | None = None,
    ) -> Result:
        """Ask a query of any form, see :class:`apgraph.store.Store`."""
        if default_graphs is None and (named_graphs is not None or not has_dataset(query)):
            default_graphs = ["", *self.asserted.graphs(), INFERRED]
        return self.asserted.query(
            query,
            bindings=bindings,
            default_graphs=default_graphs,
            named_graphs=named_graphs,
            timeout=timeout,
        )

    def holds_asserted(self, triple: Triple) -> bool:
        """Tell whether a triple was asserted, and not only inferred."""
        parts = {"s": triple.subject, "p": triple.predicate, "o": triple.object}
        bindings = {name: part for name, part in parts.items() if not isinstance(part, Triple)}
        # A triple within a triple is asserted: no rule makes one.
        return len(bindings) < len(parts) or self.asserted.ask("ASK { ?s ?p ?o }", bindings=bindings)

    def copied(self) -> Iterator[Quad]:
        """Yield all quads for a copy in another engine, those that were inferred in the unnamed graph."""
        yield from self.asserted.quads()
        for quad in self.asserted.quads(INFERRED):
            yield Quad(quad.subject, quad.predicate, quad.object)

    def graphs(self) -> tuple[str, ...]:
        """Return the named graphs, see :class:`apgraph.store.Store`."""
        return self.asserted.graphs()

    def quads(self, graph: str | None = None) -> Iterator[Quad]:
        """Yield the quads of a graph, see :class:`apgraph.store.Store`."""
        return self.asserted.quads(graph)

    def update(self, text: str) -> None:
        """Run a SPARQL update, see :class:`apgraph.store.Store`."""
        self.asserted.update(text)

    def load(
        self,
        source: Path | bytes,
        *,
        format: RdfFormat,  # noqa: A002 (the name that callers know)
        graph: str | None = None,
        base: str | None = None,
        name: str = "",
    ) -> int:
        """Load a file, see :class:`apgraph.store.Store`."""
        return self.asserted.load(source, format=format, graph=graph, base=base, name=name)

    def add(self, quads: Iterable[Quad]) -> int:
        """Add quads, see :class:`apgraph.store.Store`."""
        return self.asserted.add(quads)

    def remove_graph(self, graph: str) -> None:
        """Remove a graph, see :class:`apgraph.store.Store`."""
        self.asserted.remove_graph(graph)

    def __len__(self) -> int:
        return len(self.asserted)

    def close(self) -> None:
        """Release the store."""
        self.asserted.close()
