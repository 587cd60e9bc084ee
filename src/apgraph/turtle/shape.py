"""Which blank nodes of a graph can be written in place, and which are cells of lists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from apgraph.turtle.canonical import blank_nodes, ranks

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["DEPTH", "FIRST", "REST", "Shape", "Statements", "Subject", "Term"]

Subject = NamedNode | BlankNode
Term = NamedNode | BlankNode | Literal | Triple
Statements = dict[NamedNode, list[Term]]

DEPTH: Final = 40
"""Nesting from which on a blank node gets a label."""

_RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
FIRST: Final = NamedNode(_RDF + "first")
REST: Final = NamedNode(_RDF + "rest")
NIL: Final = NamedNode(_RDF + "nil")


class Shape:
    """A graph by subject, and which of its blank nodes can be written in place."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self.subjects: dict[Subject, Statements] = {}
        for triple in triples:
            # RDF 1.2 has triple terms as objects only; the type of pyoxigraph is wider.
            assert not isinstance(triple.subject, Triple)
            statements = self.subjects.setdefault(triple.subject, {})
            statements.setdefault(triple.predicate, []).append(triple.object)
        self._parent: dict[BlankNode, Subject] = {}
        self.labelled: set[BlankNode] = set()
        for subject, statements in self.subjects.items():
            for objects in statements.values():
                for term in objects:
                    if isinstance(term, Triple):
                        self.labelled.update(blank_nodes(term))
                    elif isinstance(term, BlankNode):
                        if term in self._parent:
                            self.labelled.add(term)
                        self._parent[term] = subject
        self.cells = self._list_cells()
        self.roots = [n for n in self.subjects if isinstance(n, BlankNode) and n not in self._parent]
        self._label_cycles()
        self._label_deep_ones()

    def ranks(self, triples: Iterable[Triple]) -> dict[BlankNode, int]:
        """Return canonical ranks of the nodes that need a label."""
        return ranks(triples, self.labelled) if self.labelled else {}

    def _list_cells(self) -> set[BlankNode]:
        """Return the blank nodes from which an RDF list runs to its end without a fault."""
        candidates = {
            node: statements[REST][0]
            for node, statements in self.subjects.items()
            if isinstance(node, BlankNode)
            and statements.keys() == {FIRST, REST}
            and len(statements[FIRST]) == len(statements[REST]) == 1
        }
        before = {
            rest: node for node, rest in candidates.items() if rest not in self.labelled and rest != NIL
        }
        cells: set[BlankNode] = set()
        for last in [node for node, rest in candidates.items() if rest == NIL]:
            cell: BlankNode | None = last
            while cell is not None:
                cells.add(cell)
                cell = before.get(cell)
        return cells

    def _label_cycles(self) -> None:
        done: set[Subject] = set()
        for start in self._parent:
            path: dict[Subject, None] = {}
            node: Subject | None = start
            while isinstance(node, BlankNode) and node not in done and node not in self.labelled:
                if node in path:
                    nodes = list(path)
                    self.labelled.update(n for n in nodes[nodes.index(node) :] if isinstance(n, BlankNode))
                    break
                path[node] = None
                node = self._parent.get(node)
            done.update(path)

    def _label_deep_ones(self) -> None:
        starts = [n for n in self.subjects if n not in self._parent or n in self.labelled]
        stack: list[tuple[Subject, int]] = [(node, 0) for node in starts]
        while stack:
            node, level = stack.pop()
            for predicate, objects in self.subjects.get(node, {}).items():
                for term in objects:
                    if not isinstance(term, BlankNode) or term in self.labelled:
                        continue
                    # The cells of a list stand side by side, however many there are.
                    beside = predicate == REST and node in self.cells and term in self.cells
                    below = level if beside else level + 1
                    if below > DEPTH:
                        self.labelled.add(term)
                        below = 0
                    stack.append((term, below))
