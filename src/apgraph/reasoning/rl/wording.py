"""Triples and axioms of OWL in words."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from pyoxigraph import BlankNode, Literal, NamedNode

from apgraph.reasoning.rl.rule import TYPE
from apgraph.reasoning.rl.schema import EXPRESSION
from apgraph.reasoning.structure import OWL, RDFS
from apgraph.reasoning.structure import name as local

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from apgraph.reasoning.rl.rule import Fact, Term
    from apgraph.reasoning.rl.schema import Schema

__all__ = ["COUNTS", "VALUES", "Wording", "with_article"]

_XSD: Final = "http://www.w3.org/2001/XMLSchema#"
_AXIOMS: Final = {
    RDFS + "subClassOf": "every {s} is {a_o}",
    RDFS + "subPropertyOf": "{s} implies {o}",
    RDFS + "domain": "whatever has {s} is {a_o}",
    RDFS + "range": "whatever {s} leads to is {a_o}",
    OWL + "equivalentClass": "{s} means the same as {o}",
    OWL + "equivalentProperty": "{s} means the same as {o}",
    OWL + "disjointWith": "nothing is both {s} and {o}",
    OWL + "complementOf": "{s} is whatever is not {o}",
    OWL + "propertyDisjointWith": "{s} and {o} never hold of the same two things",
    OWL + "inverseOf": "{s} is {o} the other way round",
    OWL + "sameAs": "{s} is the same as {o}",
    OWL + "differentFrom": "{s} is not {o}",
    OWL + "intersectionOf": "{s} is whatever is {and_}",
    OWL + "unionOf": "{s} is whatever is {or_}",
    OWL + "disjointUnionOf": "{s} is whatever is {or_}, and nothing is two of these",
    OWL + "oneOf": "{s} is one of {list}",
    OWL + "hasKey": "{list} identify {a_s}",
    OWL + "propertyChainAxiom": "{chain} makes {s}",
    OWL + "members": "{s}: {list}",
    OWL + "distinctMembers": "{s}: {list}",
    OWL + "onProperty": "the property of {s} is {o}",
    OWL + "hasValue": "the value of {s} is {o}",
    OWL + "someValuesFrom": "{s} asks for some {o}",
    OWL + "allValuesFrom": "{s} asks for {o} only",
    OWL + "maxCardinality": "{s} allows {o} at most",
    OWL + "maxQualifiedCardinality": "{s} allows {o} at most",
    OWL + "onClass": "{s} counts {o}",
    OWL + "sourceIndividual": "{s} is denied of {o}",
    OWL + "assertionProperty": "what {s} denies is {o}",
    OWL + "targetIndividual": "{s} denies a link to {o}",
    OWL + "targetValue": "{s} denies the value {o}",
}
_TYPES: Final = {
    OWL + "AllDifferent": "all of {s} are different",
    OWL + "AllDisjointClasses": "nothing is in two of {s}",
    OWL + "AllDisjointProperties": "no two of {s} hold of the same two things",
}


COUNTS: Final = {
    "minCardinality": "min",
    "maxCardinality": "max",
    "cardinality": "exactly",
    "minQualifiedCardinality": "min",
    "maxQualifiedCardinality": "max",
    "qualifiedCardinality": "exactly",
}
"""The words of the Manchester syntax for restrictions that count, by their names in OWL."""
VALUES: Final = {"hasValue": "value", "someValuesFrom": "some", "allValuesFrom": "only"}
"""Those for the others."""
_FACETS: Final = {
    "minInclusive": ">=",
    "maxInclusive": "<=",
    "minExclusive": ">",
    "maxExclusive": "<",
    "length": "length",
    "minLength": "minLength",
    "maxLength": "maxLength",
    "pattern": "pattern",
    "totalDigits": "totalDigits",
    "fractionDigits": "fractionDigits",
    "langRange": "langRange",
}
_SAID: Final = frozenset(
    NamedNode(OWL + name)
    for name in (
        *COUNTS,
        *VALUES,
        "onProperty",
        "onProperties",
        "onClass",
        "onDataRange",
        "hasSelf",
        "onDatatype",
        "withRestrictions",
        "datatypeComplementOf",
        "intersectionOf",
        "unionOf",
        "oneOf",
        "complementOf",
        "members",
        "distinctMembers",
        "sourceIndividual",
        "assertionProperty",
        "targetIndividual",
        "targetValue",
    )
)


class Wording:
    """How a triple reads.

    Args:
        schema: Where class expressions and lists are.
        label: What an IRI is called; the last part of it by default.
        facts: Triples that say what limits a datatype, of which the schema knows nothing.

    >>> from apgraph.reasoning.rl.schema import Schema
    >>> a, c = NamedNode("urn:x:a"), NamedNode("urn:x:C")
    >>> Wording(Schema([])).fact((a, TYPE, c))
    'a is a C'
    """

    def __init__(
        self, schema: Schema, label: Callable[[str], str] | None = None, facts: Iterable[Fact] = ()
    ) -> None:
        self._schema = schema
        self._label = label or local
        self._facets: defaultdict[Term, list[str]] = defaultdict(list)
        for s, p, o in facts:
            if isinstance(p, NamedNode) and (sign := _FACETS.get(local(p.value))) and isinstance(o, Literal):
                self._facets[s].append(f"{sign} {_limit(o)}")
        self._within: set[NamedNode] = set()

    def fact(self, fact: Fact) -> str:
        """Return a triple in words."""
        s, p, o = fact
        iri = p.value if isinstance(p, NamedNode) else ""
        pattern = _AXIOMS.get(iri)
        if p == TYPE:
            kind = o.value if isinstance(o, NamedNode) else ""
            pattern = _TYPES.get(kind, "{s} is {a_o}")
        if pattern is None:
            return f"{self.term(s)} {self.term(p)} {self.term(o)}"
        items = [self.term(item) for item in self._schema.lists.get(o, ())]
        return pattern.format(
            s=self.term(s),
            o=self.term(o),
            a_s=with_article(self.term(s)),
            a_o=with_article(self.term(o)),
            list=", ".join(items),
            chain=" then ".join(items),
            and_=" and ".join(items),
            or_=" or ".join(items),
        )

    def is_said(self, fact: Fact) -> bool:
        """Tell whether a triple only says what a class expression is, which its own words say."""
        s, p, _ = fact
        return (
            isinstance(s, NamedNode)
            and s.value.startswith(EXPRESSION)
            and isinstance(p, NamedNode)
            and p in _SAID
        )

    def term(self, term: Term) -> str:
        """Return a term in words; a class expression in the manner of the Manchester syntax."""
        match term:
            case Literal():
                return _literal(term)
            case BlankNode():
                return f"_:{term.value}"
            case _:
                if not term.value.startswith(EXPRESSION):
                    return self._label(term.value)
                if term in self._within:
                    return "itself"
                self._within.add(term)
                try:
                    return self._expression(term)
                finally:
                    self._within.remove(term)

    def _expression(self, node: NamedNode) -> str:
        if node in self._schema.lists:
            return "(" + ", ".join(self.term(item) for item in self._schema.lists[node]) + ")"
        said = {
            fact[1].value: self._schema.named(fact[2])
            for fact in self._schema.describe(node)
            if isinstance(fact[1], NamedNode)
        }
        for name, join in (("intersectionOf", " and "), ("unionOf", " or ")):
            if (node_ := said.get(OWL + name)) is not None:
                return "(" + join.join(self.term(item) for item in self._schema.lists.get(node_, ())) + ")"
        for name in ("members", "distinctMembers"):
            if (node_ := said.get(OWL + name)) is not None:
                return self.term(node_)
        if (node_ := said.get(OWL + "oneOf")) is not None:
            return "{" + ", ".join(self.term(item) for item in self._schema.lists.get(node_, ())) + "}"
        for name, word in (
            ("complementOf", "not"),
            ("datatypeComplementOf", "not"),
            ("inverseOf", "inverse"),
        ):
            if (value := said.get(OWL + name)) is not None:
                return f"({word} {self.term(value)})"
        if (datatype := said.get(OWL + "onDatatype")) is not None:
            return f"{self._datatype(datatype)}[{self._limits(said.get(OWL + 'withRestrictions'))}]"
        if (restriction := self._restriction(said)) is not None:
            return restriction
        if (source := said.get(OWL + "sourceIndividual")) is not None:
            target = said.get(OWL + "targetIndividual") or said.get(OWL + "targetValue")
            verb = said.get(OWL + "assertionProperty")
            parts = [self.term(each) for each in (source, verb, target) if each is not None]
            return f"(not: {' '.join(parts)})"
        return f"({node.value[len(EXPRESSION) :][:6]})"

    def _restriction(self, said: Mapping[str, Term]) -> str | None:
        """Return a restriction of a property, or of several at once; None where it is none."""
        on = said.get(OWL + "onProperty")
        many = said.get(OWL + "onProperties")
        if on is not None:
            of = self.term(on)
        elif many is not None:
            of = ", ".join(self.term(each) for each in self._schema.lists.get(many, ()))
        else:
            return None
        if OWL + "hasSelf" in said:
            return f"({of} Self)"
        for name, word in VALUES.items():
            if (value := said.get(OWL + name)) is not None:
                return f"({of} {word} {self._datatype(value)})"
        kind = said.get(OWL + "onClass", said.get(OWL + "onDataRange"))
        for name, word in COUNTS.items():
            if isinstance(value := said.get(OWL + name), Literal):
                return f"({of} {word} {value.value}{'' if kind is None else f' {self._datatype(kind)}'})"
        return None

    def _datatype(self, term: Term) -> str:
        """Return a term that may be a datatype, which has no label but the name that everybody knows."""
        if isinstance(term, NamedNode) and term.value.startswith(_XSD):
            return local(term.value)
        return self.term(term)

    def _limits(self, node: Term | None) -> str:
        """Return what limits a datatype; three dots where only the axioms are known, to which that does not belong."""
        items = () if node is None else self._schema.lists.get(node, ())
        return ", ".join(text for item in items for text in self._facets.get(item, ("...",)))


def _literal(term: Literal) -> str:
    """Return a literal in words: values that look alike may differ in their datatype.

    >>> integer = NamedNode("http://www.w3.org/2001/XMLSchema#integer")
    >>> _literal(Literal("a")), _literal(Literal("1", datatype=integer)), _literal(Literal("a", language="cy"))
    ('"a"', '"1" (integer)', '"a" (cy)')
    """
    kind = term.language or local(term.datatype.value)
    return f'"{term.value}"' if kind == "string" else f'"{term.value}" ({kind})'


def _limit(term: Literal) -> str:
    """Return the value of a facet: a number as it is, anything else in quotes.

    >>> _limit(Literal(5)), _limit(Literal("[a-z]+"))
    ('5', '"[a-z]+"')
    """
    kind = local(term.datatype.value)
    return f'"{term.value}"' if kind in {"string", "langString"} else term.value


def with_article(text: str) -> str:
    """Return a name with the article that its first letter asks for; an expression without any.

    >>> with_article("'open day'"), with_article("Team"), with_article("(p value v)")
    ("an 'open day'", 'a Team', '(p value v)')
    """
    if text.startswith(("(", "{")):
        return text
    return f"{'an' if text.lstrip(chr(39))[:1].lower() in set('aeio') else 'a'} {text}"
