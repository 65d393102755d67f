"""Compare sweeps and plans with the oracle, as many as are asked for."""

from __future__ import annotations

import argparse
import sys
from random import Random

from tests.oracle.compared import FIRST, rows_at_random, wrong_in_a_plan, wrong_in_a_sweep

ROWS_OF_A_DAY = 5000
SHOWN = 5


def main() -> int:
    """Print how many answers differ, and the first of them; return 1 where any does."""
    parser = argparse.ArgumentParser(prog="python -m tests.oracle", description=__doc__)
    parser.add_argument("--rows", type=int, default=2000, help="rows of sweeps")
    parser.add_argument("--dates", type=int, default=200, help="plans with partial dates")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    random = Random(asked.seed)  # noqa: S311  nothing is kept secret
    wrong: list[str] = []
    for start in range(0, asked.rows, ROWS_OF_A_DAY):
        count = min(ROWS_OF_A_DAY, asked.rows - start)
        on = FIRST + random.randint(0, 500)
        wrong += wrong_in_a_sweep(list(rows_at_random(random, count)), on)
    in_plans = [text for _ in range(asked.dates) for text in wrong_in_a_plan(random)]
    says = [
        f"{asked.rows} rows of a sweep: {len(wrong)} answers differ.",
        f"{asked.dates} plans with partial dates: {len(in_plans)} answers differ.",
    ]
    sys.stdout.write("\n".join([*says, *wrong[:SHOWN], *in_plans[:SHOWN], ""]))
    return 1 if wrong or in_plans else 0


if __name__ == "__main__":
    sys.exit(main())
