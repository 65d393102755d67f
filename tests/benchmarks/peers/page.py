"""The page: what was measured, beside what was aimed at, and what each peer cannot express."""

from __future__ import annotations

import os
import platform
import textwrap
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Final

from attrs import field, frozen

from ncpi_rules.batch import ROWS
from tests.benchmarks.peers import ours
from tests.benchmarks.peers.every import PEERS
from tests.benchmarks.peers.files import OURS
from tests.benchmarks.peers.timing import Timed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.benchmarks.peers.timing import Took

RAW: Final = "durable-rules raw, interpretations as facts"
ZEN: Final = "zen-engine, one compiled expression, our interpretations worked in"
ZEN_FACTS: Final = "zen-engine, one compiled expression, interpretations as facts"
DURABLE: Final = "durable-rules raw, our interpretations worked in, and our schedule"
TABLE: Final = "ours: sweep, one table"
BATCHES: Final = "ours: sweep, in batches"
DURABLE_RULES: Final = "durable-rules raw, our interpretations worked in, the rules alone"
OPENFISCA: Final = "OpenFisca, all outcomes"
POLARS: Final = "polars by hand, its own months"
FILES_POLARS: Final = "polars by hand, from file to file, its own months"
FASTEST_POLARS: Final = "polars by hand, months looked up in a table"


@frozen(kw_only=True)
class Results:
    """What was measured; a peer that is not installed is missing everywhere."""

    cases: Timed
    first_met: Timed
    first_assessed: Timed
    whole: Timed
    by_hand: Timed
    by_hand_not_warm: Timed
    files: Mapping[str, Timed]
    outcomes: tuple[int, int]
    rates: tuple[tuple[str, int, float], ...]
    memory: tuple[int, ...]
    missing: tuple[str, ...] = field(default=())


@frozen
class Aim:
    """What was aimed at, what was measured, and whether that is enough; None where nobody knows."""

    says: str
    measured: str
    met: bool | None


def _times(aim: str, first: Took | None, second: Took | None, least: float) -> Aim:
    """Return an aim that one takes at least so many times as long as another."""
    if first is None or second is None:
        return Aim(aim, "not measured", met=None)
    ratio = first.beside(second)[0]
    return Aim(aim, f"{ratio:.1f} times", met=ratio >= least)


def aims(results: Results) -> list[Aim]:
    """Return every aim beside what was measured."""
    cases, first, whole, hand = results.cases, results.first_met, results.whole, results.by_hand
    read, same = cases.get(ours.READ), cases.get(ours.FACT_PLACES)
    rates = {rows: seconds for name, rows, seconds in results.rates if name == "everything"}
    aimed = [
        _times(f"One case, outcomes read, 5 times as fast as {name}", cases.get(peer), read, 5)
        for name, peer in (
            ("zen-engine's fastest expression", ZEN),
            ("zen-engine's expression with interpretations as facts, as ours are", ZEN_FACTS),
            ("durable-rules with our schedule", DURABLE),
            ("durable-rules, its rules alone", DURABLE_RULES),
        )
    ]
    aimed += [
        _times(f"... given the values and dates as a peer is, {name}", cases.get(peer), same, 5)
        for name, peer in (
            ("zen-engine's fastest", ZEN),
            ("zen-engine's with interpretations as facts", ZEN_FACTS),
        )
    ]
    aimed.append(
        _times(
            "... the plan alone, its items listed when they are asked for, as zen-engine's fastest",
            cases.get(ZEN),
            cases.get(ours.ASSESS),
            5,
        )
    )
    aimed.append(
        _times(
            "... and with every item of the plan read, as zen-engine's fastest",
            cases.get(ZEN),
            cases.get(ours.ALL),
            5,
        )
    )
    aimed.append(
        _times(
            "... of a follow-up that is assessed for the first time, as zen-engine's fastest",
            results.first_assessed.get(ZEN),
            results.first_assessed.get(ours.READ),
            5,
        )
    )
    if RAW in first:
        ratio = first["ours: the rules alone"].beside(first[RAW])[0]
        says = "Values met for the first time within 1.5 times of durable-rules raw"
        aimed.append(Aim(says, f"{ratio:.2f} times", met=ratio <= 1.5))
    if results.memory:
        grown = results.memory[-1] - results.memory[0]
        says = "Memory flat over a million cases"
        aimed.append(Aim(says, f"{grown:+d} MiB after the first 100,000", met=grown < 5))
    if rates:
        few, many = min(rates), max(rates)
        for name, rows, seconds in results.rates:
            if rows == few:
                rate = 1 / seconds / 1e6
                says = (
                    f"100 million cases a second, all outcomes, for {few / 1e6:.0f} million cases"
                )
                aimed.append(Aim(f"{says}: {name}", f"{rate:.0f} million", met=rate >= 100))
        ratio = rates[many] / rates[few]
        says = f"Linear to {many / 1e6:.0f} million: a case costs what it costs among fewer"
        aimed.append(Aim(says, f"{ratio:.2f} times", met=ratio <= 1.1))
    aimed += [
        _times(
            "Columns 40 times as fast as OpenFisca", whole.get(OPENFISCA), whole.get(BATCHES), 40
        ),
        _times("Columns 5 times as fast as polars by hand", hand.get(POLARS), hand.get(TABLE), 5),
        _times(
            "... and as polars with a table of months",
            hand.get(FASTEST_POLARS),
            hand.get(TABLE),
            5,
        ),
        _times(
            "... and as polars with months of its own, in memory that others have just used",
            results.by_hand_not_warm.get(POLARS),
            results.by_hand_not_warm.get(TABLE),
            5,
        ),
    ]
    for what, timed in results.files.items():
        other = timed.get(FILES_POLARS)
        if other is not None:
            aim = f"From file to file, as fast as polars by hand: {what}"
            aimed.append(_times(aim, other, timed.get(OURS), 1))
    return aimed


def page(results: Results, *, on: str) -> str:
    """Return the page as Markdown."""
    return "\n".join(_lines(results, on)) + "\n"


def _lines(results: Results, on: str) -> Iterator[str]:
    yield "# How fast it is, beside other tools"
    yield ""
    yield _folded(
        "One run measured everything here, and wrote this page. The answers were compared first: a "
        "peer that differed from ours in one outcome of one case would have stopped the run. Trust "
        "the ratios; the times are those of one machine on one day."
    )
    yield ""
    yield f"Measured on {on}: {machine()}. {_versions()}."
    yield ""
    yield "```sh"
    yield 'python -m pip install -e ".[columns,peers]"'
    yield f"python -m tests.benchmarks.peers --write docs/reference/benchmarks.md --on {on}"
    yield "```"
    yield ""
    yield _folded(
        "`--check` compares only. A peer that is not installed is left out"
        + (f", as these were: {', '.join(results.missing)}." if results.missing else ".")
    )
    yield ""
    yield "## What we aimed at"
    yield ""
    yield "| aim | measured | met |"
    yield "|---|---|---|"
    labels = {True: "yes", False: "**no**", None: "not known"}
    for aim in aims(results):
        yield f"| {aim.says} | {aim.measured} | {labels[aim.met]} |"
    yield ""
    yield from _one_case(results)
    yield from _tables(results)
    yield "## What each could not express"
    yield ""
    yield _folded(
        "Each sentence stands beside a trial in the code, and a test runs the trials. None of them "
        "knows an interpretation, a decision that is left to people, or the statement behind a "
        "rule: such "
        "things can be written into any program, as more variables and more text."
    )
    yield ""
    for peer in PEERS:
        yield f"### {peer.name}"
        yield ""
        yield _folded(peer.made)
        yield ""
        yield from (_folded(f"- {sentence.message}", indent="  ") for sentence in peer.cannot)
        yield ""
    yield from _last()


def _one_case(results: Results) -> Iterator[str]:
    yield "## One case"
    yield ""
    yield _folded(
        "From the values and dates of a case to all of its outcomes: plan, stage and tier with "
        "what they rest on, every action, option, document, question and alert that the rules "
        "give, and of every deadline that binds its due date, where it stands, and the days late. "
        "500 follow-ups, no two alike, in turn. Ours starts from a `FollowUp`, which keeps its "
        "values once they were worked out, until a day on which they may change; a peer is given "
        "the values. The items of our plan hold more than a peer is asked for: what calls for a "
        "document, where an action stands, and warnings of lateness in sentences; they have a "
        "row of their own. The explanation is made when asked for."
    )
    yield ""
    yield from _table(results.cases, ours.READ, "one case")
    yield ""
    yield _folded(
        "Where it says *the rules alone*, no dates are worked out. Interpretations worked in "
        "means that "
        "the rules of other answers were left out beforehand; we, and those with "
        "interpretations as "
        "facts, can answer under any of them."
    )
    yield ""
    yield _folded(
        "A follow-up that is assessed for the first time, so that its values must be worked out; "
        "others like it have been assessed before:"
    )
    yield ""
    yield from _table(results.first_assessed, ours.READ, "one follow-up")
    yield ""
    yield "A combination of values that is met for the first time, with interpretations as facts:"
    yield ""
    yield from _table(results.first_met, RAW, "one combination")
    yield ""
    if results.memory:
        yield _folded(
            "Memory in use after each 100,000 of a million assessments, no two alike, in MiB: "
            + ", ".join(map(str, results.memory))
            + "."
        )
        yield ""


def _tables(results: Results) -> Iterator[str]:
    every, some = results.outcomes
    yield "## Many cases"
    yield ""
    yield _folded(
        "Drawn values and days, one day in ten empty, 10 million rows; a million for OpenFisca, "
        f"which takes more memory. A batch of ours has {ROWS:,} rows, as it has unless told "
        f"otherwise, and is released before the next; {ours.WORKERS} threads. All {every} columns "
        "of outcomes:"
    )
    yield ""
    yield from _table(results.whole, BATCHES, "one case", columns=True)
    yield ""
    yield _folded(
        f"The {some} columns that were written by hand: tier, basis, stage, documents, "
        "activities, alerts and three deadlines."
    )
    yield ""
    yield from _table(results.by_hand, TABLE, "one case", columns=True)
    yield ""
    yield _folded(
        "The same where nobody is warm: the memory is as the one before left it, and must be "
        "fetched from the system anew."
    )
    yield ""
    yield from _table(results.by_hand_not_warm, TABLE, "one case", columns=True)
    yield ""
    yield _folded(
        "From one Parquet file to another, on all processors, reading and writing included:"
    )
    yield ""
    for what, timed in results.files.items():
        yield f"{what}:"
        yield ""
        yield from _table(timed, OURS, "one case", columns=True)
        yield ""
    yield "Ours by what is given, all outcomes, in batches:"
    yield ""
    yield "| given | cases | million cases a second |"
    yield "|---|---:|---:|"
    for name, rows, seconds in results.rates:
        yield f"| {name} | {rows:,} | {1 / seconds / 1e6:.1f} |"
    yield ""


def _last() -> Iterator[str]:
    yield "## How it was measured"
    yield ""
    yield _folded(
        "In each round every contestant has one turn; a ratio compares the turns of one round, "
        "and the table gives the median, least and most of these ratios. Everybody is warm, and "
        "Python looks for garbage between turns only. One case is timed in turns of the same "
        "length, in which the quick answer all cases several times and the slow some of them, "
        "another part in each round; it is counted in the processor's time. A table is counted by "
        "the clock, and where everybody is warm, each does it once just before the turn. "
        "What a contestant needs in a form of its own is made outside of the timing. "
        "`tests/benchmarks/peers` has a module for each peer."
    )


def _table(timed: Timed, base: str, unit: str, *, columns: bool = False) -> Iterator[str]:
    """Yield a table of ratios to one of the contestants, the fastest first."""
    time = "million a second" if columns else f"us for {unit}"
    yield f"| | times as long | least to most | {time} |"
    yield "|---|---:|---:|---:|"
    if base not in timed:
        return
    for name, took in sorted(timed.items(), key=lambda entry: entry[1].median):
        middle, least, most = took.beside(timed[base])
        shown = f"**{name}**" if name.startswith("ours") else name
        absolute = 1 / took.median / 1e6 if columns else took.median * 1e6
        yield f"| {shown} | {middle:.2f} | {least:.2f} to {most:.2f} | {absolute:.1f} |"


def machine() -> str:
    """Return the processor, its number, the memory and the interpreter."""
    known = Path("/proc/cpuinfo")
    lines = known.read_text().splitlines() if known.exists() else []
    model = next((line.split(":")[1].strip() for line in lines if "model name" in line), "")
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    return (
        f"{os.cpu_count()} processors ({model or platform.machine()}), {memory:.0f} GiB, "
        f"{platform.system()}, Python {platform.python_version()}"
    )


def _versions() -> str:
    named = [f"{peer.package} {peer.version}" for peer in PEERS if peer.version]
    return ", ".join([f"ncpi-rules {version('ncpi-rules')}", *named])


def _folded(text: str, *, indent: str = "") -> str:
    return "\n".join(textwrap.wrap(text, 140, subsequent_indent=indent, break_on_hyphens=False))
