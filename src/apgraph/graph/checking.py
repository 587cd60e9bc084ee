"""Data against shapes, and what is found in words."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from apgraph import arguments
from apgraph.errors import InputError
from apgraph.graph.held import Held
from apgraph.lexicon import NAMING
from apgraph.resources import FRAMEWORK, ontology_file, resource_folder
from apgraph.store import expand
from apgraph.vocabulary import PREFIXES

if TYPE_CHECKING:
    import datetime
    from collections.abc import Sequence
    from pathlib import Path

    from apgraph.cases import Explained
    from apgraph.cases.providers import Filled
    from apgraph.cases.report import CaseReport
    from apgraph.deprecation import Deprecated
    from apgraph.notices import Waiver
    from apgraph.shacl import Finding, Report

__all__ = ["Checking"]


class Checking(Held):
    """The part of :class:`apgraph.graph.Graph` that checks."""

    def validate(
        self,
        *,
        shapes: str | Path | Sequence[str | Path] | None = None,
        engine: str | None = None,
        coverage: bool = False,
        register: str | Path | None = None,
    ) -> Report:
        """Check the case data, as asserted, by SHACL shapes.

        Args:
            shapes: Files or folders with shapes, or one; the rules of this package by default.
            engine: The engine to run; see :func:`apgraph.shacl.engines`.
            coverage: Whether to tell what the shapes looked at, too.
            register: A register of providers to hold the organisations against; see
                :mod:`apgraph.cases.registers`.

        Raises:
            InputError: There is no data, a shape is broken, or the register can't be read.
            ParseError: A shapes file does not parse.
            UnknownNameError: There is no such engine.
        """
        from apgraph.cases.authorship import OWN_NAMESPACE, is_only_translated
        from apgraph.cases.places import with_problems
        from apgraph.shacl import DEFAULT_ENGINE, validate

        engine = None if engine is None else arguments.text(engine, "the engine", DEFAULT_ENGINE)
        files = [resource_folder("shapes")] if shapes is None else arguments.places(shapes, "the shapes")
        used = [graph for graph in self._data_graphs() if not self._only_names(graph)]
        if not used:
            raise InputError("there is no data to check; load a case first")
        compared: tuple[Finding, ...] = ()
        asked: tuple[str, ...] = ()
        if register is not None:
            from apgraph.cases.providers import REGISTER, compare_providers
            from apgraph.cases.registers import read_register

            compared = compare_providers(
                self._store, read_register(arguments.place(register, "the register"))
            )
            asked = (REGISTER.value,)
        report = validate(
            self._store,
            data_graphs=used,
            shapes=expand(files),
            ontology_graphs=[FRAMEWORK] if FRAMEWORK in self._store.graphs() else [],
            engine=engine or DEFAULT_ENGINE,
            coverage=coverage,
            locate=ontology_file,
        )
        # A shape does not see whether a name is in another language, which is welcome beside other statements, too.
        report = replace(
            report,
            findings=tuple(
                each
                for each in report.findings
                if each.source_shape != OWN_NAMESPACE
                or not is_only_translated(self._store, each.focus_node, used)
            ),
        )
        problems = [problem for places in self.places().values() for problem in places.problems()]
        told = {finding.focus_node for finding in report if finding.source_shape == OWN_NAMESPACE}
        assumed = [each for each in self._holdings.assumed() if each.focus_node not in told]
        if not problems and not asked and not assumed:
            return report
        return replace(
            report, asked=asked, findings=(*with_problems(report.findings, problems), *assumed, *compared)
        )

    def fill_from(self, register: str | Path, *, named: bool = True) -> tuple[Filled, ...]:
        """Take over name, type and region of the organisations of cases from a register, by UKPRN.

        Only what a case leaves open is filled in, and nothing of an organisation under a pseudonym.

        Args:
            register: A register of providers; see :mod:`apgraph.cases.registers`.
            named: Whether the name is filled in, too; not for data that shall be redacted.

        Returns:
            What was filled in.

        Raises:
            InputError: The register can't be read, or no organisation has a UKPRN that it lists.
        """
        from apgraph.cases.providers import fill_providers
        from apgraph.cases.registers import read_register

        filled = fill_providers(
            self._store, read_register(arguments.place(register, "the register")), named=named
        )
        self._lexicon.clear()
        return filled

    def validation_queries(
        self, *, shapes: str | Path | Sequence[str | Path] | None = None
    ) -> tuple[str, ...]:
        """Return the query of each constraint, as :meth:`validate` runs it on this graph.

        Raises:
            InputError: A shape is broken.
        """
        from apgraph.shacl import load_shapes, show_sparql

        given = [resource_folder("shapes")] if shapes is None else arguments.places(shapes, "the shapes")
        files = expand(given)
        graphs = [*self._data_graphs(), *([FRAMEWORK] if FRAMEWORK in self._store.graphs() else [])]
        return show_sparql(self._store, load_shapes(files, locate=ontology_file), graphs=graphs)

    def _data_graphs(self) -> list[str]:
        graphs = [graph for graph in ("", *self._store.graphs()) if graph != FRAMEWORK]
        return [graph for graph in graphs if graph or next(iter(self._store.quads("")), None)]

    def _only_names(self, graph: str) -> bool:
        """Tell whether a graph does no more than name terms, as a file of labels in some language does.

        Judged as data, it would make a record of a case of every term that it names.
        """
        allowed, owl = ", ".join(f"<{iri}>" for iri in NAMING), PREFIXES["owl"]
        other = self._store.ask(
            f"ASK {{ ?s ?p ?o FILTER (?p NOT IN ({allowed})) "
            f"FILTER NOT EXISTS {{ VALUES ?kind {{ <{owl}Ontology> <{owl}Axiom> }} ?s a ?kind }} }}",
            default_graphs=[graph],
        )
        return not other

    def deprecated(self) -> tuple[Deprecated, ...]:
        """Return the deprecated terms that the data uses, each with what to use instead.

        >>> from apgraph import Graph
        >>> Graph().deprecated()
        ()
        """
        from apgraph.deprecation import deprecated_uses

        return deprecated_uses(self._store, self._lexicon, self._data_graphs())

    def explain(self, report: Report) -> tuple[Explained, ...]:
        """Put the findings of a report into words: what is wrong, where, and what to do."""
        from apgraph.cases import explain

        arguments.result(report, "report", "Graph.validate()")
        return explain(report, self._store, self._lexicon, places=self.places())

    def report(
        self,
        report: Report,
        *,
        checked: str | Path | Sequence[str | Path] = (),
        waivers: Sequence[Waiver] = (),
        today: datetime.date | None = None,
        redact: bool = False,
    ) -> CaseReport:
        """Make a report for people of what :meth:`validate` found: a page, SARIF, or JSON.

        Args:
            report: What was found.
            checked: What was checked, as the report shall name it: files, folders, a store or a service, or one.
            waivers: What was accepted; see :func:`apgraph.notices.read_waivers`.
            today: The day by which waivers are judged; today by default.
            redact: Whether people become pseudonyms and free text is removed, as in :meth:`redacted`.

        Raises:
            UsageError: An argument is not what it has to be.
        """
        import datetime

        from apgraph.cases import explain
        from apgraph.cases.report import case_report
        from apgraph.shacl import load_shapes

        arguments.result(report, "report", "Graph.validate()")
        names = arguments.names(checked, "what was checked")
        arguments.results(waivers, "waiver", "apgraph.notices.read_waivers()")
        day = arguments.day(today or datetime.datetime.now().astimezone(), "the day")
        shapes = report.shapes or load_shapes(report.shapes_files)
        return case_report(
            report,
            explain(report, self._store, self._lexicon, shapes=shapes, places=self.places()),
            self._store,
            shapes,
            checked=names,
            waivers=waivers,
            today=day,
            redact=redact,
        )
