"""The command ``caseload``."""

from __future__ import annotations

import json
from typing import Literal, TypeAlias

from ncpi_rules.cli.options import GOOD, SOME_FILE_BAD, Asked, follow_ups_in, refuse
from ncpi_rules.cli.output import is_utf8, print_marked_up, show, text_width
from ncpi_rules.explore import SOON, caseload_of
from ncpi_rules.ruleset import SHIPPED

Format: TypeAlias = Literal["text", "json", "markdown", "html"]


def caseload(
    *file: str,
    on: str | None = None,
    ruleset: str = SHIPPED,
    format_: Format = "text",
    interpretation: list[str] | None = None,
    soon: int = SOON,
    teams: int = 1,
) -> int:
    """Print one table over many follow-ups, the most urgent first: how urgent, and what is next.

    A file that cannot be used does not stop the others; the exit status is then 1.

    :param file: Follow-ups as .yaml or .json, or folders of these; '-' reads standard input.
    :param on: The day of the assessment, such as 2019-04-11; today unless given.
    :param ruleset: The name of a shipped ruleset, or the folder of any other.
    :param format_: How the table is printed.
    :param interpretation: Another answer to an open question, such as R1=findings-decide; may be
    repeated.
    :param soon: How many days count as soon: what is due within them is amber.
    :param teams: How many revisits can be made in one week.
    """
    if not file:
        refuse("Which follow-ups? No file is named.", "Write: ncpi-rules caseload FILES")
    names = list(follow_ups_in(file))
    asked = Asked.of(on, ruleset, interpretation, None)
    plans = [plan for name in names if (plan := asked.plan(name)) is not None]
    if plans:
        table = caseload_of(plans, on=asked.day, ruleset=asked.ruleset, soon=soon, teams=teams)
        if format_ == "json":
            print(json.dumps(table.to_dict(), ensure_ascii=not is_utf8(), indent=2))
        elif format_ == "text":
            show(table.to_text(width=text_width()))
        else:
            print_marked_up(table.to_html() if format_ == "html" else table.to_markdown())
    return GOOD if len(plans) == len(names) else SOME_FILE_BAD
