"""Working days and their names: what the library lists, beside the package ``holidays``."""

from __future__ import annotations

import datetime

import holidays
import pytest

from ncpi_rules.core import Calendar

# pinned: the years with holidays are the table itself
from ncpi_rules.core.calendar import ENGLAND_AND_WALES, HOLIDAYS


@pytest.mark.parametrize("subdivision", ["ENG", "WLS"])
def test_the_listed_holidays_are_those_of_the_package(subdivision: str) -> None:
    """Day by day, in the years that are listed and in those around them."""
    calendar = Calendar(subdivisions=(subdivision,))
    years = range(min(ENGLAND_AND_WALES) - 1, max(ENGLAND_AND_WALES) + 2)
    assert set(ENGLAND_AND_WALES) == set(years[1:-1])
    named = holidays.country_holidays("GB", subdiv=subdivision, years=years)
    day = datetime.date(years[0], 1, 1)
    while day.year <= years[-1]:
        assert calendar.is_working(day.toordinal()) is (day.weekday() < 5 and day not in named), day
        day += datetime.timedelta(days=1)


PACKAGE_NAMES = {
    "n": "New Year's Day",
    "g": "Good Friday",
    "e": "Easter Monday",
    "m": "May Day",
    "s": "Spring Bank Holiday",
    "a": "Late Summer Bank Holiday",
    "c": "Christmas Day",
    "b": "Boxing Day",
    "j": "Platinum Jubilee of Elizabeth II",
    "f": "State Funeral of Queen Elizabeth II",
    "k": "Coronation of Charles III",
}


def test_the_listed_holidays_have_their_names() -> None:
    """Each is what the package calls it, as an officer would."""
    calendar, years = Calendar(), sorted(ENGLAND_AND_WALES)
    assert PACKAGE_NAMES.keys() == HOLIDAYS.keys()
    ours = {theirs: HOLIDAYS[letter] for letter, theirs in PACKAGE_NAMES.items()}
    named = holidays.country_holidays("GB", subdiv="ENG", years=range(years[0], years[-1] + 1))
    for day, theirs in named.items():
        name = ours[theirs.removesuffix(" (observed)")]
        substitute = "the substitute day for " if theirs.endswith(" (observed)") else ""
        assert calendar.describe_day_off(day.toordinal()) == substitute + name


@pytest.mark.parametrize(
    ("day", "is_"),
    [
        ("2023-08-28", "the summer bank holiday"),
        ("2022-09-19", "the bank holiday for the funeral of Queen Elizabeth II"),
        ("2020-12-28", "the substitute day for Boxing Day"),
        ("2016-12-25", "Christmas Day"),  # a Sunday
        ("2023-02-04", "a Saturday"),
        ("2023-02-05", "a Sunday"),
        ("2023-02-06", ""),
        ("2023-02-07", "a day off that the ruleset adds"),
        ("2023-04-07", ""),  # Good Friday, taken back
        ("2023-11-30", "a public holiday (Saint Andrew's Day)"),  # in Scotland alone
        ("2030-08-26", "a public holiday (Late Summer Bank Holiday)"),  # beyond the list
    ],
)
def test_a_day_off_has_a_name(day: str, is_: str) -> None:
    """It is a holiday, a day of a weekend, or one that the ruleset adds; a working day is none."""
    added, taken_back = (datetime.date(2023, 2, 7), datetime.date(2023, 4, 7))
    calendar = Calendar(
        subdivisions=("ENG", "SCT"),
        extra=frozenset({added.toordinal()}),
        worked=frozenset({taken_back.toordinal()}),
    )
    assert calendar.describe_day_off(datetime.date.fromisoformat(day).toordinal()) == is_


def test_a_country_may_have_one_list_for_all_its_parts() -> None:
    """Without a part, the holidays are those of the whole country."""
    ireland = Calendar(country="IE", subdivisions=())
    days = [datetime.date(2024, 2, 5), datetime.date(2024, 2, 6)]  # Saint Brigid's Day
    assert [ireland.is_working(day.toordinal()) for day in days] == [False, True]
