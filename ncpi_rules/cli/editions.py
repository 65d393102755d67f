"""A command that reports on each edition that a name stands for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import frozen

from ncpi_rules.cli.output import GOOD, SOME_FILE_BAD, show_json, show_lines
from ncpi_rules.report import wrapped
from ncpi_rules.ruleset import edition_folders

if TYPE_CHECKING:
    from collections.abc import Callable


@frozen(kw_only=True)
class EditionReport:
    """What a command says of one edition: whether all is well, as plain data and as lines."""

    is_good: bool
    plain: dict[str, Any]
    lines: tuple[str, ...]


def show_editions(
    name: str,
    format_: str,
    report_on: Callable[[str], EditionReport],
    report_together: Callable[[str], EditionReport | None] | None = None,
) -> int:
    """Print the report on each edition, by its name where there are several; return the status.

    ``report_together`` says what is wrong with several editions beside each other.
    """
    folders = edition_folders(name)
    if len(folders) == 1:
        report = report_on(name)
        if format_ == "json":
            show_json(report.plain)
        else:
            show_lines(report.lines)
        return GOOD if report.is_good else SOME_FILE_BAD
    above = name.replace("\\", "/").rstrip("/")
    reports = {folder.name: report_on(f"{above}/{folder.name}") for folder in folders}
    together = None if report_together is None else report_together(name)
    if format_ == "json":
        more = {} if together is None else together.plain
        show_json(
            {**more, "editions": {edition: report.plain for edition, report in reports.items()}}
        )
    else:
        lines: list[str] = []
        for edition, report in reports.items():
            lines += [*([""] if lines else []), *wrapped(f"Edition '{edition}'"), *report.lines]
        show_lines([*lines, "", *together.lines] if together is not None else lines)
    every = [*reports.values(), *([] if together is None else [together])]
    return GOOD if all(report.is_good for report in every) else SOME_FILE_BAD
