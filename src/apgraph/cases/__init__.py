"""Case data: which cases some triples hold, what the rules for them are, and findings in words."""

from __future__ import annotations

from apgraph.cases.findings import Explained, explain
from apgraph.cases.records import CaseRecord, case_graph, check_same, find_cases, same_content, stored_cases
from apgraph.cases.rules import Rule, rules, rules_markdown

__all__ = [
    "CaseRecord",
    "Explained",
    "Rule",
    "case_graph",
    "check_same",
    "explain",
    "find_cases",
    "rules",
    "rules_markdown",
    "same_content",
    "stored_cases",
]
