"""The command ``init``."""

from __future__ import annotations

from pathlib import Path

from ncpi_rules import io
from ncpi_rules.cli.options import AS_PUBLISHED, RulesOptions, editions_named
from ncpi_rules.cli.output import GOOD, refuse
from ncpi_rules.core import NcpiRulesError
from ncpi_rules.explore import case_template
from ncpi_rules.ruleset import Editions


def init(
    *, options: RulesOptions = AS_PUBLISHED, cases: str | None = None, replace: bool = False
) -> int:
    """Write a workbook in which follow-ups are written down, one in a row.

    Fill it in, and read it with: ncpi-rules caseload FILE.xlsx

    :param cases: The workbook (.xlsx) to write.
    :param replace: Let it replace another file of the same name.
    """
    if cases is None:
        refuse("No file is named.", "Write: ncpi-rules init --cases FILE.xlsx")
    if Path(cases).suffix.casefold() != ".xlsx":
        refuse(f"'{cases}' has not the ending of a workbook.", "Name a file that ends in .xlsx.")
    rules = editions_named(options.ruleset)
    ruleset = tuple(rules)[-1] if isinstance(rules, Editions) else rules
    io.write_whole(cases, case_template(ruleset), NcpiRulesError, replace=replace)
    return GOOD
