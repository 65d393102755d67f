"""Why a rule holds or does not, in sentences that can be read out.

Everything is worked out when it is asked for, by the reference evaluator; a plan stores
none of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ncpi_rules.core import Problem, UnknownItemError, nearest, sentence
from ncpi_rules.deadlines import says_standing
from ncpi_rules.plan import says_decision
from ncpi_rules.ruleset import (
    DeadlineRule,
    Decision,
    OutcomeRule,
    Rule,
    engine_of,
    says_event,
    says_source,
    says_word,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ncpi_rules.engine import Condition
    from ncpi_rules.plan import Plan
    from ncpi_rules.ruleset import Ruleset


def _says_words(ruleset: Ruleset, fact: str, words: Iterable[str]) -> str:
    known = ruleset.facts.get(fact) or ruleset.outcomes.get(fact)
    order = list(known.words if known else ruleset.readings[fact].answers)
    sentences = [says_word(ruleset, fact, word) for word in order if word in set(words)]
    return ", or ".join(sentences)


def _conditions(decision: Decision, rule: Rule) -> tuple[tuple[Condition, ...], tuple[str, ...]]:
    found = engine_of(decision.ruleset).explain(rule.id, decision.evaluation, decision.words)
    return found.conditions, found.outranked_by


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


def why(plan: Plan, item: str) -> tuple[str, ...]:
    """Return why an item is in the plan, in sentences; ``tier`` explains the tier.

    Raises UnknownItemError, with the nearest id, for an item that the plan does not have.
    """
    if item in plan.decision.outcomes:
        return tuple(_why_outcome(plan, item))
    items = plan.items
    rule = items.get(item) or next((each for each in items.values() if each.id == item), None)
    if rule is None and item in plan.ruleset.rules:
        return why_not(plan.decision, item, plan.places)
    if rule is None:
        guess = nearest(item, items)
        raise UnknownItemError(
            Problem(
                place="",
                sentence=f"The plan has no item '{item}'.",
                help=f"Did you mean '{guess}'?" if guess else "Look for its id in the plan.",
            )
        )
    lines = list(why_rule(plan.decision, rule, plan.places))
    lines[1:1] = _standing(plan, item)
    return tuple(lines)


def _standing(plan: Plan, item: str) -> Iterator[str]:
    """Yield where an item stands, beside the reasons for it."""
    rules = plan.ruleset.rules
    for deadline in plan.deadlines:
        if deadline.id == item:
            yield from says_standing(deadline)
            for id_ in deadline.bound_by:
                if id_ != item:
                    yield f"The last safe day follows from {id_}: {sentence(rules[id_].title)}"
    yield from (alert.says for alert in plan.alerts if alert.id == item)
    for step in (*plan.steps, *plan.options):
        if step.id == item and step.decision is not None:
            yield says_decision(step.decision)
    for request in plan.documents:
        if request.id == item and request.called_for_by:
            yield f"It is called for by {', '.join(request.called_for_by)}."


def _why_outcome(plan: Plan, name: str) -> Iterator[str]:
    decided, outcome = plan.decision.outcomes[name], plan.ruleset.outcomes[name]
    word = decided.value or outcome.none
    yield f"{outcome.title}: {outcome.words[word]} ({decided.standing.says})."
    if not decided.rules:
        yield "No rule of the edition covers this case."
    for rule in decided.rules:
        yield from why_rule(plan.decision, rule, plan.places)
