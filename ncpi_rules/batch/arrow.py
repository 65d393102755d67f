"""What lies in the memory of Arrow's arrays: codes, days and bits, not copied where it need not be.

It knows nothing of rulesets.
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


def is_text(kind: pyarrow.DataType) -> bool:
    """Return True for each kind of text that Arrow has."""
    types = pyarrow.types
    return bool(types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind))


def plain_kind(kind: pyarrow.DataType) -> pyarrow.DataType:
    """Return what a column holds, be it written out in each row or once in a dictionary."""
    return kind.value_type if pyarrow.types.is_dictionary(kind) else kind


def is_empty(column: pyarrow.ChunkedArray) -> bool:
    """Return True where no row holds anything, whatever the column was made for."""
    return bool(column.null_count == len(column))


def holds_nothing(kind: pyarrow.DataType) -> bool:
    """Return True for the kind of a column that can hold nothing but empty fields."""
    return bool(pyarrow.types.is_null(kind))


def says_kind(kind: pyarrow.DataType) -> str:
    """Return what a column holds, as an analyst reads it."""
    types, kind = pyarrow.types, plain_kind(kind)
    kinds: tuple[tuple[Callable[[Any], bool], str], ...] = (
        (types.is_timestamp, "points in time"),
        (types.is_boolean, "true and false"),
        (types.is_integer, "whole numbers"),
        (types.is_floating, "numbers"),
        (types.is_date, "days"),
        (types.is_nested, "lists or records"),
        (is_text, "text"),
    )
    return next((says for is_kind, says in kinds if is_kind(kind)), f"something else ({kind})")


def in_one_piece(column: pyarrow.ChunkedArray) -> pyarrow.Array:
    """Return a column in one piece; nothing is copied where it is in one already."""
    if column.num_chunks == 1:
        return column.chunk(0)
    if column.num_chunks == 0:
        return pyarrow.array([], column.type)
    joined = column.combine_chunks()
    return joined.chunk(0) if isinstance(joined, pyarrow.ChunkedArray) else joined


def coded(column: pyarrow.ChunkedArray) -> tuple[pyarrow.Array, tuple[str, ...]]:
    """Return the code of each row and the words, each of them once."""
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


def fewer(
    numbers: Array, told: Array, meaning: tuple[int, ...], values: tuple[str, ...]
) -> tuple[Array, tuple[int, ...], tuple[str, ...]]:
    """Return the codes again, those first that some row uses: others may be thousands."""
    used, back = numpy.unique(numpy.where(told, numbers, 0), return_inverse=True)
    return back, tuple(meaning[code] for code in used), tuple(values[code] for code in used)


def numbers_of(array: pyarrow.Array) -> Array:
    """Return the numbers of an array as they lie in memory; under empty rows, anything."""
    kind = array.type
    width = numpy.dtype(numpy.int32 if pyarrow.types.is_date(kind) else kind.to_pandas_dtype())
    buffer = array.buffers()[1]
    if buffer is None:
        return numpy.zeros(len(array), dtype=width)
    found = numpy.frombuffer(buffer, dtype=width, count=array.offset + len(array))
    return found[array.offset :]


def told_in(array: pyarrow.Array) -> Bits | None:
    """Return which rows are not empty; None where no row is."""
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
        array = array.fill_null(False)  # noqa: FBT003  the value that stands for an empty row
    if array.true_count == 0:
        return None
    return Bits(bytes=numpy.frombuffer(array.buffers()[1], dtype=numpy.uint8), start=array.offset)


def packed(rows: Array) -> Bits:
    """Return rows that are told a byte each, a bit each."""
    return Bits(bytes=numpy.packbits(rows, bitorder="little"), start=0)


def unpacked(bits: Bits | None, rows: int) -> Array:
    """Return which rows are told, a byte for each."""
    if bits is None:
        return numpy.ones(rows, dtype=bool)
    return numpy.unpackbits(bits.part(0, rows), count=rows, bitorder="little").view(bool)


def rows_in_both(one: Bits | None, other: Bits, rows: int) -> Array:
    """Return the rows that are told in both: the bits are looked at before the rows are."""
    if one is not None and not (one.part(0, rows) & other.part(0, rows)).any():
        return numpy.zeros(0, dtype=numpy.intp)
    return numpy.flatnonzero(unpacked(one, rows) & unpacked(other, rows))
