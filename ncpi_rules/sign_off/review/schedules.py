"""Deadlines on a timeline, and actions and documents by the headline."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from attrs import evolve

from ncpi_rules.core import Unit, upper_first
from ncpi_rules.engine import union
from ncpi_rules.ruleset import (
    DOCUMENTS_SUGGESTED,
    ActionRule,
    DeadlineRule,
    DocumentRule,
    asked,
    cited,
    name_events,
)
from ncpi_rules.sign_off.review.content import (
    MatrixEntry,
    MatrixRow,
    ReviewDeadline,
    ReviewMatrix,
    Timeline,
)
from ncpi_rules.sign_off.review.sentences import NO_DATE
from ncpi_rules.sign_off.review.tables import headline_name, headline_of, label_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ncpi_rules.core import Period
    from ncpi_rules.engine import Box
    from ncpi_rules.ruleset import Bound, Rule, Ruleset
    from ncpi_rules.sign_off.review.sentences import Clauses

_DAYS_IN_A_MONTH: Final = 30.44
_EARLIER: Final = 1
"""By how many months the timeline draws an event before its due date."""

_LASTS: Final = 0.25
"""How many months the timeline lets it last."""


def timeline(clauses: Clauses) -> Timeline:
    """Return the deadlines under our answers, in the order of their events."""
    ruleset = clauses.ruleset
    groups: dict[tuple[str, str, str], list[DeadlineRule]] = {}
    for rule in ruleset.of_kind(DeadlineRule):
        if clauses.applicable(rule, {}):
            groups.setdefault((rule.rule, rule.event, rule.limit), []).append(rule)
    start = ruleset.settings.selected_by or next(iter(ruleset.events), "")
    begins = ruleset.repeats.begins if ruleset.repeats else ""
    ends = _ending(ruleset, begins)
    places: dict[str, float] = {start: 0.0}
    dues = [
        _months(bound.period)
        for rules in groups.values()
        for bound in rules[0].bounds
        if (bound.event, bound.anchor) == (begins, start) and not bound.is_floor
    ]
    if dues:
        places[begins] = max(min(dues) - _EARLIER, min(dues) / 2)
        places.update(dict.fromkeys(ends, places[begins] + _LASTS))
    order = list(ruleset.events)
    entries = [
        _deadline(clauses, rules, places)
        for (_, event, _), rules in sorted(groups.items(), key=lambda item: order.index(item[0][1]))
    ]
    last = max([*places.values(), *(entry.last or 0 for entry in entries)], default=0)
    title = ruleset.events[begins].label if begins else ""
    return Timeline(
        begins=ruleset.events[start].title if start else "",
        moves=title,
        moves_at=places.get(begins, 0),
        months=int(last) + 1,
        deadlines=tuple(entries),
    )


def _ending(ruleset: Ruleset, begins: str) -> list[str]:
    """Return the events with which what begins is over: those bound to come after it."""
    if not ruleset.repeats:
        return []
    after = [
        event.id
        for event in ruleset.events.values()
        if event.id in ruleset.repeats.events and begins in event.not_before
    ]
    anchors = {bound.anchor for rule in ruleset.of_kind(DeadlineRule) for bound in rule.bounds}
    return [event for event in after if event in anchors]


def _months(period: Period) -> float:
    days = {Unit.DAYS: 1, Unit.WEEKS: 7, Unit.WORKING_DAYS: 1.4}.get(period.unit)
    return float(period.count) if days is None else period.count * days / _DAYS_IN_A_MONTH


def _deadline(
    clauses: Clauses, rules: list[DeadlineRule], places: Mapping[str, float]
) -> ReviewDeadline:
    ruleset, rule = clauses.ruleset, rules[0]
    event = ruleset.events[rule.event]
    first, last = _span(rule.bounds, places)
    return ReviewDeadline(
        rule=rule.rule,
        label=upper_first(event.label or event.title),
        who=upper_first(ruleset.parties[rule.by].title),
        limit=name_events(ruleset, rule.limit) or NO_DATE,
        modality=rule.modality,
        statements=cited(rules),
        open_questions=asked(rules),
        first=first,
        last=last,
        condition=clauses.where(
            union(
                (box for rule in rules for box in clauses.applicable(rule, {})),
                clauses.analysis.program.facts,
            )
        ),
    )


def _span(
    bounds: tuple[Bound, ...], places: Mapping[str, float]
) -> tuple[float | None, float | None]:
    """Return from when to when something may happen, in months, where a day can be drawn."""
    first: float | None = None
    last: float | None = None
    for bound in bounds:
        if (anchor := places.get(bound.anchor)) is None:
            continue
        place = anchor + bound.direction * _months(bound.period)
        if bound.is_floor:
            first = place
        else:
            last = place if last is None else min(last, place)
            first = anchor if first is None and bound.direction > 0 and place > anchor else first
    return first, last


def actions_by_headline(clauses: Clauses) -> ReviewMatrix:
    """Return what is said of each activity for each value of the headline, under our answers."""
    ruleset = clauses.ruleset
    return _matrix(
        "Actions",
        clauses,
        ActionRule,
        lambda rule: (ruleset.activities[rule.does].title, ruleset.parties[rule.by].title),
    )


def documents_by_headline(clauses: Clauses) -> ReviewMatrix:
    """Return what is said of each document for each value of the headline, and its prompts."""
    ruleset = clauses.ruleset

    def described(rule: Any) -> tuple[str, str]:
        topics = [_topic(ruleset, name) for name in rule.prompted_by]
        note = f"Prompted by {', '.join(topics)}" if topics else ""
        return ruleset.documents[rule.document].title, note

    matrix = _matrix("Documents", clauses, DocumentRule, described)
    return evolve(matrix, about=" ".join(_asking(ruleset)))


def _asking(ruleset: Ruleset) -> Iterator[str]:
    """Yield who asks whom for documents, and which are suggested under our answer."""
    parties = ruleset.parties
    requests = (
        f"{upper_first(parties[rule.by].title)} {rule.modality.verb} ask "
        f"{parties[rule.of].title} for these."
        for rule in ruleset.of_kind(DocumentRule)
    )
    yield from dict.fromkeys(requests)
    question = ruleset.interpretations.get(ruleset.choice(DOCUMENTS_SUGGESTED))
    if question is not None:
        yield question.answers[question.ours]


def _topic(ruleset: Ruleset, name: str) -> str:
    return ruleset.topics[name].title if name in ruleset.topics else name.replace("-", " ")


def _matrix(things: str, clauses: Clauses, kind: type[Rule], described: Any) -> ReviewMatrix:
    ruleset, headline = clauses.ruleset, headline_of(clauses.ruleset)
    outcome = ruleset.outcomes[headline]
    values = [value for value in outcome.values if value != outcome.none]
    rows: dict[str, dict[str, dict[tuple[Any, ...], list[Box]]]] = {}
    notes: dict[str, dict[str, None]] = {}
    for rule in ruleset.of_kind(kind):
        boxes = clauses.applicable(rule, {})
        for value in values:
            if here := [box for box in boxes if value in box.get(headline, {value})]:
                title, note = described(rule)
                notes.setdefault(title, {})[note] = None
                cell = rows.setdefault(title, {}).setdefault(value, {})
                key = (rule.rule, rule.modality, rule.statements, rule.open_questions)
                cell.setdefault(key, []).extend(here)
    terms = (*ruleset.activities.values(), *ruleset.documents.values())
    order = {term.title: place for place, term in enumerate(terms)}
    return ReviewMatrix(
        title=f"{things} by {headline_name(ruleset)}",
        columns=tuple(label_of(ruleset, headline, value) for value in values),
        rows=tuple(
            MatrixRow(
                title=upper_first(title),
                note="; ".join(upper_first(note) for note in notes[title] if note),
                cells=tuple(tuple(_entries(clauses, cells.get(value, {}))) for value in values),
            )
            for title, cells in sorted(rows.items(), key=lambda item: order[item[0]])
        ),
    )


def _entries(clauses: Clauses, cell: Mapping[tuple[Any, ...], list[Box]]) -> Iterator[MatrixEntry]:
    """Yield what a cell says; the column says the headline, so the condition does not."""
    headline = headline_of(clauses.ruleset)
    for (rule, modality, statements, open_questions), boxes in cell.items():
        rest = ({name: values for name, values in box.items() if name != headline} for box in boxes)
        yield MatrixEntry(
            modality=modality,
            rule=rule,
            statements=statements,
            open_questions=open_questions,
            condition=clauses.where(union(rest, clauses.analysis.program.facts)),
        )
