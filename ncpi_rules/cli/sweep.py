"""The command ``sweep``.

A file is read, assessed and written in batches, all three at a time.
"""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Annotated, Final

from cyclopts import Parameter

from ncpi_rules import batch as batch_room
from ncpi_rules.cli.options import TODAY, CaseOptions, inputs_of
from ncpi_rules.cli.output import GOOD, progress, refuse
from ncpi_rules.core import NcpiRulesError
from ncpi_rules.io import new_file, refuse_input

_KINDS: Final = {".parquet": "parquet", ".csv": "csv", ".arrow": "arrow", ".feather": "arrow"}
_BATCH: Final = 1 << 19


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
    kinds = [_kind(name) for name in (file, output)]
    if not Path(file).is_file():
        refuse(f"There is no file '{file}'.", "Check the name.")
    refuse_input(output, inputs_of([file], options.ruleset), NcpiRulesError)
    assessor = options.assessor("reference")
    unfinished = new_file(output, NcpiRulesError, replace=replace)
    with unfinished as path, ExitStack() as stack:
        batches, rows = batch_room.open_table(stack, file, kinds[0], _BATCH, assessor.ruleset)
        results = batch_room.sweep_batches(
            batches,
            on=assessor.day,
            ruleset=assessor.ruleset,
            interpretations=assessor.interpretations,
            rules=rules,
            only=only,
            keep=keep or (),
            workers=workers,
            rows=_BATCH,
        )
        write = batch_room.write_table(stack, path, kinds[1], results.schema)
        show_progress, done = stack.enter_context(progress("Rows")), 0
        for batch in results:
            write(batch)
            done += batch.num_rows
            if show_progress is not None:
                show_progress(done, rows)
    return GOOD


def _kind(name: str) -> str:
    kind = _KINDS.get(Path(name).suffix.lower())
    if kind is None:
        refuse(
            f"'{name}' is not a table that can be read or written.",
            "Use a file ending in .parquet, .csv or .arrow.",
        )
    return kind
