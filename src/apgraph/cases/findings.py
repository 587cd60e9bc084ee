"""Findings in words that an AP lead understands: what is wrong, where, and what to do."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from pyoxigraph import BlankNode, Literal, NamedNode

from apgraph.cases.choices import FROM_EXTENSION, is_extensible
from apgraph.cases.places import CELL
from apgraph.cases.providers import REGISTER
from apgraph.cases.rules import LIST_QUERY, LIST_TITLE, RULE_NUMBER, SHEET, fault_of, text_of
from apgraph.cases.values import literal_text
from apgraph.lexicon import CASE_BASE, LANGUAGE, curie, spoken
from apgraph.shacl import load_shapes
from apgraph.shacl.report import SH, term_text
from apgraph.sparql import with_prefixes
from apgraph.vocabulary import APG, APGS, APGX, PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from apgraph.cases.origins import Origin
    from apgraph.cases.places import Places
    from apgraph.lexicon import Lexicon
    from apgraph.shacl import Finding, Report, Shapes
    from apgraph.shacl.report import Term
    from apgraph.store import Store

__all__ = ["Explained", "explain"]

_RDFS: Final = PREFIXES["rdfs"]
_TITLES: Final = {
    CELL.value: "a cell is empty or can't be read",
    REGISTER.value: "an organisation is not as the register has it",
}
_NOTHING: Final[Mapping[str, Sequence[str]]] = {"row": (), "case": (), "type": ()}
_OF_FORM: Final = frozenset({"NodeKind", "Datatype", "Pattern", "MinLength", "MaxLength"})
"""Constraints that another name would not keep either."""
_FILLED_IN: Final = re.compile(r"\{[?$]\w+\}")
_ROW: Final = re.compile(r"~[^~]*-(\d+)")
_OPENING: Final = "'\"‘“"
_CLOSING: Final = "'\"’”"
_IRI: Final = re.compile(r"(?:https?://|urn:)[^\s'\"<>,;]*[^\s'\"<>,;.!?)]")


@dataclass(frozen=True, slots=True)
class Explained:
    """A finding in words.

    Attributes:
        finding: The finding itself.
        rule: Number of the rule that was not kept; None for shapes that number no rules.
        title: What is wrong, as a heading.
        asks: What the rule asks, in a sentence or two; ``""`` where it does not say.
        thing: What is at fault: kind and name.
        case: Identifier of the case that it belongs to.
        sheet: The sheet of the workbook on which it is entered.
        field: The field.
        value: The value at fault.
        message: What is wrong and what to do.
        nearest: Known names like the value, where the value is not known; best first.
        origin: Where it was read, as far as that is known.
        names: Label and row of what is at fault, as far as it has any.
    """

    finding: Finding
    rule: int | None
    title: str
    asks: str
    thing: str
    case: str | None
    sheet: str | None
    field: str | None
    value: str | None
    message: str
    nearest: tuple[str, ...]
    origin: Origin | None = None
    names: tuple[str, ...] = ()

    @property
    def where(self) -> str:
        """Place, thing, case, sheet and field in one line."""
        parts = [str(self.origin)] if self.origin is not None else []
        parts.append(self.thing)
        if self.case:
            parts.append(f"case {self.case}")
        # A rule about dates knows no sheet, since many sheets have dates.
        if self.sheet and self.sheet != "any" and (self.origin is None or self.origin.sheet is None):
            parts.append(f"sheet {self.sheet}")
        if self.field:
            parts.append(self.field)
        return ", ".join(parts)

    def to_record(self) -> dict[str, object]:
        """Return it as JSON can hold it."""
        return {
            "severity": self.finding.severity.value,
            "severity_iri": self.finding.severity_iri or self.finding.severity.iri,
            "rule": self.rule,
            "rule_title": self.title,
            "case": self.case,
            "thing": self.thing,
            # The label of a blank node is another each time.
            "iri": self.finding.focus_node.value if isinstance(self.finding.focus_node, NamedNode) else None,
            "sheet": self.sheet,
            "field": self.field,
            "path": self.finding.path_text,
            "value": self.value,
            "value_term": term_text(self.finding.value),
            "message": self.message,
            "nearest": list(self.nearest),
            "shape": self.finding.shape_address or curie(self.finding.source_shape.value),
            "component": self.finding.component_name,
            "place": None if self.origin is None else str(self.origin),
            "origin": None if self.origin is None else self.origin.to_record(),
        }


def explain(
    report: Report,
    store: Store,
    lexicon: Lexicon,
    *,
    shapes: Shapes | None = None,
    places: Mapping[str, Places] | None = None,
) -> tuple[Explained, ...]:
    """Put the findings of a report into words, in the report's order.

    Args:
        report: What was found.
        store: Where the data lies that was judged; names are looked up in it.
        lexicon: The names of terms.
        shapes: The shapes that judged; those of the report by default.
        places: What knows where the data of a graph was read, by graph.
    """
    if not report.findings:
        return ()
    known = shapes or report.shapes or load_shapes(report.shapes_files)
    names = _Names(store, lexicon, report.findings)
    origins, said = _origins(report, store, places or {})
    listed = _once(_listed(report, store, lexicon, known), report, names)
    return tuple(
        _explain(
            finding,
            names,
            lexicon,
            known,
            origin,
            said.get(at),
            listed.get((finding.source_shape, finding.focus_node), ""),
        )
        for at, (finding, origin) in enumerate(zip(report, origins, strict=True))
    )


def _origins(
    report: Report, store: Store, places: Mapping[str, Places]
) -> tuple[list[Origin | None], dict[int, str]]:
    """Return the place of each finding, and what reading said of it, by its number.

    Only who read the graph that its focus node is described in is asked.
    """
    origins: list[Origin | None] = [None] * len(report)
    said: dict[int, str] = {}
    if not places:
        return origins, said
    nodes = {str(f.focus_node) for f in report if isinstance(f.focus_node, NamedNode)}
    query = f"""SELECT DISTINCT ?node ?graph WHERE {{
        VALUES ?node {{ {" ".join(sorted(nodes))} }} GRAPH ?graph {{ ?node ?property ?value }} }}"""
    homes: defaultdict[str, set[str]] = defaultdict(set)
    for node, graph in store.select(query, default_graphs=[""]).rows:
        if isinstance(graph, NamedNode):
            homes[str(node)].add(graph.value)
    wanted: defaultdict[str, list[int]] = defaultdict(list)
    for at, finding in enumerate(report):
        # A file with graphs of its own is known by another name than theirs; then anyone may know.
        for home in homes[str(finding.focus_node)] & places.keys() or places:
            wanted[home].append(at)
    for home, place in places.items():
        missing = [at for at in wanted[home] if origins[at] is None]
        for at, origin in zip(missing, place.locate([report.findings[at] for at in missing]), strict=True):
            origins[at] = origin
        for at in wanted[home]:
            known = place.said_of(report.findings[at])
            if known is not None:
                said.setdefault(at, known)
    return origins, said


def _listed(
    report: Report, store: Store, lexicon: Lexicon, shapes: Shapes
) -> Mapping[tuple[Term, Term], str]:
    """Return, by source shape and focus node, what the list query of a constraint adds to its message."""
    found: dict[tuple[Term, Term], str] = {}
    for shape in {finding.source_shape for finding in report}:
        for constraint in shapes.objects(shape, SH + "sparql"):
            query, title = text_of(shapes, constraint, LIST_QUERY), text_of(shapes, constraint, LIST_TITLE)
            if query is None:
                continue
            groups: defaultdict[Term, defaultdict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
            for node, *terms in store.select(with_prefixes(query, PREFIXES)).rows:
                term, group = (
                    (lexicon.label(each.value) or _short(each.value)) if isinstance(each, NamedNode) else ""
                    for each in (*terms, None)[:2]
                )
                if node is not None and term:
                    groups[node][group].append(term)
            found.update({(shape, node): f" {title}: {_fewest(each)}." for node, each in groups.items()})
    return found


def _once(
    listed: Mapping[tuple[Term, Term], str], report: Report, names: _Names
) -> Mapping[tuple[Term, Term], str]:
    """Return the same, with what one finding has said already left out of the next."""
    first: dict[tuple[Term, str], Term] = {}
    shown = dict(listed)
    for finding in report:
        at = (finding.source_shape, finding.focus_node)
        said = listed.get(at)
        if said is not None and first.setdefault((at[0], said), at[1]) != at[1]:
            title = said.partition(":")[0]
            shown[at] = f"{title}: the same as for {names.thing(first[at[0], said])}."
    return shown


def _fewest(groups: Mapping[str, Sequence[str]]) -> str:
    """Return the names in the groups with the fewest: all of them would hide what is near in what is far."""
    least = min(map(len, groups.values()))
    return "; ".join(
        f"{group} ({', '.join(sorted(names))})" if group else ", ".join(sorted(names))
        for group, names in sorted(groups.items())
        if len(names) == least
    )


def _explain(
    finding: Finding,
    names: _Names,
    lexicon: Lexicon,
    shapes: Shapes,
    origin: Origin | None,
    said: str | None,
    listed: str,
) -> Explained:
    shape = finding.source_shape
    number = text_of(shapes, shape, RULE_NUMBER)
    value = None if finding.value is None or finding.value == finding.focus_node else names.of(finding.value)
    if isinstance(finding.value, Literal) and origin is not None and origin.column is not None:
        # As the cell has it.
        value = literal_text(finding.value)
    nearest = _nearest(finding, names, lexicon, shapes)
    message = said or _IRI.sub(lambda match: names.of(NamedNode(match[0])), _said(finding, lexicon.language))
    if not message:
        message = f"This does not keep what sh:{_lower(finding.component_name)} asks."
    # Messages of SHACL Core cannot quote the value, so it is put in front of them.
    if said is None and value is not None and not _is_quoted(value, message, finding, shapes):
        message = f"{value!r}{_kind(finding, shapes)}: {message}"
    if said is None and _may_be_added(finding, names, shapes):
        message += f" {FROM_EXTENSION}"
    message += listed
    field = text_of(shapes, shape, SH + "name") or _field(finding, names)
    stating = names.stating.get(shape)
    if stating is None:
        stating = names.stating[shape] = _stating(shapes, shape, number)
    title = _TITLES.get(shape.value) or _title(shapes, stating, number)
    if isinstance(shape, BlankNode) and title == curie(shape.value):
        # The name of a blank node is another each time, and says nothing.
        title = f"what is asked of {field}" if field else "what an unnamed shape asks"
    if finding.own_severity:  # it counts as a violation, and may be meant as less
        title += f" (severity {names.of(NamedNode(finding.own_severity))})"
    if nearest and said is None:
        message += "" if message.endswith((".", "!", "?")) else "."
        message += f" Did you mean {' or '.join(nearest)}?"
    return Explained(
        finding=finding,
        rule=None if number is None else int(number),
        title=title,
        asks=text_of(shapes, stating, _RDFS + "comment") or "",
        thing=names.thing(finding.focus_node),
        case=names.case(finding.focus_node),
        sheet=text_of(shapes, shape, SHEET) or (origin.sheet if origin is not None else None),
        field=field,
        value=value,
        message=message,
        nearest=nearest,
        origin=origin,
        names=names.known(finding.focus_node),
    )


def _said(finding: Finding, language: str) -> str:
    """Return the message of a finding for readers of a language."""
    if language == LANGUAGE or not finding.messages:
        return finding.message
    return min(finding.messages, key=lambda each: (spoken(each.language, language), each.value)).value


def _is_quoted(value: str, message: str, finding: Finding, shapes: Shapes) -> bool:
    """Tell whether a message quotes a value; a word of its own sentence may be the same by accident."""
    around = list(_around(value, message))
    if any(before and before in _OPENING and after and after in _CLOSING for before, after in around):
        return True
    constraint = finding.source_constraint
    if constraint is None and finding.component.startswith(SH):
        return False  # SHACL Core fills nothing in
    validators = (
        validator
        for name in ("validator", "nodeValidator", "propertyValidator")
        for validator in shapes.objects(NamedNode(finding.component), SH + name)
    )
    stating = [node for node in (finding.source_shape, constraint, *validators) if node is not None]
    said = [each.value for node in stating for each in shapes.objects(node, SH + "message")]
    # Without a message of its own, the query gives one: there anything may be filled in.
    if said and not any(_FILLED_IN.search(text) for text in said):
        return False
    return any(not (_is_letter(before) or _is_letter(after)) for before, after in around)


def _around(value: str, message: str) -> Iterator[tuple[str, str]]:
    """Yield the letters before and behind each occurrence of a value; a pattern for each of many would take long to make."""
    at = message.find(value) if value else -1
    while at >= 0:
        end = at + len(value)
        yield message[at - 1 : at] if at else "", message[end : end + 1]
        at = message.find(value, at + 1)


def _is_letter(text: str) -> bool:
    return text.isalnum() or text == "_"


def _kind(finding: Finding, shapes: Shapes) -> str:
    """Return the datatype or language of a value, in brackets, where the text alone does not show what is wrong with it.

    A rule that says itself what is wrong is left to its words.
    """
    value, shape = finding.value, finding.source_shape
    if not isinstance(value, Literal) or shapes.objects(shape, SH + "message"):
        return ""
    alike: Iterable[Term] = ()
    if finding.component_name == "Datatype":
        alike = (
            Literal(value.value, datatype=NamedNode(kind.value))
            for kind in shapes.objects(shape, SH + "datatype")
        )
    elif finding.component_name == "In":
        alike = (member for head in shapes.objects(shape, SH + "in") for member in shapes.members(head))
    if all(each == value or each.value != value.value for each in alike):
        return ""
    return f" ({curie(value.datatype.value)})" if value.language is None else f" (in {value.language})"


def _lower(name: str) -> str:
    return name.lower() if name.isupper() else name[:1].lower() + name[1:]


def _field(finding: Finding, names: _Names) -> str | None:
    if finding.path_text is None:
        return None
    if finding.path_text == f"<{_RDFS}label>":
        return "name"
    return names.of(finding.path) if isinstance(finding.path, NamedNode) else finding.path_text


def _stating(shapes: Shapes, shape: Term, number: str | None) -> Term:
    """Return the shape that states the rule: of a property shape without a label, the node shape that it is part of."""
    if number is not None and text_of(shapes, shape, _RDFS + "label") is None:
        for node in shapes.nodes():
            if shape in shapes.objects(node, SH + "property"):
                return node
    return shape


def _title(shapes: Shapes, shape: Term, number: str | None) -> str:
    if number is None:
        return (
            text_of(shapes, shape, _RDFS + "label")
            or text_of(shapes, shape, SH + "name")
            or curie(shape.value)
        )
    return fault_of(shapes, shape)


def _nearest(finding: Finding, names: _Names, lexicon: Lexicon, shapes: Shapes) -> tuple[str, ...]:
    """Return names like a value that nothing describes, among what the shape would have accepted."""
    if finding.component_name == "Closed":
        return _nearest_allowed(finding, shapes)
    if finding.component_name in _OF_FORM:
        return ()
    if isinstance(finding.value, Literal):
        # A workbook's word for a term that is in no list.
        known = [
            c.value for c in shapes.objects(finding.source_shape, SH + "class") if isinstance(c, NamedNode)
        ]
        return tuple(f"'{name}'" for name in lexicon.suggest(finding.value.value, known, 2)) if known else ()
    if not isinstance(finding.value, NamedNode) or names.is_described(finding.value):
        return ()
    classes = [
        c.value for c in shapes.objects(finding.source_shape, SH + "class") if isinstance(c, NamedNode)
    ]
    if finding.value == finding.focus_node:
        return ()
    if not classes and finding.value.value.startswith((APG, APGS, APGX)):
        # A name in a namespace of ours is taken for another one there.
        prefix = curie(finding.value.value).partition(":")[0]
        near = lexicon.suggest(finding.value.value, None, 8)
        return tuple(_named(name, lexicon) for name in near if name.startswith(f"{prefix}:"))[:2]
    if not classes:
        return ()
    near = lexicon.suggest(finding.value.value, classes, 8)
    # Items of other cases are no answer, however much their names look alike.
    case = ":".join(finding.value.value.split(":")[:4])
    kept = [name for name in near if not name.startswith(CASE_BASE) or name.startswith(f"{case}:")]
    return tuple(_named(name, lexicon) for name in kept[:2])


def _nearest_allowed(finding: Finding, shapes: Shapes) -> tuple[str, ...]:
    """Return the properties like the one at fault that a closed shape allows."""
    shape = finding.source_shape
    allowed = [p for s in shapes.objects(shape, SH + "property") for p in shapes.objects(s, SH + "path")]
    allowed += [p for head in shapes.objects(shape, SH + "ignoredProperties") for p in shapes.members(head)]
    if not isinstance(finding.path, NamedNode):
        return ()
    names = {_local(each.value): each.value for each in allowed if isinstance(each, NamedNode)}
    near = get_close_matches(_local(finding.path.value), names, n=2)
    return tuple(f"'{curie(names[name])}'" for name in near)


def _local(iri: str) -> str:
    return re.split(r"[:/#]", iri)[-1]


def _may_be_added(finding: Finding, names: _Names, shapes: Shapes) -> bool:
    """Tell whether what is at fault is a term that an extension may add and that nothing here describes."""
    value = finding.value
    if not isinstance(value, NamedNode) or value == finding.focus_node or names.is_described(value):
        return False
    if value.value.startswith((CASE_BASE, *PREFIXES.values())):
        return False
    return is_extensible(node.value for node in shapes.objects(finding.source_shape, SH + "class"))


def _named(name: str, lexicon: Lexicon) -> str:
    if name.startswith(CASE_BASE):
        # As the workbook has it, whose reader never sees an IRI.
        return f"'{unquote(name.split(':', 4)[-1])}'"
    prefix, _, local = name.partition(":")
    label = lexicon.label(PREFIXES[prefix] + local) if prefix in PREFIXES else None
    return f"'{label}' ({name})" if label else f"'{name}'"


class _Names:
    """What the nodes of some findings are called, looked up for all of them together."""

    def __init__(self, store: Store, lexicon: Lexicon, findings: Iterable[Finding]) -> None:
        self.stating: dict[Term, Term] = {}
        """The shape that states the rule of a shape: looked for once, whatever the number of findings."""
        nodes: set[str] = set()
        for finding in findings:
            nodes.update(
                t.value for t in (finding.focus_node, finding.value, finding.path) if isinstance(t, NamedNode)
            )
            for said in finding.messages:
                nodes.update(_IRI.findall(said.value))
        self._lexicon = lexicon
        self._facts = _facts(store, nodes)
        # By the lexicon, which knows the reader's language.
        self._labels = lexicon.labels(sorted(filter(_IRI.fullmatch, nodes)))
        self._kinds = lexicon.labels(
            sorted({kind for facts in self._facts.values() for kind in facts["type"]})
        )

    def is_described(self, node: NamedNode) -> bool:
        return node.value in self._facts or node.value in self._labels

    def of(self, term: Term) -> str:
        """Return the name of a term: label, row, or short form."""
        if not isinstance(term, NamedNode):
            return term.value if isinstance(term, Literal) else "an unnamed item"
        label = self._labels.get(term.value)
        return label or self._first(term, "row") or self._lexicon.label(term.value) or _short(term.value)

    def thing(self, term: Term) -> str:
        """Return kind and name of what is at fault."""
        if not isinstance(term, NamedNode):
            return self.of(term)
        kinds = sorted(
            self._kinds[kind] for kind in self._facts.get(term.value, _NOTHING)["type"] if kind in self._kinds
        )
        kind = kinds[0] if kinds else "item"
        label, row = self._labels.get(term.value), self._first(term, "row") or _short(term.value)
        return f"{kind} '{label}' ({row})" if label else f"{kind} {row}"

    def known(self, term: Term) -> tuple[str, ...]:
        """Return label and row of what is at fault."""
        if not isinstance(term, NamedNode):
            return ()
        return tuple(name for name in (self._first(term, "row"), self._labels.get(term.value)) if name)

    def case(self, term: Term) -> str | None:
        return self._first(term, "case") if isinstance(term, NamedNode) else None

    def _first(self, term: NamedNode, what: str) -> str | None:
        return next(iter(self._facts.get(term.value, _NOTHING)[what]), None)


def _short(iri: str) -> str:
    if iri.startswith(CASE_BASE):
        # As the workbook has it, whose reader never sees an IRI; a row without an identifier has a number.
        name = unquote(iri.split(":", 4)[-1])
        unnamed = _ROW.fullmatch(name)
        return f"in row {unnamed[1]}" if unnamed else name or iri
    short = curie(iri)
    return short if short != iri else re.split(r"[:/#]", iri.rstrip(":/#"))[-1] or iri


def _facts(store: Store, nodes: Iterable[str]) -> Mapping[str, Mapping[str, Sequence[str]]]:
    """Return row, case and types of the nodes that have a type or a row."""
    values = " ".join(str(NamedNode(node)) for node in sorted(nodes) if _IRI.fullmatch(node))
    patterns = {
        "row": f"?node <{APG}rowIdentifier> ?name",
        "case": f"?node <{APG}isPartOfCase>/<{APG}caseIdentifier> ?name",
        "type": "?node a ?name",
    }
    # The nodes stand in each part: joined to the union, they would be looked through for every row of it.
    parts = [
        f'{{ VALUES ?node {{ {values} }} {pattern} . BIND ("{what}" AS ?what) }}'
        for what, pattern in patterns.items()
    ]
    query = f"SELECT ?node ?what ?name WHERE {{ {' UNION '.join(parts)} }} ORDER BY ?node ?what ?name"
    facts: dict[str, dict[str, list[str]]] = {}
    if values:
        for node, what, name in store.select(query).rows:
            if isinstance(node, NamedNode) and isinstance(what, Literal) and name is not None:
                known = facts.setdefault(node.value, {what: [] for what in patterns})
                known[what.value].append(getattr(name, "value", ""))
    return facts
