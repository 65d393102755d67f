"""Tables in files, a batch at a time: Parquet, CSV and Arrow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow
import pyarrow.csv
import pyarrow.ipc
import pyarrow.parquet

from ncpi_rules.batch.validate import NOT_YET
from ncpi_rules.core import FactsError, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import ExitStack
    from pathlib import Path

    from ncpi_rules.ruleset import Ruleset


def open_table(
    stack: ExitStack, name: str, kind: str, rows: int, ruleset: Ruleset
) -> tuple[pyarrow.RecordBatchReader, int | None]:
    """Return a reader of a file's batches, and how many rows there are where the file tells it.

    ``kind`` is ``parquet``, ``csv`` or ``arrow``; ``stack`` closes the file; the ruleset says which
    columns hold words. Raises FactsError for a file that is not of this kind.
    """
    try:
        if kind == "parquet":
            there = pyarrow.parquet.read_schema(name).names
            values = [each for each in there if each in ruleset.facts]
            file = stack.enter_context(pyarrow.parquet.ParquetFile(name, read_dictionary=values))
            batches = pyarrow.RecordBatchReader.from_batches(
                file.schema_arrow, file.iter_batches(batch_size=rows)
            )
            return batches, file.metadata.num_rows
        if kind == "arrow":
            source = stack.enter_context(pyarrow.memory_map(name))
            opened = stack.enter_context(pyarrow.ipc.open_file(source))
            every = (opened.get_batch(place) for place in range(opened.num_record_batches))
            return pyarrow.RecordBatchReader.from_batches(opened.schema, every), None
        return stack.enter_context(_open_csv(name, ruleset)), None
    except (pyarrow.ArrowInvalid, OSError) as fault:
        raise FactsError(
            Problem(
                place=name,
                message=f"This cannot be read as {kind}: {str(fault).splitlines()[0]}",
                help="Save it again, or give the file the ending of what it holds.",
            )
        ) from None


def _open_csv(name: str, ruleset: Ruleset) -> pyarrow.RecordBatchReader:
    # All is text, and only an empty field is empty: a reference such as 007 stays what it is.
    options = pyarrow.csv.ConvertOptions(
        null_values=[""], strings_can_be_null=True, quoted_strings_can_be_null=True
    )
    with pyarrow.csv.open_csv(name, convert_options=options) as first:
        kinds = dict.fromkeys(first.schema.names, pyarrow.string())
    flags = {f"{event}{NOT_YET}": pyarrow.bool_() for event in ruleset.events}
    options.column_types = kinds | flags
    return pyarrow.csv.open_csv(name, convert_options=options)


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
