"""What can be downloaded beside the pages: each ontology with its names, and the other files of a release."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from apgraph.release.site.elements import element

if TYPE_CHECKING:
    from collections.abc import Sequence
    from xml.etree import ElementTree as ET

__all__ = ["Downloads", "Offered"]

_UP: Final = ".."
"""From the folder of the pages to that of the release: so links work in a folder as on the web."""
_OTHERS: Final = (
    ("mappings/apgraph.sssom.tsv", "the table of mappings to other vocabularies, as SSSOM"),
    ("mappings/apgraph.sssom.nt", "the same in RDF"),
    ("shapes/apgraph-shapes.ttl", "all rules, as SHACL"),
    ("questions/catalogue.ttl", "all questions with their queries"),
    ("ontology/catalog-v001.xml", "which IRI is which file, for tools that follow imports without the web"),
    ("ontology/context.jsonld", "the context by which case data is written in JSON-LD"),
    ("dataset.ttl", "what is in the release, in DCAT and VoID"),
    ("SHA256SUMS", "checksums of all files"),
    ("LICENSE-ontology", "the licence: CC BY 4.0, and whom to credit"),
)


@dataclass(frozen=True, slots=True)
class Offered:
    """An ontology that can be downloaded.

    Args:
        iri: Its IRI.
        version: The IRI of its version.
        path: Its files but for the ending, counted from the folder of the release.
        endings: The endings of its files, one for each syntax.
    """

    iri: str
    version: str
    path: str
    endings: tuple[str, ...]


class Downloads:
    """The part of a page that offers the files of a release.

    Args:
        ontologies: The ontologies.
    """

    def __init__(self, ontologies: Sequence[Offered]) -> None:
        self._ontologies = ontologies

    def content(self) -> list[ET.Element]:
        """Return what the page says."""
        rows = [
            element(
                "tr",
                element("td", element("code", each.version), data_label="Version IRI"),
                element(
                    "td",
                    [
                        [element("a", f".{ending}", href=f"{_UP}/{each.path}.{ending}"), " "]
                        for ending in each.endings
                    ],
                    data_label="Files",
                ),
            )
            for each in self._ontologies
        ]
        heads = element("tr", [element("th", name, scope="col") for name in ("Version IRI", "Files")])
        return [
            element("h2", "Downloads"),
            element(
                "p",
                "Turtle (.ttl), RDF/XML (.rdf), JSON-LD (.jsonld) and N-Triples (.nt), with the same triples in each. "
                "Without the version at its end, an IRI means the newest version.",
            ),
            element(
                "div",
                element("table", element("thead", heads), element("tbody", rows), class_="stacked"),
                class_="wide",
                tabindex="0",
                role="region",
                aria_label="All ontologies",
            ),
            element(
                "ul",
                [
                    element("li", element("a", path, href=f"{_UP}/{path}"), f": {what}")
                    for path, what in _OTHERS
                ],
            ),
        ]
