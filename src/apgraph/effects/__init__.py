"""What a new version of the ontology does to its users."""

from apgraph.effects.comparison import AnswerChange, Effects, FindingChange, Level, VerdictChange, effects_of
from apgraph.effects.report import report_json, report_markdown, report_text

__all__ = [
    "AnswerChange",
    "Effects",
    "FindingChange",
    "Level",
    "VerdictChange",
    "effects_of",
    "report_json",
    "report_markdown",
    "report_text",
]
