"""What is still unknown of a follow-up: the facts, and the dates, that would make a difference."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from ncpi_rules.core import UNKNOWN
from ncpi_rules.plan.document import StillUnknown
from ncpi_rules.ruleset import neighbours_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ncpi_rules.engine import Neighbour
    from ncpi_rules.facts import NamedFacts
    from ncpi_rules.ruleset import DeadlineRule, Decision, Event


def unknown_facts(decision: Decision) -> tuple[StillUnknown, ...]:
    """Return the facts that are not known and that some rule tests, the most weighty first.

    Those of the same weight stand in the order of the vocabulary. What another value would change
    is read from the regions of the decision table.
    """
    rules, values = decision.ruleset, decision.values
    names = [name for name, fact in rules.facts.items() if values[name] == fact.unknown]
    others: dict[str, list[Neighbour]] = {}
    for other in neighbours_of(decision, names):
        others.setdefault(other.fact, []).append(other)
    facts = (_unknown_fact(decision, name, others[name]) for name in names if name in others)
    return tuple(
        sorted(
            (fact for fact in facts if fact.rules_that_would_change),
            key=lambda fact: (-len(fact.headlines), -(fact.rules_that_would_change or 0)),
        )
    )


def _unknown_fact(decision: Decision, name: str, others: list[Neighbour]) -> StillUnknown:
    rules, headlines = decision.ruleset, dict[str, str]()
    if headline := rules.settings.headline:
        outcome = rules.outcomes[headline]
        reached = {other.decided[headline] for other in others}
        reached -= {outcome.none, decision.outcomes[headline].value}
        headlines = {value: title for value, title in outcome.values.items() if value in reached}
    return StillUnknown(
        fact=name,
        sentence=rules.facts[name].title,
        place=rules.contract.place(name),
        headlines=tuple(headlines),
        headline_titles=tuple(headlines.values()),
        rules_that_would_change=max(len(other.rules) for other in others),
        deadlines_that_wait=None,
    )


def unknown_dates(
    facts: NamedFacts, deadlines: Iterable[DeadlineRule], events: Mapping[str, Event], whose: str
) -> tuple[StillUnknown, ...]:
    """Return the events without a date that deadlines wait for, those of most deadlines first.

    Those of as many deadlines stand in the order of the vocabulary. ``whose`` says which revisit it
    is, where there are several.
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
            sentence=f"The date: {events[event].title}{whose}",
            place=facts.place(event),
            headlines=(),
            headline_titles=(),
            rules_that_would_change=None,
            deadlines_that_wait=waiting[event],
        )
        for event in sorted(filter(waiting.__getitem__, events), key=lambda event: -waiting[event])
    )
