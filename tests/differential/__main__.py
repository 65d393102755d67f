"""Ask everything that answers the same question at random, as often as is asked for."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from tests.differential.programs import (
    EVALUATORS,
    disagreements,
    shrunk,
    some_case,
    some_program,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

CASES_OF_A_PROGRAM = 20
ROWS_OF_A_TABLE = 300
COLUMNS_OF_A_TABLE = 60


def compared_programs(random: Random, count: int) -> Iterator[int | str]:
    """Yield, for each program, how many answers were compared, or the smallest difference."""
    for _ in range(count):
        program = some_program(random)
        cases = [some_case(random, program) for _ in range(CASES_OF_A_PROGRAM)]
        wrong = list(disagreements(program, cases))
        yield from (str(shrunk(disagreement)) for disagreement in wrong)
        answers = len(program.rules) + len(program.decided)
        yield (len(EVALUATORS) - len(wrong)) * len(cases) * answers


def compared_tables(random: Random, count: int) -> Iterator[int | str]:
    """Yield, for each table and sweep, how many answers were compared, or a wrong row."""
    from tests.differential import tables  # noqa: PLC0415  it needs the extra `scale`

    for _ in range(count):
        ruleset, on = tables.some_ruleset(random), tables.some_day(random)
        table = tables.some_table(random, ruleset, ROWS_OF_A_TABLE)
        only = tables.some_columns(random, ruleset, COLUMNS_OF_A_TABLE)
        for answer in tables.wrong_in_tables(ruleset, table, on, only=sorted({*only})):
            yield answer if isinstance(answer, int) else str(tables.fewest_rows(answer))


def compared_exports(random: Random, count: int) -> Iterator[int | str]:
    """Yield, for each case of a random ruleset, what zen-engine decides other than the library."""
    from tests.differential import exports, tables  # noqa: PLC0415  they need extras

    for _ in range(count):
        yield from exports.compared_export(random, tables.some_ruleset(random))


def compared_plans(random: Random, count: int) -> Iterator[int | str]:
    """Yield, for each plan with partial dates, what it says other than days counted one by one."""
    from tests.oracle.compared import wrong_in_a_plan  # noqa: PLC0415  it needs an extra

    for _ in range(count):
        yield from wrong_in_a_plan(random)
        yield 1


def compared_rows(random: Random, count: int) -> Iterator[int | str]:
    """Yield, for each row of a sweep, what it says other than days counted one by one."""
    from tests.oracle.compared import (  # noqa: PLC0415  it needs an extra
        FIRST,
        rows_at_random,
        wrong_in_a_sweep,
    )

    for start in range(0, count, ROWS_OF_A_TABLE):
        rows = list(rows_at_random(random, min(ROWS_OF_A_TABLE, count - start)))
        yield from wrong_in_a_sweep(rows, FIRST + random.randint(0, 500))
        yield len(rows)


def compared_revisits(random: Random, count: int) -> Iterator[int | str]:
    """Yield, for each deadline of plans with several revisits, whether it is as counted."""
    from tests.oracle.several import wrong_in_visits  # noqa: PLC0415  it needs an extra

    for _ in range(count):
        yield from wrong_in_visits(random)


PARTS: dict[str, tuple[str, Callable[[Random, int], Iterator[int | str]]]] = {
    "programs": ("answers about rules of random programs", compared_programs),
    "tables": ("cells of tables swept by random rulesets", compared_tables),
    "exports": ("answers about cases of random rulesets exported as JDM", compared_exports),
    "rows": ("rows of sweeps beside days counted one by one", compared_rows),
    "plans": ("plans with partial dates beside days counted one by one", compared_plans),
    "revisits": (
        "deadlines of plans with several revisits beside days counted one by one",
        compared_revisits,
    ),
}


def main() -> int:
    """Print how many answers were compared, and the differences; return 1 where there is any."""
    parser = argparse.ArgumentParser(prog="python -m tests.differential", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--programs", type=int, default=200)
    parser.add_argument("--tables", type=int, default=3)
    parser.add_argument("--exports", type=int, default=3)
    parser.add_argument("--rows", type=int, default=600)
    parser.add_argument("--plans", type=int, default=50)
    parser.add_argument("--revisits", type=int, default=50)
    parser.add_argument("--json", type=Path, help="write the figures into this file, too")
    asked = parser.parse_args()
    figures, differ = {}, 0
    for part, (what, compared) in PARTS.items():
        right, wrong = 0, 0
        random = Random(f"{part} {asked.seed}")  # noqa: S311  nothing is kept secret
        for done, answer in enumerate(compared(random, getattr(asked, part)), 1):
            if isinstance(answer, str):
                wrong += 1
                sys.stdout.write(f"{answer}\n")
            else:
                right += answer
            if sys.stderr.isatty():
                sys.stderr.write(f"\r{part}: {done}, {right:,} answers ")
        sys.stdout.write(f"{right:,} {what}: {wrong} differ.\n")
        figures[part] = {"asked": getattr(asked, part), "compared": right, "differ": wrong}
        differ += wrong
    if asked.json:
        figures = {"seed": asked.seed, **figures}
        asked.json.write_text(json.dumps(figures, indent=2) + "\n", "utf-8")
    return 1 if differ else 0


if __name__ == "__main__":
    sys.exit(main())
