"""Deadline arithmetic compiled per pattern of known dates.

Most deadlines are one due date, counted from one whole day: their figures take a comparison or two.
All others are left to :mod:`ncpi_rules.deadlines.status`, which defines what is right; the two must
always agree.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple, Self, TypeAlias

from attrs import field, frozen

from ncpi_rules.core import NOT_YET, UNKNOWN, Calendar, DueDatePolicy, Memo, PartialDate, Status
from ncpi_rules.deadlines.status import Figures, figures_of, own_days
from ncpi_rules.ruleset import DeadlineRule

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping, Sequence

    from ncpi_rules.core import When
    from ncpi_rules.facts import Dates
    from ncpi_rules.ruleset import Bound, Decision, Ruleset

# An attribute of an enumeration costs as much as a comparison, and there are some ten in a plan.
_LATE, _MET, _PLANNED = Status.LATE, Status.MET, Status.PLANNED
_OVERDUE, _OPEN, _UNKNOWN = Status.OVERDUE, Status.OPEN, Status.UNKNOWN
_TOO_EARLY, _NO_DATE = Status.TOO_EARLY, Status.NO_DATE
_new: Final = tuple.__new__  # half the time of a call of the class
_WITHOUT_DAYS: Final = {status: Figures(None, status, None) for status in Status}


_Move: TypeAlias = "Callable[[int], int]"
_Ceiling: TypeAlias = tuple[str, int, _Move, int]
"""A deadline with one due date: its id, its anchor, the step from there to it, and its event.

Anchor and event are places in the order of the dates; an event without a day is at -1. A plain
tuple, because a named one takes longer to unpack.
"""


class _Window(NamedTuple):
    """A due date and a first day: ``move`` leads from the day of ``anchor`` to the first day."""

    ceiling: _Ceiling
    anchor: int
    move: _Move


@frozen(eq=False)
class Outline:
    """The figures of some deadlines, compiled for all dates of which the same are known.

    ``settled`` has figures for every deadline, final where they are the same whatever the dates.
    ``dated``, ``not_yet`` and ``unknown`` are due dates, by what is known of their event.
    ``windows`` are those of a dated event that has a first day as well. ``orders`` (of a dated
    event) and ``orders_to_come`` (of one not yet so) give an order of events and no day.
    """

    settled: dict[str, Figures] = field(repr=False)
    dated: tuple[_Ceiling, ...] = field(repr=False)
    orders: tuple[_Ceiling, ...] = field(repr=False)
    windows: tuple[_Window, ...] = field(repr=False)
    orders_to_come: tuple[_Ceiling, ...] = field(repr=False)
    not_yet: tuple[_Ceiling, ...] = field(repr=False)
    unknown: tuple[_Ceiling, ...] = field(repr=False)
    others: tuple[DeadlineRule, ...] = field(repr=False)
    calendar: Calendar
    policy: DueDatePolicy
    rare: bool = field(init=False, repr=False)

    @rare.default
    def _has_rare(self) -> bool:
        return bool(self.windows or self.orders_to_come or self.others)

    @classmethod
    def of(
        cls, rules: Sequence[DeadlineRule], dates: Dates, calendar: Calendar, policy: DueDatePolicy
    ) -> Self:
        """Return the outline for all dates of which the same are known as of these."""
        lists: dict[str, list[Any]] = {name: [] for name in (*_SUMS, "others")}
        settled = {}
        for rule in rules:
            sum_ = _sum_of(rule, dates.events)
            unknown = sum_ == "unknown_order"
            settled[rule.id] = _WITHOUT_DAYS[_UNKNOWN if unknown else _NO_DATE]
            if sum_ == "others":
                lists[sum_].append(rule)
            elif sum_ in lists:
                lists[sum_].append(_item(sum_, rule, dates, calendar, policy))
        return cls(
            settled=settled,
            calendar=calendar,
            policy=policy,
            **{name: tuple(items) for name, items in lists.items()},
        )

    def figures(self, dates: Dates, on: int) -> dict[str, Figures]:
        """Return the figures of each deadline on a day (an ordinal), by its id."""
        figures, days = self.settled.copy(), dates.days
        for id_, anchor, move, event in self.dated:
            last, day = move(days[anchor]), days[event]
            if day > last:
                late = day - last
                figures[id_] = _new(Figures, ((last, last), _LATE, (late, late)))
            else:
                status = _MET if day <= on else _PLANNED
                figures[id_] = _new(Figures, ((last, last), status, None))
        for id_, anchor, move, event in self.orders:
            day = days[event]
            status = _MET if day <= on else _PLANNED
            figures[id_] = _WITHOUT_DAYS[_LATE if day > move(days[anchor]) else status]
        for id_, anchor, move, _ in self.not_yet:
            last = move(days[anchor])
            if on > last:
                late = on - last
                figures[id_] = _new(Figures, ((last, last), _OVERDUE, (late, late)))
            else:
                figures[id_] = _new(Figures, ((last, last), _OPEN, None))
        for id_, anchor, move, _ in self.unknown:
            last = move(days[anchor])
            figures[id_] = _new(Figures, ((last, last), _UNKNOWN, None))
        if self.rare:
            self._rare_figures(dates, on, figures)
        return figures

    def _rare_figures(self, dates: Dates, on: int, figures: dict[str, Figures]) -> None:
        days = dates.days
        for window in self.windows:
            figures[window.ceiling[0]] = _between(window, days, on)
        for id_, anchor, move, _ in self.orders_to_come:
            figures[id_] = _WITHOUT_DAYS[_OPEN if on <= move(days[anchor]) else _OVERDUE]
        for rule in self.others:
            own = own_days(rule.bounds, dates.events, self.calendar, self.policy)
            figures[rule.id] = figures_of(own, dates.events.get(rule.event, UNKNOWN), on)


def figures_by(decision: Decision, dates: Dates, day: int) -> dict[str, Figures]:
    """Return the figures of each deadline of a decision on a day (an ordinal), by its id."""
    outlines = decision.ruleset.derive(_outlines)
    applicable, policy = decision.applicable, decision.due_date_policy
    asked = applicable.deadline_ids, policy, dates.known
    outline = outlines.get(asked)
    if outline is None:
        calendar = decision.ruleset.calendar
        outline = outlines.remember(
            asked, Outline.of(applicable.deadlines, dates, calendar, policy)
        )
    return outline.figures(dates, day)


def _outlines(_: Ruleset) -> Memo[tuple[frozenset[str], DueDatePolicy, Hashable], Outline]:
    return Memo()


def _between(window: _Window, days: Sequence[int], on: int) -> Figures:
    """Return the figures of a dated event that has a due date and a first day."""
    _, anchor, move, event = window.ceiling
    last, day = move(days[anchor]), days[event]
    if day > last:
        return Figures((last, last), _LATE, (day - last, day - last))
    if day < window.move(days[window.anchor]):
        return Figures((last, last), _TOO_EARLY, None)
    return Figures((last, last), _MET if day <= on else _PLANNED, None)


_SUMS: Final = ("dated", "orders", "windows", "orders_to_come", "not_yet", "unknown")


def _sum_of(rule: DeadlineRule, events: Mapping[str, When]) -> str:
    """Return the list to which a rule belongs, or why it belongs to none."""
    anchors = {bound.anchor: events.get(bound.anchor, UNKNOWN) for bound in rule.bounds}
    if not any(isinstance(when, PartialDate) for when in anchors.values()):
        return "no_date"
    lasts, firsts = _bounds(rule)
    if len(lasts) != 1 or not _is_day(anchors[lasts[0].anchor]):
        return "others"
    is_order, actual = lasts[0].is_order, events.get(rule.event, UNKNOWN)
    if isinstance(actual, PartialDate):
        return _sum_of_a_date(
            actual, [anchors[first.anchor] for first in firsts], is_order=is_order
        )
    if actual is NOT_YET:
        return "orders_to_come" if is_order else "not_yet"
    return "unknown_order" if is_order else "unknown"


def _sum_of_a_date(actual: PartialDate, firsts: list[When], *, is_order: bool) -> str:
    if not actual.is_day:
        return "others"
    if not firsts:
        return "orders" if is_order else "dated"
    alone = len(firsts) == 1 and _is_day(firsts[0])
    return "windows" if alone and not is_order else "others"


def _bounds(rule: DeadlineRule) -> tuple[list[Bound], list[Bound]]:
    """Return the bounds of a rule that give a due date, and those that give a first day."""
    firsts = [bound for bound in rule.bounds if bound.is_floor]
    return [bound for bound in rule.bounds if not bound.is_floor], firsts


def _item(
    sum_: str, rule: DeadlineRule, dates: Dates, calendar: Calendar, policy: DueDatePolicy
) -> _Ceiling | _Window:
    places = {event: place for place, event in enumerate(dates.events)}
    (last,), firsts = _bounds(rule)
    move = _mover(last, calendar, policy)
    ceiling = rule.id, places[last.anchor], move, places.get(rule.event, -1)
    if sum_ != "windows":
        return ceiling
    (first,) = firsts
    return _Window(ceiling, places[first.anchor], first.mover(calendar))


def _is_day(when: When) -> bool:
    return isinstance(when, PartialDate) and when.is_day


def _mover(bound: Bound, calendar: Calendar, policy: DueDatePolicy) -> _Move:
    """Return the function that leads from the anchor's day to the due date."""
    move = bound.mover(calendar)
    if policy is DueDatePolicy.STANDS or bound.is_order:
        return move
    return lambda day: calendar.due_date(move(day), policy)
