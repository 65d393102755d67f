"""Decisions by which a duty is waived, varied or suspended, in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ncpi_rules.core import NOT_YET, UNKNOWN, Happened, PartialDate, When
from ncpi_rules.facts import RecordedDecision, Suspension, Variation, Waiver, made
from ncpi_rules.plan.document import PlanDeadline

if TYPE_CHECKING:
    from ncpi_rules.deadlines import Deadline
    from ncpi_rules.facts import FollowUp
    from ncpi_rules.ruleset import Rule


def waivers_of(follow_up: FollowUp, rule: Rule, on: int) -> list[Waiver | Variation]:
    """Return the waivers and variations of a rule or its event that stand on a day (an ordinal).

    Waivers come first.
    """
    if not follow_up.waivers:
        return []
    about = {rule.id, getattr(rule, "event", ""), getattr(rule, "completes", "")} - {""}
    waivers = [
        waiver
        for waiver in follow_up.waivers
        if waiver.of in about and made(waiver, on) is Happened.YES
    ]
    return sorted(waivers, key=lambda waiver: (type(waiver).__name__, str(waiver)), reverse=True)


def suspensions_of(
    deadline: Deadline | PlanDeadline, follow_up: FollowUp, day: int
) -> list[Suspension]:
    """Return the suspensions that may touch the days for which a deadline is late."""
    late = deadline.late_by_days if isinstance(deadline, PlanDeadline) else deadline.late_by
    if late is None:
        return []
    suspensions = [
        decision
        for decision in follow_up.decisions
        if isinstance(decision, Suspension)
        and made(decision, day) is not Happened.NO
        and _overlaps(decision, deadline, day)
    ]
    return sorted(suspensions, key=str)


def _overlaps(suspension: Suspension, deadline: Deadline | PlanDeadline, day: int) -> bool:
    """Return True where a suspension may touch the days before a late event."""
    actual = deadline.actual
    last = actual.end if isinstance(actual, PartialDate) else day
    begins, ends = suspension.begins, suspension.ends
    begun = not isinstance(begins, PartialDate) or begins.start <= last
    due = deadline.due.start if deadline.due is not None else day
    over = isinstance(ends, PartialDate) and ends.end < min(due, last)
    return begun and not over


def describe_decision(decision: Waiver | Variation) -> str:
    """Return who waived or varied a duty, when and why."""
    what = "waived" if isinstance(decision, Waiver) else "varied"
    return f"This was {what} ({describe_when(decision.on)}) {_reason(decision)}."


def describe_suspension(suspension: Suspension) -> str:
    """Return from when to when inspection was suspended, by whom and why."""
    ends = suspension.ends
    until = f"to {ends.text}" if isinstance(ends, PartialDate) else "with no end recorded"
    begins = describe_when(suspension.begins)
    return f"Inspection was suspended from {begins} {until}, {_reason(suspension)}."


def _reason(decision: RecordedDecision) -> str:
    by = "somebody not recorded" if decision.by is UNKNOWN else decision.by
    why = (
        "for a reason not recorded"
        if decision.why is UNKNOWN
        else f"for this reason: {decision.why}"
    )
    return f"by {by}, {why}"


def describe_when(when: When) -> str:
    """Return a date as an officer reads it."""
    if when is UNKNOWN:
        return "on a day not recorded"
    if when is NOT_YET:
        return "not yet"
    return when.text
