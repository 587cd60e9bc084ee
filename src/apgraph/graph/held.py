"""What a graph holds: where it lies, and what comes in and goes."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Self

from apgraph import arguments
from apgraph.entailment import Entailments
from apgraph.errors import InputError, UsageError
from apgraph.holdings import Holdings, load_framework
from apgraph.lexicon import LANGUAGE, Lexicon
from apgraph.resources import FRAMEWORK
from apgraph.store import OxigraphStore
from apgraph.store.pending import recover

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from pyoxigraph import Triple

    from apgraph.cases.choices import Choices
    from apgraph.cases.places import Places
    from apgraph.questions import Catalogue
    from apgraph.store import Store

__all__ = ["Held"]


class Held:
    """The part of :class:`apgraph.graph.Graph` that holds framework and data."""

    def __init__(
        self, *, framework: bool = True, store: Store | None = None, language: str = LANGUAGE
    ) -> None:
        language = arguments.text(language, "the language", LANGUAGE)
        if store is not None and not callable(getattr(store, "select", None)):
            raise UsageError(
                f"the store is {store!r}; give one of apgraph.store, or open a folder with Graph.open"
            )
        self._store: Store = OxigraphStore() if store is None else store
        self._lexicon = Lexicon(self._store, language)
        self._catalogue: Catalogue | None = None
        self._holdings = Holdings(self._store, self._lexicon)
        self._entailments = Entailments(self._store, self._lexicon, observed=_observed, behind=_behind)
        self._taken_back: tuple[str, ...] = ()
        if framework:
            self.load_framework()

    @classmethod
    def open(cls, folder: str | Path, *, language: str = LANGUAGE) -> Self:
        """Open a graph in a folder; one that is not there is made, readable by its owner alone.

        The framework in it is brought to the version of this package. What a load has left there whose process was
        ended meanwhile is removed: it was not looked through, and may be half a file.

        Args:
            folder: The folder.
            language: As for a new graph.

        Raises:
            InputError: The folder can't be used, or another program has it open.
        """
        # Before the folder is opened: it stays locked for as long as the store is open.
        language = arguments.text(language, "the language", LANGUAGE)
        store = OxigraphStore(arguments.place(folder, "the folder"))
        try:
            left = recover(store)
            current = _holds_framework(store)
            if not current:
                store.remove_graph(FRAMEWORK)
            graph = cls(store=store, framework=not current, language=language)
        except BaseException:
            store.close()
            raise
        graph._taken_back = left
        return graph

    @classmethod
    def connect(
        cls, url: str, *, update_url: str | None = None, timeout: float = 30.0, language: str = LANGUAGE
    ) -> Self:
        """Use the graph behind a SPARQL 1.1 service; nothing is written to it unasked.

        To question the framework there, put it there once with :meth:`load_framework`.

        Args:
            url: Where the service takes queries.
            update_url: Where it takes updates; needed to load.
            timeout: Seconds to wait for an answer.
            language: As for a new graph.

        Raises:
            InputError: The address is not one of a web service.
        """
        from apgraph.store.service import ServiceStore

        example = "http://127.0.0.1:3030/ds/query"
        store = ServiceStore(
            arguments.text(url, "the address of the service", example),
            update_url=None
            if update_url is None
            else arguments.text(update_url, "the address for updates", example),
            timeout=arguments.seconds(timeout),
        )
        return cls(store=store, framework=False, language=language)

    def close(self) -> None:
        """Release the store; whatever is asked of the graph afterwards is refused."""
        self._store.close()
        self._lexicon.clear()

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

    @property
    def taken_back(self) -> tuple[str, ...]:
        """The graphs that opening has removed, as what was to load them was cut short."""
        return self._taken_back

    def __len__(self) -> int:
        """Return the number of triples, those of the framework included."""
        return len(self._store)

    def load_framework(self) -> None:
        """Load the framework of this package."""
        load_framework(self._store)
        self._lexicon.clear()

    def load(self, *sources: str | Path, strict: bool = True) -> int:
        """Load case data or extensions.

        A file with one case goes to the case's own graph. Loading the same case again changes nothing; loading a file
        of several cases again brings back those of them that were removed.

        Args:
            sources: Files (``.ttl .nt .nq .trig .rdf .owl .jsonld``, workbooks ``.xlsx``), folders of such or
                with the CSV files of a case, and globs.
            strict: Whether to refuse a file that says what only the framework may say, such as a claim in its
                namespace. Without it :meth:`validate` names all such statements; do not believe any answer then.

        Returns:
            How many statements are new to the graph; 0 for what was there already.

        Raises:
            ParseError: A file does not parse; nothing of it is loaded.
            ConflictError: A case with the same id and other content is there already, or one that describes the
                same things.
            InputError: A file is missing, can't be read, or says what only the framework may say.
        """
        files = arguments.places(sources, "the sources")
        # What looks through the data afterwards is imported while the framework may still be read in the background.
        import_module("apgraph.cases.authorship")
        return self._entailments.loading(
            lambda: self._holdings.load(files, strict=strict), renewed=lambda: self._holdings.renewed
        )

    def choices(self) -> Choices:
        """Return what the lists of a case workbook offer: the framework's terms, and those of extensions."""
        return self._holdings.choices()

    def places(self) -> dict[str, Places]:
        """Return, by graph, what knows where its data was read; for data that this object has loaded itself."""
        return self._holdings.places()

    def cases(self) -> tuple[str, ...]:
        """Return the identifiers of the cases in the graph, in alphabetical order."""
        return self._holdings.cases()

    def remove(self, case: str) -> None:
        """Forget a case wholly: its graph, or its records in a graph that it shares, and all that was inferred.

        What follows from the rest is inferred again once it is asked for. On a service only what was inferred of the
        case's own records goes.

        Args:
            case: Its identifier.

        Raises:
            UnknownNameError: There is no such case.
        """
        name = arguments.text(case, "the case", "riverside")
        self._entailments.removing(lambda: self._holdings.remove(name))

    def _require_framework(self) -> None:
        if FRAMEWORK not in self._store.graphs():
            raise InputError("the framework is not in this graph; put it there with Graph.load_framework()")


def _holds_framework(store: Store) -> bool:
    """Tell whether a store holds the framework as this package has it."""
    from apgraph.cases import same_content

    if FRAMEWORK not in store.graphs():
        return False
    shipped = OxigraphStore()
    load_framework(shipped)
    return same_content(shipped.quads(FRAMEWORK), store.quads(FRAMEWORK))


def _observed(store: Store) -> Iterable[Triple]:
    from apgraph.profiles.exhibited import derived_features

    return derived_features(store)


def _behind(store: Store, triple: Triple) -> Iterable[Triple]:
    from apgraph.profiles.exhibited import behind

    return behind(store, triple)
