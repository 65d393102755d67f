"""One table over many follow-ups: who owes what next, by when, and how urgent each is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from ncpi_rules.core import (
    Basis,
    FactsError,
    PartialDate,
    Problem,
    Status,
    lower_first,
    read_day,
)
from ncpi_rules.explore.capacity import clashes_of, team_weeks_of
from ncpi_rules.explore.caseload_rows import PUBLISHED, CaseloadRow
from ncpi_rules.explore.caseload_table import Caseload, count_statuses
from ncpi_rules.explore.urgency import next_duty, urgency_of
from ncpi_rules.plan import Plan, assess
from ncpi_rules.ruleset import Editions, shipped_editions

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from ncpi_rules.facts import FollowUp
    from ncpi_rules.ruleset import Rules

_URGENCY = {status: place for place, status in enumerate(Status)}
_NO_DAY = 10**9


def caseload(  # noqa: PLR0913  each is asked for by its name
    follow_ups: Iterable[FollowUp],
    *,
    on: datetime.date | str,
    ruleset: Rules | None = None,
    interpretations: Mapping[str, str] | None = None,
    soon: int | None = None,
    teams: int = 1,
) -> Caseload:
    """Return one table over many follow-ups on a day, the most urgent first.

    A follow-up has the status of its most urgent deadline; what can no longer be met counts as
    projected to be late. Of several editions, each follow-up's date selects one. ``soon`` is the
    number of days within which something is due soon, that of the latest edition unless another is
    given. ``teams`` is how many revisits can be made in one week: a clash is a run of weeks into
    which more must fall.

    Raises FactsError, with every problem of every follow-up, and what ``assess`` raises.

    >>> from ncpi_rules.facts import FollowUp
    >>> follow_up = FollowUp.from_dict({
    ...     "force": "kent", "inspection_report": {"published": "2024-03-01"},
    ...     "action_plan": {"received": "not-yet"}, "fieldwork": {"begins": "not-yet"},
    ... })
    >>> row = caseload([follow_up], on="2024-05-01").rows[0]
    >>> row.status.value, row.next_duty
    ('overdue', 'The force must usually send HMICFRS an action plan for the other recommendations.')
    """
    rules = ruleset if ruleset is not None else shipped_editions()
    plans: list[Plan] = []
    problems: list[Problem] = []
    for number, follow_up in enumerate(follow_ups):
        try:
            plans.append(assess(follow_up, on=on, ruleset=rules, interpretations=interpretations))
        except FactsError as fault:
            whose = f"[{number}] {follow_up.about.id}"
            problems += (
                attrs.evolve(problem, place=f"{whose}: {problem.place}")
                for problem in fault.problems
            )
    if problems:
        raise FactsError(problems)
    return caseload_of(plans, on=on, ruleset=rules, soon=soon, teams=teams)


def caseload_of(
    plans: Sequence[Plan],
    *,
    on: datetime.date | str,
    ruleset: Rules,
    soon: int | None = None,
    teams: int = 1,
) -> Caseload:
    """Return the table of :func:`caseload` over plans of one day.

    Raises FactsError where ``soon`` is negative, or where there is no team.
    """
    editions = tuple(ruleset) if isinstance(ruleset, Editions) else (ruleset,)
    if soon is None:
        soon = editions[-1].soon(read_day(on).toordinal()) or 0
    problems = [
        Problem(place=name, message=f"{value} is too few.", help=f"Give {least} or more.")
        for name, value, least in (("soon", soon, 0), ("teams", teams, 1))
        if value < least
    ]
    if problems:
        raise FactsError(problems)
    rows = sorted((_row(plan, soon) for plan in plans), key=lambda row: row[0])
    names = [plan.subject_name for plan in plans]
    weeks = [week for place, plan in enumerate(plans) for week in team_weeks_of(plan, place)]
    return Caseload(
        on=read_day(on),
        rows=tuple(row for _, row in rows),
        clashes=clashes_of(weeks, teams, names),
        soon_days=soon,
        teams=teams,
        editions=editions,
    )


def _row(plan: Plan, soon: int) -> tuple[tuple[Any, ...], CaseloadRow]:
    """Return a row, after what it is sorted by."""
    urgency, subject = urgency_of(plan, soon), plan.follow_up.about
    duty, headline = next_duty(plan), plan.document.headline
    published = plan.facts.when(PUBLISHED)
    if not plan.ruleset.contract.name(PUBLISHED):
        published = plan.document.begins or published
    row = CaseloadRow(
        subject=subject.id,
        subject_name=subject.name,
        edition=plan.edition,
        published=published if isinstance(published, PartialDate) else None,
        headline=headline.value if headline else None,
        headline_label=headline.label if headline else "",
        basis=headline.basis if headline else None,
        basis_label=headline.basis_label if headline else "",
        status=urgency.status,
        status_label=urgency.tag,
        reason=urgency.reason,
        all_clear=urgency.all_clear,
        statuses=count_statuses(deadline.status for deadline in plan.deadlines),
        waits_for=tuple(_waits_for(plan)),
        alerts=tuple(alert.sentence for alert in plan.alerts),
        plan=plan,
    )
    days = urgency.days
    if duty is not None:
        row = attrs.evolve(
            row,
            next_duty=duty.sentence,
            next_duty_id=duty.id,
            owed_by=duty.owed_by,
            due=duty.due,
            due_text=duty.due_text or None,
            days_left=duty.days_left,
            late_by_days=duty.late_by,
        )
        if days is None and duty.days_left is not None:
            days = duty.days_left[0]
    order = _URGENCY[row.status], _NO_DAY if days is None else days, subject.name, str(published)
    return order, row


def _waits_for(plan: Plan) -> Iterator[str]:
    """Yield the judgements for which the follow-up waits, then the facts that are not known."""
    document, events = plan.document, plan.ruleset.events
    for outcome in [document.headline] if document.headline else document.outcomes.values():
        if not outcome.basis.settles:
            by = "a judgement" if outcome.basis is Basis.WAITS else "inspectors"
            yield f"{by} to decide {lower_first(outcome.title)}"
    for unknown in document.unknown:
        is_date = unknown.deadlines_that_wait is not None
        yield f"the date of '{events[unknown.fact].title}'" if is_date else unknown.sentence
