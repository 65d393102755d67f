"""The command ``diff``: in what a second ruleset differs from a first, and for whom."""

from __future__ import annotations

import json
from typing import Literal, TypeAlias

import attrs

from ncpi_rules.cli.options import GOOD, SOME_FILE_BAD, Asked, follow_ups_in, plans_of, refuse
from ncpi_rules.cli.output import is_utf8, print_marked_up, show, text_width
from ncpi_rules.compare import Affected, Impact
from ncpi_rules.compare import diff as difference_of
from ncpi_rules.core import day_of
from ncpi_rules.ruleset import patch

Format: TypeAlias = Literal["text", "json", "markdown", "html"]


def diff(
    first: str,
    second: str = "",
    /,
    *,
    interpretation: list[str] | None = None,
    cases: list[str] | None = None,
    on: str | None = None,
    format_: Format = "text",
) -> int:
    """Say in which cases a second ruleset gives something else than a first, and what.

    With --cases it also says which follow-ups are affected, and how. The exit status is 0 whether
    or not the two differ, and 1 where a follow-up could not be used.

    :param first: The name of a shipped ruleset, or the folder of any other.
    :param second: The ruleset that is compared with it; the same one, where --interpretation is
    given.
    :param interpretation: Another answer of ours, in the second, such as R1=refer; may be repeated.
    :param cases: A follow-up as .yaml or .json, or a folder of these; may be repeated.
    :param on: The day of the assessment, such as 2019-04-11; today unless given.
    :param format_: How it is printed.
    """
    if not (second or interpretation):
        refuse("There is no second ruleset.", "Name one, or add: --interpretation R1=refer")
    if on is not None and not cases:
        refuse("There is no follow-up that could be assessed on a day.", "Add: --cases FILE")
    one, other = (
        Asked.of(on, first, None, None),
        Asked.of(on, second or first, interpretation, None),
    )
    other = attrs.evolve(
        other, ruleset=patch(other.ruleset, other.interpretations), interpretations={}
    )
    found = difference_of(one.ruleset, other.ruleset)
    impact = _impact(one, other, list(follow_ups_in(cases))) if cases else None
    if format_ == "json":
        told = found.to_dict()
        if impact is not None:
            told["impact"] = impact.to_dict()
        print(json.dumps(told, ensure_ascii=not is_utf8(), indent=2))
    elif format_ == "text":
        show(found.to_text(impact, width=text_width()))
    else:
        marked_up = found.to_html if format_ == "html" else found.to_markdown
        print_marked_up(marked_up(impact))
    return GOOD if impact is None or not impact.unusable else SOME_FILE_BAD


def _impact(one: Asked, other: Asked, names: list[str]) -> Impact:
    """Return how follow-ups are affected; tell what is wrong with those that cannot be used."""
    plans = {name: plans_of(name, one, other) for name in names}
    return Impact(
        on=day_of(one.day.toordinal()),
        cases=tuple(Affected.of(name, *both) for name, both in plans.items() if both),
        unusable=tuple(name for name, both in plans.items() if not both),
    )
