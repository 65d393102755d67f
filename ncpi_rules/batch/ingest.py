"""From the columns of an Arrow table to codes and days."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy
import pyarrow
from attrs import field, frozen

from ncpi_rules.batch.arrow import (
    Bits,
    describe_type,
    drop_unused,
    encode,
    in_one_piece,
    is_empty,
    is_text,
    numbers_of,
    pack,
    plain_type,
    rows_in_both,
    true_in,
    unpack,
    valid_in,
)
from ncpi_rules.batch.day_tables import EPOCH
from ncpi_rules.batch.schema import DayColumn, InputColumns, ValueColumn
from ncpi_rules.batch.validate import MOST_VALUES, NOT_YET, column_problem, wrong_names
from ncpi_rules.core import DateError, FactsError, NotKnown, Problem, one_of, read_day

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ncpi_rules.batch.circuit import Array
    from ncpi_rules.ruleset import Ruleset

_MOST_CODES: Final = 256


def read_columns(
    table: pyarrow.Table,
    ruleset: Ruleset,
    *,
    keep: Sequence[str] = (),
    first: int = 1,
    by_type: bool = False,
) -> InputColumns:
    """Return the columns of a table, checked as far as can be without looking at every row.

    ``keep`` names columns that need not be the ruleset's; ``first`` is the number of the first row.
    A column in which every row is empty may be of any type, unless ``by_type`` says that the rows
    are not at hand. Raises FactsError, with every problem: a column that the ruleset does not have,
    or of a type that cannot be used, or with a text that is no day. Values and years are checked
    later.
    """
    names: list[str] = table.column_names  # a table makes the list whenever it is asked
    known = frozenset(names)
    problems = list(wrong_names(names, ruleset, keep))
    values: dict[str, ValueColumn] = {}
    days: dict[str, DayColumn] = {}
    for name in () if problems else names:
        event = name.removesuffix(NOT_YET)
        reader = _ColumnReader(name=name, first=first, by_type=by_type)
        if event in ruleset.events:
            if name != event and event in known:
                continue  # it is read with the days of the event
            flags = table[f"{event}{NOT_YET}"] if f"{event}{NOT_YET}" in known else None
            column = table[name] if name == event else None
            if day_column := reader.read_days(column, flags, table.num_rows):
                days[event] = day_column
        elif name in ruleset.facts:
            allowed = tuple(ruleset.facts[name].values)
            if value_column := reader.read_values(table[name], allowed):
                values[name] = value_column
        problems += reader.problems
    if problems:
        raise FactsError(problems)
    return InputColumns(rows=table.num_rows, values=values, days=days, first=first)


@frozen(kw_only=True)
class _ColumnReader:
    """One column while it is read, and the problems found in it."""

    name: str
    first: int
    by_type: bool
    problems: list[Problem] = field(factory=list)

    def is_empty(self, column: pyarrow.ChunkedArray) -> bool:
        """Return True where the type of the column does not matter."""
        return bool(pyarrow.types.is_null(column.type)) if self.by_type else is_empty(column)

    def refuse(self, message: str, help_: str, rows: Array | None = None) -> None:
        """Note a problem of the column, or of some of its rows."""
        self.problems.append(column_problem(self.name, message, help_, rows, self.first))

    # Values

    def read_values(
        self, column: pyarrow.ChunkedArray, allowed: tuple[str, ...]
    ) -> ValueColumn | None:
        """Return a column of values."""
        if self.is_empty(column):
            nulls = pyarrow.nulls(len(column), pyarrow.dictionary(pyarrow.int8(), pyarrow.string()))
            column = pyarrow.chunked_array([nulls])
        elif not is_text(plain_type(column.type)):
            message = f"This column must hold text; it holds {describe_type(column.type)}."
            self.refuse(message, "Use the values of the fact, as text.")
            return None
        codes, values = encode(column)
        meaning = tuple(allowed.index(value) if value in allowed else -1 for value in values)
        numbers = numbers_of(codes)
        if len(meaning) > _MOST_CODES:
            valid = unpack(valid_in(codes), len(numbers))
            numbers, meaning, values = drop_unused(numbers, valid, meaning, values)
            if len(meaning) > _MOST_CODES:
                places = numpy.array(meaning)[numbers]
                self.refuse(
                    f"This column holds {len(meaning):,} different values; the vocabulary has "
                    f"{len(allowed)}.",
                    one_of("", allowed, suggest=False),
                    numpy.flatnonzero((places < 0) & valid),
                )
                return None
            numbers = numbers.astype(numpy.uint8)
        return ValueColumn(codes=numbers, meaning=meaning, values=values, valid=valid_in(codes))

    # Days

    def read_days(
        self, column: pyarrow.ChunkedArray | None, flags: pyarrow.ChunkedArray | None, rows: int
    ) -> DayColumn | None:
        """Return a column of days, with the rows in which the event has not happened yet."""
        not_yet: Bits | None = None
        if flags is not None and not self.is_empty(flags):
            if not pyarrow.types.is_boolean(flags.type):
                name = f"{self.name.removesuffix(NOT_YET)}{NOT_YET}"
                message = (
                    f"This column must hold true and false; it holds {describe_type(flags.type)}."
                )
                help_ = "True says that the event is known not to have happened."
                self.problems.append(column_problem(name, message, help_))
                return None
            not_yet = true_in(flags)
        if column is None or self.is_empty(column):
            column = pyarrow.chunked_array([pyarrow.nulls(rows, pyarrow.date32())])
        kind = plain_type(column.type)
        if is_text(kind):
            return self._read_texts(column, not_yet)
        if pyarrow.types.is_date(kind):
            array = in_one_piece(
                column if column.type == pyarrow.date32() else column.cast(pyarrow.date32())
            )
            return self._day_column(numbers_of(array), valid_in(array), not_yet)
        help_ = "Use whole days: the date32 type of Arrow, or text such as 2018-06-28."
        if pyarrow.types.is_timestamp(kind):
            help_ = (
                "Which day it is depends on the time zone: convert it yourself, such as with "
                f".dt.date. {help_}"
            )
        self.refuse(f"This column must hold days; it holds {describe_type(kind)}.", help_)
        return None

    def _day_column(
        self, days: Array, valid: Bits | None, not_yet: Bits | None
    ) -> DayColumn | None:
        """Return the column, unless some row has a day and is said not to have happened."""
        if not_yet is not None and len(rows := rows_in_both(valid, not_yet, len(days))):
            self.refuse(
                "There is a day, and it is said not to have happened yet.",
                "Leave out one of the two; a day still to come counts as not yet happened.",
                rows,
            )
            return None
        return DayColumn(days=days, valid=valid, not_yet=not_yet)

    def _read_texts(self, column: pyarrow.ChunkedArray, flags: Bits | None) -> DayColumn | None:
        codes, texts = encode(column)
        numbers = numbers_of(codes)
        valid = unpack(valid_in(codes), len(numbers))
        numbers = numpy.where(valid, numbers, len(texts))  # an empty row may have any code
        days = numpy.zeros(len(texts) + 1, dtype=numpy.int32)
        known = numpy.zeros(len(texts) + 1, dtype=bool)
        not_yet = numpy.zeros(len(texts) + 1, dtype=bool)
        wrong: dict[int, str] = {}
        for code, text in enumerate(texts):
            if text in {NotKnown.UNKNOWN.value, NotKnown.NOT_YET.value}:
                not_yet[code] = text == NotKnown.NOT_YET.value
                continue
            try:
                days[code] = read_day(text).toordinal() - EPOCH
                known[code] = True
            except DateError as fault:
                wrong[code] = fault.problems[0].message
        if wrong:
            self._refuse_texts(wrong, numbers)
        if self.problems:
            return None
        waits = not_yet[numbers]
        if flags is not None:
            waits |= unpack(flags, len(numbers))
        if known.any():  # an empty row lengthens no day table
            days[~known] = days[known][0]
        with_day = known[numbers]
        valid_days = None if with_day.all() else pack(with_day)
        return self._day_column(days[numbers], valid_days, pack(waits) if waits.any() else None)

    def _refuse_texts(self, wrong: Mapping[int, str], numbers: Array) -> None:
        """Refuse the texts that are no day, by code, as far as some row has them."""
        counts = numpy.bincount(numbers, minlength=max(wrong) + 1)
        used = [code for code in wrong if counts[code]]
        for code in used[:MOST_VALUES]:
            help_ = "Write a whole day as 2018-06-28, or 'not-yet' or 'unknown'."
            self.refuse(wrong[code], help_, numpy.flatnonzero(numbers == code))
        if len(used) > MOST_VALUES:
            message = f"So are {len(used) - MOST_VALUES:,} further texts of this column."
            self.refuse(message, "Look whether it is the right column.")
