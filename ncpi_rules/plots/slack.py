"""A histogram of the days in hand, or late, of many cases.

Those that are late are told by their side of the line, by a hatch and by colour.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from ncpi_rules.core import counted, sentence
from ncpi_rules.plots.canvas import (
    HEADING,
    IN_TIME,
    INK,
    LATE,
    PALE,
    QUIET,
    SMALL,
    WIDTH,
    Box,
    Sheet,
    height_of,
    width_of,
    wrapped,
)
from ncpi_rules.plots.tally import share

if TYPE_CHECKING:
    from ncpi_rules.plots.picture import Picture

_MARGIN: Final = 12.0
_HIGH: Final = 230.0
_STEPS: Final = (1, 2, 7, 14, 28, 56, 91, 182, 364, 728, 1820, 3640, 7280, 18200)
"""So many days may stand in one column, whichever leaves few enough columns."""
_MOST: Final = 40
_MINUS: Final = "\N{MINUS SIGN}"


def histogram(days: Counter[int], without: int, event: str, title: str | None) -> Picture:
    """Return the histogram of days in hand (late where negative), and how many cases lack one."""
    sheet = Sheet(WIDTH)
    name = title or f"Days in hand before the last day: {event}"
    lines = wrapped(name, WIDTH - 2 * _MARGIN, HEADING, bold=True)
    head = sheet.words(lines, _MARGIN, 10, size=HEADING, bold=True)
    y = head.top + head.height + 9
    late = sum(many for day, many in days.items() if day < 0)
    told = _told(days, late, without)
    looks = (LATE, IN_TIME, None)
    for says, look in zip(told, looks, strict=False):
        if look is not None:
            sheet.bar(_MARGIN, y + 1, 22, 12, **look)
        y += (
            sheet.words(
                wrapped(says, WIDTH - 2 * _MARGIN - 30, SMALL), _MARGIN + 30, y, size=SMALL
            ).height
            + 3
        )
    if days:
        y = _columns(sheet, days, y + 8)
    said = [name, *told, *_quarters(days)]
    return sheet.picture(name, " ".join(map(sentence, said)), y + 8)


def _told(days: Counter[int], late: int, without: int) -> list[str]:
    every = days.total()
    told = [f"Late: {share(late, every)}", f"In time: {share(every - late, every)}"]
    if without:
        told.append(f"Not drawn, as the date or the last day is not known: {without:,}")
    return told


def _quarters(days: Counter[int]) -> list[str]:
    """Return the least, the middle and the most days in hand, in words."""
    if not days:
        return []
    ordered, seen, middle = sorted(days), 0, 0
    for day in ordered:
        seen += days[day]
        middle = day
        if 2 * seen >= days.total():
            break
    each = zip(("Least", "Middle", "Most"), (ordered[0], middle, ordered[-1]), strict=True)
    return [f"{which}: {_says(day)}" for which, day in each]


def _says(day: int) -> str:
    return f"{counted(abs(day), 'day')} {'late' if day < 0 else 'in hand'}"


def _columns(sheet: Sheet, days: Counter[int], y: float) -> float:
    first, last = min(days), max(days)
    step = next((each for each in _STEPS if (last - first) // each < _MOST), last - first + 1)
    low, high = first // step, last // step + 1
    stacks: Counter[int] = Counter()
    for day, many in days.items():
        stacks[day // step] += many
    most = max(stacks.values())
    marks = _marks(most)
    left = _MARGIN + max(width_of(f"{each:,}", SMALL) for each in marks) + 8
    wide = (WIDTH - _MARGIN - 14 - left) / (high - low)
    y += (
        sheet.words(
            f"Cases for each {counted(step, 'day') if step > 1 else 'day'}",
            _MARGIN,
            y,
            size=SMALL,
            colour=QUIET,
        ).height
        + 8
    )
    base = y + _HIGH
    for each in marks:
        at = base - _HIGH * each / most
        sheet.line((left, at), (WIDTH - _MARGIN, at), edge=PALE, thick=0.6)
        sheet.words(
            f"{each:,}",
            left - 6,
            at - height_of(["x"], SMALL) / 2,
            size=SMALL,
            colour=QUIET,
            align="right",
        )
    for place in range(low, high):
        tall = _HIGH * stacks[place] / most
        if tall:
            look = LATE if place < 0 else IN_TIME
            sheet.bar(left + (place - low) * wide, base - tall, wide, tall, **look)
    zero = left - low * wide
    if low <= 0 <= high:
        sheet.line((zero, y - 6), (zero, base + 4), edge=INK, thick=1.8)
    sheet.line((left, base), (WIDTH - _MARGIN, base), edge=INK)
    return _axis(sheet, range(low, high + 1), step, Box(left, left + wide, base + 9, 0))


def _axis(sheet: Sheet, places: range, step: int, first: Box) -> float:
    """Write the days under the columns, those alone that do not touch; return where it ends.

    ``first`` is the place below the first column.
    """
    left, wide, y = first.left, first.wide(0), first.top
    widest = max(width_of(f"{_MINUS}{abs(place * step):,}", SMALL) for place in places) + 10
    every = max(-(-int(widest) // max(int(wide), 1)), 1)
    for place in places:
        if place % every == 0:
            at = left + (place - places[0]) * wide
            told = f"{place * step:,}".replace("-", _MINUS)
            sheet.words(told, at, y, size=SMALL, colour=QUIET, align="middle")
    y += height_of(["x"], SMALL) + 2
    sheet.words("← days late", left, y, size=SMALL, bold=True)
    end = sheet.words(
        "days in hand before the last day →",
        WIDTH - _MARGIN,
        y,
        size=SMALL,
        bold=True,
        align="right",
    )
    return end.top + end.height


def _marks(most: int) -> list[int]:
    """Return some round numbers from 0 on, none above the most."""
    size = 1
    while True:
        for each in (size, 2 * size, 5 * size):
            if most // each <= 5:  # noqa: PLR2004  few enough to read
                return list(range(0, most + 1, each))
        size *= 10
