"""The page of the rules for case data, made from the shapes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apgraph.cases.rules import rules_markdown
from apgraph.shacl import load_shapes

if TYPE_CHECKING:
    from apgraph.release.tree import Tree

__all__ = ["rule_reference"]


def rule_reference(tree: Tree) -> None:
    """Make ``docs/reference/rules.md``.

    Raises:
        InputError: A shape is not as it has to be.
    """
    tree.make("docs/reference/rules.md", rules_markdown(load_shapes([tree.root / "shapes"])))
