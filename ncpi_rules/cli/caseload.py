"""The command ``caseload``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal, TypeAlias

from cyclopts import Parameter

from ncpi_rules import io
from ncpi_rules.cli.case_files import is_table, plans_in
from ncpi_rules.cli.options import (
    TODAY,
    CaseOptions,
    FollowUpFile,
    expanded,
    follow_ups_in,
    inputs_of,
)
from ncpi_rules.cli.output import GOOD, SOME_FILE_BAD, Format, refuse, show_as
from ncpi_rules.cli.plan_formats import OutputName, PreviousName, check_output, write_result
from ncpi_rules.core import NcpiRulesError
from ncpi_rules.explore import Caseload, caseload_of

CaseloadFormat: TypeAlias = Annotated[
    Format | Literal["csv", "xlsx", "ics"], Parameter(help="How the result is printed or written.")
]


def caseload(
    *file: FollowUpFile,
    options: CaseOptions = TODAY,
    format_: CaseloadFormat = "text",
    output: OutputName = None,
    previous: PreviousName = None,
    soon: int | None = None,
    teams: int = 1,
    mask_names: bool = False,
    replace: bool = False,
) -> int:
    """Print one table of many follow-ups, the most urgent first, and what is next.

    A folder stands for the follow-ups in it; a workbook (.xlsx) or a .csv holds one in each row.
    A file or a row that cannot be used, or a file that is not read since its name does not end as
    it should, does not stop the others; the exit status is then 1.

    :param soon: Within how many days something is due soon, if not as the ruleset says.
    :param teams: How many revisits can be made in one week.
    :param mask_names: Leave out names of people, and text that may hold some.
    :param replace: Let what is written replace another file of the same name.
    """
    if not file:
        refuse("No file is named.", "Write: ncpi-rules caseload FILES")
    every = list(expanded(file))
    if replace and output is None:
        refuse("There is no file to write.", "Add: --output FILE")
    check_output(format_, output, previous, inputs_of(every, options.ruleset))
    tables = [name for name in every if is_table(name)]
    others = [name for name in every if not is_table(name)]
    names, unread = follow_ups_in(others) if others else ([], [])
    assessor = options.assessor(mask_names=mask_names)
    plans = [plan for name in names if (plan := assessor.plan(name)) is not None]
    all_good = len(plans) == len(names) and not unread
    for name in tables:
        of_table, is_good = plans_in(name, assessor)
        plans += of_table
        all_good = all_good and is_good
    if plans:
        page = caseload_of(plans, on=assessor.day, ruleset=assessor.ruleset, soon=soon, teams=teams)
        write_result(
            format_,
            lambda printed: _show(page, printed),
            {
                "csv": lambda: page.to_csv().encode("utf-8" if output is None else "utf-8-sig"),
                "xlsx": page.to_xlsx,
                "ics": lambda: _calendar(page, previous),
            },
            output=output,
            replace=replace,
        )
    return GOOD if all_good else SOME_FILE_BAD


def _show(page: Caseload, format_: Format) -> None:
    show_as(
        format_,
        json=page.to_dict,
        text=page.to_text,
        markdown=page.to_markdown,
        html=page.to_html,
    )


def _calendar(page: Caseload, previous: str | None) -> bytes:
    text = None if previous is None else io.read_text(Path(previous), NcpiRulesError)
    return page.to_ics(previous=text, name=previous or "")
