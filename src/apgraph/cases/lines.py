"""The lines of a file of RDF, as the places of findings."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pyoxigraph import NamedNode

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from apgraph.cases.origins import Origin
    from apgraph.shacl import Finding

__all__ = ["LinePlaces"]

_PREFIX: Final = re.compile(r"^\s*@?prefix\s+([\w.-]*):\s*<([^>]*)>", re.IGNORECASE)
_LINES: Final = frozenset({".nt", ".nq"})


class LinePlaces:
    """The lines of a file of RDF: exact for N-Triples and N-Quads, near for the other syntaxes.

    Args:
        file: The file.
    """

    def __init__(self, file: str | Path) -> None:
        self._file = Path(file)

    @property
    def file(self) -> str:
        """The file."""
        return str(self._file)

    def notes(self) -> tuple[str, ...]:
        """Return nothing: a file of RDF is read wholly."""
        return ()

    def problems(self) -> tuple[Finding, ...]:
        """Return nothing: RDF that parses has no problem that the rules do not find."""
        return ()

    def said_of(self, finding: Finding) -> str | None:  # noqa: ARG002 (part of the protocol)
        """Return nothing: what a file of RDF says is what the rules see."""
        return None

    def locate(self, findings: Sequence[Finding]) -> list[Origin | None]:
        """Look the findings up in the file, reading it once; a file that is gone has no places."""
        from apgraph.cases.origins import Origin

        wanted: dict[str, list[int]] = {}
        for at, finding in enumerate(findings):
            if isinstance(finding.focus_node, NamedNode):
                wanted.setdefault(finding.focus_node.value, []).append(at)
        if not wanted:
            return [None] * len(findings)
        best: list[tuple[int, int] | None] = [None] * len(findings)
        exact = self._file.suffix.lower() in _LINES
        try:
            with self._file.open(encoding="utf-8-sig", errors="replace") as stream:
                self._scan(stream, findings, wanted, best, exact=exact)
        except OSError:
            return [None] * len(findings)
        return [
            Origin(str(self._file), line=found[1], approximate=not exact) if found is not None else None
            for found in best
        ]

    def _scan(
        self,
        lines: Iterable[str],
        findings: Sequence[Finding],
        wanted: dict[str, list[int]],
        best: list[tuple[int, int] | None],
        *,
        exact: bool,
    ) -> None:
        tokens = {f"<{iri}>": places for iri, places in wanted.items()}
        if not exact:
            for iri, places in wanted.items():
                tokens[f'"{iri}"'] = places
        current: list[int] = []
        for number, line in enumerate(lines, start=1):
            if not exact and (match := _PREFIX.match(line)):
                for iri, places in wanted.items():
                    if iri.startswith(match[2]):
                        tokens[f"{match[1]}:{iri[len(match[2]) :]}"] = places
                continue
            word = next(iter(line.split(None, 1)), "")
            if exact:
                current = tokens.get(word, [])
            elif word in tokens and not line[0].isspace():
                current = tokens[word]
            elif line.lstrip().startswith(('"@id"', '"id"')) or "about=" in line:
                named = re.findall(r'"[^"]*"', line)
                current = next((tokens[name] for name in named if name in tokens), current)
            elif word and not line[0].isspace() and word[0] not in "]}).;,":
                current = []
            for at in current:
                score = _score(line, findings[at])
                known = best[at]
                if known is None or score > known[0]:
                    best[at] = (score, number)


def _score(line: str, finding: Finding) -> int:
    score = 0
    if isinstance(finding.path, NamedNode):
        name = re.split(r"[#/:]", finding.path.value)[-1]
        score += 2 if re.search(rf"\b{re.escape(name)}\b", line) else 0
    value = finding.value
    if score and value is not None:
        text = re.split(r"[#/:]", value.value)[-1] if isinstance(value, NamedNode) else value.value
        score += 1 if text and text in line else 0
    return score
