"""The editions of a methodology: their folders, and which the date of a follow-up selects."""

from __future__ import annotations

import datetime
from functools import cache, partial
from itertools import pairwise
from typing import TYPE_CHECKING, Final, TypeAlias

from attrs import frozen

from ncpi_rules.core import (
    NOT_YET,
    PartialDate,
    Problem,
    RulesetError,
    When,
    format_day,
    format_edition,
    joined,
)
from ncpi_rules.ruleset.layout import SHIPPED, edition_folder, edition_folders
from ncpi_rules.ruleset.load import load_folder
from ncpi_rules.ruleset.model import BasedOn, Ruleset

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

_ALWAYS: Final = (0, datetime.date.max.toordinal())


@frozen(eq=False, repr=False)
class Editions:
    """Several editions of one methodology, in the order in which they came into force."""

    editions: tuple[Ruleset, ...]

    @classmethod
    def of(cls, rulesets: Iterable[Ruleset]) -> Editions:
        """Return editions that fit together; raise RulesetError, with every problem, for others.

        >>> editions = Editions.of([shipped_ruleset()])
        >>> [edition.name for edition in editions]
        ['ncpi-follow-up/as-published']
        """
        editions = sorted(rulesets, key=_in_force)
        problems = list(_problems(editions))
        if problems:
            raise RulesetError(problems)
        return cls(tuple(editions))

    def __repr__(self) -> str:
        """Return the names of the editions."""
        return f"Editions({', '.join(edition.name for edition in self.editions)})"

    def __iter__(self) -> Iterator[Ruleset]:
        """Yield the editions, the earliest first."""
        return iter(self.editions)

    @property
    def latest(self) -> Ruleset:
        """Return the edition that came into force last."""
        return self.editions[-1]

    def select(self, date_in: Callable[[Ruleset], When], on: int) -> SelectedEdition:
        """Return the edition that a follow-up's own date selects, and which others are possible.

        ``date_in`` gives the date of the event by which an edition is selected; ``on`` is the day
        of the assessment, an ordinal. The earliest edition that is possible is followed; where none
        is, the nearest; where the date is not known, the one in force on the day, or the nearest.
        """
        return selected_from(self.editions, date_in, on)


Rules: TypeAlias = Ruleset | Editions
"""One edition, or several of which the date of each follow-up selects one."""


@frozen(kw_only=True, eq=False)
class SelectedEdition:
    """The edition that is followed, and why.

    ``when`` is the date that selects; ``possible`` are the editions in force on some day that it
    may be; ``is_certain`` says that one edition alone is in force on every such day.
    """

    ruleset: Ruleset
    when: When
    possible: tuple[Ruleset, ...]
    is_certain: bool
    editions: tuple[Ruleset, ...]

    @property
    def is_outside(self) -> bool:
        """Return True where no edition is in force on any day that the date may be."""
        return not self.possible

    @property
    def may_be_outside(self) -> bool:
        """Return True where no edition is in force on some day that a date known in part may be."""
        if self.is_outside or not isinstance(self.when, PartialDate):
            return self.is_outside
        day = self.when.start
        for edition in self.possible:
            start, end = _in_force(edition)
            if start > day:
                return True
            day = end + 1
        return day <= self.when.end

    @property
    def sentence(self) -> str:
        """Return what a reader should know of the choice; empty where there is nothing to tell."""
        if self.is_certain:
            return ""
        event = self.ruleset.events[self.ruleset.settings.selected_by].title
        followed = f"'{format_edition(self.ruleset.settings.edition)}'"
        if len(self.editions) == 1:
            date, verb = self._date, "is" if self.is_outside else "may be"
            period = _period(self.ruleset)
            return (
                f"This edition applies {period}; the date of '{event}', {date}, {verb} outside it."
            )
        if self.is_outside:
            editions = _listed(self.editions)
            return (
                f"No edition applies on the date of '{event}', {self._date}: {editions}. "
                f"This plan follows the nearest, {followed}."
            )
        none = " On some of these days no edition applies." if self.may_be_outside else ""
        return (
            f"It is not certain which edition applies, because the date of '{event}' is "
            f"{self._date}: {_listed(self.possible)}.{none} This plan follows {followed}."
        )

    @property
    def _date(self) -> str:
        if isinstance(self.when, PartialDate):
            return self.when.text
        return "still to come" if self.when is NOT_YET else "not known"


def load_ruleset(where: Path | str = SHIPPED) -> Ruleset:
    """Return the ruleset in a folder, or a shipped one by name, read and checked.

    Where a folder holds several editions, one is named: ``ncpi-follow-up/as-published``. Raises
    RulesetError with all problems of the first phase that finds any.

    >>> load_ruleset("ncpi-follow-up").settings.publisher
    'HMICFRS'
    """
    return load_folder(edition_folder(where))


def load_editions(where: Path | str = SHIPPED) -> Rules:
    """Return all editions in a folder, or the ruleset where there is one.

    Raises RulesetError as :func:`load_ruleset` does, and for editions that are in force at once, or
    that do not say when they are.

    >>> load_editions("ncpi-follow-up").name
    'ncpi-follow-up/as-published'
    """
    folders = edition_folders(where)
    if len(folders) == 1:
        return load_folder(folders[0])
    editions: list[Ruleset] = []
    problems: list[Problem] = []
    for folder in folders:
        try:
            editions.append(load_folder(folder))
        except RulesetError as fault:
            problems.extend(fault.problems)
    if problems:
        raise RulesetError(problems)
    return Editions.of(editions)


@cache
def shipped_editions() -> Rules:
    """Return all editions of the ruleset that comes with the library, or the one, read once."""
    return load_editions(SHIPPED)


@cache
def shipped_ruleset() -> Ruleset:
    """Return the ruleset that comes with the library, read once; its latest edition."""
    rules = shipped_editions()
    return rules.latest if isinstance(rules, Editions) else rules


def base_of(ruleset: Ruleset) -> BasedOn | None:
    """Return the edition of which a ruleset is a copy, and None for one that is a copy of none.

    A copy says so in ``ruleset.yaml``. One that does not is known by the id of the shipped ruleset.

    >>> base_of(shipped_ruleset()) is None
    True
    """
    settings, base = ruleset.settings, ruleset.settings.based_on
    if base is None and settings.id != SHIPPED:
        return None
    id_, name = (settings.id, settings.edition) if base is None else (base.ruleset, base.edition)
    if id_ != SHIPPED:
        return base
    editions = {edition.settings.edition: edition for edition in _shipped()}
    original = editions.get(name, shipped_ruleset() if base is None else None)
    if original is None:
        return base
    if base is None and original.digest == ruleset.digest:
        return None
    return BasedOn(
        ruleset=SHIPPED, edition=original.settings.edition, fingerprint=original.content_digest
    )


def is_edited(ruleset: Ruleset) -> bool:
    """Return True for a copy of an edition that says something else than the edition.

    >>> from ncpi_rules.ruleset import patch
    >>> shipped = shipped_ruleset()
    >>> is_edited(shipped), is_edited(patch(shipped, {"revisit-ceiling": "4 months"}))
    (False, True)
    """
    base = base_of(ruleset)
    return base is not None and base.fingerprint != ruleset.content_digest


def edition_title(ruleset: Ruleset) -> str:
    """Return the edition as an officer reads it; a copy is never called by its original's name.

    >>> from ncpi_rules.ruleset import patch
    >>> edition_title(patch(shipped_ruleset(), {"revisit-ceiling": "4 months"}))
    'edited copy of As published'
    """
    base = base_of(ruleset)
    of = None if base is None else base.edition
    return format_edition(ruleset.settings.edition, of, is_edited=is_edited(ruleset))


def _shipped() -> tuple[Ruleset, ...]:
    shipped = shipped_editions()
    return shipped.editions if isinstance(shipped, Editions) else (shipped,)


def selected_from(
    editions: tuple[Ruleset, ...], date_in: Callable[[Ruleset], When], on: int
) -> SelectedEdition:
    """Return the edition that is selected; see :meth:`Editions.select`.

    One edition alone is certain while the date is not known.
    """
    dates = [(edition, date_in(edition)) for edition in editions]
    possible = [(edition, when) for edition, when in dates if _is_possible(edition, when, on)]
    followed, when = min(possible or dates, key=lambda pair: _distance(pair[0], pair[1], on))
    is_certain = len(editions) == 1 or (when is NOT_YET and len(possible) == 1)
    if isinstance(when, PartialDate):
        start, end = _in_force(followed)
        is_certain = len(possible) == 1 and start <= when.start and when.end <= end
    return SelectedEdition(
        ruleset=followed,
        when=when,
        possible=tuple(edition for edition, _ in possible),
        is_certain=is_certain,
        editions=editions,
    )


def _is_possible(edition: Ruleset, when: When, on: int) -> bool:
    """Return True where an edition is in force on some day that a date may be."""
    start, end = _in_force(edition)
    if isinstance(when, PartialDate):
        return start <= when.end and when.start <= end
    return when is not NOT_YET or on <= end


def _in_force(edition: Ruleset) -> tuple[int, int]:
    """Return the first and the last day of an edition; all days where it names none."""
    stands = edition.settings.in_force
    return _ALWAYS if stands is None else (stands.start, stands.end)


def _distance(edition: Ruleset, when: When, on: int) -> int:
    """Return how many days lie between a date and an edition; none where they overlap."""
    first, last = (when.start, when.end) if isinstance(when, PartialDate) else (on, on)
    start, end = _in_force(edition)
    return max(0, start - last, first - end)


def _period(edition: Ruleset) -> str:
    start, end = _in_force(edition)
    return f"from {format_day(start)} to {format_day(end)}"


def _listed(editions: Iterable[Ruleset]) -> str:
    """Return when each edition applies."""
    periods = [(format_edition(edition.settings.edition), _period(edition)) for edition in editions]
    (first, period), *others = periods
    text = [f"'{first}' applies {period}", *(f"'{name}' {period}" for name, period in others)]
    return joined(text, "and")


def _problems(editions: list[Ruleset]) -> Iterator[Problem]:
    """Yield why editions cannot stand beside each other; they come in the order of their start."""
    problem = partial(Problem, place=" and ".join(edition.name for edition in editions))
    for edition in editions:
        settings = edition.settings
        missing = [key for key in ("in_force", "selected_by") if not getattr(settings, key)]
        for key in missing:
            yield Problem(
                place=edition.name,
                message=f"'{key}' is missing, and there are other editions beside this one.",
                help="Each of several editions says when it is in force, and by which event's "
                "date it is selected.",
            )
    names = [edition.settings.edition for edition in editions]
    if len({edition.settings.id for edition in editions}) > 1:
        yield problem(
            message="These are editions of different rulesets.",
            help="Give all editions in one folder the same 'id', or move one elsewhere.",
        )
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield problem(
            message=f"Two editions have the name '{name}'.",
            help="Give each a name of its own, after 'edition'.",
        )
    for earlier, later in pairwise(editions):
        first, second = _in_force(earlier), _in_force(later)
        if second[0] <= first[1] and _ALWAYS not in {first, second}:
            yield problem(
                message=f"Two editions apply on the same day: {_listed([earlier, later])}.",
                help="Let each begin when the one before it has ended.",
            )
