"""What every command is asked: the files, the day, the ruleset, the interpretations, the engine.

The one place where the day may be today's.
"""

from __future__ import annotations

import datetime
import sys
from glob import glob
from pathlib import Path
from typing import TYPE_CHECKING, Final, NoReturn

import attrs

from ncpi_rules.checks import quick_check
from ncpi_rules.cli.output import tell
from ncpi_rules.core import DateError, FactsError, NcpiRulesError, Problem, read_day
from ncpi_rules.facts import FollowUp
from ncpi_rules.io import (
    MAXIMUM_BYTES,
    Source,
    in_reading_order,
    read_as,
    read_file,
    read_path,
    read_yaml,
)
from ncpi_rules.plan import assess as assess_follow_up
from ncpi_rules.ruleset import SHIPPED, Ruleset, answers, engine_of, load_ruleset, shipped_ruleset

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from ncpi_rules.plan import Plan

GOOD: Final = 0
SOME_FILE_BAD: Final = 1
WRONG_USAGE: Final = 2
STANDARD_INPUT: Final = "<standard input>"
ENDINGS: Final = frozenset({".yaml", ".yml", ".json"})
"""How the name of a follow-up's file ends, where only its folder is named."""


def expanded(names: Iterable[str]) -> Iterator[str]:
    """Yield the files, those of a pattern such as ``*.yaml`` in order: Windows leaves it to us."""
    for name in names:
        found = [] if Path(name).exists() else sorted(glob(name))  # noqa: PTH207  a folder may stand before the pattern
        yield from found or [name]


def follow_ups_in(names: Iterable[str]) -> Iterator[str]:
    """Yield the files that are named, and those in the folders that are, in order."""
    for name in expanded(names):
        folder = Path(name)
        if not folder.is_dir():
            yield name
            continue
        found = sorted(each for each in folder.iterdir() if each.suffix.casefold() in ENDINGS)
        if not found:
            message = f"There is no follow-up in '{name}'."
            refuse(message, "Name a folder with .yaml or .json files.")
        yield from (each.as_posix() for each in found)


@attrs.frozen
class Asked:
    """What every command is asked: which day, which rules and interpretations, which engine."""

    day: datetime.date
    ruleset: Ruleset
    interpretations: dict[str, str]
    engine: str | None

    @classmethod
    def of(
        cls, on: str | None, ruleset: str, interpretation: Iterable[str] | None, engine: str | None
    ) -> Asked:
        """Return what was asked, checked; tell what the ruleset wants known."""
        day = datetime.datetime.now().astimezone().date() if on is None else _day(on)
        rules = ruleset_named(ruleset)
        interpretations = pairs(
            interpretation or (), "an interpretation and its answer, such as R1=findings-decide"
        )
        answers(rules, interpretations)  # refuses what does not exist, once and not for every file
        engine_of(rules, engine)
        return cls(day, rules, interpretations, engine)

    @property
    def format_day(self) -> str:
        """Return the day as an officer reads it."""
        return f"{self.day.day} {self.day:%B %Y}"

    def plan(self, name: str) -> Plan | None:
        """Return the plan of a follow-up in a file; tell what is wrong where there is none."""
        found = plans_of(name, self)
        return found[0] if found else None

    def assessed(self, follow_up: FollowUp) -> Plan:
        """Return the plan of a follow-up."""
        return assess_follow_up(
            follow_up,
            on=self.day,
            ruleset=self.ruleset,
            interpretations=self.interpretations,
            engine=self.engine,
        )


def plans_of(name: str, *asked: Asked) -> tuple[Plan, ...]:
    """Return the plans of a follow-up, by all that is asked; the file is read once.

    Tell what is wrong where one of them cannot be made, and return none.
    """
    place: Callable[[str], str] = str
    try:
        source = _read(name)
        follow_up = read_as(FollowUp, source, FactsError)
        place = _places(source)
        return tuple(each.assessed(follow_up) for each in asked)
    except NcpiRulesError as fault:
        found = [attrs.evolve(each, place=place(each.place)) for each in fault.problems]
        tell(in_reading_order(found))
        return ()


def ruleset_named(name: str) -> Ruleset:
    """Return a ruleset; tell which cases and statements one that is not shipped leaves open."""
    if name == SHIPPED:
        return shipped_ruleset()
    rules = load_ruleset(name)
    tell(quick_check(rules))
    return rules


def _day(text: str) -> datetime.date:
    try:
        return read_day(text)
    except DateError as fault:
        raise DateError(attrs.evolve(each, place="--on") for each in fault.problems) from None


def _places(source: Source) -> Callable[[str], str]:
    """Return what turns a path into the facts into the place in the file where it stands."""
    return lambda path: source.place(read_path(path))


def _read(name: str) -> Source:
    if name != STANDARD_INPUT:
        return read_file(Path(name), FactsError)
    raw = sys.stdin.buffer.read(MAXIMUM_BYTES + 1)
    try:
        return read_yaml(raw.decode("utf-8-sig"), FactsError, name=name)
    except UnicodeDecodeError:
        message = "This is not UTF-8 text."
        help_ = "Save it again and choose UTF-8 as the encoding."
        raise FactsError(Problem(place=name, message=message, help=help_)) from None


def pairs(given: Iterable[str], what: str) -> dict[str, str]:
    """Return names and words written with an equals sign between them; ``what`` says of what."""
    found: dict[str, str] = {}
    for each in given:
        name, equals, value = each.partition("=")
        if not (name and equals and value):
            refuse(f"'{each}' is not {what}.", "Write a name, an equals sign and a word.")
        if name in found:
            refuse(f"'{name}' is given twice.", "Give it once.")
        found[name] = value
    return found


def refuse(message: str, help_: str) -> NoReturn:
    """Stop: the command was not understood."""
    raise NcpiRulesError(Problem(place="", message=message, help=help_))
