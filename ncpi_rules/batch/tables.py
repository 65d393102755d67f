"""Tables in files, a batch at a time: Parquet, CSV and Arrow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow

from ncpi_rules.batch.arrow import plain_type
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
    """Return a reader of a file's batches, and the number of rows where the file gives it.

    ``kind`` is ``parquet``, ``csv`` or ``arrow``; ``stack`` closes the file; the ruleset says which
    columns hold values. Raises FactsError for a file that is not of this kind.
    """
    openers = {"parquet": _open_parquet, "arrow": _open_arrow, "csv": _open_csv}
    try:
        return openers[kind](stack, name, rows, ruleset)
    except (pyarrow.ArrowInvalid, OSError) as fault:
        raise FactsError(
            Problem(
                place=name,
                message=f"This cannot be read as {kind}: {str(fault).splitlines()[0]}",
                help="Save it again, or give the file the ending of what it holds.",
            )
        ) from None


def _open_parquet(
    stack: ExitStack, name: str, rows: int, ruleset: Ruleset
) -> tuple[pyarrow.RecordBatchReader, int | None]:
    from pyarrow import parquet  # noqa: PLC0415  only for such files

    values = [column for column in parquet.read_schema(name).names if column in ruleset.facts]
    file = stack.enter_context(parquet.ParquetFile(name, read_dictionary=values))
    batches = file.iter_batches(batch_size=rows)
    reader = pyarrow.RecordBatchReader.from_batches(file.schema_arrow, batches)
    return reader, file.metadata.num_rows


def _open_arrow(
    stack: ExitStack, name: str, rows: int, ruleset: Ruleset
) -> tuple[pyarrow.RecordBatchReader, int | None]:
    del rows, ruleset  # batches and types are those of the file
    source = stack.enter_context(pyarrow.memory_map(name))
    file = stack.enter_context(pyarrow.ipc.open_file(source))
    batches = (file.get_batch(place) for place in range(file.num_record_batches))
    return pyarrow.RecordBatchReader.from_batches(file.schema, batches), None


def _open_csv(
    stack: ExitStack, name: str, rows: int, ruleset: Ruleset
) -> tuple[pyarrow.RecordBatchReader, int | None]:
    from pyarrow import csv  # noqa: PLC0415  only for such files

    del rows  # batches are as large as Arrow makes them
    # All is text, and only an empty field is empty: a reference such as 007 stays what it is.
    options = csv.ConvertOptions(
        null_values=[""], strings_can_be_null=True, quoted_strings_can_be_null=True
    )
    with csv.open_csv(name, convert_options=options) as file:
        types = dict.fromkeys(file.schema.names, pyarrow.string())
    flags = {f"{event}{NOT_YET}": pyarrow.bool_() for event in ruleset.events}
    options.column_types = types | flags
    return stack.enter_context(csv.open_csv(name, convert_options=options)), None


def write_table(
    stack: ExitStack, path: Path, kind: str, schema: pyarrow.Schema
) -> Callable[[pyarrow.RecordBatch], Any]:
    """Return the function that writes a batch into a new file; ``stack`` closes the file."""
    if kind == "parquet":
        from pyarrow import parquet  # noqa: PLC0415  only for such files

        writer: Any = stack.enter_context(parquet.ParquetWriter(path, schema))
        return writer.write_batch  # type: ignore[no-any-return]
    if kind == "arrow":
        writer = stack.enter_context(pyarrow.ipc.new_file(path, schema))
        return writer.write_batch  # type: ignore[no-any-return]
    from pyarrow import csv  # noqa: PLC0415  only for such files

    plain = pyarrow.schema([pyarrow.field(field.name, _csv_type(field.type)) for field in schema])
    writer = stack.enter_context(csv.CSVWriter(path, plain))

    def write(batch: pyarrow.RecordBatch) -> None:
        writer.write_batch(pyarrow.record_batch(list(_csv_columns(batch)), schema=plain))

    return write


def _csv_type(kind: pyarrow.DataType) -> pyarrow.DataType:
    """Return what CSV can hold: a list is text, with spaces between its values."""
    return pyarrow.string() if pyarrow.types.is_list(kind) else plain_type(kind)


def _csv_columns(batch: pyarrow.RecordBatch) -> Iterator[pyarrow.Array]:
    for column in batch.columns:
        if pyarrow.types.is_list(column.type):
            texts = [" ".join(values) for values in column.to_pylist()]
            yield pyarrow.array(texts, pyarrow.string())
        else:
            yield column.cast(_csv_type(column.type))
