"""Days, partial dates, periods and working days: the only module that imports pendulum.

Floor 1. A day travels inside the library as its ordinal (``date.toordinal``), so that comparing
and counting are plain integer work; ``day_of`` turns it back into a pendulum date. Arithmetic is
memoised: the same question always has the same answer, and pendulum's is slow to ask twice.
"""

from __future__ import annotations

import datetime
import re
from enum import StrEnum
from functools import lru_cache
from typing import Final, TypeAlias

import pendulum
from attrs import field, frozen

from ncpi_rules.errors import DateError, Problem
from ncpi_rules.words import NOT_YET, UNKNOWN, NotYet, Unknown

FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2199
Day: TypeAlias = pendulum.Date
"""A whole day, as the library gives it back."""

_HELP: Final = (
    "Write a day as 2018-06-28, a month as 2018-06, a year as 2018, or two of these with a "
    "stroke between them, such as 2018-06-28/2018-07-02."
)
_PART: Final = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)
_MONTHS: Final = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


@lru_cache(maxsize=65_536)
def day_of(ordinal: int) -> pendulum.Date:
    """Return the pendulum date of an ordinal.

    >>> day_of(736873)
    Date(2018, 6, 28)
    """
    plain = datetime.date.fromordinal(ordinal)
    return pendulum.Date(plain.year, plain.month, plain.day)


def read_day(value: datetime.date | str) -> pendulum.Date:
    """Return one whole day; raise DateError for anything coarser or anything with a clock in it.

    >>> read_day("2018-06-28")
    Date(2018, 6, 28)
    """
    partial = PartialDate.read(value)
    if partial.first != partial.last:
        raise DateError(
            Problem(
                place="",
                sentence=f"'{partial.edtf}' is not one day.",
                help="Write a day as 2018-06-28.",
            )
        )
    return partial.first


def _bounds(text: str, whole: str) -> tuple[int, int]:
    """Return the first and last ordinal of a day, a month or a year."""
    found = _PART.fullmatch(text)
    if found is None:
        raise DateError(Problem(place="", sentence=f"'{whole}' is not a date.", help=_HELP))
    year, month, day = (int(part) if part else None for part in found.groups())
    assert year is not None  # noqa: S101  the pattern always gives a year
    if not FIRST_YEAR <= year <= LAST_YEAR:
        sentence = f"The year {year} is outside {FIRST_YEAR} to {LAST_YEAR}."
        raise DateError(Problem(place="", sentence=sentence, help="Check the year."))
    try:
        first = datetime.date(year, 1 if month is None else month, 1 if day is None else day)
    except ValueError:
        sentence = f"There is no such day as '{text}'."
        raise DateError(Problem(place="", sentence=sentence, help=_HELP)) from None
    if day:
        last = first
    elif month:
        following = datetime.date(year + month // 12, month % 12 + 1, 1)
        last = following - datetime.timedelta(days=1)
    else:
        last = datetime.date(year, 12, 31)
    return first.toordinal(), last.toordinal()


@frozen(repr=False, order=False)
class PartialDate:
    """A date as far as it is known, in EDTF (ISO 8601-2, level 0): a day, month, year or interval.

    ``start`` and ``end`` are the ordinals of the first and the last day that it may be.

    >>> PartialDate.read("2018-06").last
    Date(2018, 6, 30)
    """

    edtf: str
    start: int = field(repr=False)
    end: int = field(repr=False)

    @classmethod
    def read(cls, value: PartialDate | datetime.date | str) -> PartialDate:
        """Return the partial date that an EDTF text or any ``datetime.date`` means.

        Raises DateError for a date with a time of day (which day it is depends on the zone), and
        for text that is not EDTF level 0.
        """
        if isinstance(value, PartialDate):
            return value
        if isinstance(value, datetime.datetime):
            raise DateError(
                Problem(
                    place="",
                    sentence=f"'{value}' has a time of day.",
                    help="Give the day alone, such as value.date() in the zone that you mean.",
                )
            )
        if isinstance(value, datetime.date):
            value = value.isoformat()
        if not isinstance(value, str):
            raise DateError(Problem(place="", sentence=f"{value!r} is not a date.", help=_HELP))
        return _read(value.strip())

    @classmethod
    def between(cls, start: int, end: int) -> PartialDate:
        """Return the interval between two ordinals, or the day where they are the same.

        >>> PartialDate.between(736873, 736874)
        PartialDate('2018-06-28/2018-06-29')
        """
        return _between(start, end)

    @property
    def first(self) -> pendulum.Date:
        """Return the earliest day that it may be."""
        return day_of(self.start)

    @property
    def last(self) -> pendulum.Date:
        """Return the latest day that it may be."""
        return day_of(self.end)

    @property
    def is_day(self) -> bool:
        """Return True where it is one whole day."""
        return self.start == self.end

    @property
    def says(self) -> str:
        """Return the date as an officer reads it.

        >>> PartialDate.read("2015-02-10/2015-02-11").says
        'between 10 February 2015 and 11 February 2015'
        """
        return says_between(self.start, self.end)

    def __repr__(self) -> str:
        """Return what a developer would type."""
        return f"PartialDate({self.edtf!r})"

    def __str__(self) -> str:
        """Return the EDTF text."""
        return self.edtf


def says_day(ordinal: int) -> str:
    """Return a day as an officer reads it.

    >>> says_day(736873)
    '28 June 2018'
    """
    plain = datetime.date.fromordinal(ordinal)
    return f"{plain.day} {_MONTHS[plain.month - 1]} {plain.year}"


def says_between(start: int, end: int) -> str:
    """Return a day, a month, a year or a span as an officer reads it."""
    if start == end:
        return says_day(start)
    first, last = datetime.date.fromordinal(start), datetime.date.fromordinal(end)
    after = datetime.date.fromordinal(end + 1)
    if first.day == 1 and after.day == 1:
        if (first.year, first.month) == (last.year, last.month):
            return f"{_MONTHS[first.month - 1]} {first.year}"
        if (first.month, last.month, first.year) == (1, 12, last.year):
            return str(first.year)
    return f"between {says_day(start)} and {says_day(end)}"


@lru_cache(maxsize=16_384)
def _read(text: str) -> PartialDate:
    head, stroke, tail = text.partition("/")
    start, end = _bounds(head, text)
    if stroke:
        tail_start, tail_end = _bounds(tail, text)
        if tail_start < start or tail_end < end:
            sentence = f"'{text}' ends before it begins."
            raise DateError(
                Problem(place="", sentence=sentence, help="Put the earlier date first.")
            )
        end = tail_end
    return PartialDate(text, start, end)


@lru_cache(maxsize=16_384)
def _between(start: int, end: int) -> PartialDate:
    first = datetime.date.fromordinal(start).isoformat()
    last = datetime.date.fromordinal(end).isoformat()
    return PartialDate(first if start == end else f"{first}/{last}", start, end)


When: TypeAlias = PartialDate | Unknown | NotYet
"""A date that may not be known, or that may be known not to have come yet."""


def read_when(value: When | datetime.date | str) -> When:
    """Return a partial date, UNKNOWN, or NOT_YET; raise DateError for anything else.

    >>> read_when("not-yet"), read_when("2018")
    (NOT_YET, PartialDate('2018'))
    """
    if value is UNKNOWN or value is NOT_YET:
        return value
    if isinstance(value, str):
        if value == UNKNOWN.value:
            return UNKNOWN
        if value == NOT_YET.value:
            return NOT_YET
    return PartialDate.read(value)


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
        found = _PERIOD.fullmatch(" ".join(text.split()).casefold())
        if found is not None:
            number, unit = found.groups()
            if number.isdigit():
                return cls(int(number), Unit(unit + "s"))
            if number in _NUMBERS:
                return cls(_NUMBERS.index(number), Unit(unit + "s"))
        raise DateError(
            Problem(
                place="",
                sentence=f"'{text}' is not a period.",
                help="Write a number and days, weeks, months or working days, such as 6 weeks.",
            )
        )

    @property
    def says(self) -> str:
        """Return the period as an officer reads it, such as ``6 weeks`` or ``1 month``."""
        unit = self.unit.value
        return f"{self.count} {unit if self.count != 1 else unit.removesuffix('s')}"


@lru_cache(maxsize=1024)
def _days_off(country: str, subdivision: str, year: int) -> frozenset[int]:
    """Return the public holidays of a year as ordinals."""
    import holidays  # noqa: PLC0415  slow to import, and needed only to name a working day

    try:
        named = holidays.country_holidays(country, subdiv=subdivision, years=year)
    except NotImplementedError:
        sentence = f"No public holidays are known for '{country}' and its part '{subdivision}'."
        help_ = "Write both as ISO 3166 has them, such as GB and ENG."
        raise DateError(Problem(place="", sentence=sentence, help=help_)) from None
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

    def step(self, ordinal: int, count: int) -> int:
        """Return the working day ``count`` working days after (before, if negative) a day."""
        direction = 1 if count > 0 else -1
        for _ in range(abs(count)):
            ordinal += direction
            while not self.is_working(ordinal):
                ordinal += direction
        return ordinal


@lru_cache(maxsize=262_144)
def _add_months(ordinal: int, count: int) -> int:
    return day_of(ordinal).add(months=count).toordinal()


def shift(ordinal: int, period: Period, direction: int, calendar: Calendar) -> int:
    """Return the day a period after (``direction`` 1) or before (-1) a day, as ordinals.

    The day of the event is excluded. Months run to the corresponding date, or to the last day of
    a month that has no such date (Dodds v Walker [1981] 1 WLR 1027).

    >>> day_of(shift(PartialDate.read("2018-08-30").start, Period.read("6 months"), 1, Calendar()))
    Date(2019, 2, 28)
    """
    count = direction * period.count
    match period.unit:
        case Unit.DAYS:
            return ordinal + count
        case Unit.WEEKS:
            return ordinal + 7 * count
        case Unit.MONTHS:
            return _add_months(ordinal, count)
        case Unit.WORKING_DAYS:
            return calendar.step(ordinal, count)


def earliest_reaching(target: int, period: Period, direction: int, calendar: Calendar) -> int:
    """Return the earliest day whose shift by the period is not before ``target``.

    The inverse of :func:`shift`, which never runs backwards: a later day never shifts to an
    earlier one.

    >>> floor = PartialDate.read("2019-02-28").start
    >>> day_of(earliest_reaching(floor, Period.read("6 months"), 1, Calendar()))
    Date(2018, 8, 28)
    """
    found = shift(target, period, -direction, calendar)
    while shift(found, period, direction, calendar) < target:
        found += 1
    while shift(found - 1, period, direction, calendar) >= target:
        found -= 1
    return found
