"""What a rule brings about, in a few words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ncpi_rules.core import lower_first
from ncpi_rules.ruleset import (
    ActionRule,
    AlertRule,
    DeadlineRule,
    DocumentRule,
    QuestionRule,
    Rule,
    name_events,
)

if TYPE_CHECKING:
    from ncpi_rules.ruleset import Ruleset


def describe_rule(ruleset: Ruleset, rule: Rule) -> str:
    """Return what a rule brings about, in a few words."""
    match rule:
        case ActionRule():
            extent = f" ({rule.extent})" if rule.extent else ""
            activity = title_of(ruleset, "activities", rule.does)
            return (
                f"{title_of(ruleset, 'parties', rule.by)} {rule.modality.verb} {activity}{extent}"
            )
        case DocumentRule():
            by, of = (title_of(ruleset, "parties", party) for party in (rule.by, rule.of))
            document = title_of(ruleset, "documents", rule.document)
            return f"{by} {rule.modality.verb} ask {of} for {document}"
        case DeadlineRule():
            return f"{title_of(ruleset, 'events', rule.event)}, {describe_limit(ruleset, rule)}"
        case QuestionRule():
            return f"the question '{rule.ask}'"
        case AlertRule():
            return f"the alert '{rule.alert.removesuffix('.')}'"
        case _:
            return lower_first(rule.title)


def describe_limit(ruleset: Ruleset, rule: DeadlineRule) -> str:
    """Return the limit of a deadline in the titles of its events."""
    return name_events(ruleset, rule.limit) or "without a date"


def title_of(ruleset: Ruleset, kind: str, name: str) -> str:
    """Return the title of a term of the vocabulary, or its name where it has none."""
    term = getattr(ruleset, kind).get(name)
    return name if term is None else str(term.title)
