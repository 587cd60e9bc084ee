"""``Graph``: the face that puts the floors below together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from apgraph.errors import ConflictError, InputError
from apgraph.lexicon import Lexicon
from apgraph.resources import FRAMEWORK, MODULES, ontology_module, resource_folder
from apgraph.store import INFERRED, OxigraphStore, Solutions, content_graph, expand, format_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from os import PathLike
    from pathlib import Path

    import rdflib
    from pyoxigraph import Triple

    from apgraph.description import Description
    from apgraph.evidence import Claim, Passage
    from apgraph.lexicon import Hit
    from apgraph.questions import Answer, Catalogue
    from apgraph.questions.result import Result
    from apgraph.shacl import Report
    from apgraph.store import Store

__all__ = ["Graph"]


class Graph:
    """The framework and any number of cases, in memory, on disk or behind a SPARQL service.

    The framework lies in the named graph ``https://w3id.org/apgraph``, a case in ``urn:apgraph:case:<case id>``,
    other data in a graph named by its content, and what was inferred in ``urn:apgraph:inferred``. Questions and
    queries see framework and data together; inferences only when asked for. Nothing is fetched from the network
    but by :meth:`connect`.

    Args:
        framework: Whether to load the framework.

    >>> graph = Graph()
    >>> graph.query("ASK { apgx:coaching a apg:PracticeType }")
    True
    """

    def __init__(self, *, framework: bool = True) -> None:
        self._attach(OxigraphStore())
        if framework:
            self.load_framework()

    def _attach(self, store: Store) -> None:
        self._store = store
        self._lexicon = Lexicon(store)
        self._catalogue: Catalogue | None = None

    # -- where it lies --------------------------------------------------------

    @classmethod
    def open(cls, folder: str | PathLike[str]) -> Self:
        """Open a graph in a folder; one that is not there is made, readable by its owner alone.

        The framework in it is brought to the version of this package.

        Raises:
            InputError: The folder can't be used, or another program has it open.
        """
        graph = cls.__new__(cls)
        graph._attach(OxigraphStore(folder))
        if not graph._framework_is_current():
            graph._store.remove_graph(FRAMEWORK)
            graph.load_framework()
        return graph

    @classmethod
    def connect(cls, url: str, *, update_url: str | None = None, timeout: float = 30.0) -> Self:
        """Use the graph behind a SPARQL 1.1 service; nothing is written to it unasked.

        To question the framework there, put it there once with :meth:`load_framework`.

        Args:
            url: Where the service takes queries.
            update_url: Where it takes updates; needed to load.
            timeout: Seconds to wait for an answer.

        Raises:
            InputError: The address is not one of a web service.
        """
        from apgraph.store.service import ServiceStore

        graph = cls.__new__(cls)
        graph._attach(ServiceStore(url, update_url=update_url, timeout=timeout))
        return graph

    def close(self) -> None:
        """Release the store; the graph must not be used any more."""
        self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def store(self) -> Store:
        """The dataset underneath."""
        return self._store

    @property
    def lexicon(self) -> Lexicon:
        """Names of the terms, and the terms by name."""
        return self._lexicon

    def __len__(self) -> int:
        """Return the number of triples, those of the framework included."""
        return len(self._store)

    # -- what is in it --------------------------------------------------------

    def load_framework(self) -> None:
        """Load the framework of this package."""
        for module in ("apgraph", *MODULES):
            file = ontology_module(module)
            self._store.load(file, format=format_of(file), graph=FRAMEWORK, name=str(file))
        self._lexicon.clear()

    def _framework_is_current(self) -> bool:
        if FRAMEWORK not in self._store.graphs():
            return False
        shipped = OxigraphStore()
        for module in ("apgraph", *MODULES):
            file = ontology_module(module)
            shipped.load(file, format=format_of(file), graph=FRAMEWORK, name=str(file))
        return same_content(shipped.quads(FRAMEWORK), self._store.quads(FRAMEWORK))

    def load(self, *sources: str | PathLike[str]) -> int:
        """Load case data or extensions.

        A file with one case goes to the case's own graph. Loading the same case again changes nothing.

        Args:
            sources: Files (``.ttl .nt .nq .trig .rdf .owl .jsonld``), folders of such, and globs.

        Returns:
            How many statements the files make.

        Raises:
            ParseError: A file does not parse; nothing of it is loaded.
            ConflictError: A case with the same id and other content is there already.
            InputError: A file is missing or can't be read.
        """
        said = 0
        try:
            for file in expand(sources):
                said += self._load_file(file)
        finally:
            self._lexicon.clear()
        return said

    def _load_file(self, file: Path) -> int:
        form = format_of(file)
        place = content_graph(file)
        if place in self._store.graphs():
            return self._store.load(file, format=form, graph=place, name=str(file))
        return 0

    def cases(self) -> tuple[str, ...]:
        """Return the ids of the cases in the graph, in alphabetical order."""
        from apgraph.cases.records import case_records

        return tuple(sorted({record.identifier for record in case_records(self._store)}))
