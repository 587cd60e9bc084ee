"""One alignment file per external vocabulary, made from the table of mappings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from apgraph.errors import ParseError
from apgraph.release.mappings import NO_TERM, TABLE, read_mappings, read_terms, read_vocabularies
from apgraph.release.terms import read_ontology
from apgraph.release.vocabulary import NAMESPACES, named
from apgraph.turtle import write

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from apgraph.release.mappings import Mapped, Vocabulary
    from apgraph.release.terms import Ontology, Term
    from apgraph.release.tree import Tree

__all__ = ["BASE", "alignments"]

BASE: Final = "https://w3id.org/apgraph/alignments/"
"""What the IRIs of the alignment files start with."""
_AXIOMS: Final = {"rdfs:subClassOf": "class", "rdfs:subPropertyOf": "property"}
_MATCHES: Final = {f"skos:{word}Match" for word in ("exact", "close", "related", "broad", "narrow")}
_KINDS: Final = {
    "owl:Class": "class",
    "owl:ObjectProperty": "object property",
    "owl:DatatypeProperty": "data property",
    "owl:AnnotationProperty": "annotation property",
}
_COPIED: Final = (
    "dcterms:created",
    "dcterms:creator",
    "dcterms:issued",
    "dcterms:license",
    "dcterms:modified",
    "dcterms:publisher",
    "bibo:status",
    "owl:versionInfo",
)


def alignments(tree: Tree) -> None:
    """Make ``ontology/alignments/PREFIX.ttl`` of every vocabulary that has a file.

    A file imports our core alone and declares whatever else it names. A relation of OWL is an axiom, annotated
    with the reason; a SKOS match is an annotation, so that it entails nothing.

    Raises:
        InputError: A table is missing.
        ParseError: A row names a term that does not exist, or a relation that does not fit it.
    """
    ontology, terms, vocabularies = read_ontology(tree), read_terms(tree), read_vocabularies(tree)
    rows = read_mappings(tree)
    for row in rows:
        _check(row, ontology, terms, vocabularies)
    for prefix, vocabulary in vocabularies.items():
        if vocabulary.has_file:
            own = [row for row in rows if row.object.partition(":")[0] == prefix and not row.negated]
            triples = [
                *_header(vocabulary, ontology.modules["core"]),
                *_declarations(own, vocabulary, ontology, terms),
                *_statements(own, vocabulary),
            ]
            prefixes = {**NAMESPACES, prefix: vocabulary.namespace}
            tree.make(f"ontology/alignments/{prefix}.ttl", write(triples, prefixes))


def _check(
    row: Mapped,
    ontology: Ontology,
    terms: Mapping[str, tuple[str, str]],
    vocabularies: Mapping[str, Vocabulary],
) -> None:
    def wrong(problem: str) -> ParseError:
        return ParseError(TABLE, problem, line=row.line, hint="mend the row")

    subject = ontology.terms.get(named(row.subject).value)
    if subject is None or subject.label != row.labels[0]:
        raise wrong(f"{row.subject} is no term of the ontology with the label {row.labels[0]!r}")
    if row.source not in {vocabulary.source for vocabulary in vocabularies.values()}:
        raise wrong(f"{row.source} is none of the vocabularies of vocabularies.tsv")
    if row.object == NO_TERM:
        return
    kind, label = terms.get(row.object, ("", ""))
    if not kind or label != row.labels[1]:
        raise wrong(f"{row.object} is not in terms.tsv with the label {row.labels[1]!r}")
    if vocabularies[row.object.partition(":")[0]].source != row.source:
        raise wrong(f"{row.object} is no term of {row.source}")
    if (subject.kind == "class") != (kind == "class"):
        raise wrong(f"{row.subject} is a {subject.kind} and {row.object} a {kind}")
    if row.predicate not in _MATCHES and _AXIOMS.get(row.predicate) != kind:
        raise wrong(f"{row.predicate} is no relation for a {kind}")
    if row.predicate == "rdfs:subPropertyOf" and subject.kind not in {"object property", "data property"}:
        raise wrong(f"{row.subject} is an annotation property, of which nothing follows")


def _header(vocabulary: Vocabulary, core: Term) -> Iterator[Triple]:
    this = NamedNode(BASE + vocabulary.prefix)
    (version,) = core.texts("owl:versionInfo")
    yield Triple(this, named("rdf:type"), named("owl:Ontology"))
    yield Triple(
        this, named("rdfs:label"), Literal(f"apgraph alignment to {vocabulary.title}", language="en")
    )
    yield Triple(
        this, named("dcterms:title"), Literal(f"apgraph alignment to {vocabulary.title}", language="en")
    )
    yield Triple(
        this,
        named("dcterms:description"),
        Literal(
            f"{vocabulary.why} Loading it changes no answer of the catalogue of questions.", language="en"
        ),
    )
    yield Triple(
        this,
        named("dcterms:source"),
        Literal(f"{vocabulary.title}, {vocabulary.version}, {vocabulary.source}"),
    )
    yield Triple(this, named("owl:imports"), NamedNode(core.iri))
    yield Triple(this, named("owl:versionIRI"), NamedNode(f"{this.value}/{version}"))
    for name in _COPIED:
        for node in core.values.get(named(name).value, ()):
            yield Triple(this, named(name), node)


def _declarations(
    rows: Sequence[Mapped],
    vocabulary: Vocabulary,
    ontology: Ontology,
    terms: Mapping[str, tuple[str, str]],
) -> Iterator[Triple]:
    """Declare what the file names and our core does not: a file of its own must say what is a class."""
    for row in rows:
        subject = ontology.terms[named(row.subject).value]
        kind = next(owl for owl, name in _KINDS.items() if name == subject.kind)
        if subject.module != "core":
            # As the module that the term is from says it, so that the file can be read by itself.
            for name in ("rdfs:label", "skos:definition", "rdfs:subClassOf", "rdfs:isDefinedBy"):
                for node in subject.values.get(named(name).value, ()):
                    if not isinstance(node, BlankNode):
                        yield Triple(NamedNode(subject.iri), named(name), node)
            yield Triple(NamedNode(subject.iri), named("rdf:type"), named(kind))
        if row.predicate in _AXIOMS:
            theirs = NamedNode(vocabulary.namespace + row.object.partition(":")[2])
            if not _in_core(theirs, ontology):
                yield Triple(theirs, named("rdf:type"), named(kind))
                yield Triple(theirs, named("rdfs:label"), Literal(terms[row.object][1], language="en"))
                yield Triple(theirs, named("rdfs:isDefinedBy"), NamedNode(vocabulary.source))
        else:
            match = named(row.predicate)
            words = row.predicate.removeprefix("skos:").removesuffix("Match")
            yield Triple(match, named("rdf:type"), named("owl:AnnotationProperty"))
            yield Triple(match, named("rdfs:label"), Literal(f"has {words} match", language="en"))
            yield Triple(match, named("rdfs:isDefinedBy"), NamedNode(NAMESPACES["skos"].rstrip("#")))


def _in_core(term: NamedNode, ontology: Ontology) -> bool:
    return any(q.subject == term and q.predicate == named("rdf:type") for q in ontology.quads["core"])


def _statements(rows: Sequence[Mapped], vocabulary: Vocabulary) -> Iterator[Triple]:
    for number, row in enumerate(rows):
        parts = (
            named(row.subject),
            named(row.predicate),
            NamedNode(vocabulary.namespace + row.object.partition(":")[2]),
        )
        yield Triple(*parts)
        axiom = BlankNode(f"axiom{number}")
        yield Triple(axiom, named("rdf:type"), named("owl:Axiom"))
        for name, part in zip(("Source", "Property", "Target"), parts, strict=True):
            yield Triple(axiom, named(f"owl:annotated{name}"), part)
        yield Triple(axiom, named("skos:note"), Literal(row.comment, language="en"))
