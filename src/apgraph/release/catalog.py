"""The XML catalog by which tools find the modules offline: IRI and version IRI to file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import quoteattr

from apgraph.release.alignments import BASE
from apgraph.release.mappings import read_vocabularies
from apgraph.release.terms import read_ontology

if TYPE_CHECKING:
    from collections.abc import Iterable

    from apgraph.release.tree import Tree

__all__ = ["catalog", "with_files"]

_END: Final = "</catalog>\n"


def catalog(tree: Tree) -> None:
    """Make the catalog, after the `OASIS standard <https://www.oasis-open.org/committees/download.php/14809>`_.

    Raises:
        InputError: A module has no header.
    """
    rows: list[tuple[str, str]] = []
    for module, header in read_ontology(tree).modules.items():
        rows += [(iri, f"{module}.ttl") for iri in (header.iri, *header.iris("owl:versionIRI"))]
    (version,) = read_ontology(tree).modules["core"].texts("owl:versionInfo")
    for prefix, vocabulary in read_vocabularies(tree).items():
        if vocabulary.has_file:
            rows += [
                (iri, f"alignments/{prefix}.ttl") for iri in (BASE + prefix, f"{BASE}{prefix}/{version}")
            ]
    head = [
        '<?xml version="1.0" encoding="UTF-8" standalone="no"?>',
        '<catalog prefer="public" xmlns="urn:oasis:names:tc:entity:xmlns:xml:catalog">',
    ]
    tree.make("ontology/catalog-v001.xml", with_files("\n".join(head) + f"\n{_END}", rows))


def with_files(text: str, rows: Iterable[tuple[str, str]]) -> str:
    """Return a catalog with further files.

    Args:
        text: The catalog.
        rows: IRI and file, counted from where the catalog lies.
    """
    lines = "".join(f"    <uri name={quoteattr(iri)} uri={quoteattr(file)}/>\n" for iri, file in sorted(rows))
    return f"{text.removesuffix(_END)}{lines}{_END}"
