"""Literals as they were written, kept beside a store that keeps their values.

Oxigraph stores ``"01"^^xsd:integer`` as 1, every integer type as xsd:integer and ``"x"@EN`` as
``"x"@en``. What it would change is kept in a graph of its own next to the graph it belongs to: the
same subject and predicate, and a literal whose datatype starts with ``urn:apgraph:as:`` followed by
the datatype as written, or by ``@`` and the language tag. See
docs/decisions/0031-spellings-are-kept-in-graphs-beside.md.
"""

from __future__ import annotations

import re
from array import array
from typing import TYPE_CHECKING, Final

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad
from pyoxigraph import Store as Engine

from apgraph.store.dataset import SPELLING
from apgraph.store.tags import CASE_MARK, reveal_tag

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pyoxigraph import Triple

    from apgraph.store.dataset import GraphName

    Key = tuple[NamedNode | BlankNode | Triple, NamedNode, Literal]

__all__ = [
    "AS_STORED",
    "CHANGEABLE",
    "Spellings",
    "is_spelling",
    "kept_graph",
    "mark",
    "stored_form",
    "unmark",
]

_XSD: Final = "http://www.w3.org/2001/XMLSchema#"
_TAGGED: Final = frozenset(
    f"http://www.w3.org/1999/02/22-rdf-syntax-ns#{name}" for name in ("langString", "dirLangString")
)
_KEPT: Final = "urn:apgraph:as:"

CHANGEABLE: Final = frozenset(
    _XSD + name
    for name in [
        "boolean",
        "byte",
        "date",
        "dateTime",
        "dateTimeStamp",
        "dayTimeDuration",
        "decimal",
        "double",
        "duration",
        "float",
        "gDay",
        "gMonth",
        "gMonthDay",
        "gYear",
        "gYearMonth",
        "int",
        "integer",
        "long",
        "negativeInteger",
        "nonNegativeInteger",
        "nonPositiveInteger",
        "positiveInteger",
        "short",
        "time",
        "unsignedByte",
        "unsignedInt",
        "unsignedLong",
        "unsignedShort",
        "yearMonthDuration",
    ]
)
"""The datatypes that Oxigraph reads as values; literals of all others stay as they are."""

AS_STORED: Final = {
    _XSD + "integer": re.compile(r"0|-?[1-9][0-9]{0,17}"),
    _XSD + "decimal": re.compile(r"-?(?:[1-9][0-9]{0,8}|0)\.[0-9]{0,8}[1-9]|0|-?[1-9][0-9]{0,8}"),
    _XSD + "boolean": re.compile(r"true|false"),
    _XSD + "date": re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"),
    _XSD + "dateTime": re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-9]{2}:[0-9]{2}Z?"),
    _XSD + "gYear": re.compile(r"[0-9]{4}"),
}
"""By datatype, forms that Oxigraph is known to write itself; they need not be asked about."""

_MEMORY: Final = 100_000


class _Scratch:
    """A store with one literal at a time, to see what Oxigraph makes of it."""

    def __init__(self) -> None:
        self._engine = Engine()
        self._node = NamedNode("urn:apgraph:scratch")
        self._answers: dict[Literal, Literal] = {}

    def ask(self, literal: Literal) -> Literal:
        answer = self._answers.get(literal)
        if answer is None:
            quad = Quad(self._node, self._node, literal)
            self._engine.add(quad)
            stored = next(self._engine.quads_for_pattern(None, None, None)).object
            self._engine.remove(quad)
            if not isinstance(stored, Literal):
                raise TypeError(stored)
            if len(self._answers) >= _MEMORY:
                self._answers.clear()
            self._answers[literal] = answer = stored
        return answer


_scratch = _Scratch()


def stored_form(literal: Literal) -> Literal:
    """Return the literal that Oxigraph gives back for one that is put into it.

    >>> stored_form(Literal("01", datatype=NamedNode("http://www.w3.org/2001/XMLSchema#byte")))
    <Literal value=1 datatype=<NamedNode value=http://www.w3.org/2001/XMLSchema#integer>>
    """
    if literal.language is not None:
        return literal
    datatype = literal.datatype.value
    if datatype not in CHANGEABLE:
        return literal
    known = AS_STORED.get(datatype)
    if known is not None and known.fullmatch(literal.value):
        return literal
    return _scratch.ask(literal)


def mark(literal: Literal, tag: str | None = None) -> Literal:
    """Return the literal that keeps a written form in a graph of spellings.

    Args:
        literal: The literal as written.
        tag: Its language tag as written, which a pyoxigraph literal has in small letters only.

    >>> mark(Literal("x", language="en"), "EN").datatype.value
    'urn:apgraph:as:@EN'
    """
    return Literal(
        literal.value, datatype=NamedNode(f"{_KEPT}@{tag}" if tag else _KEPT + literal.datatype.value)
    )


def unmark(kept: Literal) -> tuple[Literal, str | None]:
    """Return a literal as written, and its language tag as written: the inverse of :func:`mark`.

    >>> unmark(mark(Literal("x", language="en"), "EN"))
    (<Literal value=x language=en>, 'EN')
    """
    written = kept.datatype.value.removeprefix(_KEPT)
    if written.startswith("@"):
        return Literal(kept.value, language=written[1:]), written[1:]
    return Literal(kept.value, datatype=NamedNode(written)), None


def kept_graph(graph: GraphName) -> NamedNode:
    """Return the graph that keeps the spellings of a graph.

    >>> kept_graph(NamedNode("urn:g")).value, kept_graph(DefaultGraph()).value
    ('urn:apgraph:spelling:urn:g', 'urn:apgraph:spelling')
    """
    match graph:
        case DefaultGraph():
            return NamedNode(SPELLING)
        case BlankNode():
            return NamedNode(f"{SPELLING}:_:{graph.value}")
        case _:
            # Brackets are for addresses only, and so nowhere else in an IRI.
            return NamedNode(f"{SPELLING}:" + graph.value.replace("[", "%5B").replace("]", "%5D"))


class Spellings:
    """The spellings that are kept in one Oxigraph store."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def is_empty(self) -> bool:
        """Tell whether the store keeps no spelling at all."""
        return not any(
            is_spelling(name)
            and next(self._engine.quads_for_pattern(None, None, None, name), None) is not None
            for name in self._engine.named_graphs()
        )

    def of_graph(self, graph: GraphName) -> dict[Key, list[tuple[Literal, str | None]]]:
        """Return what is kept of a graph: subject, predicate and stored literal to what was written."""
        kept: dict[Key, list[tuple[Literal, str | None]]] = {}
        for quad in self._engine.quads_for_pattern(None, None, None, kept_graph(graph)):
            if isinstance(quad.object, Literal):
                written, tag = unmark(quad.object)
                kept.setdefault((quad.subject, quad.predicate, stored_form(written)), []).append(
                    (written, tag)
                )
        return kept

    def of_subject(
        self, graph: GraphName, subject: NamedNode | BlankNode | Triple, predicate: NamedNode
    ) -> dict[Literal, list[tuple[Literal, str | None]]]:
        """Return what is kept of one subject and predicate: stored literal to what was written."""
        kept: dict[Literal, list[tuple[Literal, str | None]]] = {}
        for quad in self._engine.quads_for_pattern(subject, predicate, None, kept_graph(graph)):
            if isinstance(quad.object, Literal):
                written, tag = unmark(quad.object)
                kept.setdefault(stored_form(written), []).append((written, tag))
        return kept

    def intake(self, quads: Iterable[Quad], counter: list[int] | None = None) -> Iterator[Quad]:
        """Yield quads and what has to be kept of them, for one transaction.

        Where a form that Oxigraph would write itself stands beside another form of the same value,
        both are kept.

        Args:
            quads: Quads as written; language tags with capitals as :func:`apgraph.store.tags.protect_tag` leaves them.
            counter: Its first item is increased by the number of quads.
        """
        engine = self._engine
        fresh = self.is_empty()
        before: dict[GraphName, dict[Key, list[tuple[Literal, str | None]]]] = {}
        plain = array("q")  # hashes of quads with a form that stays as it is
        kept: dict[Quad, None] = {}
        number = 0
        for quad in quads:
            number += 1
            literal = quad.object
            if type(literal) is not Literal:
                yield quad
                continue
            tag: str | None = None
            if literal.language is not None:
                stored = literal
                if CASE_MARK in literal.language:
                    language, tag = reveal_tag(literal.language)
                    stored = Literal(literal.value, language=language, direction=literal.direction)
                    quad = Quad(quad.subject, quad.predicate, stored, quad.graph_name)
            elif literal.datatype.value in CHANGEABLE:
                stored = stored_form(literal)
            else:
                yield quad
                continue
            if stored != literal and (tag is not None or literal.language is None):
                quad = Quad(quad.subject, quad.predicate, stored, quad.graph_name)
                kept[quad] = None
                yield quad
                yield Quad(quad.subject, quad.predicate, mark(literal, tag), kept_graph(quad.graph_name))
                continue
            yield quad
            plain.append(hash(quad))
            if not fresh:
                if quad.graph_name not in before:
                    before[quad.graph_name] = self.of_graph(quad.graph_name)
                if (quad.subject, quad.predicate, stored) in before[quad.graph_name]:
                    yield _keep_plain(quad)
        if kept:
            sought = {hash(quad): quad for quad in kept}
            met = {value for value in plain if value in sought}
            for quad in kept:
                if hash(quad) in met or (quad in engine and not self._keeps(quad)):
                    yield _keep_plain(quad)
        if counter is not None:
            counter[0] += number

    def survey(self, quads: Iterable[Quad], target: GraphName, *, tags: bool) -> tuple[int, list[Quad]]:
        """Return how many quads there are, and what has to be kept of them.

        Args:
            quads: Quads as written.
            target: The graph for those that are in none.
            tags: Whether language tags with capitals are among them.
        """
        looked_at = CHANGEABLE if self.is_empty() and not tags else CHANGEABLE | _TAGGED
        number = 0

        def relevant() -> Iterator[Quad]:
            nonlocal number
            for quad in quads:
                number += 1
                literal = quad.object
                if type(literal) is Literal and literal.datatype.value in looked_at:
                    if isinstance(quad.graph_name, DefaultGraph):
                        yield Quad(quad.subject, quad.predicate, literal, target)
                    else:
                        yield quad

        kept = [quad for quad in self.intake(relevant()) if is_spelling(quad.graph_name)]
        return number, kept

    def _keeps(self, quad: Quad) -> bool:
        """Tell whether anything is kept of a quad, given as stored."""
        kept = self.of_subject(quad.graph_name, quad.subject, quad.predicate)
        return isinstance(quad.object, Literal) and quad.object in kept

    def matching(
        self,
        subject: NamedNode | BlankNode | Triple | None,
        predicate: NamedNode | None,
        written: NamedNode | BlankNode | Literal | Triple | None,
        graph: GraphName,
    ) -> Iterator[tuple[Quad, str | None]]:
        """Yield the quads of a graph as they were written, each with its language tag if that has capitals.

        Args:
            subject: The subject; None for any.
            predicate: The predicate; None for any.
            written: The object as written (language tags in small letters); None for any.
            graph: The graph.
        """
        stored = stored_form(written) if isinstance(written, Literal) else written
        quads = self._engine.quads_for_pattern(subject, predicate, stored, graph)
        if not self._engine.contains_named_graph(kept_graph(graph)):
            for quad in quads:
                if stored == written:
                    yield quad, None
            return
        whole = self.of_graph(graph) if subject is predicate is written is None else None
        for quad in quads:
            if not isinstance(quad.object, Literal):
                yield quad, None
                continue
            if whole is None:
                forms = self.of_subject(graph, quad.subject, quad.predicate).get(quad.object)
            else:
                forms = whole.get((quad.subject, quad.predicate, quad.object))
            for literal, tag in forms or [(quad.object, None)]:
                if written is None or literal == written:
                    yield Quad(quad.subject, quad.predicate, literal, graph), tag

    def remove(self, quads: Iterable[tuple[Quad, str | None]]) -> None:
        """Remove quads as :meth:`matching` yields them; other forms of the same value stay."""
        for quad, tag in quads:
            literal = quad.object
            if not isinstance(literal, Literal):
                self._engine.remove(quad)
                continue
            name = kept_graph(quad.graph_name)
            self._engine.remove(
                Quad(quad.subject, quad.predicate, mark(literal, tag or literal.language), name)
            )
            stored = stored_form(literal)
            if not self.of_subject(quad.graph_name, quad.subject, quad.predicate).get(stored):
                self._engine.remove(Quad(quad.subject, quad.predicate, stored, quad.graph_name))

    def forget(self, graph: GraphName) -> None:
        """Forget what is kept of a graph."""
        self._engine.remove_graph(kept_graph(graph))

    def prune(self, graphs: Iterable[GraphName]) -> None:
        """Forget what is kept of quads that are there no more.

        Args:
            graphs: The graphs that there are.
        """
        names = {kept_graph(graph): graph for graph in graphs}
        for name in list(self._engine.named_graphs()):
            if not is_spelling(name):
                continue
            if isinstance(name, BlankNode) or name not in names:
                self._engine.remove_graph(name)
                continue
            stale = []
            for quad in self._engine.quads_for_pattern(None, None, None, name):
                if isinstance(quad.object, Literal):
                    stored = stored_form(unmark(quad.object)[0])
                    if Quad(quad.subject, quad.predicate, stored, names[name]) not in self._engine:
                        stale.append(quad)
            for quad in stale:
                self._engine.remove(quad)


def is_spelling(graph: GraphName) -> bool:
    """Tell whether a graph keeps spellings."""
    return isinstance(graph, NamedNode) and (
        graph.value == SPELLING or graph.value.startswith(f"{SPELLING}:")
    )


def _keep_plain(quad: Quad) -> Quad:
    literal = quad.object
    if not isinstance(literal, Literal):
        raise TypeError(literal)
    return Quad(quad.subject, quad.predicate, mark(literal, literal.language), kept_graph(quad.graph_name))
