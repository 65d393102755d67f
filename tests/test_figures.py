"""The figures of deadlines: the quick way to them says what the schedule says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ncpi_rules import FollowUp, assess, load_ruleset, schedule, shipped_ruleset
from ncpi_rules.dates import PartialDate
from ncpi_rules.facts.events import Dates
from ncpi_rules.scheduling import Deadline, Figures, Outline
from ncpi_rules.words import LastDay, Status
from tests.strategies import (
    calendars,
    dates_of_events,
    days,
    deadline_rules,
    follow_ups,
)

if TYPE_CHECKING:
    import datetime

    from ncpi_rules.dates import When
    from ncpi_rules.periods import Calendar
    from ncpi_rules.ruleset.rules import DeadlineRule

RULES = shipped_ruleset()
READINGS = [
    {},
    {"R7": "last-day", "R9": "ceiling-waits"},
    {"R8": "moves-to-the-working-day-before", "R18": "on-the-last-day"},
]


def scheduled(deadlines: tuple[Deadline, ...]) -> dict[str, Figures]:
    """Return what the schedule says of each deadline by itself, by its id."""
    return {each.id: Figures(each.figures.due, each.status, each.late_by) for each in deadlines}


@given(follow_ups(), days(), st.sampled_from(READINGS))
def test_the_figures_of_a_plan_are_its_deadlines(
    follow_up: FollowUp, on: datetime.date, readings: dict[str, str]
) -> None:
    """The figures of any plan are what the schedule says of each of its deadlines."""
    plan = assess(follow_up, on=on, readings=readings)
    alone = schedule(
        plan.decision.holding.deadlines,
        follow_up.events(),
        on.toordinal(),
        RULES.calendar,
        plan.decision.last_day,
    )
    assert plan.figures == scheduled(alone)
    assert list(plan.figures) == [each.id for each in plan.deadlines]
    assert alone == plan.deadlines


@given(
    st.lists(deadline_rules(), min_size=6, max_size=9, unique_by=lambda rule: rule.id),
    st.lists(dates_of_events(), min_size=1, max_size=3),
    days(),
    calendars(),
    st.sampled_from(LastDay),
)
def test_an_outline_says_what_the_schedule_says(
    rules: list[DeadlineRule],
    dates: list[dict[str, When]],
    on: datetime.date,
    calendar: Calendar,
    policy: LastDay,
) -> None:
    """An outline gives the schedule's figures, also for other dates that are known alike."""
    outline = Outline.of(rules, Dates(dates[0]), calendar, policy)
    for each in (Dates(events) for events in dates):
        if each.known == Dates(dates[0]).known:
            for day in near_the_limits(rules, each, on.toordinal(), calendar, policy):
                alone = schedule(rules, each.events, day, calendar, policy)
                assert outline.figures(each, day) == scheduled(alone)


def near_the_limits(
    rules: list[DeadlineRule], dates: Dates, on: int, calendar: Calendar, policy: LastDay
) -> set[int]:
    """Return a day, and those on which and after which something is due or happens."""
    dues = [each.due for each in schedule(rules, dates.events, on, calendar, policy)]
    whens = [when for when in (*dues, *dates.events.values()) if isinstance(when, PartialDate)]
    return {on}.union(*({each.start, each.end, each.end + 1} for each in whens))


def test_figures_are_numbers() -> None:
    """A last day is a pair of ordinals, and the days late are counted from least to most."""
    facts = {"force": "kent", "inspection_report": {"published": "2018-06"}, "prospects": "unknown"}
    follow_up = FollowUp.from_dict({**facts, "fieldwork": {"begins": "2019-02-01"}})
    first, last = PartialDate.read("2018-12-01").start, PartialDate.read("2018-12-30").start
    begins = PartialDate.read("2019-02-01").start
    assert assess(follow_up, on="2019-03-01").figures["deadline.revisit"] == Figures(
        (first, last), Status.LATE, (begins - last, begins - first)
    )


@pytest.mark.parametrize("readings", READINGS)
def test_a_plan_does_not_depend_on_what_was_asked_before(readings: dict[str, str]) -> None:
    """A ruleset that has answered other cases before gives the same plan as one newly loaded."""
    facts = {"force": "gwent", "inspection_report": {"published": "2018-06-28"}}
    asked, fresh = load_ruleset(), load_ruleset()
    for word in RULES.facts["prospects"].words:
        follow_up = FollowUp.from_dict({**facts, "prospects": word})
        for each in ({}, *READINGS):
            assess(follow_up, on="2019-01-15", ruleset=asked, readings=each)
    follow_up = FollowUp.from_dict({**facts, "prospects": "some-concerns"})
    plan = assess(follow_up, on="2019-01-15", ruleset=asked, readings=readings)
    assert plan == assess(follow_up, on="2019-01-15", ruleset=fresh, readings=readings)


def test_a_last_day_moves_where_the_reading_says_so() -> None:
    """A last day on a Sunday is told as the working day before it, where the reading moves it."""
    report = {"published": "2022-08-05", "findings": "broadly-positive"}
    follow_up = FollowUp.from_dict(
        {
            "force": "kent",
            "inspection_report": report,
            "prospects": "no-concerns",
            "fieldwork": {"begins": "2023-02-04"},
        }
    )
    friday, sunday = (PartialDate.read(day).start for day in ("2023-02-03", "2023-02-05"))
    moved = assess(
        follow_up, on="2023-03-01", readings={"R8": "moves-to-the-working-day-before"}
    ).figures
    assert moved["deadline.revisit"] == Figures((friday, friday), Status.LATE, (1, 1))
    stands = assess(follow_up, on="2023-03-01").figures
    assert stands["deadline.revisit"] == Figures((sunday, sunday), Status.MET, None)
