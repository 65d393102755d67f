"""By how many days a date could move before a deadline changes its status.

A status depends only on which day comes before which. As one date moves, two days change
their order at most once, so the next change of order is found by halving, and the status stays
the same in between.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, Final

from attrs import field, frozen

from ncpi_rules.core import (
    UNKNOWN,
    PartialDate,
    Status,
    counted,
    sentence,
)
from ncpi_rules.deadlines import Deadline, figures_of, has_begun, own_days
from ncpi_rules.facts import Dates, Variation, Waiver
from ncpi_rules.plan import Plan, describe_decision, status_by, waivers_of
from ncpi_rules.ruleset import DeadlineRule, Ruleset

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_DAYS: Final = 3653
"""The most days by which a date is moved in either direction: ten years."""


@frozen(kw_only=True)
class Margin:
    """How far a date could move before the status of a deadline changes.

    ``moves`` names the event whose date moves, and is empty for the day of the plan. ``earlier``
    and ``later`` are the fewest days to another status, ``if_earlier`` and ``if_later`` that
    status; they are None where no possible date within ten years changes the status. ``waivers``
    holds the waivers and variations by which nobody is held to the deadline any more.
    """

    deadline: Deadline
    moves: str
    earlier: int | None = None
    if_earlier: Status | None = None
    later: int | None = None
    if_later: Status | None = None
    waivers: tuple[Waiver | Variation, ...] = ()
    ruleset: Ruleset = field(repr=False, eq=False)

    @property
    def status(self) -> Status:
        """Return the present status of the deadline."""
        return self.deadline.status

    @property
    def sentence(self) -> str:
        """Return the margin in both directions, and any waiver, in sentences."""
        title, moving = self.deadline.rule.title.rstrip("."), self._moving
        changes = [
            f"{_conditional(status)} if {moving} were {counted(days, 'day')} {way}"
            for days, status, way in (
                (self.earlier, self.if_earlier, "earlier"),
                (self.later, self.if_later, "later"),
            )
            if days is not None and status is not None
        ]
        if not changes:
            wherever = f"wherever {moving} could fall within ten years"
            message = f"'{title}' stays '{self.status.label}' {wherever}"
        elif self.status is Status.CANNOT_TELL:
            message = f"it is not certain whether '{title}' is met; {', and '.join(changes)}"
        else:
            message = f"'{title}' is '{self.status.label}'; {', and '.join(changes)}"
        return " ".join((sentence(message), *map(describe_decision, self.waivers)))

    def __str__(self) -> str:
        """Return the margin in sentences."""
        return self.sentence

    @property
    def _moving(self) -> str:
        if not self.moves:
            return "the day of the plan"
        event = self.ruleset.events.get(self.moves)
        return f"the date of '{self.moves if event is None else event.title}'"


def _conditional(status: Status) -> str:
    if status is Status.CANNOT_TELL:
        return "it would not be certain"
    return f"it would be '{status.label}'"


def margins(plan: Plan) -> tuple[Margin, ...]:
    """Return by how many days a date could move before each deadline changes its status.

    One date moves at a time: that of the event, each date from which the deadline counts, and the
    day of the plan where the event has no date. A partial date moves as a whole. No date moves so
    far that it would contradict another, such as a revisit or a decision before its report. The
    deadlines themselves stay those of the plan.

    >>> from ncpi_rules.plan import assess
    >>> from ncpi_rules.facts import FollowUp
    >>> facts = {"force": "kent", "inspection_report": {"published": "2020-01-31"},
    ...     "action_plan": {"received": "2020-03-10"}}
    >>> plan = assess(FollowUp.from_dict(facts), on="2020-04-01")
    >>> for margin in margins(plan):
    ...     if margin.deadline.id == "deadline.action-plan" and margin.moves != "report-published":
    ...         print(margin)
    'The action plan usually comes within six weeks of publication' is 'met'; it would be 'late' \
if the date of 'the action plan reaches HMICFRS' were 4 days later.
    """
    return tuple(_margins(plan))


def _margins(plan: Plan) -> Iterator[Margin]:
    on = plan.on.toordinal()
    for _, deadline, of in plan.scheduled():
        rule, events = deadline.rule, of.events
        names = dict.fromkeys((rule.event, *(bound.anchor for bound in rule.bounds)))
        moving = [name for name in names if isinstance(events.get(name), PartialDate)]
        if rule.event not in moving:
            moving.append("")
        waivers = tuple(waivers_of(of.current, rule, on))
        for name in moving:
            case = _Movable(of, rule, name, status_by(waivers[0]) if waivers else None)
            earlier, if_earlier = case.first_change(-1)
            later, if_later = case.first_change(1)
            yield Margin(
                deadline=deadline,
                moves=name,
                earlier=earlier,
                if_earlier=if_earlier,
                later=later,
                if_later=if_later,
                waivers=waivers,
                ruleset=plan.ruleset,
            )


@frozen
class _Movable:
    """A deadline, and the name of the event whose date moves; the day moves where it is empty.

    ``let_off`` is its status where it was waived or varied.
    """

    plan: Plan
    rule: DeadlineRule
    moves: str
    let_off: Status | None

    def first_change(self, way: int) -> tuple[int | None, Status | None]:
        """Return the fewest days to another status, backwards (-1) or forwards (1)."""
        status, order = self._position(0)
        days, furthest = 0, self._furthest(way)

        def has_turned(days: int) -> bool:
            return self._position(way * days)[1] != order

        while has_turned(furthest):
            days = bisect_left(range(furthest + 1), x=True, lo=days + 1, key=has_turned)
            reached, order = self._position(way * days)
            if reached is not status:
                return days, reached
        return None, None

    def _position(self, days: int) -> tuple[Status, tuple[bool | int | None, ...]]:
        """Return the status after a move, and which of the days it depends on come first."""
        plan, rule, settings = self.plan, self.rule, self.plan.ruleset.settings
        events, on, order = plan.events, plan.on.toordinal(), plan.ruleset.contract.order
        when = plan.facts.recorded.get(self.moves)
        if isinstance(when, PartialDate):
            moved = PartialDate.between(when.start + days, when.end + days)
            events = Dates({**plan.facts.recorded, self.moves: moved}).narrowed(order).events
        else:
            on += days
        own = own_days(rule.bounds, events, on, plan.decision.due_date_policy, order)
        actual = events.get(rule.event, UNKNOWN)
        begun = has_begun(events, settings.selected_by, on)
        dates = [on]
        for date in (actual, events.get(settings.selected_by)):
            if isinstance(date, PartialDate):
                dates += [date.start, date.end]
        limits = [(date, limit) for date in dates for limit in (*(own.due or ()), *dates)]
        limits += [(days, 0) for days in own.late or ()]
        compared = tuple((date > limit) - (date < limit) for date, limit in limits)
        status = figures_of(own, actual, on, begun).let_off(self.let_off, rule.modality).status
        return status, (own.is_late, own.is_early, *compared)

    def _furthest(self, way: int) -> int:
        """Return by how many days the date can move before it would contradict another."""
        events, contract = self.plan.facts.recorded, self.plan.ruleset.contract
        pairs = [
            (events.get(before), events.get(after))
            for before, after in contract.order
            if self.moves == (after if way < 0 else before)
        ]
        if way > 0 and contract.events.get(self.moves) == "inspection_report.published":
            decided_on = self.plan.facts.follow_up.decided_on.values()
            pairs += [(events.get(self.moves), on) for on in decided_on]
        rooms = [
            later.end - first.start
            for first, later in pairs
            if isinstance(first, PartialDate) and isinstance(later, PartialDate)
        ]
        return min((MOST_DAYS, *rooms))
