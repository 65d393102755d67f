"""Tables of follow-ups, read and assessed row by row."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from ncpi_rules import plan as plan_room
from ncpi_rules.cli.output import report_problems, tracked
from ncpi_rules.core import FactsError, Problem
from ncpi_rules.explore import read_cases, read_csv_text
from ncpi_rules.io import MAXIMUM_BYTES, open_regular_file, read_text, too_large
from ncpi_rules.report import office
from ncpi_rules.ruleset import Editions

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ncpi_rules.cli.options import Assessor
    from ncpi_rules.plan import Plan

TABLES: Final = frozenset({".xlsx", ".xlsm", ".csv"})
"""How the name of a table of follow-ups ends."""


def is_table(name: str) -> bool:
    """Return True for the name of a table of follow-ups."""
    return Path(name).suffix.casefold() in TABLES


def plans_in(name: str, assessor: Assessor) -> tuple[list[Plan], bool]:
    """Return the plans of the follow-ups in a table, and whether all rows could be used.

    Every problem of every row is reported, with its cell.
    """
    try:
        tables = _tables(name)
    except FactsError as fault:
        report_problems(fault.problems)
        return [], False
    rules = assessor.ruleset
    latest = tuple(rules)[-1] if isinstance(rules, Editions) else rules
    rows, problems = read_cases(tables, latest, name=name)
    plans = []
    for row in tracked(rows, "Follow-ups"):
        masked = plan_room.masked(row.follow_up) if assessor.mask_names else row.follow_up
        try:
            plan = plan_room.assess(
                masked,
                on=assessor.day,
                ruleset=rules,
                interpretations=assessor.interpretations,
                engine=assessor.engine,
            )
        except FactsError as fault:
            problems += map(row.places.placed, fault.problems)
        else:
            plans.append(plan)
    if not rows and not problems:
        message, help_ = "There is no follow-up in it.", "Write one into each row below the heads."
        problems.append(Problem(place=name, message=message, help=help_))
    report_problems(problems)
    return plans, not problems


def _tables(name: str) -> Mapping[str, Sequence[Sequence[str]]]:
    if Path(name).suffix.casefold() == ".csv":
        return read_csv_text(read_text(Path(name), FactsError), name=name)
    return workbook_in(name)


def workbook_in(name: str) -> Mapping[str, Sequence[Sequence[str]]]:
    """Return the texts of the sheets of a workbook, by their titles."""
    with open_regular_file(name, FactsError) as opened:
        content = opened.read(MAXIMUM_BYTES + 1)
    if len(content) > MAXIMUM_BYTES:
        raise FactsError(too_large(name))
    return office.read_tables(content, name=name)
