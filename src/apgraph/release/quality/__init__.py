"""Quality rules: what an ontology, ours or an extension of it, has to keep, and who breaks it."""

from apgraph.release.quality.breach import Breach
from apgraph.release.quality.checking import Checker, Checklist
from apgraph.release.quality.rules import LEVELS, Rule, read_rules

__all__ = ["LEVELS", "Breach", "Checker", "Checklist", "Rule", "read_rules"]
