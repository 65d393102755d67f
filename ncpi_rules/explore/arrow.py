"""Columns of numbered values as Arrow; pyarrow is imported only here, and only when it is used."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from ncpi_rules.core import MissingExtraError, Problem

if TYPE_CHECKING:
    from array import array
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from ncpi_rules.explore.sources import Entry


class ArrowColumns:
    """The entries of each column in Arrow's own form; raises MissingExtraError without pyarrow."""

    def __init__(self, columns: Mapping[str, Sequence[Entry]]) -> None:
        """Keep the entries of columns by name: days as date32, anything else as text."""
        try:
            import pyarrow  # noqa: PLC0415  an extra
        except ImportError:
            message = "Arrow tables need a package that is not installed."
            help_ = 'Install it with: pip install "ncpi-rules[columns]"'
            raise MissingExtraError(Problem(place="", message=message, help=help_)) from None
        self.pyarrow: Any = pyarrow
        self.entries = {name: self._entries(entries) for name, entries in columns.items()}
        self.schema = pyarrow.schema([(name, made.type) for name, made in self.entries.items()])

    def _entries(self, entries: Sequence[Entry]) -> Any:
        known = [entry for entry in entries if entry is not None]
        if known and all(isinstance(entry, datetime.date) for entry in known):
            return self.pyarrow.array(list(entries), self.pyarrow.date32())
        texts = [None if entry is None else str(entry) for entry in entries]
        return self.pyarrow.array(texts, self.pyarrow.string()).dictionary_encode()

    def table(self, batches: Iterable[Mapping[str, array[int]]]) -> Any:
        """Return a ``pyarrow.Table`` of batches of the entries' numbers."""
        return self.pyarrow.Table.from_batches(self._batches(batches), self.schema)

    def stream(
        self, batches: Iterable[Mapping[str, array[int]]], requested_schema: object | None
    ) -> Any:
        """Return the capsule of a stream of batches, each made when it is read."""
        reader = self.pyarrow.RecordBatchReader.from_batches(self.schema, self._batches(batches))
        return reader.__arrow_c_stream__(requested_schema)

    def _batches(self, batches: Iterable[Mapping[str, array[int]]]) -> Iterator[Any]:
        for numbers in batches:
            columns = [
                entries.take(self._numbers(numbers[name])) for name, entries in self.entries.items()
            ]
            yield self.pyarrow.RecordBatch.from_arrays(columns, schema=self.schema)

    def _numbers(self, numbers: array[int]) -> Any:
        buffers = [None, self.pyarrow.py_buffer(numbers)]
        return self.pyarrow.Array.from_buffers(self.pyarrow.uint32(), len(numbers), buffers)
