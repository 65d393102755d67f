"""The difference of two rulesets, and who is affected by it, as a page.

Made from what ``to_dict`` gives and nothing else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from ncpi_rules.core import format_edition, format_iso_day
from ncpi_rules.report import Cell, Column, Contents, Item, Row, Section, Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

PlainDifference: TypeAlias = "Mapping[str, Any]"
"""A difference as ``RulesetDifference.to_dict`` gives it."""

PlainImpact: TypeAlias = "Mapping[str, Any]"
"""Who is affected, as ``Impact.to_dict`` gives it."""


def contents(found: PlainDifference, impact: PlainImpact | None = None) -> Contents:
    """Return what the page of a difference says, and whom it affects where that was asked."""
    first, second = found["first"], found["second"]
    return Contents(
        title="The difference of two rulesets",
        subject=f"{first['name']} and {second['name']}",
        facts=(("First", _names(first)), ("Second", _names(second))),
        sections=(*_sections(found), *(_impact_sections(impact) if impact else ())),
    )


def _names(ruleset: Mapping[str, str]) -> str:
    edition = format_edition(ruleset["edition"])
    return f"{ruleset['title']}, edition {edition} ({ruleset['name']}, {ruleset['digest']})"


def _sections(found: PlainDifference) -> Iterator[Section]:
    yield Section("In short", answer=found["in_short"])
    for heading, names in (
        (
            "What differs in the vocabulary, the settings and our own answers",
            ("vocabulary", "settings", "interpretations"),
        ),
        ("Where something else follows", ("follows",)),
        ("What is put otherwise while the same follows", ("wording", "sources")),
    ):
        items = tuple(Item(says) for name in names for says in found[name])
        if items:
            yield Section(heading, items=items)


def impact_contents(impact: PlainImpact) -> Contents:
    """Return what the page of those who are affected says."""
    day, many = format_iso_day(impact["on"]), str(impact["follow_ups"])
    return Contents(
        title="Who is affected by the difference of two rulesets",
        subject="a caseload",
        facts=(("Position as at", day), ("Follow-ups", many)),
        sections=tuple(_impact_sections(impact)),
    )


def _impact_sections(impact: PlainImpact) -> Iterator[Section]:
    """Yield how many of a caseload are affected, then who is, and who could not be compared."""
    totals, *rest = impact["says"]
    rows = tuple(_row(case) for case in impact["cases"] if case["differences"])
    columns = (Column("Force", 30), Column("What differs", 70))
    table = Table("Each follow-up for which something else follows", columns, rows)
    day = format_iso_day(impact["on"])
    yield Section(f"Who is affected, position as at {day}", tuple(rest), answer=totals)
    if rows:
        yield Section("What differs for each of them", table=table)
    apart = tuple(
        Item(f"{case['force']} ({case['name']}): {told}")
        for case in impact["cases"]
        for told in case["problems"]
    )
    if apart:
        yield Section("Who could not be compared", items=apart, warns=True)


def _row(case: Mapping[str, Any]) -> Row:
    cells = Cell((case["force"],)), Cell(tuple(case["differences"]), listed=True)
    return Row(cells, case["name"])
