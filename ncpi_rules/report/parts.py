"""The parts that a page is made of, whichever format it is laid out in."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final, TypeAlias

from attrs import frozen

from ncpi_rules.core import DUE_SOON, NOT_TRACKED, Status

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping


class Change(StrEnum):
    """Whether a run of text is in the old text, in the new one, or in both."""

    KEPT = "kept"
    DROPPED = "dropped"
    ADDED = "added"


@frozen
class TextRun:
    """Some words of a statement, and whether they were kept, dropped or added."""

    text: str
    change: Change = Change.KEPT


Line: TypeAlias = str | tuple[TextRun, ...]
"""One line of a cell: text, or runs of text of which some were dropped or added."""


MARKUP: Final = {
    Change.KEPT: "{}",
    Change.DROPPED: "<del>{}</del>",
    Change.ADDED: "<ins>{}</ins>",
}
"""How HTML and Markdown mark what was dropped and added."""


def mark_changes(
    line: Line, marks: Mapping[Change, str], format_text: Callable[[str], str] = str
) -> str:
    """Return a line in which what was dropped or added is marked."""
    if isinstance(line, str):
        return format_text(line)
    return " ".join(marks[run.change].format(format_text(run.text)) for run in line)


class StatusMark(StrEnum):
    """How a cell is marked; its text says the same.

    A solid border is a fact, a dashed one still a plan, a dotted one not known.
    """

    NONE = ""
    OVERDUE = "overdue"
    PROJECTED_LATE = "projected-late"
    DUE_SOON = "due-soon"
    DUE = "due"
    PLANNED = "planned"
    CANNOT_TELL = "cannot-tell"
    TOO_EARLY = "too-early"
    LATE = "late"
    LET_OFF = "let-off"
    MET = "met"
    TO_DO = "to-do"
    SUGGESTED = "suggested"


_MARKS: Final = {
    Status.OVERDUE: StatusMark.OVERDUE,
    Status.PROJECTED_LATE: StatusMark.PROJECTED_LATE,
    Status.DUE: StatusMark.DUE,
    Status.PLANNED: StatusMark.PLANNED,
    Status.CANNOT_TELL: StatusMark.CANNOT_TELL,
    Status.TOO_EARLY: StatusMark.TOO_EARLY,
    Status.LATE: StatusMark.LATE,
    Status.WAIVED: StatusMark.LET_OFF,
    Status.VARIED: StatusMark.LET_OFF,
    Status.MET: StatusMark.MET,
    Status.DONE: StatusMark.MET,
    Status.NOT_STARTED: StatusMark.TO_DO,
}
_TAGS: Final = {DUE_SOON: StatusMark.DUE_SOON, NOT_TRACKED: StatusMark.NONE}
SUGGESTED: Final = {
    True: ("Suggested", StatusMark.SUGGESTED),
    None: ("Not known", StatusMark.CANNOT_TELL),
    False: ("Not suggested", StatusMark.NONE),
}
"""What is said of a suggestion of a document, and how that is marked."""


def mark_of(status: Status, tag: str) -> StatusMark:
    """Return how a status is marked whose tag says so much.

    >>> mark_of(Status.DUE, "due soon").value
    'due-soon'
    """
    return _TAGS.get(tag, _MARKS[status])


@frozen
class Cell:
    """One cell: its first line, and quieter lines below; all lines look alike if ``listed``."""

    lines: tuple[Line, ...]
    mark: StatusMark = StatusMark.NONE
    listed: bool = False


@frozen
class Row:
    """One row; ``reference`` is the id to ask for the reasons."""

    cells: tuple[Cell, ...]
    reference: str = ""


@frozen
class Column:
    """A column's title, and its part of the width where widths are counted in characters."""

    title: str
    share: int


@frozen
class PageTable:
    """Rows under columns; ``heads`` is the number of the column that names its row.

    ``broad`` is True where the column beside the first says most, and needs the room.
    """

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    heads: int = 0
    broad: bool = False


@frozen
class Item:
    """One entry of a list; ``reference`` is the id to ask for the reasons."""

    text: str
    reference: str = ""


@frozen
class Section:
    """A part of the page: a heading, sentences, a list and a table, each only where it has one.

    ``answer`` is the one sentence that most readers came for; ``warns`` is True where a reader
    should not pass over it.
    """

    heading: str
    lead: tuple[str, ...] = ()
    items: tuple[Item, ...] = ()
    table: PageTable | None = None
    answer: str = ""
    reference: str = ""
    warns: bool = False


@frozen
class Contents:
    """A page: its title, whom it is about, the few things that identify it, and its parts."""

    title: str
    subject: str
    facts: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]


def table_section(  # noqa: PLR0913  what a section and its table say
    heading: str,
    lead: Iterable[str],
    caption: str,
    columns: Iterable[tuple[str, int]],
    rows: Iterable[Row],
    *,
    heads: int = 0,
) -> Section | None:
    """Return a section with a table, or None where that would have no rows."""
    titled = tuple(Column(*column) for column in columns)
    table = PageTable(caption, titled, tuple(rows), heads)
    return Section(heading, tuple(lead), table=table) if table.rows else None
