"""The values of the facts of a ruleset, as a follow-up gives them on a day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ncpi_rules.core import FURTHER, UNKNOWN, FactsError, Problem, one_of
from ncpi_rules.facts import name_facts
from ncpi_rules.plan.revisits import current_of

if TYPE_CHECKING:
    from ncpi_rules.facts import FollowUp
    from ncpi_rules.ruleset import Ruleset


def values_of(follow_up: FollowUp, rules: Ruleset, day: int) -> dict[str, str]:
    """Return the value of every fact of a ruleset on a day (an ordinal).

    Of several revisits, they are about the one that is current on that day.

    Raises FactsError, with every problem, for dates that contradict the order of its events; where
    there are none, for a value that the ruleset does not have.
    """
    return values_for(current_of(follow_up, rules, day), rules, day)


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
