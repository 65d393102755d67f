"""Days and partial dates: the only module that imports pendulum.

A day travels inside the library as its ordinal (``date.toordinal``), so that comparing
and counting are plain integer work; ``day_of`` turns it back into a pendulum date.
"""

from __future__ import annotations

import datetime
import re
from functools import lru_cache
from typing import Final, TypeAlias, TypeVar

import pendulum
from attrs import evolve, field, frozen

from ncpi_rules.core.errors import DateError, Problem
from ncpi_rules.core.terms import NOT_YET, UNKNOWN, NotYet, Unknown

FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2199
Day: TypeAlias = pendulum.Date
"""A whole day, as the library gives it back."""

T = TypeVar("T")

_STEPS: Final = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 2400)
"""The months from one mark of an axis to the next, whichever leaves few enough."""

_HELP_DAY: Final = "Write a day as 2018-06-28."
_HELP: Final = (
    "Write a day as 2018-06-28, a month as 2018-06, a year as 2018, or two of these with a "
    "stroke between them, such as 2018-06-28/2018-07-02."
)
_TIMED: Final = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:", re.ASCII)
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
    try:
        return _whole_day(value)
    except TypeError:  # what cannot be hashed is not a day
        return _whole_day.__wrapped__(value)


def one_day(value: T) -> T:
    """Return a date of one whole day, or what is no date, as it is; raise DateError for others."""
    if isinstance(value, PartialDate):
        read_day(value.edtf)
    return value


def month_starts(first: int, last: int, most: int) -> list[int]:
    """Return the first days of months from one day to another, in equal steps, at most so many.

    >>> june, march = (read_day(day).toordinal() for day in ("2018-06-28", "2019-03-01"))
    >>> [format_day(day) for day in month_starts(june, march, 4)]
    ['1 July 2018', '1 October 2018', '1 January 2019']
    """
    begins, ends = map(datetime.date.fromordinal, (first, last))
    from_, to = begins.year * 12 + begins.month, ends.year * 12 + ends.month - 1
    step = next(step for step in _STEPS if to // step - (from_ - 1) // step <= most)
    months = range(-(-from_ // step) * step, to + 1, step)
    return [datetime.date(month // 12, month % 12 + 1, 1).toordinal() for month in months]


@lru_cache(maxsize=16_384, typed=True)
def _whole_day(value: datetime.date | str) -> pendulum.Date:
    try:
        partial = PartialDate.read(value)
    except DateError as fault:  # a month or a year would not do here
        raise DateError(
            [
                evolve(problem, help=_HELP_DAY) if problem.help == _HELP else problem
                for problem in fault.problems
            ]
        ) from None
    if not partial.is_day:
        message = f"'{partial.edtf}' is not one day."
        raise DateError(message, _HELP_DAY)
    return day_of(partial.start)


def _bounds(text: str, whole: str) -> tuple[int, int]:
    """Return the first and last ordinal of a day, a month or a year."""
    parts = _PART.fullmatch(text)
    if parts is None and _TIMED.match(text):
        message = f"'{whole}' has a time of day."
        raise DateError(message, f"Give the day alone, such as {text[:10]}.")
    if parts is None:
        message = f"'{whole}' is not a date."
        raise DateError(message, _HELP)
    year, month, day = (int(part) if part else None for part in parts.groups())
    assert year is not None  # noqa: S101  the pattern always gives a year
    if not FIRST_YEAR <= year <= LAST_YEAR:
        message = f"The year {year} is outside {FIRST_YEAR} to {LAST_YEAR}."
        raise DateError(message, "Check the year.")
    try:
        first = datetime.date(year, 1 if month is None else month, 1 if day is None else day)
    except ValueError:
        message = f"There is no such day as '{text}'."
        raise DateError(message, _HELP) from None
    if day:
        last = first
    elif month:
        following = datetime.date(year + month // 12, month % 12 + 1, 1)
        last = following - datetime.timedelta(days=1)
    else:
        last = datetime.date(year, 12, 31)
    return first.toordinal(), last.toordinal()


@frozen(repr=False, eq=False)
class PartialDate:
    """A date as far as it is known, in EDTF (ISO 8601-2, level 0): a day, month, year or interval.

    ``start`` and ``end`` are the ordinals of the first and the last day that it may be. It is equal
    to the ``datetime.date`` of its day. It compares with dates and other partial dates by what is
    certain: of two that overlap, neither is before the other; sort by ``start``.

    >>> june = PartialDate.read("2018-06")
    >>> june < datetime.date(2018, 7, 1), june < datetime.date(2018, 6, 15)
    (True, False)
    >>> PartialDate.read("2018-06-28") == datetime.date(2018, 6, 28)
    True
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
            message = f"'{value}' has a time of day."
            raise DateError(
                message, "Give the day alone, such as value.date() in the zone that you mean."
            )
        if isinstance(value, datetime.date):
            value = value.isoformat()
        if not isinstance(value, str):
            raise DateError(Problem(place="", message=f"{value!r} is not a date.", help=_HELP))
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
    def text(self) -> str:
        """Return the date as an officer reads it.

        >>> PartialDate.read("2015-02-10/2015-02-11").text
        'between 10 February 2015 and 11 February 2015'
        """
        return format_between(self.start, self.end)

    def __eq__(self, other: object) -> bool:
        """Return True for the same EDTF text, and for the date of the same day."""
        if isinstance(other, PartialDate):
            return self.edtf == other.edtf
        if isinstance(other, datetime.date) and not isinstance(other, datetime.datetime):
            return self.edtf == other.isoformat()
        return NotImplemented

    def __hash__(self) -> int:
        """Return the hash of the date of its day, where it is written as one."""
        if self.start == self.end and "/" not in self.edtf:
            return hash(datetime.date.fromordinal(self.start))
        return hash(self.edtf)

    def __lt__(self, other: PartialDate | datetime.date) -> bool:
        """Return True where it is certainly before another."""
        return self.end < PartialDate.read(other).start

    def __le__(self, other: PartialDate | datetime.date) -> bool:
        """Return True where it is certainly not after another."""
        return self.end <= PartialDate.read(other).start

    def __gt__(self, other: PartialDate | datetime.date) -> bool:
        """Return True where it is certainly after another."""
        return self.start > PartialDate.read(other).end

    def __ge__(self, other: PartialDate | datetime.date) -> bool:
        """Return True where it is certainly not before another."""
        return self.start >= PartialDate.read(other).end

    def __format__(self, spec: str) -> str:
        """Return the EDTF text, or one day in a format of ``strftime``.

        Raises DateError for a format where it is not one day.
        """
        if not spec:
            return self.edtf
        if not self.is_day:
            message = f"'{self.edtf}' is not one day, so it has no format."
            raise DateError(message, "Use its 'text', or format its 'first' and its 'last' day.")
        return self.first.strftime(spec)

    def __repr__(self) -> str:
        """Return what a developer would type."""
        return f"PartialDate({self.edtf!r})"

    def __str__(self) -> str:
        """Return the EDTF text."""
        return self.edtf


def format_day(ordinal: int) -> str:
    """Return a day as an officer reads it.

    >>> format_day(736873)
    '28 June 2018'
    """
    plain = datetime.date.fromordinal(ordinal)
    return f"{plain.day} {_MONTHS[plain.month - 1]} {plain.year}"


def format_between(start: int, end: int) -> str:
    """Return a day, a month, a year or a span as an officer reads it."""
    if start == end:
        return format_day(start)
    first, last = datetime.date.fromordinal(start), datetime.date.fromordinal(end)
    after = datetime.date.fromordinal(end + 1)
    if first.day == 1 and after.day == 1:
        if (first.year, first.month) == (last.year, last.month):
            return f"{_MONTHS[first.month - 1]} {first.year}"
        if (first.month, last.month, first.year) == (1, 12, last.year):
            return str(first.year)
    return f"between {format_day(start)} and {format_day(end)}"


@lru_cache(maxsize=16_384)
def _read(text: str) -> PartialDate:
    head, stroke, tail = text.partition("/")
    start, end = _bounds(head, text)
    if stroke:
        tail_start, tail_end = _bounds(tail, text)
        if tail_start < start or tail_end < end:
            message = f"'{text}' ends before it begins."
            raise DateError(message, "Put the earlier date first.")
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
