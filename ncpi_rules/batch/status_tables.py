"""Status tables: the status of a deadline by what is known and how days compare.

Whether a deadline is met, late or due depends on a few comparisons of days and on nothing else. So
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
    DueDatePolicy,
    Happened,
    PartialDate,
    Period,
    Status,
    Unit,
)
from ncpi_rules.deadlines import figures_of, own_days
from ncpi_rules.ruleset import Bound

STATUSES: Final = tuple(Status)
"""The statuses in the order of their codes."""

_ACTUALS: Final = (UNKNOWN, NOT_YET, None)
"""What may be known of an event or an anchor, None for its day: the values of their axes."""

_BEGUN: Final = (Happened.NO, Happened.YES)
_SOME_DAY: Final = 736_873
_SHAPES: Final = 256


@frozen(kw_only=True)
class StatusTables:
    """The status of a deadline, and whether it has a due date and a count of days late.

    The axes are: whether the follow-up has begun; whether the event is unknown, not yet so or
    dated; whether its day is no later than the day of the assessment; then, for each bound, whether
    its anchor is unknown, not yet so or dated, and whether the event's day is beyond the bound. For
    an anchor that is not yet so, the bound is counted from the day of the assessment. ``status``
    holds places in ``STATUSES``.
    """

    status: Array = field(eq=False)
    due: Array = field(eq=False)
    late: Array = field(eq=False)


@lru_cache(maxsize=_SHAPES)
def status_tables(shape: tuple[bool, ...]) -> StatusTables:
    """Return the tables of a deadline with bounds of this shape.

    ``shape`` says of each bound whether it is a floor.

    >>> late = status_tables((False,)).status[1, 2, 1, 2, 1]
    >>> STATUSES[late].value
    'late'
    """
    axes = (len(_BEGUN), len(_ACTUALS), 2, *[len(_ACTUALS), 2] * len(shape))
    status = numpy.zeros(axes, dtype=numpy.uint8)
    due, late = numpy.zeros(axes, dtype=bool), numpy.zeros(axes, dtype=bool)
    day = _SOME_DAY
    for cell in numpy.ndindex(axes):
        begun, actual, happened, *rest = cell
        is_day = _ACTUALS[actual] is None
        on = day - 1 if is_day and not happened else day
        events = {"event": _ACTUALS[actual] or _day(day)}
        bounds: list[Bound] = []
        for is_floor, anchor, is_beyond in zip(shape, rest[::2], rest[1::2], strict=True):
            limit = day + is_beyond if is_floor else day - is_beyond
            name = f"anchor {len(bounds)}"
            events[name] = _ACTUALS[anchor] or _day(limit)
            days = limit - on if events[name] is NOT_YET else 0
            bounds.append(Bound("event", name, Period(0, Unit.DAYS), 1, days, is_floor))
        own = own_days(bounds, events, on, DueDatePolicy.STANDS)
        figures = figures_of(own, events["event"], on, _BEGUN[begun])
        status[cell] = STATUSES.index(figures.status)
        due[cell] = figures.due is not None
        late[cell] = figures.late_by is not None
    return StatusTables(status=status, due=due, late=late)


def _day(ordinal: int) -> PartialDate:
    return PartialDate.between(ordinal, ordinal)
