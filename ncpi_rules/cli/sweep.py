"""The command ``sweep``.

A file is read, assessed and written in batches; these three steps run side by side.
"""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Annotated, Final

from cyclopts import Parameter

from ncpi_rules import batch as batch_room
from ncpi_rules.cli.options import TODAY, CaseOptions, inputs_of
from ncpi_rules.cli.output import GOOD, progress, refuse, report_problems
from ncpi_rules.core import NcpiRulesError, Problem
from ncpi_rules.io import new_file, open_regular_file, refuse_input

_KINDS: Final = {".parquet": "parquet", ".csv": "csv", ".arrow": "arrow", ".feather": "arrow"}
_INPUTS: Final = {**_KINDS, ".tsv": "csv", ".txt": "csv"}
_WORKBOOKS: Final = frozenset({".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"})
_PACKED: Final = frozenset({".gz", ".bz2", ".xz", ".zst", ".zip"})
BATCH: Final = 1 << 19


def sweep(
    file: str,
    /,
    *,
    output: Annotated[str, Parameter(name=("--output", "-o"))],
    options: CaseOptions = TODAY,
    keep: list[str] | None = None,
    only: list[str] | None = None,
    rules: bool = False,
    workers: int | None = None,
    replace: bool = False,
) -> int:
    """Assess every row of a table, and write the results as another table.

    A column has the name of a fact of the ruleset and holds its values, or that of an event and
    holds days.

    :param file: A table as .parquet, .csv or .arrow.
    :param output: The file to write; its name ends in the same way.
    :param keep: A column to copy as it is, such as a reference; may be repeated.
    :param only: A column that is wanted, such as tier; may be repeated. All, unless given.
    :param rules: Also list the rules that apply in each row.
    :param workers: How many processors to use; all, unless given.
    :param replace: Let the table replace another file of the same name.
    """
    kinds = table_kind(file), table_kind(output, written=True)
    open_regular_file(file, NcpiRulesError).close()
    refuse_input(output, inputs_of([file], options.ruleset), NcpiRulesError)
    assessor = options.assessor("reference")
    unfinished = new_file(output, NcpiRulesError, replace=replace)
    with unfinished as path, ExitStack() as stack:
        table = batch_room.open_table(stack, file, kinds[0], BATCH, assessor.ruleset)
        results = batch_room.sweep_batches(
            table.batches,
            on=assessor.day,
            ruleset=assessor.ruleset,
            interpretations=assessor.interpretations,
            rules=rules,
            only=only,
            keep=keep or (),
            workers=workers,
            rows=BATCH,
        )
        edited = batch_room.edited_title(assessor.ruleset)
        new_table = batch_room.NewTable.of(
            stack, path, kinds[1], results.schema, keep or (), edited
        )
        show_progress, done = stack.enter_context(progress("Rows")), 0
        for batch in results:
            new_table.write(table.empty.leave_out(batch))
            done += batch.num_rows
            if show_progress is not None:
                show_progress(done, table.rows)
    if not done:
        report_problems([Problem(place=file, message="The table has a header and no rows.")])
    report_problems([*table.notes(), *new_table.notes()])
    return GOOD


def table_kind(name: str, *, written: bool = False) -> str:
    """Return as what a file is read or written, by the end of its name."""
    kinds = _KINDS if written else _INPUTS
    ending = Path(name).suffix.lower()
    if ending in _WORKBOOKS:
        help_ = "Save the sheet as 'CSV UTF-8' and name that file."
        refuse(f"'{name}' is a workbook of a spreadsheet such as Excel, not a table.", help_)
    if ending in _PACKED:
        refuse(f"'{name}' is a compressed file, not a table.", "Unpack it first.")
    if ending not in kinds:
        refuse(
            f"'{name}' is not a table that can be read or written.",
            "Use a file ending in .parquet, .csv or .arrow.",
        )
    return kinds[ending]
