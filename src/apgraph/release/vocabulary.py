"""The package ``apgraph.vocabulary``: IRIs of the ontology's terms as constants."""

from __future__ import annotations

import keyword
import re
from typing import TYPE_CHECKING, Final

from pyoxigraph import NamedNode

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from apgraph.release.terms import Term
    from apgraph.release.tree import Tree

__all__ = ["NAMESPACES", "named", "vocabulary"]

_OURS: Final = {
    "apg": "https://w3id.org/apgraph/ns#",
    "apgx": "https://w3id.org/apgraph/ref/",
    "apgs": "https://w3id.org/apgraph/src/",
    "apgsh": "https://w3id.org/apgraph/shapes#",
    "apgq": "https://w3id.org/apgraph/query/",
}
NAMESPACES: Final[Mapping[str, str]] = {
    **_OURS,
    "bibo": "http://purl.org/ontology/bibo/",
    "dcterms": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "https://schema.org/",
    "sh": "http://www.w3.org/ns/shacl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "vann": "http://purl.org/vocab/vann/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
"""Prefix to namespace; the generated package offers the same as ``PREFIXES``."""

_PACKAGE: Final = "src/apgraph/vocabulary"
_NOTICE: Final = "generated from ``ontology/`` by ``python -m apgraph.release --write``"
_HEAD: Final = f'''\
"""IRIs of our namespaces and terms, {_NOTICE}.

The terms are constants of the modules `apgraph.vocabulary.apg` (classes and properties) and
`apgraph.vocabulary.apgx` (reference individuals), which are read when they are imported:

>>> from apgraph.vocabulary import apg, apgx
>>> apg.DeploymentModel, apgx.coaching
('https://w3id.org/apgraph/ns#DeploymentModel', 'https://w3id.org/apgraph/ref/coaching')

Statements of the source have systematic IRIs (``APGS + "C034"``) and no constants.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["APG", "APGQ", "APGS", "APGSH", "APGX", "PREFIXES", "VERSION"]

'''
_WIDTH: Final = 110


def named(name: str, prefixes: Mapping[str, str] = NAMESPACES) -> NamedNode:
    """Return what a short name stands for.

    Raises:
        KeyError: The prefix is none of those.

    >>> named("apg:Team").value
    'https://w3id.org/apgraph/ns#Team'
    """
    prefix, _, local = name.partition(":")
    return NamedNode(prefixes[prefix] + local)


def vocabulary(tree: Tree) -> None:
    """Make the package ``apgraph.vocabulary``.

    Raises:
        ParseError: A module of the ontology is no Turtle.
    """
    # terms.py needs the namespaces of this module.
    from apgraph.release.terms import read_ontology

    ontology = read_ontology(tree)
    version = ontology.modules["apgraph"].texts("owl:versionInfo")[0]
    lines = [_HEAD + f'VERSION: Final = "{version}"\n"""Version of the ontology."""\n']
    lines += [f'{prefix.upper()}: Final = "{iri}"' for prefix, iri in _OURS.items()]
    lines += ["", "PREFIXES: Final[Mapping[str, str]] = MappingProxyType(", "    {"]
    lines += [
        f'        "{prefix}": {prefix.upper()},' if prefix in _OURS else f'        "{prefix}": "{iri}",'
        for prefix, iri in NAMESPACES.items()
    ]
    lines += ["    }", ")"]
    lines += ['"""Prefix to namespace: ours, and those of the vocabularies that the ontology uses."""']
    tree.make(f"{_PACKAGE}/__init__.py", "\n".join(lines) + "\n")
    for prefix, holds in (("apg", "Classes and properties"), ("apgx", "Reference individuals")):
        head = [
            "# ruff: noqa: N816 (names are those of the ontology)",
            f'"""{holds}, {_NOTICE}."""',
            "",
            "from typing import Final",
            "",
        ]
        tree.make(
            f"{_PACKAGE}/{prefix}.py", "\n".join([*head, *_constants(prefix, ontology.terms.values())]) + "\n"
        )


def _constants(prefix: str, terms: Iterable[Term]) -> Iterator[str]:
    for term in terms:
        local = term.iri.removeprefix(NAMESPACES[prefix])
        if local == term.iri or not re.fullmatch(r"[A-Za-z_]\w*", local):
            continue
        name = f"{local}_" if keyword.iskeyword(local) else local
        meaning = " ".join(f"{term.label}: {term.definition}".replace("\\", "\\\\").replace('"', "'").split())
        line = f'{name}: Final = "{term.iri}"'
        yield line if len(line) <= _WIDTH else f'{name}: Final = (\n    "{term.iri}"\n)'
        yield f'"""{meaning}"""'
