"""The axioms that a set of triples states, after the mapping from RDF to the structure of OWL 2.

See `OWL 2 Mapping to RDF Graphs <https://www.w3.org/TR/owl2-mapping-to-rdf/>`_. Annotations are read past.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from apgraph.reasoning.structure import (
    OWL,
    RDF,
    RDFS,
    XSD,
    Axiom,
    Expression,
    Property,
    Structure,
    Term,
    name,
    shown,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

__all__ = ["read_structure"]

Subject = NamedNode | BlankNode

_PROPERTY_KINDS: Final = {
    OWL + "ObjectProperty": "object",
    OWL + "DatatypeProperty": "data",
    OWL + "AnnotationProperty": "annotation",
}
_CHARACTERISTICS: Final = {
    OWL + f"{kind}Property": kind
    for kind in (
        "Functional",
        "InverseFunctional",
        "Transitive",
        "Symmetric",
        "Asymmetric",
        "Reflexive",
        "Irreflexive",
    )
}
_RESTRICTIONS: Final = {
    OWL + "someValuesFrom": "some",
    OWL + "allValuesFrom": "all",
    OWL + "hasValue": "value",
    OWL + "hasSelf": "self",
    OWL + "minCardinality": "min",
    OWL + "maxCardinality": "max",
    OWL + "cardinality": "exactly",
    OWL + "minQualifiedCardinality": "min",
    OWL + "maxQualifiedCardinality": "max",
    OWL + "qualifiedCardinality": "exactly",
}
_FACETS: Final = frozenset(
    {
        RDF + "langRange",
        *(XSD + f"{end}{kind}" for end in ("min", "max") for kind in ("Inclusive", "Exclusive", "Length")),
        *(XSD + each for each in ("length", "pattern")),
    }
)
"""What narrows a datatype: `OWL 2, section 4 <https://www.w3.org/TR/owl2-syntax/#Datatype_Maps>`_."""
_PARTS_OF_NODES: Final = frozenset(
    {
        *_FACETS,
        RDF + "first",
        RDF + "rest",
        *_RESTRICTIONS,
        *(
            OWL + n
            for n in (
                "onProperty",
                "onClass",
                "onDataRange",
                "onProperties",
                "intersectionOf",
                "unionOf",
                "complementOf",
                "oneOf",
                "datatypeComplementOf",
                "onDatatype",
                "withRestrictions",
                "members",
                "distinctMembers",
                "annotatedSource",
                "annotatedProperty",
                "annotatedTarget",
                "sourceIndividual",
                "assertionProperty",
                "targetIndividual",
                "targetValue",
            )
        ),
    }
)
_NO_ASSERTION: Final = frozenset(
    {
        RDF + "List",
        RDFS + "Datatype",
        *(
            OWL + n
            for n in (
                "Ontology",
                "Class",
                "Restriction",
                "NamedIndividual",
                "Axiom",
                "Annotation",
                "AllDisjointClasses",
                "AllDisjointProperties",
                "AllDifferent",
                "NegativePropertyAssertion",
                "DeprecatedClass",
                "DeprecatedProperty",
            )
        ),
        *_PROPERTY_KINDS,
        *_CHARACTERISTICS,
    }
)


_COUNTS: Final = frozenset(
    XSD + each
    for each in (
        *("nonNegativeInteger", "positiveInteger", "integer", "long", "int", "short", "byte"),
        *("unsignedLong", "unsignedInt", "unsignedShort", "unsignedByte"),
    )
)
"""Datatypes of a number that counts: ``nonNegativeInteger`` is the one of the specification, all tools take the others."""
_DATATYPES: Final = frozenset(
    {
        RDFS + "Literal",
        OWL + "real",
        OWL + "rational",
        RDF + "PlainLiteral",
        RDF + "XMLLiteral",
        RDF + "langString",
    }
)


def read_structure(quads: Iterable[Quad]) -> Structure:
    """Return the declarations and axioms that triples state; graph names do not matter."""
    return _Reader({quad.triple for quad in quads}).read()


class _Reader:
    def __init__(self, triples: set[Triple]) -> None:
        self._triples = triples
        self._nodes: dict[Subject, dict[str, list[Term]]] = {}
        for triple in triples:
            if not isinstance(triple.subject, Triple):
                self._nodes.setdefault(triple.subject, {}).setdefault(triple.predicate.value, []).append(
                    triple.object
                )
        self._structure = Structure()

    def read(self) -> Structure:
        self._declare()
        axioms = [
            axiom for node, statements in self._nodes.items() for axiom in self._axioms(node, statements)
        ]
        self._structure.axioms = tuple(sorted(axioms, key=str))
        return self._structure

    def _declare(self) -> None:
        found = self._structure
        for node, statements in self._nodes.items():
            if not isinstance(node, NamedNode):
                continue
            for kind in statements.get(RDF + "type", ()):
                iri = kind.value if isinstance(kind, NamedNode) else ""
                if iri in _PROPERTY_KINDS:
                    found.properties[_PROPERTY_KINDS[iri]].add(node.value)
                elif iri == OWL + "Class":
                    found.classes.add(node.value)
                elif iri == RDFS + "Datatype":
                    found.datatypes.add(node.value)
                elif iri == OWL + "NamedIndividual":
                    found.individuals.add(node.value)

    # -- axioms ------------------------------------------------------------------------------------------

    def _axioms(self, node: Subject, statements: Mapping[str, list[Term]]) -> Iterator[Axiom]:
        for predicate, values in statements.items():
            inside = predicate in _PARTS_OF_NODES or predicate == OWL + "inverseOf"
            if inside and isinstance(node, BlankNode):
                continue
            for value in values:
                yield from self._axiom(node, predicate, value)
        kinds = {kind.value for kind in statements.get(RDF + "type", ()) if isinstance(kind, NamedNode)}
        if OWL + "AllDisjointClasses" in kinds:
            yield Axiom("DisjointClasses", self._expressions(statements.get(OWL + "members", ())))
        if OWL + "AllDisjointProperties" in kinds:
            members = self._properties(statements.get(OWL + "members", ()))
            yield Axiom(f"Disjoint{self._word(members)}Properties", properties=members)
        if OWL + "AllDifferent" in kinds:
            lists = [*statements.get(OWL + "members", ()), *statements.get(OWL + "distinctMembers", ())]
            yield Axiom(
                "DifferentIndividuals", terms=tuple(item for each in lists for item in self._items(each))
            )
        if OWL + "NegativePropertyAssertion" in kinds:
            yield self._negative(statements)

    def _axiom(self, node: Subject, predicate: str, value: Term) -> Iterator[Axiom]:
        vocabulary, _, local = predicate.rpartition("#")
        if predicate == RDF + "type":
            yield from self._typed(node, value)
        elif (
            vocabulary + "#" in {RDFS, OWL} and (axiom := self._of_vocabulary(node, local, value)) is not None
        ):
            yield axiom
        else:
            kind = self._structure.kind_of(predicate)
            if kind in {"object", "data"}:
                word = "Object" if kind == "object" else "Data"
                yield Axiom(
                    f"{word}PropertyAssertion", properties=(Property(predicate),), terms=(node, value)
                )
            elif kind is None:
                self._structure.undeclared.setdefault(
                    predicate, f"{shown(node)} {name(predicate)} {shown(value)}"
                )

    def _typed(self, node: Subject, value: Term) -> Iterator[Axiom]:
        iri = value.value if isinstance(value, NamedNode) else ""
        if iri in _CHARACTERISTICS:
            prop = self._property(node)
            yield Axiom(f"{_CHARACTERISTICS[iri]}{self._word((prop,))}Property", properties=(prop,))
        elif iri not in _NO_ASSERTION:
            yield Axiom("ClassAssertion", (self._expression(value),), terms=(node,))

    def _of_vocabulary(self, node: Subject, local: str, value: Term) -> Axiom | None:
        """Return the axiom that a predicate of RDFS or OWL states, or None where it states none."""
        if local in {"subClassOf", "disjointWith"}:
            kind = {"subClassOf": "SubClassOf", "disjointWith": "DisjointClasses"}[local]
            return Axiom(kind, (self._expression(node), self._expression(value)))
        if local == "equivalentClass":
            sides = (self._expression(node), self._expression(value))
            datatype = sides[0].kind == "datatype"
            return Axiom("DatatypeDefinition" if datatype else "EquivalentClasses", sides)
        if local == "disjointUnionOf":
            return Axiom("DisjointUnion", (self._expression(node), *self._expressions([value])))
        if local in {"intersectionOf", "unionOf", "complementOf", "oneOf"} and isinstance(node, NamedNode):
            own = self._boolean({OWL + local: [value]}, frozenset())
            return Axiom("EquivalentClasses", (self._expression(node), own or Expression("broken")))
        if local in {"domain", "range"}:
            prop = self._property(node)
            if self._structure.kind_of(prop.iri) == "annotation":
                return Axiom(f"AnnotationProperty{local.title()}", properties=(prop,))
            kind = f"{self._word((prop,))}Property{local.title()}"
            return Axiom(kind, (self._expression(value),), (prop,))
        if local in {"subPropertyOf", "equivalentProperty", "propertyDisjointWith"}:
            props = (self._property(node), self._property(value))
            word = self._word(props)
            kind = {
                "subPropertyOf": f"Sub{word}PropertyOf",
                "equivalentProperty": f"Equivalent{word}Properties",
                "propertyDisjointWith": f"Disjoint{word}Properties",
            }[local]
            return Axiom(kind, properties=props)
        if local == "inverseOf":
            return Axiom("InverseObjectProperties", properties=(self._property(node), self._property(value)))
        if local == "propertyChainAxiom":
            chain = self._properties([value])
            return Axiom("SubObjectPropertyOfChain", properties=(*chain, self._property(node)))
        if local == "hasKey":
            return Axiom("HasKey", (self._expression(node),), self._properties([value]))
        if local in {"sameAs", "differentFrom"}:
            return Axiom(
                "SameIndividual" if local == "sameAs" else "DifferentIndividuals", terms=(node, value)
            )
        return None

    def _negative(self, statements: Mapping[str, list[Term]]) -> Axiom:
        def one(local: str) -> list[Term]:
            return statements.get(OWL + local, [])[:1]

        terms = (*one("sourceIndividual"), *one("targetIndividual"), *one("targetValue"))
        word = "Data" if one("targetValue") else "Object"
        props = tuple(self._property(value) for value in one("assertionProperty"))
        return Axiom(f"Negative{word}PropertyAssertion", properties=props, terms=terms)

    # -- parts of axioms ---------------------------------------------------------------------------------

    def _word(self, properties: tuple[Property, ...]) -> str:
        kinds = [self._structure.kind_of(prop.iri) for prop in properties]
        if "data" in kinds:
            return "Data"
        return "Annotation" if kinds and set(kinds) == {"annotation"} else "Object"

    def _property(self, term: Term) -> Property:
        if isinstance(term, BlankNode):
            inverse = self._nodes.get(term, {}).get(OWL + "inverseOf", [])
            if len(inverse) == 1 and isinstance(inverse[0], NamedNode):
                return Property(inverse[0].value, inverse=True)
        return Property(term.value if isinstance(term, NamedNode) else "")

    def _properties(self, lists: Iterable[Term]) -> tuple[Property, ...]:
        return tuple(self._property(item) for each in lists for item in self._items(each))

    def _expressions(self, lists: Iterable[Term]) -> tuple[Expression, ...]:
        return tuple(self._expression(item) for each in lists for item in self._items(each))

    def _items(self, head: Term) -> Iterator[Term]:
        seen: set[Term] = set()
        while isinstance(head, BlankNode) and head not in seen:
            seen.add(head)
            cell = self._nodes.get(head, {})
            yield from cell.get(RDF + "first", [])[:1]
            head = next(iter(cell.get(RDF + "rest", [])), NamedNode(RDF + "nil"))

    def _expression(self, term: Term, above: frozenset[Term] = frozenset()) -> Expression:
        if isinstance(term, NamedNode):
            iri = term.value
            datatype = iri in self._structure.datatypes or iri.startswith(XSD) or iri in _DATATYPES
            return Expression("datatype" if datatype else "class", iri)
        if not isinstance(term, BlankNode) or term in above:
            return Expression("broken")
        statements = self._nodes.get(term, {})
        inside = above | {term}
        found = self._restriction(statements, inside) or self._boolean(statements, inside)
        return found or Expression("broken")

    def _boolean(self, statements: Mapping[str, list[Term]], above: frozenset[Term]) -> Expression | None:
        for local, kind in (("intersectionOf", "and"), ("unionOf", "or")):
            for value in statements.get(OWL + local, ()):
                return Expression(
                    kind, parts=tuple(self._expression(item, above) for item in self._items(value))
                )
        for local in ("complementOf", "datatypeComplementOf"):
            for value in statements.get(OWL + local, ()):
                return Expression("not", parts=(self._expression(value, above),))
        for value in statements.get(OWL + "oneOf", ()):
            return Expression("one of", members=tuple(self._items(value)))
        for value in statements.get(OWL + "onDatatype", ()):
            return Expression("facets", parts=(self._expression(value, above),))
        return None

    def _restriction(self, statements: Mapping[str, list[Term]], above: frozenset[Term]) -> Expression | None:
        on = statements.get(OWL + "onProperty", [])
        kinds = [(kind, statements[iri][0]) for iri, kind in _RESTRICTIONS.items() if iri in statements]
        if len(on) != 1 or len(kinds) != 1:
            return None
        prop, (kind, value) = self._property(on[0]), kinds[0]
        if kind in {"some", "all"}:
            return Expression(kind, property=prop, parts=(self._expression(value, above),))
        if kind == "value":
            return Expression(kind, property=prop, members=(value,))
        if kind == "self":
            return Expression(kind, property=prop)
        if not isinstance(value, Literal) or value.datatype.value not in _COUNTS or not value.value.isdigit():
            return None
        number = int(value.value)
        fillers = [*statements.get(OWL + "onClass", []), *statements.get(OWL + "onDataRange", [])][:1]
        parts = tuple(self._expression(filler, above) for filler in fillers)
        return Expression(kind, property=prop, parts=parts, number=number)
