"""Tables in files, a batch at a time: Parquet, CSV and Arrow are read."""

from __future__ import annotations

from collections import deque
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO, Final, NoReturn

import numpy
import pyarrow
from attrs import define, field, frozen

from ncpi_rules.batch.arrow import is_text, pack, unpack, valid_in
from ncpi_rules.batch.circuit import Array
from ncpi_rules.batch.csv_rows import CsvFile
from ncpi_rules.batch.names import names_of
from ncpi_rules.core import FactsError, NcpiRulesError, Problem, counted
from ncpi_rules.io import open_regular_file
from ncpi_rules.ruleset import Editions, column_meant

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import ExitStack

    from ncpi_rules.ruleset import Rules, Ruleset

_TITLES: Final = {
    "parquet": "a Parquet table",
    "csv": "a CSV table",
    "arrow": "an Arrow table",
}
_SAVE_AS_CSV: Final = "Open it there and save the sheet as 'CSV UTF-8'."
_UNPACK: Final = "Unpack it first."
_OTHER_KINDS: Final[tuple[tuple[bytes, str, str], ...]] = (
    (b"PK\x03\x04", "an Excel workbook or another zip archive", _SAVE_AS_CSV),
    (b"\xd0\xcf\x11\xe0", "an Excel workbook of the old kind", _SAVE_AS_CSV),
    (b"\x1f\x8b", "a file compressed with gzip", _UNPACK),
    (b"BZh", "a file compressed with bzip2", _UNPACK),
    (b"\xfd7zXZ", "a file compressed with xz", _UNPACK),
    (b"\x28\xb5\x2f\xfd", "a file compressed with Zstandard", _UNPACK),
    (b"%PDF", "a PDF", "Give the table from which it was made."),
    (b"<", "a web page or XML", _SAVE_AS_CSV),
    (b"{", "JSON", "Save it as CSV, Parquet or Arrow."),
    (b"FEA1", "a Feather file of version 1", "Save it again as version 2."),
)
"""How a file begins that is no table of ours, what it is, and what to do."""
_STREAM: Final = b"\xff\xff\xff\xff"
_TABLES: Final = {b"PAR1": "parquet", b"ARROW1": "arrow", _STREAM: "arrow"}
"""How a table of ours begins; one in CSV may begin otherwise."""


@define
class EmptyRows:
    """The rows of a file in which every field is empty: they are read, and left out of what comes.

    So what is wrong with another row is reported with its number in the file.
    """

    left_out: int = 0
    waiting: deque[Array] = field(factory=deque)
    """Of batches that were read and have not come out: which rows have something in them."""

    def read(self, batch: pyarrow.RecordBatch) -> pyarrow.RecordBatch:
        """Return a batch, once its empty rows are noted."""
        full = numpy.zeros(batch.num_rows, dtype=bool)
        for column in batch.columns:
            full |= unpack(valid_in(column), batch.num_rows)
            if full.all():
                break  # most often the first one
        self.waiting.append(full)
        return batch

    def leave_out(self, batch: pyarrow.RecordBatch) -> pyarrow.RecordBatch:
        """Return what was made of the next rows that were read, without those that are empty."""
        parts: list[Array] = []
        left = batch.num_rows if self.waiting else 0
        while left:
            parts.append(self.waiting[0][:left])
            left -= len(parts[-1])
            self.waiting[0] = self.waiting[0][len(parts[-1]) :]
            if not len(self.waiting[0]):
                self.waiting.popleft()
        full = numpy.concatenate(parts) if parts else numpy.ones(0, dtype=bool)
        self.left_out += len(full) - int(full.sum())
        if full.all():
            return batch
        bits = [None, pyarrow.py_buffer(pack(full).bytes)]
        return batch.filter(pyarrow.Array.from_buffers(pyarrow.bool_(), len(full), bits))


@frozen(kw_only=True)
class TableFile:
    """A table in a file that is open: its batches, and how many rows there are if the file says."""

    name: str
    batches: pyarrow.RecordBatchReader
    rows: int | None = None
    empty: EmptyRows = field(factory=EmptyRows)

    def read_all(self) -> pyarrow.Table:
        """Return the whole table, without its empty rows."""
        full = [self.empty.leave_out(batch) for batch in self.batches]
        return pyarrow.Table.from_batches(full, schema=self.batches.schema)

    def notes(self) -> Iterator[Problem]:
        """Yield what to say of the file once it is read."""
        if self.empty.left_out:
            be = "was" if self.empty.left_out == 1 else "were"
            message = f"{counted(self.empty.left_out, 'empty row')} {be} left out."
            yield Problem(place=self.name, message=message)


def open_table(stack: ExitStack, name: str, kind: str, rows: int, ruleset: Rules) -> TableFile:
    """Return a file, to be read in batches of some rows.

    ``kind`` is ``parquet``, ``csv`` or ``arrow``; ``stack`` closes the file; the ruleset says which
    columns hold values. Raises FactsError for a file that is not of this kind or is damaged; so
    does the reader, where the damage is in the rows.
    """
    opened = stack.enter_context(open_regular_file(name, FactsError))
    _require_kind(opened, name, kind)
    openers = {"parquet": _open_parquet, "arrow": _open_arrow, "csv": _open_csv}
    with _damage(name, kind):
        editions = tuple(ruleset) if isinstance(ruleset, Editions) else (ruleset,)
        return openers[kind](stack, name, opened, rows, editions)


def _refuse(name: str, message: str, help_: str) -> NoReturn:
    raise FactsError(Problem(place=name, message=message, help=help_))


def _require_kind(opened: BinaryIO, name: str, kind: str) -> None:
    """Refuse a file that begins as one of another kind does."""
    start = opened.read(512).removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n")
    opened.seek(0)
    title = _TITLES[kind]
    for first, ending in _TABLES.items():
        if start.startswith(first) and ending != kind:
            help_ = f"Give its name the ending .{ending}."
            _refuse(name, f"This is {_TITLES[ending]}, not {title}.", help_)
    for first, what, help_ in _OTHER_KINDS:
        if start.startswith(first):
            _refuse(name, f"This is {what}, not {title}.", help_)
    if kind != "csv" and kind not in {
        _TABLES[first] for first in _TABLES if start.startswith(first)
    }:
        message = f"This is not {title}." if start else "The file is empty."
        _refuse(name, message, "Save it again, or give the file the ending of what it holds.")


@contextmanager
def _damage(name: str, kind: str) -> Iterator[None]:
    """Raise FactsError for what is wrong inside a file."""
    try:
        yield
    except NcpiRulesError:
        raise
    except UnicodeDecodeError:
        help_ = "Rename it, and save the table again."
        _refuse(name, "The name of a column is not UTF-8 text.", help_)
    except (pyarrow.ArrowException, OSError, ValueError, MemoryError) as fault:
        if isinstance(fault, OSError) and fault.errno:
            raise  # it is the system's, not the file's
        message = f"The file is damaged, or it is {_TITLES[kind]} of a kind that is not read here."
        _refuse(name, message, "Make it anew, or copy it again from where it is whole.")


def _checked(
    batches: Iterator[pyarrow.RecordBatch], name: str, kind: str, *, only_text: bool
) -> Iterator[pyarrow.RecordBatch]:
    """Yield batches of which every byte is checked: a damaged one could end the process.

    With ``only_text`` the file's reader has made anything but text.
    """
    with _damage(name, kind):
        for batch in batches:
            for column in batch.columns:
                if is_text(column.type) or not only_text:
                    column.validate(full=True)
            yield batch


def _open_parquet(
    stack: ExitStack, name: str, opened: BinaryIO, rows: int, editions: tuple[Ruleset, ...]
) -> TableFile:
    from pyarrow import parquet  # noqa: PLC0415  only for such files

    del opened  # Arrow reads a file faster that it opens itself
    schema = parquet.read_schema(name)
    values = [
        column
        for column, field in zip(names_of(schema), schema, strict=True)
        if not pyarrow.types.is_nested(field.type)  # it has columns of its own, of other names
        and any(column_meant(column, edition) in edition.facts for edition in editions)
    ]
    file = stack.enter_context(parquet.ParquetFile(name, read_dictionary=values))
    batches = _checked(file.iter_batches(batch_size=rows), name, "parquet", only_text=True)
    reader = pyarrow.RecordBatchReader.from_batches(file.schema_arrow, batches)
    return TableFile(name=name, batches=reader, rows=file.metadata.num_rows)


def _open_arrow(
    stack: ExitStack, name: str, opened: BinaryIO, rows: int, editions: tuple[Ruleset, ...]
) -> TableFile:
    del rows, editions  # batches and types are those of the file
    source = stack.enter_context(pyarrow.memory_map(name))
    if opened.read(len(_STREAM)) == _STREAM:
        stream = stack.enter_context(pyarrow.ipc.open_stream(source))
        schema, batches = stream.schema, iter(stream)
    else:
        file = stack.enter_context(pyarrow.ipc.open_file(source))
        schema = file.schema
        batches = (file.get_batch(place) for place in range(file.num_record_batches))
    names_of(schema)
    batches = _checked(batches, name, "arrow", only_text=False)
    return TableFile(name=name, batches=pyarrow.RecordBatchReader.from_batches(schema, batches))


def _open_csv(
    stack: ExitStack, name: str, opened: BinaryIO, rows: int, editions: tuple[Ruleset, ...]
) -> TableFile:
    del stack, rows  # batches are as large as the pieces that are parsed
    file, empty = CsvFile.of(name, opened, editions), EmptyRows()
    batches = map(empty.read, file.batches())
    reader = pyarrow.RecordBatchReader.from_batches(file.schema, batches)
    return TableFile(name=name, batches=reader, empty=empty)
