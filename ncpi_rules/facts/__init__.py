"""What is known of one follow-up, as frozen facts that refuse to contradict each other."""

from ncpi_rules.facts.decisions import (
    Decision,
    Departure,
    FullReinspection,
    Suspension,
    TierChosen,
    Waiver,
)
from ncpi_rules.facts.events import EVENTS, WORDS, happened, made
from ncpi_rules.facts.follow_up import FollowUp
from ncpi_rules.facts.parts import (
    ActionPlan,
    Arrangements,
    Documents,
    Feedback,
    Fieldwork,
    Further,
    ImmediateUpdate,
    InspectionReport,
    Judgement,
    Notice,
    Publication,
    Recommendation,
)
from ncpi_rules.facts.values import slug

__all__ = [
    "EVENTS",
    "WORDS",
    "ActionPlan",
    "Arrangements",
    "Decision",
    "Departure",
    "Documents",
    "Feedback",
    "Fieldwork",
    "FollowUp",
    "FullReinspection",
    "Further",
    "ImmediateUpdate",
    "InspectionReport",
    "Judgement",
    "Notice",
    "Publication",
    "Recommendation",
    "Suspension",
    "TierChosen",
    "Waiver",
    "happened",
    "made",
    "slug",
]
