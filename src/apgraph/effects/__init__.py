"""What a new version of the ontology does to its users."""

from apgraph.effects.answers import AnswerChange
from apgraph.effects.comparison import Effects, FindingChange, Level, Reasoned, VerdictChange, effects_of
from apgraph.effects.inferences import ContradictionChange, InferenceChange
from apgraph.effects.report import report_json, report_markdown, report_text
from apgraph.effects.rules import RuleChange

__all__ = [
    "AnswerChange",
    "ContradictionChange",
    "Effects",
    "FindingChange",
    "InferenceChange",
    "Level",
    "Reasoned",
    "RuleChange",
    "VerdictChange",
    "effects_of",
    "report_json",
    "report_markdown",
    "report_text",
]
