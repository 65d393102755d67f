"""What every exported file says besides its tables: the edition, citations, and what is missing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ncpi_rules.core import sentence, upper_first
from ncpi_rules.io import shortened
from ncpi_rules.ruleset import edition_title

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ncpi_rules.report.exchange.tables import ExportRow
    from ncpi_rules.ruleset import Ruleset

NOTE_HEADS: Final = ("Rule", "Sentence", "Statements", "What they say", "Open questions", "Note")
"""The columns of notes beside a row: for people, and tested by nothing."""

NOT_CARRIED: Final = (
    "A deadline is listed with its period and its events; no due date and no status is worked out.",
    "Dates become values of facts before these tables are asked: the tables test values only.",
    "The choices of the edition are not in the tables: working days, and what is suggested.",
)
"""What no exported file has, in sentences."""

_NOT_IN_NAMES: Final = re.compile(r"\W", re.ASCII)


def about(ruleset: Ruleset) -> Iterator[tuple[str, str]]:
    """Yield what a file says of itself, each with its head: the edition, and its limits."""
    settings = ruleset.settings
    yield "Methodology", f"{settings.title}, {settings.publisher}"
    yield "Ruleset", ruleset.name
    yield "Edition", upper_first(edition_title(ruleset))
    yield "Fingerprint", shortened(ruleset.digest)
    for line in NOT_CARRIED:
        yield "Not in the tables", line


def notes_of(row: ExportRow, ruleset: Ruleset) -> tuple[str, ...]:
    """Return the notes beside a row: citations, with our summaries, and open questions."""
    rule = row.rule
    return (
        rule.rule,
        sentence(rule.title),
        ", ".join(rule.statements),
        " ".join(sentence(ruleset.statements[id_].summary) for id_ in rule.statements),
        ", ".join(rule.open_questions),
        rule.note and sentence(rule.note),
    )


def machine_names(names: Iterable[str]) -> Mapping[str, str]:
    """Return names that every language can read; of two that would be one, the later is numbered.

    >>> dict(machine_names(["action-plan", "action_plan"]))
    {'action-plan': 'action_plan', 'action_plan': 'action_plan_2'}
    """
    plain_names: dict[str, str] = {}
    for name in dict.fromkeys(names):
        plain = _NOT_IN_NAMES.sub("_", name)
        plain = f"_{plain}" if plain[:1].isdigit() else plain
        number, free = 1, plain
        while free in plain_names.values():
            number += 1
            free = f"{plain}_{number}"
        plain_names[name] = free
    return plain_names
