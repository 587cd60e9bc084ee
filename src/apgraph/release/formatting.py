"""Every Turtle file of the repository as the Turtle writer writes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from apgraph.release.vocabulary import NAMESPACES
from apgraph.turtle import format_turtle

if TYPE_CHECKING:
    from apgraph.release.tree import Tree

__all__ = ["PATTERNS", "formatting"]

PATTERNS: Final = (
    "ontology/**/*.ttl",
    "shapes/*.ttl",
    "quality/*.ttl",
    "examples/*.ttl",
    "tests/cases/*.ttl",
)


def formatting(tree: Tree) -> None:
    """Format the Turtle files.

    A file that does not parse, such as a bad case whose fault is its syntax, is for its tests to judge by name:
    it ends in ``.ttl.txt``.

    Raises:
        ParseError: A file is no Turtle.
    """
    for pattern in PATTERNS:
        for path in tree.paths(pattern):
            tree.make(path, format_turtle(tree.read(path), NAMESPACES, name=path))
