"""``python -m apgraph.release.quality FILE.md [--check]``: write the scoreboard, or see that it is up to date."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from apgraph.files import renew_by_command
from apgraph.release.quality.scoreboard import scoreboard
from apgraph.release.tree import Tree
from apgraph.resources import resource_folder

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit code: 0 done, 1 the page is stale, 2 wrong use or input."""
    return renew_by_command(
        "apgraph.release.quality",
        "Write the scoreboard of the ontology.",
        lambda: scoreboard(Tree(resource_folder("ontology").parent)),
        arguments,
    )


if __name__ == "__main__":
    sys.exit(main())
