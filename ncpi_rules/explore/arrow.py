"""Columns of numbers and the values that they name, as Arrow.

pyarrow is imported only where it is used.
"""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from ncpi_rules.core import MissingExtraError, Problem

if TYPE_CHECKING:
    from array import array
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from ncpi_rules.explore.sources import Entry


def _pyarrow() -> Any:
    try:
        import pyarrow  # noqa: PLC0415  an extra
    except ImportError:
        message = "Arrow tables need a package that is not installed."
        help_ = 'Install it with: pip install "ncpi-rules[columns]"'
        raise MissingExtraError(Problem(place="", message=message, help=help_)) from None
    return pyarrow


def table(
    columns: Mapping[str, Sequence[Entry]], batches: Iterable[Mapping[str, array[int]]]
) -> Any:
    """Return a ``pyarrow.Table``: the entries of each column, and batches of their numbers."""
    pyarrow = _pyarrow()
    made = _Made(pyarrow, columns)
    return pyarrow.Table.from_batches(made.batches(batches), made.schema)


def stream(
    columns: Mapping[str, Sequence[Entry]],
    batches: Iterable[Mapping[str, array[int]]],
    requested_schema: object | None,
) -> Any:
    """Return the capsule of a stream of batches, each made when it is read."""
    pyarrow = _pyarrow()
    made = _Made(pyarrow, columns)
    reader = pyarrow.RecordBatchReader.from_batches(made.schema, made.batches(batches))
    return reader.__arrow_c_stream__(requested_schema)


class _Made:
    """The values of each column in Arrow's own form."""

    def __init__(self, pyarrow: Any, columns: Mapping[str, Sequence[Entry]]) -> None:
        self.pyarrow = pyarrow
        self.days: dict[str, Any] = {}
        self.values: dict[str, tuple[Any, Any]] = {}
        kinds: list[tuple[str, Any]] = []
        for name, entries in columns.items():
            known = [each for each in entries if each is not None]
            if known and all(isinstance(each, datetime.date) for each in known):
                self.days[name] = pyarrow.array(list(entries), pyarrow.date32())
                kinds.append((name, pyarrow.date32()))
                continue
            values = [str(each) for each in known]
            place = iter(range(len(values)))
            numbers = [None if each is None else next(place) for each in entries]
            self.values[name] = (
                pyarrow.array(numbers, pyarrow.int32()),
                pyarrow.array(values, pyarrow.string()),
            )
            kinds.append((name, pyarrow.dictionary(pyarrow.int32(), pyarrow.string())))
        self.schema = pyarrow.schema(kinds)

    def batches(self, found: Iterable[Mapping[str, array[int]]]) -> Iterator[Any]:
        """Yield record batches."""
        for codes in found:
            columns = [self._column(name, codes[name]) for name in self.schema.names]
            yield self.pyarrow.RecordBatch.from_arrays(columns, schema=self.schema)

    def _column(self, name: str, codes: array[int]) -> Any:
        buffers = [None, self.pyarrow.py_buffer(codes)]
        numbers = self.pyarrow.Array.from_buffers(self.pyarrow.uint32(), len(codes), buffers)
        if name in self.days:
            return self.days[name].take(numbers)
        places, values = self.values[name]
        return self.pyarrow.DictionaryArray.from_arrays(places.take(numbers), values)
