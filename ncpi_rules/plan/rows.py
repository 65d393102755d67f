"""A plan as rows for a table or a database, and what is next in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ncpi_rules.core import Status

if TYPE_CHECKING:
    import datetime

    from ncpi_rules.plan.document import Action, PlanDocument

TO_COME: Final = frozenset({Status.OVERDUE, Status.PROJECTED_LATE, Status.DUE, Status.PLANNED})
"""The statuses of what is known still to be done."""

_PARTS: Final = ("required_actions", "optional_actions", "documents", "deadlines")


def next_action(plan: PlanDocument) -> Action | None:
    """Return the required action that is due first of those still to be done, overdue ones first.

    None where nothing that is still to be done has a due date. What nobody has recorded may have
    been done already, so it is next only while its due date is still to come.

    >>> from ncpi_rules.plan import assess
    >>> facts = {"force": "kent", "inspection_report": {"published": "2020-01-07"}}
    >>> action = next_action(assess(facts, on="2020-01-31").document)
    >>> action.id, action.due
    ('action.action-plan', PartialDate('2020-02-18'))
    """
    dated = [
        (action.status is not Status.OVERDUE, action.due.start, at, action)
        for at, action in enumerate(plan.required_actions)
        if action.status in TO_COME and action.due is not None
    ]
    return min(dated)[-1] if dated else None


def rows(plan: PlanDocument) -> list[dict[str, str | int | datetime.date | None]]:
    """Return a row for each action, document and deadline of a plan, every row with all columns.

    A date that is only known in part has its first and its last day in two columns. What a row has
    not is None; several rules, statements or interpretations are parted by commas.

    >>> from ncpi_rules.plan import assess
    >>> facts = {"force": "kent", "inspection_report": {"published": "2020-01-07"}}
    >>> table = rows(assess(facts, on="2020-01-31").document)
    >>> row = next(row for row in table if row["id"] == "deadline.revisit")
    >>> row["part"], row["event"], str(row["due_last"]), row["status"], row["statements"]
    ('deadlines', 'revisit-begins', '2020-07-07', 'due', 'approach.8')
    """
    table: list[dict[str, str | int | datetime.date | None]] = []
    for part in _PARTS:
        for item in getattr(plan, part):
            due, actual = getattr(item, "due", None), getattr(item, "actual", None)
            late = getattr(item, "late_by_days", None)
            table.append(
                {
                    "subject": plan.subject,
                    "assessed_on": plan.on,
                    "part": part,
                    "id": item.id,
                    "revisit": item.revisit,
                    "who": item.by,
                    "sentence": item.sentence,
                    "modality": item.modality.value,
                    "event": getattr(item, "event", None),
                    "due_first": due and due.first,
                    "due_last": due and due.last,
                    "done_first": actual and actual.first,
                    "done_last": actual and actual.last,
                    "status": item.status.value if hasattr(item, "status") else None,
                    "status_label": getattr(item, "status_label", None),
                    "status_line": getattr(item, "status_line", None),
                    "late_least": late and late.least,
                    "late_most": late and late.most,
                    "rules": ", ".join(item.rules),
                    "statements": ", ".join(item.statements),
                    "interpretations": ", ".join(item.interpretations),
                }
            )
    return table
