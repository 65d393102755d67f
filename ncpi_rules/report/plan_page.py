"""The page of a plan, part by part, before anything is laid out.

Text, Markdown and HTML are laid out from this, so they say the same in the same order. It is made
from the document of a plan and from nothing else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ncpi_rules.core import (
    NOT_TRACKED,
    as_head,
    format_day,
    joined,
    lower_first,
    sentence,
    stopped,
    upper_first,
)
from ncpi_rules.plan import FIRST_OF_ALL
from ncpi_rules.report.parts import SUGGESTED, Cell, Contents, Item, Row, Section, table_section
from ncpi_rules.report.plan_next import let_off, reference, status_cell, what_is_next
from ncpi_rules.report.position import engine, interpretations, unknown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ncpi_rules.plan import (
        Action,
        DocumentRequest,
        PlanDeadline,
        PlanDocument,
        PlanItem,
        PlanOutcome,
    )


def contents(plan: PlanDocument, *, since: PlanDocument | None = None) -> Contents:
    """Return the page of a plan: what bears on all of it, what is next, the detail, and why.

    ``since`` is an earlier plan: what has changed comes first.
    """
    sections = (
        None if since is None else _changes(plan, since),
        _alerts("Read this first", plan, known=True),
        what_is_next(plan),
        let_off(plan),
        _revisits(plan),
        _alerts("Please note", plan, known=False),
        _required_actions(plan),
        _optional_actions(plan),
        _documents(plan),
        _questions(plan),
        unknown(plan),
        _deadlines(plan),
        _headline(plan),
        interpretations(plan),
        engine(plan),
    )
    return Contents(
        title=f"Follow-up plan: {plan.subject_name}",
        subject=plan.subject_name,
        facts=(
            *([("Rules", plan.edited_notice)] if plan.edited else ()),
            ("Position as at", plan.on_text),
            *_headline_facts(plan),
            ("Methodology", f"{plan.methodology}, edition {plan.edition_text}"),
            *plan.officers,
            *([("Note", plan.note)] if plan.note else ()),
        ),
        sections=tuple(section for section in sections if section is not None),
    )


def _headline_facts(plan: PlanDocument) -> Iterator[tuple[str, str]]:
    if plan.headline is not None:
        yield as_head(plan.headline.title), as_head(plan.headline.label)
        yield "Basis", upper_first(plan.headline.basis_label)
    if plan.first_event:
        yield plan.first_event, upper_first(plan.begins_text)


def _changes(plan: PlanDocument, since: PlanDocument) -> Section:
    from ncpi_rules.plan import Since  # noqa: PLC0415  most plans are compared with none

    changes = Since.of(since, plan)
    return Section(changes.heading, items=tuple(map(Item, changes.sentences)))


def _headline(plan: PlanDocument) -> Section | None:
    headline, outcomes = plan.headline, plan.outcomes.values()
    if headline is None:
        if not outcomes:
            return None
        lines = (
            line for outcome in outcomes for line in (_outcome(outcome), *_reasons(outcome, plan))
        )
        return Section("What is decided", items=tuple(map(Item, lines)))
    return Section(
        f"Why: {lower_first(headline.title)}",
        answer=f"{upper_first(headline.label)} ({headline.basis_label}).",
        lead=tuple(_reasons(headline, plan)),
        items=tuple(Item(_outcome(outcome), reference(outcome, "")) for outcome in outcomes),
        reference=reference(headline, headline.outcome),
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
        items.append(Item(text, reference(revisit, revisit.id)))
    lead = "The last of these is the current one; what is owed of each is listed by its name."
    return Section(plan.several_revisits, (lead,), tuple(items))


def _of_revisit(item: PlanItem, plan: PlanDocument) -> tuple[str, ...]:
    """Return in a sentence which revisit an item belongs to, where there are several."""
    return tuple(revisit.sentence for revisit in plan.revisits if revisit.number == item.revisit)


def _outcome(outcome: PlanOutcome) -> str:
    return f"{outcome.title}: {outcome.label} ({outcome.basis_label})."


def _reasons(outcome: PlanOutcome, plan: PlanDocument) -> Iterator[str]:
    for reason in outcome.reasons:
        yield f"Because: {stopped(reason)}"
    agreed = {taken.id: taken.agreed_by for taken in plan.interpretations}
    for id_ in outcome.interpretations:
        yield f"This rests on interpretation {id_} (agreed by: {agreed.get(id_, 'not recorded')})."


def _alerts(heading: str, plan: PlanDocument, *, known: bool) -> Section | None:
    items = tuple(
        Item(alert.sentence, reference(alert, alert.id))
        for alert in plan.alerts
        if (alert.id in FIRST_OF_ALL) is known
    )
    return Section(heading, items=items, warns=True) if items else None


_WAITING: Final = "No date yet"
_NONE: Final = "No due date"


def _required_actions(plan: PlanDocument) -> Section | None:
    caption = "Each required action, who takes it, and its due date"
    return _actions(
        "Required actions",
        plan.required_actions,
        plan,
        caption,
        *not_tracked(plan.required_actions),
    )


def not_tracked(actions: Iterable[Action]) -> Iterator[str]:
    """Yield what the tag of actions that nothing can record means, where some have it."""
    if any(action.status_label == NOT_TRACKED for action in actions):
        yield "Not tracked: a follow-up has no place to record whether this was done."


def _optional_actions(plan: PlanDocument) -> Section | None:
    is_open = "It is open whether these are done, and this plan chooses none of them."
    lead = (is_open, *not_tracked(plan.optional_actions))
    caption = "Each optional action, and who may take it"
    return _actions("Optional actions", plan.optional_actions, plan, caption, *lead)


def _actions(
    heading: str, actions: Iterable[Action], plan: PlanDocument, caption: str, *lead: str
) -> Section | None:
    columns = (("Who", 18), ("What", 40), ("By when", 20), ("Status", 20))
    rows = [_action(action, plan) for action in actions]
    return table_section(heading, lead, caption, columns, rows, heads=1)


def involves(action: Action) -> str:
    """Return who takes part in an action besides those that it names, in a sentence, or nothing."""
    parties = [party for party in action.to if party not in action.does]
    return f"This involves {joined(parties, 'and')}." if parties else ""


def _action(action: Action, plan: PlanDocument) -> Row:
    what = (stopped(action.does), *_of_revisit(action, plan), involves(action), action.decision)
    cells = (
        Cell((upper_first(action.by),)),
        Cell(tuple(filter(None, what))),
        Cell(tuple(_action_due(action, plan))),
        status_cell(action),
    )
    return Row(cells, reference(action, action.id))


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
        yield sentence(binding_day(nearest, plan))


def binds(deadline: PlanDeadline) -> bool:
    """Return True where a deadline has a latest compliant date besides its due date."""
    latest, due = deadline.latest_compliant_date, deadline.due
    return latest is not None and (due is None or latest.toordinal() != due.end)


def binding_day(deadline: PlanDeadline, plan: PlanDocument) -> str:
    """Return by when something must happen for what comes after it to be in time, or nothing."""
    latest = deadline.latest_compliant_date
    if latest is None or not binds(deadline):
        return ""
    day = format_day(latest.toordinal())
    if latest < plan.on:
        return f"the latest compliant date, {day}, has passed"
    later = _in_time(deadline, plan)
    return f"by {day} {later}" if later else f"latest compliant date: {day}"


def _in_time(deadline: PlanDeadline, plan: PlanDocument) -> str:
    """Return which later events are in time only if a latest compliant date is kept, or nothing."""
    later = [f"'{other.label}'" for other in plan.deadlines if other.id in deadline.bound_by[1:]]
    return f"for {joined(list(dict.fromkeys(later)), 'and')} to be in time" if later else ""


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
        status_cell(deadline),
    )
    return Row(cells, reference(deadline, deadline.id))


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
    if binding := binding_day(deadline, plan):
        yield sentence(binding)


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
    return Row(cells, reference(request, request.id))


def _questions(plan: PlanDocument) -> Section | None:
    if not plan.questions:
        return None
    by = {question.by for question in plan.questions}
    lead = (f"For {by.pop()} to answer.",) if len(by) == 1 else ()
    items = tuple(
        Item(
            question.sentence if lead else f"{question.sentence} ({question.by})",
            reference(question, question.id),
        )
        for question in plan.questions
    )
    return Section("Questions to answer", lead, items)
