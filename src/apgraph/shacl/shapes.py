"""Shapes graphs: loaded from files, and checked for being well-formed before any engine runs them.

See https://www.w3.org/TR/shacl/#shapes-graph and https://www.w3.org/TR/shacl/#syntax-rules.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from apgraph.errors import InputError
from apgraph.shacl.imports import IMPORTS, load_closure
from apgraph.shacl.report import SH

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from apgraph.shacl.report import Term, Unchecked

__all__ = ["FIRST", "NIL", "REST", "Shapes", "Subject", "load_shapes"]

_RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_TYPE: Final = _RDF + "type"
FIRST: Final = _RDF + "first"
REST: Final = _RDF + "rest"
NIL: Final = NamedNode(_RDF + "nil")

_SUBCLASS: Final = "http://www.w3.org/2000/01/rdf-schema#subClassOf"
_SHAPES: Final = (NamedNode(SH + "NodeShape"), NamedNode(SH + "PropertyShape"))
_CLASSES: Final = (
    NamedNode("http://www.w3.org/2000/01/rdf-schema#Class"),
    NamedNode("http://www.w3.org/2002/07/owl#Class"),
)
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
_NAMED: Final = ("targetClass", "targetSubjectsOf", "targetObjectsOf", "targetNode")
_SWITCHES: Final = ("closed", "deactivated", "uniqueLang", "qualifiedValueShapesDisjoint")
_TEXTS: Final = ("pattern", "flags")
_ONCE: Final = ("datatype", "nodeKind", "flags", *_SWITCHES)
# The test suite has "1" and "0", too, which are not true.
_BOOLEAN: Final = NamedNode("http://www.w3.org/2001/XMLSchema#boolean")
_SWITCH_VALUES: Final = tuple(Literal(text, datatype=_BOOLEAN) for text in ("true", "false", "1", "0"))
_TEXT_TYPES: Final = ("http://www.w3.org/2001/XMLSchema#string", _RDF + "langString")
_NODE_KINDS: Final = frozenset(
    SH + kind
    for kind in ("IRI", "BlankNode", "Literal", "BlankNodeOrIRI", "BlankNodeOrLiteral", "IRIOrLiteral")
)

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

    def about(self, subject: Subject) -> Mapping[str, tuple[Term, ...]]:
        """Return what is said of a subject: the objects by their predicate's IRI."""
        return self._objects.get(subject, {})

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
        while node != NIL:
            first, rest = self.objects(node, FIRST), self.objects(node, REST)
            if node in seen or len(first) != 1 or len(rest) != 1:
                raise InputError("the list is not well-formed")
            seen.add(node)
            found.append(first[0])
            node = rest[0]
        return tuple(found)

    def nodes(self) -> tuple[Subject, ...]:
        """Return every shape: declared, with a target, a class with properties, or used by another shape."""
        found: dict[Subject, None] = {}
        for subject, about in self._objects.items():
            types = about.get(_TYPE, ())
            declared = any(kind in types for kind in _SHAPES)
            targeted = any(SH + target in about for target in _TARGETS)
            # A class is a shape by its properties alone: https://www.w3.org/TR/shacl/#implicit-targetClass.
            if declared or targeted or (SH + "property" in about and self.is_class(subject)):
                found[subject] = None
        queue = list(found)
        while queue:
            shape = queue.pop()
            for inner in self._inner_shapes(shape):
                if inner not in found:
                    found[inner] = None
                    queue.append(inner)
        return tuple(found)

    def is_class(self, node: Term) -> bool:
        """Tell whether a node is a class, of RDFS or OWL, by its types and the classes above them."""
        seen: set[Term] = set()
        queue = list(self.objects(node, _TYPE))
        while queue:
            kind = queue.pop()
            if kind in _CLASSES:
                return True
            if kind not in seen:
                seen.add(kind)
                queue.extend(self.objects(kind, _SUBCLASS))
        return False

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

    def statements(self) -> Iterator[tuple[Subject, str, tuple[Term, ...]]]:
        """Yield every subject with each predicate's IRI that it has, and their objects."""
        for subject, facts in self._objects.items():
            for predicate, values in facts.items():
                yield subject, predicate, values

    def nearest_named(self, node: Subject) -> NamedNode | None:
        """Return a node itself, or that with a name from which the fewest steps lead to it."""
        if isinstance(node, NamedNode):
            return node
        seen: set[Term] = {node}
        above: set[Term] = {node}
        while above:
            above = {
                upper
                for upper, facts in self._objects.items()
                if upper not in seen and any(not above.isdisjoint(values) for values in facts.values())
            }
            seen |= above
            named = [upper for upper in above if isinstance(upper, NamedNode)]
            if named:
                return min(named, key=lambda upper: upper.value)
        return None

    def name(self, shape: Subject) -> str:
        """Return words by which a reader finds a shape in its file, the same in every run."""
        if isinstance(shape, NamedNode):
            return f"shape <{shape.value}>"
        path, named = self._path_text(shape), self.nearest_named(shape)
        about = f" on {path}" if path else ""
        return f"an unnamed shape{about}" + ("" if named is None else f" in shape <{named.value}>")

    def _path_text(self, shape: Subject) -> str:
        from apgraph.shacl.paths import read_path  # which reads from here

        paths = self.objects(shape, SH + "path")
        if len(paths) != 1:
            return ""
        try:
            return read_path(self, paths[0]).shown
        except InputError:  # check() says what is wrong
            return ""

    def where(self, shape: Subject) -> str:
        """Return a shape's file and the words by which it is found there."""
        return f"{self.origin.get(shape, 'shapes')}: {self.name(shape)}"

    def error(self, shape: Subject, reason: str) -> InputError:
        """Return the error that says which file and shape is at fault, and why."""
        return InputError(f"{self.where(shape)}: {reason}")

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
        for name in _NAMED:
            if any(isinstance(value, BlankNode) for value in self.objects(shape, SH + name)):
                kinds = "an IRI or a literal" if name == "targetNode" else "an IRI"
                yield f"sh:{name} needs {kinds}, not a blank node"
        for name in _SWITCHES:
            for value in self.objects(shape, SH + name):
                if value not in _SWITCH_VALUES:
                    yield f"sh:{name} needs true or false, without quotes, not {value}"
        for name in _TEXTS:
            for value in self.objects(shape, SH + name):
                if isinstance(value, Literal) and value.datatype.value != _TEXT_TYPES[0]:
                    yield f"sh:{name} needs a text in quotes, not {value}"
        for value in self.objects(shape, SH + "message"):
            if not isinstance(value, Literal) or value.datatype.value not in _TEXT_TYPES:
                yield f"sh:message needs a text in quotes, not {value}"
        for name in (*_ONCE, *_NUMBERS):
            values = self.objects(shape, SH + name)
            if len(values) > 1:
                yield f"sh:{name} is given {len(values)} times; give it once"
        for name in _NUMBERS:
            for value in self.objects(shape, SH + name):
                if (
                    not isinstance(value, Literal)
                    or value.datatype.value == _TEXT_TYPES[0]
                    or not re.fullmatch(r"\+?\d+", value.value)
                ):
                    yield f"sh:{name} needs a whole number, not {value.value!r}"
        for value in self.objects(shape, SH + "nodeKind"):
            if value.value not in _NODE_KINDS:
                yield f"sh:nodeKind does not know {value.value!r}"

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
        for inner in self.objects(shape, SH + "node"):
            if self.objects(inner, SH + "path"):
                yield "sh:node leads to a shape that has sh:path; give it by sh:property"

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
        """Return the prefixes that a SPARQL constraint or validator may use.

        Raises:
            InputError: One is declared twice, and not alike.
        """
        found: dict[str, str] = {}
        for node in self.objects(constraint, SH + "prefixes"):
            for declaration in self.declarations(node):
                for prefix in self.objects(declaration, SH + "prefix"):
                    for namespace in self.objects(declaration, SH + "namespace"):
                        if found.setdefault(prefix.value, namespace.value) != namespace.value:
                            raise InputError(
                                f"sh:prefixes leads to two namespaces of the prefix {prefix.value!r}; declare one"
                            )
        return found


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

    found = expand(sources)
    if not found:  # nothing would be checked, and the report would say that all is well
        raise InputError("no shapes file is given, so nothing can be checked; give one at least")
    loaded = load_closure(found, locate)
    files = tuple(str(file) for file in loaded.files)
    return Shapes(tuple(loaded.triples), files, loaded.origin, tuple(loaded.not_found))
