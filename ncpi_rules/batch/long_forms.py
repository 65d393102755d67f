"""A swept table in long form: a row for each case and each event, with titles beside ids."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow

from ncpi_rules.batch.problems import column_problem
from ncpi_rules.core import FactsError, Status
from ncpi_rules.ruleset import shipped_ruleset

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ncpi_rules.ruleset import Ruleset

_PARTS = {
    "status": pyarrow.string(),
    "due": pyarrow.date32(),
    "late-by": pyarrow.int32(),
}


def long_form(
    swept: Any, *, ids: Sequence[str] = (), ruleset: Ruleset | None = None
) -> pyarrow.Table:
    """Return what ``sweep`` returned with a row for each case and each event with a deadline.

    The columns are ``case`` (the number of the row, from 1), those that ``ids`` names, and
    ``event``, ``event_title``, ``status``, ``status_label``, ``due`` and ``late_by``. A case
    without a deadline on an event has no row for it. Raises FactsError for ``ids`` that the table
    lacks.

    >>> from ncpi_rules.batch import sweep
    >>> cases = pyarrow.table({"force": ["kent"], "report-published": ["2018-06-28"]})
    >>> table = long_form(sweep(cases, on="2019-03-11", keep=["force"]), ids=["force"])
    >>> row = next(row for row in table.to_pylist() if row["event"] == "revisit-begins")
    >>> row["case"], row["force"], row["status_label"], str(row["due"])
    (1, 'kent', 'cannot tell', '2018-12-28')
    """
    table = pyarrow.table(swept)
    missing = [name for name in ids if name not in table.column_names]
    if missing:
        help_ = "Name a column that the sweep was told to keep, or one that comes out of it."
        raise FactsError(
            [column_problem(name, "The table has no such column.", help_) for name in missing]
        )
    rules = ruleset if ruleset is not None else shipped_ruleset()
    labels = {status.value: status.label for status in Status}
    numbers = pyarrow.array(range(1, table.num_rows + 1), pyarrow.int64())
    blocks: list[pyarrow.Table] = []
    for event, term in rules.events.items():
        if f"{event}.status" not in table.column_names:
            continue
        columns: dict[str, Any] = {"case": numbers, **{name: table[name] for name in ids}}
        columns |= {"event": [event] * table.num_rows, "event_title": [term.title] * table.num_rows}
        for part, kind in _PARTS.items():
            name = f"{event}.{part}"
            columns[part.replace("-", "_")] = (
                table[name].cast(kind)
                if name in table.column_names
                else pyarrow.nulls(table.num_rows, kind)
            )
        statuses = columns["status"]
        block = pyarrow.table(columns)
        named = [labels.get(status) for status in statuses.to_pylist()]
        at = block.column_names.index("status") + 1
        block = block.add_column(at, "status_label", pyarrow.array(named, pyarrow.string()))
        blocks.append(block.filter(statuses.is_valid()))
    return pyarrow.concat_tables(blocks).sort_by("case") if blocks else pyarrow.table({})
