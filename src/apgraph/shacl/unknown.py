"""Targets and paths that name what neither data nor ontology know, with the nearest known name.

A shape that is misspelt so looks at nothing, or at a node of which nothing is said.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final, Literal

from pyoxigraph import NamedNode

from apgraph.shacl.report import shape_record

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from apgraph.shacl.ground import Ground
    from apgraph.shacl.model import Shape
    from apgraph.shacl.shapes import Subject

__all__ = ["UnknownTarget", "unknown_properties", "unknown_targets"]

Kind = Literal["class", "node", "subjects", "objects"]
_TYPE: Final = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
_SUBCLASS: Final = "<http://www.w3.org/2000/01/rdf-schema#subClassOf>"
_CLASSES: Final = "<http://www.w3.org/2002/07/owl#Class>, <http://www.w3.org/2000/01/rdf-schema#Class>"
_PROPERTIES: Final = ", ".join(
    [
        "<http://www.w3.org/1999/02/22-rdf-syntax-ns#Property>",
        *(f"<http://www.w3.org/2002/07/owl#{name}Property>" for name in ("Object", "Datatype", "Annotation")),
    ]
)
_KNOWN: Final = {
    "class": f"?s {_TYPE} ?name }} UNION {{ ?name ?p ?o }} UNION {{ ?s {_SUBCLASS} ?name",
    "node": "?name ?p ?o } UNION { ?s ?p ?name",
    "property": "?s ?name ?o } UNION { ?name ?p ?o",
}
"""What knows a name, by what it is the name of."""
_LIKE: Final = {
    "class": f"?s {_TYPE} ?name }} UNION {{ ?name {_TYPE} ?kind FILTER(?kind IN ({_CLASSES}))",
    "node": "?name ?p ?o",
    "property": f"?s ?name ?o }} UNION {{ ?name {_TYPE} ?kind FILTER(?kind IN ({_PROPERTIES}))",
}
"""Where names to suggest are found."""
_MOST: Final = 20_000
"""Names among which the nearest is sought; comparing more takes longer than a hint is worth."""
_SAYS: Final = {
    "class": "no node is of class <{0}>, and nothing says what it is",
    "node": "nothing is said of the node <{0}>, and nothing leads to it",
    "subjects": "no node has the property <{0}>, and nothing says what it is",
    "objects": "no node has the property <{0}>, and nothing says what it is",
}


@dataclass(frozen=True, slots=True)
class UnknownTarget:
    """A class, node or property that a shape targets, and that neither data nor ontology know.

    Attributes:
        shape: The shape.
        kind: By which kind of target it is named.
        iri: Its name.
        nearest: Known names that are written like it, best first.
        where: File and shape in words.
        address: By which way a shape without a name is found; see :mod:`apgraph.shacl.addresses`.
    """

    shape: Subject
    kind: Kind
    iri: str
    nearest: tuple[str, ...]
    where: str
    address: str = ""

    def __str__(self) -> str:
        hint = f"; did you mean <{self.nearest[0]}>?" if self.nearest else ""
        return f"{self.where}: {_SAYS[self.kind].format(self.iri)}{hint}"

    def to_record(self) -> dict[str, object]:
        """Return it as JSON can hold it."""
        return {
            "shape": shape_record(self.shape, self.address),
            "kind": self.kind,
            "iri": self.iri,
            "nearest": list(self.nearest),
            "where": self.where,
        }


def unknown_targets(
    model: Sequence[Shape], ground: Ground, where: Callable[[Shape], str], address: Callable[[Subject], str]
) -> Iterator[UnknownTarget]:
    """Yield the targets of shapes that name what nothing knows.

    Args:
        model: The shapes.
        ground: The data, and what says what its terms are.
        where: From a shape to the words by which it is found.
        address: From a shape to its address.
    """
    named: list[tuple[Shape, Kind, str]] = [
        (shape, target.kind, target.term.value)
        for shape in model
        if not shape.deactivated
        for target in shape.targets
        if isinstance(target.term, NamedNode)
    ]
    for what in _KNOWN:
        wanted = [each for each in named if _what(each[1]) == what]
        unknown = _unknown(what, {iri for *_, iri in wanted}, ground)
        for shape, kind, iri in wanted:
            if iri in unknown:
                own = "" if isinstance(shape.node, NamedNode) else address(shape.node)
                yield UnknownTarget(shape.node, kind, iri, _nearest(iri, what, ground), where(shape), own)


def unknown_properties(iris: Collection[str], ground: Ground) -> dict[str, tuple[str, ...]]:
    """Return those of some properties that nothing knows, each with the known ones that are written like it."""
    return {iri: _nearest(iri, "property", ground) for iri in sorted(_unknown("property", iris, ground))}


def _what(kind: Kind) -> str:
    return "property" if kind in {"subjects", "objects"} else kind


def _unknown(what: str, iris: Collection[str], ground: Ground) -> set[str]:
    if not iris:
        return set()
    values = " ".join(f"<{iri}>" for iri in sorted(iris))
    rows = ground.select(f"SELECT DISTINCT ?name {{ VALUES ?name {{ {values} }} {{ {_KNOWN[what]} }} }}")
    return set(iris) - {row[0].value for row in rows if isinstance(row[0], NamedNode)}


def _nearest(iri: str, what: str, ground: Ground) -> tuple[str, ...]:
    space, local = _split(iri)
    rows = ground.select(
        f"SELECT DISTINCT ?name {{ {{ {_LIKE[what]} }} FILTER(ISIRI(?name) && "
        f"ABS(STRLEN(STR(?name)) - {len(iri)}) <= {max(3, len(local) // 2)}) }} LIMIT {_MOST + 1}"
    ).rows
    if len(rows) > _MOST:
        return ()
    names = sorted(row[0].value for row in rows if isinstance(row[0], NamedNode))
    # In one namespace all IRIs are alike: there the ends of them are compared.
    beside = {_split(name)[1]: name for name in names if _split(name)[0] == space}
    close = [beside[end] for end in get_close_matches(local, beside, n=3)]
    elsewhere = [name for name in names if _split(name)[1] == local and name != iri]
    return tuple(dict.fromkeys([*close, *elsewhere, *get_close_matches(iri, names, n=3, cutoff=0.9)]))[:3]


def _split(iri: str) -> tuple[str, str]:
    at = max(iri.rfind(mark) for mark in "#/:") + 1
    return iri[:at], iri[at:]
