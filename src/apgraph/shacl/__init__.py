"""SHACL validation of graphs in a store; it knows nothing of any domain.

Which module follows which section of the specification is in docs/reference/shacl.md, "Where what is".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apgraph.shacl.engine import DEFAULT_ENGINE, engines, validate
from apgraph.shacl.report import Finding, Report, Severity, Unchecked
from apgraph.shacl.sets_engine import show_sparql
from apgraph.shacl.shapes import Shapes, load_shapes

if TYPE_CHECKING:
    from apgraph.shacl.comparison import Disagreement
    from apgraph.shacl.coverage import Coverage

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


def __getattr__(name: str) -> object:
    # Most validations need neither, and a small case is waited for.
    if name == "Coverage":
        from apgraph.shacl.coverage import Coverage

        return Coverage
    if name == "Disagreement":
        from apgraph.shacl.comparison import Disagreement

        return Disagreement
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
