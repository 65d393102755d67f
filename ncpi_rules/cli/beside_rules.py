"""What stands beside the rules of an edition: scenarios, approvals, and what it was copied from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import evolve

from ncpi_rules import compare
from ncpi_rules.checks import Finding
from ncpi_rules.core import RulesetError, counted, format_edition, sentence, upper_first
from ncpi_rules.ruleset import base_of, evolve_beside_logic, load_ruleset
from ncpi_rules.scenarios import load_scenarios, rules_not_expected, run
from ncpi_rules.sign_off import load_approvals, sign_off

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ncpi_rules.ruleset import Ruleset
    from ncpi_rules.scenarios import Scenario, ScenarioResult


def scenario_findings(ruleset: Ruleset, name: str) -> tuple[list[Finding], str]:
    """Return each scenario that fails, and how many there are, in a sentence."""
    try:
        scenarios = load_scenarios(name, ruleset=ruleset)
    except RulesetError as fault:
        return [*map(Finding.of, fault.problems)], "The scenarios could not be read."
    results = [run(scenario, ruleset) for scenario in scenarios]
    failing = [result for result in results if not result.passed]
    if not results:
        return [], "There is no scenario, so none was run."
    text = f"{counted(len(results), 'scenario')}: {len(failing) or 'none'} "
    return [_failure(result, name) for result in failing], text + (
        "fail." if len(failing) != 1 else "fails."
    )


def _failure(result: ScenarioResult, name: str) -> Finding:
    first, *others = result.mismatches
    expected, actual = first.expected.removesuffix("."), first.actual.removesuffix(".")
    if first.section in {"sentences", "refused"}:
        expected = f"'{first.expected}'"
    more = f" There {'are' if others[1:] else 'is'} {len(others)} more." if others else ""
    return Finding(
        code="scenario-fails",
        place=result.scenario.place,
        message=f"This scenario fails: {result.scenario.says} "
        f"{sentence(first.section.replace('_', ' '))[:-1]}: expected {expected}; it is "
        f"{actual}.{more}",
        help=f"Correct the rules or the scenario; 'ncpi-rules test {name}' says why.",
    )


def stale_approvals(ruleset: Ruleset, name: str) -> tuple[list[Finding], str]:
    """Return the approvals that are out of date, and how many there are, in a sentence."""
    try:
        approvals = load_approvals(name, ruleset=ruleset)
        if not approvals:
            return [], "Nobody has approved anything."
        findings = sign_off(ruleset, name).findings(name)
    except RulesetError as fault:
        return [*map(Finding.of, fault.problems)], "The approvals could not be checked."
    stale = [finding for finding in findings if finding.code == "approval-stale"]
    result = f"{len(stale) or 'none'} {'is' if len(stale) == 1 else 'are'} out of date."
    return stale, f"{counted(len(approvals), 'approval')}: {result}"


def differences_from_base(ruleset: Ruleset, name: str) -> tuple[str, ...]:
    """Return how a copy differs from its original, the first sentence as a summary.

    Nothing for what is a copy of none.
    """
    base = base_of(ruleset)
    if base is None:
        return ()
    title = f"'{upper_first(format_edition(base.edition))}'"
    try:
        original = load_ruleset(f"{base.ruleset}/{base.edition}")
    except RulesetError:
        return (f"It was copied from {title}, which is not here to be compared with.",)
    # That a copy has a name of its own, and what it is based on, is no difference.
    names = {name: getattr(ruleset.settings, name) for name in ("id", "edition", "based_on")}
    renamed = evolve_beside_logic(original, settings=evolve(original.settings, **names))
    difference = compare.diff(renamed, ruleset)
    scenarios = list(_scenario_differences(original, name, ruleset))
    _, *sentences = difference.sentences
    if not (sentences or scenarios):
        return (f"It says the same as {title}, from which it was copied.",)
    return (
        f"It was copied from {title}, the first ruleset here. "
        + (difference.summary if sentences else "The rules are the same."),
        *sentences,
        *scenarios,
    )


def _scenario_differences(original: Ruleset, name: str, ruleset: Ruleset) -> Iterator[str]:
    """Yield the scenarios added, changed or taken away, and the rules of which none is left."""
    try:
        first = load_scenarios(original.name, ruleset=original)
        second = load_scenarios(name, ruleset=ruleset)
    except RulesetError:
        return
    earlier = rules_not_expected(first, original)
    if lacking := [id_ for id_ in rules_not_expected(second, ruleset) if id_ not in earlier]:
        yield (
            f"No scenario expects anything of {counted(len(lacking), 'rule')}: "
            f"{', '.join(lacking)}. Write one that names it under 'items'."
        )
    before, after = _by_sentence(first), _by_sentence(second)
    for says, digest in before.items():
        if says not in after:
            yield f"This scenario is in the first ruleset only: {says}"
        elif after[says] != digest:
            yield f"This scenario is different: {says}"
    for says in after:
        if says not in before:
            yield f"This scenario is in the second ruleset only: {says}"


def _by_sentence(scenarios: tuple[Scenario, ...]) -> dict[str, str]:
    return {scenario.says: scenario.digest for scenario in scenarios}
