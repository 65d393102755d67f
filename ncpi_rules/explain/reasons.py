"""Why an item is in a plan, or is not, in sentences that can be read out.

The reference evaluator works the reasons out when they are asked for; a plan stores none of
them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from attrs import frozen

from ncpi_rules.core import UnknownItemError, nearest, sentence
from ncpi_rules.explain.days_off import describe_days_off
from ncpi_rules.plan import Plan
from ncpi_rules.ruleset import (
    DeadlineRule,
    Decision,
    OutcomeRule,
    Rule,
    Ruleset,
    describe_sources,
    describe_value,
    engine_of,
    name_events,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ncpi_rules.engine import Explanation


def why(plan: Plan, item: str) -> tuple[str, ...]:
    """Return why an item is in a plan, in sentences; ``tier`` explains the tier.

    Raises UnknownItemError, with the nearest id, for an item that the plan does not have.
    """
    reasons = _Reasons(plan.decision, plan.places)
    if item in plan.decision.outcomes:
        return tuple(reasons.of_outcome(item))
    rules = plan.items
    rule = rules.get(item) or next((rule for rule in rules.values() if rule.id == item), None)
    if rule is not None:
        title, *rest = reasons.of_rule(rule)
        return title, *_present_state(plan, item), *rest
    if item in plan.ruleset.rules:
        return why_not(plan, item)
    message, otherwise = f"The plan has no item '{item}'.", "Use the id of an item of the plan."
    raise _unknown(item, rules, message, otherwise)


def why_not(of: Plan | Decision, name: str) -> tuple[str, ...]:
    """Return why a rule, or every rule for a value of an outcome, does not apply, in sentences.

    Raises UnknownItemError, with the nearest name, for what the ruleset does not have.
    """
    decision, places = (of.decision, of.places) if isinstance(of, Plan) else (of, {})
    ruleset, reasons = decision.ruleset, _Reasons(decision, places)
    if name in ruleset.rules:
        return tuple(reasons.against_rule(ruleset.rules[name]))
    for outcome in ruleset.outcomes.values():
        if name in outcome.values:
            decided = decision.outcomes[outcome.id]
            if decided.value == name:
                return (f"It is {outcome.values[name]}: {sentence(decided.rules[0].title)}",)
            lines = [
                line
                for rule in ruleset.of_kind(OutcomeRule)
                if rule.decides == outcome.id and rule.then == name
                for line in reasons.against_rule(rule)
            ]
            return (f"It is not {outcome.values[name]}.", *lines)
    values = [value for outcome in ruleset.outcomes.values() for value in outcome.values]
    message = f"There is no rule or outcome '{name}'."
    otherwise = "Use the id of a rule, or a value of an outcome."
    raise _unknown(name, [*ruleset.rules, *values], message, otherwise)


def _named(rule: Rule) -> str:
    return f"The rule '{rule.title.removesuffix('.')}' ({rule.id})"


def _unknown(name: str, known: Iterable[str], message: str, otherwise: str) -> UnknownItemError:
    guess = nearest(name, known)
    help_ = f"Did you mean '{guess}'?" if guess else otherwise
    return UnknownItemError(message, help_)


def _present_state(plan: Plan, item: str) -> Iterator[str]:
    """Yield where a deadline stands, what an alert says, and what was decided of an action."""
    rules = plan.ruleset.rules
    for deadline, scheduled in zip(plan.deadlines, plan.schedule, strict=True):
        if deadline.id == item:
            yield from deadline.status_sentences
            yield from describe_days_off(scheduled, plan)
            for id_ in deadline.bound_by:
                if id_ != item:
                    title = sentence(rules[id_].title)
                    yield f"The latest compliant date follows from {id_}: {title}"
    yield from (alert.sentence for alert in plan.alerts if alert.id == item)
    for action in (*plan.required_actions, *plan.optional_actions):
        if action.id == item and action.decision is not None:
            yield action.decision
    for request in plan.documents:
        if request.id == item and request.prompted_by:
            yield f"It is prompted by {', '.join(request.prompted_by)}."


@frozen
class _Reasons:
    """The reasons for one decision; ``places`` names where a fact lies in the follow-up."""

    decision: Decision
    places: Mapping[str, str]

    @property
    def ruleset(self) -> Ruleset:
        """Return the ruleset by which the decision was made."""
        return self.decision.ruleset

    def of_outcome(self, name: str) -> Iterator[str]:
        """Yield the value of an outcome, what it rests on, and why its rules apply."""
        decided, outcome = self.decision.outcomes[name], self.ruleset.outcomes[name]
        value = outcome.values[decided.value or outcome.none]
        yield f"{outcome.title}: {value} ({decided.basis.label})."
        if not decided.rules:
            yield "No rule of the edition covers this case."
        for rule in decided.rules:
            yield from self.of_rule(rule)

    def of_rule(self, rule: Rule) -> Iterator[str]:
        """Yield why a rule applies: its title, the facts behind it, and what it rests on."""
        decision, interpretations = self.decision, self.ruleset.interpretations
        yield sentence(rule.title)
        conditions = [
            condition
            for condition in self._explained(rule).conditions
            if condition.fact not in interpretations
        ]
        for condition in conditions:
            phrase = describe_value(self.ruleset, condition.fact, condition.value)
            yield f"This applies because {phrase}{self._place(condition.fact)}."
            if condition.fact in self.ruleset.outcomes:
                for below in decision.outcomes[condition.fact].rules:
                    yield f"That follows from the rule {below.id}: {sentence(below.title)}"
        if not conditions:
            yield "This applies in every case."
        for id_ in rule.under:
            answer, ours = decision.values[id_], interpretations[id_].ours
            asked = "" if answer == ours else f" (as requested; our answer is '{ours}')"
            text = sentence(interpretations[id_].answers[answer])
            yield f"Interpretation {id_} is answered '{answer}'{asked}: {text}"
        if isinstance(rule, DeadlineRule) and rule.limit:
            yield f"The limit is {name_events(self.ruleset, rule.limit)}."
        yield from describe_sources(self.ruleset, rule)

    def against_rule(self, rule: Rule) -> Iterator[str]:
        """Yield why a rule does not apply: the facts and the rules against it."""
        if rule.id in self.decision.evaluation.fired:
            yield f"{_named(rule)} applies."
            return
        yield f"{_named(rule)} does not apply."
        explained = self._explained(rule)
        for condition in explained.conditions:
            if condition.holds:
                continue
            fact, value = condition.fact, condition.value
            if fact in self.ruleset.interpretations:
                needs = "' or '".join(sorted(condition.needs))
                yield (
                    f"It needs interpretation {fact} to be answered '{needs}'; "
                    f"it is answered '{value}'."
                )
            else:
                phrase = describe_value(self.ruleset, fact, value)
                needs = ", or ".join(self._phrases(fact, condition.needs))
                yield f"It applies only where {needs}; here, {phrase}{self._place(fact)}."
        for other in explained.outranked_by:
            yield f"{_named(self.ruleset.rules[other])} outranks it."

    def _explained(self, rule: Rule) -> Explanation:
        decision = self.decision
        return engine_of(self.ruleset).explain(rule.id, decision.evaluation, decision.values)

    def _place(self, fact: str) -> str:
        """Return where a fact lies in the follow-up, in brackets."""
        return f" ({self.places[fact]})" if fact in self.places else ""

    def _phrases(self, fact: str, values: Iterable[str]) -> Iterator[str]:
        """Yield the vocabulary's phrases for some values, in its order."""
        values = set(values)
        known = self.ruleset.facts.get(fact) or self.ruleset.outcomes[fact]
        for value in known.values:
            if value in values:
                yield describe_value(self.ruleset, fact, value)
