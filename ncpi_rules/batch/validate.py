"""Values and days that are refused, with the first rows in which they occur.

Nothing is guessed: what the ruleset does not have is refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy

from ncpi_rules.batch.arrow import unpack
from ncpi_rules.batch.day_tables import FIRST, LAST
from ncpi_rules.batch.problems import column_problem, shortened
from ncpi_rules.core import FIRST_YEAR, LAST_YEAR, MOST_OF_A_KIND, one_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ncpi_rules.batch.schema import InputColumns
    from ncpi_rules.core import Problem
    from ncpi_rules.ruleset import Ruleset


def wrong_values(columns: InputColumns, ruleset: Ruleset) -> Iterator[Problem]:
    """Yield a problem for each value that its fact does not have, with the first rows."""
    for name, column in columns.values.items():
        unknown = [code for code, place in enumerate(column.meaning) if place < 0]
        valid = unpack(column.valid, columns.rows) if unknown else None
        rows_of = {code: numpy.flatnonzero((column.codes == code) & valid) for code in unknown}
        used = [code for code, rows in rows_of.items() if len(rows)]
        used.sort(key=lambda code: int(rows_of[code][0]))
        written = columns.names.written[name]
        for code in used[:MOST_OF_A_KIND]:
            value = shortened(column.values[code])
            message = f"'{value}' is not a value of '{name}'."
            help_ = one_of(value, tuple(ruleset.facts[name].values))
            yield column_problem(written, message, help_, rows_of[code], columns.first)
        if len(used) > MOST_OF_A_KIND:
            message = f"So are {len(used) - MOST_OF_A_KIND:,} further values of this column."
            help_ = "Look whether it is the right column."
            yield column_problem(written, message, help_)


def wrong_days(columns: InputColumns, events: Iterable[str]) -> Iterator[Problem]:
    """Yield a problem for each of some events with days outside the years accepted."""
    for event in events:
        column = columns.days[event]
        outside = (column.days < FIRST) | (column.days > LAST)
        rows = numpy.flatnonzero(outside & unpack(column.valid, columns.rows))
        if len(rows):
            message = f"The day is outside {FIRST_YEAR} to {LAST_YEAR}."
            name = columns.names.written.get(event, event)
            yield column_problem(name, message, "Check the year.", rows, columns.first)
