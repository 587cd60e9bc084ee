"""The list of products: adding one is adding a module and a line here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from apgraph.release.alignment_reference import alignment_reference
from apgraph.release.alignments import alignments
from apgraph.release.catalog import catalog
from apgraph.release.formatting import formatting
from apgraph.release.inference_module import inference_module
from apgraph.release.mapping_set import mapping_set
from apgraph.release.quality.pages import quality_reference
from apgraph.release.questions import question_catalogue, question_reference
from apgraph.release.reference import reference
from apgraph.release.rules import rule_reference
from apgraph.release.versions import versions
from apgraph.release.vocabulary import vocabulary

if TYPE_CHECKING:
    from collections.abc import Callable

    from apgraph.release.tree import Tree

__all__ = ["PRODUCTS", "generate"]

PRODUCTS: Final[tuple[Callable[[Tree], None], ...]] = (
    formatting,
    inference_module,
    versions,
    vocabulary,
    alignments,
    mapping_set,
    catalog,
    reference,
    alignment_reference,
    question_reference,
    question_catalogue,
    rule_reference,
    quality_reference,
)
"""What is made, each from the files and from the products before it."""


def generate(tree: Tree) -> None:
    """Make every product into the tree; nothing is written.

    Raises:
        InputError: A file that a product is made from is wrong.
    """
    for product in PRODUCTS:
        product(tree)
