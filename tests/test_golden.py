"""Golden dates, worked by hand, and the rules by which days are counted."""

from __future__ import annotations

import datetime
from calendar import monthrange
from typing import TYPE_CHECKING

import pytest

from ncpi_rules.core import (
    Calendar,
    DateError,
    Modality,
    PartialDate,
    Period,
    Status,
    day_of,
    earliest_reaching,
    shift,
)
from ncpi_rules.deadlines import schedule
from ncpi_rules.facts import FollowUp
from ncpi_rules.plan import assess
from ncpi_rules.ruleset import DeadlineRule, Timing, shipped_ruleset

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ncpi_rules.deadlines import Deadline

# published, six weeks later, six months later
GOLDEN = [
    ("2014-08-29", "2014-10-10", "2015-02-28"),
    ("2018-06-28", "2018-08-09", "2018-12-28"),
    ("2018-08-30", "2018-10-11", "2019-02-28"),
    ("2019-08-29", "2019-10-10", "2020-02-29"),
    ("2019-08-30", "2019-10-11", "2020-02-29"),
    ("2019-08-31", "2019-10-12", "2020-02-29"),
    ("2022-08-05", "2022-09-16", "2023-02-05"),
]

MOVED_BACK = {"R8": "moves-to-the-working-day-before"}
MOVED_ON = {"R8": "moves-to-the-next-working-day"}


def ordinal(day: str) -> int:
    """Return the ordinal of a day."""
    return datetime.date.fromisoformat(day).toordinal()


def published(day: str, **more: Mapping[str, object]) -> FollowUp:
    """Return a follow-up of which little more is known than when the report was published."""
    return FollowUp.from_dict({"force": "norfolk", "inspection_report": {"published": day}, **more})


def deadline(
    follow_up: FollowUp, id_: str, *, on: str, interpretations: Mapping[str, str] | None = None
) -> Deadline:
    """Return one deadline of the shipped ruleset, on a day."""
    plan = assess(follow_up, on=on, interpretations=interpretations)
    return next(deadline for deadline in plan.schedule if deadline.id == id_)


def alone(timing: str, *, anchor: str, actual: str, calendar: Calendar | None = None) -> Deadline:
    """Return where a deadline stands that is the only one, on the day on which it happened."""
    rule = DeadlineRule(
        id="reply",
        title="A reply comes in time",
        by="shop",
        event="reply-sent",
        within=Timing.from_text(timing),
        modality=Modality.MUST,
        statements=("code.1",),
        working_days=calendar or Calendar(),
    )
    events = {"letter-received": PartialDate.read(anchor), "reply-sent": PartialDate.read(actual)}
    return schedule([rule], events, ordinal(actual))[0]


# --- golden cases ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("report", "six_weeks", "six_months"), GOLDEN)
def test_golden_cases(report: str, six_weeks: str, six_months: str) -> None:
    """The action plan falls due in six weeks and the revisit in six months, as worked by hand."""
    follow_up = published(report)
    assert deadline(follow_up, "deadline.action-plan", on=report).due == PartialDate.read(six_weeks)
    assert deadline(follow_up, "deadline.revisit", on=report).due == PartialDate.read(six_months)


@pytest.mark.parametrize(("report", "_", "six_months"), GOLDEN)
def test_a_full_re_inspection_has_the_same_ceiling(report: str, _: str, six_months: str) -> None:
    """The six months of a full re-inspection end on the same day."""
    decision = {"decision": "full-reinspection", "by": "HMICFRS", "on": report, "why": "unknown"}
    follow_up = FollowUp.from_dict(
        {"force": "kent", "inspection_report": {"published": report}, "decisions": [decision]}
    )
    revisit = deadline(follow_up, "deadline.revisit", on=report)
    assert revisit.due == PartialDate.read(six_months)


def test_three_weeks_are_counted_from_the_last_day_of_a_review() -> None:
    """Written feedback is due three weeks after the visit ends, or begins where that is asked."""
    follow_up = published(
        "2018-06-28",
        prospects={"judgement": "some-concerns"},
        fieldwork={"begins": "2018-11-05", "ends": "2018-11-09"},
    )
    letter = "deadline.write-to-chief-officer"
    assert deadline(follow_up, letter, on="2018-11-10").due == PartialDate.read("2018-11-30")
    first = deadline(
        follow_up,
        letter,
        on="2018-11-10",
        interpretations={"R6": "from-the-first-day"},
    )
    assert first.due == PartialDate.read("2018-11-26")


# --- how days are counted -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("timing", "anchor", "last"),
    [
        ("6 months after letter-received", "2018-08-30", "2019-02-28"),
        ("6 months after letter-received", "2018-12-31", "2019-06-30"),
        ("6 months after letter-received", "2019-02-28", "2019-08-28"),
        ("1 month after letter-received", "2020-01-31", "2020-02-29"),
        ("6 weeks after letter-received", "2019-12-01", "2020-01-12"),
        ("3 weeks after letter-received", "2020-02-10", "2020-03-02"),
        ("56 days after letter-received", "2018-06-28", "2018-08-23"),
        ("56 days beginning with letter-received", "2018-06-28", "2018-08-22"),
        ("8 weeks beginning with letter-received", "2018-06-28", "2018-08-22"),
        ("1 day beginning with letter-received", "2018-06-28", "2018-06-28"),
        ("6 months beginning with letter-received", "2018-06-28", "2018-12-27"),
        ("10 working days after letter-received", "2018-12-17", "2019-01-03"),
    ],
)
def test_the_due_date_is_itself_in_time(timing: str, anchor: str, last: str) -> None:
    """On its due date a thing is in time; on the next day it is late by one day."""
    day = datetime.date.fromisoformat(last)
    met = alone(timing, anchor=anchor, actual=last)
    assert (met.status, met.due, met.late_by) == (Status.MET, PartialDate.read(day), None)
    next_day = (day + datetime.timedelta(days=1)).isoformat()
    late = alone(timing, anchor=anchor, actual=next_day)
    assert (late.status, late.due, late.late_by) == (Status.LATE, PartialDate.read(day), (1, 1))


def test_weeks_and_days_are_plain_counting() -> None:
    """N weeks after D is D + 7N; N days beginning with D end on D + N - 1, whatever the month."""
    for start in range(ordinal("2019-12-01"), ordinal("2020-04-01")):
        anchor = day_of(start).isoformat()
        for count in (1, 3, 6, 8):
            counted = alone(f"{count} weeks after letter-received", anchor=anchor, actual=anchor)
            assert counted.due == PartialDate.between(start + 7 * count, start + 7 * count)
        counted = alone("56 days beginning with letter-received", anchor=anchor, actual=anchor)
        assert counted.due == PartialDate.between(start + 55, start + 55)


def test_months_run_to_the_corresponding_date() -> None:
    """N months after D is the same day of the Nth month, or the last day of that month."""
    calendar = Calendar()
    for start in range(ordinal("2014-01-01"), ordinal("2024-12-31") + 1):
        day = datetime.date.fromordinal(start)
        for count in (1, 6, 12):
            months = day.year * 12 + day.month - 1 + count
            year, month = months // 12, months % 12 + 1
            expected = datetime.date(year, month, min(day.day, monthrange(year, month)[1]))
            end = shift(start, Period.read(f"{count} months"), 1, calendar)
            assert end == expected.toordinal(), (day, count)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("6 weeks", "6 weeks"),
        ("six  Weeks", "6 weeks"),
        ("1 months", "1 month"),
        ("one day", "1 day"),
        ("10 working days", "10 working days"),
        ("1 working day", "1 working day"),
    ],
)
def test_periods_are_read_in_figures_and_in_values(text: str, says: str) -> None:
    """A period is a number and a unit, however it is written, and is said in one way."""
    assert Period.read(text).text == says
    assert Period.read(says) == Period.read(text)


@pytest.mark.parametrize("text", ["", "6", "weeks", "six years", "-6 weeks", "1.5 weeks", "a week"])
def test_what_is_no_period_is_refused(text: str) -> None:
    """Years, fractions and vague expressions are no periods."""
    with pytest.raises(DateError, match="is not a period"):
        Period.read(text)


@pytest.mark.parametrize("text", ["6 months", "1 month", "3 weeks", "56 days", "10 working days"])
@pytest.mark.parametrize("direction", [1, -1])
def test_counting_back_finds_the_first_day(text: str, direction: int) -> None:
    """The earliest day that reaches a target does, and the day before it does not."""
    period, calendar = Period.read(text), Calendar()

    def shifted(day: int) -> int:
        return shift(day, period, direction, calendar)

    for target in range(ordinal("2018-12-01"), ordinal("2020-04-01")):
        earliest = earliest_reaching(target, period, direction, calendar)
        assert shifted(earliest - 1) < target <= shifted(earliest)


# --- due dates that are not working days ----------------------------------------------------------


@pytest.mark.parametrize(
    ("report", "last", "working_day", "next_day"),
    [
        ("2022-08-05", "2023-02-05", "2023-02-03", "2023-02-06"),  # a Sunday
        ("2021-08-26", "2022-02-26", "2022-02-25", "2022-02-28"),  # a Saturday
        ("2018-06-25", "2018-12-25", "2018-12-24", "2018-12-27"),  # Christmas Day, a Tuesday
        # Boxing Day, a Saturday, after Christmas Day, with Monday off in its stead
        ("2015-06-26", "2015-12-26", "2015-12-24", "2015-12-29"),
        ("2019-10-19", "2020-04-19", "2020-04-17", "2020-04-20"),  # a Sunday
        ("2018-10-19", "2019-04-19", "2019-04-18", "2019-04-23"),  # Good Friday
        ("2018-10-22", "2019-04-22", "2019-04-18", "2019-04-23"),  # Easter Monday
        # the one bank holiday for the late Queen
        ("2022-03-19", "2022-09-19", "2022-09-16", "2022-09-20"),
    ],
)
def test_a_due_date_that_is_no_working_day_stands(
    report: str, last: str, working_day: str, next_day: str
) -> None:
    """It is flagged, not moved; by the other answers to R8 it moves back, or on."""
    follow_up = published(report, fieldwork={"begins": last})
    stands = deadline(follow_up, "deadline.revisit", on=last)
    assert (stands.due, stands.status) == (PartialDate.read(last), Status.MET)
    assert stands.working_day == ordinal(working_day)

    moved = deadline(follow_up, "deadline.revisit", on=last, interpretations=MOVED_BACK)
    days = ordinal(last) - ordinal(working_day)
    assert (moved.due, moved.status) == (PartialDate.read(working_day), Status.LATE)
    assert (moved.late_by, moved.working_day) == ((days, days), None)

    on = deadline(follow_up, "deadline.revisit", on=last, interpretations=MOVED_ON)
    assert (on.due, on.status, on.working_day) == (PartialDate.read(next_day), Status.MET, None)


def test_a_due_date_that_is_a_working_day_is_not_flagged() -> None:
    """A Friday is neither flagged nor moved, whichever way R8 is answered."""
    follow_up = published("2018-06-28", fieldwork={"begins": "2018-12-28"})
    for interpretations in ({}, MOVED_BACK, MOVED_ON):
        revisit = deadline(
            follow_up, "deadline.revisit", on="2018-12-28", interpretations=interpretations
        )
        assert revisit.due == PartialDate.read("2018-12-28")
        assert (revisit.status, revisit.working_day) == (Status.MET, None)


def test_the_plan_says_that_it_rests_on_the_interpretation_of_such_a_day() -> None:
    """R8 is among the interpretations of a plan whose due date is flagged or moved, only then."""
    sunday, friday = published("2022-08-05"), published("2018-06-28")
    for plan, rests_on_r8 in (
        (assess(sunday, on="2022-08-05"), True),
        (assess(sunday, on="2022-08-05", interpretations=MOVED_BACK), True),
        (assess(sunday, on="2022-08-05", interpretations=MOVED_ON), True),
        (assess(friday, on="2018-06-28"), False),
    ):
        assert ("R8" in {taken.id for taken in plan.interpretations}) is rests_on_r8


def test_a_day_off_that_no_list_foresees_is_given_as_data() -> None:
    """A day off among the extra ones is flagged like a bank holiday."""
    extra = Calendar(extra=frozenset({ordinal("2018-12-28"), ordinal("2018-12-27")}))
    counted = alone(
        "6 months after letter-received",
        anchor="2018-06-28",
        actual="2018-12-28",
        calendar=extra,
    )
    assert counted.working_day == ordinal("2018-12-24")


def test_england_and_wales_have_the_same_working_days() -> None:
    """The one calendar of the edition serves both countries, from 2014 to 2026."""
    settings = shipped_ruleset().settings.days_off
    england = Calendar(country=settings.country, subdivisions=settings.subdivision)
    wales = Calendar(subdivisions=("WLS",))
    days = range(ordinal("2014-01-01"), ordinal("2026-12-31") + 1)
    assert settings.subdivision == ("ENG",)
    assert [day for day in days if england.is_working(day) != wales.is_working(day)] == []
    assert sum(map(england.is_working, range(ordinal("2018-01-01"), ordinal("2019-01-01")))) == 253
