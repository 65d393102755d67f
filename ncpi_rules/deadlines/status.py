"""The figures of a deadline: its due date, its status and the days late.

Every answer is true of each day that a partial date may be; where it would not be, it cannot be
told. What has not happened yet may still happen on the day of the assessment, or later.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from attrs import frozen

from ncpi_rules.core import NOT_YET, UNKNOWN, Happened, Modality, PartialDate, Status, When
from ncpi_rules.facts import happened

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

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

    def let_off(self, status: Status | None, modality: Modality) -> Figures:
        """Return the figures of a deadline that was waived or varied; what was met stays met.

        Days after a due date that must be kept are counted all the same. What is only usual, and
        has not been done, is not late: nobody owes it by that day any more.
        """
        if status is None or self.status in {Status.MET, Status.DONE}:
            return self
        is_owed = modality is Modality.MUST or self.status is not Status.OVERDUE
        return self._replace(status=status, late_by=self.late_by if is_owed else None)


@frozen
class OwnDays:
    """The due date that a rule sets, its first day, and how far from them its event is.

    ``due`` and ``not_before`` are those two as far as the dates are known from which they count.
    ``late`` is by how many days the event comes after the one, ``early`` before the other, each
    negative the other way round, and None where either is not known; what has not happened yet is
    compared on the day of the assessment. ``is_late`` and ``is_early`` say it whatever the other
    dates are, None where that is not certain. ``has_due`` is True where the rule sets a due date.
    """

    due: Days | None = None
    not_before: Days | None = None
    late: Days | None = None
    early: Days | None = None
    is_late: bool | None = False
    is_early: bool | None = False
    has_due: bool = False


class _Limits(NamedTuple):
    """A rule's due date and first day: as far as they are known, then whatever they may be."""

    due: Days | None
    not_before: Days | None
    last: Days
    first: Days


def own_days(
    bounds: Sequence[Bound],
    events: Mapping[str, When],
    on: int,
    policy: DueDatePolicy,
    order: Collection[tuple[str, str]] = (),
) -> OwnDays:
    """Return the due date and the first day that the bounds on an event set, by dates of events.

    ``order`` has the pairs of events of which the second cannot come before the first: on no day
    that two partial dates have in common do the events change places.
    """
    if not bounds:
        return OwnDays()
    limits = _limits(bounds, events, on, policy)
    actual = events.get(bounds[0].event, UNKNOWN)
    if not isinstance(actual, PartialDate):
        spans = [((on, on), limits)]
    elif not (tied := _tied(bounds, events, actual, order)):
        spans = [((actual.start, actual.end), limits)]
    else:
        spans = [
            ((day, day), _limits(bounds, {**events, **_beside(day, tied)}, on, policy))
            for day in _days_to_try(bounds, actual, tied, policy)
        ]
    early = _distance((span, at.not_before) for span, at in spans)
    return OwnDays(
        due=limits.due,
        not_before=limits.not_before,
        late=None if actual is UNKNOWN else _distance((span, at.due) for span, at in spans),
        early=None if early is None else (-early[1], -early[0]),
        is_late=_is_certain(_distance((span, at.last) for span, at in spans), 1),
        is_early=_is_certain(_distance((span, at.first) for span, at in spans), -1),
        has_due=any(not bound.is_floor for bound in bounds),
    )


def _limits(
    bounds: Iterable[Bound], events: Mapping[str, When], on: int, policy: DueDatePolicy
) -> _Limits:
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
    return _Limits(due, not_before, last, first)


def _sooner(one: Days, other: Days) -> Days:
    return min(one[0], other[0]), min(one[1], other[1])


def _later(one: Days, other: Days) -> Days:
    return max(one[0], other[0]), max(one[1], other[1])


_Tied: TypeAlias = "dict[str, tuple[PartialDate, bool]]"
"""The dates of anchors that the order ties to the event, and whether each comes first."""


def _tied(
    bounds: Iterable[Bound],
    events: Mapping[str, When],
    actual: PartialDate,
    order: Collection[tuple[str, str]],
) -> _Tied:
    """Return the anchors whose partial dates have a day in common with that of the event."""
    tied: _Tied = {}
    if actual.is_day or not order:
        return tied
    for bound in bounds:
        anchor = events.get(bound.anchor, UNKNOWN)
        if isinstance(anchor, PartialDate) and not anchor.is_day:
            if (bound.anchor, bound.event) in order and anchor.end > actual.start:
                tied[bound.anchor] = anchor, True
            elif (bound.event, bound.anchor) in order and anchor.start < actual.end:
                tied[bound.anchor] = anchor, False
    return tied


def _beside(day: int, tied: _Tied) -> dict[str, PartialDate]:
    """Return the dates that anchors can have where the event is on a day (an ordinal)."""
    return {
        name: PartialDate.between(
            *((date.start, min(date.end, day)) if is_first else (max(date.start, day), date.end))
        )
        for name, (date, is_first) in tied.items()
    }


def _days_to_try(
    bounds: Iterable[Bound], actual: PartialDate, tied: _Tied, policy: DueDatePolicy
) -> Iterable[int]:
    """Return the days of an event among which are those that are the farthest from its limits.

    Where every step has the same length, these are the first and the last.
    """
    own = [bound for bound in bounds if bound.anchor in tied]
    if all(bound.fixed is not None and not bound.moves(policy) for bound in own):
        return actual.start, actual.end
    return range(actual.start, actual.end + 1)


def _distance(spans: Iterable[tuple[Days, Days | None]]) -> Days | None:
    """Return the least and the most days from a limit to an event, each within its span."""
    least, most = NEVER, -NEVER
    for (start, end), limit in spans:
        if limit is None:
            return None
        least, most = min(least, start - limit[1]), max(most, end - limit[0])
    return least, most


def _is_certain(distance: Days | None, way: int) -> bool | None:
    """Return whether an event is beyond a limit (``way`` 1) or short of it (-1), or None."""
    assert distance is not None  # noqa: S101  each limit is a pair of days
    least, most = sorted(way * days for days in distance)
    return True if least > 0 else None if most > 0 else False


def _status(actual: When, own: OwnDays, on: int) -> Status:
    due = own.due
    if isinstance(actual, PartialDate):
        if actual.start > on:
            return _of_a_plan(own.late)
        return _of_what_happened(own) if actual.end <= on else Status.CANNOT_TELL
    if due is None:
        return Status.CANNOT_TELL if actual is UNKNOWN else Status.NOT_STARTED
    if on <= due[0]:
        return Status.DUE
    return Status.OVERDUE if actual is NOT_YET and on > due[1] else Status.CANNOT_TELL


def _of_a_plan(late: Days | None) -> Status:
    if late is None or late[1] <= 0:
        return Status.PLANNED
    return Status.PROJECTED_LATE if late[0] > 0 else Status.CANNOT_TELL


def _of_what_happened(own: OwnDays) -> Status:
    if own.is_late:
        return Status.LATE
    if own.is_early:
        return Status.TOO_EARLY
    if own.is_late is None or own.is_early is None:
        return Status.CANNOT_TELL
    return Status.MET if own.has_due else Status.DONE


def _status_where_nothing_is_owed(actual: When, on: int) -> Status:
    if not isinstance(actual, PartialDate):
        return Status.NOT_STARTED
    if actual.start > on:
        return Status.PLANNED
    return Status.DONE if actual.end <= on else Status.CANNOT_TELL


def figures_of(own: OwnDays, actual: When, on: int, begun: Happened = Happened.YES) -> Figures:
    """Return the figures of a deadline, by its rule's own days, its event's date and the day.

    ``begun`` says whether the event has happened with which the follow-up begins: until then
    nothing is owed.
    """
    if begun is Happened.NO:
        return Figures(own.due, _status_where_nothing_is_owed(actual, on), None)
    status = _status(actual, own, on)
    if begun is Happened.UNKNOWN:
        is_either_way = status is _status_where_nothing_is_owed(actual, on)
        return Figures(own.due, status if is_either_way else Status.CANNOT_TELL, None)
    late = own.late
    return Figures(own.due, status, late if late is not None and late[0] > 0 else None)


def has_begun(events: Mapping[str, When], first: str, on: int) -> Happened:
    """Return whether the event with which a follow-up begins has happened by a day (an ordinal).

    Where nobody has recorded it, it is taken to have happened.
    """
    when = events.get(first, UNKNOWN)
    return Happened.YES if when is UNKNOWN else happened(when, on)
