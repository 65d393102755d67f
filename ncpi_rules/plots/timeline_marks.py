"""The marks of a timeline: each has a shape of its own, so that none is told by colour alone."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Final

from attrs import frozen

from ncpi_rules.core import Status
from ncpi_rules.plots.canvas import BLUE, GREEN, INK, LATE, PAPER, QUIET, SKY, VERMILION

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from ncpi_rules.plots.canvas import Box, Sheet
    from ncpi_rules.plots.timeline_rows import Row


class Mark(Enum):
    """What a mark means, in the words of the legend."""

    ALLOWED = "days allowed"
    ALLOWED_SO_FAR = "days allowed; nothing says from when"
    WINDOW = "can still happen with every deadline kept"
    MISSED = "days by which the limit is missed"
    LAST_DAY = "last day"
    LAST_DAYS = "the last day is one of these"
    SAFE = "latest compliant date"
    SPAN = "the date is one of these days"
    MET = "happened in time"
    PLANNED = "planned in time"
    LATE = "late"
    OVERDUE = "overdue"
    TOO_EARLY = "too early"
    CANNOT_TELL = "cannot tell whether in time"
    HAPPENED = "date; no last day is known"


@frozen
class Placed:
    """A mark from one day to another (ordinals); ``first`` is None where it has no beginning."""

    mark: Mark
    first: int | None
    last: int


_BY_STATUS: Final = {
    Status.MET: Mark.MET,
    Status.LATE: Mark.LATE,
    Status.TOO_EARLY: Mark.TOO_EARLY,
    Status.PLANNED: Mark.PLANNED,
    Status.CANNOT_TELL: Mark.CANNOT_TELL,
}


def marks_of(row: Row, on: int) -> Iterator[Placed]:
    """Yield the marks of a deadline, those below first."""
    if row.allowed is not None:
        begins = row.allowed[0] is not None
        yield Placed(Mark.ALLOWED if begins else Mark.ALLOWED_SO_FAR, *row.allowed)
    if row.window is not None:
        yield Placed(Mark.WINDOW, *row.window)
    if row.missed is not None:
        yield Placed(Mark.MISSED, *row.missed)
    if row.due is not None:
        one_day = row.due[0] == row.due[1]
        yield Placed(Mark.LAST_DAY if one_day else Mark.LAST_DAYS, *row.due)
    if row.safe is not None:
        yield Placed(Mark.SAFE, row.safe, row.safe)
    if row.actual is not None:
        if row.actual[0] != row.actual[1]:
            yield Placed(Mark.SPAN, *row.actual)
        yield Placed(_BY_STATUS.get(row.status, Mark.HAPPENED), *row.actual)
    elif row.status is Status.OVERDUE:
        yield Placed(Mark.OVERDUE, on, on)


def draw_mark(sheet: Sheet, mark: Mark, box: Box) -> None:
    """Draw a mark in its row."""
    _DRAW[mark](sheet, box)


def _allowed(sheet: Sheet, box: Box) -> None:
    sheet.bar(box.left, box.top, box.wide(1), box.height, fill=SKY, edge=BLUE, thick=0.8)


def _allowed_so_far(sheet: Sheet, box: Box) -> None:
    sheet.bar(box.left, box.top, box.wide(0), box.height, fill=SKY)
    end = [(box.right, box.top), (box.right, box.bottom)]
    points = [(box.left, box.top), *end, (box.left, box.bottom)]
    sheet.shape(points, edge=BLUE, thick=0.8, closed=False)


def _window(sheet: Sheet, box: Box) -> None:
    sheet.bar(box.left, box.top, box.wide(1.5), box.height, fill=BLUE)


def _missed(sheet: Sheet, box: Box) -> None:
    sheet.bar(box.left, box.top + 1, box.wide(1), box.height - 2, **LATE)


def _last_day(sheet: Sheet, box: Box) -> None:
    sheet.line((box.right, box.top - 3), (box.right, box.bottom + 3), edge=INK, thick=3)


def _last_days(sheet: Sheet, box: Box) -> None:
    looks = {"fill": PAPER, "edge": INK, "hatch": "||"}
    sheet.bar(box.left, box.top - 2, box.wide(3), box.height + 4, **looks)


def _safe(sheet: Sheet, box: Box) -> None:
    start, end = (box.right, box.top - 3), (box.right, box.bottom + 3)
    sheet.line(start, end, edge=INK, thick=2, dashes=(1.5, 1))


def _span(sheet: Sheet, box: Box) -> None:
    sheet.bar(box.left, box.centre[1] - 2.5, box.wide(1), 5, fill=PAPER, edge=INK)


def _met(sheet: Sheet, box: Box) -> None:
    sheet.disc(box.centre, 5.2, fill=GREEN, edge=INK)


def _planned(sheet: Sheet, box: Box) -> None:
    sheet.disc(box.centre, 5.2, fill=PAPER, edge=INK, thick=2)


def _late(sheet: Sheet, box: Box) -> None:
    points = box.around((0, -8), (8, 0), (0, 8), (-8, 0))
    sheet.shape(points, fill=VERMILION, edge=INK, thick=1.3)


def _overdue(sheet: Sheet, box: Box) -> None:
    points = box.around((-8, -8), (6, 0), (-8, 8))
    sheet.shape(points, fill=VERMILION, edge=INK, thick=1.3)


def _too_early(sheet: Sheet, box: Box) -> None:
    points = box.around((8, -8), (-6, 0), (8, 8))
    sheet.shape(points, fill=VERMILION, edge=INK, thick=1.3)


def _cannot_tell(sheet: Sheet, box: Box) -> None:
    points = box.around((-6, -6), (6, -6), (6, 6), (-6, 6))
    sheet.shape(points, fill=PAPER, edge=INK, thick=1.3, hatch="xx")


def _happened(sheet: Sheet, box: Box) -> None:
    sheet.disc(box.centre, 4, fill=QUIET, edge=INK, thick=1)


_DRAW: Final[Mapping[Mark, Callable[[Sheet, Box], None]]] = {
    Mark.ALLOWED: _allowed,
    Mark.ALLOWED_SO_FAR: _allowed_so_far,
    Mark.WINDOW: _window,
    Mark.MISSED: _missed,
    Mark.LAST_DAY: _last_day,
    Mark.LAST_DAYS: _last_days,
    Mark.SAFE: _safe,
    Mark.SPAN: _span,
    Mark.MET: _met,
    Mark.PLANNED: _planned,
    Mark.LATE: _late,
    Mark.OVERDUE: _overdue,
    Mark.TOO_EARLY: _too_early,
    Mark.CANNOT_TELL: _cannot_tell,
    Mark.HAPPENED: _happened,
}
