"""For engines that have no dates: the rules by themselves, and with our schedule for the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ncpi_rules.deadlines import has_begun, schedule
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
    prepare: Callable[[Case], Any],
    run: Callable[[Any], Iterable[str]],
) -> list[Contestant]:
    """Return two contestants: which rules apply; and that with where each deadline stands."""
    deadlines = {id_ for id_ in ruleset.rules if id_.startswith("deadline.")}
    rules, on, first = ruleset.rules, ON.toordinal(), ruleset.settings.selected_by

    def both(inputs: Any) -> Any:
        case, dates, let_off = inputs
        ids = run(case)
        holding: list[Any] = [rules[id_] for id_ in ids if id_ in deadlines]
        scheduled = schedule(
            holding,
            dates,
            on,
            begun=has_begun(dates, first, on),
            let_off={rule.id: let_off[rule.event] for rule in holding if rule.event in let_off},
        )
        return (
            ids,
            scheduled,
            [(deadline.due, deadline.status, deadline.late_by) for deadline in scheduled],
        )

    return [
        Contestant(
            name=f"{name}, the rules alone",
            prepare=prepare,
            run=run,
            answer=lambda ids: of_rules(ruleset, ids),
            only="rules",
        ),
        Contestant(
            name=f"{name}, and our schedule",
            prepare=lambda case: (prepare(case), case.dates, case.let_off),
            run=both,
            answer=lambda result: of_rules(ruleset, result[0], of_deadlines(result[1])),
        ),
    ]
