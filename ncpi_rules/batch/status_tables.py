"""Status tables: the status of a deadline by what is known and how days compare.

Whether a deadline is met, late or open depends on a few comparisons of days and on nothing else. So
the figures of a deadline are asked for once in each combination of them, on imagined days.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy
from attrs import field, frozen

from ncpi_rules.batch.circuit import Array
from ncpi_rules.core import (
    NOT_YET,
    UNKNOWN,
    Calendar,
    DueDatePolicy,
    PartialDate,
    Period,
    Status,
    Unit,
    When,
)
from ncpi_rules.deadlines import figures_of, own_days
from ncpi_rules.ruleset import Bound

STATUSES: Final = tuple(Status)
"""The statuses in the order of their codes."""

WORST: Final = (
    Status.LATE,
    Status.OVERDUE,
    Status.TOO_EARLY,
    Status.CANNOT_TELL,
    Status.UNKNOWN,
    Status.OPEN,
    Status.PLANNED,
    Status.MET,
    Status.NO_DATE,
)
"""Which status is reported where several deadlines bind one event: the first of these."""

_ACTUALS: Final = 3  # unknown, not yet, a day: the values of the first axis
_SOME_DAY: Final = 736_873
_SHAPES: Final = 256


@frozen(kw_only=True)
class StatusTables:
    """The status of a deadline, and whether it has a due date and a count of days late.

    The axes are: whether the event is unknown, not yet so or dated; whether its day is no later
    than the day of the assessment; then, for each bound, whether its anchor is dated and whether
    the event's day is beyond the bound. ``status`` holds places in ``STATUSES``.
    """

    status: Array = field(eq=False)
    due: Array = field(eq=False)
    late: Array = field(eq=False)


@lru_cache(maxsize=_SHAPES)
def status_tables(shape: tuple[tuple[bool, bool], ...]) -> StatusTables:
    """Return the tables of a deadline with bounds of this shape.

    ``shape`` says of each bound whether it is a floor, and whether it only gives an order.

    >>> late = status_tables(((False, False),)).status[2, 1, 1, 1]
    >>> STATUSES[late].value
    'late'
    """
    axes = (_ACTUALS, 2, *[2] * (2 * len(shape)))
    status = numpy.zeros(axes, dtype=numpy.uint8)
    due, late = numpy.zeros(axes, dtype=bool), numpy.zeros(axes, dtype=bool)
    bounds = tuple(
        Bound("event", f"anchor {place}", Period(0, Unit.DAYS), 1, 0, is_floor, is_order)
        for place, (is_floor, is_order) in enumerate(shape)
    )
    calendar = Calendar()
    for cell in numpy.ndindex(axes):
        actual, happened, *rest = cell
        day = _day(_SOME_DAY)
        events: dict[str, When] = {"event": (UNKNOWN, NOT_YET, day)[actual]}
        for bound, is_known, is_beyond in zip(bounds, rest[::2], rest[1::2], strict=True):
            if is_known:
                beyond = 1 if bound.is_floor else -1
                events[bound.anchor] = _day(_SOME_DAY + beyond * is_beyond)
        is_day = actual == _ACTUALS - 1
        on = _SOME_DAY - 1 if is_day and not happened else _SOME_DAY
        own = own_days(bounds, events, calendar, DueDatePolicy.STANDS)
        figures = figures_of(own, events["event"], on)
        status[cell] = STATUSES.index(figures.status)
        due[cell] = figures.due is not None
        late[cell] = figures.late_by is not None
    return StatusTables(status=status, due=due, late=late)


def _day(ordinal: int) -> PartialDate:
    return PartialDate.between(ordinal, ordinal)
