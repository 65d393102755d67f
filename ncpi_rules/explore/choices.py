"""What a column of imagined cases may hold: every value of a fact, days, or a list of either."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from attrs import evolve

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
from ncpi_rules.ruleset import EMPTY_TEXTS, column_meant

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ncpi_rules.ruleset import Fact, Ruleset

Value: TypeAlias = str | When
"""A value of a fact, or the date of an event."""


class Every:
    """Every value of a fact, "not known" included; its one object is ``every``."""

    def __repr__(self) -> str:
        """Return the name that a developer types."""
        return "every"


every: Final = Every()
"""Every value of a fact, "not known" included."""


def days(
    start: datetime.date | str, end: datetime.date | str, step: int = 1
) -> tuple[datetime.date, ...]:
    """Return every ``step``-th day from a start to an end, both included.

    Raises DateError where either is no whole day, where the end is before the start, or where the
    step is not at least one day.

    >>> days("2018-06-28", "2018-07-02", 2)
    (datetime.date(2018, 6, 28), datetime.date(2018, 6, 30), datetime.date(2018, 7, 2))
    """
    first, last = read_day(start), read_day(end)
    if last < first:
        message = f"{last.isoformat()} is before {first.isoformat()}."
        raise DateError(message, "Give the earlier day first.")
    if step < 1:
        message = f"A step of {step} days leads nowhere."
        raise DateError(message, "Give a whole number from 1.")
    ordinals = range(first.toordinal(), last.toordinal() + 1, step)
    return tuple(map(datetime.date.fromordinal, ordinals))


def read_choices(asked: Mapping[str, Any], rules: Ruleset) -> dict[str, tuple[Value, ...]]:
    """Return what each column may hold, by its name in the vocabulary.

    Raises FactsError, with every problem, for an unknown name, value or date.
    """
    choices: dict[str, tuple[Value, ...]] = {}
    problems: list[Problem] = []
    for key, wanted in asked.items():
        name = column_meant(key, rules) or key
        if name in choices:
            message = f"'{name}' is given twice."
            problems.append(Problem(place=key, message=message, help="Keep one of the two."))
            continue
        try:
            choices[name] = tuple(dict.fromkeys(_values(name, key, wanted, rules)))
        except NcpiRulesError as fault:
            problems += fault.problems
    if problems:
        raise FactsError(problems)
    return choices


def is_date(name: str, rules: Ruleset) -> bool:
    """Return True for the name of an event; a fact of that name follows from its date."""
    return name in rules.events


def _values(name: str, key: str, wanted: Any, rules: Ruleset) -> Iterator[Value]:
    if not is_date(name, rules) and name not in rules.facts:
        raise FactsError(_unknown_name(key, rules))
    several = isinstance(wanted, Iterable) and not isinstance(wanted, str)
    values = [_plain(value) for value in (wanted if several else [wanted])]
    if not values:
        message = f"'{key}' has no {'date' if is_date(name, rules) else 'value'} to choose from."
        raise FactsError(Problem(place=key, message=message, help="Give at least one."))
    if is_date(name, rules):
        yield from _dates(key, values)
    elif values == [every]:
        yield from rules.facts[name].values
    else:
        yield from _known_values(key, values, rules.facts[name])


def _plain(value: Any) -> Any:
    """Return a value as our own: a midnight of pandas or numpy is a day, and NaT is empty."""
    if type(value).__name__ == "datetime64":  # what its own unit makes of it may be a number
        value = value.astype("datetime64[us]").item()
    if isinstance(value, str):
        return None if value.strip() in EMPTY_TEXTS else value
    if isinstance(value, float | datetime.datetime) and value != value:  # noqa: PLR0124  NaN, NaT
        return None
    if isinstance(value, datetime.datetime) and value.timetz() == datetime.time.min:
        return value.date()
    return value


def _known_values(key: str, values: Iterable[Any], fact: Fact) -> list[str]:
    known = [fact.unknown if value in (None, UNKNOWN, UNKNOWN.value) else value for value in values]
    if wrong := [v for v in known if not isinstance(v, str) or v not in fact.values]:
        raise FactsError(_unknown_value(key, value, fact) for value in wrong)
    return known


def _unknown_value(key: str, value: Any, fact: Fact) -> Problem:
    if value is all or value == "all":
        message = "'every' stands for every value of a fact."
        help_ = f"Write: from ncpi_rules.explore import every; and: {key}=every."
        return Problem(place=key, message=message, help=help_)
    message = f"'{value}' is not a value of this fact: {lower_first(fact.title)}."
    return Problem(place=key, message=message, help=one_of(str(value), fact.values))


def _dates(key: str, values: Iterable[Any]) -> Iterator[When]:
    problems: list[Problem] = []
    for value in values:
        if value is every:
            message = f"'{key}' is a date, and it cannot take every date."
            help_ = "Give days('2018-01-01', '2018-12-31'), or a list of dates."
            problems.append(Problem(place=key, message=message, help=help_))
            continue
        try:
            yield UNKNOWN if value is None else read_when(value)
        except DateError as fault:
            problems += (evolve(problem, place=key) for problem in fault.problems)
    if problems:
        raise FactsError(problems)


def _unknown_name(key: str, rules: Ruleset) -> Problem:
    guess = nearest(key.replace("_", "-"), [*rules.facts, *rules.events])
    message = f"The ruleset has no fact and no event '{key}'."
    help_ = f"Did you mean '{guess}'? " if guess else ""
    if key in rules.outcomes:
        message = f"'{key}' is decided by the rules, so it cannot be chosen."
    elif key in rules.interpretations:
        message = f"'{key}' is an interpretation, not a fact."
        help_ = "Ask for other answers where the cases are assessed. "
    elif key in {"force", "subject"}:
        help_ = "For the facts of one follow-up, give a FollowUp. "
    names = f"The facts are: {', '.join(rules.facts)}. The events are: {', '.join(rules.events)}."
    return Problem(place=key, message=message, help=help_ + names)


def format_value(value: Value) -> str:
    """Return a value or a date as it is written in a column."""
    if isinstance(value, NotKnown):
        return value.value
    return value.edtf if isinstance(value, PartialDate) else value
