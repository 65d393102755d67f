"""What the analyst's tools are asked for by hand: some outcomes of every row, not all."""

from __future__ import annotations

from typing import Final

FACTS: Final = (
    "findings",
    "prospects",
    "action-plan-review",
    "action-plan-waiver",
    "other-recommendations",
)
EVENT_PLACES: Final = (
    "report-published",
    "action-plan-received",
    "revisit-begins",
    "revisit-ends",
    "written-feedback-to-chief-officer",
)
DATED: Final = ("action-plan-received", "revisit-begins", "written-feedback-to-chief-officer")
REVIEW_ONLY: Final = (
    "progress-reports",
    "governance-minutes",
    "internal-audits",
    "performance-information",
    "problem-profiles",
)
OUTCOMES: Final = (
    "judgement-stage",
    "tier",
    "tier.basis",
    *(f"document.{name}" for name in REVIEW_ONLY),
    "document.updated-action-plan",
    "document.policies-and-procedures",
    "action.discuss-progress",
    "action.publish-feedback",
    "action.give-notice",
    "action.audit-cases",
    "action.apply-full-methodology",
    "alert.findings-and-prospects-disagree",
    "alert.no-tier-fits",
    *(f"{event}.{what}" for event in DATED for what in ("status", "due", "late-by")),
)
"""The tier and what it rests on, documents, activities, alerts, and three deadlines."""

STATUSES: Final = (
    "overdue",
    "projected-late",
    "due",
    "planned",
    "cannot-tell",
    "late",
    "met",
    "done",
    "not-started",
)


def input_columns() -> list[str]:
    """Return the columns that the outcomes are worked out from."""
    not_yet = (f"{event}.not-yet" for event in ("report-published", *DATED))
    return [*FACTS, *EVENT_PLACES, *not_yet]
