"""``python -m apgraph.figures FILE.svg [--check]``: draw the framework, or see that the drawing is up to date."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from apgraph.errors import ApgraphError
from apgraph.figures.framework import framework_figure
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
        drawn = framework_figure(Graph().store)
        present = file.read_text(encoding="utf-8") if file.exists() else None
        if options.check:
            if present != drawn:
                sys.stdout.write(f"would change: {file}\n")
                return 1
        elif present != drawn:
            beside = file.with_name(f".{file.name}.new")
            beside.write_text(drawn, encoding="utf-8")
            beside.replace(file)
            sys.stdout.write(f"written: {file}\n")
    except (ApgraphError, OSError, UnicodeDecodeError) as error:
        sys.stderr.write(f"apgraph.figures: {error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
