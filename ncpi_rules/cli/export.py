"""The command ``export``."""

from __future__ import annotations

import sys
from typing import Annotated, Literal, TypeAlias

from cyclopts import Parameter

from ncpi_rules import io
from ncpi_rules.cli.options import RulesetName, inputs_of, ruleset_named
from ncpi_rules.cli.output import GOOD, refuse
from ncpi_rules.core import NcpiRulesError
from ncpi_rules.report import exchange
from ncpi_rules.ruleset import SHIPPED

ExchangeFormat: TypeAlias = Annotated[
    Literal["dmn", "jdm", "csv", "xlsx"],
    Parameter(help="DMN 1.3 or JDM for other rule engines, CSV or Excel for people."),
]
TablesName: TypeAlias = Annotated[
    str | None,
    Parameter(name=("--output", "-o"), help="A file to write, or for CSV a folder."),
]


def export(
    ruleset: RulesetName = SHIPPED,
    /,
    *,
    to: ExchangeFormat,
    output: TablesName = None,
    replace: bool = False,
) -> int:
    """Write the rules of a ruleset as decision tables for other programs.

    CSV is a folder with a file for each table; the others are one file.

    :param replace: Let what is written replace other files of the same name.
    """
    if output is None:
        if to in {"csv", "xlsx"}:
            where = "a folder", "FOLDER"
            where = where if to == "csv" else ("a file", "FILE.xlsx")
            refuse(f"The format {to} is written to {where[0]}.", f"Add: -o {where[1]}")
        if replace:
            refuse("There is no file to write.", "Add: --output FILE")
    else:
        io.refuse_input(output, inputs_of([], ruleset), NcpiRulesError)
    rules = ruleset_named(ruleset)
    if to == "csv":
        texts = exchange.to_csv(rules)
        files = {name: text.encode("utf-8-sig") for name, text in texts.items()}
        io.write_folder(str(output), files, NcpiRulesError, replace=replace)
        return GOOD
    if to == "xlsx":
        content = exchange.tables_xlsx(rules)
    else:
        content = (exchange.to_dmn(rules) if to == "dmn" else exchange.to_jdm(rules)).encode()
    if output is None:
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
    else:
        io.write_whole(output, content, NcpiRulesError, replace=replace)
    return GOOD
