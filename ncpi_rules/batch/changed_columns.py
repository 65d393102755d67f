"""Sweeps of the same cases by different rules, compared column by column."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, TypeAlias

import pyarrow
import pyarrow.compute

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

Change: TypeAlias = tuple[str, int, tuple[int, int] | None, dict[tuple[str, str], int]]
"""A column, how many of its cases change, the days that dates move, and values before and after."""

_STATUS = ".status"


def compare_columns(earlier: pyarrow.Table, later: pyarrow.Table) -> Iterator[Change]:
    """Yield each column in which two results differ, in their order.

    Of a column of dates it says the least and the most days by which they move; of any other, how
    many cases have which value before and after, the most frequent first.
    """
    compute = pyarrow.compute
    for name in earlier.column_names:
        before, after = earlier[name], later[name]
        if before.equals(after):
            continue
        if pyarrow.types.is_date32(before.type):
            days = compute.subtract(after.cast(pyarrow.int32()), before.cast(pyarrow.int32()))
            moved = days.filter(compute.not_equal(days, 0))
            both = compute.min_max(moved)
            bounds = (both["min"].as_py(), both["max"].as_py()) if len(moved) else None
            yield name, len(moved), bounds, {}
            continue
        pairs = pyarrow.table({"before": _plain(before), "after": _plain(after)})
        rows = pairs.group_by(["before", "after"]).aggregate([([], "count_all")]).to_pylist()
        counts = Counter(
            {
                (row["before"] or "nothing", row["after"] or "nothing"): row["count_all"]
                for row in rows
                if row["before"] != row["after"]
            }
        )
        yield name, sum(counts.values()), None, dict(counts.most_common())


def stacked_statuses(
    results: Sequence[pyarrow.Table], names: Sequence[str]
) -> Mapping[str, pyarrow.Table]:
    """Return, for each event whose status differs, all results under each other, to be drawn.

    ``names`` says by which rules each result was made.
    """
    stacked: dict[str, pyarrow.Table] = {}
    first, *others = results
    for name in first.column_names:
        event = name.removesuffix(_STATUS)
        if event == name or all(first[name].equals(other[name]) for other in others):
            continue
        parts = [
            pyarrow.table(
                {
                    "ruleset": _repeated(names, at, table.num_rows),
                    "event": _repeated([event], 0, table.num_rows),
                    "status": table[name].combine_chunks(),
                }
            )
            for at, table in enumerate(results)
        ]
        stacked[event] = pyarrow.concat_tables(parts)
    return stacked


def _repeated(values: Sequence[str], at: int, rows: int) -> pyarrow.Array:
    indices = pyarrow.nulls(rows, pyarrow.int8()).fill_null(at)
    return pyarrow.DictionaryArray.from_arrays(indices, list(values))


def _plain(column: pyarrow.ChunkedArray) -> pyarrow.ChunkedArray:
    return column.cast(pyarrow.string()) if pyarrow.types.is_dictionary(column.type) else column
