"""Where a deadline stands, in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ncpi_rules.core import NOT_YET, PartialDate, Status, When, format_between, format_day

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ncpi_rules.deadlines.deadline import Deadline
    from ncpi_rules.deadlines.status import Days


def format_days(days: Days) -> str:
    """Return a count of days as an officer reads it.

    >>> format_days((34, 63)), format_days((1, 1))
    ('34 to 63 days', '1 day')
    """
    least, most = days
    if least != most:
        return f"{least} to {most} days"
    return f"{least} day{'' if least == 1 else 's'}"


def describe_status(deadline: Deadline) -> Iterator[str]:
    """Yield the sentences that say where a deadline stands."""
    due, actual, window = deadline.due, deadline.actual, deadline.window
    if due is not None:
        yield f"The last day is {due.text}."
    if deadline.not_before is not None:
        yield f"The first day is {deadline.not_before.text}."
    yield _says_actual(actual)
    if deadline.late_by is not None:
        yield f"That is {format_days(deadline.late_by)} late."
    if deadline.days_left is not None:
        yield f"Days left: {format_days(deadline.days_left)}."
    if deadline.working_day is not None:
        day = format_day(deadline.working_day)
        yield f"The last day is not a working day; the working day before it is {day}."
    if window is not None:
        yield f"It can still happen in time: {format_between(window.start, window.end)}."
    if due is None and deadline.latest_compliant_date is not None:
        yield f"The latest compliant date is {format_day(deadline.latest_compliant_date)}."
    if not deadline.can_be_met and deadline.status is not Status.OVERDUE:
        yield "This can no longer be met."


def _says_actual(actual: When) -> str:
    if isinstance(actual, PartialDate):
        return f"The date given is {actual.text}."
    if actual is NOT_YET:
        return "It has not happened yet."
    return "It is not known whether it has happened."
