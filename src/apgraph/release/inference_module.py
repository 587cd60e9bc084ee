"""The file of the inference module, made from the models of the framework."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apgraph.release.inference import inference_turtle_quads
from apgraph.release.terms import read_ontology
from apgraph.release.vocabulary import NAMESPACES
from apgraph.turtle import write

if TYPE_CHECKING:
    from apgraph.release.tree import Tree

__all__ = ["inference_module"]


def inference_module(tree: Tree) -> None:
    """Make ``ontology/inference.ttl``.

    Raises:
        InputError: The framework has no model with a summary feature.
    """
    quads = read_ontology(tree).quads
    tree.make(
        "ontology/inference.ttl",
        write(inference_turtle_quads([*quads["core"], *quads["framework"]]), NAMESPACES),
    )
