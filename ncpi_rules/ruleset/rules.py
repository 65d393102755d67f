"""The kinds of rules, as frozen objects, and the rules that apply in a case, by what they do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from types import MappingProxyType
from typing import Any, Final, Self, TypeAlias

import attrs
from attrs import evolve, field, frozen

from ncpi_rules.core import Basis, Calendar, Modality, Period, Unit, joined
from ncpi_rules.io import described
from ncpi_rules.ruleset.timing import Bound, Timing

Tests: TypeAlias = Mapping[str, tuple[str, ...]]
"""For each fact tested, the values that satisfy it."""

_STRONGEST: Final = {basis: place for place, basis in enumerate(Basis)}


def _hidden(default: Any) -> Any:
    return attrs.field(default=default, eq=False, repr=False, metadata={"hidden": True})


@frozen(kw_only=True)
class Rule:
    """The common part of rules: what they test, what they rest on, and which rules they outrank."""

    id: str = described("The rule's name, such as tier.visit.")
    title: str = described("What the rule says, in one sentence.", prose=True)
    when: Tests = described("The facts that must hold; none means always.", factory=dict)
    under: Tests = described(
        "The answers to interpretations under which the rule applies.", factory=dict
    )
    outranks: tuple[str, ...] = described(
        "Rules that do not apply where this one does.", default=(), names="rule"
    )
    statements: tuple[str, ...] = described(
        "The statements that the rule implements.", names="statement"
    )
    rests_on: tuple[str, ...] = described(
        "The interpretations that it rests on besides.", default=(), names="interpretation"
    )
    note: str = described("Anything that the next reader should know.", default="", prose=True)
    rule: str = _hidden(attrs.Factory(lambda rule: rule.id, takes_self=True))
    """The rule as it is written, of which this is a case."""

    case: Tests = _hidden(MappingProxyType({}))
    """The values by which the case is told from the rule's other cases."""

    parameters: tuple[str, ...] = _hidden(())
    """The parameters from which its period and its sentences come."""

    place: str = _hidden("")
    """Where it stands."""

    open_questions: tuple[str, ...] = field(init=False, eq=False, repr=False)
    """The ids of the interpretations that the rule rests on, in their order."""

    tests: Mapping[str, frozenset[str]] = field(init=False, eq=False, repr=False)
    """What the rule tests: for each fact and each interpretation the values that satisfy it."""

    @property
    def where(self) -> str:
        """Return what tells the case of a rule, such as `` where R7 is first-day``, or nothing."""
        chosen = [f"{name} is {joined(list(values), 'or')}" for name, values in self.case.items()]
        return f" where {joined(chosen, 'and')}" if chosen else ""

    @property
    def full_name(self) -> str:
        """Return the rule with what tells its case, as a sentence names it."""
        return f"{self.rule}{self.where}"

    @open_questions.default
    def _all_interpretations(self) -> tuple[str, ...]:
        return tuple(sorted({*self.under, *self.rests_on}, key=interpretation_order))

    @tests.default
    def _all_tests(self) -> Mapping[str, frozenset[str]]:
        return {name: frozenset(values) for name, values in {**self.when, **self.under}.items()}


def interpretation_order(id_: str) -> tuple[str, int, str]:
    """Return a key that puts R2 before R10.

    >>> sorted(["R10", "R2"], key=interpretation_order)
    ['R2', 'R10']
    """
    letters = id_.rstrip("0123456789")
    digits = id_[len(letters) :]
    return letters, int(digits) if digits else -1, id_


@frozen(kw_only=True)
class OutcomeRule(Rule):
    """A rule that decides an outcome, or says why it stays open."""

    then: str = described("The value of the outcome; its value for 'none' where it stays open.")
    basis: Basis = described("What the outcome rests on.", default=Basis.FOLLOWS)
    modality: Modality = described("How strongly the methodology says it.", default=Modality.MUST)
    decides: str = described("The outcome.", default="", metadata={"hidden": True})


@frozen(kw_only=True)
class ActionRule(Rule):
    """A rule by which somebody does something: an action, required or optional."""

    by: str = described("The party that does it.", names="party")
    does: str = described("The activity.", names="activity")
    modality: Modality = described("How strongly the methodology says it.")
    to: tuple[str, ...] = described(
        "The parties with whom or to whom it is done.", default=(), names="party"
    )
    for_each: str = described(
        "The list of which each entry gets an item of its own.", default="", names="list"
    )
    completes: str = described("The event that shows that it is done.", default="", names="event")
    extent: str = described("How far it goes, in a few words.", default="", prose=True)


@frozen(kw_only=True)
class DocumentRule(Rule):
    """A rule by which a document may be asked for."""

    document: str = described("The document.", names="document")
    by: str = described("The party that asks for it.", names="party")
    of: str = described("The party that is asked for it.", names="party")
    modality: Modality = described("How strongly the methodology says it.", default=Modality.MAY)
    prompted_by: tuple[str, ...] = described(
        "The topics that prompt it; any-recommendation and any-area-of-concern are topics too.",
        default=(),
        names="topic",
    )


@frozen(kw_only=True)
class DeadlineRule(Rule):
    """A rule that ties one event to another, with a period or without."""

    by: str = described("The party that owes it.", names="party")
    event: str = described("The event that must happen in time.", names="event")
    modality: Modality = described("How strongly the methodology says it.")
    within: Timing | None = described(
        "The due date, such as 6 weeks after report-published.", default=None, names="event"
    )
    at_least: Timing | None = described(
        "The least distance, such as 2 weeks before revisit-begins.", default=None, names="event"
    )
    no_later_than: str = described(
        "An event on whose day it must have happened.", default="", names="event"
    )
    before: str = described(
        "An event before whose day it must have happened.", default="", names="event"
    )
    no_earlier_than: str = described(
        "An event before which it cannot happen.", default="", names="event"
    )
    calendar: str = described(
        "The calendar of ruleset.yaml by which its days are counted, if not that of days_off.",
        default="",
        names="calendar",
    )
    working_days: Calendar = described(
        "The calendar itself.",
        default=Calendar(),
        eq=False,
        repr=False,
        metadata={"hidden": True},
    )

    bounds: tuple[Bound, ...] = field(init=False, eq=False, repr=False)
    """The rule's bounds on days."""

    @bounds.default
    def _all_bounds(self) -> tuple[Bound, ...]:
        return tuple(self._bounds())

    def _bounds(self) -> Iterator[Bound]:
        days = self.working_days
        bound = partial(Bound, self.event, period=Period(0, Unit.DAYS), direction=1, calendar=days)
        if self.within is not None:
            is_before = self.within.direction == "before"
            yield self.within.bound(self.event, days, is_floor=is_before)
            if is_before:
                yield bound(self.within.event)
        if self.at_least is not None:
            is_floor = self.at_least.direction != "before"
            yield self.at_least.bound(self.event, days, is_floor=is_floor)
        if self.no_later_than:
            yield bound(self.no_later_than)
        if self.before:
            yield bound(self.before, days=-1, is_order=True)
        if self.no_earlier_than:
            yield bound(self.no_earlier_than, is_floor=True)

    def counted_by(self, name: str, calendars: Mapping[str, Calendar]) -> Self:
        """Return the rule with the days of the calendar of that name, or of days_off without."""
        return evolve(self, calendar=name, working_days=calendars[name])

    @property
    def limit(self) -> str:
        """Return the deadline in the words of the ruleset, or nothing where there is none."""
        parts = []
        if self.within is not None:
            parts.append(f"within {self.within.text}")
        if self.at_least is not None:
            parts.append(f"at least {self.at_least.text}")
        if self.no_later_than:
            parts.append(f"no later than {self.no_later_than}")
        if self.before:
            parts.append(f"before {self.before}")
        if self.no_earlier_than:
            parts.append(f"no earlier than {self.no_earlier_than}")
        if self.calendar and parts:
            parts.append(f"by the calendar '{self.calendar}'")
        return ", ".join(parts)


@frozen(kw_only=True)
class QuestionRule(Rule):
    """A rule by which the follow-up must answer a question."""

    ask: str = described("The question.", prose=True)
    by: str = described("The party that must answer it.", names="party")


@frozen(kw_only=True)
class AlertRule(Rule):
    """A rule that draws attention to something."""

    alert: str = described("What the reader should know, in a sentence.", prose=True)


@frozen(kw_only=True)
class DecidedOutcome:
    """One outcome of a case: its value, its basis, and the rules that decide it.

    ``value`` is None where it stays open.
    """

    outcome: str
    value: str | None
    basis: Basis
    rules: tuple[OutcomeRule, ...] = field(repr=False)

    @property
    def rule_ids(self) -> tuple[str, ...]:
        """Return the ids of the rules."""
        return tuple(dict.fromkeys(rule.rule for rule in self.rules))

    @classmethod
    def of(cls, outcome: str, none: str, value: str, rules: Sequence[OutcomeRule]) -> Self:
        """Return an outcome of a case, by its value and the rules that apply for it."""
        values = {rule.then for rule in rules}
        if len(values) != 1:
            # No rule, or rules that disagree: people decide.
            return cls(outcome=outcome, value=None, basis=Basis.REFERRED, rules=tuple(rules))
        return cls(
            outcome=outcome,
            value=None if value == none else value,
            basis=min([rule.basis for rule in rules], key=_STRONGEST.__getitem__),
            rules=tuple(rules),
        )


def cited(rules: Iterable[Rule]) -> tuple[str, ...]:
    """Return the statements that some rules implement, each once."""
    return tuple(dict.fromkeys(id_ for rule in rules for id_ in rule.statements))


def asked(rules: Iterable[Rule]) -> tuple[str, ...]:
    """Return the open questions on which some rules rest, each once."""
    return tuple(dict.fromkeys(id_ for rule in rules for id_ in rule.open_questions))


@frozen(kw_only=True, eq=False)
class ApplicableRules:
    """The rules that apply, sorted by what they do; shared by all cases in which these apply.

    ``deadline_ids`` has the ids of the deadlines.
    """

    outcomes: Mapping[str, DecidedOutcome]
    required_actions: tuple[ActionRule, ...]
    optional_actions: tuple[ActionRule, ...]
    documents: tuple[DocumentRule, ...]
    deadlines: tuple[DeadlineRule, ...]
    questions: tuple[QuestionRule, ...]
    alerts: tuple[AlertRule, ...]
    deadline_ids: frozenset[str] = field(init=False, repr=False)

    @deadline_ids.default
    def _deadline_ids(self) -> frozenset[str]:
        return frozenset(rule.id for rule in self.deadlines)
