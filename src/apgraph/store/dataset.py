"""What every store can do, and what it answers."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NoReturn, Protocol

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Triple

from apgraph.errors import InputError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from pyoxigraph import RdfFormat

__all__ = [
    "INFERRED",
    "SPELLING",
    "Asking",
    "Closed",
    "GraphName",
    "Result",
    "Solutions",
    "Store",
    "Term",
    "graph_name",
    "graph_text",
    "is_reserved",
]

Term = NamedNode | BlankNode | Literal
GraphName = NamedNode | BlankNode | DefaultGraph

INFERRED: Final = "urn:apgraph:inferred"
"""The graph of what was inferred; no part of the default graph unless asked for."""

SPELLING: Final = "urn:apgraph:spelling"
"""What the graphs start with that keep how literals were written."""


@dataclass(frozen=True, slots=True)
class Solutions:
    """The rows of a SELECT query.

    Attributes:
        variables: Names of the columns, without question marks, in the query's order.
        rows: One tuple a row; None where a variable is unbound.

    >>> Solutions(("x",), ((NamedNode("urn:a"),),)).rows[0][0].value
    'urn:a'
    """

    variables: tuple[str, ...]
    rows: tuple[tuple[Term | None, ...], ...]

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[tuple[Term | None, ...]]:
        return iter(self.rows)


Result = Solutions | bool | tuple[Triple, ...]


def is_reserved(graph: str) -> bool:
    """Tell whether a graph is the store's own, and so no part of what a query sees unless asked for.

    >>> is_reserved("urn:apgraph:spelling:urn:g"), is_reserved("urn:apgraph:inferred"), is_reserved("urn:g")
    (True, True, False)
    """
    return graph in (INFERRED, SPELLING) or graph.startswith((f"{SPELLING}:", f"{INFERRED}:"))


def graph_name(name: str) -> GraphName:
    """Return the term that names a graph: ``""`` the unnamed one, ``_:x`` a blank node, else an IRI.

    Raises:
        InputError: It is no IRI.

    >>> graph_name("urn:g")
    <NamedNode value=urn:g>
    """
    if not name:
        return DefaultGraph()
    try:
        return BlankNode(name[2:]) if name.startswith("_:") else NamedNode(name)
    except ValueError as error:
        raise InputError(f"{name!r} can't name a graph: {error}") from None


def graph_text(name: GraphName) -> str:
    """Return the name of a graph as text, the inverse of :func:`graph_name`.

    >>> graph_text(DefaultGraph()), graph_text(NamedNode("urn:g"))
    ('', 'urn:g')
    """
    match name:
        case DefaultGraph():
            return ""
        case BlankNode():
            return f"_:{name.value}"
        case _:
            return name.value


class Closed:
    """Stands in for what a store held before it was closed, and refuses whatever is asked of it.

    Args:
        how: How to open the store again.
    """

    def __init__(self, how: str) -> None:
        self._how = how

    def __getattr__(self, name: str) -> NoReturn:
        raise UsageError(f"the graph is closed; {self._how}")

    def __len__(self) -> NoReturn:
        raise UsageError(f"the graph is closed; {self._how}")


class Asking(ABC):
    """The ways to ask for one form of query, given the one that takes any."""

    @abstractmethod
    def query(
        self,
        query: str,
        *,
        bindings: Mapping[str, Term] | None = None,
        default_graphs: Sequence[str] | None = None,
        named_graphs: Sequence[str] | None = None,
        timeout: float | None = None,
    ) -> Result:
        """Ask a query of any form, see :class:`Store`."""

    def select(
        self,
        query: str,
        *,
        bindings: Mapping[str, Term] | None = None,
        default_graphs: Sequence[str] | None = None,
        named_graphs: Sequence[str] | None = None,
        timeout: float | None = None,
    ) -> Solutions:
        """Ask a SELECT query, see :class:`Store`."""
        result = self.query(
            query,
            bindings=bindings,
            default_graphs=default_graphs,
            named_graphs=named_graphs,
            timeout=timeout,
        )
        if not isinstance(result, Solutions):
            raise InputError("a SELECT query is needed here")
        return result

    def ask(
        self,
        query: str,
        *,
        bindings: Mapping[str, Term] | None = None,
        default_graphs: Sequence[str] | None = None,
        named_graphs: Sequence[str] | None = None,
        timeout: float | None = None,
    ) -> bool:
        """Ask an ASK query, see :class:`Store`."""
        result = self.query(
            query,
            bindings=bindings,
            default_graphs=default_graphs,
            named_graphs=named_graphs,
            timeout=timeout,
        )
        if not isinstance(result, bool):
            raise InputError("an ASK query is needed here")
        return result

    def construct(
        self,
        query: str,
        *,
        bindings: Mapping[str, Term] | None = None,
        default_graphs: Sequence[str] | None = None,
        named_graphs: Sequence[str] | None = None,
        timeout: float | None = None,
    ) -> tuple[Triple, ...]:
        """Ask a CONSTRUCT or DESCRIBE query, see :class:`Store`."""
        result = self.query(
            query,
            bindings=bindings,
            default_graphs=default_graphs,
            named_graphs=named_graphs,
            timeout=timeout,
        )
        if isinstance(result, Solutions | bool):
            raise InputError("a CONSTRUCT or DESCRIBE query is needed here")
        return result


class Store(Protocol):
    """An RDF dataset that can be asked, whatever engine holds it.

    The arguments of the four ways to ask:

    * ``bindings``: values of variables, see :func:`apgraph.sparql.bind`.
    * ``default_graphs``: the graphs that make up the default graph of the query, ``""`` being the
      unnamed one. None: all of them but the reserved ones, or what the query says by FROM.
    * ``named_graphs``: the graphs that GRAPH reaches. None: all but the reserved ones.
    * ``timeout``: seconds, after which TimeLimitError is raised. None: no limit.
    """

    @property
    def engine(self) -> str:
        """``"oxigraph"``, ``"rdflib"`` or ``"service"``."""

    def query(
        self,
        query: str,
        *,
        bindings: Mapping[str, Term] | None = None,
        default_graphs: Sequence[str] | None = None,
        named_graphs: Sequence[str] | None = None,
        timeout: float | None = None,
    ) -> Result:
        """Ask a query of any form.

        Raises:
            ParseError: The query has a syntax error.
            TimeLimitError: The time limit is over.
            ServiceError: The service is out of reach or refuses.
        """

    def select(
        self,
        query: str,
        *,
        bindings: Mapping[str, Term] | None = None,
        default_graphs: Sequence[str] | None = None,
        named_graphs: Sequence[str] | None = None,
        timeout: float | None = None,
    ) -> Solutions:
        """Ask a SELECT query; the errors are those of :meth:`query`."""

    def ask(
        self,
        query: str,
        *,
        bindings: Mapping[str, Term] | None = None,
        default_graphs: Sequence[str] | None = None,
        named_graphs: Sequence[str] | None = None,
        timeout: float | None = None,
    ) -> bool:
        """Ask an ASK query; the errors are those of :meth:`query`."""

    def construct(
        self,
        query: str,
        *,
        bindings: Mapping[str, Term] | None = None,
        default_graphs: Sequence[str] | None = None,
        named_graphs: Sequence[str] | None = None,
        timeout: float | None = None,
    ) -> tuple[Triple, ...]:
        """Ask a CONSTRUCT or DESCRIBE query; the errors are those of :meth:`query`."""

    def update(self, text: str) -> None:
        """Run a SPARQL update; the literals in it are kept as the engine keeps them."""

    def graphs(self) -> tuple[str, ...]:
        """Return the named graphs but the reserved ones, in alphabetical order."""

    def quads(self, graph: str | None = None) -> Iterator[Quad]:
        """Yield the quads of a graph (``""``: the unnamed one; None: all but the reserved ones) as they came in."""

    def load(
        self,
        source: Path | bytes,
        *,
        format: RdfFormat,  # noqa: A002 (the name that callers know)
        graph: str | None = None,
        base: str | None = None,
        name: str = "",
    ) -> int:
        """Load a file or its content, wholly or not at all.

        Args:
            source: The file, or bytes.
            format: Its syntax.
            graph: The graph that takes the triples of the file's default graph; None: the unnamed one.
            base: What relative IRIs are relative to.
            name: What errors call the file.

        Returns:
            How many quads the file says.

        Raises:
            ParseError: It does not parse.
            InputError: It cannot be read.
        """

    def add(self, quads: Iterable[Quad]) -> int:
        """Add quads, wholly or not at all, and return how many were given."""

    def remove_graph(self, graph: str) -> None:
        """Remove a graph with everything kept about it; nothing happens if there is none."""

    def __len__(self) -> int:
        """Return the number of quads outside the reserved graphs."""

    def close(self) -> None:
        """Release the store; it must not be used any more."""
