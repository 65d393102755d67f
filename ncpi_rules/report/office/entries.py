"""What a plan puts into a calendar: an entry for each deadline to come and each planned day."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from attrs import frozen

from ncpi_rules.core import (
    Modality,
    PartialDate,
    Status,
    format_day,
    sentence,
    stopped,
    upper_first,
)
from ncpi_rules.plan import ABOUT_THE_EDITION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ncpi_rules.deadlines import Deadline
    from ncpi_rules.plan import Grounds, Plan, PlanDeadline

OURS: Final = "@ncpi-rules.invalid"
"""How the id of every entry ends: a domain that nobody can have (RFC 2606)."""

REVISIT: Final = "fieldwork.begins", "fieldwork.ends"
"""The fields with the first and the last day of the revisit."""

DIGITS: Final = 8
"""How many digits of the fingerprint of the rules are shown."""

_OVER: Final = frozenset(
    {Status.MET, Status.DONE, Status.LATE, Status.TOO_EARLY, Status.WAIVED, Status.VARIED}
)
"""The statuses of what needs nobody's calendar any more."""

_OPENINGS: Final = {Status.PROJECTED_LATE: "PROJECTED LATE", Status.OVERDUE: "OVERDUE"}
"""What a summary begins with, where it is not 'Due'."""


@frozen(kw_only=True, order=True)
class CalendarEntry:
    """One entry of a calendar, over whole days, as at the day ``on``; days are ordinals."""

    first: int
    uid: str
    last: int
    summary: str
    description: str
    on: int


def is_to_come(deadline: PlanDeadline, on: int) -> bool:
    """Return True for a deadline that still has to be met by a day that is known.

    What is recorded as not done stays, though its due date has passed. ``on`` is an ordinal.
    """
    if deadline.due is None or deadline.status in _OVER:
        return False
    return deadline.due.end >= on or deadline.status is Status.OVERDUE


def entries_of(plan: Plan) -> Iterator[CalendarEntry]:
    """Yield the entries of a plan: deadlines to come on their due dates, then planned days.

    A due date of which only a span is known stands on the first day of the span.
    """
    on, document = plan.on.toordinal(), plan.document
    counts = Counter((item.event, item.revisit) for item in document.deadlines)
    for item, deadline, of in plan.scheduled():
        if item.due is None or not is_to_come(item, on):
            continue
        several = f".{item.id}" if counts[item.event, item.revisit] > 1 else ""
        opening = _OPENINGS.get(item.status, "Due")
        yield CalendarEntry(
            uid=_uid(plan, item.revisit, f"{item.event}{several}"),
            first=item.due.start,
            last=item.due.start,
            summary=f"{opening}: {document.titled(item.label, item)}, {document.subject_name}",
            description="\n".join(_about(item, deadline, of, plan)),
            on=on,
        )
    yield from _planned(plan, on)


def _uid(plan: Plan, revisit: int | None, what: str) -> str:
    """Return the id of an entry: subject, publication, revisit and event."""
    selected = plan.facts.recorded.get(plan.ruleset.settings.selected_by)
    published = selected.edtf if isinstance(selected, PartialDate) else "unpublished"
    return f"{plan.subject}.{published}.{revisit or 1}.{what}{OURS}"


def _planned(plan: Plan, on: int) -> Iterator[CalendarEntry]:
    """Yield an entry for each revisit and each event with a deadline, where it is to come."""
    begins, ends = map(plan.ruleset.contract.name, REVISIT)
    document = plan.document
    planned: dict[tuple[int, str], tuple[str, Plan]] = {}
    for item, _, of in plan.scheduled():
        planned[item.revisit or 1, item.event] = document.titled(item.label, item), of
    names = {revisit.number: revisit.name for revisit in document.revisits}
    for number, of in enumerate((*plan.earlier, plan), 1):
        if begins:
            planned.setdefault((number, begins), (plan.ruleset.events[begins].title, of))
    for (number, event), (title, of) in planned.items():
        actual, last = of.events.get(event), of.events.get(ends)
        if not isinstance(actual, PartialDate):
            continue
        is_planned, name, until = actual.start > on, title, actual.start
        lines = [f"{'Planned for' if is_planned else 'Begun'} {actual.text}."]
        if event == begins and isinstance(last, PartialDate) and actual.is_day:
            name, until = names.get(number, "revisit"), max(until, last.start)
            lines.append(f"It is to end: {last.text}.")
        if not is_planned and until <= on:
            continue
        for item in document.deadlines:
            if (item.event, item.revisit or 1) == (event, number):
                lines += _limits(item)
        yield CalendarEntry(
            uid=_uid(plan, number, f"{event}.planned"),
            first=actual.start,
            last=until,
            summary=f"{'Planned: ' if is_planned else ''}{upper_first(name)}, {plan.subject_name}",
            description="\n".join([*_about_the_edition(plan), *lines, *_position(plan)]),
            on=on,
        )


def _about(item: PlanDeadline, deadline: Deadline, of: Plan, plan: Plan) -> Iterator[str]:
    strength = "" if item.modality is Modality.MUST else f" ({item.modality.value})"
    yield from _about_the_edition(plan)
    yield f"Who: {item.by}{strength}."
    if item.actual is not None:
        yield stopped(item.status_line)
    if item.due is not None and not item.due.is_day:
        yield f"Due {item.due.text}; this is the first of these days."
    yield from _limits(item)
    yield from grounds(item, plan)
    for anchor in planned_anchors(deadline, of):
        title = plan.ruleset.events[anchor].title
        yield f"Counted from a day that is only planned, and moves with it: {title}."
    yield from _position(plan)


def _about_the_edition(plan: Plan) -> Iterator[str]:
    """Yield that no edition applies to a plan, or that it is not certain which does."""
    for alert in plan.document.alerts:
        if alert.id in ABOUT_THE_EDITION:
            yield alert.sentence


def _limits(deadline: PlanDeadline) -> Iterator[str]:
    if deadline.limit:
        yield f"Limit: {stopped(deadline.limit)}"


def grounds(part: Grounds, plan: Plan) -> Iterator[str]:
    """Yield each statement behind a part of a plan with its summary, then what it rests on."""
    for id_ in part.statements:
        if id_ in plan.ruleset.statements:
            yield f"{id_}: {stopped(plan.ruleset.statements[id_].summary)}"
    taken = {interpretation.id: interpretation for interpretation in plan.document.interpretations}
    for id_ in part.interpretations:
        if id_ in taken:
            answer = taken[id_]
            agreed = f"Agreed by: {stopped(answer.agreed_by)}"
            yield f"Rests on {id_}: {sentence(answer.sentence)} {agreed}"


def planned_anchors(deadline: Deadline, of: Plan) -> Iterator[str]:
    """Yield the events, on days that are only planned, from which a due date is counted.

    ``of`` is the plan of the deadline's revisit.
    """
    bounds = (bound for bound in deadline.rule.bounds if not bound.is_floor)
    for anchor in dict.fromkeys(bound.anchor for bound in bounds):
        when = of.events.get(anchor)
        if isinstance(when, PartialDate) and when.start > of.on.toordinal():
            yield anchor


def _position(plan: Plan) -> Iterator[str]:
    edition = plan.document.edition_text
    yield (
        f"Position as at {format_day(plan.on.toordinal())}. "
        f"Ruleset {edition}, {plan.ruleset.digest[:DIGITS]}."
    )
