"""What is the same of some deadlines for every follow-up of which the same dates are known.

Floor 4. Most deadlines are one last day, counted from one whole day: what becomes of these is then
a comparison or two. All others are worked out by :mod:`ncpi_rules.scheduling.figures`, which says
what is right; the two must always agree.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple, Self

from attrs import field, frozen

from ncpi_rules.dates import PartialDate
from ncpi_rules.periods import Calendar
from ncpi_rules.ruleset.rules import DeadlineRule
from ncpi_rules.scheduling.figures import Figures, figures_of, own_days
from ncpi_rules.words import NOT_YET, UNKNOWN, LastDay, Status

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ncpi_rules.dates import When
    from ncpi_rules.facts.events import Dates
    from ncpi_rules.ruleset.rules import Bound

# An attribute of an enumeration costs as much as a comparison, and there are some ten in a plan.
_LATE, _MET, _PLANNED = Status.LATE, Status.MET, Status.PLANNED
_OVERDUE, _OPEN, _UNKNOWN = Status.OVERDUE, Status.OPEN, Status.UNKNOWN
_new: Final = tuple.__new__  # half the time of a call of the class
_WITHOUT_DAYS: Final = {status: Figures(None, status, None) for status in Status}


class _Ceiling(NamedTuple):
    """A deadline that is one last day: ``move`` leads from the day of ``anchor`` to it.

    Events are places in the order of the dates. ``event`` is -1 where it has no day.
    """

    id: str
    anchor: int
    move: Callable[[int], int]
    event: int


@frozen(eq=False)
class Outline:
    """How to work out the figures of some deadlines, by id, for dates that are known alike.

    ``settled`` has those of every deadline, right where they are the same whatever the dates.
    ``dated``, ``not_yet`` and ``unknown`` are last days, by what is known of their event;
    ``orders`` those of a dated event that give an order and no day.
    """

    settled: dict[str, Figures] = field(repr=False)
    dated: tuple[_Ceiling, ...] = field(repr=False)
    orders: tuple[_Ceiling, ...] = field(repr=False)
    not_yet: tuple[_Ceiling, ...] = field(repr=False)
    unknown: tuple[_Ceiling, ...] = field(repr=False)
    others: tuple[DeadlineRule, ...] = field(repr=False)
    calendar: Calendar
    policy: LastDay

    @classmethod
    def of(
        cls, rules: Sequence[DeadlineRule], dates: Dates, calendar: Calendar, policy: LastDay
    ) -> Self:
        """Return the outline for all dates that are known as these are."""
        settled = {rule.id: _WITHOUT_DAYS[Status.NO_DATE] for rule in rules}
        lists: dict[str, list[_Ceiling]] = {}
        others: list[DeadlineRule] = []
        for rule in rules:
            if any(isinstance(dates.events.get(b.anchor), PartialDate) for b in rule.bounds):
                listed = _listed(rule, dates.events)
                if listed is None:
                    others.append(rule)
                elif listed == "settled":
                    settled[rule.id] = _WITHOUT_DAYS[_UNKNOWN]
                else:
                    lists.setdefault(listed, []).append(_ceiling(rule, dates, calendar, policy))
        return cls(
            settled=settled,
            others=tuple(others),
            calendar=calendar,
            policy=policy,
            **{name: tuple(lists.get(name, ())) for name in _LISTS},
        )

    def figures(self, dates: Dates, on: int) -> dict[str, Figures]:
        """Return where each deadline stands on a day (an ordinal), by its id."""
        found, days = self.settled.copy(), dates.days
        for id_, anchor, move, event in self.dated:
            last, day = move(days[anchor]), days[event]
            if day > last:
                late = day - last
                found[id_] = _new(Figures, ((last, last), _LATE, (late, late)))
            else:
                status = _MET if day <= on else _PLANNED
                found[id_] = _new(Figures, ((last, last), status, None))
        for id_, anchor, move, event in self.orders:
            day = days[event]
            status = _MET if day <= on else _PLANNED
            found[id_] = _WITHOUT_DAYS[_LATE if day > move(days[anchor]) else status]
        for id_, anchor, move, _ in self.not_yet:
            last = move(days[anchor])
            if on > last:
                late = on - last
                found[id_] = _new(Figures, ((last, last), _OVERDUE, (late, late)))
            else:
                found[id_] = _new(Figures, ((last, last), _OPEN, None))
        for id_, anchor, move, _ in self.unknown:
            last = move(days[anchor])
            found[id_] = _new(Figures, ((last, last), _UNKNOWN, None))
        for rule in self.others:
            own = own_days(rule, dates.events, self.calendar, self.policy)
            found[rule.id] = figures_of(own, dates.events.get(rule.event, UNKNOWN), on)
        return found


_LISTS: Final = ("dated", "orders", "not_yet", "unknown")


def _listed(rule: DeadlineRule, events: Mapping[str, When]) -> str | None:
    """Return the list to which a rule belongs; None where its dates need more than one last day."""
    (bound, *more), actual = rule.bounds, events.get(rule.event, UNKNOWN)
    if more or bound.is_floor or not _is_day(events[bound.anchor]):
        return None
    if isinstance(actual, PartialDate):
        return ("orders" if bound.is_order else "dated") if actual.is_day else None
    if bound.is_order:
        return None if actual is NOT_YET else "settled"
    return "not_yet" if actual is NOT_YET else "unknown"


def _ceiling(rule: DeadlineRule, dates: Dates, calendar: Calendar, policy: LastDay) -> _Ceiling:
    places = {event: place for place, event in enumerate(dates.events)}
    (bound,) = rule.bounds
    move = _mover(bound, calendar, policy)
    return _Ceiling(rule.id, places[bound.anchor], move, places.get(rule.event, -1))


def _is_day(when: When) -> bool:
    return isinstance(when, PartialDate) and when.is_day


def _mover(bound: Bound, calendar: Calendar, policy: LastDay) -> Callable[[int], int]:
    """Return what leads from the anchor's day to the last day."""
    move = bound.mover(calendar)
    if policy is LastDay.STANDS or bound.is_order:
        return move
    return lambda day: calendar.working_day_by(move(day))
