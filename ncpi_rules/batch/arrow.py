"""The memory of Arrow arrays as numpy arrays: codes, days and bits, copied only where they must be.

Nothing here knows of rulesets.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy
import pyarrow
from attrs import field, frozen

from ncpi_rules.batch.circuit import Array

if TYPE_CHECKING:
    from collections.abc import Callable


@frozen(kw_only=True)
class Bits:
    """One bit for each row, as Arrow packs them; the first row's is bit ``start``."""

    bytes: Array = field(repr=False, eq=False)
    start: int

    def part(self, first: int, count: int) -> Array:
        """Return the bytes of ``count`` rows, beginning with row ``first``."""
        at, odd = divmod(self.start + first, 8)
        if not odd:
            return self.bytes[at : at + (count + 7) // 8]
        part = self.bytes[at : (self.start + first + count + 7) // 8]
        rows = numpy.unpackbits(part, bitorder="little")[odd : odd + count]
        return numpy.packbits(rows, bitorder="little")


def text_array(values: tuple[str, ...]) -> pyarrow.Array:
    """Return texts as an Arrow array; unlike ``pyarrow.array``, it does not load pandas."""
    texts = [value.encode() for value in values]
    ends = numpy.cumsum([0, *map(len, texts)], dtype=numpy.int32)
    buffers = [None, pyarrow.py_buffer(ends), pyarrow.py_buffer(b"".join(texts))]
    return pyarrow.Array.from_buffers(pyarrow.string(), len(texts), buffers)


def is_text(kind: pyarrow.DataType) -> bool:
    """Return True for each type of text that Arrow has."""
    types = pyarrow.types
    return bool(types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind))


def is_bytes(kind: pyarrow.DataType) -> bool:
    """Return True for each type of bytes that Arrow has."""
    types = pyarrow.types
    checks = (types.is_binary, types.is_large_binary, types.is_binary_view)
    return types.is_fixed_size_binary(kind) or any(check(kind) for check in checks)


def plain_type(kind: pyarrow.DataType) -> pyarrow.DataType:
    """Return the type of a column's values, whether or not it is dictionary-encoded."""
    return kind.value_type if pyarrow.types.is_dictionary(kind) else kind


def is_empty(column: pyarrow.ChunkedArray) -> bool:
    """Return True where every row is empty, whatever the type of the column.

    A number that is none is empty, too: pandas and polars write it so.
    """
    if column.null_count == len(column) or not pyarrow.types.is_floating(column.type):
        return bool(column.null_count == len(column))
    array = in_one_piece(column)
    return bool((numpy.isnan(numbers_of(array)) | ~unpack(valid_in(array), len(array))).all())


def describe_type(kind: pyarrow.DataType) -> str:
    """Return what a column holds, in an analyst's words."""
    types, kind = pyarrow.types, plain_type(kind)
    kinds: tuple[tuple[Callable[[Any], bool], str], ...] = (
        (types.is_timestamp, "points in time"),
        (types.is_boolean, "true and false"),
        (types.is_integer, "whole numbers"),
        (types.is_floating, "numbers"),
        (types.is_date, "days"),
        (types.is_run_end_encoded, "each value once for many rows"),
        (types.is_nested, "lists or records"),
        (is_text, "text"),
        (is_bytes, "bytes"),
    )
    return next((text for is_kind, text in kinds if is_kind(kind)), f"something else ({kind})")


def in_one_piece(column: pyarrow.ChunkedArray) -> pyarrow.Array:
    """Return a column as one array, copied only where it has several chunks."""
    if column.num_chunks == 1:
        return column.chunk(0)
    if column.num_chunks == 0:
        return pyarrow.nulls(0, column.type)
    joined = column.combine_chunks()
    return joined.chunk(0) if isinstance(joined, pyarrow.ChunkedArray) else joined


def encode(column: pyarrow.ChunkedArray) -> tuple[pyarrow.Array, tuple[str, ...]]:
    """Return the code of each row, and the values in the order of their codes."""
    kind = column.type
    if pyarrow.types.is_dictionary(kind):
        array = in_one_piece(column.unify_dictionaries())
    else:
        if pyarrow.types.is_string_view(kind):
            column = column.cast(pyarrow.large_string())
        array = in_one_piece(column.dictionary_encode())
    values = array.dictionary.to_pylist()
    codes = array.indices
    if None in values or len(set(values)) < len(values):
        texts = pyarrow.array(values, pyarrow.large_string())
        array = texts.take(codes).dictionary_encode()
        return array.indices, tuple(array.dictionary.to_pylist())
    return codes, tuple(values)


def drop_unused(
    numbers: Array, valid: Array, meaning: tuple[int, ...], values: tuple[str, ...]
) -> tuple[Array, tuple[int, ...], tuple[str, ...]]:
    """Return codes without those that no row uses: a dictionary may have thousands of these."""
    used, codes = numpy.unique(numpy.where(valid, numbers, 0), return_inverse=True)
    return codes, tuple(meaning[code] for code in used), tuple(values[code] for code in used)


def numbers_of(array: pyarrow.Array) -> Array:
    """Return the numbers of an array as they lie in memory; an empty row may hold any number."""
    types, kind = pyarrow.types, array.type
    sort = "f" if types.is_floating(kind) else "u" if types.is_unsigned_integer(kind) else "i"
    width = numpy.dtype(f"{sort}{kind.bit_width // 8}")
    buffer = array.buffers()[1]
    if buffer is None:
        return numpy.zeros(len(array), dtype=width)
    return numpy.frombuffer(buffer, dtype=width, count=array.offset + len(array))[array.offset :]


def days_and_clocks(array: pyarrow.Array) -> tuple[Array, Array]:
    """Return the days of points in time, and what each is past midnight, in nanoseconds.

    A day that Arrow's days cannot hold is the first or the last that they can.
    """
    kind = array.type
    unit = "ms" if pyarrow.types.is_date64(kind) else kind.unit
    a_second = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}[unit]
    days, clocks = numpy.divmod(numbers_of(array.view(pyarrow.int64())), 86_400 * a_second)
    limits = numpy.iinfo(numpy.int32)
    return days.clip(limits.min, limits.max).astype(numpy.int32), clocks * (10**9 // a_second)


def valid_in(array: pyarrow.Array) -> Bits | None:
    """Return which rows are not empty; None where all are not."""
    if array.null_count == 0:
        return None
    buffer = array.buffers()[0]
    if buffer is None:
        return Bits(bytes=numpy.zeros((len(array) + 7) // 8, dtype=numpy.uint8), start=0)
    return Bits(bytes=numpy.frombuffer(buffer, dtype=numpy.uint8), start=array.offset)


def true_in(column: pyarrow.ChunkedArray) -> Bits | None:
    """Return which rows are true; None where none is."""
    array = in_one_piece(column)
    if array.null_count:
        array = array.fill_null(False)  # noqa: FBT003  the value of an empty row
    if array.true_count == 0:
        return None
    return Bits(bytes=numpy.frombuffer(array.buffers()[1], dtype=numpy.uint8), start=array.offset)


def pack(flags: Array) -> Bits:
    """Return flags that take a byte each as bits."""
    return Bits(bytes=numpy.packbits(flags, bitorder="little"), start=0)


def unpack(bits: Bits | None, rows: int) -> Array:
    """Return bits as flags that take a byte each; all are true where there are no bits."""
    if bits is None:
        return numpy.ones(rows, dtype=bool)
    return numpy.unpackbits(bits.part(0, rows), count=rows, bitorder="little").view(bool)


def rows_in_both(first: Bits | None, second: Bits, rows: int) -> Array:
    """Return the rows whose bit is set in both; bits are compared before rows are."""
    if first is not None and not (first.part(0, rows) & second.part(0, rows)).any():
        return numpy.zeros(0, dtype=numpy.intp)
    return numpy.flatnonzero(unpack(first, rows) & unpack(second, rows))
