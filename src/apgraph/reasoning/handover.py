"""What HermiT is given: the same ontology, in the datatypes that it gets right.

The HermiT of owlready2 takes any literal for an ``xsd:double``, an ``xsd:float`` or an ``rdf:langString`` and
``xsd:base64Binary`` for ``xsd:hexBinary``, and it stops at datatypes outside the `map of OWL 2
<https://www.w3.org/TR/owl2-syntax/#Datatype_Maps>`_, such as ``xsd:date``. It makes sets of what is to be held apart,
in which what stands twice stands once, and follows an expression that contains itself without an end.
"""

from __future__ import annotations

import base64
import binascii
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, QuerySolutions, RdfFormat, Store, Triple, parse

from apgraph.errors import InputError
from apgraph.reasoning.mapping import held_apart_from_themselves
from apgraph.reasoning.rules_dl import DATATYPES
from apgraph.reasoning.structure import OWL, RDF, RDFS, XSD, shown
from apgraph.store.lexical import ill_formed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

__all__ = ["CircularError", "HandOver", "IllTypedError", "hand_over"]

_OWN: Final = "urn:apgraph:datatype:"
_FLOATING: Final = (XSD + "double", XSD + "float")
_LANGUAGE: Final = RDF + "langString"
_HEX, _BASE64 = NamedNode(XSD + "hexBinary"), NamedNode(XSD + "base64Binary")
_SPOKEN: Final = (NamedNode(_LANGUAGE), NamedNode(RDF + "PlainLiteral"))
_NARROW: Final = frozenset(
    NamedNode(XSD + each) for each in ("normalizedString", "token", "language", "Name", "NCName", "NMTOKEN")
)
_KEEPING: Final = frozenset({RDF + "type", OWL + "onDatatype"})
"""Predicates whose object is to stay: what is restricted has to be a datatype of the map."""
_INSIDE: Final = frozenset(
    {
        *(RDF + each for each in ("first", "rest")),
        *(
            OWL + each
            for each in ("intersectionOf", "unionOf", "complementOf", "datatypeComplementOf", "onDatatype")
        ),
        *(OWL + each for each in ("someValuesFrom", "allValuesFrom", "onClass", "onDataRange")),
    }
)
"""Predicates by which one expression stands in another."""
_PREFIXES: Final = f"@prefix owl: <{OWL}> . @prefix rdfs: <{RDFS}> . @prefix rdf: <{RDF}> .\n"


class IllTypedError(InputError):
    """A literal whose text is none that its datatype has, so that it has no value.

    Attributes:
        triple: The triple that it stands in.
        more: How many further triples there are with such a literal.
    """

    def __init__(self, triple: Triple, *, more: int = 0, place: str | None = None) -> None:
        self.triple = triple
        self.more = more
        value = triple.object
        text, kind = (
            (value.value, shown(value.datatype)) if isinstance(value, Literal) else (str(value), "it")
        )
        problem = (
            f"{text[:60]!r}, by {shown(triple.predicate)} of {shown(triple.subject)}, is no text of {kind}"
        )
        super().__init__(
            f"{'' if place is None else f'{place}: '}{problem}; correct the text or the datatype"
            + (f"; {more} more such, which 'apgraph reason' without --dl names" if more else "")
        )


class CircularError(InputError):
    """A class expression or data range that contains itself, so that nobody can read it to its end.

    Attributes:
        triple: A triple that leads to it, of something with a name if there is such.
    """

    def __init__(self, triple: Triple, *, place: str | None = None) -> None:
        self.triple = triple
        where = (
            f", in {shown(triple.predicate)} of {shown(triple.subject)},"
            if isinstance(triple.subject, NamedNode)
            else ""
        )
        super().__init__(
            f"{'' if place is None else f'{place}: '}an expression{where} contains itself; take it apart, or leave it out"
        )


@dataclass(frozen=True, slots=True)
class HandOver:
    """An ontology as HermiT is given it.

    Attributes:
        quads: Its triples.
        not_checked: What HermiT can't look at, in words.
    """

    quads: tuple[Quad, ...]
    not_checked: tuple[str, ...] = ()


def hand_over(quads: Iterable[Quad]) -> HandOver:
    """Return an ontology as HermiT is given it.

    What XML Schema has and OWL 2 has not, dates and durations, becomes text in a language of its own for each datatype:
    nothing else is equal to it, and a range of such a type holds nothing else. Two ways to write one date are two values.

    Raises:
        CircularError: An expression contains itself.
        IllTypedError: A literal has no value.

    >>> day = Literal("2021-05-14", datatype=NamedNode(XSD + "date"))
    >>> print(hand_over([Quad(NamedNode("urn:a"), NamedNode("urn:d"), day)]).quads[0].object)
    "2021-05-14"@zxx-date
    """
    given = list(quads)
    _check(given)
    _refuse_circles(given)
    undefined = _undefined(given)
    used: dict[str, None] = {}
    made = []
    for quad in given:
        value = quad.object
        if isinstance(value, Literal):
            value = _literal(value)
        elif isinstance(value, NamedNode) and quad.predicate.value not in _KEEPING:
            value = NamedNode(RDFS + "Literal") if value.value in undefined else _datatype(value, used)
        made.append(quad if value is quad.object else Quad(quad.subject, quad.predicate, value))
    for iri in used:
        made += _definition(iri)
    said, without = held_apart_from_themselves(given)
    if without:
        dropped = set(without)
        made = [each for each in made if each.triple not in dropped]
    made += (Quad(*triple) for triple in said)
    return HandOver(tuple(made), tuple(_not_checked(given, undefined)))


def _check(quads: Iterable[Quad]) -> None:
    """Refuse literals without a value, which HermiT stops at."""
    found: defaultdict[str, dict[str, set[Triple]]] = defaultdict(dict)
    for quad in quads:
        if isinstance(quad.object, Literal):
            found[quad.object.datatype.value].setdefault(quad.object.value, set()).add(quad.triple)
    engine = Store()
    wrong: list[Triple] = []
    for datatype, texts in found.items():
        test = ill_formed("?text", datatype)
        if test is None:
            continue
        values = " ".join(str(Literal(text)) for text in texts)
        rows = engine.query(f"SELECT ?text {{ VALUES ?text {{ {values} }} FILTER({test}) }}")
        if isinstance(rows, QuerySolutions):
            wrong += [triple for row in rows for triple in texts[row["text"].value]]
    if wrong:
        raise IllTypedError(min(wrong, key=str), more=len(wrong) - 1)


def _refuse_circles(quads: Iterable[Quad]) -> None:
    """Refuse expressions that contain themselves; a list that only bites its tail is read as far as it goes."""
    within = [
        quad.triple
        for quad in quads
        if quad.predicate.value in _INSIDE and isinstance(quad.object, BlankNode)
    ]
    left = within
    while True:
        # What stands in no expression, or holds none, lies on no circle.
        holding, held = {each.subject for each in left}, {each.object for each in left}
        kept = [each for each in left if each.object in holding and each.subject in held]
        if len(kept) == len(left):
            break
        left = kept
    after: defaultdict[object, list[object]] = defaultdict(list)
    for triple in left:
        after[triple.subject].append(triple.object)
    for triple in left:
        if triple.predicate.value != RDF + "rest" and triple.subject in _reached(after, triple.object):
            raise CircularError(_named(triple, quads))


def _reached(after: Mapping[object, Sequence[object]], start: object) -> set[object]:
    found, stack = {start}, [start]
    while stack:
        for each in after.get(stack.pop(), ()):
            if each not in found:
                found.add(each)
                stack.append(each)
    return found


def _named(triple: Triple, quads: Iterable[Quad]) -> Triple:
    """Return a triple of something with a name that leads to another; that one itself where there is none."""
    above: defaultdict[object, list[Triple]] = defaultdict(list)
    for quad in quads:
        if isinstance(quad.object, BlankNode):
            above[quad.object].append(quad.triple)
    seen: set[object] = set()
    stack = [triple]
    while stack:
        each = stack.pop()
        if isinstance(each.subject, NamedNode):
            return each
        if each.subject not in seen:
            seen.add(each.subject)
            stack += above[each.subject]
    return triple


def _literal(literal: Literal) -> Literal:
    datatype = literal.datatype.value
    if datatype == _BASE64.value:
        try:
            code = base64.b64decode("".join(literal.value.split()), validate=True)
        except binascii.Error:
            return literal
        return Literal(code.hex().upper(), datatype=_HEX)
    if datatype in DATATYPES:
        return literal
    if _is_foreign(datatype):
        return Literal(literal.value, language=_tag(datatype))
    return Literal(literal.value, datatype=NamedNode(XSD + "string"))


def _datatype(term: NamedNode, used: dict[str, None]) -> NamedNode:
    iri = term.value
    if term == _BASE64:
        return _HEX
    if iri in _FLOATING or iri == _LANGUAGE or _is_foreign(iri):
        used[iri] = None
        return NamedNode(_name(iri))
    return term


def _is_foreign(iri: str) -> bool:
    """Tell whether a datatype is one of XML Schema that OWL 2 has not."""
    return iri.startswith(XSD) and iri not in DATATYPES


def _name(iri: str) -> str:
    return _OWN + iri.rpartition("#")[2]


def _tag(iri: str) -> str:
    """Return a language for the values of a datatype: none, as one that is written there; a subtag has eight letters.

    >>> _tag(XSD + "gYearMonth")
    'zxx-gyearmon'
    """
    return f"zxx-{iri[len(XSD) :].lower()[:8]}"


def _definition(iri: str) -> Iterator[Quad]:
    """Yield the triples that say of a datatype, under the name that HermiT is given, what its values are."""
    if iri in _FLOATING:
        values = (
            f'[ a rdfs:Datatype ; owl:unionOf ( [ a rdfs:Datatype ; owl:oneOf ( "NaN"^^<{iri}> ) ] '
            f"[ a rdfs:Datatype ; owl:onDatatype <{iri}> ; "
            f'owl:withRestrictions ( [ <{XSD}minInclusive> "-INF"^^<{iri}> ] ) ] ) ]'
        )
    else:
        language = "*" if iri == _LANGUAGE else _tag(iri)
        values = (
            "[ a rdfs:Datatype ; owl:onDatatype rdf:PlainLiteral ; "
            f'owl:withRestrictions ( [ rdf:langRange "{language}" ] ) ]'
        )
    text = f"{_PREFIXES}<{_name(iri)}> a rdfs:Datatype ; owl:equivalentClass {values} ."
    yield from parse(text, format=RdfFormat.TURTLE, rename_blank_nodes=True)


def _undefined(quads: Iterable[Quad]) -> set[str]:
    """Return the datatypes of which nothing is said but that they are."""
    declared: set[str] = set()
    defined: set[str] = set()
    for quad in quads:
        if isinstance(quad.subject, NamedNode):
            if quad.predicate.value == RDF + "type" and quad.object == NamedNode(RDFS + "Datatype"):
                declared.add(quad.subject.value)
            elif quad.predicate.value == OWL + "equivalentClass" and isinstance(quad.object, BlankNode):
                defined.add(quad.subject.value)
    return {iri for iri in declared - defined - DATATYPES if not iri.startswith(XSD)}


def _not_checked(quads: Iterable[Quad], undefined: set[str]) -> Iterator[str]:
    """Yield, in words, what HermiT knows less of than OWL 2 says."""
    literals: set[str] = set()
    named: set[NamedNode] = set()
    spaced = False
    for quad in quads:
        if isinstance(quad.object, Literal):
            literals.add(quad.object.datatype.value)
            text = quad.object.value
            spaced = spaced or " ".join(text.split()) != text
        elif isinstance(quad.object, NamedNode) and quad.predicate.value not in _KEEPING:
            named.add(quad.object)
    own = {iri for iri in literals - DATATYPES if not iri.startswith(XSD)}
    for iri in sorted(own | {iri for iri in undefined if NamedNode(iri) in named}):
        yield f"which values <{iri}> has: HermiT does not know"
    if all(each in named or each.value in literals for each in (_HEX, _BASE64)):
        yield "whether a value is of xsd:hexBinary or of xsd:base64Binary: HermiT takes them for one"
    if any(map(_is_foreign, literals)) and named.intersection(_SPOKEN):
        yield "whether a date or the like is an rdf:langString or rdf:PlainLiteral: HermiT takes it for one"
    if spaced and (narrow := sorted(shown(each) for each in named & _NARROW)):
        yield f"whether a text with white space at its ends, or other than single spaces, is of {' or '.join(narrow)}"
