"""A caseload as a workbook, a CSV text and a data frame: a row for each follow-up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ncpi_rules.core import MissingExtraError, upper_first
from ncpi_rules.report import csv_text, office

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator, Sequence

    from ncpi_rules.explore.caseload_rows import CaseloadRow
    from ncpi_rules.report.office import SheetCell

_COLUMNS: Final = (
    ("Force", 26),
    ("Report published from", 17),
    ("Report published to", 17),
    ("Type of follow-up", 24),
    ("Basis", 20),
    ("Status", 14),
    ("Why", 50),
    ("Next duty", 44),
    ("Owed by", 18),
    ("Due from", 17),
    ("Due to", 17),
    ("What the date is", 28),
    ("Days left", 7),
    ("Days late from", 7),
    ("Days late to", 7),
    ("Nothing late or due soon for certain", 14),
    ("Waits for", 44),
    ("Edition", 16),
    ("Please note", 60),
)


def _lines(rows: Sequence[CaseloadRow]) -> Iterator[tuple[SheetCell, ...]]:
    for row in rows:
        yield (
            row.force_name,
            *office.days_of(row.published),
            upper_first(row.tier_label),
            upper_first(row.basis_label),
            upper_first(row.status_label),
            row.reason,
            row.next_duty or "",
            row.owed_by or "",
            *office.days_of(row.due),
            row.due_text or "",
            None if row.days_left is None else row.days_left[0],
            None if row.late_by_days is None else row.late_by_days[0],
            None if row.late_by_days is None else row.late_by_days[1],
            "Yes" if row.all_clear else "No",
            "; ".join(row.waits_for),
            row.plan.document.edition_text,
            " ".join(alert for alert in row.alerts if alert not in row.reason),
        )


def caseload_xlsx(rows: Sequence[CaseloadRow], on: datetime.date) -> bytes:
    """Return a workbook with the caseload, the deadlines of all plans and what is not recorded."""
    plans = [row.plan for row in rows]
    table = office.SheetTable(title="Caseload", columns=_COLUMNS, rows=tuple(_lines(rows)))
    sheets = [table, office.deadline_sheet(plans), office.unknown_sheet(plans)]
    return office.workbook_of(sheets, on=on)


def caseload_csv(rows: Sequence[CaseloadRow]) -> str:
    """Return the caseload as CSV."""
    return csv_text([head for head, _ in _COLUMNS], _lines(rows))


def caseload_frame(rows: Sequence[CaseloadRow]) -> Any:
    """Return a pandas data frame with a row for each follow-up, the most urgent first.

    A date has two columns, the first and the last day that it may be. Raises MissingExtraError
    where pandas is not installed.
    """
    try:
        import pandas  # noqa: PLC0415  an extra
    except ModuleNotFoundError:
        message = "A data frame needs a package that is not installed."
        raise MissingExtraError.naming(message, extra="scale") from None
    columns = list(dict.fromkeys(name for row in rows for name in _flat(row)))
    frame = pandas.DataFrame([_flat(row) for row in rows], columns=columns)
    for name in columns:
        if name.startswith(("published_", "due_")) and name != "due_text":
            frame[name] = pandas.to_datetime(frame[name])
        elif name.startswith(("days_left_", "late_by_days_")):
            frame[name] = frame[name].astype("Int64")
    return frame


def _flat(row: CaseloadRow) -> dict[str, Any]:
    """Return the fields of a row, each in a column or two."""
    published, due = office.days_of(row.published), office.days_of(row.due)
    left, late = row.days_left or (None, None), row.late_by_days or (None, None)
    return {
        "force": row.force,
        "force_name": row.force_name,
        "edition": row.edition,
        "published_from": published[0],
        "published_to": published[1],
        "tier": row.tier,
        "tier_label": row.tier_label,
        "basis": row.basis and row.basis.value,
        "status": row.status.value,
        "status_label": row.status_label,
        "reason": row.reason,
        "all_clear": row.all_clear,
        "next_duty": row.next_duty,
        "next_duty_id": row.next_duty_id,
        "owed_by": row.owed_by,
        "due_from": due[0],
        "due_to": due[1],
        "due_text": row.due_text,
        "days_left_from": left[0],
        "days_left_to": left[1],
        "late_by_days_from": late[0],
        "late_by_days_to": late[1],
        "waits_for": "; ".join(row.waits_for),
        "alerts": " ".join(row.alerts),
    }
