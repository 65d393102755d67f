"""Bars: one for each value of a column, or for days in hand and late, as long as cases are many.

What is late is marked by its place, by a hatch and by colour.
"""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING, Any, Final

from ncpi_rules.core import counted, upper_first
from ncpi_rules.plots.letters import INK, SMALL
from ncpi_rules.plots.sheet import IN_TIME, INNER, LATE, MARGIN, WIDTH, Look, Sheet
from ncpi_rules.plots.tally import share
from ncpi_rules.plots.timeline_rows import BROKEN

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Sequence

    from ncpi_rules.plots.picture import Picture
    from ncpi_rules.plots.tally import ShownColumn

_BROKEN: Final = {status.value for status in BROKEN}
_STEPS: Final = (1, 2, 7, 14, 28, 56, 91, 182, 364, 728, 1820, 3640, 7280, 18200)
"""So many days may share one bar, whichever leaves few enough bars."""
_MOST_BARS: Final = 30


def bars(column: ShownColumn, counts: Counter[tuple[Any, ...]], title: str | None) -> Picture:
    """Return a picture with a bar for each value of a column."""
    sheet, every = Sheet(title or upper_first(column.title)), counts.total()
    entries = [
        (wording, counts[value,], LATE if value in _BROKEN else IN_TIME)
        for value, wording in column.values.items()
    ]
    _draw_bars(sheet, entries)
    parts = [f"{wording}: {share(many, every)}" for wording, many, _ in entries]
    return sheet.picture([sheet.title, f"{every:,} cases", *parts])


def histogram(days: Counter[int], without: int, event: str, title: str | None) -> Picture:
    """Return a histogram of days in hand (late where negative), and how many cases lack one."""
    sheet, every = Sheet(title or f"Days in hand before the due date: {event}"), days.total()
    late = sum(many for day, many in days.items() if day < 0)
    parts = [f"Late: {share(late, every)}", f"In time: {share(every - late, every)}"]
    sheet.legend(
        (part, sheet.sample(look)) for part, look in zip(parts, (LATE, IN_TIME), strict=True)
    )
    if without:
        parts.append(f"Not drawn, as the date or the due date is not known: {without:,}")
        sheet.y = sheet.words(parts[-1], MARGIN, sheet.y, SMALL, width=INNER) + 6
    if days:
        _draw_bars(sheet, _groups(days))
        ordered = sorted(days)
        seen = accumulate(days[day] for day in ordered)
        middle = next(day for day, so_far in zip(ordered, seen, strict=True) if 2 * so_far >= every)
        points = {"Least": ordered[0], "Middle": middle, "Most": ordered[-1]}
        parts += [f"{point}: {_describe_days(day, day)}" for point, day in points.items()]
    return sheet.picture([sheet.title, *parts])


def _groups(days: Counter[int]) -> list[tuple[str, int, Look]]:
    """Return a bar for each span of days, those without a case between others included."""
    first, last = min(days), max(days)
    step = next((n for n in _STEPS if (last - first) // n < _MOST_BARS), last - first + 1)
    groups = dict.fromkeys(range(first // step, last // step + 1), 0)
    for day, many in days.items():
        groups[day // step] += many
    spans = {_describe_days(n * step, n * step + step - 1): n for n in groups}
    return [(span, groups[n], LATE if n < 0 else IN_TIME) for span, n in spans.items()]


def _describe_days(first: int, last: int) -> str:
    least, most = sorted((abs(first), abs(last)))
    span = "" if least == most else f"{least:,} to "
    return f"{span}{counted(most, 'day')} {'late' if first < 0 else 'in hand'}"


def _draw_bars(sheet: Sheet, entries: Sequence[tuple[str, int, Look]]) -> None:
    """Draw a bar for each wording and number of cases, with its share of all cases."""
    every = sum(many for _, many, _ in entries)
    words = min(SMALL.widest(wording for wording, _, _ in entries), 250) + 0.01
    left, top = MARGIN + words + 10, sheet.y
    room = SMALL.widest(share(many, every) for _, many, _ in entries) + 10
    scale = (WIDTH - MARGIN - left - room) / max((many for _, many, _ in entries), default=1)
    for wording, many, look in entries:
        end = sheet.words(wording, left - 8, sheet.y, SMALL, width=words, align="right")
        if many:
            sheet.bar((left, sheet.y, max(many * scale, 1), SMALL.line), look)
        end = max(end, sheet.words(share(many, every), left + many * scale + 7, sheet.y, SMALL))
        sheet.y = end + 5
    sheet.line((left, top - 4, 0, sheet.y - top + 3), Look(edge=INK))
