"""The same follow-up as somebody would write it by hand: no rules, no reasons, exact days only."""

from __future__ import annotations

import calendar
import datetime
from typing import TypeAlias

from attrs import frozen

Dates: TypeAlias = dict[str, datetime.date | None]

COMMON = (
    "immediate-update",
    "action-plan",
    "review-action-plan",
    "arrangements",
    "revisit",
    "inform-schedule",
    "show-progress",
)
VISIT = (
    "discussion",
    "interview-staff",
    "interview-chair",
    "interview-director",
    "document-review",
    "prepare",
    "notice",
    "describe-activity",
    "feedback",
    "write-to-chief-officer",
    "write-to-local-policing-body",
    "publish",
)
REVIEW = (*VISIT, "case-audits", "select-documents")
FULL = (*REVIEW, "full-methodology")
STEPS = {
    None: COMMON,
    "post-inspection-visit": COMMON + VISIT,
    "post-inspection-review": COMMON + REVIEW,
    "full-re-inspection": COMMON + FULL,
}


@frozen
class ByHand:
    """What the function by hand returns."""

    tier: str | None
    steps: tuple[str, ...]
    deadlines: tuple[tuple[str, datetime.date | None, str, int], ...]


def tier_by_hand(findings: str, prospects: str) -> str | None:
    """Return the tier where nobody has decided otherwise."""
    if prospects == "significant-concerns":
        return "full-re-inspection"
    if prospects == "some-concerns":
        return "post-inspection-review"
    if prospects == "no-concerns" and findings == "broadly-positive":
        return "post-inspection-visit"
    return None


def half_a_year_on(day: datetime.date) -> datetime.date:
    """Return the corresponding date six months on."""
    month = day.month + 6
    year, month = (day.year + 1, month - 12) if month > 12 else (day.year, month)
    return datetime.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def _stands(
    name: str, due: datetime.date | None, actual: datetime.date | None, on: datetime.date
) -> tuple[str, datetime.date | None, str, int]:
    if due is None:
        return name, None, "no-date", 0
    if actual is None:
        return name, due, "overdue" if on > due else "open", (on - due).days
    return name, due, "late" if actual > due else "met", (actual - due).days


def assess_by_hand(findings: str, prospects: str, dates: Dates, on: datetime.date) -> ByHand:
    """Return tier, steps and deadlines, from words and exact days."""
    tier = tier_by_hand(findings, prospects)
    published, begins, ends = dates["published"], dates["begins"], dates["ends"]
    weeks = datetime.timedelta(weeks=1)
    day = datetime.timedelta(days=1)
    deadlines = [
        _stands("action-plan", published and published + 6 * weeks, dates["plan"], on),
        _stands("revisit", published and half_a_year_on(published), begins, on),
    ]
    if tier:
        before, after = begins and begins - day, ends and ends + 3 * weeks
        notice = begins and begins - 2 * weeks if tier == "post-inspection-visit" else before
        deadlines += [
            _stands("notice", notice, dates["notice"], on),
            _stands("describe-activity", before, dates["described"], on),
            _stands("documents-reviewed", before, dates["documents"], on),
            _stands("feedback", ends, dates["feedback"], on),
            _stands("write-to-chief-officer", after, dates["written"], on),
            _stands("write-to-local-policing-body", after, dates["written"], on),
        ]
    return ByHand(tier, STEPS[tier], tuple(deadlines))
