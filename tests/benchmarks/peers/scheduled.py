"""For engines that have no dates: the rules by themselves, and with our schedule for the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ncpi_rules.deadlines import schedule
from tests.benchmarks.peers.cases import ON
from tests.benchmarks.peers.contestants import Contestant
from tests.benchmarks.peers.outcomes import of_deadlines, of_rules

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ncpi_rules.ruleset import Ruleset
    from tests.benchmarks.peers.cases import Case


def with_deadlines(
    name: str,
    ruleset: Ruleset,
    given: Callable[[Case], Any],
    run: Callable[[Any], Iterable[str]],
) -> list[Contestant]:
    """Return two contestants: which rules apply; and that with where each deadline stands."""
    deadlines = {each for each in ruleset.rules if each.startswith("deadline.")}
    rules, on, calendar = ruleset.rules, ON.toordinal(), ruleset.calendar

    def both(told: Any) -> Any:
        case, dates = told
        ids = run(case)
        holding: list[Any] = [rules[each] for each in ids if each in deadlines]
        found = schedule(holding, dates, on, calendar)
        return ids, found, [(each.due, each.status, each.late_by) for each in found]

    return [
        Contestant(
            name=f"{name}, the rules alone",
            given=given,
            run=run,
            answer=lambda ids: of_rules(ruleset, ids),
            only="rules",
        ),
        Contestant(
            name=f"{name}, and our schedule",
            given=lambda case: (given(case), case.dates),
            run=both,
            answer=lambda found: of_rules(ruleset, found[0], of_deadlines(found[1])),
        ),
    ]
