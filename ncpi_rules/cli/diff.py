"""The command ``diff``."""

from __future__ import annotations

from functools import partial
from typing import Any

import attrs

from ncpi_rules.cli.options import (
    Assessor,
    CaseOptions,
    FormatName,
    follow_ups_in,
    plans_of,
)
from ncpi_rules.cli.output import GOOD, SOME_FILE_BAD, refuse, show_as
from ncpi_rules.compare import CaseloadImpact, FollowUpImpact
from ncpi_rules.compare import diff as difference_of
from ncpi_rules.core import day_of
from ncpi_rules.ruleset import patch


def diff(
    first: str,
    second: str = "",
    /,
    *,
    interpretation: list[str] | None = None,
    cases: list[str] | None = None,
    on: str | None = None,
    format_: FormatName = "text",
) -> int:
    """Say in which cases two rulesets give different results, and how.

    With --cases it also says which follow-ups are affected, and how. The exit status is 0 whether
    or not the rulesets differ, and 1 where a follow-up could not be used.

    :param first: The name of a shipped ruleset, or the folder of another.
    :param second: The ruleset that is compared with it; the same one, where --interpretation is
    given.
    :param interpretation: Another answer to an open question, in the second ruleset, such as
    R1=refer; may be repeated.
    :param cases: A follow-up as .yaml or .json, or a folder of these; may be repeated.
    :param on: The day of the assessment, such as 2019-04-11; today unless given.
    """
    if not (second or interpretation):
        refuse("There is no second ruleset.", "Name one, or add: --interpretation R1=refer")
    if on is not None and not cases:
        refuse("There is no follow-up to assess on a day.", "Add: --cases FILE")
    old = CaseOptions(ruleset=first, on=on).assessor()
    new = CaseOptions(ruleset=second or first, on=on, interpretation=interpretation).assessor()
    new = attrs.evolve(new, ruleset=patch(new.ruleset, new.interpretations), interpretations={})
    result = difference_of(old.ruleset, new.ruleset)
    impact = _impact(old, new, cases) if cases else None

    def plain() -> dict[str, Any]:
        data = result.to_dict()
        return data if impact is None else {**data, "impact": impact.to_dict()}

    show_as(
        format_,
        json=plain,
        text=partial(result.to_text, impact),
        markdown=partial(result.to_markdown, impact),
        html=partial(result.to_html, impact),
    )
    return GOOD if impact is None or not impact.unusable else SOME_FILE_BAD


def _impact(old: Assessor, new: Assessor, cases: list[str]) -> CaseloadImpact:
    """Return how follow-ups are affected; report the problems of those that cannot be used."""
    names, unread = follow_ups_in(cases)
    plans = {name: plans_of(name, old, new) for name in names}
    return CaseloadImpact(
        on=day_of(old.day.toordinal()),
        cases=tuple(FollowUpImpact.of(name, *pair) for name, pair in plans.items() if pair),
        unusable=(*(name for name, pair in plans.items() if not pair), *unread),
    )
