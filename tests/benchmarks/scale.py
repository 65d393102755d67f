"""Prints what a sweep by DuckDB costs beside the sweep in memory, and the most memory it took.

``python -m tests.benchmarks.scale [ROWS]``: both read the same folder of Parquet files and write
one file with every column that comes out, on one thread.
"""

from __future__ import annotations

import argparse
import datetime
import resource
import statistics
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

import ibis
import pyarrow
from pyarrow import dataset, parquet

from ncpi_rules import batch as columns
from ncpi_rules.batch import ibis as scale
from ncpi_rules.ruleset import shipped_ruleset
from tests.swept import made_table

if TYPE_CHECKING:
    from collections.abc import Callable

ON = datetime.date(2019, 4, 11)
ROUNDS = 3
PART = 250_000
MEMORY = "300MB"


def folder_of(rows: int, to: Path) -> int:
    """Write a folder of files, and return the bytes that they take in memory."""
    part = made_table(shipped_ruleset(), rows=PART, seed=1)
    kinds = [field.type for field in part.schema]
    values = [kind.value_type if pyarrow.types.is_dictionary(kind) else kind for kind in kinds]
    plain = part.cast(pyarrow.schema(zip(part.column_names, values, strict=True)))
    for first in range(0, rows, PART):
        ids = pyarrow.array(range(first, first + PART))
        parquet.write_table(plain.append_column("id", ids), to / f"{first}.parquet")
    return int(dataset.dataset(to).to_table().nbytes)


def by_duckdb(folder: Path) -> None:
    """Sweep the folder by DuckDB, in memory that does not hold it and with nowhere else to go."""
    database = ibis.duckdb.connect(memory_limit=MEMORY, threads=1, temp_directory="")
    cases = database.read_parquet(str(folder / "*.parquet"))
    swept = folder.parent / "by-duckdb.parquet"
    database.to_parquet(scale.sweep(cases, on=ON, row_id="id"), swept, row_group_size=20_000)


def in_memory(folder: Path) -> None:
    """Sweep the folder batch by batch."""
    pyarrow.set_cpu_count(1)
    batches = dataset.dataset(folder).scanner(use_threads=False).to_reader()
    swept = columns.sweep_batches(batches, on=ON, keep=["id"])
    with parquet.ParquetWriter(folder.parent / "in-memory.parquet", swept.schema) as file:
        for batch in swept:
            file.write_batch(batch)


def seconds(work: Callable[[Path], None], folder: Path) -> float:
    """Return how long a sweep takes."""
    started = time.perf_counter()
    work(folder)
    return time.perf_counter() - started


def main() -> None:
    """Measure, round by round, the one after the other."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", nargs="?", type=int, default=8 * PART)
    rows = parser.parse_args().rows
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "cases"
        folder.mkdir()
        with ProcessPoolExecutor(1, get_context("spawn")) as child:  # its memory is not ours
            size = child.submit(folder_of, rows, folder).result()
        print(f"{rows:,} rows, {size / 1e6:,.0f} MB in memory; DuckDB may use {MEMORY}")
        before = _most_memory()
        by_duckdb(folder)
        print(f"most memory: {before:,.0f} MB before DuckDB began, {_most_memory():,.0f} MB after")
        rounds = [(seconds(by_duckdb, folder), seconds(in_memory, folder)) for _ in range(ROUNDS)]
        ratio = statistics.median(duckdb / memory for duckdb, memory in rounds)
        print(f"DuckDB took {ratio:.1f} times as long as columns.sweep_batches, files included")


def _most_memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3


if __name__ == "__main__":
    main()
