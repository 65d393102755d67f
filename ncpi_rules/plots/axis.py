"""Where a day lies between the left and the right of a timeline, and the days of its axis."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Final

from attrs import frozen

from ncpi_rules.core import format_day
from ncpi_rules.plots.canvas import SMALL, width_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_MONTHS: Final = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 2400)
"""The months from one mark of the axis to the next, whichever leaves few enough."""
_MOST: Final = 7
_APART: Final = 8.0


@frozen
class Scale:
    """Days (ordinals) from ``first`` to ``last``, from ``left`` to ``right`` in pixels."""

    first: int
    last: int
    left: float
    right: float

    @classmethod
    def over(cls, first: int, last: int, left: float, right: float) -> Scale:
        """Return a scale with some room beside the first and the last day."""
        room = max((last - first) // 25, 3)
        return cls(first - room, last + room, left, right)

    def at(self, day: int) -> float:
        """Return where a day lies; one beyond the scale lies at its edge."""
        part = (day - self.first) / (self.last - self.first)
        return self.left + (self.right - self.left) * min(max(part, 0.0), 1.0)

    def holds(self, day: int) -> bool:
        """Return True for a day that is not beyond the scale."""
        return self.first <= day <= self.last

    def ticks(self) -> Iterator[tuple[float, str]]:
        """Yield where the marks of the axis lie and what they say; no two of them touch."""
        found = self._months() or [self.first, self.last]
        whole_years = all(
            day.month == day.day == 1 for day in map(datetime.date.fromordinal, found)
        )
        free = self.left
        for each in found:
            at, told = self.at(each), _says(each, whole_years=whole_years and len(found) > 1)
            half = width_of(told, SMALL) / 2
            if at - half >= free and at + half <= self.right + _APART:
                yield at, told
                free = at + half + _APART

    def _months(self) -> list[int]:
        """Return the first days of months, in equal steps and as many as fit."""
        begins, ends = datetime.date.fromordinal(self.first), datetime.date.fromordinal(self.last)
        first = begins.year * 12 + begins.month  # the month after the one in which it begins
        last = ends.year * 12 + ends.month - 1
        for step in _MONTHS:
            months = range(-(-first // step) * step, last + 1, step)
            if len(months) <= _MOST:
                return [datetime.date(each // 12, each % 12 + 1, 1).toordinal() for each in months]
        return []


def _says(day: int, *, whole_years: bool) -> str:
    number, month, year = format_day(day).split()
    if whole_years:
        return year
    return f"{month[:3]} {year}" if number == "1" else f"{number} {month[:3]} {year}"
