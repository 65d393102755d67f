"""A deadline on the day of the assessment: its due date, status, days late and window.

No rule of a methodology is here: the deadlines and their numbers come from a ruleset, the dates
from the facts. Where a date is partial, every answer is true of each day that it may be.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from attrs import field, frozen

from ncpi_rules.core import (
    NOT_YET,
    UNKNOWN,
    DueDatePolicy,
    Happened,
    Modality,
    PartialDate,
    Status,
    When,
)
from ncpi_rules.deadlines.bounds import NEVER, OwnDays, Windows, own_days
from ncpi_rules.facts import happened
from ncpi_rules.ruleset import DeadlineRule

if TYPE_CHECKING:
    from ncpi_rules.deadlines.bounds import Days


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


@frozen(eq=False, slots=False)
class _Shared:
    """What all deadlines of a follow-up share: dates, day, and windows on demand.

    ``let_off`` has the status of each deadline that is waived or varied, by the id of its rule.
    """

    rules: Sequence[DeadlineRule]
    events: Mapping[str, When]
    on: int
    policy: DueDatePolicy
    begun: Happened
    let_off: Mapping[str, Status]
    order: frozenset[tuple[str, str]]

    @cached_property
    def windows(self) -> Windows:
        """Return the first and last possible day of every event, by what is not let off."""
        rules = [rule for rule in self.rules if rule.id not in self.let_off]
        begun = self.begun is Happened.YES
        return Windows(rules, self.events, self.on, self.policy, begun=begun, order=self.order)

    def own_days(self, rule: DeadlineRule) -> OwnDays:
        """Return the due date and the first day that a rule sets."""
        return own_days(rule.bounds, self.events, self.on, self.policy, self.order)


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
        own = (self.rule, self.actual, self.not_before, self.figures)
        window = (self.window, self.latest_compliant_date, self.bound_by, self.can_be_met)
        return (*own, self.days_left, self.working_day, *window)

    @property
    def id(self) -> str:
        """Return the id of the rule as it is written."""
        return self.rule.rule

    @cached_property
    def own(self) -> OwnDays:
        """Return the due date and the first day that its rule sets."""
        return self._shared.own_days(self.rule)

    @property
    def figures(self) -> Figures:
        """Return the due date, the status and the days late, as numbers."""
        return self._figures or self._worked_out

    @cached_property
    def _worked_out(self) -> Figures:
        shared = self._shared
        figures = figures_of(self.own, self.actual, shared.on, shared.begun)
        return figures.let_off(shared.let_off.get(self.rule.id), self.rule.modality)

    @property
    def events(self) -> Mapping[str, When]:
        """Return the dates of events from which it was worked out."""
        return self._shared.events

    @property
    def is_owed(self) -> bool:
        """Return False as long as it is known that the follow-up has not begun."""
        return self._shared.begun is not Happened.NO

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
        first = self.own.not_before
        return None if first is None else PartialDate.between(*first)

    @property
    def late_by(self) -> Days | None:
        """Return by how many days it is late, overdue so far, or projected to be late."""
        return self.figures.late_by

    @property
    def days_left(self) -> Days | None:
        """Return how many days are left of what is due, and of what is planned too late."""
        (due, status, _), on = self.figures, self._shared.on
        if status not in {Status.DUE, Status.PROJECTED_LATE} or due is None or due[0] < on:
            return None
        return due[0] - on, due[1] - on

    @property
    def latest_compliant_date(self) -> int | None:
        """Return the latest day (an ordinal) on which it can happen with every deadline met.

        What is planned too late can still be brought forward, so it binds what comes before it by
        its due date.
        """
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
        if self.rule.id in self._shared.let_off:
            return True
        return self._shared.on <= self._shared.windows.latest.get(self.rule.event, NEVER)

    @property
    def working_day(self) -> int | None:
        """Return the working day (an ordinal) before a due date that is not a working day.

        A due date that only comes before another event was not counted, so nothing is said of it.
        """
        due, calendar = self.figures.due, self.rule.working_days
        if due is None or due[0] != due[1] or calendar.is_working(due[0]):
            return None
        if all(bound.is_floor or bound.is_order for bound in self.rule.bounds):
            return None
        return calendar.working_day_before(due[0])


def schedule(  # noqa: PLR0913  what deadlines are worked out from, and the figures
    rules: Sequence[DeadlineRule],
    events: Mapping[str, When],
    on: int,
    policy: DueDatePolicy = DueDatePolicy.STANDS,
    *,
    begun: Happened = Happened.YES,
    let_off: Mapping[str, Status] | None = None,
    figures: Mapping[str, Figures] | None = None,
    order: Iterable[tuple[str, str]] = (),
) -> tuple[Deadline, ...]:
    """Return the deadlines of some rules on a day (an ordinal), in the order of the rules.

    An event that ``events`` does not name is unknown. ``begun`` says whether the event has happened
    with which the follow-up begins: until then nothing is owed. ``let_off`` has the status of each
    deadline that is waived or varied, ``figures`` the figures of deadlines that have been worked
    out already, by the ids of their rules. ``order`` has the pairs of events of which the second
    cannot come before the first.

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
    shared = _Shared(rules, events, on, policy, begun, let_off or {}, frozenset(order))
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
