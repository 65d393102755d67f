"""Values, events and sources of a ruleset as sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ncpi_rules.core import sentence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ncpi_rules.ruleset.model import Ruleset
    from ncpi_rules.ruleset.rules import Rule


def describe_value(ruleset: Ruleset, fact: str, value: str) -> str:
    """Return the vocabulary's sentence for a value of a fact, or an answer to an interpretation."""
    if fact in ruleset.interpretations:
        return f"interpretation {fact} is answered '{value}'"
    if fact in ruleset.outcomes:
        outcome = ruleset.outcomes[fact]
        return f"{outcome.title[:1].lower()}{outcome.title[1:]} is {outcome.values[value]}"
    return ruleset.facts[fact].values[value]


def name_events(ruleset: Ruleset, text: str) -> str:
    """Return a deadline's text with the titles of the events for their names."""
    for id_, event in sorted(ruleset.events.items(), key=lambda item: -len(item[0])):
        text = text.replace(id_, event.title)
    return text


def describe_sources(ruleset: Ruleset, rule: Rule) -> Iterator[str]:
    """Yield what a rule rests on: its statements, with their summaries, and its interpretations."""
    for id_ in rule.statements:
        yield f"Statement {id_} says, in our words: {sentence(ruleset.statements[id_].summary)}"
    for id_ in rule.open_questions:
        interpretation = ruleset.interpretations[id_]
        yield (
            f"It rests on interpretation {id_}: {sentence(interpretation.question)} "
            f"Agreed by: {interpretation.agreed_by}."
        )
