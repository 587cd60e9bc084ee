"""A look through N-Triples for literals that the store would rewrite, without making terms of them.

A large file is mostly literals that stay as they are. To see that, its bytes are enough: every literal with a
datatype that Oxigraph reads as a value has to stand in a form that Oxigraph writes itself.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from apgraph.store.spelling import AS_STORED, CHANGEABLE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["statements_if_all_as_stored"]

_XSD: Final = "http://www.w3.org/2001/XMLSchema#"
_BLOCK: Final = 1 << 22
_STATEMENT: Final = re.compile(rb"(?m)^[ \t]*[<_]")


def _datatyped() -> tuple[re.Pattern[bytes], re.Pattern[bytes], re.Pattern[bytes]]:
    names = "|".join(sorted(iri.removeprefix(_XSD) for iri in CHANGEABLE))
    forms = "|".join(rf'(?:{form.pattern})"\^\^<{re.escape(iri)}>' for iri, form in sorted(AS_STORED.items()))
    return (
        re.compile(rf"\^\^[ \t]*<{re.escape(_XSD)}(?:{names})>".encode()),
        re.compile(rf'(?<!\\)"(?:{forms})'.encode()),
        # An escape in the name of a datatype would hide it.
        re.compile(rb"\^\^[ \t]*<[^>]*\\"),
    )


_ANY, _AS_STORED, _HIDDEN = _datatyped()


def statements_if_all_as_stored(source: Path | bytes) -> int | None:
    r"""Return how many statements some N-Triples make if no literal would be rewritten; None if one may be.

    Language tags are not looked at. It never takes a literal that would be rewritten for one that stays.

    Raises:
        OSError: The file can't be read.

    >>> integer = b"http://www.w3.org/2001/XMLSchema#integer"
    >>> statements_if_all_as_stored(b'<urn:a> <urn:b> "1"^^<' + integer + b'> .\n')
    1
    >>> statements_if_all_as_stored(b'<urn:a> <urn:b> "01"^^<' + integer + b'> .\n') is None
    True
    """
    number = 0
    for lines in _blocks(source):
        number += sum(1 for _ in _STATEMENT.finditer(lines))
        if _HIDDEN.search(lines) or len(_ANY.findall(lines)) != len(_AS_STORED.findall(lines)):
            return None
    return number


def _blocks(source: Path | bytes) -> Iterator[bytes]:
    """Yield whole lines, some megabytes at a time."""
    if isinstance(source, bytes):
        yield source
        return
    with source.open("rb") as stream:
        while block := stream.read(_BLOCK):
            yield block + stream.readline()
