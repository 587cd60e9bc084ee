"""Shapes graphs: loaded from files, and checked for being well-formed before any engine runs them.

See https://www.w3.org/TR/shacl/#shapes-graph and https://www.w3.org/TR/shacl/#syntax-rules.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from apgraph.errors import InputError
from apgraph.shacl.imports import IMPORTS, load_closure
from apgraph.shacl.report import SH

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from apgraph.shacl.report import Term, Unchecked

__all__ = ["FIRST", "REST", "Shapes", "Subject", "load_shapes"]

_RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_TYPE: Final = _RDF + "type"
FIRST: Final = _RDF + "first"
REST: Final = _RDF + "rest"
_NIL: Final = NamedNode(_RDF + "nil")

_TARGETS: Final = ("targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf")
_LISTS: Final = ("in", "and", "or", "xone", "languageIn", "ignoredProperties")
_INNER: Final = ("property", "node", "not", "qualifiedValueShape")
_INNER_LISTS: Final = ("and", "or", "xone")
_NUMBERS: Final = ("minCount", "maxCount", "minLength", "maxLength", "qualifiedMinCount", "qualifiedMaxCount")
_NO_LITERALS: Final = (
    *_INNER,
    "class",
    "datatype",
    "equals",
    "disjoint",
    "lessThan",
    "lessThanOrEquals",
    "targetClass",
    "targetSubjectsOf",
    "targetObjectsOf",
)
_NODE_KINDS: Final = frozenset(
    SH + kind
    for kind in ("IRI", "BlankNode", "Literal", "BlankNodeOrIRI", "BlankNodeOrLiteral", "IRIOrLiteral")
)
_FORBIDDEN: Final = {
    "ServiceGraphPattern": "SERVICE",
    "MinusGraphPattern": "MINUS",
    "InlineData": "VALUES",
    "DatasetClause": "FROM",
}

Subject = NamedNode | BlankNode


@dataclass(frozen=True, slots=True)
class Shapes:
    """The triples of one or more shapes files, and which file each subject comes from.

    Attributes:
        triples: All of them; blank nodes of different files are different.
        files: The files, as the user named them.
        origin: Subject to file.
        not_found: The graphs that these import and that are not on this machine.
    """

    triples: tuple[Triple, ...]
    files: tuple[str, ...]
    origin: Mapping[Subject, str]
    not_found: tuple[Unchecked, ...] = ()
    _objects: Mapping[Subject, Mapping[str, tuple[Term, ...]]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        index: dict[Subject, dict[str, tuple[Term, ...]]] = defaultdict(dict)
        for triple in self.triples:
            subject, predicate, value = triple.subject, triple.predicate.value, triple.object
            if isinstance(subject, Triple) or isinstance(value, Triple):
                raise InputError("a shapes graph cannot hold triples about triples; write plain RDF 1.1")
            index[subject][predicate] = (*index[subject].get(predicate, ()), value)
        object.__setattr__(self, "_objects", dict(index))

    def objects(self, subject: Term, predicate: str) -> tuple[Term, ...]:
        """Return the objects of a subject and a predicate's IRI."""
        if isinstance(subject, Literal):
            return ()
        return self._objects.get(subject, {}).get(predicate, ())

    def subjects(self, predicate: str, value: Term) -> tuple[Subject, ...]:
        """Return the subjects of a predicate's IRI and an object."""
        return tuple(node for node, facts in self._objects.items() if value in facts.get(predicate, ()))

    def subjects_of(self, predicate: str) -> tuple[Subject, ...]:
        """Return the subjects that have a predicate, given by its IRI."""
        return tuple(node for node, facts in self._objects.items() if predicate in facts)

    def members(self, head: Term) -> tuple[Term, ...]:
        """Return the members of an RDF list.

        Raises:
            InputError: It is not a well-formed list.
        """
        found: list[Term] = []
        seen: set[Term] = set()
        node = head
        while node != _NIL:
            first, rest = self.objects(node, FIRST), self.objects(node, REST)
            if node in seen or len(first) != 1 or len(rest) != 1:
                raise InputError("the list is not well-formed")
            seen.add(node)
            found.append(first[0])
            node = rest[0]
        return tuple(found)

    def nodes(self) -> tuple[Subject, ...]:
        """Return every shape: declared, with a target, or used by another shape."""
        found: dict[Subject, None] = {}
        for subject, about in self._objects.items():
            types = about.get(_TYPE, ())
            targeted = any(SH + target in about for target in _TARGETS)
            if targeted or NamedNode(SH + "NodeShape") in types or NamedNode(SH + "PropertyShape") in types:
                found[subject] = None
        queue = list(found)
        while queue:
            shape = queue.pop()
            for inner in self._inner_shapes(shape):
                if inner not in found:
                    found[inner] = None
                    queue.append(inner)
        return tuple(found)

    def _inner_shapes(self, shape: Subject) -> Iterator[Subject]:
        for name in _INNER:
            for node in self.objects(shape, SH + name):
                if not isinstance(node, Literal):
                    yield node
        for name in _INNER_LISTS:
            for head in self.objects(shape, SH + name):
                try:
                    members = self.members(head)
                except InputError:
                    continue  # check() says where it is
                for node in members:
                    if not isinstance(node, Literal):
                        yield node

    def name(self, shape: Subject) -> str:
        """Return words by which a reader finds a shape in its file."""
        if isinstance(shape, NamedNode):
            return f"shape <{shape.value}>"
        paths = self.objects(shape, SH + "path")
        about = f" on <{paths[0].value}>" if len(paths) == 1 and isinstance(paths[0], NamedNode) else ""
        seen: set[Term] = {shape}
        above: list[Term] = [shape]
        while above:
            above = [
                node
                for node, facts in self._objects.items()
                if node not in seen and any(below in values for below in above for values in facts.values())
            ]
            seen.update(above)
            for node in above:
                if isinstance(node, NamedNode):
                    return f"an unnamed shape{about} in shape <{node.value}>"
        return f"an unnamed shape{about}"

    def error(self, shape: Subject, reason: str) -> InputError:
        """Return the error that says which file and shape is at fault, and why."""
        return InputError(f"{self.origin.get(shape, 'shapes')}: {self.name(shape)}: {reason}")

    def check(self) -> None:
        """Check what the specification asks of shapes, as far as it can be seen without data.

        Raises:
            InputError: Naming file, shape and reason.
        """
        for shape in self.nodes():
            for reason in self._faults(shape):
                raise self.error(shape, reason)
        for shape in self.nodes():
            if self._is_recursive(shape):
                raise self.error(shape, "it refers to itself; SHACL leaves open what recursive shapes mean")

    def _is_recursive(self, shape: Subject) -> bool:
        seen: set[Subject] = set()
        queue = list(self._inner_shapes(shape))
        while queue:
            inner = queue.pop()
            if inner == shape:
                return True
            if inner not in seen:
                seen.add(inner)
                queue.extend(self._inner_shapes(inner))
        return False

    def _faults(self, shape: Subject) -> Iterator[str]:
        yield from self._path_faults(shape)
        for name in _LISTS:
            for head in self.objects(shape, SH + name):
                try:
                    self.members(head)
                except InputError:
                    yield f"sh:{name} needs a list; write its values between ( and )"
        for name in _INNER_LISTS:
            for head in self.objects(shape, SH + name):
                yield from (
                    f"sh:{name} lists {m.value!r}, no shape"
                    for m in self.members(head)
                    if isinstance(m, Literal)
                )
        for name in _NO_LITERALS:
            for value in self.objects(shape, SH + name):
                if isinstance(value, Literal):
                    yield f"sh:{name} needs an IRI or a blank node, not {value.value!r}"
        for name in _NUMBERS:
            values = self.objects(shape, SH + name)
            if len(values) > 1:
                yield f"sh:{name} is given {len(values)} times; give it once"
            for value in values:
                if not isinstance(value, Literal) or not re.fullmatch(r"\+?\d+", value.value):
                    yield f"sh:{name} needs a whole number, not {value.value!r}"
        for value in self.objects(shape, SH + "nodeKind"):
            if value.value not in _NODE_KINDS:
                yield f"sh:nodeKind does not know {value.value!r}"

    def check_constraints(self) -> None:
        """Check the queries and regular expressions, for an engine that would stop at a broken one.

        Raises:
            InputError: Naming file, shape and reason.
        """
        for shape in self.nodes():
            for reason in self._pattern_faults(shape):
                raise self.error(shape, reason)
            for constraint in self.objects(shape, SH + "sparql"):
                for reason in self._sparql_faults(constraint):
                    raise self.error(shape, reason)

    def _path_faults(self, shape: Subject) -> Iterator[str]:
        paths = self.objects(shape, SH + "path")
        if len(paths) > 1:
            yield f"it has {len(paths)} paths; give one"
        for path in paths:
            if isinstance(path, Literal):
                yield f"sh:path needs a property, not the text {path.value!r}"
        for inner in self.objects(shape, SH + "property"):
            if not self.objects(inner, SH + "path"):
                yield "sh:property leads to a shape that has no sh:path"

    def _pattern_faults(self, shape: Subject) -> Iterator[str]:
        for value in self.objects(shape, SH + "pattern"):
            try:
                re.compile(value.value)
            except re.error as error:
                yield f"sh:pattern {value.value!r} is not a regular expression: {error}"

    def _sparql_faults(self, constraint: Term) -> Iterator[str]:
        selects = self.objects(constraint, SH + "select")
        if len(selects) != 1:
            yield f"sh:sparql needs one sh:select; it has {len(selects)}"
        for select in selects:
            yield from _query_faults(select.value, tuple(sorted(self.prefixes(constraint).items())))

    def declarations(self, prefixes: Term) -> tuple[Term, ...]:
        """Return the prefix declarations of what sh:prefixes leads to, and of what that imports.

        See https://www.w3.org/TR/shacl/#sparql-prefixes.
        """
        found: list[Term] = []
        queue = [prefixes]
        seen: set[Term] = set()
        while queue:
            node = queue.pop()
            if node not in seen:
                seen.add(node)
                queue.extend(self.objects(node, IMPORTS))
                found.extend(self.objects(node, SH + "declare"))
        return tuple(found)

    def prefixes(self, constraint: Term) -> dict[str, str]:
        """Return the prefixes that a SPARQL constraint or validator may use."""
        return {
            prefix.value: namespace.value
            for node in self.objects(constraint, SH + "prefixes")
            for declaration in self.declarations(node)
            for prefix in self.objects(declaration, SH + "prefix")
            for namespace in self.objects(declaration, SH + "namespace")
        }


def load_shapes(
    sources: str | Path | Sequence[str | Path], *, locate: Callable[[str], Path | None] | None = None
) -> Shapes:
    """Load shapes files, folders and globs of them, and what they import by ``owl:imports``.

    Args:
        sources: The files, folders and globs.
        locate: From the IRI of an imported graph to its file on this machine, if it has one. Graphs are looked for
            among the sources, too, and, where the IRI is relative or names a file, at that place. Nothing is fetched.

    Raises:
        InputError: There is no such file, or none at all.
        ParseError: A file does not parse.
    """
    from apgraph.store import expand

    loaded = load_closure(expand(sources), locate)
    files = tuple(str(file) for file in loaded.files)
    return Shapes(tuple(loaded.triples), files, loaded.origin, tuple(loaded.not_found))


@lru_cache(maxsize=512)
def _query_faults(query: str, declared: tuple[tuple[str, str], ...]) -> tuple[str, ...]:
    # rdflib is slow to import, and only SPARQL constraints need its parser.
    from pyparsing.exceptions import ParseBaseException
    from rdflib.plugins.sparql.algebra import traverse
    from rdflib.plugins.sparql.parser import parseQuery
    from rdflib.plugins.sparql.parserutils import CompValue

    from apgraph.sparql import variables_used

    header = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in declared)
    prefixes = dict(declared)
    try:
        parsed = parseQuery(header + query)
    except ParseBaseException as error:
        return (f"its SPARQL does not parse: {error}",)
    found: set[str] = set()

    def visit(node: object) -> None:
        if isinstance(node, CompValue):
            found.add(node.name)
            # Its own get() answers with the key where there is no such value.
            prefix = dict.get(node, "prefix", "")
            if node.name == "pname" and prefix not in prefixes:
                found.add(f"prefix {prefix}")

    traverse(parsed, visitPre=visit)
    return tuple(
        [
            f"its SPARQL uses {word}, which SHACL does not allow in a constraint"
            for name, word in _FORBIDDEN.items()
            if name in found
        ]
        + [
            f"its SPARQL uses the prefix {name.removeprefix('prefix ')!r}, which sh:prefixes does not declare"
            for name in sorted(found)
            if name.startswith("prefix ")
        ]
        + ([] if "this" in variables_used(query) else ["its SPARQL does not speak of $this"])
    )
