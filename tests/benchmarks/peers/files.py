"""From file to file: Parquet is read, every row is answered, and Parquet is written."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Final

from pyarrow import parquet

from ncpi_rules.batch import CHUNK_ROWS, NewTable, open_table, sweep_batches
from tests.benchmarks.peers import with_polars
from tests.benchmarks.peers.by_hand_columns import OUTCOMES
from tests.benchmarks.peers.cases import ON
from tests.benchmarks.peers.contestants import TableContestant
from tests.swept import ruled

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow

    from ncpi_rules.ruleset import Ruleset

OURS: Final = "ours: sweep, from file to file"
FEW: Final = ("tier", "revisit-begins.due")


def contestants(
    ruleset: Ruleset, folder: Path, outcomes: tuple[str, ...] | None
) -> list[TableContestant]:
    """Return who answers a file with some outcomes, or with all, on all processors.

    The files are made in ``folder``. Polars answers those outcomes that were written by hand.
    """
    wanted = ruled(ruleset) if outcomes is None else outcomes

    def write_input(table: pyarrow.Table) -> Path:
        path = folder / f"{table.num_rows}.parquet"
        if not path.exists():
            parquet.write_table(table, path)
        return path

    def ours(source: Path) -> Path:
        target = folder / "ours.parquet"
        with ExitStack() as stack:
            cases = open_table(stack, str(source), "parquet", CHUNK_ROWS, ruleset)
            swept = sweep_batches(cases.batches, on=ON, ruleset=ruleset, only=wanted)
            answers = NewTable.of(stack, target, "parquet", swept.schema, ())
            for batch in swept:
                answers.write(batch)
        return target

    runs = {OURS: ours}
    if with_polars.PEER.version and {*wanted} <= {*OUTCOMES}:
        runs |= with_polars.from_file_to_file(ruleset, folder / "polars.parquet", wanted)
    return [
        TableContestant(
            name=name, outcomes=wanted, prepare=write_input, run=run, answer=parquet.read_table
        )
        for name, run in runs.items()
    ]
