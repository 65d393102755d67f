"""The difference of two rulesets, and the follow-ups that it affects, as a page.

Made from what ``to_dict`` returns and nothing else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from ncpi_rules.core import PartialDate, as_head
from ncpi_rules.io import shortened
from ncpi_rules.report import Cell, Column, Contents, Item, PageTable, Row, Section

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

PlainDifference: TypeAlias = "Mapping[str, Any]"
"""A difference as ``RulesetDifference.to_dict`` returns it."""

PlainImpact: TypeAlias = "Mapping[str, Any]"
"""The follow-ups affected, as ``CaseloadImpact.to_dict`` returns them."""


def contents(
    difference: PlainDifference,
    impact: PlainImpact | None = None,
    table: Mapping[str, Any] | None = None,
) -> Contents:
    """Return the contents of the page of a difference, with its impact where that is known."""
    first, second = difference["first"], difference["second"]
    return Contents(
        title="The difference of two rulesets",
        subject=f"{first['name']} and {second['name']}",
        facts=(("First", _describe_ruleset(first)), ("Second", _describe_ruleset(second))),
        sections=(
            *_sections(difference),
            *(_impact_sections(impact) if impact else ()),
            *(_table_sections(table) if table else ()),
        ),
    )


def _describe_ruleset(ruleset: Mapping[str, str]) -> str:
    digest = shortened(ruleset["digest"])
    return f"{ruleset['title']}, edition {ruleset['edition_text']} ({ruleset['name']}, {digest})"


def _sections(difference: PlainDifference) -> Iterator[Section]:
    yield Section("In short", answer=difference["summary"])
    for heading, names in (
        ("Parameters that differ", ("parameters",)),
        (
            "Differences of the vocabulary, the settings and our own answers",
            ("vocabulary", "settings", "interpretations"),
        ),
        ("Where the result changes", ("results",)),
        ("Differences that change no result compared", ("wording", "sources")),
    ):
        items = tuple(Item(sentence) for name in names for sentence in difference[name])
        if items:
            yield Section(heading, items=items)


def _table_sections(table: Mapping[str, Any]) -> Iterator[Section]:
    first, *rest = table["sentences"]
    yield Section("What changes in a table", items=tuple(map(Item, rest)), answer=first)


def impact_contents(impact: PlainImpact) -> Contents:
    """Return the contents of the page of the follow-ups that are affected."""
    day, number = PartialDate.read(impact["on"]).text, str(impact["follow_ups"])
    return Contents(
        title="Follow-ups affected by the difference of two rulesets",
        subject="a caseload",
        facts=(("Position as at", day), ("Follow-ups", number)),
        sections=tuple(_impact_sections(impact)),
    )


def _impact_sections(impact: PlainImpact) -> Iterator[Section]:
    """Yield the totals, the follow-ups affected, and those that could not be compared."""
    totals, *rest = impact["summary"]
    rows = tuple(_row(case) for case in impact["cases"] if case["differences"])
    columns = (Column(as_head(impact["subject_title"]), 30), Column("What changes", 70))
    table = PageTable("Each follow-up for which the result changes", columns, rows)
    day = PartialDate.read(impact["on"]).text
    yield Section(f"Follow-ups affected, position as at {day}", tuple(rest), answer=totals)
    if rows:
        yield Section("What changes for each of them", table=table)
    problems = tuple(
        Item(f"{case['subject_name']} ({case['name']}): {problem}")
        for case in impact["cases"]
        for problem in case["problems"]
    )
    if problems:
        yield Section("Follow-ups that could not be compared", items=problems, warns=True)


def _row(case: Mapping[str, Any]) -> Row:
    cells = Cell((case["subject_name"],)), Cell(tuple(case["differences"]), listed=True)
    return Row(cells, case["name"])
