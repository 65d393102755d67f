"""What is known of one follow-up: frozen facts that refuse to contradict each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ncpi_rules.core.once import lazy

if TYPE_CHECKING:
    from ncpi_rules.facts.events import Dates as Dates
    from ncpi_rules.facts.events import NamedDecision as NamedDecision
    from ncpi_rules.facts.events import RecordedDecision as RecordedDecision
    from ncpi_rules.facts.events import Suspension as Suspension
    from ncpi_rules.facts.events import Variation as Variation
    from ncpi_rules.facts.events import Waiver as Waiver
    from ncpi_rules.facts.events import happened as happened
    from ncpi_rules.facts.events import made as made
    from ncpi_rules.facts.follow_up import FollowUp as FollowUp
    from ncpi_rules.facts.parts import ActionPlan as ActionPlan
    from ncpi_rules.facts.parts import Arrangements as Arrangements
    from ncpi_rules.facts.parts import Documents as Documents
    from ncpi_rules.facts.parts import Feedback as Feedback
    from ncpi_rules.facts.parts import Fieldwork as Fieldwork
    from ncpi_rules.facts.parts import Further as Further
    from ncpi_rules.facts.parts import ImmediateUpdate as ImmediateUpdate
    from ncpi_rules.facts.parts import InspectionReport as InspectionReport
    from ncpi_rules.facts.parts import Judgement as Judgement
    from ncpi_rules.facts.parts import Notice as Notice
    from ncpi_rules.facts.parts import Publication as Publication
    from ncpi_rules.facts.parts import Recommendation as Recommendation
    from ncpi_rules.facts.parts import Revisit as Revisit
    from ncpi_rules.facts.readers import FactValue as FactValue
    from ncpi_rules.facts.readers import slug as slug
    from ncpi_rules.facts.values import RECEIVED as RECEIVED
    from ncpi_rules.facts.values import REVIEWED as REVIEWED
    from ncpi_rules.facts.values import NamedFacts as NamedFacts
    from ncpi_rules.facts.values import name_facts as name_facts
else:
    __getattr__, __dir__, __all__ = lazy(
        __name__,
        {
            "events": [
                "Dates",
                "NamedDecision",
                "RecordedDecision",
                "Suspension",
                "Variation",
                "Waiver",
                "happened",
                "made",
            ],
            "follow_up": ["FollowUp"],
            "parts": [
                "ActionPlan",
                "Arrangements",
                "Documents",
                "Feedback",
                "Fieldwork",
                "Further",
                "ImmediateUpdate",
                "InspectionReport",
                "Judgement",
                "Notice",
                "Publication",
                "Recommendation",
                "Revisit",
            ],
            "readers": ["FactValue", "slug"],
            "values": ["RECEIVED", "REVIEWED", "NamedFacts", "name_facts"],
        },
    )
