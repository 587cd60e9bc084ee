"""Where ``ontology/``, ``quality/``, ``queries/`` and ``shapes/`` are: in a checkout or in the installed wheel."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from apgraph.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "FRAMEWORK",
    "MODULES",
    "licence_file",
    "ontology_file",
    "ontology_module",
    "read_catalogue",
    "resource_folder",
]

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


def licence_file() -> Path:
    """Return the file that says under which licence ontology, shapes and questions are.

    Raises:
        InputError: The installation is incomplete.

    >>> licence_file().read_text(encoding="utf-8").splitlines()[0]
    'Creative Commons Attribution 4.0 International (CC BY 4.0)'
    """
    file = resource_folder("ontology").parent / "LICENSE-ontology"
    if not file.is_file():
        raise InputError(f"{file}: missing from this installation; install apgraph again")
    return file


def ontology_module(name: str) -> Path:
    """Return the file of an ontology module, ``"apgraph"`` being the one that imports all.

    >>> ontology_module("framework").name
    'framework.ttl'
    """
    return resource_folder("ontology") / f"{name}.ttl"


def ontology_file(iri: str) -> Path | None:
    """Return the file of the ontology, or of one of its modules, by its IRI or version IRI; None for any other IRI.

    Raises:
        InputError: The installation is incomplete.

    >>> ontology_file("https://w3id.org/apgraph/core").name, ontology_file("https://w3id.org/other")
    ('core.ttl', None)
    """
    return _catalogue().get(iri)


@cache
def _catalogue() -> Mapping[str, Path]:
    return read_catalogue(resource_folder("ontology"))


def read_catalogue(folder: Path) -> Mapping[str, Path]:
    """Return which file beside it holds which ontology, after the ``catalog-v001.xml`` of a folder.

    Only entries that name one file by its place in the folder are read, as Protégé and this package write them; empty
    where there is no catalogue.

    >>> read_catalogue(resource_folder("ontology"))["https://w3id.org/apgraph/core/1.0.0"].name
    'core.ttl'
    """
    file = folder / "catalog-v001.xml"
    if not file.is_file():
        return {}
    from html import unescape

    found: dict[str, Path] = {}
    for entry in re.findall(r"<uri\b([^>]*)>", file.read_text(encoding="utf-8", errors="replace")):
        attributes = re.findall(r"""(\w+)\s*=\s*(["'])(.*?)\2""", entry, re.DOTALL)
        said = {name: unescape(value) for name, _, value in attributes}
        if "name" in said and said.get("uri") and ":" not in said["uri"]:
            found[said["name"]] = folder / said["uri"]
    return found
