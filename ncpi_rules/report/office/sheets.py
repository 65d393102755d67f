"""The sheets of plans: rows of texts, numbers and days, before any workbook is made of them."""

from __future__ import annotations

import datetime
from itertools import zip_longest
from typing import TYPE_CHECKING, Final, TypeAlias

from attrs import frozen

from ncpi_rules.core import PartialDate, as_head, counted, joined, sentence, upper_first
from ncpi_rules.plan import FIRST_OF_ALL, Since
from ncpi_rules.report.office.entries import DIGITS, planned_anchors

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from ncpi_rules.plan import Action, Grounds, Plan, PlanDocument, StillUnknown

SheetCell: TypeAlias = str | int | datetime.date | None
"""What stands in a cell; None where there is nothing to say."""

SheetRow: TypeAlias = tuple[SheetCell, ...]

_SUGGESTED: Final = {True: "Yes", False: "No", None: "Cannot tell"}
_WHY: Final = (("Statements", 16), ("Summaries", 40), ("Open questions", 10))


@frozen(kw_only=True)
class SheetTable:
    """A sheet of a workbook: a title, columns with their widths in characters, and rows.

    ``lists`` has the letters of columns with something to choose from, and the cells that have it.
    A form is a table that is locked but for the columns to ``fill_in``; some columns are
    ``hidden``.
    """

    title: str
    columns: tuple[tuple[str, int], ...]
    rows: tuple[SheetRow, ...]
    lists: tuple[tuple[str, str], ...] = ()
    is_form: bool = False
    fill_in: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()


def plan_sheets(plans: Iterable[Plan], since: PlanDocument | None = None) -> tuple[SheetTable, ...]:
    """Return the sheets of plans; each row begins with the name, so that it can be filtered.

    The first says what has changed since an earlier plan, if there is one.
    """
    plans = tuple(plans)
    return (
        *([] if since is None else [_changes_sheet(plans, since)]),
        _sheet("Summary", (("What", 26), ("Says", 90)), plans, _summary),
        _sheet(
            "Actions",
            (
                ("Who", 16),
                ("Action", 44),
                ("Required or optional", 12),
                ("How strongly", 12),
                ("Due from", 17),
                ("Due to", 17),
                ("Status", 13),
                ("In days", 24),
                *_WHY,
            ),
            plans,
            _actions,
        ),
        deadline_sheet(plans),
        _sheet(
            "Documents",
            (
                ("Document", 40),
                ("Asked for by", 16),
                ("Asked of", 14),
                ("How strongly", 12),
                ("Suggested", 12),
                ("Prompted by", 28),
                *_WHY,
            ),
            plans,
            _documents,
        ),
        unknown_sheet(plans),
        _statements(plans),
        _sheet(
            "Open questions",
            (
                ("Open question", 14),
                ("Question", 60),
                ("This plan takes", 60),
                ("Agreed by", 24),
            ),
            plans,
            _questions,
        ),
    )


def _sheet(
    title: str,
    columns: tuple[tuple[str, int], ...],
    plans: Sequence[Plan],
    rows: Callable[[Plan], Iterator[SheetRow]],
) -> SheetTable:
    lines = tuple((plan.subject_name, *row) for plan in plans for row in rows(plan))
    head = as_head(plans[0].subject_title) if plans else "Subject"
    return SheetTable(title=title, columns=((head, 16), *columns), rows=lines)


def _changes_sheet(plans: Sequence[Plan], earlier: PlanDocument) -> SheetTable:
    """Return a row for each change since an earlier plan, and how many there are besides."""

    def rows(plan: Plan) -> Iterator[SheetRow]:
        since = Since.of(earlier, plan.document)
        parts = [upper_first(change.about.replace("_", " ")) for change in since.changes]
        yield from zip_longest(parts, since.sentences)

    columns = (("Part of the plan", 20), (f"Changed since {earlier.on_text}", 100))
    return _sheet("Changed since", columns, plans, rows)


def deadline_sheet(plans: Iterable[Plan]) -> SheetTable:
    """Return a row for each deadline of some plans; of a partial date, the first and last day."""
    columns = (
        ("Event", 28),
        ("Who", 14),
        ("Limit", 26),
        ("Due from", 17),
        ("Due to", 17),
        ("Planned or done from", 17),
        ("Planned or done to", 17),
        ("Status", 13),
        ("In days", 24),
        ("Days late from", 7),
        ("Days late to", 7),
        ("Days left", 6),
        ("Moves with a planned day", 10),
        *_WHY,
    )
    return _sheet("Deadlines", columns, tuple(plans), _deadlines)


def unknown_sheet(plans: Iterable[Plan]) -> SheetTable:
    """Return a row for each fact and date that is not recorded, and where to write it."""
    columns = (("What", 50), ("Where to write it", 34), ("What it would change", 60))
    return _sheet("Not recorded", columns, tuple(plans), _unknown)


def days_of(date: PartialDate | None) -> tuple[datetime.date | None, datetime.date | None]:
    """Return the first and the last day that a date may be."""
    if date is None:
        return None, None
    return datetime.date.fromordinal(date.start), datetime.date.fromordinal(date.end)


def _why(part: Grounds, plan: Plan) -> SheetRow:
    known = plan.ruleset.statements
    summaries = [known[id_].summary for id_ in part.statements if id_ in known]
    return ", ".join(part.statements), "\n".join(summaries), ", ".join(part.interpretations)


def _summary(plan: Plan) -> Iterator[SheetRow]:
    document = plan.document
    selected = plan.facts.recorded.get(plan.ruleset.settings.selected_by)
    if document.edited:
        yield "Rules", document.edited_notice
    yield "Position as at", datetime.date.fromordinal(plan.on.toordinal())
    others = [alert for alert in document.alerts if alert.id not in FIRST_OF_ALL]
    for alert in document.alerts:
        if alert.id in FIRST_OF_ALL:
            yield "Please note", alert.sentence
    for outcome in document.all_outcomes.values():
        yield outcome.title, upper_first(outcome.label)
        yield "Basis", upper_first(outcome.basis_label)
        for reason in outcome.reasons:
            yield "Because", sentence(reason)
    for alert in others:
        yield "Please note", alert.sentence
    if isinstance(selected, PartialDate):
        event = plan.ruleset.events[plan.ruleset.settings.selected_by].title
        yield upper_first(event), days_of(selected)[0] if selected.is_day else selected.text
    yield from document.officers
    if document.note:
        yield "Note", document.note
    yield "Methodology", document.methodology
    yield "Ruleset", f"{document.edition_text}, {plan.ruleset.digest[:DIGITS]}"


def _actions(plan: Plan) -> Iterator[SheetRow]:
    groups: tuple[tuple[str, tuple[Action, ...]], ...] = (
        ("Required", plan.required_actions),
        ("Optional", plan.optional_actions),
    )
    for kind, actions in groups:
        for action in actions:
            yield (
                upper_first(action.by),
                plan.document.titled(action.sentence, action),
                kind,
                upper_first(action.modality.value),
                *days_of(action.due),
                upper_first(action.status_label),
                action.status_line,
                *_why(action, plan),
            )


def _deadlines(plan: Plan) -> Iterator[SheetRow]:
    for item, deadline, of in plan.scheduled():
        late = item.late_by_days
        yield (
            plan.document.titled(item.event_title, item),
            upper_first(item.by),
            item.limit or "",
            *days_of(item.due),
            *days_of(item.actual),
            upper_first(item.status_label),
            item.status_line,
            None if late is None else late.least,
            None if late is None else late.most,
            None if item.days_left is None else item.days_left.least,
            "Yes" if any(planned_anchors(deadline, of)) else "No",
            *_why(item, plan),
        )


def _documents(plan: Plan) -> Iterator[SheetRow]:
    for request in plan.documents:
        yield (
            request.sentence,
            upper_first(request.by),
            upper_first(request.of),
            upper_first(request.modality.value),
            _SUGGESTED[request.suggested],
            "; ".join(request.prompted_by),
            *_why(request, plan),
        )


def _unknown(plan: Plan) -> Iterator[SheetRow]:
    for unknown in plan.unknown:
        yield unknown.sentence, unknown.place, " ".join(_changes(unknown))


def _changes(unknown: StillUnknown) -> Iterator[str]:
    if unknown.headline_titles:
        yield f"Another answer may lead to {joined(unknown.headline_titles, 'or')}."
    if unknown.rules_that_would_change is not None:
        rules = counted(unknown.rules_that_would_change, "rule")
        yield f"Could switch up to {rules} on or off."
    if unknown.deadlines_that_wait is not None:
        yield f"Deadlines that wait for it: {unknown.deadlines_that_wait}."


def _statements(plans: Iterable[Plan]) -> SheetTable:
    """Return a row for each statement behind some plan, in the order of the methodology."""
    rows: dict[str, SheetRow] = {}
    for plan in plans:
        document = plan.document
        parts = (
            *document.all_outcomes.values(),
            *document.required_actions,
            *document.optional_actions,
            *document.documents,
            *document.deadlines,
            *document.questions,
            *document.alerts,
        )
        cited = {id_ for part in parts for id_ in part.statements}
        for id_, statement in plan.ruleset.statements.items():
            if id_ in cited:
                strength = statement.modality
                strongly = "" if strength is None else upper_first(strength.value)
                rows.setdefault(id_, (id_, strongly, statement.summary))
    columns = (("Statement", 16), ("How strongly", 12), ("Summary", 100))
    return SheetTable(title="Statements", columns=columns, rows=tuple(rows.values()))


def _questions(plan: Plan) -> Iterator[SheetRow]:
    for taken in plan.interpretations:
        yield taken.id, taken.question, sentence(taken.sentence), upper_first(taken.agreed_by)
