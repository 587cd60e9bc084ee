"""``python -m apgraph.release``: check or write the generated files."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from apgraph.errors import ApgraphError
from apgraph.release import Tree, generate
from apgraph.resources import resource_folder

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit code: 0 nothing to change, 1 files differ, 2 wrong use or input."""
    parser = argparse.ArgumentParser(
        prog="python -m apgraph.release", description="Check or write the files that are generated."
    )
    action = parser.add_mutually_exclusive_group(required=True)
    action.add_argument("--check", action="store_true", help="name the files that would change, and fail")
    action.add_argument("--write", action="store_true", help="write the files that differ")
    parser.add_argument("--root", type=Path, help="the checkout; that of the package where it is not given")
    options = parser.parse_args(arguments)
    try:
        tree = Tree(options.root or resource_folder("ontology").parent)
        generate(tree)
        changed = tree.changes() if options.check else tree.write()
    except (ApgraphError, OSError) as error:
        sys.stderr.write(f"apgraph.release: {error}\n")
        return 2
    for path in changed:
        sys.stdout.write(f"{'would change' if options.check else 'written'}: {path}\n")
    return 1 if options.check and changed else 0


if __name__ == "__main__":
    sys.exit(main())
