"""One cell of a table of follow-ups, read or refused with what may stand there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from attrs import field, frozen

from ncpi_rules.core import (
    NOT_YET,
    UNKNOWN,
    DateError,
    Problem,
    joined,
    nearest,
    read_when,
)
from ncpi_rules.explore.case_columns import NONE, CaseColumn, CellKind, choices

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ncpi_rules.ruleset import Ruleset

_UNSAID: Final = frozenset({"", "unknown", "not known", "not-known", "?"})
_BRITISH: Final = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII)
_MOST: Final = 12
_DATE_HELP: Final = (
    "Write a date, such as 28/06/2018 or 2018-06-28, a month such as 2018-06, 'unknown' or "
    "'not yet'."
)


@frozen
class CaseLine:
    """A line of a table: its texts by column, and what problems call its cells.

    ``sheet`` is what stands before the address of a cell, ``number`` the line, counted from 1, and
    ``letters`` has the letters of the columns.
    """

    sheet: str
    number: int
    texts: dict[CaseColumn, str] = field(factory=dict)
    letters: dict[CaseColumn, str] = field(factory=dict)

    def place(self, column: CaseColumn) -> str:
        """Return the address of a cell, as a spreadsheet has it, and the head of its column."""
        if column not in self.letters:
            return f"{self.sheet}A{self.number} ({column.head})"
        return f"{self.sheet}{self.letters[column]}{self.number} ({column.head})"


def letters_of(number: int) -> str:
    """Return the letters of a column, which is counted from 0.

    >>> letters_of(0), letters_of(25), letters_of(26)
    ('A', 'Z', 'AA')
    """
    text = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        text = chr(ord("A") + rest) + text
    return text


def read_cell(line: CaseLine, column: CaseColumn, ruleset: Ruleset, problems: list[Problem]) -> Any:
    """Return what a cell says, in the form of a follow-up's field, or None where it says nothing.

    What cannot be read adds a problem.
    """
    text = line.texts.get(column, "").strip()
    is_decision = column.kind is CellKind.VALUE and bool(column.decision)
    if not text or (text.casefold() in _UNSAID and not is_decision):
        return None
    if column.kind is CellKind.LIST:
        several = [part.strip() for part in text.split(";")]
        return [] if text.casefold() == NONE else [part for part in several if part]
    message = help_ = ""
    if column.kind is CellKind.DATE:
        value = _date(text)
        message, help_ = f"'{text}' is not a date.", _DATE_HELP
    elif (allowed := choices(column, ruleset)) or column.kind is CellKind.VALUE:
        value = _chosen(text, allowed)
        message, help_ = f"'{text}' is not a value.", _choose(text, allowed)
        if column.kind is CellKind.FORCE:
            message = f"There is no police force '{text}' in England and Wales."
    else:
        return text
    if value is None:
        problems.append(Problem(place=line.place(column), message=message, help=help_))
    return value


def _slug(text: str) -> str:
    return "-".join(text.casefold().split())


def _chosen(text: str, allowed: Mapping[str, str]) -> str | None:
    """Return the value that a text names, by how it is shown or as rules have it."""
    for shown, value in allowed.items():
        if _slug(text) in {_slug(shown), value}:
            return value
    return None


def _choose(text: str, allowed: Mapping[str, str]) -> str:
    if not allowed:
        return "Leave it empty: the ruleset has no values for it."
    if len(allowed) <= _MOST:
        return f"Choose {joined(list(allowed), 'or')}."
    guess = nearest(text, allowed, threshold=0.6)
    return f"Did you mean '{guess}'?" if guess else "Choose one from the sheet 'Values'."


def _date(text: str) -> str | None:
    if (parts := _BRITISH.fullmatch(text)) is not None:
        text = f"{parts[3]}-{int(parts[2]):02}-{int(parts[1]):02}"
    try:
        when = read_when(_slug(text) if text[:1].isalpha() else text)
    except DateError:
        return None
    return when.value if when is UNKNOWN or when is NOT_YET else when.edtf
