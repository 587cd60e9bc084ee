"""Where ``ontology/``, ``quality/``, ``queries/`` and ``shapes/`` are: in a checkout or in the installed wheel."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final, Literal

from apgraph.errors import InputError

__all__ = ["FRAMEWORK", "MODULES", "ontology_module", "resource_folder"]

FRAMEWORK: Final = "https://w3id.org/apgraph"
"""IRI of the ontology, and the named graph that holds all its modules."""

MODULES: Final = ("core", "framework", "evidence", "case", "inference")
"""The ontology's modules, in the order in which they import one another."""


@cache
def resource_folder(name: Literal["ontology", "quality", "queries", "shapes"]) -> Path:
    """Return the folder of that name.

    Args:
        name: ``"ontology"``, ``"quality"``, ``"queries"`` or ``"shapes"``.

    Raises:
        InputError: The installation is incomplete.

    >>> sorted(path.name for path in resource_folder("ontology").glob("core*"))
    ['core.ttl']
    """
    package = Path(__file__).resolve().parent
    # The wheel carries the folders inside the package; a checkout has them beside src/.
    for candidate in (package / name, package.parents[1] / name):
        if candidate.is_dir():
            return candidate
    raise InputError(f"{package}: folder {name!r} is missing from this installation; install apgraph again")


def ontology_module(name: str) -> Path:
    """Return the file of an ontology module, ``"apgraph"`` being the one that imports all.

    >>> ontology_module("framework").name
    'framework.ttl'
    """
    return resource_folder("ontology") / f"{name}.ttl"
