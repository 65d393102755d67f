"""A stretch of rows, short enough for the processor's cache: from what is given to what comes out.

What is made in between is written into the same memory again and again.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import numpy
import pyarrow
import pyarrow.compute
from attrs import define, field, frozen

from ncpi_rules.batch.buffers import BITS, Running
from ncpi_rules.batch.circuit import NO, YES, Array
from ncpi_rules.batch.day_tables import FIRST, LAST, is_doubtful, shift_of
from ncpi_rules.batch.schema import DaysLate, LastDayOf

if TYPE_CHECKING:
    from collections.abc import Callable

    from ncpi_rules.batch.buffers import OfEvent
    from ncpi_rules.batch.circuit import Wiring
    from ncpi_rules.ruleset import Bound

STRETCH: Final = 1 << 19
"""The rows that are worked on at a time: a multiple of 64."""

_NEVER: Final = 2**30

Days: TypeAlias = "Array | int"
"""A day for each row, or one for all of them."""


@frozen
class Scratch:
    """Memory that one worker uses again and again."""

    planes: Array
    bytes: Array
    actual: Array
    places: Array
    _moved: dict[Hashable, Array] = field(factory=dict)

    def moved_of(self, what: Hashable) -> Array:
        """Return memory for the days to which one bound leads."""
        if what not in self._moved:
            self._moved[what] = numpy.empty_like(self.places)
        return self._moved[what]

    @classmethod
    def of(cls, wiring: Wiring, rows: int) -> Scratch:
        """Return memory for stretches of so many rows."""
        rows = min(rows, STRETCH)
        values = -(-rows // BITS)
        return cls(
            planes=numpy.zeros((wiring.size, values), dtype=numpy.uint64),
            bytes=numpy.empty((2, values * BITS), dtype=numpy.uint8),
            actual=numpy.empty(values * BITS, dtype=numpy.int32),
            places=numpy.empty(values * BITS, dtype=numpy.int32),
        )


@define(kw_only=True)
class Stretch:
    """The rows from ``first`` on, at work."""

    running: Running
    first: int
    scratch: Scratch
    rows: int = field(init=False)
    planes: list[Array] = field(init=False)
    _moved: dict[int, Days] = field(factory=dict)

    @rows.default
    def _rows(self) -> int:
        return min(STRETCH, self.running.columns.rows - self.first)

    @planes.default
    def _all_planes(self) -> list[Array]:
        values = -(-self.rows // BITS)
        start = self.first // BITS
        found = [row[:values] for row in self.scratch.planes]
        for plane, slot in self.running.compiled.wiring.slots.items():
            if plane in self.running.planes:
                found[slot] = self.running.planes[plane][start : start + values]
        return found

    def _slice(self, each: Array) -> Array:
        return each[self.first : self.first + self.rows]

    def work(self) -> None:
        """Fill the columns that come out for these rows."""
        self._take_bits_and_digits()
        for event, needed in self.running.events.items():
            self._take_days(event, needed)
        for bound in self.running.last_days:
            self._moved_of(bound)
        self.running.compiled.wiring.run(self.planes)
        self._fill()

    # Leaves

    def _take_bits_and_digits(self) -> None:
        """Fill the planes of what is given in words, and of what is known of the events."""
        columns = self.running.columns
        digits: dict[str, list[tuple[int, Array]]] = {}
        for slot, name in self.running.compiled.wiring.leaves:
            kind, of, *rest = name
            if kind in {"happened", "beyond"}:
                continue
            to = self.planes[slot].view(numpy.uint8)
            if kind == "digit":
                digits.setdefault(of, []).append((rest[0], to))
            else:
                _put(columns.bits_of(kind, of).part(self.first, self.rows), to)
        for fact, wanted in digits.items():
            self._digits(columns.values[fact].codes, wanted)

    def _digits(self, codes: Array, wanted: list[tuple[int, Array]]) -> None:
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

    def _take_days(self, event: str, needed: OfEvent) -> None:
        """Do all that the days of one event are needed for, while they are in the cache."""
        column = self.running.columns.days.get(event)
        if column is not None and is_doubtful(self._slice(column.days)):
            self.running.doubtful.add(event)
        if not (needed.compared or needed.late):
            return
        actual = self._actual_days(event)
        for slot, bound in needed.compared:
            to = self.planes[slot].view(numpy.uint8)
            if bound is None:
                self._compare(numpy.less_equal, actual, self.running.on, to)
            else:
                how = numpy.less if bound.is_floor else numpy.greater
                self._compare(how, actual, self._moved_of(bound), to)
        for days, bound in needed.late:
            numpy.subtract(actual, self._moved_of(bound), out=self._slice(days))

    def _compare(self, how: Callable[..., Any], one: Days, other: Days, to: Array) -> None:
        if isinstance(one, int) and isinstance(other, int):
            to.fill(255 if how(one, other) else 0)
            return
        found = self.scratch.bytes[1][: self.rows].view(bool)
        how(one, other, out=found)
        _pack(found, to)

    def _actual_days(self, event: str) -> Days:
        """Return an event's day, or the day of the assessment where it has none."""
        column = self.running.columns.days.get(event)
        on = self.running.on
        if column is None or len(column.days) == 0:
            return on
        days = self._slice(column.days)
        if column.told is None:
            return days
        told = column.told.part(self.first, self.rows)
        if not told.any():
            return on
        # Masked copies are slow: on + (day - on) * told has no branch for each row.
        found = self.scratch.actual[: self.rows]
        numpy.subtract(days, numpy.int32(on), out=found)
        numpy.multiply(found, numpy.unpackbits(told, count=self.rows, bitorder="little"), out=found)
        return numpy.add(found, numpy.int32(on), out=found)

    def _moved_of(self, bound: Bound) -> Days:
        """Return the day to which a bound leads in each row; under empty rows, any day."""
        key = self.running.moved_key(bound)
        found = self._moved.get(key)
        if found is None:
            found = self._moved[key] = self._moved_days(bound, key)
        return found

    def _moved_days(self, bound: Bound, key: int) -> Days:
        running = self.running
        days = self._slice(running.columns.days[bound.anchor].days)
        shift = shift_of(bound, running.compiled.policy)
        if shift == 0:
            return days
        kept = running.days.get(key)
        to = self.scratch.moved_of(key)[: self.rows] if kept is None else self._slice(kept)
        if shift is not None:
            return numpy.add(days, numpy.int32(shift), out=to)
        if is_doubtful(days):  # under empty rows may stand anything
            days = numpy.clip(days, FIRST, LAST)
        first, table = running.table_of(bound, int(days.min()), int(days.max()))
        places = numpy.subtract(days, numpy.int32(first), out=self.scratch.places[: self.rows])
        return _taken(table, places, to)

    # What comes out

    def _fill(self) -> None:
        """Fill the columns of words, and those of days that depend on the rules."""
        for codes, fixed, weights in self.running.values:
            self._codes(self._slice(codes), fixed, weights)
        for days, each in self.running.late:
            to = self._slice(days)
            if isinstance(each, DaysLate):
                numpy.subtract(self._actual_days(each.event), self._least(each.due), out=to)
            else:
                numpy.copyto(to, self._least(each))
        if self.running.compiled.rules:
            self._rules()

    def _plane(self, plane: int) -> Array:
        return self.planes[self.running.compiled.wiring.slots[plane]].view(numpy.uint8)

    def _bytes(self, plane: int) -> Array:
        return numpy.unpackbits(self._plane(plane), count=self.rows, bitorder="little")

    def _codes(self, to: Array, fixed: int, weights: tuple[tuple[int, int], ...]) -> None:
        for turn, (plane, weight) in enumerate(weights):
            found = self._bytes(plane)
            last = found if turn or fixed else to
            if weight > 1 or last is to:
                numpy.multiply(found, numpy.uint8(weight), out=last)
            if turn or fixed:
                numpy.bitwise_or(found, to if turn else numpy.uint8(fixed), out=to)

    def _least(self, each: LastDayOf) -> Days:
        """Return the earliest of the last days whose rules apply."""
        key = -id(each)
        if key not in self._moved:
            least: Days = _NEVER
            for plane, bound in each.bounds:
                moved = self._moved_of(bound)
                if plane != YES:
                    moved = numpy.where(self._bytes(plane).view(bool), moved, numpy.int32(_NEVER))
                least = numpy.minimum(least, moved)
            self._moved[key] = least
        return self._moved[key]

    def _rules(self) -> None:
        running = self.running
        planes = list(running.compiled.rules.values())
        some = [place for place, plane in enumerate(planes) if plane != NO]
        holding = numpy.empty((len(some), self.rows), dtype=numpy.uint8)
        for to, place in zip(holding, some, strict=True):
            to[:] = 1 if planes[place] == YES else self._bytes(planes[place])
        rows, found = numpy.nonzero(holding.T)
        ends = numpy.zeros(self.rows + 1, dtype=numpy.int32)
        numpy.cumsum(numpy.bincount(rows, minlength=self.rows), out=ends[1:])
        codes = numpy.array(some, dtype=numpy.int16)[found]
        ids = pyarrow.DictionaryArray.from_arrays(codes, pyarrow.array(running.compiled.rules))
        running.lists[self.first] = pyarrow.ListArray.from_arrays(ends, ids)


def _taken(table: pyarrow.Array, places: Array, to: Array) -> Array:
    """Write what stands at places of a table; Arrow takes half as long as numpy."""
    where = [None, pyarrow.py_buffer(places)]
    numbers = pyarrow.Array.from_buffers(pyarrow.int32(), len(places), where)
    found = pyarrow.compute.take(table, numbers, boundscheck=False)  # every day is in the table
    numpy.copyto(to, numpy.frombuffer(found.buffers()[1], dtype=numpy.int32, count=len(places)))
    return to


def _pack(found: Array, to: Array) -> None:
    _put(numpy.packbits(found, bitorder="little"), to)


def _put(bits: Array, to: Array) -> None:
    to[: len(bits)] = bits
