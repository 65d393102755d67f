"""A caseload as text, Markdown and HTML, from what ``to_dict`` gives and nothing else.

Colour never stands alone: the word is always beside it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias

from ncpi_rules.core import (
    PartialDate,
    counted,
    format_days,
    format_edition,
    format_iso_day,
    lower_first,
    upper_first,
)
from ncpi_rules.explore.capacity import says_room
from ncpi_rules.explore.urgency import ARRANGED, Light
from ncpi_rules.report import (
    WIDTH,
    Cell,
    Column,
    Contents,
    Item,
    Mark,
    Row,
    Section,
    Table,
    lay_out_html,
    lay_out_markdown,
    lay_out_text,
    part_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


PlainCaseload: TypeAlias = "Mapping[str, Any]"
"""A caseload as ``Caseload.to_dict`` gives it."""

_MARKS: Final = {
    Light.RED: Mark.BAD,
    Light.AMBER: Mark.SOON,
    Light.UNKNOWN: Mark.UNKNOWN,
    Light.GREEN: Mark.GOOD,
}
_MOST: Final = 2
"""So many things that a follow-up waits for are told; of the rest their number."""


def text(found: PlainCaseload, *, width: int = WIDTH) -> str:
    """Return a caseload as plain text of at most ``width`` columns, and at least 40."""
    return lay_out_text(contents(found), width=width)


def markdown(found: PlainCaseload) -> str:
    """Return a caseload as Markdown, beginning with a heading of the first level."""
    return lay_out_markdown(contents(found))


def html(found: PlainCaseload) -> str:
    """Return a caseload as one page of HTML that loads nothing from elsewhere."""
    return lay_out_html(contents(found), skip="Skip to the caseload")


def html_part(found: PlainCaseload) -> str:
    """Return a caseload as a part of another page, such as a notebook."""
    return part_of(contents(found))


def contents(found: PlainCaseload) -> Contents:
    """Return what the page of a caseload says."""
    return Contents(
        title="Caseload",
        subject=found["title"],
        facts=(
            ("Position as at", format_iso_day(found["on"])),
            ("Methodology", f"{found['title']}, edition {format_edition(found['edition'])}"),
            ("Follow-ups", str(len(found["rows"]))),
        ),
        sections=tuple(_sections(found)),
    )


def _sections(found: PlainCaseload) -> Iterator[Section]:
    counts = ((Light(light), many) for light, many in found["counts"].items() if many)
    told = [f"{many} {light.says.lower()}" for light, many in counts]
    yield Section(
        "In short",
        answer=f"{', '.join(told)}." if told else "There is no follow-up.",
        lead=tuple(_says_lights(found["soon_days"])),
    )
    if found["clashes"]:
        items = tuple(Item(each["says"]) for each in found["clashes"])
        lead = (says_room(found["teams"]),)
        yield Section("Clashes of revisits", lead, items, warns=True)
    if found["rows"]:
        columns = (
            Column("Force", 30),
            Column("How it stands", 30),
            Column("Next duty", 24),
            Column("When", 16),
        )
        caption = "Each follow-up, what presses most first"
        rows = tuple(map(_line, found["rows"]))
        yield Section("Follow-ups", table=Table(caption, columns, rows, broad=True))


def _says_lights(soon: int) -> Iterator[str]:
    days = counted(soon, "day")
    yield "Red: something is late, overdue or too early, or can no longer be kept."
    yield f"Amber: something is due within {days}, or it cannot be told whether it is late."
    yield "Not known: too little is known to say more."
    yield "Green: nothing is late or due soon, whatever the answers to open questions."


def _line(row: Mapping[str, Any]) -> Row:
    force = [row["force_name"]]
    if row["published"]:
        force.append(f"Report: {PartialDate.read(row['published']).says}.")
    if row["tier_says"]:
        force.append(f"{upper_first(row['tier_says'])} ({row['basis_sentence']}).")
    if row["waits_for"]:
        shown = "; ".join(map(lower_first, row["waits_for"][:_MOST]))
        more = len(row["waits_for"]) - _MOST
        force.append(f"Waits for: {shown}{f'; and {more} more' if more > 0 else ''}.")
    cells = (
        Cell(tuple(force)),
        Cell((row["light_says"], row["reason"]), _MARKS[Light(row["light"])]),
        Cell(tuple(_duty(row))),
        Cell(tuple(_when(row))),
    )
    return Row(cells, row["next_duty_id"] or "")


def _duty(row: Mapping[str, Any]) -> Iterator[str]:
    if not row["next_duty"]:
        yield "None is known"
        return
    yield upper_first(row["next_duty"])
    if not row["next_duty"].casefold().startswith(row["owed_by"].casefold()):
        yield f"Owed by {row['owed_by']}."


def _when(row: Mapping[str, Any]) -> Iterator[str]:
    yield upper_first(row["due_says"]) if row["due_says"] else "No date"
    if row["late_by_days"]:
        late = f"{format_days(row['late_by_days'])} late."
        yield f"That would be {late}" if row["due_says"].startswith(ARRANGED) else upper_first(late)
    elif row["days_left"]:
        yield f"{format_days(row['days_left'])} left."
