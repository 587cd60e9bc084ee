"""Rows that say the same in several languages: one of each is enough."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from pyoxigraph import Literal

from apgraph.lexicon import spoken
from apgraph.store import Solutions

if TYPE_CHECKING:
    from apgraph.store import Term

__all__ = ["in_language"]


def in_language(solutions: Solutions, language: str) -> Solutions:
    """Return the rows without those that others say in a language that suits better.

    Rows are alternatives if they are equal but for the texts that have a language. A text that exists in
    one language alone stays, and so do several texts in the same language. The order is kept.

    Args:
        solutions: What a query found.
        language: Tag of the language that is wanted.

    >>> from pyoxigraph import NamedNode
    >>> a, texts = NamedNode("urn:a"), [Literal("thing", language="en"), Literal("Ding", language="de")]
    >>> in_language(Solutions(("x", "t"), tuple((a, text) for text in texts)), "de").rows[0][1].value
    'Ding'
    """
    languages = {cell.language for row in solutions.rows for cell in row if isinstance(cell, Literal)} - {
        None
    }
    if len(languages) < 2:
        return solutions
    groups: defaultdict[tuple[Term | None, ...], list[tuple[int, ...]]] = defaultdict(list)
    keyed = []
    for row in solutions.rows:
        key = tuple(None if isinstance(cell, Literal) and cell.language else cell for cell in row)
        suits = tuple(
            spoken(cell.language, language) if isinstance(cell, Literal) and cell.language else 0
            for cell in row
        )
        keyed.append((key, suits))
        groups[key].append(suits)
    best = {key: min(several) for key, several in groups.items()}
    kept = (row for row, (key, suits) in zip(solutions.rows, keyed, strict=True) if suits == best[key])
    return Solutions(solutions.variables, tuple(kept))
