"""From the columns of an Arrow table to codes and days."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy
import pyarrow
from attrs import field, frozen

from ncpi_rules.batch.arrow import (
    Bits,
    days_and_clocks,
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
from ncpi_rules.batch.day_texts import EXCEL_HELP, TextTrouble, read_text
from ncpi_rules.batch.names import TableNames
from ncpi_rules.batch.problems import column_problem, shortened
from ncpi_rules.batch.schema import DayColumn, InputColumns, ValueColumn
from ncpi_rules.core import MOST_OF_A_KIND, FactsError, NotKnown, Problem, one_of
from ncpi_rules.ruleset import EMPTY_TEXTS, NOT_YET_COLUMN

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ncpi_rules.batch.circuit import Array
    from ncpi_rules.ruleset import Fact, Ruleset

_MOST_CODES: Final = 256
_FEW_ROWS: Final = 1 << 17
_TRUE: Final = frozenset({"true", "1"})
_FLAGS: Final = _TRUE | {"false", "0"} | {text.casefold() for text in EMPTY_TEXTS}
_DAYS_HELP: Final = "Use whole days: the date32 type of Arrow, or text such as 2018-06-28."


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
    names = TableNames.of(table.schema, ruleset, keep)
    problems: list[Problem] = []
    values: dict[str, ValueColumn] = {}
    days: dict[str, DayColumn] = {}
    for meant, written in names.written.items():
        event = meant.removesuffix(NOT_YET_COLUMN)
        if meant != event and event in names.written:
            continue  # it is read with the days of the event
        reader = _ColumnReader(written, first, by_type=by_type, problems=problems)
        try:
            if event not in ruleset.events:
                if value_column := reader.read_values(table[written], ruleset.facts[meant]):
                    values[meant] = value_column
                continue
            not_yet = None
            if flags := names.written.get(f"{event}{NOT_YET_COLUMN}"):
                flag_reader = _ColumnReader(flags, first, by_type=by_type, problems=problems)
                not_yet = flag_reader.read_flags(table[flags])
            column = table[written] if meant == event else None
            if day_column := reader.read_days(column, not_yet, table.num_rows):
                days[event] = day_column
        except UnicodeDecodeError:
            reader.refuse("This column holds text that is not UTF-8.", "Save the table as UTF-8.")
    if problems:
        raise FactsError(problems)
    return InputColumns(rows=table.num_rows, values=values, days=days, names=names, first=first)


@frozen
class _ColumnReader:
    """One column while it is read, and where the problems found in it go."""

    name: str
    first: int
    by_type: bool = field(kw_only=True)
    problems: list[Problem] = field(kw_only=True)

    def is_empty(self, column: pyarrow.ChunkedArray) -> bool:
        """Return True where the type of the column does not matter."""
        return bool(pyarrow.types.is_null(column.type)) if self.by_type else is_empty(column)

    def refuse(self, message: str, help_: str, rows: Array | None = None) -> None:
        """Note a problem of the column, or of some of its rows."""
        self.problems.append(column_problem(self.name, message, help_, rows, self.first))

    def _refuse_type(self, wanted: str, column: pyarrow.ChunkedArray, help_: str) -> None:
        holds = describe_type(column.type)
        self.refuse(f"This column must hold {wanted}; it holds {holds}.", help_)

    # Values

    def read_values(self, column: pyarrow.ChunkedArray, fact: Fact) -> ValueColumn | None:
        """Return a column of values; an empty text is an empty field."""
        allowed = {value: place for place, value in enumerate(fact.values)}
        if self.is_empty(column):
            nulls = pyarrow.nulls(len(column), pyarrow.dictionary(pyarrow.int8(), pyarrow.string()))
            column = pyarrow.chunked_array([nulls])
        elif not is_text(plain_type(column.type)):
            self._refuse_type("text", column, "Use the values of the fact, as text.")
            return None
        codes, values = encode(column)
        places = dict.fromkeys(EMPTY_TEXTS, allowed[fact.unknown]) | allowed
        meaning = tuple(
            places[value] if value in places else places.get(value.strip(), -1) for value in values
        )
        numbers = numbers_of(codes)
        is_coded = pyarrow.types.is_dictionary(column.type)
        if len(numbers) <= _FEW_ROWS and not is_coded and -1 not in meaning:
            # In the vocabulary's order, so that one circuit serves all batches of a file: to make
            # another takes as long as to look up the codes of so many rows.
            by_code = numpy.array([*meaning, allowed[fact.unknown]], dtype=numpy.uint8)
            if codes.null_count:
                numbers = numpy.where(unpack(valid_in(codes), len(numbers)), numbers, len(meaning))
            return ValueColumn(
                codes=by_code[numbers],
                meaning=tuple(range(len(allowed))),
                values=tuple(allowed),
                valid=None,
            )
        if len(meaning) > _MOST_CODES:
            valid = unpack(valid_in(codes), len(numbers))
            numbers, meaning, values = drop_unused(numbers, valid, meaning, values)
            if len(meaning) > _MOST_CODES:
                of_rows = numpy.array(meaning)[numbers]
                self.refuse(
                    f"This column holds {len(meaning):,} different values; the vocabulary has "
                    f"{len(allowed)}.",
                    one_of("", allowed, suggest=False),
                    numpy.flatnonzero((of_rows < 0) & valid),
                )
                return None
            numbers = numbers.astype(numpy.uint8)
        return ValueColumn(codes=numbers, meaning=meaning, values=values, valid=valid_in(codes))

    # Days

    def read_flags(self, column: pyarrow.ChunkedArray) -> Bits | None:
        """Return in which rows an event is said not to have happened yet; None for none."""
        kind = plain_type(column.type)
        help_ = "True says that the event is known not to have happened."
        if self.is_empty(column):
            return None
        if pyarrow.types.is_boolean(kind):
            return true_in(column)
        if self.by_type or not is_text(kind):
            self._refuse_type("true and false", column, help_)
            return None
        codes, texts = encode(column)
        plain = [text.strip().casefold() for text in texts]
        numbers = numbers_of(codes)
        valid = unpack(valid_in(codes), len(numbers))
        wrong = {
            code: TextTrouble(text, f"'{shortened(texts[code])}' is neither true nor false.", help_)
            for code, text in enumerate(plain)
            if text not in _FLAGS
        }
        numbers = numpy.where(valid, numbers, len(texts))  # an empty row may have any code
        if self._refuse_troubles(wrong, numbers):
            return None
        return pack(numpy.array([*map(_TRUE.__contains__, plain), False])[numbers])

    def read_days(
        self, column: pyarrow.ChunkedArray | None, not_yet: Bits | None, rows: int
    ) -> DayColumn | None:
        """Return a column of days, with the rows in which the event has not happened yet."""
        if column is None or self.is_empty(column):
            column = pyarrow.chunked_array([pyarrow.nulls(rows, pyarrow.date32())])
        kind = plain_type(column.type)
        if is_text(kind):
            return self._read_texts(column, not_yet)
        if pyarrow.types.is_date32(kind):
            array = in_one_piece(column if column.type == kind else column.cast(kind))
            return self._day_column(numbers_of(array), valid_in(array), not_yet)
        if pyarrow.types.is_date64(kind) or (pyarrow.types.is_timestamp(kind) and not kind.tz):
            return self._read_times(column.cast(kind), not_yet)
        help_ = _DAYS_HELP
        if pyarrow.types.is_timestamp(kind):
            help_ = (
                "Which day it is depends on the time zone: convert it yourself, such as with "
                f".dt.date. {help_}"
            )
        elif pyarrow.types.is_integer(kind) or pyarrow.types.is_floating(kind):
            help_ = f"{help_} {EXCEL_HELP}"
        self._refuse_type("days", column, help_)
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

    def _read_times(self, column: pyarrow.ChunkedArray, not_yet: Bits | None) -> DayColumn | None:
        """Return the days of points in time, of which each must be a midnight."""
        array = in_one_piece(column)
        days, clocks = days_and_clocks(array)
        rows = numpy.flatnonzero((clocks != 0) & unpack(valid_in(array), len(days)))
        if len(rows):
            clock = str(numpy.datetime64(int(clocks[rows[0]]), "ns")).partition("T")[2]
            self.refuse(
                "This column must hold days; it holds points in time, the first of them at "
                f"{clock.rstrip('0').rstrip('.')}.",
                f"A point in time is a day at midnight only: use .dt.date. {_DAYS_HELP}",
                rows,
            )
            return None
        return self._day_column(days, valid_in(array), not_yet)

    def _read_texts(self, column: pyarrow.ChunkedArray, flags: Bits | None) -> DayColumn | None:
        codes, texts = encode(column)
        numbers = numbers_of(codes)
        valid = unpack(valid_in(codes), len(numbers))
        numbers = numpy.where(valid, numbers, len(texts))  # an empty row may have any code
        days = numpy.zeros(len(texts) + 1, dtype=numpy.int32)
        known = numpy.zeros(len(texts) + 1, dtype=bool)
        not_yet = numpy.zeros(len(texts) + 1, dtype=bool)
        wrong: dict[int, TextTrouble] = {}
        for code, text in enumerate(texts):
            day = read_text(text)
            if isinstance(day, int):
                days[code], known[code] = day, True
            elif isinstance(day, NotKnown):
                not_yet[code] = day is NotKnown.NOT_YET
            else:
                wrong[code] = day
        if wrong and self._refuse_troubles(wrong, numbers):
            return None
        waits = not_yet[numbers]
        if flags is not None:
            waits |= unpack(flags, len(numbers))
        if known.any():  # an empty row lengthens no day table
            days[~known] = days[known][0]
        with_day = known[numbers]
        valid_days = None if with_day.all() else pack(with_day)
        return self._day_column(days[numbers], valid_days, pack(waits) if waits.any() else None)

    def _refuse_troubles(self, troubles: Mapping[int, TextTrouble], numbers: Array) -> bool:
        """Refuse the texts that cannot be read, by code, as far as some row has them.

        Return whether one has. Texts with the same kind of trouble are one problem.
        """
        counts = numpy.bincount(numbers, minlength=max(troubles, default=0) + 1)
        kinds: dict[str, list[int]] = {}
        for code, trouble in troubles.items():
            if counts[code]:
                kinds.setdefault(trouble.kind, []).append(code)
        for codes in list(kinds.values())[:MOST_OF_A_KIND]:
            trouble = troubles[codes[0]]
            message = trouble.message
            if more := len(codes) - 1:
                others = "1 other text is" if more == 1 else f"{more:,} other texts are"
                message = f"{message.removesuffix('.')}; {others} like it."
            wrong = numpy.zeros(len(counts), dtype=bool)
            wrong[codes] = True
            self.refuse(message, trouble.help, numpy.flatnonzero(wrong[numbers]))
        if len(kinds) > MOST_OF_A_KIND:
            message = f"So are {len(kinds) - MOST_OF_A_KIND:,} further texts of this column."
            self.refuse(message, "Look whether it is the right column.")
        return bool(kinds)
