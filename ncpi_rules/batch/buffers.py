"""The memory of the columns that come out, and what Arrow makes of it.

What is the same in two columns is worked out once and lies in memory once.
"""

from __future__ import annotations

from collections.abc import Hashable
from functools import lru_cache
from typing import Any, Final

import numpy
import pyarrow
from attrs import define, field, frozen

from ncpi_rules.batch.circuit import NO, YES, Array
from ncpi_rules.batch.compile import Compiled
from ncpi_rules.batch.day_tables import FIRST, LAST, first_day, shift_of, table_of_days, year_of
from ncpi_rules.batch.inputs import Columns
from ncpi_rules.batch.schema import DaysLate, Flag, LastDayOf, Output, ValueOf, fixed_part
from ncpi_rules.ruleset import Bound, Ruleset

BITS: Final = 64
"""The cases in a word of a plane."""


@frozen(kw_only=True)
class OfEvent:
    """What the days of an event are needed for.

    ``compared`` has the slots of comparisons with the day to which a bound leads, or with the day
    of the assessment where there is none; ``late`` the columns of days late with their only bound.
    """

    compared: list[tuple[int, Bound | None]] = field(factory=list)
    late: list[tuple[Array, Bound]] = field(factory=list)


@define(kw_only=True)
class Running:
    """A circuit at work on some columns, with the memory of what comes out.

    ``planes``, ``codes`` and ``days`` are found by what they hold; ``lists`` of rules by the first
    row of their stretch. ``words``, ``last_days`` and ``late`` say what is to be filled, each once:
    codes with what they are before any digit and the planes with their weights; bounds; and columns
    of days that need more than one bound.
    """

    compiled: Compiled
    columns: Columns
    ruleset: Ruleset
    on: int
    planes: dict[int, Array] = field(factory=dict)
    codes: dict[Hashable, Array] = field(factory=dict)
    days: dict[Hashable, Array] = field(factory=dict)
    lists: dict[int, pyarrow.Array] = field(factory=dict)
    values: list[tuple[Array, int, tuple[tuple[int, int], ...]]] = field(factory=list)
    last_days: list[Bound] = field(factory=list)
    late: list[tuple[Array, LastDayOf | DaysLate]] = field(factory=list)
    events: dict[str, OfEvent] = field(init=False)
    doubtful: set[str] = field(factory=set)
    _tables: dict[int, tuple[int, int, pyarrow.Array]] = field(factory=dict)
    _nulls: dict[int, int] = field(factory=dict)
    _numbers: dict[Hashable, int] = field(factory=dict)
    _keys: dict[int, int] = field(factory=dict)

    @events.default
    def _no_work(self) -> dict[str, OfEvent]:
        return {event: OfEvent() for event in self.ruleset.events}

    # What comes out

    def allocate(self) -> None:
        """Find the memory for what comes out: a plane, a code or a day for each row."""
        rows = self.columns.rows
        values = -(-rows // BITS)
        nothing = numpy.zeros(values * BITS, dtype=numpy.int32)  # never touched: it costs nothing
        for each in self.compiled.outputs:
            plane = each.plane if isinstance(each, Flag) else each.told
            if plane not in self.planes:
                self.planes[plane] = self._plane(plane, values, nothing)
            if isinstance(each, ValueOf) and each.digits not in self.codes:
                self.codes[each.digits] = self._code(each.digits, rows, nothing)
            elif isinstance(each, LastDayOf | DaysLate) and self.key(each) not in self.days:
                self.days[self.key(each)] = self._days(each, rows, nothing)
                self._take_up(each, self.days[self.key(each)])
            if isinstance(each, LastDayOf) and each.told != NO:
                self.last_days.extend(bound for _, bound in each.bounds)
        for slot, (kind, event, *rest) in self.compiled.wiring.leaves:
            if kind in {"happened", "beyond"}:
                self.events[event].compared.append((slot, rest[0] if rest else None))

    def _take_up(self, each: LastDayOf | DaysLate, days: Array) -> None:
        """Note how a column of days is to be filled."""
        if each.told == NO:
            return
        if isinstance(each, DaysLate) and each.due.bound is not None:
            self.events[each.event].late.append((days, each.due.bound))
        elif isinstance(each, DaysLate) or each.bound is None:
            self.late.append((days, each))

    def table_of(self, bound: Bound, least: int, most: int) -> tuple[int, pyarrow.Array]:
        """Return the days to which a bound leads, and the day with which this table begins."""
        key = self.moved_key(bound)
        first, last, table = self._tables.get(key, (LAST, FIRST, None))
        if table is None or least < first or most > last:
            years = year_of(min(least, first)), year_of(max(most, last))
            days = table_of_days(bound, self.ruleset.calendar, self.compiled.policy, *years)
            first, table = first_day(years[0]), pyarrow.array(days)
            self._tables[key] = first, first + len(table) - 1, table
        return first, table

    def _plane(self, plane: int, values: int, nothing: Array) -> Array:
        if plane == NO:
            return nothing.view(numpy.uint64)[:values]
        found = _memory(values, numpy.uint64)
        if plane == YES:
            found.fill(2**BITS - 1)
        return found

    def _code(self, digits: tuple[int, ...], rows: int, nothing: Array) -> Array:
        if {*digits} <= {NO}:
            return nothing.view(numpy.uint8)[:rows]
        found = _memory(rows, numpy.uint8)
        fixed = fixed_part(digits)
        weights: dict[int, int] = {}
        for place, plane in enumerate(digits):
            if plane not in {NO, YES}:
                weights[plane] = weights.get(plane, 0) + (1 << place)
        if weights:
            heavy_first = sorted(weights.items(), key=lambda each: -each[1])
            self.values.append((found, fixed, tuple(heavy_first)))
        else:
            found.fill(fixed)
        return found

    def _days(self, each: LastDayOf | DaysLate, rows: int, nothing: Array) -> Array:
        if each.told == NO:
            return nothing[:rows]
        if isinstance(each, LastDayOf) and (same := self._same_day(each)):
            return self.columns.days[same].days
        return _memory(rows, numpy.int32)

    def _same_day(self, each: LastDayOf) -> str | None:
        """Return the event whose own day is the last day in every row, if there is one."""
        if each.bound is not None and shift_of(each.bound, self.compiled.policy) == 0:
            return each.bound.anchor
        return None

    def key(self, each: LastDayOf | DaysLate) -> Hashable:
        """Return what tells columns of days apart: those alike are worked out once."""
        if each.told == NO:
            return "nothing"
        if isinstance(each, DaysLate):
            return each.event if each.event in self.columns.days else "", self.key(each.due)
        return each.bounds if each.bound is None else self.moved_key(each.bound)

    def moved_key(self, bound: Bound) -> int:
        """Return a number that tells apart the days to which bounds lead."""
        found = self._keys.get(id(bound))  # bounds live as long as the rules
        if found is None:
            shift = shift_of(bound, self.compiled.policy)
            same = bound.anchor, bound if shift is None else shift
            found = self._keys[id(bound)] = self._numbers.setdefault(same, len(self._numbers))
        return found

    def array_of(self, each: Output) -> pyarrow.Array:
        """Return a column as Arrow has it; columns that are alike share their memory."""
        rows = self.columns.rows
        if isinstance(each, Flag):
            bits = pyarrow.py_buffer(self.planes[each.plane])
            return pyarrow.Array.from_buffers(pyarrow.bool_(), rows, [None, bits])
        told, empty = self._told(each.told)
        if isinstance(each, ValueOf):
            codes = pyarrow.py_buffer(self.codes[each.digits])
            numbers = pyarrow.Array.from_buffers(pyarrow.int8(), rows, [told, codes], empty)
            return pyarrow.DictionaryArray.from_arrays(numbers, _values(each.values), safe=False)
        kind = pyarrow.date32() if isinstance(each, LastDayOf) else pyarrow.int32()
        days = pyarrow.py_buffer(self.days[self.key(each)])
        return pyarrow.Array.from_buffers(kind, rows, [told, days], empty)

    def _told(self, plane: int) -> tuple[pyarrow.Buffer | None, int]:
        """Return which rows are told, and how many are not: counted once, not for each column."""
        if plane == YES:
            return None, 0
        bits = pyarrow.py_buffer(self.planes[plane])
        if plane not in self._nulls:
            rows = self.columns.rows
            told = pyarrow.Array.from_buffers(pyarrow.bool_(), rows, [None, bits])
            self._nulls[plane] = rows - told.true_count
        return bits, self._nulls[plane]

    def rules(self) -> pyarrow.ChunkedArray:
        """Return the list of the rules that apply in each row."""
        return pyarrow.chunked_array(
            [self.lists[first] for first in sorted(self.lists)], type=rules_type()
        )


def rules_type() -> pyarrow.DataType:
    """Return the type of the column of rules: a list of ids in each row."""
    return pyarrow.list_(pyarrow.dictionary(pyarrow.int16(), pyarrow.string()))


@lru_cache(maxsize=1024)
def _values(values: tuple[str, ...]) -> pyarrow.Array:
    """Return words as Arrow has them: the same for every column that has these."""
    return pyarrow.array(values)


def _memory(count: int, kind: type[Any]) -> Array:
    """Return memory from Arrow's pool, which gives out again what other tables have given back."""
    size = count * numpy.dtype(kind).itemsize
    return numpy.frombuffer(pyarrow.allocate_buffer(size), dtype=kind)
