"""The command ``review``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

from attrs import evolve
from cyclopts import Parameter

from ncpi_rules import io
from ncpi_rules.cli.case_files import workbook_in
from ncpi_rules.cli.options import (
    Assessor,
    CaseOptions,
    RulesetName,
    follow_ups_in,
    plans_of,
    read_input,
    ruleset_named,
)
from ncpi_rules.cli.output import (
    GOOD,
    SOME_FILE_BAD,
    refuse,
    report_problems,
    show_lines,
    steps,
    tracked,
)
from ncpi_rules.core import MissingExtraError, NcpiRulesError
from ncpi_rules.report import office
from ncpi_rules.ruleset import SHIPPED
from ncpi_rules.sign_off import review as review_room
from ncpi_rules.sign_off.review import changes_since, review_explorer, review_html, review_pack

if TYPE_CHECKING:
    from ncpi_rules.plan import Plan
    from ncpi_rules.ruleset import Ruleset

_PAGE: Final = "review.html"
_WORKBOOK: Final = "review.xlsx"
_DOCUMENT: Final = "review.docx"
_FILES: Final = frozenset({".html", ".htm", ".xlsx", ".docx", ".pdf"})
"""How no name of a folder ends."""
_OPEN: Final = f"{{folder}}/{_PAGE}: open it in a browser."
_PRINT: Final = f"{{folder}}/{_DOCUMENT}: the same, to be printed."
_WRITE: Final = f"{{folder}}/{_WORKBOOK}: write comments in it, and print them with --comments."
_WITHOUT: Final = (
    f"{_WORKBOOK} and {_DOCUMENT}, which have room for comments, need the extra 'office': "
    'python -m pip install "ncpi-rules[office]".'
)


def review(
    ruleset: RulesetName = SHIPPED,
    /,
    *,
    output: Annotated[str | None, Parameter(name=["--output", "-o"])] = None,
    source: str | None = None,
    against: str | None = None,
    cases: list[str] | None = None,
    on: str | None = None,
    comments: str | None = None,
    replace: bool = False,
) -> int:
    """Write the pack in which people check the rules, or print their comments.

    The folder gets a page that needs no other file: every statement with its rules as sentences,
    the tables, the open questions, the guarantees and the approvals. It gets the same as a workbook
    and as a document, with room for comments. With --comments nothing is written: the comments in a
    workbook that came back are printed, the most serious first. Without the extra office,
    the folder gets the page alone.

    :param output: The folder to write to.
    :param source: The methodology as plain text: its own wording is shown beside our summaries.
    :param against: An earlier ruleset: what has changed since is shown.
    :param cases: A follow-up as .yaml or .json, or a folder of these, for which the change is
    shown; may be repeated.
    :param on: The day of the assessment of these, such as 2019-04-11; today unless given.
    :param comments: The workbook that came back, with comments in it.
    :param replace: Let it replace another file of the same name.
    """
    if comments is not None:
        return _show_comments(ruleset, comments)
    if output is None:
        refuse("No folder is named.", "Write: ncpi-rules review -o FOLDER")
    if Path(output).suffix.casefold() in _FILES and not Path(output).is_dir():
        refuse(
            f"The pack is several files, and '{output}' is a name for one.",
            "Name a folder, such as: -o pack",
        )
    if cases and against is None:
        refuse("There is nothing to compare the follow-ups by.", "Add: --against RULESET")
    if on is not None and not cases:
        refuse("There is no follow-up to assess on a day.", "Add: --cases FOLDER")
    rules = ruleset_named(ruleset)
    text = None if source is None else read_input(source, NcpiRulesError)
    day = CaseOptions(on=on).day if cases else None
    changes, is_complete, compared = None, True, None
    if against is not None:
        earlier = ruleset_named(against)
        compared = earlier, against
        plans: dict[str, tuple[Plan, Plan]] = {}
        if cases:
            plans, is_complete = _plans(earlier, rules, cases, on)
        changes = changes_since(earlier, rules, plans, on=day)
    lines = [_OPEN]
    with steps("Review pack", 4) as advance:
        try:
            pack = review_pack(rules, ruleset, methodology=text, changes=changes, against=compared)
        except NcpiRulesError as fault:
            places = {"text": source or ""}
            raise type(fault)(
                evolve(problem, place=places.get(problem.place, problem.place))
                for problem in fault.problems
            ) from None
        advance()
        files = {_PAGE: review_html(pack, explorer=review_explorer(rules)).encode()}
        advance()
        try:
            files[_WORKBOOK] = office.workbook_of(review_room.review_sheets(pack), on=None)
            advance()
            files[_DOCUMENT] = review_room.review_docx(pack)
            lines += [_PRINT, _WRITE]
        except MissingExtraError:
            files.pop(_WORKBOOK, None)
            lines.append(_WITHOUT)
    io.write_folder(output, files, NcpiRulesError, replace=replace)
    folder = Path(output).as_posix()
    show_lines(line.format(folder=folder) for line in lines)
    return GOOD if is_complete else SOME_FILE_BAD


def _show_comments(ruleset: str, name: str) -> int:
    """Print the comments in a workbook; report what cannot be read."""
    result = review_room.read_comments(workbook_in(name), ruleset_named(ruleset), name=name)
    show_lines([*(comment.sentence for comment in result.comments), result.summary])
    report_problems(result.problems)
    return SOME_FILE_BAD if result.problems else GOOD


def _plans(
    earlier: Ruleset, later: Ruleset, cases: list[str], on: str | None
) -> tuple[dict[str, tuple[Plan, Plan]], bool]:
    """Return the plans of follow-ups by both rulesets, and whether every file could be used."""
    day = CaseOptions(on=on).day
    names, unread = follow_ups_in(cases)
    both = [Assessor(day, ruleset, {}) for ruleset in (earlier, later)]
    plans = {name: plans_of(name, *both) for name in tracked(names, "Follow-ups")}
    pairs = {name: (pair[0], pair[1]) for name, pair in plans.items() if pair}
    return pairs, len(pairs) == len(names) and not unread
