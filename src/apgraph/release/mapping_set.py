"""The table of mappings as RDF, so that a query can ask it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal, NamedNode, Triple

from apgraph.release.alignments import BASE
from apgraph.release.mappings import NO_TERM, TABLE, read_mappings, read_vocabularies
from apgraph.release.vocabulary import NAMESPACES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from apgraph.release.mappings import Mapped, Vocabulary
    from apgraph.release.tree import Tree

__all__ = ["mapping_set"]

_SSSOM: Final = "https://w3id.org/sssom/"
_SET: Final = f"{BASE}{TABLE.rpartition('/')[2]}"
_XSD: Final = NAMESPACES["xsd"]


def mapping_set(tree: Tree) -> None:
    """Make ``ontology/alignments/apgraph.sssom.nt`` of the table: an annotation axiom a mapping, as SSSOM has it in RDF.

    A mapping has an address, not a blank node, so that an explanation can name it. The file is no part of the
    ontology: a row that says that a vocabulary has no counterpart entails nothing that an ontology could hold.

    Raises:
        InputError: A table is missing.
        ParseError: A value is none that SSSOM allows.
    """
    vocabularies = read_vocabularies(tree)
    triples = [
        *_set(vocabularies),
        *(triple for row in read_mappings(tree) for triple in _mapping(row, vocabularies)),
    ]
    lines = sorted({f"{triple} .\n" for triple in triples})
    tree.make(TABLE.removesuffix(".tsv") + ".nt", "".join(lines))


def _name(prefix: str, local: str) -> NamedNode:
    return NamedNode((_SSSOM if prefix == "sssom" else NAMESPACES[prefix]) + local)


def _set(vocabularies: Mapping[str, Vocabulary]) -> Iterator[Triple]:
    yield Triple(NamedNode(_SET), _name("rdf", "type"), _name("sssom", "MappingSet"))
    for vocabulary in vocabularies.values():
        node = NamedNode(vocabulary.source)
        yield Triple(node, _name("rdfs", "label"), Literal(vocabulary.title, language="en"))
        yield Triple(node, _name("vann", "preferredNamespacePrefix"), Literal(vocabulary.prefix))
        yield Triple(node, _name("vann", "preferredNamespaceUri"), Literal(vocabulary.namespace))
        yield Triple(node, _name("owl", "versionInfo"), Literal(vocabulary.version))


def _mapping(row: Mapped, vocabularies: Mapping[str, Vocabulary]) -> Iterator[Triple]:
    (vocabulary,) = (each for each in vocabularies.values() if each.source == row.source)
    lacks = row.object == NO_TERM
    theirs = "nothing" if lacks else row.object.partition(":")[2]
    relation = row.predicate.partition(":")[2]
    ours = row.subject.partition(":")[2]
    negated = "-not" if row.negated else ""
    node = NamedNode(f"{_SET}#{ours}{negated}-{relation}-{vocabulary.prefix}-{theirs}")
    target = _name("sssom", NO_TERM.partition(":")[2]) if lacks else NamedNode(vocabulary.namespace + theirs)
    words = f"mapping of {row.labels[0]} to {'nothing' if lacks else row.labels[1]} in {vocabulary.title}"
    yield Triple(NamedNode(_SET), _name("sssom", "mappings"), node)
    yield Triple(node, _name("rdf", "type"), _name("owl", "Axiom"))
    yield Triple(node, _name("rdfs", "label"), Literal(words, language="en"))
    yield Triple(node, _name("owl", "annotatedSource"), _name(*row.subject.split(":", 1)))
    yield Triple(node, _name("owl", "annotatedProperty"), _name(*row.predicate.split(":", 1)))
    yield Triple(node, _name("owl", "annotatedTarget"), target)
    yield Triple(node, _name("sssom", "subject_label"), Literal(row.labels[0]))
    yield Triple(node, _name("sssom", "object_source"), NamedNode(row.source))
    yield Triple(
        node, _name("sssom", "confidence"), Literal(str(row.confidence), datatype=NamedNode(_XSD + "double"))
    )
    yield Triple(node, _name("rdfs", "comment"), Literal(row.comment, language="en"))
    if row.negated:
        yield Triple(node, _name("sssom", "predicate_modifier"), _name("sssom", "NegatedPredicate"))
    if not lacks:
        yield Triple(node, _name("sssom", "object_label"), Literal(row.labels[1]))
