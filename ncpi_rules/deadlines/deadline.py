"""A deadline on the day of the assessment: its due date, status, window, and what it says.

No rule of a methodology is here: the deadlines and their numbers come from a ruleset, the dates
from the facts. Where a date is partial, every answer is true of each day that it may be.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from attrs import field, frozen

from ncpi_rules.core import (
    NOT_YET,
    UNKNOWN,
    Calendar,
    DueDatePolicy,
    PartialDate,
    Status,
    When,
    format_between,
    format_day,
)
from ncpi_rules.deadlines.status import Figures, OwnDays, figures_of, own_days
from ncpi_rules.deadlines.windows import NEVER, Windows
from ncpi_rules.ruleset import DeadlineRule

if TYPE_CHECKING:
    from ncpi_rules.deadlines.status import Days


@frozen(eq=False, slots=False)
class _Shared:
    """What all deadlines of a follow-up share: dates, day, and windows on demand."""

    rules: Sequence[DeadlineRule]
    events: Mapping[str, When]
    on: int
    calendar: Calendar
    policy: DueDatePolicy

    @cached_property
    def windows(self) -> Windows:
        """Return the first and last possible day of every event."""
        return Windows(self.rules, self.events, self.on, self.calendar, self.policy)


@frozen(eq=False, slots=False)
class Deadline:
    """One deadline on the day of the assessment; each of its parts is worked out on demand.

    Two deadlines are equal where all their parts are.
    """

    rule: DeadlineRule
    actual: When
    _shared: _Shared = field(repr=False)
    _figures: Figures | None = field(default=None, repr=False)

    def __eq__(self, other: object) -> bool:
        """Return True where all parts are equal."""
        return self._parts == other._parts if isinstance(other, Deadline) else NotImplemented

    def __hash__(self) -> int:
        """Return a hash of the rule's id and of the date given."""
        return hash((self.rule.id, self.actual))

    @property
    def _parts(self) -> tuple[object, ...]:
        own = (self.rule, self.actual, self.due, self.not_before, self.status, self.late_by)
        window = (self.window, self.latest_compliant_date, self.bound_by, self.can_be_met)
        return (*own, self.days_left, self.working_day, *window)

    @property
    def id(self) -> str:
        """Return the id of the rule."""
        return self.rule.id

    @cached_property
    def _own(self) -> OwnDays:
        shared = self._shared
        return own_days(self.rule.bounds, shared.events, shared.calendar, shared.policy)

    @property
    def figures(self) -> Figures:
        """Return the due date, the status and the days late, as numbers."""
        return self._figures or self._worked_out

    @cached_property
    def _worked_out(self) -> Figures:
        return figures_of(self._own, self.actual, self._shared.on)

    @property
    def status(self) -> Status:
        """Return the status."""
        return self.figures.status

    @property
    def due(self) -> PartialDate | None:
        """Return the due date, as far as it is known."""
        due = self.figures.due
        return None if due is None else PartialDate.between(*due)

    @property
    def not_before(self) -> PartialDate | None:
        """Return the first day on which it may happen, as far as it is known."""
        first = self._own.first
        return None if first is None else PartialDate.between(*first)

    @property
    def latest(self) -> PartialDate | None:
        """Return the latest day that its rule allows: the due date, or the end of an order."""
        last = self._own.last
        return None if last is None else PartialDate.between(*last)

    @property
    def late_by(self) -> Days | None:
        """Return by how many days it is late, or overdue so far."""
        return self.figures.late_by

    @property
    def days_left(self) -> Days | None:
        """Return how many days are left, while its event has no date."""
        due, on = self.figures.due, self._shared.on
        if due is None or due[0] < on or isinstance(self.actual, PartialDate):
            return None
        return due[0] - on, due[1] - on

    @property
    def latest_compliant_date(self) -> int | None:
        """Return the latest day (an ordinal) on which it can happen with every deadline met."""
        if isinstance(self.actual, PartialDate):
            return None
        return self._shared.windows.compliant.get(self.rule.event)

    @property
    def window(self) -> PartialDate | None:
        """Return the days on which it can still happen with every deadline met."""
        compliant, on = self.latest_compliant_date, self._shared.on
        if compliant is None:
            return None
        earliest = max(self._shared.windows.earliest.get(self.rule.event, on), on)
        return PartialDate.between(earliest, compliant) if earliest <= compliant else None

    @property
    def bound_by(self) -> tuple[str, ...]:
        """Return the deadlines from which the latest compliant date follows, the nearest first."""
        return (
            ()
            if self.latest_compliant_date is None
            else self._shared.windows.chain(self.rule.event)
        )

    @property
    def can_be_met(self) -> bool:
        """Return False where it has not happened and every day on which it could has passed.

        An event whose date is unknown may have happened in time, so only "not yet" can be too late.
        """
        if self.actual is not NOT_YET:
            return True
        return self._shared.on <= self._shared.windows.latest.get(self.rule.event, NEVER)

    @property
    def working_day(self) -> int | None:
        """Return the working day (an ordinal) before a due date that is not a working day."""
        due, calendar = self.figures.due, self._shared.calendar
        if due is None or due[0] != due[1] or calendar.is_working(due[0]):
            return None
        return calendar.working_day_before(due[0])


def schedule(  # noqa: PLR0913  what deadlines are worked out from, and the figures
    rules: Sequence[DeadlineRule],
    events: Mapping[str, When],
    on: int,
    calendar: Calendar | None = None,
    policy: DueDatePolicy = DueDatePolicy.STANDS,
    *,
    figures: Mapping[str, Figures] | None = None,
) -> tuple[Deadline, ...]:
    """Return the deadlines of some rules on a day (an ordinal), in the order of the rules.

    An event that ``events`` does not name is unknown. ``figures`` has figures of deadlines, by the
    ids of their rules, where they have been worked out already.

    >>> from ncpi_rules.ruleset import Timing
    >>> from ncpi_rules.core import Modality
    >>> rule = DeadlineRule(
    ...     id="reply", title="A reply comes within a week", by="shop", event="reply-sent",
    ...     within=Timing.from_text("1 week after letter-received"), modality=Modality.MUST,
    ...     statements=("code.1",),
    ... )
    >>> letter, reply = PartialDate.read("2024-03-01"), PartialDate.read("2024-03-11")
    >>> events = {"letter-received": letter, "reply-sent": reply}
    >>> (deadline,) = schedule([rule], events, on=reply.start)
    >>> deadline.status.value, deadline.late_by
    ('late', (3, 3))
    """
    shared = _Shared(rules, events, on, calendar or Calendar(), policy)
    known = (figures or {}).get
    return tuple(
        [Deadline(rule, events.get(rule.event, UNKNOWN), shared, known(rule.id)) for rule in rules]
    )


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
    due, window = deadline.due, deadline.window
    if due is not None:
        yield f"The due date is {due.text}."
    if deadline.not_before is not None:
        yield f"The earliest date is {deadline.not_before.text}."
    yield _describe_date(deadline.actual)
    if deadline.late_by is not None:
        yield f"That is {format_days(deadline.late_by)} late."
    if deadline.days_left is not None:
        yield f"Days left: {format_days(deadline.days_left)}."
    if deadline.working_day is not None:
        day = format_day(deadline.working_day)
        yield f"The due date is not a working day; the working day before it is {day}."
    if window is not None:
        yield f"It can still happen in time: {format_between(window.start, window.end)}."
    if due is None and deadline.latest_compliant_date is not None:
        yield f"The latest compliant date is {format_day(deadline.latest_compliant_date)}."
    if not deadline.can_be_met and deadline.status is not Status.OVERDUE:
        yield "This can no longer be met."


def _describe_date(actual: When) -> str:
    if isinstance(actual, PartialDate):
        return f"The date given is {actual.text}."
    if actual is NOT_YET:
        return "It has not happened yet."
    return "It is not known whether it has happened."
