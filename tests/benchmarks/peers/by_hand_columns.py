"""What the analyst's tools are asked for by hand: some outcomes of every row, not all."""

from __future__ import annotations

from typing import Final

FACTS: Final = ("findings", "prospects", "action-plan-review")
EVENT_PLACES: Final = (
    "report-published",
    "action-plan-received",
    "revisit-begins",
    "revisit-ends",
    "written-feedback-to-chief-officer",
)
DATED: Final = ("action-plan-received", "revisit-begins", "written-feedback-to-chief-officer")
REVIEW_ONLY: Final = (
    "updated-action-plan",
    "progress-reports",
    "governance-minutes",
    "internal-audits",
    "performance-information",
    "problem-profiles",
)
EITHER: Final = ("discuss-progress", "publish-feedback")
"""What a visit and a review have in common."""

OUTCOMES: Final = (
    "judgement-stage",
    "tier",
    "tier.basis",
    *(f"document.{name}" for name in (*REVIEW_ONLY, "policies-and-procedures")),
    *(f"action.{name}" for name in (*EITHER, "give-notice")),
    *(f"action.{name}" for name in ("audit-cases", "apply-full-methodology")),
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
    return [*FACTS, *EVENT_PLACES, *(f"{event}.not-yet" for event in DATED)]
