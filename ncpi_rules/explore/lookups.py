"""A ruleset as tables that a page can look up: cells of outcomes, regions of rules, days.

The page that has them holds no rule of its own: it looks up which rules apply, and adds days.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from itertools import count
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from attrs import frozen

from ncpi_rules.core import Calendar, DueDatePolicy, sentence, upper_first
from ncpi_rules.engine import groups_of, part_of, regions_of
from ncpi_rules.ruleset import (
    DUE_DATE_NOT_WORKING,
    KINDS,
    ActionRule,
    DeadlineRule,
    DecidedOutcome,
    OutcomeRule,
    Rule,
    Ruleset,
    kind_of,
    program_for,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ncpi_rules.engine import Box, Part
    from ncpi_rules.ruleset import Bound, Fact, Outcome

FIRST_YEAR: Final = 2010
LAST_YEAR: Final = 2040
"""The years whose days off a page knows: outside of them it gives no due date."""

_WEEKDAYS: Final = 5
_PLAIN: Final = "".join(chr(code) for code in range(33, 127) if chr(code) not in "\"\\<&'")

Lookup: TypeAlias = dict[str, Any]
"""Plain data for JSON, in lists rather than mappings where there are many."""


@frozen(kw_only=True)
class LookupTables:
    """What a page looks up, in the order of the ruleset.

    ``names`` are the facts, the open questions and the outcomes; everything else refers to them,
    to ``rules`` and to ``events`` by number. A case is a number of a value for each name. ``main``
    is the outcome that a follow-up is about, ``policy`` what becomes of a due date that is not a
    working day, or the open question that says it.
    """

    names: tuple[Lookup, ...]
    outcomes: tuple[Lookup, ...]
    rules: tuple[Lookup, ...]
    events: tuple[Lookup, ...]
    calendars: tuple[Lookup, ...]
    main: int
    policy: str

    def to_dict(self) -> Lookup:
        """Return the tables as plain data."""
        return {
            "names": self.names,
            "outcomes": self.outcomes,
            "rules": self.rules,
            "events": self.events,
            "calendars": self.calendars,
            "main": self.main,
            "policy": self.policy,
            "first": datetime.date(FIRST_YEAR, 1, 1).toordinal(),
            "last": datetime.date(LAST_YEAR, 12, 31).toordinal(),
        }


def lookup_tables(
    ruleset: Ruleset, sentence_of: Callable[[Rule], str] | None = None
) -> LookupTables | None:
    """Return the tables of a ruleset, or None where an outcome has too many cells for a page.

    ``sentence_of`` gives the sentence of a rule; its title by default.

    >>> from ncpi_rules.ruleset import shipped_ruleset
    >>> tables = lookup_tables(shipped_ruleset())
    >>> [(table["id"], len(table["cells"])) for table in tables.outcomes]
    [('action-plan', 72), ('judgement-stage', 48), ('tier', 19440)]
    """
    maker = _TablesOf.of(ruleset, sentence_of or (lambda rule: sentence(rule.title)))
    parts = {outcome: maker.part(outcome) for outcome in maker.settled}
    if not all(part.rows for part in parts.values()):
        return None
    repeats = ruleset.repeats
    calendars = tuple(dict.fromkeys(rule.working_days for rule in ruleset.of_kind(DeadlineRule)))
    return LookupTables(
        names=tuple(maker.names()),
        outcomes=tuple(maker.outcome(name, part) for name, part in parts.items()),
        rules=tuple(maker.rule(rule, calendars) for rule in maker.rules),
        events=tuple(
            {"id": id_, "label": upper_first(event.label or event.title)}
            for id_, event in ruleset.events.items()
        ),
        calendars=tuple(map(_days_off, calendars)),
        main=maker.settled.index(maker.settled[-1] if repeats is None else repeats.fixes),
        policy=ruleset.choice(DUE_DATE_NOT_WORKING),
    )


@frozen(kw_only=True)
class _TablesOf:
    ruleset: Ruleset
    sentence_of: Callable[[Rule], str]
    rules: tuple[Rule, ...]
    numbers: Mapping[str, int]
    values: Mapping[str, tuple[str, ...]]
    settled: tuple[str, ...]

    @classmethod
    def of(cls, ruleset: Ruleset, sentence_of: Callable[[Rule], str]) -> _TablesOf:
        names = (*ruleset.facts, *ruleset.interpretations, *ruleset.outcomes)
        program = program_for(ruleset)
        return cls(
            ruleset=ruleset,
            sentence_of=sentence_of,
            rules=tuple(rule for kind in KINDS for rule in ruleset.of_kind(kind.rule)),
            numbers=dict(zip(names, count())),
            values=program.facts,
            settled=tuple(entry for entry in program.order if isinstance(entry, str)),
        )

    def names(self) -> Iterator[Lookup]:
        for fact in self.ruleset.facts.values():
            yield _name(fact, "fact", fact.left_out or fact.unknown)
        for question in self.ruleset.interpretations.values():
            start = [*question.answers].index(question.ours)
            yield {
                "id": question.id,
                "kind": "question",
                "label": question.question,
                "values": list(question.answers),
                "labels": list(question.answers.values()),
                "says": list(question.answers.values()),
                "start": start,
            }
        for outcome in self.ruleset.outcomes.values():
            yield _name(outcome, "outcome", outcome.none)

    def part(self, outcome: str) -> Part:
        """Return the rows of the rules that decide an outcome."""
        ids = {rule.id for rule in self._deciding(outcome)}
        groups = groups_of(program_for(self.ruleset), by_outcome=True)
        return part_of(next(group for group in groups if ids & group.rules), "reference")

    def _deciding(self, outcome: str) -> list[OutcomeRule]:
        return [rule for rule in self.ruleset.of_kind(OutcomeRule) if rule.decides == outcome]

    def outcome(self, name: str, part: Part) -> Lookup:
        """Return the cells of an outcome, each a letter for the rules that apply in it."""
        outcome = self.ruleset.outcomes[name]
        deciding = {rule.id: rule for rule in self._deciding(name)}
        places = {rule.id: place for place, rule in enumerate(self.rules)}
        letters: dict[frozenset[str], str] = {}
        rows = [row.intersection(deciding) for row in part.rows]
        results = []
        for row in dict.fromkeys(rows):
            letters[row] = _letter(len(letters))
            applying = [deciding[id_] for id_ in sorted(row)]
            value = applying[0].then if len({rule.then for rule in applying}) == 1 else outcome.none
            result = DecidedOutcome.of(name, outcome.none, value, applying)
            results.append(
                {
                    "letter": letters[row],
                    "value": self.values[name].index(value),
                    "basis": upper_first(result.basis.label),
                    "rules": [places[rule.id] for rule in applying],
                }
            )
        return {
            "id": name,
            "number": self.numbers[name],
            "tests": [self.numbers[fact] for fact in part.values],
            "results": results,
            "cells": "".join(letters[row] for row in rows),
        }

    def rule(self, rule: Rule, calendars: tuple[Calendar, ...]) -> Lookup:
        """Return a rule: what it says, where it applies and what it counts."""
        listed = kind_of(rule).list_of(rule)
        matches = regions_of(program_for(self.ruleset)).matches[rule.id]
        written: Lookup = {
            "id": rule.rule,
            "case": rule.id,
            "list": listed,
            "says": self.sentence_of(rule),
            "statements": list(rule.statements),
            "questions": list(rule.open_questions),
            "boxes": [] if isinstance(rule, OutcomeRule) else list(map(self._box, matches)),
            "tests": [self.numbers[name] for name in rule.tests],
        }
        if isinstance(rule, DeadlineRule | ActionRule):
            written |= {"by": upper_first(self.ruleset.parties[rule.by].title)}
            written |= {"modality": rule.modality.value}
        if isinstance(rule, DeadlineRule):
            events = list(self.ruleset.events)
            written["bounds"] = [write_bound(bound, events, calendars) for bound in rule.bounds]
        return written

    def _box(self, box: Box) -> list[list[int]]:
        """Return a box as pairs: the number of a name, and a bit for each value that fits."""
        return [
            [
                self.numbers[name],
                sum(1 << at for at, value in enumerate(self.values[name]) if value in allowed),
            ]
            for name, allowed in box.items()
        ]


def write_bound(bound: Bound, events: Sequence[str], calendars: Sequence[Calendar]) -> Lookup:
    """Return a bound of a deadline as plain data; it names its event and its calendar by number."""
    return {
        "anchor": events.index(bound.anchor),
        "count": bound.direction * bound.period.count,
        "unit": bound.period.unit.value,
        "days": bound.days,
        "floor": bound.is_floor,
        "moves": bound.moves(DueDatePolicy.MOVES_ON),
        "with_day": bound.with_day,
        "calendar": calendars.index(bound.calendar),
    }


def _name(term: Fact | Outcome, kind: str, start: str) -> Lookup:
    values = list(term.values)
    return {
        "id": term.id,
        "kind": kind,
        "label": term.label or upper_first(term.title),
        "values": values,
        "labels": [term.labels.get(value) or upper_first(term.values[value]) for value in values],
        "says": list(map(upper_first, term.values.values())),
        "start": values.index(start),
    }


def _letter(number: int) -> str:
    """Return a letter of its own for a number, plain ones first."""
    return _PLAIN[number] if number < len(_PLAIN) else chr(0x100 + number)


def _days_off(calendar: Calendar) -> Lookup:
    """Return which days of the week are off, and which of a weekend are worked, as ordinals."""
    first = datetime.date(FIRST_YEAR, 1, 1).toordinal()
    last = datetime.date(LAST_YEAR, 12, 31).toordinal()
    off: list[int] = []
    worked: list[int] = []
    for day in range(first, last + 1):
        is_weekday = (day - 1) % 7 < _WEEKDAYS
        if calendar.is_working(day) != is_weekday:
            (off if is_weekday else worked).append(day)
    return {"off": off, "worked": worked}
