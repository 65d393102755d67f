"""The command ``caseload``."""

from __future__ import annotations

from ncpi_rules.cli.options import TODAY, CaseOptions, FollowUpFile, FormatName, follow_ups_in
from ncpi_rules.cli.output import GOOD, SOME_FILE_BAD, refuse, show_as
from ncpi_rules.explore import caseload_of


def caseload(
    *file: FollowUpFile,
    options: CaseOptions = TODAY,
    format_: FormatName = "text",
    soon: int | None = None,
    teams: int = 1,
) -> int:
    """Print one table of many follow-ups, the most urgent first, and what is next.

    A folder stands for the follow-ups in it. A file that cannot be used, or that is not read since
    its name does not end as it should, does not stop the others; the exit status is then 1.

    :param soon: Within how many days something is due soon, if not as the ruleset says.
    :param teams: How many revisits can be made in one week.
    """
    if not file:
        refuse("No file is named.", "Write: ncpi-rules caseload FILES")
    names, unread = follow_ups_in(file)
    assessor = options.assessor()
    plans = [plan for name in names if (plan := assessor.plan(name)) is not None]
    if plans:
        page = caseload_of(plans, on=assessor.day, ruleset=assessor.ruleset, soon=soon, teams=teams)
        show_as(
            format_,
            json=page.to_dict,
            text=page.to_text,
            markdown=page.to_markdown,
            html=page.to_html,
        )
    return GOOD if len(plans) == len(names) and not unread else SOME_FILE_BAD
