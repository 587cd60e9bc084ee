"""The cases and other data that a store holds, where they were read, and how they come in and go again."""

from __future__ import annotations

from collections import defaultdict
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final

from pyoxigraph import DefaultGraph, Quad, RdfFormat

from apgraph.errors import ConflictError, InputError, NotFinishedError, UnknownNameError
from apgraph.lexicon import Lexicon, nearest
from apgraph.resources import FRAMEWORK, MODULES, ontology_module
from apgraph.store import OxigraphStore, content_graph, format_of, is_reserved
from apgraph.store.dataset import graph_name, graph_text
from apgraph.store.parsing import parse
from apgraph.store.pending import begin, end
from apgraph.vocabulary import APG

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from apgraph.cases.choices import Choices
    from apgraph.cases.identity import Owners
    from apgraph.cases.places import Places
    from apgraph.cases.records import CaseRecord
    from apgraph.cases.roll import Roll
    from apgraph.shacl import Finding
    from apgraph.store import Store

__all__ = ["Holdings", "load_framework"]

_AGAIN: Final = ":again"
"""Ends the name of the graph that takes a file of which only a part is there, until it has been looked through."""


class Holdings:
    """What a store holds besides the framework.

    Args:
        store: The store.
        lexicon: Its names, which are read again after a change.

    >>> from apgraph.store import OxigraphStore
    >>> store = OxigraphStore()
    >>> Holdings(store, Lexicon(store)).cases()
    ()
    """

    def __init__(self, store: Store, lexicon: Lexicon) -> None:
        self._store = store
        self._lexicon = lexicon
        self._places: dict[str, Places] = {}
        self._owners: Owners | None = None
        self._roll: Roll | None = None
        self._assumed: dict[str, tuple[Finding, ...]] = {}
        self.renewed: list[str] = []
        """The graphs that were there before the last load, and have more in them since."""
        self._left: set[str] = set()  # what a load that failed could not take back

    def load(self, sources: Iterable[str | Path], *, strict: bool = True) -> int:
        """Load files, folders and globs, and return how many statements are new to the store.

        Args:
            sources: What to load.
            strict: Whether to refuse what only the framework may say; else :meth:`assumed` tells it.

        Raises:
            ParseError: A file does not parse; nothing of it is loaded.
            ConflictError: A case with the same id and other content is there already, or one that describes the
                same things.
            InputError: A file is missing or can't be read, or says what only the framework may say.
        """
        from apgraph.cases.sources import find_sources

        said = 0
        self.renewed = []
        files, workbooks = find_sources(sources)
        self._take_back()
        try:
            for file in files:
                said += self._load_file(file, strict=strict)
            # What a workbook's lists offer may come from extensions, so they are read first.
            self._lexicon.clear()
            for workbook in workbooks:
                said += self._load_workbook(workbook, strict=strict)
        finally:
            self._lexicon.clear()
        return said

    def _load_workbook(self, source: Path, *, strict: bool) -> int:
        """Load a workbook, or a folder of tables, into the graph of its case."""
        from apgraph.cases.places import CellPlaces
        from apgraph.cases.records import CaseRecord, check_same, loaded_already
        from apgraph.cases.sheets import SHEETS
        from apgraph.cases.sources import read_source
        from apgraph.cases.triples import RECORD, translate

        choices = self.choices()
        content = read_source(source, choices)
        made = translate(content, choices)
        home = made.naming.graph
        # A clash of identifiers is told with the cell that holds it.
        place = content.origin(SHEETS[0], content.rows[SHEETS[0].name][0], "case_id") or source
        case = CaseRecord(content.case_id, made.naming.base + RECORD, home)
        if home in self._store.graphs():
            check_same(
                case,
                self._store.quads(home),
                made.quads(),
                name=str(place),
                identifier="case_id",
                file=self._file_of(home),
            )
            said = 0
        elif others := (roll := self._called()).elsewhere(case.id, home):
            raise loaded_already(case, name=str(place), identifier="case_id", file=self._file_of(others[0]))
        else:
            with self._whole({home}):
                said = self._store.add(made.quads())
                self._admit([home], CellPlaces(content, made), name=str(source), strict=strict)
            roll.enter([home])
        self._places[home] = CellPlaces(content, made)
        return said

    def _load_file(self, file: Path, *, strict: bool) -> int:
        from apgraph.cases.lines import LinePlaces
        from apgraph.cases.records import check_same, loaded_already

        form = format_of(file)
        place = content_graph(file)
        there = place in self._store.graphs()
        source: Path | bytes = file
        if form == RdfFormat.JSON_LD:
            from apgraph.cases.jsonld import with_context

            source = with_context(file) or file
        own = self._new_graphs_of(file, source) if form.supports_datasets else {""}
        target = place
        if there:
            own = {name for name in own if name and not name.startswith("_:")}
            if not self._holds_all(file, source, place):
                target = place + _AGAIN
                own.add(target)
        elif own:
            own = (own - {""}) | {place}
        if not own:
            self._places.setdefault(place, LinePlaces(file))
            return 0
        roll = self._called()
        with self._whole(own) as known:
            said = self._read(file, source, graph=target, but=known)
            cases = self._records_in(target, str(file))
            home = cases[0].graph if len(cases) == 1 and not there else place
            if home != place and home in self._store.graphs():
                check_same(
                    cases[0],
                    self._store.quads(home),
                    self._store.quads(place),
                    name=str(file),
                    file=self._file_of(home),
                )
                self._store.remove_graph(place)
                rest = self._made(own, known)
                self._admit(rest, LinePlaces(file), name=str(file), strict=strict)
                roll.enter(rest)
                # A store that was opened again knows what was loaded, but not from where.
                self._places.setdefault(home, LinePlaces(file))
                return sum(1 for graph in rest for _ in self._store.quads(graph))
            for case in cases:
                others = roll.elsewhere(case.id, place)
                if others:
                    raise loaded_already(case, name=str(file), file=self._file_of(others[0]))
            self._admit(self._made(own, known), LinePlaces(file), name=str(file), strict=strict)
            if target != place:
                said -= sum(1 for _ in self._store.quads(place))
                self._put_in_place(target, place)
                self.renewed.append(place)
            elif home != place:
                own.add(home)
                self._put_in_place(place, home)
            self._places[home] = LinePlaces(file)
        roll.enter([home, *self._made(own, known)])
        self._assumed[home] = self._assumed.pop(target, ())
        return said

    def _holds_all(self, file: Path, source: Path | bytes, place: str) -> bool:
        """Tell whether all that a file says outside named graphs is in its graph: a case of it may have been removed."""
        quads = parse(source, syntax=format_of(file), base=file.resolve().as_uri(), name=str(file))
        said = {quad.triple for quad in quads if isinstance(quad.graph_name, DefaultGraph)}
        return len(said) <= sum(1 for _ in self._store.quads(place))

    def _put_in_place(self, new: str, old: str) -> None:
        """Put a graph in the place of another, or of none, at once: half of it is never there."""
        if isinstance(self._store, OxigraphStore):
            self._store.move_graph(new, old)
            return
        there = f"GRAPH <{old}> {{ ?s ?p ?o }}"
        self._store.update(
            f"DELETE {{ {there} }} WHERE {{ {there} }} ;\n"
            f"INSERT {{ {there} }} WHERE {{ GRAPH <{new}> {{ ?s ?p ?o }} }} ;\nDROP SILENT GRAPH <{new}>"
        )

    def _called(self) -> Roll:
        """Return the roll of the cases, as it is now."""
        from apgraph.cases.roll import Roll

        if self._roll is None:
            self._roll = Roll(self._store)
        self._roll.call()
        return self._roll

    def _read(self, file: Path, source: Path | bytes, *, graph: str, but: set[str]) -> int:
        """Put a file's statements into the store, but for those of named graphs that are there, as they are, already."""
        form, base = format_of(file), file.resolve().as_uri()
        if not form.supports_datasets:
            return self._store.load(source, format=form, graph=graph, base=base, name=str(file))
        quads = parse(source, syntax=form, graph=graph_name(graph), base=base, name=str(file))
        return self._store.add(quad for quad in quads if graph_text(quad.graph_name) not in but)

    def _made(self, own: set[str], known: set[str]) -> list[str]:
        """Return the graphs that a file has brought; a service may have got others from elsewhere meanwhile."""
        return [
            graph
            for graph in self._store.graphs()
            if graph not in known and (graph in own or graph.startswith("_:"))
        ]

    @contextmanager
    def _whole(self, own: set[str]) -> Iterator[set[str]]:
        """Take back what is loaded within, should it fail: half a case would count as loaded.

        Args:
            own: The graphs that come in, besides those without a name; it may grow meanwhile.

        Returns:
            The graphs that were there before.
        """
        known = set(self._store.graphs())
        begin(self._store, sorted(known - self._left))
        try:
            yield known
        except BaseException:
            self._left |= own
            # Where a service is away, why loading failed is what is told; the next load takes back the rest.
            with suppress(NotFinishedError):
                self._left.update(self._made(own, known))
                self._take_back()
                end(self._store)
            raise
        end(self._store)

    def _take_back(self) -> None:
        """Remove what a load that failed has left behind."""
        for graph in sorted(self._left):
            self._store.remove_graph(graph)
            self._left.discard(graph)

    def _admit(self, graphs: Sequence[str], places: Places, *, name: str, strict: bool) -> None:
        """Look through graphs that were just loaded for what must not be believed.

        Raises:
            ConflictError: They describe things of another case.
            InputError: They say what only the framework may say, and that is not allowed.
        """
        from apgraph.cases.authorship import assumed_authority
        from apgraph.cases.identity import Owners

        if self._owners is None:
            self._owners = Owners(self._store)
        self._owners.admit(graphs, name=name, file_of=self._file_of)
        for graph in graphs:
            found = assumed_authority(self._store, graph)
            if found and strict:
                raise _refusal(found, places, name)
            self._assumed[graph] = found

    def _file_of(self, graph: str) -> str:
        places = self._places.get(graph)
        return places.file if places is not None else ""

    def assumed(self) -> tuple[Finding, ...]:
        """Return what the data says that only the framework may say, where it was loaded all the same."""
        there = set(self._store.graphs())
        return tuple(each for graph, found in self._assumed.items() if graph in there for each in found)

    def _new_graphs_of(self, file: Path, source: Path | bytes) -> set[str]:
        """Return which of a file's graphs are not here yet; refuse a file that would change one that is here.

        An empty text stands for its default graph, which has no name by which it could be here.
        """
        from apgraph.cases.records import same_content

        graphs: defaultdict[str, list[Quad]] = defaultdict(list)
        for quad in parse(source, syntax=format_of(file), base=file.resolve().as_uri(), name=str(file)):
            graphs[graph_text(quad.graph_name)].append(quad)
        there = {*self._store.graphs(), FRAMEWORK}
        for name, quads in graphs.items():
            if is_reserved(name):
                raise ConflictError(
                    f"{file}: it writes into <{name}>, which apgraph keeps for itself; rename the graph"
                )
            if name in there and not same_content(quads, self._store.quads(name)):
                raise ConflictError(
                    f"{file}: its graph <{name}> is here already, with other content; remove that first, "
                    "or rename the graph"
                )
        return {name for name in graphs if name not in there}

    def _records_in(self, graph: str, name: str) -> tuple[CaseRecord, ...]:
        from apgraph.cases.records import find_cases

        triples = self._store.construct(
            f"CONSTRUCT {{ ?record a <{APG}CaseRecord> ; <{APG}caseIdentifier> ?id }} WHERE "
            f"{{ ?record a <{APG}CaseRecord> OPTIONAL {{ ?record <{APG}caseIdentifier> ?id }} }}",
            default_graphs=[graph],
        )
        return find_cases(
            (Quad(t.subject, t.predicate, t.object, DefaultGraph()) for t in triples), name=name
        )

    def choices(self) -> Choices:
        """Return what the lists of a case workbook offer: the framework's terms, and those of extensions."""
        from apgraph.cases.choices import Choices

        if FRAMEWORK in self._store.graphs():
            return Choices(self._lexicon)
        shipped = OxigraphStore()
        load_framework(shipped)
        return Choices(Lexicon(shipped, self._lexicon.language))

    def places(self) -> dict[str, Places]:
        """Return, by graph, what knows where its data was read; for data that this object has loaded itself."""
        there = set(self._store.graphs())
        return {graph: places for graph, places in self._places.items() if graph in there}

    def keep_places(self, places: Mapping[str, Places]) -> None:
        """Take over where data was read that came in another way, by graph."""
        self._places.update(places)

    def cases(self) -> tuple[str, ...]:
        """Return the identifiers of the cases in the graph, in alphabetical order."""
        from apgraph.cases.records import stored_cases

        return tuple(sorted({record.id for record in stored_cases(self._store)}))

    def remove(self, case: str) -> None:
        """Forget a case wholly: its graph, or its records in a graph that it shares, on a service in inferences, too.

        Args:
            case: Its identifier.

        Raises:
            UnknownNameError: There is no such case.
        """
        from apgraph.cases.authorship import assumed_authority
        from apgraph.cases.records import case_graph, stored_cases
        from apgraph.cases.removal import remove_records

        records = {record.id: record for record in stored_cases(self._store)}
        if case not in records:
            raise UnknownNameError(
                "case", case, nearest=nearest(case, records), hint="Graph.cases() lists them"
            )
        record = records[case]
        base = case_graph(case)
        self._store.remove_graph(base)
        self._owners = None
        self._places.pop(base, None)
        remove_records(self._store, record.id, record.record)
        there = set(self._store.graphs())
        self._assumed = {
            graph: assumed_authority(self._store, graph)
            for graph, found in self._assumed.items()
            if found and graph in there
        }
        self._lexicon.clear()


def _refusal(found: Sequence[Finding], places: Places, name: str) -> InputError:
    """Return the error for what only the framework may say: the first such statement, and how many more there are."""
    problem, _, remedy = found[0].message.removesuffix(".").rpartition(". ")
    more = len(found) - 1
    told = f" ({more} more such statement{'s' if more > 1 else ''})" if more else ""
    where = places.locate(found[:1])[0] or name
    return InputError(f"{where}: {problem[0].lower()}{problem[1:]}; {remedy[0].lower()}{remedy[1:]}{told}")


def load_framework(store: Store) -> None:
    """Load the framework of this package into a store."""
    modules = [ontology_module(module) for module in ("apgraph", *MODULES)]
    files = [(module, format_of(module)) for module in modules]
    if isinstance(store, OxigraphStore):
        store.load_as_stored(files, graph=FRAMEWORK)
        return
    for file, syntax in files:
        store.load(file, format=syntax, graph=FRAMEWORK, name=str(file))
