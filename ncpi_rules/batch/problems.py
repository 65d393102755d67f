"""Problems of columns, and how they name the rows and quote the texts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ncpi_rules.core import Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ncpi_rules.batch.circuit import Array

_MOST_ROWS: Final = 5
_MOST_LETTERS: Final = 80


def column_problem(
    name: str, message: str, help_: str, rows: Array | None = None, first: int = 1
) -> Problem:
    """Return a problem of a column, or of some of its ``rows``; ``first`` numbers the first row."""
    place = f"column '{shortened(name)}'"
    if rows is not None:
        place += f", {format_rows(rows, first)}"
    return Problem(place=place, message=message, help=help_)


def shortened(text: str) -> str:
    """Return a text as a message quotes it: no more of it than a person reads.

    >>> shortened("a" * 1000)[-3:]
    '...'
    """
    return text if len(text) <= _MOST_LETTERS else f"{text[:_MOST_LETTERS]}..."


def format_rows(rows: Array | Sequence[int], first: int) -> str:
    """Return the numbers of the first of some rows, and how many more there are.

    >>> format_rows([0, 4], 1), format_rows(range(1000), 1)
    ('rows 1 and 5', 'rows 1, 2, 3, 4, 5 and 995 more')
    """
    numbers = [f"{int(row) + first:,}" for row in rows[:_MOST_ROWS]]
    if len(rows) > _MOST_ROWS:
        numbers.append(f"{len(rows) - _MOST_ROWS:,} more")
    if len(numbers) == 1:
        return f"row {numbers[0]}"
    return f"rows {', '.join(numbers[:-1])} and {numbers[-1]}"
