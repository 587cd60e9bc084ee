"""Values that are written in more ways than one: ``3``, ``3.0`` and ``"3"^^xsd:int`` are one number.

A key, a restriction to a value and properties that are disjoint speak of values, where a store knows literals. So for
the properties that a rule compares values of, each literal is taken for those that are written otherwise, too
(``dt-eq`` and ``eq-rep-o``).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from decimal import Decimal, InvalidOperation
from itertools import permutations
from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal, NamedNode, Variable

from apgraph.reasoning.rl.rule import TYPE, Rule
from apgraph.reasoning.structure import OWL, XSD
from apgraph.store.integers import INTEGERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from apgraph.reasoning.rl.rule import Atom, Term

__all__ = ["EQUAL_VALUES", "compared", "literal_query", "value_rules"]

EQUAL_VALUES: Final = "dt-eq"
"""The name of the rule; what it makes is a step on the way, and no result."""

_NUMBERS: Final = frozenset(XSD + name for name in (*INTEGERS, "decimal"))
_FLOATS: Final = frozenset(XSD + name for name in ("double", "float"))
_TEXTS: Final = frozenset(
    XSD + name for name in ("normalizedString", "token", "language", "Name", "NCName", "NMTOKEN")
)
_OF_THINGS: Final = frozenset({TYPE, NamedNode(OWL + "sameAs"), NamedNode(OWL + "differentFrom")})
"""Properties that never have a value."""
_X, _P, _Y, _Z = (Variable(name) for name in "xpyz")


def literal_query(dataset: str) -> str:
    """Return the query for the literals of a store whose value may be written otherwise; ``dataset`` is its FROM clauses."""
    types = " , ".join(f"<{iri}>" for iri in sorted(_TEXTS))
    return f"SELECT DISTINCT ?o {dataset} WHERE {{ ?s ?p ?o FILTER(isNumeric(?o) || DATATYPE(?o) IN ({types})) }}"


def compared(rules: Iterable[Rule]) -> tuple[frozenset[Term], frozenset[Literal]]:
    """Return the properties whose values rules compare, and the literals that rules speak of.

    >>> link = (NamedNode("urn:p"), Literal("3"))
    >>> rule = Rule("cls-hv2", ((_X, _P, _Y),), (_X, TYPE, _Z), (_P, _Y, _Z), ((*link, NamedNode("urn:c")),))
    >>> properties, literals = compared([rule])
    >>> [each.value for each in properties], [each.value for each in literals]
    (['urn:p'], ['3'])
    """
    properties: set[Term] = set()
    literals: set[Literal] = set()
    for rule in rules:
        times = Counter(atom[2] for atom in rule.body)
        subjects = {atom[0] for atom in rule.body}
        at = {column: number for number, column in enumerate(rule.columns)}
        if rule.head is not None and isinstance(rule.head[2], Variable) and rule.head[2] in at:
            made = (row[at[rule.head[2]]] for row in rule.rows)
            literals.update(value for value in made if isinstance(value, Literal))
        for atom in rule.body:
            _, p, o = atom
            if p in _OF_THINGS:
                continue
            if isinstance(o, Variable) and o in at:
                for row in rule.rows:
                    value = row[at[o]]
                    if isinstance(value, Literal):
                        literals.add(value)
                        properties.update(_predicates(atom, [row], at))
            elif times[o] > 1 and o not in subjects:
                properties.update(_predicates(atom, rule.rows, at))
    return frozenset(properties), frozenset(literals)


def _predicates(atom: Atom, rows: Iterable[tuple[Term, ...]], at: dict[Variable, int]) -> Iterator[Term]:
    p = atom[1]
    if not isinstance(p, Variable):
        yield p
    elif p in at:
        yield from (row[at[p]] for row in rows)


def value_rules(properties: Iterable[Term], literals: Iterable[Literal]) -> tuple[Rule, ...]:
    """Return the rule by which what has a value has it in each of the ways that it is written.

    Args:
        properties: The properties whose values matter.
        literals: The literals that there are.

    >>> found = value_rules([NamedNode("urn:p")], [Literal(3), Literal("3.0", datatype=NamedNode(XSD + "decimal"))])
    >>> len(found[0].rows), value_rules([NamedNode("urn:p")], [Literal(3), Literal(4)])
    (2, ())
    """
    same: defaultdict[object, set[Literal]] = defaultdict(set)
    for literal in literals:
        value = _value(literal)
        if value is not None:
            same[value].add(literal)
            if literal.datatype.value in _TEXTS:
                same[value].add(Literal(literal.value))
    groups = [sorted(each, key=str) for each in same.values() if len(each) > 1]
    pairs = [pair for group in sorted(groups, key=str) for pair in permutations(group, 2)]
    rows = tuple((p, one, other) for p in sorted(properties, key=str) for one, other in pairs)
    return (Rule(EQUAL_VALUES, ((_X, _P, _Y),), (_X, _P, _Z), (_P, _Y, _Z), rows),) if rows else ()


def _value(literal: Literal) -> tuple[str, object] | None:
    """Return the value of a literal with its value space; None where there is none, or it is written in one way only.

    The spaces are those of `OWL 2 <https://www.w3.org/TR/owl2-syntax/#Datatype_Maps>`_: no double is a decimal.
    """
    datatype = literal.datatype.value
    if datatype in _TEXTS:
        return ("string", literal.value)
    try:
        if datatype in _NUMBERS:
            number = Decimal(literal.value)
            return ("decimal", number) if number.is_finite() else None
        if datatype in _FLOATS:
            return (datatype, float(literal.value.replace("INF", "inf")))
    except (InvalidOperation, ValueError):
        return None  # of no value: dt-not-type says so
    return None
