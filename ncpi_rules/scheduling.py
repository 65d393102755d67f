"""Deadlines as constraints between events: windows, where each stands, what can no longer be met.

Floor 4. No rule of a methodology is here: the deadlines and their numbers come from a ruleset,
the dates from the facts. Where a date is partial, every answer is true of each day that it may be.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Final, TypeAlias

from attrs import field, frozen

from ncpi_rules.dates import PartialDate, When, says_between, says_day
from ncpi_rules.periods import Calendar
from ncpi_rules.ruleset.rules import Bound, DeadlineRule
from ncpi_rules.words import NOT_YET, UNKNOWN, LastDay, Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Days: TypeAlias = tuple[int, int]
"""The least and the most days that it can be."""

_NEVER: Final = 10**9


def _working(day: int, calendar: Calendar) -> int:
    """Return the day, or the working day before it where it is none."""
    return day if calendar.is_working(day) else calendar.working_day_before(day)


class _Windows:
    """The first and last possible day of every event, by passing the bounds along.

    ``earliest`` and ``latest`` are as generous as the dates allow, so that what they rule out is
    certain; ``safe`` is as strict as the dates allow, so that a day up to it is safe.
    """

    def __init__(
        self,
        rules: Iterable[DeadlineRule],
        events: Mapping[str, When],
        on: int,
        calendar: Calendar,
        policy: LastDay,
    ) -> None:
        self.calendar = calendar
        self.policy = policy
        self.events = events
        self.on = on
        self.cause: dict[str, tuple[str, Bound]] = {}
        self.known = {name for name, when in events.items() if isinstance(when, PartialDate)}
        self.earliest: dict[str, int] = {}
        self.latest: dict[str, int] = {}
        self.safe: dict[str, int] = {}
        exact = True
        for name, when in events.items():
            if isinstance(when, PartialDate):
                self.earliest[name] = self.safe[name] = when.start
                self.latest[name] = when.end
                exact = exact and when.start == when.end
            elif when is NOT_YET:
                self.earliest[name] = on
        if exact:
            self.latest = self.safe
        self.ceilings = (self.safe,) if exact else (self.safe, self.latest)
        # A bound between two known dates passes nothing on.
        self.limits = [
            (rule.id, bound)
            for rule in rules
            for bound in rule.bounds
            if not (bound.event in self.known and bound.anchor in self.known)
            and not self._is_broken(bound)
        ]
        self._settle()

    def _is_broken(self, bound: Bound) -> bool:
        """Return True for a last day that has passed unmet: it binds nothing any more."""
        anchor = self.events.get(bound.anchor, UNKNOWN)
        return (
            not bound.is_floor
            and self.events.get(bound.event, UNKNOWN) is NOT_YET
            and isinstance(anchor, PartialDate)
            and bound.moved(anchor.end, self.calendar) < self.on
        )

    def _settle(self) -> None:
        for _ in range(len(self.limits) + 1):
            changed = False
            for rule, bound in self.limits:
                changed |= self._floor(bound) if bound.is_floor else self._ceiling(rule, bound)
            if not changed:
                return

    def _ceiling(self, rule: str, bound: Bound) -> bool:
        changed = False
        if bound.event not in self.known:
            for table in self.ceilings:
                if bound.anchor in table:
                    day = bound.moved(table[bound.anchor], self.calendar)
                    if self.policy is LastDay.MOVES_BACK and not bound.is_order:
                        day = _working(day, self.calendar)
                    if day < table.get(bound.event, _NEVER):
                        table[bound.event] = day
                        changed = True
                        if table is self.safe:
                            self.cause[bound.event] = (rule, bound)
        if bound.anchor not in self.known and bound.event in self.earliest:
            floor = bound.earliest_anchor(self.earliest[bound.event], self.calendar)
            changed |= self._raise(bound.anchor, floor)
        return changed

    def _floor(self, bound: Bound) -> bool:
        changed = False
        if bound.event not in self.known and bound.anchor in self.earliest:
            floor = bound.moved(self.earliest[bound.anchor], self.calendar)
            changed |= self._raise(bound.event, floor)
        if bound.anchor not in self.known:
            for table in self.ceilings:
                if bound.event in table:
                    day = bound.latest_anchor(table[bound.event], self.calendar)
                    if day < table.get(bound.anchor, _NEVER):
                        table[bound.anchor] = day
                        changed = True
        return changed

    def _raise(self, event: str, floor: int) -> bool:
        if floor > self.earliest.get(event, -_NEVER):
            self.earliest[event] = floor
            return True
        return False

    def chain(self, event: str) -> tuple[str, ...]:
        """Return the rules from which an event's last safe day follows, the nearest first."""
        found: list[str] = []
        while event in self.cause and self.cause[event][0] not in found:
            rule, bound = self.cause[event]
            found.append(rule)
            event = bound.anchor
        return tuple(found)


@frozen
class _OwnDays:
    """A rule's own last and first day, as far as the dates they count from are known.

    ``whole`` is False where some of those dates are not known; ``due`` is the last day where a
    number or an event gives one, and not merely "in advance".
    """

    last: Days | None
    first: Days | None
    whole: bool
    due: Days | None


def _own_days(
    rule: DeadlineRule, events: Mapping[str, When], calendar: Calendar, policy: LastDay
) -> _OwnDays:
    last: Days | None = None
    first: Days | None = None
    due: Days | None = None
    whole = True
    for bound in rule.bounds:
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
            if policy is LastDay.MOVES_BACK and not bound.is_order:
                start, end = _working(start, calendar), _working(end, calendar)
            last = _sooner(last, (start, end))
            if not bound.is_order:
                due = _sooner(due, (start, end))
    return _OwnDays(last, first, whole, due)


def _sooner(one: Days | None, other: Days) -> Days:
    return other if one is None else (min(one[0], other[0]), min(one[1], other[1]))


def _status(actual: When, own: _OwnDays, on: int) -> Status:
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


def _status_of_a_date(actual: PartialDate, own: _OwnDays, on: int) -> Status:
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


@frozen(eq=False, slots=False)
class _Given:
    """What all deadlines of one schedule share: the dates, the day, and the windows when asked."""

    rules: Sequence[DeadlineRule]
    events: Mapping[str, When]
    on: int
    calendar: Calendar
    policy: LastDay

    @cached_property
    def windows(self) -> _Windows:
        """Return the first and last possible day of every event."""
        return _Windows(self.rules, self.events, self.on, self.calendar, self.policy)


@frozen(eq=False, slots=False)
class Deadline:
    """Where one deadline stands on the day of the assessment; worked out when it is asked for.

    Two are equal where all that they say is equal.
    """

    rule: DeadlineRule
    actual: When
    _given: _Given = field(repr=False)

    def __eq__(self, other: object) -> bool:
        """Return True where both say the same."""
        return self._says == other._says if isinstance(other, Deadline) else NotImplemented

    def __hash__(self) -> int:
        """Return a hash of the rule's id and of the date given."""
        return hash((self.rule.id, self.actual))

    @property
    def _says(self) -> tuple[object, ...]:
        own = (self.rule, self.actual, self.due, self.not_before, self.status, self.late_by)
        window = (self.window, self.last_safe_day, self.bound_by, self.can_be_met)
        return (*own, self.days_left, self.working_day, *window)

    @property
    def id(self) -> str:
        """Return the id of the rule."""
        return self.rule.id

    @cached_property
    def _own(self) -> _OwnDays:
        given = self._given
        return _own_days(self.rule, given.events, given.calendar, given.policy)

    @cached_property
    def status(self) -> Status:
        """Return where it stands."""
        return _status(self.actual, self._own, self._given.on)

    @property
    def due(self) -> PartialDate | None:
        """Return the last day, as far as it is known."""
        due = self._own.due
        return None if due is None else PartialDate.between(*due)

    @property
    def not_before(self) -> PartialDate | None:
        """Return the first day, as far as it is known."""
        first = self._own.first
        return None if first is None else PartialDate.between(*first)

    @property
    def late_by(self) -> Days | None:
        """Return by how many days it is late, or overdue so far."""
        return _late_by(self.actual, self.status, self._own.due, self._given.on)

    @property
    def days_left(self) -> Days | None:
        """Return how many days are left, while it has no date of its own."""
        due, on = self._own.due, self._given.on
        if due is None or due[0] < on or isinstance(self.actual, PartialDate):
            return None
        return due[0] - on, due[1] - on

    @property
    def last_safe_day(self) -> int | None:
        """Return the last day (an ordinal) on which it can happen with every deadline kept."""
        if isinstance(self.actual, PartialDate):
            return None
        return self._given.windows.safe.get(self.rule.event)

    @property
    def window(self) -> PartialDate | None:
        """Return the days on which it can still happen with every deadline kept."""
        safe, on = self.last_safe_day, self._given.on
        if safe is None:
            return None
        earliest = max(self._given.windows.earliest.get(self.rule.event, on), on)
        return PartialDate.between(earliest, safe) if earliest <= safe else None

    @property
    def bound_by(self) -> tuple[str, ...]:
        """Return the deadlines from which the last safe day follows, the nearest first."""
        return () if self.last_safe_day is None else self._given.windows.chain(self.rule.event)

    @property
    def can_be_met(self) -> bool:
        """Return False where it has not happened, and every day that would do has passed.

        What is not known may have happened in time: only what has not happened can be too late.
        """
        if self.actual is not NOT_YET:
            return True
        return self._given.on <= self._given.windows.latest.get(self.rule.event, _NEVER)

    @property
    def working_day(self) -> int | None:
        """Return the working day (an ordinal) before a last day that is none."""
        due, calendar = self._own.due, self._given.calendar
        if due is None or due[0] != due[1] or calendar.is_working(due[0]):
            return None
        return calendar.working_day_before(due[0])


def schedule(
    rules: Sequence[DeadlineRule],
    events: Mapping[str, When],
    on: int,
    calendar: Calendar | None = None,
    policy: LastDay = LastDay.STANDS,
) -> tuple[Deadline, ...]:
    """Return where each deadline stands on a day (an ordinal), in the order of the rules.

    An event that ``events`` does not name is unknown.

    >>> from ncpi_rules.ruleset.rules import Timing
    >>> from ncpi_rules.words import Modality
    >>> rule = DeadlineRule(
    ...     id="reply", title="A reply comes within a week", by="shop", event="reply-sent",
    ...     within=Timing.from_text("1 week after letter-received"), modality=Modality.MUST,
    ...     statements=("code.1",),
    ... )
    >>> letter, reply = PartialDate.read("2024-03-01"), PartialDate.read("2024-03-11")
    >>> found = schedule([rule], {"letter-received": letter, "reply-sent": reply}, reply.start)
    >>> found[0].status.value, found[0].late_by
    ('late', (3, 3))
    """
    given = _Given(rules, events, on, calendar or Calendar(), policy)
    return tuple(Deadline(rule, events.get(rule.event, UNKNOWN), given) for rule in rules)


def says_days(days: Days) -> str:
    """Return a count of days as an officer reads it.

    >>> says_days((34, 63)), says_days((1, 1))
    ('34 to 63 days', '1 day')
    """
    least, most = days
    if least != most:
        return f"{least} to {most} days"
    return f"{least} day{'' if least == 1 else 's'}"


def says_standing(deadline: Deadline) -> Iterator[str]:
    """Yield the sentences that say where a deadline stands."""
    due, actual, window = deadline.due, deadline.actual, deadline.window
    if due is not None:
        yield f"The last day is {due.says}."
    if deadline.not_before is not None:
        yield f"The first day is {deadline.not_before.says}."
    yield _says_actual(actual)
    if deadline.late_by is not None:
        yield f"That is {says_days(deadline.late_by)} late."
    if deadline.days_left is not None:
        yield f"Days left: {says_days(deadline.days_left)}."
    if deadline.working_day is not None:
        day = says_day(deadline.working_day)
        yield f"The last day is not a working day; the working day before it is {day}."
    if window is not None:
        yield f"It can still happen in time: {says_between(window.start, window.end)}."
    if due is None and deadline.last_safe_day is not None:
        yield f"The last safe day is {says_day(deadline.last_safe_day)}."
    if not deadline.can_be_met and deadline.status is not Status.OVERDUE:
        yield "This can no longer be met."


def _says_actual(actual: When) -> str:
    if isinstance(actual, PartialDate):
        return f"The date given is {actual.says}."
    if actual is NOT_YET:
        return "It has not happened yet."
    return "It is not known whether it has happened."
