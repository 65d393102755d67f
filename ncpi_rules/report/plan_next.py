"""The first parts of a plan's page as text: what is next, and what was waived or varied."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ncpi_rules.core import Status, stopped, upper_first
from ncpi_rules.report.parts import Cell, Item, Row, Section, StatusMark, mark_of, table_section
from ncpi_rules.report.position import (
    Position,
    brief,
    headline_sentence,
    next_date,
    planned_revisits,
    title_of,
)

if TYPE_CHECKING:
    from ncpi_rules.plan import Action, Grounds, PlanDeadline, PlanDocument, PlanRevisit


def what_is_next(plan: PlanDocument) -> Section:
    """Return one sentence, and what is late and what is next in a table."""
    position = Position.of(plan)
    sentences = [*position.sentences(plan), *filter(None, [headline_sentence(plan)])]
    rows = [_row(deadline, plan) for deadline in position.listed]
    rows += map(_revisit_row, planned_revisits(plan))
    section = table_section(
        "What is next",
        (),
        "What is late, and what is next",
        (("What", 40), ("Who", 18), ("Date", 20), ("Status", 20)),
        rows,
    )
    answer = " ".join(sentences)
    return Section("What is next", answer=answer, table=None if section is None else section.table)


def _row(deadline: PlanDeadline, plan: PlanDocument) -> Row:
    date = next_date(deadline)
    verb = "Planned" if deadline.status is Status.PLANNED else "Due"
    day = "No date yet" if date is None else f"{verb} {brief(date, months=False)}"
    cells = (
        Cell((title_of(deadline, plan),)),
        Cell((upper_first(deadline.by),)),
        Cell((day,)),
        status_cell(deadline),
    )
    return Row(cells, reference(deadline, deadline.id))


def _revisit_row(revisit: PlanRevisit) -> Row:
    cells = (
        Cell((f"{revisit.name} begins",)),
        Cell(("",)),
        Cell((f"Planned {brief(revisit.begins, months=False)}",)),
        Cell(("Planned",), StatusMark.PLANNED),
    )
    return Row(cells, reference(revisit, revisit.id))


def let_off(plan: PlanDocument) -> Section | None:
    """Return what was waived or varied, with who decided it, when and why; or None."""
    deadlines = Position.of(plan).let_off
    items = [
        Item(
            f"{title_of(deadline, plan)}: {stopped(deadline.status_line)} "
            f"{deadline.decision or ''}".rstrip(),
            reference(deadline, deadline.id),
        )
        for deadline in deadlines
    ]
    events = {(deadline.event, deadline.revisit) for deadline in deadlines}
    items += [
        Item(f"{action.sentence} {action.decision}", reference(action, action.id))
        for action in (*plan.required_actions, *plan.optional_actions)
        if action.decision and (action.event, action.revisit) not in events
    ]
    return Section("Varied or waived", items=tuple(items)) if items else None


def reference(part: Grounds, id_: str) -> str:
    """Return an id, with the statements and interpretations behind it, as quietly as possible."""
    parts = (id_, ", ".join(part.statements), ", ".join(part.interpretations))
    return "; ".join(filter(None, parts))


def status_cell(item: Action | PlanDeadline) -> Cell:
    """Return the tag of a status and the line under it."""
    lines = [upper_first(item.status_label)]
    if item.status_line:
        lines.append(stopped(item.status_line))
    is_possible = getattr(item, "can_be_met", True) or item.status is Status.OVERDUE
    if not is_possible:
        lines.append("This can no longer be met.")
    return Cell(tuple(lines), mark_of(item.status, item.status_label))
