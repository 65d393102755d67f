"""What a column of imagined cases may hold: every word of a fact, days, or a list of either."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, TypeAlias, overload

from attrs import frozen

from ncpi_rules.core import (
    UNKNOWN,
    DateError,
    FactsError,
    NcpiRulesError,
    NotKnown,
    PartialDate,
    Problem,
    When,
    lower_first,
    nearest,
    one_of,
    read_day,
    read_when,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ncpi_rules.ruleset import Fact, Ruleset

Value: TypeAlias = str | When
"""A word of a fact, or the date of an event."""


class Every:
    """Every word of a fact, the one for what is not known included; its one object is ``every``."""

    def __repr__(self) -> str:
        """Return the name that a developer types."""
        return "every"


every: Final = Every()
"""Every word of a fact, the one for what is not known included."""


@frozen
class Days(Sequence[datetime.date]):
    """Days at equal distances, made when they are asked for; see :func:`days`."""

    ordinals: range

    def __len__(self) -> int:
        """Return how many days they are."""
        return len(self.ordinals)

    @overload
    def __getitem__(self, place: int) -> datetime.date: ...

    @overload
    def __getitem__(self, place: slice) -> Days: ...

    def __getitem__(self, place: int | slice) -> datetime.date | Days:
        """Return one of the days, or some of them."""
        if isinstance(place, slice):
            return Days(self.ordinals[place])
        return datetime.date.fromordinal(self.ordinals[place])

    def __repr__(self) -> str:
        """Return what a developer would type."""
        if not self.ordinals:
            return "days: none"
        step = f", action={self.ordinals.step}" if len(self) > 1 and self.ordinals.step != 1 else ""
        return f"days('{self[0]}', '{self[-1]}'{step})"


def days(start: datetime.date | str, end: datetime.date | str, step: int = 1) -> Days:
    """Return the days from one to another, both included, every ``action`` days.

    Raises DateError where one of the two is no whole day, where the end is before the start, or
    where the action is not at least one day.

    >>> list(days("2018-06-28", "2018-07-02", 2))
    [datetime.date(2018, 6, 28), datetime.date(2018, 6, 30), datetime.date(2018, 7, 2)]
    """
    first, last = read_day(start), read_day(end)
    if last < first:
        message = f"{last.isoformat()} is before {first.isoformat()}."
        raise DateError(Problem(place="", message=message, help="Give the earlier day first."))
    if step < 1:
        message = f"{step} is no action from day to day."
        raise DateError(Problem(place="", message=message, help="Give a whole number from 1 on."))
    return Days(range(first.toordinal(), last.toordinal() + 1, step))


def read_choices(asked: Mapping[str, Any], rules: Ruleset) -> dict[str, tuple[Value, ...]]:
    """Return what each column may hold, by its name in the vocabulary.

    Raises FactsError, with every problem, for a name, a word or a date that cannot be.
    """
    found: dict[str, tuple[Value, ...]] = {}
    problems: list[Problem] = []
    for given, wanted in asked.items():
        name = _name(given, rules)
        try:
            if name in found:
                message = f"'{name}' is given twice."
                raise FactsError(Problem(place=given, message=message, help="Keep one."))
            found[name] = tuple(dict.fromkeys(_values(name, given, wanted, rules)))
        except NcpiRulesError as fault:
            problems += fault.problems
    if problems:
        raise FactsError(problems)
    return found


def is_date(name: str, rules: Ruleset) -> bool:
    """Return True for the name of an event; a fact of the same name is worked out of its date."""
    return name in rules.events


def _name(given: str, rules: Ruleset) -> str:
    hyphened = given.replace("_", "-")
    return hyphened if hyphened in rules.facts or hyphened in rules.events else given


def _values(name: str, given: str, wanted: Any, rules: Ruleset) -> Iterator[Value]:
    if not is_date(name, rules) and name not in rules.facts:
        _refuse_name(given, rules)
    several = isinstance(wanted, Iterable) and not isinstance(wanted, str)
    listed = list(wanted) if several else [wanted]
    if not listed:
        message = f"'{given}' is left no {'date' if is_date(name, rules) else 'value'} at all."
        raise FactsError(Problem(place=given, message=message, help="Give at least one."))
    if is_date(name, rules):
        yield from _dates(given, listed)
        return
    fact = rules.facts[name]
    if listed == [every]:
        yield from fact.values
        return
    values = [
        fact.unknown if each is None or each is UNKNOWN or each == UNKNOWN.value else each
        for each in listed
    ]
    wrong = [value for value in values if not isinstance(value, str) or value not in fact.values]
    if wrong:
        raise FactsError(_wrong_value(given, value, fact) for value in wrong)
    yield from values


def _wrong_value(given: str, value: Any, fact: Fact) -> Problem:
    if value is all or value == "all":
        message = "Every word of a fact is asked for by 'every'."
        help_ = f"Write: from ncpi_rules import every; and: {given}=every."
        return Problem(place=given, message=message, help=help_)
    message = f"'{value}' is not a word for this: {lower_first(fact.title)}."
    return Problem(place=given, message=message, help=one_of(str(value), fact.values))


def _dates(given: str, listed: Iterable[Any]) -> Iterator[When]:
    problems: list[Problem] = []
    for each in listed:
        if each is every:
            message = f"'{given}' is a date, and there is no end of dates."
            help_ = "Give days('2018-01-01', '2018-12-31'), or a list of dates."
            problems.append(Problem(place=given, message=message, help=help_))
            continue
        try:
            yield UNKNOWN if each is None else read_when(each)
        except DateError as fault:
            problems += (
                Problem(place=given, message=one.message, help=one.help) for one in fault.problems
            )
    if problems:
        raise FactsError(problems)


def _refuse_name(given: str, rules: Ruleset) -> None:
    known = [*rules.facts, *rules.events]
    guess = nearest(given.replace("_", "-"), known)
    help_ = f"Did you mean '{guess}'? " if guess else ""
    message = f"The ruleset has no fact and no event '{given}'."
    if given in rules.outcomes:
        message = f"'{given}' is decided by the rules; it cannot be given."
    elif given in rules.interpretations:
        message = f"'{given}' is an interpretation, not a fact."
        help_ = "Ask for other answers where the cases are assessed. "
    elif given == "force":
        help_ = "For the facts of one force, give a FollowUp. "
    raise FactsError(
        Problem(
            place=given,
            message=message,
            help=f"{help_}The facts are: {', '.join(rules.facts)}. "
            f"The events are: {', '.join(rules.events)}.",
        )
    )


def says_value(value: Value) -> str:
    """Return a word or a date as it is written in a column."""
    if isinstance(value, NotKnown):
        return value.value
    return value.edtf if isinstance(value, PartialDate) else value
