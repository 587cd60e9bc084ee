"""A release: everything that we publish, in one folder, the same bytes whenever it is made from the same version."""

from __future__ import annotations

import hashlib
import re
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from apgraph.errors import InputError
from apgraph.files import replace_folder
from apgraph.release.catalog import with_files
from apgraph.release.dataset import describe_dataset
from apgraph.release.redirects import htaccess, readme
from apgraph.release.site import write_site
from apgraph.release.site.downloads import Offered
from apgraph.release.syntaxes import SYNTAXES, in_syntaxes
from apgraph.release.views import base, class_view, full, pinned
from apgraph.release.vocabulary import NAMESPACES
from apgraph.resources import FRAMEWORK, MODULES, licence_file, resource_folder
from apgraph.turtle import write

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from pyoxigraph import Quad, Triple

    from apgraph.lexicon import Lexicon
    from apgraph.store import Store

__all__ = ["Bundle", "write_bundle"]

_COPIED: Final = (
    ("ontology", "context.jsonld", "ontology"),
    ("ontology", "alignments/apgraph.sssom.tsv", "mappings"),
    ("ontology", "alignments/apgraph.sssom.nt", "mappings"),
    ("shapes", "*.ttl", "shapes"),
    ("queries", "*.rq", "questions"),
    ("queries", "catalogue.ttl", "questions"),
)
"""Files that are published as they are: the folder they are in, which of it, and where they go."""
_SHAPES: Final = "shapes/apgraph-shapes.ttl"
"""The shapes of all files, as their names say nothing of the file that one is in."""
_VIEWS: Final = "ontology/apgraph-"
_ADDRESS: Final = re.compile(r"https?://[^\s<>\"']+")


@dataclass(frozen=True, slots=True)
class Bundle:
    """A release that was written.

    Args:
        folder: Where it is.
        version: Its version.
        files: Path of each file, counted from the folder, to its size in bytes and its SHA-256.
        triples: How many triples the whole ontology has.
    """

    folder: Path
    version: str
    files: Mapping[str, tuple[int, str]]
    triples: int


def write_bundle(
    folder: Path,
    *,
    site: str | None,
    inferred: Collection[Triple],
    store: Store,
    lexicon: Lexicon,
    pictures: Mapping[str, tuple[bytes, str]] | None = None,
    replace: bool = False,
) -> Bundle:
    """Write a release into a folder that is not there yet.

    Args:
        folder: Where it goes; it appears when all of it is written.
        site: Where releases are published, such as ``https://example.org/apgraph``; None where nobody knows yet: then
            there are no redirects, and addresses are relative.
        inferred: What follows from the ontology, for the merged and reasoned file.
        store: The framework, for the pages about it.
        lexicon: Its names.
        pictures: Name of a picture for the pages to its content and to what it shows.
        replace: Whether a release that is there gives way.

    Raises:
        InputError: The folder is there, or can't be written; the address is none.
    """
    where = None if site is None else site.rstrip("/")
    if where is not None and not _ADDRESS.fullmatch(where):
        raise InputError(
            f"{site!r} is no web address; give where the release will be published, such as https://..."
        )
    if folder.exists() and not (replace and (folder / "SHA256SUMS").is_file()):
        hint = (
            "give another folder, or --force to replace it"
            if (folder / "SHA256SUMS").is_file()
            else "give another"
        )
        raise InputError(
            f"{folder}: there is such a {'folder' if folder.is_dir() else 'file'} already; {hint}"
        )
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}."))
    except OSError as error:
        raise InputError(f"{folder} can't be written: {error.strerror or error}") from None
    try:
        bundle = _fill(beside, where, inferred, store, lexicon, pictures or {})
        beside.chmod(0o755)
        replace_folder(beside, folder)
    except OSError as error:
        raise InputError(f"{folder} can't be written: {error.strerror or error}") from None
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return Bundle(folder, bundle.version, bundle.files, bundle.triples)


def _fill(
    folder: Path,
    site: str | None,
    inferred: Collection[Triple],
    store: Store,
    lexicon: Lexicon,
    pictures: Mapping[str, tuple[bytes, str]],
) -> Bundle:
    ontology = resource_folder("ontology")
    header = _read(ontology / "apgraph.ttl")
    modules = [_read(ontology / f"{name}.ttl") for name in MODULES]
    stated = _header(header)
    (version,) = [str(term.value) for term in stated["owl:versionInfo"]]
    whole = list(base(modules, header))
    graphs: dict[str, Collection[Triple]] = {
        "ontology/apgraph": [quad.triple for quad in header],
        "ontology/apgraph-base": whole,
        "ontology/apgraph-full": list(full(modules, header, inferred)),
        "ontology/apgraph-classes": list(class_view(modules, header)),
    }
    for name, module in zip(MODULES, modules, strict=True):
        graphs[f"ontology/{name}"] = [quad.triple for quad in module]
    aligned = sorted((ontology / "alignments").glob("*.ttl"))
    for file in aligned:
        graphs[f"ontology/alignments/{file.stem}"] = [quad.triple for quad in _read(file)]
    versions = dict(map(_versions, graphs.values()))
    graphs = {path: list(pinned(triples, versions)) for path, triples in graphs.items()}
    views = {path.removeprefix("ontology/"): graphs[path] for path in graphs if path.startswith(_VIEWS)}
    rows = [(iri.value, f"{name}.ttl") for name, view in views.items() for iri in _versions(view)]
    catalog = (ontology / "catalog-v001.xml").read_text(encoding="utf-8")
    _put(folder / "ontology" / "catalog-v001.xml", with_files(catalog, rows).encode())
    for path, triples in graphs.items():
        for ending, content in in_syntaxes(triples, {**NAMESPACES, **_OTHERS}).items():
            _put(folder / f"{path}.{ending}", content)
    for source, pattern, target in _COPIED:
        for file in sorted(resource_folder(source).glob(pattern)):
            _put(folder / target / file.name, file.read_bytes())
    shapes = [quad.triple for file in sorted(resource_folder("shapes").glob("*.ttl")) for quad in _read(file)]
    _put(folder / _SHAPES, write(shapes, NAMESPACES).encode())
    licence = licence_file()
    _put(folder / licence.name, licence.read_bytes())
    if site is not None:
        names = [path.removeprefix("ontology/") for path in graphs]
        rules = htaccess(site, version, names, _SHAPES, "questions/catalogue.ttl")
        _put(folder / "w3id" / ".htaccess", rules.encode())
        _put(folder / "w3id" / "README.md", readme(site).encode())
    write_site(
        lambda name, content: _put(folder / "site" / name, content),
        store,
        lexicon,
        version=version,
        pictures=pictures,
        ontologies=[
            Offered(this.value, number.value, path, tuple(SYNTAXES))
            for path, triples in graphs.items()
            for this, number in (_versions(triples),)
        ],
    )
    files = _sums(folder)
    here = None if site is None else f"{site}/{version}"
    _put(folder / "dataset.ttl", describe_dataset(here, stated, whole, files).encode())
    files = _sums(folder)
    _put(
        folder / "SHA256SUMS", "".join(f"{digest}  {path}\n" for path, (_, digest) in files.items()).encode()
    )
    return Bundle(folder, version, files, len(whole))


_OTHERS: Final = {
    "est": "https://dfe-digital.github.io/education-provider-registry-docs/models/establishment/vocabulary/",
    "org": "http://www.w3.org/ns/org#",
    "sosa": "http://www.w3.org/ns/sosa/",
}


def _read(file: Path) -> tuple[Quad, ...]:
    return tuple(parse(file.read_bytes(), format=RdfFormat.TURTLE, rename_blank_nodes=True))


def _header(quads: Iterable[Quad]) -> Mapping[str, Sequence[NamedNode | Literal]]:
    """Return what the ontology says of itself, by short name of the property."""
    found: dict[str, list[NamedNode | Literal]] = {}
    for quad in quads:
        if quad.subject == NamedNode(FRAMEWORK) and isinstance(quad.object, NamedNode | Literal):
            prefix, namespace = next(
                (p, n) for p, n in NAMESPACES.items() if quad.predicate.value.startswith(n)
            )
            found.setdefault(f"{prefix}:{quad.predicate.value[len(namespace) :]}", []).append(quad.object)
    return found


def _versions(triples: Iterable[Triple]) -> tuple[NamedNode, NamedNode]:
    """Return the IRI of an ontology and that of its version."""
    (found,) = [
        (t.subject, t.object)
        for t in triples
        if t.predicate.value == NAMESPACES["owl"] + "versionIRI"
        and isinstance(t.subject, NamedNode)
        and isinstance(t.object, NamedNode)
    ]
    return found


def _put(file: Path, content: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)


def _sums(folder: Path) -> dict[str, tuple[int, str]]:
    return dict(sorted(_each(folder)))


def _each(folder: Path) -> Iterator[tuple[str, tuple[int, str]]]:
    for file in folder.rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            yield file.relative_to(folder).as_posix(), (len(content), hashlib.sha256(content).hexdigest())
