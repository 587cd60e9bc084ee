"""Engines by name: each takes a store, graphs and shapes, and gives a report.

An engine is a module with a function ``run`` of the signature :class:`Run`. It is imported when it is asked for;
the engine asked for is the engine run, and the report names it.
"""

from __future__ import annotations

from dataclasses import replace
from difflib import get_close_matches
from importlib import import_module
from typing import TYPE_CHECKING, Final, Protocol, cast

from pyoxigraph import NamedNode

from apgraph.errors import NotFinishedError, UnknownNameError
from apgraph.shacl.foreign import foreign_nodes
from apgraph.shacl.ground import SHAPES
from apgraph.shacl.report import SH, Unchecked
from apgraph.shacl.shapes import Shapes, load_shapes
from apgraph.shacl.terms import absent_shapes, nothing_asked, untold_terms

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from apgraph.shacl.report import Report
    from apgraph.store import Store

__all__ = ["DEFAULT_ENGINE", "Run", "engines", "validate"]

_ENGINES: Final[Mapping[str, str]] = {
    "sets": "apgraph.shacl.sets_engine",
    "pyshacl": "apgraph.shacl.pyshacl_engine",
}
"""Name of an engine to the module that holds it."""

BOTH: Final = "both"
"""The name for running every engine and telling where they disagree."""

DEFAULT_ENGINE: Final = "sets"


class Run(Protocol):
    """What an engine's module offers under the name ``run``."""

    def __call__(
        self,
        store: Store,
        *,
        data_graphs: Sequence[str],
        shapes: Shapes,
        ontology_graphs: Sequence[str],
        coverage: bool = False,
    ) -> Report:
        """Judge the data; shapes have been checked to be well-formed."""


def engines() -> tuple[str, ...]:
    """Return the names of the engines there are.

    >>> "pyshacl" in engines()
    True
    """
    return (*_ENGINES, BOTH)


def validate(
    store: Store,
    *,
    data_graphs: Sequence[str],
    shapes: Shapes | str | Path | Sequence[str | Path],
    ontology_graphs: Sequence[str] = (),
    engine: str = DEFAULT_ENGINE,
    coverage: bool = False,
    locate: Callable[[str], Path | None] | None = None,
) -> Report:
    """Judge data by shapes, see https://www.w3.org/TR/shacl/#validation.

    What is judged is the union of the data graphs and the ontology graphs, as asserted: no entailment beyond the
    subclass tree that SHACL itself asks for. A node that only the ontology speaks of is no focus node, see
    :mod:`apgraph.shacl.foreign`. Nothing is fetched from the network, and the store is not
    changed.

    Args:
        store: Where the data lies.
        data_graphs: The graphs to judge, by IRI; ``""`` is the unnamed one.
        shapes: Shapes, or the files to load them from.
        ontology_graphs: Graphs that say what the classes are.
        engine: One of :func:`engines`; ``"both"`` gives the report of the default engine, with every disagreement.
        coverage: Whether to tell what the shapes looked at, too.
        locate: Where a graph is that shapes files import; see :func:`load_shapes`.

    Raises:
        UnknownNameError: There is no such engine.
        ParseError: A shapes file does not parse.
        InputError: A shape is broken, and file, shape and reason are named; or there is no shapes file.
        NotFinishedError: ``"pyshacl"`` cannot run a shape.
    """
    if engine not in engines():
        nearest = get_close_matches(engine, engines(), n=2)
        hint = f"there is: {', '.join(engines())}"
        raise UnknownNameError("validation engine", engine, nearest=nearest, hint=hint)
    known = shapes if isinstance(shapes, Shapes) else load_shapes(shapes, locate=locate)
    known.check()
    told = (*known.not_found, *nothing_asked(known), *untold_terms(known), *absent_shapes(known))

    def report_of(name: str, *, coverage: bool = coverage) -> Report:
        run = cast("Run", import_module(_ENGINES[name]).run)
        report = run(
            store, data_graphs=data_graphs, shapes=known, ontology_graphs=ontology_graphs, coverage=coverage
        )
        foreign = foreign_nodes(
            store,
            (finding.focus_node for finding in report),
            known,
            data_graphs=data_graphs,
            ontology_graphs=ontology_graphs,
        )
        findings = tuple(f for f in report.findings if f.focus_node not in foreign)
        unchecked = tuple(_addressed(each, known) for each in (*told, *report.unchecked))
        return replace(report, findings=findings, unchecked=unchecked, shapes=known)

    if engine != BOTH:
        return report_of(engine)
    from apgraph.shacl.comparison import disagreements

    first = report_of(DEFAULT_ENGINE)
    try:
        second = report_of("pyshacl", coverage=False)
    except NotFinishedError as error:
        failed = Unchecked(NamedNode(SHAPES), SH + "Shape", f"nothing is compared: {error}")
        return replace(first, engine=BOTH, unchecked=(*first.unchecked, failed))
    left_out = {(each.shape, each.component) for each in first.unchecked}
    further = (each for each in second.unchecked if (each.shape, each.component) not in left_out)
    return replace(
        first,
        engine=BOTH,
        disagreements=disagreements(first, second, known),
        unchecked=(
            *first.unchecked,
            *(replace(each, reason=f"by {second.engine}: {each.reason}") for each in further),
        ),
    )


def _addressed(unchecked: Unchecked, shapes: Shapes) -> Unchecked:
    if isinstance(unchecked.shape, NamedNode):
        return unchecked
    from apgraph.shacl.addresses import Addresses

    return replace(unchecked, shape_address=Addresses(shapes).of(unchecked.shape))
