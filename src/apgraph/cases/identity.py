"""Which case a thing is of: two cases that describe one and the same thing would be read as one."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal, NamedNode

from apgraph.cases.records import stored_cases
from apgraph.errors import ConflictError
from apgraph.lexicon import curie
from apgraph.resources import FRAMEWORK
from apgraph.vocabulary import APG, PREFIXES, apg

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from apgraph.store import Store

__all__ = ["Owners"]

_SHARED: Final = (
    apg.Organisation,
    apg.Person,
    apg.Collective,
    apg.EvidenceItem,
    apg.SourceDocument,
    apg.VirtualPlatform,
    apg.VirtualTool,
    apg.VirtualSpace,
    apg.VocationalArea,
    apg.Skill,
    apg.Value,
    apg.PracticeType,
    apg.DeploymentFeature,
    apg.DeploymentModel,
    apg.InfluencingCondition,
    apg.MeasurementScale,
)
"""Kinds of things that are there apart from any case, and that several cases may speak of."""

_NAMES: Final = (f"{PREFIXES['rdfs']}label", f"{PREFIXES['dcterms']}title", apg.ukprn)
_CHUNK: Final = 500


class Owners:
    """Which case each thing in the graphs of a store is of.

    What was read is kept, so that loading many cases takes time in proportion to them.

    Args:
        store: The store.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._owners: dict[str, str] | None = None

    def admit(self, graphs: Sequence[str], *, name: str, file_of: Callable[[str], str]) -> None:
        """Take in graphs that were just loaded.

        Args:
            graphs: The graphs.
            name: What errors call them, such as the file's name.
            file_of: Gives the file that a graph was read from; an empty text where it is not known.

        Raises:
            ConflictError: A thing of a case here is a thing of another case.
        """
        if self._is_first(graphs):
            return  # what it says is read when there is another
        new = [pair for graph in graphs for pair in self._things(graph)]
        if not new:
            return
        kept = self._owners is not None
        known = self._owners if self._owners is not None else self._others(graphs)
        clashes = _clashes(new, known)
        if clashes and kept:
            # The store may have been changed in other ways since.
            known = self._others(graphs)
            clashes = _clashes(new, known)
        if clashes:
            self._judge(clashes, graphs, name, file_of)
        known.update(new)
        self._owners = known

    def _is_first(self, graphs: Sequence[str]) -> bool:
        """Tell whether there is nothing but the framework and one case."""
        if self._owners is not None or {FRAMEWORK, *graphs} < {FRAMEWORK, *self._store.graphs()}:
            return False
        records = {
            (graph, record)
            for graph in graphs
            for (record,) in self._store.select(
                f"SELECT DISTINCT ?r WHERE {{ {{ ?r a <{apg.CaseRecord}> }} UNION {{ ?any <{apg.isPartOfCase}> ?r }} }}",
                default_graphs=[graph],
            ).rows
        }
        return len(records) < 2

    def _others(self, graphs: Sequence[str]) -> dict[str, str]:
        others = [graph for graph in self._store.graphs() if graph not in {FRAMEWORK, *graphs}]
        return dict(pair for graph in others for pair in self._things(graph))

    def _things(self, graph: str) -> list[tuple[str, str]]:
        """Return each thing in a graph that is of a case, with the record of that case.

        What does not say of which case it is, is of the only one in its graph.
        """
        rows = self._store.select(
            f"SELECT DISTINCT ?thing ?record WHERE {{ {{ ?thing <{apg.isPartOfCase}> ?record }} UNION "
            f"{{ ?thing a <{apg.CaseRecord}> BIND(?thing AS ?record) }} }}",
            default_graphs=[graph],
        ).rows
        found = [
            (thing.value, record.value)
            for thing, record in rows
            if isinstance(thing, NamedNode) and isinstance(record, NamedNode)
        ]
        records = {record for thing, record in found if thing == record}
        if len(records) == 1:
            (record,) = records
            said = {thing for thing, _ in found}
            found += [
                (thing.value, record)
                for (thing,) in self._store.select(
                    f"SELECT DISTINCT ?thing WHERE {{ ?thing a ?kind FILTER(STRSTARTS(STR(?kind), '{APG}')) }}",
                    default_graphs=[graph],
                ).rows
                if isinstance(thing, NamedNode) and thing.value not in said
            ]
        return found

    def _judge(
        self,
        clashes: Mapping[str, tuple[str, str]],
        graphs: Sequence[str],
        name: str,
        file_of: Callable[[str], str],
    ) -> None:
        """Raise an error for the first thing that two cases may not have in common.

        What is there apart from any case may be shared, as long as it has one name.
        """
        cases = stored_cases(self._store)
        shared = self._kept_apart(clashes)
        for thing, (other, record) in sorted(clashes.items()):
            before = self._graphs_of(thing, graphs)
            ids = {each.record: each.id for each in sorted(cases, key=lambda each: each.graph in graphs)}
            olds = {each.record: each.id for each in cases if each.graph not in graphs}
            if other == record and ids.get(record) == olds.get(record):
                continue  # one record, described in several files
            old, new = (
                f"case {i[each]!r}" if each in i else f"<{each}>"
                for i, each in ((olds, other), (ids, record))
            )
            if other not in olds and other in ids:
                old = f"case {ids[other]!r}"
            file = next(filter(None, map(file_of, before)), "")
            there = f"{old} ({file})" if file else old
            if thing not in shared:
                raise ConflictError(
                    f"{name}: <{thing}> is of {there} already, and here of {new}; give what is of one case an IRI of "
                    f"its own, such as one that begins with urn:apgraph:case:{ids.get(record, 'my-case')}:"
                )
            for prop in _NAMES:
                here, elsewhere = self._said(thing, prop, graphs), self._said(thing, prop, before)
                for language in here.keys() & elsewhere.keys():
                    if not here[language] & elsewhere[language]:
                        raise ConflictError(
                            f"{name}: <{thing}> has the {curie(prop).partition(':')[2]} {min(here[language])!r} here, "
                            f"and {min(elsewhere[language])!r} in {there}; give two things two IRIs, or one thing one name"
                        )

    def _kept_apart(self, things: Iterable[str]) -> set[str]:
        """Return those of the things that are of a kind that is there apart from any case."""
        kinds = " ".join(f"<{kind}>" for kind in _SHARED)
        listed = sorted(things)
        found: set[str] = set()
        for start in range(0, len(listed), _CHUNK):
            values = " ".join(str(NamedNode(thing)) for thing in listed[start : start + _CHUNK])
            found |= {
                thing.value
                for (thing,) in self._store.select(
                    f"SELECT DISTINCT ?thing WHERE {{ VALUES ?thing {{ {values} }} VALUES ?top {{ {kinds} }} "
                    f"?thing a ?kind . ?kind <{PREFIXES['rdfs']}subClassOf>* ?top }}"
                ).rows
                if isinstance(thing, NamedNode)
            }
        return found

    def _graphs_of(self, thing: str, but: Sequence[str]) -> list[str]:
        """Return the graphs that say something of a thing, the graphs given left out."""
        rows = self._store.select(
            f"SELECT DISTINCT ?g WHERE {{ GRAPH ?g {{ {NamedNode(thing)} ?p ?o }} }} ORDER BY ?g",
            default_graphs=[""],
        ).rows
        return [g.value for (g,) in rows if isinstance(g, NamedNode) and g.value not in but]

    def _said(self, thing: str, prop: str, graphs: Sequence[str]) -> dict[str, set[str]]:
        """Return what a thing is called, by language."""
        found: defaultdict[str, set[str]] = defaultdict(set)
        for graph in graphs:
            for (value,) in self._store.select(
                f"SELECT ?v WHERE {{ {NamedNode(thing)} <{prop}> ?v }}", default_graphs=[graph]
            ).rows:
                if isinstance(value, Literal):
                    found[value.language or ""].add(value.value)
        return found


def _clashes(new: Iterable[tuple[str, str]], known: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """Return each thing that is of two cases, with the records of both; a record that is there twice, too."""
    found: dict[str, tuple[str, str]] = {}
    own: dict[str, str] = {}
    for thing, record in sorted(new):
        first = own.setdefault(thing, record)
        other = known.get(thing, first)
        if first != record:
            found.setdefault(thing, (first, record))
        elif other != record or (thing == record and thing in known):
            found.setdefault(thing, (other, record))
    return found
