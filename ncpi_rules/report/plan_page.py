"""The page of a plan, part by part, before anything is laid out.

Text, Markdown and HTML are laid out from this, so they say the same in the same order. It is made
from the document of a plan and from nothing else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ncpi_rules.core import (
    Status,
    format_day,
    joined,
    lower_first,
    stopped,
    upper_first,
)
from ncpi_rules.plan import FIRST_OF_ALL
from ncpi_rules.report.parts import (
    SUGGESTED,
    Cell,
    Contents,
    Item,
    Row,
    Section,
    mark_of,
    table_section,
)
from ncpi_rules.report.position import engine, interpretations, unknown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ncpi_rules.plan import (
        Action,
        DocumentRequest,
        Grounds,
        PlanDeadline,
        PlanDocument,
        PlanItem,
        PlanOutcome,
    )


def contents(plan: PlanDocument, *, since: PlanDocument | None = None) -> Contents:
    """Return the page of a plan; what bears on all of it is said before anything else.

    ``since`` is an earlier plan: what has changed comes first.
    """
    first = [_tier(plan), _revisits(plan), _alerts(plan)]
    if any(alert.id in FIRST_OF_ALL for alert in plan.alerts):
        first = [first[-1], *first[:-1]]
    sections = (
        None if since is None else _changes(plan, since),
        *first,
        _required_actions(plan),
        _deadlines(plan),
        _optional_actions(plan),
        _documents(plan),
        _questions(plan),
        unknown(plan),
        interpretations(plan),
        engine(plan),
    )
    return Contents(
        title=f"Follow-up plan: {plan.force_name}",
        subject=plan.force_name,
        facts=(
            *([("Rules", plan.edited_notice)] if plan.edited else ()),
            ("Position as at", plan.on_text),
            ("Methodology", f"{plan.methodology}, edition {plan.edition_text}"),
            ("Chief officer", plan.chief_officer),
            ("Local policing body", plan.local_policing_body),
            *([("Note", plan.note)] if plan.note else ()),
        ),
        sections=tuple(section for section in sections if section is not None),
    )


def _changes(plan: PlanDocument, since: PlanDocument) -> Section:
    from ncpi_rules.report.since import Since  # noqa: PLC0415  most plans are compared with none

    changes = Since.of(since, plan)
    return Section(changes.heading, items=changes.items)


def _reference(part: Grounds, id_: str) -> str:
    """Return an id, with the statements and interpretations behind it, as quietly as possible."""
    parts = (id_, ", ".join(part.statements), ", ".join(part.interpretations))
    return "; ".join(filter(None, parts))


def _tier(plan: PlanDocument) -> Section | None:
    tier, others = plan.tier, plan.outcomes.values()
    if tier is None:
        if not others:
            return None
        lines = (line for other in others for line in (_outcome(other), *_reasons(other, plan)))
        return Section("What is decided", items=tuple(map(Item, lines)))
    return Section(
        tier.title,
        answer=f"{upper_first(tier.label)} ({tier.basis_label}).",
        lead=tuple(_reasons(tier, plan)),
        items=tuple(Item(_outcome(other), _reference(other, "")) for other in others),
        reference=_reference(tier, "tier"),
    )


def _revisits(plan: PlanDocument) -> Section | None:
    """Return which revisits there are, or None where there is one only."""
    if not plan.revisits:
        return None
    items = []
    for revisit in plan.revisits:
        text = stopped(f"{revisit.name}: {revisit.label} ({revisit.basis_label})")
        if revisit.begins is not None:
            verb = "begins" if revisit.begins.end > plan.on.toordinal() else "began"
            text += f" It {verb} {revisit.begins.text}."
        items.append(Item(text, _reference(revisit, revisit.id)))
    lead = "The last of these is the current one; what is owed of each is listed by its name."
    return Section("Several revisits", (lead,), tuple(items))


def _of_revisit(item: PlanItem, plan: PlanDocument) -> tuple[str, ...]:
    """Return in a sentence which revisit an item belongs to, where there are several."""
    return tuple(one.sentence for one in plan.revisits if one.number == item.revisit)


def _outcome(outcome: PlanOutcome) -> str:
    return f"{outcome.title}: {outcome.label} ({outcome.basis_label})."


def _reasons(outcome: PlanOutcome, plan: PlanDocument) -> Iterator[str]:
    for reason in outcome.reasons:
        yield f"Because: {stopped(reason)}"
    agreed = {taken.id: taken.agreed_by for taken in plan.interpretations}
    for id_ in outcome.interpretations:
        yield f"This rests on interpretation {id_} (agreed by: {agreed.get(id_, 'not recorded')})."


def _alerts(plan: PlanDocument) -> Section | None:
    items = tuple(Item(alert.sentence, _reference(alert, alert.id)) for alert in plan.alerts)
    return Section("Please note", items=items, warns=True) if items else None


_WAITING: Final = "No date yet"
_NONE: Final = "No due date"


def _required_actions(plan: PlanDocument) -> Section | None:
    caption = "Each required action, who takes it, and its due date"
    return _actions("Required actions", plan.required_actions, plan, caption)


def _optional_actions(plan: PlanDocument) -> Section | None:
    lead = "It is open whether these are done, and this plan chooses none of them."
    caption = "Each optional action, and who may take it"
    return _actions("Optional actions", plan.optional_actions, plan, caption, lead)


def _actions(
    heading: str, actions: Iterable[Action], plan: PlanDocument, caption: str, *lead: str
) -> Section | None:
    columns = (("Who", 18), ("What", 40), ("By when", 20), ("Status", 20))
    rows = [_action(action, plan) for action in actions]
    return table_section(heading, lead, caption, columns, rows, heads=1)


def _action(action: Action, plan: PlanDocument) -> Row:
    others = [party for party in action.to if party not in action.does]
    what = [stopped(action.does), *_of_revisit(action, plan)]
    if others:
        what.append(f"This involves {joined(others, 'and')}.")
    if action.decision:
        what.append(action.decision)
    cells = (
        Cell((upper_first(action.by),)),
        Cell(tuple(what)),
        Cell(tuple(_action_due(action, plan))),
        _status(action),
    )
    return Row(cells, _reference(action, action.id))


def _action_due(action: Action, plan: PlanDocument) -> Iterator[str]:
    own = [
        deadline
        for deadline in plan.deadlines
        if (deadline.event, deadline.revisit) == (action.event, action.revisit)
    ]
    if action.due is not None:
        yield f"By {action.due.text}"
    else:
        yield _WAITING if any(deadline.limit for deadline in own) else _NONE
    binding = [deadline for deadline in own if binds(deadline)]
    if binding:
        nearest = min(binding, key=lambda deadline: deadline.latest_compliant_date or plan.on)
        yield from _latest(nearest, plan)


def binds(deadline: PlanDeadline) -> bool:
    """Return True where a deadline has a latest compliant date besides its due date."""
    latest, due = deadline.latest_compliant_date, deadline.due
    return latest is not None and (due is None or latest.toordinal() != due.end)


def _latest(deadline: PlanDeadline, plan: PlanDocument) -> Iterator[str]:
    """Yield by when something must happen for all deadlines to be met, and which they are."""
    latest = deadline.latest_compliant_date
    if latest is None or not binds(deadline):
        return
    day = format_day(latest.toordinal())
    others = [other for other in plan.deadlines if other.id in deadline.bound_by[1:]]
    if latest < plan.on:
        yield f"The latest compliant date, {day}, has passed."
    elif others:
        titles = joined([lower_first(other.sentence.rstrip(".")) for other in others], "and")
        yield f"By {day} if this is to be in time: {titles}."
    else:
        yield f"Latest compliant date: {day}."


def _deadlines(plan: PlanDocument) -> Section | None:
    return table_section(
        "Deadlines",
        (),
        "Each deadline, its due date, and its status",
        (("What", 36), ("Who", 14), ("By when", 22), ("Status", 22)),
        (_deadline(deadline, plan) for deadline in plan.deadlines),
    )


def _deadline(deadline: PlanDeadline, plan: PlanDocument) -> Row:
    what = [deadline.sentence, *_of_revisit(deadline, plan)]
    if deadline.limit:
        what.append(f"The limit: {stopped(deadline.limit)}")
    if deadline.decision:
        what.append(deadline.decision)
    cells = (
        Cell(tuple(what)),
        Cell((upper_first(deadline.by),)),
        Cell(tuple(_due_date(deadline, plan))),
        _status(deadline),
    )
    return Row(cells, _reference(deadline, deadline.id))


def _due_date(deadline: PlanDeadline, plan: PlanDocument) -> Iterator[str]:
    due, before = deadline.due, deadline.working_day_before
    if due is not None:
        yield f"By {due.text}"
    else:
        yield _WAITING if deadline.limit else _NONE
    if before is not None:
        day = format_day(before.toordinal())
        yield f"Not a working day; the working day before is {day}."
    if deadline.not_before is not None:
        yield f"Not before {deadline.not_before.text}."
    yield from _latest(deadline, plan)


def _status(item: Action | PlanDeadline) -> Cell:
    """Return the tag of a status and the line under it."""
    lines = [upper_first(item.status_label)]
    if item.status_line:
        lines.append(stopped(item.status_line))
    is_possible = getattr(item, "can_be_met", True) or item.status is Status.OVERDUE
    if not is_possible:
        lines.append("This can no longer be met.")
    return Cell(tuple(lines), mark_of(item.status, item.status_label))


def _documents(plan: PlanDocument) -> Section | None:
    requests = list(dict.fromkeys(map(_asks, plan.documents)))
    alone = len(requests) == 1
    lead = [f"{request} these documents." for request in requests if alone]
    rows = sorted(plan.documents, key=lambda request: list(SUGGESTED).index(request.suggested))
    return table_section(
        "Documents",
        (*lead, "A suggestion does not mean that a document is asked for."),
        "Each document, and what prompts it",
        (("Document", 44), ("Suggested?", 16), ("Prompted by", 34)),
        (_document(request, alone=alone) for request in rows),
    )


def _asks(request: DocumentRequest) -> str:
    return f"{upper_first(request.by)} {request.modality.verb} ask {request.of} for"


def _document(request: DocumentRequest, *, alone: bool) -> Row:
    """Return the row of a document; ``alone`` where one party asks one other for all of them."""
    suggested, mark = SUGGESTED[request.suggested]
    prompted_by = tuple(map(upper_first, request.prompted_by)) or ("Nothing that is recorded",)
    asks = () if alone else (f"{_asks(request)} this.",)
    cells = (
        Cell((request.sentence, *asks)),
        Cell((suggested,), mark),
        Cell(prompted_by, listed=True),
    )
    return Row(cells, _reference(request, request.id))


def _questions(plan: PlanDocument) -> Section | None:
    if not plan.questions:
        return None
    by = {question.by for question in plan.questions}
    lead = (f"For {by.pop()} to answer.",) if len(by) == 1 else ()
    items = tuple(
        Item(
            question.sentence if lead else f"{question.sentence} ({question.by})",
            _reference(question, question.id),
        )
        for question in plan.questions
    )
    return Section("Questions to answer", lead, items)
