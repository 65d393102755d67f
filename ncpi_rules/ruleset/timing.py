"""Timings, as deadlines are written, and the bounds on days that they set."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar, Final, Self

from attrs import field, frozen

from ncpi_rules.core import (
    Calendar,
    DateError,
    DueDatePolicy,
    PartialDate,
    Period,
    Problem,
    Unit,
    earliest_reaching,
    mover,
    shift,
)
from ncpi_rules.io import PERIOD, described

if TYPE_CHECKING:
    from collections.abc import Callable

_TIMING: Final = re.compile(
    r"(?P<period>.+?) (?P<direction>after|before|beginning with) (?P<event>\S+)"
)


@frozen(kw_only=True)
class Timing:
    """A period counted from an event, such as ``6 weeks after report-published``."""

    text_only: ClassVar = True
    pattern: ClassVar = (
        f"(?:{PERIOD}) (?:after|before) \\S+|(?!0+ |zero )(?:{PERIOD}) beginning with \\S+"
    )

    period: Period
    direction: str
    event: str

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Return the timing that a text means; raise DateError where it is none.

        >>> Timing.from_text("6 weeks after report-published").period.text
        '6 weeks'
        """
        parts = _TIMING.fullmatch(" ".join(text.split()))
        if parts is None:
            raise DateError(
                Problem(
                    place="",
                    message=f"'{text}' does not say a period and an event.",
                    help="Write it such as '6 weeks after report-published': a period, then "
                    "'after', 'before' or 'beginning with', then an event.",
                )
            )
        period = Period.read(parts["period"])
        if parts["direction"] == "beginning with" and not period.count:
            raise DateError(
                Problem(
                    place="",
                    message=f"'{text}' has no first day.",
                    help="Write a number of at least 1: the day of the event counts as the first.",
                )
            )
        return cls(period=period, direction=parts["direction"], event=parts["event"])

    @property
    def text(self) -> str:
        """Return the timing as it is written."""
        return f"{self.period.text} {self.direction} {self.event}"

    def bound(self, event: str, calendar: Calendar, *, is_floor: bool = False) -> Bound:
        """Return the bound on an event: a due date, or the first day that is allowed.

        A least distance that begins with a day is over on the day after the period.
        """
        with_day = self.direction == "beginning with"
        direction = -1 if self.direction == "before" else 1
        days = 1 if with_day and is_floor else 0
        return Bound(
            event,
            self.event,
            self.period,
            direction,
            days,
            is_floor=is_floor,
            with_day=with_day,
            calendar=calendar,
        )


@frozen
class Bound:
    """``event`` is not later (or, for ``is_floor``, not earlier) than the anchor, shifted.

    ``period`` and ``direction`` (1 after, -1 before) shift the anchor's day, which counts as the
    first of the period where it begins ``with_day``; then ``days`` are added. ``is_order`` is True
    where only the order of the two events is given: its day is not counted, so it stands whether or
    not it is a working day. Working days are those of ``calendar``. ``fixed`` is the whole shift
    where it is the same number of days from every day.
    """

    event: str
    anchor: str
    period: Period
    direction: int
    days: int = 0
    is_floor: bool = False
    is_order: bool = False
    with_day: bool = False
    calendar: Calendar = Calendar()
    fixed: int | None = field(init=False, eq=False, repr=False)

    @fixed.default
    def _fixed(self) -> int | None:
        days = {Unit.DAYS: 1, Unit.WEEKS: 7}.get(self.period.unit)
        if days is None:
            return None
        return self.direction * days * self.period.count + self.days - self.with_day

    @property
    def leads_back(self) -> bool:
        """Return True where the bound leads to the anchor's day or to one before it."""
        return self.direction < 0 or (self.fixed is not None and self.fixed <= 0)

    def moves(self, policy: DueDatePolicy) -> bool:
        """Return True where the bound gives a due date that moves if it is not a working day."""
        return not (policy is DueDatePolicy.STANDS or self.is_floor or self.is_order)

    def moved(self, day: int, policy: DueDatePolicy = DueDatePolicy.STANDS) -> int:
        """Return the last (or first) day that the bound allows, for a day of its anchor."""
        if self.fixed is not None:
            end = day + self.fixed
        else:
            period, direction = self.period, self.direction
            end = shift(day, period, direction, self.calendar, with_day=self.with_day) + self.days
        return self.calendar.due_date(end, policy) if self.moves(policy) else end

    def mover(self, policy: DueDatePolicy = DueDatePolicy.STANDS) -> Callable[[int], int]:
        """Return the function that leads from a day of the anchor to what the bound allows."""
        if self.moves(policy):
            move, due_date = self.mover(), self.calendar.due_date
            return lambda day: due_date(move(day), policy)
        if self.fixed is not None:
            return self.fixed.__add__
        move = mover(self.period, self.direction, self.calendar, with_day=self.with_day)
        days = self.days
        return move if days == 0 else lambda day: move(day) + days

    def earliest_anchor(self, day: int, policy: DueDatePolicy = DueDatePolicy.STANDS) -> int:
        """Return the earliest day of the anchor for which the bound is not before ``day``."""
        if self.moves(policy):
            day = self.calendar.earliest_due(day, policy)
        if self.fixed is not None:
            return day - self.fixed
        period, direction = self.period, self.direction
        target = day - self.days
        return earliest_reaching(target, period, direction, self.calendar, with_day=self.with_day)

    def latest_anchor(self, day: int, policy: DueDatePolicy = DueDatePolicy.STANDS) -> int:
        """Return the latest day of the anchor for which the bound is not after ``day``."""
        return self.earliest_anchor(day + 1, policy) - 1


@frozen(kw_only=True)
class DaysOff:
    """Which days are not working days."""

    country: str = described("The country, as in ISO 3166.", default="GB")
    subdivision: tuple[str, ...] = described(
        "The part of the country, as in ISO 3166; of several, each with its days off.",
        default=("ENG",),
    )
    extra: tuple[PartialDate, ...] = described(
        "Days off that no list foresees, such as 2022-09-19.", default=()
    )
    worked: tuple[PartialDate, ...] = described(
        "Days that are worked, although they would be days off.", default=()
    )

    @property
    def calendar(self) -> Calendar:
        """Return the calendar of these days."""
        extra, worked = (
            frozenset(day for span in spans for day in range(span.start, span.end + 1))
            for spans in (self.extra, self.worked)
        )
        return Calendar(
            country=self.country, subdivisions=self.subdivision, extra=extra, worked=worked
        )
