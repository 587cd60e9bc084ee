"""Reasoning over OWL: profiles without a reasoner, OWL 2 RL by rules, and OWL 2 DL by HermiT (extra ``dl``)."""

from apgraph.reasoning.dl import DlResult, check_consistency, to_owlready
from apgraph.reasoning.profile import ProfileFinding, check_profile
from apgraph.reasoning.result import Reasoning

__all__ = ["DlResult", "ProfileFinding", "Reasoning", "check_consistency", "check_profile", "to_owlready"]
