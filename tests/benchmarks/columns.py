"""Prints what a sweep costs, beside polars by hand for the same outcomes, in one run.

``python -m tests.benchmarks.columns [ROWS]`` measures; with ``--check`` it compares every column of
every row with what ``assess`` says of each follow-up instead, and measures nothing.
"""

from __future__ import annotations

import argparse
import datetime
import os
import sys
import time
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy
import pyarrow

from ncpi_rules.columns import sweep, sweep_batches
from ncpi_rules.ruleset.load import shipped_ruleset
from tests.assessed import as_rows, made_follow_ups, unlike_assessed
from tests.swept import made_table, wrong_columns

if TYPE_CHECKING:
    from collections.abc import Callable

ON = datetime.date(2019, 4, 11)
ROUNDS = 5
BATCH = 1 << 20
ASSESSED = 1 << 17
DATES = ("report-published", "action-plan-received", "revisit-begins", "revisit-ends")
DOCUMENTS = (
    "updated-action-plan",
    "progress-reports",
    "policies-and-procedures",
    "governance-minutes",
    "internal-audits",
    "performance-information",
    "problem-profiles",
)
BY_HAND = (
    "tier",
    *(f"document.{name}" for name in DOCUMENTS),
    "alert.findings-and-prospects-disagree",
    "alert.no-tier-fits",
    *(
        f"{event}.{what}"
        for event in ("action-plan-received", "revisit-begins")
        for what in ("status", "due", "late-by")
    ),
)


def words(rows: int, names: tuple[str, ...] | None = None) -> dict[str, pyarrow.Array]:
    """Return columns of words, a byte for each row, none of them empty."""
    random = numpy.random.default_rng(1)
    found = {}
    for name, fact in shipped_ruleset().facts.items():
        if names is None or name in names:
            codes = random.integers(0, len(fact.words), rows).astype(numpy.int8)
            found[name] = pyarrow.DictionaryArray.from_arrays(codes, list(fact.words))
    return found


def days(rows: int, names: tuple[str, ...]) -> dict[str, pyarrow.Array]:
    """Return columns of days from 2016 to 2022, none of them empty."""
    random = numpy.random.default_rng(2)
    return {
        name: pyarrow.array(random.integers(16_800, 19_300, rows).astype(numpy.int32)).cast(
            pyarrow.date32()
        )
        for name in names
    }


def with_polars(table: pyarrow.Table) -> Callable[[], Any]:
    """Return the same outcomes, written by hand in polars."""
    import polars  # noqa: PLC0415  where it is installed

    frame = polars.from_arrow(table)
    assert isinstance(frame, polars.DataFrame)
    column, literal, when = polars.col, polars.lit, polars.when
    tiers = list(shipped_ruleset().outcomes["tier"].words)
    kind = polars.Enum(tiers)
    positive = column("findings") == "broadly-positive"
    concern = column("prospects").is_in(["some-concerns", "significant-concerns"])
    tier = (
        when(column("prospects") == "significant-concerns")
        .then(literal("full-re-inspection", kind))
        .when(column("prospects") == "some-concerns")
        .then(literal("post-inspection-review", kind))
        .when((column("prospects") == "no-concerns") & positive)
        .then(literal("post-inspection-visit", kind))
        .otherwise(literal("not-settled", kind))
    )

    def lateness(event: str, due: Any) -> list[Any]:
        actual = column(event)
        to_come = when(actual > due).then(literal("late")).when(actual > ON)
        status = to_come.then(literal("planned")).otherwise(literal("met"))
        late = when(actual > due).then((actual - due).dt.total_days().cast(polars.Int32))
        return [
            status.cast(polars.Enum(["late", "planned", "met"])).alias(f"{event}.status"),
            due.alias(f"{event}.due"),
            late.alias(f"{event}.late-by"),
        ]

    asked = [
        tier.alias("tier"),
        (positive & concern).alias("alert.findings-and-prospects-disagree"),
        (
            (column("findings") == "not-broadly-positive") & (column("prospects") == "no-concerns")
        ).alias("alert.no-tier-fits"),
        *lateness("action-plan-received", column("report-published").dt.offset_by("42d")),
        *lateness("revisit-begins", column("report-published").dt.offset_by("6mo")),
    ]
    review = column("tier").is_in(["post-inspection-review", "full-re-inspection"])
    policies = review | (column("tier") == "post-inspection-visit")
    lazy = frame.lazy().select(asked)
    lazy = lazy.with_columns(
        *(
            (policies if name == "policies-and-procedures" else review).alias(f"document.{name}")
            for name in DOCUMENTS
        )
    )
    collect: Callable[[], Any] = lazy.collect
    return collect


def best(work: Callable[[], Any]) -> float:
    """Return the shortest time, in seconds, that some work took."""
    took = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        found = work()
        took.append(time.perf_counter() - start)
        del found
    return min(took)


def streamed(table: pyarrow.Table, **asked: Any) -> int:
    """Return the number of rows, swept in batches of which each is let go."""
    reader = sweep_batches(table.to_reader(max_chunksize=BATCH), on=ON, **asked)
    return sum(batch.num_rows for batch in reader)


def measure(rows: int) -> None:
    """Print what sweeps cost, in millions of cases a second."""
    shipped = shipped_ruleset()
    four, every = days(rows, DATES), days(rows, tuple(shipped.events))
    given = words(rows)
    tables: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
        "the outcomes only": (given, {"only": ["tier", "tier.standing"]}),
        "all but deadlines, no dates": (given, {}),
        "everything, 4 columns of days": ({**given, **four}, {}),
        f"everything, {len(every)} columns of days": ({**given, **every}, {}),
    }
    print(f"{rows:,} cases, {os.cpu_count()} processors; million cases a second")
    for name, (columns, asked) in tables.items():
        table = pyarrow.table(columns)
        sweep(table.slice(0, 1000), on=ON, **asked)
        for workers in (1, 2):
            options = {**asked, "workers": workers}
            whole = best(partial(sweep, table, on=ON, **options))
            batches = best(partial(streamed, table, **options))
            print(
                f"  {name:36} workers={workers}  in one piece {rows / whole / 1e6:6.1f}"
                f"  in batches {rows / batches / 1e6:6.1f}"
            )
    table = pyarrow.table({**words(rows, ("findings", "prospects")), **four})
    try:
        by_hand = with_polars(table)
    except ImportError:
        print("  polars is not installed")
        return
    ours, theirs = sweep(table, on=ON, only=BY_HAND), by_hand().to_arrow()
    for name in BY_HAND:
        one, other = (
            each[name].cast(pyarrow.string()) if name.endswith(("tier", "status")) else each[name]
            for each in (ours, theirs)
        )
        assert one.equals(other), name
    hand = best(by_hand)
    for workers in (1, 2):
        mine = best(partial(sweep, table, on=ON, only=BY_HAND, workers=workers))
        parts = best(partial(streamed, table, only=BY_HAND, workers=workers))
        print(f"  {len(BY_HAND)} outcomes, workers={workers}: in one piece {rows / mine / 1e6:.1f}")
        print(f"    in batches {rows / parts / 1e6:.1f}; polars by hand {rows / hand / 1e6:.1f}")
        print(f"    polars takes {hand / mine:.1f} and {hand / parts:.1f} times as long")


def check(rows: int) -> bool:
    """Compare every column of every row with what is said of each case by itself."""
    shipped, good = shipped_ruleset(), True
    for seed, first in enumerate(range(0, rows, ASSESSED)):
        made = list(made_follow_ups(min(ASSESSED, rows - first), seed=seed))
        found = sweep(as_rows(made, shipped, ON), on=ON)
        wrong = unlike_assessed(found, made, on=ON, ruleset=shipped)
        good &= not wrong
        print(f"{first + len(made):,} assessed: {', '.join(wrong) or 'all alike'}", flush=True)
    for seed, first in enumerate(range(0, rows, BATCH)):  # with days in any order, too
        table = made_table(shipped, rows=min(BATCH, rows - first), seed=seed)
        wrong = wrong_columns(sweep(table, on=ON), table, shipped, on=ON.toordinal())
        good &= not wrong
        done = first + table.num_rows
        print(f"{done:,} decided and scheduled: {', '.join(wrong) or 'all alike'}", flush=True)
    return good


def main() -> int:
    """Measure or compare, as the command line says; 1 where some column is not as expected."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", nargs="?", type=int, default=10_000_000)
    parser.add_argument("--check", action="store_true")
    asked = parser.parse_args()
    if asked.check:
        return 0 if check(asked.rows) else 1
    measure(asked.rows)
    return 0


if __name__ == "__main__":
    sys.exit(main())
