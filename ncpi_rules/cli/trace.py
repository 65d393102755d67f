"""The command ``trace``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from ncpi_rules.checks import trace as trace_text
from ncpi_rules.cli import STANDARD_INPUT
from ncpi_rules.cli.options import FormatName, RulesetName, read_input, ruleset_named
from ncpi_rules.cli.output import GOOD, SOME_FILE_BAD, refuse, show_as
from ncpi_rules.core import NcpiRulesError
from ncpi_rules.ruleset import (
    SHIPPED,
    ActionRule,
    DeadlineRule,
    DocumentRule,
    OutcomeRule,
    QuestionRule,
)
from ncpi_rules.scenarios import coverage, load_scenarios

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ncpi_rules.ruleset import Rule, Ruleset
    from ncpi_rules.scenarios import Expected, Scenario


def trace(
    methodology: str,
    /,
    *,
    ruleset: RulesetName = SHIPPED,
    against: str | None = None,
    format_: FormatName = "text",
) -> int:
    """List the rules that implement each statement of a methodology; compare two versions.

    Of what changed it says first what matters: which numbers, which words for how strongly a
    statement speaks and which parties differ, and which parameters and rules carry them.

    The exit status is 0 where every statement is as the rules know it, and 1 where one is not.

    :param methodology: The methodology as plain text, each paragraph and list item on one line.
    :param against: The changed methodology; the first file is then the old one.
    """
    rules = ruleset_named(ruleset)
    if methodology == against == STANDARD_INPUT:
        refuse("Both texts cannot come from standard input.", "Name a file for one of the two.")
    scenarios = _scenarios_of(rules, load_scenarios(ruleset, ruleset=rules))
    old = read_input(methodology, NcpiRulesError)
    new = None if against is None else read_input(against, NcpiRulesError)
    try:
        result = trace_text(old, rules, against=new, scenarios=scenarios)
    except NcpiRulesError as fault:
        names = {"text": methodology, "against": against or ""}
        raise NcpiRulesError(
            attrs.evolve(problem, place=names.get(problem.place, problem.place))
            for problem in fault.problems
        ) from None
    show_as(
        format_,
        json=result.to_dict,
        text=result.to_text,
        markdown=result.to_markdown,
        html=result.to_html,
    )
    return GOOD if result.same else SOME_FILE_BAD


def _scenarios_of(
    ruleset: Ruleset, scenarios: tuple[Scenario, ...]
) -> Mapping[str, tuple[str, ...]]:
    """Return for each rule the scenarios in which it applies and that expect what it says.

    A rule that applies in a scenario that is about something else would only hide the others.
    """
    applies_in = coverage(scenarios, ruleset).applies_in
    expecting = {scenario.says: scenario.expect for scenario in scenarios}
    return {
        id_: tuple(
            dict.fromkeys(
                says
                for rule in cases
                for says in applies_in[rule.id]
                if _expects(expecting[says], rule)
            )
        )
        for id_, cases in ruleset.cases.items()
    }


def _expects(expected: Expected, rule: Rule) -> bool:
    """Return True where a scenario expects what a rule says."""
    match rule:
        case OutcomeRule():
            return rule.decides in {*expected.outcomes, *expected.basis}
        case DeadlineRule():
            return rule.event in expected.deadlines
        case ActionRule():
            return any(rule.does in action.split() for action in expected.actions)
        case DocumentRule():
            suggested = {*expected.suggested, *expected.not_suggested}
            named = {word for text in expected.documents for word in text.split()}
            return rule.document in suggested | named
        case QuestionRule():
            return rule.rule in expected.questions
    return rule.rule in expected.alerts
