"""Days counted out on a calendar, one after another: an oracle for due dates.

It shares no function with the library, and asks the package ``holidays`` itself.
"""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Final

import holidays

if TYPE_CHECKING:
    from collections.abc import Callable

ONE_DAY: Final = datetime.timedelta(days=1)
ENGLAND: Final = holidays.country_holidays("GB", subdiv="ENG", years=range(2018, 2028))


def is_worked(day: datetime.date) -> bool:
    """Return True for a day on which people work in England."""
    return day.strftime("%A") not in {"Saturday", "Sunday"} and day not in ENGLAND


def counted_out(
    timing: str,
    start: datetime.date,
    is_worked: Callable[[datetime.date], bool] = is_worked,
) -> datetime.date:
    """Return the end of a period such as ``3 working days after a``, from the day of ``a``."""
    number, *unit, relation, _ = timing.replace("beginning with", "beginning").split()
    left, unit_name = int(number), unit[-1].removesuffix("s")
    if unit_name == "month" and relation == "before":
        return _months_counted_back(left, start)
    if unit_name == "month":
        return _months_counted_out(left, start, with_day=relation == "beginning")
    way = -ONE_DAY if relation == "before" else ONE_DAY
    today = start if relation == "beginning" else start + way
    left *= 7 if unit_name == "week" else 1
    if not left:
        return start
    while True:
        if "working" not in unit or is_worked(today):
            left -= 1
        if left == 0:
            return today
        today += way


def _months_counted_out(left: int, start: datetime.date, *, with_day: bool) -> datetime.date:
    """Return the end of some months, where each begins on the same number of a month.

    A month that has no such number ends the one before it with the last of its days.
    """
    today, has_number = start, True
    while left:
        today += ONE_DAY
        if today.day == 1:
            if not has_number:
                left -= 1
                if left == 0:
                    return today - ONE_DAY
            has_number = False
        if today.day == start.day:
            has_number = True
            left -= 1
    return today - ONE_DAY if with_day else today


def _months_counted_back(left: int, start: datetime.date) -> datetime.date:
    """Return the beginning of some months, each on the same number or the last of its days."""
    today = start
    while left:
        today -= ONE_DAY
        is_last = (today + ONE_DAY).day == 1
        left -= today.day == start.day or (is_last and today.day < start.day)
    return today


def moved(
    due: datetime.date,
    policy: str,
    is_worked: Callable[[datetime.date], bool] = is_worked,
) -> datetime.date:
    """Return what becomes of a due date that may not be a working day."""
    way = -ONE_DAY if policy == "moves-to-the-working-day-before" else ONE_DAY
    while policy != "stands" and not is_worked(due):
        due += way
    return due
