"""How far each deadline is from another status, in days.

A status follows from which day comes before which. As one date moves, each such order
turns once, so the first turn is found by halving, and nothing between two turns can differ.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, TypeAlias

from attrs import field, frozen

from ncpi_rules.core import UNKNOWN, Calendar, LastDay, PartialDate, Status, When, counted, sentence
from ncpi_rules.deadlines import Deadline, schedule
from ncpi_rules.facts import ORDER, Departure, Waiver
from ncpi_rules.plan import describe_decision, waivers_of
from ncpi_rules.ruleset import DeadlineRule, Ruleset

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ncpi_rules.plan import Plan

MOST_DAYS: Final = 3653
"""So many days are looked at in either direction: ten years."""

Turns: TypeAlias = tuple[bool, ...]


@frozen(kw_only=True)
class Margin:
    """How far a date could move before a deadline stands otherwise.

    ``moves`` names the event whose date moves, or is empty for the day of the plan. ``earlier`` and
    ``later`` are the fewest days by which it would have to move, ``if_earlier`` and ``if_later``
    the statuses that the deadline would then have; None where no date that can be, within ten
    years, changes anything. ``let_go`` holds the waivers and departures by which nobody is held to
    the deadline any more, however it stands.
    """

    deadline: Deadline
    moves: str
    earlier: int | None = None
    if_earlier: Status | None = None
    later: int | None = None
    if_later: Status | None = None
    let_go: tuple[Waiver | Departure, ...] = ()
    ruleset: Ruleset = field(repr=False, eq=False)

    @property
    def status(self) -> Status:
        """Return where the deadline stands now."""
        return self.deadline.status

    @property
    def says(self) -> str:
        """Return both boundaries in one sentence, and whether somebody has let the duty go."""
        return " ".join((self._says_boundary(), *map(describe_decision, self.let_go)))

    def _says_boundary(self) -> str:
        status = self.status.says
        title = self.deadline.rule.title.rstrip(".")
        told = [
            f"{_would_be(then)} if {self._moving} were {counted(days, 'day')} {way}"
            for days, then, way in (
                (self.earlier, self.if_earlier, "earlier"),
                (self.later, self.if_later, "later"),
            )
            if days is not None and then is not None
        ]
        if not told:
            anywhere = "whenever it can be, up to ten years either way"
            return sentence(f"'{title}' stays '{status}' for {self._moving} {anywhere}")
        now = f"'{title}' is '{status}'"
        if self.status is Status.CANNOT_TELL:
            now = f"it cannot be told whether '{title}' is kept"
        return sentence(f"{now}; {', and '.join(told)}")

    def __str__(self) -> str:
        """Return both boundaries in one sentence."""
        return self.says

    @property
    def _moving(self) -> str:
        if not self.moves:
            return "the day of the plan"
        event = self.ruleset.events.get(self.moves)
        return f"the date of '{self.moves if event is None else event.title}'"


def margins(plan: Plan) -> tuple[Margin, ...]:
    """Return, for each deadline of a plan, by how many days a date could move before it matters.

    What moves is one date at a time: that of the event, those it is counted from, and the day of
    the plan where the event has no date. A date that is known in part only moves as a whole. Which
    deadlines there are stays as it is, and no date moves another: none moves so far that it would
    contradict the others, such as a revisit before the report.

    >>> from ncpi_rules.plan import assess
    >>> from ncpi_rules.facts import FollowUp
    >>> facts = {"force": "kent", "inspection_report": {"published": "2020-01-31"},
    ...     "action_plan": {"received": "2020-03-10"}}
    >>> plan = assess(FollowUp.from_dict(facts), on="2020-04-01")
    >>> for each in margins(plan):
    ...     if each.deadline.id == "deadline.action-plan" and each.moves != "report-published":
    ...         print(each.says)
    'The action plan usually comes within six weeks of publication' is 'met'; it would be 'late' \
if the date of 'the action plan reaches HMICFRS' were 4 days later.
    """
    return tuple(_margins(plan))


def _margins(plan: Plan) -> Iterator[Margin]:
    events, on = plan.follow_up.events(), plan.on.toordinal()
    for deadline in plan.deadlines:
        rule = deadline.rule
        dated = [rule.event, *(bound.anchor for bound in rule.bounds)]
        moving = [
            name
            for name in dict.fromkeys(dated)
            if isinstance(events.get(name, UNKNOWN), PartialDate)
        ]
        if not isinstance(events.get(rule.event, UNKNOWN), PartialDate):
            moving.append("")
        for name in moving:
            days = _Days(
                rule, events, on, plan.ruleset.calendar, plan.decision.last_day, deadline.status
            )
            let_go = waivers_of(plan.follow_up, rule, on)
            earlier, if_earlier = days.first_other(name, -1)
            later, if_later = days.first_other(name, 1)
            yield Margin(
                deadline=deadline,
                moves=name,
                earlier=earlier,
                if_earlier=if_earlier,
                later=later,
                if_later=if_later,
                let_go=tuple(let_go),
                ruleset=plan.ruleset,
            )


@frozen
class _Days:
    """One deadline, with the dates that may move."""

    rule: DeadlineRule
    events: Mapping[str, When]
    on: int
    calendar: Calendar
    policy: LastDay
    status: Status

    def first_other(self, name: str, way: int) -> tuple[int | None, Status | None]:
        """Return after how many days the status first differs, and the status then."""
        at = 0
        while (turn := self._next_turn(name, way, at)) is not None:
            status = self._status(name, way * turn)
            if status is not self.status:
                return turn, status
            at = turn
        return None, None

    def _next_turn(self, name: str, way: int, at: int) -> int | None:
        """Return the next number of days at which the order of two days is another one."""
        now, most = self._turns(name, way * at), self._room(name, way)
        if self._turns(name, way * most) == now:
            return None
        least = at
        while most - least > 1:
            middle = (least + most) // 2
            if self._turns(name, way * middle) == now:
                least = middle
            else:
                most = middle
        return most

    def _room(self, name: str, way: int) -> int:
        """Return how far a date may move before events would be in an order that cannot be."""
        pairs = (
            (self.events.get(first, UNKNOWN), self.events.get(later, UNKNOWN))
            for first, later in ORDER
            if name == (later if way < 0 else first)
        )
        rooms = (
            later.end - first.start
            for first, later in pairs
            if isinstance(first, PartialDate) and isinstance(later, PartialDate)
        )
        return min((MOST_DAYS, *rooms))

    def _moved(self, name: str, days: int) -> tuple[Mapping[str, When], int]:
        when = self.events.get(name, UNKNOWN)
        if not isinstance(when, PartialDate):
            return self.events, self.on + days
        return {
            **self.events,
            name: PartialDate.between(when.start + days, when.end + days),
        }, self.on

    def _status(self, name: str, days: int) -> Status:
        events, on = self._moved(name, days)
        return schedule([self.rule], events, on, self.calendar, self.policy)[0].status

    def _turns(self, name: str, days: int) -> Turns:
        """Return which day comes before which, of all days on which the status depends."""
        events, on = self._moved(name, days)
        actual = events.get(self.rule.event, UNKNOWN)
        own = [on]
        if isinstance(actual, PartialDate):
            own += [actual.start, actual.end]
        limits = list(self._limits(events))
        return tuple(
            turned
            for one in own
            for other in (*limits, *own)
            for turned in (one < other, one > other)
        )

    def _limits(self, events: Mapping[str, When]) -> Iterator[int]:
        for bound in self.rule.bounds:
            anchor = events.get(bound.anchor, UNKNOWN)
            if isinstance(anchor, PartialDate):
                for day in (anchor.start, anchor.end):
                    limit = bound.moved(day, self.calendar)
                    back = self.policy is LastDay.MOVES_BACK
                    moves = back and not (bound.is_floor or bound.is_order)
                    if moves and not self.calendar.is_working(limit):
                        limit = self.calendar.working_day_before(limit)
                    yield limit


def _would_be(status: Status) -> str:
    if status is Status.CANNOT_TELL:
        return "it could not be told"
    return f"it would be '{status.says}'"
