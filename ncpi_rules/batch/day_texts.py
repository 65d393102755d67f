"""Texts in a column of days: which day each one means, or why it cannot be read."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from attrs import frozen

from ncpi_rules.batch.day_tables import EPOCH
from ncpi_rules.batch.problems import shortened
from ncpi_rules.core import DateError, NotKnown, format_day, read_day
from ncpi_rules.ruleset import EMPTY_TEXTS

if TYPE_CHECKING:
    from collections.abc import Callable

EXCEL_HELP: Final = (
    "Excel counts the days from 1900: give the cells a format such as 2018-06-28 and save again."
)
_NOT_KNOWN: Final = {
    **dict.fromkeys(EMPTY_TEXTS, NotKnown.UNKNOWN),
    **{known.value: known for known in NotKnown},
}
MIDNIGHT: Final = r"[T ]00:00(:00([.]0+)?)?$"
"""How the text of a day ends where a program wrote it as a point in time."""

_MIDNIGHT: Final = re.compile(MIDNIGHT)
_DATE: Final = re.compile(r"[0-9/-]{4,21}")
_HELP: Final = "Write a whole day as 2018-06-28, or 'not-yet' or 'unknown'."


@frozen
class TextTrouble:
    """Why a text cannot be read, and what to do; texts of the same ``kind`` are reported as one."""

    kind: str
    message: str
    help: str = _HELP


@lru_cache(maxsize=16_384)
def read_text(text: str) -> int | NotKnown | TextTrouble:
    """Return the day that a text means, counted as Arrow does, or that it is not known or not yet.

    >>> read_text("2018-06-28"), read_text(" NaT").value, read_text("not-yet").value
    (17710, 'unknown', 'not-yet')
    >>> read_text("03/04/2021").message
    "'03/04/2021' may be 3 April 2021 or 4 March 2021."
    """
    text = _MIDNIGHT.sub("", text.strip())
    if (known := _NOT_KNOWN.get(text)) is not None:
        return known
    message = f"'{shortened(text)}' is not a date."
    if _DATE.fullmatch(text):  # an error for each of a million other texts would take a minute
        try:
            return read_day(text).toordinal() - EPOCH
        except DateError as fault:
            message = fault.problems[0].message
    for pattern, describe in _LOOKS:
        if match := pattern.fullmatch(text):
            return describe(match)
    return TextTrouble(f"'{text}'", message)


def _in_another_order(match: re.Match[str]) -> TextTrouble:
    """Say of numbers with strokes or points between them what they may mean."""
    text = match[0]
    if len(match[3]) == len("2021"):
        day_first, month_first = (
            f"{match[3]}-{match[m]:0>2}-{match[d]:0>2}" for d, m in ((1, 2), (2, 1))
        )
        days = [day for day in (day_first, month_first) if isinstance(read_text(day), int)]
        if len(set(days)) > 1:
            first, second = (format_day(read_day(day).toordinal()) for day in days)
            message = f"'{text}' may be {first} or {second}."
            return TextTrouble("either", message, f"Write {day_first} or {month_first}.")
        if days:
            message = f"'{text}' is not written with the year first."
            return TextTrouble("year last", message, f"Write {days[0]}.")
    return TextTrouble("order", f"'{text}' is not written with the year first, in four digits.")


def _with_time(match: re.Match[str]) -> TextTrouble:
    return TextTrouble(
        "time", f"'{match[0]}' has a time of day.", f"Write the day alone: {match[1]}."
    )


def _without_hyphens(match: re.Match[str]) -> TextTrouble:
    year, month, day = match.groups()
    message = f"'{match[0]}' has no hyphens between year, month and day."
    return TextTrouble("hyphens", message, f"Write {year}-{month}-{day}.")


def _number(match: re.Match[str]) -> TextTrouble:
    return TextTrouble("number", f"'{match[0]}' is a number, not a day.", EXCEL_HELP)


_LOOKS: Final[tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], TextTrouble]], ...]] = (
    (re.compile(r"([0-9]{1,2})[-/. ]([0-9]{1,2})[-/. ]([0-9]{4}|[0-9]{2})"), _in_another_order),
    (re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ][0-9]{2}:[0-9]{2}.*"), _with_time),
    (re.compile(r"((?:19|20|21)[0-9]{2})([0-9]{2})([0-9]{2})"), _without_hyphens),
    (re.compile(r"[0-9]{5}(?:[.,][0-9]+)?"), _number),
)
