"""Words of the vocabulary, events and sources of a ruleset as sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ncpi_rules.core import sentence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ncpi_rules.ruleset.model import Ruleset
    from ncpi_rules.ruleset.rules import Rule


def says_word(ruleset: Ruleset, fact: str, word: str) -> str:
    """Return the vocabulary's sentence for a word of a fact, or an answer to a reading."""
    if fact in ruleset.readings:
        return f"reading {fact} is answered '{word}'"
    if fact in ruleset.outcomes:
        outcome = ruleset.outcomes[fact]
        return f"{outcome.title[:1].lower()}{outcome.title[1:]} is {outcome.words[word]}"
    return ruleset.facts[fact].words[word]


def says_event(ruleset: Ruleset, text: str) -> str:
    """Return a deadline's text with the titles of the events for their names."""
    for id_, event in sorted(ruleset.events.items(), key=lambda each: -len(each[0])):
        text = text.replace(id_, event.title)
    return text


def says_source(ruleset: Ruleset, rule: Rule) -> Iterator[str]:
    """Yield what a rule rests on: its statements, each with its summary, and its readings."""
    for id_ in rule.statements:
        yield f"Statement {id_} says, in our words: {sentence(ruleset.statements[id_].summary)}"
    for id_ in rule.rests_on:
        reading = ruleset.readings[id_]
        yield (
            f"It rests on reading {id_}: {sentence(reading.question)} "
            f"Agreed by: {reading.agreed_by}."
        )
