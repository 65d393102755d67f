"""The days off behind a due date: those that moved it, and those that were not counted."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Final

from ncpi_rules.core import UNKNOWN, PartialDate, Unit, counted, format_day, joined

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ncpi_rules.core import Calendar
    from ncpi_rules.deadlines import Deadline
    from ncpi_rules.plan import Plan
    from ncpi_rules.ruleset import Bound

_MOST_NAMED: Final = 5
_SATURDAY: Final = 6


def describe_days_off(deadline: Deadline, plan: Plan) -> Iterator[str]:
    """Yield the days off that a due date falls on or is moved by, then those it is counted without.

    Only what is counted from a whole day is explained; weekends that are not counted go without
    saying.
    """
    calendar, policy = deadline.rule.working_days, plan.decision.due_date_policy
    ends = list(_ends(deadline))
    lasts = [end for bound, _, end in ends if not bound.is_floor]
    for end in lasts:
        moved = calendar.due_date(end, policy)
        if deadline.due == PartialDate.between(moved, moved) and not calendar.is_working(end):
            days = range(end, moved, 1 if moved > end else -1) or [end]
            moves = f", so the due date moves to {format_day(moved)}" if moved != end else ""
            yield f"{_named(days, calendar)}{moves}."
            break
    for bound, start, end in ends:
        if bound.period.unit is Unit.WORKING_DAYS:
            days = range(start + (not bound.with_day), end) if end > start else range(end, start)
            holidays = [day for day in days if _is_holiday(day, calendar)]
            if holidays:
                more = len(holidays) - _MOST_NAMED
                rest = f", with {counted(more, 'more day')} off" if more > 0 else ""
                named = _named(holidays[:_MOST_NAMED], calendar)
                yield f"Left out of the count: {named}{rest}."


def _ends(deadline: Deadline) -> Iterator[tuple[Bound, int, int]]:
    """Yield each bound that counts from a whole day, with that day and the day it leads to."""
    events = deadline.events
    for bound in deadline.rule.bounds:
        anchor = events.get(bound.anchor, UNKNOWN)
        if isinstance(anchor, PartialDate) and anchor.is_day and not bound.is_order:
            yield bound, anchor.start, bound.moved(anchor.start)


def _is_holiday(day: int, calendar: Calendar) -> bool:
    is_of_a_week = datetime.date.fromordinal(day).isoweekday() < _SATURDAY
    return is_of_a_week and not calendar.is_working(day)


def _named(days: Sequence[int], calendar: Calendar) -> str:
    return joined([f"{format_day(day)} is {calendar.describe_day_off(day)}" for day in days], "and")
