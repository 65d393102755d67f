"""A caseload as a workbook, a CSV text and a data frame: a row for each follow-up."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from attrs import fields_dict

from ncpi_rules.core import MissingExtraError, as_head, upper_first
from ncpi_rules.explore.caseload_document import CaseloadEntry
from ncpi_rules.explore.caseload_tracks import has_revisits, revisit_of, stand_of
from ncpi_rules.report import brief, csv_text, office

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator, Sequence

    from ncpi_rules.explore.caseload_document import CaseloadDocument
    from ncpi_rules.explore.caseload_rows import CaseloadRow
    from ncpi_rules.plan import PlanDeadline
    from ncpi_rules.report.office import SheetCell

_Days: TypeAlias = "tuple[datetime.date | None, datetime.date | None]"

_DATES: Final = frozenset({"published", "revisit_due", "revisit_begins", "due"})
_NUMBERS: Final = frozenset({"days_left", "late_by_days"})
_LISTS: Final = {"waits_for": "; ", "alerts": " "}
_ENDS: Final = ("from", "to")
_MOST: Final = ("least", "most")
_SUBJECT: Final = ("Subject", 18)
_HEADLINE: Final = ("Decided", 18)
_BEGINS: Final = ("Report published", 13)
_BEGINS_FROM: Final = ("Report published from", 17)
_BEGINS_TO: Final = ("Report published to", 17)
"""The heads of columns that the rules name otherwise, where there is a row and they do."""

_COLUMNS: Final = (
    _SUBJECT,
    _BEGINS,
    _HEADLINE,
    ("Status", 12),
    ("Why", 30),
    ("Revisit", 12),
    ("Where the revisit stands", 30),
    ("Next duty", 30),
    ("Owed by", 13),
    ("By when", 22),
    ("Due from", 17),
    ("Due to", 17),
    ("Days left", 7),
    ("Days late from", 7),
    ("Days late to", 7),
    ("Basis", 20),
    _BEGINS_FROM,
    _BEGINS_TO,
    ("Revisit due from", 17),
    ("Revisit due to", 17),
    ("Revisit planned or begun from", 17),
    ("Revisit planned or begun to", 17),
    ("Nothing late or due soon for certain", 14),
    ("Edition", 16),
    ("Waits for", 90),
    ("Please note", 60),
)
"""What the page shows comes first, so that it stands on the first sheets of paper."""


def _columns(rows: Sequence[CaseloadRow]) -> tuple[tuple[str, int], ...]:
    """Return the heads of the columns in the words of the rules, each with its width."""
    if not rows:
        return _COLUMNS
    plan = rows[0].plan.document
    own = {_SUBJECT: (as_head(plan.subject_title), _SUBJECT[1])}
    if plan.headline is not None:
        own[_HEADLINE] = as_head(plan.headline.title), _HEADLINE[1]
    if plan.first_event:
        own[_BEGINS] = plan.first_event, _BEGINS[1]
        own[_BEGINS_FROM] = f"{plan.first_event} from", _BEGINS_FROM[1]
        own[_BEGINS_TO] = f"{plan.first_event} to", _BEGINS_TO[1]
    revisit = rows[0].plan.ruleset.repeated
    return tuple(own.get((head, width), (_about(revisit, head), width)) for head, width in _COLUMNS)


def _about(revisit: str, head: str) -> str:
    """Return a head with what the rules call a revisit."""
    return head.replace("Revisit", as_head(revisit)).replace("revisit", revisit)


def _table(
    rows: Sequence[CaseloadRow],
) -> tuple[tuple[tuple[str, int], ...], tuple[tuple[SheetCell, ...], ...]]:
    """Return columns and lines; without those about a revisit where the rules know of none."""
    columns, lines = _columns(rows), tuple(_lines(rows))
    if not rows or any(has_revisits(row) for row in rows):
        return columns, lines
    places = [at for at, (head, _) in enumerate(_COLUMNS) if "revisit" not in head.casefold()]
    return tuple(columns[at] for at in places), tuple(
        tuple(line[at] for at in places) for line in lines
    )


def _lines(rows: Sequence[CaseloadRow]) -> Iterator[tuple[SheetCell, ...]]:
    for row in rows:
        revisit = revisit_of(row)
        yield (
            row.subject_name,
            brief(row.published) if row.published else "",
            upper_first(row.headline_label),
            upper_first(row.status_label),
            row.reason,
            upper_first(revisit.status_label) if revisit else "",
            stand_of(revisit),
            row.next_duty or "",
            row.owed_by or "",
            row.due_text or "",
            *office.days_of(row.due),
            None if row.days_left is None else row.days_left[0],
            None if row.late_by_days is None else row.late_by_days[0],
            None if row.late_by_days is None else row.late_by_days[1],
            upper_first(row.basis_label),
            *office.days_of(row.published),
            *(day for days in _days_of(revisit) for day in days),
            "Yes" if row.all_clear else "No",
            row.plan.document.edition_text,
            "; ".join(row.waits_for),
            " ".join(alert for alert in row.alerts if alert not in row.reason),
        )


def _days_of(revisit: PlanDeadline | None) -> tuple[_Days, _Days]:
    """Return when a revisit is due, and when it begins or began: the first day and the last."""
    if revisit is None:
        return office.days_of(None), office.days_of(None)
    return office.days_of(revisit.due), office.days_of(revisit.actual)


def caseload_xlsx(rows: Sequence[CaseloadRow], on: datetime.date) -> bytes:
    """Return a workbook with the caseload, the deadlines of all plans and what is not recorded."""
    plans = [row.plan for row in rows]
    columns, lines = _table(rows)
    table = office.SheetTable(title="Caseload", columns=columns, rows=lines)
    sheets = [table, office.deadline_sheet(plans), office.unknown_sheet(plans)]
    return office.workbook_of(sheets, on=on)


def caseload_csv(rows: Sequence[CaseloadRow]) -> str:
    """Return the caseload as CSV."""
    columns, lines = _table(rows)
    return csv_text([head for head, _ in columns], lines)


def caseload_frame(document: CaseloadDocument) -> Any:
    """Return a pandas data frame with a row for each follow-up, the most urgent first.

    It has the fields of the JSON but the counts by status. A date has two columns, the first and
    the last day that it may be, and so has a number of days. Raises MissingExtraError where pandas
    is not installed.
    """
    try:
        import pandas  # noqa: PLC0415  an extra
    except ModuleNotFoundError:
        message = "A data frame needs a package that is not installed."
        raise MissingExtraError.naming(message, extra="scale") from None
    columns: dict[str, Any] = {}
    for name in fields_dict(CaseloadEntry):
        values = [getattr(entry, name) for entry in document.rows]
        if name in _DATES:
            for place, end in enumerate(_ENDS):
                days = [office.days_of(date)[place] for date in values]
                columns[f"{name}_{end}"] = pandas.to_datetime(days)
        elif name in _NUMBERS:
            least, most = ([days and getattr(days, end) for days in values] for end in _MOST)
            for end, numbers in zip(_ENDS, (least, most), strict=True):
                columns[f"{name}_{end}"] = pandas.array(numbers, dtype="Int64")
        elif name in _LISTS:
            columns[name] = [_LISTS[name].join(texts) for texts in values]
        elif name != "statuses":
            columns[name] = [value.value if isinstance(value, Enum) else value for value in values]
    return pandas.DataFrame(columns)
