"""``python -m apgraph.figures FILE.svg [--check]``: draw the framework, or see that the drawing is up to date."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from apgraph.figures.framework import framework_figure
from apgraph.files import renew_by_command
from apgraph.graph import Graph

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit code: 0 done, 1 the drawing is stale, 2 wrong use or input."""
    return renew_by_command(
        "apgraph.figures", "Draw the framework as SVG.", lambda: framework_figure(Graph().store), arguments
    )


if __name__ == "__main__":
    sys.exit(main())
