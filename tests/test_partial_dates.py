"""Partial dates in EDTF, UNKNOWN and NOT_YET: what is read, what it spans, what is refused."""

from __future__ import annotations

import datetime
from calendar import monthrange
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ncpi_rules.core import (
    NOT_YET,
    UNKNOWN,
    Contract,
    DateError,
    FactsError,
    PartialDate,
    read_day,
    read_when,
)
from ncpi_rules.facts import Fieldwork, FollowUp, InspectionReport, name_facts
from ncpi_rules.plan import assess
from tests.strategies import DAYS, partial_dates, whens

if TYPE_CHECKING:
    from ncpi_rules.core import When


def follow_up(**facts: Any) -> FollowUp:
    """Return the follow-up that plain facts describe."""
    return FollowUp.from_dict({"force": "kent", **facts})


@given(DAYS)
def test_every_day_is_accepted(day: datetime.date) -> None:
    """Any date of Python is a fact, and the same fact as its text."""
    date = PartialDate.read(day)
    assert [date.start, date.end] == [day.toordinal()] * 2
    assert [date.first, date.last, read_day(day)] == [day] * 3
    report = InspectionReport(published=day)
    assert report == InspectionReport(published=day.isoformat())
    assert report == InspectionReport(published=date)
    assert follow_up(inspection_report={"published": day}).inspection_report == report


@given(partial_dates(), partial_dates())
def test_dates_compare_by_what_is_certain(date: PartialDate, other: PartialDate) -> None:
    """One date is before another where each of its days is before each day of the other."""
    first, last = (date.start, date.end), (other.start, other.end)
    assert (date < other) is all(a < b for a in first for b in last)
    assert (date <= other) is all(a <= b for a in first for b in last)
    assert (date > other) is (other < date)
    assert (date >= other) is (other <= date)
    assert (date == other) is (date.edtf == other.edtf)
    assert date != other or hash(date) == hash(other)
    assert f"{date}" == date.edtf


@given(partial_dates(), DAYS)
def test_a_date_compares_with_those_of_python(date: PartialDate, day: datetime.date) -> None:
    """A partial date compares with any date as it does with the partial date of that day."""
    same = PartialDate.read(day)
    assert same == day
    assert day == same
    assert hash(same) == hash(day)
    assert f"{same:%d %B %Y}" == f"{day:%d %B %Y}"
    assert [date < day, date <= day, date > day, date >= day, date == day] == [
        date < same, date <= same, date > same, date >= same, date == same,
    ]  # fmt: skip
    assert [day > date, day >= date] == [date < day, date <= day]
    assert same != datetime.datetime.combine(day, datetime.time.min)
    assert same != "2018-06-28"


class Holiday(datetime.date):
    """A kind of date that somebody else has made."""


def test_other_peoples_dates_are_accepted() -> None:
    """What is a ``datetime.date`` by inheritance is one."""
    assert PartialDate.read(Holiday(2018, 6, 28)) == PartialDate.read("2018-06-28")


@given(st.datetimes(datetime.datetime(1900, 1, 1), datetime.datetime(2199, 12, 31)))  # noqa: DTZ001  days without a zone
def test_a_time_of_day_is_refused(moment: datetime.datetime) -> None:
    """A date with a clock in it is refused, even at midnight, wherever it is given."""
    for zone in (None, datetime.UTC):
        given_moment = moment.replace(tzinfo=zone)
        for read in (PartialDate.read, read_when, read_day):
            with pytest.raises(DateError, match="time of day"):
                read(given_moment)
        with pytest.raises(DateError, match="time of day"):
            InspectionReport(published=given_moment)
        with pytest.raises(FactsError) as caught:
            follow_up(inspection_report={"published": given_moment})
        assert [problem.place for problem in caught.value.problems] == [
            "inspection_report.published"
        ]


@given(partial_dates())
def test_partial_dates_are_written_as_they_were_read(date: PartialDate) -> None:
    """EDTF comes back letter by letter, from the date itself and from a follow-up."""
    assert str(date) == date.edtf
    assert PartialDate.read(date.edtf) == date
    assert PartialDate.read(date) is date
    plain = {"force": "kent", "inspection_report": {"published": date.edtf}}
    assert FollowUp.from_dict(plain).to_dict() == plain


def bounds(text: str) -> tuple[int, int]:
    """Return the first and the last day of a day, a month or a year, worked out anew."""
    year, month, day = (int(part) for part in (*text.split("-"), "0", "0")[:3])
    last_month = month or 12
    first = datetime.date(year, month or 1, day or 1)
    last = datetime.date(year, last_month, day or monthrange(year, last_month)[1])
    return first.toordinal(), last.toordinal()


@given(partial_dates())
def test_a_partial_date_spans_the_days_that_it_may_be(date: PartialDate) -> None:
    """It runs from the first day of its first part to the last day of its last part."""
    parts = [bounds(part) for part in date.edtf.split("/")]
    assert (date.start, date.end) == (parts[0][0], parts[-1][1])
    assert date.start <= date.end
    assert date.is_day == (date.start == date.end)


@given(DAYS, st.data())
def test_partial_dates_of_a_day_may_be_that_day(day: datetime.date, data: st.DataObject) -> None:
    """The tests' own partial dates hold the day that they were drawn for."""
    when = data.draw(whens(of=day))
    if isinstance(when, PartialDate):
        assert when.start <= day.toordinal() <= when.end


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2018-06-28", "2018-06-28", "2018-06-28"),
        ("2018-06", "2018-06-01", "2018-06-30"),
        ("2016-02", "2016-02-01", "2016-02-29"),
        ("2018-12", "2018-12-01", "2018-12-31"),
        ("2018", "2018-01-01", "2018-12-31"),
        ("2015-02-10/2015-02-11", "2015-02-10", "2015-02-11"),
        ("2018-06-28/2018-06-28", "2018-06-28", "2018-06-28"),
        ("2018-11/2019-02", "2018-11-01", "2019-02-28"),
        ("2018-06/2018-07-15", "2018-06-01", "2018-07-15"),
        ("1900", "1900-01-01", "1900-12-31"),
        ("2199-12", "2199-12-01", "2199-12-31"),
    ],
)
def test_a_day_a_month_a_year_and_an_interval(text: str, start: str, end: str) -> None:
    """Each form of EDTF level 0 is read as the days between its bounds."""
    date = PartialDate.read(text)
    assert (date.first.isoformat(), date.last.isoformat()) == (start, end)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("2018-06-28", "28 June 2018"),
        ("2018-06-28/2018-06-28", "28 June 2018"),
        ("2018-06", "June 2018"),
        ("2018-12", "December 2018"),
        ("2018-02-01/2018-02-28", "February 2018"),
        ("2018-02-01/2018-02-27", "between 1 February 2018 and 27 February 2018"),
        ("2018-02-02/2018-02-28", "between 2 February 2018 and 28 February 2018"),
        ("2018", "2018"),
        ("2018-01/2018-12", "2018"),
        ("2018-01/2018-11", "between 1 January 2018 and 30 November 2018"),
        ("2018-02/2018-12", "between 1 February 2018 and 31 December 2018"),
        ("2018/2019", "between 1 January 2018 and 31 December 2019"),
        ("2018-06/2019-06", "between 1 June 2018 and 30 June 2019"),
    ],
)
def test_a_partial_date_is_said_as_an_officer_reads_it(text: str, says: str) -> None:
    """A whole month and a whole year have names; any other span has its first and last day."""
    assert PartialDate.read(text).text == says


@pytest.mark.parametrize(
    "text",
    [
        "",
        "now",
        "today",
        "28 June 2018",
        "28/06/2018",
        "2018-6-28",
        "2018-06-28T00:00:00",
        "2018-02-30",
        "2019-02-29",
        "2018-13",
        "2018-00",
        "2018-06-00",
        "18",
        "20180628",
        "2018-06-28/",
        "/2018-06-28",
        "2018-06-28/2018-06-27",
        "2018-07/2018-06",
        "2018/2018-06",
        "2018-06-28/2018-06-29/2018-06-30",
        "2018-06~",
        "2018-06-28?",
        "201X",
        "2018-21",
        "1899",
        "2200-01-01",
        "٢٠١٨",
    ],
)
def test_what_is_no_partial_date_is_refused(text: str) -> None:
    """Nothing is guessed: other forms, days that do not exist and intervals turned round."""
    with pytest.raises(DateError) as caught:
        PartialDate.read(text)
    assert all(problem.message and problem.help for problem in caught.value.problems)
    with pytest.raises(FactsError) as in_facts:
        follow_up(fieldwork={"begins": text or "?"})
    assert [problem.place for problem in in_facts.value.problems] == ["fieldwork.begins"]


@pytest.mark.parametrize("value", [2018, 2018.5, True, None, [], b"2018"])
def test_what_is_no_text_is_no_date(value: object) -> None:
    """From Python, a date is a date or a text."""
    with pytest.raises(DateError):
        PartialDate.read(value)  # type: ignore[arg-type]


# A vocabulary of one event, which rules may test.
BEGINS = Contract(
    facts={"revisit-begins": "fieldwork.begins"},
    events={"revisit-begins": "fieldwork.begins"},
    order=(),
)


def test_unknown_and_not_yet_are_two_things() -> None:
    """UNKNOWN is what is left out; NOT_YET is said, kept and written; neither is a date."""
    assert (read_when("unknown"), read_when("not-yet")) == (UNKNOWN, NOT_YET)
    silent, unknown = follow_up(), follow_up(fieldwork={"begins": "unknown"})
    not_yet = follow_up(fieldwork={"begins": "not-yet"})
    assert silent == unknown
    assert not_yet != unknown
    assert (silent.fieldwork.begins, not_yet.fieldwork.begins) == (UNKNOWN, NOT_YET)
    assert unknown.to_dict() == {"force": "kent"}
    assert not_yet.to_dict() == {"force": "kent", "fieldwork": {"begins": "not-yet"}}
    day = datetime.date(2020, 1, 1).toordinal()
    assert name_facts(unknown, BEGINS).on(day) == (UNKNOWN,)
    assert name_facts(not_yet, BEGINS).on(day) == ("not-yet",)


@given(whens(), DAYS)
def test_an_event_has_happened_only_where_that_is_certain(when: When, day: datetime.date) -> None:
    """A date that may lie on either side of the day gives unknown, never yes or no."""
    facts = FollowUp(force="kent", fieldwork=Fieldwork(begins=when))
    (value,) = name_facts(facts, BEGINS).on(day.toordinal())
    if when is UNKNOWN:
        assert value is UNKNOWN
    elif when is NOT_YET:
        assert value == "not-yet"
    else:
        possible = {
            "happened" if exact <= day.toordinal() else "not-yet"
            for exact in (when.start, when.end)
        }
        assert value == (possible.pop() if len(possible) == 1 else UNKNOWN)


VISIT: dict[str, Any] = {
    "decision": "tier-chosen",
    "value": "post-inspection-visit",
    "by": "HMICFRS",
    "on": "unknown",
    "why": "unknown",
}


@pytest.mark.parametrize(
    ("begins", "ends", "feedback", "on", "says"),
    [
        # It began on 14 March at the latest, since it ended then.
        ("2022-03", "2022-03-14", "2022-03-14", "2022-06-01", ("met", "Done 14 March 2022")),
        # It ended on 10 July at the earliest, since it began no sooner.
        (
            "2016-07-10/2016-07-27",
            "2016-07",
            "not-yet",
            "2016-08-29",
            ("overdue", "29 to 50 days overdue"),
        ),
        # Whichever days of March they are, feedback is not given before the visit begins.
        ("2022-03", "2022-04", "2022-03", "2022-06-01", ("met", "Done March 2022")),
        (
            "2022-03",
            "2022-03",
            "2022-03",
            "2022-06-01",
            ("cannot-tell", "On time, or up to 30 days late"),
        ),
    ],
)
def test_dates_narrow_each_other(
    begins: str, ends: str, feedback: str, on: str, says: tuple[str, str]
) -> None:
    """A status and a range are those of all days that are possible together."""
    facts = follow_up(
        decisions=[VISIT],
        fieldwork={"begins": begins, "ends": ends},
        feedback={"given": feedback},
    )
    (deadline,) = (
        deadline
        for deadline in assess(facts, on=on).deadlines
        if deadline.event == "feedback-given"
    )
    assert (deadline.status.value, deadline.status_line) == says


@pytest.mark.parametrize("text", ["December 2018", "today", "2018", "2018-12", ""])
def test_what_is_no_day_is_told_how_a_day_is_written(text: str) -> None:
    """Where one day is asked for, nothing says that a month would do."""
    with pytest.raises(DateError) as fault:
        read_day(text)
    assert [problem.help for problem in fault.value.problems] == ["Write a day as 2018-06-28."]
