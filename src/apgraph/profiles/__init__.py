"""Which deployment models and conditions a case shows, with the observations for and against."""

from __future__ import annotations

from apgraph.profiles.judging import profile, profiles
from apgraph.profiles.models import Link, Model, Models, Role, read_models
from apgraph.profiles.profile import RULE, ArrangementProfile, NextStep, Profile
from apgraph.profiles.reading import Scope
from apgraph.profiles.records import Observation, Status
from apgraph.profiles.verdict import ModelVerdict, Reason, State, Verdict

__all__ = [
    "RULE",
    "ArrangementProfile",
    "Link",
    "Model",
    "ModelVerdict",
    "Models",
    "NextStep",
    "Observation",
    "Profile",
    "Reason",
    "Role",
    "Scope",
    "State",
    "Status",
    "Verdict",
    "profile",
    "profiles",
    "read_models",
]
