"""One version of an ontology: what was read of it, and what it says of its terms."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad

from apgraph.errors import InputError
from apgraph.files import require_regular
from apgraph.lexicon import Lexicon, curie
from apgraph.release.difference.sentences import Sentences
from apgraph.release.difference.statement import Statement, read_statements
from apgraph.release.vocabulary import NAMESPACES
from apgraph.resources import read_catalogue
from apgraph.store import OxigraphStore, format_of
from apgraph.store.parsing import parse

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

__all__ = ["HOME", "Edition", "read_edition"]

_OWL: Final = NAMESPACES["owl"]
_RDFS: Final = NAMESPACES["rdfs"]
_SKOS: Final = NAMESPACES["skos"]
_DCTERMS: Final = NAMESPACES["dcterms"]
_TYPE: Final = f"{NAMESPACES['rdf']}type"
_ONTOLOGY: Final = NamedNode(f"{_OWL}Ontology")
_VERSION: Final = NamedNode(f"{_OWL}versionIRI")
_IMPORTS: Final = NamedNode(f"{_OWL}imports")
HOME: Final = f"{_RDFS}isDefinedBy"
"""The property that leads from a term to its module."""
_DEPRECATED: Final = f"{_OWL}deprecated"
_REPLACED: Final = f"{_DCTERMS}isReplacedBy"
_ALWAYS_WORDING: Final = frozenset(
    {
        *(f"{_RDFS}{name}" for name in ("label", "comment", "seeAlso", "isDefinedBy")),
        *(f"{_SKOS}{name}" for name in ("prefLabel", "altLabel", "hiddenLabel", "definition", "note")),
        *(
            f"{_SKOS}{name}"
            for name in ("scopeNote", "example", "editorialNote", "changeNote", "historyNote")
        ),
        *(f"{_OWL}{name}" for name in ("deprecated", "versionInfo", "versionIRI", "priorVersion")),
        *(f"{_DCTERMS}{name}" for name in ("isReplacedBy", "replaces", "source")),
    }
)
"""Properties that mean nothing to a reasoner, whether or not a file declares them as annotation properties."""


@dataclass(frozen=True)
class Edition:
    """One version of an ontology, its modules merged.

    Args:
        name: The file or folder, as the user gave it.
        files: What was read.
        quads: Its triples.
    """

    name: str
    files: tuple[Path, ...]
    quads: tuple[Quad, ...]

    @cached_property
    def statements(self) -> frozenset[Statement]:
        """Everything that it says of terms that have an IRI, and its axioms that stand alone."""
        return read_statements(quad.triple for quad in self.quads)

    @cached_property
    def headers(self) -> frozenset[str]:
        """The IRIs of its ontologies."""
        return frozenset(self._subjects(_TYPE, f"<{_OWL}Ontology>"))

    @cached_property
    def terms(self) -> frozenset[str]:
        """The IRIs of the terms that it defines: those with a type that is no header, nor another vocabulary's."""
        own = {s.subject for s in self.statements if s.predicate == _TYPE} - self.headers
        homes: defaultdict[str, set[str]] = defaultdict(set)
        for statement in self.statements:
            if statement.predicate == HOME and statement.target:
                homes[statement.subject].add(statement.target)
        return frozenset(iri for iri in own if not homes[iri] or homes[iri] & self.headers)

    @cached_property
    def deprecated(self) -> Mapping[str, tuple[str, ...]]:
        """Each deprecated term with what replaces it."""
        found: dict[str, tuple[str, ...]] = {}
        for statement in self.statements:
            if statement.predicate == _DEPRECATED and statement.value.startswith(('"true"', '"1"')):
                found[statement.subject] = self.values(statement.subject, _REPLACED)
        return dict(sorted(found.items()))

    @cached_property
    def version(self) -> str | None:
        """What its headers say in ``owl:versionInfo``; None where they say nothing or differ."""
        said = {
            s.value
            for s in self.statements
            if s.subject in self.headers and s.predicate == f"{_OWL}versionInfo"
        }
        only = next(iter(said)) if len(said) == 1 else None
        return only[1 : only.rindex('"')] if only else None

    @cached_property
    def wording(self) -> frozenset[str]:
        """Its annotation properties: what they say means nothing to a reasoner."""
        return _ALWAYS_WORDING | self._subjects(_TYPE, f"<{_OWL}AnnotationProperty>")

    @cached_property
    def lexicon(self) -> Lexicon:
        """The names of its terms."""
        store = OxigraphStore()
        store.add(self.quads)
        return Lexicon(store)

    def values(self, subject: str, predicate: str) -> tuple[str, ...]:
        """Return the IRIs that a property of a term leads to."""
        return tuple(
            sorted(
                s.target for s in self._by_subject.get(subject, ()) if s.predicate == predicate and s.target
            )
        )

    @cached_property
    def _by_subject(self) -> Mapping[str, list[Statement]]:
        found: defaultdict[str, list[Statement]] = defaultdict(list)
        for statement in self.statements:
            found[statement.subject].append(statement)
        return dict(found)

    def about(self, subject: str) -> frozenset[Statement]:
        """Return the statements about a term."""
        return frozenset(self._by_subject.get(subject, ()))

    def _subjects(self, predicate: str, value: str) -> frozenset[str]:
        return frozenset(s.subject for s in self.statements if s.predicate == predicate and s.value == value)

    @cached_property
    def sentences(self) -> Sentences:
        """How its statements read."""
        return Sentences(self.name_of)

    def words(self, statement: Statement) -> str:
        """Return a statement as a sentence without its subject, terms by their labels."""
        return self.sentences.of(statement)

    def name_of(self, iri: str) -> str:
        """Return a term's label, or its short name."""
        return self.lexicon.label(iri) or curie(iri)


def read_edition(place: Path) -> Edition:
    """Read a version of an ontology.

    Args:
        place: One file, with the modules below its own IRI that it imports, as the catalogue beside it finds them; or a
            folder, of which every Turtle file at its top is read, but for the merged views
            ``apgraph-*.ttl`` of a release; of a release or a checkout, its folder ``ontology/``.

    Raises:
        InputError: There is nothing there, or nothing that is an ontology; or a module is not to be found.
        ParseError: A file does not parse.
    """
    files: tuple[Path, ...]
    require_regular(place)
    if place.is_dir():
        folder = place / "ontology" if (place / "ontology").is_dir() else place
        merged = (folder / "apgraph.ttl").is_file()
        files = tuple(
            sorted(f for f in folder.glob("*.ttl") if not (merged and f.name.startswith("apgraph-")))
        )
        if not files:
            raise InputError(f"{place}: there is no Turtle file in it; give an ontology's file or its folder")
    elif place.is_file():
        files = (place,)
    else:
        raise InputError(f"{place}: there is no such file or folder; give two versions of an ontology")
    content = {file: _quads(file) for file in files}
    if place.is_file():
        content |= _modules(place, content[place])
    quads = dict.fromkeys(quad for found in content.values() for quad in found)
    edition = Edition(str(place), tuple(content), tuple(quads))
    if not edition.headers and not edition.terms:
        raise InputError(f"{place}: it holds no ontology and no term; give an ontology's file or its folder")
    return edition


def _quads(file: Path) -> list[Quad]:
    found = parse(file, syntax=format_of(file), base=file.resolve().as_uri(), name=str(file))
    return [_apart(quad, file.stem) for quad in found]


def _modules(file: Path, quads: list[Quad]) -> dict[Path, list[Quad]]:
    """Read what a file that gathers modules imports, and what those import, as far as it lies below its own IRI.

    What an ontology builds on, such as the framework for an extension, is no part of it.
    """
    own = [q.subject.value for q in quads if q.object == _ONTOLOGY and isinstance(q.subject, NamedNode)]
    there = {
        *own,
        *(q.object.value for q in quads if q.predicate == _VERSION and isinstance(q.object, NamedNode)),
    }
    catalogue = read_catalogue(file.parent)
    found: dict[Path, list[Quad]] = {}
    waiting = list(_imports(quads))
    while waiting:
        iri = waiting.pop(0)
        if iri in there or not any(iri.startswith((f"{each}/", f"{each}#")) for each in own):
            continue
        module = catalogue.get(iri)
        if module is None or not module.is_file():
            raise InputError(
                f"{file}: it imports <{iri}>, to which no catalog-v001.xml beside it leads; give the folder of its modules"
            )
        if module not in found and module != file:
            found[module] = _quads(module)
            waiting += _imports(found[module])
    return found


def _imports(quads: list[Quad]) -> Iterator[str]:
    return (q.object.value for q in quads if q.predicate == _IMPORTS and isinstance(q.object, NamedNode))


def _apart(quad: Quad, mark: str) -> Quad:
    """Return a triple of the default graph whose blank nodes are its file's own."""

    def own(term: BlankNode) -> BlankNode:
        return BlankNode(f"{re.sub(r'[^A-Za-z0-9]', '', mark)}x{term.value}")

    subject = own(quad.subject) if isinstance(quad.subject, BlankNode) else quad.subject
    value = own(quad.object) if isinstance(quad.object, BlankNode) else quad.object
    return Quad(subject, quad.predicate, value, DefaultGraph())
