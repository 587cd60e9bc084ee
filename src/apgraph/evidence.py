"""The claims of the source: what grounds a term or a triple, and where the source says so."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pyoxigraph import NamedNode

from apgraph.errors import InputError, UnknownNameError
from apgraph.files import require_regular
from apgraph.vocabulary import APG, APGS, PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pyoxigraph import Triple

    from apgraph.store import Store, Term

__all__ = [
    "Claim",
    "Excerpt",
    "Passage",
    "Span",
    "check_source",
    "claim",
    "claim_iri",
    "claims",
    "claims_for_triples",
]

_RDF: Final = PREFIXES["rdf"]
_RDFS: Final = PREFIXES["rdfs"]
_SKOS: Final = PREFIXES["skos"]
_OWL: Final = PREFIXES["owl"]
_DCTERMS: Final = PREFIXES["dcterms"]
_SHORT: Final = re.compile(
    r"(?P<word>claim|reading)?\s*(?:no\.?|\#)?\s*(?P<letter>[CR]?)[\s.-]*0*(?P<number>[0-9]{1,4})",
    re.IGNORECASE,
)
_WIDTH: Final[Mapping[str, int]] = {"C": 3, "R": 2}
_LARGEST: Final = 16 * 2**20
_CHUNK: Final = 500
_ABOUT_TERM: Final = frozenset(f"{APG}{name}" for name in ("ambiguityNote", "analyticalNote", "namedAs"))


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of the source: characters from ``start`` up to, and without, ``end``."""

    start: int
    end: int
    hash: str

    def __str__(self) -> str:
        return f"{self.start}-{self.end}"


@dataclass(frozen=True, slots=True)
class Claim:
    """A statement of the source, or a reading of it that the curator makes.

    Attributes:
        id: Short name, such as ``C034``, or ``R01`` for a reading.
        iri: The statement's IRI.
        kind: What sort of statement it is, such as ``influence finding``; two kinds are joined by "and".
        paraphrase: What it says, in words that are not the source's.
        section: Heading of the slide, in words that are not the source's; empty for a reading.
        report: The document that is named for it; empty for a reading.
        study: The research it is attributed to; empty where none is named.
        spans: Where it stands in the source.
        hedge: How the source hedges it, such as ``may``; ``none`` where it does not.
        attribution: ``stated`` by the source or ``inferred`` by the curator.
        about: IRIs of the terms that it is about.
        notes: What is unclear about it.
        reads: Short names of the claims that a reading reads.
    """

    id: str
    iri: str
    kind: str
    paraphrase: str
    section: str
    report: str
    study: str
    spans: tuple[Span, ...]
    hedge: str
    attribution: str
    about: tuple[str, ...]
    notes: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()

    @property
    def is_reading(self) -> bool:
        """Whether the curator says it, and not the source."""
        return bool(self.reads)

    @property
    def reserve(self) -> str:
        """The word with which the source hedges it; empty where it does not."""
        return "" if self.hedge == "none" else self.hedge

    @property
    def hedged_name(self) -> str:
        """The short name, with how sure a reader can be of it: the source's hedge, or that only the curator says it."""
        held = ["curator's reading"] if self.is_reading else []
        held += [f"hedged: {self.reserve}"] if self.reserve else []
        return f"{self.id} ({', '.join(held)})" if held else self.id

    def __str__(self) -> str:
        lines = [f"{self.id} ({self.kind}): {self.paraphrase}"]
        if self.reads:
            lines.append(f"  a reading of {', '.join(self.reads)} by the curator, not said by the source")
        place = [self.section] if self.section else []
        if self.report:
            place.append(f"report: {self.report}")
        if self.study:
            place.append(f"study: {self.study}")
        if self.spans:
            place.append(f"characters {', '.join(map(str, self.spans))}")
        if place:
            lines.append("  " + "; ".join(place))
        held = [f"hedge: {self.reserve}"] if self.reserve else []
        if self.attribution == "inferred" and not self.reads:
            held.append("attribution: inferred by the curator")
        if held:
            lines.append("  " + "; ".join(held))
        lines += [f"  note: {note}" for note in self.notes]
        return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A stretch of a reader's own copy of the source.

    Attributes:
        span: Where it is.
        line: The line it begins on, counted from 1.
        text: What stands there.
    """

    span: Span
    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Passage:
    """What a reader's own copy of the source says where a claim points, after the copy was checked."""

    claim: Claim
    file: str
    excerpts: tuple[Excerpt, ...]

    def __str__(self) -> str:
        lines = [
            f"{self.file}, line {e.line}, characters {e.span}: {' '.join(e.text.split())}"
            for e in self.excerpts
        ]
        return "\n".join(lines)


def claim(store: Store, name: str) -> Claim:
    """Return one claim.

    Args:
        store: A store that holds the ontology.
        name: As for :func:`claim_iri`.

    Raises:
        UnknownNameError: There is no such claim.

    >>> from apgraph.resources import MODULES, ontology_module
    >>> from apgraph.store import OxigraphStore, load_files
    >>> store = OxigraphStore()
    >>> _ = load_files(store, [ontology_module(module) for module in MODULES])
    >>> found = claim(store, "c34")
    >>> found.id, found.hedge, found.kind
    ('C034', 'may', 'influence finding')
    >>> claim(store, "C999")
    Traceback (most recent call last):
    apgraph.errors.UnknownNameError: there is no claim 'C999'; did you mean ...
    """
    iri = claim_iri(store, name)
    return claims(store, [iri])[iri]


def claim_iri(store: Store, name: str) -> str:
    """Return the IRI of the claim that a reader means.

    Args:
        store: A store that holds the ontology.
        name: The number as people write it (``C034``, ``c34``, ``034``, ``34``, ``claim 34``; ``R01``, ``r1``,
            ``reading 1`` for a reading), or a short name or IRI. A number alone is a claim's.

    Raises:
        UnknownNameError: There is no such claim; it tells the nearest.
    """
    known = {
        _text(number): _text(subject)
        for subject, number in store.select(f"SELECT DISTINCT ?c ?id WHERE {{ ?c <{APG}claimId> ?id }}").rows
    }
    if not known:
        raise UnknownNameError("claim", name, hint="this graph holds no claims; load the framework first")
    wanted = _number(name)
    if wanted in known:
        return known[wanted]
    whole = name.strip().strip("<>").strip()
    if whole in known.values():
        return whole
    letters = sorted({number[:1] for number in known})
    last = {letter: max(number for number in known if number.startswith(letter)) for letter in letters}
    raise UnknownNameError(
        "claim",
        name,
        nearest=get_close_matches(wanted, sorted(known), n=3, cutoff=0.5),
        hint="there are "
        + " and ".join(f"{min(n for n in known if n[:1] == each)} to {last[each]}" for each in letters),
    )


def claims(store: Store, iris: Iterable[str]) -> dict[str, Claim]:
    """Return claims by IRI; an IRI that is no claim is left out.

    A fixed number of queries is made, however many claims are asked for.
    """
    wanted = [NamedNode(iri) for iri in dict.fromkeys(iris)]
    values: dict[str, dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
    for chunk in _chunks(wanted):
        for subject, predicate, value in store.select(
            f"SELECT ?c ?p ?o WHERE {{ VALUES ?c {{ {chunk} }} ?c <{APG}claimId> ?id . ?c ?p ?o }}"
        ):
            if value is not None:
                values[_text(subject)][_text(predicate)].append(value)
    spans, sections = _places(store, values)
    linked = ("isReportedIn", "isAttributedToStudy", "hasHedge", "hasAttributionStatus")
    named = {v for found in values.values() for link in linked for v in found.get(APG + link, ())}
    named |= {v for found in values.values() for v in found.get(f"{_RDF}type", ())}
    labels = _labels(store, (term for term in named if isinstance(term, NamedNode)))
    result = {}
    for iri in (node.value for node in wanted):
        if iri not in values:
            continue
        found = values[iri]
        kinds = sorted(
            labels.get(_text(v), "")
            for v in found.get(f"{_RDF}type", ())
            if _text(v) != f"{_OWL}NamedIndividual"
        )
        result[iri] = Claim(
            id=_one(found, f"{APG}claimId"),
            iri=iri,
            kind=" and ".join(filter(None, kinds)),
            paraphrase=_one(found, f"{APG}paraphrase"),
            section=", ".join(sorted(sections[iri])),
            report=_label(labels, found, f"{APG}isReportedIn"),
            study=_label(labels, found, f"{APG}isAttributedToStudy"),
            spans=tuple(sorted(spans[iri])),
            hedge=_label(labels, found, f"{APG}hasHedge").rpartition(": ")[2],
            attribution=_label(labels, found, f"{APG}hasAttributionStatus").rpartition(": ")[2],
            about=tuple(sorted(map(_text, found.get(f"{APG}isAbout", ())))),
            notes=tuple(sorted(map(_text, found.get(f"{APG}ambiguityNote", ())))),
            reads=tuple(sorted(_text(v).removeprefix(APGS) for v in found.get(f"{APG}readsStatement", ()))),
        )
    return result


def claims_for_triples(store: Store, triples: Iterable[Triple]) -> dict[Triple, tuple[Claim, ...]]:
    """Return the claims behind each asserted triple, in the order of their short names.

    A triple of a statement rests on that statement; an assertion on what its axiom annotation cites;
    a label, a type or a definition on what its subject cites as its source; a passage on the claims stated in it.
    Triples of case data rest on none. A fixed number of queries is made, however many triples there are.
    """
    asked = tuple(dict.fromkeys(triples))
    subjects = list(dict.fromkeys(t.subject for t in asked if isinstance(t.subject, NamedNode)))
    objects = list(dict.fromkeys(t.object for t in asked if isinstance(t.object, NamedNode)))
    statements = _statements(store, [*subjects, *objects])
    cited: dict[tuple[str, str, Term], set[str]] = defaultdict(set)
    annotated: set[tuple[str, str, Term]] = set()
    sources: dict[str, set[str]] = defaultdict(set)
    for chunk in _chunks(subjects):
        for s, p, o, c in store.select(
            f"SELECT ?s ?p ?o ?c WHERE {{ VALUES ?s {{ {chunk} }} ?a <{_OWL}annotatedSource> ?s ; "
            f"<{_OWL}annotatedProperty> ?p ; <{_OWL}annotatedTarget> ?o . "
            f"OPTIONAL {{ ?a <{_DCTERMS}source> ?c }} }}"
        ):
            if o is not None:
                assertion = (_text(s), _text(p), o)
                annotated.add(assertion)
                if isinstance(c, NamedNode):
                    cited[assertion].add(_text(c))
        for s, c in store.select(
            f"SELECT ?s ?c WHERE {{ VALUES ?s {{ {chunk} }} "
            f"{{ ?s <{_DCTERMS}source> ?c }} UNION {{ ?c <{APG}isStatedIn> ?s }} }}"
        ):
            # An extension gives its source in words.
            if isinstance(c, NamedNode):
                sources[_text(s)].add(c.value)
    behind: dict[Triple, set[str]] = {}
    for triple in asked:
        subject, predicate, value = triple.subject, triple.predicate.value, triple.object
        found: set[str] = set()
        if isinstance(subject, NamedNode):
            spoken = (subject.value, predicate, value)
            of_term = not predicate.startswith(APG) or predicate in _ABOUT_TERM
            if subject.value in statements:
                found = {subject.value}
            elif spoken in annotated:
                found = cited[spoken]
            elif isinstance(value, NamedNode) and value.value in statements:
                found = {value.value}
            elif of_term or _is_passage(predicate):
                found = sources[subject.value]
        behind[triple] = found
    known = claims(store, sorted(set().union(*behind.values())))
    return {
        triple: tuple(sorted((known[i] for i in iris if i in known), key=lambda c: c.id))
        for triple, iris in behind.items()
    }


def check_source(store: Store, name: Claim | str, file: str | Path) -> Passage:
    """Return what a reader's own copy of the source says where a claim points.

    The copy is compared with the source by its SHA-256 first, so that what is shown is what the claim was made from.

    Args:
        store: A store that holds the ontology.
        name: The claim, or its name.
        file: The reader's copy. Line ends of another system and a byte order mark make no difference.

    Raises:
        UnknownNameError: There is no such claim.
        InputError: The file cannot be read, is not the source, or the claim is a reading and has no passage.
    """
    found = claim(store, name) if isinstance(name, str) else name
    if not found.spans:
        raise InputError(
            f"{found.id} is a reading by the curator and has no passage; see {', '.join(found.reads) or 'its notes'}"
        )
    content = _read(Path(file))
    hashes = sorted(
        {
            _text(row[0])
            for row in store.select(
                f"SELECT ?h WHERE {{ <{found.iri}> <{APG}isStatedIn>/<{APG}isSegmentOf>/<{APG}contentHash> ?h }}"
            )
        }
    )
    digest = hashlib.sha256(content).hexdigest()
    if digest not in hashes:
        content = content.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        if hashlib.sha256(content).hexdigest() not in hashes:
            raise InputError(_difference(Path(file), digest, hashes))
    text = content.decode("utf-8")
    excerpts = []
    for span in found.spans:
        excerpt = text[span.start : span.end]
        if hashlib.sha256(excerpt.encode()).hexdigest() != span.hash:
            raise InputError(
                f"{file}: characters {span} are not what {found.id} was made from; the ontology is damaged, install it again"
            )
        excerpts.append(Excerpt(span, text.count("\n", 0, span.start) + 1, excerpt))
    return Passage(found, str(file), tuple(excerpts))


def _read(file: Path) -> bytes:
    require_regular(file)
    try:
        if not file.is_file():
            raise InputError(f"{file}: there is no such file; give the text of the source as a file")
        size = file.stat().st_size
        if size > _LARGEST:
            raise InputError(
                f"{file}: {size} bytes are too many for the source; give the text that the claims are from"
            )
        return file.read_bytes()
    except (OSError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"{file}: cannot be read ({reason}); check the name and the permissions") from error


def _difference(file: Path, digest: str, hashes: Sequence[str]) -> str:
    if not hashes:
        return f"{file}: the ontology at hand does not say which hash the source has; load the framework's evidence"
    return (
        f"{file}: this is not the source: its SHA-256 is {digest}, expected is {' or '.join(hashes)}; "
        "give the text that the claims are from"
    )


def _number(name: str) -> str:
    """Return a claim's number as the ontology writes it, or the text in capitals where it is none."""
    text = name.strip().strip("<>").strip()
    for prefix in (APGS, "apgs:"):
        if text.lower().startswith(prefix):
            text = text[len(prefix) :]
    match = _SHORT.fullmatch(text)
    if match is None:
        return text.upper()
    letter = (match["letter"] or (match["word"] or "claim")[0]).upper()
    return f"{letter}{int(match['number']):0{_WIDTH[letter]}}"


def _chunks(nodes: Iterable[NamedNode]) -> Iterable[str]:
    listed = list(nodes)
    for start in range(0, len(listed), _CHUNK):
        yield " ".join(str(node) for node in listed[start : start + _CHUNK])


def _text(term: Term | None) -> str:
    return "" if term is None else term.value


def _one(found: Mapping[str, list[Term]], predicate: str) -> str:
    return min(map(_text, found.get(predicate, ())), default="")


def _label(labels: Mapping[str, str], found: Mapping[str, list[Term]], predicate: str) -> str:
    return ", ".join(sorted(labels.get(_text(v), _text(v)) for v in found.get(predicate, ())))


def _labels(store: Store, nodes: Iterable[NamedNode]) -> dict[str, str]:
    found: dict[str, str] = {}
    for chunk in _chunks(sorted(nodes, key=str)):
        for term, label in store.select(
            f"SELECT ?t ?l WHERE {{ VALUES ?t {{ {chunk} }} ?t <{_RDFS}label> ?l }} ORDER BY ?t DESC(STR(?l))"
        ):
            found[_text(term)] = _text(label)
    return found


def _places(store: Store, iris: Iterable[str]) -> tuple[dict[str, list[Span]], dict[str, set[str]]]:
    spans: dict[str, list[Span]] = defaultdict(list)
    sections: dict[str, set[str]] = defaultdict(set)
    for chunk in _chunks(map(NamedNode, iris)):
        for c, start, end, digest, section in store.select(
            f"SELECT ?c ?start ?end ?hash ?section WHERE {{ VALUES ?c {{ {chunk} }} ?c <{APG}isStatedIn> ?s . "
            f"?s <{APG}textStart> ?start ; <{APG}textEnd> ?end ; <{APG}excerptHash> ?hash . "
            f"OPTIONAL {{ ?s <{APG}isPartOfSection>/<{_RDFS}label> ?section }} }}"
        ):
            spans[_text(c)].append(Span(int(_text(start)), int(_text(end)), _text(digest)))
            if section is not None:
                sections[_text(c)].add(_text(section))
    return spans, sections


def _statements(store: Store, nodes: Iterable[NamedNode]) -> set[str]:
    found: set[str] = set()
    for chunk in _chunks(dict.fromkeys(nodes)):
        rows = store.select(f"SELECT ?t WHERE {{ VALUES ?t {{ {chunk} }} ?t <{APG}claimId> ?id }}")
        found.update(_text(row[0]) for row in rows)
    return found


def _is_passage(predicate: str) -> bool:
    return predicate.removeprefix(APG) in {
        "isSegmentOf",
        "isPartOfSection",
        "textStart",
        "textEnd",
        "excerptHash",
    }
