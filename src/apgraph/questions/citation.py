"""How to cite an answer: question, versions, hash of the data, date."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal, NamedNode

from apgraph.questions.rows import plain
from apgraph.store import WithInferences
from apgraph.turtle import canonical_lines
from apgraph.vocabulary import PREFIXES

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Mapping

    from pyoxigraph import Triple

    from apgraph.lexicon import Lexicon
    from apgraph.questions.rows import Value
    from apgraph.reasoning.rl import Explanation
    from apgraph.store import Solutions, Store, Term

__all__ = [
    "FRAMEWORK",
    "Basis",
    "Citation",
    "Origin",
    "cite",
    "cite_query",
    "data_graphs",
    "data_hash",
    "engine_version",
    "ontology_version",
    "revision_of",
]

FRAMEWORK: Final = "https://w3id.org/apgraph"
"""Named graph of the framework, and IRI of the ontology."""


@dataclass(frozen=True, slots=True)
class Citation:
    """What somebody needs to get the same answer again."""

    question: str
    parameters: Mapping[str, str | int | float]
    ontology: str
    """Version IRI of the ontology, or what stands for it."""
    data: str
    """SHA-256 of what is loaded besides the framework, or ``none``; of a service its address."""
    engine: str
    software: str
    date: datetime.date
    inferences: str | None = None
    """The rules by which what follows was seen, too; None where only what was asserted was."""
    kind: str = "question"
    """What ``question`` names: a ``question`` or a ``command``."""

    def __str__(self) -> str:
        values = ", ".join(f"{name}={value}" for name, value in self.parameters.items())
        asked = f"{self.question} ({values})" if values else self.question
        inferences = f"inferences by {self.inferences}; " if self.inferences else ""
        return (
            f"apgraph {'question ' if self.kind == 'question' else ''}{asked}; ontology {self.ontology}; data {self.data}; "
            f"{inferences}"
            f"{self.engine}; {self.software}; {self.date.isoformat()}"
        )

    def to_record(self) -> dict[str, object]:
        """Return the citation as JSON can hold it."""
        return {
            self.kind: self.question,
            "parameters": dict(self.parameters),
            "ontology": self.ontology,
            "data": self.data,
            "inferences": self.inferences,
            "engine": self.engine,
            "software": self.software,
            "date": self.date.isoformat(),
        }


@dataclass(slots=True)
class Basis:
    """What a result rests on: a store as it was, of which ontology and data are told when they are first asked for."""

    store: Store
    revision: object
    """What :func:`revision_of` gave when the store was asked."""
    told: tuple[str, str] | None = None

    def versions(self) -> tuple[str, str]:
        """Return the ontology's version, and the hash of the data or where it is."""
        if self.told is None:
            if revision_of(self.store) != self.revision:
                data = "changed since the question was asked"
            elif self.store.engine == "service":
                # All that the service holds would have to come over the network.
                data = f"at {getattr(self.store, 'url', 'a service')}, not hashed"
            elif data_graphs(self.store) or self.store.engine != "oxigraph":
                data = data_hash(self.store)
            else:
                data = "none"
            self.told = (ontology_version(self.store), data)
        return self.told


@dataclass(slots=True)
class Origin:
    """Where rows came from, kept so that they can be explained and cited."""

    store: Store
    lexicon: Lexicon
    solutions: Solutions
    parameters: Mapping[str, Term]
    revision: object
    """What :func:`revision_of` gave when the store was asked."""
    basis: Basis | None = None
    derive: Callable[[Triple], Explanation] | None = None
    """What explains a triple that was inferred, where inferences were seen."""


def cite(
    origin: Origin | Basis,
    question: str,
    parameters: Mapping[str, Value],
    *,
    engine: str,
    date: datetime.date,
    kind: str = "question",
) -> Citation:
    """Return how to cite a result; what it rests on is computed once.

    Args:
        origin: Where the rows came from, or what else a result rests on.
        question: What was asked, by name.
        parameters: The values that it was asked with.
        engine: The engine that was run.
        date: When it was asked.
        kind: ``question``, or ``command`` where the name is one of a command.
    """
    from importlib.metadata import version

    if isinstance(origin, Origin):
        if origin.basis is None:
            origin.basis = Basis(origin.store, origin.revision)
        basis = origin.basis
    else:
        basis = origin
    ontology, data = basis.versions()
    cited = {name: plain(value) for name, value in parameters.items()}
    return Citation(
        question=question,
        parameters={name: value for name, value in cited.items() if value is not None},
        ontology=ontology,
        data=data,
        engine=engine_version(engine),
        software=f"apgraph {version('apgraph')}",
        date=date,
        kind=kind,
        inferences="OWL 2 RL" if isinstance(basis.store, WithInferences) else None,
    )


def cite_query(
    origin: Origin | Basis, sparql: str, parameters: Mapping[str, Value], *, engine: str, date: datetime.date
) -> Citation:
    """Return how to cite what a query of the reader's own gave; it is named by the SHA-256 of its text."""
    name = f"SPARQL sha256:{hashlib.sha256(sparql.encode()).hexdigest()}"
    return cite(origin, name, parameters, engine=engine, date=date)


def data_graphs(store: Store) -> tuple[str, ...]:
    """Return the named graphs besides the framework's."""
    return tuple(graph for graph in store.graphs() if graph != FRAMEWORK)


def data_hash(store: Store) -> str:
    """Return the SHA-256 of the data besides the framework, whatever its blank nodes are called.

    It is taken over the canonical lines (:func:`apgraph.turtle.canonical_lines`) of each graph but the
    framework's and the reserved ones, in the order of their names, each after its name.
    """
    digest = hashlib.sha256()
    empty = True
    for graph in ("", *data_graphs(store)):
        lines = canonical_lines(quad.triple for quad in store.quads(graph))
        if lines:
            empty = False
            digest.update("\n".join([f"graph <{graph}>", *lines, ""]).encode())
    return "none" if empty else f"sha256:{digest.hexdigest()}"


def revision_of(store: Store) -> object:
    """Return something that differs once the data has changed: the store's count of changes, or its size."""
    revision: object = getattr(store, "revision", None)
    return len(store) if revision is None else revision


def ontology_version(store: Store) -> str:
    """Return the version IRI of the ontology that is loaded, or that there is none."""
    owl = PREFIXES["owl"]
    found = store.select(
        f"SELECT ?v WHERE {{ VALUES ?p {{ <{owl}versionIRI> <{owl}versionInfo> }} <{FRAMEWORK}> ?p ?v }}"
    )
    values = sorted(
        (isinstance(v, Literal), v.value) for (v,) in found.rows if isinstance(v, NamedNode | Literal)
    )
    return values[0][1] if values else "not loaded"


def engine_version(engine: str) -> str:
    """Return the engine with the version of the package that holds it."""
    if engine == "oxigraph":
        from pyoxigraph import __version__ as version

        return f"oxigraph (pyoxigraph {version})"
    if engine == "rdflib":
        from rdflib import __version__ as version

        return f"rdflib {version}"
    return engine
