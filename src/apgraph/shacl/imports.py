"""Shapes graphs that shapes graphs import, found on this machine: https://www.w3.org/TR/shacl/#shapes-graph.

Nothing is fetched. An imported IRI is one of the graphs at hand, one that the caller knows, or a file that the IRI, read
relative to the importing file, leads to. What is not found is told, and the validation is not complete without it.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from pyoxigraph import BlankNode, NamedNode, Triple

from apgraph.errors import InputError
from apgraph.shacl.report import SH, Unchecked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

__all__ = ["IMPORTS", "Loaded", "load_closure"]

IMPORTS: Final = "http://www.w3.org/2002/07/owl#imports"
_KNOWN: Final = frozenset({SH, SH.rstrip("#")})
"""The vocabulary of SHACL itself, which holds no shapes."""

_BESIDE: Final = (".ttl", ".jsonld", ".rdf", ".nt", ".trig", ".nq", ".owl", ".xml", ".n3")

Subject = NamedNode | BlankNode


class Loaded:
    """Triples of files, which file each subject comes from, and which imports were not found.

    Attributes:
        triples: All triples; blank nodes of different files are different.
        files: The files in the order in which they were read: those given, then those imported.
        origin: Subject to file.
        not_found: The imports that lead to nothing on this machine.
    """

    def __init__(self) -> None:
        self.triples: list[Triple] = []
        self.files: list[Path] = []
        self.origin: dict[Subject, str] = {}
        self.not_found: list[Unchecked] = []
        self._read: set[Path] = set()
        self._described: set[str] = set()

    def read(self, file: Path) -> Iterator[tuple[Subject, str]]:
        """Read a file, unless it has been read; yield what it imports, with the subjects that say so.

        Raises:
            ParseError: It does not parse.
            InputError: It can't be read, or holds triples about triples.
        """
        from apgraph.store import OxigraphStore, load_files

        place = file.resolve()
        if place in self._read:
            return
        self._read.add(place)
        self.files.append(file)
        store = OxigraphStore()
        load_files(store, [file])
        for quad in store.quads():
            subject, value = quad.subject, quad.object
            if isinstance(subject, Triple) or isinstance(value, Triple):
                raise InputError(
                    f"{file}: a shapes file cannot hold triples about triples; write plain RDF 1.1"
                )
            self.triples.append(quad.triple)
            self.origin.setdefault(subject, str(file))
            self._described.add(subject.value)
            if quad.predicate.value != IMPORTS:
                continue
            if not isinstance(value, NamedNode):
                raise InputError(f"{file}: owl:imports needs an IRI, not {value.value!r}")
            yield subject, value.value

    def describes(self, iri: str) -> bool:
        """Tell whether one of the files says something of a graph."""
        return iri in self._described


def load_closure(files: Sequence[Path], locate: Callable[[str], Path | None] | None = None) -> Loaded:
    """Load files and, transitively, what they import.

    Args:
        files: The files that were given.
        locate: From the IRI of a graph to its file, if it is known to be on this machine.

    Raises:
        ParseError: A file does not parse.
        InputError: A file can't be read, or an import is no IRI.
    """
    loaded = Loaded()
    wanted = [(file, subject, iri) for file in files for subject, iri in loaded.read(file)]
    given = {file.resolve().as_uri() for file in files}
    while wanted:  # each file is read once, so that cycles end
        file, subject, iri = wanted.pop(0)
        name = iri.rstrip("#")
        if iri in _KNOWN or name in given or loaded.describes(iri) or loaded.describes(name):
            continue
        found = (locate(name) if locate is not None else None) or _beside(name)
        if found is None:
            loaded.not_found.append(
                Unchecked(
                    subject,
                    IMPORTS,
                    f"it imports <{iri}>, which is not on this machine, and nothing is fetched; "
                    "give its file among the shapes, too",
                    str(file),
                )
            )
            continue
        wanted.extend((found, inner, further) for inner, further in loaded.read(found))
    return loaded


def _beside(iri: str) -> Path | None:
    """Return the file that an IRI means; a relative one has been resolved against its file by the parser."""
    parts = urlsplit(iri)
    if parts.scheme != "file" or parts.netloc not in ("", "localhost"):
        return None
    from urllib.request import url2pathname  # brings all of HTTP along

    path = Path(url2pathname(parts.path))
    candidates = (path, *(path.with_name(path.name + extension) for extension in _BESIDE))
    return next((candidate for candidate in candidates if candidate.is_file()), None)
