"""SHACL validation of graphs in a store; it knows nothing of any domain."""

from __future__ import annotations

from apgraph.shacl.comparison import Disagreement
from apgraph.shacl.coverage import Coverage
from apgraph.shacl.engine import DEFAULT_ENGINE, engines, validate
from apgraph.shacl.report import Finding, Report, Severity, Unchecked
from apgraph.shacl.sets_engine import show_sparql
from apgraph.shacl.shapes import Shapes, load_shapes

__all__ = [
    "DEFAULT_ENGINE",
    "Coverage",
    "Disagreement",
    "Finding",
    "Report",
    "Severity",
    "Shapes",
    "Unchecked",
    "engines",
    "load_shapes",
    "show_sparql",
    "validate",
]
