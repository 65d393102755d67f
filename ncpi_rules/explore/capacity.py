"""Revisits that cannot all be made: more of them than teams, in some run of weeks.

Each revisit takes a team for the week in which it begins, and for each further week
through which it is arranged to last. A revisit with a window takes one week within it. There is a
clash wherever more weeks of work must fall into a run of weeks than the teams have.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from attrs import frozen

from ncpi_rules.core import NOT_YET, UNKNOWN, PartialDate, counted, joined
from ncpi_rules.plan import waivers_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ncpi_rules.plan import Plan

BEGINS: Final = "revisit-begins"
ENDS: Final = "revisit-ends"
_WEEK: Final = 7


@frozen(kw_only=True)
class Clash:
    """A run of weeks into which more revisits must fall than the teams can make.

    ``first`` is its first Monday and ``last`` its last Sunday; ``needed`` and ``room`` count weeks
    of one team; ``forces`` names the forces whose revisits must fall into it.
    """

    first: PartialDate
    last: PartialDate
    needed: int
    room: int
    forces: tuple[str, ...]

    @property
    def says(self) -> str:
        """Return the clash in a sentence."""
        weeks, verb = counted(self.needed, "week"), "is" if self.room == 1 else "are"
        return (
            f"From {self.first.says} to {self.last.says} the revisits take {weeks} of a team, "
            f"and there {verb} {self.room}: {joined(self.forces, 'and')}."
        )


@frozen
class Work:
    """A week of one team: between which weeks it must fall, and for whom."""

    first: int
    last: int
    place: int


def _week(day: int) -> int:
    """Return the number of the week of a day, Monday to Sunday."""
    return (day - 1) // _WEEK


def work_of(plan: Plan, place: int) -> Iterator[Work]:
    """Yield the weeks of a team that a follow-up's revisit still takes, as far as is known."""
    day = plan.on.toordinal()
    events = plan.follow_up.events()
    begins, ends = events.get(BEGINS, UNKNOWN), events.get(ENDS, UNKNOWN)
    if isinstance(begins, PartialDate):
        until = ends if isinstance(ends, PartialDate) else begins
        if begins.is_day and until.is_day:
            for week in range(max(_week(begins.start), _week(day)), _week(until.end) + 1):
                yield Work(week, week, place)
        elif begins.start > day:
            yield Work(_week(begins.start), _week(begins.end), place)
        return
    windows = [
        each.window
        for each in plan.deadlines
        if each.rule.event == BEGINS and not waivers_of(plan.follow_up, each.rule, day)
    ]
    known = [each for each in windows if each is not None]
    if begins is NOT_YET and known and len(known) == len(windows):
        first, last = max(each.start for each in known), min(each.end for each in known)
        yield Work(_week(first), _week(last), place)


def clashes_of(work: Iterable[Work], teams: int, names: Sequence[str]) -> tuple[Clash, ...]:
    """Return the shortest runs of weeks with more work than the teams have, in order."""
    work = sorted(work, key=lambda each: each.last)
    runs: list[tuple[int, int]] = []
    for first in sorted({each.first for each in work}, reverse=True):
        within = [each for each in work if each.first >= first]
        for many, each in enumerate(within, 1):
            ends_here = many == len(within) or within[many].last != each.last
            if ends_here and many > teams * (each.last - first + 1):
                runs.append((first, each.last))
                break
    shortest = [
        run
        for run in runs
        if not any(other != run and run[0] <= other[0] and other[1] <= run[1] for other in runs)
    ]
    return tuple(_clash(run, work, teams, names) for run in sorted(shortest))


def _clash(run: tuple[int, int], work: Iterable[Work], teams: int, names: Sequence[str]) -> Clash:
    first, last = run
    within = [each for each in work if first <= each.first and each.last <= last]
    monday, sunday = first * _WEEK + 1, last * _WEEK + _WEEK
    return Clash(
        first=PartialDate.between(monday, monday),
        last=PartialDate.between(sunday, sunday),
        needed=len(within),
        room=teams * (last - first + 1),
        forces=tuple(names[place] for place in sorted({each.place for each in within})),
    )


def says_room(teams: int) -> str:
    """Return how clashes are counted."""
    told = "each revisit takes a team for the week in which it begins"
    more = "and for each further week for which it is arranged"
    return f"Counted with {counted(teams, 'team')}: {told}, {more}."
