"""The statuses of duties in every possible world of some dates: an oracle.

A world gives each event with a date one of the days that the date may be, none of them before that
of an event that must come first. Days are counted one after another, and nothing of the library is
used.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import TYPE_CHECKING, Final, TypeAlias

from tests.counted_out import counted_out, is_worked, moved

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

UNKNOWN, NOT_YET = "unknown", "not-yet"
NEVER: Final = 10**8
Span: TypeAlias = tuple[int, int]
"""The least and the most that something can be."""
Known: TypeAlias = "Mapping[str, Span | str]"
"""The days (ordinals) that the date of each event may be, or that it is unknown or not yet so."""
World: TypeAlias = dict[str, int]


@dataclass(frozen=True)
class Duty:
    """What must happen in time: each limit in words, such as ``6 months after report-published``.

    A limit may also be ``no later than``, ``before`` or ``no earlier than`` another event.
    ``policy`` says what becomes of a counted due date that is not a working day.
    """

    event: str
    due: tuple[str, ...] = ()
    first: tuple[str, ...] = ()
    policy: str = "stands"
    works: Callable[[datetime.date], bool] = is_worked

    @property
    def events(self) -> tuple[str, ...]:
        """Return the events on which it depends."""
        return (self.event, *(text.split()[-1] for text in (*self.due, *self.first)))


@dataclass(frozen=True)
class Verdict:
    """Where a duty stands, and the least and the most of its days."""

    status: str
    due: Span | None = None
    first: Span | None = None
    late_by: Span | None = None
    days_left: Span | None = None


def worlds(known: Known, order: tuple[tuple[str, str], ...]) -> Iterator[World]:
    """Yield every world; ``order`` has pairs of events, the first of which must come first."""
    before: dict[str, list[str]] = {}
    for first, later in closed(order):
        before.setdefault(later, []).append(first)
    events = [name for name, days in known.items() if not isinstance(days, str)]
    events.sort(key=lambda name: len(before.get(name, ())))

    def continued(world: World, left: Sequence[str]) -> Iterator[World]:
        if not left:
            yield dict(world)
            return
        name, *rest = left
        span = known[name]
        assert not isinstance(span, str)
        for day in range(span[0], span[1] + 1):
            if all(world[earlier] <= day for earlier in before.get(name, ()) if earlier in world):
                yield from continued({**world, name: day}, rest)

    yield from continued({}, events)


@lru_cache
def closed(order: tuple[tuple[str, str], ...]) -> frozenset[tuple[str, str]]:
    """Return every pair of events that some pairs put into an order, one after the other."""
    pairs = set(order)
    while more := {(a, d) for a, b in pairs for c, d in pairs if b == c} - pairs:
        pairs |= more
    return frozenset(pairs)


def verdict(duty: Duty, every: Iterable[World], known: Known, *, on: int, begins: str) -> Verdict:
    """Return where a duty stands on a day, by every world.

    ``begins`` is the event before which nothing is owed.
    """
    names = sorted({*duty.events, begins})
    distinct = {tuple(world.get(name) for name in names) for world in every}
    cases = [
        _Case.of(duty, dict(zip(names, days, strict=True)), known, on, begins) for days in distinct
    ]
    statuses = {status for case in cases for status in case.statuses}
    if all(case.is_late for case in cases):
        status = "late"
    elif all(case.is_early for case in cases):
        status = "too-early"
    else:
        status = statuses.pop() if len(statuses) == 1 else "cannot-tell"
    due = _span([case.due for case in cases])
    late_by = _span([case.late_by for case in cases])
    is_open = status in {"due", "projected-late"} and due is not None and due[0] >= on
    return Verdict(
        status=status,
        due=due,
        first=_span([case.first for case in cases]),
        late_by=late_by if late_by is not None and late_by[0] > 0 else None,
        days_left=(due[0] - on, due[1] - on) if is_open and due is not None else None,
    )


def _span(days: Sequence[int | None]) -> Span | None:
    certain = [day for day in days if day is not None]
    return (min(certain), max(certain)) if certain and len(certain) == len(days) else None


@dataclass(frozen=True)
class _Case:
    """A duty in one world."""

    statuses: frozenset[str]
    is_late: bool
    is_early: bool
    due: int | None
    first: int | None
    late_by: int | None

    @classmethod
    def of(
        cls, duty: Duty, days: Mapping[str, int | None], known: Known, on: int, begins: str
    ) -> _Case:
        event, begun = days[duty.event], _has_begun(days[begins], known.get(begins, UNKNOWN), on)
        dues = [_limits(duty, text, days, known, on, is_first=False) for text in duty.due]
        firsts = [_limits(duty, text, days, known, on, is_first=True) for text in duty.first]
        due = min((day for day, *other in dues if not other), default=None)
        first = max((day for day, *other in firsts if not other), default=None)
        late_by = None
        if begun and due is not None and not (event is None and known.get(duty.event) != NOT_YET):
            late_by = (on if event is None else event) - due
        statuses, is_late, is_early = set(), False, False
        if not begun:
            statuses = {"not-started" if event is None else "planned" if event > on else "done"}
        elif event is None:
            statuses = {_undated(due, on, is_unknown=known.get(duty.event) != NOT_YET)}
        elif event > on:
            statuses = {"planned" if due is None or event <= due else "projected-late"}
        else:
            lates = {event > min(combination, default=NEVER) for combination in product(*dues)}
            earlies = {event < max(combination, default=-NEVER) for combination in product(*firsts)}
            is_late, is_early = lates == {True}, earlies == {True}
            in_time = "met" if duty.due else "done"
            statuses = {
                "late" if late else "too-early" if early else in_time
                for late, early in product(lates, earlies)
            }
        return cls(frozenset(statuses), is_late, is_early, due, first, late_by)


def _has_begun(day: int | None, known: Span | str, on: int) -> bool:
    return known != NOT_YET if day is None else day <= on


def _undated(due: int | None, on: int, *, is_unknown: bool) -> str:
    if due is None:
        return "cannot-tell" if is_unknown else "not-started"
    return "due" if on <= due else "cannot-tell" if is_unknown else "overdue"


def _limits(  # noqa: PLR0913  what a limit depends on
    duty: Duty, text: str, days: Mapping[str, int | None], known: Known, on: int, *, is_first: bool
) -> tuple[int, ...]:
    """Return the day to which a limit leads; its extremes, where it counts from no day."""
    anchor = text.rsplit(maxsplit=1)[-1]
    day = days[anchor]
    if day is not None:
        return (day_of(duty, text, day, is_first=is_first),)
    if known.get(anchor, UNKNOWN) == UNKNOWN:
        return -NEVER, NEVER
    return day_of(duty, text, on, is_first=is_first), NEVER


@lru_cache(maxsize=200_000)
def day_of(duty: Duty, text: str, day: int, *, is_first: bool) -> int:
    """Return the due date, or the first day, to which a limit leads from a day."""
    start = datetime.date.fromordinal(day)
    if text.startswith("no "):
        end = start
    elif text.startswith("before "):
        return day - 1
    else:
        end = counted_out(text, start, duty.works)
    if is_first:
        return end.toordinal() + ("beginning with" in text)
    return moved(end, duty.policy, duty.works).toordinal()
