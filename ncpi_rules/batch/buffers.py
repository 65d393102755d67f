"""The memory of the columns that come out, and the Arrow arrays made of it.

Columns with the same content are worked out once and share their memory.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING, Any, Final

import numpy
import pyarrow
from attrs import define, field, frozen

from ncpi_rules.batch.circuit import NO, YES, Array
from ncpi_rules.batch.compile import CompiledSweep
from ncpi_rules.batch.schema import (
    DaysLateOutput,
    DueDateOutput,
    FlagOutput,
    InputColumns,
    Output,
    ShiftedDay,
    ValueOutput,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

BITS: Final = 64
"""The rows in one number of a plane."""

COMPARISONS: Final = frozenset({"happened", "beyond", "beyond-to-come"})
"""The leaves of a circuit that compare days."""

RULES_TYPE: Final = pyarrow.list_(pyarrow.dictionary(pyarrow.int16(), pyarrow.string()))
"""The type of the column of rules: a list of ids in each row."""


@frozen(kw_only=True)
class EventWork:
    """What is worked out from the days of one event.

    ``comparisons`` has the slot of each comparison and its leaf: ``happened``, or ``beyond`` a
    shifted day or a fixed one (an ordinal), for a floor or not. ``late`` has columns of days late,
    with the only due date there is.
    """

    comparisons: list[tuple[int, tuple[Any, ...]]] = field(factory=list)
    late: list[tuple[Array, ShiftedDay]] = field(factory=list)


@frozen
class CodeWork:
    """A column of codes: what they are before any digit, and the weights of planes in them."""

    codes: Array
    fixed: int
    weights: tuple[tuple[int, int], ...]


@define(kw_only=True)
class OutputBuffers:
    """The memory of the columns that a circuit makes of some input columns.

    ``planes``, ``codes`` and ``days`` are found by what they hold; ``lists`` of rules by the first
    row of their chunk. ``events``, ``code_work``, ``due_dates`` and ``several_dates`` (columns that
    depend on several due dates) say what is to be filled, each once.
    """

    compiled: CompiledSweep
    columns: InputColumns
    planes: dict[int, Array] = field(factory=dict, init=False)
    codes: dict[tuple[int, ...], Array] = field(factory=dict, init=False)
    days: dict[Hashable, Array] = field(factory=dict, init=False)
    lists: dict[int, pyarrow.Array] = field(factory=dict, init=False)
    events: dict[str, EventWork] = field(factory=dict, init=False)
    code_work: list[CodeWork] = field(factory=list, init=False)
    due_dates: set[ShiftedDay] = field(factory=set, init=False)
    several_dates: list[tuple[Array, DueDateOutput | DaysLateOutput]] = field(
        factory=list, init=False
    )
    _zeros: Array = field(init=False)
    _empty_rows: dict[int, int] = field(factory=dict, init=False)

    @_zeros.default
    def _untouched_memory(self) -> Array:
        rows = -(-self.columns.rows // BITS) * BITS
        return numpy.zeros(rows, dtype=numpy.int32)  # never written to: it costs nothing

    def __attrs_post_init__(self) -> None:
        """Allocate the memory, and note how it is to be filled."""
        self.events = {event: EventWork() for event in self.columns.days}
        for output in self.compiled.outputs.values():
            self._add_plane(output.plane if isinstance(output, FlagOutput) else output.valid)
            if isinstance(output, ValueOutput):
                self._add_codes(output.digits)
            elif not isinstance(output, FlagOutput):
                self._add_days(output)
        for slot, leaf in self.compiled.wiring.leaves:
            if leaf[0] in COMPARISONS:
                self._work(leaf[1]).comparisons.append((slot, leaf))

    def _work(self, event: str) -> EventWork:
        return self.events.setdefault(event, EventWork())

    def _add_plane(self, plane: int) -> None:
        if plane in self.planes:
            return
        count = -(-self.columns.rows // BITS)
        if plane == NO:
            self.planes[plane] = self._zeros.view(numpy.uint64)[:count]
            return
        self.planes[plane] = _allocate(count, numpy.uint64)
        if plane == YES:
            self.planes[plane].fill(2**BITS - 1)

    def _add_codes(self, digits: tuple[int, ...]) -> None:
        rows = self.columns.rows
        if digits in self.codes:
            return
        if {*digits} <= {NO}:
            self.codes[digits] = self._zeros.view(numpy.uint8)[:rows]
            return
        codes = self.codes[digits] = _allocate(rows, numpy.uint8)
        fixed, weights = 0, dict[int, int]()
        for place, plane in enumerate(digits):
            if plane == YES:
                fixed |= 1 << place
            elif plane != NO:
                weights[plane] = weights.get(plane, 0) + (1 << place)
        if weights:
            heavy_first = sorted(weights.items(), key=lambda item: -item[1])
            self.code_work.append(CodeWork(codes, fixed, tuple(heavy_first)))
        else:
            codes.fill(fixed)

    def _add_days(self, output: DueDateOutput | DaysLateOutput) -> None:
        key, rows = self._key(output), self.columns.rows
        if output.valid == NO:
            self.days[key] = self._zeros[:rows]
            return
        is_due = isinstance(output, DueDateOutput)
        due = output if isinstance(output, DueDateOutput) else output.due
        self.due_dates.update(date for _, date in due.dates if is_due)
        if key in self.days:
            return
        if is_due and due.only and due.only.days == 0:
            self.days[key] = self.columns.days[due.only.anchor].days
            return
        self.days[key] = _allocate(rows, numpy.int32)
        if due.only is None:
            self.several_dates.append((self.days[key], output))
        elif isinstance(output, DaysLateOutput):
            self._work(output.event).late.append((self.days[key], due.only))

    def _key(self, output: DueDateOutput | DaysLateOutput) -> Hashable:
        """Return what columns of days have in common that are worked out only once."""
        if output.valid == NO:
            return None
        if isinstance(output, DueDateOutput):
            return output.only or output.dates
        event = output.event if output.event in self.columns.days else None
        return event, output.due.only or output.due.dates

    # Arrow

    def table(self, ahead: Iterable[tuple[str, Any]]) -> pyarrow.Table:
        """Return the columns as an Arrow table, behind some others."""
        arrays = dict(ahead)
        arrays |= {name: self._array(output) for name, output in self.compiled.outputs.items()}
        if self.compiled.rules:
            lists = [self.lists[first] for first in sorted(self.lists)]
            arrays["rules"] = pyarrow.chunked_array(lists, type=RULES_TYPE)
        return pyarrow.table(arrays)

    def _array(self, output: Output) -> pyarrow.Array:
        rows = self.columns.rows
        if isinstance(output, FlagOutput):
            bits = pyarrow.py_buffer(self.planes[output.plane])
            return pyarrow.Array.from_buffers(output.type, rows, [None, bits])
        valid, empty = self._validity(output.valid)
        if isinstance(output, ValueOutput):
            codes = pyarrow.py_buffer(self.codes[output.digits])
            places = pyarrow.Array.from_buffers(pyarrow.int8(), rows, [valid, codes], empty)
            return pyarrow.DictionaryArray.from_arrays(places, output.dictionary, safe=False)
        days = pyarrow.py_buffer(self.days[self._key(output)])
        return pyarrow.Array.from_buffers(output.type, rows, [valid, days], empty)

    def _validity(self, plane: int) -> tuple[pyarrow.Buffer | None, int]:
        """Return the bits of the rows that are not empty, and how many rows are empty."""
        if plane == YES:
            return None, 0
        bits = pyarrow.py_buffer(self.planes[plane])
        if plane not in self._empty_rows:
            rows = self.columns.rows
            flags = pyarrow.Array.from_buffers(pyarrow.bool_(), rows, [None, bits])
            self._empty_rows[plane] = rows - flags.true_count
        return bits, self._empty_rows[plane]


def _allocate(count: int, kind: type[Any]) -> Array:
    """Return memory from Arrow's pool, which reuses what other tables have given back."""
    size = count * numpy.dtype(kind).itemsize
    return numpy.frombuffer(pyarrow.allocate_buffer(size), dtype=kind)
