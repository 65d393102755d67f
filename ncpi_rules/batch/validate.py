"""What is told of columns, words and days that cannot be used, with the first rows they are in.

Nothing is guessed: what the ruleset does not have is refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy

from ncpi_rules.batch.arrow import unpacked
from ncpi_rules.batch.day_tables import FIRST, LAST
from ncpi_rules.core import FIRST_YEAR, LAST_YEAR, Problem, one_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ncpi_rules.batch.circuit import Array
    from ncpi_rules.batch.inputs import Columns
    from ncpi_rules.ruleset import Ruleset

NOT_YET: Final = ".not-yet"
"""What the name of a column ends with that says whether an event has not happened yet."""

MOST_VALUES: Final = 10
"""The most words of a column that are told one by one."""

_MOST_ROWS: Final = 5


def wrong_names(names: Sequence[str], ruleset: Ruleset, keep: Sequence[str]) -> Iterator[Problem]:
    """Yield a problem for each column that the ruleset does not have, or that cannot be kept."""
    known = [*ruleset.facts, *ruleset.events]
    for name in dict.fromkeys(names):
        if names.count(name) > 1:
            yield Problem(
                place=f"column '{name}'",
                message="Two columns have this name.",
                help="Rename or leave out one of them.",
            )
        elif name in keep or name in known or name.removesuffix(NOT_YET) in ruleset.events:
            continue
        else:
            message = f"The ruleset has no fact and no event '{name}'."
            help_ = "Rename the column, leave it out, or ask for it to be kept as it is."
            if name.startswith("__index_level_"):
                help_ = "It is the index of a pandas table: reset_index(drop=True) leaves it out."
            if name in ruleset.outcomes:
                message = f"'{name}' is decided by the rules; it cannot be given."
            yield Problem(
                place=f"column '{name}'",
                message=message,
                help=f"{one_of(name, known)} {help_}",
            )
    for name in keep:
        if name not in names:
            yield Problem(
                place=f"column '{name}'",
                message="There is no such column to keep.",
                help=one_of(name, names),
            )


def all_wrong_values(columns: Columns, ruleset: Ruleset) -> Iterator[Problem]:
    """Yield a problem for each word that its fact does not have, with the first rows."""
    for name, column in columns.values.items():
        wrong = [code for code, to in enumerate(column.meaning) if to < 0]
        told = unpacked(column.told, columns.rows) if wrong else None
        found = [(code, numpy.flatnonzero((column.codes == code) & told)) for code in wrong]
        found = sorted((each for each in found if len(each[1])), key=lambda each: int(each[1][0]))
        for code, rows in found[:MOST_VALUES]:
            value = column.values[code]
            yield Problem(
                place=f"column '{name}', {says_rows(rows, columns.first)}",
                message=f"'{value}' is not a word of '{name}'.",
                help=one_of(value, tuple(ruleset.facts[name].values)),
            )
        if len(found) > MOST_VALUES:
            yield Problem(
                place=f"column '{name}'",
                message=f"So are {len(found) - MOST_VALUES:,} further words of this column.",
                help="Look whether it is the right column.",
            )


def all_wrong_days(columns: Columns, events: Iterable[str]) -> Iterator[Problem]:
    """Yield a problem for each of some events with days in years that are not read."""
    for event in events:
        column = columns.days[event]
        wrong = (column.days < FIRST) | (column.days > LAST)
        rows = numpy.flatnonzero(wrong & unpacked(column.told, columns.rows))
        if len(rows):
            yield Problem(
                place=f"column '{event}', {says_rows(rows, columns.first)}",
                message=f"The day is outside {FIRST_YEAR} to {LAST_YEAR}.",
                help="Check the year.",
            )


def says_rows(rows: Array, first: int) -> str:
    """Return the numbers of the first rows of some, and how many more there are.

    >>> says_rows(numpy.array([0, 4]), 1), says_rows(numpy.arange(1000), 1)
    ('rows 1 and 5', 'rows 1, 2, 3, 4, 5 and 995 more')
    """
    told = [f"{int(row) + first:,}" for row in rows[:_MOST_ROWS]]
    if len(rows) > _MOST_ROWS:
        told.append(f"{len(rows) - _MOST_ROWS:,} more")
    if len(told) == 1:
        return f"row {told[0]}"
    return f"rows {', '.join(told[:-1])} and {told[-1]}"
