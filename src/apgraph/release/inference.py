"""The inference module: defined classes, made from the features that the framework ascribes to its models.

An arrangement belongs to the class of a model when every summary feature of the model has been observed. The
source does not say which features suffice; the rule is this project's, and the scope notes of the classes say so.
A further model, in whatever namespace, gets its own class from its own ``apg:hasSummaryFeature`` triples.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from apgraph.errors import InputError
from apgraph.vocabulary import APG, APGS, APGX, PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

__all__ = ["ARRANGEMENT_NOTE", "DefinedClass", "inference_turtle_quads", "model_class"]

MODULE: Final = "https://w3id.org/apgraph/inference"
CORE: Final = "https://w3id.org/apgraph/core"
ARRANGEMENT_NOTE: Final = (
    "A rule of this project, not of the source, which does not say which features suffice. Only observed features "
    "count: a feature that was not assessed leaves an arrangement outside the class."
)
_OTHER_NOTE: Final = "A convenience of this project for sorting case data; the source defines no such class."

_A: Final = NamedNode(PREFIXES["rdf"] + "type")
_OWL: Final = PREFIXES["owl"]
_LABEL: Final = NamedNode(PREFIXES["rdfs"] + "label")
_DEFINED_BY: Final = NamedNode(PREFIXES["rdfs"] + "isDefinedBy")
_SUBCLASS: Final = NamedNode(PREFIXES["rdfs"] + "subClassOf")
_DEFINITION: Final = NamedNode(PREFIXES["skos"] + "definition")
_NOTE: Final = NamedNode(PREFIXES["skos"] + "scopeNote")
_SOURCE: Final = NamedNode(PREFIXES["dcterms"] + "source")
_CONFORMS: Final = NamedNode(PREFIXES["dcterms"] + "conformsTo")
_FEATURE: Final = NamedNode(APG + "hasSummaryFeature")
_COPIED: Final = tuple(
    NamedNode(PREFIXES[prefix] + name)
    for prefix, name in (
        ("dcterms", "created"),
        ("dcterms", "creator"),
        ("dcterms", "issued"),
        ("dcterms", "license"),
        ("dcterms", "modified"),
        ("dcterms", "publisher"),
        ("dcterms", "source"),
        ("bibo", "status"),
        ("vann", "preferredNamespacePrefix"),
        ("vann", "preferredNamespaceUri"),
        ("owl", "versionInfo"),
    )
)


@dataclass(frozen=True, slots=True)
class DefinedClass:
    """A class whose members are those of a parent with given values.

    Args:
        iri: The class.
        label: Its English label.
        definition: Its definition.
        parent: The class that it narrows.
        values: Property and value of every condition.
        note: Its scope note.
        claims: The claims behind the properties and values.
        implied: Property and value that follow for every member.
    """

    iri: str
    label: str
    definition: str
    parent: str
    values: tuple[tuple[str, str], ...]
    note: str
    claims: tuple[str, ...] = ()
    implied: tuple[str, str] | None = None


_FIXED: Final = (
    DefinedClass(
        APG + "OutwardFacingCommunity",
        "outward-facing community",
        "A community of practice that is turned to the world outside the home organisation.",
        APG + "CommunityOfPractice",
        ((APG + "hasOrientation", APGX + "outwardFacing"),),
        _OTHER_NOTE,
        ("C012",),
    ),
    DefinedClass(
        APG + "HierarchicallyRigidArchitecture",
        "hierarchically rigid architecture",
        "An organisational architecture whose form is the tree-like one.",
        APG + "OrganisationalArchitecture",
        ((APG + "hasForm", APGX + "treeLikeForm"),),
        _OTHER_NOTE,
        ("C038", "C039"),
    ),
    DefinedClass(
        APG + "InboundFlow",
        "inbound flow",
        "A knowledge flow that runs into the organisation.",
        APG + "KnowledgeFlow",
        ((APG + "hasFlowDirection", APGX + "inward"),),
        _OTHER_NOTE,
        ("C151",),
    ),
    DefinedClass(
        APG + "OutboundFlow",
        "outbound flow",
        "A knowledge flow that leaves the organisation.",
        APG + "KnowledgeFlow",
        ((APG + "hasFlowDirection", APGX + "outward"),),
        _OTHER_NOTE,
        ("C151",),
    ),
    DefinedClass(
        APG + "TwoWayExchangeArrangement",
        "two-way exchange arrangement",
        "A deployment arrangement under which knowledge both enters and leaves the organisation.",
        APG + "DeploymentArrangement",
        (
            (APG + "supportsFlowDirection", APGX + "inward"),
            (APG + "supportsFlowDirection", APGX + "outward"),
        ),
        _OTHER_NOTE,
        ("C151",),
    ),
)


def model_class(model: str, label: str, features: Sequence[str], claims: Sequence[str] = ()) -> DefinedClass:
    """Return the class of the arrangements that show every given feature of a model.

    Args:
        model: IRI of the model; a model of ours gets a class in the namespace of our classes, any other model
            one in its own.
        label: The model's label.
        features: IRIs of its summary features.
        claims: The claims that ascribe them.

    Raises:
        InputError: The model has no summary feature; every arrangement would belong to its class.

    >>> defined = model_class(APGX + "deficitModel", "deficit model", [APGX + "deployedByManagers"])
    >>> defined.iri, defined.label
    ('https://w3id.org/apgraph/ns#DeficitArrangement', 'deficit arrangement')
    """
    if not features:
        raise InputError(f"{model}: a model without summary features has no arrangement class; give it some")
    cut = max(model.rfind("#"), model.rfind("/"), model.rfind(":")) + 1
    local = re.sub(r"Model$", "", model[cut:]) or model[cut:]
    namespace = APG if model.startswith(APGX) else model[:cut]
    plain = re.sub(r"\s+model$", "", label)
    return DefinedClass(
        f"{namespace}{local[0].upper()}{local[1:]}Arrangement",
        f"{plain} arrangement",
        f"A deployment arrangement in which every summary feature of the {plain} model has been observed.",
        APG + "DeploymentArrangement",
        tuple((APG + "exhibitsFeature", feature) for feature in sorted(features)),
        ARRANGEMENT_NOTE,
        tuple(sorted(claims)),
        (APG + "matchesModel", model),
    )


def inference_turtle_quads(quads: Iterable[Quad], *, header: bool = True) -> list[Quad]:
    """Return the triples of the inference module for the models that the given quads describe.

    Args:
        quads: Core and framework, as loaded; graph names do not matter.
        header: Write the ontology's header, and the classes that do not depend on a model. Without it only
            the classes of models come back, which is what an extension wants for its own models.

    Raises:
        InputError: No model has a summary feature, or the core module's header is missing.
    """
    given = list(quads)
    features: dict[NamedNode, set[str]] = {}
    labels: dict[str, str] = {}
    for quad in given:
        subject, value = quad.subject, quad.object
        if not isinstance(subject, NamedNode):
            continue
        if quad.predicate == _FEATURE and isinstance(value, NamedNode):
            features.setdefault(subject, set()).add(value.value)
        elif quad.predicate == _LABEL and isinstance(value, Literal) and value.language in {"en", None}:
            labels[subject.value] = value.value
    if not features:
        raise InputError(
            "no deployment model with a summary feature among the data; load the framework first"
        )
    grounds = _claims(given)
    result = _header(given) if header else []
    classes = [
        model_class(
            model.value,
            labels.get(model.value, model.value),
            sorted(features[model]),
            [claim for feature in features[model] for claim in grounds.get((model.value, feature), ())],
        )
        for model in sorted(features, key=lambda node: node.value)
    ]
    for defined in (*classes, *(_FIXED if header else ())):
        result.extend(_class_quads(defined, ours=defined.iri.startswith(APG)))
    return result


def _claims(quads: Iterable[Quad]) -> Mapping[tuple[str, str], tuple[str, ...]]:
    """Claims by model and summary feature, from the annotations of the feature triples."""
    about: dict[BlankNode, dict[str, list[str]]] = {}
    for quad in quads:
        if isinstance(quad.subject, BlankNode) and isinstance(quad.object, NamedNode):
            node = about.setdefault(quad.subject, {})
            node.setdefault(quad.predicate.value, []).append(quad.object.value)
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for node in about.values():
        if node.get(_OWL + "annotatedProperty") != [_FEATURE.value]:
            continue
        (model,), (feature,) = node[_OWL + "annotatedSource"], node[_OWL + "annotatedTarget"]
        found[model, feature] = tuple(
            source.removeprefix(APGS) for source in node.get(_SOURCE.value, ()) if source.startswith(APGS)
        )
    return found


def _header(quads: Iterable[Quad]) -> list[Quad]:
    module = NamedNode(MODULE)
    core = NamedNode(CORE)
    copied = [
        Quad(module, quad.predicate, quad.object)
        for quad in quads
        if quad.subject == core and quad.predicate in _COPIED
    ]
    version = next(
        (
            quad.object.value
            for quad in copied
            if quad.predicate.value == _OWL + "versionInfo" and isinstance(quad.object, Literal)
        ),
        None,
    )
    if version is None:
        raise InputError(f"the header of {CORE} is not among the data; load the core module, too")
    dcterms = PREFIXES["dcterms"]
    title = "apgraph inference"
    return [
        *copied,
        Quad(module, _A, NamedNode(_OWL + "Ontology")),
        Quad(module, _LABEL, Literal(title, language="en")),
        Quad(module, NamedNode(dcterms + "title"), Literal(title, language="en")),
        Quad(
            module,
            NamedNode(dcterms + "description"),
            Literal(
                "Defined classes by which a reasoner sorts deployment arrangements, communities, architectures "
                "and flows. They are rules of this project, not of the source, and may be left out or replaced.",
                language="en",
            ),
        ),
        Quad(
            module,
            NamedNode(dcterms + "bibliographicCitation"),
            Literal(f"The apgraph authors (2026). {title}, version {version}. {MODULE}/{version}"),
        ),
        Quad(module, NamedNode(_OWL + "versionIRI"), NamedNode(f"{MODULE}/{version}")),
        *(
            Quad(module, NamedNode(_OWL + "imports"), NamedNode(f"https://w3id.org/apgraph/{name}"))
            for name in ("framework", "case")
        ),
    ]


def _class_quads(defined: DefinedClass, *, ours: bool) -> list[Quad]:
    iri = NamedNode(defined.iri)
    local = re.sub(r"\W", "-", defined.iri)
    owl_class = NamedNode(_OWL + "Class")
    quads = [
        Quad(iri, _A, owl_class),
        Quad(iri, _LABEL, Literal(defined.label, language="en")),
        Quad(iri, _DEFINITION, Literal(defined.definition, language="en")),
        Quad(iri, _NOTE, Literal(defined.note, language="en")),
        Quad(iri, _SUBCLASS, NamedNode(defined.parent)),
        Quad(iri, _CONFORMS, NamedNode(APGS + "req-verdicts")),
        *(Quad(iri, _SOURCE, NamedNode(APGS + claim)) for claim in defined.claims),
    ]
    if ours:
        quads.append(Quad(iri, _DEFINED_BY, NamedNode(MODULE)))

    def restriction(number: int, pair: tuple[str, str]) -> BlankNode:
        node = BlankNode(f"r{number}{local}".replace("-", ""))
        quads.extend(
            (
                Quad(node, _A, NamedNode(_OWL + "Restriction")),
                Quad(node, NamedNode(_OWL + "onProperty"), NamedNode(pair[0])),
                Quad(node, NamedNode(_OWL + "hasValue"), NamedNode(pair[1])),
            )
        )
        return node

    members: list[NamedNode | BlankNode] = [NamedNode(defined.parent)]
    members.extend(restriction(number, pair) for number, pair in enumerate(defined.values))
    whole = BlankNode(f"e{local}".replace("-", ""))
    cells = [BlankNode(f"l{number}{local}".replace("-", "")) for number in range(len(members))]
    quads += [
        Quad(iri, NamedNode(_OWL + "equivalentClass"), whole),
        Quad(whole, _A, owl_class),
        Quad(whole, NamedNode(_OWL + "intersectionOf"), cells[0]),
    ]
    nil = NamedNode(PREFIXES["rdf"] + "nil")
    for number, (cell, member) in enumerate(zip(cells, members, strict=True)):
        following = cells[number + 1] if number + 1 < len(cells) else nil
        quads.append(Quad(cell, NamedNode(PREFIXES["rdf"] + "first"), member))
        quads.append(Quad(cell, NamedNode(PREFIXES["rdf"] + "rest"), following))
    if defined.implied is not None:
        quads.append(Quad(iri, _SUBCLASS, restriction(len(defined.values), defined.implied)))
    return quads
