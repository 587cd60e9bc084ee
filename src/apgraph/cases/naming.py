"""The IRIs of what a workbook describes, and the identifiers that IRIs stand for."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import quote, unquote

from pyoxigraph import NamedNode

from apgraph.cases.records import case_graph

__all__ = ["Naming"]

_ELSEWHERE: Final = ("http://", "https://", "urn:")
_AGAIN: Final = re.compile(r"(.+)~\d+")
_NAMED: Final = re.compile(r"(.*\S) \[([^\[\]]+)\]")


class Naming:
    """Makes the IRIs of one case: the same identifier always makes the same IRI.

    Letters of any language stay as they are; ``~`` never comes from an identifier, so that what it parts
    can be told apart again.

    Args:
        case_id: Identifier of the case.

    >>> naming = Naming("riverside")
    >>> naming.of("obs 07").value, naming.identifier("urn:apgraph:case:riverside:obs%2007")
    ('urn:apgraph:case:riverside:obs%2007', 'obs 07')
    """

    def __init__(self, case_id: str) -> None:
        self.graph = case_graph(case_id)
        self.base = self.graph + ":"
        self._nodes: dict[str, NamedNode] = {}

    def local(self, identifier: str) -> str:
        """Return what an identifier is in an IRI."""
        return "".join(
            c if c.isalnum() or c in "-._" else quote(c, safe="").replace("~", "%7E") for c in identifier
        )

    def of(self, identifier: str) -> NamedNode:
        """Return the IRI that an identifier stands for; an IRI from elsewhere stands for itself."""
        node = self._nodes.get(identifier)
        if node is None:
            if identifier.startswith(_ELSEWHERE) and not identifier.startswith(self.base):
                try:
                    node = NamedNode(identifier)
                except ValueError:
                    node = None
            node = node or NamedNode(self.base + self.local(identifier))
            self._nodes[identifier] = node
        return node

    def at(self, local: str) -> NamedNode:
        """Return the IRI with such an end."""
        return NamedNode(self.base + local)

    def identifier(self, iri: str) -> str:
        """Return the identifier that an IRI stands for; ``""`` for one that was made for a row without."""
        if not iri.startswith(self.base):
            return iri
        local = iri[len(self.base) :]
        if local.startswith("~"):
            return ""
        again = _AGAIN.fullmatch(local)
        return unquote(again[1] if again else local)

    def ending(self, iri: str) -> str | None:
        """Return the end of an IRI of this case, or None for another one."""
        return iri[len(self.base) :] if iri.startswith(self.base) else None

    def of_name(self, name: str, kind: str) -> tuple[NamedNode, str]:
        """Return the IRI of a thing that is only named, and its name; ``name [end]`` gives the IRI's end.

        >>> Naming("x").of_name("construction", "area")[0].value
        'urn:apgraph:case:x:~area~construction'
        """
        match = _NAMED.fullmatch(name)
        if match is not None:
            try:
                return self.at(match[2]), match[1]
            except ValueError:
                pass
        return self.at(f"~{kind}~{self.local(name)}"), name

    def name_of(self, iri: str, label: str, kind: str) -> str | None:
        """Return how a cell names a thing; None where no cell can."""
        if re.search(r"[;,\n]", label) or not label.strip():
            return None
        ending = self.ending(iri)
        if ending is None or re.search(r"[\[\];,\s]", ending):
            return None
        for name in (label, f"{label} [{ending}]"):
            if self.of_name(name, kind) == (NamedNode(iri), label):
                return name
        return None
