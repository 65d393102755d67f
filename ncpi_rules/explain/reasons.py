"""Why a rule applies or does not, in sentences that can be read out.

Everything is worked out when it is asked for, by the reference evaluator; a plan stores
none of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ncpi_rules.core import Problem, UnknownItemError, nearest, sentence
from ncpi_rules.deadlines import describe_status
from ncpi_rules.plan import describe_decision
from ncpi_rules.ruleset import (
    DeadlineRule,
    Decision,
    OutcomeRule,
    Rule,
    describe_sources,
    describe_value,
    engine_of,
    name_events,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ncpi_rules.engine import Condition
    from ncpi_rules.plan import Plan
    from ncpi_rules.ruleset import Ruleset


def _says_values(ruleset: Ruleset, fact: str, values: Iterable[str]) -> str:
    known = ruleset.facts.get(fact) or ruleset.outcomes.get(fact)
    order = list(known.values if known else ruleset.interpretations[fact].answers)
    sentences = [describe_value(ruleset, fact, value) for value in order if value in set(values)]
    return ", or ".join(sentences)


def _conditions(decision: Decision, rule: Rule) -> tuple[tuple[Condition, ...], tuple[str, ...]]:
    found = engine_of(decision.ruleset).explain(rule.id, decision.evaluation, decision.values)
    return found.conditions, found.outranked_by


def why_rule(
    decision: Decision, rule: Rule, places: Mapping[str, str] | None = None
) -> Iterator[str]:
    """Yield why a rule applies: what it says, the facts behind it, and what it rests on.

    ``places`` names where a fact stands in the follow-up.
    """
    ruleset = decision.ruleset
    yield sentence(rule.title)
    conditions, _ = _conditions(decision, rule)
    for condition in conditions:
        if condition.fact in ruleset.interpretations:
            continue
        told = describe_value(ruleset, condition.fact, condition.value)
        where = (places or {}).get(condition.fact)
        yield f"This holds because {told}{f' ({where})' if where else ''}."
        if condition.fact in ruleset.outcomes:
            for below in decision.outcomes[condition.fact].rules:
                yield f"That in turn follows from the rule {below.id}: {sentence(below.title)}"
    if not [each for each in conditions if each.fact not in ruleset.interpretations]:
        yield "This holds in every case."
    for id_ in rule.under:
        answer = decision.values[id_]
        ours = ruleset.interpretations[id_].ours
        asked = "" if answer == ours else f" (asked for; ours is '{ours}')"
        yield f"Interpretation {id_} is answered '{answer}'{asked}: " + sentence(
            ruleset.interpretations[id_].answers[answer]
        )
    if isinstance(rule, DeadlineRule) and rule.says:
        yield f"The limit is {name_events(ruleset, rule.says)}."
    yield from describe_sources(ruleset, rule)


def why_not_rule(
    decision: Decision, rule: Rule, places: Mapping[str, str] | None = None
) -> Iterator[str]:
    """Yield why a rule does not apply: the facts that stand against it."""
    ruleset = decision.ruleset
    if rule.id in decision.evaluation.fired:
        yield f"The rule {rule.id} does hold: {sentence(rule.title)}"
        return
    yield f"The rule {rule.id} does not hold: {sentence(rule.title)}"
    conditions, outranked_by = _conditions(decision, rule)
    for condition in conditions:
        if condition.holds:
            continue
        if condition.fact in ruleset.interpretations:
            wanted = "' or '".join(sorted(condition.needs))
            yield (
                f"It would need interpretation {condition.fact} to be answered '{wanted}'; "
                f"it is answered '{condition.value}'."
            )
            continue
        where = (places or {}).get(condition.fact)
        yield (
            f"It would need that {_says_values(ruleset, condition.fact, condition.needs)}; "
            f"but {describe_value(ruleset, condition.fact, condition.value)}"
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
        if name in outcome.values:
            decided = decision.outcomes[outcome.id]
            if decided.value == name:
                return (f"It is {outcome.values[name]}: {sentence(decided.rules[0].title)}",)
            told = [
                line
                for rule in ruleset.of_kind(OutcomeRule)
                if rule.decides == outcome.id and rule.then == name
                for line in why_not_rule(decision, rule, places)
            ]
            return (f"It is not {outcome.values[name]}.", *told)
    known = [
        *ruleset.rules,
        *(value for each in ruleset.outcomes.values() for value in each.values),
    ]
    guess = nearest(name, known)
    raise UnknownItemError(
        Problem(
            place="",
            message=f"There is no rule and no outcome '{name}'.",
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
                message=f"The plan has no item '{item}'.",
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
            yield from describe_status(deadline)
            for id_ in deadline.bound_by:
                if id_ != item:
                    yield (
                        f"The latest compliant date follows from {id_}: "
                        f"{sentence(rules[id_].title)}"
                    )
    yield from (alert.says for alert in plan.alerts if alert.id == item)
    for step in (*plan.required_actions, *plan.optional_actions):
        if step.id == item and step.decision is not None:
            yield describe_decision(step.decision)
    for request in plan.documents:
        if request.id == item and request.prompted_by:
            yield f"It is prompted by {', '.join(request.prompted_by)}."


def _why_outcome(plan: Plan, name: str) -> Iterator[str]:
    decided, outcome = plan.decision.outcomes[name], plan.ruleset.outcomes[name]
    value = decided.value or outcome.none
    yield f"{outcome.title}: {outcome.values[value]} ({decided.basis.says})."
    if not decided.rules:
        yield "No rule of the edition covers this case."
    for rule in decided.rules:
        yield from why_rule(plan.decision, rule, plan.places)
