"""What the things of checked files are called in messages, and which names are like one that does not exist."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Final

from pyoxigraph import BlankNode, Literal, NamedNode

from apgraph.lexicon import key, nearest
from apgraph.vocabulary import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pyoxigraph import Quad

__all__ = ["Names"]

_TYPE: Final = PREFIXES["rdf"] + "type"
_IMPORTS: Final = PREFIXES["owl"] + "imports"
_ONTOLOGY: Final = NamedNode(PREFIXES["owl"] + "Ontology")
_VERSION: Final = PREFIXES["owl"] + "versionIRI"
_MOST: Final = 2


class Names:
    """The names of files that are checked, and of what they build on.

    Args:
        quads: All their triples.
        prefixes: Prefix to namespace, for short names.

    >>> from pyoxigraph import RdfFormat, parse
    >>> text = b"@prefix : <https://example.org/e#> . :candour a <https://example.org/Value> ."
    >>> names = Names(parse(text, format=RdfFormat.TURTLE), {"my": "https://example.org/e#"})
    >>> names.nearest("https://example.org/e#candor")
    ('my:candour',)
    """

    def __init__(self, quads: Iterable[Quad], prefixes: Mapping[str, str]) -> None:
        self._quads = quads
        self._prefixes = prefixes
        self._declared: defaultdict[str, dict[str, str]] | None = None
        self._called: defaultdict[str, set[str]] = defaultdict(set)
        self._ontologies: set[str] = set()

    def short(self, node: object) -> str:
        """Return what a term is called in a message: a short name, a text in quotes, at most a line."""
        if isinstance(node, Literal):
            text = " ".join(node.value.split())
            return f"“{text[:77]}...”" if len(text) > 80 else f"“{text}”"
        if isinstance(node, BlankNode):
            return "something without a name"
        iri = node.value if isinstance(node, NamedNode) else str(node)
        near = [
            (space, prefix)
            for prefix, space in self._prefixes.items()
            if space and iri.startswith(space) and iri != space
        ]
        if not near:
            return f"<{iri}>"
        space, prefix = max(near, key=lambda pair: (len(pair[0]), pair[1]))
        return f"{prefix}:{iri[len(space) :]}"

    def nearest(self, iri: str, *, of: str = "") -> tuple[str, ...]:
        """Return short names of what is declared and called like something that is not, best first.

        Args:
            iri: What is not declared.
            of: IRI of the property that leads to it; an import is told from a term.
        """
        declared = self._known()
        if of == _IMPORTS:
            return tuple(f"<{each}>" for each in nearest(iri, sorted(self._ontologies), _MOST))
        space, name = _split(iri)
        here = declared.get(space, {})
        found = [here[each] for each in nearest(name, here, _MOST)]
        if not found and key(name):
            # The same name in another namespace, such as ours.
            found = sorted(self._called[key(name)])[:_MOST]
        return tuple(self.short(NamedNode(each)) for each in found if each != iri)

    def _known(self) -> Mapping[str, Mapping[str, str]]:
        """Return what is declared: by namespace, local name to IRI."""
        if self._declared is None:
            self._declared = defaultdict(dict)
            for quad in self._quads:
                if quad.predicate.value == _VERSION and isinstance(quad.object, NamedNode):
                    self._ontologies.add(quad.object.value)
                if quad.predicate.value != _TYPE or not isinstance(quad.subject, NamedNode):
                    continue
                iri = quad.subject.value
                if quad.object == _ONTOLOGY:
                    self._ontologies.add(iri)
                else:
                    space, name = _split(iri)
                    self._declared[space][name] = iri
                    self._called[key(name)].add(iri)
        return self._declared


def _split(iri: str) -> tuple[str, str]:
    found = re.fullmatch(r"(.*[/#:])([^/#:]*)", iri, re.DOTALL)
    return (found[1], found[2]) if found else ("", iri)
