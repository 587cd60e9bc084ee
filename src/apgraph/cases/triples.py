"""From what a workbook says to RDF: the same workbook always makes the same statements."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from apgraph.cases.choices import Options, split
from apgraph.cases.columns import ORGANISATION, Column, Kind, Role, Sheet
from apgraph.cases.dates import date_text
from apgraph.cases.naming import Naming
from apgraph.cases.sheets import FURTHER, SHEETS
from apgraph.cases.values import number_text, share_text, typed
from apgraph.errors import InputError
from apgraph.lexicon import curie, expand
from apgraph.vocabulary import PREFIXES, apg

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apgraph.cases.choices import Choices
    from apgraph.cases.content import Content, Row

__all__ = ["RECORD", "Translation", "kind_name", "translate"]

RECORD: Final = "record"
"""The end of a case record's IRI."""

_RDF_TYPE: Final = NamedNode(PREFIXES["rdf"] + "type")
_LABEL: Final = NamedNode(PREFIXES["rdfs"] + "label")
_KIND_TEXT: Final = NamedNode(PREFIXES["dcterms"] + "type")
_PART: Final = NamedNode(apg.isPartOfCase)
_ROW: Final = NamedNode(apg.rowIdentifier)
_JOIN: Final = "; "


def kind_name(column: Column) -> str:
    """Return what stands for a column's class in the IRIs of things that are only named.

    >>> from apgraph.cases.sheets import sheet_named
    >>> kind_name(sheet_named("APs").column("vocational_area"))
    'VocationalArea'
    """
    return column.classes[0].rpartition("#")[2]


class Translation:
    """Statements made of a workbook's content, and the row behind each thing.

    Attributes:
        naming: The IRIs of the case.
        nodes: IRI of each thing to the sheets and rows that describe it; known when the statements have been made.
        further: What sheet Further statements says about each thing, by its IRI, with the rows; known then, too.
    """

    def __init__(self, content: Content, choices: Choices) -> None:
        self.naming = Naming(content.case_id)
        self.nodes: dict[str, list[tuple[Sheet, Row]]] = {}
        self.further: dict[str, list[tuple[Triple, Row]]] = {}
        self._content = content
        self._choices = choices
        self._terms: dict[str, NamedNode] = {}
        self._record = self.naming.at(RECORD)
        row = content.rows["Organisation"][0]
        self._organisation = self.naming.of(row.cells.get("organisation_id") or "organisation")
        self._language = row.cells.get("language") or None
        if self._language is not None:
            try:
                Literal("", language=self._language)
            except ValueError:
                self._language = None
        self._begin()

    def _begin(self) -> None:
        self.nodes.clear()
        self.further.clear()
        self._by_row: dict[int, dict[str, NamedNode]] = {}
        self._taken: set[str] = set()
        self._said: list[Triple] = []
        self._troubled = {id(problem.row) for problem in self._content.problems}

    def stream(self) -> Iterator[Triple]:
        """Make the statements one row after the other; one that several rows make comes several times."""
        self._begin()
        further = [(self._further(row), row) for row in self._content.rows[FURTHER.name]]
        unsaid = {triple for triple, row in further if row.cells.get("how") == "not"}
        for sheet in SHEETS:
            items: dict[str, NamedNode] = {}
            for row in self._content.rows[sheet.name]:
                self._add_row(sheet, row, items)
                said, self._said = self._said, []
                yield from (triple for triple in said if triple not in unsaid) if unsaid else said
        for triple, row in further:
            if row.cells.get("how") != "not":
                if isinstance(triple.subject, NamedNode):
                    self.further.setdefault(triple.subject.value, []).append((triple, row))
                yield triple

    @property
    def triples(self) -> dict[Triple, None]:
        """The statements, each once, in the order of the sheets; made anew each time."""
        return dict.fromkeys(self.stream())

    def quads(self) -> Iterator[Quad]:
        """Make the statements in the graph of the case, as :meth:`stream` does."""
        graph = NamedNode(self.naming.graph)
        for triple in self.stream():
            yield Quad(triple.subject, triple.predicate, triple.object, graph)

    def node_of(self, sheet: Sheet, row: Row, role: str) -> NamedNode:
        """Return what a row's cell is about: the thing of a role, or the row's item where it describes none such."""
        nodes = self._by_row.get(id(row), {})
        return nodes.get(role) or nodes.get("item") or self.naming.at(f"~{sheet.slug}-{row.number}")

    def _term(self, iri: str) -> NamedNode:
        known = self._terms.get(iri)
        if known is None:
            known = self._terms[iri] = self._organisation if iri == ORGANISATION else NamedNode(iri)
        return known

    def _say(self, subject: NamedNode, predicate: str, value: NamedNode | Literal) -> None:
        self._said.append(Triple(subject, self._term(predicate), value))

    def _free(self, node: NamedNode) -> NamedNode:
        """Return the IRI, or one like it where it is taken."""
        iri, again = node.value, 1
        while iri in self._taken:
            again += 1
            iri = f"{node.value}~{again}"
        self._taken.add(iri)
        return NamedNode(iri) if again > 1 else node

    def _add_row(self, sheet: Sheet, row: Row, items: dict[str, NamedNode]) -> None:
        item = self._item(sheet, row, items)
        nodes = {"item": item}
        for role in sheet.roles[1:]:
            part = self._part(sheet, role, row, item)
            if part is not None:
                nodes[role.name] = part
        if id(row) in self._troubled:
            self._by_row[id(row)] = nodes
        for name, node in nodes.items():
            self.nodes.setdefault(node.value, []).append((sheet, row))
            self._describe(sheet, sheet.role(name), node, nodes, row)
        for column in sheet.columns:
            said = row.cells.get(column.name)
            if said is not None and column.kind is not Kind.ID and column.role in nodes:
                self._add_cell(column, nodes[column.role], said)
                if column.also is not None:
                    for value in self._references(said):
                        self._say(nodes[column.also[0]], column.also[1], value)

    def _item(self, sheet: Sheet, row: Row, items: dict[str, NamedNode]) -> NamedNode:
        if sheet is SHEETS[0]:
            self._taken.add(self._record.value)
            return self._record
        identifier = row.cells.get(sheet.key.name, "")
        if not identifier:
            return self._free(self.naming.at(f"~{sheet.slug}-{row.number}"))
        if len(sheet.roles) == 1:
            return self._free(self.naming.of(identifier))
        if identifier not in items:
            items[identifier] = self._free(self.naming.of(identifier))
        return items[identifier]

    def _part(self, sheet: Sheet, role: Role, row: Row, item: NamedNode) -> NamedNode | None:
        """Return the IRI of the second thing that a row describes, if it describes it."""
        if role.name == "organisation":
            return self._free(self._organisation)
        cells = row.cells
        if not any(column.role == role.name and column.name in cells for column in sheet.columns):
            return None
        given = cells.get(role.id)
        if given:
            return self._free(self.naming.of(given))
        end = role.suffix or self.naming.local(cells.get(role.name_from, ""))
        return self._free(NamedNode(f"{item.value}~{end}"))

    def _describe(
        self, sheet: Sheet, role: Role, node: NamedNode, nodes: dict[str, NamedNode], row: Row
    ) -> None:
        """Say what every row says: class, case, identifier, and how its things hang together."""
        if not self._tells_class(sheet, role, row):
            self._say(node, _RDF_TYPE.value, self._term(role.type))
        self._say(node, _PART.value, self._record)
        identifier = row.cells.get(role.id, "") if role.id else ""
        if sheet is SHEETS[0]:
            identifier = "case" if role.name == "item" else identifier or role.suffix
        if identifier:
            self._say(node, _ROW.value, Literal(identifier))
        for predicate, target in role.links:
            self._say(node, predicate, nodes["item"] if target == "item" else self._term(target))
        if role.linked_by:
            self._say(nodes["item"], role.linked_by, node)
        if sheet is SHEETS[0] and role.name == "item":
            self._say(node, apg.caseIdentifier, Literal(row.cells["case_id"]))

    def _tells_class(self, sheet: Sheet, role: Role, row: Row) -> bool:
        """Tell whether a column says what sort of thing this is, so that the general class need not be stated."""
        return any(
            column.kind is Kind.CLASS
            and column.role == role.name
            and row.cells.get(column.name) in self._choices.of(column).terms
            for column in sheet.columns
        )

    def _references(self, said: str) -> Iterator[NamedNode]:
        for name in said.split(_JOIN):
            yield self.naming.of(name)

    def _add_cell(self, column: Column, node: NamedNode, said: str) -> None:
        kind = column.kind
        if kind is Kind.REFERENCE:
            for value in self._references(said):
                if column.inverse:
                    self._say(value, column.property, node)
                else:
                    self._say(node, column.property, value)
        elif kind in {Kind.LIST, Kind.CLASS}:
            self._add_choices(column, node, said, self._choices.of(column))
        elif kind is Kind.NAMED:
            for name in split(said):
                value, label = self.naming.of_name(name, kind_name(column))
                self._say(node, column.property, value)
                self._say(value, _RDF_TYPE.value, self._term(column.classes[0]))
                self._say(value, _LABEL.value, self._text(label))
                self._say(value, _PART.value, self._record)
        else:
            self._say(node, column.property, self._literal(kind, said))

    def _text(self, text: str) -> Literal:
        return Literal(text, language=self._language) if self._language else Literal(text)

    def _literal(self, kind: Kind, said: str) -> Literal:
        if kind is Kind.NAME:
            return self._text(said)
        if kind is Kind.DATE and date_text(said) == said:
            return typed(said, "date")
        if kind is Kind.SHARE and share_text(said) == said:
            return typed(said, "number")
        if kind is Kind.NUMBER and number_text(said) == said:
            return typed(said, "number")
        if kind is Kind.COUNT and said.isascii() and said.isdigit() and number_text(said) == said:
            return typed(said, "count")
        if kind is Kind.YES_NO and said in {"yes", "no"}:
            return typed(said, "yes")
        return Literal(said)

    def _add_choices(self, column: Column, node: NamedNode, said: str, options: Options) -> None:
        whole = said in options.terms or (options.other and said.startswith("other: "))
        for name in [said] if whole else said.split(_JOIN):
            made = options.terms.get(name)
            if made is not None:
                for predicate, value in made:
                    self._say(node, predicate, self._term(value))
            elif options.other and name.startswith("other: "):
                for predicate, value in column.extras["other"]:
                    self._say(node, predicate, self._term(value))
                self._say(node, options.other, Literal(name.removeprefix("other: ")))
            else:
                # What is not in the list is kept as text, so that the rules can find it and nothing is lost.
                predicate = _KIND_TEXT.value if column.kind is Kind.CLASS else column.property
                self._say(node, predicate, Literal(name))

    # -- what no column holds -------------------------------------------------

    def _further(self, row: Row) -> Triple:
        cells = row.cells
        try:
            subject = self._read_term(cells.get("subject", ""))
            predicate = self._read_term(cells.get("property", ""))
            kind, text = cells.get("type", ""), cells.get("value", "")
            value: NamedNode | BlankNode | Literal
            if kind == "item":
                value = self._read_term(text)
            elif kind.startswith("@"):
                value = Literal(text, language=kind[1:])
            else:
                value = Literal(text, datatype=NamedNode(expand(kind) or kind)) if kind else Literal(text)
            return Triple(subject, NamedNode(getattr(predicate, "value", "")), value)
        except ValueError as error:
            place = self._content.origin(FURTHER, row, "subject") or self._content.file
            raise InputError(f"{place}: this row can't be read ({error}); restore it, or delete it") from None

    def _read_term(self, text: str) -> NamedNode | BlankNode:
        if text.startswith("_:"):
            return BlankNode(text[2:])
        if text.startswith(":"):
            return self.naming.at(text[1:])
        whole = expand(text)
        return NamedNode(whole or "")

    def further_row(self, triple: Triple, how: str) -> dict[str, str]:
        """Return the row of sheet Further statements for a statement."""
        value = triple.object
        kind = "item"
        if isinstance(value, Literal):
            text = value.value
            plain = value.datatype.value == PREFIXES["xsd"] + "string"
            kind = f"@{value.language}" if value.language else "" if plain else self._written(value.datatype)
        elif isinstance(value, Triple):
            raise InputError(f"{self._content.file}: a triple within a triple has no place in a workbook")
        else:
            text = self._written(value)
        cells = {
            "subject": self._written(triple.subject),
            "property": self._written(triple.predicate),
            "value": text,
            "type": kind,
            "how": how,
        }
        return {name: said for name, said in cells.items() if said}

    def _written(self, term: object) -> str:
        if isinstance(term, BlankNode):
            return f"_:{term.value}"
        if not isinstance(term, NamedNode):
            raise InputError(f"{self._content.file}: a triple within a triple has no place in a workbook")
        ending = self.naming.ending(term.value)
        if ending is not None:
            return f":{ending}"
        short = curie(term.value)
        return short if expand(short) == term.value and short != term.value else f"<{term.value}>"


def translate(content: Content, choices: Choices) -> Translation:
    """Make the statements that a workbook's content stands for."""
    return Translation(content, choices)
