"""Table 9 of the rules of OWL 2 RL: axioms that follow from axioms, whatever the data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pyoxigraph import NamedNode, Variable

from apgraph.reasoning.rl.rule import TYPE, Atom, Rule, Term
from apgraph.reasoning.structure import OWL, RDFS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apgraph.reasoning.rl.schema import Schema

__all__ = ["hierarchy_rules"]


def _owl(name: str) -> NamedNode:
    return NamedNode(OWL + name)


_SUB, _SUBP = NamedNode(RDFS + "subClassOf"), NamedNode(RDFS + "subPropertyOf")
_DOM, _RNG = NamedNode(RDFS + "domain"), NamedNode(RDFS + "range")
_EQC, _EQP, _ON = _owl("equivalentClass"), _owl("equivalentProperty"), _owl("onProperty")
_HV, _SVF, _AVF = _owl("hasValue"), _owl("someValuesFrom"), _owl("allValuesFrom")
_C, _D, _E, _P, _Q, _R, _Y, _Z, _V, _L = (
    Variable(name) for name in ("c", "d", "e", "p", "q", "r", "y", "z", "v", "list")
)
_CLS: Final[Atom] = (_C, TYPE, _owl("Class"))

_FIXED: Final = (
    Rule("scm-cls", (_CLS,), (_C, _SUB, _C)),
    Rule("scm-cls", (_CLS,), (_C, _EQC, _C)),
    Rule("scm-cls", (_CLS,), (_C, _SUB, _owl("Thing"))),
    Rule("scm-cls", (_CLS,), (_owl("Nothing"), _SUB, _C)),
    Rule("scm-sco", ((_C, _SUB, _D), (_D, _SUB, _E)), (_C, _SUB, _E), unequal=((_C, _D), (_D, _E))),
    Rule("scm-eqc1", ((_C, _EQC, _D),), (_C, _SUB, _D), unequal=((_C, _D),)),
    Rule("scm-eqc1", ((_C, _EQC, _D),), (_D, _SUB, _C), unequal=((_C, _D),)),
    Rule("scm-eqc2", ((_C, _SUB, _D), (_D, _SUB, _C)), (_C, _EQC, _D), unequal=((_C, _D),)),
    Rule("scm-op", ((_P, TYPE, _owl("ObjectProperty")),), (_P, _SUBP, _P)),
    Rule("scm-op", ((_P, TYPE, _owl("ObjectProperty")),), (_P, _EQP, _P)),
    Rule("scm-dp", ((_P, TYPE, _owl("DatatypeProperty")),), (_P, _SUBP, _P)),
    Rule("scm-dp", ((_P, TYPE, _owl("DatatypeProperty")),), (_P, _EQP, _P)),
    Rule("scm-spo", ((_P, _SUBP, _Q), (_Q, _SUBP, _R)), (_P, _SUBP, _R), unequal=((_P, _Q), (_Q, _R))),
    Rule("scm-eqp1", ((_P, _EQP, _Q),), (_P, _SUBP, _Q), unequal=((_P, _Q),)),
    Rule("scm-eqp1", ((_P, _EQP, _Q),), (_Q, _SUBP, _P), unequal=((_P, _Q),)),
    Rule("scm-eqp2", ((_P, _SUBP, _Q), (_Q, _SUBP, _P)), (_P, _EQP, _Q), unequal=((_P, _Q),)),
    Rule("scm-dom1", ((_P, _DOM, _C), (_C, _SUB, _D)), (_P, _DOM, _D), unequal=((_C, _D),)),
    Rule("scm-dom2", ((_Q, _DOM, _C), (_P, _SUBP, _Q)), (_P, _DOM, _C), unequal=((_P, _Q),)),
    Rule("scm-rng1", ((_P, _RNG, _C), (_C, _SUB, _D)), (_P, _RNG, _D), unequal=((_C, _D),)),
    Rule("scm-rng2", ((_Q, _RNG, _C), (_P, _SUBP, _Q)), (_P, _RNG, _C), unequal=((_P, _Q),)),
    Rule(
        "scm-hv",
        ((_C, _HV, _V), (_C, _ON, _P), (_P, _SUBP, _Q), (_D, _ON, _Q), (_D, _HV, _V)),
        (_C, _SUB, _D),
        unequal=((_C, _D),),
    ),
    *(
        Rule(
            f"{name}1",
            ((_C, how, _Y), (_C, _ON, _P), (_Y, _SUB, _Z), (_D, how, _Z), (_D, _ON, _P)),
            (_C, _SUB, _D),
            unequal=((_C, _D),),
        )
        for name, how in (("scm-svf", _SVF), ("scm-avf", _AVF))
    ),
    Rule(
        "scm-svf2",
        ((_C, _SVF, _Y), (_C, _ON, _P), (_P, _SUBP, _Q), (_D, _ON, _Q), (_D, _SVF, _Y)),
        (_C, _SUB, _D),
        unequal=((_C, _D),),
    ),
    # The other way round: what all values of the wider property are, all values of the narrower are, too.
    Rule(
        "scm-avf2",
        ((_C, _AVF, _Y), (_C, _ON, _P), (_P, _SUBP, _Q), (_D, _ON, _Q), (_D, _AVF, _Y)),
        (_D, _SUB, _C),
        unequal=((_C, _D),),
    ),
)


def hierarchy_rules(schema: Schema) -> Iterator[Rule]:
    """Yield the rules ``scm-*``, for the axioms as they were asserted."""
    yield from _FIXED
    rows: tuple[tuple[Term, ...], ...] = tuple(
        (whole, node, item) for whole, node, items in schema.listed("intersectionOf") for item in items
    )
    if rows:
        axiom = (_C, _owl("intersectionOf"), _L)
        yield Rule("scm-int", (), (_C, _SUB, _D), (_C, _L, _D), rows, (axiom,))
    rows = tuple((whole, node, item) for whole, node, items in schema.listed("unionOf") for item in items)
    if rows:
        axiom = (_C, _owl("unionOf"), _L)
        yield Rule("scm-uni", (), (_D, _SUB, _C), (_C, _L, _D), rows, (axiom,))
