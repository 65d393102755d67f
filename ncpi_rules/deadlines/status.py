"""The figures of a deadline: its due date, its status and the days late.

Every answer is true of each day that a partial date may be; where it would not be, it cannot be
told. What has not happened yet may still happen on the day of the assessment, or later.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from attrs import frozen

from ncpi_rules.core import NOT_YET, UNKNOWN, Happened, PartialDate, Status, When
from ncpi_rules.facts import happened

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ncpi_rules.core import DueDatePolicy
    from ncpi_rules.ruleset import Bound

NEVER: Final = 10**9
"""Later than every day."""

Days: TypeAlias = tuple[int, int]
"""The least and the most days that it can be."""


class Figures(NamedTuple):
    """The due date of a deadline as ordinals, its status, and by how many days it is late.

    Each pair is the least and the most that it can be: the same twice where the dates are whole
    days. ``due`` is None where there is no due date, ``late_by`` where the deadline is not late,
    overdue or projected to be late.
    """

    due: Days | None
    status: Status
    late_by: Days | None

    def let_off(self, status: Status | None) -> Figures:
        """Return the figures of a deadline that was waived or varied; what was met stays met."""
        if status is None or self.status in {Status.MET, Status.DONE}:
            return self
        return self._replace(status=status)


@frozen
class OwnDays:
    """The last and the first day that a rule allows.

    ``due`` and ``not_before`` say it as far as the dates are known from which they count. ``last``
    and ``first`` are the least and the most that it can be, whatever the other dates are.
    """

    due: Days | None
    not_before: Days | None
    last: Days
    first: Days


def own_days(
    bounds: Iterable[Bound],
    events: Mapping[str, When],
    on: int,
    policy: DueDatePolicy,
) -> OwnDays:
    """Return the last and the first day that bounds allow, by the dates of their anchors."""
    due: Days | None = None
    not_before: Days | None = None
    last, first = (NEVER, NEVER), (-NEVER, -NEVER)
    for bound in bounds:
        anchor = events.get(bound.anchor, UNKNOWN)
        if anchor is UNKNOWN:
            days = (-NEVER, NEVER)
        elif anchor is NOT_YET:
            days = (bound.moved(on, policy), NEVER)
        else:
            start = end = bound.moved(anchor.start, policy)
            if anchor.end != anchor.start:
                end = bound.moved(anchor.end, policy)
            days = (start, end)
            if bound.is_floor:
                not_before = _later(not_before or days, days)
            else:
                due = _sooner(due or days, days)
        if bound.is_floor:
            first = _later(first, days)
        else:
            last = _sooner(last, days)
    return OwnDays(due, not_before, last, first)


def _sooner(one: Days, other: Days) -> Days:
    return min(one[0], other[0]), min(one[1], other[1])


def _later(one: Days, other: Days) -> Days:
    return max(one[0], other[0]), max(one[1], other[1])


def _status(actual: When, own: OwnDays, on: int) -> Status:
    due = own.due
    if isinstance(actual, PartialDate):
        if actual.start > on:
            return _of_a_plan(actual, due)
        return _of_what_happened(actual, own) if actual.end <= on else Status.CANNOT_TELL
    if due is None:
        return Status.CANNOT_TELL if actual is UNKNOWN else Status.NOT_STARTED
    if on <= due[0]:
        return Status.DUE
    return Status.OVERDUE if actual is NOT_YET and on > due[1] else Status.CANNOT_TELL


def _of_a_plan(actual: PartialDate, due: Days | None) -> Status:
    if due is None or actual.end <= due[0]:
        return Status.PLANNED
    return Status.PROJECTED_LATE if actual.start > due[1] else Status.CANNOT_TELL


def _of_what_happened(actual: PartialDate, own: OwnDays) -> Status:
    if actual.start > own.last[1]:
        return Status.LATE
    if actual.end < own.first[0]:
        return Status.TOO_EARLY
    if actual.end > own.last[0] or actual.start < own.first[1]:
        return Status.CANNOT_TELL
    return Status.MET if own.last[0] < NEVER else Status.DONE


def _status_where_nothing_is_owed(actual: When, on: int) -> Status:
    if not isinstance(actual, PartialDate):
        return Status.NOT_STARTED
    if actual.start > on:
        return Status.PLANNED
    return Status.DONE if actual.end <= on else Status.CANNOT_TELL


def _late_by(actual: When, due: Days | None, on: int) -> Days | None:
    if due is None or actual is UNKNOWN:
        return None
    start, end = (actual.start, actual.end) if isinstance(actual, PartialDate) else (on, on)
    return (start - due[1], end - due[0]) if start > due[1] else None


def figures_of(own: OwnDays, actual: When, on: int, begun: Happened = Happened.YES) -> Figures:
    """Return the figures of a deadline, by its rule's own days, its event's date and the day.

    ``begun`` says whether the event has happened with which the follow-up begins: until then
    nothing is owed.
    """
    if begun is Happened.NO:
        return Figures(own.due, _status_where_nothing_is_owed(actual, on), None)
    status, late_by = _status(actual, own, on), _late_by(actual, own.due, on)
    if begun is Happened.UNKNOWN and status is not _status_where_nothing_is_owed(actual, on):
        return Figures(own.due, Status.CANNOT_TELL, None)
    return Figures(own.due, status, late_by)


def has_begun(events: Mapping[str, When], first: str, on: int) -> Happened:
    """Return whether the event with which a follow-up begins has happened by a day (an ordinal).

    Where nobody has recorded it, it is taken to have happened.
    """
    when = events.get(first, UNKNOWN)
    return Happened.YES if when is UNKNOWN else happened(when, on)
