"""``python -m apgraph.release.quality FILE.md [--check]``: write the scoreboard, or see that it is up to date."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from apgraph.errors import ApgraphError
from apgraph.files import renew
from apgraph.release.quality.scoreboard import scoreboard
from apgraph.release.tree import Tree
from apgraph.resources import resource_folder

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit code: 0 done, 1 the page is stale, 2 wrong use or input."""
    parser = argparse.ArgumentParser(
        prog="python -m apgraph.release.quality", description="Write the scoreboard of the ontology."
    )
    parser.add_argument("file", type=Path, help="the page")
    parser.add_argument(
        "--check", action="store_true", help="write nothing; fail where the page would change"
    )
    options = parser.parse_args(arguments)
    file: Path = options.file
    try:
        tree = Tree(resource_folder("ontology").parent)
        differs = renew(file, scoreboard(tree).encode(), check=options.check)
    except (ApgraphError, OSError, ValueError) as error:
        sys.stderr.write(f"apgraph.release.quality: {error}\n")
        return 2
    if differs:
        sys.stdout.write(f"{'would change' if options.check else 'written'}: {file}\n")
    return int(differs and options.check)


if __name__ == "__main__":
    sys.exit(main())
