"""The text of a graph: order, names and layout, as the package documents them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    Quad,
    RdfFormat,
    Triple,
    parse,
)

from apgraph.errors import ParseError
from apgraph.turtle.shape import FIRST, REST, Shape, Subject, Term

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from os import PathLike

__all__ = ["KINDS", "LEADING", "WIDTH", "format_turtle", "write"]


WIDTH: Final = 110
"""Longest line that a blank node, a list or a row of objects may fill before it is broken."""

_RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_RDFS: Final = "http://www.w3.org/2000/01/rdf-schema#"
_OWL: Final = "http://www.w3.org/2002/07/owl#"
_SKOS: Final = "http://www.w3.org/2004/02/skos/core#"
_SH: Final = "http://www.w3.org/ns/shacl#"
_XSD: Final = "http://www.w3.org/2001/XMLSchema#"

_TYPE: Final = NamedNode(_RDF + "type")
_ANNOTATED: Final = NamedNode(_OWL + "annotatedSource")

KINDS: Final[Mapping[str, int]] = {
    _OWL + "Ontology": 0,
    _OWL + "AnnotationProperty": 1,
    _OWL + "Class": 2,
    _RDFS + "Class": 2,
    _OWL + "ObjectProperty": 3,
    _OWL + "DatatypeProperty": 4,
    _RDF + "Property": 4,
    _RDFS + "Datatype": 5,
}
"""Types that decide where a subject stands; a subject of several stands at the first, any other subject last."""
_OTHER: Final = 6

LEADING: Final = (
    _RDF + "type",
    _RDFS + "label",
    _SKOS + "prefLabel",
    _SKOS + "altLabel",
    _SKOS + "definition",
    _RDFS + "comment",
    _RDFS + "subClassOf",
    _RDFS + "subPropertyOf",
    _RDFS + "domain",
    _RDFS + "range",
    _OWL + "annotatedSource",
    _OWL + "annotatedProperty",
    _OWL + "annotatedTarget",
    _SH + "targetClass",
    _SH + "path",
)
"""Predicates that come before all others, in this order."""
_RANK: Final[Mapping[str, int]] = {iri: rank for rank, iri in enumerate(LEADING)}

_LOCAL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.:-]*[A-Za-z0-9_:-])?")
_BARE: Final[Mapping[str, re.Pattern[str]]] = {
    # rdflib reads other numbers without quotes as values (01 as 1, 0.0000001 as 1E-7), and forgets how they were written.
    _XSD + "integer": re.compile(r"0|-?[1-9][0-9]*"),
    _XSD + "decimal": re.compile(r"-?(?!0\.0{6})(?:0|[1-9][0-9]*)\.[0-9]+"),
    _XSD + "double": re.compile(r"[+-]?(?:[0-9]+\.[0-9]*|\.?[0-9]+)[eE][+-]?[0-9]+"),
    _XSD + "boolean": re.compile(r"true|false"),
}
_POSITION = re.compile(r"^Parser error at line \d+ (?:between columns \d+ and \d+|column \d+|[^:]*): ")
_ESCAPES: Final = {
    **{code: f"\\u{code:04X}" for code in (*range(0x20), 0x7F)},
    0x08: "\\b",
    0x09: "\\t",
    0x0A: "\\n",
    0x0C: "\\f",
    0x0D: "\\r",
    0x22: '\\"',
    0x5C: "\\\\",
}
_LONG_ESCAPES: Final = {code: text for code, text in _ESCAPES.items() if code not in (0x09, 0x0A, 0x22)}
_IRI_ESCAPES: Final = {
    **{code: f"\\u{code:04X}" for code in range(0x21)},
    **{ord(character): f"\\u{ord(character):04X}" for character in '<>"{}|^`\\'},
}


def write(triples: Iterable[Quad | Triple], prefixes: Mapping[str, str] | None = None) -> str:
    """Return the graph as Turtle; equal graphs (blank node labels apart) give equal texts.

    Time and memory grow with the number of triples; only blank nodes that refer to one another in dense knots
    take longer.

    Args:
        triples: The graph. Turtle has no named graphs: the graph names of quads are left out.
        prefixes: Prefix to namespace; only those that are used are declared.

    >>> from pyoxigraph import Literal, NamedNode, Triple
    >>> a = NamedNode("http://example.org/a")
    >>> label = NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
    >>> print(write([Triple(a, label, Literal("one", language="en"))], {"ex": "http://example.org/"}), end="")
    @prefix ex: <http://example.org/> .
    <BLANKLINE>
    ex:a
        <http://www.w3.org/2000/01/rdf-schema#label> "one"@en .
    """
    return _Writer(triples, prefixes or {}).text()


def format_turtle(
    text: bytes, prefixes: Mapping[str, str] | None = None, *, name: str | PathLike[str]
) -> str:
    """Return Turtle text as ``write`` writes it; the prefixes of the text win over those given.

    Args:
        text: A Turtle document with absolute IRIs, or with its own base.
        prefixes: Further prefixes that may be used.
        name: What the document is called in an error.

    Raises:
        ParseError: The text is no Turtle.

    >>> print(format_turtle(b'@prefix e: <http://e.org/> . e:a e:n 1 , 01 ; a e:B .', name="a.ttl"), end="")
    @prefix e: <http://e.org/> .
    <BLANKLINE>
    e:a
        a e:B ;
        e:n "01"^^<http://www.w3.org/2001/XMLSchema#integer>, 1 .
    """
    parser = parse(text, format=RdfFormat.TURTLE)
    try:
        quads = list(parser)
    except SyntaxError as error:
        lines = text.decode("utf-8", "replace").splitlines()
        offending = lines[error.lineno - 1].strip() if error.lineno and error.lineno <= len(lines) else None
        problem = _POSITION.sub("", error.msg)
        raise ParseError(
            name, problem, line=error.lineno or None, column=error.offset or None, text=offending
        ) from error
    return write(quads, {**(prefixes or {}), **parser.prefixes})


def _string(value: str) -> str:
    if "\n" not in value:
        return f'"{value.translate(_ESCAPES)}"'
    body = value.translate(_LONG_ESCAPES).replace('""', '"\\"')
    # Pairs of quotes are taken apart from the left; a last odd one would be read as the first of the closing three.
    if (len(value) - len(value.rstrip('"'))) % 2:
        body = body[:-1] + '\\"'
    return f'"""{body}"""'


def _order(predicate: NamedNode) -> tuple[int, str]:
    return (_RANK.get(predicate.value, len(LEADING)), predicate.value)


class _Writer:
    """The state of one text."""

    def __init__(self, triples: Iterable[Quad | Triple], prefixes: Mapping[str, str]) -> None:
        unique = {t.triple if isinstance(t, Quad) else t for t in triples}
        self._shape = Shape(unique)
        self._labels = {
            node: f"_:b{rank}"
            for node, rank in sorted(self._shape.ranks(unique).items(), key=lambda item: item[1])
        }
        self._namespaces = sorted(prefixes.items(), key=lambda item: (-len(item[1]), item[0]))
        self._used: set[str] = set()
        self._names: dict[str, str] = {}
        self._keys: dict[BlankNode, str] = {}
        self._lines: dict[BlankNode, str | None] = {}

    def text(self) -> str:
        blocks = [self._block(subject) for subject in self._subjects()]
        if self._used:
            named = sorted((prefix, iri) for prefix, iri in self._namespaces if prefix in self._used)
            blocks.insert(0, "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in named))
        return "\n".join(blocks)

    # -- order -------------------------------------------------------------------------------------------

    def _subjects(self) -> Iterator[Subject]:
        subjects = self._shape.subjects
        annotations: dict[Term, list[BlankNode]] = {}
        loose: list[BlankNode] = []
        for node in self._shape.roots:
            if node in self._labels:
                continue
            sources = subjects[node].get(_ANNOTATED, [])
            if len(sources) == 1 and (isinstance(sources[0], NamedNode) or sources[0] in self._labels):
                annotations.setdefault(sources[0], []).append(node)
            else:
                loose.append(node)
        anchors = {node for node in (*subjects, *annotations) if isinstance(node, NamedNode)}
        for anchor in sorted(anchors, key=self._place):
            if anchor in subjects:
                yield anchor
            yield from sorted(annotations.get(anchor, ()), key=self._content)
        yield from sorted(loose, key=self._content)
        for node in self._labels:
            if node in subjects:
                yield node
            yield from sorted(annotations.get(node, ()), key=self._content)

    def _place(self, node: NamedNode) -> tuple[int, str]:
        types = self._shape.subjects.get(node, {}).get(_TYPE, ())
        kinds = [KINDS.get(kind.value, _OTHER) for kind in types if isinstance(kind, NamedNode)]
        return (min(kinds, default=_OTHER), node.value)

    def _key(self, term: Term) -> tuple[int, str]:
        if isinstance(term, NamedNode):
            return (0, term.value)
        if isinstance(term, Literal):
            return (1, str(term))
        if isinstance(term, BlankNode):
            label = self._labels.get(term)
            return (3, self._content(term)) if label is None else (2, label.rjust(12))
        return (4, self._name(term))

    def _content(self, node: BlankNode) -> str:
        """Return what the node says, in a form that no other content shares."""
        known = self._keys.get(node)
        if known is None:
            if node in self._shape.cells:
                known = f"({' '.join(self._flat(item) for item in self._items(node))})"
            else:
                rows = (
                    f"{predicate} {' '.join(self._flat(term) for term in terms)}"
                    for predicate, terms in self._sorted(node)
                )
                known = f"[{';'.join(rows)}]"
            self._keys[node] = known
        return known

    def _flat(self, term: Term) -> str:
        return str(term) if isinstance(term, NamedNode) else self._key(term)[1]

    def _sorted(self, node: Subject) -> list[tuple[NamedNode, list[Term]]]:
        statements = self._shape.subjects.get(node, {})
        return [(p, sorted(statements[p], key=self._key)) for p in sorted(statements, key=_order)]

    def _items(self, cell: BlankNode) -> list[Term]:
        items: list[Term] = []
        rest: Term = cell
        while isinstance(rest, BlankNode):
            statements = self._shape.subjects[rest]
            items.append(statements[FIRST][0])
            rest = statements[REST][0]
        return items

    # -- names -------------------------------------------------------------------------------------------

    def _name(self, term: Term) -> str:
        """Return a term that stands in one piece."""
        if isinstance(term, NamedNode):
            return self._iri(term.value)
        if isinstance(term, BlankNode):
            return self._labels[term]
        if isinstance(term, Triple):
            return f"<<( {self._name(term.subject)} {self._iri(term.predicate.value)} {self._name(term.object)} )>>"
        if term.language:
            direction = f"--{term.direction.value}" if term.direction else ""
            return f"{_string(term.value)}@{term.language}{direction}"
        datatype = term.datatype.value
        if datatype == _XSD + "string":
            return _string(term.value)
        bare = _BARE.get(datatype)
        if bare and bare.fullmatch(term.value):
            return term.value
        return f"{_string(term.value)}^^{self._iri(datatype)}"

    def _iri(self, iri: str) -> str:
        name = self._names.get(iri)
        if name is None:
            name = f"<{iri.translate(_IRI_ESCAPES)}>"
            for prefix, namespace in self._namespaces:
                if iri.startswith(namespace) and _LOCAL.fullmatch(iri, len(namespace)):
                    name = f"{prefix}:{iri[len(namespace) :]}"
                    self._used.add(prefix)
                    break
            self._names[iri] = name
        return name

    # -- layout ------------------------------------------------------------------------------------------

    def _block(self, subject: Subject) -> str:
        name = "[]" if isinstance(subject, BlankNode) and subject not in self._labels else self._name(subject)
        return f"{name}\n{self._body(subject, 4)} .\n"

    def _body(self, node: Subject, indent: int) -> str:
        return " ;\n".join(
            " " * indent + self._row(predicate, terms, indent) for predicate, terms in self._sorted(node)
        )

    def _row(self, predicate: NamedNode, terms: list[Term], indent: int) -> str:
        verb = "a" if predicate == _TYPE else self._iri(predicate.value)
        texts = [self._term(term, indent, len(verb) + 1) for term in terms]
        row = f"{verb} {', '.join(texts)}"
        if len(texts) == 1 or ("\n" not in row and indent + len(row) + 2 <= WIDTH):
            return row
        if all("\n" in text and text.startswith(("[", "(")) for text in texts):
            return row
        margin = "\n" + " " * (indent + 4)
        return verb + margin + f",{margin}".join(self._term(term, indent + 4, 0) for term in terms)

    def _term(self, term: Term, indent: int, before: int) -> str:
        if not isinstance(term, BlankNode) or term in self._labels:
            return self._name(term)
        line = self._line(term)
        if line is not None and indent + before + len(line) + 2 <= WIDTH:
            return line
        outer = " " * indent
        if term in self._shape.cells:
            inner = " " * (indent + 4)
            items = (inner + self._term(item, indent + 4, 0) for item in self._items(term))
            return "(\n" + "\n".join(items) + f"\n{outer})"
        return f"[\n{self._body(term, indent + 4)}\n{outer}]"

    def _line(self, node: BlankNode) -> str | None:
        """Return the node on one line, or None where it reads better on several."""
        if node not in self._lines:
            self._lines[node] = self._compact(node)
        return self._lines[node]

    def _compact(self, node: BlankNode) -> str | None:
        if node in self._shape.cells:
            items = [self._piece(item) for item in self._items(node)]
            return None if None in items else "( " + " ".join(item for item in items if item) + " )"
        statements = self._sorted(node)
        if not statements:
            return "[]"
        if len(statements) > 3:
            return None
        rows: list[str] = []
        for predicate, terms in statements:
            pieces = [self._piece(term) for term in terms]
            if None in pieces:
                return None
            verb = "a" if predicate == _TYPE else self._iri(predicate.value)
            rows.append(f"{verb} {', '.join(piece for piece in pieces if piece)}")
        return "[ " + " ; ".join(rows) + " ]"

    def _piece(self, term: Term) -> str | None:
        if isinstance(term, BlankNode) and term not in self._labels:
            piece = self._line(term)
        else:
            piece = self._name(term)
        return None if piece is None or "\n" in piece or len(piece) > WIDTH else piece
