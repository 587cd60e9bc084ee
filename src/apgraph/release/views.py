"""The ontology as different readers want it: the axioms alone, merged, or the classes alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from apgraph.release.vocabulary import NAMESPACES
from apgraph.resources import FRAMEWORK

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pyoxigraph import Quad

__all__ = ["base", "class_view", "full", "pinned"]

_A: Final = NamedNode(NAMESPACES["rdf"] + "type")
_OWL: Final = NAMESPACES["owl"]
_ONTOLOGY: Final = NamedNode(_OWL + "Ontology")
_IMPORTS: Final = NamedNode(_OWL + "imports")
_VERSION: Final = NamedNode(_OWL + "versionIRI")
_TITLE: Final = NamedNode(NAMESPACES["dcterms"] + "title")
_LABEL: Final = NamedNode(NAMESPACES["rdfs"] + "label")
_DESCRIPTION: Final = NamedNode(NAMESPACES["dcterms"] + "description")
_CITATION: Final = NamedNode(NAMESPACES["dcterms"] + "bibliographicCitation")
_KINDS: Final = {
    NamedNode(_OWL + kind) for kind in ("Class", "ObjectProperty", "DatatypeProperty", "AnnotationProperty")
}


def base(modules: Iterable[Iterable[Quad]], header: Iterable[Quad]) -> Iterator[Triple]:
    """Yield what our modules say, as one ontology that imports nothing.

    Args:
        modules: The triples of each module.
        header: The triples of the file that imports them.
    """
    yield from _headed("base", "all modules in one file, which imports nothing", header)
    yield from _merged(modules)


def full(
    modules: Iterable[Iterable[Quad]], header: Iterable[Quad], inferred: Iterable[Triple]
) -> Iterator[Triple]:
    """Yield the modules with what follows from them.

    Args:
        modules: The triples of each module.
        header: The triples of the file that imports them.
        inferred: What follows; see :mod:`apgraph.reasoning`.
    """
    yield from _headed("full", "all modules in one file, with what follows from them", header)
    yield from _merged(modules)
    yield from inferred


def class_view(modules: Iterable[Iterable[Quad]], header: Iterable[Quad]) -> Iterator[Triple]:
    """Yield the classes and properties alone, without individuals and statements.

    Args:
        modules: The triples of each module.
        header: The triples of the file that imports them.
    """
    triples = list(_merged(modules))
    kept: set[NamedNode | BlankNode | Triple] = {
        t.subject for t in triples if t.predicate == _A and t.object in _KINDS
    }
    # Class expressions and lists hang on the classes by blank nodes.
    while more := {t.object for t in triples if t.subject in kept and isinstance(t.object, BlankNode)} - kept:
        kept |= more
    collections = {
        t.subject for t in triples if t.predicate == _A and t.object == NamedNode(_OWL + "AllDisjointClasses")
    }
    while (
        more := {t.object for t in triples if t.subject in collections and isinstance(t.object, BlankNode)}
        - collections
    ):
        collections |= more
    yield from _headed("classes", "classes and properties alone", header)
    yield from (t for t in triples if t.subject in kept | collections)


def pinned(triples: Iterable[Triple], versions: Mapping[NamedNode, NamedNode]) -> Iterator[Triple]:
    """Yield the triples of an ontology, importing by version: what was released stays what it was.

    Args:
        triples: The triples.
        versions: IRI of each ontology of ours to that of the version.
    """
    for triple in triples:
        found = triple.object
        if triple.predicate == _IMPORTS and isinstance(found, NamedNode):
            yield Triple(triple.subject, triple.predicate, versions.get(found, found))
        else:
            yield triple


def _merged(modules: Iterable[Iterable[Quad]]) -> Iterator[Triple]:
    """Yield the triples of the modules but their headers."""
    for module in modules:
        quads = list(module)
        headers = {q.subject for q in quads if q.predicate == _A and q.object == _ONTOLOGY}
        yield from (q.triple for q in quads if q.subject not in headers)


def _headed(name: str, what: str, header: Iterable[Quad]) -> Iterator[Triple]:
    """Yield the header under a name of its own, without imports."""
    this = NamedNode(f"{FRAMEWORK}/apgraph-{name}")
    for quad in header:
        if quad.subject != NamedNode(FRAMEWORK) or quad.predicate in {_IMPORTS, _DESCRIPTION, _CITATION}:
            continue
        value = quad.object
        if quad.predicate == _VERSION and isinstance(value, NamedNode):
            value = NamedNode(value.value.replace(FRAMEWORK, this.value, 1))
        elif quad.predicate in {_TITLE, _LABEL} and isinstance(value, Literal):
            value = Literal(f"{value.value}: {what}", language=value.language)
        yield Triple(this, quad.predicate, value)
