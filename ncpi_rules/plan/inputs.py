"""What a plan takes from facts and rules: values, dates, what repeats, what is not known."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from attrs import field, frozen

from ncpi_rules.core import (
    FURTHER,
    NOT_YET,
    UNKNOWN,
    FactsError,
    PartialDate,
    Problem,
    counted_off,
    one_of,
    upper_first,
)
from ncpi_rules.deadlines import format_days
from ncpi_rules.facts import name_facts
from ncpi_rules.io import described
from ncpi_rules.ruleset import (
    DeadlineRule,
    DocumentRule,
    Ruleset,
    base_of,
    is_edited,
    neighbours_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import Protocol

    from ncpi_rules.core import When
    from ncpi_rules.engine import Neighbour
    from ncpi_rules.facts import FollowUp, NamedFacts, RecordedDecision
    from ncpi_rules.ruleset import Decision, Event, Rule

    class _Cites(Protocol):
        @property
        def statements(self) -> tuple[str, ...]: ...


_NOTICES: Final = ("notice.given", "notice.activity_described")


@frozen(slots=False)
class DayRange:
    """A number of days, as far as it is known."""

    least: int = described("The least that it can be.", metadata={"key": "from"})
    most: int = described("The most that it can be.", metadata={"key": "to"})

    @property
    def text(self) -> str:
        """Return the number of days as an officer reads it.

        >>> DayRange(34, 63).text, DayRange(1, 1).text
        ('34 to 63 days', '1 day')
        """
        return format_days((self.least, self.most))


@frozen(kw_only=True, slots=False)
class CountedFrom:
    """An event from which a deadline is counted, or before or after which it lies."""

    event: str = described("The event, by its name in the vocabulary.")
    title: str = described("The event, as an officer reads it.")
    on: PartialDate | None = described("Its date; null where that is not known or not yet set.")


@frozen(kw_only=True, slots=False)
class RevisitDays:
    """The events of a revisit by their names in the vocabulary, and when it begins and ends."""

    event: str = described("The event with which it begins.")
    begins: PartialDate | None = described(
        "The day on which it begins; null where that is not known."
    )
    ends: PartialDate | None = described("The day on which it ends; null if not known.")
    notices: tuple[str, ...] = described("The events by which notice of it is given.")


@frozen(kw_only=True, slots=False)
class StillUnknown:
    """A fact or a date that is not known, and what it could change."""

    fact: str = described("The fact or the event, by its name in the vocabulary.")
    sentence: str = described("What is not known, in words.")
    place: str = described(
        "Where it is written in a follow-up file; the places, with commas, where it has several."
    )
    headlines: tuple[str, ...] = described(
        "The values of the headline to which another value would lead."
    )
    headline_titles: tuple[str, ...] = described("These values, as an officer reads them.")
    rules_that_would_change: int | None = described(
        "The most rules that one value could switch on or off; null for a date."
    )
    deadlines_that_wait: int | None = described(
        "The number of deadlines that wait for a date; null for any other fact."
    )


def values_for(follow_up: FollowUp, rules: Ruleset, day: int) -> dict[str, str]:
    """Return the value of every fact on a day (an ordinal), for the last revisit of a list."""
    recorded = name_facts(follow_up, rules.contract).on(day)
    values: dict[str, str] = {}
    problems: list[Problem] = []
    for fact, value in zip(rules.facts.values(), recorded, strict=True):
        if value is UNKNOWN:
            values[fact.id] = fact.unknown
        elif value is None:
            values[fact.id] = fact.left_out or fact.unknown
        elif value in fact.values:
            values[fact.id] = value
        else:
            problems.append(_not_a_value(follow_up, rules, fact.id, value))
    if problems:
        raise FactsError(problems)
    return values


def _not_a_value(follow_up: FollowUp, rules: Ruleset, name: str, value: str) -> Problem:
    fact, further = rules.facts[name], f"{FURTHER}.facts.{name}"
    return Problem(
        place=further if name in follow_up.further.facts else rules.contract.place(name),
        message=f"'{value}' is not a value for this: {fact.title.lower()}.",
        help=one_of(value, fact.values),
    )


def context_of(follow_up: FollowUp, ruleset: Ruleset, parts: Iterable[_Cites]) -> dict[str, Any]:
    """Return the fields of a document that say which rules it follows and what it cites.

    ``parts`` are all that cite statements.
    """
    base = base_of(ruleset)
    settings, ids = ruleset.settings, {id_ for part in parts for id_ in part.statements}
    event = ruleset.events.get(settings.selected_by)
    begins = selecting_date(follow_up, ruleset)
    return {
        "ruleset_id": settings.id,
        "methodology": settings.title,
        "edition": settings.edition,
        "digest": ruleset.digest,
        "based_on": None if base is None else base.edition,
        "edited": is_edited(ruleset),
        "first_event": None if event is None else event.label or upper_first(event.title),
        "begins": date_of(begins),
        "begins_text": _text_of(begins),
        "fieldwork": fieldwork_of(follow_up, ruleset),
        "statements": {
            id_: statement.summary for id_, statement in ruleset.statements.items() if id_ in ids
        },
    }


def _text_of(when: When) -> str:
    if isinstance(when, PartialDate):
        return when.text
    return "not yet" if when is NOT_YET else "not known"


def fieldwork_of(follow_up: FollowUp, ruleset: Ruleset) -> RevisitDays | None:
    """Return when the current revisit begins and ends, or None where there is no event for it."""
    contract = ruleset.contract
    if not (event := contract.name("fieldwork.begins")):
        return None
    events = name_facts(follow_up, contract).dates.events
    return RevisitDays(
        event=event,
        begins=date_of(events.get(event, UNKNOWN)),
        ends=date_of(events.get(contract.name("fieldwork.ends"), UNKNOWN)),
        notices=tuple(filter(None, map(contract.name, _NOTICES))),
    )


def selecting_date(follow_up: FollowUp, ruleset: Ruleset) -> When:
    """Return the date of the event by which an edition is selected."""
    events = name_facts(follow_up, ruleset.contract).dates.events
    return events.get(ruleset.settings.selected_by, UNKNOWN)


def counted_from(
    rule: DeadlineRule, events: Mapping[str, When], ruleset: Ruleset
) -> Iterator[CountedFrom]:
    """Yield the events that the limit of a deadline names, each once."""
    for event in dict.fromkeys(bound.anchor for bound in rule.bounds):
        title, on = ruleset.events[event].title, date_of(events.get(event, UNKNOWN))
        yield CountedFrom(event=event, title=title, on=on)


def date_of(when: When) -> PartialDate | None:
    """Return the days that a date may be, or None where none is known."""
    return PartialDate.between(when.start, when.end) if isinstance(when, PartialDate) else None


@frozen(eq=False)
class Repeating:
    """What repeats with each revisit, by a ruleset: its events, and the rules on them.

    ``after`` has the events that cannot come before the one with which a revisit ``begins``;
    ``opened_by`` the kinds of decisions that open another.
    """

    ruleset: Ruleset
    begins: str = field(init=False)
    after: tuple[str, ...] = field(init=False)
    events: frozenset[str] = field(init=False)
    rules: frozenset[str] = field(init=False)
    opened_by: frozenset[str] = field(init=False)

    @begins.default
    def _begins(self) -> str:
        repeats = self.ruleset.repeats
        return "" if repeats is None else repeats.begins

    @after.default
    def _after(self) -> tuple[str, ...]:
        order = self.ruleset.contract.order
        return tuple(later for first, later in order if first == self.begins)

    @events.default
    def _events(self) -> frozenset[str]:
        repeats = self.ruleset.repeats
        return frozenset() if repeats is None else frozenset(repeats.events)

    @rules.default
    def _rules(self) -> frozenset[str]:
        return frozenset(rule.rule for rule in self.ruleset.rules.values() if self._repeats(rule))

    @opened_by.default
    def _opened_by(self) -> frozenset[str]:
        repeats = self.ruleset.repeats
        return frozenset() if repeats is None else frozenset(repeats.opened_by)

    def _repeats(self, rule: Rule) -> bool:
        """Return True for a rule on a repeated event, or one for what the revisit consists of."""
        repeats = self.ruleset.repeats
        if repeats is None:
            return False
        if isinstance(rule, DeadlineRule):
            return rule.event in self.events
        completes = getattr(rule, "completes", None)
        is_item = completes is not None or isinstance(rule, DocumentRule)
        if completes:
            return completes in self.events
        return is_item and repeats.fixes in rule.tests

    def name_of(self, number: int) -> str:
        """Return the name of one of several revisits, such as ``First revisit``."""
        repeats = self.ruleset.repeats
        return f"{counted_off(number).capitalize()} {'' if repeats is None else repeats.title}"

    def opens(self, decision: RecordedDecision) -> bool:
        """Return True for a decision that opens another revisit, if it is made after one began."""
        return decision.kind in self.opened_by

    def has(self, name: str) -> bool:
        """Return True for the name of an event or a rule that repeats with each revisit."""
        return name in self.events or name in self.rules


def unknown_facts(decision: Decision) -> tuple[StillUnknown, ...]:
    """Return the facts that are not known and that some rule tests, the most weighty first.

    Those of the same weight stand in the order of the vocabulary. What another value would change
    is read from the regions of the decision table.
    """
    rules, values = decision.ruleset, decision.values
    names = [name for name, fact in rules.facts.items() if values[name] == fact.unknown]
    by_fact: dict[str, list[Neighbour]] = {}
    for neighbour in neighbours_of(decision, names):
        by_fact.setdefault(neighbour.fact, []).append(neighbour)
    facts = (_unknown_fact(decision, name, by_fact[name]) for name in names if name in by_fact)
    return tuple(
        sorted(
            (fact for fact in facts if fact.rules_that_would_change),
            key=lambda fact: (-len(fact.headlines), -(fact.rules_that_would_change or 0)),
        )
    )


def _unknown_fact(decision: Decision, name: str, neighbours: list[Neighbour]) -> StillUnknown:
    rules, headlines = decision.ruleset, dict[str, str]()
    if headline := rules.settings.headline:
        outcome = rules.outcomes[headline]
        reached = {neighbour.decided[headline] for neighbour in neighbours}
        reached -= {outcome.none, decision.outcomes[headline].value}
        headlines = {value: title for value, title in outcome.values.items() if value in reached}
    return StillUnknown(
        fact=name,
        sentence=rules.facts[name].title,
        place=", ".join(rules.contract.every_place(name)),
        headlines=tuple(headlines),
        headline_titles=tuple(headlines.values()),
        rules_that_would_change=max(len(neighbour.rules) for neighbour in neighbours),
        deadlines_that_wait=None,
    )


def unknown_dates(
    facts: NamedFacts,
    deadlines: Iterable[DeadlineRule],
    events: Mapping[str, Event],
    whose: Mapping[str, str],
) -> tuple[StillUnknown, ...]:
    """Return the events without a date, those for which most deadlines wait first.

    Events with as many stand in the order of the vocabulary. ``whose`` names the revisit of an
    event that repeats, where there are several.
    """
    dates = facts.dates.events
    waiting = Counter(
        event
        for rule in deadlines
        for event in {rule.event, *(bound.anchor for bound in rule.bounds)}
        if dates.get(event, UNKNOWN) is UNKNOWN
    )
    return tuple(
        StillUnknown(
            fact=event,
            sentence=f"The date: {events[event].title}{whose.get(event, '')}",
            place=facts.place(event),
            headlines=(),
            headline_titles=(),
            rules_that_would_change=None,
            deadlines_that_wait=waiting[event],
        )
        for event in sorted(filter(waiting.__getitem__, events), key=lambda event: -waiting[event])
    )
