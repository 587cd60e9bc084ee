"""What is generated from the ontology and the questions, and kept in the repository.

``python -m apgraph.release --check`` names every file that differs from what would be generated and fails;
``--write`` writes those files, and only those. Each product is one module with a function from the tree of
files to the files that it makes; `products` lists them in the order in which they build on one another.
"""

from apgraph.release.products import PRODUCTS, generate
from apgraph.release.tree import Tree

__all__ = ["PRODUCTS", "Tree", "generate"]
