"""The timeline of a plan: a row for each deadline, with its window, its last day and its date.

What is late is told by colour, by shape and in words.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from attrs import frozen

from ncpi_rules.core import Status, counted, format_between, format_day, joined, sentence
from ncpi_rules.plots.axis import Scale
from ncpi_rules.plots.canvas import (
    DARK_VERMILION,
    HEADING,
    INK,
    LEADING,
    PALE,
    PAPER,
    QUIET,
    SMALL,
    WIDTH,
    Box,
    Sheet,
    height_of,
    width_of,
    wrapped,
)
from ncpi_rules.plots.timeline_marks import Mark, Placed, draw_mark, marks_of
from ncpi_rules.plots.timeline_rows import BROKEN, Row, rows_of

if TYPE_CHECKING:
    from ncpi_rules.deadlines import Days
    from ncpi_rules.plan import Plan
    from ncpi_rules.plots.picture import Picture

_MARGIN: Final = 12.0
_TITLES: Final = 262.0
"""How wide the words on the left are."""
_LEFT: Final = _MARGIN + _TITLES + 18
_RIGHT: Final = WIDTH - _MARGIN - 8
_GAP: Final = 7.0
"""Between rows."""
_LINE: Final = SMALL * LEADING
_BAR: Final = 11.0
_SAMPLE: Final = 36.0
"""How wide a mark is in the legend."""
_WIDE: Final = {
    Mark.ALLOWED,
    Mark.ALLOWED_SO_FAR,
    Mark.WINDOW,
    Mark.MISSED,
    Mark.LAST_DAYS,
    Mark.SPAN,
}


def timeline(plan: Plan) -> Picture:
    """Return the timeline of a plan."""
    rows = rows_of(plan)
    title = (
        f"{plan.follow_up.force.name}: deadlines position as at {format_day(plan.on.toordinal())}"
    )
    return _Drawing(
        sheet=Sheet(WIDTH),
        rows=rows,
        on=plan.on.toordinal(),
        title=title,
        scale=_scale(rows, plan.on.toordinal()),
    ).picture()


def _scale(rows: tuple[Row, ...], on: int) -> Scale:
    """Return where each day lies; the day of the plan only where it is not far from all else."""
    days = [day for row in rows if row.is_drawn for day in row.days]
    first, last = min(days, default=on), max(days, default=on)
    reach = max((last - first) // 2, 60)
    if first - reach <= on <= last + reach:
        first, last = min(first, on), max(last, on)
    return Scale.over(first, last, _LEFT, _RIGHT)


def _says(title: str, rows: tuple[Row, ...]) -> str:
    """Return in words what the picture shows."""
    counts = Counter(row.status for row in rows)
    told = [f"{many} {status.label}" for status in Status if (many := counts[status])]
    first = f"A timeline of {counted(len(rows), 'deadline')}"
    lead = f"{first}: {joined(told, 'and')}" if told else "There is no deadline"
    return " ".join([sentence(title), sentence(lead), *(row.says for row in rows)])


def _says_days(days: Days) -> str:
    told = format_between(*days)
    return told if days[0] == days[1] or told.startswith("between") else f"in {told}"


@frozen
class _Drawing:
    sheet: Sheet
    rows: tuple[Row, ...]
    on: int
    title: str
    scale: Scale

    def picture(self) -> Picture:
        sheet, drawn = self.sheet, [row for row in self.rows if row.is_drawn]
        lines = wrapped(self.title, WIDTH - 2 * _MARGIN, HEADING, bold=True)
        top = sheet.words(lines, _MARGIN, 10, size=HEADING, bold=True)
        y = top.top + top.height + 10
        if drawn:
            y = self._all(drawn, y)
        y = self._rest([row for row in self.rows if not row.is_drawn], y)
        return sheet.picture(self.title, _says(self.title, self.rows), y + 10)

    def _all(self, drawn: list[Row], y: float) -> float:
        """Draw the rows under their axis; return where they end."""
        sheet = self.sheet
        heights = [self._height(row) for row in drawn]
        today = y + _LINE + 3
        body = today + _LINE + 6
        end = body + sum(heights) + _GAP * len(drawn)
        for at, told in self.scale.ticks():
            sheet.line((at, today), (at, end), edge=PALE, thick=0.6)
            sheet.words(told, at, y, size=SMALL, colour=QUIET, align="middle")
        on_page = self.scale.holds(self.on)
        if on_page:
            x = self.scale.at(self.on)
            sheet.line((x, body - 4), (x, end), edge=INK, thick=1.4, dashes=(5, 3))
        row_top = body
        for row, height in zip(drawn, heights, strict=True):
            sheet.line((_MARGIN, row_top), (_RIGHT + 8, row_top), edge=PALE, thick=0.6)
            self._row(row, row_top + _GAP / 2, height)
            row_top += height + _GAP
        sheet.line((_MARGIN, end), (_RIGHT + 8, end), edge=PALE, thick=0.6)
        self._today(today, on_page=on_page)
        return self._legend(drawn, end + 9)

    def _today(self, y: float, *, on_page: bool) -> None:
        told = f"position as at: {format_day(self.on)}"
        later = self.on > self.scale.first
        if not on_page:
            told = f"{told} →" if later else f"← {told}"
        x = self.scale.at(self.on) if on_page else (_RIGHT if later else _LEFT)
        self._label(told, x, y, bold=True)

    def _label(self, told: str, x: float, y: float, *, bold: bool = False) -> None:
        """Put a label as near to ``x`` as its lane allows."""
        half = width_of(told, SMALL, bold) / 2
        middle = min(max(x, _LEFT + half), max(_RIGHT + 8 - half, _LEFT + half))
        self.sheet.words(told, middle, y, size=SMALL, bold=bold, align="middle", on=PAPER)

    def _lines(self, row: Row) -> tuple[list[str], list[str], list[str]]:
        stands = wrapped(row.stands, _TITLES, SMALL, bold=True)
        notes = [line for note in row.notes for line in wrapped(sentence(note), _TITLES, SMALL)]
        return wrapped(row.title, _TITLES), stands, notes

    def _height(self, row: Row) -> float:
        title, stands, notes = self._lines(row)
        words = height_of(title) + height_of(stands, SMALL) + height_of(notes, SMALL)
        return max(words, 2 * _LINE + _BAR + 6)

    def _row(self, row: Row, top: float, height: float) -> None:
        sheet = self.sheet
        title, stands, notes = self._lines(row)
        y = top
        sheet.words(title, _MARGIN, y)
        y += height_of(title)
        colour = DARK_VERMILION if row.status in BROKEN else INK
        sheet.words(stands, _MARGIN, y, size=SMALL, bold=True, colour=colour)
        if notes:
            y += height_of(stands, SMALL)
            sheet.words(notes, _MARGIN, y, size=SMALL, colour=QUIET)
        upper = top + (height - 2 * _LINE - _BAR - 6) / 2
        bar = upper + _LINE + 3
        for placed in marks_of(row, self.on):
            self._mark(placed, bar)
        if row.due is not None:
            self._label(f"last day {_says_days(row.due)}", self.scale.at(row.due[1]), upper)
        elif row.safe is not None:
            self._label(
                f"latest compliant date {format_day(row.safe)}", self.scale.at(row.safe), upper
            )
        if row.actual is not None:
            middle = (self.scale.at(row.actual[0]) + self.scale.at(row.actual[1])) / 2
            self._label(format_between(*row.actual), middle, bar + _BAR + 3)

    def _mark(self, placed: Placed, top: float) -> None:
        left = _LEFT if placed.first is None else self.scale.at(placed.first)
        draw_mark(self.sheet, placed.mark, Box(left, self.scale.at(placed.last), top, _BAR))

    def _legend(self, drawn: list[Row], y: float) -> float:
        """Draw what the marks mean, those alone that are there; return where it ends."""
        used = {placed.mark for row in drawn for placed in marks_of(row, self.on)}
        x = _MARGIN
        for mark in (each for each in Mark if each in used):
            wide = _SAMPLE + width_of(mark.value, SMALL)
            if x > _MARGIN and x + wide > WIDTH - _MARGIN:
                x, y = _MARGIN, y + _LINE + 6
            middle = y + (_LINE - _BAR) / 2
            wide_mark = mark in _WIDE
            left, right = (x + 1, x + 23) if wide_mark else (x + 12, x + 12)
            draw_mark(self.sheet, mark, Box(left, right, middle, _BAR))
            self.sheet.words(mark.value, x + _SAMPLE - 6, y, size=SMALL)
            x += wide + 12
        return y + _LINE + 6

    def _rest(self, rows: list[Row], y: float) -> float:
        """List what no day is known of; return where the list ends."""
        if not rows:
            return y
        y += 6
        head = self.sheet.words("Not drawn, as no day is known", _MARGIN, y, bold=True)
        y += head.height + 2
        for row in rows:
            told = " ".join(map(sentence, (f"{row.title}: {row.stands.lower()}", *row.notes)))
            lines = wrapped(told, WIDTH - 2 * _MARGIN - 12, SMALL)
            self.sheet.disc((_MARGIN + 3, y + _LINE / 2), 1.8, fill=INK, edge=INK)
            y += self.sheet.words(lines, _MARGIN + 12, y, size=SMALL).height + 3
        return y
