"""Reading a ruleset from its folder, in phases: form, shape, definitions, references, logic.

A phase reports every problem that it finds; the next begins only when there are none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, TypeVar

import attrs

from ncpi_rules.core import Calendar, NcpiRulesError, Problem, RulesetError, format_day, one_of
from ncpi_rules.io import read_as, read_file, unread_in
from ncpi_rules.ruleset.layout import (
    BESIDE,
    BESIDE_FOLDERS,
    FILES,
    KIND_OF_FILE,
    OUTCOME,
    Draft,
    Guarantees,
    Interpretations,
    Statements,
    Vocabulary,
)
from ncpi_rules.ruleset.model import DaysOff, Ruleset, Settings
from ncpi_rules.ruleset.rules import DeadlineRule, OutcomeRule, Rule
from ncpi_rules.ruleset.validate import check_draft

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

    from ncpi_rules.io import Path_, Source

SHIPPED: Final = "ncpi-follow-up"
ANY_DAY: Final = 736_873
T = TypeVar("T")


def shipped_rulesets() -> Traversable:
    """Return the folder of the rulesets that come with the library."""
    package = Path(__file__).parent.parent
    inside = package / "rulesets"
    return inside if inside.is_dir() else package.parent / "rulesets"


def edition_folder(where: Path | str) -> Traversable:
    """Return the folder of an edition; a ruleset with one edition may be named without it.

    Raises RulesetError where there is none, or more than one.
    """
    shipped = shipped_rulesets()
    named: Traversable = Path(where)
    if isinstance(where, str):
        inside = shipped
        for step in where.replace("\\", "/").strip("/").split("/"):
            inside = inside.joinpath(step) if step not in {"", ".", ".."} else named
        if not named.is_dir() and inside.is_dir():
            named = inside
    if not named.is_dir():
        known = sorted(inner.name for inner in shipped.iterdir() if inner.is_dir())
        raise RulesetError(
            Problem(
                place=str(where),
                message="There is no ruleset of this name, and no such folder.",
                help=f"Give a folder, or a shipped ruleset. {one_of(str(where), known)}",
            )
        )
    if named.joinpath("ruleset.yaml").is_file():
        return named
    editions = sorted(
        inner.name for inner in named.iterdir() if inner.joinpath("ruleset.yaml").is_file()
    )
    if len(editions) == 1:
        return named.joinpath(editions[0])
    message = (
        f"There are several editions here: {', '.join(editions)}."
        if editions
        else "There is no 'ruleset.yaml' in this folder."
    )
    raise RulesetError(
        Problem(place=str(where), message=message, help="Give the folder of one edition.")
    )


def load_ruleset(where: Path | str = SHIPPED) -> Ruleset:
    """Return the ruleset in a folder, or a shipped one by name, read and checked.

    Raises RulesetError with all problems of the first phase that finds any.

    >>> load_ruleset("ncpi-follow-up").settings.publisher
    'HMICFRS'
    """
    folder = edition_folder(where)
    sources = _read_all(folder)
    draft = _shape_all(sources, str(folder).replace("\\", "/"))
    check_draft(draft)
    return assemble(draft)


@cache
def shipped_ruleset() -> Ruleset:
    """Return the ruleset that comes with the library, read once."""
    return load_ruleset(SHIPPED)


def _read_all(folder: Traversable) -> dict[str, Source]:
    problems: list[Problem] = []
    sources: dict[str, Source] = {}
    seen: dict[str, str] = {}
    base = str(folder).replace("\\", "/")
    files = {
        file.name: file
        for file in folder.iterdir()
        if file.name.casefold().endswith((".yaml", ".yml")) and file.is_file()
    }
    for file_name, file in sorted(files.items()):
        stem = file_name.rpartition(".")[0]
        if stem in BESIDE:
            continue
        name = f"{base}/{file_name}"
        if stem in seen:
            message = f"'{seen[stem]}' has the same name and another ending."
            help_ = "Rename one of the two, or delete it."
            problems.append(Problem(place=name, message=message, help=help_))
            continue
        seen[stem] = file_name
        try:
            sources[stem] = read_file(file, RulesetError, name=name)
        except RulesetError as fault:
            problems.extend(fault.problems)
    problems.extend(
        Problem(
            place=f"{base}/{name}.yaml",
            message="This file is missing.",
            help="Every ruleset needs ruleset.yaml, vocabulary.yaml and statements.yaml.",
        )
        for name in FILES
        if name not in seen and name not in {"interpretations", "guarantees"}
    )
    names = (*FILES, *BESIDE)
    problems.extend(unread_in(folder, files, base=base, names=names, folders=BESIDE_FOLDERS))
    if problems:
        raise RulesetError(problems)
    return sources


def _shape_all(sources: Mapping[str, Source], folder: str) -> Draft:
    problems: list[Problem] = []

    def shaped(kind: type[T], source: Source | None) -> T | None:
        if source is None:
            return kind()
        try:
            return read_as(kind, source, RulesetError)
        except RulesetError as fault:
            problems.extend(fault.problems)
            return None

    settings = shaped(Settings, sources["ruleset"])
    vocabulary = shaped(Vocabulary, sources["vocabulary"])
    statements = shaped(Statements, sources["statements"])
    interpretations = shaped(Interpretations, sources.get("interpretations"))
    guarantees = shaped(Guarantees, sources.get("guarantees"))
    outcomes = None if vocabulary is None else [outcome.id for outcome in vocabulary.outcomes]
    tables: list[tuple[Source, Any]] = []
    for source in (source for name, source in sources.items() if name not in FILES):
        kind = _kind_of(source, outcomes)
        if isinstance(kind, Problem):
            problems.append(kind)
        elif (table := shaped(kind, source)) is not None:
            tables.append((source, table))
    if settings is not None:
        problems.extend(settings_problems(settings, sources["ruleset"]))
    if problems or not (settings and vocabulary and statements and interpretations and guarantees):
        raise RulesetError(problems)
    return Draft(
        folder=folder,
        settings=settings,
        vocabulary=vocabulary,
        interpretations=interpretations.interpretations,
        guarantees=tuple(
            attrs.evolve(guarantee, place=sources["guarantees"].place(("guarantees", at, "id")))
            for at, guarantee in enumerate(guarantees.guarantees)
        ),
        statements=statements.statements,
        headings=statements.headings,
        before_headings=statements.before_headings,
        sources=sources,
        rules=tuple(
            (placed(rule, table.decides, source.place(("rules", at))), source, ("rules", at))
            for source, table in tables
            for at, rule in enumerate(table.rules)
        ),
        tables=tuple(
            (source, table.decides, getattr(table, "hit", "")) for source, table in tables
        ),
    )


def _kind_of(source: Source, outcomes: list[str] | None) -> type[Any] | Problem:
    """Return the class of a file of rules, by what it decides; ``outcomes`` if they are known."""
    decides = source.data.get("decides") if isinstance(source.data, Mapping) else None
    place = source.place(("decides",))
    if not isinstance(decides, str):
        kinds = ", ".join(KIND_OF_FILE)
        return Problem(
            place=place,
            message="This file does not say what its rules decide.",
            help=f"Begin it with 'decides:' and an outcome of the vocabulary, or one of: {kinds}.",
        )
    if decides not in KIND_OF_FILE and outcomes is not None and decides not in outcomes:
        return Problem(
            place=place,
            message=f"'{decides}' is neither an outcome of the vocabulary nor a kind of rule.",
            help=one_of(decides, [*outcomes, *KIND_OF_FILE]),
        )
    return KIND_OF_FILE.get(decides, OUTCOME).file


def placed(rule: Rule, decides: str, place: str) -> Rule:
    """Return a rule with its place and, where it decides an outcome, that outcome."""
    if isinstance(rule, OutcomeRule):
        return attrs.evolve(rule, place=place, decides=decides)
    return attrs.evolve(rule, place=place)


def settings_problems(settings: Settings, source: Source) -> Iterator[Problem]:
    """Yield what is wrong with the calendars of an edition."""
    yield from _calendar_problems(settings.days_off, source, ("days_off",))
    for name, days_off in settings.calendars.items():
        yield from _calendar_problems(days_off, source, ("calendars", name))


def _calendar_problems(days_off: DaysOff, source: Source, path: Path_) -> Iterator[Problem]:
    calendar = days_off.calendar
    for day in sorted(calendar.extra & calendar.worked)[:1]:
        yield Problem(
            place=source.place((*path, "worked")),
            message=f"{format_day(day)} is among the extra days off, too.",
            help="Take it out of 'extra' or out of 'worked'.",
        )
    plain = attrs.evolve(calendar, extra=frozenset(), worked=frozenset())
    if plain == Calendar():
        return  # public holidays are slow to import: only another country's are asked for
    try:
        plain.is_working(ANY_DAY)
    except NcpiRulesError as fault:
        yield from (attrs.evolve(problem, place=source.place(path)) for problem in fault.problems)


def _by_id(items: tuple[Any, ...]) -> Mapping[str, Any]:
    return MappingProxyType({item.id: item for item in items})


def assemble(draft: Draft) -> Ruleset:
    """Return the ruleset of a draft that has been checked."""
    settings = draft.settings
    calendars = {"": settings.days_off.calendar}
    calendars |= {name: days_off.calendar for name, days_off in settings.calendars.items()}
    rules: list[Rule] = sorted(
        (_counted(rule, calendars) for rule, _, _ in draft.rules), key=lambda rule: rule.id
    )
    policies = {(decides, hit) for _, decides, hit in draft.tables if hit}
    return Ruleset(
        settings=settings,
        calendars=MappingProxyType(calendars),
        **{key: _by_id(entries) for _, _, key, entries in draft.lists()},
        rules=_by_id(tuple(rules)),
        fields_without_a_fact=MappingProxyType(dict(draft.vocabulary.fields_without_a_fact)),
        headings=draft.headings,
        before_headings=draft.before_headings,
        hits={
            decides: "unique" if (decides, "unique") in policies else "any"
            for decides, _ in policies
        },
        places=MappingProxyType(dict(_places(draft))),
    )


def _counted(rule: Rule, calendars: Mapping[str, Calendar]) -> Rule:
    """Return a rule, and a deadline with the calendar by which its days are counted."""
    if isinstance(rule, DeadlineRule):
        return rule.counted_by(rule.calendar, calendars)
    return rule


def _places(draft: Draft) -> Iterator[tuple[str, str]]:
    """Yield the place of each name of the vocabulary, each interpretation and each statement."""
    for name in draft.settings.calendars:
        yield f"calendars.{name}", draft.sources["ruleset"].place(("calendars", name), key=True)
    for _, file, key, entries in draft.lists():
        if file == "guarantees":
            continue  # each has its place itself
        for at, item in enumerate(entries):
            source = draft.sources[file]
            yield f"{key}.{item.id}", source.place((key, at, "id"))
            for inside in ("values", "answers"):
                for value in getattr(item, inside, ()):
                    place = source.place((key, at, inside, value), key=True)
                    yield f"{key}.{item.id}.{value}", place
