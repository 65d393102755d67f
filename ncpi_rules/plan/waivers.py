"""Duties that people have let go: waivers, departures and suspensions, in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ncpi_rules.core import NOT_YET, UNKNOWN, Happened, PartialDate, When
from ncpi_rules.facts import Departure, RecordedDecision, Suspension, Waiver, made

if TYPE_CHECKING:
    from ncpi_rules.facts import FollowUp
    from ncpi_rules.ruleset import Rule


def waivers_of(follow_up: FollowUp, rule: Rule, on: int) -> list[Waiver | Departure]:
    """Return the waivers and departures of a rule or its event that stand on a day (an ordinal).

    They have an order of their own, waivers first.
    """
    if not follow_up.waivers:
        return []
    about = {rule.id, getattr(rule, "event", ""), getattr(rule, "completes", "")} - {""}
    found = [
        each for each in follow_up.waivers if each.of in about and made(each, on) is Happened.YES
    ]
    return sorted(found, key=lambda each: (type(each).__name__, str(each)), reverse=True)


def describe_decision(decision: Waiver | Departure) -> str:
    """Return who let a duty go, when and why."""
    what = "waived" if isinstance(decision, Waiver) else "varied"
    return f"This was {what} ({describe_when(decision.on)}) {_reason(decision)}."


def describe_suspension(suspension: Suspension) -> str:
    """Return from when until when, by whom and why."""
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
