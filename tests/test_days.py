"""Due dates of plans, tables and queries, beside those that are counted out day by day."""

from __future__ import annotations

import datetime
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import holidays
import pytest

pyarrow = pytest.importorskip("pyarrow", reason="sweeps need the extra 'columns'")
pytest.importorskip("ibis", reason="sweeps by a database need the extra 'scale'")

from ncpi_rules.batch import ibis, sweep
from ncpi_rules.core import NOT_YET, DueDatePolicy, Modality, PartialDate
from ncpi_rules.deadlines import schedule
from ncpi_rules.facts import FollowUp
from ncpi_rules.plan import assess
from ncpi_rules.ruleset import DeadlineRule, Timing, load_ruleset, patch
from tests.counted_out import ENGLAND, ONE_DAY, counted_out, is_worked, moved

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ncpi_rules.ruleset import Ruleset

LOANS: Final = load_ruleset(Path(__file__).parent / "rulesets" / "library-loans")
IN_ENGLAND: Final = {"days_off": {"country": "GB", "subdivision": "ENG", "extra": None}}
SOME: Final = 11
SOME_SATURDAY: Final = datetime.date(2021, 10, 9)
FIRST: Final = datetime.date(2019, 10, 1)
LAST: Final = datetime.date(2024, 4, 30)


# The library


def days() -> Iterator[datetime.date]:
    """Yield every day from which the deadlines are counted."""
    day = FIRST
    while day <= LAST:
        yield day
        day += ONE_DAY


def with_limit(limit: dict[str, Any], **settings: Any) -> Ruleset:
    """Return the rules of the library of books, with another limit for the return of a book."""
    changes = {
        "due-date-not-working": settings.pop("due_date_not_working", "stands"),
        "settings": {**IN_ENGLAND, **settings},
        "deadline.return": {"within": None, **limit},
    }
    return patch(LOANS, changes)


def assessed(ruleset: Ruleset, day: datetime.date) -> datetime.date | None:
    """Return the due date in the plan of one loan."""
    events = {"item-lent": day.isoformat()}
    follow_up = FollowUp.from_dict({"force": "kent", "further": {"events": events}})
    plan = assess(follow_up, on=day, ruleset=ruleset)
    (due,) = (deadline.due for deadline in plan.deadlines if deadline.id == "deadline.return")
    return None if due is None else datetime.date.fromordinal(due.start)


def swept(ruleset: Ruleset, *, by_database: bool) -> list[datetime.date]:
    """Return the due dates of a table that has a loan on every day."""
    every = list(days())
    table = pyarrow.table({"id": list(range(len(every))), "item-lent": every})
    only = ["item-returned.due"]
    if by_database:
        query = ibis.sweep(table, on=LAST, row_id="id", ruleset=ruleset, only=only)
        rows = query.order_by("id").to_pyarrow()
    else:
        rows = sweep(table.drop(["id"]), on=LAST, ruleset=ruleset, only=only)
    return rows[only[0]].to_pylist()  # type: ignore[no-any-return]


def assert_counted(ruleset: Ruleset, oracle: Callable[[datetime.date], datetime.date]) -> None:
    """Compare tables and queries with the oracle for a loan on every day, and plans for some."""
    wanted = {day: oracle(day) for day in days()}
    for by_database in (False, True):
        assert dict(zip(wanted, swept(ruleset, by_database=by_database), strict=True)) == wanted
    some = list(wanted)[::SOME]
    assert {day: assessed(ruleset, day) for day in some} == {day: wanted[day] for day in some}


PERIODS: Final = (
    *(f"{count} {unit}" for count in (1, 20) for unit in ("days", "weeks", "months")),
    "6 months",
    "11 months",
    *(f"{count} working days" for count in (1, 2, 5, 20)),
)


@pytest.mark.parametrize("period", PERIODS)
@pytest.mark.parametrize("relation", ["after", "beginning with"])
def test_a_period_ends_where_it_is_counted_out_to(period: str, relation: str) -> None:
    """Whatever day it is counted from, a period ends where somebody with a calendar ends."""
    timing = f"{period} {relation} item-lent"
    assert_counted(with_limit({"within": timing}), lambda day: counted_out(timing, day))


@pytest.mark.parametrize("period", ["1 day", "3 weeks", "1 working days", "10 working days"])
def test_a_period_is_counted_back(period: str) -> None:
    """What must be done so long before an event is due where a count backwards ends."""
    timing = f"{period} before item-lent"
    assert_counted(with_limit({"at_least": timing}), lambda day: counted_out(timing, day))


@pytest.mark.parametrize(
    ("timing", "start", "due"),
    [
        ("5 working days", "2023-03-06", "2023-03-10"),  # a Monday
        ("1 working day", "2023-03-03", "2023-03-03"),  # a Friday
        ("5 working days", "2023-03-04", "2023-03-10"),  # a Saturday: Monday is the first day
        ("20 working days", "2022-12-30", "2023-01-27"),  # the new year is off on 2 January
        ("1 working day", "2023-04-07", "2023-04-11"),  # Good Friday: Tuesday is the first day
        ("56 days", "2018-06-28", "2018-08-22"),
        ("1 month", "2023-01-15", "2023-02-14"),
        ("1 month", "2023-03-01", "2023-03-31"),
        ("1 month", "2023-01-28", "2023-02-27"),
        *(("1 month", f"2023-01-{day}", "2023-02-28") for day in (29, 30, 31)),
        ("1 month", "2024-01-29", "2024-02-28"),
        *(("1 month", f"2024-01-{day}", "2024-02-29") for day in (30, 31)),
        ("6 months", "2018-06-28", "2018-12-27"),
        ("6 months", "2019-08-31", "2020-02-29"),
        ("12 months", "2024-02-29", "2025-02-28"),
    ],
)
def test_a_period_that_begins_with_a_day(timing: str, start: str, due: str) -> None:
    """The day counts as the first, or the first day after it on which people work."""
    ruleset = with_limit({"within": f"{timing} beginning with item-lent"})
    day = datetime.date.fromisoformat(start)
    assert assessed(ruleset, day) == datetime.date.fromisoformat(due)
    assert counted_out(f"{timing} beginning with item-lent", day) == datetime.date.fromisoformat(
        due
    )


@pytest.mark.parametrize("period", ["3 days", "2 weeks", "1 month", "5 working days"])
def test_a_least_distance_that_begins_with_a_day(period: str) -> None:
    """What must not be done within a period that begins with a day may be done the day after it."""
    timing = f"{period} beginning with item-lent"
    ruleset = with_limit({"at_least": timing})
    (bound,) = ruleset.rules["deadline.return"].bounds  # type: ignore[attr-defined]
    for day in days():
        first = counted_out(timing, day) + ONE_DAY
        assert bound.moved(day.toordinal()) == first.toordinal()
        for target in (first, first - ONE_DAY):  # and back again
            latest = bound.latest_anchor(target.toordinal())
            assert bound.moved(latest) <= target.toordinal()
            assert bound.moved(latest + 1) > target.toordinal()


@pytest.mark.parametrize(
    "policy", ["moves-to-the-working-day-before", "moves-to-the-next-working-day"]
)
@pytest.mark.parametrize("period", ["6 months after", "3 weeks beginning with", "1 day before"])
def test_a_due_date_moves_to_a_working_day(policy: str, period: str) -> None:
    """A due date that is not a working day is the nearest one before it, or after it."""
    timing = f"{period} item-lent"
    limit = {"at_least" if "before" in timing else "within": timing}
    ruleset = with_limit(limit, due_date_not_working=policy)
    assert_counted(ruleset, lambda day: moved(counted_out(timing, day), policy))


@pytest.mark.parametrize("policy", DueDatePolicy)
@pytest.mark.parametrize("timing", ["5 working days after item-due", "1 month after item-due"])
def test_a_due_date_that_moves_leaves_a_window(policy: DueDatePolicy, timing: str) -> None:
    """An item may fall due on the days from which a reminder, not possible earlier, is in time."""
    shared: dict[str, Any] = {"title": "t", "by": "b", "modality": Modality.MUST, "statements": ()}
    rules = [
        DeadlineRule(id="due", event="item-due", no_later_than="fee-settled", **shared),
        DeadlineRule(
            id="reminder",
            event="reminder-sent",
            within=Timing.from_text(timing),
            no_earlier_than="item-returned",
            **shared,
        ),
    ]
    on, paid = datetime.date(2023, 3, 1), datetime.date(2023, 7, 3)  # a Monday
    for returned in range(datetime.date(2023, 4, 1).toordinal(), paid.toordinal()):
        dates = {"item-returned": returned, "fee-settled": paid.toordinal()}
        events = {name: PartialDate.between(day, day) for name, day in dates.items()}
        deadlines = schedule(rules, {**events, "reminder-sent": NOT_YET}, on.toordinal(), policy)
        possible = []
        for item_due in range(on.toordinal(), paid.toordinal() + 1):
            start = datetime.date.fromordinal(item_due)
            if moved(counted_out(timing, start), policy.value).toordinal() >= returned:
                possible.append(item_due)
        window = deadlines[0].window
        assert window is not None
        assert (window.start, window.end) == (possible[0], possible[-1])


EASTER: Final = (
    "22 April 2019 is Easter Monday, 21 April 2019 is a Sunday, 20 April 2019 is a Saturday and "
    "19 April 2019 is Good Friday, so the due date moves to 18 April 2019."
)
CHRISTMAS: Final = (
    "25 December 2018 is Christmas Day and 26 December 2018 is Boxing Day, so the due date moves "
    "to 27 December 2018."
)
LEFT_OUT: Final = (
    "Left out of the count: 7 April 2023 is Good Friday and 10 April 2023 is Easter Monday."
)
CLOSED: Final = (
    "Left out of the count: 1 June 2023 is a day off that the ruleset adds, 2 June 2023 is a day "
    "off that the ruleset adds, 5 June 2023 is a day off that the ruleset adds, 6 June 2023 is a "
    "day off that the ruleset adds and 7 June 2023 is a day off that the ruleset adds, with 17 "
    "more days off."
)


@pytest.mark.parametrize(
    ("limit", "settings", "lent", "says"),
    [
        ("6 months after", {}, "2023-02-28", ["28 August 2023 is the summer bank holiday."]),
        ("6 months after", {}, "2022-08-05", ["5 February 2023 is a Sunday."]),
        ("6 months after", {}, "2022-08-06", []),
        (
            "6 months after",
            {"due_date_not_working": "moves-to-the-working-day-before"},
            "2018-10-22",
            [EASTER],
        ),
        (
            "6 months after",
            {"due_date_not_working": "moves-to-the-next-working-day"},
            "2018-06-25",
            [CHRISTMAS],
        ),
        (
            "5 working days beginning with",
            {},
            "2023-04-07",
            [LEFT_OUT],
        ),
        ("5 working days after", {}, "2023-04-10", []),
        (
            "2 working days after",
            {"days_off": {"subdivision": "ENG", "extra": ["2023-06-01/2023-06-30"]}},
            "2023-05-31",
            [CLOSED],
        ),
        ("6 months after", {}, "2023-02", []),
    ],
)
def test_why_names_the_days_off(
    limit: str, settings: dict[str, Any], lent: str, says: list[str]
) -> None:
    """A due date on a day off has its name, as has each day that moved it or was left out."""
    ruleset = with_limit({"within": f"{limit} item-lent"}, **settings)
    facts = {"force": "kent", "further": {"events": {"item-lent": lent}}}
    plan = assess(FollowUp.from_dict(facts), on="2023-01-31", ruleset=ruleset)
    status = next(
        deadline.status_sentences for deadline in plan.deadlines if deadline.id == "deadline.return"
    )
    rest = plan.why("deadline.return")[1 + len(status) :]
    assert list(takewhile(lambda text: not text.startswith("This applies"), rest)) == says


SCOTLAND: Final = holidays.country_holidays("GB", subdiv="SCT", years=range(2018, 2028))
IRELAND: Final = holidays.country_holidays("GB", subdiv="NIR", years=range(2018, 2028))
ADDED: Final = [datetime.date(2023, 5, 2), datetime.date(2022, 12, 29), datetime.date(2022, 12, 30)]
TAKEN_BACK: Final = [datetime.date(2023, 4, 7), datetime.date(2022, 12, 31), SOME_SATURDAY]


@pytest.mark.parametrize(
    ("days_off", "is_off"),
    [
        ({"subdivision": "SCT", "extra": None}, lambda day: day in SCOTLAND),
        (
            {"subdivision": ["ENG", "SCT", "NIR"], "extra": None},
            lambda day: day in ENGLAND or day in SCOTLAND or day in IRELAND,
        ),
        (
            {
                "subdivision": ["ENG"],
                "extra": ["2023-05-02", "2022-12-29/2022-12-30"],
                "worked": ["2023-04-07", "2022-12-31", SOME_SATURDAY.isoformat()],
            },
            lambda day: day in ENGLAND or day in ADDED,
        ),
    ],
)
@pytest.mark.parametrize("timing", ["7 working days after item-lent", "1 month after item-lent"])
def test_days_off_are_those_of_the_calendar(
    days_off: dict[str, Any], is_off: Callable[[datetime.date], bool], timing: str
) -> None:
    """Days off are those of all nations together, and those added, without those taken back."""

    def is_worked_there(day: datetime.date) -> bool:
        if day in TAKEN_BACK and "worked" in days_off:
            return True
        return day.strftime("%A") not in {"Saturday", "Sunday"} and not is_off(day)

    policy = "moves-to-the-working-day-before"
    limit, calendar = {"within": timing}, {"days_off": {"country": "GB", **days_off}}
    assert_counted(
        with_limit(limit, due_date_not_working=policy, **calendar),
        lambda day: moved(counted_out(timing, day, is_worked_there), policy, is_worked_there),
    )


CALENDARS: Final = {"scotland": {"subdivision": "SCT"}, "both": {"subdivision": ["ENG", "SCT"]}}


@pytest.mark.parametrize("policy", DueDatePolicy)
@pytest.mark.parametrize(
    "limit", [{"within": "9 working days after item-lent"}, {"within": "1 month after item-lent"}]
)
def test_a_deadline_has_its_own_calendar(policy: DueDatePolicy, limit: dict[str, str]) -> None:
    """It is counted on the calendar that it names; another on the same event keeps its own."""
    ruleset = with_limit(
        {**limit, "calendar": "scotland"}, calendars=CALENDARS, due_date_not_working=policy.value
    )
    timing = limit["within"]

    def due(day: datetime.date, is_worked: Callable[[datetime.date], bool]) -> datetime.date:
        return moved(counted_out(timing, day, is_worked), policy.value, is_worked)

    def is_worked_in_scotland(day: datetime.date) -> bool:
        return day.strftime("%A") not in {"Saturday", "Sunday"} and day not in SCOTLAND

    assert_counted(ruleset, lambda day: due(day, is_worked_in_scotland))
    also: dict[str, Any] = {
        "decides": "deadlines",
        **limit,
        "title": "It comes back",
        "by": "library",
    }
    also |= {"event": "item-returned", "modality": "must", "statements": ["loan.1"]}
    both = patch(ruleset, {"deadline.also": also})
    wanted = [min(due(day, is_worked_in_scotland), due(day, is_worked)) for day in days()]
    for by_database in (False, True):
        assert swept(both, by_database=by_database) == wanted


def test_a_partial_date_gives_the_due_dates_of_its_days() -> None:
    """A period that begins in a month ends in a span of days, one for each of the month."""
    ruleset = with_limit({"within": "1 month beginning with item-lent"})
    events = {"item-lent": "2023-01"}
    follow_up = FollowUp.from_dict({"force": "kent", "further": {"events": events}})
    plan = assess(follow_up, on="2023-01-31", ruleset=ruleset)
    (due,) = (deadline.due for deadline in plan.deadlines if deadline.id == "deadline.return")
    assert due == PartialDate.read("2023-01-31/2023-02-28")
