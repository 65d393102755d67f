"""Columns, values and days that are refused, with the first rows in which they occur.

Nothing is guessed: what the ruleset does not have is refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy

from ncpi_rules.batch.arrow import unpack
from ncpi_rules.batch.day_tables import FIRST, LAST
from ncpi_rules.core import FIRST_YEAR, LAST_YEAR, Problem, one_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ncpi_rules.batch.circuit import Array
    from ncpi_rules.batch.schema import InputColumns
    from ncpi_rules.ruleset import Ruleset

NOT_YET: Final = ".not-yet"
"""The end of the name of a column that says which events have not happened yet."""

MOST_VALUES: Final = 10
"""The most wrong values of a column that are listed one by one."""

_MOST_ROWS: Final = 5


def column_problem(
    name: str, message: str, help_: str, rows: Array | None = None, first: int = 1
) -> Problem:
    """Return a problem of a column, or of some of its ``rows``; ``first`` numbers the first row."""
    place = f"column '{name}'"
    if rows is not None:
        place += f", {format_rows(rows, first)}"
    return Problem(place=place, message=message, help=help_)


def wrong_names(names: Sequence[str], ruleset: Ruleset, keep: Sequence[str]) -> Iterator[Problem]:
    """Yield a problem for each column that the ruleset does not have, or that cannot be kept."""
    known = [*ruleset.facts, *ruleset.events]
    for name in dict.fromkeys(names):
        if names.count(name) > 1:
            help_ = "Rename or leave out one of them."
            yield column_problem(name, "Two columns have this name.", help_)
        elif name in keep or name in known or name.removesuffix(NOT_YET) in ruleset.events:
            continue
        else:
            message = f"The ruleset has no fact and no event '{name}'."
            help_ = "Rename the column, leave it out, or ask for it to be kept as it is."
            if name.startswith("__index_level_"):
                help_ = "It is the index of a pandas table: reset_index(drop=True) leaves it out."
            if name in ruleset.outcomes:
                message = f"'{name}' is decided by the rules; it cannot be given."
            yield column_problem(name, message, f"{one_of(name, known)} {help_}")
    for name in keep:
        if name not in names:
            yield column_problem(name, "There is no such column to keep.", one_of(name, names))


def wrong_values(columns: InputColumns, ruleset: Ruleset) -> Iterator[Problem]:
    """Yield a problem for each value that its fact does not have, with the first rows."""
    for name, column in columns.values.items():
        unknown = [code for code, place in enumerate(column.meaning) if place < 0]
        valid = unpack(column.valid, columns.rows) if unknown else None
        rows_of = {code: numpy.flatnonzero((column.codes == code) & valid) for code in unknown}
        used = [code for code, rows in rows_of.items() if len(rows)]
        used.sort(key=lambda code: int(rows_of[code][0]))
        for code in used[:MOST_VALUES]:
            value = column.values[code]
            message = f"'{value}' is not a value of '{name}'."
            help_ = one_of(value, tuple(ruleset.facts[name].values))
            yield column_problem(name, message, help_, rows_of[code], columns.first)
        if len(used) > MOST_VALUES:
            message = f"So are {len(used) - MOST_VALUES:,} further values of this column."
            yield column_problem(name, message, "Look whether it is the right column.")


def wrong_days(columns: InputColumns, events: Iterable[str]) -> Iterator[Problem]:
    """Yield a problem for each of some events with days outside the years accepted."""
    for event in events:
        column = columns.days[event]
        outside = (column.days < FIRST) | (column.days > LAST)
        rows = numpy.flatnonzero(outside & unpack(column.valid, columns.rows))
        if len(rows):
            message = f"The day is outside {FIRST_YEAR} to {LAST_YEAR}."
            yield column_problem(event, message, "Check the year.", rows, columns.first)


def format_rows(rows: Array, first: int) -> str:
    """Return the numbers of the first of some rows, and how many more there are.

    >>> format_rows(numpy.array([0, 4]), 1), format_rows(numpy.arange(1000), 1)
    ('rows 1 and 5', 'rows 1, 2, 3, 4, 5 and 995 more')
    """
    numbers = [f"{int(row) + first:,}" for row in rows[:_MOST_ROWS]]
    if len(rows) > _MOST_ROWS:
        numbers.append(f"{len(rows) - _MOST_ROWS:,} more")
    if len(numbers) == 1:
        return f"row {numbers[0]}"
    return f"rows {', '.join(numbers[:-1])} and {numbers[-1]}"
