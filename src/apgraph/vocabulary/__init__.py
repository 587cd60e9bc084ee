"""IRIs of our namespaces and terms, generated from ``ontology/`` by ``python -m apgraph.release --write``.

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

VERSION: Final = "1.0.0"
"""Version of the ontology."""

APG: Final = "https://w3id.org/apgraph/ns#"
APGX: Final = "https://w3id.org/apgraph/ref/"
APGS: Final = "https://w3id.org/apgraph/src/"
APGSH: Final = "https://w3id.org/apgraph/shapes#"
APGQ: Final = "https://w3id.org/apgraph/query/"

PREFIXES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "apg": APG,
        "apgx": APGX,
        "apgs": APGS,
        "apgsh": APGSH,
        "apgq": APGQ,
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
)
"""Prefix to namespace: ours, and those of the vocabularies that the ontology uses."""
