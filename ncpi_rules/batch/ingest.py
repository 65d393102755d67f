"""From Arrow columns to codes and days."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy
import pyarrow
from attrs import field, frozen

from ncpi_rules.batch.arrow import (
    Bits,
    coded,
    fewer,
    holds_nothing,
    in_one_piece,
    is_empty,
    is_text,
    numbers_of,
    packed,
    plain_kind,
    rows_in_both,
    says_kind,
    told_in,
    true_in,
    unpacked,
)
from ncpi_rules.batch.day_tables import EPOCH
from ncpi_rules.batch.inputs import Columns, DayColumn, ValueColumn
from ncpi_rules.batch.validate import MOST_VALUES, NOT_YET, says_rows, wrong_names
from ncpi_rules.core import DateError, FactsError, NotKnown, Problem, one_of, read_day

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ncpi_rules.batch.circuit import Array
    from ncpi_rules.ruleset import Ruleset

_MOST_CODES: Final = 256


def columns_of(
    table: pyarrow.Table,
    ruleset: Ruleset,
    *,
    keep: Sequence[str] = (),
    first: int = 1,
    by_kind: bool = False,
) -> Columns:
    """Return the columns of a table, checked as far as can be without looking at every row.

    ``keep`` names columns that may be none of the ruleset's; ``first`` is the number of the first
    row. A column that is empty throughout may be of any kind, unless ``by_kind`` says that its
    rows are not here to be looked at. Raises FactsError, with every problem: a column that the
    ruleset does not have, of a kind that is not read, with a day that is none. Words and years are
    looked at later.
    """
    names: list[str] = table.column_names  # a table makes the list whenever it is asked
    known = frozenset(names)
    problems = list(wrong_names(names, ruleset, keep))
    values: dict[str, ValueColumn] = {}
    days: dict[str, DayColumn] = {}
    for name in names:
        event = name.removesuffix(NOT_YET)
        if problems or (name.endswith(NOT_YET) and event in known):
            continue
        if name not in ruleset.facts and event not in ruleset.events:
            continue  # it is to be kept
        reading = _Reading(name=name, first=first, by_kind=by_kind)
        if event in ruleset.events:
            not_yet = f"{event}{NOT_YET}"
            flags = table[not_yet] if not_yet in known else None
            column = None if name == not_yet else table[name]
            found = reading.days(column, flags, table.num_rows)
            if found is not None:
                days[event] = found
        else:
            each = reading.values(table[name], tuple(ruleset.facts[name].values))
            if each is not None:
                values[name] = each
        problems += reading.problems
    if problems:
        raise FactsError(problems)
    return Columns(rows=table.num_rows, values=values, days=days, first=first)


@frozen(kw_only=True)
class _Reading:
    """One column while it is read; ``problems`` is what was found wrong with it."""

    name: str
    first: int
    by_kind: bool
    problems: list[Problem] = field(factory=list)

    def is_empty(self, column: pyarrow.ChunkedArray) -> bool:
        """Return True where the column is taken for one without a kind."""
        return holds_nothing(column.type) if self.by_kind else is_empty(column)

    def tell(self, message: str, help_: str, rows: Array | None = None) -> None:
        """Note a problem of the column, or of some of its rows."""
        place = f"column '{self.name}'"
        if rows is not None:
            place += f", {says_rows(rows, self.first)}"
        self.problems.append(Problem(place=place, message=message, help=help_))

    # Words

    def values(self, column: pyarrow.ChunkedArray, allowed: tuple[str, ...]) -> ValueColumn | None:
        """Return a column of words."""
        if self.is_empty(column):
            column = pyarrow.chunked_array([pyarrow.nulls(len(column), pyarrow.string())])
        elif not is_text(plain_kind(column.type)):
            message = f"This column must hold words; it holds {says_kind(column.type)}."
            self.tell(message, "Use text.")
            return None
        codes, values = coded(column)
        meaning = tuple(allowed.index(value) if value in allowed else -1 for value in values)
        numbers = numbers_of(codes)
        if len(meaning) > _MOST_CODES:
            told = unpacked(told_in(codes), len(numbers))
            numbers, meaning, values = fewer(numbers, told, meaning, values)
            if len(meaning) > _MOST_CODES:
                places = numpy.array(meaning)[numbers]
                self.tell(
                    f"This column holds {len(meaning):,} different words; the vocabulary has "
                    f"{len(allowed)}.",
                    one_of("", allowed, suggest=False),
                    numpy.flatnonzero((places < 0) & told),
                )
                return None
            numbers = numbers.astype(numpy.uint8)
        return ValueColumn(codes=numbers, meaning=meaning, values=values, told=told_in(codes))

    # Days

    def days(
        self, column: pyarrow.ChunkedArray | None, flags: pyarrow.ChunkedArray | None, rows: int
    ) -> DayColumn | None:
        """Return a column of days, with what has not happened yet."""
        said: Bits | None = None
        if flags is not None:
            if not (pyarrow.types.is_boolean(flags.type) or self.is_empty(flags)):
                place = f"column '{self.name.removesuffix(NOT_YET)}{NOT_YET}'"
                message = f"This column must hold true and false; it holds {says_kind(flags.type)}."
                help_ = "True says that the event is known not to have happened."
                self.problems.append(Problem(place=place, message=message, help=help_))
                return None
            said = None if self.is_empty(flags) else true_in(flags)
        if column is None or self.is_empty(column):
            column = pyarrow.chunked_array([pyarrow.nulls(rows, pyarrow.date32())])
        kind = plain_kind(column.type)
        if is_text(kind):
            found = self._from_text(column, said)
        elif pyarrow.types.is_date(kind):
            array = in_one_piece(
                column if column.type == pyarrow.date32() else column.cast(pyarrow.date32())
            )
            found = numbers_of(array), told_in(array), said
        else:
            help_ = "Use whole days: the date32 type of Arrow, or text such as 2018-06-28."
            if pyarrow.types.is_timestamp(kind):
                help_ = (
                    "Which day it is depends on the time zone: say so yourself, such as with "
                    f".dt.date. {help_}"
                )
            self.tell(f"This column must hold days; it holds {says_kind(kind)}.", help_)
            return None
        return None if found is None else self._checked(*found)

    def _checked(self, days: Array, told: Bits | None, said: Bits | None) -> DayColumn | None:
        if said is not None and len(rows := rows_in_both(told, said, len(days))):
            self.tell(
                "There is a day, and it is said not to have happened yet.",
                "Leave out one of the two; a day still to come counts as not yet happened.",
                rows,
            )
            return None
        return DayColumn(days=days, told=told, not_yet=said)

    def _from_text(
        self, column: pyarrow.ChunkedArray, said: Bits | None
    ) -> tuple[Array, Bits | None, Bits | None] | None:
        codes, texts = coded(column)
        numbers = numbers_of(codes)
        told = unpacked(told_in(codes), len(numbers))
        numbers = numpy.where(told, numbers, len(texts))  # the code of an empty row is anything
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
            self._tell_wrong_texts(wrong, numbers)
        if self.problems:
            return None
        waits = not_yet[numbers]
        if said is not None:
            waits |= unpacked(said, len(numbers))
        if known.any():  # empty rows lengthen no table of days
            days[~known] = days[known][0]
        told_days = None if known[numbers].all() else packed(known[numbers])
        return days[numbers], told_days, packed(waits) if waits.any() else None

    def _tell_wrong_texts(self, wrong: Mapping[int, str], numbers: Array) -> None:
        """Tell of texts that are no day, by code, as far as some row has them."""
        counts = numpy.bincount(numbers, minlength=max(wrong) + 1)
        used = [code for code in wrong if counts[code]]
        for code in used[:MOST_VALUES]:
            help_ = "Write a whole day as 2018-06-28, or 'not-yet' or 'unknown'."
            self.tell(wrong[code], help_, numpy.flatnonzero(numbers == code))
        if len(used) > MOST_VALUES:
            message = f"So are {len(used) - MOST_VALUES:,} further texts of this column."
            self.tell(message, "Look whether it is the right column.")
