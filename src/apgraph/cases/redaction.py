"""Redaction: what is personal in case data is replaced, for reports and exports that leave the organisation.

People and their appointments become pseudonyms, the same ones each time. Any text is removed but for a few properties
that are listed here (labels, rows, roles of observers, regions and the like), from which e-mail addresses, links,
telephone and National Insurance numbers are taken out, and names by which the case calls a person. Other names in them
are not searched for. Terms, dates and numbers stay.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Triple

from apgraph.cases.providers import REGISTER, unnamed_message
from apgraph.lexicon import CASE_BASE
from apgraph.resources import FRAMEWORK
from apgraph.vocabulary import PREFIXES, apg

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from apgraph.cases.findings import Explained
    from apgraph.notices import Notice, Waiver
    from apgraph.shacl import Finding, Report
    from apgraph.shacl.report import Term
    from apgraph.store import Store

__all__ = ["GONE", "REMOVED", "Redaction"]

GONE: Final = "[removed]"
"""What stands where something was removed."""

REMOVED: Final = (
    "People and their appointments are pseudonyms. Notes and other free text, titles and places of evidence, e-mail "
    "addresses, links, telephone, National Insurance and provider numbers are removed. Names of organisations, arrangements "
    "and communities, and dates, are not; look through them before you pass this on."
)
"""What every redacted report says of itself."""

_RDFS: Final = PREFIXES["rdfs"]
_NAMES: Final = frozenset(
    {_RDFS + "label", apg.rowIdentifier, PREFIXES["skos"] + "prefLabel", PREFIXES["skos"] + "altLabel"}
)
_KEPT: Final = _NAMES | {
    apg.caseIdentifier,
    apg.declaredModelName,
    apg.observerRole,
    apg.providerType,
    apg.region,
    apg.sharingStatus,
    PREFIXES["dcterms"] + "language",
    PREFIXES["dcterms"] + "title",
    PREFIXES["skos"] + "definition",
    PREFIXES["skos"] + "notation",
}
"""Texts that are kept, but for what looks personal in them; any other text is removed, whatever its property."""

_LOCATING: Final = frozenset(
    {
        apg.evidenceLocator,
        apg.evidenceSource,
        _RDFS + "seeAlso",
        PREFIXES["dcterms"] + "source",
        PREFIXES["dcterms"] + "creator",
    }
)
"""Properties whose links say where evidence lies, or who made something."""

_STRINGS: Final = frozenset({PREFIXES["xsd"] + "string", PREFIXES["rdf"] + "langString"})
_PLAIN: Final = re.compile(r"[-+\d.:TZeE]*|true|false|INF|NaN|P[\dYMDTHS.]+")
_PERSONAL: Final = re.compile(
    r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+"
    r"|\b(?:https?|ftp|file|mailto|tel):[^\s<>\"']+|\bwww\.[^\s<>\"']+"
    r"|(?<![\w-])(?:\+44\s?\(?0?\)?|\(?0)[\d\s()-]{8,13}\d(?![\w-])"
    r"|\b[A-Z]{2}\s?\d{2}\s?\d{2}\s?\d{2}\s?[A-D]\b",
    re.IGNORECASE,
)
# Links of the framework's own, and of vocabularies, say nothing of anyone.
_PUBLIC: Final = tuple(iri for iri in PREFIXES.values() if iri.startswith("http"))
_SHORTEST: Final = 3
_FOLLOWED_BY_NOTHING: Final = r"(?![\w-])"
_STARTS, _ENDS = r"(?<!\w)", r"(?!\w)"


class Redaction:
    """What is personal in the data of a store, and what is put for it.

    Args:
        store: Where data and framework lie.
    """

    def __init__(self, store: Store) -> None:
        self._graphs = [graph for graph in ("", *store.graphs()) if graph != FRAMEWORK]
        self._nodes: dict[str, str] = {}
        words: dict[str, str] = {}
        for kind, base in (("person", apg.Person), ("appointment", apg.Appointment)):
            for node, name in store.select(
                f"SELECT DISTINCT ?node ?name WHERE {{ ?node a/<{_RDFS}subClassOf>* <{base}> "
                f"OPTIONAL {{ ?node ?p ?name FILTER(?p IN ({', '.join(f'<{p}>' for p in sorted(_NAMES))})) }} }}"
            ):
                if not isinstance(node, NamedNode):
                    continue
                mark = hashlib.sha256(node.value.encode()).hexdigest()[:8]
                pseudonym = f"{kind}-{mark}"
                case = node.value.split(":")[:4]
                inside = node.value.startswith(CASE_BASE) and len(case) == 4
                self._nodes[node.value] = (
                    f"{':'.join(case) if inside else 'urn:apgraph:redacted'}:{pseudonym}"
                )
                words[node.value] = self._nodes[node.value]
                own = node.value.rpartition(":" if inside else "/")[2]
                for word in (own, name.value if isinstance(name, Literal) else ""):
                    if len(word) >= _SHORTEST:
                        words[word] = pseudonym
        self._dangling = _dangling(store)
        self._nodes |= self._dangling
        rows = store.select(
            f"SELECT ?item ?row WHERE {{ ?item <{apg.evidenceTitle}> ?t ; <{apg.rowIdentifier}> ?row }}"
        )
        self._evidence = {item.value: row.value for item, row in rows if item is not None and row is not None}
        self._words = {word.casefold(): pseudonym for word, pseudonym in words.items()}
        listed = "|".join(re.escape(word) for word in sorted(words, key=lambda w: (-len(w), w)))
        self._known = (
            re.compile(rf"(?<!\w)(?:{listed}){_FOLLOWED_BY_NOTHING}", re.IGNORECASE) if words else None
        )

    def quads(self, store: Store) -> Iterator[Quad]:
        """Yield the data of a store, redacted; what was inferred is left out."""
        for graph in self._graphs:
            home = NamedNode(graph) if graph else DefaultGraph()
            for quad in store.quads(graph):
                # A number that is not shown would be a wrong number.
                if quad.predicate.value == apg.ukprn:
                    continue
                subject, value = quad.subject, quad.object
                if not isinstance(subject, Triple) and not isinstance(value, Triple):
                    shown = self._object(subject, quad.predicate.value, value)
                    yield Quad(self._subject(subject), quad.predicate, shown, home)

    def text(self, text: str) -> str:
        """Return a text with pseudonyms for the people that the case names, and without what looks personal.

        >>> from apgraph import Graph
        >>> Redaction(Graph().store).text("ask jo@college.example or 07700 900123")
        'ask [removed] or [removed]'
        """
        if self._known is not None:
            text = self._known.sub(lambda match: self._words[match[0].casefold()], text)
        return _PERSONAL.sub(lambda match: match[0] if match[0].startswith(_PUBLIC) else GONE, text)

    def _subject(self, term: NamedNode | BlankNode) -> NamedNode | BlankNode:
        if isinstance(term, NamedNode):
            return NamedNode(self._nodes.get(term.value, term.value))
        return term

    def _object(self, subject: Term, predicate: str, term: Term) -> Term:
        if predicate == apg.evidenceTitle and subject.value in self._evidence:
            return Literal(self.text(self._evidence[subject.value]))
        if isinstance(term, Literal) and predicate not in _KEPT and _is_free(term):
            return Literal(GONE)
        if predicate in _LOCATING and isinstance(term, NamedNode) and not term.value.startswith(_PUBLIC):
            return Literal(GONE)
        if predicate in _NAMES and isinstance(subject, NamedNode) and subject.value in self._nodes:
            return Literal(self._nodes[subject.value].rpartition(":")[2])
        return self.term(term)

    def term(self, term: Term) -> Term:
        """Return a term as it is shown: pseudonym, redacted text, or as it is."""
        if isinstance(term, Literal):
            shown = self.text(term.value)
            if shown == term.value:
                return term
            return Literal(shown, language=term.language) if term.language else Literal(shown)
        return self._subject(term)

    # -- reports --------------------------------------------------------------

    def report(self, report: Report) -> Report:
        """Return a validation report without what is personal."""
        coverage = report.coverage
        if coverage is not None:
            coverage = replace(coverage, unseen=tuple(self.term(node) for node in coverage.unseen))
        return replace(
            report, findings=tuple(self._finding(each) for each in report.findings), coverage=coverage
        )

    def _finding(self, finding: Finding) -> Finding:
        value = finding.value
        path = finding.path.value if isinstance(finding.path, NamedNode) else ""
        if value is not None:
            # What is at fault may be anything that somebody typed: only terms are shown as they are.
            value = self._object(finding.focus_node, path, value)
        if finding.source_shape == REGISTER:
            return self._of_register(finding, value, path)
        focus = finding.focus_node
        return replace(
            finding,
            focus_node=Literal(GONE) if isinstance(focus, Literal) else self._subject(focus),
            value=Literal(GONE) if isinstance(value, Literal) else value,
            messages=tuple(
                Literal(self._message(m.value, finding), language=m.language or "en")
                for m in finding.messages
            ),
            details=tuple(self._finding(each) for each in finding.details),
        )

    def _of_register(self, finding: Finding, value: Term | None, path: str) -> Finding:
        """Return what a register says without what would name the organisation; see :func:`unnamed_message`."""
        messages = tuple(
            Literal(self.text(unnamed_message(finding)), language="en") for _ in finding.messages
        )
        kept = value if path in _KEPT or value is None else Literal(GONE)
        return replace(finding, value=kept, messages=messages)

    def _message(self, text: str, finding: Finding) -> str:
        value = finding.value
        return self.text(_without(text, value.value) if isinstance(value, Literal) else text)

    def explained(self, each: Explained) -> Explained:
        """Return a finding in words without what is personal, and without the text at fault."""
        value, message, finding = each.value, each.message, self._finding(each.finding)
        at_fault = each.finding.value
        if each.finding.source_shape == REGISTER:
            message = finding.message
            value = None if finding.value is None else finding.value.value
        elif value is not None and (isinstance(at_fault, Literal) or self._is_dangling(at_fault)):
            message = _without(message, value)
            value = GONE
        return replace(
            each,
            finding=finding,
            thing=GONE if isinstance(each.finding.focus_node, Literal) else self.text(each.thing),
            value=None if value is None else self.text(value),
            message=self.text(message),
            nearest=tuple(self.text(name) for name in each.nearest),
            names=tuple(self.text(name) for name in each.names),
        )

    def notice(self, notice: Notice, waivers: Sequence[Waiver]) -> Notice:
        """Return a notice with waivers that name nobody, be it accepted by one or about one.

        Args:
            notice: The notice.
            waivers: All waivers; the values that they name are removed wherever they stand.
        """
        waiver = notice.waived
        if waiver is not None:
            waiver = replace(
                waiver,
                reason=self.text(waiver.reason),
                thing=None if waiver.thing is None else self.text(waiver.thing),
                value=None if waiver.value is None else GONE,
            )
        message, thing = notice.message, notice.thing
        for value in (each.value for each in waivers if each.value):
            message, thing = (_without(said, f"value {value}") for said in (message, thing))
        return replace(notice, message=self.text(message), thing=self.text(thing), waived=waiver)

    def _is_dangling(self, term: Term | None) -> bool:
        return isinstance(term, NamedNode) and term.value in self._dangling


def _dangling(store: Store) -> dict[str, str]:
    """Return what stands for items of cases that are named and nowhere described: anything may have been typed there."""
    rows = store.select(
        f"SELECT DISTINCT ?item WHERE {{ ?s ?p ?item FILTER(ISIRI(?item) && STRSTARTS(STR(?item), '{CASE_BASE}')) "
        "FILTER NOT EXISTS { ?item ?q ?value } }"
    ).rows
    found = {}
    for (item,) in rows:
        if isinstance(item, NamedNode):
            mark = hashlib.sha256(item.value.encode()).hexdigest()[:8]
            found[item.value] = f"{':'.join(item.value.split(':')[:4])}:removed-{mark}"
    return found


def _without(text: str, value: str) -> str:
    """Return a text with the mark for a value, wherever it stands as a whole, be it with what escapes it in quotes.

    A value of a letter or two may be a word of the text's own: it is looked for in quotes and brackets first.

    >>> _without("'a' is not a number. Write another.", "a")
    "'[removed]' is not a number. Write another."
    >>> _without("'Jo Ann' is the label of the row: write the name of Jo Ann.", "Jo Ann")
    "'[removed]' is the label of the row: write the name of [removed]."
    """
    forms = sorted({value, repr(value)[1:-1]} - {""}, key=len, reverse=True)
    if not forms:
        return text
    listed = "|".join(
        rf"{_STARTS if form[0].isalnum() else ''}{re.escape(form)}{_ENDS if form[-1].isalnum() else ''}"
        for form in forms
    )
    if len(value) < _SHORTEST:
        marked, times = re.subn(rf"(?<=['\"‘“(])(?:{listed})(?=['\"’”)])", GONE, text)
        if times:
            return marked
    return re.sub(listed, GONE, text)


def _is_free(text: Literal) -> bool:
    """Tell a text that may say anything from a date, a number or a truth value."""
    return text.datatype.value in _STRINGS or not _PLAIN.fullmatch(text.value)
