"""The names that a column of cases may have, and the texts that stand for an empty cell.

Both are the same in data frames, in files and in grids.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ncpi_rules.ruleset.model import Ruleset

NOT_YET_COLUMN: Final = ".not-yet"
"""The end of the name of a column that says which events have not happened yet."""

EMPTY_TEXTS: Final = frozenset({"", "NaT"})
"""What an empty field may hold, once the space around it is gone; pandas writes NaT."""

_BETWEEN: Final = re.compile(r"[\s_-]+")


def column_meant(written: str, ruleset: Ruleset) -> str | None:
    """Return the name of the fact or event that a column has, or None where it has neither.

    Capitals do not count, nor does space around the name, and a hyphen may be an underscore or a
    space. ``EVENT.not-yet`` is the name of a column that says which events have not happened yet.
    A spelling that two names share means neither.

    >>> from ncpi_rules.ruleset import shipped_ruleset
    >>> column_meant("Report_published ", shipped_ruleset())
    'report-published'
    """
    spellings = ruleset.derive(_spellings)
    return spellings.get(written) or spellings.get(spelling(written))


def spelling(name: str) -> str:
    """Return a name without what does not count in it."""
    return _BETWEEN.sub("-", name.replace("\ufeff", "").strip().casefold())


def _spellings(ruleset: Ruleset) -> Mapping[str, str]:
    flags = (f"{event}{NOT_YET_COLUMN}" for event in ruleset.events)
    names = dict.fromkeys([*ruleset.facts, *ruleset.events, *flags])
    spellings = [spelling(name) for name in names]
    plain = {
        short: name
        for short, name in zip(spellings, names, strict=True)
        if spellings.count(short) == 1
    }
    return plain | {name: name for name in names}
