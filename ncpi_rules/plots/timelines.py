"""The timeline of a plan: a row for each deadline, with its window, its due date and its date.

Nothing is decided here: the status of a deadline is the plan's. What is late is marked by colour,
by shape and in words; each mark has a shape of its own.
"""

from __future__ import annotations

from collections import Counter
from enum import Enum
from functools import cached_property, partial
from typing import TYPE_CHECKING, Final

from attrs import evolve, frozen

from ncpi_rules.core import (
    NOT_MET,
    NOT_YET,
    UNKNOWN,
    PartialDate,
    Status,
    counted,
    format_day,
    joined,
    lower_first,
    month_starts,
    sentence,
    upper_first,
)
from ncpi_rules.deadlines import Deadline
from ncpi_rules.plan import (
    ABOUT_THE_EDITION,
    Plan,
    describe_decision,
    describe_suspension,
    suspensions_of,
    waivers_of,
)
from ncpi_rules.plots.letters import BODY, GREY_INK, INK, QUIET, SMALL, STRONG, Letters
from ncpi_rules.plots.sheet import (
    BLUE,
    DARK_VERMILION,
    GREEN,
    INNER,
    LATE_LOOK,
    MARGIN,
    PALE,
    PAPER,
    SKY,
    VERMILION,
    WIDTH,
    Box,
    Look,
    Picture,
    Sheet,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ncpi_rules.plan import PlanDeadline

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
_MOST_TICKS: Final = 7
_LATE: Final = frozenset({Status.OVERDUE, Status.PROJECTED_LATE, Status.LATE})
_DISC: Final = "M-5.2 0a5.2 5.2 0 1 0 10.4 0a5.2 5.2 0 1 0-10.4 0z"
_DOT: Final = "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0z"


class DayMark(Enum):
    """What a mark means, in the words of the legend, its look and its form.

    The form of a shape is its path around its day. That of a bar, which lies over all of its days,
    is how far within its lane it begins and how wide it is at least.
    """

    ALLOWED = "days allowed", Look(SKY, BLUE), (0, 1)
    ALLOWED_SO_FAR = "days allowed; nothing says from when", Look(SKY, BLUE, dashes="3 3"), (0, 1)
    WINDOW = "can still happen with every deadline kept", Look(BLUE), (0, 1.5)
    MISSED = "days by which the limit is missed", LATE_LOOK, (1, 1)
    DUE = "due date", Look(edge=INK, thick=3), "M0-9V9"
    DUE_DATES = "the due date is one of these", Look(PAPER, INK, hatch="|"), (-2, 3)
    LATEST_COMPLIANT = "latest compliant date", Look(edge=INK, thick=3, dashes="3 2"), "M0-9V9"
    DATES = "the date is one of these days", Look(PAPER, INK), (3.5, 1)
    MET = "done in time", Look(GREEN, INK, 1.5), _DISC
    DONE = "done; no due date", Look(GREY_INK, INK), _DOT
    PLANNED = "planned", Look(PAPER, INK, 2), _DISC
    PROJECTED_LATE = "projected late", Look(PAPER, DARK_VERMILION, 2), "M0-8 8 7H-8z"
    LATE = "late", Look(VERMILION, INK, 1.3), "M0-8 8 0 0 8-8 0z"
    OVERDUE = "overdue", Look(VERMILION, INK, 1.3), "M-8-8 6 0-8 8z"
    TOO_EARLY = "too early", Look(VERMILION, INK, 1.3), "M8-8-6 0 8 8z"
    WAIVED = "waived", Look(GREY_INK, INK), "M-6-3H6V3H-6z"
    VARIED = "varied", Look(GREY_INK, INK), "M-3-6H3V6H-3z"
    CANNOT_TELL = "cannot tell", Look(PAPER, INK, 1.3, hatch="x"), "M-6-6H6V6H-6z"

    def __init__(self, meaning: str, look: Look, form: str | tuple[float, float]) -> None:
        """Take what it means, its look and its form."""
        self.meaning, self.look, self.form = meaning, look, form

    def draw(self, sheet: Sheet, box: Box) -> None:
        """Draw the mark in its box: a bar over all of it, a shape in its middle."""
        left, top, width, height = box
        if isinstance(self.form, str):
            sheet.path(self.form, self.look, left + width / 2, top + height / 2)
        else:
            inset, least = self.form
            sheet.bar((left, top + inset, max(width, least), height - 2 * inset), self.look)


def timeline(plan: Plan) -> Picture:
    """Return the timeline of a plan."""
    rows, on = [TimelineRow(deadline, plan) for deadline in plan.schedule], plan.on.toordinal()
    sheet = Sheet(f"{plan.follow_up.about.name}: deadlines, position as at {format_day(on)}")
    alerts = [alert.sentence for alert in plan.alerts if alert.id in ABOUT_THE_EDITION]
    notes = [*filter(None, [plan.document.edited_notice]), *alerts]
    for note in notes:
        sheet.y = sheet.words(note, MARGIN, sheet.y, STRONG, width=INNER) + 4
    if drawn := [row for row in rows if row.marks]:
        _draw_rows(sheet, drawn, on)
    if rest := [row for row in rows if not row.marks]:
        sheet.y = sheet.words("Not drawn, as no day is known", MARGIN, sheet.y + 6, STRONG) + 2
    for row in rest:
        status = f"{row.title}: {lower_first(row.status_text)}"
        text = " ".join(map(sentence, (status, *row.notes)))
        sheet.y = sheet.words(text, MARGIN, sheet.y, SMALL, width=INNER) + 4
    counts = Counter(row.deadline.status for row in rows)
    statuses = [f"{many} {status.label}" for status in Status if (many := counts[status])]
    about = counted(len(rows), "deadline") + (f": {joined(statuses, 'and')}" if rows else "")
    return sheet.picture([*notes, f"A timeline of {about}", *(row.description for row in rows)])


@frozen(slots=False)
class TimelineRow:
    """One deadline of a plan as it is shown: its status and its notes in words, and its marks."""

    deadline: Deadline
    plan: Plan

    @cached_property
    def _item(self) -> tuple[PlanDeadline, Plan]:
        """Return the deadline as it stands in the plan, and the plan of its revisit."""
        rows = self.plan.scheduled()
        return next((item, of) for item, deadline, of in rows if deadline is self.deadline)

    @property
    def title(self) -> str:
        """Return the title of the deadline, with that of its revisit where there are several."""
        return self.plan.document.titled(self.deadline.rule.title, self._item[0])

    @property
    def due(self) -> tuple[str, PartialDate] | None:
        """Return by when it is due, or its latest compliant date, in words and as a date."""
        due, latest = self.deadline.due, self.deadline.latest_compliant_date
        if due is not None:
            no_in = due.is_day or due.text.startswith("between")
            return f"due {'' if no_in else 'in '}{due.text}", due
        if latest is None:
            return None
        return f"latest compliant date {format_day(latest)}", PartialDate.between(latest, latest)

    @property
    def date(self) -> PartialDate | None:
        """Return when it happened or is planned, or None where no day is known."""
        return actual if isinstance(actual := self.deadline.actual, PartialDate) else None

    @property
    def status_text(self) -> str:
        """Return the tag of the status."""
        return upper_first(self._item[0].status_label)

    @property
    def notes(self) -> Iterator[str]:
        """Yield what else is to be said of the deadline, in sentences without a full stop."""
        deadline, (item, plan), on = self.deadline, self._item, self.plan.on.toordinal()
        if line := item.status_line:
            yield line
        if not deadline.can_be_met and deadline.status is not Status.OVERDUE:
            yield "Can no longer be met"
        yield from map(describe_decision, waivers_of(plan.current, deadline.rule, on))
        yield from map(describe_suspension, suspensions_of(deadline, plan.current, on))
        events = deadline.events
        titles = [
            plan.ruleset.events[anchor].title + (" (not yet)" if when is NOT_YET else "")
            for anchor in dict.fromkeys(bound.anchor for bound in deadline.rule.bounds)
            if not isinstance(when := events.get(anchor, UNKNOWN), PartialDate)
        ]
        if titles:
            yield f"Waits for the date: {joined(titles, 'and')}"

    @property
    def description(self) -> str:
        """Return the deadline and its status in sentences."""
        parts = [f"{self.title}: {self.status_text}"]
        if self.due:
            parts.append(self.due[0])
        if self.date:
            parts.append(f"Date: {self.date.text}")
        return " ".join(map(sentence, [*parts, *self.notes]))

    @cached_property
    def marks(self) -> dict[DayMark, tuple[int | None, int]]:
        """Return the marks, those below first, each with its first and its last day (ordinals).

        The first is None where a mark has no beginning.
        """
        deadline, status, due, date = self.deadline, self.deadline.status, self.due, self.date
        on, earliest = self.plan.on.toordinal(), deadline.not_before
        marks: dict[DayMark, tuple[int | None, int]] = {}
        if allowed := self._allowed:
            mark = DayMark.ALLOWED_SO_FAR if allowed[0] is None else DayMark.ALLOWED
            marks[mark] = allowed
        if window := deadline.window:
            marks[DayMark.WINDOW] = window.start, window.end
        limit = deadline.due.start if deadline.due else allowed[1] if allowed else None
        if status in _LATE and limit is not None:
            marks[DayMark.MISSED] = limit, on if date is None else date.end
        if status is Status.TOO_EARLY and date is not None and earliest is not None:
            marks[DayMark.MISSED] = date.start, earliest.end
        if due is not None:
            latest = DayMark.LATEST_COMPLIANT if deadline.due is None else DayMark.DUE
            mark = latest if due[1].is_day else DayMark.DUE_DATES
            marks[mark] = due[1].start, due[1].end
        if date is not None:
            if not date.is_day:
                marks[DayMark.DATES] = date.start, date.end
            marks[DayMark[status.name]] = date.start, date.end
        elif status is Status.OVERDUE:
            marks[DayMark.OVERDUE] = on, on
        return marks

    @property
    def _allowed(self) -> tuple[int | None, int] | None:
        """Return the first and the last day that are certainly in time, as far as known."""
        deadline, events = self.deadline, self.plan.events
        last = deadline.latest_compliant_date if deadline.due is None else deadline.due.start
        if last is None:
            return None
        if deadline.not_before is not None:
            first = deadline.not_before.end
            return (first, last) if first <= last else None
        anchors = (events.get(bound.anchor, UNKNOWN) for bound in deadline.rule.bounds)
        ends = (when.end for when in anchors if isinstance(when, PartialDate))
        return max((end for end in ends if end < last), default=None), last


@frozen
class Scale:
    """Where the days (ordinals) from ``first`` to ``last`` lie between the edges of a timeline."""

    first: int
    last: int

    @classmethod
    def of(cls, rows: Sequence[TimelineRow], on: int) -> Scale:
        """Return a scale for the marks of rows, and the day of the plan unless it is far off."""
        ends = [ends for row in rows for ends in row.marks.values()]
        days = [day for pair in ends for day in pair if day is not None]
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
        days = month_starts(self.first, self.last, _MOST_TICKS)
        for day in days or [self.first, self.last]:
            number, month, year = format_day(day).split()
            text = f"{'' if number == '1' else f'{number} '}{month[:3]} {year}"
            at, half = self.at(day), QUIET.width(text) / 2
            if at - half >= free and at + half <= _RIGHT + 8:
                yield at, text
                free = at + half + 8


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
    used = {mark for row in rows for mark in row.marks}
    sheet.legend((mark.meaning, partial(mark.draw, sheet)) for mark in DayMark if mark in used)


def _draw_row(sheet: Sheet, row: TimelineRow, scale: Scale) -> None:
    top = sheet.y + _GAP / 2
    letters = evolve(STRONG, colour=DARK_VERMILION if row.deadline.status in NOT_MET else INK)
    y = sheet.words(row.title, MARGIN, top, BODY, width=_TITLES)
    y = sheet.words(row.status_text, MARGIN, y, letters, width=_TITLES)
    y = sheet.words([*map(sentence, row.notes)], MARGIN, y, QUIET, width=_TITLES)
    height = max(y - top, _LANES)
    upper = top + (height - _LANES) / 2
    bar = upper + SMALL.line + 3
    for mark, (first, last) in row.marks.items():
        left = scale.at(first)
        mark.draw(sheet, (left, bar, scale.at(last) - left, _BAR))
    if row.due is not None:
        _label(sheet, row.due[0], scale.at(row.due[1].end), upper)
    if row.date is not None:
        middle = (scale.at(row.date.start) + scale.at(row.date.end)) / 2
        _label(sheet, row.date.text, middle, bar + _BAR + 3)
    sheet.y = top + height + _GAP / 2


def _label(sheet: Sheet, text: str, x: float, y: float, letters: Letters = SMALL) -> None:
    """Write a label as near to ``x`` as its lane allows."""
    half = letters.width(text) / 2
    middle = min(max(x, _LEFT + half), max(_RIGHT + 8 - half, _LEFT + half))
    sheet.words(text, middle, y, letters, align="middle", on=PAPER)
