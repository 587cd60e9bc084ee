"""The deployment models with their features, as the framework and any extension that is loaded give them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final

from pyoxigraph import NamedNode, Triple

from apgraph.evidence import claims_for_triples
from apgraph.lexicon import curie
from apgraph.questions import Iri
from apgraph.vocabulary import APGX, PREFIXES, apg

if TYPE_CHECKING:
    from collections.abc import Mapping

    from apgraph.evidence import Claim
    from apgraph.lexicon import Lexicon
    from apgraph.store import Store

__all__ = ["Link", "Model", "Models", "Role", "read_models"]

_SOURCE: Final = PREFIXES["dcterms"] + "source"


class Role(Enum):
    """What a feature is to a model."""

    SUMMARY = "summary"
    DETAIL = "detail"
    EXCLUDED = "excluded"
    PLAYED_DOWN = "played down"

    @property
    def is_characteristic(self) -> bool:
        """Whether the model has the feature, be it in the summary table or in the detail."""
        return self in {Role.SUMMARY, Role.DETAIL}


_PROPERTIES: Final[Mapping[str, Role]] = {
    apg.hasSummaryFeature: Role.SUMMARY,
    apg.hasCharacteristicFeature: Role.DETAIL,
    apg.isMarkedByAbsenceOf: Role.EXCLUDED,
    apg.deEmphasises: Role.PLAYED_DOWN,
}
_ORDER: Final = {role: rank for rank, role in enumerate(Role)}


@dataclass(frozen=True, slots=True, eq=False)
class Link:
    """What one model says of one feature.

    Attributes:
        model: The model.
        feature: The feature.
        role: What the feature is to the model.
        claims: The claims of the source behind it; none where an extension says it.
        shared_with: Further models that have the feature; with any it does not tell the models apart.
        sources: Where an extension's feature comes from, or else its model, in its own words.
    """

    model: Iri
    feature: Iri
    role: Role
    claims: tuple[Claim, ...]
    shared_with: tuple[Iri, ...]
    sources: tuple[str, ...]

    @property
    def grounds(self) -> tuple[str, ...]:
        """The short names of the claims with their hedges, readings marked as such, or the sources that an extension gives."""
        return tuple(claim.hedged_name for claim in self.claims) or self.sources

    @property
    def reserves(self) -> tuple[str, ...]:
        """The words with which the source hedges it; none where one of its claims says it without a hedge."""
        words = [claim.reserve for claim in self.claims if not claim.is_reading]
        return tuple(dict.fromkeys(words)) if all(words) else ()


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """A deployment model.

    Attributes:
        term: Its name.
        links: What it says of features: summary, detail, excluded, played down.
    """

    term: Iri
    links: tuple[Link, ...]

    def features(self, role: Role) -> tuple[Link, ...]:
        """Return what the model says of its features of one role."""
        return tuple(link for link in self.links if link.role is role)


@dataclass(frozen=True, slots=True, eq=False)
class Models:
    """All models, in the order of the source, those of extensions last, and all known features."""

    models: tuple[Model, ...]
    features: Mapping[str, Iri]


def read_models(store: Store, lexicon: Lexicon) -> Models:
    """Read the models that a store holds.

    >>> from apgraph import Graph
    >>> graph = Graph()
    >>> [str(model.term) for model in read_models(graph.store, graph.lexicon).models]
    ['deficit model', 'developmental model', 'universal model', 'pan-organisational model']
    """
    roles: defaultdict[tuple[str, str], set[Role]] = defaultdict(set)
    triples: dict[tuple[str, str, Role], Triple] = {}
    values = ", ".join(f"<{iri}>" for iri in _PROPERTIES)
    for subject, predicate, target in store.select(
        f"SELECT ?m ?p ?f WHERE {{ ?m a <{apg.DeploymentModel}> ; ?p ?f FILTER(?p IN ({values})) }}"
    ):
        if (
            isinstance(subject, NamedNode)
            and isinstance(predicate, NamedNode)
            and isinstance(target, NamedNode)
        ):
            role = _PROPERTIES[predicate.value]
            roles[subject.value, target.value].add(role)
            triples[subject.value, target.value, role] = Triple(subject, predicate, target)
    for found in roles.values():
        if Role.SUMMARY in found:
            found.discard(Role.DETAIL)
    described = {
        node.value
        for (node,) in store.select(f"SELECT DISTINCT ?f WHERE {{ ?f a <{apg.DeploymentFeature}> }}")
        if isinstance(node, NamedNode)
    }
    features = described | {feature for _, feature in roles}
    models = {model for model, _ in roles}
    labels = lexicon.labels(sorted({*features, *models}))
    names = {iri: Iri(iri, lexicon.curie(iri), labels.get(iri, "")) for iri in (*features, *models)}
    claims = claims_for_triples(store, triples.values())
    sources = _sources(store, {*models, *(each for each in features if not each.startswith(APGX))})
    having: defaultdict[str, set[str]] = defaultdict(set)
    for (own, feature), found in roles.items():
        if any(role.is_characteristic for role in found):
            having[feature].add(own)

    def link(model: str, feature: str, role: Role) -> Link:
        behind = claims.get(triples[model, feature, role], ())
        others = sorted(having[feature] - {model}) if role.is_characteristic else []
        return Link(
            names[model],
            names[feature],
            role,
            behind,
            tuple(names[other] for other in others),
            # What an extension gives for the feature itself is nearer than what it gives for the model.
            () if behind else sources.get(feature) or sources.get(model, ()),
        )

    made: defaultdict[str, list[Link]] = defaultdict(list)
    for (own, feature), found in roles.items():
        made[own] += [link(own, feature, role) for role in found]
    ordered = []
    for model, links in made.items():
        links.sort(key=lambda each: (_ORDER[each.role], str(each.feature), each.feature.iri))
        first = min(
            (claim.id for each in links if each.role is Role.SUMMARY for claim in each.claims), default="~"
        )
        ordered.append((first, str(names[model]), model, Model(names[model], tuple(links))))
    return Models(
        tuple(entry[-1] for entry in sorted(ordered, key=lambda entry: entry[:3])),
        {iri: names[iri] for iri in sorted(features)},
    )


def _sources(store: Store, terms: set[str]) -> dict[str, tuple[str, ...]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    values = " ".join(str(NamedNode(term)) for term in sorted(terms))
    for subject, source in store.select(
        f"SELECT ?t ?s WHERE {{ VALUES ?t {{ {values} }} ?t <{_SOURCE}> ?s }}"
    ):
        if isinstance(subject, NamedNode) and source is not None:
            found[subject.value].add(curie(source.value))
    return {term: tuple(sorted(texts)) for term, texts in found.items()}
