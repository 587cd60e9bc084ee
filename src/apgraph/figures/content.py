"""What the picture of the framework shows, read from the ontology."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pyoxigraph import NamedNode

from apgraph.errors import InputError
from apgraph.vocabulary import PREFIXES, apg, apgx

if TYPE_CHECKING:
    from collections.abc import Iterable

    from apgraph.store import Store

__all__ = ["Card", "Content", "Group", "Item", "Step", "read_content"]

_PREFIX: Final = "".join(
    f"PREFIX {name}: <{PREFIXES[name]}>\n" for name in ("apg", "apgx", "dcterms", "owl", "rdfs", "skos")
)


@dataclass(frozen=True, slots=True)
class Item:
    """A thing that a card names, with the claims behind it and their hedge."""

    text: str
    claims: tuple[str, ...] = ()
    hedge: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Items under a heading."""

    heading: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """A part of the framework.

    Args:
        title: Its name.
        groups: What the ontology says of it.
        unnamed: The source shows its members without naming them in the text.
    """

    title: str
    groups: tuple[Group, ...]
    unnamed: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """A relation between two kinds of thing."""

    subject: str
    relation: str
    target: str
    claims: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Content:
    """Everything in the picture."""

    version: str
    model_title: str
    outside: Item
    inside: Item
    steps: tuple[Step, Step]
    parts: tuple[Card, ...]
    conditions_title: str
    conditions: tuple[Card, ...]
    poles: tuple[str, str]
    continuum: str
    models: tuple[Card, ...]


def read_content(store: Store) -> Content:
    """Read what the picture shows.

    Raises:
        InputError: The framework is not in the store.
    """
    reader = _Reader(store)
    if not reader.rows("SELECT ?m WHERE { ?m a apg:DeploymentModel } LIMIT 1"):
        raise InputError("the framework is not in this graph; load ontology/ first")
    version = reader.rows("SELECT ?v WHERE { <https://w3id.org/apgraph> owl:versionInfo ?v }")
    return Content(
        version=version[0][0] if version else "",
        model_title=reader.label(apgx.advancedPractitionerModel),
        outside=reader.facing(apgx.outwardFacing),
        inside=reader.facing(apgx.inwardFacing),
        steps=(
            reader.step(apg.CommunityOfPractice, apg.inspires, apg.AdvancedPractitioner),
            reader.step(apg.AdvancedPractitioner, apg.illuminatesWorkOf, apg.Organisation),
        ),
        parts=reader.parts(),
        conditions_title=reader.label(apgx.conditionsModel),
        conditions=reader.conditions(),
        poles=(reader.label(apgx.surviving), reader.label(apgx.thriving)),
        continuum=reader.label(apgx.survivingThrivingContinuum),
        models=reader.models(),
    )


def _grouped(rows: Iterable[tuple[str, ...]]) -> tuple[Group, ...]:
    """Gather rows of heading, text, claim and hedge; a thing with several claims is one item."""
    groups: dict[str, dict[str, tuple[list[str], set[str]]]] = {}
    for heading, text, claim, hedge in rows:
        claims, hedges = groups.setdefault(heading, {}).setdefault(text, ([], set()))
        if claim and claim not in claims:
            claims.append(claim)
        if hedge and hedge != "none":
            hedges.add(hedge)
    return tuple(
        Group(
            heading,
            tuple(
                Item(text, tuple(claims), ", ".join(sorted(hedges)))
                for text, (claims, hedges) in items.items()
            ),
        )
        for heading, items in groups.items()
    )


class _Reader:
    def __init__(self, store: Store) -> None:
        self._store = store

    def rows(self, query: str, **bindings: str) -> list[tuple[str, ...]]:
        """Return the rows of a query as texts; what is unbound is an empty one."""
        solutions = self._store.select(
            _PREFIX + query, bindings={n: NamedNode(iri) for n, iri in bindings.items()}
        )
        return [
            tuple("" if term is None else str(getattr(term, "value", term)) for term in row)
            for row in solutions.rows
        ]

    def label(self, iri: str) -> str:
        found = self.rows("SELECT ?label WHERE { ?term rdfs:label ?label }", term=iri)
        return found[0][0] if found else iri

    def facing(self, orientation: str) -> Item:
        """Return the orientation, with the claims that say which thing has it."""
        query = """SELECT ?label ?claim WHERE {
          ?statement a apg:DefinitionStatement ; apg:definesThing|apg:hasObjectTerm ?orientation ; apg:claimId ?claim .
          ?orientation rdfs:label ?label
        } GROUP BY ?label ?claim ORDER BY ?claim"""
        rows = self.rows(query, orientation=orientation)
        return Item(self.label(orientation), tuple(claim for _, claim in rows))

    def step(self, subject: str, relation: str, target: str) -> Step:
        """Return a relation between two kinds of thing, with the claims that state it."""
        query = """SELECT ?claim WHERE {
          ?statement apg:hasSubjectTerm ?subject ; apg:hasRelationTerm ?relation ; apg:hasObjectTerm ?target ;
            apg:claimId ?claim
        } ORDER BY ?claim"""
        rows = self.rows(query, subject=subject, relation=relation, target=target)
        names = [self.label(iri) for iri in (subject, relation, target)]
        return Step(names[0], names[1], names[2], tuple(claim for (claim,) in rows))

    def parts(self) -> tuple[Card, ...]:
        """Return impulses, practices, values and architectures of the AP model."""
        outcomes = self.rows(
            """SELECT ?heading ?text ?claim ?hedge WHERE {
              apg:ledToOutcome rdfs:label ?heading .
              ?outcome a apg:ImpulseOutcomeType ; rdfs:label ?text .
              ?statement apg:hasRelationTerm apg:ledToOutcome ; apg:hasObjectTerm ?outcome ; apg:claimId ?claim ;
                apg:hasHedge/rdfs:label ?full .
              BIND(STRAFTER(STR(?full), "hedge: ") AS ?hedge)
            } ORDER BY ?claim ?text"""
        )
        limits = self.rows(
            """SELECT ?heading ?text ?claim ?hedge WHERE {
              ?finding apg:hasFactor ?factor ; apg:hasDirection/rdfs:label ?direction ; apg:hasOutcome/rdfs:label ?text ;
                apg:claimId ?claim ; apg:hasHedge/rdfs:label ?full .
              BIND(STRAFTER(STR(?direction), "direction: ") AS ?heading)
              BIND(STRAFTER(STR(?full), "hedge: ") AS ?hedge)
            } ORDER BY ?claim ?text""",
            factor=apgx.surroundingArchitectures,
        )
        forms = self.rows(
            "SELECT ?heading ?text WHERE { apg:represents rdfs:label ?r . apgx:treeLikeForm rdfs:label ?f ; "
            'apg:represents/rdfs:label ?text BIND(CONCAT(STR(?f), " ", STR(?r)) AS ?heading) }'
        )
        form_claims = self._said(apgx.treeLikeForm, apg.represents)
        tree = [
            (heading, text, claim, hedge) for heading, text in forms for _, _, claim, hedge in form_claims
        ]
        return (
            self._part(
                "impulses", apgx.modelImpulses, [*self._said(apgx.modelImpulses, apg.reflects), *outcomes]
            ),
            self._part(
                "practices",
                apgx.modelPractices,
                [
                    *self._said(apgx.modelPractices, apg.promotesQuality),
                    *self._said(apgx.modelPractices, apg.promotesPositioning),
                ],
            ),
            self._part(
                "values",
                apgx.coEvaluationValueSet,
                [
                    *self._said(apgx.coEvaluationValueSet, apg.supportsQuality),
                    *self._said(apgx.coEvaluationValueSet, apg.agreedBy),
                ],
            ),
            self._part(
                "architectures",
                apgx.surroundingArchitectures,
                [*limits, *self._said(apgx.surroundingArchitectures, apg.isGovernedBy), *tree],
            ),
        )

    def _part(self, title: str, iri: str, rows: Iterable[tuple[str, ...]]) -> Card:
        unnamed = self._store.ask(
            _PREFIX + "ASK { ?term apg:hasMembershipStatus apgx:membershipNamesNotInSource }",
            bindings={"term": NamedNode(iri)},
        )
        return Card(title, _grouped(rows), unnamed=unnamed)

    def _said(self, subject: str, relation: str) -> list[tuple[str, ...]]:
        """Return what a relation says of a subject, each with the claim and its hedge."""
        return self.rows(
            """SELECT ?heading ?text ?claim ?hedge WHERE {
              ?subject ?relation ?object . ?relation rdfs:label ?heading . ?object rdfs:label ?text .
              OPTIONAL {
                ?axiom owl:annotatedSource ?subject ; owl:annotatedProperty ?relation ; owl:annotatedTarget ?object ;
                  dcterms:source ?statement .
                ?statement apg:claimId ?claim .
                OPTIONAL {
                  ?statement apg:hasHedge/rdfs:label ?full BIND(STRAFTER(STR(?full), "hedge: ") AS ?hedge)
                }
              }
            } ORDER BY ?claim ?text""",
            subject=subject,
            relation=relation,
        )

    def conditions(self) -> tuple[Card, ...]:
        """Return the conditions with the findings under each."""
        cards: list[Card] = []
        conditions = self.rows(
            """SELECT ?condition (MIN(?name) AS ?title) (MIN(?source) AS ?first) WHERE {
              ?condition a apg:InfluencingCondition ; skos:altLabel ?name ; dcterms:source ?source
            } GROUP BY ?condition ORDER BY ?first"""
        )
        for iri, title, _ in conditions:
            findings = self.rows(
                """SELECT ?factor ?direction ?outcome ?claim ?hedge WHERE {
                  ?finding apg:concernsCondition ?condition ; apg:hasFactor/rdfs:label ?factor ;
                    apg:hasDirection/rdfs:label ?full ; apg:hasOutcome/rdfs:label ?outcome ;
                    apg:hasHedge/rdfs:label ?hedged ; apg:claimId ?claim .
                  BIND(STRAFTER(STR(?full), "direction: ") AS ?direction)
                  BIND(STRAFTER(STR(?hedged), "hedge: ") AS ?hedge)
                } ORDER BY ?claim ?factor ?outcome""",
                condition=iri,
            )
            by_effect = _grouped(
                (f"{way} {end}", factor, claim, hedge) for factor, way, end, claim, hedge in findings
            )
            by_factor = _grouped(
                (factor, f"{way} {end}", claim, hedge) for factor, way, end, claim, hedge in findings
            )
            cards.append(Card(title, min(by_effect, by_factor, key=len)))
        return tuple(cards)

    def models(self) -> tuple[Card, ...]:
        """Return the models with their summary features and where they come from."""
        models = self.rows(
            """SELECT ?model ?title (COUNT(?earlier) AS ?after) WHERE {
              ?model a apg:DeploymentModel ; rdfs:label ?title . OPTIONAL { ?model apg:emergedAfter ?earlier }
            } GROUP BY ?model ?title ORDER BY ?after ?title"""
        )
        return tuple(
            Card(
                title.removesuffix(" model"),
                _grouped(
                    [
                        *(("", *row[1:]) for row in self._said(iri, apg.hasSummaryFeature)),
                        *self._said(iri, apg.suggestedBy),
                        *self._said(iri, apg.emergedFrom),
                    ]
                ),
            )
            for iri, title, _ in models
        )
