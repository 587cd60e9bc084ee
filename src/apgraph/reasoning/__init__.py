"""Reasoning over OWL: profiles without a reasoner, and OWL 2 DL by HermiT (extra ``dl``)."""

from apgraph.reasoning.dl import DlResult, check_consistency, to_owlready
from apgraph.reasoning.profile import ProfileFinding, check_profile

__all__ = ["DlResult", "ProfileFinding", "check_consistency", "check_profile", "to_owlready"]
