"""How urgent one follow-up is, by the statuses of its deadlines, and what is due next.

Nothing is decided here: the statuses are those of the plan, and the urgency says which of them to
look at first. What is not known never counts as good.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final, Self

from attrs import frozen

from ncpi_rules.core import (
    DUE_SOON,
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
    stopped,
    upper_first,
)
from ncpi_rules.deadlines import Days, Deadline
from ncpi_rules.explore.still_possible import other_deadlines
from ncpi_rules.plan import Plan, planned_for

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ncpi_rules.plan import PlanDeadline


PLANNED: Final = "planned"
"""How what is said of a day begins where something is planned for it."""

_URGENCY: Final = {status: place for place, status in enumerate(Status)}
_LET_OFF: Final = frozenset({Status.WAIVED, Status.VARIED})
_LATER_THAN_ALL: Final = 10**9


@frozen(kw_only=True)
class Urgency:
    """The most urgent status of a follow-up, the reason in a sentence, and the days to sort by.

    ``days`` is negative where something is overdue, and None where there is no day to count to.
    ``all_clear`` is True where nothing is late, projected to be late or due soon, whatever the
    facts that are still unknown.
    """

    status: Status
    tag: str
    reason: str
    days: int | None
    all_clear: bool


@frozen
class DeadlinesInForce:
    """The deadlines of a follow-up that are neither waived nor varied, on a day (an ordinal).

    ``soon`` is the number of days that count as soon.
    """

    deadlines: tuple[Deadline, ...]
    order: tuple[tuple[str, str], ...]
    on: int
    soon: int

    @classmethod
    def of(cls, deadlines: Iterable[Deadline], plan: Plan, on: int, soon: int) -> Self:
        """Return those of some deadlines that are in force for the follow-up of a plan."""
        in_force = (due for due in deadlines if due.status not in _LET_OFF)
        return cls(tuple(in_force), plan.ruleset.contract.order, on, soon)

    @property
    def not_met(self) -> list[Deadline]:
        """Return the deadlines that are certainly not met, or will not be as they are planned."""
        return [
            due
            for due in self.deadlines
            if due.status in NOT_MET or due.late_by is not None or not due.can_be_met
        ]

    @property
    def urgent(self) -> list[Deadline]:
        """Return the deadlines that are due soon, or of which it is uncertain whether met."""
        return [due for due in self.deadlines if self._is_urgent(due)]

    def _is_urgent(self, deadline: Deadline) -> bool:
        due, compliant = deadline.figures.due, deadline.latest_compliant_date
        is_dated = due is not None or isinstance(deadline.actual, PartialDate)
        if deadline.status is Status.CANNOT_TELL and is_dated:
            return True
        if deadline.status is Status.DUE and due is not None and due[0] - self.on <= self.soon:
            return True
        is_soon = compliant is not None and compliant - self.on <= self.soon
        return is_soon and deadline.is_owed

    @property
    def uncertain(self) -> list[Deadline]:
        """Return the deadlines of which too little is known to say that they are met."""
        return [due for due in self.deadlines if self._may_not_be_met(due)]

    def _may_not_be_met(self, deadline: Deadline) -> bool:
        bounds, events = deadline.rule.bounds, deadline.events
        happened = partial(self._may_have_been, events=events)
        if any(bound.is_floor for bound in bounds) and happened(deadline.rule.event):
            return True
        is_open = deadline.figures.due is None and deadline.status is not Status.MET
        return is_open and any(happened(bound.anchor) for bound in bounds)

    def _may_have_been(self, event: str, *, events: Mapping[str, When]) -> bool:
        """Return True for an event of which nothing is recorded, unless an earlier one is ahead."""
        if events.get(event, UNKNOWN) is not UNKNOWN:
            return False
        before = [events.get(first) for first, later in self.order if later == event]
        return not any(
            when is NOT_YET or (isinstance(when, PartialDate) and when.start > self.on)
            for when in before
        )


def urgency_of(plan: Plan, soon: int) -> Urgency:
    """Return how urgent a follow-up is; ``soon`` is the number of days that count as soon."""
    on = plan.on.toordinal()
    pairs = zip(plan.deadlines, plan.schedule, strict=True)
    views = [_View.of(item, on, soon, is_owed=deadline.is_owed) for item, deadline in pairs]
    first = min(views, key=lambda view: view.order, default=_NOTHING)
    alerts = {alert.id: alert.sentence for alert in plan.alerts}
    all_clear, note = _outlook(plan, soon)
    more = sum(view.tag == first.tag for view in views) - 1
    reason = [alerts.get(f"alert.{first.id}", first.reason)]
    if more > 0:
        has = "has" if more == 1 else "have"
        reason.append(f"{counted(more, 'more deadline')} {has} the same status.")
    if note:
        reason.append(note)
    return Urgency(
        status=first.status,
        tag=first.tag,
        reason=" ".join(reason),
        days=first.days,
        all_clear=all_clear,
    )


@frozen(kw_only=True)
class _View:
    """How urgent one deadline is, and the reason in a sentence."""

    id: str
    status: Status
    tag: str
    reason: str
    days: int | None = None
    order: tuple[int, int] = (0, 0)

    @classmethod
    def of(cls, deadline: PlanDeadline, on: int, soon: int, *, is_owed: bool) -> Self:
        """Return how urgent a deadline is.

        What can no longer be met counts as projected to be late. What must be done soon, so that
        all deadlines can be met, counts as due soon; once that day has passed, what is not recorded
        cannot be told. What has no due date of its own comes last.
        """
        status, line, latest = deadline.status, deadline.status_line, deadline.latest_compliant_date
        is_blank = status is Status.CANNOT_TELL and deadline.due is None and deadline.actual is None
        is_open = is_owed and (is_blank or status in {Status.DUE, Status.NOT_STARTED})
        days = _days_to(deadline, on)
        left = None if latest is None else latest.toordinal() - on
        if not deadline.can_be_met and status is not Status.OVERDUE:
            status, line = Status.PROJECTED_LATE, "This can no longer be met"
        elif is_open and left is not None and left <= soon and (days is None or left < days):
            day = format_day(on + left)
            line = f"The latest compliant date, {day}, has passed"
            line = line if left < 0 else f"The latest compliant date is {day}"
            line += "; not recorded whether it has been done" if is_blank else ""
            if is_blank and left < 0:  # it may have been done in time
                status, is_blank = Status.CANNOT_TELL, False
            else:
                status, days, is_blank = Status.DUE, left, False
        tag = status.label
        if status is Status.DUE:
            tag = DUE_SOON if days is not None and days <= soon else tag
        elif status is deadline.status:
            tag = deadline.status_label
        place = len(Status) if is_blank else _URGENCY[status]
        return cls(
            id=deadline.id,
            status=status,
            tag=tag,
            reason=f"{sentence(deadline.sentence)} {stopped(line or upper_first(tag))}",
            days=days,
            order=(place, _LATER_THAN_ALL if days is None else days),
        )


_NOTHING: Final = _View(
    id="", status=Status.NOT_STARTED, tag=Status.NOT_STARTED.label, reason="There is no deadline."
)


def _days_to(deadline: PlanDeadline, on: int) -> int | None:
    """Return the days to what is next for a deadline: negative where it is overdue."""
    if deadline.status is Status.OVERDUE and deadline.late_by_days is not None:
        return -deadline.late_by_days.most
    if deadline.status is Status.PLANNED and deadline.actual is not None:
        return deadline.actual.start - on
    return None if deadline.days_left is None else deadline.days_left.least


def _outlook(plan: Plan, soon: int) -> tuple[bool, str]:
    """Return whether nothing is late or due soon whatever is unknown, and a sentence on that."""
    in_force = DeadlinesInForce.of(plan.schedule, plan, plan.on.toordinal(), soon)
    if in_force.not_met or in_force.urgent:
        return False, ""
    if not any(map(_has_a_date, plan.schedule)):
        return False, "No deadline has a date that is known, so nothing more can be said."
    if uncertain := in_force.uncertain:
        title = sentence(uncertain[0].rule.title)
        return False, f"Too little is known to say whether this is met: {title}"
    if facts := _facts_that_may_matter(plan, soon):
        these = "this fact" if len(facts) == 1 else "these facts"
        known = f"Nothing is late as far as is known, but {these} could change that"
        return False, f"{known}: {joined(facts, 'and')}."
    return True, f"Nothing is late or due within {counted(soon, 'day')}, whatever is still unknown."


def _has_a_date(deadline: Deadline) -> bool:
    """Return True where a deadline has a due date, or was met."""
    has_due = deadline.due is not None or deadline.latest_compliant_date is not None
    return has_due or deadline.status is Status.MET


def _facts_that_may_matter(plan: Plan, soon: int) -> tuple[str, ...]:
    """Return the titles of the fewest unknown facts with which something could be urgent."""
    follow_up, on = plan.follow_up, plan.on
    for other in other_deadlines(plan.decision):
        deadlines = Plan(follow_up, on, other.decision).schedule
        in_force = DeadlinesInForce.of(deadlines, plan, on.toordinal(), soon)
        if in_force.not_met or in_force.uncertain or in_force.urgent:
            first, *more = (plan.ruleset.facts[name].title for name in other.facts)
            return first, *map(lower_first, more)
    return ()


@frozen
class Duty:
    """The next thing that somebody has to do, as far as that is known.

    ``due`` is the due date, the latest compliant date or the day for which it is planned;
    ``due_text`` says which.
    """

    id: str
    sentence: str
    owed_by: str
    due: PartialDate | None = None
    due_text: str = ""
    days_left: Days | None = None
    late_by: Days | None = None


def next_duty(plan: Plan) -> Duty | None:
    """Return what is left to do and comes first, by its date, then in the order of events.

    What nobody has recorded may be done already, so it is no duty once its due date has passed; it
    is listed among what the follow-up waits for.
    """
    duties = list(_duties(plan))
    return min(duties, key=lambda duty: duty[0])[1] if duties else None


def _duties(plan: Plan) -> Iterator[tuple[tuple[int, int], Duty]]:
    on = plan.on.toordinal()
    order = {event: place for place, event in enumerate(plan.ruleset.events)}
    by_event = {
        (action.event, action.revisit): action for action in reversed(plan.required_actions)
    }
    is_owed = all(deadline.is_owed for deadline in plan.schedule)
    for deadline in plan.deadlines:
        due, text = _next_day(deadline, on)
        if due is None and not (is_owed and deadline.status is Status.NOT_STARTED):
            continue
        action = by_event.get((deadline.event, deadline.revisit))
        late = deadline.late_by_days
        yield (
            (_LATER_THAN_ALL if due is None else due.start, order[deadline.event]),
            Duty(
                id=deadline.id,
                sentence=plan.document.titled(
                    action.sentence if action else sentence(deadline.sentence), deadline
                ),
                owed_by=action.by if action else deadline.by,
                due=due,
                due_text="" if due is None else text,
                days_left=_days_left(due, on),
                late_by=None if late is None else (late.least, late.most),
            ),
        )
    with_deadline = {(deadline.event, deadline.revisit) for deadline in plan.deadlines}
    for action in plan.required_actions:
        if action.event and (action.event, action.revisit) not in with_deadline:
            actual = plan.of_revisit(action.revisit).events.get(action.event)
            due = actual if isinstance(actual, PartialDate) and actual.start > on else None
            if due is not None or (is_owed and action.status is Status.NOT_STARTED):
                yield (
                    (_LATER_THAN_ALL if due is None else due.start, order[action.event]),
                    Duty(
                        id=action.id,
                        sentence=plan.document.titled(action.sentence, action),
                        owed_by=action.by,
                        due=due,
                        due_text="" if due is None else planned_for(due),
                        days_left=_days_left(due, on),
                    ),
                )


def _next_day(deadline: PlanDeadline, on: int) -> tuple[PartialDate | None, str]:
    """Return the day that is next for a deadline, and what is said of it."""
    if (actual := deadline.actual) is not None:
        return (actual, planned_for(actual)) if actual.start > on else (None, "")
    if deadline.status in {Status.DUE, Status.OVERDUE} and deadline.due is not None:
        return deadline.due, deadline.due.text
    if deadline.status_label == "to do" and deadline.latest_compliant_date is not None:
        latest = PartialDate.read(deadline.latest_compliant_date)
        return latest, f"latest compliant date: {latest.text}"
    return None, ""


def _days_left(due: PartialDate | None, on: int) -> Days | None:
    return None if due is None or due.start < on else (due.start - on, due.end - on)
