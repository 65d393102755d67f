"""How one follow-up stands on a board: red, amber, green or not known, and why.

Nothing is decided here: deadlines stand as the plan says, and this only says which of
them a board should see first. What is not known is never told as good.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from attrs import field, frozen

from ncpi_rules.core import (
    NOT_YET,
    UNKNOWN,
    PartialDate,
    Status,
    When,
    counted,
    format_day,
    joined,
    lower_first,
    sentence,
)
from ncpi_rules.deadlines import Days, Deadline, format_days
from ncpi_rules.explore.still_possible import other_deadlines
from ncpi_rules.facts import ORDER
from ncpi_rules.plan import Plan, waivers_of

if TYPE_CHECKING:
    from collections.abc import Iterator


class Light(StrEnum):
    """How a follow-up stands, in the order in which a board reads it."""

    RED = "red"
    """Something is late, overdue or too early, or can no longer be kept."""
    AMBER = "amber"
    """Something is due soon, or it cannot be told whether it is late."""
    UNKNOWN = "unknown"
    """Too little is known to say that nothing is late."""
    GREEN = "green"
    """Nothing is late and nothing due soon, whatever the answer to what is still unknown."""

    @property
    def says(self) -> str:
        """Return the word that an officer reads."""
        return "Not known" if self is Light.UNKNOWN else self.value.capitalize()


ARRANGED: Final = "arranged:"
"""What stands before the day for which something is arranged."""

_BROKEN: Final = frozenset({Status.LATE, Status.TOO_EARLY, Status.OVERDUE})


@frozen
class Judged:
    """How a follow-up stands, why in a sentence, and the days by which rows of a kind are sorted.

    ``days`` is negative where something is overdue, and None where there is no day to count to.
    """

    light: Light
    reason: str
    days: int | None = None


@frozen
class Standing:
    """The deadlines of a follow-up that nobody has let go, on a day, and what is soon."""

    plan: Plan
    soon: int
    live: tuple[Deadline, ...] = field(init=False)
    events: Mapping[str, When] = field(init=False)

    @live.default
    def _live(self) -> tuple[Deadline, ...]:
        plan = self.plan
        return tuple(
            each for each in plan.deadlines if not waivers_of(plan.follow_up, each.rule, self.day)
        )

    @events.default
    def _events(self) -> Mapping[str, When]:
        return self.plan.follow_up.events()

    @property
    def day(self) -> int:
        """Return the day, as an ordinal."""
        return self.plan.on.toordinal()

    @property
    def broken(self) -> tuple[Deadline, ...]:
        """Return the deadlines that are certainly not kept: overdue first, the longest first."""
        found = [each for each in self.live if each.status in _BROKEN or not each.can_be_met]
        return tuple(
            sorted(
                found, key=lambda each: (each.actual is not NOT_YET, -(each.late_by or (0, 0))[1])
            )
        )

    def pressing(self) -> Iterator[tuple[int, str]]:
        """Yield what is due soon or cannot be told, each with its days and a sentence."""
        for each in self.live:
            days, says = self._presses(each)
            if says:
                yield days, f"{says}: {sentence(each.rule.title)}"

    def _presses(self, deadline: Deadline) -> tuple[int, str]:
        if deadline.status is Status.CANNOT_TELL:
            return 0, "It cannot be told whether this is late"
        if isinstance(deadline.actual, PartialDate):
            return 0, ""
        untold = deadline.actual is UNKNOWN
        not_told = " (it is not recorded whether it is done)" if untold else ""
        left = self.soon + 1 if deadline.due is None else deadline.due.start - self.day
        if left < 0:
            return 0, "It is not recorded whether this was done, and the last day has passed"
        if left <= self.soon:
            told = format_days(deadline.days_left) if deadline.days_left else counted(left, "day")
            return left, f"Due in {told}{not_told}"
        safe = deadline.latest_compliant_date
        if safe is None or safe - self.day > self.soon:
            return 0, ""
        told = f", {format_day(safe)}, has passed" if safe < self.day else f" is {format_day(safe)}"
        return safe - self.day, f"The latest compliant date{told}{not_told}"

    @property
    def hidden(self) -> tuple[Deadline, ...]:
        """Return the deadlines of which too little is known to say that they are kept."""
        return tuple(each for each in self.live if self._may_be_broken(each))

    def _may_be_broken(self, deadline: Deadline) -> bool:
        bounds = deadline.rule.bounds
        if not bounds:
            return False
        if self._may_have_been(deadline.rule.event) and any(each.is_floor for each in bounds):
            return True
        return deadline.status is Status.NO_DATE and any(
            self._may_have_been(each.anchor) for each in bounds
        )

    def _may_have_been(self, event: str) -> bool:
        """Return True for an event of which nothing is told, unless what comes first is to come."""
        if self.events.get(event, UNKNOWN) is not UNKNOWN:
            return False
        before = [self.events.get(first, UNKNOWN) for first, later in ORDER if later == event]
        return not any(
            when is NOT_YET or (isinstance(when, PartialDate) and when.start > self.day)
            for when in before
        )

    @property
    def says_nothing(self) -> bool:
        """Return True where no deadline has a day of its own, or a date that was kept."""
        return not any(
            each.due is not None
            or each.latest_compliant_date is not None
            or each.status is Status.MET
            for each in self.live
        )


def judge(plan: Plan, soon: int) -> Judged:
    """Return how a follow-up stands; ``soon`` is the number of days that are soon."""
    standing = Standing(plan, soon)
    if broken := standing.broken:
        told = {alert.id: alert.says for alert in plan.alerts}
        first = broken[0]
        says = told.get(f"alert.{first.id}", f"This can no longer be met: {first.rule.title}.")
        says += _more(len(broken) - 1, "not kept")
        overdue = first.late_by if first.actual is NOT_YET else None
        return Judged(Light.RED, says, None if overdue is None else -overdue[1])
    if pressing := sorted(standing.pressing()):
        days, says = pressing[0]
        return Judged(Light.AMBER, says + _more(len(pressing) - 1, "pressing"), days)
    if standing.says_nothing:
        says = "No deadline has a day that is known, so nothing can be said."
        return Judged(Light.UNKNOWN, says)
    if hidden := standing.hidden:
        says = f"Too little is known to say whether this is kept: {sentence(hidden[0].rule.title)}"
        return Judged(Light.UNKNOWN, says)
    if facts := _what_may_matter(plan, soon):
        this = "another answer to this" if len(facts) == 1 else "other answers to these"
        says = f"Nothing is late as far as is known, but {this} may show it"
        return Judged(Light.UNKNOWN, f"{says}: {joined(facts, 'and')}.")
    return Judged(
        Light.GREEN, f"Nothing is late, and nothing is due within {counted(soon, 'day')}."
    )


def _more(many: int, what: str) -> str:
    if not many:
        return ""
    return f" {counted(many, 'more deadline')} {'is' if many == 1 else 'are'} {what}."


def _what_may_matter(plan: Plan, soon: int) -> tuple[str, ...]:
    """Return the titles of the fewest facts that are not known and that may show more."""
    for other in other_deadlines(plan.decision):
        then = Standing(Plan(plan.follow_up, plan.on, other.decision), soon)
        if then.broken or then.hidden or any(then.pressing()):
            first, *more = (plan.ruleset.facts[name].title for name in other.facts)
            return first, *map(lower_first, more)
    return ()


@frozen
class Duty:
    """The next thing that somebody has to do, as far as that is known.

    ``due`` is the last day, or the day for which it is arranged; ``says_due`` says which.
    """

    id: str
    says: str
    owed_by: str
    due: PartialDate | None = None
    says_due: str = ""
    days_left: Days | None = None


def next_duty(plan: Plan, plain: Mapping[str, Any]) -> Duty | None:
    """Return what is known to be left to do and comes first: by its day, then as events come.

    ``plain`` is the plan as it is published. What nobody has told of may be done already, so it is
    no duty here; it stands among what the follow-up waits for.
    """
    found = list(_duties(plan, plain))
    return min(found, key=lambda each: each[0])[1] if found else None


_LAST: Final = 10**9


def _duties(plan: Plan, plain: Mapping[str, Any]) -> Iterator[tuple[tuple[int, int], Duty]]:
    day = plan.on.toordinal()
    order = {event: place for place, event in enumerate(plan.ruleset.events)}
    by_deadline = {each["id"]: each["by"] for each in plain["deadlines"]}
    steps = [each for each in plain["required_actions"] if each["event"]]
    by_event = {each["event"]: each for each in reversed(steps)}
    events = set()
    for each in Standing(plan, 0).live:
        event = each.rule.event
        events.add(event)
        step = by_event.get(event)
        says = step["says"] if step else sentence(each.rule.title)
        duty = Duty(each.id, says, step["by"] if step else by_deadline[each.id])
        if isinstance(each.actual, PartialDate):
            if each.actual.start > day:
                yield _dated(duty, each.actual, day, ARRANGED, order[event])
        elif each.actual is NOT_YET and each.due is not None:
            yield _dated(duty, each.due, day, "", order[event])
        elif each.actual is NOT_YET and each.latest_compliant_date is not None:
            safe = PartialDate.between(each.latest_compliant_date, each.latest_compliant_date)
            yield _dated(duty, safe, day, "latest compliant date:", order[event])
        elif each.actual is NOT_YET:
            yield (_LAST, order[event]), duty
    for step in steps:
        if step["status"] in {"to-do", "planned", "overdue"} and step["event"] not in events:
            yield (_LAST, order[step["event"]]), Duty(step["id"], step["says"], step["by"])


def _dated(
    duty: Duty, due: PartialDate, day: int, what: str, order: int
) -> tuple[tuple[int, int], Duty]:
    left = (due.start - day, due.end - day)
    says = f"{what} {due.says}".strip()
    return (due.start, order), Duty(
        duty.id, duty.says, duty.owed_by, due, says, left if left[0] >= 0 else None
    )
