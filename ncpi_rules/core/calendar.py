"""Periods, working days, and the day that a period leads to.

Arithmetic on months is pendulum's, by way of ``dates``. It is remembered, since it is slow and the
same question always has the same answer.
"""

from __future__ import annotations

import datetime
import re
from enum import StrEnum
from functools import cache, lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from attrs import frozen

from ncpi_rules.core.dates import day_of
from ncpi_rules.core.errors import DateError
from ncpi_rules.core.terms import DueDatePolicy

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class Unit(StrEnum):
    """The units in which a ruleset counts."""

    DAYS = "days"
    WEEKS = "weeks"
    MONTHS = "months"
    WORKING_DAYS = "working days"


_NUMBERS: Final = (
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
)
_PERIOD: Final = re.compile(r"(\d{1,3}|[a-z]+) (working day|day|week|month)s?", re.ASCII)


@frozen
class Period:
    """A number of days, weeks, calendar months or working days.

    >>> Period.read("six months")
    Period(count=6, unit=<Unit.MONTHS: 'months'>)
    """

    count: int
    unit: Unit

    @classmethod
    def read(cls, text: str) -> Period:
        """Return the period that a text such as ``6 weeks`` or ``six weeks`` means."""
        parts = _PERIOD.fullmatch(" ".join(text.split()).casefold())
        if parts is not None:
            number, unit = parts.groups()
            if number.isdigit():
                return cls(int(number), Unit(unit + "s"))
            if number in _NUMBERS:
                return cls(_NUMBERS.index(number), Unit(unit + "s"))
        message = f"'{text}' is not a period."
        raise DateError(
            message, "Write a number and days, weeks, months or working days, such as 6 weeks."
        )

    @property
    def text(self) -> str:
        """Return the period as an officer reads it, such as ``6 weeks`` or ``1 month``."""
        return f"{self.count} {self._unit}"

    @property
    def spelled(self) -> str:
        """Return the period as it stands in a sentence, its number spelled out up to twelve.

        >>> Period.read("6 months").spelled, Period.read("20 working days").spelled
        ('six months', '20 working days')
        """
        number = _NUMBERS[self.count] if self.count < len(_NUMBERS) else self.count
        return f"{number} {self._unit}"

    @property
    def _unit(self) -> str:
        return self.unit.value if self.count != 1 else self.unit.value.removesuffix("s")


ENGLAND_AND_WALES: Final[Mapping[int, str]] = MappingProxyType(
    {
        2013: "n0101 g0329 e0401 m0506 s0527 a0826 c1225 b1226",
        2014: "n0101 g0418 e0421 m0505 s0526 a0825 c1225 b1226",
        2015: "n0101 g0403 e0406 m0504 s0525 a0831 c1225 b1226 B1228",
        2016: "n0101 g0325 e0328 m0502 s0530 a0829 c1225 b1226 C1227",
        2017: "n0101 N0102 g0414 e0417 m0501 s0529 a0828 c1225 b1226",
        2018: "n0101 g0330 e0402 m0507 s0528 a0827 c1225 b1226",
        2019: "n0101 g0419 e0422 m0506 s0527 a0826 c1225 b1226",
        2020: "n0101 g0410 e0413 m0508 s0525 a0831 c1225 b1226 B1228",
        2021: "n0101 g0402 e0405 m0503 s0531 a0830 c1225 b1226 C1227 B1228",
        2022: "n0101 N0103 g0415 e0418 m0502 s0602 j0603 a0829 f0919 c1225 b1226 C1227",
        2023: "n0101 N0102 g0407 e0410 m0501 k0508 s0529 a0828 c1225 b1226",
        2024: "n0101 g0329 e0401 m0506 s0527 a0826 c1225 b1226",
        2025: "n0101 g0418 e0421 m0505 s0526 a0825 c1225 b1226",
        2026: "n0101 g0403 e0406 m0504 s0525 a0831 c1225 b1226 B1228",
        2027: "n0101 g0326 e0329 m0503 s0531 a0830 c1225 b1226 C1227 B1228",
    }
)
"""Each public holiday, with its letter, month and day, in the years whose holidays are settled.

They are those of the package ``holidays``, which answers for all other years and countries: most
follow-ups need no other, and to import it takes longer than the rest of an assessment.
"""

HOLIDAYS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "n": "New Year's Day",
        "g": "Good Friday",
        "e": "Easter Monday",
        "m": "the early May bank holiday",
        "s": "the spring bank holiday",
        "a": "the summer bank holiday",
        "c": "Christmas Day",
        "b": "Boxing Day",
        "j": "the bank holiday for the Platinum Jubilee",
        "f": "the bank holiday for the funeral of Queen Elizabeth II",
        "k": "the bank holiday for the coronation of King Charles III",
    }
)
"""What each letter means; as a capital, it means the substitute day for that holiday."""


def _settled(letter: str, *date: int) -> tuple[int, str]:
    holiday = HOLIDAYS[letter.lower()]
    name = holiday if letter.islower() else f"the substitute day for {holiday}"
    return datetime.date(*date).toordinal(), name


@lru_cache(maxsize=1024)
def _holidays(country: str, subdivision: str, year: int) -> Mapping[int, str]:
    """Return the public holidays of a year in a part of a country, or in all of it.

    Each is the ordinal of the day, with what can be said of it.
    """
    if country == "GB" and subdivision in {"ENG", "WLS"} and year in ENGLAND_AND_WALES:
        days = ENGLAND_AND_WALES[year].split()
        return dict(_settled(day[0], year, int(day[1:3]), int(day[3:])) for day in days)
    import holidays  # noqa: PLC0415  slow to import, and most follow-ups do without

    try:
        named = holidays.country_holidays(country, subdiv=subdivision or None, years=year)
    except NotImplementedError:
        part = f" and its part '{subdivision}'" if subdivision else ""
        message = f"No public holidays are known for '{country}'{part}."
        help_ = "Write both as ISO 3166 has them, such as GB and ENG."
        raise DateError(message, help_) from None
    return {day.toordinal(): f"a public holiday ({name})" for day, name in named.items()}


@lru_cache(maxsize=1024)
def _days_off(country: str, subdivisions: tuple[str, ...], year: int) -> Mapping[int, str]:
    """Return the days of a year that are a public holiday in one of some parts of a country."""
    every = [_holidays(country, part, year) for part in subdivisions or ("",)]
    return {day: name for days in reversed(every) for day, name in days.items()}


_WEEKEND: Final = ("a Saturday", "a Sunday")
_WORKED_OF_A_WEEK: Final = 5


@frozen(kw_only=True)
class Calendar:
    """Which days are working days: not a weekend, a public holiday or one of the ``extra`` days.

    ``country`` and ``subdivisions`` are codes of ISO 3166: a holiday in one of the subdivisions is
    a day off, or one of the whole country where there are none. ``extra`` are ordinals of days off
    that no list can foresee, and ``worked`` of working days, whatever the lists say. In England and
    Wales: Banking and Financial Dealings Act 1971, Sch 1.
    """

    country: str = "GB"
    subdivisions: tuple[str, ...] = ("ENG",)
    extra: frozenset[int] = frozenset()
    worked: frozenset[int] = frozenset()

    def is_working(self, ordinal: int) -> bool:
        """Return True where the day is a working day.

        >>> from ncpi_rules.core import PartialDate
        >>> Calendar().is_working(PartialDate.read("2023-02-05").start)
        False
        """
        if ordinal in self.worked:
            return True
        if (ordinal - 1) % 7 >= _WORKED_OF_A_WEEK or ordinal in self.extra:
            return False
        year = datetime.date.fromordinal(ordinal).year
        return ordinal not in _days_off(self.country, self.subdivisions, year)

    def describe_day_off(self, ordinal: int) -> str:
        """Return what a day off is, so that it can stand after "is"; empty for a working day.

        >>> from ncpi_rules.core import PartialDate
        >>> Calendar().describe_day_off(PartialDate.read("2023-08-28").start)
        'the summer bank holiday'
        """
        if self.is_working(ordinal):
            return ""
        year = datetime.date.fromordinal(ordinal).year
        if name := _days_off(self.country, self.subdivisions, year).get(ordinal):
            return name
        if ordinal in self.extra:
            return "a day off that the ruleset adds"
        return _WEEKEND[(ordinal - 1) % 7 - _WORKED_OF_A_WEEK]

    def working_day_before(self, ordinal: int) -> int:
        """Return the last working day before a day, as an ordinal."""
        return self.step(ordinal, -1)

    def due_date(self, ordinal: int, policy: DueDatePolicy) -> int:
        """Return what becomes of a due date, as an ordinal, that may not be a working day.

        >>> from ncpi_rules.core import PartialDate
        >>> sunday = PartialDate.read("2023-02-05").start
        >>> [day_of(Calendar().due_date(sunday, policy)).day for policy in DueDatePolicy]
        [5, 3, 6]
        """
        if policy is DueDatePolicy.STANDS or self.is_working(ordinal):
            return ordinal
        return self.step(ordinal, -1 if policy is DueDatePolicy.MOVES_BACK else 1)

    def earliest_due(self, ordinal: int, policy: DueDatePolicy) -> int:
        """Return the earliest day of which :meth:`due_date` is not before a day."""
        if policy is DueDatePolicy.MOVES_BACK:
            return self.due_date(ordinal, DueDatePolicy.MOVES_ON)
        return ordinal if policy is DueDatePolicy.STANDS else self.working_day_before(ordinal) + 1

    def step(self, ordinal: int, count: int) -> int:
        """Return the working day ``count`` working days after (before, if negative) a day."""
        direction = 1 if count > 0 else -1
        for _ in range(abs(count)):
            ordinal += direction
            while not self.is_working(ordinal):
                ordinal += direction
        return ordinal


class _MonthsAway(dict[int, int]):
    """The day so many months away from each day, worked out when first asked for.

    Where the months begin ``with_day``, they end on the day before the corresponding date.
    """

    __slots__ = ("_count", "_with_day")

    def __init__(self, count: int, with_day: bool) -> None:  # noqa: FBT001  asked for in one place
        super().__init__()
        self._count = count
        self._with_day = with_day

    def __missing__(self, ordinal: int) -> int:
        """Return the day that is so far away from one asked about for the first time."""
        start = day_of(ordinal)
        end = start.add(months=self._count)
        # The last day of a month that has no corresponding date ends the period either way.
        earlier = self._with_day and end.day == start.day
        day = self[ordinal] = end.toordinal() - earlier
        return day


@lru_cache(maxsize=256)
def _add_months(count: int, with_day: bool) -> Callable[[int], int]:  # noqa: FBT001  as above
    return _MonthsAway(count, with_day).__getitem__


@lru_cache(maxsize=256)
def _add_working_days(calendar: Calendar, count: int, with_day: bool) -> Callable[[int], int]:  # noqa: FBT001  as above
    return cache(lambda ordinal: calendar.step(ordinal - with_day, count))


def mover(
    period: Period, direction: int, calendar: Calendar, *, with_day: bool = False
) -> Callable[[int], int]:
    """Return the function that leads from a day to another a period away; see :func:`shift`."""
    count = direction * period.count
    match period.unit:
        case Unit.DAYS:
            return (count - with_day).__add__
        case Unit.WEEKS:
            return (7 * count - with_day).__add__
        case Unit.MONTHS:
            return _add_months(count, with_day)
        case Unit.WORKING_DAYS:
            return _add_working_days(calendar, count, with_day)


def shift(
    ordinal: int, period: Period, direction: int, calendar: Calendar, *, with_day: bool = False
) -> int:
    """Return the day a period after (``direction`` 1) or before (-1) a day, as ordinals.

    The day of the event is excluded. Months run to the corresponding date, or to the last day of
    a month that has no such date (Dodds v Walker [1981] 1 WLR 1027).

    With ``with_day``, the period begins with the day, which counts as the first, and its end
    is returned. The first working day of a period is the day itself or the next one that is worked.
    Months end on the day before the corresponding date, or on the last day of a month without one.

    >>> from ncpi_rules.core import PartialDate
    >>> day = PartialDate.read("2018-08-30").start
    >>> day_of(shift(day, Period.read("6 months"), 1, Calendar()))
    Date(2019, 2, 28)
    >>> day_of(shift(day, Period.read("3 months"), 1, Calendar(), with_day=True))
    Date(2018, 11, 29)
    """
    return mover(period, direction, calendar, with_day=with_day)(ordinal)


def earliest_reaching(
    target: int, period: Period, direction: int, calendar: Calendar, *, with_day: bool = False
) -> int:
    """Return the earliest day whose shift by the period is not before ``target``.

    The inverse of :func:`shift`, which never runs backwards: a later day never shifts to an
    earlier one.

    >>> from ncpi_rules.core import PartialDate
    >>> floor = PartialDate.read("2019-02-28").start
    >>> day_of(earliest_reaching(floor, Period.read("6 months"), 1, Calendar()))
    Date(2018, 8, 28)
    """
    move = mover(period, direction, calendar, with_day=with_day)
    day = shift(target, period, -direction, calendar)
    while move(day) < target:
        day += 1
    while move(day - 1) >= target:
        day -= 1
    return day
