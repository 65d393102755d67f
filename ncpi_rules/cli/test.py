"""The command ``test``: the scenarios of an edition, run against its rules."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import attrs

from ncpi_rules.cli.editions import EditionReport, show_editions
from ncpi_rules.cli.options import RulesetName, TextOrJson, ruleset_named
from ncpi_rules.cli.output import GOOD, report_problems, show
from ncpi_rules.core import Problem, sentence
from ncpi_rules.report import wrapped
from ncpi_rules.ruleset import SHIPPED, load_ruleset, shipped_ruleset
from ncpi_rules.scenarios import coverage as coverage_of
from ncpi_rules.scenarios import load_scenarios, run
from ncpi_rules.scenarios import suggest as suggest_for

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ncpi_rules.scenarios import ScenarioCoverage, ScenarioResult

_NO_SCENARIO = Problem(
    place="",
    message="There is no scenario, so nothing was tested.",
    help="Write one in the folder 'scenarios' beside the rules; see docs/how-to/scenarios.md.",
)


def test(
    ruleset: RulesetName = SHIPPED,  # noqa: PT028  a command, not a test of ours
    /,
    *,
    coverage: bool = False,  # noqa: PT028  a command, not a test of ours
    suggest: bool = False,  # noqa: PT028  a command, not a test of ours
    format_: TextOrJson = "text",  # noqa: PT028  a command, not a test of ours
) -> int:
    """Run the scenarios of a ruleset, and show which fail and why.

    The exit status is 0 where every scenario passes, and 1 where one fails or there is none.

    :param coverage: Also list what no scenario touches.
    :param suggest: Print the missing scenarios instead, for a person to add what must follow.
    """
    if suggest:
        rules = ruleset_named(ruleset)
        missing = suggest_for(load_scenarios(ruleset, ruleset=rules), rules)
        show("".join(["scenarios:\n", *(f"\n{scenario.to_yaml(rules)}" for scenario in missing)]))
        return GOOD
    return show_editions(ruleset, format_, partial(_test, coverage=coverage))


def _test(name: str, *, coverage: bool) -> EditionReport:
    """Return the result of one edition."""
    rules = shipped_ruleset() if name == SHIPPED else load_ruleset(name)
    scenarios = load_scenarios(name, ruleset=rules)
    results = [run(scenario, rules) for scenario in scenarios]
    covered = coverage_of(scenarios, rules) if coverage else None
    if not results:
        report_problems([attrs.evolve(_NO_SCENARIO, place="" if name == SHIPPED else name)])
    return EditionReport(
        is_good=bool(results) and all(result.passed for result in results),
        plain=_plain(results, covered),
        lines=tuple(_describe(results, covered)),
    )


def _plain(results: Sequence[ScenarioResult], covered: ScenarioCoverage | None) -> dict[str, Any]:
    plain: dict[str, Any] = {
        "scenarios": len(results),
        "passed": sum(result.passed for result in results),
        "failed": [
            {
                "place": result.scenario.place,
                "says": result.scenario.says,
                "mismatches": [
                    {
                        "section": mismatch.section,
                        "expected": mismatch.expected,
                        "actual": mismatch.actual,
                        "why": list(result.why(mismatch)),
                    }
                    for mismatch in result.mismatches
                ],
            }
            for result in results
            if not result.passed
        ],
    }
    return plain if covered is None else {**plain, "coverage": covered.to_dict()}


def _describe(results: Sequence[ScenarioResult], covered: ScenarioCoverage | None) -> Iterator[str]:
    for result in results:
        if not result.passed:
            yield from describe_failure(result)
            yield ""
    if covered is not None:
        yield "WHAT NO SCENARIO TOUCHES"
        for gap in covered.gaps:
            if gap.names:
                yield from wrapped(f"{gap.sentence}:", first="- ", rest="  ")
                yield from wrapped(", ".join(gap.names), first="    ", rest="    ")
        if covered.is_complete:
            yield "- Nothing."
        yield ""
    passed = sum(result.passed for result in results)
    counted = f"{len(results)} scenario{'' if len(results) == 1 else 's'}"
    yield f"{counted}: {passed} pass, {len(results) - passed} fail."


def describe_failure(result: ScenarioResult) -> Iterator[str]:
    """Yield the place of a scenario that fails, then what was expected, what came, and why."""
    yield result.scenario.place
    yield from wrapped(result.scenario.says)
    for mismatch in result.mismatches:
        yield from wrapped(sentence(mismatch.section.replace("_", " ")), first="  ")
        yield from wrapped(mismatch.expected, first="    expected: ", rest="      ")
        yield from wrapped(mismatch.actual, first="    actual:   ", rest="      ")
        for reason in result.why(mismatch):
            yield from wrapped(reason, first="    - ", rest="      ")
