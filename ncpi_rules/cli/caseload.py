"""The command ``caseload``."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias

from cyclopts import Parameter

from ncpi_rules import io
from ncpi_rules.cli.case_files import TABLES, is_table, plans_in
from ncpi_rules.cli.options import (
    TODAY,
    CaseOptions,
    FollowUpFile,
    OutputName,
    PreviousName,
    ReviewName,
    expanded,
    follow_ups_in,
    inputs_of,
)
from ncpi_rules.cli.output import (
    GOOD,
    SOME_FILE_BAD,
    Format,
    address_of,
    calendar_of,
    check_output,
    refuse,
    review_address,
    show_as,
    tracked,
    write_result,
)
from ncpi_rules.core import NcpiRulesError
from ncpi_rules.explore import Caseload, caseload_of

if TYPE_CHECKING:
    from ncpi_rules.plan import Plan

CaseloadFormat: TypeAlias = Annotated[
    Format | Literal["csv", "xlsx", "ics"], Parameter(help="How the result is printed or written.")
]


def caseload(
    *file: FollowUpFile,
    options: CaseOptions = TODAY,
    format_: CaseloadFormat = "text",
    output: OutputName = None,
    previous: PreviousName = None,
    plans_folder: Annotated[str | None, Parameter(name="--plans")] = None,
    review: ReviewName = None,
    soon: int | None = None,
    teams: int = 1,
    mask_names: bool = False,
    replace: bool = False,
) -> int:
    """Print one table of many follow-ups, the most urgent first, and what is next.

    A folder stands for the follow-ups in it; a workbook (.xlsx) or a .csv holds one in each row.
    A file or a row that cannot be used, or a file that is not read since its name does not end as
    it should, does not stop the others; the exit status is then 1.

    :param plans_folder: A folder for the page of each plan, to which the caseload's page leads.
    :param soon: Within how many days something is due soon, if not as the ruleset says.
    :param teams: How many revisits can be made in one week.
    :param mask_names: Leave out names of people, and text that may hold some.
    :param replace: Let what is written replace another file of the same name.
    """
    if not file:
        refuse("No file is named.", "Write: ncpi-rules caseload FILES")
    every = list(expanded(file))
    if plans_folder is not None and format_ != "html":
        refuse("Only a page leads to the pages of plans.", "Add: --format html")
    if review is not None and plans_folder is None:
        refuse("Only the pages of plans lead to a review pack.", "Add: --plans FOLDER")
    if replace and output is None and plans_folder is None:
        refuse("There is no file to write.", "Add: --output FILE")
    inside = None if plans_folder is None else Path(plans_folder, "plan.html")
    address = review_address(review, format_, inside)
    check_output(format_, output, previous, inputs_of(every, options.ruleset))
    tables = [name for name in every if is_table(name)]
    others = [name for name in every if not is_table(name)]
    names, unread = follow_ups_in(others, tables=TABLES) if others else ([], [])
    assessor = options.assessor(mask_names=mask_names)
    plans = [
        plan for name in tracked(names, "Follow-ups") if (plan := assessor.plan(name)) is not None
    ]
    all_good = len(plans) == len(names) and not unread
    for name in tables:
        of_table, is_good = plans_in(name, assessor)
        plans += of_table
        all_good = all_good and is_good
    if plans:
        page = caseload_of(plans, on=assessor.day, ruleset=assessor.ruleset, soon=soon, teams=teams)
        addresses = []
        if plans_folder is not None:
            files = _write_plans(page, Path(plans_folder), address, replace=replace)
            addresses = [address_of(file, output) for file in files]
        write_result(
            format_,
            lambda printed: _show(page, printed, addresses),
            {
                "csv": lambda: page.to_csv().encode("utf-8" if output is None else "utf-8-sig"),
                "xlsx": page.to_xlsx,
                "ics": lambda: calendar_of(page.to_ics, previous),
            },
            output=output,
            replace=replace,
        )
    return GOOD if all_good else SOME_FILE_BAD


def _write_plans(page: Caseload, folder: Path, review: str, *, replace: bool) -> list[Path]:
    """Write the page of each plan into a folder, and return the files in the order of the rows."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        refuse(f"'{folder}' cannot be made a folder: {fault.strerror}.", "Name another folder.")
    files = []
    seen: Counter[str] = Counter()
    for row in tracked(page.rows, "Pages"):
        name = _name_of(row.plan)
        seen[name] += 1
        number = f"-{seen[name]}" if seen[name] > 1 else ""
        file = folder / f"{name}{number}.html"
        io.write_whole(
            file, row.plan.to_html(review=review).encode(), NcpiRulesError, replace=replace
        )
        files.append(file)
    return files


def _name_of(plan: Plan) -> str:
    """Return how the file of a plan's page is called: by its subject, and the report's month."""
    day = "" if plan.begins is None else f"-{plan.begins.first.isoformat()[:7]}"
    return f"{plan.subject}{day}"


def _show(page: Caseload, format_: Format, pages: list[str]) -> None:
    show_as(
        format_,
        json=page.to_dict,
        text=page.to_text,
        markdown=page.to_markdown,
        html=lambda: page.to_html(pages=pages),
    )
