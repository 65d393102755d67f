"""Compares, times, and writes the page."""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from ncpi_rules.ruleset import shipped_ruleset
from tests.benchmarks.peers import by_hand_columns, files, ours
from tests.benchmarks.peers.cases import pool
from tests.benchmarks.peers.comparison import (
    compare_cases,
    compare_peer,
    compare_tables,
    is_whole,
    tables_of,
)
from tests.benchmarks.peers.every import PEERS
from tests.benchmarks.peers.page import ZEN, ZEN_FACTS, Results, aims, page
from tests.benchmarks.peers.tables import table_of
from tests.benchmarks.peers.timing import (
    Timed,
    memory_of_a_million,
    time_cases,
    time_columns,
    time_first_assessed,
    time_first_met,
    undisturbed,
)
from tests.swept import ruled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ncpi_rules.ruleset import Ruleset
    from tests.benchmarks.peers.contestants import Peer

MEMORY = Path("/proc/self/statm")
DAYS = ("report-published", "action-plan-received", "revisit-begins", "revisit-ends")


def _says(text: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr)


def _installed() -> tuple[Peer, ...]:
    return tuple(peer for peer in PEERS if peer.version is not None)


def check(ruleset: Ruleset, *, cases: int, rows: int) -> None:
    """Raise Unequal where anybody answers otherwise than we do."""
    compare_cases(ours.cases(ruleset), pool(ruleset, cases, seed=2), ruleset)
    for peer in _installed():
        compare_peer(peer, ruleset, cases=cases, rows=rows)
        _says(f"{peer.name}: equal")


def _columns(ruleset: Ruleset, rows: int, rounds: int) -> tuple[Timed, Timed, Timed]:
    """Return what tables take: with all outcomes, and those by hand, warm and not."""
    tables = tables_of(ruleset, rows)
    theirs = [column for peer in _installed() if peer.columns for column in peer.columns(ruleset)]

    def timed(outcomes: tuple[str, ...] | None, *, warm: bool) -> Timed:
        whole = outcomes is None
        others = [contestant for contestant in theirs if is_whole(contestant) == whole]
        mine = ours.columns(ruleset, outcomes)
        turns = {contestant.name: (contestant, tables[whole]) for contestant in (*mine, *others)}
        return time_columns(turns, rounds=rounds, warm=warm)

    by_hand = by_hand_columns.OUTCOMES
    return timed(None, warm=True), timed(by_hand, warm=True), timed(by_hand, warm=False)


def _files(ruleset: Ruleset, rows: int, rounds: int) -> dict[str, Timed]:
    """Return what it takes from file to file, by what is asked for; compared first."""
    table = tables_of(ruleset, rows)[False]
    asked = {
        "The tier and the due date of the revisit": files.FEW,
        "The columns that were written by hand": by_hand_columns.OUTCOMES,
        "All columns of outcomes": None,
    }
    timed: dict[str, Timed] = {}
    with tempfile.TemporaryDirectory() as name:
        for what, outcomes in asked.items():
            several = files.contestants(ruleset, Path(name), outcomes)
            compare_tables(several, table.slice(0, rows // 10), ruleset)
            turns = {contestant.name: (contestant, table) for contestant in several}
            timed[what] = time_columns(turns, rounds=rounds, warm=False)
    return timed


def _rates(ruleset: Ruleset, rows: int) -> Iterator[tuple[str, int, float]]:
    """Yield the seconds of a case in a sweep of all outcomes, by what is given and how often."""
    every = tuple(name for name in ruleset.events)
    tables_by_name = {
        "values only": table_of(ruleset, rows, events=()),
        "values and four columns of days": table_of(ruleset, rows, events=DAYS, gaps=False),
        "values and all days": table_of(ruleset, rows, events=every, gaps=False),
        "everything": table_of(ruleset, rows, not_yet=every),
    }
    for name, table in tables_by_name.items():
        for times in (1, 10) if name == "everything" else (1,):
            took = []
            for _ in range(7 if times == 1 else 1):
                with undisturbed():
                    start = time.perf_counter()
                    count = ours.streamed(ruleset, table, times)
                    took.append((time.perf_counter() - start) / count)
            yield name, rows * times, statistics.median(took)


def measure(ruleset: Ruleset, *, rounds: int, rows: int, million: int) -> Results:
    """Return what everything takes."""
    theirs = [case for peer in _installed() if peer.cases for case in peer.cases(ruleset)]
    follow_ups = pool(ruleset, 500)
    cases = time_cases([*ours.cases(ruleset), *theirs], follow_ups, rounds=rounds)
    zen = [contestant for contestant in theirs if contestant.name in {ZEN, ZEN_FACTS}]
    new = time_first_assessed(ruleset, zen, follow_ups, rounds=rounds)
    first = time_first_met(ruleset, rounds=rounds)
    _says("one case")
    memory: tuple[int, ...] = ()
    if MEMORY.exists():  # after the rest: a million cases leave their traces in the memory
        memory = tuple(memory_of_a_million(ruleset, MEMORY, cases=million))
        _says("memory")
    rates = tuple(_rates(ruleset, rows))
    _says("rates")
    from_files = _files(ruleset, rows, max(rounds // 3, 1))
    _says("files")
    whole, by_hand, not_warm = _columns(ruleset, rows, max(rounds // 3, 1))
    return Results(
        cases=cases,
        first_met=first,
        first_assessed=new,
        whole=whole,
        by_hand=by_hand,
        by_hand_not_warm=not_warm,
        files=from_files,
        outcomes=(len(ruled(ruleset)), len(by_hand_columns.OUTCOMES)),
        rates=rates,
        memory=memory,
        missing=tuple(peer.name for peer in PEERS if peer.version is None),
    )


def main() -> None:
    """Compare, and measure as the command line says."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.peers", description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare on a few cases, time nothing")
    parser.add_argument("--write", type=Path, metavar="PAGE", help="where the page is written")
    parser.add_argument("--on", default="", metavar="DAY", help="the day that the page names")
    parser.add_argument("--rounds", type=int, default=15, help="how many turns each has")
    parser.add_argument("--rows", type=int, default=10_000_000, help="rows of a table")
    parser.add_argument("--million", type=int, default=1_000_000, help="cases to watch memory for")
    asked = parser.parse_args()
    if asked.write and not asked.on:
        parser.error("--write needs --on: the page names the day, and no clock is asked")
    ruleset = shipped_ruleset()
    if asked.check:
        check(ruleset, cases=60, rows=5_000)
        return
    check(ruleset, cases=1_000, rows=200_000)
    results = measure(ruleset, rounds=asked.rounds, rows=asked.rows, million=asked.million)
    text = page(results, on=asked.on or "a day that was not given")
    if asked.write:
        asked.write.parent.mkdir(parents=True, exist_ok=True)
        asked.write.write_text(text, encoding="utf-8")
        for aim in aims(results):
            print(f"{aim.says}: {aim.measured}")
    else:
        print(text)


if __name__ == "__main__":
    main()
