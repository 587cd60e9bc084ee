"""Validation in sets: every constraint is one query over all its focus nodes, run where the data lies."""

from __future__ import annotations

import os
import re
from collections import defaultdict
from functools import partial
from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal, NamedNode

from apgraph.shacl.addresses import Addresses
from apgraph.shacl.ahead import ahead
from apgraph.shacl.compilation import Check, Compiler
from apgraph.shacl.focus import Focus, Node, select
from apgraph.shacl.ground import Ground, NotCheckedError
from apgraph.shacl.paths import path_triples
from apgraph.shacl.reading import read_shapes
from apgraph.shacl.report import Finding, Report, Severity, Unchecked
from apgraph.store import OxigraphStore

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from apgraph.shacl.report import Term
    from apgraph.shacl.shapes import Shapes
    from apgraph.store import Store

__all__ = ["run", "show_sparql"]

_QUOTED: Final = re.compile(r"\{[?$](\w+)\}")
_DEPTH: Final = 3
"""How many shapes deep a result is explained."""

_MOST_THREADS: Final = 4

_TRUE: Final = (Literal(True), Literal("1", datatype=Literal(True).datatype))

Row = tuple["Term | None", ...]


def run(
    store: Store,
    *,
    data_graphs: Sequence[str],
    shapes: Shapes,
    ontology_graphs: Sequence[str],
    coverage: bool = False,
) -> Report:
    """Judge the data by one query for each constraint.

    Raises:
        InputError: A shape is ill-formed.
    """
    model = read_shapes(shapes)
    ground = Ground(store, [*data_graphs, *ontology_graphs], shapes=shapes.triples)
    work = _Run(shapes, ground)
    planned = []
    for shape in model:
        if shape.targets and not shape.deactivated:
            checks = list(work.compiler.checks(shape))
            planned += [(check, ground.names()) for check in checks]
    with ahead([partial(work.rows, check) for check, _ in planned], _threads(store)) as answers:
        for (check, names), answer in zip(planned, answers, strict=True):
            ground.go_on_from(names)
            work.take(check, answer)
    covered = None
    if coverage:
        from apgraph.shacl.coverage import cover

        covered = cover(model, ground, data_graphs, shapes)
    return Report(
        tuple(work.findings),
        engine="sets",
        shapes_count=len(shapes.nodes()),
        shapes_files=shapes.files,
        data_graphs=tuple(data_graphs),
        triples_count=_size(store, data_graphs) + ground.merged(data_graphs),
        unchecked=tuple(dict.fromkeys(work.unchecked)),
        coverage=covered,
    )


def show_sparql(
    store: Store, shapes: Shapes, *, shape: Term | None = None, graphs: Sequence[str] = ()
) -> tuple[str, ...]:
    """Return the query of each constraint of a shape, or of all, with a comment that says which it is.

    They come by the names of the shapes, in the same order in every run.

    Args:
        store: What the queries are for; how classes and literals lie there shapes them.
        shapes: The shapes.
        shape: The shape to show; None: all.
        graphs: The graphs that would be judged.

    Raises:
        InputError: A shape is ill-formed.
    """
    shapes.check()
    compiler = Compiler(Ground(store, graphs, shapes=shapes.triples), explains=True)
    found: list[tuple[str, ...]] = []
    for one in read_shapes(shapes):
        if one.targets and not one.deactivated:
            for check in compiler.checks(one):
                if shape in (None, check.shape.node, one.node):
                    name = check.component.iri.rpartition("#")[2] or check.component.iri
                    body = check.query or f"# {check.fault or 'there can be no violation'}"
                    called = shapes.name(check.shape.node)
                    within = shapes.nearest_named(check.shape.node)
                    key = "" if within is None else within.value
                    found.append((key, called, name, f"# {name} of {called}\n{body}"))
    return tuple(text for *_, text in sorted(found))


def _threads(store: Store) -> int:
    """Return how many queries are asked at a time: as many as there are processors, of a store in this process."""
    return min(_MOST_THREADS, os.cpu_count() or 1) if isinstance(store, OxigraphStore) else 1


def _size(store: Store, graphs: Sequence[str]) -> int:
    if hasattr(store, "size"):
        return sum(store.size(graph) for graph in graphs)
    number = 0
    for graph in graphs:
        rows = store.select("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", default_graphs=[graph]).rows
        number += int(rows[0][0].value) if rows and isinstance(rows[0][0], Literal) else 0
    return number


class _Run:
    """One validation: findings so far, and how to make them."""

    def __init__(self, shapes: Shapes, ground: Ground) -> None:
        self.shapes = shapes
        self.ground = ground
        self.compiler = Compiler(ground)
        self.addresses = Addresses(shapes)
        self.findings: list[Finding] = []
        self.unchecked: list[Unchecked] = []

    def take(self, check: Check, answer: Callable[[], tuple[Row, ...]]) -> None:
        """Keep what a check finds, given what returns its rows."""
        self.findings.extend(finding for _, finding in self._results(check, answer, _DEPTH))

    def _results(
        self, check: Check, answer: Callable[[], tuple[Row, ...]], depth: int
    ) -> Iterator[tuple[Row, Finding]]:
        """Yield the findings of a check, each with the values of the focus' columns and the value."""
        try:
            rows = answer()
        except NotCheckedError as error:
            self._leave(check, str(error))
            return
        if _failed(check, rows):
            self._leave(check, "its SPARQL says by ?failure that it could not judge")
            return
        if check.doubt:
            self._leave(
                check, f"sh:{check.component.name[0].lower()}{check.component.name[1:]}: {check.doubt}"
            )
        if not rows:
            return
        details = self._details(check, rows, depth)
        maker = _Maker(self.shapes, check, self.ground, self.addresses)
        for row in rows:
            key, finding = maker.finding(row, details)
            yield key, finding

    def _leave(self, check: Check, reason: str) -> None:
        shape = check.shape.node
        self.unchecked.append(Unchecked(shape, check.component.iri, reason, self.shapes.where(shape)))

    def rows(self, check: Check) -> tuple[Row, ...]:
        """Run a check.

        Raises:
            NotCheckedError: That can't be done.
        """
        if check.fault is not None:
            raise NotCheckedError(check.fault)
        query = check.query
        return () if query is None else self.ground.select(query, with_shapes=check.with_shapes).rows

    def _details(self, check: Check, rows: tuple[Row, ...], depth: int) -> Mapping[Row, tuple[Finding, ...]]:
        """Return what explains the violations of a check, given as rows: those of its inner shapes, by value."""
        found: dict[Row, list[Finding]] = defaultdict(list)
        if depth and check.component.inner and check.violations is not None and check.violations.value:
            columns = tuple(dict.fromkeys((*check.focus.columns, check.violations.value)))
            at = [check.columns.index(column) for column in columns]
            found_values = self.ground.rows_as_values(columns, (tuple(row[n] for n in at) for row in rows))
            values = Focus(
                Node(check.violations.value, bool(self.ground.respelt), self.ground.kinds),
                found_values or select(columns, check.violations.pattern),
                tuple(column for column in columns if column != check.violations.value),
            )
            for shape in check.component.inner:
                for inner in self.compiler.checks_of(shape, values):
                    wanted = [inner.columns.index(column) for column in columns]
                    for row, finding in self._results(inner, partial(self.rows, inner), depth - 1):
                        found[tuple(row[at] for at in wanted)].append(finding)
        return {key: tuple(sorted(each, key=lambda f: f.sort_key)) for key, each in found.items()}


def _failed(check: Check, rows: tuple[Row, ...]) -> bool:
    """Tell whether a query says that it failed: https://www.w3.org/TR/shacl/#sparql-constraints-validation."""
    if check.violations is None or check.violations.failure is None:
        return False
    at = check.columns.index(check.violations.failure)
    return any(row[at] in _TRUE for row in rows)


class _Maker:
    """What makes findings of the rows of one check."""

    def __init__(self, shapes: Shapes, check: Check, ground: Ground, addresses: Addresses) -> None:
        self._check = check
        self._ground = ground
        self._at = {column: number for number, column in enumerate(check.columns)}
        shape = check.shape
        self._address = "" if isinstance(shape.node, NamedNode) else addresses.of(shape.node)
        self._severity = Severity.of(shape.severity)
        self._triples = () if shape.path_node is None else tuple(path_triples(shapes, shape.path_node))
        self._text = None if shape.path is None else shape.path.shown
        self._messages = (*shape.messages, *check.component.messages)
        self._default = Literal(check.component.says())

    def finding(self, row: Row, details: Mapping[Row, tuple[Finding, ...]]) -> tuple[Row, Finding]:
        check, violations = self._check, self._check.violations
        if violations is None:
            raise TypeError(check)

        def given(column: str | None) -> Term | None:
            term = None if column is None else row[self._at[column]]
            return None if term is None else self._ground.as_written(term)

        focus = given(check.focus.node.name)
        if focus is None:
            raise TypeError(row)
        path, text, triples = check.shape.path_node, self._text, self._triples
        own = given(violations.path)
        if isinstance(own, NamedNode):
            path, text, triples = own, str(own), ()
        value = given(violations.value)
        key = tuple(
            row[self._at[column]]
            for column in dict.fromkeys((*check.focus.columns, violations.value or check.focus.node.name))
        )
        return row, Finding(
            focus_node=focus,
            severity=self._severity,
            severity_iri=check.shape.severity,
            component=check.component.iri,
            source_shape=check.shape.node,
            shape_address=self._address,
            path=path,
            path_text=text,
            path_triples=triples,
            value=value,
            messages=self._said(given, violations.message, violations.shown),
            source_constraint=check.component.source,
            details=details.get(key, ()),
        )

    def _said(self, given: _Given, message: str | None, shown: Mapping[str, str]) -> tuple[Literal, ...]:
        own = given(message)
        found = self._messages
        if isinstance(own, Literal):
            found = (*self._check.shape.messages, own)
        if not found:
            return (self._default,)
        if not shown:
            return tuple(dict.fromkeys(found))
        values = {name: term.value for name, column in shown.items() if (term := given(column)) is not None}
        return tuple(dict.fromkeys(_filled(literal, values) for literal in found))


if TYPE_CHECKING:
    from collections.abc import Callable

    _Given = Callable[[str | None], Term | None]


def _filled(message: Literal, values: Mapping[str, str]) -> Literal:
    text = _QUOTED.sub(lambda match: values.get(match[1], match[0]), message.value)
    return Literal(text, language=message.language) if text != message.value else message
