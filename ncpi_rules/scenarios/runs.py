"""Running scenarios: what is not as expected, and why.

A scenario is assessed like any follow-up: values, rules, deadlines, plan. Only what it expects is
compared, and the reasons are worked out when they are asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from attrs import field, frozen

from ncpi_rules.core import FactsError, UnknownItemError, without_article
from ncpi_rules.plan import Plan, plan_of, values_of
from ncpi_rules.ruleset import ANY_DAY, decide
from ncpi_rules.scenarios.assertions import mismatches_of
from ncpi_rules.scenarios.items import Mismatch
from ncpi_rules.scenarios.model import Scenario

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ncpi_rules.core import NcpiRulesError
    from ncpi_rules.ruleset import Decision, Ruleset

_EVENTS: Final = "further.events."


@frozen(kw_only=True)
class ScenarioResult:
    """The result of one scenario; ``plan`` is None where its facts are refused."""

    scenario: Scenario
    plan: Plan | None = field(repr=False)
    mismatches: tuple[Mismatch, ...]

    @property
    def passed(self) -> bool:
        """Return True where everything is as expected."""
        return not self.mismatches

    def why(self, mismatch: Mismatch) -> tuple[str, ...]:
        """Return why it is not as expected, in sentences."""
        if mismatch.section == "refused":
            return ("'not_before' of an event in vocabulary.yaml says what must come first.",)
        if self.plan is None:
            return ()
        about = dict.fromkeys(mismatch.about)
        reasons = tuple(line for name in about for line in _explained(self.plan, name))
        return reasons or ("No rule of the ruleset leads to it.",)


def run(scenario: Scenario, ruleset: Ruleset, *, engine: str | None = None) -> ScenarioResult:
    """Return the result of a scenario under a ruleset, with everything that is not as expected.

    ``engine`` names ``durable-rules`` or ``reference``.
    """
    try:
        plan = planned(scenario, ruleset, engine=engine)
    except (FactsError, UnknownItemError) as fault:
        return ScenarioResult(
            scenario=scenario, plan=None, mismatches=tuple(_refused(scenario, fault))
        )
    return ScenarioResult(
        scenario=scenario, plan=plan, mismatches=tuple(mismatches_of(scenario, plan))
    )


def _refused(scenario: Scenario, fault: NcpiRulesError) -> Iterator[Mismatch]:
    """Yield what is wrong with the facts, unless a scenario expects just that."""
    expected = scenario.expect.refused
    actual = " ".join(as_written(problem.message) for problem in fault.problems)
    if not expected:
        yield Mismatch(section="facts", expected="facts and values of the ruleset", actual=actual)
    elif expected != actual:
        yield Mismatch(section="refused", expected=expected, actual=actual)


def as_written(text: str) -> str:
    """Return a message about facts in the names that a scenario uses."""
    return text.replace(_EVENTS, "")


def passes(
    scenario: Scenario,
    ruleset: Ruleset,
    *,
    decision: Decision | None = None,
    engine: str | None = None,
) -> bool:
    """Return True where everything is as expected; the first mismatch ends the search.

    ``decision`` is that of the ruleset on the scenario, where it is known already.
    """
    try:
        if decision is None:
            plan = planned(scenario, ruleset, engine=engine)
        else:
            plan = plan_of(
                scenario.known(ruleset.settings), decision, _day_of(scenario), engine=engine
            )
    except (FactsError, UnknownItemError) as fault:
        return next(_refused(scenario, fault), None) is None
    return next(mismatches_of(scenario, plan), None) is None


def planned(scenario: Scenario, ruleset: Ruleset, *, engine: str | None = None) -> Plan:
    """Return the plan of a scenario under a ruleset.

    Raises FactsError for facts that the ruleset does not have, UnknownItemError for an
    interpretation.
    """
    day = _day_of(scenario)
    known = scenario.known(ruleset.settings)
    values = values_of(known, ruleset, day)
    if scenario.follow_up is None:
        # As in `decide`: a record that a case does not name is not there.
        for name, fact in ruleset.facts.items():
            if fact.left_out and values[name] == fact.unknown and name not in scenario.dates:
                values[name] = fact.left_out
    values.update(scenario.facts)
    decision = decide(ruleset, values, interpretations=scenario.interpretations, engine=engine)
    return plan_of(known, decision, day, engine=engine)


def _day_of(scenario: Scenario) -> int:
    # Where nothing has a date, every day is like every other.
    return ANY_DAY if scenario.on is None else scenario.on.start


def _explained(plan: Plan, name: str) -> Iterable[str]:
    """Return why a rule applies or not, why an outcome is so, why an alert is there or not."""
    deadline = name.removeprefix("alert.")
    outcome = name.removeprefix("not-covered.")
    if name in plan.ruleset.parties:
        subject = plan.follow_up.about
        title = without_article(plan.subject_title)
        country = f", in {subject.country}" if subject.country else ""
        message = f"The {title} is {subject.name}{country}"
        return (f"{message}; local names: {plan.decision.naming.value}.",)
    if name in plan.ruleset.cases:
        return plan.why(name)
    if deadline in plan.ruleset.cases:
        return _explained(plan, deadline)
    if outcome in plan.decision.outcomes:
        return plan.why(outcome)
    return tuple(alert.sentence for alert in plan.alerts if alert.id == name)
