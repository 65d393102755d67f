"""The command ``diff``."""

from __future__ import annotations

from contextlib import ExitStack
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from ncpi_rules import batch, compare
from ncpi_rules.cli.options import (
    Assessor,
    CaseOptions,
    FormatName,
    follow_ups_in,
    pairs,
    plans_of,
)
from ncpi_rules.cli.output import GOOD, SOME_FILE_BAD, refuse, report_problems, show_as
from ncpi_rules.cli.sweep import BATCH, table_kind
from ncpi_rules.compare import CaseloadImpact, FollowUpImpact
from ncpi_rules.compare import diff as difference_of
from ncpi_rules.core import day_of, one_of
from ncpi_rules.ruleset import Ruleset, patch

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable

    from ncpi_rules.compare import TableImpact


def diff(
    first: str,
    second: str = "",
    /,
    *,
    set_: Annotated[list[str] | None, Parameter(name="--set")] = None,
    interpretation: list[str] | None = None,
    table: str | None = None,
    cases: list[str] | None = None,
    on: str | None = None,
    format_: FormatName = "text",
) -> int:
    """Say in which cases two rulesets give different results, and how.

    With --cases it also says which follow-ups are affected, how, and by how many days; with --table
    the same of every row of a table. The exit status is 0 whether
    or not the rulesets differ, and 1 where a follow-up could not be used.

    :param first: The name of a shipped ruleset, or the folder of another; one of several editions
    is NAME/EDITION.
    :param second: The ruleset that is compared with it; the same one, where --set or
    --interpretation is used.
    :param set_: Another value of a parameter, in the second ruleset, such as
    revisit-ceiling="4 months"; may be repeated.
    :param interpretation: Another answer to an open question, in the second ruleset, such as
    R1=refer; may be repeated.
    :param table: A table of cases as .parquet, .csv or .arrow, as for sweep.
    :param cases: A follow-up as .yaml or .json, or a folder of these; may be repeated.
    :param on: The day of the assessment, such as 2019-04-11; today unless given.
    """
    if not (second or interpretation or set_):
        refuse("There is no second ruleset.", "Name one, or add: --interpretation R1=refer")
    if on is not None and not (cases or table):
        refuse("There is no follow-up to assess on a day.", "Add: --cases FILE")
    day = CaseOptions(on=on).day
    old, _ = CaseOptions(ruleset=first).load()
    new, answers = CaseOptions(ruleset=second or first, interpretation=interpretation).load()
    new = patch(new, {**answers, **_parameters(set_ or (), new)})
    result = difference_of(old, new)
    title = old.settings.subject_title
    impact = None
    if cases:
        impact = _impact(Assessor(day, old, {}), Assessor(day, new, {}), cases, title)
    swept = None if table is None else _swept(old, new, table, day)

    def plain() -> dict[str, Any]:
        data = result.to_dict()
        if impact is not None:
            data["impact"] = impact.to_dict()
        if swept is not None:
            data["table"] = swept.to_dict()
        return data

    show_as(
        format_,
        json=plain,
        text=partial(result.to_text, impact, swept),
        markdown=partial(result.to_markdown, impact, swept),
        html=partial(result.to_html, impact, swept),
    )
    return GOOD if impact is None or not impact.unusable else SOME_FILE_BAD


def _parameters(settings: Iterable[str], ruleset: Ruleset) -> dict[str, str]:
    """Return what is set, by name; refuse a name that is no parameter and no choice."""
    values = pairs(settings, 'a parameter and its value, such as revisit-ceiling="4 months"')
    known = [*ruleset.parameters, *ruleset.choices]
    for name in values:
        if name not in known:
            refuse(f"There is no parameter and no choice '{name}'.", one_of(name, known))
    return values


def _swept(old: Ruleset, new: Ruleset, table: str, on: datetime.date) -> TableImpact:
    """Return what changes in every row of a table."""
    with ExitStack() as stack:
        opened = batch.open_table(stack, table, table_kind(table), BATCH, old)
        impact = compare.table_impact(old, new, opened.read_all(), on=on)
    report_problems([*opened.notes()])
    return impact


def _impact(old: Assessor, new: Assessor, cases: list[str], subject_title: str) -> CaseloadImpact:
    """Return how follow-ups are affected; report the problems of those that cannot be used."""
    names, unread = follow_ups_in(cases)
    plans = {name: plans_of(name, old, new) for name in names}
    return CaseloadImpact(
        on=day_of(old.day.toordinal()),
        cases=tuple(FollowUpImpact.of(name, *pair) for name, pair in plans.items() if pair),
        subject_title=subject_title,
        unusable=(*(name for name, pair in plans.items() if not pair), *unread),
    )
