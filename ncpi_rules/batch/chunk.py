"""A chunk of rows, short enough for the processor's cache: from the input columns to the output.

Results in between are written into the same memory again and again.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import numpy
import pyarrow
from attrs import define, field, frozen

from ncpi_rules.batch.arrow import text_array
from ncpi_rules.batch.buffers import BITS, COMPARISONS, OutputBuffers
from ncpi_rules.batch.circuit import NO, YES, Array
from ncpi_rules.batch.day_tables import (
    EPOCH,
    FIRST,
    LAST,
    day_table,
    first_day,
    may_be_outside,
    shifted_day,
    year_of,
)
from ncpi_rules.batch.schema import DaysLateOutput, DueDateOutput, ShiftedDay

if TYPE_CHECKING:
    from collections.abc import Callable

    from ncpi_rules.batch.buffers import CodeWork, EventWork
    from ncpi_rules.batch.circuit import Wiring
    from ncpi_rules.core import DueDatePolicy

CHUNK_ROWS: Final = 1 << 19
"""The rows that are worked on at a time: a multiple of 64."""

_CACHED_ROWS: Final = 1 << 16
"""The rows of which the days of many events stay in the cache, a multiple of 64."""

_NEVER: Final = 2**30

Days: TypeAlias = "Array | int"
"""A day for each row, or one for all of them."""


@frozen
class ScratchMemory:
    """Memory that one worker uses for one chunk after another."""

    planes: Array
    bytes: Array
    actual: Array
    places: Array
    shifted: dict[ShiftedDay, Array] = field(factory=dict)

    @classmethod
    def of(cls, wiring: Wiring, rows: int) -> ScratchMemory:
        """Return memory for chunks of a table of so many rows."""
        numbers = -(-min(rows, CHUNK_ROWS) // BITS)
        return cls(
            planes=numpy.zeros((wiring.size, numbers), dtype=numpy.uint64),
            bytes=numpy.empty((2, numbers * BITS), dtype=numpy.uint8),
            actual=numpy.empty(numbers * BITS, dtype=numpy.int32),
            places=numpy.empty(numbers * BITS, dtype=numpy.int32),
        )


@define
class DayTables:
    """The day tables of one sweep, each for the years that have occurred so far."""

    _tables: dict[ShiftedDay, tuple[int, Array]] = field(factory=dict, init=False)

    def take(
        self, shifted: ShiftedDay, policy: DueDatePolicy, days: Array, places: Array, to: Array
    ) -> None:
        """Write the day to which each of some days leads; ``places`` is memory for their places."""
        least, most = int(days.min()), int(days.max())
        first, table = self._tables.get(shifted, (LAST, None))
        if table is None or least < first or most >= first + len(table):
            if table is not None:
                least, most = min(least, first), max(most, first + len(table) - 1)
            years = year_of(least), year_of(most)
            first, table = (
                first_day(years[0]),
                day_table(shifted.bound, policy, *years),
            )
            self._tables[shifted] = first, table
        numpy.subtract(days, numpy.int32(first), out=places)
        numpy.take(table, places, out=to, mode="clip")  # every day is in the table


@define(kw_only=True)
class Chunk:
    """The rows from ``first`` on while they are swept, as on the day ``on``."""

    buffers: OutputBuffers
    tables: DayTables
    on: int
    first: int
    scratch: ScratchMemory
    suspect: set[str] = field(factory=set, init=False)
    rows: int = field(init=False)
    planes: list[Array] = field(init=False)
    _shifted: dict[ShiftedDay, Days] = field(factory=dict, init=False)
    _earliest: dict[Hashable, Days] = field(factory=dict, init=False)

    @rows.default
    def _count_rows(self) -> int:
        return min(CHUNK_ROWS, self.buffers.columns.rows - self.first)

    @planes.default
    def _all_planes(self) -> list[Array]:
        count, start = -(-self.rows // BITS), self.first // BITS
        planes = [plane[:count] for plane in self.scratch.planes]
        for plane, slot in self.buffers.compiled.wiring.slots.items():
            if plane in self.buffers.planes:
                planes[slot] = self.buffers.planes[plane][start : start + count]
        return planes

    def _slice(self, column: Array) -> Array:
        return column[self.first : self.first + self.rows]

    def sweep(self) -> None:
        """Fill the output columns for these rows.

        ``suspect`` then holds the events with days that may be outside the years accepted.
        """
        self._fill_leaves()
        self._compare_events()
        for event, work in self.buffers.events.items():
            self._work_on_days(event, work)
        for date in self.buffers.due_dates:
            self._shifted_days(date)
        self.buffers.compiled.wiring.run(self.planes)
        for codes in self.buffers.code_work:
            self._fill_codes(codes)
        for days, output in self.buffers.several_dates:
            self._fill_days(self._slice(days), output)
        if self.buffers.compiled.rules:
            self._list_rules()

    # Leaves

    def _fill_leaves(self) -> None:
        """Fill the planes of the values given, and of what is known of the events."""
        columns = self.buffers.columns
        digits: dict[str, list[tuple[int, Array]]] = {}
        for slot, (leaf, name, *rest) in self.buffers.compiled.wiring.leaves:
            to = self.planes[slot].view(numpy.uint8)
            if leaf == "digit":
                digits.setdefault(name, []).append((rest[0], to))
            elif leaf not in COMPARISONS and leaf != "earlier":
                _put(columns.bits_of(leaf, name).part(self.first, self.rows), to)
        for fact, wanted in digits.items():
            self._fill_digits(columns.values[fact].codes, wanted)

    def _fill_digits(self, codes: Array, wanted: list[tuple[int, Array]]) -> None:
        part = self._slice(codes)
        narrow, masked = self.scratch.bytes[0][: self.rows], self.scratch.bytes[1][: self.rows]
        if part.dtype.itemsize > 1:
            numpy.copyto(narrow, part, casting="unsafe")
            part = narrow
        part = part.view(numpy.uint8)
        for digit, to in wanted:
            numpy.bitwise_and(part, numpy.uint8(1 << digit), out=masked)
            _pack(masked, to)

    # Days

    def _compare_events(self) -> None:
        """Fill the planes of the rows in which an event is earlier than another."""
        columns, slots = self.buffers.columns.days, []
        for slot, (leaf, *events) in self.buffers.compiled.wiring.leaves:
            if leaf == "earlier":
                self.planes[slot].fill(0)
                days = [self._slice(columns[event].days) for event in events]
                if all(len(column) for column in days):  # a column of nothing else is empty
                    slots.append((self.planes[slot].view(numpy.uint8), *days))
        for start in range(0, self.rows, _CACHED_ROWS):
            part = slice(start, min(start + _CACHED_ROWS, self.rows))
            flags = self.scratch.bytes[1][part].view(bool)
            for to, left, right in slots:
                numpy.less(left[part], right[part], out=flags)
                _pack(flags, to[start // 8 :])

    def _work_on_days(self, event: str, work: EventWork) -> None:
        """Do all that the days of one event are needed for, while they are in the cache."""
        column = self.buffers.columns.days.get(event)
        if column is not None and may_be_outside(self._slice(column.days)):
            self.suspect.add(event)
        if not (work.comparisons or work.late):
            return
        actual = self._actual_days(event)
        for slot, (leaf, _, *rest) in work.comparisons:
            to = self.planes[slot].view(numpy.uint8)
            if leaf == "happened":
                self._compare(numpy.less_equal, actual, self.on, to)
                continue
            day, is_floor = rest
            limit = self._shifted_on(day) if leaf == "beyond-to-come" else self._limit(day)
            self._compare(numpy.less if is_floor else numpy.greater, actual, limit, to)
        for days, date in work.late:
            numpy.subtract(actual, self._shifted_days(date), out=self._slice(days))

    def _compare(self, compare: Callable[..., Any], left: Days, right: Days, to: Array) -> None:
        if isinstance(left, int) and isinstance(right, int):
            to.fill(255 if compare(left, right) else 0)
            return
        flags = self.scratch.bytes[1][: self.rows].view(bool)
        compare(left, right, out=flags)
        _pack(flags, to)

    def _actual_days(self, event: str) -> Days:
        """Return an event's day, or the day of the assessment where it has none."""
        column = self.buffers.columns.days.get(event)
        if column is None or len(column.days) == 0:
            return self.on
        days = self._slice(column.days)
        if column.valid is None:
            return days
        valid = column.valid.part(self.first, self.rows)
        if not valid.any():
            return self.on
        # Masked copies are slow: on + (day - on) * valid has no branch for each row.
        actual, on = self.scratch.actual[: self.rows], numpy.int32(self.on)
        flags = numpy.unpackbits(valid, count=self.rows, bitorder="little")
        numpy.subtract(days, on, out=actual)
        numpy.multiply(actual, flags, out=actual)
        return numpy.add(actual, on, out=actual)

    def _shifted_days(self, shifted: ShiftedDay) -> Days:
        """Return the shifted day of each row; where its anchor has no day, any day."""
        if shifted not in self._shifted:
            self._shifted[shifted] = self._shift(shifted)
        return self._shifted[shifted]

    def _shift(self, shifted: ShiftedDay) -> Days:
        days = self._slice(self.buffers.columns.days[shifted.anchor].days)
        if shifted.days == 0:
            return days
        output = self.buffers.days.get(shifted)
        if output is not None:
            to = self._slice(output)
        else:
            memory = self.scratch.shifted
            if shifted not in memory:
                memory[shifted] = numpy.empty_like(self.scratch.places)
            to = memory[shifted][: self.rows]
        if shifted.days is not None:
            return numpy.add(days, numpy.int32(shifted.days), out=to)
        if may_be_outside(days):  # an empty row may hold any number
            days = numpy.clip(days, FIRST, LAST)
        policy = self.buffers.compiled.policy
        self.tables.take(shifted, policy, days, self.scratch.places[: self.rows], to)
        return to

    def _limit(self, day: ShiftedDay | int) -> Days:
        """Return a shifted day of each row, or a fixed one (an ordinal)."""
        return day - EPOCH if isinstance(day, int) else self._shifted_days(day)

    def _shifted_on(self, shifted: ShiftedDay) -> int:
        """Return the shifted day where its anchor is the day of the assessment."""
        return shifted_day(shifted.bound, self.on, self.buffers.compiled.policy)

    # Output columns

    def _bytes(self, plane: int) -> Array:
        bits = self.planes[self.buffers.compiled.wiring.slots[plane]].view(numpy.uint8)
        return numpy.unpackbits(bits, count=self.rows, bitorder="little")

    def _fill_codes(self, work: CodeWork) -> None:
        to, fixed = self._slice(work.codes), work.fixed
        for turn, (plane, weight) in enumerate(work.weights):
            flags = self._bytes(plane)
            codes = flags if turn or fixed else to
            if weight > 1 or codes is to:
                numpy.multiply(flags, numpy.uint8(weight), out=codes)
            if turn or fixed:
                numpy.bitwise_or(flags, to if turn else numpy.uint8(fixed), out=to)

    def _fill_days(self, to: Array, output: DueDateOutput | DaysLateOutput) -> None:
        if isinstance(output, DaysLateOutput):
            numpy.subtract(self._actual_days(output.event), self._earliest_date(output.due), out=to)
        else:
            numpy.copyto(to, self._earliest_date(output))

    def _earliest_date(self, due: DueDateOutput) -> Days:
        """Return the earliest of the due dates whose rules apply."""
        if due.dates not in self._earliest:
            earliest: Days = _NEVER
            for plane, shifted in due.dates:
                days = self._shifted_days(shifted)
                if plane != YES:
                    days = numpy.where(self._bytes(plane).view(bool), days, numpy.int32(_NEVER))
                earliest = numpy.minimum(earliest, days)
            self._earliest[due.dates] = earliest
        return self._earliest[due.dates]

    def _list_rules(self) -> None:
        """List the rules that apply in each row."""
        rules = self.buffers.compiled.rules
        planes = [(place, plane) for place, plane in enumerate(rules.values()) if plane != NO]
        applies = numpy.empty((len(planes), self.rows), dtype=numpy.uint8)
        for to, (_, plane) in zip(applies, planes, strict=True):
            to[:] = 1 if plane == YES else self._bytes(plane)
        rows, chosen = numpy.nonzero(applies.T)
        ends = numpy.zeros(self.rows + 1, dtype=numpy.int32)
        numpy.cumsum(numpy.bincount(rows, minlength=self.rows), out=ends[1:])
        places = numpy.array([place for place, _ in planes], dtype=numpy.int16)[chosen]
        ids = pyarrow.DictionaryArray.from_arrays(places, text_array(tuple(rules)))
        self.buffers.lists[self.first] = pyarrow.ListArray.from_arrays(ends, ids)


def _pack(flags: Array, to: Array) -> None:
    _put(numpy.packbits(flags, bitorder="little"), to)


def _put(bits: Array, to: Array) -> None:
    to[: len(bits)] = bits
