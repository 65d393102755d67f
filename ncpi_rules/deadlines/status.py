"""The figures of a deadline: its due date, its status and the days late.

Every answer is true of each day that a partial date may be.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from attrs import frozen

from ncpi_rules.core import UNKNOWN, PartialDate, Status, When

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ncpi_rules.core import Calendar, DueDatePolicy
    from ncpi_rules.ruleset import Bound

Days: TypeAlias = tuple[int, int]
"""The least and the most days that it can be."""


class Figures(NamedTuple):
    """The due date of a deadline as ordinals, its status, and by how many days it is late.

    Each pair is the least and the most that it can be: the same twice where the dates are whole
    days. ``due`` is None where there is no due date, ``late_by`` where the deadline is not late.
    """

    due: Days | None
    status: Status
    late_by: Days | None


@frozen
class OwnDays:
    """The last and the first day that a rule allows, as far as the dates they count from are known.

    ``whole`` is False where some of those dates are not known. ``due`` is the due date where a
    number or an event gives one, and not merely an order of events.
    """

    last: Days | None
    first: Days | None
    whole: bool
    due: Days | None


def own_days(
    bounds: Iterable[Bound], events: Mapping[str, When], calendar: Calendar, policy: DueDatePolicy
) -> OwnDays:
    """Return the last and the first day that bounds allow, by the dates of their anchors."""
    last: Days | None = None
    first: Days | None = None
    due: Days | None = None
    whole = True
    for bound in bounds:
        anchor = events.get(bound.anchor, UNKNOWN)
        if not isinstance(anchor, PartialDate):
            whole = False
            continue
        start = end = bound.moved(anchor.start, calendar)
        if anchor.end != anchor.start:
            end = bound.moved(anchor.end, calendar)
        if bound.is_floor:
            first = (start, end) if first is None else (max(first[0], start), max(first[1], end))
        else:
            if not bound.is_order:
                start, end = calendar.due_date(start, policy), calendar.due_date(end, policy)
            last = _sooner(last, (start, end))
            if not bound.is_order:
                due = _sooner(due, (start, end))
    return OwnDays(last, first, whole, due)


def _sooner(one: Days | None, other: Days) -> Days:
    return other if one is None else (min(one[0], other[0]), min(one[1], other[1]))


def _status(actual: When, own: OwnDays, on: int) -> Status:
    if isinstance(actual, PartialDate):
        return _status_of_a_date(actual, own, on)
    last = own.last
    if last is None:
        return Status.NO_DATE
    if actual is UNKNOWN:
        return Status.UNKNOWN
    if on > last[1]:
        return Status.OVERDUE
    return Status.OPEN if on <= last[0] else Status.CANNOT_TELL


def _status_of_a_date(actual: PartialDate, own: OwnDays, on: int) -> Status:
    last, first = own.last, own.first
    if last is None and first is None:
        return Status.NO_DATE
    if last is not None and actual.start > last[1]:
        return Status.LATE
    if first is not None and actual.end < first[0]:
        return Status.TOO_EARLY
    in_time = last is None or actual.end <= last[0]
    not_early = first is None or actual.start >= first[1]
    straddles = actual.start <= on < actual.end
    if not (in_time and not_early and own.whole) or straddles:
        return Status.CANNOT_TELL
    return Status.MET if actual.end <= on else Status.PLANNED


def _late_by(actual: When, status: Status, due: Days | None, on: int) -> Days | None:
    if due is None or status not in {Status.LATE, Status.OVERDUE}:
        return None
    start, end = (actual.start, actual.end) if isinstance(actual, PartialDate) else (on, on)
    return (start - due[1], end - due[0]) if start > due[1] else None


def figures_of(own: OwnDays, actual: When, on: int) -> Figures:
    """Return the figures of a deadline, by its rule's own days, its event's date and the day."""
    status = _status(actual, own, on)
    return Figures(own.due, status, _late_by(actual, status, own.due, on))
