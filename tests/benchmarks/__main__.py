"""Prints what the library costs, as ratios to a function written by hand, in one run."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from itertools import cycle
from typing import TYPE_CHECKING

from ncpi_rules.checks import check
from ncpi_rules.engine import table_of
from ncpi_rules.facts import FollowUp
from ncpi_rules.plan import assess
from ncpi_rules.ruleset import engine_of, load_ruleset
from ncpi_rules.scenarios import load_scenarios, mutate
from ncpi_rules.scenarios.runs import passes  # pinned: one scenario is run without a report
from tests.benchmarks.peers.by_hand import ByHand, assess_by_hand, outcomes_of, plain_dates
from tests.benchmarks.peers.cases import ON, Case
from tests.benchmarks.peers.outcomes import of_plan

if TYPE_CHECKING:
    from collections.abc import Callable

ROUNDS = 15
FACTS = {
    "force": "northumbria",
    "inspection_report": {
        "published": "2018-06-28",
        "findings": "not-broadly-positive",
        "recommendations": [
            {"id": "1", "time_limit": "immediate", "topic": "training"},
            {"id": "2", "time_limit": "within 3 months", "topic": "governance"},
        ],
    },
    "action_plan": {
        "received": "2018-08-09",
        "reviewed": "2018-08-20",
        "areas_of_concern": ["missing from home", "child sexual exploitation"],
    },
    "prospects": "some-concerns",
    "fieldwork": {"begins": "2019-01-07", "ends": "2019-01-11"},
}


def _each(work: Callable[[], object], times: int) -> float:
    """Return the seconds of one call."""
    start = time.perf_counter()
    for _ in range(times):
        work()
    return (time.perf_counter() - start) / times


def _paired(
    work: Callable[[], object], by_hand: Callable[[], object], times: int
) -> tuple[float, float]:
    """Return the median seconds of a call, and the median ratio to the function by hand."""
    work()
    pairs = [(_each(work, times), _each(by_hand, 2000)) for _ in range(ROUNDS)]
    return statistics.median(a for a, _ in pairs), statistics.median(a / b for a, b in pairs)


def _import_seconds(name: str) -> float:
    code = f"import time; t = time.perf_counter(); import {name}; print(time.perf_counter() - t)"
    runs = [
        float(subprocess.check_output([sys.executable, "-c", code], text=True))  # noqa: S603
        for _ in range(7)
    ]
    return statistics.median(runs)


def _assurance() -> list[tuple[str, Callable[[], str]]]:
    """Return what is asked once of a ruleset, by name: each starts from a ruleset newly loaded."""
    shipped = load_ruleset()
    scenarios = load_scenarios(ruleset=shipped)

    def table() -> str:
        return f"{table_of(engine_of(load_ruleset()).program).cells:,} cells"

    def checked() -> str:
        return f"{len(check(load_ruleset()))} findings"

    return [
        ("the table, with nothing remembered", table),
        ("a check, with nothing remembered", checked),
        (
            "the scenarios",
            lambda: f"{sum(passes(scenario, shipped) for scenario in scenarios)} pass",
        ),
        ("the mutants", lambda: mutate(shipped, scenarios).summary),
    ]


def main() -> None:
    """Check that both say the same, then print a line for each cost."""
    follow_up = FollowUp.from_dict(FACTS)
    rules = load_ruleset()
    plan = assess(follow_up, on=ON, ruleset=rules)
    case = Case.of(follow_up, rules)
    dates = plain_dates(case)

    def by_hand() -> ByHand:
        return assess_by_hand(case.values, dates, case.let_off, ON)

    assert outcomes_of(by_hand()) == of_plan(plan)
    engine = engine_of(rules)
    values = dict(plan.decision.values)
    raw = engine.engine
    table = table_of(engine.program)

    judged = cycle(
        FollowUp.from_dict({**FACTS, "prospects": value})
        for value in rules.facts["prospects"].values
    )
    others = [next(judged) for _ in range(4)]
    turn = cycle(others)
    rows: list[tuple[str, Callable[[], object], int]] = [
        ("a warm plan", lambda: assess(follow_up, on=ON, ruleset=rules), 300),
        (
            "a warm plan, one of four cases in turn",
            lambda: assess(next(turn), on=ON, ruleset=rules),
            300,
        ),
        ("a plan as a mapping, with all that is on demand", plan.to_dict, 20),
        ("the rules alone, a case met before", lambda: engine.evaluate(values), 3000),
        ("the rules alone, by durable-rules each time", lambda: raw.evaluate(values), 100),
        ("loading the ruleset", load_ruleset, 1),
        ("the rules alone, looked up in the table", lambda: table.evaluate(values), 1000),
    ]
    print(f"Python {sys.version.split()[0]}; medians of {ROUNDS} paired rounds")
    print(f"{'':52}{'time':>12}{'by hand = 1':>14}")
    for name, work, times in rows:
        seconds, ratio = _paired(work, by_hand, times)
        print(f"{name:52}{seconds * 1e6:9.1f} us{ratio:14.1f}")
    for name, once in _assurance():
        start = time.perf_counter()
        result = once()
        print(f"{name:52}{(time.perf_counter() - start) * 1e3:9.0f} ms  {result}")
    for name in ("ncpi_rules", "pendulum", "attrs"):
        print(f"{'import ' + name:52}{_import_seconds(name) * 1e6:9.0f} us")


if __name__ == "__main__":
    main()
