"""What a timeline shows of each deadline, before anything is drawn.

Nothing is decided here: the status of a deadline is the plan's.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from attrs import frozen

from ncpi_rules.core import (
    NOT_YET,
    UNKNOWN,
    PartialDate,
    Status,
    format_between,
    format_day,
    joined,
    sentence,
    upper_first,
)
from ncpi_rules.deadlines import Days, format_days
from ncpi_rules.plan import describe_decision, describe_suspension, suspensions_of, waivers_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ncpi_rules.deadlines import Deadline
    from ncpi_rules.plan import Plan


class DayMark(Enum):
    """What a mark means, in the words of the legend."""

    ALLOWED = "days allowed"
    ALLOWED_SO_FAR = "days allowed; nothing says from when"
    WINDOW = "can still happen with every deadline kept"
    MISSED = "days by which the limit is missed"
    DUE = "due date"
    DUE_DATES = "the due date is one of these"
    LATEST_COMPLIANT = "latest compliant date"
    DATES = "the date is one of these days"
    MET = "happened in time"
    PLANNED = "planned in time"
    LATE = "late"
    OVERDUE = "overdue"
    TOO_EARLY = "too early"
    CANNOT_TELL = "cannot tell whether in time"
    HAPPENED = "date; no due date is known"


@frozen
class PlacedMark:
    """A mark from one day to another (ordinals); ``first`` is None where it has no beginning."""

    mark: DayMark
    first: int | None
    last: int


@frozen(kw_only=True)
class TimelineRow:
    """One deadline: its status in a few words, its notes, and its marks, those below first.

    ``due`` says by when, ``date`` when it happened or is arranged, each with its first and last
    day (ordinals); both are None where no day is known.
    """

    title: str
    status: Status
    status_text: str
    notes: tuple[str, ...]
    marks: tuple[PlacedMark, ...]
    due: tuple[str, Days] | None
    date: tuple[str, Days] | None

    @property
    def description(self) -> str:
        """Return the deadline and its status in sentences."""
        parts = [f"{self.title}: {self.status_text}"]
        if self.due:
            parts.append(self.due[0])
        if self.date:
            parts.append(f"Date: {self.date[0]}")
        return " ".join(map(sentence, [*parts, *self.notes]))


def rows_of(plan: Plan) -> tuple[TimelineRow, ...]:
    """Return what is shown of each deadline of a plan, in the plan's order."""
    return tuple(_row(deadline, plan) for deadline in plan.schedule)


def _row(deadline: Deadline, plan: Plan) -> TimelineRow:
    due, date = _days(deadline.due), _days(deadline.actual)
    latest, by = deadline.latest_compliant_date, None
    if due is not None:
        text = format_between(*due)
        by = f"due {'' if due[0] == due[1] or text.startswith('between') else 'in '}{text}", due
    elif latest is not None:
        by = f"latest compliant date {format_day(latest)}", (latest, latest)
    return TimelineRow(
        title=deadline.rule.title,
        status=deadline.status,
        status_text=_describe_status(deadline, date is not None and date[0] > plan.on.toordinal()),
        notes=tuple(_notes(deadline, plan)),
        marks=tuple(_marks(deadline, plan, due, date)),
        due=by,
        date=(format_between(*date), date) if date else None,
    )


def _days(when: object) -> Days | None:
    return (when.start, when.end) if isinstance(when, PartialDate) else None


def _describe_status(deadline: Deadline, arranged: bool) -> str:  # noqa: FBT001  a date to come
    """Return the status of a deadline in a few words."""
    status, late = deadline.status, deadline.late_by
    label = upper_first(status.label)
    if late is not None:
        label = f"Projected to be {status.label}" if arranged else label
        return f"{label} by {format_days(late)}{' so far' if status is Status.OVERDUE else ''}"
    if deadline.days_left is not None and status is Status.OPEN:
        return f"{label}, {format_days(deadline.days_left)} left"
    if status is Status.NO_DATE:
        return "No due date is known" if deadline.rule.bounds else "No due date is set"
    if status is Status.UNKNOWN:
        return "Not known whether it has happened"
    return "Cannot tell whether in time" if status is Status.CANNOT_TELL else label


def _notes(deadline: Deadline, plan: Plan) -> Iterator[str]:
    if not deadline.can_be_met and deadline.status is not Status.OVERDUE:
        yield "Can no longer be met"
    on, events = plan.on.toordinal(), plan.follow_up.events()
    yield from map(describe_decision, waivers_of(plan.follow_up, deadline.rule, on))
    yield from map(describe_suspension, suspensions_of(deadline, plan.follow_up, on))
    titles = [
        plan.ruleset.events[anchor].title + (" (not yet)" if when is NOT_YET else "")
        for anchor in dict.fromkeys(bound.anchor for bound in deadline.rule.bounds)
        if not isinstance(when := events.get(anchor, UNKNOWN), PartialDate)
    ]
    if titles:
        yield f"Waits for the date: {joined(titles, 'and')}"


def _marks(
    deadline: Deadline, plan: Plan, due: Days | None, date: Days | None
) -> Iterator[PlacedMark]:
    """Yield the marks of a deadline, those below first."""
    on, allowed = plan.on.toordinal(), _allowed(deadline, plan)
    if allowed is not None:
        begins = allowed[0] is not None
        yield PlacedMark(DayMark.ALLOWED if begins else DayMark.ALLOWED_SO_FAR, *allowed)
    if window := _days(deadline.window):
        yield PlacedMark(DayMark.WINDOW, *window)
    limit = due[0] if due is not None else allowed[1] if allowed else None
    earliest = _days(deadline.not_before)
    missed = {
        Status.OVERDUE: (limit, on),
        Status.LATE: (limit, date and date[1]),
        Status.TOO_EARLY: (date and date[0], earliest and earliest[1]),
    }
    first, last = missed.get(deadline.status, (None, None))
    if first is not None and last is not None:
        yield PlacedMark(DayMark.MISSED, first, last)
    if due is not None:
        yield PlacedMark(DayMark.DUE if due[0] == due[1] else DayMark.DUE_DATES, *due)
    elif (latest := deadline.latest_compliant_date) is not None:
        yield PlacedMark(DayMark.LATEST_COMPLIANT, latest, latest)
    if date is not None:
        if date[0] != date[1]:
            yield PlacedMark(DayMark.DATES, *date)
        yield PlacedMark(DayMark.__members__.get(deadline.status.name, DayMark.HAPPENED), *date)
    elif deadline.status is Status.OVERDUE:
        yield PlacedMark(DayMark.OVERDUE, on, on)


def _allowed(deadline: Deadline, plan: Plan) -> tuple[int | None, int] | None:
    """Return the first and the last day that are certainly in time, as far as they are known."""
    events, limits = plan.follow_up.events(), [deadline.latest_compliant_date]
    if (latest := deadline.latest) is not None:
        limits = [latest.start, *(limits if deadline.due is None else ())]
    last = min((limit for limit in limits if limit is not None), default=None)
    if last is None:
        return None
    if deadline.not_before is not None:
        first = deadline.not_before.end
        return (first, last) if first <= last else None
    anchors = (events.get(bound.anchor, UNKNOWN) for bound in deadline.rule.bounds)
    ends = (when.end for when in anchors if isinstance(when, PartialDate))
    return max((end for end in ends if end < last), default=None), last
