"""The files of an edition, one class each, the draft made of them, and where editions lie.

What is wrong with the settings is told here, too: they are the first file that is read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from attrs import evolve, field, frozen

from ncpi_rules.core import (
    Calendar,
    Memo,
    NcpiRulesError,
    Problem,
    RulesetError,
    format_day,
    joined,
    one_of,
)
from ncpi_rules.io import Source, described, unread_in
from ncpi_rules.ruleset.cases import WrittenRule
from ncpi_rules.ruleset.kinds import Guarantee
from ncpi_rules.ruleset.model import Heading, Interpretation, Settings, Statement
from ncpi_rules.ruleset.parameters import Choice, Parameter
from ncpi_rules.ruleset.problems import no_such
from ncpi_rules.ruleset.rules import Rule
from ncpi_rules.ruleset.vocabulary import Activity, Event, Fact, Outcome, Party, Repeats, Term

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

    from ncpi_rules.io import Path_
    from ncpi_rules.ruleset.timing import DaysOff

ANY_DAY: Final = 736_873
"""A day for what must be asked of some day."""

SHIPPED: Final = "ncpi-follow-up"
"""The id of the ruleset that comes with the library."""


def _list(says: str) -> Any:
    return described(says, default=())


@frozen(kw_only=True, eq=False, repr=False)
class Vocabulary:
    """The vocabulary, in ``vocabulary.yaml``."""

    facts: tuple[Fact, ...] = _list("The facts that rules may test.")
    outcomes: tuple[Outcome, ...] = _list("The facts that rules decide.")
    parties: tuple[Party, ...] = _list("Who does something, or to whom it is done.")
    events: tuple[Event, ...] = _list("What happens, in the order in which it is likely to happen.")
    activities: tuple[Activity, ...] = _list("What somebody does.")
    documents: tuple[Term, ...] = _list("What may be asked for.")
    topics: tuple[Term, ...] = _list("What a recommendation or an area of concern is about.")
    repeats: Repeats | None = described(
        "What a follow-up may have several times; nothing where it is left out.", default=None
    )
    fields_without_a_fact: Mapping[str, str] = described(
        "The fields of a follow-up from which nothing comes, each with what it is for.",
        factory=dict,
    )


@frozen(kw_only=True, eq=False, repr=False)
class Interpretations:
    """The register of open questions, in ``interpretations.yaml``."""

    interpretations: tuple[Interpretation, ...] = _list("The interpretations.")


@frozen(kw_only=True, eq=False, repr=False)
class Guarantees:
    """The guarantees, in ``guarantees.yaml``: what must be true in every case."""

    guarantees: tuple[Guarantee, ...] = _list("The guarantees.")


@frozen(kw_only=True, eq=False, repr=False)
class Statements:
    """The statements of the source, in ``statements.yaml``, without their wording."""

    before_headings: str = described(
        "What the numbers of the statements before the first heading begin with.", default="title"
    )
    headings: tuple[Heading, ...] = _list("The headings, in their order.")
    statements: tuple[Statement, ...] = _list("The statements, in their order.")


@frozen(kw_only=True, eq=False, repr=False)
class Parameters:
    """The parameters and the choices, in ``parameters.yaml``: each period and each choice once."""

    parameters: tuple[Parameter, ...] = _list("The parameters.")
    choices: tuple[Choice, ...] = _list("The choices.")


FILES: Final[Mapping[str, type[Any]]] = {
    "ruleset": Settings,
    "vocabulary": Vocabulary,
    "parameters": Parameters,
    "interpretations": Interpretations,
    "statements": Statements,
    "guarantees": Guarantees,
}
"""The files of an edition that are not rules, by name."""

BESIDE: Final = ("approvals",)
"""The files in an edition's folder that are no part of the ruleset, and are read by themselves."""

BESIDE_FOLDERS: Final = ("scenarios",)
"""The folders inside it of which the same is true."""

SECTIONS: Final[Mapping[str, str]] = {
    "fact": "facts",
    "outcome": "outcomes",
    "party": "parties",
    "event": "events",
    "activity": "activities",
    "document": "documents",
    "topic": "topics",
}
"""The lists of the vocabulary, by the name of one of each."""


@frozen(kw_only=True, eq=False, repr=False)
class Draft:
    """A ruleset whose files have the right shape, before anything is known to fit together.

    ``written`` holds each rule as it is written; ``rules`` each of its cases, with a source that
    has the place of its parts; ``tables`` each file of rules with what it decides and its hit
    policy. ``derived`` remembers what is made of the draft.
    """

    folder: str
    settings: Settings
    vocabulary: Vocabulary
    parameters: tuple[Parameter, ...]
    choices: tuple[Choice, ...]
    interpretations: tuple[Interpretation, ...]
    guarantees: tuple[Guarantee, ...]
    statements: tuple[Statement, ...]
    headings: tuple[Heading, ...]
    before_headings: str
    sources: Mapping[str, Source]
    written: tuple[WrittenRule, ...]
    tables: tuple[tuple[Source, str, str], ...]
    rules: tuple[tuple[Rule, Source], ...] = ()
    derived: Memo[Callable[[Draft], Any], Any] = field(factory=Memo, init=False)

    def lists(self) -> Iterator[tuple[str, str, str, tuple[Any, ...]]]:
        """Yield each list of named entries: the kind of entry, the file, the key, the entries."""
        for kind, key in SECTIONS.items():
            yield kind, "vocabulary", key, getattr(self.vocabulary, key)
        yield "parameter", "parameters", "parameters", self.parameters
        yield "choice", "parameters", "choices", self.choices
        yield "interpretation", "interpretations", "interpretations", self.interpretations
        yield "statement", "statements", "statements", self.statements
        yield "guarantee", "guarantees", "guarantees", self.guarantees


def shipped_rulesets() -> Traversable:
    """Return the folder of the rulesets that come with the library."""
    package = Path(__file__).parent.parent
    inside = package / "rulesets"
    return inside if inside.is_dir() else package.parent / "rulesets"


def edition_folder(where: Path | str) -> Traversable:
    """Return the folder of an edition; a ruleset with one edition may be named without it.

    Raises RulesetError where there is none, or more than one.
    """
    folders = edition_folders(where)
    if len(folders) == 1:
        return folders[0]
    names = [folder.name for folder in folders]
    message = f"There are several editions here: {joined(names, 'and')}."
    example = f"{str(where).rstrip('/')}/{names[-1]}"
    help_ = f"Name one of them, such as '{example}'."
    raise RulesetError(Problem(place=str(where), message=message, help=help_))


def edition_folders(where: Path | str) -> list[Traversable]:
    """Return the folders of the editions of a ruleset, or the one folder of an edition.

    Raises RulesetError where there is none, and for what is beside them and is not read.
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
        message = "There is no ruleset of this name, and no such folder."
        help_ = f"Give a folder, or a shipped ruleset. {one_of(str(where), known)}"
        if named.is_file():
            message = "This is a file, and a ruleset is a folder."
            help_ = f"Name the folder in which it stands: {Path(where).parent.as_posix()}"
        raise RulesetError(Problem(place=str(where), message=message, help=help_))
    if named.joinpath("ruleset.yaml").is_file():
        return [named]
    editions = {
        inner.name: inner for inner in named.iterdir() if inner.joinpath("ruleset.yaml").is_file()
    }
    if not editions:
        message = "There is no 'ruleset.yaml' in this folder."
        help_ = "Give the folder of one edition."
        raise RulesetError(Problem(place=str(where), message=message, help=help_))
    base = str(named).replace("\\", "/")
    unread = list(unread_in(named, (), base=base, folders=editions))
    if unread:
        raise RulesetError(unread)
    return [editions[name] for name in sorted(editions)]


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
    plain = evolve(calendar, extra=frozenset(), worked=frozenset())
    if plain == Calendar():
        return  # public holidays are slow to import: only another country's are asked for
    try:
        plain.is_working(ANY_DAY)
    except NcpiRulesError as fault:
        yield from (evolve(problem, place=source.place(path)) for problem in fault.problems)


def names_in_settings_problems(
    settings: Settings,
    source: Source,
    events: tuple[Event, ...],
    outcomes: tuple[Outcome, ...],
) -> Iterator[Problem]:
    """Yield the names in the settings that the vocabulary lacks."""
    kinds: tuple[tuple[str, str, str, tuple[Event | Outcome, ...]], ...] = (
        ("selected_by", "event", settings.selected_by, events),
        ("headline", "outcome", settings.headline, outcomes),
    )
    for key, kind, name, terms in kinds:
        known = [term.id for term in terms]
        if name and name not in known:
            yield no_such(source.place((key,)), kind, name, known)


def subject_problems(
    settings: Settings, source: Source, facts: tuple[Fact, ...], parties: tuple[Party, ...]
) -> Iterator[Problem]:
    """Yield what the vocabulary has and is known of police forces only."""
    if settings.subject is None or settings.is_about_forces:
        return
    title = settings.subject.title
    needs = [
        *(
            ((("facts", at, "from")), "The country")
            for at, fact in enumerate(facts)
            if fact.source == "force"
        ),
        *(
            (("parties", at, key), f"'{key}' of a party")
            for at, party in enumerate(parties)
            for key in ("office", "local")
            if getattr(party, key)
        ),
    ]
    for path, what in needs:
        yield Problem(
            place=source.place(path),
            message=f"{what} is known of police forces only, and this ruleset is about {title}.",
            help="Delete the line, or write 'register: police-forces' under 'subject' in "
            "ruleset.yaml.",
        )
