"""The thirteen sheets of the case workbook, read from the data file beside this module."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from apgraph.cases.columns import ORGANISATION, Column, Kind, Role, Sheet
from apgraph.lexicon import expand

__all__ = ["FURTHER", "SHEETS", "sheet_named"]


def _iri(name: str) -> str:
    if name == "organisation":
        return ORGANISATION
    return name if name == "item" else expand(name) or name


def _pairs(pairs: list[list[str]]) -> tuple[tuple[str, str], ...]:
    return tuple((_iri(predicate), _iri(target)) for predicate, target in pairs)


def _role(said: dict[str, Any]) -> Role:
    return Role(
        name=said["name"],
        type=_iri(said["type"]),
        id=said.get("id", ""),
        name_from=said.get("name_from", ""),
        suffix=said.get("suffix", ""),
        links=_pairs(said.get("links", [])),
        linked_by=_iri(said["linked_by"]) if "linked_by" in said else "",
    )


def _column(said: dict[str, Any]) -> Column:
    also = said.get("also")
    return Column(
        name=said["name"],
        kind=Kind[said["kind"].upper()],
        help=said["help"],
        example=said.get("example", ""),
        required=said.get("required", False),
        role=said.get("role", "item"),
        property=_iri(said["property"]) if "property" in said else "",
        classes=tuple(map(_iri, said.get("classes", []))),
        sheets=tuple(said.get("sheets", [])),
        many=said.get("many", False),
        shown={_iri(term): text for term, text in said.get("shown", {}).items()},
        order=tuple(map(_iri, said.get("order", []))),
        extras={text: _pairs(made) for text, made in said.get("extras", {}).items()},
        other=_iri(said["other"]) if "other" in said else "",
        inverse=said.get("inverse", False),
        also=(also[0], _iri(also[1])) if also else None,
    )


def _read() -> tuple[Sheet, ...]:
    import yaml

    text = Path(__file__).with_name("sheets.yaml").read_text(encoding="utf-8")
    # The parser in C, where it is there, is ten times as fast.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return tuple(
        Sheet(
            name=said["name"],
            help=said["help"],
            roles=tuple(map(_role, said["roles"])),
            columns=tuple(map(_column, said["columns"])),
            first=said.get("first", False),
        )
        for said in yaml.load(text, Loader=loader)  # noqa: S506 (both loaders are safe ones)
    )


_ALL: Final = _read()

SHEETS: Final = _ALL[:-1]
"""The sheets, in the order in which they stand in the workbook."""

FURTHER: Final = _ALL[-1]
"""What no column holds, so that nothing is lost on the way through a workbook."""


def sheet_named(name: str) -> Sheet:
    """Return the sheet of that name.

    Raises:
        KeyError: There is none.

    >>> sheet_named("Evidence").key.name
    'evidence_id'
    """
    for sheet in _ALL:
        if sheet.name == name:
            return sheet
    raise KeyError(name)
