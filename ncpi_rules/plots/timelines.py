"""The timeline of a plan: a row for each deadline, with its window, its due date and its date.

What is late is marked by colour, by shape and in words; each mark has a shape of its own.
"""

from __future__ import annotations

import datetime
from collections import Counter
from functools import partial
from typing import TYPE_CHECKING, Final

from attrs import evolve, frozen

from ncpi_rules.core import NOT_MET, Status, counted, format_day, joined, lower_first, sentence
from ncpi_rules.plots.letters import BODY, GREY_INK, INK, QUIET, SMALL, STRONG, Letters
from ncpi_rules.plots.sheet import (
    BLUE,
    DARK_VERMILION,
    GREEN,
    INNER,
    LATE,
    MARGIN,
    PALE,
    PAPER,
    SKY,
    VERMILION,
    WIDTH,
    Box,
    Look,
    Sheet,
)
from ncpi_rules.plots.timeline_rows import DayMark, TimelineRow, rows_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ncpi_rules.plan import Plan
    from ncpi_rules.plots.sheet import Picture

_TITLES: Final = 268.0
"""How wide the words on the left are."""
_LEFT: Final = MARGIN + _TITLES + 18
_RIGHT: Final = WIDTH - MARGIN - 8
_GAP: Final = 8.0
_BAR: Final = 12.0
_LANES: Final = 2 * SMALL.line + _BAR + 6
"""How high the words above a bar, the bar and the words below it are."""
_GRID: Final = Look(edge=PALE, thick=0.6)
_TODAY: Final = Look(edge=INK, thick=1.4, dashes="5 3")
_MONTHS: Final = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 2400)
"""The months from one mark of the axis to the next, whichever leaves few enough."""
_MOST_TICKS: Final = 7

_BARS: Final[Mapping[DayMark, tuple[float, float, Look]]] = {
    DayMark.ALLOWED: (0, 1, Look(SKY, BLUE)),
    DayMark.ALLOWED_SO_FAR: (0, 1, Look(SKY, BLUE, dashes="3 3")),
    DayMark.WINDOW: (0, 1.5, Look(BLUE)),
    DayMark.MISSED: (1, 1, LATE),
    DayMark.DUE_DATES: (-2, 3, Look(PAPER, INK, hatch="|")),
    DayMark.DATES: (3.5, 1, Look(PAPER, INK)),
}
"""How far within its lane a bar begins, how wide it is at least, and its look."""
_DISC: Final = "M-5.2 0a5.2 5.2 0 1 0 10.4 0a5.2 5.2 0 1 0-10.4 0z"
_SHAPES: Final[Mapping[DayMark, tuple[str, Look]]] = {
    DayMark.DUE: ("M0-9V9", Look(edge=INK, thick=3)),
    DayMark.LATEST_COMPLIANT: ("M0-9V9", Look(edge=INK, thick=3, dashes="3 2")),
    DayMark.MET: (_DISC, Look(GREEN, INK, 1.5)),
    DayMark.PLANNED: (_DISC, Look(PAPER, INK, 2)),
    DayMark.LATE: ("M0-8 8 0 0 8-8 0z", Look(VERMILION, INK, 1.3)),
    DayMark.OVERDUE: ("M-8-8 6 0-8 8z", Look(VERMILION, INK, 1.3)),
    DayMark.TOO_EARLY: ("M8-8-6 0 8 8z", Look(VERMILION, INK, 1.3)),
    DayMark.CANNOT_TELL: ("M-6-6H6V6H-6z", Look(PAPER, INK, 1.3, hatch="x")),
    DayMark.HAPPENED: ("M-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0z", Look(GREY_INK, INK)),
}
"""The path of a shape around its day, and its look."""


def timeline(plan: Plan) -> Picture:
    """Return the timeline of a plan."""
    rows, on = rows_of(plan), plan.on.toordinal()
    sheet = Sheet(f"{plan.follow_up.force.name}: deadlines, position as at {format_day(on)}")
    if drawn := [row for row in rows if row.marks]:
        _draw_rows(sheet, drawn, on)
    _list_rest(sheet, [row for row in rows if not row.marks])
    counts = Counter(row.status for row in rows)
    statuses = [f"{many} {status.label}" for status in Status if (many := counts[status])]
    about = f"{counted(len(rows), 'deadline')}{': ' if rows else ''}"
    about += joined(statuses, "and") if rows else ""
    return sheet.picture(
        [sheet.title, f"A timeline of {about}", *(row.description for row in rows)]
    )


@frozen
class Scale:
    """Where the days (ordinals) from ``first`` to ``last`` lie between the edges of a timeline."""

    first: int
    last: int

    @classmethod
    def of(cls, rows: Sequence[TimelineRow], on: int) -> Scale:
        """Return a scale for the marks of rows, and the day of the plan unless it is far off."""
        marks = [placed for row in rows for placed in row.marks]
        days = [day for placed in marks for day in (placed.first, placed.last) if day is not None]
        first, last = min(days), max(days)
        reach = max((last - first) // 2, 60)
        if first - reach <= on <= last + reach:
            first, last = min(first, on), max(last, on)
        room = max((last - first) // 25, 3)
        return cls(first - room, last + room)

    def at(self, day: int | None) -> float:
        """Return where a day lies; one beyond the scale lies at its edge, None on the left."""
        part = 0 if day is None else (day - self.first) / (self.last - self.first)
        return _LEFT + (_RIGHT - _LEFT) * min(max(part, 0), 1)

    def ticks(self) -> Iterator[tuple[float, str]]:
        """Yield where the marks of the axis lie and what they say; no two of them touch."""
        free = _LEFT
        for day in self._months() or [self.first, self.last]:
            number, month, year = format_day(day).split()
            text = f"{'' if number == '1' else f'{number} '}{month[:3]} {year}"
            at, half = self.at(day), QUIET.width(text) / 2
            if at - half >= free and at + half <= _RIGHT + 8:
                yield at, text
                free = at + half + 8

    def _months(self) -> list[int]:
        """Return the first days of months, in equal steps and as many as fit."""
        begins, ends = map(datetime.date.fromordinal, (self.first, self.last))
        first, last = begins.year * 12 + begins.month, ends.year * 12 + ends.month - 1
        step = next(step for step in _MONTHS if last // step - (first - 1) // step <= _MOST_TICKS)
        months = range(-(-first // step) * step, last + 1, step)
        return [datetime.date(month // 12, month % 12 + 1, 1).toordinal() for month in months]


def _draw_rows(sheet: Sheet, rows: Sequence[TimelineRow], on: int) -> None:
    """Draw rows under their axis, and what their marks mean."""
    scale, axis = Scale.of(rows, on), sheet.y
    today = axis + SMALL.line + 2
    sheet.y = body = today + SMALL.line + 6
    for row in rows:
        sheet.line((MARGIN, sheet.y, INNER, 0), _GRID)
        _draw_row(sheet, row, scale)
    sheet.line((MARGIN, sheet.y, INNER, 0), _GRID)
    for x, text in scale.ticks():
        sheet.words(text, x, axis, QUIET, align="middle")
        sheet.line((x, today, 0, sheet.y - today), _GRID)
    text = f"position as at {format_day(on)}"
    if scale.first <= on <= scale.last:
        sheet.line((scale.at(on), body - 4, 0, sheet.y - body + 4), _TODAY)
    else:
        text = f"{text} →" if on > scale.last else f"← {text}"
    _label(sheet, text, scale.at(on), today, STRONG)
    sheet.y += 9
    used = {placed.mark for row in rows for placed in row.marks}
    sheet.legend((mark.value, partial(_draw_mark, sheet, mark)) for mark in DayMark if mark in used)


def _draw_row(sheet: Sheet, row: TimelineRow, scale: Scale) -> None:
    top = sheet.y + _GAP / 2
    letters = evolve(STRONG, colour=DARK_VERMILION if row.status in NOT_MET else INK)
    y = sheet.words(row.title, MARGIN, top, BODY, width=_TITLES)
    y = sheet.words(row.status_text, MARGIN, y, letters, width=_TITLES)
    y = sheet.words([*map(sentence, row.notes)], MARGIN, y, QUIET, width=_TITLES)
    height = max(y - top, _LANES)
    upper = top + (height - _LANES) / 2
    bar = upper + SMALL.line + 3
    for placed in row.marks:
        left = scale.at(placed.first)
        _draw_mark(sheet, placed.mark, (left, bar, scale.at(placed.last) - left, _BAR))
    if row.due is not None:
        _label(sheet, row.due[0], scale.at(row.due[1][1]), upper)
    if row.date is not None:
        text, (first, last) = row.date
        _label(sheet, text, (scale.at(first) + scale.at(last)) / 2, bar + _BAR + 3)
    sheet.y = top + height + _GAP / 2


def _draw_mark(sheet: Sheet, mark: DayMark, box: Box) -> None:
    """Draw a mark in its box: a bar over all of it, a shape in its middle."""
    left, top, width, height = box
    if mark in _BARS:
        inset, least, look = _BARS[mark]
        sheet.bar((left, top + inset, max(width, least), height - 2 * inset), look)
    else:
        sheet.path(*_SHAPES[mark], left + width / 2, top + height / 2)


def _label(sheet: Sheet, text: str, x: float, y: float, letters: Letters = SMALL) -> None:
    """Write a label as near to ``x`` as its lane allows."""
    half = letters.width(text) / 2
    middle = min(max(x, _LEFT + half), max(_RIGHT + 8 - half, _LEFT + half))
    sheet.words(text, middle, y, letters, align="middle", on=PAPER)


def _list_rest(sheet: Sheet, rows: Sequence[TimelineRow]) -> None:
    """List the deadlines of which no day is known."""
    if rows:
        sheet.y = sheet.words("Not drawn, as no day is known", MARGIN, sheet.y + 6, STRONG) + 2
    for row in rows:
        parts = (f"{row.title}: {lower_first(row.status_text)}", *row.notes)
        text = " ".join(map(sentence, parts))
        sheet.y = sheet.words(text, MARGIN, sheet.y, SMALL, width=INNER) + 4
