"""Interleaved rounds: in each, every contestant has one turn, so that all share the noise."""

from __future__ import annotations

import gc
import os
import statistics
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from attrs import evolve, frozen

from ncpi_rules.plan import assess
from ncpi_rules.ruleset import decide, engine_of
from tests.benchmarks.peers.cases import ON, pool, some_values
from tests.benchmarks.peers.held import Held, answers
from tests.benchmarks.peers.outcomes import read, read_outcomes
from tests.benchmarks.peers.with_durable_rules import fires

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    import pyarrow

    from ncpi_rules.ruleset import Ruleset
    from tests.benchmarks.peers.cases import Case
    from tests.benchmarks.peers.contestants import Contestant, TableContestant

TURN: Final = 0.04
"""The seconds that a turn of one-case work may take."""


@frozen
class Took:
    """The seconds that one case took in each round."""

    rounds: tuple[float, ...]

    @property
    def median(self) -> float:
        """Return the median of the seconds of one case."""
        return statistics.median(self.rounds)

    def beside(self, other: Took) -> tuple[float, float, float]:
        """Return how many times as long as another it took: median, least and most of rounds."""
        ratios = [mine / theirs for mine, theirs in zip(self.rounds, other.rounds, strict=True)]
        return statistics.median(ratios), min(ratios), max(ratios)


Timed = dict[str, Took]


@contextmanager
def undisturbed() -> Iterator[None]:
    """Let Python look for garbage beforehand, and not while a contestant has its turn."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _rounds(turns: Mapping[str, Callable[[int], float]], rounds: int) -> Timed:
    """Return what each took, given what times its turn in a round."""
    took: dict[str, list[float]] = {name: [] for name in turns}
    for number in range(rounds):
        for name, turn in turns.items():
            with undisturbed():
                took[name].append(turn(number))
    return {name: Took(tuple(seconds)) for name, seconds in took.items()}


def _seconds(run: Callable[[Any], Any], inputs: Sequence[Any]) -> float:
    """Return the seconds of the processor's time that one of these takes."""
    start = time.process_time()
    for item in inputs:
        run(item)
    return (time.process_time() - start) / len(inputs)


def time_cases(contestants: Sequence[Contestant], cases: Sequence[Case], *, rounds: int) -> Timed:
    """Return the seconds of one case for each contestant, whose turns are of the same length.

    Who is slow has a part of the cases in each round, another each time; who is quick has them all
    several times over. The processor's time is counted: one case takes one thread, and other work
    on the machine would otherwise fall on some turns and not on others.
    """

    def turn_of(contestant: Contestant) -> Callable[[int], float]:
        inputs = [contestant.prepare(case) for case in cases]
        _seconds(contestant.run, inputs)  # so that everybody is warm
        several = max(round(TURN / _seconds(contestant.run, inputs)), 20)
        passes, part = divmod(several, len(inputs))
        if passes:
            inputs, part = inputs * passes, 0

        def turn(number: int) -> float:
            first = number * part % len(inputs)
            mine = (inputs + inputs)[first : first + part] if part else inputs
            for item in mine[: len(cases)]:  # others have filled the processor's cache with theirs
                contestant.run(item)
            return _seconds(contestant.run, mine)

        return turn

    return _rounds({contestant.name: turn_of(contestant) for contestant in contestants}, rounds)


def time_first_met(ruleset: Ruleset, *, rounds: int, combinations: int = 300) -> Timed:
    """Return the seconds of one combination of values that was never asked about before."""
    interpretations = answers(ruleset)
    first, *values = some_values(ruleset, combinations + 1)
    whole = [{**combination, **interpretations} for combination in values]
    raw = fires(Held.of(ruleset, interpretations=True))
    raw(whole[0])

    def rules(_: int) -> float:
        engine = engine_of(evolve(ruleset))  # the same rules, with nothing remembered
        engine.evaluate({**first, **interpretations})
        return _seconds(engine.evaluate, whole)

    def decided(_: int) -> float:
        fresh = evolve(ruleset)
        decide(fresh, first)
        return _seconds(lambda combination: decide(fresh, combination), values)

    turns = {
        "durable-rules raw, interpretations as facts": lambda _: _seconds(raw, whole),
        "ours: the rules alone": rules,
        "ours: decide": decided,
    }
    return _rounds(turns, rounds)


def time_first_assessed(
    ruleset: Ruleset, peers: Sequence[Contestant], cases: Sequence[Case], *, rounds: int
) -> Timed:
    """Return the seconds of one follow-up that was never assessed, its values and dates met before.

    A peer is given the values and dates, as always.
    """
    for case in cases:
        read_outcomes(assess(case.follow_up, on=ON, ruleset=ruleset))

    def ours(_: int) -> float:
        copies = [case.follow_up.evolve() for case in cases]
        return _seconds(
            lambda follow_up: read_outcomes(assess(follow_up, on=ON, ruleset=ruleset)), copies
        )

    def turn_of(peer: Contestant) -> Callable[[int], float]:
        inputs = [peer.prepare(case) for case in cases]
        return lambda _: _seconds(peer.run, inputs)

    turns = {"ours: assess, and the outcomes read": ours}
    return _rounds(turns | {peer.name: turn_of(peer) for peer in peers}, rounds)


def time_columns(
    contestants: Mapping[str, tuple[TableContestant, pyarrow.Table]], *, rounds: int, warm: bool
) -> Timed:
    """Return the seconds of one row for each contestant, each with its table.

    Who is ``warm`` has just done the same; otherwise the memory is still as the others left it.
    """

    def turn_of(contestant: TableContestant, table: pyarrow.Table) -> Callable[[int], float]:
        table = table.slice(0, contestant.rows)
        rows: int = table.num_rows
        prepared = None if contestant.fresh else contestant.prepare(table)

        def turn(_: int) -> float:
            if warm:
                contestant.run(contestant.prepare(table) if contestant.fresh else prepared)
            inputs = contestant.prepare(table) if contestant.fresh else prepared
            start = time.perf_counter()
            result = contestant.run(inputs)
            took = time.perf_counter() - start
            del result
            return took / rows

        turn(0)
        return turn

    return _rounds({name: turn_of(*pair) for name, pair in contestants.items()}, rounds)


def memory_of_a_million(ruleset: Ruleset, statm: Path, *, cases: int = 1_000_000) -> list[int]:
    """Return the mebibytes in use after each tenth of a million assessments, no two alike.

    Every tenth plan is read as well.
    """
    follow_ups = [case.follow_up for case in pool(ruleset, 2000, seed=3)]
    day, used = ON.toordinal(), []
    for number in range(cases):
        on = ON.fromordinal(day + number // len(follow_ups))
        plan = assess(follow_ups[number % len(follow_ups)], on=on, ruleset=ruleset)
        if number % 10 == 0:
            read(plan)
        if (number + 1) % (cases // 10) == 0:
            used.append(int(statm.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") // 2**20)
    return used
