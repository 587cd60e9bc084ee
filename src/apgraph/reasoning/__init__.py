"""Reasoning over OWL: profiles without a reasoner, OWL 2 RL by rules, and OWL 2 DL by HermiT (extra ``dl``)."""

from apgraph.reasoning.dl import reason_dl, to_owlready
from apgraph.reasoning.profile import ProfileFinding, check_profile
from apgraph.reasoning.result import Reasoning

__all__ = ["ProfileFinding", "Reasoning", "check_profile", "reason_dl", "to_owlready"]
