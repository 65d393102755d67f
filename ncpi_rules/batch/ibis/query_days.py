"""Every day as a table, with where the bounds lead from it.

Databases do not agree on what a month after the 31st is, and none knows our working days. So a
query adds nothing to a day: it looks the day up.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING

import ibis
import numpy
import pyarrow
from attrs import field, frozen

from ncpi_rules.batch import EPOCH, FIRST, LAST, ShiftedDay, day_table, shifted_day
from ncpi_rules.core import FIRST_YEAR, LAST_YEAR, DueDatePolicy

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ncpi_rules.batch.ibis.planes import Value


@frozen
class QueryDays:
    """Every day that is accepted, as a day and as text, with the shifted days of each.

    ``columns`` names the column of each shifted day that is not the day itself.
    """

    table: ibis.Table = field(repr=False, eq=False)
    columns: Mapping[ShiftedDay, str]
    policy: DueDatePolicy

    @classmethod
    def of(cls, wanted: Iterable[ShiftedDay], policy: DueDatePolicy) -> QueryDays:
        """Return the table of some shifted days; those that are the same everywhere share one."""
        days = pyarrow.array(numpy.arange(FIRST, LAST + 1, dtype=numpy.int32)).cast(
            pyarrow.date32()
        )
        table = {"day": days, "text": days.cast(pyarrow.string())}
        columns: dict[ShiftedDay, str] = {}
        names: dict[bytes, str] = {}
        for shifted in wanted:
            if shifted.days != 0:
                moved = day_table(shifted.bound, policy, FIRST_YEAR, LAST_YEAR)
                name = names.setdefault(moved.tobytes(), f"shifted {len(names)}")
                table[name] = pyarrow.array(moved).cast(pyarrow.date32())
                columns[shifted] = name
        return cls(ibis.memtable(pyarrow.table(table)), columns, policy)

    def shifted(self, day: ShiftedDay, on: datetime.date) -> Value:
        """Return a shifted day where its anchor is the day of the assessment."""
        ordinal = on.toordinal() - EPOCH
        moved = shifted_day(day.bound, ordinal, self.policy) + EPOCH
        return ibis.literal(datetime.date.fromordinal(moved))
