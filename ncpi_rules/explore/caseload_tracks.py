"""The track of a follow-up on the page of a caseload: its revisit, on one axis with the others.

A track is a picture; the tag of the revisit and the line beside it say the same in words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ncpi_rules.core import stopped
from ncpi_rules.report import Markup, brief, element, icon, mark_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ncpi_rules.core import PartialDate
    from ncpi_rules.explore.caseload_rows import CaseloadRow
    from ncpi_rules.plan import PlanDeadline

_BEGINS: Final = "fieldwork.begins"
_MONTH: Final = 30.4


def revisit_of(row: CaseloadRow) -> PlanDeadline | None:
    """Return the deadline on the current revisit's first day: the last that is dated, if any is."""
    event = _begins(row)
    own = [deadline for deadline in row.plan.document.deadlines if deadline.event == event]
    dated = (deadline for deadline in reversed(own) if deadline.due)
    return next(dated, own[-1] if own else None)


def _begins(row: CaseloadRow) -> str:
    """Return the event with which a revisit begins, or nothing."""
    repeats, contract = row.plan.ruleset.repeats, row.plan.ruleset.contract
    return contract.name(_BEGINS) if repeats is None else repeats.begins


def stand_of(deadline: PlanDeadline | None) -> str:
    """Return by when a revisit is due, and what its status says, in sentences."""
    if deadline is None:
        return "No deadline is known."
    due = f"Due {brief(deadline.due, months=False)}." if deadline.due else ""
    line = stopped(deadline.status_line) if deadline.status_line else ""
    return " ".join(filter(None, (due, line)))


def has_revisits(row: CaseloadRow) -> bool:
    """Return True where the ruleset of a row has an event with which a revisit begins."""
    return bool(_begins(row))


def allowed(row: CaseloadRow) -> int | None:
    """Return how many days after the report its revisit is due, at most, or None."""
    deadline = revisit_of(row)
    if deadline is None or deadline.due is None or row.published is None:
        return None
    return deadline.due.end - row.published.end


def axis_marks(axis: float) -> Markup | None:
    """Return the months below the head of a column of tracks, of so many days each."""
    months = round(axis / _MONTH)
    marks = [month for month in range(0, months + 1, 3) if months]
    return element(
        "div",
        [element("span", str(month), style=_left(month / months)) for month in marks],
        class_="axh",
        aria_hidden="true",
    )


def _left(part: float) -> str:
    return f"left:{100 * min(max(part, 0), 1):.1f}%"


def _span(date: PartialDate, start: int, axis: float) -> str:
    """Return the style that lays a bar over the days that a date may be."""
    days = (date.start - start, date.end - start)
    left, right = (100 * min(max(day / axis, 0), 1) for day in days)
    return f"left:{left:.1f}%;width:{right - left:.1f}%"


def track(row: CaseloadRow, on: int, axis: float) -> Markup | None:
    """Return how long is allowed, the due date, the revisit and the day of the position."""
    deadline, published = revisit_of(row), row.published
    if deadline is None or deadline.due is None or published is None or axis <= 0:
        return None
    start = published.start
    allowed = (deadline.due.start - start) / axis
    parts = [
        element("i", class_="win", style=f"left:0;width:{100 * min(allowed, 1):.1f}%"),
    ]
    if deadline.due.is_day:
        parts.append(element("i", class_="lim", style=_left(allowed)))
    else:
        parts.append(element("i", class_="lims", style=_span(deadline.due, start, axis)))
    if start <= on <= start + axis:
        parts.append(element("i", class_="now", style=_left((on - start) / axis)))
    if deadline.actual is not None:
        parts += _drawn(deadline, deadline.actual, start, on, axis)
    return element("div", parts, class_="track", aria_hidden="true")


def _drawn(
    deadline: PlanDeadline, actual: PartialDate, start: int, on: int, axis: float
) -> Iterator[Markup]:
    """Yield the symbol of a revisit on a track, on a bar where its day is not known."""
    mark = mark_of(deadline.status, deadline.status_label)
    first, last = actual.start - start, actual.end - start
    if first > axis:
        yield element("b", f"{first / _MONTH:.0f} months →", class_=f"off c-{mark}")
        return
    if not actual.is_day:
        kind = "when planned" if actual.end > on else "when"
        yield element("i", class_=f"{kind} c-{mark}", style=_span(actual, start, axis))
    middle = (first + min(last, axis)) / 2 / axis
    yield element("span", Markup(icon(mark)), class_=f"mk c-{mark}", style=_left(middle))
