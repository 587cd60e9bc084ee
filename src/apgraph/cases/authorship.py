"""Who says what: statements in data that only the framework may make.

An answer gives a claim of the source for each of its rows. That is worth nothing if data can add to what the
framework says, so a file is looked through for such statements when it is loaded.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, parse

from apgraph.cases.records import same_content
from apgraph.lexicon import LANGUAGE, NAMING, curie, key
from apgraph.resources import FRAMEWORK, resource_folder
from apgraph.shacl import Finding, Severity
from apgraph.vocabulary import APG, APGS, APGSH, PREFIXES, apg

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from apgraph.store import Store, Term

__all__ = ["OWN_NAMESPACE", "assumed_authority", "is_of_framework", "is_only_translated"]

OWN_NAMESPACE: Final = NamedNode(APGSH + "rule-25-own-namespace")
"""The rule that such a statement breaks."""

_OURS: Final = re.compile(r"https://w3id\.org/apgraph(/|$)")
_OWL: Final = PREFIXES["owl"]
_TYPE: Final = PREFIXES["rdf"] + "type"
_LABELS: Final = f"<{PREFIXES['rdfs']}label> <{PREFIXES['skos']}prefLabel> <{PREFIXES['skos']}altLabel>"
_ANNOTATED: Final = tuple(NamedNode(f"{_OWL}annotated{part}") for part in ("Source", "Property", "Target"))
_SOURCE: Final = PREFIXES["dcterms"] + "source"


def is_of_framework(iri: str) -> bool:
    """Tell whether an IRI is in one of the namespaces of the framework.

    >>> is_of_framework("https://w3id.org/apgraph/src/C034"), is_of_framework("https://w3id.org/apgraphs")
    (True, False)
    """
    return _OURS.match(iri) is not None


def assumed_authority(store: Store, graph: str) -> tuple[Finding, ...]:
    """Return what a graph of data says that only the framework may say.

    Labels and definitions of the framework's terms in languages other than its own are welcome, and so is what this
    package says itself, such as its alignments.

    Args:
        store: Holds the data, and the framework.
        graph: The graph of the data.
    """
    return (
        *_of_our_terms(store, graph),
        *_of_our_models(store, graph),
        *_of_sources(store, graph),
    )


def is_only_translated(store: Store, node: Term, graphs: Sequence[str]) -> bool:
    """Tell whether all that data says of a term of the framework are names in languages other than its own.

    Args:
        store: Holds the data, and the framework.
        node: The term.
        graphs: Names of the graphs of the data, ``""`` being the default graph.
    """
    if not isinstance(node, NamedNode) or not store.ask(
        f"ASK {{ {node} ?p ?o }}", default_graphs=[FRAMEWORK]
    ):
        return False
    said = store.select(f"SELECT ?p ?o WHERE {{ {node} ?p ?o }}", default_graphs=list(graphs)).rows
    return all(_is_translation((node, *row)) for row in said)


def _of_our_terms(store: Store, graph: str) -> Iterator[Finding]:
    """Yield what is said of terms of the framework, and what claims of the source are given as the ground of."""
    said = store.select(
        f"SELECT ?s ?p ?o WHERE {{ ?s ?p ?o FILTER((ISIRI(?s) && STRSTARTS(STR(?s), '{FRAMEWORK}')) || "
        f"(ISIRI(?o) && STRSTARTS(STR(?o), '{APGS}') && (?p = <{_SOURCE}> || STRSTARTS(STR(?p), '{APG}')))) }}",
        default_graphs=[graph],
    ).rows
    source, prop, target = _ANNOTATED
    axioms = store.select(
        f"SELECT ?axiom ?s ?of ?to ?p ?o WHERE {{ ?axiom {source} ?s ; {prop} ?of ; {target} ?to ; ?p ?o "
        f"FILTER(?p NOT IN (<{_TYPE}>, {source}, {prop}, {target})) }}",
        default_graphs=[graph],
    ).rows
    ours = [row for row in said if is_of_framework(_text(row[0])) and not _is_translation(row)]
    # Who gives a term a name in another language may say of that name who has reviewed it.
    axioms = tuple(row for row in axioms if is_of_framework(_text(row[1])) and not _is_translation(row[1:4]))
    annotating = {axiom for axiom, *_ in axioms}
    grounds = [
        row
        for row in said
        if _text(row[2]).startswith(APGS) and not is_of_framework(_text(row[0])) and row[0] not in annotating
    ]
    if not ours and not grounds and not axioms:
        return
    known = _said_by_package()
    suspects = [row for row in ours if row not in known]
    if any(isinstance(row[2], BlankNode) for row in suspects) and _is_of_package(store, graph):
        return
    suspects += [(whole[0], *whole[-2:]) for _, *whole in axioms if tuple(whole) not in known]
    for subject, predicate, value in sorted(suspects, key=str):
        if isinstance(subject, NamedNode) and isinstance(predicate, NamedNode):
            yield _finding(
                subject,
                predicate,
                value,
                f"this says of {curie(subject.value)} what only the framework may say "
                f"({curie(predicate.value)} {_short(value)})",
                "say it of a term of your own, in a namespace of your own",
            )
    for subject, predicate, value in sorted(grounds, key=str):
        if (
            subject is not None
            and isinstance(predicate, NamedNode)
            and (subject, predicate, value) not in known
        ):
            yield _finding(
                subject,
                predicate,
                value,
                f"this gives {_short(value)} as the ground of what the framework does not say "
                f"({_short(subject)} {curie(predicate.value)})",
                "name a source of your own; rdfs:seeAlso may point to a claim",
            )


def _of_our_models(store: Store, graph: str) -> Iterator[Finding]:
    """Yield what says in other words that a model of the framework has a feature."""
    for subject, model in store.select(
        f"SELECT ?s ?m WHERE {{ ?s <{apg.statesModel}> ?m }} ORDER BY ?s ?m",
        default_graphs=[graph],
    ).rows:
        if (
            model is None
            or subject is None
            or is_of_framework(subject.value)
            or not is_of_framework(model.value)
        ):
            continue
        yield _finding(
            subject,
            NamedNode(apg.statesModel),
            model,
            f"this says which features {curie(model.value)} has, which only the framework may say",
            "describe a model of your own",
        )


def _of_sources(store: Store, graph: str) -> Iterator[Finding]:
    """Yield claims of a source that stand among case data, or that are named as claims of the framework are."""
    sub = f"<{PREFIXES['rdfs']}subClassOf>*"
    kinds = store.select(
        f"SELECT ?k WHERE {{ ?k {sub} <{apg.SourceStatement}> }}", default_graphs=[FRAMEWORK]
    ).rows
    properties = store.select(
        f"SELECT ?p WHERE {{ ?p <{PREFIXES['rdfs']}domain> ?k . ?k {sub} <{apg.SourceStatement}> }}",
        default_graphs=[FRAMEWORK],
    ).rows
    if not kinds or not properties:
        return  # the framework is not here
    claims = store.select(
        f"SELECT DISTINCT ?s ?p ?o WHERE {{ {{ VALUES ?o {{ {_listed(kinds)} }} ?s a ?o BIND(<{_TYPE}> AS ?p) }} "
        f"UNION {{ VALUES ?p {{ {_listed(properties)} }} ?s ?p ?o }} }}",
        default_graphs=[graph],
    ).rows
    others = sorted((row for row in claims if not is_of_framework(_text(row[0]))), key=str)
    if not others:
        return
    is_case = store.ask(
        f"ASK {{ {{ ?r a <{apg.CaseRecord}> }} UNION {{ ?s <{apg.isPartOfCase}> ?r }} }}",
        default_graphs=[graph],
    )
    taken = set() if is_case else _names_of_claims(store)
    first: dict[object, tuple[Term | None, ...]] = {}
    for row in others:
        first.setdefault(row[0], row)
    for subject, predicate, value in first.values():
        if not isinstance(predicate, NamedNode) or subject is None:
            continue
        if is_case:
            yield _finding(
                subject,
                predicate,
                value,
                f"this makes {_short(subject)} a claim of a source within case data "
                f"({curie(predicate.value)} {_short(value)})",
                "keep claims in an extension, a file of its own",
            )
            continue
        for label, name in (
            store.select(
                f"SELECT ?p ?name WHERE {{ VALUES ?p {{ {_LABELS} }} {subject} ?p ?name }} ORDER BY ?name",
                default_graphs=[graph],
            ).rows
            if isinstance(subject, NamedNode)
            else ()
        ):
            if isinstance(label, NamedNode) and name is not None and key(name.value) in taken:
                yield _finding(
                    subject,
                    label,
                    name,
                    f"this names {_short(subject)} {name.value!r}, as a claim of the framework is named",
                    "give it a name of its own",
                )


def _names_of_claims(store: Store) -> set[str]:
    """Return what the claims of the framework are called, without letter case."""
    named: set[str] = set()
    for claim, name in store.select(
        f"SELECT ?s ?name WHERE {{ ?k <{PREFIXES['rdfs']}subClassOf>* <{apg.SourceStatement}> . ?s a ?k "
        f"OPTIONAL {{ VALUES ?p {{ {_LABELS} }} ?s ?p ?name }} }}",
        default_graphs=[FRAMEWORK],
    ).rows:
        named |= {key(re.split(r"[#/]", _text(claim))[-1]), key(_text(name))}
    return named - {""}


def _is_translation(said: tuple[Term | None, ...]) -> bool:
    _, predicate, value = said
    return (
        isinstance(predicate, NamedNode)
        and predicate.value in NAMING
        and isinstance(value, Literal)
        and (value.language or LANGUAGE).lower().partition("-")[0] != LANGUAGE
    )


def _said_by_package() -> set[object]:
    """Return what this package says of its terms: triples, and the annotations of triples."""
    known: set[object] = set()
    axioms: dict[object, dict[object, list[object]]] = {}
    for file in _package_files():
        for quad in parse(path=file, format=RdfFormat.TURTLE, rename_blank_nodes=True):
            if isinstance(quad.subject, NamedNode):
                known.add((quad.subject, quad.predicate, quad.object))
            else:
                said = axioms.setdefault(quad.subject, {})
                said.setdefault(quad.predicate, []).append(quad.object)
    for said in axioms.values():
        if all(part in said for part in _ANNOTATED):
            source, prop, target = (said[part][0] for part in _ANNOTATED)
            known |= {(source, prop, target, p, o) for p, objects in said.items() for o in objects}
    return known


def _package_files() -> list[Path]:
    folders = [resource_folder(name) for name in ("ontology", "quality", "queries", "shapes")]
    return [file for folder in folders for file in sorted(folder.rglob("*.ttl"))]


def _is_of_package(store: Store, graph: str) -> bool:
    """Tell whether a graph is a file of this package, which a look at single triples can't where they end in blank nodes."""
    held = list(store.quads(graph))
    return any(
        len(said) == len(held) and same_content(said, held)
        for file in _package_files()
        for said in [list(parse(path=file, format=RdfFormat.TURTLE))]
    )


def _listed(rows: tuple[tuple[Term | None, ...], ...]) -> str:
    return " ".join(sorted(str(row[0]) for row in rows if isinstance(row[0], NamedNode)))


def _text(term: object) -> str:
    return term.value if isinstance(term, NamedNode | Literal) else ""


def _short(term: object) -> str:
    if isinstance(term, BlankNode):
        return "[]"
    shown = curie(term.value) if isinstance(term, NamedNode) else str(term)
    return shown if len(shown) <= 60 else f"{shown[:57]}..."


def _finding(subject: Term, predicate: NamedNode, value: Term | None, problem: str, remedy: str) -> Finding:
    return Finding(
        focus_node=subject,
        severity=Severity.VIOLATION,
        component=f"{APGSH}AuthorshipConstraintComponent",
        source_shape=OWN_NAMESPACE,
        path=predicate,
        path_text=f"<{predicate.value}>",
        value=value,
        messages=(
            Literal(f"{problem[:1].upper()}{problem[1:]}. {remedy[:1].upper()}{remedy[1:]}.", language="en"),
        ),
    )
