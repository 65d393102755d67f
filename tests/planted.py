"""Faults planted at random in a copy of an edition: which are found before anybody approves it.

Run by hand: ``python -m tests.planted --faults 100 --seed 1``, or ``--every FILE`` for each slip. A
fault is one edit of one file, as a slip of an officer's pen: a value, a condition, a number, a
party, a title, an answer. It counts where it changes what some plan says, or what is guaranteed. It
is found before approval where the ruleset cannot be loaded, where a check has a finding, or where a
scenario fails; it is told where a check lists it among the differences from the edition. After
approval an approval is out of date.
"""

from __future__ import annotations

import argparse
import copy
import shutil
import tempfile
from collections import Counter
from itertools import repeat
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any, Final

from attrs import evolve, frozen

from ncpi_rules.checks import check
from ncpi_rules.cli.beside_rules import differences_from_base  # pinned: what a check lists
from ncpi_rules.core import PartialDate, RulesetError
from ncpi_rules.engine import ReferenceEngine
from ncpi_rules.io import read_file, write_yaml
from ncpi_rules.ruleset import load_ruleset, shipped_ruleset
from ncpi_rules.scenarios import Scenario, load_scenarios, run
from ncpi_rules.scenarios.runs import passes  # pinned: one scenario is run without a report
from ncpi_rules.sign_off import Approval, approvals_of, covered_by_all
from tests.test_copies import copy_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ncpi_rules.ruleset import Ruleset

RULES: Final = ("0-", "1-", "2-", "3-", "4-", "5-", "6-", "7-")
SENTENCES: Final = frozenset(
    {"title", "short", "label", "alert", "ask", "extent", "question", "why", "says", "summary"}
)
DROPPED: Final = frozenset(
    {"when", "under", "to", "outranks", "rests_on", "extent", "for_each", "prompted_by"}
    | {"left_out", "not_before", "completes", "modality", "basis", "hit"}
)

Place = tuple[str | int, ...]
Slip = tuple[str, Place, str]
"""A file, a place in it, and what is done there."""


@frozen(kw_only=True)
class Fate:
    """What became of one fault."""

    slip: Slip
    before: str
    after: bool


def slips(folder: Path) -> list[Slip]:
    """Return every slip that may be planted in the files of an edition."""
    all_slips: list[Slip] = []
    for path in sorted(folder.glob("*.yaml")):
        if path.name.startswith((*RULES, "vocabulary", "guarantees", "interpretations", "param")):
            data = read_file(path, RulesetError).data
            all_slips += [(path.name, place, what) for place, what in _slips_in(data, ())]
    return all_slips


def _slips_in(
    data: Any, path: tuple[str | int, ...]
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if isinstance(data, dict):
        for key, inner in data.items():
            if key in DROPPED:
                yield (*path, key), "drop"
            yield from _slips_in(inner, (*path, key))
    elif isinstance(data, list):
        for at, inner in enumerate(data):
            if len(data) > 1 or "outranks" in path:
                yield (*path, at), "drop"
            yield from _slips_in(inner, (*path, at))
    elif isinstance(data, str) and path and path[-1] not in {"id", "note", "agreed_by", "from"}:
        sentence = " " in data or path[-1] in SENTENCES or "values" in path[:-1]
        yield path, "reword" if sentence else "swap"


def plant(folder: Path, slip: Slip, values: list[str], chance: Random) -> bool:
    """Make one slip in a copy; return False where it changes nothing."""
    name, path, what = slip
    file = folder / name
    data: Any = copy.deepcopy(read_file(file, RulesetError).data)
    parent = data
    for step in path[:-1]:
        parent = parent[step]
    before = parent[path[-1]]
    if what == "drop":
        del parent[path[-1]]
    elif what == "reword":
        parent[path[-1]] = _reworded(before, chance)
    else:
        others = [value for value in values if value != before]
        if not others:
            return False
        parent[path[-1]] = chance.choice(others)
    if data == read_file(file, RulesetError).data:
        return False
    file.write_text(write_yaml(data), "utf-8")
    return True


def _reworded(text: str, chance: Random) -> str:
    parts = text.split(" ")
    if any(part.isdigit() for part in parts):  # such as '6 weeks'
        return " ".join(str(int(part) + 1) if part.isdigit() else part for part in parts)
    at = chance.randrange(len(parts))
    return " ".join([*parts[:at], "not", *parts[at:]])


def similar(folder: Path) -> dict[str, list[str]]:
    """Return, for each kind of line, the values that stand in such lines: what a pen slips to."""
    values: dict[str, set[str]] = {}
    for name, path, what in slips(folder):
        if what == "swap":
            data: Any = read_file(folder / name, RulesetError).data
            for step in path:
                data = data[step]
            values.setdefault(_kind(path), set()).add(data)
    return {kind: sorted(some) for kind, some in values.items()}


def _kind(path: Place) -> str:
    return "/".join(str(step) for step in path[-2:] if not isinstance(step, int))


def matters(ruleset: Ruleset) -> bool:
    """Return whether a changed ruleset says anything else in a plan, or guarantees anything else.

    What is left of it once names of files and reasons for nobody are taken away must differ.
    """
    shipped = shipped_ruleset()
    plain = [
        evolve(
            rules,
            settings=shipped.settings,
            interpretations={
                id_: evolve(interpretation, why="")
                for id_, interpretation in rules.interpretations.items()
            },
            rules={id_: evolve(rule, note="") for id_, rule in rules.rules.items()},
            parameters={
                id_: evolve(parameter, was={}) for id_, parameter in rules.parameters.items()
            },
        )
        for rules in (shipped, ruleset)
    ]
    before, after = plain
    return before.digest != after.digest or before.guarantees != after.guarantees


def fate_of(
    folder: Path, slip: Slip, approvals: list[Approval], scenarios: list[Scenario]
) -> Fate | None:
    """Return what becomes of a planted fault; None where it changes nothing that is read.

    ``scenarios`` are those of the unchanged edition. The one that notices is moved to their head,
    since it is the likeliest to notice the next fault in the same file.
    """
    try:
        ruleset = load_ruleset(folder)
    except RulesetError:
        return Fate(slip=slip, before="refused", after=True)
    if not matters(ruleset):
        return None
    stale = approvals_of(ruleset, approvals, ())
    # The approval of a rule that is gone is refused when approvals are read.
    gone = {approval.of for approval in approvals} - {item.name for item in stale.signed}
    after = bool(gone) or len(stale.current) < len(stale.signed)
    for scenario in scenarios:
        if not passes(scenario, ruleset, engine=ReferenceEngine.name):
            scenarios.remove(scenario)
            scenarios.insert(0, scenario)
            return Fate(slip=slip, before="scenario", after=after)
    try:
        load_scenarios(folder, ruleset=ruleset)
    except RulesetError:
        return Fate(slip=slip, before="scenario", after=after)
    if check(ruleset):
        return Fate(slip=slip, before="finding", after=after)
    said = differences_from_base(ruleset, str(folder))[1:]
    return Fate(slip=slip, before="told" if said else "silent", after=after)


def plants(number: int, seed: int, *, of: str = "") -> Iterator[Fate]:
    """Plant faults one by one, each in the unchanged copy, and yield what becomes of each.

    ``of`` is how the names of some files begin, or a file and a part of it, such as
    ``vocabulary.yaml/facts``: then every slip there is made, once.
    """
    chance = Random(seed)  # noqa: S311  a seed, so that the same faults can be planted again
    with tempfile.TemporaryDirectory() as temporary:
        folder = copy_of(Path(temporary) / "copy")
        original = Path(temporary) / "original"
        shutil.copytree(folder, original)
        ruleset = load_ruleset(folder)
        day: Any = PartialDate.read("2026-11-20")
        approvals = [
            Approval(of=approval.name, by="A. Officer", on=day, fingerprints=approval.fingerprints)
            for approval in covered_by_all(ruleset, ())
        ]
        scenarios = list(load_scenarios(folder, ruleset=ruleset))
        failing = [scenario.says for scenario in scenarios if not run(scenario, ruleset).passed]
        assert failing == [], "a fault is found by what passes without it"
        every, values = slips(folder), similar(folder)
        # Of each kind of line as many as of any other: officers do not slip by the number of lines.
        kinds: dict[tuple[str, str, str], list[Slip]] = {}
        for slip in every:
            kinds.setdefault((slip[0], _kind(slip[1]), slip[2]), []).append(slip)
        chosen = (chance.choice(kinds[chance.choice(sorted(kinds))]) for _ in repeat(None))
        named = (slip for slip in every if f"{slip[0]}/{slip[1][0]}".startswith(of))
        for slip in named if of else chosen:
            if not number:
                break
            planted = plant(folder, slip, values.get(_kind(slip[1]), []), chance)
            fate = fate_of(folder, slip, approvals, scenarios) if planted else None
            shutil.copy(original / slip[0], folder / slip[0])
            if fate is not None:
                number -= 1
                yield fate


def main() -> None:
    """Plant faults and print what becomes of each, and of all."""
    parser = argparse.ArgumentParser(description=str(__doc__).partition("\n")[0])
    parser.add_argument("--faults", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--every", default="", help="each slip in what begins so, such as gua")
    options = parser.parse_args()
    fates: list[Fate] = []
    number = -1 if options.every else options.faults
    for fate in plants(number, options.seed, of=options.every):
        fates.append(fate)
        name, path, what = fate.slip
        after = "" if fate.after else ", and under every approval"
        print(f"{fate.before}: {name} {'/'.join(map(str, path))} ({what}){after}", flush=True)
    print(dict(Counter(fate.before for fate in fates)))
    print(f"after approval: {sum(fate.after for fate in fates)} of {len(fates)} are found")


if __name__ == "__main__":
    main()
