"""Deadlines as constraints between events: windows, where each stands, what can no longer be met.

No rule of a methodology is here: the deadlines and their numbers come from a ruleset,
the dates from the facts. Where a date is partial, every answer is true of each day that it may be.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from attrs import field, frozen

from ncpi_rules.core import NOT_YET, UNKNOWN, Calendar, LastDay, PartialDate, Status, When
from ncpi_rules.deadlines.status import Figures, OwnDays, figures_of, own_days
from ncpi_rules.deadlines.windows import NEVER, Windows
from ncpi_rules.ruleset import DeadlineRule

if TYPE_CHECKING:
    from ncpi_rules.deadlines.status import Days


@frozen(eq=False, slots=False)
class _Given:
    """What all deadlines of a follow-up share: the dates, the day, and the windows when asked."""

    rules: Sequence[DeadlineRule]
    events: Mapping[str, When]
    on: int
    calendar: Calendar
    policy: LastDay

    @cached_property
    def windows(self) -> Windows:
        """Return the first and last possible day of every event."""
        return Windows(self.rules, self.events, self.on, self.calendar, self.policy)


@frozen(eq=False, slots=False)
class Deadline:
    """Where one deadline stands on the day of the assessment; worked out when it is asked for.

    Two are equal where all that they say is equal.
    """

    rule: DeadlineRule
    actual: When
    _given: _Given = field(repr=False)
    _figures: Figures | None = field(default=None, repr=False)

    def __eq__(self, other: object) -> bool:
        """Return True where both say the same."""
        return self._says == other._says if isinstance(other, Deadline) else NotImplemented

    def __hash__(self) -> int:
        """Return a hash of the rule's id and of the date given."""
        return hash((self.rule.id, self.actual))

    @property
    def _says(self) -> tuple[object, ...]:
        own = (self.rule, self.actual, self.due, self.not_before, self.status, self.late_by)
        window = (self.window, self.latest_compliant_date, self.bound_by, self.can_be_met)
        return (*own, self.days_left, self.working_day, *window)

    @property
    def id(self) -> str:
        """Return the id of the rule."""
        return self.rule.id

    @cached_property
    def _own(self) -> OwnDays:
        given = self._given
        return own_days(self.rule, given.events, given.calendar, given.policy)

    @property
    def figures(self) -> Figures:
        """Return its last day, its status and the days late, as numbers."""
        return self._figures or self._worked_out

    @cached_property
    def _worked_out(self) -> Figures:
        return figures_of(self._own, self.actual, self._given.on)

    @property
    def status(self) -> Status:
        """Return where it stands."""
        return self.figures.status

    @property
    def due(self) -> PartialDate | None:
        """Return the last day, as far as it is known."""
        due = self.figures.due
        return None if due is None else PartialDate.between(*due)

    @property
    def not_before(self) -> PartialDate | None:
        """Return the first day, as far as it is known."""
        first = self._own.first
        return None if first is None else PartialDate.between(*first)

    @property
    def late_by(self) -> Days | None:
        """Return by how many days it is late, or overdue so far."""
        return self.figures.late_by

    @property
    def days_left(self) -> Days | None:
        """Return how many days are left, while it has no date of its own."""
        due, on = self.figures.due, self._given.on
        if due is None or due[0] < on or isinstance(self.actual, PartialDate):
            return None
        return due[0] - on, due[1] - on

    @property
    def latest_compliant_date(self) -> int | None:
        """Return the last day (an ordinal) on which it can happen with every deadline kept."""
        if isinstance(self.actual, PartialDate):
            return None
        return self._given.windows.safe.get(self.rule.event)

    @property
    def window(self) -> PartialDate | None:
        """Return the days on which it can still happen with every deadline kept."""
        safe, on = self.latest_compliant_date, self._given.on
        if safe is None:
            return None
        earliest = max(self._given.windows.earliest.get(self.rule.event, on), on)
        return PartialDate.between(earliest, safe) if earliest <= safe else None

    @property
    def bound_by(self) -> tuple[str, ...]:
        """Return the deadlines from which the latest compliant date follows, the nearest first."""
        return (
            () if self.latest_compliant_date is None else self._given.windows.chain(self.rule.event)
        )

    @property
    def can_be_met(self) -> bool:
        """Return False where it has not happened, and every day that would do has passed.

        What is not known may have happened in time: only what has not happened can be too late.
        """
        if self.actual is not NOT_YET:
            return True
        return self._given.on <= self._given.windows.latest.get(self.rule.event, NEVER)

    @property
    def working_day(self) -> int | None:
        """Return the working day (an ordinal) before a last day that is none."""
        due, calendar = self.figures.due, self._given.calendar
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

    >>> from ncpi_rules.ruleset import Timing
    >>> from ncpi_rules.core import Modality
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
    return deadlines_of(rules, events, on, calendar or Calendar(), policy)


def deadlines_of(  # noqa: PLR0913  what schedule takes, and what is known already
    rules: Sequence[DeadlineRule],
    events: Mapping[str, When],
    on: int,
    calendar: Calendar,
    policy: LastDay,
    *,
    figures: Mapping[str, Figures] | None = None,
) -> tuple[Deadline, ...]:
    """Return the deadlines of :func:`schedule`; ``figures`` has theirs where they are known."""
    given = _Given(rules, events, on, calendar, policy)
    known = (figures or {}).get
    return tuple(
        [Deadline(rule, events.get(rule.event, UNKNOWN), given, known(rule.id)) for rule in rules]
    )
