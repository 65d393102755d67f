"""Sweeps by a database: the same answers row for row, wherever the table is."""

from __future__ import annotations

import datetime
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

ibis = pytest.importorskip("ibis", reason="sweeps by a database need the extra 'scale'")
pyarrow = pytest.importorskip("pyarrow", reason="sweeps by a database need the extra 'scale'")

from ncpi_rules import FactsError, UnknownItemError, load_ruleset  # noqa: E402
from ncpi_rules import columns  # noqa: E402
from ncpi_rules.ruleset.load import shipped_ruleset  # noqa: E402
from ncpi_rules.scale import problems, sweep  # noqa: E402
from tests.swept import made_table, wrong_columns  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ncpi_rules.ruleset.model import Ruleset

ON = datetime.date(2019, 3, 1)
RULESETS = Path(__file__).parent / "rulesets"
OTHERS = ["leave-days", "library-loans", "sellers-approval", "smallest"]
ID = "Row id, `quoted`"
"""An id whose name needs care in any query."""


def _ruleset(name: str) -> Ruleset:
    return shipped_ruleset() if name == "shipped" else load_ruleset(RULESETS / name)


def _made(ruleset: Ruleset, *, rows: int, seed: int) -> Any:
    """Return a table with every column that a ruleset knows, as files have it, and an id."""
    table = made_table(ruleset, rows=rows, seed=seed)
    plain = {
        name: column.cast(pyarrow.string()) if pyarrow.types.is_dictionary(column.type) else column
        for name, column in zip(table.column_names, table.columns, strict=True)
    }
    return pyarrow.table({**plain, ID: pyarrow.array(range(rows))})


def _in_order(found: Any) -> Any:
    """Return the rows that a query gives in the order of their ids, as Arrow has them."""
    return found.to_pyarrow().sort_by(ID)


def _by_columns(table: Any, **asked: Any) -> Any:
    """Return what a sweep of the same table in memory says, words as text."""
    found = columns.sweep(table, on=ON, keep=[ID], **asked)
    plain = [pyarrow.field(each.name, _plain(each.type)) for each in found.schema]
    return found.cast(pyarrow.schema(plain))


def _plain(kind: Any) -> Any:
    if pyarrow.types.is_list(kind):
        return pyarrow.list_(_plain(kind.value_type))
    return kind.value_type if pyarrow.types.is_dictionary(kind) else kind


def _differing(found: Any, wanted: Any) -> list[str]:
    """Return the columns in which two tables of the same columns differ anywhere."""
    assert found.column_names == wanted.column_names
    assert found.num_rows == wanted.num_rows
    return [n for n in wanted.column_names if found[n].to_pylist() != wanted[n].to_pylist()]


# The same answers


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("name", ["shipped", *OTHERS])
def test_every_row_is_as_swept_in_memory(name: str, seed: int) -> None:
    """Whatever the ruleset, DuckDB gives every column of every row as the sweep in memory does."""
    ruleset = _ruleset(name)
    table = _made(ruleset, rows=3000, seed=seed)
    found = _in_order(sweep(table, on=ON, row_id=ID, ruleset=ruleset, rules=True))
    assert _differing(found, _by_columns(table, ruleset=ruleset, rules=True)) == []


@pytest.mark.parametrize("name", ["shipped", "library-loans"])
def test_every_row_is_as_decided_and_scheduled(name: str) -> None:
    """Every column of every row is what decide and schedule say, asked case by case."""
    ruleset = _ruleset(name)
    table = _made(ruleset, rows=2000, seed=3)
    found = _in_order(sweep(table, on=ON, row_id=ID, ruleset=ruleset)).drop_columns([ID])
    table = table.drop_columns([ID])
    assert wrong_columns(found, table, ruleset, on=ON.toordinal()) == []
