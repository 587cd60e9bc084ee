"""Files, folders and globs: what they hold, and getting it into a store."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pyoxigraph import RdfFormat

from apgraph.errors import InputError
from apgraph.files import require_regular

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from apgraph.store.dataset import Store

__all__ = ["FORMATS", "content_graph", "expand", "format_of", "load_files"]

FORMATS: Final = {
    ".ttl": RdfFormat.TURTLE,
    ".nt": RdfFormat.N_TRIPLES,
    ".nq": RdfFormat.N_QUADS,
    ".trig": RdfFormat.TRIG,
    ".rdf": RdfFormat.RDF_XML,
    ".owl": RdfFormat.RDF_XML,
    ".xml": RdfFormat.RDF_XML,
    ".jsonld": RdfFormat.JSON_LD,
    ".json": RdfFormat.JSON_LD,
}
"""Extension to syntax."""


def _choices(also: Iterable[str] = ()) -> str:
    return "use one of " + " ".join([*sorted(also, reverse=True), *FORMATS])


def format_of(file: str | Path, *, also: Iterable[str] = ()) -> RdfFormat:
    """Return the syntax of a file by its extension.

    Args:
        file: The file.
        also: Further extensions that the reader of a message may use.

    Raises:
        InputError: The extension is not known.

    >>> format_of("a.TTL")
    <RdfFormat Turtle>
    """
    extension = Path(file).suffix.lower()
    if extension not in FORMATS:
        what = f"the extension {extension!r} is not known" if extension else "it has no extension"
        raise InputError(f"{file}: {what}; {_choices(also)}")
    return FORMATS[extension]


def expand(sources: str | Path | Iterable[str | Path], *, also: frozenset[str] = frozenset()) -> list[Path]:
    """Return the files that some sources name, each once, in order.

    Args:
        sources: Files, folders (all RDF files in them and below, in alphabetical order; hidden ones are
            left out) and globs, which may match folders, or one of them.
        also: Further extensions that are taken, for those who read other files than RDF.

    Raises:
        InputError: A source names nothing or is empty, is a pipe or a device, or a folder can't be read.
    """
    found: dict[Path, None] = {}
    for source in [sources] if isinstance(sources, str | Path) else sources:
        if isinstance(source, str) and not source.strip():
            # It would stand for the folder that one is in.
            raise InputError("the name of a file is empty; give a file, a folder or a glob")
        path = Path(source)
        require_regular(path)
        try:
            if path.is_dir():
                inside = _folder(path, also)
                for file in inside:
                    require_regular(file)
                if not inside:
                    raise InputError(f"{path} holds no RDF file; {_choices(also)}")
                found.update(dict.fromkeys(inside))
            elif path.exists():
                if path.suffix.lower() not in also:
                    format_of(path, also=also)
                found[path] = None
            elif any(letter in str(source) for letter in "*?["):
                # As if a shell had spread it out: a folder stands for what is in it.
                inside = [
                    file
                    for match in _glob(str(source))
                    for file in (_folder(match, also) if match.is_dir() else [match])
                    if _is_wanted(file, also) and file.is_file()
                ]
                if not inside:
                    raise InputError(f"{source} matches no RDF file; {_choices(also)}")
                found.update(dict.fromkeys(inside))
            else:
                raise InputError(f"{source}: there is no such file or folder; check the name")
        except OSError as error:
            raise _unreadable(error.filename or path, error) from None
        except ValueError as error:
            if isinstance(error, InputError):
                raise
            raise InputError(f"{str(source)!r} can't be the name of a file: {error}") from None
    return list(found)


def _glob(pattern: str) -> list[Path]:
    path = Path(pattern)
    parts = path.parts
    first = next(at for at, part in enumerate(parts) if any(letter in part for letter in "*?["))
    base = Path(*parts[:first])
    hidden = any(part.startswith(".") for part in parts[first:])
    return sorted(
        file
        for file in base.glob(str(Path(*parts[first:])))
        if hidden or not any(part.startswith(".") for part in file.relative_to(base).parts)
    )


def _folder(folder: Path, also: frozenset[str]) -> list[Path]:
    def complain(error: OSError) -> None:
        raise error

    found = []
    for parent, folders, files in os.walk(folder, onerror=complain):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        found += [
            Path(parent, file) for file in files if _is_wanted(Path(file), also) and not file.startswith(".")
        ]
    return sorted(found)


def _is_wanted(file: Path, also: frozenset[str]) -> bool:
    """Tell whether a file has an extension that is read; the locks that office programs leave beside files do not count."""
    suffix = file.suffix.lower()
    return (suffix in FORMATS or suffix in also) and not file.name.startswith("~$")


def _unreadable(file: str | Path, error: OSError) -> InputError:
    return InputError(f"{file} can't be read: {error.strerror or error}")


def content_graph(file: Path) -> str:
    """Return the graph for a file's triples, named by its content.

    Raises:
        InputError: The file can't be read.
    """
    try:
        with file.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise _unreadable(file, error) from None
    return f"urn:apgraph:data:{digest[:16]}"


def load_files(
    store: Store, sources: Iterable[str | Path], *, graph: str | Callable[[Path], str] | None = None
) -> dict[Path, int]:
    """Load files, folders and globs.

    Args:
        store: What they go to.
        sources: See :func:`expand`.
        graph: The graph for the triples outside any graph, or a function that tells it for a file;
            None: one for each file, named by its content.

    Returns:
        Each file and how many quads it says.

    Raises:
        ParseError: A file does not parse; it leaves nothing in the store, files before it are loaded.
        InputError: A file can't be read.
    """
    choose = content_graph if graph is None else (lambda _: graph) if isinstance(graph, str) else graph
    return {
        file: store.load(
            file, format=format_of(file), graph=choose(file), base=file.resolve().as_uri(), name=str(file)
        )
        for file in expand(sources)
    }
