"""What differs between two versions of an ontology, term by term and in words."""

from apgraph.release.difference.comparison import Change, Difference, compare_editions
from apgraph.release.difference.edition import Edition, read_edition
from apgraph.release.difference.statement import Statement

__all__ = ["Change", "Difference", "Edition", "Statement", "compare_editions", "read_edition"]
