"""Tables in memory, of whatever library, as Arrow tables; what Arrow refuses, in a sentence."""

from __future__ import annotations

import re
from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import pyarrow

from ncpi_rules.batch.problems import column_problem
from ncpi_rules.core import FactsError, NcpiRulesError

if TYPE_CHECKING:
    from collections.abc import Iterator

_TABLES_HELP: Final = (
    "Give a table of pyarrow, polars, pandas or DuckDB, or anything with the Arrow PyCapsule "
    "interface; collect a lazy table first."
)
_MIXED: Final = re.compile(r"Conversion failed for column (.*) with type \S+", re.DOTALL)
"""How pyarrow names the column of a pandas table that it cannot take."""


def read_table(table: Any) -> pyarrow.Table:
    """Return anything with the Arrow PyCapsule interface as an Arrow table.

    Raises FactsError for what has no such interface, and for what Arrow cannot take.
    """
    if isinstance(table, pyarrow.Table):
        return table
    _require_table(table)
    with as_facts_error():
        if isinstance(table, pyarrow.RecordBatchReader):
            return table.read_all()  # its errors stay what they are
        return pyarrow.table(table)


def batch_reader(batches: Any) -> pyarrow.RecordBatchReader:
    """Return a reader of anything that gives Arrow batches by the PyCapsule interface.

    Raises FactsError as :func:`read_table` does.
    """
    if isinstance(batches, pyarrow.RecordBatchReader):
        return batches
    if isinstance(batches, pyarrow.Table) or not hasattr(batches, "__arrow_c_stream__"):
        return read_table(batches).to_reader()
    _require_table(batches)
    with as_facts_error():
        return pyarrow.RecordBatchReader.from_stream(batches)


def _require_table(table: Any) -> None:
    kind = type(table).__name__
    if not (hasattr(table, "__arrow_c_stream__") or hasattr(table, "__arrow_c_array__")):
        message = f"A {kind} is not a table that can be read."
        raise FactsError(message, _TABLES_HELP)
    if isinstance(table, pyarrow.RecordBatch):
        return
    columns = getattr(table, "columns", ())  # those of pandas may have one name twice
    names = columns if hasattr(columns, "__iter__") else ()
    several = Counter(name for name in names if isinstance(name, str))
    if twice := [name for name, many in several.items() if many > 1]:
        help_ = "Rename or leave out one of them."
        raise FactsError(
            column_problem(name, "Two columns have this name.", help_) for name in twice
        )


@contextmanager
def as_facts_error() -> Iterator[None]:
    """Raise FactsError for what Arrow finds wrong with a table."""
    try:
        yield
    except NcpiRulesError:
        raise
    except (pyarrow.ArrowException, ValueError, TypeError, OSError) as fault:
        raise FactsError(*_trouble(fault)) from None


def _trouble(fault: Exception) -> tuple[Any, ...]:
    texts = [str(argument).partition(" Detail:")[0] for argument in fault.args]
    if mixed := next(filter(None, map(_MIXED.fullmatch, texts)), None):
        message = "The values of this column are not all of one type that can be read."
        help_ = "Write all of them as text: a day as 2018-06-28, or 'not-yet' or 'unknown'."
        return (column_problem(mixed[1], message, help_),)
    message = getattr(fault, "strerror", None) or (texts[0] if texts else type(fault).__name__)
    if "non-struct type" in message:
        return "This is a column, not a table.", _TABLES_HELP
    help_ = "Each column needs a name of its own, and values of one type only."
    return f"Arrow cannot read this table: {message}", help_
