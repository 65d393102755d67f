"""The note in a swept table that its rules are an edited copy of an edition."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ncpi_rules.core import edited_notice, upper_first
from ncpi_rules.ruleset import Editions, edition_title, is_edited

if TYPE_CHECKING:
    import pyarrow

    from ncpi_rules.ruleset import Rules

METADATA: Final = "rules"
"""The name under which the metadata of a swept table say that the rules are an edited copy."""

EDITED_COPY: Final = "edited-copy"
"""The column that says so in a CSV and in a query, which have no metadata."""


def edited_title(rules: Rules) -> str:
    """Return the name of the edited copy by which rows are assessed, and nothing for an edition.

    >>> from ncpi_rules.ruleset import patch, shipped_ruleset
    >>> edited_title(patch(shipped_ruleset(), {"revisit-ceiling": "4 months"}))
    'Edited copy of As published'
    """
    editions = rules.editions if isinstance(rules, Editions) else (rules,)
    return " and ".join(
        upper_first(edition_title(edition)) for edition in editions if is_edited(edition)
    )


def notice_in(table: pyarrow.Table, rules: Rules) -> list[str]:
    """Return that a swept table, or the rules by which it is read, are of an edited copy.

    Nothing for an edition, and for a table of which nothing is known.
    """
    said = (table.schema.metadata or {}).get(METADATA.encode(), b"").decode()
    title = edited_title(rules)
    return [notice for notice in (said or (edited_notice(title) if title else ""),) if notice]


def with_notice(schema: pyarrow.Schema, rules: Rules) -> pyarrow.Schema:
    """Return the schema of a swept table, which says so where the rules are an edited copy."""
    title = edited_title(rules)
    return schema.with_metadata({METADATA: edited_notice(title)}) if title else schema
