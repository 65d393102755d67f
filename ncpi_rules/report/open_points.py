"""The last parts of a plan's page: what is not known, what it rests on, and what decided."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ncpi_rules.core import counted, joined, stopped, upper_first
from ncpi_rules.report.parts import Cell, Row, Section, table_section

if TYPE_CHECKING:
    from ncpi_rules.plan import InterpretationTaken, PlanDocument, StillUnknown


def unknown(plan: PlanDocument) -> Section | None:
    """Return what is not known, and what it would change."""
    return table_section(
        "Still unknown",
        ("The answer that would change most comes first.",),
        "What is not known, and what it would change",
        (("What", 36), ("What it would change", 28), ("Write it under", 32)),
        map(unknown_row, plan.unknown),
    )


def unknown_row(unknown: StillUnknown) -> Row:
    """Return what is not known, what it could change, and where it is written."""
    changes = []
    if unknown.tier_titles:
        changes.append(f"Another answer may lead to {joined(unknown.tier_titles, 'or')}.")
    if unknown.rules_that_would_change is not None:
        changes.append(
            f"Could switch up to {counted(unknown.rules_that_would_change, 'rule')} on or off."
        )
    if unknown.deadlines_that_wait is not None:
        count = unknown.deadlines_that_wait
        changes.append(f"{counted(count, 'deadline')} {'waits' if count == 1 else 'wait'} for it.")
    cells = (Cell((stopped(unknown.sentence),)), Cell(tuple(changes)), Cell((unknown.place,)))
    return Row(cells, unknown.fact)


def interpretations(plan: PlanDocument) -> Section | None:
    """Return the open questions on which the plan rests, with the answers taken."""
    return table_section(
        "Interpretations that this plan rests on",
        ("Where the methodology leaves a question open, one answer is taken; any can be changed.",),
        "Each question, and the answer taken",
        (("Question", 42), ("Answer taken", 38), ("Agreed by", 14)),
        map(_interpretation, plan.interpretations),
    )


def _interpretation(taken: InterpretationTaken) -> Row:
    answer = [taken.sentence]
    if taken.answer != taken.ours:
        answer.append(f"Asked for here; the usual answer is '{taken.ours}'.")
    agreed_by = upper_first(taken.agreed_by)
    cells = Cell((taken.question,)), Cell(tuple(answer)), Cell((agreed_by,))
    return Row(cells, f"{taken.id}={taken.answer}")


def engine(plan: PlanDocument) -> Section:
    """Return which engine decided, and by which edition."""
    note = (stopped(plan.engine_note),) if plan.engine_note else ()
    lead = (f"The engine {plan.engine} decided which rules apply.", *note)
    return Section("How this was decided", lead, reference=f"{plan.ruleset_id}/{plan.edition}")
