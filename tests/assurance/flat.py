"""Assess many follow-ups and rows one after another, and report the memory that is in use."""

from __future__ import annotations

import argparse
import datetime
import gc
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ncpi_rules import FollowUp, assess
from ncpi_rules.batch import sweep
from ncpi_rules.ruleset import shipped_ruleset
from tests.swept import made_table

if TYPE_CHECKING:
    from collections.abc import Iterator

ON: Final = datetime.date(2019, 4, 11)
JUDGED: Final = ("no-concerns", "some-concerns", "significant-concerns")
ROWS: Final = 50_000
STEPS: Final = 10


def megabytes() -> int:
    """Return the memory that the process holds, of which nothing can be given up."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text("utf-8").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") >> 20


def after_follow_ups(cases: int) -> Iterator[int]:
    """Yield the memory in use after each tenth of some assessments, each of its own dates."""
    base = FollowUp.from_dict({"force": "kent"})
    for step in range(STEPS):
        for number in range(step * cases // STEPS, (step + 1) * cases // STEPS):
            published = datetime.date.fromordinal(736_000 + number % 700)
            received = published + datetime.timedelta(1 + number // 700 % 300)
            follow_up = base.evolve(
                inspection_report={"published": published},
                action_plan={"received": received},
                prospects={"judgement": JUDGED[number % 3]},
            )
            assert assess(follow_up, on=ON).figures
        yield megabytes()


def after_rows(rows: int) -> Iterator[int]:
    """Yield the memory in use after each tenth of some rows of tables at random."""
    tables = [made_table(shipped_ruleset(), rows=ROWS, seed=seed) for seed in range(2)]
    done, step = 0, 1
    while step <= STEPS:
        done += sweep(tables[done // ROWS % 2], on=ON).num_rows
        while step <= STEPS and done * STEPS >= rows * step:
            yield megabytes()
            step += 1


def main() -> None:
    """Print the memory after each tenth."""
    parser = argparse.ArgumentParser(prog="python -m tests.assurance.flat", description=__doc__)
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--json", type=Path, help="write the figures into this file, too")
    asked = parser.parse_args()
    figures = {
        "cases": {"asked": asked.cases, "megabytes": [*after_follow_ups(asked.cases)]},
        "rows": {"asked": asked.rows, "megabytes": [*after_rows(asked.rows)]},
    }
    text = json.dumps(figures, indent=2)
    sys.stdout.write(f"{text}\n")
    if asked.json:
        asked.json.write_text(f"{text}\n", "utf-8")


if __name__ == "__main__":
    main()
