"""The places of findings: what knows them, and the cells of a workbook. The lines of a file: apgraph.cases.lines."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final, Protocol

from pyoxigraph import Literal, NamedNode

from apgraph.shacl import Finding, Severity
from apgraph.shacl.report import SH
from apgraph.vocabulary import APGSH

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from apgraph.cases.columns import Column, Sheet
    from apgraph.cases.content import Content, Problem, Row
    from apgraph.cases.origins import Origin
    from apgraph.cases.triples import Translation

__all__ = ["CELL", "CellPlaces", "Places", "with_problems"]

CELL: Final = NamedNode(APGSH + "workbook-cell")
"""Stands for what reading a workbook asks of each cell."""

_COMPONENT: Final = APGSH + "CellConstraintComponent"


class Places(Protocol):
    """Knows where the values of one case came from."""

    @property
    def file(self) -> str:
        """The file or folder."""

    def locate(self, findings: Sequence[Finding]) -> list[Origin | None]:
        """Return the place of each finding, as far as it is known."""

    def problems(self) -> tuple[Finding, ...]:
        """Return what reading found wrong."""

    def said_of(self, finding: Finding) -> str | None:
        """Return what reading has to say of the value at fault, which it knows as it was typed."""

    def notes(self) -> tuple[str, ...]:
        """Return what else is to be said of the reading."""


class CellPlaces:
    """The cells of a workbook, or of a folder of tables.

    Args:
        content: What was read.
        translation: What was made of it.
    """

    def __init__(self, content: Content, translation: Translation) -> None:
        self._places = content.places
        self._file = content.file
        self._examples = content.examples
        self._taken = dict(content.taken)
        self._nodes = {
            node: [(sheet, row.number) for sheet, row in rows] for node, rows in translation.nodes.items()
        }
        self._further = {
            node: [(triple, row.number) for triple, row in said] for node, said in translation.further.items()
        }
        self._problems = [
            (_finding(problem, translation), _place(content, problem)) for problem in content.problems
        ]
        self._known = {id(finding): origin for finding, origin in self._problems}
        self._naming = translation.naming
        self._said = {
            (finding.focus_node, finding.path, finding.value.value): finding.message
            for finding, _ in self._problems
            if finding.value is not None
        }

    @property
    def file(self) -> str:
        """The file or folder."""
        return self._file

    def notes(self) -> tuple[str, ...]:
        """Say how many example rows of the template were passed over, and which other names of terms were read."""
        said = []
        if self._examples:
            rows = "1 example row is" if self._examples == 1 else f"{self._examples} example rows are"
            said.append(
                f"{self._file}: {rows} passed over; a row counts once its identifier has lost 'example:'"
            )
        for (_, typed, name), (origin, count) in self._taken.items():
            more = f" (and in {count - 1} more cell{'' if count == 2 else 's'})" if count > 1 else ""
            said.append(f"{origin}: {typed!r} is another name of {name!r}, and is read as that{more}")
        return tuple(said)

    def problems(self) -> tuple[Finding, ...]:
        """Return what reading found wrong with single cells."""
        return tuple(finding for finding, _ in self._problems)

    def said_of(self, finding: Finding) -> str | None:
        """Return what reading found wrong with the same cell: it knows better than a rule what was typed."""
        value = finding.value
        if value is None or not self._said:
            return None
        typed = self._naming.identifier(value.value) if isinstance(value, NamedNode) else value.value
        return self._said.get((finding.focus_node, finding.path, typed))

    def locate(self, findings: Sequence[Finding]) -> list[Origin | None]:
        """Return the cell of each finding; the one that identifies the row where the finding names no column."""
        return [self._known.get(id(finding)) or self._of(finding) for finding in findings]

    def cell_of(self, iri: str, path: str) -> Origin | None:
        """Return the cell that gives a thing's value of a property; the one that identifies its row where none does.

        Args:
            iri: The thing.
            path: The property.
        """
        rows = self._nodes.get(iri)
        if not rows:
            return None
        sheet, row = rows[0]
        place = self._places.get(sheet.name)
        column = _column(sheet, path)
        return None if place is None else place.at(row, (column or sheet.key).name)

    def _of(self, finding: Finding) -> Origin | None:
        if not isinstance(finding.focus_node, NamedNode):
            return None
        node = finding.focus_node.value
        rows = self._nodes.get(node)
        further = self._on_further(finding, node, is_described=bool(rows))
        if further is not None or not rows:
            return further
        sheet, row = rows[0]
        place = self._places.get(sheet.name)
        if place is None:
            from apgraph.cases.origins import Origin

            return Origin(self._file)
        return place.at(row, (_asked_for(sheet, finding) or sheet.key).name)

    def _on_further(self, finding: Finding, node: str, *, is_described: bool) -> Origin | None:
        """Return the cell of sheet Further statements that says what is at fault, where one does."""
        from apgraph.cases.sheets import FURTHER

        said, place = self._further.get(node), self._places.get(FURTHER.name)
        if not said or place is None:
            return None
        for triple, row in said:
            # Of a property that is there too often, or not at all, the column for it is the better place.
            fits = finding.value == triple.object or (finding.value is None and not is_described)
            if triple.predicate == finding.path and fits:
                return place.at(row, "value")
        return None if is_described else place.at(said[0][1], "subject")


def _column(sheet: Sheet, path: str) -> Column | None:
    # What a workbook's columns are costs time to set up, which files of triples need not wait for.
    from apgraph.cases.columns import ORGANISATION

    for column in sheet.columns:
        made = {p for each in column.extras.values() for p, _ in each}
        also = column.also[1] if column.also is not None else None
        if path in {column.property, column.other or None, also} | made:
            return column
    for role in sheet.roles[1:]:
        # The second thing of a row is described by columns of its own.
        if path == role.linked_by or (path, ORGANISATION) in sheet.roles[0].links:
            return next((column for column in sheet.columns if column.role == role.name), None)
    return None


def _asked_for(sheet: Sheet, finding: Finding) -> Column | None:
    """Return the column that a finding is about.

    That of its path; without one, among those of the paths that led to it, or among all, the first that its message
    speaks of.
    """
    from apgraph.cases.columns import Kind

    if isinstance(finding.path, NamedNode):
        return _column(sheet, finding.path.value)
    if finding.path_text is not None:
        return None
    led = [_column(sheet, each.path.value) for each in finding.details if isinstance(each.path, NamedNode)]
    candidates = [column for column in led if column is not None]
    words = finding.message.lower()
    spoken = [
        (where, at)
        for at, column in enumerate(candidates or sheet.columns[1:])
        if (where := words.find(column.name.split("_")[0])) >= 0
        and (candidates or column.kind is not Kind.TEXT)
    ]
    chosen = candidates or list(sheet.columns[1:])
    return chosen[min(spoken)[1]] if spoken else next(iter(candidates), None)


def _place(content: Content, problem: Problem) -> Origin | None:
    return content.origin(problem.sheet, problem.row, problem.column.name)


def _finding(problem: Problem, translation: Translation) -> Finding:
    return Finding(
        focus_node=_node(problem.sheet, problem.row, problem.column.role, translation),
        severity=Severity.VIOLATION,
        component=_COMPONENT,
        source_shape=CELL,
        path=NamedNode(problem.column.property) if problem.column.property else None,
        path_text=f"<{problem.column.property}>" if problem.column.property else None,
        value=Literal(problem.text) if problem.text else None,
        messages=(Literal(problem.message, language="en"),),
    )


def _node(sheet: Sheet, row: Row, role: str, translation: Translation) -> NamedNode:
    return translation.node_of(sheet, row, role)


def with_problems(findings: Sequence[Finding], problems: Iterable[Finding]) -> tuple[Finding, ...]:
    """Add what reading found to what the rules found, leaving out what a rule says already."""
    said = defaultdict(set)
    for finding in findings:
        path = (
            finding.path.value if isinstance(finding.path, NamedNode) else finding.component.removeprefix(SH)
        )
        said[str(finding.focus_node)].add(path)
    either = {"OrConstraintComponent", "XoneConstraintComponent"}
    added = []
    for problem in problems:
        known = said.get(str(problem.focus_node), set())
        path = problem.path.value if isinstance(problem.path, NamedNode) else ""
        if path in known or (problem.value is None and known & either):
            continue
        added.append(problem)
    return (*findings, *added)
