"""From RDF to what a workbook says; what no column holds goes to a sheet of its own, so that nothing is lost."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal, NamedNode

from apgraph.cases.choices import split
from apgraph.cases.columns import ORGANISATION, Column, Kind, Role, Sheet
from apgraph.cases.content import natural
from apgraph.cases.facts import Facts
from apgraph.cases.naming import Naming
from apgraph.cases.reading import Reader
from apgraph.cases.records import find_cases
from apgraph.cases.sheets import FURTHER, SHEETS
from apgraph.cases.triples import RECORD, kind_name, translate
from apgraph.cases.values import literal_text
from apgraph.errors import InputError
from apgraph.vocabulary import PREFIXES, apg

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pyoxigraph import Quad

    from apgraph.cases.choices import Choices
    from apgraph.cases.content import Content
    from apgraph.store import Term

__all__ = ["content_of"]

_TYPE: Final = PREFIXES["rdf"] + "type"
_RECORD: Final = NamedNode(apg.CaseRecord)
_LABEL: Final = PREFIXES["rdfs"] + "label"
_KIND_TEXT: Final = PREFIXES["dcterms"] + "type"
_JOIN: Final = "; "


def content_of(quads: Iterable[Quad], choices: Choices, *, name: str = "the data") -> Content:
    """Return a case as the content of a workbook.

    Args:
        quads: The statements about one case.
        choices: What the lists offer.
        name: What errors call the data.

    Raises:
        InputError: The data holds no case or several, or a case record under an unusual IRI.
    """
    facts = Facts(inverse=(_TYPE, apg.participatesIn))
    records: list[Quad] = []
    for quad in quads:
        facts.add(quad)
        if quad.object == _RECORD or quad.predicate.value == apg.caseIdentifier:
            records.append(quad)
    cases = find_cases(records, name=name)
    if len(cases) != 1:
        found = f"{len(cases)} cases ({', '.join(c.id for c in cases[:5])})" if cases else "no case"
        raise InputError(f"{name}: it holds {found}; a workbook takes one")
    naming = Naming(cases[0].id)
    if cases[0].record != naming.base + RECORD:
        raise InputError(
            f"{name}: the case record is <{cases[0].record}>; a workbook needs it to be <{naming.base}{RECORD}>"
        )
    return _Reversal(facts, naming, choices, name).content()


class _Reversal:
    def __init__(self, facts: Facts, naming: Naming, choices: Choices, name: str) -> None:
        self._facts = facts
        self._naming = naming
        self._choices = choices
        self._name = name
        self._of = facts.of
        self._record = naming.base + RECORD
        self._organisation = next(
            iter(
                sorted(
                    t.value
                    for t in self._of(self._record, apg.concernsOrganisation)
                    if isinstance(t, NamedNode)
                )
            ),
            naming.of("organisation").value,
        )

    def content(self) -> Content:
        reader = Reader(self._name, self._choices)
        for sheet in SHEETS:
            for number, cells in enumerate(self._rows(sheet), start=1):
                reader.add_cells(sheet, number, cells)
        content = reader.finish()
        made = translate(content, self._choices)
        spurious = dict.fromkeys(triple for triple in made.stream() if not self._facts.mark(triple))
        rows = [made.further_row(triple, "not") for triple in spurious]
        rows += [made.further_row(triple, "also") for triple in self._facts.unsaid()]
        rows.sort(
            key=lambda cells: (
                natural(cells["subject"]),
                cells["property"],
                cells["how"] != "not",
                cells.get("value", ""),
            )
        )
        for number, cells in enumerate(rows, start=1):
            reader.add_cells(FURTHER, number, cells)
        return content

    def _rows(self, sheet: Sheet) -> Iterable[dict[str, str]]:
        if sheet is SHEETS[0]:
            cells = self._row(sheet, {"item": self._record, "organisation": self._organisation})
            yield {**cells, "language": cells.get("language") or self._language()}
            return
        role = sheet.roles[0]
        kinds = {role.type}
        for column in sheet.columns:
            if column.kind is Kind.CLASS:
                kinds |= set(column.classes)
        items = {
            node
            for kind in kinds
            for node in self._facts.subjects(_TYPE, NamedNode(kind))
            if any(
                isinstance(t, NamedNode) and t.value == self._record for t in self._of(node, apg.isPartOfCase)
            )
        }
        for item in sorted(items, key=natural):
            parts: list[str | None] = [*self._parts(sheet, item)]
            for part in parts or [None]:
                nodes = {"item": item}
                if part is not None:
                    nodes[sheet.roles[1].name] = part
                yield self._row(sheet, nodes)

    def _language(self) -> str:
        """Return the language that most labels are in."""
        tags = Counter(value.language for value in self._facts.values(_LABEL) if isinstance(value, Literal))
        found = max(tags, key=lambda tag: (tags[tag], tag or ""), default=None)
        return found or ""

    def _parts(self, sheet: Sheet, item: str) -> list[str]:
        if len(sheet.roles) == 1:
            return []
        role = sheet.roles[1]
        if role.linked_by:
            found = {t.value for t in self._of(item, role.linked_by) if isinstance(t, NamedNode)}
        else:
            link = next(predicate for predicate, target in role.links if target == "item")
            found = {
                node
                for node in self._facts.subjects(_TYPE, NamedNode(role.type))
                if any(isinstance(t, NamedNode) and t.value == item for t in self._of(node, link))
            }
        return sorted((node for node in found if node in self._facts), key=natural)

    def _row(self, sheet: Sheet, nodes: dict[str, str]) -> dict[str, str]:
        cells: dict[str, str] = {}
        for column in sheet.columns:
            node = nodes.get(column.role)
            if node is None:
                continue
            said = (
                self._identifier(sheet, column, nodes) if column.kind is Kind.ID else self._cell(column, node)
            )
            if not said and column.also is not None:
                said = self._references(self._of(nodes[column.also[0]], column.also[1]))
            if said:
                cells[column.name] = said
        return cells

    def _identifier(self, sheet: Sheet, column: Column, nodes: dict[str, str]) -> str:
        node = nodes[column.role]
        if sheet is SHEETS[0]:
            if column.name == "case_id":
                return self._naming.graph.rpartition(":")[2]
            name = self._naming.identifier(node)
            return "" if name == "organisation" else name
        if column.role == "item":
            return self._naming.identifier(node)
        return (
            ""
            if self._was_made(sheet.role(column.role), node, nodes["item"])
            else self._naming.identifier(node)
        )

    def _was_made(self, role: Role, node: str, item: str) -> bool:
        """Tell whether the IRI of a part is one that is made where no identifier is given."""
        end = node.removeprefix(f"{item}~")
        if end == node:
            return False
        if role.suffix:
            made = role.suffix
        else:
            predicate = _LABEL
            labels = [t.value for t in self._of(node, predicate) if isinstance(t, Literal)]
            made = self._naming.local(labels[0]) if len(labels) == 1 else ""
        rest = end.removeprefix(made) if end.startswith(made) else None
        return rest == "" or (rest is not None and rest.startswith("~") and rest[1:].isdigit())

    def _cell(self, column: Column, node: str) -> str:
        kind = column.kind
        if kind is Kind.REFERENCE:
            if column.inverse:
                return self._joined(
                    self._naming.identifier(iri)
                    for iri in self._facts.subjects(column.property, NamedNode(node))
                )
            return self._references(self._of(node, column.property))
        if kind is Kind.CLASS:
            return self._class(column, node)
        if kind is Kind.LIST:
            return self._choice(column, node)
        if kind is Kind.NAMED:
            return self._joined(
                filter(None, (self._named(column, t) for t in self._of(node, column.property)))
            )
        values = [t for t in self._of(node, column.property) if isinstance(t, Literal)]
        return min(map(literal_text, values)) if values else ""

    def _references(self, values: Iterable[Term]) -> str:
        names = [self._naming.identifier(t.value) for t in values if isinstance(t, NamedNode)]
        return self._joined(name for name in names if name and len(split(name)) == 1)

    def _joined(self, names: Iterable[str]) -> str:
        return _JOIN.join(sorted(set(filter(None, names))))

    def _class(self, column: Column, node: str) -> str:
        for value in self._of(node, _TYPE):
            if isinstance(value, NamedNode) and (name := self._choices.name(column, value.value)):
                return name
        texts = sorted(t.value for t in self._of(node, _KIND_TEXT) if isinstance(t, Literal))
        return texts[0] if texts else ""

    def _named(self, column: Column, value: Term) -> str | None:
        if not isinstance(value, NamedNode):
            return None
        labels = sorted(t.value for t in self._of(value.value, _LABEL) if isinstance(t, Literal))
        return self._naming.name_of(value.value, labels[0], kind_name(column)) if labels else None

    def _choice(self, column: Column, node: str) -> str:
        options = self._choices.of(column)
        there: set[tuple[str, str]] = set()
        texts: list[str] = []
        predicates = {column.property, *(p for made in column.extras.values() for p, _ in made)}
        for predicate in predicates:
            for value in self._of(node, predicate):
                if isinstance(value, Literal):
                    texts.append(value.value)
                elif isinstance(value, NamedNode):
                    target = ORGANISATION if value.value == self._organisation else value.value
                    there.add((predicate, target))
        found = []
        if options.other:
            others = sorted(t.value for t in self._of(node, options.other) if isinstance(t, Literal))
            needed = set(column.extras["other"])
            if others and needed <= there:
                found += [f"other: {text}" for text in others]
                there -= needed
        for name, made in sorted(options.terms.items(), key=lambda item: -len(item[1])):
            if made and set(made) <= there:
                found.append(name)
                there -= set(made)
        return _JOIN.join(sorted(set(found + texts)))
