"""``python -m apgraph.figures FILE.svg [--check]``: draw the framework, or see that the drawing is up to date."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from apgraph.errors import ApgraphError
from apgraph.figures.framework import framework_figure
from apgraph.files import renew
from apgraph.graph import Graph

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit code: 0 done, 1 the drawing is stale, 2 wrong use or input."""
    parser = argparse.ArgumentParser(
        prog="python -m apgraph.figures", description="Draw the framework as SVG."
    )
    parser.add_argument("file", type=Path, help="the drawing")
    parser.add_argument(
        "--check", action="store_true", help="write nothing; fail where the drawing would change"
    )
    options = parser.parse_args(arguments)
    file: Path = options.file
    try:
        differs = renew(file, framework_figure(Graph().store).encode(), check=options.check)
    except (ApgraphError, OSError) as error:
        sys.stderr.write(f"apgraph.figures: {error}\n")
        return 2
    if differs:
        sys.stdout.write(f"{'would change' if options.check else 'written'}: {file}\n")
    return int(differs and options.check)


if __name__ == "__main__":
    sys.exit(main())
