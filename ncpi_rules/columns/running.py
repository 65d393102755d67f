"""The memory of the columns that come out, and what Arrow makes of it.

Floor 10. What is the same in two columns is worked out once and lies in memory once.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any, Final

import numpy
import pyarrow
from attrs import define, field

from ncpi_rules.columns.circuit import NO, YES, Array
from ncpi_rules.columns.compiling import Compiled
from ncpi_rules.columns.days import shift_of
from ncpi_rules.columns.layout import DaysLate, Flag, LastDayOf, Output, Word, fixed_part
from ncpi_rules.columns.reading import Columns
from ncpi_rules.periods import Calendar
from ncpi_rules.ruleset.rules import Bound

BITS: Final = 64
"""The cases in a word of a plane."""


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
    on: int
    calendar: Calendar
    planes: dict[int, Array] = field(factory=dict)
    codes: dict[Hashable, Array] = field(factory=dict)
    days: dict[Hashable, Array] = field(factory=dict)
    lists: dict[int, pyarrow.Array] = field(factory=dict)
    words: list[tuple[Array, int, tuple[tuple[int, int], ...]]] = field(factory=list)
    last_days: list[Bound] = field(factory=list)
    late: list[tuple[Array, LastDayOf | DaysLate]] = field(factory=list)
    _numbers: dict[Hashable, int] = field(factory=dict)
    _keys: dict[int, int] = field(factory=dict)

    # What comes out

    def allocate(self) -> None:
        """Find the memory for what comes out: a plane, a code or a day for each row."""
        rows = self.columns.rows
        words = -(-rows // BITS)
        nothing = numpy.zeros(words * BITS, dtype=numpy.int32)  # never touched: it costs nothing
        for each in self.compiled.outputs:
            plane = each.plane if isinstance(each, Flag) else each.told
            if plane not in self.planes:
                self.planes[plane] = self._plane(plane, words, nothing)
            if isinstance(each, Word) and each.digits not in self.codes:
                self.codes[each.digits] = self._code(each.digits, rows, nothing)
            elif isinstance(each, LastDayOf | DaysLate) and self.key(each) not in self.days:
                self.days[self.key(each)] = self._days(each, rows, nothing)
                if each.told != NO and (isinstance(each, DaysLate) or each.bound is None):
                    self.late.append((self.days[self.key(each)], each))
            if isinstance(each, LastDayOf) and each.told != NO:
                self.last_days.extend(bound for _, bound in each.bounds)

    def _plane(self, plane: int, words: int, nothing: Array) -> Array:
        if plane == NO:
            return nothing.view(numpy.uint64)[:words]
        found = _memory(words, numpy.uint64)
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
            self.words.append((found, fixed, tuple(weights.items())))
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
        told = None if each.told == YES else pyarrow.py_buffer(self.planes[each.told])
        if isinstance(each, Word):
            codes = pyarrow.py_buffer(self.codes[each.digits])
            numbers = pyarrow.Array.from_buffers(pyarrow.int8(), rows, [told, codes])
            words = pyarrow.array(each.words)
            return pyarrow.DictionaryArray.from_arrays(numbers, words, safe=False)
        kind = pyarrow.date32() if isinstance(each, LastDayOf) else pyarrow.int32()
        days = pyarrow.py_buffer(self.days[self.key(each)])
        return pyarrow.Array.from_buffers(kind, rows, [told, days])

    def rules(self) -> pyarrow.ChunkedArray:
        """Return the list of the rules that hold in each row."""
        return pyarrow.chunked_array(
            [self.lists[first] for first in sorted(self.lists)], type=rules_type()
        )


def rules_type() -> pyarrow.DataType:
    """Return the type of the column of rules: a list of ids in each row."""
    return pyarrow.list_(pyarrow.dictionary(pyarrow.int16(), pyarrow.string()))


def _memory(count: int, kind: type[Any]) -> Array:
    """Return memory from Arrow's pool, which gives out again what other tables have given back."""
    size = count * numpy.dtype(kind).itemsize
    return numpy.frombuffer(pyarrow.allocate_buffer(size), dtype=kind)
