"""The release as a dataset: what it holds, how much, in which files (DCAT 3 and VoID)."""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal, NamedNode, Triple

from apgraph.release.syntaxes import SYNTAXES
from apgraph.release.vocabulary import NAMESPACES, named
from apgraph.resources import FRAMEWORK
from apgraph.turtle import write

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

__all__ = ["describe_dataset"]

_PREFIXES: Final = {
    **NAMESPACES,
    "dcat": "http://www.w3.org/ns/dcat#",
    "spdx": "http://spdx.org/rdf/terms#",
    "void": "http://rdfs.org/ns/void#",
}
_name: Final = partial(named, prefixes=_PREFIXES)
_HERE: Final = "urn:apgraph:release"
"""Stands for the folder of a release, as the writer of Turtle knows no relative IRIs."""
_XSD: Final = NAMESPACES["xsd"]


def describe_dataset(
    site: str | None,
    header: Mapping[str, Sequence[NamedNode | Literal]],
    triples: Collection[Triple],
    files: Mapping[str, tuple[int, str]],
) -> str:
    """Return the description of a release as Turtle.

    Args:
        site: Where this version is published, without a slash at the end; None where nobody knows yet: then the
            addresses are counted from where the description lies.
        header: What the ontology says of itself, by short name of the property.
        triples: Everything that the ontology states.
        files: Path of a file to its size in bytes and its SHA-256.
    """
    text = write(_triples(site or _HERE, header, triples, files), _PREFIXES)
    return text if site else text.replace(f"<{_HERE}/", "<")


def _triples(
    site: str,
    header: Mapping[str, Sequence[NamedNode | Literal]],
    triples: Collection[Triple],
    files: Mapping[str, tuple[int, str]],
) -> Iterator[Triple]:
    this = NamedNode(f"{FRAMEWORK}/dataset")
    a = _name("rdf:type")
    for kind in ("dcat:Dataset", "void:Dataset"):
        yield Triple(this, a, _name(kind))
    for name in (
        "dcterms:title",
        "dcterms:description",
        "dcterms:license",
        "dcterms:creator",
        "dcterms:publisher",
    ):
        for value in header.get(name, ()):
            yield Triple(this, _name(name), value)
    for name, mapped in (("dcterms:issued", "dcterms:issued"), ("owl:versionInfo", "dcat:version")):
        for value in header.get(name, ()):
            yield Triple(this, _name(mapped), value)
    yield Triple(this, _name("void:uriSpace"), Literal(f"{FRAMEWORK}/"))
    yield Triple(this, _name("void:triples"), _number(len(triples)))
    yield Triple(this, _name("void:distinctSubjects"), _number(len({t.subject for t in triples})))
    yield Triple(this, _name("void:distinctObjects"), _number(len({t.object for t in triples})))
    yield Triple(this, _name("void:properties"), _number(len({t.predicate for t in triples})))
    members = Counter(t.object for t in triples if t.predicate == a and isinstance(t.object, NamedNode))
    yield Triple(this, _name("void:classes"), _number(len(members)))
    yield Triple(this, _name("void:exampleResource"), NamedNode(NAMESPACES["apgx"] + "coaching"))
    used = sorted(
        {
            namespace
            for namespace in NAMESPACES.values()
            if any(t.predicate.value.startswith(namespace) for t in triples)
        }
    )
    for namespace in used:
        yield Triple(this, _name("void:vocabulary"), NamedNode(namespace))
    for path, (size, digest) in files.items():
        where = NamedNode(f"{site}/{path}")
        yield Triple(this, _name("dcat:distribution"), where)
        yield Triple(where, a, _name("dcat:Distribution"))
        yield Triple(where, _name("dcterms:title"), Literal(path))
        yield Triple(where, _name("dcat:downloadURL"), where)
        yield Triple(where, _name("dcat:byteSize"), _number(size))
        for value in header.get("dcterms:license", ()):
            yield Triple(where, _name("dcterms:license"), value)
        ending = path.rsplit(".", 1)[-1]
        if ending in SYNTAXES:
            yield Triple(where, _name("dcterms:format"), Literal(SYNTAXES[ending][0]))
        checksum = NamedNode(f"{where.value}#sha256")
        yield Triple(where, _name("spdx:checksum"), checksum)
        yield Triple(checksum, a, _name("spdx:Checksum"))
        yield Triple(checksum, _name("spdx:algorithm"), _name("spdx:checksumAlgorithm_sha256"))
        yield Triple(
            checksum, _name("spdx:checksumValue"), Literal(digest, datatype=NamedNode(_XSD + "hexBinary"))
        )


def _number(value: int) -> Literal:
    return Literal(str(value), datatype=NamedNode(_XSD + "nonNegativeInteger"))
