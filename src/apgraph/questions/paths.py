"""Property paths with the proofs of each pair of ends."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from rdflib.paths import AlternativePath, InvPath, MulPath, NegatedPath, Path, SequencePath
from rdflib.term import URIRef

from apgraph.errors import NotFinishedError
from apgraph.questions.proofs import GIVEN, Note, Proofs, both, either

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pyoxigraph import NamedNode

    from apgraph.questions.facts import Facts
    from apgraph.questions.proofs import Limits
    from apgraph.store import Term

__all__ = ["Ends", "Paths", "nullable"]

Ends: TypeAlias = "dict[tuple[Term, Term], tuple[Proofs, int]]"
"""Start and end to the proofs that the path leads from one to the other, and how often it does."""


class Paths:
    """Evaluates property paths over facts.

    Args:
        facts: Where the facts are.
        limits: How much is followed.
    """

    def __init__(self, facts: Facts, limits: Limits) -> None:
        self._facts = facts
        self._limits = limits

    def ends(self, path: Path | URIRef, start: Term | None, end: Term | None, graph: str | None) -> Ends:
        """Return every pair of ends that the path joins, with proofs.

        A path of length zero joins a node to itself if some fact mentions the node; that is Oxigraph's
        reading, and rests on facts alone. (Others take a fixed term for a node in any case.)

        Args:
            path: The path.
            start: Where it starts; None for anywhere.
            end: Where it ends; None for anywhere.
            graph: The graph; None for the default graph.
        """
        found = self._ends(path, start, end, graph)
        for pair, (proofs, times) in found.items():
            if frozenset() in proofs:
                mentions = self._facts.mentions(pair[0], graph)
                found[pair] = ({frozenset((fact,)): frozenset[Note]() for fact in mentions}, times)
        return {pair: item for pair, item in found.items() if item[0]}

    def _ends(self, path: Path | URIRef, start: Term | None, end: Term | None, graph: str | None) -> Ends:
        if isinstance(path, URIRef):
            return self._step(_node(path), start, end, graph)
        if isinstance(path, InvPath):
            back = self._ends(path.arg, end, start, graph)
            return {(one, two): found for (two, one), found in back.items()}
        if isinstance(path, AlternativePath):
            return self._gather(
                pair for arg in path.args for pair in self._ends(arg, start, end, graph).items()
            )
        if isinstance(path, SequencePath):
            return self._sequence(list(path.args), start, end, graph)
        if isinstance(path, NegatedPath):
            return self._gather(self._other_than(path, start, end, graph))
        if isinstance(path, MulPath):
            return self._repeated(path, start, end, graph)
        raise NotFinishedError(f"the path {path} cannot be explained")

    def _gather(self, pairs: Iterable[tuple[tuple[Term, Term], tuple[Proofs, int]]]) -> Ends:
        several: dict[tuple[Term, Term], list[Proofs]] = {}
        times: dict[tuple[Term, Term], int] = {}
        for pair, (proofs, count) in pairs:
            several.setdefault(pair, []).append(proofs)
            times[pair] = times.get(pair, 0) + count
        return {
            pair: (found[0] if len(found) == 1 else either(found, self._limits), times[pair])
            for pair, found in several.items()
        }

    def _step(self, predicate: NamedNode, start: Term | None, end: Term | None, graph: str | None) -> Ends:
        return {
            (one, two): ({frozenset((fact,)): frozenset()}, 1)
            for one, _, two, fact in self._facts.match(start, predicate, end, graph)
        }

    def _other_than(
        self, path: NegatedPath, start: Term | None, end: Term | None, graph: str | None
    ) -> Iterator[tuple[tuple[Term, Term], tuple[Proofs, int]]]:
        if not all(isinstance(arg, URIRef) for arg in path.args):
            # rdflib's parser drops what stands behind the ^ there.
            raise NotFinishedError("a path such as !(^x) cannot be explained; write it without ^ inside !")
        excluded = {str(arg) for arg in path.args}
        for one, predicate, two, fact in self._facts.match(start, None, end, graph):
            if predicate.value not in excluded:
                yield (one, two), ({frozenset((fact,)): frozenset()}, 1)

    def _sequence(
        self, parts: list[Path | URIRef], start: Term | None, end: Term | None, graph: str | None
    ) -> Ends:
        if len(parts) == 1:
            return self._ends(parts[0], start, end, graph)
        # From the end that is known; else from a part that cannot have length zero, which would match all nodes.
        backwards = start is None and (end is not None or (nullable(parts[0]) and not nullable(parts[-1])))
        if backwards:
            late = self._ends(parts[-1], None, end, graph)
            middles = {one for one, _ in late}
            early = {middle: self._sequence(parts[:-1], start, middle, graph) for middle in middles}
            return self._gather(
                ((one, two), (both(before, after, self._limits), times * count))
                for (middle, two), (after, count) in late.items()
                for (one, _), (before, times) in early[middle].items()
            )
        first = self._ends(parts[0], start, None, graph)
        rest = {middle: self._sequence(parts[1:], middle, end, graph) for middle in {two for _, two in first}}
        return self._gather(
            ((one, two), (both(before, after, self._limits), times * count))
            for (one, middle), (before, times) in first.items()
            for (_, two), (after, count) in rest[middle].items()
        )

    def _repeated(self, path: MulPath, start: Term | None, end: Term | None, graph: str | None) -> Ends:
        pairs: list[tuple[tuple[Term, Term], tuple[Proofs, int]]] = []
        if path.mod in ("*", "?"):
            pairs += self._nothing(start, end, graph)
        if path.mod == "?":
            pairs += self._ends(path.path, start, end, graph).items()
        elif start is None and end is not None:
            back = self._closure(InvPath(path.path), end, None, graph)
            pairs += [((two, one), found) for (one, two), found in back.items()]
        elif start is not None:
            pairs += self._closure(path.path, start, end, graph).items()
        else:
            for first in dict.fromkeys(one for one, _ in self._ends(path.path, None, None, graph)):
                pairs += self._closure(path.path, first, None, graph).items()
        # However many ways there are, a repeated path gives a pair of ends once.
        return {pair: (proofs, 1) for pair, (proofs, _) in self._gather(pairs).items()}

    def _nothing(
        self, start: Term | None, end: Term | None, graph: str | None
    ) -> Iterator[tuple[tuple[Term, Term], tuple[Proofs, int]]]:
        if start is None and end is None:
            yield from (((node, node), (GIVEN, 1)) for node in self._facts.nodes(graph))
            return
        node = start if start is not None else end
        if node is not None and (start is None or end is None or start == end):
            yield (node, node), (GIVEN, 1)

    def _closure(self, path: Path | URIRef, start: Term, end: Term | None, graph: str | None) -> Ends:
        """Follow every way from the start that comes by no node twice, one step or more."""
        steps: dict[Term, Ends] = {}

        def onward(node: Term) -> Ends:
            if node not in steps:
                steps[node] = self._ends(path, node, None, graph)
            return steps[node]

        useful: set[Term] | None = None
        if end is not None:
            # Only nodes from which the end can be reached are worth a visit.
            useful = {end}
            open_nodes = [end]
            while open_nodes:
                for one, _ in self._ends(path, None, open_nodes.pop(), graph):
                    if one not in useful:
                        useful.add(one)
                        open_nodes.append(one)
        found: dict[Term, list[Proofs]] = {}
        visited = {start}

        def walk(node: Term, so_far: Proofs) -> None:
            for (_, two), (proofs, _) in onward(node).items():
                self._limits.steps -= 1
                if self._limits.steps < 0:
                    raise NotFinishedError("there are too many ways through the graph to explain this row")
                if useful is not None and two not in useful:
                    continue
                if two in visited and two != start:
                    continue
                longer = both(so_far, proofs, self._limits)
                if end is None or two == end:
                    found.setdefault(two, []).append(longer)
                if two != start and two != end:
                    visited.add(two)
                    walk(two, longer)
                    visited.remove(two)

        walk(start, GIVEN)
        return {(start, two): (either(several, self._limits), 1) for two, several in found.items()}


def nullable(path: Path | URIRef) -> bool:
    """Tell whether the path may have length zero."""
    if isinstance(path, MulPath):
        return path.mod in ("*", "?") or nullable(path.path)
    if isinstance(path, SequencePath):
        return all(nullable(arg) for arg in path.args)
    if isinstance(path, AlternativePath):
        return any(nullable(arg) for arg in path.args)
    if isinstance(path, InvPath):
        return nullable(path.arg)
    return False


def _node(iri: URIRef) -> NamedNode:
    from pyoxigraph import NamedNode

    return NamedNode(str(iri))
