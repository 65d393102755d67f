"""Tables in files, a batch at a time: Parquet, CSV and Arrow.

Floor 10.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow
import pyarrow.csv
import pyarrow.ipc
import pyarrow.parquet

from ncpi_rules.errors import FactsError, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import ExitStack
    from pathlib import Path


def open_table(
    stack: ExitStack, name: str, kind: str, rows: int
) -> tuple[pyarrow.RecordBatchReader, int | None]:
    """Return a reader of a file's batches, and how many rows there are where the file tells it.

    ``kind`` is ``parquet``, ``csv`` or ``arrow``; ``stack`` closes the file. Raises FactsError for
    a file that is not of this kind.
    """
    try:
        if kind == "parquet":
            file = stack.enter_context(pyarrow.parquet.ParquetFile(name))
            batches = pyarrow.RecordBatchReader.from_batches(
                file.schema_arrow, file.iter_batches(batch_size=rows)
            )
            return batches, file.metadata.num_rows
        if kind == "arrow":
            source = stack.enter_context(pyarrow.memory_map(name))
            opened = stack.enter_context(pyarrow.ipc.open_file(source))
            every = (opened.get_batch(place) for place in range(opened.num_record_batches))
            return pyarrow.RecordBatchReader.from_batches(opened.schema, every), None
        return stack.enter_context(_open_csv(name)), None
    except (pyarrow.ArrowInvalid, OSError) as fault:
        raise FactsError(
            Problem(
                place=name,
                sentence=f"This cannot be read as {kind}: {str(fault).splitlines()[0]}",
                help="Save it again, or give the file the ending of what it holds.",
            )
        ) from None


def _open_csv(name: str) -> pyarrow.RecordBatchReader:
    # Days and words are read as the text that they are; what is kept is guessed as usual.
    empty = pyarrow.csv.ConvertOptions(strings_can_be_null=True, quoted_strings_can_be_null=True)
    first = pyarrow.csv.open_csv(name, convert_options=empty)
    kinds = {
        field.name: pyarrow.string()
        for field in first.schema
        if not (pyarrow.types.is_integer(field.type) or pyarrow.types.is_floating(field.type))
        and not pyarrow.types.is_boolean(field.type)
    }
    first.close()
    empty.column_types = kinds
    return pyarrow.csv.open_csv(name, convert_options=empty)


def write_table(
    stack: ExitStack, path: Path, kind: str, schema: pyarrow.Schema
) -> Callable[[pyarrow.RecordBatch], Any]:
    """Return what writes a batch into a new file; ``stack`` closes it."""
    if kind == "parquet":
        writer = pyarrow.parquet.ParquetWriter(path, schema)
        write_parquet: Callable[[pyarrow.RecordBatch], Any] = stack.enter_context(
            writer
        ).write_batch
        return write_parquet
    if kind == "arrow":
        arrow = stack.enter_context(pyarrow.ipc.new_file(path, schema))
        write_arrow: Callable[[pyarrow.RecordBatch], Any] = arrow.write_batch
        return write_arrow
    plain = pyarrow.schema([pyarrow.field(each.name, _plain(each.type)) for each in schema])
    file = stack.enter_context(pyarrow.csv.CSVWriter(path, plain))

    def write(batch: pyarrow.RecordBatch) -> None:
        columns = list(_in_plain(batch))
        file.write_batch(pyarrow.record_batch(columns, schema=plain))

    return write


def _plain(kind: pyarrow.DataType) -> pyarrow.DataType:
    """Return what CSV can hold: words as text, a list as text with spaces between its words."""
    if pyarrow.types.is_list(kind):
        return pyarrow.string()
    return kind.value_type if pyarrow.types.is_dictionary(kind) else kind


def _in_plain(batch: pyarrow.RecordBatch) -> Iterator[pyarrow.Array]:
    for column in batch.columns:
        if pyarrow.types.is_list(column.type):
            yield pyarrow.array([" ".join(each) for each in column.to_pylist()], pyarrow.string())
        else:
            yield column.cast(_plain(column.type))
