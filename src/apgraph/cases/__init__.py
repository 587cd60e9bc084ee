"""Case data: which cases some triples hold, what the rules for them are, and findings in words."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from apgraph.cases.findings import Explained, explain
    from apgraph.cases.records import (
        CaseRecord,
        case_graph,
        check_same,
        find_cases,
        same_content,
        stored_cases,
    )
    from apgraph.cases.rules import Rule, rules_markdown

__all__ = [
    "CaseRecord",
    "Explained",
    "Rule",
    "case_graph",
    "check_same",
    "explain",
    "find_cases",
    "rules_markdown",
    "same_content",
    "stored_cases",
]

_HOME = {
    "Explained": "findings",
    "explain": "findings",
    "Rule": "rules",
    "rules_markdown": "rules",
}


def __getattr__(name: str) -> object:
    # Every command that reads data comes by here; few of them put findings into words.
    if name in __all__:
        return getattr(import_module(f"{__name__}.{_HOME.get(name, 'records')}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
