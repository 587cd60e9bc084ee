"""What a validation found: the standard validation report, as typed objects, as RDF and as JSON.

See https://www.w3.org/TR/shacl/#validation-report. An engine makes :class:`Finding` objects; everything else is
derived from them, so that two engines can be compared finding by finding.
"""

from __future__ import annotations

import enum
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, serialize

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from apgraph.shacl.comparison import Disagreement
    from apgraph.shacl.coverage import Coverage
    from apgraph.shacl.shapes import Shapes

__all__ = [
    "SH",
    "Finding",
    "Report",
    "Severity",
    "Term",
    "Unchecked",
    "shape_record",
    "term_key",
    "term_record",
    "term_text",
]

Term = NamedNode | BlankNode | Literal

SH: Final = "http://www.w3.org/ns/shacl#"
_RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_XSD: Final = "http://www.w3.org/2001/XMLSchema#"
_TYPE: Final = NamedNode(_RDF + "type")
_LONG: Final = 500
"""Results up to which a report is laid out for a reader."""


class Severity(enum.Enum):
    """How grave a finding is, see https://www.w3.org/TR/shacl/#severity.

    >>> Severity.VIOLATION.is_at_least(Severity.WARNING), Severity.INFO.is_at_least(Severity.WARNING)
    (True, False)
    """

    VIOLATION = "violation"
    WARNING = "warning"
    INFO = "info"

    @property
    def iri(self) -> str:
        """The IRI of this severity in the SHACL vocabulary."""
        return SH + self.value.capitalize()

    @property
    def rank(self) -> int:
        """0 for the most severe."""
        return _RANK[self]

    def is_at_least(self, other: Severity) -> bool:
        """Tell whether this severity is as grave as the other, or graver."""
        return self.rank <= other.rank

    @classmethod
    def of(cls, iri: str) -> Severity:
        """Return the severity of an IRI; one that SHACL does not define counts as a violation.

        >>> Severity.of("http://www.w3.org/ns/shacl#Info")
        <Severity.INFO: 'info'>
        """
        return next((severity for severity in cls if severity.iri == iri), cls.VIOLATION)


_RANK: Final = {severity: rank for rank, severity in enumerate(Severity)}


@dataclass(frozen=True, slots=True)
class Finding:
    """One validation result, see https://www.w3.org/TR/shacl/#results-validation-result.

    Attributes:
        focus_node: The node that was judged.
        severity: How grave it is; :attr:`severity_iri` keeps an IRI that SHACL does not define.
        component: IRI of the constraint component that was not satisfied.
        source_shape: The shape that states the constraint.
        path: The property path that was followed: an IRI, or the head of :attr:`path_triples`.
        path_text: The path as SPARQL would write it, full IRIs in angle brackets.
        path_triples: What describes a path that is more than one property.
        value: The value that is at fault, where one is.
        messages: What the shapes, or the engine, say about it.
        source_constraint: The SPARQL constraint behind it, where there is one.
        details: Findings of inner shapes that explain this one.
        severity_iri: The severity as the shapes file gives it.
        shape_address: By which way a source shape without a name is found; see :mod:`apgraph.shacl.addresses`.
    """

    focus_node: Term
    severity: Severity
    component: str
    source_shape: NamedNode | BlankNode
    path: NamedNode | BlankNode | None = None
    path_text: str | None = None
    path_triples: tuple[Triple, ...] = ()
    value: Term | None = None
    messages: tuple[Literal, ...] = ()
    source_constraint: NamedNode | BlankNode | None = None
    details: tuple[Finding, ...] = ()
    severity_iri: str = ""
    shape_address: str = ""

    @property
    def message(self) -> str:
        """The message, English first where there are several languages."""
        if not self.messages:
            return ""
        ranked = sorted(self.messages, key=lambda m: (not (m.language or "en").startswith("en"), m.value))
        return ranked[0].value

    @property
    def shape_text(self) -> str:
        """The source shape: its IRI in angle brackets, or its address, which stays the same when files are read again."""
        return self.shape_address or str(self.source_shape)

    @property
    def component_name(self) -> str:
        """The component without its namespace and the words that all of them end with.

        >>> shape = NamedNode("urn:x:shape")
        >>> Finding(shape, Severity.INFO, SH + "MinCountConstraintComponent", shape).component_name
        'MinCount'
        """
        return self.component.rpartition("#")[2].removesuffix("ConstraintComponent")

    @property
    def own_severity(self) -> str:
        """The IRI of a severity that SHACL does not define; ``""`` for one of its own."""
        defined = {"", *(severity.iri for severity in Severity)}
        return "" if self.severity_iri in defined else self.severity_iri

    @property
    def sort_key(self) -> tuple[object, ...]:
        """Most severe first, then by shape, node, path, value, component and message: the same order in every run."""
        return (
            self.severity.rank,
            term_key(self.source_shape),
            term_key(self.focus_node),
            self.path_text or "",
            term_key(self.value) if self.value is not None else (),
            self.component,
            self.shape_address,
            self.message,
        )

    def to_record(self) -> dict[str, object]:
        """Return the finding as JSON can hold it."""
        record: dict[str, object] = {
            "severity": self.severity.value,
            "severity_iri": self.severity_iri or self.severity.iri,
            "focus_node": term_record(self.focus_node),
            "path": self.path_text,
            "value": None if self.value is None else term_record(self.value),
            "message": self.message,
            "source_shape": shape_record(self.source_shape, self.shape_address),
            "component": self.component,
        }
        if self.details:
            record["details"] = [detail.to_record() for detail in self.details]
        return record


@dataclass(frozen=True, slots=True)
class Unchecked:
    """A constraint that could not be checked, and says nothing about the data.

    Attributes:
        shape: The shape that states it.
        component: IRI of its component, or of the term by which it is stated.
        reason: Why not.
        where: File and shape in words.
        shape_address: By which way a shape without a name is found; see :mod:`apgraph.shacl.addresses`.
        is_slip: Whether the shapes are at fault in a way that no data can show: by a term that SHACL does not have, or
            since there is nothing in them to check by.
    """

    shape: NamedNode | BlankNode
    component: str
    reason: str
    where: str = ""
    is_slip: bool = False
    shape_address: str = ""

    def __str__(self) -> str:
        return f"{self.where}: {self.reason}" if self.where else self.reason

    def to_record(self) -> dict[str, object]:
        """Return it as JSON can hold it."""
        return {
            "shape": shape_record(self.shape, self.shape_address),
            "component": self.component,
            "reason": self.reason,
            "where": self.where,
            "slip": self.is_slip,
        }


@dataclass(frozen=True, slots=True)
class Report:
    """What one engine found on some graphs, with some shapes.

    Attributes:
        findings: Most severe first.
        engine: The engine that ran.
        shapes_count: How many node and property shapes there were.
        shapes_files: The files that they came from.
        shapes: The shapes themselves, where an engine ran: those without a name are others when files are read again.
        data_graphs: The graphs that were judged, by IRI.
        triples_count: How many triples the data had, the ontology's not counted.
        unchecked: Constraints that could not be checked.
        coverage: What the shapes looked at, where that was asked for.
        disagreements: Where a second engine answered something else, if there was one.
        asked: What else was asked of the data than the shapes do, by the IRI that stands for it.
    """

    findings: tuple[Finding, ...]
    engine: str
    shapes_count: int = 0
    shapes_files: tuple[str, ...] = ()
    data_graphs: tuple[str, ...] = ()
    triples_count: int = 0
    unchecked: tuple[Unchecked, ...] = ()
    coverage: Coverage | None = None
    disagreements: tuple[Disagreement, ...] = ()
    shapes: Shapes | None = field(default=None, repr=False, compare=False)
    asked: tuple[str, ...] = field(default=(), repr=False)
    counts: Mapping[Severity, int] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "findings", tuple(sorted(self.findings, key=lambda f: f.sort_key)))
        counted = Counter(finding.severity for finding in self.findings)
        object.__setattr__(self, "counts", {severity: counted[severity] for severity in Severity})

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.findings)

    def __len__(self) -> int:
        return len(self.findings)

    @property
    def conforms(self) -> bool:
        """Whether everything was checked and nothing at all found, whatever the severity, as SHACL has it."""
        return not self.findings and not self.unchecked

    def at_least(self, severity: Severity) -> tuple[Finding, ...]:
        """Return the findings that are as grave as that, or graver."""
        return tuple(finding for finding in self.findings if finding.severity.is_at_least(severity))

    def to_triples(self) -> tuple[Triple, ...]:
        """Return the standard report, its blank nodes numbered in the order of the findings."""
        return tuple(_report_triples(self))

    def to_turtle(self) -> str:
        """Return the standard report in Turtle; a long one with each result as a subject of its own.

        >>> print(Report((), "pyshacl").to_turtle(), end="")
        @prefix sh: <http://www.w3.org/ns/shacl#> .
        <BLANKLINE>
        []
            a sh:ValidationReport ;
            sh:conforms true .
        """
        prefixes = {"sh": SH, "xsd": _XSD}
        if len(self.findings) > _LONG:
            # Nobody reads thousands of results as text, and the layout for readers takes longer than validation.
            triples = _renamed(_report_triples(self))
            text = serialize(triples, format=RdfFormat.TURTLE, prefixes=prefixes) or b""
            return text.decode()
        from apgraph.turtle import write

        return write(self.to_triples(), prefixes)

    def to_records(self) -> dict[str, object]:
        """Return the report as JSON can hold it."""
        return {
            "conforms": self.conforms,
            "engine": self.engine,
            "counts": {severity.value: number for severity, number in self.counts.items()},
            "shapes": {"count": self.shapes_count, "files": list(self.shapes_files)},
            "data": {"graphs": list(self.data_graphs), "triples": self.triples_count},
            "findings": [finding.to_record() for finding in self.findings],
            "unchecked": [unchecked.to_record() for unchecked in self.unchecked],
            "disagreements": [disagreement.to_record() for disagreement in self.disagreements],
            "coverage": None if self.coverage is None else self.coverage.to_record(),
        }

    def to_json(self) -> str:
        """Return the report as JSON.

        >>> import json
        >>> json.loads(Report((), "pyshacl").to_json())["conforms"]
        True
        """
        import json

        return json.dumps(self.to_records(), indent=2, ensure_ascii=False) + "\n"


def term_key(term: Term) -> tuple[str, ...]:
    """Return what a term is sorted by; blank nodes sort together, since their names mean nothing.

    >>> term_key(NamedNode("urn:x"))
    ('iri', 'urn:x')
    """
    if isinstance(term, NamedNode):
        return ("iri", term.value)
    if isinstance(term, BlankNode):
        return ("blank",)
    return ("literal", term.value, term.datatype.value, term.language or "")


def term_record(term: Term) -> dict[str, str]:
    """Return a term as in the SPARQL results format for JSON.

    >>> term_record(Literal("2021", datatype=NamedNode(_XSD + "gYear")))
    {'type': 'literal', 'value': '2021', 'datatype': 'http://www.w3.org/2001/XMLSchema#gYear'}
    """
    if isinstance(term, NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, BlankNode):
        return {"type": "bnode", "value": term.value}
    if term.language:
        return {"type": "literal", "value": term.value, "xml:lang": term.language}
    if term.datatype.value == _XSD + "string":
        return {"type": "literal", "value": term.value}
    return {"type": "literal", "value": term.value, "datatype": term.datatype.value}


def term_text(term: Term | None) -> str | None:
    """Return a term as N-Triples have it, which tells IRI, literal and datatype apart; a blank node as ``[]``.

    >>> term_text(Literal(1))
    '"1"^^<http://www.w3.org/2001/XMLSchema#integer>'
    """
    if isinstance(term, BlankNode):  # whose label is another in each run
        return "[]"
    return None if term is None else str(term)


def shape_record(shape: NamedNode | BlankNode, address: str) -> dict[str, str]:
    """Return a shape as :func:`term_record` does, one without a name by what stays the same in every run."""
    return {"type": "bnode", "value": address} if address else term_record(shape)


def _report_triples(report: Report) -> Iterator[Triple]:
    head = BlankNode("report")
    yield Triple(head, _TYPE, NamedNode(SH + "ValidationReport"))
    yield Triple(head, NamedNode(SH + "conforms"), Literal(report.conforms))
    nodes = [BlankNode(f"result{number}") for number in range(1, len(report.findings) + 1)]
    result = NamedNode(SH + "result")
    for node in nodes:
        yield Triple(head, result, node)
    for node, finding in zip(nodes, report.findings, strict=True):
        yield from _finding_triples(finding, node)


def _renamed(triples: Iterable[Triple]) -> Iterator[Triple]:
    """Yield triples with names for blank nodes that are the same in each run."""
    names: dict[BlankNode, BlankNode] = {}

    def renamed(node: BlankNode) -> BlankNode:
        return names.setdefault(node, BlankNode(f"b{len(names)}"))

    for triple in triples:
        subject, value = triple.subject, triple.object
        yield Triple(
            renamed(subject) if isinstance(subject, BlankNode) else subject,
            triple.predicate,
            renamed(value) if isinstance(value, BlankNode) else value,
        )


_RESULT: Final = NamedNode(SH + "ValidationResult")
_FOCUS_NODE: Final = NamedNode(SH + "focusNode")
_SEVERITY: Final = NamedNode(SH + "resultSeverity")
_COMPONENT: Final = NamedNode(SH + "sourceConstraintComponent")
_SHAPE: Final = NamedNode(SH + "sourceShape")
_PATH: Final = NamedNode(SH + "resultPath")
_VALUE: Final = NamedNode(SH + "value")
_CONSTRAINT: Final = NamedNode(SH + "sourceConstraint")
_MESSAGE: Final = NamedNode(SH + "resultMessage")
_DETAIL: Final = NamedNode(SH + "detail")


def _finding_triples(finding: Finding, node: BlankNode) -> Iterator[Triple]:
    yield Triple(node, _TYPE, _RESULT)
    yield Triple(node, _FOCUS_NODE, finding.focus_node)
    yield Triple(node, _SEVERITY, NamedNode(finding.severity_iri or finding.severity.iri))
    yield Triple(node, _COMPONENT, NamedNode(finding.component))
    yield Triple(node, _SHAPE, finding.source_shape)
    if finding.path is not None:
        yield Triple(node, _PATH, finding.path)
        yield from finding.path_triples
    if finding.value is not None:
        yield Triple(node, _VALUE, finding.value)
    if finding.source_constraint is not None:
        yield Triple(node, _CONSTRAINT, finding.source_constraint)
    for message in finding.messages:
        yield Triple(node, _MESSAGE, message)
    for number, detail in enumerate(finding.details, start=1):
        inner = BlankNode(f"{node.value}detail{number}")
        yield Triple(node, _DETAIL, inner)
        yield from _finding_triples(detail, inner)
