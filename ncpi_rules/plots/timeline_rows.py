"""What a timeline shows of each deadline, before anything is drawn.

Nothing is decided here: where a deadline stands is what the schedule says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from attrs import frozen

from ncpi_rules.core import (
    NOT_YET,
    UNKNOWN,
    PartialDate,
    Status,
    format_between,
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

BROKEN: Final = frozenset({Status.LATE, Status.TOO_EARLY, Status.OVERDUE})
"""Where a deadline was not kept, or is not kept so far."""


@frozen(kw_only=True)
class Row:
    """One deadline: its days as ordinals, each with the first and last that it may be.

    ``allowed`` is the first and the last day that is certainly allowed; its first is None where
    nothing says from when. ``safe`` is the latest compliant date where the deadline has no last day
    of its own, ``window`` the days on which it can still happen with every deadline kept,
    ``missed`` the days from the limit that was missed to the date, or to the day of the plan.
    """

    title: str
    status: Status
    stands: str
    notes: tuple[str, ...]
    due: Days | None
    safe: int | None
    allowed: tuple[int | None, int] | None
    window: Days | None
    actual: Days | None
    missed: Days | None

    @property
    def is_drawn(self) -> bool:
        """Return True where some day of it is known."""
        known = (self.due, self.safe, self.allowed, self.window, self.actual)
        return any(each is not None for each in known)

    @property
    def days(self) -> Iterator[int]:
        """Yield the days that a picture must have room for."""
        for days in (self.due, self.window, self.actual, self.missed):
            yield from days or ()
        for day in (self.safe, *(self.allowed or ())):
            if day is not None:
                yield day

    @property
    def says(self) -> str:
        """Return where it stands, in sentences."""
        told = [f"{upper_first(self.title)}: {self.stands}"]
        if self.due:
            told.append(f"Last day: {format_between(*self.due)}")
        if self.safe is not None:
            told.append(f"Latest compliant date: {format_between(self.safe, self.safe)}")
        if self.actual:
            told.append(f"Date: {format_between(*self.actual)}")
        return " ".join(map(sentence, (*told, *self.notes)))


def rows_of(plan: Plan) -> tuple[Row, ...]:
    """Return what is shown of each deadline of a plan, in the plan's order."""
    return tuple(_row(each, plan) for each in plan.deadlines)


def _row(deadline: Deadline, plan: Plan) -> Row:
    on, actual = plan.on.toordinal(), _days(deadline.actual)
    due = _days(deadline.due)
    safe = deadline.latest_compliant_date if due is None else None
    allowed = _allowed(deadline, plan)
    return Row(
        title=deadline.rule.title,
        status=deadline.status,
        stands=_stands(deadline),
        notes=tuple(_notes(deadline, plan)),
        due=due,
        safe=safe,
        allowed=allowed,
        window=_days(deadline.window),
        actual=actual,
        missed=_missed(deadline, allowed, on),
    )


def _days(when: object) -> Days | None:
    return (when.start, when.end) if isinstance(when, PartialDate) else None


def _stands(deadline: Deadline) -> str:
    """Return in a few words where it stands."""
    status, late = deadline.status, deadline.late_by
    told = upper_first(status.label)
    if late is not None:
        return f"{told} by {format_days(late)}{' so far' if status is Status.OVERDUE else ''}"
    if deadline.days_left is not None and status is Status.OPEN:
        return f"{told}, {format_days(deadline.days_left)} left"
    if status is Status.NO_DATE:
        return "No last day is known" if deadline.rule.bounds else "No last day is set"
    if status is Status.UNKNOWN:
        return "Not known whether it has happened"
    return "Cannot tell whether in time" if status is Status.CANNOT_TELL else told


def _notes(deadline: Deadline, plan: Plan) -> Iterator[str]:
    if not deadline.can_be_met and deadline.status is not Status.OVERDUE:
        yield "Can no longer be met"
    on = plan.on.toordinal()
    yield from map(describe_decision, waivers_of(plan.follow_up, deadline.rule, on))
    yield from map(describe_suspension, suspensions_of(deadline, plan.follow_up, on))
    events = plan.follow_up.events()
    wanting = {
        bound.anchor: events.get(bound.anchor, UNKNOWN)
        for bound in deadline.rule.bounds
        if not isinstance(events.get(bound.anchor, UNKNOWN), PartialDate)
    }
    if wanting:
        titles = [
            plan.ruleset.events[name].title + (" (not yet)" if when is NOT_YET else "")
            for name, when in wanting.items()
        ]
        yield f"Waits for the date: {joined(titles, 'and')}"


def _allowed(deadline: Deadline, plan: Plan) -> tuple[int | None, int] | None:
    """Return from when to when it is certainly in time, as far as that is known."""
    events, calendar = plan.follow_up.events(), plan.ruleset.calendar
    known = [
        (bound, when)
        for bound in deadline.rule.bounds
        if isinstance(when := events.get(bound.anchor, UNKNOWN), PartialDate)
    ]
    lasts = [bound.moved(when.start, calendar) for bound, when in known if not bound.is_floor]
    if deadline.due is not None:
        lasts.append(deadline.due.start)
    elif deadline.latest_compliant_date is not None:
        lasts.append(deadline.latest_compliant_date)
    last = min(lasts, default=None)
    if last is None:
        return None
    if deadline.not_before is not None:
        first = deadline.not_before.end
        return (first, last) if first <= last else None
    return max((when.end for _, when in known if when.end < last), default=None), last


def _missed(deadline: Deadline, allowed: tuple[int | None, int] | None, on: int) -> Days | None:
    """Return the days between the limit that was missed and what came of it."""
    actual, limit = _days(deadline.actual), allowed[1] if allowed else None
    if deadline.due is not None:
        limit = deadline.due.start
    if deadline.status is Status.TOO_EARLY and actual and deadline.not_before:
        return actual[0], deadline.not_before.end
    if deadline.status is Status.OVERDUE and limit is not None:
        return limit, on
    if deadline.status is Status.LATE and actual and limit is not None:
        return limit, actual[1]
    return None
