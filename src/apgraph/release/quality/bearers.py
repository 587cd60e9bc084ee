"""Which term of a file bears a name that stands within an expression, or a property: where its line is looked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, NamedNode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pyoxigraph import Quad

__all__ = ["Bearers"]


class Bearers:
    """The terms of a file and what stands in their descriptions.

    Args:
        quads: The triples of the file.

    >>> from pyoxigraph import RdfFormat, parse
    >>> text = b"@prefix : <http://e.org/> . :A :below [ :on :p ] ."
    >>> Bearers(list(parse(text, format=RdfFormat.TURTLE))).of("http://e.org/p")
    'http://e.org/A'
    """

    def __init__(self, quads: Sequence[Quad]) -> None:
        self._quads = quads
        self._above: dict[BlankNode, object] | None = None

    def of(self, value: str) -> str:
        """Return the IRI of a term in whose description an IRI stands; empty where there is none."""
        for quad in self._quads:
            if value in (quad.predicate.value, getattr(quad.object, "value", "")):
                bearer = self._named(quad.subject)
                if bearer:
                    return bearer
        return ""

    def _named(self, node: object) -> str:
        if self._above is None:
            self._above = {q.object: q.subject for q in self._quads if isinstance(q.object, BlankNode)}
        seen: set[object] = set()
        while isinstance(node, BlankNode) and node not in seen:
            seen.add(node)
            node = self._above.get(node)
        return node.value if isinstance(node, NamedNode) else ""
