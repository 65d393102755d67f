"""Working days: the holidays that the library lists, beside those of the package ``holidays``."""

from __future__ import annotations

import datetime

import holidays
import pytest

from ncpi_rules.core import Calendar

# pinned: the years with holidays are the table itself
from ncpi_rules.core.calendar import ENGLAND_AND_WALES


@pytest.mark.parametrize("subdivision", ["ENG", "WLS"])
def test_the_listed_holidays_are_those_of_the_package(subdivision: str) -> None:
    """Day by day, in the years that are listed and in those around them."""
    calendar = Calendar(subdivision=subdivision)
    years = range(min(ENGLAND_AND_WALES) - 1, max(ENGLAND_AND_WALES) + 2)
    assert set(ENGLAND_AND_WALES) == set(years[1:-1])
    named = holidays.country_holidays("GB", subdiv=subdivision, years=years)
    day = datetime.date(years[0], 1, 1)
    while day.year <= years[-1]:
        assert calendar.is_working(day.toordinal()) is (day.weekday() < 5 and day not in named), day
        day += datetime.timedelta(days=1)
