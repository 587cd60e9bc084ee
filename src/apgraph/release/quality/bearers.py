"""Where in a file the names of a finding stand: how much of it is there, and which term bears the rest."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, NamedNode

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

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
        self._at: tuple[Mapping[str, Sequence[Quad]], Mapping[str, Sequence[Quad]]] | None = None

    def of(self, value: str) -> str:
        """Return the IRI of a term in whose description an IRI stands; empty where there is none."""
        _, naming = self._index()
        for quad in naming.get(value, ()):
            bearer = self._named(quad.subject)
            if bearer:
                return bearer
        return ""

    def nearness(self, this: str, names: Sequence[str]) -> int:
        """Tell how much of a finding stands in one triple of the file: 0 for nothing of it.

        Args:
            this: IRI of the subject; empty for any.
            names: The property and the value, as far as there are.

        >>> from pyoxigraph import RdfFormat, parse
        >>> text = b"@prefix : <http://e.org/> . :A :below :B ."
        >>> here = Bearers(list(parse(text, format=RdfFormat.TURTLE)))
        >>> here.nearness("http://e.org/A", ["http://e.org/below", "http://e.org/B"])
        3
        >>> here.nearness("", ["http://e.org/B"]), here.nearness("http://e.org/B", [])
        (1, 0)
        """
        said, naming = self._index()
        quads = said.get(this, ()) if this else [quad for name in names for quad in naming.get(name, ())]
        best = 0
        for quad in quads:
            there = _names(quad)
            best = max(best, int(bool(this)) + sum(name in there for name in names))
            if best == int(bool(this)) + len(names):
                break
        return best

    def _index(self) -> tuple[Mapping[str, Sequence[Quad]], Mapping[str, Sequence[Quad]]]:
        """Return the triples by their subject, and by what else they name."""
        if self._at is None:
            said: defaultdict[str, list[Quad]] = defaultdict(list)
            naming: defaultdict[str, list[Quad]] = defaultdict(list)
            for quad in self._quads:
                if isinstance(quad.subject, NamedNode):
                    said[quad.subject.value].append(quad)
                for name in _names(quad):
                    naming[name].append(quad)
            self._at = said, naming
        return self._at

    def _named(self, node: object) -> str:
        if self._above is None:
            self._above = {q.object: q.subject for q in self._quads if isinstance(q.object, BlankNode)}
        seen: set[object] = set()
        while isinstance(node, BlankNode) and node not in seen:
            seen.add(node)
            node = self._above.get(node)
        return node.value if isinstance(node, NamedNode) else ""


def _names(quad: Quad) -> set[str]:
    """Return what a triple names besides its subject."""
    return {quad.predicate.value, getattr(quad.object, "value", "")}
