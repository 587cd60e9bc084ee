"""Table 4 of the `rules of OWL 2 RL <https://www.w3.org/TR/owl2-profiles/#Reasoning_in_OWL_2_RL_and_RDF_Graphs_using_Rules>`_: equality."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from pyoxigraph import NamedNode, Variable

from apgraph.reasoning.rl.rule import TYPE, Condition, Rule
from apgraph.reasoning.structure import OWL, RDFS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apgraph.reasoning.rl.schema import Schema

__all__ = ["SAME", "equality_rules"]

SAME: Final = NamedNode(OWL + "sameAs")
_DIFFERENT: Final = NamedNode(OWL + "differentFrom")
_BELOW: Final = NamedNode(RDFS + "subPropertyOf")
_ONESELF: Final = ", ".join(
    f"<{iri}>"
    for iri in (
        RDFS + "subClassOf",
        OWL + "equivalentClass",
        RDFS + "subPropertyOf",
        OWL + "equivalentProperty",
    )
)
_REFLEXIVE: Final = (
    ("scm-cls", NamedNode(OWL + "Class"), NamedNode(RDFS + "subClassOf")),
    ("scm-op", NamedNode(OWL + "ObjectProperty"), _BELOW),
    ("scm-dp", NamedNode(OWL + "DatatypeProperty"), _BELOW),
)
_S, _P, _O, _X, _Y, _Z = (Variable(name) for name in ("s", "p", "o", "x", "y", "z"))


def _news(one: Variable, other: Variable) -> tuple[Condition, ...]:
    """Return the conditions that what follows is news: not that something lies below itself, nor what is the same as what.

    The latter eq-sym and eq-trans make of as many triples as things are the same, these rules of their square.
    """
    return (
        Condition(f"!sameTerm({_P}, {SAME})", (_P,)),
        Condition(f"{_P} NOT IN ({_ONESELF}) || !sameTerm({one}, {other})", (_P, one, other)),
    )


def equality_rules(schema: Schema) -> Iterator[Rule]:
    """Yield the rules: eq-sym, eq-trans, eq-rep-s, eq-rep-p, eq-rep-o, eq-diff1, eq-diff2, eq-diff3.

    And ``scm-cls``, ``scm-op``, ``scm-dp`` as far as equality makes news of them.

    ``eq-ref`` says that everything is the same as itself, which nobody needs to be told.
    """
    same = (_X, SAME, _Y)
    yield Rule("eq-sym", (same,), (_Y, SAME, _X), unequal=((_X, _Y),))
    yield Rule("eq-trans", (same, (_Y, SAME, _Z)), (_X, SAME, _Z), unequal=((_X, _Z), (_X, _Y), (_Y, _Z)))
    yield Rule("eq-rep-s", (same, (_X, _P, _O)), (_Y, _P, _O), unequal=((_X, _Y),), conditions=_news(_Y, _O))
    yield Rule("eq-rep-p", (same, (_S, _X, _O)), (_S, _Y, _O), unequal=((_X, _Y),))
    yield Rule("eq-rep-o", (same, (_S, _P, _X)), (_S, _P, _Y), unequal=((_X, _Y),), conditions=_news(_S, _Y))
    # A class lies below itself, which goes without saying; but then also below what is the same as it. So do properties.
    for name, kind, below in _REFLEXIVE:
        yield Rule(name, ((_X, TYPE, kind), same), (_X, below, _Y), unequal=((_X, _Y),))
    yield Rule("eq-diff1", (same, (_X, _DIFFERENT, _Y)), None)
    # Everything is the same as itself, by eq-ref.
    yield Rule("eq-diff1", ((_X, _DIFFERENT, _X),), None)
    for name, property_ in (("eq-diff2", "members"), ("eq-diff3", "distinctMembers")):
        of, node = Variable("of"), Variable("list")
        everyone = set(schema.members("AllDifferent"))
        for each, listed, items in schema.listed(property_):
            # One row for each, not for each two of them: such a list may be long.
            named = sorted({str(item) for item in items if isinstance(item, NamedNode)})
            if each in everyone and len(items) > 1:
                axioms = ((of, TYPE, NamedNode(OWL + "AllDifferent")), (of, NamedNode(OWL + property_), node))
                twice = tuple((item, each, listed) for item, times in Counter(items).items() if times > 1)
                if twice:
                    yield Rule(name, (), None, (_X, of, node), twice, axioms)
                others = Condition(f"{_X} != {_Y} && {_Y} IN ({', '.join(named)})", (_X, _Y))
                rows = tuple((item, each, listed) for item in dict.fromkeys(items))
                yield Rule(name, (same,), None, (_X, of, node), rows, axioms, conditions=(others,))
