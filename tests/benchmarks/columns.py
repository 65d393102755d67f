"""Compares every column of a sweep, row by row, with what is said of each case by itself.

``python -m tests.benchmarks.columns [ROWS]``; ten million rows take over an hour. What a sweep
costs is measured beside its peers, in ``tests.benchmarks.peers``.
"""

from __future__ import annotations

import argparse
import datetime
import sys

from ncpi_rules.batch import sweep
from ncpi_rules.ruleset import shipped_ruleset
from tests.assessed import as_rows, made_follow_ups, unlike_assessed
from tests.swept import made_table, wrong_columns

ON = datetime.date(2019, 4, 11)
BATCH = 1 << 20
ASSESSED = 1 << 17


def compare(rows: int) -> bool:
    """Return whether all is alike, having told of each part as it went."""
    shipped, good = shipped_ruleset(), True
    for seed, first in enumerate(range(0, rows, ASSESSED)):
        made = list(made_follow_ups(min(ASSESSED, rows - first), seed=seed))
        answers = sweep(as_rows(made, shipped, ON), on=ON)
        wrong = unlike_assessed(answers, made, on=ON, ruleset=shipped)
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
    """Compare as many rows as the command line says; 1 where some column is not as expected."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", nargs="?", type=int, default=10_000_000)
    return 0 if compare(parser.parse_args().rows) else 1


if __name__ == "__main__":
    sys.exit(main())
