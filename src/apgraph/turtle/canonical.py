"""Ranks of blank nodes that depend on the graph, not on the labels that they came with.

Colour refinement tells apart all but the most regular nodes; where it does not, each candidate is tried and the
least result kept, and candidates that an automorphism found on the way makes equal are passed over. The method
is the usual one for canonical forms of graphs (McKay and Piperno, "Practical graph isomorphism, II", 2014).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["blank_nodes", "canonical_lines", "ranks"]

Term = NamedNode | BlankNode | Literal | Triple
Colours = dict[BlankNode, int]
Pattern = tuple[str, tuple[BlankNode, ...]]
Certificate = tuple[tuple[str, tuple[int, ...]], ...]
Automorphism = dict[BlankNode, BlankNode]


def blank_nodes(term: Term) -> Iterator[BlankNode]:
    """Yield the blank nodes of a term, in the order in which they stand there.

    >>> p = NamedNode("http://example.org/p")
    >>> [node.value for node in blank_nodes(Triple(BlankNode("a"), p, BlankNode("b")))]
    ['a', 'b']
    """
    if isinstance(term, BlankNode):
        yield term
    elif isinstance(term, Triple):
        yield from blank_nodes(term.subject)
        yield from blank_nodes(term.object)


def ranks(triples: Iterable[Triple], wanted: set[BlankNode]) -> dict[BlankNode, int]:
    """Return a rank for each wanted blank node, the same for every naming of the nodes.

    Args:
        triples: The whole graph.
        wanted: The nodes to be ranked; parts of the graph without any of them cost nothing.

    >>> p, q = NamedNode("http://example.org/p"), NamedNode("http://example.org/q")
    >>> graph = [Triple(BlankNode("x"), p, BlankNode("y")), Triple(BlankNode("y"), q, BlankNode("x"))]
    >>> ranks(graph, {BlankNode("x"), BlankNode("y")})[BlankNode("x")]
    0
    """
    patterns = [pattern for triple in triples if (pattern := _pattern(triple))[1]]
    parts = sorted(
        (
            _Part(part).canonical()
            for part in _connected(patterns)
            if any(n in wanted for _, ns in part for n in ns)
        ),
        key=lambda result: result[0],
    )
    found = [node for _, order in parts for node in order if node in wanted]
    return {node: rank for rank, node in enumerate(found)}


def canonical_lines(triples: Iterable[Triple]) -> list[str]:
    """Return a line for each triple, sorted: equal for two graphs exactly if they are the same but for blank nodes.

    Unlike N-Quads by RDFC-1.0 they name no blank node; their cost stays low on long chains and on many nodes alike.

    >>> p = NamedNode("http://example.org/p")
    >>> canonical_lines([Triple(BlankNode("x"), p, Literal("1"))]) == canonical_lines(
    ...     [Triple(BlankNode("y"), p, Literal("1"))])
    True
    """
    known = list(dict.fromkeys(triples))
    rank = ranks(known, {node for triple in known for node in blank_nodes(triple)})
    lines = []
    for triple in known:
        numbers = [rank[node] for node in blank_nodes(triple)]
        lines.append(f"{_text(triple)} {numbers}" if numbers else str(triple))
    return sorted(lines)


def _pattern(triple: Triple) -> Pattern:
    nodes = tuple(blank_nodes(triple))
    return (_text(triple) if nodes else "", nodes)


def _text(term: Term) -> str:
    if isinstance(term, BlankNode):
        return "_"
    if isinstance(term, Triple):
        return f"<<{_text(term.subject)} {term.predicate} {_text(term.object)}>>"
    return str(term)


def _connected(patterns: list[Pattern]) -> Iterator[list[Pattern]]:
    leader: dict[BlankNode, BlankNode] = {}

    def find(node: BlankNode) -> BlankNode:
        while (above := leader.setdefault(node, node)) != node:
            leader[node] = leader[above]
            node = leader[node]
        return node

    for _, nodes in patterns:
        for node in nodes:
            leader[find(node)] = find(nodes[0])
    parts: dict[BlankNode, list[Pattern]] = {}
    for pattern in patterns:
        parts.setdefault(find(pattern[1][0]), []).append(pattern)
    yield from parts.values()


class _Part:
    """Blank nodes that hang together."""

    def __init__(self, patterns: list[Pattern]) -> None:
        self._patterns = patterns
        self._incident: dict[BlankNode, list[Pattern]] = {}
        self._leaves: dict[Certificate, list[BlankNode]] = {}
        self._automorphisms: list[Automorphism] = []
        for pattern in patterns:
            for node in dict.fromkeys(pattern[1]):
                self._incident.setdefault(node, []).append(pattern)

    def canonical(self) -> tuple[Certificate, list[BlankNode]]:
        """Return a text-like certificate of the part, and its nodes in canonical order."""
        self._search(self._refine(dict.fromkeys(self._incident, 0)))
        return min(self._leaves.items(), key=lambda leaf: leaf[0])

    def _refine(self, colours: Colours) -> Colours:
        count = len(set(colours.values()))
        while count < len(colours):
            signatures = {
                node: (
                    colours[node],
                    sorted((t, [-1 if n == node else colours[n] for n in nodes]) for t, nodes in incident),
                )
                for node, incident in self._incident.items()
            }
            distinct: list[tuple[int, list[tuple[str, list[int]]]]] = []
            refined: Colours = {}
            for node in sorted(signatures, key=signatures.__getitem__):
                if not distinct or distinct[-1] != signatures[node]:
                    distinct.append(signatures[node])
                refined[node] = len(distinct) - 1
            if len(distinct) == count:
                break
            colours, count = refined, len(distinct)
        return colours

    def _search(self, colours: Colours) -> Automorphism | None:
        """Go through the ways to tell all nodes apart; return an automorphism that this level cannot use."""
        cells: dict[int, list[BlankNode]] = {}
        for node, colour in colours.items():
            cells.setdefault(colour, []).append(node)
        tied = [colour for colour, nodes in cells.items() if len(nodes) > 1]
        if not tied:
            return self._leaf(sorted(colours, key=colours.__getitem__))
        cell = cells[min(tied)]
        orbit = {node: node for node in cell}
        tried: list[BlankNode] = []
        known = len(self._automorphisms)
        for node in cell:
            # Those found below this level leave everything fixed that was chosen above it.
            for automorphism in self._automorphisms[known:]:
                for one in cell:
                    orbit[_root(orbit, one)] = _root(orbit, automorphism[one])
            known = len(self._automorphisms)
            if any(_root(orbit, node) == _root(orbit, other) for other in tried):
                continue
            # Twice the colours leaves room for this one node before the others of its cell.
            chosen = {n: 2 * colour + (colour == min(tied) and n != node) for n, colour in colours.items()}
            found = self._search(self._refine(chosen))
            if found is not None:
                if not any(found[other] == node for other in tried):
                    return found
                # What follows from this node is the image of what followed from the other.
                self._automorphisms.append(found)
            tried.append(node)
        return None

    def _leaf(self, order: list[BlankNode]) -> Automorphism | None:
        rank = {node: number for number, node in enumerate(order)}
        certificate = tuple(sorted((text, tuple(rank[n] for n in nodes)) for text, nodes in self._patterns))
        known = self._leaves.setdefault(certificate, order)
        return None if known is order else dict(zip(known, order, strict=True))


def _root(orbit: dict[BlankNode, BlankNode], node: BlankNode) -> BlankNode:
    while orbit[node] != node:
        node = orbit[node]
    return node
