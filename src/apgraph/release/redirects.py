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
Options +FollowSymLinks
RewriteEngine on

# What to send, the last rule that fits deciding: Turtle to a client that takes anything; a syntax that the Accept
# header names; a page where it names HTML; and before all what it names first.
RewriteRule ^ - [E=KIND:ttl]
"""
_HTML: Final = r"text/html|application/xhtml\+xml"
_VERSION: Final = r"([0-9]+\.[0-9]+\.[0-9]+)"


def htaccess(site: str, version: str, files: Iterable[str], shapes: str, questions: str) -> str:
    """Return the rules as Apache's ``.htaccess`` for the folder ``apgraph`` of w3id.org.

    Args:
        site: Where releases are published, without a slash at the end.
        version: The version of the release.
        files: Names of the ontologies that have a file in each syntax, such as ``core``; ``apgraph`` is the whole.
        shapes: File of all shapes.
        questions: File of the catalogue of questions.
    """
    lines = [_HEAD]
    kinds = {ending: re.escape(media) for ending, (media, _) in reversed(tuple(SYNTAXES.items()))} | {
        "html": _HTML
    }
    for start in ("", r"^\s*"):
        for kind, media in kinds.items():
            lines += [f"RewriteCond %{{HTTP_ACCEPT}} {start}(?:{media})", f"RewriteRule ^ - [E=KIND:{kind}]"]
    names = "|".join(sorted(re.escape(name) for name in files if name != "apgraph"))
    here, whole = f"{site}/{version}", "ontology/apgraph-base"
    lines += [
        "",
        "# The ontologies by their IRIs, and by the IRIs of their versions.",
        *_rules(rf"^(?:{names})?/?$", None, f"{here}/site/{PAGES['']}"),
        *_rules("^$", f"{here}/ontology/apgraph.%{{ENV:KIND}}"),
        *_rules(rf"^({names})/?$", f"{here}/ontology/$1.%{{ENV:KIND}}"),
        *_rules(rf"^(?:(?:{names})/)?{_VERSION}$", None, f"{site}/$1/site/{PAGES['']}"),
        *_rules(f"^{_VERSION}$", f"{site}/$1/ontology/apgraph.%{{ENV:KIND}}"),
        *_rules(rf"^({names})/{_VERSION}$", f"{site}/$2/ontology/$1.%{{ENV:KIND}}"),
        "",
        "# The table of mappings, which is a file of its own and has a version in RDF.",
        "RewriteCond %{ENV:KIND} =nt",
        *_rules(r"^alignments/apgraph\.sssom\.tsv$", f"{here}/mappings/apgraph.sssom.nt"),
        *_rules(
            r"^alignments/apgraph\.sssom\.tsv$",
            f"{here}/mappings/apgraph.sssom.tsv",
            f"{here}/site/alignments.html",
        ),
        "",
        "# Terms, in the file that holds all of them.",
        *_rules("^ns$", f"{here}/{whole}.%{{ENV:KIND}}", f"{here}/site/{PAGES['ns']}"),
    ]
    for part in ("ref", "src"):
        page = f"{here}/site/{PAGES[part]}#$1"
        lines += _rules(f"^{part}/([A-Za-z0-9_-]+)$", f"{here}/{whole}.%{{ENV:KIND}}", page)
    lines += [
        "",
        "# Shapes and questions, which are published in Turtle.",
        *_rules("^shapes$", f"{here}/{shapes}", f"{here}/site/{PAGES['shapes']}"),
        *_rules("^shapes/([a-z-]+)$", f"{here}/shapes/$1.ttl", f"{here}/site/{PAGES['shapes']}"),
        *_rules("^query$", f"{here}/{questions}", f"{here}/site/{PAGES['query']}"),
        *_rules("^query/([a-z0-9-]+)$", f"{here}/{questions}", f"{here}/site/{PAGES['query']}#$1"),
        "",
        "# The description of the release.",
        *_rules("^dataset$", f"{here}/dataset.ttl", f"{here}/site/{PAGES['']}"),
    ]
    return "\n".join(lines) + "\n"


def _rules(pattern: str, file: str | None, page: str | None = None) -> Iterator[str]:
    if page is not None:
        yield "RewriteCond %{ENV:KIND} =html"
        yield f"RewriteRule {pattern} {page} [R=303,L,NE]"
    if file is not None:
        yield f"RewriteRule {pattern} {file} [R=303,L,NE]"


def readme(site: str) -> str:
    """Return the page that w3id.org asks for beside the rules."""
    return f"""\
# apgraph

The Advanced Practitioner framework of English further education as an ontology, with shapes and questions.

Redirects to <{site}>, where the releases are published. The name is not registered yet: a maintainer asks for it by a
pull request to w3id.org with this folder, and names a contact there. Until then the IRIs do not resolve; everything
that they name is in the package and in a release.
"""
