"""The library itself, as contestants: what it is asked for is what a peer is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow

from ncpi_rules.batch import ROWS, sweep, sweep_batches
from ncpi_rules.deadlines import figures_by
from ncpi_rules.facts import name_facts
from ncpi_rules.plan import assess
from ncpi_rules.ruleset import decided, engine_of
from tests.benchmarks.peers.cases import ON
from tests.benchmarks.peers.contestants import Contestant, TableContestant
from tests.benchmarks.peers.held import answers
from tests.benchmarks.peers.outcomes import (
    of_plan,
    of_rules,
    outcomes_of,
    outcomes_read,
    read,
    read_outcomes,
)
from tests.swept import ruled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ncpi_rules.plan import Plan
    from ncpi_rules.ruleset import Ruleset

READ = "ours: assess, and the outcomes read"
FACT_PLACES = "ours: the outcomes, given the values and dates as a peer is"
ALL = "ours: assess, and every item of the plan read"
ASSESS = "ours: assess alone"
RULES = "ours: the rules alone, values met before"
WORKERS = 2


def cases(ruleset: Ruleset) -> list[Contestant]:
    """Return the ways in which we answer one case."""
    engine, interpretations = engine_of(ruleset), answers(ruleset)

    def plan_of(follow_up: Any) -> Plan:
        return assess(follow_up, on=ON, ruleset=ruleset)

    def outcomes(follow_up: Any) -> Any:
        return read_outcomes(assess(follow_up, on=ON, ruleset=ruleset))

    def given_values(inputs: Any) -> Any:
        values, dates, let_off = inputs
        decision = decided(ruleset, values)
        figures = figures_by(decision, dates, ON.toordinal())
        if let_off:
            for rule in decision.applicable.deadlines:
                status = let_off.get(rule.event)
                figures[rule.id] = figures[rule.id].let_off(status, rule.modality)
        return outcomes_of(decision.applicable, figures)

    def whole(follow_up: Any) -> Any:
        plan = assess(follow_up, on=ON, ruleset=ruleset)
        return plan, read(plan)

    return [
        Contestant(
            name=READ,
            prepare=lambda case: case.follow_up,
            run=outcomes,
            answer=lambda result: outcomes_read(ruleset, result),
        ),
        Contestant(
            name=FACT_PLACES,
            prepare=lambda case: (
                {**case.values, **interpretations},
                name_facts(case.follow_up, ruleset.contract).dates,
                case.let_off,
            ),
            run=given_values,
            answer=lambda result: outcomes_read(ruleset, result),
        ),
        Contestant(
            name=ALL,
            prepare=lambda case: case.follow_up,
            run=whole,
            answer=lambda result: of_plan(result[0]),
        ),
        Contestant(name=ASSESS, prepare=lambda case: case.follow_up, run=plan_of, answer=of_plan),
        Contestant(
            name=RULES,
            prepare=lambda case: {**case.values, **interpretations},
            run=engine.evaluate,
            answer=lambda result: of_rules(ruleset, result.fired),
            only="rules",
        ),
    ]


def columns(ruleset: Ruleset, outcomes: tuple[str, ...] | None = None) -> list[TableContestant]:
    """Return the ways in which we answer a table, asked for some outcomes or for all of them."""
    wanted = ruled(ruleset) if outcomes is None else outcomes

    def swept(table: Any) -> Any:
        return sweep(table, on=ON, ruleset=ruleset, only=wanted, workers=WORKERS)

    return [
        TableContestant(
            name="ours: sweep, one table",
            outcomes=wanted,
            prepare=lambda table: table,
            run=swept,
            answer=lambda result: result,
        ),
        TableContestant(
            name="ours: sweep, in batches",
            outcomes=wanted,
            prepare=lambda table: table,
            run=lambda table: streamed(ruleset, table, 1, wanted),
            answer=lambda _: None,  # each batch is released; the tests of sweeps compare them
        ),
    ]


def streamed(
    ruleset: Ruleset, table: pyarrow.Table, times: int, outcomes: tuple[str, ...] | None = None
) -> int:
    """Sweep a table so many times over, in batches, and return the number of rows."""

    def batches() -> Iterator[pyarrow.RecordBatch]:
        for _ in range(times):
            yield from table.to_batches(max_chunksize=ROWS)

    reader = pyarrow.RecordBatchReader.from_batches(table.schema, batches())
    batches_out = sweep_batches(reader, on=ON, ruleset=ruleset, only=outcomes, workers=WORKERS)
    return sum(batch.num_rows for batch in batches_out)
