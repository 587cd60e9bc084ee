"""Constraint components of one's own, in SPARQL: https://www.w3.org/TR/shacl/#sparql-constraint-components."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal, NamedNode

from apgraph.shacl.components.sparql_based import (
    PREBOUND,
    node_by_node,
    quoted_names,
    select_as,
    select_violations,
)
from apgraph.shacl.focus import select
from apgraph.shacl.ground import NotCheckedError
from apgraph.shacl.model import Component, Violations
from apgraph.shacl.prebinding import Query, read_query
from apgraph.shacl.report import SH

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from apgraph.shacl.compilation import Compiler
    from apgraph.shacl.focus import Focus
    from apgraph.shacl.model import Shape
    from apgraph.shacl.report import Term
    from apgraph.shacl.shapes import Shapes, Subject

__all__ = ["CustomComponent", "CustomComponents"]

_TYPE: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_SUBCLASS: Final = "http://www.w3.org/2000/01/rdf-schema#subClassOf"
_TRUE: Final = Literal(True)
_RESERVED: Final = frozenset({"this", "shapesGraph", "currentShape", "path", "PATH", "value"})
"""Names that no parameter may have."""


@dataclass(frozen=True, slots=True)
class CustomComponent(Component):
    """A constraint of such a component: its validator, and the values of its parameters.

    Attributes:
        component: IRI of the component.
        query: The validator's query; None where :attr:`fault` says why it can't be used.
        parameters: Name to value.
        own_messages: What the validator says of violations.
        fault: Why it can't be used.
    """

    component: str
    query: Query | None
    parameters: Mapping[str, Term]
    own_messages: tuple[Literal, ...]
    fault: str = ""

    @property
    def iri(self) -> str:
        """The component's own."""
        return self.component

    @property
    def messages(self) -> tuple[Literal, ...]:
        """The validator's own, the parameters filled in."""
        return tuple(_filled(message, self.parameters) for message in self.own_messages)

    def says(self) -> str:
        """In words."""
        return f"the value violates {self.component}"

    def violations(self, shape: Shape, focus: Focus, compiler: Compiler) -> Violations | None:
        """What the validator finds."""
        if self.query is None or self.fault:
            raise NotCheckedError(self.fault)
        clauses = {
            frozenset({name}): compiler.ground.constant(name, term)
            for name, term in self.parameters.items()
            if self.query.mentions(name)
        }
        if not self.query.is_ask:
            quoted = quoted_names((*self.own_messages, *shape.messages))
            return select_violations(self.query, clauses, quoted, shape, focus, compiler)
        return self._of_ask(self.query, clauses, shape, focus, compiler)

    def _of_ask(
        self,
        query: Query,
        clauses: Mapping[frozenset[str], str],
        shape: Shape,
        focus: Focus,
        compiler: Compiler,
    ) -> Violations:
        # https://www.w3.org/TR/shacl/#SPARQLAskValidator: a value node is at fault where the answer is no.
        if query.compares:
            compiler.ground.orders()
        compiler.follows_nothing(query, shape, focus)
        if compiler.ground.store.engine == "oxigraph":
            query = query.in_sets(["this", "value"])
        values = focus.follow(shape.path, compiler.ground)
        this, value = focus.node.name, values.node.name
        if this == value:
            own = f"{select_as({this: '?this'}, values.pattern)}\nBIND(?this AS ?value)"
            names = {"?this": this}
        else:
            own = select_as({this: "?this", value: "?value"}, values.pattern)
            names = {"?this": this, "?value": value}
        pair, places = frozenset({"this", "value"}), {**clauses, **compiler.places(query, shape)}

        def body(clause: str) -> str:
            text = compiler.with_path(query.bound({pair: clause, **places}), shape)
            return text[text.index("{") :]

        if query.by_node and not compiler.explains:

            def query_of(node: tuple[Term, ...]) -> str:
                given = (
                    compiler.ground.constant(*each) for each in zip(("this", "value"), node, strict=True)
                )
                inner = f"{{ SELECT ?this ?value WHERE {body(' '.join(given))} }}"
                return select(["?this", "?value"], inner)

            columns = ["?this", "?value"]
            gave = node_by_node(columns, own, query_of, columns, compiler)
            if gave is None:
                return Violations(values.pattern, value=value)
            passed = select_as(names, gave)
        else:
            passed = select_as(names, body(own))
        return Violations(
            compiler.without(values, passed),
            value=value,
            shown={
                name: {"this": this, "value": value}[name]
                for name in quoted_names(self.own_messages) & {"this", "value"}
            },
        )


class CustomComponents:
    """The components that a shapes graph declares."""

    def __init__(self, shapes: Shapes) -> None:
        self._shapes = shapes
        self._declared = [
            node
            for node in shapes.subjects_of(SH + "parameter")
            if isinstance(node, NamedNode) and self._is_a(node, SH + "ConstraintComponent")
        ]

    def _is_a(self, node: Term, kind: str) -> bool:
        seen: set[Term] = set()
        queue = list(self._shapes.objects(node, _TYPE))
        while queue:
            found = queue.pop()
            if found == NamedNode(kind):
                return True
            if found not in seen:
                seen.add(found)
                queue.extend(self._shapes.objects(found, _SUBCLASS))
        return False

    def of(self, shape: Subject, *, is_property: bool) -> Iterator[CustomComponent]:
        """Yield the constraints of a shape: https://www.w3.org/TR/shacl/#constraint-components-parameters."""
        for component in self._declared:
            values: dict[str, tuple[Term, ...]] = {}
            complete = True
            for parameter in self._shapes.objects(component, SH + "parameter"):
                path = self._shapes.objects(parameter, SH + "path")
                if len(path) != 1 or not isinstance(path[0], NamedNode):
                    complete = False
                    continue
                given = self._shapes.objects(shape, path[0].value)
                if given:
                    values[re.split("[#/:]", path[0].value)[-1]] = given
                elif _TRUE not in self._shapes.objects(parameter, SH + "optional"):
                    complete = False
            if not complete or not values:
                continue
            yield from self._constraints(component, values, is_property=is_property)

    def _constraints(
        self, component: NamedNode, values: Mapping[str, tuple[Term, ...]], *, is_property: bool
    ) -> Iterator[CustomComponent]:
        query, messages, fault = self._validator(component, values, is_property=is_property)
        if len(values) > 1 and any(len(given) > 1 for given in values.values()):
            fault = "a parameter of a component with several parameters has more than one value"
            values = {name: given[:1] for name, given in values.items()}
        for combination in product(*values.values()):
            parameters = dict(zip(values, combination, strict=True))
            yield CustomComponent(component.value, query, parameters, messages, fault)

    def _validator(
        self, component: NamedNode, values: Mapping[str, object], *, is_property: bool
    ) -> tuple[Query | None, tuple[Literal, ...], str]:
        # https://www.w3.org/TR/shacl/#validators
        own = "propertyValidator" if is_property else "nodeValidator"
        found = self._shapes.objects(component, SH + own) or self._shapes.objects(component, SH + "validator")
        if not found:
            return None, (), f"the component <{component.value}> has no validator for such a shape"
        node = found[0]
        is_general = node in self._shapes.objects(component, SH + "validator")
        messages = tuple(m for m in self._shapes.objects(node, SH + "message") if isinstance(m, Literal))
        texts = [
            text
            for name in ("ask", "select")
            for text in self._shapes.objects(node, SH + name)
            if isinstance(text, Literal)
        ]
        if len(texts) != 1:
            return None, messages, f"the validator of <{component.value}> needs one sh:ask or sh:select"
        reserved = sorted(_RESERVED.intersection(values))
        if reserved:  # https://www.w3.org/TR/shacl/#constraint-components-parameters
            fault = f"a parameter of <{component.value}> is named {reserved[0]}, which SHACL keeps for itself"
            return None, messages, fault
        query, fault = read_query(texts[0].value, self._shapes.prefixes(node), (*PREBOUND[:3], *values))
        if query is not None and is_general and not query.is_ask and not fault:
            fault = (
                f"the sh:validator of <{component.value}> is a SELECT query, and has to be ASK; give it by "
                "sh:nodeValidator or sh:propertyValidator"
            )
        return query, messages, fault


def _filled(message: Literal, parameters: Mapping[str, Term]) -> Literal:
    text = message.value
    for name, term in parameters.items():
        for mark in ("?", "$"):
            text = text.replace("{" + mark + name + "}", term.value)
    return Literal(text, language=message.language)
