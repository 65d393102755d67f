"""Where a plan stands: what is overdue, late or next, the one sentence, and what is still open."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Self

from attrs import fields, frozen

from ncpi_rules.core import (
    Basis,
    Status,
    counted,
    format_day,
    joined,
    lower_first,
    stopped,
    upper_first,
)
from ncpi_rules.plan import PlanDeadline
from ncpi_rules.report.parts import Cell, Row, Section, table_section

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ncpi_rules.core import PartialDate
    from ncpi_rules.plan import (
        Action,
        InterpretationTaken,
        PlanDocument,
        PlanRevisit,
        StillUnknown,
    )

NOBODY: Final = "nobody yet"
"""Who has agreed an interpretation that nobody has agreed."""

_NEXT: Final = 4
_WAITS: Final = 3
"""How many things are named for which the headline waits."""

_SHORT_MONTH: Final = re.compile(r"\b([A-Z][a-z]{2})[a-z]+\b")


@frozen(kw_only=True)
class Position:
    """The deadlines of a plan by what they ask of a reader; each of them is in one group.

    ``next`` has what is due and what is planned, by the day on which it is; ``cannot_tell`` what
    may have been missed; ``let_off`` what was waived or varied; ``missed`` what was done too late
    or too early.
    """

    overdue: tuple[PlanDeadline, ...]
    projected_late: tuple[PlanDeadline, ...]
    next: tuple[PlanDeadline, ...]
    cannot_tell: tuple[PlanDeadline, ...]
    let_off: tuple[PlanDeadline, ...]
    missed: tuple[PlanDeadline, ...]
    rest: tuple[PlanDeadline, ...]

    @classmethod
    def of(cls, plan: PlanDocument) -> Self:
        """Return where a plan stands."""
        groups: dict[str, list[PlanDeadline]] = {field.name: [] for field in fields(cls)}
        for deadline in plan.deadlines:
            groups[_GROUPS.get(deadline.status, "rest")].append(deadline)
        groups["next"].sort(key=_when)
        undated = [deadline for deadline in groups["next"] if next_date(deadline) is None]
        groups["next"] = [deadline for deadline in groups["next"] if deadline not in undated]
        groups["rest"] += undated
        return cls(**{name: tuple(deadlines) for name, deadlines in groups.items()})

    @property
    def listed(self) -> tuple[PlanDeadline, ...]:
        """Return what is late or will be, and the first few of what is next."""
        return (*self.overdue, *self.projected_late, *self.next[:_NEXT])

    @property
    def most_urgent(self) -> PlanDeadline | None:
        """Return what matters most of all that can still be late, missed or in time, or None."""
        ranked = (
            *self.overdue,
            *self.projected_late,
            *self.next,
            *self.cannot_tell,
            *self.missed,
            *self.let_off,
        )
        return next(iter(ranked), None)

    def sentences(self, plan: PlanDocument) -> Iterator[str]:
        """Yield what matters most in one sentence or two: what is late, else what is next."""
        if worst := (*self.overdue, *self.projected_late)[:1]:
            yield sentence_of(worst[0], plan)
            return
        for revisit in planned_revisits(plan):
            if revisit.begins is not None:
                yield f"{revisit.name}: planned for {brief(revisit.begins, months=False)}."
        if self.next:
            yield sentence_of(self.next[0], plan)
        elif self.cannot_tell:
            yield "No due date is left that is known; of some it is not recorded if they were met."
        elif any(deadline.status is Status.NOT_STARTED for deadline in self.rest):
            yield "No date is set yet."
        else:
            yield "No due date is left."
        beside = (deadline for deadline in self.not_counted(plan) if deadline not in self.next[:1])
        yield from (_where(deadline, plan) for deadline in beside)
        yield f"{self.all_clear(plan)}."
        yield from (_where(deadline, plan) for deadline in self.missed)

    def not_counted(self, plan: PlanDocument) -> tuple[PlanDeadline, ...]:
        """Return what is past its due date, or will be, and yet neither overdue nor late.

        It was waived or varied and is not done, or is planned while nothing is owed yet.
        """
        on = plan.on.toordinal()
        agreed = (
            deadline
            for deadline in self.let_off
            if deadline.late_by_days and (deadline.actual is None or deadline.actual.end > on)
        )
        return (*filter(_is_planned_past_due, self.next), *agreed)

    def all_clear(self, plan: PlanDocument) -> str:
        """Return that nothing is overdue or will be late, or nothing but what does not count."""
        nothing = "nothing else" if self.not_counted(plan) else "nothing"
        return (
            f"{upper_first(nothing)} is recorded as overdue and {nothing} is projected to be late"
        )


_GROUPS: Final = {
    Status.OVERDUE: "overdue",
    Status.PROJECTED_LATE: "projected_late",
    Status.DUE: "next",
    Status.PLANNED: "next",
    Status.CANNOT_TELL: "cannot_tell",
    Status.TOO_EARLY: "missed",
    Status.LATE: "missed",
    Status.WAIVED: "let_off",
    Status.VARIED: "let_off",
}


def planned_revisits(plan: PlanDocument) -> tuple[PlanRevisit, ...]:
    """Return the revisits still to come that no deadline tells of."""
    on = plan.on.toordinal()
    dated = {(deadline.revisit, deadline.actual) for deadline in plan.deadlines}
    return tuple(
        revisit
        for revisit in plan.revisits
        if revisit.begins is not None
        and revisit.begins.start > on
        and (revisit.number, revisit.begins) not in dated
    )


def headline_sentence(plan: PlanDocument) -> str:
    """Return for what the headline waits, where it is to be decided; nothing where it is not."""
    headline = plan.headline
    if headline is None or headline.value is not None:
        return ""
    waits = [lower_first(unknown.sentence) for unknown in plan.unknown if unknown.headlines]
    if headline.basis is Basis.WAITS and waits:
        return (
            f"{headline.title} is {headline.label}: it waits for {joined(waits[:_WAITS], 'and')}."
        )
    return f"{headline.title} is {headline.label}: {headline.basis_label}."


def next_date(deadline: PlanDeadline) -> PartialDate | None:
    """Return the day on which something is planned, or by which it is due."""
    return deadline.actual if deadline.status is Status.PLANNED else deadline.due


def _is_planned_past_due(deadline: PlanDeadline) -> bool:
    is_planned = deadline.status is Status.PLANNED
    due, actual = deadline.due, deadline.actual
    return is_planned and due is not None and actual is not None and actual.start > due.end


def _where(deadline: PlanDeadline, plan: PlanDocument) -> str:
    """Return where a deadline stands, in a sentence after its event."""
    return stopped(f"{title_of(deadline, plan)}: {lower_first(deadline.status_line)}")


def _when(deadline: PlanDeadline) -> int:
    date = next_date(deadline)
    return 0 if date is None else date.start


def title_of(deadline: PlanDeadline, plan: PlanDocument) -> str:
    """Return a deadline's event in few words, with its revisit where there are several."""
    return deadline.label + of_revisit(deadline, plan)


def of_revisit(item: PlanDeadline | Action, plan: PlanDocument) -> str:
    """Return in brackets which revisit an item belongs to, where there are several."""
    names = [revisit.name for revisit in plan.revisits if revisit.number == item.revisit]
    return f" ({lower_first(names[0])})" if names else ""


def sentence_of(deadline: PlanDeadline, plan: PlanDocument) -> str:
    """Return when something is due or planned, how late that is, and what can still be done."""
    due = "" if deadline.due is None else f"due by {brief(deadline.due, months=False)}"
    line = deadline.status_line.partition(";")[0]
    parts = [due, "" if deadline.status is Status.DUE else lower_first(line)]
    if deadline.status is Status.PLANNED:
        parts.reverse()
    text = stopped(f"{title_of(deadline, plan)}: {', '.join(filter(None, parts))}")
    if deadline.days_left is None:
        return text
    if deadline.status is Status.PROJECTED_LATE:
        return f"{text} {deadline.days_left.text} left to bring it forward."
    return f"{text} {stopped(upper_first(line))}"


def brief(date: PartialDate | None, *, months: bool = True) -> str:
    """Return a date in few words; where ``months``, with these in three letters.

    >>> from ncpi_rules.core import PartialDate
    >>> brief(PartialDate.read("2018-12-28")), brief(PartialDate.read("2023-03"))
    ('28 Dec 2018', 'Mar 2023')
    >>> brief(PartialDate.read("2023-02-20/2023-02-28"), months=False)
    '20 to 28 February 2023'
    """
    if date is None:
        return "not known"
    text = date.text
    if text.startswith("between "):
        first, last = (format_day(day).split() for day in (date.start, date.end))
        same = next(at for at in (0, 1, 2) if first[2 - at] != last[2 - at])
        text = f"{' '.join(first[: 3 - same])} to {' '.join(last)}"
    return _SHORT_MONTH.sub(r"\1", text) if months else text


def agreed_sentence(plan: PlanDocument) -> str:
    """Return how many of the interpretations on which a plan rests somebody has agreed."""
    agreed = [taken for taken in plan.interpretations if taken.agreed_by.casefold() != NOBODY]
    if not agreed:
        return "Nobody has agreed these interpretations yet."
    if len(agreed) == len(plan.interpretations):
        return "These interpretations are agreed."
    return f"{len(agreed)} of these {len(plan.interpretations)} interpretations are agreed."


# What is not known, what the plan rests on, and what decided


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
    if unknown.headline_titles:
        changes.append(f"Another answer may lead to {joined(unknown.headline_titles, 'or')}.")
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
