"""The functions that read files, by themselves: a hundred times as quick as the whole command."""

from __future__ import annotations

import io
from contextlib import ExitStack, redirect_stdout
from time import process_time
from typing import TYPE_CHECKING, Final

from ncpi_rules import FollowUp, assess, load_ruleset
from ncpi_rules.batch import open_table
from ncpi_rules.checks.traceability_texts import (  # pinned: the reader by itself
    edition_text,
    read,
)
from ncpi_rules.cli.case_files import workbook_in  # pinned: the reader by itself
from ncpi_rules.core import NcpiRulesError
from ncpi_rules.explore import read_cases, read_csv_text
from ncpi_rules.io import read_text
from ncpi_rules.plan import Record
from ncpi_rules.plan.signatures import _private_key, _public_key  # pinned: readers by themselves
from ncpi_rules.report.office import to_ics
from ncpi_rules.ruleset import shipped_ruleset
from ncpi_rules.scenarios import load_scenarios
from tests.hostile.readers import SLOW, Trial
from tests.hostile.readers import readers as readers  # noqa: PLC0414  others name it by this

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_ROWS: Final = 1 << 12
_EDITION: Final = edition_text(shipped_ruleset())
_PLAN: Final = assess({"force": "kent"}, on="2019-04-11")


def _table(path: Path) -> None:
    kinds = {".csv": "csv", ".parquet": "parquet", ".arrow": "arrow"}
    with ExitStack() as stack:
        table = open_table(stack, str(path), kinds[path.suffix], _ROWS, shipped_ruleset())
        for batch in table.batches:
            table.empty.leave_out(batch)


def _cases(path: Path) -> None:
    name = str(path)
    is_csv = path.suffix == ".csv"
    text = read_text(path, NcpiRulesError) if is_csv else ""
    tables = read_csv_text(text, name=name) if is_csv else workbook_in(name)
    _, problems = read_cases(tables, shipped_ruleset(), name=name)
    if problems:
        raise NcpiRulesError(problems)


def _key(path: Path) -> None:
    try:
        _private_key(path, None)
    except NcpiRulesError:
        _public_key(path)


FUNCTIONS: Final[dict[str, Callable[[Path], object]]] = {
    "follow-up, YAML": FollowUp.load,
    "follow-up, JSON": FollowUp.load,
    "record": Record.read,
    "table, .csv": _table,
    "table, .parquet": _table,
    "table, .arrow": _table,
    "caseload, .csv": _cases,
    "caseload, .xlsx": _cases,
    "earlier calendar": lambda f: to_ics([_PLAN], previous=read_text(f, NcpiRulesError)),
    "methodology": lambda f: read(read_text(f, NcpiRulesError), _EDITION, name="text"),
    "key": _key,
}
"""What reads the file of each reader of the command line."""


class ReadingTrial(Trial):
    """A folder in which files are read, one at a time."""

    def fault_of(self, content: bytes) -> str | None:
        """Return what comes of a file that never may; None where all is well."""
        self.file.write_bytes(content)
        read_file = FUNCTIONS.get(self.reader.name) or self._ruleset
        began = process_time()
        try:
            with redirect_stdout(io.StringIO()):
                read_file(self.file)
        except NcpiRulesError as fault:
            if not fault.problems or not all(problem.message for problem in fault.problems):
                return "an error without a sentence"
        except Exception as fault:  # noqa: BLE001  whatever it is, a user would see it
            return f"a traceback: {type(fault).__name__}: {fault}"
        took = process_time() - began
        return f"it takes {took:.1f} s" if took > SLOW else None

    def _ruleset(self, path: Path) -> None:
        folder = self.folder / self.reader.within.partition("/")[0]
        rules = load_ruleset(folder)
        if "scenarios" in path.parts:
            load_scenarios(folder, ruleset=rules)
