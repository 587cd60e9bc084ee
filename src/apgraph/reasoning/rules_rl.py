"""Rules of `OWL 2 RL <https://www.w3.org/TR/owl2-profiles/#OWL_2_RL>`_: which expression may stand where."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from apgraph.reasoning.rules_dl import Rule, data_types
from apgraph.reasoning.structure import OWL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apgraph.reasoning.structure import Expression, Structure

__all__ = ["rl_findings"]

_PROFILES: Final = "https://www.w3.org/TR/owl2-profiles/"
SUBCLASS: Final = Rule(
    "rl-subclass",
    "What is narrowed, or disjoint, may be a class, a list, 'and', 'or', 'some' or 'value' only",
    _PROFILES + "#Class_Expressions_3",
)
SUPERCLASS: Final = Rule(
    "rl-superclass",
    "What follows may be a class, 'and', 'not', 'all', 'value' or 'max 0 or 1' only",
    _PROFILES + "#Class_Expressions_3",
)
EQUIVALENT: Final = Rule(
    "rl-equivalent",
    "An equivalent class may be a class, 'and' or 'value' only",
    _PROFILES + "#Class_Expressions_3",
)
AXIOM: Final = Rule(
    "rl-axiom", "Disjoint unions and reflexive properties have no place in RL", _PROFILES + "#Axioms_4"
)
DATATYPE: Final = Rule("rl-datatype", "The datatype has no place in RL", _PROFILES + "#Entities_3")

_THING: Final = OWL + "Thing"
_SUB_SIDES: Final = {"SubClassOf": (0,), "HasKey": (0,)}
_SUPER_SIDES: Final = {
    "SubClassOf": (1,),
    "ObjectPropertyDomain": (0,),
    "ObjectPropertyRange": (0,),
    "DataPropertyDomain": (0,),
    "ClassAssertion": (0,),
}


def rl_findings(structure: Structure) -> Iterator[tuple[Rule, str]]:
    """Yield each rule of OWL 2 RL that is broken, with the axiom that breaks it."""
    for axiom in structure.axioms:
        if axiom.kind in {"DisjointUnion", "ReflexiveObjectProperty"}:
            yield AXIOM, str(axiom)
            continue
        for index, expression in enumerate(axiom.expressions):
            if axiom.kind == "DisjointClasses" or index in _SUB_SIDES.get(axiom.kind, ()):
                if not _sub(expression):
                    yield SUBCLASS, str(axiom)
            elif index in _SUPER_SIDES.get(axiom.kind, ()):
                if not _super(expression):
                    yield SUPERCLASS, str(axiom)
            elif axiom.kind == "EquivalentClasses" and not _equivalent(expression):
                yield EQUIVALENT, str(axiom)
    for datatype, axiom in data_types(structure):
        if datatype in {OWL + "real", OWL + "rational"}:
            yield DATATYPE, str(axiom)


def _thing(expression: Expression) -> bool:
    return expression.kind == "class" and expression.iri == _THING


def _sub(expression: Expression) -> bool:
    if expression.kind in {"class", "datatype"}:
        return not _thing(expression)
    if expression.kind in {"and", "or"}:
        return all(map(_sub, expression.parts))
    if expression.kind == "some":
        return all(_sub(part) or _thing(part) for part in expression.parts)
    return expression.kind in {"value", "one of"}


def _super(expression: Expression) -> bool:
    if expression.kind in {"class", "datatype"}:
        return not _thing(expression)
    if expression.kind == "not":
        return all(map(_sub, expression.parts))
    if expression.kind in {"and", "all"}:
        return all(map(_super, expression.parts))
    if expression.kind == "max":
        return expression.number in {0, 1} and all(_sub(part) or _thing(part) for part in expression.parts)
    return expression.kind == "value"


def _equivalent(expression: Expression) -> bool:
    if expression.kind == "and":
        return all(map(_equivalent, expression.parts))
    return (expression.kind == "class" and not _thing(expression)) or expression.kind == "value"
