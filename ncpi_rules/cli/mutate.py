"""The command ``mutate``: whether the scenarios would notice a mistake in the rules."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from ncpi_rules.cli.options import RulesetName, TextOrJson
from ncpi_rules.cli.output import (
    GOOD,
    SOME_FILE_BAD,
    progress,
    refuse,
    report_problems,
    show_json,
    show_lines,
)
from ncpi_rules.core import Problem, sentence
from ncpi_rules.report import wrapped
from ncpi_rules.ruleset import SHIPPED, load_ruleset, shipped_ruleset
from ncpi_rules.scenarios import load_scenarios
from ncpi_rules.scenarios import mutate as mutate_rules

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ncpi_rules.scenarios import MutationReport

_NO_SCENARIO = Problem(
    place="",
    message="There is no scenario, so no mistake would be noticed.",
    help="Write one in the folder 'scenarios' beside the rules; see docs/how-to/scenarios.md.",
)
_NO_MUTANT = Problem(
    place="",
    message="There is nothing to change in this ruleset, so nothing was tried.",
    help="Write a rule first.",
)


def mutate(
    ruleset: RulesetName = SHIPPED,
    /,
    *,
    every: int = 1,
    workers: int | None = None,
    format_: TextOrJson = "text",
) -> int:
    """Put small mistakes into the rules, one by one, and list those no scenario notices.

    The exit status is 0 where every mistake is noticed, and 1 where one is not.

    :param every: Try only every so many of the mistakes: 10 is every tenth.
    :param workers: How many processor cores to use; all, unless given.
    """
    if every < 1:
        refuse(f"--every {every} is too few.", "Write 1 for every mistake, 10 for every tenth.")
    if workers is not None and workers < 1:
        refuse(f"{workers} is not a number of processor cores.", "Write 1 or more.")
    rules = shipped_ruleset() if ruleset == SHIPPED else load_ruleset(ruleset)
    scenarios = load_scenarios(ruleset, ruleset=rules)
    with progress("Trying mistakes") as show_progress:
        report = mutate_rules(
            rules, scenarios, every=every, workers=workers, progress=show_progress
        )
    if format_ == "json":
        show_json(report.to_dict())
    else:
        show_lines(_describe(report))
    if not report.scenarios:
        report_problems([_NO_SCENARIO])
    elif not report.results:
        report_problems([_NO_MUTANT])
    return GOOD if report.is_sufficient else SOME_FILE_BAD


def _describe(report: MutationReport) -> Iterator[str]:
    """Yield the mistakes that no scenario notices, by the rule that has them."""
    survivors = report.survivors if report.scenarios else ()
    for (of, place), group in groupby(
        survivors, key=lambda survivor: (survivor.mutant.of, survivor.mutant.place)
    ):
        yield f"{of}  ({place})" if place else of
        for survivor in group:
            yield from wrapped(sentence(survivor.mutant.description), first="- ", rest="  ")
            yield from wrapped(survivor.reason, first="    ", rest="    ")
        yield ""
    yield report.summary
