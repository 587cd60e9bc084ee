"""Groups in braces of their own, as Oxigraph joins them by sets.

Oxigraph follows triples one from the other, also out of braces: for each row, the rows that agree in the first property
are looked through, and where many do, as observations of one day, the time grows with the square. A sub-query it works
out once, and joins by all variables that are shared. See docs/decisions/0170-groups-are-joined-as-sets.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apgraph.shacl.groups import outermost_groups
from apgraph.sparql import tokens

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apgraph.shacl.groups import Group

__all__ = ["groups_as_sets"]


def groups_as_sets(query: str) -> str:
    """Write each group that stands in braces of its own beside other parts as a sub-query, which means the same.

    Those in OPTIONAL, UNION, EXISTS and the like are left alone.

    >>> groups_as_sets("SELECT ?a { ?a <urn:p> ?b { ?c <urn:p> ?b } }")
    'SELECT ?a { ?a <urn:p> ?b { SELECT * WHERE { ?c <urn:p> ?b } } }'
    """
    found = tokens(query)
    edits = sorted(
        (edit for group in outermost_groups(found) for edit in _groups_within(group)),
        key=lambda each: each.opened,
    )
    for group in reversed(edits):
        start, end = found[group.opened].start, found[group.closed].end
        query = f"{query[:start]}{{ SELECT * WHERE {query[start:end]} }}{query[end:]}"
    return query


def _groups_within(group: Group) -> Iterator[Group]:
    """Yield the groups directly inside that stand alone, and have triples to be joined by."""
    for part in group.parts:
        if part.kind == "select":
            for inner in part.groups:
                yield from _groups_within(inner)
        elif part.kind == "union" and len(part.groups) == 1 and len(group.parts) > 1:
            (inner,) = part.groups
            if any(each.kind == "triples" for each in inner.parts):
                yield inner
