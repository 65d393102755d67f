"""Periods, working days, and the day that a period leads to.

Arithmetic on months is pendulum's, by way of ``dates``, and is memoised: the same question
always has the same answer, and it is slow to ask twice.
"""

from __future__ import annotations

import datetime
import re
from enum import StrEnum
from functools import lru_cache
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
        unit = self.unit.value
        return f"{self.count} {unit if self.count != 1 else unit.removesuffix('s')}"


ENGLAND_AND_WALES: Final[Mapping[int, str]] = MappingProxyType(
    {
        2013: "0101 0329 0401 0506 0527 0826 1225 1226",
        2014: "0101 0418 0421 0505 0526 0825 1225 1226",
        2015: "0101 0403 0406 0504 0525 0831 1225 1226 1228",
        2016: "0101 0325 0328 0502 0530 0829 1225 1226 1227",
        2017: "0101 0102 0414 0417 0501 0529 0828 1225 1226",
        2018: "0101 0330 0402 0507 0528 0827 1225 1226",
        2019: "0101 0419 0422 0506 0527 0826 1225 1226",
        2020: "0101 0410 0413 0508 0525 0831 1225 1226 1228",
        2021: "0101 0402 0405 0503 0531 0830 1225 1226 1227 1228",
        2022: "0101 0103 0415 0418 0502 0602 0603 0829 0919 1225 1226 1227",
        2023: "0101 0102 0407 0410 0501 0508 0529 0828 1225 1226",
        2024: "0101 0329 0401 0506 0527 0826 1225 1226",
        2025: "0101 0418 0421 0505 0526 0825 1225 1226",
        2026: "0101 0403 0406 0504 0525 0831 1225 1226 1228",
        2027: "0101 0326 0329 0503 0531 0830 1225 1226 1227 1228",
    }
)
"""The month and day of each public holiday, in the years whose holidays are settled.

They are those of the package ``holidays``, which answers for all other years and countries: most
follow-ups need no other, and to import it takes longer than the rest of an assessment.
"""


def _ordinal(year: int, month: int, day: int) -> int:
    return datetime.date(year, month, day).toordinal()


@lru_cache(maxsize=1024)
def _days_off(country: str, subdivision: str, year: int) -> frozenset[int]:
    """Return the public holidays of a year as ordinals."""
    if country == "GB" and subdivision in {"ENG", "WLS"} and year in ENGLAND_AND_WALES:
        days = ENGLAND_AND_WALES[year].split()
        return frozenset(_ordinal(year, int(day[:2]), int(day[2:])) for day in days)
    import holidays  # noqa: PLC0415  slow to import, and most follow-ups do without

    try:
        named = holidays.country_holidays(country, subdiv=subdivision, years=year)
    except NotImplementedError:
        message = f"No public holidays are known for '{country}' and its part '{subdivision}'."
        help_ = "Write both as ISO 3166 has them, such as GB and ENG."
        raise DateError(message, help_) from None
    return frozenset(day.toordinal() for day in named)


_SATURDAY: Final = 5


@frozen(kw_only=True)
class Calendar:
    """Which days are working days: not a weekend, a public holiday or one of the ``extra`` days.

    ``country`` and ``subdivision`` are codes of ISO 3166; ``extra`` are ordinals of days off that
    no list can foresee. In England and Wales: Banking and Financial Dealings Act 1971, Sch 1.
    """

    country: str = "GB"
    subdivision: str = "ENG"
    extra: frozenset[int] = frozenset()

    def is_working(self, ordinal: int) -> bool:
        """Return True where the day is a working day.

        >>> from ncpi_rules.core import PartialDate
        >>> Calendar().is_working(PartialDate.read("2023-02-05").start)
        False
        """
        if (ordinal - 1) % 7 >= _SATURDAY or ordinal in self.extra:
            return False
        year = datetime.date.fromordinal(ordinal).year
        return ordinal not in _days_off(self.country, self.subdivision, year)

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
            return lambda ordinal: calendar.step(ordinal - with_day, count)


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
