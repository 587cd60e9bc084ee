"""A dataset in Oxigraph, in memory or in a folder."""

from __future__ import annotations

import re
import shutil
from codecs import BOM_UTF8
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    QueryBoolean,
    QuerySolutions,
    RdfFormat,
)
from pyoxigraph import Store as Engine

from apgraph.errors import InputError
from apgraph.sparql import bind, has_dataset
from apgraph.store.background import Background
from apgraph.store.dataset import Asking, Closed, Solutions, graph_name, graph_text, is_reserved
from apgraph.store.deadline import within
from apgraph.store.parsing import parse
from apgraph.store.skimming import statements_if_all_as_stored
from apgraph.store.spelling import Spellings, kept_graph
from apgraph.store.syntax import explain, stay_local, syntax_error
from apgraph.store.tags import has_capital_tags

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from pyoxigraph import Triple

    from apgraph.store.dataset import GraphName, Result, Term
    from apgraph.store.deadline import Deadline


__all__ = ["OxigraphStore"]

_GIVE: Final = "urn:apgraph:give:"
_LARGE: Final = 1 << 23
_MANY: Final = 6
"""From more graphs than this, a copy that has them as one is worth its making: Oxigraph looks into each for each step."""
_MERGES: Final = 2
"""How many merges are kept at once; each is a copy."""
_GRAPH: Final = re.compile(r"\bGRAPH\b", re.IGNORECASE)


class OxigraphStore(Asking):
    """A dataset in Oxigraph.

    Args:
        folder: Where it is kept on disk; made, for its owner only, if there is none. None: in memory.

    Raises:
        InputError: The folder can't be used.

    >>> store = OxigraphStore()
    >>> _ = store.add([Quad(NamedNode("urn:a"), NamedNode("urn:p"), Literal("x"))])
    >>> store.select("SELECT ?o { ?s ?p ?o }").rows
    ((<Literal value=x datatype=<NamedNode value=http://www.w3.org/2001/XMLSchema#string>>,),)
    """

    engine = "oxigraph"

    def __init__(self, folder: str | Path | None = None) -> None:
        self.folder = None if folder is None else Path(folder)
        self._reading: Background | None = None
        self._opened = _open(self.folder)
        self._kept = Spellings(self._opened)
        self._closed = False
        self.revision = 0
        """How often anything has changed."""
        self.asserted_revision = 0
        """How often anything has changed but for what apgraph keeps for itself, such as inferences."""
        self._found = _Found()

    @property
    def _engine(self) -> Engine:
        self._settle()
        return self._opened

    @property
    def _spellings(self) -> Spellings:
        self._settle()
        return self._kept

    def _settle(self) -> None:
        """Wait for what is read in the background."""
        reading = self._reading
        if reading is not None:
            reading.wait()
            self._reading = None

    # -- asking ---------------------------------------------------------------

    def query(
        self,
        query: str,
        *,
        bindings: Mapping[str, Term] | None = None,
        default_graphs: Sequence[str] | None = None,
        named_graphs: Sequence[str] | None = None,
        timeout: float | None = None,
        functions: Mapping[NamedNode, Callable[..., Term | None]] | None = None,
    ) -> Result:
        """Ask a query of any form, see :class:`apgraph.store.Store`.

        ``functions`` are functions in Python that the query may call, by their IRIs.

        >>> OxigraphStore().query("ASK { ?s ?p ?o }")
        False
        """
        stay_local(query)
        blank = {name: term for name, term in (bindings or {}).items() if isinstance(term, BlankNode)}
        named = {name: term for name, term in (bindings or {}).items() if name not in blank}
        # Only a function can bring a blank node into a query.
        text = bind(query, named, clauses={name: f"BIND(<{_GIVE}{name}>() AS ?{name})" for name in blank})
        custom: dict[NamedNode, Callable[..., Term | Triple | None]] = {
            NamedNode(_GIVE + name): (lambda *_, term=term: term) for name, term in blank.items()
        }
        custom.update(functions or {})
        default: list[GraphName] | None
        graphs: list[NamedNode | BlankNode] | None
        engine = self._engine
        if default_graphs is None and named_graphs is None and has_dataset(query):
            default = graphs = None
        else:
            names = [*self._names(), ""] if default_graphs is None else list(dict.fromkeys(default_graphs))
            default = [graph_name(name) for name in names]
            # To name all graphs takes its time where there are many, and is for nothing without GRAPH.
            reached = () if not _speaks_of_graphs(text) else named_graphs
            graphs = [
                term
                for name in (self._names() if reached is None else reached)
                if not isinstance(term := graph_name(name), DefaultGraph)
            ]
            if len(default) > 1:
                # An empty graph changes nothing, but would make another merge of the same content.
                default = [name for name in default if self._count(name)] or default[:1]
            if len(default) > _MANY or (len(default) > 1 and self._overlap(default)):
                engine = self._merged(default, with_named=bool(graphs))
                default = [DefaultGraph()]
            elif len(default) > 1 and self._is_everything(default):
                default = None  # one look-up for each pattern, not one for each graph

        def work(deadline: Deadline) -> Result:
            try:
                result = engine.query(
                    text,
                    use_default_graph_as_union=default is None and graphs is not None,
                    default_graph=default,
                    named_graphs=graphs,
                    custom_functions=custom or None,
                )
                if isinstance(result, QueryBoolean):
                    return bool(result)
                if isinstance(result, QuerySolutions):
                    rows = []
                    for row in result:
                        deadline.check()
                        rows.append(tuple(row))
                    return Solutions(tuple(variable.value for variable in result.variables), tuple(rows))
                triples = []
                for triple in result:
                    deadline.check()
                    triples.append(triple)
                return tuple(dict.fromkeys(triples))
            except SyntaxError as error:
                raise explain(query, error) from None
            except (RuntimeError, ValueError, OSError) as error:
                if isinstance(error, InputError | TimeoutError):
                    raise
                raise InputError(f"the query can't be run: {error}") from None

        return within(timeout, work)

    # -- reading --------------------------------------------------------------

    def graphs(self) -> tuple[str, ...]:
        """Return the named graphs but the reserved ones, in alphabetical order."""
        return tuple(self._names())

    def quads(self, graph: str | None = None) -> Iterator[Quad]:
        """Yield quads as they came in, see :class:`apgraph.store.Store`.

        A language tag is given in small letters, as pyoxigraph has no others; :meth:`lines` and the
        rdflib view keep its capitals.
        """
        for quad, _ in self._written(graph):
            yield quad

    def lines(self, graph: str | None = None) -> Iterator[str]:
        r"""Yield quads as N-Quads, as they came in, language tags included.

        >>> from pyoxigraph import RdfFormat
        >>> store = OxigraphStore()
        >>> store.load(b'<urn:a> <urn:p> "x"@EN .', format=RdfFormat.TURTLE, name="a.ttl")
        1
        >>> list(store.lines())
        ['<urn:a> <urn:p> "x"@EN .\n']
        """
        for quad, tag in self._written(graph):
            literal = quad.object
            if tag is None or not isinstance(literal, Literal):
                yield f"{quad} .\n"
            else:
                place = "" if isinstance(quad.graph_name, DefaultGraph) else f" {quad.graph_name}"
                yield f"{quad.subject} {quad.predicate} {Literal(literal.value)}@{tag}{place} .\n"

    def _written(self, graph: str | None) -> Iterator[tuple[Quad, str | None]]:
        return self.match(None, None, None, graph)

    def match(
        self,
        subject: NamedNode | BlankNode | Triple | None,
        predicate: NamedNode | None,
        written: Term | Triple | None,
        graph: str | None = None,
    ) -> Iterator[tuple[Quad, str | None]]:
        """Yield the quads that match, as written, each with its language tag if that has capitals.

        Args:
            subject: The subject; None for any.
            predicate: The predicate; None for any.
            written: The object as it was written, a language tag in small letters; None for any.
            graph: The graph, ``""`` for the unnamed one; None for all but the reserved ones.
        """
        for name in ["", *self._names()] if graph is None else [graph]:
            yield from self._spellings.matching(subject, predicate, written, graph_name(name))

    def size(self, graph: str) -> int:
        """Return the number of triples in a graph."""
        return self._count(graph_name(graph))

    def __len__(self) -> int:
        found = self._found
        if found.length is None:
            found.length = len(self._engine) - sum(
                self._count(name) for name in self._engine.named_graphs() if is_reserved(graph_text(name))
            )
        return found.length

    # -- writing --------------------------------------------------------------

    def load(
        self,
        source: Path | bytes,
        *,
        format: RdfFormat,  # noqa: A002 (the name that callers know)
        graph: str | None = None,
        base: str | None = None,
        name: str = "",
    ) -> int:
        """Load a file or its content, wholly or not at all, see :class:`apgraph.store.Store`."""
        shown = name or ("data" if isinstance(source, bytes) else str(source))
        target = graph_name(graph or "")
        if format == RdfFormat.N_TRIPLES:
            number = self._load_as_it_is(source, target)
            if number is not None:
                return number
        if _is_large(source) and (isinstance(target, DefaultGraph) or not format.supports_datasets):
            number = self._load_in_two(source, format, target, base, shown)
            if number is not None:
                return number
        return self._extend(parse(source, syntax=format, graph=target, base=base, name=shown))

    def _load_as_it_is(self, source: Path | bytes, target: GraphName) -> int | None:
        """Leave N-Triples to Oxigraph's own loader if nothing has to be kept of them; None: something may have to.

        A file with an error is not loaded either: the longer way finds its place.
        """
        if self._engine.contains_named_graph(kept_graph(target)):
            return None
        try:
            if has_capital_tags(source, RdfFormat.N_TRIPLES):
                return None
            number = statements_if_all_as_stored(source)
            if not number:
                return None
            graph = None if isinstance(target, DefaultGraph) else target
            if isinstance(source, bytes):
                self._engine.load(source, RdfFormat.N_TRIPLES, to_graph=graph)
            else:
                self._engine.load(path=source, format=RdfFormat.N_TRIPLES, to_graph=graph)
        except (OSError, SyntaxError):
            return None
        self._changed()
        return number

    def _load_in_two(
        self, source: Path | bytes, syntax: RdfFormat, target: GraphName, base: str | None, name: str
    ) -> int | None:
        """Look through a large file for what has to be kept, then leave it to Oxigraph's own loader.

        That takes half the memory of adding quad by quad. None: this can't be done with this file.
        """
        quads = parse(source, syntax=syntax, base=base, name=name)
        number, kept = self._spellings.survey(quads, target, tags=has_capital_tags(source, syntax))
        if any(
            isinstance(quad.subject, BlankNode) or isinstance(quad.graph_name, BlankNode) for quad in kept
        ):
            return None  # the loader will give it another name
        graph = None if isinstance(target, DefaultGraph) else target
        try:
            # Spellings first: without their quads they mean nothing, should the machine stop here.
            self._engine.extend(kept)
            if isinstance(source, bytes):
                self._engine.load(source, syntax, base_iri=base, to_graph=graph)
            else:
                self._engine.load(path=source, format=syntax, base_iri=base, to_graph=graph)
        except (OSError, SyntaxError) as error:
            for quad in kept:
                self._engine.remove(quad)
            raise InputError(f"{self.folder or name} can't be written: {error}") from None
        finally:
            self._changed()
        return number

    def load_as_stored(self, files: Sequence[tuple[Path, RdfFormat]], *, graph: str) -> None:
        """Leave files to Oxigraph's own loader, which takes half the time, and leaves Python free meanwhile.

        It is for files that are known to parse, and to have no literal that Oxigraph would change. In memory they
        are read beside whatever comes next; what first asks for the content waits, and is told what went wrong.
        """
        target = graph_name(graph)
        place = None if isinstance(target, DefaultGraph) else target
        load = self._engine.load

        def read() -> None:
            for file, syntax in files:
                load(path=file, format=syntax, to_graph=place)

        if self.folder is None:
            self._reading = Background(read)
        else:
            read()
        self._changed()

    def add(self, quads: Iterable[Quad]) -> int:
        """Add quads, wholly or not at all, and return how many were given."""
        return self._extend(quads)

    def add_reserved(self, quads: Iterable[Quad]) -> None:
        """Add quads to reserved graphs, wholly or not at all."""
        self._extend(quads, reserved=True)

    def _extend(self, quads: Iterable[Quad], *, reserved: bool = False) -> int:
        counter = [0]
        try:
            self._engine.extend(self._spellings.intake(quads, counter))
        except OSError as error:
            if isinstance(error, InputError):
                raise
            raise InputError(f"{self.folder or 'the store'} can't be written: {error}") from None
        self._changed(reserved=reserved)
        return counter[0]

    def update(self, text: str) -> None:
        """Run a SPARQL update, wholly or not at all.

        Raises:
            ParseError: The update has a syntax error.
            InputError: It can't be run.
        """
        stay_local(text)
        self._update(text)
        self._changed()
        if not self._spellings.is_empty():
            self._spellings.prune([DefaultGraph(), *(graph_name(name) for name in self._names())])

    def write_reserved(self, text: str) -> None:
        """Run an update of apgraph's own, which changes reserved graphs only: no spelling is affected.

        Raises:
            ParseError: The update has a syntax error.
            InputError: It can't be run.
        """
        self._update(text)
        self._changed(reserved=True)

    def _update(self, text: str) -> None:
        try:
            self._engine.update(text)
        except SyntaxError as error:
            raise syntax_error(text, error, name="update") from None
        except (RuntimeError, ValueError, OSError) as error:
            raise InputError(f"the update can't be run: {error}") from None

    def add_graph(self, graph: str) -> None:
        """Make an empty graph; nothing happens if there is one of that name."""
        self._engine.add_graph(graph_name(graph))
        self._changed()

    def remove(self, quads: Iterable[tuple[Quad, str | None]]) -> None:
        """Remove quads as :meth:`match` yields them; other forms of the same value stay."""
        self._spellings.remove(quads)
        self._changed()

    def remove_graph(self, graph: str) -> None:
        """Remove a graph with everything kept about it; nothing happens if there is none."""
        term = graph_name(graph)
        if isinstance(term, DefaultGraph):
            self._engine.clear_graph(term)
        else:
            self._engine.remove_graph(term)
        self._spellings.forget(term)
        self._changed(reserved=is_reserved(graph))

    def move_graph(self, graph: str, name: str) -> None:
        """Give a graph another name, with everything kept about it, in the place of whatever had that name."""
        old, new = graph_name(graph), graph_name(name)
        self._update(f"MOVE {old} TO {new} ; MOVE SILENT {kept_graph(old)} TO {kept_graph(new)}")
        self._changed()

    def close(self) -> None:
        """Write what is not yet on disk, and release the folder; a second time does nothing."""
        if self._closed:
            return
        self._closed = True
        if self.folder is not None:
            self._engine.flush()
        again = "make another one" if self.folder is None else f"open {self.folder} again"
        closed: Any = Closed(again)
        self._opened = self._kept = closed
        self._changed()

    # -- graphs that share triples --------------------------------------------

    def _names(self) -> list[str]:
        found = self._found
        if found.names is None:
            names = (graph_text(name) for name in self._engine.named_graphs())
            found.names = sorted(name for name in names if not is_reserved(name))
        return found.names

    def _changed(self, *, reserved: bool = False) -> None:
        # What was read from the store and kept elsewhere is known by it to be out of date.
        self.revision += 1
        self.asserted_revision += not reserved
        self._found = _Found()

    def _is_everything(self, graphs: Sequence[GraphName]) -> bool:
        """Tell whether nothing is outside of some graphs."""
        found = self._found
        if found.every is None:
            found.every = frozenset(self._engine.named_graphs())
        return found.every.issubset(graphs) and (DefaultGraph() in graphs or not self._count(DefaultGraph()))

    def _count(self, graph: GraphName) -> int:
        counts = self._found.counts
        if graph not in counts:
            counts[graph] = self._counted(graph)
        return counts[graph]

    def _counted(self, graph: GraphName) -> int:
        rows = self._engine.query("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", default_graph=[graph])
        if not isinstance(rows, QuerySolutions):
            raise TypeError(rows)
        return int(next(rows)[0].value)

    def _overlap(self, graphs: Sequence[GraphName]) -> bool:
        """Tell whether a triple is in two of the graphs; Oxigraph would then count it twice."""
        key, overlaps = frozenset(graphs), self._found.overlaps
        if key not in overlaps:
            sizes = sorted(graphs, key=self._count)
            overlaps[key] = any(self._shares(graph, sizes[at + 1 :]) for at, graph in enumerate(sizes[:-1]))
        return overlaps[key]

    def _shares(self, graph: GraphName, others: Sequence[GraphName]) -> bool:
        found = self._engine.query(
            "ASK { ?s ?p ?o FILTER EXISTS { GRAPH ?other { ?s ?p ?o } } }",
            default_graph=[graph],
            named_graphs=[other for other in others if not isinstance(other, DefaultGraph)],
        )
        return bool(found)

    def _merged(self, graphs: Sequence[GraphName], *, with_named: bool) -> Engine:
        """Return a copy of the store whose unnamed graph is the merge of some graphs."""
        key, merges = frozenset(graphs), self._found.merges
        merge = merges.pop(key, None)
        if merge is None:
            for old in list(merges)[: len(merges) + 1 - _MERGES]:
                merges.pop(old, None)
            merge = _Merge(Engine())
            for graph in key:
                merge.engine.extend(
                    Quad(quad.subject, quad.predicate, quad.object)
                    for quad in self._engine.quads_for_pattern(None, None, None, graph)
                )
        if with_named and not merge.has_named:
            for name in self._engine.named_graphs():
                merge.engine.extend(self._engine.quads_for_pattern(None, None, None, name))
            merge.has_named = True
        merges[key] = merge  # the last one used is the last to go
        return merge.engine


@dataclass(slots=True)
class _Merge:
    """Some graphs as one; the named graphs are copied beside it once a query asks for them."""

    engine: Engine
    has_named: bool = False


@dataclass(slots=True)
class _Found:
    """What was found out about a store, and holds until it changes.

    Each change makes another one: a thread that looked before the change must not write down what it saw then.
    """

    length: int | None = None
    names: list[str] | None = None
    every: frozenset[NamedNode | BlankNode] | None = None
    counts: dict[GraphName, int] = field(default_factory=dict)
    overlaps: dict[frozenset[GraphName], bool] = field(default_factory=dict)
    merges: dict[frozenset[GraphName], _Merge] = field(default_factory=dict)


def _speaks_of_graphs(query: str) -> bool:
    return _GRAPH.search(query) is not None


def _is_large(source: Path | bytes) -> bool:
    if isinstance(source, bytes):
        return len(source) >= _LARGE and not source.startswith(BOM_UTF8)
    try:
        with source.open("rb") as stream:
            return source.stat().st_size >= _LARGE and stream.read(3) != BOM_UTF8
    except OSError:
        return False  # parsing says what is wrong


def _open(folder: Path | None) -> Engine:
    if folder is None:
        return Engine()
    made = False
    try:
        if folder.exists() and not folder.is_dir():
            raise InputError(f"{folder} is a file; give a folder for the store")
        if not folder.exists():
            folder.mkdir(mode=0o700, parents=True)
            made = True
        elif any(folder.iterdir()) and not (folder / "CURRENT").exists():
            raise InputError(f"{folder} holds other files; give an empty folder, or one that holds a store")
        elif not any(folder.iterdir()):
            # A new store in a folder that was there: case data is for its owner alone.
            folder.chmod(0o700)
        return Engine(folder)
    except OSError as error:
        if isinstance(error, InputError):
            raise
        if made:
            shutil.rmtree(folder, ignore_errors=True)
        if "lock" in str(error).lower():
            raise InputError(
                f"{folder} is open in another program; close it there first, or use a copy"
            ) from None
        raise InputError(f"{folder} can't be used as a store: {error.strerror or error}") from None
