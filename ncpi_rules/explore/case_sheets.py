"""The template of a table of follow-ups: sheets to fill in, and how."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ncpi_rules.core import without_article
from ncpi_rules.explore.case_cells import letters_of
from ncpi_rules.explore.case_columns import (
    DECISIONS,
    FOLLOW_UPS,
    MADE,
    ON_DUTIES,
    RECOMMENDATIONS,
    REVISITS,
    SEVERAL,
    CaseColumn,
    CellKind,
    choices,
    columns_of,
)
from ncpi_rules.report import office

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ncpi_rules.report.office import SheetTable
    from ncpi_rules.ruleset import Ruleset

_WIDTH: Final = 20
_TIME_LIMITS: Final = ("immediate", "within 3 months", "by 2019-01-31", "none")
_HOW: Final = (
    f"Write a row for each follow-up into the sheet '{FOLLOW_UPS}'. Only the force is needed.",
    (
        "An empty cell, or 'unknown', means that nobody has said. It never means 'no'. Only where "
        "a column asks for a decision does an empty cell mean that none is recorded."
    ),
    (
        "Dates: a date; a month such as 2018-06 or a year such as 2018, where no more is known; "
        "2018-06-28/2018-07-02 for one of these days; 'not yet' for what is known not to be done."
    ),
    "Several things in one cell stand apart by semicolons; 'none' says that there is none.",
    "Choose from the lists where there is one; the sheet 'Values' has them all.",
    (
        f"Write each recommendation into the sheet '{RECOMMENDATIONS}', with the force and its "
        "number. The report is only needed where a force has several rows. 'none' under "
        f"{RECOMMENDATIONS} in the sheet '{FOLLOW_UPS}' says that there is no recommendation."
    ),
    "Time limits: immediate, within 3 months, by 2019-01-31, none.",
    (
        f"Write what was waived or varied, and suspensions, into the sheet '{DECISIONS}'. Where a "
        "force is revisited several times, write a row for each revisit into the sheet "
        f"'{REVISITS}', numbered 1, 2 and so on, and leave their columns empty in '{FOLLOW_UPS}'."
    ),
    f"A .csv is the sheet '{FOLLOW_UPS}' alone.",
    "Two rows that are filled in:",
)
_FILLED: Final = (
    {
        "force": "Kent Police",
        "inspection_report.published": "2019-03-05",
        "action_plan.received": "2019-04-12",
        "fieldwork.begins": "not yet",
        "note": "These rows are invented.",
    },
    {
        "force": "Gwent Police",
        "inspection_report.published": "2019-06",
        "inspection_report.recommendations": "none",
        "action_plan.received": "unknown",
        "fieldwork.begins": "2019-11-18",
        "fieldwork.ends": "2019-11-22",
    },
)


def case_template(ruleset: Ruleset) -> bytes:
    """Return a workbook to fill in with follow-ups; its lists have the values of a vocabulary."""
    if ruleset.settings.is_about_forces is False:
        return _own_template(ruleset)
    columns = columns_of(ruleset)
    lists = {
        column.head: tuple(choices(column, ruleset))
        for column in (*columns, *MADE, *ON_DUTIES)
        if choices(column, ruleset)
    }
    lists["Time limit"] = _TIME_LIMITS
    places = {head: letters_of(place) for place, head in enumerate(lists)}
    most = max(map(len, lists.values()))
    values = [
        tuple(of[row] if row < len(of) else None for of in lists.values()) for row in range(most)
    ]
    shown = [column for column in columns if any(column.path in filled for filled in _FILLED)]
    width = len(shown)
    read_me = [
        *((text, *[None] * (width - 1)) for text in _HOW),
        tuple(column.head for column in shown),
        *(tuple(filled.get(column.path) for column in shown) for filled in _FILLED),
    ]
    table = office.SheetTable
    return office.workbook_of(
        [
            _to_fill(FOLLOW_UPS, columns, lists, places),
            _to_fill(RECOMMENDATIONS, MADE, lists, places),
            _to_fill(DECISIONS, ON_DUTIES, lists, places),
            _to_fill(REVISITS, SEVERAL, lists, places),
            table(
                title="Values",
                columns=tuple((head, 34) for head in lists),
                rows=tuple(values),
            ),
            table(
                title="Read me",
                columns=(("How to fill this in", 90), *[("", _WIDTH)] * (width - 1)),
                rows=tuple(read_me),
            ),
        ],
        on=None,
    )


def _own_template(ruleset: Ruleset) -> bytes:
    """Return a workbook for a ruleset that is about something else than police forces."""
    columns = columns_of(ruleset)
    allowed = {column: tuple(choices(column, ruleset)) for column in columns}
    lists = {column.head: values for column, values in allowed.items() if values}
    places = {head: letters_of(place) for place, head in enumerate(lists)}
    most = max(map(len, lists.values()), default=0)
    values = [
        tuple(of[row] if row < len(of) else None for of in lists.values()) for row in range(most)
    ]
    title = without_article(ruleset.settings.subject_title)
    how = [_HOW[0].replace("the force", f"the {title}"), *_HOW[1:4]]
    table = office.SheetTable
    return office.workbook_of(
        [
            _to_fill(FOLLOW_UPS, columns, lists, places),
            table(title="Values", columns=tuple((head, 34) for head in lists), rows=tuple(values)),
            table(
                title="Read me",
                columns=(("How to fill this in", 90),),
                rows=tuple((text,) for text in how),
            ),
        ],
        on=None,
    )


def _to_fill(
    title: str,
    columns: Sequence[CaseColumn],
    lists: dict[str, tuple[str, ...]],
    places: dict[str, str],
) -> SheetTable:
    """Return an empty sheet with its lists to choose from."""
    chosen = []
    for place, column in enumerate(columns):
        if column.head in lists:
            letters, last = places[column.head], len(lists[column.head]) + 1
            cells = f"=Values!${letters}$2:${letters}${last}"
            chosen.append((letters_of(place), cells))
    widths = tuple(
        (column.head, _WIDTH + 10 * (column.kind in {CellKind.FORCE, CellKind.TEXT}))
        for column in columns
    )
    return office.SheetTable(title=title, columns=widths, rows=(), lists=tuple(chosen))
