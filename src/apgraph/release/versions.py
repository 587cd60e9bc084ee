"""One version everywhere: the package, every ontology header, the citation."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING

from apgraph.errors import ConflictError
from apgraph.release.terms import read_ontology

if TYPE_CHECKING:
    from apgraph.release.tree import Tree

__all__ = ["versions"]


def versions(tree: Tree) -> None:
    """Write the package's version into the citation, and see that the ontology has the same.

    Raises:
        ConflictError: A module's version, version IRI or an import says something else.
    """
    version = tomllib.loads(tree.read("pyproject.toml").decode())["project"]["version"]
    for module, header in read_ontology(tree).modules.items():
        found = header.texts("owl:versionInfo")
        if found != (version,):
            raise ConflictError(
                f"ontology/{module}.ttl: owl:versionInfo is {', '.join(found) or 'missing'} and the package's "
                f"version {version}; make them equal"
            )
        if header.iris("owl:versionIRI") != (f"{header.iri}/{version}",):
            raise ConflictError(f"ontology/{module}.ttl: owl:versionIRI has to be {header.iri}/{version}")
    citation = tree.read("CITATION.cff").decode()
    tree.make("CITATION.cff", re.sub(r"(?m)^version: .*$", f"version: {version}", citation))
