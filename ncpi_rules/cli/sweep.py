"""The command ``sweep``.

One batch of a file is read, swept and written after another.
"""

from __future__ import annotations

import os
import sys
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

from cyclopts import Parameter

from ncpi_rules.cli.options import GOOD, Asked, refuse
from ncpi_rules.ruleset import SHIPPED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ncpi_rules.ruleset import Ruleset

_KINDS: Final = {".parquet": "parquet", ".csv": "csv", ".arrow": "arrow", ".feather": "arrow"}
_BATCH: Final = 1 << 20


def sweep(
    file: str,
    /,
    *,
    output: Annotated[str, Parameter(name=("--output", "-o"))],
    on: str | None = None,
    ruleset: str = SHIPPED,
    interpretation: list[str] | None = None,
    keep: list[str] | None = None,
    only: list[str] | None = None,
    rules: bool = False,
    workers: int = 1,
    replace: bool = False,
) -> int:
    """Write what becomes of every row of a table into another table.

    A column is named as a fact of the ruleset and holds its words, or as an event and holds days.

    :param file: A table as .parquet, .csv or .arrow.
    :param output: The file to write, by the same endings.
    :param on: The day of the assessment, such as 2019-04-11; today unless given.
    :param ruleset: The name of a shipped ruleset, or the folder of any other.
    :param interpretation: Another answer to an open question, such as R1=findings-decide; may be
    repeated.
    :param keep: A column to hand on as it is, such as a reference; may be repeated.
    :param only: A column that is wanted, such as tier; may be repeated. All, unless given.
    :param rules: Give the rules that apply in each row, too.
    :param workers: How many processors to use.
    :param replace: Let the table take the place of another file of its name.
    """
    kinds = [_kind(name) for name in (file, output)]
    to = Path(output)
    if to.exists() and not replace:
        refuse(f"The file '{output}' is there already.", "Choose another name, or add: --replace")
    if not Path(file).is_file():
        refuse(f"There is no file '{file}'.", "Check the name.")
    if to.exists() and to.samefile(file):
        refuse("The table cannot take the place of what it is made from.", "Choose another name.")
    if not to.parent.is_dir():
        refuse(f"There is no folder '{to.parent}'.", "Check the name, or make the folder.")
    asked = Asked.of(on, ruleset, interpretation, "reference")
    from ncpi_rules.batch import sweep_batches  # noqa: PLC0415  an extra

    # It is written under another name first: nothing half done is ever left behind.
    half = to.with_name(f".{to.name}.{os.getpid()}")
    try:
        with ExitStack() as stack:
            batches, rows = _open(stack, file, kinds[0], asked.ruleset)
            swept = sweep_batches(
                batches,
                on=asked.day,
                ruleset=asked.ruleset,
                interpretations=asked.interpretations,
                rules=rules,
                only=only,
                keep=keep or (),
                workers=workers,
                rows=_BATCH,
            )
            write = _writer(stack, half, kinds[1], swept.schema)
            for batch in _shown(stack, swept, rows):
                write(batch)
        half.replace(to)
    except OSError as fault:
        why = (fault.strerror or str(fault)).partition(" Detail:")[0]
        refuse(f"'{output}' cannot be written: {why}", "Choose another folder, or make room.")
    finally:
        with suppress(OSError):
            half.unlink()
    return GOOD


def _kind(name: str) -> str:
    kind = _KINDS.get(Path(name).suffix.lower())
    if kind is None:
        refuse(
            f"'{name}' is not a table that is read.",
            "Use a file ending in .parquet, .csv or .arrow.",
        )
    return kind


def _open(stack: ExitStack, name: str, kind: str, ruleset: Ruleset) -> tuple[Any, int | None]:
    """Return a reader of batches, and the number of rows where the file tells it."""
    from ncpi_rules.batch import open_table  # noqa: PLC0415  an extra

    return open_table(stack, name, kind, _BATCH, ruleset)


def _writer(stack: ExitStack, path: Path, kind: str, schema: Any) -> Any:
    from ncpi_rules.batch import write_table  # noqa: PLC0415  an extra

    return write_table(stack, path, kind, schema)


def _shown(stack: ExitStack, batches: Any, rows: int | None) -> Iterator[Any]:
    """Yield the batches; on a terminal, show how far it has got."""
    if not sys.stderr.isatty():
        yield from batches
        return
    from rich.console import Console  # noqa: PLC0415  an extra
    from rich.progress import Progress  # noqa: PLC0415  an extra

    progress = stack.enter_context(Progress(console=Console(stderr=True), transient=True))
    task = progress.add_task("rows", total=rows)
    for batch in batches:
        yield batch
        progress.advance(task, batch.num_rows)
