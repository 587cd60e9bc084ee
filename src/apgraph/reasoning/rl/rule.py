"""A rule of OWL 2 RL, specialised to the axioms of one ontology."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple, Variable

from apgraph.reasoning.structure import RDF
from apgraph.sparql import term_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

__all__ = [
    "TYPE",
    "Atom",
    "Condition",
    "Fact",
    "Instance",
    "Part",
    "Rule",
    "Step",
    "Term",
    "facts",
    "put",
    "quad",
]

Term = NamedNode | BlankNode | Literal
Part = Term | Variable
Atom = tuple[Part, Part, Part]
Fact = tuple[Term, Term, Term]

TYPE: Final = NamedNode(RDF + "type")


@dataclass(frozen=True, slots=True)
class Condition:
    """What must hold of the values of variables, as a SPARQL expression.

    Args:
        expression: The expression.
        variables: The variables in it.
    """

    expression: str
    variables: tuple[Variable, ...]

    def filled(self, values: Mapping[Variable, Term]) -> Condition:
        """Return the condition with those of its variables replaced that have a value.

        >>> x, y = Variable("x"), Variable("y")
        >>> Condition("STR(?x) < STR(?y)", (x, y)).filled({x: NamedNode("urn:a")}).expression
        'STR(<urn:a>) < STR(?y)'
        """
        given = {
            str(name): "<urn:apgraph:blank>" if isinstance(term, BlankNode) else term_text(term)
            for name, term in values.items()
            if name in self.variables
        }
        if not given:
            return self
        text = re.sub(r"\?\w+", lambda found: given.get(found[0], found[0]), self.expression)
        return Condition(text, tuple(name for name in self.variables if str(name) not in given))


@dataclass(frozen=True, slots=True)
class Step:
    """One use of a rule: the conclusion follows from the premises and the axioms.

    Args:
        rule: Name of the rule in the specification.
        premises: The triples that the rule matched.
        axioms: The axioms that the rule was specialised to.
    """

    rule: str
    premises: tuple[Fact, ...]
    axioms: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Instance:
    """A rule with one row of its table filled in."""

    name: str
    body: tuple[Atom, ...]
    head: Atom | None
    axioms: tuple[Fact, ...]
    unequal: tuple[tuple[Variable, Variable], ...]
    conditions: tuple[Condition, ...]

    @property
    def transitive(self) -> NamedNode | None:
        """The property that the rule says to be transitive, if that is all that it says.

        >>> x, y, z, p = Variable("x"), Variable("y"), Variable("z"), NamedNode("urn:p")
        >>> Instance("prp-trp", ((x, p, y), (y, p, z)), (x, p, z), (), (), ()).transitive
        <NamedNode value=urn:p>
        """
        if self.head is None or len(self.body) != 2 or self.conditions:
            return None
        (x, p, y), (middle, q, z) = self.body
        ends = {part for part in (x, y, z) if isinstance(part, Variable)}
        if len(ends) < 3 or middle != y or not isinstance(p, NamedNode) or p != q or self.head != (x, p, z):
            return None
        return p


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of the specification with all axioms of one ontology that it has the same form for.

    Args:
        name: Name of the rule in the specification, such as ``cax-sco``.
        body: What has to match.
        head: What follows; None: that the data contradicts itself.
        columns: The variables that axioms fill.
        rows: What each axiom, or set of axioms, fills them with.
        axioms: The axioms, in terms of the columns.
        unequal: Pairs of variables that must stand for different terms.
        conditions: What else must hold.

    >>> x, c, d = Variable("x"), Variable("c"), Variable("d")
    >>> rule = Rule("cax-sco", ((x, TYPE, c),), (x, TYPE, d), (c, d), ((NamedNode("urn:c"), NamedNode("urn:d")),))
    >>> [str(part) for part in next(rule.instances()).body[0]][2]
    '<urn:c>'
    """

    name: str
    body: tuple[Atom, ...]
    head: Atom | None
    columns: tuple[Variable, ...] = ()
    rows: tuple[tuple[Term, ...], ...] = ((),)
    axioms: tuple[Atom, ...] = ()
    unequal: tuple[tuple[Variable, Variable], ...] = ()
    conditions: tuple[Condition, ...] = ()

    @property
    def transitive(self) -> NamedNode | None:
        """The property that it says to be transitive, if that is all that it says, in one row."""
        return self.instance(self.rows[0]).transitive if len(self.rows) == 1 else None

    def apart(self) -> tuple[Rule, ...]:
        """Return the rule with those rows that don't just say that a property is transitive, and then each of the others.

        >>> x, y, z, p = (Variable(name) for name in "xyzp")
        >>> rows = ((NamedNode("urn:p"),), (NamedNode("urn:q"),))
        >>> rule = Rule("prp-trp", ((x, p, y), (y, p, z)), (x, p, z), (p,), rows)
        >>> [each.transitive for each in rule.apart()]
        [<NamedNode value=urn:p>, <NamedNode value=urn:q>]
        """
        if self.head is None or len(self.body) != 2:
            return (self,)
        closing = {row for row in self.rows if self.instance(row).transitive is not None}
        if not closing:
            return (self,)
        rest = tuple(row for row in self.rows if row not in closing)
        return (
            *([replace(self, rows=rest)] if rest else []),
            *(replace(self, rows=(row,)) for row in dict.fromkeys(self.rows) if row in closing),
        )

    def instances(self) -> Iterator[Instance]:
        """Yield the rule for each of its rows."""
        for row in self.rows:
            yield self.instance(row)

    def instance(self, row: tuple[Term, ...]) -> Instance:
        """Return the rule for one row."""
        values: dict[Variable, Term] = dict(zip(self.columns, row, strict=True))
        axioms = []
        for atom in self.axioms:
            s, p, o = put(atom, values)
            if isinstance(s, Variable) or isinstance(p, Variable) or isinstance(o, Variable):
                raise TypeError(atom)  # an axiom is said in columns only
            axioms.append((s, p, o))
        return Instance(
            self.name,
            tuple(put(atom, values) for atom in self.body),
            None if self.head is None else put(self.head, values),
            tuple(axioms),
            self.unequal,
            tuple(condition.filled(values) for condition in self.conditions),
        )

    def guards(self) -> tuple[str, ...]:
        """Return what keeps literals and blank nodes from places where RDF does not allow them."""
        if self.head is None:
            return ()
        subjects = {atom[0] for atom in self.body} | set(self.columns)
        predicates = {atom[1] for atom in self.body} | set(self.columns)
        guards = []
        if isinstance(self.head[0], Variable) and self.head[0] not in subjects:
            guards.append(f"!isLiteral({self.head[0]})")
        if isinstance(self.head[1], Variable) and self.head[1] not in predicates:
            guards.append(f"isIRI({self.head[1]})")
        return tuple(guards)


def facts(triples: Iterable[Triple | Quad]) -> Iterator[Fact]:
    """Yield triples as tuples; triples about triples, which OWL has no use for, are left out."""
    for triple in triples:
        subject, value = triple.subject, triple.object
        if not isinstance(subject, Triple) and not isinstance(value, Triple):
            yield (subject, triple.predicate, value)


def quad(fact: Fact, graph: str) -> Quad:
    """Return a triple as a quad of a graph.

    Raises:
        TypeError: RDF does not allow it.
    """
    subject, predicate, value = fact
    if isinstance(subject, Literal) or not isinstance(predicate, NamedNode):
        raise TypeError(fact)
    return Quad(subject, predicate, value, NamedNode(graph))


def put(atom: Atom, values: Mapping[Variable, Term]) -> Atom:
    """Return an atom with variables replaced by their values."""

    def value(part: Part) -> Part:
        return values.get(part, part) if isinstance(part, Variable) else part

    return (value(atom[0]), value(atom[1]), value(atom[2]))
