"""Day tables: the day to which a bound leads from every day of a span of years.

Months are the calendar's: it is asked for the first and the last day of each month only, since
between them each day leads one day further, up to the end of the month that is reached.
"""

from __future__ import annotations

import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy

from ncpi_rules.core import FIRST_YEAR, LAST_YEAR, DueDatePolicy, Unit, mover

if TYPE_CHECKING:
    from ncpi_rules.batch.circuit import Array
    from ncpi_rules.core import Calendar
    from ncpi_rules.ruleset import Bound

EPOCH: Final = datetime.date(1970, 1, 1).toordinal()
"""The ordinal of the day from which Arrow counts."""

_TABLES: Final = 256
_LONGEST_REST: Final = 31  # days: no public holidays last longer


def first_day(year: int) -> int:
    """Return the first day of a year, counted as Arrow counts days.

    >>> first_day(1971)
    365
    """
    return datetime.date(year, 1, 1).toordinal() - EPOCH


FIRST: Final = first_day(FIRST_YEAR)
"""The first day that is accepted."""

LAST: Final = first_day(LAST_YEAR + 1) - 1
"""The latest day that is accepted."""


def may_be_outside(days: Array) -> bool:
    """Return False where one comparison shows that every day is from 1970 to the last accepted.

    >>> may_be_outside(numpy.array([0, 17_000], numpy.int32)), may_be_outside(
    ...     numpy.array([-1], numpy.int32)
    ... )
    (False, True)
    """
    # Read as an unsigned number, a day before 1970 is larger than all others.
    return bool(days.view(numpy.uint32).max(initial=0) > LAST)


def year_of(day: int) -> int:
    """Return the year of a day that is counted as Arrow counts days."""
    return datetime.date.fromordinal(day + EPOCH).year


def shifted_day(bound: Bound, day: int, policy: DueDatePolicy) -> int:
    """Return where a bound leads from one day; both are counted from 1970, as Arrow counts them."""
    return bound.moved(day + EPOCH, policy) - EPOCH


@lru_cache(maxsize=_TABLES)
def day_table(bound: Bound, policy: DueDatePolicy, first: int, last: int) -> Array:
    """Return where a bound leads from each day of the years ``first`` to ``last``.

    The table begins with the first day of the first year; days are counted from 1970, as Arrow
    counts them.

    >>> from ncpi_rules.ruleset import Bound, Timing
    >>> timing = Timing.from_text("6 months after report-published")
    >>> bound = Bound("revisit-begins", timing.event, timing.period, 1)
    >>> table = day_table(bound, DueDatePolicy.STANDS, 2018, 2018)
    >>> datetime.date.fromordinal(EPOCH + int(table[30 + 28 + 31 + 30 + 31 + 30 + 31 + 30]))
    datetime.date(2019, 2, 28)
    """
    days = numpy.arange(first_day(first) + EPOCH, first_day(last + 1) + EPOCH)
    if bound.fixed is not None:
        days += bound.fixed
    elif bound.period.unit is Unit.MONTHS:
        days = _months_away(bound, first, last) + bound.days
    elif bound.period.count:
        count = bound.direction * bound.period.count
        days = _working_days_away(days - bound.with_day, count, bound.calendar) + bound.days
    else:
        days += bound.days - bound.with_day
    if bound.moves(policy):
        working = _working_days(int(days.min()), int(days.max()), 0, bound.calendar)
        if policy is DueDatePolicy.MOVES_BACK:
            places = numpy.searchsorted(working, days, "right") - 1
        else:
            places = numpy.searchsorted(working, days, "left")
        days = working[places]
    return (days - EPOCH).astype(numpy.int32)


def _months_away(bound: Bound, first: int, last: int) -> Array:
    """Return the day so many months from each day of some years, as ordinals."""
    starts = [
        datetime.date(year, month, 1).toordinal()
        for year in range(first, last + 1)
        for month in range(1, 13)
    ]
    starts.append(datetime.date(last + 1, 1, 1).toordinal())
    lengths = numpy.diff(starts)

    def moved(days: list[int]) -> Array:
        move = mover(bound.period, bound.direction, bound.calendar, with_day=bound.with_day)
        return numpy.array([move(day) for day in days])

    firsts, lasts = moved(starts[:-1]), moved([start - 1 for start in starts[1:]])
    places = numpy.arange(starts[0], starts[-1]) - numpy.repeat(starts[:-1], lengths)
    days: Array = numpy.minimum(
        numpy.repeat(firsts, lengths) + places, numpy.repeat(lasts, lengths)
    )
    return days


def _working_days_away(days: Array, count: int, calendar: Calendar) -> Array:
    """Return the working day so many working days from each day, as ordinals."""
    working = _working_days(int(days[0]), int(days[-1]), abs(count), calendar)
    if count > 0:
        places = numpy.searchsorted(working, days, "right") + count - 1
    else:
        places = numpy.searchsorted(working, days, "left") + count
    return numpy.take(working, places)


def _working_days(first: int, last: int, more: int, calendar: Calendar) -> Array:
    """Return the working days of a span, with at least one and so many more on either side."""
    reach = 2 * more + _LONGEST_REST + len(calendar.extra)
    days = range(first - reach, last + reach + 1)
    return numpy.array([day for day in days if calendar.is_working(day)])
