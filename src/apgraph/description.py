"""A term in words: what it is, what it is related to, which claims of the source speak of it, what is open."""

from __future__ import annotations

import json
import re
import textwrap
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal, NamedNode

from apgraph.deprecation import deprecated_terms
from apgraph.lexicon import curie, spoken
from apgraph.vocabulary import APG, PREFIXES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from apgraph.deprecation import Deprecated
    from apgraph.lexicon import Lexicon
    from apgraph.store import Store, Term

__all__ = ["Description", "Evidence", "Gap", "Note", "Related", "Relation", "describe"]

_RDF: Final = PREFIXES["rdf"]
_RDFS: Final = PREFIXES["rdfs"]
_OWL: Final = PREFIXES["owl"]
_SKOS: Final = PREFIXES["skos"]
_DCTERMS: Final = PREFIXES["dcterms"]
_TYPE: Final = f"{_RDF}type"
_SOURCE: Final = f"{_DCTERMS}source"
_DEFINITION: Final = f"{_SKOS}definition"

_NOTES: Final = {
    f"{_SKOS}scopeNote": "scope",
    f"{_SKOS}example": "example",
    f"{_SKOS}editorialNote": "note",
    f"{_SKOS}note": "note",
    f"{_RDFS}comment": "note",
    f"{APG}ambiguityNote": "open reading",
    f"{APG}analyticalNote": "analysis",
    f"{APG}handling": "how it is held",
    f"{APG}paraphrase": "in other words",
    f"{APG}unstructuredReason": "why it is kept as text only",
}
"""Properties whose values are shown as notes, with the word in front of them."""

_APART: Final = {
    _TYPE,
    _DEFINITION,
    f"{_RDFS}label",
    f"{_SKOS}prefLabel",
    f"{_SKOS}altLabel",
    f"{_RDFS}isDefinedBy",
    _SOURCE,
    f"{APG}claimId",
    f"{APG}concernsTerm",
    f"{APG}affectsStatement",
    f"{_OWL}deprecated",
    f"{_DCTERMS}isReplacedBy",
}
"""Properties that have a place of their own in a description."""

_BEHIND: Final = {*_APART, f"{APG}isAbout", f"{_OWL}annotatedSource", f"{_OWL}annotatedTarget"}
"""Properties that point to a term without saying anything of it that is not shown elsewhere."""

_PLAIN_WORDS: Final = {
    f"{_RDFS}subClassOf": "is a kind of",
    f"{_RDFS}subPropertyOf": "is a kind of",
    f"{_RDFS}domain": "starts from",
    f"{_RDFS}range": "leads to",
}
"""Words of RDF Schema, for readers who do not know it."""

_KINDS: Final = {
    f"{_OWL}Class": "class",
    f"{_OWL}ObjectProperty": "object property",
    f"{_OWL}DatatypeProperty": "data property",
    f"{_OWL}AnnotationProperty": "annotation property",
    f"{_OWL}Ontology": "ontology",
    f"{_OWL}TransitiveProperty": "transitive property",
}
_SILENT_KINDS: Final = {f"{_OWL}NamedIndividual", f"{_SKOS}Concept"}

_OUTGOING: Final = "SELECT ?p ?o WHERE { ?term ?p ?o }"
_INCOMING: Final = "SELECT ?s ?p WHERE { ?s ?p ?term }"
_STATEMENTS: Final = f"SELECT DISTINCT ?s WHERE {{ ?s <{APG}paraphrase> ?text }}"
_SUBPROPERTIES: Final = f"SELECT ?sub ?super WHERE {{ ?sub <{_RDFS}subPropertyOf> ?super }}"
_GROUNDS: Final = f"""SELECT ?s ?p ?o ?claim WHERE {{
  ?axiom <{_OWL}annotatedSource> ?s ; <{_OWL}annotatedProperty> ?p ; <{_OWL}annotatedTarget> ?o ;
    <{_DCTERMS}source> ?claim .
  FILTER (?s = ?term || ?o = ?term)
}}"""
_EVIDENCE: Final = f"""SELECT DISTINCT ?claim ?paraphrase ?section WHERE {{
  {{ ?term <{_DCTERMS}source> ?claim }} UNION {{ ?claim <{APG}isAbout> ?term }}
  UNION {{ ?axiom <{_OWL}annotatedSource> ?term ; <{_DCTERMS}source> ?claim }}
  UNION {{ ?axiom <{_OWL}annotatedTarget> ?term ; <{_DCTERMS}source> ?claim }}
  ?claim <{APG}paraphrase> ?paraphrase .
  OPTIONAL {{ ?claim <{APG}isStatedIn>/<{APG}isPartOfSection>/<{_RDFS}label> ?section }}
}}"""
_GAPS: Final = f"""SELECT DISTINCT ?gap ?text ?handling WHERE {{
  {{ ?gap <{APG}concernsTerm> ?term }} UNION {{ ?gap <{APG}affectsStatement> ?term }}
  ?gap a <{APG}SourceGap> ; <{_DEFINITION}> ?text .
  OPTIONAL {{ ?gap <{APG}handling> ?handling }}
}}"""


@dataclass(frozen=True, slots=True)
class Related:
    """What a term is related to: another term, or a value; with the claims that say so."""

    label: str
    iri: str | None
    curie: str | None
    claims: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.label} [{', '.join(self.claims)}]" if self.claims else self.label


@dataclass(frozen=True, slots=True)
class Relation:
    """One property of a term, with all that it leads to (or, ``inverse``, comes from)."""

    label: str
    iri: str
    curie: str
    inverse: bool
    values: tuple[Related, ...]


@dataclass(frozen=True, slots=True)
class Note:
    """A remark on a term, such as a scope note or an open reading."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """A claim of the source that speaks of a term."""

    claim: str
    iri: str
    paraphrase: str
    sections: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that the source leaves open about a term."""

    id: str
    text: str
    handling: str


@dataclass(frozen=True, slots=True)
class Description:
    """Everything that the graph says of one term, in words.

    Attributes:
        iri: The term.
        curie: Its short name.
        label: Its name in words.
        other_names: Further names.
        kinds: What it is: the labels of its classes, or "class", "object property" and so on.
        definition: One sentence; empty where there is none.
        defined_by: The module of the ontology that defines it; empty where none does.
        notes: Scope, examples, open readings.
        relations: Its properties, grouped.
        evidence: The claims behind it.
        gaps: What the source leaves open about it.
    """

    iri: str
    curie: str
    label: str
    other_names: tuple[str, ...]
    kinds: tuple[str, ...]
    definition: str
    defined_by: str
    notes: tuple[Note, ...]
    relations: tuple[Relation, ...]
    evidence: tuple[Evidence, ...]
    gaps: tuple[Gap, ...]

    def __str__(self) -> str:
        return self.to_text()

    def _facts(self) -> Iterator[tuple[str, str]]:
        if self.kinds:
            yield "a", ", ".join(self.kinds)
        if self.other_names:
            yield "also called", ", ".join(self.other_names)
        if self.defined_by:
            yield "defined by", self.defined_by
        yield "IRI", self.iri

    def _sections(self) -> Iterator[tuple[str, list[str]]]:
        """Yield each heading with its lines, empty ones left out."""
        outward = [r for r in self.relations if not r.inverse]
        inward = [r for r in self.relations if r.inverse]
        sections = [
            ("Notes", [f"{note.kind}: {note.text}" for note in self.notes]),
            ("Relations", [f"{r.label}: {'; '.join(map(str, r.values))}" for r in outward]),
            ("What points here", [f"{r.label}, said of: {'; '.join(map(str, r.values))}" for r in inward]),
            (
                "Evidence",
                [
                    f"{e.claim}{' (' + '; '.join(e.sections) + ')' if e.sections else ''}: {e.paraphrase}"
                    for e in self.evidence
                ],
            ),
            (
                "What the source leaves open",
                [
                    f"{gap.id}: {gap.text}{' Here: ' + gap.handling if gap.handling else ''}"
                    for gap in self.gaps
                ],
            ),
        ]
        yield from ((heading, lines) for heading, lines in sections if lines)

    def to_text(self, width: int | None = None) -> str:
        """Return the description as plain text, wrapped to the width (the terminal's where it is not given)."""
        from apgraph.table import plain, terminal_width

        room = max(30, terminal_width() if width is None else width)
        blocks = [f"{self.label} ({self.curie})" if self.label != self.curie else self.label]
        if self.definition:
            blocks.append(textwrap.fill(self.definition, room))
        facts = (f"{name}: {value}" for name, value in self._facts())
        blocks.append(
            "\n".join(
                textwrap.fill(
                    fact, room, subsequent_indent="  ", break_on_hyphens=False, break_long_words=False
                )
                for fact in facts
            )
        )
        for heading, lines in self._sections():
            body = (
                textwrap.fill(
                    line, room, initial_indent="  ", subsequent_indent="      ", break_on_hyphens=False
                )
                for line in lines
            )
            blocks.append(f"{heading}\n" + "\n".join(body))
        return plain("\n\n".join(blocks))

    def to_markdown(self) -> str:
        """Return the description as Markdown."""
        out = [f"# {_escaped(self.label)}", ""]
        if self.definition:
            out += [_escaped(self.definition), ""]
        out += [
            f"- {name}: {_escaped(value) if name != 'IRI' else f'<{value}>'}" for name, value in self._facts()
        ]
        out.append(f"- short name: `{self.curie}`")
        for heading, lines in self._sections():
            out += ["", f"## {heading}", "", *(f"- {_escaped(line)}" for line in lines)]
        return "\n".join(out) + "\n"

    def to_json(self) -> str:
        """Return the description as JSON."""
        import dataclasses

        return json.dumps(dataclasses.asdict(self), indent=2, ensure_ascii=False) + "\n"

    def _repr_markdown_(self) -> str:
        """Show the description in a notebook."""
        return self.to_markdown()


def _escaped(text: str) -> str:
    return re.sub(r"([\\`*_<>\[\]])", r"\\\1", text.replace("\n", " "))


def describe(store: Store, lexicon: Lexicon, iri: str) -> Description:
    """Collect what the store says of a term.

    Args:
        store: Where the term is.
        lexicon: Names of the terms.
        iri: The term.

    >>> from apgraph.lexicon import Lexicon
    >>> from apgraph.store import OxigraphStore
    >>> store = OxigraphStore()
    >>> store.update('INSERT DATA { <urn:x:a> <urn:x:knows> <urn:x:b> }')
    >>> print(describe(store, Lexicon(store), "urn:x:a").to_text(width=40))
    urn:x:a
    <BLANKLINE>
    IRI: urn:x:a
    <BLANKLINE>
    Relations
      knows: urn:x:b
    """
    term = NamedNode(iri)
    here: Mapping[str, Term] = {"term": term}
    outgoing = [(p, o) for p, o in store.select(_OUTGOING, bindings=here).rows if isinstance(p, NamedNode)]
    incoming = [
        (s, p)
        for s, p in store.select(_INCOMING, bindings=here).rows
        if isinstance(s, NamedNode) and isinstance(p, NamedNode)
    ]
    by_property: defaultdict[str, list[Term]] = defaultdict(list)
    for p, o in outgoing:
        if o is not None:
            by_property[p.value].append(o)
    related = _Relations(store, lexicon, term)
    texts = _spoken(by_property, lexicon.language)
    return Description(
        iri=iri,
        curie=lexicon.curie(iri),
        label=lexicon.label(iri) or lexicon.curie(iri),
        other_names=tuple(sorted(set(texts(f"{_SKOS}altLabel")))),
        kinds=_kinds(lexicon, by_property[_TYPE]),
        definition=next(iter(texts(_DEFINITION)), ""),
        defined_by=next(
            iter(sorted(o.value for o in by_property[f"{_RDFS}isDefinedBy"] if isinstance(o, NamedNode))), ""
        ),
        notes=(
            *(Note("deprecated", _instead(term)) for term in deprecated_terms(store, lexicon, (iri,))),
            *(Note(kind, text) for p, kind in _NOTES.items() for text in texts(p)),
        ),
        relations=(*related.outward(by_property), *related.inward(incoming)),
        evidence=_evidence(store, here),
        gaps=_gaps(store, here),
    )


def _instead(term: Deprecated) -> str:
    return f"use {' or '.join(map(curie, term.replacements))}" if term.replacements else "nothing replaces it"


def _spoken(by_property: dict[str, list[Term]], language: str) -> Callable[[str], list[str]]:
    """Return a function that gives a property's texts, in the language that suits best where there are several."""

    def texts(property_iri: str) -> list[str]:
        found = [o for o in by_property.get(property_iri, ()) if isinstance(o, Literal)]
        best = min((spoken(o.language, language) for o in found), default=0)
        return sorted(o.value for o in found if spoken(o.language, language) == best)

    return texts


def _kinds(lexicon: Lexicon, types: Iterable[Term]) -> tuple[str, ...]:
    classes = [t.value for t in types if isinstance(t, NamedNode) and t.value not in _SILENT_KINDS]
    labels = lexicon.labels(classes)
    return tuple(sorted({_KINDS.get(iri) or labels.get(iri) or lexicon.curie(iri) for iri in classes}))


def _words(lexicon: Lexicon, iri: str) -> str:
    """Return a property in words: its label, else its name with the capitals resolved."""
    words = _PLAIN_WORDS.get(iri) or lexicon.label(iri)
    if words:
        return words
    name = re.split(r"[#/:]", iri)[-1]
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name).lower() or iri


class _Relations:
    """The relations of one term, with the claims behind each."""

    def __init__(self, store: Store, lexicon: Lexicon, term: NamedNode) -> None:
        self._lexicon = lexicon
        self._term = term
        self._statements = {row[0] for row in store.select(_STATEMENTS).rows}
        self._claims: defaultdict[tuple[Term | None, Term | None, Term | None], set[str]] = defaultdict(set)
        for s, p, o, claim in store.select(_GROUNDS, bindings={"term": term}).rows:
            if isinstance(claim, NamedNode):
                self._claims[s, p, o].add(_short(claim.value))
        self._broader: defaultdict[str, set[str]] = defaultdict(set)
        for sub, above in store.select(_SUBPROPERTIES).rows:
            if isinstance(sub, NamedNode) and isinstance(above, NamedNode):
                self._broader[above.value].add(sub.value)

    def outward(self, by_property: dict[str, list[Term]]) -> list[Relation]:
        """Return what the term is related to, but what has a place of its own."""
        shown = {p: objects for p, objects in by_property.items() if p not in _APART and p not in _NOTES}
        # Claims of the source are shown as evidence; a term of an extension comes from elsewhere.
        elsewhere = [o for o in by_property.get(_SOURCE, ()) if o not in self._statements]
        if elsewhere:
            shown[_SOURCE] = elsewhere
        return self._grouped(
            {
                p: [o for o in objects if not any(o in by_property.get(sub, ()) for sub in self._broader[p])]
                for p, objects in shown.items()
            },
            inverse=False,
        )

    def inward(self, incoming: Iterable[tuple[NamedNode, NamedNode]]) -> list[Relation]:
        """Return what is related to the term, but statements and gaps, which are shown as evidence."""
        by_property: defaultdict[str, list[Term]] = defaultdict(list)
        own = self._term in self._statements
        for s, p in incoming:
            if p.value not in _BEHIND and (own or s not in self._statements):
                by_property[p.value].append(s)
        return self._grouped(
            {
                p: [s for s in subjects if not any(s in by_property.get(sub, ()) for sub in self._broader[p])]
                for p, subjects in list(by_property.items())
            },
            inverse=True,
        )

    def _grouped(self, by_property: dict[str, list[Term]], *, inverse: bool) -> list[Relation]:
        others = {o.value for objects in by_property.values() for o in objects if isinstance(o, NamedNode)}
        labels = self._lexicon.labels(others)
        relations = []
        for p, objects in by_property.items():
            values = []
            for other in objects:
                ends = (other, self._term) if inverse else (self._term, other)
                claims = tuple(sorted(self._claims.get((ends[0], NamedNode(p), ends[1]), ())))
                if isinstance(other, NamedNode):
                    short = self._lexicon.curie(other.value)
                    values.append(Related(labels.get(other.value, short), other.value, short, claims))
                elif isinstance(other, Literal):
                    values.append(Related(other.value, None, None, claims))
            if values:
                values.sort(key=lambda value: (value.label.lower(), value.iri or ""))
                words = _words(self._lexicon, p)
                relations.append(Relation(words, p, self._lexicon.curie(p), inverse, tuple(values)))
        return sorted(relations, key=lambda relation: (relation.label, relation.iri))


def _short(iri: str) -> str:
    """Return a claim's number, which ends its IRI."""
    return iri.rpartition("/")[2]


def _evidence(store: Store, here: Mapping[str, Term]) -> tuple[Evidence, ...]:
    texts: dict[str, str] = {}
    sections: defaultdict[str, set[str]] = defaultdict(set)
    for claim, paraphrase, section in store.select(_EVIDENCE, bindings=here).rows:
        if not isinstance(claim, NamedNode) or not isinstance(paraphrase, Literal):
            continue
        texts[claim.value] = min(paraphrase.value, texts.get(claim.value, paraphrase.value))
        if isinstance(section, Literal):
            sections[claim.value].add(section.value)
    return tuple(
        Evidence(_short(iri), iri, texts[iri], tuple(sorted(sections[iri])))
        for iri in sorted(texts)
        if iri != getattr(here["term"], "value", "")
    )


def _gaps(store: Store, here: Mapping[str, Term]) -> tuple[Gap, ...]:
    found = {}
    for gap, text, handling in store.select(_GAPS, bindings=here).rows:
        if isinstance(gap, NamedNode) and isinstance(text, Literal):
            held = handling.value if isinstance(handling, Literal) else ""
            found[gap.value] = Gap(_short(gap.value), text.value, held)
    return tuple(found[iri] for iri in sorted(found))
