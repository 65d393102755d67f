"""The command ``trace``."""

from __future__ import annotations

import attrs

from ncpi_rules.checks import trace as trace_text
from ncpi_rules.cli import STANDARD_INPUT
from ncpi_rules.cli.options import FormatName, RulesetName, read_input, ruleset_named
from ncpi_rules.cli.output import GOOD, SOME_FILE_BAD, refuse, show_as
from ncpi_rules.core import NcpiRulesError
from ncpi_rules.ruleset import SHIPPED
from ncpi_rules.scenarios import coverage, load_scenarios


def trace(
    methodology: str,
    /,
    *,
    ruleset: RulesetName = SHIPPED,
    against: str | None = None,
    format_: FormatName = "text",
) -> int:
    """List the rules that implement each statement of a methodology; compare two versions.

    The exit status is 0 where every statement is as the rules know it, and 1 where one is not.

    :param methodology: The methodology as plain text, each paragraph and list item on one line.
    :param against: The changed methodology; the first file is then the old one.
    """
    rules = ruleset_named(ruleset)
    if methodology == against == STANDARD_INPUT:
        refuse("Both texts cannot come from standard input.", "Name a file for one of the two.")
    covered = coverage(load_scenarios(ruleset, ruleset=rules), rules)
    # A rule without conditions applies in every scenario: to name them all would say nothing.
    scenarios = {
        id_: tuple(dict.fromkeys(says for rule in cases for says in covered.applies_in[rule.id]))
        for id_, cases in rules.cases.items()
        if all(rule.tests for rule in cases)
    }
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
