"""Tables of the day to which a bound leads, for every day of a span of years.

No date arithmetic of its own: each day is ``Bound.moved``, asked once and remembered.
"""

from __future__ import annotations

import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy

from ncpi_rules.core import FIRST_YEAR, LAST_YEAR, LastDay

if TYPE_CHECKING:
    from ncpi_rules.batch.circuit import Array
    from ncpi_rules.core import Calendar
    from ncpi_rules.ruleset import Bound

EPOCH: Final = datetime.date(1970, 1, 1).toordinal()
"""The ordinal of the day that Arrow counts from."""

_YEARS: Final = 4096
_SPANS: Final = 256


def first_day(year: int) -> int:
    """Return the first day of a year, counted as Arrow counts days.

    >>> first_day(1971)
    365
    """
    return datetime.date(year, 1, 1).toordinal() - EPOCH


FIRST: Final = first_day(FIRST_YEAR)
"""The first day that is read."""

LAST: Final = first_day(LAST_YEAR + 1) - 1
"""The last day that is read."""


def is_doubtful(days: Array) -> bool:
    """Return True unless one look shows that every day is from 1970 to the last that is read.

    >>> is_doubtful(numpy.array([0, 17_000], numpy.int32)), is_doubtful(
    ...     numpy.array([-1], numpy.int32)
    ... )
    (False, True)
    """
    # Read without a sign, a day before 1970 is beyond all others.
    return bool(days.view(numpy.uint32).max(initial=0) > LAST)


def year_of(day: int) -> int:
    """Return the year of a day that is counted as Arrow counts days."""
    return datetime.date.fromordinal(day + EPOCH).year


def shift_of(bound: Bound, policy: LastDay) -> int | None:
    """Return the whole shift of a bound where it is the same number of days for every day."""
    moves = policy is LastDay.MOVES_BACK and not (bound.is_order or bound.is_floor)
    return None if moves else bound.fixed


@lru_cache(maxsize=_YEARS)
def _of_year(bound: Bound, calendar: Calendar, policy: LastDay, year: int) -> Array:
    moves = policy is LastDay.MOVES_BACK and not (bound.is_order or bound.is_floor)
    first, after = first_day(year) + EPOCH, first_day(year + 1) + EPOCH
    days = [bound.moved(day, calendar) for day in range(first, after)]
    if moves:
        days = [
            day if calendar.is_working(day) else calendar.working_day_before(day) for day in days
        ]
    return numpy.array(days, dtype=numpy.int32) - numpy.int32(EPOCH)


@lru_cache(maxsize=_SPANS)
def table_of_days(
    bound: Bound, calendar: Calendar, policy: LastDay, first: int, last: int
) -> Array:
    """Return where a bound leads from each day of the years ``first`` to ``last``.

    The table begins with the first day of the first year; days are counted from 1970, as Arrow
    counts them.

    >>> from ncpi_rules.core import Calendar
    >>> from ncpi_rules.ruleset import Bound, Timing
    >>> timing = Timing.from_text("6 months after report-published")
    >>> bound = Bound("revisit-begins", timing.event, timing.period, 1)
    >>> table = table_of_days(bound, Calendar(), LastDay.STANDS, 2018, 2018)
    >>> datetime.date.fromordinal(EPOCH + int(table[30 + 28 + 31 + 30 + 31 + 30 + 31 + 30]))
    datetime.date(2019, 2, 28)
    """
    years = range(first, last + 1)
    return numpy.concatenate([_of_year(bound, calendar, policy, year) for year in years])
