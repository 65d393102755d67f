"""The day table that goes with a query: every day, and where the bounds lead from it.

Databases do not agree on what a month after the 31st is, and none knows our working days. So a
query adds nothing to a day: it looks the day up.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import ibis
import numpy
import pyarrow
from attrs import field, frozen

from ncpi_rules.batch import FIRST, LAST, ShiftedDay, day_table
from ncpi_rules.core import FIRST_YEAR, LAST_YEAR

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ncpi_rules.core import Calendar, DueDatePolicy


@frozen(kw_only=True)
class QueryDays:
    """Every day that is accepted, as a day and as text, with the shifted days of each.

    ``columns`` names the column of each shifted day that is not the day itself.
    """

    table: ibis.Table = field(repr=False, eq=False)
    columns: Mapping[ShiftedDay, str]

    @classmethod
    def of(
        cls, wanted: Iterable[ShiftedDay], calendar: Calendar, policy: DueDatePolicy
    ) -> QueryDays:
        """Return the table of some shifted days; those that are the same everywhere share one."""
        days = pyarrow.array(numpy.arange(FIRST, LAST + 1, dtype=numpy.int32)).cast(
            pyarrow.date32()
        )
        table = {"day": days, "text": days.cast(pyarrow.string())}
        columns: dict[ShiftedDay, str] = {}
        names: dict[bytes, str] = {}
        for shifted in wanted:
            if shifted.days != 0:
                moved = day_table(shifted.bound, calendar, policy, FIRST_YEAR, LAST_YEAR)
                name = names.setdefault(moved.tobytes(), f"shifted {len(names)}")
                table[name] = pyarrow.array(moved).cast(pyarrow.date32())
                columns[shifted] = name
        return cls(table=ibis.memtable(pyarrow.table(table)), columns=columns)
