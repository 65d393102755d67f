"""Why a rule holds or does not, in sentences that can be read out.

Floor 5. Everything is worked out when it is asked for, by the reference evaluator; a plan stores
none of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ncpi_rules.deciding import Decision, decide, engine_of
from ncpi_rules.errors import Problem, UnknownItemError, nearest
from ncpi_rules.ruleset.rules import DeadlineRule, OutcomeRule, Rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ncpi_rules.engine import Condition
    from ncpi_rules.ruleset.model import Ruleset


def sentence(text: str) -> str:
    """Return a text as a sentence: a capital first, a full stop last.

    >>> sentence("the force is told")
    'The force is told.'
    """
    text = text.strip()
    return f"{text[:1].upper()}{text[1:]}{'' if text.endswith(('.', '?', '!')) else '.'}"


def says_word(ruleset: Ruleset, fact: str, word: str) -> str:
    """Return the vocabulary's sentence for a word of a fact, or an answer to a reading."""
    if fact in ruleset.readings:
        return f"reading {fact} is answered '{word}'"
    if fact in ruleset.outcomes:
        outcome = ruleset.outcomes[fact]
        return f"{outcome.title[:1].lower()}{outcome.title[1:]} is {outcome.words[word]}"
    return ruleset.facts[fact].words[word]


def _says_words(ruleset: Ruleset, fact: str, words: Iterable[str]) -> str:
    known = ruleset.facts.get(fact) or ruleset.outcomes.get(fact)
    order = list(known.words if known else ruleset.readings[fact].answers)
    sentences = [says_word(ruleset, fact, word) for word in order if word in set(words)]
    return ", or ".join(sentences)


def _conditions(decision: Decision, rule: Rule) -> tuple[tuple[Condition, ...], tuple[str, ...]]:
    found = engine_of(decision.ruleset).explain(rule.id, decision.evaluation, decision.words)
    return found.conditions, found.outranked_by


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


def why_rule(
    decision: Decision, rule: Rule, places: Mapping[str, str] | None = None
) -> Iterator[str]:
    """Yield why a rule holds: what it says, the facts behind it, and what it rests on.

    ``places`` names where a fact stands in the follow-up.
    """
    ruleset = decision.ruleset
    yield sentence(rule.title)
    conditions, _ = _conditions(decision, rule)
    for condition in conditions:
        if condition.fact in ruleset.readings:
            continue
        told = says_word(ruleset, condition.fact, condition.word)
        where = (places or {}).get(condition.fact)
        yield f"This holds because {told}{f' ({where})' if where else ''}."
        if condition.fact in ruleset.outcomes:
            for below in decision.outcomes[condition.fact].rules:
                yield f"That in turn follows from the rule {below.id}: {sentence(below.title)}"
    if not [each for each in conditions if each.fact not in ruleset.readings]:
        yield "This holds in every case."
    for id_ in rule.under:
        answer = decision.words[id_]
        ours = ruleset.readings[id_].ours
        asked = "" if answer == ours else f" (asked for; ours is '{ours}')"
        yield f"Reading {id_} is answered '{answer}'{asked}: " + sentence(
            ruleset.readings[id_].answers[answer]
        )
    if isinstance(rule, DeadlineRule) and rule.says:
        yield f"The limit is {says_event(ruleset, rule.says)}."
    yield from says_source(ruleset, rule)


def why_not_rule(
    decision: Decision, rule: Rule, places: Mapping[str, str] | None = None
) -> Iterator[str]:
    """Yield why a rule does not hold: the facts that stand against it."""
    ruleset = decision.ruleset
    if rule.id in decision.evaluation.fired:
        yield f"The rule {rule.id} does hold: {sentence(rule.title)}"
        return
    yield f"The rule {rule.id} does not hold: {sentence(rule.title)}"
    conditions, outranked_by = _conditions(decision, rule)
    for condition in conditions:
        if condition.holds:
            continue
        if condition.fact in ruleset.readings:
            wanted = "' or '".join(sorted(condition.needs))
            yield (
                f"It would need reading {condition.fact} to be answered '{wanted}'; "
                f"it is answered '{condition.word}'."
            )
            continue
        where = (places or {}).get(condition.fact)
        yield (
            f"It would need that {_says_words(ruleset, condition.fact, condition.needs)}; "
            f"but {says_word(ruleset, condition.fact, condition.word)}"
            f"{f' ({where})' if where else ''}."
        )
    for other in outranked_by:
        yield f"The rule {other} outranks it: {sentence(ruleset.rules[other].title)}"


def why_not(
    decision: Decision, name: str, places: Mapping[str, str] | None = None
) -> tuple[str, ...]:
    """Return why a rule, or every rule for a word of an outcome, does not hold.

    Raises UnknownItemError, with the nearest name, for what the ruleset does not have.
    """
    ruleset = decision.ruleset
    if name in ruleset.rules:
        return tuple(why_not_rule(decision, ruleset.rules[name], places))
    for outcome in ruleset.outcomes.values():
        if name in outcome.words:
            decided = decision.outcomes[outcome.id]
            if decided.value == name:
                return (f"It is {outcome.words[name]}: {sentence(decided.rules[0].title)}",)
            told = [
                line
                for rule in ruleset.of_kind(OutcomeRule)
                if rule.decides == outcome.id and rule.then == name
                for line in why_not_rule(decision, rule, places)
            ]
            return (f"It is not {outcome.words[name]}.", *told)
    known = [*ruleset.rules, *(word for each in ruleset.outcomes.values() for word in each.words)]
    guess = nearest(name, known)
    raise UnknownItemError(
        Problem(
            place="",
            sentence=f"There is no rule and no outcome '{name}'.",
            help=f"Did you mean '{guess}'?" if guess else "Look for the name in the ruleset.",
        )
    )


def what_matters(decision: Decision, fact: str) -> dict[str, Decision]:
    """Return what would be decided for every other word of a fact, by the word."""
    return {
        word: decided_otherwise(decision, {fact: word})
        for word in decision.ruleset.facts[fact].words
        if word != decision.words[fact]
    }


def decided_otherwise(decision: Decision, words: Mapping[str, str]) -> Decision:
    """Return what would be decided if some facts had other words, all else being as it is."""
    ruleset = decision.ruleset
    given = {name: decision.words[name] for name in ruleset.facts}
    answered = {name: decision.words[name] for name in ruleset.readings}
    return decide(ruleset, {**given, **words}, readings=answered)
