"""The deductive tier once more, without a reasoner: which arrangements belong to the defined classes of the models.

Each defined class (:mod:`apgraph.release.inference` makes them) is an intersection of a class and of values. Read from
the store, it becomes one query over all arrangements; what the query finds is what OWL would. What an arrangement
exhibits is derived from its observations first. Like the verdicts, all of it is a rule of this project.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal, NamedNode, Quad

from apgraph.profiles.exhibited import derived_features
from apgraph.profiles.moments import is_later, moment, moment_of
from apgraph.store import OxigraphStore
from apgraph.vocabulary import PREFIXES, apg

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from apgraph.store import Store

__all__ = ["Definition", "deduce", "definitions"]

_TYPE: Final = NamedNode(PREFIXES["rdf"] + "type")
_SUBCLASS: Final = PREFIXES["rdfs"] + "subClassOf"
_OWL: Final = PREFIXES["owl"]
_RDF: Final = PREFIXES["rdf"]


@dataclass(frozen=True, slots=True)
class Definition:
    """A class defined by a parent and by values, and the model that its members match.

    Attributes:
        iri: The class.
        parents: The classes that it narrows.
        values: Property and value of each condition.
        model: The model that follows for members; empty where none does.
    """

    iri: str
    parents: tuple[str, ...]
    values: tuple[tuple[str, str], ...]
    model: str


def definitions(store: Store) -> tuple[Definition, ...]:
    """Return the classes that a store defines by intersections of classes and values.

    >>> from apgraph import Graph
    >>> found = definitions(Graph().store)
    >>> [len(each.values) for each in found if each.iri.endswith("DeficitArrangement")]
    [3]
    """
    parents: defaultdict[str, set[str]] = defaultdict(set)
    values: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
    opaque: set[str] = set()
    for defined, member, on, value in store.select(
        f"SELECT ?c ?m ?p ?v WHERE {{ ?c <{_OWL}equivalentClass>/<{_OWL}intersectionOf>/<{_RDF}rest>*/<{_RDF}first> ?m "
        f"OPTIONAL {{ ?m <{_OWL}onProperty> ?p ; <{_OWL}hasValue> ?v }} }}"
    ):
        if not isinstance(defined, NamedNode):
            continue
        if isinstance(on, NamedNode) and isinstance(value, NamedNode):
            values[defined.value].add((on.value, value.value))
        elif isinstance(member, NamedNode):
            parents[defined.value].add(member.value)
        else:
            # A condition of another kind: to leave it out would let too many in.
            opaque.add(defined.value)
    models: dict[str, str] = {}
    for defined, model in store.select(
        f"SELECT ?c ?m WHERE {{ ?c <{_SUBCLASS}> ?r . ?r <{_OWL}onProperty> <{apg.matchesModel}> ; <{_OWL}hasValue> ?m }}"
    ):
        if isinstance(defined, NamedNode) and isinstance(model, NamedNode):
            models[defined.value] = model.value
    return tuple(
        Definition(iri, tuple(sorted(parents[iri])), tuple(sorted(values[iri])), models.get(iri, ""))
        for iri in sorted(parents.keys() | values.keys())
        if iri not in opaque
    )


def membership_query(definition: Definition) -> str:
    """Return the query whose rows are the members of a class.

    >>> print(membership_query(Definition("urn:c", ("urn:p",), (("urn:q", "urn:v"),), "")))
    SELECT DISTINCT ?member WHERE { ?member a <urn:p> . ?member <urn:q> <urn:v> }
    """
    patterns = [f"?member a <{parent}>" for parent in definition.parents]
    patterns += [f"?member <{on}> <{value}>" for on, value in definition.values]
    return f"SELECT DISTINCT ?member WHERE {{ {' . '.join(patterns)} }}"


def deduce(
    store: Store, *, on: str | None = None, defined: Sequence[Definition] | None = None
) -> Mapping[str, frozenset[str]]:
    """Return the models that each arrangement matches by the defined classes.

    Args:
        store: Where ontology and cases are; nothing is written to it.
        on: Count observations up to this day, month or year; all by default.
        defined: The classes; those that the store defines by default.

    Raises:
        InputError: The date is none.
    """
    observed: Store = store
    if on is not None:
        last = moment(on)
        observed = OxigraphStore()
        observed.add(each for each in store.quads() if not _is_observed_after(each, last))
    scratch = OxigraphStore()
    scratch.add(
        Quad(triple.subject, triple.predicate, triple.object) for triple in derived_features(observed)
    )
    kind = NamedNode(apg.DeploymentArrangement)
    scratch.add(
        Quad(node, _TYPE, kind)
        for (node,) in store.select(f"SELECT DISTINCT ?a WHERE {{ ?a a {kind} }}")
        if isinstance(node, NamedNode)
    )
    found: defaultdict[str, set[str]] = defaultdict(set)
    for each in definitions(store) if defined is None else defined:
        if each.model:
            for (member,) in scratch.select(membership_query(each)):
                if isinstance(member, NamedNode):
                    found[member.value].add(each.model)
    return {arrangement: frozenset(models) for arrangement, models in found.items()}


def _is_observed_after(quad: Quad, last: str) -> bool:
    day = quad.object
    if quad.predicate.value != apg.observedOn or not isinstance(day, Literal):
        return False
    at = moment_of(day.value)
    return at is not None and is_later(at, last)
