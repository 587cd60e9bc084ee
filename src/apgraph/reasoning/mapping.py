"""The axioms that a set of triples states, after the mapping from RDF to the structure of OWL 2.

See `OWL 2 Mapping to RDF Graphs <https://www.w3.org/TR/owl2-mapping-to-rdf/>`_. Annotations are read past.
"""

from __future__ import annotations

from dataclasses import replace
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
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

__all__ = ["held_apart_from_themselves", "read_structure"]

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
_SORTS: Final = tuple(
    OWL + each
    for each in ("intersectionOf", "unionOf", "complementOf", "datatypeComplementOf", "oneOf", "onDatatype")
)
"""What says what an expression without a name is, where it is no restriction: one of these, once."""
_EXPRESSIONS: Final = (
    *_SORTS,
    *(OWL + each for each in ("onProperty", "onProperties", "onClass", "onDataRange")),
)
_QUALIFIED: Final = frozenset(OWL + f"{each}ualifiedCardinality" for each in ("q", "minQ", "maxQ"))
_TRUE: Final = frozenset(Literal(each, datatype=NamedNode(XSD + "boolean")) for each in ("true", "1"))
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


_APART: Final = {"differentFrom": "individual", "disjointWith": "class", "propertyDisjointWith": "property"}
"""Predicates that hold two things apart, with what these are."""
_ALL_APART: Final = {
    OWL + "AllDifferent": "individual",
    OWL + "AllDisjointClasses": "class",
    OWL + "AllDisjointProperties": "property",
}
"""Axioms that hold all of a list apart, likewise."""


def read_structure(quads: Iterable[Quad]) -> Structure:
    """Return the declarations and axioms that triples state; graph names do not matter."""
    return _Reader({quad.triple for quad in quads}).read()


def held_apart_from_themselves(quads: Iterable[Quad]) -> tuple[tuple[Triple, ...], tuple[Triple, ...]]:
    """Return, for axioms that hold something apart from itself, what says the same without naming it twice.

    An individual that differs from itself is in owl:Nothing, a class that is disjoint with itself has no member, and a
    property likewise leads from nothing. Expressions that say the same are one.

    Args:
        quads: The axioms; graph names do not matter.

    Returns:
        What says the same, and the triples of those axioms that hold nothing else apart.

    >>> from pyoxigraph import RdfFormat, parse
    >>> text = f"<urn:i> <{OWL}differentFrom> <urn:i> .".encode()
    >>> said, without = held_apart_from_themselves(parse(text, format=RdfFormat.TURTLE))
    >>> [str(each.object) for each in said], len(without)
    (['<http://www.w3.org/2002/07/owl#Nothing>'], 1)
    """
    reader = _Reader({quad.triple for quad in quads})
    reader.hold_apart()
    return tuple(reader.said), tuple(reader.without)


def _said(term: Term) -> str:
    """Return a term as a fault names it: IRIs in angle brackets, for whoever shows it to shorten."""
    return "an anonymous individual" if isinstance(term, BlankNode) else str(term)


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
        self._faults: dict[str, None] = {}
        """What is wrong in the axiom that is being read."""
        self.said: dict[Triple, None] = {}
        self.without: dict[Triple, None] = {}
        self._read: set[Term] = set()
        """The blank nodes that were read as expressions."""

    def read(self) -> Structure:
        self._declare()
        axioms = [axiom for node in self._nodes for axiom in self._told(self._axioms(node))]
        axioms += self._told(self._loose())
        self._structure.axioms = tuple(sorted((each for each in axioms if not each.fault), key=str))
        self._structure.faulty = tuple(sorted((each for each in axioms if each.fault), key=str))
        return self._structure

    def hold_apart(self) -> None:
        """Find what :func:`held_apart_from_themselves` returns."""
        self._declare()
        for node, statements in self._nodes.items():
            for local, sort in _APART.items():
                for value in statements.get(OWL + local, ()):
                    self._repeated(sort, (node, value), [Triple(node, NamedNode(OWL + local), value)])
            for value in statements.get(OWL + "disjointUnionOf", ()):
                self._repeated("class", self._items(value), [])
            for kind in statements.get(RDF + "type", ()):
                sort = _ALL_APART.get(kind.value, "") if isinstance(kind, NamedNode) else ""
                for local in ("members", "distinctMembers") if sort else ():
                    for value in statements.get(OWL + local, ()):
                        said = [(RDF + "type", kind), (OWL + local, value)]
                        triples = [Triple(node, NamedNode(predicate), term) for predicate, term in said]
                        self._repeated(sort, self._items(value), triples)

    def _repeated(self, sort: str, terms: Iterable[Term], axiom: list[Triple]) -> None:
        """Find what is twice among terms that an axiom holds apart; a single one that is left makes no axiom."""
        nothing = NamedNode(OWL + "Nothing")
        seen: set[object] = set()
        twice = False
        for term in terms:
            if isinstance(term, Literal | Triple):
                seen.add(term)
                continue
            self._faults.clear()
            key: Term | Expression | Property = term
            if sort == "class":
                key = self._expression(term)
            elif sort == "property":
                key = self._property(term)
            if self._faults:
                key = term
            elif key in seen:
                twice = True
                if isinstance(key, Property):
                    self.said[Triple(NamedNode(key.iri), NamedNode(RDFS + "domain"), nothing)] = None
                else:
                    predicate = RDFS + "subClassOf" if sort == "class" else RDF + "type"
                    self.said[Triple(term, NamedNode(predicate), nothing)] = None
            seen.add(key)
        if twice and len(seen) == 1:
            self.without.update(dict.fromkeys(axiom))

    def _told(self, axioms: Iterator[Axiom]) -> Iterator[Axiom]:
        """Yield axioms with what was found wrong while each was read."""
        while True:
            self._faults.clear()
            axiom = next(axioms, None)
            if axiom is None:
                return
            yield replace(axiom, fault="; ".join(self._faults)) if self._faults else axiom

    def _loose(self) -> Iterator[Axiom]:
        """Yield the expressions that stand in no axiom and are not complete: nobody would hear of them else."""
        inside = {value for parts in self._nodes.values() for values in parts.values() for value in values}
        # What stands within another expression is told with that.
        for node in sorted(self._nodes, key=lambda each: each in inside):
            statements = self._nodes[node]
            types = statements.get(RDF + "type", ())
            if (
                isinstance(node, BlankNode)
                and node not in self._read
                and (
                    NamedNode(OWL + "Restriction") in types
                    or any(each in statements for each in _EXPRESSIONS)
                )
            ):
                expression = self._expression(node)
                if self._faults:
                    yield Axiom("Expression", (expression,))

    def _fault(self, text: str) -> None:
        self._faults[text] = None

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

    def _axioms(self, node: Subject) -> Iterator[Axiom]:
        statements = self._nodes[node]
        for predicate, values in statements.items():
            inside = predicate in _PARTS_OF_NODES or predicate == OWL + "inverseOf"
            if inside and isinstance(node, BlankNode):
                continue
            for value in values:
                yield from self._axiom(node, predicate, value)
        kinds = {kind.value for kind in statements.get(RDF + "type", ()) if isinstance(kind, NamedNode)}
        if OWL + "AllDisjointClasses" in kinds:
            yield Axiom("DisjointClasses", self._expressions(self._lists(statements)))
        if OWL + "AllDisjointProperties" in kinds:
            members = self._properties(self._lists(statements))
            yield Axiom(f"Disjoint{self._word(members)}Properties", properties=members)
        if OWL + "AllDifferent" in kinds:
            terms = tuple(
                item for each in self._lists(statements, "distinctMembers") for item in self._items(each)
            )
            yield Axiom("DifferentIndividuals", terms=self._individuals(terms))
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
                self._structure.undeclared.setdefault(predicate, Triple(node, NamedNode(predicate), value))

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
            chain = self._properties(self._filled([value]))
            return Axiom("SubObjectPropertyOfChain", properties=(*chain, self._property(node)))
        if local == "hasKey":
            return Axiom("HasKey", (self._expression(node),), self._properties(self._filled([value])))
        if local in {"sameAs", "differentFrom"}:
            return Axiom(
                "SameIndividual" if local == "sameAs" else "DifferentIndividuals",
                terms=self._individuals((node, value)),
            )
        return None

    def _negative(self, statements: Mapping[str, list[Term]]) -> Axiom:
        def one(*locals_: str) -> list[Term]:
            values = [value for local in locals_ for value in statements.get(OWL + local, ())]
            if len(values) != 1:
                names = " or ".join(f"owl:{local}" for local in locals_)
                self._fault(f"without {names}" if not values else f"more than one {names}")
            return values[:1]

        source = self._individuals(one("sourceIndividual"))
        props = tuple(self._property(value) for value in one("assertionProperty"))
        target = one("targetIndividual", "targetValue")
        data = OWL + "targetValue" in statements
        if data and not isinstance(target[0], Literal):
            self._fault(f"owl:targetValue is {_said(target[0])}, which is no literal")
        if not data:
            target = list(self._individuals(target))
        word = "Data" if data else "Object"
        return Axiom(f"Negative{word}PropertyAssertion", properties=props, terms=(*source, *target))

    def _lists(self, statements: Mapping[str, list[Term]], *further: str) -> list[Term]:
        """Return the one list of the members of an axiom; owl:members is what every such axiom may have."""
        names = ("members", *further)
        heads = [value for local in names for value in statements.get(OWL + local, ())]
        if len(heads) != 1:
            said = " or ".join(f"owl:{local}" for local in names)
            self._fault(f"without {said}" if not heads else f"more than one {said}")
        return self._filled(heads)

    def _filled(self, lists: list[Term]) -> list[Term]:
        if NamedNode(RDF + "nil") in lists:
            self._fault("an empty list")
        return lists

    def _individuals(self, terms: Iterable[Term]) -> tuple[Term, ...]:
        found = tuple(terms)
        for term in found:
            if isinstance(term, Literal):
                self._fault(f"the literal {_said(term)} stands for an individual")
        return found

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
            self._fault("a property without a name that is the inverse of none")
        elif not isinstance(term, NamedNode):
            self._fault(f"{_said(term)} stands for a property")
        return Property(term.value if isinstance(term, NamedNode) else "")

    def _properties(self, lists: Iterable[Term]) -> tuple[Property, ...]:
        return tuple(self._property(item) for each in lists for item in self._items(each))

    def _expressions(self, lists: Iterable[Term]) -> tuple[Expression, ...]:
        return tuple(self._expression(item) for each in lists for item in self._items(each))

    def _items(self, head: Term) -> Iterator[Term]:
        seen: set[Term] = set()
        while head != NamedNode(RDF + "nil"):
            if head in seen:
                self._fault("a list that runs in a circle")
                return
            seen.add(head)
            cell = self._nodes.get(head, {}) if isinstance(head, NamedNode | BlankNode) else {}
            firsts, rests = cell.get(RDF + "first", []), cell.get(RDF + "rest", [])
            if not firsts and not rests and not isinstance(head, BlankNode):
                self._fault(f"{_said(head)} stands for a list")
                return
            if len(firsts) != 1 or len(rests) != 1:
                self._fault("a list with a cell that has not one rdf:first and one rdf:rest")
            yield from firsts[:1]
            if not rests:
                return
            head = rests[0]

    def _expression(self, term: Term, above: frozenset[Term] = frozenset()) -> Expression:
        if isinstance(term, NamedNode):
            iri = term.value
            datatype = iri in self._structure.datatypes or iri.startswith(XSD) or iri in _DATATYPES
            return Expression("datatype" if datatype else "class", iri)
        if not isinstance(term, BlankNode):
            self._fault(f"{_said(term)} stands for a class or a datatype")
            return Expression("broken")
        if term in above:
            self._fault("an expression that contains itself")
            return Expression("broken")
        self._read.add(term)
        statements = self._nodes.get(term, {})
        inside = above | {term}
        kinds = [each for each in _SORTS if each in statements]
        if len(kinds) + (OWL + "onProperty" in statements) > 1 or any(
            len(statements[each]) > 1 for each in kinds
        ):
            self._fault(
                f"more than one {' or '.join(f'owl:{name(each)}' for each in kinds)} of one expression"
            )
        found = self._restriction(statements, inside) or self._boolean(statements, inside)
        if found is None:
            if not self._faults:
                self._fault("an expression that is not complete")
            return Expression("broken")
        return found

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
        kinds = [(iri, value) for iri in _RESTRICTIONS for value in statements.get(iri, ())]
        if not on and not kinds and NamedNode(OWL + "Restriction") not in statements.get(RDF + "type", ()):
            return None
        if len(on) != 1:
            self._fault("a restriction without owl:onProperty" if not on else "more than one owl:onProperty")
            return None
        if len(kinds) != 1:
            said = ", ".join(f"owl:{name(iri)}" for iri, _ in kinds)
            self._fault(
                f"a restriction with more than one of {said}"
                if kinds
                else "a restriction that asks for nothing"
            )
            return None
        prop, ((iri, value),) = self._property(on[0]), kinds
        kind = _RESTRICTIONS[iri]
        if kind in {"some", "all"}:
            return Expression(kind, property=prop, parts=(self._expression(value, above),))
        if kind == "value":
            return Expression(kind, property=prop, members=(value,))
        if kind == "self":
            if value not in _TRUE:
                self._fault(f"owl:hasSelf is {_said(value)}, not true")
            return Expression(kind, property=prop)
        if not isinstance(value, Literal) or value.datatype.value not in _COUNTS or not value.value.isdigit():
            self._fault(f"owl:{name(iri)} is {_said(value)}, no whole number")
            return None
        number = int(value.value)
        fillers = [*statements.get(OWL + "onClass", []), *statements.get(OWL + "onDataRange", [])]
        if len(fillers) != (iri in _QUALIFIED):
            self._fault(f"owl:{name(iri)} with {len(fillers) or 'no'} owl:onClass or owl:onDataRange")
        parts = tuple(self._expression(filler, above) for filler in fillers)
        return Expression(kind, property=prop, parts=parts, number=number)
