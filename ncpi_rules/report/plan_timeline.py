"""The timeline of a plan's page: a list of deadlines, each with a track that shows its days.

The track says nothing that the text beside it does not say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Self

from attrs import frozen

from ncpi_rules.core import PartialDate, format_day, month_starts
from ncpi_rules.report.html_page import icon
from ncpi_rules.report.markup import Markup, element
from ncpi_rules.report.parts import StatusMark, mark_of
from ncpi_rules.report.position import brief, title_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ncpi_rules.plan import PlanDeadline, PlanDocument
    from ncpi_rules.report.plan_view import PlanView

_MOST_TICKS: Final = 10
_ROOM: Final = 7
"""The days that stay free on each side."""

_KEY: Final = (
    ("key-allowed", "time allowed, ending at the due date"),
    ("key-due", "due date"),
    ("key-now", "position as at"),
)
_KEY_MARKS: Final = (
    (StatusMark.MET, "done"),
    (StatusMark.LATE, "done late"),
    (StatusMark.PLANNED, "planned"),
    (StatusMark.PROJECTED_LATE, "planned after the due date"),
)


@frozen
class Axis:
    """Where the days (ordinals) from ``first`` to ``last`` lie on a track."""

    first: int
    last: int

    @classmethod
    def of(cls, plan: PlanDocument) -> Self | None:
        """Return an axis for the dates of a plan, or None where none is known.

        The position date is on it unless it is far from every other.
        """
        dates = [
            date for deadline in plan.deadlines for date in (deadline.due, deadline.actual) if date
        ]
        if not dates:
            return None
        dates += [plan.begins] if plan.begins else []
        first, last = min(date.start for date in dates), max(date.end for date in dates)
        on, reach = plan.on.toordinal(), max((last - first) // 2, 60)
        if first - reach <= on <= last + reach:
            first, last = min(first, on), max(last, on)
        return cls(first - _ROOM, last + _ROOM)

    def at(self, day: int) -> float:
        """Return where a day lies, in percent of the track."""
        part = (day - self.first) / (self.last - self.first)
        return round(100 * min(max(part, 0), 1), 2)

    def span(self, first: int, last: int) -> str:
        """Return the style that lays something over some days."""
        left = self.at(first)
        return f"left:{left:g}%;width:{round(self.at(last) - left, 2):g}%"

    def months(self) -> Iterator[tuple[int, str]]:
        """Yield the first days of months in equal steps, the year with the first and each January.

        At most ten are named.
        """
        named = ""
        for day in month_starts(self.first, self.last, _MOST_TICKS):
            _, name, year = format_day(day).split()
            in_full = year != named
            named = year
            yield day, f"{name[:3]} {year}" if in_full else name[:3]


def timeline(view: PlanView) -> Markup | None:
    """Return the timeline of a plan, or None where no date is known."""
    plan, axis = view.plan, Axis.of(view.plan)
    if axis is None:
        return None
    rows = [_row(deadline, view, axis) for deadline in plan.deadlines]
    return element(
        "section",
        view.heading(1, "Timeline", "time"),
        _key(plan),
        element("ol", rows, class_="tl"),
        _axis(axis, plan),
        class_="tsec",
    )


def _key(plan: PlanDocument) -> Markup:
    marks = {
        mark_of(deadline.status, deadline.status_label)
        for deadline in plan.deadlines
        if deadline.actual
    }
    entries = [element("span", element("i", class_=name), " ", text) for name, text in _KEY]
    for mark, text in _KEY_MARKS:
        if mark in marks:
            entries.append(element("span", Markup(icon(mark)), " ", text, class_=f"c-{mark}"))
    return element("p", entries, class_="key", aria_hidden="true")


def _row(deadline: PlanDeadline, view: PlanView, axis: Axis) -> Markup:
    due = "no due date" if deadline.due is None else f"by {brief(deadline.due, months=False)}"
    done = "" if deadline.actual is None else f" {deadline.status_line}."
    return element(
        "li",
        element(
            "div",
            element("b", title_of(deadline, view.plan)),
            " ",
            element("span", due, class_="soft"),
            element("span", done, class_="vh") if done else None,
            class_="tl-l",
        ),
        element("div", _marks(deadline, view.plan, axis), class_="track", aria_hidden="true"),
        element("div", view.status(deadline), class_="tl-s"),
    )


def _marks(deadline: PlanDeadline, plan: PlanDocument, axis: Axis) -> Iterator[Markup]:
    """Yield what is drawn of a deadline: the time allowed, its due date, its date, the position."""
    on, due, actual = plan.on.toordinal(), deadline.due, deadline.actual
    if due is not None:
        first = _allowed_from(deadline, plan, due)
        if first is not None:
            yield element("i", class_="win", style=axis.span(first, due.start))
        if due.is_day:
            yield element("i", class_="lim", style=f"left:{axis.at(due.end):g}%")
        else:
            yield element("i", class_="lims", style=axis.span(due.start, due.end))
    if axis.first <= on <= axis.last:
        yield element("i", class_="now", style=f"left:{axis.at(on):g}%")
    if actual is not None:
        mark = mark_of(deadline.status, deadline.status_label)
        if not actual.is_day:
            kind = "when planned" if actual.end > on else "when"
            yield element("i", class_=f"{kind} c-{mark}", style=axis.span(actual.start, actual.end))
        middle = (axis.at(actual.start) + axis.at(actual.end)) / 2
        shape = Markup(icon(mark))
        yield element("span", shape, class_=f"mk c-{mark}", style=f"left:{middle:g}%")


def _allowed_from(deadline: PlanDeadline, plan: PlanDocument, due: PartialDate) -> int | None:
    """Return the day from which there is time, as far as it is known."""
    dates = [anchor.on for anchor in deadline.counted_from if anchor.on is not None]
    dates += [plan.begins] if plan.begins else []
    return max((date.end for date in dates if date.end < due.start), default=None)


def _axis(axis: Axis, plan: PlanDocument) -> Markup:
    ticks = [
        element(
            "span",
            text,
            class_="od" if place % 2 and " " not in text else None,
            style=f"left:{axis.at(day):g}%",
        )
        for place, (day, text) in enumerate(axis.months())
    ]
    on = plan.on.toordinal()
    now = None
    if axis.first <= on <= axis.last:
        # Near the right edge the label ends at its day, so that it stays on the page.
        edge = axis.at(on)
        kind = "end" if edge > 90 else "begin" if edge < 10 else None  # noqa: PLR2004  percent
        now = element("b", plan.on_text, class_=kind, style=f"left:{edge:g}%")
    row = element("div", ticks, now, class_="axr")
    return element("div", element("div"), row, element("div"), class_="ax", aria_hidden="true")
