"""The day table: where each bound leads from every day that the library knows.

Databases do not agree on what a month after the 31st is, and none knows our working days.
So nothing is added to a day in a query: the day is looked up.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

import ibis
import pyarrow
from attrs import field, frozen

from ncpi_rules.batch import shift_of, table_of_days
from ncpi_rules.core import FIRST_YEAR, LAST_YEAR, Period, Unit
from ncpi_rules.ruleset import Bound

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ncpi_rules.batch import Array
    from ncpi_rules.core import Calendar, LastDay

_SAME_DAY: Final = Bound("", "", Period(0, Unit.DAYS), 1, is_floor=True)


@frozen(kw_only=True)
class DayTable:
    """Every day, as a day and as text, with the days to which bounds lead from it.

    ``moved`` names the column of each bound; bounds that lead to the day itself have none.
    """

    table: ibis.Table = field(repr=False, eq=False)
    moved: Mapping[Bound, str]

    @classmethod
    def of(cls, bounds: Iterable[Bound], calendar: Calendar, policy: LastDay) -> DayTable:
        """Return the table for some bounds; what several of them share stands in it once."""

        def every(bound: Bound) -> Array:
            return table_of_days(bound, calendar, policy, FIRST_YEAR, LAST_YEAR)

        days = pyarrow.array(every(_SAME_DAY)).cast(pyarrow.date32())
        columns = {"day": days, "text": days.cast(pyarrow.string())}
        moved: dict[Bound, str] = {}
        known: dict[bytes, str] = {}
        for bound in bounds:
            if shift_of(bound, policy) == 0:
                continue
            found = every(bound)
            name = known.setdefault(found.tobytes(), f"moved {len(known)}")
            moved[bound] = name
            columns[name] = pyarrow.array(found).cast(pyarrow.date32())
        return cls(table=ibis.memtable(pyarrow.table(columns)), moved=moved)
