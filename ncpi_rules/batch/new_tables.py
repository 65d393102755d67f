"""Tables into new files, a batch at a time: Parquet, CSV and Arrow are written."""

from __future__ import annotations

import io
import re
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

import pyarrow
from attrs import field, frozen

from ncpi_rules.batch.arrow import describe_type, is_bytes, is_text, plain_type
from ncpi_rules.batch.edited_copies import EDITED_COPY
from ncpi_rules.batch.problems import column_problem
from ncpi_rules.core import FactsError, Problem

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from contextlib import ExitStack
    from pathlib import Path

_FORMULA: Final = r"^[=+\-@\t\r\n＝＋－＠]"  # noqa: RUF001  the wide signs begin a formula, too
"""How a text begins that a spreadsheet may take for a formula."""
_NUMBER: Final = r"^[+-]?[0-9][0-9.,]*%?$"


@frozen(kw_only=True)
class NewTable:
    """A table in a new file, to which batches are added.

    CSV is opened by spreadsheets, which work out what looks like a formula. In a column that was
    ``keep`` it is somebody else's, so an apostrophe goes before it: it stays a text.
    """

    writer: Any
    plain: pyarrow.Schema | None = None
    """The columns as CSV can hold them; None for another kind of file."""
    keep: frozenset[str] = frozenset()
    edited: str = ""
    """The name of the edited copy by which the rows are assessed, or nothing for an edition."""
    formulas: Counter[str] = field(factory=Counter)

    @classmethod
    def of(  # noqa: PLR0913, PLR0917  each says how to write
        cls,
        stack: ExitStack,
        path: Path,
        kind: str,
        schema: pyarrow.Schema,
        keep: Collection[str],
        edited: str = "",
    ) -> NewTable:
        """Return a new file of a kind; ``stack`` closes it.

        ``keep`` names the columns that are not the ruleset's. CSV has no metadata, so there a last
        column names the ``edited`` copy. Raises FactsError for columns that the file cannot hold.
        """
        if kind == "parquet":
            return cls(writer=stack.enter_context(_parquet_writer(path, schema)))
        if kind == "arrow":
            return cls(writer=stack.enter_context(pyarrow.ipc.new_file(path, schema)))
        from pyarrow import csv  # noqa: PLC0415  only for such files

        plain = pyarrow.schema([_csv_field(column, keep) for column in schema])
        _require_plain(plain)
        if edited:
            _require_free(plain)
            plain = plain.append(pyarrow.field(EDITED_COPY, pyarrow.string()))
        writer = stack.enter_context(csv.CSVWriter(path, plain))
        disarmed = frozenset(map(_disarmed, keep))
        return cls(writer=writer, plain=plain, keep=disarmed, edited=edited)

    def write(self, batch: pyarrow.RecordBatch) -> None:
        """Add the rows of a batch."""
        if self.plain is not None:
            columns = list(map(self._csv_column, self.plain, batch.columns))
            if self.edited:
                columns.append(pyarrow.repeat(self.edited, batch.num_rows))
            batch = pyarrow.record_batch(columns, schema=self.plain)
        self.writer.write_batch(batch)

    def notes(self) -> Iterator[Problem]:
        """Yield what to say of the file once it is written."""
        for name, many in self.formulas.items():
            begin = "1 text begins" if many == 1 else f"{many:,} texts begin"
            message = f"{begin} as a formula does; an apostrophe was written before each."
            yield column_problem(name, message, "")

    def _csv_column(self, column: pyarrow.Field, array: pyarrow.Array) -> pyarrow.Array:
        """Return a column of a batch as CSV holds it: a list is text, with spaces between."""
        if pyarrow.types.is_list(array.type):
            texts = [" ".join(filter(None, values or ())) for values in array.to_pylist()]
            array = pyarrow.array(texts, pyarrow.string())
        array = array.cast(column.type)
        if column.name not in self.keep or not is_text(column.type):
            return array
        from pyarrow import compute  # noqa: PLC0415  only for such columns

        is_number = compute.match_substring_regex(array, _NUMBER)
        is_formula = compute.and_not(compute.match_substring_regex(array, _FORMULA), is_number)
        if not is_formula.true_count:
            return array
        self.formulas[column.name] += is_formula.true_count
        parts = (pyarrow.scalar(text, column.type) for text in ("'", ""))
        armed = compute.binary_join_element_wise(next(parts), array, next(parts))
        return compute.if_else(is_formula, armed, array)


def _parquet_writer(path: Path, schema: pyarrow.Schema) -> Any:
    """Return what writes a Parquet file; raise FactsError for columns that it cannot hold."""
    from pyarrow import parquet  # noqa: PLC0415  only for such files

    def problems() -> Iterator[Problem]:
        for column in schema:
            try:
                parquet.ParquetWriter(io.BytesIO(), pyarrow.schema([column])).close()
            except pyarrow.ArrowNotImplementedError:
                yield column_problem(
                    column.name,
                    f"Parquet cannot hold this column; it holds {describe_type(column.type)}.",
                    "Write a file ending in .arrow, or do not keep the column.",
                )

    try:
        return parquet.ParquetWriter(path, schema)
    except pyarrow.ArrowNotImplementedError:
        raise FactsError(problems()) from None


def _csv_field(column: pyarrow.Field, keep: Collection[str]) -> pyarrow.Field:
    """Return a column with the type that CSV can hold, and a name that is no formula."""
    kind = plain_type(column.type)
    if pyarrow.types.is_string_view(kind):
        kind = pyarrow.large_string()
    if pyarrow.types.is_list(kind) and is_text(plain_type(kind.value_type)):
        kind = pyarrow.string()
    name = _disarmed(column.name) if column.name in keep else column.name
    return pyarrow.field(name, kind)


def _disarmed(name: str) -> str:
    """Return the name of a column, with an apostrophe where it looks like a formula.

    >>> _disarmed("=1+1"), _disarmed("-1")
    ("'=1+1", '-1')
    """
    return f"'{name}" if re.search(_FORMULA, name) and not re.search(_NUMBER, name) else name


def _require_free(schema: pyarrow.Schema) -> None:
    """Refuse to keep a column that has the name of the one that names the edited copy."""
    if EDITED_COPY in schema.names:
        message = "It cannot be kept: a column of this name says that the rules are an edited copy."
        raise FactsError([column_problem(EDITED_COPY, message, "Rename it before.")])


def _require_plain(schema: pyarrow.Schema) -> None:
    problems = [
        column_problem(
            column.name,
            f"CSV cannot hold this column; it holds {describe_type(column.type)}.",
            "Write a file ending in .parquet or .arrow, or do not keep the column.",
        )
        for column in schema
        if pyarrow.types.is_nested(column.type) or is_bytes(column.type)
    ]
    if problems:
        raise FactsError(problems)
