"""Plans as files for office programs: calendars, workbooks and documents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ncpi_rules.core.once import lazy

if TYPE_CHECKING:
    from ncpi_rules.report.office.calendar_file import to_ics as to_ics
    from ncpi_rules.report.office.sheets import SheetTable as SheetTable
    from ncpi_rules.report.office.workbook import to_xlsx as to_xlsx
else:
    __getattr__, __dir__, __all__ = lazy(
        __name__,
        {
            "calendar_file": ["to_ics"],
            "sheets": ["SheetTable"],
            "workbook": ["to_xlsx"],
        },
        extra="office",
        needs=("icalendar", "openpyxl", "docx"),
        purpose="Writing files for office programs",
    )
