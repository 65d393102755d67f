"""The options that commands share, with their help: the ruleset, the interpretations, the day.

The one place where the day may be today's.
"""

from __future__ import annotations

import datetime
import os.path
import sys
from glob import glob
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Literal, TypeAlias

import attrs
from cyclopts import Parameter

from ncpi_rules import facts, plan
from ncpi_rules.cli import STANDARD_INPUT
from ncpi_rules.cli.output import Format, refuse, report_problems
from ncpi_rules.core import DateError, FactsError, NcpiRulesError, in_reading_order, read_day
from ncpi_rules.io import (
    MAXIMUM_BYTES,
    Source,
    is_hidden,
    read_as,
    read_file,
    read_path,
    read_text,
    read_yaml,
    text_of,
    unread_in,
)
from ncpi_rules.ruleset import (
    SHIPPED,
    Editions,
    Rules,
    Ruleset,
    answers,
    edition_folder,
    edition_folders,
    engine_of,
    load_editions,
    shipped_editions,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    from ncpi_rules.core import Problem
    from ncpi_rules.plan import Plan

ENDINGS: Final = frozenset({".yaml", ".yml", ".json"})
"""How the name of a follow-up's file ends, where only its folder is named."""

OfficeFormat: TypeAlias = Literal["board", "docx", "ics", "letters", "xlsx"]
PlanFormat: TypeAlias = Annotated[
    Format | OfficeFormat, Parameter(help="How the result is printed or written.")
]
OutputName: TypeAlias = Annotated[
    str | None, Parameter(name=("--output", "-o"), help="A file to write instead of printing.")
]
PreviousName: TypeAlias = Annotated[
    str | None,
    Parameter(help="The calendar of last time: entries that no longer apply are cancelled."),
]
ReviewName: TypeAlias = Annotated[
    str | None,
    Parameter(help="A page of the review pack, to which the rules and statements of a plan link."),
]
RulesetName: TypeAlias = Annotated[
    str,
    Parameter(
        help="The name of a shipped ruleset, or the folder of another; one of several editions is "
        "NAME/EDITION."
    ),
]
FollowUpFile: TypeAlias = Annotated[
    str, Parameter(help="A follow-up as .yaml or .json; '-' reads YAML from standard input.")
]
EngineName: TypeAlias = Annotated[
    Literal["durable-rules", "reference"] | None,
    Parameter(help="The engine that evaluates the rules."),
]
FormatName: TypeAlias = Annotated[Format, Parameter(help="How the result is printed.")]
TextOrJson: TypeAlias = Annotated[
    Literal["text", "json"], Parameter(help="How the result is printed.")
]


@Parameter(name="*")
@attrs.frozen(kw_only=True)
class RulesOptions:
    """The options of a command that decides by a ruleset."""

    ruleset: RulesetName = SHIPPED
    interpretation: Annotated[
        list[str] | None,
        Parameter(
            help="Another answer to an open question, such as R1=findings-decide; may be repeated."
        ),
    ] = None

    def load(self, engine: str | None = None) -> tuple[Ruleset, dict[str, str]]:
        """Return the one edition that is named, and the interpretations, checked."""
        rules = ruleset_named(self.ruleset)
        return rules, self.asked(rules, engine)

    def asked(self, rules: Rules, engine: str | None) -> dict[str, str]:
        """Return the interpretations, checked once and not for every file."""
        interpretations = pairs(
            self.interpretation or (), "an interpretation and its answer, such as R1=refer"
        )
        for edition in rules if isinstance(rules, Editions) else (rules,):
            answers(edition, interpretations)
            engine_of(edition, engine)
        return interpretations


@Parameter(name="*")
@attrs.frozen(kw_only=True)
class CaseOptions(RulesOptions):
    """The options of a command that assesses on a day."""

    on: Annotated[
        str | None,
        Parameter(help="The day of the assessment, such as 2019-04-11; today unless given."),
    ] = None

    @property
    def day(self) -> datetime.date:
        """Return the day of the assessment."""
        return _today() if self.on is None else day_given(self.on)

    def assessor(self, engine: str | None = None, *, mask_names: bool = False) -> Assessor:
        """Return what assesses by these options."""
        rules = editions_named(self.ruleset)
        return Assessor(self.day, rules, self.asked(rules, engine), engine, mask_names)


AS_PUBLISHED: Final = RulesOptions()
TODAY: Final = CaseOptions()
"""What holds where no option is given."""


@attrs.frozen
class Assessor:
    """What assesses follow-ups: a day, editions, interpretations and an engine.

    With ``mask_names``, names of people are left out of the facts first.
    """

    day: datetime.date
    ruleset: Rules
    interpretations: dict[str, str]
    engine: str | None = None
    mask_names: bool = False

    def plan(self, name: str) -> Plan | None:
        """Return the plan of the follow-up in a file; report its problems where it has none."""
        plans = plans_of(name, self)
        return plans[0] if plans else None


def plans_of(name: str, *assessors: Assessor) -> tuple[Plan, ...]:
    """Return the plan that each assessor makes of the follow-up in a file, which is read once.

    Where one of them cannot be made, none is returned and the problems are reported.
    """
    place: Callable[[str], str] = str
    try:
        source = _read(name)
        follow_up = read_as(facts.FollowUp, source, FactsError)
        place = lambda path: source.place(read_path(path))  # noqa: E731
        return tuple(
            plan.assess(
                plan.masked(follow_up) if assessor.mask_names else follow_up,
                on=assessor.day,
                ruleset=assessor.ruleset,
                interpretations=assessor.interpretations,
                engine=assessor.engine,
            )
            for assessor in assessors
        )
    except NcpiRulesError as fault:
        problems = [attrs.evolve(problem, place=place(problem.place)) for problem in fault.problems]
        report_problems(in_reading_order(problems))
        return ()


def _read(name: str) -> Source:
    if name == STANDARD_INPUT:
        return read_yaml(read_input(name, FactsError), FactsError, name=name)
    return read_file(Path(name), FactsError)


def read_input(name: str, error: type[NcpiRulesError]) -> str:
    """Return the text of a file, or of standard input."""
    if name != STANDARD_INPUT:
        return read_text(Path(name), error)
    if sys.stdin is None:
        refuse("Standard input is closed.", "Name a file.")
    return text_of(sys.stdin.buffer.read(MAXIMUM_BYTES + 1), error, name=name)


def expanded(names: Iterable[str]) -> Iterator[str]:
    """Yield file names, those that match a pattern such as ``*.yaml`` in order.

    Most shells have done so already; that of Windows has not.
    """
    for name in names:
        matches = [] if os.path.exists(name) else sorted(glob(name))  # noqa: PTH110, PTH207  False, not an error, for a name that is too long; and a folder may stand before the pattern
        yield from matches or [name]


def follow_ups_in(
    names: Iterable[str], *, tables: Collection[str] = ()
) -> tuple[list[str], list[str]]:
    """Return the files that are named or in a folder that is named, and those left unread there.

    The latter are reported. ``tables`` are the endings of files that the command takes by name.
    """
    files: list[str] = []
    unread: list[Problem] = []
    for name in expanded(names):
        if not os.path.isdir(name):  # noqa: PTH112  False, not an error, for a name that is too long
            files.append(name)
            continue
        folder = Path(name)
        inside = sorted(
            file
            for file in folder.iterdir()
            if file.suffix.casefold() in ENDINGS
            and not is_hidden(file.name)
            and file.is_file()  # a pipe would be waited for
        )
        unread += (
            attrs.evolve(problem, help="Name it by itself: a table is not read out of a folder.")
            if Path(problem.place).suffix.casefold() in tables
            else problem
            for problem in unread_in(folder, {file.name for file in inside}, base=folder.as_posix())
        )
        if not inside:
            report_problems(unread)
            refuse(
                f"There is no follow-up in '{name}'.", "Name a folder with .yaml or .json files."
            )
        files += (file.as_posix() for file in inside)
    report_problems(unread)
    return files, [problem.place for problem in unread]


def editions_named(name: str) -> Rules:
    """Return a ruleset, or its editions; report what a quick check finds in those not shipped."""
    if name == SHIPPED:
        return shipped_editions()
    rules = load_editions(name)
    from ncpi_rules.checks import quick_check  # noqa: PLC0415  the shipped rules need none

    for edition in rules if isinstance(rules, Editions) else (rules,):
        report_problems(quick_check(edition))
    return rules


def ruleset_named(name: str) -> Ruleset:
    """Return one edition; refuse a name that stands for several."""
    edition_folder(name)
    rules = editions_named(name)
    assert not isinstance(rules, Editions)  # noqa: S101  its folder is one
    return rules


def inputs_of(names: Iterable[str], ruleset: str) -> list[str | Path | int]:
    """Return what a command reads: files, standard input and the folder of the ruleset."""
    inputs: list[str | Path | int] = [
        sys.stdin.fileno() if name == STANDARD_INPUT else name for name in names
    ]
    folders = (folder for folder in edition_folders(ruleset) if isinstance(folder, Path))
    return [*inputs, *folders]


def _today() -> datetime.date:
    return datetime.datetime.now().astimezone().date()


def day_given(text: str) -> datetime.date:
    """Return the day after ``--on``."""
    try:
        return read_day(text)
    except DateError as fault:
        problems = [attrs.evolve(problem, place="--on") for problem in fault.problems]
        raise DateError(problems) from None


def pairs(texts: Iterable[str], what: str) -> dict[str, str]:
    """Return names and values from texts such as ``name=value``; ``what`` says what these are."""
    values: dict[str, str] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not (name and equals and value):
            refuse(f"Write {what}, not '{text}'.", "Write a name, an equals sign and a value.")
        if name in values:
            refuse(f"'{name}' is given twice.", "Give it once.")
        values[name] = value
    return values
