"""The command line: ``ncpi-rules assess``, ``explain`` and ``decide``.

Floor 12. It reads files, asks the library and prints; the one place where the day may be today's.
Plans go to standard output, everything else to standard error.
"""

from __future__ import annotations

import datetime
import io
import os
import sys
from glob import glob
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, NoReturn, TypeAlias

import attrs

from ncpi_rules import __version__
from ncpi_rules.assessment import assess as assess_follow_up
from ncpi_rules.cli.printing import PRINTERS, says_decision, show, tell
from ncpi_rules.dates import read_day
from ncpi_rules.deciding import answers, engine_of
from ncpi_rules.deciding import decide as decide_case
from ncpi_rules.errors import (
    DateError,
    FactsError,
    MissingExtraError,
    NcpiRulesError,
    Problem,
    UnknownItemError,
)
from ncpi_rules.facts import FollowUp
from ncpi_rules.files import Source, in_reading_order, read_file, read_yaml
from ncpi_rules.files.source import MAXIMUM_BYTES
from ncpi_rules.render.plain import wrapped
from ncpi_rules.ruleset.load import SHIPPED, load_ruleset, shipped_ruleset
from ncpi_rules.ruleset.model import Ruleset
from ncpi_rules.shapes import read_as, read_path

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from ncpi_rules.plan import Plan

Format: TypeAlias = Literal["text", "json", "markdown", "html"]
Engine: TypeAlias = Literal["durable-rules", "reference"]

GOOD: Final = 0
SOME_FILE_BAD: Final = 1
WRONG_USAGE: Final = 2
STANDARD_INPUT: Final = "<standard input>"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status.

    0: all good; 1: some file could not be used; 2: wrong usage, or a ruleset that cannot be used.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # an old console shows '?' instead of failing
    given = sys.argv[1:] if arguments is None else arguments
    try:
        status = _run([STANDARD_INPUT if each == "-" else each for each in given])
        sys.stdout.flush()
    except NcpiRulesError as fault:
        tell(fault.problems)
        return WRONG_USAGE
    except BrokenPipeError:
        # Whoever read our output has stopped, as `head` does; nothing more can be said there.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return GOOD
    except KeyboardInterrupt:
        return 130
    return status


def _run(arguments: list[str]) -> int:
    try:
        import cyclopts  # noqa: PLC0415  an extra
        from rich.console import Console  # noqa: PLC0415  an extra
    except ImportError:
        sentence = "The command line needs packages that are not installed."
        help_ = 'Install them with: pip install "ncpi-rules[cli]"'
        raise MissingExtraError(Problem(place="", sentence=sentence, help=help_)) from None
    on_terminal = sys.stdout.isatty()
    app = cyclopts.App(
        name="ncpi-rules",
        help="Which follow-up a police force gets after a child protection inspection, and why.",
        version=__version__,
        console=Console(force_terminal=None if on_terminal else False),
        help_formatter="default" if on_terminal else "plain",
        default_parameter=cyclopts.Parameter(negative=()),
        result_action="return_value",
    )
    for command in (assess, explain, decide):
        app.command(command)
    try:
        status: int | None = app(arguments, exit_on_error=False, print_error=False)
    except cyclopts.CycloptsError as fault:
        _refuse(" ".join(str(fault).split()), "See ncpi-rules --help.")
    return status or GOOD


def assess(
    *file: str,
    on: str | None = None,
    ruleset: str = SHIPPED,
    format_: Format = "text",
    reading: list[str] | None = None,
    engine: Engine | None = None,
) -> int:
    """Print the plan of each follow-up.

    A file that cannot be used does not stop the others.

    :param file: A follow-up as .yaml or .json; '-' reads YAML from standard input.
    :param on: The day of the assessment, such as 2019-04-11; today unless given.
    :param ruleset: The name of a shipped ruleset, or the folder of any other.
    :param format_: How the plan is printed.
    :param reading: Another answer to a doubt, such as R1=findings-decide; may be repeated.
    :param engine: The engine that evaluates the rules.
    """
    if not file:
        _refuse("Which follow-up? No file is named.", "Write: ncpi-rules assess FILE")
    asked = _Asked.of(on, ruleset, reading, engine)
    names = list(_expanded(file))
    plans = [plan for name in names if (plan := asked.plan(name)) is not None]
    if plans or len(names) > 1:
        PRINTERS[format_]([plan.to_dict() for plan in plans], len(names) > 1)
    return GOOD if len(plans) == len(names) else SOME_FILE_BAD


def _expanded(names: Iterable[str]) -> Iterator[str]:
    """Yield the files, those of a pattern such as ``*.yaml`` in order: Windows leaves it to us."""
    for name in names:
        found = [] if Path(name).exists() else sorted(glob(name))  # noqa: PTH207  a folder may stand before the pattern
        yield from found or [name]


def explain(
    file: str,
    /,
    *,
    why: list[str] | None = None,
    why_not: list[str] | None = None,
    on: str | None = None,
    ruleset: str = SHIPPED,
    reading: list[str] | None = None,
    engine: Engine | None = None,
) -> int:
    """Say why something is in a plan, or why not.

    Without --why and --why-not it says why this kind of follow-up.

    :param file: A follow-up as .yaml or .json; '-' reads YAML from standard input.
    :param why: The reference of something in the plan, such as deadline.revisit; may be repeated.
    :param why_not: A rule or a kind of follow-up that is not in the plan; may be repeated.
    :param on: The day of the assessment, such as 2019-04-11; today unless given.
    :param ruleset: The name of a shipped ruleset, or the folder of any other.
    :param reading: Another answer to a doubt, such as R1=findings-decide; may be repeated.
    :param engine: The engine that evaluates the rules.
    """
    asked = _Asked.of(on, ruleset, reading, engine)
    plan = asked.plan(file)
    if plan is None:
        return SOME_FILE_BAD
    whys = list(why or ())
    if not whys and not why_not:
        outcomes = list(plan.decision.outcomes)
        whys = ["tier"] if "tier" in outcomes else outcomes
    lines = list(wrapped(f"{plan.follow_up.force.name}, as things stood on {asked.says_day}"))
    problems: list[Problem] = []
    for title, ask, names in (("Why", plan.why, whys), ("Why not", plan.why_not, why_not or ())):
        for name in names:
            try:
                told = ask(name)
            except UnknownItemError as fault:
                problems.extend(fault.problems)
                continue
            lines += ["", *wrapped(f"{title} {name}?")]
            lines += [line for each in told for line in wrapped(each, first="  ", rest="    ")]
    show("\n".join(lines) + "\n")
    tell(problems)
    return WRONG_USAGE if problems else GOOD


def decide(
    *word: str,
    ruleset: str = SHIPPED,
    reading: list[str] | None = None,
    engine: Engine | None = None,
) -> int:
    """Say what a ruleset decides of one case, given in words.

    :param word: A fact and its word, such as findings=broadly-positive; the rest is not known.
    :param ruleset: The name of a shipped ruleset, or the folder of any other.
    :param reading: Another answer to a doubt, such as R1=findings-decide; may be repeated.
    :param engine: The engine that evaluates the rules.
    """
    asked = _Asked.of(None, ruleset, reading, engine)
    given = _pairs(word, "a fact and its word, such as findings=broadly-positive")
    for name in given:
        if name in asked.ruleset.readings:
            _refuse(f"'{name}' is a reading, not a fact.", f"Write: --reading {name}=ANSWER")
    found = decide_case(asked.ruleset, given, readings=asked.readings, engine=engine)
    show("\n".join(says_decision(found, given)) + "\n")
    return GOOD


@attrs.frozen
class _Asked:
    """What every command is asked: on which day, by which rules and readings, by which engine."""

    day: datetime.date
    ruleset: Ruleset
    readings: dict[str, str]
    engine: str | None

    @classmethod
    def of(
        cls, on: str | None, ruleset: str, reading: Iterable[str] | None, engine: str | None
    ) -> _Asked:
        day = datetime.datetime.now().astimezone().date() if on is None else _day(on)
        rules = shipped_ruleset() if ruleset == SHIPPED else load_ruleset(ruleset)
        tell(rules.notices)
        readings = _pairs(reading or (), "a reading and its answer, such as R1=findings-decide")
        answers(rules, readings)  # refuses what does not exist, once and not for every file
        engine_of(rules, engine)
        return cls(day, rules, readings, engine)

    @property
    def says_day(self) -> str:
        return f"{self.day.day} {self.day:%B %Y}"

    def plan(self, name: str) -> Plan | None:
        """Return the plan of a follow-up in a file; tell what is wrong where there is none."""
        place: Callable[[str], str] = str
        try:
            source = _read(name)
            follow_up = read_as(FollowUp, source, FactsError)
            place = _places(source)
            return assess_follow_up(
                follow_up,
                on=self.day,
                ruleset=self.ruleset,
                readings=self.readings,
                engine=self.engine,
            )
        except NcpiRulesError as fault:
            found = [attrs.evolve(each, place=place(each.place)) for each in fault.problems]
            tell(in_reading_order(found))
            return None


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
        sentence = "This is not UTF-8 text."
        help_ = "Save it again and choose UTF-8 as the encoding."
        raise FactsError(Problem(place=name, sentence=sentence, help=help_)) from None


def _pairs(given: Iterable[str], what: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for each in given:
        name, equals, value = each.partition("=")
        if not (name and equals and value):
            _refuse(f"'{each}' is not {what}.", "Write a name, an equals sign and a word.")
        if name in found:
            _refuse(f"'{name}' is given twice.", "Give it once.")
        found[name] = value
    return found


def _refuse(sentence: str, help_: str) -> NoReturn:
    raise NcpiRulesError(Problem(place="", sentence=sentence, help=help_))
