"""Turtle that depends on the graph alone: one graph, one text.

The order is documented and total, so that a difference between two versions of a file is a difference between
two graphs:

1. prefixes that are used, by prefix;
2. subjects by kind (``KINDS``: ontology headers, annotation properties, classes, object and data properties,
   datatypes, everything else), then by IRI; after each subject the ``owl:Axiom`` nodes that annotate it;
3. the blank nodes that nothing refers to, by content;
4. the blank nodes that need a label, by label;
5. within a subject: ``LEADING`` predicates, then the others by IRI; objects: IRIs, literals, blank nodes.

Blank nodes are written in place, as ``[ ]`` or ``( )``. Those that cannot be (shared, in a cycle, or nested more
than ``DEPTH`` deep) get labels computed from the graph, never from the labels that they came with.

Comments are not kept: they belong to no triple. What a reader has to know goes into a note property.
"""

from apgraph.turtle.canonical import canonical_lines
from apgraph.turtle.shape import DEPTH
from apgraph.turtle.writer import KINDS, LEADING, WIDTH, format_turtle, write

__all__ = ["DEPTH", "KINDS", "LEADING", "WIDTH", "canonical_lines", "format_turtle", "write"]
