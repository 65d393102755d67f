"""The command ``mutate``: whether the scenarios would notice a mistake in the rules."""

from __future__ import annotations

import json
import sys
from contextlib import contextmanager
from itertools import groupby
from typing import TYPE_CHECKING, Literal

from ncpi_rules.cli.options import GOOD, SOME_FILE_BAD, refuse
from ncpi_rules.cli.output import is_utf8, show, tell
from ncpi_rules.core import Problem, sentence
from ncpi_rules.report import wrapped
from ncpi_rules.ruleset import SHIPPED, load_ruleset, shipped_ruleset
from ncpi_rules.scenarios import load_scenarios
from ncpi_rules.scenarios import mutate as mutate_rules

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ncpi_rules.scenarios import MutationReport, Progress

_NO_SCENARIO = Problem(
    place="",
    message="No scenario was found, so no mistake would be noticed.",
    help="Write one in the folder 'scenarios' beside the rules; see docs/scenarios.md.",
)
_NO_MUTANT = Problem(
    place="",
    message="There is nothing to change in this ruleset, so nothing was tried.",
    help="Write a rule first.",
)


def mutate(
    ruleset: str = SHIPPED,
    /,
    *,
    sample: int = 1,
    format_: Literal["text", "json"] = "text",
) -> int:
    """Put one small mistake after another into the rules, and say which no scenario notices.

    The exit status is 0 where some scenario notices each, and 1 where none does.

    :param ruleset: The name of a shipped ruleset, or the folder of any other.
    :param sample: Try only every so many of the mistakes: 10 is every tenth.
    :param format_: How the results are printed.
    """
    if sample < 1:
        refuse(f"{sample} is not a sample.", "Write 1 for every mistake, 10 for every tenth.")
    rules = shipped_ruleset() if ruleset == SHIPPED else load_ruleset(ruleset)
    scenarios = load_scenarios(ruleset, ruleset=rules)
    with _progress() as told:
        found = mutate_rules(rules, scenarios, every=sample, progress=told)
    if format_ == "json":
        print(json.dumps(found.to_dict(), ensure_ascii=not is_utf8(), indent=2))
    else:
        show("\n".join(_page(found)) + "\n")
    if not found.scenarios:
        tell([_NO_SCENARIO])
    elif not found.results:
        tell([_NO_MUTANT])
    return GOOD if found.is_sufficient else SOME_FILE_BAD


@contextmanager
def _progress() -> Iterator[Progress | None]:
    """Show a bar where somebody watches, on standard error."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console  # noqa: PLC0415  an extra
    from rich.progress import Progress  # noqa: PLC0415  an extra

    # No thread of its own that draws: it is drawn where a mutant is done.
    with Progress(console=Console(stderr=True), transient=True, auto_refresh=False) as bar:
        task = bar.add_task("Trying mistakes")

        def told(done: int, of: int) -> None:
            bar.update(task, completed=done, total=of, refresh=done % 16 == 0 or done == of)

        yield told


def _page(found: MutationReport) -> Iterator[str]:
    survivors = found.survivors if found.scenarios else ()
    for (of, place), group in groupby(survivors, key=lambda one: (one.mutant.of, one.mutant.place)):
        yield f"{of}  ({place})" if place else of
        for each in group:
            yield from wrapped(sentence(each.mutant.description), first="- ", rest="  ")
            yield from wrapped(each.reason, first="    ", rest="    ")
        yield ""
    yield found.summary
