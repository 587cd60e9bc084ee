"""How the statements of an ontology read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, TypeAlias

from apgraph.reasoning.rl.wording import COUNTS, VALUES, with_article
from apgraph.release.difference.statement import AXIOM, NOTE
from apgraph.release.vocabulary import NAMESPACES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from apgraph.release.difference.statement import Statement

__all__ = ["Sentences"]

_OWL: Final = NAMESPACES["owl"]
_RDF: Final = NAMESPACES["rdf"]
_RDFS: Final = NAMESPACES["rdfs"]
_TYPE: Final = f"{_RDF}type"
_MARKS: Final = re.compile(r'"(?:[^"\\]|\\.)*"(?:@[\w-]+|\^\^<[^<>]*>)?|<[^<>]*>|[\[\]();]|[^\s\[\]();]+')
_PATTERNS: Final = {
    f"{_RDFS}subClassOf": "is a kind of {}",
    f"{_RDFS}subPropertyOf": "is a kind of {}",
    f"{_RDFS}domain": "starts from {}",
    f"{_RDFS}range": "leads to {}",
    f"{_RDFS}label": "is called {}",
    f"{_RDFS}isDefinedBy": "is defined by {}",
    f"{NAMESPACES['skos']}definition": "means: {}",
    f"{NAMESPACES['dcterms']}isReplacedBy": "is replaced by {}",
    f"{_OWL}inverseOf": "is the inverse of {}",
    f"{_OWL}disjointWith": "shares nothing with {}",
    f"{_OWL}propertyDisjointWith": "never holds together with {}",
    f"{_OWL}equivalentClass": "is the same class as {}",
    f"{_OWL}equivalentProperty": "is the same property as {}",
    f"{_OWL}sameAs": "is the same as {}",
    f"{_OWL}differentFrom": "is different from {}",
    f"{_OWL}propertyChainAxiom": "follows from {}, one after the other",
    f"{_OWL}hasKey": "is told apart by {}",
    f"{_OWL}disjointUnionOf": "is made up of {}, of which no two share anything",
    f"{_OWL}deprecated": "is deprecated: {}",
}
_KINDS: Final = {
    "Class": "is a class",
    "ObjectProperty": "is an object property",
    "DatatypeProperty": "is a data property",
    "AnnotationProperty": "is an annotation property",
    "NamedIndividual": "is an individual",
    "TransitiveProperty": "is transitive",
    "SymmetricProperty": "is symmetric",
    "AsymmetricProperty": "is asymmetric",
    "ReflexiveProperty": "is reflexive",
    "IrreflexiveProperty": "is irreflexive",
    "FunctionalProperty": "leads to one thing at most",
    "InverseFunctionalProperty": "comes from one thing at most",
}
_LISTS: Final = {
    "AllDisjointClasses": "nothing is in two of {}",
    "AllDisjointProperties": "no two of {} link the same things",
    "AllDifferent": "{} are different things",
}
_JOINTS: Final = {"intersectionOf": " and ", "unionOf": " or "}
_RESTRICTIONS: Final = {**VALUES, **COUNTS}

# A value of a statement taken apart: an IRI or a literal as written, a list, or a node with what is said of it.
Part: TypeAlias = "str | list[Part] | dict[str, Part]"


class Sentences:
    """How statements read, terms by their names; class expressions in the manner of the Manchester syntax.

    Args:
        name: From an IRI to the name of its term.

    >>> from apgraph.release.difference.statement import Statement
    >>> sentences = Sentences(lambda iri: iri.rpartition(":")[2])
    >>> owl = "http://www.w3.org/2002/07/owl#"
    >>> sentences.of(Statement("urn:x:a", f"{owl}sameAs", "<urn:x:b>"))
    'is the same as b'
    >>> members = f"[<{_TYPE}> <{owl}AllDifferent>; <{owl}members> (<urn:x:a> <urn:x:b>)]"
    >>> sentences.of(Statement("", "axiom", members))
    'a and b are different things'
    """

    def __init__(self, name: Callable[[str], str]) -> None:
        self._name = name

    def of(self, statement: Statement) -> str:
        """Return a statement as a sentence without its subject."""
        value = _parsed(statement.value)
        if statement.predicate == AXIOM:
            return self._axiom(value)
        if statement.predicate == NOTE:
            return self._note(value)
        if statement.predicate == _TYPE and isinstance(value, str):
            kind = value[1:-1]
            if kind.startswith(_OWL) and (said := _KINDS.get(kind.removeprefix(_OWL))):
                return said
        return self._said(statement.predicate, value)

    def _said(self, predicate: str, value: Part) -> str:
        if predicate == _TYPE:
            return f"is {with_article(self._spoken(value))}"
        before, _, after = _PATTERNS.get(predicate, f"{self._name(predicate)} {{}}").partition("{}")
        return f"{before}{self._spoken(value)}{after}"

    def _axiom(self, value: Part) -> str:
        """Return an axiom that is about no one term."""
        said = value if isinstance(value, dict) else {}
        kind = _iri(said.get(_TYPE)).removeprefix(_OWL)
        members = said.get(f"{_OWL}members", said.get(f"{_OWL}distinctMembers"))
        if kind in _LISTS and isinstance(members, list):
            return _LISTS[kind].replace("{}", self._spoken(members), 1)
        denied = [
            said.get(f"{_OWL}{name}")
            for names in (("sourceIndividual",), ("assertionProperty",), ("targetIndividual", "targetValue"))
            for name in names
            if f"{_OWL}{name}" in said
        ]
        if kind == "NegativePropertyAssertion" and len(denied) == 3:
            return (
                f"it does not hold that {' '.join(self._spoken(part) for part in denied if part is not None)}"
            )
        return f"it holds that {self._spoken(value)}"

    def _note(self, value: Part) -> str:
        """Return an annotation of a statement about a term."""
        said = dict(value) if isinstance(value, dict) else {}
        predicate, target = (said.pop(f"{_OWL}annotated{part}", None) for part in ("Property", "Target"))
        if predicate is None or target is None:
            return f"has a note on a statement: {self._spoken(value)}"
        for name in (f"{_OWL}annotatedSource", _TYPE):
            said.pop(name, None)
        notes = "; ".join(f"{self._name(name)} {self._spoken(part)}" for name, part in sorted(said.items()))
        return f"has a note on the statement that it {self._said(_iri(predicate), target)}: {notes}"

    def _spoken(self, part: Part) -> str:
        if isinstance(part, list):
            names = [self._spoken(each) for each in part]
            return (
                names[0]
                if len(names) == 1
                else f"{', '.join(names[:-1])} and {names[-1]}"
                if names
                else "nothing"
            )
        if isinstance(part, dict):
            return self._expression(part)
        if part.startswith('"'):
            text, _, kind = part[1:].rpartition('"')
            shown = text.replace('\\"', '"').replace("\\n", " ")
            return f"“{shown}”{kind if kind.startswith('@') else ''}"
        return self._name(part[1:-1]) if part.startswith("<") else part

    def _expression(self, said: Mapping[str, Part]) -> str:
        """Return a class expression; a node of another kind with all that is said of it."""
        for name, joint in _JOINTS.items():
            members = said.get(f"{_OWL}{name}")
            if isinstance(members, list):
                return f"({joint.join(self._spoken(each) for each in members)})"
        if isinstance(one := said.get(f"{_OWL}oneOf"), list):
            return f"{{{', '.join(self._spoken(each) for each in one)}}}"
        for name, word in (("complementOf", "not"), ("inverseOf", "inverse")):
            if (other := said.get(f"{_OWL}{name}")) is not None:
                return f"({word} {self._spoken(other)})"
        on = said.get(f"{_OWL}onProperty")
        for name, word in _RESTRICTIONS.items():
            if on is not None and (value := said.get(f"{_OWL}{name}")) is not None:
                number = isinstance(value, str) and "ardinality" in name
                shown = (
                    value[1:].partition('"')[0] if number and isinstance(value, str) else self._spoken(value)
                )
                kind = said.get(f"{_OWL}onClass", said.get(f"{_OWL}onDataRange"))
                more = "" if kind is None else f" {self._spoken(kind)}"
                return f"({self._spoken(on)} {word} {shown}{more})"
        parts = (f"{self._name(name)} {self._spoken(part)}" for name, part in said.items())
        return f"[{'; '.join(parts)}]"


def _iri(part: Part | None) -> str:
    return part[1:-1] if isinstance(part, str) and part.startswith("<") else ""


def _parsed(value: str) -> Part:
    """Take the value of a statement apart."""
    parts = list(_parts(iter(_MARKS.findall(value))))
    return parts[0] if len(parts) == 1 else value


def _parts(marks: Iterator[str]) -> Iterator[Part]:
    for mark in marks:
        if mark == "(":
            yield list(_parts(marks))
        elif mark == "[":
            yield _node(list(_parts(marks)))
        elif mark in ")]":
            return
        else:
            yield mark


def _node(parts: Sequence[Part]) -> Part:
    """Return a node, of which several things may be said by one property."""
    pairs = [part for part in parts if part != ";"]
    said: dict[str, Part] = {}
    for name, part in zip(pairs[::2], pairs[1::2], strict=False):
        iri = _iri(name)
        if iri in said:
            before = said[iri]
            said[iri] = [*before, part] if isinstance(before, list) else [before, part]
        else:
            said[iri] = part
    return said
