"""What differs between two versions of an ontology, term by term and in words."""

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
from apgraph.release.vocabulary import NAMESPACES
from apgraph.store import OxigraphStore, format_of
from apgraph.store.parsing import parse

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from pyoxigraph import Triple

__all__ = ["Change", "Difference", "Edition", "Statement", "compare_editions", "read_edition"]

_OWL: Final = NAMESPACES["owl"]
_RDF: Final = NAMESPACES["rdf"]
_RDFS: Final = NAMESPACES["rdfs"]
_SKOS: Final = NAMESPACES["skos"]
_DCTERMS: Final = NAMESPACES["dcterms"]
_TYPE: Final = f"{_RDF}type"
_HOME: Final = f"{_RDFS}isDefinedBy"
_DEPRECATED: Final = f"{_OWL}deprecated"
_REPLACED: Final = f"{_DCTERMS}isReplacedBy"
_ANNOTATED: Final = f"{_OWL}annotatedSource"
_NOTE: Final = f"{_OWL}Axiom"
_AXIOM: Final = "axiom"
"""In place of a predicate: an annotation of a statement, and an axiom about no one term."""
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
_SENTENCES: Final = {
    _TYPE: "is a",
    f"{_RDFS}subClassOf": "is a kind of",
    f"{_RDFS}subPropertyOf": "is a kind of",
    f"{_RDFS}domain": "starts from",
    f"{_RDFS}range": "leads to",
    f"{_RDFS}label": "is called",
    f"{_SKOS}definition": "means:",
    f"{_OWL}inverseOf": "is the inverse of",
    f"{_OWL}disjointWith": "shares nothing with",
    f"{_OWL}equivalentClass": "is the same class as",
    _HOME: "is defined by",
    _REPLACED: "is replaced by",
    _NOTE: "has a note on a statement:",
    _AXIOM: "it holds that",
    _DEPRECATED: "is deprecated:",
}


@dataclass(frozen=True, slots=True, order=True)
class Statement:
    """One statement of an ontology, a blank node being told by what is said of it.

    Args:
        subject: IRI of what it is about.
        predicate: IRI of the property.
        value: The object: an IRI in angle brackets, a literal, or a blank node in brackets.
    """

    subject: str
    predicate: str
    value: str

    @property
    def target(self) -> str | None:
        """The object's IRI, if it is one."""
        return self.value[1:-1] if re.fullmatch(r"<[^<>]*>", self.value) else None


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
        return frozenset(_Reading(quad.triple for quad in self.quads).statements())

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
            if statement.predicate == _HOME and statement.target:
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

    def words(self, statement: Statement) -> str:
        """Return a statement as a sentence without its subject, terms by their labels."""
        predicate = _SENTENCES.get(statement.predicate) or self.name_of(statement.predicate)
        return f"{predicate} {self._spoken(statement.value)}"

    def name_of(self, iri: str) -> str:
        """Return a term's label, or its short name."""
        return self.lexicon.label(iri) or curie(iri)

    def _spoken(self, value: str) -> str:
        if value.startswith('"'):
            text, _, kind = value[1:].rpartition('"')
            shown = text.replace('\\"', '"').replace("\\n", " ")
            return f"“{shown}”{kind if kind.startswith('@') else ''}"
        return re.sub(r"<([^<>]*)>", lambda found: self.name_of(found[1]), value)


@dataclass(frozen=True, slots=True)
class Change:
    """What became different about one term.

    Args:
        iri: The term.
        label: Its name, in the new version if it is there.
        lost: Sentences that the old version says of it, and the new one does not.
        gained: Sentences that the new version says of it, and the old one did not.
        wording: Whether labels, definitions and other annotations alone changed.
        moved: The modules that it left and came to; empty where it stayed.
        replacements: What to use instead, if it was deprecated.
        deprecated: Whether the new version deprecates it, and the old one did not.
    """

    iri: str
    label: str
    lost: tuple[str, ...] = ()
    gained: tuple[str, ...] = ()
    wording: bool = True
    moved: tuple[str, ...] = ()
    replacements: tuple[str, ...] = ()
    deprecated: bool = False

    @property
    def curie(self) -> str:
        """Its short name."""
        return curie(self.iri)

    def __str__(self) -> str:
        return self.curie if self.label == self.curie else f"{self.curie} ({self.label})"


@dataclass(frozen=True)
class Difference:
    """What differs between two editions.

    Args:
        old: The old edition.
        new: The new one.
        added: Terms that are new.
        removed: Terms that are gone, with what the old or the new edition says replaces them.
        deprecated: Terms that became deprecated.
        moved: Terms that another module defines now.
        changed: Terms of both of which something else is said; those deprecated or moved are among them.
        axioms: Statements about no term of the ontology, such as a header or a class of another vocabulary.
        lost: Statements with a meaning for reasoning that are gone, of terms that are still there, and that do not
            follow from what is left by sub-classes or sub-properties.
        gained: Statements with a meaning for reasoning that are new.
    """

    old: Edition
    new: Edition
    added: tuple[Change, ...]
    removed: tuple[Change, ...]
    deprecated: tuple[Change, ...]
    moved: tuple[Change, ...]
    changed: tuple[Change, ...]
    axioms: tuple[Change, ...]
    lost: tuple[Statement, ...]
    gained: tuple[Statement, ...]

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed or self.axioms)

    @cached_property
    def replacements(self) -> Mapping[str, tuple[str, ...]]:
        """Each term that is deprecated or gone, with what is used instead in the end."""
        said = {**self.old.deprecated, **self.new.deprecated}
        found: dict[str, tuple[str, ...]] = {}
        for iri in sorted({*said, *(change.iri for change in self.removed)}):
            found[iri] = tuple(sorted(set(_final(iri, said, frozenset()))))
        return found


def _final(iri: str, said: Mapping[str, tuple[str, ...]], seen: frozenset[str]) -> Iterator[str]:
    """Follow replacements that were replaced themselves; a circle leads nowhere."""
    for following in said.get(iri, ()):
        if not said.get(following):
            yield following
        elif following not in seen:
            yield from _final(following, said, seen | {iri})


def read_edition(place: Path) -> Edition:
    """Read a version of an ontology.

    Args:
        place: One file; or a folder, of which every Turtle file at its top is read, but for the merged views
            ``apgraph-*.ttl`` of a release; of a release or a checkout, its folder ``ontology/``.

    Raises:
        InputError: There is nothing there, or nothing that is an ontology.
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
    quads: list[Quad] = []
    for file in files:
        found = parse(file, syntax=format_of(file), base=file.resolve().as_uri(), name=str(file))
        quads += [_apart(quad, file.stem) for quad in found]
    edition = Edition(str(place), files, tuple(dict.fromkeys(quads)))
    if not edition.headers and not edition.terms:
        raise InputError(f"{place}: it holds no ontology and no term; give an ontology's file or its folder")
    return edition


def _apart(quad: Quad, mark: str) -> Quad:
    """Return a triple of the default graph whose blank nodes are its file's own."""

    def own(term: BlankNode) -> BlankNode:
        return BlankNode(f"{re.sub(r'[^A-Za-z0-9]', '', mark)}x{term.value}")

    subject = own(quad.subject) if isinstance(quad.subject, BlankNode) else quad.subject
    value = own(quad.object) if isinstance(quad.object, BlankNode) else quad.object
    return Quad(subject, quad.predicate, value, DefaultGraph())


class _Reading:
    """Triples as statements, each blank node told by what is said of it."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self._out: defaultdict[NamedNode | BlankNode, list[tuple[str, object]]] = defaultdict(list)
        self._pointed: set[BlankNode] = set()
        for triple in triples:
            if isinstance(triple.subject, NamedNode | BlankNode):
                self._out[triple.subject].append((triple.predicate.value, triple.object))
            if isinstance(triple.object, BlankNode):
                self._pointed.add(triple.object)
        self._told: dict[BlankNode, str] = {}

    def statements(self) -> Iterator[Statement]:
        for subject, pairs in self._out.items():
            if isinstance(subject, NamedNode):
                for predicate, value in pairs:
                    yield Statement(subject.value, predicate, self._value(value, (), predicate))
            elif subject not in self._pointed:
                # An axiom that stands alone belongs to the term that it annotates, else to the ontology as a whole.
                about = [v.value for p, v in pairs if p == _ANNOTATED and isinstance(v, NamedNode)]
                yield Statement(*((about[0], _NOTE) if about else ("", _AXIOM)), self._value(subject, ()))

    def _value(self, term: object, above: Sequence[BlankNode], predicate: str = "") -> str:
        if not isinstance(term, BlankNode):
            return str(term)
        if term in above:
            return "[]"
        if term not in self._told:
            members = self._members(term, above)
            if members is None:
                self._told[term] = self._node(term, above)
            else:
                # Every list of OWL is a set, but for a chain of properties.
                ordered = members if predicate == f"{_OWL}propertyChainAxiom" else sorted(members)
                self._told[term] = f"({' '.join(ordered)})"
        return self._told[term]

    def _node(self, term: BlankNode, above: Sequence[BlankNode]) -> str:
        pairs = sorted((p, self._value(o, (*above, term), p)) for p, o in self._out.get(term, ()))
        return "[" + "; ".join(f"<{p}> {value}" for p, value in pairs) + "]"

    def _members(self, term: BlankNode, above: Sequence[BlankNode]) -> list[str] | None:
        """Return the members of an RDF list; None where the node is none."""
        members: list[str] = []
        node: object = term
        seen: list[BlankNode] = [*above]
        while isinstance(node, BlankNode):
            pairs = dict(self._out.get(node, ()))
            if f"{_RDF}first" not in pairs or node in seen:
                return None
            seen.append(node)
            members.append(self._value(pairs[f"{_RDF}first"], seen))
            node = pairs.get(f"{_RDF}rest")
        return members


def compare_editions(old: Edition, new: Edition) -> Difference:
    """Find what differs between two editions of an ontology.

    Terms are told apart by IRI, statements by what they say: the names of blank nodes, the order of a file and
    the file that a statement stands in make no difference.
    """
    gone, come = old.statements - new.statements, new.statements - old.statements
    wordless = old.wording | new.wording | {_NOTE}
    touched: defaultdict[str, tuple[list[Statement], list[Statement]]] = defaultdict(lambda: ([], []))
    for side, statements in enumerate((gone, come)):
        for statement in sorted(statements):
            touched[statement.subject][side].append(statement)
    changed: list[Change] = []
    axioms: list[Change] = []
    for iri in sorted(touched):
        less, more = touched[iri]
        in_old, in_new = iri in old.terms, iri in new.terms
        if in_old != in_new:
            continue
        change = Change(
            iri,
            (new.name_of(iri) if iri else "the ontology as a whole"),
            tuple(map(old.words, less)),
            tuple(map(new.words, more)),
            wording=all(s.predicate in wordless for s in (*less, *more)),
            moved=_moved(old, new, iri),
            replacements=new.deprecated.get(iri, ()),
            deprecated=iri in new.deprecated and iri not in old.deprecated,
        )
        (changed if in_old else axioms).append(change)
    said = {**old.deprecated, **new.deprecated}
    removed = tuple(
        Change(iri, old.name_of(iri), replacements=said.get(iri, ())) for iri in sorted(old.terms - new.terms)
    )
    left = {change.iri for change in removed}
    follows = _Follows(new)
    return Difference(
        old,
        new,
        added=tuple(Change(iri, new.name_of(iri)) for iri in sorted(new.terms - old.terms)),
        removed=removed,
        deprecated=tuple(change for change in changed if change.deprecated),
        moved=tuple(change for change in changed if change.moved),
        changed=tuple(changed),
        axioms=tuple(axioms),
        lost=tuple(
            s
            for s in sorted(gone)
            if s.predicate not in wordless and s.subject not in left | old.headers and not follows(s)
        ),
        gained=tuple(s for s in sorted(come) if s.predicate not in wordless and s.subject not in new.headers),
    )


def _moved(old: Edition, new: Edition, iri: str) -> tuple[str, ...]:
    before, after = old.values(iri, _HOME), new.values(iri, _HOME)
    return (before[0], after[0]) if before and after and before != after else ()


class _Follows:
    """What an edition still says, if not in so many words: by sub-classes, sub-properties and larger sets."""

    def __init__(self, edition: Edition) -> None:
        self._above: dict[str, defaultdict[str, set[str]]] = {
            p: defaultdict(set) for p in (f"{_RDFS}subClassOf", f"{_RDFS}subPropertyOf")
        }
        self._said: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
        self._types: defaultdict[str, set[str]] = defaultdict(set)
        self._axioms: list[tuple[str, set[str]]] = []
        for s in edition.statements:
            self._said[s.subject, s.value].add(s.predicate)
            if s.predicate in self._above:
                self._above[s.predicate][s.subject].add(s.value)
            elif s.predicate == _TYPE:
                self._types[s.subject].add(s.value)
            elif s.predicate == _AXIOM:
                self._axioms.append(_set_of(s))

    def __call__(self, statement: Statement) -> bool:
        if statement.predicate == _AXIOM:
            frame, members = _set_of(statement)
            return any(frame == other and members <= larger for other, larger in self._axioms)
        if statement.predicate in self._above:
            return statement.value in self._up(statement.predicate, {f"<{statement.subject}>"})
        if statement.predicate == _TYPE:
            return statement.value in self._up(f"{_RDFS}subClassOf", self._types[statement.subject])
        narrower = {f"<{p}>" for p in self._said[statement.subject, statement.value]}
        return f"<{statement.predicate}>" in self._up(f"{_RDFS}subPropertyOf", narrower)

    def _up(self, by: str, start: Iterable[str]) -> set[str]:
        reached, waiting = set(start), list(start)
        while waiting:
            for above in self._above[by].get(waiting.pop()[1:-1], ()):
                if above not in reached:
                    reached.add(above)
                    waiting.append(above)
        return reached


def _set_of(statement: Statement) -> tuple[str, set[str]]:
    """Return an axiom without its set of members, and the set: what holds for a set holds for a smaller one."""
    found = re.search(r"\(([^()]*)\)", statement.value)
    return (
        (statement.value.replace(found[0], "()"), set(found[1].split()))
        if found
        else (statement.value, set())
    )
