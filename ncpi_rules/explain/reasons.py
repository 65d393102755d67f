"""Why an item is in a plan, or is not, in sentences that can be read out.

The reference evaluator works the reasons out when they are asked for; a plan stores none of
them.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Final

from attrs import frozen

from ncpi_rules.core import UnknownItemError, joined, nearest, sentence
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
    from collections.abc import Callable, Iterable, Iterator

    from ncpi_rules.engine import Explanation


_NOT_COVERED: Final = "No rule of the edition covers this case."


def why(plan: Plan, name: str) -> tuple[str, ...]:
    """Return why something is in a plan, in sentences; why not, where it is not.

    It may be an item of the plan, an outcome such as ``tier``, or what :func:`why_not` takes. Of an
    event, the actions and deadlines of the plan are explained. Raises UnknownItemError, with the
    nearest name, for anything else.
    """
    of = plan.of_item(name)
    repeats = plan.ruleset.repeats
    if repeats is not None and name in {revisit.id for revisit in plan.revisits}:
        name = repeats.fixes
    if of is not plan:
        return why(of, name)
    return _why_in(plan, name)


def _why_in(plan: Plan, name: str) -> tuple[str, ...]:
    """Return why something is in a plan, or why it is not, by its current revisit alone."""
    rules, reasons = plan.items, _Reasons(plan.decision, plan.places)
    if name in plan.decision.outcomes:
        return tuple(reasons.of_outcome(name))
    rule = rules.get(name) or next((rule for rule in rules.values() if rule.rule == name), None)
    if rule is not None:
        title, *rest = reasons.of_rule(rule)
        return title, *_present_state(plan, name), *rest
    if (outcome := reasons.decided_as(name)) is not None:
        return tuple(reasons.of_outcome(outcome))
    alerts = {alert.id: alert.sentence for alert in plan.alerts}
    if name in alerts:
        return (alerts[name],)  # it follows from no rule, and says itself why it is there
    if items := [item for item, rule in rules.items() if _is_on(name, rule)]:
        return tuple(line for item in items for line in why(plan, item))
    return _against(reasons, name, (*plan.decision.outcomes, *rules, *alerts))


def why_not(of: Plan | Decision, name: str) -> tuple[str, ...]:
    """Return why something does not apply, in sentences.

    It may be a rule, a value of an outcome such as a tier's name, or an event: every rule for that
    value, or on that event, is explained. Raises UnknownItemError, with the nearest name, for what
    the ruleset does not have.
    """
    decision, places = (of.decision, of.places) if isinstance(of, Plan) else (of, {})
    return _against(_Reasons(decision, places), name)


def _against(reasons: _Reasons, name: str, items: Iterable[str] = ()) -> tuple[str, ...]:
    """Return why something does not apply; ``items`` are names that would have been there."""
    ruleset = reasons.ruleset
    if name in ruleset.cases:
        return tuple(reasons.against(ruleset.cases[name]))
    if name in ruleset.rules:  # one case of a rule
        return tuple(reasons.against((ruleset.rules[name],)))
    values = [value for outcome in ruleset.outcomes.values() for value in outcome.values]
    if name in values:
        return tuple(reasons.against_value(name))
    if name in ruleset.events:
        return tuple(reasons.against_event(name))
    guess = nearest(str(name), [*items, *ruleset.cases, *values, *ruleset.events])
    names = "id of a rule or of an item of a plan, the name of an event, or a value of an outcome"
    message, help_ = f"There is nothing of the name '{name}'.", f"Use the {names}."
    raise UnknownItemError(message, f"Did you mean '{guess}'?" if guess else help_)


def _leads_to(outcome: str, value: str, rule: Rule) -> bool:
    """Return whether a rule settles an outcome on a value."""
    return isinstance(rule, OutcomeRule) and (rule.decides, rule.then) == (outcome, value)


def _is_on(event: str, rule: Rule) -> bool:
    """Return whether an event is that of a deadline, or completes the action of a rule."""
    on = rule.event if isinstance(rule, DeadlineRule) else getattr(rule, "completes", "")
    return bool(event) and on == event


def _named(rule: Rule) -> str:
    return f"The rule '{rule.title.removesuffix('.')}' ({rule.rule})"


def _present_state(plan: Plan, item: str) -> Iterator[str]:
    """Yield where an item stands, what was decided of it, and what an alert says."""
    rules = plan.items
    for deadline, scheduled, _ in plan.scheduled():
        if deadline.id == item:
            yield from deadline.status_sentences
            yield from filter(None, [deadline.decision])
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
            yield _NOT_COVERED
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
                    yield f"That follows from the rule {below.rule}: {sentence(below.title)}"
        if not conditions:
            yield "This applies in every case."
        for id_ in rule.under:
            answer, ours = decision.values[id_], interpretations[id_].ours
            asked = "" if answer == ours else f" (as requested; our answer is '{ours}')"
            text = sentence(interpretations[id_].answers[answer])
            yield f"Interpretation {id_} is answered '{answer}'{asked}: {text}"
        if isinstance(rule, DeadlineRule) and rule.limit:
            named = (
                f", by the parameter {joined(rule.parameters, 'and')}" if rule.parameters else ""
            )
            yield f"The limit is {name_events(self.ruleset, rule.limit)}{named}."
        yield from describe_sources(self.ruleset, rule)

    def decided_as(self, value: str) -> str | None:
        """Return the outcome that has a value in this case, if one has it."""
        facts = self.decision.facts
        return next((name for name in self.decision.outcomes if facts[name] == value), None)

    def against_value(self, value: str) -> Iterator[str]:
        """Yield why no outcome has a value: the rules that would have led to it."""
        decided = self.decided_as(value)
        for name, outcome in self.ruleset.outcomes.items():
            if name == decided:
                rules = self.decision.outcomes[name].rules
                title = sentence(rules[0].title) if rules else _NOT_COVERED
                yield f"It is {outcome.values[value]}: {title}"
            elif value in outcome.values and decided is None:
                yield f"It is not {outcome.values[value]}."
                yield from self._against_all(partial(_leads_to, name, value))

    def against_event(self, event: str) -> Iterator[str]:
        """Yield why each rule on an event does not apply, or that it does."""
        lines = list(self._against_all(partial(_is_on, event)))
        yield from lines or [f"No rule is about '{self.ruleset.events[event].title}'."]

    def _against_all(self, is_meant: Callable[[Rule], bool]) -> Iterator[str]:
        """Yield why each rule with a case that is meant does not apply."""
        for cases in self.ruleset.cases.values():
            if meant := tuple(filter(is_meant, cases)):
                yield from self.against(meant)

    def against(self, cases: tuple[Rule, ...]) -> Iterator[str]:
        """Yield why a rule does not apply, by the case of it that is nearest to applying."""
        values = self.decision.facts
        yield from self._against_case(
            min(
                cases,
                key=lambda rule: (
                    rule.id not in self.decision.evaluation.fired,
                    sum(values[name] not in allowed for name, allowed in rule.tests.items()),
                ),
            )
        )

    def _against_case(self, rule: Rule) -> Iterator[str]:
        """Yield why a case of a rule does not apply: the facts and the rules against it."""
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
