"""The rules by which w3id.org sends a reader or a program on from our IRIs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from apgraph.release.syntaxes import SYNTAXES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["PAGES", "htaccess", "readme"]

PAGES: Final = {
    "": "index.html",
    "ns": "terms.html",
    "ref": "individuals.html",
    "src": "evidence.html",
    "query": "questions.html",
    "shapes": "rules.html",
}
"""What follows our base in an IRI, to the page about it."""

_HEAD: Final = """\
# Sends https://w3id.org/apgraph... on, by what the client accepts. Made by `apgraph release`.
# The type that the Accept header names first decides; then a page where HTML is accepted at all; then
# whichever syntax is named; and Turtle for a client that takes anything.
Options +FollowSymLinks
RewriteEngine on
"""


def htaccess(site: str, version: str, files: Iterable[str], shapes: str, questions: str) -> str:
    """Return the rules as Apache's ``.htaccess`` for the folder ``apgraph`` of w3id.org.

    Args:
        site: Where the release is published, without a slash at the end.
        version: The version of the release.
        files: Names of the ontologies that have a file in each syntax, such as ``core``; ``apgraph`` is the whole.
        shapes: File of the shapes.
        questions: File of the catalogue of questions.
    """
    lines = [_HEAD]
    where = f"{site}/{version}"
    for name in sorted(files):
        path = "" if name == "apgraph" else re.escape(name)
        # Both the ontology's IRI and its version IRI; the version that is asked for is the one that is sent.
        pattern = f"^{path}/?$" if path else "^$"
        lines += _choose(pattern, f"{where}/ontology/{name}", f"{where}/site/index.html")
        versioned = f"^{path}/([0-9]+\\.[0-9]+\\.[0-9]+)$" if path else "^([0-9]+\\.[0-9]+\\.[0-9]+)$"
        lines += _choose(versioned, f"{site}/$1/ontology/{name}", f"{site}/$1/site/index.html")
    whole = f"{where}/ontology/apgraph-base"
    lines += _choose("^ns$", whole, f"{where}/site/{PAGES['ns']}")
    for part in ("ref", "src"):
        lines += _choose(f"^{part}/([A-Za-z0-9_-]+)$", whole, f"{where}/site/{PAGES[part]}#$1")
    lines += _choose("^shapes$", f"{where}/{shapes}", f"{where}/site/{PAGES['shapes']}", only_turtle=True)
    lines += _choose(
        "^query(?:/([a-z0-9-]+))?$", f"{where}/{questions}", f"{where}/site/{PAGES['query']}#$1", only_turtle=True
    )
    return "\n".join(lines) + "\n"


def _choose(pattern: str, file: str, page: str, *, only_turtle: bool = False) -> Iterator[str]:
    types = {ending: re.escape(media) for ending, (media, _) in SYNTAXES.items()}
    html = "text/html|application/xhtml\\+xml"
    flags = "[R=303,L,NE]"
    if only_turtle:
        yield f"RewriteCond %{{HTTP_ACCEPT}} {html}"
        yield f"RewriteRule {pattern} {page} {flags}"
    else:
        for start in ("^\\s*", ""):
            if not start:
                yield f"RewriteCond %{{HTTP_ACCEPT}} {html}"
                yield f"RewriteRule {pattern} {page} {flags}"
            for ending, media in types.items():
                yield f"RewriteCond %{{HTTP_ACCEPT}} {start}{media}"
                yield f"RewriteRule {pattern} {file}.{ending} {flags}"
    yield f"RewriteRule {pattern} {file if only_turtle else file + '.ttl'} {flags}"


def readme(site: str) -> str:
    """Return the page that w3id.org asks for beside the rules."""
    return f"""\
# apgraph

The Advanced Practitioner framework of English further education as an ontology, with shapes and questions.

Redirects to <{site}>, where the releases are published. The name is not registered yet: a maintainer asks for it by a
pull request to w3id.org with this folder, and names a contact there. Until then the IRIs do not resolve; everything
that they name is in the package and in a release.
"""
