"""The days on which an event can still happen with every duty met, by trying them all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tests.oracle.worlds import NOT_YET, closed, day_of, worlds

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.oracle.worlds import Duty, Known, Span, World

HORIZON: Final = 100
"""The days before and after the dates that are tried for what has none."""

_Limit = tuple["Duty", str, bool]


def latest_and_window(
    event: str,
    duties: Sequence[Duty],
    known: Known,
    order: tuple[tuple[str, str], ...],
    *,
    on: int,
) -> tuple[int | None, Span | None] | None:
    """Return the latest compliant date of an event without a date, and its window.

    The one is in time whatever days the dates are, the window begins where it can begin on some of
    them. None where some world leaves no day, or only days so far ahead that there may be more.
    """
    every = list(worlds(known, order))
    limits = list(_limits(duties, known, every, on))
    tries = [list(_days(event, world, limits, known, order, on)) for world in every]
    if not all(tries):
        return None
    latest = min(days[-1] for days in tries)
    _, last = _span(known)
    if latest == last + HORIZON:
        return None, None
    if latest > last + HORIZON // 2:
        return None
    ahead = [day for days in tries for day in days if day >= on]
    earliest = min(ahead, default=latest + 1)
    return latest, (earliest, latest) if earliest <= latest else None


def _span(known: Known) -> Span:
    days = [day for span in known.values() if not isinstance(span, str) for day in span]
    return min(days), max(days)


def _limits(
    duties: Sequence[Duty], known: Known, every: Sequence[World], on: int
) -> Iterator[_Limit]:
    """Yield the limits on what has no date, but for a due date that has certainly passed unmet."""
    for duty in duties:
        for text, is_first in [(text, False) for text in duty.due] + [
            (text, True) for text in duty.first
        ]:
            anchor = text.split()[-1]
            is_dated = not isinstance(known[anchor], str)
            if is_dated and not isinstance(known[duty.event], str):
                continue
            if not is_first and is_dated and known[duty.event] == NOT_YET:
                dues = [day_of(duty, text, world[anchor], is_first=False) for world in every]
                if max(dues) < on:
                    continue
            yield duty, text, is_first


def _days(  # noqa: PLR0913, PLR0917  what the days depend on
    event: str,
    world: World,
    limits: Sequence[_Limit],
    known: Known,
    order: tuple[tuple[str, str], ...],
    on: int,
) -> Iterator[int]:
    """Yield the days of an event that go together with some day of every other."""
    first, last = _span(known)

    def tried(name: str) -> range:
        start = on if known[name] == NOT_YET else first - HORIZON
        return range(start, last + HORIZON + 1)

    others = [name for name, days in known.items() if isinstance(days, str) and name != event]
    for day in tried(event):
        certain = {**world, event: day}
        if (not others and _is_met(certain, limits, order)) or (
            others
            and any(
                _is_met({**certain, others[0]: other}, limits, order) for other in tried(others[0])
            )
        ):
            yield day


def _is_met(world: World, limits: Sequence[_Limit], order: tuple[tuple[str, str], ...]) -> bool:
    if any(world[first] > world[later] for first, later in closed(order)):
        return False
    for duty, text, is_first in limits:
        limit = day_of(duty, text, world[text.split()[-1]], is_first=is_first)
        if world[duty.event] < limit if is_first else world[duty.event] > limit:
            return False
    return True
