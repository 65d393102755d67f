"""The command ``test``: the scenarios of an edition, run against its rules."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Literal

from ncpi_rules.cli.options import GOOD, SOME_FILE_BAD
from ncpi_rules.cli.output import show, tell
from ncpi_rules.core import Problem, sentence
from ncpi_rules.report import wrapped
from ncpi_rules.ruleset import SHIPPED, load_ruleset, shipped_ruleset
from ncpi_rules.scenarios import coverage as coverage_of
from ncpi_rules.scenarios import load_scenarios, run
from ncpi_rules.scenarios import suggest as suggest_for

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ncpi_rules.scenarios import Coverage, Result

_NONE = Problem(
    place="",
    message="No scenario was found, so nothing was tested.",
    help="Write one in the folder 'scenarios' beside the rules; see docs/scenarios.md.",
)


def test(
    ruleset: str = SHIPPED,  # noqa: PT028  a command, not a test of ours
    /,
    *,
    coverage: bool = False,  # noqa: PT028  a command, not a test of ours
    suggest: bool = False,  # noqa: PT028  a command, not a test of ours
    format_: Literal["text", "json"] = "text",  # noqa: PT028  a command, not a test of ours
) -> int:
    """Run the scenarios of a ruleset, and show what is not as they expect.

    :param ruleset: The name of a shipped ruleset, or the folder of any other.
    :param coverage: Say as well what no scenario touches.
    :param suggest: Print the missing scenarios instead, for a person to say what must follow.
    :param format_: How the results are printed.
    """
    rules = shipped_ruleset() if ruleset == SHIPPED else load_ruleset(ruleset)
    scenarios = load_scenarios(ruleset, ruleset=rules)
    if suggest:
        missing = suggest_for(scenarios, rules)
        show("".join(["scenarios:\n", *(f"\n{each.to_yaml(rules)}" for each in missing)]))
        return GOOD
    results = [run(each, rules) for each in scenarios]
    found = coverage_of(scenarios, rules) if coverage else None
    if format_ == "json":
        print(json.dumps(_plain(results, found), indent=2))
    else:
        show("\n".join(_page(results, found)) + "\n")
    if not results:
        tell([_NONE])
    return GOOD if results and all(each.passed for each in results) else SOME_FILE_BAD


def _plain(results: Sequence[Result], found: Coverage | None) -> dict[str, Any]:
    plain: dict[str, Any] = {
        "scenarios": len(results),
        "passed": sum(each.passed for each in results),
        "failed": [
            {
                "place": each.scenario.place,
                "says": each.scenario.says,
                "mismatches": [
                    {
                        "section": one.section,
                        "expected": one.expected,
                        "actual": one.actual,
                        "why": list(each.why(one)),
                    }
                    for one in each.mismatches
                ],
            }
            for each in results
            if not each.passed
        ],
    }
    return plain if found is None else {**plain, "coverage": found.to_dict()}


def _page(results: Sequence[Result], found: Coverage | None) -> Iterator[str]:
    for each in results:
        if not each.passed:
            yield from _says_result(each)
            yield ""
    if found is not None:
        yield from _says_coverage(found)
        yield ""
    passed = sum(each.passed for each in results)
    counted = f"{len(results)} scenario{'' if len(results) == 1 else 's'}"
    yield f"{counted}: {passed} pass, {len(results) - passed} fail."


def _says_result(result: Result) -> Iterator[str]:
    yield result.scenario.place
    yield from wrapped(result.scenario.says)
    for each in result.mismatches:
        yield from wrapped(sentence(each.section.replace("_", " ")), first="  ")
        yield from wrapped(each.expected, first="    expected: ", rest="      ")
        yield from wrapped(each.actual, first="    found:    ", rest="      ")
        yield from _list(result.why(each))


def _list(sentences: Iterable[str]) -> Iterator[str]:
    for each in sentences:
        yield from wrapped(each, first="    - ", rest="      ")


def _says_coverage(found: Coverage) -> Iterator[str]:
    yield "WHAT NO SCENARIO TOUCHES"
    for each in found.untouched:
        yield from wrapped(f"{each.says}{':' if each.names else '.'}", first="- ", rest="  ")
        yield from _names(each.names)


def _names(names: Sequence[str]) -> Iterator[str]:
    if names:
        yield from wrapped(", ".join(names), first="    ", rest="    ")
