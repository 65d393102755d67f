"""Revisits that cannot all be made: more of them than teams, in some run of weeks.

Each revisit takes a team for the week in which it begins, and for each further week for
which it is arranged. A revisit with a window takes one week within it. There is a clash wherever
more weeks of work must fall into a run of weeks than the teams have.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from attrs import frozen

from ncpi_rules.core import NOT_YET, PartialDate, counted, joined
from ncpi_rules.plan import waivers_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ncpi_rules.plan import Plan

_WEEK: Final = 7


@frozen(kw_only=True)
class Clash:
    """A run of weeks into which more revisits must fall than the teams can make.

    ``first`` is its first Monday, ``last`` its last Sunday. ``weeks_needed`` and
    ``weeks_available`` count weeks of one team; ``subjects`` names those to be revisited.
    """

    first: PartialDate
    last: PartialDate
    weeks_needed: int
    weeks_available: int
    subjects: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """Return the clash in a sentence."""
        verb = "is" if self.weeks_available == 1 else "are"
        return (
            f"From {self.first.text} to {self.last.text} the revisits need "
            f"{counted(self.weeks_needed, 'team week')}, and there {verb} "
            f"{self.weeks_available}: {joined(self.subjects, 'and')}."
        )


@frozen
class TeamWeek:
    """One week's work for a team: the first and the last week into which it may fall, and whose.

    ``place`` is the number of the follow-up in the caseload.
    """

    first: int
    last: int
    place: int


def _week(day: int) -> int:
    """Return the number of the week of a day, Monday to Sunday."""
    return (day - 1) // _WEEK


def team_weeks_of(plan: Plan, place: int) -> Iterator[TeamWeek]:
    """Yield the team weeks that a follow-up's revisit still needs, as far as is known."""
    for of in (*plan.earlier, plan):
        yield from _weeks_of_one(of, place)


def _weeks_of_one(plan: Plan, place: int) -> Iterator[TeamWeek]:
    """Yield the team weeks of one revisit, the current one of a plan."""
    day, facts = plan.on.toordinal(), plan.facts
    begins, ends = facts.when("fieldwork.begins"), facts.when("fieldwork.ends")
    if isinstance(begins, PartialDate):
        until = ends if isinstance(ends, PartialDate) else begins
        if begins.is_day and until.is_day:
            for week in range(_week(max(begins.start, day)), _week(until.end) + 1):
                yield TeamWeek(week, week, place)
        elif begins.start > day:
            yield TeamWeek(_week(begins.start), _week(begins.end), place)
    elif begins is NOT_YET:
        revisit = plan.ruleset.contract.name("fieldwork.begins")
        windows = [
            deadline.window
            for deadline in plan.parts_of_one.schedule
            if deadline.rule.event == revisit and not waivers_of(plan.current, deadline.rule, day)
        ]
        known = [window for window in windows if window is not None]
        if known and len(known) == len(windows):
            first, last = max(w.start for w in known), min(w.end for w in known)
            yield TeamWeek(_week(first), _week(last), place)


def clashes_of(weeks: Iterable[TeamWeek], teams: int, names: Sequence[str]) -> tuple[Clash, ...]:
    """Return the shortest runs of weeks that need more team weeks than there are, in order."""
    weeks = sorted(weeks, key=lambda week: week.last)
    runs: list[tuple[int, int]] = []
    for first in sorted({week.first for week in weeks}, reverse=True):
        within = [week.last for week in weeks if week.first >= first]
        for needed, last in enumerate(within, 1):
            ends_here = needed == len(within) or within[needed] != last
            if ends_here and needed > teams * (last - first + 1):
                runs.append((first, last))
                break
    shortest = [
        run
        for run in runs
        if not any(other != run and run[0] <= other[0] and other[1] <= run[1] for other in runs)
    ]
    return tuple(_clash(first, last, weeks, teams, names) for first, last in sorted(shortest))


def _clash(
    first: int, last: int, weeks: Iterable[TeamWeek], teams: int, names: Sequence[str]
) -> Clash:
    places = [week.place for week in weeks if first <= week.first and week.last <= last]
    monday, sunday = first * _WEEK + 1, last * _WEEK + _WEEK
    return Clash(
        first=PartialDate.between(monday, monday),
        last=PartialDate.between(sunday, sunday),
        weeks_needed=len(places),
        weeks_available=teams * (last - first + 1),
        subjects=tuple(names[place] for place in sorted(set(places))),
    )


def describe_capacity(teams: int) -> str:
    """Return how clashes are counted, in a sentence."""
    return (
        f"Counted with {counted(teams, 'team')}: each revisit takes a team for the week in which "
        "it begins, and for each further week for which it is arranged."
    )
