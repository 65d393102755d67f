"""How urgent one follow-up is, red, amber, green or not known, and what is due next.

Nothing is decided here: the statuses of the deadlines are those of the plan, and the
urgency says which of them to look at first. What is not known never counts as good.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Final, Self

from attrs import frozen

from ncpi_rules.core import (
    NOT_MET,
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
from ncpi_rules.deadlines import Days, Deadline, format_days, schedule
from ncpi_rules.explore.still_possible import other_deadlines
from ncpi_rules.plan import Progress, waivers_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ncpi_rules.plan import Plan


class Light(StrEnum):
    """The urgency of a follow-up as a traffic light, the most urgent first."""

    RED = "red"
    """Something is late, overdue or too early, or can no longer be met."""
    AMBER = "amber"
    """Something is due soon, or it is not certain whether something is late."""
    UNKNOWN = "unknown"
    """Too little is known to say that nothing is late."""
    GREEN = "green"
    """Nothing is late or due soon, whatever the facts that are still unknown."""

    @property
    def label(self) -> str:
        """Return the word that an officer reads."""
        return "Not known" if self is Light.UNKNOWN else self.value.capitalize()


ARRANGED: Final = "arranged:"
"""What introduces the day for which something is arranged."""

_LATER_THAN_ALL: Final = 10**9


@frozen
class Urgency:
    """The light of a follow-up, the reason in a sentence, and the days by which to sort.

    ``days`` is negative where something is overdue, and None where there is no day to count to.
    """

    light: Light
    reason: str
    days: int | None = None


@frozen
class DeadlinesInForce:
    """The deadlines of a follow-up that are neither waived nor varied, on a day (an ordinal).

    ``soon`` is the number of days that count as soon.
    """

    deadlines: tuple[Deadline, ...]
    events: Mapping[str, When]
    order: tuple[tuple[str, str], ...]
    on: int
    soon: int

    @classmethod
    def of(cls, deadlines: Iterable[Deadline], plan: Plan, on: int, soon: int) -> Self:
        """Return those of some deadlines that are in force for the follow-up of a plan."""
        in_force = (due for due in deadlines if not waivers_of(plan.follow_up, due.rule, on))
        return cls(tuple(in_force), plan.events, plan.ruleset.contract.order, on, soon)

    @property
    def not_met(self) -> list[Deadline]:
        """Return the deadlines that are certainly not met: overdue first, the longest first."""
        return sorted(
            (due for due in self.deadlines if due.status in NOT_MET or not due.can_be_met),
            key=lambda due: (due.actual is not NOT_YET, -(due.late_by or (0, 0))[1]),
        )

    @property
    def urgent(self) -> list[tuple[int, str]]:
        """Return what is due soon or uncertain, as days and a sentence, the fewest days first."""
        return sorted(
            (days, f"{reason}: {sentence(due.rule.title)}")
            for due in self.deadlines
            for days, reason in self._reasons(due)
        )

    def _reasons(self, deadline: Deadline) -> Iterator[tuple[int, str]]:
        """Yield why a deadline is urgent, with the days left, where it is."""
        if deadline.status is Status.CANNOT_TELL:
            yield 0, "It is not certain whether this is late"
        if deadline.status is Status.CANNOT_TELL or isinstance(deadline.actual, PartialDate):
            return
        unrecorded = (
            " (it is not recorded whether it is done)" if deadline.actual is UNKNOWN else ""
        )
        left = self.soon + 1 if deadline.due is None else deadline.due.start - self.on
        compliant = deadline.latest_compliant_date
        if left < 0:
            yield 0, "It is not recorded whether this was done, and the due date has passed"
        elif left <= self.soon:
            days = format_days(deadline.days_left) if deadline.days_left else counted(left, "day")
            yield left, f"Due in {days}{unrecorded}"
        elif compliant is not None and compliant - self.on <= self.soon:
            day = format_day(compliant)
            state = f", {day}, has passed" if compliant < self.on else f" is {day}"
            yield compliant - self.on, f"The latest compliant date{state}{unrecorded}"

    @property
    def uncertain(self) -> list[Deadline]:
        """Return the deadlines of which too little is known to say that they are met."""
        return [due for due in self.deadlines if self._may_not_be_met(due)]

    def _may_not_be_met(self, deadline: Deadline) -> bool:
        bounds = deadline.rule.bounds
        if any(bound.is_floor for bound in bounds) and self._may_have_been(deadline.rule.event):
            return True
        return deadline.status is Status.NO_DATE and any(
            self._may_have_been(bound.anchor) for bound in bounds
        )

    def _may_have_been(self, event: str) -> bool:
        """Return True for an event of which nothing is recorded, unless an earlier one is ahead."""
        if self.events.get(event, UNKNOWN) is not UNKNOWN:
            return False
        before = [self.events.get(first) for first, later in self.order if later == event]
        return not any(
            when is NOT_YET or (isinstance(when, PartialDate) and when.start > self.on)
            for when in before
        )

    @property
    def has_a_date(self) -> bool:
        """Return True where some deadline has a due date, or was met."""
        return any(
            due.due is not None or due.latest_compliant_date is not None or due.status is Status.MET
            for due in self.deadlines
        )


def urgency_of(plan: Plan, soon: int) -> Urgency:
    """Return how urgent a follow-up is; ``soon`` is the number of days that count as soon."""
    in_force = DeadlinesInForce.of(plan.schedule, plan, plan.on.toordinal(), soon)
    if not_met := in_force.not_met:
        alerts = {alert.id: alert.sentence for alert in plan.alerts}
        first = not_met[0]
        reason = alerts.get(f"alert.{first.id}", f"This can no longer be met: {first.rule.title}.")
        overdue = first.late_by if first.actual is NOT_YET else None
        days = None if overdue is None else -overdue[1]
        return Urgency(Light.RED, reason + _more(len(not_met) - 1, "not met"), days)
    if urgent := in_force.urgent:
        days, reason = urgent[0]
        return Urgency(Light.AMBER, reason + _more(len(urgent) - 1, "urgent"), days)
    if not in_force.has_a_date:
        reason = "No deadline has a date that is known, so nothing more can be said."
        return Urgency(Light.UNKNOWN, reason)
    if uncertain := in_force.uncertain:
        title = sentence(uncertain[0].rule.title)
        reason = f"Too little is known to say whether this is met: {title}"
        return Urgency(Light.UNKNOWN, reason)
    if facts := _facts_that_may_matter(plan, soon):
        these = "this fact" if len(facts) == 1 else "these facts"
        reason = f"Nothing is late as far as is known, but {these} could change that"
        return Urgency(Light.UNKNOWN, f"{reason}: {joined(facts, 'and')}.")
    reason = f"Nothing is late, and nothing is due within {counted(soon, 'day')}."
    return Urgency(Light.GREEN, reason)


def _more(many: int, state: str) -> str:
    if not many:
        return ""
    return f" {counted(many, 'more deadline')} {'is' if many == 1 else 'are'} {state}."


def _facts_that_may_matter(plan: Plan, soon: int) -> tuple[str, ...]:
    """Return the titles of the fewest unknown facts with which something could be urgent."""
    ruleset, on = plan.ruleset, plan.on.toordinal()
    for other in other_deadlines(plan.decision):
        rules, policy = other.decision.applicable.deadlines, other.decision.due_date_policy
        deadlines = schedule(rules, plan.events, on, ruleset.calendar, policy)
        in_force = DeadlinesInForce.of(deadlines, plan, on, soon)
        if in_force.not_met or in_force.uncertain or in_force.urgent:
            first, *more = (ruleset.facts[name].title for name in other.facts)
            return first, *map(lower_first, more)
    return ()


@frozen
class Duty:
    """The next thing that somebody has to do, as far as that is known.

    ``due`` is the due date, the latest compliant date or the day for which it is arranged;
    ``due_text`` says which.
    """

    id: str
    sentence: str
    owed_by: str
    due: PartialDate | None = None
    due_text: str = ""
    days_left: Days | None = None
    late_by: Days | None = None


_LEFT_TO_DO: Final = {Progress.TO_DO, Progress.PLANNED, Progress.OVERDUE}


def next_duty(plan: Plan) -> Duty | None:
    """Return what is known to be left to do and is due first, then in the order of events.

    What nobody has recorded may be done already, so it is no duty; it is listed among what the
    follow-up waits for.
    """
    duties = list(_duties(plan))
    return min(duties, key=lambda duty: duty[0])[1] if duties else None


def _duties(plan: Plan) -> Iterator[tuple[tuple[int, int], Duty]]:
    on = plan.on.toordinal()
    order = {event: place for place, event in enumerate(plan.ruleset.events)}
    owed_by = {deadline.id: deadline.by for deadline in plan.deadlines}
    by_event = {action.event: action for action in reversed(plan.required_actions)}
    in_force = DeadlinesInForce.of(plan.schedule, plan, on, 0).deadlines
    for deadline in in_force:
        event, due, text = deadline.rule.event, deadline.due, ""
        if isinstance(deadline.actual, PartialDate):
            if deadline.actual.start <= on:
                continue
            due, text = deadline.actual, f"{ARRANGED} "
        elif deadline.actual is not NOT_YET:
            continue
        elif due is None and deadline.latest_compliant_date is not None:
            compliant = deadline.latest_compliant_date
            due, text = PartialDate.between(compliant, compliant), "latest compliant date: "
        left = None if due is None or due.start < on else (due.start - on, due.end - on)
        action = by_event.get(event)
        yield (
            (_LATER_THAN_ALL if due is None else due.start, order[event]),
            Duty(
                id=deadline.id,
                sentence=action.sentence if action else sentence(deadline.rule.title),
                owed_by=action.by if action else owed_by[deadline.id],
                due=due,
                due_text="" if due is None else f"{text}{due.text}",
                days_left=left,
                late_by=deadline.late_by,
            ),
        )
    with_deadline = {deadline.rule.event for deadline in in_force}
    for action in plan.required_actions:
        if action.event and action.event not in with_deadline and action.status in _LEFT_TO_DO:
            duty = Duty(id=action.id, sentence=action.sentence, owed_by=action.by)
            yield (_LATER_THAN_ALL, order[action.event]), duty
