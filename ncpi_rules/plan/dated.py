"""The deadlines of a plan, as they stand on a day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ncpi_rules.core import PartialDate, day_of
from ncpi_rules.deadlines import describe_status
from ncpi_rules.plan.items import DayRange, PlanDeadline
from ncpi_rules.plan.waivers import describe_decision, waivers_of
from ncpi_rules.ruleset import interpretation_order

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ncpi_rules.core import Day
    from ncpi_rules.deadlines import Days, Deadline
    from ncpi_rules.facts import FollowUp
    from ncpi_rules.plan.templates import Templates
    from ncpi_rules.ruleset import Ruleset


def deadlines_on(
    schedule: Iterable[Deadline], follow_up: FollowUp, day: int, templates: Templates
) -> Iterator[PlanDeadline]:
    """Yield the deadlines of a schedule as items of the plan on a day (an ordinal)."""
    for deadline in schedule:
        fields = templates.deadline_fields(deadline.rule)
        working_day, actual = deadline.working_day, deadline.actual
        if working_day is not None:
            fields = {**fields, "interpretations": _with_days_off(templates.ruleset, fields)}
        waivers = waivers_of(follow_up, deadline.rule, day)
        yield PlanDeadline(
            **fields,
            due=deadline.due,
            not_before=deadline.not_before,
            actual=PartialDate.between(actual.start, actual.end)
            if isinstance(actual, PartialDate)
            else None,
            status=deadline.status,
            status_label=deadline.status.label,
            late_by_days=_range(deadline.late_by),
            days_left=_range(deadline.days_left),
            window=deadline.window,
            latest_compliant_date=_day(deadline.latest_compliant_date),
            bound_by=deadline.bound_by,
            can_be_met=deadline.can_be_met,
            working_day_before=_day(working_day),
            status_sentences=tuple(describe_status(deadline)),
            decision=describe_decision(waivers[0]) if waivers else None,
        )


def _with_days_off(ruleset: Ruleset, fields: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Return the interpretations of a deadline, that on days that are not worked included."""
    days_off = ruleset.settings.due_date_not_working
    ids = {*fields["interpretations"], *({days_off} & ruleset.interpretations.keys())}
    return tuple(sorted(ids, key=interpretation_order))


def _range(days: Days | None) -> DayRange | None:
    return None if days is None else DayRange(*days)


def _day(ordinal: int | None) -> Day | None:
    return None if ordinal is None else day_of(ordinal)
